#!/usr/bin/perl

# HTTP stays correct for pages with a widget: every way to reach a file, every
# kind of condition and range, HEAD, pipelines; and a known page is not read
# again.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(dial fetch read_answer without_widget);
use Social;
use Test::More;
use Time::HiRes qw(sleep time);


my $line = "<p>some text <b>here</b></p>\n";
my $small = "<!doctype html><html><body>\n<article><h1>A</h1>" . $line x 300
    . '</article><footer>foot</footer></body></html>';
my $large = '<!doctype html><html><body>' . $line x 20_000 . '<article>'
    . $line x 9_000 . '</article>' . $line x 11_000 . '</body></html>';
my $other = '<!doctype html><html><body><main>other</main></body></html>';
my $none = 'no place at all';

my %files = (
    'a.html' => $small, 'large.html' => $large, 'none.html' => $none,
    'posts/one/index.html' => $small, 'blog/posts/two/index.html' => $other,
    'pretty.html' => $other, 'sorry.html' => $other, 'plain.txt' => $small,
);

my $nginx = Social->new(
    workers => 1,
    http => 'open_file_cache_errors on;',
    server => <<'END',
    location /posts/   { index index.html; }
    location /alias/   { alias DIR/html/posts/; }
    location /try/     { try_files $uri /pretty.html; }
    location /pretty   { try_files $uri $uri.html =404; }
    location /re/      { rewrite ^/re/(.*)$ /$1.html last; }
    location /lost/    { error_page 404 /sorry.html; }
    location /found/   { error_page 404 =200 /sorry.html; }
    location /open/    { open_file_cache max=10; alias DIR/html/; }
    location /memory/  { sendfile off; alias DIR/html/; }
    location /threads/ { aio threads; directio 4k; alias DIR/html/; }
    location /links/   { disable_symlinks on; alias DIR/html/; }
    location /age/     { expires 1h; alias DIR/html/; }
    location /never/   { expires -1; alias DIR/html/; }
    location /own/     { add_header Cache-Control "private, max-age=9";
                         alias DIR/html/; }
    location /single/  { max_ranges 0; alias DIR/html/; }
    location /notag/   { etag off; alias DIR/html/; }
    location /before/  { if_modified_since before; alias DIR/html/; }
END
    files => \%files,
);
my $port = $nginx->port;


# every way to reach a file: the page is whole, its widget is that of the URL

for my $case (
    [ '/posts/one/', $small, '/posts/one/' ],
    [ '/posts/one/index.html', $small, '/posts/one/' ],
    [ '/posts//one/./x/../', $small, '/posts/one/' ],
    [ '/alias/one/', $small, '/alias/one/' ],
    [ '/blog/posts/two/', $other, '/blog/posts/two/' ],
    [ '/try/any?q=1', $other, '/try/any' ],
    [ '/pretty', $other, '/pretty' ],
    [ '/re/a', $small, '/re/a' ],
    [ '/found/x', $other, '/sorry.html' ],
    [ '/open/a.html', $small, '/open/a.html' ],
    [ '/open/large.html', $large, '/open/large.html' ],
    [ '/links/a.html', $small, '/links/a.html' ],
) {
    my ($path, $want, $key) = @$case;

    for my $time (qw(cold warm)) {
        my $answer = fetch($port, $path);
        my ($page, $widgets, $run) = without_widget($answer->{body});

        is $answer->{status}, 200, "$path, $time";
        is $widgets, 1, 'one widget';
        ok $page eq $want, 'the page is unchanged';
        like $run, qr/^<section[^>]* data-social="\Q$key\E"/, "for $key";
        is $answer->{header}{'content-length'}, length $answer->{body},
            'Content-Length is right';
    }
}

for my $path ('/lost/x', '/posts/none/') {
    is fetch($port, $path)->{status}, 404, "$path: 404";
    unlike fetch($port, $path)->{body}, qr/data-social/, 'has no widget';
}


# conditions on files

my $get = fetch($port, '/a.html');
my $tag = $get->{header}{etag};
my $date = $get->{header}{'last-modified'};
my $past = 'Thu, 01 Jan 2004 00:00:00 GMT';
my $future = 'Fri, 01 Jan 2038 00:00:00 GMT';

for my $case (
    [ 304, 'If-None-Match' => $tag ],
    [ 304, 'If-None-Match' => "W/$tag" ],
    [ 304, 'If-None-Match' => "\"a\",W/\"b\" ,$tag" ],
    [ 304, 'If-None-Match' => '*' ],
    [ 304, 'If-None-Match' => $tag, 'If-Modified-Since' => $date ],
    [ 200, 'If-None-Match' => '"a", "b"' ],
    [ 200, 'If-None-Match' => '"a"', 'If-Modified-Since' => $date ],
    [ 200, 'If-None-Match' => $tag =~ s/-[0-9a-z]+"$/"/r ],
    [ 200, 'If-None-Match' => '' ],
    [ 304, 'If-Modified-Since' => $date ],
    [ 200, 'If-Modified-Since' => $past ],
    [ 200, 'If-Modified-Since' => $future ],
    [ 200, 'If-Modified-Since' => 'never' ],
    [ 200, 'If-Match' => $tag ],
    [ 200, 'If-Match' => "\"a\", $tag" ],
    [ 200, 'If-Match' => '*' ],
    [ 412, 'If-Match' => '"a"' ],
    [ 412, 'If-Match' => "W/$tag" ],
    [ 200, 'If-Unmodified-Since' => $date ],
    [ 412, 'If-Unmodified-Since' => $past ],
    [ 304, 'If-Match' => $tag, 'If-None-Match' => $tag ],
    [ 206, Range => 'bytes=1-2', 'If-Range' => $tag ],
    [ 200, Range => 'bytes=1-2', 'If-Range' => "W/$tag" ],
    [ 200, Range => 'bytes=1-2', 'If-Range' => '"a"' ],
    [ 206, Range => 'bytes=1-2', 'If-Range' => $date ],
    [ 200, Range => 'bytes=1-2', 'If-Range' => $past ],
    [ 304, Range => 'bytes=1-2', 'If-None-Match' => $tag ],
    [ 206, Range => 'bytes=1-2', 'If-None-Match' => '"a"' ],
) {
    my ($status, %headers) = @$case;
    my $what = join ', ', map { "$_: $headers{$_}" } sort keys %headers;
    my $answer = fetch($port, '/a.html', headers => \%headers);
    my $head = fetch($port, '/a.html', headers => \%headers,
                     method => 'HEAD');

    is $answer->{status}, $status, $what;
    ok $answer->{complete} && $answer->{rest} eq '',
        'the answer is as long as announced';
    ok $answer->{body} eq $get->{body}, 'the whole page' if $status == 200;

    # Date may differ
    s/^Date:.*\r\n//m for $answer->{head}, $head->{head};
    is $head->{head}, $answer->{head}, 'HEAD has the same headers';
}

is fetch($port, '/before/a.html', headers => { 'If-Modified-Since' =>
         $future })->{status}, 304, 'if_modified_since before';
is fetch($port, '/notag/a.html')->{header}{etag}, undef, 'etag off';


# Cache-Control is the site's own, or else no-cache

my %says = ('' => 'no-cache', age => 'max-age=3600', never => 'no-cache',
            own => 'private, max-age=9');

for my $way (sort keys %says) {
    my $path = $way ? "/$way/a.html" : '/a.html';
    my $answer = fetch($port, $path);
    my $not = fetch($port, $path, headers => {
        'If-None-Match' => $answer->{header}{etag} });

    is $answer->{header}{'cache-control'}, $says{$way},
        "$path: one Cache-Control";
    is $not->{status}, 304, "$path: 304";
    is $not->{header}{$_}, $answer->{header}{$_}, "$path: 304 has the $_"
        for qw(cache-control etag last-modified);
    is $not->{header}{'content-length'}, undef,
        "$path: 304 has no Content-Length";
}


# Single ranges before, over, within and behind the widget, at every edge of
# what is kept in memory.

srand 4;

for my $path (qw(/a.html /large.html /memory/large.html /threads/large.html
                 /open/large.html))
{
    my $whole = fetch($port, $path)->{body};
    my $length = length $whole;
    my $from = index $whole, '<section';
    my $to = $from + length +(without_widget($whole))[2];
    my @edges = (0, $from - 2048, $from, $to, $to + 2048, $length);
    my @ranges = ([ 0, '' ], [ $length - 1, '' ], [ '', 1 ], [ '', $length ],
                  [ '', $length + 5 ], [ 0, $length + 99 ], [ $from, '' ],
                  [ '', $length - $to ], [ $from + 3, $to - 3 ]);

    for my $a (@edges) {
        for my $b (@edges) {
            push @ranges, [ map { $_ < 0 ? 0 : $_ } $a - 1, $b ]
                if $a < $b && $a < $length;
        }
    }

    push @ranges, map {
        my $a = int rand $length;
        [ $a, $a + int rand($length - $a) ];
    } 1 .. 20;

    my $wrong = '';

    for my $range (@ranges) {
        my ($a, $b) = @$range;
        my $part = fetch($port, $path,
                         headers => { Range => "bytes=$a-$b" });
        my $first = $a eq '' ? ($b > $length ? 0 : $length - $b) : $a;
        my $last = $a eq '' || $b eq '' || $b >= $length ? $length - 1 : $b;
        my $want = substr $whole, $first, $last - $first + 1;

        $wrong .= " $a-$b" if $part->{status} != 206
            || $part->{body} ne $want || !$part->{complete}
            || $part->{header}{'content-length'} != length $want
            || $part->{header}{'content-range'}
               ne "bytes $first-$last/$length"
            || $part->{header}{etag} !~ /^"[^"]+"$/;
    }

    is $wrong, '', "$path: " . @ranges . ' ranges';

    for my $case ([ 416, "$length-" ], [ 416, '-0' ], [ 200, '5-1' ],
                  [ 200, 'x-y' ], [ 200, '0-1,5-6' ],
                  [ 200, "0-1,$from-$to,-1" ], [ 206, "0-1,$length-" ])
    {
        my ($status, $range) = @$case;
        my $answer = fetch($port, $path,
                           headers => { Range => "bytes=$range" });

        # whether nginx ignores these ranges is up to nginx
        $status = $answer->{status} if $range eq '5-1' || $range eq 'x-y';

        is $answer->{status}, $status, "$path: bytes=$range";
        ok $answer->{body} eq $whole,
            'the whole page' if $answer->{status} == 200;
        is $answer->{body}, substr($whole, 0, 2), 'the one satisfiable range'
            if $answer->{status} == 206;
    }
}

is fetch($port, '/single/a.html', headers => { Range => 'bytes=0-1' })
    ->{status}, 200, 'max_ranges 0: the whole page';


# HEAD has the headers of GET and no body, everywhere

for my $path (qw(/a.html /large.html /none.html /plain.txt /memory/a.html
                 /threads/large.html /own/a.html /pretty /found/x /lost/x
                 /posts/one))
{
    my @heads = map { fetch($port, $path, method => $_) } qw(GET HEAD);

    $_->{head} =~ s/^Date:.*\r\n//m for @heads;
    is $heads[1]{head}, $heads[0]{head}, "HEAD $path";
    is $heads[1]{body} . $heads[1]{rest}, '', 'without a body';
}


# ten pipelined requests in one packet, three times

my @ten = (
    [ GET => '/a.html' ], [ HEAD => '/large.html' ], [ GET => '/plain.txt' ],
    [ GET => '/large.html' ], [ GET => '/nothing' ],
    [ GET => '/a.html', "If-None-Match: $tag" ],
    [ GET => '/none.html' ], [ GET => '/a.html', 'Range: bytes=7-99' ],
    [ GET => '/_social/counts?article=/a.html' ], [ GET => '/posts/one/' ],
);
my $packet = join '', map {
    my ($method, $path, @headers) = @$_;
    join "\r\n", "$method $path HTTP/1.1", 'Host: blog.example', @headers,
        '', '';
} @ten;
my @single = map {
    my ($method, $path, $header) = @$_;
    fetch($port, $path, method => $method,
          headers => { $header ? $header =~ /^(.*?): (.*)/ : () });
} @ten;
my $socket = dial($port);
my $rest = '';

for my $round (1 .. 3) {
    syswrite $socket, $packet;

    for my $i (0 .. $#ten) {
        my $answer = read_answer($socket, \$rest, $ten[$i][0]);

        is $answer->{status}, $single[$i]{status},
            "pipelined $round: @{ $ten[$i] }";
        ok $answer->{body} eq $single[$i]{body},
            'a pipelined answer has the right bytes';
    }
}

is $rest, '', 'nothing behind the last answer';

for my $path (qw(/a.html /large.html)) {
    my $whole = fetch($port, $path)->{body};
    my $socket = dial($port);
    my $rest = '';

    for my $time (1, 2) {
        print $socket "GET $path HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        my $answer = read_answer($socket, \$rest, 'GET');

        is length $answer->{body}, length $whole,
            "HTTP/1.0 with keep-alive, $time";
        is $answer->{header}{'content-length'}, length $whole,
            'HTTP/1.0 with keep-alive: Content-Length';
    }

    is fetch($port, $path, version => '1.0')->{body}, $whole, 'HTTP/1.0';
}


# A worker reads a page only once, as its read counter shows.  A file's page is
# remembered only once the file is two seconds old.

sub bytes_read {
    my ($pid) = $nginx->workers;

    open my $fh, '<', "/proc/$pid/io" or return;

    return join('', <$fh>) =~ /^rchar: (\d+)/m ? $1 : undef;
}

SKIP: {
    skip 'no /proc/PID/io', 1 if !defined bytes_read();

    my $changed = (stat $nginx->dir . '/html/large.html')[10];

    sleep 0.1 while time < $changed + 3;

    for my $path (qw(/large.html /a.html)) {
        my $tag = fetch($port, $path)->{header}{etag};

        for my $case ([ 304, 'GET', 'If-None-Match' => $tag ],
                      [ 200, 'HEAD' ], [ 412, 'GET', 'If-Match' => '"x"' ],
                      $path eq '/a.html' ? [ 200, 'GET' ] : (),
                      [ 206, 'GET', Range => 'bytes=10-19' ])
        {
            my ($status, $method, %headers) = @$case;
            my $before = bytes_read();

            is fetch($port, $path, method => $method, headers => \%headers)
                ->{status}, $status, "$path: $method $status" for 1 .. 40;

            # the store's threads read a little, too
            my $each = (bytes_read() - $before) / 40;

            cmp_ok $each, '<', length($files{ substr $path, 1 }) / 2,
                "$path: $method $status reads no page ($each bytes)";
        }
    }
}

$nginx->stop;
$nginx->quiet('\(2: No such file or directory\)');

done_testing;
