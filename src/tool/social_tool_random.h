
/*
 * Numbers that look random and are the same in every run: splitmix64 (Steele,
 * Lea, Flood, OOPSLA 2014).  Never for secrets.  Pure.
 */

#ifndef SOCIAL_TOOL_RANDOM_H_INCLUDED
#define SOCIAL_TOOL_RANDOM_H_INCLUDED


#include "social.h"


typedef struct {
    uint64_t  state;
} social_tool_random_t;


/* a sequence for each pair of numbers, so that what one thing draws changes
 * nothing for another */
void social_tool_random_start(social_tool_random_t *random, uint64_t a,
    uint64_t b);

uint64_t social_tool_random(social_tool_random_t *random);

/* from 0 up to, without, 1 */
double social_tool_random_unit(social_tool_random_t *random);

/* from 0 up to, without, n; n must not be 0 */
unsigned social_tool_random_below(social_tool_random_t *random, unsigned n);


#endif /* SOCIAL_TOOL_RANDOM_H_INCLUDED */
