
/*
 * Watermarks: how much of each counter of a zone is already in the buckets.
 * Those of one life of a slot are read together, in the order of their primary
 * key, and compared with the counters in the same order, so that a counter
 * costs no statement but the one that raises its watermark.
 *
 * Pool threads, and the event loop at exit.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_STALE  (30 * 86400)       /* unused: removed */
#define SOCIAL_SQLITE_DROP   10000      /* watermarks removed at a time */


int
social_sqlite_delta_compare(const social_sqlite_delta_t *d, int kind,
    social_str_t label)
{
    int     order;
    size_t  len;

    if (d->kind != kind) {
        return d->kind < kind ? -1 : 1;
    }

    len = d->label.len < label.len ? d->label.len : label.len;
    order = len ? memcmp(d->label.data, label.data, len) : 0;

    return order ? order
                 : (d->label.len > label.len) - (d->label.len < label.len);
}


static int
social_sqlite_delta_order(const void *one, const void *two)
{
    const social_sqlite_delta_t  *b = two;

    return social_sqlite_delta_compare(one, b->kind, b->label);
}


/* sorts the counters of a slot; of one that is there twice, the larger value
 * stays.  Returns their number */

static size_t
social_sqlite_delta_sort(social_sqlite_delta_t *d, size_t n)
{
    size_t  i, kept;

    for (i = 1; i < n && social_sqlite_delta_order(&d[i - 1], &d[i]) < 0; i++) {
        /* void */
    }

    if (i >= n) {
        return n;
    }

    qsort(d, n, sizeof(social_sqlite_delta_t), social_sqlite_delta_order);

    for (i = 1, kept = 1; i < n; i++) {

        if (social_sqlite_delta_order(&d[kept - 1], &d[i]) != 0) {
            d[kept++] = d[i];

        } else if (d[i].value > d[kept - 1].value) {
            d[kept - 1] = d[i];
        }
    }

    return kept;
}


void
social_sqlite_delta_match(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_sqlite_delta_t *d, size_t n)
{
    int           order;
    size_t        i;
    social_str_t  label;

    i = 0;

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        label.data = sqlite3_column_text(stmt, 1);
        label.len = (size_t) sqlite3_column_bytes(stmt, 1);

        if (label.data == NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
            break;
        }

        order = -1;

        while (i < n
               && (order = social_sqlite_delta_compare(
                               &d[i], sqlite3_column_int(stmt, 0), label)) < 0)
        {
            i++;
        }

        if (order == 0) {
            d[i].was = sqlite3_column_int64(stmt, 2);
        }
    }

    social_sqlite_end(stmt);
}


size_t
social_sqlite_raise_watermarks(social_sqlite_t *s, int64_t generation,
    int64_t life, social_sqlite_delta_t *d, size_t n)
{
    size_t         i, kept;
    sqlite3_stmt  *stmt;

    n = social_sqlite_delta_sort(d, n);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WATERMARKS);
    social_sqlite_int(s, stmt, 1, generation);
    social_sqlite_int(s, stmt, 2, life);
    social_sqlite_delta_match(s, stmt, d, n);

    for (i = 0, kept = 0; i < n && s->rc == SQLITE_OK; i++) {

        if (d[i].value <= d[i].was) {
            continue;
        }

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WATERMARK_PUT);
        social_sqlite_int(s, stmt, 1, generation);
        social_sqlite_int(s, stmt, 2, life);
        social_sqlite_int(s, stmt, 3, d[i].kind);
        social_sqlite_text(s, stmt, 4, d[i].label);
        social_sqlite_int(s, stmt, 5, d[i].value);
        (void) social_sqlite_run(s, stmt);

        d[kept] = d[i];
        d[kept].value = d[i].value - d[i].was;
        d[kept++].was = 0;
    }

    return kept;
}


/* a part of the watermarks that nobody needs any more; a generation goes when
 * it has none left.  Not by ON DELETE CASCADE: there may be very many, and a
 * large save goes without foreign keys */

static void
social_sqlite_generation_drop(social_sqlite_t *s, int64_t before)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WATERMARK_DROP);
    social_sqlite_int(s, stmt, 1, before);
    social_sqlite_int(s, stmt, 2, SOCIAL_SQLITE_DROP);
    (void) social_sqlite_run(s, stmt);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_GENERATION_DROP);
    social_sqlite_int(s, stmt, 1, before);
    (void) social_sqlite_run(s, stmt);
}


void
social_sqlite_generation(social_sqlite_t *s, int64_t generation, int64_t now)
{
    int            rc;
    int64_t        seen;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_GENERATION_GET);
    social_sqlite_int(s, stmt, 1, generation);

    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        seen = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);

        if (now - seen < SOCIAL_SQLITE_HOUR) {
            return;
        }
    }

    stmt = social_sqlite_stmt(s, rc == SOCIAL_OK ? SOCIAL_SQL_GENERATION_SEEN
                                                 : SOCIAL_SQL_GENERATION_ADD);
    social_sqlite_int(s, stmt, 1, generation);
    social_sqlite_int(s, stmt, 2, now);
    (void) social_sqlite_run(s, stmt);

    social_sqlite_generation_drop(s, now - SOCIAL_SQLITE_STALE);
}
