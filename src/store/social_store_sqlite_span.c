
/*
 * What is left of spans of time (social_store_span.c), and spans of one
 * article.  Pool threads only.
 */

#include "social_store_sqlite.h"


typedef struct {
    social_sqlite_t        *s;
    social_sqlite_span_pt   handler;
    void                   *data;
} social_sqlite_each_t;


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
            if (step == social_span_steps[i]) {
                s->kept[i] = sqlite3_column_int64(stmt, 1);
            }
        }
    }
}


void
social_sqlite_align(social_sqlite_t *s, int64_t *from, int64_t *to)
{
    *from = social_span_bound(*from, s->kept);
    *to = social_span_bound(*to, s->kept);
}


static void
social_sqlite_each_step(void *data, int64_t step, int64_t from, int64_t to)
{
    social_sqlite_each_t  *each = data;

    each->handler(each->s, each->data, step, from, to);
}


void
social_sqlite_each_span(social_sqlite_t *s, int64_t from, int64_t to,
    int64_t largest, social_sqlite_span_pt handler, void *data)
{
    social_sqlite_each_t  each = { s, handler, data };

    social_span_each(s->kept, from, to, largest, social_sqlite_each_step,
                     &each);
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
    social_window_number_pt add, void *data)
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
