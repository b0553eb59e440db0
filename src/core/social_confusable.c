
/*
 * Owns which names look alike: a reader must not write under a name that other
 * readers take for the author's.  Any thread.
 *
 * Case and look cannot be joined in one form: Cyrillic capital VE looks like
 * "B", its small letter like nothing Latin, and a name in small letters is
 * still the same name.  So there are three: the look, the look of the name in
 * small letters, and that in capitals.
 */

#include <string.h>

#include "social_confusable.h"
#include "social_confusable_table.h"
#include "social_text.h"


static int32_t
social_confusable_lower(int32_t c)
{
    size_t                           i;
    const social_confusable_case_t  *row;

    if (c < 0x80) {
        return (c >= 'A' && c <= 'Z') ? c + 0x20 : c;
    }

    for (i = 0; i < social_confusable_ncases; i++) {
        row = &social_confusable_cases[i];

        if (c >= row->first && c <= row->last
            && (c - row->first) % row->step == 0)
        {
            return c + row->small;
        }
    }

    return c;
}


static int32_t
social_confusable_upper(int32_t c)
{
    size_t                           i;
    int32_t                          capital;
    const social_confusable_case_t  *row;

    if (c < 0x80) {
        return (c >= 'a' && c <= 'z') ? c - 0x20 : c;
    }

    for (i = 0; i < social_confusable_ncases; i++) {
        row = &social_confusable_cases[i];
        capital = c - row->small;

        if (capital >= row->first && capital <= row->last
            && (capital - row->first) % row->step == 0)
        {
            return capital;
        }
    }

    return c;
}


/* the ASCII character that a letter of another alphabet of the same letters
 * stands for, as in full width and mathematical bold; others stay */

static int32_t
social_confusable_plain(int32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e) {
        return c - 0xff01 + '!';
    }

    if (c >= 0x1d400 && c <= 0x1d6a3) {
        c = (c - 0x1d400) % 52;
        return c < 26 ? 'a' + c : 'a' + c - 26;
    }

    if (c >= 0x1d7ce && c <= 0x1d7ff) {
        return '0' + (c - 0x1d7ce) % 10;
    }

    return c;
}


/* what is not seen, and accents */

static int
social_confusable_is_mark(int32_t c)
{
    return c < 0 || social_text_is_space(c) || c == 0xad || c == 0x34f
           || c == 0x61c || (c >= 0x300 && c <= 0x36f)
           || (c >= 0x483 && c <= 0x489) || (c >= 0x115f && c <= 0x1160)
           || (c >= 0x180b && c <= 0x180f) || (c >= 0x1ab0 && c <= 0x1aff)
           || (c >= 0x1dc0 && c <= 0x1dff) || (c >= 0x200b && c <= 0x200f)
           || (c >= 0x2060 && c <= 0x206f) || (c >= 0x20d0 && c <= 0x20ff)
           || c == 0x2800 || c == 0x3164 || (c >= 0xfe00 && c <= 0xfe0f)
           || (c >= 0xfe20 && c <= 0xfe2f) || c == 0xfeff || c == 0xffa0
           || (c >= 0xe0000 && c <= 0xe0fff);
}


/* NULL: the letter only looks like itself */

static const uint16_t *
social_confusable_find(int32_t c)
{
    size_t           i;
    const uint16_t  *p;

    if (c < 0x80 || c > 0xffff) {
        return NULL;
    }

    for (i = 0; i < social_confusable_nrows; i++) {
        for (p = social_confusable_rows[i].from; *p; p++) {
            if (*p == c) {
                return social_confusable_rows[i].to;
            }
        }
    }

    return NULL;
}


static void
social_confusable_put(social_confusable_t *out, int32_t c)
{
    if (out->len + 3 > sizeof(out->data)) {
        return;
    }

    if (c < 0x80) {
        out->data[out->len++] = (unsigned char) c;

    } else if (c < 0x800) {
        out->data[out->len++] = (unsigned char) (0xc0 | c >> 6);
        out->data[out->len++] = (unsigned char) (0x80 | (c & 0x3f));

    } else if (c < 0x10000) {
        out->data[out->len++] = (unsigned char) (0xe0 | c >> 12);
        out->data[out->len++] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
        out->data[out->len++] = (unsigned char) (0x80 | (c & 0x3f));

    } else if (out->len + 4 <= sizeof(out->data)) {
        out->data[out->len++] = (unsigned char) (0xf0 | c >> 18);
        out->data[out->len++] = (unsigned char) (0x80 | (c >> 12 & 0x3f));
        out->data[out->len++] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
        out->data[out->len++] = (unsigned char) (0x80 | (c & 0x3f));
    }
}


/* letters that look alike within ASCII; "i" because of its capital */

static void
social_confusable_put_letter(social_confusable_t *out, int32_t c)
{
    switch (c) {

    case 'i':
    case '1':
    case '|':
        social_confusable_put(out, 'l');
        return;

    case '0':
        social_confusable_put(out, 'o');
        return;

    case 'm':
        social_confusable_put(out, 'r');
        social_confusable_put(out, 'n');
        return;

    case 'w':
        social_confusable_put(out, 'v');
        social_confusable_put(out, 'v');
        return;

    default:
        social_confusable_put(out, c);
    }
}


void
social_confusable_skeleton(social_str_t name, social_confusable_e how,
    social_confusable_t *out)
{
    int32_t               c;
    const uint16_t       *to;
    const unsigned char  *p, *end;

    out->len = 0;
    p = name.data;
    end = name.len ? p + name.len : p;

    while (p < end) {
        c = social_text_next(&p, end);

        if (social_confusable_is_mark(c)) {
            continue;
        }

        c = social_confusable_plain(c);

        if (how != SOCIAL_CONFUSABLE_LOOK) {
            c = (how == SOCIAL_CONFUSABLE_SMALL) ? social_confusable_lower(c)
                                                 : social_confusable_upper(c);
        }

        to = social_confusable_find(c);

        if (to == NULL) {
            social_confusable_put_letter(out, social_confusable_lower(c));
            continue;
        }

        for ( /* void */ ; *to; to++) {
            social_confusable_put_letter(out, *to);
        }
    }
}


int
social_confusable_same(social_str_t a, social_str_t b)
{
    int                  how;
    social_confusable_t  x, y;

    for (how = SOCIAL_CONFUSABLE_LOOK; how < SOCIAL_CONFUSABLES; how++) {
        social_confusable_skeleton(a, (social_confusable_e) how, &x);
        social_confusable_skeleton(b, (social_confusable_e) how, &y);

        if (x.len && x.len == y.len && memcmp(x.data, y.data, x.len) == 0) {
            return 1;
        }
    }

    return 0;
}
