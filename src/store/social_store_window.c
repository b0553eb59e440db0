
/*
 * Precomputed sums of the usual periods, so that a long period over many
 * articles needs not be read from its spans.
 *
 *   id: (window, chunk of 128 articles) -> [start, until), numbers
 *
 * A row is the sum of the spans of [start, until).  A period that is read by
 * it is
 *
 *   row - spans of [start, from) + spans of [until, to)
 *
 * with either range reversed if its ends are, so it is exact however old the
 * row is.  How a backend notices that a span before `until` was counted in
 * later is its own matter.  Pure; any thread.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_window.h"


#define SOCIAL_WINDOW_HOUR  3600
#define SOCIAL_WINDOW_DAY   86400


/* as social_status_query_t has periods: length, and what its beginning is
 * rounded down to; 0: everything */

static const struct {
    int64_t  length, unit;
} social_windows[SOCIAL_WINDOWS] = {
    { SOCIAL_WINDOW_DAY,       SOCIAL_WINDOW_HOUR },
    { 7 * SOCIAL_WINDOW_DAY,   SOCIAL_WINDOW_HOUR },
    { 28 * SOCIAL_WINDOW_DAY,  SOCIAL_WINDOW_HOUR },
    { 90 * SOCIAL_WINDOW_DAY,  SOCIAL_WINDOW_DAY },
    { 365 * SOCIAL_WINDOW_DAY, SOCIAL_WINDOW_DAY },
    { 0,                       SOCIAL_WINDOW_DAY }
};


int
social_window_ends(int64_t window, int64_t now, int64_t margin,
    const int64_t *kept, social_window_ends_t *ends)
{
    int64_t  start, until, length, unit;

    length = social_windows[window - 1].length;
    unit = social_windows[window - 1].unit;

    start = social_span_floor(length ? now - length : 0, unit);
    until = social_span_floor(now - margin, unit);

    if (start < kept[SOCIAL_SPAN_STEPS - 1]) {
        start = kept[SOCIAL_SPAN_STEPS - 1];
    }

    ends->start = social_span_bound(start, kept);
    ends->until = social_span_bound(until, kept);

    return ends->start < ends->until ? SOCIAL_OK : SOCIAL_DECLINED;
}


int
social_window_is_usable(const social_window_ends_t *w, const int64_t *kept)
{
    return w->start <= w->until
           && social_span_bound(w->start, kept) == w->start
           && social_span_bound(w->until, kept) == w->until;
}


int
social_window_can_move(const social_window_ends_t *from,
    const social_window_ends_t *to)
{
    return llabs(to->start - from->start) + llabs(to->until - from->until)
           < to->until - to->start;
}


int64_t
social_window_nearest(const social_window_ends_t *windows, int64_t from,
    int64_t to)
{
    int64_t  i, cost, best, window;

    best = to - from;
    window = 0;

    for (i = 0; i < SOCIAL_WINDOWS; i++) {

        if (windows[i].start == windows[i].until) {
            continue;
        }

        cost = llabs(windows[i].start - from) + llabs(windows[i].until - to);

        if (cost < best) {
            best = cost;
            window = i + 1;
        }
    }

    return window;
}


static size_t
social_window_pack_number(unsigned char *p, uint64_t value)
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
social_window_unpack_number(const unsigned char *p, size_t len,
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

size_t
social_window_pack(const int64_t *numbers, unsigned char *p)
{
    size_t          i, k, n, len, last;
    uint64_t        mask;
    const int64_t  *counts;

    n = 0;
    last = 0;

    for (i = 0; i < SOCIAL_WINDOW_CHUNK; i++) {
        counts = numbers + i * SOCIAL_COUNT_UNLABELLED;
        mask = 0;

        for (k = 1; k < SOCIAL_COUNT_UNLABELLED; k++) {
            mask |= counts[k] ? (uint64_t) 1 << (k - 1) : 0;
        }

        len = social_window_pack_number(p + n, mask);

        for (k = 1; mask && k < SOCIAL_COUNT_UNLABELLED; k++) {
            if (counts[k]) {
                len += social_window_pack_number(p + n + len,
                                                 (uint64_t) counts[k]);
            }
        }

        n += len;
        last = mask ? n : last;
    }

    return last;
}


int
social_window_unpack(const unsigned char *p, size_t len, int64_t first,
    social_window_number_pt add, void *data)
{
    int       k;
    size_t    at, n;
    int64_t   i;
    uint64_t  mask, value;

    at = 0;

    for (i = 0; at < len; i++) {
        n = social_window_unpack_number(p + at, len - at, &mask);
        at += n;

        if (n == 0 || i == SOCIAL_WINDOW_CHUNK) {
            return SOCIAL_DECLINED;
        }

        for (k = 1; mask; k++, mask >>= 1) {

            if ((mask & 1) == 0) {
                continue;
            }

            n = social_window_unpack_number(p + at, len - at, &value);
            at += n;

            if (n == 0 || k >= SOCIAL_COUNT_UNLABELLED) {
                return SOCIAL_DECLINED;
            }

            add(data, first + i, k, (int64_t) value);
        }
    }

    return SOCIAL_OK;
}


void
social_window_add(void *data, int64_t article, int kind, int64_t value)
{
    int64_t  *numbers = data;

    if (kind > SOCIAL_COUNT_NONE && kind < SOCIAL_COUNT_UNLABELLED) {
        numbers[article % SOCIAL_WINDOW_CHUNK * SOCIAL_COUNT_UNLABELLED
                + kind] += value;
    }
}


void
social_window_runs_init(social_window_runs_t *runs,
    social_window_run_pt handler, void *data)
{
    memset(runs, 0, sizeof(social_window_runs_t));
    runs->handler = handler;
    runs->data = data;
}


static void
social_window_runs_until(social_window_runs_t *runs, int64_t next)
{
    int64_t  first, last;

    if (next <= runs->first) {
        return;
    }

    first = runs->first * SOCIAL_WINDOW_CHUNK;
    last = next > INT32_MAX ? INT64_MAX : next * SOCIAL_WINDOW_CHUNK;
    runs->first = next;

    runs->handler(runs->data, first, last, &runs->ends);
}


/* ends the run before the row if that had other ends */

void
social_window_runs_row(social_window_runs_t *runs, int64_t chunk,
    const social_window_ends_t *ends)
{
    static const social_window_ends_t  none;

    if (ends->start == ends->until) {
        ends = &none;
    }

    if (chunk != runs->next) {
        social_window_runs_until(runs, runs->next);
        runs->ends = none;
        runs->next = chunk;
    }

    if (ends->start != runs->ends.start || ends->until != runs->ends.until) {
        social_window_runs_until(runs, chunk);
        runs->ends = *ends;
    }

    runs->next = chunk + 1;
}


void
social_window_runs_end(social_window_runs_t *runs)
{
    if (runs->ends.start != runs->ends.until) {
        social_window_runs_until(runs, runs->next);
        runs->ends.start = runs->ends.until = 0;
    }

    social_window_runs_until(runs, INT64_MAX);
}


static int
social_window_article_order(const void *one, const void *two)
{
    const int64_t           *id = one;
    const social_article_t  *a = two;

    return (*id > a->article) - (*id < a->article);
}


/* few row numbers are missing: an article is as far from the last one as its
 * number is, or follows it */

social_article_t *
social_window_article(social_article_t *articles, size_t n, size_t *at,
    int64_t id)
{
    uint64_t           far;
    social_article_t  *a;

    if (n == 0) {
        return NULL;
    }

    a = &articles[*at];
    far = id >= a->article ? (uint64_t) id - (uint64_t) a->article : n;

    if (far < n - *at && a[far].article == id) {
        a += far;

    } else if (*at + 1 < n && a[1].article == id) {
        a++;

    } else {
        a = bsearch(&id, articles, n, sizeof(social_article_t),
                    social_window_article_order);
    }

    if (a != NULL) {
        *at = (size_t) (a - articles);
    }

    return a;
}
