#!/usr/bin/perl

# The life of the packages on a Debian 12 with a site: installed, upgraded under
# load, with a configuration that fails, removed with the configuration in
# place, installed again, met by an nginx of another ABI, purged.  The site is
# never down: every request of a loop is answered 200.  make packages runs it.

use strict;
use warnings;

use Chroot;
use Test::More;
use Time::HiRes qw(sleep);


my $debian = Chroot->new($ENV{SOCIAL_CHROOT});
my $page = '<!DOCTYPE html><html lang="en"><head><title>Frost</title></head>'
    . "<body><article><h1>Frost</h1></article></body></html>\n";
my $post = '/posts/first-frost/';
my $module = 'libnginx-mod-social';
my $ours = '/etc/nginx/social-enabled';
my $apt = 'apt-get -q -y -o Dpkg::Use-Pty=0';

sub good {
    my ($command, $what) = @_;

    my ($code, $said) = $debian->run($command);

    is $code, 0, $what // $command or diag $said;

    return $said;
}

sub nginx_is_content {
    my ($what) = @_;

    my ($code, $said) = $debian->run('nginx -t');

    return is $code, 0, "nginx -t: $what" || diag $said;
}

# a change with a loop of requests beside it, none of which may fail

sub under_load {
    my ($what, $change) = @_;

    my $load = $debian->load($post);

    sleep 0.2;
    my @result = $change->();
    sleep 0.5;

    my %seen = $load->();
    my $good = delete $seen{200} // 0;

    cmp_ok $good, '>', 10, "$what: $good requests";
    is_deeply \%seen, {}, "$what: all are answered 200";

    return @result;
}

sub body { return $debian->get($post)->{content} }

sub has_widget {
    return $debian->wait_for(sub { body() =~ /<section data-social=/ });
}

sub has_none {
    return $debian->wait_for(sub { body() eq $page });
}


# a package as it is, but for lines of its control file; newer by its version

sub repack {
    my ($file, $out, %lines) = @_;

    my $edit = join '; ', map {
        my $value = $lines{$_};
        "sed -i 's|^$_: .*|$_: $value|' x/DEBIAN/control" } sort keys %lines;

    return good("rm -rf x && dpkg-deb -R $file x && $edit "
        . "&& dpkg-deb --root-owner-group -b x $out", "made $out");
}


# the site, with Debian's nginx as it is

$debian->put("/var/www/html$_", $page) for "${post}index.html";
good('invoke-rc.d nginx start', 'nginx starts');
is body(), $page, 'and serves a page';

my ($before) = good('nginx -T 2>/dev/null');
my $master = $debian->master;

# installed: from what is here, and what was fetched of Debian

my ($said) = under_load('installing', sub {
    good("$apt install --no-install-recommends ./packages/*.deb",
         'apt install ./*.deb') });

nginx_is_content('after the installation');
ok $debian->has('/etc/nginx/modules-enabled/50-mod-social.conf'),
    'the module is loaded by a link';
ok $debian->has($ours), 'the way to the sites is open';
ok $debian->wait_for(sub { $debian->master
    && $debian->module_of($debian->master) !~ /^$|deleted/ }),
    'nginx has the module';
is body(), $page, 'no site is active: the page is as it was';
like good('ngx-social --version'), qr/^ngx-social \d/, 'the program runs';
like good('man -w ngx_social 2>/dev/null || ls /usr/share/man/man5/ngx*'),
    qr{man5/ngx_social}, 'its manual pages are there';

my ($version) = good("dpkg-query -W -f '\${Version}' $module") =~ /(\S+)/;
is +(good('ngx-social --version') =~ /(\d\S*)/)[0], $version,
    'one version';


# a site

my $site = good('cat /usr/share/doc/libnginx-mod-social/examples/site.conf');
$site =~ s{https://blog\.example}{http://127.0.0.1};
$debian->put('/etc/nginx/social/site.conf', $site);
good('cp /usr/share/doc/libnginx-mod-social/examples/server.conf '
     . '/etc/nginx/social/');
good("sed -i '0,/server_name/s//include "
     . '\/etc\/nginx\/social-enabled\/server*.conf;\n\tserver_name/'
     . "' /etc/nginx/sites-available/default");
$debian->put('/etc/nginx/social.users', "jane:{PLAIN}secret\n");
good('nginx -t && invoke-rc.d nginx reload', 'the examples, as they are');
ok has_widget(), 'a reload is enough: the article has its widget';

my ($token) = $debian->wait_for(sub {
    (body() =~ /name="token" value="([^"]+)"/)[0] });
my $res = $debian->request('POST', '/_social/comments',
    headers => { Origin => 'http://127.0.0.1',
                 'Content-Type' => 'application/json' },
    content => qq({"article":"$post","token":"$token","name":"Ann",)
        . '"text":"Was it cold?"}');
is $res->{status}, 202, 'a comment is taken, and waits' or diag $res->{content};


# upgraded: the new code runs, and no reader noticed

my $deb = 'packages/libnginx-mod-social_*.deb';

repack($deb, 'later.deb', Version => "$version+later");
$master = $debian->master;
under_load('an upgrade', sub { good("dpkg -i later.deb", 'an upgrade') });
ok $debian->wait_for(sub { !$debian->has('/run/nginx.pid.oldbin') }),
    'the old nginx is gone';
isnt $debian->master, $master, 'another nginx runs';
like $debian->module_of($debian->master), qr/\.so$/, 'with the new module';
ok has_widget(), 'and the widget is there';


# upgraded while the configuration is wrong: the old nginx goes on

repack($deb, 'last.deb', Version => "$version+later2");
$debian->put('/etc/nginx/conf.d/wrong.conf', "no_such_thing;\n");
$master = $debian->master;

($said) = under_load('an upgrade over a wrong configuration', sub {
    good('dpkg -i last.deb', 'an upgrade over a wrong configuration') });

like $said, qr/^$module: nginx goes on as it was, because nginx -t fails/m,
    'one sentence says so';
is scalar(() = $said =~ /^libnginx-mod-social:/mg), 1, '... one';
is $debian->master, $master, 'the same nginx runs';
like $debian->module_of($master), qr/deleted/, 'with the old module';
good('rm /etc/nginx/conf.d/wrong.conf && invoke-rc.d nginx upgrade',
     'what the sentence said');
ok $debian->wait_for(sub { $debian->master != $master
    && $debian->module_of($debian->master) !~ /^$|deleted/ }),
    'now the new one runs';


# removed, with the configuration in place

under_load('a removal', sub {
    good("$apt remove $module", 'a removal') });
nginx_is_content('without the module');
ok !$debian->has($ours), 'the way to the sites is closed';
ok has_none(), 'the page is as it was before';
under_load('a reload', sub { good('invoke-rc.d nginx reload') });
good('invoke-rc.d nginx restart', 'nginx starts again');
is body(), $page, 'and serves the page';
ok $debian->has("/etc/nginx/social/$_"), "$_ was kept"
    for qw(site.conf server.conf);
ok $debian->has('/var/lib/nginx/social/blog.db'), 'and so were the comments';
like good('ngx-social help'), qr/usage/, 'the program is still there';

good("dpkg -i $deb", 'installed again');
ok has_widget(), 'everything is as it was';
is good("sqlite3 -cmd '.timeout 10000' /var/lib/nginx/social/blog.db"
        . " 'SELECT count(*) FROM comment'"), "1\n", 'with its comment';


# directives outside of the way that is closed: told, not hidden

$debian->put('/etc/nginx/conf.d/own.conf', "social_site own { }\n"
    . "server { listen 127.0.0.1:81; location ^~ /_social/ { social_api own; } }\n");
nginx_is_content('directives of one\'s own');
$said = good("$apt remove $module", 'a removal');
like $said, qr/unknown directive "social_site"/, 'nginx says which line';
like $said, qr/^$module: nginx will not start again before nginx -t is put/m,
    'the package says what that means';
is $debian->get($post)->{status}, 200, 'the page is still served';
good('rm /etc/nginx/conf.d/own.conf && nginx -t', 'put right');
good("dpkg -i $deb", 'installed again');
ok has_widget(), 'the widget is there';

# an admin who closed the way finds it closed after an upgrade

good("rm $ours && invoke-rc.d nginx reload", 'closed by hand');
good('dpkg -i later.deb', 'an upgrade');
ok !$debian->has($ours), 'it stays closed';
good("ln -s social $ours && invoke-rc.d nginx reload", 'opened by hand');
ok has_widget(), 'the widget is there';


# an nginx of another ABI: apt keeps it back, or removes the module

my $nginx = 'packages/nginx/nginx_*.deb';

repack($nginx, '/srv/nginx_9.9.9-1.deb', Version => '9.9.9-1',
       Provides => 'httpd, httpd-cgi, nginx-abi-9.9.9-1',
       Depends => 'nginx-common');
good('cd /srv && dpkg-deb -f nginx_9.9.9-1.deb > Packages && '
     . 'printf "Filename: ./nginx_9.9.9-1.deb\nSize: %s\nSHA256: %s\n" '
     . '"$(stat -c %s nginx_9.9.9-1.deb)" '
     . '"$(sha256sum nginx_9.9.9-1.deb | cut -d" " -f1)" >> Packages && '
     . 'echo "deb [trusted=yes] file:/srv ./" > /etc/apt/sources.list && '
     . "$apt update", 'an archive with a newer nginx');

$said = good("$apt upgrade", 'apt upgrade');
like $said, qr/kept back:\s+nginx$/m, 'keeps nginx back';
ok has_widget(), 'and the site as it is';

($said) = under_load('apt dist-upgrade', sub {
    good("$apt dist-upgrade", 'apt dist-upgrade') });
like $said, qr/REMOVED:\s+libnginx-mod-social$/m, 'removes the module';
like good("dpkg-query -W -f '\${Version}' nginx"), qr/^9\.9\.9/,
    'and upgrades nginx';
nginx_is_content('after it');
ok has_none(), 'the page is as it was before';
good('invoke-rc.d nginx restart', 'nginx starts again');
is body(), $page, 'and serves the page';

my ($code, $why) = $debian->run("$apt install ./$deb");
like $why, qr/nginx-abi-/, 'apt does not install the module beside it'
    if $code != 0;
isnt $code, 0, 'the module does not go with this nginx';


# purged

good("dpkg --purge $module ngx-social", 'a purge');
ok !$debian->has($_), "$_ is gone" for $ours, "$ours.removed",
    '/etc/nginx/conf.d/mod-social.conf',
    '/etc/nginx/modules-enabled/50-mod-social.conf',
    '/etc/nginx/modules-enabled/50-mod-social.conf.removed';
ok $debian->has('/etc/nginx/social/site.conf'), 'what the admin wrote is not';
ok $debian->has('/var/lib/nginx/social/blog.db'), 'nor are the comments';
nginx_is_content('after the purge');
good('invoke-rc.d nginx stop', 'nginx stops');
good("dpkg --force-downgrade -i $nginx && invoke-rc.d nginx stop",
     'Debian has its nginx again');

done_testing();
