#!/usr/bin/perl

# What a status page of a large site takes from the event loop, and what waits
# for a save of ten thousand changed articles: make bench-status.
#
#   perl t/bench/status.pl STORE [REQUESTS]
#
# STORE is a store that t/bench/status_scale.c has made; a copy is served by one
# worker.  Linux counts the processor time of each thread: that of the event
# loop and that of the pool's threads, for each request.  The goal for the event
# loop is 1 ms.  Counters are only saved when the status is asked for.
#
# A save is one transaction, so a comment that is sent meanwhile waits for its
# end; pages do not.  For both, the time of the slowest beside a save is shown,
# and the usual time without one.
#
#   SOCIAL_NGINX, SOCIAL_MODULE   as in tests

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Copy qw(copy);
use POSIX qw(WNOHANG);
use Time::HiRes qw(time);

use lib dirname(__FILE__) . '/../lib';
use Social;
use Bench::Report;
use Bench::Talk;

my $CHANGED = 10_000;       # articles
my $SAVES = 3;

my ($store, $requests) = @ARGV;
die "see the head of $0\n" if !defined $store;
$requests //= 20;

my $html = '<html lang=en><head><title>Bread</title></head><body><article>'
    . '<p>Some words.</p></article></body></html>';

my $nginx = Social->new(
    files   => { 'archive/bread/index.html' => $html,
                 'file' => 'x' x 200_000 },
    http    => 'access_log off;',
    workers => 1,
    level   => 'warn',
    site    => 'zone 64m; flush 1h; article ~ ^/archive/;',
    server  => 'location ^~ /archive/an- {'
        . ' rewrite ^ /archive/bread/index.html break; }',
    stopped => 1);

copy($store, $nginx->dir . '/store/blog.db') or die "$store: $!\n";
unlink map { $nginx->dir . "/store/blog.db$_" } qw(-wal -shm);
chmod 0666, $nginx->dir . '/store/blog.db';
$nginx->start;
$nginx->wait_for(sub { $nginx->get('/social?format=json')->{status} == 200 },
    120) or die "no status\n";

my ($worker) = $nginx->workers;

printf "%d requests each; milliseconds of processor time a request:\n",
    $requests;

for my $what (['a page', '/archive/bread/'],
              ['a file of 200 KB', '/file'],
              ['status, HTML', '/social?period=28d'],
              ['status, JSON of 100', '/social?period=28d&format=json'],
              ['status, 365 days', '/social?period=365d&format=json']) {
    my ($name, $path) = @$what;
    my $res = $nginx->get($path);
    my @before = spent();

    $nginx->get($path) for 1 .. $requests;

    my @after = spent();
    printf "  %-22s event loop %7.3f, threads %8.3f; %d bytes\n", $name,
        ($after[0] - $before[0]) / $requests / 1e6,
        ($after[1] - $before[1]) / $requests / 1e6, length $res->{content};
}

my $token = Bench::Talk::token($nginx, '/archive/bread/');
my $said = 0;
my @alone = ([], []);

for (1 .. $requests) {
    push @{ $alone[0] }, took(\&comment);
    push @{ $alone[1] }, took(\&page);
}

my @beside = map { beside() } 1 .. $SAVES;

for my $what ([ 0, 'a comment' ], [ 1, 'a page' ]) {
    my ($i, $name) = @$what;

    printf "%s: %.1f ms; the slowest beside a save of %d changed articles"
        . " %.1f ms\n", $name, 1e3 * Bench::Report::median(@{ $alone[$i] }),
        $CHANGED, 1e3 * Bench::Report::median(map { $_->[$i] } @beside);
}

printf "event loop for the save and the status: %.1f ms\n",
    Bench::Report::median(map { $_->[2] } @beside);
$nginx->stop;


sub page {
    my $res = $nginx->get('/archive/bread/');
    die "a page: $res->{status}\n" if $res->{status} != 200;

    return;
}


sub comment {
    $said++;
    my $res = $nginx->post_json('comments', {
        article => '/archive/bread/', token => $token, name => 'Reader',
        text => "Comment $said, which says a thing or two." });
    die "a comment: $res->{status}\n" if $res->{status} != 201;

    return;
}


sub took {
    my ($call) = @_;

    my $begin = time;
    $call->();

    return time - $begin;
}


# views of many articles, then a status, which saves them; meanwhile comments
# and pages, one after the other.  The slowest of each in seconds, and the event
# loop's milliseconds for the status

sub beside {
    my $agent = HTTP::Tiny->new(agent => $Social::BROWSER, keep_alive => 1);

    for my $i (1 .. $CHANGED) {
        my $url = $nginx->origin . "/archive/an-article-of-ours-$i/";
        my $res = $agent->get($url);
        die "$url: $res->{status}\n" if $res->{status} != 200;
    }

    my ($before) = spent();
    my $pid = fork // die "fork: $!\n";

    if (!$pid) {
        my $res = $nginx->get('/social?period=28d');
        POSIX::_exit($res->{status} == 200 ? 0 : 1);
    }

    my @slowest = (0, 0);
    my $ended = 0;

    until ($ended) {
        my @now = (took(\&comment), took(\&page));
        $ended = waitpid $pid, WNOHANG;
        @slowest = map { $now[$_] > $slowest[$_] ? $now[$_] : $slowest[$_] }
            0, 1;
    }

    die "the status beside comments failed\n" if $?;

    my ($after) = spent();

    return [ @slowest, ($after - $before) / 1e6 ];
}


# nanoseconds of the event loop, and of all other threads

sub spent {
    my ($loop, $threads) = (0, 0);

    for my $path (glob "/proc/$worker/task/*/schedstat") {
        open my $fh, '<', $path or next;
        my ($time) = split ' ', <$fh>;
        my ($id) = $path =~ m{/task/(\d+)/};

        $id == $worker ? ($loop += $time) : ($threads += $time);
    }

    return ($loop, $threads);
}
