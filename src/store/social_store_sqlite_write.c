
/*
 * A batch of writes (group commit): one transaction, one sync.
 * social_store_sqlite_comment.c and ..._moderate.c do the single writes.
 *
 * A write that is refused must leave nothing behind, such as an article that it
 * added.  A savepoint for each write would see to that, but SQLite then copies
 * each page before a write changes it.  Hardly any write changes something and
 * is then refused, so the batch is first tried without savepoints.  If there is
 * such a write, it is rolled back and done again with them.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


typedef void (*social_sqlite_write_pt)(social_sqlite_t *s, social_write_t *w);


int64_t
social_sqlite_article(social_sqlite_t *s, social_str_t key, int make,
    int64_t now)
{
    int            rc;
    int64_t        id;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ARTICLE_FIND);
    social_sqlite_text(s, stmt, 1, key);

    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        id = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
        return id;
    }

    if (rc != SOCIAL_DECLINED || !make) {
        return 0;
    }

    return social_sqlite_add_article(s, key, now);
}


int
social_sqlite_is_closed(social_sqlite_t *s, const social_write_t *w,
    int64_t article)
{
    int64_t        since;
    sqlite3_stmt  *stmt;

    if (w->close == 0) {
        return 0;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ARTICLE_SINCE);
    social_sqlite_int(s, stmt, 1, article);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return 0;
    }

    since = sqlite3_column_int64(stmt, 0);
    social_sqlite_end(stmt);

    return w->now >= since + w->close;
}


static void
social_sqlite_copy_row(sqlite3_stmt *stmt, int64_t id,
    social_sqlite_row_t *row)
{
    const void  *commenter;

    row->id = id;
    row->article = sqlite3_column_int64(stmt, 0);
    row->parent = sqlite3_column_int64(stmt, 1);
    row->state = sqlite3_column_int(stmt, 2);
    row->before = sqlite3_column_int(stmt, 3);
    row->role = sqlite3_column_int(stmt, 4);
    row->done = sqlite3_column_int(stmt, 5);
    row->reports = sqlite3_column_int(stmt, 6);
    row->created = sqlite3_column_int64(stmt, 7);
    row->erased = sqlite3_column_int(stmt, 9);
    row->revision = sqlite3_column_int64(stmt, 11);
    row->rewritten = sqlite3_column_int64(stmt, 12);
    row->moderated = sqlite3_column_int64(stmt, 13);
    row->visitor = sqlite3_column_int64(stmt, 14);
    row->moved = sqlite3_column_int64(stmt, 15);

    commenter = sqlite3_column_blob(stmt, 8);
    row->has_commenter = (commenter != NULL && sqlite3_column_bytes(stmt, 8)
                                               == SOCIAL_COMMENTER_LEN);
    if (row->has_commenter) {
        memcpy(row->commenter, commenter, SOCIAL_COMMENTER_LEN);
    }
}


int
social_sqlite_find_comment(social_sqlite_t *s, int64_t id, social_write_t *w,
    social_sqlite_row_t *row)
{
    int            rc, len;
    const void    *key;
    sqlite3_stmt  *stmt;

    memset(row, 0, sizeof(social_sqlite_row_t));

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_FIND);
    social_sqlite_int(s, stmt, 1, id);

    rc = social_sqlite_next(s, stmt);
    if (rc != SOCIAL_OK) {
        return rc;
    }

    social_sqlite_copy_row(stmt, id, row);

    key = sqlite3_column_text(stmt, 10);
    len = sqlite3_column_bytes(stmt, 10);

    if (key != NULL && len <= SOCIAL_KEY_MAX) {
        memcpy(w->wrote_key, key, (size_t) len);
        w->wrote_key[len] = '\0';
    }

    w->wrote_id = id;
    w->wrote_state = row->state;
    w->wrote_role = row->role;
    w->wrote_parent = row->parent;

    social_sqlite_end(stmt);

    return SOCIAL_OK;
}


void
social_sqlite_article_changed(social_sqlite_t *s, int64_t article, int64_t now)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ARTICLE_CHANGED);
    social_sqlite_int(s, stmt, 1, article);
    social_sqlite_int(s, stmt, 2, now);
    (void) social_sqlite_run(s, stmt);
}


void
social_sqlite_mark_changed(social_sqlite_t *s, social_write_t *w,
    int64_t article)
{
    social_sqlite_article_changed(s, article, w->now);

    w->visible = 1;
}


void
social_sqlite_raise(social_sqlite_t *s, const char *name)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_RAISE);
    social_sqlite_string(s, stmt, 1, name);
    (void) social_sqlite_run(s, stmt);
}


int
social_sqlite_is_changed(const social_write_t *w,
    const social_sqlite_row_t *row)
{
    return social_rule_is_changed(w, row);
}


int64_t
social_sqlite_number(social_sqlite_t *s, const char *name)
{
    int64_t        number;
    sqlite3_stmt  *stmt;

    number = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_GET);
    social_sqlite_string(s, stmt, 1, name);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        number = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    return number;
}


static void
social_sqlite_write_article(social_sqlite_t *s, social_write_t *w)
{
    int64_t        article;
    sqlite3_stmt  *stmt;

    article = social_sqlite_article(s, w->key, w->known, w->now);
    if (article == 0) {
        w->status = SOCIAL_NO_ARTICLE;
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ARTICLE_DESCRIBE);
    social_sqlite_int(s, stmt, 1, article);
    social_sqlite_text(s, stmt, 2, w->title);
    social_sqlite_text(s, stmt, 3, w->url);
    social_sqlite_int(s, stmt, 4, w->published);
    (void) social_sqlite_run(s, stmt);

    memcpy(w->wrote_key, w->key.data, w->key.len);
    w->wrote_key[w->key.len] = '\0';

    w->status = sqlite3_changes(s->db) ? SOCIAL_WROTE : SOCIAL_WROTE_NOTHING;
}


static const social_sqlite_write_pt  social_sqlite_writers[] = {
    NULL,
    social_sqlite_write_comment,
    social_sqlite_write_edit,
    social_sqlite_write_delete,
    social_sqlite_write_report,
    social_sqlite_write_moderate,
    social_sqlite_write_erase,
    social_sqlite_write_article,
    social_sqlite_write_like,
    social_sqlite_write_signout,
    social_sqlite_write_feed,
    social_sqlite_write_move,
    social_sqlite_write_look
};


void
social_sqlite_mark_lost(social_write_t *w)
{
    social_rule_mark_lost(w);
}


/* 1 if the error only concerns this write */

static int
social_sqlite_is_write_error(social_sqlite_t *s)
{
    switch (s->rc & 0xff) {

    case SQLITE_CONSTRAINT:
    case SQLITE_TOOBIG:
    case SQLITE_MISMATCH:
        return !sqlite3_get_autocommit(s->db);

    default:
        return 0;
    }
}


static void
social_sqlite_write_do(social_sqlite_t *s, social_write_t *w)
{
    if ((w->type == SOCIAL_WRITE_COMMENT || w->type == SOCIAL_WRITE_ARTICLE
         || w->type == SOCIAL_WRITE_LIKE)
        && (w->key.len == 0 || w->key.len > SOCIAL_KEY_MAX))
    {
        w->status = SOCIAL_NO_ARTICLE;

    } else if (w->type >= SOCIAL_WRITE_COMMENT
               && w->type < social_nelts(social_sqlite_writers))
    {
        social_sqlite_writers[w->type](s, w);
    }
}


static int
social_sqlite_is_refused(const social_write_t *w)
{
    return w->status != SOCIAL_WROTE && w->status != SOCIAL_WROTE_NOTHING;
}


/* ERROR: the transaction is over; else the recorded error is that of other
 * writes at most */

static int
social_sqlite_write_saved(social_sqlite_t *s, social_write_t *w)
{
    if (social_sqlite_do(s, SOCIAL_SQL_SAVEPOINT) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    social_sqlite_write_do(s, w);

    if (s->rc != SQLITE_OK) {

        if (!social_sqlite_is_write_error(s)) {
            return SOCIAL_ERROR;
        }

        s->rc = SQLITE_OK;
        social_sqlite_mark_lost(w);
    }

    if (social_sqlite_is_refused(w)) {
        (void) social_sqlite_do(s, SOCIAL_SQL_ROLLBACK_TO);
        social_rule_forget_act(w);
    }

    return social_sqlite_do(s, SOCIAL_SQL_RELEASE);
}


/* DECLINED: something has to be taken back, which only a savepoint can */

static int
social_sqlite_write_plain(social_sqlite_t *s, social_write_t *w)
{
    int  changes;

    changes = sqlite3_total_changes(s->db);

    social_sqlite_write_do(s, w);

    if (s->rc != SQLITE_OK) {
        return social_sqlite_is_write_error(s) ? SOCIAL_DECLINED
                                               : SOCIAL_ERROR;
    }

    if (!social_sqlite_is_refused(w)) {
        return SOCIAL_OK;
    }

    if (sqlite3_total_changes(s->db) != changes) {
        return SOCIAL_DECLINED;
    }

    social_rule_forget_act(w);

    return SOCIAL_OK;
}


/* removes the daily hashes of earlier days, whose salt no longer exists */

static void
social_sqlite_forget_weak(social_sqlite_t *s, int64_t now)
{
    int64_t        day;
    sqlite3_stmt  *stmt;

    day = now / SOCIAL_SQLITE_DAY;

    if (day == s->day) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WEAK_FORGET);
    social_sqlite_int(s, stmt, 1, day * SOCIAL_SQLITE_DAY);

    if (social_sqlite_run(s, stmt) != SOCIAL_OK) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_BAN_DAY_FORGET);
    social_sqlite_int(s, stmt, 1, day * SOCIAL_SQLITE_DAY);

    if (social_sqlite_run(s, stmt) == SOCIAL_OK) {
        s->day = day;
    }
}


/* a transaction, all but its commit */

static int
social_sqlite_write_batch(social_sqlite_t *s, social_write_t **writes, size_t n,
    int saved)
{
    int     rc;
    size_t  i;

    for (i = 0; i < n; i++) {
        social_sqlite_mark_lost(writes[i]);
    }

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    s->ntouched = 0;

    social_sqlite_read_kept(s);
    social_sqlite_forget_weak(s, writes[0]->now);

    for (i = 0; i < n; i++) {
        rc = saved ? social_sqlite_write_saved(s, writes[i])
                   : social_sqlite_write_plain(s, writes[i]);

        if (rc != SOCIAL_OK) {
            return rc;
        }
    }

    social_sqlite_tally_posted(s, writes, n);
    social_sqlite_numbers_of(s, writes, n);

    return s->rc == SQLITE_OK ? SOCIAL_OK : SOCIAL_ERROR;
}


static void
social_sqlite_write_undo(social_sqlite_t *s, social_write_t **writes, size_t n)
{
    size_t  i;

    social_sqlite_rollback(s);
    s->day = -1;

    for (i = 0; i < n; i++) {
        social_sqlite_mark_lost(writes[i]);
    }
}


int
social_sqlite_write(social_store_t *store, social_write_t **writes, size_t n,
    social_store_error_t *err)
{
    int               rc;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "write");

    if (n == 0) {
        social_sqlite_checkpoint(s);
        return SOCIAL_OK;
    }

    rc = social_sqlite_write_batch(s, writes, n, 0);

    if (rc == SOCIAL_DECLINED) {
        social_sqlite_write_undo(s, writes, n);
        social_sqlite_start(s, "write");
        rc = social_sqlite_write_batch(s, writes, n, 1);
    }

    s->op = (rc == SOCIAL_OK) ? "commit" : s->op;

    if (rc != SOCIAL_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_write_undo(s, writes, n);

        return social_sqlite_failed(s, err);
    }

    if (s->wal_has_erased) {
        social_sqlite_checkpoint(s);
    }

    return SOCIAL_OK;
}
