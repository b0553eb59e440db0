
/*
 * Making the copy of a body while it is read: its bytes, the marks, and in the
 * end the answer.  Without memory there is no copy, and nothing else changes.
 *
 * Event loop only.
 */


#include "ngx_http_social_filter.h"
#include "social_html_mark.h"


/* a copy is kept up to so many bytes behind the one that made it certain */
#define NGX_HTTP_SOCIAL_FILTER_LEARN_FINE  256


static ngx_int_t ngx_http_social_filter_learn_mark(
    ngx_http_social_filter_scan_t *scan);
static void ngx_http_social_filter_learn_narrow(
    ngx_http_social_filter_scan_t *scan, ngx_http_social_filter_copy_t *made);


void
ngx_http_social_filter_learn_begin(ngx_http_social_filter_ctx_t *ctx,
    ngx_http_social_filter_copy_t *like)
{
    size_t                          room;
    ngx_pool_cleanup_t             *cln;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;

    room = (ctx->length > 0) ? (size_t) ctx->length
           : like ? like->len + NGX_HTTP_SOCIAL_FILTER_STEP
           : NGX_HTTP_SOCIAL_FILTER_BUFFER;
    room = ngx_min(room, NGX_HTTP_SOCIAL_FILTER_COPY_MAX);

    cln = ngx_pool_cleanup_add(ctx->request->pool, 0);
    if (cln == NULL) {
        return;
    }

    cln->handler = ngx_http_social_filter_learn_stop;
    cln->data = scan;

    scan->made = ngx_http_social_filter_copy_make(ctx->rec, like,
                                                  (size_t) scan->at, room);
}


void
ngx_http_social_filter_learn_bytes(ngx_http_social_filter_scan_t *scan,
    u_char *data, size_t len)
{
    if (scan->made == NULL || len == 0) {
        return;
    }

    if (ngx_http_social_filter_copy_append(scan->made, data, len) != NGX_OK) {
        ngx_http_social_filter_learn_stop(scan);
        return;
    }

    if (scan->answer != SOCIAL_HTML_MORE
        || scan->at % NGX_HTTP_SOCIAL_FILTER_STEP != 0)
    {
        return;
    }

    if (ngx_http_social_filter_learn_mark(scan) != NGX_OK) {
        ngx_http_social_filter_learn_stop(scan);

    } else if (scan->at == NGX_HTTP_SOCIAL_FILTER_COPY_MAX) {
        ngx_http_social_filter_learn_done(scan);
    }
}


/* adds the mark of the state at a boundary: the copy's that the body is like,
 * or the scanner's */

static ngx_int_t
ngx_http_social_filter_learn_mark(ngx_http_social_filter_scan_t *scan)
{
    size_t                          size;
    u_char                         *mark, *p;
    ngx_http_social_filter_copy_t  *copy;

    copy = scan->copy;
    mark = NULL;

    if (!scan->alike) {
        size = social_html_mark_size(scan->html);

    } else if (scan->at == copy->len && !copy->ended
               && copy->answer != SOCIAL_HTML_MORE)
    {
        /* the copy has the answer here, and no mark */

        return NGX_OK;

    } else {
        mark = ngx_http_social_filter_copy_mark(
            copy, scan->at / NGX_HTTP_SOCIAL_FILTER_STEP - 1, &size);
    }

    p = ngx_http_social_filter_copy_mark_add(scan->made, size);

    if (p == NULL) {
        return NGX_ERROR;
    }

    if (mark) {
        ngx_memcpy(p, mark, size);

    } else {
        social_html_mark_save(scan->html, p);
    }

    return NGX_OK;
}


void
ngx_http_social_filter_learn_done(ngx_http_social_filter_scan_t *scan)
{
    ngx_http_social_filter_copy_t  *made;

    made = scan->made;

    if (made == NULL) {
        return;
    }

    scan->made = NULL;
    made->answer = scan->answer;

    if (scan->by_copy) {
        made->place = scan->copy->place;
        made->in_form = scan->copy->in_form;
        made->meta = scan->copy->meta;

    } else if (scan->answer != SOCIAL_HTML_MORE) {
        made->in_form = (social_html_in_form(scan->html) != 0);
        made->meta = *social_html_meta(scan->html);

        if (scan->answer == SOCIAL_HTML_FOUND) {
            made->place = social_html_place(scan->html);
        }

        if (!made->ended) {
            ngx_http_social_filter_learn_narrow(scan, made);
        }
    }

    ngx_http_social_filter_copy_keep(made);
}


/*
 * The answer came somewhere in the last piece, which may go on with what
 * differs each time.  Scans that piece once more, in small steps, and keeps
 * no more than was needed.  The state in the end is the same.
 */

static void
ngx_http_social_filter_learn_narrow(ngx_http_social_filter_scan_t *scan,
    ngx_http_social_filter_copy_t *made)
{
    size_t                at, n, size;
    social_html_answer_e  answer;

    at = made->nmarks * NGX_HTTP_SOCIAL_FILTER_STEP;

    if (made->nmarks) {
        (void) social_html_mark_load(
            scan->html,
            ngx_http_social_filter_copy_mark(made, made->nmarks - 1, &size));

    } else {
        social_html_init(scan->html, made->mode);
    }

    do {
        n = ngx_min(made->len - at, NGX_HTTP_SOCIAL_FILTER_LEARN_FINE);
        answer = social_html_feed(scan->html, made->bytes + at, n);
        at += n;

    } while (answer == SOCIAL_HTML_MORE && at < made->len);

    made->len = at;
}


void
ngx_http_social_filter_learn_stop(void *data)
{
    ngx_http_social_filter_scan_t  *scan = data;

    if (scan->made) {
        ngx_http_social_filter_copy_discard(scan->made);
        scan->made = NULL;
    }
}
