
/*
 * Letters that look like others, and their cases: see social_confusable.h.
 * Read-only; any thread.
 */

#ifndef SOCIAL_CONFUSABLE_TABLE_H_INCLUDED
#define SOCIAL_CONFUSABLE_TABLE_H_INCLUDED


#include "social.h"


typedef struct {
    const uint16_t  *to;
    const uint16_t  *from;      /* every one of these letters */
} social_confusable_row_t;


/* the capital letters first, first + step, ... last; small is so much
 * higher */

typedef struct {
    uint16_t         first, last, step;
    int32_t          small;
} social_confusable_case_t;


extern const social_confusable_row_t   social_confusable_rows[];
extern const size_t                    social_confusable_nrows;

extern const social_confusable_case_t  social_confusable_cases[];
extern const size_t                    social_confusable_ncases;


#endif /* SOCIAL_CONFUSABLE_TABLE_H_INCLUDED */
