#!/usr/bin/perl

# Random pages: tags, comments and pieces of them in any order.  The same SEED
# gives the same pages.
#
#   t/corpora/random.pl DIR PAGES [SEED]

use strict;
use warnings;

use File::Path qw(make_path);

# not </br>: its <br> has no position in the source, which the judge needs; not
# <frameset>: it can remove an article that ended before it
my @tokens = (
    (map { ("<$_>", "</$_>") } qw(a address annotation-xml applet article
        aside b body button caption center code colgroup dd desc details
        dialog div dl dt em font foreignObject form g h1 h2 head hgroup html
        i iframe li main marquee math mi nav nobr noembed noframes noscript
        object ol p pre rb rp rt rtc ruby script search section select small
        span style summary svg table tbody td template textarea th title tr
        u ul x-y xmp)),
    (map { "<$_>" } qw(area base br col embed frame hr image img
        input keygen link malignmark meta mglyph optgroup option param
        plaintext source tfoot thead wbr)),
    '<svg/>', '<g/>', '<math/>', '<article/>', '<div/>', '<font color=x>',
    '<annotation-xml encoding="text/html">', '<input type=hidden>',
    '</article >', "</main\n>", '</p >', '</svg >', '</body x=y>',
    '<!--', '-->', '--!>', '<!doctype html>', '<![CDATA[', ']]>', '<!', '<?',
    '</', '<', '>', '/>', "'", '"', '=', '&amp;', '&lt;', 'x', ' ', "\n",
    "<a b='", '<article c="', '</article ', '<input ', '<script><!--',
    '<!-- <script>', '</scrip', '<!-- social -->',
);
my @heads = ('', '<!DOCTYPE html><body>', '<body>', '<html><head>',
             '<!doctype html><title>x</title>', '<body><main>',
             '<body><article>', '<html><body><div><article>');
my @tails = ('', '</article>', '</main></body></html>', '</body></html>',
             "</body>\n", '</article></body></html>', '</html>');

my ($dir, $pages, $seed) = @ARGV;

die "usage: random.pl DIR PAGES [SEED]\n" if !$pages;
srand($seed // 1);
make_path($dir);

for my $n (1 .. $pages) {
    my @some = rand() < 0.4 ? @tokens
        : map { $tokens[ rand @tokens ] } 1 .. 4 + int rand 12;
    my $path = sprintf '%s/%06d.html', $dir, $n;

    open my $fh, '>:raw', $path or die "$path: $!";
    print $fh $heads[ rand @heads ],
        (map { $some[ rand @some ] } 1 .. 3 + int rand 40),
        $tails[ rand @tails ];
    close $fh or die "$path: $!";
}
