#!/usr/bin/perl

# What an article's page says of itself, in its widget: language and address
# from the first answer on, nothing of it from a client's Host or query.  And
# pages whose end tags, <base> or <meta> decide whether and how they get one.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Apps;
use Backend;
use Compress::Zlib ();
use Page qw(fetch without_widget);
use Social;
use Social::Api;
use Test::More;


sub german {
    my ($key) = @_;

    return '<!doctype html><html lang="de"><head><title>Brot</title>'
        . "<link rel=canonical href='https://blog.example$key'></head><body>"
        . '<article><p>Brot.</article><p>Fuss.</body></html>';
}

my $unclosed = "<!doctype html><html><head><title>x</title></head><body>"
    . "<h1>x</h1>\n<p>" . ('some text ' x 50) . "\n";
my $zipped = Compress::Zlib::memGzip(german('/app/gzip'));

my $app = Backend->new(
    '/app/chunked' => { body => [ split /(?<=head>)/,
                                  german('/app/chunked') ] },
    '/app/length' => { body => german('/app/length'), length => 1 },
    '/app/gzip' => { body => $zipped, length => 1, headers =>
        [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },

    '/ssi/page' => { body => '<!doctype html><body><article>x'
        . '<!--# include virtual="/ssi/part" --></article></body>' },
    '/ssi/part' => { body => 'a part' },

    '/whole/chunked' => { body => $unclosed },
    '/whole/slow' => { body => [ $unclosed, 0.3, "<p>more\n" ] },
    '/whole/length' => { body => $unclosed, length => 1 },
    '/whole/gzip' => { body => Compress::Zlib::memGzip($unclosed), headers =>
        [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/cut/gzip' => { body => substr(Compress::Zlib::memGzip($unclosed), 0, -9),
        headers => [ 'Content-Type: text/html', 'Content-Encoding: gzip' ] },
    '/cut/close' => { body => $unclosed, close => 1 },
    '/cut/chunked' => { body => [ $unclosed, \'die' ] },
    '/cut/length' => { body => [ $unclosed, \'die', 'rest' ], length => 1 },
);
my $fastcgi = Apps->new(head => "Content-Type: text/html\r\n",
                        body => $unclosed);

my @keys = qw(/static/a/ /static/b/ /app/chunked /app/length /app/gzip);
my %html = (
    base => '<head><base href="/"></head><article>x</article>',
    own => '<head><base href="http://blog.example/x/"></head>'
        . '<article>x</article>',
    other => '<head><base href="https://cdn.example/"></head>'
        . '<article>x</article>',
    slashes => '<head><base href="\\\\cdn.example/"></head><article>x</article>',
    csp => '<head><meta http-equiv=Content-Security-Policy '
        . 'content="form-action \'self\'"></head><article>x</article>',
    transform => '<head><meta http-equiv=Cache-Control '
        . 'content=no-transform></head><article>x</article>',
    amp => '<!doctype html><html amp><body><article>x</article></body></html>',
    sign => "<!doctype html><html \xe2\x9a\xa1><body><article>x</article>"
        . '</body></html>',
    next => '<!doctype html><body><div id="__next"><article>x</article></div>'
        . '<script src=/x.js></script></body></html>',
    card => '<!doctype html><body><a href=/y><article>x</article></a>'
        . '</body></html>',
);

my $nginx = Social->new(
    workers => 1,
    site => "article /static/;\narticle /app/;\narticle /whole/;\n"
        . "article /cut/;\narticle /e/;\narticle /list/;\narticle /php/;\n"
        . "article /ssi/page;\narticle /parts/;\narticle /zip/;\n"
        . "origin https://blog.example;\n",
    files => {
        (map { ("$_/index.html" => german("/$_/")) } qw(static/a static/b)),
        'zip/index.html' => german('/zip/'), 'parts/index.html' =>
            german('/parts/'),
        (map { ("e/$_.html" => $html{$_}) } keys %html),
        (map { ("n/$_.html" => $html{$_}) } keys %html),
        'list/a.txt' => 'x', "list/\xc3\xa4\xc3\xb6" . ('u' x 60) . '.txt'
            => 'x',
    },
    http => 'social_site none { store sqlite:DIR/store/none.db; limit off;
                                comments open; }
             proxy_cache_path DIR/cache keys_zone=c:1m;',
    server => <<"END",
        location /n/ { social none; }
        location ^~ /_none/ { social_api none; }
        location = /_none_status { social_status none; }
        location /zip/ { gzip on; gzip_min_length 1; }
        location /parts/ { ssi on; }
        location /list/ { autoindex on; charset utf-8; }
        location /app/ { proxy_pass http://127.0.0.1:@{[ $app->port ]};
                         proxy_http_version 1.1; }
        location /whole/ { proxy_pass http://127.0.0.1:@{[ $app->port ]};
                           proxy_http_version 1.1; }
        location /cut/ { proxy_pass http://127.0.0.1:@{[ $app->port ]};
                         proxy_http_version 1.1; }
        location /whole/now/ { proxy_buffering off; proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:@{[ $app->port ]}/whole/; }
        location /cut/now/ { proxy_buffering off; proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:@{[ $app->port ]}/cut/; }
        location /whole/kept/ { proxy_cache c; proxy_cache_valid 1h;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:@{[ $app->port ]}/whole/; }
        location /cut/kept/ { proxy_cache c; proxy_cache_valid 1h;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:@{[ $app->port ]}/cut/; }
        location /php/ { fastcgi_pass 127.0.0.1:@{[
                             $fastcgi->port('fastcgi') ]}; }
        location /php/now/ { fastcgi_buffering off; fastcgi_pass 127.0.0.1:@{[
                             $fastcgi->port('fastcgi') ]}; }
        location /n/echo {
            social none;
            default_type text/html;
            return 200 '<!doctype html><html lang="\$arg_lang"><head>
                <title>On \$host \$arg_lang</title>
                <meta property=og:image content="http://\$host/i.png">
                <link rel=canonical href="http://\$http_host\$request_uri">
                </head><body><article>x</article></body></html>';
        }
        location /e/flip {
            default_type text/html;
            return 200 '<!doctype html><html lang="\$http_x_lang"><head>
                <title>Flip</title></head><body><article>x</article></body>
                </html>';
        }
        location /ssi/ {
            ssi on;
            client_body_in_file_only clean;
            proxy_http_version 1.1;
            proxy_pass http://127.0.0.1:@{[ $app->port ]};
        }
        location /e/echo {
            default_type text/html;
            return 200 '<!doctype html><html lang="\$arg_lang"><head>
                <title>On \$host \$arg_lang</title>
                <meta property=og:image content="http://\$host/i.png">
                <link rel=canonical href="http://\$http_host\$request_uri">
                </head><body><article>x</article></body></html>';
        }
END
    stopped => 1,
);
my $port = $nginx->port;


sub twice { return map { my $key = $_; map { [ $key, $_, fetch($port, $key) ] }
                         1, 2 } @keys }

sub same_twice {
    my ($what, @answers) = @_;

    my %first;

    for (@answers) {
        my ($key, $time, $answer) = @$_;
        my (undef, $widgets, $run) = without_widget($answer->{body});
        my $both = "$answer->{body} " . ($answer->{header}{etag} // '');

        $first{$key} //= $both;
        ok $answer->{complete}, "$key, answer $time $what: to its end";
        is $both, $first{$key}, "$key, answer $time $what: the same bytes";
        is $widgets, 1, "$key, answer $time $what: one widget";
        like $run, qr/^<section [^>]*lang="de"/,
            "$key, answer $time $what: the page's language";
        like $run, qr{value="https://blog\.example\Q$key\E"},
            "$key, answer $time $what: the page's address";
    }

    return;
}


$nginx->start;

same_twice('after the start', twice());

for my $key (@keys, '/zip/', '/parts/') {
    my $token = $nginx->token($key);

    is $nginx->post('comments', { article => $key, token => $token,
        name => 'Ann', text => 'Gut.' })->{status}, 303, "$key: a comment";
}

same_twice('with a comment', twice());
$nginx->stop;
$nginx->start;

# the first answer waits for a widget in the page's language, with all of the
# page held: its end must not be lost

for my $get ([ '/zip/', 'gzip' ], [ '/parts/', '' ]) {
    my $answer = fetch($port, $get->[0],
        headers => { 'Accept-Encoding' => $get->[1] });

    is $answer->{header}{'transfer-encoding'}, 'chunked',
        "$get->[0]: in chunks";
    ok $answer->{complete}, '... to the last one';
}

# a page does not wait for its widget longer than 100 ms: on a busy machine the
# first answer may have a link in its place, and start again

my @answers;

for (1 .. 30) {
    $nginx->stop;
    $nginx->start;
    @answers = twice();
    last if !grep { ($_->[2]{header}{'cache-control'} // '') eq 'no-store' }
        @answers;
}

same_twice('after a start with comments', @answers);

is fetch($port, $keys[0], headers => { 'If-None-Match' =>
    fetch($port, $keys[0])->{header}{etag} })->{status}, 304,
    'its ETag makes a 304';


# pages without end tags

sub widgets {
    my ($path) = @_;

    return (without_widget(fetch($port, $path)->{body}))[1];
}

for my $way ('', 'now/', 'kept/', 'kept/') {
    is widgets("/whole/$way$_"), 1, "/whole/$way$_: all of it came, a widget"
        for qw(chunked length slow);
    is widgets("/cut/$way$_"), 0, "/cut/$way$_: no widget"
        for qw(close chunked length);
}

is widgets('/whole/gzip'), 1, 'so does one that was compressed';
is widgets('/cut/gzip'), 0, '... and whole';
like fetch($port, '/whole/length')->{body}, qr{text \n<section.*</section>\z}s,
    'the widget is at the end';
is widgets("/php/$_"), 1, "FastCGI told the end: /php/$_" for qw(a now/a);


# pages that decide themselves

is widgets("/e/$_.html"), 0, "$_: no widget" for qw(amp sign transform);
like fetch($port, '/e/next.html')->{body},
    qr{</article></div><section.*</section><script}s,
    'the widget is behind the root of a framework';
like fetch($port, '/e/card.html')->{body},
    qr{</article></a><section.*</section></body>}s,
    'an article within a link is none';
like fetch($port, '/e/csp.html')->{body}, qr/name="via" value="link"/,
    'a form-action in <meta> counts as in the header';
unlike fetch($port, '/e/base.html')->{body}, qr/name="via" value="link"/,
    'other pages have forms that redirect';


# <base>

sub addresses {
    my ($path) = @_;

    my (undef, undef, $run) = without_widget(fetch($port, $path)->{body});

    return $run =~ /(?:href|src|action|formaction)="([^"]*)"/g;
}

my $token = $nginx->token('/e/base.html');

$nginx->post('comments', { article => '/e/base.html', token => $token,
    name => 'Ann', text => 'Hm.' });

my @found = addresses('/e/base.html');

is scalar(grep { m{^/_social/comments/c\d+$} } @found), 1,
    'a comment\'s time links to its permalink';
is scalar(grep { !m{^/} } @found), 0, '... and nothing is relative';
is scalar(grep { !m{^/} } addresses('/e/csp.html')), 0,
    'without <base>, addresses are paths';

for my $name (qw(other slashes own)) {
    @found = addresses("/e/$name.html");
    cmp_ok scalar @found, '>', 3, "$name: a widget";
    is scalar(grep { !m{^https://blog\.example/} } @found), 0,
        "$name: every address begins with origin";
}

is widgets("/n/$_.html"), 0, "without origin, $_: no widget"
    for qw(other slashes);
is widgets("/n/$_.html"), 1, "without origin, $_: a widget" for qw(own base);


# a page that echoes what a client sent

sub article {
    my ($status, $key, $title) = @_;

    my $found;

    $nginx->wait_for(sub {
        ($found) = grep { $_->{key} eq $key }
            @{ $nginx->get("$status?format=json&period=all")->{json}{articles}
               // [] };
        $found && ($title // '') eq ($found->{title} // '') });

    return $found;
}

for my $site ([ '/e', '/social', 'blog' ], [ '/n', '/_none_status', 'none' ]) {
    my ($dir, $status, $name) = @$site;
    my $key = "$dir/echo";

    for my $ask ([ "$key?lang=de" ], [ $key, 'evil.example' ],
                 [ "$key?x=evil.example" ])
    {
        my $answer = fetch($port, $ask->[0],
            headers => { Host => $ask->[1] // 'localhost' });
        is((without_widget($answer->{body}))[1], 1,
            "site $name: $ask->[0] has a widget");
    }

    my $answer = fetch($port, $key, headers => { Host => 'localhost' });
    my (undef, undef, $run) = without_widget($answer->{body});

    unlike $run, qr/evil/, "site $name: nothing of the Host in the widget";
    like $run, qr/lang="en"/, "site $name: nothing of the query in it";

    my ($form) = $run =~ /name="token" value="([^"]+)"/;
    my $res = $nginx->post('x', { article => $key, token => $form,
        network => 'facebook' },
        path => $name eq 'blog' ? '/_social/share' : '/_none/share');

    unlike $res->{headers}{location}, qr/evil/,
        "site $name: nothing of the Host in the shared address";
}

# of a title that has the Host in it, only one with a name of the server is
# kept, and only from a request without a query

fetch($port, $_, headers => { Host => 'localhost',
    'User-Agent' => $Social::BROWSER }) for '/n/echo2?lang=de', '/n/echo3';
is article('/_none_status', '/n/echo3', 'On localhost')->{title},
    'On localhost',
    'a title with the server\'s name is kept';
is article('/_none_status', $_)->{title} // '', '', "$_: another one is not"
    for qw(/n/echo /n/echo2);


# a page in the language of each reader: its widget may change once, as after an
# author's edit, but does not follow each of them

for my $lang ([ de => 'de' ], [ es => 'es' ], [ fr => 'es' ], [ de => 'es' ]) {
    my $answer = fetch($port, '/e/flip', headers => { 'X-Lang' => $lang->[0] });

    like +(without_widget($answer->{body}))[2],
        qr/^<section [^>]*lang="$lang->[1]"/,
        "a page in $lang->[0], its widget in $lang->[1]";
}


# a directory listing

my $list = fetch($port, '/list/');

like $list->{body}, qr{\xc3\xa4\xc3\xb6u+\.\.&gt;</a>}, 'names are cut by '
    . 'characters, not by bytes';
is widgets('/list/'), 0, 'a directory listing has no widget';


# SSI's subrequests send the client's body, which is in a file

{
    my $answer = raw($nginx, "GET /ssi/page HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\nContent-Length: 8\r\n\r\nthe body");

    $answer =~ s/\r\n[0-9a-f]+\r\n//g;
    like $answer, qr{<article>xa part<section.*</section></article>}s,
        'SSI, proxy_pass and a request with a body';
    is scalar(grep { m{^GET /ssi/part} } $app->requests), 1,
        'the part was asked for';
}

$nginx->quiet(qr/upstream prematurely closed/);
done_testing;
