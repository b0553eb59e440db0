
/* networks, their share URLs, instances of Mastodon; and the URL that is shared
 * (social_url.c) */

#include "unit.h"
#include "social_network.h"
#include "social_url.h"


typedef struct {
    const char  *in;
    const char  *out;
} vector_t;


static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


static void
is_out(social_out_t *out, const char *want, const char *what)
{
    social_out_bytes(out, "", 1);
    is_str(out->failed ? NULL : (char *) out->data, want, what);
    social_out_free(out);
}


static const vector_t  urls[] = {
    { "mastodon", "https://share.joinmastodon.org/#text=A%20%22b%22%0A"
      "https%3A%2F%2Fb.example%2Fx%2F%3Fa%3D1" },
    { "facebook", "https://www.facebook.com/sharer/sharer.php?u="
      "https%3A%2F%2Fb.example%2Fx%2F%3Fa%3D1" },
    { "reddit", "https://www.reddit.com/submit?url="
      "https%3A%2F%2Fb.example%2Fx%2F%3Fa%3D1&title=A%20%22b%22" },
    { "email", "mailto:?subject=A%20%22b%22&body=A%20%22b%22%0D%0A"
      "https%3A%2F%2Fb.example%2Fx%2F%3Fa%3D1" },
    { "pinterest", "https://www.pinterest.com/pin/create/button/?url="
      "https%3A%2F%2Fb.example%2Fx%2F%3Fa%3D1&media=https%3A%2F%2Fi"
      "&description=A%20%22b%22" },
    { "copy", NULL }, { "native", NULL }, { "pocket", NULL },
    { "slack", NULL }
};

static const vector_t  instances[] = {
    { "mastodon.social", "mastodon.social" },
    { " Mastodon.Social\r\n", "mastodon.social" },
    { "https://mastodon.social/", "mastodon.social" },
    { "HTTPS://mastodon.social/@me?x", "mastodon.social" },
    { "@me@mastodon.social", "mastodon.social" },
    { "me@mastodon.social", "mastodon.social" },
    { "mastodon.social:8443", "mastodon.social:8443" },
    { "xn--p1ai.xn--p1ai", "xn--p1ai.xn--p1ai" },
    { "a.b2", "a.b2" },
    { "", NULL }, { "  ", NULL }, { "@", NULL }, { "https://", NULL },
    { "https:///x", NULL }, { "localhost", NULL }, { "localhost:80", NULL },
    { "x.localhost", NULL }, { "social", NULL }, { ".social", NULL },
    { "a..b", NULL }, { "a.b.", NULL }, { "-a.b", NULL }, { "a-.b", NULL },
    { "127.0.0.1", NULL }, { "1.2.3.4:80", NULL }, { "0x7f.1", NULL },
    { "[::1]", NULL }, { "a.b:", NULL }, { "a.b:0", NULL },
    { "a.b:65536", NULL }, { "a.b:99999999", NULL }, { "a.b:8x", NULL },
    { "a.b/c", NULL }, { "a.b?c", NULL }, { "a.b#c", NULL },
    { "a b.c", NULL }, { "a_b.c", NULL }, { "a.b\\c", NULL },
    { "http://a.b", NULL }, { "https://u@a.b/", NULL }, { "a.b@", NULL },
    { "m\xc3\xa4.de", NULL }, { "a.b%2fc", NULL }
};

static const vector_t  cleaned[] = {
    { "https://b.example/x/", "https://b.example/x/" },
    { "https://b.example/x/?a=1&b", "https://b.example/x/?a=1&b" },
    { "https://b.example/?utm_source=x", "https://b.example/" },
    { "https://b.example/?utm_source=x#c", "https://b.example/#c" },
    { "https://b.example/?a=1&fbclid=2&b=3", "https://b.example/?a=1&b=3" },
    { "https://b.example/?gclid=1&a=1&msclkid=2&mc_cid=3&mc_eid&ref=4#r?ref=1",
      "https://b.example/?a=1#r?ref=1" },
    { "https://b.example/?refer=1&xref=2&r%65f=3",
      "https://b.example/?refer=1&xref=2&r%65f=3" },
    { "https://b.example/?shared=x.20000.abc&shared=1",
      "https://b.example/?shared=1" },
    { "https://b.example/?a=b?ref=1&&c", "https://b.example/?a=b?ref=1&&c" },
    { "https://b.example/?", "https://b.example/?" },
    { "", "" }
};

static const vector_t  tagged[] = {
    { "https://b.example/x/", "https://b.example/x/?shared=T" },
    { "https://b.example/x/?a=1", "https://b.example/x/?a=1&shared=T" },
    { "https://b.example/x/#c?d", "https://b.example/x/?shared=T#c?d" },
    { "https://b.example/x/?a=1#c", "https://b.example/x/?a=1&shared=T#c" },
    { "https://b.example/x/?", "https://b.example/x/?shared=T" },
    { "https://b.example/x/?a&", "https://b.example/x/?a&shared=T" }
};


static void
table(void)
{
    unsigned                 i, j, stars;
    const char              *p;
    const social_network_t  *n, *m;

    for (i = 0, stars = 0; (n = social_network_at(i)) != NULL; i++) {

        ok(social_network_find(str(n->id)) == n
           && social_network_by_number(n->number) == n, "%s", n->id);

        for (j = 0; j < i; j++) {
            m = social_network_at(j);

            if (m->number == n->number || strcmp(m->id, n->id) == 0) {
                ok(0, "%s and %s differ", m->id, n->id);
            }
        }

        p = n->id + strspn(n->id, "abcdefghijklmnopqrstuvwxyz-");

        if (*p || strlen(n->id) > SOCIAL_NETWORK_ID
            || (n->dead != NULL) != (n->kind == SOCIAL_NETWORK_DEAD)
            || (n->by_default && !social_network_shareable(n))
            || strlen(n->verified) != 7)
        {
            ok(0, "the row of %s is valid", n->id);
        }

        stars += n->by_default;
    }

    is_int(stars, 10, "ten networks are offered by default");
    ok(social_network_find(str("acme")) == NULL,
       "an unknown network is not found");
    ok(social_network_find(str("")) == NULL, "an empty name is not found");
    ok(social_network_by_number(0) == NULL, "no network has the number 0");
}


static void
addresses(void)
{
    size_t                   i;
    social_out_t             out;
    social_str_t             none = { 0, NULL };
    const social_network_t  *net;

    for (i = 0; i < social_nelts(urls); i++) {
        social_out_init(&out, 4096);
        net = social_network_find(str(urls[i].in));

        if (social_network_url(net, &out, str("https://b.example/x/?a=1"),
                               str("A \"b\""), str("https://i"), none)
            != SOCIAL_OK)
        {
            ok(urls[i].out == NULL, "%s has no share URL", urls[i].in);
            social_out_free(&out);
            continue;
        }

        is_out(&out, urls[i].out, urls[i].in);
    }

    social_out_init(&out, 4096);
    net = social_network_find(str("mastodon"));
    social_network_url(net, &out, str("https://b/"), str("A\nB"), none,
                       str("Fosstodon.org"));
    is_out(&out, "https://fosstodon.org/share?text=A%0AB%0Ahttps%3A%2F%2Fb%2F",
           "the reader's own instance");

    social_out_init(&out, 4096);
    is_int(social_network_url(net, &out, str("https://b/"), none, none,
                              str("evil.example/x?")),
           SOCIAL_DECLINED, "an instance with a path is refused");
    is_int((int64_t) out.len, 0, "... and nothing is written");
    social_out_free(&out);

    social_out_init(&out, 4096);
    net = social_network_find(str("email"));
    social_network_url(net, &out, str("https://b/"), str("A\nB\r\nC\rD&"),
                       none, none);
    is_out(&out, "mailto:?subject=A%0D%0AB%0D%0AC%0D%0AD%26&body="
           "A%0D%0AB%0D%0AC%0D%0AD%26%0D%0Ahttps%3A%2F%2Fb%2F",
           "line breaks become CRLF in a mail");

    social_out_init(&out, 4096);
    social_network_url(net, &out, str("https://b/"), none, none, none);
    is_out(&out, "mailto:?subject=&body=https%3A%2F%2Fb%2F",
           "without a title there is no empty line");
}


int
main(void)
{
    int           rc;
    char          host[SOCIAL_NETWORK_INSTANCE + 1], big[300];
    size_t        i;
    social_out_t  out;
    social_str_t  s;

    table();
    addresses();

    for (i = 0; i < social_nelts(instances); i++) {
        rc = social_network_instance(str(instances[i].in), host);
        is_str(rc == SOCIAL_OK ? host : NULL, instances[i].out,
               instances[i].in);
    }

    s.data = (const unsigned char *) "a.b\0.c";
    s.len = 6;
    is_int(social_network_instance(s, host), SOCIAL_DECLINED,
           "a NUL in the host");
    s.data = (const unsigned char *) "a.b:\0" "1";
    is_int(social_network_instance(s, host), SOCIAL_DECLINED,
           "a NUL in the port");
    s.data = NULL;
    s.len = 0;
    is_int(social_network_instance(s, host), SOCIAL_DECLINED,
           "an empty instance");

    memset(big, 'a', sizeof(big));
    for (i = 50; i < sizeof(big); i += 50) {
        big[i] = '.';
    }
    s.data = (const unsigned char *) big;
    s.len = SOCIAL_NETWORK_INSTANCE;
    is_int(social_network_instance(s, host), SOCIAL_OK, "253 bytes");
    s.len++;
    is_int(social_network_instance(s, host), SOCIAL_DECLINED, "254 bytes");

    for (i = 0; i < social_nelts(cleaned); i++) {
        social_out_init(&out, 4096);
        social_url_clean(&out, str(cleaned[i].in));
        is_out(&out, cleaned[i].out, cleaned[i].in);
    }

    for (i = 0; i < social_nelts(tagged); i++) {
        social_out_init(&out, 4096);
        social_url_tag(&out, str(tagged[i].in), "T");
        is_out(&out, tagged[i].out, tagged[i].in);
    }

    social_out_init(&out, 4096);
    s.data = NULL;
    s.len = 0;
    social_url_clean(&out, s);
    social_url_tag(&out, s, "T");
    is_out(&out, "", "an empty URL stays empty");

    return done();
}
