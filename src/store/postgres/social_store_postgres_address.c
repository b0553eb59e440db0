
/*
 * Where to connect to.  Names are looked up here, not in libpq, whose look-up
 * nobody can end: glibc's own threads do it, and who waits does so until the
 * deadline.  A look-up that hangs stays behind, and few of them may.
 *
 * A process that ends asks no resolver any more: it goes back to the address of
 * the connection that worked last, or to one that the URL has in numbers.
 *
 * Pool threads, and the event loop at exit.
 */

#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_siphash.h"
#include "social_store_postgres.h"


#define SOCIAL_PG_LEAVING    2500   /* msec that a process that ends waits */
#define SOCIAL_PG_ADDRESSES  64     /* servers whose last address is known */
#define SOCIAL_PG_LOOKUPS    4      /* that hang */


/* which address worked last, by a hash of the URL */

typedef struct {
    uint64_t             url;
    social_pg_address_t  address;
} social_pg_known_t;


static pthread_mutex_t    social_pg_address_mutex = PTHREAD_MUTEX_INITIALIZER;
static social_pg_known_t  social_pg_addresses[SOCIAL_PG_ADDRESSES];
static int                social_pg_leaving;


void
social_pg_leave(void)
{
    __atomic_store_n(&social_pg_leaving, 1, __ATOMIC_RELAXED);
}


int
social_pg_leaves(void)
{
    return __atomic_load_n(&social_pg_leaving, __ATOMIC_RELAXED);
}


int64_t
social_pg_patience(int64_t msec)
{
    return social_pg_leaves() && msec > SOCIAL_PG_LEAVING ? SOCIAL_PG_LEAVING
                                                          : msec;
}


/* nobody chooses URLs but the administrator; 0 is an empty row */

static uint64_t
social_pg_url_hash(const social_pg_t *s)
{
    static const unsigned char  key[SOCIAL_SIPHASH_KEY] = "address, by URL";

    return social_siphash(key, s->conninfo, strlen(s->conninfo)) | 1;
}


/* the row of the URL, or an empty one; NULL: there are too many.  The caller
 * has the mutex */

static social_pg_known_t *
social_pg_known(uint64_t url)
{
    size_t  i;

    for (i = 0; i < SOCIAL_PG_ADDRESSES; i++) {
        if (social_pg_addresses[i].url == url
            || social_pg_addresses[i].url == 0)
        {
            return &social_pg_addresses[i];
        }
    }

    return NULL;
}


/* adds to comma-separated lists; what has no room is left out */

static void
social_pg_address_add(social_pg_address_t *a, const char *host,
    const char *address, const char *port)
{
    size_t       i, len;
    const char  *values[3];
    const char  *comma;

    values[0] = host;
    values[1] = address;
    values[2] = port;
    comma = a->n ? "," : "";

    for (i = 0; i < 3; i++) {
        if (strlen(a->list[i]) + strlen(values[i]) + 2 > sizeof(a->list[i])) {
            return;
        }
    }

    for (i = 0; i < 3; i++) {
        len = strlen(a->list[i]);
        snprintf(a->list[i] + len, sizeof(a->list[i]) - len, "%s%s", comma,
                 values[i]);
    }

    a->n++;
}


void
social_pg_address_keep(social_pg_t *s)
{
    const char         *host, *address, *port;
    social_pg_known_t  *known;

    host = PQhost(s->db);
    address = PQhostaddr(s->db);
    port = PQport(s->db);

    pthread_mutex_lock(&social_pg_address_mutex);

    known = social_pg_known(social_pg_url_hash(s));

    if (known != NULL && host != NULL) {
        memset(&known->address, 0, sizeof(social_pg_address_t));
        social_pg_address_add(&known->address, host, address ? address : "",
                              port ? port : "");
        known->url = known->address.n ? social_pg_url_hash(s) : 0;
    }

    pthread_mutex_unlock(&social_pg_address_mutex);
}


/* 1: there was one */

static int
social_pg_address_last(social_pg_t *s, social_pg_address_t *address)
{
    social_pg_known_t  *known;

    pthread_mutex_lock(&social_pg_address_mutex);

    known = social_pg_known(social_pg_url_hash(s));

    if (known != NULL && known->url != 0) {
        *address = known->address;
    }

    pthread_mutex_unlock(&social_pg_address_mutex);

    return address->n != 0;
}


#if defined(__GLIBC__)

/* glibc writes into it until the look-up has ended */

typedef struct {
    struct gaicb     cb;
    struct addrinfo  hints;
    char             host[256];
} social_pg_lookup_t;


static social_pg_lookup_t  *social_pg_lookups[SOCIAL_PG_LOOKUPS];


static void
social_pg_lookup_free(social_pg_lookup_t *lookup)
{
    if (lookup->cb.ar_result != NULL) {
        freeaddrinfo(lookup->cb.ar_result);
    }

    free(lookup);
}


/* a place for one that hangs; frees those that have ended.  The caller has the
 * mutex */

static social_pg_lookup_t **
social_pg_lookup_place(void)
{
    size_t                i;
    social_pg_lookup_t  **place;

    place = NULL;

    for (i = 0; i < SOCIAL_PG_LOOKUPS; i++) {

        if (social_pg_lookups[i] != NULL
            && gai_error(&social_pg_lookups[i]->cb) != EAI_INPROGRESS)
        {
            social_pg_lookup_free(social_pg_lookups[i]);
            social_pg_lookups[i] = NULL;
        }

        if (social_pg_lookups[i] == NULL) {
            place = &social_pg_lookups[i];
        }
    }

    return place;
}


/* until it has ended, or the deadline has passed: 1 then, and it is kept */

static int
social_pg_lookup_wait(social_pg_t *s, social_pg_lookup_t *lookup)
{
    int                   hangs;
    int64_t               left;
    struct timespec       ts;
    const struct gaicb   *list[1];
    social_pg_lookup_t  **place;

    list[0] = &lookup->cb;

    while (gai_error(&lookup->cb) == EAI_INPROGRESS) {
        left = s->deadline - social_pg_msec();

        if (left <= 0) {
            break;
        }

        ts.tv_sec = left / 1000;
        ts.tv_nsec = left % 1000 * 1000000;
        (void) gai_suspend(list, 1, &ts);
    }

    pthread_mutex_lock(&social_pg_address_mutex);

    hangs = (gai_error(&lookup->cb) == EAI_INPROGRESS
             && gai_cancel(&lookup->cb) == EAI_NOTCANCELED);

    if (hangs) {
        place = social_pg_lookup_place();

        if (place != NULL) {
            *place = lookup;
        }                               /* else it is lost, but it works */
    }

    pthread_mutex_unlock(&social_pg_address_mutex);

    return hangs;
}


/* NULL: the addresses are not known in time */

static social_pg_lookup_t *
social_pg_lookup(social_pg_t *s, const char *host)
{
    int                  busy;
    struct gaicb        *list[1];
    social_pg_lookup_t  *lookup;

    pthread_mutex_lock(&social_pg_address_mutex);
    busy = (social_pg_lookup_place() == NULL);
    pthread_mutex_unlock(&social_pg_address_mutex);

    if (busy) {
        return NULL;
    }

    lookup = calloc(1, sizeof(social_pg_lookup_t));

    if (lookup == NULL) {
        return NULL;
    }

    snprintf(lookup->host, sizeof(lookup->host), "%s", host);
    lookup->hints.ai_socktype = SOCK_STREAM;
    lookup->hints.ai_flags = social_pg_leaves() ? AI_NUMERICHOST : 0;
    lookup->cb.ar_name = lookup->host;
    lookup->cb.ar_request = &lookup->hints;
    list[0] = &lookup->cb;

    if (getaddrinfo_a(GAI_NOWAIT, list, 1, NULL) != 0) {
        free(lookup);
        return NULL;
    }

    return social_pg_lookup_wait(s, lookup) ? NULL : lookup;
}


static void
social_pg_address_host(social_pg_t *s, social_pg_address_t *a,
    const char *host, const char *port)
{
    char                 text[64];
    struct addrinfo     *ai;
    social_pg_lookup_t  *lookup;

    if (host[0] == '/' || host[0] == '@') {
        social_pg_address_add(a, host, "", port);
        return;
    }

    lookup = social_pg_lookup(s, host);

    if (lookup == NULL) {
        return;
    }

    for (ai = lookup->cb.ar_result; ai != NULL; ai = ai->ai_next) {
        if (getnameinfo(ai->ai_addr, ai->ai_addrlen, text, sizeof(text), NULL,
                        0, NI_NUMERICHOST) == 0)
        {
            social_pg_address_add(a, host, text, port);
        }
    }

    social_pg_lookup_free(lookup);
}


/* the next item of a comma-separated list; "" at its end */

static void
social_pg_item(const char **list, char *item, size_t size)
{
    size_t  len;

    len = strcspn(*list, ",");
    snprintf(item, size, "%.*s", (int) len, *list);
    *list += len + ((*list)[len] == ',');
}


/* every host of the list, each with its port; one port is for all of them */

static void
social_pg_address_list(social_pg_t *s, social_pg_address_t *a,
    const char *hosts, const char *ports)
{
    int   alone;
    char  host[256], port[16];

    alone = (strchr(ports, ',') == NULL);
    snprintf(port, sizeof(port), "%s", alone ? ports : "");

    while (*hosts != '\0') {
        social_pg_item(&hosts, host, sizeof(host));

        if (!alone) {
            social_pg_item(&ports, port, sizeof(port));
        }

        social_pg_address_host(s, a, host, port);
    }

    if (a->n == 0 && social_pg_leaves()) {
        social_pg_lost(s, "there was none before");

    } else if (a->n == 0) {
        social_pg_lost(s, "its name has no address, or no resolver answers");
    }
}

#endif


/* libpq finds it without a name: a default, an address, a service */

static void
social_pg_address_look(social_pg_t *s, social_pg_address_t *address)
{
#if defined(__GLIBC__)
    const char        *host, *port, *given;
    PQconninfoOption  *options, *o;

    options = PQconninfoParse(s->conninfo, NULL);

    if (options == NULL) {
        social_pg_memory(s);            /* it was read before */
        return;
    }

    host = port = given = NULL;

    for (o = options; o->keyword != NULL; o++) {
        if (strcmp(o->keyword, "host") == 0) {
            host = o->val;

        } else if (strcmp(o->keyword, "port") == 0) {
            port = o->val;

        } else if (strcmp(o->keyword, "hostaddr") == 0) {
            given = o->val;
        }
    }

    if (host != NULL && host[0] != '\0' && given == NULL) {
        social_pg_address_list(s, address, host, port ? port : "");
    }

    PQconninfoFree(options);
#endif
}


void
social_pg_address_find(social_pg_t *s, social_pg_address_t *address)
{
    memset(address, 0, sizeof(social_pg_address_t));

    if (!social_pg_leaves() || !social_pg_address_last(s, address)) {
        social_pg_address_look(s, address);
    }
}
