#!/usr/bin/perl

# README and docs/operations.md, followed by a stranger: a copy of Debian's
# /etc/nginx gets the files as they are printed, nginx starts with them, an
# article has comments, the password works, the event log is written beside the
# usual one, and the way out when the module does not load leads out and back.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp ();
use HTTP::Tiny ();
use MIME::Base64 qw(encode_base64);
use Social;
use Test::More;


my $ROOT = "$FindBin::Bin/..";
my $module = Social->new(stopped => 1)->{module};

plan skip_all => 'the module is part of nginx' if $module eq 'static';

my $house = File::Temp->newdir;
my $etc = "$house/etc/nginx";
my $port = Social::free_port();
my $nginx = Social::Tool::binary();

chmod 0755, $house;
make_path(map { "$house/$_" } qw(etc/nginx/modules-enabled etc/nginx/conf.d
    etc/nginx/snippets etc/nginx/sites-available etc/nginx/sites-enabled
    var/log/nginx var/lib/nginx var/www/html run temp bin usr));


sub slurp {
    my ($name) = @_;

    open my $fh, '<:raw', $name or die "$name: $!";
    local $/;
    return scalar <$fh>;
}

# what is written for a machine goes into the house

sub local_paths {
    my ($text) = @_;

    $text =~ s{(?<![\w.])/(etc/nginx|var/log/nginx|var/lib/nginx|var/www)\b}
              {$house/$1}g;
    $text =~ s{modules/ngx_social_module\.so}{$module};
    $text =~ s{127\.0\.0\.1:8999}{127.0.0.1:$port}g;
    $text =~ s{https://blog\.example}{http://127.0.0.1:$port}g;

    # the usual name of the store is in the module
    $text =~ s{^(social_site blog \{.*)$}
              {$1\n    store sqlite:$house/var/lib/nginx/social/blog.db;}m;

    # only root can give a file away
    $text =~ s/chown root:www-data/true/g if $> != 0;

    return $text;
}

sub put {
    my ($name, $text) = @_;

    make_path(dirname("$house/$name"));
    open my $fh, '>:raw', "$house/$name" or die "$name: $!";
    print $fh $text;
    close $fh or die "$name: $!";

    return;
}

sub shell {
    my ($text) = @_;

    put('commands.sh', "set -eu\nPATH=$house/bin:\$PATH\n"
        . local_paths($text));

    return system "sh $house/commands.sh >$house/said 2>&1";
}

sub said { return slurp("$house/said") }

sub blocks {
    my ($text, $language) = @_;

    return $text =~ /^```$language\n(.*?)^```$/msg;
}


# Debian's nginx.conf, and a machine's nginx and systemctl

my $user = $> == 0 ? "user www-data;\n" : '';
my $temp = join '', map { "    ${_}_temp_path $house/temp/$_;\n" }
    qw(client_body proxy fastcgi uwsgi scgi);

put('etc/nginx/nginx.conf', Social::Tool::main() . <<"END");
${user}pid $house/run/nginx.pid;
error_log $house/var/log/nginx/error.log;
include $etc/modules-enabled/*.conf;

events { }

http {
$temp
    types { text/html html; }
    access_log $house/var/log/nginx/access.log;
    include $etc/conf.d/*.conf;
    include $etc/sites-enabled/*;
}
END

my $run = join(' ', Social::Tool::nginx()) . " -p $house/usr/"
    . " -c $etc/nginx.conf -e $house/var/log/nginx/error.log";

put('bin/nginx', "#!/bin/sh\nexec $run \"\$@\"\n");
put('bin/systemctl', <<"END");
#!/bin/sh
case \$1 in
stop|restart)
    # nginx -t leaves an empty file
    [ ! -s $house/run/nginx.pid ] || kill -QUIT \$(cat $house/run/nginx.pid)
    for i in \$(seq 400); do
        [ -s $house/run/nginx.pid ] || break
        sleep 0.05
    done
    ;;
esac
case \$1 in start|restart) $run ;; esac
END
chmod 0755, map { "$house/bin/$_" } qw(nginx systemctl);

my $html = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>'
    . '<main><article><h1>T</h1></article></main></body></html>';

put("var/www/html/$_/index.html", $html)
    for qw(posts/first-frost 2026/11/bread about);


# README

my $readme = slurp("$ROOT/README.md");
my $operations = slurp("$ROOT/docs/operations.md");
my ($site) = grep { /^server \{/ } blocks($operations, 'nginx');
my @files = blocks($readme, 'nginx');
my $include = pop @files;
my %written;

for my $text (@files) {
    my ($name) = $text =~ m{^# /(etc/nginx/\S+\.conf)$}m;

    ok $name, 'a file has its name in its first line' or next;
    put($name, local_paths($text));
    $written{$name} = 1;
}

is_deeply [ sort keys %written ],
    [ sort $operations =~ m{^\| `/(etc/nginx/\S+)` \|}mg ],
    'README and operations.md name the same files';
like $site, qr/^\s*\Q$include\E/m, 'and include the same way';

put('etc/nginx/sites-available/default', local_paths($site));
symlink "$etc/sites-available/default", "$etc/sites-enabled/default"
    or die "default: $!";

my ($commands) = grep { /social\.users/ } blocks($readme, 'sh');
my ($password) = $commands =~ s/(openssl passwd -apr1)/$1 secret/;

is shell($commands), 0, "README's commands" or diag said();
like said(), qr/test is successful/, 'nginx takes the configuration';

my @lines = grep { !/^ *(?:nginx|systemctl)/ } split /\n/, $commands;
my ($same) = grep { /social\.users/ } blocks($operations, 'sh');
$same =~ s/(openssl passwd -apr1)/$1 secret/;
is $same, join("\n", @lines) . "\n", 'operations.md makes the password alike';


my $agent = HTTP::Tiny->new(max_redirect => 0, agent => $Social::BROWSER,
                            keep_alive => 0, timeout => 20);

sub get {
    my ($path, $login) = @_;

    return $agent->get("http://127.0.0.1:$port$path", { headers => {
        $login ? (Authorization => 'Basic ' . encode_base64($login, '')) : () },
    });
}

sub wait_for {
    my ($condition) = @_;

    for (1 .. 500 * Social::Tool::slow()) {
        my $got = $condition->();
        return $got if $got;
        select undef, undef, undef, 0.02;
    }

    return;
}

for my $page ('/posts/first-frost/', '/2026/11/bread/') {
    ok wait_for(sub { get($page)->{content} =~ /name="token"/ }),
        "$page is an article";
}

unlike get('/about/')->{content}, qr/data-social/, '/about/ is none';
is get('/social')->{status}, 401, 'the status page wants a password';
is get('/social', 'jane:wrong')->{status}, 401, 'the right one';
is get('/social', 'jane:secret')->{status}, 200, 'and opens with it';
is get('/_moderate/', 'jane:secret')->{status}, 200, 'so does moderation';

my ($token) = get('/posts/first-frost/')->{content}
    =~ /name="token" value="([^"]+)"/;
my $cookie = get('/_moderate/', 'jane:secret')->{headers}{'set-cookie'};
my $res = $agent->post("http://127.0.0.1:$port/_social/comments", {
    headers => {
        'Content-Type' => 'application/json', 'Accept' => 'application/json',
        Origin => "http://127.0.0.1:$port", Cookie => $cookie =~ s/;.*//r },
    content => qq({"article":"/posts/first-frost/","token":"$token",)
        . '"name":"x","text":"By the author"}',
});
like $res->{content}, qr/"name":"Jane Doe"/,
    'readers see the name that README sets, not the login';


# the event log

my ($format, $logs) = grep { /^(?:log_format|access_log)/ }
    blocks($operations, 'nginx');

put('etc/nginx/conf.d/social.conf', local_paths($format)
    . slurp("$etc/conf.d/social.conf"));
put('etc/nginx/snippets/social.conf', local_paths($logs)
    . slurp("$etc/snippets/social.conf"));
is shell("nginx -t && systemctl restart nginx"), 0, 'with an event log'
    or diag said();

get('/posts/first-frost/?seen');

ok wait_for(sub { -s "$house/var/log/nginx/social.log" }),
    'events are written';
like slurp("$house/var/log/nginx/social.log"), qr/"event":"view"/,
    'with their names';
ok wait_for(sub { slurp("$house/var/log/nginx/access.log")
                      =~ m{GET /posts/first-frost/\?seen} }),
    'the usual log goes on';


# the way out where nginx does not start, and the way back

my ($way) = $operations =~ /^(## nginx does not start.*?)^## /ms;
my ($out, $back) = blocks($way, 'sh');

is shell('systemctl stop nginx'), 0, 'nginx is stopped';
put('broken.so', 'not a module');
put('etc/nginx/modules-enabled/60-social.conf',
    "load_module $house/broken.so;\n");
isnt shell('nginx -t'), 0, 'a module that does not load';

is shell($out), 0, 'the way out' or diag said();
is get('/posts/first-frost/')->{content}, $html, 'pages are served again';

put('etc/nginx/modules-enabled/60-social.off', "load_module $module;\n");
is shell($back), 0, 'the way back' or diag said();
ok wait_for(sub { get('/posts/first-frost/')->{content}
                      =~ /By the author/ }), 'the comments are there again';

is shell('systemctl stop nginx'), 0, 'nginx is stopped';


done_testing;

END {
    # in case of an early end
    if ($house && -s "$house/run/nginx.pid") {
        local $?;
        kill 'QUIT', slurp("$house/run/nginx.pid") =~ /(\d+)/;
    }
}
