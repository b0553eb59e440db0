
/*
 * Shared by the tests of the store: a temporary directory with a store in it,
 * and short functions for writes.
 */

#ifndef STORE_UNIT_H_INCLUDED
#define STORE_UNIT_H_INCLUDED


#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "social_store.h"
#include "unit.h"


#define NOW  1700000000         /* 2023-11-14 22:13:20 UTC */


static char  dir[64], path[96], url[112];

static social_store_error_t  err;


__attribute__((unused))
static int
remove_one(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void) st;
    (void) type;
    (void) ftw;

    return remove(name);
}


__attribute__((unused))
static void
clean(void)
{
    (void) nftw(dir, remove_one, 8, FTW_DEPTH|FTW_PHYS);
}


/* a new, empty directory; path and url name a file in it */

__attribute__((unused))
static void
fresh(void)
{
    if (dir[0] != '\0') {
        clean();
    }

    snprintf(dir, sizeof(dir), "/tmp/social-store-XXXXXX");

    if (mkdtemp(dir) == NULL) {
        perror("mkdtemp");
        exit(2);
    }

    snprintf(path, sizeof(path), "%s/blog.db", dir);
    snprintf(url, sizeof(url), "sqlite:%s", path);
}


__attribute__((unused))
static social_store_t *
must_open(int writer)
{
    social_store_t  *store;

    store = social_store_open(url, writer, &err);
    if (store == NULL) {
        printf("Bail out! %s: %s\n", err.op, err.message);
        exit(2);
    }

    return store;
}


__attribute__((unused))
static social_str_t
str(const char *text)
{
    social_str_t  s;

    s.len = strlen(text);
    s.data = (const unsigned char *) text;

    return s;
}


/* a reader's approved comment on /a/; every byte of the commenter id is who,
 * 0 is no commenter */

__attribute__((unused))
static social_write_t
comment(int who, const char *text)
{
    social_write_t  w;

    memset(&w, 0, sizeof(w));

    w.type = SOCIAL_WRITE_COMMENT;
    w.key = str("/a/");
    w.known = 1;
    w.state = SOCIAL_APPROVED;
    w.name = str("Ann");
    w.text = str(text);
    w.now = NOW;
    memset(w.commenter, who, sizeof(w.commenter));

    return w;
}


__attribute__((unused))
static social_write_t
on(social_write_e type, int64_t id)
{
    social_write_t  w;

    memset(&w, 0, sizeof(w));

    w.type = type;
    w.id = id;
    w.now = NOW + 60;
    w.window = 900;

    return w;
}


/* writes a batch of one; returns its status, or -1 */

__attribute__((unused))
static int
put(social_store_t *store, social_write_t *w)
{
    social_write_t  *batch[1] = { w };

    if (social_store_write(store, batch, 1, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    return (int) w->status;
}


/* writes a comment; returns its id, or 0 */

__attribute__((unused))
static int64_t
post(social_store_t *store, social_write_t w)
{
    return put(store, &w) == SOCIAL_WROTE ? w.wrote_id : 0;
}


__attribute__((unused))
static int
moderate(social_store_t *store, int64_t id, social_act_e action,
    social_write_t *result)
{
    int             rc;
    social_write_t  w;

    w = on(SOCIAL_WRITE_MODERATE, id);
    w.action = action;

    rc = put(store, &w);

    if (result != NULL) {
        *result = w;
    }

    return rc;
}


/* a number that a query of the file gives, without the store's code */

__attribute__((unused))
static int64_t
ask(const char *sql)
{
    int64_t        n;
    sqlite3       *db;
    sqlite3_stmt  *stmt;

    n = -1;
    stmt = NULL;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
        && sqlite3_busy_timeout(db, 5000) == SQLITE_OK
        && sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK
        && sqlite3_step(stmt) == SQLITE_ROW)
    {
        n = sqlite3_column_int64(stmt, 0);
    }

    sqlite3_finalize(stmt);
    sqlite3_close(db);

    return n;
}


__attribute__((unused))
static int
tell(const char *sql)
{
    int       rc;
    sqlite3  *db;

    rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE|SQLITE_OPEN_CREATE,
                         NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    }

    sqlite3_close(db);

    return rc;
}


#endif /* STORE_UNIT_H_INCLUDED */
