
/*
 * The state of a comment.  Whoever changes it, a moderator, the reply of an
 * author, an edit, an undo: it changes here, in the transaction of the write,
 * so that what depends on states is kept in one place.  (What is wiped is gone:
 * social_sqlite_wipe() and the statements that erase.)
 *
 * Runs inside the savepoint of its write.  Pool threads only.
 */

#include "social_store_sqlite.h"


int
social_sqlite_has_row(social_sqlite_t *s, sqlite3_stmt *stmt)
{
    int  rc;

    rc = social_sqlite_next(s, stmt);
    if (rc == SOCIAL_OK) {
        social_sqlite_end(stmt);
    }

    return rc == SOCIAL_OK;
}


void
social_sqlite_set_state(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row, const social_sqlite_state_t *to)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_STATE);
    social_sqlite_int(s, stmt, 1, row->id);
    social_sqlite_int(s, stmt, 2, to->state);
    social_sqlite_int(s, stmt, 3, to->before);
    social_sqlite_text(s, stmt, 4, to->reason);
    social_sqlite_int(s, stmt, 5, to->reports);
    social_sqlite_int(s, stmt, 6, to->moderated);
    social_sqlite_int(s, stmt, 7, to->done);
    (void) social_sqlite_run(s, stmt);

    if (to->state != row->state
        && (to->state == SOCIAL_APPROVED || row->state == SOCIAL_APPROVED))
    {
        social_sqlite_mark_changed(s, w, row->article);
    }
}
