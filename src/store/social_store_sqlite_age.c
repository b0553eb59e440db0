
/*
 * Retention: removes what is not kept any more, a bounded part of it in each
 * transaction.  Pool threads only.
 */

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_AGE_ROWS  2000    /* removed in one transaction */


/* how long spans are kept, in seconds; 0: as long as the articles' days */

static const int64_t  social_sqlite_keep[SOCIAL_SQLITE_NSTEPS] = {
    2 * SOCIAL_SQLITE_DAY, 30 * SOCIAL_SQLITE_DAY, 0
};


/* the number of removed spans; `kept` is moved first, so that nobody reads a
 * part of what was there */

static int64_t
social_sqlite_age_spans(social_sqlite_t *s, size_t i, int64_t before,
    int64_t limit)
{
    int64_t        n;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SPAN_KEEP);
    social_sqlite_int(s, stmt, 1, social_sqlite_steps[i]);
    social_sqlite_int(s, stmt, 2, before);
    (void) social_sqlite_run(s, stmt);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SPAN_DROP);
    social_sqlite_int(s, stmt, 1, social_sqlite_steps[i]);
    social_sqlite_int(s, stmt, 2, before);
    social_sqlite_int(s, stmt, 3, limit);
    (void) social_sqlite_run(s, stmt);

    n = (s->rc == SQLITE_OK) ? sqlite3_changes(s->db) : 0;

    if (i + 1 == SOCIAL_SQLITE_NSTEPS || s->rc != SQLITE_OK) {
        return n;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SPAN_DROP_SITE);
    social_sqlite_int(s, stmt, 1, social_sqlite_steps[i]);
    social_sqlite_int(s, stmt, 2, before);
    social_sqlite_int(s, stmt, 3, limit);
    (void) social_sqlite_run(s, stmt);

    return n + (s->rc == SQLITE_OK ? sqlite3_changes(s->db) : 0);
}


int
social_sqlite_age(social_store_t *store, const social_retention_t *keep,
    social_store_error_t *err)
{
    size_t            i;
    int64_t           n, seconds;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "age");

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return social_sqlite_failed(s, err);
    }

    n = 0;

    for (i = 0; i < SOCIAL_SQLITE_NSTEPS && n < SOCIAL_SQLITE_AGE_ROWS; i++) {
        seconds = social_sqlite_keep[i] ? social_sqlite_keep[i] : keep->events;
        n += social_sqlite_age_spans(
                 s, i, social_sqlite_floor(keep->now - seconds,
                                           SOCIAL_SQLITE_DAY),
                 SOCIAL_SQLITE_AGE_ROWS);
    }

    if (s->rc != SQLITE_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        return social_sqlite_failed(s, err);
    }

    return n >= SOCIAL_SQLITE_AGE_ROWS ? SOCIAL_AGAIN : SOCIAL_OK;
}
