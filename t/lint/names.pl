#!/usr/bin/perl

# Names say where they live, and nothing has the name of something else.  Prints
# FILE:LINE: what is wrong; exit code 1 if anything is.
#
#   t/lint/names.pl [DIRECTORY]
#
# A public function of src/http/ROOM is ngx_http_social_ROOM_*, and so is its
# file.  No function (static ones too), macro, type, struct or enum constant has
# the name of another one, except
#
#   alternatives in one file, of which #if compiles one
#   a macro that its file undefines again (a table of rows)
#   struct NAME and the typedef of it
#
# What the lists of exceptions in t/lint name must exist.

use strict;
use warnings;

use FindBin;
use lib $FindBin::Bin;

use Sources qw(all code exceptions functions room slurp);

chdir $ARGV[0] or die "$ARGV[0]: $!" if @ARGV;

my $bad = 0;
my @paths = all();
my %defined;        # by name: [ kind, path, line, branches of #if ]
my %functions;
my %base;

for my $path (@paths) {
    my @lines = code($path);
    my ($base) = $path =~ m{([^/]+)$};
    my @branches = branches(@lines);

    complain("$path:1", "$base{$base} has the same file name: rename one")
        if $base{$base};
    $base{$base} = $path;

    http($path, $base, @lines) if $path =~ m{^src/http/[^/]+/};

    for my $name (functions(@lines), macros(@lines), types(@lines)) {
        my ($called, $line, undef, $kind) = @$name;
        define($called, $kind // 'function', $path, $line,
               $branches[$line - 1]);
    }
}

for my $name (sort keys %defined) {
    twice($name, @{ $defined{$name} });
}

lists();

exit $bad;


sub complain {
    my ($where, $what) = @_;

    print "$where: $what\n";
    $bad = 1;

    return;
}


sub define {
    my ($name, $kind, $path, $line, $branches) = @_;

    push @{ $defined{$name} }, [ $kind, $path, $line, $branches ];
    $functions{$name} = 1 if $kind eq 'function';

    return;
}


# names in the rooms of the event loop

sub http {
    my ($path, $base, @lines) = @_;

    my $prefix = 'ngx_http_social_' . room($path) =~ s{.*/}{}r;

    complain("$path:1", "a file of this folder is $prefix*")
        if $base !~ /^\Q$prefix\E[_.]/;

    for my $function (functions(@lines)) {
        my ($name, $line, $static) = @$function;
        next if $static || $name =~ /^\Q$prefix\E(?:_|$)/;
        complain("$path:$line", "$name(): a public function of this folder is "
                 . "${prefix}_*");
    }

    return;
}


# [ name, line, is it local to its file?, kind ]

sub macros {
    my (@lines) = @_;

    my @found;
    my %local = map { /^\s*#\s*undef\s+(\w+)/ ? ($1 => 1) : () } @lines;

    for my $i (0 .. $#lines) {
        next if $lines[$i] !~ /^\s*#\s*define\s+(\w+)/ || $local{$1};
        push @found, [ $1, $i + 1, 0, 'macro' ];
    }

    return @found;
}


sub types {
    my (@lines) = @_;

    my @code = map { /^\s*#/ ? '' : $_ } @lines;
    my $text = join "\n", @code, '';
    my @found;

    while ($text =~ /\b(struct|union|enum)\s+(\w+)\s*\{/g) {
        push @found, [ $2, line($text, $-[2]), 0, $1 ];
    }

    while ($text =~ /\benum\b[^{};]*\{([^}]*)\}/g) {
        my ($body, $at) = ($1, $-[1]);
        while ($body =~ /(?:^|,)\s*(\w+)\b(?!\s*\()/g) {
            push @found, [ $1, line($text, $at + $-[1]), 0, 'constant' ];
        }
    }

    # up to the semicolon behind all braces
    my $braces = qr/(\{(?:[^{}]|(?1))*\})/;

    while ($text =~ /^\s*typedef\b((?:[^;{}]|$braces)*);/mg) {
        my ($what, $at) = ($1, $-[1]);

        # its fields are in braces, and a function's arguments behind its name
        my $bare = $what =~ s/\{.*\}/$& =~ tr{\n}{ }cr/esr;
        my ($name) = $bare =~ /\(\s*\*\s*(\w+)\s*\)\s*\(/;
        ($name) = $bare =~ /\b(\w+)\s*(?:\([^()]*\)|\[[^\]]*\])?\s*$/
            if !defined $name;
        push @found, [ $name, line($text, $at), 0, 'typedef' ]
            if defined $name;
    }

    return @found;
}


sub line {
    my ($text, $offset) = @_;

    return 1 + substr($text, 0, $offset) =~ tr/\n//;
}


# of each line, the branches of #if that it is in: { number of #if => branch }

sub branches {
    my (@lines) = @_;

    my ($ifs, @open, @of) = (0);

    for my $line (@lines) {
        if ($line =~ /^\s*#\s*if/) {
            push @open, [ $ifs++, 0 ];
        } elsif (@open && $line =~ /^\s*#\s*el/) {
            $open[-1][1]++;
        } elsif ($line =~ /^\s*#\s*endif/) {
            pop @open;
        }

        push @of, { map { @$_ } @open };
    }

    return @of;
}


sub twice {
    my ($name, $first, @others) = @_;

    for my $other (@others) {
        my ($kind, $path, $line, $branches) = @$first;
        my ($also, $there, $at, $beside) = @$other;

        next if $path eq $there
                && grep { exists $beside->{$_}
                          && $beside->{$_} != $branches->{$_} } keys %$branches;
        next if "$kind $also" =~ /^(?:struct|union|enum) typedef$/
                && $path eq $there;

        complain("$there:$at", "$also $name: $path:$line defines a $kind of "
                 . 'this name: rename one');
    }

    return;
}


sub lists {
    for my $entry (exceptions('t/lint/lengths', 3)) {
        my ($line, $name) = @$entry;
        exists_("t/lint/lengths:$line", $name);
    }

    for my $list (qw(t/lint/tidy t/lint/rooms)) {
        for my $entry (exceptions($list, 3)) {
            my ($line, $path) = @$entry;
            exists_("$list:$line", $path, 'a file');
        }
    }

    # check:file, or a check alone
    for my $entry (exceptions('t/lint/cppcheck', 1)) {
        my ($line, $what) = @$entry;
        my (undef, $path) = split /:/, $what;
        exists_("t/lint/cppcheck:$line", $path, 'a file') if defined $path;
    }

    return;
}


sub exists_ {
    my ($where, $name, $file) = @_;

    complain($where, "$name does not exist: correct or remove it")
        if !($file || $name =~ m{/} ? -f $name : $functions{$name});

    return;
}
