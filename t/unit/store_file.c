
/*
 * The store's file (social_store_sqlite.c, _schema.c) when it is damaged, of
 * another program, read-only, too new or too old.
 */

#include "store.h"

#include <sys/wait.h>

#include "social_store_sqlite.h"


/* the exit code of a child */

static int
run_child(int (*run)(void))
{
    int    status;
    pid_t  pid;

    pid = fork();

    if (pid == 0) {
        _exit(run());
    }

    waitpid(pid, &status, 0);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}


static void
spoil(const char *name, long from, const char *with, size_t times)
{
    FILE  *f;

    f = fopen(name, from ? "r+" : "w");

    if (f != NULL) {
        fseek(f, from, SEEK_SET);

        while (times--) {
            fputs(with, f);
        }

        fclose(f);
    }
}


static void
test_damaged(void)
{
    int                 i, said;
    social_store_t     *store;
    social_comments_t   list;

    fresh();
    spoil(path, 0, "This is no database. ", 500);
    ok(social_store_open(url, 1, &err) == NULL, "a file that is no database");
    is_int(err.fault, SOCIAL_STORE_CORRUPT, err.message);
    ok(social_store_open(url, 0, &err) == NULL,
       "... does not open for reading, either");
    is_int(err.fault, SOCIAL_STORE_CORRUPT, "... with the same fault");

    fresh();
    spoil(path, 0, "", 0);
    store = social_store_open(url, 1, &err);
    ok(store != NULL, "an empty file is a new store");
    social_store_close(store);

    fresh();
    tell("CREATE TABLE article (x)");
    ok(social_store_open(url, 1, &err) == NULL, "another program's database");
    is_int(err.fault, SOCIAL_STORE_CORRUPT, err.message);
    is_int(ask("SELECT count(*) FROM sqlite_master"), 1, "... is not changed");

    fresh();
    mkdir(path, 0700);
    ok(social_store_open(url, 1, &err) == NULL, "the path is a directory");
    is_int(err.fault, SOCIAL_STORE_AWAY, err.message);

    fresh();
    snprintf(url, sizeof(url), "sqlite:%s/no/such/dir", dir);
    ok(social_store_open(url, 1, &err) == NULL, "the directory does not exist");
    is_int(err.fault, SOCIAL_STORE_AWAY, err.message);

    fresh();
    store = must_open(1);

    for (i = 0; i < 200; i++) {
        post(store, comment(i % 9 + 1, "some text to fill pages with"));
    }

    social_store_close(store);
    spoil(path, 4096, "\x7f\x01garbage", 12000);

    said = SOCIAL_OK;
    store = social_store_open(url, 1, &err);

    if (store != NULL) {
        said = social_store_thread(store, str("/a/"), 1, 99, SOCIAL_NEWEST,
            &list, &err);
        ok(list.n == 0 && list.items == NULL,
           "after an error the list is empty");
        social_store_close(store);
    }

    ok(store == NULL || said == SOCIAL_ERROR, "a damaged page is noticed");
    is_int(err.fault, SOCIAL_STORE_CORRUPT, err.message);
}


/* runs in a child that is not root: root may write everywhere */

static int
nobody(void)
{
    if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
        return 9;
    }

    if (social_store_open(url, 1, &err) != NULL) {
        return 1;
    }

    printf("# %s: %s\n", err.op, err.message);

    return (err.fault == SOCIAL_STORE_AWAY
            && strstr(err.message, "can the worker"))
           ? 0 : 2;
}


static void
test_readonly(void)
{
    fresh();
    chmod(dir, 0555);
    is_int(run_child(nobody), 0, "a directory that is not writable");

    chmod(dir, 0755);
    social_store_close(must_open(1));
    chmod(path, 0444);
    chmod(dir, 0555);
    is_int(run_child(nobody), 0, "a file that is not writable");

    chmod(path, 0400);
    chmod(dir, 0755);
}


static uint64_t
sum_of_file(void)
{
    int       c;
    FILE     *f;
    uint64_t  sum;

    f = fopen(path, "r");
    sum = 5381;

    while (f != NULL && (c = getc(f)) != EOF) {
        sum = sum * 33 + (unsigned) c;
    }

    if (f != NULL) {
        fclose(f);
    }

    return sum;
}


static void
test_newer(void)
{
    uint64_t         sum;
    social_store_t  *store;

    fresh();
    social_store_close(must_open(1));
    tell("PRAGMA user_version = 99;"
         "UPDATE setting SET value = 12 WHERE name = 'oldest'");
    sum = sum_of_file();

    ok(social_store_open(url, 1, &err) == NULL,
       "a schema newer than the module");
    is_int(err.fault, SOCIAL_STORE_NEWER, err.message);
    ok(social_store_open(url, 0, &err) == NULL,
       "... is refused for reading, too");
    is_int(err.fault, SOCIAL_STORE_NEWER, "the fault is that it is newer");
    ok(sum_of_file() == sum, "the file was not touched");

    is_int(ask("PRAGMA user_version"), 99, "its version is the same");

    tell("UPDATE setting SET value = 11 WHERE name = 'oldest'");
    store = must_open(1);
    ok(post(store, comment(1, "from before")) == 1,
       "one that lets this version write: it writes");
    social_store_close(store);
    social_store_close(must_open(0));
    is_int(ask("PRAGMA user_version"), 99, "... and leaves the version");
}


static void
test_migrate(void)
{
    social_store_t  *store;

    fresh();
    tell(social_sqlite_schema[0].sql);
    tell("PRAGMA user_version = 1; PRAGMA application_id = 0x6e736f63;"
         "INSERT INTO article (key, first_seen) VALUES ('/old/', 1);"
         "INSERT INTO comment (article, state, before, role, created, person,"
         " name, text) VALUES (1, 1, 1, 0, 1, 1, 'Old', 'kept')");

    ok(social_store_open(url, 0, &err) == NULL,
       "an old schema does not open for reading");
    is_int(err.fault, SOCIAL_STORE_AWAY, err.message);

    store = must_open(1);
    is_int(ask("PRAGMA user_version"),
           social_sqlite_schema[social_sqlite_schema_n - 1].version,
           "a writer migrates it");
    is_int(ask("SELECT count(*) FROM comment WHERE text = 'kept'"), 1,
           "comments are kept");
    is_int(ask("SELECT format FROM comment"), 0, "... and are plain");
    ok(post(store, comment(1, "new")) == 2, "a new comment can be written");
    social_store_close(store);

    fresh();
    tell(social_sqlite_schema[0].sql);
    tell("PRAGMA user_version = 1; PRAGMA application_id = 0x6e736f63;"
         "CREATE TABLE watermark (x)");
    ok(social_store_open(url, 1, &err) == NULL, "a migration that fails");
    is_int(ask("PRAGMA user_version"), 1, "... leaves the version");
    is_int(ask("SELECT count(*) FROM sqlite_master WHERE name = 'bucket'"), 0,
           "... and creates no table");
}


/*
 * Counters of version 4: three steps, of which the last is not kept.  Four
 * articles, two of them in the same hour; kinds with and without labels.
 */

static void
version_4(void)
{
    size_t  i;

    fresh();

    for (i = 0; i < 4; i++) {
        tell(social_sqlite_schema[i].sql);
    }

    tell("PRAGMA user_version = 4; PRAGMA application_id = 0x6e736f63;"
         "INSERT INTO article (key, first_seen) VALUES ('', 1), ('/a/', 1),"
         " ('/b/', 1), ('/c/', 1);"
         "CREATE TEMP TABLE counted (at, article, kind, label, value);"
         "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
         "  WHERE i < 999)"
         " INSERT INTO counted SELECT 1690000000 + i * 9973, 1 + i % 4,"
         "  CASE i % 5 WHEN 4 THEN 22 ELSE 1 + i % 5 END,"
         "  CASE i % 5 WHEN 4 THEN 'reddit' ELSE '' END, 1 + i % 11 FROM n;"
         "INSERT INTO bucket SELECT step, at / step * step, article, kind,"
         "  label, sum(value) FROM counted, (SELECT 3600 AS step"
         "  UNION ALL SELECT 86400 UNION ALL SELECT 2592000)"
         "  GROUP BY 1, 2, 3, 4, 5");
}


/* the sum of all counters, each times its kind */

static int64_t
weighed(const social_article_t *a)
{
    size_t   i;
    int64_t  sum;

    for (sum = 0, i = 1; i < SOCIAL_COUNT_UNLABELLED; i++) {
        sum += a->counts[i] * (int64_t) i;
    }

    for (i = 0; i < a->nlabelled; i++) {
        sum += a->labelled[i].value * a->labelled[i].kind;
    }

    return sum;
}


static void
test_migrate_counts(void)
{
    size_t             i;
    int64_t            before, day, first, sum;
    social_store_t    *store;
    social_period_t    f;
    social_article_t   all;

    version_4();
    before = ask("SELECT sum(value * kind) FROM bucket WHERE step = 86400");
    first = ask("SELECT min(start) FROM bucket WHERE step = 86400") + 86400;
    day = ask("SELECT sum(value * kind) FROM bucket WHERE step = 3600"
              " AND start / 86400 = (SELECT min(start) / 86400 + 1"
              " FROM bucket WHERE step = 86400)");
    ok(before > 1000 && day > 0, "counters of version 4");

    store = must_open(1);
    is_int(social_store_totals(store, 0, INT64_MAX, &all, &err), SOCIAL_OK,
           "after the migration: the site's totals");
    is_int(weighed(&all), before, "... are the sums of before");
    is_int(all.nlabelled, 1, "... with their label");
    social_article_free(&all);

    is_int(social_store_totals(store, first, first + 86400, &all, &err),
           SOCIAL_OK, "the totals of a day");
    is_int(weighed(&all), day, "... are those of before");
    social_article_free(&all);

    is_int(social_store_figures(store, 0, INT64_MAX, &f, &err), SOCIAL_OK,
           "the figures of articles");

    for (sum = 0, i = 0; i < f.narticles; i++) {
        sum += weighed(&f.articles[i]);
    }

    is_int(sum, ask("SELECT sum(value * kind) FROM bucket b JOIN article a"
                    " ON a.id = b.article WHERE step = 86400"
                    " AND kind < 22"),
           "... are the sums of before, without labels");
    social_period_free(&f);

    is_int(ask("SELECT count(*) FROM bucket WHERE step = 2592000"), 0,
           "spans of 30 days are gone");
    is_int(ask("SELECT sum(value * kind) FROM bucket WHERE step = 86400"),
           before, "days are as they were");
    social_store_close(store);
}


int
main(void)
{
    test_damaged();
    test_readonly();
    test_newer();
    test_migrate();
    test_migrate_counts();

    clean();

    return done();
}
