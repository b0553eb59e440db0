
/* social_markdown, social_link and social_prose: Markdown as HTML, what is not
 * written, hostile texts, links and their number, white space, limits */

#include "markdown_check.h"
#include "social_comment_html.h"
#include "social_markdown.h"
#include "unit.h"


#define REL  "\" rel=\"nofollow ugc noopener\">"


/* the HTML, malloc'ed, without the newline at its end */

static char *
render(const char *in, size_t len)
{
    social_out_t    out;
    unsigned char  *copy;

    copy = malloc(len ? len : 1);       /* so that ASan sees the end */
    memcpy(copy, in, len);

    social_comment_html(&out, SOCIAL_MARKDOWN, copy, len);
    social_out_bytes(&out, "", 1);
    free(copy);

    return (char *) out.data;
}


static void
md(const char *in, const char *want)
{
    char  *got;

    got = render(in, strlen(in));
    is_str(got, want, in);
    free(got);
}


/* whatever it is, it is safe, and as many links are counted as shown */

static void
safe(const char *in, size_t len, const char *what)
{
    char        *got;
    size_t       links, counted;
    const char  *bad;

    got = render(in, len);
    bad = check_html(got, strlen(got), &links);
    counted = social_comment_html_links(SOCIAL_MARKDOWN,
                                        (const unsigned char *) in, len);

    if (!ok(bad == NULL && (counted == links || links == 0), "safe: %s", what))
    {
        printf("#   %zu links, %zu counted, wrong from: %.60s\n", links,
               counted, bad ? bad : "");
    }

    free(got);
}


static void
count(const char *in, int64_t want)
{
    is_int((int64_t) social_comment_html_links(
               SOCIAL_MARKDOWN, (const unsigned char *) in, strlen(in)), want,
           in);
    safe(in, strlen(in), in);
}


static void
test_elements(void)
{
    md("", "");
    md("a", "<p>a</p>");
    md("a\nb", "<p>a<br>\nb</p>");
    md("a  \nb", "<p>a<br>\nb</p>");
    md("a\\\nb", "<p>a<br>\nb</p>");
    md("a\n\nb", "<p>a</p>\n<p>b</p>");
    md("*a* **b** _c_ __d__", "<p><em>a</em> <strong>b</strong> <em>c</em> "
       "<strong>d</strong></p>");
    md("snake_case_name 2*3*4", "<p>snake_case_name 2<em>3</em>4</p>");
    md("`a  <b>`", "<p><code>a  &lt;b&gt;</code></p>");
    md("```c\nint  a;\n\tb\n```", "<pre tabindex=\"0\"><code>int  a;\n\tb\n"
       "</code></pre>");
    md("    code\n      more", "<pre tabindex=\"0\"><code>code\n  more\n"
       "</code></pre>");
    md("> a\n> b", "<blockquote>\n<p>a<br>\nb</p>\n</blockquote>");
    md("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
    md("7. a\n8. b", "<ol start=\"7\">\n<li>a</li>\n<li>b</li>\n</ol>");
    md("- a\n  1. b", "<ul>\n<li>a<ol>\n<li>b</li>\n</ol>\n</li>\n</ul>");
    md("a\n\n***", "<p>a</p>\n<hr>");

    /* what comments do not have */

    md("# a", "<p><strong>a</strong></p>");
    md("a\n===", "<p><strong>a</strong></p>");
    md("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>");
    md("<div>\n*a*\n</div>", "<p>&lt;div&gt;<br>\n<em>a</em><br>\n"
       "&lt;/div&gt;</p>");
    md("![a *b*](https://e.org/i.png)", "<p><a href=\"https://e.org/i.png" REL
       "a <em>b</em></a></p>");
    md("![](https://e.org/i.png)", "<p><a href=\"https://e.org/i.png" REL
       "https://e.org/i.png</a></p>");
    md("|a|b|\n|-|-|\n|c|d|", "<p>|a|b|<br>\n|-|-|<br>\n|c|d|</p>");
    md("~~a~~ - [ ] x", "<p>~~a~~ - [ ] x</p>");

    /* entities */

    md("&copy; &amp; &lt;b&gt; &quot;", "<p>&#169; &amp; &lt;b&gt; &quot;</p>");
    md("&ngE; &nosuch; &copy", "<p>&#8807;&#824; &amp;nosuch; &amp;copy</p>");
    md("&#0; &#xd800; &#1114112; &#x22;", "<p>&#65533; &#65533; &#65533; "
       "&quot;</p>");
    md("&AElig; &zwnj; &aacute; &zwj;", "<p>&#198; &#8204; &#225; &#8205;</p>");
    md("\xc3\xa9 \xf0\x9f\x98\x80 \xff", "<p>&#233; &#128512; &#65533;</p>");
}


static void
test_space(void)
{
    md("Roses are red,\n  violets are blue,\n\tsugar", "<p>Roses are red,<br>\n"
       "&#160;&#160;violets are blue,<br>\n&#160;&#160;&#160;&#160;sugar</p>");
    md("  a\n b", "<p>&#160;&#160;a<br>\n&#160;b</p>");
    md("a   b\tc", "<p>a&#160;&#160; b&#160;&#160;&#160; c</p>");
    md("> a\n>   b\nc", "<blockquote>\n<p>a<br>\n&#160;&#160;b<br>\nc</p>\n"
       "</blockquote>");
    md("- a\n  b\n    c", "<ul>\n<li>a<br>\nb<br>\n&#160;&#160;c</li>\n</ul>");
    md("a\n  *b*\n    [c](https://e.org)", "<p>a<br>\n&#160;&#160;<em>b</em>"
       "<br>\n&#160;&#160;&#160;&#160;<a href=\"https://e.org" REL
       "c</a></p>");
    md("a\n   `b`  c", "<p>a<br>\n&#160;&#160;&#160;<code>b</code>&#160; c"
       "</p>");
    md("- [a](/\n  'x')\n  b", "<ul>\n<li>a<br>\nb</li>\n</ul>");
}


static void
test_links(void)
{
    md("[a](https://e.org/?b&c \"t\")", "<p><a href=\"https://e.org/?b&amp;c"
       REL "a</a></p>");
    md("[a]\n\n[a]: <https://e.org/a b>", "<p><a href=\"https://e.org/a%20b" REL
       "a</a></p>");
    md("<https://e.org> <a@b.c>", "<p><a href=\"https://e.org" REL
       "https://e.org</a> <a href=\"mailto:a@b.c" REL "a@b.c</a></p>");
    md("[a](mailto:x@y.z?subject=b)", "<p><a href=\"mailto:x@y.z?subject=b" REL
       "a</a></p>");
    md("[](https://e.org)", "<p><a href=\"https://e.org" REL
       "https://e.org</a></p>");
    md("[a https://b.c](https://e.org)", "<p><a href=\"https://e.org" REL
       "a https://b.c</a></p>");
    md("[a ![b](https://i.org)](https://e.org)", "<p><a href=\"https://e.org"
       REL "a b</a></p>");
    md("*https://e.org/a_b_c*", "<p><em><a href=\"https://e.org/a_b_c" REL
       "https://e.org/a_b_c</a></em></p>");
    md("https://e.org/?a&amp;b\\_c", "<p><a href=\"https://e.org/?a&amp;b_c"
       REL "https://e.org/?a&amp;b_c</a></p>");
    md("`https://e.org`", "<p><code>https://e.org</code></p>");
    md("https://x.example\xef\xbc\x8c\xe8\xb0\xa2", "<p><a href=\""
       "https://x.example" REL "https://x.example</a>&#65292;&#35874;</p>");
    md("(https://e.org/a_(b))", "<p>(<a href=\"https://e.org/a_(b)" REL
       "https://e.org/a_(b)</a>)</p>");
    md("[a](https://e\xc3\xa9.org/\xc3\xa9)", "<p><a href=\"https://e&#233;"
       ".org/%C3%A9" REL "a</a></p>");
    md("[a](http://[::1]/x)", "<p><a href=\"http://[::1]/x" REL "a</a></p>");

    /* no links */

    md("[a](/b) [c](javascript:alert(1)) [d](//e.org)", "<p>a c d</p>");
    md("[a](https://u@e.org) [b](https:e.org) [c](http://)", "<p>a b c</p>");
    md("[a](java&#115;cript:x) [b](https&colon;//e.org)", "<p>a <a href=\""
       "https://e.org" REL "b</a></p>");
    md("[a](https://e.org\\\\@f.org)", "<p>a</p>");
    md("map<std::string,int> <data:x>", "<p>map&lt;std::string,int&gt; "
       "&lt;data:x&gt;</p>");
    md("[a](<javascript:x>)", "<p>a</p>");

    count("none", 0);
    count("https://a.b [c](https://d.e) <https://f.g> <h@i.j>", 4);
    count("[a] [a] [b][a]\n\n[a]: https://e.org", 3);
    count("[a](javascript:x) `https://a.b`\n\n    https://c.d", 0);
    count("![a](https://e.org/i.png)", 1);
    count("https&#58;//a.b h\\ttps://c.d", 1);
    count("[![a](https://b.c)](https://d.e)", 1);
}


static void
test_hostile(void)
{
    size_t  i;

    static const char *const  texts[] = {
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>", "<!-- x --> --> <![CDATA[x]]> ]]>",
        "</textarea></script></body><plaintext>", "<!-- social -->",
        "<!--# include virtual=\"/x\" -->", "{{token}} {{{html}}} ${7*7}",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:x)", "[x](\x01javascript:x)", "[x](<java\nscript:x>)",
        "[x](&#106;avascript:x)", "[x](javascript&colon;x)",
        "[x](data:text/html,<script>)", "[x](vbscript:x)", "[x](//e.org)",
        "[x](https://e.org \"t\"onload=x)", "[x](https://e.org/\"onload=x)",
        "[x](https://e.org/'onload='x)", "[x](https://e.org/`onload=x)",
        "[x](https://e.org 'a\" onload=\"x')", "[x](<https://e.org/\"><b>>)",
        "[x](https://e.org/&quot;onload=x)", "[x](https://e.org\" onload=x)",
        "[x][\"onload=x]\n\n[\"onload=x]: https://e.org", "<https://e.org/\">",
        "![x\" onerror=\"y](https://e.org)", "![x](x\" onerror=\"y)",
        "```\" onload=x\ny\n```", "~~~<script>\ny\n~~~", "`` ` <b> ``",
        "https://e.org/\"onmouseover=\"x", "https://e.org/<script>",
        "[https://e.org/](https://f.org/\"x)", "[a](https://e.org)<b>[c](x",
        "[x](https://e.org/&#10;onload=x)", "[x](https://e.org/&#0;)",
        "[x](https://e&NewLine;.org)", "[x](https://e.org&lt;b&gt;)",
        "[x](mailto:\"><b>)", "<mailto:a\"b@c.d>", "[x](mailto:a&#34;b)",
        "**[_`*](https://e.org)`_**", "[[[[](](](](", "![![![a](b)](c)](d)",
        "> - 1. > - 1. > - 1. > a", "* * * * * * * * * * * * a",
        "- a\n\n      <b>\n\n  c", "1000000000. a\n999999999. b",
        "[\xe2\x80\xae](https://e.org/\xe2\x80\xae)", "\xef\xbb\xbf# a",
        "+ADw-script+AD4-", "\xff\xfe<b>", "&#x3c;script&#x3e;",
        "&lt;script&gt;", "\\<b\\>", "<a href=\"javascript:x\">y</a>",
        "<a href='https://e.org' onclick=x>y</a>", "a<br onload=x>b"
    };

    for (i = 0; i < social_nelts(texts); i++) {
        safe(texts[i], strlen(texts[i]), texts[i]);
    }

    safe("a\0b <c\0>", 8, "with NUL");
}


/* the most that a reader can send, of one piece */

static void
test_limits(void)
{
    char        *text, *got;
    size_t       i, n, links;
    const char  *p;
    unsigned     deep;

    static const char *const  pieces[] = {
        "[", "]", "*", "_", "`", ">", "> ", "<", "&", "\\", "![", "[x](", "- ",
        "* a ", "1. ", "- a\n", "-\n+\n", "\n", "[a]", "[](", "]()", "**a ",
        "*a _b ", "<a@b.c>", "<http:a", "http://a.b ", "[x](http://a.b) ",
        "```\n", "    a\n\n", "&#1;", "&ngE;", "\t", "  ", "a  b ", "\"",
        "# a\n", "a\n=\n", "***\n", "`a`", "~~~\n\n", "\xf0\x9f\x98\x80"
    };

    text = malloc(SOCIAL_BODY_MAX);

    for (i = 0; i < social_nelts(pieces); i++) {
        for (n = 0; n + strlen(pieces[i]) <= SOCIAL_BODY_MAX;
             n += strlen(pieces[i]))
        {
            memcpy(text + n, pieces[i], strlen(pieces[i]));
        }

        safe(text, n, pieces[i]);
    }

    memset(text, '>', 100);
    got = render(text, 101);

    for (deep = 0, p = got; (p = strstr(p, "<blockquote>")); p++) {
        deep++;
    }

    is_int(deep, SOCIAL_MARKDOWN_NESTED, "quotes nest to a limit");
    free(got);

    /* a long address, used often, would make megabytes */

    n = (size_t) snprintf(text, SOCIAL_BODY_MAX, "[a]: http://a.b/%01900d\n\n",
                          0);
    while (n + 4 < 20000) {
        memcpy(text + n, "[a] ", 4);
        n += 4;
    }

    safe(text, n, "a long reference, often");
    got = render(text, n);
    ok(strlen(got) <= SOCIAL_COMMENT_HTML_MAX(n), "the HTML is bounded");
    ok(check_html(got, strlen(got), &links) == NULL && links == 0,
       "... and shown as typed");
    ok(social_comment_html_links(SOCIAL_MARKDOWN, (unsigned char *) text, n)
       > 100, "... but held for its links");
    free(got);

    n = (size_t) snprintf(text, SOCIAL_BODY_MAX, "[a](http://a.b/%02020d)", 0);
    safe(text, n, "an address of more than 2,000 bytes");
    is_int((int64_t) social_comment_html_links(
               SOCIAL_MARKDOWN, (unsigned char *) text, n), 0,
           "... is no link");

    free(text);
}


int
main(void)
{
    test_elements();
    test_space();
    test_links();
    test_hostile();
    test_limits();

    return done();
}
