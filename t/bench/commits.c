
/*
 * Single commits of SQLite, to compare group commit with: make bench-comments.
 *
 *   commits STORE SECONDS
 *
 * STORE is a store of ours with at least one article.  Each transaction adds a
 * comment of the size that the benchmark's clients send, with the same columns
 * and the same indexes, and changes the article's row, as the module does.  It
 * is synced before the next one begins (WAL, synchronous=FULL).  Nothing is
 * checked, rendered or answered: this is what the disk and SQLite allow when
 * each comment is committed alone.
 *
 * Prints commits per second.
 */

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>


#define COMMITS_BUSY  10000     /* msec to wait for a lock */


static const char  commits_add[] =
    "INSERT INTO comment (article, parent, state, before, role, created,"
    " commenter, person, weak, source, reason, name, website, text, active,"
    " format, visitor, same, exchange)"
    " VALUES (?1, NULL, 1, 1, 0, ?2, ?3, ?4, ?5, '', '', ?6, '', ?7, 1, 1, ?8,"
    " ?9, 0)";
static const char  commits_change[] =
    "UPDATE article SET changed = max(changed, ?2) WHERE id = ?1";


static double
commits_now(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);

    return (double) ts.tv_sec + (double) ts.tv_nsec / 1e9;
}


static void
commits_fail(sqlite3 *db)
{
    fprintf(stderr, "commits: %s\n", sqlite3_errmsg(db));
    exit(1);
}


static sqlite3_stmt *
commits_prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt  *stmt;

    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        commits_fail(db);
    }

    return stmt;
}


static void
commits_step(sqlite3 *db, sqlite3_stmt *stmt)
{
    if (sqlite3_step(stmt) != SQLITE_DONE) {
        commits_fail(db);
    }

    (void) sqlite3_reset(stmt);
}


static int64_t
commits_article(sqlite3 *db)
{
    int64_t        id;
    sqlite3_stmt  *stmt;

    stmt = commits_prepare(db, "SELECT min(id) FROM article WHERE key <> ''");

    if (sqlite3_step(stmt) != SQLITE_ROW) {
        commits_fail(db);
    }

    id = sqlite3_column_int64(stmt, 0);
    (void) sqlite3_finalize(stmt);

    return id;
}


/* hashes and random numbers, as the module's are: they land anywhere in their
 * index */

static int64_t
commits_random(void)
{
    static uint64_t  x = 0x9e3779b97f4a7c15u;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;

    return (int64_t) x;
}


static void
commits_bind(sqlite3_stmt *add, int64_t article, int64_t n)
{
    int64_t  commenter[2];
    char     name[32], text[256];

    commenter[0] = commits_random();
    commenter[1] = commits_random();

    snprintf(name, sizeof(name), "Reader %lld", (long long) n);
    snprintf(text, sizeof(text), "Comment %lld by single commits, with a "
             "sentence or two about the page, **some of it** louder, as people "
             "write them.", (long long) n);

    (void) sqlite3_bind_int64(add, 1, article);
    (void) sqlite3_bind_int64(add, 2, (int64_t) time(NULL));
    (void) sqlite3_bind_blob(add, 3, commenter, sizeof(commenter),
                             SQLITE_TRANSIENT);
    (void) sqlite3_bind_int64(add, 4, commits_random());
    (void) sqlite3_bind_int64(add, 5, commits_random());
    (void) sqlite3_bind_text(add, 6, name, -1, SQLITE_TRANSIENT);
    (void) sqlite3_bind_text(add, 7, text, -1, SQLITE_TRANSIENT);
    (void) sqlite3_bind_int64(add, 8, commits_random());
    (void) sqlite3_bind_int64(add, 9, commits_random());
}


static sqlite3 *
commits_open(const char *path)
{
    sqlite3  *db;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE|SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK
        || sqlite3_busy_timeout(db, COMMITS_BUSY) != SQLITE_OK
        || sqlite3_exec(db, "PRAGMA journal_mode = WAL;"
                        "PRAGMA synchronous = FULL;", NULL, NULL, NULL)
           != SQLITE_OK)
    {
        commits_fail(db);
    }

    return db;
}


int
main(int argc, char **argv)
{
    double         begin, end, seconds;
    sqlite3       *db;
    int64_t        article, n;
    sqlite3_stmt  *add, *change, *start, *commit;

    if (argc != 3) {
        fprintf(stderr, "usage: commits STORE SECONDS\n");
        return 2;
    }

    seconds = atof(argv[2]);
    db = commits_open(argv[1]);
    article = commits_article(db);
    add = commits_prepare(db, commits_add);
    change = commits_prepare(db, commits_change);
    start = commits_prepare(db, "BEGIN IMMEDIATE");
    commit = commits_prepare(db, "COMMIT");

    begin = commits_now();

    for (n = 0; (end = commits_now()) - begin < seconds; n++) {
        commits_step(db, start);
        commits_bind(add, article, n);
        commits_step(db, add);
        (void) sqlite3_bind_int64(change, 1, article);
        (void) sqlite3_bind_int64(change, 2, (int64_t) time(NULL));
        commits_step(db, change);
        commits_step(db, commit);
    }

    printf("%.1f\n", (double) n / (end - begin));

    (void) sqlite3_finalize(add);
    (void) sqlite3_finalize(change);
    (void) sqlite3_finalize(start);
    (void) sqlite3_finalize(commit);
    (void) sqlite3_close(db);

    return 0;
}
