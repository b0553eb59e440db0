
/*
 * The filters below and the client.  Each buffer is checked when it comes and
 * again when its bytes are sent, because nobody may change them in between.
 */

#include "model.h"


typedef enum {
    SINK_PAGE = 0,
    SINK_WIDGET,
    SINK_ERROR
} sink_what_e;


typedef struct sink_item_s  sink_item_t;

struct sink_item_s {
    sink_item_t  *next;
    ngx_buf_t    *buf;
    size_t        size;         /* bytes not sent yet */
    size_t        at;           /* offset in the page, widget or error page */
    sink_what_e   what;
    unsigned      special:1;
};


model_sink_t          sink;

static sink_item_t   *sink_first, **sink_end_of;
static u_char        *sink_scratch;


void
sink_begin(void)
{
    memset(&sink, 0, sizeof(model_sink_t));

    sink.length = -1;
    sink.budget = -1;
    sink_first = NULL;
    sink_end_of = &sink_first;

    if (sink_scratch == NULL) {
        sink_scratch = malloc(MODEL_MAX + sizeof(MODEL_WIDGET));
        MUST(sink_scratch != NULL);
    }
}


void
sink_end(void)
{
    sink_item_t  *item;

    while (sink_first) {
        item = sink_first;
        sink_first = item->next;
        free(item);
    }
}


ngx_int_t
sink_header_filter(ngx_http_request_t *r)
{
    MUST(r == &model.r);

    sink.headers++;
    MUST(sink.headers == 1 || model.replaced);

    sink.length = r->headers_out.content_length_n;

    if (r->headers_out.content_encoding && model.wire != model.page
        && !model.replaced)
    {
        /* it could not be inflated: the client must get it compressed */

        free(model.page);
        model.page = model.wire;
        model.page_len = model.wire_len;
    }

    if (sink.header_rc <= NGX_OK && r->method == NGX_HTTP_HEAD) {
        r->header_only = 1;
    }

    return sink.header_rc;
}


/* the buffer's bytes, in memory and in its file, must be those of what */

static void
sink_look(ngx_buf_t *b, size_t size, sink_what_e what, size_t at)
{
    const u_char  *want;

    want = (what == SINK_PAGE)     ? model.page
           : (what == SINK_WIDGET) ? (u_char *) MODEL_WIDGET
                                   : model_error;

    if (ngx_buf_in_memory(b)) {
        MUST((size_t) (b->last - b->pos) == size);
        MUST(memcmp(b->pos, want + at, size) == 0);
    }

    if (b->in_file) {
        MUST((size_t) (b->file_last - b->file_pos) == size);
        MUST(pread(b->file->fd, sink_scratch, size, b->file_pos)
             == (ssize_t) size);
        MUST(memcmp(sink_scratch, want + at, size) == 0);
    }
}


static sink_what_e
sink_what(ngx_buf_t *b)
{
    u_char  *html;

    html = model.widget.html.data;

    if (b->pos >= html && b->pos < html + model.widget.html.len) {
        return SINK_WIDGET;
    }

    return (b->pos == model_error) ? SINK_ERROR : SINK_PAGE;
}


static void
sink_data(sink_item_t *item)
{
    ngx_buf_t  *b;

    b = item->buf;
    item->what = sink_what(b);

    switch (item->what) {

    case SINK_WIDGET:
        if (sink.widget == 0) {
            sink.place = sink.page;
        }

        MUST(sink.page == sink.place);      /* in one piece */

        item->at = sink.widget;
        sink.widget += item->size;
        MUST(sink.widget <= model.widget.html.len);
        break;

    case SINK_ERROR:
        MUST(model.replaced && sink.page + sink.widget + sink.error == 0);
        sink.error = item->size;
        break;

    default:
        MUST(!model.replaced);
        item->at = sink.page;
        sink.page += item->size;
        MUST(sink.page <= model.page_len);
        MUST(sink.widget == 0 || sink.widget == model.widget.html.len);

        MUST(!ngx_buf_in_memory(b) || b->in_file
             || !source_is_file(item->at, sink.page));
        break;
    }

    sink_look(b, item->size, item->what, item->at);
}


static void
sink_take(ngx_buf_t *b)
{
    sink_item_t  *item;

    MUST(sink.headers > 0);
    MUST(!sink.last);

    item = calloc(1, sizeof(sink_item_t));
    MUST(item != NULL);

    item->buf = b;
    item->size = (size_t) ngx_buf_size(b);
    item->special = (item->size == 0);

    if (item->special) {
        MUST(ngx_buf_special(b));       /* else nginx logs an alert */
        sink.specials++;

    } else {
        sink_data(item);
        sink.waiting += item->size;
    }

    if (b->sync) {
        sink.syncs++;
    }

    if (b->flush || b->last_buf) {
        sink.flushed = sink.page;
    }

    sink.last = b->last_buf;
    sink.last_in_chain = b->last_in_chain;

    *sink_end_of = item;
    sink_end_of = &item->next;
}


static void
sink_sent(sink_item_t *item, size_t n)
{
    ngx_buf_t  *b;

    b = item->buf;

    sink_look(b, item->size, item->what, item->at);

    if (ngx_buf_in_memory(b)) {
        b->pos += n;
    }

    if (b->in_file) {
        b->file_pos += n;
    }

    item->at += n;
    item->size -= n;
    sink.waiting -= n;

    if (sink.budget != -1) {
        sink.budget -= n;
    }
}


/* 1: less than a packet, and no flush: nginx waits for more */

static ngx_uint_t
sink_postponed(void)
{
    sink_item_t  *item;

    for (item = sink_first; item; item = item->next) {
        if (item->buf->flush || item->buf->last_buf || item->buf->recycled) {
            return 0;
        }
    }

    return sink.waiting < 1460;
}


ngx_int_t
sink_send(void)
{
    size_t        n;
    sink_item_t  *item;

    if (sink.postpone && sink_postponed()) {
        return NGX_OK;
    }

    while (sink_first) {
        item = sink_first;

        if (!item->special) {
            n = item->size;

            if (sink.budget != -1 && (off_t) n > sink.budget) {
                n = (size_t) sink.budget;
            }

            if (n) {
                sink_sent(item, n);
            }

            if (item->size) {
                model.c.buffered |= NGX_HTTP_WRITE_BUFFERED;
                return NGX_AGAIN;
            }
        }

        sink_first = item->next;

        if (sink_first == NULL) {
            sink_end_of = &sink_first;
        }

        free(item);
    }

    model.c.buffered &= ~NGX_HTTP_WRITE_BUFFERED;

    return NGX_OK;
}


ngx_int_t
sink_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_chain_t  *cl;

    sink.calls++;

    if (sink.error_at > 0 && --sink.error_at == 0) {
        sink.gone = 1;
    }

    if (sink.gone) {
        sink.rc = NGX_ERROR;
        return NGX_ERROR;
    }

    MUST(!r->header_only || in == NULL);

    for (cl = in; cl; cl = cl->next) {
        sink_take(cl->buf);
    }

    sink.rc = sink_send();

    return sink.rc;
}
