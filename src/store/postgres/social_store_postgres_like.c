
/*
 * Likes.  A like is a row of `liked`, a count in the buckets, and the article's
 * number, all in the transaction of the write.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <string.h>

#include "social_store_postgres_write.h"
#include "social_store_window.h"


static void
social_pg_like_count(social_pg_t *s, int64_t article, int64_t at, int kind)
{
    social_pg_run(s, SOCIAL_PG_SQL_BUCKET_ADD, "iiii", article, at,
                  (int64_t) kind, (int64_t) 1);
    social_pg_count(s, at, kind, "", 1);
}


/* the time of a like may be a part of precomputed sums by now */

static void
social_pg_like_late(social_pg_t *s, int64_t article, int64_t at, int kind)
{
    social_pg_like_count(s, article, at, kind);
    social_pg_run(s, SOCIAL_PG_SQL_WINDOW_LATE, "iiii", article, at,
                  (int64_t) 1, (int64_t) SOCIAL_WINDOWS);
}


static void
social_pg_like_add(social_pg_t *s, social_write_t *w, int64_t article)
{
    social_pg_run(s, SOCIAL_PG_SQL_LIKED_ADD, "iiiii", w->day, article,
                  (int64_t) w->reader, w->now, (int64_t) !w->active);
    social_pg_like_count(s, article, w->now, SOCIAL_COUNT_LIKED);

    if (!w->active) {
        social_pg_like_count(s, article, w->now, SOCIAL_COUNT_ACTIVE);
    }

    w->liked = 1;
}


/* counted in the hour of the like, so that each hour has at least as many
 * likes as were taken back.  The commenter's comments of that day relied on the
 * like to be counted: now they count themselves */

static void
social_pg_like_drop(social_pg_t *s, social_write_t *w, int64_t article,
    int64_t created, int active)
{
    social_pg_run(s, SOCIAL_PG_SQL_LIKED_DROP, "iii", w->day, article,
                  (int64_t) w->reader);
    social_pg_like_late(s, article, created, SOCIAL_COUNT_UNLIKED);

    if (active && !w->shared) {
        social_pg_like_late(s, article, created, SOCIAL_COUNT_INACTIVE);
        social_pg_run(s, SOCIAL_PG_SQL_LIKED_BEFORE, "cii", w->commenter,
                      article, w->day * SOCIAL_PG_DAY);
        w->inactive = 1;
    }
}


void
social_pg_write_like(social_pg_t *s, social_write_t *w)
{
    int        there;
    int64_t    article;
    PGresult  *result;

    article = social_pg_article(s, w->key, w->known, w->now);

    if (article == 0) {
        w->status = SOCIAL_NO_ARTICLE;
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_LIKED_FORGET, "i", w->day);

    result = social_pg_ask(s, SOCIAL_PG_SQL_LIKED_GET, "iii", w->day, article,
                           (int64_t) w->reader);
    there = (PQntuples(result) == 1);

    if (there) {
        social_pg_like_drop(s, w, article, social_pg_int(result, 0, 0),
                            (int) social_pg_int(result, 0, 1));

    } else {
        social_pg_like_add(s, w, article);
    }

    PQclear(result);
    result = social_pg_ask(s, SOCIAL_PG_SQL_LIKES_ADD, "ii", article,
                           (int64_t) (there ? -1 : 1));

    if (PQntuples(result) == 1) {
        w->likes = social_pg_int(result, 0, 0);
        w->likes_changes = social_pg_int(result, 0, 1);
    }

    PQclear(result);
    social_pg_touch(s, w, article, 0, w->now);

    memcpy(w->wrote_key, w->key.data, w->key.len);
    w->wrote_key[w->key.len] = '\0';
    w->status = SOCIAL_WROTE;
}
