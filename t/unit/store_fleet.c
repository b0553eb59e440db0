
/*
 * What only a store of several machines has: connections that break, the lock
 * of a batch that is frozen, a row that the database refuses, a store that is
 * replaced or newer.  PostgreSQL only: t/store_postgres.t runs it.
 */

#include "store.h"

#if (SOCIAL_POSTGRES)

#include <sys/wait.h>

#include "social_store_postgres.h"


/* another connection, in a transaction that holds the site's lock, as one that
 * is frozen in the middle of a batch does */

static PGconn *
hold(const char *name, social_store_t *store)
{
    char       sql[200];
    PGconn    *db;
    PGresult  *result;

    db = PQconnectdb(getenv("SOCIAL_STORE"));

    snprintf(sql, sizeof(sql),
             "BEGIN; SELECT set_config('application_name', '%s', true),"
             " pg_advisory_xact_lock(%lld)", name,
             (long long) ((social_pg_t *) store)->lock);

    result = PQexec(db, sql);
    ok(PQresultStatus(result) == PGRES_TUPLES_OK, "another one has the lock");
    PQclear(result);

    return db;
}


/* 1: the connection still works */

static int
lives(PGconn *db)
{
    int        rc;
    PGresult  *result;

    result = PQexec(db, "SELECT 1");
    rc = (PQresultStatus(result) == PGRES_TUPLES_OK);
    PQclear(result);

    return rc;
}


static void
test_lock(void)
{
    PGconn          *db;
    social_write_t   w, *batch[1];
    social_store_t  *store;

    fresh();
    store = must_open(1);

    db = hold("ngx_social batch", store);
    ok(post(store, comment(1, "after a frozen batch")) > 0,
       "a batch waits, then ends the frozen one and is written");
    ok(!lives(db), "whose connection is gone");
    PQfinish(db);

    db = hold("pg_dump", store);
    w = comment(2, "beside a program");
    batch[0] = &w;
    ok(social_store_write(store, batch, 1, &err) != SOCIAL_OK,
       "a program that has the lock is not ended: the batch fails");
    is_int(err.fault, SOCIAL_STORE_AWAY, "... as if the store were away");
    is_int(w.status, SOCIAL_LOST, "the write is lost");
    ok(lives(db), "the program lives");
    PQfinish(db);

    ok(post(store, comment(2, "beside a program")) > 0,
       "when it has ended, batches are written again");
    is_int(ask("SELECT count(*) FROM comment"), 2, "each once");

    social_store_close(store);
}


static void
end_backends(void)
{
    (void) ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
               " WHERE application_name LIKE 'ngx_social%'");
}


static void
test_connection(void)
{
    social_store_t     *store, *reader;
    social_comments_t   list;

    fresh();
    store = must_open(1);
    reader = must_open(0);
    ok(post(store, comment(1, "one")) > 0, "a comment");

    end_backends();
    ok(post(store, comment(2, "two")) > 0,
       "the server has closed the connection: the next batch connects again");
    is_int(social_store_verify(store), SOCIAL_OK, "to the same store");

    is_int(social_store_after(reader, str("/a/"), 0, 9, &list, &err),
           SOCIAL_OK, "so does a read");
    is_int((int64_t) list.n, 2, "... which sees both");
    social_comments_free(&list);
    is_int(social_store_verify(reader), SOCIAL_OK, "of the same store");

    (void) tell("UPDATE setting SET data = decode(repeat('ab', 16), 'hex')"
                " WHERE name = 'identity'");
    is_int(social_store_verify(reader), SOCIAL_OK,
           "another store while a connection lasts: nobody asks");
    end_backends();
    (void) social_store_after(reader, str("/a/"), 0, 9, &list, &err);
    social_comments_free(&list);
    is_int(social_store_verify(reader), SOCIAL_DECLINED,
           "... after it broke, that is found out");

    social_store_close(reader);
    social_store_close(store);
}


/* bytes that are no UTF-8 get past nobody, but a database that refuses one row
 * must not cost the others */

static void
test_refused(void)
{
    social_write_t   w[3], *batch[3] = { &w[0], &w[1], &w[2] };
    social_store_t  *store;

    fresh();
    store = must_open(1);

    w[0] = comment(1, "good");
    w[1] = comment(2, "bad \xff\xfe");
    w[2] = comment(3, "good, too");

    is_int(social_store_write(store, batch, 3, &err), SOCIAL_OK,
           "a batch with a row that is refused");
    ok(w[0].status == SOCIAL_WROTE && w[2].status == SOCIAL_WROTE,
       "the others are written");
    is_int(w[1].status, SOCIAL_LOST, "that one is lost");
    ok(w[1].wrote_id == 0 && !w[1].visible, "and has no results");
    is_int(ask("SELECT count(*) FROM comment"), 2, "two rows");
    is_int(ask("SELECT comments FROM article WHERE key = '/a/'"), 2,
           "the article's number is right");
    is_int(w[2].comments, 2, "and is told");
    ok(w[2].change > 0, "with the number of the change");

    social_store_close(store);
}


static void
test_newer(void)
{
    social_write_t   w, *batch[1] = { &w };
    social_store_t  *store;

    fresh();
    social_store_close(must_open(1));

    (void) tell("UPDATE setting SET value = 99 WHERE name = 'schema'");
    store = must_open(1);
    ok(post(store, comment(1, "from before")) > 0,
       "a newer schema that lets this version write");
    social_store_close(store);

    (void) tell("UPDATE setting SET value = 99 WHERE name = 'oldest'");
    ok(social_store_open(url, 1, &err) == NULL, "... that does not");
    is_int(err.fault, SOCIAL_STORE_NEWER, "the fault says so");

    store = must_open(0);
    w = comment(2, "by a reader");
    ok(social_store_write(store, batch, 1, &err) != SOCIAL_OK,
       "who opened it for reading may not write");
    social_store_close(store);
}


/* many at once on an empty database: one of them makes the schema */

static void
test_many(void)
{
    int   i, status, bad;
    char  name[32];

    fresh();
    bad = 0;

    for (i = 0; i < 8; i++) {
        if (fork() == 0) {
            snprintf(name, sizeof(name), "from %d", i);
            _exit(post(must_open(1), comment(i + 1, name)) == 0);
        }
    }

    for (i = 0; i < 8; i++) {
        bad += (wait(&status) < 0 || status != 0);
    }

    is_int(bad, 0, "eight processes at once on an empty database");
    is_int(ask("SELECT count(*) FROM comment"), 8, "each has written");
    is_int(ask("SELECT comments FROM article"), 8, "one article has all");
    is_int(ask("SELECT value FROM setting WHERE name = 'change'"), 8,
           "eight changes were numbered");
}


int
main(void)
{
    if (!on_postgres()) {
        printf("1..0 # SKIP for PostgreSQL: t/store_postgres.t\n");
        return 0;
    }

    test_many();
    test_connection();
    test_refused();
    test_newer();
    test_lock();

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
