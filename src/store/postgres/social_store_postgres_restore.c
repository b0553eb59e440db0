
/*
 * Lines of JSON read into a store that holds nothing: one transaction, under
 * the site's lock.  Lines of a type are written by statements of sets.  Where
 * one of a set is refused, the set is written again, line by line, so that the
 * error has the line's number.  When the answer to COMMIT is lost, a number
 * that the transaction has left, as a batch does, says whether it was done.
 * For the program ngx-social.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "social_json.h"
#include "social_out.h"
#include "social_store_postgres_import.h"


#define SOCIAL_PG_RESTORE        500            /* lines of a set */
#define SOCIAL_PG_RESTORE_BYTES  (256 << 10)    /* ... and their bytes */
#define SOCIAL_PG_RESTORE_MAX    (64 << 20)     /* a line's */
#define SOCIAL_PG_RESTORE_FIND   60000          /* msec, until it is given up to
                                                 * find out how it ended */


struct social_pg_restore_s {
    const social_pg_line_t  *type;              /* of the lines that wait */
    size_t                   n;
    size_t                   offset[SOCIAL_PG_RESTORE + 1];
    int64_t                  number[SOCIAL_PG_RESTORE];
    int64_t                  same[SOCIAL_PG_RESTORE];
    social_out_t             bytes;
    int64_t                  comment, act;      /* ids given last */
    unsigned char            id[16];            /* that a COMMIT leaves */
};


static const social_pg_line_t *
social_pg_restore_type(social_str_t type)
{
    size_t  i;

    for (i = 0; i < SOCIAL_PG_NLINES; i++) {
        if (strlen(social_pg_lines[i].type) == type.len
            && memcmp(social_pg_lines[i].type, type.data, type.len) == 0)
        {
            return &social_pg_lines[i];
        }
    }

    return NULL;
}


/* another secret, another key */

static void
social_pg_restore_key(social_pg_t *s)
{
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_SECRET_GET, "");

    if (PQntuples(result) == 1
        && PQgetlength(result, 0, 0) == (int) sizeof(s->secret))
    {
        memcpy(s->secret, PQgetvalue(result, 0, 0), sizeof(s->secret));
        social_pg_judge_key(s);
    }

    PQclear(result);
}


static void
social_pg_restore_free(social_pg_t *s)
{
    if (s->restoring != NULL) {
        social_out_free(&s->restoring->bytes);
        free(s->restoring);
    }

    s->restoring = NULL;
    s->patience = 0;
}


/* nothing is kept */

static void
social_pg_restore_undo(social_pg_t *s)
{
    social_pg_end_e  end;

    social_pg_rollback(s);
    social_pg_restore_free(s);

    end = s->end;
    s->end = SOCIAL_PG_FINE;
    social_pg_restore_key(s);
    s->end = end;
}


int
social_pg_restore_begin(social_store_t *store, social_store_error_t *err)
{
    int64_t       used;
    social_pg_t  *s = (social_pg_t *) store;

    social_pg_start(s, "import");
    social_pg_begin(s, "ngx_social restore");
    social_pg_run(s, SOCIAL_PG_SQL_RESTORE_PATIENCE, "");
    used = social_pg_number(s, SOCIAL_PG_SQL_RESTORE_EMPTY, "");

    if (s->end == SOCIAL_PG_FINE && !used) {
        s->restoring = calloc(1, sizeof(struct social_pg_restore_s));

        if (s->restoring == NULL) {
            social_pg_memory(s);
        }
    }

    if (s->end != SOCIAL_PG_FINE || used) {
        social_pg_rollback(s);
        return s->end == SOCIAL_PG_FINE ? SOCIAL_DECLINED
                                        : social_pg_failed(s, err);
    }

    social_out_init(&s->restoring->bytes, SOCIAL_PG_RESTORE_MAX);
    s->patience = SOCIAL_PG_PATIENT;

    return SOCIAL_OK;
}


/* writes n lines that wait, from the i-th on */

static void
social_pg_restore_send(social_pg_t *s, size_t i, size_t n)
{
    size_t                       k;
    social_str_t                 lines[SOCIAL_PG_RESTORE];
    struct social_pg_restore_s  *r = s->restoring;

    for (k = 0; k < n; k++) {
        lines[k].data = r->bytes.data + r->offset[i + k];
        lines[k].len = r->offset[i + k + 1] - r->offset[i + k];
    }

    if (r->type->restore == SOCIAL_PG_SQL_RESTORE_COMMENT) {
        social_pg_run(s, r->type->restore, "TI", lines, n, r->same + i, n);

    } else {
        social_pg_run(s, r->type->restore, "T", lines, n);
    }
}


/* the number of the line that was refused; the transaction has failed then */

static int64_t
social_pg_restore_search(social_pg_t *s)
{
    size_t                       i;
    int64_t                      number;
    struct social_pg_restore_s  *r = s->restoring;

    s->end = SOCIAL_PG_FINE;
    social_pg_run(s, SOCIAL_PG_SQL_ROLLBACK_TO, "");

    number = 0;

    for (i = 0; i < r->n && s->end == SOCIAL_PG_FINE; i++) {
        number = r->number[i];
        social_pg_restore_send(s, i, 1);
        social_pg_sync(s);
    }

    social_pg_run(s, SOCIAL_PG_SQL_RELEASE, "");

    return number;
}


static int
social_pg_restore_refused(social_pg_t *s, int64_t number,
    social_store_error_t *err)
{
    (void) social_pg_failed(s, err);
    err->line = number;

    return SOCIAL_DECLINED;
}


/* writes the lines that wait */

static int
social_pg_restore_flush(social_pg_t *s, social_store_error_t *err)
{
    int64_t                      number;
    struct social_pg_restore_s  *r = s->restoring;

    if (r->n == 0) {
        return SOCIAL_OK;
    }

    social_pg_run(s, SOCIAL_PG_SQL_SAVEPOINT, "");
    social_pg_restore_send(s, 0, r->n);
    social_pg_run(s, SOCIAL_PG_SQL_RELEASE, "");
    social_pg_sync(s);

    number = s->end == SOCIAL_PG_REFUSED ? social_pg_restore_search(s) : 0;

    r->n = 0;
    r->bytes.len = 0;

    if (s->end == SOCIAL_PG_REFUSED) {
        return social_pg_restore_refused(s, number, err);
    }

    if (r->type->restore == SOCIAL_PG_SQL_RESTORE_SETTING) {
        social_pg_restore_key(s);
    }

    return s->end == SOCIAL_PG_FINE ? SOCIAL_OK : social_pg_failed(s, err);
}


static void
social_pg_restore_head(social_pg_t *s, social_str_t line)
{
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_RESTORE_HEAD, "t", line);

    if (PQntuples(result) == 1) {
        s->restoring->comment = social_pg_int(result, 0, 0);
        s->restoring->act = social_pg_int(result, 0, 1);
    }

    PQclear(result);
}


/* what the text of a comment's line is known by */

static int64_t
social_pg_restore_same(social_pg_t *s, social_str_t line)
{
    cJSON         *tree;
    int64_t        same;
    const char    *error;
    social_str_t   text;

    tree = social_json_parse(line.data, line.len, &error);

    if (tree == NULL && error == NULL) {
        social_pg_memory(s);
    }

    same = social_json_string(tree, "text", &text) == SOCIAL_JSON_OK && text.len
           ? social_pg_same(s, text) : 0;
    cJSON_Delete(tree);

    return same;
}


static void
social_pg_restore_add(social_pg_t *s, const social_pg_line_t *type,
    social_str_t line, int64_t number)
{
    struct social_pg_restore_s  *r = s->restoring;

    r->type = type;
    r->number[r->n] = number;

    if (type->restore == SOCIAL_PG_SQL_RESTORE_COMMENT) {
        r->same[r->n] = social_pg_restore_same(s, line);
    }

    social_out_bytes(&r->bytes, line.data, line.len);

    if (r->bytes.failed) {
        social_pg_memory(s);
        return;
    }

    r->offset[++r->n] = r->bytes.len;
}


/* settings one by one: what follows depends on the secret, and a name may be
 * there twice */

int
social_pg_restore_line(social_store_t *store, social_str_t type,
    social_str_t line, int64_t number, social_store_error_t *err)
{
    int                          rc, alone;
    social_pg_t                 *s = (social_pg_t *) store;
    const social_pg_line_t      *known;
    struct social_pg_restore_s  *r = s->restoring;

    if (s->end != SOCIAL_PG_FINE) {
        return social_pg_failed(s, err);
    }

    known = social_pg_restore_type(type);

    if (known == NULL) {
        social_store_error(err, SOCIAL_STORE_AWAY, s->op,
                           "a line of an unknown type");
        err->line = number;
        return SOCIAL_DECLINED;
    }

    alone = known->restore == SOCIAL_PG_SQL_RESTORE_SETTING
            || known->restore == SOCIAL_PG_SQL_RESTORE_SPAN;

    if (alone || known != r->type || r->n == SOCIAL_PG_RESTORE
        || r->bytes.len >= SOCIAL_PG_RESTORE_BYTES)
    {
        rc = social_pg_restore_flush(s, err);

        if (rc != SOCIAL_OK) {
            return rc;
        }
    }

    if (known->restore != SOCIAL_PG_SQL_RESTORE_HEAD) {
        social_pg_restore_add(s, known, line, number);
        return alone ? social_pg_restore_flush(s, err)
               : s->end == SOCIAL_PG_FINE ? SOCIAL_OK
                                          : social_pg_failed(s, err);
    }

    social_pg_restore_head(s, line);

    return s->end == SOCIAL_PG_FINE ? SOCIAL_OK
           : s->end == SOCIAL_PG_REFUSED
           ? social_pg_restore_refused(s, number, err)
           : social_pg_failed(s, err);
}


/*
 * After a COMMIT that was not answered.  OK: all is there; ERROR: nothing is;
 * AGAIN: the server could not be asked for a minute.  The transaction may
 * still run although its connection is gone: only who has the lock knows how it
 * ended.
 */

static int
social_pg_restore_lost(social_pg_t *s)
{
    int64_t                      found, until;
    struct social_pg_restore_s  *r = s->restoring;

    social_pg_rollback(s);
    s->patience = 0;
    until = social_pg_boottime() + SOCIAL_PG_RESTORE_FIND;

    do {
        social_pg_start(s, "commit");
        social_pg_begin(s, "ngx_social restore");
        found = social_pg_number(s, SOCIAL_PG_SQL_BATCH_IS, "b", r->id,
                                 sizeof(r->id));
        social_pg_rollback(s);

        if (s->end == SOCIAL_PG_FINE) {
            return found ? SOCIAL_OK : SOCIAL_ERROR;
        }

        social_pg_pause(400);
    } while (social_pg_boottime() < until);

    return SOCIAL_AGAIN;
}


/* what no line says, and COMMIT */

static void
social_pg_restore_finish(social_pg_t *s, int fresh)
{
    unsigned char                identity[16];
    struct social_pg_restore_s  *r = s->restoring;

    if (getrandom(identity, sizeof(identity), 0) != (ssize_t) sizeof(identity)
        || getrandom(r->id, sizeof(r->id), 0) != (ssize_t) sizeof(r->id))
    {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "getrandom() failed (%s)",
                       strerror(errno));
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_BATCH_ADD, "b", r->id, sizeof(r->id));
    social_pg_run(s, SOCIAL_PG_SQL_RESTORE_COMMENTS, "");
    social_pg_run(s, SOCIAL_PG_SQL_RESTORE_NUMBER, "");
    social_pg_run(s, SOCIAL_PG_SQL_RESTORE_CHANGE, "");

    if (fresh) {
        social_pg_run(s, SOCIAL_PG_SQL_RESTORE_IDENTITY, "b", identity,
                      sizeof(identity));
    }

    social_pg_run(s, SOCIAL_PG_SQL_RESTORE_SEQUENCES, "ii", r->comment,
                  r->act);
    s->op = "commit";
    social_pg_commit(s);
    s->op = "import";
}


int
social_pg_restore_end(social_store_t *store, int keep, int fresh, int64_t now,
    social_store_error_t *err)
{
    int           rc;
    social_pg_t  *s = (social_pg_t *) store;

    rc = SOCIAL_OK;

    if (keep) {
        rc = s->end == SOCIAL_PG_FINE ? social_pg_restore_flush(s, err)
                                      : social_pg_failed(s, err);
    }

    if (keep && rc == SOCIAL_OK) {
        social_pg_restore_finish(s, fresh);
        rc = s->end == SOCIAL_PG_FINE ? SOCIAL_OK : social_pg_failed(s, err);

        if (rc != SOCIAL_OK && s->committing && s->end == SOCIAL_PG_LOST) {
            rc = social_pg_restore_lost(s);
        }
    }

    if (!keep || (rc != SOCIAL_OK && rc != SOCIAL_AGAIN)) {
        social_pg_restore_undo(s);
        return rc;
    }

    social_pg_restore_free(s);

    if (rc == SOCIAL_AGAIN) {
        return rc;
    }

    /* without it, the first questions would be planned for empty tables */

    social_pg_script(s, "ANALYZE @article; ANALYZE @comment; ANALYZE @bucket;"
                     " ANALYZE @site_bucket", SOCIAL_PG_PATIENT);
    social_pg_start(s, s->op);

    return SOCIAL_OK;
}
