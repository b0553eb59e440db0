
/*
 * The queue of notices, and who sends them.  A notice names a comment; what is
 * told of it is read when it is sent.
 *
 *   notice_add()   in the transaction of the comment
 *   notices()      settles the last notice and takes the next one, in one
 *                  transaction: whoever finds the queue empty has given up the
 *                  lease by then, so nothing that is queued later is missed
 *
 * `clock` counts how long sending has failed, not how late it is: neither a
 * machine that was switched off nor a wrong clock drops a notice.
 *
 * Pool threads only.
 */

#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_NOTICE_SKIP  100      /* comments that are gone, in one
                                             * transaction */


void
social_sqlite_notice_add(social_sqlite_t *s, const social_write_t *w,
    social_notice_e kind, int64_t comment)
{
    sqlite3_stmt  *stmt;

    if (!w->notify) {
        return;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_NOTICE_ADD);
    social_sqlite_int(s, stmt, 1, kind);
    social_sqlite_int(s, stmt, 2, comment);
    social_sqlite_int(s, stmt, 3, w->now);
    (void) social_sqlite_run(s, stmt);
    social_sqlite_tally_notice(s, w->now, "queued", 1);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_NOTICE_SHORTEN);
    social_sqlite_int(s, stmt, 1, SOCIAL_NOTICES_MAX);

    if (social_sqlite_run(s, stmt) == SOCIAL_OK) {
        social_sqlite_tally_notice(s, w->now, "full", sqlite3_changes(s->db));
    }
}


static int
social_sqlite_notice_state(social_sqlite_t *s,
    social_rule_sending_t *state)
{
    sqlite3_stmt  *stmt;

    memset(state, 0, sizeof(social_rule_sending_t));

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_NOTICE_STATE);

    if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    state->owner = sqlite3_column_int64(stmt, 0);
    state->until = sqlite3_column_int64(stmt, 1);
    state->tries = sqlite3_column_int64(stmt, 2);
    state->pause = sqlite3_column_int64(stmt, 3);
    state->failed = sqlite3_column_int64(stmt, 4);
    state->clock = sqlite3_column_int64(stmt, 5);

    social_sqlite_end(stmt);

    return SOCIAL_OK;
}


static void
social_sqlite_notice_state_set(social_sqlite_t *s,
    const social_rule_sending_t *state)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_NOTICE_STATE_SET);
    social_sqlite_int(s, stmt, 1, state->owner);
    social_sqlite_int(s, stmt, 2, state->until);
    social_sqlite_int(s, stmt, 3, state->tries);
    social_sqlite_int(s, stmt, 4, state->pause);
    social_sqlite_int(s, stmt, 5, state->failed);
    social_sqlite_int(s, stmt, 6, state->clock);
    (void) social_sqlite_run(s, stmt);
}


/* the number of removed rows */

static int64_t
social_sqlite_notice_delete(social_sqlite_t *s, social_sql_e sql, int64_t arg)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_int(s, stmt, 1, arg);

    return social_sqlite_run(s, stmt) == SOCIAL_OK ? sqlite3_changes(s->db)
                                                   : 0;
}


static void
social_sqlite_notice_failed(social_sqlite_t *s, social_notices_t *n,
    social_rule_sending_t *state)
{
    social_rule_sending_failed(state, n);
    social_sqlite_notice_state_set(s, state);

    n->expired = social_sqlite_notice_delete(s, SOCIAL_SQL_NOTICE_EXPIRE,
                                             SOCIAL_NOTICES_GIVEN);
    social_sqlite_tally_notice(s, n->now / 1000, "expired", n->expired);
}


static void
social_sqlite_notice_settle(social_sqlite_t *s, social_notices_t *n,
    social_rule_sending_t *state)
{
    int64_t  gone;

    if (n->end == SOCIAL_NOTICE_NONE) {
        return;
    }

    if (n->end == SOCIAL_NOTICE_FAILED) {

        /* whose lease is over is not asked any more */

        if (state->owner == (int64_t) n->owner) {
            social_sqlite_notice_failed(s, n, state);
        }

        return;
    }

    n->tries = state->tries;

    gone = social_sqlite_notice_delete(s, SOCIAL_SQL_NOTICE_DROP, n->done);
    social_sqlite_tally_notice(s, n->now / 1000,
                               n->end == SOCIAL_NOTICE_SENT ? "sent"
                                                            : "refused", gone);
    state->tries = 0;
    state->pause = 0;
    state->failed = 0;
}


/* takes the first notice whose comment is still there; DECLINED: there is
 * none, or many are gone: n->wait says */

static int
social_sqlite_notice_next(social_sqlite_t *s, social_notices_t *n)
{
    int            i, there;
    int64_t        comment;
    sqlite3_stmt  *stmt;

    for (i = 0; i < SOCIAL_SQLITE_NOTICE_SKIP; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_NOTICE_NEXT);

        if (social_sqlite_next(s, stmt) != SOCIAL_OK) {
            n->wait = -1;
            return SOCIAL_DECLINED;
        }

        n->id = sqlite3_column_int64(stmt, 0);
        n->kind = (social_notice_e) sqlite3_column_int(stmt, 1);
        comment = sqlite3_column_int64(stmt, 2);
        n->created = sqlite3_column_int64(stmt, 3);
        there = sqlite3_column_int(stmt, 4);
        social_sqlite_end(stmt);

        if (there) {
            stmt = social_sqlite_stmt(s, SOCIAL_SQL_NOTICE_COMMENT);
            social_sqlite_int(s, stmt, 1, comment);
            social_sqlite_list(s, stmt, 0, 1, &n->list);
            return SOCIAL_OK;
        }

        social_sqlite_tally_notice(s, n->now / 1000, "gone",
            social_sqlite_notice_delete(s, SOCIAL_SQL_NOTICE_DROP, n->id));
        n->id = 0;
    }

    n->wait = 0;

    return SOCIAL_DECLINED;
}


static void
social_sqlite_notice_take(social_sqlite_t *s, social_notices_t *n,
    social_rule_sending_t *state)
{
    if (state->owner != 0 && state->owner != (int64_t) n->owner) {
        n->wait = social_rule_until(state->until, n->now,
                                    SOCIAL_NOTICES_LEASE);
        if (n->wait) {
            n->busy = 1;
            return;
        }
    }

    state->owner = 0;
    state->until = 0;
    n->wait = social_rule_until(state->pause, n->now,
                                SOCIAL_NOTICES_RETRY * 1000);

    if (!n->leave && n->wait == 0
        && social_sqlite_notice_next(s, n) == SOCIAL_OK)
    {
        state->owner = (int64_t) n->owner;
        state->until = n->now + SOCIAL_NOTICES_LEASE;
    }

    social_sqlite_notice_state_set(s, state);
}


/* most of the time there is nothing to send: no lock is needed to see that */

static int
social_sqlite_notice_waits(social_sqlite_t *s)
{
    int            rc;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_NOTICE_WAITS);

    rc = social_sqlite_next(s, stmt);
    social_sqlite_end(stmt);

    return rc == SOCIAL_OK;
}


int
social_sqlite_notices(social_store_t *store, social_notices_t *n,
    social_store_error_t *err)
{
    social_sqlite_t        *s = (social_sqlite_t *) store;
    social_rule_sending_t   state;

    n->id = 0;
    n->wait = -1;
    n->busy = 0;
    n->tries = 0;
    n->expired = 0;
    memset(&n->list, 0, sizeof(social_comments_t));

    social_sqlite_start(s, "notices");

    if (n->done == 0 && !n->leave && !social_sqlite_notice_waits(s)) {
        return s->rc == SQLITE_OK ? SOCIAL_OK : social_sqlite_failed(s, err);
    }

    if (social_sqlite_begin(s) == SOCIAL_OK
        && social_sqlite_notice_state(s, &state) == SOCIAL_OK)
    {
        social_sqlite_read_kept(s);
        social_sqlite_notice_settle(s, n, &state);
        social_sqlite_notice_take(s, n, &state);
    }

    if (s->rc != SQLITE_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        social_comments_free(&n->list);
        n->id = 0;

        return social_sqlite_failed(s, err);
    }

    return SOCIAL_OK;
}
