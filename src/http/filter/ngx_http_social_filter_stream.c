
/*
 * A page that comes in pieces.  While the header is held, all of it waits;
 * once the header is out, only those bytes wait behind which a place may
 * still lie.  Whatever waits is bounded in bytes and in time: after
 * NGX_HTTP_SOCIAL_PATIENCE the best place known is taken.  Where none is, only
 * a tag that has begun goes on waiting: no reader misses a part of a tag.
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
static off_t ngx_http_social_stream_limit(ngx_http_social_ctx_t *ctx);
static ngx_int_t ngx_http_social_stream_clock(ngx_http_social_ctx_t *ctx,
    off_t before);
static void ngx_http_social_stream_settle(ngx_http_social_ctx_t *ctx);
static void ngx_http_social_stream_timeout(ngx_event_t *ev);
static void ngx_http_social_stream_cleanup(void *data);


ngx_int_t
ngx_http_social_filter_stream(ngx_http_social_ctx_t *ctx, ngx_chain_t *in)
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
            if (ngx_http_social_filter_stream_wait(ctx) != NGX_OK) {
                return NGX_ERROR;
            }

            return ngx_http_social_stream_pass(ctx, in, 0);
        }

        rc = ngx_http_social_stream_header(ctx);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    if (ctx->bodyless) {
        ctx->state = NGX_HTTP_SOCIAL_THROUGH;
        ngx_http_social_filter_chain_consume(in);
        return rc;
    }

    return ngx_http_social_stream_pass(ctx, in, all);
}


/* NGX_BUSY: more than may wait, all of it has to go on */

static ngx_int_t
ngx_http_social_stream_full(ngx_http_social_ctx_t *ctx, size_t fresh)
{
    off_t  behind;

    if (ctx->final || ctx->held_size + fresh <= NGX_HTTP_SOCIAL_TAIL_MAX) {
        return NGX_OK;
    }

    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING
        && ctx->held_size + fresh <= NGX_HTTP_SOCIAL_HEAD_MAX)
    {
        return NGX_OK;
    }

    behind = ctx->seen - (off_t) social_html_sendable(ctx->scan);

    if (behind <= NGX_HTTP_SOCIAL_TAIL_MAX) {

        /* too long to wait with the header, short enough behind it */

        return (ctx->state == NGX_HTTP_SOCIAL_HOLDING)
                   ? ngx_http_social_stream_header(ctx) : NGX_OK;
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

    if (ngx_http_social_filter_file_scan(ctx->scan, b->file, b->file_pos,
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
        && ngx_http_social_filter_meta_ok(social_html_meta(ctx->scan)))
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

        if (ngx_http_social_filter_page_noted(ctx)) {
            ctx->place = 0;

        } else {
            ctx->final = 0;
        }

    } else if (ctx->final && ctx->place != NGX_HTTP_SOCIAL_NO_PLACE) {
        ngx_http_social_filter_page_note(ctx);
    }

    rc = ngx_http_social_filter_send_header(ctx, length);

    if (rc != NGX_ERROR && ctx->widget) {
        ngx_http_social_view_served(r, ctx->rec,
                                    ctx->scan ? social_html_meta(ctx->scan)
                                              : NULL);
    }

    return rc;
}


/* how far the page may go on: -1 is all of it */

static off_t
ngx_http_social_stream_limit(ngx_http_social_ctx_t *ctx)
{
    off_t  hold;

    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING) {
        return 0;
    }

    if (ctx->final) {
        return -1;
    }

    hold = ctx->scan ? (off_t) social_html_sendable(ctx->scan) : 0;

    /* of a tag that was too long to wait the rest need not wait either */

    return (hold < ctx->passed) ? -1 : hold;
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
            ngx_http_social_view_served(r, ctx->rec,
                                        social_html_meta(ctx->scan));
        }

        ctx->state = NGX_HTTP_SOCIAL_DECIDED;
    }

    limit = all ? -1 : ngx_http_social_stream_limit(ctx);
    before = ctx->passed;

    if (ngx_http_social_filter_chain_cut(ctx, in, limit, &out) != NGX_OK
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

    rc = ngx_http_social_filter_output(ctx, out);

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    return rc;
}


/* the oldest byte that waits sets the time, one of a tag can wait for ever */

static ngx_int_t
ngx_http_social_stream_clock(ngx_http_social_ctx_t *ctx, off_t before)
{
    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING) {
        return ctx->held ? ngx_http_social_filter_stream_wait(ctx) : NGX_OK;
    }

    if (ctx->held == NULL || !social_html_has_candidate(ctx->scan)) {
        ngx_http_social_filter_stream_stop(ctx);

        if (ctx->held) {
            ctx->request->buffered |= NGX_HTTP_SOCIAL_BUFFERED;
        }

        return NGX_OK;
    }

    if (ctx->passed != before && ctx->timer.timer_set) {
        ngx_del_timer(&ctx->timer);
    }

    return ngx_http_social_filter_stream_wait(ctx);
}


/* takes the best place known so far; without one, one may still come */

static void
ngx_http_social_stream_settle(ngx_http_social_ctx_t *ctx)
{
    if (ctx->final || ctx->scan == NULL
        || !social_html_has_candidate(ctx->scan)) {
        return;
    }

    ngx_http_social_stream_final(ctx, social_html_settle(ctx->scan));
}


ngx_int_t
ngx_http_social_filter_stream_wait(ngx_http_social_ctx_t *ctx)
{
    ngx_pool_cleanup_t  *cln;

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

    ctx->request->buffered |= NGX_HTTP_SOCIAL_BUFFERED;

    if (!ctx->timer.timer_set) {
        ngx_add_timer(&ctx->timer, NGX_HTTP_SOCIAL_PATIENCE);
    }

    return NGX_OK;
}


void
ngx_http_social_filter_stream_stop(ngx_http_social_ctx_t *ctx)
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

    if (ngx_http_get_module_ctx(r, ngx_social_module) != ctx) {

        /* an internal redirect put another page in the place of this one */

        if (ngx_http_get_module_ctx(r, ngx_social_module) == NULL) {
            r->buffered &= ~NGX_HTTP_SOCIAL_BUFFERED;
        }

        ngx_post_event(c->write, &ngx_posted_events);
        return;
    }

    ngx_http_social_stream_settle(ctx);

    rc = NGX_OK;

    if (ctx->state == NGX_HTTP_SOCIAL_HOLDING) {
        rc = ngx_http_social_stream_header(ctx);
    }

    if (rc != NGX_ERROR) {
        if (ctx->bodyless) {
            ctx->state = NGX_HTTP_SOCIAL_THROUGH;

        } else {
            rc = ngx_http_social_stream_pass(ctx, NULL, 0);
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
