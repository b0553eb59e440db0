
/*
 * A page that comes in pieces.  While the header is held, all of it waits;
 * once the header is out, only those bytes wait behind which a place may
 * still lie.  Whatever waits is bounded in bytes and in time: after
 * NGX_HTTP_SOCIAL_PATIENCE the best place known is taken, or the bytes go on
 * without one.
 *
 * Event loop only; reads a spilled file in bounded pieces, never waits.
 */


#include "ngx_http_social_filter.h"


static ngx_int_t ngx_http_social_stream_scan(ngx_http_social_ctx_t *ctx,
    ngx_chain_t *in, size_t *fresh);
static ngx_int_t ngx_http_social_stream_full(ngx_http_social_ctx_t *ctx,
    size_t fresh);
static ngx_int_t ngx_http_social_stream_feed(ngx_http_social_ctx_t *ctx,
    ngx_buf_t *b, social_html_answer_e *answer);
static void ngx_http_social_stream_final(ngx_http_social_ctx_t *ctx,
    social_html_answer_e answer);
static ngx_int_t ngx_http_social_stream_header(ngx_http_social_ctx_t *ctx);
static ngx_int_t ngx_http_social_stream_pass(ngx_http_social_ctx_t *ctx,
    ngx_chain_t *in, ngx_uint_t all);
static ngx_int_t ngx_http_social_stream_clock(ngx_http_social_ctx_t *ctx,
    off_t before);
static void ngx_http_social_stream_settle(ngx_http_social_ctx_t *ctx);
static void ngx_http_social_stream_timeout(ngx_event_t *ev);
static void ngx_http_social_stream_cleanup(void *data);


ngx_int_t
ngx_http_social_stream(ngx_http_social_ctx_t *ctx, ngx_chain_t *in)
{
    size_t      fresh;
    ngx_int_t   rc;
    ngx_uint_t  all;

    rc = ngx_http_social_stream_scan(ctx, in, &fresh);

    if (rc == NGX_OK) {
        rc = ngx_http_social_stream_full(ctx, fresh);
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    all = (rc == NGX_BUSY);

    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING) {

        if (!ctx->final && !all) {
            if (ngx_http_social_stream_wait(ctx) != NGX_OK) {
                return NGX_ERROR;
            }

            return ngx_http_social_stream_pass(ctx, in, 0);
        }

        rc = ngx_http_social_stream_header(ctx);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    if (ctx->request->header_only) {
        ctx->state = NGX_HTTP_SOCIAL_THROUGH;
        ngx_http_social_chain_consume(in);
        return rc;
    }

    return ngx_http_social_stream_pass(ctx, in, all);
}


/* NGX_BUSY: more than may wait, all of it has to go on */

static ngx_int_t
ngx_http_social_stream_full(ngx_http_social_ctx_t *ctx, size_t fresh)
{
    size_t  limit;

    if (ctx->final) {
        return NGX_OK;
    }

    limit = (ctx->state == NGX_HTTP_SOCIAL_HOLDING)
                ? NGX_HTTP_SOCIAL_HEAD_MAX : NGX_HTTP_SOCIAL_TAIL_MAX;

    if (ctx->held_size + fresh <= limit) {
        return NGX_OK;
    }

    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING
        && ctx->seen - (off_t) social_html_hold(ctx->scan)
           <= NGX_HTTP_SOCIAL_TAIL_MAX)
    {
        /* too long to wait with the header, short enough behind it */

        return ngx_http_social_stream_header(ctx);
    }

    ngx_http_social_stream_settle(ctx);

    return NGX_BUSY;
}


/* reads what came; fresh: how much of it stands in memory */

static ngx_int_t
ngx_http_social_stream_scan(ngx_http_social_ctx_t *ctx, ngx_chain_t *in,
    size_t *fresh)
{
    off_t                  size;
    ngx_buf_t             *b;
    ngx_chain_t           *cl;
    ngx_http_upstream_t   *u;
    social_html_answer_e   answer;

    *fresh = 0;
    u = ctx->request->upstream;
    answer = SOCIAL_HTML_MORE;

    for (cl = in; cl; cl = cl->next) {
        b = cl->buf;
        size = ngx_buf_size(b);

        if (size && !ctx->final) {

            if (ngx_buf_in_memory(b)) {
                *fresh += b->last - b->pos;
            }

            if (ngx_http_social_stream_feed(ctx, b, &answer) != NGX_OK) {
                return NGX_ERROR;
            }

            ngx_http_social_stream_final(ctx, answer);
        }

        ctx->seen += size;

        if (b->last_buf) {
            ctx->last = 1;

        } else if (size == 0 && b->flush && u && u->peer.connection == NULL) {

            /* so says nginx that an upstream died on its way */

            ctx->cut = 1;
        }
    }

    if (ctx->final) {
        return NGX_OK;
    }

    if (ctx->cut || (ctx->last && ctx->scan == NULL)) {
        ctx->final = 1;

    } else if (ctx->last) {
        answer = social_html_finish(ctx->scan);
        ngx_http_social_stream_final(ctx, answer);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_stream_feed(ngx_http_social_ctx_t *ctx, ngx_buf_t *b,
    social_html_answer_e *answer)
{
    if (ctx->scan == NULL) {
        ctx->scan = ngx_palloc(ctx->request->pool, sizeof(social_html_t));
        if (ctx->scan == NULL) {
            return NGX_ERROR;
        }

        social_html_init(ctx->scan, ctx->rec->site->insert);
    }

    if (ngx_buf_in_memory(b)) {
        *answer = social_html_feed(ctx->scan, b->pos, b->last - b->pos);
        return NGX_OK;
    }

    if (ngx_http_social_scan_file(ctx->scan, b->file, b->file_pos,
                                  b->file_last, answer)
        != NGX_OK)
    {
        /* unreadable for us; what nginx makes of it is not our business */

        *answer = SOCIAL_HTML_NONE;
    }

    return NGX_OK;
}


static void
ngx_http_social_stream_final(ngx_http_social_ctx_t *ctx,
    social_html_answer_e answer)
{
    if (answer == SOCIAL_HTML_MORE) {
        return;
    }

    ctx->final = 1;

    if (answer == SOCIAL_HTML_FOUND
        && !social_html_in_form(ctx->scan)
        && ngx_http_social_meta_ok(social_html_meta(ctx->scan)))
    {
        ctx->place = (off_t) social_html_place(ctx->scan);

        if (ctx->place < ctx->passed) {

            /* too late: those bytes could not wait */

            ctx->place = NGX_HTTP_SOCIAL_NO_PLACE;
        }
    }
}


/* the header of what is known by now */

static ngx_int_t
ngx_http_social_stream_header(ngx_http_social_ctx_t *ctx)
{
    off_t                length;
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;
    length = ctx->last ? ctx->seen : r->headers_out.content_length_n;

    if (ctx->last && ctx->seen == 0 && r->method == NGX_HTTP_HEAD) {

        /* the upstream has been asked for the header only */

        length = r->headers_out.content_length_n;

        if (ngx_http_social_page_noted(ctx)) {
            ctx->place = 0;

        } else {
            ctx->final = 0;
        }

    } else if (ctx->final && ctx->place != NGX_HTTP_SOCIAL_NO_PLACE) {
        ngx_http_social_page_note(ctx);
    }

    rc = ngx_http_social_send_header(ctx, length);

    if (rc != NGX_ERROR && ctx->widget) {
        ngx_http_social_served(r, ctx->rec,
                               ctx->scan ? social_html_meta(ctx->scan)
                                         : NULL);
    }

    return rc;
}


/* hands on what may go; all: even bytes that a place may lie behind */

static ngx_int_t
ngx_http_social_stream_pass(ngx_http_social_ctx_t *ctx, ngx_chain_t *in,
    ngx_uint_t all)
{
    off_t                limit, before;
    ngx_int_t            rc;
    ngx_chain_t         *out;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (ctx->final && ctx->state == NGX_HTTP_SOCIAL_SEEKING) {

        if (ctx->place != NGX_HTTP_SOCIAL_NO_PLACE) {
            ctx->widget = ngx_http_social_widget_pin(r, ctx->rec,
                                                     ctx->look.via_link);
        }

        if (ctx->widget) {
            ngx_http_social_served(r, ctx->rec, social_html_meta(ctx->scan));
        }

        ctx->state = NGX_HTTP_SOCIAL_DECIDED;
    }

    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING) {
        limit = 0;

    } else if (ctx->final || all) {
        limit = -1;

    } else {
        limit = ctx->scan ? (off_t) social_html_hold(ctx->scan) : 0;
    }

    before = ctx->passed;

    if (ngx_http_social_chain_cut(ctx, in, limit, &out) != NGX_OK
        || ngx_http_social_stream_clock(ctx, before) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ctx->state == NGX_HTTP_SOCIAL_DECIDED && ctx->widget == NULL) {
        ctx->state = NGX_HTTP_SOCIAL_THROUGH;
    }

    if (out == NULL) {
        return NGX_OK;
    }

    rc = ngx_http_social_output(ctx, out);

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    return rc;
}


/* the oldest byte that waits sets the time */

static ngx_int_t
ngx_http_social_stream_clock(ngx_http_social_ctx_t *ctx, off_t before)
{
    if (ctx->held) {

        if (ctx->passed != before && ctx->timer.timer_set) {
            ngx_del_timer(&ctx->timer);
        }

        return ngx_http_social_stream_wait(ctx);
    }

    if (ctx->state != NGX_HTTP_SOCIAL_HOLDING) {
        ngx_http_social_stream_stop(ctx);
    }

    return NGX_OK;
}


/* takes the best place known so far, if there is one that can wait no more */

static void
ngx_http_social_stream_settle(ngx_http_social_ctx_t *ctx)
{
    social_html_t  *scan;

    if (ctx->final || ctx->scan == NULL) {
        return;
    }

    scan = ngx_palloc(ctx->request->pool, sizeof(social_html_t));
    if (scan == NULL) {
        return;
    }

    /* on a copy: without a place so far, one may still come */

    ngx_memcpy(scan, ctx->scan, sizeof(social_html_t));

    if (social_html_settle(scan) == SOCIAL_HTML_FOUND) {
        ctx->scan = scan;
        ngx_http_social_stream_final(ctx, SOCIAL_HTML_FOUND);
        return;
    }

    ngx_pfree(ctx->request->pool, scan);
}


ngx_int_t
ngx_http_social_stream_wait(ngx_http_social_ctx_t *ctx)
{
    ngx_pool_cleanup_t  *cln;

    ctx->request->buffered |= NGX_HTTP_SOCIAL_BUFFERED;

    if (ctx->timer.timer_set) {
        return NGX_OK;
    }

    if (!ctx->guarded) {
        cln = ngx_pool_cleanup_add(ctx->request->pool, 0);
        if (cln == NULL) {
            return NGX_ERROR;
        }

        cln->handler = ngx_http_social_stream_cleanup;
        cln->data = ctx;

        ctx->timer.handler = ngx_http_social_stream_timeout;
        ctx->timer.data = ctx->request->connection;
        ctx->timer.log = ctx->request->connection->log;
        ctx->guarded = 1;
    }

    ngx_add_timer(&ctx->timer, NGX_HTTP_SOCIAL_PATIENCE);

    return NGX_OK;
}


void
ngx_http_social_stream_stop(ngx_http_social_ctx_t *ctx)
{
    ctx->request->buffered &= ~NGX_HTTP_SOCIAL_BUFFERED;

    if (ctx->timer.timer_set) {
        ngx_del_timer(&ctx->timer);
    }
}


static void
ngx_http_social_stream_timeout(ngx_event_t *ev)
{
    ngx_int_t               rc;
    ngx_connection_t       *c;
    ngx_http_request_t     *r;
    ngx_http_social_ctx_t  *ctx;

    ctx = (ngx_http_social_ctx_t *)
              ((u_char *) ev - offsetof(ngx_http_social_ctx_t, timer));
    r = ctx->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, c->log, 0, "social patience is over");

    ngx_http_social_stream_settle(ctx);

    rc = NGX_OK;

    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING) {
        rc = ngx_http_social_stream_header(ctx);
    }

    if (rc != NGX_ERROR) {
        if (r->header_only) {
            ctx->state = NGX_HTTP_SOCIAL_THROUGH;

        } else {
            rc = ngx_http_social_stream_pass(ctx, NULL, 1);
        }
    }

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    /* whoever feeds the request has to see that the connection changed */

    ngx_post_event(c->write, &ngx_posted_events);

    ngx_http_run_posted_requests(c);
}


static void
ngx_http_social_stream_cleanup(void *data)
{
    ngx_http_social_ctx_t  *ctx = data;

    if (ctx->timer.timer_set) {
        ngx_del_timer(&ctx->timer);
    }
}
