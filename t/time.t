#!/usr/bin/perl

# A running nginx whose clock the test sets: what is not saved yet is in the
# figures; periods before and after midnight; a clock that goes forward and back;
# a reload and a restart, which lose neither counts nor the counters of health.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Readers qw(browser readers warm);
use Social;
use Social::Clock;
use Test::More;
use Time::Local qw(timegm);


# a quarter to midnight

my $start = timegm(0, 45, 23, 14, 4, 2027);
my $clock = Social::Clock->new($start)
    or plan skip_all => 'needs libfaketime, and no other preloaded library';

my $page = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = $clock->start(
    files => { 'posts/a/index.html' => $page },
    site => 'article /posts/; flush 100ms; zone 256k;',
    http => 'lingering_close off;',
    server => 'location /posts/many/ { try_files /posts/a/index.html =404; }',
);

warm($nginx);

my $agent = 0;

# new readers, each of whom views the article once

sub visit {
    my ($n) = @_;

    return readers($nginx, '/posts/a/', map { browser(++$agent) } 1 .. $n);
}

sub views { return $nginx->status(@_)->{totals}{views} }

sub stored {
    my $db = $nginx->dir . '/store/blog.db';
    my $n = `sqlite3 -cmd '.timeout 5000' '$db' "SELECT coalesce(sum(value), 0)
        FROM site_bucket WHERE step = 0 AND kind = 1"`;

    chomp $n;
    return $n;
}

# nginx takes up the new time with its next event; then it saves

sub at {
    my ($time, $views) = @_;

    $clock->set($time);
    ok $nginx->wait_for(sub { stored() == $views }),
        "$views views are saved after the step";

    return;
}

my %days = (yesterday => [ from => '2027-05-14', to => '2027-05-14' ],
            today => [ from => '2027-05-15', to => '2027-05-15' ],
            both => [ from => '2027-05-14', to => '2027-05-15' ]);


# before midnight.  The clock stands still, so what is counted is not saved

visit(3);
is views(period => 'all'), 3, 'a status has what was just counted';
is views(period => $_), 3, "... in $_" for qw(24h 7d 28d 90d 365d);
is views(@{ $days{yesterday} }), 3, 'this day has them';
is views(@{ $days{today} }), 0, 'the next one has not';


# after midnight

at($start + 1800, 3);
visit(4);
is views(period => $_), 7, "after midnight: $_ has both days"
    for qw(24h 7d 28d 90d 365d all);
is views(@{ $days{yesterday} }), 3, 'the day before keeps its own';
is views(@{ $days{today} }), 4, 'the new day has the new ones';
is views(@{ $days{both} }), 7, 'two days have both';

my $doc = $nginx->status(@{ $days{both} });
is_deeply [ map { $_->{views} } @{ $doc->{series} } ], [ 3, 4 ],
    'a step for each day';


# the first views are older than a day, then than a week, in this order

at($start + 86400 + 360, 7);
is views(period => '24h'), 4, 'after a day the first views have left 24h';
is views(period => '7d'), 7, '... but not 7d';
at($start + 7 * 86400 + 3600, 7);
is views(period => '24h'), 0, 'after a week 24h is empty';
is views(period => '7d'), 4, '7d has the later ones';
is views(period => '28d'), 7, '28d has all';
is views(@{ $days{yesterday} }), 3, 'days stay as they were';
at($start + 28 * 86400 + 3600, 7);
is views(period => '28d'), 4, 'after 28 days the first ones leave 28d';
is views(period => 'all'), 7, 'all has them';


# back by four weeks

at($start + 3600, 7);
visit(2);
is views(period => 'all'), 9, 'the clock goes back: counting goes on';
is views(@{ $days{today} }), 6, '... in the day that it now is';
is views(@{ $days{yesterday} }), 3, 'no other day changes';
at($start + 3700, 9);


# reload and restart

my @workers = $nginx->workers;
my %health = %{ $nginx->status(period => 'all')->{health} };

visit(1);
$nginx->reload;
ok $nginx->wait_for(sub {
    my %now = map { $_ => 1 } $nginx->workers;
    return %now && !grep { $now{$_} } @workers;
}), 'other workers after a reload';
is views(period => 'all'), 10, 'a reload loses no view';

visit(1);
$nginx->stop;
is stored(), 11, 'the last save, at exit';

$clock->set($clock->now + 60);
$clock->again($nginx);
is views(period => 'all'), 11, 'a restart loses no view';
is views(@{ $days{today} }), 8, '... of today';
is views(@{ $days{yesterday} }), 3, '... or yesterday';


# the counters of health: more articles than the zone has room for, which are
# evicted when they are saved, and a store that is not there for a moment

sub health {
    my $res = $nginx->get('/social?format=prometheus');
    my $text = $res->{content};
    my %sum = map { $_ => 0 } qw(evicted dropped errors);

    return if $res->{status} != 200;

    $sum{$1} += $2 while $text
        =~ /^nginx_social_\w+_(evicted|dropped|errors)_total(?:\{[^}]*\})? (\d+)/mg;
    return \%sum;
}

my $made = 0;

sub articles {
    my ($n) = @_;

    my $from = $made;

    $made += $n;
    return readers($nginx, sub { '/posts/many/' . ($from + $_[0]) . '/' },
                   (browser(1)) x $n);
}

ok $nginx->wait_for(sub {
    articles(200);
    $clock->set($clock->now + 1);
    my $got = health() // {};
    return $got->{evicted} && $got->{dropped};
}), 'a small zone evicts articles, and drops events';

my $store = $nginx->dir . '/store';

rename $store, "$store.away" or die "$store: $!";
ok $nginx->wait_for(sub {
    visit(1);
    $clock->set($clock->now + 1);
    return $nginx->get('/social')->{status} == 503;
}), 'a store that is away';
rename "$store.away", $store or die "$store: $!";
ok $nginx->wait_for(sub {
    $clock->set($clock->now + 1);
    my $doc = $nginx->status;
    return $doc && $doc->{health}{store_ok} && health();
}), '... is back';

my $health = health();

cmp_ok $health->{errors}, '>', 0, 'its errors are counted';
$nginx->stop;
$clock->again($nginx);

my $later = health();

is $later->{$_}, $health->{$_}, "$_: as before the restart"
    for qw(evicted dropped errors);
is views(@{ $days{yesterday} }), 3, 'the first day is as it was';

$nginx->stop;
$nginx->quiet(qr/the store can/);

done_testing;
