#!/usr/bin/perl

# Pages that are fetched before somebody sees them, by the browser or by a
# script: they become views when the widget's beacon says that they are seen.
# Pages of goals are refused to who asks ahead.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(dial fetch read_answer);
use Readers qw(browser figures warm);
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => {
        (map { ("posts/$_/index.html" => $html) }
            qw(navigate tagged script idle frame both own ignored bot head)),
        'thanks/index.html' => $html,
        'members/thanks/index.html' => $html,
        'plain/thanks/index.html' => $html,
        'sorry.html' => 'SORRY',
    },
    site => <<'END',
        article ~ ^/posts/;
        ignore $cookie_me;
        goal thanked ~ /thanks/$;
END
    server => <<'END',
        error_page 503 =200 /sorry.html;
        location /members/ { auth_basic "m"; auth_basic_user_file DIR/users; }
        location /plain/ { social off; }
END
);

warm($nginx);


sub view {
    my ($path, %headers) = @_;

    my $agent = delete $headers{'User-Agent'} // $Social::BROWSER;

    return fetch($nginx->port, $path, headers => {
        'User-Agent' => $agent, %headers });
}

my $token_agent = 'Mozilla/5.0 (compatible; Googlebot/2.1; '
    . '+http://www.google.com/bot.html)';

sub token {
    my ($key) = @_;

    my $page = view($key, 'User-Agent' => $token_agent)->{body};

    return $page =~ /name="token" value="([^"]+)"/;
}

sub beacon {
    my ($key, %headers) = @_;

    my ($token) = token($key);

    return $nginx->post('views', { article => $key, token => $token },
        headers => { 'User-Agent' => $Social::BROWSER, %headers })->{status};
}

# classes of an article, without the pages that beacon() fetches for its token;
# "" if it is no article: pages fetched ahead make none

sub classes {
    my ($key) = @_;

    my $article = figures($nginx, $key) or return '';
    my $by = $article->{views_by_class};

    return join ' ', map { "$_=$by->{$_}" }
        grep { $_ ne 'bot' && $by->{$_} } sort keys %$by;
}

# prefetches of the site, those of pages that are no articles included

sub prefetches {
    return $nginx->status(period => 'all')->{totals}{views_by_class}{prefetch};
}

sub seen {
    my ($key) = @_;

    return map { join '/', @$_{qw(class source network)} }
        $nginx->events(event => 'seen', article => $key);
}


# a service worker

view('/posts/navigate/', 'Sec-Fetch-Dest' => 'empty',
     'Sec-Fetch-Mode' => 'navigate');
is classes('/posts/navigate/'), 'unconfirmed=1',
    'a navigation that a service worker passes on is a view';
beacon('/posts/navigate/');
is classes('/posts/navigate/'), 'confirmed=1', 'its beacon confirms it';
is_deeply [ seen('/posts/navigate/') ], [ 'unconfirmed//' ],
    'a beacon that counts is logged';


# the browser

my %ahead = ('Sec-Purpose' => 'prefetch;prerender');
my $share = $nginx->post('share', { article => '/posts/tagged/',
    token => token('/posts/tagged/'), network => 'bluesky' },
    headers => { 'User-Agent' => browser(7) });
my ($tag) = $share->{headers}{location} =~ /shared%3D([a-z0-9._-]+)/i;

view("/posts/tagged/?shared=$tag", %ahead);
is classes('/posts/tagged/'), 'prefetch=1', 'a page fetched ahead is no view';
is beacon('/posts/tagged/'), 204, 'its beacon';
is classes('/posts/tagged/'), 'confirmed=1',
    'once it is seen, it is a confirmed view and no prefetch';

my $tagged = figures($nginx, '/posts/tagged/');

is_deeply $tagged->{share_visits_by_network}, { bluesky => 1 },
    "the view has the request's share tag";
is $tagged->{views_by_source}{bluesky}, 1, '... and its source';
is $tagged->{reader_days}, 1, '... and its reader';
is_deeply [ seen('/posts/tagged/') ], [ 'prefetch/bluesky/bluesky' ],
    'it is logged with class, source and network';

beacon('/posts/tagged/');
is classes('/posts/tagged/'), 'confirmed=1',
    'a second beacon counts nothing';

is prefetches(), 0, 'the totals agree';

view('/posts/idle/', %ahead);
is figures($nginx, '/posts/idle/'), undef,
    'a page that nobody sees makes no article';
is prefetches(), 1, '... but is in the totals';

view('/posts/both/', %ahead);
view('/posts/both/', 'Sec-Fetch-Dest' => 'document');
beacon('/posts/both/');
is classes('/posts/both/'), 'confirmed=1',
    'a beacon confirms the navigation first';
is prefetches(), 2, '... and leaves the prefetch';

view('/posts/both/', %ahead);
is classes('/posts/both/'), 'confirmed=1 prefetch=1',
    'an article has its prefetches';


# a script, such as Turbo

my %script = ('Sec-Fetch-Dest' => 'empty', 'Sec-Fetch-Mode' => 'cors');

view('/posts/script/', %script, Referer => 'https://mastodon.social/@a');
is figures($nginx, '/posts/script/'), undef,
    'a page fetched by a script is no view, and makes no article';
beacon('/posts/script/');
is classes('/posts/script/'), 'confirmed=1', 'once it is seen, it is one';
is figures($nginx, '/posts/script/')->{views_by_source}{mastodon}, 1,
    '... with its source';
is figures($nginx, '/posts/script/')->{reader_days}, 1, '... and its reader';
is_deeply [ seen('/posts/script/') ], [ 'script/mastodon/' ],
    '... and is logged';

view('/posts/frame/', 'Sec-Fetch-Dest' => 'iframe');
beacon('/posts/frame/');
is classes('/posts/frame/'), '', 'a frame that is seen is no view';

$nginx->request('HEAD', '/posts/head/', headers => \%script);
beacon('/posts/head/');
is classes('/posts/head/'), '', 'neither is a HEAD';


# whoever does not count as a reader

view('/posts/bot/', %ahead, 'User-Agent' => 'curl/8.1.2');
is beacon('/posts/bot/', 'User-Agent' => 'curl/8.1.2'), 204, "a robot's beacon";
is prefetches(), 4, 'it counts nothing';

my %jar;
$nginx->queue('', jar => \%jar);
my $cookie = join '; ', map { "$_=$jar{$_}" } keys %jar;

view('/posts/own/', %ahead, Cookie => $cookie);
beacon('/posts/own/', Cookie => $cookie);
is classes('/posts/own/'), 'self=1', "the author's page is the author's view";
is prefetches(), 4, '... and no prefetch';
view('/posts/ignored/', %script);
beacon('/posts/ignored/', Cookie => 'me=1');
is classes('/posts/ignored/'), 'self=1',
    '... also where only the beacon says so';


# pages of goals

my $refused = view('/thanks/', %ahead);

is $refused->{status}, 503, 'the page of a goal is refused to who asks ahead';
is $refused->{body}, '', '... without a body, whatever error_page says';
is $refused->{header}{'cache-control'}, 'no-store', '... not to be kept';
is view('/thanks/', 'Sec-Purpose' => 'x, prefetch')->{status}, 503,
    'prefetch in a list';
is view('/thanks/', 'Sec-Purpose' => 'no-prefetch')->{status}, 200,
    'another token';
is view('/members/thanks/', %ahead)->{status}, 401,
    'access control comes first';
is view('/plain/thanks/', %ahead)->{status}, 200, 'social off';
is view('/posts/idle/', %ahead)->{status}, 200, 'an article is not refused';

my $socket = dial($nginx->port);
my $rest = '';
print $socket "GET /thanks/ HTTP/1.1\r\nHost: localhost\r\n"
    . "Sec-Purpose: prefetch\r\nContent-Length: 5\r\n\r\nhello"
    . "GET /sorry.html HTTP/1.1\r\nHost: localhost\r\n\r\n";
is_deeply [ map { read_answer($socket, \$rest, 'GET')->{status} } 1, 2 ],
    [ 503, 200 ], 'a body is read, and the connection stays open';

is view('/thanks/')->{status}, 200, 'arriving there';
is_deeply [ map { $_->{state} } $nginx->events(event => 'goal') ],
    [ 'new' ], '... counts';

$nginx->stop;
$nginx->quiet;

done_testing;
