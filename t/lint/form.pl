#!/usr/bin/perl

# The layout of text files, C files above all: what clang-format checks reliably
# (.clang-format), and what it cannot check: 80 columns, two blank lines between
# functions, the return type on a line of its own, lengths of files and
# functions, depth of blocks, a comment at the head.  Prints FILE:LINE: what is
# wrong; exit code 1 if anything is.
#
#   t/lint/form.pl ALLOWED FILE...
#
# ALLOWED lists files and functions that may be longer, one a line: the file's
# path or the function's name, its limit, the reason.

use strict;
use warnings;

use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp ();

use constant {
    COLUMNS  => 80,
    FILE     => 600,
    FUNCTION => 60,
    DEPTH    => 4,          # of blocks in a function
};

my ($allowed, @files) = @ARGV;
my (%limit, %listed);       # by name: lines, line in ALLOWED
my $bad = 0;

open my $list, '<', $allowed or die "$allowed: $!";

while (my $line = <$list>) {
    next if $line =~ /^\s*(?:#|$)/;
    my ($name, $n, $why) = split ' ', $line, 3;
    die "$allowed:$.: NAME LIMIT REASON" if !$why || $n !~ /^\d+$/;
    $limit{$name} = $n;
    $listed{$name} = $.;
}

close $list;

my $formatted = format_all(grep { /\.[ch]$/ && !-d } @files);

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


# any text file

sub text {
    my ($path, $lines) = @_;

    # only C has a limit: other long lines are data, markup, patterns, tables
    my $wide = $path =~ /\.[ch]$/;
    my $tabs = $path =~ /Makefile$|\.mk$|\/debian\/rules$/;

    for my $i (0 .. $#$lines) {
        my $line = $lines->[$i];
        my $n = $i + 1;

        complain($path, $n, 'wider than 80 columns')
            if $wide && length $line > COLUMNS;
        complain($path, $n, 'a tab') if !$tabs && $line =~ /\t/;
        complain($path, $n, 'space at the end of the line')
            if $line =~ /\s$/;
        complain($path, $n, 'work left to do: do it, or describe the limit in docs')
            if $line =~ /\b(?:TO[D]O|FI[X]ME|X[X]X|HA[C]K)\b/;
        complain($path, $n, 'a path of one machine')
            if $line =~ m{(?<![\w.\$\}-])/(?:home|work|Users)/\w};
        complain($path, $n, 'a // comment')
            if $wide && $line =~ m{^[^"']*(?<!:)//};
    }

    # a newline at the end of a template would be sent to readers
    complain($path, scalar @$lines, 'no newline at the end')
        if $lines->[-1] ne '' && $path !~ /\.mustache$/;
    complain($path, $#$lines, 'blank lines at the end')
        if @$lines > 1 && $lines->[-2] eq '';

    long($path, 1, $path, $#$lines, FILE) if $wide && $path !~ m{^t/};

    return;
}


# a length against its limit, and against the exception that it has

sub long {
    my ($path, $line, $name, $n, $usual) = @_;

    my $max = $limit{$name} // $usual;

    complain($path, $line, "$name has $n lines: at most $max") if $n > $max;
    complain($allowed, $listed{$name}, "$name has $n lines only: remove the "
             . 'exception') if $listed{$name} && $n <= $usual;

    return;
}


sub head {
    my ($path, $lines) = @_;

    complain($path, 1, 'no comment at the head: say what the file is about')
        if join("\n", @$lines[0 .. ($#$lines < 2 ? $#$lines : 2)])
           !~ m{^\s*/\*};

    complain($path, 1, 'no guard NAME_H_INCLUDED')
        if $path =~ /\.h$/
           && !grep { /^#ifndef \w+_H_INCLUDED$/ || /^#error/ } @$lines;

    return;
}


sub functions {
    my ($path, $lines) = @_;

    # a test may be as long as the scenario that it goes through
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
                         'put the return type on a line of its own')
                    if $lines->[$j] =~ /\w\(/;
                next;
            }

            ($start, $depth, $deepest) = ($j, 0, 0);
        }

        next if !defined $start;

        if ($line eq '}') {
            long($path, $start + 1, $name, $i - $start + 1, FUNCTION)
                if $short;
            complain($path, $start + 1, "$name() is $deepest blocks deep: at "
                     . 'most ' . DEPTH) if $deepest > DEPTH;
            complain($path, $i + 2, "not two blank lines after $name()")
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


# is a function followed by two blank lines, a preprocessor line or the end?

sub apart {
    my (@after) = @_;

    my $rest = join "\n", @after;

    return $rest =~ /\A\n*\z|\A\n\n(?!\n)|\A\n*#(?:endif|else|elif|define|undef)/;
}


# Returns a folder with what clang-format makes of the files, all in one run of
# it: its start takes longer than a file does.

sub format_all {
    my (@paths) = @_;

    my $dir = File::Temp->newdir;

    for my $path (@paths) {
        make_path(dirname("$dir/$path"));
        copy($path, "$dir/$path") or die "$path: $!";
    }

    if (@paths) {
        copy('.clang-format', "$dir/.clang-format")
            or die ".clang-format: $!";
        system('clang-format', '--style=file', '-i', map { "$dir/$_" } @paths)
            == 0 or die 'clang-format failed';
    }

    return $dir;
}


# Compares each statement with what clang-format makes of it.  Line breaks
# inside of a statement and the width of gaps are the author's choice.

sub statements {
    my ($path, $lines) = @_;

    my @formatted = split /\n/, slurp("$formatted/$path");
    my @old = logical(@$lines);
    my @new = logical(@formatted);

    # both are the same code, broken into statements differently at most
    my ($i, $j) = (0, 0);

    while ($i < @old && $j < @new) {
        my ($a, $b) = ($old[$i], $new[$j]);

        if ($a->{text} eq $b->{text}) {
            $i++, $j++;
            next;
        }

        complain($path, $a->{line}, "\"$a->{text}\", clang-format would write "
                 . "\"$b->{text}\"");

        # go on where both have consumed the same characters
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


# the statements, each joined to one line, without comments and preprocessor
# lines

sub logical {
    my (@lines) = @_;

    my $text = join "\n", @lines;

    # what is removed leaves its newlines, so that lines can be counted
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

    # clang-format may put an empty block on one line
    for my $i (reverse 1 .. $#statements) {
        next if $statements[$i]{text} !~ /^\s*\}$/
                || $statements[$i - 1]{text} !~ /\)\s*\{$/;
        $statements[$i - 1]{text} .= ' }';
        splice @statements, $i, 1;
    }

    for my $s (@statements) {
        my ($indent, $rest) = $s->{text} =~ /^(\s*)(.*)/;

        # ignore aligned gaps and line breaks inside of brackets, and allow
        # nginx's A|B of constants
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
