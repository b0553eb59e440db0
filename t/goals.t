#!/usr/bin/perl

# Goals: once a day for each visitor, credited to what brought the visitor that
# day: the source, and the article.  Robots by kind.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Counted qw(counted labels);
use Page qw(fetch);
use Readers qw(browser figures warm);
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $long = 'a-goal-with-the-longest-name-31';

my $nginx = Social->new(
    files => {
        (map { ("posts/$_/index.html" => $html) } qw(a b c), 1 .. 80),
        (map { ("$_/index.html" => $html) } qw(thanks paid long)),
    },
    site => <<"END",
        article ~ ^/posts/;
        goal thanked = /thanks/;
        goal paid = /paid/;
        goal $long = /long/;
        ignore \$cookie_me;
        zone 256k;
END
    http => 'lingering_close off;',
);

warm($nginx);


sub visit {
    my ($path, $n, %headers) = @_;

    return fetch($nginx->port, $path,
        headers => { 'User-Agent' => browser($n), %headers })->{status};
}

sub events { return map { "$_->{goal} $_->{source} $_->{state}" }
                 $nginx->events(event => 'goal') }


# one visitor: the first touch counts, not the last one

visit('/posts/a/?ref=hackernews', 1);
visit('/posts/b/?ref=reddit', 1);
is visit('/thanks/', 1), 200, 'the page of a goal';
visit('/thanks/', 1);
visit('/paid/', 1);

is_deeply labels($nginx, '/posts/a/', 'goals'), { thanked => 1, paid => 1 },
    'goals are the first article\'s, each once a day';
is_deeply labels($nginx, '/posts/b/', 'goals'), {}, '... not the last one\'s';
is_deeply labels($nginx, '', 'goal_sources'),
    { 'thanked hackernews' => 1, 'paid hackernews' => 1 },
    '... and the first source\'s';


# another one, to whom nothing is known

visit('/thanks/', 2);
is_deeply labels($nginx, '', 'goals'), { thanked => 2, paid => 1 },
    'without a first touch the goal is the site\'s';
is counted($nginx, '/posts/a/', 'goals', 'thanked'), 1, '... of no article';
is_deeply labels($nginx, '', 'goal_sources'),
    { 'thanked hackernews' => 1, 'paid hackernews' => 1,
      'thanked direct' => 1 }, '... and the source is "direct"';

visit('/posts/b/', 2);
visit('/paid/', 2);
is counted($nginx, '/posts/b/', 'goals', 'paid'), 1,
    'the article that was read before the next goal has that one';


# other readers and names

visit('/posts/b/?ref=bluesky', $_) for 3 .. 5;
visit('/posts/a/', 3);
visit('/thanks/', $_) for 3 .. 5;
visit('/long/', 3);

is_deeply labels($nginx, '/posts/b/', 'goals'),
    { thanked => 3, paid => 1, $long => 1 }, 'several visitors';
is_deeply labels($nginx, '', 'goal_sources'),
    { 'thanked hackernews' => 1, 'paid hackernews' => 1,
      'thanked direct' => 1, 'paid dark' => 1,
      'thanked bluesky' => 3, "$long bluesky" => 1 },
    '... and the longest name';

# nobody else reaches a goal

my %others = (
    'a robot' => { 'User-Agent' => 'curl/8.5.0' },
    'a preview' => { 'User-Agent' => 'Twitterbot/1.0' },
    'the owner' => { Cookie => 'me=1' },
    'a frame' => { 'Sec-Fetch-Dest' => 'iframe' },
    'a script' => { 'Sec-Fetch-Dest' => 'empty' },
);

my $before = labels($nginx, '', 'goals');

visit('/thanks/', 20, %{ $others{$_} }) for sort keys %others;
is_deeply labels($nginx, '', 'goals'), $before,
    "no goal: " . join ', ', sort keys %others;

is_deeply [ events() ], [
    'thanked hackernews new', 'thanked hackernews repeat',
    'paid hackernews new', 'thanked  new', 'paid dark new',
    ('thanked bluesky new') x 3, "$long bluesky new" ],
    'events of goals have the first source';


# a page that was fetched ahead brings its visitor when it is seen

visit('/posts/c/?ref=mastodon', 6, 'Sec-Purpose' => 'prefetch');
my ($token) = fetch($nginx->port, '/posts/c/',
    headers => { 'User-Agent' => 'curl/8.5.0' })->{body}
    =~ /name="token" value="([^"]+)"/;
$nginx->post('views', { article => '/posts/c/', token => $token },
    headers => { 'User-Agent' => browser(6) });
visit('/thanks/', 6);
is counted($nginx, '/posts/c/', 'goals', 'thanked'), 1,
    'a page that was fetched ahead and seen';
is counted($nginx, '', 'goal_sources', 'thanked mastodon'), 1,
    '... with its source';


# over reload and restart

visit('/posts/c/?ref=x', 7);
my %old = map { $_ => 1 } $nginx->workers;
$nginx->reload;
$nginx->wait_for(sub { !grep { $old{$_} } $nginx->workers });
visit('/thanks/', 7);
is counted($nginx, '/posts/c/', 'goals', 'thanked'), 2,
    'the first touch survives a reload';


# an article that had to leave shared memory has no credit: the site has it

visit('/posts/a/?ref=lobsters', 8);

for my $n (1 .. 80) {
    visit("/posts/$n/", 100 + $n);
    $nginx->status if $n % 10 == 0;
}

$before = labels($nginx, '', 'goals')->{thanked};
visit('/thanks/', 8);
is labels($nginx, '', 'goals')->{thanked}, $before + 1,
    'a goal is never lost, whatever left the zone';
is counted($nginx, '', 'goal_sources', 'thanked lobsters'), 1,
    '... nor is its source';


# robots by kind

my @robots = (
    [ 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://google.com/bot)',
      'crawler' ],
    [ 'GPTBot/1.2 (+https://openai.com/gptbot)', 'ai' ],
    [ 'Feedly/1.0 (+http://www.feedly.com/fetcher.html; 3 subscribers)',
      'feed' ],
    [ 'Mozilla/5.0 (compatible; UptimeRobot/2.0)', 'monitor' ],
    [ 'python-requests/2.31.0', 'library' ],
    [ 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) '
      . 'HeadlessChrome/131.0.0.0 Safari/537.36', 'headless' ],
    [ '', 'nameless' ],
    [ 'Acme/1.0', 'other' ],
);

my $seen = labels($nginx, '', 'robots');
my %expected = %$seen;

for my $robot (@robots) {
    my ($agent, $kind) = @$robot;

    visit('/posts/a/', 1, 'User-Agent' => $agent);
    $expected{$kind}++;
}

fetch($nginx->port, '/posts/a/', headers => {});
$expected{nameless}++;

is_deeply labels($nginx, '', 'robots'), \%expected,
    'robots are counted by kind, for the site';

my $bots = 0;
$bots += $_ for values %expected;
is $nginx->status(period => 'all')->{totals}{views_by_class}{bot}, $bots,
    '... and are all of its robots';

$nginx->stop;
$nginx->quiet(qr/full/);

done_testing;
