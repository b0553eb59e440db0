#!/usr/bin/perl

# Comments of readers: posting them in every mode, what is refused and how, what
# waits for the moderator, and what writers can do with their own comments.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my @modes = qw(first hold closed);
my @sites = (@modes, qw(none limited linked blocked));

my %site = (
    (map { $_ => "comments $_; limit off;" } @modes),
    hold => 'comments hold; limit off; origin https://blog.example;',
    none => "comments off; limit off;",
    limited => 'comments open; limit comments=2/1m links=1;',
    linked => 'comments open; limit comments=100/1m links=1;',
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
    $_ => $nginx->wait_for(sub { $nginx->others_token($page) });
} 'posts/a', 'posts/b', @sites;
my ($a, $b) = ('/posts/a/', '/posts/b/');
my %good = (article => $a, token => $token{'posts/a'}, name => 'Ann',
            text => 'How much water?');

my (%ann, %ben);


# accepted comments

my $res = $nginx->post('comments', { %good, parent => '', website => '',
                                     subject => '' }, jar => \%ann);

is $res->{status}, 303, 'a form: 303';
is $res->{headers}{location}, '/posts/a/#comment-c1',
    'redirects to the comment\'s place, without a host';
is $res->{headers}{'x-robots-tag'}, 'noindex',
    'the answer to a form is not indexed';
is $res->{headers}{'cache-control'}, 'no-store',
    'the answer to a form is not cached';

my $cookie = $nginx->post('comments', { %good, text => 'Two' })->{headers}{'set-cookie'};

like $cookie, qr{^social_me_blog=[\w-]{44};\ Path=/_social/;\ Max-Age=15552000;
    \ HttpOnly;\ SameSite=Lax$}x, 'the cookie of a commenter';
ok !exists $nginx->post('comments', { %good, text => 'Three' }, jar => { %ann })
    ->{headers}{'set-cookie'}, 'the cookie is set only once';

$res = comment($nginx, %good, name => "  Zo\x{eb}\t  K. ",
    website => 'example.org/~zoe', text => "One\r\n\r\n*Two*", jar => \%ben,
    parent => undef);

is $res->{status}, 201, 'JSON: created';
is_deeply $res->{json}{comment}, {
    id => 'c4', parent => undef, name => "Zo\x{eb} K.",
    website => 'https://example.org/~zoe', author => JSON::PP::false,
    time => $res->{json}{comment}{time}, edited => undef,
    html => "<p>One</p>\n<p><em>Two</em></p>", state => 'approved',
}, 'the comment in the answer';
like $res->{json}{comment}{time}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
    'its time is UTC, in ISO 8601';
is $res->{headers}{'x-robots-tag'}, 'noindex',
    'the answer to JSON is not indexed';
is $res->{headers}{'content-type'}, 'application/json', 'its content type';

is comment($nginx, %good, text => 'x' x 10000)->{status}, 201,
    'a text of 10,000 characters';
is comment($nginx, %good, text => ' ' . "\x{1f600}" x 10000 . "\n")->{status},
    201, 'length counts characters, without white space at the ends';
is comment($nginx, %good, name => "\x{e9}" x 60)->{status}, 201,
    'a name of 60 characters';
is comment($nginx, %good, website => 'https://e.org/' . 'x' x 186)->{status},
    201, 'a website of 200 characters';
is $nginx->post('comments', { %good }, headers => {
    Accept => 'application/json' })->{status}, 201,
        'a form that accepts JSON is answered with JSON';
is $nginx->post('comments', { %good }, headers => {
    Accept => 'application/json, text/html' })->{status}, 303,
    'a form that accepts HTML is answered with HTML';
is comment($nginx, %good, headers => { Accept => 'text/html' })->{status},
    201, 'a JSON request is answered with JSON';

my $reply = comment($nginx, %good, parent => 'c1');

is $reply->{json}{comment}{parent}, 'c1', 'a reply';
is_deeply [ map { $_->{event} . $_->{parent} . $_->{role} . $_->{state}
                  . $_->{article} }
            event($nginx, comment => $reply->{json}{comment}{id}) ],
    [ 'replyc1readerapproved/posts/a/' ], 'the event of a reply';


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
    ok length $json->{json}{error}{message}, "$what: has a message";
    is $form->{status}, $status, "$what: a form gets the same status";
    like $form->{headers}{'content-type'}, qr{^text/html},
        "$what: as an HTML page";

    for ($json, $form) {
        is $_->{headers}{'x-robots-tag'}, 'noindex', "$what: not indexed";
        unlike $_->{content}, qr{nginx|errno|sqlite|/tmp/|\(\d+: }i,
            "$what: no internals are shown";
    }

    return $form;
}

refused('no article', 400, 'malformed', 'article', { article => undef });
refused('another site\'s article', 404, 'article', 'article',
        { article => '/about.html' });
refused('an article that does not exist', 404, 'article', 'article',
        { article => '/posts/none/' });
refused('a key that is not normalized', 404, 'article', 'article',
        { article => '/posts/../a/' });
refused('no token', 403, 'token', 'token', { token => undef });
refused('the token of another article', 403, 'token', 'token',
        { token => $token{'posts/b'} });
refused('no name', 422, 'value', 'name', { name => undef });
refused('an empty name', 422, 'value', 'name', { name => " \t " });
refused('an invisible name', 422, 'value', 'name', { name => "\x{200b}" });
refused('a long name', 422, 'value', 'name', { name => 'x' x 61 });
refused('a name that reverses the text direction', 422, 'value', 'name',
        { name => "A\x{202e}nn" });
refused('no text', 422, 'value', 'text', { text => undef });
refused('white space only', 422, 'value', 'text', { text => " \n\n " });
refused('a long text', 422, 'value', 'text', { text => 'x' x 10001 });
refused('a website that is not http', 422, 'value', 'website',
        { website => 'javascript:alert(1)' });
refused('a long website', 422, 'value', 'website',
        { website => 'https://e.org/' . 'x' x 187 });
refused('no such parent', 404, 'parent', 'parent', { parent => 'c999' });
refused('a parent that is not an id', 404, 'parent', 'parent',
        { parent => '1 OR 1=1' });
refused('a parent of another article', 404, 'parent', 'parent',
        { article => $b, token => $token{'posts/b'}, parent => 'c1' });


# a refused form comes back with what was typed

my %typed = (name => 'A "quoted" <Ann>', website => 'not a site',
             text => "\r\n  a < b &amp; c\r\n</textarea><script>x</script>\n");

$res = refused('typed', 422, 'value', 'website', { %typed, parent => 'c1' });

my ($form) = $res->{content} =~ m{(<form .*?</form>)}s;

like $form, qr{<form\ [^>]*method="post"[^>]*\ action="/_social/comments"}x,
    'the form is shown again';
like $form, qr{name="name"\ value="A\ &quot;quoted&quot;\ &lt;Ann&gt;"}x,
    'the name is kept';
like $form, qr{name="website"\ value="not\ a\ site"[^>]*aria-invalid="true"}x,
    'the website is kept and marked invalid';
my $kept = "\n  a &lt; b &amp;amp; c\n&lt;/textarea&gt;"
    . "&lt;script&gt;x&lt;/script&gt;\n";

like $form, qr{<textarea [^>]*>\n\Q$kept\E</textarea>},
    'the text is kept unchanged';
like $form, qr{name="parent" value="c1"}, 'the parent is kept';
like $form, qr{name="token" value="\Q$token{'posts/a'}\E"}, 'the token is kept';
like $form, qr{name="subject"(?! value)}, 'the honeypot field is empty';
like $form, qr{<label[^>]* hidden [^>]*>[^<]*<input name="subject"},
    'and hidden without a style sheet';
like $nginx->get('/posts/a/')->{content},
    qr{<label[^>]* hidden [^>]*>[^<]*<input name="subject"},
    'in the widget, too';
like $res->{content}, qr{<a href="/posts/a/">}, 'a link back to the article';
unlike $res->{content}, qr{<script|style=|onclick},
    'no script and no inline style';
like $res->{headers}{'content-security-policy'}, qr/default-src 'self'/,
    'a Content-Security-Policy is sent';

my $secret = secret($nginx);
my $week = int(time / $Social::Api::WEEK);

is token_of($secret, $a, $week), $token{'posts/a'},
    'the test computes the same token';

for my $old (1, 8) {
    is comment($nginx, %good, token => token_of($secret, $a, $week - $old))
        ->{status}, 201, "a token $old weeks old is accepted";
}

my %stale = ('9 weeks old' => token_of($secret, $a, $week - 9),
             'of next week' => token_of($secret, $a, $week + 1),
             'cut short' => cut($token{'posts/a'}),
             'with a flipped bit' => flipped($token{'posts/a'}),
             'lengthened' => $token{'posts/a'} . 'A',
             'empty' => '',
             'with the '
                 . 'week of '
                 . 'another' => $token{'posts/a'} =~ s/^\d+/$week - 1/er);

for my $how (sort keys %stale) {
    $res = refused("a token $how", 403, 'token', 'token',
                   { token => $stale{$how}, text => 'Long & dear' });
    like $res->{content}, qr{name="token" value="\Q$token{'posts/a'}\E"},
        "a token $how: the form has a fresh one";
    like $res->{content}, qr{Long &amp; dear</textarea>},
        "a token $how: the text is kept";
}


# comment modes

$res = $nginx->post('x', { %good, article => '/first/',
    token => $token{first} }, path => '/_first/comments', jar => \my %first);

is $res->{status}, 303, 'first: a form is accepted';
is $res->{headers}{location}, '/_first/comments/c1',
    'redirects to the writer\'s page of the held comment';
is comment($nginx, %good, article => '/first/', token => $token{first},
    name => 'Ben', path => '/_first/comments')->{status}, 202, 'JSON: 202';
is comment($nginx, %good, article => '/first/', token => $token{first},
    name => 'Cy', path => '/_first/comments')->{json}{comment}{state}, 'held',
    'held';
unlike $nginx->get('/first/')->{content}, qr/How much/,
    'a held comment is not shown';
is $nginx->get('/_first/comments?article=/first/')->{json}{total}, 0,
    'a held comment is not listed';
is comment($nginx, %good, article => '/first/', token => $token{first},
    path => '/_first/comments', parent => 'c1')->{status}, 404,
    'A21: no reply to a held comment';
is event($nginx, site => 'first', comment => 'c1')->{state}, 'held',
    'the event says "held"';

$res = comment($nginx, %good, article => '/hold/', token => $token{hold},
    path => '/_hold/comments');
is $res->{status}, 202, 'hold: 202';
like $res->{headers}{'set-cookie'}, qr/; Secure$/,
    'a cookie is Secure where origin is https';
unlike $cookie, qr/Secure/, 'elsewhere it is not, over plain http';

for my $mode (qw(closed none)) {
    $res = comment($nginx, %good, article => "/$mode/",
        token => $token{$mode}, path => "/_$mode/comments");
    is $res->{status}, 403, "$mode: refused";
    is $res->{json}{error}{code}, 'closed', "$mode: closed";
}

unlike $nginx->get('/closed/')->{content}, qr/<textarea/, 'closed: no form';
unlike $nginx->get('/none/')->{content}, qr/<textarea|<h2/,
    'off: no form and no heading';


# suspicious comments are held, never dropped

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
        "a blocked word in $case->[0]: held";
}

is reason('blocked'), 'blocked words', 'the reason: blocked words';
is comment($nginx, %good, %blocked, subject => 'x', text => 'Trapped')
    ->{status}, 202,
    'A24: a filled honeypot field: held';
is reason('blocked'), 'honeypot', 'the reason: honeypot';
is comment($nginx, %good, %blocked)->{status}, 429,
    'the default limit is five in ten minutes';

my %limited = (article => '/limited/', token => $token{limited},
               path => '/_limited/comments');

is comment($nginx, %good, %limited,
    text => 'https://a.example/ https://b.example/')->{status}, 202,
    'A27: too many links: held';
is reason('limited'), 'links', 'the reason: links';
is comment($nginx, %good, %limited, text => 'https://a.example/')
    ->{status}, 201, 'as many links as allowed';

$res = comment($nginx, %good, %limited);

is $res->{status}, 429, 'over the rate limit: 429';
is $res->{json}{error}{code}, 'limit', 'the error code is "limit"';
ok $res->{headers}{'retry-after'} > 0 && $res->{headers}{'retry-after'} <= 31,
    'Retry-After tells when to try again';

for my $header ('X-Forwarded-For', 'X-Real-IP', 'Forwarded') {
    is comment($nginx, %good, %limited, headers => {
        $header => '192.0.2.' . int rand 200 })->{status}, 429,
        "A25: $header does not lift the rate limit";
}

$res = $nginx->post('x', { %good, %limited, path => undef, text => 'Kept' },
                    path => '/_limited/comments');

is $res->{status}, 429, 'over the rate limit by form: 429';
like $res->{content}, qr{>\nKept</textarea>}, 'the typed text is kept';


# the writer's page of a comment

sub own {
    my ($id, %a) = @_;

    return $nginx->get("/_social/comments/$id", %a);
}

$res = own('c1', jar => { %ann });

is $res->{status}, 200, 'the writer\'s page of a comment';
is $res->{headers}{'cache-control'}, 'no-store', 'it is not cached';
like $res->{content}, qr{action="/_social/comments/c1/edit"},
    'it has a form to edit';
like $res->{content}, qr{action="/_social/comments/c1/delete"},
    'the writer\'s page has a form to delete';
like $res->{content}, qr{>\nHow much water\?</textarea>},
    'the writer\'s page has the text';
unlike $res->{content}, qr{name="(?:id|action)"},
    'A11: no field hides a property of its form';

is own('c1')->{status}, 303, 'others are redirected';
is own('c1')->{headers}{location}, '/posts/a/#comment-c1',
    'to the comment\'s place';
is own('c1', jar => { %ben })->{status}, 303, 'another commenter, too';
is own($_)->{status}, 404, "\"$_\" is no comment" for qw(c999 1 c0 c01 c-1 x c1x);

is $nginx->get('/_first/comments/c1', jar => { %first })->{status}, 200,
    'the writer sees a held comment';
like $nginx->get('/_first/comments/c1', jar => { %first })->{content},
    qr/will appear on the page once/, 'and reads that it waits';
is $nginx->get('/_first/comments/c1')->{status}, 404, 'nobody else sees it';
is $nginx->get('/_first/comments/c1', jar => { %ann })->{status}, 404,
    'a cookie of another site does not count';
is own('c1', jar => { social_me_blog => flipped($ann{social_me_blog}) })
    ->{status}, 303, 'nor does a forged cookie';

my $doc = own('c1', jar => { %ann }, headers => { Accept => 'application/json' });

is $doc->{json}{comment}{state}, 'approved', 'the writer\'s page as JSON';


# edit

$res = $nginx->post('x', { text => 'How much *warm* water?' },
                    path => '/_social/comments/c1/edit', jar => { %ann });

is $res->{status}, 303, 'an edit by form';
is $res->{headers}{location}, '/posts/a/#comment-c1',
    'redirects to the comment\'s place';
like $nginx->get($a)->{content}, qr{<em>warm</em> water},
    'the new text is shown at once';
is event($nginx, event => 'edit')->{comment}, 'c1', 'the event of an edit';

$res = $nginx->post_json('comments/c1', { text => 'Much' }, method => 'PATCH',
                         jar => { %ann });

is $res->{status}, 200, 'an edit by JSON';
is_deeply [ @{ $res->{json}{comment} }{qw(id name html state)} ],
    [ 'c1', 'Ann', '<p>Much</p>', 'approved' ],
    'the edited comment in the answer';
ok $res->{json}{comment}{edited}, 'is marked as edited';

is $nginx->request('PATCH', '/_social/comments/c1', jar => { %ann },
    content => 'text=Form', headers => { 'Sec-Fetch-Site' => 'same-origin',
    'Content-Type' => 'application/x-www-form-urlencoded' })
    ->{headers}{location}, '/posts/a/#comment-c1', 'PATCH with a form';

for my $jar ({}, { %ben }, { social_me_blog => 'x' x 22 },
             { social_me_blog => 'x' x 44 }) {
    is $nginx->post('x', { text => 'Mine now' }, jar => $jar,
        path => '/_social/comments/c1/edit')->{status}, 404,
        'A22: others cannot edit';
    is $nginx->request('DELETE', '/_social/comments/c1', jar => $jar,
        headers => { 'Sec-Fetch-Site' => 'same-origin' })->{status}, 404,
        'A22: others cannot delete';
}

$res = $nginx->post('x', { text => '' }, jar => { %ann },
                    path => '/_social/comments/c1/edit');
is $res->{status}, 422, 'an empty text is refused';

$res = $nginx->post('x', { text => 'x' x 10001 }, jar => { %ann },
                    path => '/_social/comments/c1/edit');
like $res->{content}, qr{action="/_social/comments/c1/edit".*x{100}</textarea>}s,
    'a refused edit keeps the text in an edit form';
unlike $res->{content}, qr{name="name"},
    'the form of a refused edit has no name field';
is $nginx->post('x', { text => 'x' }, path => '/_social/comments/c1/edit',
    jar => { %ann }, headers => { Origin => 'http://evil.example' })
    ->{status}, 403, 'an edit from another origin is refused';

comment($nginx, %good, article => '/linked/', token => $token{linked},
        path => '/_linked/comments', jar => \my %linked_jar);
$res = $nginx->post_json('x', { text => 'https://a.example https://b.example' },
    path => '/_linked/comments/c1', method => 'PATCH', jar => \%linked_jar);

is $res->{json}{comment}{state}, 'held',
    'an edit that adds too many links: held';
unlike $nginx->get('/linked/')->{content}, qr/a\.example/,
    'an edit that is held is not shown';


# edits and deletions end after 15 minutes

my $db = $nginx->dir . '/store/blog.db';

system 'sqlite3', '-cmd', '.timeout 5000', $db,
    'UPDATE comment SET created = created - 901 WHERE id = 4';

for my $try ([ PATCH => '{"text":"late"}' ], [ DELETE => '' ]) {
    $res = $nginx->request($try->[0], '/_social/comments/c4', jar => { %ben },
        content => $try->[1], headers => { 'Sec-Fetch-Site' => 'same-origin',
                                   'Content-Type' => 'application/json' });
    is $res->{status}, 403, "$try->[0] after 15 minutes: 403";
    is $res->{json}{error}{code}, 'closed', 'the error code is "closed"';
}

unlike own('c4', jar => { %ben })->{content}, qr{comments/c4/edit},
    'the writer\'s page no longer offers an edit';


# delete

comment($nginx, %good, text => 'Below', parent => 'c1');

$res = $nginx->post('x', {}, path => '/_social/comments/c1/delete',
                    jar => { %ann });

is $res->{status}, 303, 'a comment is deleted';
is $res->{headers}{location}, '/posts/a/', 'redirects to the article';
like $nginx->get($a)->{content}, qr{id="comment-c1">\s*<div[^>]*>\s*<p[^>]*>This
    \ comment\ is\ not\ shown}x, 'its replies keep their place';
unlike $nginx->get($a)->{content}, qr/>Form</,
    'the text of a deleted comment is gone at once';
is own('c1', jar => { %ann })->{status}, 404,
    'the page of a deleted comment is gone, too';
is event($nginx, event => 'delete')->{state}, 'deleted',
    'the event of a deletion';
is comment($nginx, %good, parent => 'c1')->{status}, 404,
    'A21: no reply to a deleted comment';

my $last = comment($nginx, %good, jar => \%ann)->{json}{comment}{id};

$res = $nginx->request('DELETE', "/_social/comments/$last", jar => { %ann },
    headers => { 'Sec-Fetch-Site' => 'same-origin',
                 Accept => 'application/json' });
is $res->{status}, 204, 'DELETE: 204';
is $res->{headers}{'x-robots-tag'}, 'noindex',
    'the answer to DELETE is not indexed';


# reports

$res = $nginx->post('x', {}, path => '/_social/comments/c4/report');

is $res->{status}, 200, 'a report by form';
like $res->{content}, qr/role="status">Thank you/, 'thanks the reader';
like $res->{content}, qr{href="/posts/a/#comment-c4"},
    'links back to the comment';
is $nginx->post('x', {}, path => '/_social/comments/c4/report', headers => {
    Accept => 'application/json' })->{status}, 204,
        'a report that accepts JSON: 204';
is $nginx->post('x', {}, path => '/_social/comments/c999/report')->{status},
    404, 'a report of a missing comment';
is $nginx->post('x', {}, path => '/_first/comments/c1/report')->{status}, 404,
    'A34: of a held comment: the same';
is `sqlite3 $db 'SELECT reports FROM comment WHERE id = 4'`, "1\n",
    'A29: two reports of one reader count as one';


# all comments of one writer, and erasing them

my $word = 'Xylophone' . $$;
my %eve;

comment($nginx, %good, name => 'Eve', text => "$word one", jar => \%eve);
comment($nginx, %good, name => "Name$word", text => 'two', jar => \%eve,
    article => $b, token => $token{'posts/b'},
    website => lc "https://$word.example/");
comment($nginx, %good, text => 'A third person');

my $as_json = { Accept => 'application/json' };
$doc = $nginx->get('/_social/mine', jar => { %eve }, headers => $as_json);

is $doc->{status}, 200, 'a writer\'s own comments';
is $doc->{headers}{'cache-control'}, 'no-store', 'are not cached';
is_deeply [ map { "$_->{article} $_->{state} $_->{text}" }
            @{ $doc->{json}{comments} } ],
    [ "$a approved $word one", "$b approved two" ], 'with their texts';
is_deeply $nginx->get('/_social/mine', headers => $as_json)->{json}{comments},
    [],
    'without a cookie: none';

is $nginx->get("/_social/counts?article=$b")->{json}{counts}{$b}{comments}, 1,
    'the comment is counted';
is $nginx->post('mine/erase', {})->{status}, 404,
    'nothing to erase without a cookie';

$res = $nginx->post('mine/erase', {}, jar => { %eve });

is $res->{status}, 200, 'erased';
like $res->{content}, qr/have been erased/, 'the page says that all are erased';
is $nginx->get("/_social/counts?article=$b")->{json}{counts}{$b}{comments}, 0,
    'it is no longer counted';
unlike $nginx->get($a)->{content}, qr/$word/, 'its text is gone from the page';
unlike $nginx->get($b)->{content}, qr/$word/i,
    'the text is gone from every other page';
unlike $nginx->get("/_social/comments?article=$a&after=c10")->{content},
    qr/$word/, 'and from the list';
is_deeply $nginx->get('/_social/mine', jar => { %eve },
                      headers => $as_json)->{json}{comments}, [], 'the writer has none left';
is $nginx->post('mine/erase', {}, jar => { %eve }, headers => {
    Accept => 'application/json' })->{status}, 204, 'erasing again: 204';

is scalar(grep { $nginx->slurp("store/$_") =~ /$word/i }
          qw(blog.db blog.db-wal)), 0,
    'A35: neither in the database file nor in its WAL';


# preview

$nginx->stop;
$nginx->quiet;

done_testing;
