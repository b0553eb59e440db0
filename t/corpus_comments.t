#!/usr/bin/perl

# The comments that the filter is taught with and tried on: there are enough,
# they are always the same, and nothing that is tested was trained.

use strict;
use warnings;
use utf8;

use Digest::SHA qw(sha256_hex);
use Encode qw(decode_utf8);
use FindBin;
use Test::More;


my $made = `'$^X' '$FindBin::Bin/corpora/comments/make.pl'`;

is $?, 0, 'the comments are made';
is sha256_hex($made),
    '951f415aa8b79ef34f9fac4b2a6e9db712a508973639b6a02caeda39158a8ef0',
    'always the same ones';

my (%n, %splits, %texts, %languages, $technical);

for (split /\n/, decode_utf8($made)) {
    my ($kind, $split, $family, $lang, $source, $name, $site, $text) =
        split /\t/, $_, -1;

    $n{$kind}{$split}++;
    $n{$kind}{all}++;
    $splits{$kind}{$family}{$split} = 1;
    $texts{$text}{$split} = 1;

    if ($kind eq 'honest') {
        $languages{$split}{$lang} = 1;
        $technical++ if $text =~ /`/ || (() = $text =~ m{https?://}g) >= 3;
    }
}

cmp_ok $n{$_}{all}, '>=', 1000, "a thousand comments are $_"
    for 'spam', 'honest';

for my $kind ('spam', 'honest') {
    my $families = $splits{$kind};

    is_deeply [grep { keys %{ $families->{$_} } > 1 } sort keys %$families], [],
        "$kind: no family is in both splits";
}

is_deeply [grep { keys %{ $texts{$_} } > 1 } sort keys %texts],
    [], 'no text is in both splits';
is_deeply [sort keys %{ $languages{$_} }], [qw(ar de en es fr)],
    "$_: honest comments in five languages" for 'train', 'test';
cmp_ok $technical, '>=', $n{honest}{all} / 5,
    'a fifth of the honest ones has code or three links';

done_testing;
