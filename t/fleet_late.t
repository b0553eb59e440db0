#!/usr/bin/perl

# A disk of the database that takes longer than a batch waits for its COMMIT:
# what was committed after all is not written twice.  t/unit/store_late.c does it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use File::Temp ();
use Social::Postgres;
use Test::More;


my $unit = "$FindBin::Bin/../build/unit/store_late";
my $dir = File::Temp->newdir('social-slow-XXXXXX', TMPDIR => 1);
chmod 0777, "$dir";

plan skip_all => 'the unit tests are not built: make unit' if !-x $unit;
plan skip_all => 'no compiler, or another library is loaded'
    if $ENV{LD_PRELOAD}
    || system('cc', '-O1', '-shared', '-fPIC', '-o', "$dir/slow_sync.so",
              "$FindBin::Bin/lib/slow_sync.c", '-ldl') != 0;

$ENV{SLOW_SYNC} = "$dir/sync";

my $db;

{
    local $ENV{LD_PRELOAD} = "$dir/slow_sync.so";
    $db = Social::Postgres->new(durable => 1)
        or plan skip_all => 'PostgreSQL is not installed (package postgresql)';
}

$ENV{SOCIAL_STORE} = $db->url;

my @lines = qx{$unit 2>&1};
my $rc = $?;

is $rc, 0, 'the unit test passes';
like join('', @lines), qr/^ok 4 - it is not written twice/m, '... and ran'
    or diag @lines;

done_testing;
