
/*
 * The precomputed sums of social_store_window.c, in the table window_sum: how a
 * period is read by them.  social_store_postgres_roll.c makes them.
 *
 * A row may be used as long as nobody has counted in its spans since it was
 * made.  Several machines count without a lock, also modules from before there
 * were sums, and a transaction may be seen long after it began; so nobody is
 * asked to tell.  Instead a row says what the site had counted in its spans
 * (`seen`) when the row was their sum:
 *
 *   - Whoever adds a count to an article's spans adds it to those of the site,
 *     in the same transaction.
 *   - Counts only grow.  So what the site has in [start, until) is another
 *     number after each transaction that counts there, and a number says which
 *     of them a snapshot sees.
 *   - The row and `seen` are from one snapshot, and so are the row and what the
 *     site has when it is read.  If both numbers are the same, both snapshots
 *     see the same counts of [start, until), and the row is exact.
 *
 * So saves cost nothing more, wait for nothing, and nothing waits for them; one
 * that comes late makes the sums of its time useless until they are made again.
 * Likes that are taken back are late as a rule, for they count when they were
 * given: under the site's lock, as those who make sums.  Their article's rows
 * are removed, and window_late has the count, which `seen` does not.
 *
 * Days of articles that are too old are removed once no row needs them to move
 * on (social_store_postgres_age.c).  Older modules do not know of that: a row
 * that begins before what is kept does not count.
 *
 * Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_window.h"


typedef struct {
    social_pg_t              *s;
    int64_t                   from, to;
    PGresult                 *rows;
    signed char              *places;   /* of rows in `ends`; -1: a row cannot
                                         * be used */
    social_pg_window_sums_t   sums;
    social_window_ends_t      ends[SOCIAL_PG_ENDS];
    size_t                    nends;
} social_pg_window_t;


/* spans that are being added to a question */

typedef struct {
    social_pg_window_sums_t  *sums;
    int64_t                   first, last, sign;
} social_pg_window_part_t;


void
social_pg_window_days_ask(social_pg_t *s)
{
    social_pg_send(s, SOCIAL_PG_SQL_WINDOW_DAYS, "");
}


void
social_pg_window_days_take(social_pg_t *s, social_pg_window_days_t *days)
{
    PGresult  *result;

    memset(days, 0, sizeof(social_pg_window_days_t));
    result = social_pg_take(s);

    if (PQntuples(result) == 1) {
        days->last = social_pg_int(result, 0, 0);

        if (!PQgetisnull(result, 0, 1)) {
            days->site_from = social_pg_int(result, 0, 1);
            days->site_to = social_pg_int(result, 0, 2) + SOCIAL_PG_DAY;
        }

        if (!PQgetisnull(result, 0, 3)) {
            days->from = social_pg_int(result, 0, 3);
            days->to = social_pg_int(result, 0, 4) + SOCIAL_PG_DAY;
        }
    }

    PQclear(result);
}


void
social_pg_window_sums_init(social_pg_window_sums_t *sums,
    const social_pg_window_days_t *days)
{
    sums->site_from = days->site_from;
    sums->site_to = days->site_to;
    sums->n = 0;
    sums->nends = 0;
    sums->full = 0;
}


/* the site has counted in every day in which an article has */

static int64_t
social_pg_window_bound(const social_pg_window_sums_t *sums, int64_t at)
{
    return at < sums->site_from ? sums->site_from
           : at > sums->site_to ? sums->site_to : at;
}


static void
social_pg_window_part_add(void *data, int64_t step, int64_t from, int64_t to)
{
    size_t                     n;
    social_pg_window_part_t   *part = data;
    social_pg_window_sums_t   *sums = part->sums;

    if (sums->n == SOCIAL_PG_PARTS) {
        sums->full = 1;
        return;
    }

    n = sums->n++;
    sums->step[n] = step;
    sums->from[n] = from;
    sums->to[n] = to;
    sums->first[n] = part->first;
    sums->last[n] = part->last;
    sums->sign[n] = part->sign;
}


void
social_pg_window_part(social_pg_t *s, social_pg_window_sums_t *sums,
    int64_t first, int64_t last, int64_t from, int64_t to)
{
    int64_t                  lo, hi;
    social_pg_window_part_t  part = { sums, first, last, 1 };

    lo = social_pg_window_bound(sums, from < to ? from : to);
    hi = social_pg_window_bound(sums, from < to ? to : from);
    part.sign = from < to ? 1 : -1;

    social_span_each(s->kept, lo, hi, INT64_MAX, social_pg_window_part_add,
                     &part);
}


int
social_pg_window_site(social_pg_t *s, social_pg_window_sums_t *sums,
    const social_window_ends_t *ends)
{
    size_t  n;

    if (sums->nends == SOCIAL_PG_ENDS) {
        return -1;
    }

    n = sums->nends++;
    sums->number[n] = (int64_t) n + 1;
    sums->start[n] = ends->start;
    sums->until[n] = ends->until;
    social_pg_ranges(s, social_pg_window_bound(sums, ends->start),
                     social_pg_window_bound(sums, ends->until), INT64_MAX,
                     &sums->site[n]);

    return (int) n;
}


/* the ranges of all sums of the site, one after the other */

static void
social_pg_window_ask(social_pg_t *s, const social_pg_window_sums_t *sums)
{
    size_t   i, k, n;
    int64_t  number[SOCIAL_PG_ENDS * SOCIAL_PG_RANGES];
    int64_t  step[SOCIAL_PG_ENDS * SOCIAL_PG_RANGES];
    int64_t  from[SOCIAL_PG_ENDS * SOCIAL_PG_RANGES];
    int64_t  to[SOCIAL_PG_ENDS * SOCIAL_PG_RANGES];

    for (i = 0, n = 0; i < sums->nends; i++) {
        for (k = 0; k < sums->site[i].n; k++, n++) {
            number[n] = sums->number[i];
            step[n] = sums->site[i].step[k];
            from[n] = sums->site[i].from[k];
            to[n] = sums->site[i].to[k];
        }
    }

    social_pg_send(s, SOCIAL_PG_SQL_WINDOW_SUMS, "IIIIIIIIIIIIIi", number, n,
                   step, n, from, n, to, n, sums->number, sums->nends,
                   sums->start, sums->nends, sums->until, sums->nends,
                   sums->step, sums->n, sums->from, sums->n, sums->to, sums->n,
                   sums->first, sums->n, sums->last, sums->n, sums->sign,
                   sums->n, (int64_t) SOCIAL_COUNT_UNLABELLED);
}


int64_t
social_pg_window_sums(social_pg_t *s, social_pg_window_sums_t *sums,
    social_window_number_pt add, void *data)
{
    int        i;
    int64_t    article, rows;
    PGresult  *result;

    memset(sums->seen, 0, sizeof(sums->seen));
    social_pg_window_ask(s, sums);
    result = social_pg_take(s);

    for (i = 0, rows = 0; i < PQntuples(result); i++) {
        article = social_pg_int(result, i, 0);

        if (article < 0) {
            sums->seen[-article - 1] = social_pg_int(result, i, 2);
            continue;
        }

        add(data, article, (int) social_pg_int(result, i, 1),
            social_pg_int(result, i, 2));
        rows += social_pg_int(result, i, 3);
    }

    PQclear(result);
    sums->n = 0;
    sums->nends = 0;

    return rows;
}


/* spans in front of the first one of articles, and behind the last, cost
 * nothing */

static int64_t
social_pg_window_within(const social_pg_window_days_t *days, int64_t at)
{
    return at < days->from ? days->from : at > days->to ? days->to : at;
}


/* the window that is nearest to the period; 0: none is */

static int64_t
social_pg_window_choose(social_pg_t *s, social_pg_window_t *w)
{
    int                      i;
    int64_t                  n;
    PGresult                *heads;
    social_window_ends_t     windows[SOCIAL_WINDOWS];
    social_pg_window_days_t  days;

    social_pg_window_days_ask(s);
    social_pg_send(s, SOCIAL_PG_SQL_WINDOW_HEADS, "i",
                   (int64_t) SOCIAL_WINDOWS);
    social_pg_window_days_take(s, &days);
    heads = social_pg_take(s);

    memset(windows, 0, sizeof(windows));

    for (i = 0; i < PQntuples(heads); i++) {
        n = social_pg_int(heads, i, 0) - 1;
        windows[n].start = social_pg_window_within(&days,
                                                   social_pg_int(heads, i, 1));
        windows[n].until = social_pg_window_within(&days,
                                                   social_pg_int(heads, i, 2));
    }

    PQclear(heads);
    social_pg_window_sums_init(&w->sums, &days);

    return social_window_nearest(windows,
                                 social_pg_window_within(&days, w->from),
                                 social_pg_window_within(&days, w->to));
}


/* the place in w->ends of where the row is, -1: it cannot be used */

static int
social_pg_window_place(social_pg_window_t *w, int row)
{
    size_t                i;
    social_window_ends_t  ends;

    ends.start = social_pg_int(w->rows, row, 1);
    ends.until = social_pg_int(w->rows, row, 2);

    for (i = 0; i < w->nends; i++) {
        if (w->ends[i].start == ends.start && w->ends[i].until == ends.until) {
            return (int) i;
        }
    }

    if (ends.start < w->s->kept[SOCIAL_SPAN_STEPS - 1]
        || !social_window_is_usable(&ends, w->s->kept)
        || social_pg_window_site(w->s, &w->sums, &ends) < 0)
    {
        return -1;
    }

    w->ends[w->nends++] = ends;

    return (int) i;
}


static void
social_pg_window_nothing(void *data, int64_t article, int kind, int64_t value)
{
    (void) data;
    (void) article;
    (void) kind;
    (void) value;
}


static int
social_pg_window_unpack(social_pg_window_t *w, int row,
    social_window_number_pt add, void *data)
{
    int64_t       chunk;
    social_str_t  packed;

    chunk = social_pg_int(w->rows, row, 0) & 0xffffffff;
    packed = social_pg_text(w->rows, row, 4);

    return social_window_unpack(packed.data, packed.len,
                                chunk * SOCIAL_WINDOW_CHUNK, add, data);
}


/* which rows can be used; their number */

static int
social_pg_window_places(social_pg_window_t *w)
{
    int  i, n, used, place;

    n = PQntuples(w->rows);

    for (i = 0; i < n; i++) {
        w->places[i] = (signed char) social_pg_window_place(w, i);
    }

    (void) social_pg_window_sums(w->s, &w->sums, social_pg_window_nothing,
                                 NULL);

    for (i = 0, used = 0; i < n; i++) {
        place = w->places[i];

        if (place < 0 || social_pg_int(w->rows, i, 3) != w->sums.seen[place]
            || social_pg_window_unpack(w, i, social_pg_window_nothing, NULL)
               != SOCIAL_OK)
        {
            w->places[i] = -1;
            continue;
        }

        used++;
    }

    return used;
}


/* the spans at the ends of a run, or all of them if it has no rows */

static void
social_pg_window_run(void *data, int64_t first, int64_t last,
    const social_window_ends_t *ends)
{
    social_pg_window_t  *w = data;

    if (ends->start == ends->until) {
        social_pg_window_part(w->s, &w->sums, first, last, w->from, w->to);
        return;
    }

    social_pg_window_part(w->s, &w->sums, first, last, w->from, ends->start);
    social_pg_window_part(w->s, &w->sums, first, last, ends->until, w->to);
}


/* asks for the spans that the rows lack or have too many, and adds all.
 * DECLINED: these are too many */

static int
social_pg_window_add(social_pg_window_t *w, social_window_number_pt add,
    void *data)
{
    int                                i, n;
    social_window_runs_t               runs;
    static const social_window_ends_t  none;

    n = PQntuples(w->rows);
    social_window_runs_init(&runs, social_pg_window_run, w);

    for (i = 0; i < n; i++) {
        social_window_runs_row(&runs, social_pg_int(w->rows, i, 0) & 0xffffffff,
                               w->places[i] < 0 ? &none
                                                : &w->ends[w->places[i]]);
    }

    social_window_runs_end(&runs);

    if (w->sums.full) {
        return SOCIAL_DECLINED;
    }

    for (i = 0; i < n; i++) {
        if (w->places[i] >= 0) {
            (void) social_pg_window_unpack(w, i, add, data);
        }
    }

    (void) social_pg_window_sums(w->s, &w->sums, add, data);

    return SOCIAL_OK;
}


int
social_pg_window_read(social_pg_t *s, int64_t from, int64_t to,
    social_window_number_pt add, void *data)
{
    int                 rc;
    int64_t             window;
    social_pg_window_t  w;

    w.s = s;
    w.from = from;
    w.to = to;
    w.nends = 0;

    window = social_pg_window_choose(s, &w);

    if (window == 0 || from >= to) {
        return SOCIAL_DECLINED;
    }

    w.rows = social_pg_ask(s, SOCIAL_PG_SQL_WINDOW_ROWS, "ii",
                           SOCIAL_WINDOW_ID(window, 0),
                           SOCIAL_WINDOW_ID(window + 1, 0));
    w.places = malloc((size_t) PQntuples(w.rows) + 1);

    if (w.places == NULL) {
        social_pg_memory(s);
    }

    rc = w.places != NULL && social_pg_window_places(&w) > 0
         ? social_pg_window_add(&w, add, data) : SOCIAL_DECLINED;

    free(w.places);
    PQclear(w.rows);

    return rc;
}
