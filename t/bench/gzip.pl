#!/usr/bin/perl

# Compressed pages: by this server (of a file), and by the application, whose
# answer the module has to inflate to find the place: make bench-gzip.
# Options: t/lib/Bench.pm.

use strict;
use warnings;

use File::Basename qw(dirname);
use IO::Compress::Gzip qw(gzip);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Compare;
use Bench::Nginx;
use Bench::Pages;

my $bench = Bench->begin('gzip');
my %files;

for my $size (7_000, 38_000, 199_000) {
    my $page = Bench::Pages::page($size);

    gzip(\$page, \my $zipped) or die "cannot compress\n";
    $files{"posts/$size/index.html"} = $page;
    $files{"posts/$size/index.html.gz"} = $zipped;
}

my ($plain, $social) = Bench::Nginx::two(files => \%files,
    site => 'article ~ ^/(?:gzip|zipped)/posts/;');

my $compare = Bench::Compare->new($bench, $plain, $social, 'cpu',
    headers => { 'Accept-Encoding' => 'gzip' });

for my $size ([ '7 KB', 7_000 ], [ '38 KB', 38_000 ], [ '199 KB', 199_000 ]) {
    $compare->page("gzip by this server, $size->[0]",
                   "/gzip/posts/$size->[1]/", 1);
    $compare->page("gzip by the application, $size->[0]",
                   "/zipped/posts/$size->[1]/", 1);
}

$compare->end;
