#!/usr/bin/perl

# What a status page of a large site takes from the event loop: make
# bench-status.
#
#   perl t/bench/status.pl STORE [REQUESTS]
#
# STORE is a store that t/bench/status_scale.c has made; a copy is served by one
# worker.  Linux counts the processor time of each thread: that of the event
# loop and that of the pool's threads, for each request.  The goal for the event
# loop is 1 ms.
#
#   SOCIAL_NGINX, SOCIAL_MODULE   as in tests

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Copy qw(copy);

use lib dirname(__FILE__) . '/../lib';
use Social;

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
    site    => 'zone 64m; article ~ ^/archive/;',
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

$nginx->stop;


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
