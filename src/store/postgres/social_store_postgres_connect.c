
/*
 * The connection to PostgreSQL: asynchronous calls of libpq with deadlines of
 * our own.  No other way ends a wait for a server that was stopped, or for a
 * network that is gone.
 *
 * Pool threads, and the event loop at exit.
 */

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "social_postgres_url.h"
#include "social_store_postgres.h"
#include "social_token.h"


#define SOCIAL_PG_OPTIONS  64       /* of a connection, at most */


static int64_t
social_pg_clock(clockid_t clock)
{
    struct timespec  ts;

    clock_gettime(clock, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


int64_t
social_pg_msec(void)
{
    return social_pg_clock(CLOCK_MONOTONIC);
}


int64_t
social_pg_boottime(void)
{
    return social_pg_clock(CLOCK_BOOTTIME);
}


/* takes `schema=NAME` out of the URL's query, which libpq would refuse */

static int
social_pg_parse_schema(social_pg_t *s)
{
    size_t                    at, end;
    social_str_t              url;
    social_postgres_param_t   schema;

    url.data = (const unsigned char *) s->conninfo;
    url.len = strlen(s->conninfo);

    if (!social_postgres_url_param(url, "schema", &schema)
        || schema.value.len == 0 || schema.value.len >= SOCIAL_PG_SCHEMA
        || memchr(schema.value.data, '"', schema.value.len) != NULL)
    {
        return SOCIAL_ERROR;
    }

    memcpy(s->schema, schema.value.data, schema.value.len);
    s->schema[schema.value.len] = '\0';

    at = (size_t) (schema.name.data - url.data);
    end = (size_t) (schema.value.data - url.data) + schema.value.len;

    if (end < url.len) {
        memmove(s->conninfo + at, s->conninfo + end + 1, url.len - end);

    } else {
        s->conninfo[at - 1] = '\0';
    }

    return SOCIAL_OK;
}


/* host and database: no user, no parameters */

static void
social_pg_parse_place(social_pg_t *s, const PQconninfoOption *option)
{
    const char  *host, *port, *name;

    host = port = name = NULL;

    for ( /* void */ ; option->keyword; option++) {

        if (option->val == NULL || option->val[0] == '\0') {
            continue;
        }

        if (strcmp(option->keyword, "host") == 0) {
            host = option->val;

        } else if (strcmp(option->keyword, "port") == 0) {
            port = option->val;

        } else if (strcmp(option->keyword, "dbname") == 0) {
            name = option->val;
        }
    }

    snprintf(s->place, sizeof(s->place), "%s%s%s/%s", host ? host : "",
             port ? ":" : "", port ? port : "", name ? name : "");
}


static void
social_pg_parse_lock(social_pg_t *s)
{
    social_str_t   name;
    unsigned char  mac[SOCIAL_MAC];

    static const unsigned char  zero[SOCIAL_SECRET];

    name.data = (const unsigned char *) s->schema;
    name.len = strlen(s->schema);

    if (social_mac(zero, "lock", name, mac) != SOCIAL_OK) {
        social_pg_memory(s);
        return;
    }

    memcpy(&s->lock, mac, sizeof(s->lock));
}


int
social_pg_parse(social_pg_t *s, const char *url)
{
    PQconninfoOption  *options;

    s->conninfo = strdup(url);

    if (s->conninfo == NULL) {
        social_pg_memory(s);
        return SOCIAL_ERROR;
    }

    if (social_pg_parse_schema(s) != SOCIAL_OK) {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "the URL names no schema: it must "
                       "have the parameter \"schema=NAME\", of at most %d "
                       "bytes", SOCIAL_PG_SCHEMA - 1);
        return SOCIAL_ERROR;
    }

    options = PQconninfoParse(s->conninfo, NULL);

    if (options == NULL) {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "the URL cannot be read");
        return SOCIAL_ERROR;
    }

    social_pg_parse_place(s, options);
    PQconninfoFree(options);
    social_pg_parse_lock(s);

    return s->end == SOCIAL_PG_FINE ? SOCIAL_OK : SOCIAL_ERROR;
}


int
social_pg_poll(social_pg_t *s, int reading, int writing, int64_t deadline)
{
    int            rc, fd;
    int64_t        left;
    struct pollfd  p;

    fd = PQsocket(s->db);

    if (fd < 0) {
        return SOCIAL_OK;               /* the next call says what is wrong */
    }

    p.fd = fd;
    p.events = (short) ((reading ? POLLIN : 0) | (writing ? POLLOUT : 0));

    do {
        left = deadline - social_pg_msec();

        if (left <= 0) {
            return SOCIAL_ERROR;
        }

        rc = poll(&p, 1, (int) left);
    } while (rc <= 0);

    return SOCIAL_OK;
}


/* what libpq would do with what it says: text of comments in a log */

static void
social_pg_notice(void *data, const PGresult *result)
{
    (void) data;
    (void) result;
}


static int
social_pg_connect_start(social_pg_t *s)
{
    size_t               n, i;
    const char          *names[SOCIAL_PG_OPTIONS], *values[SOCIAL_PG_OPTIONS];
    social_pg_address_t  address;

    static const char *const  forced[][2] = {
        { "application_name", "ngx_social" },
        { "client_encoding", "UTF8" },
        { "gssencmode", "disable" },
        { "keepalives", "1" },
        { "keepalives_idle", "10" },
        { "keepalives_interval", "5" },
        { "keepalives_count", "3" }
    };

    static const char *const  place[] = { "host", "hostaddr", "port" };

    /* the last value of a name counts; the URL is expanded in its place */

    names[0] = "dbname";
    values[0] = s->conninfo;

    for (i = 0, n = 1; i < social_nelts(forced); i++, n++) {
        names[n] = forced[i][0];
        values[n] = forced[i][1];
    }

    social_pg_address_find(s, &address);

    if (s->end != SOCIAL_PG_FINE) {
        return SOCIAL_ERROR;
    }

    for (i = 0; address.n && i < social_nelts(place); i++, n++) {
        names[n] = place[i];
        values[n] = address.list[i];
    }

    names[n] = NULL;
    values[n] = NULL;

    s->db = PQconnectStartParams(names, values, 1);

    if (s->db == NULL) {
        social_pg_memory(s);
        return SOCIAL_ERROR;
    }

    (void) PQsetNoticeReceiver(s->db, social_pg_notice, NULL);
    (void) PQsetErrorVerbosity(s->db, PQERRORS_TERSE);

    return SOCIAL_OK;
}


static void
social_pg_connect_poll(social_pg_t *s)
{
    PostgresPollingStatusType  status;

    status = PGRES_POLLING_WRITING;

    if (PQstatus(s->db) == CONNECTION_BAD) {
        social_pg_lost(s, NULL);
        return;
    }

    while (status != PGRES_POLLING_OK) {

        if (status == PGRES_POLLING_FAILED) {
            social_pg_lost(s, NULL);
            return;
        }

        if (social_pg_poll(s, status == PGRES_POLLING_READING,
                           status == PGRES_POLLING_WRITING, s->deadline)
            != SOCIAL_OK)
        {
            social_pg_lost(s, "no connection within 5 seconds");
            return;
        }

        status = PQconnectPoll(s->db);
    }
}


void
social_pg_connect(social_pg_t *s)
{
    if (s->db != NULL || s->end != SOCIAL_PG_FINE) {
        return;
    }

    s->deadline = social_pg_msec() + social_pg_patience(SOCIAL_PG_TRIP);

    if (social_pg_connect_start(s) != SOCIAL_OK) {
        return;
    }

    social_pg_connect_poll(s);

    if (s->end == SOCIAL_PG_FINE
        && (PQsetnonblocking(s->db, 1) != 0 || !PQenterPipelineMode(s->db)))
    {
        social_pg_lost(s, NULL);
    }

    if (s->end != SOCIAL_PG_FINE) {
        social_pg_disconnect(s);

    } else {
        social_pg_address_keep(s);
    }

    s->other = (s->identity[0] != '\0');
}


void
social_pg_disconnect(social_pg_t *s)
{
    size_t  i;

    for (i = s->taken; i < s->nresults; i++) {
        PQclear(s->results[i]);
    }

    PQfinish(s->db);

    s->db = NULL;
    s->nqueued = 0;
    s->nresults = 0;
    s->taken = 0;
    s->began = 0;
    s->locking = 0;
    memset(s->prepared, 0, sizeof(s->prepared));
}


/*
 * Another node's batch holds the lock, and its process or its network may be
 * frozen: its transaction ends with its backend.  The one that waits is busy
 * waiting, so this needs a connection of its own.  Programs and migrations
 * have another name and are left alone.
 */

void
social_pg_end_holder(social_pg_t *s)
{
    social_pg_t  *other;

    other = calloc(1, sizeof(social_pg_t));

    if (other == NULL) {
        return;
    }

    memcpy(other->schema, s->schema, sizeof(other->schema));
    memcpy(other->place, s->place, sizeof(other->place));
    other->conninfo = s->conninfo;
    other->base.backend = s->base.backend;

    social_pg_start(other, "lock");
    social_pg_connect(other);
    social_pg_run(other, SOCIAL_PG_SQL_END_HOLDER, "ii", s->lock,
                  (int64_t) SOCIAL_PG_LOCK);
    social_pg_sync(other);

    other->conninfo = NULL;
    other->base.backend->close(&other->base);
}
