
/* share tags: making, checking, removing from query strings */

#include "unit.h"
#include "social_tag.h"


static unsigned char  secret[SOCIAL_SECRET], other[SOCIAL_SECRET];


typedef struct {
    const char  *in;
    const char  *out;       /* NULL: nothing is removed */
    const char  *first;
} vector_t;


static const vector_t  vectors[] = {
    { "shared=x.20000.abc", "", "x.20000.abc" },
    { "a=1&shared=x.20000.abc", "a=1", "x.20000.abc" },
    { "shared=x.20000.abc&a=1", "a=1", "x.20000.abc" },
    { "a=1&shared=x.20000.abc&b=2", "a=1&b=2", "x.20000.abc" },
    { "a&shared=x.1.A-_z&&b&", "a&&b&", "x.1.A-_z" },
    { "shared=x.1.a&shared=1&shared=vk.2.b", "shared=1", "x.1.a" },
    { "shared=google-bookmarks.1.a&s=shared=x.1.a", "s=shared=x.1.a",
      "google-bookmarks.1.a" },
    { "&shared=x.1.a", "", "x.1.a" },
    { "shared=x.1.a&", "", "x.1.a" },
    { "", NULL, NULL },
    { "a=1&b=2", NULL, NULL },
    { "shared=1", NULL, NULL },
    { "shared=", NULL, NULL },
    { "shared", NULL, NULL },
    { "shared=x.1", NULL, NULL },
    { "shared=x.1.", NULL, NULL },
    { "shared=x..a", NULL, NULL },
    { "shared=.1.a", NULL, NULL },
    { "shared=X.1.a", NULL, NULL },
    { "shared=1.1.a", NULL, NULL },
    { "shared=x.1.a.b", NULL, NULL },
    { "shared=x.1a.a", NULL, NULL },
    { "shared=x.1.a%41", NULL, NULL },
    { "shared=x.12345678901.a", NULL, NULL },
    { "unshared=x.1.a", NULL, NULL },
    { "sharedx=x.1.a", NULL, NULL },
    { "Shared=x.1.a", NULL, NULL }
};


static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


static int
check(const char *tag, uint32_t today)
{
    int                      rc;
    const social_network_t  *net = NULL;

    rc = social_tag_check(secret, str(tag), today, &net);

    if ((rc == SOCIAL_OK) != (net != NULL)) {
        ok(0, "a network is set if the tag is good, only then");
    }

    return rc;
}


static void
strip(void)
{
    char          *out;
    size_t         i, n, len;
    social_str_t   first, args;

    for (i = 0; i < social_nelts(vectors); i++) {
        args = str(vectors[i].in);
        out = malloc(args.len + 1);
        len = 0;

        n = social_tag_strip(args, (unsigned char *) out, &len, &first);

        if (n == 0) {
            ok(vectors[i].out == NULL, "stays: \"%s\"", vectors[i].in);

        } else {
            out[len] = '\0';
            is_str(out, vectors[i].out, vectors[i].in);
            ok(first.len == strlen(vectors[i].first)
               && memcmp(first.data, vectors[i].first, first.len) == 0,
               "its first value is %s", vectors[i].first);
        }

        free(out);
    }

    args.data = NULL;
    args.len = 0;
    is_int((int64_t) social_tag_strip(args, NULL, &len, &first), 0,
           "no query string");
}


int
main(void)
{
    int       bad;
    char      t[SOCIAL_TAG_MAX], u[SOCIAL_TAG_MAX + 8];
    size_t    i, n;
    unsigned  all;
    social_str_t  value;
    const social_network_t  *net, *got;

    memset(secret, 7, sizeof(secret));
    memset(other, 8, sizeof(other));

    net = social_network_find(str("mastodon"));
    is_int(social_tag_make(secret, net, 20779, t), SOCIAL_OK, "a tag");
    ok(strncmp(t, "mastodon.20779.", 15) == 0
       && strlen(t) == 15 + SOCIAL_MAC_TEXT, "its form: %s", t);

    is_int(check(t, 20779), SOCIAL_OK, "good on its day");
    is_int(check(t, 20778), SOCIAL_OK, "good where it is still the day before");
    is_int(check(t, 20777), SOCIAL_LIMIT, "not good two days before");
    is_int(check(t, 20779 + 400), SOCIAL_OK, "good after 400 days");
    is_int(check(t, 20779 + 401), SOCIAL_LIMIT, "too old after 401");

    n = strlen(t);

    for (i = 0, bad = 0; i < n; i++) {
        strcpy(u, t);
        u[i] ^= 1;
        bad += (check(u, 20779) == SOCIAL_OK);
        u[i] = '\0';
        bad += (check(u, 20779) != SOCIAL_DECLINED);
    }

    is_int(bad, 0, "every changed or shortened tag is refused");

    sprintf(u, "%sA", t);
    is_int(check(u, 20779), SOCIAL_DECLINED, "a MAC with one character more");
    sprintf(u, "mastodon.020779%s", t + 14);
    is_int(check(u, 20779), SOCIAL_DECLINED, "a leading zero");
    sprintf(u, "mastodon.20780%s", t + 14);
    is_int(check(u, 20780), SOCIAL_DECLINED, "another day");
    sprintf(u, "bluesky%s", t + 8);
    is_int(check(u, 20779), SOCIAL_DECLINED, "another network");
    sprintf(u, "acme%s", t + 8);
    is_int(check(u, 20779), SOCIAL_DECLINED, "an unknown network");
    is_int(check("x.9999999999.a", 20779), SOCIAL_DECLINED,
           "a day with too many digits");
    is_int(check("", 20779), SOCIAL_DECLINED, "an empty tag");
    is_int(social_tag_check(other, str(t), 20779, &got), SOCIAL_DECLINED,
           "a tag of another site");

    for (all = 0; (net = social_network_at(all)) != NULL; all++) {
        n = (size_t) sprintf(u, "shared=");
        social_tag_make(secret, net, 99999, u + n);
        ok(social_tag_like(str(u), &value)
           && social_tag_check(secret, value, 99999, &got) == SOCIAL_OK
           && got == net, "%s", u);
    }

    strip();

    return done();
}
