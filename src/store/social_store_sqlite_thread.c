
/*
 * The pages of a thread, and which of them has a comment.  A page ends at a
 * number of comments or of bytes, so where it begins is found by counting from
 * the end that page 1 has: a page costs as much as the sizes of all comments up
 * to it.  Pool threads only.
 */

#include "social_store_sqlite.h"


/* a comment's place in its thread: threads are ordered by (placed, id) */

typedef struct {
    int64_t   placed, id;
} social_sqlite_place_t;


/* the places on a page of a thread, first is the oldest; first above last:
 * none.  1: there are more pages */

static int
social_sqlite_thread_page(social_sqlite_t *s, social_str_t key, uint32_t page,
    uint32_t limit, social_order_e order, social_sqlite_place_t *first,
    social_sqlite_place_t *last)
{
    int                    more;
    uint32_t               at;
    sqlite3_stmt          *stmt;
    social_rule_pages_t    pages = { limit, 1, 0, 0 };
    social_sqlite_place_t  place;

    stmt = social_sqlite_stmt(s, order == SOCIAL_OLDEST
                                 ? SOCIAL_SQL_THREAD_SIZES_OLDEST
                                 : SOCIAL_SQL_THREAD_SIZES);
    social_sqlite_text(s, stmt, 1, key);

    more = 0;
    first->placed = 1;
    first->id = 1;
    last->placed = 0;
    last->id = 0;

    while (!more && limit > 0 && social_sqlite_next(s, stmt) == SOCIAL_OK) {
        at = social_rule_pages_add(&pages,
                                   (size_t) sqlite3_column_int64(stmt, 1));
        more = (at > page);
        place.id = sqlite3_column_int64(stmt, 0);
        place.placed = sqlite3_column_int64(stmt, 2);

        if (at == page && (pages.n == 1 || order == SOCIAL_NEWEST)) {
            *first = place;
        }

        if (at == page && (pages.n == 1 || order == SOCIAL_OLDEST)) {
            *last = place;
        }
    }

    social_sqlite_end(stmt);

    return more;
}


int
social_sqlite_thread(social_store_t *store, social_str_t key, uint32_t page,
    uint32_t limit, social_order_e order, social_comments_t *list,
    social_store_error_t *err)
{
    int                     more;
    sqlite3_stmt           *stmt;
    social_sqlite_t        *s;
    social_sqlite_place_t   first, last;

    s = social_sqlite_read(store, "thread", list);

    if (key.len == 0) {
        return social_sqlite_read_done(s, list, err);
    }

    if (social_sqlite_list_moved(s, key, list)) {
        return social_sqlite_read_done(s, list, err);
    }

    social_sqlite_thread_head(s, key, list);

    more = social_sqlite_thread_page(s, key, page ? page : 1, limit, order,
                                     &first, &last);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_THREAD);
    social_sqlite_text(s, stmt, 1, key);
    social_sqlite_int(s, stmt, 2, first.placed);
    social_sqlite_int(s, stmt, 3, first.id);
    social_sqlite_int(s, stmt, 4, SOCIAL_STORE_GONE);
    social_sqlite_int(s, stmt, 5, last.placed);
    social_sqlite_int(s, stmt, 6, last.id);
    social_sqlite_list(s, stmt, 1, SIZE_MAX, list);

    list->next = more ? (order == SOCIAL_OLDEST ? last.id : first.id) : 0;

    return social_sqlite_read_done(s, list, err);
}


int
social_sqlite_imported(social_store_t *store, social_str_t origin, int64_t *id,
    social_store_error_t *err)
{
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    *id = 0;
    social_sqlite_start(s, "imported");

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_IMPORTED);
    social_sqlite_text(s, stmt, 1, origin);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        *id = *id ? -1 : sqlite3_column_int64(stmt, 0);
    }

    *id = *id < 0 ? 0 : *id;
    social_sqlite_end(stmt);

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}


int
social_sqlite_page_of(social_store_t *store, int64_t id, uint32_t limit,
    social_order_e order, uint32_t *page, social_store_error_t *err)
{
    uint32_t               at;
    sqlite3_stmt          *stmt;
    social_sqlite_t       *s = (social_sqlite_t *) store;
    social_rule_pages_t    pages = { limit, 1, 0, 0 };

    *page = 0;
    social_sqlite_start(s, "page_of");

    stmt = social_sqlite_stmt(s, order == SOCIAL_OLDEST
                                 ? SOCIAL_SQL_PAGE_OF_OLDEST
                                 : SOCIAL_SQL_PAGE_OF);
    social_sqlite_int(s, stmt, 1, id);

    while (*page == 0 && social_sqlite_next(s, stmt) == SOCIAL_OK) {
        at = social_rule_pages_add(&pages,
                                   (size_t) sqlite3_column_int64(stmt, 1));

        if (sqlite3_column_int64(stmt, 0) == id) {
            *page = at;
        }
    }

    social_sqlite_end(stmt);

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}
