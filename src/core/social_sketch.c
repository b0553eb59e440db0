
/*
 * HyperLogLog sketches.  Owns no memory.  Registers only grow, each by a
 * compare and exchange of one byte, so a process that is killed leaves nothing
 * half done.  Counting reads 32 KB: not for every request.  Any thread.
 */

#include <math.h>
#include <string.h>

#include "social_sketch.h"


/* a register holds 1 + the number of leading zeros of the 49 other bits */

#define SOCIAL_SKETCH_Q          (64 - SOCIAL_SKETCH_BITS)
#define SOCIAL_SKETCH_VALUE_MAX  (SOCIAL_SKETCH_Q + 1)


static int
social_sketch_raise(uint8_t *reg, uint8_t value)
{
    uint8_t  old;

    old = __atomic_load_n(reg, __ATOMIC_RELAXED);

    while (old < value) {
        if (__atomic_compare_exchange_n(reg, &old, value, 1,
                                        __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        {
            return 1;
        }
    }

    return 0;
}


int
social_sketch_add(uint8_t *registers, uint64_t hash)
{
    uint64_t  rest;

    /* the lowest bit limits the number of leading zeros */

    rest = (hash << SOCIAL_SKETCH_BITS)
           | ((uint64_t) 1 << (SOCIAL_SKETCH_BITS - 1));

    return social_sketch_raise(registers + (hash >> SOCIAL_SKETCH_Q),
                               (uint8_t) (__builtin_clzll(rest) + 1));
}


/* Ertl's sigma for the share x of zero registers: x + sum of x^(2^k) *
 * 2^(k-1), k >= 1 */

static double
social_sketch_sigma(double x)
{
    double  y, z, before;

    y = 1;
    z = x;

    do {
        x *= x;
        before = z;
        z += x * y;
        y += y;
    } while (z != before);

    return z;
}


/* Ertl's tau for the share x of full registers: (1 - x - sum of (1 -
 * x^(2^-k))^2 / 2^k) / 3 */

static double
social_sketch_tau(double x)
{
    double  y, z, before;

    if (x <= 0 || x >= 1) {
        return 0;
    }

    y = 1;
    z = 1 - x;

    do {
        x = sqrt(x);
        before = z;
        y *= 0.5;
        z -= (1 - x) * (1 - x) * y;
    } while (z != before);

    return z / 3;
}


uint64_t
social_sketch_count(const uint8_t *registers)
{
    int       k;
    size_t    i;
    double    m, z;
    uint8_t   value;
    uint32_t  histogram[SOCIAL_SKETCH_VALUE_MAX + 1];

    memset(histogram, 0, sizeof(histogram));

    for (i = 0; i < SOCIAL_SKETCH_REGISTERS; i++) {
        value = __atomic_load_n(registers + i, __ATOMIC_RELAXED);

        /* a damaged byte must not index beyond the array */

        histogram[value > SOCIAL_SKETCH_VALUE_MAX ? SOCIAL_SKETCH_VALUE_MAX
                                                  : value]++;
    }

    if (histogram[0] == SOCIAL_SKETCH_REGISTERS) {
        return 0;
    }

    m = SOCIAL_SKETCH_REGISTERS;
    z = m * social_sketch_tau(1 - histogram[SOCIAL_SKETCH_VALUE_MAX] / m);

    for (k = SOCIAL_SKETCH_Q; k >= 1; k--) {
        z = 0.5 * (z + histogram[k]);
    }

    z += m * social_sketch_sigma(histogram[0] / m);

    /* every register is full: more readers than any site has */

    if (z <= 0) {
        return UINT64_MAX;
    }

    return (uint64_t) (m * m / (2 * M_LN2 * z) + 0.5);
}
