#!/usr/bin/perl

# Static pages: the widget is one run of bytes in them, and HTTP stays correct.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch read_answer dial without_widget);
use Social;
use Test::More;


my $page = '<!doctype html><html><head><title>A</title></head><body>'
    . '<article><h1>A</h1>' . '<p>some text <b>here</b></p>' x 300
    . '</article><footer>foot</footer></body></html>';
my $large = $page;
$large =~ s/(?=<footer>)/'<p>aside<\/p>' x 20_000/e;

my %pages = (
    'a.html'      => $page,
    'large.html'  => $large,
    'huge.html'   => $page . "<!--" . ('x' x 17_000_000) . "-->",
    'main.html'   => '<html><body><main><p>x</p></main></body></html>',
    'body.html'   => '<html><body><p>x</p></body></html>',
    'open.html'   => '<!doctype html><html><body><p>x',
    'left.html'   => "<!doctype html><title>x</title><article><p>x\n",
    'tag.html'    => '<!doctype html><html><body><p>x<p class="',
    'cut.html'    => '<!doctype html><html><body><article><p>x<script>',
    'none.html'   => 'no place at all',
    'json.html'   => ' {"a":"<article></article>"}',
    'empty.html'  => '',
    'utf16.html'  => "\xff\xfe" . join('', map { "$_\0" } split //, $page),
    'jp.html'     => '<html><head><meta charset=iso-2022-jp></head><body>'
                     . '<article></article></body></html>',
    'form.html'   => '<body><form><article><p>x</p></article></form></body>',
    'twice.html'  => '<body><article>1</article><article>2</article></body>',
    'last.html'   => '<body><article><p>x</p></article>',
    'plain.txt'   => $page,
);

my $nginx = Social->new(
    http => <<'END',
    types { text/html html; text/plain txt; }
    open_file_cache_errors on;
END
    server => <<'END',
    location /off/      { social off; alias DIR/html/; }
    location /memory/   { sendfile off; alias DIR/html/; }
    location /send/     { sendfile on; tcp_nopush on; alias DIR/html/; }
    location /cached/   { open_file_cache max=100; open_file_cache_valid 60s;
                          alias DIR/html/; }
    location /direct/   { directio 512; alias DIR/html/; }
    location /threads/  { aio threads; directio 512; alias DIR/html/; }
    location /slow/     { limit_rate 200k; alias DIR/html/; }
    location /old/      { expires 1h; alias DIR/html/; }
    location /ruled/    { add_header Cache-Control "public, max-age=60";
                          alias DIR/html/; }
    location /fixed/    { add_header Cache-Control "no-transform";
                          alias DIR/html/; }
    location /charset/  { charset iso-8859-1; alias DIR/html/; }
END
    files => \%pages,
);
my $port = $nginx->port;


sub same_page {
    my ($answer, $want, $name) = @_;

    my ($rest, $widgets, $run) = without_widget($answer->{body});

    subtest $name => sub {
        is $answer->{status}, 200, 'status';
        is $widgets, 1, 'one widget';
        ok $rest eq $want, 'the page is unchanged';
        ok $answer->{complete}, 'complete';
        is $answer->{header}{'content-length'}, length $answer->{body},
            'length';
        is $answer->{rest}, '', 'nothing behind it';
        unlike $run, qr/[^\x20-\x7e\n\t]/, 'the widget is ASCII';
    };

    return $run;
}


for my $way ('', qw(memory/ send/ cached/ direct/ threads/ charset/)) {
    for my $file (qw(a.html large.html)) {
        for my $time (qw(cold warm)) {
            same_page(fetch($port, "/$way$file"), $pages{$file},
                      "/$way$file, $time");
        }
    }
}

same_page(fetch($port, "/$_.html"), $pages{"$_.html"}, "$_.html")
    for qw(main body twice last form open left);

for my $file (qw(cut tag none json jp utf16 empty huge)) {
    my $answer = fetch($port, "/$file.html");

    my $found = $answer->{body} eq $pages{"$file.html"};

    # a place that is found early is used, however long the page is
    if ($file eq 'huge') {
        my ($rest, $widgets) = without_widget($answer->{body});
        $found = $widgets == 1 && $rest eq $pages{'huge.html'};
    }

    ok $found, "$file.html: right bytes";
    is $answer->{header}{'content-length'}, length $answer->{body},
        "$file.html: length";
    unlike $answer->{header}{etag}, qr/-.*-/, "$file.html: its own ETag"
        if $file ne 'huge' && $file ne 'empty';
}

for my $path ('/off/a.html', '/plain.txt', '/fixed/a.html') {
    ok fetch($port, $path)->{body} eq $page, "$path has no widget";
}


# the place in the page

like fetch($port, '/twice.html')->{body},
    qr{<article>1<section.*</section></article><article>2</article>}s,
    'the widget is the last child of the first article';


# validators

my $get = fetch($port, '/a.html');
my $plain = fetch($port, '/off/a.html');
my $head = fetch($port, '/a.html', method => 'HEAD');
my $tag = $get->{header}{etag};

(my $stem = $plain->{header}{etag}) =~ s/"$//;
like $tag, qr/^\Q$stem\E-[0-9a-z]+"$/, 'the ETag combines page and widget';
is $get->{header}{'cache-control'}, 'no-cache', 'no-cache by default';
is $plain->{header}{'cache-control'}, undef,
    'no Cache-Control where social is off';
is fetch($port, '/none.html')->{header}{'cache-control'}, undef,
    'nor on a page without a place';
is fetch($port, '/old/a.html')->{header}{'cache-control'}, 'max-age=3600',
    'expires is kept';
is fetch($port, '/ruled/a.html')->{header}{'cache-control'},
    'public, max-age=60', 'add_header is kept';
is $get->{header}{'accept-ranges'}, 'bytes', 'ranges are offered';

for my $name (qw(etag last-modified content-length content-type
                 cache-control accept-ranges))
{
    is $head->{header}{$name}, $get->{header}{$name}, "HEAD: $name of GET";
}

is $head->{body} . $head->{rest}, '', 'HEAD has no body';

sub status {
    my (%headers) = @_;

    my $answer = fetch($port, '/a.html', headers => \%headers);

    is $answer->{rest}, '', 'nothing behind the answer';

    return $answer;
}

my $not = status('If-None-Match' => $tag);
is $not->{status}, 304, 'If-None-Match with the page\'s ETag';
is $not->{header}{etag}, $tag, '304 has the ETag';
is $not->{header}{'content-length'}, undef, '304 has no Content-Length';
is status('If-None-Match' => "W/$tag")->{status}, 304, 'weak comparison';
is status('If-None-Match' => "\"x\", $tag")->{status}, 304, 'among other ETags';
is status('If-None-Match' => $plain->{header}{etag})->{status}, 200,
    "the file's own ETag does not match";
is status('If-Modified-Since' => $get->{header}{'last-modified'})->{status},
    304, 'If-Modified-Since';
is status('If-Match' => '"x"')->{status}, 412, 'If-Match fails';
is status('If-Match' => $tag)->{status}, 200, 'If-Match holds';
is fetch($port, '/a.html', method => 'HEAD',
         headers => { 'If-None-Match' => $tag })->{status}, 304, 'HEAD, 304';


# ranges

for my $way (qw(memory/ send/ cached/ direct/ threads/), '') {

    # each path is an article with its own widget
    my $whole = fetch($port, "/${way}a.html")->{body};
    my $seam = index $whole, '<section';

    for my $range ([ $seam - 10, $seam + 9 ], [ $seam, $seam ], [ 0, 0 ],
                   [ length($whole) - 5, length($whole) - 1 ],
                   [ 5, length($whole) - 1 ])
    {
        my ($from, $to) = @$range;
        my $part = fetch($port, "/${way}a.html",
                         headers => { Range => "bytes=$from-$to" });

        is $part->{status}, 206, "/$way $from-$to: 206";
        ok $part->{body} eq substr($whole, $from, $to - $from + 1),
            "/$way $from-$to: bytes";
        is $part->{header}{'content-range'},
            "bytes $from-$to/" . length $whole, "/$way $from-$to: range";
    }
}

my $whole = $get->{body};

is status(Range => 'bytes=-7')->{body}, substr($whole, -7), 'a suffix range';
is status(Range => 'bytes=99999999-')->{status}, 416, 'a range behind the end';
ok status(Range => 'bytes=0-1,9-10')->{body} eq $whole,
    'several ranges: answered whole';
is status(Range => 'bytes=0-1', 'If-Range' => $tag)->{status}, 206,
    'If-Range with the page\'s ETag';
is status(Range => 'bytes=0-1',
          'If-Range' => $plain->{header}{etag})->{status},
    200, "If-Range with the file's own ETag";


# connections

my $old = fetch($port, '/a.html', version => '1.0');
same_page($old, $page, 'HTTP/1.0');

my $socket = dial($port);
print $socket "GET /a.html HTTP/1.1\r\nHost: x\r\n\r\n"
    . "HEAD /a.html HTTP/1.1\r\nHost: x\r\n\r\n"
    . "GET /large.html HTTP/1.1\r\nHost: x\r\n\r\n"
    . "GET /a.html HTTP/1.1\r\nHost: x\r\nIf-None-Match: $tag\r\n\r\n"
    . "GET /a.html HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\n\r\n"
    . "GET /none.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
my $rest = '';
my @answers = map { read_answer($socket, \$rest, $_) }
    qw(GET HEAD GET GET GET GET);

is join(' ', map { $_->{status} } @answers), '200 200 200 304 206 200',
    'pipelined: six answers in order';
is $answers[5]{body}, $pages{'none.html'},
    'pipelined: the last answer is right';
is $rest, '', 'nothing behind the last answer';


# a changed page of the same size is read again, changed in place and renamed

my $slow = fetch($port, '/slow/large.html');
same_page($slow, $large, 'a page sent slowly');

for my $round (1 .. 3) {
    (my $new = $page) =~ s/text/tex$round/g;

    $nginx->file('a.html', $new, 100);

    my $answer = fetch($port, '/a.html');
    same_page($answer, $new, "changed in place, $round");
}

$nginx->stop;
$nginx->quiet(qr/\[error\]/);

done_testing;
