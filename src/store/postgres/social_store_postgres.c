
/*
 * The PostgreSQL store: opens and closes a connection, and owns what tells one
 * site's store from another: its secret and its uuid.
 *
 * A connection belongs to one thread at a time.  A site has a schema of its own
 * in the database.  Several nodes may use it at once.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "social_store_postgres_import.h"


static const char  social_pg_scheme[] = "postgresql:";


static void
social_pg_secret_make(social_pg_t *s)
{
    unsigned char  random[48];

    if (getrandom(random, sizeof(random), 0) != (ssize_t) sizeof(random)) {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "getrandom() failed (%s)",
                       strerror(errno));
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_SECRET_ADD, "bb", random, (size_t) 32,
                  random + 32, (size_t) 16);
}


/* DECLINED: there is no secret yet */

static int
social_pg_secret_get(social_pg_t *s, unsigned char *secret)
{
    int        rc;
    PGresult  *result;

    rc = SOCIAL_DECLINED;
    result = social_pg_ask(s, SOCIAL_PG_SQL_SECRET_GET, "");

    if (PQntuples(result) == 1 && PQgetlength(result, 0, 0) == 32
        && PQgetlength(result, 0, 1) == 16)
    {
        memcpy(secret, PQgetvalue(result, 0, 0), 32);
        rc = SOCIAL_OK;

    } else if (PQntuples(result) == 1 && (PQgetlength(result, 0, 0) != 0
                                          || PQgetlength(result, 0, 1) != 0))
    {
        social_pg_fail(s, SOCIAL_STORE_CORRUPT,
                       "the site's secret is damaged: \"%s\"", s->place);
    }

    PQclear(result);

    return s->end == SOCIAL_PG_FINE ? rc : SOCIAL_ERROR;
}


static void
social_pg_secret_find(social_pg_t *s)
{
    int  rc;

    rc = social_pg_secret_get(s, s->secret);

    if (rc == SOCIAL_DECLINED && s->writer) {
        social_pg_secret_make(s);
        rc = social_pg_secret_get(s, s->secret);
    }

    if (rc == SOCIAL_DECLINED) {
        social_pg_fail(s, SOCIAL_STORE_AWAY,
                       "the site has no secret yet: \"%s\"", s->place);
    }
}


/* read again: another may have been put there while this was open */

static int
social_pg_secret(social_store_t *store, unsigned char secret[32],
    social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "secret");

    do {
        if (social_pg_secret_get(s, secret) == SOCIAL_DECLINED) {
            social_pg_fail(s, SOCIAL_STORE_AWAY,
                           "the site has no secret yet: \"%s\"", s->place);
        }
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


/* system, timeline and uuid: a standby that was promoted goes another way */

static int
social_pg_identity(social_store_t *store, char *identity,
    social_store_error_t *err)
{
    int            tries;
    PGresult      *result;
    social_pg_t   *s;
    social_str_t   text;

    tries = 0;
    identity[0] = '\0';
    s = social_pg_read(store, "identity");

    do {
        result = social_pg_ask(s, SOCIAL_PG_SQL_IDENTITY, "");

        if (PQntuples(result) == 1) {
            text = social_pg_text(result, 0, 0);
            snprintf(identity, SOCIAL_STORE_IDENTITY, "%.*s", (int) text.len,
                     (const char *) text.data);
        }

        PQclear(result);
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


static int
social_pg_signout(social_store_t *store, int64_t *signout,
    social_store_error_t *err)
{
    int           tries;
    social_pg_t  *s;

    tries = 0;
    s = social_pg_read(store, "signout");

    do {
        *signout = social_pg_number(s, SOCIAL_PG_SQL_SETTING_GET, "s",
                                    "signout");
    } while (social_pg_again(s, &tries));

    return social_pg_read_done(s, err);
}


static int
social_pg_unerased(social_store_t *store)
{
    social_pg_t  *s = (social_pg_t *) store;

    return s->unerased;
}


/* a connection that broke connects again by itself: perhaps to another store,
 * or to a standby that knows less.  That it cannot tell now is no news */

static int
social_pg_verify(social_store_t *store)
{
    char          identity[SOCIAL_STORE_IDENTITY];
    social_pg_t  *s = (social_pg_t *) store;

    if (!s->other
        || social_pg_identity(store, identity, NULL) != SOCIAL_OK)
    {
        return SOCIAL_OK;
    }

    s->other = 0;

    return strcmp(identity, s->identity) == 0 ? SOCIAL_OK : SOCIAL_DECLINED;
}


static void
social_pg_close(social_store_t *store)
{
    size_t        i;
    social_pg_t  *s = (social_pg_t *) store;

    social_pg_disconnect(s);

    for (i = 0; i < social_nelts(s->texts); i++) {
        free(s->texts[i]);
    }

    free(s->results);
    free(s->sums);
    free(s->touched);
    free(s->conninfo);
    free(s);
}


static social_store_t *
social_pg_open(const char *url, int writer, social_store_error_t *err)
{
    social_pg_t  *s;

    s = calloc(1, sizeof(social_pg_t));

    if (s == NULL) {
        social_store_error(err, SOCIAL_STORE_MEMORY, "open", "no memory");
        return NULL;
    }

    s->base.backend = &social_store_postgres;
    s->writer = (writer != 0);
    s->day = -1;

    social_pg_start(s, "open");

    if (social_pg_parse(s, url) == SOCIAL_OK) {
        social_pg_schema(s);
        social_pg_secret_find(s);
        social_pg_judge_key(s);
    }

    if (s->end == SOCIAL_PG_FINE
        && social_pg_identity(&s->base, s->identity, NULL) == SOCIAL_OK)
    {
        s->other = 0;
    }

    if (s->end != SOCIAL_PG_FINE) {
        (void) social_pg_failed(s, err);
        social_pg_close(&s->base);
        return NULL;
    }

    return &s->base;
}


const social_store_backend_t  social_store_postgres = {
    social_pg_scheme,
    social_pg_open,
    social_pg_close,
    social_pg_leave,
    social_pg_verify,
    social_pg_secret,
    social_pg_identity,
    social_pg_signout,
    social_pg_unerased,
    social_pg_write,
    social_pg_save,
    social_pg_thread,
    social_pg_after,
    social_pg_comment,
    social_pg_imported,
    social_pg_page_of,
    social_pg_mine,
    social_pg_queue,
    social_pg_log,
    social_pg_logged,
    social_pg_export,
    social_pg_keys,
    social_pg_changed,
    social_pg_figures,
    social_pg_totals,
    social_pg_series,
    social_pg_details,
    social_pg_age,
    social_pg_feed,
    social_pg_replies,
    social_pg_notices,
    social_pg_wanted,
    social_pg_note,
    social_pg_nodes,
    social_pg_node_forget,
    social_pg_flush,

    social_pg_import,
    social_pg_origin,
    social_pg_knows,
    social_pg_take_back,
    social_pg_dump,
    social_pg_restore_begin,
    social_pg_restore_line,
    social_pg_restore_end,
    social_pg_check
};
