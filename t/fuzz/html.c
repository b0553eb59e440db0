
/*
 * Fuzzes the HTML scanner.  However the input is cut into pieces, the answer
 * and what was read of the page must be the same, and the place must not be in
 * front of what social_html_hold() has allowed to be sent.
 *
 * The first byte chooses the mode and the pieces, the rest is the page.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_html.h"


#define MUST(cond)                                                            \
    do {                                                                      \
        if (!(cond)) {                                                        \
            fprintf(stderr, "html.c:%d: %s\n", __LINE__, #cond);              \
            abort();                                                          \
        }                                                                     \
    } while (0)


static void
same(const social_html_t *a, const social_html_t *b)
{
    const social_html_meta_t  *x, *y;

    x = social_html_meta(a);
    y = social_html_meta(b);

    MUST(strcmp(x->title, y->title) == 0);
    MUST(strcmp(x->canonical, y->canonical) == 0);
    MUST(strcmp(x->og_title, y->og_title) == 0);
    MUST(strcmp(x->og_url, y->og_url) == 0);
    MUST(strcmp(x->og_image, y->og_image) == 0);
    MUST(strcmp(x->published, y->published) == 0);
    MUST(strcmp(x->lang, y->lang) == 0);
    MUST(strcmp(x->charset, y->charset) == 0);
    MUST(strcmp(x->base, y->base) == 0);
    MUST(strcmp(x->form_action, y->form_action) == 0);
    MUST(strcmp(x->no_transform, y->no_transform) == 0);

    MUST(social_html_place(a) == social_html_place(b));
    MUST(social_html_in_form(a) == social_html_in_form(b));
    MUST(social_html_sendable(a) == social_html_sendable(b)
         || a->answer == SOCIAL_HTML_NONE);
}


/* feeds pieces whose sizes depend on cut; calls social_html_settle() at
 * settle_at */

static social_html_answer_e
pieces(social_html_t *h, social_html_mode_e mode, const uint8_t *data,
    size_t size, uint32_t cut, size_t settle_at)
{
    size_t                at, n;
    uint8_t              *piece;
    uint32_t              cut_first;
    uint64_t              hold, held;
    social_html_answer_e  answer;

    hold = 0;
    cut_first = cut;
    answer = SOCIAL_HTML_MORE;
    social_html_init(h, mode);

    for (at = 0; at < size && answer == SOCIAL_HTML_MORE; at += n) {
        cut = cut * 1664525 + 1013904223;
        n = 1 + (cut >> 24) % 17;
        n = n > size - at ? size - at : n;

        piece = malloc(n);
        MUST(piece != NULL);
        memcpy(piece, data + at, n);
        answer = social_html_feed(h, piece, n);
        free(piece);

        held = social_html_sendable(h);
        MUST(held >= hold && held <= at + n);
        hold = held;

        if (at >= settle_at) {
            answer = social_html_settle(h);
        }
    }

    answer = (cut_first & 8) ? social_html_finish_whole(h)
                             : social_html_finish(h);

    MUST(answer == SOCIAL_HTML_FOUND || answer == SOCIAL_HTML_NONE);
    MUST(answer == SOCIAL_HTML_NONE
         || (social_html_place(h) >= hold && social_html_place(h) <= size));

    return answer;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t              cut;
    social_html_t         whole, cut_up;
    social_html_mode_e    mode;
    social_html_answer_e  answer;

    if (size < 1) {
        return 0;
    }

    mode = (social_html_mode_e) (data[0] % 3);
    cut = data[0];
    data++;
    size--;

    social_html_init(&whole, mode);
    social_html_feed(&whole, data, size);
    answer = (cut & 8) ? social_html_finish_whole(&whole)
                       : social_html_finish(&whole);

    MUST(pieces(&cut_up, mode, data, size, cut, SIZE_MAX) == answer);
    same(&whole, &cut_up);

    pieces(&cut_up, mode, data, size, cut, cut);

    return 0;
}
