#!/usr/bin/perl

# Who may moderate, as nginx -t sees it: a social_moderate location without a
# password is refused, and what was forgotten or left in gives a warning.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social::Conf;
use Test::More;


my $dir = conf_dir();
my $file = 'auth_basic_user_file users;';
my $basic = "auth_basic \"blog\"; $file";

# a site with this author, and a server with this, which has a social_moderate
# location

sub test_conf {
    my ($author, $server) = @_;

    return conf_test(conf_http(<<"EOF_CONF"));
    social_site blog { $author }
    server {
        listen 127.0.0.1:8999;
        location ^~ /_social/ { social_api blog; }
        location = /social { social_status blog; }
        $server
    }
EOF_CONF
}

sub location {
    my ($inside) = @_;

    return "location ^~ /_m/ { social_moderate\n <!>blog; $inside }";
}

sub refused {
    my ($name, $why, $author, $server) = @_;

    my ($code, $line, @said) = test_conf($author, $server);
    my ($value) = $author =~ /^author "?(.*?)"?;$/;
    $value //= '$remote_user';

    is_deeply [ $code, grep { /emerg/ } @said ], [ 1,
        '[emerg] invalid value "blog" in "social_moderate": anybody could '
        . "moderate here, as $why and author is \"$value\": a location with "
        . 'auth_basic and auth_basic_user_file expected, or an author with the '
        . "variable of another authenticator in $dir/nginx.conf:$line" ],
        "refused: $name";
}

sub accepted {
    my ($name, $author, $server) = @_;

    my ($code, $line, @said) = test_conf($author, $server);

    is_deeply [ $code, @said ], [ 0 ], "accepted: $name";
}

my $none = 'there is no auth_basic';

refused('no password', $none, '', location(''));
refused('a constant author', $none, 'author Anna;', location(''));
refused('a constant of several words', $none, 'author "Anna B.";',
        location(''));
refused('$remote_user written', $none, 'author $remote_user;', location(''));
refused('$remote_user in a text', $none, 'author "by ${REMOTE_USER}!";',
        location(''));
refused('a capture', $none, 'author $1;', location(''));
refused('off', 'auth_basic is "off"', '',
        location("auth_basic off; $file"));
refused('off over a password of the server', 'auth_basic is "off"', '',
        "$basic " . location('auth_basic off;'));
refused('no password file', 'there is no auth_basic_user_file', '',
        location('auth_basic "blog";'));
refused('a realm that a variable turns off',
        'auth_basic with a variable may become "off"', '',
        location("auth_basic \$arg_realm; $file"));
refused('satisfy any', '"satisfy any" needs no password', '',
        location("$basic satisfy any; allow 127.0.0.1; deny all;"));
refused('satisfy any of the server', '"satisfy any" needs no password', '',
        "satisfy any; $basic " . location(''));
refused('off for POST', 'auth_basic is "off"', '',
        location("$basic limit_except GET { auth_basic off; }"));
refused('a password for POST only', $none, '',
        location("limit_except GET { $basic }"));
refused('the second location', $none, '',
        "location ^~ /_a/ { social_moderate blog; $basic } " . location(''));
refused('a nested location', 'auth_basic is "off"', '',
        "location ^~ /_a/ { social_moderate blog; $basic\n"
        . 'location ^~ /_a/b/ { auth_basic off; social_moderate <!>blog; } }');

accepted('a password', '', location($basic));
accepted('a constant author behind a password', 'author Anna;',
         location($basic));
accepted('a password of the server', '', "$basic " . location(''));
accepted('a password of the location around it', '',
         "location /x/ { $basic location ^~ /x/m/ { social_moderate blog; } }");
accepted('a password for all methods', '',
         location("$basic limit_except GET { deny all; }"));
accepted('another authenticator', 'author $http_x_user;', location(''));
accepted('another authenticator beside $remote_user',
         'author "$remote_user$ssl_client_s_dn";', location(''));
accepted('another authenticator under satisfy any', 'author $http_x_user;',
         location("$basic satisfy any;"));


# warnings

sub warnings {
    my ($name, $text, @want) = @_;

    my ($code, $line, @said) = conf_test(conf_http($text));

    is_deeply [ $code, grep { !/notice/ } @said ],
        [ 0, map { "[warn] $_ in $dir/nginx.conf:$line" } @want ], $name;
}

my $api = 'location ^~ /_social/ { social_api blog; }';
my $status = 'location = /social { social_status blog; }';
my $moderate = "location ^~ /_m/ { social_moderate blog; $basic }";
my $no_moderate = '"social_moderate" has no location for site "blog": comments '
    . 'that are held cannot be approved';
my $no_status = '"social_status" has no location for site "blog": nobody sees '
    . 'that comments are held or unanswered';

sub site {
    my ($params, $server) = @_;

    return "social_site\n <!>blog { $params }\n"
        . "server { listen 127.0.0.1:8999; $api $server }";
}

warnings('no social_moderate', site('', $status), $no_moderate);
warnings('no social_status', site('', $moderate), $no_status);
warnings("comments $_: both missing", site("comments $_;", ''), $no_moderate,
         $no_status) for qw(open first hold);
warnings("comments $_: nothing is held", site("comments $_;", ''))
    for qw(closed off);
warnings('one of another server counts', site('', '')
         . "server { listen 127.0.0.1:8998; $moderate $status }");

sub origin {
    my ($value) = @_;

    return "social_site blog {\n origin\n <!>$value; }\nserver { listen "
        . "127.0.0.1:8999; $api $status $moderate }";
}

warnings("origin $_", origin($_), "\"$_\" of \"origin\" is an address for "
         . 'examples: write the one of your own site')
    for 'https://blog.example', 'http://blog.example:8080',
        'https://example.com', 'https://www.example.org', 'https://example.net';
warnings("origin $_", origin($_))
    for 'https://blog.example.de', 'https://myexample.com',
        'https://an-example.dev', 'http://localhost:8080', 'http://[::1]';

done_testing;
