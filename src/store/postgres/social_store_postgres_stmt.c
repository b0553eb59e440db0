
/*
 * Statements: their texts with the site's schema, their parameters, and the
 * pipeline that they go through.  The only file that sends a statement.
 *
 * A prepared statement is named by a hash of its text: behind a pooler a
 * connection may have those of other sites, and of other versions.  Where
 * prepared ones get lost, statements have no name.
 *
 * Parameters and answers are binary.  Pool threads, and the event loop at exit.
 */

#include <endian.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_siphash.h"
#include "social_store_postgres.h"


/* of PostgreSQL's catalogue, where they are fixed */
#define SOCIAL_PG_BYTEA     17
#define SOCIAL_PG_INT8      20
#define SOCIAL_PG_TEXT      25
#define SOCIAL_PG_BYTEAS    1001
#define SOCIAL_PG_TEXTS     1009
#define SOCIAL_PG_INT8S     1016


typedef enum {
    SOCIAL_PG_DISCARD = 0,      /* its answer */
    SOCIAL_PG_KEEP,
    SOCIAL_PG_PREPARE
} social_pg_kind_e;


typedef struct {
    int             n;
    Oid             type[SOCIAL_PG_PARAMS];
    const char     *value[SOCIAL_PG_PARAMS];    /* NULL: NULL */
    int             len[SOCIAL_PG_PARAMS];
    int             format[SOCIAL_PG_PARAMS];
    int64_t         number[SOCIAL_PG_PARAMS];   /* in the network's order */
    unsigned char  *array[SOCIAL_PG_PARAMS];    /* malloc'ed, or NULL */
} social_pg_params_t;


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
social_pg_put32(unsigned char **p, uint32_t value)
{
    value = htobe32(value);
    memcpy(*p, &value, sizeof(value));
    *p += sizeof(value);
}


/* an array of one dimension, of `n` elements and `size` bytes of them */

static unsigned char *
social_pg_array(social_pg_t *s, social_pg_params_t *params, Oid type,
    Oid element, size_t n, size_t size)
{
    int             i;
    unsigned char  *p;

    i = params->n;
    params->array[i] = malloc(20 + n * 4 + size);

    if (params->array[i] == NULL) {
        social_pg_memory(s);
        return NULL;
    }

    p = params->array[i];
    social_pg_put32(&p, n ? 1 : 0);
    social_pg_put32(&p, 1);                     /* it may hold NULL */
    social_pg_put32(&p, element);

    if (n) {
        social_pg_put32(&p, (uint32_t) n);
        social_pg_put32(&p, 1);
    }

    params->type[i] = type;
    params->value[i] = (char *) params->array[i];

    return p;
}


static void
social_pg_array_end(social_pg_params_t *params, const unsigned char *end)
{
    params->len[params->n] = (int) (end - params->array[params->n]);
}


static void
social_pg_array_ints(social_pg_t *s, social_pg_params_t *params,
    const int64_t *values, size_t n, int zero_is_null)
{
    size_t          i;
    int64_t         value;
    unsigned char  *p;

    p = social_pg_array(s, params, SOCIAL_PG_INT8S, SOCIAL_PG_INT8, n, n * 8);

    for (i = 0; p != NULL && i < n; i++) {

        if (zero_is_null && values[i] == 0) {
            social_pg_put32(&p, (uint32_t) -1);
            continue;
        }

        social_pg_put32(&p, 8);
        value = (int64_t) htobe64((uint64_t) values[i]);
        memcpy(p, &value, 8);
        p += 8;
    }

    if (p != NULL) {
        social_pg_array_end(params, p);
    }
}


static void
social_pg_array_texts(social_pg_t *s, social_pg_params_t *params,
    const social_str_t *values, size_t n)
{
    size_t          i, size;
    unsigned char  *p;

    for (i = 0, size = 0; i < n; i++) {
        size += values[i].len;
    }

    p = social_pg_array(s, params, SOCIAL_PG_TEXTS, SOCIAL_PG_TEXT, n, size);

    for (i = 0; p != NULL && i < n; i++) {
        social_pg_put32(&p, (uint32_t) values[i].len);

        if (values[i].len) {
            memcpy(p, values[i].data, values[i].len);
            p += values[i].len;
        }
    }

    if (p != NULL) {
        social_pg_array_end(params, p);
    }
}


static int
social_pg_is_nobody(const unsigned char *commenter)
{
    static const unsigned char  none[SOCIAL_COMMENTER_LEN];

    return memcmp(commenter, none, sizeof(none)) == 0;
}


static void
social_pg_array_commenters(social_pg_t *s, social_pg_params_t *params,
    const unsigned char *values, size_t n)
{
    size_t          i;
    unsigned char  *p;

    p = social_pg_array(s, params, SOCIAL_PG_BYTEAS, SOCIAL_PG_BYTEA, n,
                        n * SOCIAL_COMMENTER_LEN);

    for (i = 0; p != NULL && i < n; i++, values += SOCIAL_COMMENTER_LEN) {

        if (social_pg_is_nobody(values)) {
            social_pg_put32(&p, (uint32_t) -1);
            continue;
        }

        social_pg_put32(&p, SOCIAL_COMMENTER_LEN);
        memcpy(p, values, SOCIAL_COMMENTER_LEN);
        p += SOCIAL_COMMENTER_LEN;
    }

    if (p != NULL) {
        social_pg_array_end(params, p);
    }
}


static void
social_pg_param(social_pg_params_t *params, Oid type, const void *value,
    size_t len)
{
    params->type[params->n] = type;
    params->value[params->n] = value;
    params->len[params->n] = (int) len;
}


static void
social_pg_param_int(social_pg_params_t *params, int64_t value,
    int zero_is_null)
{
    int64_t  *number = &params->number[params->n];

    *number = (int64_t) htobe64((uint64_t) value);
    social_pg_param(params, SOCIAL_PG_INT8,
                    zero_is_null && value == 0 ? NULL : number, 8);
}


static void
social_pg_param_text(social_pg_params_t *params, social_str_t text)
{
    social_pg_param(params, SOCIAL_PG_TEXT,
                    text.len ? (const char *) text.data : "", text.len);
}


/* arrays: a pointer and a number.  A va_list that is passed on is used up to
 * there, so all of them are read here */

static void
social_pg_params_array(social_pg_t *s, social_pg_params_t *params, char type,
    const void *values, size_t n)
{
    switch (type) {

    case 'I':
        social_pg_array_ints(s, params, values, n, 0);
        break;

    case 'Z':
        social_pg_array_ints(s, params, values, n, 1);
        break;

    case 'T':
        social_pg_array_texts(s, params, values, n);
        break;

    case 'C':
        social_pg_array_commenters(s, params, values, n);
        break;

    default:                            /* 'b' */
        social_pg_param(params, SOCIAL_PG_BYTEA, n ? values : "", n);
    }
}


static void
social_pg_params(social_pg_t *s, social_pg_params_t *params, const char *types,
    va_list args)
{
    int            i;
    const void    *values;
    social_str_t   text;

    for (i = 0; types[i] != '\0'; i++) {
        params->n = i;
        params->array[i] = NULL;
        params->format[i] = 1;

        switch (types[i]) {

        case 'i':
        case 'z':
            social_pg_param_int(params, va_arg(args, int64_t),
                                types[i] == 'z');
            break;

        case 't':
            social_pg_param_text(params, va_arg(args, social_str_t));
            break;

        case 's':
            text.data = va_arg(args, const unsigned char *);
            text.len = strlen((const char *) text.data);
            social_pg_param_text(params, text);
            break;

        case 'c':
            values = va_arg(args, const unsigned char *);
            social_pg_param(params, SOCIAL_PG_BYTEA,
                            social_pg_is_nobody(values) ? NULL : values,
                            SOCIAL_COMMENTER_LEN);
            break;

        default:
            values = va_arg(args, const void *);
            social_pg_params_array(s, params, types[i], values,
                                   va_arg(args, size_t));
        }
    }

    params->n = i;
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

        if (s->locking == 0) {
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
    size_t                     i, n;
    static social_pg_piped_t  none;

    if (s->db == NULL || s->nqueued == 0) {
        return;
    }

    n = s->nqueued;
    s->nqueued = 0;
    s->deadline = social_pg_msec() + (s->locking ? SOCIAL_PG_LOCK
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
social_pg_number(social_pg_t *s, social_pg_sql_e sql, const char *types, ...)
{
    va_list    args;
    int64_t    number;
    PGresult  *result;

    va_start(args, types);
    social_pg_pipe(s, sql, SOCIAL_PG_KEEP, types, args);
    va_end(args);

    result = social_pg_take(s);
    number = PQntuples(result) > 0 ? social_pg_int(result, 0, 0) : 0;
    PQclear(result);

    return number;
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


int64_t
social_pg_int(const PGresult *result, int row, int column)
{
    int          len;
    int32_t      small;
    int64_t      value;
    const char  *data;

    len = PQgetlength(result, row, column);
    data = PQgetvalue(result, row, column);

    switch (len) {

    case 8:
        memcpy(&value, data, 8);
        return (int64_t) be64toh((uint64_t) value);

    case 4:
        memcpy(&small, data, 4);
        return (int32_t) be32toh((uint32_t) small);

    case 1:
        return data[0] != 0;            /* boolean */

    default:
        return 0;
    }
}


social_str_t
social_pg_text(const PGresult *result, int row, int column)
{
    social_str_t  text;

    text.data = (const unsigned char *) PQgetvalue(result, row, column);
    text.len = (size_t) PQgetlength(result, row, column);

    return text;
}


char *
social_pg_copy(social_pg_t *s, const PGresult *result, int row, int column)
{
    char          *copy;
    social_str_t   text;

    text = social_pg_text(result, row, column);
    copy = malloc(text.len + 1);

    if (copy == NULL) {
        social_pg_memory(s);
        return NULL;
    }

    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';

    return copy;
}


int
social_pg_commenter(const PGresult *result, int row, int column,
    unsigned char *commenter)
{
    if (PQgetlength(result, row, column) != SOCIAL_COMMENTER_LEN) {
        return 0;
    }

    memcpy(commenter, PQgetvalue(result, row, column), SOCIAL_COMMENTER_LEN);

    return 1;
}


int64_t
social_pg_affected(const PGresult *result)
{
    const char  *number;

    number = result ? PQcmdTuples((PGresult *) (uintptr_t) result) : "";

    return strtoll(number, NULL, 10);
}
