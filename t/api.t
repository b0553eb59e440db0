#!/usr/bin/perl

# The interface as HTTP: routes, methods, headers, caching, pages of threads;
# bodies of any kind and size; what happens to a connection after a refusal.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => { map { $_ => page('A page') } 'posts/a/index.html',
               'posts/b/index.html', 'posts/long/index.html' },
    site => 'article ~ ^/posts/[^/]+/$;',
    http => 'client_max_body_size 100k; client_body_timeout 300ms; '
        . 'social_site read { store sqlite:DIR/store/read.db; }',
    server => <<'END',
        location ^~ /_read/ { social_api read; mirror /mirror; }
        location = /mirror { internal; return 204; }
END
);

my ($one, $two, $long) = ('/posts/a/', '/posts/b/', '/posts/long/');
my %token = map { $_ => $nginx->token($_) } $one, $two, $long;
my %form = ('Content-Type' => 'application/x-www-form-urlencoded',
            Origin => 'http://localhost', Connection => 'close');
my %good = (article => $one, token => $token{$one}, name => 'Ann', text => 'Hi');
my %same = ('Sec-Fetch-Site' => 'same-origin');
my $body = Social::form(\%good);

sub post_raw {
    my ($headers, $content, $path) = @_;

    return raw($nginx, ask(POST => $path // '/_social/comments',
                           { %form, %{ $headers // {} } }, $content // $body));
}

# says no more: nginx need not linger

sub over { shutdown $_[0], 1 }

sub chunked { return join '', map { sprintf "%x\r\n%s\r\n", length, $_ } @_ }


# routes and methods

my %allow = (
    'comments' => 'GET, HEAD, POST', 'comments/1' => 'GET, HEAD, PATCH, DELETE',
    'comments/1/edit' => 'POST', 'comments/1/delete' => 'POST',
    'comments/1/report' => 'POST', 'thread' => 'GET, HEAD',
    'preview' => 'POST', 'mine' => 'GET, HEAD', 'mine/erase' => 'POST',
    'share' => 'POST', 'reactions' => 'POST', 'views' => 'POST',
    'counts' => 'GET, HEAD', 'widget.css' => 'GET, HEAD',
    'widget.js' => 'GET, HEAD',
);

for my $route (sort keys %allow) {
    my $wrong = $allow{$route} eq 'POST' ? 'GET' : 'PUT';
    my $res = $nginx->request($wrong, "/_social/$route");

    is $res->{status}, 405, "$wrong $route: not allowed";
    is $res->{headers}{allow}, $allow{$route}, "$route: but these";
    is $res->{headers}{'x-robots-tag'}, 'noindex', "$route: not indexed";
}

for my $path ('', 'x', 'comments/', 'comments//edit', 'comments/1/x',
              'comments/1/edit/', 'mine/', 'THREAD', 'widget.css/', 'thread%00')
{
    my $res = $nginx->get("/_social/$path");

    like $res->{status}, qr/^40[04]$/, "\"$path\" is nothing";
    is $res->{headers}{'x-robots-tag'}, 'noindex', 'and not indexed'
        if $res->{status} == 404;
}

is $nginx->get('/_social/x', headers => { Accept => 'application/json' })
    ->{json}{error}{code}, 'path', 'as JSON, too';
is $nginx->request('OPTIONS', '/_social/comments')->{status}, 405,
    'no preflight is answered: no other site may';


# assets

my ($css) = $nginx->get($one)->{content} =~ m{href="(/_social/widget\.css\?v=\w+)};
my ($js) = $nginx->get($one)->{content} =~ m{src="(/_social/widget\.js\?v=\w+)};

for my $asset ([ $css, 'text/css' ], [ $js, 'text/javascript' ]) {
    my $res = $nginx->get($asset->[0]);

    is $res->{status}, 200, "$asset->[1]: there";
    like $res->{headers}{'content-type'}, qr/^$asset->[1]/, 'its type';
    like $res->{headers}{'cache-control'}, qr/immutable/, 'for ever';
    is $res->{headers}{'x-content-type-options'}, 'nosniff', 'that and no other';
    is $nginx->get($asset->[0], headers => { 'If-None-Match' =>
        $res->{headers}{etag} })->{status}, 304, 'with a validator';
    is $nginx->request('HEAD', $asset->[0])->{headers}{'content-length'},
        length $res->{content}, 'HEAD: its length';
    is $nginx->get($asset->[0] =~ s/=.*/=0/r)->{headers}{'cache-control'},
        'no-cache', 'not for ever under another version\'s name';
}


# who may post

for my $case (
    [ 303, 'Sec-Fetch-Site: same-origin', %same, Origin => undef ],
    [ 303, 'and Origin null: a page without referrers', %same,
      Origin => 'null' ],
    [ 303, 'Origin of the request', ],
    [ 303, 'in other letters', Origin => 'HTTP://LOCALHOST' ],
    [ 403, 'no Origin', Origin => undef ],
    [ 403, 'Origin null', Origin => 'null' ],
    [ 403, 'Origin of a sibling', Origin => 'http://a.localhost' ],
    [ 403, 'Origin that begins alike', Origin => 'http://localhost.evil' ],
    [ 403, 'Origin of another scheme', Origin => 'https://localhost' ],
    [ 403, 'Origin of another port', Origin => 'http://localhost:81' ],
    [ 403, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Site' => 'cross-site' ],
    [ 403, 'same-site', 'Sec-Fetch-Site' => 'same-site' ],
    [ 403, 'none', 'Sec-Fetch-Site' => 'none' ],
    [ 403, 'empty', 'Sec-Fetch-Site' => '' ],
    [ 403, 'same-origin and more', 'Sec-Fetch-Site' => 'same-origin, x' ],
    [ 403, 'a Referer is no Origin', Origin => undef,
      Referer => 'http://localhost/posts/a/' ])
{
    my ($status, $what, %headers) = @$case;

    is answers(post_raw(\%headers)), $status, "A14: $what: $status";
}

like post_raw({ Origin => 'null', Accept => 'application/json' }),
    qr/"code":"origin"/, 'says why';


# types

for my $case (
    [ 303, 'application/x-www-form-urlencoded; charset=utf-8' ],
    [ 303, 'Application/X-WWW-Form-URLEncoded' ],
    [ 415, 'multipart/form-data; boundary=x' ], [ 415, 'text/plain' ],
    [ 415, 'application/x-www-form-urlencodedx' ], [ 415, 'application/jsonp' ],
    [ 415, '' ], [ 415, undef ])
{
    my ($status, $type) = @$case;

    is answers(post_raw({ 'Content-Type' => $type })), $status,
        'A14: type ' . ($type // 'none') . ": $status";
}

is answers(post_raw({ 'Content-Encoding' => 'gzip' })), 415,
    'A41: nothing is inflated';
is answers(raw($nginx, ask(POST => '/_social/mine/erase',
    { %form, 'Content-Type' => undef }, ''))), 404,
    'without a body no type is needed';

my $json = JSON::PP->new->utf8->canonical;

for my $case (
    [ 201, 'JSON', $json->encode(\%good) ],
    [ 201, 'null is none', $json->encode({ %good, parent => undef }) ],
    [ 400, 'an array', '[]' ], [ 400, 'a string', '"x"' ],
    [ 400, 'nothing behind it', $json->encode(\%good) . ' x' ],
    [ 400, 'cut', '{"article":"' ],
    [ 400, 'no body', '' ],
    [ 400, 'a form', $body ],
    [ 400, 'a member twice', '{"name":"a","name":"b"}' ],
    [ 400, 'a NUL', '{"name":"a\u0000b"}' ],
    [ 400, 'half a surrogate', '{"name":"\ud800"}' ],
    [ 400, 'not UTF-8', "{\"name\":\"\xff\"}" ],
    [ 400, 'deep', '{"x":' . '[' x 1000 . ']' x 1000 . '}' ],
    [ 400, 'a number for a name', $json->encode({ %good, name => 1 }) ],
    [ 400, 'an array for a name', $json->encode({ %good, name => ['a'] }) ],
    [ 400, 'true for a text', $json->encode({ %good,
                                              text => JSON::PP::true }) ],
    [ 400, 'a number for a parent', $json->encode({ %good, parent => 1 }) ],
    [ 400, 'an object for a token', $json->encode({ %good, token => {} }) ])
{
    my ($status, $what, $content) = @$case;

    like post_raw({ 'Content-Type' => 'application/json' }, $content),
        qr{^HTTP/1\.1\ $status\ .*\r\n\r\n\{"(?:error|comment)":}xs,
        "A18: JSON: $what: $status";
}

for my $case (
    [ 'a field twice', "$body&name=Ben" ], [ 'bad percents', "$body&x=%zz" ],
    [ 'a NUL', "$body&x=%00" ], [ 'not UTF-8', "$body&x=%ff" ],
    [ 'overlong UTF-8', "$body&x=%c0%af" ],
    [ 'a surrogate', "$body&x=%ed%a0%80" ],
    [ 'a flood of fields', join '&', $body, map { "f$_=" } 1 .. 200 ],
    [ 'a long name', "$body&" . 'n' x 100 . '=' ])
{
    is answers(post_raw({}, $case->[1])), 400, "A18: a form: $case->[0]: 400";
}

is answers(post_raw({}, "$body&unknown=1&also[]=2")), 303,
    'unknown fields do not matter';
unlike $nginx->error_log, qr/also\[\]|^[^\n]*refused with 400: malformed:/m,
    'A40: no name of a client\'s in the log';
is answers(post_raw({}, "$body&a%0a2026/11/22%20%5Balert%5D=1&"
                        . 'a%0a2026/11/22%20%5Balert%5D=2')), 400,
    'A40: a forged line';


for my $pad (0, 40_000) {
    is answers(post_raw({}, Social::form({ text => 'x', pad => 'x' x $pad }),
                        '/_read/preview')), 200,
        'a body that another module has read before';
}


# sizes

my $max = 65536;
my $fit = $body . '&x=' . 'x' x ($max - 3 - length $body);

is answers(post_raw({}, $fit)), 303, '64 KB fit';
is answers(post_raw({}, $fit . 'x')), 413, 'a byte more does not';
like post_raw({ Accept => 'application/json' }, $fit . 'x'),
    qr/X-Robots-Tag: noindex.*"code":"size"/s, 'said in our own words';
is answers(raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => 1 << 40 }), \&over)), 413, 'A41: refused unread';
is answers(raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => 200_000 }), \&over)), 413,
    'with our page, beyond client_max_body_size, too';
unlike raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => 200_000 }), \&over), qr{<center>},
    'A38: not with nginx\'s';

my %chunked = ('Transfer-Encoding' => 'chunked');

is answers(post_raw(\%chunked, chunked($body) . "0\r\n\r\n")), 303, 'chunks';
is answers(post_raw(\%chunked, chunked(split //, $body) . "0\r\n\r\n")), 303,
    'of a byte each';
is answers(post_raw(\%chunked, chunked($fit) . "0\r\n\r\n")), 303,
    '64 KB of chunks';

for my $big ([ $fit . 'x' ], [ ('x' x 5000) x 20 ], [ 'x' x 300_000 ]) {
    my $answer = post_raw({ %chunked, Accept => 'application/json' },
                          chunked(@$big) . "0\r\n\r\n");

    is answers($answer), 413, 'A41: chunks without end';
    like $answer, qr/"code":"size"/, 'our words again';
}

is answers(post_raw(\%chunked, "zz\r\n$body\r\n0\r\n\r\n")), 400,
    'chunks that are none';

my $slow = sub {
    my ($socket) = @_;

    for my $part ($body =~ /(.{1,7})/gs) {
        print {$socket} $part;
        $socket->flush;
        select undef, undef, undef, 0.002;
    }
};

is answers(raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => length $body }), $slow)), 303, 'A41: a slow body';
is scalar(() = glob $nginx->dir . '/temp/body/*'), 0,
    'no body stands in a file';


for my $part ("$body&x=", '') {
    for my $how ({}, { 'Transfer-Encoding' => 'chunked' }) {
        my $sent = %$how && length $part ? sprintf('%x', 1 + length $part)
            . "\r\n$part" : $part;
        my $ask = ask(POST => '/_social/comments', { %form, %$how, %$how ? ()
            : ('Content-Length' => 1 + length $part) }, $sent);

        is answers(raw($nginx, $ask, \&over)), '',
            'A41: whoever leaves within a body gets no answer';
        is answers(raw($nginx, $ask)), '', 'A41: nor does who is too slow';
    }
}

unlike $nginx->get($one)->{content}, qr{>Hi</div>.*&x=}, 'nothing is stored';


# 100-continue, and what follows a refusal on its connection

{
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $nginx->port);
    print {$socket} ask(POST => '/_social/comments', { %form,
        Expect => '100-continue', 'Content-Length' => length $body });
    $socket->flush;
    like scalar(<$socket>), qr/^HTTP\/1\.1 100 /, '100: go on';
    print {$socket} $body;
    local $/;
    like scalar(<$socket>), qr/^HTTP\/1\.1 303 /m, 'then the answer';
}

for my $case ([ 403, Origin => 'null' ], [ 415, 'Content-Type' => 'x/y' ],
              [ 413, 'Content-Length' => 100_000 ])
{
    my ($status, @headers) = @$case;
    my $answer = raw($nginx, ask(POST => '/_social/comments', { %form,
        Connection => 'keep-alive', Expect => '100-continue',
        'Content-Length' => length $body, @headers }), \&over);

    is answers($answer), $status, "refused before it was sent: $status";
    like $answer, qr/^Connection: close/mi, 'and the connection ends';
}

my $second = ask(GET => '/_social/counts?article=/posts/a/',
                 { Connection => 'close' });
my %keep = (Connection => 'keep-alive');

for my $case (
    [ '303 200', {}, $body ], [ '403 200', { Origin => 'null' }, $body ],
    [ '415 200', { 'Content-Type' => 'x/y' }, $body ],
    [ '400 200', {}, 'x=%zz' ], [ '404 200', {}, $body, '/_social/none' ],
    [ '405 200', {}, $body, '/_social/thread' ],
    [ '403 200', { Origin => 'null' },
      "GET /_social/x HTTP/1.1\r\nHost: localhost\r\n\r\n" ],
    [ '413', {}, 'x' x 70_000 ])
{
    my ($want, $headers, $content, $path) = @$case;

    is answers(raw($nginx, ask(POST => $path // '/_social/comments',
        { %form, %keep, %$headers }, $content) . $second)), $want,
        "a connection after a refusal: $want";

    is answers(raw($nginx, ask(POST => $path // '/_social/comments',
        { %form, %keep, %$headers, %chunked },
        chunked($content) . "0\r\n\r\n") . $second)), $want,
        "the same in chunks: $want";
}

for my $method (qw(GET HEAD)) {
    is answers(raw($nginx, ask($method => '/_social/counts?article=/posts/a/',
        { %keep, 'Content-Length' => 5 }, 'abcde') . $second)), '200 200',
        "$method with a body";
}


# HTTP/2

SKIP: {
    skip 'no nghttp', 8 if !`sh -c 'command -v nghttp'`;

    my $url = 'http://127.0.0.1:' . $nginx->port2;

    $nginx->write('form', $body);
    $nginx->write('text', 'text=x');
    $nginx->write('big', 'x' x 500_000);

    my $h2 = sub {
        my ($paths, $file, @more) = @_;
        my @args = map { "'$_'" } (defined $file
            ? (-d => $nginx->dir . "/$file") : ()),
            -H => "content-type: $form{'Content-Type'}", @more,
            map { "$url$_" } split / /, $paths;
        my $frames = qx(nghttp -v -n -t 5 @args 2>&1);
        return join ' ', $frames =~ /:status: (\d+)/g;
    };

    my @origin = (-H => "origin: $url");
    my ($new, $preview) = qw(/_social/comments /_social/preview);

    is $h2->($new, 'form', @origin), 303, 'HTTP/2: a comment';
    is $h2->($new, 'form'), 403, 'HTTP/2: refused';
    is $h2->("$new $preview", 'text'), '403 403',
        'HTTP/2: the connection goes on';
    is $h2->($new, 'big', @origin), 413, 'HTTP/2: too large';
    is $h2->($preview, 'text', @origin, '--no-content-length'), 200,
        'HTTP/2: no length';
    is $h2->($preview, 'big', @origin, '--no-content-length'), 413,
        'HTTP/2: too large, no length';
    is $h2->("/_social/thread?article=$one", undef, -H => ':method: HEAD'),
        200, 'HTTP/2: HEAD';
    is $h2->('/_social/comments/1', undef, @origin, -H => ':method: DELETE'),
        404, 'HTTP/2: DELETE without a body';
}


# whoever leaves: the comment is stored, and told

for my $n (1 .. 5) {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $nginx->port);
    my $content = Social::form({ %good, article => $two, token => $token{$two},
                                 text => "Gone $n" });
    print {$socket} ask(POST => '/_social/comments', { %form },
                        $content);
    close $socket;
}

ok $nginx->wait_for(sub { $nginx->events(article => $two, event => 'comment')
                          == 5 }), 'five left, five are told';
is $nginx->get("/_social/comments?article=$two")->{json}{total}, 5,
    'and stored';


# a long thread: 250 comments, some of them answers

my @ids;
my $first = $nginx->post_json('comments', { article => $long,
    token => $token{$long}, name => 'Ann', text => 'Nr 1.' });

push @ids, $first->{json}{comment}{id};

for my $n (2 .. 250) {
    my $res = $nginx->post_json('comments', { article => $long,
        token => $token{$long}, name => "N$n", text => "Nr $n.",
        $n % 10 ? () : (parent => $ids[-3]) });
    push @ids, $res->{json}{comment}{id};
}

my %seen;
my $note = sub {
    my ($content) = @_;

    $seen{$1}++ while $content =~ m{id="comment-(\d+)">\s*<div[^>]*>\s*
                                    <p[^>]*><b>}gx;
};

my $page = $nginx->get($long)->{content};
$note->($page);

is scalar(keys %seen), 100, 'the article shows the newest hundred';
ok $seen{$ids[249]} && $seen{$ids[150]} && !$seen{$ids[149]}, 'the newest';
is $page =~ /[^\x00-\x7f]/ ? 1 : 0, 0, 'ASCII';

my ($older) = $page =~ m{<a href="([^"]+)" rel="next">};
my $pages = 0;

ok $older, 'and links the older ones';

while ($older && $pages++ < 10) {
    my $res = $nginx->get($older =~ s/&amp;/&/gr);

    is $res->{status}, 200, "page $pages of older ones";
    is $res->{headers}{'x-robots-tag'}, 'noindex', 'not indexed';
    $note->($res->{content});
    ($older) = $res->{content} =~ m{<a href="([^"]+)" rel="next">};
}

is $pages, 2, 'two pages';
is_deeply [ sort { $a <=> $b } keys %seen ], \@ids, 'every comment is on one';
is_deeply [ grep { $seen{$_} > 1 } @ids ], [], 'and only one';

for my $n (4, 1000, 99999999999) {
    my $res = $nginx->get("/_social/thread?article=$long&page=$n");

    is $res->{status}, 200, "page $n, past the end";
    unlike $res->{content}, qr/<b>N/, 'holds none';
    unlike $res->{content}, qr/rel="next"/, 'and leads nowhere';
}

my $thread = $nginx->get("/_social/thread?article=$long");

like $thread->{headers}{'content-security-policy'}, qr/default-src 'self'/,
    'a thread has a policy';
is $nginx->get("/_social/thread?article=$long", headers => {
    'If-None-Match' => $thread->{headers}{etag} })->{status}, 304,
    'and a validator';
is $nginx->request('HEAD', "/_social/thread?article=$long")
    ->{headers}{'content-length'}, length $thread->{content}, 'HEAD';
is $nginx->get('/_social/thread?article=/none/')->{status}, 404,
    'A28: no thread without an article';
is $nginx->get('/_social/thread')->{status}, 400, 'none asked for';


# the list

my @list;
my ($after, $rounds) = ('', 0);

while (defined $after && $rounds++ < 10) {
    my $doc = $nginx->get("/_social/comments?article=$long&limit=60"
                          . ($after ? "&after=$after" : ''))->{json};
    push @list, map { $_->{id} } @{ $doc->{comments} };
    is $doc->{total}, 250, 'the list tells all';
    $after = $doc->{next};
}

is $rounds, 5, 'in five pieces';
is_deeply \@list, \@ids, 'all, oldest first';

sub listed {
    my ($query) = @_;

    return scalar @{ $nginx->get("/_social/comments?article=$long&$query")
                     ->{json}{comments} };
}

is listed('limit=1'), 1, 'limit=1';
is listed('limit=100'), 100, 'limit=100';
cmp_ok listed("limit=$_"), '<=', 100, "A18: limit=$_ is kept down"
    for 101, 4294967297, '99999999999999999999', -1, 0, 'x', '1e9';
is listed('after=999999'), 0, 'after the last';
is listed('after=99999999999999999999'), 100, 'after no id: from the first';

my $res = $nginx->get("/_social/comments?article=$long");

is $res->{headers}{'cache-control'}, 'no-cache', 'to be asked again';
like $res->{headers}{etag}, qr/^"[^"]+"$/, 'a strong validator';
is $nginx->get("/_social/comments?article=$long", headers => {
    'If-None-Match' => $res->{headers}{etag} })->{status}, 304, 'unchanged';
is $nginx->request('HEAD', "/_social/comments?article=$long")
    ->{headers}{'content-length'}, length $res->{content}, 'HEAD';
is_deeply [ sort keys %{ $res->{json}{comments}[0] } ],
    [ sort qw(id parent name website author time edited html) ],
    'A35: nothing else of a comment';
is $res->{json}{comments}[9]{parent}, $ids[6], 'parents are strings';
is $nginx->get('/_social/comments?article=/none/')->{status}, 404,
    'of no article';
is $nginx->get('/_social/comments')->{status}, 400, 'of none';
is $nginx->get("/_social/comments?article=$one&article=$two")->{status}, 400,
    'A18: of two';

$nginx->post_json('comments', { article => $long, token => $token{$long},
                                name => 'Last', text => 'One more' });

is $nginx->get("/_social/comments?article=$long", headers => {
    'If-None-Match' => $res->{headers}{etag} })->{status}, 200,
    'a new one is a change';


$nginx->stop;
$nginx->quiet('client intended to send too large', 'client sent invalid chunked');

done_testing;
