
/*
 * The key of an article.  Owns the normal form of paths.  Must not know a
 * site, a pattern or a request.  Allocates nothing; any thread.
 */

#include <string.h>
#include <strings.h>

#include "social_key.h"
#include "social_text.h"


static social_str_t social_key_authority(social_str_t *address);
static int social_key_same_host(social_str_t a, social_str_t b);
static void social_key_strip_path(social_str_t *link, social_str_t path);
static int social_key_decode(social_str_t target, unsigned char *out,
    size_t *len);
static int social_key_normal(const unsigned char *src, size_t n,
    unsigned char *dst, size_t *len);
static size_t social_key_resolve(unsigned char *dst, size_t n, int *bad);
static size_t social_key_strip_index(const unsigned char *key, size_t n);
static int social_key_is_text(const unsigned char *p, size_t n);
static int social_key_hex(unsigned char ch);


int
social_key(social_str_t target, unsigned char out[SOCIAL_KEY_MAX], size_t *len)
{
    size_t         n;
    unsigned char  path[SOCIAL_KEY_RAW];

    if (social_key_decode(target, path, &n) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    return social_key_normal(path, n, out, len);
}


int
social_key_decoded(social_str_t path, unsigned char out[SOCIAL_KEY_MAX],
    size_t *len)
{
    if (path.len > SOCIAL_KEY_RAW) {
        return SOCIAL_DECLINED;
    }

    return social_key_normal(path.data, path.len, out, len);
}


int
social_key_link(social_str_t link, social_str_t origin, social_str_t host,
    unsigned char out[SOCIAL_KEY_MAX], size_t *len)
{
    social_str_t          own, named;
    const unsigned char  *start;

    static const social_str_t  root = social_string("/");

    start = link.data;
    own = social_key_authority(&origin);
    named = social_key_authority(&link);

    if (link.data != start && !social_key_same_host(named, own)
        && !social_key_same_host(named, host))
    {
        return SOCIAL_DECLINED;
    }

    social_key_strip_path(&link, origin);

    if (link.data != start
        && (link.len == 0 || link.data[0] == '?' || link.data[0] == '#'))
    {
        return social_key(root, out, len);
    }

    return social_key(link, out, len);
}


int
social_key_check(social_str_t key)
{
    size_t         n;
    unsigned char  out[SOCIAL_KEY_MAX];

    if (key.len > SOCIAL_KEY_MAX
        || social_key_decoded(key, out, &n) != SOCIAL_OK
        || n != key.len || memcmp(out, key.data, n) != 0)
    {
        return SOCIAL_DECLINED;
    }

    return SOCIAL_OK;
}


/* takes scheme and host off an address; returns the host without the scheme's
 * port, or "" if it is a path */

static social_str_t
social_key_authority(social_str_t *address)
{
    size_t                i, n, port;
    social_str_t          host;
    const unsigned char  *p;

    static const struct {
        social_str_t  scheme;
        social_str_t  port;
    } schemes[] = {
        { social_string("https://"), social_string(":443") },
        { social_string("http://"), social_string(":80") },
        { social_string("//"), social_string("") }
    };

    host.data = address->data;
    host.len = 0;
    n = 0;

    for (i = 0; i < social_nelts(schemes); i++) {
        n = schemes[i].scheme.len;

        if (address->len >= n
            && strncasecmp((const char *) address->data,
                           (const char *) schemes[i].scheme.data, n)
               == 0)
        {
            break;
        }
    }

    if (i == social_nelts(schemes)) {
        return host;
    }

    p = address->data + n;
    host.data = p;

    while (p < address->data + address->len && *p != '/' && *p != '?'
           && *p != '#')
    {
        p++;
    }

    host.len = (size_t) (p - host.data);
    address->len -= (size_t) (p - address->data);
    address->data = p;

    port = schemes[i].port.len;

    if (port && host.len > port
        && memcmp(host.data + host.len - port, schemes[i].port.data, port)
           == 0)
    {
        host.len -= port;
    }

    return host;
}


static int
social_key_same_host(social_str_t a, social_str_t b)
{
    return a.len && a.len == b.len
           && strncasecmp((const char *) a.data, (const char *) b.data, a.len)
              == 0;
}


static void
social_key_strip_path(social_str_t *link, social_str_t path)
{
    unsigned char  next;

    if (path.len == 0 || link->len < path.len
        || memcmp(link->data, path.data, path.len) != 0)
    {
        return;
    }

    next = link->len > path.len ? link->data[path.len] : '/';

    if (next == '/' || next == '?' || next == '#') {
        link->data += path.len;
        link->len -= path.len;
    }
}


/* decodes percent sequences once, up to the query or the fragment */

static int
social_key_decode(social_str_t target, unsigned char *out, size_t *len)
{
    int     hi, lo;
    size_t  i, n;

    n = 0;

    for (i = 0; i < target.len; i++) {

        if (target.data[i] == '?' || target.data[i] == '#') {
            break;
        }

        if (n == SOCIAL_KEY_RAW) {
            return SOCIAL_DECLINED;
        }

        if (target.data[i] != '%') {
            out[n++] = target.data[i];
            continue;
        }

        if (target.len - i < 3) {
            return SOCIAL_DECLINED;
        }

        hi = social_key_hex(target.data[i + 1]);
        lo = social_key_hex(target.data[i + 2]);

        if (hi < 0 || lo < 0) {
            return SOCIAL_DECLINED;
        }

        out[n++] = (unsigned char) (hi << 4 | lo);
        i += 2;
    }

    *len = n;

    return SOCIAL_OK;
}


/*
 * Writes one segment after another; a dot segment removes what it refers to,
 * so a long path may have a short key.  dst must not be shorter than the path.
 */

static int
social_key_normal(const unsigned char *src, size_t n, unsigned char *dst,
    size_t *len)
{
    int            bad;
    size_t         i, k;
    unsigned char  buf[SOCIAL_KEY_RAW + 1];

    if (n == 0 || src[0] != '/') {
        return SOCIAL_DECLINED;
    }

    k = 0;
    bad = 0;

    for (i = 0; i < n; i++) {

        if (src[i] != '/') {
            buf[k++] = src[i];
            continue;
        }

        k = social_key_resolve(buf, k, &bad);

        if (k == 0 || buf[k - 1] != '/') {
            buf[k++] = '/';
        }
    }

    k = social_key_resolve(buf, k, &bad);

    if (bad) {
        return SOCIAL_DECLINED;
    }

    k = social_key_strip_index(buf, k);

    if (k > SOCIAL_KEY_MAX || social_key_is_text(buf, k) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    memcpy(dst, buf, k);
    *len = k;

    return SOCIAL_OK;
}


/* removes a dot segment from the end of dst[0 .. n), and the segment before it
 * for ".." */

static size_t
social_key_resolve(unsigned char *dst, size_t n, int *bad)
{
    if (n >= 2 && dst[n - 1] == '.' && dst[n - 2] == '/') {
        return n - 1;
    }

    if (n < 3 || dst[n - 1] != '.' || dst[n - 2] != '.' || dst[n - 3] != '/') {
        return n;
    }

    n -= 3;

    if (n == 0) {
        *bad = 1;
        return 1;
    }

    while (dst[n - 1] != '/') {
        n--;
    }

    return n;
}


static size_t
social_key_strip_index(const unsigned char *key, size_t n)
{
    size_t  i;

    static const social_str_t  names[] = {
        social_string("/index.html"),
        social_string("/index.htm"),
        social_string("/index.php")
    };

    for (i = 0; i < social_nelts(names); i++) {

        if (n >= names[i].len
            && memcmp(key + n - names[i].len, names[i].data, names[i].len)
               == 0)
        {
            return n - names[i].len + 1;
        }
    }

    return n;
}


/* 1 if it is UTF-8 without control characters */

static int
social_key_is_text(const unsigned char *p, size_t n)
{
    int32_t               c;
    const unsigned char  *end;

    end = p + n;

    while (p < end) {
        c = (*p < 0x80) ? *p++ : social_text_next(&p, end);

        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            return SOCIAL_DECLINED;
        }
    }

    return SOCIAL_OK;
}


static int
social_key_hex(unsigned char ch)
{
    if (ch >= '0' && ch <= '9') {
        return ch - '0';
    }

    ch |= 0x20;

    return (ch >= 'a' && ch <= 'f') ? ch - 'a' + 10 : -1;
}
