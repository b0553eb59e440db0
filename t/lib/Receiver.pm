package Receiver;

# A receiver of notices that the test plays itself, connection by connection.
#
#   my $receiver = Receiver->new;
#   my $notice = $receiver->next;           # {line, headers, content, json}
#   $notice->answer("HTTP/1.1 204 No Content\r\n\r\n");
#
# next() dies if nobody connects.  A notice that was told to be good comes again if
# that answer took longer than nginx waits, as on a busy machine: next() answers it
# and goes on to another one.

use strict;
use warnings;

use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP;
use Social;


sub new {
    my ($class, %a) = @_;

    my $self = bless { %a }, $class;

    return $self->up;
}


sub up {
    my ($self) = @_;

    $self->{listen} = $self->{path}
        ? IO::Socket::UNIX->new(Local => $self->{path}, Listen => 64)
        : IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 64,
                                LocalPort => $self->{port} // 0,
                                ReuseAddr => 1)
        or die "receiver: cannot listen: $!";
    $self->{port} //= $self->{listen}->sockport if !$self->{path};

    return $self;
}


sub down { my ($self) = @_; close delete $self->{listen}; return }
sub port { return $_[0]{port} }


# has somebody connected within so many seconds?

sub comes {
    my ($self, $seconds) = @_;

    return IO::Select->new($self->{listen})->can_read($seconds);
}


sub next {
    my ($self) = @_;

    while (1) {
        my $notice = $self->any;
        my $id = $notice->{headers}{'idempotency-key'};

        return $notice if !defined $id || !$self->{good}{$id};
        $notice->good;
    }
}


sub any {
    my ($self) = @_;

    $self->comes(60 * Social::Tool::slow())
        or die 'receiver: nobody came within a minute';

    my $socket = $self->{listen}->accept or die "receiver: accept: $!";
    my ($request, $rest, $headers) = ('');

    until (($headers, $rest) = $request =~ /\A(.*?\r\n)\r\n(.*)/s) {
        sysread($socket, $request, 4096, length $request)
            or die 'receiver: the request broke off';
    }

    my ($line, @lines) = split /\r\n/, $headers;
    my %headers = map { /^([^:]+): (.*)/ ? (lc $1, $2) : () } @lines;

    while (length $rest < ($headers{'content-length'} // 0)) {
        sysread($socket, $rest, 65536, length $rest)
            or die 'receiver: the body broke off';
    }

    return bless {
        socket => $socket, line => $line, headers => \%headers,
        content => $rest, json => JSON::PP->new->utf8->decode($rest),
        seen => $self->{good} //= {},
    }, 'Receiver::Notice';
}


package Receiver::Notice;


sub answer {
    my ($self, $bytes) = @_;

    local $SIG{PIPE} = 'IGNORE';

    syswrite $self->{socket}, $bytes if length $bytes;
    close $self->{socket};

    return $self;
}


sub good {
    my ($self) = @_;

    my $id = $self->{headers}{'idempotency-key'};
    $self->{seen}{$id} = 1 if defined $id;

    return $self->answer("HTTP/1.1 204 No Content\r\n\r\n");
}


1;
