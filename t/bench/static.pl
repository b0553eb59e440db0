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
use Bench::Compare;
use Bench::Nginx;
use Bench::Pages;

my $bench = Bench->begin('static');

my @SIZES = ([ '7 KB', 7_000 ], [ '38 KB', 38_000 ], [ '199 KB', 199_000 ],
             [ '1.7 MB', 1_700_000 ]);

my %files = map { ("posts/$_->[1]/index.html" => Bench::Pages::page($_->[1])) }
    @SIZES;
$files{'posts/text.txt'} = $files{'posts/7000/index.html'};

my ($plain, $social) = Bench::Nginx::two(
    files => \%files, site => 'article ~ ^/(?:cached/)?posts/;',
    plain => "include DIR/sub.conf;\n", prepare => \&widget_by_sub_filter);

my $compare = Bench::Compare->new($bench, $plain, $social, 'cpu');

for my $size (@SIZES) {
    my ($name, $bytes) = @$size;

    $compare->page("static page, $name", "/posts/$bytes/", 1, beside => {
        'baked in' => "/baked/$bytes/", sub_filter => "/sub/$bytes/" });
}

$compare->page('open_file_cache, 7 KB', '/cached/posts/7000/', 1);
$compare->page('a connection for each request, 7 KB', '/posts/7000/', 1,
               headers => { Connection => 'close' });
$compare->page('not HTML', '/posts/text.txt', 0);
$compare->page('location without social', '/off/posts/7000/', 0);
$compare->end;
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
