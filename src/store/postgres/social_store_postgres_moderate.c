
/*
 * Writes of the moderator.  What an action makes of a comment, and which bans
 * it gives: social_store_rules.c.
 *
 * In a transaction under the site's lock.  Pool threads only.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_write.h"


/* the number of rows that a statement with one number changed */

static int64_t
social_pg_drop(social_pg_t *s, social_pg_sql_e sql, int64_t id)
{
    int64_t    n;
    PGresult  *result;

    result = social_pg_ask(s, sql, "i", id);
    n = result ? social_pg_affected(result) : 0;
    PQclear(result);

    return n;
}


/* bans and lifts bans of a comment's writer; 1 if that changed the list of
 * bans */

static int
social_pg_ban(social_pg_t *s, const social_write_t *w,
    const social_rule_row_t *row, int ban)
{
    int64_t    n;
    PGresult  *result;

    if (ban == SOCIAL_RULE_BAN_LIFTED) {
        n = social_pg_drop(s, SOCIAL_PG_SQL_BAN_LIFT, row->id);
        n += social_pg_drop(s, SOCIAL_PG_SQL_BAN_DAY_LIFT, row->id);

        return n > 0;
    }

    if (ban != SOCIAL_RULE_BAN_ADDED || !row->has_commenter
        || row->role != SOCIAL_READER)
    {
        return 0;
    }

    /* until midnight, who took another cookie or another name, too */

    if (row->visitor) {
        social_pg_run(s, SOCIAL_PG_SQL_BAN_DAY_ADD, "iii", row->visitor,
                      row->id, w->now);
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_BAN_ADD, "cii", row->commenter,
                           row->id, w->now);
    n = result ? social_pg_affected(result) : 0;
    PQclear(result);

    return n != 0;
}


static void
social_pg_moderate_erase(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *row, const char *action)
{
    social_pg_act_comment(s, w, action, row->id, SOCIAL_DELETED, row->done,
                          SOCIAL_RULE_BAN_NONE, 0);
    social_pg_wipe(s, w, row);
    w->status = SOCIAL_WROTE;
}


static void
social_pg_moderate(social_pg_t *s, social_write_t *w, const char *action)
{
    int                  ban;
    social_rule_row_t    row;
    social_rule_state_t  to;

    w->status = SOCIAL_NO_COMMENT;

    if (social_pg_find(s, w->id, w, &row) != SOCIAL_OK) {
        return;
    }

    if (w->action == SOCIAL_ACT_ERASE) {
        if (!row.erased) {
            social_pg_moderate_erase(s, w, &row, action);
        }

        return;
    }

    w->status = social_rule_moderate(w, &row, &to);

    if (w->status != SOCIAL_WROTE && w->status != SOCIAL_WROTE_NOTHING) {
        return;
    }

    ban = social_rule_ban(w->action);

    if (!social_pg_ban(s, w, &row, ban)) {
        ban = SOCIAL_RULE_BAN_NONE;
    }

    if (w->status == SOCIAL_WROTE || ban != SOCIAL_RULE_BAN_NONE) {

        /* keeps what the comment taught, for an undo: before that changes */

        social_pg_act_comment(s, w, action, row.id, to.state, to.done, ban, 0);
    }

    social_pg_lesson_learn(s, row.id, w->action, row.state);

    if (w->status == SOCIAL_WROTE) {
        social_pg_set_state(s, w, &row, &to);
        w->wrote_state = to.state;

    } else if (ban != SOCIAL_RULE_BAN_NONE) {
        w->status = SOCIAL_WROTE;
    }
}


void
social_pg_write_signout(social_pg_t *s, social_write_t *w)
{
    w->revision = social_pg_number(s, SOCIAL_PG_SQL_SETTING_RAISE, "si",
                                   "signout", (int64_t) 1);
    w->status = SOCIAL_WROTE;

    (void) social_pg_act(s, w, "signout");
}


void
social_pg_write_look(social_pg_t *s, social_write_t *w)
{
    social_pg_run(s, SOCIAL_PG_SQL_LOOK_PUT, "tiii", w->who, w->id,
                  w->revision, w->now);
    w->status = SOCIAL_WROTE;
}


/* an action that is taken back; see social_store_sqlite_undo.c */

typedef struct {
    social_rule_state_t   to;
    int                   state, done;      /* that the action gave it */
    int                   ban;
    int                   taught, taught_before;    /* the filter, before */
    int64_t               revision;
    char                 *reason;
} social_pg_undo_t;


/* DECLINED: the action is not in the log, did nothing to this comment, or was
 * taken back */

static int
social_pg_undo_find(social_pg_t *s, const social_write_t *w,
    social_pg_undo_t *undo)
{
    int        rc;
    int64_t    undone;
    PGresult  *r;

    r = social_pg_ask(s, SOCIAL_PG_SQL_ACT_COMMENT_FIND, "ii", w->undoes,
                      w->id);

    if (PQntuples(r) != 1) {
        PQclear(r);
        return SOCIAL_DECLINED;
    }

    undo->to.state = (int) social_pg_int(r, 0, 0);
    undo->to.before = (int) social_pg_int(r, 0, 1);
    undo->to.done = (int) social_pg_int(r, 0, 2);
    undo->to.reports = (int) social_pg_int(r, 0, 3);
    undo->to.moderated = social_pg_int(r, 0, 4);
    undo->reason = social_pg_copy(s, r, 0, 5);
    undo->to.reason.data = (unsigned char *) undo->reason;
    undo->to.reason.len = undo->reason ? strlen(undo->reason) : 0;
    undo->state = (int) social_pg_int(r, 0, 6);
    undo->done = (int) social_pg_int(r, 0, 7);
    undo->ban = (int) social_pg_int(r, 0, 8);
    undo->revision = social_pg_int(r, 0, 9);
    undo->taught = (int) social_pg_int(r, 0, 11);
    undo->taught_before = (int) social_pg_int(r, 0, 12);

    /* the first comment of a request marks it: see leader */

    undone = social_pg_int(r, 0, 10);
    rc = (undone && undone != (w->leader ? w->leader : w)->wrote_act)
         ? SOCIAL_DECLINED : SOCIAL_OK;
    PQclear(r);

    return rc;
}


static void
social_pg_undo_run(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *row, social_pg_undo_t *undo)
{
    int  ban;

    ban = undo->ban == SOCIAL_RULE_BAN_ADDED ? SOCIAL_RULE_BAN_LIFTED
          : undo->ban == SOCIAL_RULE_BAN_LIFTED ? SOCIAL_RULE_BAN_ADDED
                                                : SOCIAL_RULE_BAN_NONE;

    (void) social_pg_ban(s, w, row, ban);

    /* readers may have reported it since */

    if (undo->to.reports < row->reports) {
        undo->to.reports = row->reports;
    }

    social_pg_act_comment(s, w, "undo", row->id, undo->to.state, undo->to.done,
                          ban, 0);
    social_pg_lesson_restore(s, row->id, undo->taught, undo->taught_before);
    social_pg_set_state(s, w, row, &undo->to);
    social_pg_act_undone(s, w, w->wrote_act);

    w->wrote_state = undo->to.state;
    w->status = SOCIAL_WROTE;
}


static void
social_pg_undo(social_pg_t *s, social_write_t *w)
{
    social_rule_row_t  row;
    social_pg_undo_t   undo;

    w->status = SOCIAL_NO_COMMENT;

    if (w->who.len == 0 || social_pg_find(s, w->id, w, &row) != SOCIAL_OK
        || row.erased)
    {
        return;
    }

    w->status = SOCIAL_CHANGED;
    undo.reason = NULL;

    if (social_pg_undo_find(s, w, &undo) == SOCIAL_OK
        && row.state == undo.state && row.done == undo.done
        && row.rewritten <= undo.revision)
    {
        social_pg_undo_run(s, w, &row, &undo);
    }

    free(undo.reason);
}


void
social_pg_write_moderate(social_pg_t *s, social_write_t *w)
{
    if (w->action == SOCIAL_ACT_UNDO) {
        social_pg_undo(s, w);

    } else {
        social_pg_moderate(s, w, social_rule_action_name(w->action));
    }

    if (w->status == SOCIAL_WROTE) {
        social_pg_tally_action(s, w, NULL);
    }
}
