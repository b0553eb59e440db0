#!/usr/bin/perl

# Pages as generators write them: where the widget goes, what the scanner reads
# of them, and that nginx leaves every other byte as it was.  make corpora does
# the same with thousands of pages.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Corpora qw(judged served);
use File::Basename qw(basename);
use Test::More;


my $root = "$FindBin::Bin/..";
my $places = $ENV{SOCIAL_PLACES} // "$root/build/corpora/places";

# what a reader of the pages' names expects
my %alone = (
    cut      => 'cut off',
    fragment => 'a fragment',
    form     => 'in a form',
    frames   => 'frames',
    swallow  => 'open to the end: in SVG or MathML',
);

# "make test" has made them; "prove" alone may not
if (!$ENV{SOCIAL_PLACES}) {
    local @ENV{qw(MAKEFLAGS MAKELEVEL)};
    delete @ENV{qw(MAKEFLAGS MAKELEVEL)};
    system('make', '-s', '-C', $root, 'corpora-tools') == 0
        or die 'no tools: make corpora-tools';
}

my @files = glob "$FindBin::Bin/corpora/pages/*.html";
my @verdicts = judged($places, @files);

cmp_ok scalar @files, '>=', 40, 'pages';

for my $v (@verdicts) {
    my $name = basename($v->{file}, '.html');
    my ($layout) = $name =~ /([a-z0-9]+)$/;
    my $want = $alone{$layout};

    is $v->{verdict} . ($want ? ": $v->{why}" : ''),
        $want ? "alone: $want" : 'inserted', "$name: as parse5 says";
    diag $v->{why} if $v->{verdict} eq 'WRONG';
    unlike $v->{gumbo}, qr/^other/, "$name: as gumbo says, or why not";
}

my @complaints = served(@verdicts);

diag basename($_->[0]{file}) . ": $_->[1]" for @complaints;
is scalar @complaints, 0, 'nginx serves each of them, one run of bytes added';

done_testing;
