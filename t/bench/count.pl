#!/usr/bin/perl

# What it takes to count a view, when 10,000 articles are read: make
# bench-count.  Options: t/lib/Bench.pm.
#
# Counting cannot be switched off, so there is nothing to compare with.  But all
# of it happens in one function, behind the last byte: callgrind counts the
# instructions of that function and of what it calls.  A plain page's own
# instructions, and the part that they are of its processor time, tell how much
# a whole request is.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Load;
use Bench::Nginx;
use Bench::Pages;

my $bench = Bench->begin('count');
my $articles = 10_000;
my $page = Bench::Pages::page(7_000);

# the files are one: only names differ
my ($plain, $social) = Bench::Nginx::two(
    files => { 'one.html' => $page }, plain => rewritten(),
    social => rewritten(), site => 'zone 64m; article ~ ^/many/;');

Bench::Nginx::same_page($plain, $social, '/many/1', 1, '/many/1');

my $path = sub { '/many/' . (($_[0] * 7919) % $articles + 1) };
my $own = Bench::own_part($plain->{worker}, sub {
    Bench::Load::wrk({ seconds => 2 }, $plain, '/many/1') });

$plain->stop;
my ($whole) = values %{ { Bench::Load::instructions($plain, [ '/many/1' ]) } };

for my $n ($bench->{quick} ? 1 : (1, $articles)) {
    my $nginx = $social;

    $nginx->stop;

    my ($count) = values %{ { Bench::Load::instructions(
        $nginx, [ $n == 1 ? '/many/1' : $path ], warm => $n + 20,
        function => 'ngx_http_social_view_log_handler') } };

    $bench->record('counting a view, ' . ($n == 1 ? '1 article'
                                                  : '10,000 articles'),
                   [ 1 + $count * $own / $whole ]);
}

$bench->end;


sub rewritten {
    return '        location /many/ { rewrite ^ /one.html break; }';
}
