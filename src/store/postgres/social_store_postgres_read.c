
/*
 * Reads comments.  Every operation is one read transaction, so that a list and
 * its total are from the same moment.
 *
 * Lists are malloc'ed and belong to the caller; after an error they are empty.
 * Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_read.h"
#include "social_store_postgres_write.h"


#define SOCIAL_PG_ORIGIN  18        /* column that only threads have */


static char *
social_pg_shown(social_pg_t *s, const PGresult *result, int row, int column,
    int hidden)
{
    char  *empty;

    if (!hidden) {
        return social_pg_copy(s, result, row, column);
    }

    empty = calloc(1, 1);

    if (empty == NULL) {
        social_pg_memory(s);
    }

    return empty;
}


static void
social_pg_list_strings(social_pg_t *s, const PGresult *result, int row,
    social_comment_t *c, int hidden)
{
    c->key = social_pg_copy(s, result, row, 9);
    c->title = social_pg_copy(s, result, row, 10);
    c->name = social_pg_shown(s, result, row, 11, hidden);
    c->website = social_pg_shown(s, result, row, 12, hidden);
    c->text = social_pg_shown(s, result, row, 13, hidden);
    c->reason = social_pg_shown(s, result, row, 14, hidden);
    c->parent_name = social_pg_copy(s, result, row, 15);

    if (!hidden) {
        (void) social_pg_commenter(result, row, 8, c->commenter);

        if (PQnfields(result) == SOCIAL_PG_ORIGIN + 1) {
            c->origin = social_pg_copy(s, result, row, SOCIAL_PG_ORIGIN);
        }
    }

    /* what only the moderator's queue has: the parent's words, what is new */

    if (PQnfields(result) > SOCIAL_PG_ORIGIN + 1) {
        c->parent_text = social_pg_copy(s, result, row, 18);
        c->fresh = (uint8_t) social_pg_int(result, row, 19);
        c->rewritten = (uint8_t) social_pg_int(result, row, 20);
        c->waits = (uint8_t) social_pg_int(result, row, 21);
    }
}


static void
social_pg_list_row(social_pg_t *s, const PGresult *result, int row, int public,
    social_comment_t *c)
{
    int  hidden;

    memset(c, 0, sizeof(social_comment_t));

    c->id = social_pg_int(result, row, 0);
    c->parent = social_pg_int(result, row, 1);
    c->created = social_pg_int(result, row, 2);
    c->state = (uint8_t) social_pg_int(result, row, 4);

    hidden = (public && c->state != SOCIAL_APPROVED);

    if (hidden) {
        c->state = SOCIAL_DELETED;

    } else {
        c->edited = social_pg_int(result, row, 3);
        c->role = (uint8_t) social_pg_int(result, row, 5);
        c->done = (uint8_t) social_pg_int(result, row, 6);
        c->reports = (uint32_t) social_pg_int(result, row, 7);
        c->format = (uint8_t) social_pg_int(result, row, 16);
        c->answered = (uint8_t) social_pg_int(result, row, 17);
    }

    social_pg_list_strings(s, result, row, c, hidden);
}


/* bytes of a row that become HTML or JSON */

static size_t
social_pg_row_bytes(const PGresult *result, int row)
{
    return (size_t) PQgetlength(result, row, 11)
           + (size_t) PQgetlength(result, row, 12)
           + (size_t) PQgetlength(result, row, 13)
           + (PQnfields(result) > 18 ? (size_t) PQgetlength(result, row, 18)
                                     : 0);
}


void
social_pg_list(social_pg_t *s, const PGresult *result, int public, size_t max,
    social_comments_t *list)
{
    int     i, n;
    size_t  bytes;

    n = PQntuples(result);

    if (n == 0) {
        return;
    }

    list->items = calloc((size_t) n, sizeof(social_comment_t));

    if (list->items == NULL) {
        social_pg_memory(s);
        return;
    }

    for (i = 0, bytes = 0; i < n; i++) {
        bytes += social_pg_row_bytes(result, i);

        if (list->n == max
            || (max != SIZE_MAX && list->n > 0 && bytes > SOCIAL_STORE_BYTES))
        {
            list->next = list->n ? list->items[list->n - 1].id : 0;
            break;
        }

        social_pg_list_row(s, result, i, public, &list->items[list->n++]);
    }
}


void
social_pg_list_head(const PGresult *result, social_comments_t *list)
{
    if (PQntuples(result) == 1) {
        list->changed = social_pg_int(result, 0, 0);
        list->total = social_pg_int(result, 0, 1);

        if (PQnfields(result) > 2) {
            list->likes = social_pg_int(result, 0, 2);
            list->likes_changes = social_pg_int(result, 0, 3);
            list->change = social_pg_int(result, 0, 4);
        }
    }
}


int
social_pg_list_again(social_pg_t *s, int *tries, social_comments_t *list)
{
    if (!social_pg_again(s, tries)) {
        return 0;
    }

    social_comments_free(list);

    return 1;
}


int
social_pg_list_done(social_pg_t *s, social_comments_t *list,
    social_store_error_t *err)
{
    int  rc;

    rc = social_pg_read_done(s, err);

    if (rc != SOCIAL_OK) {
        social_comments_free(list);
    }

    return rc;
}


/* a statement's rows; asked before it: what is to be taken first */

static void
social_pg_list_take(social_pg_t *s, int public, size_t max,
    social_comments_t *list)
{
    PGresult  *result;

    result = social_pg_take(s);
    social_pg_list(s, result, public, max, list);
    PQclear(result);
}


static void
social_pg_head_take(social_pg_t *s, social_comments_t *list)
{
    PGresult  *result;

    result = social_pg_take(s);
    social_pg_list_head(result, list);
    PQclear(result);
}


/* asks whether the thread of the key moved, and for its numbers; if it moved,
 * where to, and how many comments there are.  1: it moved */

static int
social_pg_list_moved(social_pg_t *s, social_str_t key, social_comments_t *list)
{
    int                 moved;
    PGresult           *result;
    social_comments_t   other;

    social_pg_send(s, SOCIAL_PG_SQL_ALIAS_FIND, "t", key);
    social_pg_send(s, SOCIAL_PG_SQL_THREAD_HEAD, "t", key);

    result = social_pg_take(s);
    moved = (PQntuples(result) == 1);

    if (moved) {
        list->moved_key = social_pg_copy(s, result, 0, 1);
        list->moved_title = social_pg_copy(s, result, 0, 2);
    }

    PQclear(result);
    social_pg_head_take(s, list);

    if (!moved || list->moved_key == NULL) {
        return moved;
    }

    memset(&other, 0, sizeof(social_comments_t));
    social_pg_send(s, SOCIAL_PG_SQL_THREAD_HEAD, "s", list->moved_key);
    social_pg_head_take(s, &other);
    list->total = other.total;

    if (other.changed > list->changed) {
        list->changed = other.changed;
    }

    if (other.change > list->change) {
        list->change = other.change;
    }

    return 1;
}


/* a comment's place in its thread: threads are ordered by (placed, id) */

typedef struct {
    int64_t  placed, id;
} social_pg_place_t;


/* the places on a page of a thread, first is the oldest; first above last:
 * none.  The answer has the sizes of all comments, the oldest first.  1: there
 * are more pages */

static int
social_pg_thread_page(const PGresult *result, uint32_t page, uint32_t limit,
    social_order_e order, social_pg_place_t *first, social_pg_place_t *last)
{
    int                  i, n, row, more;
    uint32_t             at;
    social_pg_place_t    place;
    social_rule_pages_t  pages = { limit, 1, 0, 0 };

    n = PQntuples(result);
    more = 0;
    first->placed = first->id = 1;
    last->placed = last->id = 0;

    for (i = 0; i < n && !more && limit > 0; i++) {
        row = order == SOCIAL_OLDEST ? i : n - 1 - i;
        at = social_rule_pages_add(&pages,
                                   (size_t) social_pg_int(result, row, 1));
        more = (at > page);
        place.id = social_pg_int(result, row, 0);
        place.placed = social_pg_int(result, row, 2);

        if (at == page && (pages.n == 1 || order == SOCIAL_NEWEST)) {
            *first = place;
        }

        if (at == page && (pages.n == 1 || order == SOCIAL_OLDEST)) {
            *last = place;
        }
    }

    return more;
}


static void
social_pg_thread_read(social_pg_t *s, social_str_t key, uint32_t page,
    uint32_t limit, social_order_e order, social_comments_t *list)
{
    int                 more;
    PGresult           *result;
    social_pg_place_t   first, last;

    if (key.len == 0 || social_pg_list_moved(s, key, list)) {
        return;
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_THREAD_SIZES, "t", key);
    more = social_pg_thread_page(result, page, limit, order, &first, &last);
    PQclear(result);

    if (first.placed > last.placed
        || (first.placed == last.placed && first.id > last.id))
    {
        return;
    }

    social_pg_send(s, SOCIAL_PG_SQL_THREAD, "tiiiii", key, first.placed,
                   first.id, (int64_t) SOCIAL_STORE_GONE, last.placed,
                   last.id);
    social_pg_list_take(s, 1, SIZE_MAX, list);

    list->next = more ? (order == SOCIAL_OLDEST ? last.id : first.id) : 0;
}


int
social_pg_thread(social_store_t *store, social_str_t key, uint32_t page,
    uint32_t limit, social_order_e order, social_comments_t *list,
    social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    memset(list, 0, sizeof(social_comments_t));
    s = social_pg_read(store, "thread");

    do {
        social_pg_thread_read(s, key, page ? page : 1, limit, order, list);
    } while (social_pg_list_again(s, &tries, list));

    return social_pg_list_done(s, list, err);
}


int
social_pg_imported(social_store_t *store, social_str_t origin, int64_t *id,
    social_store_error_t *err)
{
    int           n, tries;
    PGresult     *result;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "imported");

    do {
        result = social_pg_ask(s, SOCIAL_PG_SQL_IMPORTED, "t", origin);
        n = PQntuples(result);
        *id = n == 1 ? social_pg_int(result, 0, 0) : 0;
        PQclear(result);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


int
social_pg_page_of(social_store_t *store, int64_t id, uint32_t limit,
    social_order_e order, uint32_t *page, social_store_error_t *err)
{
    int                   i, n, row, tries;
    uint32_t              at;
    PGresult             *result;
    social_pg_t          *s;
    social_rule_pages_t   pages = { limit, 1, 0, 0 };

    tries = 0;
    *page = 0;
    s = social_pg_read(store, "page_of");

    do {
        result = social_pg_ask(s, SOCIAL_PG_SQL_PAGE_OF, "i", id);
        n = PQntuples(result);

        for (i = 0; i < n && *page == 0; i++) {
            row = order == SOCIAL_OLDEST ? i : n - 1 - i;
            at = social_rule_pages_add(&pages,
                                       (size_t) social_pg_int(result, row, 1));

            if (social_pg_int(result, row, 0) == id) {
                *page = at;
            }
        }

        PQclear(result);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


int
social_pg_after(social_store_t *store, social_str_t key, int64_t after,
    uint32_t limit, social_comments_t *list, social_store_error_t *err)
{
    int            tries;
    social_str_t   place;
    social_pg_t   *s;

    tries = 0;
    memset(list, 0, sizeof(social_comments_t));
    s = social_pg_read(store, "after");

    do {
        if (key.len == 0) {
            break;
        }

        place = key;

        if (social_pg_list_moved(s, key, list) && list->moved_key) {
            place.data = (unsigned char *) list->moved_key;
            place.len = strlen(list->moved_key);
        }

        social_pg_send(s, SOCIAL_PG_SQL_AFTER, "tii", place,
                       (int64_t) limit + 1, after);
        social_pg_list_take(s, 1, limit, list);
    } while (social_pg_list_again(s, &tries, list));

    return social_pg_list_done(s, list, err);
}


int
social_pg_comment(social_store_t *store, int64_t id, social_comments_t *list,
    social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    memset(list, 0, sizeof(social_comments_t));
    s = social_pg_read(store, "comment");

    do {
        social_pg_send(s, SOCIAL_PG_SQL_COMMENT, "i", id);
        social_pg_list_take(s, 0, SIZE_MAX, list);
        list->total = (int64_t) list->n;
    } while (social_pg_list_again(s, &tries, list));

    return social_pg_list_done(s, list, err);
}


int
social_pg_mine(social_store_t *store, const unsigned char *commenter,
    int64_t after, uint32_t limit, social_order_e order,
    social_comments_t *list, social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    memset(list, 0, sizeof(social_comments_t));
    s = social_pg_read(store, "mine");

    do {
        social_pg_send(s, SOCIAL_PG_SQL_MINE_HEAD, "c", commenter);
        social_pg_send(s, order == SOCIAL_OLDEST ? SOCIAL_PG_SQL_MINE
                                                 : SOCIAL_PG_SQL_MINE_NEWEST,
                       "cii", commenter, (int64_t) limit + 1,
                       after == 0 && order == SOCIAL_NEWEST ? INT64_MAX
                                                            : after);
        social_pg_head_take(s, list);
        social_pg_list_take(s, 0, limit, list);
    } while (social_pg_list_again(s, &tries, list));

    return social_pg_list_done(s, list, err);
}


int
social_pg_feed(social_store_t *store, social_str_t key, uint32_t limit,
    social_comments_t *list, social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    memset(list, 0, sizeof(social_comments_t));
    s = social_pg_read(store, "feed");

    do {
        if (key.len) {
            social_pg_send(s, SOCIAL_PG_SQL_FEED_ARTICLE, "ti", key,
                           (int64_t) limit);
        } else {
            social_pg_send(s, SOCIAL_PG_SQL_FEED_SITE, "i", (int64_t) limit);
        }

        social_pg_list_take(s, 1, limit, list);
    } while (social_pg_list_again(s, &tries, list));

    return social_pg_list_done(s, list, err);
}


int
social_pg_replies(social_store_t *store, social_str_t mac, uint32_t limit,
    social_comments_t *list, social_store_error_t *err)
{
    int             tries, found;
    PGresult       *result;
    social_pg_t    *s;
    unsigned char   commenter[SOCIAL_COMMENTER_LEN];

    tries = 0;
    memset(list, 0, sizeof(social_comments_t));
    s = social_pg_read(store, "replies");

    do {
        result = social_pg_ask(s, SOCIAL_PG_SQL_FEED_OWNER, "t", mac);
        found = (PQntuples(result) == 1
                 && social_pg_commenter(result, 0, 0, commenter));
        PQclear(result);

        if (found) {
            social_pg_send(s, SOCIAL_PG_SQL_FEED_REPLIES, "ci", commenter,
                           (int64_t) limit);
            social_pg_list_take(s, 1, limit, list);
        }
    } while (social_pg_list_again(s, &tries, list));

    if (social_pg_list_done(s, list, err) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    return found ? SOCIAL_OK : SOCIAL_DECLINED;
}


void
social_pg_write_feed(social_pg_t *s, social_write_t *w)
{
    PGresult      *result;
    social_str_t   mac;

    social_pg_run(s, SOCIAL_PG_SQL_FEED_PUT, "citi", w->commenter,
                  (int64_t) w->number, w->mac, (int64_t) w->renew);

    w->status = SOCIAL_NO_COMMENT;
    result = social_pg_ask(s, SOCIAL_PG_SQL_FEED_GET, "c", w->commenter);

    if (PQntuples(result) == 1) {
        mac = social_pg_text(result, 0, 0);

        if (mac.len <= SOCIAL_STORE_FEED) {
            memcpy(w->wrote_feed, mac.data, mac.len);
            w->wrote_feed[mac.len] = '\0';
            w->status = SOCIAL_WROTE;
        }
    }

    PQclear(result);
}
