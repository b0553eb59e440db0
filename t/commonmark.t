#!/usr/bin/perl

# The examples of CommonMark, version 0.30, which Debian's md4c follows, as
# comments.  What differs in form only (entities, newlines between blocks, rel)
# is made equal first.  What differs by design is listed below, by number: then
# the specification's HTML is changed as the reasons say, and must be ours.
#
# The examples come from the npm package commonmark-spec.  They are CC BY-SA,
# so they are not part of this repository.

use strict;
use warnings;

use FindBin;

use Encode qw(encode_utf8);
use IPC::Open2 qw(open2);
use JSON::PP ();
use Test::More;

my $root = "$FindBin::Bin/..";
my $tool = "$root/build/corpora/markdown";
my $spec = "$FindBin::Bin/corpora/node_modules/commonmark-spec";

if (!-x $tool || !-d $spec) {
    system('make', '-s', '-C', $root, 'corpora-tools') == 0
        or die 'no tools: make corpora-tools';
}


# Each reason, and how it changes the specification's HTML.  In this order.

my @reasons = (

    # the marks of an element are shown as typed.  There is no other HTML to
    # compare with, but it is safe: the tool has read it
    html => undef,

    # <http://a`b>: no host, but a bare address in < and >
    host => undef,

    # headings are paragraphs in bold
    heading => sub { s{<h(\d)>(.*?)</h\1>}{<p><strong>$2</strong></p>}gs },

    # an image is a link to it, in a link only its text
    image => sub {
        s{(<a [^>]*>(?:(?!</a>).)*?)<img\ src="[^"]*"\ alt="([^"]*)"
          (?:\ title="[^"]*")?>}{$1$2}gsx;
        s{<img src="([^"]*)" alt="([^"]*)"(?: title="[^"]*")?>}
         {<a href="$1">$2</a>}g;
    },

    # no title: phones and keyboards cannot reach it
    title => sub { s/ title="[^"]*"//g },

    # no class for the language of a fence
    class => sub { s/<code class="[^"]*">/<code>/g },

    # only http, https and mailto; "<" and ">" around others stay
    address => sub {
        s{<a\ href="(?!https?://[^/".]|mailto:.)([^"]*)">(.*?)</a>}
         {my ($href, $text) = ($1, $2);
          $href =~ /^[a-z][a-z0-9+.-]+:/i && $text eq plain($href)
              ? "&lt;$text&gt;" : $text}gesxi;
    },

    # brackets are left as they are, as browsers do
    brackets => sub { s/%5B/[/g, s/%5D/]/g for $_ },

    # a bare address is a link
    bare => sub {
        s{(?<![">])(https?://[a-z.]+(?:/[a-z?=]*)?)(?![^<]*</(?:a|code)>)}
         {<a href="$1">$1</a>}g;
    },

    # a newline is a line break
    break => sub {
        s{(<pre>.*?</pre>|<code>.*?</code>)}{$1 =~ tr/\n/\0/r}gse;
        s/(?<!<br>)\n(?!$)/<br>\n/g;
        s{<br>\n(?=</?(?:p|[uo]l|li|blockquote|pre|hr))}{\n}g;
        s{(</?(?:p|[uo]l|li|blockquote|hr|pre)[^>]*>)<br>\n}{$1\n}g;
        tr/\0/\n/;
    },

    # emphasis in the text of an image is kept: compared without it
    emphasis => sub { 1 },

    # blanks are kept: compared without them
    space => sub { 1 },
);

my %change = @reasons;
my @order = @reasons[grep { !($_ % 2) } 0 .. $#reasons];


# the examples that differ by design

my %listed;

while (<DATA>) {
    my ($reason, @numbers) = split;
    next if !$reason || $reason =~ /^#/;
    die "no reason $reason" if !exists $change{$reason};
    push @{ $listed{$_} }, $reason
        for map { /^(\d+)-(\d+)$/ ? $1 .. $2 : $_ } @numbers;
}


open my $fh, '-|', 'node', '-e', 'process.stdout.write('
    . 'JSON.stringify(require(process.argv[1]).tests))', $spec
    or die "node: $!";
my @examples = @{ JSON::PP->new->utf8->decode(do { local $/; <$fh> }) };
close $fh;

for my $example (@examples) {
    tr/\x{2192}/\t/ for @$example{qw(markdown html)};
}

is scalar @examples, 652, 'all examples of CommonMark 0.30';

my @ours = render(map { $_->{markdown} } @examples);

is scalar @ours, scalar @examples, 'all are rendered, and all are safe';

my ($same, $different) = (0, 0);

for my $i (0 .. $#examples) {
    my $example = $examples[$i];
    my $number = $example->{number};
    my $name = "$number, $example->{section}";
    my @why = @{ $listed{$number} // [] };
    my $html = $example->{html};
    my ($want, $got) = (form($html), form(ours($ours[$i])));

    if ($ENV{COMMONMARK_LIST}) {
        list($number, $html, $got);
        next;
    }

    if (!@why) {
        $same++;
        is $got, $want, $name or diag $example->{markdown};
        next;
    }

    $different++;
    isnt $got, $want, "$name: differs by design" or next;

    if (grep { !$change{$_} } @why) {
        unlike $got, qr/<(?:img|script|div|table|span|style)/,
            "$name: HTML is text";
        next;
    }

    is compared($got, @why), compared(changed($html, @why), @why),
        "$name: @why" or diag $example->{markdown};
}

is $same + $different, 652,
    "$same as in the specification, $different by design"
    if !$ENV{COMMONMARK_LIST};

done_testing;


sub render {
    my @texts = @_;

    my $pid = open2(my $from, my $to, $tool);
    print {$to} map { encode_utf8($_) . "\0" } @texts;
    close $to;
    my @html = split /\0/, do { local $/; <$from> }, -1;
    waitpid $pid, 0;
    is $?, 0, 'no HTML that a comment may not have';
    pop @html;

    return @html;
}


sub plain {
    my ($text) = @_;

    $text =~ s/%([0-9A-F]{2})/chr hex $1/gei;

    return $text;
}


# form: the same for both

sub form {
    my ($html) = @_;

    my @parts = split m{(<pre>.*?</pre>)}s, $html =~ s{ />}{>}gr;

    for (@parts) {
        next if /^<pre>/;
        s{\n*(</?(?:p|[uo]l|ol start="\d+"|li|blockquote|hr|h\d)>)\n*}
         {\n$1\n}g;
        s/\n\n+/\n/g;
        s/^\n+|\n+$//g;
    }

    return join "\n", grep { length } @parts;
}


sub ours {
    my ($html) = @_;

    $html =~ s/ rel="nofollow ugc noopener"//g;
    $html =~ s/<pre tabindex="0">/<pre>/g;
    $html =~ s/&#(\d+);/chr $1/ge;

    return $html;
}


# the specification's HTML with the changes of these reasons

sub changed {
    my ($html, @why) = @_;

    my %why = map { $_ => 1 } @why;

    $html =~ s{ />}{>}g;

    for my $reason (grep { $why{$_} && $change{$_} } @order) {
        $change{$reason}->() for $html;
    }

    return form($html);
}


sub compared {
    my ($html, @why) = @_;

    $html =~ s{</?em>}{}g if grep { $_ eq 'emphasis' } @why;

    if (grep { $_ eq 'space' } @why) {
        $html =~ s/[ \t\x{a0}]+/ /g;
        $html =~ s/^ | $//gm;
        $html =~ s/ ?(<[^>]*>) ?/$1/g;
    }

    return form($html);
}


# COMMONMARK_LIST=1: the reasons that make it equal, to keep the list

sub list {
    my ($number, $html, $got) = @_;

    return if $got eq form($html);

    my $equal = sub { compared($got, @_) eq compared(changed($html, @_), @_) };
    my @why = grep { $change{$_} } @order;

    if (!$equal->(@why)) {
        diag "$number html?\n--- ours\n$got\n--- want\n",
            changed($html, @why), "\n---";
        return;
    }

    # without those that are not needed
    for my $name (@order) {
        my @less = grep { $_ ne $name } @why;
        @why = @less if $equal->(@less);
    }

    print "LIST $number @why\n";

    return;
}


__DATA__
html 21 31 148-191 201 308-309 344 474-476 490 493 523 535 599 610 612-616 622
html 624 627-631 642-643
host 346
heading 10 59 62 66-68 71-84 86 89-91 95-96 102-103 115 141 214-215 227-230 232
heading 300 646-647
image 516 519 530 571-588 590
title 22-23 32-33 192-196 202 217 481 504-505 508-509 526 538 541-542 552-558
title 560 592
class 24 34 142-144 146
address 22-23 32-33 192-196 198 200 202-206 214-218 403 418 421 432 472-473
address 481-486 488 491 494-495 497-506 508-509 511 513-521 526-534 538-543
address 548-549 552-561 563-588 590 592 595 597-598 600
brackets 525 537 602
bare 601 607
break 14 25 28 37 46 49 70 81-82 87-88 93 95 104-106 113 138 145 213 216-217
break 220 222-224 228-230 232-233 238 243 247 250-251 253-254 285-288 290-293
break 304 312 334 366 383 393 404 422 431 489 504 542 551 555 586 620 648-649
emphasis 572 575-576 584 588
space 10 13 40 49 56 70 82 87 113 222-224 229 238 255 275-276 280 304 551
space 636-637 649 652
