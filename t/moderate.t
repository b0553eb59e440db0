#!/usr/bin/perl

# The moderator: the queue, every action and what readers see of it, and who
# is taken for the author elsewhere.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use MIME::Base64 qw(encode_base64);
use Social;
use Social::Api;
use Test::More;
use Time::HiRes qw(sleep);


my $nginx = Social->new(
    files => {
        (map { $_ => page('Bread &amp; salt') } qw(posts/a/index.html
            posts/b/index.html named/index.html first/index.html)),
    },
    site => "article ~ ^/posts/[^/]+/\$;\nblock casino;",
    http => <<'END',
        social_site named { store sqlite:DIR/store/named.db; limit off;
                            comments open; author "  Jo \t Doe "; }
        social_site first { store sqlite:DIR/store/first.db; limit off; }
END
    server => <<'END',
        location /named/ { social named; }
        location ^~ /_named/ { social_api named; }
        location ^~ /_open/ { social_moderate named; }
        location /first/ { social first; }
        location ^~ /_first/ { social_api first; }
        location ^~ /m-first/ { social_moderate first;
            auth_basic "blog"; auth_basic_user_file DIR/users; }
        location ^~ /_nobody/ { social_moderate blog; }
END
);

my ($a, $b) = ('/posts/a/', '/posts/b/');
# the keys of the other sites' threads are known a little later
my %token = map {
    my $key = $_;
    $key => $nginx->wait_for(sub { $nginx->token($key) });
} $a, $b, '/first/', '/named/';
my (%ann, %ben);

sub add {
    my ($text, %a) = @_;

    my $article = $a{article} // $a;

    return comment($nginx, article => $article, token => $token{$article},
        name => 'Ann', text => $text, jar => {}, %a)->{json}{comment}{id};
}

sub act {
    my ($action, $id, %a) = @_;

    my %more = map { $_ => delete $a{$_} } grep { exists $a{$_} }
        qw(headers user path);

    return $nginx->moderate({ action => $action, id => $id, %a }, %more);
}

sub state_of {
    my ($id) = @_;

    my ($item) = grep { $_->{id} == $id }
        map { @{ $nginx->queue("?format=json&state=all&page=$_")
                 ->{json}{comments} } } 1, 2;

    return $item && $item->{state};
}


# the queue

my $one = add('The first', website => 'e.org');
my $two = add('A casino & <b>more</b>', name => 'Ben', jar => \%ben);
my $three = add('In <article> b', article => $b, parent => undef);
my $four = add('A reply', parent => "$one", name => "Zo\x{eb}");

my $res = $nginx->queue;

is $res->{status}, 200, 'the queue';
is $res->{headers}{'cache-control'}, 'no-store', 'kept by no cache';
is $res->{headers}{'x-robots-tag'}, 'noindex', 'not for search engines';
like $res->{headers}{'content-security-policy'},
    qr/default-src 'self'.*frame-ancestors 'none'/, 'A19: in no frame';

my @cards = $res->{content} =~ /id="comment-(\d+)"/g;

is_deeply \@cards, [ $two, $four, $three, $one ],
    'held ones first, then the newest';
like $res->{content}, qr{<b>Ben</b>.*A\ casino\ &amp;\ &lt;b&gt;more&lt;/b&gt;
    .*Held.*blocked\ words}xs, 'with name, text and reason';
like $res->{content}, qr{In reply to <bdi>Ann</bdi>}, 'and context';
ok $nginx->wait_for(sub { $nginx->queue->{content}
    =~ m{<a href="/posts/b/[^"]*">Bread &amp; salt} }), 'title';
like $res->{content}, qr{signed in as jo}, 'says who is signed in';
is scalar(() = $res->{content} =~ /[^\x00-\x7f]/g), 0, 'ASCII';
unlike $res->{content}, qr{<script(?! defer src=)|\son\w+=|style=},
    'no inline script or style';

my $doc = $nginx->queue('?format=json')->{json};

is_deeply [ map { "$_->{id} $_->{state}" } @{ $doc->{comments} } ],
    [ "$two held", "$four approved", "$three approved", "$one approved" ],
    'the same as JSON';
is_deeply [ @{ $doc->{comments}[0] }{qw(name text reason article parent)} ],
    [ 'Ben', 'A casino & <b>more</b>', 'blocked words', $a, undef ],
    'with name, text, reason';

sub ids {
    my ($query) = @_;

    return join ' ', map { $_->{id} }
        @{ $nginx->queue("?format=json&$query")->{json}{comments} };
}

is ids('state=held'), $two, 'state=held';
is ids('state=approved'), "$four $three $one", 'state=approved';
is ids('state=spam'), '', 'state=spam';
is ids('state=all'), "$two $four $three $one", 'state=all';
is ids('q=CASINO'), $two, 'q: in the text';
is ids('q=zo%C3%AB'), $four, 'q: in the name';
is ids('q=%25'), '', 'q: no pattern';
is ids("article=$b"), $three, 'article';
is ids("article=$a&state=approved&q=reply"), $four, 'all at once';
is $nginx->queue('?state=none')->{status}, 400, 'no such state';
like $nginx->queue('?q=%22%3E%3Cscript%3E')->{content},
    qr{value="&quot;&gt;&lt;script&gt;"}, 'A03: what was searched is escaped';

my $head = $nginx->request('HEAD', '/_moderate/',
                           headers => Social::basic('jo'));

is $head->{status}, 200, 'HEAD';
is $head->{content} // '', '', 'has no body';
is $nginx->queue('x')->{status}, 404, 'nothing below it';
is $nginx->request('PUT', '/_moderate/', headers => Social::basic('jo'))
    ->{headers}{allow}, 'GET, HEAD, POST', 'other methods';


# who may

is $nginx->get('/_moderate/')->{status}, 401, 'not without a password';
is $nginx->get('/_nobody/')->{status}, 403, 'nor where nobody is asked';
is $nginx->get('/_nobody/', headers => { Accept => 'application/json' })
    ->{json}{error}{code}, 'author', 'says why';
ok !$nginx->get('/_nobody/')->{headers}{'set-cookie'}, 'and gives no cookie';
is act('spam', $one, path => '/_nobody/', headers => {
    Authorization => '' })->{status}, 403, 'nobody acts';

is $nginx->get("/_social/comments/$two", headers => Social::basic('jo'))
    ->{status}, 404, 'A19: Authorization on a public address means nothing';

for my $headers ({ Origin => undef }, { Origin => 'null' },
    { Origin => 'http://evil.example' },
    { Origin => 'http://sub.localhost' },
    { 'Sec-Fetch-Site' => 'cross-site' }, { 'Sec-Fetch-Site' => 'none' },
    { 'Sec-Fetch-Site' => 'same-site' })
{
    my %h = (Origin => $nginx->origin, %$headers);
    delete $h{Origin} if !defined $h{Origin};

    my $what = join ' ', %$headers{keys %$headers} ? map {
        "$_: " . ($headers->{$_} // 'none') } keys %$headers : ();

    is $nginx->request('POST', '/_moderate/', content => "action=spam&id=$one",
        headers => { %{ Social::basic('jo') }, %h,
        'Content-Type' => 'application/x-www-form-urlencoded' })->{status},
        403, "A14: not from $what";
}

for my $action (qw(approve hold spam delete ban done edit reply)) {
    $nginx->queue("?action=$action&id=$one&text=x");
}

is state_of($one), 'approved', 'A15: GET changes nothing';


# actions

$res = act('approve', $two);

is $res->{status}, 303, 'approve: see other';
is $res->{headers}{location}, '/_moderate/', 'back to the queue';

for (1 .. 20) {
    like $nginx->get($a)->{content}, qr/id="comment-$two"/,
        'seen at the very next view, on every worker' or last;
}

is $nginx->get("/_social/counts?article=$a")->{json}{counts}{$a}{comments}, 3,
    'counted at once';
is_deeply [ @{ event($nginx, event => 'moderate', comment => $two) }
            {qw(article state role parent class)} ],
    [ $a, 'approved', 'reader', '', '' ], 'its event';
is act('approve', $two)->{status}, 303, 'A16: again: nothing happens';

sub acted {
    my ($action, $id, $state, $shown, %a) = @_;

    is act($action, $id, %a)->{status}, 303, "$action: see other";
    is state_of($id), $state, "$action: $state";
    is $nginx->get($a)->{content} =~ /id="comment-$id".*?<b>/s ? 1 : 0, $shown,
        "$action: " . ($shown ? 'shown' : 'not shown') . ' at once';
}

acted('hold', $two, 'held', 0);
acted('approve', $two, 'approved', 1);
acted('spam', $two, 'spam', 0);
acted('restore', $two, 'approved', 1);
acted('delete', $two, 'deleted', 0);
acted('restore', $two, 'approved', 1);

is $nginx->get("/_social/counts?article=$a")->{json}{counts}{$a}{comments}, 3,
    'counts follow';

act('delete', $one);

like $nginx->get($a)->{content}, qr{id="comment-$one">.*?This\ comment\ was
    \ deleted.*?id="comment-$four"}xs, 'its answer keeps its place';
unlike $nginx->get($a)->{content}, qr/The first/, 'without its text';
unlike $nginx->get("/_social/comments?article=$a")->{content}, qr/The first/,
    'A34: nor in the list';
is $nginx->get("/_social/comments/$one")->{status}, 404, 'nor at its address';
is act('restore', $one)->{status}, 303, 'and comes back';
like $nginx->get($a)->{content}, qr/The first/, 'with its text';

ok !$nginx->queue('?format=json&q=first')->{json}{comments}[0]{done},
    'waits for a reply';
is act('done', $one)->{status}, 303, 'done: needs none';
ok $nginx->queue('?format=json&q=first')->{json}{comments}[0]{done}, 'marked';

is act('edit', $one, text => " Edited &\r\n fine ")->{status}, 303, 'edit';
like $nginx->get($a)->{content}, qr{Edited &amp;<br>\s*fine}, 'seen at once';
is act('edit', $one, text => '')->{status}, 422, 'not to nothing';

$res = act('edit', $one, text => 'x' x 10001);
like $res->{content}, qr{name="action"\ value="edit".*name="id"\ value="$one"
    .*x{50}</textarea>}xs, 'a refused edit can be sent again';

$res = act('reply', $one, text => 'Thank *you*');

is $res->{status}, 303, 'reply';

my ($reply) = map { $_->{id} } grep { $_->{author} }
    @{ $nginx->get("/_social/comments?article=$a")->{json}{comments} };

like $nginx->get($a)->{content}, qr{id="comment-$reply">.*?<b>jo</b>\ <i
    [^>]*>Author</i>}xs, 'as the author, with a badge';
is_deeply [ @{ event($nginx, event => 'reply', comment => $reply) }
            {qw(role parent state article)} ],
    [ 'author', $one, 'approved', $a ], 'its event';

my $held = add('A casino, again', jar => \%ann);

is act('reply', $held, text => 'No')->{status}, 303, 'a reply to a held one';
is state_of($held), 'approved', 'approves it';
is $nginx->get("/_social/counts?article=$a")->{json}{counts}{$a}{comments},
    6, 'both are counted';

is act('ban', $held)->{status}, 303, 'ban';
is state_of($held), 'spam', 'is spam';
is comment($nginx, article => $b, token => $token{$b}, name => 'Other',
    text => 'Nice', jar => { %ann })->{status}, 202,
    'and what the person posts is held';
is $nginx->queue('?format=json&state=held')->{json}{comments}[0]{reason},
    'banned', 'with the reason';


# many at once

my @many = map { add("Number $_") } 1 .. 5;

$res = act('spam', [ @many, 9999 ]);

is $res->{status}, 303, 'bulk';
is ids('state=spam&q=Number'), join(' ', reverse @many), 'all of them';
is event($nginx, comment => join(',', @many))->{event}, 'moderate',
    'one event with all ids';

$res = $nginx->post_json('', { action => 'approve', id => [ map { "$_" }
    @many[0, 1] ] }, path => '/_moderate/', headers => Social::basic('jo'));

is $res->{status}, 200, 'as JSON';
is_deeply [ map { "$_->{id} $_->{state} $_->{article}" }
            @{ $res->{json}{comments} } ],
    [ "$many[0] approved $a", "$many[1] approved $a" ], 'what came of it';

is act('approve', $_)->{status}, 404, "no comment \"$_\"" for 9999, '-1', 'x';
is act('approve', [])->{status}, 400, 'none chosen';
is act('none', $one)->{status}, 400, 'no such action';
is act(undef, $one)->{status}, 400, 'no action';
is act('edit', [ $one, $two ], text => 'x')->{status}, 400, 'one at a time';
is act('spam', [ 1 .. 101 ])->{status}, 400, 'more than 100';
is act('reply', 9999, text => 'x')->{status}, 404, 'a reply to none';
is act('reply', $many[4], text => 'x')->{status}, 404, 'a reply to spam';
is $nginx->post_json('', { action => 'spam', id => 1 },
    path => '/_moderate/', headers => Social::basic('jo'))->{status}, 400,
    'A18: ids are strings';

is act('done', $one, headers => { Referer => $nginx->origin
    . '/_moderate/?state=spam&page=2' })->{headers}{location},
    '/_moderate/?state=spam&page=2', 'back to the same list';

is act('done', $one, headers => { Referer => $_ })->{headers}{location},
    '/_moderate/', "A20: not to $_"
    for 'http://evil.example/', 'http://evil.example//evil.example/',
        'http://x/_moderate/../x?', '//evil.example/_moderate/?',
        'http://x/_moderatex?y', 'http://x/_moderate/?a b';


# a moderator that GET only enters

for my $try (1 .. 3) {
    my @queue = map { $_->{id} }
        @{ $nginx->queue('?format=json')->{json}{comments} };
    is scalar(@queue), 13, 'nothing is lost' or diag "@queue";
}


# pages of the queue

add("Filler $_", article => $b) for 1 .. 45;

$res = $nginx->queue('?state=approved&q=');
my ($next) = $res->{content} =~ /href="([^"]+)" rel="next"/;

ok $next, 'a long queue has pages';
$next =~ s/&amp;/&/g;
like $nginx->get($next, headers => Social::basic('jo'))->{content},
    qr{rel="prev"}, 'that lead on and back';


# the author elsewhere

my %jo;
$res = $nginx->queue('', jar => \%jo);

like $res->{headers}{'set-cookie'}, qr{^social_author_blog=[\w.-]+;\ Path=/;
    \ Max-Age=2592000;\ HttpOnly;\ SameSite=Lax$}x, 'entering sets a cookie';

my $views = sub { scalar $nginx->events(event => 'view', class => $_[0]) };
my $self = $views->('self');

$nginx->get($a, jar => { %jo });
ok $nginx->wait_for(sub { $views->('self') == $self + 1 }),
    'the author\'s views are one\'s own';

$res = comment($nginx, article => $a, token => $token{$a}, name => 'Mallory',
    text => 'casino: allowed here https://a.example https://b.example '
    . 'https://c.example', jar => { %jo });

is $res->{status}, 201, 'the author\'s comment is never held';
is $res->{json}{comment}{name}, 'jo', 'has the author\'s name';
ok $res->{json}{comment}{author}, 'and the badge';
is event($nginx, comment => $res->{json}{comment}{id})->{role}, 'author',
    'its event';
ok !$res->{headers}{'set-cookie'}, 'no reader\'s cookie for it';

my $secret = secret($nginx);

sub seal {
    my ($name, $expires) = @_;

    my $data = MIME::Base64::encode_base64url($name) . ".$expires.";

    return $data . MIME::Base64::encode_base64url(substr
        Digest::SHA::hmac_sha256("author\0$data", $secret), 0, 16);
}

sub author {
    my ($cookie) = @_;

    return comment($nginx, article => $a, token => $token{$a}, name => 'Ann',
        text => 'Hm', jar => { social_author_blog => $cookie })
        ->{json}{comment}{author};
}

my $real = $jo{social_author_blog};

ok author(seal('eve', time + 60)), 'the cookie is understood';
ok !author(seal('eve', time - 1)), 'an expired one';
ok !author(flipped($real)), 'a forged one';
ok !author(cut($real)), 'a cut one';
ok !author($real =~ s/^am8/ZXZl/r), 'one of another name';

my %other;
$nginx->get('/_open/', jar => \%other);

is_deeply [ keys %other ], [ 'social_author_named' ], 'another site';
ok !author($other{social_author_named}), 'its cookie is none here';
ok !comment($nginx, article => $a, token => $token{$a}, name => 'Ann',
    text => 'Hm', headers => Social::basic('jo'))->{json}{comment}{author},
    'A19: a forged Authorization is nobody';

$res = comment($nginx, article => '/named/', token => $token{'/named/'},
    name => 'x', text => 'As the author', path => '/_named/comments',
    jar => { %other });
is $res->{json}{comment}{name}, 'Jo Doe', 'a name from the configuration';


# first: once approved, always welcome

my %first = (article => '/first/', token => $token{'/first/'}, name => 'Cy',
             text => 'Hello', path => '/_first/comments');
my %cy;

is comment($nginx, %first, jar => \%cy)->{status}, 202, 'first: held';
is comment($nginx, %first, jar => { %cy })->{status}, 202,
    'and the second as long as the first is';
like $nginx->get('/m-first/', headers => Social::basic('jo'))->{content},
    qr{first comment.*action="/m-first/"}s, 'in its queue';
is act('approve', 1, path => '/m-first/')->{headers}{location}, '/m-first/',
    'approved there';
is comment($nginx, %first, jar => { %cy })->{status}, 201,
    'then nothing waits any more';
is comment($nginx, %first, name => 'Cy', jar => {})->{status}, 202,
    'A31: a name alone is not a person';

is $nginx->get('/_first/comments/1', jar => \%cy)->{status}, 200,
    'the page of what was approved';


$nginx->stop;
$nginx->quiet('user "" was not found', 'no user/password');

done_testing;
