
/*
 * Fuzzes what identifies something in a request: paths, tokens, tags, agents,
 * sources, instances.  The first byte chooses which of them the rest is.
 * Properties of the result are checked, too.
 */

#include <stdlib.h>
#include <string.h>

#include "social_agent.h"
#include "social_key.h"
#include "social_siphash.h"
#include "social_source.h"
#include "social_tag.h"
#include "social_url.h"


static const unsigned char  agent_key[SOCIAL_AGENT_KEY] = "0123456789abcde";


#define must(x)  do { if (!(x)) { abort(); } } while (0)


static const unsigned char  secret[SOCIAL_SECRET];


static void
fuzz_key(social_str_t in, int decoded)
{
    int            rc;
    size_t         n;
    social_str_t   key;
    unsigned char  out[SOCIAL_KEY_MAX];

    rc = decoded ? social_key_decoded(in, out, &n) : social_key(in, out, &n);
    must(rc == SOCIAL_OK || rc == SOCIAL_DECLINED);

    if (rc == SOCIAL_OK) {
        must(n > 0 && n <= SOCIAL_KEY_MAX && out[0] == '/');

        key.data = out;
        key.len = n;

        must(social_key_check(key) == SOCIAL_OK);
        must(memmem(out, n, "//", 2) == NULL);
        must(memmem(out, n, "/../", 4) == NULL);
        must(memchr(out, '\0', n) == NULL);
    }
}


static void
fuzz_token(social_str_t in)
{
    char           good[SOCIAL_TOKEN_MAX], sealed[SOCIAL_SEAL_MAX];
    size_t         n;
    social_str_t   key = social_string("/"), text;
    unsigned char  name[SOCIAL_SEAL_NAME];

    must(social_token_check(secret, key, in, 2968) != SOCIAL_ERROR);
    must(social_seal_check(secret, "a", in, 0, name, &n) != SOCIAL_ERROR);

    if (social_token_make(secret, in, 2968, good) == SOCIAL_OK) {
        text.data = (unsigned char *) good;
        text.len = strlen(good);
        must(social_token_check(secret, in, text, 2968) == SOCIAL_OK);
    }

    if (social_seal_make(secret, "a", in, 1, sealed) == SOCIAL_OK) {
        text.data = (unsigned char *) sealed;
        text.len = strlen(sealed);
        must(social_seal_check(secret, "a", text, 0, name, &n) == SOCIAL_OK);
        must(n == in.len && memcmp(name, in.data, n) == 0);
    }

    (void) social_siphash(secret, in.data, in.len);
}


static void
fuzz_tag(social_str_t in)
{
    size_t                   n, removed;
    social_str_t             first, rest;
    unsigned char           *out;
    const social_network_t  *net;

    (void) social_tag_check(secret, in, 20000, &net);

    out = malloc(in.len + 1);
    must(out != NULL);

    removed = social_tag_strip(in, out, &n, &first);

    if (removed) {
        must(n < in.len && first.len > 0);
        must(first.data >= in.data
             && first.data + first.len <= in.data + in.len);

        rest.data = out;
        rest.len = n;
        must(social_tag_strip(rest, out, &n, &first) == 0);
    }

    free(out);
}


static void
fuzz_agent(social_str_t in)
{
    social_agent_class_e      class;
    const social_network_t   *net;
    static social_agent_t    *agents;

    if (agents == NULL) {
        agents = social_agent_create(agent_key);
        must(agents != NULL);
    }

    class = social_agent_class(agents, in, &net, NULL);
    must((class == SOCIAL_AGENT_PREVIEW) == (net != NULL));
    must(social_agent_class(agents, in, &net, NULL) == class);
}


/* the lines of the input are arguments, Referer, agent and host */

static void
fuzz_source(social_str_t in)
{
    size_t                i, n;
    social_str_t          part[4];
    const unsigned char  *p;

    for (i = 0; i < 4; i++) {
        p = in.len ? memchr(in.data, '\n', in.len) : NULL;
        n = p ? (size_t) (p - in.data) : in.len;

        part[i].data = in.data;
        part[i].len = n;

        n += (p != NULL);
        in.data += n;
        in.len -= n;
    }

    must(social_source(part[0], part[1], part[2], part[3], 1) != NULL);
}


static void
fuzz_network(social_str_t in)
{
    int                      rc;
    char                     host[SOCIAL_NETWORK_INSTANCE + 1];
    unsigned                 i;
    social_out_t             out;
    const social_network_t  *net;

    if (social_network_instance(in, host) == SOCIAL_OK) {
        must(strchr(host, '.') != NULL);
        must(strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-:")
             == strlen(host));
    }

    for (i = 0; (net = social_network_at(i)) != NULL; i++) {
        social_out_init(&out, 1 << 20);
        rc = social_network_url(net, &out, in, in, in, in);
        must(rc == SOCIAL_OK || out.len == 0);
        must(out.len == 0 || memchr(out.data, '\n', out.len) == NULL);
        must(out.len == 0 || memchr(out.data, '"', out.len) == NULL);
        social_out_free(&out);
    }

    social_out_init(&out, 1 << 20);
    social_url_clean(&out, in);
    must(out.len <= in.len);
    social_url_tag(&out, in, "x.1.a");
    social_out_free(&out);
}


int
LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    social_str_t  in;

    if (size == 0) {
        return 0;
    }

    in.data = data + 1;
    in.len = size - 1;

    switch (data[0] % 7) {

    case 0:
        fuzz_key(in, 0);
        break;

    case 1:
        fuzz_key(in, 1);
        break;

    case 2:
        fuzz_token(in);
        break;

    case 3:
        fuzz_tag(in);
        break;

    case 4:
        fuzz_agent(in);
        break;

    case 5:
        fuzz_source(in);
        break;

    default:
        fuzz_network(in);
    }

    return 0;
}
