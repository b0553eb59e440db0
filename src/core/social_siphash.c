
/*
 * SipHash-2-4.  Must not keep keys.  Allocates nothing; the result does not
 * depend on the byte order.  Any thread.
 */

#include "social_siphash.h"


#define social_siphash_rotl(x, b)  (((x) << (b)) | ((x) >> (64 - (b))))


/* every request is hashed some times: these two must be inlined, or the state
 * does not stay in registers */

static inline uint64_t social_siphash_load(const unsigned char *p)
    __attribute__((always_inline));
static inline void social_siphash_round(uint64_t v[4])
    __attribute__((always_inline));
static uint64_t social_siphash_tail(const unsigned char *p, size_t n);


static inline uint64_t
social_siphash_load(const unsigned char *p)
{
    /* little-endian; compilers make one load of it */

    return (uint64_t) p[0] | (uint64_t) p[1] << 8 | (uint64_t) p[2] << 16
           | (uint64_t) p[3] << 24 | (uint64_t) p[4] << 32
           | (uint64_t) p[5] << 40 | (uint64_t) p[6] << 48
           | (uint64_t) p[7] << 56;
}


static inline void
social_siphash_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = social_siphash_rotl(v[1], 13) ^ v[0];
    v[0] = social_siphash_rotl(v[0], 32);

    v[2] += v[3];
    v[3] = social_siphash_rotl(v[3], 16) ^ v[2];

    v[0] += v[3];
    v[3] = social_siphash_rotl(v[3], 21) ^ v[0];

    v[2] += v[1];
    v[1] = social_siphash_rotl(v[1], 17) ^ v[2];
    v[2] = social_siphash_rotl(v[2], 32);
}


uint64_t
social_siphash(const unsigned char key[SOCIAL_SIPHASH_KEY], const void *data,
    size_t len)
{
    size_t                n;
    uint64_t              k0, k1, m, v[4];
    const unsigned char  *p;

    k0 = social_siphash_load(key);
    k1 = social_siphash_load(key + 8);

    v[0] = k0 ^ 0x736f6d6570736575ull;
    v[1] = k1 ^ 0x646f72616e646f6dull;
    v[2] = k0 ^ 0x6c7967656e657261ull;
    v[3] = k1 ^ 0x7465646279746573ull;

    p = data;

    for (n = len; n >= 8; n -= 8) {
        m = social_siphash_load(p);
        p += 8;

        v[3] ^= m;
        social_siphash_round(v);
        social_siphash_round(v);
        v[0] ^= m;
    }

    m = (uint64_t) (len & 0xff) << 56;

    if (n) {
        m |= social_siphash_tail(p, n);
    }

    v[3] ^= m;
    social_siphash_round(v);
    social_siphash_round(v);
    v[0] ^= m;

    v[2] ^= 0xff;
    social_siphash_round(v);
    social_siphash_round(v);
    social_siphash_round(v);
    social_siphash_round(v);

    return v[0] ^ v[1] ^ v[2] ^ v[3];
}


/* n < 8 bytes, little-endian */

static uint64_t
social_siphash_tail(const unsigned char *p, size_t n)
{
    size_t    i;
    uint64_t  m;

    m = 0;

    for (i = 0; i < n; i++) {
        m |= (uint64_t) p[i] << (8 * i);
    }

    return m;
}
