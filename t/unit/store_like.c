
/*
 * Likes (social_store_sqlite_like.c, schema/0003.sql): a second one takes the
 * first back, exactly once whoever asks; the article's number, the counters of
 * the hours and of active readers agree; an old store's likes are taken over
 * while they go on.
 */

#include "store.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/wait.h>

#include "social_store_sqlite.h"


#define TODAY     (NOW / 86400)
#define THREADS   4
#define TOGGLES   200
#define OLD_SAVES 60


static social_write_t
like(uint64_t reader)
{
    social_write_t  w;

    memset(&w, 0, sizeof(w));

    w.type = SOCIAL_WRITE_LIKE;
    w.key = str("/a/");
    w.known = 1;
    w.reader = reader;
    w.day = TODAY;
    w.now = NOW;

    return w;
}


/* toggles; returns the article's number, -1: failed */

static int64_t
toggle(social_store_t *store, social_write_t w, int *on)
{
    if (put(store, &w) != SOCIAL_WROTE) {
        return -1;
    }

    if (on != NULL) {
        *on = w.liked;
    }

    return w.likes;
}


/* a counter of /a/ in a period */

static int64_t
counted(social_store_t *store, int kind, int64_t from, int64_t to)
{
    size_t           i;
    int64_t          value;
    social_period_t  figures;

    if (social_store_figures(store, from, to, &figures, &err) != SOCIAL_OK) {
        return -1;
    }

    value = 0;

    for (i = 0; i < figures.narticles; i++) {
        if (strcmp(figures.articles[i].key, "/a/") == 0) {
            value = figures.articles[i].counts[kind];
        }
    }

    social_period_free(&figures);

    return value;
}


static int64_t
ever(social_store_t *store, int kind)
{
    return counted(store, kind, 0, INT64_MAX);
}


static void
test_toggle(void)
{
    int              on;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);

    w = like(1);
    is_int(put(store, &w), SOCIAL_WROTE, "a like is written");
    ok(w.liked && w.likes == 1 && w.visible, "it is on, and readers see 1");
    is_str(w.wrote_key, "/a/", "the key of its article");

    is_int(toggle(store, like(2), &on), 2, "another reader's like counts");
    ok(on, "it is on");
    is_int(toggle(store, like(1), &on), 1, "the second one takes it back");
    ok(!on, "it is off");
    is_int(toggle(store, like(1), &on), 2, "the third one likes again");

    w = like(1);
    w.key = str("/b/");
    put(store, &w);
    is_int(w.likes, 1, "an article has its own likes");

    w = like(3);
    w.key = str("/unknown/");
    w.known = 0;
    is_int(put(store, &w), SOCIAL_NO_ARTICLE, "an unknown article has none");
    w.key = str("");
    is_int(put(store, &w), SOCIAL_NO_ARTICLE, "nor has the site");
    is_int(ask("SELECT count(*) FROM article"), 2, "no article is added");

    social_store_close(store);

    store = must_open(1);
    is_int(toggle(store, like(4), NULL), 3, "the number survives a restart");
    social_store_close(store);
}


/* the last hour of a day's likes: an hour has no fewer likes than none */

static void
test_hours(void)
{
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);

    toggle(store, like(1), NULL);
    w = like(1);
    w.now = NOW + 5000;
    is_int(toggle(store, w, NULL), 0, "taken back in a later hour");

    is_int(ever(store, SOCIAL_COUNT_LIKED), 1, "one like was counted");
    is_int(ever(store, SOCIAL_COUNT_UNLIKED), 1, "one was taken back");
    is_int(counted(store, SOCIAL_COUNT_UNLIKED, NOW - NOW % 3600 + 3600,
                   INT64_MAX),
           0, "it is subtracted in the hour of the like");
    is_int(ask("SELECT count(*) FROM (SELECT sum(CASE kind WHEN 10 THEN value"
               " WHEN 11 THEN -value ELSE 0 END) AS n FROM bucket"
               " GROUP BY step, start, article) AS sums WHERE n < 0"),
           0, "no hour has fewer than none");

    social_store_close(store);
}


static void
test_active(void)
{
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);

#define ACTIVE()  (ever(store, SOCIAL_COUNT_ACTIVE)                           \
                   - ever(store, SOCIAL_COUNT_INACTIVE))

    w = like(1);
    put(store, &w);
    is_int(ACTIVE(), 1, "who likes is active");
    w = like(1);
    put(store, &w);
    is_int(ACTIVE(), 0, "who takes it back is not");
    ok(w.inactive, "the write says so");

    w = like(2);
    w.active = 1;
    put(store, &w);
    is_int(ACTIVE(), 0, "who shared before is counted by the share");
    w = like(2);
    w.active = w.shared = 1;
    put(store, &w);
    is_int(ACTIVE(), 0, "... and stays so without the like");
    ok(!w.inactive, "nothing is undone");

    w = like(3);
    put(store, &w);
    w = like(3);
    w.active = w.shared = 1;
    put(store, &w);
    is_int(ACTIVE(), 1, "a share between like and taking back keeps it");
    w = like(3);
    w.active = w.shared = 1;
    put(store, &w);
    w = like(3);
    w.active = w.shared = 1;
    put(store, &w);
    is_int(ACTIVE(), 1, "once, however often the like comes and goes");

    /* comments that the like covered, of its commenter, article and day */

    w = comment(7, "after a like");
    w.active = 1;
    post(store, w);
    w.now -= 86400;
    post(store, w);
    w.now += 86400;
    w.key = str("/b/");
    post(store, w);
    memset(w.commenter, 8, sizeof(w.commenter));
    w.key = str("/a/");
    post(store, w);

    w = like(4);
    put(store, &w);
    w = like(4);
    memset(w.commenter, 7, sizeof(w.commenter));
    put(store, &w);
    is_int(ask("SELECT group_concat(active, \'\') FROM"
               " (SELECT active FROM comment ORDER BY id) AS rows"), 111,
           "when the like goes, its commenter's comment counts itself");

    w = comment(9, "after a like and a share");
    w.active = 1;
    post(store, w);
    w = like(5);
    put(store, &w);
    w = like(5);
    w.active = w.shared = 1;
    memset(w.commenter, 9, sizeof(w.commenter));
    put(store, &w);
    is_int(ask("SELECT active FROM comment ORDER BY id DESC LIMIT 1"), 1,
           "not if a share still covers it");

    social_store_close(store);
}


static void
test_days(void)
{
    char             sql[160];
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    toggle(store, like(1), NULL);

    w = like(1);
    w.day++;
    w.now += 86400;
    is_int(toggle(store, w, NULL), 2, "the next day's like counts again");
    snprintf(sql, sizeof(sql), "SELECT count(*) FROM liked WHERE day <= %d",
             (int) TODAY);
    is_int(ask(sql), 0, "the rows of the day before are gone");

    w = like(1);
    w.now += 86400;
    is_int(toggle(store, w, NULL), 3, "what is gone cannot be taken back");

    tell("WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n"
         " WHERE i < 1499) INSERT INTO liked SELECT i % 7, 1, i, 1, 0 FROM n");

    toggle(store, like(9), NULL);
    is_int(ask("SELECT count(*) FROM liked WHERE day < 7"), 500,
           "one like removes at most a thousand");
    toggle(store, like(10), NULL);
    is_int(ask("SELECT count(*) FROM liked WHERE day < 7"), 0,
           "the next one the rest");

    social_store_close(store);
}


typedef struct {
    int64_t  likes[3], comments;
    int      n;
} known_t;


static void
know(void *data, social_str_t key, const social_numbers_t *numbers)
{
    known_t  *known = data;

    if (key.len == 3 && key.data[1] >= 'a' && key.data[1] <= 'c') {
        known->likes[key.data[1] - 'a'] = numbers->likes;
    }

    known->comments += numbers->comments;
    known->n++;
}


static void
test_known(void)
{
    int64_t            change;
    known_t            known;
    social_write_t     w;
    social_store_t    *store;
    social_comments_t  list;

    fresh();
    store = must_open(1);
    post(store, comment(1, "with likes"));
    toggle(store, like(1), NULL);
    toggle(store, like(2), NULL);

    w = like(3);
    w.key = str("/b/");
    put(store, &w);

    w = like(4);
    w.key = str("/c/");
    put(store, &w);
    w = like(4);
    w.key = str("/c/");
    put(store, &w);
    ok(w.likes == 0 && w.likes_changes == 2, "two changes of one number");

    memset(&known, 0, sizeof(known));
    social_store_keys(store, &change, know, &known, &err);
    is_int(known.n, 2, "at start: articles with comments or likes, once each");
    is_int(known.comments, 1, "... with their comments");
    is_int(known.likes[0] * 10 + known.likes[1], 21, "... and their likes");

    memset(&known, 0, sizeof(known));
    known.likes[2] = -1;
    change = 0;
    social_store_changed(store, &change, 100, know, &known, &err);
    is_int(known.n, 3, "later: what changed");
    is_int(known.likes[2], 0, "... also one whose last like is gone");

    social_store_thread(store, str("/a/"), 1, 10, SOCIAL_NEWEST,
        &list, &err);
    is_int(list.likes, 2, "a thread is read with the article's likes");
    social_comments_free(&list);

    social_store_close(store);
}


/* many connections toggle for the same readers at once; one that waited too
 * long for the others is answered so, has changed nothing, and tries again */

static void *
toggler(void *data)
{
    int              i;
    social_write_t   w, *batch[1];
    social_store_t  *store;
    int64_t         *lowest = data;
    social_store_error_t  error;

    store = social_store_open(url, 1, NULL);
    *lowest = store ? 0 : INT64_MIN;

    for (i = 0; store && i < TOGGLES; i++) {
        w = like((uint64_t) (i % 3) + 1);
        batch[0] = &w;

        while (social_store_write(store, batch, 1, &error) != SOCIAL_OK
               && error.fault == SOCIAL_STORE_AWAY)
        {
            /* void */
        }

        if (w.status != SOCIAL_WROTE) {
            *lowest = INT64_MIN;
            break;
        }

        if (w.likes < *lowest) {
            *lowest = w.likes;
        }
    }

    social_store_close(store);

    return NULL;
}


static int64_t
toggle_in_threads(void)
{
    size_t     i;
    int64_t    lowest[THREADS], low;
    pthread_t  thread[THREADS];

    low = 0;

    for (i = 0; i < THREADS; i++) {
        pthread_create(&thread[i], NULL, toggler, &lowest[i]);
    }

    for (i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        low = lowest[i] < low ? lowest[i] : low;
    }

    return low;
}


static void
test_threads(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);

    is_int(toggle_in_threads(), 0,
           "several workers toggle: each is answered, none below 0");
    is_int(ask("SELECT likes FROM article WHERE key = '/a/'"),
           ask("SELECT count(*) FROM liked"), "as many likes as rows");
    is_int(ever(store, SOCIAL_COUNT_LIKED)
           + ever(store, SOCIAL_COUNT_UNLIKED), THREADS * TOGGLES,
           "each is counted once");
    is_int(ever(store, SOCIAL_COUNT_LIKED) - ever(store, SOCIAL_COUNT_UNLIKED),
           ask("SELECT likes FROM article WHERE key = '/a/'"),
           "the counters and the number agree");

    social_store_close(store);
}


/* what version 2 wrote when it saved a counter */

static int
old_save(sqlite3 *db, int kind, int n)
{
    size_t                i;
    char                  sql[320];
    static const int64_t  steps[] = { 3600, 86400, 2592000 };

    if (sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK) {
        return 0;
    }

    for (i = 0; i < social_nelts(steps); i++) {
        snprintf(sql, sizeof(sql),
                 "INSERT INTO bucket (step, start, article, kind, label, value)"
                 " VALUES (%d, %d, 1, %d, '', %d)"
                 " ON CONFLICT (step, start, article, kind, label)"
                 " DO UPDATE SET value = value + excluded.value",
                 (int) steps[i], (int) (NOW - NOW % steps[i]), kind, n);

        if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) {
            return 0;
        }
    }

    return sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}


static sqlite3 *
old_open(void)
{
    sqlite3  *db;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE|SQLITE_OPEN_CREATE,
                        NULL)
        != SQLITE_OK)
    {
        exit(2);
    }

    sqlite3_busy_timeout(db, 10000);

    return db;
}


static void
old_store(void)
{
    sqlite3  *db;

    fresh();
    db = old_open();
    sqlite3_exec(db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    sqlite3_exec(db, social_sqlite_schema[0].sql, NULL, NULL, NULL);
    sqlite3_exec(db, social_sqlite_schema[1].sql, NULL, NULL, NULL);
    sqlite3_exec(db, "PRAGMA user_version = 2;"
                 "PRAGMA application_id = 0x6e736f63;"
                 "INSERT INTO article (key, first_seen) VALUES"
                 " ('/a/', 1), ('/b/', 1), ('/c/', 1)", NULL, NULL, NULL);
    sqlite3_close(db);
}


/* an old process, which goes on saving likes; its pace is one byte for each
 * save */

static int
old_process(int fd)
{
    int       i;
    sqlite3  *db;

    db = old_open();

    for (i = 0; i < OLD_SAVES; i++) {
        if (!old_save(db, SOCIAL_COUNT_LIKED, 3)
            || !old_save(db, SOCIAL_COUNT_UNLIKED, 1)
            || write(fd, "+", 1) != 1)
        {
            return 1;
        }
    }

    sqlite3_close(db);

    return 0;
}


static void
test_upgrade_under_load(void)
{
    int              p[2], i, status;
    char             byte;
    pid_t            pid;
    int64_t          n, low;
    social_store_t  *store;

    old_store();

    if (pipe(p) != 0) {
        exit(2);
    }

    pid = fork();

    if (pid == 0) {
        close(p[0]);
        _exit(old_process(p[1]));
    }

    close(p[1]);

    for (i = 0; i < 10 && read(p[0], &byte, 1) == 1; i++) {
        /* void */
    }

    ok(i == 10, "an old process saves likes");
    store = must_open(1);
    is_int(ask("PRAGMA user_version"), social_sqlite_schema_n,
           "the store is migrated meanwhile");

    for (low = 0, i = 0; i < 20; i++) {
        n = toggle(store, like((uint64_t) i + 1), NULL);
        low = n < low ? n : low;
    }

    is_int(low, 0, "likes go on, none with a number below 0");

    while (read(p[0], &byte, 1) == 1) {
        /* void */
    }

    waitpid(pid, &status, 0);
    close(p[0]);

    ok(WIFEXITED(status) && WEXITSTATUS(status) == 0,
       "the old process could save to its end");

    n = 20 + OLD_SAVES * 2;
    is_int(ask("SELECT likes FROM article WHERE key = '/a/'"), n,
           "all likes are in the article's number, old and new");
    is_int(ever(store, SOCIAL_COUNT_LIKED) - ever(store, SOCIAL_COUNT_UNLIKED),
           n, "and in the counters");
    is_int(toggle(store, like(1), NULL), n - 1,
           "a new one can be taken back");

    social_store_close(store);
}


static void
test_upgrade(void)
{
    sqlite3         *db;
    int64_t          change;
    known_t          known;
    social_store_t  *store;

    old_store();
    db = old_open();
    ok(old_save(db, SOCIAL_COUNT_LIKED, 7)
       && old_save(db, SOCIAL_COUNT_UNLIKED, 2)
       && old_save(db, SOCIAL_COUNT_ACTIVE, 9), "an old store with likes");
    sqlite3_exec(db,
        "INSERT INTO bucket SELECT step, start, 2, 21 - kind, label, value"
        " FROM bucket WHERE kind IN (10, 11);"
        "INSERT INTO comment (article, parent, state, before, role, created,"
        " person, name, text) VALUES"
        " (1, NULL, 1, 1, 0, 1699999000, 5, 'A', 'x'),"
        " (1, 1, 1, 1, 0, 1699999100, 6, 'B', 'y'),"
        " (1, 1, 1, 1, 0, 1699999200, 5, 'A', 'z'),"
        " (1, 1, 1, 1, 1, 1699999300, 5, 'Jo', 'z')", NULL, NULL, NULL);
    sqlite3_close(db);

    store = must_open(1);

    memset(&known, 0, sizeof(known));
    social_store_keys(store, &change, know, &known, &err);
    is_int(known.likes[0], 5, "what was counted becomes the article's number");
    is_int(ask("SELECT likes FROM article WHERE key = '/b/'"), 0,
           "more taken back than liked becomes 0");
    is_int(known.n, 1, "an article without likes is none of them");
    is_int(toggle(store, like(1), NULL), 6, "a like adds to it");
    is_int(ask("SELECT group_concat(exchange, \'\') FROM"
               " (SELECT exchange FROM comment ORDER BY id) AS rows"), 202,
           "whom the old replies answer: nobody, a reader, oneself, a reader");
    is_int(ask("SELECT min(active) FROM comment"), 1,
           "the old counter of active readers has the old commenters");

    social_store_close(store);
}


/* comments remember what the figures need of others */

static void
test_comments(void)
{
    int64_t          id;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);

    id = post(store, comment(1, "first"));
    w = comment(2, "an answer");
    w.parent = id;
    w.active = 1;
    put(store, &w);
    w = comment(1, "to myself");
    w.parent = id;
    w.returning = 1;
    put(store, &w);
    w = comment(3, "an answer to the answer of another person");
    w.parent = id + 1;
    w.author = 1;
    w.name = str("Jo");
    put(store, &w);
    w = comment(4, "to the author");
    w.parent = id + 3;
    put(store, &w);

    is_int(ask("SELECT group_concat(exchange, \'\') FROM"
               " (SELECT exchange FROM comment ORDER BY id) AS rows"), 2021,
           "a reply remembers whom it answers");
    is_int(ask("SELECT group_concat(active, \'\') FROM"
               " (SELECT active FROM comment ORDER BY id) AS rows"), 1000,
           "a comment remembers whether its writer was active before");

    w = on(SOCIAL_WRITE_DELETE, id);
    memset(w.commenter, 1, sizeof(w.commenter));
    is_int(put(store, &w), SOCIAL_WROTE, "the first one is erased");
    is_int(ask("SELECT group_concat(exchange, \'\') FROM"
               " (SELECT exchange FROM comment ORDER BY id) AS rows"), 2021,
           "its replies still remember");

    social_store_close(store);
}


int
main(void)
{
    test_toggle();
    test_hours();
    test_active();
    test_days();
    test_known();
    test_threads();

    if (!on_postgres()) {
        test_upgrade();
        test_upgrade_under_load();
    }

    test_comments();

    clean();

    return done();
}
