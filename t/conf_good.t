#!/usr/bin/perl

# Right configurations: nginx -t accepts them silently, or with exactly the
# warnings that are due.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social::Conf;
use Test::More;


my $dir = conf_dir();

conf_write('share.mustache', "<p>{{#any}}{{x}}{{/any}}</p>\n");
conf_write('params.conf', "article /posts/;\nshare off;\n");

# [name, block, warnings]

my @sites = (
    ['nothing written', ''],
    ['the example of the manual', <<'EOF_CONF'],
        origin   https://blog.myhost.net;
        store    sqlite:@DIR@/social/blog.db;
        article  ~ ^/posts/[^/]+/$;
EOF_CONF
    ['every parameter with its default', <<'EOF_CONF'],
        store sqlite:/var/lib/nginx/social/blog.db;
        zone 16m;
        flush 5s;
        insert auto;
        comments first;
        reactions off;
        order newest;
        author $remote_user;
        limit comments=5/10m links=2;
        metrics reply_within=7d prior=200;
EOF_CONF
    ['origin with a port', 'origin http://localhost:8080;'],
    ['origin with an address', 'origin http://[::1]:8080;'],
    ['origin with a path', 'origin https://blog.example/Blog/notes;'],
    ['origin with a slash at its end', 'origin https://blog.example/;'],
    ['origin with a path like the API prefix',
        'origin https://blog.example/_soc;'],
    ['origin in capitals', 'origin HTTPS://Blog.MyHost.Net;'],
    ['store, relative to the prefix', 'store sqlite:blog.db;'],
    ['store in a directory to be made', 'store sqlite:new/blog.db;'],
    ['zone, bounds', 'zone 256k;'],
    ['flush, least', 'flush 100ms;'],
    ['flush, most', 'flush 1h;'],
    ['article, exact', 'article = /about/;'],
    ['article, exact without a space', 'article =/about/;'],
    ['article, prefix', 'article /posts/;'],
    ['article, regular expression', 'article ~ "^/\d{4}/[a-z]+$";'],
    ['article, caseless without a space', 'article ~*^/posts/;'],
    ['article, several', "article /posts/;\narticle = /about/;\n"
                         . 'article ~* ^/essays/;'],
    ['article, UTF-8', 'article /über/;'],
    ['key of a variable', 'key $arg_p;'],
    ['key of several', 'key "/${host}$uri";'],
    ['insert marker', 'insert marker;'],
    ['insert body', 'insert body;'],
    ['share, some', 'share mastodon bluesky hackernews copy;'],
    ['share off', 'share off;'],
    (map { ["comments $_", "comments $_;"] } qw(open first hold closed off)),
    ['reactions off', 'reactions off;'],
    ['order oldest', 'order oldest;'],
    ['goal, several', "goal signup = /welcome/;\ngoal paper_2 /paper;\n"
                      . 'goal buy ~ ^/shop/.*/thanks$;'],
    ['goal, longest name', 'goal ' . ('g' x 31) . ' /x;'],
    ['author by name', 'author Jane;'],
    ['author by variable', 'author $http_x_user;'],
    ['block', 'block "(?i)casino|lottery";'],
    ['block as in location', 'block ~* "casino é";'],
    ['limit off', 'limit off;'],
    ['limit, comments only', 'limit comments=20/1h;'],
    ['limit, no link at all', 'limit links=0;'],
    ['ignore', 'ignore $cookie_me;'],
    ['metrics, all', 'metrics reply_within=2d comment_silence=21d '
        . 'author_silence=1w prior=100 share_prior=3 pooled=500 '
        . 'new_readers=10 participants=2 exchanges=1 sharers=2 reactions=5 '
        . 'broadcast_comments=3 broadcast=0.8 base_participants=0.01 '
        . 'base_sharers=0.001 base_reactions=0.02 base_active=0.009;'],
    (map { ["language $_", "language $_;"] } qw(en DE de-AT fr es-419
        ar-Latn-x-a pt-BR it nl pl ru uk tr ja zh-Hans zh-TW ko)),
    ['notify, an address', 'notify http://127.0.0.1:8090/hook?key=1;'],
    ['notify, no path', 'notify http://127.0.0.1:8090;'],
    ['notify, a socket', 'notify http://unix:/run/hook.sock:/x text;'],
    ['notify, a socket alone', 'notify http://unix:/run/hook.sock;'],
    ['privacy, path', 'privacy /privacy.html;'],
    ['privacy, address', 'privacy https://blog.example/privacy#comments;'],
    ['parameters in a file of their own', 'include params.conf;'],
    ['values over several lines', "share\n  x\n  # and\n  copy ;"],
    ['a store on this machine', 'store postgresql://social@127.0.0.1/blog;'],
    ['a store by its socket', 'store postgresql://social@/blog;'],
    ['a store on another machine, with TLS',
        'store postgresql://social@db/blog?sslmode=verify-full;'],
    ['a store by its socket, as a parameter',
        'store postgresql://social@/blog?host=/run/postgresql;'],
    ['a store on another machine, with TLS as others call it',
        'store postgresql://social@db/blog?ssl=true;'],
    ['quoted values', 'origin "https://blog.myhost.net"; zone \'1m\';'],

    ['a dead network', "share x\n <!>pocket copy;",
        ['"pocket" was shut down in 2025-07, it is not offered']],
    ['nothing but a dead network', "share <!>flattr;",
        [qr/^"flattr" was shut down in \d{4}-\d\d, it is not offered$/]],
    ['a store without a place', "store\n<!>sqlite:/no/where/at/all.db;",
        ['"sqlite:/no/where/at/all.db" cannot be created: there is no '
         . 'directory "/no/where", and only the last directory of a path is '
         . 'created']],
    ['a store on another machine, without a word about TLS',
        'store <!>postgresql://social@db/blog;',
        ['"store" leads to another machine and does not say "sslmode": '
         . 'comments may cross the network as plain text, add '
         . '"sslmode=verify-full"']],
    ['the same, as a parameter', 'store <!>postgresql://social@/blog?host=db;',
        ['"store" leads to another machine and does not say "sslmode": '
         . 'comments may cross the network as plain text, add '
         . '"sslmode=verify-full"']],
);

my @laters = ();

my $api = 'location ^~ /_social/ { social_api blog; }';
my $basic = 'auth_basic "blog"; auth_basic_user_file users;';

my @https = (
    ['the module without a site', 'server { listen 127.0.0.1:8999; }'],
    ['a site used before it is defined', <<"EOF_CONF"],
    server { listen 127.0.0.1:8999; social blog; $api }
    social_site blog { }
EOF_CONF
    ['all directives', <<"EOF_CONF"],
    social_site blog { }
    log_format social escape=json '\$social_event';
    server {
        listen 127.0.0.1:8999;
        access_log \@DIR\@/social.log social if=\$social_event;
        social blog;
        $api
        location = /social { social_status blog; }
        location ^~ /_moderate/ { social_moderate blog; $basic }
        location /drafts/ { social off; }
    }
EOF_CONF
    ['social in http', <<"EOF_CONF"],
    social_site blog { }
    social blog;
    server { listen 127.0.0.1:8999; $api }
EOF_CONF
    ['several servers share a site', <<"EOF_CONF"],
    social_site blog { }
    server { listen 127.0.0.1:8999; server_name a; social blog; $api }
    server { listen 127.0.0.1:8999; server_name b; social blog; $api }
EOF_CONF
    ['several sites, one server', <<"EOF_CONF"],
    social_site blog { }
    social_site news { }
    server {
        listen 127.0.0.1:8999;
        location /b/ { social blog; }
        location /n/ { social news; }
        location ^~ /_blog/ { social_api blog; }
        location ^~ /_news/ { social_api news; }
        location /status/ {
            location = /status/a { social_status blog; }
            location = /status/b { social_status news; }
        }
    }
EOF_CONF
    ['names of every kind', <<"EOF_CONF"],
    social_site _A-9 { }
    server { location ^~ /~s.x/ { social_api _A-9; } listen 127.0.0.1:8999; }
EOF_CONF
    ['limit_except and if in the locations', <<"EOF_CONF"],
    social_site blog { }
    server {
        listen 127.0.0.1:8999;
        $api
        location ^~ /_moderate/ {
            social_moderate blog;
            $basic
            limit_except GET { deny all; }
            if (\$arg_x) { set \$y 1; }
        }
    }
EOF_CONF
    ['a variable defined later', <<"EOF_CONF"],
    social_site blog { ignore \$me; key \$page; author \$who; }
    map \$remote_addr \$me { default 0; 127.0.0.1 1; }
    server {
        listen 127.0.0.1:8999;
        server_name ~^(?<who>.+)\\.example\$;
        $api
        set \$page \$arg_p;
    }
EOF_CONF
    ['a default thread pool of another size', <<"EOF_CONF"],
    social_site blog { }
    server { listen 127.0.0.1:8999; aio threads; $api }
EOF_CONF
    ['^~ beside regular expressions', <<"EOF_CONF"],
    social_site blog { }
    server { listen 127.0.0.1:8999; $api location ~ \\.php\$ { } }
EOF_CONF
    ['a plain prefix alone', <<"EOF_CONF"],
    social_site blog { }
    server {
        listen 127.0.0.1:8999;
        location /_social/ { social_api blog; }
    }
EOF_CONF
    ['a plain prefix beside regular expressions', <<"EOF_CONF",
    social_site blog { }
    server {
        listen 127.0.0.1:8999;
        location /_social/ {
            social_api
                <!>blog;
        }
        location ~ \\.php\$ { }
    }
EOF_CONF
        ['"/_social/" of "social_api" is a plain prefix: regex locations of '
         . 'this server take precedence, write "location ^~ /_social/"']],
    ['a public status page', <<"EOF_CONF",
    social_site blog { }
    server {
        listen 127.0.0.1:8999;
        $api
        location = /status { social_status blog public; }
    }
EOF_CONF
    ],
);


sub good {
    my ($name, $text, @warnings) = @_;

    my ($code, $line, @said) = conf_test($text);

    # t/conf_moderate.t has these warnings
    my @left = grep { !/^\[notice\]|is\ an\ address\ for\ examples
                      |"social_(?:moderate|status)"\ has\ no\ location/x } @said;

    for my $warning (@warnings) {
        my $got = shift @left // '';
        my $place = " in $dir/nginx.conf:$line";

        if (ref $warning) {
            $got =~ s/^\[warn\] // and $got =~ s/\Q$place\E$// or $got = '';
            like($got, $warning, "$name: warning");

        } else {
            is($got, "[warn] $warning$place", "$name: warning");
        }
    }

    is_deeply([$code, @left], [0], $name);
}


good($$_[0], conf_site($$_[1]), @{ $$_[2] || [] }) for @sites;
good($$_[0], conf_http($$_[1]), @{ $$_[2] || [] }) for @https;

# what is not built yet gives one warning, at the line where it is written

for (@laters) {
    my ($code, $line, @said) = conf_test(conf_site($$_[1]));
    my $want = qq{[warn] "$$_[0]" is accepted, but not built yet: it has no }
               . qq{effect in $dir/nginx.conf:$line};

    is($code, 0, "$$_[1]: accepted");
    is_deeply(\@said, [ $want ], "$$_[1]: one warning");
}

for ('reactions on;', 'order oldest;', 'retention events=400d;', 'retention held=7d events=90d;',
     "template share\n share.mustache;") {
    my ($code, $line, @said) = conf_test(conf_site($_));

    is_deeply([ $code, @said ], [ 0 ], "$_: no warning, since it is built");
}


# nginx -t creates and changes nothing; the first run makes nginx's own files

my $whole = conf_site("store sqlite:made/blog.db;\ntemplate share "
                      . 'share.mustache;');

conf_test($whole);

my $before = conf_tree();
my ($code) = conf_test($whole);

is($code, 0, 'a second nginx -t');
is(conf_tree(), $before, 'nginx -t changes nothing');
ok(!-e "$dir/made", 'nginx -t makes no directory for a store');
is(scalar(grep { !m{/(?:tmp_\w+|nginx\.(?:conf|pid)|share\.mustache
                    |params\.conf|social\.log)$}x }
          glob("$dir/*")), 0, 'nginx -t leaves nothing behind');

done_testing();
