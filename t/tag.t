#!/usr/bin/perl

# Where a visit came from: the tag of a shared link, which the application never
# sees, and the other sources.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Digest::SHA qw(hmac_sha256);
use MIME::Base64 qw(encode_base64url);
use Page qw(fetch);
use Readers qw(browser figures warm);
use Social;
use Social::Api qw(secret);
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';
my $app = Social::free_port();

my $nginx = Social->new(
    files => { map { ("$_/index.html" => $html) }
        qw(posts/a posts/b posts/c posts/s posts/t thanks app fcgi) },
    site => <<'END',
        article ~ ^/(posts|app|fcgi|off)/;
        goal thanked = /thanks/;
        origin https://blog.example;
END
    http => 'lingering_close off;',
    server => <<"END",
        location /app/whole/ { proxy_pass http://127.0.0.1:$app; }
        location /app/part/ { proxy_pass http://127.0.0.1:$app/other/; }
        location /app/set/ { proxy_pass http://127.0.0.1:$app\$request_uri; }
        location /app/args/ {
            default_type text/html;
            return 200 "<html><body>[\$args|\$is_args|\$query_string|\$arg_shared|\$request_uri]</body></html>";
        }
        location /app/rewrite/ {
            rewrite ^/app/rewrite/(.*) /app/args/\$1?first=1 last;
        }
        location /other/ {
            default_type text/html;
            return 200 "<html><body>[\$args]</body></html>";
        }
        location /off/ {
            social off;
            default_type text/html;
            return 200 "<html><body>[\$args]</body></html>";
        }
END
    servers => <<"END",
    server {
        listen 127.0.0.1:$app;
        default_type text/html;
        return 200 "<html><body>[\$request_uri]</body></html>";
    }
    server {
        listen unix:DIR/location.sock;
        root DIR/html;
        default_type text/html;
        location / {
            social blog;
            return 200 "<html><body>[\$args]</body></html>";
        }
    }
END
);

warm($nginx);

my ($ann, $ben, $cem, $dot) = map { browser($_) } 1 .. 4;
my $key = '/posts/a/';


sub view {
    my ($path, $agent, %headers) = @_;

    return fetch($nginx->port, $path, headers => {
        'User-Agent' => $agent, Host => 'localhost', %headers })->{body};
}


sub share {
    my ($network, $agent, $article) = @_;

    my $res = $nginx->post('share', { article => $article // $key,
        network => $network, token => $nginx->token($article // $key),
        instance => 'mastodon.social' },
        headers => { 'User-Agent' => $agent });

    my ($tag) = ($res->{headers}{location} // '')
        =~ /shared(?:=|%3D)(\w+\.\d+\.[\w-]+)/;

    return $tag;
}

my $tag = share('bluesky', $ann);

like $tag, qr/^bluesky\.\d+\.[\w-]+$/, 'a shared link has a tag';

my ($network, $day, $mac) = split /\./, $tag;
is $day, int(time / 86400), 'with today\'s number';


# the query that the application gets

sub args {
    my ($path, $agent) = @_;

    return view($path, $agent // $ann) =~ /\[(.*)\]/ ? $1 : 'nothing';
}

is args("/app/whole/x?shared=$tag"), '/app/whole/x',
    'proxy_pass: the tag is removed';
is args("/app/whole/x?a=1&shared=$tag&b=%20%2f&c"),
    '/app/whole/x?a=1&b=%20%2f&c',
    'other arguments keep their order and spelling';
is args("/app/whole/x?a=1&shared=$tag"), '/app/whole/x?a=1', 'a tag at the end';
is args("/app/whole/x?shared=$tag&a=1"), '/app/whole/x?a=1',
    'a tag at the beginning';
is args("/app/whole/x?shared=$tag&shared=$tag&a=1&shared=$tag"),
    '/app/whole/x?a=1', 'several tags';
is args("/app/whole/x%2Fy?shared=1"), '/app/whole/x%2Fy?shared=1',
    'shared=1 is not a tag';
is args("/app/whole/x%2Fy?shared=a.b.c"), '/app/whole/x%2Fy?shared=a.b.c',
    'a value without a day is not a tag';
is args('/app/whole/?share=1&unshared=' . $tag),
    "/app/whole/?share=1&unshared=$tag", 'another argument name is not a tag';
is args("/app/whole/x?shared=bluesky.$day." . 'A' x length $mac),
    '/app/whole/x', 'a tag with a wrong code is removed, too';
is args("/app/part/x?shared=$tag&q=1"), '/other/x?q=1',
    'proxy_pass with a URI';
is args("/app/args/?shared=$tag"), "|||||/app/args/?shared=$tag" =~ s/^\|//r,
    '$args, $is_args, $query_string and $arg_shared do not have it';
is args("/app/args/?x=y&shared=$tag"),
    "x=y|?|x=y||/app/args/?x=y&shared=$tag", 'only $request_uri has it';
is args("/app/rewrite/?a=1&shared=$tag"),
    "first=1&a=1|?|first=1&a=1||/app/rewrite/?a=1&shared=$tag", 'rewrite';
is args("/off/?shared=$tag&a"), 'a',
    'it is removed before the location is known';
is args("/other/?shared=$tag&a"), "shared=$tag&a",
    'it stays where no page is an article';

my $socket = IO::Socket::UNIX->new(Peer => $nginx->dir . '/location.sock');
print $socket "GET /posts/x?shared=$tag&a=1 HTTP/1.0\r\n\r\n";
{
    local $/;
    like scalar <$socket>, qr/\[a=1\]/,
        'it is removed where only the location has social';
}


# which visits are counted

sub visits {
    my ($article) = @_;

    my $by = figures($nginx, $article)->{share_visits_by_network};

    return join ' ', map { "$_=$by->{$_}" } sort keys %$by;
}

view("$key?shared=$tag", $ann);
is visits($key), '', 'the sharer\'s own visit is not counted';

view("$key?shared=$tag", $ben);
is visits($key), 'bluesky=1', 'another reader\'s visit is counted';

view("$key?shared=$tag", $ben);
view("$key?x=1&shared=$tag&y=2", $cem);
is visits($key), 'bluesky=3', 'every further visit is counted';

my @wrong = (
    "bluesky.$day." . substr($mac, 0, -1),
    "bluesky.$day.${mac}A",
    "bluesky.$day." . reverse($mac),
    "x.$day.$mac",
    'bluesky.' . ($day - 1) . ".$mac",
    'bluesky.' . ($day + 1) . ".$mac",
    "bluesky.0$day.$mac",
    "Bluesky.$day.$mac",
    "bluesky.$day.", "bluesky.$day", ".$day.$mac",
);

view("$key?shared=$_", $dot) for @wrong;
is visits($key), 'bluesky=3', 'a changed tag does not count';

view("$key?shared=$wrong[0]&shared=$tag", $dot);
is visits($key), 'bluesky=4', 'a valid tag behind it counts';

view("$key?shared=$tag", 'Twitterbot/1.0');
view("$key?shared=$tag", 'Mozilla/5.0 (compatible; bingbot/2.0; '
    . '+http://www.bing.com/bingbot.htm)');
view("$key?shared=$tag", $dot, 'Sec-Purpose' => 'prefetch');
view("$key?shared=$tag", $dot, 'Sec-Fetch-Dest' => 'iframe');
is visits($key), 'bluesky=4', 'visits by machines do not count';

view("/posts/b/?shared=$tag", $ben);
is visits('/posts/b/'), 'bluesky=1', 'a tag is valid on the whole site';

my $other = share('mastodon', $cem);
like $other, qr/^mastodon\./, 'a tag of another network';
view("$key?shared=$other", $ben);
view("$key?shared=$tag", $cem);
is visits($key), 'bluesky=5 mastodon=1',
    'a sharer\'s visit through another network counts';
is_deeply figures($nginx, $key)->{shares_by_network},
    { bluesky => 1, mastodon => 1 }, 'shares by network';
is share('bluesky', $ann), $tag,
    'the same reader, day and network give the same tag';
is figures($nginx, $key)->{shares}, 2, 'a repeated share is counted once';
is figures($nginx, $key)->{sharers}, 2, 'there are two sharers';


# a tag is good for 400 days: those of other days are made with the site's secret

sub tag_of {
    my ($name, $of) = @_;

    my $code = encode_base64url(substr hmac_sha256("share\0$name.$of.",
                                                   secret($nginx)), 0, 16);

    return "$name.$of.$code";
}

is tag_of('bluesky', $day), $tag, 'a tag made here';

my %old = (400 => 1, 399 => 1, 30 => 1, 401 => 0, 800 => 0);

for my $age (sort { $a <=> $b } keys %old) {
    my $before = figures($nginx, $key)->{share_visits_by_network}{x} // 0;

    view("$key?shared=" . tag_of('x', $day - $age), $dot);

    my $found = figures($nginx, $key)->{share_visits_by_network}{x} // 0;

    is $found - $before, $old{$age}, "a tag that is $age days old "
        . ($old{$age} ? 'counts' : 'does not count');
}


# the other sources

my @sources = (
    [ 'utm_source', '/posts/s/?utm_source=hackernews', {}, 'hackernews' ],
    [ 'ref', '/posts/s/?ref=lobsters', {}, 'lobsters' ],
    [ 'src', '/posts/s/?a=1&src=reddit', {}, 'reddit' ],
    [ 'source', '/posts/s/?source=rss', {}, 'rss' ],
    [ 'a parameter before the Referer', '/posts/s/?ref=reddit',
      { Referer => 'https://t.co/x' }, 'reddit' ],
    [ 'a tag before a parameter', "/posts/s/?ref=reddit&shared=$tag", {},
      'bluesky' ],
    [ 'an unknown parameter', '/posts/s/?ref=my-friend', {}, 'other' ],
    [ 'Referer', '/posts/s/', { Referer => 'https://t.co/x' }, 'x' ],
    [ 'a Referer on a subdomain', '/posts/s/',
      { Referer => 'https://old.reddit.com/r/' },
      'reddit' ],
    [ 'a Referer that ends like a known one', '/posts/s/',
      { Referer => 'https://microsoft.com/' }, 'other' ],
    [ 'a Referer that begins like a known one', '/posts/s/',
      { Referer => 'https://reddit.com.evil.example/' }, 'other' ],
    [ 'a search engine', '/posts/s/', { Referer => 'https://www.google.de/' },
      'search' ],
    [ 'an app', '/posts/s/',
      { Referer => 'android-app://com.slack/' }, 'slack' ],
    [ 'an app\'s browser', '/posts/s/', { 'User-Agent' => 'Mozilla/5.0 '
      . '(iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 '
      . '(KHTML, like Gecko) Mobile/15E148 Instagram 300.0.0.0' },
      'instagram' ],
    [ 'a page of this site', '/posts/s/',
      { Referer => 'http://localhost/posts/a/' },
      'internal' ],
    [ 'the site\'s origin', '/posts/s/', { Referer => 'https://blog.example/' },
      'internal' ],
    [ 'nothing', '/posts/s/', {}, 'dark' ],
    [ 'a Referer that is not a URL', '/posts/s/', { Referer => 'nonsense' },
      'dark' ],
);

my %expected;

for my $case (@sources) {
    my ($what, $path, $headers, $source) = @$case;

    view($path, $ann, %$headers);
    my $n = 0;
    $n += $_ for values %expected;
    $nginx->wait_for(sub { $nginx->events(article => '/posts/s/') > $n });
    $expected{$source}++;
}

my @events = $nginx->events(article => '/posts/s/');

for my $i (0 .. $#sources) {
    is $events[$i]{source}, $sources[$i][3], "$sources[$i][0]";
}

my %by = map { $_->{source} => $_->{views} }
    @{ $nginx->status(period => 'all')->{sources} };
cmp_ok $by{$_} // 0, '>=', $expected{$_},
    "counted by source: $_" for sort keys %expected;


# later actions are credited to the day's first source

my $eve = browser(5);

view('/posts/t/?ref=hackernews', $eve);
view('/posts/t/?ref=reddit', $eve);
view("/posts/t/?shared=$tag", $eve);
view('/thanks/', $eve);

$nginx->post('comments', { article => '/posts/t/', name => 'Eve',
    text => 'Hello', token => $nginx->token('/posts/t/') },
    headers => { 'User-Agent' => $eve });
share('x', $eve, '/posts/t/');

$nginx->wait_for(sub { $nginx->events(event => 'share') >= 4 });

is_deeply [ map { "$_->{event} $_->{source}" }
            grep { $_->{event} =~ /goal|comment/
                   || $_->{event} eq 'share' && $_->{network} eq 'x' }
            $nginx->events ],
    [ 'goal hackernews', 'comment hackernews', 'share hackernews' ],
    'goal, comment and share have the first source';

view('/thanks/', browser(6));
$nginx->wait_for(sub { $nginx->events(event => 'goal') == 2 });
is(($nginx->events(event => 'goal'))[1]{source}, '', 'a goal without a source');

my ($news) = grep { $_->{source} eq 'hackernews' }
    @{ $nginx->status(period => 'all')->{sources} };
is $news->{participants}, 1, 'participants by source';

my ($bluesky) = grep { $_->{network} eq 'bluesky' }
    @{ $nginx->status(period => 'all')->{networks} };
is $bluesky->{shares}, 1, 'shares of a network';
my $sum = 0;
$sum += $_->{share_visits_by_network}{bluesky} // 0
    for @{ $nginx->status(period => 'all')->{articles} };
cmp_ok $sum, '>', 5, 'visits to several articles';
is $bluesky->{share_visits}, $sum, 'visits of a network';


# a tag is valid after a restart: its secret is in the store

$nginx->stop;
$nginx->start;
view("/posts/c/?shared=$tag", $dot);
is visits('/posts/c/'), 'bluesky=1', 'after a restart';
view("/posts/c/?shared=$tag", $ann);
is visits('/posts/c/'), 'bluesky=2',
    'the sharer of one article is a visitor of another';

$nginx->stop;
$nginx->quiet;

done_testing;
