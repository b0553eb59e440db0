
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
 * One function for each kind of processor makes the bitmaps; the rest is the
 * same for all.  Reads exactly 64 bytes.  Pure; any thread.
 */

#include "social_html_fast.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#include <arm_neon.h>
#endif


#define FAST_INLINE  static inline __attribute__((always_inline))


typedef struct {
    uint64_t  less;
    uint64_t  greater;
    uint64_t  quote;            /* the double one */
    uint64_t  equal;
    uint64_t  low;              /* up to "/": space, quotes, "/" and others */
} social_html_bits_t;


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


FAST_INLINE void
social_html_block(const social_html_bits_t *b, social_html_block_t *k)
{
    uint64_t  tags, behind, quotes, values, names, bad;

    k->starts = b->less;

    if ((b->less | k->in_tag) == 0) {
        k->ends = 0;
        k->bad = 0;
        return;
    }

    /* a "<" must not be in a tag; a ">" outside of one is text */

    tags = ~b->greater & ~(~b->greater + b->less + k->in_tag);
    behind = tags << 1 | k->in_tag;
    bad = b->less & (~tags | behind);
    k->ends = b->greater & behind;

    quotes = b->quote & tags;
    values = social_html_values(quotes, b->equal << 1 | k->after_equal,
                                k->in_value, &bad);
    bad |= k->ends & values;

    /* a "=" must be behind a name and in front of a quote */

    names = b->equal & tags & ~values;
    bad |= (names << 1 | k->after_name) & ~quotes;
    bad |= names & (b->low << 1 | k->after_low);

    k->bad = bad;
    k->in_tag = tags >> 63;
    k->in_value = values >> 63;
    k->after_equal = b->equal >> 63;
    k->after_name = names >> 63;
    k->after_low = b->low >> 63;
}


/* the high bit of each byte that is zero; exact */

FAST_INLINE uint64_t
social_html_zeros(uint64_t bytes)
{
    const uint64_t  low = 0x7f7f7f7f7f7f7f7f;

    return ~(((bytes & low) + low) | bytes | low);
}


/* the high bits of eight bytes, side by side */

FAST_INLINE uint64_t
social_html_gather(uint64_t high)
{
    return ((high >> 7) * 0x0102040810204080) >> 56;
}


FAST_INLINE uint64_t
social_html_equals(uint64_t bytes, unsigned char c)
{
    return social_html_gather(
               social_html_zeros(bytes ^ (c * UINT64_C(0x0101010101010101))));
}


/* the high bit of each byte below 0x30: neither its high bit nor, after adding
 * 0x50, a carry into it */

FAST_INLINE uint64_t
social_html_lows(uint64_t bytes)
{
    uint64_t  sum;

    sum = (bytes & 0x7f7f7f7f7f7f7f7f) + 0x5050505050505050;

    return social_html_gather(~(sum | bytes) & 0x8080808080808080);
}


static void
social_html_block_portable(const unsigned char *p, social_html_block_t *k)
{
    unsigned            i;
    uint64_t            bytes;
    social_html_bits_t  b;

    memset(&b, 0, sizeof(b));

    for (i = 0; i < SOCIAL_HTML_BLOCK; i += 8) {
        bytes = social_html_word(p + i);

        b.less |= social_html_equals(bytes, '<') << i;
        b.greater |= social_html_equals(bytes, '>') << i;
        b.quote |= social_html_equals(bytes, '"') << i;
        b.equal |= social_html_equals(bytes, '=') << i;
        b.low |= social_html_lows(bytes) << i;
    }

    social_html_block(&b, k);
}


#if defined(__x86_64__)

#define FAST_VECTORS  social_html_block_sse2, social_html_block_avx2


FAST_INLINE uint64_t
social_html_mask16(__m128i equal, unsigned i)
{
    return (uint64_t) (unsigned) _mm_movemask_epi8(equal) << i;
}


static void
social_html_block_sse2(const unsigned char *p, social_html_block_t *k)
{
    __m128i             v;
    unsigned            i;
    social_html_bits_t  b;

    const __m128i  slash = _mm_set1_epi8('/');

    memset(&b, 0, sizeof(b));

#pragma GCC unroll 4
    for (i = 0; i < SOCIAL_HTML_BLOCK; i += 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) (p + i));

        b.less |= social_html_mask16(_mm_cmpeq_epi8(v, _mm_set1_epi8('<')), i);
        b.greater |= social_html_mask16(_mm_cmpeq_epi8(v, _mm_set1_epi8('>')),
                                        i);
        b.quote |= social_html_mask16(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                      i);
        b.equal |= social_html_mask16(_mm_cmpeq_epi8(v, _mm_set1_epi8('=')),
                                      i);
        b.low |= social_html_mask16(_mm_cmpeq_epi8(_mm_min_epu8(v, slash), v),
                                    i);
    }

    social_html_block(&b, k);
}


__attribute__((target("avx2")))
FAST_INLINE uint64_t
social_html_mask32(__m256i equal, unsigned i)
{
    return (uint64_t) (unsigned) _mm256_movemask_epi8(equal) << i;
}


__attribute__((target("avx2,bmi")))
static void
social_html_block_avx2(const unsigned char *p, social_html_block_t *k)
{
    __m256i             v;
    unsigned            i;
    social_html_bits_t  b;

    const __m256i  slash = _mm256_set1_epi8('/');

    memset(&b, 0, sizeof(b));

#pragma GCC unroll 2
    for (i = 0; i < SOCIAL_HTML_BLOCK; i += 32) {
        v = _mm256_loadu_si256((const __m256i *) (const void *) (p + i));

        b.less |= social_html_mask32(
                      _mm256_cmpeq_epi8(v, _mm256_set1_epi8('<')), i);
        b.greater |= social_html_mask32(
                         _mm256_cmpeq_epi8(v, _mm256_set1_epi8('>')), i);
        b.quote |= social_html_mask32(
                       _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"')), i);
        b.equal |= social_html_mask32(
                       _mm256_cmpeq_epi8(v, _mm256_set1_epi8('=')), i);
        b.low |= social_html_mask32(
                     _mm256_cmpeq_epi8(_mm256_min_epu8(v, slash), v), i);
    }

    social_html_block(&b, k);
}


unsigned
social_html_fast_kind(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
           ? SOCIAL_HTML_WIDE : SOCIAL_HTML_NARROW;
}

#else

#define FAST_VECTORS  NULL, NULL


unsigned
social_html_fast_kind(void)
{
    return SOCIAL_HTML_PORTABLE;
}

#endif


const social_html_block_pt  social_html_blocks[SOCIAL_HTML_KINDS] = {
    NULL, social_html_block_portable, FAST_VECTORS
};
