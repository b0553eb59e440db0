
/* social_text_website: what is accepted as a website and its canonical form */

#include "unit.h"
#include "social_text.h"


static void
website(const char *in, const char *want)
{
    int            rc;
    char           what[64];
    size_t         n, len;
    unsigned char *src, *dst;

    len = strlen(in);
    src = malloc(len ? len : 1);
    dst = malloc(SOCIAL_WEBSITE_SIZE + 1);
    memcpy(src, in, len);

    rc = social_text_website(src, len, dst, &n);
    dst[n] = '\0';

    snprintf(what, sizeof(what), "%.50s", in);
    is_str(rc == SOCIAL_OK ? (char *) dst
           : rc == SOCIAL_LIMIT ? "limit" : NULL, want, what);

    free(src);
    free(dst);
}


static void
lengths(void)
{
    size_t  i;
    char    url[1024];

    strcpy(url, "https://a.example/");

    while (strlen(url) < SOCIAL_WEBSITE_MAX) {
        strcat(url, "x");
    }

    website(url, url);
    strcat(url, "x");
    website(url, "limit");

    /* the longest result */

    strcpy(url, "a.b/");

    for (i = 4; i < SOCIAL_WEBSITE_MAX; i++) {
        strcat(url, "\xf0\x9f\x98\x80");
    }

    {
        size_t         n;
        unsigned char *dst = malloc(SOCIAL_WEBSITE_SIZE);

        is_int(social_text_website((unsigned char *) url, strlen(url), dst,
                                   &n), SOCIAL_OK, "200 emojis");
        is_int((int64_t) n, 8 + 4 + 12 * (SOCIAL_WEBSITE_MAX - 4), "length");
        free(dst);
    }

    strcpy(url, "https://");

    for (i = 0; i < 63; i++) {
        strcat(url, "a");
    }

    strcat(url, ".example");
    website(url, url);

    strcpy(url, "https://a");

    for (i = 0; i < 63; i++) {
        strcat(url, "a");
    }

    strcat(url, ".example");
    website(url, NULL);
}


int
main(void)
{
    website("", "");
    website(" \n ", "");
    website("https://example.org", "https://example.org");
    website("https://example.org/", "https://example.org/");
    website("  example.org ", "https://example.org");
    website("//example.org/x", "https://example.org/x");
    website("HTTP://Example.ORG/Path", "http://example.org/Path");
    website("http://example.org:80/", "http://example.org/");
    website("https://example.org:443", "https://example.org");
    website("http://example.org:443/", "http://example.org:443/");
    website("example.org:8080/x?y=1&z#f", "https://example.org:8080/x?y=1&z#f");
    website("example.org.", "https://example.org");
    website("example.org?x", "https://example.org?x");
    website("127.0.0.1", "https://127.0.0.1");
    website("https://example.org/a%20b%", "https://example.org/a%20b%25");
    website("https://example.org/%4", "https://example.org/%254");
    website("https://example.org/{x}|^",
            "https://example.org/%7Bx%7D%7C%5E");
    website("https://example.org/~a/(b)[c]", "https://example.org/~a/(b)[c]");
    website("https://example.org/\xc3\xbc?\xc3\xbc#\xc3\xbc",
            "https://example.org/%C3%BC?%C3%BC#%C3%BC");
    website("https://example.org/@me:x", "https://example.org/@me:x");

    /* Punycode: examples of RFC 3492, and known names */
    website("b\xc3\xbc" "cher.example", "https://xn--bcher-kva.example");
    website("B\xc3\x9c" "CHER.example", "https://xn--bcher-kva.example");
    website("xn--bcher-kva.example", "https://xn--bcher-kva.example");
    website("m\xc3\xbcnchen.de", "https://xn--mnchen-3ya.de");
    website("https://\xd0\xbf\xd1\x80\xd0\xb5\xd0\xb7\xd0\xb8\xd0\xb4\xd0\xb5"
            "\xd0\xbd\xd1\x82.\xd1\x80\xd1\x84/x",
            "https://xn--d1abbgf6aiiy.xn--p1ai/x");
    website("\xe4\xbe\x8b\xe5\xad\x90.\xe6\xb5\x8b\xe8\xaf\x95",
            "https://xn--fsqu00a.xn--0zwm56d");
    website("\xe2\x98\x83.net", "https://xn--n3h.net");
    website("fa\xc3\x9f.de", "https://xn--fa-hia.de");
    website("\xce\x95\xce\xbb.gr", "https://xn--qxam.gr");

    website("https://localhost/", NULL);
    website("example", NULL);
    website("example.", NULL);
    website("https://", NULL);
    website("https:///x.y", NULL);
    website("https://.org", NULL);
    website("https://a..b", NULL);
    website("https://a.b..", NULL);
    website("https://-a.b", NULL);
    website("https://a-.b", NULL);
    website("javascript:alert(1)", NULL);
    website("JavaScript://a.b/%0aalert(1)", NULL);
    website("data:text/html,x.y", NULL);
    website("mailto:a@b.c", NULL);
    website("ftp://a.b/", NULL);
    website("a.b://c.d", NULL);
    website("https://user@a.b/", NULL);
    website("https://user:pw@a.b/", NULL);
    website("https://a.b@evil.example/", NULL);
    website("https:\\\\a.b", NULL);
    website("https://a.b\\@c.d", NULL);
    website("https://a.b/ c", NULL);
    website("https://a.b/\tc", NULL);
    website("https://a.b/\nc", NULL);
    website("https://a.b/\"onclick=x", NULL);
    website("https://a.b/'x", NULL);
    website("https://a.b/`x", NULL);
    website("https://a.b/<x", NULL);
    website("https://a.b/>x", NULL);
    website("https://a.b/\xc2\xa0x", NULL);
    website("https://a.b/\x7f", NULL);
    website("https://a.b:0/", NULL);
    website("https://a.b:65536/", NULL);
    website("https://a.b:/", NULL);
    website("https://a.b:8a/", NULL);
    website("https://[::1]/", NULL);
    website("https://a.b%2ec/", NULL);
    website("https://a!b.c/", NULL);
    website("https://\xef\xbd\x81.b/", NULL);           /* full width */
    website("https://a\xe2\x80\x8b.b/", NULL);          /* zero width */
    website("https://a\xe2\x80\xae.b/", NULL);          /* RLO */
    website("https://a.b/\xff", NULL);

    lengths();

    return done();
}
