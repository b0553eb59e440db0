#!/usr/bin/perl

# Hostile text in every field and in every place that shows it.  A comment's
# HTML must fit a grammar of four elements, a page's tags must be on a list of
# names: what fits cannot run a script, whatever the text was.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use Social;
use Social::Api;
use Test::More;


my $nginx = Social->new(
    files => {
        'posts/a/index.html' => page('A page'),
        'posts/ssi/index.html' => page('SSI'),
        'posts/evil/index.html' => page('</title><script>evil()</script>'
            . '&lt;script&gt;alert(1)&lt;/script&gt; "\'`',
            '<link rel="canonical" href="https://e.example/\'&quot;&gt;&lt;b&gt;'
            . 'onload=x">'),
        'posts/koi/index.html' => page('Koi') =~ s/utf-8/koi8-r/r,
        'posts/utf16/index.html' => page('X') =~ s/utf-8/utf-7/r,
    },
    site => "article ~ ^/posts/;\ncomments open;\nlimit off;",
    server => 'location /posts/ssi/ { ssi on; }',
);

my $key = '/posts/a/';
my %token = map { $_ => $nginx->token($_) } $key, '/posts/ssi/', '/posts/evil/',
    '/posts/koi/';

my $char = qr/[^<>&"'\x00-\x08\x0b-\x1f\x7f-\xff]|&(?:amp|lt|gt|quot|#\d+);/;
my $link = qr{<a\ href="(?:https?://|mailto:)$char+"
              \ rel="nofollow\ ugc\ noopener">}xi;
my $prose = qr{\A(?:$char|$link|</a>|<br>|<hr>|<pre\ tabindex="0">|</pre>
    |<ol\ start="\d+">|</?(?:p|em|strong|code|blockquote|ul|ol|li)>)*\z}sx;

# what Markdown shows in another way than it was typed
my $markdown = qr{[*_`\[\\&~]|<[a-z]+:|<\S+@|\A\#|^\ {0,3}(?:[-+>]|\d+[.)])
    |^(?:\ {4}|\t)|^[=-]+$}mx;


# the elements and attributes that pages of the module may use

my %names = map { $_ => 1 } qw(html head meta title link script body main
    article section h1 h2 h3 div p b i a ol li ul nav form input label textarea
    button details summary small span time bdi strong table br header footer em code
    pre blockquote hr);
my $attribute = qr{\s+(?:accept-charset|action|aria-[a-z]+|autocapitalize|
    autocomplete|charset|class|content|data-[a-z-]+|datetime|defer|dir|disabled|
    for|form|formaction|formnovalidate|hidden|href|id|inputmode|lang|maxlength|
    method|name|placeholder|readonly|rel|required|role|rows|spellcheck|src|start|
    tabindex|type|value|v-pre|ng-non-bindable|x-ignore|hx-disable|hx-boost
    )(?:="[^"<>]*")?}x;

sub tags {
    my ($html, $what) = @_;

    my @bad;

    if (!length($html // '')) {
        fail "$what: is there";
        return;
    }

    $html =~ s/<!DOCTYPE html>//i;
    $html =~ s{<link\ rel="alternate"\ type="application/atom\+xml"
               \ title="[^"<>]*"\ href="[^"<>]*">}{}x;

    while ($html =~ /<([^>]*)>?/g) {
        my $tag = $1;
        push @bad, "<$tag>" if $tag !~ m{^/?([a-z0-9]+)($attribute)*\s*$}s
            || !$names{$1};
    }

    is "@bad[0 .. ($#bad < 3 ? $#bad : 3)]", '',
        "$what: only known tags and attributes";

    my @urls = $html =~ /\s(?:href|src|action|formaction)="([^"]*)"/g;
    is join(' ', grep { !m{^(?:https?://|/|\#|mailto:)}i || m{^//} } @urls), '',
        "$what: no URL that runs a script";

    return;
}

sub ascii {
    my ($text, $what) = @_;

    return is scalar(() = $text =~ /[^\x00-\x7f]/g), 0, "$what: ASCII only";
}

# a page with its comments: on a busy machine one may come with a link to them

sub article {
    my ($path) = @_;

    my $res;

    $nginx->wait_for(sub {
        $res = $nginx->get($path);
        return $res->{content} =~ /<script defer/;
    });

    return $res;
}

my $n = 0;

sub post {
    my (%a) = @_;

    my $article = $a{article} // $key;
    my $form = $n++ % 2 && length($a{text} // '') < 6000;
    my %jar = %{ delete $a{jar} // {} };

    utf8::upgrade($_) for grep { defined } values %a;

    my %fields = (article => $article, token => $token{$article},
                  name => "Ann $n", text => 'x', %a);

    my $res = $form
        ? $nginx->post('comments', \%fields, jar => \%jar,
                       headers => { Accept => 'application/json' })
        : comment($nginx, %fields, jar => \%jar);

    return ($res, \%jar);
}


# A01, A02: a website is an http or https URL, or is refused

my @websites = map { ($_, uc, " $_", "$_\n") } (
    "https://x.y/'onmouseover=alert(1)", 'https://x.y/"onmouseover="alert(1)',
    'https://x.y/`onmouseover=alert(1)', "https://x.y/\tonmouseover=x",
    "https://x.y/\nonmouseover=x", "https://x.y/\r\nonmouseover=x",
    'https://x.y/><script>alert(1)</script>', 'https://x.y/&quot;onload=x',
    "https://x.y/\x{2028}onload=x", "https://x.y/\x{202e}", '//x.y/',
    'https:x.y', 'https:///x.y', 'https://', 'https://x.y:x/', '/x', '#x',
    'https://user:pw@x.y/', 'https://x.y\\@evil.example/',
    'javascript:alert(1)', "java\tscript:alert(1)", "java\nscript:alert(1)",
    "\x01javascript:alert(1)", "\x{200b}javascript:alert(1)",
    'javascript&colon;alert(1)', '&#106;avascript:alert(1)',
    'data:text/html,<script>alert(1)</script>', 'vbscript:msgbox(1)',
    'view-source:https://x.y/', 'blob:https://x.y/', 'file:///etc/passwd',
    'feed:javascript:alert(1)', 'x.y:javascript', 'mailto:a@b.c',
);

my %seen;

for my $website (@websites) {
    my ($res) = post(website => $website);
    my $shown = join ' ', map { sprintf '%02x', ord } split //, $website;
    my $what = $website =~ /[^ -~]/ ? $shown : $website;

    $seen{$res->{status}}++;

    if ($res->{status} == 201) {
        like $res->{json}{comment}{website},
            qr{\Ahttps?://[a-z0-9.\[\]:-]+(?:/[^\s"'<>`\x00-\x20\x7f-\xff\\]*)?\z},
            "A01: $what: accepted as a plain URL";

    } else {
        is $res->{status}, 422, "A02: $what: refused";
    }
}

ok $seen{201} && $seen{422}, 'A02: some are accepted, some refused';


# A03 to A10: text in name and comment

my @texts = (
    '<script>alert(1)</script>', '<img src=x onerror=alert(1)>',
    '"><svg onload=alert(1)>', "'-alert(1)-'", '<!--', '-->', '<![CDATA[x]]>',
    ']]>', '</textarea><script>x</script>', '</script>', '</body></html>',
    '</title>', '</style>', '</noscript>', '</section></article></main>',
    '<!-- social -->', '<section data-social="/x/">', '<plaintext>',
    '<!--# include virtual="/users" -->', '<!--#exec cmd="id"-->',
    '<!--# echo var="DATE_LOCAL" -->', '<?php phpinfo() ?>', '<% 7*7 %>',
    '{{token}}', '{{{html}}}', '{{>form}}', '{{#t}}x{{/t}}', '{{! x }}',
    '${7*7}', '#{7*7}', '{%raw%}', '&lt;b&gt;', '&#x3c;b&#x3e;', '&amp;amp;',
    '&nosemi', '&#0;', '&#xd800;', '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))', '[x](https://e.org "t"onload=x)',
    '[x]: https://e.org', '![x](https://e.org/x.png)', '**_`x`_**', '***',
    '`` ` ``', "```<script>\nx\n```", "```\" onload=x\nx\n```",
    '<https://e.org>', '<a@b.c>', '# h', '> q', "- a\n- b", "1. a\n\n    x",
    'https://e.org/"onmouseover="x', "https://e.org/'onmouseover='x",
    'https://e.org/<script>', 'https://e.org/&quot;x', 'https://e.org/)]}>',
    'https://javascript:alert(1)', 'http://', 'https://[::1]/x', 'https://a',
    'hxxps://e.org', 'ftp://e.org/', 'www.e.org', 'e.org', '//e.org',
    'https://e.org/' . 'a' x 3000, "https://e.org\nhttps://f.org",
    'https://e.org/;https://f.org/', "https://e.org/\x{202e}gpj.exe",
    '@ann', '"quotes" \'smart\' -- ... (c)', ':smile:', "a\tb", "a\n\n\n\nb",
    "\x{202e}desrever\x{202c}", "\x{2067}x\x{2069}", "a\x{200b}b\x{200d}c",
    "\x{feff}x", "Z\x{300}" x 100, "\x{1f468}\x{200d}\x{1f469}", "\x{e000}",
    "\x{fffe}", "\x{10ffff}", "\x{0645}\x{0631}\x{062d}\x{0628}\x{0627}",
    'x' x 10000, "\x{1f600}" x 10000, '&' x 10000, '<' x 10000, '>' x 10000,
    "\n" x 5000 . 'x', '*' x 10000, '_' x 10000, '[' x 10000, '`' x 10000,
    '> ' x 5000, '[x](' x 2500, 'https://a.b/ ' x 700, '<a><b>' x 1600,
    "- \n" x 3000, '\\' x 9999, '$$' x 4000, "a'\"`<>&", '%3Cscript%3E',
    "x\x0b\x0c\x1by", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\x{ff1c}script\x{ff1e}", "\x{2028}\x{2029}", "\x{0}",
);

for my $text (@texts) {
    my $what = length $text > 40 ? substr($text, 0, 20) . '...' : $text;
    $what =~ s/([^ -~]|#)/sprintf '\\x{%x}', ord $1/ge;

    my ($res, $jar) = post(text => $text);

    if ($text eq "\0") {
        is $res->{status}, 400, "A09: $what: refused";
        next;
    }

    if ($res->{status} == 422) {
        like $text, qr/\A[\s\x{200b}-\x{200f}\x{2028}-\x{202e}\x{feff}]*\z|
            \A\n{5000}/x, "A10: $what: refused as empty";
        next;
    }

    is $res->{status}, 201, "A05: $what: accepted" or diag $res->{content};

    like $res->{json}{comment}{html}, $prose,
        "A06: $what: HTML of few elements only";

    my $shown = $res->{json}{comment}{html} =~ s{<br>\n?|</p>\n}{\n}gr
        =~ s/<[^>]*>//gr
        =~ s/&(amp|lt|gt|quot|\#\d+);/
             { amp => '&', lt => '<', gt => '>', quot => '"' }->{$1}
             || chr substr $1, 1/gexr;

    my $typed = $text =~ s/[\x00-\x08\x0b-\x1f\x7f]//gr;
    s/[\s\xa0]+//g for $shown, $typed;
    $typed =~ s/^[\x{200b}\x{feff}]+//;

    is $shown, $typed,
        "A08: $what: shown as typed"
        if $text !~ $markdown && $typed !~ /[^\x00-\x{fffd}]/;

    my $own = $nginx->get("/_social/comments/$res->{json}{comment}{id}",
                          jar => $jar)->{content};
    tags($own, "A08: $what: in the edit box");
    ascii($own, "A08: $what: the edit page");
    is scalar(() = $own =~ m{</textarea>}g), 1,
        "A07: $what: does not close the edit box";
}

tags(article($key)->{content}, 'A07: the article');
ascii(article($key)->{content}, 'A09: the article');
is scalar(() = article($key)->{content} =~ /<script/g), 1,
    'A07: only the widget\'s script';
like article($key)->{content},
    qr{</section></article></main></body></html>\z},
    'A07: no element is left open';

for my $page (1, 2) {
    my $thread = $nginx->get("/_social/thread?article=$key&page=$page")
        ->{content};
    tags($thread, "A07: the thread, page $page");
    ascii($thread, "A09: the thread, page $page");
}


# names

for my $name ('<b>Ann</b>', '"onload="x', "'onload='x", '</b></p>', '{{name}}',
    '<!--# include virtual="/x" -->', '&lt;b&gt;', "A\x{300}\x{301}", 'a@b.c',
    "\x{645}\x{631}\x{62d}\x{628}\x{627}", "\x{1f600}" x 60, '`', '\\', '%00')
{
    my ($res, $jar) = post(name => $name, text => "By $n");
    my $id = $res->{json}{comment}{id};

    is $res->{status}, 201, 'A03: a name is accepted';
    is $res->{json}{comment}{name}, $name, 'A03: a name is stored unchanged';

    my ($node) = article($key)->{content}
        =~ m{(<li class="sc-n" id="comment-$id">.*?</li>)}s;
    tags($node, 'A03: a name in the thread');
    tags($nginx->get("/_social/comments/$id", jar => $jar)->{content},
         'A03: a name on the edit page');
}

for my $name ("a\nb", "a\r\nSet-Cookie: x=y", "a\0b", "a\x1bb", "\x{202e}nnA",
    "a\x{2066}b", "\x{7f}", '')
{
    my ($res) = post(name => $name);
    my $what = join ' ', map { sprintf '%x', ord } split //, $name;

    if ($res->{status} == 201) {
        unlike $res->{json}{comment}{name}, qr/[\x00-\x1f\x7f]/,
            "A32: name $what: no control characters";
    } else {
        like $res->{status}, qr/^4(?:00|22)$/, "A10: name $what: refused";
    }
}


# A04: limits never cut a character in half

for my $len (58 .. 62) {
    my ($res) = post(name => 'n' x ($len - 1) . "\x{1f600}");
    is $res->{status}, $len <= 60 ? 201 : 422, "A04: a name of $len characters";
    is length($res->{json}{comment}{name}), $len,
        'A04: the name is whole' if $len <= 60;
}

for my $len (198 .. 202) {
    my $start = 'https://e.org/';
    my ($res) = post(website => $start . "\x{e9}" x ($len - length $start));
    is $res->{status}, $len <= 200 ? 201 : 422,
        "A04: a website of $len characters";
    is $res->{json}{comment}{website},
        $start . '%C3%A9' x ($len - length $start),
        'A04: the website is whole' if $len <= 200;
}


# A07: the module's own template tags, SSI commands and markers, in comments

my @ssi = ('<!--# include virtual="/users" -->', '<!--# set var="a" value="b" -->'
           . '<!--# echo var="a" -->', '<!-- social -->');

post(article => '/posts/ssi/', text => $_, name => $_) for @ssi[0, 2];
post(article => '/posts/ssi/', text => $ssi[1]);

my $ssi = article('/posts/ssi/')->{content};

like $ssi, qr{&lt;!--\# include virtual=&quot;/users&quot; --&gt;},
    'A07: an SSI command is shown as typed';
unlike $ssi, qr{PLAIN|an error occurred|<!--\#}, 'A07: it is not run';
is scalar(() = $ssi =~ /<section data-social/g), 1,
    'A07: a typed marker adds no second widget';


# A03: hostile titles and links of an article's own page

post(article => '/posts/evil/', text => 'x');

my $evil = $nginx->get('/_social/thread?article=/posts/evil/')->{content};

tags($evil, 'A03: a hostile title in the thread');
tags(article('/posts/evil/')->{content} =~ s/.*(?=<section data)//sr
     =~ s{</section>.*}{}sr, 'A03: a hostile title in the widget');

$nginx->wait_for(sub { $nginx->queue('?format=json')->{content} =~ /alert/ });
tags($nginx->queue('?state=all')->{content},
    'A03: a hostile title in moderation');
ascii($nginx->queue('?state=all')->{content},
    'A03: moderation with a hostile title');
is $nginx->queue('?format=json&state=all')->{status}, 200,
    'A03: moderation as JSON';

my $next = '';

for my $page (1 .. 4) {
    my $list = $nginx->queue("?state=all$next")->{content};

    tags($list, "A03: moderation, page $page");
    $next = $list =~ /(&amp;after=[^"&]+)" rel="next"/ ? $1 =~ s/amp;//r : last;
}

my $status = $nginx->get('/social')->{content};

unlike $status, qr{<script>evil|<script>alert|"'`|onload=x">},
    'A03: a hostile title on the status page';
is $nginx->get('/social?format=json')->{status}, 200, 'A03: the status as JSON';


# A08: a moderator's edit box, and the preview

my ($res) = post(text => "</textarea><script>x</script>{{text}}");

like $nginx->queue('?q=textarea')->{content}, qr{<textarea[^>]*>\n&lt;/textarea
    &gt;&lt;script&gt;x&lt;/script&gt;\{\{text\}\}</textarea>}x,
    'A08: a moderator\'s edit box';
like $nginx->post('preview', { text => join "\n", @texts[0 .. 30] },
                  headers => { Accept => 'application/json' })
    ->{json}{html}, $prose, 'A08: the preview';
tags($nginx->post('preview', { text => join "\n", @texts[0 .. 30] })->{content},
     'A08: the preview as a page');

for my $text ('<script>x</script>', 'https://e.org/"onload="x', '{{t}}') {
    $nginx->moderate({ action => 'edit', id => $res->{json}{comment}{id},
                       text => $text });
    my ($node) = article($key)->{content}
        =~ m{(<li class="sc-n" id="comment-$res->{json}{comment}{id}">.*?</li>)}s;
    tags($node, 'A01: a moderator\'s edit');
}


# A09: pages in other encodings, and bytes that are not UTF-8

like article('/posts/koi/')->{content},
    qr{<form [^>]*accept-charset="utf-8"},
    'A09: forms send UTF-8 from any page';
post(article => '/posts/koi/', text => "\x{444}");
ascii(article('/posts/koi/')->{content}, 'A09: a page in koi8-r');

for my $bytes ('%ff', '%c0%80', '%e0%80%bc', '%ed%a0%80', '%f4%90%80%80', '%00',
    '%c3', '%83%5c', '%fe%ff')
{
    is $nginx->request('POST', '/_social/comments',
        content => Social::form({ article => $key, token => $token{$key},
                                  name => 'Ann' }) . "&text=x$bytes",
        headers => { 'Sec-Fetch-Site' => 'same-origin',
            'Content-Type' => 'application/x-www-form-urlencoded' })->{status},
        400, "A09: $bytes is refused";
}


# A11: no field name shadows a property of its form

my $widget = article($key)->{content};

unlike $widget, qr{\bname="(?:id|action|method|submit|elements|target|reset)"},
    'A11: no field is named like a property of a form';
is scalar(grep { !/^(?:comment-c\d+)$/ } $widget =~ /\sid="([^"]*)"/g), 0,
    'A11: the only ids are those of comments';


# A12: works under a strict Content-Security-Policy

my ($section) = $widget =~ m{(<section data-social.*</section>)}s;

tags($section, 'A12: no inline style or handlers');
is_deeply [ $section =~ /<script[^>]*>([^<]*)/g ], [ '' ],
    'A12: one script by URL, no inline script';


# A13: deep threads

my $parent;

for my $depth (1 .. 60) {
    my ($reply) = post(text => "depth $depth", parent => $parent,
                       article => '/posts/koi/');
    $parent = $reply->{json}{comment}{id};
}

my $deep = article('/posts/koi/')->{content};

like $deep, qr/depth 60/, 'A13: all of a chain of 60 replies is shown';
tags($deep, 'A13: a deep thread');
like $deep, qr{In reply to}, 'A13: deep replies are shown flat';


$nginx->stop;

is scalar($nginx->events(event => 'comment', site => 'blog')) > 100 ? 1 : 0, 1,
    'A40: every line of the log is JSON';
$nginx->quiet;

done_testing;
