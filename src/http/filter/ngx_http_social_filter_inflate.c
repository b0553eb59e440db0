
/*
 * Pages that came with Content-Encoding: gzip.  They are inflated, scanned and
 * passed on uncompressed; nginx's gzip, below us, compresses them again if it
 * is on.
 *
 *   gzip pieces -> our blocks -> stream
 *
 * Bounded: at most a batch of blocks waits for a slow client; until then the
 * compressed bytes stay in the buffers they came in.  Event loop only.
 */


#include "ngx_http_social_filter.h"

#if (NGX_ZLIB)

#include <zlib.h>


#define NGX_HTTP_SOCIAL_FILTER_BATCH  16       /* blocks inflated at a time */


struct ngx_http_social_filter_inflate_s {
    z_stream      zlib;
    ngx_chain_t  *in;
    unsigned      flush:1;      /* a piece had a flush */
    unsigned      last:1;       /* last_buf was received */
    unsigned      ended:1;      /* the gzip member is complete */
    unsigned      more:1;       /* zlib has output for the next block */
    unsigned      pushed:1;     /* a flush was sent after the busy blocks */
    unsigned      truncated:1;  /* last_buf came before the member's end */
    unsigned      next_member:1;    /* it is not the first */
    unsigned      garbage:1;    /* what follows the page is not gzip */
};


static ngx_int_t ngx_http_social_filter_inflate_again(ngx_http_request_t *r);
static ngx_uint_t ngx_http_social_filter_inflate_busy(
    ngx_http_social_filter_ctx_t *ctx);
static ngx_int_t ngx_http_social_filter_inflate_flush(
    ngx_http_social_filter_ctx_t *ctx);
static ngx_int_t ngx_http_social_filter_inflate_pass(
    ngx_http_social_filter_ctx_t *ctx);
static ngx_int_t ngx_http_social_filter_inflate_batch(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t **batch);
static ngx_int_t ngx_http_social_filter_inflate_buf(
    ngx_http_social_filter_ctx_t *ctx, ngx_buf_t *b, ngx_buf_t *out);
static ngx_uint_t ngx_http_social_filter_inflate_member(
    ngx_http_social_filter_inflate_t *zi);
static void ngx_http_social_filter_inflate_consume(ngx_buf_t *b, size_t n);
static ngx_int_t ngx_http_social_filter_inflate_end(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t **batch);
static void *ngx_http_social_filter_inflate_alloc(void *opaque, u_int items,
    u_int size);
static void ngx_http_social_filter_inflate_free(void *opaque, void *address);


ngx_uint_t
ngx_http_social_filter_is_gzip(ngx_http_social_filter_ctx_t *ctx, ngx_buf_t *b)
{
    u_char   *p;
    ssize_t   n;

    if (ngx_buf_size(b) == 0) {
        return 1;
    }

    if (ngx_buf_in_memory(b)) {
        p = b->pos;
        n = b->last - b->pos;

    } else {
        n = ngx_http_social_filter_file_piece(b->file, b->file_pos,
                                              b->file_last, &p);
    }

    if (n > 0 && p[0] == 0x1f && (n == 1 || p[1] == 0x8b)) {
        return 1;
    }

    ngx_log_error(NGX_LOG_ERR, ctx->request->connection->log, 0,
                  "cannot inflate an article: %d", Z_DATA_ERROR);

    return 0;
}


/* changes the header to that of an uncompressed answer */

ngx_int_t
ngx_http_social_filter_inflate_start(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_http_request_t                *r;
    ngx_http_social_filter_inflate_t  *zi;

    r = ctx->request;

    zi = ngx_pcalloc(r->pool, sizeof(ngx_http_social_filter_inflate_t));
    if (zi == NULL) {
        return NGX_ERROR;
    }

    zi->zlib.zalloc = ngx_http_social_filter_inflate_alloc;
    zi->zlib.zfree = ngx_http_social_filter_inflate_free;
    zi->zlib.opaque = r->pool;

    if (inflateInit2(&zi->zlib, MAX_WBITS + 16) != Z_OK) {
        return NGX_ERROR;
    }

    ctx->inflate = zi;

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social inflate: begins");

    r->headers_out.content_encoding->hash = 0;
    r->headers_out.content_encoding = NULL;

    ngx_http_clear_content_length(r);
    ngx_http_clear_accept_ranges(r);

    return NGX_OK;
}


ngx_int_t
ngx_http_social_filter_inflate(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in)
{
    ngx_int_t                          rc;
    ngx_http_request_t                *r;
    ngx_http_social_filter_inflate_t  *zi;

    r = ctx->request;
    zi = ctx->inflate;

    if (ngx_chain_add_copy(r->pool, &zi->in, in) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = NGX_OK;

    if (in == NULL && ctx->state != NGX_HTTP_SOCIAL_FILTER_HELD) {
        rc = ngx_http_social_filter_output(ctx, NULL);
    }

    while (zi->in && rc != NGX_ERROR) {

        if (ctx->bodyless) {
            ngx_http_social_filter_chain_consume(zi->in);
            zi->in = NULL;
            break;
        }

        if (!ngx_http_social_filter_inflate_busy(ctx)) {
            zi->pushed = 0;
            rc = ngx_http_social_filter_inflate_pass(ctx);

        } else if (!zi->pushed) {
            zi->pushed = 1;
            rc = ngx_http_social_filter_inflate_flush(ctx);

        } else {

            return ngx_http_social_filter_inflate_again(r);
        }
    }

    if (rc == NGX_ERROR || zi->truncated) {

        /* fail, so that the client does not take it for the whole page */

        ctx->failed = 1;
        return NGX_ERROR;
    }

    if (ctx->held == NULL && ctx->state != NGX_HTTP_SOCIAL_FILTER_HELD) {
        r->buffered &= ~NGX_HTTP_SOCIAL_BUFFERED;
    }

    return rc;
}


/* goes on when the client has taken some.  If its socket has room already, no
 * event will say so */

static ngx_int_t
ngx_http_social_filter_inflate_again(ngx_http_request_t *r)
{
    ngx_event_t  *wev;

    wev = r->connection->write;
    r->buffered |= NGX_HTTP_SOCIAL_BUFFERED;

    if (wev->ready && !wev->delayed) {
        ngx_post_event(wev, &ngx_posted_next_events);
    }

    return NGX_AGAIN;
}


static ngx_uint_t
ngx_http_social_filter_inflate_busy(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_uint_t    n;
    ngx_chain_t  *cl;

    n = 0;

    for (cl = ctx->busy; cl; cl = cl->next) {
        n++;
    }

    return n >= NGX_HTTP_SOCIAL_FILTER_BATCH;
}


/* nginx may postpone small blocks for more; without a flush we would wait
 * for each other */

static ngx_int_t
ngx_http_social_filter_inflate_flush(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_chain_t  *cl;

    cl = ngx_alloc_chain_link(ctx->request->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    ctx->flush_buf.flush = 1;

    cl->buf = &ctx->flush_buf;
    cl->next = NULL;

    return ngx_http_social_filter_output(ctx, cl);
}


static ngx_int_t
ngx_http_social_filter_inflate_pass(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_int_t     rc;
    ngx_chain_t  *batch, *cl, *next;

    if (ngx_http_social_filter_inflate_batch(ctx, &batch) != NGX_OK) {
        return NGX_ERROR;
    }

    if (batch == NULL) {
        return NGX_OK;
    }

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_PASSING) {
        return ngx_http_social_filter_output(ctx, batch);
    }

    rc = ngx_http_social_filter_stream(ctx, batch);

    for (cl = batch; cl; cl = next) {
        next = cl->next;
        ngx_free_chain(ctx->request->pool, cl);
    }

    return rc;
}


static ngx_int_t
ngx_http_social_filter_inflate_batch(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t **batch)
{
    ngx_buf_t                         *b, *out;
    ngx_int_t                          rc;
    ngx_uint_t                         n;
    ngx_chain_t                       *cl, **last;
    ngx_http_social_filter_inflate_t  *zi;

    zi = ctx->inflate;
    *batch = NULL;
    last = batch;
    out = NULL;
    n = 0;

    while (zi->in) {
        b = zi->in->buf;

        while (ngx_buf_size(b) || zi->more) {

            if (out == NULL || out->last == out->end) {

                if (n++ == NGX_HTTP_SOCIAL_FILTER_BATCH) {
                    return NGX_OK;
                }

                cl = ngx_http_social_filter_buffer_get(ctx);
                if (cl == NULL) {
                    return NGX_ERROR;
                }

                out = cl->buf;
                *last = cl;
                last = &cl->next;
            }

            rc = ngx_http_social_filter_inflate_buf(ctx, b, out);

            if (rc != NGX_OK) {
                return NGX_ERROR;
            }
        }

        zi->flush |= b->flush | b->recycled;
        zi->last |= b->last_buf;

        cl = zi->in;
        zi->in = cl->next;
        ngx_free_chain(ctx->request->pool, cl);
    }

    return ngx_http_social_filter_inflate_end(ctx, batch);
}


/* some of b into what is left of out */

static ngx_int_t
ngx_http_social_filter_inflate_buf(ngx_http_social_filter_ctx_t *ctx,
    ngx_buf_t *b, ngx_buf_t *out)
{
    int                                rc;
    ssize_t                            n;
    z_stream                          *zlib;
    ngx_http_social_filter_inflate_t  *zi;

    zi = ctx->inflate;
    zlib = &zi->zlib;

    if (ngx_buf_in_memory(b) || ngx_buf_size(b) == 0) {
        zlib->next_in = b->pos;
        n = b->last - b->pos;

    } else {
        n = ngx_http_social_filter_file_piece(b->file, b->file_pos,
                                              b->file_last, &zlib->next_in);
        if (n <= 0) {
            return NGX_ERROR;
        }
    }

    if (n && zi->ended && !ngx_http_social_filter_inflate_member(zi)) {
        ngx_http_social_filter_inflate_consume(b, n);
        return NGX_OK;
    }

    zlib->avail_in = (u_int) n;
    zlib->next_out = out->last;
    zlib->avail_out = (u_int) (out->end - out->last);

    rc = inflate(zlib, Z_NO_FLUSH);

    if (rc == Z_DATA_ERROR && zi->next_member && zlib->total_in <= 2) {

        /* trailing bytes that are not gzip: ignored, as gzip(1) does */

        zi->garbage = 1;
        zlib->avail_in = 0;
        rc = Z_STREAM_END;
    }

    if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR) {
        ngx_log_error(NGX_LOG_ERR, ctx->request->connection->log, 0,
                      "cannot inflate an article: %d", rc);
        return NGX_ERROR;
    }

    out->last = zlib->next_out;

    zi->ended = (rc == Z_STREAM_END);
    zi->more = (rc != Z_STREAM_END && zlib->avail_out == 0);

    ngx_http_social_filter_inflate_consume(b, n - zlib->avail_in);

    return NGX_OK;
}


/* 1: another gzip member follows the last one */

static ngx_uint_t
ngx_http_social_filter_inflate_member(ngx_http_social_filter_inflate_t *zi)
{
    if (zi->garbage || *zi->zlib.next_in != 0x1f
        || inflateReset(&zi->zlib) != Z_OK)
    {
        zi->garbage = 1;
        return 0;
    }

    zi->ended = 0;
    zi->next_member = 1;

    return 1;
}


static void
ngx_http_social_filter_inflate_consume(ngx_buf_t *b, size_t n)
{
    if (ngx_buf_in_memory(b)) {
        b->pos += n;
    }

    if (b->in_file) {
        b->file_pos += n;
    }
}


/* adds a buffer with the source's last_buf or flush, if there was one */

static ngx_int_t
ngx_http_social_filter_inflate_end(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t **batch)
{
    ngx_buf_t                         *b;
    ngx_chain_t                       *cl, **last;
    ngx_http_social_filter_inflate_t  *zi;

    zi = ctx->inflate;

    /* an empty buffer without a flag is an alert in nginx's log */

    for (last = batch; *last; last = &(*last)->next) {

        if ((*last)->next == NULL && ngx_buf_size((*last)->buf) == 0) {
            cl = *last;
            *last = NULL;
            cl->next = ctx->free;
            ctx->free = cl;
            break;
        }
    }

    if (!zi->last && !zi->flush) {
        return NGX_OK;
    }

    b = ngx_calloc_buf(ctx->request->pool);
    cl = ngx_alloc_chain_link(ctx->request->pool);

    if (b == NULL || cl == NULL) {
        return NGX_ERROR;
    }

    if (zi->last && !zi->ended && zi->zlib.total_in
        && !(zi->next_member && zi->zlib.total_in < 2))
    {
        zi->truncated = 1;
        ctx->truncated = 1;
    }

    b->last_buf = zi->last && !zi->truncated;
    b->last_in_chain = b->last_buf;
    b->flush = !b->last_buf;

    cl->buf = b;
    cl->next = NULL;
    *last = cl;

    zi->flush = 0;

    return NGX_OK;
}


static void *
ngx_http_social_filter_inflate_alloc(void *opaque, u_int items, u_int size)
{
    return ngx_palloc(opaque, (size_t) items * size);
}


static void
ngx_http_social_filter_inflate_free(void *opaque, void *address)
{
    /* freed with the request's pool */
}


#endif
