#!/usr/bin/perl

# Comments of readers: posting them in every mode, what is refused and how,
# what waits for the moderator, and one's own afterwards.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my @modes = qw(first hold closed);
my @sites = (@modes, qw(none limited blocked));

my %site = (
    (map { $_ => "comments $_; limit off;" } @modes),
    none => "comments off; limit off;",
    limited => 'comments open; limit comments=2/1m links=1;',
    blocked => 'comments open; block "(?i)casino|v[i1]agra|пример";',
);

my $nginx = Social->new(
    files => {
        map { $_ => page('A page') } 'posts/a/index.html',
            'posts/b/index.html', map { "$_/index.html" } @sites,
    },
    site => 'article ~ ^/posts/[^/]+/$; comments open; limit off;',
    http => join('', map {
        "social_site $_ { store sqlite:DIR/store/$_.db; $site{$_} }\n"
    } @sites),
    server => join('', map {
        "location /$_/ { social $_; }\n"
        . "location ^~ /_$_/ { social_api $_; }\n"
    } @sites),
);

my %token = map {
    my $page = "/$_/";
    $_ => $nginx->wait_for(sub { $nginx->token($page) });
} 'posts/a', 'posts/b', @sites;
my ($a, $b) = ('/posts/a/', '/posts/b/');
my %good = (article => $a, token => $token{'posts/a'}, name => 'Ann',
            text => 'How much water?');

my (%ann, %ben);


# good ones

my $res = $nginx->post('comments', { %good, parent => '', website => '',
                                     subject => '' }, jar => \%ann);

is $res->{status}, 303, 'a form: see other';
is $res->{headers}{location}, '/posts/a/#comment-1', 'the place, as a path';
is $res->{headers}{'x-robots-tag'}, 'noindex', 'not for search engines';
is $res->{headers}{'cache-control'}, 'no-store', 'not for caches';

my $cookie = $nginx->post('comments', { %good })->{headers}{'set-cookie'};

like $cookie, qr{^social_me_blog=[\w-]{22};\ Path=/_social/;\ Max-Age=15552000;
    \ HttpOnly;\ SameSite=Lax$}x, 'the cookie of who comments';
ok !exists $nginx->post('comments', { %good }, jar => { %ann })
    ->{headers}{'set-cookie'}, 'set once';

$res = comment($nginx, %good, name => "  Zo\x{eb}\t  K. ",
    website => 'example.org/~zoe', text => "One\r\n\r\n*Two*", jar => \%ben,
    parent => undef);

is $res->{status}, 201, 'JSON: created';
is_deeply $res->{json}{comment}, {
    id => '4', parent => undef, name => "Zo\x{eb} K.",
    website => 'https://example.org/~zoe', author => JSON::PP::false,
    time => $res->{json}{comment}{time}, edited => undef,
    html => "<p>One</p>\n<p>*Two*</p>", state => 'approved',
}, 'the comment';
like $res->{json}{comment}{time}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    'its time';
is $res->{headers}{'x-robots-tag'}, 'noindex', 'nothing for search engines';
is $res->{headers}{'content-type'}, 'application/json', 'its type';

is comment($nginx, %good, text => 'x' x 10000)->{status}, 201,
    '10,000 characters';
is comment($nginx, %good, text => ' ' . "\x{1f600}" x 10000 . "\n")->{status},
    201, 'characters, not bytes; without white space at the ends';
is comment($nginx, %good, name => "\x{e9}" x 60)->{status}, 201,
    'a name of 60';
is comment($nginx, %good, website => 'https://e.org/' . 'x' x 186)->{status},
    201, 'a website of 200';
is $nginx->post('comments', { %good }, headers => {
    Accept => 'application/json' })->{status}, 201, 'a form, asking for JSON';
is $nginx->post('comments', { %good }, headers => {
    Accept => 'application/json, text/html' })->{status}, 303,
    'who takes HTML gets HTML';
is comment($nginx, %good, headers => { Accept => 'text/html' })->{status},
    201, 'a body of JSON is a request of JSON';

my $reply = comment($nginx, %good, parent => '1');

is $reply->{json}{comment}{parent}, '1', 'a reply';
is_deeply [ map { $_->{event} . $_->{parent} . $_->{role} . $_->{state}
                  . $_->{article} }
            event($nginx, comment => $reply->{json}{comment}{id}) ],
    [ 'reply1readerapproved/posts/a/' ], 'its event';


# refusals, as JSON and as a page

sub refused {
    my ($what, $status, $code, $field, $more) = @_;

    my %a = (%good, %$more);
    delete $a{$_} for grep { !defined $a{$_} } keys %a;

    my $json = comment($nginx, %a);
    my $form = $nginx->post('comments', \%a);

    is $json->{status}, $status, "$what: $status";
    is_deeply [ @{ $json->{json}{error} }{qw(code field)} ], [ $code, $field ],
        "$what: $code";
    ok length $json->{json}{error}{message}, "$what: said in words";
    is $form->{status}, $status, "$what: a form, too";
    like $form->{headers}{'content-type'}, qr{^text/html}, "$what: a page";

    for ($json, $form) {
        is $_->{headers}{'x-robots-tag'}, 'noindex', "$what: not indexed";
        unlike $_->{content}, qr{nginx|errno|sqlite|/tmp/|\(\d+: }i,
            "$what: nothing of the inside";
    }

    return $form;
}

refused('no article', 400, 'malformed', 'article', { article => undef });
refused('another site\'s article', 404, 'article', 'article',
        { article => '/about.html' });
refused('an article that is none', 404, 'article', 'article',
        { article => '/posts/none/' });
refused('a key that is none', 404, 'article', 'article',
        { article => '/posts/../a/' });
refused('no token', 403, 'token', 'token', { token => undef });
refused('the token of another article', 403, 'token', 'token',
        { token => $token{'posts/b'} });
refused('no name', 422, 'value', 'name', { name => undef });
refused('an empty name', 422, 'value', 'name', { name => " \t " });
refused('an invisible name', 422, 'value', 'name', { name => "\x{200b}" });
refused('a long name', 422, 'value', 'name', { name => 'x' x 61 });
refused('a name that turns round', 422, 'value', 'name',
        { name => "A\x{202e}nn" });
refused('no text', 422, 'value', 'text', { text => undef });
refused('white space', 422, 'value', 'text', { text => " \n\n " });
refused('a long text', 422, 'value', 'text', { text => 'x' x 10001 });
refused('a website that is none', 422, 'value', 'website',
        { website => 'javascript:alert(1)' });
refused('a long website', 422, 'value', 'website',
        { website => 'https://e.org/' . 'x' x 187 });
refused('no such parent', 404, 'parent', 'parent', { parent => '999' });
refused('a parent that is no id', 404, 'parent', 'parent',
        { parent => '1 OR 1=1' });
refused('a parent of another article', 404, 'parent', 'parent',
        { article => $b, token => $token{'posts/b'}, parent => '1' });


# what was typed is kept

my %typed = (name => 'A "quoted" <Ann>', website => 'not a site',
             text => "\n  a < b &amp; c\n</textarea><script>x</script>\n");

$res = refused('typed', 422, 'value', 'website', { %typed, parent => '1' });

my ($form) = $res->{content} =~ m{(<form .*?</form>)}s;

like $form, qr{<form\ [^>]*method="post"[^>]*\ action="/_social/comments"}x,
    'the form again';
like $form, qr{name="name"\ value="A\ &quot;quoted&quot;\ &lt;Ann&gt;"}x,
    'the name';
like $form, qr{name="website"\ value="not\ a\ site"[^>]*aria-invalid="true"}x,
    'the website, marked';
my $kept = "\n  a &lt; b &amp;amp; c\n&lt;/textarea&gt;"
    . "&lt;script&gt;x&lt;/script&gt;\n";

like $form, qr{<textarea [^>]*>\n\Q$kept\E</textarea>}, 'the text, whole';
like $form, qr{name="parent" value="1"}, 'what it answers';
like $form, qr{name="token" value="\Q$token{'posts/a'}\E"}, 'the token';
like $form, qr{name="subject"(?! value)}, 'the trap, empty';
like $res->{content}, qr{<a href="/posts/a/">}, 'a way back';
unlike $res->{content}, qr{<script|style=|onclick}, 'no script, no style';
like $res->{headers}{'content-security-policy'}, qr/default-src 'self'/,
    'a policy';

my $secret = secret($nginx);
my $week = int(time / $Social::Api::WEEK);

is token_of($secret, $a, $week), $token{'posts/a'}, 'tokens are understood';

for my $old (1, 8) {
    is comment($nginx, %good, token => token_of($secret, $a, $week - $old))
        ->{status}, 201, "a token of $old weeks ago";
}

my %stale = ('of 9 weeks ago' => token_of($secret, $a, $week - 9),
             'of next week' => token_of($secret, $a, $week + 1),
             'cut' => cut($token{'posts/a'}),
             'flipped' => flipped($token{'posts/a'}),
             'lengthened' => $token{'posts/a'} . 'A',
             'empty' => '',
             'of another week' => $token{'posts/a'} =~ s/^\d+/$week - 1/er);

for my $how (sort keys %stale) {
    $res = refused("a token $how", 403, 'token', 'token',
                   { token => $stale{$how}, text => 'Long & dear' });
    like $res->{content}, qr{name="token" value="\Q$token{'posts/a'}\E"},
        "a token $how: a fresh one in the form";
    like $res->{content}, qr{Long &amp; dear</textarea>},
        "a token $how: the text in it";
}


# modes

$res = $nginx->post('x', { %good, article => '/first/',
    token => $token{first} }, path => '/_first/comments', jar => \my %first);

is $res->{status}, 303, 'first: a form';
is $res->{headers}{location}, '/_first/comments/1', 'to the held comment';
is comment($nginx, %good, article => '/first/', token => $token{first},
    path => '/_first/comments')->{status}, 202, 'JSON: accepted';
is comment($nginx, %good, article => '/first/', token => $token{first},
    path => '/_first/comments')->{json}{comment}{state}, 'held', 'held';
unlike $nginx->get('/first/')->{content}, qr/How much/, 'not shown';
is $nginx->get('/_first/comments?article=/first/')->{json}{total}, 0,
    'not listed';
is comment($nginx, %good, article => '/first/', token => $token{first},
    path => '/_first/comments', parent => '1')->{status}, 404,
    'A21: nobody answers what is held';
is event($nginx, site => 'first', comment => 1)->{state}, 'held',
    'the event says so';

is comment($nginx, %good, article => '/hold/', token => $token{hold},
    path => '/_hold/comments')->{status}, 202, 'hold: held';

for my $mode (qw(closed none)) {
    $res = comment($nginx, %good, article => "/$mode/",
        token => $token{$mode}, path => "/_$mode/comments");
    is $res->{status}, 403, "$mode: refused";
    is $res->{json}{error}{code}, 'closed', "$mode: closed";
}

unlike $nginx->get('/closed/')->{content}, qr/<textarea/, 'closed: no form';
unlike $nginx->get('/none/')->{content}, qr/<textarea|<h2/, 'off: nothing';


# held, never dropped

sub reason {
    my ($site) = @_;

    my $file = $nginx->dir . "/store/$site.db";

    return `sqlite3 $file 'SELECT reason FROM comment ORDER BY id DESC LIMIT 1'`
        =~ s/\n//r;
}

my %blocked = (article => '/blocked/', token => $token{blocked},
               path => '/_blocked/comments');

for my $case ([ text => 'Best CaSiNo' ], [ name => 'v1agra' ],
              [ website => 'https://casino.example/' ],
              [ text => "(\x{43f}\x{440}\x{438}\x{43c}\x{435}\x{440})" ])
{
    is comment($nginx, %good, %blocked, @$case)->{status}, 202,
        "a blocked $case->[0] is held";
}

is reason('blocked'), 'blocked words', 'with the reason';
is comment($nginx, %good, %blocked, subject => 'x')->{status}, 202,
    'A24: the trap';
is reason('blocked'), 'honeypot', 'as reason';
is comment($nginx, %good, %blocked)->{status}, 429,
    'five in ten minutes unless told otherwise';

my %limited = (article => '/limited/', token => $token{limited},
               path => '/_limited/comments');

is comment($nginx, %good, %limited,
    text => 'https://a.example/ https://b.example/')->{status}, 202,
    'A27: too many links';
is reason('limited'), 'links', 'as reason';
is comment($nginx, %good, %limited, text => 'https://a.example/',
    jar => \my %limited_jar)->{status}, 201, 'as many as allowed';

$res = comment($nginx, %good, %limited);

is $res->{status}, 429, 'too many in a short time';
is $res->{json}{error}{code}, 'limit', 'says so';
ok $res->{headers}{'retry-after'} > 0 && $res->{headers}{'retry-after'} <= 31,
    'and when to come again';

for my $header ('X-Forwarded-For', 'X-Real-IP', 'Forwarded') {
    is comment($nginx, %good, %limited, headers => {
        $header => '192.0.2.' . int rand 200 })->{status}, 429,
        "A25: $header is never read";
}

$res = $nginx->post('x', { %good, %limited, path => undef, text => 'Kept' },
                    path => '/_limited/comments');

is $res->{status}, 429, 'a form, too';
like $res->{content}, qr{>\nKept</textarea>}, 'with what was typed';


# one's own page

sub own {
    my ($id, %a) = @_;

    return $nginx->get("/_social/comments/$id", %a);
}

$res = own(1, jar => { %ann });

is $res->{status}, 200, 'the page of an own comment';
is $res->{headers}{'cache-control'}, 'no-store', 'kept by no cache';
like $res->{content}, qr{action="/_social/comments/1/edit"}, 'can be edited';
like $res->{content}, qr{action="/_social/comments/1/delete"}, 'and deleted';
like $res->{content}, qr{>\nHow much water\?</textarea>}, 'its text';
unlike $res->{content}, qr{name="(?:id|action)"}, 'A11: no such fields';

is own(1)->{status}, 303, 'others: see other';
is own(1)->{headers}{location}, '/posts/a/#comment-1', 'its place';
is own(1, jar => { %ben })->{status}, 303, 'another commenter, too';
is own($_)->{status}, 404, "no comment \"$_\"" for qw(999 0 01 -1 x 1x);

is $nginx->get('/_first/comments/1', jar => { %first })->{status}, 200,
    'a held one, to its writer';
like $nginx->get('/_first/comments/1', jar => { %first })->{content},
    qr/will appear on the page once/, 'says that it waits';
is $nginx->get('/_first/comments/1')->{status}, 404, 'to nobody else';
is $nginx->get('/_first/comments/1', jar => { %ann })->{status}, 404,
    'the cookie of another site is none';
is own(1, jar => { social_me_blog => flipped($ann{social_me_blog}) })
    ->{status}, 303, 'a forged one, too';

my $doc = own(1, jar => { %ann }, headers => { Accept => 'application/json' });

is $doc->{json}{comment}{state}, 'approved', 'as JSON';


# edit

$res = $nginx->post('x', { text => 'How much *warm* water?' },
                    path => '/_social/comments/1/edit', jar => { %ann });

is $res->{status}, 303, 'an edit as a form';
is $res->{headers}{location}, '/posts/a/#comment-1', 'back to its place';
like $nginx->get($a)->{content}, qr/warm\* water.*/, 'seen at once';
is event($nginx, event => 'edit')->{comment}, 1, 'its event';

$res = $nginx->post_json('comments/1', { text => 'Much' }, method => 'PATCH',
                         jar => { %ann });

is $res->{status}, 200, 'an edit as JSON';
is_deeply [ @{ $res->{json}{comment} }{qw(id name html state)} ],
    [ '1', 'Ann', '<p>Much</p>', 'approved' ], 'the comment, whole';
ok $res->{json}{comment}{edited}, 'and that it was edited';

is $nginx->request('PATCH', '/_social/comments/1', jar => { %ann },
    content => 'text=Form', headers => { 'Sec-Fetch-Site' => 'same-origin',
    'Content-Type' => 'application/x-www-form-urlencoded' })
    ->{headers}{location}, '/posts/a/#comment-1', 'PATCH of a form';

for my $jar ({}, { %ben }, { social_me_blog => 'x' x 22 }) {
    is $nginx->post('x', { text => 'Mine now' }, jar => $jar,
        path => '/_social/comments/1/edit')->{status}, 404,
        'A22: not by others';
    is $nginx->request('DELETE', '/_social/comments/1', jar => $jar,
        headers => { 'Sec-Fetch-Site' => 'same-origin' })->{status}, 404,
        'A22: nor deleted';
}

$res = $nginx->post('x', { text => '' }, jar => { %ann },
                    path => '/_social/comments/1/edit');
is $res->{status}, 422, 'an empty edit';

$res = $nginx->post('x', { text => 'x' x 10001 }, jar => { %ann },
                    path => '/_social/comments/1/edit');
like $res->{content}, qr{action="/_social/comments/1/edit".*x{100}</textarea>}s,
    'a refused edit keeps the text and can be sent again';
unlike $res->{content}, qr{name="name"}, 'without fields that it does not have';
is $nginx->post('x', { text => 'x' }, path => '/_social/comments/1/edit',
    jar => { %ann }, headers => { Origin => 'http://evil.example' })
    ->{status}, 403, 'an edit from elsewhere';

$res = $nginx->post_json('x', { text => 'https://a.example https://b.example' },
    path => '/_limited/comments/2', method => 'PATCH',
    jar => { %limited_jar });

is $res->{json}{comment}{state}, 'held', 'an edit that brings links is held';
unlike $nginx->get('/limited/')->{content}, qr/a\.example/, 'and not shown';


# the window

my $db = $nginx->dir . '/store/blog.db';

system 'sqlite3', '-cmd', '.timeout 5000', $db,
    'UPDATE comment SET created = created - 901 WHERE id = 4';

for my $try ([ PATCH => '{"text":"late"}' ], [ DELETE => '' ]) {
    $res = $nginx->request($try->[0], '/_social/comments/4', jar => { %ben },
        content => $try->[1], headers => { 'Sec-Fetch-Site' => 'same-origin',
                                   'Content-Type' => 'application/json' });
    is $res->{status}, 403, "$try->[0] after 15 minutes";
    is $res->{json}{error}{code}, 'closed', 'is too late';
}

unlike own(4, jar => { %ben })->{content}, qr{comments/4/edit},
    'the page offers it no more';


# delete

comment($nginx, %good, text => 'Below', parent => '1');

$res = $nginx->post('x', {}, path => '/_social/comments/1/delete',
                    jar => { %ann });

is $res->{status}, 303, 'a comment is deleted';
is $res->{headers}{location}, '/posts/a/', 'back to the article';
like $nginx->get($a)->{content}, qr{id="comment-1">\s*<div[^>]*>\s*<p[^>]*>This
    \ comment\ was\ deleted}x, 'its answers keep their place';
unlike $nginx->get($a)->{content}, qr/>Form</, 'its text is gone at once';
is own(1, jar => { %ann })->{status}, 404, 'its page, too';
is event($nginx, event => 'delete')->{state}, 'deleted', 'its event';
is comment($nginx, %good, parent => '1')->{status}, 404,
    'A21: nobody answers what is deleted';

my $last = comment($nginx, %good, jar => \%ann)->{json}{comment}{id};

$res = $nginx->request('DELETE', "/_social/comments/$last", jar => { %ann },
    headers => { 'Sec-Fetch-Site' => 'same-origin',
                 Accept => 'application/json' });
is $res->{status}, 204, 'DELETE: no content';
is $res->{headers}{'x-robots-tag'}, 'noindex', 'not for search engines';


# reports

$res = $nginx->post('x', {}, path => '/_social/comments/4/report');

is $res->{status}, 200, 'a report';
like $res->{content}, qr/role="status">Thank you/, 'is thanked for';
like $res->{content}, qr{href="/posts/a/#comment-4"}, 'with a way back';
is $nginx->post('x', {}, path => '/_social/comments/4/report', headers => {
    Accept => 'application/json' })->{status}, 204, 'as JSON: no content';
is $nginx->post('x', {}, path => '/_social/comments/999/report')->{status},
    404, 'of no comment';
is $nginx->post('x', {}, path => '/_first/comments/1/report')->{status}, 404,
    'A34: of a held one: the same';
is `sqlite3 $db 'SELECT reports FROM comment WHERE id = 4'`, "1\n",
    'A29: counted once';


# all of one's own, and erasing them

my $word = 'Xylophone' . $$;
my %eve;

comment($nginx, %good, name => 'Eve', text => "$word one", jar => \%eve);
comment($nginx, %good, name => "Name$word", text => 'two', jar => \%eve,
    article => $b, token => $token{'posts/b'},
    website => lc "https://$word.example/");
comment($nginx, %good, text => 'A third person');

$doc = $nginx->get('/_social/mine', jar => { %eve });

is $doc->{status}, 200, 'all of one\'s own';
is $doc->{headers}{'cache-control'}, 'no-store', 'kept by no cache';
is_deeply [ map { "$_->{article} $_->{state} $_->{text}" }
            @{ $doc->{json}{comments} } ],
    [ "$a approved $word one", "$b approved two" ], 'with their texts';
is_deeply $nginx->get('/_social/mine')->{json}{comments}, [],
    'nobody has none';

is $nginx->get("/_social/counts?article=$b")->{json}{counts}{$b}{comments}, 1,
    'counted';
is $nginx->post('mine/erase', {})->{status}, 404, 'nobody erases nothing';

$res = $nginx->post('mine/erase', {}, jar => { %eve });

is $res->{status}, 200, 'erased';
like $res->{content}, qr/have been erased/, 'and told';
is $nginx->get("/_social/counts?article=$b")->{json}{counts}{$b}{comments}, 0,
    'no longer counted';
unlike $nginx->get($a)->{content}, qr/$word/, 'off the page';
unlike $nginx->get($b)->{content}, qr/$word/i, 'off every page';
unlike $nginx->get("/_social/comments?article=$a&after=10")->{content},
    qr/$word/, 'off the list';
is_deeply $nginx->get('/_social/mine', jar => { %eve })->{json}{comments},
    [], 'none left';
is $nginx->post('mine/erase', {}, jar => { %eve }, headers => {
    Accept => 'application/json' })->{status}, 204, 'again: nothing to do';

is scalar(grep { $nginx->slurp("store/$_") =~ /$word/i }
          qw(blog.db blog.db-wal)), 0,
    'A35: neither in the store\'s file nor in its log';


# preview

is $nginx->post('preview', { text => "<b>1</b>\n\nhttps://e.org/" })
    ->{json}{html}, "<p>&lt;b&gt;1&lt;/b&gt;</p>\n<p>"
    . '<a href="https://e.org/" rel="nofollow ugc noopener">https://e.org/</a>'
    . '</p>', 'a preview';
is $nginx->post('preview', { text => '' })->{status}, 422, 'of nothing';


$nginx->stop;
$nginx->quiet;

done_testing;
