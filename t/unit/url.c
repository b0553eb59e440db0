
/*
 * Where references of a page lead (social_url.c): scheme, host and path, and
 * whether two hosts are the same.
 */

#include "social_url.h"
#include "unit.h"


static void
splits(void)
{
    int           has;
    char          got[256];
    size_t        i;
    social_str_t  url, scheme, host, path;

    static const struct {
        const char  *url;
        const char  *want;      /* "scheme host path", or "" */
    } rows[] = {
        { "https://a.example/b?c#d", "https a.example /b?c#d" },
        { "HTTP://A.example:80", "HTTP A.example:80 " },
        { "//a.example/b", " a.example /b" },
        { "\\\\a.example\\b", " a.example \\b" },
        { "/\\a.example/b", " a.example /b" },
        { "https:\\\\a.example/", "https a.example /" },
        { "https://a.example?b", "https a.example ?b" },
        { "https://user@a.example/", "https user@a.example /" },
        { "//", "  " },
        { "/b//c", "" },
        { "b/c", "" },
        { "?b", "" },
        { "", "" },
        { "https:b", "" },
        { "https:/b", "" },
        { "data:text/html,x", "" },
        { "ftp://a.example/", "" },
        { "htt://a.example/", "" },
        { "httpx://a.example/", "" },
        { "1http://a.example/", "" }
    };

    for (i = 0; i < social_nelts(rows); i++) {
        url.data = (const unsigned char *) rows[i].url;
        url.len = strlen(rows[i].url);

        has = social_url_split(url, &scheme, &host, &path);
        got[0] = '\0';

        if (has) {
            snprintf(got, sizeof(got), "%.*s %.*s %.*s", (int) scheme.len,
                     (const char *) scheme.data, (int) host.len,
                     (const char *) host.data, (int) path.len,
                     (const char *) path.data);
        }

        is_str(got, rows[i].want, rows[i].url);
    }
}


static void
hosts(void)
{
    size_t        i;
    social_str_t  a, b, scheme;

    static const struct {
        const char  *a, *b, *scheme;
        int          same;
    } rows[] = {
        { "a.example", "A.Example", "https", 1 },
        { "a.example:443", "a.example", "https", 1 },
        { "a.example", "a.example:80", "http", 1 },
        { "a.example:80", "a.example", "https", 0 },
        { "a.example:443", "a.example", "", 0 },
        { "a.example:8080", "a.example", "http", 0 },
        { "a.example", "b.example", "https", 0 },
        { "a.example", "a.example.evil", "https", 0 },
        { "", "a.example", "https", 0 }
    };

    for (i = 0; i < social_nelts(rows); i++) {
        a.data = (const unsigned char *) rows[i].a;
        a.len = strlen(rows[i].a);
        b.data = (const unsigned char *) rows[i].b;
        b.len = strlen(rows[i].b);
        scheme.data = (const unsigned char *) rows[i].scheme;
        scheme.len = strlen(rows[i].scheme);

        ok(social_url_same_host(a, b, scheme) == rows[i].same,
           "\"%s\", \"%s\" by %s: %s", rows[i].a, rows[i].b, rows[i].scheme,
           rows[i].same ? "the same host" : "different");
    }
}


int
main(void)
{
    splits();
    hosts();

    return done();
}
