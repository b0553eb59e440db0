
/*
 * The figures of a status request.  A pool thread: must not touch the request,
 * nor the zone; the store and core are called in turn, as core does not know
 * the store.
 */

#include "ngx_http_social_admin_status.h"
#include "social_siphash.h"
#include "social_status_formats.h"
#include "social_time.h"
#include "social_version.h"


/* what the store knows, beside the period's figures */

typedef struct {
    social_period_t   figures;
    social_article_t  pooled;
    social_article_t  previous;
    social_article_t  ever;
    social_series_t   series;
} ngx_http_social_admin_status_read_t;


static void
ngx_http_social_admin_status_free(ngx_http_social_admin_status_read_t *all)
{
    social_period_free(&all->figures);
    social_article_free(&all->pooled);
    social_article_free(&all->previous);
    social_article_free(&all->ever);
    social_series_free(&all->series);
}


/* the period's figures; without an end, as counters of hours that are in the
 * future after the clock was set back still count */

static int
ngx_http_social_admin_status_figures(social_store_t *store,
    const social_status_period_t *period, int64_t now,
    social_period_t *figures, social_store_error_t *error)
{
    int  rc;

    rc = social_store_figures(store, period->from, period->to, figures, error);

    figures->from = period->from;
    figures->to = period->to == INT64_MAX ? now + 1 : period->to;

    return rc;
}


static int
ngx_http_social_admin_status_sums(social_store_t *store,
    ngx_http_social_admin_status_t *st,
    ngx_http_social_admin_status_read_t *all, social_store_error_t *error)
{
    social_status_query_t  *query;

    query = &st->query;
    query->pooled = &all->pooled;
    query->pooled_from = query->now - SOCIAL_STATUS_POOLED * SOCIAL_DAY;
    query->pooled_from -= query->pooled_from % SOCIAL_DAY;
    query->ever = &all->ever;

    if (social_store_totals(store, query->pooled_from, INT64_MAX, &all->pooled,
                            error)
            != SOCIAL_OK
        || social_store_totals(store, 0, INT64_MAX, &all->ever, error)
               != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (st->period.previous == 0) {
        return SOCIAL_OK;
    }

    query->previous = &all->previous;
    query->previous_from = st->period.previous;

    return social_store_totals(store, st->period.previous, st->period.from,
                               &all->previous, error);
}


/* answers what the status asks; SOCIAL_DECLINED: out of memory */

static int
ngx_http_social_admin_status_ask(social_store_t *store, social_status_t *st,
    ngx_http_social_admin_status_t *request,
    ngx_http_social_admin_status_read_t *all, social_store_error_t *error)
{
    int                rc;
    int64_t            from, to, step;
    social_details_t  *details;

    while ((rc = social_status_ask(st, &details)) == SOCIAL_AGAIN) {

        if (social_store_details(store, details, error) != SOCIAL_OK) {
            return SOCIAL_ERROR;
        }
    }

    if (rc != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    step = social_status_span(st, &from, &to);

    if (step == 0) {
        return SOCIAL_OK;
    }

    return social_store_series(store, from, to, step, request->query.goals,
                               request->query.ngoals, &all->series, error);
}


/* SOCIAL_ERROR: the store; SOCIAL_DECLINED: out of memory */

static int
ngx_http_social_admin_status_document(social_store_t *store,
    ngx_http_social_admin_status_t *st, cJSON **doc,
    social_store_error_t *error)
{
    int                                   rc;
    social_status_t                      *status;
    ngx_http_social_admin_status_read_t   all;

    ngx_memzero(&all, sizeof(ngx_http_social_admin_status_read_t));
    status = NULL;

    rc = ngx_http_social_admin_status_figures(store, &st->period,
                                              st->query.now, &all.figures,
                                              error);
    if (rc == SOCIAL_OK) {
        st->query.revision = all.figures.revision;
        rc = ngx_http_social_admin_status_sums(store, st, &all, error);
    }

    if (rc == SOCIAL_OK) {
        status = social_status_begin(&all.figures, &st->query);
        rc = status ? ngx_http_social_admin_status_ask(store, status, st, &all,
                                                       error)
                    : SOCIAL_DECLINED;
    }

    if (rc == SOCIAL_OK) {
        *doc = social_status_finish(status, &all.series);
        rc = *doc ? SOCIAL_OK : SOCIAL_DECLINED;

    } else {
        social_status_abandon(status);
    }

    ngx_http_social_admin_status_free(&all);

    return rc;
}


/* writes the metrics of figures that were read; SOCIAL_DECLINED: out of
 * memory */

static int
ngx_http_social_admin_status_metrics(ngx_http_social_admin_status_t *st,
    const ngx_http_social_admin_status_read_t *all,
    const social_article_t *today)
{
    social_status_t       *status;
    social_openmetrics_t   in;

    ngx_memzero(&in, sizeof(social_openmetrics_t));

    in.site = st->query.site;
    in.version = SOCIAL_VERSION;
    in.forever = &all->ever;
    in.health = &st->health;
    in.goals = st->query.goals;
    in.ngoals = st->query.ngoals;
    in.networks = st->networks;
    in.nnetworks = st->nnetworks;
    in.reader_days = today->counts[SOCIAL_COUNT_READERS];
    in.reactions = st->query.reactions;
    in.classic = st->classic;

    status = social_status_begin(&all->figures, &st->query);
    if (status == NULL) {
        return SOCIAL_DECLINED;
    }

    social_status_gauges(status, &in);
    social_status_abandon(status);

    return social_status_openmetrics(&in, &st->read.out) == SOCIAL_OK
           ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* the gauges are of the last 28 days, whatever the arguments */

static int
ngx_http_social_admin_status_prometheus(social_store_t *store,
    ngx_http_social_admin_status_t *st, social_store_error_t *error)
{
    int                                   rc;
    social_str_t                          month = social_string("28d");
    social_article_t                      today;
    ngx_http_social_admin_status_read_t   all;

    ngx_memzero(&all, sizeof(ngx_http_social_admin_status_read_t));
    ngx_memzero(&today, sizeof(social_article_t));

    (void) social_status_period(month, st->query.now, &st->period);
    st->period.previous = 0;

    rc = ngx_http_social_admin_status_figures(store, &st->period,
                                              st->query.now, &all.figures,
                                              error);
    if (rc == SOCIAL_OK) {
        rc = ngx_http_social_admin_status_sums(store, st, &all, error);
    }

    if (rc == SOCIAL_OK) {
        rc = social_store_totals(store,
                                 st->query.now - st->query.now % SOCIAL_DAY,
                                 INT64_MAX, &today, error);
    }

    if (rc == SOCIAL_OK) {
        rc = ngx_http_social_admin_status_metrics(st, &all, &today);
    }

    social_article_free(&today);
    ngx_http_social_admin_status_free(&all);

    return rc;
}


/* adds what the feed needs: the newest comment that is held, and the week */

static int
ngx_http_social_admin_status_feed(social_store_t *store,
    ngx_http_social_admin_status_t *st, cJSON *doc,
    social_store_error_t *error)
{
    int                     rc;
    social_period_t         figures;
    social_status_period_t  week;
    social_queue_t          held;
    social_comments_t       list;

    ngx_memzero(&held, sizeof(social_queue_t));
    ngx_memzero(&list, sizeof(social_comments_t));
    ngx_memzero(&figures, sizeof(social_period_t));

    held.state = SOCIAL_HELD;
    held.limit = 1;
    held.rank = -1;

    rc = social_store_queue(store, &held, &list, error);

    if (rc == SOCIAL_OK && list.n > 0) {
        st->query.newest_held = list.items[0].id;
        st->query.newest_held_time = list.items[0].created;
    }

    social_comments_free(&list);

    if (rc == SOCIAL_OK) {
        week.from = social_status_week_from(st->query.now);
        week.to = week.from + 7 * SOCIAL_DAY;
        rc = ngx_http_social_admin_status_figures(store, &week, st->query.now,
                                                  &figures, error);
    }

    if (rc == SOCIAL_OK
        && social_status_week(doc, &figures, &st->query) != SOCIAL_OK)
    {
        rc = SOCIAL_DECLINED;
    }

    social_period_free(&figures);

    return rc;
}


/* writes a document in the wanted format, and takes it over */

static int
ngx_http_social_admin_status_write(ngx_http_social_job_t *job,
    ngx_http_social_admin_status_t *st, cJSON *doc)
{
    int            rc;
    social_out_t  *out;

    out = &st->read.out;

    switch (st->format) {

    case NGX_HTTP_SOCIAL_ADMIN_STATUS_HTML:
        doc = social_status_page(doc, &st->query);
        return social_render(job->site->page, 0, "status", doc, out);

    case NGX_HTTP_SOCIAL_ADMIN_STATUS_CSV:
        rc = social_status_csv(doc, out);
        break;

    case NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM:
        rc = social_status_atom(doc, &st->query, out);
        break;

    default:
        social_doc_print(out, doc);
        return SOCIAL_OK;
    }

    cJSON_Delete(doc);

    return rc;
}


/*
 * The tag of an answer: of its bytes, if they only change when something
 * happens; else of the document without its clocks, and of the hour, so that
 * ages in a page that a browser keeps are never wrong by more.
 */

static uint64_t
ngx_http_social_admin_status_tag(ngx_http_social_admin_status_t *st,
    const cJSON *doc)
{
    int64_t                     seed[3];
    static const unsigned char  key[SOCIAL_SIPHASH_KEY] = "social status";

    seed[0] = st->since;
    seed[1] = st->format;
    seed[2] = st->query.now / 3600;

    return social_status_hash(doc, social_siphash(key, seed, sizeof(seed)));
}


static uint64_t
ngx_http_social_admin_status_bytes(const social_out_t *out)
{
    static const unsigned char  key[SOCIAL_SIPHASH_KEY] = "social status";

    return social_siphash(key, out->data, out->len);
}


/* the machines that share the store; a public document names none */

static int
ngx_http_social_admin_status_nodes(social_store_t *store,
    ngx_http_social_admin_status_t *st, social_store_error_t *error)
{
    if (st->health.node == NULL || st->query.is_public) {
        return SOCIAL_OK;
    }

    st->health.nodes = &st->nodes;

    return social_store_nodes(store, st->generation, st->late, &st->nodes,
                              error);
}


static int
ngx_http_social_admin_status_make(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                              rc;
    cJSON                           *doc;
    ngx_http_social_admin_status_t  *st =
                                        (ngx_http_social_admin_status_t *) job;

    if (ngx_http_social_admin_status_nodes(store, st, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (st->format == NGX_HTTP_SOCIAL_ADMIN_STATUS_PROMETHEUS) {
        rc = ngx_http_social_admin_status_prometheus(store, st, &job->error);
        st->tag = ngx_http_social_admin_status_bytes(&st->read.out);

        return rc;
    }

    doc = NULL;
    st->query.newest = (st->format == NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM);

    rc = ngx_http_social_admin_status_document(store, st, &doc, &job->error);

    if (rc == SOCIAL_OK && st->format == NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM) {
        rc = ngx_http_social_admin_status_feed(store, st, doc, &job->error);
    }

    if (rc != SOCIAL_OK) {
        cJSON_Delete(doc);
        return rc;
    }

    st->tag = ngx_http_social_admin_status_tag(st, doc);
    rc = ngx_http_social_admin_status_write(job, st, doc);

    if (st->format == NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM) {
        st->tag = ngx_http_social_admin_status_bytes(&st->read.out);
    }

    return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}


/* the answer is cut to its length here, as social_out_trim() says */

int
ngx_http_social_admin_status_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                              rc;
    ngx_http_social_admin_status_t  *st =
                                        (ngx_http_social_admin_status_t *) job;

    rc = ngx_http_social_admin_status_make(job, store);
    free(st->nodes.items);
    st->health.nodes = NULL;
    social_out_trim(&st->read.out);

    return rc;
}
