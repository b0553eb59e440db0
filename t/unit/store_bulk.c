
/*
 * A large save (social_store_sqlite_save.c): ten thousand articles in one
 * transaction, exact, and with a number of statements and steps that grows with
 * what has changed, not with its square.  Counts statements and steps, never
 * time.
 */

#include "store.h"
#include "social_store_sqlite.h"


#define ARTICLES  10000
#define EACH      4             /* counters of an article */
#define COUNTERS  (ARTICLES * EACH)


static char            key[ARTICLES][48];
static social_saved_t  s[COUNTERS];
static int64_t         commits, statements;


static const struct {
    int          kind;
    const char  *label;
} counters[EACH] = {
    { SOCIAL_COUNT_SOURCE, "google.com" },      /* not in SQLite's order */
    { SOCIAL_COUNT_READ, "" },
    { SOCIAL_COUNT_READERS, "" },
    { SOCIAL_COUNT_SOURCE, "dark" }
};


static int
on_commit(void *data)
{
    (void) data;
    commits++;

    return 0;
}


static int
on_statement(unsigned type, void *data, void *stmt, void *text)
{
    (void) type;
    (void) data;
    (void) stmt;
    (void) text;

    statements++;

    return 0;
}


static int64_t
steps(social_sqlite_t *sq)
{
    size_t   i;
    int64_t  n;

    for (i = 0, n = 0; i < SOCIAL_SQL_MAX; i++) {
        n += sq->stmt[i] == NULL ? 0
             : sqlite3_stmt_status(sq->stmt[i], SQLITE_STMTSTATUS_VM_STEP, 0);
    }

    return n;
}


/* every article has n more of each counter, and a number of its own */

static void
grow(uint64_t n)
{
    size_t  i, k;

    for (i = 0; i < ARTICLES; i++) {
        snprintf(key[i], sizeof(key[i]), "/archive/an-article-%d/",
                 (int) (i * 7919 % ARTICLES));

        for (k = 0; k < EACH; k++) {
            s[i * EACH + k].key = key[i];
            s[i * EACH + k].label = counters[k].label;
            s[i * EACH + k].life = i + 1;
            s[i * EACH + k].kind = (uint16_t) counters[k].kind;
            s[i * EACH + k].value += n + i % 3;
        }
    }
}


/* what grow(1), so often, has counted */

static int64_t
grown(int64_t times)
{
    size_t   i;
    int64_t  n;

    for (i = 0, n = 0; i < ARTICLES; i++) {
        n += times * (1 + (int64_t) (i % 3));
    }

    return n;
}


static void
test_exact(int64_t times)
{
    is_int(ask("SELECT count(DISTINCT article) FROM bucket"), ARTICLES,
           "every article has its counts");
    is_int(ask("SELECT count(*) FROM (SELECT 1 FROM bucket"
               " GROUP BY step, kind, label HAVING sum(value) <> "
               " (SELECT sum(value) FROM bucket WHERE step = 300"
               "  AND kind = 1))"), 0, "... each counter in each step");
    is_int(ask("SELECT sum(value) FROM bucket WHERE step = 86400"
               " AND kind = 1"), grown(times), "... exactly");
    is_int(ask("SELECT count(*) FROM watermark w CROSS JOIN article a"
               " ON a.key = '/archive/an-article-'"
               "  || ((w.life - 1) * 7919 % 10000) || '/'"
               " CROSS JOIN bucket b ON b.step = 86400"
               "  AND b.start = 1699920000 AND b.article = a.id"
               "  AND b.kind = w.kind AND b.label = w.label"
               " WHERE b.value = w.last"), COUNTERS,
           "... no article has another one's");
    is_int(ask("SELECT min(value) FROM site_bucket WHERE step = 0"),
           grown(times), "the site's sums");
    is_int(ask("SELECT max(value) FROM site_bucket WHERE step = 0"),
           grown(times), "... of all counters");
}


static void
test_large(social_store_t *store)
{
    int64_t           before;
    social_sqlite_t  *sq = (social_sqlite_t *) store;

    sqlite3_commit_hook(sq->db, on_commit, NULL);
    sqlite3_trace_v2(sq->db, SQLITE_TRACE_STMT, on_statement, NULL);

    grow(1);
    is_int(social_store_save(store, 7, NOW, s, COUNTERS, &err), SOCIAL_OK,
           "ten thousand new articles are saved");
    is_int(commits, 1, "in one transaction");
    test_exact(1);

    grow(1);
    commits = 0;
    statements = 0;
    before = steps(sq);
    is_int(social_store_save(store, 7, NOW, s, COUNTERS, &err), SOCIAL_OK,
           "all of them have changed");
    is_int(commits, 1, "in one transaction");
    test_exact(2);

    /* a counter: its watermark and three spans.  An article: its number, and
     * what the file has of its watermarks and of three spans */

    ok(statements < COUNTERS * 4 + ARTICLES * 5 + 100,
       "%d statements for %d counters", (int) statements, COUNTERS);
    before = steps(sq) - before;
    ok(before < COUNTERS * 200, "%d steps of SQLite's machine",
       (int) before);

    statements = 0;
    is_int(social_store_save(store, 7, NOW + 3, s, COUNTERS, &err), SOCIAL_OK,
           "the same save once more");
    ok(statements < ARTICLES + 100, "%d statements: nothing is written",
       (int) statements);
    test_exact(2);

    sqlite3_trace_v2(sq->db, 0, NULL, NULL);
    sqlite3_commit_hook(sq->db, NULL, NULL);
}


/* a counter that is there twice, and lives that are not apart */

static void
test_twice(social_store_t *store)
{
    size_t  i;

    for (i = 0; i < COUNTERS; i += EACH) {
        s[i + 1] = s[i];
        s[i + 1].value -= 1;
        s[i + 2] = s[i];
        s[i + 2].value += 5;
        s[i + 3] = s[i];
    }

    social_store_save(store, 7, NOW, s, COUNTERS, &err);
    is_int(ask("SELECT value FROM site_bucket WHERE step = 0 AND kind = 19"
               " AND label = 'google.com'"), grown(2) + 5 * ARTICLES,
           "a counter that is there four times counts once");
}


/* the number of an article's likes follows by a trigger */

static void
test_likes(social_store_t *store)
{
    size_t  i;

    for (i = 0; i < 600; i++) {
        s[i].key = "/liked/";
        s[i].label = "";
        s[i].life = 20000 + i;
        s[i].kind = SOCIAL_COUNT_LIKED;
        s[i].value = 1;
    }

    social_store_save(store, 7, NOW, s, 600, &err);
    is_int(ask("SELECT likes FROM article WHERE key = '/liked/'"), 600,
           "likes of a large save");
}


static void
test_checks(social_store_t *store)
{
    int               keys, triggers;
    social_write_t    w;
    social_sqlite_t  *sq = (social_sqlite_t *) store;

    (void) sqlite3_db_config(sq->db, SQLITE_DBCONFIG_ENABLE_FKEY, -1, &keys);
    (void) sqlite3_db_config(sq->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, -1,
                             &triggers);
    is_int(keys, 1, "foreign keys are looked after again");
    is_int(triggers, 1, "triggers run again");

    memset(&w, 0, sizeof(w));
    w.type = SOCIAL_WRITE_LIKE;
    w.key = str("/liked/");
    w.known = 1;
    w.reader = 5;
    w.day = NOW / 86400;
    w.now = NOW;
    put(store, &w);
    is_int(w.likes, 601, "... a like is counted by one");
}


/* generations that nobody needs go in parts */

static void
test_stale(social_store_t *store)
{
    int64_t  all, at;

    all = ask("SELECT count(*) FROM watermark WHERE generation = 7");
    at = NOW + 31 * 86400;

    social_store_save(store, 8, at, s, 1, &err);
    is_int(ask("SELECT count(*) FROM watermark WHERE generation = 7"),
           all - 10000, "ten thousand watermarks go at a time");
    is_int(ask("SELECT count(*) FROM generation WHERE id = 7"), 1,
           "a generation stays while it has some");

    for (/* void */; all > 0; all -= 10000) {
        at += 3600;
        social_store_save(store, 8, at, s, 1, &err);
    }

    is_int(ask("SELECT count(*) FROM generation WHERE id = 7"), 0,
           "then it goes, too");
    is_int(ask("SELECT count(*) FROM watermark"), 1, "the others stay");
}


int
main(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);

    test_large(store);
    test_twice(store);
    test_likes(store);
    test_checks(store);
    test_stale(store);

    social_store_close(store);
    clean();

    return done();
}
