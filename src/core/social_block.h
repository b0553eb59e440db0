
/*
 * The expressions of `block`: a text that one of them matches waits for the
 * moderator.
 *
 * Made while the configuration is read, then read-only: any number of threads
 * may match at the same time.
 */

#ifndef SOCIAL_BLOCK_H_INCLUDED
#define SOCIAL_BLOCK_H_INCLUDED


#include "social.h"


typedef struct social_block_s  social_block_t;

/* 1 if the time for a match is over; called again and again while matching */
typedef int (*social_block_late_pt)(void *data);


/*
 * Adds an expression; *block is NULL before the first one.  The options are
 * those that nginx compiles it with, for texts in UTF-8.  SOCIAL_DECLINED: a
 * syntax error; SOCIAL_ERROR: no memory.
 */
int social_block_add(social_block_t **block, social_str_t pattern,
    int caseless);

void social_block_free(social_block_t *block);

/*
 * 1 if an expression matches one of the texts; also if that could not be
 * found out, because there is no memory, an expression needs too many steps,
 * or `late` said that the time is over.  May take a few milliseconds.
 */
int social_block_match(const social_block_t *block, const social_str_t *texts,
    size_t n, social_block_late_pt late, void *data);


#endif /* SOCIAL_BLOCK_H_INCLUDED */
