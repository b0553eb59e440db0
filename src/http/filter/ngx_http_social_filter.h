
/*
 * What the files of the filter room share: the state of one answer on its
 * way through, the memory of pages seen, the chains that go out.
 *
 *                 header filter             body filter
 *   candidate? ----> held ----> place? ----> header out ----> page + widget
 *                               |  file: remembered per descriptor (page)
 *                               |  else: scanned as it comes (stream)
 *
 * Runs in the event loop only.  Never touches the store.
 */

#ifndef NGX_HTTP_SOCIAL_FILTER_H_INCLUDED
#define NGX_HTTP_SOCIAL_FILTER_H_INCLUDED


#include "ngx_http_social_view.h"
#include "ngx_http_social_widget.h"


/* a free bit of r->buffered: nginx core, ssi, sub and copy own the rest */
#define NGX_HTTP_SOCIAL_BUFFERED   0x08

/* builds that a tool makes slow have more of it */
#ifndef NGX_HTTP_SOCIAL_PATIENCE
#define NGX_HTTP_SOCIAL_PATIENCE   100              /* ms, guarantee 1 */
#endif

#define NGX_HTTP_SOCIAL_FILTER_BUFFER      8192             /* of held bytes */
#define NGX_HTTP_SOCIAL_HEAD_MAX   (512 * 1024)     /* held with the header */
#define NGX_HTTP_SOCIAL_TAIL_MAX   (64 * 1024)      /* held behind it */
#define NGX_HTTP_SOCIAL_PAGE_MAX   (64 * 1024)      /* served from memory */
#define NGX_HTTP_SOCIAL_SCAN_MAX   (16 * 1024 * 1024)   /* of one file */

#define NGX_HTTP_SOCIAL_NO_PLACE   ((off_t) -1)


/* the headers that matter to us */
#define NGX_HTTP_SOCIAL_H_CACHE    1
#define NGX_HTTP_SOCIAL_H_EXPIRES  2
#define NGX_HTTP_SOCIAL_H_CSP      3
#define NGX_HTTP_SOCIAL_H_DISPO    4
#define NGX_HTTP_SOCIAL_H_DIGEST   5
#define NGX_HTTP_SOCIAL_H_ENCODING 6


/* which bytes a descriptor stood for, as far as stat can tell */

typedef struct {
    dev_t                        dev;
    ino_t                        ino;
    off_t                        size;
    struct timespec              mtime;
    struct timespec              ctime;
    off_t                        from;      /* of the page in the file */
    off_t                        to;
    social_html_mode_e           mode;
} ngx_http_social_ident_t;


/* a page as once read; immutable, counted references */

typedef struct {
    ngx_rbtree_node_t            node;      /* key: hash of ident */
    ngx_queue_t                  queue;     /* least recently used last */
    ngx_http_social_ident_t      ident;
    off_t                        place;     /* from the page's first byte */
    u_char                      *bytes;     /* of the page, or NULL: */
    off_t                        bytes_from;
    off_t                        bytes_to;  /* all of it, or about the place */
    size_t                       weight;    /* memory that it costs */
    ngx_uint_t                   refs;
    unsigned                     kept:1;    /* is in the tree */
    social_html_meta_t           meta;
} ngx_http_social_filter_page_t;


typedef enum {
    NGX_HTTP_SOCIAL_HOLDING = 0,    /* the header waits for the place */
    NGX_HTTP_SOCIAL_SEEKING,        /* it is out, the place is still open */
    NGX_HTTP_SOCIAL_DECIDED,        /* place is final, not yet passed */
    NGX_HTTP_SOCIAL_THROUGH         /* all that comes is passed on */
} ngx_http_social_state_e;


/* what the filter wants to know of a header before it holds it */

typedef struct {
    ngx_str_t                    encoding;      /* Content-Encoding */
    unsigned                     via_link:1;    /* CSP has a form-action */
    unsigned                     cache_rule:1;  /* Cache-Control, Expires */
    unsigned                     digest:1;
    unsigned                     gzip:1;        /* to be inflated */
    unsigned                     encoded:2;     /* 2: several times */
    unsigned                     refused:1;     /* leave it alone */
} ngx_http_social_look_t;


typedef struct ngx_http_social_inflate_s  ngx_http_social_inflate_t;


/* one answer; the filter's request context */

typedef struct {
    ngx_event_t                  timer;
    ngx_http_request_t          *request;
    ngx_http_social_rec_t       *rec;
    ngx_http_social_widget_t    *widget;
    ngx_http_social_state_e      state;

    social_html_t               *scan;      /* NULL until bytes are read */
    off_t                        place;     /* valid once final */
    off_t                        seen;      /* bytes of the page, so far */
    off_t                        passed;    /* those already handed on */

    ngx_chain_t                 *held;      /* copies and file ranges */
    ngx_chain_t                 *held_tail;
    size_t                       held_size; /* copied bytes in it */
    ngx_chain_t                 *free;      /* blocks to use again */
    ngx_chain_t                 *busy;
    ngx_buf_t                    mark;      /* a flush without bytes */

    ngx_http_social_inflate_t   *inflate;   /* or NULL: it came plain */
    ngx_http_social_look_t       look;

    unsigned                     final:1;       /* place is decided */
    unsigned                     last:1;        /* the page's end was seen */
    unsigned                     cut:1;         /* the source broke off */
    unsigned                     flush:1;       /* a held byte wanted out */
    unsigned                     failed:1;
    unsigned                     bodyless:1;    /* HEAD, or an error page
                                                 * was sent instead */
    unsigned                     guarded:1;     /* cleanup is set */
} ngx_http_social_ctx_t;


/* what: one of the headers that the filter knows; data: the caller's */

typedef void (*ngx_http_social_each_pt)(ngx_http_request_t *r,
    ngx_table_elt_t *h, ngx_uint_t what, void *data);


/* filter: ngx_http_social_filter.c */

ngx_int_t ngx_http_social_filter_init(ngx_conf_t *cf);

/* sends the held header, with the page's length or -1; consumes nothing */
ngx_int_t ngx_http_social_filter_send_header(ngx_http_social_ctx_t *ctx,
    off_t length);
ngx_int_t ngx_http_social_filter_output(ngx_http_social_ctx_t *ctx,
    ngx_chain_t *out);


/* candidate: ngx_http_social_filter_candidate.c */

/* the record, if by its header this answer may carry a widget, or NULL */
ngx_http_social_rec_t *ngx_http_social_filter_candidate(ngx_http_request_t *r,
    ngx_http_social_look_t *look);

/* can ASCII be put into a page that says this of itself? */
ngx_uint_t ngx_http_social_filter_meta_ok(const social_html_meta_t *meta);

void ngx_http_social_filter_look(ngx_http_request_t *r,
    ngx_http_social_look_t *look);

/* calls handler for each header of the answer that matters to us */
void ngx_http_social_filter_each_header(ngx_http_request_t *r,
    ngx_http_social_each_pt handler, void *data);

/* number of such a header, or 0 */
ngx_uint_t ngx_http_social_filter_header_name(ngx_str_t *key);


/* header: ngx_http_social_filter_header.c */

/* the header of a page with a widget; length of the page, or -1 */
ngx_int_t ngx_http_social_filter_header_widget(ngx_http_social_ctx_t *ctx,
    off_t length);

/* the header of a page without a place; it may have come compressed */
void ngx_http_social_filter_header_none(ngx_http_social_ctx_t *ctx,
    off_t length);

/* the header of a page whose place is not known: no validators */
ngx_int_t ngx_http_social_filter_header_open(ngx_http_social_ctx_t *ctx);

/* an upstream's 304 to a request that we translated */
ngx_int_t ngx_http_social_filter_header_304(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);


/* added: ngx_http_social_filter_add_header.c */

void ngx_http_social_filter_add_header_init(void);
void ngx_http_social_filter_add_header(ngx_http_request_t *r,
    ngx_http_social_each_pt handler, void *data);


/* stream: ngx_http_social_filter_stream.c */

ngx_int_t ngx_http_social_filter_stream(ngx_http_social_ctx_t *ctx,
    ngx_chain_t *in);
ngx_int_t ngx_http_social_filter_stream_wait(ngx_http_social_ctx_t *ctx);
void ngx_http_social_filter_stream_stop(ngx_http_social_ctx_t *ctx);


/* chain: ngx_http_social_filter_chain.c */

/* what may go out of held + in: all before limit, with the widget where
 * ctx->place says so; the rest is held.  limit -1: everything */
ngx_int_t ngx_http_social_filter_chain_cut(ngx_http_social_ctx_t *ctx,
    ngx_chain_t *in, off_t limit, ngx_chain_t **out);

void ngx_http_social_filter_chain_consume(ngx_chain_t *in);

/* page with widget, from memory and ranges of the file of b */
ngx_chain_t *ngx_http_social_filter_chain_page(ngx_http_social_ctx_t *ctx,
    ngx_http_social_filter_page_t *page, ngx_buf_t *b);


/* inflate: ngx_http_social_filter_inflate.c */

#if (NGX_ZLIB)

/* do the first bytes look like it?  Says so in the log where they do not */
ngx_uint_t ngx_http_social_filter_is_gzip(ngx_http_social_ctx_t *ctx,
    ngx_buf_t *b);

ngx_int_t ngx_http_social_filter_inflate_start(ngx_http_social_ctx_t *ctx);
ngx_int_t ngx_http_social_filter_inflate(ngx_http_social_ctx_t *ctx,
    ngx_chain_t *in);

#endif


/* plain: ngx_http_social_filter_gzip_static.c */

#if (NGX_ZLIB)

/* the plain file beside a compressed one, as a buffer, or NULL */
ngx_buf_t *ngx_http_social_filter_gzip_static(ngx_http_request_t *r,
    ngx_buf_t *b, time_t *mtime);
ngx_int_t ngx_http_social_filter_gzip_static_header(ngx_http_request_t *r,
    ngx_buf_t *plain, time_t mtime);

#endif


/* hold: ngx_http_social_filter_buffer.c */

/* keeps the bytes of b from an offset on; b keeps those before it */
ngx_int_t ngx_http_social_filter_buffer_hold(ngx_http_social_ctx_t *ctx,
    ngx_buf_t *b, off_t from);

/* a link with an empty block, which chain_back takes back */
ngx_chain_t *ngx_http_social_filter_buffer_get(ngx_http_social_ctx_t *ctx);

/* takes back the links of a chain that went out, and our blocks */
void ngx_http_social_filter_buffer_back(ngx_http_social_ctx_t *ctx,
    ngx_chain_t *out);

/* bytes of a file's buffer as a buffer of their own */
ngx_buf_t *ngx_http_social_filter_file_range(ngx_pool_t *pool, ngx_buf_t *b,
    off_t from, off_t to);


/* page: ngx_http_social_filter_page_cache.c */

/* the page in a file's buffer, remembered or read now, pinned until the
 * request ends; NULL: not readable, leave it alone */
ngx_http_social_filter_page_t *ngx_http_social_filter_page_find(
    ngx_http_request_t *r, ngx_buf_t *b, social_html_mode_e mode);

/* answers without a body: did a page with this header have a place? */
void ngx_http_social_filter_page_note(ngx_http_social_ctx_t *ctx);
ngx_uint_t ngx_http_social_filter_page_noted(ngx_http_social_ctx_t *ctx);


/* read: ngx_http_social_filter_file.c */

/* NGX_OK, or NGX_ERROR where the file cannot be read; *answer of the last
 * feed */
ngx_int_t ngx_http_social_filter_file_scan(social_html_t *scan,
    ngx_file_t *file, off_t from, off_t to, social_html_answer_e *answer);

/* the same for a large page, which keeps the bytes about its place; the
 * answer is final */
ngx_int_t ngx_http_social_filter_file_scan_near(social_html_t *scan,
    ngx_file_t *file, ngx_http_social_filter_page_t *page,
    social_html_answer_e *answer);

/* some bytes of a file, until the next call; how many, or an error */
ssize_t ngx_http_social_filter_file_piece(ngx_file_t *file, off_t from,
    off_t to, u_char **bytes);


/* conditional requests: ngx_http_social_filter_conditional.c */

/* PRECONTENT phase: waits for the widget, translates conditions */
ngx_int_t ngx_http_social_filter_precontent(ngx_http_request_t *r);


/* ETag: ngx_http_social_filter_etag.c */

/* behind the tag [W/]"..." at p, or NULL */
u_char *ngx_http_social_filter_etag_end(u_char *p, u_char *last);

/* "tag" + rev -> "tag-rev"; weak stays weak; NGX_DECLINED: not a tag */
ngx_int_t ngx_http_social_filter_etag(ngx_pool_t *pool, ngx_str_t *tag,
    ngx_str_t *rev, ngx_str_t *out);


#endif /* NGX_HTTP_SOCIAL_FILTER_H_INCLUDED */
