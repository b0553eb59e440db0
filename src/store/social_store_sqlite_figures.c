
/*
 * Reads the figures of a period: counters by article, and all messages.  One
 * read transaction, so that all of it is from the same moment.
 *
 * The result is malloc'ed and belongs to the caller; after an error it is
 * empty.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


static const int64_t  social_sqlite_steps[] = {
    SOCIAL_SQLITE_STEPS
};


/* room for one more item, zero-filled; *cap doubles when it is reached */

static void *
social_sqlite_grow_array(social_sqlite_t *s, void **items, size_t n,
    size_t *cap, size_t size)
{
    void    *grown;
    size_t   count;

    if (n == *cap) {
        count = *cap ? *cap * 2 : 64;

        grown = realloc(*items, count * size);
        if (grown == NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
            return NULL;
        }

        *items = grown;
        *cap = count;
    }

    return memset((char *) *items + n * size, 0, size);
}


static void
social_sqlite_articles(social_sqlite_t *s, social_period_t *figures)
{
    void              *items;
    size_t             cap;
    sqlite3_stmt      *stmt;
    social_article_t  *a;

    cap = 0;
    items = NULL;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_ARTICLE);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {

        a = social_sqlite_grow_array(s, &items, figures->narticles, &cap,
                                     sizeof(social_article_t));
        if (a == NULL) {
            break;
        }

        figures->articles = items;
        figures->narticles++;

        a->article = sqlite3_column_int64(stmt, 0);
        a->key = social_sqlite_copy(s, stmt, 1);
        a->title = social_sqlite_copy(s, stmt, 2);
        a->url = social_sqlite_copy(s, stmt, 3);
        a->published = sqlite3_column_int64(stmt, 4);
        a->first_seen = sqlite3_column_int64(stmt, 5);
    }

    social_sqlite_end(stmt);
}


static int
social_sqlite_compare(const void *one, const void *two)
{
    const int64_t           *id = one;
    const social_article_t  *a = two;

    return (*id > a->article) - (*id < a->article);
}


/* finds an article by row number; usually at that index, since there are no
 * gaps unless somebody removed rows by hand */

static social_article_t *
social_sqlite_find_article(social_period_t *figures, int64_t id)
{
    social_article_t  *a;

    if (figures->narticles == 0) {
        return NULL;
    }

    if (id > 0 && (uint64_t) id <= figures->narticles) {
        a = &figures->articles[id - 1];

        if (a->article == id) {
            return a;
        }
    }

    return bsearch(&id, figures->articles, figures->narticles,
                   sizeof(social_article_t), social_sqlite_compare);
}


/* adds to a labelled counter; an article has few labels, so it searches
 * them */

static void
social_sqlite_add_labelled(social_sqlite_t *s, social_article_t *a, int kind,
    const char *label, int64_t value)
{
    size_t              i;
    social_labelled_t  *l;

    for (i = 0; i < a->nlabelled; i++) {
        l = &a->labelled[i];

        if (l->kind == kind && strcmp(l->label, label) == 0) {
            l->value += value;
            return;
        }
    }

    /* n is a power of two: the array is full */

    if ((i & (i - 1)) == 0) {
        l = realloc(a->labelled, (i ? i * 2 : 1) * sizeof(social_labelled_t));
        if (l == NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
            return;
        }

        a->labelled = l;
    }

    l = &a->labelled[a->nlabelled++];
    memset(l, 0, sizeof(social_labelled_t));

    l->kind = (uint16_t) kind;
    l->value = value;
    strncpy(l->label, label, SOCIAL_LABEL_MAX - 1);
}


static void
social_sqlite_buckets(social_sqlite_t *s, size_t step, int64_t from,
    int64_t to, social_period_t *figures)
{
    int                kind;
    int64_t            value;
    const char        *label;
    sqlite3_stmt      *stmt;
    social_article_t  *a;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_BUCKET);
    social_sqlite_int(s, stmt, 1, social_sqlite_steps[step]);
    social_sqlite_int(s, stmt, 2, from);
    social_sqlite_int(s, stmt, 3, to);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        a = social_sqlite_find_article(figures,
                                       sqlite3_column_int64(stmt, 0));
        kind = sqlite3_column_int(stmt, 1);
        value = sqlite3_column_int64(stmt, 3);

        if (a == NULL || kind <= SOCIAL_COUNT_NONE) {
            continue;
        }

        if (kind < SOCIAL_COUNT_UNLABELLED) {
            a->counts[kind] += value;
            continue;
        }

        label = (const char *) sqlite3_column_text(stmt, 2);

        if (label == NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
            break;
        }

        social_sqlite_add_labelled(s, a, kind, label, value);
    }

    social_sqlite_end(stmt);
}


/* reads as few buckets as possible: large ones in the middle, small ones at
 * the ends */

static void
social_sqlite_read_buckets(social_sqlite_t *s, size_t step, int64_t from,
    int64_t to, social_period_t *figures)
{
    int64_t  lo, hi, size;

    if (from >= to) {
        return;
    }

    if (step == 0) {
        social_sqlite_buckets(s, 0, from, to, figures);
        return;
    }

    size = social_sqlite_steps[step];
    lo = (from / size + (from % size != 0)) * size;
    hi = to / size * size;

    if (lo >= hi) {
        social_sqlite_read_buckets(s, step - 1, from, to, figures);
        return;
    }

    social_sqlite_read_buckets(s, step - 1, from, lo, figures);
    social_sqlite_buckets(s, step, lo, hi, figures);
    social_sqlite_read_buckets(s, step - 1, hi, to, figures);
}


static void
social_sqlite_messages(social_sqlite_t *s, social_period_t *figures)
{
    void              *items;
    size_t             cap;
    const char        *source;
    sqlite3_stmt      *stmt;
    social_message_t  *m;

    cap = 0;
    items = NULL;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_MESSAGE);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {

        m = social_sqlite_grow_array(s, &items, figures->nmessages, &cap,
                                     sizeof(social_message_t));
        if (m == NULL) {
            break;
        }

        figures->messages = items;
        figures->nmessages++;

        m->id = sqlite3_column_int64(stmt, 0);
        m->parent = sqlite3_column_int64(stmt, 1);
        m->article = sqlite3_column_int64(stmt, 2);
        m->person = (uint64_t) sqlite3_column_int64(stmt, 3);
        m->created = sqlite3_column_int64(stmt, 4);
        m->role = (uint8_t) sqlite3_column_int(stmt, 5);
        m->done = (uint8_t) sqlite3_column_int(stmt, 6);
        m->exchange = (uint8_t) sqlite3_column_int(stmt, 8);
        m->active = (uint8_t) sqlite3_column_int(stmt, 9);

        m->weak = (uint8_t) sqlite3_column_int(stmt, 10);

        source = (const char *) sqlite3_column_text(stmt, 7);

        if (source != NULL) {
            strncpy(m->source, source, sizeof(m->source) - 1);
        }
    }

    social_sqlite_end(stmt);
}


int
social_sqlite_figures(social_store_t *store, int64_t from, int64_t to,
    social_period_t *figures, social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    memset(figures, 0, sizeof(social_period_t));
    figures->from = from;
    figures->to = to;

    social_sqlite_start(s, "figures");

    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);
    social_sqlite_articles(s, figures);

    if (s->rc == SQLITE_OK) {
        social_sqlite_read_buckets(s, social_nelts(social_sqlite_steps) - 1,
                                   from > 0 ? from : 0,
                                   to < INT64_MAX / 2 ? to : INT64_MAX / 2,
                                   figures);
    }

    social_sqlite_messages(s, figures);
    social_sqlite_rollback(s);

    if (s->rc != SQLITE_OK) {
        social_period_free(figures);
        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}
