#!/usr/bin/perl

# A few days' worth of visits with a known truth: what is counted must agree
# with it, the figures that are estimated within their error.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Counted qw(counted labels);
use IO::Socket::INET;
use Page qw(fetch);
use Readers qw(browser figures warm);
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my @articles = map { "/posts/$_/" } qw(a b c d e);
my @sources = qw(hackernews reddit bluesky mastodon rss);
my %robots = (
    'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bot)'
        => 'crawler',
    'ClaudeBot/1.0' => 'ai',
    'curl/8.5.0' => 'library',
    'Mozilla/5.0 (compatible; UptimeRobot/2.0)' => 'monitor',
);
my %previews = ('Twitterbot/1.0' => 'x', 'Discordbot/2.0' => 'discord');

my $nginx = Social->new(
    workers => 3,
    files => { (map { substr($_, 1) . 'index.html' => $html } @articles),
               'thanks/index.html' => $html },
    site => 'article ~ ^/posts/; goal thanked = /thanks/; ignore $cookie_me;',
    http => 'lingering_close off; keepalive_requests 100000;',
);

warm($nginx);


# always the same visits, whichever perl runs this (xorshift)

my $state = 20_261_127;

sub pick {
    my ($n) = @_;

    $state ^= ($state << 13) & 0xffff_ffff;
    $state ^= $state >> 17;
    $state ^= ($state << 5) & 0xffff_ffff;

    return $state % $n;
}

my %truth;
my %token;
my $writer = 'Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/1.0';

for my $key (@articles) {
    my $page = fetch($nginx->port, $key, headers => {
        'User-Agent' => $writer });

    ($token{$key}) = $page->{body} =~ /name="token" value="([^"]+)"/;
    $truth{views}{$key}++;
    $truth{readers}{$key}{writer}++;
    $truth{source}{dark}++;

    # the last article has no comments
    next if $key eq $articles[-1];
    $nginx->post('comments', { article => $key, name => 'Ann',
        text => 'Hello', token => $token{$key} },
        headers => { 'User-Agent' => $writer });
}

sub post {
    my ($route, $key, $n, %fields) = @_;

    return $nginx->post($route, { article => $key, token => $token{$key},
        %fields }, headers => { 'User-Agent' => browser($n) });
}

my %first;

sub visit {
    my ($n) = @_;

    my $key = $articles[pick(2) ? 0 : pick(scalar @articles)];
    my $source = $sources[pick(scalar @sources)];

    fetch($nginx->port, "$key?ref=$source",
        headers => { 'User-Agent' => browser($n) });
    $truth{views}{$key}++;
    $truth{readers}{$key}{$n} = 1;
    $truth{source}{$source}++;
    $first{$n} //= [ $source, $key ];

    if (pick(3)) {
        post('views', $key, $n);
        $truth{confirmed}{$key}++;
    }

    if (pick(3) == 0) {
        post('views', $key, $n, seen => 'thread');
        $truth{listeners}{$key}{$n} = 1 if $key ne $articles[-1];
    }

    if (pick(20) == 0) {
        post('share', $key, $n, network => 'bluesky');
        $truth{sharers}{$key}{$n} = 1;
    }

    if (pick(10) == 0) {
        fetch($nginx->port, '/thanks/',
            headers => { 'User-Agent' => browser($n) });
        $truth{goals}{$n} = 1;
    }

    return;
}

sub machine {
    my @agents = sort keys %robots;
    my $agent = $agents[pick(scalar @agents)];
    my $key = $articles[pick(scalar @articles)];

    fetch($nginx->port, $key, headers => { 'User-Agent' => $agent });
    $truth{bot}{$key}++;
    $truth{robots}{$robots{$agent}}++;

    if (pick(2)) {
        ($agent) = (sort keys %previews)[pick(2)];
        fetch($nginx->port, $key, headers => { 'User-Agent' => $agent });
        $truth{preview}{$key}++;
        $truth{previews}{$key}{$previews{$agent}} = 1;
    }

    fetch($nginx->port, $key, headers => { 'User-Agent' => browser(1),
        'Sec-Purpose' => 'prefetch' }) if pick(2) && ++$truth{prefetch}{$key};
    fetch($nginx->port, $key, headers => { 'User-Agent' => browser(1),
        Cookie => 'me=1' }) if pick(2) && ++$truth{self}{$key};

    return;
}

for my $n (1 .. 900) {
    visit(10 + pick(350));
    machine() if $n % 10 == 0;
}


# what was counted

my (%goals, %by);

for my $n (keys %{ $truth{goals} }) {
    my ($source, $key) = @{ $first{$n} };

    $goals{$key}++;
    $by{"thanked $source"}++;
}

my $all = 0;

for my $key (@articles) {
    my $found = figures($nginx, $key);
    my $class = $found->{views_by_class};
    my $readers = keys %{ $truth{readers}{$key} };

    $all += $truth{views}{$key};
    is $found->{views}, $truth{views}{$key}, "$key: views";
    is_deeply [ @$class{qw(confirmed bot preview prefetch self)} ],
        [ map { $truth{$_}{$key} // 0 }
          qw(confirmed bot preview prefetch self) ], '... by class';
    is $found->{reader_days}, $readers, '... readers' if $readers <= 100;
    cmp_ok abs($found->{reader_days} / $readers - 1), '<', 0.024,
        "... about $readers readers: $found->{reader_days}";
    is $found->{sharers}, scalar keys %{ $truth{sharers}{$key} // {} },
        '... sharers';
    is_deeply $found->{previews_by_network}, $truth{previews}{$key} // {},
        '... previews';
    is counted($nginx, $key, 'listeners'),
        scalar keys %{ $truth{listeners}{$key} // {} }, '... listeners';
    is counted($nginx, $key, 'goals', 'thanked'), $goals{$key} // 0,
        '... goals that it brought';
}

is_deeply labels($nginx, '', 'goal_sources'), \%by, 'goals by first source';
is counted($nginx, '', 'goals', 'thanked'), scalar keys %{ $truth{goals} },
    'all goals';
is_deeply labels($nginx, '', 'robots'), $truth{robots}, 'robots by kind';

my $doc = $nginx->status(period => 'all');

is $doc->{totals}{views}, $all, 'views of the site';
is_deeply { map { $_->{source} => $_->{views} } @{ $doc->{sources} } },
    $truth{source}, 'sources of visits';


# the log tells the same

my @events = $nginx->events;

is scalar(grep { $_->{event} eq 'view' && $_->{class} eq 'unconfirmed' }
          @events), $all, 'views in the log';
is scalar(grep { $_->{event} eq 'seen' && $_->{state} eq 'new' } @events),
    counted($nginx, '', 'listeners'), 'listeners in the log';
is scalar(grep { $_->{event} eq 'goal' && $_->{state} eq 'new' } @events),
    scalar keys %{ $truth{goals} }, 'goals in the log';

$nginx->stop;
$nginx->quiet;

done_testing;
