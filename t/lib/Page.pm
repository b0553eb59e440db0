package Page;

# A strict client: raw HTTP/1.x over one connection; and pages without their
# widget.
#
#   my $answer = fetch($port, '/path', method => 'HEAD', version => '1.0',
#                      headers => { Range => 'bytes=0-1' },
#                      on_header => sub { ... });
#   $answer->{status} {head} {header}{lc name} {body} {complete} {seconds}
#   my ($page, $widgets, $run) = without_widget($answer->{body});

use strict;
use warnings;

use Exporter qw(import);
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time);

our @EXPORT_OK = qw(closed fetch read_answer dial without_widget);


sub dial {
    my ($port) = @_;

    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)
        // die "cannot connect to port $port: $!";
}


sub fetch {
    my ($port, $path, %a) = @_;

    my $method = $a{method} // 'GET';
    my %headers = (Host => 'blog.example', Connection => 'close',
                   %{ $a{headers} // {} });
    my $socket = dial($port);
    my $start = time;

    print $socket join "\r\n", "$method $path HTTP/" . ($a{version} // '1.1'),
        (map { "$_: $headers{$_}" } sort keys %headers), '', '';

    my $rest = '';
    my $answer = read_answer($socket, \$rest, $method, $a{timeout} // 20,
                             $start, $a{on_header});
    closed($socket, \$rest)
        if ($answer->{header}{connection} // '') eq 'close';
    $answer->{rest} = $rest;

    return $answer;
}


# Waits until nginx has closed a connection, which it does after the log phase:
# then the request is counted and logged.  A body that was not read keeps a
# connection open: not longer than a second.

sub closed {
    my ($socket, $rest) = @_;

    my $end = time + 1;

    1 while more($socket, $rest, $end);

    return;
}


# reads one answer; $$rest holds bytes read beyond an answer, before and after

sub read_answer {
    my ($socket, $rest, $method, $timeout, $start, $on_header) = @_;

    my $end = time + ($timeout // 20);
    my %a = (complete => 0, body => '', head => '', status => 0);

    $start //= time;

    until ($$rest =~ /\r\n\r\n/) {
        more($socket, $rest, $end) or return \%a;
    }

    $a{seconds_header} = time - $start;
    $on_header->() if $on_header;

    $$rest =~ s/^(.*?\r\n)\r\n//s;
    $a{head} = $1;
    ($a{status}) = $a{head} =~ m{^HTTP/1\.\d (\d+)};

    while ($a{head} =~ /^([^:\r\n]+): *(.*?)\r$/mg) {
        my $name = lc $1;
        $a{header}{$name} = defined $a{header}{$name}
                            ? "$a{header}{$name}, $2" : $2;
    }

    body(\%a, $socket, $rest, $method, $end);
    $a{seconds} = time - $start;

    return \%a;
}


sub body {
    my ($a, $socket, $rest, $method, $end) = @_;

    if ($method eq 'HEAD' || $a->{status} == 304 || $a->{status} == 204) {
        $a->{complete} = 1;

    } elsif (($a->{header}{'transfer-encoding'} // '') eq 'chunked') {

        while (1) {
            until ($$rest =~ /^[0-9a-f]+\r\n/) {
                more($socket, $rest, $end) or return;
            }

            my ($digits) = $$rest =~ /^([0-9a-f]+)/;
            my $size = hex $digits;
            my $skip = length($digits) + 2;

            while (length $$rest < $skip + $size + 2) {
                if (!more($socket, $rest, $end)) {
                    $a->{body} .= substr $$rest, $skip;
                    return;
                }
            }

            $a->{body} .= substr $$rest, $skip, $size;
            substr $$rest, 0, $skip + $size + 2, '';

            if ($size == 0) {
                $a->{complete} = 1;
                return;
            }
        }

    } elsif (defined $a->{header}{'content-length'}) {
        my $size = $a->{header}{'content-length'};

        while (length $$rest < $size) {
            more($socket, $rest, $end) or last;
        }

        $a->{complete} = length $$rest >= $size;
        $a->{body} = substr $$rest, 0, $size, '';

    } else {
        1 while more($socket, $rest, $end);
        $a->{complete} = 1;
        $a->{body} = $$rest;
        $$rest = '';
    }

    return;
}


sub more {
    my ($socket, $rest, $end) = @_;

    my $left = $end - time;

    return 0 if $left <= 0 || !IO::Select->new($socket)->can_read($left);

    return sysread $socket, $$rest, 65536, length $$rest;
}


# the page, how many widgets it held, and the first one

sub without_widget {
    my ($html) = @_;

    my $run = '';
    my $count = () = $html =~ /<section[^>]* data-social="/g;

    if ($html =~ s{(<section[^>]* data-social="[^"]*"[^>]*>.*)\z}{}s) {
        $run = $1;

        # the widget may hold nested sections
        my ($depth, $length) = (0, 0);

        while ($run =~ m{<(/?)section\b[^>]*>}g) {
            $depth += $1 ? -1 : 1;
            $length = pos $run;
            last if $depth == 0;
        }

        $html .= substr $run, $length;
        $run = substr $run, 0, $length;
    }

    return ($html, $count, $run);
}


1;
