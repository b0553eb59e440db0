#!/usr/bin/perl

# The unit tests of the store once more, with PostgreSQL: what a store must do
# is the same, whatever it is.  What is only true of a file of SQLite stays out.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social::Postgres;
use Test::More;


my @UNITS = qw(store store_change store_copy store_count store_dump store_fleet
               store_judge store_like store_moderate store_node store_notice
               store_person store_read store_roll store_threads store_time
               store_undo);

my $db = Social::Postgres->new
    or plan skip_all => 'PostgreSQL is not installed (package postgresql)';

my $units = "$FindBin::Bin/../build/unit";
plan skip_all => 'the unit tests are not built: make unit'
    if !-x "$units/store";

for my $unit (@UNITS) {
    local $ENV{SOCIAL_STORE} = $db->url;

    my @lines = qx{$units/$unit 2>&1};
    my $rc = $?;
    my $good = grep { /^ok / } @lines;
    my @bad = grep { /^not ok|ERROR|^#   / } @lines;

    ok $rc == 0 && !@bad && $good > 0 && "@lines" =~ /^\s*1\.\.$good$/m,
        "$unit: $good tests"
        or diag @bad ? "@bad[0 .. ($#bad < 19 ? $#bad : 19)]" : "@lines";
}

done_testing;
