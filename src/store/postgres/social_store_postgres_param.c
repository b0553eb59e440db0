
/*
 * Values to and from PostgreSQL.  Parameters and answers are binary: no number
 * is printed and read again, and a text needs no quotes.  Any thread.
 */

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "social_store_postgres.h"
#include "social_store_postgres_param.h"


/* of PostgreSQL's catalogue, where they are fixed */
#define SOCIAL_PG_BYTEA     17
#define SOCIAL_PG_INT8      20
#define SOCIAL_PG_TEXT      25
#define SOCIAL_PG_BYTEAS    1001
#define SOCIAL_PG_TEXTS     1009
#define SOCIAL_PG_INT8S     1016


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
social_pg_array_strings(social_pg_t *s, social_pg_params_t *params, Oid type,
    Oid element, const social_str_t *values, size_t n)
{
    size_t          i, size;
    unsigned char  *p;

    for (i = 0, size = 0; i < n; i++) {
        size += values[i].len;
    }

    p = social_pg_array(s, params, type, element, n, size);

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
        social_pg_array_strings(s, params, SOCIAL_PG_TEXTS, SOCIAL_PG_TEXT,
                                values, n);
        break;

    case 'B':
        social_pg_array_strings(s, params, SOCIAL_PG_BYTEAS, SOCIAL_PG_BYTEA,
                                values, n);
        break;

    case 'C':
        social_pg_array_commenters(s, params, values, n);
        break;

    default:                            /* 'b' */
        social_pg_param(params, SOCIAL_PG_BYTEA, n ? values : "", n);
    }
}


void
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
