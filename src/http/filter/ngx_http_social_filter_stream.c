
/*
 * A page that comes in pieces.  While the header is held, all of it is held.
 * Once the header is out, bytes are held only where the widget may still
 * have to go before them.  What is held is bounded in bytes and in time:
 * after NGX_HTTP_SOCIAL_FILTER_WAIT the best place known is taken.  If there
 * is none, only an unfinished tag is held on: half a tag would be of no use
 * to the reader.
 *
 * Event loop only; reads an upstream's temporary file in bounded pieces.
 */


#include "ngx_http_social_filter.h"


static ngx_int_t ngx_http_social_filter_stream_scan(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t *in, size_t *fresh);
static ngx_int_t ngx_http_social_filter_stream_bound(
    ngx_http_social_filter_ctx_t *ctx, size_t fresh);
static ngx_int_t ngx_http_social_filter_stream_end(
    ngx_http_social_filter_ctx_t *ctx);
static ngx_int_t ngx_http_social_filter_stream_feed(
    ngx_http_social_filter_ctx_t *ctx, ngx_buf_t *b,
    social_html_answer_e *answer);
static void ngx_http_social_filter_stream_answer(
    ngx_http_social_filter_ctx_t *ctx, social_html_answer_e answer);
static ngx_int_t ngx_http_social_filter_stream_header(
    ngx_http_social_filter_ctx_t *ctx);
static ngx_int_t ngx_http_social_filter_stream_pass(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t *in, ngx_uint_t all);
static off_t ngx_http_social_filter_stream_limit(
    ngx_http_social_filter_ctx_t *ctx);
static ngx_int_t ngx_http_social_filter_stream_clock(
    ngx_http_social_filter_ctx_t *ctx, off_t before);
static void ngx_http_social_filter_stream_settle(
    ngx_http_social_filter_ctx_t *ctx);
static void ngx_http_social_filter_stream_timeout(ngx_event_t *ev);
static void ngx_http_social_filter_stream_cleanup(void *data);


ngx_int_t
ngx_http_social_filter_stream(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in)
{
    size_t      fresh;
    ngx_int_t   rc;
    ngx_uint_t  all;

    rc = ngx_http_social_filter_stream_scan(ctx, in, &fresh);

    if (rc == NGX_OK) {
        rc = ngx_http_social_filter_stream_bound(ctx, fresh);
    }

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    all = (rc == NGX_BUSY);

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD) {

        if ((!ctx->final && !all)
            || (!all && ngx_http_social_filter_page_ready(ctx) == NGX_AGAIN))
        {
            if (ngx_http_social_filter_stream_wait(ctx) != NGX_OK) {
                return NGX_ERROR;
            }

            return ngx_http_social_filter_stream_pass(ctx, in, 0);
        }

        rc = ngx_http_social_filter_stream_header(ctx);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }
    }

    if (ctx->bodyless) {
        ctx->state = NGX_HTTP_SOCIAL_FILTER_PASSING;
        ngx_http_social_filter_chain_consume(in);
        return rc;
    }

    return ngx_http_social_filter_stream_pass(ctx, in, all);
}


/* NGX_BUSY: more than may be held, everything must be passed on */

static ngx_int_t
ngx_http_social_filter_stream_bound(ngx_http_social_filter_ctx_t *ctx,
    size_t fresh)
{
    off_t           behind;
    social_html_t  *scan;

    if (ctx->waits
        && ctx->held_size + fresh > NGX_HTTP_SOCIAL_FILTER_HEAD_MAX)
    {
        /* goes on with the widget that there is */

        ctx->waits = 0;
    }

    if (ctx->final || ctx->held_size + fresh <= NGX_HTTP_SOCIAL_FILTER_TAIL_MAX)
    {
        return NGX_OK;
    }

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD
        && ctx->held_size + fresh <= NGX_HTTP_SOCIAL_FILTER_HEAD_MAX)
    {
        return NGX_OK;
    }

    scan = ngx_http_social_filter_scan_state(ctx);
    behind = scan ? ctx->seen - (off_t) social_html_sendable(scan) : ctx->seen;

    if (behind <= NGX_HTTP_SOCIAL_FILTER_TAIL_MAX) {

        /* too many bytes to hold with the header, not without it */

        return (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD)
                   ? ngx_http_social_filter_stream_header(ctx) : NGX_OK;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                   "social stream: %O bytes are too many to hold", behind);

    ngx_http_social_filter_stream_settle(ctx);

    return NGX_BUSY;
}


/* scans the input; fresh: how many bytes of it are in memory */

static ngx_int_t
ngx_http_social_filter_stream_scan(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in, size_t *fresh)
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

            if (ngx_http_social_filter_stream_feed(ctx, b, &answer) != NGX_OK) {
                return NGX_ERROR;
            }

            ngx_http_social_filter_stream_answer(ctx, answer);
        }

        ctx->seen += size;

        if (b->last_buf) {
            ctx->last = 1;

        } else if (size == 0 && b->flush && u && u->peer.connection == NULL) {

            /* nginx marks so that an upstream broke off */

            ctx->truncated = 1;
        }
    }

    return ctx->final ? NGX_OK : ngx_http_social_filter_stream_end(ctx);
}


/* the last answer, if the body is over */

static ngx_int_t
ngx_http_social_filter_stream_end(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_uint_t            whole;
    social_html_answer_e  answer;

    if (ctx->truncated || (ctx->last && !ctx->scan.begun)) {
        ctx->final = 1;

        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                       "social place: none, the body is empty or broke off");

    } else if (ctx->last) {
        whole = ngx_http_social_filter_is_whole(ctx->request, ctx->length,
                                                ctx->seen);

        if (ngx_http_social_filter_scan_finish(ctx, whole, &answer) != NGX_OK) {
            return NGX_ERROR;
        }

        ngx_http_social_filter_stream_answer(ctx, answer);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_stream_feed(ngx_http_social_filter_ctx_t *ctx,
    ngx_buf_t *b, social_html_answer_e *answer)
{
    if (ngx_buf_in_memory(b)) {
        return ngx_http_social_filter_scan_feed(
            ctx, b->pos, (size_t) (b->last - b->pos), answer);
    }

    if (ngx_http_social_filter_file_scan(ctx, b->file, b->file_pos,
                                         b->file_last, answer)
        != NGX_OK)
    {
        /* we cannot read it: leave the page alone, nginx may still send it */

        *answer = SOCIAL_HTML_NONE;
    }

    return NGX_OK;
}


static void
ngx_http_social_filter_stream_answer(ngx_http_social_filter_ctx_t *ctx,
    social_html_answer_e answer)
{
    if (answer == SOCIAL_HTML_MORE) {
        return;
    }

    ctx->final = 1;

    ctx->place = ngx_http_social_filter_scan_place(ctx, answer);

    if (ctx->place != NGX_HTTP_SOCIAL_NO_PLACE && ctx->place < ctx->passed) {

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                       "social place: gone, %O bytes were sent", ctx->passed);

        ctx->place = NGX_HTTP_SOCIAL_NO_PLACE;
    }
}


/* sends the header, with what is known by now */

static ngx_int_t
ngx_http_social_filter_stream_header(ngx_http_social_filter_ctx_t *ctx)
{
    off_t                length;
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;
    length = ctx->last ? ctx->seen : r->headers_out.content_length_n;

    if (ctx->last && ctx->seen == 0 && r->method == NGX_HTTP_HEAD) {

        /* a HEAD: there is no body to find a place in */

        length = r->headers_out.content_length_n;

        if (ngx_http_social_filter_header_remembered(ctx)) {
            ctx->place = 0;

        } else {
            ctx->final = 0;
        }

    } else if (ctx->final && ctx->place != NGX_HTTP_SOCIAL_NO_PLACE) {
        ngx_http_social_filter_header_remember(ctx);
    }

    rc = ngx_http_social_filter_send_header(ctx, length);

    if (rc != NGX_ERROR && ctx->widget) {
        ngx_http_social_view_served(r, ctx->rec);
    }

    return rc;
}


/* up to which offset the page may be passed on; -1: all of it */

static off_t
ngx_http_social_filter_stream_limit(ngx_http_social_filter_ctx_t *ctx)
{
    off_t           hold;
    social_html_t  *scan;

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD) {
        return 0;
    }

    if (ctx->final) {
        return -1;
    }

    scan = ngx_http_social_filter_scan_state(ctx);

    if (scan == NULL) {
        return -1;
    }

    hold = (off_t) social_html_sendable(scan);

    /* the start of a tag was passed on already: its rest need not be held */

    return (hold < ctx->passed) ? -1 : hold;
}


/* passes on what need not be held; all: everything */

static ngx_int_t
ngx_http_social_filter_stream_pass(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in, ngx_uint_t all)
{
    off_t                limit, before;
    ngx_int_t            rc;
    ngx_chain_t         *out;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (ctx->final && ctx->state == NGX_HTTP_SOCIAL_FILTER_SCANNING) {

        if (ctx->place != NGX_HTTP_SOCIAL_NO_PLACE) {
            ctx->widget = ngx_http_social_filter_page_widget(ctx);
        }

        if (ctx->widget) {
            ngx_http_social_view_served(r, ctx->rec);
        }

        ctx->state = NGX_HTTP_SOCIAL_FILTER_DECIDED;
    }

    limit = all ? -1 : ngx_http_social_filter_stream_limit(ctx);
    before = ctx->passed;

    if (ngx_http_social_filter_chain_cut(ctx, in, limit, &out) != NGX_OK
        || ngx_http_social_filter_stream_clock(ctx, before) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_DECIDED && ctx->widget == NULL) {
        ctx->state = NGX_HTTP_SOCIAL_FILTER_PASSING;
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


/* the timer runs from the oldest held byte; an unfinished tag has none */

static ngx_int_t
ngx_http_social_filter_stream_clock(ngx_http_social_filter_ctx_t *ctx,
    off_t before)
{
    social_html_t  *scan;

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD) {
        return ctx->held ? ngx_http_social_filter_stream_wait(ctx) : NGX_OK;
    }

    scan = (ctx->held && !ctx->final)
               ? ngx_http_social_filter_scan_state(ctx) : NULL;

    if (scan == NULL || !social_html_has_candidate(scan)) {
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


/* decides for the best place so far; if there is none, goes on scanning */

static void
ngx_http_social_filter_stream_settle(ngx_http_social_filter_ctx_t *ctx)
{
    social_html_t  *scan;

    scan = ctx->final ? NULL : ngx_http_social_filter_scan_state(ctx);

    if (scan && social_html_has_candidate(scan)) {
        ngx_http_social_filter_stream_answer(
            ctx, ngx_http_social_filter_scan_settle(ctx));
    }
}


ngx_int_t
ngx_http_social_filter_stream_wait(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_msec_t           wait;
    ngx_pool_cleanup_t  *cln;

    if (!ctx->cleanup_set) {
        cln = ngx_pool_cleanup_add(ctx->request->pool, 0);
        if (cln == NULL) {
            return NGX_ERROR;
        }

        cln->handler = ngx_http_social_filter_stream_cleanup;
        cln->data = ctx;

        ctx->timer.handler = ngx_http_social_filter_stream_timeout;
        ctx->timer.data = ctx->request->connection;
        ctx->timer.log = ctx->request->connection->log;
        ctx->cleanup_set = 1;
    }

    ctx->request->buffered |= NGX_HTTP_SOCIAL_BUFFERED;

    if (!ctx->timer.timer_set) {
        wait = NGX_HTTP_SOCIAL_FILTER_WAIT;

        if (ctx->waits && ctx->rec->wait_until) {

            /* of the time to wait for a widget, some was used already;
             * page_ready() has checked that some is left */

            wait = ngx_min(wait, ctx->rec->wait_until - ngx_current_msec);
        }

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                       "social stream: waits, %M ms at most", wait);

        ngx_add_timer(&ctx->timer, wait);
    }

    return NGX_OK;
}


void
ngx_http_social_filter_stream_stop(ngx_http_social_filter_ctx_t *ctx)
{
    ctx->request->buffered &= ~NGX_HTTP_SOCIAL_BUFFERED;

    if (ctx->timer.timer_set) {
        ngx_del_timer(&ctx->timer);
    }
}


ngx_int_t
ngx_http_social_filter_stream_hold(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in)
{
    ctx->seen = ngx_buf_size(in->buf);

    if (ngx_http_social_filter_stream_wait(ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_social_filter_stream_pass(ctx, in, 0);
}


static void
ngx_http_social_filter_stream_timeout(ngx_event_t *ev)
{
    ngx_connection_t              *c;
    ngx_http_request_t            *r;
    ngx_http_social_filter_ctx_t  *ctx;

    ctx = (ngx_http_social_filter_ctx_t *)
              ((u_char *) ev - offsetof(ngx_http_social_filter_ctx_t, timer));
    r = ctx->request;
    c = r->connection;

    ngx_http_set_log_request(c->log, r);

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, c->log, 0,
                   "social stream: the wait timed out");

    if (ngx_http_get_module_ctx(r, ngx_social_module) != ctx) {

        /* an internal redirect replaced this page by another one */

        if (ngx_http_get_module_ctx(r, ngx_social_module) == NULL) {
            r->buffered &= ~NGX_HTTP_SOCIAL_BUFFERED;
        }

        ngx_post_event(c->write, &ngx_posted_events);
        return;
    }

    ngx_http_social_filter_stream_settle(ctx);
    ngx_http_social_filter_stream_go_on(ctx);
    ngx_http_run_posted_requests(c);
}


void
ngx_http_social_filter_stream_go_on(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_int_t  rc;

    rc = NGX_OK;
    ctx->waits = 0;

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD) {
        rc = ngx_http_social_filter_stream_header(ctx);
    }

    if (rc != NGX_ERROR) {
        if (ctx->bodyless) {
            ctx->state = NGX_HTTP_SOCIAL_FILTER_PASSING;

        } else {
            rc = ngx_http_social_filter_stream_pass(ctx, NULL, 0);
        }
    }

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    /* the upstream or copy filter may be able to go on now */

    ngx_post_event(ctx->request->connection->write, &ngx_posted_events);
}


static void
ngx_http_social_filter_stream_cleanup(void *data)
{
    ngx_http_social_filter_ctx_t  *ctx = data;

    if (ctx->timer.timer_set) {
        ngx_del_timer(&ctx->timer);
    }
}
