
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


/* by the value, which is looked up once, as there are three of each article;
 * it must not be shared with another thread */

static char *
social_sqlite_article_string(social_sqlite_t *s,
    social_period_t *figures, sqlite3_stmt *stmt, int column)
{
    social_str_t    text;
    sqlite3_value  *value;

    value = sqlite3_column_value(stmt, column);
    text.data = sqlite3_value_text(value);

    if (text.data == NULL && sqlite3_value_type(value) != SQLITE_NULL) {
        social_sqlite_error(s, SQLITE_NOMEM);
        return NULL;
    }

    text.len = text.data ? (size_t) sqlite3_value_bytes(value) : 0;

    return social_sqlite_copy_to(
        s, social_arena_string(&figures->arena, text.len + 1), text);
}


static size_t
social_sqlite_count_rows(social_sqlite_t *s, social_sql_e query)
{
    size_t         n;
    sqlite3_stmt  *stmt;

    n = 0;
    stmt = social_sqlite_stmt(s, query);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        n = (size_t) sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    return n;
}


/* a table with room for all rows of a query, made once; its strings have
 * blocks of their own */

static void *
social_sqlite_table(social_sqlite_t *s, social_period_t *figures, size_t rows,
    size_t size)
{
    void  *table;

    table = social_arena_table(&figures->arena, rows + 1, size);
    if (table == NULL) {
        social_sqlite_error(s, SQLITE_NOMEM);
    }

    return table;
}


static void
social_sqlite_articles(social_sqlite_t *s, social_period_t *figures)
{
    size_t             cap;
    sqlite3_stmt      *stmt;
    social_article_t  *a;

    cap = social_sqlite_count_rows(s, SOCIAL_SQL_FIGURES_ARTICLES);
    figures->articles = social_sqlite_table(s, figures, cap,
                                            sizeof(social_article_t));
    if (figures->articles == NULL) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_ARTICLE);

    while (figures->narticles < cap
           && social_sqlite_next(s, stmt) == SOCIAL_OK)
    {
        a = &figures->articles[figures->narticles++];
        memset(a, 0, sizeof(social_article_t));

        a->article = sqlite3_column_int64(stmt, 0);
        a->key = social_sqlite_article_string(s, figures, stmt, 1);
        a->title = social_sqlite_article_string(s, figures, stmt, 2);
        a->url = social_sqlite_article_string(s, figures, stmt, 3);
        a->published = sqlite3_column_int64(stmt, 4);
        a->first_seen = sqlite3_column_int64(stmt, 5);
    }

    social_sqlite_end(stmt);
}


/* the number of the author who wrote the message; authors are few, so it
 * searches them */

static uint16_t
social_sqlite_number_of_author(const social_message_t *m, int64_t *first,
    uint64_t *persons, size_t *n)
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
social_sqlite_authors(social_sqlite_t *s, social_period_t *figures)
{
    size_t             i, n;
    int64_t            first[SOCIAL_AUTHORS_MAX];
    uint64_t           persons[SOCIAL_AUTHORS_MAX];
    sqlite3_stmt      *stmt;
    social_message_t  *m;

    n = 0;

    for (i = 0; i < figures->nmessages; i++) {
        m = &figures->messages[i];

        if (m->role == SOCIAL_AUTHOR) {
            m->author = social_sqlite_number_of_author(m, first, persons, &n);
        }
    }

    for (i = 0; i < n; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_AUTHOR);
        social_sqlite_int(s, stmt, 1, first[i]);

        if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
            figures->authors[i].name = social_sqlite_copy(s, stmt, 0);
            figures->nauthors = i + 1;
            social_sqlite_end(stmt);
        }
    }
}


static void
social_sqlite_held(social_sqlite_t *s, social_period_t *figures)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_HELD);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        figures->held = sqlite3_column_int64(stmt, 0);
        figures->held_since = sqlite3_column_int64(stmt, 1);
        figures->revision = sqlite3_column_int64(stmt, 2);
        social_sqlite_end(stmt);
    }
}


static void
social_sqlite_messages(social_sqlite_t *s, social_period_t *figures)
{
    size_t             cap;
    const char        *source;
    sqlite3_stmt      *stmt;
    social_message_t  *m;

    cap = social_sqlite_count_rows(s, SOCIAL_SQL_FIGURES_MESSAGES);
    figures->messages = social_sqlite_table(s, figures, cap,
                                            sizeof(social_message_t));
    if (figures->messages == NULL) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FIGURES_MESSAGE);

    while (figures->nmessages < cap
           && social_sqlite_next(s, stmt) == SOCIAL_OK)
    {
        m = &figures->messages[figures->nmessages++];
        memset(m, 0, sizeof(social_message_t));

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
    social_sqlite_t          *s = (social_sqlite_t *) store;
    social_series_numbers_t   numbers;

    memset(figures, 0, sizeof(social_period_t));
    figures->from = from;
    figures->to = to;

    social_sqlite_start(s, "figures");

    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);
    social_sqlite_read_kept(s);
    social_sqlite_align(s, &from, &to);
    social_sqlite_articles(s, figures);

    if (s->rc == SQLITE_OK) {
        numbers.figures = figures;
        numbers.at = 0;
        social_sqlite_read_articles(s, from, to, social_series_number,
                                    &numbers);
        social_sqlite_read_site(s, from, to, &figures->site);
        social_sqlite_less_forgotten(s, from, to, &figures->site);
    }

    social_sqlite_messages(s, figures);
    social_sqlite_authors(s, figures);
    social_sqlite_held(s, figures);
    social_sqlite_rollback(s);

    if (s->rc != SQLITE_OK) {
        social_period_free(figures);
        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}
