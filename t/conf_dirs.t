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

my ($master) = do {
    open(my $fh, '<', "$dir/nginx.pid") or die "$dir/nginx.pid: $!";
    <$fh> =~ /(\d+)/;
};

system($nginx, '-e', "$dir/error.log", '-p', "$dir/", '-c',
       "$dir/nginx.conf", '-s', 'stop');

# the master's last word follows after the removal of its pid file
ok(await(sub { errors() =~ / \Q$master\E#\d+: exit$/m }), 'nginx stops');

unlike(errors(), qr/\[(?:alert|emerg|crit)\]/,
    'nothing alarming in the error log');

# nginx -t, and nginx when it starts, warn of stores that the workers cannot use

SKIP: {
    skip 'needs root to have another worker user', 9 if $> != 0;

    mkdir "$dir/$_" or die "$dir/$_: $!" for qw(root inner inner/own file);
    chmod 0755, "$dir/root";
    chmod 0700, "$dir/inner";
    chown $uid, $gid, "$dir/inner/own", "$dir/file";
    conf_write("file/blog.db", '');
    chmod 0644, "$dir/file/blog.db";

    my $warned = sub {
        my ($path) = @_;

        my (undef, $line, @said) = conf_test("user $user $group;\n" . conf_http(
            "social_site blog {\n<!>store sqlite:$path; }\n"
            . "server { listen 127.0.0.1:$port;\n"
            . 'location ^~ /_blog/ { social_api blog; } }'));

        # t/conf_moderate.t has the warnings of what is left out
        my @warn = grep { /^\[warn\]/ && !/has no location for site/ } @said;

        is scalar(grep { !/ in \Q$dir\E\/nginx\.conf:$line$/ } @warn), 0,
            "$path: where the store is set";

        return "@warn";
    };

    # nginx makes and removes its own files in the directory above

    my $tree = sub { conf_tree() =~ s{^(\Q$dir\E \d+ \d+) .*}{$1}rm };
    my $before = $tree->();
    my $who = qr/the store will not work: the worker user "$user" cannot/;

    like $warned->('root/blog.db'), qr{$who\ write\ to\ "\Q$dir\E/root",\ which
        \ belongs\ to\ user\ 0\ and\ has\ mode\ 755\ }x,
        'a directory of root: warned';
    like $warned->('inner/own/blog.db'),
        qr{$who\ open\ what\ is\ in\ "\Q$dir\E/inner"}x,
        'a directory above it that is closed: warned';
    like $warned->('file/blog.db'), qr{$who\ write\ to\ "[^"]*/file/blog\.db"}x,
        "root's file in a directory of the worker user: warned";
    is $warned->('made/blog.db'), '', 'a directory of the worker user: fine';
    is $tree->(), $before, 'nothing is changed';
}


done_testing();
