
/*
 * What commenters do to comments that are there: edits and deletions of their
 * own, erasing all of them, reports about others.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <string.h>

#include "social_store_postgres_write.h"


/* 1: a reader's edit of an approved comment is held; reason says why */

static int
social_pg_must_hold_edit(social_pg_t *s, const social_write_t *w,
    const social_rule_row_t *row, social_str_t *reason)
{
    static const social_str_t  banned = social_string("banned");
    static const social_str_t  only = social_string("edited after approval");

    *reason = w->reason;

    if (w->state == SOCIAL_HELD) {
        return 1;
    }

    if (social_pg_number(s, SOCIAL_PG_SQL_BANNED, "c", row->commenter)) {
        *reason = banned;
        return 1;
    }

    if (social_pg_judge_edit(s, w, row->id, reason)) {
        return 1;
    }

    if (!w->first) {
        return 0;
    }

    *reason = only;

    return social_pg_number(s, SOCIAL_PG_SQL_HAS_OTHER_APPROVED, "ci",
                            row->commenter, row->id) == 0;
}


/*
 * After a reader's edit: an approved comment that needs moderation is held
 * again, and spam is held when it is restored, because nobody has approved this
 * text.
 */

static void
social_pg_hold_edit(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *row)
{
    social_str_t         reason;
    social_rule_state_t  to;

    static const social_str_t  edited = social_string("edited");

    if (row->state == SOCIAL_SPAM) {
        reason = w->reason.len ? w->reason : edited;

    } else if (row->state != SOCIAL_APPROVED
               || !social_pg_must_hold_edit(s, w, row, &reason))
    {
        return;
    }

    to = social_rule_state_of(row);
    to.state = (row->state == SOCIAL_SPAM) ? SOCIAL_SPAM : SOCIAL_HELD;
    to.before = SOCIAL_HELD;
    to.moderated = 0;
    to.reason = reason;

    social_pg_set_state(s, w, row, &to);
    w->wrote_state = to.state;

    if (row->state == SOCIAL_APPROVED) {
        social_pg_notice_add(s, w, SOCIAL_NOTICE_HELD, row->id);
    }
}


/* 1: something changed; the filter forgets what the old text taught */

static int
social_pg_edit(social_pg_t *s, const social_write_t *w, int64_t id)
{
    int                  known, changed;
    PGresult            *result;
    social_pg_lesson_t   lesson;

    known = (social_pg_lesson_read(s, id, &lesson) == SOCIAL_OK);

    result = social_pg_ask(s, SOCIAL_PG_SQL_COMMENT_EDIT, "itttiiii", id,
                           w->name, w->website, w->text, w->now,
                           (int64_t) !w->author, (int64_t) w->format,
                           social_pg_same(s, w->text));
    changed = (result && social_pg_affected(result) != 0);
    PQclear(result);

    if (!changed) {
        return 0;
    }

    social_pg_run(s, SOCIAL_PG_SQL_ACT_REWORD, "i", id);

    if (known) {
        social_pg_lesson_forget(s, &lesson);
    }

    if (known && lesson.state == SOCIAL_HELD) {
        social_pg_rejudge(s, w, &lesson);
    }

    return 1;
}


void
social_pg_write_edit(social_pg_t *s, social_write_t *w)
{
    social_rule_row_t  row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_pg_find(s, w->id, w, &row) != SOCIAL_OK
        || row.state == SOCIAL_DELETED)
    {
        return;
    }

    if (!w->author) {
        w->status = social_rule_may_change(w, &row);

    } else {
        w->status = social_rule_is_changed(w, &row) ? SOCIAL_CHANGED
                                                    : SOCIAL_WROTE;
    }

    if (w->status != SOCIAL_WROTE) {
        return;
    }

    if (!social_pg_edit(s, w, row.id)) {
        w->status = SOCIAL_WROTE_NOTHING;
        return;
    }

    s->unerased = 1;
    social_pg_run(s, SOCIAL_PG_SQL_SETTING_RAISE, "si", "revision",
                  (int64_t) 1);

    if (!w->author) {
        social_pg_hold_edit(s, w, &row);

    } else {
        social_pg_act_comment(s, w, "edit", row.id, row.state, row.done,
                              SOCIAL_RULE_BAN_NONE, 0);
        social_pg_tally_action(s, w, "edit");
    }

    if (row.state == SOCIAL_APPROVED) {
        social_pg_touch(s, w, row.article, 0, w->now);
    }
}


void
social_pg_write_delete(social_pg_t *s, social_write_t *w)
{
    social_rule_row_t  row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_pg_find(s, w->id, w, &row) != SOCIAL_OK) {
        return;
    }

    w->status = social_rule_may_change(w, &row);

    if (w->status == SOCIAL_WROTE) {
        social_pg_wipe(s, w, &row);
    }
}


void
social_pg_write_report(social_pg_t *s, social_write_t *w)
{
    social_rule_row_t  row;

    w->status = SOCIAL_NO_COMMENT;

    if (social_pg_find(s, w->id, w, &row) != SOCIAL_OK
        || row.state != SOCIAL_APPROVED)
    {
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_COMMENT_REPORT, "i", row.id);

    /* not for each of a hundred reports; approving it clears them */

    if (row.reports == 0) {
        social_pg_notice_add(s, w, SOCIAL_NOTICE_REPORT, row.id);
    }

    w->status = SOCIAL_WROTE;
}


/* a ban stays: otherwise it would be lifted by the banned */

void
social_pg_write_erase(social_pg_t *s, social_write_t *w)
{
    int        i;
    PGresult  *result;

    w->status = SOCIAL_WROTE_NOTHING;

    social_pg_run(s, SOCIAL_PG_SQL_FEED_FORGET, "c", w->commenter);
    result = social_pg_ask(s, SOCIAL_PG_SQL_ERASE_KEY, "c", w->commenter);

    if (PQntuples(result) != 1) {
        PQclear(result);
        return;
    }

    social_pg_key(result, 0, 0, w->wrote_key);
    PQclear(result);

    w->since = social_pg_number(s, SOCIAL_PG_SQL_SETTING_GET, "s", "change");
    result = social_pg_ask(s, SOCIAL_PG_SQL_ERASE_ARTICLES, "c", w->commenter);

    for (i = 0; i < PQntuples(result); i++) {
        social_pg_touch(s, w, social_pg_int(result, i, 0), SOCIAL_PG_RECOUNT,
                        w->now);
    }

    PQclear(result);

    social_pg_lesson_erase_of(s, w->commenter);
    social_pg_run(s, SOCIAL_PG_SQL_ERASE_ACTS, "c", w->commenter);
    social_pg_run(s, SOCIAL_PG_SQL_ERASE_WIPE, "c", w->commenter);

    s->unerased = 1;
    w->wrote_state = SOCIAL_DELETED;
    w->status = SOCIAL_WROTE;
}
