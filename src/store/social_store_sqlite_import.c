
/*
 * Comments from elsewhere: taken in once, and taken back.  Pool threads, and
 * the program ngx-social.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite_import.h"
#include "social_store_sqlite_judge.h"


typedef struct {
    int64_t        comment, article;        /* 0: it is gone */
    unsigned char  commenter[SOCIAL_COMMENTER_LEN];
} social_sqlite_origin_t;


/* DECLINED: nothing came from there */

static int
social_sqlite_origin_find(social_sqlite_t *s, social_str_t source,
    social_str_t id, social_sqlite_origin_t *origin)
{
    int            rc;
    const void    *commenter;
    sqlite3_stmt  *stmt;

    memset(origin, 0, sizeof(social_sqlite_origin_t));

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ORIGIN_GET);
    social_sqlite_text(s, stmt, 1, source);
    social_sqlite_text(s, stmt, 2, id);

    rc = social_sqlite_next(s, stmt);

    if (rc != SOCIAL_OK) {
        return rc;
    }

    origin->comment = sqlite3_column_int64(stmt, 0);
    origin->article = sqlite3_column_int64(stmt, 2);
    commenter = sqlite3_column_blob(stmt, 1);

    if (commenter != NULL
        && sqlite3_column_bytes(stmt, 1) == SOCIAL_COMMENTER_LEN)
    {
        memcpy(origin->commenter, commenter, SOCIAL_COMMENTER_LEN);
    }

    social_sqlite_end(stmt);

    return SOCIAL_OK;
}


int
social_sqlite_origin(social_store_t *store, social_str_t source,
    social_str_t id, int64_t *comment, unsigned char *commenter,
    social_store_error_t *err)
{
    int                      rc;
    social_sqlite_t         *s = (social_sqlite_t *) store;
    social_sqlite_origin_t   origin;

    social_sqlite_start(s, "origin");
    rc = social_sqlite_origin_find(s, source, id, &origin);

    *comment = origin.comment;
    memcpy(commenter, origin.commenter, SOCIAL_COMMENTER_LEN);

    return s->rc == SQLITE_OK ? rc : social_sqlite_failed(s, err);
}


int
social_sqlite_knows(social_store_t *store, social_str_t key,
    social_store_error_t *err)
{
    int               knows;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "knows");
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_KNOWS);
    social_sqlite_text(s, stmt, 1, key);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return social_sqlite_failed(s, err);
    }

    knows = sqlite3_column_int(stmt, 0);
    social_sqlite_end(stmt);

    return knows;
}


/* the row number of the article, with a title if it has none */

static int64_t
social_sqlite_import_article(social_sqlite_t *s, const social_import_t *item,
    int64_t now)
{
    int64_t         article;
    sqlite3_stmt   *stmt;
    social_write_t  w;

    memset(&w, 0, sizeof(social_write_t));
    w.key = item->key;
    w.known = 1;
    w.now = now;

    article = social_sqlite_thread_of(s, &w);

    if (article && item->title.len) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_IMPORT_TITLE);
        social_sqlite_int(s, stmt, 1, article);
        social_sqlite_text(s, stmt, 2, item->title);
        (void) social_sqlite_run(s, stmt);
    }

    return article;
}


static int64_t
social_sqlite_import_person(const social_import_t *item)
{
    int64_t                     person;
    static const unsigned char  none[SOCIAL_COMMENTER_LEN];

    if (item->author) {
        return (int64_t) social_sqlite_hash(item->name);
    }

    if (memcmp(item->commenter, none, sizeof(none)) == 0) {
        return item->person;
    }

    memcpy(&person, item->commenter, sizeof(person));

    return person;
}


static void
social_sqlite_import_add(social_sqlite_t *s, social_import_t *item,
    int64_t article, int64_t parent)
{
    int            erased;
    sqlite3_stmt  *stmt;

    static const social_str_t  none = { 0, NULL };
    static const social_str_t  imported = social_string("imported as held");

    erased = (item->state == SOCIAL_DELETED);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_IMPORT_ADD);
    social_sqlite_int(s, stmt, 1, article);

    if (parent) {
        social_sqlite_int(s, stmt, 2, parent);
    }

    social_sqlite_int(s, stmt, 3, item->state);
    social_sqlite_int(s, stmt, 4, item->state == SOCIAL_HELD
                                  || item->state == SOCIAL_SPAM
                                  ? SOCIAL_HELD : SOCIAL_APPROVED);
    social_sqlite_int(s, stmt, 5, item->author && !erased ? SOCIAL_AUTHOR
                                                          : SOCIAL_READER);
    social_sqlite_int(s, stmt, 6, item->created);
    social_sqlite_int(s, stmt, 7, item->edited);

    if (!erased && !item->author) {
        social_sqlite_commenter(s, stmt, 8, item->commenter);
    }

    social_sqlite_int(s, stmt, 9, erased ? 0
                                         : social_sqlite_import_person(item));
    social_sqlite_text(s, stmt, 10, item->state == SOCIAL_HELD ? imported
                                                               : none);
    social_sqlite_text(s, stmt, 11, erased ? none : item->name);
    social_sqlite_text(s, stmt, 12, erased ? none : item->website);
    social_sqlite_text(s, stmt, 13, erased ? none : item->text);
    social_sqlite_int(s, stmt, 14, item->format);
    social_sqlite_int(s, stmt, 15, erased ? 0
                                          : social_sqlite_same(s, item->text));

    if (social_sqlite_run(s, stmt) == SOCIAL_OK) {
        item->comment = sqlite3_last_insert_rowid(s->db);
        item->added = 1;
    }
}


/* what follows from a new comment */

static void
social_sqlite_import_after(social_sqlite_t *s, social_import_t *item,
    int64_t article, int64_t now)
{
    sqlite3_stmt    *stmt;
    social_write_t   w;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ORIGIN_ADD);
    social_sqlite_text(s, stmt, 1, item->source);
    social_sqlite_text(s, stmt, 2, item->id);
    social_sqlite_int(s, stmt, 3, item->comment);
    (void) social_sqlite_run(s, stmt);

    memset(&w, 0, sizeof(social_write_t));
    w.now = now;
    w.name = item->name;
    w.author = 1;

    if (item->author && item->state == SOCIAL_APPROVED) {
        (void) social_sqlite_author(s, &w);

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_IMPORT_REPLIED);
        social_sqlite_int(s, stmt, 1, item->comment);
        (void) social_sqlite_run(s, stmt);
    }

    if (item->state == SOCIAL_APPROVED) {
        social_sqlite_mark_changed(s, &w, article);
    }
}


static void
social_sqlite_import_one(social_sqlite_t *s, social_import_t *item,
    int64_t now)
{
    int64_t                 article;
    social_sqlite_origin_t  here, parent;

    item->comment = 0;
    item->added = 0;

    if (social_sqlite_origin_find(s, item->source, item->id, &here)
        != SOCIAL_DECLINED)
    {
        item->comment = here.comment;
        return;
    }

    article = social_sqlite_import_article(s, item, now);
    memset(&parent, 0, sizeof(social_sqlite_origin_t));

    if (item->parent.len) {
        (void) social_sqlite_origin_find(s, item->parent_source,
                                         item->parent, &parent);
    }

    if (article) {
        social_sqlite_import_add(s, item, article,
                                 parent.article == article ? parent.comment
                                                           : 0);
        social_sqlite_import_after(s, item, article, now);
    }
}


int
social_sqlite_import(social_store_t *store, social_import_t *items, size_t n,
    int64_t now, social_store_error_t *err)
{
    size_t            i;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "import");

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return social_sqlite_failed(s, err);
    }

    for (i = 0; i < n && s->rc == SQLITE_OK; i++) {
        social_sqlite_import_one(s, &items[i], now);
    }

    s->op = "commit";

    if (s->rc != SQLITE_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}


/* a comment that is to go */

typedef struct {
    char     *id;           /* of the source, malloc'ed */
    int64_t   comment, article;
    int       visible, needed;
} social_sqlite_back_t;


static void
social_sqlite_take_back_one(social_sqlite_t *s, social_str_t source,
    const social_sqlite_back_t *back, int64_t now)
{
    sqlite3_stmt          *stmt;
    social_write_t         w;
    social_sqlite_row_t    row;

    memset(&w, 0, sizeof(social_write_t));
    w.now = now;

    if (back->article && back->needed
        && social_sqlite_find_comment(s, back->comment, &w, &row) == SOCIAL_OK)
    {
        social_sqlite_wipe(s, &w, &row);

    } else if (back->article) {

        if (back->visible) {
            social_sqlite_mark_changed(s, &w, back->article);
        }

        social_sqlite_lesson_erase(s, back->comment);
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_DROP);
        social_sqlite_int(s, stmt, 1, back->comment);
        (void) social_sqlite_run(s, stmt);
    }

    s->wal_has_erased = 1;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ORIGIN_DROP);
    social_sqlite_text(s, stmt, 1, source);
    social_sqlite_string(s, stmt, 2, back->id);
    (void) social_sqlite_run(s, stmt);
}


/* the newest comment of the source that is left: replies go before their
 * parents.  DECLINED: there is none */

static int
social_sqlite_take_back_next(social_sqlite_t *s, social_str_t source,
    social_sqlite_back_t *back)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ORIGIN_OF_SOURCE);
    social_sqlite_text(s, stmt, 1, source);
    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        back->id = social_sqlite_copy(s, stmt, 0);
        back->comment = sqlite3_column_int64(stmt, 1);
        back->article = sqlite3_column_int64(stmt, 2);
        back->visible = sqlite3_column_int(stmt, 3);
        back->needed = sqlite3_column_int(stmt, 4);
        social_sqlite_end(stmt);
    }

    return rc;
}


int
social_sqlite_take_back(social_store_t *store, social_str_t source,
    uint32_t limit, int64_t now, int64_t *n, social_store_error_t *err)
{
    int                    rc;
    uint32_t               i;
    social_sqlite_t       *s = (social_sqlite_t *) store;
    social_sqlite_back_t   back;

    social_sqlite_start(s, "take back");

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return social_sqlite_failed(s, err);
    }

    rc = SOCIAL_OK;

    for (i = 0; i < limit && rc == SOCIAL_OK && s->rc == SQLITE_OK; i++) {
        rc = social_sqlite_take_back_next(s, source, &back);

        if (rc == SOCIAL_OK && back.id != NULL) {
            social_sqlite_take_back_one(s, source, &back, now);
            free(back.id);
        }
    }

    s->op = "commit";

    if (s->rc != SQLITE_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        return social_sqlite_failed(s, err);
    }

    *n += (rc == SOCIAL_DECLINED) ? i - 1 : i;

    if (rc == SOCIAL_DECLINED) {
        social_sqlite_checkpoint(s);
        return SOCIAL_OK;
    }

    return SOCIAL_AGAIN;
}
