#!/usr/bin/perl

# Shared memory: when it is full pages go on, the coldest articles go, and no
# total loses a view; and midnight, when the salt is replaced.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Readers qw(browser figures readers warm);
use Social;
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


# four thousand articles in a zone that has room for some two hundred

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

# each once, by two readers, with pauses as they are between readers

for my $from (map { $_ * 250 } 0 .. 15) {
    my @some = @keys[$from .. $from + 249];

    $answers += readers($nginx, sub { $some[$_[0] % 250] },
                        (browser(1)) x 250, (browser(2)) x 250);
    select undef, undef, undef, 0.2;
}

is $answers, 8000, 'every page is served';

my $doc = $nginx->status(period => 'all', limit => 1000);

is $doc->{totals}{views} - $before, 8000, 'no total loses a view';
is $doc->{totals}{views_by_class}{unconfirmed}, $doc->{totals}{views},
    'nor a class';
cmp_ok $doc->{health}{articles_evicted}, '>', 20, 'articles were evicted: '
    . $doc->{health}{articles_evicted};
is $doc->{health}{zone_size_bytes}, $size, 'the zone has its size';
cmp_ok $doc->{health}{zone_used_bytes}, '<=', $size, 'and does not burst';
cmp_ok $doc->{health}{events_dropped}, '>', 0, 'it says that it was too small';
cmp_ok $doc->{total_articles}, '>', 200, 'articles that had room: '
    . $doc->{total_articles};

# once the coldest are gone, slower readers find room

my $free = sub { $size - $nginx->status->{health}{zone_used_bytes} };
ok $nginx->wait_for(sub { $free->() > $size / 4 }), 'the coldest go';

for my $n (1 .. 30) {
    fetch($nginx->port, "/many/slow$n/", headers => {
        'User-Agent' => browser(1) });
    select undef, undef, undef, 0.12;
}

my $more = $nginx->status(period => 'all', limit => 1000);
my $slow = grep { $_->{key} =~ /slow/ && $_->{views} == 1 }
    @{ $more->{articles} };

cmp_ok $slow, '>=', 25, "articles that come slowly are told: $slow";
is $more->{totals}{views}, $doc->{totals}{views} + 30, 'and none is lost';
$doc = $more;

for my $key (@threads) {
    like fetch($nginx->port, $key)->{body}, qr/id="comment-\d+"/,
        "the thread of $key is still there";
}

# what was evicted begins anew, and is added up

my $again = figures($nginx, $keys[8])->{views};
readers($nginx, $keys[8], map { browser($_) } 3 .. 5);
is figures($nginx, $keys[8])->{views}, $again + 3, 'an evicted one goes on';

$nginx->stop;
$nginx->start;
is $nginx->status(period => 'all')->{totals}{views}, $doc->{totals}{views} + 3,
    'a restart loses none';
$nginx->stop;
$nginx->quiet;


# more readers than sketches, from all workers at once

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

is $failed, 0, 'four at once';

$doc = $nginx->status(period => 'all');

is $doc->{totals}{views}, 9600, 'all of it is counted';
is_deeply [ grep { $_->{reader_days} != 100 } @{ $doc->{articles} } ], [],
    'a hundred readers each, whoever was first';

readers($nginx, sub { "/many/" . $_[0] % 24 . '/' },
        map { browser(200 + int($_ / 24)) } 0 .. 24 * 100 - 1);

$doc = $nginx->status(period => 'all');
is $doc->{totals}{views}, 12000, 'beyond a hundred, too';

my @sketched = grep { abs($_->{reader_days} - 200) < 8 }
    @{ $doc->{articles} };
my @first = grep { $_->{reader_days} >= 100 && $_->{reader_days} <= 105 }
    @{ $doc->{articles} };

cmp_ok scalar(@sketched), '>=', 4, 'some in sketches: ' . @sketched;
is @sketched + @first, 24, 'the others keep their first hundred';
cmp_ok $doc->{health}{events_dropped}, '>', 0, 'which is told';

$nginx->stop;
$nginx->quiet;


# labels: many sources, one article, all workers

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


# midnight, with a clock of our own

my ($faketime) = glob '/usr/lib/*/faketime/libfaketime.so.1';

SKIP: {
    skip 'no libfaketime', 1 if !$faketime || $ENV{LD_PRELOAD};

    my $clock = File::Temp->new;

    # the clock of readers and files is the real one

    my $set = sub {
        my ($time) = @_;

        open my $fh, '>', "$clock.new" or die $!;
        print $fh $time;
        close $fh;
        rename "$clock.new", "$clock" or die $!;

        # workers look at it with their next event
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

    like $now->(), qr/^2030-01-01T23:59/, 'a clock of our own';

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
    is $days->(), 20, 'readers of an evening';
    is $thanked->(), 1, 'an outcome';
    is $thanked->(), 1, 'once';
    is $share->(), 1, 'a share';
    is $share->(), 1, 'once';

    readers($nginx, '/posts/much/', map { browser($_) } 1 .. 300);
    my $much = figures($nginx, '/posts/much/')->{reader_days};
    cmp_ok abs($much - 300), '<', 10, "many readers: $much";
    my $used = $nginx->status(period => 'all')->{health}{zone_used_bytes};

    $set->('@2030-01-02 00:00:05');
    like $now->(), qr/^2030-01-02T00:00/, 'midnight';

    my $stand = $days->();
    readers($nginx, $key, map { browser($_) } 11 .. 40, 11 .. 40);
    is $days->(), $stand + 30, 'the readers of a new day are new readers';
    is $thanked->(), 2, 'so is an outcome';
    is $thanked->(), 2, 'once a day';
    is $share->(), 2, 'and a share';
    is $share->(), 2, 'once a day';
    is figures($nginx, '/posts/much/')->{reader_days}, $much,
        'nothing changes where nobody reads';
    ok $nginx->wait_for(sub {
        $used - $nginx->status(period => 'all')->{health}{zone_used_bytes}
            > 20000 }), 'yesterday\'s sketch is given back';
    readers($nginx, '/posts/much/', map { browser($_) } 1 .. 10);
    is figures($nginx, '/posts/much/')->{reader_days}, $much + 10,
        'and the sum goes on';

    # a clock that is set back a little does not make another day

    my $views = figures($nginx, $key)->{views};
    my $same = $days->();

    $set->('@2030-01-01 23:58:00');
    like $now->(), qr/^2030-01-01T23:58/, 'the clock steps back';
    readers($nginx, $key, map { browser($_) } 11 .. 40);
    is $days->(), $same, 'nobody is a new reader';
    is figures($nginx, $key)->{views}, $views + 30,
        'views are counted, those of the future, too';
    is $thanked->(), 2, 'no outcome again';

    # it was days ahead: then today is a new day

    $set->('@2030-01-09 12:00:00');
    readers($nginx, $key, map { browser($_) } 1 .. 5);
    my $ahead = $days->();
    $set->('@2030-01-02 12:00:00');
    readers($nginx, $key, map { browser($_) } 1 .. 5);
    is $days->(), $ahead + 5, 'a clock that was days ahead is forgotten';

    # a beacon does not care what time it is

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

    is $confirmed->('@2030-01-02 11:00:00'), 1, 'the clock steps back an hour';
    is $confirmed->('@2030-01-02 15:00:00'), 2, 'and on by four';

    $nginx->stop;
    $nginx->quiet;
}

done_testing;
