
/*
 * The precomputed sums of social_store_window.c, in the table window_sum.  They
 * are exact because whoever counts in a span before `until` removes the row in
 * the same transaction; social_sqlite_roll() makes a new one, and moves all of
 * them forward.  A row that cannot be moved exactly, since small spans at its
 * ends are gone, does not count.
 *
 * Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


/* adds the spans of some articles to numbers, or subtracts them */

typedef struct {
    int64_t                     first, last;    /* articles; last + 1 */
    int64_t                     sign;
    int64_t                     rows;           /* that were read */
    social_window_number_pt     add;
    void                       *data;
} social_sqlite_part_t;


/* a period that is read, and whom it is told */

typedef struct {
    social_sqlite_t            *s;
    int64_t                     from, to;
    social_window_number_pt     add;
    void                       *data;
} social_sqlite_period_t;


/* one span after the other, so that each is found by the primary key */

static void
social_sqlite_part_spans(social_sqlite_t *s, void *data, int64_t step,
    int64_t from, int64_t to)
{
    sqlite3_stmt          *stmt;
    social_sqlite_part_t  *part = data;

    while (social_sqlite_span_after(s, step, &from) == SOCIAL_OK && from < to) {

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_BUCKET);
        social_sqlite_int(s, stmt, 1, step);
        social_sqlite_int(s, stmt, 2, from);
        social_sqlite_int(s, stmt, 3, part->first);
        social_sqlite_int(s, stmt, 4, part->last);

        while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            part->rows++;
            part->add(part->data, sqlite3_column_int64(stmt, 0),
                      sqlite3_column_int(stmt, 1),
                      part->sign * sqlite3_column_int64(stmt, 2));
        }

        social_sqlite_end(stmt);
        from += step;
    }
}


/* adds [from, to), or subtracts it if it is reversed */

static void
social_sqlite_part_add(social_sqlite_t *s, social_sqlite_part_t *part,
    int64_t from, int64_t to)
{
    part->sign = (from < to) ? 1 : -1;

    social_sqlite_each_span(s, from < to ? from : to, from < to ? to : from,
                            INT64_MAX, social_sqlite_part_spans, part);
}


/* the ends of the first row of each window; of nothing: there is none */

static void
social_sqlite_window_heads(social_sqlite_t *s, social_window_ends_t *windows)
{
    int64_t        i;
    sqlite3_stmt  *stmt;

    memset(windows, 0, SOCIAL_WINDOWS * sizeof(social_window_ends_t));

    for (i = 1; i <= SOCIAL_WINDOWS; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROWS);
        social_sqlite_int(s, stmt, 1, SOCIAL_WINDOW_ID(i, 0));
        social_sqlite_int(s, stmt, 2, SOCIAL_WINDOW_ID(i + 1, 0));

        if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            windows[i - 1].start = sqlite3_column_int64(stmt, 1);
            windows[i - 1].until = sqlite3_column_int64(stmt, 2);
            social_sqlite_end(stmt);
        }
    }
}


/* the window that is nearest to the period, 0: none is */

static int64_t
social_sqlite_window_choose(social_sqlite_t *s, int64_t from, int64_t to)
{
    int64_t               first, last;
    sqlite3_stmt         *stmt;
    social_window_ends_t  windows[SOCIAL_WINDOWS];

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_DETAILS_DAYS);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return 0;
    }

    first = sqlite3_column_int64(stmt, 0);
    last = sqlite3_column_int64(stmt, 1) + SOCIAL_SQLITE_DAY;
    social_sqlite_end(stmt);

    social_sqlite_window_heads(s, windows);

    return social_window_nearest(windows, from > first ? from : first,
                                 to < last ? to : last);
}


/* the spans at the ends of a run, or all of them if it has no rows */

static void
social_sqlite_window_run(void *data, int64_t first, int64_t last,
    const social_window_ends_t *ends)
{
    social_sqlite_part_t     part;
    social_sqlite_period_t  *period = data;

    memset(&part, 0, sizeof(part));
    part.first = first;
    part.last = last;
    part.add = period->add;
    part.data = period->data;

    if (ends->start == ends->until) {
        social_sqlite_part_add(period->s, &part, period->from, period->to);
        return;
    }

    social_sqlite_part_add(period->s, &part, period->from, ends->start);
    social_sqlite_part_add(period->s, &part, ends->until, period->to);
}


/* a row of the window: adds it, if it can be used */

static void
social_sqlite_window_row(social_sqlite_period_t *period,
    social_window_runs_t *runs, sqlite3_stmt *stmt)
{
    int64_t               chunk;
    social_window_ends_t  ends;
    social_sqlite_t      *s = period->s;

    chunk = sqlite3_column_int64(stmt, 0) & 0xffffffff;
    ends.start = sqlite3_column_int64(stmt, 1);
    ends.until = sqlite3_column_int64(stmt, 2);

    if (!social_window_is_usable(&ends, s->kept)) {
        ends.start = ends.until = 0;
    }

    social_window_runs_row(runs, chunk, &ends);

    if (ends.start != ends.until
        && social_window_unpack(sqlite3_column_blob(stmt, 3),
                                (size_t) sqlite3_column_bytes(stmt, 3),
                                chunk * SOCIAL_WINDOW_CHUNK, period->add,
                                period->data)
           != SOCIAL_OK)
    {
        social_sqlite_error(s, SQLITE_CORRUPT);
    }
}


void
social_sqlite_read_articles(social_sqlite_t *s, int64_t from, int64_t to,
    social_window_number_pt add, void *data)
{
    int64_t                 window;
    sqlite3_stmt           *stmt;
    social_window_runs_t    runs;
    social_sqlite_period_t  period = { s, from, to, add, data };

    if (from >= to) {
        return;
    }

    social_window_runs_init(&runs, social_sqlite_window_run, &period);
    window = social_sqlite_window_choose(s, from, to);

    if (window) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROWS);
        social_sqlite_int(s, stmt, 1, SOCIAL_WINDOW_ID(window, 0));
        social_sqlite_int(s, stmt, 2, SOCIAL_WINDOW_ID(window + 1, 0));

        while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            social_sqlite_window_row(&period, &runs, stmt);
        }

        social_sqlite_end(stmt);
    }

    social_window_runs_end(&runs);
}


void
social_sqlite_window_forget(social_sqlite_t *s, int64_t article, int64_t at)
{
    int64_t        i;
    sqlite3_stmt  *stmt;

    if (at >= s->rolled) {
        return;
    }

    for (i = 1; i <= SOCIAL_WINDOWS; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_FORGET);
        social_sqlite_int(s, stmt, 1, SOCIAL_WINDOW_ID(
                                          i, article / SOCIAL_WINDOW_CHUNK));
        social_sqlite_int(s, stmt, 2, at);
        (void) social_sqlite_run(s, stmt);
    }
}


static void
social_sqlite_roll_put(social_sqlite_t *s, int64_t id, int64_t start,
    int64_t until, const int64_t *numbers)
{
    int            rc;
    size_t         len;
    sqlite3_stmt  *stmt;
    unsigned char  packed[SOCIAL_WINDOW_PACKED];

    len = social_window_pack(numbers, packed);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_PUT);
    social_sqlite_int(s, stmt, 1, id);
    social_sqlite_int(s, stmt, 2, start);
    social_sqlite_int(s, stmt, 3, until);

    if (stmt != NULL) {
        rc = sqlite3_bind_blob(stmt, 4, packed, (int) len, SQLITE_STATIC);
        if (rc != SQLITE_OK) {
            social_sqlite_error(s, rc);
        }
    }

    (void) social_sqlite_run(s, stmt);
}


/* adds the numbers of the row, and says where it is.  DECLINED: there is none
 * that is worth to be moved */

static int
social_sqlite_roll_row(social_sqlite_t *s, int64_t id,
    const social_window_ends_t *to, int64_t *numbers, social_window_ends_t *was)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROWS);
    social_sqlite_int(s, stmt, 1, id);
    social_sqlite_int(s, stmt, 2, id + 1);
    rc = social_sqlite_next(s, stmt);

    if (rc != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    was->start = sqlite3_column_int64(stmt, 1);
    was->until = sqlite3_column_int64(stmt, 2);

    if (!social_window_is_usable(was, s->kept)
        || !social_window_can_move(was, to)
        || social_window_unpack(sqlite3_column_blob(stmt, 3),
                                (size_t) sqlite3_column_bytes(stmt, 3), 0,
                                social_window_add, numbers)
           != SOCIAL_OK)
    {
        memset(numbers, 0, SOCIAL_WINDOW_NUMBERS * sizeof(int64_t));
        was->until = was->start;
        rc = SOCIAL_DECLINED;
    }

    social_sqlite_end(stmt);

    return rc;
}


/* makes a row, or moves it; the number of spans' rows that were read, 0: there
 * was nothing to do */

static int64_t
social_sqlite_roll_chunk(social_sqlite_t *s, int64_t window, int64_t chunk,
    const social_window_ends_t *to)
{
    int                   moves;
    int64_t               id;
    int64_t               numbers[SOCIAL_WINDOW_NUMBERS];
    social_window_ends_t  was = { 0, 0 };
    social_sqlite_part_t  part;

    memset(numbers, 0, sizeof(numbers));
    memset(&part, 0, sizeof(part));
    part.first = chunk * SOCIAL_WINDOW_CHUNK;
    part.last = part.first + SOCIAL_WINDOW_CHUNK;
    part.add = social_window_add;
    part.data = numbers;
    part.rows = 1;

    id = SOCIAL_WINDOW_ID(window, chunk);
    moves = (social_sqlite_roll_row(s, id, to, numbers, &was) == SOCIAL_OK);

    if (was.start == to->start && was.until == to->until) {
        return 0;
    }

    if (moves) {
        social_sqlite_part_add(s, &part, to->start, was.start);
        social_sqlite_part_add(s, &part, was.until, to->until);

    } else {
        social_sqlite_part_add(s, &part, to->start, to->until);
    }

    social_sqlite_roll_put(s, id, to->start, to->until, numbers);

    return part.rows;
}


int64_t
social_sqlite_roll(social_sqlite_t *s, int64_t now, int64_t rows)
{
    int64_t               n, i, chunk, chunks;
    sqlite3_stmt         *stmt;
    social_window_ends_t  to;

    chunks = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_LAST);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        chunks = sqlite3_column_int64(stmt, 0) / SOCIAL_WINDOW_CHUNK + 1;
        social_sqlite_end(stmt);
    }

    n = 0;

    for (i = 1; i <= SOCIAL_WINDOWS && s->rc == SQLITE_OK; i++) {

        if (social_window_ends(i, now, 0, s->kept, &to) != SOCIAL_OK) {
            continue;
        }

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROLLED);
        social_sqlite_int(s, stmt, 1, to.until);
        (void) social_sqlite_run(s, stmt);

        for (chunk = 0; chunk < chunks && s->rc == SQLITE_OK; chunk++) {
            n += social_sqlite_roll_chunk(s, i, chunk, &to);

            if (n >= rows) {
                return n;
            }
        }
    }

    return n;
}
