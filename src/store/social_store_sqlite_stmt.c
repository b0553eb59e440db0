
/*
 * Statements, transactions and errors of an SQLite connection.  Owns the cache
 * of statements.  The only file that steps a statement and that words SQLite's
 * errors.  Pool threads, and the event loop at exit.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


static const char *const  social_sqlite_sql[] = {
#define SOCIAL_SQL(name, text)  text,
#include "social_store_sql.h"
#undef SOCIAL_SQL
};


static social_store_fault_e
social_sqlite_fault(int rc)
{
    if (rc == SQLITE_IOERR_NOMEM) {
        return SOCIAL_STORE_MEMORY;
    }

    switch (rc & 0xff) {

    case SQLITE_NOMEM:
        return SOCIAL_STORE_MEMORY;

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_ERROR:          /* such as "no such table": not our schema */
    case SQLITE_SCHEMA:
        return SOCIAL_STORE_CORRUPT;

    default:
        return SOCIAL_STORE_AWAY;
    }
}


/* advice for the admin at the end of a message; may be empty */

static const char *
social_sqlite_hint(int rc)
{
    switch (rc & 0xff) {

    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ", can the worker user write to it and its directory?";

    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ", another program has locked it";

    case SQLITE_FULL:
        return ", is there space left on the disk?";

    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ", restore a backup or move it away";

    default:
        return "";
    }
}


void
social_sqlite_start(social_sqlite_t *s, const char *op)
{
    s->op = op;
    s->rc = SQLITE_OK;
}


void
social_sqlite_error(social_sqlite_t *s, int rc)
{
    int          last, primary, system;
    const char  *message;

    last = errno;

    if (s->rc != SQLITE_OK) {
        return;
    }

    s->rc = rc;
    primary = rc & 0xff;

    /* strerror() is thread-safe in every libc that we support.  SQLite does
     * not keep the errno of a failed COMMIT, so it is taken from before */

    system = (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)
             ? sqlite3_system_errno(s->db) : 0;

    if (system == 0 && primary == SQLITE_IOERR) {
        system = last;
    }

    message = (sqlite3_errcode(s->db) == primary
               || sqlite3_extended_errcode(s->db) == rc)
              ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc);

    social_store_error(&s->error, social_sqlite_fault(rc), s->op,
                       "%s%s%s%s: \"%s\"%s", message,
                       system ? " (" : "", system ? strerror(system) : "",
                       system ? ")" : "", s->path, social_sqlite_hint(rc));
}


int
social_sqlite_failed(social_sqlite_t *s, social_store_error_t *err)
{
    if (err != NULL) {
        *err = s->error;
    }

    return SOCIAL_ERROR;
}


sqlite3_stmt *
social_sqlite_stmt(social_sqlite_t *s, social_sql_e sql)
{
    int  rc;

    if (s->rc != SQLITE_OK) {
        return NULL;
    }

    if (s->stmt[sql] == NULL) {
        rc = sqlite3_prepare_v3(s->db, social_sqlite_sql[sql], -1,
                                SQLITE_PREPARE_PERSISTENT, &s->stmt[sql],
                                NULL);
        if (rc != SQLITE_OK) {
            social_sqlite_error(s, rc);
        }
    }

    return s->stmt[sql];
}


void
social_sqlite_int(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    int64_t value)
{
    int  rc;

    if (stmt != NULL) {
        rc = sqlite3_bind_int64(stmt, n, value);
        if (rc != SQLITE_OK) {
            social_sqlite_error(s, rc);
        }
    }
}


void
social_sqlite_text(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    social_str_t text)
{
    int          rc;
    const char  *data;

    if (stmt != NULL) {
        data = text.len ? (const char *) text.data : "";

        rc = sqlite3_bind_text64(stmt, n, data, text.len, SQLITE_STATIC,
                                 SQLITE_UTF8);
        if (rc != SQLITE_OK) {
            social_sqlite_error(s, rc);
        }
    }
}


void
social_sqlite_string(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    const char *string)
{
    social_str_t  text;

    text.len = strlen(string);
    text.data = (const unsigned char *) string;

    social_sqlite_text(s, stmt, n, text);
}


void
social_sqlite_commenter(social_sqlite_t *s, sqlite3_stmt *stmt, int n,
    const unsigned char *commenter)
{
    int                         rc;
    static const unsigned char  none[SOCIAL_COMMENTER_LEN];

    if (stmt == NULL || memcmp(commenter, none, sizeof(none)) == 0) {
        return;                         /* an unbound parameter is NULL */
    }

    rc = sqlite3_bind_blob(stmt, n, commenter, SOCIAL_COMMENTER_LEN,
                           SQLITE_STATIC);
    if (rc != SQLITE_OK) {
        social_sqlite_error(s, rc);
    }
}


int
social_sqlite_next(social_sqlite_t *s, sqlite3_stmt *stmt)
{
    int  rc;

    if (s->rc == SQLITE_OK && stmt != NULL) {
        errno = 0;
        rc = sqlite3_step(stmt);

        if (rc == SQLITE_ROW) {
            return SOCIAL_OK;
        }

        if (rc == SQLITE_DONE) {
            social_sqlite_end(stmt);
            return SOCIAL_DECLINED;
        }

        social_sqlite_error(s, rc);
    }

    social_sqlite_end(stmt);

    return SOCIAL_ERROR;
}


void
social_sqlite_end(sqlite3_stmt *stmt)
{
    if (stmt != NULL) {
        (void) sqlite3_reset(stmt);     /* returns the step's error again */
        (void) sqlite3_clear_bindings(stmt);
    }
}


int
social_sqlite_run(social_sqlite_t *s, sqlite3_stmt *stmt)
{
    int  rc;

    do {
        rc = social_sqlite_next(s, stmt);
    } while (rc == SOCIAL_OK);

    return rc == SOCIAL_DECLINED ? SOCIAL_OK : SOCIAL_ERROR;
}


int
social_sqlite_do(social_sqlite_t *s, social_sql_e sql)
{
    return social_sqlite_run(s, social_sqlite_stmt(s, sql));
}


int
social_sqlite_column(sqlite3_stmt *stmt, int column, social_str_t *text)
{
    int  null;

    null = (sqlite3_column_type(stmt, column) == SQLITE_NULL);
    text->data = sqlite3_column_text(stmt, column);
    text->len = text->data ? (size_t) sqlite3_column_bytes(stmt, column) : 0;

    return (text->data == NULL && !null) ? SOCIAL_ERROR : SOCIAL_OK;
}


char *
social_sqlite_copy_to(social_sqlite_t *s, char *room, social_str_t text)
{
    if (room == NULL) {
        social_sqlite_error(s, SQLITE_NOMEM);
        return NULL;
    }

    if (text.len) {
        memcpy(room, text.data, text.len);
    }

    room[text.len] = '\0';

    return room;
}


char *
social_sqlite_copy(social_sqlite_t *s, sqlite3_stmt *stmt, int column)
{
    int           rc;
    social_str_t  text;

    rc = social_sqlite_column(stmt, column, &text);

    return social_sqlite_copy_to(
        s, rc == SOCIAL_OK ? malloc(text.len + 1) : NULL, text);
}


int
social_sqlite_begin(social_sqlite_t *s)
{
    if (!s->writer && s->rc == SQLITE_OK) {
        s->rc = SQLITE_READONLY;
        social_store_error(&s->error, SOCIAL_STORE_AWAY, s->op,
                           "opened for reading only: \"%s\"", s->path);
    }

    return social_sqlite_do(s, SOCIAL_SQL_BEGIN_WRITE);
}


void
social_sqlite_rollback(social_sqlite_t *s)
{
    int  rc;

    /* Some errors have already rolled back.  If ROLLBACK fails for lack of
     * memory, closing will do it, and the recorded error keeps callers from
     * using the connection. */

    if (!sqlite3_get_autocommit(s->db)) {
        rc = sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);

        if (rc != SQLITE_OK) {
            social_sqlite_error(s, rc);
        }
    }
}


int
social_sqlite_commit(social_sqlite_t *s)
{
    /* the commit would go to a file that was deleted or replaced */

    if (s->rc == SQLITE_OK && social_sqlite_verify(&s->base) != SOCIAL_OK) {
        s->rc = SQLITE_READONLY_DBMOVED;
        social_store_error(&s->error, SOCIAL_STORE_AWAY, s->op,
                           "the file was deleted or replaced: \"%s\"",
                           s->path);
    }

    if (social_sqlite_do(s, SOCIAL_SQL_COMMIT) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


void
social_sqlite_checkpoint(social_sqlite_t *s)
{
    int  rc;

    s->patience = SOCIAL_SQLITE_CHECKPOINT_WAIT;

    rc = sqlite3_wal_checkpoint_v2(s->db, "main", SQLITE_CHECKPOINT_TRUNCATE,
                                   NULL, NULL);

    s->patience = SOCIAL_SQLITE_BUSY;

    s->wal_has_erased = (rc != SQLITE_OK);
}
