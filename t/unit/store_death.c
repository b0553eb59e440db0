
/*
 * What befalls a store: killed writers, locks, a full disk, a file that is
 * taken away; and that what is erased is no longer on disk.
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


static uint64_t  *counted;      /* a "zone": survives its workers */


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


/* fork; the child's int64_t's are read from *fd */

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


/* writes batches and saves counters until it is killed */

static int
victim(int fd)
{
    size_t           i;
    social_saved_t   s;
    social_write_t   w[BATCH], *batch[BATCH];
    social_store_t  *store;

    store = must_open(1);
    memset(&s, 0, sizeof(s));
    snprintf(s.key, sizeof(s.key), "/a/");
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

    ok(acknowledged > KILLS, "%d kills, %d comments acknowledged", KILLS,
       (int) acknowledged);
    is_int(bad, 0, "every one is there, under an id of its own");
    is_int(ask("SELECT count(*) % 8 FROM comment"), 0, "no half batch");
    is_int(ask("SELECT count(*) FROM pragma_integrity_check"
               " WHERE integrity_check = 'ok'"), 1, "the file is sound");

    store = must_open(1);
    memset(&s, 0, sizeof(s));
    snprintf(s.key, sizeof(s.key), "/a/");
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

    is_int(bad, 0, "of eight first writers one makes the store, 20 times");
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
    is_int(put(store, &w), -1, "another writer holds the lock");
    start = msec() - start;
    ok(start >= 1500 && start < 2500, "given up after %d ms", (int) start);
    is_int(err.fault, SOCIAL_STORE_AWAY, "the store is away");
    is_int(w.status, SOCIAL_LOST, "the comment is lost");
    is_str(err.op, "write", "in a write");

    is_int(social_store_thread(reader, str("/a/"), 1, 9, &list, &err),
           SOCIAL_OK, "readers go on");
    social_comments_free(&list);

    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    is_int(put(store, &w), SOCIAL_WROTE, "then it is free again");

    social_store_close(reader);
    social_store_close(store);

    sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE;"
                     "INSERT INTO article (key, first_seen) VALUES ('x', 1);"
                     "COMMIT", NULL, NULL, NULL);
    start = msec();
    ok(social_store_open(url, 1, &err) == NULL, "held as a whole: no opening");
    start = msec() - start;
    ok(start < 2500, "given up after %d ms", (int) start);
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

    is_int(status, 0, "full: lost is said to be lost; then it goes on");
    is_int(ask("SELECT count(*) FROM comment"), good, "the rest is there");
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
    is_int(social_store_verify(store), SOCIAL_DECLINED, "deleted");
    is_int(put(store, &w), -1, "nothing is written into nowhere");
    is_int(w.status, SOCIAL_LOST, "and nothing acknowledged");
    is_int(err.fault, SOCIAL_STORE_AWAY, err.message);

    memset(&s, 0, sizeof(s));
    s.kind = 1;
    s.value = 1;
    is_int(social_store_save(store, 1, NOW, &s, 1, &err), SOCIAL_ERROR,
           "no counters either");

    again = must_open(1);
    is_int(put(again, &w), SOCIAL_WROTE, "opened again it works");
    is_int(social_store_verify(store), SOCIAL_DECLINED, "replaced");
    is_int(put(store, &w), -1, "the old one writes nothing");
    social_store_close(store);
    social_store_close(again);

    store = must_open(1);
    is_int(put(store, &w), SOCIAL_WROTE, "the new one is sound");
    snprintf(aside, sizeof(aside), "%s.aside", path);
    rename(path, aside);
    is_int(social_store_verify(store), SOCIAL_DECLINED, "moved away");
    rename(aside, path);
    is_int(social_store_verify(store), SOCIAL_OK, "and back");
    is_int(put(store, &w), SOCIAL_WROTE, "as before");
    social_store_close(store);
    is_int(ask("SELECT count(*) FROM comment"), 3, "all three are there");
}


/* is the marker in the file or in its log? */

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

    ok(found("", "M4RK3R") || found("-wal", "M4RK3R"), "it is on disk");

    w = on(SOCIAL_WRITE_ERASE, 0);
    memset(w.commenter, 1, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "erased");

    ok(!found("-wal", "M4RK3R"), "no text is left in the log");
    ok(!found("", "M4RK3R"), "nor in the file");
    ok(!found("-wal", "N4M3N4M3") && !found("", "N4M3N4M3"), "no name");
    ok(!found("-wal", "w3bs1t3") && !found("", "w3bs1t3"), "no website");
    ok(!found("-wal", "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1")
       && !found("", "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1"), "no commenter");
    ok(found("", "Somebody"), "others stay");

    social_store_close(reader);
    social_store_close(store);
}


/* a reader who holds on to the past keeps it in the log, but not for ever */

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
    is_int(put(store, &w), SOCIAL_WROTE, "erased while somebody reads");
    start = msec() - start;
    ok(start < 1500, "without waiting for long: %d ms", (int) start);
    ok(found("-wal", "M4RK3R"), "the log still has it");

    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);

    is_int(social_store_save(store, 1, NOW, NULL, 0, &err), SOCIAL_OK,
           "the next save");
    ok(!found("-wal", "M4RK3R") && !found("", "M4RK3R"), "has taken it away");

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

    clean();

    return done();
}
