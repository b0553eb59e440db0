
/*
 * Addresses in text.  Owns where one begins and ends, which schemes may be
 * links, and how an address is written into an attribute.  Time is linear in
 * the text.  Any thread.
 */

#include "social_link.h"
#include "social_text.h"

#include <string.h>


#define SOCIAL_LINK_NESTED  32      /* brackets that may be open at once */


typedef enum {
    SOCIAL_LINK_INCLUDE = 0,        /* LinkTerm of UTS 58 */
    SOCIAL_LINK_HARD,               /* an address ends before it */
    SOCIAL_LINK_SOFT,               /* ... if nothing but such follows */
    SOCIAL_LINK_OPEN,
    SOCIAL_LINK_CLOSE               /* ends it, unless it was opened in it */
} social_link_term_e;


typedef struct {
    int32_t  first, last;
} social_link_range_t;


static int
social_link_is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9')
           || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}


/* 1 if the text from p on begins with the word, in whatever case */

static int
social_link_has(const unsigned char *p, const unsigned char *end,
    const char *word)
{
    for ( /* void */ ; *word; word++, p++) {
        if (p == end
            || (*p >= 'A' && *p <= 'Z' ? *p + 0x20 : *p) != (unsigned char)
                                                            *word)
        {
            return 0;
        }
    }

    return 1;
}


/* the length of "http://" or "https://" at p, else 0 */

static size_t
social_link_scheme(const unsigned char *p, const unsigned char *end)
{
    if (social_link_has(p, end, "https://")) {
        return end - p > 8 ? 8 : 0;
    }

    return social_link_has(p, end, "http://") && end - p > 7 ? 7 : 0;
}


static int
social_link_is_in(int32_t c, const social_link_range_t *ranges, size_t n)
{
    size_t  i;

    for (i = 0; i < n && c >= ranges[i].first; i++) {
        if (c <= ranges[i].last) {
            return 1;
        }
    }

    return 0;
}


/* no part of an address: bidi marks and overrides, zero-width spaces, and the
 * punctuation of Chinese, Japanese and Korean but for brackets */

static const social_link_range_t  social_link_hard[] = {
    { 0x200b, 0x200b }, { 0x200e, 0x200f }, { 0x202a, 0x202e },
    { 0x2066, 0x2069 }, { 0x3001, 0x3003 }, { 0x301c, 0x301f },
    { 0x3030, 0x3030 }, { 0xfe10, 0xfe16 }, { 0xfe19, 0xfe19 },
    { 0xfe30, 0xfe34 }, { 0xfe45, 0xfe46 }, { 0xfe49, 0xfe58 },
    { 0xfeff, 0xfeff }, { 0xff01, 0xff02 }, { 0xff07, 0xff07 },
    { 0xff0c, 0xff0c }, { 0xff0e, 0xff0e }, { 0xff1a, 0xff1c },
    { 0xff1e, 0xff1f }, { 0xff61, 0xff61 }, { 0xff64, 0xff64 }
};


/* at the end, these belong to the sentence: quotation marks, dashes, and the
 * full stops, commas and question marks of Armenian, Hebrew, Arabic, Syriac,
 * Indic scripts, Tibetan, Burmese, Ethiopic, Khmer, Mongolian and others */

static const social_link_range_t  social_link_soft[] = {
    { '!', '!' }, { '\'', '\'' }, { '*', '*' }, { ',', ',' }, { '.', '.' },
    { ':', ';' }, { '?', '?' }, { 0xab, 0xab }, { 0xbb, 0xbb },
    { 0x055a, 0x055f }, { 0x0589, 0x0589 }, { 0x05be, 0x05be },
    { 0x05c3, 0x05c3 }, { 0x05f3, 0x05f4 }, { 0x060c, 0x060d },
    { 0x061b, 0x061b }, { 0x061e, 0x061f }, { 0x066a, 0x066d },
    { 0x06d4, 0x06d4 }, { 0x0700, 0x070d }, { 0x07f8, 0x07f9 },
    { 0x0964, 0x0965 }, { 0x0970, 0x0970 }, { 0x0df4, 0x0df4 },
    { 0x0e2f, 0x0e2f }, { 0x0e5a, 0x0e5b }, { 0x0f08, 0x0f08 },
    { 0x0f0d, 0x0f12 }, { 0x104a, 0x104f }, { 0x1361, 0x1368 },
    { 0x166e, 0x166e }, { 0x17d4, 0x17d6 }, { 0x17da, 0x17da },
    { 0x1802, 0x1805 }, { 0x1808, 0x1809 }, { 0x1944, 0x1945 },
    { 0x1b5a, 0x1b5f }, { 0x1c3b, 0x1c3f }, { 0x1c7e, 0x1c7f },
    { 0x2013, 0x2014 }, { 0x2018, 0x201f }, { 0x2026, 0x2026 },
    { 0x2039, 0x203a }, { 0x203c, 0x203d }, { 0x2047, 0x2049 },
    { 0xa4fe, 0xa4ff }, { 0xa60d, 0xa60f }, { 0xa876, 0xa877 },
    { 0xa8ce, 0xa8cf }, { 0xaa5d, 0xaa5f }, { 0xabeb, 0xabeb },
    { 0x11047, 0x11048 }, { 0x110be, 0x110c1 }, { 0x11141, 0x11143 }
};


/* opening and closing, in order */

static const social_link_range_t  social_link_brackets[] = {
    { '(', ')' }, { '[', ']' }, { '{', '}' }, { 0x2045, 0x2046 },
    { 0x207d, 0x207e }, { 0x2329, 0x232a }, { 0x27e6, 0x27e7 },
    { 0x27e8, 0x27e9 }, { 0x27ea, 0x27eb }, { 0x2985, 0x2986 },
    { 0x3008, 0x3009 }, { 0x300a, 0x300b }, { 0x300c, 0x300d },
    { 0x300e, 0x300f }, { 0x3010, 0x3011 }, { 0x3014, 0x3015 },
    { 0x3016, 0x3017 }, { 0x3018, 0x3019 }, { 0x301a, 0x301b },
    { 0xfe59, 0xfe5a }, { 0xfe5b, 0xfe5c }, { 0xfe5d, 0xfe5e },
    { 0xff08, 0xff09 }, { 0xff3b, 0xff3d }, { 0xff5b, 0xff5d },
    { 0xff5f, 0xff60 }, { 0xff62, 0xff63 }
};


/* for a bracket, *pair is its row */

static social_link_term_e
social_link_term(int32_t c, const social_link_range_t **pair)
{
    size_t  i;

    if (c <= 0x20 || c == 0x7f || social_text_is_space(c)
        || (c < 0x80 && strchr("<>\"`\\", c))
        || social_link_is_in(c, social_link_hard,
                             social_nelts(social_link_hard)))
    {
        return SOCIAL_LINK_HARD;
    }

    for (i = 0; i < social_nelts(social_link_brackets)
                && c >= social_link_brackets[i].first; i++)
    {
        *pair = &social_link_brackets[i];

        if (c == (*pair)->first || c == (*pair)->last) {
            return c == (*pair)->first ? SOCIAL_LINK_OPEN
                                       : SOCIAL_LINK_CLOSE;
        }
    }

    return social_link_is_in(c, social_link_soft,
                             social_nelts(social_link_soft))
           ? SOCIAL_LINK_SOFT : SOCIAL_LINK_INCLUDE;
}


/* the end of an address whose host begins at p */

static const unsigned char *
social_link_end(const unsigned char *p, const unsigned char *end)
{
    int32_t                     c;
    unsigned                    n;
    const unsigned char        *next, *last;
    const social_link_range_t  *pair, *open[SOCIAL_LINK_NESTED];

    n = 0;
    last = p;

    for (next = p; p < end; p = next) {
        c = social_text_next(&next, end);

        switch (social_link_term(c, &pair)) {

        case SOCIAL_LINK_INCLUDE:
            last = next;
            break;

        case SOCIAL_LINK_SOFT:
            break;

        case SOCIAL_LINK_OPEN:
            if (n == SOCIAL_LINK_NESTED) {
                return last;
            }

            open[n++] = pair;
            break;

        case SOCIAL_LINK_CLOSE:
            if (n == 0 || open[--n] != pair) {
                return last;
            }

            last = next;
            break;

        default:
            return last;
        }
    }

    return last;
}


/* where the host ends that begins at p; NULL: there is a user name before it,
 * a form that only serves to look like another site */

static const unsigned char *
social_link_host(const unsigned char *p, const unsigned char *end)
{
    int32_t                     c;
    const unsigned char        *next;
    const social_link_range_t  *pair;

    for (next = p; p < end && strchr("/?#", *p) == NULL; p = next) {

        if (*p == '@') {
            return NULL;
        }

        c = social_text_next(&next, end);

        if (social_link_term(c, &pair) == SOCIAL_LINK_HARD) {
            break;
        }
    }

    return p;
}


/* 1 if there is an address at p */

static int
social_link_at(const unsigned char *p, const unsigned char *end,
    social_link_t *link)
{
    size_t                scheme;
    const unsigned char  *host;

    scheme = social_link_scheme(p, end);

    if (scheme == 0 || (!social_link_is_alnum(p[scheme]) && p[scheme] < 0x80)) {
        return 0;
    }

    host = p + scheme;
    link->start = p;
    link->path = social_link_host(host, end);

    if (link->path == NULL) {
        return 0;
    }

    link->end = social_link_end(host, end);

    if (link->path > link->end) {
        link->path = link->end;
    }

    return link->end > host;
}


int
social_link_next(const unsigned char *text, const unsigned char *p,
    const unsigned char *end, social_link_t *link)
{
    while (p < end) {

        if ((*p | 0x20) != 'h' || (p > text && social_link_is_alnum(p[-1]))
            || !social_link_at(p, end, link))
        {
            p++;
            continue;
        }

        if (link->end - link->start <= SOCIAL_LINK_MAX) {
            return 1;
        }

        p = link->end;                  /* as text; nor is a part of it one */
    }

    return 0;
}


int
social_link_parse(const unsigned char *data, size_t len, social_link_t *link)
{
    size_t                scheme;
    const unsigned char  *end;

    if (len == 0 || len > SOCIAL_LINK_MAX) {
        return SOCIAL_DECLINED;
    }

    end = data + len;
    link->start = data;
    link->end = end;

    if (social_link_has(data, end, "mailto:") && len > 7) {
        link->path = data;
        return SOCIAL_OK;
    }

    scheme = social_link_scheme(data, end);

    if (scheme == 0
        || (!social_link_is_alnum(data[scheme]) && data[scheme] < 0x80
            && data[scheme] != '['))
    {
        return SOCIAL_DECLINED;
    }

    link->path = social_link_host(data + scheme, end);

    return link->path != NULL && link->path > data + scheme
           && (link->path == end
               || (*link->path && strchr("/?#", *link->path)))
           ? SOCIAL_OK : SOCIAL_DECLINED;
}


static void
social_link_put(social_out_t *out, const unsigned char *p,
    const unsigned char *end)
{
    social_out_html(out, p, (size_t) (end - p));
}


/* 1 for what may stand in a URL as it is */

static int
social_link_is_kept(unsigned char c)
{
    return social_link_is_alnum(c)
           || (c && strchr("-._~:/?#@!$&'()*+,;=%[]{}|^", c));
}


/* percent-encodes what is not ASCII in path and query: browsers would encode a
 * query in the charset of the page */

static void
social_link_put_path(social_out_t *out, const unsigned char *p,
    const unsigned char *end)
{
    const unsigned char  *run;

    while (p < end && !out->failed) {

        for (run = p; p < end && social_link_is_kept(*p); p++) { /* void */ }

        social_link_put(out, run, p);

        for (run = p; p < end && !social_link_is_kept(*p); p++) { /* void */ }

        social_out_query(out, run, (size_t) (p - run));
    }
}


void
social_link_open(social_out_t *out, const social_link_t *link)
{
    social_out_text(out, "<a href=\"");
    social_link_put(out, link->start, link->path);
    social_link_put_path(out, link->path, link->end);
    social_out_text(out, "\" rel=\"nofollow ugc noopener\">");
}
