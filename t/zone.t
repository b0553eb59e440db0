#!/usr/bin/perl

# Shared memory: when it is full, pages are served, the articles least read are
# evicted, and no total loses a view; and at midnight the salt changes.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Readers qw(browser figures readers warm);
use Social;
use Social::Clock;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>A page with a title '
    . 'of some length, as pages have them</title></head><body><article>'
    . '<p>text</p></article></body></html>';

my %common = (
    files => { 'page.html' => $html, 'posts/a/index.html' => $html,
               'thanks/index.html' => $html },
    server => <<'END',
        location /many/ { try_files /page.html =404; }
        location /posts/ { try_files $uri $uri/ /page.html; }
END
    http => 'lingering_close off; keepalive_requests 100000;',
);


# four thousand articles in a zone with room for about two hundred

my $nginx = Social->new(%common, workers => 3, site => 'zone 256k;');
my $size = $nginx->status(period => 'all')->{health}{zone_size_bytes};

my @threads = map { "/posts/talk$_/" } 1 .. 5;

for my $key (@threads) {
    is $nginx->post('comments', { article => $key, name => 'Ann',
        text => 'Hello', token => $nginx->token($key) })->{status}, 303,
        "a thread in $key";
}

my $before = $nginx->status(period => 'all')->{totals}{views};
my @keys = map { sprintf '/many/%d/%s/', $_, 'x' x (1 + $_ % 7 * 20) } 0 .. 3999;
my $answers = 0;

# each article once by two readers, with pauses as between real readers

for my $from (map { $_ * 250 } 0 .. 15) {
    my @some = @keys[$from .. $from + 249];

    $answers += readers($nginx, sub { $some[$_[0] % 250] },
                        (browser(1)) x 250, (browser(2)) x 250);
    select undef, undef, undef, 0.2;
}

is $answers, 8000, 'every page is served';

my $doc = $nginx->status(period => 'all', limit => 1000);

is $doc->{totals}{views} - $before, 8000, 'the total has every view';
is $doc->{totals}{views_by_class}{unconfirmed}, $doc->{totals}{views},
    'so has the total of their class';
cmp_ok $doc->{health}{articles_evicted}, '>', 20, 'articles were evicted: '
    . $doc->{health}{articles_evicted};
is $doc->{health}{zone_size_bytes}, $size, 'the zone keeps its size';
cmp_ok $doc->{health}{zone_used_bytes}, '<=', $size,
    'the zone is not overfilled';
cmp_ok $doc->{health}{events_dropped}, '>', 0,
    'dropped events show that the zone is too small';
cmp_ok $doc->{total_articles}, '>', 200, 'articles that had room: '
    . $doc->{total_articles};

# when the least read articles are evicted, new ones find room

my $free = sub { $size - $nginx->status->{health}{zone_used_bytes} };
ok $nginx->wait_for(sub { $free->() > $size / 10 }),
    'the least read articles are evicted';

for my $n (1 .. 30) {
    fetch($nginx->port, "/many/slow$n/", headers => {
        'User-Agent' => browser(1) });
    select undef, undef, undef, 0.12;
}

my $more = $nginx->status(period => 'all', limit => 1000);
my $slow = grep { $_->{key} =~ /slow/ && $_->{views} == 1 }
    @{ $more->{articles} };

cmp_ok $slow, '>=', 25, "articles read at a slow pace are counted: $slow";
is $more->{totals}{views}, $doc->{totals}{views} + 30,
    'the total has the views at a slow pace';
$doc = $more;

for my $key (@threads) {
    like fetch($nginx->port, $key)->{body}, qr/id="comment-c\d+"/,
        "the thread of $key is still there";
}

# an evicted article starts anew; its saved counts are added

my $again = figures($nginx, $keys[8])->{views};
readers($nginx, $keys[8], map { browser($_) } 3 .. 5);
is figures($nginx, $keys[8])->{views}, $again + 3,
    'an evicted article is counted on';

$nginx->stop;
$nginx->start;
is $nginx->status(period => 'all')->{totals}{views}, $doc->{totals}{views} + 3,
    'a restart loses no view';
$nginx->stop;
$nginx->quiet;


# more articles than sketches, read through all workers at once

$nginx = Social->new(%common, workers => 3, site => 'zone 1m;');
warm($nginx);

my @kids = map {
    my $worker = $_;
    my $pid = fork // die;

    if ($pid == 0) {
        my $n = readers($nginx, sub { "/many/" . $_[0] % 24 . '/' },
                        map { browser(int($_ / 24)) } 0 .. 24 * 100 - 1);
        require POSIX;
        POSIX::_exit($n == 2400 ? 0 : 1);
    }

    $pid
} 1 .. 4;

my $failed = 0;
for my $pid (@kids) { waitpid $pid, 0; $failed++ if $? }

is $failed, 0, 'four clients at once are answered';

$doc = $nginx->status(period => 'all');

is $doc->{totals}{views}, 9600, 'every view is counted';
is_deeply [ grep { $_->{reader_days} != 100 } @{ $doc->{articles} } ], [],
    'each article has its hundred readers';

readers($nginx, sub { "/many/" . $_[0] % 24 . '/' },
        map { browser(200 + int($_ / 24)) } 0 .. 24 * 100 - 1);

$doc = $nginx->status(period => 'all');
is $doc->{totals}{views}, 12000, 'views beyond a hundred readers are counted';

my @sketched = grep { abs($_->{reader_days} - 200) < 8 }
    @{ $doc->{articles} };
my @first = grep { $_->{reader_days} >= 100 && $_->{reader_days} <= 105 }
    @{ $doc->{articles} };

cmp_ok scalar(@sketched), '>=', 4, 'some in sketches: ' . @sketched;
is @sketched + @first, 24, 'the others keep their first hundred readers';
cmp_ok $doc->{health}{events_dropped}, '>', 0, 'dropped events tell of them';

$nginx->stop;
$nginx->quiet;


# many sources of one article, in all workers at once

$nginx = Social->new(%common, workers => 3);
warm($nginx);

my @sources = qw(hackernews lobsters reddit x facebook linkedin bluesky
                 threads telegram discord slack tumblr youtube rss);

@kids = map {
    my $pid = fork // die;

    if ($pid == 0) {
        readers($nginx, sub { "/posts/a/?ref=$sources[$_[0] % @sources]" },
                map { browser($_) } 1 .. 50 * @sources);
        require POSIX;
        POSIX::_exit(0);
    }

    $pid
} 1 .. 3;

waitpid $_, 0 for @kids;

is_deeply { map { $_->{source} => $_->{views} }
            @{ $nginx->status(period => 'all')->{sources} } },
    { map { $_ => 150 } @sources }, 'every source has one counter';

$nginx->stop;
$nginx->quiet;


# midnight, with a fake clock

my $faketime = Social::Clock::library();

SKIP: {
    skip 'no libfaketime', 1 if !$faketime;

    my $clock = File::Temp->new;

    # only nginx uses the fake clock

    my $set = sub {
        my ($time) = @_;

        open my $fh, '>', "$clock.new" or die $!;
        print $fh $time;
        close $fh;
        rename "$clock.new", "$clock" or die $!;

        # workers read the clock with their next event
        select undef, undef, undef, 0.1;
    };

    $set->('@2030-01-01 23:59:00');
    chmod 0644, "$clock";

    {
        local $ENV{LD_PRELOAD} = $faketime;
        local $ENV{FAKETIME_TIMESTAMP_FILE} = "$clock";
        local $ENV{FAKETIME_NO_CACHE} = 1;
        local $ENV{FAKETIME_DONT_FAKE_MONOTONIC} = 1;
        local $ENV{TZ} = 'UTC';

        $nginx = Social->new(%common, main => "env TZ;\n"
            . join('', map { "env $_;\n" } qw(LD_PRELOAD
                FAKETIME_TIMESTAMP_FILE FAKETIME_NO_CACHE
                FAKETIME_DONT_FAKE_MONOTONIC)),
            site => 'goal thanked = /thanks/; reactions on;');
    }

    my $now = sub { $nginx->status(period => 'all')->{generated} };

    like $now->(), qr/^2030-01-01T23:59/, 'nginx uses the fake clock';

    my $key = '/posts/a/';
    my $days = sub { figures($nginx, $key)->{reader_days} };
    my $thanked = sub {
        fetch($nginx->port, '/thanks/', headers => {
            'User-Agent' => browser(1) });
        $nginx->status(period => 'all')->{totals}{goals}{thanked};
    };
    my $share = sub {
        $nginx->post('share', { article => $key, network => 'reddit',
            token => $nginx->token($key) });
        figures($nginx, $key)->{shares};
    };

    readers($nginx, $key, map { browser($_) } 1 .. 20, 1 .. 20);
    is $days->(), 20, 'readers on one evening';
    is $thanked->(), 1, 'a goal is counted';
    is $thanked->(), 1, 'a repeated goal is not counted';
    is $share->(), 1, 'a share is counted';
    is $share->(), 1, 'a repeated share is not counted';

    readers($nginx, '/posts/much/', map { browser($_) } 1 .. 300);
    my $much = figures($nginx, '/posts/much/')->{reader_days};
    cmp_ok abs($much - 300), '<', 10, "many readers: $much";
    my $used = $nginx->status(period => 'all')->{health}{zone_used_bytes};

    $set->('@2030-01-02 00:00:05');
    like $now->(), qr/^2030-01-02T00:00/, 'it is past midnight';

    my $stand = $days->();
    readers($nginx, $key, map { browser($_) } 11 .. 40, 11 .. 40);
    is $days->(), $stand + 30, 'the next day everyone is a new reader';
    is $thanked->(), 2, 'a goal counts again';
    is $thanked->(), 2, 'on one day it counts once';
    is $share->(), 2, 'a share counts again';
    is $share->(), 2, 'on one day it counts once';
    is figures($nginx, '/posts/much/')->{reader_days}, $much,
        'an article without views does not change';
    ok $nginx->wait_for(sub {
        $used - $nginx->status(period => 'all')->{health}{zone_used_bytes}
            > 20000 }), 'yesterday\'s sketch is freed';
    readers($nginx, '/posts/much/', map { browser($_) } 1 .. 10);
    is figures($nginx, '/posts/much/')->{reader_days}, $much + 10,
        'readers of both days are added';

    # a clock that steps back a little does not start another day

    my $views = figures($nginx, $key)->{views};
    my $same = $days->();

    $set->('@2030-01-01 23:58:00');
    like $now->(), qr/^2030-01-01T23:58/, 'the clock steps back';
    readers($nginx, $key, map { browser($_) } 11 .. 40);
    is $days->(), $same, 'no reader is counted again';
    is figures($nginx, $key)->{views}, $views + 30,
        'views are counted, including those of the future';
    is $thanked->(), 2, 'the goal is not counted again';

    # a clock that was days ahead: today is a new day

    $set->('@2030-01-09 12:00:00');
    readers($nginx, $key, map { browser($_) } 1 .. 5);
    my $ahead = $days->();
    $set->('@2030-01-02 12:00:00');
    readers($nginx, $key, map { browser($_) } 1 .. 5);
    is $days->(), $ahead + 5,
        'after a clock that was days ahead, readers count anew';

    # beacons work whatever the clock does

    my $ann = { 'User-Agent' => browser(77) };
    my $token = $nginx->token($key);

    my $confirmed = sub {
        my ($at) = @_;

        fetch($nginx->port, $key, headers => $ann);
        $set->($at);
        $nginx->post('views', { article => $key, token => $token },
                     headers => $ann);
        figures($nginx, $key)->{views_by_class}{confirmed};
    };

    is $confirmed->('@2030-01-02 11:00:00'), 1,
        'a view is confirmed after the clock steps back an hour';
    is $confirmed->('@2030-01-02 15:00:00'), 2,
        'a view is confirmed after it steps on by four';

    # around midnight: yesterday's salt is kept for half an hour

    $set->('@2030-01-02 23:59:50');
    is $confirmed->('@2030-01-03 00:10:00'), 3,
        'a view from before midnight is confirmed after it';
    $set->('@2030-01-03 23:59:50');
    is $confirmed->('@2030-01-04 00:31:00'), 3,
        'not when yesterday\'s salt is wiped';

    $set->('@2030-01-04 23:59:50');
    fetch($nginx->port, $key, headers => { %$ann,
        'Sec-Purpose' => 'prefetch' });
    $set->('@2030-01-05 00:10:00');
    $nginx->post('views', { article => $key, token => $token },
                 headers => $ann);
    is figures($nginx, $key)->{views_by_class}{confirmed}, 4,
        'a page fetched ahead before midnight is a view when it is seen';

    # previews: once in any ten minutes, wherever the clock's minutes begin

    my $fetched = sub {
        my ($at) = @_;

        $set->($at);
        fetch($nginx->port, $key, headers => {
            'User-Agent' => 'facebookexternalhit/1.1' });

        return figures($nginx, $key)->{previews_by_network}{facebook};
    };

    is $fetched->('@2030-01-05 11:59:55'), 1, 'a link preview';
    is $fetched->('@2030-01-05 12:00:05'), 1,
        'ten seconds later it is the same one';
    is $fetched->('@2030-01-06 00:00:01'), 1, 'midnight changes nothing';

    $nginx->stop;
    $nginx->quiet;
}

done_testing;
