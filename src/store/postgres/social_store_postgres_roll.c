
/*
 * Makes the precomputed sums of social_store_postgres_window.c, and moves them
 * forward: a part of retention's work, so under the site's lock, and a bounded
 * part of it in each transaction.
 *
 * A statement adds up the spans that a row lacks or has too many, and in the
 * same snapshot says what the site has in the row's spans and in those where it
 * shall be.  So whoever counts at the same time is either in both or in none.
 *
 * Sums end some minutes before now: whoever counts now is not late.  That only
 * saves work; nothing depends on clocks that agree, or on how long a
 * transaction takes.
 *
 * Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_window.h"
#include "social_store_postgres_write.h"


#define SOCIAL_PG_ROLL_HOUR    3600
#define SOCIAL_PG_ROLL_MARGIN  600      /* seconds */
#define SOCIAL_PG_ROLL_CHUNKS  32       /* moved by one statement */
#define SOCIAL_PG_ROLL_DUE     1024     /* chunks that are looked up at once */
#define SOCIAL_PG_ROLL_COST    20       /* a row that is made is so much work,
                                         * and a span that is looked up */
#define SOCIAL_PG_ROLL_ROW     2        /* ... and a row that is read there */


/* where rows are; of nothing: they are made anew */

typedef struct {
    social_window_ends_t  ends;
    int64_t               seen;
} social_pg_rolled_t;


typedef struct {
    social_pg_t              *s;
    social_pg_window_days_t   days;
    int64_t                   window;
    social_window_ends_t      to;       /* where its rows shall be */
    int64_t                   seen;     /* of that */
    social_pg_rolled_t        late;     /* rows there cannot be moved: somebody
                                         * was late */
    int64_t                   work;     /* that was done */
    int64_t                   first;    /* article of the first number */
    social_pg_window_sums_t   sums;
    int64_t                   ids[SOCIAL_PG_ROLL_CHUNKS];
    social_str_t              data[SOCIAL_PG_ROLL_CHUNKS];
    int64_t                   numbers[SOCIAL_PG_ROLL_CHUNKS
                                      * SOCIAL_WINDOW_NUMBERS];
    unsigned char             packed[SOCIAL_PG_ROLL_CHUNKS
                                     * SOCIAL_WINDOW_PACKED];
} social_pg_roll_t;


static void
social_pg_roll_number(void *data, int64_t article, int kind, int64_t value)
{
    social_pg_roll_t  *roll = data;

    article -= roll->first;

    social_window_add(roll->numbers + article / SOCIAL_WINDOW_CHUNK
                                      * SOCIAL_WINDOW_NUMBERS,
                      article, kind, value);
}


/* DECLINED: a row is damaged, or gone */

static int
social_pg_roll_add_rows(social_pg_roll_t *roll, int64_t id, int64_t n)
{
    int            i, rc;
    PGresult      *rows;
    social_str_t   packed;

    rows = social_pg_ask(roll->s, SOCIAL_PG_SQL_WINDOW_ROWS, "ii", id, id + n);
    rc = PQntuples(rows) == n ? SOCIAL_OK : SOCIAL_DECLINED;

    for (i = 0; i < PQntuples(rows) && rc == SOCIAL_OK; i++) {
        packed = social_pg_text(rows, i, 4);
        rc = social_window_unpack(packed.data, packed.len, roll->first
                                  + i * (int64_t) SOCIAL_WINDOW_CHUNK,
                                  social_pg_roll_number, roll);
    }

    PQclear(rows);

    return rc;
}


static void
social_pg_roll_put(social_pg_roll_t *roll, int64_t id, int64_t n, int64_t seen)
{
    int64_t         i;
    unsigned char  *p;

    for (i = 0, p = roll->packed; i < n; i++) {
        roll->ids[i] = id + i;
        roll->data[i].data = p;
        roll->data[i].len = social_window_pack(
            roll->numbers + i * SOCIAL_WINDOW_NUMBERS, p);
        p += roll->data[i].len;
    }

    social_pg_run(roll->s, SOCIAL_PG_SQL_WINDOW_PUT, "IiiiB", roll->ids,
                  (size_t) n, roll->to.start, roll->to.until, seen, roll->data,
                  (size_t) n);
}


/* spans that are looked up, as work */

static int64_t
social_pg_roll_lookups(const social_pg_window_sums_t *sums)
{
    size_t   i;
    int64_t  n;

    for (i = 0, n = 0; i < sums->n; i++) {
        n += (sums->to[i] - sums->from[i]) / sums->step[i];
    }

    return n * SOCIAL_PG_ROLL_COST;
}


/* makes rows of n chunks, or moves them.  DECLINED: they cannot be moved */

static int
social_pg_roll_rows(social_pg_roll_t *roll, int64_t chunk, int64_t n,
    const social_pg_rolled_t *was)
{
    int                   to, from;
    int64_t               id, last, seen;
    social_window_ends_t  ends;

    id = SOCIAL_WINDOW_ID(roll->window, chunk);
    roll->first = chunk * SOCIAL_WINDOW_CHUNK;
    last = roll->first + n * SOCIAL_WINDOW_CHUNK;
    ends = was->ends;

    memset(roll->numbers, 0, (size_t) n * SOCIAL_WINDOW_NUMBERS
                             * sizeof(int64_t));
    social_pg_window_sums_init(&roll->sums, &roll->days);
    to = social_pg_window_site(roll->s, &roll->sums, &roll->to);
    from = social_pg_window_site(roll->s, &roll->sums, &ends);

    if (ends.start == ends.until) {
        social_pg_window_part(roll->s, &roll->sums, roll->first, last,
                              roll->to.start, roll->to.until);

    } else {
        social_pg_window_part(roll->s, &roll->sums, roll->first, last,
                              roll->to.start, ends.start);
        social_pg_window_part(roll->s, &roll->sums, roll->first, last,
                              ends.until, roll->to.until);
    }

    roll->work += n * SOCIAL_PG_ROLL_COST
                  + social_pg_roll_lookups(&roll->sums);
    roll->work += social_pg_window_sums(roll->s, &roll->sums,
                                        social_pg_roll_number, roll)
                  * SOCIAL_PG_ROLL_ROW;
    seen = roll->sums.seen[to];

    if (ends.start != ends.until && roll->sums.seen[from] != was->seen) {
        roll->late = *was;
        return SOCIAL_DECLINED;
    }

    if (ends.start != ends.until
        && social_pg_roll_add_rows(roll, id, n) != SOCIAL_OK)
    {
        return SOCIAL_DECLINED;
    }

    social_pg_roll_put(roll, id, n, seen);

    return SOCIAL_OK;
}


static int
social_pg_roll_is_same(const social_pg_rolled_t *a,
    const social_pg_rolled_t *b)
{
    return a->ends.start == b->ends.start && a->ends.until == b->ends.until
           && a->seen == b->seen;
}


/* where a row is that can be moved; of nothing: there is none */

static social_pg_rolled_t
social_pg_roll_was(const social_pg_roll_t *roll, const PGresult *due, int i)
{
    social_pg_rolled_t               was;
    static const social_pg_rolled_t  none;

    was.ends.start = social_pg_int(due, i, 1);
    was.ends.until = social_pg_int(due, i, 2);
    was.seen = social_pg_int(due, i, 3);

    if (was.ends.start < roll->s->kept[SOCIAL_SPAN_STEPS - 1]
        || !social_window_is_usable(&was.ends, roll->s->kept)
        || !social_window_can_move(&was.ends, &roll->to)
        || (was.ends.start == roll->to.start
            && was.ends.until == roll->to.until)
        || social_pg_roll_is_same(&was, &roll->late))
    {
        return none;
    }

    return was;
}


/* the chunks of the answer from the i-th on that can be moved together, of
 * which it returns the number */

static int
social_pg_roll_some(social_pg_roll_t *roll, const PGresult *due, int i)
{
    int                              n, max;
    int64_t                          chunk;
    social_pg_rolled_t               was, next;
    static const social_pg_rolled_t  none;

    chunk = social_pg_int(due, i, 0);
    was = social_pg_roll_was(roll, due, i);
    max = was.ends.start == was.ends.until ? 1 : PQntuples(due) - i;

    for (n = 1; n < max && n < SOCIAL_PG_ROLL_CHUNKS; n++) {
        next = social_pg_roll_was(roll, due, i + n);

        if (social_pg_int(due, i + n, 0) != chunk + n
            || !social_pg_roll_is_same(&next, &was))
        {
            break;
        }
    }

    if (social_pg_roll_rows(roll, chunk, n, &was) == SOCIAL_DECLINED) {
        n = 1;
        (void) social_pg_roll_rows(roll, chunk, n, &none);
    }

    return n;
}


/* all rows of the window, unless that takes more work than `rows` */

static void
social_pg_roll_window(social_pg_roll_t *roll, int64_t rows)
{
    int           i, n;
    PGresult     *due;
    social_pg_t  *s = roll->s;

    social_pg_run(s, SOCIAL_PG_SQL_SPAN_KEEP, "ii", (int64_t) 0,
                  roll->to.until);

    do {
        due = social_pg_ask(s, SOCIAL_PG_SQL_WINDOW_DUE, "iiiiii",
                            SOCIAL_WINDOW_ID(roll->window, 0),
                            roll->days.last / SOCIAL_WINDOW_CHUNK + 1,
                            roll->to.start, roll->to.until, roll->seen,
                            (int64_t) SOCIAL_PG_ROLL_DUE);
        n = PQntuples(due);

        for (i = 0; i < n && roll->work < rows && s->end == SOCIAL_PG_FINE;
             i += social_pg_roll_some(roll, due, i))
        {
            /* void */
        }

        PQclear(due);
    } while (n == SOCIAL_PG_ROLL_DUE && roll->work < rows);
}


/* where the window's rows shall be, and what the site has there; DECLINED:
 * nowhere */

static int
social_pg_roll_to(social_pg_roll_t *roll, int64_t now, int64_t before)
{
    int64_t       kept[SOCIAL_SPAN_STEPS];
    social_pg_t  *s = roll->s;

    memcpy(kept, s->kept, sizeof(kept));

    if (kept[SOCIAL_SPAN_STEPS - 1] < before) {
        kept[SOCIAL_SPAN_STEPS - 1] = before;
    }

    if (social_window_ends(roll->window, now, SOCIAL_PG_ROLL_MARGIN, kept,
                           &roll->to)
        != SOCIAL_OK)
    {
        return SOCIAL_DECLINED;
    }

    social_pg_window_sums_init(&roll->sums, &roll->days);
    (void) social_pg_window_site(s, &roll->sums, &roll->to);
    (void) social_pg_window_sums(s, &roll->sums, social_pg_roll_number, roll);
    roll->seen = roll->sums.seen[0];

    return s->end == SOCIAL_PG_FINE ? SOCIAL_OK : SOCIAL_DECLINED;
}


static void
social_pg_roll_all(social_pg_roll_t *roll, int64_t now, int64_t before,
    int64_t rows)
{
    social_pg_t  *s = roll->s;

    social_pg_window_days_ask(s);
    social_pg_window_days_take(s, &roll->days);

    for ( /* void */ ; s->rolling <= SOCIAL_WINDOWS; s->rolling++) {
        roll->window = s->rolling;

        if (social_pg_roll_to(roll, now, before) == SOCIAL_OK) {
            social_pg_roll_window(roll, rows);
        }

        if (roll->work >= rows) {
            return;
        }
    }
}


/* once an hour: rows that became useless in between are made again then */

int64_t
social_pg_roll(social_pg_t *s, int64_t now, int64_t before, int64_t rows)
{
    int64_t            hour, from, to, work;
    social_pg_roll_t  *roll;

    from = to = 0;
    social_pg_align(s, &from, &to);     /* reads s->kept */
    hour = social_span_floor(now - SOCIAL_PG_ROLL_MARGIN, SOCIAL_PG_ROLL_HOUR);

    if (hour != s->rolled || before != s->rolled_before) {
        s->rolled = hour;
        s->rolled_before = before;
        s->rolling = 1;
    }

    if (s->rolling > SOCIAL_WINDOWS) {
        return 0;
    }

    roll = calloc(1, sizeof(social_pg_roll_t));

    if (roll == NULL) {
        social_pg_memory(s);
        return 0;
    }

    roll->s = s;
    social_pg_roll_all(roll, now, before, rows);
    work = roll->work;
    free(roll);

    return work;
}
