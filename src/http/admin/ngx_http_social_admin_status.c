
/*
 * The status page.  The event loop checks the arguments, has all counters saved
 * to the store, so the figures are exact, and posts a read; a pool thread reads
 * the figures, computes and renders; the event loop sends.  Before, other
 * machines that share the store are asked to save.
 *
 * A view is counted in the log phase, after its last byte was sent, so a
 * request for the figures may overtake it.  Hence the delay before counters are
 * saved; it is repeated while answers with pages are still being sent.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_admin_status.h"
#include "social_status_formats.h"
#include "social_time.h"


#define NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAY  5       /* msec */
#define NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAYS 20      /* delays at most */
#define NGX_HTTP_SOCIAL_ADMIN_STATUS_MAX    (8 << 20)   /* bytes: 1,000 articles
                                                         * and all networks */


static const char *
ngx_http_social_admin_status_type(const ngx_http_social_admin_status_t *st)
{
    switch (st->format) {

    case NGX_HTTP_SOCIAL_ADMIN_STATUS_JSON:
        return NGX_HTTP_SOCIAL_JSON;

    case NGX_HTTP_SOCIAL_ADMIN_STATUS_CSV:
        return SOCIAL_STATUS_CSV_TYPE;

    case NGX_HTTP_SOCIAL_ADMIN_STATUS_PROMETHEUS:
        return st->classic ? SOCIAL_OPENMETRICS_CLASSIC_TYPE
                           : SOCIAL_OPENMETRICS_TYPE;

    case NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM:
        return SOCIAL_STATUS_ATOM_TYPE;

    default:
        return NGX_HTTP_SOCIAL_HTML;
    }
}


/* a file's name: SITE-PERIOD.csv; names of sites are made of letters, digits,
 * "-" and "_" */

static ngx_int_t
ngx_http_social_admin_status_file(ngx_http_request_t *r,
    const ngx_http_social_admin_status_t *st)
{
    char    from[SOCIAL_TIME_LEN + 1], to[SOCIAL_TIME_LEN + 1];
    u_char  name[256], *p;

    p = ngx_slprintf(name, name + sizeof(name),
                     "attachment; filename=\"%s-", st->query.site);

    if (st->query.period[0]) {
        p = ngx_slprintf(p, name + sizeof(name), "%s.csv\"",
                         st->query.period);

    } else {
        social_time_format(st->period.from, from);
        social_time_format(st->period.to - 1, to);
        p = ngx_slprintf(p, name + sizeof(name), "%*s--%*s.csv\"",
                         (size_t) 10, from, (size_t) 10, to);
    }

    return ngx_http_social_request_reply_header(r, "Content-Disposition",
                                                (char *) name, p - name);
}


static ngx_int_t
ngx_http_social_admin_status_answer(ngx_http_social_read_t *read)
{
    ngx_http_request_t              *r;
    ngx_http_social_admin_status_t  *st;

    st = (ngx_http_social_admin_status_t *) read;
    r = read->request;

    if (read->job.rc != SOCIAL_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_http_social_request_reply_header(r, "Vary", "Accept", 6) != NGX_OK
        || (st->format == NGX_HTTP_SOCIAL_ADMIN_STATUS_CSV
            && ngx_http_social_admin_status_file(r, st) != NGX_OK)
        || ngx_http_social_request_reply_etag(r, st->tag) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(
               r, NGX_HTTP_OK, ngx_http_social_admin_status_type(st),
               st->query.is_public ? NGX_HTTP_SOCIAL_NO_CACHE
                                   : NGX_HTTP_SOCIAL_PRIVATE,
               &read->out);
}


static ngx_http_social_admin_status_t *
ngx_http_social_admin_status_alloc(ngx_http_social_input_t *in)
{
    size_t                           goals, networks;
    ngx_http_social_admin_status_t  *st;

    goals = in->site->goals ? in->site->goals->nelts : 0;
    networks = in->site->networks ? in->site->networks->nelts : 0;

    st = ngx_http_social_job_alloc(in->site,
                                   sizeof(ngx_http_social_admin_status_t)
                                   + (goals + networks) * sizeof(char *)
                                   + ngx_http_social_admin_status_size(in),
                                   ngx_http_social_admin_status_run, NULL);
    if (st == NULL) {
        return NULL;
    }

    st->networks = (const char **) (st + 1) + goals;
    st->args = (char *) (st->networks + networks);

    ngx_http_social_request_read_init(&st->read, in,
                                      ngx_http_social_admin_status_answer);

    st->read.out.max = NGX_HTTP_SOCIAL_ADMIN_STATUS_MAX;

    return st;
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


/* the other machines have saved, or are not waited for any longer: what this
 * one has counted meanwhile is saved last */

static void
ngx_http_social_admin_status_flushed(void *data, int64_t flush)
{
    ngx_http_request_t              *r = data;
    ngx_http_social_input_t         *in;
    ngx_http_social_admin_status_t  *st;

    in = ngx_http_social_request_input_of(r);
    st = in->prepared;
    st->health.flush = flush;

    if (ngx_http_social_sync_save_now(in->site,
                                      ngx_http_social_admin_status_saved, r)
        != NGX_OK)
    {
        ngx_http_social_admin_status_saved(r, NGX_ERROR);
    }
}


/* whoever may read a public page must not make all machines work */

static void
ngx_http_social_admin_status_flush(ngx_http_social_admin_status_t *st)
{
    ngx_http_request_t  *r;

    r = st->read.request;

    if (!st->read.in->site->shared || st->query.is_public) {
        ngx_http_social_admin_status_flushed(r, 0);
        return;
    }

    st->fleet.done = ngx_http_social_admin_status_flushed;
    st->fleet.data = r;

    ngx_http_social_sync_fleet(st->read.in->site, &st->fleet);
}


static void
ngx_http_social_admin_status_delayed(ngx_event_t *ev)
{
    ngx_http_social_admin_status_t  *st;

    st = ngx_queue_data(ev, ngx_http_social_admin_status_t, delay);

    if (st->read.in->site->zone->pending
        && ++st->delays < NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAYS)
    {
        ngx_add_timer(ev, NGX_HTTP_SOCIAL_ADMIN_STATUS_DELAY);
        return;
    }

    ngx_http_social_admin_status_flush(st);
}


ngx_int_t
ngx_http_social_admin_status_handler(ngx_http_request_t *r)
{
    ngx_http_social_rec_t                  *rec;
    ngx_http_social_input_t                *in;
    ngx_http_social_admin_status_t         *st;
    ngx_http_social_admin_status_format_e   format;

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
        || ngx_http_social_admin_status_format(in, &format) != NGX_OK)
    {
        return NGX_OK;
    }

    st = ngx_http_social_admin_status_alloc(in);
    if (st == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    st->format = format;
    st->query.rows = format == NGX_HTTP_SOCIAL_ADMIN_STATUS_HTML
                     ? SOCIAL_STATUS_ROWS : SOCIAL_STATUS_LIMIT;

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
