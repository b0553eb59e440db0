
/*
 * Precomputed sums of the usual periods, so that a long period over many
 * articles needs not be read from its spans.
 *
 *   window_sum: (window, chunk of 128 articles) -> [start, until), numbers
 *
 * A row is the sum of the spans of [start, until).  A period that is read by
 * it is
 *
 *   row - spans of [start, from) + spans of [until, to)
 *
 * with either range reversed if its ends are, so it is exact however old the
 * row is.  For that, whoever counts in a span before `until` removes the row
 * in the same transaction; social_sqlite_roll() makes a new one, and moves all
 * of them forward.  A row that cannot be moved exactly, since small spans at
 * its ends are gone, does not count.
 *
 * Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_CHUNK    128          /* articles in a row */
#define SOCIAL_SQLITE_NUMBERS  (SOCIAL_SQLITE_CHUNK * SOCIAL_COUNT_UNLABELLED)
#define SOCIAL_SQLITE_WINDOWS  6
#define SOCIAL_SQLITE_WINDOW_ID(window, chunk)  ((window) << 32 | (chunk))


/* bytes of a packed row, at most: a mask of kinds and numbers of 10 bytes */
#define SOCIAL_SQLITE_PACKED                                                  \
    (SOCIAL_SQLITE_CHUNK * (3 + SOCIAL_COUNT_UNLABELLED * 10))


/* windows as social_status_query_t has periods: length, and what its beginning
 * is rounded down to; 0: everything */

static const struct {
    int64_t  length, unit;
} social_sqlite_windows[SOCIAL_SQLITE_WINDOWS] = {
    { SOCIAL_SQLITE_DAY,       SOCIAL_SQLITE_HOUR },
    { 7 * SOCIAL_SQLITE_DAY,   SOCIAL_SQLITE_HOUR },
    { 28 * SOCIAL_SQLITE_DAY,  SOCIAL_SQLITE_HOUR },
    { 90 * SOCIAL_SQLITE_DAY,  SOCIAL_SQLITE_DAY },
    { 365 * SOCIAL_SQLITE_DAY, SOCIAL_SQLITE_DAY },
    { 0,                       SOCIAL_SQLITE_DAY }
};


/* adds the spans of some articles to numbers, or subtracts them */

typedef struct {
    int64_t                     first, last;    /* articles; last + 1 */
    int64_t                     sign;
    int64_t                     rows;           /* that were read */
    social_sqlite_number_pt     add;
    void                       *data;
} social_sqlite_part_t;


/* a run of consecutive chunks with the same ends */

typedef struct {
    int64_t                     from, to;       /* of the period */
    int64_t                     first, next;    /* chunks; next: last + 1 */
    int64_t                     start, until;
    social_sqlite_number_pt     add;
    void                       *data;
} social_sqlite_run_t;


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


static size_t
social_sqlite_pack_number(unsigned char *p, uint64_t value)
{
    size_t  n;

    for (n = 0; value >= 0x80; n++) {
        p[n] = (unsigned char) (value | 0x80);
        value >>= 7;
    }

    p[n] = (unsigned char) value;

    return n + 1;
}


static size_t
social_sqlite_unpack_number(const unsigned char *p, size_t len,
    uint64_t *value)
{
    size_t  n;

    *value = 0;

    for (n = 0; n < len && n < 10; n++) {
        *value |= (uint64_t) (p[n] & 0x7f) << (7 * n);

        if (p[n] < 0x80) {
            return n + 1;
        }
    }

    return 0;
}


/* for each article a mask of the kinds that are not 0, then these */

static size_t
social_sqlite_pack(const int64_t *numbers, unsigned char *p)
{
    size_t          i, k, n, len, last;
    uint64_t        mask;
    const int64_t  *counts;

    n = 0;
    last = 0;

    for (i = 0; i < SOCIAL_SQLITE_CHUNK; i++) {
        counts = numbers + i * SOCIAL_COUNT_UNLABELLED;
        mask = 0;

        for (k = 1; k < SOCIAL_COUNT_UNLABELLED; k++) {
            mask |= counts[k] ? (uint64_t) 1 << (k - 1) : 0;
        }

        len = social_sqlite_pack_number(p + n, mask);

        for (k = 1; mask && k < SOCIAL_COUNT_UNLABELLED; k++) {
            if (counts[k]) {
                len += social_sqlite_pack_number(p + n + len,
                                                 (uint64_t) counts[k]);
            }
        }

        n += len;
        last = mask ? n : last;
    }

    return last;
}


/* calls add for each number; DECLINED: the row is damaged */

static int
social_sqlite_unpack(const unsigned char *p, size_t len, int64_t first,
    social_sqlite_number_pt add, void *data)
{
    int       k;
    size_t    at, n;
    int64_t   i;
    uint64_t  mask, value;

    at = 0;

    for (i = 0; at < len; i++) {
        n = social_sqlite_unpack_number(p + at, len - at, &mask);
        at += n;

        if (n == 0 || i == SOCIAL_SQLITE_CHUNK) {
            return SOCIAL_DECLINED;
        }

        for (k = 1; mask; k++, mask >>= 1) {

            if ((mask & 1) == 0) {
                continue;
            }

            n = social_sqlite_unpack_number(p + at, len - at, &value);
            at += n;

            if (n == 0 || k == SOCIAL_COUNT_UNLABELLED) {
                return SOCIAL_DECLINED;
            }

            add(data, first + i, k, (int64_t) value);
        }
    }

    return SOCIAL_OK;
}


/* how much must be read beside the rows of a window; -1: there is no row */

static int64_t
social_sqlite_window_cost(social_sqlite_t *s, int64_t window, int64_t from,
    int64_t to)
{
    int64_t        cost;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROWS);
    social_sqlite_int(s, stmt, 1, SOCIAL_SQLITE_WINDOW_ID(window, 0));
    social_sqlite_int(s, stmt, 2, SOCIAL_SQLITE_WINDOW_ID(window + 1, 0));

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return -1;
    }

    cost = llabs(sqlite3_column_int64(stmt, 1) - from)
           + llabs(sqlite3_column_int64(stmt, 2) - to);

    social_sqlite_end(stmt);

    return cost;
}


/* the window that is nearest to the period, 0: none is */

static int64_t
social_sqlite_window_choose(social_sqlite_t *s, int64_t from, int64_t to)
{
    int64_t        i, first, last, cost, best, window;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_DETAILS_DAYS);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return 0;
    }

    first = sqlite3_column_int64(stmt, 0);
    last = sqlite3_column_int64(stmt, 1) + SOCIAL_SQLITE_DAY;
    social_sqlite_end(stmt);

    from = from > first ? from : first;
    to = to < last ? to : last;
    best = to - from;
    window = 0;

    for (i = 1; i <= SOCIAL_SQLITE_WINDOWS; i++) {
        cost = social_sqlite_window_cost(s, i, from, to);

        if (cost >= 0 && cost < best) {
            best = cost;
            window = i;
        }
    }

    return window;
}


static int
social_sqlite_window_usable(social_sqlite_t *s, int64_t start, int64_t until)
{
    return start <= until && social_sqlite_is_kept(s, start)
           && social_sqlite_is_kept(s, until);
}


/* the spans at the ends of a run, or all of them if it has no rows */

static void
social_sqlite_run_end(social_sqlite_t *s, social_sqlite_run_t *run,
    int64_t next)
{
    social_sqlite_part_t  part;

    memset(&part, 0, sizeof(part));
    part.first = run->first * SOCIAL_SQLITE_CHUNK;
    part.last = next > INT32_MAX ? INT64_MAX : next * SOCIAL_SQLITE_CHUNK;
    part.add = run->add;
    part.data = run->data;

    if (next <= run->first) {
        return;
    }

    if (run->start == run->until) {
        social_sqlite_part_add(s, &part, run->from, run->to);

    } else {
        social_sqlite_part_add(s, &part, run->from, run->start);
        social_sqlite_part_add(s, &part, run->until, run->to);
    }

    run->first = next;
}


/* a row of the window: adds it, and ends the run before it if that had other
 * ends */

static void
social_sqlite_run_row(social_sqlite_t *s, social_sqlite_run_t *run,
    sqlite3_stmt *stmt)
{
    int64_t  chunk, start, until;

    chunk = sqlite3_column_int64(stmt, 0) & 0xffffffff;
    start = sqlite3_column_int64(stmt, 1);
    until = sqlite3_column_int64(stmt, 2);

    if (!social_sqlite_window_usable(s, start, until)) {
        start = until = 0;
    }

    if (chunk != run->next) {
        social_sqlite_run_end(s, run, run->next);
        run->start = run->until = 0;
        run->next = chunk;
    }

    if (start != run->start || until != run->until) {
        social_sqlite_run_end(s, run, chunk);
        run->start = start;
        run->until = until;
    }

    run->next = chunk + 1;

    if (start != until
        && social_sqlite_unpack(sqlite3_column_blob(stmt, 3),
                                (size_t) sqlite3_column_bytes(stmt, 3),
                                chunk * SOCIAL_SQLITE_CHUNK, run->add,
                                run->data)
               != SOCIAL_OK)
    {
        social_sqlite_error(s, SQLITE_CORRUPT);
    }
}


void
social_sqlite_read_articles(social_sqlite_t *s, int64_t from, int64_t to,
    social_sqlite_number_pt add, void *data)
{
    int64_t              window;
    sqlite3_stmt        *stmt;
    social_sqlite_run_t  run;

    if (from >= to) {
        return;
    }

    memset(&run, 0, sizeof(run));
    run.from = from;
    run.to = to;
    run.add = add;
    run.data = data;

    window = social_sqlite_window_choose(s, from, to);

    if (window) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROWS);
        social_sqlite_int(s, stmt, 1, SOCIAL_SQLITE_WINDOW_ID(window, 0));
        social_sqlite_int(s, stmt, 2, SOCIAL_SQLITE_WINDOW_ID(window + 1, 0));

        while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            social_sqlite_run_row(s, &run, stmt);
        }

        social_sqlite_end(stmt);
    }

    if (run.start != run.until) {
        social_sqlite_run_end(s, &run, run.next);
        run.start = run.until = 0;
    }

    social_sqlite_run_end(s, &run, INT64_MAX);
}


void
social_sqlite_window_forget(social_sqlite_t *s, int64_t article, int64_t at)
{
    int64_t        i;
    sqlite3_stmt  *stmt;

    if (at >= s->rolled) {
        return;
    }

    for (i = 1; i <= SOCIAL_SQLITE_WINDOWS; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_FORGET);
        social_sqlite_int(s, stmt, 1, SOCIAL_SQLITE_WINDOW_ID(
                                          i, article / SOCIAL_SQLITE_CHUNK));
        social_sqlite_int(s, stmt, 2, at);
        (void) social_sqlite_run(s, stmt);
    }
}


/* a number of a chunk that is being made */

static void
social_sqlite_roll_number(void *data, int64_t article, int kind,
    int64_t value)
{
    int64_t  *numbers = data;

    if (kind > SOCIAL_COUNT_NONE && kind < SOCIAL_COUNT_UNLABELLED) {
        numbers[article % SOCIAL_SQLITE_CHUNK * SOCIAL_COUNT_UNLABELLED
                + kind] += value;
    }
}


static void
social_sqlite_roll_put(social_sqlite_t *s, int64_t id, int64_t start,
    int64_t until, const int64_t *numbers)
{
    int            rc;
    size_t         len;
    sqlite3_stmt  *stmt;
    unsigned char  packed[SOCIAL_SQLITE_PACKED];

    len = social_sqlite_pack(numbers, packed);

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


/* makes a row, or moves it to [start, until); the number of spans' rows that
 * were read, 0: there was nothing to do */

static int64_t
social_sqlite_roll_chunk(social_sqlite_t *s, int64_t window, int64_t chunk,
    int64_t start, int64_t until)
{
    int                   rc;
    int64_t               id, was_start, was_until;
    int64_t               numbers[SOCIAL_SQLITE_NUMBERS];
    sqlite3_stmt         *stmt;
    social_sqlite_part_t  part;

    memset(numbers, 0, sizeof(numbers));
    memset(&part, 0, sizeof(part));
    part.first = chunk * SOCIAL_SQLITE_CHUNK;
    part.last = part.first + SOCIAL_SQLITE_CHUNK;
    part.add = social_sqlite_roll_number;
    part.data = numbers;
    part.rows = 1;

    id = SOCIAL_SQLITE_WINDOW_ID(window, chunk);
    was_start = was_until = 0;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROWS);
    social_sqlite_int(s, stmt, 1, id);
    social_sqlite_int(s, stmt, 2, id + 1);
    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        was_start = sqlite3_column_int64(stmt, 1);
        was_until = sqlite3_column_int64(stmt, 2);

        if (!social_sqlite_window_usable(s, was_start, was_until)
            || llabs(start - was_start) + llabs(until - was_until)
               >= until - start
            || social_sqlite_unpack(sqlite3_column_blob(stmt, 3),
                                    (size_t) sqlite3_column_bytes(stmt, 3),
                                    part.first, part.add, part.data)
               != SOCIAL_OK)
        {
            memset(numbers, 0, sizeof(numbers));
            was_until = was_start;
        }

        social_sqlite_end(stmt);
    }

    if (rc == SOCIAL_OK && was_start == start && was_until == until) {
        return 0;
    }

    if (was_start == was_until) {
        social_sqlite_part_add(s, &part, start, until);

    } else {
        social_sqlite_part_add(s, &part, start, was_start);
        social_sqlite_part_add(s, &part, was_until, until);
    }

    social_sqlite_roll_put(s, id, start, until, numbers);

    return part.rows;
}


int64_t
social_sqlite_roll(social_sqlite_t *s, int64_t now, int64_t rows)
{
    int64_t        n, i, chunk, chunks, start, until;
    sqlite3_stmt  *stmt;

    chunks = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_LAST);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        chunks = sqlite3_column_int64(stmt, 0) / SOCIAL_SQLITE_CHUNK + 1;
        social_sqlite_end(stmt);
    }

    n = 0;

    for (i = 1; i <= SOCIAL_SQLITE_WINDOWS && s->rc == SQLITE_OK; i++) {

        start = social_sqlite_windows[i - 1].length
                ? now - social_sqlite_windows[i - 1].length : 0;
        start = social_span_floor(start, social_sqlite_windows[i - 1].unit);
        until = social_span_floor(now, social_sqlite_windows[i - 1].unit);
        start = start > s->kept[SOCIAL_SQLITE_NSTEPS - 1]
                ? start : s->kept[SOCIAL_SQLITE_NSTEPS - 1];

        social_sqlite_align(s, &start, &until);

        if (start >= until) {
            continue;
        }

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_ROLLED);
        social_sqlite_int(s, stmt, 1, until);
        (void) social_sqlite_run(s, stmt);

        for (chunk = 0; chunk < chunks && s->rc == SQLITE_OK; chunk++) {
            n += social_sqlite_roll_chunk(s, i, chunk, start, until);

            if (n >= rows) {
                return n;
            }
        }
    }

    return n;
}
