package Sources;

# What layers.pl and names.pl read: the C files of the module, without comments
# and strings, the functions they define, and lists of exceptions.

use strict;
use warnings;

use Exporter qw(import);
use File::Find qw(find);

our @EXPORT_OK = qw(all code exceptions functions room slurp);


# the C files that are compiled into the module, and their headers

sub all {
    my @files;

    find({ no_chdir => 1, wanted => sub { push @files, $_ if /\.[ch]\z/ } },
         'src');

    return sort @files, glob '*.c';
}


# the folder below src: core/html, http/zone; the module's own file has none

sub room {
    my ($path) = @_;

    return $path =~ m{^src/(.+)/[^/]+$} ? $1 : $path;
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<', $path or die "$path: $!";
    local $/;

    return scalar(<$fh>) // '';
}


# the lines of a file without comments and without the inside of strings, which
# are kept where they name an included header

sub code {
    my ($path) = @_;

    my $text = slurp($path) =~ s{
        ( ^\s*\#\s*include[^\n]* )
        | (/\*.*?\*/)
        | "(?:\\.|[^"\\\n])*"
        | '(?:\\.|[^'\\\n])*'
    }{
        $1 // ($2 ? ' ' : '""') . "\n" x ($& =~ tr/\n//)
    }gmsexr;

    return split /\n/, $text;
}


# [ name, line, is it static? ] of each function that these lines define

sub functions {
    my (@lines) = @_;

    my $text = join "\n", @lines, '';
    my @found;

    while ($text =~ /^([^\n]*)\n(\w+)\([^;{}]*\)\s*\n\{/mg) {
        my ($type, $name, $line) = ($1, $2, 2 + substr($text, 0, $-[0])
                                                =~ tr/\n//);
        push @found, [ $name, $line, $type =~ /\bstatic\b/ ];
    }

    return @found;
}


# [ line number, words of the line ] of each exception in a file

sub exceptions {
    my ($path, $words) = @_;

    my @lines = split /\n/, slurp($path);

    return map { [ $_ + 1, split ' ', $lines[$_], $words ] }
        grep { $lines[$_] !~ m{^\s*(?:#|//|$)} } 0 .. $#lines;
}


1;
