
/*
 * Sketches: the error for 100 to 1,000,000 readers, simulated with fixed seeds,
 * duplicates, extreme values.
 */

#include <math.h>

#include "unit.h"
#include "social_sketch.h"


#define RUNS   40


static uint8_t  sketch[SOCIAL_SKETCH_REGISTERS];


/* splitmix64: a bijection, so different seeds never collide */

static uint64_t
mix(uint64_t x)
{
    x += 0x9e3779b97f4a7c15ull;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;

    return x ^ (x >> 31);
}


static void
simulation(void)
{
    double    err, sum[32], square[32], worst[32];
    size_t    s, i, run;
    uint64_t  n;

    static const uint64_t  sizes[] = {
        100, 200, 500, 1000, 3000, 10000, 20000, 40000, 60000, 80000,
        100000, 150000, 300000, 600000, 1000000
    };

    memset(sum, 0, sizeof(sum));
    memset(square, 0, sizeof(square));
    memset(worst, 0, sizeof(worst));

    for (run = 0; run < RUNS; run++) {
        memset(sketch, 0, sizeof(sketch));
        n = 0;

        for (s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {

            for ( /* void */ ; n < sizes[s]; n++) {
                (void) social_sketch_add(sketch,
                                         mix(((uint64_t) run << 40) | n));
            }

            err = (double) social_sketch_count(sketch) / (double) n - 1;
            sum[s] += err;
            square[s] += err * err;
            worst[s] = fmax(worst[s], fabs(err));
        }
    }

    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        err = sqrt(square[i] / RUNS);

        ok(err <= 0.008,
           "%" PRIu64 ": relative standard error %.4f at most 0.008",
           sizes[i], err);
        ok(fabs(sum[i] / RUNS) <= 0.003, "%" PRIu64 ": bias %.4f", sizes[i],
           sum[i] / RUNS);
        ok(worst[i] <= 0.024, "%" PRIu64 ": worst of %d %.4f", sizes[i],
           RUNS, worst[i]);
    }
}


static void
duplicates(void)
{
    int       changed;
    uint64_t  i, n;

    memset(sketch, 0, sizeof(sketch));
    is_int((int64_t) social_sketch_count(sketch), 0,
           "an empty sketch counts 0");
    ok(social_sketch_add(sketch, mix(1)) == 1, "the first hash changes it");
    is_int((int64_t) social_sketch_count(sketch), 1, "one is counted");

    for (i = 0; i < 5000; i++) {
        (void) social_sketch_add(sketch, mix(i));
    }

    n = social_sketch_count(sketch);
    changed = 0;

    for (i = 0; i < 50000; i++) {
        changed |= social_sketch_add(sketch, mix(i % 5000));
    }

    ok(!changed, "hashes that were added before change nothing");
    is_int((int64_t) social_sketch_count(sketch), (int64_t) n,
           "... and the count is the same");
}


static void
extremes(void)
{
    uint64_t  i;

    memset(sketch, 0, sizeof(sketch));
    (void) social_sketch_add(sketch, 0);
    is_int(sketch[0], 50, "the hash 0 sets the highest register value");
    (void) social_sketch_add(sketch, UINT64_MAX);
    is_int(sketch[SOCIAL_SKETCH_REGISTERS - 1], 1,
           "the largest hash sets the lowest value");
    is_int((int64_t) social_sketch_count(sketch), 2, "both are counted");

    for (i = 0; i < SOCIAL_SKETCH_REGISTERS; i++) {
        (void) social_sketch_add(sketch, i << 49);
    }

    ok(social_sketch_count(sketch) == UINT64_MAX,
       "all registers full: no estimate");

    memset(sketch, 0xff, sizeof(sketch));
    ok(social_sketch_count(sketch) == UINT64_MAX,
       "damaged registers: no estimate");
}


int
main(void)
{
    simulation();
    duplicates();
    extremes();

    return done();
}
