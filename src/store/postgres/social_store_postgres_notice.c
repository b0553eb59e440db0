
/*
 * The queue of notices, and who sends them: as in the SQLite store, see
 * social_store_sqlite_notice.c.
 *
 * Pool threads only.
 */

#include <string.h>

#include "social_store_postgres_read.h"
#include "social_store_postgres_write.h"


#define SOCIAL_PG_NOTICE_SKIP  100      /* comments that are gone, in one
                                         * transaction */


/* the number of removed rows */

static int64_t
social_pg_notice_delete(social_pg_t *s, social_pg_sql_e sql, int64_t arg)
{
    int64_t    n;
    PGresult  *result;

    result = social_pg_ask(s, sql, "i", arg);
    n = result ? social_pg_affected(result) : 0;
    PQclear(result);

    return n;
}


void
social_pg_notice_add(social_pg_t *s, const social_write_t *w,
    social_notice_e kind, int64_t comment)
{
    if (!w->notify) {
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_NOTICE_ADD, "iii", (int64_t) kind, comment,
                  w->now);
    social_pg_count(s, w->now, SOCIAL_COUNT_NOTICE, "queued", 1);
    social_pg_count(s, w->now, SOCIAL_COUNT_NOTICE, "full",
                    social_pg_notice_delete(s, SOCIAL_PG_SQL_NOTICE_SHORTEN,
                                            SOCIAL_NOTICES_MAX));
}


static void
social_pg_sending(social_pg_t *s, social_rule_sending_t *sending)
{
    PGresult  *result;

    memset(sending, 0, sizeof(social_rule_sending_t));
    result = social_pg_ask(s, SOCIAL_PG_SQL_NOTICE_STATE, "");

    if (PQntuples(result) == 1) {
        sending->owner = social_pg_int(result, 0, 0);
        sending->until = social_pg_int(result, 0, 1);
        sending->tries = social_pg_int(result, 0, 2);
        sending->pause = social_pg_int(result, 0, 3);
        sending->failed = social_pg_int(result, 0, 4);
        sending->clock = social_pg_int(result, 0, 5);
    }

    PQclear(result);
}


static void
social_pg_sending_set(social_pg_t *s, const social_rule_sending_t *sending)
{
    social_pg_run(s, SOCIAL_PG_SQL_NOTICE_STATE_SET, "iiiiii", sending->owner,
                  sending->until, sending->tries, sending->pause,
                  sending->failed, sending->clock);
}


static void
social_pg_notice_settle(social_pg_t *s, social_notices_t *n,
    social_rule_sending_t *sending)
{
    int64_t  gone;

    if (n->end == SOCIAL_NOTICE_NONE) {
        return;
    }

    if (n->end == SOCIAL_NOTICE_FAILED) {

        /* whose lease is over is not asked any more */

        if (sending->owner == (int64_t) n->owner) {
            social_rule_sending_failed(sending, n);
            social_pg_sending_set(s, sending);

            n->expired = social_pg_notice_delete(s,
                                                 SOCIAL_PG_SQL_NOTICE_EXPIRE,
                                                 SOCIAL_NOTICES_GIVEN);
            social_pg_count(s, n->now / 1000, SOCIAL_COUNT_NOTICE, "expired",
                            n->expired);
        }

        return;
    }

    n->tries = sending->tries;

    gone = social_pg_notice_delete(s, SOCIAL_PG_SQL_NOTICE_DROP, n->done);
    social_pg_count(s, n->now / 1000, SOCIAL_COUNT_NOTICE,
                    n->end == SOCIAL_NOTICE_SENT ? "sent" : "refused", gone);
    sending->tries = 0;
    sending->pause = 0;
    sending->failed = 0;
}


/* takes the first notice whose comment is still there; DECLINED: there is
 * none, or many are gone: n->wait says */

static int
social_pg_notice_next(social_pg_t *s, social_notices_t *n)
{
    int        i, there;
    int64_t    comment;
    PGresult  *result;

    for (i = 0; i < SOCIAL_PG_NOTICE_SKIP; i++) {
        result = social_pg_ask(s, SOCIAL_PG_SQL_NOTICE_NEXT, "");

        if (PQntuples(result) == 0) {
            PQclear(result);
            n->wait = -1;
            return SOCIAL_DECLINED;
        }

        n->id = social_pg_int(result, 0, 0);
        n->kind = (social_notice_e) social_pg_int(result, 0, 1);
        comment = social_pg_int(result, 0, 2);
        n->created = social_pg_int(result, 0, 3);
        there = (int) social_pg_int(result, 0, 4);
        PQclear(result);

        if (there) {
            result = social_pg_ask(s, SOCIAL_PG_SQL_NOTICE_COMMENT, "i",
                                   comment);
            social_pg_list(s, result, 0, 1, &n->list);
            PQclear(result);
            return SOCIAL_OK;
        }

        social_pg_count(s, n->now / 1000, SOCIAL_COUNT_NOTICE, "gone",
                        social_pg_notice_delete(s, SOCIAL_PG_SQL_NOTICE_DROP,
                                                n->id));
        n->id = 0;
    }

    n->wait = 0;

    return SOCIAL_DECLINED;
}


static void
social_pg_notice_take(social_pg_t *s, social_notices_t *n,
    social_rule_sending_t *sending)
{
    if (sending->owner != 0 && sending->owner != (int64_t) n->owner) {
        n->wait = social_rule_until(sending->until, n->now,
                                    SOCIAL_NOTICES_LEASE);
        if (n->wait) {
            n->busy = 1;
            return;
        }
    }

    sending->owner = 0;
    sending->until = 0;
    n->wait = social_rule_until(sending->pause, n->now,
                                SOCIAL_NOTICES_RETRY * 1000);

    if (!n->leave && n->wait == 0 && social_pg_notice_next(s, n) == SOCIAL_OK)
    {
        sending->owner = (int64_t) n->owner;
        sending->until = n->now + SOCIAL_NOTICES_LEASE;
    }

    social_pg_sending_set(s, sending);
}


static void
social_pg_notice_begin(social_notices_t *n)
{
    social_comments_free(&n->list);
    n->id = 0;
    n->wait = -1;
    n->busy = 0;
    n->tries = 0;
    n->expired = 0;
}


static void
social_pg_notice_work(social_pg_t *s, void *data)
{
    social_notices_t       *n = data;
    social_rule_sending_t   sending;

    social_pg_notice_begin(n);
    social_pg_sending(s, &sending);
    social_pg_notice_settle(s, n, &sending);
    social_pg_notice_take(s, n, &sending);
}


/* most of the time there is nothing to send: no lock is needed to see that */

static int
social_pg_notice_waits(social_pg_t *s, int64_t *waits)
{
    int  tries;

    tries = 0;

    do {
        *waits = social_pg_number(s, SOCIAL_PG_SQL_NOTICE_WAITS, "");
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, NULL);
}


int
social_pg_notices(social_store_t *store, social_notices_t *n,
    social_store_error_t *err)
{
    int           rc;
    int64_t       waits, now;
    social_pg_t  *s = (social_pg_t *) store;

    memset(&n->list, 0, sizeof(social_comments_t));
    social_pg_notice_begin(n);

    if (n->done == 0 && !n->leave) {
        s = social_pg_read(store, "notices");

        if (social_pg_notice_waits(s, &waits) != SOCIAL_OK) {
            return social_pg_failed(s, err);
        }

        if (!waits) {
            return SOCIAL_OK;
        }
    }

    social_pg_start(s, "notices");
    now = n->now;
    n->now += social_pg_shift(s) * 1000;
    rc = social_pg_work(s, social_pg_notice_work, n, err);
    n->now = now;

    if (rc != SOCIAL_OK) {
        social_comments_free(&n->list);
        n->id = 0;
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}
