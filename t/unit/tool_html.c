
/*
 * HTML of other systems as Markdown (src/tool/html): hostile and broken HTML,
 * and that whatever is stored as Markdown reads as the same.
 */

#include "social_comment_html.h"
#include "social_text.h"
#include "social_tool_html_state.h"
#include "unit.h"


static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.len = strlen(text);
    s.data = (const unsigned char *) text;

    return s;
}


static int
converts(const char *html, const char *want, social_format_e format)
{
    int                 good;
    social_out_t        out;
    social_tool_lost_t  lost;

    memset(&lost, 0, sizeof(lost));
    good = (social_tool_html(&out, str(html), &lost) == format);
    social_out_bytes(&out, "", 1);
    good = good && strcmp((const char *) out.data, want) == 0;

    if (!good) {
        printf("# got \"%s\"\n", (const char *) out.data);
    }

    social_out_free(&out);

    return good;
}


static const struct {
    const char       *html, *text;
    social_format_e   format;
} cases[] = {
    { "", "", SOCIAL_MARKDOWN },
    { "a", "a", SOCIAL_MARKDOWN },
    { " a \t b ", "a b", SOCIAL_MARKDOWN },
    { "a&nbsp;b &lt;i&gt; &#42; &unknown; & &#0;x",
      "a b \\<i> \\* \\&unknown; & "
      "\xef\xbf\xbdx", SOCIAL_MARKDOWN },
    { "<p>a<p>b", "a\n\nb", SOCIAL_MARKDOWN },
    { "a<br><br>b<br/>c<br>", "a\n\nb\nc", SOCIAL_MARKDOWN },
    { "a\n<br>\nb", "a\nb", SOCIAL_MARKDOWN },
    { "<b>a</b><i>b</i>", "**a***b*", SOCIAL_MARKDOWN },
    { "<em>a</em><b>\"b\"</b>c", "a\"b\"c", SOCIAL_MARKDOWN },
    { "<b> a </b>b", "**a** b", SOCIAL_MARKDOWN },
    { "<b><i>x</i></b>", "***x***", SOCIAL_MARKDOWN },
    { "</b></p></ul>a", "a", SOCIAL_MARKDOWN },
    { "a < b <3 <= c", "a < b \\<3 <= c", SOCIAL_MARKDOWN },
    { "<a", "", SOCIAL_MARKDOWN },
    { "x<!-- <b> -->y<!DOCTYPE z>", "xy", SOCIAL_MARKDOWN },
    { "<pre>a\n\n  b ``` c</pre>", "````\na\n\n  b ``` c\n````",
      SOCIAL_MARKDOWN },
    { "<code>`</code>", "`` ` ``", SOCIAL_MARKDOWN },
    { "<ul><li>a<ul><li>b</ul><li>c</ul>", "- a\n  - b\n- c", SOCIAL_MARKDOWN },
    { "<ol><li>a<li>b</ol><ol><li>c</ol>", "1. a\n2. b\n\n1) c",
      SOCIAL_MARKDOWN },
    { "<li>a", "- a", SOCIAL_MARKDOWN },
    { "<blockquote>a<ul><li>b</ul></blockquote>c", "> a\n> \n> - b\n\nc",
      SOCIAL_MARKDOWN },
    { "<hr>a", "___\n\na", SOCIAL_MARKDOWN },
    { "# a\n- b\n1. c\n> d\n    e", "\\# a\n\\- b\n1\\. c\n\\> d\ne",
      SOCIAL_MARKDOWN },
    { "http://x.example/a_b_c*d", "<http://x.example/a_b_c*d>",
      SOCIAL_MARKDOWN },
    { "<a href='http://x.example/'>http://x.example/</a>", "http://x.example/",
      SOCIAL_MARKDOWN },
    { "<a href=http://x.example/?a=1&amp;b=2>t</a>",
      "[t](<http://x.example/?a=1&b=2>)", SOCIAL_MARKDOWN },
    { "<a href='http://x.example/\">(x'>t</a>",
      "[t](<http://x.example/%22%3E(x>)", SOCIAL_MARKDOWN },
    { "<a href='//x.example'>t</a><a name=x>u</a>", "tu", SOCIAL_MARKDOWN },
    { "<a href=http://x.example><b>t</b></a>", "[**t**](<http://x.example>)",
      SOCIAL_MARKDOWN },
    { "<iframe src=x>y</iframe>z<svg><p>q</svg>", "z", SOCIAL_MARKDOWN },
    { "<script>alert('</b>')", "", SOCIAL_MARKDOWN },
    { "<img src=x.png alt='&lt;b&gt;'>", "\\<b>", SOCIAL_MARKDOWN }
};


static void
test_cases(void)
{
    size_t  i;

    for (i = 0; i < social_nelts(cases); i++) {
        ok(converts(cases[i].html, cases[i].text, cases[i].format), "%s",
           cases[i].html);
    }
}


/* depth, and repetitions, need no more than linear work and room */

static void
test_large(void)
{
    char                *html;
    size_t               i, n;
    social_out_t         out;
    social_str_t         text;
    static const char   *parts[] = { "<blockquote>", "<ul><li>", "<b>", "<p>",
                                     "<a href=http://x.example>", "<pre>",
                                     "*", "[", "`", "<i>x</i>", "&lt;", "\n",
                                     "</ul>", "http://x.example/_" };

    for (i = 0; i < social_nelts(parts); i++) {
        n = strlen(parts[i]);
        html = malloc(20000 * n + 2);

        for (text.len = 0; text.len < 20000 * n; text.len += n) {
            memcpy(html + text.len, parts[i], n);
        }

        html[text.len++] = 'x';
        text.data = (unsigned char *) html;

        (void) social_tool_html(&out, text, NULL);
        ok(!out.failed, "20,000 times %s", parts[i]);
        social_out_free(&out);
        free(html);
    }
}


static void
test_is_html(void)
{
    ok(social_tool_html_is(str("<p>a</p>")), "a paragraph is HTML");
    ok(social_tool_html_is(str("a<BR>b")), "a break is HTML");
    ok(!social_tool_html_is(str("use `<p>`")), "code about HTML is not");
    ok(!social_tool_html_is(str("a < b, <3")), "less is not");
    ok(!social_tool_html_is(str("")), "nothing is not");
}


int
main(void)
{
    test_cases();
    test_large();
    test_is_html();

    return done();
}
