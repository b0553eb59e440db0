#!/usr/bin/perl

# Static pages: plain, with the widget in the file, by sub_filter, by the
# module: make bench-static.  Options: t/lib/Bench.pm.
#
# "baked in" is what any way to add the widget has to be compared with: the
# same bytes, sent by nginx alone.  sub_filter gets the widget as it is and
# cannot change it, know its language, its comments or its readers.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Load;
use Bench::Nginx;
use Bench::Pages;

my $bench = Bench->begin('static');

my @SIZES = ([ '7 KB', 7_000 ], [ '38 KB', 38_000 ], [ '199 KB', 199_000 ],
             [ '1.7 MB', 1_700_000 ]);

my %files = map { ("posts/$_->[1]/index.html" => Bench::Pages::page($_->[1])) }
    @SIZES;
$files{'posts/text.txt'} = $files{'posts/7000/index.html'};

my ($plain, $social) = Bench::Nginx::three(
    files => \%files, site => 'article ~ ^/(?:cached/)?posts/;',
    plain => "include DIR/sub.conf;\n", prepare => \&widget_by_sub_filter);

my (%cost, %own);

for my $size (@SIZES) {
    my ($name, $bytes) = @$size;

    page("static page, $name", "/posts/$bytes/", 1,
         { 'baked in' => "/baked/$bytes/", sub_filter => "/sub/$bytes/" });
}

page('open_file_cache, 7 KB', '/cached/posts/7000/', 1, {});
page('connection a request, 7 KB', '/posts/7000/', 1, {},
     headers => { Connection => 'close' });
page('not HTML', '/posts/text.txt', 0, {});
page('location without social', '/off/posts/7000/', 0, {});

instructions();
record($_) for sort keys %cost;
$bench->end;
exit;


# The widget as the module makes it, for sub_filter and for baked-in files.

sub widget_by_sub_filter {
    my ($nginx) = @_;

    # another server makes it
    my $maker = Bench::Nginx::one(files => \%files, site => '');
    my ($widget) = Bench::Nginx::body($maker, '/posts/7000/')
        =~ m{(<section data-social=.*?</section>)}s or die "no widget\n";

    for my $size (@SIZES) {
        my ($name, $bytes) = @$size;
        my $page = $files{"posts/$bytes/index.html"};

        $page =~ s{</article>}{$widget</article>} or die "no article\n";
        $nginx->file("baked/$bytes/index.html", $page, 3600);
    }

    $widget =~ s/\$/&#36;/g;
    $widget =~ s/(['\\])/\\$1/g;
    $nginx->write('sub.conf', 'location /sub/ { alias ' . $nginx->dir
        . "/html/posts/;\nsub_filter '</article>' '$widget</article>'; }\n");

    return;
}


sub page {
    my ($name, $path, $widgets, $beside, %a) = @_;

    Bench::Nginx::same_page($plain, $social, $path, $widgets);
    Bench::say_so($name);

    my %measure = (
        plain => sub { Bench::Load::wrk($bench, $plain, $path, %a) },
        social => sub { Bench::Load::wrk($bench, $social, $path, %a) },
    );

    for my $other (keys %$beside) {
        $measure{$other} = sub {
            Bench::Load::wrk($bench, $plain, $beside->{$other}, %a) };
    }

    my %seen = $bench->rounds(\%measure);
    $cost{$name} = { path => $path, seen => \%seen };

    return;
}


# what does not depend on the machine: instructions of nginx's own code.  The
# part of the processor time that is its own is taken from a plain page

sub instructions {
    my @paths = map { $cost{$_}{path} } sort keys %cost;

    my $part = Bench::own_part($plain->{worker}, sub {
        Bench::Load::wrk({ seconds => 2 }, $plain, '/posts/7000/') });

    for my $nginx ($plain, $social) {
        $nginx->stop;
        my %found = Bench::Load::instructions($nginx, \@paths);
        push @{ $own{$_} }, $found{$_} for keys %found;
    }

    $own{part} = $part;

    return;
}


sub record {
    my ($name) = @_;

    my ($path, $seen) = @{ $cost{$name} }{qw(path seen)};
    my %ratio;

    for my $way (grep { $_ ne 'plain' } keys %$seen) {
        for my $what (qw(cpu rate)) {
            $ratio{$way}{$what} = Bench::ratios(
                map { my $list = $_; [ map { $_->{$what} } @$list ] }
                    $seen->{$way}, $seen->{plain});
        }
    }

    my $own = $own{$path};
    my $values = $ratio{social}{cpu};
    my %more = (rate => Bench::Report::median(@{ $ratio{social}{rate} }));

    if ($own) {
        $more{instructions} = $own->[1] / $own->[0];
    }

    # half a percent is less than rounds can tell: by instructions
    if ($own && Bench::Goals::of($name)
        && Bench::Goals::of($name)->{unit} eq 'instructions')
    {
        $more{cpu} = Bench::Report::median(@$values);
        $values = [ 1 + ($own->[1] - $own->[0]) * $own{part} / $own->[0] ];
    }

    my %beside = map { ($_ => Bench::Report::median(@{ $ratio{$_}{cpu} })) }
        grep { $_ ne 'social' } keys %ratio;

    $bench->record($name, $values, %more,
                   %beside ? (beside => \%beside) : ());

    return;
}
