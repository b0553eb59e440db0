
/*
 * Counts of the past: collected in any order, then saved in the order of time,
 * as nginx would have saved them.
 */

#ifndef SOCIAL_TOOL_COUNTS_H_INCLUDED
#define SOCIAL_TOOL_COUNTS_H_INCLUDED


#include "social_store.h"


typedef struct {
    int64_t      at;            /* unix seconds */
    const char  *key;           /* of the article, "" for the site */
    uint16_t     kind;          /* social_count_e */
    const char  *label;         /* "" if none */
    uint64_t     value;
    uint64_t     life;          /* for the store's watermarks */
} social_tool_count_t;


typedef struct {
    social_tool_count_t  *items;
    size_t                n;
    int64_t               now;      /* end of the past */
    unsigned              failed:1; /* no memory */
} social_tool_counts_t;


/* key and label must live until the counts are saved */
void social_tool_counts_add(social_tool_counts_t *counts, int64_t at,
    const char *key, social_count_e kind, const char *label, uint64_t value);

int social_tool_counts_save(social_tool_counts_t *counts,
    social_store_t *store, social_store_error_t *err);

void social_tool_counts_free(social_tool_counts_t *counts);


#endif /* SOCIAL_TOOL_COUNTS_H_INCLUDED */
