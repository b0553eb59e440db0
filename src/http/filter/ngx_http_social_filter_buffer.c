
/*
 * Bytes that are held back.  Bytes in memory are copied into our own blocks
 * and consumed at once, so that the upstream's buffers become free; those
 * that the page's copy has, too, are held there and not copied; bytes in a
 * file are held as a range of it.  Blocks are reused once they are sent.
 * The caller bounds how much is held.  Event loop only.
 */


#include "ngx_http_social_filter.h"


static ngx_int_t ngx_http_social_filter_buffer_hold_memory(
    ngx_http_social_filter_ctx_t *ctx, ngx_buf_t *b, off_t from, off_t at);
static ngx_int_t ngx_http_social_filter_buffer_hold_same(
    ngx_http_social_filter_ctx_t *ctx, u_char *same, size_t n);
static void ngx_http_social_filter_buffer_append(
    ngx_http_social_filter_ctx_t *ctx, ngx_chain_t *cl);
static ngx_buf_t *ngx_http_social_filter_buffer_room(
    ngx_http_social_filter_ctx_t *ctx);


ngx_int_t
ngx_http_social_filter_buffer_hold(ngx_http_social_filter_ctx_t *ctx,
    ngx_buf_t *b, off_t from, off_t at)
{
    ngx_chain_t  *cl;

    ctx->held_all += ngx_buf_size(b) - from;

    if (b->flush || b->recycled) {
        ctx->flush = 1;
    }

    if (b->tag == (ngx_buf_tag_t) &ngx_social_module && from == 0) {

        /* a block of ours, from inflate: held as it is, not copied */

        cl = ngx_alloc_chain_link(ctx->request->pool);
        if (cl == NULL) {
            return NGX_ERROR;
        }

        cl->buf = b;
        ctx->held_size += b->last - b->pos;
        ngx_http_social_filter_buffer_append(ctx, cl);

        return NGX_OK;
    }

    if (ngx_buf_in_memory(b)) {
        return ngx_http_social_filter_buffer_hold_memory(ctx, b, from, at);
    }

    cl = ngx_alloc_chain_link(ctx->request->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    cl->buf = ngx_http_social_filter_file_range(ctx->request->pool, b, from,
                                                b->file_last - b->file_pos);
    if (cl->buf == NULL) {
        return NGX_ERROR;
    }

    ngx_http_social_filter_buffer_append(ctx, cl);

    b->file_last = b->file_pos + from;

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_buffer_hold_memory(ngx_http_social_filter_ctx_t *ctx,
    ngx_buf_t *b, off_t from, off_t at)
{
    size_t      n;
    u_char     *p, *same;
    ngx_buf_t  *block;

    for (p = b->pos + from; p < b->last; p += n, at += n) {

        same = ngx_http_social_filter_scan_same(ctx, at, &n);

        if (same) {
            n = ngx_min(n, (size_t) (b->last - p));

            if (ngx_http_social_filter_buffer_hold_same(ctx, same, n)
                != NGX_OK)
            {
                return NGX_ERROR;
            }

            continue;
        }

        block = ngx_http_social_filter_buffer_room(ctx);
        if (block == NULL) {
            return NGX_ERROR;
        }

        n = ngx_min(b->last - p, block->end - block->last);
        block->last = ngx_cpymem(block->last, p, n);
        ctx->held_size += n;
    }

    b->last = b->pos + from;

    if (b->in_file) {
        b->file_last = b->file_pos + from;
    }

    return NGX_OK;
}


/* holds bytes that are the same in the page's copy, which is pinned.  No tag:
 * its memory must not be reused as a block */

static ngx_int_t
ngx_http_social_filter_buffer_hold_same(ngx_http_social_filter_ctx_t *ctx,
    u_char *same, size_t n)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    ctx->held_size += n;

    if (ctx->held) {
        b = ctx->held_tail->buf;

        if (b->memory && b->last == same) {
            b->last += n;
            return NGX_OK;
        }
    }

    cl = ngx_alloc_chain_link(ctx->request->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    cl->buf = ngx_calloc_buf(ctx->request->pool);
    if (cl->buf == NULL) {
        return NGX_ERROR;
    }

    cl->buf->memory = 1;
    cl->buf->start = same;
    cl->buf->pos = same;
    cl->buf->last = same + n;

    ngx_http_social_filter_buffer_append(ctx, cl);

    return NGX_OK;
}


static void
ngx_http_social_filter_buffer_append(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *cl)
{
    cl->next = NULL;

    if (ctx->held) {
        ctx->held_tail->next = cl;

    } else {
        ctx->held = cl;
    }

    ctx->held_tail = cl;
}


/* the last held block if it has room, else a new one after it */

static ngx_buf_t *
ngx_http_social_filter_buffer_room(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    if (ctx->held) {
        b = ctx->held_tail->buf;

        if (b->temporary && b->last < b->end) {
            return b;
        }
    }

    cl = ngx_http_social_filter_buffer_get(ctx);
    if (cl == NULL) {
        return NULL;
    }

    ngx_http_social_filter_buffer_append(ctx, cl);

    return cl->buf;
}


ngx_chain_t *
ngx_http_social_filter_buffer_get(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_chain_t  *cl;

    cl = ctx->free;

    if (cl) {
        ctx->free = cl->next;
        cl->next = NULL;
        return cl;
    }

    cl = ngx_alloc_chain_link(ctx->request->pool);
    if (cl == NULL) {
        return NULL;
    }

    cl->buf = ngx_create_temp_buf(ctx->request->pool,
                                  NGX_HTTP_SOCIAL_FILTER_BUFFER);
    if (cl->buf == NULL) {
        return NULL;
    }

    cl->buf->tag = (ngx_buf_tag_t) &ngx_social_module;
    cl->next = NULL;

    return cl;
}


void
ngx_http_social_filter_buffer_back(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *out)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl, *next, **last;

    for (last = &ctx->busy; *last; last = &(*last)->next) { /* void */ }

    for (cl = out; cl; cl = next) {
        next = cl->next;

        if (cl->buf->tag == (ngx_buf_tag_t) &ngx_social_module) {
            cl->next = NULL;
            *last = cl;
            last = &cl->next;

        } else {
            ngx_free_chain(ctx->request->pool, cl);
        }
    }

    while (ctx->busy && ngx_buf_size(ctx->busy->buf) == 0) {
        cl = ctx->busy;
        ctx->busy = cl->next;

        b = cl->buf;
        b->pos = b->start;
        b->last = b->start;
        b->flush = 0;

        cl->next = ctx->free;
        ctx->free = cl;
    }
}


ngx_buf_t *
ngx_http_social_filter_file_range(ngx_pool_t *pool, ngx_buf_t *b, off_t from,
    off_t to)
{
    ngx_buf_t  *range;

    range = ngx_calloc_buf(pool);
    if (range == NULL) {
        return NULL;
    }

    range->in_file = 1;
    range->temp_file = b->temp_file;
    range->file = b->file;
    range->file_pos = b->file_pos + from;
    range->file_last = b->file_pos + to;

    return range;
}
