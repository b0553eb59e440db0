#!/usr/bin/perl

# t/make/run.sh, as make run NODES=3 starts it: a blog on three nginx behind a
# balancer.  One of them is killed, and the blog goes on; it comes back.  The
# balancer's example works where it is not changed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Cwd qw(abs_path);
use File::Temp ();
use HTTP::Tiny ();
use IO::Socket::INET;
use MIME::Base64 qw(encode_base64);
use Program;
use Social;
use Social::Conf;
use Social::Postgres;
use Test::More;
use Time::HiRes qw(sleep time);


my $ROOT = abs_path("$FindBin::Bin/..");
my $NODES = 3;
my $KEY = '/posts/the-conversation-below/';
my $module = $ENV{SOCIAL_MODULE} // "$ROOT/build/ngx_social_module.so";


# the example

open my $fh, '<', "$ROOT/docs/packaging/examples/balancer.conf" or die $!;
my $example = do { local $/; <$fh> };
close $fh;

my ($code, undef, @said) = conf_test(conf_http($example));
is_deeply [ $code, grep { !/notice/ } @said ], [ 0 ],
    'nginx accepts the example of a balancer';

if ($module eq 'static' || !Social::Postgres::bin()
    || Social::Tool::name() eq 'valgrind')
{
    note 'the demo is not started: no module, no PostgreSQL, or valgrind';
    done_testing;
    exit;
}


# ports behind each other that are free

sub free_ports {
    my ($n) = @_;

    TRY: for (1 .. 100) {
        my $port = Social::free_port();

        for my $more (1 .. $n) {
            IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1,
                                  LocalPort => $port + $more, ReuseAddr => 1)
                or next TRY;
        }

        return $port;
    }

    die 'no free ports';
}

my $dir = File::Temp->newdir('social-nodes-XXXXXX', TMPDIR => 1);
my $port = free_ports($NODES + 1);
my $http = HTTP::Tiny->new(max_redirect => 0, keep_alive => 0, timeout => 10,
                           agent => $Social::BROWSER);
chmod 0755, "$dir";

my $pid = fork // die $!;

if ($pid == 0) {
    $ENV{SOCIAL_NGINX} = Social::Tool::binary();
    open STDOUT, '>', "$dir/said" or die $!;
    open STDERR, '>&', \*STDOUT or die $!;
    exec "$ROOT/t/make/run.sh", $module, Program->new->path, "$dir/demo",
        $port, $NODES or die $!;
}

END {
    local $?;

    if ($pid) {
        kill 'TERM', $pid;
        waitpid $pid, 0;
    }
}


sub said {
    open my $said, '<', "$dir/said" or return '';
    local $/;

    return scalar <$said>;
}

sub wait_for {
    my ($condition, $seconds) = @_;

    my $end = time + ($seconds // 30) * Social::Tool::slow();
    my $result;

    until (($result = $condition->()) || time > $end) {
        die "the demo ended:\n" . said() if waitpid($pid, 1) != 0;
        sleep 0.1;
    }

    return $result;
}

sub get {
    my ($path, $at, $agent) = @_;

    return $http->get('http://127.0.0.1:' . ($at // $port) . $path,
        $agent ? { headers => { 'User-Agent' => $agent } } : {});
}

# what waits for the author, on one machine

sub queue {
    my ($at) = @_;

    open my $secret, '<', "$dir/demo/password" or die $!;
    chomp(my $password = <$secret>);

    return $http->get("http://127.0.0.1:$at/_moderate/", { headers => {
        Authorization => 'Basic ' . encode_base64("ruth:$password", '') } })
        ->{content};
}

sub token { return (get($KEY)->{content} =~ /name="token" value="([^"]+)"/)[0] }

sub post {
    my ($text) = @_;

    my $body = join '&', "article=$KEY", 'name=Ann', 'token=' . token(),
        'text=' . $text =~ s/ /+/gr;

    return $http->post("http://127.0.0.1:$port/_social/comments", {
        content => $body, headers => {
            'Content-Type' => 'application/x-www-form-urlencoded',
            Origin => "http://127.0.0.1:$port" } })->{status};
}


ok wait_for(sub { get($KEY)->{status} == 200 && token() }, 90),
    'the blog is there';
ok wait_for(sub { get('/', $port + $_)->{status} == 200 }), "machine $_, too"
    for 1 .. $NODES;

ok wait_for(sub { get($KEY)->{content} =~ /id="comment-c\d/ }),
    'comments of its past are there';

# the balancer leaves out one that was slow, for two seconds

my (%machine, $reader);
ok wait_for(sub {
    my $from = get($KEY, $port, 'Mozilla/5.0 Firefox/' . ++$reader . '.0')
        ->{headers}{'x-machine'};
    $machine{$from} = 1 if $from;
    return keys %machine == $NODES;
}, 60), 'readers are on all machines';

my %same;
$same{get($KEY)->{headers}{'x-machine'}}++ for 1 .. 10;
my ($mine) = keys %same;
is scalar(keys %same), 1, '... one of them always on the same';

# a reader from another address than the balancer's

my $elsewhere = HTTP::Tiny->new(local_address => '127.0.0.2', timeout => 10,
    keep_alive => 0, agent => 'Mozilla/5.0 Elsewhere/1.0');
my $there = $elsewhere->get("http://127.0.0.1:$port$KEY")->{headers}{'x-machine'};
like $there, qr/^[1-$NODES]$/, 'a reader from another address';
ok wait_for(sub {
    open my $log, '<', "$dir/demo/node$there/logs/access.log" or return;
    return grep { /^127\.0\.0\.2 .*Elsewhere/ } <$log>;
}), '... which the machine knows: readers have addresses of their own';

is post('said before'), 303, 'a comment';
like queue($port + $_), qr/said before/, "... waits for the author on machine $_"
    for 1 .. $NODES;


# this one is killed, its workers and all

open my $pids, '<', "$dir/demo/node$mine/nginx.pid"
    or die "node$mine: $!\n" . said();
chomp(my $master = <$pids>);
close $pids;
kill 'KILL', -$master;

my $pages = grep { wait_for(sub { get($KEY)->{status} == 200 }) } 1 .. 20;
is $pages, 20, 'its machine is killed: pages go on';
isnt get($KEY)->{headers}{'x-machine'}, $mine, '... from another one';
is post('said meanwhile'), 303, '... comments, too';

ok wait_for(sub { said() =~ /machine $mine is back/ }, 60), 'it is started again';
ok wait_for(sub { get('/', $port + $mine)->{status} == 200 }), '... and serves';


# and nothing is left

kill 'TERM', $pid;
waitpid $pid, 0;
is $?, 0, 'the demo ends when it is told to';
undef $pid;

my $left = grep { IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                                        PeerPort => $port + $_) }
           0 .. $NODES + 1;
is $left, 0, '... and nothing of it listens any more';

done_testing;
