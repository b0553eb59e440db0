
/*
 * A commenter's website: turns what was typed into a URL that is safe to link.
 * Owns which URLs are accepted and the ASCII form of host names (RFC 3492).
 * Must not ask the network whether a host exists.  Time is linear except for
 * the host, which has at most 253 bytes.  Any thread.
 *
 * Host names are not normalized as in UTS 46: letters of common scripts become
 * lower case, compatibility forms and combining accents are refused.
 */

#include "social_text.h"

#include <string.h>


#define SOCIAL_WEBSITE_HOST   253   /* bytes */
#define SOCIAL_WEBSITE_LABEL  63

#define social_website_within(c, a, b)  ((c) >= (a) && (c) <= (b))


/* 0 for what could end or escape an attribute, and for the backslash, which
 * browsers treat as a slash */

static int
social_website_is_clean(social_str_t s)
{
    int32_t               c;
    const unsigned char  *p, *end;

    for (p = s.data, end = s.data + s.len; p < end; /* void */ ) {

        c = social_text_next(&p, end);

        if (c <= 0x20 || social_website_within(c, 0x7f, 0x9f)
            || social_text_is_space(c)
            || (c < 0x80 && strchr("\"'`<>\\", c)))
        {
            return 0;
        }
    }

    return 1;
}


static int
social_website_starts(social_str_t s, const char *prefix)
{
    size_t         i;
    unsigned char  c;

    for (i = 0; prefix[i]; i++) {

        if (i == s.len) {
            return 0;
        }

        c = s.data[i];
        c |= social_website_within(c, 'A', 'Z') ? 0x20 : 0;

        if (c != (unsigned char) prefix[i]) {
            return 0;
        }
    }

    return 1;
}


/* a character of a host in lower case, or -1 if it is not allowed */

static int32_t
social_website_host_char(int32_t c)
{
    if (c < 0x80) {
        return social_website_within(c, 'A', 'Z') ? c + 0x20
               : social_website_within(c, 'a', 'z')
                 || social_website_within(c, '0', '9')
                 || c == '-' || c == '_' || c == '.' ? c : -1;
    }

    if (c < 0xc0 || c == 0xd7 || c == 0xf7 || c == 0x130
        || social_website_within(c, 0x300, 0x36f)
        || social_website_within(c, 0x2000, 0x206f)
        || social_website_within(c, 0xd800, 0xf8ff)
        || social_website_within(c, 0xfd00, 0xfdff)
        || social_website_within(c, 0xfe00, 0xffff) || c > 0xdffff)
    {
        return -1;
    }

    if (social_website_within(c, 0xc0, 0xde)                  /* Latin-1 */
        || social_website_within(c, 0x391, 0x3a9)             /* Greek */
        || social_website_within(c, 0x410, 0x42f))            /* Cyrillic */
    {
        return c + 0x20;
    }

    if (social_website_within(c, 0x400, 0x40f)) {
        return c + 0x50;
    }

    if (c == 0x178) {
        return 0xff;
    }

    if (social_website_within(c, 0x139, 0x148)                /* Latin A, in */
        || social_website_within(c, 0x179, 0x17e))            /* pairs */
    {
        return c + (c & 1);
    }

    if (social_website_within(c, 0x100, 0x137)
        || social_website_within(c, 0x14a, 0x177))
    {
        return c | 1;
    }

    return c;
}


/* bias adaptation, RFC 3492, section 6.1 */

static uint32_t
social_website_adapt(uint32_t delta, uint32_t n, int first)
{
    uint32_t  k;

    delta = first ? delta / 700 : delta / 2;
    delta += delta / n;

    for (k = 0; delta > 455; k += 36) {
        delta /= 35;
    }

    return k + 36 * delta / (delta + 38);
}


/* writes a variable-length integer; 0: no room */

static size_t
social_website_digits(unsigned char *dst, size_t room, uint32_t q,
    uint32_t bias)
{
    size_t    n;
    uint32_t  k, t, digit;

    for (n = 0, k = 36; n < room; k += 36) {

        t = (k <= bias) ? 1 : (k >= bias + 26) ? 26 : k - bias;
        digit = (q < t) ? q : t + (q - t) % (36 - t);

        dst[n++] = (unsigned char) (digit < 26 ? 'a' + digit
                                               : '0' + digit - 26);

        if (q < t) {
            return n;
        }

        q = (q - t) / (36 - t);
    }

    return 0;
}


/* the encoding loop of RFC 3492: all deltas up to one code point.  No number
 * overflows: at most 63 characters times 0x110000 */

static size_t
social_website_punycode(const int32_t *label, size_t len, unsigned char *dst,
    size_t room)
{
    size_t    i, n, basic, done, used;
    int32_t   code, next;
    uint32_t  delta, bias;

    n = 0;

    for (i = 0; i < len; i++) {
        if (label[i] < 0x80) {
            dst[n++] = (unsigned char) label[i];
        }
    }

    basic = n;
    done = n;

    if (n) {
        dst[n++] = '-';
    }

    for (code = 0x80, delta = 0, bias = 72; done < len; delta++, code++) {

        next = 0x110000;

        for (i = 0; i < len; i++) {
            if (label[i] >= code && label[i] < next) {
                next = label[i];
            }
        }

        delta += (uint32_t) (next - code) * (uint32_t) (done + 1);
        code = next;

        for (i = 0; i < len; i++) {

            delta += (label[i] < code);

            if (label[i] != code) {
                continue;
            }

            used = social_website_digits(dst + n, room - n, delta, bias);

            if (used == 0) {
                return 0;
            }

            n += used;
            bias = social_website_adapt(delta, (uint32_t) done + 1,
                                        done == basic);
            delta = 0;
            done++;
        }
    }

    return n;
}


/* one label to dst, which has room for SOCIAL_WEBSITE_LABEL bytes; 0: bad */

static size_t
social_website_label(const int32_t *label, size_t len, unsigned char *dst)
{
    int     wide;
    size_t  i, n;

    if (len == 0 || len > SOCIAL_WEBSITE_LABEL
        || label[0] == '-' || label[len - 1] == '-')
    {
        return 0;
    }

    for (i = 0, wide = 0; i < len; i++) {
        wide |= (label[i] >= 0x80);
    }

    if (!wide) {

        for (i = 0; i < len; i++) {
            dst[i] = (unsigned char) label[i];
        }

        return len;
    }

    if (len > SOCIAL_WEBSITE_LABEL - 5) {
        return 0;                           /* "xn--", "-" */
    }

    memcpy(dst, "xn--", 4);
    n = social_website_punycode(label, len, dst + 4, SOCIAL_WEBSITE_LABEL - 4);

    return n ? n + 4 : 0;
}


/* the host in its ASCII form, without a dot at the end; 0: bad */

static size_t
social_website_host(social_str_t host, unsigned char *dst)
{
    size_t                n, used, dots, len;
    int32_t               c, label[SOCIAL_WEBSITE_LABEL];
    const unsigned char  *p, *end;

    p = host.data;
    end = host.data + host.len;
    n = 0;
    len = 0;
    dots = 0;

    for ( ;; ) {

        c = (p < end) ? social_website_host_char(social_text_next(&p, end))
                      : '.';

        if (c < 0 || (c != '.' && len == SOCIAL_WEBSITE_LABEL)) {
            return 0;
        }

        if (c != '.') {
            label[len++] = c;
            continue;
        }

        if (n + SOCIAL_WEBSITE_LABEL + 1 > SOCIAL_WEBSITE_HOST + 64) {
            return 0;
        }

        used = social_website_label(label, len, dst + n);

        if (used == 0) {
            return 0;
        }

        n += used;
        len = 0;

        if (p == end) {
            break;
        }

        dst[n++] = '.';
        dots++;
    }

    return (dots && n <= SOCIAL_WEBSITE_HOST) ? n : 0;
}


/* the number of a port, 0: bad */

static unsigned
social_website_port(social_str_t port)
{
    size_t    i;
    unsigned  n;

    if (port.len == 0 || port.len > 5) {
        return 0;
    }

    for (i = 0, n = 0; i < port.len; i++) {

        if (port.data[i] < '0' || port.data[i] > '9') {
            return 0;
        }

        n = n * 10 + (port.data[i] - '0');
    }

    return (n <= 65535) ? n : 0;
}


static int
social_website_is_hex(unsigned char c)
{
    return social_website_within(c, '0', '9')
           || social_website_within(c | 0x20, 'a', 'f');
}


/* path, query and fragment; percent sequences stay */

static size_t
social_website_rest(social_str_t s, unsigned char *dst)
{
    size_t                      i, n;
    unsigned char               c;
    static const unsigned char  hex[] = "0123456789ABCDEF";

    for (i = 0, n = 0; i < s.len; i++) {

        c = s.data[i];

        if (c < 0x80 && strchr("{}|^", c) == NULL
            && (c != '%' || (s.len - i > 2
                             && social_website_is_hex(s.data[i + 1])
                             && social_website_is_hex(s.data[i + 2]))))
        {
            dst[n++] = c;
            continue;
        }

        dst[n++] = '%';
        dst[n++] = hex[c >> 4];
        dst[n++] = hex[c & 15];
    }

    return n;
}


/* cuts off and returns the first bytes of s that are not in stop */

static social_str_t
social_website_cut(social_str_t *s, const char *stop)
{
    size_t        i;
    social_str_t  head;

    for (i = 0; i < s->len && strchr(stop, s->data[i]) == NULL; i++) {
        /* void */
    }

    head.data = s->data;
    head.len = i;
    s->data += i;
    s->len -= i;

    return head;
}


/* writes what follows the scheme, which is already in dst */

static int
social_website_write(social_str_t s, unsigned char *dst, size_t *dst_len,
    unsigned standard)
{
    size_t        i, n, used;
    unsigned      port;
    social_str_t  host, authority;

    authority = social_website_cut(&s, "/?#");
    host = social_website_cut(&authority, ":");

    n = *dst_len;
    used = social_website_host(host, dst + n);

    if (used == 0) {
        return SOCIAL_DECLINED;
    }

    n += used;

    if (authority.len) {
        authority.data++;
        authority.len--;
        port = social_website_port(authority);

        if (port == 0) {
            return SOCIAL_DECLINED;
        }

        for (i = 0; port != standard && i <= authority.len; i++) {
            dst[n++] = authority.data[(ptrdiff_t) i - 1];
        }
    }

    n += social_website_rest(s, dst + n);
    *dst_len = n;

    return SOCIAL_OK;
}


int
social_text_website(const unsigned char *data, size_t len, unsigned char *dst,
    size_t *dst_len)
{
    size_t        scheme;
    unsigned      standard;
    social_str_t  s;

    s = social_text_trim(data, len);
    *dst_len = 0;

    if (s.len == 0) {
        return SOCIAL_OK;
    }

    if (social_text_count(s.data, s.len) > SOCIAL_WEBSITE_MAX) {
        return SOCIAL_LIMIT;
    }

    if (!social_text_valid(s.data, s.len) || !social_website_is_clean(s)) {
        return SOCIAL_DECLINED;
    }

    standard = social_website_starts(s, "http://") ? 80 : 443;
    scheme = (standard == 80) ? 7
             : social_website_starts(s, "https://") ? 8
             : social_website_starts(s, "//") ? 2 : 0;

    s.data += scheme;
    s.len -= scheme;

    *dst_len = (standard == 80) ? 7 : 8;
    memcpy(dst, (standard == 80) ? "http://" : "https://", *dst_len);

    if (social_website_write(s, dst, dst_len, standard) != SOCIAL_OK) {
        *dst_len = 0;
        return SOCIAL_DECLINED;
    }

    return SOCIAL_OK;
}
