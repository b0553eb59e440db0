#!/usr/bin/perl

# Makes a manual page, on standard output.
#
#   t/make/man.pl 1 PROGRAM     ngx-social(1): docs/packaging/ngx-social.1.in
#                               and what the program says of its commands
#   t/make/man.pl 5             ngx_social(5), of docs/directives.md
#
# The pages are in man(7), which every system can show.  The date is that of the
# packages' changelog.  Perl as Debian's perl-base has it is enough.

use strict;
use warnings;

use FindBin;

my $ROOT = "$FindBin::Bin/../..";
my @MONTHS = qw(Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec);

# what the manual has and a page of section 5 has not

my $NAME = 'ngx_social \- configuration of comments, share buttons and counts'
    . ' in nginx.conf';
my $SEE = <<'END';
.SH SEE ALSO
.BR ngx\-social (1),
.BR nginx (8)
.PP
The other manuals, also as the source of this page,
.IR directives.md ,
in
.IR /usr/share/doc/libnginx\-mod\-social .
END


my ($section, $program) = @ARGV;

if (($section // '') eq '1' && $program) {
    print head('NGX\-SOCIAL', 1), tidy(commands_page($program));

} elsif (($section // '') eq '5') {
    print head('NGX_SOCIAL', 5), ".SH NAME\n$NAME\n",
        tidy(body(slurp("$ROOT/docs/directives.md"))), $SEE;

} else {
    die "usage: man.pl 1 PROGRAM | 5\n";
}


sub slurp {
    my ($file) = @_;

    open my $fh, '<', $file or die "$file: $!\n";
    local $/;

    return scalar <$fh>;
}


sub head {
    my ($name, $number) = @_;

    my ($version) = slurp("$ROOT/src/core/social_version.h")
        =~ /^#define SOCIAL_VERSION\s+"([^"]+)"/m
        or die "no version in social_version.h\n";
    my ($day, $month, $year) = slurp("$ROOT/docs/packaging/debian/changelog")
        =~ /^ -- .*>  \w+, (\d+) (\w+) (\d+) /m
        or die "no date in the changelog\n";
    my ($n) = grep { $MONTHS[$_ - 1] eq $month } 1 .. 12;

    return sprintf ".\\\" made by t/make/man.pl\n"
        . ".TH %s %d %04d-%02d-%02d \"ngx_social %s\"\n.nh\n.ad l\n",
        $name, $number, $year, $n, $day, $version;
}


# a heading begins a paragraph already

sub tidy {
    my ($text) = @_;

    $text =~ s/^(\.S[HS] .*\n)\.PP\n/$1/mg;

    return $text;
}


# text that roff shows as it is; a line of it begins with no request

sub plain {
    my ($text) = @_;

    $text =~ s/\\/\\e/g;
    $text =~ s/^([.'])/\\&$1/mg;

    return $text;
}

sub code {
    my ($text) = @_;

    $text = plain($text);
    $text =~ s/-/\\-/g;

    return $text;
}


# a paragraph of Markdown; a link is its words

sub inline {
    my ($text) = @_;

    $text =~ s/\[([^\]]+)\]\([^)\s]+\)/$1/g;
    $text =~ s/\s*\n\s*/ /g;

    my $out = '';

    for my $part (split /(`[^`]+`|\*\*[^*]+\*\*)/, $text) {
        $out .= $part =~ /^`(.+)`$/ ? '\fB' . code($1) . '\fR'
            : $part =~ /^\*\*(.+)\*\*$/ ? '\fB' . plain($1) . '\fR'
            : $part =~ s/\\/\\e/gr;
    }

    # a sentence a line, as roff wants it, and no line longer than 78
    $out =~ s/(?<=[a-z)\d}R"]{2}[.:?]) (?=\S)/\n/g;
    $out =~ s/ +$//mg;
    $out =~ s/(?=.{79})(.{1,78}) /$1\n/g;
    $out =~ s/^([.'])/\\&$1/mg;

    return "$out\n";
}


sub verbatim {
    my ($text) = @_;

    $text =~ s/\n+\z//;

    return ".RS 4\n.nf\n" . code($text) . "\n.fi\n.RE\n";
}


# a row is a term, of all cells but the last, and what is said of it

sub table {
    my (@lines) = @_;

    my $out = '';

    splice @lines, 0, 2;

    for my $line (@lines) {
        $line =~ s/^\|\s*|\s*\|\s*$//g;
        my @cells = split /\s*(?<!\\)\|\s*/, $line;
        my $text = pop @cells;
        my $term = inline(join '   ', grep { length } @cells);

        $out .= ".TP\n" . ($term =~ s/\n(?=.)/ /gr) . inline($text);
    }

    return $out;
}


# the manual without its title and its list of contents

sub body {
    my ($text) = @_;

    my $out = '';
    my ($before, $rest) = $text =~ /\A# .*?\n\n(.*?)^(## .*)\z/ms
        or die "docs/directives.md: no section\n";

    $before =~ s/^- \[.*//ms;
    $out .= ".SH DESCRIPTION\n" . inline($before =~ s/\s+\z//r);

    # blocks, of which those of code may have empty lines
    while ($rest =~ /\G(?:\n+|(```\w*\n((?s:.*?))^```\n)|((?:^[ ]{4}.*\n|^\n(?=[ ]{4}))+)
                     |((?:^.+\n?)+))/gmx)
    {
        my ($fence, $fenced, $indented, $block) = ($1, $2, $3, $4);

        if (defined $fence) {
            $out .= ".PP\n" . verbatim($fenced);

        } elsif (defined $indented) {
            $out .= ".PP\n" . verbatim($indented =~ s/^ {4}//mgr);

        } elsif (defined $block) {
            $out .= block($block);
        }
    }

    return $out;
}


sub block {
    my ($text) = @_;

    if ($text =~ /^(##+) (.*)\n*\z/) {
        my ($level, $title) = (length $1, $2);
        return $level == 2 ? '.SH ' . uc(plain($title)) . "\n"
            : ".SS " . plain($title) . "\n";
    }

    return table(split /\n/, $text) if $text =~ /^\|/;

    if ($text =~ /^- /) {
        return join '', map { ".IP \\(bu 2\n" . inline($_) }
            grep { length } split /^- /m, $text;
    }

    return ".PP\n" . inline($text =~ s/\s+\z//r);
}


# ngx-social(1): what the program says of itself, in its place

sub said {
    my (@command) = @_;

    open my $fh, '-|', @command or die "$command[0]: $!\n";
    local $/;
    my $text = <$fh>;
    close $fh or die "@command failed\n";

    return $text;
}


sub commands_page {
    my ($file) = @_;

    my $usage = said($file, 'help');
    my $page = slurp("$ROOT/docs/packaging/ngx-social.1.in");
    my @names = grep { $_ ne 'help' } $usage =~ /^  ngx-social ([a-z]\S*)/mg;
    my ($exit) = $usage =~ /^(exits with .*)\z/ms
        or die "no exit codes in ngx-social help\n";
    my $text = join '', map { command($_, said($file, 'help', $_)) } @names;

    $text =~ s/\n\z//;
    $exit =~ s/\s+\z//;
    $page =~ s/^\@COMMANDS\@$/$text/m;
    $exit = ucfirst inline("$exit.");
    $page =~ s/^\@EXIT\@\n/$exit/m;

    return $page;
}


# usage, an empty line, what it does, an empty line, the rest

sub command {
    my ($name, $text) = @_;

    my ($usage, $about, $more) = $text
        =~ /\Ausage: (.*?)\n\n\s*(.*?)\n(?:\n(.*))?\z/s
        or die "ngx-social help $name: not in the form that is known\n";

    my $out = ".SS $name\n.nf\n" . code($usage) . "\n.fi\n.PP\n"
        . ucfirst(inline("$about.")) . options($more // '');

    return $out;
}


# arguments and options with their words; other lines stay as they are

sub options {
    my ($text) = @_;

    my $out = '';

    for my $part (split /\n{2,}/, $text) {
        if ($part !~ /^ {1,4}\S/) {
            $out .= $part =~ /\n /
                ? ".PP\n.nf\n" . code($part) . "\n.fi\n"
                : ".PP\n" . inline($part);
            next;
        }

        for my $option (split /\n(?= {1,4}\S)/, $part) {
            my ($term, $words) = $option =~ /^ +(\S.*?)(?: {2,}|\n *)(\S.*)\z/s;

            ($term, $words) = ($option =~ s/^ +//r, '') if !defined $term;
            $out .= ".TP\n.B " . code($term) . "\n"
                . inline($words =~ s/\s*\n\s*/ /gr);
        }
    }

    return $out;
}
