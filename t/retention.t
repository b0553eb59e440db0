#!/usr/bin/perl

# Retention in a running nginx whose clock the test sets: comments that nobody
# approved leave the disk; an article with one reader-day is forgotten, but
# counts as published; what was ever counted stays; the page of a forgotten
# article is still served, and counted anew.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Readers qw(browser figures readers warm);
use Social;
use Social::Clock;
use Test::More;
use Time::Local qw(timegm);


my $clock = Social::Clock->new(timegm(0, 0, 12, 3, 2, 2027))
    or plan skip_all => 'needs libfaketime, and no other preloaded library';

my $page = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = $clock->start(
    files => { map { ("posts/$_/index.html" => $page) } qw(once twice held) },
    site => 'article /posts/; flush 100ms; comments hold;'
        . 'retention events=1d held=1d;',
    http => 'lingering_close off;',
);
my $db = $nginx->dir . '/store/blog.db';

warm($nginx);

sub sql {
    my ($query) = @_;

    my $n = `sqlite3 -cmd '.timeout 5000' '$db' "$query"`;

    chomp $n;
    return $n;
}

# does the file, or its log, have this text?

sub on_disk {
    my ($text) = @_;

    for my $name ($db, "$db-wal") {
        open my $fh, '<:raw', $name or next;
        local $/;
        return 1 if index(<$fh>, $text) >= 0;
    }

    return 0;
}

# retention's own clock goes on by an hour a minute at most

sub clock_of_retention { return sql('SELECT kept FROM span WHERE step = -1') }

sub passed {
    my ($hours) = @_;

    for (1 .. $hours) {
        my $now = $clock->now + 3600;

        $clock->set($now);
        $nginx->wait_for(sub { clock_of_retention() == $now })
            or return 0;
    }

    return 1;
}

readers($nginx, '/posts/once/', browser(1));
readers($nginx, '/posts/twice/', browser(1), browser(2));
readers($nginx, '/posts/held/', browser(3));

is $nginx->post('comments', { article => '/posts/held/', name => 'N4M3N4M3',
    text => 'M4RK3R', token => $nginx->token('/posts/held/') })->{status}, 303,
    'a comment that is held';
ok on_disk('M4RK3R') && on_disk('N4M3N4M3'), 'it is on disk';

sub summary {
    my $totals = $nginx->status(period => 'all')->{totals};

    return { map { $_ => $totals->{$_} }
             qw(views reader_days articles_published) };
}

sub ever {
    my $text = $nginx->get('/social?format=prometheus')->{content};

    return { $text =~ /^(nginx_social_views_total(?:\{[^}]*\})?) (\d+)/mg };
}

ok passed(1), 'retention runs every minute';

my $before = summary();
my $ever = ever();

is_deeply $before, { views => 5, reader_days => 5, articles_published => 3 },
    'what was counted' or diag explain $before;
ok keys %$ever, 'counters for Prometheus';


# a day

ok passed(22), 'less than a day';
ok on_disk('M4RK3R'), 'the comment is still held';
ok passed(2), 'a day';
ok $nginx->wait_for(sub { !on_disk('M4RK3R') && !on_disk('N4M3N4M3') }),
    'neither its text nor its name is on disk';
is $nginx->status->{totals}{held}, 0, 'nothing is held';
unlike $nginx->queue->{content}, qr/M4RK3R/, 'moderation does not have it';


# two days: the articles of the first one

ok passed(24), 'another day';
ok $nginx->wait_for(sub {
    sql("SELECT count(*) FROM article WHERE key = '/posts/once/'") == 0 }),
    'an article with one reader-day is forgotten';
is sql("SELECT count(*) FROM article WHERE key = '/posts/twice/'"), 1,
    'one with two is not';
is sql('SELECT count(*) FROM forgotten'), 1, 'only that it was is known';
is_deeply summary(), $before, 'what was ever counted is as before'
    or diag explain summary();
is_deeply ever(), $ever, 'so are the counters for Prometheus';


# it comes back

is $nginx->get('/posts/once/')->{status}, 200, 'its page is served';
like $nginx->get('/posts/once/')->{content}, qr/name="token"/,
    '... with comments';
ok passed(1), 'an hour';
is figures($nginx, '/posts/once/', period => '24h')->{views}, 2,
    'it is counted anew';
is summary()->{views}, $before->{views} + 2, 'beside all that was before';
is summary()->{articles_published}, $before->{articles_published},
    'it is not published twice';

$nginx->stop;
$nginx->quiet;

done_testing;
