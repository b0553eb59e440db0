#!/usr/bin/perl

# Pages that come slowly, break off or lie about their length, and clients
# that are slow themselves.  The application goes on when the test says so, so
# what a client has is known before more comes: no clock decides.

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


# reads until the pattern is there; the end: undef

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


# what is before the tag is with the client while the application waits

for my $way (qw(u n)) {
    my ($client, $server) = ask("/$way/a");
    my $have = '';

    $app->say($server, $chunked, chunk("${top}one"));
    ok until_there($client, \$have, qr/one/), "/$way: the first flush is out";

    for my $word (qw(two three four)) {
        $app->say($server, chunk("<p>$word</p><"));
        ok until_there($client, \$have, qr/$word/), "/$way: $word is out";
        $app->say($server, chunk('p>'));
    }

    $app->say($server, chunk($end), "0\r\n\r\n");
    close $server;
    until_there($client, \$have, qr/\r\n0\r\n\r\n/);

    my ($head, $body) = body_of($have);
    my ($rest, $widgets) = without_widget($body);

    is $rest, "${top}one<p>two</p><p><p>three</p><p><p>four</p><p>$end",
        "/$way: unharmed";
    is $widgets, 1, "/$way: with its widget";
}


# a stall in each byte of the tag: the widget still comes, and a worker that
# waits for the rest does not work

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

    # all in front of it is out, which takes the filter's whole patience

    ok until_there($client, \$have, qr/$text/), "stall $at: the page is out";

    # and another page is served meanwhile, by the same worker

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

    is $rest, $page, "stall $at: unharmed";
    is $widgets, 1, "stall $at: with its widget";
}


# the application dies in the tag: what there was of it comes, not an end

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
            "/$way: dies at $at: all there was";
        unlike $have, qr/\r\n0\r\n\r\n$/, "/$way: dies at $at: not whole";
    }
}


# lengths that are not true

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
            "/$way: $lie bytes: the length tells the truth";
    }
}


# byte by byte, the application waiting for each

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

    is $rest, $small, 'byte by byte, and a trailer: unharmed';
    is $widgets, 1, 'with its widget';
}


# through gzip a flush that waited comes out with what it waited for

{
    require IO::Uncompress::Gunzip;

    my ($client, $server) = ask('/z/a', 'Accept-Encoding' => 'gzip');
    my $have = '';

    $app->say($server, $chunked, chunk("$top$text</main"));
    $app->say($server, chunk('>'));
    ok until_there($client, \$have, qr/\r\n\r\n./s), 'gzip: something is out';
    $app->say($server, chunk($end), "0\r\n\r\n");
    close $server;
    until_there($client, \$have, qr/\r\n0\r\n\r\n$/);

    my ($head, $body) = body_of($have);
    IO::Uncompress::Gunzip::gunzip(\$body => \my $plain);
    my ($rest, $widgets) = without_widget($plain);

    is $rest, "$top$text</main>$end", 'gzip: unharmed';
    is $widgets, 1, 'gzip: with its widget';
}


# clients that stop reading come back to a whole page, or do not come back

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

        ok $rest eq $big, "/$way: a client that comes back has it all";
        is $widgets, 1, "/$way: with its widget";
    }

    close $client;
}

is fetch($port, '/social')->{status}, 200, 'the worker is well';

# the applications that died, the lies

$nginx->stop;
$nginx->quiet(qr/prematurely closed|invalid chunked|Connection reset/);

done_testing;
