
/*
 * The chains of buffers that leave the filter: the page's bytes, with the
 * widget's inserted.
 *
 * Bytes that are passed on stay in the buffer they came in, since an
 * upstream's pipe gets its memory back through it.  Must not emit an empty
 * buffer without a flag: nginx logs an alert.  Event loop only.
 */


#include "ngx_http_social_filter.h"


/* a page at most: file, memory, widget, memory, file */
#define NGX_HTTP_SOCIAL_FILTER_PARTS  5


typedef struct {
    ngx_http_social_filter_ctx_t   *ctx;
    ngx_chain_t            **last_out;
    ngx_buf_t               *ours;      /* the last buffer out, if ours */
    off_t                    limit;     /* hold what is behind it */
    unsigned                 flush:1;   /* out needs a flush */
    unsigned                 last:1;    /* last_buf is out */
} ngx_http_social_filter_cut_t;


typedef struct {
    ngx_chain_t              chain;
    ngx_buf_t                buf;
} ngx_http_social_filter_link_t;


static ngx_int_t ngx_http_social_filter_cut_flush(
    ngx_http_social_filter_cut_t *cut);
static ngx_int_t ngx_http_social_filter_cut_last(
    ngx_http_social_filter_cut_t *cut);
static ngx_int_t ngx_http_social_filter_cut_held(
    ngx_http_social_filter_cut_t *cut);
static ngx_int_t ngx_http_social_filter_cut_buf(
    ngx_http_social_filter_cut_t *cut, ngx_buf_t *b);
static ngx_int_t ngx_http_social_filter_cut_special(
    ngx_http_social_filter_cut_t *cut, ngx_buf_t *b);
static ngx_int_t ngx_http_social_filter_cut_split(
    ngx_http_social_filter_cut_t *cut, ngx_buf_t *b, off_t at);
static ngx_int_t ngx_http_social_filter_cut_widget(
    ngx_http_social_filter_cut_t *cut);
static ngx_int_t ngx_http_social_filter_cut_add(
    ngx_http_social_filter_cut_t *cut, ngx_buf_t *b);
static ngx_http_social_filter_link_t *ngx_http_social_filter_chain_parts(
     ngx_http_social_filter_link_t *part, ngx_http_social_filter_page_t *page,
    ngx_buf_t *b, off_t from, off_t to);
static ngx_buf_t *ngx_http_social_filter_chain_memory(ngx_pool_t *pool,
    u_char *data, size_t len);


ngx_int_t
ngx_http_social_filter_chain_cut(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in, off_t limit, ngx_chain_t **out)
{
    off_t                          passed;
    ngx_chain_t                   *cl;
    ngx_http_social_filter_cut_t   cut;

    *out = NULL;

    cut.ctx = ctx;
    cut.last_out = out;
    cut.ours = NULL;
    cut.limit = (limit == -1) ? NGX_MAX_OFF_T_VALUE : limit;
    cut.flush = 0;
    cut.last = 0;

    passed = ctx->passed;

    if (ngx_http_social_filter_cut_held(&cut) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ctx->flush && (ctx->held == NULL || ctx->passed != passed)) {

        /* a flush came while its bytes were held: make up for it now */

        cut.flush = (ctx->state != NGX_HTTP_SOCIAL_FILTER_HELD);
        ctx->flush = (ctx->held || !cut.flush);
    }

    for (cl = in; cl; cl = cl->next) {

        if (ngx_http_social_filter_cut_buf(&cut, cl->buf) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_DECIDED && ctx->widget
        && ctx->passed == ctx->place
        && ngx_http_social_filter_cut_widget(&cut) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ctx->held_last && ctx->held == NULL
        && ctx->state != NGX_HTTP_SOCIAL_FILTER_HELD)
    {
        return ngx_http_social_filter_cut_last(&cut);
    }

    return cut.flush ? ngx_http_social_filter_cut_flush(&cut) : NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_cut_flush(ngx_http_social_filter_cut_t *cut)
{
    ngx_buf_t  *b;

    if (cut->last) {

        /* last_buf flushes, and no buffer may follow it */

        return NGX_OK;
    }

    if (cut->ours) {
        cut->ours->flush = 1;
        return NGX_OK;
    }

    /* no filter changes an empty buffer, so one is enough */

    b = &cut->ctx->flush_buf;
    b->flush = 1;

    return ngx_http_social_filter_cut_add(cut, b);
}


/* the page was complete while its header was held: tell its end now */

static ngx_int_t
ngx_http_social_filter_cut_last(ngx_http_social_filter_cut_t *cut)
{
    ngx_buf_t  *b;

    cut->ctx->held_last = 0;

    if (cut->last) {
        return NGX_OK;
    }

    b = cut->ours;

    if (b == NULL) {
        b = ngx_calloc_buf(cut->ctx->request->pool);
        if (b == NULL) {
            return NGX_ERROR;
        }
    }

    b->last_buf = 1;
    b->last_in_chain = 1;

    return (b == cut->ours) ? NGX_OK : ngx_http_social_filter_cut_add(cut, b);
}


/* passes held bytes before the limit on; those behind it stay held */

static ngx_int_t
ngx_http_social_filter_cut_held(ngx_http_social_filter_cut_t *cut)
{
    ngx_buf_t                     *b;
    ngx_chain_t                   *cl, *rest, *tail;
    ngx_http_social_filter_ctx_t  *ctx;

    ctx = cut->ctx;

    if (ctx->held == NULL || ctx->passed >= cut->limit) {
        return NGX_OK;
    }

    rest = ctx->held;
    tail = ctx->held_tail;

    ctx->held = NULL;
    ctx->held_tail = NULL;

    while (rest && ctx->held == NULL && ctx->passed < cut->limit) {
        cl = rest;
        rest = cl->next;
        b = cl->buf;

        ngx_free_chain(ctx->request->pool, cl);

        ctx->held_all -= ngx_buf_size(b);

        if (ngx_buf_in_memory(b)) {
            ctx->held_size -= b->last - b->pos;
        }

        if (ngx_http_social_filter_cut_buf(cut, b) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (rest == NULL) {
        return NGX_OK;
    }

    if (ctx->held) {
        ctx->held_tail->next = rest;

    } else {
        ctx->held = rest;
    }

    ctx->held_tail = tail;

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_cut_buf(ngx_http_social_filter_cut_t *cut, ngx_buf_t *b)
{
    off_t                          size, end;
    ngx_http_social_filter_ctx_t  *ctx;

    ctx = cut->ctx;
    size = ngx_buf_size(b);

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_DECIDED && ctx->widget
        && ctx->passed == ctx->place
        && ngx_http_social_filter_cut_widget(cut) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (size == 0) {
        return ngx_http_social_filter_cut_special(cut, b);
    }

    end = ctx->passed + size;

    if (ctx->held || ctx->passed >= cut->limit) {

        /* what follows a held byte must be held too: order */

        cut->flush |= (ctx->state != NGX_HTTP_SOCIAL_FILTER_HELD
                       && (b->flush || b->recycled));
        ctx->held_last |= b->last_buf;

        return ngx_http_social_filter_buffer_hold(ctx, b, 0, ctx->passed
                                                             + ctx->held_all);
    }

    if (end > cut->limit) {
        if (ngx_http_social_filter_buffer_hold(ctx, b, cut->limit - ctx->passed,
                                               cut->limit)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        ctx->passed = cut->limit;

        return ngx_http_social_filter_cut_add(cut, b);
    }

    if (ctx->state == NGX_HTTP_SOCIAL_FILTER_DECIDED && ctx->widget
        && ctx->place > ctx->passed
        && (ctx->place < end
            || (ctx->place == end && b->last_buf)))
    {
        return ngx_http_social_filter_cut_split(cut, b,
                                                ctx->place - ctx->passed);
    }

    ctx->passed = end;

    return ngx_http_social_filter_cut_add(cut, b);
}


static ngx_int_t
ngx_http_social_filter_cut_special(ngx_http_social_filter_cut_t *cut,
    ngx_buf_t *b)
{
    if (!ngx_buf_special(b)) {
        return NGX_OK;
    }

    if (cut->ctx->state == NGX_HTTP_SOCIAL_FILTER_HELD) {

        /* must not go before the header */

        cut->ctx->held_last |= b->last_buf;
        cut->ctx->flush = 1;
        return NGX_OK;
    }

    if (b->flush && cut->ctx->held) {

        /* flush again when the held bytes go */

        cut->ctx->flush = 1;
    }

    return ngx_http_social_filter_cut_add(cut, b);
}


/* adds b's bytes before at, the widget, the rest of b */

static ngx_int_t
ngx_http_social_filter_cut_split(ngx_http_social_filter_cut_t *cut,
    ngx_buf_t *b, off_t at)
{
    off_t                          size;
    ngx_buf_t                     *head, *flags;
    ngx_pool_t                    *pool;
    ngx_http_social_filter_ctx_t  *ctx;

    ctx = cut->ctx;
    pool = ctx->request->pool;
    size = ngx_buf_size(b);

    head = b->in_file
               ? ngx_http_social_filter_file_range(pool, b, 0, at)
               : ngx_http_social_filter_chain_memory(pool, b->pos, (size_t) at);
    if (head == NULL) {
        return NGX_ERROR;
    }

    /*
     * The rest stays in b, not the head: bytes go out in order, so when b is
     * empty and the pipe reuses its memory, the head has been sent as well.
     */

    ctx->passed += at;

    if (ngx_http_social_filter_cut_add(cut, head) != NGX_OK
        || ngx_http_social_filter_cut_widget(cut) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_buf_in_memory(b)) {
        b->pos += at;
    }

    if (b->in_file) {
        b->file_pos += at;
    }

    if (at == size) {

        flags = cut->ours;
        flags->last_buf = b->last_buf;
        flags->last_in_chain = b->last_in_chain;
        flags->flush = b->flush;
        flags->sync = b->sync;

        return NGX_OK;
    }

    ctx->passed += size - at;

    return ngx_http_social_filter_cut_add(cut, b);
}


static ngx_int_t
ngx_http_social_filter_cut_widget(ngx_http_social_filter_cut_t *cut)
{
    ngx_buf_t                     *b;
    ngx_http_social_filter_ctx_t  *ctx;

    ctx = cut->ctx;

    b = ngx_http_social_filter_chain_memory(
        ctx->request->pool, ctx->widget->html.data, ctx->widget->html.len);
    if (b == NULL) {
        return NGX_ERROR;
    }

    ctx->state = NGX_HTTP_SOCIAL_FILTER_PASSING;

    if (ngx_http_social_filter_cut_add(cut, b) != NGX_OK) {
        return NGX_ERROR;
    }

    cut->ours = b;

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_cut_add(ngx_http_social_filter_cut_t *cut, ngx_buf_t *b)
{
    ngx_chain_t  *cl;

    cl = ngx_alloc_chain_link(cut->ctx->request->pool);
    if (cl == NULL) {
        return NGX_ERROR;
    }

    cl->buf = b;
    cl->next = NULL;

    *cut->last_out = cl;
    cut->last_out = &cl->next;
    cut->last |= b->last_buf;

    cut->ours = (b->tag == (ngx_buf_tag_t) &ngx_social_module) ? b : NULL;

    return NGX_OK;
}


void
ngx_http_social_filter_chain_consume(ngx_chain_t *in)
{
    ngx_chain_t  *cl;

    for (cl = in; cl; cl = cl->next) {
        cl->buf->pos = cl->buf->last;
        cl->buf->file_pos = cl->buf->file_last;
    }
}


ngx_chain_t *
ngx_http_social_filter_chain_page(ngx_http_social_filter_ctx_t *ctx,
    ngx_http_social_filter_page_t *page, ngx_buf_t *b)
{
    ngx_buf_t                      *widget;
    ngx_http_social_filter_link_t  *parts, *part, *last;

    parts = ngx_pcalloc(ctx->request->pool,
                        NGX_HTTP_SOCIAL_FILTER_PARTS
                        * sizeof(ngx_http_social_filter_link_t));
    if (parts == NULL) {
        return NULL;
    }

    part = ngx_http_social_filter_chain_parts(parts, page, b, 0, page->place);

    widget = &part++->buf;
    widget->memory = 1;
    widget->pos = ctx->widget->html.data;
    widget->last = ctx->widget->html.data + ctx->widget->html.len;

    part = ngx_http_social_filter_chain_parts(part, page, b, page->place,
                                              b->file_last - b->file_pos);
    last = part - 1;

    for (part = parts; part <= last; part++) {
        part->chain.buf = &part->buf;
        part->chain.next = (part < last) ? &part[1].chain : NULL;
    }

    last->buf.last_buf = b->last_buf;
    last->buf.last_in_chain = b->last_in_chain;
    last->buf.flush = b->flush;

    return &parts[0].chain;
}


/* fills links for the page's bytes from..to; returns the next unused one */

static ngx_http_social_filter_link_t *
ngx_http_social_filter_chain_parts(ngx_http_social_filter_link_t *part,
    ngx_http_social_filter_page_t *page, ngx_buf_t *b, off_t from, off_t to)
{
    off_t       next;
    ngx_buf_t  *buf;

    for ( /* void */ ; from < to; from = next, part++) {
        buf = &part->buf;

        if (page->bytes && from >= page->bytes_from && from < page->bytes_to)
        {
            next = ngx_min(to, page->bytes_to);

            buf->memory = 1;
            buf->pos = page->bytes + (from - page->bytes_from);
            buf->last = page->bytes + (next - page->bytes_from);
            continue;
        }

        next = (page->bytes && from < page->bytes_from)
                   ? ngx_min(to, page->bytes_from) : to;

        buf->in_file = 1;
        buf->file = b->file;
        buf->file_pos = b->file_pos + from;
        buf->file_last = b->file_pos + next;
    }

    return part;
}


static ngx_buf_t *
ngx_http_social_filter_chain_memory(ngx_pool_t *pool, u_char *data, size_t len)
{
    ngx_buf_t  *b;

    b = ngx_calloc_buf(pool);
    if (b == NULL) {
        return NULL;
    }

    b->memory = 1;
    b->start = data;
    b->pos = data;
    b->last = data + len;
    b->end = b->last;

    return b;
}
