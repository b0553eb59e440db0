
/*
 * Writes of the moderator: the new state by old state and action.
 *
 *                approve   hold   spam, ban   delete    restore
 *   approved    .         held   spam        deleted   .
 *   held        approved  .      spam        deleted   .
 *   spam        approved  held   .           deleted   as before
 *   deleted     approved  held   spam        .         as before
 *   erased      NO_COMMENT: nothing can be restored
 *
 * Runs inside the savepoint of its write.  Pool threads only.
 */

#include "social_store_sqlite.h"


static void
social_sqlite_moderate_done(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row)
{
    sqlite3_stmt  *stmt;

    if (row->erased) {
        w->status = SOCIAL_NO_COMMENT;
        return;
    }

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


void
social_sqlite_write_moderate(social_sqlite_t *s, social_write_t *w)
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

    to = social_sqlite_moderate_target(w->action, &row);

    if (to == 0 || (row.erased && to != SOCIAL_DELETED)) {
        return;
    }

    banned = social_sqlite_moderate_ban(s, w, &row);
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
