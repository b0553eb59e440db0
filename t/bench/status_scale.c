
/*
 * A store with many articles and a year of views, loaded as spans, and the time
 * that its figures take.
 *
 *     status_scale FILE ARTICLES DAYS
 *
 * FILE must be a new store that the module made (no counts).  Popularity is
 * Zipf's: article r has 1/r of the first one's views; a count is put into a day
 * with the probability that it falls there.
 */

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "social_status.h"
#include "social_store.h"


#define SCALE_VIEWS  274000.0       /* a day */
#define SCALE_RUNS   5


static uint64_t      scale_seed = 1;
static sqlite3_stmt  *scale_bucket;


static double
scale_dice(void)
{
    scale_seed = scale_seed * 6364136223846793005u + 1442695040888963407u;

    return (double) (scale_seed >> 11) / 9007199254740992.0;
}


static void
scale_put(int64_t step, int64_t start, int64_t article, int kind,
    const char *label, int64_t value)
{
    if (value == 0) {
        return;
    }

    sqlite3_bind_int64(scale_bucket, 1, step);
    sqlite3_bind_int64(scale_bucket, 2, start);
    sqlite3_bind_int64(scale_bucket, 3, article);
    sqlite3_bind_int(scale_bucket, 4, kind);
    sqlite3_bind_int64(scale_bucket, 5, value);
    sqlite3_bind_text(scale_bucket, 6, label, -1, SQLITE_STATIC);

    if (sqlite3_step(scale_bucket) != SQLITE_DONE) {
        exit(2);
    }

    sqlite3_reset(scale_bucket);
}


/* the views of all articles in a span; their order is shuffled */

static void
scale_span(int64_t step, int64_t start, int64_t articles, double harmonic)
{
    int64_t  i, rank, n;
    double   mean;

    for (i = 1; i <= articles; i++) {
        rank = 1 + (i * 7919) % articles;
        mean = SCALE_VIEWS * (double) step / 86400 / harmonic / (double) rank;
        n = (int64_t) mean + (scale_dice() < mean - (double) (int64_t) mean);

        scale_put(step, start, i, SOCIAL_COUNT_READ, "", n);
        scale_put(step, start, i, SOCIAL_COUNT_CONFIRMED, "", n - n / 3);
        scale_put(step, start, i, SOCIAL_COUNT_BOT, "", n / 4);
        scale_put(step, start, i, SOCIAL_COUNT_READERS, "", n - n / 8);
        scale_put(step, start, i, SOCIAL_COUNT_SOURCE,
                  n % 3 ? "dark" : "google.com", n);
    }
}


static void
scale_load(const char *file, int64_t articles, int64_t days, int64_t now)
{
    double    harmonic;
    int64_t   i, at, today;
    char      sql[256];
    sqlite3  *db;

    if (sqlite3_open(file, &db) != SQLITE_OK) {
        exit(2);
    }

    sqlite3_exec(db, "PRAGMA synchronous = OFF; BEGIN", NULL, NULL, NULL);

    for (i = 1, harmonic = 0; i <= articles; i++) {
        harmonic += 1.0 / (double) i;
        snprintf(sql, sizeof(sql), "INSERT INTO article (key, title, url,"
                 " first_seen) VALUES ('/archive/an-article-of-ours-%d/',"
                 " 'The title of article %d', '', %lld)", (int) i, (int) i,
                 (long long) (now - days * 86400));
        sqlite3_exec(db, sql, NULL, NULL, NULL);
    }

    sqlite3_prepare_v2(db, "INSERT INTO bucket VALUES (?1, ?2, ?3, ?4, ?6, ?5)",
                       -1, &scale_bucket, NULL);

    today = now / 86400 * 86400;

    for (at = today - 2 * 86400; at < now; at += 300) {
        scale_span(300, at, articles, harmonic);
    }

    for (at = today - (days < 30 ? days : 30) * 86400; at < now; at += 3600) {
        scale_span(3600, at, articles, harmonic);
    }

    for (at = today - days * 86400; at <= today; at += 86400) {
        scale_span(86400, at, articles, harmonic);
    }

    sqlite3_exec(db, "INSERT INTO site_bucket SELECT step, start, kind, label,"
                 " sum(value) FROM bucket GROUP BY step, start, kind, label;"
                 "INSERT INTO site_bucket SELECT 0, 0, kind, label, sum(value)"
                 " FROM site_bucket WHERE step = 86400 GROUP BY kind, label;"
                 "COMMIT", NULL, NULL, NULL);
    sqlite3_finalize(scale_bucket);
    sqlite3_close(db);
}


static double
scale_msec(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);

    return (double) ts.tv_sec * 1e3 + (double) ts.tv_nsec / 1e6;
}


static void
scale_figures(social_store_t *store, const char *what, int64_t days,
    int64_t now)
{
    int              i;
    double           began, best;
    social_period_t  f;

    for (i = 0, best = 1e9; i < SCALE_RUNS; i++) {
        began = scale_msec();

        if (social_store_figures(store, (now - days * 86400) / 3600 * 3600,
                                 now + 1, &f, NULL) != SOCIAL_OK)
        {
            exit(2);
        }

        began = scale_msec() - began;
        best = began < best ? began : best;
        social_period_free(&f);
    }

    printf("figures %d days, %s: %.0f ms of CPU\n", (int) days, what, best);
}


/* the whole document of 28 days, as a status request makes it */

static void
scale_document(social_store_t *store, int64_t now)
{
    int                      i;
    social_str_t             month = social_string("28d");
    cJSON                   *doc;
    double                   began, best;
    int64_t                  from, to, step;
    social_status_t         *st;
    social_period_t          f;
    social_series_t          series;
    social_article_t         pooled, before, ever;
    social_details_t        *details;
    social_thresholds_t      limits;
    social_status_query_t    query;
    social_status_period_t   period;

    social_thresholds_init(&limits);
    memset(&query, 0, sizeof(query));
    query.period = "28d";
    query.site = "blog";
    query.now = now;
    query.thresholds = &limits;
    query.pooled = &pooled;
    query.pooled_from = now - SOCIAL_STATUS_POOLED * 86400;
    query.previous = &before;
    query.ever = &ever;
    (void) social_status_period(month, now, &period);
    query.previous_from = period.previous;

    for (i = 0, best = 1e9; i < SCALE_RUNS; i++) {
        began = scale_msec();
        memset(&series, 0, sizeof(series));

        if (social_store_figures(store, period.from, period.to, &f, NULL)
            || social_store_totals(store, query.pooled_from, INT64_MAX,
                                   &pooled, NULL)
            || social_store_totals(store, period.previous, period.from,
                                   &before, NULL)
            || social_store_totals(store, 0, INT64_MAX, &ever, NULL))
        {
            exit(3);
        }

        f.from = period.from;
        f.to = now + 1;
        st = social_status_begin(&f, &query);

        while (st != NULL && social_status_ask(st, &details) == SOCIAL_AGAIN) {
            if (social_store_details(store, details, NULL) != SOCIAL_OK) {
                exit(4);
            }
        }

        step = social_status_span(st, &from, &to);

        if (step) {
            social_store_series(store, from, to, step, NULL, 0, &series, NULL);
        }

        doc = social_status_finish(st, &series);
        began = scale_msec() - began;
        best = began < best ? began : best;

        if (doc == NULL) {
            exit(5);
        }

        cJSON_Delete(doc);
        social_period_free(&f);
        social_series_free(&series);
        social_article_free(&pooled);
        social_article_free(&before);
        social_article_free(&ever);
    }

    printf("document of 28 days: %.0f ms of CPU\n", best);
}


int
main(int argc, char **argv)
{
    int                 n, rc;
    char                url[512];
    double              began, longest, all;
    int64_t             now;
    social_store_t     *store;
    social_retention_t  keep;

    if (argc != 4) {
        return 2;
    }

    now = 1700000000;
    snprintf(url, sizeof(url), "sqlite:%s", argv[1]);
    social_store_close(social_store_open(url, 1, NULL));

    began = scale_msec();
    scale_load(argv[1], atoi(argv[2]), atoi(argv[3]), now);
    printf("loaded: %.0f ms of CPU\n", scale_msec() - began);

    store = social_store_open(url, 1, NULL);
    scale_figures(store, "from spans", 28, now);

    memset(&keep, 0, sizeof(keep));
    keep.now = now;
    keep.events = 400 * 86400;
    keep.held = 30 * 86400;
    longest = all = 0;
    n = 0;

    do {
        began = scale_msec();
        rc = social_store_age(store, &keep, NULL);
        began = scale_msec() - began;
        longest = began > longest ? began : longest;
        all += began;
        n++;
    } while (rc == SOCIAL_AGAIN);

    printf("sums made: %.0f ms of CPU in %d transactions, the longest %.0f\n",
           all, n, longest);

    scale_figures(store, "from sums", 28, now);
    scale_figures(store, "from sums", 1, now);
    scale_document(store, now);
    social_store_close(store);

    return 0;
}
