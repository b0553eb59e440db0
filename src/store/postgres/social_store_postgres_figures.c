
/*
 * Reads figures: counters by article and of the site, series, details, and all
 * messages.  A period is covered by few ranges of spans, and the database adds
 * up what lies in them; where there are many articles, most of that was done
 * before (social_store_postgres_window.c).  One read transaction, so that all
 * of it is from the same moment.
 *
 * The results are malloc'ed and belong to the caller; after an error they are
 * empty.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_window.h"


void
social_pg_align(social_pg_t *s, int64_t *from, int64_t *to)
{
    int        i;
    size_t     k;
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_SPAN_KEPT, "");

    for (i = 0; i < PQntuples(result); i++) {
        for (k = 0; k < SOCIAL_SPAN_STEPS; k++) {
            if (social_pg_int(result, i, 0) == social_span_steps[k]) {
                s->kept[k] = social_pg_int(result, i, 1);
            }
        }
    }

    PQclear(result);

    *from = social_span_bound(*from, s->kept);
    *to = social_span_bound(*to, s->kept);
}


static void
social_pg_ranges_add(void *data, int64_t step, int64_t from, int64_t to)
{
    social_pg_ranges_t  *ranges = data;

    if (ranges->n < SOCIAL_PG_RANGES) {
        ranges->step[ranges->n] = step;
        ranges->from[ranges->n] = from;
        ranges->to[ranges->n++] = to;
    }
}


void
social_pg_ranges(social_pg_t *s, int64_t from, int64_t to, int64_t largest,
    social_pg_ranges_t *ranges)
{
    ranges->n = 0;
    social_span_each(s->kept, from, to, largest, social_pg_ranges_add, ranges);
}


/* the site's counters in ranges; the caller clears the answer */

static PGresult *
social_pg_site_ask(social_pg_t *s, const social_pg_ranges_t *r)
{
    return social_pg_ask(s, SOCIAL_PG_SQL_FIGURES_SITE, "III", r->step, r->n,
                         r->from, r->n, r->to, r->n);
}


static void
social_pg_site_count(social_pg_t *s, const social_pg_ranges_t *ranges,
    social_article_t *site)
{
    int           i;
    PGresult     *result;
    social_str_t  label;

    result = social_pg_site_ask(s, ranges);

    for (i = 0; i < PQntuples(result); i++) {
        label = social_pg_text(result, i, 2);

        if (social_series_count(site, (int) social_pg_int(result, i, 1),
                                (const char *) label.data,
                                social_pg_int(result, i, 3))
            != SOCIAL_OK)
        {
            social_pg_memory(s);
        }
    }

    PQclear(result);
    social_series_sort_labels(site);
}


/* adds the site's counters of [from, to), which are aligned */

static void
social_pg_site(social_pg_t *s, int64_t from, int64_t to,
    social_article_t *site)
{
    int64_t             back;
    social_pg_ranges_t  ranges;

    social_pg_ranges(s, from, to, INT64_MAX, &ranges);
    social_pg_site_count(s, &ranges, site);

    /* articles that came back are not counted as forgotten ones */

    back = social_pg_number(s, SOCIAL_PG_SQL_FIGURES_BACK, "ii", from, to);

    if (back
        && social_series_count(site, SOCIAL_COUNT_FORGOTTEN, "", -back)
           != SOCIAL_OK)
    {
        social_pg_memory(s);
    }
}


int
social_pg_totals(social_store_t *store, int64_t from, int64_t to,
    social_article_t *totals, social_store_error_t *err)
{
    int                  tries;
    int64_t              lo, hi;
    social_pg_t         *s;
    social_pg_ranges_t   ever = { 1, { 0 }, { 0 }, { 1 } };

    tries = 0;
    memset(totals, 0, sizeof(social_article_t));
    s = social_pg_read(store, "totals");

    do {
        social_article_free(totals);

        if (from <= 0 && to == INT64_MAX) {
            social_pg_site_count(s, &ever, totals);

        } else {
            lo = from;
            hi = to;
            social_pg_align(s, &lo, &hi);
            social_pg_site(s, lo, hi, totals);
        }
    } while (social_pg_again(s, &tries));

    if (social_pg_read_done(s, err) != SOCIAL_OK) {
        social_article_free(totals);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


static void
social_pg_series_read(social_pg_t *s, int64_t from, int64_t to, int64_t step,
    const char *const *goals, size_t ngoals, social_series_t *series)
{
    int                  i;
    PGresult            *result;
    social_pg_ranges_t   ranges;

    social_pg_align(s, &from, &to);

    if (social_series_make(from, to, step, ngoals, series) != SOCIAL_OK) {
        social_pg_memory(s);
        return;
    }

    if (series->n == 0) {
        return;
    }

    social_pg_ranges(s, from, to, step, &ranges);
    result = social_pg_site_ask(s, &ranges);

    for (i = 0; i < PQntuples(result); i++) {
        social_series_add(series, goals, social_pg_int(result, i, 0),
                          (int) social_pg_int(result, i, 1),
                          PQgetvalue(result, i, 2),
                          social_pg_int(result, i, 3));
    }

    PQclear(result);
}


int
social_pg_series(social_store_t *store, int64_t from, int64_t to,
    int64_t step, const char *const *goals, size_t ngoals,
    social_series_t *series, social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    memset(series, 0, sizeof(social_series_t));
    s = social_pg_read(store, "series");

    do {
        social_series_free(series);
        social_pg_series_read(s, from, to, step, goals, ngoals, series);
    } while (social_pg_again(s, &tries));

    if (social_pg_read_done(s, err) != SOCIAL_OK) {
        social_series_free(series);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


/* a table of the period's, with a row for each of the answer, zero-filled */

static void *
social_pg_table(social_pg_t *s, const PGresult *result,
    social_period_t *figures, size_t size)
{
    void    *table;
    size_t   rows;

    rows = (size_t) PQntuples(result) + 1;
    table = social_arena_table(&figures->arena, rows, size);

    if (table == NULL) {
        social_pg_memory(s);
        return NULL;
    }

    return memset(table, 0, rows * size);
}


static char *
social_pg_string(social_pg_t *s, social_period_t *figures,
    const PGresult *result, int row, int column)
{
    char          *string;
    social_str_t   text;

    text = social_pg_text(result, row, column);
    string = social_arena_string(&figures->arena, text.len + 1);

    if (string == NULL) {
        social_pg_memory(s);
        return NULL;
    }

    memcpy(string, text.data, text.len);
    string[text.len] = '\0';

    return string;
}


static void
social_pg_articles(social_pg_t *s, social_period_t *figures)
{
    int                i, n;
    PGresult          *result;
    social_article_t  *a;

    result = social_pg_ask(s, SOCIAL_PG_SQL_FIGURES_ARTICLE, "");
    figures->articles = social_pg_table(s, result, figures,
                                        sizeof(social_article_t));
    n = figures->articles ? PQntuples(result) : 0;

    for (i = 0; i < n && s->end == SOCIAL_PG_FINE; i++) {
        a = &figures->articles[figures->narticles++];
        a->article = social_pg_int(result, i, 0);
        a->key = social_pg_string(s, figures, result, i, 1);
        a->title = social_pg_string(s, figures, result, i, 2);
        a->url = social_pg_string(s, figures, result, i, 3);
        a->published = social_pg_int(result, i, 4);
        a->first_seen = social_pg_int(result, i, 5);
    }

    PQclear(result);
}


/* by precomputed sums, or by all spans */

static void
social_pg_numbers_add(social_pg_t *s, int64_t from, int64_t to,
    social_period_t *figures)
{
    int                       i;
    PGresult                 *result;
    social_pg_ranges_t        r;
    social_series_numbers_t   numbers = { figures, 0 };

    if (social_pg_window_read(s, from, to, social_series_number, &numbers)
        == SOCIAL_OK)
    {
        return;
    }

    social_pg_ranges(s, from, to, INT64_MAX, &r);
    result = social_pg_ask(s, SOCIAL_PG_SQL_FIGURES_NUMBERS, "IIIi", r.step,
                           r.n, r.from, r.n, r.to, r.n,
                           (int64_t) SOCIAL_COUNT_UNLABELLED);

    for (i = 0; i < PQntuples(result); i++) {
        social_series_number(&numbers, social_pg_int(result, i, 0),
                             (int) social_pg_int(result, i, 1),
                             social_pg_int(result, i, 2));
    }

    PQclear(result);
}


static void
social_pg_messages(social_pg_t *s, social_period_t *figures)
{
    int                i, n;
    PGresult          *result;
    social_message_t  *m;

    result = social_pg_ask(s, SOCIAL_PG_SQL_FIGURES_MESSAGE, "");
    figures->messages = social_pg_table(s, result, figures,
                                        sizeof(social_message_t));
    n = figures->messages ? PQntuples(result) : 0;

    for (i = 0; i < n; i++) {
        m = &figures->messages[figures->nmessages++];
        m->id = social_pg_int(result, i, 0);
        m->parent = social_pg_int(result, i, 1);
        m->article = social_pg_int(result, i, 2);
        m->person = (uint64_t) social_pg_int(result, i, 3);
        m->created = social_pg_int(result, i, 4);
        m->role = (uint8_t) social_pg_int(result, i, 5);
        m->done = (uint8_t) social_pg_int(result, i, 6);
        strncpy(m->source, PQgetvalue(result, i, 7), sizeof(m->source) - 1);
        m->exchange = (uint8_t) social_pg_int(result, i, 8);
        m->active = (uint8_t) social_pg_int(result, i, 9);
        m->weak = (uint8_t) social_pg_int(result, i, 10);
    }

    PQclear(result);
}


/* the number of the author who wrote the message; authors are few, so it
 * searches them */

static uint16_t
social_pg_author(const social_message_t *m, int64_t *first, uint64_t *persons,
    size_t *n)
{
    size_t  i;

    for (i = 0; i < *n && persons[i] != m->person; i++) {
        /* void */
    }

    if (i == SOCIAL_AUTHORS_MAX) {
        return 0;
    }

    if (i == *n) {
        persons[i] = m->person;
        first[i] = m->id;
        *n = i + 1;
    }

    return (uint16_t) (i + 1);
}


static void
social_pg_authors(social_pg_t *s, social_period_t *figures)
{
    int        row;
    size_t     i, n;
    int64_t    first[SOCIAL_AUTHORS_MAX];
    uint64_t   persons[SOCIAL_AUTHORS_MAX];
    PGresult  *result;

    for (i = 0, n = 0; i < figures->nmessages; i++) {
        if (figures->messages[i].role == SOCIAL_AUTHOR) {
            figures->messages[i].author =
                social_pg_author(&figures->messages[i], first, persons, &n);
        }
    }

    if (n == 0) {
        return;
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_FIGURES_AUTHOR, "I", first, n);

    for (row = 0; row < PQntuples(result); row++) {
        figures->authors[row].name = social_pg_copy(s, result, row, 1);
        figures->nauthors = (size_t) row + 1;
    }

    PQclear(result);
}


static void
social_pg_held(social_pg_t *s, social_period_t *figures)
{
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_FIGURES_HELD, "");

    if (PQntuples(result) == 1) {
        figures->held = social_pg_int(result, 0, 0);
        figures->held_since = social_pg_int(result, 0, 1);
        figures->revision = social_pg_int(result, 0, 2);
    }

    PQclear(result);
}


static void
social_pg_figures_read(social_pg_t *s, int64_t from, int64_t to,
    social_period_t *figures)
{
    memset(figures, 0, sizeof(social_period_t));
    figures->from = from;
    figures->to = to;

    social_pg_run(s, SOCIAL_PG_SQL_FIGURES_PLAN, "");
    social_pg_align(s, &from, &to);
    social_pg_articles(s, figures);
    social_pg_numbers_add(s, from, to, figures);
    social_pg_site(s, from, to, &figures->site);
    social_pg_messages(s, figures);
    social_pg_authors(s, figures);
    social_pg_held(s, figures);
}


int
social_pg_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    memset(figures, 0, sizeof(social_period_t));
    s = social_pg_read(store, "figures");

    do {
        social_period_free(figures);
        social_pg_figures_read(s, from, to, figures);
    } while (social_pg_again(s, &tries));

    if (social_pg_read_done(s, err) != SOCIAL_OK) {
        social_period_free(figures);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}
