
/*
 * What the store knows of where comments came from, and of articles, before an
 * import.  For the program ngx-social.
 */

#include <string.h>

#include "social_store_postgres_import.h"


int
social_pg_origin(social_store_t *store, social_str_t source, social_str_t id,
    int64_t *comment, unsigned char *commenter, social_store_error_t *err)
{
    int           rc, tries;
    PGresult     *result;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "origin");

    do {
        *comment = 0;
        memset(commenter, 0, SOCIAL_COMMENTER_LEN);
        result = social_pg_ask(s, SOCIAL_PG_SQL_ORIGIN_GET, "tt", source, id);
        rc = PQntuples(result) == 1 ? SOCIAL_OK : SOCIAL_DECLINED;

        if (rc == SOCIAL_OK) {
            *comment = social_pg_int(result, 0, 0);
            (void) social_pg_commenter(result, 0, 1, commenter);
        }

        PQclear(result);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err) == SOCIAL_OK ? rc : SOCIAL_ERROR;
}


int
social_pg_knows(social_store_t *store, social_str_t key,
    social_store_error_t *err)
{
    int           knows, tries;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "knows");

    do {
        knows = (int) social_pg_number(s, SOCIAL_PG_SQL_KNOWS, "t", key);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err) == SOCIAL_OK ? knows : -1;
}
