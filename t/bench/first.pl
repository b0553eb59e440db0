#!/usr/bin/perl

# What the first view after a new comment takes from the event loop, in a thread
# of 50: make bench-first.  Options: t/lib/Bench.pm.
#
# A worker loads what it has shown again when no comment has come to it for 10
# ms: by a thread of the pool, which is not measured here.  Linux counts the processor time of
# each thread in nanoseconds; that of the event loop for one such request, from
# the first byte read to the log, is the figure.  Sixteen articles are asked for
# in a row, because a processor that has just slept is slow.  Beside it: the
# views after that.

use strict;
use warnings;

use File::Basename qw(dirname);
use Time::HiRes qw(sleep);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Nginx;
use Bench::Pages;
use Bench::Report;
use Bench::Talk;
use Load;

my $ARTICLES = 16;
my $COMMENTS = 50;

my $bench = Bench->begin('first');
my @keys = map { "/posts/$_/" } 1 .. $ARTICLES;
my $page = Bench::Pages::page(7_000);

my $nginx = Bench::Nginx::one(
    files => { map { (substr($_, 1) . 'index.html' => $page) } @keys },
    site  => 'article ~ ^/posts/;');

my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
    PeerPort => $nginx->port) or die "connect: $!\n";
my $before = $COMMENTS - int($bench->{rounds} / 2);
my %token = map { ($_ => Bench::Talk::say($nginx, $_, $before)) } @keys;
my (@first, @next);

view($_) for @keys;

for my $n (1 .. $bench->{rounds}) {
    for my $key (@keys) {
        $nginx->post_json('comments', { article => $key, token => $token{$key},
            name => 'Ann', text => "One more below $key, the ${n}th." })
                ->{status} == 201
            or die "no comment\n";
    }

    # a worker loads what has changed when it has nothing else to do for 10 ms
    sleep 0.05;
    idle();

    my @answers;

    push @first, loop_time(sub { @answers = map { view($_) } @keys }) / @keys;
    die "a new comment is missing\n" if grep { !/the ${n}th\./ } @answers;

    push @next, loop_time(sub { view($_) for @keys }) / @keys;
}

$bench->record('first view after a comment', \@first,
               beside => { 'a view after it' => Bench::Report::median(@next) });
$bench->end;


sub view {
    my ($key) = @_;

    my $res = Load::answer($socket, "GET $key HTTP/1.1\r\nHost: localhost\r\n"
        . "User-Agent: $Social::BROWSER\r\n\r\n") or die "no answer\n";

    return $res->{content};
}


# in microseconds; begins and ends when the event loop has nothing to do

sub loop_time {
    my ($request) = @_;

    my $before = idle();
    $request->();

    return (idle() - $before) / 1000;
}


sub idle {
    my $last = -1;

    for (1 .. 1000) {
        my (undef, $loop) = Bench::cpu($nginx->{worker});
        return $loop if $loop == $last;
        $last = $loop;
        sleep 0.005;
    }

    die "the event loop is never idle\n";
}
