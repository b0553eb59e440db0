#!/usr/bin/perl

# Judges the pages of Debian's documentation packages, of generated blogs, and
# random ones: make corpora.  Packages are downloaded but not installed.
#
#   t/corpora/run.pl WORK [PACKAGE...]
#
# WORK/deb and WORK/pages are kept for the next run; WORK/verdicts gets one line
# for each page.  SAMPLE=300: so many pages of each package also go through
# nginx.  Prints a table; exits with 1 if a page was wrong.

use strict;
use warnings;

use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Path qw(make_path remove_tree);
use FindBin;
use lib "$FindBin::Bin/../lib";

use Corpora qw(judged served slurp);
use Test::More;

my ($work, @only) = @ARGV;
my $sample = $ENV{SAMPLE} // 300;

die "usage: run.pl WORK [PACKAGE...]\n" if !$work;
make_path("$work/deb", "$work/pages");
$work = abs_path($work);

my %made = map { /^([^#\s]\S*)\s+(\S.*)/ ? ($1 => $2) : () }
    split /\n/, slurp("$FindBin::Bin/packages");
my @packages = @only ? @only : sort keys %made;
my @blogs = qw(hugo hugo-minified jekyll pelican);

fetch_package($_) for grep { exists $made{$_} } @packages;

if (!@only) {
    remove_tree(map { "$work/pages/$_" } @blogs);
    system("$FindBin::Bin/generate.pl", "$work/blogs", "$work/pages") == 0
        or die 'the blogs could not be generated';
    remove_tree("$work/pages/random");
    system("$FindBin::Bin/random.pl", "$work/pages/random", 5000) == 0
        or die 'the random pages could not be generated';
    push @packages, @blogs, 'random';
}

my %verdicts = all_judged(@packages);

table(\%verdicts, @packages);
report(map { @{ $verdicts{$_} } } @packages);
through_nginx(\%verdicts, @packages);
done_testing;


# gets the pages of a package, without installing it

sub fetch_package {
    my ($name) = @_;

    my $pages = "$work/pages/$name";

    return if -d $pages;

    system("cd \Q$work\E/deb && apt-get -qq -o APT::Sandbox::User=root "
           . "download \Q$name\E") == 0
        or die "$name cannot be fetched: is apt-get update needed?";

    my ($deb) = glob "$work/deb/${name}_*.deb";

    make_path("$pages.new");
    system("dpkg-deb --fsys-tarfile \Q$deb\E | tar -x -C \Q$pages\E.new"
           . " --wildcards '*.htm' '*.html' '*.html.*' '*.xhtml' 2>&1"
           . " | grep -v 'Not found in archive\\|Exiting with failure'");
    system('find', "$pages.new", '-name', '*.gz', '-type', 'f', '-exec',
           'gunzip', '-f', '{}', '+');
    rename "$pages.new", $pages or die "$pages: $!";

    return;
}


sub files {
    my ($name) = @_;

    my @files;

    find({ no_chdir => 1, wanted => sub {
        push @files, $_ if -f && !-l && !/[\n\t]/;
    } }, "$work/pages/$name");

    return sort @files;
}


# judges all pages in two processes, half of them in each

sub all_judged {
    my (@names) = @_;

    my %files = map { $_ => [files($_)] } @names;
    my @all = map { @{ $files{$_} } } @names;
    my @pipes;

    for my $half (0, 1) {
        my @mine = @all[ grep { $_ % 2 == $half } 0 .. $#all ];
        my $pid = open my $pipe, '-|';

        die "cannot fork: $!" if !defined $pid;

        if ($pid == 0) {
            print join("\t", @$_{qw(file verdict why gumbo place charset)}),
                "\n" for judged("$work/places", @mine);
            exit 0;
        }

        push @pipes, $pipe;
    }

    my %of;

    for my $pipe (@pipes) {
        while (my $line = <$pipe>) {
            my %v;

            chomp $line;
            @v{qw(file verdict why gumbo place charset)}
                = split /\t/, $line, -1;
            $of{ $v{file} } = \%v;
        }

        close $pipe or die 'a judge failed';
    }

    open my $out, '>', "$work/verdicts" or die $!;
    print $out join("\t", @$_{qw(file verdict why gumbo place charset)}), "\n"
        for map { $of{$_} } @all;
    close $out or die $!;

    return map { my $name = $_;
                 $name => [ map { $of{$_} } @{ $files{$name} } ] } @names;
}


# prints how many pages of each package got which verdict

sub table {
    my ($of, @names) = @_;

    my %why;

    for my $v (map { @$_ } values %$of) {
        $why{ $v->{verdict} }{ $v->{why} }++ if $v->{verdict} ne 'WRONG';
    }

    my @columns = map { my $verdict = $_;
                        map { [$verdict, $_] } sort keys %{ $why{$verdict} } }
        qw(inserted alone);

    note sprintf '%-26s %6s  %s', 'package', 'pages', 'verdicts';

    for my $name (@names) {
        my %n;

        $n{"$_->{verdict} $_->{why}"}++ for @{ $of->{$name} };

        note sprintf '%-26s %6d  %s', $name, scalar @{ $of->{$name} },
            join ', ', map { "$n{$_} $_" } sort keys %n;
    }

    note sprintf '%-26s %6d  %s', 'all', scalar(map { @$_ } values %$of),
        join ', ', map { "$why{ $_->[0] }{ $_->[1] } @$_" } @columns;

    my %gumbo;

    $gumbo{ $_->{gumbo} }++ for map { @$_ } values %$of;
    note 'gumbo: ' . join ', ', map { "$gumbo{$_} $_" } sort keys %gumbo;

    return;
}


sub report {
    my (@verdicts) = @_;

    my @wrong = grep { $_->{verdict} eq 'WRONG' } @verdicts;

    diag "$_->{file}: $_->{why}" for @wrong;
    is scalar @wrong, 0, 'pages that the scanner got wrong, of '
        . scalar @verdicts;

    # gumbo's differences show in random pages, too: see t/fuzz/html_gumbo.c
    my @gumbo = grep { $_->{gumbo} =~ /^other/ && $_->{file} !~ m{/random/} }
        @verdicts;

    diag "$_->{file}: gumbo says $_->{gumbo}" for @gumbo;
    is scalar @gumbo, 0, 'pages where gumbo differs for no known reason';

    return;
}


# serves a sample of the pages of each package

sub through_nginx {
    my ($of, @names) = @_;

    for my $name (@names) {
        my @all = @{ $of->{$name} };
        my $step = @all > $sample ? @all / $sample : 1;
        my @some;

        for (my $i = 0; $i < @all; $i += $step) {
            push @some, $all[$i];
        }

        next if !@some;

        my @complaints = served(@some);

        diag "$_->[0]{file}: $_->[1]" for @complaints;
        is scalar @complaints, 0, "$name: nginx serves " . scalar(@some)
            . ' pages, as files and from an application';
    }

    return;
}
