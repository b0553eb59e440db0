#!/usr/bin/perl

# Pages as generators write them, and some that nobody wrote: where the widget
# goes, what the scanner reads of them, and that nginx leaves every other byte
# as it was.  make corpora does the same with thousands of pages.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Corpora qw(judged served slurp);
use File::Basename qw(basename);
use File::Temp ();
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

my $random = File::Temp->newdir;

system("$FindBin::Bin/corpora/random.pl", $random->dirname, 400, 2) == 0
    or die 'no random pages';

my @odd = judged($places, glob $random->dirname . '/*.html');
my @wrong = grep { $_->{verdict} eq 'WRONG' } @odd;

diag "$_->{why}: " . slurp($_->{file}) for @wrong;
is scalar @wrong, 0, 'random pages: as parse5 says';
cmp_ok scalar(grep { $_->{verdict} eq 'inserted' } @odd), '>', 50,
    'many of them have a place';

my @complaints = served(@verdicts);

diag basename($_->[0]{file}) . ": $_->[1]" for @complaints;
is scalar @complaints, 0, 'nginx serves each of them, one run of bytes added';

done_testing;
