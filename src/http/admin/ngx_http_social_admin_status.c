
/*
 * The status page.  The event loop checks the arguments, has all counters saved
 * to the store, so the figures are exact, and posts a read; a pool thread reads
 * the figures, computes and renders; the event loop sends.
 *
 * A view is counted in the log phase, after its last byte was sent, so a
 * request for the figures may overtake it.  Hence the delay before counters are
 * saved; it is repeated while answers with pages are still being sent.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_admin_status.h"
#include "ngx_http_social_zone.h"
#include "social_status.h"


#define NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAY  5       /* msec */
#define NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAYS 20      /* delays at most */
#define NGX_HTTP_SOCIAL_ADMIN_STATUS_MAX    (8 << 20)   /* bytes: 1,000 articles
                                                         * and all networks */


typedef struct {
    ngx_http_social_read_t    read;         /* must be first */
    ngx_event_t               delay;
    ngx_uint_t                delays;
    social_status_query_t     query;
    social_health_t           health;
    u_char                    unmatched[SOCIAL_KEY_MAX + 1];
    u_char                    reason[NGX_HTTP_SOCIAL_ZONE_REASON];
    int64_t                   from;
    unsigned                  html:1;
    char                     *args;         /* the arguments, copied */
    const char               *goals[1];     /* as many as there are */
} ngx_http_social_admin_status_t;


/*
 * Pool thread.  The period has no end: if the clock was set back, counters of
 * hours that are now in the future were still counted.
 */

static int
ngx_http_social_admin_status_figures(social_store_t *store, int64_t from,
    int64_t now, social_period_t *figures, social_store_error_t *error)
{
    int  rc;

    rc = social_store_figures(store, from, INT64_MAX, figures, error);
    figures->to = now + 1;

    return rc;
}


/* pool thread */

static int
ngx_http_social_admin_status_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                              rc;
    int64_t                          now;
    cJSON                           *doc;
    social_period_t                  figures, pooled;
    ngx_http_social_admin_status_t  *st =
                                        (ngx_http_social_admin_status_t *) job;

    memset(&pooled, 0, sizeof(social_period_t));
    now = st->query.now;

    rc = ngx_http_social_admin_status_figures(store, st->from, now, &figures,
                                              &job->error);

    if (rc == SOCIAL_OK) {
        rc = ngx_http_social_admin_status_figures(store,
                                        now - SOCIAL_STATUS_POOLED * 86400,
                                        now, &pooled, &job->error);
    }

    if (rc != SOCIAL_OK) {
        social_period_free(&figures);
        social_period_free(&pooled);
        return SOCIAL_ERROR;
    }

    st->query.pooled = &pooled;
    doc = social_status(&figures, &st->query);
    rc = doc ? SOCIAL_OK : SOCIAL_DECLINED;

    if (doc && st->html) {
        doc = social_status_page(doc, &st->query);
        rc = social_render(job->site->page, 0, "status", doc,
                           &st->read.out);
        doc = NULL;
    }

    if (rc == SOCIAL_OK && doc != NULL) {
        social_doc_print(&st->read.out, doc);
    }

    social_period_free(&figures);
    social_period_free(&pooled);

    return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}


static ngx_int_t
ngx_http_social_admin_status_answer(ngx_http_social_read_t *read)
{
    const char  *type;

    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    type = ((ngx_http_social_admin_status_t *) read)->html
           ? NGX_HTTP_SOCIAL_HTML : NGX_HTTP_SOCIAL_JSON;

    return ngx_http_social_request_reply_out(read->request, NGX_HTTP_OK, type,
                                             NGX_HTTP_SOCIAL_NO_CACHE,
                                             &read->out);
}


/* an argument as a C string, copied to *p; "" if it is missing */

static const char *
ngx_http_social_admin_status_arg(ngx_http_social_input_t *in, const char *name,
    char **p)
{
    char                *text;
    const social_str_t  *value;

    value = social_form_get(in->form, name);
    if (value == NULL) {
        return "";
    }

    text = *p;
    *p = (char *) ngx_cpymem(text, value->data, value->len);
    *(*p)++ = '\0';

    return text;
}


static void
ngx_http_social_admin_status_health(ngx_http_social_site_t *site,
    ngx_http_social_admin_status_t *st)
{
    social_health_t         *health;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    health = &st->health;

    health->store_reason = (const char *) st->reason;
    ngx_http_social_zone_reason(zone, zone->store_failed[1] != 0, st->reason);

    health->matched = (site->articles == NULL || zone->matched);
    health->unmatched = zone->unmatched;
    health->articles = (const char *) site->articles_text.data;
    health->unmatched_key = (const char *) st->unmatched;
    ngx_http_social_zone_unmatched_key(zone, st->unmatched);

    health->zone_size = zone->size;
    health->zone_used = ngx_http_social_zone_used(zone);
    health->evicted = zone->evicted;
    health->dropped = zone->dropped_slot + zone->dropped_mark
                      + zone->dropped_touch + zone->dropped_quota
                      + zone->dropped_sketch + zone->dropped_chunk;
    health->dropped_marks = zone->dropped_mark;
    health->dropped_touches = zone->dropped_touch;
    health->dropped_quota = zone->dropped_quota;
    health->limited_articles = zone->limited_articles;
    health->limited_posts = zone->limited_posts;
    health->broken_chains = zone->broken_chains;
    health->one_address = ngx_http_social_zone_crowd_found(site);
    health->store_errors = zone->store_errors;
    health->reads_refused = zone->reads_refused;
    health->cut_pages = zone->cut_pages;
    health->store_ok = !zone->store_failed[0] && !zone->store_failed[1];
}


static ngx_int_t
ngx_http_social_admin_status_refuse(ngx_http_social_input_t *in,
    const char *message, const char *field)
{
    return ngx_http_social_request_error(in, NGX_HTTP_BAD_REQUEST, "malformed",
                                         message, field);
}


/* html or json, by the argument `format` or else by Accept; NGX_DECLINED:
 * refused and answered */

static ngx_int_t
ngx_http_social_admin_status_format(ngx_http_social_input_t *in,
    ngx_uint_t *html)
{
    const social_str_t  *format;

    format = social_form_get(in->form, "format");
    *html = !in->json;

    if (format == NULL || format->len == 0) {
        return NGX_OK;
    }

    if (format->len == 4 && memcmp(format->data, "html", 4) == 0) {
        *html = 1;
        in->json = 0;
        return NGX_OK;
    }

    if (format->len == 4 && memcmp(format->data, "json", 4) == 0) {
        *html = 0;
        in->json = 1;
        return NGX_OK;
    }

    (void) ngx_http_social_admin_status_refuse(in,
        "The format must be html or json.", "format");

    return NGX_DECLINED;
}


/* an argument that is a number from 1; 0: it is missing; NGX_DECLINED: refused
 * and answered */

static ngx_int_t
ngx_http_social_admin_status_number(ngx_http_social_input_t *in,
    const char *name, int64_t *number)
{
    const social_str_t  *value;

    *number = 0;
    value = social_form_get(in->form, name);

    if (value == NULL || value->len == 0) {
        return NGX_OK;
    }

    *number = social_id_number(value->data, value->len);

    if (*number > 0) {
        return NGX_OK;
    }

    (void) ngx_http_social_admin_status_refuse(in,
        "This must be a whole number from 1.", name);

    return NGX_DECLINED;
}


static ngx_uint_t
ngx_http_social_admin_status_is_dir(const char *dir)
{
    return dir[0] == '\0' || ngx_strcmp(dir, "asc") == 0
           || ngx_strcmp(dir, "desc") == 0;
}


/* checks all arguments; NGX_DECLINED: refused and answered */

static ngx_int_t
ngx_http_social_admin_status_check(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_t *st)
{
    social_str_t            text;
    social_status_query_t  *query;

    query = &st->query;

    text.data = (const unsigned char *) query->period;
    text.len = strlen(query->period);

    if (social_status_period(text, query->now, &st->from) != SOCIAL_OK) {
        (void) ngx_http_social_admin_status_refuse(in,
            "The period must be 24h, 7d, 28d, 90d, 365d or all.", "period");
        return NGX_DECLINED;
    }

    text.data = (const unsigned char *) query->sort;
    text.len = strlen(query->sort);

    if (text.len && !social_status_sortable(text)) {
        (void) ngx_http_social_admin_status_refuse(in,
            "The articles cannot be sorted by that.", "sort");
        return NGX_DECLINED;
    }

    if (!ngx_http_social_admin_status_is_dir(query->dir)) {
        (void) ngx_http_social_admin_status_refuse(in,
            "The direction must be asc or desc.", "dir");
        return NGX_DECLINED;
    }

    if (ngx_http_social_admin_status_number(in, "limit", &query->limit)
            != NGX_OK
        || ngx_http_social_admin_status_number(in, "page", &query->page)
               != NGX_OK)
    {
        return NGX_DECLINED;
    }

    query->limit = ngx_min(query->limit, SOCIAL_STATUS_LIMIT_MAX);

    return NGX_OK;
}


static void
ngx_http_social_admin_status_goals(ngx_http_social_site_t *site,
    ngx_http_social_admin_status_t *st)
{
    ngx_uint_t               i;
    ngx_http_social_goal_t  *goal;

    if (site->goals == NULL) {
        return;
    }

    goal = site->goals->elts;

    for (i = 0; i < site->goals->nelts; i++) {
        st->goals[i] = (const char *) goal[i].name.data;
    }

    st->query.goals = st->goals;
    st->query.ngoals = site->goals->nelts;
}


static ngx_http_social_admin_status_t *
ngx_http_social_admin_status_alloc(ngx_http_social_input_t *in)
{
    size_t                           args, goals;
    ngx_http_social_admin_status_t  *st;

    args = in->request->args.len + 16;
    goals = (in->site->goals ? in->site->goals->nelts : 0) * sizeof(char *);

    st = ngx_http_social_job_alloc(in->site,
                                   sizeof(ngx_http_social_admin_status_t)
                                   + goals + args,
                                   ngx_http_social_admin_status_run, NULL);
    if (st == NULL) {
        return NULL;
    }

    st->args = (char *) (st + 1) + goals;

    ngx_http_social_request_read_init(&st->read, in,
                                      ngx_http_social_admin_status_answer);

    st->read.out.max = NGX_HTTP_SOCIAL_ADMIN_STATUS_MAX;

    return st;
}


static ngx_int_t
ngx_http_social_admin_status_query(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_t *st)
{
    char                   *p;
    social_status_query_t  *query;

    p = st->args;
    query = &st->query;

    query->site = in->site->page->name;
    query->now = ngx_time();
    query->thresholds = &in->site->metrics;
    query->reactions = in->site->reactions;
    query->health = &st->health;
    query->moderate = in->site->page->moderate;
    query->base = in->site->page->base;

    query->period = ngx_http_social_admin_status_arg(in, "period", &p);
    query->sort = ngx_http_social_admin_status_arg(in, "sort", &p);
    query->dir = ngx_http_social_admin_status_arg(in, "dir", &p);
    query->q = ngx_http_social_admin_status_arg(in, "q", &p);
    query->article = ngx_http_social_admin_status_arg(in, "article", &p);

    if (query->period[0] == '\0') {
        query->period = "28d";
    }

    ngx_http_social_admin_status_goals(in->site, st);

    return ngx_http_social_admin_status_check(in, st);
}


/* all counters are saved, or rc says that the store is away */

static void
ngx_http_social_admin_status_saved(void *data, ngx_int_t rc)
{
    ngx_connection_t         *c;
    ngx_http_request_t       *r = data;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_request_input_of(r);
    c = ngx_http_social_request_resume(r);

    if (rc == NGX_OK) {
        /* after the pages that were still being counted */

        ngx_http_social_admin_status_health(in->site, in->prepared);
        rc = ngx_http_social_request_read_post(in->prepared);

    } else {
        ngx_http_social_request_read_discard(in->prepared);
        rc = ngx_http_social_request_unavailable(in);
    }

    if (rc == NGX_DONE) {
        /* read_post() took the reference that a content handler's NGX_DONE
         * drops, but the content handler returned long ago */
        r->main->count--;

    } else {
        ngx_http_finalize_request(r, rc);
    }

    ngx_http_run_posted_requests(c);
}


static void
ngx_http_social_admin_status_delayed(ngx_event_t *ev)
{
    ngx_http_request_t              *r;
    ngx_http_social_admin_status_t  *st;

    st = ngx_queue_data(ev, ngx_http_social_admin_status_t, delay);
    r = st->read.request;

    if (st->read.in->site->zone->pending
        && ++st->delays < NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAYS)
    {
        ngx_add_timer(ev, NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAY);
        return;
    }

    if (ngx_http_social_sync_save_now(st->read.in->site,
                                      ngx_http_social_admin_status_saved, r)
        != NGX_OK)
    {
        ngx_http_social_admin_status_saved(r, NGX_ERROR);
    }
}


ngx_int_t
ngx_http_social_admin_status_handler(ngx_http_request_t *r)
{
    ngx_uint_t                       html;
    ngx_http_social_rec_t           *rec;
    ngx_http_social_input_t         *in;
    ngx_http_social_admin_status_t  *st;

    rec = ngx_http_social_view_rec(r);
    in = rec ? ngx_http_social_request_input(r, rec) : NULL;

    if (in == NULL || ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rec->input = in;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_http_social_request_error_method(in, "GET, HEAD");
    }

    if (ngx_http_social_request_input_args(in, NULL) != NGX_OK || in->answered
        || ngx_http_social_admin_status_format(in, &html) != NGX_OK)
    {
        return NGX_OK;
    }

    st = ngx_http_social_admin_status_alloc(in);
    if (st == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    st->html = html;

    if (ngx_http_social_admin_status_query(in, st) != NGX_OK) {
        ngx_http_social_request_read_discard(&st->read);
        return NGX_OK;
    }

    in->prepared = st;

    st->delay.handler = ngx_http_social_admin_status_delayed;
    st->delay.data = r->connection;
    st->delay.log = r->connection->log;
    ngx_add_timer(&st->delay, NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAY);

    r->main->count++;
    ngx_http_social_job_block(r);

    return NGX_DONE;
}
