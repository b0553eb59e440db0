
/*
 * The store when writers are killed, the file is locked, moved or deleted, and
 * the disk is full.  What is erased must not be left on disk.
 */

#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>


#define KILLS  100
#define BATCH  8


typedef int (*child_pt)(int fd);


static uint64_t  *counted;      /* a "zone": survives the processes */


static void
nap(long usec)
{
    struct timespec  ts = { usec / 1000000, usec % 1000000 * 1000 };

    nanosleep(&ts, NULL);
}


static int64_t
msec(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


/* forks; *fd reads the int64_t's that the child writes */

static pid_t
spawn(child_pt run, int *fd)
{
    int    p[2];
    pid_t  pid;

    if (pipe(p) != 0) {
        exit(2);
    }

    pid = fork();

    if (pid == 0) {
        close(p[0]);
        _exit(run(p[1]));
    }

    close(p[1]);
    *fd = p[0];

    return pid;
}


static int
say(int fd, int64_t value)
{
    return write(fd, &value, sizeof(value)) == sizeof(value);
}


/* writes batches and saves counters until the process is killed */

static int
victim(int fd)
{
    size_t           i;
    social_saved_t   s;
    social_write_t   w[BATCH], *batch[BATCH];
    social_store_t  *store;

    store = must_open(1);
    memset(&s, 0, sizeof(s));
    s.key = "/a/";
    s.kind = SOCIAL_COUNT_READ;

    for ( ;; ) {
        for (i = 0; i < BATCH; i++) {
            w[i] = comment((int) i + 1, "a comment that must not be lost");
            batch[i] = &w[i];
        }

        if (social_store_write(store, batch, BATCH, &err) != SOCIAL_OK) {
            return 3;
        }

        for (i = 0; i < BATCH; i++) {
            if (!say(fd, w[i].wrote_id)) {
                return 4;
            }
        }

        *counted += 3;
        s.value = *counted;

        if (social_store_save(store, 1, NOW, &s, 1, &err) != SOCIAL_OK) {
            return 5;
        }
    }
}


static void
test_kill(void)
{
    int                fd, i, bad;
    char               sql[96];
    pid_t              pid;
    int64_t            id, last, acknowledged;
    social_saved_t     s;
    social_store_t    *store;
    social_period_t   f;

    fresh();
    social_store_close(must_open(1));
    acknowledged = 0;
    last = 0;
    bad = 0;

    for (i = 0; i < KILLS; i++) {
        pid = spawn(victim, &fd);

        /* every other one is killed when it is known to write, whatever the
         * pace of the disk; the others at any time, also while they open */

        if (i % 2 && read(fd, &id, sizeof(id)) == sizeof(id)) {
            bad += (id <= last);
            last = id;
            acknowledged++;
        }

        nap(2000 + (i * 7919) % 23000);
        kill(pid, SIGKILL);

        while (read(fd, &id, sizeof(id)) == sizeof(id)) {
            bad += (id <= last);
            last = id;
            acknowledged++;
        }

        waitpid(pid, NULL, 0);
        close(fd);

        snprintf(sql, sizeof(sql), "SELECT count(*) FROM comment"
                 " WHERE id <= %" PRId64, last);
        bad += (ask(sql) != last);
    }

    ok(acknowledged >= KILLS / 2, "%d kills, %d comments acknowledged", KILLS,
       (int) acknowledged);
    is_int(bad, 0, "each is in the file, with an id of its own");
    is_int(ask("SELECT count(*) % 8 FROM comment"), 0,
           "no batch is stored in part");
    is_int(ask("SELECT count(*) FROM pragma_integrity_check"
               " WHERE integrity_check = 'ok'"), 1,
           "the file passes SQLite's check");

    store = must_open(1);
    memset(&s, 0, sizeof(s));
    s.key = "/a/";
    s.kind = SOCIAL_COUNT_READ;
    s.value = *counted;
    social_store_save(store, 1, NOW, &s, 1, &err);

    social_store_figures(store, 0, INT64_MAX, &f, &err);
    is_int(f.articles[0].counts[SOCIAL_COUNT_READ], (int64_t) *counted,
           "counters are exact");
    social_period_free(&f);
    social_store_close(store);
}


static int
opener(int fd)
{
    int64_t          sum;
    social_store_t  *store;
    unsigned char    secret[32];

    store = social_store_open(url, 1, &err);
    if (store == NULL) {
        printf("# %s: %s\n", err.op, err.message);
        return 1;
    }

    if (social_store_secret(store, secret, &err) != SOCIAL_OK) {
        return 2;
    }

    memcpy(&sum, secret, sizeof(sum));
    say(fd, sum);
    social_store_close(store);

    return 0;
}


static void
test_race(void)
{
    int      fd[8], i, round, status, bad;
    pid_t    pid[8];
    int64_t  secret, one;

    for (round = 0, bad = 0; round < 20; round++) {
        fresh();

        for (i = 0; i < 8; i++) {
            pid[i] = spawn(opener, &fd[i]);
        }

        for (i = 0, one = 0; i < 8; i++) {
            secret = 0;
            bad += (read(fd[i], &secret, sizeof(secret)) != sizeof(secret));
            bad += (i > 0 && secret != one);
            one = secret;

            waitpid(pid[i], &status, 0);
            bad += (status != 0);
            close(fd[i]);
        }
    }

    is_int(bad, 0, "eight open a new store at once: one secret, 20 times");
}


static void
test_lock(void)
{
    sqlite3         *db;
    int64_t          start;
    social_write_t   w;
    social_store_t  *store, *reader;
    social_comments_t  list;

    fresh();
    store = must_open(1);
    post(store, comment(1, "before"));
    reader = must_open(0);

    sqlite3_open(path, &db);
    sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);

    w = comment(1, "waits");
    start = msec();
    is_int(put(store, &w), -1, "another writer has the lock: the write fails");
    start = msec() - start;
    ok(start >= 1500 && start < 20000, "given up after %d ms", (int) start);
    is_int(err.fault, SOCIAL_STORE_AWAY, "the store is away");
    is_int(w.status, SOCIAL_LOST, "the comment is reported as lost");
    is_str(err.op, "write", "the error names the operation");

    is_int(social_store_thread(reader, str("/a/"), 1, 9, SOCIAL_NEWEST,
        &list, &err),
           SOCIAL_OK, "readers can read");
    social_comments_free(&list);

    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    is_int(put(store, &w), SOCIAL_WROTE, "after the lock is released: written");

    social_store_close(reader);
    social_store_close(store);

    sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE;"
                     "INSERT INTO article (key, first_seen) VALUES ('x', 1);"
                     "COMMIT", NULL, NULL, NULL);
    start = msec();
    ok(social_store_open(url, 1, &err) == NULL,
       "locked exclusively: it does not open");
    start = msec() - start;
    ok(start < 20000, "given up after %d ms", (int) start);
    is_int(err.fault, SOCIAL_STORE_AWAY, "the store is away");
    ok(strstr(err.message, "another program") != NULL, "%s", err.message);
    sqlite3_close(db);
}


static int
full_disk(int fd)
{
    int              i, good, failed;
    static char      text[60000];
    social_write_t   w, *batch[1] = { &w };
    struct rlimit    limit, old;
    social_store_t  *store;

    signal(SIGXFSZ, SIG_IGN);
    memset(text, 'x', sizeof(text) - 1);

    store = must_open(1);
    getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &limit);

    for (i = 0, good = 0, failed = 0; i < 60; i++) {
        w = comment(1, text);

        if (social_store_write(store, batch, 1, &err) == SOCIAL_OK) {
            good += (w.status == SOCIAL_WROTE);

        } else {
            failed += (w.status == SOCIAL_LOST
                       && err.fault == SOCIAL_STORE_AWAY);
        }
    }

    printf("# %s: %s\n", err.op, err.message);
    setrlimit(RLIMIT_FSIZE, &old);

    w = comment(1, "there is room again");
    i = put(store, &w);

    social_store_close(store);

    say(fd, good + 1);

    return (good > 0 && failed > 0 && good + failed == 60
            && i == SOCIAL_WROTE) ? 0 : 1;
}


static void
test_full(void)
{
    int      fd, status;
    pid_t    pid;
    int64_t  good;

    fresh();
    pid = spawn(full_disk, &fd);
    good = -1;

    if (read(fd, &good, sizeof(good)) != sizeof(good)) {
        good = -1;
    }

    waitpid(pid, &status, 0);
    close(fd);

    is_int(status, 0, "full disk: writes are reported as lost, then go on");
    is_int(ask("SELECT count(*) FROM comment"), good,
           "what was acknowledged is there");
}


static void
test_moved(void)
{
    char             aside[128];
    social_write_t   w;
    social_saved_t   s;
    social_store_t  *store, *again;

    fresh();
    store = must_open(1);
    w = comment(1, "x");
    put(store, &w);

    unlink(path);
    is_int(social_store_verify(store), SOCIAL_DECLINED,
           "verify: the file was deleted");
    is_int(put(store, &w), -1, "nothing is written to a deleted file");
    is_int(w.status, SOCIAL_LOST, "... and nothing is acknowledged");
    is_int(err.fault, SOCIAL_STORE_AWAY, err.message);

    memset(&s, 0, sizeof(s));
    s.kind = 1;
    s.value = 1;
    is_int(social_store_save(store, 1, NOW, &s, 1, &err), SOCIAL_ERROR,
           "counters are not saved, either");

    again = must_open(1);
    is_int(put(again, &w), SOCIAL_WROTE, "a store opened again writes");
    is_int(social_store_verify(store), SOCIAL_DECLINED,
           "verify: another file is there");
    is_int(put(store, &w), -1, "the old connection writes nothing");
    social_store_close(store);
    social_store_close(again);

    store = must_open(1);
    is_int(put(store, &w), SOCIAL_WROTE, "a new connection writes");
    snprintf(aside, sizeof(aside), "%s.aside", path);
    rename(path, aside);
    is_int(social_store_verify(store), SOCIAL_DECLINED,
           "verify: the file was moved away");
    rename(aside, path);
    is_int(social_store_verify(store), SOCIAL_OK, "verify: it was moved back");
    is_int(put(store, &w), SOCIAL_WROTE, "it can be written again");
    social_store_close(store);
    is_int(ask("SELECT count(*) FROM comment"), 3,
           "all three comments are there");
}


/* does the file (or its log, "-wal") contain the marker? */

static int
found(const char *suffix, const char *marker)
{
    int    hit;
    char   name[112], *data;
    FILE  *f;
    size_t  n;

    snprintf(name, sizeof(name), "%s%s", path, suffix);
    f = fopen(name, "r");
    data = malloc(8 << 20);
    n = (f != NULL && data != NULL) ? fread(data, 1, 8 << 20, f) : 0;
    hit = n && memmem(data, n, marker, strlen(marker)) != NULL;

    if (f != NULL) {
        fclose(f);
    }

    free(data);

    return hit;
}


static void
test_erased(void)
{
    int                i;
    char               text[3000];
    social_write_t     w;
    social_store_t    *store, *reader;

    fresh();
    store = must_open(1);
    reader = must_open(0);

    for (i = 0; i < 400; i++) {
        memset(text, 'a' + i % 26, sizeof(text));
        snprintf(text, sizeof(text), "%s %d", i % 3 ? "plain" : "M4RK3R", i);
        text[strlen(text)] = ' ';
        text[40 + (i * 37) % 2900] = '\0';
        w = comment(i % 3 + 1, text);
        w.name = str(i % 3 ? "Somebody" : "N4M3N4M3");
        w.website = str(i % 3 ? "" : "https://w3bs1t3.example/");
        post(store, w);

        if (i % 7 == 0) {
            moderate(store, w.wrote_id ? w.wrote_id : i + 1, SOCIAL_ACT_HOLD,
                     NULL);
        }
    }

    ok(found("", "M4RK3R") || found("-wal", "M4RK3R"), "the text is on disk");

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 1, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "erase");

    ok(!found("-wal", "M4RK3R"), "the log no longer contains the text");
    ok(!found("", "M4RK3R"), "... nor does the file");
    ok(!found("-wal", "N4M3N4M3") && !found("", "N4M3N4M3"), "no name is left");
    ok(!found("-wal", "w3bs1t3") && !found("", "w3bs1t3"),
       "no website is left");
    ok(!found("-wal", "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1")
       && !found("", "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"),
       "no commenter id is left");
    ok(found("", "Somebody"), "other people's comments stay");

    social_store_close(reader);
    social_store_close(store);
}


/* an open read transaction keeps the text in the log until the next save */

static void
test_erased_later(void)
{
    sqlite3         *db;
    int64_t          start;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    post(store, comment(1, "M4RK3R"));

    sqlite3_open(path, &db);
    sqlite3_exec(db, "BEGIN; SELECT count(*) FROM comment", NULL, NULL, NULL);

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 1, sizeof(w.commenter));
    start = msec();
    is_int(put(store, &w), SOCIAL_WROTE, "erase during a read transaction");
    start = msec() - start;
    ok(start < 1500, "... which it does not wait for: %d ms", (int) start);
    ok(found("-wal", "M4RK3R") || found("", "M4RK3R"), "the disk still has it");
    ok(social_store_unerased(store), "... and the store says so");
    is_int(social_store_write(store, NULL, 0, &err), SOCIAL_OK,
           "trying again is no error");
    ok(social_store_unerased(store), "... but helps only after the reader");

    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);

    is_int(social_store_save(store, 1, NOW, NULL, 0, &err), SOCIAL_OK,
           "the next save, after the read transaction");
    ok(!found("-wal", "M4RK3R") && !found("", "M4RK3R"),
       "... removes the text from disk");
    ok(!social_store_unerased(store), "... and the store says so");

    social_store_close(store);
}


/* the text before an edit, and a comment that the moderator erases */

static void
test_replaced(void)
{
    int64_t          id;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    id = post(store, comment(1, "M4RK3R"));

    w = on(SOCIAL_WRITE_EDIT, id);
    memset(w.commenter, 1, sizeof(w.commenter));
    w.text = str("N3XT");
    is_int(put(store, &w), SOCIAL_WROTE, "an edit");
    ok(!found("-wal", "M4RK3R") && !found("", "M4RK3R"),
       "the text before it is not on disk");

    is_int(moderate(store, id, SOCIAL_ACT_DELETE, NULL), SOCIAL_WROTE,
           "the moderator deletes it");
    ok(found("-wal", "N3XT") || found("", "N3XT"), "its text stays");
    is_int(moderate(store, id, SOCIAL_ACT_ERASE, NULL), SOCIAL_WROTE,
           "the moderator erases it");
    ok(!found("-wal", "N3XT") && !found("", "N3XT"), "its text is gone");

    social_store_close(store);
}


/* a process is killed between a change of a text and the checkpoint */

static void
test_replaced_killed(void)
{
    int              status;
    pid_t            pid;
    sqlite3         *db;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    post(store, comment(1, "M4RK3R"));
    social_store_close(store);

    pid = fork();

    if (pid == 0) {
        sqlite3_open(path, &db);
        sqlite3_exec(db, "PRAGMA secure_delete = ON;"
                     "UPDATE comment SET text = 'M4RK3R again';"
                     "UPDATE comment SET text = 'other'", NULL, NULL, NULL);
        _exit(0);
    }

    waitpid(pid, &status, 0);
    ok(found("-wal", "M4RK3R"), "a writer that was killed leaves text");

    store = must_open(1);
    post(store, comment(1, "next"));
    ok(!found("-wal", "M4RK3R") && !found("", "M4RK3R"),
       "the first write of the next one removes it");

    social_store_close(store);
}


int
main(void)
{
    counted = mmap(NULL, sizeof(*counted), PROT_READ|PROT_WRITE,
                   MAP_SHARED|MAP_ANONYMOUS, -1, 0);
    if (counted == MAP_FAILED) {
        return 2;
    }

    setvbuf(stdout, NULL, _IOLBF, 0);

    test_kill();
    test_race();
    test_lock();
    test_full();
    test_moved();
    test_erased();
    test_erased_later();
    test_replaced();
    test_replaced_killed();

    clean();

    return done();
}
