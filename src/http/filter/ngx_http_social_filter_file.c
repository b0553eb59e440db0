
/*
 * Reads files in pieces and scans them.
 *
 * A large page goes out as ranges of its file, which may be written to
 * meanwhile.  So the bytes around the place are kept as the scanner saw them,
 * and go out from memory: the widget never lands inside a tag.  They are
 * copied from the pieces that were scanned; a second read could differ.
 *
 * Event loop only: the buffers are static, one call uses them at a time.
 */


#include "ngx_http_social_filter.h"


#define NGX_HTTP_SOCIAL_FILTER_READ    (32 * 1024)

/* of a large page: kept on each side of the place; a shorter tail is kept
 * whole */
#define NGX_HTTP_SOCIAL_FILTER_AROUND  (2 * 1024)
#define NGX_HTTP_SOCIAL_FILTER_TAIL    (16 * 1024)


/* offsets count from the page's first byte */

typedef struct {
    off_t    length;        /* of the page */
    off_t    start;         /* bytes in ..._filter_read */
    off_t    end;
    off_t    place;         /* that is kept, or NO_PLACE */
    off_t    from;          /* bytes in ..._filter_around */
    off_t    to;
    off_t    want;          /* the value that `to` must reach */
} ngx_http_social_filter_window_t;


static ngx_int_t ngx_http_social_filter_window_read(
    ngx_http_social_filter_window_t *window, social_html_t *scan,
    ngx_file_t *file, off_t page, social_html_answer_e *answer);
static void ngx_http_social_filter_window_shift(
    ngx_http_social_filter_window_t *window);
static void ngx_http_social_filter_window_extend(
    ngx_http_social_filter_window_t *window);
static void ngx_http_social_filter_window_place(
    ngx_http_social_filter_window_t *window, off_t place);
static ngx_int_t ngx_http_social_filter_window_store(
     ngx_http_social_filter_window_t *window,
    ngx_http_social_filter_page_t *page, ngx_log_t *log);


/* the end of the last piece, and the piece just read */

static u_char  ngx_http_social_filter_read[NGX_HTTP_SOCIAL_FILTER_AROUND
                                           + NGX_HTTP_SOCIAL_FILTER_READ];
static u_char  ngx_http_social_filter_around[NGX_HTTP_SOCIAL_FILTER_AROUND
                                             + NGX_HTTP_SOCIAL_FILTER_TAIL];


ssize_t
ngx_http_social_filter_file_piece(ngx_file_t *file, off_t from, off_t to,
    u_char **bytes)
{
    *bytes = ngx_http_social_filter_read;

    return ngx_read_file(
        file, *bytes,
        (size_t) ngx_min(to - from, NGX_HTTP_SOCIAL_FILTER_BUFFER), from);
}


ngx_int_t
ngx_http_social_filter_file_scan(ngx_http_social_filter_ctx_t *ctx,
    ngx_file_t *file, off_t from, off_t to, social_html_answer_e *answer)
{
    size_t   size;
    ssize_t  n;

    *answer = SOCIAL_HTML_MORE;

    while (from < to && *answer == SOCIAL_HTML_MORE) {

        size = (size_t) ngx_min(to - from, NGX_HTTP_SOCIAL_FILTER_READ);

        n = ngx_read_file(file, ngx_http_social_filter_read, size, from);

        if (n <= 0
            || ngx_http_social_filter_scan_feed(ctx,
                                                ngx_http_social_filter_read,
                                                (size_t) n, answer)
               != NGX_OK)
        {
            return NGX_ERROR;
        }

        from += n;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_social_filter_file_scan_large(social_html_t *scan, ngx_file_t *file,
    ngx_http_social_filter_page_t *page, social_html_answer_e *answer)
{
    off_t                            max;
    ngx_http_social_filter_window_t  window;

    ngx_memzero(&window, sizeof(ngx_http_social_filter_window_t));

    window.length = page->ident.to - page->ident.from;
    window.place = NGX_HTTP_SOCIAL_NO_PLACE;
    max = ngx_min(window.length, NGX_HTTP_SOCIAL_FILTER_SCAN_MAX);

    *answer = SOCIAL_HTML_MORE;

    while (window.to < window.want
           || (window.end < max && *answer == SOCIAL_HTML_MORE))
    {
        if (ngx_http_social_filter_window_read(&window, scan, file,
                                               page->ident.from, answer)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (*answer == SOCIAL_HTML_MORE) {
        *answer = (window.end < window.length) ? social_html_settle(scan)
                  : page->whole ? social_html_finish_whole(scan)
                  : social_html_finish(scan);
    }

    if (*answer != SOCIAL_HTML_FOUND) {
        return NGX_OK;
    }

    ngx_http_social_filter_window_place(&window,
                                        (off_t) social_html_place(scan));

    if (window.place == NGX_HTTP_SOCIAL_NO_PLACE) {

        /* its bytes are gone: a tag of thousands of bytes hides it */

        *answer = SOCIAL_HTML_NONE;
        return NGX_OK;
    }

    return ngx_http_social_filter_window_store(&window, page, file->log);
}


static ngx_int_t
ngx_http_social_filter_window_read(ngx_http_social_filter_window_t *window,
    social_html_t *scan, ngx_file_t *file, off_t page,
    social_html_answer_e *answer)
{
    size_t    size;
    u_char   *piece;
    ssize_t   n;

    ngx_http_social_filter_window_shift(window);

    piece = ngx_http_social_filter_read + (window->end - window->start);
    size = (size_t) ngx_min(window->length - window->end,
                            NGX_HTTP_SOCIAL_FILTER_READ);

    n = ngx_read_file(file, piece, size, page + window->end);

    if (n <= 0) {
        return NGX_ERROR;
    }

    window->end += n;

    ngx_http_social_filter_window_extend(window);

    if (*answer == SOCIAL_HTML_MORE) {
        *answer = social_html_feed(scan, piece, (size_t) n);
        ngx_http_social_filter_window_place(window,
                                            (off_t) social_html_sendable(scan));
    }

    return NGX_OK;
}


/* makes room for the next piece, keeps the end of the last one */

static void
ngx_http_social_filter_window_shift(ngx_http_social_filter_window_t *window)
{
    off_t  start;

    start = ngx_max(window->start, window->end - NGX_HTTP_SOCIAL_FILTER_AROUND);

    ngx_memmove(ngx_http_social_filter_read,
                ngx_http_social_filter_read + (start - window->start),
                (size_t) (window->end - start));

    window->start = start;
}


/* copies the bytes behind the place that have been read meanwhile */

static void
ngx_http_social_filter_window_extend(ngx_http_social_filter_window_t *window)
{
    size_t  n;

    if (window->to >= window->want) {
        return;
    }

    n = (size_t) (ngx_min(window->want, window->end) - window->to);

    ngx_memcpy(ngx_http_social_filter_around + (window->to - window->from),
               ngx_http_social_filter_read + (window->to - window->start), n);

    window->to += (off_t) n;
}


/* keeps the bytes around a place, if the scanner has not passed them */

static void
ngx_http_social_filter_window_place(ngx_http_social_filter_window_t *window,
    off_t place)
{
    if (place == window->place) {
        return;
    }

    window->place = NGX_HTTP_SOCIAL_NO_PLACE;
    window->from = 0;
    window->to = 0;
    window->want = 0;

    if (place < window->start) {
        return;
    }

    window->place = place;
    window->from = ngx_max(window->start,
                           place - NGX_HTTP_SOCIAL_FILTER_AROUND);
    window->to = window->from;
    window->want = (window->length - place <= NGX_HTTP_SOCIAL_FILTER_TAIL)
                     ? window->length
                     : place + NGX_HTTP_SOCIAL_FILTER_AROUND;

    ngx_http_social_filter_window_extend(window);
}


static ngx_int_t
ngx_http_social_filter_window_store(ngx_http_social_filter_window_t *window,
    ngx_http_social_filter_page_t *page, ngx_log_t *log)
{
    size_t  size;

    size = (size_t) (window->to - window->from);

    page->bytes = ngx_alloc(size, log);
    if (page->bytes == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(page->bytes, ngx_http_social_filter_around, size);

    page->bytes_from = window->from;
    page->bytes_to = window->to;

    return NGX_OK;
}
