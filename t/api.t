#!/usr/bin/perl

# The interface over HTTP: routes, methods, headers, caching, pages of threads;
# bodies of any type and size; what happens to a connection after a refusal.

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

# closes the sending side at once, so that nginx does not linger

sub over { shutdown $_[0], 1 }

sub chunked { return join '', map { sprintf "%x\r\n%s\r\n", length, $_ } @_ }


# routes and methods

my %allow = (
    'comments' => 'GET, HEAD, POST', 'comments/c1' => 'GET, HEAD, PATCH, DELETE',
    'comments/c1/edit' => 'POST', 'comments/c1/delete' => 'POST',
    'comments/c1/report' => 'POST', 'thread' => 'GET, HEAD',
    'preview' => 'POST', 'mine' => 'GET, HEAD', 'mine/erase' => 'POST',
    'share' => 'POST', 'reactions' => 'POST', 'views' => 'POST',
    'counts' => 'GET, HEAD', 'widget.css' => 'GET, HEAD',
    'widget.js' => 'GET, HEAD',
);

for my $route (sort keys %allow) {
    my $wrong = $allow{$route} eq 'POST' ? 'GET' : 'PUT';
    my $res = $nginx->request($wrong, "/_social/$route");

    is $res->{status}, 405, "$wrong $route: method not allowed";
    is $res->{headers}{allow}, $allow{$route},
        "$route: Allow lists its methods";
    is $res->{headers}{'x-robots-tag'}, 'noindex', "$route: not indexed";
}

for my $path ('', 'x', 'comments/', 'comments//edit', 'comments/c1/x',
              'comments/c1/edit/', 'mine/', 'THREAD', 'widget.css/', 'thread%00')
{
    my $res = $nginx->get("/_social/$path");

    like $res->{status}, qr/^40[04]$/, "\"$path\" is not a route";
    is $res->{headers}{'x-robots-tag'}, 'noindex',
        'an unknown route is not indexed'
        if $res->{status} == 404;
}

is $nginx->get('/_social/x', headers => { Accept => 'application/json' })
    ->{json}{error}{code}, 'path', 'an unknown route is answered in JSON, too';
is $nginx->request('OPTIONS', '/_social/comments')->{status}, 405,
    'no CORS preflight is answered, so other sites cannot post';


# assets

my ($css) = $nginx->get($one)->{content} =~ m{href="(/_social/widget\.css\?v=\w+)};
my ($js) = $nginx->get($one)->{content} =~ m{src="(/_social/widget\.js\?v=\w+)};

for my $asset ([ $css, 'text/css' ], [ $js, 'text/javascript' ]) {
    my $res = $nginx->get($asset->[0]);

    is $res->{status}, 200, "$asset->[1]: served";
    like $res->{headers}{'content-type'}, qr/^$asset->[1]/, 'its content type';
    like $res->{headers}{'cache-control'}, qr/immutable/,
        'may be cached for ever';
    is $res->{headers}{'x-content-type-options'}, 'nosniff', 'nosniff is set';
    is $nginx->get($asset->[0], headers => { 'If-None-Match' =>
        $res->{headers}{etag} })->{status}, 304, 'If-None-Match: not modified';
    is $nginx->request('HEAD', $asset->[0])->{headers}{'content-length'},
        length $res->{content}, 'HEAD tells the length';
    is $nginx->get($asset->[0] =~ s/=.*/=0/r)->{headers}{'cache-control'},
        'no-cache', 'a wrong version in the query is not cached for ever';
}


# who may post (CSRF)

for my $case (
    [ 303, 'Sec-Fetch-Site: same-origin', %same, Origin => undef ],
    [ 303, 'Sec-Fetch-Site: same-origin with Origin: null', %same,
      Origin => 'null' ],
    [ 303, 'Origin is this host', ],
    [ 303, 'Origin in capitals', Origin => 'HTTP://LOCALHOST' ],
    [ 403, 'no Origin', Origin => undef ],
    [ 403, 'Origin null', Origin => 'null' ],
    [ 403, 'Origin is a subdomain', Origin => 'http://a.localhost' ],
    [ 403, 'Origin starts with this host', Origin => 'http://localhost.evil' ],
    [ 403, 'Origin with another scheme', Origin => 'https://localhost' ],
    [ 403, 'Origin with another port', Origin => 'http://localhost:81' ],
    [ 403, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Site' => 'cross-site' ],
    [ 403, 'Sec-Fetch-Site: same-site', 'Sec-Fetch-Site' => 'same-site' ],
    [ 403, 'Sec-Fetch-Site: none', 'Sec-Fetch-Site' => 'none' ],
    [ 403, 'Sec-Fetch-Site: empty', 'Sec-Fetch-Site' => '' ],
    [ 403, 'Sec-Fetch-Site: same-origin, and more',
      'Sec-Fetch-Site' => 'same-origin, x' ],
    [ 403, 'a Referer does not replace Origin', Origin => undef,
      Referer => 'http://localhost/posts/a/' ])
{
    my ($status, $what, %headers) = @$case;

    is answers(post_raw(\%headers)), $status, "A14: $what: $status";
}

like post_raw({ Origin => 'null', Accept => 'application/json' }),
    qr/"code":"origin"/, 'the error code names the origin';


# content types

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
    'A41: a compressed body is refused';
is answers(raw($nginx, ask(POST => '/_social/mine/erase',
    { %form, 'Content-Type' => undef }, ''))), 404,
    'no content type is needed without a body';

my $json = JSON::PP->new->utf8->canonical;

for my $case (
    [ 201, 'JSON', $json->encode(\%good) ],
    [ 201, 'null counts as missing',
      $json->encode({ %good, parent => undef }) ],
    [ 400, 'an array', '[]' ], [ 400, 'a string', '"x"' ],
    [ 400, 'text behind the document', $json->encode(\%good) . ' x' ],
    [ 400, 'a document that is cut off', '{"article":"' ],
    [ 400, 'no body', '' ],
    [ 400, 'a form sent as JSON', $body ],
    [ 400, 'a member twice', '{"name":"a","name":"b"}' ],
    [ 400, 'a NUL', '{"name":"a\u0000b"}' ],
    [ 400, 'half a surrogate', '{"name":"\ud800"}' ],
    [ 400, 'not UTF-8', "{\"name\":\"\xff\"}" ],
    [ 400, 'deep nesting', '{"x":' . '[' x 1000 . ']' x 1000 . '}' ],
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
    [ 'a field twice', "$body&name=Ben" ],
    [ 'bad percent-encoding', "$body&x=%zz" ],
    [ 'a NUL', "$body&x=%00" ], [ 'not UTF-8', "$body&x=%ff" ],
    [ 'overlong UTF-8', "$body&x=%c0%af" ],
    [ 'a surrogate', "$body&x=%ed%a0%80" ],
    [ 'too many fields', join '&', $body, map { "f$_=" } 1 .. 200 ],
    [ 'a long field name', "$body&" . 'n' x 100 . '=' ])
{
    is answers(post_raw({}, $case->[1])), 400, "A18: a form: $case->[0]: 400";
}

is answers(post_raw({}, "$body&unknown=1&also[]=2")), 303,
    'unknown fields are ignored';
unlike $nginx->error_log, qr/also\[\]|^[^\n]*refused with 400: malformed:/m,
    'A40: names of unknown fields are not logged';
is answers(post_raw({}, "$body&a%0a2026/11/22%20%5Balert%5D=1&"
                        . 'a%0a2026/11/22%20%5Balert%5D=2')), 400,
    'A40: a field name cannot forge a log line';


for my $pad (0, 40_000) {
    is answers(post_raw({}, Social::form({ text => 'x', pad => 'x' x $pad }),
                        '/_read/preview')), 200,
        'a body that another module has already read is accepted';
}


# sizes

my $max = 65536;
my $fit = $body . '&x=' . 'x' x ($max - 3 - length $body);

is answers(post_raw({}, $fit)), 303, 'a body of 64 KB is accepted';
is answers(post_raw({}, $fit . 'x')), 413, 'one byte more is refused';
like post_raw({ Accept => 'application/json' }, $fit . 'x'),
    qr/X-Robots-Tag: noindex.*"code":"size"/s,
    'the refusal is the module\'s own answer';
is answers(raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => 1 << 40 }), \&over)), 413,
    'A41: refused without reading the body';
is answers(raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => 200_000 }), \&over)), 413,
    'also beyond client_max_body_size';
unlike raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => 200_000 }), \&over), qr{<center>},
    'A38: the error page is the module\'s, not nginx\'s';

my %chunked = ('Transfer-Encoding' => 'chunked');

is answers(post_raw(\%chunked, chunked($body) . "0\r\n\r\n")), 303,
    'a chunked body';
is answers(post_raw(\%chunked, chunked(split //, $body) . "0\r\n\r\n")), 303,
    'a chunked body with one byte a chunk';
is answers(post_raw(\%chunked, chunked($fit) . "0\r\n\r\n")), 303,
    'a chunked body of 64 KB';

for my $big ([ $fit . 'x' ], [ ('x' x 5000) x 20 ], [ 'x' x 300_000 ]) {
    my $answer = post_raw({ %chunked, Accept => 'application/json' },
                          chunked(@$big) . "0\r\n\r\n");

    is answers($answer), 413, 'A41: a chunked body that is too large';
    like $answer, qr/"code":"size"/, 'the refusal is the module\'s own answer';
}

is answers(post_raw(\%chunked, "zz\r\n$body\r\n0\r\n\r\n")), 400,
    'malformed chunks';

my $slow = sub {
    my ($socket) = @_;

    for my $part ($body =~ /(.{1,7})/gs) {
        print {$socket} $part;
        $socket->flush;
        select undef, undef, undef, 0.002;
    }
};

is answers(raw($nginx, ask(POST => '/_social/comments', { %form,
    'Content-Length' => length $body }), $slow)), 303,
    'A41: a body that comes in small pieces';
is scalar(() = glob $nginx->dir . '/temp/body/*'), 0,
    'no body is written to a file';


for my $part ("$body&x=", '') {
    for my $how ({}, { 'Transfer-Encoding' => 'chunked' }) {
        my $sent = %$how && length $part ? sprintf('%x', 1 + length $part)
            . "\r\n$part" : $part;
        my $ask = ask(POST => '/_social/comments', { %form, %$how, %$how ? ()
            : ('Content-Length' => 1 + length $part) }, $sent);

        is answers(raw($nginx, $ask, \&over)), '',
            'A41: no answer to a client that leaves within its body';
        is answers(raw($nginx, $ask)), '',
            'A41: none to a client that stops sending, either';
    }
}

unlike $nginx->get($one)->{content}, qr{>Hi</div>.*&x=},
    'nothing of it is stored';


# 100-continue, and what follows a refusal on its connection

{
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $nginx->port);
    print {$socket} ask(POST => '/_social/comments', { %form,
        Expect => '100-continue', 'Content-Length' => length $body });
    $socket->flush;
    like scalar(<$socket>), qr/^HTTP\/1\.1 100 /, '100 Continue is sent';
    print {$socket} $body;
    local $/;
    like scalar(<$socket>), qr/^HTTP\/1\.1 303 /m,
        'after it, the comment is accepted';
}

for my $case ([ 403, Origin => 'http://evil.example' ],
              [ 415, 'Content-Type' => 'x/y' ],
              [ 413, 'Content-Length' => 100_000 ])
{
    my ($status, @headers) = @$case;
    my $answer = raw($nginx, ask(POST => '/_social/comments', { %form,
        Connection => 'keep-alive', Expect => '100-continue',
        'Content-Length' => length $body, @headers }), \&over);

    is answers($answer), $status, "refused before the body was sent: $status";
    like $answer, qr/^Connection: close/mi, 'the connection is closed';
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
        "the next request on the connection after: $want";

    is answers(raw($nginx, ask(POST => $path // '/_social/comments',
        { %form, %keep, %$headers, %chunked },
        chunked($content) . "0\r\n\r\n") . $second)), $want,
        "the same with chunked bodies: $want";
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
    is $h2->($new, 'form'), 403, 'HTTP/2: refused without an origin';
    is $h2->("$new $preview", 'text'), '403 403',
        'HTTP/2: the connection survives two refusals';
    is $h2->($new, 'big', @origin), 413, 'HTTP/2: too large';
    is $h2->($preview, 'text', @origin, '--no-content-length'), 200,
        'HTTP/2: a body without Content-Length';
    is $h2->($preview, 'big', @origin, '--no-content-length'), 413,
        'HTTP/2: too large without Content-Length';
    is $h2->("/_social/thread?article=$one", undef, -H => ':method: HEAD'),
        200, 'HTTP/2: HEAD';
    is $h2->('/_social/comments/c1', undef, @origin, -H => ':method: DELETE'),
        404, 'HTTP/2: DELETE without a body';
}


# a comment is stored and logged although its client has left

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
                          == 5 }),
    'five clients left, five comments are logged';
is $nginx->get("/_social/comments?article=$two")->{json}{total}, 5,
    'their comments are stored';


# a long thread: 250 comments, some of them replies

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

    $seen{$1}++ while $content =~ m{id="comment-(c\d+)">\s*<div[^>]*>\s*
                                    <p[^>]*><b>}gx;
};

my $page = $nginx->get($long)->{content};
$note->($page);

is scalar(keys %seen), 100, 'the article shows the newest hundred';
ok $seen{$ids[249]} && $seen{$ids[150]} && !$seen{$ids[149]},
    'it shows the newest';
is $page =~ /[^\x00-\x7f]/ ? 1 : 0, 0, 'the page is ASCII';

my ($older) = $page =~ m{<a href="([^"]+)" rel="next">};
my $pages = 0;

ok $older, 'the article links to the older comments';

while ($older && $pages++ < 10) {
    my $res = $nginx->get($older =~ s/&amp;/&/gr);

    is $res->{status}, 200, "page $pages of older comments";
    is $res->{headers}{'x-robots-tag'}, 'noindex', 'it is not indexed';
    $note->($res->{content});
    ($older) = $res->{content} =~ m{<a href="([^"]+)" rel="next">};
}

is $pages, 2, 'there are two pages of older comments';
is_deeply [ sort keys %seen ], [ sort @ids ],
    'every comment is on a page';
is_deeply [ grep { $seen{$_} > 1 } @ids ], [], 'no comment is on two pages';

for my $n (4, 1000, 99999999999) {
    my $res = $nginx->get("/_social/thread?article=$long&page=$n");

    is $res->{status}, 200, "page $n, past the end: an empty page";
    unlike $res->{content}, qr/<b>N/, 'no comment on it';
    unlike $res->{content}, qr/rel="next"/,
        'a page past the end has no link to a next page';
}

my $thread = $nginx->get("/_social/thread?article=$long");

like $thread->{headers}{'content-security-policy'}, qr/default-src 'self'/,
    'a thread sends a Content-Security-Policy';
is $nginx->get("/_social/thread?article=$long", headers => {
    'If-None-Match' => $thread->{headers}{etag} })->{status}, 304,
    'If-None-Match: not modified';
is $nginx->request('HEAD', "/_social/thread?article=$long")
    ->{headers}{'content-length'}, length $thread->{content},
    'HEAD tells the length';
is $nginx->get('/_social/thread?article=/none/')->{status}, 404,
    'A28: no thread without an article';
is $nginx->get('/_social/thread')->{status}, 400,
    'a thread without an article is refused';


# the list of comments

my @list;
my ($after, $rounds) = ('', 0);

while (defined $after && $rounds++ < 10) {
    my $doc = $nginx->get("/_social/comments?article=$long&limit=60"
                          . ($after ? "&after=$after" : ''))->{json};
    push @list, map { $_->{id} } @{ $doc->{comments} };
    is $doc->{total}, 250, 'each part of the list tells the total';
    $after = $doc->{next};
}

is $rounds, 5, 'the list comes in five parts';
is_deeply \@list, \@ids, 'it has all comments, oldest first';

sub listed {
    my ($query) = @_;

    return scalar @{ $nginx->get("/_social/comments?article=$long&$query")
                     ->{json}{comments} };
}

is listed('limit=1'), 1, 'limit=1';
is listed('limit=100'), 100, 'limit=100';
cmp_ok listed("limit=$_"), '<=', 100, "A18: limit=$_ is capped at 100"
    for 101, 4294967297, '99999999999999999999', -1, 0, 'x', '1e9';
is listed('after=c999999'), 0, 'after the last id: empty';
is listed('after=c99999999999999999999'), 100,
    'after an impossible id: from the first';

my $res = $nginx->get("/_social/comments?article=$long");

is $res->{headers}{'cache-control'}, 'no-cache',
    'caches must revalidate the list';
like $res->{headers}{etag}, qr/^"[^"]+"$/, 'the list has a strong ETag';
is $nginx->get("/_social/comments?article=$long", headers => {
    'If-None-Match' => $res->{headers}{etag} })->{status}, 304,
        'If-None-Match: not modified';
is $nginx->request('HEAD', "/_social/comments?article=$long")
    ->{headers}{'content-length'}, length $res->{content},
    'HEAD tells the length';
is_deeply [ sort keys %{ $res->{json}{comments}[0] } ],
    [ sort qw(id parent name website author time edited html) ],
    'A35: a comment has no other members';
is $res->{json}{comments}[9]{parent}, $ids[6], 'parent ids are strings';
is $nginx->get('/_social/comments?article=/none/')->{status}, 404,
    'the list of an unknown article';
is $nginx->get('/_social/comments')->{status}, 400,
    'the list without an article';
is $nginx->get("/_social/comments?article=$one&article=$two")->{status}, 400,
    'A18: the list of two articles';

$nginx->post_json('comments', { article => $long, token => $token{$long},
                                name => 'Last', text => 'One more' });

is $nginx->get("/_social/comments?article=$long", headers => {
    'If-None-Match' => $res->{headers}{etag} })->{status}, 200,
    'a new comment changes the ETag';


$nginx->stop;
$nginx->quiet('client intended to send too large', 'client sent invalid chunked');

done_testing;
