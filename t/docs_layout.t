#!/usr/bin/perl

# README and docs/operations.md, followed by a stranger: a copy of Debian's
# /etc/nginx gets the files as they are printed, nginx starts with them, an
# article has comments, the password works, the event log is written beside the
# usual one, and the way out when the module does not load leads out and back.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use House;
use Test::More;


my $ROOT = abs_path("$FindBin::Bin/..");

plan skip_all => 'the module is part of nginx'
    if ($ENV{SOCIAL_MODULE} // '') eq 'static';

my $readme = House::slurp("$ROOT/README.md");
my $operations = House::slurp("$ROOT/docs/operations.md");
my $html = '<!DOCTYPE html><html lang="en"><head><title>T</title></head><body>'
    . '<main><article><h1>T</h1></article></main></body></html>';

my ($site) = grep { /^server \{/ } House::blocks($operations, 'nginx');
my ($written, $include) = House::blocks($readme, 'nginx');
my ($copy, $password) = House::blocks($readme, 'sh');


# a house with the existing site, and README's files

sub furnish {
    my ($house) = @_;

    $house->put("var/www/blog/$_/index.html", $html)
        for qw(posts/first-frost 2026/11/bread about);
    $house->put('etc/nginx/sites-available/default', $site);
    symlink '../sites-available/default',
        "$house->{dir}/etc/nginx/sites-enabled/default" or die "default: $!";

    return;
}

sub good {
    my ($house, $text, $what) = @_;

    return ok $house->shell($text), $what || diag $house->said;
}

sub widget {
    my ($house, $page, $what) = @_;

    return ok $house->wait_for(sub {
        $house->get($page)->{content} =~ /name="token"/ }), $what;
}


# README, with what the packages install

like $site, qr/^\s*\Q$include\E/m, 'README and operations.md include alike';

my $house = House->new;

furnish($house);
good($house, $copy, 'README copies the examples');
good($house, 'nginx -t && systemctl start nginx', 'which nginx takes');
widget($house, '/2026/11/bread/', 'and serves');

my ($name) = $written =~ m{^# /(etc/nginx/\S+\.conf)$}m;
ok $name, 'a file has its name in its first line';
$house->put($name, $written);

good($house, $password, "README's commands");
like $house->said, qr/test is successful/, 'nginx takes the configuration';

my @lines = grep { !/^ *(?:nginx|systemctl)/ } split /\n/, $password;
my ($same) = grep { /social\.users/ } House::blocks($operations, 'sh');
is $same, join("\n", @lines) . "\n", 'operations.md makes the password alike';

widget($house, $_, "$_ is an article")
    for '/posts/first-frost/', '/2026/11/bread/';

unlike $house->get('/about/')->{content}, qr/data-social/, '/about/ is none';
is $house->get('/social')->{status}, 401, 'the status page wants a password';
is $house->get('/social', 'jane:wrong')->{status}, 401, 'the right one';
is $house->get('/social', 'jane:secret')->{status}, 200, 'and opens with it';
is $house->get('/_moderate/', 'jane:secret')->{status}, 200,
    'so does moderation';

my ($token) = $house->get('/posts/first-frost/')->{content}
    =~ /name="token" value="([^"]+)"/;
my $cookie = $house->get('/_moderate/', 'jane:secret')->{headers}{'set-cookie'};
my $res = $house->request('POST', '/_social/comments', undef,
    headers => {
        'Content-Type' => 'application/json', 'Accept' => 'application/json',
        Origin => "http://127.0.0.1:$house->{port}",
        Cookie => $cookie =~ s/;.*//r },
    content => qq({"article":"/posts/first-frost/","token":"$token",)
        . '"name":"x","text":"By the author"}');
like $res->{content}, qr/"name":"Jane Doe"/,
    'readers see the name that README sets, not the login';


# the event log: as operations.md writes it, and as the examples have it

my ($format, $logs) = grep { /^(?:log_format|access_log)/ }
    House::blocks($operations, 'nginx');
my $examples = "$ROOT/docs/packaging/examples";

sub squeezed { return join ' ', split ' ', $_[0] =~ s/^#log //mgr }

like squeezed(House::slurp("$examples/site.conf")),
    qr/\Q${\squeezed($format)}\E/, 'the examples have the same format';
like squeezed(House::slurp("$examples/server.conf")),
    qr/\Q${\squeezed($logs)}\E/, 'and the same logs';

$house->put('etc/nginx/social/site.conf', $format . $written);
$house->put('etc/nginx/social/server.conf',
            $logs . House::slurp("$examples/server.conf"));
good($house, 'nginx -t && systemctl restart nginx', 'with an event log');

$house->get('/posts/first-frost/?seen');

my $log = "$house->{dir}/var/log/nginx";

ok $house->wait_for(sub { -s "$log/social.log" }), 'events are written';
like House::slurp("$log/social.log"), qr/"event":"view"/, 'with their names';
ok $house->wait_for(sub { House::slurp("$log/access.log")
                              =~ m{GET /posts/first-frost/\?seen} }),
    'the usual log goes on';


# the way out where nginx does not start, and the way back

my ($way) = $operations =~ /^(## nginx does not start.*?)^## /ms;
my ($out, $back) = House::blocks($way, 'sh');

good($house, 'systemctl stop nginx', 'nginx is stopped');
$house->put('broken.so', 'not a module');
$house->put('etc/nginx/modules-enabled/60-social.conf',
            "load_module $house->{dir}/broken.so;\n");
ok !$house->shell('nginx -t'), 'a module that does not load';

good($house, $out, 'the way out');
is $house->get('/posts/first-frost/')->{content}, $html,
    'pages are served again';

good($house, $back, 'the way back');
ok $house->wait_for(sub { $house->get('/posts/first-frost/')->{content}
                              =~ /By the author/ }),
    'the comments are there again';
good($house, 'systemctl stop nginx', 'nginx is stopped');


# without packages: what operations.md makes is what the packages make

my ($by_hand) = grep { /^cp docs/m } House::blocks($operations, 'sh');
my $bare = House->new(bare => 1);

furnish($bare);
good($bare, "(cd $ROOT\n$by_hand)", 'the commands of operations.md');
$bare->localise("etc/nginx/$_")
    for qw(social/site.conf social/server.conf conf.d/mod-social.conf);
good($bare, $password, 'and the password');
good($bare, 'systemctl start nginx', 'nginx starts');
widget($bare, '/posts/first-frost/', 'a widget');
good($bare, 'systemctl stop nginx', 'nginx is stopped');


done_testing;
