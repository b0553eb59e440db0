#!/usr/bin/perl

# The database goes away for a while, or the way of one machine to it: pages
# come whole and in time, each log says so once, comments are refused with 503
# and Retry-After, and when it is back all goes on by itself with every count.
# SOCIAL_LONG=1: a minute.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use POSIX qw(_exit);
use Social;
use Social::Fleet qw(say_on shows token_of view counted @RETRY);
use Test::More;
use Time::HiRes qw(sleep time);


# 100 ms is promised; the rest is for a busy machine
my $IN_TIME = 0.3;
my $AWAY = $ENV{SOCIAL_LONG} ? 60 : 5;

my $fleet = Social::Fleet->new(durable => 1)
    or plan skip_all => $Social::Fleet::SKIP;
my $db = $fleet->db;
my ($a, $b) = map { $fleet->node } 1 .. 2;
my @nodes = ($a, $b);
my %views;


# views of pages, in the seconds given

sub views_of {
    my ($article, $seconds, @on) = @_;

    my $end = time + $seconds;
    my (@took, $broken);

    do {
        for my $node (@on) {
            my $begin = time;
            my $whole = view($node, $article);
            push @took, time - $begin;

            $views{$article} += $whole;
            $broken += !$whole;
        }
        sleep 0.05;
    } while (time < $end);

    is $broken, 0, 'all of ' . @took . ' pages are whole';
    cmp_ok Social::median(@took), '<', $IN_TIME, '... and come in time';

    return;
}


# what the log says of the store, without the time and the worker

sub told {
    my ($node, $what) = @_;

    return map { /(the store $what.*?)(?:; pages|, client|$)/ ? $1 : () }
        split /\n/, $node->error_log;
}


sub told_once {
    my ($node, $name) = @_;

    my %times;
    $times{$_}++ for told($node, qr/cannot be/);
    my @again = grep { $times{$_} > 1 } keys %times;

    cmp_ok scalar(keys %times), '>=', 1, "$name says that the store is away";
    is "@again", '', '... and every reason once';

    for my $kind (qw(read written)) {
        my $begins = grep { /be $kind/ } keys %times;

        # it is read again up to five seconds after it was written
        $node->wait_for(sub { scalar(() = told($node, qr/can be $kind again/)) })
            if $begins;

        my $ends = told($node, qr/can be $kind again/);

        is $ends, $begins ? 1 : 0, "... and once that it can be $kind again";
    }

    return;
}


# the database

is say_on($_, 'before')->{status}, 303, 'a comment' for @nodes;
my $token = token_of($a, '/posts/a/');
$views{'/posts/b/'} += view($_, '/posts/b/') for @nodes;

$db->stop('fast');
my $begin = time;

for my $node (@nodes) {
    ok $node->wait_for(sub {
        say_on($node, 'into the void', token => $token)->{status} == 503 }),
        'the database is away: a comment is answered 503';

    my $res = say_on($node, 'into the void', token => $token);
    is $res->{status}, 503, '... as is the next';
    like $res->{headers}{'retry-after'} // '', qr/^[1-9]\d*$/,
        '... with Retry-After';
}

views_of('/posts/b/', $AWAY - (time - $begin), @nodes);

$db->start;

for my $node (@nodes) {
    ok $node->wait_for(sub {
        say_on($node, 'back ' . rand, token => $token)->{status} == 303 }, 30),
        'it is back: comments are accepted, without help';
    ok $node->wait_for(sub { told($node, qr/can be written again/) }),
        '... the log says so';
}

ok shows($a, 'back', undef, 30), '... and shown';
ok $a->wait_for(sub { counted($fleet, '/posts/b/') == $views{'/posts/b/'} }, 30),
    'every view of the time is counted'
    or diag counted($fleet, '/posts/b/') . " of $views{'/posts/b/'}";
told_once($a, 'A');
told_once($b, 'B');


# the way of one machine: connections stay open, nothing answers

my $far = $fleet->node(workers => 1, proxy => 1);
my $proxy = $far->{proxy};
my $key = '/posts/c/';
my $far_token = token_of($far, $key);

is say_on($far, 'from afar', article => $key)->{status}, 303,
    'a machine behind a network';
$views{$key} = 0;
views_of($key, 0, $far);
$far->wait_for(sub { counted($fleet, $key) == $views{$key} + 2 });
my $before = counted($fleet, $key) - $views{$key};

$proxy->mode('frozen');

is say_on($far, 'not now', article => $key, token => $far_token)->{status},
    503, 'the network is gone: a comment is answered 503';
views_of($key, 1, $far);
is say_on($a, 'meanwhile', article => $key, token => $far_token)->{status}, 303,
    '... other machines go on';
ok shows($b, 'meanwhile', $key), '... and learn of each other';

$proxy->mode('open');

ok $far->wait_for(sub {
    say_on($far, 'near again', article => $key, token => $far_token)->{status}
        == 303 }, 30), 'the network is back: comments are accepted';
ok shows($far, 'meanwhile', $key, 30), '... and what was missed is shown';
ok $far->wait_for(sub { counted($fleet, $key) >= $views{$key} + $before }, 30),
    '... and counted';


# it stops in the middle of a comment, as the only one that may write

$proxy->mode('hold:in the middle');

my $pid = fork // die $!;

if ($pid == 0) {
    my $res = say_on($far, 'in the middle', article => $key,
                     token => $far_token);
    _exit($res->{status} == 303 || $res->{status} == 503 ? 0 : 1);
}

ok $far->wait_for(sub { $proxy->is_frozen }),
    'a machine is frozen before its COMMIT';
cmp_ok $db->ask(q{SELECT count(*) FROM pg_locks}
                . q{ WHERE locktype = 'advisory' AND granted}), '>', 0,
    '... while it has the lock';
is say_on($a, 'after the frozen one', token => $token)->{status}, 303,
    '... others write';
waitpid $pid, 0;
is $?, 0, '... the comment has an answer';

$proxy->mode('open');
ok $far->wait_for(sub {
    say_on($far, 'thawed', article => $key, token => $far_token)->{status}
        == 303 }, 30), 'it thaws, and goes on';
cmp_ok $db->ask(q{SELECT count(*) FROM social_blog.comment}
                . q{ WHERE text = 'in the middle'}), '<=', 1,
    '... what it was about to write is not there twice';


# a connection that was gone leads to another history

$proxy->mode('cut');
ok $far->wait_for(sub {
    say_on($far, 'cut off', article => $key, token => $far_token)->{status}
        == 503 }), 'the network is gone once more';

$db->ask(q{UPDATE social_blog.setting SET data = decode(repeat('ab', 16), 'hex')}
         . q{ WHERE name = 'identity'});
$proxy->mode('open');

ok $far->wait_for(sub {
    $far->error_log =~ /the store was deleted or replaced/ }, 30),
    'it comes back to another store, and notices';
ok $far->wait_for(sub {
    say_on($far, 'elsewhere', article => $key, token => $far_token)->{status}
        == 303 }, 30), '... and goes on there';
ok shows($far, 'elsewhere', $key), '... and shows what is there';

$_->stop for @nodes, $far;
$_->quiet(@RETRY, 'deleted or replaced') for @nodes, $far;

done_testing;
