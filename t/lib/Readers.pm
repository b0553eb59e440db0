package Readers;

# Many readers at once: each sends a GET, pipelined over one connection, and is
# answered with a short 304.  When it returns their views are counted: nginx
# closes a connection after its log phase (with lingering_close off).
#
#   readers($nginx, '/posts/a/', map { "Browser $_" } 1 .. 1000);
#   warm($nginx);                                # after the start
#   my $article = figures($nginx, "/posts/a/");  # from the status page

use strict;
use warnings;

use Exporter qw(import);
use IO::Socket::INET;

our @EXPORT_OK = qw(readers browser figures warm);


# waits until nginx has read the store: from then on no page waits for it

sub warm {
    my ($nginx) = @_;

    return $nginx->wait_for(sub { $nginx->status });
}


# the User-Agent of the n-th browser

sub browser {
    my ($n) = @_;

    return 'Mozilla/5.0 (X11; Linux x86_64; rv:' . (100 + $n % 97) . '.0) '
        . "Gecko/20100101 Firefox/$n.0";
}


# path may be a function of the reader's number; returns the count of answers

sub readers {
    my ($nginx, $path, @agents) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $nginx->port)
        // die "cannot connect: $!";
    my ($answers, $n, $asked, $all) = (0, 0, 0, scalar @agents);

    while (my @some = splice @agents, 0, 40) {
        print $socket map {
            my $to = ref $path ? $path->($n++) : $path;

            "GET $to HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n"
            . "User-Agent: $_\r\n"
            . (++$asked == $all ? "Connection: close\r\n\r\n" : "\r\n")
        } @some;
        $socket->flush;

        my ($text, $got) = ('', 0);

        while ($got < @some || !@agents) {
            sysread($socket, $text, 65536, length $text) or last;
            $got = () = $text =~ m{^HTTP/1\.1 \d+ }mg;
        }

        $answers += () = $text =~ m{^HTTP/1\.1 (?:200|304) }mg;
    }

    return $answers;
}


# an article on the status page

sub figures {
    my ($nginx, $key, %query) = @_;

    my $doc = $nginx->status(period => 'all', limit => 1000, %query);
    my ($article) = grep { $_->{key} eq $key } @{ $doc->{articles} };

    return $article;
}


1;
