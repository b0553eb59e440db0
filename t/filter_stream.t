#!/usr/bin/perl

# Pages of an application that arrive in pieces, slowly, or break off.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Backend;
use Page qw(fetch without_widget);
use Social;
use Test::More;
use Time::HiRes qw(time sleep);


my $page = '<!doctype html><html lang=en><head><title>A</title></head><body>'
    . '<header>head</header><article><h1>A</h1>'
    . '<p>some text <b>here</b></p>' x 100
    . '</article><footer>foot</footer></body></html>';
(my $main = $page) =~ s/article>/main>/g;
(my $body = $page) =~ s/article>/div>/g;
my $big = $page;
$big =~ s/(?=<\/article>)/'<p>much more of it<\/p>' x 250_000/e;
my $tail = $page;
$tail =~ s/(?=<\/body>)/'<p>much more of it<\/p>' x 250_000/e;
my $none = 'no place here';
my $json = ' {"html":"<article>x</article>"}';

my %pages = (
    '/page'    => { body => $page, length => 1, etag => '"e"',
                    mtime => 1_400_000_000 },
    '/weak'    => { body => $page, length => 1, etag => 'W/"e"' },
    '/chunked' => { body => $page, etag => '"c"' },
    '/closed'  => { body => $page, close => 1 },
    '/main'    => { body => $main },
    '/body'    => { body => $body, length => 1 },
    '/big'     => { body => $big, length => 1 },
    '/bigc'    => { body => $big },
    '/tail'    => { body => $tail, length => 1 },
    '/mainbig' => { body => do { (my $t = $tail) =~ s/article>/main>/g; $t } },
    '/bytes'   => { body => $page, piece => 1 },
    '/mainb'   => { body => $main, piece => 1, hush => 1 },
    '/none'    => { body => $none, etag => '"n"', length => 1,
                    headers => ['Content-Type: text/html',
                                'Digest: sha-256=x'] },
    '/json'    => { body => $json, length => 1 },
    '/digest'  => { body => $page, headers => [ 'Content-Type: text/html',
                    'Digest: sha-256=x', 'Content-MD5: x',
                    'Repr-Digest: sha-256=:x:', 'Expires: 0' ] },
    '/upper'   => { body => $page, headers =>
                    [ 'Content-Type: TEXT/HTML;charset=UTF-8' ] },
    '/fixed'   => { body => $page, headers => [ 'Content-Type: text/html',
                    'Cache-Control: public, No-Transform' ] },
    '/saved'   => { body => $page, headers => [ 'Content-Type: text/html',
                    'Content-Disposition: Attachment; filename=x' ] },
    '/zip'     => { body => $page, headers => [ 'Content-Type: text/html',
                    'Content-Encoding: br' ] },
    '/utf16'   => { body => $page, headers =>
                    [ 'Content-Type: text/html; charset="UTF-16LE"' ] },
    '/jp'      => { body => $page, headers =>
                    [ 'Content-Type: text/html; charset=iso-2022-jp' ] },
    '/xhtml'   => { body => $page, headers =>
                    [ 'Content-Type: application/xhtml+xml' ] },
    '/plain'   => { body => $page, headers => [ 'Content-Type: text/plain' ] },
    '/404'     => { body => $page, status => '404 Not Found' },
    '/range'   => { body => $page, length => 1, ranges => 1 },
    '/think'   => { body => [ \'gate', $page ], length => 1, etag => '"e"' },
    '/pause'   => { body => [ substr($page, 0, 500), \'gate',
                              substr($page, 500) ], length => 1 },
    '/inmain'  => { body => [ $main =~ /^(.*<\/main>)(.*)$/s
                              ? ($1, \'gate', $2) : () ] },
    '/intag'   => { body => [ $page =~ /^(.*<\/art)(.*)$/s
                              ? ($1, 0.6, $2) : () ] },
    '/dies'    => { body => [ substr($page, 0, 900), \'die' ] },
    '/diesl'   => { body => [ substr($page, 0, 900), 0.3,
                              substr($page, 900, 200), \'die' ] },
    '/diesm'   => { body => [ $main =~ /^(.*<\/main>)/s ? $1 : (), \'die' ] },
    '/dieslen' => { body => [ substr($page, 0, 900), \'die',
                              substr($page, 900) ], length => 1 },
);

# the same page cut in many ways
for my $size (2, 3, 7, 16, 100, 1000, 4095, 4096, 4097) {
    $pages{"/cut$size"} = { body => $page, piece => $size, hush => 1 };
}

my $app = Backend->new(%pages);
my $to = 'proxy_pass http://127.0.0.1:' . $app->port . '/;';

# one worker: each learns for itself where a page's place is

my $nginx = Social->new(
    workers => 1,
    http => <<'END',
    proxy_cache_path DIR/cache keys_zone=cache:1m;
    proxy_http_version 1.1;
END
    server => <<"END",
    location /p/   { $to }
    location /u/   { $to proxy_buffering off; }
    location /s/   { $to proxy_buffers 4 4k; proxy_busy_buffers_size 8k;
                     proxy_buffer_size 4k; proxy_temp_file_write_size 8k;
                     limit_rate 20m; }
    location /t/   { $to proxy_buffers 4 4k; proxy_busy_buffers_size 8k;
                     proxy_buffer_size 4k; proxy_max_temp_file_size 0; }
    location /k/   { $to proxy_cache cache; proxy_cache_valid 200 1h; }
    location /off/ { $to social off; }
END
);
my $port = $nginx->port;


sub good {
    my ($path, $want, %a) = @_;

    my $answer = fetch($port, $path, %a);
    my ($rest, $widgets, $run) = without_widget($answer->{body});
    my $length = $answer->{header}{'content-length'};

    subtest $path => sub {
        is $answer->{status}, 200, 'status';
        is $widgets, 1, 'one widget';
        ok $rest eq $want, 'the page is unchanged';
        ok $answer->{complete}, 'complete';
        is $answer->{rest}, '', 'nothing behind it';
        is $length, length $answer->{body}, 'length' if defined $length;
    };

    return $answer;
}


sub text_of { my ($page) = @_; return ref $page ? join('', @$page) : $page }


# every page in every way; twice with a cache, to get a hit

for my $way (qw(p u s t k k)) {

    for my $name (qw(page weak chunked closed main body big bigc tail
                     mainbig mainb digest upper cut2 cut3 cut7 cut16 cut100
                     cut1000 cut4095 cut4096 cut4097))
    {
        good("/$way/$name", $pages{"/$name"}{body});
    }
}

good("/$_/bytes", $page) for qw(p u);
good("/p/$_", $pages{"/$_"}{body}, version => '1.0') for qw(page chunked big);

for my $way (qw(p u k k)) {
    for my $name (qw(none json fixed saved zip utf16 jp xhtml plain 404)) {
        my $answer = fetch($port, "/$way/$name");
        my $plain = fetch($port, "/off/$name");

        ok $answer->{body} eq $plain->{body}, "/$way/$name: unchanged";
        is $answer->{header}{$_}, $plain->{header}{$_}, "/$way/$name: $_"
            for qw(etag last-modified cache-control digest);
    }
}


# headers

my $get = fetch($port, '/p/page');

is $get->{header}{etag} =~ s/-[0-9a-z]+"$//r, '"e', 'the ETag is combined';
ok defined $get->{header}{'content-length'}, 'a known length';
like fetch($port, '/p/weak')->{header}{etag}, qr/^W\/"e-[0-9a-z]+"$/,
    'a weak ETag stays weak';
is $get->{header}{'cache-control'}, 'no-cache', 'no-cache';

my $digest = fetch($port, '/p/digest');

is $digest->{header}{$_}, undef, "$_ is removed"
    for qw(digest content-md5 repr-digest cache-control);

my $head = fetch($port, '/p/page', method => 'HEAD');

is $head->{header}{$_}, $get->{header}{$_}, "HEAD: $_ of GET"
    for qw(etag last-modified content-length content-type cache-control);

$head = fetch($port, '/p/body', method => 'HEAD');
is $head->{status}, 200, 'HEAD of a page without validators';
is $head->{header}{'content-length'}, undef,
    'has no length rather than a wrong one';


# cached pages: conditions and ranges

my $hit = fetch($port, '/k/page');
my $tag = $hit->{header}{etag};

is fetch($port, '/k/page', headers => { 'If-None-Match' => $tag })->{status},
    304, 'cache hit: 304';
is fetch($port, '/k/page', headers => { 'If-None-Match' => '"e"' })->{status},
    200, 'cache hit: another ETag';

my $part = fetch($port, '/k/page', headers => { Range => 'bytes=100-3999' });
is $part->{status}, 206, 'cache hit: 206';
ok $part->{body} eq substr($hit->{body}, 100, 3900),
    'a range of a cache hit has the right bytes';

my $fresh = fetch($port, '/k/page?new', headers => { Range => 'bytes=9-' });
is $fresh->{status}, 206, 'cache miss: 206';
ok $fresh->{body} eq substr($hit->{body}, 9),
    'a range of a cache miss has the right bytes';


# timing: the application sends the rest only after the client has the header

sub in_time {
    my ($name) = @_;

    my $path = "/u/$name";

    $app->gate;
    my $answer = good($path, text_of([ grep { !ref } ref $pages{"/$name"}{body}
        ? @{ $pages{"/$name"}{body} } : () ]),
        on_header => sub { $app->open_gate });
    ok !$app->gate, "$path: the header does not wait for the rest";

    return $answer;
}

my $answer = in_time('think');
is $answer->{header}{etag}, undef, 'without the ETag of another page';
is $answer->{header}{'content-length'}, undef,
    'a page that waits has no length';

in_time('pause');
like in_time('inmain')->{body}, qr{</section></main>},
    'the widget is at the best place known';


# with proxy_buffering nginx waits for a full buffer: nothing is lost by that

$app->open_gate;
good("/p/$_->[0]", $_->[1]) for [ think => $page ], [ pause => $page ],
    [ inmain => $main ];

# a pause within the closing tag of the article: the widget still comes

good("/$_/intag", $page) for qw(p u);


# answers that break off

for my $way (qw(p u)) {
    for my $name (qw(dies diesl diesm dieslen)) {
        $answer = fetch($port, "/$way/$name");

        # if it dies slowly the widget may be there already
        my ($rest) = without_widget($answer->{body});

        is $rest, fetch($port, "/off/$name")->{body},
            "/$way/$name: what arrived is sent unchanged";
        ok !$answer->{complete}, "/$way/$name: it is not sent as complete";
    }
}


$nginx->stop;
$nginx->quiet(qr/\[error\]/);

done_testing;
