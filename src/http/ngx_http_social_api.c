
/*
 * Routes: which handler answers which path and method, and what is checked
 * before it is called.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_visitor.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_READS   (NGX_HTTP_GET|NGX_HTTP_HEAD)


typedef struct {
    const char                *path;        /* "@" stands for an id */
    ngx_uint_t                 methods;
    ngx_http_social_route_pt   handler;
} ngx_http_social_route_t;


static const ngx_http_social_route_t  ngx_http_social_routes[] = {
    { "widget.css",        NGX_HTTP_SOCIAL_READS, ngx_http_social_asset },
    { "widget.js",         NGX_HTTP_SOCIAL_READS, ngx_http_social_asset },
    { "page.css",          NGX_HTTP_SOCIAL_READS, ngx_http_social_asset },
    { "page.js",           NGX_HTTP_SOCIAL_READS, ngx_http_social_asset },
    { "comments",          NGX_HTTP_SOCIAL_READS,
                           ngx_http_social_comments_get },
    { "comments",          NGX_HTTP_POST, ngx_http_social_comment_new },
    { "comments/@",        NGX_HTTP_SOCIAL_READS,
                           ngx_http_social_comment_get },
    { "comments/@",        NGX_HTTP_PATCH, ngx_http_social_comment_edit },
    { "comments/@",        NGX_HTTP_DELETE, ngx_http_social_comment_delete },
    { "comments/@/edit",   NGX_HTTP_POST, ngx_http_social_comment_edit },
    { "comments/@/delete", NGX_HTTP_POST, ngx_http_social_comment_delete },
    { "comments/@/report", NGX_HTTP_POST, ngx_http_social_comment_report },
    { "thread",            NGX_HTTP_SOCIAL_READS,
                           ngx_http_social_thread_get },
    { "preview",           NGX_HTTP_POST, ngx_http_social_preview },
    { "mine",              NGX_HTTP_SOCIAL_READS, ngx_http_social_mine_get },
    { "mine/erase",        NGX_HTTP_POST, ngx_http_social_mine_erase },
    { "share",             NGX_HTTP_POST, ngx_http_social_share },
    { "reactions",         NGX_HTTP_POST, ngx_http_social_reaction },
    { "views",             NGX_HTTP_POST, ngx_http_social_beacon },
    { "counts",            NGX_HTTP_SOCIAL_READS,
                           ngx_http_social_counts_get }
};


typedef struct {
    ngx_http_social_input_t   *in;
    ngx_http_social_route_pt   handler;
} ngx_http_social_call_t;


static const char *
ngx_http_social_allow(ngx_uint_t methods)
{
    switch (methods) {

    case NGX_HTTP_SOCIAL_READS:
        return "GET, HEAD";

    case NGX_HTTP_POST:
        return "POST";

    case NGX_HTTP_SOCIAL_READS|NGX_HTTP_POST:
        return "GET, HEAD, POST";

    default:
        return "GET, HEAD, PATCH, DELETE";
    }
}


/* does path fit the row's? *id gets what stands for "@" */

static ngx_uint_t
ngx_http_social_route_fits(const char *row, u_char *p, u_char *last,
    int64_t *id)
{
    u_char  *digits;

    *id = 0;

    for ( /* void */ ; *row; row++) {

        if (*row == '@') {
            digits = p;

            while (p < last && *p != '/') {
                p++;
            }

            if (p == digits) {
                return 0;
            }

            /* what is no id of ours is an id that does not exist: -1 */

            *id = ngx_http_social_id(digits, p - digits);
            *id = *id ? *id : -1;
            continue;
        }

        if (p == last || *p != (u_char) *row) {
            return 0;
        }

        p++;
    }

    return p == last;
}


static void
ngx_http_social_api_body(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_social_call_t   *call;
    ngx_http_social_input_t  *in;

    in = ngx_http_social_input_of(r);
    call = in->call;

    rc = ngx_http_social_input_parse(in);

    if (rc == NGX_OK && in->answered == 0) {
        rc = call->handler(in);
    }

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


static ngx_int_t
ngx_http_social_api_call(ngx_http_social_input_t *in,
    ngx_http_social_route_pt handler)
{
    ngx_int_t                rc;
    ngx_http_request_t      *r;
    ngx_http_social_call_t  *call;

    r = in->request;

    if (r->method & NGX_HTTP_SOCIAL_READS) {
        rc = ngx_http_discard_request_body(r);

        return rc == NGX_OK ? handler(in) : rc;
    }

    rc = ngx_http_social_input_check(in);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    call = ngx_palloc(r->pool, sizeof(ngx_http_social_call_t));
    if (call == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    call->in = in;
    call->handler = handler;
    in->call = call;

    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_social_api_body);

    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}


ngx_int_t
ngx_http_social_api_handler(ngx_http_request_t *r)
{
    u_char                         *p, *last;
    int64_t                         id;
    ngx_uint_t                      i, allowed;
    ngx_http_social_rec_t          *rec;
    ngx_http_social_input_t        *in;
    const ngx_http_social_route_t  *route;

    rec = ngx_http_social_rec(r);
    in = rec ? ngx_http_social_input(r, rec) : NULL;

    if (in == NULL || r->uri.len < rec->site->prefix.len) {
        return r == r->main ? NGX_HTTP_INTERNAL_SERVER_ERROR
                            : NGX_HTTP_NOT_FOUND;
    }

    rec->input = in;

    p = r->uri.data + rec->site->prefix.len;
    last = r->uri.data + r->uri.len;
    allowed = 0;

    for (i = 0; i < social_nelts(ngx_http_social_routes); i++) {
        route = &ngx_http_social_routes[i];

        if (ngx_http_social_route_fits(route->path, p, last, &id)) {

            if (r->method & route->methods) {
                in->id = id;
                return ngx_http_social_api_call(in, route->handler);
            }

            allowed |= route->methods;
        }
    }

    (void) ngx_http_discard_request_body(r);

    if (allowed) {
        return ngx_http_social_error_method(in,
                                            ngx_http_social_allow(allowed));
    }

    return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "path",
                                 "There is nothing at this address.", NULL);
}


ngx_http_social_input_t *
ngx_http_social_input_of(ngx_http_request_t *r)
{
    ngx_http_social_rec_t  *rec;

    rec = ngx_http_social_rec_find(r);

    return rec ? rec->input : NULL;
}


ngx_str_t
ngx_http_social_article_path(ngx_http_request_t *r, ngx_str_t *key,
    int64_t id)
{
    u_char        *p;
    ngx_str_t      path;
    social_out_t   out;

    ngx_str_null(&path);
    social_out_init(&out, 4096);
    social_out_path(&out, key->data, key->len);

    if (id) {
        social_out_text(&out, "#comment-");
        social_out_int(&out, id);
    }

    p = out.failed ? NULL : ngx_pnalloc(r->pool, out.len);

    if (p) {
        ngx_memcpy(p, out.data, out.len);
        path.data = p;
        path.len = out.len;
    }

    social_out_free(&out);

    return path;
}


ngx_str_t
ngx_http_social_id_text(ngx_http_request_t *r, int64_t id)
{
    ngx_str_t  text;

    text.len = 0;
    text.data = ngx_pnalloc(r->pool, NGX_INT64_LEN);

    if (text.data) {
        text.len = ngx_sprintf(text.data, "%L", id) - text.data;
    }

    return text;
}


ngx_int_t
ngx_http_social_unavailable(ngx_http_social_input_t *in)
{
    return ngx_http_social_error_retry(in, NGX_HTTP_SERVICE_UNAVAILABLE,
        "store", "This cannot be saved just now. Please try again in a "
        "moment: what you typed is kept.", 5);
}


ngx_int_t
ngx_http_social_write_error(ngx_http_social_input_t *in,
    social_write_t *write)
{
    switch (write->status) {

    case SOCIAL_NO_ARTICLE:
        return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "article",
                                     "There is no such article.", "article");

    case SOCIAL_NO_PARENT:
        return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "parent",
            "The comment that this answers is not there any more.",
            "parent");

    case SOCIAL_NO_COMMENT:
    case SOCIAL_NOT_OWN:
        return ngx_http_social_error(in, NGX_HTTP_NOT_FOUND, "comment",
                                     "There is no such comment.", NULL);

    case SOCIAL_TOO_LATE:
        return ngx_http_social_error(in, NGX_HTTP_FORBIDDEN, "closed",
            "A comment can be changed for 15 minutes only.", NULL);

    default:
        return ngx_http_social_unavailable(in);
    }
}


void
ngx_http_social_active(ngx_http_social_input_t *in)
{
    uint64_t                 visitor;
    ngx_http_social_slot_t  *slot;

    visitor = ngx_http_social_visitor(in->request, in->rec);

    if (ngx_http_social_mark(in->site,
            ngx_http_social_fingerprint(in->site,
                                        NGX_HTTP_SOCIAL_MARK_ACTIVE, visitor,
                                        &in->rec->key, 0)))
    {
        slot = ngx_http_social_slot_make(in->site, &in->rec->key);

        if (slot) {
            ngx_http_social_count(slot, SOCIAL_COUNT_ACTIVE, 1);
        }
    }
}


/* reading */

void
ngx_http_social_read_discard(ngx_http_social_read_t *read)
{
    if (read->own) {
        social_comments_free(read->own);
        free(read->own);
    }

    if (read->drop) {
        read->drop(read);
    }

    social_out_free(&read->out);
    cJSON_Delete(read->doc);
    free(read->article);
    free(read);
}


static void
ngx_http_social_read_done(ngx_http_social_job_t *job)
{
    ngx_int_t                rc;
    ngx_connection_t        *c;
    ngx_http_request_t      *r;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    r = read->request;

    if (r == NULL) {
        /* it came too late: nobody waits any more */
        ngx_http_social_read_discard(read);
        return;
    }

    c = r->connection;

    ngx_http_social_unblock(r);
    ngx_http_set_log_request(c->log, r);

    rc = (job->rc == SOCIAL_ERROR) ? ngx_http_social_unavailable(read->in)
                                   : read->answer(read);

    ngx_http_social_read_discard(read);

    /* NGX_DONE: the answer goes on with a write */

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }

    ngx_http_run_posted_requests(c);
}


/* a thread still works on it: only the request is touched */

static void
ngx_http_social_read_late(ngx_http_social_job_t *job)
{
    ngx_connection_t        *c;
    ngx_http_request_t      *r;
    ngx_http_social_read_t  *read = (ngx_http_social_read_t *) job;

    r = read->request;
    c = r->connection;
    read->request = NULL;

    ngx_http_social_unblock(r);
    ngx_http_set_log_request(c->log, r);

    ngx_http_finalize_request(r, ngx_http_social_unavailable(read->in));
    ngx_http_run_posted_requests(c);
}


ngx_http_social_read_t *
ngx_http_social_read_alloc(ngx_http_social_input_t *in,
    ngx_http_social_run_pt run,
    ngx_int_t (*answer)(ngx_http_social_read_t *read))
{
    ngx_http_social_read_t  *read;

    read = ngx_http_social_job_alloc(in->site,
                                     sizeof(ngx_http_social_read_t), run,
                                     NULL);
    if (read) {
        ngx_http_social_read_init(read, in, answer);
    }

    return read;
}


void
ngx_http_social_read_init(ngx_http_social_read_t *read,
    ngx_http_social_input_t *in,
    ngx_int_t (*answer)(ngx_http_social_read_t *read))
{
    read->job.done = ngx_http_social_read_done;
    read->job.late = ngx_http_social_read_late;
    read->request = in->request;
    read->in = in;
    read->answer = answer;
    read->now = ngx_time();
    social_out_init(&read->out, SOCIAL_PAGE_MAX);
}


ngx_int_t
ngx_http_social_read_post(ngx_http_social_read_t *read)
{
    ngx_http_request_t       *r;
    ngx_http_social_input_t  *in;

    r = read->request;
    in = read->in;

    if (ngx_http_social_store_away(in->site)
        || ngx_http_social_job_post(&read->job) != NGX_OK)
    {
        ngx_http_social_read_discard(read);
        return ngx_http_social_unavailable(in);
    }

    /* the content handler's own reference is dropped by NGX_DONE */

    if (r->method & NGX_HTTP_SOCIAL_READS) {
        r->main->count++;
    }

    ngx_http_social_block(r);

    return NGX_DONE;
}
