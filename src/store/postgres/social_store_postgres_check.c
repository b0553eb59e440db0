
/*
 * Looks for damage: whether tables agree.  Changes nothing.  That the files of
 * the database are sound is PostgreSQL's own concern: pg_amcheck, and checksums
 * of pages.  For the program ngx-social.
 */

#include <stdlib.h>

#include "social_store_postgres_import.h"


static const struct {
    const char       *what;
    social_pg_sql_e   sql;
} social_pg_checks[] = {
    { "comments whose id will be given again", SOCIAL_PG_SQL_CHECK_ID },
    { "articles whose change was not numbered yet",
      SOCIAL_PG_SQL_CHECK_CHANGE },
    { "comments of no article", SOCIAL_PG_SQL_CHECK_ARTICLE },
    { "comments that answer a comment that is gone",
      SOCIAL_PG_SQL_CHECK_PARENT },
    { "comments that answer a later one", SOCIAL_PG_SQL_CHECK_LATER },
    { "comments that answer one of another article",
      SOCIAL_PG_SQL_CHECK_OTHER },
    { "comments that stand before what they answer",
      SOCIAL_PG_SQL_CHECK_PLACED },
    { "erased comments that have a name, a person or an address",
      SOCIAL_PG_SQL_CHECK_ERASED },
    { "bans for a comment that is gone", SOCIAL_PG_SQL_CHECK_BAN },
    { "old addresses of threads that are gone", SOCIAL_PG_SQL_CHECK_ALIAS },
    { "old addresses that lead to another old address",
      SOCIAL_PG_SQL_CHECK_CHAIN },
    { "actions on comments without their action", SOCIAL_PG_SQL_CHECK_ACT },
    { "counts of no article", SOCIAL_PG_SQL_CHECK_BUCKET },
    { "hours that differ from the sum of their five minutes",
      SOCIAL_PG_SQL_CHECK_HOUR },
    { "days that differ from the sum of their hours",
      SOCIAL_PG_SQL_CHECK_DAY },
    { "articles whose days differ from the sum of their hours",
      SOCIAL_PG_SQL_CHECK_ARTICLE_DAY },
    { "articles whose number of comments is not that of their comments",
      SOCIAL_PG_SQL_CHECK_COMMENTS },
    { "numbers of the filter that learns without their words",
      SOCIAL_PG_SQL_CHECK_TAUGHT }
};


/* the answer to the statement that was queued last */

static void
social_pg_check_take(social_pg_t *s, const char *what,
    social_store_check_pt handler, void *data)
{
    char      *detail;
    int64_t    n;
    PGresult  *result;

    result = social_pg_take(s);

    if (PQntuples(result) == 1) {
        n = social_pg_int(result, 0, 0);
        detail = social_pg_copy(s, result, 0, 1);
        handler(data, what, n, n && detail ? detail : "");
        free(detail);
    }

    PQclear(result);
}


int
social_pg_check(social_store_t *store, social_store_check_pt handler,
    void *data, social_store_error_t *err)
{
    int           rc;
    size_t        i;
    social_pg_t  *s;

    s = social_pg_read(store, "check");
    s->patience = SOCIAL_PG_PATIENT;

    social_pg_send(s, SOCIAL_PG_SQL_CHECK_INDEX, "s", s->schema);
    social_pg_check_take(s, "indexes that cannot be used", handler, data);

    for (i = 0; i < social_nelts(social_pg_checks); i++) {
        social_pg_send(s, social_pg_checks[i].sql, "");
        social_pg_check_take(s, social_pg_checks[i].what, handler, data);
    }

    rc = social_pg_read_done(s, err);
    s->patience = 0;

    return rc;
}
