#!/usr/bin/perl

# One-click actions: sharing to every network, reactions, the beacon; and
# counts.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Page qw(fetch);
use Social;
use Social::Api;
use Test::More;


my $networks = 'mastodon bluesky facebook linkedin reddit x whatsapp email '
    . 'copy native threads telegram hackernews lobsters tumblr xing vk '
    . 'flipboard buffer diaspora';

my $nginx = Social->new(
    files => {
        'posts/a/index.html' => page('Bread &amp; salt: 100%?'),
        'posts/canonical/index.html' => page('C',
            '<link rel="canonical" href="https://blog.example/c/?utm_source=x'
            . '&amp;p=1#top"><meta property="og:url" content="https://og.e/">'),
        'posts/og/index.html' => page('O',
            '<meta property="og:url" content="http://blog.example/o/">'),
        'origin/image/index.html' => page('I', '<meta property="og:image" '
            . 'content="https://cdn.example/i.png?w=1&amp;h=2">'),
        'origin/path/index.html' => page('I', '<meta property="og:image" '
            . 'content="/img/i.png">'),
        "posts/caf\xc3\xa9 1/index.html" => page('Caf'),
        'origin/a/index.html' => page('A'),
        'origin/own/index.html' => page('B', '<link rel="canonical" '
            . 'href="https://www.example.org/own-address/">'),
        'origin/other/index.html' => page('D', '<link rel="canonical" '
            . 'href="https://elsewhere.example/d/">'),
        'likes/index.html' => page('L'),
        'dark/index.html' => page('Dark'),
        'none/index.html' => page('None'),
    },
    site => 'article ~ ^/posts/[^/]+/$; share mastodon bluesky facebook '
        . 'linkedin reddit x whatsapp email copy native threads telegram '
        . 'hackernews lobsters tumblr xing vk flipboard buffer diaspora;',
    http => <<"END",
        social_site named { store sqlite:DIR/store/named.db; limit off;
                            origin https://www.example.org;
                            share facebook pinterest; }
        social_site likes { store sqlite:DIR/store/likes.db; reactions on; }
        social_site dark { store sqlite:DIR/dark/dark.db; limit off;
                           comments open; share x bluesky; }
        social_site none { store sqlite:DIR/store/none.db; limit off;
                           share off; }
        social_site many { store sqlite:DIR/store/many.db;
                           share $networks; }
END
    server => <<'END',
        location /origin/ { social named; }
        location ^~ /_named/ { social_api named; }
        location /likes/ { social likes; }
        location ^~ /_likes/ { social_api likes; }
        location /dark/ { social dark; }
        location ^~ /_dark/ { social_api dark; }
        location ^~ /_many/ { social_api many; }
        location /none/ { social none; }
        location ^~ /_none/ { social_api none; }
END
);

my $a = '/posts/a/';
my $token = $nginx->token($a);
my $origin = $nginx->origin;


sub share {
    my ($network, %a) = @_;

    my %more = map { $_ => delete $a{$_} } grep { exists $a{$_} }
        qw(headers path jar);

    return $nginx->post('share', { article => $a, token => $token,
        network => $network, %a }, %more);
}

sub target {
    my $res = share(@_);

    is $res->{status}, 303, "$_[0]: 303";
    is $res->{headers}{'x-robots-tag'}, 'noindex', "$_[0]: not indexed";

    return $res->{headers}{location} =~ s/(shared(?:=|%3D|%253D)\w+)
        \.\d+\.[\w-]{22}/$1.TAG/xr;
}


# networks; the title is "Bread & salt: 100%?"

my $u = Social::encode("$origin$a?shared=");
my $t = 'Bread%20%26%20salt%3A%20100%25%3F';

my %target = (
    bluesky => "https://bsky.app/intent/compose?text=$t%0A${u}bluesky.TAG",
    facebook => "https://www.facebook.com/sharer/sharer.php?u=${u}facebook.TAG",
    linkedin => 'https://www.linkedin.com/sharing/share-offsite/?url='
        . "${u}linkedin.TAG",
    reddit => "https://www.reddit.com/submit?url=${u}reddit.TAG&title=$t",
    x => "https://x.com/intent/post?text=$t&url=${u}x.TAG",
    whatsapp => "https://wa.me/?text=$t%0A${u}whatsapp.TAG",
    email => "mailto:?subject=$t&body=$t%0D%0A${u}email.TAG",
);

is target($_), $target{$_}, "$_: its URL" for sort keys %target;

is target('mastodon', instance => $_), 'https://mastodon.social/share?text='
    . "$t%0A${u}mastodon.TAG", "mastodon: $_"
    for 'mastodon.social', 'Mastodon.Social', 'https://mastodon.social/',
        '@jo@mastodon.social';
like target('mastodon', instance => 'a.example:8443'),
    qr{^https://a\.example:8443/share\?}, 'mastodon: with a port';

for my $no (undef, '', 'localhost', '127.0.0.1', '[::1]', '1.2.3.4:80',
            'a..example', '.example', 'evil.example/x?', "a.example\n.b",
            'a.example@evil.example/', 'example', 'a.1', '2130706433',
            'javascript:alert(1)')
{
    my $what = defined $no ? $no =~ s/\n/\\n/r : 'none';

    is share('mastodon', instance => $no)->{status}, 422,
        "A20: refused as an instance: $what";
}

my $res = share('mastodon', instance => 'not one');

like $res->{content}, qr{name="instance"\ value="not\ one"[^>]*aria-invalid}x,
    'a refused instance is shown again for correction';
like $res->{content}, qr{name="network" value="mastodon"},
    'the refused share can be sent again';

is share($_)->{headers}{location}, $a, "$_: redirects to the article"
    for qw(copy native);

for my $network (qw(threads telegram hackernews lobsters tumblr xing vk
                    flipboard buffer diaspora))
{
    like share($network)->{headers}{location}, qr{^https://[a-z.]+/[^\s"<>]+$},
        "$network: redirects to a URL";
}

for my $network (qw(none pocket stumbleupon flattr delicious google-bookmarks
                    digg-submit Bluesky discord), '', "x\0", undef)
{
    my $what = $network // 'none';

    is share($network)->{status}, 400, 'not a network: '
        . ($what =~ s/\0/NUL/r);
}

# site and network: what `share` does not offer is refused

for my $case (['dark', 'x', 303], ['dark', 'reddit', 400],
              ['dark', 'copy', 400], ['none', 'x', 400], ['none', 'copy', 400])
{
    my ($site, $network, $status) = @$case;

    my $shown = $nginx->wait_for(sub { $nginx->token("/$site/") });

    is $nginx->post('', { article => "/$site/", network => $network,
        token => $shown }, path => "/_$site/share")->{status},
        $status, "share of $site: $network";
}

is share('x', headers => { Accept => 'application/json' })->{status}, 204,
    'a share that accepts JSON: 204';
is $nginx->post_json('share', { article => $a, token => $token,
    network => 'x' })->{headers}{'x-robots-tag'}, 'noindex',
    'the answer to JSON is not indexed';
is share('x', token => flipped($token))->{status}, 403, 'a share needs a token';
like share('x', token => flipped($token))->{content},
    qr{name="token"\ value="\Q$token\E".*name="network"|
       name="network".*name="token"\ value="\Q$token\E"}xs,
    'with a wrong token, the form has a fresh one';
is share('x', return_to => 'https://evil.example/')->{headers}{location}
    =~ m{^https://x\.com/} ? 1 : 0, 1, 'A20: no field changes the target';


# a page with one link, where the site's policy blocks form redirects

$res = share('x', via => 'link');

is $res->{status}, 200, 'via=link: a page';
is scalar(() = $res->{content} =~ /rel="[^"]*nofollow/g), 1,
    'it has one external link';
like $res->{content}, qr{<a\ class="go"\ href="https://x\.com/intent/post\?text=
    \Q$t\E&amp;url=[^"]+"\ rel="noopener\ noreferrer\ nofollow">}x,
    'the link of via=link goes to the network';
like $res->{content}, qr{<a href="/posts/a/">}, 'it links back to the article';
is share('copy', via => 'link')->{status}, 303,
    'not for networks that need no redirect';
is share('x', via => 'other')->{status}, 303, 'other values of via redirect';


# which URL is shared

sub shared {
    my ($key, $prefix, %a) = @_;

    my $tok = $nginx->token($key =~ s/ /%20/r =~ s/\xc3\xa9/%C3%A9/r);
    my $location = $nginx->post('x', { article => $key, token => $tok,
        network => 'facebook' }, path => "/$prefix/share", %a)
        ->{headers}{location};

    $location =~ s/.*\?u=//;
    $location =~ s/%(..)/chr hex $1/ge;

    return $location =~ s/\.\d+\.[\w-]{22}//r;
}

is shared('/posts/canonical/', '_social'),
    "$origin/posts/canonical/?shared=facebook",
    'without origin, a canonical URL on another host is ignored';
is fetch($nginx->port, '/posts/og/')->{status}, 200,
    'a page is asked for by another name';
is shared('/posts/og/', '_social'), "$origin/o/?shared=facebook",
    'without it, og:url: its path behind the posting request\'s Host';


# a network that needs a picture

sub pinned {
    my ($key) = @_;

    my $page = $nginx->get($key)->{content};
    my ($tok) = $page =~ /name="token" value="([^"]+)"/;
    my $res = $nginx->post('x', { article => $key, token => $tok,
        network => 'pinterest' }, path => '/_named/share');
    my ($media) = ($res->{headers}{location} // '') =~ /media=([^&]*)/;

    $media =~ s/%(..)/chr hex $1/ge if $media;

    return ($res->{status}, $media, $page =~ /value="pinterest"/ ? 1 : 0);
}

is_deeply [ pinned('/origin/image/') ],
    [ 303, 'https://cdn.example/i.png?w=1&h=2', 1 ],
    'a page with og:image: a button, and the image in the address';
is_deeply [ pinned('/origin/path/') ],
    [ 303, 'https://www.example.org/img/i.png', 1 ],
    'a path of an image is behind origin';
is_deeply [ pinned('/origin/a/') ], [ 400, undef, 0 ],
    'a page without og:image: no button, and 400';
like raw($nginx, ask(POST => '/_social/share', { Host => 'other.example',
    Origin => 'http://other.example', Connection => 'close',
    'Content-Type' => 'application/x-www-form-urlencoded' },
    Social::form({ article => $a, token => $token, network => 'facebook' }))),
    qr{Location: \S+\?u=http%3A%2F%2Fother\.example%2Fposts%2Fa%2F%3Fshared},
    'without both, the requested URL';
is shared("/posts/caf\xc3\xa9 1/", '_social'),
    "$origin/posts/caf%C3%A9%201/?shared=facebook", 'a path is percent-encoded';
is shared('/origin/a/', '_named', headers => {
    Origin => 'https://www.example.org' }),
    'https://www.example.org/origin/a/?shared=facebook',
    'the site\'s origin, whatever Host says';
is shared('/origin/own/', '_named'),
    'https://www.example.org/own-address/?shared=facebook',
    'a canonical URL on the site\'s origin';
is shared('/origin/other/', '_named'),
    'https://www.example.org/origin/other/?shared=facebook',
    'a canonical URL on another host is ignored';


# counted once, logged twice

$nginx->wait_for(sub { $nginx->events(event => 'share', state => 'repeat') });

my %count;
$count{"$_->{network} $_->{state}"}++
    for grep { $_->{article} eq $a } $nginx->events(event => 'share');

is $count{'facebook new'}, 1, 'a share is new once';
cmp_ok $count{'mastodon repeat'}, '>=', 4, 'later ones are repeats';
ok !exists $count{' new'}, 'a refused share is not logged';

my ($article) = grep { $_->{key} eq $a }
    @{ $nginx->status(period => '24h')->{articles} };

is $article->{shares_by_network}{x}, 1, 'a repeated share is counted once';
is $article->{sharers}, 1, 'there is one sharer';
is $article->{active_reader_days}, 1, 'the sharer is an active reader';


# the store is unavailable: shares work, comments are refused with their text

my %dark = (article => '/dark/', token => $nginx->token('/dark/'));

rename $nginx->dir . '/dark', $nginx->dir . '/gone' or die "rename: $!";

for (1 .. 4) {
    is $nginx->post('x', { %dark, network => 'bluesky' },
        path => '/_dark/share')->{status}, 303,
        'a share works without the store';
}

$res = $nginx->post('x', { %dark, name => 'Ann', text => 'Kept' },
                    path => '/_dark/comments');

is $res->{status}, 503, 'a comment without the store: 503';
ok $res->{headers}{'retry-after'}, 'a comment without the store: Retry-After';
like $res->{content}, qr{>\nKept</textarea>}, 'the typed text is kept';
unlike $res->{content}, qr{dark\.db|unable|sqlite}i, 'no internals are shown';

$res = $nginx->get('/_dark/comments?article=/dark/');

is $res->{status}, 503, 'the list without the store: 503';
is $res->{json}{error}{code}, 'store', 'the error code is "store"';
ok $res->{headers}{'retry-after'}, 'the list without the store: Retry-After';
is $nginx->get('/dark/')->{status}, 200, 'pages are served without the store';

# the first may be the one that tries whether the store is back

is $nginx->post('x', {}, path => '/_dark/comments/1/report')->{status}, 503,
    "report $_ is refused, not answered as a duplicate" for 1 .. 4;

rename $nginx->dir . '/gone', $nginx->dir . '/dark' or die "rename: $!";

$nginx->wait_for(sub {
    $res = $nginx->post_json('', { %dark, name => 'Ann', text => 'Again' },
                             path => '/_dark/comments');
    return $res->{status} != 503;
});

is $res->{status}, 201, 'a comment is accepted when the store is back';


# reactions

is $nginx->post('reactions', { article => $a, token => $token })->{status},
    403, 'reactions can be off';

my %like = (article => '/likes/', token => $nginx->token('/likes/'));
my %json = (path => '/_likes/reactions');

is_deeply $nginx->post_json('', \%like, %json)->{json},
    { reactions => 1, on => JSON::PP::true }, 'a like is counted';
is_deeply $nginx->post_json('', \%like, %json)->{json},
    { reactions => 0, on => JSON::PP::false }, 'a second like takes it back';
is $nginx->post('', \%like, %json)->{headers}{location}, '/likes/',
    'a like by form redirects to the article';
is_deeply $nginx->post_json('', \%like, %json, headers => {
    'User-Agent' => 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) '
    . 'AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148' })->{json},
    { reactions => 2, on => JSON::PP::true }, 'another reader counts';
is $nginx->post_json('', { %like, token => 'x' }, %json)->{status}, 403,
    'A29: a like needs a token';
like $nginx->get('/likes/')->{content}, qr{<span>2</span>},
    'the page shows likes';
is_deeply $nginx->get('/_likes/counts?article=/likes/')->{json}{counts},
    { '/likes/' => { comments => 0, reactions => 2 } }, 'the counts have likes';
is event($nginx, event => 'reaction', state => 'off')->{article},
    '/likes/', 'the event of a like that is taken back';


# the beacon confirms each view once

sub views {
    my ($doc) = grep { $_->{key} eq '/posts/og/' }
        @{ $nginx->status(period => '24h')->{articles} };

    return $doc->{views_by_class};
}

my %view = (article => '/posts/og/', token => $nginx->token('/posts/og/'));

$nginx->wait_for(sub {
    $nginx->events(article => '/posts/og/', event => 'view') == 2 });

is views()->{confirmed}, 0, 'views are unconfirmed at first';
is $nginx->post('views', \%view)->{status}, 204, 'a beacon: 204';
is views()->{confirmed}, 1, 'it confirms a view';

is $nginx->post('views', \%view)->{status}, 204,
    'further beacons: 204' for 1 .. 3;
is views()->{confirmed}, 2, 'they confirm no more views than there were';
is views()->{unconfirmed}, 0, 'a confirmed view is not unconfirmed';

is $nginx->post('views', { %view, token => undef })->{status}, 403,
    'a beacon needs a token';
is $nginx->post('views', \%view, headers => { Origin => 'http://e.example' })
    ->{status}, 403, 'a beacon from another origin is refused';
is $nginx->post('views', \%view, headers => { 'User-Agent' => 'Other/1.0 x' })
    ->{status}, 204, 'a beacon of a reader without a view: 204';
is views()->{confirmed}, 2, 'it counts nothing';
is scalar(grep { $_->{event} eq '' } $nginx->events), 0, 'a beacon is no event';


# counts

my $counts = $nginx->get("/_social/counts?article=$a&article=$a&article=/no/"
                         . '&article=/posts/caf%C3%A9%201/');

is_deeply $counts->{json}{counts}, {
    $a => { comments => 0, reactions => undef },
    "/posts/caf\x{e9} 1/" => { comments => 0, reactions => undef },
}, 'counts of known articles only';
is scalar(() = $counts->{content} =~ m{"/posts/a/"}g), 1, 'each article once';
is $nginx->get('/_social/counts?' . join '&', map { "article=/x$_/" } 1 .. 120)
    ->{status}, 200, 'many articles';
is_deeply $nginx->get('/_social/counts')->{json}, { counts => {} },
    'no article';
is $nginx->get("/_social/counts?article=$a", headers => {
    'If-None-Match' => $nginx->get("/_social/counts?article=$a")
    ->{headers}{etag} })->{status}, 304, 'unchanged counts are not sent again';


$nginx->stop;
$nginx->quiet('store can(?:not)? be', 'dark');

done_testing;
