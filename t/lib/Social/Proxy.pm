package Social::Proxy;

# A TCP proxy on 127.0.0.1 that a test can break, without any privilege.
#
#   my $proxy = Social::Proxy->new($port);      # forwards to that port
#   $proxy->port;
#   $proxy->mode('lose:TEXT'); # from the second time on that a client sends TEXT,
#                              # what the server says to it is thrown away: a
#                              # batch asks about a comment, then writes it
#   $proxy->mode('lose 1:TEXT');        # ... from the first time on
#   $proxy->mode('frozen');    # nothing gets through, connections stay open
#   $proxy->mode('hold:TEXT'); # frozen from the second time on that a client
#                              # sends TEXT, which is the first not to get through
#   $proxy->mode('hold 1:TEXT');        # ... from the first time on
#   $proxy->mode('cut');       # connections are closed, new ones are, too
#   $proxy->mode('open');      # as at the beginning; open ones are closed first,
#                              # unless it was frozen: then they go on
#   $proxy->is_frozen;         # nothing gets through now

use strict;
use warnings;

use File::Temp ();
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Social;
use Time::HiRes qw(sleep);


sub new {
    my ($class, $to) = @_;

    my $self = bless { port => Social::free_port(), owner => $$,
                       file => File::Temp->new }, $class;
    my $listen = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1', LocalPort => $self->{port}, ReuseAddr => 1,
        Listen => 50) or die "proxy: $!";

    $self->mode('open');
    $self->{pid} = fork // die $!;

    if ($self->{pid} == 0) {
        local $SIG{PIPE} = 'IGNORE';
        serve($listen, $to, $self->{file}->filename);
        POSIX::_exit(0);
    }

    return $self;
}


sub port { return $_[0]{port} }


sub mode {
    my ($self, $mode) = @_;

    my $name = $self->{file}->filename;
    open my $fh, '>', "$name.new" or die $!;
    print $fh $mode;
    close $fh;
    rename "$name.new", $name or die $!;

    return;
}


# the file beside the mode's says that what was to be held came

sub is_frozen {
    my ($self) = @_;

    return -e $self->{file}->filename . '.frozen';
}


sub freeze {
    my ($file) = @_;

    open my $fh, '>', "$file.frozen" or die $!;
    close $fh;

    return;
}


sub serve {
    my ($listen, $to, $file) = @_;

    my $select = IO::Select->new($listen);
    my (%other, %sent, @held);
    my $was = 'open';

    my $close = sub {
        for my $socket (@_) {
            my $other = delete $other{$socket} or next;
            delete $other{$other};
            delete @sent{$socket, $other};
            $select->remove($socket, $other);
            close $_ for $socket, $other;
        }
    };

    while (1) {
        my @ready = $select->can_read(0.02);

        open my $fh, '<', $file or return;
        my $mode = <$fh>;
        close $fh;

        my $frozen = $mode eq 'frozen' || -e "$file.frozen";

        if ($mode ne $was) {
            $close->(map { @$_ } [ grep { $_ != $listen } $select->handles ])
                if $mode eq 'cut' || ($mode eq 'open' && !$frozen
                                      && $was ne 'frozen');
            unlink "$file.frozen";
            syswrite $_->[0], $_->[1] for grep { $other{$_->[0]} } splice @held;
            $was = $mode;
            next;
        }

        # without a rest: the others wait as long as it lasts
        if ($frozen) {
            sleep 0.02;
            next;
        }

        for my $socket (@ready) {
            if ($socket == $listen) {
                my $client = $listen->accept or next;
                my $server = $mode eq 'cut' ? undef : IO::Socket::INET->new(
                    PeerAddr => '127.0.0.1', PeerPort => $to);

                if (!$server) {
                    close $client;
                    next;
                }

                @other{$client, $server} = ($server, $client);
                $select->add($client, $server);
                next;
            }

            my $other = $other{$socket} or next;

            if (!sysread $socket, my $data, 65536) {
                $close->($socket);

            } else {
                my ($what, $from, $text) = $mode =~ /^(lose|hold)( 1)?:(.*)/s;

                # counted for the server, whose answers are lost
                $sent{$other}++ if defined $text && index($data, $text) >= 0;

                if (($what // '') eq 'hold'
                    && ($sent{$other} // 0) > ($from ? 0 : 1))
                {
                    push @held, [ $other, $data ];
                    freeze($file);
                    last;
                }

                next if ($sent{$socket} // 0) > ($from ? 0 : 1);
                $close->($socket) if !defined syswrite $other, $data;
            }
        }
    }
}


sub DESTROY {
    my ($self) = @_;

    return if $self->{owner} != $$;

    local $?;
    kill 'KILL', $self->{pid};
    waitpid $self->{pid}, 0;
    unlink $self->{file}->filename . '.frozen';

    return;
}


1;
