
/*
 * Writers of several processes take turns: one that has the lock nearly all the
 * time, as a worker does into which many people write at once, must not keep
 * the others from it.  SQLite only: on PostgreSQL, who waits is next.
 */

#include "store.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>


#define WRITES  20


static void
nap(long usec)
{
    struct timespec  ts = { 0, usec * 1000 };

    nanosleep(&ts, NULL);
}


/* has the lock for 40 ms, again and again, with a fifth of a millisecond
 * between, until it is killed */

static pid_t
busy_writer(int *ready)
{
    int       p[2];
    pid_t     pid;
    sqlite3  *db;

    if (pipe(p) != 0) {
        exit(2);
    }

    pid = fork();

    if (pid == 0) {
        sqlite3_open(path, &db);
        signal(SIGPIPE, SIG_IGN);

        for ( ;; ) {
            if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL)
                == SQLITE_OK)
            {
                (void) !write(p[1], "x", 1);
                nap(40000);
                sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
            }

            nap(200);
        }
    }

    close(p[1]);
    *ready = p[0];

    return pid;
}


int
main(void)
{
    int              i, good, ready;
    char             byte;
    pid_t            pid;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    post(store, comment(1, "before"));

    pid = busy_writer(&ready);
    ok(read(ready, &byte, 1) == 1, "another writer has the lock");

    /* nothing reads the pipe from now on: it must not stop the writer */
    close(ready);

    for (i = 0, good = 0; i < WRITES; i++) {
        w = comment(1, "between two transactions of the other one");
        good += (put(store, &w) == SOCIAL_WROTE);
    }

    is_int(good, WRITES, "each write gets its turn");

    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    social_store_close(store);
    clean();

    return done();
}
