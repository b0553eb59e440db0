
/*
 * Details of single articles and comments: labelled counters and series of
 * articles, first words of comments.  One read transaction.
 *
 * The answers are malloc'ed and belong to the caller; after an error there are
 * none.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_read.h"


static void
social_pg_details_row(social_pg_t *s, social_details_t *d,
    const PGresult *result, int row)
{
    int          kind;
    size_t       i;
    int64_t      value;
    const char  *label;

    kind = (int) social_pg_int(result, row, 2);
    label = PQgetvalue(result, row, 3);
    value = social_pg_int(result, row, 4);

    for (i = 0; i < d->narticles; i++) {

        if (d->articles[i] != social_pg_int(result, row, 0)) {
            continue;
        }

        if (kind >= SOCIAL_COUNT_UNLABELLED
            && social_series_count(&d->labels[i], kind, label, value)
               != SOCIAL_OK)
        {
            social_pg_memory(s);
        }

        if (d->step) {
            social_series_add(&d->series[i], d->goals,
                              social_pg_int(result, row, 1), kind, label,
                              value);
        }
    }
}


static void
social_pg_details_articles(social_pg_t *s, social_details_t *d)
{
    int                  row;
    size_t               i;
    int64_t              from, to;
    PGresult            *result;
    social_pg_ranges_t   r;

    from = d->from;
    to = d->to;
    social_pg_align(s, &from, &to);

    for (i = 0; i < d->narticles; i++) {
        d->labels[i].article = d->articles[i];

        if (d->step
            && social_series_make(from, to, d->step, d->ngoals, &d->series[i])
               != SOCIAL_OK)
        {
            social_pg_memory(s);
        }
    }

    if (d->narticles == 0 || s->end != SOCIAL_PG_FINE) {
        return;
    }

    social_pg_ranges(s, from, to, d->step ? d->step : INT64_MAX, &r);
    result = social_pg_ask(s, SOCIAL_PG_SQL_DETAILS, "IIII", r.step, r.n,
                           r.from, r.n, r.to, r.n, d->articles, d->narticles);

    for (row = 0; row < PQntuples(result); row++) {
        social_pg_details_row(s, d, result, row);
    }

    PQclear(result);
}


static void
social_pg_details_comments(social_pg_t *s, social_details_t *d)
{
    int                row;
    size_t             i;
    PGresult          *result;
    social_excerpt_t  *e;

    if (d->ncomments == 0) {
        return;
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_EXCERPTS, "I", d->comments,
                           d->ncomments);

    for (row = 0; row < PQntuples(result); row++) {
        e = &d->excerpts[social_pg_int(result, row, 0) - 1];
        e->name = social_pg_copy(s, result, row, 1);
        e->text = social_pg_copy(s, result, row, 2);
        e->reason = social_pg_copy(s, result, row, 3);
    }

    PQclear(result);

    for (i = 0; i < d->ncomments && s->end == SOCIAL_PG_FINE; i++) {
        e = &d->excerpts[i];
        e->name = e->name ? e->name : calloc(1, 1);
        e->text = e->text ? e->text : calloc(1, 1);
        e->reason = e->reason ? e->reason : calloc(1, 1);

        if (e->name == NULL || e->text == NULL || e->reason == NULL) {
            social_pg_memory(s);
            return;
        }

        social_rule_excerpt(e->text);
    }
}


static void
social_pg_details_read(social_pg_t *s, social_details_t *d)
{
    d->labels = calloc(d->narticles + 1, sizeof(social_article_t));
    d->series = calloc(d->narticles + 1, sizeof(social_series_t));
    d->excerpts = calloc(d->ncomments + 1, sizeof(social_excerpt_t));

    if (d->labels == NULL || d->series == NULL || d->excerpts == NULL) {
        social_pg_memory(s);
        return;
    }

    social_pg_details_articles(s, d);
    social_pg_details_comments(s, d);
}


int
social_pg_details(social_store_t *store, social_details_t *details,
    social_store_error_t *err)
{
    int           tries, again;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "details");

    do {
        social_pg_details_read(s, details);
        again = social_pg_again(s, &tries);

        if (again) {
            social_details_free(details);
        }
    } while (again);

    if (social_pg_read_done(s, err) != SOCIAL_OK) {
        social_details_free(details);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}
