#!/usr/bin/perl

# Comments to teach a filter with and to try it on: from grammars, always the
# same ones.
#
#   t/corpora/comments/make.pl > comments.tsv
#
# A line is a comment: kind (spam or honest), split (train or test), family,
# language, source, name, website, text; separated by tabs, "\n" in a text is
# written as a backslash and an n.  What is tested was never trained: the
# families of spam and the topics of honest comments differ between the splits.
#
# A grammar is a file of lines "slot: alternative | alternative"; {slot} in an
# alternative is replaced by one of that slot's.  spam/*.txt are families, which
# share spam/common.txt; honest/LANGUAGE_TOPIC.txt are topics, which share
# honest/LANGUAGE_common.txt and honest/common.txt.  A topic's own slots hide
# shared ones.

use strict;
use warnings;
no warnings 'portable';      # numbers of 64 bits
use utf8;

use File::Basename qw(basename dirname);

my $dir = dirname(__FILE__);
my $spam = 70;          # comments of each family
my $honest = 240;       # of each language and split
my $state;

binmode STDOUT, ':utf8';


# xorshift64*, since rand() is another one in each version of perl

sub choose {
    my ($n) = @_;

    use integer;

    $state ^= $state >> 12 & 0xfffffffffffff;
    $state ^= $state << 25;
    $state ^= $state >> 27 & 0x1fffffffff;

    return ($state * 0x2545f4914f6cdd1d >> 33 & 0x7fffffff) % $n;
}


# FNV-1a: each family has its own numbers, whatever the others have

sub seed {
    my ($name) = @_;

    use integer;

    $state = -3750763034362895579;
    $state = ($state ^ ord) * 1099511628211 for split //, $name;
}


sub grammar {
    my (@files) = @_;

    my %all;

    for my $file (@files) {
        my %own;
        open my $fh, '<:encoding(UTF-8)', $file or die "$file: $!\n";

        while (<$fh>) {
            next if /^\s*(#|$)/;
            my ($slot, $rest) = /^(\w+):(.*)/ or die "$file:$.: no slot\n";
            push @{ $own{$slot} }, map { s/^\s+|\s+$//gr } split / \|(?= |$)/,
                $rest, -1;
        }

        %all = (%all, %own);
    }

    return \%all;
}


sub expand {
    my ($grammar, $slot) = @_;

    my $list = $grammar->{$slot} // die "no slot \"$slot\"\n";
    my $text = $list->[choose(scalar @$list)];

    $text =~ s/\{(\w+)\}/expand($grammar, $1)/ge;

    return $text;
}


my %seen;
my @sources = ('', '', '', '', 'search', 'search', 'mastodon', 'reddit', 'rss',
               'hackernews');

# a comment that was not made before

sub comment {
    my ($kind, $family, $grammar) = @_;

    for (1 .. 1000) {
        my $text = expand($grammar, 'text');
        my $name = expand($grammar, 'name');
        my $site = expand($grammar, 'site');
        my $source = $sources[choose($kind eq 'spam' ? 5 : scalar @sources)];

        next if $seen{ lc $text }++;

        print join("\t", $kind, $grammar->{split}[0], $family,
                   $grammar->{lang}[0], $source, $name, $site, $text), "\n";
        return;
    }

    die "$family: too few different texts\n";
}


for my $file (sort glob "$dir/spam/*.txt") {
    my $family = basename($file, '.txt');
    next if $family eq 'common';

    my $grammar = grammar("$dir/spam/common.txt", $file);
    seed($family);
    comment('spam', $family, $grammar) for 1 .. $spam;
}

for my $common (sort glob "$dir/honest/*_common.txt") {
    my ($lang) = basename($common) =~ /^(\w\w)_/;
    my (%topics, $grammar);

    for my $file (sort glob "$dir/honest/${lang}_*.txt") {
        next if $file eq $common;
        $grammar = grammar("$dir/honest/common.txt", $common, $file);
        push @{ $topics{ $grammar->{split}[0] } },
            [basename($file, '.txt'), $grammar];
    }

    for my $split (sort keys %topics) {
        my @of = @{ $topics{$split} };
        seed("$lang $split");

        for my $i (0 .. $honest - 1) {
            comment('honest', @{ $of[$i % @of] });
        }
    }
}
