
/*
 * Transactions.  One writer at a time in a site, over all nodes: the lock of
 * the transaction is what BEGIN IMMEDIATE is to SQLite.  So rules may read
 * before they write, and ids and change numbers are in the order of commits.
 *
 * A transaction that begins waits for nothing: its first statements go with
 * those that the caller queues.  Pool threads, and the event loop at exit.
 */

#include <string.h>

#include "social_store_postgres.h"


#define SOCIAL_PG_TRIES    5
#define SOCIAL_PG_REVERT   1000     /* msec */


social_pg_t *
social_pg_read(social_store_t *store, const char *op)
{
    social_pg_t  *s = (social_pg_t *) store;

    social_pg_start(s, op);
    social_pg_run(s, SOCIAL_PG_SQL_BEGIN_READ, "");
    s->began = 1;

    return s;
}


/* after it failed: the server may have restarted since the last operation, or
 * a pooler may have forgotten statements */

int
social_pg_again(social_pg_t *s, int *tries)
{
    if ((s->end != SOCIAL_PG_LOST && s->end != SOCIAL_PG_REPEAT)
        || (*tries)++ > 0)
    {
        return 0;
    }

    social_pg_rollback(s);
    social_pg_start(s, s->op);
    social_pg_run(s, SOCIAL_PG_SQL_BEGIN_READ, "");
    s->began = 1;

    return 1;
}


int
social_pg_read_done(social_pg_t *s, social_store_error_t *err)
{
    if (s->end == SOCIAL_PG_FINE) {
        social_pg_run(s, SOCIAL_PG_SQL_COMMIT, "");
        social_pg_sync(s);
        s->began = 0;
    }

    if (s->end == SOCIAL_PG_FINE) {
        return SOCIAL_OK;
    }

    social_pg_rollback(s);

    return social_pg_failed(s, err);
}


void
social_pg_begin(social_pg_t *s, const char *name)
{
    if (!s->writer) {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "opened for reading only: \"%s\"",
                       s->place);
        return;
    }

    s->change = 0;
    s->nsums = 0;
    s->ntouched = 0;
    s->touching = 0;
    s->committing = 0;

    social_pg_run(s, SOCIAL_PG_SQL_BEGIN, "");
    social_pg_run(s, SOCIAL_PG_SQL_LOCK, "si", name, s->lock);
    s->began = 1;
    s->locking = 1;
}


void
social_pg_commit(social_pg_t *s)
{
    social_pg_write_touched(s);
    social_pg_write_counts(s);

    if (s->end == SOCIAL_PG_FINE) {
        s->committing = 1;
        social_pg_run(s, SOCIAL_PG_SQL_COMMIT, "");
        social_pg_sync(s);
    }

    if (s->end == SOCIAL_PG_FINE) {
        s->began = 0;
        s->committing = 0;
    }
}


void
social_pg_rollback(social_pg_t *s)
{
    social_pg_end_e  end;

    end = s->end;

    if (s->db == NULL || !s->began) {
        return;
    }

    /* the answers to what was queued before must be read first */

    if (end == SOCIAL_PG_LOST) {
        social_pg_disconnect(s);
        return;
    }

    social_pg_sync(s);

    if (s->db != NULL) {
        s->end = SOCIAL_PG_FINE;
        social_pg_run(s, SOCIAL_PG_SQL_ROLLBACK, "");
        social_pg_sync(s);

        if (s->end != SOCIAL_PG_FINE) {
            social_pg_disconnect(s);
        }
    }

    s->end = end;
    s->began = 0;
}


int
social_pg_work(social_pg_t *s, social_pg_work_pt run, void *data,
    social_store_error_t *err)
{
    int  tries;

    for (tries = 0; /* void */ ; tries++) {
        social_pg_begin(s, "ngx_social work");
        run(s, data);
        social_pg_commit(s);

        if (s->end == SOCIAL_PG_FINE) {
            return SOCIAL_OK;
        }

        social_pg_rollback(s);

        if ((s->end != SOCIAL_PG_REPEAT && s->end != SOCIAL_PG_LOST)
            || tries == (social_pg_leaves() ? 1 : SOCIAL_PG_TRIES)
            || (s->committing && tries))
        {
            return social_pg_failed(s, err);
        }

        social_pg_pause(tries < 4 ? 10L << tries : 200);
        social_pg_start(s, s->op);
    }
}
