
/*
 * The site's sums by span of time, and for ever (step 0): what all articles
 * and the site itself counted.  Cheap to read, whatever the number of articles,
 * and never removed by days or for ever.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_SERIES  100000    /* steps of a series at most */


typedef struct {
    social_series_t     *series;
    const char *const   *goals;
} social_sqlite_series_t;


static void
social_sqlite_add_site(social_sqlite_t *s, int64_t step, int64_t at, int kind,
    social_str_t label, int64_t delta)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SITE_ADD);
    social_sqlite_int(s, stmt, 1, step);
    social_sqlite_int(s, stmt, 2, step ? social_sqlite_floor(at, step) : 0);
    social_sqlite_int(s, stmt, 3, kind);
    social_sqlite_text(s, stmt, 4, label);
    social_sqlite_int(s, stmt, 5, delta);
    (void) social_sqlite_run(s, stmt);
}


void
social_sqlite_count_site(social_sqlite_t *s, int64_t at, int kind,
    social_str_t label, int64_t delta)
{
    size_t  i;

    social_sqlite_add_site(s, 0, at, kind, label, delta);

    for (i = 0; i < SOCIAL_SQLITE_NSTEPS; i++) {
        social_sqlite_add_site(s, social_sqlite_steps[i], at, kind, label,
                               delta);
    }
}


/* an article has few labels, so it searches them */

void
social_sqlite_add_count(social_sqlite_t *s, social_article_t *a, int kind,
    const char *label, int64_t value)
{
    size_t              i;
    social_labelled_t  *l;

    if (kind <= SOCIAL_COUNT_NONE) {
        return;
    }

    if (kind < SOCIAL_COUNT_UNLABELLED) {
        a->counts[kind] += value;
        return;
    }

    if (label == NULL) {
        social_sqlite_error(s, SQLITE_NOMEM);
        return;
    }

    for (i = 0; i < a->nlabelled; i++) {
        l = &a->labelled[i];

        if (l->kind == kind && strcmp(l->label, label) == 0) {
            l->value += value;
            return;
        }
    }

    /* n is a power of two: the array is full */

    if ((i & (i - 1)) == 0) {
        l = realloc(a->labelled, (i ? i * 2 : 1) * sizeof(social_labelled_t));
        if (l == NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
            return;
        }

        a->labelled = l;
    }

    l = &a->labelled[a->nlabelled++];
    memset(l, 0, sizeof(social_labelled_t));

    l->kind = (uint16_t) kind;
    l->value = value;
    strncpy(l->label, label, SOCIAL_LABEL_MAX - 1);
}


static int
social_sqlite_label_order(const void *one, const void *two)
{
    const social_labelled_t  *a, *b;

    a = one;
    b = two;

    return a->kind != b->kind ? (a->kind < b->kind ? -1 : 1)
                              : strcmp(a->label, b->label);
}


static sqlite3_stmt *
social_sqlite_site(social_sqlite_t *s, int64_t step, int64_t from, int64_t to)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_SITE);
    social_sqlite_int(s, stmt, 1, step);
    social_sqlite_int(s, stmt, 2, from);
    social_sqlite_int(s, stmt, 3, to);

    return stmt;
}


static void
social_sqlite_site_span(social_sqlite_t *s, void *data, int64_t step,
    int64_t from, int64_t to)
{
    sqlite3_stmt      *stmt;
    social_article_t  *site = data;

    stmt = social_sqlite_site(s, step, from, to);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        social_sqlite_add_count(s, site, sqlite3_column_int(stmt, 1),
                                (const char *) sqlite3_column_text(stmt, 2),
                                sqlite3_column_int64(stmt, 3));
    }

    social_sqlite_end(stmt);
}


void
social_sqlite_read_site(social_sqlite_t *s, int64_t from, int64_t to,
    social_article_t *site)
{
    social_sqlite_each_span(s, from, to, INT64_MAX, social_sqlite_site_span,
                            site);

    if (site->nlabelled) {
        qsort(site->labelled, site->nlabelled, sizeof(social_labelled_t),
              social_sqlite_label_order);
    }
}


int
social_sqlite_totals(social_store_t *store, int64_t from, int64_t to,
    social_article_t *totals, social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    memset(totals, 0, sizeof(social_article_t));

    social_sqlite_start(s, "totals");
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    if (from <= 0 && to == INT64_MAX) {
        social_sqlite_site_span(s, totals, 0, 0, 1);

    } else {
        social_sqlite_read_kept(s);
        social_sqlite_align(s, &from, &to);
        social_sqlite_read_site(s, from, to, totals);
        social_sqlite_less_forgotten(s, from, to, totals);
    }

    social_sqlite_rollback(s);

    if (s->rc != SQLITE_OK) {
        social_article_free(totals);
        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}


void
social_sqlite_add_to_series(social_series_t *series, const char *const *goals,
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


static void
social_sqlite_series_span(social_sqlite_t *s, void *data, int64_t step,
    int64_t from, int64_t to)
{
    sqlite3_stmt            *stmt;
    social_sqlite_series_t  *ctx = data;

    stmt = social_sqlite_site(s, step, from, to);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        social_sqlite_add_to_series(ctx->series, ctx->goals,
                                 sqlite3_column_int64(stmt, 0),
                                 sqlite3_column_int(stmt, 1),
                                 (const char *) sqlite3_column_text(stmt, 2),
                                 sqlite3_column_int64(stmt, 3));
    }

    social_sqlite_end(stmt);
}


void
social_sqlite_make_series(social_sqlite_t *s, int64_t from, int64_t to,
    int64_t step, size_t ngoals, social_series_t *series)
{
    size_t  n;

    memset(series, 0, sizeof(social_series_t));

    if (step <= 0 || from >= to) {
        return;
    }

    series->step = step;
    series->ngoals = ngoals;
    series->from = social_sqlite_floor(from, step >= SOCIAL_SQLITE_DAY
                                             ? SOCIAL_SQLITE_DAY : step);

    if ((to - series->from - 1) / step >= SOCIAL_SQLITE_SERIES) {
        return;
    }

    n = (size_t) ((to - series->from - 1) / step) + 1;
    series->n = n;
    series->steps = calloc(n, sizeof(social_step_t));
    series->goals = ngoals ? calloc(n * ngoals, sizeof(int64_t)) : NULL;

    if (series->steps == NULL || (ngoals && series->goals == NULL)) {
        social_sqlite_error(s, SQLITE_NOMEM);
    }
}


int
social_sqlite_series(social_store_t *store, int64_t from, int64_t to,
    int64_t step, const char *const *goals, size_t ngoals,
    social_series_t *series, social_store_error_t *err)
{
    social_sqlite_t         *s = (social_sqlite_t *) store;
    social_sqlite_series_t   ctx;

    social_sqlite_start(s, "series");
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    social_sqlite_read_kept(s);
    social_sqlite_align(s, &from, &to);
    social_sqlite_make_series(s, from, to, step, ngoals, series);

    if (s->rc == SQLITE_OK && series->n) {
        ctx.series = series;
        ctx.goals = goals;

        social_sqlite_each_span(s, from, to, step, social_sqlite_series_span,
                                &ctx);
    }

    social_sqlite_rollback(s);

    if (s->rc != SQLITE_OK) {
        social_series_free(series);
        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}
