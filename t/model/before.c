
/*
 * Whole answers of an application.  An earlier one for the page gives the
 * filter a copy of it; what came then may be another version of the page.
 */

#include "model.h"


#define BEFORE_PIECE  5000


void
model_forget(void)
{
    ngx_uint_t                      mode;
    ngx_http_social_filter_copy_t  *copy;

    model_begin();

    for (mode = 0; mode <= SOCIAL_HTML_MARKER; mode++) {
        model.site.insert = (social_html_mode_e) mode;
        copy = ngx_http_social_filter_copy_find(&model.rec);

        if (copy) {
            ngx_http_social_filter_kept_drop(&copy->kept);
        }
    }

    model_end();
}


void
model_proxied(const u_char *page, size_t len)
{
    model.page = malloc(len);
    MUST(model.page != NULL);
    memcpy(model.page, page, len);

    model.page_len = len;
    model.wire = model.page;
    model.wire_len = len;
    model.r.upstream = &model.upstream;
    model.upstream.peer.connection = &model.c;
}


void
model_pieces(size_t len, size_t piece)
{
    ngx_chain_t  *in;
    model_buf_t   b;

    while (source_at < len) {
        memset(&b, 0, sizeof(model_buf_t));
        b.size = piece;
        b.last = (len - source_at <= piece);

        in = NULL;
        source_add(&in, &b);
        (void) ngx_http_top_body_filter(&model.r, in);
        source_free_chain(in);
        source_recycle();
    }

    MUST(sink.page == len && sink.last);
}


void
model_before(const u_char *page, size_t len, social_html_mode_e mode,
    ngx_uint_t whole)
{
    model_begin();
    sink_begin();

    model_proxied(page, len);
    model.site.insert = mode;
    model.upstream.length = -1;

    if (whole) {
        model.r.headers_out.content_length_n = (off_t) len;
    }

    source_begin(model.wire, len, 0);
    (void) ngx_http_top_header_filter(&model.r);

    model_pieces(len, BEFORE_PIECE);

    model_end();
    source_end();
    sink_end();
}
