
/*
 * Everything as lines of JSON, a bounded part of it in one read.  SQLite prints
 * the lines, so that one at a time is in memory.
 *
 * `next` is where a part begins: "" the header, "a" and "c" the articles and
 * comments behind a number.  Pool threads only.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "social_store_sqlite.h"


typedef struct {
    social_store_line_pt   handler;
    void                  *data;
    size_t                 bytes, max;
} social_sqlite_export_t;


static void
social_sqlite_export_line(social_sqlite_t *s, social_sqlite_export_t *e,
    sqlite3_stmt *stmt, int column)
{
    int          len;
    const char  *text;

    text = (const char *) sqlite3_column_text(stmt, column);
    len = sqlite3_column_bytes(stmt, column);

    if (text == NULL) {
        if (sqlite3_column_type(stmt, column) != SQLITE_NULL) {
            social_sqlite_error(s, SQLITE_NOMEM);
        }

        return;
    }

    e->handler(e->data, text, (size_t) len);
    e->handler(e->data, "\n", 1);
    e->bytes += (size_t) len + 1;
}


/* lines behind *id, which becomes that of the last one; 1: there may be more */

static int
social_sqlite_export_lines(social_sqlite_t *s, social_sqlite_export_t *e,
    social_sql_e sql, int64_t *id)
{
    int            i;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_int(s, stmt, 1, *id);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {

        for (i = 1; i < sqlite3_column_count(stmt); i++) {
            social_sqlite_export_line(s, e, stmt, i);
        }

        *id = sqlite3_column_int64(stmt, 0);

        if (e->bytes >= e->max) {
            social_sqlite_end(stmt);
            return 1;
        }
    }

    social_sqlite_end(stmt);

    return 0;
}


int
social_sqlite_export(social_store_t *store, char *next, size_t bytes,
    social_store_line_pt handler, void *data, social_store_error_t *err)
{
    char                     kind;
    int64_t                  id;
    social_sqlite_t         *s = (social_sqlite_t *) store;
    social_sqlite_export_t   e = { handler, data, 0, bytes };

    kind = next[0];
    id = kind ? strtoll(next + 1, NULL, 10) : 0;

    social_sqlite_start(s, "export");
    (void) social_sqlite_do(s, SOCIAL_SQL_BEGIN_READ);

    if (kind == '\0') {
        id = (int64_t) time(NULL);
        (void) social_sqlite_export_lines(s, &e, SOCIAL_SQL_EXPORT_HEAD, &id);
        id = 0;
        kind = 'a';
    }

    if (kind == 'a'
        && !social_sqlite_export_lines(s, &e, SOCIAL_SQL_EXPORT_ARTICLE, &id))
    {
        id = 0;
        kind = 'c';
    }

    next[0] = '\0';

    if (kind == 'a'
        || social_sqlite_export_lines(s, &e, SOCIAL_SQL_EXPORT_COMMENT, &id))
    {
        snprintf(next, SOCIAL_STORE_NEXT, "%c%lld", kind, (long long) id);
    }

    social_sqlite_rollback(s);

    return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
}
