
/*
 * Precomputed sums in PostgreSQL (social_store_postgres_window.c, _roll.c):
 * they are used, and are not used when somebody has counted in their spans
 * since, however that came about.  To see whether figures are read from a sum,
 * tests empty it: what it had is missing then.  PostgreSQL only:
 * t/store_postgres.t runs it.
 */

#include "store.h"

#if (SOCIAL_POSTGRES)

#include <sys/wait.h>

#include "social_store_window.h"


#define DAY       86400
#define TODAY     (NOW / DAY * DAY)
#define ARTICLES  200           /* two chunks */
#define ROWS      (2 * SOCIAL_WINDOWS)


static uint64_t  value[ARTICLES + 2];
static uint64_t  generation = 1;


/* n views of an article at a time */

static int
save(social_store_t *store, int article, int64_t at, uint64_t n)
{
    char            key[32];
    social_saved_t  s;

    memset(&s, 0, sizeof(s));
    snprintf(key, sizeof(key), "/%d/", article);

    s.key = key;
    s.kind = SOCIAL_COUNT_READ;
    s.life = (uint64_t) article;
    s.value = value[article] += n;

    return social_store_save(store, generation, at, &s, 1, &err) == SOCIAL_OK;
}


static int
roll(social_store_t *store, int64_t now)
{
    int                 i, rc;
    social_retention_t  keep;

    rc = SOCIAL_AGAIN;

    for (i = 0; i < 1000 && rc == SOCIAL_AGAIN; i++) {
        memset(&keep, 0, sizeof(keep));
        keep.now = now;
        keep.events = 400 * DAY;
        keep.held = 30 * DAY;
        rc = social_store_age(store, &keep, &err);
    }

    if (rc != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
    }

    return rc == SOCIAL_OK;
}


/* what figures say of an article's kind in the last 28 days, -1: an error */

static int64_t
figure(social_store_t *store, int article, int kind, int64_t now)
{
    char             key[32];
    size_t           i;
    int64_t          n;
    social_period_t  f;

    snprintf(key, sizeof(key), "/%d/", article);

    if (social_store_figures(store, now - 28 * DAY, now + 300, &f, &err)
        != SOCIAL_OK)
    {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    for (i = 0, n = 0; i < f.narticles; i++) {
        if (strcmp(f.articles[i].key, key) == 0) {
            n = f.articles[i].counts[kind];
        }
    }

    social_period_free(&f);

    return n;
}


static int64_t
views(social_store_t *store, int article, int64_t now)
{
    return figure(store, article, SOCIAL_COUNT_READ, now);
}


/* articles that were seen once, ten days ago, and their sums.  Another one is
 * always seen, or sums would be of no use */

static social_store_t *
filled(int64_t now)
{
    int              i;
    social_store_t  *store;

    store = must_open(1);
    memset(value, 0, sizeof(value));

    for (i = 1; i <= ARTICLES; i++) {
        save(store, i, now - 10 * DAY, 1);
    }

    for (i = 0; i <= 28; i++) {
        save(store, ARTICLES + 1, now - i * DAY, 1);
    }

    ok(roll(store, now), "sums are made");

    return store;
}


static social_store_t *
begin(int64_t now)
{
    fresh();

    return filled(now);
}


static void
empty(void)
{
    tell("UPDATE window_sum SET data = ''");
}


static void
test_used(void)
{
    social_store_t  *store;

    store = begin(NOW);

    is_int(ask("SELECT count(*) FROM window_sum"), ROWS,
           "of two chunks in all windows");
    is_int(views(store, 7, NOW), 1, "the figures are right");

    save(store, 7, NOW, 3);
    is_int(views(store, 7, NOW), 4, "who counts now is not in a sum");

    empty();
    is_int(views(store, 7, NOW), 3, "they are read from the sums");
    is_int(views(store, ARTICLES, NOW), 0, "... of every chunk");

    ok(roll(store, NOW + 3600), "an hour later");
    is_int(views(store, 7, NOW + 3600), 3, "they are moved, not made again");

    tell("DELETE FROM window_sum WHERE id & 4294967295 = 0");
    is_int(views(store, 7, NOW + 3600), 4,
           "of a chunk without a row: from the spans");
    is_int(views(store, ARTICLES, NOW + 3600), 0, "... of this one only");

    ok(roll(store, NOW + 100 * DAY), "100 days later");
    is_int(ask("SELECT count(*) FROM window_sum WHERE id >> 32 = 1 AND start ="
               " 1708552800"), 2, "... they are made again, or moved");
    is_int(ask("SELECT count(*) FROM window_sum"), ROWS, "... all of them");

    social_store_close(store);
}


static void
test_late(void)
{
    social_store_t  *store;

    store = begin(NOW);
    empty();

    ok(save(store, 7, NOW - 10 * DAY, 2), "somebody counts ten days ago");
    is_int(views(store, 7, NOW), 3, "no sum with that time is used");
    is_int(views(store, ARTICLES, NOW), 1, "... of no article");
    is_int(figure(store, 7, SOCIAL_COUNT_READ, NOW - 20 * DAY), 0,
           "another period is right");

    ok(roll(store, NOW + 3600), "an hour later they are made again");
    is_int(views(store, 7, NOW + 3600), 3, "... right");
    empty();
    is_int(views(store, 7, NOW + 3600), 0, "... and used");

    social_store_close(store);
}


/* another connection, whose transaction is open */

static PGconn *
opened(const char *sql)
{
    char       text[1000];
    PGconn    *db;
    PGresult  *result;

    db = PQconnectdb(getenv("SOCIAL_STORE"));
    snprintf(text, sizeof(text), "SET search_path TO %s; BEGIN; %s", schema,
             sql);
    result = PQexec(db, text);
    ok(PQresultStatus(result) == PGRES_TUPLES_OK, "a transaction is open");
    PQclear(result);

    return db;
}


static void
end(PGconn *db, const char *how)
{
    PQclear(PQexec(db, how));
    PQfinish(db);
}


static int
awaits(const char *sql)
{
    int  i;

    for (i = 0; i < 400; i++) {
        if (ask(sql) > 0) {
            return 1;
        }

        (void) usleep(10000);
    }

    return 0;
}


/* a save that cannot go on: another one has the site's sum for ever.  Those who
 * make sums do not see it, and neither does what they note of the site.  It is
 * another process, from before this one was connected to anything */

static void
test_save(void)
{
    int              status, go[2];
    char             byte;
    pid_t            pid;
    PGconn          *db;
    social_store_t  *store;

    fresh();

    if (pipe(go) != 0) {
        exit(2);
    }

    pid = fork();

    if (pid == 0) {
        generation = 2;
        _exit(read(go[0], &byte, 1) != 1
              || !save(must_open(1), 7, NOW - 20 * DAY, 5));
    }

    store = filled(NOW);
    db = opened("SELECT value FROM site_bucket WHERE step = 0 AND kind = 1"
                " FOR UPDATE");
    ok(write(go[1], "", 1) == 1, "a save begins");

    ok(awaits("SELECT count(*) FROM pg_locks WHERE NOT granted"
              " AND locktype = 'transactionid'"), "... and waits");

    tell("DELETE FROM window_sum");
    ok(roll(store, NOW + 3600), "sums are made meanwhile");
    is_int(ask("SELECT count(*) FROM window_sum"), ROWS, "... all of them");
    is_int(views(store, 7, NOW + 3600), 1, "... and are right as yet");

    end(db, "COMMIT");
    ok(waitpid(pid, &status, 0) == pid && status == 0, "the save goes on");
    is_int(views(store, 7, NOW + 3600), 6, "the figures are right at once");
    is_int(views(store, 8, NOW + 3600), 1, "... of other articles, too");

    ok(roll(store, NOW + 7200), "sums are made again");
    is_int(views(store, 7, NOW + 7200), 6, "... right");
    empty();
    is_int(views(store, 7, NOW + 7200), 0, "... and used");

    social_store_close(store);
}


/* counts that are written, and not seen by others as yet; as any module writes
 * them, also one that knows of no sums */

static const char  counts[] =
    "INSERT INTO bucket SELECT step, 1699142400, 7, 1, '', 5"
    "  FROM unnest(ARRAY[300, 3600, 86400]) step;"
    "INSERT INTO site_bucket AS s SELECT step, 1699142400, 1, '', 5"
    "  FROM unnest(ARRAY[300, 3600, 86400]) step"
    "  ON CONFLICT (step, start, kind, label) DO UPDATE"
    "  SET value = s.value + 5;"
    "UPDATE site_bucket SET value = value + 5 WHERE step = 0 AND kind = 1"
    "  RETURNING 1";


static void
test_open(void)
{
    PGconn          *db;
    social_store_t  *store;

    store = begin(NOW);
    db = opened(counts);

    ok(roll(store, NOW + 3600), "sums are moved meanwhile");
    is_int(views(store, 7, NOW + 3600), 1, "... and are right as yet");
    end(db, "COMMIT");
    is_int(views(store, 7, NOW + 3600), 6, "with the commit all of it counts");

    ok(roll(store, NOW + 7200), "sums are made again");
    is_int(views(store, 7, NOW + 7200), 6, "... right");
    empty();
    is_int(views(store, 7, NOW + 7200), 0, "... and used");
    social_store_close(store);

    store = begin(NOW);
    db = opened(counts);
    tell("DELETE FROM window_sum");
    ok(roll(store, NOW + 3600), "sums are made while counts are written");
    end(db, "ROLLBACK");
    is_int(views(store, 7, NOW + 3600), 1, "which are given up");
    empty();
    is_int(views(store, 7, NOW + 3600), 0, "... the sums are used");
    social_store_close(store);
}


/* likes that are taken back count when they were given */

static int
like(social_store_t *store, const char *key, int64_t at)
{
    social_write_t  w;

    memset(&w, 0, sizeof(w));
    w.type = SOCIAL_WRITE_LIKE;
    w.key = str(key);
    w.known = 1;
    w.reader = 5;
    w.day = NOW / DAY;
    w.now = at;

    return put(store, &w) == SOCIAL_WROTE;
}


static void
test_like(void)
{
    social_store_t  *store;

    store = begin(TODAY);
    ok(like(store, "/7/", TODAY + 3600), "a like");
    ok(roll(store, TODAY + 3 * 3600), "sums have its time");
    is_int(figure(store, 7, SOCIAL_COUNT_LIKED, TODAY + 3 * 3600), 1,
           "... and the like");
    is_int(ask("SELECT count(*) FROM window_late"), 0, "nobody was late");

    ok(like(store, "/7/", TODAY + 3 * 3600), "it is taken back");
    is_int(ask("SELECT value FROM window_late"), 2,
           "two counts are late: the like, and that somebody was active");
    is_int(ask("SELECT count(*) FROM window_sum WHERE id & 4294967295 = 0"
               " AND until > 1699920000"), 0,
           "the sums of its article are gone");
    is_int(figure(store, 7, SOCIAL_COUNT_UNLIKED, TODAY + 3 * 3600), 1,
           "the figures are right");

    empty();
    is_int(views(store, ARTICLES, TODAY + 3 * 3600), 0,
           "sums of other articles are still used");

    tell("DELETE FROM window_sum");
    ok(like(store, "/7/", TODAY + 3 * 3600 + 60)
       && like(store, "/8/", TODAY + 3600), "one that is late by itself");
    ok(roll(store, TODAY + 5 * 3600), "sums are made again");
    is_int(figure(store, 8, SOCIAL_COUNT_LIKED, TODAY + 5 * 3600), 1,
           "... with it");
    empty();
    is_int(figure(store, 8, SOCIAL_COUNT_LIKED, TODAY + 5 * 3600), 0,
           "... and are used");

    social_store_close(store);
}


/* days that a module removes which knows of no sums */

static void
test_days(void)
{
    social_store_t  *store;

    store = begin(NOW);
    save(store, 7, NOW - 20 * DAY, 4);
    ok(roll(store, NOW + 3600), "sums of 28 days");
    is_int(views(store, 7, NOW + 3600), 5, "... are right");

    tell("UPDATE span SET kept = 1699142400 WHERE step = 86400;"
         "DELETE FROM bucket WHERE step = 86400 AND start < 1699142400");
    is_int(views(store, 7, NOW + 3600), 0,
           "what is gone is not counted: no sum is used that has it");

    ok(roll(store, NOW + 7200), "sums are made again");
    is_int(ask("SELECT count(*) FROM window_sum WHERE start < 1699142400"), 0,
           "... without it");
    save(store, 7, NOW + 7200, 1);
    is_int(views(store, 7, NOW + 7200), 1, "... right");

    social_store_close(store);
}


static void
test_damaged(void)
{
    social_store_t  *store;

    store = begin(NOW);
    tell("UPDATE window_sum SET data = decode('01', 'hex')");
    is_int(views(store, 7, NOW), 1, "damaged sums are not used");

    ok(roll(store, NOW + 3600), "an hour later");
    is_int(views(store, 7, NOW + 3600), 1, "... they are made again");
    empty();
    is_int(views(store, 7, NOW + 3600), 0, "... and used");

    social_store_close(store);
}


int
main(void)
{
    if (!on_postgres()) {
        printf("1..0 # SKIP for PostgreSQL: t/store_postgres.t\n");
        return 0;
    }

    test_save();
    test_used();
    test_late();
    test_open();
    test_like();
    test_days();
    test_damaged();

    clean();

    return done();
}

#else

int
main(void)
{
    printf("1..0 # SKIP built without libpq\n");

    return 0;
}

#endif
