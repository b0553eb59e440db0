
/*
 * The site's sums by span of time, and for ever (step 0): what all articles
 * and the site itself counted.  Cheap to read, whatever the number of articles,
 * and never removed by days or for ever.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


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
    social_sqlite_int(s, stmt, 2, step ? social_span_floor(at, step) : 0);
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
        social_sqlite_add_site(s, social_span_steps[i], at, kind, label,
                               delta);
    }
}


void
social_sqlite_add_count(social_sqlite_t *s, social_article_t *a, int kind,
    const char *label, int64_t value)
{
    if (social_series_count(a, kind, label, value) != SOCIAL_OK) {
        social_sqlite_error(s, SQLITE_NOMEM);
    }
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

    social_series_sort_labels(site);
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


static void
social_sqlite_series_span(social_sqlite_t *s, void *data, int64_t step,
    int64_t from, int64_t to)
{
    sqlite3_stmt            *stmt;
    social_sqlite_series_t  *ctx = data;

    stmt = social_sqlite_site(s, step, from, to);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        social_series_add(ctx->series, ctx->goals,
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
    if (social_series_make(from, to, step, ngoals, series) != SOCIAL_OK) {
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
