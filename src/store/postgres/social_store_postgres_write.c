
/*
 * A batch of writes (group commit): one transaction, one sync of the server.
 * New comments of a batch that do not depend on each other are written
 * together, by statements of sets; other writes one by one.
 *
 * When the connection breaks before COMMIT was sent, nothing was written; after
 * that only the database knows.  So a batch leaves its number in the
 * transaction, and is repeated with the same one until it is known: where the
 * number stands, it was committed.
 *
 * Pool threads only.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "social_store_postgres_write.h"


#define SOCIAL_PG_BATCH    16           /* bytes of a batch's number */
#define SOCIAL_PG_UNKNOWN  60000        /* msec, until an unknown outcome is
                                         * given up */
#define SOCIAL_PG_BROKEN   2000         /* msec, until a batch of which nothing
                                         * was written is */


typedef void (*social_pg_write_pt)(social_pg_t *s, social_write_t *w);


typedef struct {
    social_write_t  **writes;
    size_t            n;
    unsigned char     id[SOCIAL_PG_BATCH];
    int64_t           since;            /* msec of the clock that does not
                                         * stop */
    int               tries;
    int               one_by_one;       /* with savepoints: a write of it was
                                         * refused */
    int               unknown;          /* a COMMIT was sent */
} social_pg_batch_t;


void
social_pg_row(const PGresult *result, int n, social_rule_row_t *row,
    social_write_t *w)
{
    memset(row, 0, sizeof(social_rule_row_t));

    row->article = social_pg_int(result, n, 0);
    row->parent = social_pg_int(result, n, 1);
    row->state = (int) social_pg_int(result, n, 2);
    row->before = (int) social_pg_int(result, n, 3);
    row->role = (int) social_pg_int(result, n, 4);
    row->done = (int) social_pg_int(result, n, 5);
    row->reports = (int) social_pg_int(result, n, 6);
    row->created = social_pg_int(result, n, 7);
    row->has_commenter = social_pg_commenter(result, n, 8, row->commenter);
    row->erased = (int) social_pg_int(result, n, 9);
    row->revision = social_pg_int(result, n, 11);
    row->rewritten = social_pg_int(result, n, 12);
    row->moderated = social_pg_int(result, n, 13);
    row->visitor = social_pg_int(result, n, 14);
    row->moved = social_pg_int(result, n, 15);
    row->id = social_pg_int(result, n, 16);

    if (w != NULL) {
        social_pg_key(result, n, 10, w->wrote_key);
        w->wrote_id = row->id;
        w->wrote_state = row->state;
        w->wrote_role = row->role;
        w->wrote_parent = row->parent;
    }
}


int
social_pg_find(social_pg_t *s, int64_t id, social_write_t *w,
    social_rule_row_t *row)
{
    int        n;
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_COMMENT_FIND, "i", id);
    n = PQntuples(result);

    if (n == 1) {
        social_pg_row(result, 0, row, w);
    }

    PQclear(result);

    return n == 1 ? SOCIAL_OK
           : s->end == SOCIAL_PG_FINE ? SOCIAL_DECLINED : SOCIAL_ERROR;
}


void
social_pg_set_state(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *row, const social_rule_state_t *to)
{
    int64_t  comments;

    social_pg_run(s, SOCIAL_PG_SQL_COMMENT_STATE, "iiitiii", row->id,
                  (int64_t) to->state, (int64_t) to->before, to->reason,
                  (int64_t) to->reports, to->moderated, (int64_t) to->done);

    comments = (to->state == SOCIAL_APPROVED) - (row->state == SOCIAL_APPROVED);

    if (comments) {
        social_pg_touch(s, w, row->article, comments, w->now);
    }
}


void
social_pg_wipe(social_pg_t *s, social_write_t *w,
    const social_rule_row_t *row)
{
    social_pg_lesson_erase(s, row->id);

    social_pg_run(s, SOCIAL_PG_SQL_COMMENT_WIPE, "i", row->id);
    social_pg_run(s, SOCIAL_PG_SQL_ACT_REWORD, "i", row->id);

    s->unerased = 1;
    w->wrote_state = SOCIAL_DELETED;

    if (row->state == SOCIAL_APPROVED) {
        social_pg_touch(s, w, row->article, -1, w->now);
    }
}


static void
social_pg_write_article(social_pg_t *s, social_write_t *w)
{
    int64_t    article;
    PGresult  *result;

    article = social_pg_article(s, w->key, w->known, w->now);

    if (article == 0) {
        w->status = SOCIAL_NO_ARTICLE;
        return;
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_ARTICLE_DESCRIBE, "itti", article,
                           w->title, w->url, w->published);

    memcpy(w->wrote_key, w->key.data, w->key.len);
    w->wrote_key[w->key.len] = '\0';

    w->status = social_pg_affected(result) ? SOCIAL_WROTE
                                           : SOCIAL_WROTE_NOTHING;
    PQclear(result);
}


static const social_pg_write_pt  social_pg_writers[] = {
    NULL,
    NULL,                       /* comments: social_pg_write_comments() */
    social_pg_write_edit,
    social_pg_write_delete,
    social_pg_write_report,
    social_pg_write_moderate,
    social_pg_write_erase,
    social_pg_write_article,
    social_pg_write_like,
    social_pg_write_signout,
    social_pg_write_feed,
    social_pg_write_move,
    social_pg_write_look
};


static int
social_pg_has_key(const social_write_t *w)
{
    return (w->type != SOCIAL_WRITE_COMMENT && w->type != SOCIAL_WRITE_ARTICLE
            && w->type != SOCIAL_WRITE_LIKE)
           || (w->key.len != 0 && w->key.len <= SOCIAL_KEY_MAX);
}


int
social_pg_is_too_big(const social_write_t *w)
{
    const social_str_t  texts[] = {
        w->name, w->website, w->text, w->reason, w->title, w->url, w->to,
        w->who
    };

    size_t  i;

    for (i = 0; i < social_nelts(texts); i++) {
        if (texts[i].len > SOCIAL_PG_TEXT_MAX) {
            return 1;
        }
    }

    return 0;
}


/* the first writes of w, at most n, of which it returns the number */

static size_t
social_pg_write_some(social_pg_t *s, social_write_t **w, size_t n)
{
    if (!social_pg_has_key(w[0])) {
        w[0]->status = SOCIAL_NO_ARTICLE;
        return 1;
    }

    if (social_pg_is_too_big(w[0])) {
        return 1;                       /* it is lost */
    }

    if (w[0]->type == SOCIAL_WRITE_COMMENT) {
        n = social_pg_together(s, w, n);
        social_pg_write_comments(s, w, n);
        return n;
    }

    if (w[0]->type > SOCIAL_WRITE_COMMENT
        && w[0]->type < social_nelts(social_pg_writers))
    {
        social_pg_writers[w[0]->type](s, w[0]);
    }

    return 1;
}


/* a write with a savepoint of its own: what is refused is undone alone */

static void
social_pg_write_one(social_pg_t *s, social_write_t *w)
{
    size_t  sums, touched;

    sums = s->nsums;
    touched = s->ntouched;

    social_pg_run(s, SOCIAL_PG_SQL_SAVEPOINT, "");
    (void) social_pg_write_some(s, &w, 1);
    social_pg_sync(s);

    if (s->end != SOCIAL_PG_REFUSED) {
        social_pg_run(s, SOCIAL_PG_SQL_RELEASE, "");
        return;
    }

    s->end = SOCIAL_PG_FINE;
    s->nsums = sums;
    s->ntouched = touched;
    social_rule_mark_lost(w);
    social_pg_run(s, SOCIAL_PG_SQL_ROLLBACK_TO, "");
    social_pg_run(s, SOCIAL_PG_SQL_RELEASE, "");
}


/* removes the daily hashes of earlier days, whose salt no longer exists */

static void
social_pg_forget_weak(social_pg_t *s, int64_t now)
{
    int64_t  day;

    day = now / SOCIAL_PG_DAY;

    if (day != s->day) {
        social_pg_run(s, SOCIAL_PG_SQL_WEAK_FORGET, "i", day * SOCIAL_PG_DAY);
        social_pg_run(s, SOCIAL_PG_SQL_BAN_DAY_FORGET, "i",
                      day * SOCIAL_PG_DAY);
        social_pg_run(s, SOCIAL_PG_SQL_BATCH_FORGET, "");
        s->day = day;
    }
}


/* the batch's number goes into the transaction.  0: it is there already.  The
 * transaction whose COMMIT was not answered may still have run when somebody
 * looked for its number; now the lock is ours, so it has ended */

static int
social_pg_batch_mark(social_pg_t *s, social_pg_batch_t *batch)
{
    int        marked;
    PGresult  *result;

    if (!batch->unknown) {
        social_pg_run(s, SOCIAL_PG_SQL_BATCH_ADD, "b", batch->id,
                      sizeof(batch->id));
        return 1;
    }

    result = social_pg_ask(s, SOCIAL_PG_SQL_BATCH_ADD, "b", batch->id,
                           sizeof(batch->id));
    marked = (s->end != SOCIAL_PG_FINE || social_pg_affected(result) > 0);
    PQclear(result);

    return marked;
}


static void
social_pg_batch_try(social_pg_t *s, social_pg_batch_t *batch)
{
    size_t  i;

    social_pg_begin(s, "ngx_social batch");

    if (!social_pg_batch_mark(s, batch)) {
        social_pg_rollback(s);
        social_pg_numbers_again(s, batch->writes, batch->n);
        return;
    }

    for (i = 0; i < batch->n; i++) {
        social_rule_mark_lost(batch->writes[i]);
    }

    social_pg_forget_weak(s, batch->writes[0]->now);

    for (i = 0; i < batch->n && s->end == SOCIAL_PG_FINE; /* void */ ) {

        if (batch->one_by_one) {
            social_pg_write_one(s, batch->writes[i++]);

        } else {
            i += social_pg_write_some(s, batch->writes + i, batch->n - i);
        }
    }

    s->op = "commit";
    social_pg_commit(s);
    social_pg_numbers(s, batch->writes, batch->n);
}


/* DECLINED: it was not committed; ERROR: nobody knows yet */

static int
social_pg_batch_find(social_pg_t *s, social_pg_batch_t *batch)
{
    int64_t  n;

    social_pg_start(s, "commit");
    n = social_pg_number(s, SOCIAL_PG_SQL_BATCH_IS, "b", batch->id,
                         sizeof(batch->id));

    return s->end != SOCIAL_PG_FINE ? SOCIAL_ERROR
           : n ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* after a try that failed.  OK: it was committed; AGAIN: try again; ERROR: it
 * is lost */

static int
social_pg_batch_failed(social_pg_t *s, social_pg_batch_t *batch)
{
    int      rc;
    int64_t  age;

    batch->unknown |= (s->committing && s->end == SOCIAL_PG_LOST);
    social_pg_rollback(s);
    s->day = -1;

    if (s->end == SOCIAL_PG_REFUSED && !batch->one_by_one) {
        batch->one_by_one = 1;
        return SOCIAL_AGAIN;
    }

    if (s->end != SOCIAL_PG_REPEAT && s->end != SOCIAL_PG_LOST) {
        return SOCIAL_ERROR;
    }

    for ( ;; ) {
        age = social_pg_boottime() - batch->since;

        if (age > (batch->unknown ? SOCIAL_PG_UNKNOWN : SOCIAL_PG_BROKEN)) {
            return SOCIAL_ERROR;
        }

        if (batch->tries++ > 0) {
            social_pg_pause(batch->tries < 4 ? 25L << batch->tries : 400);
        }

        rc = batch->unknown ? social_pg_batch_find(s, batch) : SOCIAL_DECLINED;

        if (rc == SOCIAL_OK) {
            social_pg_numbers_again(s, batch->writes, batch->n);
        }

        if (rc != SOCIAL_ERROR) {
            return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_AGAIN;
        }
    }
}


static int
social_pg_batch_run(social_pg_t *s, social_pg_batch_t *batch)
{
    int  rc;

    do {
        social_pg_start(s, "write");
        social_pg_batch_try(s, batch);

        if (s->end == SOCIAL_PG_FINE) {
            return SOCIAL_OK;
        }

        rc = social_pg_batch_failed(s, batch);
    } while (rc == SOCIAL_AGAIN);

    return rc;
}


/* old versions of erased rows are removed from the table; what the docs say of
 * the log and of copies stays true */

static void
social_pg_vacuum(social_pg_t *s)
{
    social_pg_script(s, "VACUUM @comment", SOCIAL_PG_UNKNOWN);

    if (s->end == SOCIAL_PG_FINE) {
        social_pg_script(s, "VACUUM @act_comment", SOCIAL_PG_UNKNOWN);
    }

    s->unerased = (s->end != SOCIAL_PG_FINE);
}


int
social_pg_write(social_store_t *store, social_write_t **writes, size_t n,
    social_store_error_t *err)
{
    size_t              i;
    int64_t             shift;
    social_pg_t        *s = (social_pg_t *) store;
    social_pg_batch_t   batch;

    social_pg_start(s, "write");

    if (n == 0) {
        social_pg_vacuum(s);
        return SOCIAL_OK;
    }

    shift = social_pg_shift(s);

    for (i = 0; i < n; i++) {
        writes[i]->now += shift;
    }

    memset(&batch, 0, sizeof(batch));
    batch.writes = writes;
    batch.n = n;
    batch.since = social_pg_boottime();

    if (getrandom(batch.id, sizeof(batch.id), 0) != sizeof(batch.id)) {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "getrandom() failed (%s)",
                       strerror(errno));
    }

    if (s->end == SOCIAL_PG_FINE
        && social_pg_batch_run(s, &batch) == SOCIAL_OK)
    {
        return SOCIAL_OK;
    }

    for (i = 0; i < n; i++) {
        social_rule_mark_lost(writes[i]);
    }

    return social_pg_failed(s, err);
}
