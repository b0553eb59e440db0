#!/usr/bin/perl

# When nginx starts (not with -t) it creates the last directory of a store's
# path, owned by the worker user.  If that fails, nginx starts nevertheless.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use IO::Socket::INET;
use Social ();
use Social::Conf;
use Test::More;


my $nginx = $ENV{SOCIAL_NGINX} || '/usr/sbin/nginx';
my $dir = conf_dir();
my $user = 'nobody';
my ($uid, $gid) = (getpwnam($user))[2, 3];

# the worker must be able to reach its directory
chmod 0755, $dir or die "$dir: $!";

my $port = Social::free_port();

my $text = conf_http(<<"EOF_CONF");
    social_site blog { store sqlite:made/blog.db; }
    social_site lost { store sqlite:no/where/lost.db; }
    server {
        listen 127.0.0.1:$port;
        location ^~ /_blog/ { social_api blog; }
        location ^~ /_lost/ { social_api lost; }
        location = /up { return 204; }
    }
EOF_CONF

my $group = $gid ? getgrgid($gid) : 'nogroup';

$text =~ s/error_log stderr;/error_log \@DIR\@\/error.log info;/;
$text = "user $user $group;\n$text" if $> == 0;


sub await {
    my ($what) = @_;

    for (1 .. 200) {
        return 1 if $what->();
        select undef, undef, undef, 0.05;
    }

    return 0;
}


sub errors {
    open(my $fh, '<', "$dir/error.log") or return '';
    local $/;
    return scalar <$fh>;
}


conf_test($text);
ok(!-e "$dir/made", 'nginx -t makes no directory');

is(system($nginx, '-e', "$dir/error.log", '-p', "$dir/", '-c',
          "$dir/nginx.conf"), 0, 'nginx starts');

ok(await(sub { -d "$dir/made" }), 'the directory is created');

my @stat = stat("$dir/made");

is($stat[2] & 07777, 0700, 'only its owner may use it');
is($stat[4], $> == 0 ? $uid : $>, 'the worker user owns it');
ok(!-e "$dir/no", 'only the last directory of a path is created');

ok(await(sub {
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                       PeerPort => $port) or return 0;
    print $socket "GET /up HTTP/1.0\r\n\r\n";
    return (<$socket> // '') =~ / 204 /;
}), 'pages are served without a store');

my @lost = grep { /mkdir\(\).*site "lost"/ } split /\n/, errors();

is(scalar @lost, 1, 'one message for the directory that cannot be created');
like($lost[0] // '', qr/\[error\].*\Q$dir\E\/no\/where/,
    'the message names it');

# a reload leaves an existing directory as it is

chmod 0750, "$dir/made";

is(system($nginx, '-e', "$dir/error.log", '-p', "$dir/", '-c',
          "$dir/nginx.conf", '-s', 'reload'), 0, 'reload');
ok(await(sub { errors() =~ /signal 1 \(SIGHUP\).*gracefully shutting down/s }),
   'the old worker leaves');

is((stat("$dir/made"))[2] & 07777, 0750,
    'the mode of an existing directory stays');

system($nginx, '-e', "$dir/error.log", '-p', "$dir/", '-c',
       "$dir/nginx.conf", '-s', 'stop');
ok(await(sub { !-e "$dir/nginx.pid" }), 'nginx stops');

unlike(errors(), qr/\[(?:alert|emerg|crit)\]/,
    'nothing alarming in the error log');

done_testing();
