
/*
 * Shared by the tests of the store: a temporary store, and short functions for
 * writes.  It is a file of SQLite in a directory of its own; with
 * SOCIAL_STORE=postgresql://... in the environment, a schema in that database:
 * t/store_postgres.t runs the tests so.
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

#if (SOCIAL_POSTGRES)
#include <libpq-fe.h>
#endif

#include "social_store.h"
#include "unit.h"


#define NOW  1700000000         /* 2023-11-14 22:13:20 UTC */


static char  dir[64], path[96], url[256];
static char  schema[32];        /* "": SQLite */

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


/* 1: the store is PostgreSQL's */

__attribute__((unused))
static int
on_postgres(void)
{
    return getenv("SOCIAL_STORE") != NULL;
}


#if (SOCIAL_POSTGRES)

/* a connection that stays; a child has one of its own */

static PGconn *
postgres_connection(void)
{
    static PGconn  *db;
    static pid_t    owner;

    if (owner != getpid()) {
        owner = getpid();
        db = NULL;
    }

    if (PQstatus(db) != CONNECTION_OK) {
        PQfinish(db);
        db = PQconnectdb(getenv("SOCIAL_STORE"));
    }

    return db;
}


/* the first number that a statement gives, -1: none, or an error */

static int64_t
postgres(const char *before, const char *sql)
{
    char         text[96];
    int64_t      n;
    PGconn      *db;
    PGresult    *result;
    static char  made[sizeof(schema)];

    n = -1;
    db = postgres_connection();

    snprintf(text, sizeof(text), "SET client_min_messages = error; %s%s",
             before, schema);
    PQclear(PQexec(db, text));

    /* functions of SQLite that tests use */

    if (strcmp(made, schema) != 0) {
        snprintf(made, sizeof(made), "%s", schema);
        PQclear(PQexec(db,
            "CREATE OR REPLACE FUNCTION hex(b bytea) RETURNS text LANGUAGE sql"
            " AS $$SELECT upper(encode(b, 'hex'))$$;"
            "CREATE OR REPLACE FUNCTION concat_one(s text, n bigint, t text)"
            " RETURNS text LANGUAGE sql AS $$SELECT s || n::text$$;"
            "CREATE OR REPLACE AGGREGATE group_concat(bigint, text)"
            " (SFUNC = concat_one, STYPE = text, INITCOND = '')"));
    }

    result = PQexec(db, sql);

    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        n = 0;

    } else if (PQresultStatus(result) == PGRES_TUPLES_OK
               && PQntuples(result) > 0)
    {
        n = PQgetvalue(result, 0, 0)[0] == 't'
            ? 1 : strtoll(PQgetvalue(result, 0, 0), NULL, 10);

    } else {
        printf("# %s", PQerrorMessage(db));
    }

    PQclear(result);

    return n;
}

#endif


__attribute__((unused))
static void
clean(void)
{
#if (SOCIAL_POSTGRES)
    char  sql[64];

    if (schema[0] != '\0') {
        snprintf(sql, sizeof(sql), "DROP SCHEMA IF EXISTS %s CASCADE", schema);
        (void) postgres("SET search_path TO ", sql);
        schema[0] = '\0';
    }
#endif

    if (dir[0] != '\0') {
        (void) nftw(dir, remove_one, 8, FTW_DEPTH|FTW_PHYS);
        dir[0] = '\0';
    }
}


/* a new, empty directory; path and url name a file in it.  Or an empty
 * schema, which url names */

__attribute__((unused))
static void
fresh(void)
{
    static int  n;

    clean();

    snprintf(dir, sizeof(dir), "/tmp/social-store-XXXXXX");

    if (mkdtemp(dir) == NULL) {
        perror("mkdtemp");
        exit(2);
    }

    snprintf(path, sizeof(path), "%s/blog.db", dir);
    snprintf(url, sizeof(url), "sqlite:%s", path);

    if (on_postgres()) {
        snprintf(schema, sizeof(schema), "unit_%d_%d", (int) getpid(), ++n);
        snprintf(url, sizeof(url), "%s?schema=%s", getenv("SOCIAL_STORE"),
                 schema);
    }
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


/* a number that a query of the database gives, without the store's code */

__attribute__((unused))
static int64_t
ask(const char *sql)
{
    int64_t        n;
    sqlite3       *db;
    sqlite3_stmt  *stmt;

#if (SOCIAL_POSTGRES)
    if (schema[0] != '\0') {
        return postgres("SET search_path TO ", sql);
    }
#endif

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

#if (SOCIAL_POSTGRES)
    if (schema[0] != '\0') {
        return postgres("SET search_path TO ", sql) < 0;
    }
#endif

    rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE|SQLITE_OPEN_CREATE,
                         NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
    }

    sqlite3_close(db);

    return rc;
}


#endif /* STORE_UNIT_H_INCLUDED */
