#!/usr/bin/perl

# One page has one thread: however a page is served and its link written, its
# key is the same; and what is no article has no thread.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Social;
use Test::More;


sub article {
    my ($title) = @_;

    return "<!DOCTYPE html><html lang=en><head><title>$title</title></head>"
        . "<body><article><h1>$title</h1></article></body></html>";
}


# an application behind FastCGI: one script for all of the blog

my $php_port = Social::free_port();
my $app_port = Social::free_port();

my $front = <<'END';
<?php
$path = explode('?', $_SERVER['REQUEST_URI'])[0];
if (strpos($path, 'missing') !== false) {
    http_response_code(404);
}
header('X-Article: /by-header/');
header('X-Query: [' . $_SERVER['QUERY_STRING'] . ']');
header('Content-Type: text/html; charset=utf-8');
echo '<!DOCTYPE html><html><head><title>', htmlspecialchars($path),
     '</title></head><body><article><p>text</p></article></body></html>';
END

my $fastcgi = <<"END";
        fastcgi_pass 127.0.0.1:$php_port;
        fastcgi_param SCRIPT_FILENAME DIR/html/blog/index.php;
        fastcgi_param REQUEST_URI \$request_uri;
        fastcgi_param QUERY_STRING \$query_string;
        fastcgi_param REQUEST_METHOD \$request_method;
END

my $nginx = Social->new(
    files => {
        (map { ("$_/index.html" => article($_)) }
            'posts/a', 'posts/Caf%C3%A9', 'posts/sub', 'deep/x/y', 'alias/z',
            'up/posts/p', 'off', 'special', 'lots', "posts/caf\xc3\xa9"),
        'posts/plain.html' => article('plain'),
        'posts/b.htm/index.html' => article('odd'),
        'x.html' => article('instead'),
        'posts/page.php.html' => article('php'),
        'index.html' => article('home'),
        'posts/image.png' => 'PNG',
        'posts/note.txt' => 'a note',
        'blog/index.php' => $front,
        'thanks/index.html' => article('thanks'),
        'one/index.html' => article('one'),
        'CASE/index.html' => article('case'),
        'multi/a/index.html' => article('multi'),
    },
    site => <<'END',
        article ~ ^/(posts|Posts|deep|alias|up|wp|named|re|moved|off|lots)/;
        article = /;
        article = /x.html;
        article = /one/;
        article /pre;
        article ~* ^/case/;
        goal thanked = /thanks/;
        goal deep = /deep/goal/;
END
    http => "merge_slashes on; types { text/html html htm; text/plain txt; "
        . "image/png png; }",
    server => <<"END",
        location /wp/ {
            try_files \$uri \$uri/ /wp/index.php?\$args;
        }
        location = /wp/index.php {
$fastcgi
        }
        location /up/ { proxy_pass http://127.0.0.1:$app_port/; }
        location /lots/ { proxy_pass http://127.0.0.1:$app_port; }
        location /re/ { rewrite ^/re/(.*)\$ /posts/\$1 last; }
        location /re/back/ { rewrite ^ /posts/a/ break; }
        location /aliased/ { alias DIR/html/posts/; }
        location /deep/alias/ { alias DIR/html/alias/; }
        location /moved/ { error_page 404 =200 /x.html; }
        location /named/ {
            error_page 404 =200 \@named;
        }
        location \@named { try_files /x.html =500; }
        location /off/ { social off; }
        location /pre { try_files \$uri /x.html; }
        location /posts/told/ { return 200 "<body>told</body>"; }
        location /accel/ {
            proxy_pass http://127.0.0.1:$app_port;
        }
        location /posts/error/ { return 500 "<body>error</body>"; }
        location /posts/accel/ {
            proxy_pass http://127.0.0.1:$app_port/accel/;
        }
        location /hidden/ { internal; alias DIR/html/posts/; }
END
    servers => <<"END",
    server {
        listen 127.0.0.1:$app_port;
        root DIR/html;
        location /accel/ {
            default_type text/html;
            add_header X-Accel-Redirect /hidden/a/index.html;
            return 200 "";
        }
    }
END
);

my $php = fork // die "fork: $!";

if ($php == 0) {
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    delete local $ENV{LD_PRELOAD};
    exec 'php-cgi', '-b', "127.0.0.1:$php_port" or exit 1;
}

END { kill 'TERM', $php if $php }

ok $nginx->wait_for(sub {
    IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $php_port)
}), 'php-cgi runs';


# the key of the page's widget, or the answer's status if it has none

sub key {
    my ($target, %a) = @_;

    my $answer = fetch($nginx->port, $target, %a,
        headers => { 'User-Agent' => $Social::BROWSER,
                     %{ $a{headers} // {} } });
    my @keys = $answer->{body} =~ /<section data-social="([^"]*)"/g;

    return @keys == 1 ? $keys[0] : $answer->{status} . (@keys ? ' many' : '');
}


# ways to write a link

is key('/posts/a/'), '/posts/a/', 'index';
is key('/posts/a/index.html'), '/posts/a/', 'index.html is dropped';
is key('/posts/a/?x=1&y=%2f'), '/posts/a/', 'the query is dropped';
is key('/posts/%61/'), '/posts/a/', 'percent-encoded letters are decoded';
is key('/posts/a%2F'), '/posts/a/', 'percent-encoded slashes are decoded';
is key('//posts///a//'), '/posts/a/', 'double slashes are merged';
is key('/posts/./a/'), '/posts/a/', 'a dot segment is removed';
is key('/posts/x/../a/./'), '/posts/a/', 'a double dot segment goes back';
is key('/posts/x/%2e%2e/a/'), '/posts/a/', 'encoded dot segments work the same';
is key('/posts/plain.html'), '/posts/plain.html', 'a page without a directory';
is key('/posts/plain.html?index.html'), '/posts/plain.html',
    'a page with a query';
is key('/'), '/', 'the home page';
is key('/index.html'), '/', 'the home page by file name';
is key('/posts/b.htm/'), '/posts/b.htm/', 'a file name within a path is kept';
is key('/posts/caf%C3%A9/'), '/posts/caf&#233;/',
    'UTF-8 in a key, as ASCII in the page';
is key('/posts/Caf%25C3%25A9/'), '/posts/Caf%C3%A9/', 'decoded only once';
is key("http://blog.example/posts/a/?q"), '/posts/a/', 'absolute form';
is key("http://blog.example"), '/', 'absolute form without a path';
is key('/posts/a'), 301, 'a redirect to the slash has no widget';
is key('/Posts/a/'), 404, 'keys are case-sensitive';
is key('/CASE/'), '/CASE/', 'case is kept, also with ~*';
is key('/posts/a/#x'), '/posts/a/', 'a fragment is dropped';

# ways to serve a page

is key('/aliased/a/'), 200, 'alias: no pattern matches the path asked for';
is key('/deep/alias/z/'), '/deep/alias/z/',
    'alias: the key is the path asked for';
is key('/up/posts/a/'), '/up/posts/a/', 'proxy_pass with a URI';
is key('/lots/'), '/lots/', 'proxy_pass without a URI';
is key('/re/a/'), '/re/a/', 'rewrite to another location';
is key('/re/back/x'), '/re/back/x', 'rewrite within a location';
is key('/posts/accel/'), '/posts/accel/', 'X-Accel-Redirect';
is key('/pretty/x'), '/pretty/x', 'try_files to a file';

for my $path ('/wp/', '/wp/hello-world/', '/wp/2024/05/post', '/wp/Hello/') {
    is key("$path?p=1"), $path, "one script for all pages: $path";
}

is key('/wp/index.php'), '/wp/', 'the script itself is the index';
is key('/wp/missing/'), 404, 'the script\'s 404 has no widget';
like fetch($nginx->port, '/wp/a/?b=1&c=%20')->{head}, qr/X-Query: \[b=1&c=%20\]/,
    'the script gets its query';

# error pages

is key('/moved/whatever/'), '/x.html',
    'error_page =200: the key of the final page';
is key('/moved/other/'), '/x.html',
    'error_page =200: another path, the same key';
is key('/named/thing'), '/x.html',
    'error_page with a named location: the key of the final page';
is key('/posts/junk/'), 404, 'a 404 has no widget';
is key('/posts/error/'), 500, 'a 500 has no widget';

# patterns

is key('/one/'), '/one/', 'an exact pattern';
is key('/one/two'), 404, 'an exact pattern is not a prefix';
is key('/off/'), 200, 'social off';
is key('/special/'), 200, 'no pattern matches';
is key('/thanks/'), 200, 'a goal is not an article';
is key('/posts/image.png'), 200, 'a picture is not an article';
is key('/posts/note.txt'), 200, 'a plain text is not an article';
is key('/posts/told/'), 200, 'a page of another content type is not an article';

# paths that cannot be keys

for my $bad ("/posts/" . 'x' x 520 . '/', '/posts/%ff%fe/', '/posts/a%00b/',
             '/posts/a%0ab/', '/posts/a%7fb/', '/posts/%c2%85/',
             '/posts/%ed%a0%80/') {
    my $app = "/pre" . substr $bad, 6;
    my $answer = fetch($nginx->port, $app);

    next if $bad =~ /%00/ && $answer->{status} == 400;

    is $answer->{body}, article('instead'),
        'the page has no widget: ' . substr $app, 0, 30;
}

is key('/pre' . 'x' x 508), '/pre' . 'x' x 508, 'a key of 512 bytes';
is key('/pre' . 'x' x 509), 200, '513 bytes are too long';
is key('/pre' . '%41' x 508), '/pre' . 'A' x 508,
    'the length counts decoded bytes';
is key('/pre/<i>&"\'x'), '/pre/&lt;i&gt;&amp;&quot;&#39;x',
    'markup in a key is escaped';


# the event log and the status page have the same keys

my @wanted = ('/', '/posts/a/', '/wp/hello-world/', "/posts/caf\x{e9}/",
              '/x.html', '/re/a/');

$nginx->wait_for(sub { $nginx->events(article => '/pre/<i>&"\'x') });

for my $key (@wanted) {
    ok scalar $nginx->events(article => $key, event => 'view'),
        "in the log: $key";
}

my %known = map { $_->{key} => $_ }
    @{ $nginx->status(period => 'all', limit => 1000)->{articles} };

ok $known{$_}, "in the status: $_" for @wanted;
is_deeply [ grep { m{junk|moved|named|missing|index|off|special|thanks|png|txt
                     |error|told|aliased|//|\?|Posts|%2f}x } sort keys %known ],
    [], 'nothing else is an article';
is $known{'/posts/a/'}{views}, 11,
    'all links to one page count for one article';
is $known{'/x.html'}{views}, 3,
    'all paths with one error page count for one article';


# what is no article takes no comments

for my $path ('/posts/junk/', '/moved/whatever/', '/off/', '/thanks/',
              '/posts/image.png', '/posts/a', 'posts/a/', '/posts//a/') {
    my $res = $nginx->post('comments', { article => $path, name => 'Ann',
        text => 'Hello', token => $nginx->token('/posts/a/') });

    ok $res->{status} == 403 || $res->{status} == 404,
        "no comment on $path" or diag $res->{status};
}


# a thread whose key is known only after an internal redirect

my $token = fetch($nginx->port, '/moved/whatever/')->{body}
    =~ /name="token" value="([^"]+)"/ && $1;

is $nginx->post('comments', { article => '/x.html', name => 'Ann',
    text => 'Hello', token => $token })->{status}, 303,
    'a comment on a page that error_page shows';

for my $path ('/x.html', '/moved/whatever/', '/named/thing') {
    my $shown = 0;

    ok $nginx->wait_for(sub {
        $shown = fetch($nginx->port, $path)->{body} =~ /id="comment-c1"/
            ? $shown + 1 : 0;
        $shown == 20;
    }), "it is shown on $path";
}

$nginx->stop;
$nginx->quiet(qr/\(2: No such file or directory\)/);


# the `key` parameter: the site names its articles

$nginx = Social->new(
    files => { 'posts/a/index.html' => article('a') },
    site => <<'END',
        key $test_key;
        article ~ ^/n/;
END
    http => <<'END',
        map $arg_p $test_key {
            ~^(?<n>\d+)$  /n/$n/./;
            junk          "/n/\xff";
            default       "";
        }
END
    server => <<'END',
        location /app/ { try_files /posts/a/index.html =404; }
END
);

is key('/app/?p=7'), '/n/7/', 'key: a variable\'s value, normalized';
is key('/app/other?p=7'), '/n/7/', 'key: the same on another path';
is key('/posts/a/index.html?p=8'), '/n/8/', 'key: also for a file';
is key('/posts/a/'), 200, 'an empty key: no article';
is key('/app/?p=x'), 200, 'a value that is not a valid key: no article';

$nginx->wait_for(sub { $nginx->events(article => '/n/8/') });

my $doc = $nginx->status(period => 'all');

is_deeply [ sort map { "$_->{key} $_->{views}" } @{ $doc->{articles} } ],
    [ '/n/7/ 2', '/n/8/ 1' ], 'views are counted by key';

$nginx->stop;
$nginx->quiet;


# without a pattern every HTML page is an article; a key from the application

$nginx = Social->new(
    files => {
        'a.html' => article('a'), 'b/c.html' => article('c'),
        'none.html' => '', 'x.txt' => 'text', 'half.html' => 'just text',
    },
    site => 'key $upstream_http_x_article$no;',
    http => 'map $arg_no $no { default ""; }',
    server => <<"END",
        location /app/ { $fastcgi }
END
);

$nginx->file('blog/index.php', $front);

is key('/app/anything'), '/by-header/', 'key: from the application\'s header';
is key('/a.html'), 200, 'no key, no article';

$nginx->stop;
$nginx->quiet;

$nginx = Social->new(
    files => {
        'a.html' => article('a'), 'b/c.html' => article('c'),
        'none.html' => '', 'x.txt' => 'text',
    },
);

is key('/a.html'), '/a.html', 'every HTML page is an article';
is key('/b/c.html?x'), '/b/c.html', 'an HTML page in a directory is an article';
is key('/none.html'), 200, 'an empty page is not';
is key('/x.txt'), 200, 'a plain text is not';
is key('/social'), 200, 'the status page is not an article';
is key('/_moderate/', headers => Social::basic('jo')), 200,
    'the moderation page is not';

$nginx->stop;
$nginx->quiet;

done_testing;
