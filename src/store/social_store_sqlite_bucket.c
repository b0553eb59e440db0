
/*
 * Adds counts of articles to their spans of time.  One count is three upserts.
 * What a save has of an article is added together: the rows of its span are
 * read in the order of their primary key, and written with their new values.
 *
 * Pool threads, and the event loop at exit.
 */

#include "social_store_sqlite.h"


void
social_sqlite_add_to_buckets(social_sqlite_t *s, int64_t article, int64_t at,
    int kind, social_str_t label, int64_t delta)
{
    size_t         i;
    sqlite3_stmt  *stmt;

    for (i = 0; i < SOCIAL_SQLITE_NSTEPS; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BUCKET_ADD);
        social_sqlite_int(s, stmt, 1, social_span_steps[i]);
        social_sqlite_int(s, stmt, 2,
                          social_span_floor(at, social_span_steps[i]));
        social_sqlite_int(s, stmt, 3, article);
        social_sqlite_int(s, stmt, 4, kind);
        social_sqlite_text(s, stmt, 5, label);
        social_sqlite_int(s, stmt, 6, delta);
        (void) social_sqlite_run(s, stmt);
    }

    social_sqlite_window_forget(s, article, at);
}


int
social_sqlite_is_like(int kind)
{
    return kind == SOCIAL_COUNT_LIKED || kind == SOCIAL_COUNT_UNLIKED;
}


static void
social_sqlite_group_span(social_sqlite_t *s, int64_t step, int64_t start,
    const social_sqlite_group_t *g)
{
    size_t                  i;
    sqlite3_stmt           *stmt;
    social_sqlite_delta_t  *d;

    for (i = 0; i < g->n; i++) {
        g->deltas[i].was = 0;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_BUCKETS);
    social_sqlite_int(s, stmt, 1, step);
    social_sqlite_int(s, stmt, 2, start);
    social_sqlite_int(s, stmt, 3, g->article);
    social_sqlite_delta_match(s, stmt, g->deltas, g->n);

    for (i = 0; i < g->n && s->rc == SQLITE_OK; i++) {
        d = &g->deltas[i];

        if (social_sqlite_is_like(d->kind)) {
            continue;
        }

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BUCKET_PUT);
        social_sqlite_int(s, stmt, 1, step);
        social_sqlite_int(s, stmt, 2, start);
        social_sqlite_int(s, stmt, 3, g->article);
        social_sqlite_int(s, stmt, 4, d->kind);
        social_sqlite_text(s, stmt, 5, d->label);
        social_sqlite_int(s, stmt, 6, d->was + d->value);
        (void) social_sqlite_run(s, stmt);
    }
}


/* a trigger follows the counts of likes, and only sees them if they are
 * inserted or updated, not replaced */

static void
social_sqlite_group_likes(social_sqlite_t *s, int64_t at,
    const social_sqlite_group_t *g)
{
    size_t  i;

    for (i = 0; i < g->n; i++) {
        if (social_sqlite_is_like(g->deltas[i].kind)) {
            social_sqlite_add_to_buckets(s, g->article, at,
                                         g->deltas[i].kind,
                                         g->deltas[i].label,
                                         g->deltas[i].value);
        }
    }
}


/* one step after the other: their rows lie far apart */

void
social_sqlite_add_groups(social_sqlite_t *s, int64_t at,
    const social_sqlite_group_t *groups, size_t n)
{
    size_t   i, k;
    int64_t  step, start;

    for (k = 0; k < SOCIAL_SQLITE_NSTEPS; k++) {
        step = social_span_steps[k];
        start = social_span_floor(at, step);

        for (i = 0; i < n && s->rc == SQLITE_OK; i++) {
            social_sqlite_group_span(s, step, start, &groups[i]);
        }
    }

    for (i = 0; i < n && s->rc == SQLITE_OK; i++) {
        social_sqlite_group_likes(s, at, &groups[i]);
        social_sqlite_window_forget(s, groups[i].article, at);
    }
}
