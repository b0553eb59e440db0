package Feed;

# An application that the test plays itself, connection by connection.
#
#   my $app = Feed->new;
#   my $server = $app->accept;              # its request has been read
#   $app->say($server, $bytes, ...);        # sent before it returns
#   $app->feed($server, $bytes);            # sent by another process
#
# What say() sends must fit into the socket's buffer.

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Socket qw(IPPROTO_TCP TCP_NODELAY);


sub new {
    my ($class) = @_;

    my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64)
        or die "feed: cannot listen: $!";

    return bless { listen => $listen }, $class;
}


sub port { return $_[0]{listen}->sockport }


sub accept {
    my ($self) = @_;

    IO::Select->new($self->{listen})->can_read(10)
        or die 'feed: no connection within ten seconds';

    my $server = $self->{listen}->accept or die "feed: accept: $!";
    my $request = '';

    setsockopt $server, IPPROTO_TCP, TCP_NODELAY, 1;

    until ($request =~ /\r\n\r\n/) {
        sysread($server, $request, 4096, length $request)
            or die 'feed: the request broke off';
    }

    return $server;
}


sub say {
    my ($self, $server, @bytes) = @_;

    local $SIG{PIPE} = 'IGNORE';

    for my $bytes (@bytes) {
        my $n = syswrite $server, $bytes;
        die 'feed: not all bytes were sent' if ($n // -1) != length $bytes;
    }

    return;
}


# the process ends when all bytes are sent or the connection is closed

sub feed {
    my ($self, $server, $bytes) = @_;

    my $pid = fork // die "feed: cannot fork: $!";

    if ($pid == 0) {
        local $SIG{PIPE} = 'IGNORE';

        while (length $bytes) {
            my $n = syswrite($server, $bytes) or last;
            substr $bytes, 0, $n, '';
        }

        POSIX::_exit(0);
    }

    push @{ $self->{children} }, $pid;

    return;
}


sub DESTROY {
    my ($self) = @_;

    local $?;

    for my $pid (@{ delete $self->{children} // [] }) {
        waitpid $pid, 0;
    }

    return;
}


1;
