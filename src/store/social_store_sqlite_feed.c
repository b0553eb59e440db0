
/*
 * Feeds: the newest approved comments of the site, of an article, or of those
 * who replied to one commenter; and the addresses of the latter, which their
 * commenters ask for.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


int
social_sqlite_feed(social_store_t *store, social_str_t key, uint32_t limit,
    social_comments_t *list, social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s;

    s = social_sqlite_read(store, "feed", list);

    if (key.len) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_FEED_ARTICLE);
        social_sqlite_text(s, stmt, 1, key);

    } else {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_FEED_SITE);
    }

    social_sqlite_int(s, stmt, 2, limit);
    social_sqlite_list(s, stmt, 1, limit, list);

    return social_sqlite_read_done(s, list, err);
}


/* whose feed it is; DECLINED: nobody's */

static int
social_sqlite_feed_owner(social_sqlite_t *s, social_str_t mac,
    unsigned char *commenter)
{
    int            rc;
    const void    *id;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FEED_OWNER);
    social_sqlite_text(s, stmt, 1, mac);

    rc = social_sqlite_next(s, stmt);

    if (rc != SOCIAL_OK) {
        return rc;
    }

    id = sqlite3_column_blob(stmt, 0);

    if (id != NULL && sqlite3_column_bytes(stmt, 0) == SOCIAL_COMMENTER_LEN) {
        memcpy(commenter, id, SOCIAL_COMMENTER_LEN);

    } else {
        rc = SOCIAL_DECLINED;
    }

    social_sqlite_end(stmt);

    return rc;
}


int
social_sqlite_replies(social_store_t *store, social_str_t mac, uint32_t limit,
    social_comments_t *list, social_store_error_t *err)
{
    int               rc;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s;
    unsigned char     commenter[SOCIAL_COMMENTER_LEN];

    s = social_sqlite_read(store, "replies", list);
    rc = social_sqlite_feed_owner(s, mac, commenter);

    if (rc == SOCIAL_OK) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_FEED_REPLIES);
        social_sqlite_commenter(s, stmt, 1, commenter);
        social_sqlite_int(s, stmt, 2, limit);
        social_sqlite_list(s, stmt, 1, limit, list);
    }

    if (social_sqlite_read_done(s, list, err) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    return rc;
}


void
social_sqlite_write_feed(social_sqlite_t *s, social_write_t *w)
{
    int            len;
    const void    *mac;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FEED_PUT);
    social_sqlite_commenter(s, stmt, 1, w->commenter);
    social_sqlite_int(s, stmt, 2, (int64_t) w->number);
    social_sqlite_text(s, stmt, 3, w->mac);
    social_sqlite_int(s, stmt, 4, w->renew);
    (void) social_sqlite_run(s, stmt);

    w->status = SOCIAL_NO_COMMENT;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FEED_GET);
    social_sqlite_commenter(s, stmt, 1, w->commenter);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return;
    }

    mac = sqlite3_column_text(stmt, 0);
    len = sqlite3_column_bytes(stmt, 0);

    if (mac != NULL && len <= SOCIAL_STORE_FEED) {
        memcpy(w->wrote_feed, mac, (size_t) len);
        w->wrote_feed[len] = '\0';
        w->status = SOCIAL_WROTE;
    }

    social_sqlite_end(stmt);
}


void
social_sqlite_forget_feed(social_sqlite_t *s, const unsigned char *commenter)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_FEED_FORGET);
    social_sqlite_commenter(s, stmt, 1, commenter);
    (void) social_sqlite_run(s, stmt);
}
