
/*
 * The fast path of the HTML scanner: from block to block, from plain tag to
 * plain tag.  One copy of the loop for each kind of processor: they differ in
 * how they make a block's bitmaps.  See social_html_fast.h.
 */

#include "social_html_fast.h"
#include "social_html_fast_block.h"

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__AARCH64EL__)
#include <arm_neon.h>
#endif


typedef social_html_bits_t (*social_html_bits_pt)(const unsigned char *p);


#if defined(__x86_64__)
#define FAST_AVX2  __attribute__((target("avx2,bmi")))
#endif


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


/* the bytes from "0" to DEL: adding carries them, and no others, into the high
 * bit */

FAST_INLINE uint64_t
social_html_highs(uint64_t bytes)
{
    uint64_t  sum;

    sum = (bytes & 0x7f7f7f7f7f7f7f7f) + 0x5050505050505050;

    return social_html_gather(sum & ~bytes & 0x8080808080808080);
}


static inline social_html_bits_t
social_html_bits_portable(const unsigned char *p)
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
        b.high |= social_html_highs(bytes) << i;
    }

    return b;
}


#if defined(__x86_64__)


FAST_INLINE uint64_t
social_html_mask16(__m128i equal, unsigned i)
{
    return (uint64_t) (unsigned) _mm_movemask_epi8(equal) << i;
}


static inline social_html_bits_t
social_html_bits_narrow(const unsigned char *p)
{
    __m128i             v;
    unsigned            i;
    social_html_bits_t  b;

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
        b.high |= social_html_mask16(_mm_cmpgt_epi8(v, _mm_set1_epi8('/')), i);
    }

    return b;
}


FAST_INLINE FAST_AVX2 uint64_t
social_html_mask32(__m256i equal, unsigned i)
{
    return (uint64_t) (unsigned) _mm256_movemask_epi8(equal) << i;
}


static inline FAST_AVX2 social_html_bits_t
social_html_bits_wide(const unsigned char *p)
{
    __m256i             v;
    unsigned            i;
    social_html_bits_t  b;

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
        b.high |= social_html_mask32(
                      _mm256_cmpgt_epi8(v, _mm256_set1_epi8('/')), i);
    }

    return b;
}

#elif defined(__AARCH64EL__)

/* a bit for each byte that is 0xff: pairs are added three times */

FAST_INLINE uint64_t
social_html_mask64(const uint8x16_t *equal)
{
    uint8x16_t  low, high;

    static const uint8_t  bytes[16] = {
        1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128
    };

    const uint8x16_t  bits = vld1q_u8(bytes);

    low = vpaddq_u8(vandq_u8(equal[0], bits), vandq_u8(equal[1], bits));
    high = vpaddq_u8(vandq_u8(equal[2], bits), vandq_u8(equal[3], bits));
    low = vpaddq_u8(low, high);

    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(low, low)), 0);
}


FAST_INLINE uint64_t
social_html_equals64(const uint8x16_t *v, unsigned char c)
{
    unsigned    i;
    uint8x16_t  equal[4];

    for (i = 0; i < 4; i++) {
        equal[i] = vceqq_u8(v[i], vdupq_n_u8(c));
    }

    return social_html_mask64(equal);
}


static inline social_html_bits_t
social_html_bits_narrow(const unsigned char *p)
{
    unsigned            i;
    uint8x16_t          v[4], high[4];
    social_html_bits_t  b;

    for (i = 0; i < 4; i++) {
        v[i] = vld1q_u8(p + 16 * i);
        high[i] = vcgtq_s8(vreinterpretq_s8_u8(v[i]), vdupq_n_s8('/'));
    }

    b.less = social_html_equals64(v, '<');
    b.greater = social_html_equals64(v, '>');
    b.quote = social_html_equals64(v, '"');
    b.equal = social_html_equals64(v, '=');
    b.high = social_html_mask64(high);

    return b;
}

#endif


/* What a plain tag does that does next to nothing, as most do; 0 if it does
 * more.  Its name is read as a word: the letters in front of the first byte
 * that is none.  Letters have the bit 0x40; 0x20 makes them small. */

FAST_INLINE int
social_html_fast_light(social_html_t *h, const unsigned char *name,
    unsigned end_tag, const social_html_fast_name_t **found)
{
    unsigned                        alike, act;
    uint64_t                        word, other;
    const social_html_fast_name_t  *known;

    word = social_html_word(name);
    other = ~word & 0x4040404040404040;
    word = (word | 0x2020202020202020) & (((other - 1) & ~other) >> 6);

    known = &social_html_fast_names[SOCIAL_HTML_FAST_PLACE(word)];

    if (known->name != word || social_html_name_byte[name[known->len]] != 0) {
        *found = NULL;
        return 0;
    }

    act = known->acts[end_tag];

    if (act == FAST_NOTHING) {
        return 1;
    }

    alike = (h->formats >> known->shift) & 3;

    switch (act) {

    case FAST_LINK:
        h->formats = (h->formats & ~FORMAT_LINK) | 1;
        return 1;

    case FAST_FORMAT:
        h->formats += (uint32_t) (alike != 3 && name[known->len] == '>')
                      << known->shift;
        return 1;

    case FAST_END_FORMAT:
        h->formats -= (uint32_t) (alike != 0) << known->shift;
        return 1;
    }

    *found = known;

    return 0;
}


/* where a tag of this block ends that began at `tag`, perhaps in front of it */

FAST_INLINE const unsigned char *
social_html_fast_stop(const unsigned char *p, const unsigned char *tag,
    const social_html_block_t *k)
{
    unsigned  from;

    from = tag > p ? (unsigned) (tag - p) : 0;

    return p + (unsigned) __builtin_ctzll(k->ends >> from << from);
}


/* a plain tag; NULL to go on behind it, else where the next state goes on */

FAST_INLINE const unsigned char *
social_html_fast_one(social_html_t *h, const social_html_block_t *k,
    const unsigned char *p, const unsigned char *tag)
{
    unsigned                        end_tag, act;
    const unsigned char            *name, *stop;
    const social_html_fast_name_t  *known;

    end_tag = (tag[1] == '/');
    name = tag + 1 + end_tag;

    if (social_html_fast_light(h, name, end_tag, &known)) {
        return NULL;
    }

    stop = social_html_fast_stop(p, tag, k);

    if (known) {
        act = known->acts[end_tag];

        if (social_html_fast_acts[act](h, known, name, stop)) {
            return NULL;
        }
    }

    return social_html_fast_tree(h, tag, stop);
}


/* the tags that end in a block; open: one that began in an earlier block, or
 * NULL; starts: where those begin that end here, too.  Returns like _one(). */

FAST_INLINE const unsigned char *
social_html_fast_all(social_html_t *h, const social_html_block_t *k,
    const unsigned char *p, const unsigned char *open, uint64_t starts)
{
    const unsigned char  *left;

    if (open) {
        left = social_html_fast_one(h, k, p, open);

        if (left) {
            return left;
        }
    }

    for ( /* void */ ; starts; starts &= starts - 1) {
        left = social_html_fast_one(h, k, p,
                                    p + (unsigned) __builtin_ctzll(starts));

        if (left) {
            return left;
        }
    }

    return NULL;
}


/* the walk; bits is a constant, so that it becomes a part of the loop */

FAST_INLINE const unsigned char *
social_html_fast_walk(social_html_t *h, const unsigned char *p,
    const unsigned char *end, social_html_bits_pt bits)
{
    unsigned              last;
    uint64_t              starts;
    social_html_bits_t    b;
    social_html_block_t   k;
    const unsigned char  *open, *next, *left;

    open = NULL;
    memset(&k, 0, sizeof(k));

    for ( /* void */ ; end - p >= SOCIAL_HTML_FAST_ROOM;
         p += SOCIAL_HTML_BLOCK)
    {
        b = bits(p);
        social_html_block(&b, &k);

        starts = k.starts;
        next = NULL;

        if (k.bad | k.in_tag) {

            /* the last tag that begins here, or in front, does not end here */

            next = open;

            if (starts) {
                last = 63u - (unsigned) __builtin_clzll(starts);
                starts ^= (uint64_t) 1 << last;
                next = p + last;
            }
        }

        if (k.ends) {
            left = social_html_fast_all(h, &k, p, open, starts);

            if (left) {
                return left;
            }
        }

        open = next;

        if (k.bad) {
            break;
        }
    }

    return open ? open : p;
}


static const unsigned char *
social_html_fast_portable(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    return social_html_fast_walk(h, p, end, social_html_bits_portable);
}


#if defined(__x86_64__) || defined(__AARCH64EL__)

static const unsigned char *
social_html_fast_narrow(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    return social_html_fast_walk(h, p, end, social_html_bits_narrow);
}

#endif


#if defined(__x86_64__)

#define FAST_VECTORS  social_html_fast_narrow, social_html_fast_wide


static FAST_AVX2 const unsigned char *
social_html_fast_wide(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    return social_html_fast_walk(h, p, end, social_html_bits_wide);
}


unsigned
social_html_fast_kind(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
           ? SOCIAL_HTML_WIDE : SOCIAL_HTML_NARROW;
}

#elif defined(__AARCH64EL__)

#define FAST_VECTORS  social_html_fast_narrow, NULL


unsigned
social_html_fast_kind(void)
{
    return SOCIAL_HTML_NARROW;
}

#else

#define FAST_VECTORS  NULL, NULL


unsigned
social_html_fast_kind(void)
{
    return SOCIAL_HTML_PORTABLE;
}

#endif


const unsigned char *
social_html_fast(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    static const social_html_state_pt  walks[SOCIAL_HTML_KINDS] = {
        NULL, social_html_fast_portable, FAST_VECTORS
    };

    return walks[h->fast](h, p, end);
}
