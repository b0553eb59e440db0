
/*
 * Writes of the moderator, and which edits of readers wait for one.  What an
 * action makes of a comment: social_store_rules.c.
 *
 * Runs inside the savepoint of its write.  Pool threads only.
 */

#include "social_store_sqlite.h"
#include "social_store_sqlite_judge.h"


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


/* 1 if it changed the list of bans */

int
social_sqlite_ban(social_sqlite_t *s, const social_write_t *w,
    const social_sqlite_row_t *row, int ban)
{
    int            n;
    sqlite3_stmt  *stmt;

    if (ban == SOCIAL_RULE_BAN_LIFTED) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BAN_LIFT);
        social_sqlite_int(s, stmt, 1, row->id);
        (void) social_sqlite_run(s, stmt);
        n = sqlite3_changes(s->db);

        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BAN_DAY_LIFT);
        social_sqlite_int(s, stmt, 1, row->id);
        (void) social_sqlite_run(s, stmt);

        return n + sqlite3_changes(s->db) > 0;
    }

    if (ban != SOCIAL_RULE_BAN_ADDED || !row->has_commenter
        || row->role != SOCIAL_READER)
    {
        return 0;
    }

    /* until midnight, who took another cookie or another name, too */

    if (row->visitor) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BAN_DAY_ADD);
        social_sqlite_int(s, stmt, 1, row->visitor);
        social_sqlite_int(s, stmt, 2, row->id);
        social_sqlite_int(s, stmt, 3, w->now);
        (void) social_sqlite_run(s, stmt);
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_BAN_ADD);
    social_sqlite_commenter(s, stmt, 1, row->commenter);
    social_sqlite_int(s, stmt, 2, row->id);
    social_sqlite_int(s, stmt, 3, w->now);
    (void) social_sqlite_run(s, stmt);

    return sqlite3_changes(s->db) != 0;
}


static void
social_sqlite_moderate_erase(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row, const char *action)
{
    social_sqlite_act_comment(s, w, action, row->id, SOCIAL_DELETED, row->done,
                              SOCIAL_RULE_BAN_NONE, 0);
    social_sqlite_wipe(s, w, row);
    w->status = SOCIAL_WROTE;
}


static void
social_sqlite_moderate(social_sqlite_t *s, social_write_t *w,
    const char *action)
{
    int                    ban;
    social_sqlite_row_t    row;
    social_sqlite_state_t  to;

    w->status = SOCIAL_NO_COMMENT;

    if (social_sqlite_find_comment(s, w->id, w, &row) != SOCIAL_OK) {
        return;
    }

    if (w->action == SOCIAL_ACT_ERASE) {
        if (!row.erased) {
            social_sqlite_moderate_erase(s, w, &row, action);
        }

        return;
    }

    w->status = social_rule_moderate(w, &row, &to);

    if (w->status != SOCIAL_WROTE && w->status != SOCIAL_WROTE_NOTHING) {
        return;
    }

    ban = social_rule_ban(w->action);

    if (!social_sqlite_ban(s, w, &row, ban)) {
        ban = SOCIAL_RULE_BAN_NONE;
    }

    if (w->status == SOCIAL_WROTE || ban != SOCIAL_RULE_BAN_NONE) {

        /* keeps what the comment taught, for an undo: before that changes */

        social_sqlite_act_comment(s, w, action, row.id, to.state, to.done, ban,
                                  0);
    }

    social_sqlite_lesson_learn(s, row.id, w->action, row.state);

    if (w->status == SOCIAL_WROTE) {
        social_sqlite_set_state(s, w, &row, &to);
        w->wrote_state = to.state;

    } else if (ban != SOCIAL_RULE_BAN_NONE) {
        w->status = SOCIAL_WROTE;
    }
}


void
social_sqlite_write_moderate(social_sqlite_t *s, social_write_t *w)
{
    if (w->action == SOCIAL_ACT_UNDO) {
        social_sqlite_undo(s, w);

    } else {
        social_sqlite_moderate(s, w, social_rule_action_name(w->action));
    }

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

    (void) social_sqlite_act(s, w, "signout");
}


void
social_sqlite_write_look(social_sqlite_t *s, social_write_t *w)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_LOOK_PUT);
    social_sqlite_text(s, stmt, 1, w->who);
    social_sqlite_int(s, stmt, 2, w->id);
    social_sqlite_int(s, stmt, 3, w->revision);
    social_sqlite_int(s, stmt, 4, w->now);
    (void) social_sqlite_run(s, stmt);

    w->status = SOCIAL_WROTE;
}
