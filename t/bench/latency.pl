#!/usr/bin/perl

# The time of a page of 199 KB at a steady pace, as clients see it: make
# bench-latency.  Options: t/lib/Bench.pm.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Load;
use Bench::Nginx;
use Bench::Pages;

my $bench = Bench->begin('latency', seconds => 2);

my ($plain, $social) = Bench::Nginx::two(
    files => { 'posts/199/index.html' => Bench::Pages::page(199_000) },
    site  => 'article ~ ^/posts/;');

Bench::Nginx::same_page($plain, $social, '/posts/199/', 1, '/posts/199/');

my %seen = $bench->rounds({ plain => sub { times_of($plain) },
                            social => sub { times_of($social) } });

for my $part (50, 99) {
    $bench->ratio("p$part at a fixed rate, 199 KB",
                  map { my $list = $seen{$_}; [ map { $_->{$part} } @$list ] }
                  qw(social plain));
}

$bench->end;


sub times_of {
    my ($nginx) = @_;

    my @times = Bench::Load::paced($nginx, '/posts/199/', clients => 8,
        rps => 50, seconds => $bench->{seconds} < 1 ? 1 : $bench->{seconds});

    return { map { ($_ => Bench::Load::percentile($_ / 100, @times)) } 50, 99 };
}
