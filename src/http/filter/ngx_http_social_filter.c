
/*
 * The header filter and the body filter, above all of nginx's own.  They hold
 * the header of a candidate until its body tells where the widget goes, so
 * that nginx's filters below apply conditions, ranges, HEAD and compression
 * to the page with its widget.
 *
 * Must not touch the store or block, and must not hold a page longer than
 * NGX_HTTP_SOCIAL_FILTER_WAIT.  Event loop only.
 */


#include "ngx_http_social_filter.h"


static ngx_int_t ngx_http_social_filter_header_filter(ngx_http_request_t *r);
static ngx_int_t ngx_http_social_filter_hold_header(ngx_http_request_t *r);
static ngx_int_t ngx_http_social_filter_body_filter(ngx_http_request_t *r,
    ngx_chain_t *in);
static ngx_uint_t ngx_http_social_filter_is_whole_file(ngx_chain_t *in);
static ngx_int_t ngx_http_social_filter_send_file(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t *in,
    ngx_http_social_filter_page_t *page);
#if (NGX_ZLIB)
static ngx_int_t ngx_http_social_filter_gzip_body(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t *in);
static ngx_int_t ngx_http_social_filter_send_gzip_static(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t *in);
#endif
static ngx_int_t ngx_http_social_filter_make_header(
    ngx_http_social_filter_ctx_t *ctx, off_t length);
static ngx_int_t ngx_http_social_filter_error_page(
    ngx_http_social_filter_ctx_t *ctx, ngx_int_t status);


static ngx_http_output_header_filter_pt  ngx_http_next_header_filter;
static ngx_http_output_body_filter_pt    ngx_http_next_body_filter;


static ngx_int_t
ngx_http_social_filter_header_filter(ngx_http_request_t *r)
{
    ngx_int_t                      rc;
    ngx_http_social_filter_ctx_t  *ctx;
    ngx_http_social_loc_conf_t    *slcf;

    if (r != r->main) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social candidate: no, subrequest");
        return ngx_http_next_header_filter(r);
    }

    ctx = ngx_http_get_module_ctx(r, ngx_social_module);

    if (ctx) {

        /* an error page replaces the answer whose header is held */

        ngx_http_social_filter_stream_stop(ctx);
        ctx->state = NGX_HTTP_SOCIAL_FILTER_PASSING;
        ngx_http_set_ctx(r, NULL, ngx_social_module);
    }

    slcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (slcf->inject == NULL) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social candidate: no, social is off");
        return ngx_http_next_header_filter(r);
    }

    rc = ngx_http_social_filter_hold_header(r);

    return (rc == NGX_DECLINED) ? ngx_http_next_header_filter(r) : rc;
}


/* 1: the body comes in the same call, from a file or nginx's cache */

static ngx_uint_t
ngx_http_social_filter_body_at_once(ngx_http_request_t *r)
{
    if (r->upstream == NULL) {
        return r->allow_ranges;
    }

#if (NGX_HTTP_CACHE)
    return r->cached;
#else
    return 0;
#endif
}


/* NGX_OK: the header is held; NGX_DECLINED: pass it on */

static ngx_int_t
ngx_http_social_filter_hold_header(ngx_http_request_t *r)
{
    ngx_http_social_filter_ctx_t      *ctx;
    ngx_http_social_rec_t             *rec;
    ngx_http_social_filter_headers_t   headers;

    if (r->headers_out.status == NGX_HTTP_NOT_MODIFIED) {
        rec = ngx_http_social_view_rec(r);

        if (rec && rec->translated
            && ngx_http_social_filter_header_304(r, rec) != NGX_OK)
        {
            return NGX_ERROR;
        }

        return NGX_DECLINED;
    }

    rec = ngx_http_social_filter_candidate(r, &headers);
    if (rec == NULL) {
        return NGX_DECLINED;
    }

    ctx = ngx_pcalloc(r->pool, sizeof(ngx_http_social_filter_ctx_t));
    if (ctx == NULL) {
        return NGX_DECLINED;
    }

    ctx->request = r;
    ctx->rec = rec;
    ctx->headers = headers;
    ctx->place = NGX_HTTP_SOCIAL_NO_PLACE;
    ctx->length = r->headers_out.content_length_n;

    /* SSI, addition and slice would say so in their header filters, below us:
     * their subrequests need the body that the client sent */

    r->preserve_body = 1;

    /* a body that is slow to begin must not delay the header for long */

    if (!ngx_http_social_filter_body_at_once(r)
        && ngx_http_social_filter_stream_wait(ctx) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    ngx_http_set_ctx(r, ctx, ngx_social_module);

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_http_social_filter_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_social_module);

    if (ctx == NULL) {
        return ngx_http_next_body_filter(r, in);
    }

    if (ctx->failed) {
        return NGX_ERROR;
    }

#if (NGX_ZLIB)
    if (ctx->inflate) {
        return ngx_http_social_filter_inflate(ctx, in);
    }
#endif

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_PASSING) {

        if (ctx->bodyless) {
            ngx_http_social_filter_chain_consume(in);
            in = NULL;
        }

        return ngx_http_next_body_filter(r, in);
    }

    if (in == NULL) {

        /* body_at_once() was wrong: start the timer now */

        return (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD)
                   ? ngx_http_social_filter_stream_wait(ctx)
                   : ngx_http_next_body_filter(r, NULL);
    }

#if (NGX_ZLIB)
    if (ctx->headers.gzip) {
        return ngx_http_social_filter_gzip_body(ctx, in);
    }
#endif

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD && ctx->seen == 0
        && ngx_http_social_filter_is_whole_file(in))
    {
        return ngx_http_social_filter_send_file(
            ctx, in,
            ngx_http_social_filter_page_find(r, in->buf,
                                             ctx->rec->site->insert));
    }

    return ngx_http_social_filter_stream(ctx, in);
}


/* 1: all of the page is one range of a file: static files, cache hits */

static ngx_uint_t
ngx_http_social_filter_is_whole_file(ngx_chain_t *in)
{
    ngx_buf_t  *b;

    b = in->buf;

    return in->next == NULL && b->in_file && b->last_buf
           && !ngx_buf_in_memory(b) && b->file_last > b->file_pos;
}


/* page: what the cache knows of in's file, or NULL */

static ngx_int_t
ngx_http_social_filter_send_file(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in, ngx_http_social_filter_page_t *page)
{
    ngx_buf_t           *b;
    ngx_int_t            rc;
    ngx_chain_t         *out;
    ngx_http_request_t  *r;

    r = ctx->request;
    b = in->buf;

    if (page) {
        ctx->place = page->place;
        ctx->meta = &page->meta;
    }

    ctx->final = 1;
    ctx->last = 1;

    if (ngx_http_social_filter_page_ready(ctx) == NGX_AGAIN) {
        return ngx_http_social_filter_stream_hold(ctx, in);
    }

    rc = ngx_http_social_filter_send_header(ctx, b->file_last - b->file_pos);

    if (rc == NGX_ERROR) {
        return NGX_ERROR;
    }

    ctx->state = NGX_HTTP_SOCIAL_FILTER_PASSING;

    if (ctx->widget) {
        ngx_http_social_view_served(r, ctx->rec);
    }

    if (ctx->bodyless) {
        ngx_http_social_filter_chain_consume(in);
        return rc;
    }

    if (ctx->widget == NULL) {
        return ngx_http_next_body_filter(r, in);
    }

    out = ngx_http_social_filter_chain_page(ctx, page, b);
    if (out == NULL) {
        return NGX_ERROR;
    }

    ngx_http_social_filter_chain_consume(in);

    return ngx_http_next_body_filter(r, out);
}


#if (NGX_ZLIB)

/* decides how a body with Content-Encoding: gzip is read */

static ngx_int_t
ngx_http_social_filter_gzip_body(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in)
{
    ngx_int_t     rc;
    ngx_chain_t  *cl;

    if (ctx->request->upstream == NULL
        && ngx_http_social_filter_is_whole_file(in))
    {
        rc = ngx_http_social_filter_send_gzip_static(ctx, in);

        if (rc != NGX_DECLINED) {
            return rc;
        }
    }

    for (cl = in; cl; cl = cl->next) {
        if (ngx_buf_size(cl->buf) || cl->buf->last_buf) {
            break;
        }
    }

    if (cl == NULL) {
        return ngx_http_social_filter_stream(ctx, in);
    }

    if (ngx_http_social_filter_is_gzip(ctx, cl->buf)) {

        if (ngx_http_social_filter_inflate_start(ctx) != NGX_OK) {
            ctx->failed = 1;
            return NGX_ERROR;
        }

        return ngx_http_social_filter_inflate(ctx, in);
    }

    /* what cannot be inflated goes on as it came */

    ctx->headers.gzip = 0;
    ctx->final = 1;

    return ngx_http_social_filter_stream(ctx, in);
}


/* NGX_DECLINED: there is no uncompressed file to make the page from */

static ngx_int_t
ngx_http_social_filter_send_gzip_static(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in)
{
    time_t                          mtime;
    ngx_int_t                       rc;
    ngx_buf_t                      *uncompressed;
    ngx_chain_t                     cl;
    ngx_http_request_t             *r;
    ngx_http_social_filter_page_t  *page;

    r = ctx->request;

    uncompressed = ngx_http_social_filter_gzip_static(r, in->buf, &mtime);
    if (uncompressed == NULL) {
        return NGX_DECLINED;
    }

    page = ngx_http_social_filter_page_find(r, uncompressed,
                                            ctx->rec->site->insert);
    if (page == NULL) {
        return NGX_DECLINED;
    }

    ctx->headers.gzip = 0;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social gzip_static: place in the uncompressed file, %O",
                   page->place);

    if (page->place == NGX_HTTP_SOCIAL_NO_PLACE) {
        return ngx_http_social_filter_send_file(ctx, in, page);
    }

    if (ngx_http_social_filter_gzip_static_header(r, uncompressed, mtime)
        != NGX_OK) {
        ctx->failed = 1;
        return NGX_ERROR;
    }

    cl.buf = uncompressed;
    cl.next = NULL;

    rc = ngx_http_social_filter_send_file(ctx, &cl, page);

    ngx_http_social_filter_chain_consume(in);

    return rc;
}

#endif


ngx_int_t
ngx_http_social_filter_send_header(ngx_http_social_filter_ctx_t *ctx,
    off_t length)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;

#if (NGX_ZLIB)
    if (ctx->headers.gzip && ctx->inflate == NULL
        && ngx_http_social_filter_inflate_start(ctx) != NGX_OK)
    {
        ctx->failed = 1;
        return NGX_ERROR;
    }
#endif

    ngx_http_social_filter_stream_stop(ctx);

    rc = ngx_http_social_filter_make_header(ctx, length);

    if (rc == NGX_OK) {
        ctx->state = ctx->final ? NGX_HTTP_SOCIAL_FILTER_DECIDED
                                : NGX_HTTP_SOCIAL_FILTER_SCANNING;

        rc = ngx_http_next_header_filter(r);
    }

    ctx->bodyless = r->header_only;

    if (rc > NGX_OK) {
        rc = ngx_http_social_filter_error_page(ctx, rc);
    }

    if (rc == NGX_ERROR) {
        ctx->failed = 1;
    }

    return rc;
}


static ngx_int_t
ngx_http_social_filter_make_header(ngx_http_social_filter_ctx_t *ctx,
    off_t length)
{
    if (ctx->place != NGX_HTTP_SOCIAL_NO_PLACE) {
        ctx->widget = ngx_http_social_filter_page_widget(ctx);

        if (ctx->widget == NULL) {
            ctx->place = NGX_HTTP_SOCIAL_NO_PLACE;
        }
    }

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                   "social header: %s, page length %O, place %O",
                   ctx->widget ? "with widget"
                   : ctx->final ? "without widget" : "place not known yet",
                   length, ctx->place);

    if (ctx->widget) {
        return ngx_http_social_filter_header_widget(ctx, length);
    }

    if (!ctx->final) {
        return ngx_http_social_filter_header_undecided(ctx);
    }

    ngx_http_social_filter_header_no_place(ctx, length);

    return NGX_OK;
}


/* a filter below answered the header with a status: 412, 416 */

static ngx_int_t
ngx_http_social_filter_error_page(ngx_http_social_filter_ctx_t *ctx,
    ngx_int_t status)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;

    r = ctx->request;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social header: refused by a filter, status %i", status);

    rc = ngx_http_filter_finalize_request(r, NULL, status);

    /* the page's body must not follow the error page, now or later */

    ctx->bodyless = 1;

    if (ngx_http_get_module_ctx(r, ngx_social_module) == NULL) {
        ngx_http_set_ctx(r, ctx, ngx_social_module);
    }

    return rc;
}


ngx_int_t
ngx_http_social_filter_output(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *out)
{
    ngx_int_t  rc;

    rc = ngx_http_next_body_filter(ctx->request, out);

    ngx_http_social_filter_buffer_back(ctx, out);

    return rc;
}


ngx_int_t
ngx_http_social_filter_init(ngx_conf_t *cf)
{
    ngx_http_social_filter_add_header_init();

    ngx_http_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_http_social_filter_header_filter;

    ngx_http_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_http_social_filter_body_filter;

    return NGX_OK;
}
