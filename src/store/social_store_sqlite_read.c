
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


#define SOCIAL_SQLITE_PATTERN  800      /* bytes of a LIKE pattern */


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

    commenter = sqlite3_column_blob(stmt, 8);

    if (commenter != NULL
        && sqlite3_column_bytes(stmt, 8) == SOCIAL_COMMENTER_LEN)
    {
        memcpy(c->commenter, commenter, SOCIAL_COMMENTER_LEN);
    }
}


/* bytes of a row that become HTML or JSON */

static size_t
social_sqlite_row_bytes(sqlite3_stmt *stmt)
{
    return (size_t) sqlite3_column_bytes(stmt, 11)
           + (size_t) sqlite3_column_bytes(stmt, 12)
           + (size_t) sqlite3_column_bytes(stmt, 13);
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

        social_sqlite_strings(s, stmt, c, hidden);
    }

    social_sqlite_end(stmt);
}


/* a row of two numbers: time of the last change, number of comments */

static void
social_sqlite_list_head(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_comments_t *list)
{
    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        list->changed = sqlite3_column_int64(stmt, 0);
        list->total = sqlite3_column_int64(stmt, 1);

        if (sqlite3_column_count(stmt) > 2) {
            list->likes = sqlite3_column_int64(stmt, 2);
            list->likes_changes = sqlite3_column_int64(stmt, 3);
        }

        social_sqlite_end(stmt);
    }
}


static void
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


/* the pages of a thread, counted from the newest comment */

typedef struct {
    uint32_t  limit;        /* comments on a page */
    uint32_t  page;
    uint32_t  n;            /* on this page so far */
    size_t    bytes;
} social_sqlite_pages_t;


/* the page of the next older comment */

static uint32_t
social_sqlite_pages_add(social_sqlite_pages_t *pages, size_t size)
{
    if (pages->n == pages->limit
        || (pages->n > 0 && pages->bytes + size > SOCIAL_STORE_BYTES))
    {
        pages->page++;
        pages->n = 0;
        pages->bytes = 0;
    }

    pages->n++;
    pages->bytes += size;

    return pages->page;
}


/* the ids on a page of a thread, first is the oldest; *first > *last: none.
 * 1: there are older pages */

static int
social_sqlite_thread_page(social_sqlite_t *s, social_str_t key, uint32_t page,
    uint32_t limit, int64_t *first, int64_t *last)
{
    int                    more;
    uint32_t               at;
    sqlite3_stmt          *stmt;
    social_sqlite_pages_t  pages = { limit, 1, 0, 0 };

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_THREAD_SIZES);
    social_sqlite_text(s, stmt, 1, key);

    more = 0;
    *first = 1;
    *last = 0;

    while (!more && limit > 0 && social_sqlite_next(s, stmt) == SOCIAL_OK) {
        at = social_sqlite_pages_add(&pages,
                                     (size_t) sqlite3_column_int64(stmt, 1));
        more = (at > page);

        if (at == page) {
            *first = sqlite3_column_int64(stmt, 0);
            *last = (pages.n == 1) ? *first : *last;
        }
    }

    social_sqlite_end(stmt);

    return more;
}


int
social_sqlite_thread(social_store_t *store, social_str_t key, uint32_t page,
    uint32_t limit, social_comments_t *list, social_store_error_t *err)
{
    int               more;
    int64_t           first, last;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s;

    s = social_sqlite_read(store, "thread", list);

    if (key.len == 0) {
        return social_sqlite_read_done(s, list, err);
    }

    social_sqlite_thread_head(s, key, list);

    more = social_sqlite_thread_page(s, key, page ? page : 1, limit, &first,
                                     &last);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_THREAD);
    social_sqlite_text(s, stmt, 1, key);
    social_sqlite_int(s, stmt, 2, first);
    social_sqlite_int(s, stmt, 3, last);
    social_sqlite_int(s, stmt, 4, SOCIAL_STORE_GONE);
    social_sqlite_list(s, stmt, 1, SIZE_MAX, list);

    list->next = more ? first : 0;

    return social_sqlite_read_done(s, list, err);
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

    social_sqlite_thread_head(s, key, list);

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
social_sqlite_page_of(social_store_t *store, int64_t id, uint32_t limit,
    uint32_t *page, social_store_error_t *err)
{
    uint32_t               at;
    sqlite3_stmt          *stmt;
    social_sqlite_t       *s = (social_sqlite_t *) store;
    social_sqlite_pages_t  pages = { limit, 1, 0, 0 };

    *page = 0;
    social_sqlite_start(s, "page_of");

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_PAGE_OF);
    social_sqlite_int(s, stmt, 1, id);

    while (*page == 0 && social_sqlite_next(s, stmt) == SOCIAL_OK) {
        at = social_sqlite_pages_add(&pages,
                                     (size_t) sqlite3_column_int64(stmt, 1));

        if (sqlite3_column_int64(stmt, 0) == id) {
            *page = at;
        }
    }

    social_sqlite_end(stmt);

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}


int
social_sqlite_mine(social_store_t *store, const unsigned char *commenter,
    int64_t after, uint32_t limit, social_comments_t *list,
    social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s;

    s = social_sqlite_read(store, "mine", list);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_MINE_HEAD);
    social_sqlite_commenter(s, stmt, 1, commenter);
    social_sqlite_list_head(s, stmt, list);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_MINE);
    social_sqlite_commenter(s, stmt, 1, commenter);
    social_sqlite_int(s, stmt, 2, (int64_t) limit + 1);
    social_sqlite_int(s, stmt, 3, after);
    social_sqlite_list(s, stmt, 0, limit, list);

    return social_sqlite_read_done(s, list, err);
}


/* "%q%" with the wildcards in q escaped; "" if q is empty */

static social_str_t
social_sqlite_pattern(social_str_t q, unsigned char *buf, size_t size)
{
    size_t        i, len;
    social_str_t  pattern;

    len = 0;

    if (q.len) {
        buf[len++] = '%';

        for (i = 0; i < q.len && len + 3 < size; i++) {

            if (q.data[i] == '%' || q.data[i] == '_' || q.data[i] == '\\') {
                buf[len++] = '\\';
            }

            buf[len++] = q.data[i];
        }

        buf[len++] = '%';
    }

    pattern.len = len;
    pattern.data = buf;

    return pattern;
}


static void
social_sqlite_queue_numbers(social_sqlite_t *s, social_comments_t *list)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_QUEUE_NUMBERS);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        list->revision = sqlite3_column_int64(stmt, 0);
        list->held = sqlite3_column_int64(stmt, 1);
        social_sqlite_end(stmt);
    }
}


/* the rank that a list of all states goes on with */

static int
social_sqlite_queue_rank(social_sqlite_t *s, const social_queue_t *queue)
{
    int            rank;
    sqlite3_stmt  *stmt;

    if (queue->after == 0 || queue->rank >= 0) {
        return queue->after ? queue->rank : 0;
    }

    rank = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_QUEUE_RANK);
    social_sqlite_int(s, stmt, 1, queue->after);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        rank = sqlite3_column_int(stmt, 0);
        social_sqlite_end(stmt);
    }

    return rank;
}


int
social_sqlite_queue(social_store_t *store, const social_queue_t *queue,
    social_comments_t *list, social_store_error_t *err)
{
    size_t            i;
    unsigned char     buf[SOCIAL_SQLITE_PATTERN];
    social_str_t      pattern;
    sqlite3_stmt     *stmt[2];
    social_sqlite_t  *s;

    s = social_sqlite_read(store, "queue", list);
    pattern = social_sqlite_pattern(queue->q, buf, sizeof(buf));

    stmt[0] = social_sqlite_stmt(s, queue->state ? SOCIAL_SQL_QUEUE_STATE_HEAD
                                                 : SOCIAL_SQL_QUEUE_ALL_HEAD);
    stmt[1] = social_sqlite_stmt(s, queue->state ? SOCIAL_SQL_QUEUE_STATE
                                                 : SOCIAL_SQL_QUEUE_ALL);

    for (i = 0; i < 2; i++) {
        social_sqlite_text(s, stmt[i], 1, pattern);
        social_sqlite_text(s, stmt[i], 2, queue->key);

        if (queue->state) {
            social_sqlite_int(s, stmt[i], 3, queue->state);
        }
    }

    social_sqlite_int(s, stmt[1], 4, (int64_t) queue->limit + 1);
    social_sqlite_int(s, stmt[1], 6, queue->after ? queue->after : INT64_MAX);

    if (queue->state == 0) {
        social_sqlite_int(s, stmt[1], 5, social_sqlite_queue_rank(s, queue));
    }

    social_sqlite_queue_numbers(s, list);
    social_sqlite_list_head(s, stmt[0], list);
    social_sqlite_list(s, stmt[1], 0, queue->limit, list);

    return social_sqlite_read_done(s, list, err);
}


static int
social_sqlite_each(social_sqlite_t *s, sqlite3_stmt *stmt,
    social_store_key_pt handler, void *data, social_store_error_t *err)
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

            handler(data, key, &numbers);
        }
    }

    social_sqlite_end(stmt);

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}


int
social_sqlite_keys(social_store_t *store, social_store_key_pt handler,
    void *data, social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "keys");

    return social_sqlite_each(s, social_sqlite_stmt(s, SOCIAL_SQL_KEYS),
                              handler, data, err);
}


int
social_sqlite_changed(social_store_t *store, int64_t since,
    social_store_key_pt handler, void *data, social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "changed");

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_CHANGED);
    social_sqlite_int(s, stmt, 1, since);

    return social_sqlite_each(s, stmt, handler, data, err);
}
