#!/usr/bin/perl

# A thread of 50 comments, in the article's page, as a page of its own and as
# JSON, against files with the same bytes: make bench-threads.
# Options: t/lib/Bench.pm.

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Compare;
use Bench::Nginx;
use Bench::Pages;
use Bench::Talk;

my $bench = Bench->begin('threads');

my ($plain, $social) = Bench::Nginx::two(
    files => { 'posts/talk/index.html' => Bench::Pages::page(7_000) },
    site  => 'article ~ ^/posts/;');

Bench::Talk::say($social, '/posts/talk/', 50);

my $compare = Bench::Compare->new($bench, $plain, $social, 'capacity');

for my $what ([ 'thread of 50, in the page', '/posts/talk/', 'talk.html' ],
              [ 'thread of 50, its own page',
                '/_social/thread?article=/posts/talk/', 'thread.html' ],
              [ 'thread of 50, JSON',
                '/_social/comments?article=/posts/talk/&limit=100',
                'thread.json' ])
{
    my ($name, $path, $file) = @$what;

    $plain->file("same/$file", Bench::Nginx::body($social, $path), 3600);
    $compare->page($name, $path, undef, other => "/same/$file");
}

$compare->end;
