
/*
 * Fuzzes the fast path of the HTML scanner against its tokenizer: both read the
 * same page in the same pieces, and must agree after each of them, for each
 * kind of fast path that this processor has.
 *
 * The first two bytes choose the mode and the pieces, the rest is the page.
 * Half of the mutations insert or replace pieces of t/unit/html_hostile.h.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "html_hostile.h"
#include "html_twins.h"


#define FUZZ_HEAD  2


size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t          at;
    twins_t         twins;
    unsigned        best;
    const char     *page, *what;
    social_html_t  *h;

    static const size_t  pieces[] = {
        TWINS_WHOLE, TWINS_CHANCE, TWINS_CHANCE, 300, 64, 65, 4096, 1
    };

    if (size < FUZZ_HEAD) {
        return 0;
    }

    h = malloc(sizeof(social_html_t));

    if (h == NULL) {
        return 0;
    }

    social_html_init(h, SOCIAL_HTML_AUTO);
    best = h->fast;
    free(h);

    twins.mode = (social_html_mode_e) (data[0] % 3);
    twins.whole = data[0] & 0x80;
    twins.piece = pieces[data[1] % 8];
    twins.seed = data[1];

    page = (const char *) data + FUZZ_HEAD;
    at = 0;

    for (twins.fast = SOCIAL_HTML_PORTABLE; twins.fast <= best; twins.fast++) {
        what = twins_run(&twins, page, size - FUZZ_HEAD, &at);

        if (what) {
            fprintf(stderr, "fast path %u, mode %d: %s differs at %zu\n",
                    twins.fast, twins.mode, what, at);
            abort();
        }
    }

    return 0;
}


/* a hostile piece in the place of `old` bytes at `from` */

static size_t
replace(uint8_t *data, size_t size, size_t max, size_t from, size_t old)
{
    size_t  n;
    char    piece[256];

    n = hostile_piece(piece, sizeof(piece));

    if (size - old + n > max) {
        return size;
    }

    memmove(data + from + n, data + from + old, size - from - old);
    memcpy(data + from, piece, n);

    return size - old + n;
}


size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max,
    unsigned int seed)
{
    size_t    from, old;
    unsigned  i, n;

    hostile_seed = seed;

    if (size < FUZZ_HEAD || hostile_number(2)) {
        return LLVMFuzzerMutate(data, size, max);
    }

    n = 1 + hostile_number(6);

    for (i = 0; i < n; i++) {
        from = FUZZ_HEAD + hostile_number(size - FUZZ_HEAD + 1);
        old = hostile_number(3) ? 0 : hostile_number(20);
        old = old > size - from ? size - from : old;

        size = replace(data, size, max, from, old);
    }

    return size;
}
