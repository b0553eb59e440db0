
/* social_comment_html: paragraphs, links and where they end, escaping, and the
 * number of links */

#include "unit.h"
#include "social_comment_html.h"

#include <time.h>


static void
prose(const char *in, const char *want)
{
    size_t          len;
    social_out_t    out;
    unsigned char  *copy;

    len = strlen(in);
    copy = malloc(len ? len : 1);       /* so that ASan sees the end */
    memcpy(copy, in, len);

    social_comment_html(&out, SOCIAL_PLAIN, copy, len);
    social_out_bytes(&out, "", 1);

    is_str((char *) out.data, want, in);

    social_out_free(&out);
    free(copy);
}


/* an address of so many bytes, which has another one in it */

static void
address(size_t len, int wanted)
{
    char          text[3000];
    social_out_t  out;

    memset(text, 'x', sizeof(text));
    memcpy(text, "http://a.b/http://c.d/", 22);

    social_comment_html(&out, SOCIAL_PLAIN, (unsigned char *) text, len);
    social_out_bytes(&out, "", 1);

    is_int(strstr((char *) out.data, "<a ") != NULL, wanted,
           wanted ? "an address of 2,000 bytes is a link"
                  : "a longer one is none, nor is a part of it");
    ok(strlen((char *) out.data) >= len, "its text is there");

    social_out_free(&out);
}


/* the text with every link as [href|text] */

static void
link_to(const char *in, const char *want)
{
    char           got[1024], *d;
    const char    *p;
    social_out_t   out;

    static const char  rel[] = "\" rel=\"nofollow ugc noopener\">";

    social_comment_html(&out, SOCIAL_PLAIN, (const unsigned char *) in,
                        strlen(in));
    social_out_bytes(&out, "", 1);

    for (p = (char *) out.data + 3, d = got; *p; /* void */ ) {

        if (strncmp(p, "<a href=\"", 9) == 0) {
            *d++ = '[';
            p += 9;

        } else if (strncmp(p, rel, sizeof(rel) - 1) == 0) {
            *d++ = '|';
            p += sizeof(rel) - 1;

        } else if (strncmp(p, "</a>", 4) == 0) {
            *d++ = ']';
            p += 4;

        } else if (strcmp(p, "</p>") == 0) {
            break;

        } else {
            *d++ = *p++;
        }
    }

    *d = '\0';
    is_str(got, want, in);

    social_out_free(&out);
}


static int64_t
rendered(const char *in)
{
    size_t        i;
    int64_t       n;
    social_out_t  out;

    social_comment_html(&out, SOCIAL_PLAIN, (const unsigned char *) in,
                        strlen(in));

    for (i = 0, n = 0; i + 3 <= out.len; i++) {
        n += (memcmp(out.data + i, "<a ", 3) == 0);
    }

    social_out_free(&out);

    return n;
}


/* counts links without rendering, and those that are rendered */

static void
count(const char *in, int64_t want)
{
    int64_t  counted, shown;

    shown = rendered(in);
    counted = (int64_t) social_comment_html_links(
        SOCIAL_PLAIN, (const unsigned char *) in, strlen(in));

    ok(counted == want && shown == want,
       "\"%s\": %" PRId64 " links, %" PRId64 " are shown", in, counted, shown);
}


/* the longest body, of text chosen to be slow, takes less than half a second
 * even with sanitizers */

static void
linear(const char *piece)
{
    size_t          n, k;
    clock_t         start;
    social_out_t    out;
    unsigned char  *text;

    k = strlen(piece);
    text = malloc(SOCIAL_BODY_MAX);

    for (n = 0; n + k <= SOCIAL_BODY_MAX; n += k) {
        memcpy(text + n, piece, k);
    }

    start = clock();
    social_comment_html(&out, SOCIAL_PLAIN, text, n);
    (void) social_comment_html_links(SOCIAL_PLAIN, text, n);

    ok((clock() - start) * 2 < CLOCKS_PER_SEC, "linear: %s", piece);

    social_out_free(&out);
    free(text);
}


int
main(void)
{
    prose("", "");
    prose(" \n\t\n", "");
    prose("a", "<p>a</p>");
    prose("a\nb", "<p>a<br>\nb</p>");
    prose("a\n\nb", "<p>a</p>\n<p>b</p>");
    prose("\n\na\n \n\t\n\nb\n\n", "<p>a</p>\n<p>b</p>");
    prose("  a  \n b", "<p>&#160;&#160;a<br>\n&#160;b</p>");
    prose("a\n\tb\n \tc", "<p>a<br>\n&#160;&#160;&#160;&#160;b<br>\n"
          "&#160;&#160;&#160;&#160;c</p>");
    prose("a  b\tc d", "<p>a&#160; b&#160;&#160;&#160; c d</p>");
    prose("> *a* `b` [c](http://d.e)", "<p>&gt; *a* `b` [c]("
          "<a href=\"http://d.e\" rel=\"nofollow ugc noopener\">http://d.e"
          "</a>)</p>");
    prose("a\r\nb\r\n\r\nc", "<p>a<br>\nb</p>\n<p>c</p>");
    prose("<b>&\"'</b>", "<p>&lt;b&gt;&amp;&quot;&#39;&lt;/b&gt;</p>");
    prose("\xc3\xa9 \xf0\x9f\x98\x80", "<p>&#233; &#128512;</p>");
    prose("a\x01\xff", "<p>a&#65533;&#65533;</p>");
    prose("<!--#include virtual=\"/x\" --> {{x}}",
          "<p>&lt;!--#include virtual=&quot;/x&quot; --&gt; {{x}}</p>");
    prose("https://example.org/",
          "<p><a href=\"https://example.org/\" "
          "rel=\"nofollow ugc noopener\">https://example.org/</a></p>");

    link_to("see http://a.b now", "see [http://a.b|http://a.b] now");
    link_to("HTTPS://A.b/C", "[HTTPS://A.b/C|HTTPS://A.b/C]");
    link_to("http://a.b.", "[http://a.b|http://a.b].");
    address(2000, 1);
    address(2001, 0);
    link_to("http://a.b/c?d=e&f#g!?", "[http://a.b/c?d=e&amp;f#g|"
          "http://a.b/c?d=e&amp;f#g]!?");
    link_to("(http://a.b/)", "([http://a.b/|http://a.b/])");
    link_to("(http://a.b/c_(d)).", "([http://a.b/c_(d)|http://a.b/c_(d)]).");
    link_to("http://a.b/c_(d)", "[http://a.b/c_(d)|http://a.b/c_(d)]");
    link_to("http://a.b/(", "[http://a.b/|http://a.b/](");
    link_to("[http://a.b/x],", "[[http://a.b/x|http://a.b/x]],");
    link_to("http://a.b/...", "[http://a.b/|http://a.b/]...");
    link_to("\xe2\x80\x9chttp://a.b/\xe2\x80\x9d",
          "&#8220;[http://a.b/|http://a.b/]&#8221;");
    link_to("http://a.b/\xe2\x80\xa6", "[http://a.b/|http://a.b/]&#8230;");
    link_to("http://a.b\xc2\xa0x", "[http://a.b|http://a.b]&#160;x");
    link_to("http://a.b/<c>", "[http://a.b/|http://a.b/]&lt;c&gt;");
    link_to("http://a.b/\"onclick=x", "[http://a.b/|http://a.b/]"
          "&quot;onclick=x");
    link_to("http://a.b/'x'y", "[http://a.b/&#39;x&#39;y|"
          "http://a.b/&#39;x&#39;y]");
    link_to("http://a.b/\xc3\xbc?\xc3\xbc", "[http://a.b/%C3%BC?%C3%BC|"
          "http://a.b/&#252;?&#252;]");
    link_to("http://b\xc3\xbc.de/", "[http://b&#252;.de/|http://b&#252;.de/]");
    link_to("http://a.b/\xff", "[http://a.b/|http://a.b/]&#65533;");
    link_to("http://a.b,http://c.d", "[http://a.b,http://c.d|"
          "http://a.b,http://c.d]");
    link_to("http://a.b http://c.d", "[http://a.b|http://a.b] "
          "[http://c.d|http://c.d]");

    /* UTS 58 */

    link_to("https://x.example\xef\xbc\x8c\xe8\xb0\xa2",
          "[https://x.example|https://x.example]&#65292;&#35874;");
    link_to("\xef\xbc\x88https://x.example/a\xef\xbc\x89\xe3\x81\xa7",
          "&#65288;[https://x.example/a|https://x.example/a]&#65289;&#12391;");
    link_to("\xe3\x80\x8chttps://x.example/\xe5\x90\x8d\xe3\x80\x8d",
          "&#12300;[https://x.example/%E5%90%8D|https://x.example/&#21517;]"
          "&#12301;");
    link_to("https://x.example/a\xef\xbc\x88" "b\xef\xbc\x89",
          "[https://x.example/a%EF%BC%88b%EF%BC%89|"
          "https://x.example/a&#65288;b&#65289;]");
    link_to("https://x.example/a\xe3\x80\x82https://y.example",
          "[https://x.example/a|https://x.example/a]&#12290;"
          "[https://y.example|https://y.example]");
    link_to("https://x.example/\xd8\x9f", "[https://x.example/|"
          "https://x.example/]&#1567;");
    link_to("https://x.example/\xd8\x8c\xd9\x83", "[https://x.example/"
          "%D8%8C%D9%83|https://x.example/&#1548;&#1603;]");
    link_to("https://x.example/a\xe0\xa5\xa4", "[https://x.example/a|"
          "https://x.example/a]&#2404;");
    link_to("http://a.b/x](http://c.d)", "[http://a.b/x|http://a.b/x]]("
          "[http://c.d|http://c.d])");
    link_to("http://a.b/[x}y]", "[http://a.b/[x|http://a.b/[x]}y]");
    link_to("http://a.b/\xe2\x80\xaex", "[http://a.b/|http://a.b/]&#8238;x");

    link_to("xhttp://a.b", "xhttp://a.b");
    link_to("http://", "http://");
    link_to("http:// a", "http:// a");
    link_to("http:///x", "http:///x");
    link_to("http://.", "http://.");
    link_to("http://\xe2\x80\xa6", "http://&#8230;");
    link_to("http://user@a.b/", "http://user@a.b/");
    link_to("http://a.b/@user", "[http://a.b/@user|http://a.b/@user]");
    link_to("ftp://a.b javascript:alert(1) data:x www.a.b",
          "ftp://a.b javascript:alert(1) data:x www.a.b");
    link_to("h", "h");
    link_to("htt", "htt");
    link_to("https:/", "https:/");

    count("", 0);
    count("none at all", 0);
    count("http://a.b", 1);
    count("https://a.b and HTTP://c.d", 2);
    count("http://a.b\nhttp://c.d\r\n\r\nhttp://e.f", 3);
    count("www.a.b, http://www.a.b", 1);
    count("http://a.b,http://c.d", 1);
    count("http://a.b, http://c.d", 2);
    count("[url=http://a.b]x[/url]", 1);
    count("[x](http://a.b) [y](http://c.d)", 2);
    count("<a href=\"http://a.b\">http://c.d</a>", 2);
    count("https://web.example/2020/https://a.b/", 1);
    count("https://a.b/?u=https://c.d", 1);
    count("http://", 0);
    count("http://user@a.b", 0);

    /* what ends an address, in front of the next one */

    count("http://a.b`/http://c.d`/http://e.f", 3);
    count("http://a.b`=http://c.d`=http://e.f", 3);
    count("http://a.b\\/http://c.d\\/http://e.f", 3);
    count("http://a.b/\xc2\xa0/http://c.d/\xc2\xa0=http://e.f", 3);
    count("http://a.b/\xe3\x80\x80/http://c.d", 2);
    count("http://a.b/\xe2\x80\xa8/http://c.d", 2);
    count("http://a.b/\xe2\x80\xa9=http://c.d", 2);
    count("http://a.b/\xe1\x9a\x80=http://c.d", 2);

    linear("http://");
    linear("http://a@");
    linear("http://a.b ");
    linear("http://a(");
    linear("http://a)))))))) ");
    linear("http://a.b/.....");
    linear("http://\xe2\x80\xa6");
    linear("(((((((");
    linear("h");
    linear("www.");
    linear("\n");
    linear("\xff");

    return done();
}
