
/*
 * Statements: their texts with the site's schema, their parameters, and the
 * pipeline that they go through.  The only file that sends a statement.
 *
 * A prepared statement is named by a hash of its text: behind a pooler a
 * connection may have those of other sites, and of other versions.  Where
 * prepared ones get lost, statements have no name.
 *
 * Pool threads, and the event loop at exit.
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_siphash.h"
#include "social_store_postgres.h"
#include "social_store_postgres_param.h"


typedef enum {
    SOCIAL_PG_DISCARD = 0,      /* its answer */
    SOCIAL_PG_KEEP,
    SOCIAL_PG_PREPARE
} social_pg_kind_e;


static const char *const  social_pg_texts[] = {
#define SOCIAL_PG_SQL(name, text)  text,
#include "social_store_postgres_sql.h"
#undef SOCIAL_PG_SQL
};


/* malloc'ed: @ becomes the schema, quoted, and a point */

static char *
social_pg_expand(social_pg_t *s, const char *text)
{
    char        *expanded, *to;
    size_t       n, len;
    const char  *p;

    for (n = 0, p = text; *p; p++) {
        n += (*p == '@');
    }

    len = strlen(s->schema);
    expanded = malloc(strlen(text) + n * (len + 3) + 1);

    if (expanded == NULL) {
        social_pg_memory(s);
        return NULL;
    }

    for (to = expanded, p = text; *p; p++) {

        if (*p != '@') {
            *to++ = *p;
            continue;
        }

        *to++ = '"';
        memcpy(to, s->schema, len);
        to += len;
        *to++ = '"';
        *to++ = '.';
    }

    *to = '\0';

    return expanded;
}


/* 128 bits: nobody chooses texts, so the keys need not be secret */

static void
social_pg_name(social_pg_t *s, social_pg_sql_e sql)
{
    size_t       len;
    const char  *text;

    static const unsigned char  keys[2][SOCIAL_SIPHASH_KEY] = {
        "statement, one", "statement, two"
    };

    text = s->texts[sql];
    len = strlen(text);

    snprintf(s->names[sql], sizeof(s->names[sql]), "%016llx%016llx",
             (unsigned long long) social_siphash(keys[0], text, len),
             (unsigned long long) social_siphash(keys[1], text, len));
}


static const char *
social_pg_sql_text(social_pg_t *s, social_pg_sql_e sql)
{
    if (s->texts[sql] == NULL) {
        s->texts[sql] = social_pg_expand(s, social_pg_texts[sql]);

        if (s->texts[sql] != NULL) {
            social_pg_name(s, sql);
        }
    }

    return s->texts[sql];
}


static void
social_pg_pipe_add(social_pg_t *s, social_pg_sql_e sql, social_pg_kind_e kind)
{
    s->queued[s->nqueued].sql = (uint16_t) sql;
    s->queued[s->nqueued++].kind = (uint8_t) kind;
}


static void
social_pg_pipe_send(social_pg_t *s, social_pg_sql_e sql,
    social_pg_kind_e kind, const social_pg_params_t *p)
{
    const char  *text;

    text = social_pg_sql_text(s, sql);

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    if (s->unnamed) {
        if (!PQsendQueryParams(s->db, text, p->n, p->type, p->value, p->len,
                               p->format, 1))
        {
            social_pg_lost(s, NULL);
            return;
        }

        social_pg_pipe_add(s, sql, kind);
        return;
    }

    if (!s->prepared[sql]) {
        if (!PQsendPrepare(s->db, s->names[sql], text, p->n, p->type)) {
            social_pg_lost(s, NULL);
            return;
        }

        s->prepared[sql] = 1;
        social_pg_pipe_add(s, sql, SOCIAL_PG_PREPARE);
    }

    if (!PQsendQueryPrepared(s->db, s->names[sql], p->n, p->value, p->len,
                             p->format, 1))
    {
        social_pg_lost(s, NULL);
        return;
    }

    social_pg_pipe_add(s, sql, kind);
}


static void
social_pg_pipe(social_pg_t *s, social_pg_sql_e sql, social_pg_kind_e kind,
    const char *types, va_list args)
{
    int                 i;
    social_pg_params_t  params;

    if (s->nqueued + 2 > SOCIAL_PG_PIPELINE) {
        social_pg_sync(s);
    }

    social_pg_connect(s);

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    social_pg_params(s, &params, types, args);
    social_pg_pipe_send(s, sql, kind, &params);

    for (i = 0; i < params.n; i++) {
        free(params.array[i]);
    }
}


void
social_pg_run(social_pg_t *s, social_pg_sql_e sql, const char *types, ...)
{
    va_list  args;

    va_start(args, types);
    social_pg_pipe(s, sql, SOCIAL_PG_DISCARD, types, args);
    va_end(args);
}


void
social_pg_send(social_pg_t *s, social_pg_sql_e sql, const char *types, ...)
{
    va_list  args;

    va_start(args, types);
    social_pg_pipe(s, sql, SOCIAL_PG_KEEP, types, args);
    va_end(args);
}


/* sends what libpq has, and reads until an answer is there; ERROR: the
 * connection is gone */

static int
social_pg_wait(social_pg_t *s)
{
    int  flushed;

    for ( ;; ) {
        flushed = PQflush(s->db);

        if (flushed < 0 || !PQconsumeInput(s->db)) {
            social_pg_lost(s, NULL);
            return SOCIAL_ERROR;
        }

        if (!PQisBusy(s->db)) {
            return SOCIAL_OK;
        }

        if (social_pg_poll(s, 1, flushed != 0, s->deadline) == SOCIAL_OK) {
            continue;
        }

        if (s->locking == 0 && s->patience) {
            social_pg_lost(s, "no answer within 10 minutes");
            return SOCIAL_ERROR;
        }

        if (s->locking == 0 || social_pg_leaves()) {
            social_pg_lost(s, "no answer within 5 seconds");
            return SOCIAL_ERROR;
        }

        s->locking = 0;
        social_pg_end_holder(s);
        s->deadline = social_pg_msec() + SOCIAL_PG_TRIP - SOCIAL_PG_LOCK;
    }
}


static void
social_pg_result_keep(social_pg_t *s, PGresult *result)
{
    size_t     n;
    PGresult **results;

    if (s->nresults == s->alloc_results) {
        n = s->alloc_results ? s->alloc_results * 2 : 16;
        results = realloc(s->results, n * sizeof(PGresult *));

        if (results == NULL) {
            PQclear(result);
            social_pg_memory(s);
            return;
        }

        s->results = results;
        s->alloc_results = n;
    }

    s->results[s->nresults++] = result;
}


static void
social_pg_result(social_pg_t *s, const social_pg_piped_t *queued,
    PGresult *result)
{
    ExecStatusType  status;

    status = PQresultStatus(result);

    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {

        if (queued->kind == SOCIAL_PG_KEEP && s->end == SOCIAL_PG_FINE) {
            social_pg_result_keep(s, result);
            return;
        }

    } else {
        if (queued->kind == SOCIAL_PG_PREPARE) {
            s->prepared[queued->sql] = 0;
        }

        if (status != PGRES_PIPELINE_ABORTED) {
            social_pg_error(s, result);
        }
    }

    PQclear(result);
}


/* the answers to one statement: a result, then NULL */

static int
social_pg_answer(social_pg_t *s, const social_pg_piped_t *queued)
{
    PGresult  *result;

    for ( ;; ) {
        if (social_pg_wait(s) != SOCIAL_OK) {
            return SOCIAL_ERROR;
        }

        result = PQgetResult(s->db);

        if (result == NULL) {
            if (PQstatus(s->db) == CONNECTION_BAD) {
                social_pg_lost(s, NULL);
                return SOCIAL_ERROR;
            }

            return SOCIAL_OK;
        }

        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            PQclear(result);
            return SOCIAL_OK;
        }

        social_pg_result(s, queued, result);
    }
}


void
social_pg_sync(social_pg_t *s)
{
    size_t                          i, n;
    static const social_pg_piped_t  none;

    if (s->db == NULL || s->nqueued == 0) {
        return;
    }

    n = s->nqueued;
    s->nqueued = 0;
    s->deadline = social_pg_msec()
                  + social_pg_patience(s->locking ? SOCIAL_PG_LOCK
                                       : s->patience ? s->patience
                                                     : SOCIAL_PG_TRIP);

    if (s->end == SOCIAL_PG_LOST || !PQpipelineSync(s->db)) {
        social_pg_lost(s, NULL);
        social_pg_disconnect(s);
        return;
    }

    for (i = 0; i <= n; i++) {
        if (social_pg_answer(s, i < n ? &s->queued[i] : &none) != SOCIAL_OK) {
            social_pg_disconnect(s);
            return;
        }
    }

    s->locking = 0;
}


PGresult *
social_pg_take(social_pg_t *s)
{
    PGresult  *result;

    if (s->taken == s->nresults) {
        s->taken = 0;
        s->nresults = 0;
        social_pg_sync(s);
    }

    if (s->taken == s->nresults) {
        return NULL;
    }

    result = s->results[s->taken++];

    if (s->end != SOCIAL_PG_FINE) {
        PQclear(result);
        return NULL;
    }

    return result;
}


PGresult *
social_pg_ask(social_pg_t *s, social_pg_sql_e sql, const char *types, ...)
{
    va_list  args;

    va_start(args, types);
    social_pg_pipe(s, sql, SOCIAL_PG_KEEP, types, args);
    va_end(args);

    return social_pg_take(s);
}


int64_t
social_pg_take_number(social_pg_t *s)
{
    int64_t    number;
    PGresult  *result;

    result = social_pg_take(s);
    number = PQntuples(result) > 0 ? social_pg_int(result, 0, 0) : 0;
    PQclear(result);

    return number;
}


int64_t
social_pg_number(social_pg_t *s, social_pg_sql_e sql, const char *types, ...)
{
    va_list  args;

    va_start(args, types);
    social_pg_pipe(s, sql, SOCIAL_PG_KEEP, types, args);
    va_end(args);

    return social_pg_take_number(s);
}


/* not in the pipeline, which takes one statement at a time */

void
social_pg_script(social_pg_t *s, const char *sql, int msec)
{
    char                *text;
    PGresult            *result;
    social_pg_piped_t   queued = { 0, SOCIAL_PG_DISCARD };

    social_pg_sync(s);
    social_pg_connect(s);

    if (s->end != SOCIAL_PG_FINE) {
        return;
    }

    text = social_pg_expand(s, sql);

    if (text == NULL) {
        return;
    }

    s->deadline = social_pg_msec() + msec;

    if (!PQexitPipelineMode(s->db) || !PQsendQuery(s->db, text)) {
        social_pg_lost(s, NULL);

    } else {
        while (social_pg_wait(s) == SOCIAL_OK
               && (result = PQgetResult(s->db)) != NULL)
        {
            social_pg_result(s, &queued, result);
        }
    }

    free(text);

    if (s->end == SOCIAL_PG_LOST || !PQenterPipelineMode(s->db)) {
        social_pg_lost(s, NULL);
        social_pg_disconnect(s);
    }
}
