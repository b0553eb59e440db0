
/*
 * See social_tool_random.h.
 */

#include "social_tool_random.h"


#define SOCIAL_TOOL_RANDOM_STEP  0x9e3779b97f4a7c15u


uint64_t
social_tool_random(social_tool_random_t *random)
{
    uint64_t  z;

    random->state += SOCIAL_TOOL_RANDOM_STEP;

    z = random->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;

    return z ^ (z >> 31);
}


void
social_tool_random_start(social_tool_random_t *random, uint64_t a, uint64_t b)
{
    random->state = a;
    random->state = social_tool_random(random) ^ b;
    random->state = social_tool_random(random);
}


double
social_tool_random_unit(social_tool_random_t *random)
{
    return (double) (social_tool_random(random) >> 11) / 9007199254740992.0;
}


unsigned
social_tool_random_below(social_tool_random_t *random, unsigned n)
{
    return (unsigned) (social_tool_random(random) >> 33) % n;
}
