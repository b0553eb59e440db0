#!/usr/bin/perl

# The filter beside nginx's own modules, and conditions that go upstream.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Backend;
use IO::Uncompress::Gunzip qw(gunzip $GunzipError);
use IO::Compress::Gzip qw(gzip);
use Page qw(fetch read_answer dial without_widget);
use Social;
use Test::More;
use Time::HiRes qw(sleep);


my $page = '<!doctype html><html lang=en><head><title>A</title></head><body>'
    . '<header>head</header><article><h1>A</h1>'
    . '<p>some text <b>here</b></p>' x 200
    . '</article><footer>foot</footer></body></html>';
my $ssi = $page;
$ssi =~ s{<h1>}{<!--#include virtual="/part.html" --><h1>};
$ssi =~ s{<footer>}{<footer><!--#include virtual="/part.html" -->};
my $big = $page;
$big =~ s/(?=<\/article>)/'<p>much more of it<\/p>' x 100_000/e;

sub zip {
    my ($text) = @_;

    gzip(\$text => \my $out);

    return $out;
}

my $zipped = zip($page);
my $zipmore = zip(substr $page, 0, 300) . zip(substr $page, 300);

my %files = (
    'a.html' => $page, 'big.html' => $big, 'ssi.html' => $ssi,
    'part.html' => '<article>a part</article>',
    'posts/a/index.html' => $page, 'gone.html' => $page,
);

my $app = Backend->new(
    '/page' => { body => $page, length => 1, etag => '"e"',
                 mtime => 1_400_000_000 },
    '/weak' => { body => $page, length => 1, etag => 'W/"e"' },
    '/late' => { body => $page, length => 1, mtime => 1_400_000_000 },
    '/range' => { body => $page, length => 1, etag => '"e"', ranges => 1 },
    '/none' => { body => 'no place', length => 1, etag => '"n"' },
    '/zip'  => { body => $zipped, length => 1, etag => '"z"', headers =>
                 [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/zipslow' => { body => $zipped, piece => 1, hush => 1, headers =>
                 [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/zipbig' => { body => zip($big), headers =>
                 [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/zipmore' => { body => $zipmore, headers =>
                 [ 'Content-Type: text/html', 'Content-Encoding: GZIP' ] },
    '/zipchunk' => { body => $zipped, piece => 7, headers =>
                 [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/zipcut' => { body => substr($zipped, 0, 100), headers =>
                 [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/zipnone' => { body => zip('no place'),
                 etag => '"n"', headers =>
                 [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/big'  => { body => $big, length => 1 },
    '/csp'  => { body => $page, headers => [ 'Content-Type: text/html',
                 "Content-Security-Policy: form-action 'self'" ] },
    '/auth' => { body => '' },
);
my $to = 'http://127.0.0.1:' . $app->port;

my $nginx = Social->new(
    http => <<'END',
    types { text/html html; }
    proxy_http_version 1.1;
    proxy_cache_path DIR/zip keys_zone=zip:1m;
END
    server => <<"END",
    location /plain/  { social off; alias DIR/html/; }
    location /gzip/   { gzip on; gzip_min_length 1; alias DIR/html/; }
    location /gunzip/ { gunzip on; proxy_pass $to/; }
    location /ssi/    { ssi on; alias DIR/html/; }
    location = /part.html { }
    location /sub/    { sub_filter '<b>here' '<i>there'; sub_filter_once off;
                        alias DIR/html/; }
    location /add/    { add_before_body /part.html; add_after_body /part.html;
                        alias DIR/html/; }
    location /guard/  { auth_request /ask; alias DIR/html/; }
    location = /ask   { internal; proxy_pass $to/auth; }
    location /posts/  { try_files \$uri \$uri/index.html =404; }
    location /error/  { error_page 404 /gone.html; }
    location /named/  { error_page 404 = \@other; }
    location \@other  { proxy_pass $to;
                        rewrite ^ /page break; }
    location /p/      { proxy_pass $to/; }
    location /u/      { proxy_pass $to/; proxy_buffering off; }
    location /k/      { proxy_pass $to/; proxy_cache zip;
                        proxy_cache_valid 200 1h; }
    location /s/      { proxy_pass $to/; proxy_buffers 4 4k;
                        proxy_buffer_size 4k; proxy_busy_buffers_size 8k;
                        proxy_temp_file_write_size 8k; limit_rate 5m; }
    location /again/  { proxy_pass $to/; gzip on; gzip_min_length 1; }
    location /slice/  { slice 1k; proxy_set_header Range \$slice_range;
                        proxy_pass $to/; }
END
    files => \%files,
);
my $port = $nginx->port;


sub good {
    my ($name, $answer, $want) = @_;

    my ($rest, $widgets) = without_widget($answer->{body});

    is $answer->{status}, 200, "$name: status";
    is $widgets, 1, "$name: one widget";
    ok $rest eq $want, "$name: the page is unchanged";
    ok $answer->{complete}, "$name: complete";

    return $answer;
}


# nginx's own filters

for my $time (qw(cold warm)) {
    my $answer = fetch($port, '/gzip/a.html',
                       headers => { 'Accept-Encoding' => 'gzip' });

    is $answer->{header}{'content-encoding'}, 'gzip', "gzip, $time";
    like $answer->{header}{etag}, qr/^W\/"/, 'its ETag is weak';
    gunzip(\$answer->{body} => \my $text);
    $answer->{body} = $text;
    good("gzip, $time", $answer, $page);

    is fetch($port, '/gzip/a.html', headers => { 'Accept-Encoding' => 'gzip',
             'If-None-Match' => $answer->{header}{etag} })->{status},
        304, 'the weak ETag gives 304';

    (my $sub = $page) =~ s/<b>here/<i>there/g;
    good("sub_filter, $time", fetch($port, '/sub/a.html'), $sub);

    (my $all = $ssi) =~ s/<!--#include.*?-->/$files{'part.html'}/g;
    good("ssi, $time", fetch($port, '/ssi/ssi.html'), $all);

    good("addition, $time", fetch($port, '/add/a.html'),
         $files{'part.html'} . $page . $files{'part.html'});
    good("auth_request, $time", fetch($port, '/guard/a.html'), $page);
    good("try_files, $time", fetch($port, '/posts/a/'), $page);
    good("a named location, $time", fetch($port, '/named/x'), $page);
}

good('from an application that ignores Accept-Encoding', fetch($port, '/p/page',
     headers => { 'Accept-Encoding' => 'gzip' }), $page);

my $gone = fetch($port, '/error/x');
is $gone->{status}, 404, 'an error page';
ok $gone->{body} eq $page, 'an error page has no widget';


# a page that the application compressed

for my $name (qw(zip zipslow zipbig zipmore zipchunk)) {
    for my $way (qw(p u k k s)) {
        my $answer = fetch($port, "/$way/$name");

        is $answer->{header}{'content-encoding'}, undef,
            "/$way/$name: sent plain";
        good("/$way/$name", $answer, $name eq 'zipbig' ? $big : $page);
    }
}

like fetch($port, '/k/zip')->{header}{etag}, qr/^"z-[0-9a-z]+"$/,
    'its ETag is combined';
ok defined fetch($port, '/k/zip')->{header}{'content-length'},
    'a page that comes whole has a length';
is fetch($port, '/k/zip', headers => { Range => 'bytes=3-9' })->{body},
    substr($page, 3, 7), 'an inflated page can be asked for in ranges';

my $again = fetch($port, '/again/zip',
                  headers => { 'Accept-Encoding' => 'gzip' });
is $again->{header}{'content-encoding'}, 'gzip', 'compressed again';
gunzip(\$again->{body} => \my $unzipped);
is +(without_widget($unzipped))[0], $page, 'the page is unchanged';

my $nozip = fetch($port, '/p/zipnone');
is $nozip->{body}, 'no place', 'a compressed page without a place is inflated';
is $nozip->{header}{etag}, 'W/"n"', 'its ETag is weak';
is fetch($port, '/p/zip', method => 'HEAD')->{status}, 200, 'HEAD';
ok !fetch($port, '/p/zipcut')->{complete},
    'a body that is cut off is not sent as complete';


# conditions sent upstream, once the article is known

my $get = fetch($port, '/p/page?known=1');
my $tag = $get->{header}{etag};
my $date = $get->{header}{'last-modified'};

sub ask {
    my ($path, %headers) = @_;

    $app->forget;

    my $answer = fetch($port, $path, headers => \%headers);
    my ($request) = $app->requests;

    return ($answer, $request);
}

my ($answer, $request) = ask('/p/page?known=1', 'If-None-Match' => $tag,
                             'If-Modified-Since' => $date);
is $answer->{status}, 304, 'the page\'s ETag: 304';
is $answer->{header}{etag}, $tag, 'the 304 has the page\'s ETag';
is $answer->{body} . $answer->{rest}, '', 'the 304 has no body';
like $request, qr/^If-None-Match: "e"\r$/m,
    "the upstream is asked about its own ETag";
unlike $request, qr/^If-Modified-Since/m, 'the upstream is asked about no date';

($answer, $request) = ask('/p/page?known=1', 'If-None-Match' => '"e"');
is $answer->{status}, 200, "the application's own ETag: 200";
unlike $request, qr/^If-None-Match/m, 'the upstream is not asked';

($answer, $request) = ask('/p/page?known=1', 'If-Modified-Since' => $date);
is $answer->{status}, 304, 'Last-Modified of the page: 304';

($answer, $request) = ask('/p/page?known=1',
                          'If-None-Match' => "\"x\", W/$tag");
is $answer->{status}, 304, 'a weak ETag among others: 304';
like $request, qr/^If-None-Match: W\/"e", "e"\r$/m,
    'the upstream is asked about both forms';

($answer, $request) = ask('/p/weak?known=1', 'If-None-Match' =>
                          fetch($port, '/p/weak')->{header}{etag});
is $answer->{status}, 304, 'a weak page: 304';

($answer, $request) = ask('/p/page?known=1', 'If-Match' => '"x"');
is $answer->{status}, 412, 'If-Match fails for another ETag';
($answer, $request) = ask('/p/page?known=1', 'If-Match' => $tag);
is $answer->{status}, 200, 'If-Match holds for the page\'s ETag';

fetch($port, '/p/range?known=1');
($answer, $request) = ask('/p/range?known=1', Range => 'bytes=5-9');
unlike $request, qr/^Range/mi, 'the upstream sees no range';
is $answer->{status}, 206, 'a range of the page with its widget';
is $answer->{body}, substr($page, 5, 5), 'the range has the right bytes';
like $answer->{header}{'content-range'}, qr{^bytes 5-9/\d+$},
    'the range has its Content-Range';

($answer) = ask('/p/range?known=1', Range => 'bytes=5-9',
                'If-Range' => '"e"');
is $answer->{status}, 200, "If-Range with the application's ETag: 200";
($answer) = ask('/p/range?known=1', Range => 'bytes=5-9', 'If-Range' =>
                fetch($port, '/p/range?known=1')->{header}{etag});
is $answer->{status}, 206, 'If-Range with the page\'s ETag: 206';

($answer) = ask('/p/none?known=1', 'If-None-Match' => '"n"');
is $answer->{status}, 304, 'a page without a place still has its own 304';


# a Content-Security-Policy that blocks form redirects

isnt +(without_widget(fetch($port, '/p/csp')->{body}))[2],
    +(without_widget(fetch($port, '/p/page')->{body}))[2],
    'form-action: forms are answered with a link';


# many pipelined requests on one connection

my $socket = dial($port);
my $rest = '';
my @paths = qw(/p/page /a.html /p/none /p/big /ssi/ssi.html /p/csp /add/a.html
               /p/zip /p/zipbig /p/page);

for my $round (1 .. 2) {
    print $socket map { "GET $_ HTTP/1.1\r\nHost: x\r\n\r\n" } @paths;

    for my $path (@paths) {
        my $one = read_answer($socket, \$rest, 'GET');

        is length $one->{body}, length fetch($port, $path)->{body},
            "$path in a pipeline, $round";
    }
}

is $rest, '', 'nothing behind the last answer';
close $socket;


# a slow client, and one that leaves

for my $path (qw(/p/big /big.html /p/zipbig /u/zipbig)) {
    my $socket = IO::Socket::INET->new(Proto => 'tcp');
    $socket->sockopt(Socket::SO_RCVBUF(), 4096);
    $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $port) if !connect($socket,
        Socket::pack_sockaddr_in($port, Socket::inet_aton('127.0.0.1')));
    $socket->autoflush(1);

    print $socket "GET $path HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    sleep 0.7;
    my $rest = '';
    my $slow = read_answer($socket, \$rest, 'GET');

    good("$path for a slow client", $slow, $big);

    my $left = dial($port);
    print $left "GET $path HTTP/1.1\r\nHost: x\r\n\r\n";
    sysread $left, my $some, 100;
    close $left;
}


# HTTP/2

SKIP: {
    my $curl = `curl --version 2>/dev/null`;
    skip 'no curl with HTTP/2', 1 if $curl !~ /HTTP2/ || !$nginx->can('port2');

    my $url = 'http://127.0.0.1:' . $nginx->port2;
    my @curl = qw(curl -s --http2-prior-knowledge);

    for my $path (qw(/a.html /a.html /big.html /p/page /p/big /ssi/ssi.html
                     /p/csp))
    {
        open my $fh, '-|', @curl, "$url$path" or die $!;
        local $/;
        my ($h2) = without_widget(scalar <$fh>);
        my ($h1) = without_widget(fetch($port, $path)->{body});
        ok $h2 eq $h1, "HTTP/2: $path";
    }

    is `@curl -r 10-19 $url/a.html`, substr($page, 10, 10),
        'HTTP/2: a range';
    is `@curl -o /dev/null -w '%{http_code} %{size_download}' -H 'If-None-Match: $tag' $url/p/page`,
        '304 0', 'HTTP/2: 304';
    like `@curl -I $url/a.html`, qr/^content-length: \d+\r$/m, 'HTTP/2: HEAD';
}

$nginx->stop;
$nginx->quiet(qr/\[error\]/);

done_testing;
