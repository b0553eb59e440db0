
/*
 * Reading a body: it is scanned, or compared with the copy of what came last
 * time.  While it is alike nothing is scanned; the copy knows the place.
 *
 *     alike --- a byte differs, or the copy is over ---> scanned
 *       ^                                                  |
 *       +---- same state at a boundary of the copy --------+
 *
 * All answers are the scanner's: what was scanned before is the same bytes.
 * So is its state in between, whenever it is asked for, made from the last
 * mark and the bytes behind it.  Hence bytes that have been sent never were
 * beyond what the scanner would have let go, and a scan can begin at any byte,
 * also within a tag.
 *
 * Where scanned bytes end in the same state as in the copy, at the same
 * offset, what follows is compared again: a page with a new nonce of the same
 * length is scanned for a few KB only.  Equal states have the same future.
 *
 * A copy that differs is replaced after the 1st, 2nd, 4th, 8th... difference,
 * where an answer like it makes up for one: a page that was edited is learned
 * at once (learn.c), one that always differs is not copied each time.
 *
 * Event loop only.
 */


#include "ngx_http_social_filter.h"
#include "social_html_mark.h"


static ngx_int_t ngx_http_social_filter_scan_begin(
    ngx_http_social_filter_ctx_t *ctx);
static ssize_t ngx_http_social_filter_scan_compare(
    ngx_http_social_filter_ctx_t *ctx, u_char *data, size_t len);
static void ngx_http_social_filter_scan_by_copy(
    ngx_http_social_filter_ctx_t *ctx);
static size_t ngx_http_social_filter_scan_common(u_char *a, u_char *b,
    size_t n);
static ngx_int_t ngx_http_social_filter_scan_differs(
    ngx_http_social_filter_ctx_t *ctx);
static ssize_t ngx_http_social_filter_scan_advance(
    ngx_http_social_filter_ctx_t *ctx, u_char *data, size_t len);
static void ngx_http_social_filter_scan_boundary(
    ngx_http_social_filter_ctx_t *ctx);


ngx_int_t
ngx_http_social_filter_scan_feed(ngx_http_social_filter_ctx_t *ctx,
    u_char *data, size_t len, social_html_answer_e *answer)
{
    ssize_t                         n;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;

    if (!scan->begun && ngx_http_social_filter_scan_begin(ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    while (len && scan->answer == SOCIAL_HTML_MORE) {

        n = scan->alike ? ngx_http_social_filter_scan_compare(ctx, data, len)
                        : ngx_http_social_filter_scan_advance(ctx, data, len);

        if (n == NGX_ERROR) {
            return NGX_ERROR;
        }

        data += n;
        len -= (size_t) n;
    }

    *answer = scan->answer;

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_scan_begin(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_pool_cleanup_t             *cln;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;
    scan->copy = ngx_http_social_filter_copy_find(ctx->rec);

    if (scan->copy) {
        cln = ngx_pool_cleanup_add(ctx->request->pool, 0);
        if (cln == NULL) {
            return NGX_ERROR;
        }

        ngx_http_social_filter_kept_pin(&scan->copy->kept, cln);
        scan->alike = 1;

    } else {
        ngx_http_social_filter_learn_begin(ctx, NULL);
    }

    scan->begun = 1;

    return (scan->copy || ngx_http_social_filter_scan_state(ctx))
           ? NGX_OK : NGX_ERROR;
}


/* compares some of the bytes; how many were alike, or NGX_ERROR */

static ssize_t
ngx_http_social_filter_scan_compare(ngx_http_social_filter_ctx_t *ctx,
    u_char *data, size_t len)
{
    size_t                          n, common;
    ngx_http_social_filter_copy_t  *copy;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;
    copy = scan->copy;

    n = ngx_min(len, copy->len - (size_t) scan->at);

    if (scan->made) {
        n = ngx_min(n, NGX_HTTP_SOCIAL_FILTER_STEP
                       - scan->at % NGX_HTTP_SOCIAL_FILTER_STEP);
    }

    common = n;

    if (ngx_memcmp(copy->bytes + scan->at, data, n) != 0) {
        common = ngx_http_social_filter_scan_common(copy->bytes + scan->at,
                                                    data, n);
    }

    scan->at += common;
    scan->same_to = scan->at;

    ngx_http_social_filter_learn_bytes(scan, data, common);

    if (common < n || n == 0) {
        return ngx_http_social_filter_scan_differs(ctx) == NGX_OK
               ? (ssize_t) common : NGX_ERROR;
    }

    if (scan->at == copy->len && !copy->ended
        && copy->answer != SOCIAL_HTML_MORE)
    {
        ngx_http_social_filter_scan_by_copy(ctx);
    }

    return (ssize_t) n;
}


/* the answer, place and meta data are the copy's */

static void
ngx_http_social_filter_scan_by_copy(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_http_social_filter_copy_t  *copy;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;
    copy = scan->copy;

    scan->answer = copy->answer;
    scan->by_copy = 1;

    if (copy->changes && !scan->differed) {
        copy->changes--;
    }

    ngx_http_social_filter_learn_done(scan);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                   "social copy: %s, %uz bytes",
                   scan->differed ? "alike at its end" : "alike", copy->len);
}


static size_t
ngx_http_social_filter_scan_common(u_char *a, u_char *b, size_t n)
{
    size_t  i;

    for (i = 0; i < n && a[i] == b[i]; i++) { /* void */ }

    return i;
}


/* goes on scanning at the first byte that the copy does not have */

static ngx_int_t
ngx_http_social_filter_scan_differs(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_http_social_filter_copy_t  *copy;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;
    copy = scan->copy;

    if (ngx_http_social_filter_scan_state(ctx) == NULL) {
        return NGX_ERROR;
    }

    scan->alike = 0;

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                   "social copy: %s at %uL, scanned from there",
                   scan->at < copy->len ? "differs" : "is over", scan->at);

    if (scan->differed
        || (scan->at == copy->len && !copy->ended
            && copy->answer == SOCIAL_HTML_MORE))
    {
        return NGX_OK;
    }

    scan->differed = 1;
    copy->changes++;

    if ((copy->changes & (copy->changes - 1)) == 0) {
        ngx_http_social_filter_learn_begin(ctx, copy);
    }

    return NGX_OK;
}


/* scans some of the bytes; how many, or NGX_ERROR */

static ssize_t
ngx_http_social_filter_scan_advance(ngx_http_social_filter_ctx_t *ctx,
    u_char *data, size_t len)
{
    size_t                          n;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;
    n = len;

    if (scan->made || (scan->copy && scan->at < scan->copy->len)) {
        n = ngx_min(n, NGX_HTTP_SOCIAL_FILTER_STEP
                       - scan->at % NGX_HTTP_SOCIAL_FILTER_STEP);
    }

    scan->answer = social_html_feed(scan->html, data, n);
    scan->at += n;
    scan->html_at = scan->at;

    ngx_http_social_filter_learn_bytes(scan, data, n);

    if (scan->answer != SOCIAL_HTML_MORE) {
        ngx_http_social_filter_learn_done(scan);

    } else if (scan->at % NGX_HTTP_SOCIAL_FILTER_STEP == 0) {
        ngx_http_social_filter_scan_boundary(ctx);
    }

    return (ssize_t) n;
}


/* is the state that of the copy at this boundary? */

static void
ngx_http_social_filter_scan_boundary(ngx_http_social_filter_ctx_t *ctx)
{
    size_t                          size;
    u_char                         *mark;
    ngx_http_social_filter_scan_t  *scan;

    /* a mark is never larger than the state itself */

    static u_char  buf[sizeof(social_html_t)];

    scan = &ctx->scan;

    if (scan->copy == NULL || scan->at >= scan->copy->len) {
        return;
    }

    mark = ngx_http_social_filter_copy_mark(
        scan->copy, scan->at / NGX_HTTP_SOCIAL_FILTER_STEP - 1, &size);

    if (social_html_mark_size(scan->html) != size) {
        return;
    }

    social_html_mark_save(scan->html, buf);

    if (ngx_memcmp(buf, mark, size) == 0) {
        scan->alike = 1;
        scan->same_from = scan->at;
        scan->same_to = scan->at;

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ctx->request->connection->log, 0,
                       "social copy: alike again from %uL on", scan->at);
    }
}


social_html_t *
ngx_http_social_filter_scan_state(ngx_http_social_filter_ctx_t *ctx)
{
    size_t                          from, size;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;

    if (!scan->begun) {
        return NULL;
    }

    if (scan->html == NULL) {
        scan->html = ngx_palloc(ctx->request->pool, sizeof(social_html_t));
        if (scan->html == NULL) {
            return NULL;
        }

        social_html_init(scan->html, ctx->rec->site->insert);
    }

    if (!scan->alike || scan->html_at == scan->at) {
        return scan->html;
    }

    from = scan->at - scan->at % NGX_HTTP_SOCIAL_FILTER_STEP;

    if (scan->html_at < from) {
        (void) social_html_mark_load(
            scan->html, ngx_http_social_filter_copy_mark(
                            scan->copy, from / NGX_HTTP_SOCIAL_FILTER_STEP - 1,
                            &size));
        scan->html_at = from;
    }

    (void) social_html_feed(scan->html, scan->copy->bytes + scan->html_at,
                            scan->at - scan->html_at);
    scan->html_at = scan->at;

    return scan->html;
}


social_html_answer_e
ngx_http_social_filter_scan_settle(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;

    /* the place may be another one than without the hurry */

    ngx_http_social_filter_learn_stop(scan);

    if (ngx_http_social_filter_scan_state(ctx)) {
        scan->alike = 0;
        scan->answer = social_html_settle(scan->html);
    }

    return scan->answer;
}


ngx_int_t
ngx_http_social_filter_scan_finish(ngx_http_social_filter_ctx_t *ctx,
    ngx_uint_t whole, social_html_answer_e *answer)
{
    ngx_http_social_filter_copy_t  *copy;
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;
    copy = scan->copy;

    if (scan->alike && scan->at == copy->len && copy->ended
        && copy->whole == whole)
    {
        if (scan->made) {
            scan->made->ended = 1;
            scan->made->whole = (whole != 0);
        }

        ngx_http_social_filter_scan_by_copy(ctx);

        *answer = scan->answer;
        return NGX_OK;
    }

    if (scan->alike && ngx_http_social_filter_scan_differs(ctx) != NGX_OK) {
        return NGX_ERROR;
    }

    scan->answer = whole ? social_html_finish_whole(scan->html)
                         : social_html_finish(scan->html);

    if (scan->made) {
        scan->made->ended = 1;
        scan->made->whole = (whole != 0);
        ngx_http_social_filter_learn_done(scan);
    }

    *answer = scan->answer;

    return NGX_OK;
}


off_t
ngx_http_social_filter_scan_place(ngx_http_social_filter_ctx_t *ctx,
    social_html_answer_e answer)
{
    ngx_log_t                      *log;
    ngx_http_social_filter_copy_t  *copy;
    ngx_http_social_filter_scan_t  *scan;

    log = ctx->request->connection->log;
    scan = &ctx->scan;
    copy = scan->copy;

    if (scan->by_copy) {
        ctx->meta = &copy->meta;

        return ngx_http_social_filter_place(answer, copy->place, copy->in_form,
                                            &copy->meta, log);
    }

    if (answer != SOCIAL_HTML_FOUND) {
        return ngx_http_social_filter_place(answer, 0, 0, NULL, log);
    }

    ctx->meta = social_html_meta(scan->html);

    return ngx_http_social_filter_place(
        answer, social_html_place(scan->html),
        (ngx_uint_t) social_html_in_form(scan->html), ctx->meta, log);
}


u_char *
ngx_http_social_filter_scan_same(ngx_http_social_filter_ctx_t *ctx, off_t at,
    size_t *n)
{
    ngx_http_social_filter_scan_t  *scan;

    scan = &ctx->scan;

    if (at < (off_t) scan->same_from || at >= (off_t) scan->same_to) {
        return NULL;
    }

    *n = (size_t) (scan->same_to - at);

    return scan->copy->bytes + at;
}
