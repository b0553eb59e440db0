#!/usr/bin/perl

# Pages of site generators and random ones: where the widget goes, what the
# scanner understands of them, and that nginx leaves every other byte as it was.
# "make corpora" does the same with thousands of pages.

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

# layouts that get no widget, and why
my %alone = (
    fragment => 'a fragment',
    frames   => 'frames',
    swallow  => 'open to the end: in SVG or MathML',
);

# "make test" has built the tools; "prove" alone may not
if (!$ENV{SOCIAL_PLACES}) {
    local @ENV{qw(MAKEFLAGS MAKELEVEL)};
    delete @ENV{qw(MAKEFLAGS MAKELEVEL)};
    system('make', '-s', '-C', $root, 'corpora-tools') == 0
        or die 'no tools: make corpora-tools';
}

my @files = glob "$FindBin::Bin/corpora/pages/*.html";
my @verdicts = judged($places, @files);

cmp_ok scalar @files, '>=', 40, 'there are pages to judge';

for my $v (@verdicts) {
    my $name = basename($v->{file}, '.html');
    my ($layout) = $name =~ /([a-z0-9]+)$/;
    my $want = $alone{$layout};

    is $v->{verdict} . ($want ? ": $v->{why}" : ''),
        $want ? "alone: $want" : 'inserted',
        "$name: placed as parse5 parses it";
    diag $v->{why} if $v->{verdict} eq 'WRONG';
    unlike $v->{gumbo}, qr/^other/,
        "$name: gumbo agrees, or the difference is known";
}

my $random = File::Temp->newdir;

system("$FindBin::Bin/corpora/random.pl", $random->dirname, 400, 2) == 0
    or die 'no random pages';

my @odd = judged($places, glob $random->dirname . '/*.html');
my @wrong = grep { $_->{verdict} eq 'WRONG' } @odd;

diag "$_->{why}: " . slurp($_->{file}) for @wrong;
is scalar @wrong, 0, 'random pages: placed as parse5 parses them';
cmp_ok scalar(grep { $_->{verdict} eq 'inserted' } @odd), '>', 50,
    'many random pages get a widget';

my @complaints = served(@verdicts);

diag basename($_->[0]{file}) . ": $_->[1]" for @complaints;
is scalar @complaints, 0,
    'nginx adds one run of bytes to each page and changes no other';

done_testing;
