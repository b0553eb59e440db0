
/*
 * Writes of the moderator, and which edits of readers wait for one.  The new
 * state by old state and action.
 *
 *                approve   hold   spam, ban   delete    restore
 *   approved    .         held   spam        deleted   .
 *   held        approved  .      spam        deleted   .
 *   spam        approved  held   .           deleted   as before
 *   deleted     approved  held   spam        .         as before
 *   erased      NO_COMMENT: nothing can be restored
 *
 * "erase" wipes a comment in any state: it is deleted then, and stays so.
 *
 * Runs inside the savepoint of its write.  Pool threads only.
 */

#include "social_store_sqlite.h"


void
social_sqlite_wipe(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row)
{
    sqlite3_stmt  *stmt;

    social_sqlite_lesson_erase(s, row->id);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_WIPE);
    social_sqlite_int(s, stmt, 1, row->id);
    (void) social_sqlite_run(s, stmt);

    s->wal_has_erased = 1;
    w->wrote_state = SOCIAL_DELETED;

    if (row->state == SOCIAL_APPROVED) {
        social_sqlite_mark_changed(s, w, row->article);
    }
}


/* 1 if the statement, which is bound, finds a row */

static int
social_sqlite_has_row(social_sqlite_t *s, sqlite3_stmt *stmt)
{
    int  rc;

    rc = social_sqlite_next(s, stmt);
    if (rc == SOCIAL_OK) {
        social_sqlite_end(stmt);
    }

    return rc == SOCIAL_OK;
}


int
social_sqlite_must_hold_edit(social_sqlite_t *s, const social_write_t *w,
    const social_sqlite_row_t *row, social_str_t *reason)
{
    sqlite3_stmt  *stmt;

    static const social_str_t  banned = social_string("banned");
    static const social_str_t  only = social_string("edited after approval");

    *reason = w->reason;

    if (w->state == SOCIAL_HELD) {
        return 1;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_BANNED);
    social_sqlite_commenter(s, stmt, 1, row->commenter);

    if (social_sqlite_has_row(s, stmt)) {
        *reason = banned;
        return 1;
    }

    if (social_sqlite_judge_edit(s, w, row->id, reason)) {
        return 1;
    }

    if (!w->first) {
        return 0;
    }

    *reason = only;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_HAS_OTHER_APPROVED);
    social_sqlite_commenter(s, stmt, 1, row->commenter);
    social_sqlite_int(s, stmt, 2, row->id);

    return !social_sqlite_has_row(s, stmt);
}


static void
social_sqlite_moderate_done(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row)
{
    sqlite3_stmt  *stmt;

    if (row->erased) {
        w->status = SOCIAL_NO_COMMENT;
        return;
    }

    social_sqlite_lesson_learn(s, row->id, SOCIAL_ACT_DONE, row->state);

    if (row->done) {
        w->status = SOCIAL_WROTE_NOTHING;
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_DONE);
    social_sqlite_int(s, stmt, 1, row->id);
    social_sqlite_int(s, stmt, 2, w->now);
    (void) social_sqlite_run(s, stmt);

    w->status = SOCIAL_WROTE;
}


/* 1 if it changed the list of bans */

static int
social_sqlite_moderate_ban(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row)
{
    sqlite3_stmt  *stmt;

    if (w->action == SOCIAL_ACT_BAN) {

        if (!row->has_commenter || row->role != SOCIAL_READER) {
            return 0;
        }

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BAN_ADD);
        social_sqlite_commenter(s, stmt, 1, row->commenter);
        social_sqlite_int(s, stmt, 2, row->id);
        social_sqlite_int(s, stmt, 3, w->now);

    } else if (w->action == SOCIAL_ACT_APPROVE
               || w->action == SOCIAL_ACT_RESTORE)
    {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BAN_LIFT);
        social_sqlite_int(s, stmt, 1, row->id);

    } else {
        return 0;
    }

    return social_sqlite_run(s, stmt) == SOCIAL_OK
           && sqlite3_changes(s->db) != 0;
}


/* 0: there is no such action */

static int
social_sqlite_moderate_target(social_act_e action,
    const social_sqlite_row_t *row)
{
    switch (action) {

    case SOCIAL_ACT_APPROVE:
        return SOCIAL_APPROVED;

    case SOCIAL_ACT_HOLD:
        return SOCIAL_HELD;

    case SOCIAL_ACT_SPAM:
    case SOCIAL_ACT_BAN:
        return SOCIAL_SPAM;

    case SOCIAL_ACT_DELETE:
    case SOCIAL_ACT_ERASE:
        return SOCIAL_DELETED;

    case SOCIAL_ACT_RESTORE:
        return (row->state == SOCIAL_SPAM || row->state == SOCIAL_DELETED)
               ? row->before : row->state;

    default:
        return 0;
    }
}


static void
social_sqlite_moderate_state(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row, int to)
{
    int                         before;
    sqlite3_stmt               *stmt;
    static const social_str_t   none = { 0, NULL };

    before = (to == SOCIAL_APPROVED || to == SOCIAL_HELD) ? to : row->before;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_STATE);
    social_sqlite_int(s, stmt, 1, row->id);
    social_sqlite_int(s, stmt, 2, to);
    social_sqlite_int(s, stmt, 3, before);
    social_sqlite_text(s, stmt, 4, to == SOCIAL_HELD ? w->reason : none);
    social_sqlite_int(s, stmt, 5, to == SOCIAL_APPROVED ? 0 : row->reports);
    social_sqlite_int(s, stmt, 6, w->now);
    (void) social_sqlite_run(s, stmt);
}


static void
social_sqlite_moderate(social_sqlite_t *s, social_write_t *w)
{
    int                  to, settled, banned;
    social_sqlite_row_t  row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_sqlite_find_comment(s, w->id, w, &row) != SOCIAL_OK) {
        return;
    }

    if (w->action == SOCIAL_ACT_DONE) {
        social_sqlite_moderate_done(s, w, &row);
        return;
    }

    if (w->action == SOCIAL_ACT_ERASE && !row.erased) {
        social_sqlite_wipe(s, w, &row);
        w->status = SOCIAL_WROTE;
        return;
    }

    if (w->action == SOCIAL_ACT_APPROVE && !row.erased
        && social_sqlite_is_changed(w, &row))
    {
        w->status = SOCIAL_CHANGED;
        return;
    }

    to = social_sqlite_moderate_target(w->action, &row);

    if (to == 0 || (row.erased && w->action != SOCIAL_ACT_DELETE)) {
        return;
    }

    banned = social_sqlite_moderate_ban(s, w, &row);
    social_sqlite_lesson_learn(s, row.id, w->action, row.state);
    settled = (w->action == SOCIAL_ACT_APPROVE && row.reports > 0);

    w->status = (to != row.state || banned || settled) ? SOCIAL_WROTE
                                                       : SOCIAL_WROTE_NOTHING;

    if (to == row.state && !settled) {
        return;
    }

    social_sqlite_moderate_state(s, w, &row, to);
    w->wrote_state = to;

    if (to != row.state
        && (to == SOCIAL_APPROVED || row.state == SOCIAL_APPROVED))
    {
        social_sqlite_mark_changed(s, w, row.article);
    }
}


void
social_sqlite_write_moderate(social_sqlite_t *s, social_write_t *w)
{
    social_sqlite_moderate(s, w);

    if (w->status == SOCIAL_WROTE) {
        social_sqlite_tally_action(s, w, NULL);
    }
}


void
social_sqlite_write_signout(social_sqlite_t *s, social_write_t *w)
{
    sqlite3_stmt  *stmt;

    social_sqlite_raise(s, "signout");

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SETTING_GET);
    social_sqlite_string(s, stmt, 1, "signout");

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        w->revision = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
        w->status = SOCIAL_WROTE;
    }
}
