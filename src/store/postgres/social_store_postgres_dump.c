
/*
 * Everything as lines of JSON.  PostgreSQL prints the lines, which are those of
 * the SQLite store; some of them at a time are in memory.  All are of one
 * moment: nodes may write meanwhile.  For the program ngx-social.
 */

#include <string.h>
#include <time.h>

#include "social_store_postgres_import.h"


const social_pg_line_t  social_pg_lines[SOCIAL_PG_NLINES] = {
    { "header", SOCIAL_PG_SQL_DUMP_HEAD, SOCIAL_PG_SQL_RESTORE_HEAD },
    { "setting", SOCIAL_PG_SQL_DUMP_SETTING, SOCIAL_PG_SQL_RESTORE_SETTING },
    { "article", SOCIAL_PG_SQL_DUMP_ARTICLE, SOCIAL_PG_SQL_RESTORE_ARTICLE },
    { "alias", SOCIAL_PG_SQL_DUMP_ALIAS, SOCIAL_PG_SQL_RESTORE_ALIAS },
    { "comment", SOCIAL_PG_SQL_DUMP_COMMENT, SOCIAL_PG_SQL_RESTORE_COMMENT },
    { "ban", SOCIAL_PG_SQL_DUMP_BAN, SOCIAL_PG_SQL_RESTORE_BAN },
    { "origin", SOCIAL_PG_SQL_DUMP_ORIGIN, SOCIAL_PG_SQL_RESTORE_ORIGIN },
    { "act", SOCIAL_PG_SQL_DUMP_ACT, SOCIAL_PG_SQL_RESTORE_ACT },
    { "act_comment", SOCIAL_PG_SQL_DUMP_ACT_COMMENT,
      SOCIAL_PG_SQL_RESTORE_ACT_COMMENT },
    { "look", SOCIAL_PG_SQL_DUMP_LOOK, SOCIAL_PG_SQL_RESTORE_LOOK },
    { "reply_feed", SOCIAL_PG_SQL_DUMP_REPLY_FEED,
      SOCIAL_PG_SQL_RESTORE_REPLY_FEED },
    { "token", SOCIAL_PG_SQL_DUMP_TOKEN, SOCIAL_PG_SQL_RESTORE_TOKEN },
    { "taught", SOCIAL_PG_SQL_DUMP_TAUGHT, SOCIAL_PG_SQL_RESTORE_TAUGHT },
    { "forgotten", SOCIAL_PG_SQL_DUMP_FORGOTTEN,
      SOCIAL_PG_SQL_RESTORE_FORGOTTEN },
    { "bucket", SOCIAL_PG_SQL_DUMP_BUCKET, SOCIAL_PG_SQL_RESTORE_BUCKET },
    { "site_bucket", SOCIAL_PG_SQL_DUMP_SITE_BUCKET,
      SOCIAL_PG_SQL_RESTORE_SITE_BUCKET },
    { "span", SOCIAL_PG_SQL_DUMP_SPAN, SOCIAL_PG_SQL_RESTORE_SPAN }
};


const social_pg_undumped_t  social_pg_undumped[] = {
    { "setting", "data", "exported as the value" },
    { "batch", "*", "batches of the last day, known again after a failure" },
    { "lease", "*", "which machine does what, now" },
    { "node", "*", "the machines that live now" },
    { "window_sum", "*", "sums of buckets, made again" },
    { "window_late", "*", "what these sums do not have" },
    { NULL, NULL, NULL }
};


/* 1: there may be more of them */

static int
social_pg_dump_some(social_pg_t *s, social_store_line_pt handler, void *data)
{
    int            i, n;
    PGresult      *result;
    social_str_t   line;

    result = social_pg_take(s);
    n = PQntuples(result);

    for (i = 0; i < n; i++) {
        line = social_pg_text(result, i, 0);
        handler(data, (const char *) line.data, line.len);
        handler(data, "\n", 1);
    }

    PQclear(result);

    return n > 0;
}


static void
social_pg_dump_lines(social_pg_t *s, social_pg_sql_e sql, int64_t param,
    social_store_line_pt handler, void *data)
{
    social_pg_run(s, sql, "i", param);

    do {
        social_pg_send(s, SOCIAL_PG_SQL_DUMP_FETCH, "");
    } while (social_pg_dump_some(s, handler, data));

    social_pg_run(s, SOCIAL_PG_SQL_DUMP_CLOSE, "");
}


int
social_pg_dump(social_store_t *store, unsigned flags,
    social_store_line_pt handler, void *data, social_store_error_t *err)
{
    int           rc, secret;
    size_t        i;
    social_pg_t  *s;

    s = social_pg_read(store, "export");
    s->patience = SOCIAL_PG_PATIENT;
    secret = (flags & SOCIAL_DUMP_SECRET) != 0;

    for (i = 0; i < SOCIAL_PG_NLINES && s->end == SOCIAL_PG_FINE; i++) {
        social_pg_dump_lines(s, social_pg_lines[i].dump,
                             i == 0 ? (int64_t) time(NULL) : secret, handler,
                             data);
    }

    rc = social_pg_read_done(s, err);
    s->patience = 0;

    return rc;
}
