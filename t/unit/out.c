
/* social_out: growth, limit, failure, and escaping for HTML and URLs */

#include "unit.h"
#include "social_out.h"


typedef void (*put_pt)(social_out_t *out, const unsigned char *data,
    size_t len);


static void
put(put_pt fn, const char *in, size_t len, const char *want, const char *what)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    fn(&out, (const unsigned char *) in, len);
    social_out_bytes(&out, "", 1);

    is_str(out.failed ? "failed" : (char *) out.data, want, what);

    social_out_free(&out);
}


static void
out_path(social_out_t *out, const unsigned char *data, size_t len)
{
    social_out_public(out, NULL, data, len);
}


#define html(in, want)   put(social_out_html, in, sizeof(in) - 1, want,       \
                             "html: " want)
#define ascii(in, want)  put(social_out_ascii, in, sizeof(in) - 1, want,      \
                             "ascii: " want)
#define query(in, want)  put(social_out_query, in, sizeof(in) - 1, want,      \
                             "query: " want)
#define path(in, want)   put(out_path, in, sizeof(in) - 1, want,       \
                             "path: " want)


static void
public(const char *base, const char *in, const char *want)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_public(&out, base, (const unsigned char *) in, strlen(in));

    ok(!out.failed && out.len == strlen(want)
       && memcmp(out.data, want, out.len) == 0, "public: %s", want);

    social_out_free(&out);
}


static void
numbers(void)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_int(&out, 0);
    social_out_text(&out, " ");
    social_out_int(&out, -1);
    social_out_text(&out, " ");
    social_out_int(&out, INT64_MAX);
    social_out_text(&out, " ");
    social_out_int(&out, INT64_MIN);
    social_out_bytes(&out, "", 1);

    is_str((char *) out.data,
           "0 -1 9223372036854775807 -9223372036854775808", "integers");

    social_out_free(&out);
}


static void
limits(void)
{
    size_t        i;
    social_out_t  out;

    social_out_init(&out, 100000);

    for (i = 0; i < 10000; i++) {
        social_out_text(&out, "0123456789");
    }

    ok(!out.failed && out.len == 100000, "the buffer grows up to its limit");
    ok(out.data[99999] == '9', "... and keeps what was written");

    social_out_text(&out, "");
    ok(!out.failed, "writing nothing at the limit succeeds");

    social_out_text(&out, "x");
    ok(out.failed && out.len == 100000, "one byte beyond the limit fails");

    social_out_free(&out);
    ok(!out.failed && out.data == NULL && out.len == 0,
       "after free it is empty and has not failed");

    social_out_init(&out, 5);
    social_out_text(&out, "123");
    social_out_text(&out, "456");
    ok(out.failed && out.len == 3,
       "text that does not fit is not written in part");
    social_out_text(&out, "4");
    is_int((int64_t) out.len, 3, "after a failure nothing is written");
    social_out_free(&out);

    social_out_init(&out, 0);
    social_out_text(&out, "x");
    ok(out.failed && out.data == NULL, "a limit of 0");
    social_out_free(&out);

    social_out_init(&out, SIZE_MAX);
    social_out_text(&out, "x");
    ok(!out.failed && out.len == 1, "no limit");
    social_out_free(&out);
}


int
main(void)
{
    numbers();
    limits();

    put(social_out_html, NULL, 0, "", "html: no data");
    put(social_out_ascii, NULL, 0, "", "ascii: no data");
    put(social_out_query, NULL, 0, "", "query: no data");

    html("", "");
    html("plain text\n\tline", "plain text\n\tline");
    html("<a href=\"x\" b='y'>&amp;",
         "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
    html("\xc3\xa9", "&#233;");
    html("\xe2\x82\xac!", "&#8364;!");
    html("\xf0\x9f\x98\x80", "&#128512;");
    html("\xc2\xa0", "&#160;");
    html("a\0b", "a&#65533;b");
    html("\x01\x1f\x7f", "&#65533;&#65533;&#65533;");
    html("a\r\nb\r\r\n\n\rc\r", "a\nb\n\n\n\nc\n");
    html("\xc2\x80", "&#65533;");                       /* C1 */
    html("\xef\xbf\xbe\xef\xb7\x90", "&#65533;&#65533;");
    html("\xef\xbf\xbd", "&#65533;");
    html("\xff", "&#65533;");
    html("\xc0\xaf", "&#65533;&#65533;");               /* overlong "/" */
    html("\xed\xa0\x80", "&#65533;&#65533;&#65533;");   /* surrogate */
    html("\xf4\x90\x80\x80", "&#65533;&#65533;&#65533;&#65533;");
    html("\xe2\x82", "&#65533;");
    html("\xe2\x82<", "&#65533;&lt;");
    html("<!--#include virtual='/x' -->{{x}}",
         "&lt;!--#include virtual=&#39;/x&#39; --&gt;{{x}}");

    ascii("<p title=\"x\">\xc3\xa9</p>\r\n", "<p title=\"x\">&#233;</p>\r\n");
    ascii("\xff", "&#65533;");

    query("", "");
    query("AZaz09-._~", "AZaz09-._~");
    query("a b+c&d=e/f?g#h%", "a%20b%2Bc%26d%3De%2Ff%3Fg%23h%25");
    query("\xc3\xa9\xff\"'", "%C3%A9%FF%22%27");
    query("a\0b", "a%00b");

    path("/posts/a b/", "/posts/a%20b/");
    path("/a:b@c/d;e,f=1!$&'()*+", "/a:b@c/d;e,f=1!$&'()*+");
    path("/%41?x#y\"<>", "/%2541%3Fx%23y%22%3C%3E");
    path("/\xc3\xbc", "/%C3%BC");
    path("/\0", "/%00");

    public(NULL, "/a b", "/a%20b");
    public("", "/a b", "/a%20b");
    public("/My/Blog", "/a b", "/My/Blog/a%20b");

    return done();
}
