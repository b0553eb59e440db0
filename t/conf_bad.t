#!/usr/bin/perl

# Wrong configurations: nginx -t refuses each with one [emerg] line that names
# the file, the line of the wrong value, the value, and what would be right.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social::Conf;
use Test::More;


my $dir = conf_dir();

conf_write('broken.mustache', "<p>\n{{#open}}\n");
conf_write('fine.mustache', "<p>{{x}}</p>\n");
conf_write('marks.mustache', "<p>\n{{=<% %>=}}\n");
conf_write('latin.mustache', "<p>\n<b>caf\xe9</b>\n");
conf_write('part.mustache', "<p>\n\n {{>nosuch}}\n");
conf_write('large.mustache', 'x' x 300000);
mkdir "$dir/directory" or die "$dir/directory: $!";

# the message for a value of a parameter

sub invalid {
    my ($value, $param, $right) = @_;
    return qq{invalid value "$value" in "$param": $right};
}

my $networks = '"off" alone or names of networks expected: mastodon, '
    . 'bluesky, facebook, linkedin, reddit, x, whatsapp, email, copy, native, '
    . 'threads, telegram, hackernews, lobsters, pinterest, tumblr, xing, vk, '
    . 'flipboard, buffer, diaspora';
my $uri = 'a URI that begins with "/", or "~" and a regular expression '
    . 'expected';
my $one = 'one pattern expected: "= URI", "URI", "~ REGEX" or "~* REGEX"';
my $password = 'a password does not belong into nginx.conf: write it to a '
    . 'file and name that with "passfile="';
my $host = 'a host name expected after "://", in ASCII ("xn--...")';
my $path = 'after the host nothing or a path such as "/blog" expected, of '
    . 'letters, digits, "-", "_", ".", "~" and "/"';
my $file = 'the path of a file expected after "sqlite:"';
my $goal = 'a name of 1 to 31 letters, digits, "-" or "_" expected';
my $rate = 'a number from 1 to 10000 and a time from 1s to 1d such as '
    . '"comments=5/10m" expected';
my $links = 'a number from 0 to 10000 such as "links=2" expected';
my $limit = '"off" alone, or "comments=N/TIME" and "links=N", each once, '
    . 'expected';
my $keep = '"events=TIME" and "held=TIME", each once, expected';
my $metric = 'NAME=VALUE expected, where NAME is one of reply_within, '
    . 'comment_silence, author_silence, prior, share_prior, pooled, '
    . 'new_readers, participants, exchanges, sharers, reactions, '
    . 'broadcast_comments, broadcast, base_participants, base_sharers, '
    . 'base_reactions, base_active';
my $tag = 'one of the languages "en", "de", "fr", "es", "ar", "pt", "it", "nl", '
    . '"pl", "ru", "uk", "tr", "ja", "zh", "ko" expected, such as "de" or '
    . '"de-AT"';
my $receiver = qr{"http://127\.0\.0\.1:PORT/\.\.\." or "http://unix:/PATH:};
my $link = 'an "https://..." address or a path that begins with "/" expected, '
    . 'special characters percent-encoded';
my $mode = '"open", "first", "hold", "closed" or "off" expected';
my $name = 'a site\'s name of 1 to 64 letters, digits, "-" or "_" expected';
my $long = ('x' x 4000);
my $shown = ('x' x 200) . '...';

# parameters of a site, as [parameter, message]

my @params = (

    # nginx's own

    ['<!>orgin https://blog.example;', 'unknown directive "orgin"'],
    ['<!>listen 80;', '"listen" directive is not allowed here'],
    ['<!>social blog;', '"social" directive is not allowed here'],
    ['<!>origin;', 'invalid number of arguments in "origin" directive'],
    ['<!>origin https://a https://b;',
        'invalid number of arguments in "origin" directive'],
    ['<!>goal signup;', 'invalid number of arguments in "goal" directive'],
    ["zone 1m;\n<!>zone 1m;", '"zone" directive is duplicate'],
    ["share x;\n <!>share\n copy\n;", '"share" directive is duplicate'],
    ["comments open;\n<!>comments off;", '"comments" directive is duplicate'],
    ["order oldest;\n<!>order newest;", '"order" directive is duplicate'],
    ["store sqlite:a;\n<!>store sqlite:b;", '"store" directive is duplicate'],
    ["block a;\n<!>block b;", '"block" directive is duplicate'],
    ['<!>origin https://a { }', 'directive "origin" is not terminated by ";"'],

    # origin

    ['origin <!>ftp://blog.example;', 'ftp://blog.example', 'origin',
        '"https://HOST" or "http://HOST" expected'],
    ['origin <!>blog.example;', 'blog.example', 'origin',
        '"https://HOST" or "http://HOST" expected'],
    ['origin <!>https://;', 'https://', 'origin',
        '"https://HOST" or "http://HOST" expected'],
    ['origin <!>https://blog.example//;', 'https://blog.example//', 'origin',
        $path],
    ["origin\n\n <!>https://blog.example/a%20b\n\n;",
        'https://blog.example/a%20b', 'origin', $path],
    ['origin <!>https://blog.example/a/../b;', 'https://blog.example/a/../b',
        'origin', $path],
    ['origin <!>https://blog.example/./a;', 'https://blog.example/./a',
        'origin', $path],
    ['origin <!>https://blog.example/a?x;', 'https://blog.example/a?x',
        'origin', $path],
    ['origin <!>https://blog.example?x;', 'https://blog.example?x', 'origin',
        $path],
    ['origin <!>https://me@blog.example;', 'https://me@blog.example',
        'origin', $host],
    ['origin <!>https://blög.example;', 'https://blög.example', 'origin',
        $host],
    ['origin <!>https://blog..example;', 'https://blog..example', 'origin',
        $host],
    ['origin <!>https://[::g];', 'https://[::g]', 'origin', $host],
    ['origin <!>https://blog.example:;', 'https://blog.example:', 'origin',
        'a port from 1 to 65535 expected after the host'],
    ['origin <!>https://blog.example:0;', 'https://blog.example:0', 'origin',
        'a port from 1 to 65535 expected after the host'],
    ['origin <!>https://blog.example:65536;', 'https://blog.example:65536',
        'origin', 'a port from 1 to 65535 expected after the host'],
    ["origin <!>\"https://a\\nb\";", 'https://a b', 'origin', $host],

    # store, zone, flush

    ['store <!>mysql://x;', 'mysql://x', 'store',
        '"sqlite:PATH" or "postgresql://..." expected'],
    ['store <!>blog.db;', 'blog.db', 'store',
        '"sqlite:PATH" or "postgresql://..." expected'],
    ['store <!>postgresql://;', 'postgresql://', 'store',
        '"sqlite:PATH" or "postgresql://..." expected'],
    ['store <!>postgresql://social:secret@db/blog;',
        'postgresql://social:***@db/blog', 'store', $password],
    ['store <!>postgresql://social@db/blog?password=secret&a=b;',
        'postgresql://social@db/blog?password=***&a=b', 'store', $password],
    ['store <!>postgresql://db/blog?password=a&p%61ssword=b;',
        'postgresql://db/blog?password=***&p%61ssword=***', 'store', $password],
    ['store <!>postgresql://db/blog?passfile=/a%2;',
        'postgresql://db/blog?passfile=/a%2', 'store',
        'in "passfile", two hexadecimal digits expected after "%"'],
    ['store <!>postgresql://db/blog?passfile=/no/file;',
        'postgresql://db/blog?passfile=/no/file', 'store',
        'the file of "passfile", "/no/file", does not exist'],
    ['store <!>postgresql://db/blog?passfile=pgpass;',
        'postgresql://db/blog?passfile=pgpass', 'store',
        '"passfile" must be a full path'],
    ['store <!>postgresql://db/blog?passfile=/etc/passwd;',
        'postgresql://db/blog?passfile=/etc/passwd', 'store',
        'the file of "passfile", "/etc/passwd", must be its owner\'s alone: '
        . 'chmod 600'],
    ['store <!>postgresql://db/blog?sslrootcert=/no/ca.crt;',
        'postgresql://db/blog?sslrootcert=/no/ca.crt', 'store',
        'the file of "sslrootcert", "/no/ca.crt", does not exist'],
    ['store <!>postgresql://db/blog?schema=other;',
        'postgresql://db/blog?schema=other', 'store',
        '"schema" cannot be chosen, it is "social_blog"'],
    ['store <!>sqlite:;', 'sqlite:', 'store', $file],
    ['store <!>sqlite:/var/lib/nginx/;', 'sqlite:/var/lib/nginx/', 'store',
        $file],
    ['store <!>sqlite:directory;', 'sqlite:directory', 'store',
        'this is a directory, not a file'],
    ["store <!>sqlite:/$long$long;", qr/too long parameter/],
    ['zone <!>x;', 'x', 'zone', 'a size from 256k to 16g expected'],
    ['zone <!>255k;', '255k', 'zone', 'a size from 256k to 16g expected'],
    ['zone <!>17g;', '17g', 'zone', 'a size from 256k to 16g expected'],
    ['zone <!>-1;', '-1', 'zone', 'a size from 256k to 16g expected'],
    ['flush <!>99ms;', '99ms', 'flush', 'a time from 100ms to 1h expected'],
    ['flush <!>61m;', '61m', 'flush', 'a time from 100ms to 1h expected'],
    ['flush <!>soon;', 'soon', 'flush', 'a time from 100ms to 1h expected'],
    ['flush <!>"";', '', 'flush', 'a time from 100ms to 1h expected'],

    # article

    ['article <!>posts;', 'posts', 'article', $uri],
    ['article = <!>posts;', 'posts', 'article', $uri],
    ['article <!>=posts;', '=posts', 'article', $uri],
    ['article <!>"";', '', 'article', $uri],
    ['article <!>@name;', '@name', 'article', $uri],
    ['article <!>=;', '=', 'article', 'a URI expected after "="'],
    ['article <!>~;', '~', 'article',
        'a regular expression expected after "~"'],
    ['article <!>~* "";', '~*', 'article',
        'a regular expression expected after "~*"'],
    ['article <!>"" /posts/;', '', 'article', $one],
    ['article <!>=~ /posts/;', '=~', 'article', $one],
    ['article <!>^~ /posts/;', '^~', 'article', $one],
    ["article /a;\narticle <!>/b /c;", '/b', 'article', $one],
    ['article ~ <!>^/(posts;', '^/(posts', 'article',
        'not a valid PCRE2 regular expression: pcre2_compile() failed: missing '
        . 'closing parenthesis in "^/(posts"'],
    ["article ~\n<!>^/[z-a]/x;", '^/[z-a]/x', 'article',
        'not a valid PCRE2 regular expression: pcre2_compile() failed: range '
        . 'out of order in character class in "^/[z-a]/x" at "a]/x"'],
    ['article <!>~*^/+**;', '~*^/+**', 'article',
        'not a valid PCRE2 regular expression: pcre2_compile() failed: '
        . 'quantifier does not follow a repeatable item in "^/+**" at "**"'],

    # key, author, ignore

    ['key <!>"";', '', 'key', 'a text or a variable expected'],
    ['key <!>$;', '$', 'key', 'a variable\'s name expected after "$"'],
    ['key <!>"/${p";', '/${p', 'key',
        'a variable\'s name expected after "$"'],
    ['key <!>/$arg_p/$-;', '/$arg_p/$-', 'key',
        'a variable\'s name expected after "$"'],
    ["key\n<!>\$nosuch;", '$nosuch', 'key',
        'there is no variable "$nosuch"'],
    ["author\n<!>\"\$arg_x \${nosuch}\";", '$arg_x ${nosuch}', 'author',
        'there is no variable "$nosuch"'],
    ['key <!>${1};', '${1}', 'key',
        'there is no variable "$1"'],
    ['key <!>$social_article;', '$social_article', 'key',
        'the module\'s own variables cannot be used here'],
    ['author <!>"";', '', 'author', 'a text or a variable expected'],
    ['ignore <!>$social_class;', '$social_class', 'ignore',
        'the module\'s own variables cannot be used here'],

    # insert, share, comments, reactions

    ['insert <!>top;', 'top', 'insert',
        '"auto", "marker" or "body" expected'],
    ['insert <!>AUTO;', 'AUTO', 'insert',
        '"auto", "marker" or "body" expected'],
    ["share x\n<!>myspace\ncopy;", 'myspace', 'share', $networks],
    ['share x <!>off;', 'off', 'share', $networks],
    ['share <!>discord;', 'discord', 'share', $networks],
    ["share x\ncopy\n<!>x;", 'x', 'share',
        'the network is already in this list'],
    ['share <!>"";', '', 'share', $networks],
    ["share <!>$long;", $shown, 'share', $networks],
    ['comments <!>on;', 'on', 'comments', $mode],
    ['comments <!>close=30d;', 'close=30d', 'comments', $mode],
    ['comments open <!>closed;', 'closed', 'comments',
        '"close=TIME" expected'],
    ["comments open\n<!>close=soon;", 'close=soon', 'comments',
        'a time such as "close=30d" expected'],
    ['comments open <!>close=0;', 'close=0', 'comments',
        'a time such as "close=30d" expected'],
    ['order <!>first;', 'first', 'order', '"newest" or "oldest" expected'],
    ['reactions <!>yes;', 'yes', 'reactions', '"on" or "off" expected'],

    # goal, block

    ['goal <!>a.b /x;', 'a.b', 'goal', $goal],
    ['goal <!>"" /x;', '', 'goal', $goal],
    ['goal <!>' . ('g' x 32) . ' /x;', 'g' x 32, 'goal', $goal],
    ["goal a /x;\ngoal <!>a /y;", 'a', 'goal',
        'another goal already has this name'],
    ['goal a <!>welcome;', 'welcome', 'goal', $uri],
    ['goal a <!>~ "";', '~', 'goal',
        'a regular expression expected after "~"'],
    ['goal a <!>/x /y;', '/x', 'goal', $one],
    ['block <!>"";', '', 'block',
        'a regular expression expected, this one is empty'],
    ['block <!>two words;', 'two', 'block',
        'one regular expression expected, in quotes if it contains spaces'],
    ["block ~*\n<!>a(;", 'a(', 'block',
        'not a valid PCRE2 regular expression: pcre2_compile() failed: missing '
        . 'closing parenthesis in "a("'],

    # limit, retention, metrics

    ['limit <!>5/10m;', '5/10m', 'limit', $limit],
    ['limit links=1 <!>off;', 'off', 'limit', $limit],
    ['limit links=1 <!>links=2;', 'links=2', 'limit', $limit],
    ['limit <!>comments=5;', 'comments=5', 'limit', $rate],
    ['limit <!>comments=0/1m;', 'comments=0/1m', 'limit', $rate],
    ["limit links=1\n<!>comments=5/x;", 'comments=5/x', 'limit', $rate],
    ['limit <!>comments=5/;', 'comments=5/', 'limit', $rate],
    ['limit <!>comments=5/2d;', 'comments=5/2d', 'limit', $rate],
    ['limit <!>links=-1;', 'links=-1', 'limit', $links],
    ['limit <!>links=;', 'links=', 'limit', $links],
    ['retention <!>400d;', '400d', 'retention', $keep],
    ['retention held=7d <!>held=8d;', 'held=8d', 'retention', $keep],
    ["retention held=7d\n<!>events=12h;", 'events=12h', 'retention',
        'a time of at least 1d expected'],
    ['retention <!>events=ever;', 'events=ever', 'retention',
        'a time of at least 1d expected'],
    ['metrics <!>7d;', '7d', 'metrics', $metric],
    ['metrics <!>reply=7d;', 'reply=7d', 'metrics', $metric],
    ['metrics <!>prior;', 'prior', 'metrics', $metric],
    ['metrics <!>reply_within=x;', 'reply_within=x', 'metrics',
        'a time from 1s to 1000000000s expected'],
    ['metrics prior=1 <!>prior=2;', 'prior=2', 'metrics',
        '"prior" is already set'],
    ["metrics prior=5\n<!>pooled=1.5;", 'pooled=1.5', 'metrics',
        'a whole number from 1 to 1000000000 expected'],
    ['metrics <!>base_active=2;', 'base_active=2', 'metrics',
        'a number from 0.000001 to 1 expected'],
    ['metrics <!>base_active=.;', 'base_active=.', 'metrics',
        'a number from 0.000001 to 1 expected'],
    ['metrics <!>broadcast=-1;', 'broadcast=-1', 'metrics',
        'a number from 0.000001 to 1 expected'],

    # template, language, privacy

    ['template <!>nosuch fine.mustache;',
        'nosuch', 'template', qr/the name of a template expected: .*\bshare\b/],
    ["template share\n<!>missing.mustache;",
        'missing.mustache', 'template',
        'cannot open "@DIR@/missing.mustache" '
        . '(2: No such file or directory)'],
    ['template share <!>directory;', 'directory', 'template',
        'a file of at most 262144 bytes expected'],
    ['template share <!>large.mustache;', 'large.mustache', 'template',
        'a file of at most 262144 bytes expected'],
    ["template share\n<!>broken.mustache;",
        'broken.mustache', 'template',
        qr/not a valid mustache template: .* at line 2, column 1/],
    ['template share <!>marks.mustache;', 'marks.mustache', 'template',
        'not a valid mustache template: set delimiter tags are not supported '
        . 'at line 2, column 1'],
    ['template share <!>latin.mustache;', 'latin.mustache', 'template',
        'not a valid mustache template: template is not UTF-8 at line 2, '
        . 'column 7'],
    ['template share <!>part.mustache;', 'part.mustache', 'template',
        'unknown partial "nosuch" at line 3, column 2'],
    ['template share <!>"";', '', 'template', 'a file\'s path expected'],
    ['language <!>en_US;', 'en_US', 'language', $tag],
    ['language <!>e;', 'e', 'language', $tag],
    ['language <!>en-;', 'en-', 'language', $tag],
    ['language <!>en-abcdefghi;', 'en-abcdefghi', 'language', $tag],
    ['language <!>"de at";', 'de at', 'language', $tag],
    ['language <!>419;', '419', 'language', $tag],
    ['language <!>klingon;', 'klingon', 'language', $tag],
    ['language <!>sv-SE;', 'sv-SE', 'language', $tag],
    ['language <!>den;', 'den', 'language', $tag],
    ['privacy <!>privacy.html;', 'privacy.html', 'privacy', $link],
    ['privacy <!>javascript:alert(1);', 'javascript:alert(1)', 'privacy',
        $link],
    ['privacy <!>//evil.example/;', '//evil.example/', 'privacy', $link],
    ['privacy <!>"/a b";', '/a b', 'privacy', $link],
    ['privacy <!>https://me@b.example/;', 'https://me@b.example/', 'privacy',
        $link],
    ['privacy <!>https:///x;', 'https:///x', 'privacy', $link],

    # notify

    (map { ["notify <!>$_;", $_, 'notify', $receiver] }
        'https://127.0.0.1:80/', 'http://hooks.example/x',
        'http://localhost:80/', 'http://127.0.0.1/', 'http://127.0.0.2:80/',
        'http://127.0.0.1:0/', 'http://127.0.0.1:65536/',
        'http://127.0.0.1:80x/', 'http://127.0.0.1:80@hooks.example/',
        'http://[::1]:80/', 'http://10.0.0.1:80/', 'http://unix:', 'http://',
        'http://unix:relative.sock:/x', 'http://127.0.0.1:80/a#b',
        'http://unix:/run/hook.sock:x', 'http://unix:/' . 's' x 150 . ':/x',
        '127.0.0.1:80', 'off'),
    ['notify <!>"http://127.0.0.1:80/a b";', 'http://127.0.0.1:80/a b',
        'notify', $receiver],
    ['notify http://127.0.0.1:80/ <!>texts;', 'texts', 'notify',
        qr/"text" or nothing expected/],
    ["notify http://127.0.0.1:80/;\n<!>notify http://127.0.0.1:81/;",
        '"notify" directive is duplicate'],
);

# directives in http {}

my $api = 'location ^~ /_social/ { social_api blog; }';
my $blog = 'social_site blog { }';
my $prefix = 'a prefix location that ends with "/" expected, such as '
    . '"^~ /_social/", this one is';
my $own = 'a location of its own expected, this one already has another '
    . 'handler';

sub server { return "server { listen 127.0.0.1:8999; $_[0] }" }

my @https = (
    ['social_site <!>off { }', 'off', 'social_site',
        "$name, \"off\" is reserved"],
    ['social_site <!>my.blog { }', 'my.blog', 'social_site', $name],
    ['social_site <!>"" { }', '', 'social_site', $name],
    ['<!>social_site { }',
        'invalid number of arguments in "social_site" directive'],
    ['<!>social_site a b { }',
        'invalid number of arguments in "social_site" directive'],
    ['<!>social_site a;', 'directive "social_site" has no opening "{"'],
    ["$blog\nsocial_site\n  <!>blog\n { }", 'blog', 'social_site',
        qr/the site is already defined in \S+:\d+/],
    [server('<!>social_site a { }'),
        '"social_site" directive is not allowed here'],
    ["$blog " . server("\n<!>origin https://a; $api"),
        '"origin" directive is not allowed here'],

    # sites that are used but not defined, or defined but not used

    ["$blog " . server("$api social\n <!>blgo;"), 'blgo', 'social',
        'there is no such social_site, these are defined: "blog"'],
    [server('social <!>blog;'), 'blog', 'social',
        'there is no such social_site, none is defined'],
    [server('location /x/ { social_api <!>blog; }'), 'blog', 'social_api',
        'there is no such social_site, none is defined'],
    [server('location = /x { social_status <!>off; }'), 'off',
        'social_status', "$name, \"off\" is reserved"],
    [server('social <!>a/b;'), 'a/b', 'social', $name],
    ['social_site <!>blog { }', 'blog', 'social_site',
        'the site needs a location with "social_api blog", there is none'],
    ["$blog\nsocial_site\n<!>news { }\n" . server("$api social news;"),
        'news', 'social_site',
        'the site needs a location with "social_api news", there is none'],
    [$blog . server("$api social blog;\n<!>social off;"),
        '"social" directive is duplicate'],
    [$blog . server('<!>social_api blog;'),
        '"social_api" directive is not allowed here'],
    ['<!>social_status blog;',
        '"social_status" directive is not allowed here'],
    [$blog . server('<!>social_moderate blog;'),
        '"social_moderate" directive is not allowed here'],
    [$blog . server("$api location / { if (\$arg_x) {\n<!>social off; } }"),
        '"social" directive is not allowed here'],

    # prefixes

    [$blog . server("$api location /x/ { social_api\n<!>blog; }"), 'blog',
        'social_api', 'all "social_api" locations of a site need the same '
        . 'prefix, the first is "/_social/" and this one is "/x/"'],
    [$blog . server("$api }\nserver { listen 127.0.0.1:8998;\n"
                    . 'location ^~ /_s/ { social_api <!>blog; }'), 'blog',
        'social_api', 'all "social_api" locations of a site need the same '
        . 'prefix, the first is "/_social/" and this one is "/_s/"'],
    ["social_site blog { origin https://a/b/c; }\n"
     . server("location ^~ /b/c/_social/ {\nsocial_api <!>blog; }"), 'blog',
        'social_api', 'the location "/b/c/_social/" begins with "/b/c", the '
        . 'path of "origin", which stands before it in every link: write the '
        . 'location as nginx sees it behind the proxy, without that path'],
    [$blog . server('location /_social { social_api <!>blog; }'), 'blog',
        'social_api', "$prefix \"/_social\""],
    [$blog . server('location = /_social/ { social_api <!>blog; }'), 'blog',
        'social_api', "$prefix \"= /_social/\""],
    [$blog . server('location ~ /_social/ { social_api <!>blog; }'), 'blog',
        'social_api', 'a location without a regular expression expected'],
    [$blog . server('location @social { social_api <!>blog; }'), 'blog',
        'social_api', 'a location with a path expected, not a named one'],
    [$blog . server('location "/so cial/" { social_api <!>blog; }'), 'blog',
        'social_api', 'a location of letters, digits, "-", "_", ".", "~" and '
        . '"/" expected, this one is "/so cial/"'],
    [$blog . server("$api location = /_m { social_moderate <!>blog; }"),
        'blog', 'social_moderate', "$prefix \"= /_m\""],
    [$blog . server("$api location /_m { social_moderate <!>blog; }"),
        'blog', 'social_moderate', "$prefix \"/_m\""],
    [$blog . server("$api location ~ ^/s\$ { social_status <!>blog; }"),
        'blog', 'social_status',
        'a location without a regular expression expected'],
    [$blog . server("$api location = /s { social_status blog <!>open; }"),
        'open', 'social_status', '"public" or nothing expected'],
    [$blog . server('location /_s/ { <!>social_api blog public; }'),
        'invalid number of arguments in "social_api" directive'],
    [$blog . server("location /_s/ { social_api blog;\n<!>social_api blog; }"),
        '"social_api" directive is duplicate'],
    [$blog . server("location /_s/ { social_api blog;\n"
                    . 'social_moderate <!>blog; }'), 'blog',
        'social_moderate', $own],
    [$blog . server("location /_s/ { proxy_pass http://127.0.0.1:1/;\n"
                    . 'social_api <!>blog; }'), 'blog', 'social_api', $own],
    [$blog . server("location /_s/ { social_api\n<!>blog;\n"
                    . 'proxy_pass http://127.0.0.1:1/; }'), 'blog',
        'social_api', $own],

    # stores

    ["social_site a { store sqlite:a.db; }\n"
     . "social_site b {\nstore\n<!>sqlite:\@DIR\@/./a.db; }"
     . server('location ^~ /a/ { social_api a; }'
              . 'location ^~ /b/ { social_api b; }'),
        'sqlite:@DIR@/./a.db', 'store', 'each site needs its own store, '
        . '"sqlite:@DIR@/a.db" is already the store of site "a"'],
    ["social_site a { store sqlite:link/a.db; }\n"
     . "social_site b { store <!>sqlite:directory//a.db; }"
     . server('location ^~ /a/ { social_api a; }'
              . 'location ^~ /b/ { social_api b; }'),
        'sqlite:directory//a.db', 'store', 'each site needs its own store, '
        . '"sqlite:@DIR@/link/a.db" is already the store of site "a"'],
    ["social_site a { store sqlite:/var/lib/nginx/social/b.db; }\n"
     . 'social_site <!>b { }'
     . server('location ^~ /a/ { social_api a; }'
              . 'location ^~ /b/ { social_api b; }'),
        'b', 'social_site', 'each site needs its own store, '
        . '"sqlite:/var/lib/nginx/social/b.db" is already the store of '
        . 'site "a"'],
);

symlink "$dir/directory", "$dir/link" or die "$dir/link: $!";


sub bad {
    my ($name, $text, @want) = @_;

    my ($code, $line, @said) = conf_test($text);

    my @emerg = grep { /^\[emerg\]/ } @said;
    my $got = shift @emerg // '';
    my $want = pop @want;

    $name =~ s/\n/ /g;
    $name = substr($name, 0, 60) . '...' if length $name > 60;

    if (@want) {
        $want = ref $want
                ? qr/^\Qinvalid value "$want[0]" in "$want[1]": \E$want/
                : invalid(@want, $want);
    }

    if (ref $want) {
        like($got, qr/^\[emerg\] /, "$name: [emerg]");
        $got =~ s/^\[emerg\] //;
        like($got, $want, "$name: message");
        like($got, qr/ in \Q$dir\E\/nginx\.conf:$line$/, "$name: line")
            if $got !~ /^too long/;

    } else {
        $want =~ s/\@DIR\@/$dir/g;
        is($got, "[emerg] $want in $dir/nginx.conf:$line", $name);
    }

    is(scalar @emerg, 0, "$name: one line only") or diag(@emerg);
    is($code, 1, "$name: refused");
}


bad($$_[0], conf_site($$_[0]), @$_[1 .. $#$_]) for @params;
bad($$_[0], conf_http($$_[0]), @$_[1 .. $#$_]) for @https;


# a password that only somebody else may read

if ($> == 0) {
    my $file = "$dir/pgpass";

    open my $fh, '>', $file or die "$file: $!";
    close $fh or die "$file: $!";
    chmod 0600, $file;

    my $site = "user www-data;\n"
        . conf_site("store <!>postgresql://db/blog?passfile=$file;");

    bad('passfile of root', $site, "postgresql://db/blog?passfile=$file",
        'store', qq{the file of "passfile", "$file", must be the worker user's,}
                 . ' who connects: chown it');

    chown scalar(getpwnam 'www-data'), -1, $file;
    my (undef, undef, @told) = conf_test($site);
    unlike "@told", qr/must be the worker user/, 'passfile of the worker user';
}


# a wrong value in an included file: the message names that file

my $line = conf_write('params.conf', "# of the blog\n\nshare\n<!>myspace;\n");
my ($code, undef, @said) = conf_test(conf_site('include params.conf;'));

is($code, 1, 'include: refused');
is($said[0], '[emerg] ' . invalid('myspace', 'share', $networks)
             . " in $dir/params.conf:$line", 'include: file and line');


# the line number is right in a long file and behind misleading comments

my $front = "# it's \"quoted\" { and ; so on\n" x 4000;

bad('far down in a file', conf_site("$front\n\nshare # of\n'x' \"copy\"\n\n"
                          . "# <- none }\n<!>'my space' #;\n\n;\n"),
    'my space', 'share', $networks);

# where the value is not found in the file, nginx's own line: of the ";"

bad('a directive longer than the search',
    conf_site("share\nx\nmyspace\n" . ("# and so on\n" x 8000) . '<!>;'),
    'myspace', 'share', $networks);

done_testing();
