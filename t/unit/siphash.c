
/* SipHash-2-4 against the vectors of its reference implementation */

#include "unit.h"
#include "social_siphash.h"


/* key 00 .. 0f, input 00 .. (i - 1); the reference prints bytes, these are
 * the little-endian numbers; i = 15 is the worked example of the paper */

static const uint64_t  vectors[] = {
    0x726fdb47dd0e0e31ull, 0x74f839c593dc67fdull, 0x0d6c8009d9a94f5aull,
    0x85676696d7fb7e2dull, 0xcf2794e0277187b7ull, 0x18765564cd99a68dull,
    0xcbc9466e58fee3ceull, 0xab0200f58b01d137ull, 0x93f5f5799a932462ull,
    0x9e0082df0ba9e4b0ull, 0x7a5dbbc594ddb9f3ull, 0xf4b32f46226bada7ull,
    0x751e8fbc860ee5fbull, 0x14ea5627c0843d90ull, 0xf723ca908e7af2eeull,
    0xa129ca6149be45e5ull
};


int
main(void)
{
    size_t         i;
    unsigned char  key[SOCIAL_SIPHASH_KEY], in[64];

    for (i = 0; i < sizeof(key); i++) {
        key[i] = (unsigned char) i;
    }

    for (i = 0; i < sizeof(in); i++) {
        in[i] = (unsigned char) i;
    }

    for (i = 0; i < social_nelts(vectors); i++) {
        ok(social_siphash(key, in, i) == vectors[i], "vector %zu", i);
    }

    ok(social_siphash(key, in, 63) == 0x958a324ceb064572ull, "vector 63");

    key[15] ^= 1;
    ok(social_siphash(key, in, 15) != vectors[15],
       "another key gives another hash");

    memmove(in + 1, in, 15);
    key[15] ^= 1;
    ok(social_siphash(key, in + 1, 15) == vectors[15],
       "unaligned input gives the same hash");

    return done();
}
