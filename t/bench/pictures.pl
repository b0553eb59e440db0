#!/usr/bin/perl

# The pictures and the table of docs/performance.md, from what `make bench`
# measured last: make bench-pictures.
#
#   perl t/bench/pictures.pl RESULTS DOCS
#
# Writes DOCS/images/bench-*.svg, and in DOCS/performance.md what stands between
# the comments that name the table and the pictures.

use strict;
use warnings;

use File::Basename qw(dirname);
use POSIX qw(strftime);

use lib dirname(__FILE__) . '/../lib';
use Bench::Chart;
use Bench::Goals;
use Bench::Report;

my ($results, $docs) = @ARGV;
die "see the head of $0\n" if @ARGV != 2;

my @results = Bench::Report::read_all($results);
die "no results in $results: run make bench first\n" if !@results;

my %of = map { $_->{name} => $_ } @results;

pages();
capacity();
comments();
table();
exit;


sub picture {
    my ($name, $svg) = @_;

    my $path = "$docs/images/bench-$name.svg";

    open my $fh, '>', $path or die "$path: $!\n";
    print $fh $svg;
    close $fh or die "$path: $!\n";
    change(qr{(<!-- picture \Q$name\E: (.*?) -->\n).*?(<!-- end of picture -->)}s,
           sub { "$1![$2](images/bench-$name.svg)\n$3" });

    return;
}


# changes a place of performance.md

sub change {
    my ($place, $new) = @_;

    my $path = "$docs/performance.md";

    open my $in, '<', $path or die "$path: $!\n";
    my $text = do { local $/; <$in> };
    close $in;

    $text =~ s/$place/$new->()/e or die "$path: a place is missing: $place\n";

    open my $out, '>', "$path.new" or die "$path: $!\n";
    print $out $text;
    close $out or die "$path: $!\n";
    rename "$path.new", $path or die "$path: $!\n";

    return;
}


# one bar for a figure, with its goal and the middle half of its rounds

sub bar {
    my ($label, $result, $class) = @_;

    my ($low, $median, $high) = Bench::Report::quarters(@{ $result->{values} });
    my $goal = Bench::Goals::of($result->{name});

    return { label => $label, value => $median, low => $low, high => $high,
             class => $class // 'ours', goal => $goal && $goal->{goal} };
}


sub pages {
    my @bars;

    for my $size ('7 KB', '38 KB', '199 KB', '1.7 MB') {
        my $result = $of{"static page, $size"} or return;

        push @bars, bar("$size, the module", $result),
            map { { label => "$size, $_->[0]", class => 'other',
                    value => $result->{beside}{ $_->[1] } } }
            [ 'widget in the file', 'baked in' ],
            [ 'sub_filter', 'sub_filter' ];
    }

    picture('static', Bench::Chart::bars(
        'Processor time of a static page; 1 = nginx without a widget', \@bars,
        log => 1, ticks => [ 0.5, 1, 2, 4, 8, 16 ], one => 1));

    return;
}


sub capacity {
    my @bars = map { bar($_ =~ s/^proxied, //r, $of{$_}) }
        grep { $of{$_} } map { ("proxied, $_", "proxied, $_, 32 KB buffers") }
        '7 KB', '38 KB', '199 KB';

    picture('proxied', Bench::Chart::bars(
        'Proxied pages for the same processor time; 1 = without the module',
        \@bars, ticks => [ 0, 0.5, 1, 1.5, 2, 2.5 ], one => 1)) if @bars;

    return;
}


sub comments {
    my @bars = map { bar($_ =~ s/^comments, //r, $of{$_}) }
        grep { $of{$_} && /^comments, / } Bench::Goals::names();

    picture('comments', Bench::Chart::bars(
        'Comments stored; 1 = single commits of SQLite to the same disk',
        \@bars, log => 1, ticks => [ 0.25, 0.5, 1, 2, 4, 8, 16, 32 ],
        one => 1)) if @bars;

    return;
}


sub table {
    my $rows = join '', map { row($_) } @results;
    my $day = strftime('%Y-%m-%d', gmtime);
    my $least = (sort { $a <=> $b } map { scalar @{ $_->{values} } }
                 @results)[0];

    change(qr{(<!-- table -->\n).*?(<!-- end of table -->)}s, sub {
        "$1Measured $day, at least $least rounds each.\n\n| figure | median | "
        . "middle half of the rounds | goal | |\n|---|---|---|---|---|\n"
        . "$rows\n$2" });

    return;
}


sub row {
    my ($result) = @_;

    my @cells = (Bench::Report::cells($result))[0 .. 4];
    $cells[4] = "**$cells[4]**" if $cells[4] eq 'MISSED';

    return '| ' . join(' | ', @cells) . " |\n";
}
