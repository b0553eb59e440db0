
/*
 * 64 bytes of a page as bitmaps, and which of its tags are plain.
 *
 * A bitmap has a bit for each byte that is, say, a "<".  From a few of them,
 * shifts and additions tell in some forty instructions, without a branch for a
 * byte or a tag, what a tokenizer would have to walk through:
 *
 *     <p class="a">x > y</p>
 *     1.................1...      less
 *     ............1...1....1      greater
 *     111111111111......111.      in a tag: from each "<" to the next ">"
 *     .........11...........      in a value: from the quote behind a "=" to
 *                                 the next quote
 *
 * An addition finds the end of a run: the carry walks through the ones.  All
 * carries go to higher bits, so below the first bit that is bad all is right.
 *
 * A tag is plain if each of its attributes is a name alone or name="value", and
 * no "<" or ">" is in a value.  Pure; any thread.
 */

#ifndef SOCIAL_HTML_FAST_BLOCK_H_INCLUDED
#define SOCIAL_HTML_FAST_BLOCK_H_INCLUDED


#include <stdint.h>


#define FAST_INLINE  static inline __attribute__((always_inline))


/* bit i: what byte i is */

typedef struct {
    uint64_t  less;
    uint64_t  greater;
    uint64_t  quote;            /* the double one */
    uint64_t  equal;
    uint64_t  high;             /* "0" to DEL: no space, quote or "/" */
} social_html_bits_t;


/* the tags of a block, and what the next block must know */

typedef struct {

    /* the "<" and the ">" of plain tags, in pairs; the first ">" may have its
     * "<" in an earlier block, the last "<" its ">" in a later one.  From the
     * lowest bit of bad on nothing is known: starts and ends have bits below
     * it only. */

    uint64_t  starts;
    uint64_t  ends;
    uint64_t  bad;

    /* 0 or 1; the first block does not begin inside of a tag */

    uint64_t  in_tag;
    uint64_t  in_value;
    uint64_t  after_equal;      /* the last byte was a "=" */
    uint64_t  after_high;       /* it was a high one; 0 if not known */
} social_html_block_t;


/* bit i is the parity of the bits up to i */

FAST_INLINE uint64_t
social_html_parity(uint64_t bits)
{
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;

    return bits;
}


/*
 * The values between quotes; *bad gets what does not fit.  after: bytes behind
 * a "=".  Where a value ends with "=", as Base64 does, the subtraction fails;
 * the parity does not.
 */

FAST_INLINE uint64_t
social_html_values(uint64_t quotes, uint64_t after, uint64_t in_value,
    uint64_t *bad)
{
    uint64_t  open, close, values, edges;

    open = quotes & after;
    close = quotes ^ open;
    values = close - open - in_value;
    edges = values ^ (values << 1 | in_value) ^ quotes;
    edges |= (open & ~values) | (close & values);

    if (__builtin_expect(edges != 0, 0)) {
        values = social_html_parity(quotes) ^ (0 - in_value);
        edges = quotes & values & ~after;
    }

    *bad |= edges;

    return values;
}


/* a "=" must be behind a name and in front of a quote; returns what is bad */

FAST_INLINE uint64_t
social_html_block_values(const social_html_bits_t *b, social_html_block_t *k,
    uint64_t tags)
{
    uint64_t  quotes, values, names, bad;

    bad = 0;
    quotes = b->quote & tags;
    values = social_html_values(quotes, b->equal << 1 | k->after_equal,
                                k->in_value, &bad);
    bad |= k->ends & values;

    names = b->equal & tags & ~values;
    bad |= (names << 1 | (k->after_equal & k->in_tag & ~k->in_value)) & ~quotes;
    bad |= names & ~(b->high << 1 | k->after_high);

    k->in_value = values >> 63;
    k->after_high = b->high >> 63;

    return bad;
}


FAST_INLINE void
social_html_block(const social_html_bits_t *b, social_html_block_t *k)
{
    uint64_t  tags, behind, bad;

    k->starts = b->less;
    k->ends = 0;
    k->bad = 0;

    if ((b->less | k->in_tag) == 0) {
        return;
    }

    /* a "<" must not be in a tag; a ">" outside of one is text */

    tags = ~b->greater & ~(~b->greater + b->less + k->in_tag);
    behind = tags << 1 | k->in_tag;
    bad = b->less & (~tags | behind);
    k->ends = b->greater & behind;

    bad |= social_html_block_values(b, k, tags);

    if (__builtin_expect(bad != 0, 0)) {
        k->starts &= (bad & (0 - bad)) - 1;
        k->ends &= (bad & (0 - bad)) - 1;
        k->bad = bad;
    }

    k->in_tag = tags >> 63;
    k->after_equal = b->equal >> 63;
}


#endif /* SOCIAL_HTML_FAST_BLOCK_H_INCLUDED */
