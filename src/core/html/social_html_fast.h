
/*
 * The fast path of the HTML scanner: reads ordinary tags 64 bytes at a time.
 *
 *   social_html_fast_block.h   64 bytes as bitmaps; which tags are plain
 *   social_html_fast.c         from block to block
 *   social_html_fast_tag.c     what a plain tag of a usual name does
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


#define FAST_BITS    8              /* of a name's place in the table */
#define FAST_PLACES  (1 << FAST_BITS)

/* bytes that are read: a block, and behind it those of a name, 8 from the "/"
 * of its last tag on */
#define SOCIAL_HTML_FAST_ROOM  (SOCIAL_HTML_BLOCK + 10)

#define SOCIAL_HTML_FAST_PLACE(word)                                          \
    ((uint64_t) (word) * UINT64_C(0xbc08514710efd9bb)                         \
     >> (64 - FAST_BITS))


/* what a tag of a known name does */

typedef enum {
    FAST_TREE = 0,              /* goes to the tree */
    FAST_NOTHING,
    FAST_FORMAT,                /* these four: social_html_fast_light() */
    FAST_LINK,
    FAST_END_FORMAT,
    FAST_PARAGRAPH,
    FAST_CLOSE_P,
    FAST_PUSH,
    FAST_DIV,
    FAST_POP,
    FAST_HEADING,
    FAST_END_HEADING,
    FAST_ITEM,
    FAST_BUTTON,
    FAST_END_BUTTON,
    FAST_TIME,
    FAST_CELL,
    FAST_END_CELL,
    FAST_ROW,
    FAST_END_ROW,
    FAST_ACTS
} social_html_act_e;


typedef struct {
    uint64_t  name;             /* the first byte lowest */
    uint8_t   len;
    uint8_t   tag;
    uint8_t   shift;            /* of the name's two bits in formats */
    uint8_t   acts[2];          /* of the start tag and the end tag */
} social_html_fast_name_t;


extern const social_html_fast_name_t  social_html_fast_names[FAST_PLACES];


/* the fastest kind that this processor has */
unsigned social_html_fast_kind(void);

/* Reads plain tags from p, where the state is STATE_DATA.  Returns where the
 * next state goes on: in text, at a "<", or behind a tag that changed it. */
const unsigned char *social_html_fast(social_html_t *h,
    const unsigned char *p, const unsigned char *end);

/* what a plain tag of that name does, by act; name: what follows "<" or "</" in
 * the page, stop: its ">".  0: not the usual case, so nothing was done. */

typedef int (*social_html_fast_act_pt)(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop);

extern const social_html_fast_act_pt  social_html_fast_acts[FAST_ACTS];

/* Any other plain tag: start is its "<".  Returns NULL to go on behind it, else
 * where the next state goes on. */
const unsigned char *social_html_fast_tree(social_html_t *h,
    const unsigned char *start, const unsigned char *stop);


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
