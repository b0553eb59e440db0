#!/usr/bin/perl

# Listeners: readers whose page showed the conversation.  The widget's script
# says so with seen=thread; it counts once a day for each reader and article,
# and only for somebody who was served a page of it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Counted qw(counted);
use Page qw(fetch);
use Readers qw(browser figures warm);
use Social;
use Test::More;


my $html = '<!DOCTYPE html><html lang=en><head><title>T</title></head><body>'
    . '<article><p>text</p></article></body></html>';

my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => $html) }
        qw(talk other quiet ahead script bot own reload) },
    site => 'article ~ ^/posts/; ignore $cookie_me;',
    http => 'lingering_close off;',
);

warm($nginx);

my $googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; '
    . '+http://www.google.com/bot.html)';
my %token;


sub view {
    my ($key, $agent, %headers) = @_;

    return fetch($nginx->port, $key,
        headers => { 'User-Agent' => $agent, %headers });
}


sub beacon {
    my ($key, $agent, %a) = @_;

    $token{$key} //= ($nginx->get($key,
        headers => { 'User-Agent' => $googlebot })->{content}
        =~ /name="token" value="([^"]+)"/)[0];

    return $nginx->post('views', { article => $key, token => $token{$key},
        %{ $a{fields} // {} } },
        headers => { 'User-Agent' => $agent, %{ $a{headers} // {} } });
}

sub listen_to {
    my ($key, $agent, %headers) = @_;

    return beacon($key, $agent, fields => { seen => 'thread' },
        headers => \%headers)->{status};
}

sub listeners { return counted($nginx, $_[0], 'listeners') }

# the events `seen` of an article, in order

sub heard {
    my ($key) = @_;

    return map { "$_->{class} $_->{state}" }
        $nginx->events(event => 'seen', article => $key);
}

for my $name (qw(talk other ahead script bot own reload)) {
    my $key = "/posts/$name/";

    is $nginx->post('comments', { article => $key, name => 'Ann',
        text => 'Hello', token => $nginx->token($key) })->{status}, 303,
        "somebody speaks on $key";
}

my ($ann, $ben, $cem, $dot) = map { browser($_) } 1 .. 4;


# who was not served the page cannot listen to it

is listen_to('/posts/talk/', $ann), 204, 'without a view: 204';
is listeners('/posts/talk/'), 0, '... counts nothing';
is_deeply [ heard('/posts/talk/') ], [], '... and is no event';


# the usual order: the page, its beacon, the comments in view

view('/posts/talk/', $ann);
beacon('/posts/talk/', $ann);
is listen_to('/posts/talk/', $ann), 204, 'a listener: 204';
is listeners('/posts/talk/'), 1, '... is counted';
is listen_to('/posts/talk/', $ann), 204, 'again on the same page: 204';
view('/posts/talk/', $ann);
beacon('/posts/talk/', $ann);
listen_to('/posts/talk/', $ann);
is listeners('/posts/talk/'), 1, '... is the same listener, all day';
is_deeply [ heard('/posts/talk/') ],
    [ 'unconfirmed ', 'unconfirmed new', 'unconfirmed repeat',
      'unconfirmed ', 'unconfirmed repeat' ],
    'events: what confirms a view has no state, what listens has one';

my $talk = figures($nginx, '/posts/talk/');
is $talk->{views_by_class}{confirmed}, 2, 'listening confirms no view';
is $talk->{reader_days}, 1 + 1, 'and is no other reader';


# a beacon may be lost: the view alone is enough, and can still be confirmed

view('/posts/talk/', $ben);
listen_to('/posts/talk/', $ben);
is listeners('/posts/talk/'), 2, 'the view is not confirmed yet';
beacon('/posts/talk/', $ben);
is figures($nginx, '/posts/talk/')->{views_by_class}{confirmed}, 3,
    '... and still can be';


# other articles, other readers

listen_to('/posts/other/', $ben);
is listeners('/posts/other/'), 0, 'a view counts for its own article only';
view('/posts/other/', $ben);
listen_to('/posts/other/', $ben);
listen_to('/posts/other/', $cem);
is listeners('/posts/other/'), 1, 'and for its own reader only';


# articles without comments have no listeners

view('/posts/quiet/', $ann);
beacon('/posts/quiet/', $ann);
listen_to('/posts/quiet/', $ann);
is listeners('/posts/quiet/'), 0, 'nobody listens where nobody spoke';


# pages that were fetched before they were seen

my %ahead = ('Sec-Purpose' => 'prefetch');
my %script = ('Sec-Fetch-Dest' => 'empty', 'Sec-Fetch-Mode' => 'cors');

view('/posts/ahead/', $ann, %ahead);
listen_to('/posts/ahead/', $ann);
is listeners('/posts/ahead/'), 0, 'a page that nobody has seen';
beacon('/posts/ahead/', $ann);
listen_to('/posts/ahead/', $ann);
is listeners('/posts/ahead/'), 1, '... until it is seen';

view('/posts/script/', $ann, %script);
beacon('/posts/script/', $ann);
listen_to('/posts/script/', $ann);
is listeners('/posts/script/'), 1, 'a page that a script fetched';

is_deeply [ heard('/posts/ahead/'), heard('/posts/script/') ],
    [ 'prefetch ', 'prefetch new', 'script ', 'script new' ],
    'the class is what the page was served as';

view('/posts/ahead/', $ben, 'Sec-Fetch-Dest' => 'iframe');
listen_to('/posts/ahead/', $ben);
is listeners('/posts/ahead/'), 1, 'a page in a frame';


# whoever does not count as a reader

view('/posts/bot/', $googlebot);
listen_to('/posts/bot/', $googlebot);
view('/posts/bot/', 'Twitterbot/1.0');
listen_to('/posts/bot/', 'Twitterbot/1.0');
is listeners('/posts/bot/'), 0, 'robots do not listen';

view('/posts/own/', $ann, Cookie => 'me=1');
beacon('/posts/own/', $ann, headers => { Cookie => 'me=1' });
listen_to('/posts/own/', $ann, Cookie => 'me=1');
listen_to('/posts/own/', $ann);
is listeners('/posts/own/'), 0, 'nor do those who are to be ignored';

my %jar;
$nginx->queue('', jar => \%jar);
my $cookie = join '; ', map { "$_=$jar{$_}" } keys %jar;

view('/posts/own/', $dot);
listen_to('/posts/own/', $dot, Cookie => $cookie);
is listeners('/posts/own/'), 0, 'nor does the author';
listen_to('/posts/own/', $dot);
is listeners('/posts/own/'), 1, 'a reader does';


# what is not well formed

my %wrong = (fields => { seen => 'all' });
my $wrong = beacon('/posts/talk/', $ann, %wrong, headers => {
    Accept => 'application/json' });

is $wrong->{status}, 422, 'another value of "seen"';
is $wrong->{json}{error}{field}, 'seen', '... is named';
is beacon('/posts/talk/', $ann, fields => { seen => '' })->{status}, 204,
    'an empty one is none';
is beacon('/posts/talk/', $ann, fields => { seen => 'thread', token => 'x' })
    ->{status}, 403, 'a wrong token';
is beacon('/posts/talk/', $ann, fields => { seen => 'thread' },
          headers => { Origin => 'https://evil.example' })->{status}, 403,
    'another site';


# nothing is lost or counted twice by reload and restart

for my $n (10 .. 29) {
    view('/posts/reload/', browser($n));
    listen_to('/posts/reload/', browser($n));

    if ($n == 15) {
        my @old = $nginx->workers;
        my %old = map { $_ => 1 } @old;
        $nginx->reload;
        $nginx->wait_for(sub { !grep { $old{$_} } $nginx->workers });
    }

    listen_to('/posts/reload/', browser($n));
}

is listeners('/posts/reload/'), 20, 'listeners are counted over a reload';
$nginx->stop;
$nginx->start;
is listeners('/posts/reload/'), 20, '... and over a restart';

is counted($nginx, '', 'listeners'), 2 + 1 + 1 + 1 + 1 + 20,
    'the site has all of them';

$nginx->stop;
$nginx->quiet;

done_testing;
