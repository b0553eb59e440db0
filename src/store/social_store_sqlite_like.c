
/*
 * Likes.  A like is a row of `liked` and a count in the buckets, from which a
 * trigger of the schema keeps the article's number.  All of it happens in the
 * transaction of the write, so that two workers cannot take one like back
 * twice.
 *
 * Runs inside the savepoint of its write.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


static const social_str_t  social_sqlite_no_label = { 0, NULL };


static void
social_sqlite_count_like(social_sqlite_t *s, int64_t article, int64_t at,
    int kind)
{
    social_sqlite_add_to_buckets(s, article, at, kind, social_sqlite_no_label,
                                 1);
    social_sqlite_count_site(s, at, kind, social_sqlite_no_label, 1);
}


/* binds the key of the row of `liked` */

static sqlite3_stmt *
social_sqlite_liked(social_sqlite_t *s, social_sql_e sql,
    const social_write_t *w, int64_t article)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_int(s, stmt, 1, w->day);
    social_sqlite_int(s, stmt, 2, article);
    social_sqlite_int(s, stmt, 3, (int64_t) w->reader);

    return stmt;
}


static void
social_sqlite_like_add(social_sqlite_t *s, social_write_t *w, int64_t article)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_liked(s, SOCIAL_SQL_LIKED_ADD, w, article);
    social_sqlite_int(s, stmt, 4, w->now);
    social_sqlite_int(s, stmt, 5, !w->active);
    (void) social_sqlite_run(s, stmt);

    social_sqlite_count_like(s, article, w->now, SOCIAL_COUNT_LIKED);

    if (!w->active) {
        social_sqlite_count_like(s, article, w->now, SOCIAL_COUNT_ACTIVE);
    }

    w->liked = 1;
}


/* the commenter's comments of that day relied on the like to be counted: now
 * they count themselves */

static void
social_sqlite_like_uncover(social_sqlite_t *s, const social_write_t *w,
    int64_t article)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LIKED_BEFORE);
    social_sqlite_commenter(s, stmt, 1, w->commenter);
    social_sqlite_int(s, stmt, 2, article);
    social_sqlite_int(s, stmt, 3, w->day * SOCIAL_SQLITE_DAY);
    (void) social_sqlite_run(s, stmt);
}


/* counted in the hour of the like, so that each hour has at least as many
 * likes as were taken back */

static void
social_sqlite_like_drop(social_sqlite_t *s, social_write_t *w,
    int64_t article, int64_t created, int active)
{
    (void) social_sqlite_run(s, social_sqlite_liked(s, SOCIAL_SQL_LIKED_DROP,
                                                    w, article));

    social_sqlite_count_like(s, article, created, SOCIAL_COUNT_UNLIKED);

    if (active && !w->shared) {
        social_sqlite_count_like(s, article, created, SOCIAL_COUNT_INACTIVE);
        social_sqlite_like_uncover(s, w, article);
        w->inactive = 1;
    }
}


static void
social_sqlite_likes(social_sqlite_t *s, social_write_t *w, int64_t article)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LIKES_GET);
    social_sqlite_int(s, stmt, 1, article);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        w->likes = sqlite3_column_int64(stmt, 0);
        w->likes_changes = sqlite3_column_int64(stmt, 1);
        social_sqlite_end(stmt);
    }
}


/* removes at most 1000 rows of earlier days, whose salt no longer exists */

static void
social_sqlite_like_forget(social_sqlite_t *s, int64_t day)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LIKED_FORGET);
    social_sqlite_int(s, stmt, 1, day);
    (void) social_sqlite_run(s, stmt);
}


void
social_sqlite_write_like(social_sqlite_t *s, social_write_t *w)
{
    int            rc, active;
    int64_t        article, created;
    sqlite3_stmt  *stmt;

    article = social_sqlite_article(s, w->key, w->known, w->now);
    if (article == 0) {
        w->status = SOCIAL_NO_ARTICLE;
        return;
    }

    social_sqlite_like_forget(s, w->day);

    created = 0;
    active = 0;
    stmt = social_sqlite_liked(s, SOCIAL_SQL_LIKED_GET, w, article);
    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        created = sqlite3_column_int64(stmt, 0);
        active = sqlite3_column_int(stmt, 1);
        social_sqlite_end(stmt);
    }

    if (rc == SOCIAL_OK) {
        social_sqlite_like_drop(s, w, article, created, active);

    } else {
        social_sqlite_like_add(s, w, article);
    }

    social_sqlite_likes(s, w, article);
    social_sqlite_mark_changed(s, w, article);

    memcpy(w->wrote_key, w->key.data, w->key.len);
    w->wrote_key[w->key.len] = '\0';
    w->status = SOCIAL_WROTE;
}
