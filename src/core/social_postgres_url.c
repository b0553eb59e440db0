
/*
 * The parts of a URL of PostgreSQL, as libpq's conninfo_uri_parse() finds them.
 * Must not say whether libpq accepts the rest.  Any thread.
 */

#include <string.h>

#include "social_postgres_url.h"


/* the place of the first of two characters from `at` on, or of the end */

static size_t
social_postgres_url_find(social_str_t url, size_t at, int a, int b)
{
    while (at < url.len && url.data[at] != a && url.data[at] != b) {
        at++;
    }

    return at;
}


static social_str_t
social_postgres_url_part(social_str_t url, size_t from, size_t to)
{
    social_str_t  part;

    part.data = url.data + from;
    part.len = to - from;

    return part;
}


/* the place behind user, password and "@", or where they would begin.  For
 * libpq a "?" may stand in front of the "@" */

static size_t
social_postgres_url_netloc(social_str_t url)
{
    size_t  at, begin;

    begin = sizeof(SOCIAL_POSTGRES_URL) - 1;
    begin = begin < url.len ? begin : url.len;
    at = social_postgres_url_find(url, begin, '@', '/');

    return at < url.len && url.data[at] == '@' ? at + 1 : begin;
}


static int
social_postgres_url_hex(unsigned char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


/* the byte at *at, which may be encoded; *at becomes the place of the last of
 * its characters.  -1: it is no byte */

static int
social_postgres_url_byte(social_str_t s, size_t *at)
{
    int  high, low;

    if (s.data[*at] != '%') {
        return s.data[*at];
    }

    if (s.len - *at < 3) {
        return -1;
    }

    high = social_postgres_url_hex(s.data[*at + 1]);
    low = social_postgres_url_hex(s.data[*at + 2]);
    *at += 2;

    return high < 0 || low < 0 || high + low == 0 ? -1 : high * 16 + low;
}


/* names may be encoded, too */

static int
social_postgres_url_is(social_str_t raw, const char *name)
{
    size_t  at;

    for (at = 0; at < raw.len && *name != '\0'; at++, name++) {
        if (social_postgres_url_byte(raw, &at) != (unsigned char) *name) {
            return 0;
        }
    }

    return at == raw.len && *name == '\0';
}


/* the parameter that begins at *at; *at becomes the place of the next one.  0:
 * there is none */

static int
social_postgres_url_next(social_str_t url, size_t *at,
    social_postgres_param_t *param)
{
    size_t  end, mark;

    if (*at >= url.len) {
        return 0;
    }

    end = social_postgres_url_find(url, *at, '&', '&');
    mark = social_postgres_url_find(url, *at, '=', '&');

    param->name = social_postgres_url_part(url, *at, mark);
    param->value = social_postgres_url_part(url, mark < end ? mark + 1 : end,
                                            end);
    *at = end + 1;

    return 1;
}


/* the place behind the first "?" from `at` on */

static size_t
social_postgres_url_query(social_str_t url, size_t at)
{
    return social_postgres_url_find(url, at, '?', '?') + 1;
}


int
social_postgres_url_param(social_str_t url, const char *name,
    social_postgres_param_t *param)
{
    int                       found;
    size_t                    at;
    social_postgres_param_t   one;

    found = 0;
    at = social_postgres_url_query(url, social_postgres_url_netloc(url));

    while (social_postgres_url_next(url, &at, &one)) {

        if (social_postgres_url_is(one.name, name)) {
            *param = one;
            found = 1;
        }
    }

    return found;
}


social_str_t
social_postgres_url_host(social_str_t url)
{
    size_t                   begin, end;
    social_postgres_param_t  param;

    if (social_postgres_url_param(url, "host", &param)) {
        return param.value;
    }

    begin = social_postgres_url_netloc(url);
    end = social_postgres_url_find(url, begin, '/', '?');

    return social_postgres_url_part(url, begin, end);
}


/* takes a part as the password if it is the first from `from` on */

static void
social_postgres_url_first(social_str_t url, size_t from, social_str_t part,
    social_str_t *password)
{
    if (part.data >= url.data + from
        && (password->data == NULL || part.data < password->data))
    {
        *password = part;
    }
}


static void
social_postgres_url_params(social_str_t url, size_t at, size_t from,
    social_str_t *password)
{
    social_postgres_param_t  param;

    while (social_postgres_url_next(url, &at, &param)) {

        if (social_postgres_url_is(param.name, "password")) {
            social_postgres_url_first(url, from, param.value, password);
        }
    }
}


/* the first password that begins at `from` or behind it; 0: there is none.
 * Whoever does not encode "?" or "@" means something else than libpq reads, so
 * both is looked at */

static int
social_postgres_url_password(social_str_t url, size_t from,
    social_str_t *password)
{
    size_t  begin, netloc, colon;

    password->data = NULL;
    begin = sizeof(SOCIAL_POSTGRES_URL) - 1;
    netloc = social_postgres_url_netloc(url);

    social_postgres_url_params(url, social_postgres_url_query(url, 0), from,
                               password);
    social_postgres_url_params(url, social_postgres_url_query(url, netloc),
                               from, password);

    if (netloc > begin) {
        colon = social_postgres_url_find(url, begin, ':', '@');

        if (url.data[colon] == ':') {
            social_postgres_url_first(
                url, from, social_postgres_url_part(url, colon + 1, netloc - 1),
                password);
        }
    }

    return password->data != NULL;
}


int
social_postgres_url_has_password(social_str_t url)
{
    social_str_t  password;

    return social_postgres_url_password(url, 0, &password);
}


size_t
social_postgres_url_mask(social_str_t url, unsigned char *buf)
{
    size_t          from, done, at;
    social_str_t    password;
    unsigned char  *p;

    p = buf;
    done = 0;

    for (from = 0;
         social_postgres_url_password(url, from, &password);
         from = done + 1)
    {
        at = (size_t) (password.data - url.data);
        memcpy(p, url.data + done, at - done);
        p += at - done;
        memcpy(p, "***", 3);
        p += 3;
        done = at + password.len;
    }

    memcpy(p, url.data + done, url.len - done);
    p += url.len - done;

    return (size_t) (p - buf);
}


int
social_postgres_url_decode(social_str_t value, unsigned char *buf, size_t *len)
{
    int     c;
    size_t  at, n;

    for (at = 0, n = 0; at < value.len; at++, n++) {
        c = social_postgres_url_byte(value, &at);

        if (c < 0) {
            return SOCIAL_DECLINED;
        }

        buf[n] = (unsigned char) c;
    }

    buf[n] = '\0';
    *len = n;

    return SOCIAL_OK;
}
