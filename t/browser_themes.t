#!/usr/bin/perl

# Runs t/browser/themes.mjs, one theme after the other: the widget in themes as
# blogs have them.

use strict;
use warnings;

use FindBin;
use Test::More;


my $dir = "$FindBin::Bin/browser";

plan skip_all => 'npm install in t/browser first'
    if !-d "$dir/node_modules/playwright-core";

my @themes = map { m{(\w+)\.html$} } sort glob "$dir/themes/*.html";

cmp_ok scalar @themes, '>=', 10, 'themes';

for my $theme (@themes) {
    open my $fh, '-|', 'node', "$dir/themes.mjs", $theme or die "node: $!";
    my @lines = <$fh>;
    close $fh;

    my $tests = grep { /^(?:not )?ok / } @lines;

    ok $? == 0 && $tests && !grep({ /^not ok / } @lines),
        "$theme: $tests tests"
        or diag grep { /^(?:not ok|#|Bail)/ } @lines;
}

done_testing;
