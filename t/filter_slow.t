#!/usr/bin/perl

# Pages that arrive slowly, break off or lie about their length, and slow
# clients.  The application sends only when the test says so, and the test waits
# for what the client has got: no clock decides.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Feed;
use IO::Select;
use Page qw(dial fetch without_widget);
use POSIX ();
use Social;
use Test::More;


my $top = '<!doctype html><html lang=en><body><article><h1>A</h1>';
my $text = '<p>some text <b>here</b></p>' x 20;
my $end = '</article><footer>foot</footer></body></html>';
my $page = "$top$text$end";
my $big = $top . $text x 4000 . $end;

my $app = Feed->new;
my $to = 'proxy_pass http://127.0.0.1:' . $app->port . ';';

my $nginx = Social->new(
    workers => 1,
    http => "proxy_http_version 1.1;\nsendfile on;\n",
    server => <<"END",
    location /u/ { $to proxy_buffering off; }
    location /p/ { $to }
    location /z/ { $to proxy_buffering off; gzip on; gzip_min_length 1; }
    location /l/ { $to limit_rate 200k; }
    location /n/ { $to proxy_buffering off; proxy_buffer_size 4k; }
    location /s/ { $to proxy_buffers 4 4k; proxy_busy_buffers_size 8k;
                   proxy_buffer_size 4k; proxy_temp_file_write_size 8k; }
    location /off/ { $to proxy_buffering off; social off; }
END
);
my $port = $nginx->port;
my $chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
    . "Transfer-Encoding: chunked\r\n\r\n";


sub ask {
    my ($path, %a) = @_;

    my $socket = dial($port);
    my $headers = join '', map { "$_: $a{$_}\r\n" } sort keys %a;

    print $socket "GET $path HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\n$headers\r\n";

    return ($socket, $app->accept);
}


sub chunk { my ($bytes) = @_; return sprintf "%x\r\n%s\r\n", length $bytes, $bytes }


# reads until the pattern is there; 0 at the end of the data

sub until_there {
    my ($socket, $have, $pattern) = @_;

    until ($$have =~ $pattern) {
        IO::Select->new($socket)->can_read(10) or return 0;
        sysread($socket, $$have, 65536, length $$have) or return 0;
    }

    return 1;
}


sub body_of {
    my ($have) = @_;

    my ($head, $body) = split /\r\n\r\n/, $have, 2;

    return ($head, $body // '') if $head !~ /^Transfer-Encoding: chunked/mi;

    my $plain = '';

    while ($body =~ s/^([0-9a-f]+)\r\n//) {
        my $n = hex $1;
        last if $n == 0;
        $plain .= substr $body, 0, $n, '';
        $body =~ s/^\r\n//;
    }

    return ($head, $plain);
}


# what precedes the tag reaches the client while the application waits

for my $way (qw(u n)) {
    my ($client, $server) = ask("/$way/a");
    my $have = '';

    $app->say($server, $chunked, chunk("${top}one"));
    ok until_there($client, \$have, qr/one/),
        "/$way: the first flush reaches the client";

    for my $word (qw(two three four)) {
        $app->say($server, chunk("<p>$word</p><"));
        ok until_there($client, \$have, qr/$word/),
            "/$way: $word reaches the client";
        $app->say($server, chunk('p>'));
    }

    $app->say($server, chunk($end), "0\r\n\r\n");
    close $server;
    until_there($client, \$have, qr/\r\n0\r\n\r\n/);

    my ($head, $body) = body_of($have);
    my ($rest, $widgets) = without_widget($body);

    is $rest, "${top}one<p>two</p><p><p>three</p><p><p>four</p><p>$end",
        "/$way: the page is unchanged";
    is $widgets, 1, "/$way: with its widget";
}


# A pause at each byte of the closing tag: the widget is still inserted, and a
# worker that waits for the rest uses no CPU time.

sub cpu {
    my ($worker) = $nginx->workers;
    open my $fh, '<', "/proc/$worker/stat" or die $!;
    my @field = split / /, <$fh> =~ s/^.*\) //r;

    return ($field[11] + $field[12]) / POSIX::sysconf(POSIX::_SC_CLK_TCK());
}

for my $at (1 .. length '</article>') {
    my ($client, $server) = ask('/u/stall');
    my $have = '';

    $app->say($server, $chunked,
              chunk("$top$text" . substr $end, 0, $at - 1));

    # the client has all that precedes; the filter has stopped waiting for more

    ok until_there($client, \$have, qr/$text/),
        "pause at $at: the page so far is sent";

    # the worker is idle meanwhile

    if ($at == 4) {
        my $before = cpu();
        select undef, undef, undef, 1;
        cmp_ok cpu() - $before, '<', 0.5, 'a worker that waits is idle';
    }

    $app->say($server, chunk(substr $end, $at - 1), "0\r\n\r\n");
    close $server;
    until_there($client, \$have, qr/\r\n0\r\n\r\n/);

    my ($head, $body) = body_of($have);
    my ($rest, $widgets) = without_widget($body);

    is $rest, $page, "pause at $at: the page is unchanged";
    is $widgets, 1, "pause at $at: with its widget";
}


# the application dies within the tag: what it sent is sent, but no end

for my $way (qw(u p)) {
    for my $at (0, 5, 9) {
        my ($client, $server) = ask("/$way/dies");
        my $have = '';

        $app->say($server, $chunked, chunk($top . $text . substr $end, 0, $at));
        $app->say($server, 'ff');
        close $server;
        until_there($client, \$have, qr/(?!)/);

        my ($head, $body) = body_of($have);

        is $body, $top . $text . substr($end, 0, $at),
            "/$way: dies at $at: all bytes are sent";
        unlike $have, qr/\r\n0\r\n\r\n$/,
            "/$way: dies at $at: the answer is not complete";
    }
}


# wrong lengths

for my $way (qw(u p)) {
    for my $lie (-20, 30) {
        my ($client, $server) = ask("/$way/lies");
        my $n = length($page) + $lie;
        my $have = '';

        $app->say($server, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
            . "Content-Length: $n\r\n\r\n$page");
        close $server;
        until_there($client, \$have, qr/(?!)/);

        my ($head, $body) = body_of($have);
        my ($rest) = without_widget($body);
        my ($length) = $head =~ /^Content-Length: (\d+)/mi;

        is $rest, $lie < 0 ? substr($page, 0, $n) : $page,
            "/$way: $lie bytes: no byte too many, none lost";
        ok !defined $length || ($lie > 0 ? $length > length $body
                                         : $length == length $body),
            "/$way: $lie bytes: the client's length is right";
    }
}


# one byte at a time

{
    my ($client, $server) = ask('/u/bytes');
    my ($have, $sent) = ('', '');
    my $small = "$top<p>x</p>$end";

    $app->say($server, $chunked);

    for my $byte (split //, $small) {
        $app->say($server, chunk($byte));
    }

    $app->say($server, "0\r\nX-Trailer: yes\r\n\r\n");
    close $server;
    until_there($client, \$have, qr/\r\n0\r\n\r\n/);

    my ($head, $body) = body_of($have);
    my ($rest, $widgets) = without_widget($body);

    is $rest, $small, 'byte by byte, with a trailer: the page is unchanged';
    is $widgets, 1, 'byte by byte: the page has its widget';
}


# through gzip, a flush that was held back comes with the bytes that it awaited

{
    require IO::Uncompress::Gunzip;

    my ($client, $server) = ask('/z/a', 'Accept-Encoding' => 'gzip');
    my $have = '';

    $app->say($server, $chunked, chunk("$top$text</main"));
    $app->say($server, chunk('>'));
    ok until_there($client, \$have, qr/\r\n\r\n./s), 'gzip: something is sent';
    $app->say($server, chunk($end), "0\r\n\r\n");
    close $server;
    until_there($client, \$have, qr/\r\n0\r\n\r\n$/);

    my ($head, $body) = body_of($have);
    IO::Uncompress::Gunzip::gunzip(\$body => \my $plain);
    my ($rest, $widgets) = without_widget($plain);

    is $rest, "$top$text</main>$end", 'gzip: the page is unchanged';
    is $widgets, 1, 'gzip: with its widget';
}


# clients that stop reading for a while get the whole page; others leave

for my $way (qw(u p s l)) {
    my ($client, $server) = ask("/$way/big");
    my ($have, $n) = ('', length $big);

    $app->feed($server, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        . "Content-Length: $n\r\nConnection: close\r\n\r\n"
        . ($way eq 'l' ? substr($big, 0, $n / 10) . $end : $big));
    until_there($client, \$have, qr/some text/);
    close $server;

    if ($way ne 'l') {
        until_there($client, \$have, qr/(?!)/);

        my ($head, $body) = body_of($have);
        my ($rest, $widgets) = without_widget($body);

        ok $rest eq $big, "/$way: a client that reads on gets all of it";
        is $widgets, 1, "/$way: with its widget";
    }

    close $client;
}

is fetch($port, '/social')->{status}, 200, 'the worker still answers';

# the applications that died, and wrong lengths

$nginx->stop;
$nginx->quiet(qr/prematurely closed|invalid chunked|Connection reset/);

done_testing;
