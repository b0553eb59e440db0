#!/usr/bin/perl

# docs/security.md tells the truth: each attack has a line, and the files and
# tests that it names are there.  And what only the sources show.

use strict;
use warnings;

use FindBin;
use Test::More;

my $root = "$FindBin::Bin/..";

sub text {
    my ($name) = @_;

    open my $fh, '<', "$root/$name" or return;
    local $/;

    return <$fh>;
}

# a test's name may be broken into lines, and have its quotes escaped

sub plain {
    my ($text) = @_;

    $text =~ s/['"]\s*\.\s*['"]//g;
    $text =~ s/\\(?=')//g;
    $text =~ s/\s+/ /g;

    return $text;
}

my $page = text('docs/security.md');
my %line = $page =~ /^\| (A\d\d) \| [^|]+ \| (.+) \|$/mg;

is join(' ', sort keys %line),
    join(' ', grep { $_ ne 'A47' } map { sprintf 'A%02d', $_ } 1 .. 58),
    'each attack has a line';
like $page, qr/^A47.*waits/m, 'but the one that waits';

for my $number (sort keys %line) {
    my %tests = $line{$number} =~ /`(t\/[^`]+)`((?: "[^"]+",?)*)/g;

    ok %tests, "$number has a test";

    for my $file (sort keys %tests) {
        my $source = text($file);

        ok defined $source, "$number: $file is there" or next;

        my $words = plain($source);

        ok index($words, $_) >= 0, "$number: $file has \"$_\""
            for $tests{$file} =~ /"([^"]+)"/g;
    }
}


# a test that is called after an attack is called after one of these

for my $file (glob "$root/t/*.t") {
    my $source = text($file =~ s{^\Q$root\E/}{}r);
    my @unknown = grep { !$line{$_} && $_ ne 'A47' }
        $source =~ /['"](A\d\d): /g;

    is "@unknown", '', "$file: its attacks are known" if @unknown;
}

# A19: what a MAC is compared with tells nothing by the time that it takes

my $token = text('src/core/social_token.c');

like $token, qr/CRYPTO_memcmp/, 'MACs are compared in constant time';
unlike $token, qr/\b(?:memcmp|str\w*cmp)\(/, 'and by nothing else';

done_testing;
