
/*
 * Reads comments.  Every operation is one read transaction, so that a list and
 * its total are from the same moment.
 *
 * Lists are malloc'ed and belong to the caller; after an error they are empty.
 * Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_ORIGIN  18    /* the last column of a thread */


static social_comment_t *
social_sqlite_grow_list(social_sqlite_t *s, social_comments_t *list,
    size_t *cap)
{
    size_t             size;
    social_comment_t  *items;

    if (list->n == *cap) {
        size = *cap ? *cap * 2 : 16;

        items = realloc(list->items, size * sizeof(social_comment_t));
        if (items == NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
            return NULL;
        }

        list->items = items;
        *cap = size;
    }

    items = &list->items[list->n++];
    memset(items, 0, sizeof(social_comment_t));

    return items;
}


/* copies a column, or "" for a comment that readers may not see */

static char *
social_sqlite_shown(social_sqlite_t *s, sqlite3_stmt *stmt, int column,
    int hidden)
{
    char  *empty;

    if (!hidden) {
        return social_sqlite_copy(s, stmt, column);
    }

    empty = calloc(1, 1);
    if (empty == NULL) {
        social_sqlite_error(s, SQLITE_NOMEM);
    }

    return empty;
}


static void
social_sqlite_strings(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_comment_t *c, int hidden)
{
    const void  *commenter;

    c->key = social_sqlite_copy(s, stmt, 9);
    c->title = social_sqlite_copy(s, stmt, 10);
    c->name = social_sqlite_shown(s, stmt, 11, hidden);
    c->website = social_sqlite_shown(s, stmt, 12, hidden);
    c->text = social_sqlite_shown(s, stmt, 13, hidden);
    c->reason = social_sqlite_shown(s, stmt, 14, hidden);
    c->parent_name = social_sqlite_copy(s, stmt, 15);

    if (hidden) {
        return;
    }

    if (sqlite3_column_count(stmt) == SOCIAL_SQLITE_ORIGIN + 1) {
        c->origin = social_sqlite_copy(s, stmt, SOCIAL_SQLITE_ORIGIN);
    }

    commenter = sqlite3_column_blob(stmt, 8);

    if (commenter != NULL
        && sqlite3_column_bytes(stmt, 8) == SOCIAL_COMMENTER_LEN)
    {
        memcpy(c->commenter, commenter, SOCIAL_COMMENTER_LEN);
    }
}


/* what only the moderator's queue has: the parent's words, what is new */

static void
social_sqlite_context(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_comment_t *c)
{
    if (sqlite3_column_count(stmt) <= SOCIAL_SQLITE_ORIGIN + 1) {
        return;
    }

    c->parent_text = social_sqlite_copy(s, stmt, 18);
    c->fresh = (uint8_t) sqlite3_column_int(stmt, 19);
    c->rewritten = (uint8_t) sqlite3_column_int(stmt, 20);
    c->waits = (uint8_t) sqlite3_column_int(stmt, 21);
}


/* bytes of a row that become HTML or JSON */

static size_t
social_sqlite_row_bytes(sqlite3_stmt *stmt)
{
    return (size_t) sqlite3_column_bytes(stmt, 11)
           + (size_t) sqlite3_column_bytes(stmt, 12)
           + (size_t) sqlite3_column_bytes(stmt, 13)
           + (sqlite3_column_count(stmt) > SOCIAL_SQLITE_ORIGIN + 1
              ? (size_t) sqlite3_column_bytes(stmt, 18) : 0);
}


void
social_sqlite_list(social_sqlite_t *s, sqlite3_stmt *stmt, int public,
    size_t max, social_comments_t *list)
{
    int                hidden;
    size_t             cap, bytes;
    social_comment_t  *c;

    cap = 0;
    bytes = 0;

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {

        bytes += social_sqlite_row_bytes(stmt);

        if (list->n == max
            || (max != SIZE_MAX && list->n > 0 && bytes > SOCIAL_STORE_BYTES))
        {
            list->next = list->n ? list->items[list->n - 1].id : 0;
            break;
        }

        c = social_sqlite_grow_list(s, list, &cap);
        if (c == NULL) {
            break;
        }

        c->id = sqlite3_column_int64(stmt, 0);
        c->parent = sqlite3_column_int64(stmt, 1);
        c->created = sqlite3_column_int64(stmt, 2);
        c->state = (uint8_t) sqlite3_column_int(stmt, 4);

        hidden = (public && c->state != SOCIAL_APPROVED);

        if (hidden) {
            c->state = SOCIAL_DELETED;

        } else {
            c->edited = sqlite3_column_int64(stmt, 3);
            c->format = (uint8_t) sqlite3_column_int(stmt, 16);
            c->role = (uint8_t) sqlite3_column_int(stmt, 5);
            c->done = (uint8_t) sqlite3_column_int(stmt, 6);
            c->reports = (uint32_t) sqlite3_column_int64(stmt, 7);
            c->answered = (uint8_t) sqlite3_column_int(stmt, 17);
        }

        social_sqlite_context(s, stmt, c);

        social_sqlite_strings(s, stmt, c, hidden);
    }

    social_sqlite_end(stmt);
}


void
social_sqlite_list_head(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_comments_t *list)
{
    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        list->changed = sqlite3_column_int64(stmt, 0);
        list->total = sqlite3_column_int64(stmt, 1);

        if (sqlite3_column_count(stmt) > 2) {
            list->likes = sqlite3_column_int64(stmt, 2);
            list->likes_changes = sqlite3_column_int64(stmt, 3);
            list->change = sqlite3_column_int64(stmt, 4);
        }

        social_sqlite_end(stmt);
    }
}


void
social_sqlite_thread_head(social_sqlite_t *s, social_str_t key,
    social_comments_t *list)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_THREAD_HEAD);
    social_sqlite_text(s, stmt, 1, key);
    social_sqlite_list_head(s, stmt, list);
}


social_sqlite_t *
social_sqlite_read(social_store_t *store, const char *op,
    social_comments_t *list)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    memset(list, 0, sizeof(social_comments_t));

    social_sqlite_start(s, op);
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    return s;
}


int
social_sqlite_read_done(social_sqlite_t *s, social_comments_t *list,
    social_store_error_t *err)
{
    social_sqlite_rollback(s);          /* nothing to commit */

    if (s->rc == SQLITE_OK) {
        return SOCIAL_OK;
    }

    if (list != NULL) {
        social_comments_free(list);
    }

    return social_sqlite_failed(s, err);
}


int
social_sqlite_list_moved(social_sqlite_t *s, social_str_t key,
    social_comments_t *list)
{
    social_str_t           to;
    social_comments_t      other;
    social_sqlite_alias_t  alias;

    if (social_sqlite_alias(s, key, &alias, 1) != SOCIAL_OK) {
        return 0;
    }

    list->moved_title = alias.title;
    list->moved_key = strdup(alias.key);

    if (list->moved_key == NULL) {
        social_sqlite_error(s, SQLITE_NOMEM);
        return 1;
    }

    memset(&other, 0, sizeof(social_comments_t));
    to.data = (unsigned char *) list->moved_key;
    to.len = strlen(list->moved_key);

    social_sqlite_thread_head(s, key, list);
    social_sqlite_thread_head(s, to, &other);
    list->total = other.total;

    if (other.changed > list->changed) {
        list->changed = other.changed;
    }

    if (other.change > list->change) {
        list->change = other.change;
    }

    return 1;
}


int
social_sqlite_after(social_store_t *store, social_str_t key, int64_t after,
    uint32_t limit, social_comments_t *list, social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s;

    s = social_sqlite_read(store, "after", list);

    if (key.len == 0) {
        return social_sqlite_read_done(s, list, err);
    }

    if (social_sqlite_list_moved(s, key, list)) {
        key.data = (unsigned char *) list->moved_key;
        key.len = key.data ? strlen(list->moved_key) : 0;

    } else {
        social_sqlite_thread_head(s, key, list);
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_AFTER);
    social_sqlite_text(s, stmt, 1, key);
    social_sqlite_int(s, stmt, 2, (int64_t) limit + 1);
    social_sqlite_int(s, stmt, 3, after);
    social_sqlite_list(s, stmt, 1, limit, list);

    return social_sqlite_read_done(s, list, err);
}


int
social_sqlite_comment(social_store_t *store, int64_t id,
    social_comments_t *list, social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s;

    s = social_sqlite_read(store, "comment", list);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT);
    social_sqlite_int(s, stmt, 1, id);
    social_sqlite_list(s, stmt, 0, SIZE_MAX, list);

    list->total = (int64_t) list->n;

    return social_sqlite_read_done(s, list, err);
}


int
social_sqlite_mine(social_store_t *store, const unsigned char *commenter,
    int64_t after, uint32_t limit, social_order_e order,
    social_comments_t *list, social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s;

    s = social_sqlite_read(store, "mine", list);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_MINE_HEAD);
    social_sqlite_commenter(s, stmt, 1, commenter);
    social_sqlite_list_head(s, stmt, list);

    stmt = social_sqlite_stmt(s, order == SOCIAL_OLDEST
                                 ? SOCIAL_SQL_MINE : SOCIAL_SQL_MINE_NEWEST);
    social_sqlite_commenter(s, stmt, 1, commenter);
    social_sqlite_int(s, stmt, 2, (int64_t) limit + 1);
    social_sqlite_int(s, stmt, 3, after == 0 && order == SOCIAL_NEWEST
                                  ? INT64_MAX : after);
    social_sqlite_list(s, stmt, 0, limit, list);

    return social_sqlite_read_done(s, list, err);
}


static void
social_sqlite_each(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_store_key_pt handler, void *data)
{
    social_str_t      key;
    social_numbers_t  numbers;

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        key.data = sqlite3_column_text(stmt, 0);
        key.len = key.data ? (size_t) sqlite3_column_bytes(stmt, 0) : 0;

        if (key.len > 0 && key.len <= SOCIAL_KEY_MAX) {
            numbers.comments = sqlite3_column_int64(stmt, 1);
            numbers.likes = sqlite3_column_int64(stmt, 2);
            numbers.likes_changes = sqlite3_column_int64(stmt, 3);
            numbers.moved = sqlite3_column_int(stmt, 4) != 0;
            numbers.change = sqlite3_column_int64(stmt, 5);

            handler(data, key, &numbers);
        }
    }

    social_sqlite_end(stmt);
}


int
social_sqlite_keys(social_store_t *store, int64_t *change,
    social_store_key_pt handler, void *data, social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "keys");
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    *change = social_sqlite_number(s, "change");

    social_sqlite_each(s, social_sqlite_stmt(s, SOCIAL_SQL_KEYS), handler,
                       data);

    return social_sqlite_read_done(s, NULL, err);
}


/* where a list of at most `limit` changes ends; 1: there may be more */

static int
social_sqlite_changed_last(social_sqlite_t *s, int64_t *change,
    uint32_t limit)
{
    int            more;
    sqlite3_stmt  *stmt;

    more = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_CHANGED_LAST);
    social_sqlite_int(s, stmt, 1, *change);
    social_sqlite_int(s, stmt, 2, limit);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        more = (sqlite3_column_int64(stmt, 1) >= limit);

        if (sqlite3_column_int64(stmt, 1) > 0) {
            *change = sqlite3_column_int64(stmt, 0);
        }

        social_sqlite_end(stmt);
    }

    return more;
}


int
social_sqlite_changed(social_store_t *store, int64_t *change, uint32_t limit,
    social_store_key_pt handler, void *data, social_store_error_t *err)
{
    int               rc;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "changed");
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    rc = (*change > social_sqlite_number(s, "change")) ? SOCIAL_DECLINED
                                                       : SOCIAL_OK;

    if (rc == SOCIAL_OK) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_CHANGED);
        social_sqlite_int(s, stmt, 1, *change);
        social_sqlite_int(s, stmt, 2, limit);
        social_sqlite_each(s, stmt, handler, data);

        if (social_sqlite_changed_last(s, change, limit)) {
            rc = SOCIAL_AGAIN;
        }
    }

    if (social_sqlite_read_done(s, NULL, err) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    return rc;
}
