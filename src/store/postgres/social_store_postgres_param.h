
/*
 * Parameters of a statement, as libpq wants them.
 */

#ifndef SOCIAL_STORE_POSTGRES_PARAM_H_INCLUDED
#define SOCIAL_STORE_POSTGRES_PARAM_H_INCLUDED


#include <stdarg.h>

#include "social_store_postgres.h"


typedef struct {
    int             n;
    Oid             type[SOCIAL_PG_PARAMS];
    const char     *value[SOCIAL_PG_PARAMS];    /* NULL: NULL */
    int             len[SOCIAL_PG_PARAMS];
    int             format[SOCIAL_PG_PARAMS];
    int64_t         number[SOCIAL_PG_PARAMS];   /* in the network's order */
    unsigned char  *array[SOCIAL_PG_PARAMS];    /* malloc'ed, or NULL */
} social_pg_params_t;


/* fills them in, as social_pg_run() says; the caller frees the arrays */
void social_pg_params(social_pg_t *s, social_pg_params_t *params,
    const char *types, va_list args);


#endif /* SOCIAL_STORE_POSTGRES_PARAM_H_INCLUDED */
