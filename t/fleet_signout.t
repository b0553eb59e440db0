#!/usr/bin/perl

# A moderator ends all author cookies on one machine: the others obey.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Fleet qw(@RETRY);
use Test::More;
use Time::HiRes qw(time);


my $fleet = Social::Fleet->new or plan skip_all => $Social::Fleet::SKIP;
my ($a, $b) = map { $fleet->node(site => 'author "Jo";') } 1 .. 2;
my $KEY = '/posts/a/';


# how a view with this cookie is counted: the author's own is not a reader's

sub class_of {
    my ($node, $jar) = @_;

    my $n = () = $node->events(event => 'view');
    $node->get($KEY, jar => { %$jar });
    $node->wait_for(sub { $n < (() = $node->events(event => 'view')) });

    return ($node->events(event => 'view'))[-1]{class};
}

my %jar;
$a->queue('', jar => \%jar);
ok $jar{social_author_blog}, 'the moderation page of one machine gives a cookie';
is class_of($_, \%jar), 'self', 'the author is known' for $a, $b;

is $a->moderate({ action => 'signout' })->{status}, 303,
    'one machine ends all cookies';
my $begin = time;
is class_of($a, \%jar), 'unconfirmed', '... at once';
ok $b->wait_for(sub { class_of($b, \%jar) ne 'self' }),
    '... and the other one obeys';
note sprintf 'after %.0f ms', (time - $begin) * 1000;

my %again;
$b->queue('', jar => \%again);
ok $again{social_author_blog}, 'the other one gives a new cookie';
is class_of($_, \%again), 'self', '... which counts' for $a, $b;

$_->stop for $a, $b;
$_->quiet(@RETRY) for $a, $b;

done_testing;
