#!/usr/bin/perl

# docs/start-*.md on a Debian 12 with an existing site: a blogger's first hour,
# command by command as it is printed, from the packages to a widget, a comment
# that is approved and answered, an event log, a status page and moderation
# behind a password; for files, for an application, and for a real WordPress
# with its old comments.  Says how many commands and how long it took.  make
# packages runs it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Backend;
use Chroot;
use Cwd qw(abs_path);
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);


my $ROOT = abs_path("$FindBin::Bin/../..");
my $debian = Chroot->new($ENV{SOCIAL_CHROOT});
my $apt = 'apt-get -q -y -o Dpkg::Use-Pty=0';
my $html = '<!DOCTYPE html><html lang="en"><head><title>Frost</title></head>'
    . "<body><article><h1>Frost</h1></article></body></html>\n";
my $app = Backend->new('/posts/first-frost/' =>
    { headers => ['Content-Type: text/html'], body => [$html] });

sub good {
    my ($command, $what) = @_;

    my ($code, $said) = $debian->run($command);

    is $code, 0, $what // $command or diag $said;

    return $said;
}

sub slurp {
    my ($name) = @_;

    open my $fh, '<:raw', $name or die "$name: $!";
    local $/;
    return scalar <$fh>;
}

sub quoted { return "'" . ($_[0] =~ s/'/'\\''/gr) . "'" }


# a browser on that machine: with -k, as the certificate is nobody's; the
# answer's status and content

sub web {
    my ($path, @options) = @_;

    my $url = $path =~ m{^http} ? $path : "https://blog.example$path";
    my (undef, $said) = $debian->run(join ' ', 'curl -sk --noproxy "*"',
        "-A", quoted($Chroot::BROWSER), '-w "\n%{http_code}"',
        '-H "Origin: https://blog.example"', map({ quoted($_) } @options),
        quoted($url));
    my ($content, $status) = $said =~ /\A(.*)\n(\d+)\z/s;

    return wantarray ? ($content, $status) : $content // '';
}

sub json { return eval { JSON::PP->new->utf8->decode($_[0]) } // {} }


# a machine as before: no packages, Debian's /etc/nginx, one site in TLS

sub fresh {
    my ($site) = @_;

    $debian->run('dpkg --purge libnginx-mod-social ngx-social');
    $debian->run('invoke-rc.d nginx stop');
    good('rm -rf /var/lib/nginx/social /etc/nginx && '
         . 'cp -a /root/etc-nginx /etc/nginx && '
         . 'rm /etc/nginx/sites-enabled/default', 'a machine as before');
    $debian->put('/etc/nginx/sites-available/blog', $site);
    good('ln -s ../sites-available/blog /etc/nginx/sites-enabled/blog && '
         . 'invoke-rc.d nginx start', 'nginx serves the site');

    return;
}

# the page's steps; the command that asks for a password is told one, and what
# the reader edits is replaced as the page says

sub walk {
    my ($page, $until, %edit) = @_;

    my ($commands, $edits, $step) = (0, 0, 0);
    my $began = time;

    while ($page =~ /^\#\#\ (?:(\d)\.|(Mistakes))|^```(\w+)\n(.*?)^```$/msgx) {
        my ($number, $end, $language, $text) = ($1, $2, $3, $4);

        $step = $number if $number;
        last if $end || $step > $until;
        next if $number || $step < ($edit{from} // 1);

        if ($language eq 'sh') {
            $commands += () = $text =~ /^\S.*[^\\]$/mg;
            $text =~ s/(openssl passwd -apr1)/$1 secret/;
            my $said = good("set -e; cd packages; $text", "step $step");
            like $said, qr/^301$/m, 'moderation needs TLS'
                if $text =~ /http_code/;

        } elsif ($text =~ m{^# (/etc/nginx/\S+)$}m) {
            my $name = $1;
            my ($log) = ($debian->file($name) // '') =~ /(^# The event log.*)/ms;

            $edits++;
            $text = $edit{$name}->($text) if $edit{$name};
            $debian->put($name, $text . ($log // ''));
        }
    }

    return ($commands, $edits, time - $began);
}


# what all pages promise, on an article that has its widget

sub first_hour {
    my ($article) = @_;

    my ($token) = $debian->wait_for(sub {
        (web($article) =~ /name="token" value="([^"]+)"/)[0] });
    ok $token, 'the article has its widget' or BAIL_OUT('no widget');

    my ($content, $status) = web('/_social/comments', '-H',
        'Accept: application/json', '--data-urlencode', "article=$article",
        '--data-urlencode', "token=$token", '-d', 'name=Ann',
        '--data-urlencode', 'text=Was it cold?');
    is $status, 202, 'a comment waits' or diag $content;

    is +(web($_))[1], 401, "$_ wants a password" for '/_moderate/', '/social';

    my @jane = ('-u', 'jane:secret');
    my ($held) = grep { $_->{text} eq 'Was it cold?' }
        @{ json(web('/_moderate/?format=json', @jane))->{comments} };
    ok $held, 'jane sees it' or return;

    ($content, $status) = web('/_moderate/', @jane, '-d', "id=$held->{id}",
        '-d', 'action=reply', '-H', 'Accept: application/json',
        '--data-urlencode', 'text=Minus nine.');
    is $status, 200, 'and answers, which approves it' or diag $content;

    ok $debian->wait_for(sub {
        web($article) =~ /Was it cold\?.*<b>Jane Doe<\/b> <i.*Minus nine\./s }),
        'both are below the article, hers marked as the author\'s';
    ok $debian->wait_for(sub {
        my $status = json(web('/social?format=json', @jane));
        grep { $_->{key} eq $article } @{ $status->{articles} // [] } }),
        'the status page has the article';

    return;
}

sub event_log {
    my ($article) = @_;

    ok $debian->wait_for(sub {
        web($article);
        ($debian->file('/var/log/nginx/social.log') // '')
            =~ /"event":"view","site":"blog","article":"\Q$article\E"/ }),
        'the event log has views';
    like $debian->file('/var/log/nginx/access.log'), qr/GET \Q$article\E /,
        'the usual log goes on';
    like $debian->file('/etc/logrotate.d/nginx'),
        qr{^/var/log/nginx/\*\.log\b}m, 'and is rotated with it';

    return;
}

sub page { return slurp("$ROOT/docs/start-$_[0].md") }

# the page's server without its new line

sub existing {
    my ($page) = @_;

    my ($site) = grep { /sites-available/ } $page =~ /^```nginx\n(.*?)^```$/msg;

    return $site =~ s/^.*# this line\n//mr;
}

sub told {
    my ($what, $commands, $edits, $seconds) = @_;

    diag sprintf '%s: %d commands, %d edits, %.1f s to the first widget',
        $what, $commands, $edits, $seconds;

    return;
}


# the machine, for all three

good('[ -d /root/etc-nginx ] || cp -a /etc/nginx /root/etc-nginx',
     'Debian\'s configuration');
good('grep -q blog.example /etc/hosts || echo 127.0.0.1 blog.example '
     . '>> /etc/hosts', 'its name');
good('mkdir -p /etc/letsencrypt/live/blog.example && cd '
     . '/etc/letsencrypt/live/blog.example && openssl req -x509 -newkey '
     . 'rsa:2048 -nodes -days 9 -subj /CN=blog.example -keyout privkey.pem '
     . '-out fullchain.pem 2>&1', 'a certificate');
$debian->put('/usr/local/bin/systemctl', "#!/bin/sh\nexec invoke-rc.d \$2 \$1\n");
good('chmod 755 /usr/local/bin/systemctl', 'systemctl, without systemd');


subtest 'a static site' => sub {
    my $page = page('static');

    $debian->put('/var/www/blog/posts/first-frost/index.html', $html);
    fresh(existing($page));
    is web('/posts/first-frost/'), $html, 'the page, as before';

    my @took = walk($page, 5);

    first_hour('/posts/first-frost/');
    told('a static site', @took);
    walk($page, 6, from => 6);
    event_log('/posts/first-frost/');
};


subtest 'an application' => sub {
    my $page = page('proxy');
    my $port = $app->port;
    my $here = sub { $_[0] =~ s/127\.0\.0\.1:2368/127.0.0.1:$port/r };

    fresh($here->(existing($page)));
    is web('/posts/first-frost/'), $html, 'the page, as before';

    my @took = walk($page, 5, '/etc/nginx/sites-available/blog' => $here);

    first_hour('/posts/first-frost/');
    told('an application', @took);
    walk($page, 6, from => 6);
    event_log('/posts/first-frost/');
};


# WordPress from Debian's package, as its manual installs it: a folder, a
# database, a form

my $old = 'Deep links should still work.';

sub database {
    good('mkdir -p /run/mysqld && chown mysql: /run/mysqld && '
         . '(setsid mariadbd --user=mysql --skip-networking '
         . '--socket=/run/mysqld/mysqld.sock > /root/mariadb.log 2>&1 &)',
         'MariaDB');
    ok $debian->wait_for(sub {
        ($debian->run('mariadb -e "SELECT 1"'))[0] == 0 }), 'it answers';
    good('mariadb -e "CREATE DATABASE wp; CREATE USER wp@localhost IDENTIFIED '
         . 'BY \'wp\'; GRANT ALL ON wp.* TO wp@localhost"', 'a database');

    return;
}

sub sql { return good('mariadb -N wp -e ' . quoted($_[0]), $_[0]) }

my @cookies = ('-b', '/root/cookies', '-c', '/root/cookies');

sub wordpress {
    good('rm -rf /var/www/blog && cp -rL /usr/share/wordpress /var/www/blog && '
         . 'chown -R www-data: /var/www/blog', 'WordPress in a folder');
    $debian->put('/var/www/blog/wp-config.php', <<'END');
<?php
define('DB_NAME', 'wp');
define('DB_USER', 'wp');
define('DB_PASSWORD', 'wp');
define('DB_HOST', 'localhost');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('DISABLE_WP_CRON', true);
foreach (array('AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE') as $name) {
    define($name . '_KEY', str_repeat('k', 60));
    define($name . '_SALT', str_repeat('s', 60));
}
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
END

    like web('/wp-admin/install.php?step=2', map { ('-d', $_) }
             'weblog_title=Blog', 'user_name=admin', 'admin_password=pw',
             'admin_password2=pw', 'pw_weak=1', 'admin_email=jane@blog.example',
             'blog_public=0', 'language='),
        qr/Success/, 'WordPress is installed';

    web('/wp-login.php', @cookies);
    is +(web('/wp-login.php', @cookies, '-d', 'log=admin', '-d', 'pwd=pw', '-d',
             'testcookie=1'))[1], 302, 'admin signs in';

    my ($nonce) = web('/wp-admin/options-permalink.php', @cookies)
        =~ /name="_wpnonce" value="(\w+)"/;
    my $month = '/%year%/%monthnum%/%postname%/';

    web('/wp-admin/options-permalink.php', @cookies, '-d', "_wpnonce=$nonce",
        '-d', "selection=$month", '-d', "permalink_structure=$month");

    my ($link) = web('/', @cookies)
        =~ m{https://blog\.example(/\d{4}/\d\d/hello-world/)};
    ok $link, 'its permalinks have month and name';

    return $link;
}

# a comment in WordPress, by its own form; its number

sub wordpress_comment {
    my ($text, $parent, @who) = @_;

    is +(web('/wp-comments-post.php', @who, '--data-urlencode',
             "comment=$text", '-d', 'comment_post_ID=1', '-d',
             "comment_parent=$parent"))[1], 302, "WordPress takes: $text";

    return (sql('SELECT MAX(comment_ID) FROM wp_comments') =~ /(\d+)/)[0];
}


subtest 'WordPress' => sub {
    my $page = page('wordpress');

    database();
    good('invoke-rc.d php8.2-fpm start', 'PHP-FPM');
    fresh(existing($page));

    my $post = wordpress() or return;

    sql('ALTER TABLE wp_comments AUTO_INCREMENT = 123');
    my $first = wordpress_comment($old, 0, '-d', 'author=Ben', '-d',
                                  'email=ben@blog.example');
    is $first, 123, 'comment 123';
    sql('UPDATE wp_comments SET comment_approved = 1 WHERE comment_ID = 123');
    wordpress_comment('They do.', 123, @cookies);
    like web($post), qr/id="comment-123".*\Q$old\E.*They do\./s,
        'the post has its comments and their anchors';

    my @took = walk($page, 5);

    first_hour($post);
    told('WordPress', @took);
    walk($page, 6, from => 6);
    event_log($post);

    # the export, as the admin downloads it
    is +(web('/wp-admin/export.php?download=true&content=all', @cookies, '-o',
             '/root/wordpress.xml'))[1], 200, 'the export';
    like $debian->file('/root/wordpress.xml'),
        qr/<wp:comment_id>123</, 'has comment 123';

    my ($off) = $page =~ /^## 7\..*?^```sh\n(.*?)^```$/ms;

    good($off, 'WordPress\'s own comments off');
    my $said = web($post);
    unlike $said, qr/id="(?:commentform|respond)"|\Q$old\E|wp-block-comment/,
        'are off';
    is +(web('/wp-comments-post.php', '-d', 'comment=Late', '-d',
             'comment_post_ID=1', '-d', 'author=Eve', '-d',
             'email=e@blog.example'))[1], 403, 'WordPress takes none';

    SKIP: {
        skip 'this ngx-social has no import', 5
            if ($debian->run('ngx-social help import'))[0] != 0;

        my (undef, $import) = ($page =~ /^(## 7\..*?)^## /ms)[0]
            =~ /^```sh\n(.*?)^```$/msg;

        good("set -e; $import", 'the import');
        ok $debian->wait_for(sub { web($post) =~ /\Q$old\E.*They do\./s }),
            'the old comments are below the post, without a reload';
        like web($post), qr/id="comment-123".*They do\./s,
            'an old link leads to its comment';
        good("set -e; $import", 'a second import');
        is scalar(() = web($post) =~ /\Q$old\E/g), 1, 'takes nothing twice';
    }

    good('invoke-rc.d php8.2-fpm stop && mariadb-admin shutdown', 'the end');
};

good('invoke-rc.d nginx stop', 'nginx stops');

done_testing();
