#!/usr/bin/perl

# Proxied pages, which have to be read to find the place of the widget: with
# nginx's default buffers, with buffers of 32 KB, over HTTP/2, and compressed by
# either side: make bench-proxied.  Options: t/lib/Bench.pm.
#
# The application is another nginx, whose time is not counted.  "capacity" is
# the plain server's processor time a request, divided by the module's.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Compare;
use Bench::Nginx;
use Bench::Pages;

my $bench = Bench->begin('proxied');
my @SIZES = ([ '7 KB', 7_000 ], [ '38 KB', 38_000 ], [ '199 KB', 199_000 ]);

my ($plain, $social) = Bench::Nginx::two(
    files => { map { ("posts/$_->[1]/index.html"
                      => Bench::Pages::page($_->[1])) } @SIZES },
    site  => 'article ~ ^/proxy(?:32)?/posts/;');

my $compare = Bench::Compare->new($bench, $plain, $social, 'capacity');

for my $size (@SIZES) {
    $compare->page("proxied, $size->[0]", "/proxy/posts/$size->[1]/", 1);
    $compare->page("proxied, $size->[0], 32 KB buffers",
                   "/proxy32/posts/$size->[1]/", 1);
}

$compare->end;
