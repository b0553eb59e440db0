
/*
 * Text that people type.  Owns what UTF-8 is and which characters a name or a
 * comment may have.  Must not escape anything: social_out does.  Time is
 * linear in the input.  Any thread.
 */

#include "social_text.h"

#include <string.h>


#define social_text_within(c, a, b)  ((c) >= (a) && (c) <= (b))


int32_t
social_text_next(const unsigned char **p, const unsigned char *end)
{
    int32_t               c;
    unsigned              n, lo, hi;
    const unsigned char  *s;

    s = *p;
    c = *s++;
    lo = 0x80;
    hi = 0xbf;

    if (c < 0x80) {
        *p = s;
        return c;
    }

    if (social_text_within(c, 0xc2, 0xdf)) {
        n = 1;
        c &= 0x1f;

    } else if (social_text_within(c, 0xe0, 0xef)) {
        n = 2;
        lo = (c == 0xe0) ? 0xa0 : lo;       /* overlong */
        hi = (c == 0xed) ? 0x9f : hi;       /* surrogates */
        c &= 0x0f;

    } else if (social_text_within(c, 0xf0, 0xf4)) {
        n = 3;
        lo = (c == 0xf0) ? 0x90 : lo;       /* overlong */
        hi = (c == 0xf4) ? 0x8f : hi;       /* beyond U+10FFFF */
        c &= 0x07;

    } else {
        *p = s;
        return -1;
    }

    while (n--) {

        if (s == end || !social_text_within(*s, lo, hi)) {
            *p = s;
            return -1;
        }

        c = (c << 6) | (*s++ & 0x3f);
        lo = 0x80;
        hi = 0xbf;
    }

    *p = s;

    return c;
}


int
social_text_valid(const unsigned char *data, size_t len)
{
    const unsigned char  *p, *end;

    p = data;
    end = len ? data + len : data;      /* data may be NULL if len is 0 */

    while (p < end) {
        if (social_text_next(&p, end) <= 0) {
            return 0;
        }
    }

    return 1;
}


size_t
social_text_count(const unsigned char *data, size_t len)
{
    size_t                n;
    const unsigned char  *p, *end;

    p = data;
    end = len ? data + len : data;

    for (n = 0; p < end; n++) {
        (void) social_text_next(&p, end);
    }

    return n;
}


int
social_text_is_space(int32_t c)
{
    return social_text_within(c, 0x09, 0x0d) || c == 0x20 || c == 0xa0
           || c == 0x1680 || social_text_within(c, 0x2000, 0x200a)
           || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f
           || c == 0x3000;
}


/* invisible characters: soft hyphen, direction marks, zero-width characters,
 * Hangul fillers, blank Braille, BOM; they have their use inside a word */

static int
social_text_is_blank(int32_t c)
{
    return social_text_is_space(c) || c == 0xad || c == 0x61c
           || social_text_within(c, 0x115f, 0x1160) || c == 0x180e
           || social_text_within(c, 0x200b, 0x200f)
           || social_text_within(c, 0x2060, 0x2064) || c == 0x2800
           || c == 0x3164 || c == 0xfeff || c == 0xffa0;
}


/* only visible with another character: variation selectors and tags.  They may
 * end an emoji, but are not enough for a name */

static int
social_text_is_modifier(int32_t c)
{
    return social_text_within(c, 0xfe00, 0xfe0f)
           || social_text_within(c, 0xe0000, 0xe0fff);
}


/* C0 except white space, DEL, C1, and what changes the direction of the text
 * after it, so that a name could rewrite its line */

static int
social_text_is_forbidden(int32_t c)
{
    return social_text_within(c, 0x00, 0x08)
           || social_text_within(c, 0x0e, 0x1f)
           || social_text_within(c, 0x7f, 0x9f)
           || social_text_within(c, 0x202a, 0x202e)
           || social_text_within(c, 0x2066, 0x2069);
}


social_str_t
social_text_trim(const unsigned char *data, size_t len)
{
    int32_t               c;
    social_str_t          s;
    const unsigned char  *p, *end, *start, *stop;

    p = data;
    end = len ? data + len : data;
    start = NULL;
    stop = NULL;

    while (p < end) {

        s.data = p;
        c = social_text_next(&p, end);

        if (c >= 0 && social_text_is_blank(c)) {
            continue;
        }

        if (start == NULL) {
            start = s.data;
        }

        stop = p;
    }

    s.data = start ? start : data;
    s.len = start ? (size_t) (stop - start) : 0;

    return s;
}


int
social_text_clean_line(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len)
{
    int                   visible, space;
    int32_t               c;
    social_str_t          s;
    unsigned char        *d;
    const unsigned char  *p, *end, *from;

    *dst_len = 0;

    if (len == 0) {
        return SOCIAL_OK;
    }

    d = dst;
    visible = 0;
    space = 0;

    /* check everything before trimming, which could remove what is
     * forbidden */

    for (p = data, end = data + len; p < end; /* void */ ) {
        c = social_text_next(&p, end);

        if (c < 0 || social_text_is_forbidden(c)) {
            return SOCIAL_DECLINED;
        }
    }

    s = social_text_trim(data, len);

    for (p = s.data, end = s.data + s.len; p < end; /* void */ ) {

        from = p;
        c = social_text_next(&p, end);

        if (social_text_is_space(c)) {
            space = 1;
            continue;
        }

        if (space) {
            *d++ = ' ';
            space = 0;
        }

        visible |= !social_text_is_blank(c) && !social_text_is_modifier(c);

        memmove(d, from, (size_t) (p - from));
        d += p - from;
    }

    *dst_len = visible ? (size_t) (d - dst) : 0;

    return SOCIAL_OK;
}


int
social_text_clean_text(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len)
{
    int32_t               c;
    social_str_t          s;
    unsigned char        *d;
    const unsigned char  *p, *end, *from;

    *dst_len = 0;

    if (len == 0) {
        return SOCIAL_OK;
    }

    if (!social_text_valid(data, len)) {
        return SOCIAL_DECLINED;
    }

    d = dst;

    for (p = data, end = data + len; p < end; /* void */ ) {

        from = p;
        c = social_text_next(&p, end);

        if (c == '\r') {
            *d++ = '\n';
            p += (p < end && *p == '\n');
            continue;
        }

        if (social_text_within(c, 0x7f, 0x9f) || (c < ' ' && c != '\t'
            && c != '\n'))
        {
            continue;
        }

        memmove(d, from, (size_t) (p - from));
        d += p - from;
    }

    s = social_text_trim(dst, (size_t) (d - dst));

    if (s.len && memchr(s.data, '\n', s.len)) {

        /* verse or code: its first line keeps its blanks, as the others do */

        while (s.data > dst && (s.data[-1] == ' ' || s.data[-1] == '\t')) {
            s.data--;
            s.len++;
        }
    }

    memmove(dst, s.data, s.len);
    *dst_len = s.len;

    return SOCIAL_OK;
}
