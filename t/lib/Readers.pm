package Readers;

# Many readers at once: a GET each, pipelined over one connection, answered
# 304 so that little is sent.  When it returns they are counted: nginx closes
# a connection after its log phase (with lingering_close off).
#
#   readers($nginx, '/posts/a/', map { "Browser $_" } 1 .. 1000);
#   warm($nginx);                                # after the start
#   my $article = figures($nginx, "/posts/a/");  # as the status tells it

use strict;
use warnings;

use Exporter qw(import);
use IO::Socket::INET;

our @EXPORT_OK = qw(readers browser figures warm);


# waits until nginx knows what the store has: then no page waits for it

sub warm {
    my ($nginx) = @_;

    return $nginx->wait_for(sub { $nginx->status });
}


# the n-th of many browsers

sub browser {
    my ($n) = @_;

    return 'Mozilla/5.0 (X11; Linux x86_64; rv:' . (100 + $n % 97) . '.0) '
        . "Gecko/20100101 Firefox/$n.0";
}


# path may be a function of the reader's number; returns how many answered

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


# an article as the status tells it

sub figures {
    my ($nginx, $key, %query) = @_;

    my $doc = $nginx->status(period => 'all', limit => 1000, %query);
    my ($article) = grep { $_->{key} eq $key } @{ $doc->{articles} };

    return $article;
}


1;
