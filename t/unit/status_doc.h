
/*
 * The document of the status from figures alone: nothing is asked.
 */

#ifndef STATUS_DOC_H_INCLUDED
#define STATUS_DOC_H_INCLUDED


#include "social_status.h"


static inline cJSON *
status_doc(const social_period_t *figures, const social_status_query_t *query)
{
    social_status_t  *st;

    st = social_status_begin(figures, query);

    return st ? social_status_finish(st, NULL) : NULL;
}


#endif /* STATUS_DOC_H_INCLUDED */
