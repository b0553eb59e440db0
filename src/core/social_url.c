
/*
 * URLs to share.  Owns the list of parameters that are dropped.  Must not
 * check URLs: the caller has chosen them.  Any thread.
 */

#include <string.h>
#include <strings.h>

#include "social_url.h"
#include "social_tag.h"


static size_t social_url_find(social_str_t url, int ch, size_t from,
    size_t end);
static int social_url_is_dropped(social_str_t param);


static int
social_url_is_slash(unsigned char c)
{
    return c == '/' || c == '\\';
}


/* the length of "scheme" in "scheme:", or 0 */

static size_t
social_url_scheme(social_str_t url)
{
    size_t         i;
    unsigned char  c;

    for (i = 0; i < url.len; i++) {
        c = url.data[i];

        if (c == ':') {
            return i;
        }

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            && (i == 0 || !((c >= '0' && c <= '9') || c == '+' || c == '-'
                            || c == '.')))
        {
            return 0;
        }
    }

    return 0;
}


int
social_url_split(social_str_t url, social_str_t *scheme, social_str_t *host,
    social_str_t *path)
{
    size_t  i, n, end;

    scheme->data = url.data;
    scheme->len = social_url_scheme(url);

    i = scheme->len ? scheme->len + 1 : 0;

    if (i && (scheme->len < 4 || scheme->len > 5
              || strncasecmp((const char *) url.data, "https", scheme->len)
                 != 0))
    {
        return 0;
    }

    for (n = i; n < url.len && social_url_is_slash(url.data[n]); n++) {
        /* void */
    }

    if (n - i < 2) {
        return 0;
    }

    for (end = n; end < url.len; end++) {
        if (social_url_is_slash(url.data[end]) || url.data[end] == '?'
            || url.data[end] == '#')
        {
            break;
        }
    }

    host->data = url.data + n;
    host->len = end - n;
    path->data = url.data + end;
    path->len = url.len - end;

    return 1;
}


/* the host without the port that its scheme has by default */

static social_str_t
social_url_bare_host(social_str_t host, social_str_t scheme)
{
    size_t       n;
    const char  *port;

    port = scheme.len == 5 ? ":443" : ":80";
    n = strlen(port);

    if (scheme.len && host.len > n
        && memcmp(host.data + host.len - n, port, n) == 0)
    {
        host.len -= n;
    }

    return host;
}


int
social_url_same_host(social_str_t a, social_str_t b, social_str_t scheme)
{
    a = social_url_bare_host(a, scheme);
    b = social_url_bare_host(b, scheme);

    return a.len == b.len
           && strncasecmp((const char *) a.data, (const char *) b.data, a.len)
              == 0;
}


void
social_url_clean(social_out_t *out, social_str_t url)
{
    int           mark;
    size_t        i, end, next;
    social_str_t  param;

    if (url.len == 0) {
        return;
    }

    end = social_url_find(url, '#', 0, url.len);
    i = social_url_find(url, '?', 0, end);

    social_out_bytes(out, url.data, i);

    for (mark = '?'; i < end; i = next) {

        next = social_url_find(url, '&', i + 1, end);

        param.data = url.data + i + 1;
        param.len = next - i - 1;

        if (social_url_is_dropped(param)) {
            continue;
        }

        social_out_bytes(out, mark == '?' ? "?" : "&", 1);
        social_out_bytes(out, param.data, param.len);
        mark = '&';
    }

    social_out_bytes(out, url.data + end, url.len - end);
}


void
social_url_tag(social_out_t *out, social_str_t url, const char *tag)
{
    size_t  end, query;

    if (url.len == 0) {
        return;
    }

    end = social_url_find(url, '#', 0, url.len);
    query = social_url_find(url, '?', 0, end);

    social_out_bytes(out, url.data, end);

    if (query == end) {
        social_out_text(out, "?");

    } else if (query + 1 < end && url.data[end - 1] != '&') {
        social_out_text(out, "&");
    }

    social_out_text(out, SOCIAL_TAG_NAME "=");
    social_out_text(out, tag);
    social_out_bytes(out, url.data + end, url.len - end);
}


/* offset of ch in [from, end), or end */

static size_t
social_url_find(social_str_t url, int ch, size_t from, size_t end)
{
    const unsigned char  *p;

    if (from >= end) {
        return end;
    }

    p = memchr(url.data + from, ch, end - from);

    return p ? (size_t) (p - url.data) : end;
}


static int
social_url_is_dropped(social_str_t param)
{
    size_t                i, n;
    social_str_t          value;
    const unsigned char  *p;

    static const social_str_t  names[] = {
        social_string("fbclid"),
        social_string("gclid"),
        social_string("msclkid"),
        social_string("mc_cid"),
        social_string("mc_eid"),
        social_string("ref")
    };

    if (param.len >= 4 && memcmp(param.data, "utm_", 4) == 0) {
        return 1;
    }

    p = param.len ? memchr(param.data, '=', param.len) : NULL;
    n = p ? (size_t) (p - param.data) : param.len;

    for (i = 0; i < social_nelts(names); i++) {

        if (n == names[i].len && memcmp(param.data, names[i].data, n) == 0) {
            return 1;
        }
    }

    return social_tag_like(param, &value);
}
