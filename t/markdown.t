#!/usr/bin/perl

# Comments in Markdown: where they are shown, older ones that stay plain, edits,
# links that are counted, and the preview, with and without a script.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;

my $nginx = Social->new(
    files => { map { ("posts/$_/index.html" => page('A page')) } qw(a b) },
    site  => "article ~ ^/posts/;\ncomments open;\nlimit comments=40/10m "
        . 'links=2;',
);

my $key = '/posts/a/';
my %good = (article => $key, token => $nginx->others_token($key), name => 'Ann');
my %json = (headers => { Accept => 'application/json' });
my $rel = 'rel="nofollow ugc noopener"';

sub html {
    my ($text, %more) = @_;

    return comment($nginx, %good, text => $text,
        headers => { 'User-Agent' => 'Mozilla/5.0 (X11; Linux x86_64; rv:99.0) '
            . 'Gecko/20100101 Firefox/99.0' }, %more)->{json}{comment};
}


# where it is shown

my %ann;
my $text = "  Roses are *red*,\n   https://e.org/a_(b)). <b>x</b>\n\n- `a  b`\n";
my $want = "<p>&#160;&#160;Roses are <em>red</em>,<br>\n&#160;&#160;&#160;"
    . "<a href=\"https://e.org/a_(b)\" $rel>https://e.org/a_(b)</a>). "
    . "&lt;b&gt;x&lt;/b&gt;</p>\n<ul>\n<li><code>a  b</code></li>\n</ul>";
my $c = html($text, jar => \%ann);

is $c->{html}, $want, 'the answer has the HTML';
like $nginx->get($key)->{content}, qr{<div class="sc-d" dir="auto">\Q$want\E},
    'the article has it';
like $nginx->get("/_social/thread?article=$key")->{content}, qr{\Q$want\E},
    'so has the thread\'s page';
is $nginx->get("/_social/comments?article=$key")->{json}{comments}[0]{html},
    $want, 'and the list';
is $nginx->get('/_social/mine', jar => { %ann },
    headers => { Accept => 'application/json' })->{json}{comments}[0]{html},
    $want, 'and the list of own comments';
like $nginx->get("/_social/comments/$c->{id}", jar => { %ann })->{content},
    qr{\Q$want\E}, 'and the own page';
like $nginx->queue('?state=approved')->{content}, qr{\Q$want\E},
    'and moderation';
is $nginx->queue('?state=approved&format=json')->{json}{comments}[0]{html},
    $want, 'and its JSON';


# the number of links is that of the parser

is html('[a](https://e.org) <https://f.org>')->{state}, 'approved',
    'A27: two links are allowed';

for my $links ('[a](https://e.org) <https://f.org> https://g.org',
    "[a] [a] [a]\n\n[a]: https://e.org", '![a](https://e.org/i.png) ' x 3,
    'https&#58;//e.org https://f.org <x@e.org>',
    "[a]: http://e.org/?" . 'x' x 3000 . "\n\n" . '[a] ' x 1000)
{
    my $held = html($links);
    my $what = substr $links, 0, 30;

    is $held->{state}, 'held', "A27: more are held: $what";
}

is html('`https://e.org` [a](javascript:x) [b](/c) `https://f.org` '
        . '`https://g.org`')->{state}, 'approved', 'A27: code has no links';


# comments of before are plain; an edit makes them Markdown

$nginx->stop;
system('sqlite3', $nginx->dir . '/store/blog.db', 'UPDATE comment SET '
       . "format = 0, text = '*old*  one' WHERE id = " . substr $c->{id}, 1);
$nginx->start;

my $old = '<p>*old*&#160; one</p>';

like $nginx->get($key)->{content}, qr{\Q$old\E},
    'the text of an older comment is shown as typed';
is $nginx->get('/_social/mine', jar => { %ann },
    headers => { Accept => 'application/json' })->{json}{comments}[0]{html},
    $old, 'everywhere';
is $nginx->post_json("comments/$c->{id}", { text => '*old*  two' },
                     method => 'PATCH', jar => { %ann })
    ->{json}{comment}{html}, '<p><em>old</em>&#160; two</p>',
    'an edit makes it Markdown';
$nginx->moderate({ action => 'edit', id => $c->{id}, text => '**three**',
                   revision => 99 });
like $nginx->get($key)->{content}, qr{<p><strong>three</strong></p>},
    'so does a moderator\'s';


# the preview

is $nginx->post('preview', { text => "<b>*1*</b>\n\nhttps://e.org/" }, %json)
    ->{json}{html}, "<p>&lt;b&gt;<em>1</em>&lt;/b&gt;</p>\n<p>"
    . "<a href=\"https://e.org/\" $rel>https://e.org/</a></p>", 'a preview';
is $nginx->post('preview', { text => '' })->{status}, 422,
    'the preview of an empty text';
is $nginx->post('preview', { text => 'x', article => $key, token => '1.x' })
    ->{status}, 403, 'a preview with a wrong token';
is $nginx->post('preview', { text => 'x', article => $key })->{status}, 403,
    'a preview of an article without its token';

my $res = $nginx->post('preview', { %good, parent => $c->{id}, name => 'A <b>',
    website => 'e.org"', text => "  *a*\n<b>" });

is $res->{status}, 200, 'the preview of a form is a page';
like $res->{content}, qr{<p><em>&\#160;&\#160;a</em><br>\n&lt;b&gt;</p>},
    'it shows the text';
like $res->{content}, qr{<form\ [^>]*action="/_social/comments">}x,
    'its form sends the comment';
like $res->{content}, qr{name="parent" value="$c->{id}"}, 'to the same place';
like $res->{content}, qr{name="name"\ value="A\ &lt;b&gt;".*
    name="website"\ value="e.org&quot;".*>\n\ \ \*a\*\n&lt;b&gt;</textarea>}sx,
    'and has all that was typed';
like $res->{content}, qr{<button formaction="/_social/preview"},
    'and can be looked at again';
like $res->{content}, qr{href="/posts/a/"}, 'a link leads back';
unlike $nginx->get($key)->{content}, qr{<em>a</em>}, 'nothing is stored';
is $nginx->get('/_social/counts?article=/posts/b/')->{json}{counts}{'/posts/b/'},
    undef, 'nor is an article made known';

$res = $nginx->post('preview', { %good, name => 'Kept', text => '' });
like $res->{content}, qr{action="/_social/comments">.*value="Kept"}s,
    'a refused preview keeps what was typed';

my $limited;

for (1 .. 500) {
    $res = $nginx->post('preview', { text => 'x' }, %json);
    $limited = $res->{status} == 429 ? $_ : next;
    last;
}

cmp_ok $limited, '>', 350, 'there may be ten previews for a comment';
ok $res->{headers}{'retry-after'}, 'then one has to wait';
is html('Still *here*')->{state}, 'approved',
    'previews do not count as comments';


# a form that is open long, in the article

like $nginx->get($key)->{content}, qr{<button\ class="sc-b">Post\ comment</button>
    \ <button\ class="sc-b"\ formaction="/_social/preview"\ formnovalidate>}x,
    'the form has a button for the preview';
like $nginx->get($key)->{content}, qr{Markdown: \*emphasis\*, `code`, &gt; quote},
    'and says what may be typed';

$nginx->stop;
$nginx->quiet;

done_testing;
