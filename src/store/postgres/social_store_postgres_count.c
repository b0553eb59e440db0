
/*
 * The site's counters that a transaction adds to: gathered, and written by one
 * statement at its end.  Pool threads only.
 */

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "social_store_postgres.h"


void
social_pg_count(social_pg_t *s, int64_t at, int kind, const char *label,
    int64_t delta)
{
    size_t            n;
    social_pg_sum_t  *sum;

    if (delta == 0) {
        return;
    }

    if (s->nsums == s->alloc_sums) {
        n = s->nsums ? s->nsums * 2 : 16;
        sum = realloc(s->sums, n * sizeof(social_pg_sum_t));

        if (sum == NULL) {
            social_pg_memory(s);
            return;
        }

        s->sums = sum;
        s->alloc_sums = n;
    }

    sum = &s->sums[s->nsums++];
    sum->at = at;
    sum->kind = kind;
    sum->delta = delta;
    snprintf(sum->label, sizeof(sum->label), "%s", label);
}


void
social_pg_write_counts(social_pg_t *s)
{
    size_t         i, n;
    int64_t       *v;
    social_str_t  *labels;

    n = s->nsums;
    s->nsums = 0;

    if (n == 0 || s->end != SOCIAL_PG_FINE) {
        return;
    }

    v = malloc(n * 3 * sizeof(int64_t));
    labels = malloc(n * sizeof(social_str_t));

    if (v == NULL || labels == NULL) {
        social_pg_memory(s);

    } else {
        for (i = 0; i < n; i++) {
            v[i] = s->sums[i].at;
            v[n + i] = s->sums[i].kind;
            v[2 * n + i] = s->sums[i].delta;
            labels[i].data = (unsigned char *) s->sums[i].label;
            labels[i].len = strlen(s->sums[i].label);
        }

        social_pg_run(s, SOCIAL_PG_SQL_SITE_ADD, "IITI", v, n, v + n, n,
                      labels, n, v + 2 * n, n);
    }

    free(v);
    free(labels);
}
