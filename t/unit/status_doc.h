
/*
 * The document of the status from figures alone: labels are those of the
 * articles in the figures; no series and no words of comments.
 */

#ifndef STATUS_DOC_H_INCLUDED
#define STATUS_DOC_H_INCLUDED


#include "social_status_state.h"


static inline cJSON *
status_doc(const social_period_t *figures, const social_status_query_t *query)
{
    social_status_t  *st;

    st = social_status_begin(figures, query);

    if (st == NULL || social_status_pick(st) != SOCIAL_OK) {
        social_status_abandon(st);
        return NULL;
    }

    return social_status_finish(st, NULL);
}


#endif /* STATUS_DOC_H_INCLUDED */
