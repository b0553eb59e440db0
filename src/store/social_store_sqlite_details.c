
/*
 * Details of single articles and comments: labelled counters and series of
 * articles, first words of comments.  One read transaction; each span of each
 * article is found by the primary key.
 *
 * The answers are malloc'ed and belong to the caller; after an error there are
 * none.  Pool threads only.
 */

#include <stdlib.h>

#include "social_store_sqlite.h"


typedef struct {
    social_details_t  *details;
    size_t             i;           /* the article */
    int64_t            from;        /* of the series */
} social_sqlite_details_t;


static void
social_sqlite_details_row(social_sqlite_t *s, social_sqlite_details_t *ctx,
    sqlite3_stmt *stmt)
{
    int                kind;
    int64_t            value;
    const char        *label;
    social_details_t  *d;

    d = ctx->details;
    kind = sqlite3_column_int(stmt, 1);
    label = (const char *) sqlite3_column_text(stmt, 2);
    value = sqlite3_column_int64(stmt, 3);

    if (kind >= SOCIAL_COUNT_UNLABELLED) {
        social_sqlite_add_count(s, &d->labels[ctx->i], kind, label, value);
    }

    if (d->step) {
        social_series_add(&d->series[ctx->i], d->goals,
                          sqlite3_column_int64(stmt, 0), kind, label, value);
    }
}


static void
social_sqlite_details_span(social_sqlite_t *s, void *data, int64_t step,
    int64_t from, int64_t to)
{
    int64_t                   at;
    sqlite3_stmt             *stmt;
    social_sqlite_details_t  *ctx = data;

    for (at = from; at < to && s->rc == SQLITE_OK; at += step) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_DETAILS_BUCKET);
        social_sqlite_int(s, stmt, 1, step);
        social_sqlite_int(s, stmt, 2, at);
        social_sqlite_int(s, stmt, 3,
                          ctx->details->articles[ctx->i]);

        while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            social_sqlite_details_row(s, ctx, stmt);
        }

        social_sqlite_end(stmt);
    }
}


static void
social_sqlite_details_articles(social_sqlite_t *s, social_details_t *details)
{
    int64_t                  from, to, first, last;
    sqlite3_stmt            *stmt;
    social_sqlite_details_t  ctx;

    from = details->from;
    to = details->to;
    social_sqlite_read_kept(s);
    social_sqlite_align(s, &from, &to);

    /* a period may begin long before the first day, and end long after the
     * last */

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_DETAILS_DAYS);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        first = sqlite3_column_int64(stmt, 0);
        last = sqlite3_column_int64(stmt, 1) + SOCIAL_SQLITE_DAY;
        social_sqlite_end(stmt);

    } else {
        first = 0;
        last = 0;
    }

    ctx.details = details;

    for (ctx.i = 0; ctx.i < details->narticles && s->rc == SQLITE_OK; ctx.i++) {

        details->labels[ctx.i].article = details->articles[ctx.i];

        if (details->step) {
            social_sqlite_make_series(s, from, to, details->step,
                                      details->ngoals,
                                      &details->series[ctx.i]);
        }

        social_sqlite_each_span(s, from > first ? from : first,
                                to < last ? to : last,
                                details->step ? details->step : INT64_MAX,
                                social_sqlite_details_span, &ctx);
    }
}


static void
social_sqlite_details_comments(social_sqlite_t *s, social_details_t *details)
{
    int                rc;
    size_t             i;
    sqlite3_stmt      *stmt;
    social_excerpt_t  *e;

    for (i = 0; i < details->ncomments && s->rc == SQLITE_OK; i++) {
        e = &details->excerpts[i];

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_DETAILS_COMMENT);
        social_sqlite_int(s, stmt, 1, details->comments[i]);
        rc = social_sqlite_next(s, stmt);

        if (rc == SOCIAL_OK) {
            e->name = social_sqlite_copy(s, stmt, 0);
            e->text = social_sqlite_copy(s, stmt, 1);
            e->reason = social_sqlite_copy(s, stmt, 2);
            social_sqlite_end(stmt);

        } else if (rc == SOCIAL_DECLINED) {
            e->name = calloc(1, 1);
            e->text = calloc(1, 1);
            e->reason = calloc(1, 1);
        }

        if (e->name == NULL || e->text == NULL || e->reason == NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
            return;
        }

        social_rule_excerpt(e->text);
    }
}


int
social_sqlite_details(social_store_t *store, social_details_t *details,
    social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "details");

    details->labels = calloc(details->narticles + 1, sizeof(social_article_t));
    details->series = calloc(details->narticles + 1, sizeof(social_series_t));
    details->excerpts = calloc(details->ncomments + 1,
                               sizeof(social_excerpt_t));

    if (details->labels == NULL || details->series == NULL
        || details->excerpts == NULL)
    {
        social_sqlite_error(s, SQLITE_NOMEM);
        social_details_free(details);
        return social_sqlite_failed(s, err);
    }

    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    social_sqlite_details_articles(s, details);
    social_sqlite_details_comments(s, details);

    social_sqlite_rollback(s);

    if (s->rc != SQLITE_OK) {
        social_details_free(details);
        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}
