
/*
 * One page, scanned twice at the same time: by the tokenizer of src/core/html
 * alone, and by one of its fast paths.  Both must agree after each piece.
 */

#ifndef HTML_TWINS_H_INCLUDED
#define HTML_TWINS_H_INCLUDED


#include <stdlib.h>

#include "html_same.h"


/* how a page is cut: into pieces of so many bytes, or by chance */

#define TWINS_WHOLE   0
#define TWINS_CHANCE  1     /* 1 to 400 bytes */


typedef struct {
    social_html_mode_e  mode;
    unsigned            fast;       /* SOCIAL_HTML_PORTABLE and above */
    size_t              piece;      /* bytes, or TWINS_* */
    uint32_t            seed;
    int                 whole;      /* ends with finish_whole() */
} twins_t;


/* NULL, or what differs; *at: how many bytes were read then */

static const char *
twins_run(const twins_t *t, const char *page, size_t len, size_t *at)
{
    size_t                n, from;
    uint32_t              seed;
    const char           *what;
    unsigned char        *piece;
    social_html_answer_e  a, b;

    static social_html_t  plain, fast;

    seed = t->seed;
    social_html_init(&plain, t->mode);
    social_html_init(&fast, t->mode);
    plain.fast = SOCIAL_HTML_REFERENCE;
    fast.fast = (uint8_t) t->fast;

    for (from = 0; from < len; from += n) {
        seed = seed * 1664525 + 1013904223;

        n = t->piece == TWINS_WHOLE ? len
            : t->piece == TWINS_CHANCE ? 1 + (seed >> 16) % 400 : t->piece;
        n = n > len - from ? len - from : n;
        *at = from + n;

        /* as long as the piece: the sanitizer sees what is read behind it */

        piece = malloc(n);
        memcpy(piece, page + from, n);
        a = social_html_feed(&plain, piece, n);
        b = social_html_feed(&fast, piece, n);
        free(piece);

        what = a != b ? "answer of feed" : html_differ(&plain, &fast);

        if (what == NULL && a == SOCIAL_HTML_MORE) {
            what = html_differ_inside(&plain, &fast);
        }

        if (what) {
            return what;
        }

        if (a != SOCIAL_HTML_MORE) {
            break;
        }
    }

    a = t->whole ? social_html_finish_whole(&plain)
                 : social_html_finish(&plain);
    b = t->whole ? social_html_finish_whole(&fast)
                 : social_html_finish(&fast);

    return a != b ? "answer of finish" : html_differ_at_end(&plain, &fast);
}


#endif /* HTML_TWINS_H_INCLUDED */
