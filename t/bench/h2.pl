#!/usr/bin/perl

# Pages over HTTP/2, 4 connections with 8 streams each: make bench-h2.
# Options: t/lib/Bench.pm.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Compare;
use Bench::Nginx;
use Bench::Pages;

my $bench = Bench->begin('h2');
my @SIZES = ([ '7 KB', 7_000 ], [ '38 KB', 38_000 ], [ '199 KB', 199_000 ]);

my ($plain, $social) = Bench::Nginx::two(
    files => { map { ("posts/$_->[1]/index.html"
                      => Bench::Pages::page($_->[1])) } @SIZES },
    site  => 'article ~ ^/(?:proxy/)?posts/;');

my $compare = Bench::Compare->new($bench, $plain, $social, 'cpu',
                                  load => \&Bench::Load::h2);

for my $size (@SIZES) {
    $compare->page("HTTP/2, static, $size->[0]", "/posts/$size->[1]/", 1);
    $compare->page("HTTP/2, proxied, $size->[0]", "/proxy/posts/$size->[1]/",
                   1);
}

$compare->end;
