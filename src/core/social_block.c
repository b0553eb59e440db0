
/*
 * Owns the expressions of `block` and how long they may be searched for.  Must
 * not let a text pass because the search for it failed.  Any thread.
 *
 * An expression such as (\w+\s*)+x needs exponential time.  PCRE2 limits the
 * steps from each position of a text, but not their sum, so the text is
 * searched in windows, and the time is looked at between them.
 */

#include <stdlib.h>

#include "social_block.h"
#include "social_pcre2.h"


#define SOCIAL_BLOCK_STEPS   50000      /* from one position; .* over a text of
                                         * 40,000 bytes needs as many */
#define SOCIAL_BLOCK_HEAP    8192       /* KiB for one search */
#define SOCIAL_BLOCK_WINDOW  64         /* positions */


struct social_block_s {
    size_t                n;
    pcre2_code          **codes;
};


typedef struct {
    pcre2_match_data     *found;
    pcre2_match_context  *limits;
    social_block_late_pt  late;
    void                 *data;
} social_block_search_t;


int
social_block_add(social_block_t **block, social_str_t pattern, int caseless)
{
    int               error;
    size_t            offset;
    pcre2_code       *code, **codes;
    social_block_t   *b;

    if (*block == NULL) {
        *block = calloc(1, sizeof(social_block_t));
    }

    b = *block;

    if (b == NULL) {
        return SOCIAL_ERROR;
    }

    codes = realloc(b->codes, (b->n + 1) * sizeof(pcre2_code *));
    if (codes == NULL) {
        return SOCIAL_ERROR;
    }

    b->codes = codes;

    /* not compiled for the JIT: its stack is small, and a text that does not
     * fit would be held */

    code = pcre2_compile(pattern.data, pattern.len,
                         PCRE2_UTF|PCRE2_USE_OFFSET_LIMIT
                         | (caseless ? PCRE2_CASELESS : 0),
                         &error, &offset, NULL);
    if (code == NULL) {
        return SOCIAL_DECLINED;
    }

    b->codes[b->n++] = code;

    return SOCIAL_OK;
}


void
social_block_free(social_block_t *block)
{
    size_t  i;

    if (block == NULL) {
        return;
    }

    for (i = 0; i < block->n; i++) {
        pcre2_code_free(block->codes[i]);
    }

    free(block->codes);
    free(block);
}


/* 1: found, or the search failed.  The first window finds out whether the text
 * is UTF-8: searching one that is not would be undefined */

static int
social_block_search(social_block_search_t *search, const pcre2_code *code,
    const social_str_t *text)
{
    int                   rc;
    size_t                from;
    const unsigned char  *data;

    data = text->len ? text->data : (const unsigned char *) "";

    for (from = 0; from <= text->len; from += SOCIAL_BLOCK_WINDOW) {

        /* a search must not begin inside a character */

        while (from < text->len && (data[from] & 0xc0) == 0x80) {
            from++;
        }

        if (search->late(search->data)) {
            return 1;
        }

        (void) pcre2_set_offset_limit(search->limits,
                                      from + SOCIAL_BLOCK_WINDOW - 1);

        rc = pcre2_match(code, data, text->len, from,
                         from ? PCRE2_NO_UTF_CHECK : 0,
                         search->found, search->limits);

        if (rc != PCRE2_ERROR_NOMATCH) {
            return 1;
        }
    }

    return 0;
}


static int
social_block_search_all(social_block_search_t *search,
    const social_block_t *block, const social_str_t *texts, size_t n)
{
    size_t  i, k;

    for (i = 0; i < block->n; i++) {
        for (k = 0; k < n; k++) {
            if (social_block_search(search, block->codes[i], &texts[k])) {
                return 1;
            }
        }
    }

    return 0;
}


int
social_block_match(const social_block_t *block, const social_str_t *texts,
    size_t n, social_block_late_pt late, void *data)
{
    int                    matched;
    social_block_search_t  search;

    if (block == NULL) {
        return 0;
    }

    search.late = late;
    search.data = data;
    search.found = pcre2_match_data_create(1, NULL);
    search.limits = pcre2_match_context_create(NULL);
    matched = 1;

    if (search.found && search.limits) {
        (void) pcre2_set_match_limit(search.limits, SOCIAL_BLOCK_STEPS);
        (void) pcre2_set_depth_limit(search.limits, SOCIAL_BLOCK_STEPS);
        (void) pcre2_set_heap_limit(search.limits, SOCIAL_BLOCK_HEAP);

        matched = social_block_search_all(&search, block, texts, n);
    }

    pcre2_match_data_free(search.found);
    pcre2_match_context_free(search.limits);

    return matched;
}
