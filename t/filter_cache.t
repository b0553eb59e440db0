#!/usr/bin/perl

# Conditions and ranges on their way to an application, with nginx's cache in
# between and without.  Upstream requests speak of the application's own page,
# the cache holds that page, and clients get what is true of the page with its
# widget.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Backend;
use File::Find qw(find);
use Page qw(fetch without_widget);
use Social;
use Test::More;


my $page = '<!doctype html><html lang=en><head><title>A</title></head><body>'
    . '<header>head</header><article><h1>A</h1>'
    . join('', map { "<p>some text $_ <b>here</b></p>" } 1 .. 300)
    . '</article><footer>foot</footer></body></html>';
my %made = (body => $page, length => 1, ranges => 1);

my $app = Backend->new(
    '/strong' => { %made, etag => '"e"', mtime => 1_400_000_000 },
    '/weak'   => { %made, etag => 'W/"e"' },
    '/dated'  => { %made, mtime => 1_400_000_000 },
    '/bare'   => { %made },
    '/new'    => { %made, etag => '"e"', mtime => 1_400_000_000 },
    '/odd'    => { %made, etag => 'unquoted' },
    '/dashed' => { %made, etag => '"a-b-"' },
);
my $url = 'http://127.0.0.1:' . $app->port;
my $nowhere = Social::free_port();

my $nginx = Social->new(
    http => <<'END',
    proxy_http_version 1.1;
    proxy_cache_path DIR/cache keys_zone=cache:1m;
    proxy_cache_key $uri$is_args$args;
END
    server => <<"END",
    set \$to $url;
    if (\$http_x_away) { set \$to http://127.0.0.1:$nowhere; }
    location /p/       { proxy_pass $url/; }
    location /u/       { proxy_pass $url/; proxy_buffering off; }
    location /f/       { proxy_pass $url/; proxy_force_ranges on; }
    location /k/       { proxy_pass $url/; proxy_cache cache;
                         proxy_cache_valid 200 1h; }
    location /r/       { proxy_pass $url/; proxy_cache cache;
                         proxy_cache_valid 200 1s;
                         proxy_cache_revalidate on; }
    location /x/       { rewrite ^/x(/.*)\$ \$1 break; proxy_pass \$to;
                         proxy_cache cache; proxy_cache_valid 200 1s;
                         proxy_cache_use_stale error;
                         add_header X-Status \$upstream_cache_status; }
    location /b/       { proxy_pass $url/; proxy_cache cache;
                         proxy_cache_valid 200 1s;
                         proxy_cache_use_stale updating;
                         proxy_cache_revalidate on;
                         proxy_cache_background_update on; }
    location /s/       { slice 1k; proxy_set_header Range \$slice_range;
                         proxy_pass $url/; proxy_cache cache;
                         proxy_cache_key \$uri\$slice_range;
                         proxy_cache_valid 200 206 1h; }
    location /off/     { social off; proxy_pass $url/; }
END
);
my $port = $nginx->port;


# The answer, and the requests that reached the application.  On a busy machine a
# page may come too late to wait for its place: then it has no validators, and
# is asked for again.

sub ask {
    my ($path, %headers) = @_;

    my $method = delete $headers{METHOD} // 'GET';
    my $answer;

    for (1 .. 20) {
        $app->forget;
        $answer = fetch($port, $path, headers => \%headers, method => $method);
        last if ($answer->{header}{'cache-control'} // '') ne 'no-store';
    }

    return ($answer, join '', $app->requests);
}

sub good {
    my ($answer, $name) = @_;

    my ($rest, $widgets) = without_widget($answer->{body});

    subtest $name => sub {
        is $answer->{status}, 200, 'status';
        is $widgets, 1, 'one widget';
        ok $rest eq $page, 'the page is unchanged';
        ok $answer->{complete}, 'complete';
    };

    return;
}

# no condition of the page with its widget reaches the application

sub own {
    my ($request, $name) = @_;

    unlike $request, qr/^(?:If-Modified-Since|If-Unmodified-Since|If-Match
                            |If-Range|Range):/mix,
        "$name: conditions and ranges are hidden";
    unlike $request, qr/"[^"\r\n]*-[0-9a-z]{12,}"/,
        "$name: no ETag of the module";

    return;
}


# a page not yet known as an article: the application's answer is passed on

my ($not) = ask('/p/new', 'If-None-Match' => '"e"');
my ($part) = ask('/p/new', Range => 'bytes=5-9', 'If-Range' => '"e"');

is $not->{status}, 304, 'not known yet: the application\'s 304';
is $not->{header}{etag}, '"e"', 'the application\'s 304 has its own ETag';
is $part->{status}, 206, 'not known yet: the application\'s 206';
is $part->{header}{etag}, '"e"', 'the application\'s 206 has its own ETag';
is $part->{header}{'content-range'}, 'bytes 5-9/' . length $page,
    'a range of the original page';


# every condition with every kind of validator, on known articles

for my $way (qw(p u f k)) {

    for my $name ($way =~ /p|k/ ? qw(strong weak dated bare odd dashed)
                                : 'strong')
    {
        my $path = "/$way/$name";

        good(fetch($port, $path), "$path, first");
        my ($get) = ask($path);
        good($get, $path);

        my $tag = $get->{header}{etag};
        my $date = $get->{header}{'last-modified'};

        is defined $tag, scalar($name =~ /strong|weak|dashed/),
            "$path: an ETag if the application sent one";
        is defined $date, scalar($name =~ /strong|dated/),
            "$path: Last-Modified if the application sent one";

        my @cases = (
            defined $tag ? (
                [ 304, 'If-None-Match' => $tag ],
                [ 304, 'If-None-Match' => "\"x\", $tag , W/\"y\"" ],
                [ 304, 'If-None-Match' => $tag =~ /^W/ ? $tag : "W/$tag" ],
                [ 200, 'If-None-Match' => '"e"' ],
                [ 200, 'If-None-Match' => 'W/"e"' ],
                [ 412, 'If-Match' => '"e"' ],
            ) : (),
            $name =~ /strong|dashed/ ? (
                [ 200, 'If-Match' => $tag ],
                [ 206, Range => 'bytes=5-9', 'If-Range' => $tag ],
                [ 200, Range => 'bytes=5-9', 'If-Range' => '"e"' ],
            ) : (),
            defined $date ? (
                [ 304, 'If-Modified-Since' => $date ],
                [ 200, 'If-Modified-Since' =>
                       'Thu, 01 Jan 2004 00:00:00 GMT' ],
                [ 200, 'If-Unmodified-Since' => $date ],
                [ 412, 'If-Unmodified-Since' =>
                       'Thu, 01 Jan 2004 00:00:00 GMT' ],
                [ 206, Range => 'bytes=5-9', 'If-Range' => $date ],
            ) : (),
            defined $tag || defined $date ? (
                [ 206, Range => 'bytes=5-9' ],
                [ 416, Range => 'bytes=9999999-' ],
            ) : (),
            [ 200, 'If-None-Match' => '"x"', 'If-Modified-Since' => 'junk' ],
            [ 200, Range => 'bytes=0-1,5-9' ],
        );

        for my $case (@cases) {
            my ($status, %headers) = @$case;
            my ($answer, $request) = ask($path, %headers);
            my $what = "$path: " . join ' ', map { "$_: $headers{$_}" }
                sort keys %headers;

            is $answer->{status}, $status, $what;
            own($request, $what);
            is $answer->{header}{etag}, $tag, "$what: its ETag"
                if $status =~ /^(?:200|206|304)$/;
            good($answer, "$what: the whole page") if $status == 200;
            is $answer->{body}, substr($page, 5, 5), "$what: the right bytes"
                if $status == 206;
            is $answer->{body} . $answer->{rest}, '', "$what: no body"
                if $status == 304;

            my ($head) = ask($path, %headers, METHOD => 'HEAD');

            # HEAD from an application has no body to put a widget in
            is $head->{status}, $status, "$what: HEAD"
                if $way eq 'k' || $status =~ /304/;
            is $head->{header}{$_}, $answer->{header}{$_},
                "$what: HEAD has its $_"
                for $way eq 'k' ? qw(etag last-modified content-length
                    content-range cache-control) : ();
        }

        # If-None-Match: *; the application may answer it with 304
        my ($any) = ask($path, 'If-None-Match' => '*');
        is $any->{status}, 304, "$path: If-None-Match: * is 304"
            if $way eq 'k';
        is $any->{header}{etag}, $tag, "$path: that 304 has the ETag"
            if $any->{status} == 304 && defined $tag;
    }
}


# a comment changes the page's ETag, also with a cache

for my $path (qw(/p/strong /k/strong)) {
    # a slow application sends no ETag: wait until there is one
    my $get = $nginx->wait_for(sub {
        my $answer = fetch($port, $path);
        return $answer->{header}{etag} && $answer;
    });
    my %asked = ('If-None-Match' => $get->{header}{etag},
                 'If-Modified-Since' => $get->{header}{'last-modified'});

    is +(ask($path, %asked))[0]{status}, 304, "$path: not modified";

    $nginx->post('comments', { article => $path, name => 'Ann',
        text => 'new', token => $nginx->token($path), parent => '',
        website => '' });

    my $new = $nginx->wait_for(sub {
        my ($answer) = ask($path, %asked);
        return $answer->{status} == 200 && $answer;
    });

    isnt $new->{header}{etag}, $get->{header}{etag},
        'a comment changes the ETag';
    good($new, 'the new page is whole');
    is +(ask($path, 'If-None-Match' => $new->{header}{etag}))[0]{status},
        304, 'the new ETag gives 304';
}


# revalidation: the cache asks the application about the page it holds

for my $way (qw(r b)) {
    good(fetch($port, "/$way/$_"), "/$way/$_, first")
        for qw(strong weak dated);
}

for my $way (qw(r b)) {
    for my $name (qw(strong weak dated)) {
        my $path = "/$way/$name";

        my $tag = fetch($port, $path)->{header}{etag};
        my ($answer, $request);

        # an update in the background ends after the answer
        $nginx->wait_for(sub {
            ($answer, $request) = ask($path, 'If-None-Match' => '"x-y"',
                                      Range => 'bytes=5-9');
            $nginx->wait_for(sub { $request = join '', $app->requests }, 0.1)
                if $way eq 'b';
            return $request =~ /^GET/;
        });

        is $answer->{status}, 206, "$path: a range of a revalidated page";
        like $request, qr/^If-None-Match: (?:W\/)?"e"\r$/m,
            "$path: the application is asked for "
                . "its own ETag" if $name ne 'dated';
        like $request, qr/^If-Modified-Since: Tue, 13 May 2014/m,
            "$path: the application is asked for its "
                . "own date" if $name ne 'weak';
        unlike $request, qr/x-y|Range/,
            "$path: and for nothing of the client's";
        good(fetch($port, $path), "$path, revalidated");

        is fetch($port, $path, headers => { 'If-None-Match' => $tag })
            ->{status}, 304,
            "$path: the ETag with the widget gives 304" if $tag;
    }
}


# the application is down: the cached page is served, with its widget

good(fetch($port, '/x/strong'), 'the application is up');

my %away = ('X-Away' => 1);
my $stale = $nginx->wait_for(sub {
    my ($answer) = ask('/x/strong', %away);
    return $answer->{header}{'x-status'} eq 'STALE' && $answer;
});

good($stale, 'down: the stale page');
is +(ask('/x/strong', %away,
         'If-None-Match' => $stale->{header}{etag}))[0]{status}, 304,
    'down: not modified';
is +(ask('/x/strong', %away, Range => 'bytes=5-9'))[0]{body},
    substr($page, 5, 5), 'down: a range';
is +(ask('/x/bare', %away))[0]{status}, 502, 'down: a page that is not cached';


# slices are 206 answers for nginx itself: left alone, joined correctly

for my $time (qw(cold warm)) {
    my $slice = fetch($port, '/s/strong');

    is $slice->{status}, 200, "slice, $time";
    ok +(without_widget($slice->{body}))[0] eq $page,
        'the joined page is whole';
    is fetch($port, '/s/strong', headers => { Range => 'bytes=1000-2050' })
        ->{body}, substr($slice->{body}, 1000, 1051), 'a range of it';
}


# the cache holds the original page

my $files = 0;

find(sub {
    return if !-f;

    open my $fh, '<:raw', $_ or die "$_: $!";
    local $/;
    my $kept = <$fh>;
    my ($body) = $kept =~ /\r\n\r\n(.*)\z/s;

    $files++;
    ok $body eq $page || index($page, $body) >= 0,
        'the cached page is the application\'s';
    unlike $kept, qr/data-social|^ETag: .*-[0-9a-z]{12,}/m,
        'its headers are the application\'s';
}, $nginx->dir . '/cache');

cmp_ok $files, '>', 10, 'there are files in the cache';

$nginx->stop;
$nginx->quiet('connect\(\) failed', 'no live upstreams');

done_testing;
