#!/usr/bin/perl

# The store in PostgreSQL: make bench-fleet.
#
#   perl t/bench/fleet.pl BUILD/fleet_scale [ARTICLES DAYS] [ROUNDS]
#
# On a cluster of its own, which syncs.  Comments in batches are compared with
# single commits of one connection in the same round, on this machine and half a
# millisecond away; the figure is the median of the rounds' ratios.

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Temp ();

use lib dirname(__FILE__) . '/../lib';
use Social;
use Social::Postgres;

my ($tool, $articles, $days, $rounds) = @ARGV;
die "see the head of $0\n" if !$tool || !-x $tool;
$articles ||= 100_000;
$days ||= 365;
$rounds ||= 7;
$| = 1;

my $SECONDS = 1;
my $db = Social::Postgres->new(durable => 1)
    or die "PostgreSQL is not installed (package postgresql)\n";
my $schemas = 0;


# the numbers that a run prints

sub run {
    my ($url, @args) = @_;

    open my $fh, '-|', $tool, $url, @args or die "$tool: $!";
    my @numbers = map { split } <$fh>;
    close $fh or die "$tool @args failed\n";

    return @numbers;
}

sub url {
    my ($schema, $port) = @_;

    return $db->url($port) . "?schema=bench_$schema";
}

sub median { return Social::median(@_) }


# comments

my $port = Social::free_port();
my $proxy = fork // die $!;

if ($proxy == 0) {
    exec $tool, '-', 'delay', $port, $db->port, 250 or die $!;
}

sub comments {
    my ($where, $to) = @_;

    my (%ratio, %speed);
    my $name = 'comments' . ++$schemas;

    run(url($name), 'comments', 1, 0);              # makes the schema

    for my $round (1 .. $rounds) {
        my ($commits) = run(url($name, $to), 'commits', $SECONDS);
        push @{ $speed{0} }, $commits;

        for my $n (1, 16, 64) {
            my ($comments) = run(url($name, $to), 'comments', $n, $SECONDS);
            push @{ $ratio{$n} }, $comments / $commits;
            push @{ $speed{$n} }, $comments;
        }
    }

    printf "%s: %.0f single commits a second\n", $where,
        median(@{ $speed{0} });
    printf "  batches of %2d: %.0f comments a second, %.2f times (%s)\n", $_,
        median(@{ $speed{$_} }), median(@{ $ratio{$_} }),
        join ' ', map { sprintf '%.2f', $_ } @{ $ratio{$_} } for 1, 16, 64;

    return;
}

comments('here', $db->port);
comments('0.5 ms away', $port);

kill 'KILL', $proxy;
waitpid $proxy, 0;


# saves

for my $each (1, 6) {
    my @all;

    for my $round (1 .. $rounds) {
        my @ms = run(url('save' . ++$schemas), 'save', $each);
        push @{ $all[$_] }, $ms[$_] for 0 .. $#ms;
    }

    printf "save of 10,000 articles, %d counter%s each: first %.0f ms,"
        . " new spans %.0f and %.0f ms, same spans %.0f ms\n", $each,
        $each > 1 ? 's' : '', map { median(@{ $all[$_] }) } 0, 1, 3, 2;
}


# figures

my $dir = File::Temp->newdir;
my $now = int(time / 86_400) * 86_400;

run('-', 'load', "$dir/scale.db", $articles, $days, $now);
run(url('figures'), 'fill', "$dir/scale.db");

# precomputed sums are made; an hour later they are moved

for my $at ($now, $now + 3600) {
    printf "upkeep: %d transactions, %.0f ms, the longest one %.0f ms\n",
        run(url('figures'), 'upkeep', $at);
}

for my $period (7, 28, 90) {
    printf "figures of %d days of %d articles: %s ms\n", $period, $articles,
        join ' ', map { sprintf '%.0f', $_ }
                  run(url('figures'), 'figures', $period, $now);
}
