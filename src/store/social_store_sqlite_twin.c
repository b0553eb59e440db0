
/*
 * A comment that is sent twice: a double click, a retry after the answer was
 * lost.  The second one is answered with the first.
 *
 * Runs inside the savepoint of a write, so it also sees comments of the same
 * batch; the connection has the errors of the database.  Pool threads only.
 */

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_TWIN  600     /* seconds */


static sqlite3_stmt *
social_sqlite_twin_stmt(social_sqlite_t *s, const social_write_t *w)
{
    sqlite3_stmt  *stmt;

    if (w->author) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_TWIN_AUTHOR);
        social_sqlite_text(s, stmt, 1, w->name);
        return stmt;
    }

    if (w->returning) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_TWIN_KNOWN);
        social_sqlite_commenter(s, stmt, 1, w->commenter);
        return stmt;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TWIN_WEAK);
    social_sqlite_int(s, stmt, 1, (int64_t) w->weak);

    return stmt;
}


/*
 * A browser that sends a comment twice without a cookie gets a new cookie for
 * each, and may have lost the first cookie with the first answer.  So a held
 * comment then belongs to the new cookie: only its writer knows its text.  An
 * approved comment stays with the first cookie: others have read it, and a
 * neighbour with the same browser could take it over.
 */

static void
social_sqlite_twin_owner(social_sqlite_t *s, const social_write_t *w)
{
    sqlite3_stmt  *stmt;

    if (w->author || w->returning || w->wrote_state != SOCIAL_HELD) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_TWIN_OWNER);
    social_sqlite_int(s, stmt, 1, w->wrote_id);
    social_sqlite_commenter(s, stmt, 2, w->commenter);
    (void) social_sqlite_run(s, stmt);
}


int
social_sqlite_twin(social_sqlite_t *s, social_write_t *w, int64_t article)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_twin_stmt(s, w);
    social_sqlite_int(s, stmt, 2, article);

    if (w->parent) {
        social_sqlite_int(s, stmt, 3, w->parent);
    }

    social_sqlite_text(s, stmt, 4, w->text);
    social_sqlite_int(s, stmt, 5, w->now - SOCIAL_SQLITE_TWIN);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return 0;
    }

    w->wrote_id = sqlite3_column_int64(stmt, 0);
    w->wrote_state = sqlite3_column_int(stmt, 1);
    w->repeated = 1;

    social_sqlite_end(stmt);
    social_sqlite_twin_owner(s, w);

    return 1;
}
