
/* the key of an article, made of a request's path: one page has one key */

#include "unit.h"
#include "social_key.h"


typedef struct {
    const char  *in;
    const char  *key;       /* NULL: declined */
} vector_t;


/* links in a page of https://blog.example:8080/sub, served as host a.example */

static const vector_t  links[] = {
    { "/posts/one/", "/posts/one/" },
    { "/caf%C3%A9/index.html?utm=1#top", "/caf\xc3\xa9/" },
    { "/sub/posts/one/", "/posts/one/" },
    { "/sub?x", "/" },
    { "/sub", "/" },
    { "/subway/", "/subway/" },
    { "https://blog.example:8080/sub/posts/one/", "/posts/one/" },
    { "https://blog.example:8080/posts/one/", "/posts/one/" },
    { "http://BLOG.example:8080/sub/posts/one/?a", "/posts/one/" },
    { "https://blog.example:8080/sub", "/" },
    { "https://blog.example:8080", "/" },
    { "https://blog.example:8080#a", "/" },
    { "https://blog.example/posts/one/", NULL },
    { "https://blog.example:80801/posts/one/", NULL },
    { "https://blog.example.evil:8080/posts/one/", NULL },
    { "https://a.example/posts/one/", "/posts/one/" },
    { "HTTPS://A.example:443/posts/one/", "/posts/one/" },
    { "http://a.example:80/posts/one/", "/posts/one/" },
    { "http://a.example:443/posts/one/", NULL },
    { "//a.example/posts/one/", "/posts/one/" },
    { "//posts/one/", NULL },
    { "https://user@a.example/posts/one/", NULL },
    { "https://b.example/posts/one/", NULL },
    { "https:///posts/one/", NULL },
    { "ftp://a.example/posts/one/", NULL },
    { "posts/one/", NULL },
    { "?a", NULL },
    { "", NULL },
};


static const vector_t  raw[] = {
    { "/", "/" },
    { "/posts/one/", "/posts/one/" },
    { "/posts/one", "/posts/one" },
    { "/Posts/One/", "/Posts/One/" },
    { "/posts/one/?a=1", "/posts/one/" },
    { "/posts/one/?a=1?/../b", "/posts/one/" },
    { "/posts/one/#top", "/posts/one/" },
    { "/posts/one/#top?x", "/posts/one/" },
    { "/?x", "/" },
    { "?x", NULL },
    { "", NULL },
    { "posts/one/", NULL },
    { "*", NULL },
    { "//", "/" },
    { "//posts///one//", "/posts/one/" },
    { "/./posts/./one/.", "/posts/one/" },
    { "/posts/x/../one/", "/posts/one/" },
    { "/posts/x/..", "/posts/" },
    { "/posts/x//../one", "/posts/one" },
    { "/posts/one/...", "/posts/one/..." },
    { "/posts/.one/..two/", "/posts/.one/..two/" },
    { "/posts/a../b./c", "/posts/a../b./c" },
    { "/..", NULL },
    { "/../", NULL },
    { "/../posts/one/", NULL },
    { "/a/../../b", NULL },
    { "//../b", NULL },
    { "/a/../..", NULL },
    { "/%2e%2e/b", NULL },
    { "/a/%2E%2e/b", "/b" },
    { "/a/.%2e/b", "/b" },
    { "/a/%2e/b", "/a/b" },
    { "/a%2fb", "/a/b" },
    { "/a%2F%2fb", "/a/b" },
    { "/a/b/%2e%2e%2fc", "/a/c" },
    { "%2fa", "/a" },
    { "/a%252fb", "/a%2fb" },
    { "/a%25", "/a%" },
    { "/a%3fb", "/a?b" },
    { "/a%23b", "/a#b" },
    { "/a%20b+c", "/a b+c" },
    { "/a;b=c/d", "/a;b=c/d" },
    { "/%61bc", "/abc" },
    { "/a%", NULL },
    { "/a%4", NULL },
    { "/a%4g", NULL },
    { "/a%g4", NULL },
    { "/a%%41", NULL },
    { "/a%4?1", NULL },
    { "/a?%zz", "/a" },
    { "/index.html", "/" },
    { "/index.php?p=1", "/" },
    { "/posts/one/index.html", "/posts/one/" },
    { "/posts/one/index.htm", "/posts/one/" },
    { "/posts/one/index.php", "/posts/one/" },
    { "/posts/one/index%2ehtml", "/posts/one/" },
    { "/posts/one/Index.html", "/posts/one/Index.html" },
    { "/posts/one/index.html/", "/posts/one/index.html/" },
    { "/posts/one/xindex.html", "/posts/one/xindex.html" },
    { "/posts/one/index.html5", "/posts/one/index.html5" },
    { "/index.php/posts/one", "/index.php/posts/one" },
    { "/posts/index.html/index.html", "/posts/index.html/" },
    { "/caf%C3%A9/", "/caf\xc3\xa9/" },
    { "/caf\xc3\xa9/", "/caf\xc3\xa9/" },
    { "/%F0%9F%98%80", "/\xf0\x9f\x98\x80" },
    { "/%F4%8F%BF%BF", "/\xf4\x8f\xbf\xbf" },
    { "/%F4%90%80%80", NULL },
    { "/%ED%9F%BF", "/\xed\x9f\xbf" },
    { "/%ED%A0%80", NULL },
    { "/%C0%AF", NULL },
    { "/%C1%81", NULL },
    { "/%E0%80%AF", NULL },
    { "/%F0%80%80%AF", NULL },
    { "/caf%E9", NULL },
    { "/caf%C3", NULL },
    { "/%E2%82", NULL },
    { "/%80", NULL },
    { "/%FF", NULL },
    { "/a%00b", NULL },
    { "/a%0ab", NULL },
    { "/a%1fb", NULL },
    { "/a\tb", NULL },
    { "/a%7fb", NULL },
    { "/a%C2%80b", NULL },
    { "/a%C2%9Fb", NULL },
    { "/a%C2%A0b", "/a\xc2\xa0" "b" },
    { "/%00/../b", "/b" },
    { "/a%00/b?%00", NULL }
};

static const vector_t  decoded[] = {
    { "/posts/one/", "/posts/one/" },
    { "/a%2fb", "/a%2fb" },
    { "/a%", "/a%" },
    { "/a?b#c", "/a?b#c" },
    { "/a//b/./c/../index.php", "/a/b/" },
    { "/../a", NULL },
    { "a", NULL },
    { "/a\nb", NULL },
    { "/\xc3", NULL }
};


static const char *
run(int (*f)(social_str_t, unsigned char *, size_t *), const void *in,
    size_t n)
{
    size_t        len;
    social_str_t  s;

    static unsigned char  out[SOCIAL_KEY_MAX + 1];

    /* copied, so that the sanitizer sees a read beyond the end */

    unsigned char  *copy = malloc(n ? n : 1);

    memcpy(copy, in, n);
    s.data = copy;
    s.len = n;

    if (f(s, out, &len) != SOCIAL_OK) {
        free(copy);
        return NULL;
    }

    free(copy);
    out[len] = '\0';

    return (char *) out;
}


static void
vectors(const vector_t *v, size_t n,
    int (*f)(social_str_t, unsigned char *, size_t *))
{
    size_t       i;
    const char  *got, *again;
    char         keep[SOCIAL_KEY_MAX + 1];

    for (i = 0; i < n; i++) {
        got = run(f, v[i].in, strlen(v[i].in));
        is_str(got, v[i].key, v[i].in);

        if (got) {
            strcpy(keep, got);
            again = run(social_key_decoded, keep, strlen(keep));

            if (again == NULL || strcmp(again, keep) != 0) {
                ok(0, "the key of the key %s is the same", keep);
            }
        }
    }
}


static void
limits(void)
{
    size_t         i;
    static char    path[SOCIAL_KEY_RAW + 16];

    memset(path, 'a', sizeof(path));
    path[0] = '/';

    ok(run(social_key, path, SOCIAL_KEY_MAX) != NULL, "512 bytes");
    ok(run(social_key, path, SOCIAL_KEY_MAX + 1) == NULL, "513 bytes");

    memcpy(path + SOCIAL_KEY_MAX, "/index.html", 11);
    path[SOCIAL_KEY_MAX - 1] = '/';
    ok(run(social_key, path, SOCIAL_KEY_MAX + 11) != NULL,
       "512 bytes and an index.html");

    for (i = 0; i < 200; i++) {
        memcpy(path + 1 + i * 3, "%41", 3);
    }

    ok(run(social_key, path, 601) != NULL, "601 bytes, 201 decoded");

    memset(path, 'a', sizeof(path));
    path[0] = '/';
    memcpy(path + 1000, "/../b", 5);
    is_str(run(social_key, path, 1005), "/b", "a long path, a short key");

    memset(path, '/', sizeof(path));
    is_str(run(social_key, path, SOCIAL_KEY_RAW), "/", "8192 slashes");
    ok(run(social_key, path, SOCIAL_KEY_RAW + 1) == NULL, "8193 slashes");
    ok(run(social_key_decoded, path, SOCIAL_KEY_RAW + 1) == NULL,
       "8193 slashes, decoded");

    memset(path, 'a', sizeof(path));
    path[0] = '/';
    path[1] = '?';
    is_str(run(social_key, path, sizeof(path)), "/", "a long query");
}


static void
link_vectors(void)
{
    size_t         i, n;
    social_str_t   link;
    unsigned char  out[SOCIAL_KEY_MAX + 1];
    social_str_t   origin = social_string("https://blog.example:8080/sub"),
                   host = social_string("a.example"), none = { 0, NULL };

    for (i = 0; i < social_nelts(links); i++) {
        link.data = (const unsigned char *) links[i].in;
        link.len = strlen(links[i].in);

        if (social_key_link(link, origin, host, out, &n) == SOCIAL_OK) {
            out[n] = '\0';
            ok(links[i].key && strcmp((char *) out, links[i].key) == 0,
               "a link: \"%s\" is \"%s\"", links[i].in, out);

        } else {
            ok(links[i].key == NULL, "a link: \"%s\" is of no article",
               links[i].in);
        }
    }

    link.data = (const unsigned char *) "https:///a/";
    link.len = 11;
    ok(social_key_link(link, none, none, out, &n) == SOCIAL_DECLINED,
       "no host is nobody's host");
}


int
main(void)
{
    social_str_t  good = social_string("/posts/one/"),
                  bad = social_string("/posts//one/"),
                  none = { 0, NULL };

    link_vectors();
    vectors(raw, social_nelts(raw), social_key);
    vectors(decoded, social_nelts(decoded), social_key_decoded);
    limits();

    is_int(social_key_check(good), SOCIAL_OK, "a key is accepted");
    is_int(social_key_check(bad), SOCIAL_DECLINED,
           "a path that is not normalized is refused");
    is_int(social_key_check(none), SOCIAL_DECLINED, "an empty key is refused");

    return done();
}
