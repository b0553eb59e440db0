
/*
 * Counters of an article, or of the site, added up: by name, and by steps of a
 * series.  Pure but for malloc(); any thread.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_rules.h"
#include "social_store_window.h"


#define SOCIAL_SERIES_DAY  86400
#define SOCIAL_SERIES_MAX  100000       /* steps of a series at most */


/* an article has few labels, so it searches them */

int
social_series_count(social_article_t *a, int kind, const char *label,
    int64_t value)
{
    size_t              i;
    social_labelled_t  *l;

    if (kind <= SOCIAL_COUNT_NONE) {
        return SOCIAL_OK;
    }

    if (kind < SOCIAL_COUNT_UNLABELLED) {
        a->counts[kind] += value;
        return SOCIAL_OK;
    }

    if (label == NULL) {
        return SOCIAL_ERROR;
    }

    for (i = 0; i < a->nlabelled; i++) {
        l = &a->labelled[i];

        if (l->kind == kind && strcmp(l->label, label) == 0) {
            l->value += value;
            return SOCIAL_OK;
        }
    }

    /* n is a power of two: the array is full */

    if ((i & (i - 1)) == 0) {
        l = realloc(a->labelled, (i ? i * 2 : 1) * sizeof(social_labelled_t));
        if (l == NULL) {
            return SOCIAL_ERROR;
        }

        a->labelled = l;
    }

    l = &a->labelled[a->nlabelled++];
    memset(l, 0, sizeof(social_labelled_t));

    l->kind = (uint16_t) kind;
    l->value = value;
    strncpy(l->label, label, SOCIAL_LABEL_MAX - 1);

    return SOCIAL_OK;
}


static int
social_series_label_order(const void *one, const void *two)
{
    const social_labelled_t  *a, *b;

    a = one;
    b = two;

    return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1)
                              : strcmp(a->label, b->label);
}


void
social_series_number(void *data, int64_t article, int kind, int64_t value)
{
    social_article_t         *a;
    social_series_numbers_t  *numbers = data;

    if (kind <= SOCIAL_COUNT_NONE || kind >= SOCIAL_COUNT_UNLABELLED) {
        return;
    }

    a = social_window_article(numbers->figures->articles,
                              numbers->figures->narticles, &numbers->at,
                              article);

    if (a != NULL) {
        a->counts[kind] += value;
    }
}


void
social_series_sort_labels(social_article_t *a)
{
    if (a->nlabelled) {
        qsort(a->labelled, a->nlabelled, sizeof(social_labelled_t),
              social_series_label_order);
    }
}


void
social_series_add(social_series_t *series, const char *const *goals,
    int64_t start, int kind, const char *label, int64_t value)
{
    size_t          i, n;
    social_step_t  *step;

    if (series->n == 0) {
        return;
    }

    n = (size_t) ((start - series->from) / series->step);
    step = &series->steps[n];

    switch (kind) {

    case SOCIAL_COUNT_READ:
        step->views += value;
        return;

    case SOCIAL_COUNT_READERS:
        step->readers += value;
        return;

    case SOCIAL_COUNT_LISTENERS:
        step->listeners += value;
        return;

    case SOCIAL_COUNT_SHARE:
        step->shares += value;
        return;

    case SOCIAL_COUNT_SHARERS:
        step->sharers += value;
        return;

    case SOCIAL_COUNT_FETCH:
        step->previews += value;
        return;

    case SOCIAL_COUNT_GOAL:
        step->goals += value;
        break;

    default:
        return;
    }

    for (i = 0; label != NULL && i < series->ngoals; i++) {
        if (strcmp(goals[i], label) == 0) {
            series->goals[n * series->ngoals + i] += value;
        }
    }
}


int
social_series_make(int64_t from, int64_t to, int64_t step, size_t ngoals,
    social_series_t *series)
{
    size_t  n;

    memset(series, 0, sizeof(social_series_t));

    if (step <= 0 || from >= to) {
        return SOCIAL_OK;
    }

    series->step = step;
    series->ngoals = ngoals;
    series->from = social_span_floor(from, step >= SOCIAL_SERIES_DAY
                                           ? SOCIAL_SERIES_DAY : step);

    if ((to - series->from - 1) / step >= SOCIAL_SERIES_MAX) {
        return SOCIAL_OK;
    }

    n = (size_t) ((to - series->from - 1) / step) + 1;
    series->n = n;
    series->steps = calloc(n, sizeof(social_step_t));
    series->goals = ngoals ? calloc(n * ngoals, sizeof(int64_t)) : NULL;

    if (series->steps == NULL || (ngoals && series->goals == NULL)) {
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}
