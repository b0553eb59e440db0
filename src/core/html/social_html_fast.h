
/*
 * The fast path of the HTML scanner: reads ordinary tags 64 bytes at a time.
 *
 *   block     64 bytes as bitmaps; which tags in them are plain
 *   fast_tag  what a plain tag does to the tree, for the usual names
 *   fast      walks from block to block; leaves the rest to the tokenizer
 *
 * It only runs where text means nothing and only plain tags may count: in the
 * body and in tables, outside of SVG and MathML.  What it does not know for
 * certain it leaves to the tokenizer, from the "<" of that tag on.  So its
 * answer is the tokenizer's, and it keeps no state between two calls.
 *
 * No other file than those of the scanner may include this.  Pure; any thread.
 */

#ifndef SOCIAL_HTML_FAST_H_INCLUDED
#define SOCIAL_HTML_FAST_H_INCLUDED


#include "social_html_tree.h"


#define SOCIAL_HTML_BLOCK  64   /* bytes, one for each bit of a word */


/*
 * The tags of a block.  Bit i stands for byte i.  A tag is plain if each of its
 * attributes is a name alone or name="value", and no "<" or ">" is in a value.
 * starts has the "<" and ends the ">" of plain tags, in pairs; the last "<" may
 * have its ">" in a later block.  bad: from its lowest bit on nothing is known;
 * starts and ends are only right below it.
 */

typedef struct {
    uint64_t  starts;
    uint64_t  ends;
    uint64_t  bad;

    /* carried from one block to the next, 0 or 1; the first block of a run has
     * zeros and does not begin inside of a tag */

    uint64_t  in_tag;
    uint64_t  in_value;
    uint64_t  after_equal;      /* the last byte was any "=" */
    uint64_t  after_name;       /* the last byte was a "=" after a name */
    uint64_t  after_low;        /* the last byte ends no name */
} social_html_block_t;


typedef void (*social_html_block_pt)(const unsigned char *p,
    social_html_block_t *block);


/* by kind, SOCIAL_HTML_PORTABLE first; NULL where the processor has it not */

extern const social_html_block_pt  social_html_blocks[SOCIAL_HTML_KINDS];

/* the fastest kind that this processor has */
unsigned social_html_fast_kind(void);

/* Reads plain tags from p, where the state is STATE_DATA.  Returns where the
 * next state goes on: in text, at a "<", or behind a tag that changed it. */
const unsigned char *social_html_fast(social_html_t *h,
    const unsigned char *p, const unsigned char *end);

/* One plain tag: start is its "<", stop its ">".  Returns NULL to go on behind
 * it, else where the next state goes on. */
const unsigned char *social_html_fast_tag(social_html_t *h,
    const unsigned char *start, const unsigned char *stop,
    const unsigned char *end);


/* eight bytes, the first one lowest */

static inline uint64_t
social_html_word(const unsigned char *p)
{
    return (uint64_t) p[0] | (uint64_t) p[1] << 8 | (uint64_t) p[2] << 16
           | (uint64_t) p[3] << 24 | (uint64_t) p[4] << 32
           | (uint64_t) p[5] << 40 | (uint64_t) p[6] << 48
           | (uint64_t) p[7] << 56;
}


/* 1 if the fast path may run: text is skipped, and tags follow the rules of
 * "in body" or of tables */

static inline int
social_html_fast_may(const social_html_t *h)
{
    return ((1u << h->mode)
            & (1u << MODE_BODY | 1u << MODE_TABLE | 1u << MODE_CAPTION
               | 1u << MODE_TBODY | 1u << MODE_ROW | 1u << MODE_CELL))
           && !h->frames_ok && h->foreign == SOCIAL_HTML_NOT
           && h->state == STATE_DATA && h->answer == SOCIAL_HTML_MORE;
}


#endif /* SOCIAL_HTML_FAST_H_INCLUDED */
