#!/usr/bin/perl

# How C files look: what clang-format states reliably (.clang-format), and what
# it cannot: 80 columns, two blank lines between functions, the return type on
# a line of its own, lengths, depth, a head comment.  Prints FILE:LINE: what.
#
#   t/lint/form.pl ALLOWED FILE...
#
# ALLOWED lists today's exceptions of length, one a line: a file's path or a
# function's name, a limit, a reason.

use strict;
use warnings;

use constant {
    COLUMNS  => 80,
    FILE     => 600,
    FUNCTION => 60,
    DEPTH    => 4,          # of blocks in a function
};

my ($allowed, @files) = @ARGV;
my %limit;
my $bad = 0;

open my $list, '<', $allowed or die "$allowed: $!";

while (my $line = <$list>) {
    next if $line =~ /^\s*(?:#|$)/;
    my ($name, $n, $why) = split ' ', $line, 3;
    die "$allowed:$.: NAME LIMIT REASON" if !$why || $n !~ /^\d+$/;
    $limit{$name} = $n;
}

close $list;

for my $path (@files) {
    next if -d $path;
    my @lines = split /\n/, slurp($path), -1;
    @lines = ('') if !@lines;

    text($path, \@lines);
    next if $path !~ /\.[ch]$/;
    head($path, \@lines);
    functions($path, \@lines) if $path =~ /\.c$/;
    statements($path, \@lines);
}

exit $bad;


sub complain {
    my ($path, $line, $what) = @_;

    print "$path:$line: $what\n";
    $bad = 1;

    return;
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<:encoding(UTF-8)', $path or die "$path: $!";
    local $/;
    my $text = <$fh>;
    close $fh;

    return $text // '';
}


# of every text file

sub text {
    my ($path, $lines) = @_;

    # long lines are data, markup, a pattern or a table elsewhere
    my $wide = $path =~ /\.[ch]$/;
    my $tabs = $path =~ /Makefile$|\.mk$/;

    for my $i (0 .. $#$lines) {
        my $line = $lines->[$i];
        my $n = $i + 1;

        complain($path, $n, 'wider than 80 columns')
            if $wide && length $line > COLUMNS;
        complain($path, $n, 'a tab') if !$tabs && $line =~ /\t/;
        complain($path, $n, 'space at the end of the line')
            if $line =~ /\s$/;
        complain($path, $n, 'work left to be done: do it, or say it in docs')
            if $line =~ /\b(?:TO[D]O|FI[X]ME|X[X]X|HA[C]K)\b/;
        complain($path, $n, 'a path of one machine')
            if $line =~ m{(?<![\w.\$\}-])/(?:home|work|Users)/\w};
        complain($path, $n, 'a // comment')
            if $wide && $line =~ m{^[^"']*(?<!:)//};
    }

    # what a template ends with is sent
    complain($path, scalar @$lines, 'no newline at the end')
        if $lines->[-1] ne '' && $path !~ /\.mustache$/;
    complain($path, $#$lines, 'blank lines at the end')
        if @$lines > 1 && $lines->[-2] eq '';

    my $max = $limit{$path} // FILE;
    complain($path, 1, "a file of $#$lines lines: at most $max")
        if $wide && $path !~ m{^t/} && @$lines - 1 > $max;

    return;
}


sub head {
    my ($path, $lines) = @_;

    complain($path, 1, 'no comment that says what the file is about')
        if join("\n", @$lines[0 .. ($#$lines < 2 ? $#$lines : 2)])
           !~ m{^\s*/\*};

    complain($path, 1, 'no guard NAME_H_INCLUDED')
        if $path =~ /\.h$/
           && !grep { /^#ifndef \w+_H_INCLUDED$/ || /^#error/ } @$lines;

    return;
}


sub functions {
    my ($path, $lines) = @_;

    # a test may tell a long story
    my $short = $path !~ m{^t/};
    my ($name, $start, $depth, $deepest);

    for my $i (0 .. $#$lines) {
        my $line = $lines->[$i];

        if ($line eq '{') {
            my $j = $i - 1;
            $j-- while $j > 0 && $lines->[$j] =~ /^\s/;

            ($name) = $lines->[$j] =~ /^(\w+)\(/;

            if (!defined $name) {
                complain($path, $j + 1,
                         'the return type stands on a line of its own')
                    if $lines->[$j] =~ /\w\(/;
                next;
            }

            ($start, $depth, $deepest) = ($j, 0, 0);
        }

        next if !defined $start;

        if ($line eq '}') {
            my $n = $i - $start + 1;
            my $max = $limit{$name} // FUNCTION;

            complain($path, $start + 1, "$name() has $n lines: at most $max")
                if $short && $n > $max;
            complain($path, $start + 1, "$name() is $deepest blocks deep: at "
                     . 'most ' . DEPTH) if $deepest > DEPTH;
            complain($path, $i + 2, "two blank lines after $name()")
                if !apart(@$lines[$i + 1 .. $#$lines]);

            undef $start;
            next;
        }

        my $code = $line =~ s{"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|/\*.*?\*/}{}gr;
        $depth += ($code =~ tr/{//) - ($code =~ tr/}//);
        $deepest = $depth - 1 if $depth - 1 > $deepest;
    }

    return;
}


# what follows a function: two blank lines, the end, or preprocessor lines

sub apart {
    my (@after) = @_;

    my $rest = join "\n", @after;

    return $rest =~ /\A\n*\z|\A\n\n(?!\n)|\A\n*#(?:endif|else|elif|define|undef)/;
}


# statement by statement as clang-format would have it, line breaks in a
# statement and the width of gaps left alone

sub statements {
    my ($path, $lines) = @_;

    open my $fh, '-|:encoding(UTF-8)', 'clang-format', '--style=file', $path
        or die "clang-format: $!";
    my @formatted = map { s/\n//r } <$fh>;
    close $fh or die "clang-format $path failed";

    my @old = logical(@$lines);
    my @new = logical(@formatted);

    # both tell the same code: walk them in step
    my ($i, $j) = (0, 0);

    while ($i < @old && $j < @new) {
        my ($a, $b) = ($old[$i], $new[$j]);

        if ($a->{text} eq $b->{text}) {
            $i++, $j++;
            next;
        }

        complain($path, $a->{line}, "\"$a->{text}\", clang-format would write "
                 . "\"$b->{text}\"");

        # go on where both have used up the same characters
        my ($x, $y) = (bare($a), bare($b));
        $i++, $j++;

        while ($x ne $y && $i < @old && $j < @new) {
            if (length $x < length $y) {
                $x .= bare($old[$i++]);
            } else {
                $y .= bare($new[$j++]);
            }
        }
    }

    return;
}


sub bare {
    my ($statement) = @_;

    return $statement->{text} =~ s/\s+//gr;
}


# a statement a line, comments and preprocessor lines away

sub logical {
    my (@lines) = @_;

    my $text = join "\n", @lines;

    # comments and continued preprocessor lines keep their newlines
    $text =~ s{^[ ]*\#(?:\\\n|[^\n])*}{"\n" x ($& =~ tr/\n//)}gme;
    $text =~ s{ ("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*') | [ ]*/\*.*?\*/ }
              { $1 // "\n" x ($& =~ tr/\n//) }gsex;

    my (@statements, $open);
    my $n = 0;

    for my $line (split /\n/, $text) {
        $n++;

        if ($line =~ /^\s*$/) {
            next;
        }

        $line =~ s/\s+$//;

        if ($open) {
            $open->{text} .= ' ' . $line =~ s/^\s+//r;

        } else {
            $open = { line => $n, text => $line };
            push @statements, $open;
        }

        undef $open if $line =~ /[;{}:]$/ || $line =~ /^\w+:$/;
    }

    # an empty block may stand on one line
    for my $i (reverse 1 .. $#statements) {
        next if $statements[$i]{text} !~ /^\s*\}$/
                || $statements[$i - 1]{text} !~ /\)\s*\{$/;
        $statements[$i - 1]{text} .= ' }';
        splice @statements, $i, 1;
    }

    for my $s (@statements) {
        my ($indent, $rest) = $s->{text} =~ /^(\s*)(.*)/;

        # gaps align; a broken list or parenthesis has no space inside;
        # constants are joined by a bare |, as nginx has it
        $rest =~ s/\s+/ /g;
        $rest =~ s/([(\[]) /$1/g;
        $rest =~ s/ ([)\],;])/$1/g;
        $rest =~ s/ (->|\.)(?=\w)/$1/g;
        $rest =~ s/(\(\w+_t\)) \{/$1\{/g;
        $rest =~ s/([A-Z0-9]) ?\| ?(?=[A-Z0-9])/$1|/g;

        $s->{text} = $indent . $rest;
    }

    return @statements;
}
