
/*
 * See social_tool_counts.h.  The past is saved less often the older it is,
 * since the store keeps small spans of time only for the last days.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_time.h"
#include "social_tool.h"
#include "social_tool_counts.h"


#define SOCIAL_TOOL_GENERATION  0x7365656465640001u     /* "seeded" */


/* how old, how often: unix seconds */

static const struct {
    int64_t  age;
    int64_t  span;
} social_tool_spans[] = {
    { 2 * SOCIAL_DAY,  900 },
    { 8 * SOCIAL_DAY,  2 * 3600 },
    { 30 * SOCIAL_DAY, 12 * 3600 },
    { INT64_MAX,       SOCIAL_DAY }
};


void
social_tool_counts_add(social_tool_counts_t *counts, int64_t at,
    const char *key, social_count_e kind, const char *label, uint64_t value)
{
    size_t                i;
    social_tool_count_t  *count;

    if (at >= counts->now
        || social_tool_room((void **) &counts->items, counts->n,
                            sizeof(social_tool_count_t)) != SOCIAL_OK)
    {
        counts->failed |= (at < counts->now);
        return;
    }

    for (i = 0; counts->now - at > social_tool_spans[i].age; i++) {
        /* void */
    }

    count = &counts->items[counts->n++];
    count->at = at - at % social_tool_spans[i].span;
    count->key = key;
    count->kind = (uint16_t) kind;
    count->label = label;
    count->value = value;
    count->life = 0;
}


/* by counter, then time */

static int
social_tool_counts_by_counter(const void *one, const void *two)
{
    int                         rc;
    const social_tool_count_t  *a = one, *b = two;

    rc = strcmp(a->key, b->key);
    rc = rc ? rc : (int) a->kind - (int) b->kind;
    rc = rc ? rc : strcmp(a->label, b->label);

    return rc ? rc : (a->at > b->at) - (a->at < b->at);
}


static int
social_tool_counts_by_time(const void *one, const void *two)
{
    const social_tool_count_t  *a = one, *b = two;

    return a->at != b->at ? (a->at > b->at) - (a->at < b->at)
                          : social_tool_counts_by_counter(one, two);
}


static int
social_tool_counts_same(const social_tool_count_t *a,
    const social_tool_count_t *b)
{
    return a->kind == b->kind && strcmp(a->key, b->key) == 0
           && strcmp(a->label, b->label) == 0;
}


/* makes them what a zone has: the values of counters that only grow, one for
 * each span of time */

static void
social_tool_counts_grow(social_tool_counts_t *counts)
{
    size_t                i, n;
    uint64_t              life;
    social_tool_count_t  *last, *count;

    qsort(counts->items, counts->n, sizeof(social_tool_count_t),
          social_tool_counts_by_counter);

    n = 0;
    life = 0;
    last = NULL;

    for (i = 0; i < counts->n; i++) {
        count = &counts->items[i];

        if (last == NULL || strcmp(last->key, count->key) != 0) {
            life++;
        }

        count->life = life;

        if (last != NULL && social_tool_counts_same(last, count)) {
            count->value += last->value;
            n -= (last->at == count->at);
        }

        counts->items[n] = *count;
        last = &counts->items[n++];
    }

    counts->n = n;

    qsort(counts->items, counts->n, sizeof(social_tool_count_t),
          social_tool_counts_by_time);
}


int
social_tool_counts_save(social_tool_counts_t *counts, social_store_t *store,
    social_store_error_t *err)
{
    int              rc;
    size_t           i, n;
    int64_t          at;
    social_saved_t  *saved;

    social_tool_counts_grow(counts);

    saved = calloc(counts->n + 1, sizeof(social_saved_t));

    if (saved == NULL || counts->failed) {
        free(saved);
        snprintf(err->message, sizeof(err->message), "no memory");
        return SOCIAL_ERROR;
    }

    for (i = 0; i < counts->n; i++) {
        saved[i].key = counts->items[i].key;
        saved[i].label = counts->items[i].label;
        saved[i].life = counts->items[i].life;
        saved[i].kind = counts->items[i].kind;
        saved[i].value = counts->items[i].value;
    }

    rc = SOCIAL_OK;

    for (i = 0; i < counts->n && rc == SOCIAL_OK; i += n) {
        at = counts->items[i].at;

        for (n = 0; i + n < counts->n && counts->items[i + n].at == at; n++) {
            /* void */
        }

        rc = social_store_save(store, SOCIAL_TOOL_GENERATION, at, saved + i, n,
                               err);
    }

    free(saved);

    return rc;
}


void
social_tool_counts_free(social_tool_counts_t *counts)
{
    free(counts->items);
    memset(counts, 0, sizeof(social_tool_counts_t));
}
