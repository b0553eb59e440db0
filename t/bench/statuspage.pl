#!/usr/bin/perl

# The status page of 10,000 and of 100,000 articles: make bench-statuspage.
#
# `make bench-status` makes the stores, serves them and measures; this takes the
# figures that have goals from what it prints.  The first time it takes some
# minutes; the stores are kept in build/bench.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;

my $bench = Bench->begin('statuspage');
my $root = dirname(__FILE__) . '/../..';

for my $size ([ '10,000', '10000 365' ], [ '100,000', '100000 365' ]) {
    my ($name, $scale) = @$size;
    my ($folder) = $scale =~ /^(\d+)/;

    next if $bench->{quick} && $folder > 10_000;

    Bench::say_so("status of $name articles");

    my $out = qx{make -s -C '$root' bench-status SCALE='$scale' \\
        STATUS='$root/build/bench/status-$folder' 2>&1};
    my ($loop, $bytes) = $out
        =~ /^ *status, HTML.*?event loop +([\d.]+).*?(\d+) bytes/m;

    die "make bench-status does not say what the status page takes:\n$out"
        if $? || !defined $bytes;

    $bench->record("status of $name articles, loop", [ $loop ]);
    $bench->record("status of $name articles, page", [ $bytes / 1024 ]);
}

$bench->end;
