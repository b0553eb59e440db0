#!/usr/bin/perl

# The status page in a browser.  t/unit/status_html.c writes its pages: that of
# a site, of an article, of the first day, and the public one.

use strict;
use warnings;

use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/lib";

use Test::More;


my $dir = "$FindBin::Bin/browser";
my $unit = ($ENV{SOCIAL_MODULE} // '') =~ m{^(.+)/[^/]+$}
    ? "$1/unit/status_html" : "$FindBin::Bin/../build/unit/status_html";

plan skip_all => 'npm install in t/browser first'
    if !-d "$dir/node_modules/playwright-core";
plan skip_all => 'make unit-status_html first' if !-x $unit;

my $pages = tempdir(CLEANUP => 1);

is system($unit, $pages), 0, 'the pages are written';

open my $fh, '-|', 'node', "$dir/status.mjs", $pages or die "node: $!";
my @lines = <$fh>;
close $fh;

my $failed = grep { /^not ok / } @lines;
my $count = grep { /^(?:not )?ok / } @lines;

ok $? == 0 && $count && !$failed, "status.mjs: $count tests"
    or diag grep { /^(?:not ok|#)/ } @lines;

done_testing;
