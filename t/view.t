#!/usr/bin/perl

# Views and readers: six classes of views, readers of a day, and that nothing is
# counted twice, lost, or kept about a person.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Readers qw(browser figures readers warm);
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my @articles = qw(class beacon few many reload both out twice range nowhere);

my $nginx = Social->new(
    workers => 3,
    files => {
        (map { ("posts/$_/index.html" => $html) } @articles, 'ssi'),
        'posts/fresh/index.html' => $html,
        'posts/nowhere/index.html' => '<!DOCTYPE html><p>no place</p>' x 0
            . '<html><body></body></html>',
        'part.html' => $html,
        'shop/x/index.html' => $html,
        'thanks/index.html' => $html,
        'posts/ssi/index.html' => $html =~ s/text/<!--# include virtual="\/posts\/out\/" -->/r,
    },
    site => <<'END',
        article ~ ^/(posts|shop)/;
        ignore $arg_me;
        goal thanked = /thanks/;
END
    http => <<'END',
        keepalive_requests 100000;
        lingering_close off;
        social_site other-site_With-The-Longest-Name-That-Anybody-Would-Give-It {
            store sqlite:DIR/store/other.db;
            zone 1m;
            flush 200ms;
            limit off;
            article /shop/;
            article /posts/;
        }
        social_site third { store sqlite:DIR/store/third.db; zone 1m; }
        social third;
END
    server => <<'END',
        location /shop/ {
            social other-site_With-The-Longest-Name-That-Anybody-Would-Give-It;
        }
        location ^~ /_shop/ {
            social_api other-site_With-The-Longest-Name-That-Anybody-Would-Give-It;
        }
        location = /shopstatus {
            social_status other-site_With-The-Longest-Name-That-Anybody-Would-Give-It;
        }
        location ^~ /_third/ { social_api third; }
        location = /thirdstatus { social_status third; }
        location /posts/off/ { social off; alias DIR/html/posts/out/; }
        location /posts/ssi/ { ssi on; }
        location /posts/auth/ {
            auth_request /posts/out/;
            alias DIR/html/posts/out/;
        }
END
    servers => <<'END',
    server {
        listen unix:DIR/other.sock;
        root DIR/html;
        social blog;
    }
    server {
        listen unix:DIR/third.sock;
        root DIR/html;
    }
END
);

warm($nginx);

my $googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; '
    . '+http://www.google.com/bot.html)';


sub view {
    my ($path, %headers) = @_;

    my $agent = exists $headers{'User-Agent'} ? delete $headers{'User-Agent'}
                                              : $Social::BROWSER;

    return fetch($nginx->port, $path, headers => {
        %headers, defined $agent ? ('User-Agent' => $agent) : () });
}


sub classes {
    my ($key) = @_;

    my $by = figures($nginx, $key)->{views_by_class};

    return join ' ', map { "$_=$by->{$_}" } grep { $by->{$_} } sort keys %$by;
}


# classes: [what, headers, the class]

my @classes = (
    [ 'a browser', {}, 'unconfirmed' ],
    [ 'a browser that navigates', { 'Sec-Fetch-Dest' => 'document' },
      'unconfirmed' ],
    [ 'an iframe', { 'Sec-Fetch-Dest' => 'iframe' }, '' ],
    [ 'a script', { 'Sec-Fetch-Dest' => 'empty' }, '' ],
    [ 'an empty destination', { 'Sec-Fetch-Dest' => '' }, '' ],
    [ 'a prefetch', { 'Sec-Purpose' => 'prefetch' }, 'prefetch' ],
    [ 'a prerender', { 'Sec-Purpose' => 'prefetch;prerender' }, 'prefetch' ],
    [ 'a prefetch by a script', { 'Sec-Purpose' => 'prefetch',
      'Sec-Fetch-Dest' => 'empty' }, 'prefetch' ],
    [ 'an old prefetch', { 'Purpose' => 'prefetch' }, 'prefetch' ],
    [ 'an old preview', { 'Purpose' => 'preview' }, 'prefetch' ],
    [ 'a Safari preview', { 'X-Purpose' => 'preview' }, 'prefetch' ],
    [ 'an X-Purpose prefetch', { 'X-Purpose' => 'prefetch' }, 'prefetch' ],
    [ 'a Firefox prefetch', { 'X-Moz' => 'prefetch' }, 'prefetch' ],
    [ 'another X-Moz', { 'X-Moz' => 'preview' }, 'unconfirmed' ],
    [ 'a bot\'s prefetch', { 'Purpose' => 'prefetch',
      'User-Agent' => $googlebot }, 'prefetch' ],
    [ 'a preview', { 'User-Agent' => 'facebookexternalhit/1.1' }, 'preview' ],
    [ 'a bot', { 'User-Agent' => $googlebot }, 'bot' ],
    [ 'a library', { 'User-Agent' => 'curl/8.1.2' }, 'bot' ],
    [ 'no User-Agent', { 'User-Agent' => undef }, 'bot' ],
    [ 'an empty User-Agent', { 'User-Agent' => '' }, 'bot' ],
    [ 'a forged password', Social::basic('jo'), 'unconfirmed' ],
    [ 'a forged cookie', { Cookie => 'social_author_blog=jo.x.y' },
      'unconfirmed' ],
    [ 'a telephone', { 'User-Agent' => 'Mozilla/5.0 (Linux; Android 13; '
      . 'CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) '
      . 'Chrome/120.0.0.0 Mobile Safari/537.36' }, 'unconfirmed' ],
);

my %expected;

for my $case (@classes) {
    my ($what, $headers, $class) = @$case;

    is view('/posts/class/', %$headers)->{status}, 200, "200 for $what";
    $expected{$class}++ if $class;
    is classes('/posts/class/'), join(' ', map { "$_=$expected{$_}" }
        sort keys %expected), $class ? "$what is $class" : "$what is no view";
}

view('/posts/class/?me=1');
view('/posts/class/?me=0');
view('/posts/class/?me=');
$expected{self}++;
$expected{unconfirmed} += 2;
is classes('/posts/class/'), join(' ', map { "$_=$expected{$_}" }
    sort keys %expected), 'ignore: counted as own unless empty or "0"';

# an article begins with a reader: bots and previews try addresses that nobody
# reads.  The totals have them all the same

my $totals = sub {
    return $nginx->status(period => 'all')->{totals};
};
my $since = $totals->();

for my $headers ({ 'User-Agent' => $googlebot }, { Purpose => 'prefetch' },
                 { 'User-Agent' => 'facebookexternalhit/1.1' })
{
    like view('/posts/fresh/', %$headers)->{body}, qr/data-social/,
        'a page for a bot has its widget';
}

is fetch($nginx->port, '/posts/fresh/', method => 'HEAD',
    headers => { 'User-Agent' => $googlebot })->{status}, 200,
    'a HEAD of it by a bot';

my $after = $totals->();

is figures($nginx, '/posts/fresh/'), undef, 'bots make no article';
is_deeply [ map { $after->{views_by_class}{$_}
                  - $since->{views_by_class}{$_} }
            qw(bot prefetch preview unconfirmed) ], [ 1, 1, 1, 0 ],
    'the totals have their views';
is $after->{previews_by_network}{facebook},
    $since->{previews_by_network}{facebook} + 1, 'and the link preview';

view('/posts/fresh/');
view('/posts/fresh/', 'User-Agent' => $googlebot);
is classes('/posts/fresh/'), 'bot=1 unconfirmed=1',
    'once it has a reader, its bots are counted';

my %jar;
$nginx->queue('', jar => \%jar);
$nginx->get('/posts/class/', jar => \%jar);
$expected{self}++;
is classes('/posts/class/'), join(' ', map { "$_=$expected{$_}" }
    sort keys %expected), 'a moderator counts as the author';

my $class = figures($nginx, '/posts/class/');
is $class->{views}, $expected{unconfirmed}, 'views are those of readers';
is $class->{reader_days}, 2, 'views come from two browsers';
is_deeply $class->{previews_by_network}, { facebook => 1 },
    'a link preview counts for its network';

for my $agent ('Twitterbot/1.0', 'LinkedInBot/1.0', 'Slackbot-LinkExpanding 1.0',
               'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)',
               'TelegramBot (like TwitterBot)', 'WhatsApp/2.23',
               'http.rb/5.1.1 (Mastodon/4.2.0; +https://mastodon.social/)',
               'Bluesky Cardyb/1.1; +mailto:support@bsky.app', 'Facebot',
               'facebookexternalhit/1.1', 'Twitterbot/1.0') {
    view('/posts/class/', 'User-Agent' => $agent);
}

is_deeply figures($nginx, '/posts/class/')->{previews_by_network},
    { map { $_ => 1 } qw(facebook x linkedin slack discord telegram whatsapp
                         mastodon bluesky) },
    'one preview for each network, article and ten minutes';
is figures($nginx, '/posts/class/')->{views_by_class}{preview}, 12,
    'all of them are logged as views by class';


# which answers are views

sub status { return $_[0]{status} }

my $etag = view('/posts/range/')->{header}{etag};

is status(view('/posts/range/', 'If-None-Match' => $etag)), 304, 'answered 304';
is status(view('/posts/range/', Range => 'bytes=0-9')), 206, 'answered 206';
is status(view('/posts/range/', Range => 'bytes=999999-')), 416, 'answered 416';
is status(fetch($nginx->port, '/posts/range/', method => 'HEAD',
                headers => { 'User-Agent' => $Social::BROWSER })), 200, 'HEAD';
is status(fetch($nginx->port, '/posts/range/', method => 'POST',
                headers => { 'User-Agent' => $Social::BROWSER })), 405, 'POST';
is status(view('/posts/range')), 301, 'a redirect';
is figures($nginx, '/posts/range/')->{views}, 2,
    '200 and 304 are views, others are not';

my $seen = view('/posts/ssi/')->{body};
like $seen, qr/data-social="\/posts\/ssi\/"/, 'an SSI page has a widget';
is status(view('/posts/auth/')), 200, 'a page behind a check';
is status(view('/posts/off/')), 200, 'social off';
is status(view('/posts/nowhere/')), 200, 'a page of nothing';
is figures($nginx, '/posts/out/'), undef, 'subrequests are no views';
is figures($nginx, '/posts/off/'), undef,
    'views where social is off are not counted';
is figures($nginx, '/posts/ssi/')->{views}, 1,
    'a page with SSI parts is one view';


# the beacon

sub beacon {
    my ($key, $agent, %fields) = @_;

    return $nginx->post('views', { article => $key,
        token => $nginx->token('/posts/class/') && token($key), %fields },
        headers => { 'User-Agent' => $agent })->{status};
}

sub token {
    my ($key) = @_;

    my ($token) = $nginx->get($key, headers => { 'User-Agent' => $googlebot })
        ->{content} =~ /name="token" value="([^"]+)"/;

    return $token;
}

my ($ann, $ben) = map { browser($_) } 1, 2;

view('/posts/beacon/?me=1');
is beacon('/posts/beacon/', $ann), 204, 'a beacon without a view: 204';
is classes('/posts/beacon/'), 'bot=1 self=1', 'it counts nothing';

view('/posts/beacon/', 'User-Agent' => $ann);
view('/posts/beacon/', 'User-Agent' => $ben);
is beacon('/posts/beacon/', $ann), 204, 'a beacon';
is classes('/posts/beacon/'), 'bot=2 confirmed=1 self=1 unconfirmed=1',
    'it confirms the view of its reader';
is beacon('/posts/beacon/', $ann), 204, 'a second beacon: 204';
is classes('/posts/beacon/'), 'bot=3 confirmed=1 self=1 unconfirmed=1',
    'it confirms no other view';

view('/posts/beacon/', 'User-Agent' => $ann);
view('/posts/beacon/', 'User-Agent' => $ann);
beacon('/posts/beacon/', $ann) for 1 .. 3;
is classes('/posts/beacon/'), 'bot=6 confirmed=3 self=1 unconfirmed=1',
    'each view is confirmed by one beacon';
is figures($nginx, '/posts/beacon/')->{views}, 4,
    'the sum of views is the same';
is figures($nginx, '/posts/beacon/')->{reader_days}, 2,
    'the beacons do not change the count of readers';
is beacon('/posts/class/', $ben), 204, 'a beacon for another article';
is beacon('/posts/beacon/', $ben, token => 'x'), 403,
    'a beacon with a wrong token';
is classes('/posts/beacon/'), 'bot=7 confirmed=3 self=1 unconfirmed=1',
    'it confirms nothing';

for (1 .. 60) {
    view('/posts/both/', 'User-Agent' => $ann);
    $nginx->post('views', { article => '/posts/both/',
        token => $seen = $seen =~ /^</ ? token('/posts/both/') : $seen },
        headers => { 'User-Agent' => $ann });
}

is figures($nginx, '/posts/both/')->{views_by_class}{confirmed}, 60,
    'a beacon right after the last byte finds its view';


# readers: exact up to a hundred, in any order and however often

my $wrong = 0;

for my $n (1 .. 20, 33, 66, 99, 100) {
    my @all = map { browser($_) } 1 .. $n;

    readers($nginx, '/posts/few/', reverse(@all), @all);

    my $found = figures($nginx, '/posts/few/')->{reader_days};
    $wrong++, diag "$found for $n" if $found != $n;
}

is $wrong, 0, 'up to a hundred readers are counted exactly';

is readers($nginx, '/posts/many/', map { browser($_) } 1 .. 3000), 3000,
    'three thousand readers';
readers($nginx, '/posts/many/', map { browser($_) } 2001 .. 3000);

my $many = figures($nginx, '/posts/many/');

is $many->{views}, 4000, 'all their views are counted';
cmp_ok abs($many->{reader_days} - 3000), '<', 75,
    "about three thousand readers: $many->{reader_days}";


# nothing is lost or counted twice with many workers, reloads and restarts

my @kids = map {
    my $pid = fork // die;

    if ($pid == 0) {
        my $n = 0;

        for (1 .. 10) {
            $n += readers($nginx, '/posts/reload/', map { browser($_) } 1 .. 60);
        }

        $n == 600 or warn "$n answers";
        require POSIX;
        POSIX::_exit($n == 600 ? 0 : 1);
    }

    $pid
} 1 .. 3;

for (1 .. 3) {
    $nginx->reload;
    select undef, undef, undef, 0.1;
}

my $lost = 0;
for my $pid (@kids) { waitpid $pid, 0; $lost++ if $? }

SKIP: {
    skip 'connections closed by the reload', 1 if $lost;

    $nginx->wait_for(sub {
        figures($nginx, '/posts/reload/')->{views} >= 1800 });
    is figures($nginx, '/posts/reload/')->{views}, 1800,
        'views of all workers are counted over reloads';
}

my $reloaded = figures($nginx, '/posts/reload/');
is $reloaded->{reader_days}, 60, 'readers are counted over reloads';

view('/posts/reload/', 'User-Agent' => browser(1));

my $all = $nginx->status(period => 'all');
$nginx->stop;
$nginx->start;
my $again = $nginx->status(period => 'all');

is_deeply $again->{articles}, $all->{articles}, 'a restart changes no article';
is_deeply $again->{totals}, $all->{totals}, 'a restart changes no total';


# several sites

view('/shop/x/', 'User-Agent' => $ann);
view('/shop/x/?shared=x.1.y', 'User-Agent' => $ben);

my $shop = $nginx->get('/shopstatus?format=json&period=all')->{json};

is_deeply [ map { "$_->{key} $_->{views}" } @{ $shop->{articles} } ],
    [ '/shop/x/ 2' ], 'a site in a location has its own counts';
is $shop->{site},
    'other-site_With-The-Longest-Name-That-Anybody-Would-Give-It',
    'it has its name';
is figures($nginx, '/shop/x/'), undef,
    'the server\'s site does not know its article';

my ($token) = view('/shop/x/')->{body} =~ /name="token" value="([^"]+)"/;

%jar = ();
is $nginx->post('', { article => '/shop/x/', name => 'Ann', text => 'Hello',
    token => $token }, path => '/_shop/comments', jar => \%jar)->{status},
    303, 'a comment on the other site';
is_deeply [ keys %jar ], [
    'social_me_other-site_With-The-Longest-Name-That-Anybody-Would-Give-It' ],
    'its cookie has the site\'s name';

my $before = figures($nginx, '/posts/range/')->{views};

for my $name ('other', 'third') {
    my $socket = IO::Socket::UNIX->new(Peer => $nginx->dir . "/$name.sock");
    print $socket "GET /posts/range/ HTTP/1.0\r\n"
        . "User-Agent: $Social::BROWSER\r\n\r\n";
    local $/;
    like scalar <$socket>, qr/data-social/, "another server: $name";
}

is figures($nginx, '/posts/range/')->{views}, $before + 1,
    'several servers can share a site';

my $third = $nginx->get('/thirdstatus?format=json&period=all')->{json};
is_deeply [ map { "$_->{key} $_->{views}" } @{ $third->{articles} } ],
    [ '/posts/range/ 1' ], 'a site for all of http';


# no person can be found in stored or shown data

my $page = $nginx->get('/social')->{content}
    . $nginx->get('/social?format=json&period=all')->{content}
    . $nginx->get('/posts/many/')->{content};

$nginx->stop;

my @kept = (
    [ 'a page', $page ],
    [ 'social.log', $nginx->slurp('logs/social.log') ],
    map { [ $_, $nginx->slurp($_) ] }
    map { substr $_, 1 + length $nginx->dir } glob $nginx->dir . '/store/*');

cmp_ok scalar(@kept), '>=', 4, 'there are a store, a log and a page';

for my $kept (@kept) {
    my ($name, $bytes) = @$kept;

    ok length $bytes, "$name holds something";
    unlike $bytes, qr/127\.0\.0\.1(?!:)/, "$name: no address"
        if $name ne 'a page';
    unlike $bytes, qr/Gecko|Firefox|Mozilla|Googlebot/, "$name: no User-Agent";
}

$nginx->quiet(qr/is not found|beyond/);

done_testing;
