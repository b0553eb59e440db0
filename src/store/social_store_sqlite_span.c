
/*
 * Spans of time.  Every count is in one span of each step: 5 minutes, an hour,
 * a day.  Small spans are removed after some time, so a period is read from
 * what is left.  Pool threads only.
 */

#include "social_store_sqlite.h"


const int64_t  social_sqlite_steps[SOCIAL_SQLITE_NSTEPS] = {
    SOCIAL_SQLITE_STEPS
};


int64_t
social_sqlite_floor(int64_t at, int64_t step)
{
    int64_t  rest;

    rest = at % step;

    return at - (rest < 0 ? rest + step : rest);
}


static int64_t
social_sqlite_bound(int64_t at, const int64_t *kept)
{
    size_t  i;

    if (at <= 0) {
        return 0;
    }

    if (at > INT64_MAX / 2) {
        return INT64_MAX / 2;
    }

    for (i = 0; i < SOCIAL_SQLITE_NSTEPS; i++) {

        at = social_sqlite_floor(at, social_sqlite_steps[i]);

        if (i + 1 == SOCIAL_SQLITE_NSTEPS
            || at % social_sqlite_steps[i + 1] == 0)
        {
            continue;
        }

        /* the larger span must be read in parts: are all of them there? */

        if (social_sqlite_floor(at, social_sqlite_steps[i + 1]) >= kept[i]) {
            return at;
        }
    }

    return at;
}


void
social_sqlite_read_kept(social_sqlite_t *s)
{
    size_t         i;
    int64_t        step;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SPAN_KEPT);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        step = sqlite3_column_int64(stmt, 0);

        if (step == 0) {
            s->rolled = sqlite3_column_int64(stmt, 1);
        }

        for (i = 0; i < SOCIAL_SQLITE_NSTEPS; i++) {
            if (step == social_sqlite_steps[i]) {
                s->kept[i] = sqlite3_column_int64(stmt, 1);
            }
        }
    }
}


void
social_sqlite_align(social_sqlite_t *s, int64_t *from, int64_t *to)
{
    *from = social_sqlite_bound(*from, s->kept);
    *to = social_sqlite_bound(*to, s->kept);
}


int
social_sqlite_is_kept(const social_sqlite_t *s, int64_t at)
{
    return social_sqlite_bound(at, s->kept) == at;
}


static void
social_sqlite_each_step(social_sqlite_t *s, size_t i, int64_t from,
    int64_t to, social_sqlite_span_pt handler, void *data)
{
    int64_t  lo, hi, step;

    if (from >= to) {
        return;
    }

    step = social_sqlite_steps[i];

    if (i == 0) {
        handler(s, data, step, from, to);
        return;
    }

    lo = social_sqlite_floor(from + step - 1, step);
    hi = social_sqlite_floor(to, step);

    if (lo >= hi) {
        social_sqlite_each_step(s, i - 1, from, to, handler, data);
        return;
    }

    social_sqlite_each_step(s, i - 1, from, lo, handler, data);
    handler(s, data, step, lo, hi);
    social_sqlite_each_step(s, i - 1, hi, to, handler, data);
}


void
social_sqlite_each_span(social_sqlite_t *s, int64_t from, int64_t to,
    int64_t largest, social_sqlite_span_pt handler, void *data)
{
    size_t   i;
    int64_t  kept;

    i = 0;

    while (i + 1 < SOCIAL_SQLITE_NSTEPS
           && social_sqlite_steps[i + 1] <= largest)
    {
        i++;
    }

    /* what is left of earlier times are larger spans */

    kept = social_sqlite_floor(s->kept[i] + SOCIAL_SQLITE_DAY - 1,
                               SOCIAL_SQLITE_DAY);

    if (i + 1 < SOCIAL_SQLITE_NSTEPS && from < kept) {
        kept = kept < to ? kept : to;
        social_sqlite_each_step(s, SOCIAL_SQLITE_NSTEPS - 1, from, kept,
                                handler, data);
        from = kept;
    }

    social_sqlite_each_step(s, i, from, to, handler, data);
}


int
social_sqlite_span_after(social_sqlite_t *s, int64_t step, int64_t *start)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_SPAN);
    social_sqlite_int(s, stmt, 1, step);
    social_sqlite_int(s, stmt, 2, *start);
    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        rc = (sqlite3_column_type(stmt, 0) == SQLITE_NULL) ? SOCIAL_DECLINED
                                                           : SOCIAL_OK;
        *start = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    return rc;
}


void
social_sqlite_article_days(social_sqlite_t *s, int64_t article,
    social_sqlite_number_pt add, void *data)
{
    int64_t        start;
    sqlite3_stmt  *stmt;

    start = 0;

    while (social_sqlite_span_after(s, SOCIAL_SQLITE_DAY, &start) == SOCIAL_OK)
    {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_DETAILS_BUCKET);
        social_sqlite_int(s, stmt, 1, SOCIAL_SQLITE_DAY);
        social_sqlite_int(s, stmt, 2, start);
        social_sqlite_int(s, stmt, 3, article);

        while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            add(data, article, sqlite3_column_int(stmt, 1),
                sqlite3_column_int64(stmt, 3));
        }

        start += SOCIAL_SQLITE_DAY;
    }
}
