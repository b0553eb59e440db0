
/*
 * What the status of a large site costs: CPU time of the thread that makes it,
 * and bytes, for each period and format, also of a thread's first answers; and
 * what a save of ten thousand changed articles costs.
 *
 *     status_scale FOLDER [ARTICLES [DAYS]]
 *
 * FOLDER must exist; its scale.db is used again if it is of that many articles
 * and ends yesterday, and made anew if not; the answers are left there, too.
 * Saves go to a copy, scale-saved.db, as watermarks would have the next run's
 * count nothing.
 */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "social_asset.h"
#include "social_doc.h"
#include "social_render.h"
#include "social_status.h"
#include "social_store.h"
#include "status_load.h"


#define SCALE_RUNS     5
#define SCALE_FIRST    4
#define SCALE_CHANGED  10000
#define SCALE_EACH     6            /* counters of a changed article */


static social_render_site_t     site;
static social_language_t        languages[SOCIAL_LANGUAGE_MAX];
static social_thresholds_t      limits;
static social_store_error_t     err;
static const char              *folder;
static int64_t                  now;
static char                     scale_url[512];


static double
scale_msec(void)
{
    struct timespec  ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);

    return (double) ts.tv_sec * 1e3 + (double) ts.tv_nsec / 1e6;
}


static void
scale_must(int rc, const char *what)
{
    if (rc != SOCIAL_OK) {
        fprintf(stderr, "%s: %s\n", what, err.message);
        exit(2);
    }
}


static void
scale_site(void)
{
    unsigned                  i;
    const social_asset_t     *asset;
    social_template_set_t    *templates;
    social_template_error_t   error;

    templates = social_template_set_create();

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {
        if (asset->kind == SOCIAL_ASSET_TEMPLATE) {
            (void) social_template_set_add(templates, asset->name,
                                           (const char *) asset->data,
                                           (size_t) (asset->end - asset->data),
                                           &error);

        } else if (asset->kind == SOCIAL_ASSET_LANGUAGE) {
            (void) social_language_read(&languages[site.nlanguages++],
                                        asset->name, asset->data,
                                        (size_t) (asset->end - asset->data));
        }
    }

    site.name = "blog";
    site.base = "";
    site.prefix = "/_social/";
    site.css = site.js = site.page_css = site.page_js = "/_social/page?v=1";
    site.status_css = site.status_js = "/_social/status?v=1";
    site.moderate = "/_moderate/";
    site.status = "/social";
    site.privacy = "";
    site.languages = languages;
    site.templates = templates;
}


static void
scale_query(social_status_query_t *query, const char *name, int64_t rows,
    social_status_period_t *period)
{
    social_str_t  str;

    str.data = (const unsigned char *) name;
    str.len = strlen(name);
    (void) social_status_period(str, now, period);

    memset(query, 0, sizeof(social_status_query_t));
    query->period = name;
    query->site = "blog";
    query->moderate = "/_moderate/";
    query->now = now;
    query->rows = rows;
    query->thresholds = &limits;
    query->pooled_from = (now / 86400 - SOCIAL_STATUS_POOLED) * 86400;
}


/* an answer is left in the folder, to look at */

static void
scale_keep(const char *name, int html, const social_out_t *out)
{
    char   path[512];
    FILE  *file;

    snprintf(path, sizeof(path), "%s/%s.%s", folder, name,
             html ? "html" : "json");
    file = fopen(path, "w");

    if (file != NULL) {
        (void) fwrite(out->data, 1, out->len, file);
        fclose(file);
    }
}


/* the document, in the same steps as a status request */

static cJSON *
scale_document(social_store_t *store, social_status_query_t *query,
    const social_status_period_t *period)
{
    cJSON             *doc;
    int64_t            from, to, step;
    social_status_t   *st;
    social_period_t    f;
    social_series_t    series;
    social_article_t   pooled, previous, ever;
    social_details_t  *details;

    memset(&series, 0, sizeof(series));
    memset(&previous, 0, sizeof(previous));
    query->pooled = &pooled;
    query->ever = &ever;

    scale_must(social_store_figures(store, period->from, period->to, &f, &err),
               "figures");
    scale_must(social_store_totals(store, query->pooled_from, INT64_MAX,
                                   &pooled, &err), "totals");
    scale_must(social_store_totals(store, 0, INT64_MAX, &ever, &err),
               "totals");

    if (period->previous) {
        query->previous = &previous;
        query->previous_from = period->previous;
        scale_must(social_store_totals(store, period->previous, period->from,
                                       &previous, &err), "totals");
    }

    f.from = period->from;
    f.to = period->to == INT64_MAX ? now + 1 : period->to;
    st = social_status_begin(&f, query);

    while (st != NULL && social_status_ask(st, &details) == SOCIAL_AGAIN) {
        scale_must(social_store_details(store, details, &err), "details");
    }

    step = social_status_span(st, &from, &to);

    if (step) {
        scale_must(social_store_series(store, from, to, step, NULL, 0, &series,
                                       &err), "series");
    }

    doc = social_status_finish(st, &series);
    scale_must(doc ? SOCIAL_OK : SOCIAL_ERROR, "document");

    social_period_free(&f);
    social_series_free(&series);
    social_article_free(&pooled);
    social_article_free(&previous);
    social_article_free(&ever);

    return doc;
}


/* an answer; the milliseconds that it took, *made: until it was printed */

static double
scale_answer(social_store_t *store, const char *name, int html, double *made,
    size_t *len)
{
    cJSON                   *doc;
    double                   began, took;
    social_out_t             out;
    social_status_query_t    query;
    social_status_period_t   period;

    began = scale_msec();
    scale_query(&query, name, html ? SOCIAL_STATUS_ROWS : SOCIAL_STATUS_LIMIT,
                &period);
    doc = scale_document(store, &query, &period);
    *made = scale_msec() - began;
    social_out_init(&out, 4 << 20);

    if (html) {
        scale_must(social_render(&site, 0, "status",
                                 social_status_page(doc, &query), &out),
                   "page");

    } else {
        social_doc_print(&out, doc);
    }

    took = scale_msec() - began;
    *len = out.len;
    scale_keep(name, html, &out);
    social_out_free(&out);

    return took;
}


static void
scale_answers(social_store_t *store, const char *name, int html)
{
    int     i;
    double  took, made, best, best_made;
    size_t  len;

    best = best_made = 1e9;
    len = 0;

    for (i = 0; i < SCALE_RUNS; i++) {
        took = scale_answer(store, name, html, &made, &len);
        best = took < best ? took : best;
        best_made = made < best_made ? made : best_made;
    }

    printf("%-4s %s: %6.1f ms of CPU, of it %6.1f to print; %zu bytes\n", name,
           html ? "HTML" : "JSON", best, best - best_made, len);
    fflush(stdout);
}


/* the first answers of a thread of a new process, with a new connection */

static void *
scale_first(void *data)
{
    int              i;
    long             faults;
    double           took, made;
    size_t           len;
    const char      *name = data;
    struct rusage    usage;
    social_store_t  *store;

    store = social_store_open(scale_url, 0, &err);
    scale_must(store ? SOCIAL_OK : SOCIAL_ERROR, "open");
    printf("%-4s JSON, a new thread:", name);
    getrusage(RUSAGE_THREAD, &usage);

    for (i = 0; i < SCALE_FIRST; i++) {
        faults = usage.ru_minflt;
        took = scale_answer(store, name, 0, &made, &len);
        getrusage(RUSAGE_THREAD, &usage);
        printf("%s %.1f ms (%ld page faults)", i ? "," : "", took,
               usage.ru_minflt - faults);
    }

    printf("\n");
    social_store_close(store);

    return NULL;
}


static void
scale_cold(const char *name)
{
    pid_t      child;
    pthread_t  thread;

    fflush(stdout);
    child = fork();

    if (child == 0) {
        if (pthread_create(&thread, NULL, scale_first, (void *) name) != 0) {
            exit(2);
        }

        pthread_join(thread, NULL);
        exit(0);
    }

    if (child == -1 || waitpid(child, NULL, 0) == -1) {
        exit(2);
    }
}


/* moves the precomputed sums to now */

static void
scale_sums(social_store_t *store)
{
    int                 n, rc;
    double              began, took, longest, all;
    social_retention_t  keep;

    memset(&keep, 0, sizeof(keep));
    keep.now = now;
    keep.events = (int64_t) 400 * 86400;
    keep.held = 30 * 86400;
    longest = all = 0;
    n = 0;

    do {
        began = scale_msec();
        rc = social_store_age(store, &keep, &err);
        took = scale_msec() - began;
        longest = took > longest ? took : longest;
        all += took;
        n++;
    } while (rc == SOCIAL_AGAIN);

    scale_must(rc, "age");
    printf("sums: %.0f ms of CPU in %d transactions, the longest %.0f\n", all,
           n, longest);
}


static void
scale_copy(const char *from, const char *to)
{
    char    part[65536];
    FILE   *in, *out;
    size_t  n;

    in = fopen(from, "r");
    out = fopen(to, "w");

    while (in != NULL && out != NULL
           && (n = fread(part, 1, sizeof(part), in)) > 0)
    {
        if (fwrite(part, 1, n, out) != n) {
            break;
        }
    }

    if (in == NULL || out == NULL || ferror(in) || ferror(out)
        || fclose(out) != 0)
    {
        perror(to);
        exit(2);
    }

    fclose(in);
}


static void
scale_save(social_store_t *store, const char *what, int64_t at)
{
    size_t                 i, k;
    double                 began;
    static char            key[SCALE_CHANGED][48];
    static social_saved_t  s[SCALE_CHANGED * SCALE_EACH];

    static const struct {
        uint16_t     kind;
        const char  *label;
    } counters[SCALE_EACH] = {
        { SOCIAL_COUNT_READ, "" }, { SOCIAL_COUNT_CONFIRMED, "" },
        { SOCIAL_COUNT_BOT, "" }, { SOCIAL_COUNT_READERS, "" },
        { SOCIAL_COUNT_SOURCE, "dark" }, { SOCIAL_COUNT_SOURCE, "google.com" }
    };

    for (i = 0; i < SCALE_CHANGED; i++) {
        snprintf(key[i], sizeof(key[i]), "/archive/an-article-of-ours-%d/",
                 (int) (1 + i * 7919 % SCALE_CHANGED));

        for (k = 0; k < SCALE_EACH; k++) {
            s[i * SCALE_EACH + k].key = key[i];
            s[i * SCALE_EACH + k].label = counters[k].label;
            s[i * SCALE_EACH + k].kind = counters[k].kind;
            s[i * SCALE_EACH + k].life = i + 1;
            s[i * SCALE_EACH + k].value += 1 + i % 3;
        }
    }

    began = scale_msec();
    scale_must(social_store_save(store, 7, at, s, SCALE_CHANGED * SCALE_EACH,
                                 &err), "save");
    began = scale_msec() - began;
    printf("save of %d counters of %d articles, %s: %.0f ms of CPU, %.1f us a"
           " counter\n", SCALE_CHANGED * SCALE_EACH, SCALE_CHANGED, what,
           began, began * 1e3 / SCALE_CHANGED / SCALE_EACH);
    fflush(stdout);
}


/* on a copy, which is removed: the store stays as it was made */

static void
scale_saves(void)
{
    char             url[512];
    social_store_t  *store;

    snprintf(url, sizeof(url), "sqlite:%s/scale-saved.db", folder);
    scale_copy(scale_url + 7, url + 7);

    store = social_store_open(url, 1, &err);
    scale_must(store ? SOCIAL_OK : SOCIAL_ERROR, "open");

    scale_save(store, "the first", now + 5);
    scale_save(store, "in the same spans", now + 10);
    scale_save(store, "in new spans", now + 7200);

    social_store_close(store);
    (void) unlink(url + 7);
}


/* the store, made anew unless it is as asked for; it ends with yesterday, so
 * that now's usual periods are full whenever that was */

static void
scale_load(int64_t articles, int64_t days)
{
    double           began;
    int64_t          end;
    social_store_t  *store;

    end = now / 86400 * 86400;
    snprintf(scale_url, sizeof(scale_url), "sqlite:%s/scale.db", folder);

    if (!load_is(scale_url + 7, articles, end)) {
        (void) unlink(scale_url + 7);
        social_store_close(social_store_open(scale_url, 1, &err));

        began = scale_msec();
        load_store(scale_url + 7, articles, days, end);
        printf("loaded: %.0f ms of CPU\n", scale_msec() - began);
        fflush(stdout);
    }

    store = social_store_open(scale_url, 1, &err);
    scale_must(store ? SOCIAL_OK : SOCIAL_ERROR, "open");
    scale_sums(store);
    social_store_close(store);
}


int
main(int argc, char **argv)
{
    size_t           i;
    social_store_t  *store;

    static const char *const  periods[] = {
        "24h", "7d", "28d", "90d", "365d", "all"
    };

    if (argc < 2) {
        fprintf(stderr, "usage: status_scale FOLDER [ARTICLES [DAYS]]\n");
        return 2;
    }

    social_thresholds_init(&limits);
    scale_site();

    folder = argv[1];
    now = (int64_t) time(NULL);
    scale_load(argc > 2 ? atoi(argv[2]) : 100000,
               argc > 3 ? atoi(argv[3]) : 365);

    for (i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        scale_cold(periods[i]);
    }

    store = social_store_open(scale_url, 1, &err);
    scale_must(store ? SOCIAL_OK : SOCIAL_ERROR, "open");

    for (i = 0; i < sizeof(periods) / sizeof(periods[0]); i++) {
        scale_answers(store, periods[i], 0);
        scale_answers(store, periods[i], 1);
    }

    social_store_close(store);
    scale_saves();

    return 0;
}
