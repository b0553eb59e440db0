#!/usr/bin/perl

# The status page: what it counts of real requests, its arguments, and that its
# figures are exact at any moment.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Readers qw(browser figures readers warm);
use Social;
use Test::More;


my @names = qw(talk unheard shared liked ignored quiet fresh);

sub page {
    my ($title) = @_;

    return '<!DOCTYPE html><html lang=en><head>'
        . "<title>About $title</title><meta property=article:published_time "
        . 'content="2024-02-03T04:05:06Z"></head><body><article><p>text</p>'
        . '</article></body></html>';
}

my $nginx = Social->new(
    files => {
        (map { ("posts/$_/index.html" => page($_)) } @names, 'unread'),
        'thanks/index.html' => page('thanks'),
        'other/index.html' => page('other'),
    },
    site => <<'END',
        article /posts/;
        goal thanked = /thanks/;
        goal never = /never/;
        reactions on;
END
    http => 'lingering_close off; keepalive_requests 100000;',
);

warm($nginx);

my $person = 0;
my %token;


sub post {
    my ($route, $article, %fields) = @_;

    my $key = "/posts/$article/";
    my $agent = delete $fields{agent} // browser(++$person);
    my $jar = delete $fields{jar};

    $token{$key} //= fetch($nginx->port, $key, headers => {
        'User-Agent' => 'Googlebot/2.1' })->{body}
        =~ /name="token" value="([^"]+)"/ ? $1 : die "no token in $key";

    my $res = $nginx->post($route, { article => $key,
        token => $token{$key}, %fields }, headers => {
        'User-Agent' => $agent }, jar => $jar);

    $res->{status} == 303 or diag "$route: $res->{status} $res->{content}";

    return ($res->{headers}{location} // '') =~ /#comment-(\w+)/ ? $1 : undef;
}


sub say {
    my ($article, $text, %fields) = @_;

    return post('comments', $article, name => "Reader $person",
                text => $text, jar => {}, %fields);
}


# what readers do

my %readers = (talk => 40, unheard => 100, shared => 90, liked => 100,
               ignored => 600, quiet => 120, fresh => 5);

for my $name (@names) {
    $person = 0;
    readers($nginx, "/posts/$name/", map { browser($_) } 1 .. $readers{$name});
}

fetch($nginx->port, '/posts/unread/', method => 'HEAD',
    headers => { 'User-Agent' => browser(1) });

$person = 0;
my %ann;
my $first = say('talk', 'One thing', jar => \%ann);
my $second = say('talk', 'Another', parent => $first);
say('talk', 'A third', parent => $second);
say('talk', 'And myself', parent => $first, jar => \%ann,
    agent => browser(1));
$nginx->moderate({ id => $first, action => 'reply', text => 'Thanks' });

$person = 10;
say('unheard', "Is there anybody $_?") for 1 .. 4;

$person = 0;
post('share', 'shared', network => $_) for qw(reddit reddit x);
post('share', 'shared', network => 'bluesky', agent => browser(3));

$person = 0;
post('reactions', 'liked') for 1 .. 4;
post('reactions', 'liked', agent => browser(4));

fetch($nginx->port, '/thanks/', headers => { 'User-Agent' => browser($_) })
    for 1 .. 3, 1;


# base counts

my $doc = $nginx->status;

is $doc->{schema}, 1, 'schema';
is $doc->{site}, 'blog', 'site';
is $doc->{period}{name}, '28d', 'the default period is 28 days';
like $doc->{$_} // $doc->{period}{$_}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    "$_ is a time" for qw(generated from to);

my %by = map { $_->{key} => $_ } @{ $doc->{articles} };

is_deeply [ sort keys %by ], [ sort map { "/posts/$_/" } @names, 'unread' ],
    'every known article is listed, even without views';

for my $name (@names) {
    my $a = $by{"/posts/$name/"};

    is $a->{views}, $readers{$name}, "$name: views";
    cmp_ok abs($a->{reader_days} - $readers{$name}), '<=',
        $readers{$name} > 105 ? $readers{$name} * 0.03 : 0,
        "$name: readers";
    is $a->{title}, "About $name", "$name: title";
    is $a->{published}, '2024-02-03T04:05:06Z', "$name: published";
}

my $unread = $by{'/posts/unread/'};
is $unread->{views}, 0, 'unread: no view';
is $unread->{conversation_rate}, undef, 'unread: a rate without views is null';
is $unread->{class}, 'new', 'unread: new';

sub is_fields {
    my ($name, %wanted) = @_;

    my $a = $by{"/posts/$name/"};

    for my $field (sort keys %wanted) {
        ref $wanted{$field}
            ? is_deeply $a->{$field}, $wanted{$field}, "$name: $field"
            : is $a->{$field}, $wanted{$field}, "$name: $field";
    }

    return;
}

is_fields 'talk', class => 'conversation', comments => 4,
    author_comments => 1, participants => 3, exchanges => 3,
    unanswered => 1, thread_h => 1, new_participants => 3,
    returning_participants => 0, active_reader_days => 3,
    conversation_rate => 0.075, exchange_ratio => 0.6, matured => 0,
    response_rate => undef, reactions => 0;
is_fields 'unheard', class => 'unheard', comments => 4, participants => 4,
    exchanges => 0, unanswered => 4, exchange_ratio => 0,
    conversation_rate => 0.04;
is_fields 'shared', class => 'amplified', shares => 4, sharers => 3,
    shares_by_network => { reddit => 2, x => 1, bluesky => 1 },
    participants => 0, amplification_rate => 3 / 90;
is_fields 'liked', class => 'applauded', reactions => 3,
    active_reader_days => 3, applause_rate => 0.03;
is_fields 'ignored', class => 'passive', active_reader_days => 0,
    passive_share => 1;
is_fields 'quiet', class => 'quiet';
is_fields 'fresh', class => 'new';

my $total = $doc->{totals};

is $total->{comments}, 8, 'comments of the site';
is $total->{author_comments}, 1, 'comments of its author';
is $total->{participants}, 7, 'people who commented';
is $total->{participants_weak}, 0, '... each with a commenter id';
is $total->{unanswered}, 5, 'comments without a reply';
is $total->{shares}, 4, 'shares';
is_deeply $total->{goals}, { thanked => 3, never => 0 }, 'goals';
is $total->{views_by_class}{bot}, 4, 'views by bots';
is_deeply $total->{articles_by_class}, { conversation => 1, unheard => 1,
    amplified => 1, applauded => 1, passive => 1, quiet => 1, new => 2 },
    'articles by class';
is scalar @{ $doc->{inbox} }, 5, 'comments in the inbox';

for my $class (qw(unconfirmed confirmed preview bot prefetch self)) {
    my $sum = 0;
    $sum += $_->{views_by_class}{$class} for @{ $doc->{articles} };
    is $total->{views_by_class}{$class}, $sum, "the sum of articles: $class";
}

my ($unheard) = grep { $_->{name} eq 'unheard' } @{ $doc->{alarms} };
is $unheard->{state}, 'alarm', 'the alarm "unheard" is raised';
is_deeply [ map { $_->{key} } @{ $doc->{articles} } ],
    [ map { $_->{key} } sort { $b->{rank} <=> $a->{rank} }
      @{ $doc->{articles} } ], 'articles with conversations come first';
cmp_ok $by{"/posts/$_/"}{rank}, '>', $by{'/posts/shared/'}{rank},
    "$_ ranks before what was only read" for qw(talk unheard);


# periods: everything happened just now, so all of them are the same

for my $period (qw(24h 7d 28d 90d 365d all)) {
    my $other = $nginx->status(period => $period);

    is $other->{period}{name}, $period, "period $period";
    is_deeply $other->{totals}{views_by_class}, $total->{views_by_class},
        "$period: views";
    is $other->{totals}{comments}, 8, "$period: comments";
}


# arguments

sub keys_of {
    return [ map { $_->{key} =~ m{/posts/(\w+)/} } @{ $nginx->status(@_)->{articles} } ];
}

is_deeply keys_of(sort => 'views', dir => 'desc', limit => 2),
    [ qw(ignored quiet) ], 'sort, dir and limit';
is_deeply keys_of(sort => 'views', limit => 2), [ qw(ignored quiet) ],
    'the default direction is descending';
is_deeply keys_of(sort => 'views', dir => 'asc', limit => 2),
    [ qw(unread fresh) ], 'ascending';
is_deeply keys_of(sort => 'key', dir => 'asc'), [ sort @names, 'unread' ],
    'sorted by key';
is_deeply keys_of(sort => 'key', dir => 'asc', limit => 3, page => 2),
    [ (sort @names, 'unread')[3 .. 5] ], 'the second page';
is_deeply keys_of(page => 99), [], 'a page past the end';
is_deeply keys_of(q => 'about UN', sort => 'key', dir => 'asc'),
    [ qw(unheard unread) ], 'q searches titles';
is_deeply keys_of(q => 'nothing of it'), [], 'q without a match';
is_deeply keys_of(article => '/posts/talk/'), [ 'talk' ], 'a chosen article';
is_deeply keys_of(article => '/posts/none/'), [], 'an unknown article';
is scalar @{ keys_of(limit => 999999) }, @names + 1, 'a huge limit is accepted';
is $nginx->status(limit => 999999)->{limit}, 1000,
    'a huge limit is capped at a thousand';
is $nginx->status(sort => $_) && 1, 1, "sort=$_"
    for qw(rank views reader_days comments participants exchanges shares
           unanswered conversation_rate class title published);

for my $bad ([ period => '1d' ], [ period => '28D' ], [ sort => 'nothing' ],
             [ sort => 'views;' ], [ dir => 'up' ], [ dir => 'DESC' ],
             [ limit => 0 ], [ limit => -1 ], [ limit => 'x' ],
             [ limit => '1e3' ], [ limit => '99999999999999999999' ],
             [ page => 0 ], [ page => -1 ], [ page => '1.5' ],
             [ format => 'xml' ], [ format => 'JSON' ]) {
    my ($name, $value) = @$bad;
    my $res = $nginx->get('/social?' . Social::form({ $name => $value }),
                          headers => { Accept => 'application/json' });

    is $res->{status}, 400, "$name=$value is refused";
    is $res->{json}{error}{field}, $name, "the error names the argument $name";
}

is $nginx->get('/social?period=1d')->{status}, 400,
    'a bad argument is refused as HTML, too';
like $nginx->get('/social?period=1d')->{headers}{'content-type'},
    qr{^text/html}, 'with an HTML page';
is $nginx->get('/social?q=%ff')->{status}, 400,
    'a q that is not UTF-8 is refused';
is $nginx->get('/social?q=a&q=b')->{status}, 400, 'two q are refused';
is $nginx->get('/social?format=json&period=&sort=&dir=&limit=&page=&q=')
    ->{status}, 200, 'empty arguments count as missing';
is $nginx->get('/social?format=json&unknown=1')->{status}, 200,
    'unknown arguments are ignored';


# the page and its headers

my $res = $nginx->get('/social');

is $res->{status}, 200, 'the status page';
like $res->{headers}{'content-type'}, qr{^text/html}, 'is HTML';
like $res->{content}, qr/In the last 28 days, 1 article/,
    'the status page begins with a summary';
like $res->{content}, qr/About unheard/, 'it lists articles';
is $res->{headers}{'x-robots-tag'}, 'noindex', 'the status page is not indexed';
is $nginx->get('/social?format=html', headers => {
    Accept => 'application/json' })->{headers}{'content-type'} =~ /html/, 1,
    'format overrides Accept';
ok $nginx->get('/social', headers => { Accept => 'application/json' })
    ->{json}, 'Accept selects JSON';

for my $method (qw(POST PUT DELETE)) {
    $res = $nginx->request($method, '/social');
    is $res->{status}, 405, "$method is not allowed";
    is $res->{headers}{allow}, 'GET, HEAD', 'Allow lists the methods';
}

my $head = fetch($nginx->port, '/social?format=json', method => 'HEAD');
is $head->{status}, 200, 'HEAD';
is $head->{body}, '', 'HEAD has no body';
cmp_ok $head->{header}{'content-length'}, '>', 1000, 'HEAD tells the length';

my $again = $nginx->wait_for(sub {
    my $one = $nginx->get('/social?format=json&article=/posts/talk/');
    my $two = $nginx->get('/social?format=json&article=/posts/talk/',
        headers => { 'If-None-Match' => $one->{headers}{etag} // 'none' });

    $two->{status} == 304;
});
ok $again, 'an unchanged status is not sent again';


# exact at any moment, whichever worker counted

my $wrong = 0;

for my $n (1 .. 30) {
    fetch($nginx->port, '/posts/fresh/', headers => {
        'User-Agent' => browser(500 + $n) });
    my $a = figures($nginx, '/posts/fresh/');
    $wrong++ if $a->{views} != 5 + $n || $a->{reader_days} != 5 + $n;
}

is $wrong, 0, 'every view is counted at once';

$doc = $nginx->status(period => 'all', sort => 'key');
$nginx->reload;
ok $nginx->wait_for(sub {
    $nginx->error_log =~ /exited with code 0/ }), 'nginx reloads';

my $reloaded = $nginx->status(period => 'all', sort => 'key')->{totals};
delete $_->{oldest_unanswered_seconds} for $reloaded, $doc->{totals};
is_deeply $reloaded, $doc->{totals}, 'a reload changes no figure';

$nginx->stop;
$nginx->start;

my $after = $nginx->status(period => 'all', sort => 'key');
delete $_->{oldest_unanswered_seconds}
    for map { ($_->{totals}, @{ $_->{articles} }) } $doc, $after;
is_deeply $after->{totals}, $doc->{totals}, 'a restart changes no total';
is_deeply $after->{articles}, $doc->{articles}, 'a restart changes no article';

$nginx->stop;
$nginx->quiet;


# a site without articles

$nginx = Social->new(files => { 'index.html' => page('home') });

my $empty = $nginx->status(period => 'all');

is_deeply $empty->{articles}, [], 'no articles';
is $empty->{totals}{views}, 0, 'no views';
is $nginx->get('/social')->{status}, 200,
    'a site without articles has a status page';
is figures($nginx, '/social'), undef, 'it is not an article';

$nginx->stop;
$nginx->quiet;


# the store cannot be opened

$nginx = Social->new(
    files => { 'posts/a/index.html' => page('a') },
    site => 'store sqlite:DIR/file/blog.db;', cold => 1, stopped => 1,
);
$nginx->write('file', 'no directory');
$nginx->start;

is $nginx->get('/posts/a/')->{status}, 200, 'pages are served';
$res = $nginx->get('/social?format=json');
is $res->{status}, 503, 'without the store there are no figures';
ok $res->{headers}{'retry-after'}, 'without the store: Retry-After';
unlike $res->{content}, qr/file|sqlite|errno|directory/i,
    'no internals are shown';
is $nginx->get('/social')->{status}, 503,
    'without the store there is no status page';

$nginx->stop;

done_testing;
