
/*
 * Share tags.  Owns their format; social_network owns the networks,
 * social_token the MAC.  Must not keep state or use a clock.  Any thread.
 */

#include <stdio.h>
#include <string.h>

#include "social_tag.h"


#define SOCIAL_TAG_ID_MAX  32   /* bytes of what may be a network */
#define SOCIAL_TAG_DAY     10   /* digits */
#define SOCIAL_TAG_MAC     128  /* also removes a MAC with bytes added */


static int social_tag_shape(social_str_t value);
static size_t social_tag_span(social_str_t value, size_t at,
    int (*test)(unsigned char ch));
static int social_tag_is_id(unsigned char ch);
static int social_tag_is_digit(unsigned char ch);
static int social_tag_is_mac(unsigned char ch);


int
social_tag_make(const unsigned char secret[SOCIAL_SECRET],
    const social_network_t *network, uint32_t day, char out[SOCIAL_TAG_MAX])
{
    int           n;
    social_str_t  data;

    n = snprintf(out, SOCIAL_TAG_MAX, "%s.%lu.", network->id,
                 (unsigned long) day);

    if (n <= 0 || n + SOCIAL_MAC_TEXT >= SOCIAL_TAG_MAX) {
        return SOCIAL_ERROR;
    }

    data.data = (unsigned char *) out;
    data.len = (size_t) n;

    return social_mac_text(secret, "share", data, out + n);
}


/* makes the tag again and compares, so that only one spelling is valid */

int
social_tag_check(const unsigned char secret[SOCIAL_SECRET], social_str_t tag,
    uint32_t today, const social_network_t **network)
{
    char                     want[SOCIAL_TAG_MAX];
    size_t                   i, n;
    uint32_t                 day;
    social_str_t             id;
    const social_network_t  *net;

    if (tag.len >= SOCIAL_TAG_MAX || !social_tag_shape(tag)) {
        return SOCIAL_DECLINED;
    }

    n = social_tag_span(tag, 0, social_tag_is_id);

    id.data = tag.data;
    id.len = n;

    net = social_network_find(id);

    if (net == NULL) {
        return SOCIAL_DECLINED;
    }

    day = 0;

    for (i = n + 1; tag.data[i] != '.'; i++) {

        if (day > 99999999) {
            return SOCIAL_DECLINED;
        }

        day = day * 10 + (tag.data[i] - '0');
    }

    if (social_tag_make(secret, net, day, want) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    if (!social_mac_same(want, tag)) {
        return SOCIAL_DECLINED;
    }

    if (day > (uint64_t) today + 1
        || (day < today && today - day > SOCIAL_TAG_DAYS))
    {
        return SOCIAL_LIMIT;
    }

    *network = net;

    return SOCIAL_OK;
}


int
social_tag_like(social_str_t param, social_str_t *value)
{
    static const social_str_t  name = social_string(SOCIAL_TAG_NAME "=");

    if (param.len <= name.len
        || memcmp(param.data, name.data, name.len) != 0)
    {
        return 0;
    }

    value->data = param.data + name.len;
    value->len = param.len - name.len;

    return social_tag_shape(*value);
}


size_t
social_tag_strip(social_str_t args, unsigned char *out, size_t *len,
    social_str_t *first)
{
    size_t                n, removed;
    social_str_t          param, value;
    const unsigned char  *p, *last, *amp;

    removed = 0;
    n = 0;

    if (args.len == 0
        || memmem(args.data, args.len, SOCIAL_TAG_NAME "=",
                  sizeof(SOCIAL_TAG_NAME)) == NULL)
    {
        return 0;
    }

    last = args.data + args.len;

    for (p = args.data; p <= last; p = amp + 1) {

        amp = (p < last) ? memchr(p, '&', (size_t) (last - p)) : NULL;
        amp = amp ? amp : last;

        param.data = p;
        param.len = (size_t) (amp - p);

        if (social_tag_like(param, &value)) {
            if (removed++ == 0) {
                *first = value;
            }

            continue;
        }

        /* "&" goes between parameters that are kept */

        if (p - args.data > (ptrdiff_t) n && n) {
            out[n++] = '&';
        }

        memcpy(out + n, p, param.len);
        n += param.len;
    }

    *len = n;

    return removed;
}


/* [a-z][a-z0-9-]* "." [0-9]+ "." [A-Za-z0-9_-]+, each within its bound */

static int
social_tag_shape(social_str_t value)
{
    size_t  i, n;

    n = social_tag_span(value, 0, social_tag_is_id);

    if (n == 0 || n > SOCIAL_TAG_ID_MAX || n == value.len
        || value.data[n] != '.'
        || !(value.data[0] >= 'a' && value.data[0] <= 'z'))
    {
        return 0;
    }

    i = n + 1;
    n = social_tag_span(value, i, social_tag_is_digit);

    if (n == 0 || n > SOCIAL_TAG_DAY || i + n == value.len
        || value.data[i + n] != '.')
    {
        return 0;
    }

    i += n + 1;
    n = social_tag_span(value, i, social_tag_is_mac);

    return n != 0 && n <= SOCIAL_TAG_MAC && i + n == value.len;
}


/* how many bytes from "at" on pass the test */

static size_t
social_tag_span(social_str_t value, size_t at, int (*test)(unsigned char ch))
{
    size_t  i;

    for (i = at; i < value.len && test(value.data[i]); i++) { /* void */ }

    return i - at;
}


static int
social_tag_is_id(unsigned char ch)
{
    return (ch >= 'a' && ch <= 'z') || social_tag_is_digit(ch) || ch == '-';
}


static int
social_tag_is_digit(unsigned char ch)
{
    return ch >= '0' && ch <= '9';
}


static int
social_tag_is_mac(unsigned char ch)
{
    return social_tag_is_id(ch) || (ch >= 'A' && ch <= 'Z') || ch == '_';
}
