#!/usr/bin/perl

# The files that are embedded must fit together: every language has the keys of
# English, with the same {placeholders} and its own plural forms, no typewriter
# quotes, and every file has a row in the table of assets.  Prints FILE:LINE:
# what is wrong; exit code 1 if anything is.

use strict;
use warnings;

use File::Basename qw(basename);
use JSON::PP ();

binmode STDOUT, ':encoding(UTF-8)';

my $bad = 0;
my %words;

# CLDR's plural forms of each language, of fractions too
my %forms = (
    (map { $_ => 'one other' } qw(de en nl tr)),
    (map { $_ => 'one many other' } qw(es fr it pt)),
    (map { $_ => 'one few many other' } qw(pl ru uk)),
    (map { $_ => 'other' } qw(ja ko zh)),
    ar => 'zero one two few many other',
);
my $form = qr/_(zero|one|two|few|many|other)$/;

for my $path (sort glob 'src/assets/lang/*.json') {
    my $text = slurp($path);
    my $doc = eval { JSON::PP->new->utf8->decode($text) };

    if (!$doc) {
        my ($offset) = $@ =~ /character offset (\d+)/;
        my $line = 1 + (substr($text, 0, $offset // 0) =~ tr/\n//);
        complain($path, $line, $@ =~ s/, at .*//sr);
        next;
    }

    # JSON::PP takes the last of two equal keys, the module refuses the file
    my %seen;
    while ($text =~ /^\s*"(\w+)"\s*:/mg) {
        complain($path, line($path, $1), "\"$1\" is there twice")
            if $seen{$1}++;
    }

    $words{ basename($path, '.json') } = $doc;
}

my $english = $words{en} or die 'no src/assets/lang/en.json';

for my $language (sort keys %words) {
    my $path = "src/assets/lang/$language.json";
    my $doc = $words{$language};

    complain($path, line($path, 'lang'), "\"lang\" is not \"$language\"")
        if ($doc->{lang} // '') ne $language;

    for my $key (sort keys %$english) {
        my ($here, $there) = ($doc->{$key}, $english->{$key});

        if (!defined $here) {
            next if is_plural($key);    # below
            complain($path, 1, "\"$key\" is missing");
        } elsif (ref $here ne ref $there) {
            complain($path, line($path, $key),
                     "\"$key\" is of another type than in English");
        } elsif (ref $here) {
            complain($path, line($path, $key), "\"$key\" has another length than in English")
                if @$here != @$there;
        } elsif (is_plural($key)) {
            next;
        } elsif (places($here) ne places($there)) {
            complain($path, line($path, $key),
                     "\"$key\" has other {placeholders} than in English");
        } elsif ($here =~ /<|^\s|\s$/) {
            complain($path, line($path, $key),
                     "\"$key\" contains markup, or spaces around it");
        }
    }

    for my $key (sort keys %$doc) {
        my $here = $doc->{$key};

        complain($path, line($path, $key), "\"$key\" has typewriter quotes")
            if !ref $here && $here =~ /['"]/;
        complain($path, line($path, $key), "\"$key\" is not in English")
            if !defined $english->{$key} && !is_plural($key);
    }

    for my $stem (map { /^(\w+)_other$/ ? $1 : () } sort keys %$english) {
        plural($path, $doc, $stem, $forms{$language});
    }
}

# every file needs a row in the table of assets
my $table = slurp('src/core/social_asset.c');

for my $path (sort(glob('src/assets/*.*'), glob('src/assets/lang/*'))) {
    my $name = basename($path);
    my ($stem, $kind) = $name =~ /^(\w+)\.(\w+)$/;
    my $row = $kind eq 'mustache' ? "social_template_row($stem)"
        : $kind eq 'json' ? "social_language_row($stem)" : "\"$name\"";

    complain($path, 1, 'has no row in src/core/social_asset.c')
        if index($table, $row) < 0;
}

# a text that C names must be there; without it readers would see its name
for my $path (glob 'src/http/*/*.c') {
    my $code = slurp($path);

    while ($code =~ /"(e_\w+)"/g) {
        my $name = $1;
        my $n = 1 + (substr($code, 0, $-[0]) =~ tr/\n//);
        complain($path, $n, "\"$name\" is not in src/assets/lang/en.json")
            if !defined $english->{$name};
    }
}

exit $bad;


sub is_plural {
    my ($key) = @_;

    return $key =~ $form && defined $english->{ $key =~ s/$form/_other/r };
}


sub plural {
    my ($path, $doc, $stem, $wanted) = @_;

    if (!$wanted) {
        complain($path, 1, 'its plural forms are not in t/lint/assets.pl');
        return;
    }

    my $have = join ' ', grep { defined $doc->{"${stem}_$_"} }
        qw(zero one two few many other);

    complain($path, line($path, "${stem}_other"),
             "\"$stem\" has the forms $have, CLDR has $wanted")
        if $have ne $wanted;

    for my $name (qw(zero one two few many other)) {
        my $text = $doc->{"${stem}_$name"} // next;

        # "a comment", "no comments"
        complain($path, line($path, "${stem}_$name"),
                 "\"${stem}_$name\" has other {placeholders} than in English")
            if places($text) ne places($english->{"${stem}_other"})
               && !(places($text) eq '' && $name =~ /zero|one|two/);
    }

    return;
}


sub complain {
    my ($path, $line, $what) = @_;

    print "$path:$line: $what\n";
    $bad = 1;

    return;
}


sub slurp {
    my ($path) = @_;

    open my $fh, '<:raw', $path or die "$path: $!";
    local $/;

    return scalar <$fh>;
}


sub places {
    my ($text) = @_;

    return join ' ', sort $text =~ /\{\w+\}/g;
}


sub line {
    my ($path, $key) = @_;

    my ($before) = slurp($path) =~ /\A(.*?)^\s*"\Q$key\E"\s*:/ms;

    return 1 + (($before // '') =~ tr/\n//);
}
