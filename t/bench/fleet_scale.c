
/*
 * What the store in PostgreSQL costs, one figure a run: make bench-fleet.
 *
 *   fleet_scale URL commits SECONDS      single commits of one connection, each
 *                                        a comment and its article: a second
 *   fleet_scale URL comments N SECONDS   comments in batches of N: a second
 *   fleet_scale URL save N               saves of 10,000 articles with N
 *                                        counters each: msec, four times
 *   fleet_scale URL figures DAYS NOW     the figures of all articles: msec
 *   fleet_scale URL upkeep NOW           retention, which makes precomputed
 *                                        sums, until nothing is left to do:
 *                                        transactions, msec of all, and of the
 *                                        longest
 *   fleet_scale URL fill FILE            articles and counters of that file of
 *                                        SQLite (t/bench/status_load.c)
 *   fleet_scale - load FILE ARTICLES DAYS NOW    makes such a file
 *   fleet_scale - delay PORT TO USEC     forwards a port of 127.0.0.1, so late
 *                                        in each direction
 *
 * URL: postgresql://...?schema=NAME
 */

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "social_store.h"
#include "status_load.h"


#define SCALE_BATCH    256
#define SCALE_CHANGED  10000
#define SCALE_EACH     6            /* counters of a changed article, at most */
#define SCALE_ARTICLES 50           /* that are commented on */
#define SCALE_PIPES    16           /* connections of the proxy */
#define SCALE_CHUNKS   4096         /* under way */
#define SCALE_EVENTS   (400 * 86400)    /* what retention keeps */


static social_store_error_t  err;


static double
scale_now(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}


static void
scale_fail(const char *what, const char *why)
{
    fprintf(stderr, "fleet_scale: %s: %s\n", what, why);
    exit(2);
}


static social_store_t *
scale_open(const char *url)
{
    social_store_t  *store;

    store = social_store_open(url, 1, &err);

    if (store == NULL) {
        scale_fail(err.op, err.message);
    }

    return store;
}


/* the URL without the schema, which libpq does not know */

static PGconn *
scale_connect(const char *url, char *schema, size_t size)
{
    char     *plain, *p, sql[200];
    PGconn   *db;

    plain = strdup(url);
    p = plain ? strstr(plain, "?schema=") : NULL;

    if (p == NULL) {
        scale_fail(url, "it must end with ?schema=NAME");
    }

    snprintf(schema, size, "%s", p + 8);
    *p = '\0';
    db = PQconnectdb(plain);
    free(plain);

    if (PQstatus(db) != CONNECTION_OK) {
        scale_fail("connect", PQerrorMessage(db));
    }

    snprintf(sql, sizeof(sql), "SET search_path TO \"%s\"", schema);
    PQclear(PQexec(db, sql));

    return db;
}


static void
scale_result(PGconn *db, PGresult *result)
{
    ExecStatusType  status;

    status = PQresultStatus(result);

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK
        && status != PGRES_COPY_IN)
    {
        scale_fail("SQL", PQerrorMessage(db));
    }

    PQclear(result);
}


static const char *
scale_key(size_t i)
{
    static char  key[48];

    snprintf(key, sizeof(key), "/archive/an-article-of-ours-%d/", (int) i);

    return key;
}


static social_str_t
scale_str(const char *text)
{
    social_str_t  s;

    s.data = (const unsigned char *) text;
    s.len = strlen(text);

    return s;
}


/* one transaction, one trip */

static void
scale_commits(const char *url, double seconds)
{
    int          i, n;
    char         schema[64], text[200], at[24], who[24];
    double       began;
    PGconn      *db;
    const char  *values[4];

    db = scale_connect(url, schema, sizeof(schema));
    values[0] = scale_key(0);
    values[1] = at;
    values[2] = who;
    values[3] = text;

    scale_result(db, PQexecParams(db, "INSERT INTO article (key, first_seen)"
                     " VALUES ($1, 1) ON CONFLICT DO NOTHING", 1, NULL, values,
                     NULL, NULL, 0));
    scale_result(db, PQprepare(db, "one",
        "WITH a AS (UPDATE article SET changed = greatest(changed, $2::bigint),"
        "  comments = comments + 1 WHERE key = $1 RETURNING id)"
        " INSERT INTO comment (article, parent, state, before, role, created,"
        "  commenter, person, weak, source, reason, name, website, text,"
        "  active, format, visitor, same, placed, exchange)"
        " SELECT id, NULL, 1, 1, 0, $2::bigint, decode(md5($3), 'hex'), $2, 0,"
        "  '', '', 'Ann', '', $4, 1, 1, 0, 0, $2, 0 FROM a", 4, NULL));

    began = scale_now();
    srand((unsigned) getpid());

    for (n = 0, i = rand(); scale_now() - began < seconds; n++, i++) {
        snprintf(at, sizeof(at), "%lld", (long long) time(NULL));
        snprintf(who, sizeof(who), "%d", i);
        snprintf(text, sizeof(text), "Comment %d is as long as the comments of"
                 " people are, a sentence or two about the article above.", i);
        scale_result(db, PQexecPrepared(db, "one", 4, values, NULL, NULL, 0));
    }

    printf("%.1f\n", n / (scale_now() - began));
    PQfinish(db);
}


static void
scale_write(social_write_t *w, char *text, size_t size, char *key, size_t len,
    int64_t n)
{
    memset(w, 0, sizeof(social_write_t));
    snprintf(text, size, "Comment %lld is as long as the comments of people"
             " are, a sentence or two about the article above, %d.",
             (long long) n, rand());
    snprintf(key, len, "%s", scale_key((size_t) (n % SCALE_ARTICLES) + 1));

    w->type = SOCIAL_WRITE_COMMENT;
    w->key = scale_str(key);
    w->known = 1;
    w->state = SOCIAL_APPROVED;
    w->name = scale_str("Ann");
    w->text = scale_str(text);
    w->now = time(NULL);
    w->weak = (uint64_t) n * 0x9e3779b97f4a7c15u | 1;
    memcpy(w->commenter, &w->weak, sizeof(w->weak));
    w->commenter[15] = (unsigned char) getpid();
}


static void
scale_comments(const char *url, size_t batch, double seconds)
{
    size_t            i;
    double            began;
    int64_t           n;
    social_store_t   *store;
    static char       text[SCALE_BATCH][200], key[SCALE_BATCH][48];
    social_write_t   *writes[SCALE_BATCH];
    static social_write_t  w[SCALE_BATCH];

    if (batch == 0 || batch > SCALE_BATCH) {
        scale_fail("comments", "a batch has 1 to 256");
    }

    store = scale_open(url);
    srand((unsigned) getpid());

    for (i = 0; i < batch; i++) {
        writes[i] = &w[i];
    }

    began = 0;

    for (n = 0; began == 0 || scale_now() - began < seconds; /* void */ ) {
        for (i = 0; i < batch; i++) {
            scale_write(&w[i], text[i], sizeof(text[i]), key[i], sizeof(key[i]),
                        n++ + getpid() * 1000000);
        }

        if (social_store_write(store, writes, batch, &err) != SOCIAL_OK) {
            scale_fail(err.op, err.message);
        }

        if (w[0].status != SOCIAL_WROTE
            || w[batch - 1].status != SOCIAL_WROTE)
        {
            scale_fail("comments", "not all of them were written");
        }

        if (began == 0) {               /* statements are prepared */
            began = scale_now();
            n = 0;
        }
    }

    printf("%.1f\n", (double) n / (scale_now() - began));
    social_store_close(store);
}


/* the first one makes articles; then in new spans, the same ones, new ones */

static void
scale_save(const char *url, size_t each)
{
    int                    round;
    size_t                 i, k;
    double                 began;
    int64_t                now;
    social_store_t        *store;
    static char            key[SCALE_CHANGED][48];
    static social_saved_t  s[SCALE_CHANGED * SCALE_EACH];

    static const struct {
        uint16_t     kind;
        const char  *label;
    } counters[SCALE_EACH] = {
        { SOCIAL_COUNT_READ, "" }, { SOCIAL_COUNT_CONFIRMED, "" },
        { SOCIAL_COUNT_BOT, "" }, { SOCIAL_COUNT_READERS, "" },
        { SOCIAL_COUNT_SOURCE, "dark" }, { SOCIAL_COUNT_SOURCE, "google.com" }
    };

    if (each == 0 || each > SCALE_EACH) {
        scale_fail("save", "an article has 1 to 6 counters");
    }

    store = scale_open(url);
    now = time(NULL) / 3600 * 3600;

    for (round = 0; round < 4; round++) {

        for (i = 0; i < SCALE_CHANGED; i++) {
            snprintf(key[i], sizeof(key[i]), "%s",
                     scale_key(1 + i * 7919 % SCALE_CHANGED));

            for (k = 0; k < each; k++) {
                s[i * each + k].key = key[i];
                s[i * each + k].label = counters[k].label;
                s[i * each + k].kind = counters[k].kind;
                s[i * each + k].life = i + 1;
                s[i * each + k].value += 1 + i % 3;
            }
        }

        now += (round == 1 || round == 3) ? 300 : 5;
        began = scale_now();

        if (social_store_save(store, (uint64_t) getpid(), now, s,
                              SCALE_CHANGED * each, &err)
            != SOCIAL_OK)
        {
            scale_fail(err.op, err.message);
        }

        printf("%.1f ", (scale_now() - began) * 1e3);
    }

    printf("\n");
    social_store_close(store);
}


static void
scale_figures(const char *url, int64_t days, int64_t now)
{
    int               round;
    double            began;
    social_store_t   *store;
    social_period_t   figures;

    store = scale_open(url);

    for (round = 0; round < 3; round++) {
        began = scale_now();

        if (social_store_figures(store, now - days * 86400, now, &figures, &err)
            != SOCIAL_OK)
        {
            scale_fail(err.op, err.message);
        }

        began = scale_now() - began;
        printf("%.1f ", began * 1e3);
        fprintf(stderr, "%zu articles, %zu messages\n", figures.narticles,
                figures.nmessages);
        social_period_free(&figures);
    }

    printf("\n");
    social_store_close(store);
}


static void
scale_upkeep(const char *url, int64_t now)
{
    int                  n, rc;
    double               began, took, all, longest;
    social_store_t      *store;
    social_retention_t   keep;

    store = scale_open(url);
    memset(&keep, 0, sizeof(keep));
    all = longest = 0;
    n = 0;

    do {
        keep.now = now;
        keep.events = SCALE_EVENTS;
        keep.held = SCALE_EVENTS;
        began = scale_now();
        rc = social_store_age(store, &keep, &err);
        took = scale_now() - began;
        all += took;
        longest = took > longest ? took : longest;
        n++;
    } while (rc == SOCIAL_AGAIN);

    if (rc != SOCIAL_OK) {
        scale_fail(err.op, err.message);
    }

    printf("%d %.1f %.1f\n", n, all * 1e3, longest * 1e3);
    social_store_close(store);
}


/* a table of SQLite, in rows of COPY; the values have no special characters */

static void
scale_copy(PGconn *db, sqlite3 *file, const char *table, const char *columns)
{
    int            i;
    char           sql[400];
    size_t         len;
    sqlite3_stmt  *stmt;
    static char    row[8192];

    snprintf(sql, sizeof(sql), "SELECT %s FROM %s", columns, table);

    if (sqlite3_prepare_v2(file, sql, -1, &stmt, NULL) != SQLITE_OK) {
        scale_fail(table, sqlite3_errmsg(file));
    }

    snprintf(sql, sizeof(sql), "TRUNCATE %s CASCADE", table);
    scale_result(db, PQexec(db, sql));
    snprintf(sql, sizeof(sql), "COPY %s (%s) FROM STDIN", table, columns);
    scale_result(db, PQexec(db, sql));

    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (i = 0, len = 0; i < sqlite3_column_count(stmt); i++) {
            len += (size_t) snprintf(row + len, sizeof(row) - len, "%s%s",
                                     i ? "\t" : "",
                                     sqlite3_column_text(stmt, i)
                                     ? (const char *)
                                       sqlite3_column_text(stmt, i) : "\\N");
        }

        row[len++] = '\n';

        if (PQputCopyData(db, row, (int) len) != 1) {
            scale_fail(table, PQerrorMessage(db));
        }
    }

    sqlite3_finalize(stmt);

    if (PQputCopyEnd(db, NULL) != 1) {
        scale_fail(table, PQerrorMessage(db));
    }

    scale_result(db, PQgetResult(db));
    PQclear(PQgetResult(db));
}


static void
scale_fill(const char *url, const char *name)
{
    char      schema[64];
    PGconn   *db;
    sqlite3  *file;

    social_store_close(scale_open(url));
    db = scale_connect(url, schema, sizeof(schema));

    if (sqlite3_open_v2(name, &file, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        scale_fail(name, sqlite3_errmsg(file));
    }

    scale_copy(db, file, "article",
               "id, key, title, url, published, first_seen");
    scale_copy(db, file, "comment", "id, article, parent, state, before, role,"
               " created, person, source, name, text, active, exchange");
    scale_copy(db, file, "bucket", "step, start, article, kind, label, value");
    scale_copy(db, file, "site_bucket", "step, start, kind, label, value");
    scale_result(db, PQexec(db, "SELECT setval(pg_get_serial_sequence("
                            "'article', 'id'), max(id)) FROM article"));
    scale_result(db, PQexec(db, "SELECT setval(pg_get_serial_sequence("
                            "'comment', 'id'), max(id)) FROM comment"));
    scale_result(db, PQexec(db, "VACUUM ANALYZE"));

    sqlite3_close(file);
    PQfinish(db);
}


/* the proxy: what came is sent when its time has come */

typedef struct {
    int      to;
    size_t   len;
    double   due;
    char    *data;
} scale_chunk_t;


static int
scale_socket(int port, int listens)
{
    int                 fd, on;
    struct sockaddr_in  in;

    on = 1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    memset(&in, 0, sizeof(in));
    in.sin_family = AF_INET;
    in.sin_port = htons((uint16_t) port);
    in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);

    (void) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    (void) setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));

    if (listens ? bind(fd, (struct sockaddr *) &in, sizeof(in)) != 0
                  || listen(fd, 16) != 0
                : connect(fd, (struct sockaddr *) &in, sizeof(in)) != 0)
    {
        scale_fail("delay", "a port cannot be used");
    }

    return fd;
}


static void
scale_send(scale_chunk_t *chunk)
{
    size_t   sent;
    ssize_t  n;

    for (sent = 0; sent < chunk->len; sent += (size_t) n) {
        n = write(chunk->to, chunk->data + sent, chunk->len - sent);

        if (n <= 0) {
            break;
        }
    }

    free(chunk->data);
}


static scale_chunk_t  scale_chunks[SCALE_CHUNKS];
static size_t         scale_first, scale_last;


/* sends what is due; returns the seconds until the next one is */

static double
scale_due(void)
{
    double          now;
    scale_chunk_t  *chunk;

    for (now = scale_now(); scale_first != scale_last; scale_first++) {
        chunk = &scale_chunks[scale_first % SCALE_CHUNKS];

        if (chunk->due > now) {
            return chunk->due - now;
        }

        scale_send(chunk);
    }

    return 1;
}


static void
scale_queue(int to, const char *data, size_t len, double due)
{
    scale_chunk_t  *chunk;

    chunk = &scale_chunks[scale_last++ % SCALE_CHUNKS];
    chunk->to = to;
    chunk->len = len;
    chunk->due = due;
    chunk->data = malloc(len);

    if (chunk->data == NULL) {
        scale_fail("delay", "no memory");
    }

    memcpy(chunk->data, data, len);
}


/* what is under way to a connection that is closed goes nowhere */

static void
scale_hang_up(int fd)
{
    size_t  i;

    (void) close(fd);

    for (i = scale_first; i != scale_last; i++) {
        if (scale_chunks[i % SCALE_CHUNKS].to == fd) {
            scale_chunks[i % SCALE_CHUNKS].to = -1;
        }
    }
}


static void
scale_accept(struct pollfd *pair, int listens, int to)
{
    int  on;

    on = 1;
    pair[0].fd = accept(listens, NULL, NULL);
    pair[1].fd = scale_socket(to, 0);
    (void) setsockopt(pair[0].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));

    pair[0].events = pair[1].events = POLLIN;
    pair[0].revents = pair[1].revents = 0;
}


/* 1: both have ended */

static int
scale_forward(struct pollfd *pair, double delay)
{
    int      i;
    char     data[65536];
    ssize_t  len;

    for (i = 0; i < 2; i++) {

        if (!pair[i].revents) {
            continue;
        }

        len = read(pair[i].fd, data, sizeof(data));

        if (len <= 0) {
            scale_hang_up(pair[0].fd);
            scale_hang_up(pair[1].fd);
            return 1;
        }

        scale_queue(pair[!i].fd, data, (size_t) len, scale_now() + delay);
    }

    return 0;
}


static void
scale_delay(int port, int to, double delay)
{
    int              i, n;
    double           left;
    struct pollfd    p[SCALE_PIPES * 2 + 1];
    struct timespec  ts;

    (void) signal(SIGPIPE, SIG_IGN);
    p[0].fd = scale_socket(port, 1);
    p[0].events = POLLIN;
    n = 1;

    for ( ;; ) {
        left = scale_due();
        ts.tv_sec = (time_t) left;
        ts.tv_nsec = (long) ((left - (double) ts.tv_sec) * 1e9);

        if (ppoll(p, (nfds_t) n, &ts, NULL) <= 0) {
            continue;
        }

        for (i = 1; i < n; i += 2) {
            if (scale_forward(&p[i], delay)) {
                n -= 2;                 /* the last pair takes its place */
                p[i] = p[n];
                p[i + 1] = p[n + 1];
                break;
            }
        }

        if (p[0].revents && n + 2 <= SCALE_PIPES * 2 + 1) {
            scale_accept(&p[n], p[0].fd, to);
            n += 2;
        }
    }
}


int
main(int argc, char **argv)
{
    const char  *what = argc > 2 ? argv[2] : "";

    if (strcmp(what, "commits") == 0 && argc == 4) {
        scale_commits(argv[1], atof(argv[3]));

    } else if (strcmp(what, "comments") == 0 && argc == 5) {
        scale_comments(argv[1], (size_t) atoi(argv[3]), atof(argv[4]));

    } else if (strcmp(what, "save") == 0 && argc == 4) {
        scale_save(argv[1], (size_t) atoi(argv[3]));

    } else if (strcmp(what, "figures") == 0 && argc == 5) {
        scale_figures(argv[1], atoll(argv[3]), atoll(argv[4]));

    } else if (strcmp(what, "upkeep") == 0 && argc == 4) {
        scale_upkeep(argv[1], atoll(argv[3]));

    } else if (strcmp(what, "fill") == 0 && argc == 4) {
        scale_fill(argv[1], argv[3]);

    } else if (strcmp(what, "load") == 0 && argc == 7) {
        char  url[512];

        snprintf(url, sizeof(url), "sqlite:%s", argv[3]);
        social_store_close(scale_open(url));
        load_store(argv[3], atoll(argv[4]), atoll(argv[5]), atoll(argv[6]));

    } else if (strcmp(what, "delay") == 0 && argc == 6) {
        scale_delay(atoi(argv[3]), atoi(argv[4]), atof(argv[5]) / 1e6);

    } else {
        scale_fail("usage", "see the head of t/bench/fleet_scale.c");
    }

    return 0;
}
