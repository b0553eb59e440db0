#!/usr/bin/perl

# The moderator: the queue, every action and what readers see of it, and when a
# visitor counts as the author on other pages.

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
        social_site proxied { store sqlite:DIR/store/proxied.db;
                              author $http_x_user; }
END
    server => <<'END',
        location /named/ { social named; }
        location ^~ /_named/ { social_api named; }
        location ^~ /_open/ { social_moderate named;
            auth_basic "blog"; auth_basic_user_file DIR/users; }
        location /first/ { social first; }
        location ^~ /_first/ { social_api first; }
        location ^~ /m-first/ { social_moderate first;
            auth_basic "blog"; auth_basic_user_file DIR/users; }
        location ^~ /_proxied/ { social_api proxied; }
        location ^~ /_nobody/ { social_moderate proxied; }
END
);

my ($a, $b) = ('/posts/a/', '/posts/b/');
# the keys of the other sites' threads become known a little later
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

    my ($item) = grep { $_->{id} eq $id }
        @{ $nginx->queue('?format=json&state=all')->{json}{comments} };

    return $item && $item->{state};
}


# the queue

my $one = add('The first', website => 'e.org');
my $two = add('A casino & <b>more</b>', name => 'Ben', jar => \%ben);
my $three = add('In <article> b', article => $b, parent => undef);
my $four = add('A reply', parent => "$one", name => "Zo\x{eb}");

my $res = $nginx->queue;

is $res->{status}, 200, 'the queue';
is $res->{headers}{'cache-control'}, 'no-store', 'is not cached';
is $res->{headers}{'x-robots-tag'}, 'noindex', 'the queue is not indexed';
like $res->{headers}{'content-security-policy'},
    qr/default-src 'self'.*frame-ancestors 'none'/, 'A19: cannot be framed';

my @cards = $res->{content} =~ /id="comment-(c\d+)"/g;

is_deeply \@cards, [ $two, $four, $three, $one ],
    'held comments first, then the newest';
like $res->{content}, qr{<b>Ben</b>.*A\ casino\ &amp;\ &lt;b&gt;more&lt;/b&gt;
    .*Held.*blocked\ words}xs, 'with name, text and reason';
like $res->{content}, qr{In reply to <bdi>Ann</bdi>},
    'with the comment it replies to';
ok $nginx->wait_for(sub { $nginx->queue->{content}
    =~ m{<a href="/posts/b/[^"]*">Bread &amp; salt} }),
    'with the title of the article';
like $res->{content}, qr{signed in as jo}, 'says who is signed in';
is scalar(() = $res->{content} =~ /[^\x00-\x7f]/g), 0, 'ASCII';
unlike $res->{content}, qr{<script(?! defer src=)|\son\w+=|style=},
    'no inline script or style';

my $doc = $nginx->queue('?format=json')->{json};

is_deeply [ map { "$_->{id} $_->{state}" } @{ $doc->{comments} } ],
    [ "$two held", "$four approved", "$three approved", "$one approved" ],
    'JSON has the same comments';
is_deeply [ @{ $doc->{comments}[0] }{qw(name text reason article parent)} ],
    [ 'Ben', 'A casino & <b>more</b>', 'blocked words', $a, undef ],
    'the JSON has name, text and reason';

sub ids {
    my ($query) = @_;

    return join ' ', map { $_->{id} }
        @{ $nginx->queue("?format=json&$query")->{json}{comments} };
}

is ids('state=held'), $two, 'state=held';
is ids('state=approved'), "$four $three $one", 'state=approved';
is ids('state=spam'), '', 'state=spam';
is ids('state=all'), "$two $four $three $one", 'state=all';
is ids('q=CASINO'), $two, 'q searches texts';
is ids('q=zo%C3%AB'), $four, 'q searches names';
is ids('q=%25'), '', 'q is not a pattern';
is ids("article=$b"), $three, 'article selects an article';
is ids("article=$a&state=approved&q=reply"), $four, 'all filters together';
is $nginx->queue('?state=none')->{status}, 400, 'an unknown state is refused';
like $nginx->queue('?q=%22%3E%3Cscript%3E')->{content},
    qr{value="&quot;&gt;&lt;script&gt;"}, 'A03: the search text is escaped';

my $head = $nginx->request('HEAD', '/_moderate/',
                           headers => Social::basic('jo'));

is $head->{status}, 200, 'HEAD';
is $head->{content} // '', '', 'HEAD has no body';
is $nginx->queue('x')->{status}, 404, 'there is nothing below the queue';
is $nginx->request('PUT', '/_moderate/', headers => Social::basic('jo'))
    ->{headers}{allow}, 'GET, HEAD, POST', 'other methods are refused';


# who may moderate

is $nginx->get('/_moderate/')->{status}, 401, 'the queue needs a password';
is $nginx->get('/_nobody/')->{status}, 403,
    'nor where another authenticator names nobody';
is $nginx->get('/_nobody/', headers => { 'X-User' => 'Jo' })->{status}, 200,
    'but where it names somebody';
is $nginx->get('/_nobody/', headers => { Accept => 'application/json' })
    ->{json}{error}{code}, 'author', 'the error code is "author"';
ok !$nginx->get('/_nobody/')->{headers}{'set-cookie'}, 'no cookie is set';
is act('spam', $one, path => '/_nobody/', headers => {
    Authorization => '' })->{status}, 403,
        'no action without a signed-in moderator';

is $nginx->get("/_social/comments/$two", headers => Social::basic('jo'))
    ->{status}, 404, 'A19: Authorization counts only where nginx checks it';

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
        403, "A14: refused with $what";
}

for my $action (qw(approve hold spam delete ban done edit reply erase
                   signout)) {
    $nginx->queue("?action=$action&id=$one&text=x");
}

is state_of($one), 'approved', 'A15: GET changes nothing';


# actions

$res = act('approve', $two);

is $res->{status}, 303, 'approve: 303';
is $res->{headers}{location}, '/_moderate/', 'redirects to the queue';

for (1 .. 20) {
    like $nginx->get($a)->{content}, qr/id="comment-$two"/,
        'every worker shows it at once' or last;
}

is $nginx->get("/_social/counts?article=$a")->{json}{counts}{$a}{comments}, 3,
    'it is counted at once';
is_deeply [ @{ event($nginx, event => 'moderate', comment => $two) }
            {qw(article state role parent class)} ],
    [ $a, 'approved', 'reader', '', '' ], 'the event of a decision';
is act('approve', $two)->{status}, 303, 'A16: approving again changes nothing';

sub acted {
    my ($action, $id, $state, $shown, %a) = @_;

    is act($action, $id, %a)->{status}, 303, "$action: 303";
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
    'counts follow every action';

act('delete', $one);

like $nginx->get($a)->{content}, qr{id="comment-$one">.*?This\ comment\ is
    \ not\ shown.*?id="comment-$four"}xs,
    'a deleted comment\'s replies keep their place';
unlike $nginx->get($a)->{content}, qr/The first/,
    'the text of a deleted comment is gone';
unlike $nginx->get("/_social/comments?article=$a")->{content}, qr/The first/,
    'A34: also from the list';
is $nginx->get("/_social/comments/$one")->{status}, 404,
    'the page of a deleted comment is gone';
is act('restore', $one)->{status}, 303, 'it can be restored';
like $nginx->get($a)->{content}, qr/The first/,
    'a restored comment has its text';

ok !$nginx->queue('?format=json&q=first')->{json}{comments}[0]{done},
    'a comment waits for a reply';
is act('done', $one)->{status}, 303, 'done: accepted';
ok $nginx->queue('?format=json&q=first')->{json}{comments}[0]{done},
    'the comment waits no longer';

is act('edit', $one, text => " Edited &\r\n fine ")->{status}, 303, 'edit';
like $nginx->get($a)->{content}, qr{Edited &amp;<br>\s*(?:&\#160;)?fine},
    'the edited text is shown at once';
is act('edit', $one, text => '')->{status}, 422, 'an empty text is refused';

$res = act('edit', $one, text => 'x' x 10001);
like $res->{content}, qr{name="action"\ value="edit".*name="id"\ value="$one"
    .*x{50}</textarea>}xs, 'a refused edit keeps the text in a form';

$res = act('reply', $one, text => 'Thank *you*');

is $res->{status}, 303, 'reply';

my ($reply) = map { $_->{id} } grep { $_->{author} }
    @{ $nginx->get("/_social/comments?article=$a")->{json}{comments} };

like $nginx->get($a)->{content}, qr{id="comment-$reply">.*?<b>jo</b>\ <i
    [^>]*>Author</i>}xs, 'the reply has the author\'s name and badge';
is_deeply [ @{ event($nginx, event => 'reply', comment => $reply) }
            {qw(role parent state article)} ],
    [ 'author', $one, 'approved', $a ], 'the event of a reply';

my $held = add('A casino, again', jar => \%ann);

is act('reply', $held, text => 'No')->{status}, 303,
    'a reply to a held comment';
is state_of($held), 'approved', 'approves that comment';
is $nginx->get("/_social/counts?article=$a")->{json}{counts}{$a}{comments},
    6, 'both are counted';

is act('ban', $held)->{status}, 303, 'ban';
is state_of($held), 'spam', 'a ban marks the comment as spam';
is comment($nginx, article => $b, token => $token{$b}, name => 'Other',
    text => 'Nice', jar => { %ann })->{status}, 202,
    'and holds other comments of its writer';
is $nginx->queue('?format=json&state=held')->{json}{comments}[0]{reason},
    'banned', 'the reason: banned';

# the ban of the day is for everybody with this address and browser
act('restore', $held);


# many comments at once

my @many = map { add("Number $_") } 1 .. 5;

$res = act('spam', [ @many, 'c9999' ]);

is $res->{status}, 303, 'spam for many comments';
is ids('state=spam&q=Number'), join(' ', reverse @many), 'all are spam';
is event($nginx, comment => join(',', @many))->{event}, 'moderate',
    'one event has all ids';

$res = $nginx->post_json('', { action => 'approve', id => [ map { "$_" }
    @many[0, 1] ] }, path => '/_moderate/', headers => Social::basic('jo'));

is $res->{status}, 200, 'many comments by JSON';
is_deeply [ map { "$_->{id} $_->{state} $_->{article}" }
            @{ $res->{json}{comments} } ],
    [ "$many[0] approved $a", "$many[1] approved $a" ],
    'the answer has the new states';

is act('approve', $_)->{status}, 404, "there is no comment \"$_\"" for 'c9999',
  '-1', 'x';
is act('approve', [])->{status}, 400, 'no comment chosen';
is act('none', $one)->{status}, 400, 'an unknown action';
is act(undef, $one)->{status}, 400, 'no action';
is act('edit', [ $one, $two ], text => 'x')->{status}, 400,
    'an edit of two comments';
is act('spam', [ map { "c$_" } 1 .. 101 ])->{status}, 400, 'more than 100 comments';
is act('reply', 'c9999', text => 'x')->{status}, 404,
    'a reply to a missing comment';
is act('reply', $many[4], text => 'x')->{status}, 404, 'a reply to spam';
is $nginx->post_json('', { action => 'spam', id => 1 },
    path => '/_moderate/', headers => Social::basic('jo'))->{status}, 400,
    'A18: ids must be strings';

is act('done', $one, headers => { Referer => $nginx->origin
    . '/_moderate/?state=spam&after=c2' })->{headers}{location},
    '/_moderate/?state=spam&after=c2', 'redirects to the same list';

is act('done', $one, headers => { Referer => $nginx->origin . $_ }
    )->{headers}{location}, $_, "redirects to the status page: $_"
    for '/social', '/social?period=7d&article=%2Fposts%2Fa%2F';

is act('done', $one, headers => { Referer => $_ })->{headers}{location},
    '/_moderate/', "A20: no redirect to $_"
    for 'http://evil.example/', 'http://evil.example//evil.example/',
        'http://x/_moderate/../x?', '//evil.example/_moderate/?',
        'http://x/_moderatex?y', 'http://x/_moderate/?a b',
        'http://x/socialx', 'http://x/social/../x', 'http://x/social?a b';


# looking at the queue changes nothing

for my $try (1 .. 3) {
    my @queue = map { $_->{id} }
        @{ $nginx->queue('?format=json')->{json}{comments} };
    is scalar(@queue), 13, 'no comment is lost' or diag "@queue";
}


# pages of the queue

add("Filler $_", article => $b) for 1 .. 45;

$res = $nginx->queue('?state=approved&q=');
my ($next) = $res->{content} =~ /href="([^"]+)" rel="next"/;

ok $next, 'a long queue has a next page';
$next =~ s/&amp;/&/g;
like $nginx->get($next, headers => Social::basic('jo'))->{content},
    qr{<a href="/_moderate/\?state=approved&amp;q=&amp;article=">First page},
    'which links to the first one';


# the author on other pages

my %jo;
$res = $nginx->queue('', jar => \%jo);

like $res->{headers}{'set-cookie'}, qr{^social_author_blog=[\w.-]+;\ Path=/;
    \ Max-Age=2592000;\ HttpOnly;\ SameSite=Lax$}x,
        'the queue sets a cookie for the author';

my $views = sub { scalar $nginx->events(event => 'view', class => $_[0]) };
my $self = $views->('self');

$nginx->get($a, jar => { %jo });
ok $nginx->wait_for(sub { $views->('self') == $self + 1 }),
    'the author\'s views count as the author\'s own';

$res = comment($nginx, article => $a, token => $token{$a}, name => 'Mallory',
    text => 'casino: allowed here https://a.example https://b.example '
    . 'https://c.example', jar => { %jo });

is $res->{status}, 201, 'the author\'s comment is never held';
is $res->{json}{comment}{name}, 'jo', 'it has the author\'s name';
ok $res->{json}{comment}{author}, 'it has the badge';
is event($nginx, comment => $res->{json}{comment}{id})->{role}, 'author',
    'its event has the author\'s role';
ok !$res->{headers}{'set-cookie'}, 'no reader\'s cookie is set';

my $secret = secret($nginx);

sub seal {
    my ($name, $expires) = @_;

    my $data = MIME::Base64::encode_base64url($name) . ".$expires.";

    return $data . MIME::Base64::encode_base64url(substr
        Digest::SHA::hmac_sha256("author 0\0$data", $secret), 0, 16);
}

sub author {
    my ($cookie) = @_;

    return comment($nginx, article => $a, token => $token{$a}, name => 'Ann',
        text => 'Hm', jar => { social_author_blog => $cookie })
        ->{json}{comment}{author};
}

my $real = $jo{social_author_blog};

ok author(seal('eve', time + 30 * 86400)), 'a valid cookie is accepted';
ok !author(seal('eve', time - 1)), 'an expired cookie is refused';
ok !author(flipped($real)), 'a forged cookie is refused';
ok !author(cut($real)), 'a cookie cut short is refused';
ok !author($real =~ s/^am8/ZXZl/r), 'a cookie with another name is refused';

my %other;
$nginx->get('/_open/', jar => \%other, headers => Social::basic('jo'));

is_deeply [ keys %other ], [ 'social_author_named' ],
    'another site sets its own cookie';
ok !author($other{social_author_named}),
    'another site\'s author cookie does not count';
ok !comment($nginx, article => $a, token => $token{$a}, name => 'Ann',
    text => 'Hm', headers => Social::basic('jo'))->{json}{comment}{author},
    'A19: a forged Authorization does not make an author';

$res = comment($nginx, article => '/named/', token => $token{'/named/'},
    name => 'x', text => 'As the author', path => '/_named/comments',
    jar => { %other });
is $res->{json}{comment}{name}, 'Jo Doe',
    'the author\'s name from the configuration';


# comments first: after one approval, nothing is held

my %first = (article => '/first/', token => $token{'/first/'}, name => 'Cy',
             text => 'Hello', path => '/_first/comments');
my %cy;

is comment($nginx, %first, jar => \%cy)->{status}, 202,
    'first: the first comment is held';
is comment($nginx, %first, text => 'Two', jar => { %cy })->{status}, 202,
    'the second is held, too, until one is approved';
like $nginx->get('/m-first/', headers => Social::basic('jo'))->{content},
    qr{first comment.*action="/m-first/"}s, 'both are in the site\'s queue';
is act('approve', 'c1', path => '/m-first/')->{headers}{location}, '/m-first/',
    'the first is approved';
is comment($nginx, %first, text => 'Three', jar => { %cy })->{status}, 201,
    'later comments are not held';
is comment($nginx, %first, text => 'Four', jar => {})->{status}, 202,
    'A31: the same name alone does not count';

is $nginx->get('/_first/comments/c1', jar => \%cy)->{status}, 200,
    'the writer\'s page of the approved comment';


$nginx->stop;
$nginx->quiet('user "" was not found', 'no user/password');

done_testing;
