
/*
 * Taking an action of the log back: the comment gets the state that it had
 * before, if it still has the one that the action gave it and its text is the
 * one that was there.  That is an action of its own, which can be taken back,
 * too.
 *
 * Runs inside the savepoint of its write.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"
#include "social_store_sqlite_judge.h"


typedef struct {
    social_sqlite_state_t   to;
    int                     state, done;    /* that the action gave it */
    int                     ban;
    int                     taught, taught_before;  /* the filter, before */
    int64_t                 revision;
    char                   *reason;
} social_sqlite_undo_t;


/* DECLINED: the action is not in the log, did nothing to this comment, or was
 * taken back */

static int
social_sqlite_undo_find(social_sqlite_t *s, const social_write_t *w,
    social_sqlite_undo_t *undo)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ACT_COMMENT_FIND);
    social_sqlite_int(s, stmt, 1, w->undoes);
    social_sqlite_int(s, stmt, 2, w->id);

    rc = social_sqlite_next(s, stmt);
    if (rc != SOCIAL_OK) {
        return rc;
    }

    undo->to.state = sqlite3_column_int(stmt, 0);
    undo->to.before = sqlite3_column_int(stmt, 1);
    undo->to.done = sqlite3_column_int(stmt, 2);
    undo->to.reports = sqlite3_column_int(stmt, 3);
    undo->to.moderated = sqlite3_column_int64(stmt, 4);
    undo->reason = social_sqlite_copy(s, stmt, 5);
    undo->to.reason.data = (unsigned char *) undo->reason;
    undo->to.reason.len = undo->reason ? strlen(undo->reason) : 0;
    undo->state = sqlite3_column_int(stmt, 6);
    undo->done = sqlite3_column_int(stmt, 7);
    undo->ban = sqlite3_column_int(stmt, 8);
    undo->revision = sqlite3_column_int64(stmt, 9);
    undo->taught = sqlite3_column_int(stmt, 11);
    undo->taught_before = sqlite3_column_int(stmt, 12);

    /* the first comment of a request marks it: see leader */

    if (sqlite3_column_int64(stmt, 10) != 0
        && sqlite3_column_int64(stmt, 10)
           != (w->leader ? w->leader : w)->wrote_act)
    {
        rc = SOCIAL_DECLINED;
    }

    social_sqlite_end(stmt);

    return rc;
}


static void
social_sqlite_undo_run(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row, social_sqlite_undo_t *undo)
{
    int  ban;

    ban = undo->ban == SOCIAL_RULE_BAN_ADDED ? SOCIAL_RULE_BAN_LIFTED
          : undo->ban == SOCIAL_RULE_BAN_LIFTED ? SOCIAL_RULE_BAN_ADDED
                                                  : SOCIAL_RULE_BAN_NONE;

    (void) social_sqlite_ban(s, w, row, ban);

    /* readers may have reported it since */

    if (undo->to.reports < row->reports) {
        undo->to.reports = row->reports;
    }

    social_sqlite_act_comment(s, w, "undo", row->id, undo->to.state,
                              undo->to.done, ban, 0);
    social_sqlite_lesson_restore(s, row->id, undo->taught,
                                 undo->taught_before);
    social_sqlite_set_state(s, w, row, &undo->to);
    social_sqlite_act_undone(s, w, w->wrote_act);

    w->wrote_state = undo->to.state;
    w->status = SOCIAL_WROTE;
}


void
social_sqlite_undo(social_sqlite_t *s, social_write_t *w)
{
    social_sqlite_row_t   row;
    social_sqlite_undo_t  undo;

    w->status = SOCIAL_NO_COMMENT;

    if (w->who.len == 0
        || social_sqlite_find_comment(s, w->id, w, &row) != SOCIAL_OK
        || row.erased)
    {
        return;
    }

    w->status = SOCIAL_CHANGED;
    undo.reason = NULL;

    if (social_sqlite_undo_find(s, w, &undo) == SOCIAL_OK
        && row.state == undo.state && row.done == undo.done
        && row.rewritten <= undo.revision)
    {
        social_sqlite_undo_run(s, w, &row, &undo);
    }

    free(undo.reason);
}
