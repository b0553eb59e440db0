
/*
 * A large site's year, the same each time, written as rows.  Popularity is
 * Zipf's: the article of rank r has 1/r of the first one's views.  One that
 * would have few views in a span has more of them in every n-th, so that the
 * number of rows is that of a real site and the sum of views stays what it is.
 *
 * Spans are those that retention leaves: five minutes for two days, hours for
 * 30 days, days.  Larger spans are sums of smaller ones.
 */

#include "status_load.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "social_period.h"


#define LOAD_RARE  50           /* views that are worth rows */


typedef struct {
    int64_t        articles;
    double         harmonic;
    uint64_t       seed;
    sqlite3       *db;
    sqlite3_stmt  *row;
} load_t;


static const char *const  load_sources[] = {
    "dark", "google.com", "site", "mastodon", "reddit", "dark"
};

static const char *const  load_networks[] = {
    "mastodon", "reddit", "email", "copy", "bluesky"
};


static double
load_dice(load_t *l)
{
    l->seed = l->seed * 6364136223846793005u + 1442695040888963407u;

    return (double) (l->seed >> 11) / 9007199254740992.0;
}


static void
load_sql(load_t *l, const char *sql)
{
    char  *message;

    if (sqlite3_exec(l->db, sql, NULL, NULL, &message) != SQLITE_OK) {
        fprintf(stderr, "%s: %s\n", sql, message);
        exit(2);
    }
}


static void
load_row(load_t *l, int64_t step, int64_t start, int64_t article, int kind,
    const char *label, int64_t value)
{
    if (value == 0) {
        return;
    }

    sqlite3_bind_int64(l->row, 1, step);
    sqlite3_bind_int64(l->row, 2, start);
    sqlite3_bind_int64(l->row, 3, article);
    sqlite3_bind_int(l->row, 4, kind);
    sqlite3_bind_text(l->row, 5, label, -1, SQLITE_STATIC);
    sqlite3_bind_int64(l->row, 6, value);

    if (sqlite3_step(l->row) != SQLITE_DONE) {
        fprintf(stderr, "%s\n", sqlite3_errmsg(l->db));
        exit(2);
    }

    sqlite3_reset(l->row);
}


/* what n views of an article in a span bring, in the order of the key */

static void
load_views(load_t *l, int64_t step, int64_t start, int64_t i, int64_t n)
{
    int64_t      shares;
    const char  *network, *source;

    shares = (int64_t) ((double) n * 0.004 + load_dice(l));
    network = load_networks[(start / step + i) % 5];
    source = load_sources[(start / step + i) % 6];

    load_row(l, step, start, i, SOCIAL_COUNT_READ, "", n);
    load_row(l, step, start, i, SOCIAL_COUNT_CONFIRMED, "", n - n / 3);
    load_row(l, step, start, i, SOCIAL_COUNT_BOT, "", n / 4);
    load_row(l, step, start, i, SOCIAL_COUNT_READERS, "", n - n / 8);
    load_row(l, step, start, i, SOCIAL_COUNT_SHARERS, "", shares);
    load_row(l, step, start, i, SOCIAL_COUNT_LISTENERS, "", n / 12);
    load_row(l, step, start, i, SOCIAL_COUNT_SHARE, network, shares);
    load_row(l, step, start, i, SOCIAL_COUNT_SHARE_VISIT, network, n / 50);
    load_row(l, step, start, i, SOCIAL_COUNT_SOURCE, source, n);
}


/* the views of all articles in a span; ranks are shuffled */

static void
load_span(load_t *l, int64_t step, int64_t start)
{
    double   mean;
    int64_t  i, n, rank, each;

    for (i = 1; i <= l->articles; i++) {
        rank = 1 + (i * 7919) % l->articles;
        mean = (double) LOAD_VIEWS * (double) step / 86400 / l->harmonic
               / (double) rank;
        each = mean < LOAD_RARE ? (int64_t) (LOAD_RARE / mean) + 1 : 1;

        if ((start / step + i * 31) % each != 0) {
            continue;
        }

        mean *= (double) each;
        n = (int64_t) mean + (load_dice(l) < mean - (double) (int64_t) mean);
        load_views(l, step, start, i, n);
    }
}


/* spans of `to` seconds are sums of those of `from` seconds */

static void
load_sums(load_t *l, int from, int to)
{
    char  sql[512];

    snprintf(sql, sizeof(sql), "INSERT INTO bucket SELECT %d, start / %d * %d,"
             " article, kind, label, sum(value) FROM bucket WHERE step = %d"
             " GROUP BY 2, 3, 4, 5", to, to, to, from);
    load_sql(l, sql);
}


static void
load_articles(load_t *l, int64_t days, int64_t now)
{
    char  sql[768];

    snprintf(sql, sizeof(sql), "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL"
             " SELECT i + 1 FROM n LIMIT %lld) INSERT INTO article (id, key,"
             " title, url, published, first_seen, needed) SELECT i,"
             " '/archive/an-article-of-ours-' || i || '/',"
             " 'The title of article ' || i || ', as long as titles are', '',"
             " %lld - i * %lld %% %lld, %lld - i * %lld %% %lld, i %% 3 = 0"
             " FROM n",
             (long long) l->articles, (long long) now, 7919LL * 600,
             (long long) (days * 86400), (long long) now, 7919LL * 600,
             (long long) (days * 86400));
    load_sql(l, sql);
}


/* threads of three: a question, mostly an author's answer, and one more */

static void
load_comments(load_t *l, int64_t days, int64_t now)
{
    char  sql[1024];

    snprintf(sql, sizeof(sql), "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL"
             " SELECT i + 1 FROM n LIMIT %d), c AS (SELECT i, i / 3 AS t,"
             " i %% 3 AS p, i / 3 %% 4 > 0 AND i %% 3 = 1 AS a FROM n)"
             " INSERT INTO comment (id, article, parent, state, before, role,"
             "  created, commenter, person, source, name, text, active,"
             "  exchange, reason)"
             " SELECT i + 1, 1 + t * 7919 %% %lld, CASE p WHEN 0 THEN NULL ELSE"
             "  i END, CASE WHEN i %% 250 = 0 THEN 2 ELSE 1 END, 1, a, %lld -"
             "  t * 86400 %% %lld + p * 3600, randomblob(16), CASE a WHEN 1"
             "  THEN 1 ELSE 2 + t * 31 %% 900 + p END, 'google.com', CASE a"
             "  WHEN 1 THEN 'The author' ELSE 'Reader ' || (t * 31 %% 900 + p)"
             "  END, 'What a reader says, or the author, in a sentence or two"
             " that is about as long as this one.', 0, a + 0, ''"
             " FROM c", LOAD_COMMENTS, (long long) l->articles,
             (long long) (now - 86400), (long long) (days * 86400));
    load_sql(l, sql);
}


/* the site's sums of each span, one after the other: a sort of all rows at once
 * would take longer than to write them */

static void
load_site(load_t *l, int64_t step, int64_t from, int64_t to)
{
    sqlite3_stmt  *stmt;

    if (sqlite3_prepare_v2(l->db, "INSERT INTO site_bucket SELECT ?1, ?2, kind,"
                           " label, sum(value) FROM bucket WHERE step = ?1"
                           " AND start = ?2 GROUP BY kind, label", -1, &stmt,
                           NULL)
        != SQLITE_OK)
    {
        exit(2);
    }

    for (/* void */; from < to; from += step) {
        sqlite3_bind_int64(stmt, 1, step);
        sqlite3_bind_int64(stmt, 2, from);

        if (sqlite3_step(stmt) != SQLITE_DONE) {
            exit(2);
        }

        sqlite3_reset(stmt);
    }

    sqlite3_finalize(stmt);
}


int
load_is(const char *file, int64_t articles, int64_t now)
{
    int            is;
    sqlite3       *db;
    sqlite3_stmt  *stmt;

    is = 0;
    stmt = NULL;

    if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
        && sqlite3_prepare_v2(db, "SELECT (SELECT count(*) FROM article),"
                              " max(start) FROM bucket WHERE step = 86400",
                              -1, &stmt, NULL)
           == SQLITE_OK
        && sqlite3_step(stmt) == SQLITE_ROW)
    {
        is = sqlite3_column_int64(stmt, 0) == articles
             && sqlite3_column_int64(stmt, 1) == now - 86400;
    }

    sqlite3_finalize(stmt);
    sqlite3_close(db);

    return is;
}


void
load_store(const char *file, int64_t articles, int64_t days, int64_t now)
{
    int64_t  i, at, today, small, hours;
    load_t   l = { articles, 0, 1, NULL, NULL };

    if (sqlite3_open(file, &l.db) != SQLITE_OK) {
        exit(2);
    }

    /* triggers are for other writers; nobody asks for this file's safety */

    (void) sqlite3_db_config(l.db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    load_sql(&l, "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000;"
             "BEGIN");

    for (i = 1; i <= articles; i++) {
        l.harmonic += 1.0 / (double) i;
    }

    load_articles(&l, days, now);
    load_comments(&l, days, now);

    sqlite3_prepare_v2(l.db, "INSERT INTO bucket (step, start, article, kind,"
                       " label, value) VALUES (?1, ?2, ?3, ?4, ?5, ?6)", -1,
                       &l.row, NULL);

    today = now / 86400 * 86400;
    small = today - 2 * 86400;
    hours = today - (days < 30 ? days : 30) * 86400;

    for (at = small; at < now; at += 300) {
        load_span(&l, 300, at);
    }

    load_sums(&l, 300, 3600);

    for (at = hours; at < small; at += 3600) {
        load_span(&l, 3600, at);
    }

    load_sums(&l, 3600, 86400);

    for (at = today - days * 86400; at < hours; at += 86400) {
        load_span(&l, 86400, at);
    }

    sqlite3_finalize(l.row);
    load_site(&l, 300, small, now);
    load_site(&l, 3600, hours, now);
    load_site(&l, 86400, today - days * 86400, now);
    load_sql(&l, "INSERT INTO site_bucket SELECT 0, 0, kind, label, sum(value)"
             " FROM site_bucket WHERE step = 86400 GROUP BY kind, label;"
             "COMMIT");
    sqlite3_close(l.db);
}
