
/*
 * Articles that nobody needs: no comment, no share, no like, at most one
 * reader-day, and that before the days that are kept.  Such an article goes;
 * it stays counted as published (SOCIAL_COUNT_FORGOTTEN), and a hash of its key
 * stays, so that it is not counted again if it comes back.
 *
 * Part of the transaction of retention, or of the write that brings an article
 * back.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_FORGET_WORK  500      /* rows to look at an article */


typedef struct {
    int64_t  id, published, first_seen, readers, forgotten;
    int64_t  hash;
    int      needed;        /* for ever */
    int      recent;        /* had readers in the days that are kept */
} social_sqlite_candidate_t;


int
social_sqlite_age_is_need(int kind)
{
    return kind == SOCIAL_COUNT_SHARERS || kind == SOCIAL_COUNT_LIKED
           || kind == SOCIAL_COUNT_SHARE;
}


/* the next article that is old enough and was not found to be needed */

static int
social_sqlite_forget_next(social_sqlite_t *s, int64_t before,
    social_sqlite_candidate_t *c)
{
    int            rc;
    social_str_t   key;
    sqlite3_stmt  *stmt;

    memset(c, 0, sizeof(social_sqlite_candidate_t));

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FORGET_NEXT);
    social_sqlite_int(s, stmt, 1, s->forget);
    social_sqlite_int(s, stmt, 2, before);

    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        c->id = sqlite3_column_int64(stmt, 0);
        c->published = sqlite3_column_int64(stmt, 1);
        c->first_seen = sqlite3_column_int64(stmt, 2);
        c->readers = sqlite3_column_int64(stmt, 3);
        c->forgotten = sqlite3_column_int64(stmt, 4);
        c->recent = sqlite3_column_int(stmt, 6) != 0;

        key.data = sqlite3_column_blob(stmt, 5);
        key.len = (size_t) sqlite3_column_bytes(stmt, 5);
        c->hash = (int64_t) social_sqlite_hash(key);

        social_sqlite_end(stmt);
    }

    return rc;
}


/* what the days that are kept say of it */

static void
social_sqlite_forget_look(void *data, int64_t article, int kind,
    int64_t value)
{
    social_sqlite_candidate_t  *c = data;

    (void) article;

    switch (kind) {

    case SOCIAL_COUNT_READERS:
        c->readers += value;
        c->recent = 1;
        break;

    case SOCIAL_COUNT_SELF:
    case SOCIAL_COUNT_BOT:
    case SOCIAL_COUNT_PREVIEW:
    case SOCIAL_COUNT_PREFETCH:
    case SOCIAL_COUNT_FETCH:
    case SOCIAL_COUNT_SEEN:
        break;

    default:
        c->needed |= social_sqlite_age_is_need(kind);
        c->recent = 1;
    }
}


static void
social_sqlite_forget_run(social_sqlite_t *s, social_sql_e sql, int64_t id)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_int(s, stmt, 1, id);
    (void) social_sqlite_run(s, stmt);
}


/* removes spans of robots and previews; site sums have them */

static void
social_sqlite_forget_spans(social_sqlite_t *s, int64_t id)
{
    size_t         i;
    int64_t        start;
    sqlite3_stmt  *stmt;

    for (i = 0; i < SOCIAL_SQLITE_NSTEPS; i++) {
        start = 0;

        while (social_sqlite_span_after(s, social_span_steps[i], &start)
               == SOCIAL_OK)
        {
            stmt = social_sqlite_stmt(s, SOCIAL_SQL_FORGET_SPAN);
            social_sqlite_int(s, stmt, 1, social_span_steps[i]);
            social_sqlite_int(s, stmt, 2, start);
            social_sqlite_int(s, stmt, 3, id);
            (void) social_sqlite_run(s, stmt);

            start += social_span_steps[i];
        }
    }
}


static void
social_sqlite_forget_one(social_sqlite_t *s,
    const social_sqlite_candidate_t *c)
{
    int64_t        since;
    sqlite3_stmt  *stmt;

    since = c->published ? c->published : c->first_seen;

    if (c->forgotten == 0) {
        social_sqlite_tally_forgotten(s, since);
    }

    social_sqlite_forget_spans(s, c->id);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FORGOTTEN_ADD);
    social_sqlite_int(s, stmt, 1, c->hash);
    social_sqlite_int(s, stmt, 2, c->published);
    social_sqlite_int(s, stmt, 3, c->first_seen);
    social_sqlite_int(s, stmt, 4, c->forgotten ? c->forgotten : since);
    (void) social_sqlite_run(s, stmt);

    social_sqlite_forget_run(s, SOCIAL_SQL_FORGET_COMMENTS, c->id);
    social_sqlite_forget_run(s, SOCIAL_SQL_ALIAS_FORGET, c->id);
    social_sqlite_forget_run(s, SOCIAL_SQL_FORGET_ARTICLE, c->id);
}


int64_t
social_sqlite_forget(social_sqlite_t *s, int64_t before, int64_t work,
    int64_t *forgotten)
{
    int                        rc;
    int64_t                    done;
    social_sqlite_candidate_t  c;

    done = 0;
    rc = SOCIAL_OK;

    while (done < work) {
        rc = social_sqlite_forget_next(s, before, &c);

        if (rc != SOCIAL_OK) {
            break;
        }

        s->forget = c.id;
        done += SOCIAL_SQLITE_FORGET_WORK;

        social_sqlite_article_days(s, c.id, social_sqlite_forget_look, &c);

        if (c.needed || c.readers > 1) {
            social_sqlite_forget_run(s, SOCIAL_SQL_FORGET_NEVER, c.id);

        } else if (!c.recent) {
            social_sqlite_forget_one(s, &c);
            done += SOCIAL_SQLITE_FORGET_WORK;
            (*forgotten)++;
        }
    }

    /* the next round begins with the first article */

    s->forget = (rc == SOCIAL_OK) ? s->forget : 0;

    return done;
}


int64_t
social_sqlite_add_article(social_sqlite_t *s, social_str_t key, int64_t now)
{
    int64_t        hash, published, first_seen, counted;
    sqlite3_stmt  *stmt;

    hash = (int64_t) social_sqlite_hash(key);
    first_seen = now;
    published = 0;
    counted = 0;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FORGOTTEN_GET);
    social_sqlite_int(s, stmt, 1, hash);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        published = sqlite3_column_int64(stmt, 0);
        first_seen = sqlite3_column_int64(stmt, 1);
        counted = sqlite3_column_int64(stmt, 2);
        social_sqlite_end(stmt);

        social_sqlite_forget_run(s, SOCIAL_SQL_FORGOTTEN_DROP, hash);
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ARTICLE_ADD);
    social_sqlite_text(s, stmt, 1, key);
    social_sqlite_int(s, stmt, 2, first_seen);
    social_sqlite_int(s, stmt, 3, published);
    social_sqlite_int(s, stmt, 4, counted);
    social_sqlite_int(s, stmt, 5, counted != 0);

    return social_sqlite_run(s, stmt) == SOCIAL_OK
           ? sqlite3_last_insert_rowid(s->db) : 0;
}


void
social_sqlite_less_forgotten(social_sqlite_t *s, int64_t from, int64_t to,
    social_article_t *site)
{
    int64_t        n;
    sqlite3_stmt  *stmt;

    n = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FORGOTTEN_BACK);
    social_sqlite_int(s, stmt, 1, from);
    social_sqlite_int(s, stmt, 2, to);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        n = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    if (n) {
        social_sqlite_add_count(s, site, SOCIAL_COUNT_FORGOTTEN, "", -n);
    }
}
