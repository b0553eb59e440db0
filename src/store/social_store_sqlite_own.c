
/*
 * What commenters do to comments that are there: edits and deletions of their
 * own, reports about others.
 *
 * Each runs inside the savepoint of its write and sets w->status; the
 * connection has the errors of the database.  Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"
#include "social_store_sqlite_judge.h"


/*
 * After a reader's edit: an approved comment that needs moderation is held
 * again, and spam is held when it is restored, because nobody has approved this
 * text.
 */

static void
social_sqlite_hold_edit(social_sqlite_t *s, social_write_t *w,
    const social_sqlite_row_t *row)
{
    social_str_t            reason;
    social_sqlite_state_t   to;

    static const social_str_t  edited = social_string("edited");

    if (row->state == SOCIAL_SPAM) {
        reason = w->reason.len ? w->reason : edited;

    } else if (row->state != SOCIAL_APPROVED
               || !social_sqlite_must_hold_edit(s, w, row, &reason))
    {
        return;
    }

    to = social_rule_state_of(row);
    to.state = (row->state == SOCIAL_SPAM) ? SOCIAL_SPAM : SOCIAL_HELD;
    to.before = SOCIAL_HELD;
    to.moderated = 0;
    to.reason = reason;

    social_sqlite_set_state(s, w, row, &to);
    w->wrote_state = to.state;

    if (row->state == SOCIAL_APPROVED) {
        social_sqlite_notice_add(s, w, SOCIAL_NOTICE_HELD, row->id);
    }
}


/* 1: something changed; the filter forgets what the old text taught */

static int
social_sqlite_edit(social_sqlite_t *s, const social_write_t *w, int64_t id)
{
    int                      known;
    sqlite3_stmt            *stmt;
    social_sqlite_lesson_t   lesson;

    known = (social_sqlite_lesson_read(s, id, &lesson) == SOCIAL_OK);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_EDIT);
    social_sqlite_int(s, stmt, 1, id);
    social_sqlite_text(s, stmt, 2, w->name);
    social_sqlite_text(s, stmt, 3, w->website);
    social_sqlite_text(s, stmt, 4, w->text);
    social_sqlite_int(s, stmt, 5, w->now);
    social_sqlite_int(s, stmt, 6, !w->author);
    social_sqlite_int(s, stmt, 7, w->format);
    social_sqlite_int(s, stmt, 8, social_sqlite_same(s, w->text));

    if (social_sqlite_run(s, stmt) != SOCIAL_OK
        || sqlite3_changes(s->db) == 0)
    {
        return 0;
    }

    if (known) {
        social_sqlite_lesson_forget(s, &lesson);
    }

    if (known && lesson.state == SOCIAL_HELD) {
        social_sqlite_rejudge(s, w, &lesson);
    }

    return 1;
}


void
social_sqlite_write_edit(social_sqlite_t *s, social_write_t *w)
{
    social_sqlite_row_t  row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_sqlite_find_comment(s, w->id, w, &row) != SOCIAL_OK
        || row.state == SOCIAL_DELETED)
    {
        return;
    }

    if (!w->author) {
        w->status = social_rule_may_change(w, &row);

    } else {
        w->status = social_sqlite_is_changed(w, &row) ? SOCIAL_CHANGED
                                                      : SOCIAL_WROTE;
    }

    if (w->status != SOCIAL_WROTE) {
        return;
    }

    if (!social_sqlite_edit(s, w, row.id)) {
        w->status = SOCIAL_WROTE_NOTHING;
        return;
    }

    s->wal_has_erased = 1;
    social_sqlite_raise(s, "revision");

    if (!w->author) {
        social_sqlite_hold_edit(s, w, &row);

    } else {
        social_sqlite_act_comment(s, w, "edit", row.id, row.state, row.done,
                                  SOCIAL_RULE_BAN_NONE, 0);
        social_sqlite_tally_action(s, w, "edit");
    }

    if (row.state == SOCIAL_APPROVED) {
        social_sqlite_mark_changed(s, w, row.article);
    }
}


void
social_sqlite_write_delete(social_sqlite_t *s, social_write_t *w)
{
    social_sqlite_row_t  row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_sqlite_find_comment(s, w->id, w, &row) != SOCIAL_OK) {
        return;
    }

    w->status = social_rule_may_change(w, &row);
    if (w->status != SOCIAL_WROTE) {
        return;
    }

    social_sqlite_wipe(s, w, &row);
}


void
social_sqlite_write_report(social_sqlite_t *s, social_write_t *w)
{
    sqlite3_stmt         *stmt;
    social_sqlite_row_t   row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_sqlite_find_comment(s, w->id, w, &row) != SOCIAL_OK
        || row.state != SOCIAL_APPROVED)
    {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_COMMENT_REPORT);
    social_sqlite_int(s, stmt, 1, row.id);
    (void) social_sqlite_run(s, stmt);

    /* not for each of a hundred reports; approving it clears them */

    if (row.reports == 0) {
        social_sqlite_notice_add(s, w, SOCIAL_NOTICE_REPORT, row.id);
    }

    w->status = SOCIAL_WROTE;
}


static void
social_sqlite_erase_run(social_sqlite_t *s, social_write_t *w,
    social_sql_e sql)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_commenter(s, stmt, 1, w->commenter);

    if (sql == SOCIAL_SQL_ERASE_TOUCH) {
        social_sqlite_int(s, stmt, 2, w->now);
    }

    (void) social_sqlite_run(s, stmt);
}


void
social_sqlite_write_erase(social_sqlite_t *s, social_write_t *w)
{
    int            len;
    const void    *key;
    sqlite3_stmt  *stmt;

    w->status = SOCIAL_WROTE_NOTHING;

    social_sqlite_forget_feed(s, w->commenter);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_ERASE_KEY);
    social_sqlite_commenter(s, stmt, 1, w->commenter);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return;
    }

    key = sqlite3_column_text(stmt, 0);
    len = sqlite3_column_bytes(stmt, 0);

    if (key != NULL && len <= SOCIAL_KEY_MAX) {
        memcpy(w->wrote_key, key, (size_t) len);
        w->wrote_key[len] = '\0';
    }

    social_sqlite_end(stmt);

    w->since = social_sqlite_number(s, "change");
    social_sqlite_erase_run(s, w, SOCIAL_SQL_ERASE_TOUCH);
    w->visible = (sqlite3_changes(s->db) != 0);

    social_sqlite_lesson_erase_of(s, w->commenter);
    social_sqlite_erase_run(s, w, SOCIAL_SQL_ERASE_WIPE);

    /* a ban stays: otherwise it would be lifted by the banned */

    s->wal_has_erased = 1;
    w->wrote_state = SOCIAL_DELETED;
    w->status = SOCIAL_WROTE;
}
