
/*
 * A COMMIT that takes longer than anybody waits: while its batch is repeated,
 * it is done.  t/fleet_late.t runs this with a database whose syncs take as
 * long as the file says that SLOW_SYNC names.
 */

#include "store.h"

#if (SOCIAL_POSTGRES)

#include <sys/wait.h>


#define LATE_SYNC  "6500"           /* msec; a batch waits for 5 s, and then 3 s
                                     * for the lock */


static void
sync_takes(const char *msec)
{
    FILE  *file;

    file = fopen(getenv("SLOW_SYNC"), "w");

    if (file != NULL) {
        fputs(msec, file);
        fclose(file);
    }
}


/* in a process of its own: until somebody waits for the site's lock.  Exits
 * with 0 if that was so */

static pid_t
when_repeated(void)
{
    int        i, waits;
    pid_t      pid;
    PGconn    *db;
    PGresult  *result;

    pid = fork();

    if (pid != 0) {
        return pid;
    }

    db = PQconnectdb(getenv("SOCIAL_STORE"));

    for (i = 0, waits = 0; i < 2000 && !waits; i++) {
        (void) usleep(10000);
        result = PQexec(db, "SELECT 1 FROM pg_locks"
                        " WHERE locktype = 'advisory' AND NOT granted");
        waits = (PQntuples(result) > 0);
        PQclear(result);
    }

    sync_takes("0");
    PQfinish(db);
    _exit(!waits);
}


int
main(void)
{
    int              status;
    pid_t            pid;
    int64_t          id;
    social_write_t   w;
    social_store_t  *store;

    if (!on_postgres() || getenv("SLOW_SYNC") == NULL) {
        printf("1..0 # SKIP for PostgreSQL with a slow disk: t/fleet_late.t\n");
        return 0;
    }

    fresh();
    store = must_open(1);
    id = post(store, comment(1, "reported once"));
    ok(id > 0, "a comment");

    sync_takes(LATE_SYNC);
    pid = when_repeated();

    w = on(SOCIAL_WRITE_REPORT, id);
    is_int(put(store, &w), SOCIAL_WROTE,
           "a batch that is committed while it is repeated is written");
    ok(waitpid(pid, &status, 0) == pid && status == 0,
       "it waited for the first try of itself");
    is_int(ask("SELECT reports FROM comment"), 1, "it is not written twice");

    social_store_close(store);
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
