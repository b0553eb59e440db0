
/*
 * What the files of the filter room share: the context of an answer on its
 * way through the filter, pages in the cache, and each file's functions.
 *
 *             header filter              body filter
 *   candidate? ----> header held ----> place? ----> header out, page + widget
 *                                      |  whole file: remembered (page_cache)
 *                                      |  else: scanned as it comes (stream)
 *
 * Offsets count from the first byte of the page, without the widget.
 *
 * Event loop only.  Must not touch the store.
 */

#ifndef NGX_HTTP_SOCIAL_FILTER_H_INCLUDED
#define NGX_HTTP_SOCIAL_FILTER_H_INCLUDED


#include "ngx_http_social_view.h"
#include "ngx_http_social_view_header.h"
#include "ngx_http_social_widget.h"


/* a bit of r->buffered that core, ssi, sub and copy leave free */
#define NGX_HTTP_SOCIAL_BUFFERED         0x08

/* how long a page may be held back, in ms; slow sanitizer builds set more */
#ifndef NGX_HTTP_SOCIAL_FILTER_WAIT
#define NGX_HTTP_SOCIAL_FILTER_WAIT      100
#endif

/* bytes */
#define NGX_HTTP_SOCIAL_FILTER_BUFFER    8192           /* of one block */
#define NGX_HTTP_SOCIAL_FILTER_HEAD_MAX  (512 * 1024)   /* held with header */
#define NGX_HTTP_SOCIAL_FILTER_TAIL_MAX  (64 * 1024)    /* held after it */
#define NGX_HTTP_SOCIAL_FILTER_PAGE_MAX  (64 * 1024)    /* kept in memory */
#define NGX_HTTP_SOCIAL_FILTER_SCAN_MAX  (16 * 1024 * 1024) /* of a file */
#define NGX_HTTP_SOCIAL_FILTER_KEPT_MAX  (6 * 1024 * 1024)  /* a worker */
#define NGX_HTTP_SOCIAL_FILTER_COPY_MAX  (256 * 1024)       /* of a body */
#define NGX_HTTP_SOCIAL_FILTER_STEP      4096    /* between marks of a copy */

#define NGX_HTTP_SOCIAL_NO_PLACE         ((off_t) -1)


/* the response headers that the filter knows */
#define NGX_HTTP_SOCIAL_H_CACHE          1
#define NGX_HTTP_SOCIAL_H_EXPIRES        2
#define NGX_HTTP_SOCIAL_H_CSP            3
#define NGX_HTTP_SOCIAL_H_DISPOSITION    4
#define NGX_HTTP_SOCIAL_H_DIGEST         5
#define NGX_HTTP_SOCIAL_H_ENCODING       6


/* identity of a page in a file, as fstat() and the buffer tell it */

typedef struct {
    dev_t                              dev;
    ino_t                              ino;
    off_t                              size;
    struct timespec                    mtime;
    struct timespec                    ctime;
    off_t                              from;    /* the page in the file */
    off_t                              to;
    social_html_mode_e                 mode;
} ngx_http_social_filter_ident_t;


/* something that is kept of a page; immutable, reference counted */

typedef struct ngx_http_social_filter_kept_s  ngx_http_social_filter_kept_t;

typedef void (*ngx_http_social_filter_kept_pt)(
    ngx_http_social_filter_kept_t *kept);

typedef struct {
    ngx_http_social_filter_kept_pt     unlink;  /* it is no longer found */
    ngx_http_social_filter_kept_pt     free;
} ngx_http_social_filter_kept_type_t;

struct ngx_http_social_filter_kept_s {
    const ngx_http_social_filter_kept_type_t  *type;
    ngx_queue_t                        queue;   /* least recently used last */
    size_t                             weight;  /* bytes of memory */
    ngx_uint_t                         refs;    /* requests */
    unsigned                           shelved:1;   /* is in the queue */
};


/* a page as it was read from a file */

typedef struct {
    ngx_rbtree_node_t                  node;    /* key: hash of ident */
    ngx_http_social_filter_kept_t      kept;
    ngx_http_social_filter_ident_t     ident;
    off_t                              place;   /* or NO_PLACE */
    u_char                            *bytes;   /* some of the page, or NULL */
    off_t                              bytes_from;
    off_t                              bytes_to;
    unsigned                           whole:1; /* its end tags may be left
                                                 * out */
    social_html_meta_t                 meta;
} ngx_http_social_filter_page_t;


/* a body as it came, up to where its place was certain, and what the scanner
 * made of it */

typedef struct {
    ngx_rbtree_node_t                  node;    /* key: hash of site and key */
    ngx_http_social_filter_kept_t      kept;
    ngx_http_social_site_t            *site;
    social_html_mode_e                 mode;

    u_char                            *bytes;
    size_t                             len;
    size_t                             room;    /* allocated */
    u_char                            *marks;   /* one behind the other */
    size_t                             marks_room;
    ngx_uint_t                         nmarks;

    /* ends of marks: mark n is the state before byte (n + 1) * STEP */
    uint32_t                           mark_end[
                                           NGX_HTTP_SOCIAL_FILTER_COPY_MAX
                                           / NGX_HTTP_SOCIAL_FILTER_STEP];

    social_html_answer_e               answer;  /* once all bytes came; MORE:
                                                 * the body went on */
    unsigned                           ended:1; /* at the body's end */
    unsigned                           whole:1; /* ... and that was whole */
    unsigned                           in_form:1;
    uint64_t                           place;
    ngx_uint_t                         changes; /* more than it was right */
    social_html_meta_t                 meta;
} ngx_http_social_filter_copy_t;


/* reading a body: it is compared with its copy, or scanned */

typedef struct {
    social_html_t                     *html;    /* NULL: not needed yet */
    uint64_t                           html_at; /* bytes fed to it */
    uint64_t                           at;      /* bytes read */
    uint64_t                           same_from;   /* alike since then */
    uint64_t                           same_to;
    ngx_http_social_filter_copy_t     *copy;    /* pinned, or NULL */
    ngx_http_social_filter_copy_t     *made;    /* being made, or NULL */
    social_html_answer_e               answer;
    unsigned                           begun:1;
    unsigned                           alike:1; /* it was like its copy so far,
                                                 * or is again */
    unsigned                           differed:1;  /* it was not */
    unsigned                           by_copy:1;   /* the copy answered */
} ngx_http_social_filter_scan_t;


typedef enum {
    NGX_HTTP_SOCIAL_FILTER_HELD = 0,    /* header and body are held back */
    NGX_HTTP_SOCIAL_FILTER_SCANNING,    /* header is out, place unknown */
    NGX_HTTP_SOCIAL_FILTER_DECIDED,     /* place known, widget still to go */
    NGX_HTTP_SOCIAL_FILTER_PASSING      /* everything is passed on */
} ngx_http_social_filter_state_e;


/* what the filter reads from the response headers */

typedef struct {
    ngx_str_t                          encoding;     /* Content-Encoding */
    unsigned                           via_link:1;   /* CSP: form-action */
    unsigned                           cache_rule:1; /* Cache-Control or
                                                      * Expires is there */
    unsigned                           digest:1;
    unsigned                           gzip:1;       /* must be inflated */
    unsigned                           encoded:2;    /* 2: more than once */
    unsigned                           no_transform:1;
    unsigned                           attachment:1;
} ngx_http_social_filter_headers_t;


typedef struct ngx_http_social_filter_inflate_s
    ngx_http_social_filter_inflate_t;


/* the request's context: an answer that may get a widget */

typedef struct {
    ngx_event_t                        timer;
    ngx_http_request_t                *request;
    ngx_http_social_rec_t             *rec;
    ngx_http_social_widget_t          *widget;
    ngx_http_social_widget_t          *old;       /* pinned when it was stale */
    ngx_http_social_filter_state_e     state;

    ngx_http_social_filter_scan_t      scan;
    const social_html_meta_t          *meta;      /* NULL: nothing is known */
    off_t                              length;    /* that was announced, -1 */
    off_t                              place;     /* valid if final is set */
    off_t                              seen;      /* received so far */
    off_t                              passed;    /* passed on so far */

    ngx_chain_t                       *held;      /* blocks, file ranges */
    ngx_chain_t                       *held_tail;
    size_t                             held_size; /* bytes in its memory */
    off_t                              held_all;  /* all of its bytes */
    ngx_chain_t                       *free;      /* blocks for reuse */
    ngx_chain_t                       *busy;      /* blocks not sent yet */
    ngx_buf_t                          flush_buf; /* empty, with flush set */

    ngx_http_social_filter_inflate_t  *inflate;   /* NULL: not compressed */
    ngx_http_social_filter_headers_t   headers;

    unsigned                           final:1;   /* place is decided */
    unsigned                           last:1;    /* last_buf was received */
    unsigned                           held_last:1;   /* ... and not sent */
    unsigned                           truncated:1;   /* the body broke off */
    unsigned                           flush:1;   /* flush when held bytes go */
    unsigned                           failed:1;
    unsigned                           described:1;   /* meta was looked at */
    unsigned                           stale:1;   /* widget is out of date */
    unsigned                           renewed:1; /* it was asked for */
    unsigned                           waits:1;   /* for it, held */
    unsigned                           bodyless:1;    /* HEAD, or an error
                                                       * page was sent */
    unsigned                           cleanup_set:1;
} ngx_http_social_filter_ctx_t;


/* what: NGX_HTTP_SOCIAL_H_*; data: the caller's */

typedef void (*ngx_http_social_filter_header_pt)(ngx_http_request_t *r,
    ngx_table_elt_t *h, ngx_uint_t what, void *data);


/* ngx_http_social_filter.c: header and body filter */

ngx_int_t ngx_http_social_filter_init(ngx_conf_t *cf);

/*
 * Sends the held header.  length: of the page without the widget, -1: not
 * known.  Consumes no input.  The next filter's answer.
 */
ngx_int_t ngx_http_social_filter_send_header(ngx_http_social_filter_ctx_t *ctx,
    off_t length);

/* passes a chain on and takes its links back; the next filter's answer */
ngx_int_t ngx_http_social_filter_output(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *out);


/* ngx_http_social_filter_candidate.c: which answers may carry a widget */

/* the request's record, or NULL: the answer must stay as it is */
ngx_http_social_rec_t *ngx_http_social_filter_candidate(ngx_http_request_t *r,
    ngx_http_social_filter_headers_t *headers);

/* place, or NGX_HTTP_SOCIAL_NO_PLACE if there must be no widget; answer: the
 * final one of a scan; the rest: what the scan found */
off_t ngx_http_social_filter_place(social_html_answer_e answer, uint64_t place,
    ngx_uint_t in_form, const social_html_meta_t *meta, ngx_log_t *log);

/* fills headers from the response and from nginx's add_header */
void ngx_http_social_filter_read_headers(ngx_http_request_t *r,
    ngx_http_social_filter_headers_t *headers);

/* calls handler for each response header that the filter knows */
void ngx_http_social_filter_each_header(ngx_http_request_t *r,
    ngx_http_social_filter_header_pt handler, void *data);

/* NGX_HTTP_SOCIAL_H_* of a header's name, or 0 */
ngx_uint_t ngx_http_social_filter_header_name(ngx_str_t *key);


/* ngx_http_social_filter_page.c: what is known of a page */

/* 1: all of the body arrived, and not only because a connection was closed.
 * length: that was announced, or -1; seen: bytes of the body */
ngx_uint_t ngx_http_social_filter_is_whole(ngx_http_request_t *r,
    off_t length, off_t seen);

/* 1: nginx's autoindex made this answer */
ngx_uint_t ngx_http_social_filter_is_listing(ngx_http_request_t *r);

/*
 * Once the place is known: keeps what the page says of itself, drops a place
 * that a <meta> or a <base> forbids, and sees that the widget is the one that
 * goes with it.  NGX_AGAIN: the widget is loaded; the answer goes on then, or
 * when it has waited long enough, so the header must be held.  NGX_OK: it can
 * be sent.
 */
ngx_int_t ngx_http_social_filter_page_ready(ngx_http_social_filter_ctx_t *ctx);

/* the widget for the page, which can wait no longer; NULL: no memory, or there
 * is no place */
ngx_http_social_widget_t *ngx_http_social_filter_page_widget(
    ngx_http_social_filter_ctx_t *ctx);


/* ngx_http_social_filter_header.c: what the held header says */

/* of a page with a widget; length: of the page, or -1 */
ngx_int_t ngx_http_social_filter_header_widget(
    ngx_http_social_filter_ctx_t *ctx, off_t length);

/* of a page without a place; it may have been inflated */
void ngx_http_social_filter_header_no_place(ngx_http_social_filter_ctx_t *ctx,
    off_t length);

/* of a page whose place is still unknown: no length, no validators */
ngx_int_t ngx_http_social_filter_header_undecided(
    ngx_http_social_filter_ctx_t *ctx);

/* of an upstream's 304 to a request that was translated */
ngx_int_t ngx_http_social_filter_header_304(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);


/* ngx_http_social_filter_add_header.c: lines of nginx's add_header */

void ngx_http_social_filter_add_header_init(void);

/* calls handler for each such line that the filter knows; what handler
 * changes is lost */
void ngx_http_social_filter_add_header(ngx_http_request_t *r,
    ngx_http_social_filter_header_pt handler, void *data);


/* ngx_http_social_filter_stream.c: a page that comes in pieces */

ngx_int_t ngx_http_social_filter_stream(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in);

/* holds a page whose place is known; the file range in `in` is copied */
ngx_int_t ngx_http_social_filter_stream_hold(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in);

/* the held page goes on: its time is over, or what it waited for is there */
void ngx_http_social_filter_stream_go_on(ngx_http_social_filter_ctx_t *ctx);

/* sets the timer and the bit in r->buffered; NGX_ERROR: no memory */
ngx_int_t ngx_http_social_filter_stream_wait(ngx_http_social_filter_ctx_t *ctx);
void ngx_http_social_filter_stream_stop(ngx_http_social_filter_ctx_t *ctx);


/* ngx_http_social_filter_scan.c: scanning a body, or comparing it */

/* reads bytes that come next; *answer is the scanner's.  NGX_ERROR: no memory,
 * after which nothing else may be asked */
ngx_int_t ngx_http_social_filter_scan_feed(ngx_http_social_filter_ctx_t *ctx,
    u_char *data, size_t len, social_html_answer_e *answer);

/* the body is over; whole: all of it came.  NGX_ERROR: no memory */
ngx_int_t ngx_http_social_filter_scan_finish(ngx_http_social_filter_ctx_t *ctx,
    ngx_uint_t whole, social_html_answer_e *answer);

/* the scanner's state after the bytes that were read, to look at; NULL: no
 * memory, or nothing was read */
social_html_t *ngx_http_social_filter_scan_state(
    ngx_http_social_filter_ctx_t *ctx);

/* no longer waits: the best place known so far */
social_html_answer_e ngx_http_social_filter_scan_settle(
    ngx_http_social_filter_ctx_t *ctx);

/* what is known once the answer is final; the meta data live as long as the
 * request */
off_t ngx_http_social_filter_scan_place(ngx_http_social_filter_ctx_t *ctx,
    social_html_answer_e answer);

/* the byte at that offset of the page in its copy, and in *n how many follow
 * that are the same; NULL: none.  Lives as long as the request */
u_char *ngx_http_social_filter_scan_same(ngx_http_social_filter_ctx_t *ctx,
    off_t at, size_t *n);


/* ngx_http_social_filter_learn.c: making the copy of a body that is read */

/* begins a copy, with what like has of the bytes that were read, if not NULL */
void ngx_http_social_filter_learn_begin(ngx_http_social_filter_ctx_t *ctx,
    ngx_http_social_filter_copy_t *like);

/* bytes were read; scan->at is behind them */
void ngx_http_social_filter_learn_bytes(ngx_http_social_filter_scan_t *scan,
    u_char *data, size_t len);

/* the answer is there: keeps the copy */
void ngx_http_social_filter_learn_done(ngx_http_social_filter_scan_t *scan);

/* frees the copy, which will not be complete; data: the scan */
void ngx_http_social_filter_learn_stop(void *data);


/* ngx_http_social_filter_copy.c: copies of bodies that were scanned */

/* the copy of the request's page, or NULL */
ngx_http_social_filter_copy_t *ngx_http_social_filter_copy_find(
    ngx_http_social_rec_t *rec);

/* a new one, empty, or with the bytes and marks of like before at; room: how
 * many bytes will come, if that is known.  NULL: no memory */
ngx_http_social_filter_copy_t *ngx_http_social_filter_copy_make(
    ngx_http_social_rec_t *rec, ngx_http_social_filter_copy_t *like, size_t at,
    size_t room);

/* NGX_ERROR: no memory, or too many */
ngx_int_t ngx_http_social_filter_copy_append(
    ngx_http_social_filter_copy_t *copy, u_char *data, size_t len);

/* appends a mark: size bytes, which the caller writes; NULL: no memory */
u_char *ngx_http_social_filter_copy_mark_add(
    ngx_http_social_filter_copy_t *copy, size_t size);

/* mark n, and its size */
u_char *ngx_http_social_filter_copy_mark(ngx_http_social_filter_copy_t *copy,
    ngx_uint_t n, size_t *size);

/* keeps a copy that is complete; it replaces one of the same page */
void ngx_http_social_filter_copy_keep(ngx_http_social_filter_copy_t *copy);

/* frees one that is not kept */
void ngx_http_social_filter_copy_discard(ngx_http_social_filter_copy_t *copy);


/* ngx_http_social_filter_kept.c: the bound of all that is kept of pages */

/* drops others if need be */
void ngx_http_social_filter_kept_add(ngx_http_social_filter_kept_t *kept);

/* it was used, and goes last */
void ngx_http_social_filter_kept_use(ngx_http_social_filter_kept_t *kept);

/* no longer kept; freed when no request has it pinned */
void ngx_http_social_filter_kept_drop(ngx_http_social_filter_kept_t *kept);

/* cln: of the request that pins it */
void ngx_http_social_filter_kept_pin(ngx_http_social_filter_kept_t *kept,
    ngx_pool_cleanup_t *cln);


/* ngx_http_social_filter_chain.c: the chains that go out */

/*
 * out: what may go of the held bytes and of in: all before the offset limit
 * (-1: everything), with the widget at ctx->place.  The rest is held.
 */
ngx_int_t ngx_http_social_filter_chain_cut(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in, off_t limit, ngx_chain_t **out);

/* marks all bytes of a chain as sent */
void ngx_http_social_filter_chain_consume(ngx_chain_t *in);

/* page and widget, from page->bytes and ranges of b's file; NULL: no memory */
ngx_chain_t *ngx_http_social_filter_chain_page(
    ngx_http_social_filter_ctx_t *ctx, ngx_http_social_filter_page_t *page,
    ngx_buf_t *b);


/* ngx_http_social_filter_inflate.c: pages that came compressed */

#if (NGX_ZLIB)

/* does the body begin as gzip does?  If not, logs an error */
ngx_uint_t ngx_http_social_filter_is_gzip(ngx_http_social_filter_ctx_t *ctx,
    ngx_buf_t *b);

ngx_int_t ngx_http_social_filter_inflate_start(
    ngx_http_social_filter_ctx_t *ctx);
ngx_int_t ngx_http_social_filter_inflate(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *in);

#endif


/* ngx_http_social_filter_gzip_static.c: files with a .gz beside them */

#if (NGX_ZLIB)

/* the file without ".gz" as a buffer, and its time; NULL: there is none */
ngx_buf_t *ngx_http_social_filter_gzip_static(ngx_http_request_t *r,
    ngx_buf_t *b, time_t *mtime);

/* makes the header that of the uncompressed file */
ngx_int_t ngx_http_social_filter_gzip_static_header(ngx_http_request_t *r,
    ngx_buf_t *uncompressed, time_t mtime);

#endif


/* ngx_http_social_filter_buffer.c: bytes that are held back */

/* holds the bytes of b from an offset on; b keeps those before it.  at: where
 * they are in the page */
ngx_int_t ngx_http_social_filter_buffer_hold(ngx_http_social_filter_ctx_t *ctx,
    ngx_buf_t *b, off_t from, off_t at);

/* a link with an empty block; ..._back() collects it once it is sent */
ngx_chain_t *ngx_http_social_filter_buffer_get(
    ngx_http_social_filter_ctx_t *ctx);

/* frees the links of a chain that went out, reuses blocks that are sent */
void ngx_http_social_filter_buffer_back(ngx_http_social_filter_ctx_t *ctx,
    ngx_chain_t *out);

/* a new buffer for the bytes from..to of b, which is in a file */
ngx_buf_t *ngx_http_social_filter_file_range(ngx_pool_t *pool, ngx_buf_t *b,
    off_t from, off_t to);


/* ngx_http_social_filter_page_cache.c: what a worker remembers of pages */

/*
 * The page in a file's buffer, from the cache or read now.  Pinned until the
 * request ends.  NULL: not readable or no memory; serve the file untouched.
 */
ngx_http_social_filter_page_t *ngx_http_social_filter_page_find(
    ngx_http_request_t *r, ngx_buf_t *b, social_html_mode_e mode);

/* for answers without a body: did a page with this header have a place? */
void ngx_http_social_filter_header_remember(ngx_http_social_filter_ctx_t *ctx);
ngx_uint_t ngx_http_social_filter_header_remembered(
    ngx_http_social_filter_ctx_t *ctx);


/* ngx_http_social_filter_file.c: reading and scanning files */

/* NGX_ERROR: cannot be read, or no memory.  *answer: the last, maybe MORE */
ngx_int_t ngx_http_social_filter_file_scan(ngx_http_social_filter_ctx_t *ctx,
    ngx_file_t *file, off_t from, off_t to, social_html_answer_e *answer);

/* the same for a large page: sets page->bytes to those around the place;
 * *answer is never MORE */
ngx_int_t ngx_http_social_filter_file_scan_large(social_html_t *scan,
    ngx_file_t *file, ngx_http_social_filter_page_t *page,
    social_html_answer_e *answer);

/* reads at most a block into a static buffer, valid until the next call;
 * the number of bytes, or NGX_ERROR */
ssize_t ngx_http_social_filter_file_piece(ngx_file_t *file, off_t from,
    off_t to, u_char **bytes);


/* ngx_http_social_filter_conditional.c: conditional requests */

/* PRECONTENT phase: waits for the widget, translates conditions */
ngx_int_t ngx_http_social_filter_precontent(ngx_http_request_t *r);


/* ngx_http_social_filter_etag.c */

/* the end of the tag [W/]"..." that begins at p, or NULL */
u_char *ngx_http_social_filter_etag_end(u_char *p, u_char *last);

/* "tag" + rev -> "tag-rev", a weak one stays weak; out is NUL-terminated.
 * NGX_DECLINED: tag is not an entity tag; NGX_ERROR: no memory */
ngx_int_t ngx_http_social_filter_etag(ngx_pool_t *pool, ngx_str_t *tag,
    ngx_str_t *rev, ngx_str_t *out);


#endif /* NGX_HTTP_SOCIAL_FILTER_H_INCLUDED */
