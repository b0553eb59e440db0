package Apps;

# Applications that nginx reaches with FastCGI, SCGI, uwsgi or memcached instead
# of HTTP.  They give one answer to every request.
#
#   my $apps = Apps->new(head => "Content-Type: text/html\r\n",
#                        body => $page);
#   $apps->port('fastcgi');

use strict;
use warnings;

use IO::Socket::INET;
use POSIX ();

my %PLAY = (
    fastcgi   => \&fastcgi,
    scgi      => \&scgi,
    uwsgi     => \&uwsgi,
    memcached => \&memcached,
);


sub new {
    my ($class, %answer) = @_;

    my $self = bless { owner => $$, pids => [], ports => {} }, $class;

    $answer{head} //= '';
    $self->play($_, \%answer) for sort keys %PLAY;

    return $self;
}


sub port { return $_[0]{ports}{ $_[1] } }


sub play {
    my ($self, $name, $answer) = @_;

    my $listen = IO::Socket::INET->new(
        LocalAddr => '127.0.0.1', Listen => 64, ReuseAddr => 1,
    ) or die "$name: cannot listen: $!";

    $self->{ports}{$name} = $listen->sockport;

    my $pid = fork // die "$name: cannot fork: $!";

    if ($pid == 0) {
        $SIG{TERM} = sub { POSIX::_exit(0) };
        $SIG{PIPE} = 'IGNORE';

        while (1) {
            my $client = $listen->accept or next;

            $client->autoflush(1);
            $PLAY{$name}->($client, $answer);
            close $client;
        }
    }

    push @{ $self->{pids} }, $pid;

    return;
}


# reads exactly so many bytes, or returns undef

sub take {
    my ($client, $size) = @_;

    my $bytes = '';

    while (length $bytes < $size) {
        sysread($client, $bytes, $size - length $bytes, length $bytes)
            or return;
    }

    return $bytes;
}


sub fastcgi {
    my ($client, $answer) = @_;

    my $id = 1;

    # reads up to the empty record that ends the request's body

    while (1) {
        my $head = take($client, 8) // return;
        my ($type, $size, $pad);

        (undef, $type, $id, $size, $pad) = unpack 'CCnnCx', $head;
        take($client, $size + $pad) // return if $size + $pad;

        last if $type == 5 && $size == 0;
    }

    my $out = $answer->{head} . "\r\n" . $answer->{body};
    my $bytes = '';

    while (length $out) {
        my $part = substr $out, 0, 8000, '';
        $bytes .= pack('CCnnCC', 1, 6, $id, length $part, 0, 0) . $part;
    }

    $bytes .= pack('CCnnCC', 1, 6, $id, 0, 0, 0)
            . pack('CCnnCC', 1, 3, $id, 8, 0, 0) . "\0" x 8;

    print $client $bytes;

    return;
}


sub scgi {
    my ($client, $answer) = @_;

    my $size = '';

    while ($size !~ /:/) {
        $size .= take($client, 1) // return;
    }

    chop $size;

    my $head = take($client, $size + 1) // return;
    my ($length) = $head =~ /^CONTENT_LENGTH\0(\d*)/;

    take($client, $length) if $length;
    print $client $answer->{head}, "\r\n", $answer->{body};

    return;
}


sub uwsgi {
    my ($client, $answer) = @_;

    my (undef, $size) = unpack 'CvC', take($client, 4) // return;
    my $head = take($client, $size) // return;
    my ($length) = $head =~ /CONTENT_LENGTH..(\d*)/s;

    take($client, $length) if $length;
    print $client "HTTP/1.1 200 OK\r\n", $answer->{head}, "\r\n",
        $answer->{body};

    return;
}


sub memcached {
    my ($client, $answer) = @_;

    my $line = '';

    while ($line !~ /\r\n/) {
        $line .= take($client, 1) // return;
    }

    my ($key) = $line =~ /^get (\S+)/;

    print $client $key =~ /none/ ? "END\r\n"
        : "VALUE $key 0 " . length($answer->{body}) . "\r\n"
          . $answer->{body} . "\r\nEND\r\n";

    return;
}


sub DESTROY {
    my ($self) = @_;

    return if $self->{owner} != $$;

    local $?;

    for my $pid (@{ $self->{pids} }) {
        kill 'TERM', $pid;
        waitpid $pid, 0;
    }

    return;
}


1;
