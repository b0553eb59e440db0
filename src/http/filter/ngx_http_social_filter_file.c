
/*
 * Files of pages, read in pieces.
 *
 * A large page goes out as ranges of its file, which may be written to at the
 * very moment.  So the bytes about the widget's place are kept as they were
 * when the place was found in them: whatever comes before and behind, the
 * widget always stands where it belongs.  They are taken from the pieces that
 * the scanner read, never read again.  Event loop only.
 */


#include "ngx_http_social_filter.h"


#define NGX_HTTP_SOCIAL_PIECE  (32 * 1024)
#define NGX_HTTP_SOCIAL_NEAR   (2 * 1024)       /* kept of a large page */
#define NGX_HTTP_SOCIAL_FOOT   (16 * 1024)      /* a tail that is kept whole */


/* offsets count from the page's first byte */

typedef struct {
    off_t    length;        /* of the page */
    off_t    start;         /* of the bytes at hand */
    off_t    end;
    off_t    place;         /* what is kept is about it, or NO_PLACE */
    off_t    from;          /* what is kept */
    off_t    to;
    off_t    want;          /* up to which it should be */
} ngx_http_social_near_t;


static ngx_int_t ngx_http_social_near_piece(ngx_http_social_near_t *near,
    social_html_t *scan, ngx_file_t *file, off_t page,
    social_html_answer_e *answer);
static void ngx_http_social_near_move(ngx_http_social_near_t *near);
static void ngx_http_social_near_more(ngx_http_social_near_t *near);
static void ngx_http_social_near_place(ngx_http_social_near_t *near,
    off_t place);
static ngx_int_t ngx_http_social_near_keep(ngx_http_social_near_t *near,
    ngx_http_social_filter_page_t *page, ngx_log_t *log);


/* the bytes at hand: the end of the piece before, the piece */

static u_char  ngx_http_social_hand[NGX_HTTP_SOCIAL_NEAR
                                    + NGX_HTTP_SOCIAL_PIECE];
static u_char  ngx_http_social_kept[NGX_HTTP_SOCIAL_NEAR
                                    + NGX_HTTP_SOCIAL_FOOT];


ssize_t
ngx_http_social_filter_file_piece(ngx_file_t *file, off_t from, off_t to,
    u_char **bytes)
{
    *bytes = ngx_http_social_hand;

    return ngx_read_file(
        file, *bytes,
        (size_t) ngx_min(to - from, NGX_HTTP_SOCIAL_FILTER_BUFFER), from);
}


ngx_int_t
ngx_http_social_filter_file_scan(social_html_t *scan, ngx_file_t *file,
    off_t from, off_t to, social_html_answer_e *answer)
{
    size_t   size;
    ssize_t  n;

    *answer = SOCIAL_HTML_MORE;

    while (from < to && *answer == SOCIAL_HTML_MORE) {

        size = (size_t) ngx_min(to - from, NGX_HTTP_SOCIAL_PIECE);

        n = ngx_read_file(file, ngx_http_social_hand, size, from);

        if (n <= 0) {
            return NGX_ERROR;
        }

        *answer = social_html_feed(scan, ngx_http_social_hand, (size_t) n);
        from += n;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_social_filter_file_scan_near(social_html_t *scan, ngx_file_t *file,
    ngx_http_social_filter_page_t *page, social_html_answer_e *answer)
{
    off_t                   max;
    ngx_http_social_near_t  near;

    ngx_memzero(&near, sizeof(ngx_http_social_near_t));

    near.length = page->ident.to - page->ident.from;
    near.place = NGX_HTTP_SOCIAL_NO_PLACE;
    max = ngx_min(near.length, NGX_HTTP_SOCIAL_SCAN_MAX);

    *answer = SOCIAL_HTML_MORE;

    while (near.to < near.want
           || (near.end < max && *answer == SOCIAL_HTML_MORE))
    {
        if (ngx_http_social_near_piece(&near, scan, file, page->ident.from,
                                       answer)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (*answer == SOCIAL_HTML_MORE) {
        *answer = (near.end < near.length) ? social_html_settle(scan)
                                           : social_html_finish(scan);
    }

    if (*answer != SOCIAL_HTML_FOUND) {
        return NGX_OK;
    }

    ngx_http_social_near_place(&near, (off_t) social_html_place(scan));

    if (near.place == NGX_HTTP_SOCIAL_NO_PLACE) {

        /* within a tag of thousands of bytes: such a page can do without */

        *answer = SOCIAL_HTML_NONE;
        return NGX_OK;
    }

    return ngx_http_social_near_keep(&near, page, file->log);
}


static ngx_int_t
ngx_http_social_near_piece(ngx_http_social_near_t *near, social_html_t *scan,
    ngx_file_t *file, off_t page, social_html_answer_e *answer)
{
    size_t    size;
    u_char   *piece;
    ssize_t   n;

    ngx_http_social_near_move(near);

    piece = ngx_http_social_hand + (near->end - near->start);
    size = (size_t) ngx_min(near->length - near->end,
                            NGX_HTTP_SOCIAL_PIECE);

    n = ngx_read_file(file, piece, size, page + near->end);

    if (n <= 0) {
        return NGX_ERROR;
    }

    near->end += n;

    ngx_http_social_near_more(near);

    if (*answer == SOCIAL_HTML_MORE) {
        *answer = social_html_feed(scan, piece, (size_t) n);
        ngx_http_social_near_place(near, (off_t) social_html_sendable(scan));
    }

    return NGX_OK;
}


/* makes room for the next piece; the end of this one stays at hand */

static void
ngx_http_social_near_move(ngx_http_social_near_t *near)
{
    off_t  start;

    start = ngx_max(near->start, near->end - NGX_HTTP_SOCIAL_NEAR);

    ngx_memmove(ngx_http_social_hand,
                ngx_http_social_hand + (start - near->start),
                (size_t) (near->end - start));

    near->start = start;
}


/* what is kept may go on in the new piece */

static void
ngx_http_social_near_more(ngx_http_social_near_t *near)
{
    size_t  n;

    if (near->to >= near->want) {
        return;
    }

    n = (size_t) (ngx_min(near->want, near->end) - near->to);

    ngx_memcpy(ngx_http_social_kept + (near->to - near->from),
               ngx_http_social_hand + (near->to - near->start), n);

    near->to += (off_t) n;
}


/* the place may be there: keeps the bytes about it */

static void
ngx_http_social_near_place(ngx_http_social_near_t *near, off_t place)
{
    if (place == near->place) {
        return;
    }

    near->place = NGX_HTTP_SOCIAL_NO_PLACE;
    near->from = 0;
    near->to = 0;
    near->want = 0;

    if (place < near->start) {
        return;
    }

    near->place = place;
    near->from = ngx_max(near->start, place - NGX_HTTP_SOCIAL_NEAR);
    near->to = near->from;
    near->want = (near->length - place <= NGX_HTTP_SOCIAL_FOOT)
                     ? near->length
                     : place + NGX_HTTP_SOCIAL_NEAR;

    ngx_http_social_near_more(near);
}


static ngx_int_t
ngx_http_social_near_keep(ngx_http_social_near_t *near,
    ngx_http_social_filter_page_t *page, ngx_log_t *log)
{
    size_t  size;

    size = (size_t) (near->to - near->from);

    page->bytes = ngx_alloc(size, log);
    if (page->bytes == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(page->bytes, ngx_http_social_kept, size);

    page->bytes_from = near->from;
    page->bytes_to = near->to;

    return NGX_OK;
}
