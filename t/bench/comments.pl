#!/usr/bin/perl

# Comments a second, against single commits of SQLite in the same round: make
# bench-comments.  Options: t/lib/Bench.pm.
#
# A comment counts when it is answered, so when it is on disk.  t/bench/commits.c
# commits rows of the same shape one by one, to the same disk, with nothing else
# to do.  Then all again with 1 ms added to each sync (t/lib/slow_sync.c), as a
# disk has that really waits.
#
# The ratio is the disk's as much as the module's: where a sync takes no time
# there is nothing to share.  Hence `single commits a second` in the results.
# TMPDIR chooses the disk.
#
#   BENCH_COMMITS    the program of t/bench/commits.c

use strict;
use warnings;

use File::Basename qw(dirname);

use lib dirname(__FILE__) . '/../lib';
use Bench;
use Bench::Load;
use Bench::Nginx;
use Bench::Pages;
use Bench::Report;
use Bench::Talk;
use Slow;

my $bench = Bench->begin('comments');
my $commits = $ENV{BENCH_COMMITS} // dirname(__FILE__)
    . '/../../build/bench/commits';
die "$commits is missing: make bench-comments\n" if !-x $commits;

my $disk = Slow->new or die "no compiler for a slow disk\n";
my $key = '/posts/talk/';

my $nginx = Bench::Nginx::one(
    files => { 'posts/talk/index.html' => Bench::Pages::page(7_000) },
    site  => 'article ~ ^/posts/;', start => sub { $disk->nginx(@_) });

my $token = Bench::Talk::say($nginx, $key, 1);
my $dir = $nginx->dir;
my $single = copy_of_store();
my ($sent, $run) = (1, 0);

clients(@$_) for [ 1, 0 ], [ 16, 0 ], [ 64, 0 ], [ 16, 1 ], [ 64, 1 ];

$disk->pace(0);
check();
$bench->end;
exit;


# the same schema, empty but for what is there now

sub copy_of_store {
    my $path = "$dir/single.db";

    system('sqlite3', "$dir/store/blog.db", "VACUUM INTO '$path'") == 0
        or die "sqlite3 cannot copy the store\n";

    return $path;
}


sub clients {
    my ($n, $msec) = @_;

    my $name = "comments, $n client" . ($n > 1 ? 's' : '')
        . ($msec ? ", syncs + $msec ms" : '');

    Bench::say_so($name);
    $disk->pace($msec);

    my %seen = $bench->rounds({ comments => sub { comments($n) },
                                single => \&single });
    my @rates = map { $_->{rate} } @{ $seen{comments} };

    $bench->ratio($name, \@rates, $seen{single}, beside => {
        'single commits a second' => Bench::Report::median(@{ $seen{single} }),
        'comments a second' => Bench::Report::median(@rates),
        'microseconds of the event loop, each' => Bench::Report::median(
            map { $_->{loop} } @{ $seen{comments} }),
        'microseconds of the writer, each' => Bench::Report::median(
            map { $_->{cpu} - $_->{loop} } @{ $seen{comments} }) });

    return;
}


sub comments {
    my ($n) = @_;

    my (undef, $before) = Bench::cpu($nginx->{worker});

    $run++;
    my $seen = Bench::Load::wrk($bench, $nginx, '/_social/comments',
        clients => $n, script => dirname(__FILE__) . '/comments.lua',
        args => [ Social::form({ article => $key, token => $token }), $run ]);
    my (undef, $after) = Bench::cpu($nginx->{worker});

    $seen->{loop} = ($after - $before) / $seen->{n} / 1000;
    $sent += $seen->{n};

    return $seen;
}


# single commits a second, on the same disk

sub single {
    my $rate = $disk->nginx(sub { qx{'$commits' '$single' $bench->{seconds}} });

    die "no single commits\n" if $? || $rate !~ /^\d/;

    return $rate + 0;
}


# nothing that was answered is lost: wrk may leave a few unread at its end

sub check {
    my $there = qx{sqlite3 '$dir/store/blog.db' 'SELECT count(*) FROM comment'};

    die "$sent comments were accepted, $there are stored\n" if $there < $sent;
    die "the store is damaged\n"
        if qx{sqlite3 '$dir/store/blog.db' 'PRAGMA quick_check'} ne "ok\n";

    return;
}
