
/*
 * The fast path of the HTML scanner: from block to block, plain tags in pairs
 * of "<" and ">".  See social_html_fast.h.
 */

#include "social_html_fast.h"


/* the tags of a block in turn; *tag: the one that began in an earlier block, or
 * NULL, then the one that goes on in the next */

static const unsigned char *
social_html_fast_tags(social_html_t *h, social_html_block_t *k,
    const unsigned char *p, const unsigned char *end,
    const unsigned char **tag)
{
    const unsigned char  *start, *stop, *left;

    start = *tag;

    while (k->ends) {

        if (start == NULL) {
            start = p + __builtin_ctzll(k->starts);
            k->starts &= k->starts - 1;
        }

        stop = p + __builtin_ctzll(k->ends);
        k->ends &= k->ends - 1;

        left = social_html_fast_tag(h, start, stop, end);

        if (left) {
            return left;
        }

        start = NULL;
    }

    if (k->starts) {
        start = p + __builtin_ctzll(k->starts);
    }

    *tag = start;

    return NULL;
}


const unsigned char *
social_html_fast(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    uint64_t               below;
    const unsigned char   *tag, *left;
    social_html_block_t    block;
    social_html_block_pt   read;

    tag = NULL;
    read = social_html_blocks[h->fast];
    memset(&block, 0, sizeof(block));

    while (end - p >= SOCIAL_HTML_BLOCK) {
        read(p, &block);

        if (block.bad) {
            below = (block.bad & -block.bad) - 1;
            block.starts &= below;
            block.ends &= below;
        }

        left = social_html_fast_tags(h, &block, p, end, &tag);

        if (left) {
            return left;
        }

        if (block.bad) {
            break;
        }

        p += SOCIAL_HTML_BLOCK;
    }

    return tag ? tag : p;
}
