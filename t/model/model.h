
/*
 * A model of the filter's neighbours: a content handler (source) that gives it
 * buffers of every kind that nginx's handlers give, and the filters below with
 * a client (sink) that takes all, some or none of them and checks each.  The
 * filter's own files are the real ones.
 *
 *   source ----> the filter ----> sink
 *      \---------- nginx ---------/      memory, clock, files, log
 *
 * A run depends only on the bytes given to t/fuzz/chain.c.  One request at a
 * time.  A condition that does not hold (MUST) aborts the process.
 */

#ifndef MODEL_H_INCLUDED
#define MODEL_H_INCLUDED


#include "ngx_http_social_filter.h"


#define MODEL_WIDGET   "<section data-social=\"/a\">a widget</section>"
#define MODEL_MAX      (2 * 1024 * 1024)    /* bytes of a page */

#define MUST(cond)                                                            \
    do {                                                                      \
        if (!(cond)) {                                                        \
            model_fail(__FILE__, __LINE__, #cond);                            \
        }                                                                     \
    } while (0)


typedef struct {
    ngx_http_request_t           r;
    ngx_http_upstream_t          upstream;
    ngx_connection_t             c;
    ngx_event_t                  write;
    ngx_log_t                    log;
    ngx_http_log_ctx_t           log_ctx;
    void                        *ctx[2];
    void                        *loc_conf[2];

    ngx_http_social_loc_conf_t   loc;
    ngx_http_social_site_t       site;
    ngx_http_social_rec_t        rec;
    ngx_http_social_widget_t     widget;
    ngx_uint_t                   served;
    unsigned                     no_widget:1;   /* widget_pin() fails */

    size_t                       pool_size;     /* bytes in use */
    ngx_int_t                    fail_at;       /* this allocation fails */
    unsigned                     no_memory:1;   /* one has failed */
    ngx_int_t                    read_at;       /* this read of a file fails */
    unsigned                     unread:1;      /* one has failed */
    unsigned                     replaced:1;    /* by an error page */

    /* page: what the client must get; wire: what the handler has, page or
     * page compressed */

    u_char                      *page;
    size_t                       page_len;
    u_char                      *wire;
    size_t                       wire_len;
} model_t;


typedef struct {
    ngx_uint_t                   headers;       /* calls of the next filter */
    ngx_int_t                    header_rc;     /* that they return */
    off_t                        length;        /* Content-Length, or -1 */
    off_t                        budget;        /* bytes that the client still
                                                 * takes, -1: all */
    ngx_int_t                    error_at;      /* the client leaves then */
    unsigned                     gone:1;        /* it has left */
    unsigned                     postpone:1;    /* small pieces wait */
    unsigned                     last:1;        /* last_buf was received */
    unsigned                     last_in_chain:1;

    /* bytes received */
    size_t                       page;          /* of the page */
    size_t                       flushed;       /* of it before a flush */
    size_t                       widget;        /* of the widget */
    size_t                       place;         /* page bytes before it */
    size_t                       waiting;       /* and not sent yet */
    size_t                       error;         /* of an error page */
    ngx_uint_t                   syncs;
    ngx_uint_t                   specials;
    ngx_uint_t                   calls;
    ngx_int_t                    rc;            /* of the last call */
} model_sink_t;


/* how the next buffers are made */

typedef struct {
    size_t                       size;
    unsigned                     kind:4;        /* SOURCE_* */
    unsigned                     flush:1;
    unsigned                     sync:1;
    unsigned                     recycled:1;
    unsigned                     last:1;
    unsigned                     last_in_chain:1;
} model_buf_t;

enum {
    SOURCE_TEMPORARY = 0,
    SOURCE_MEMORY,
    SOURCE_MMAP,
    SOURCE_FILE,
    SOURCE_TEMP_FILE,
    SOURCE_BOTH,
    SOURCE_SPECIAL
};


extern model_t       model;
extern model_sink_t  sink;
extern u_char        model_error[13];

/* 1: the source frees the memory of consumed buffers, as a pipe does */
extern ngx_uint_t    source_reuse;
extern size_t        source_at;         /* bytes of the wire given so far */


/* nginx.c */

__attribute__((noreturn))
void model_fail(const char *file, int line, const char *cond);

void model_begin(void);
void model_end(void);

/* moves the clock on; returns how many timers fired */
ngx_uint_t model_clock(ngx_msec_t ms);
ngx_uint_t model_timers(void);

/* sends an error page, as nginx does when a handler fails */
ngx_int_t model_error_page(ngx_int_t error);

/* removes posted events; 1 if there was one */
ngx_uint_t model_posted(void);


/* before.c */

/* the page comes from an application, and arrives as it is */
void model_proxied(const u_char *page, size_t len);

/* gives the filter all of the wire, in pieces; the client has the page then */
void model_pieces(size_t len, size_t piece);

/* these two outside of model_begin() and model_end() */

/* the filter has no copy of the page */
void model_forget(void);

/* an earlier answer for the page, with these bytes; whole: its length was
 * announced */
void model_before(const u_char *page, size_t len, social_html_mode_e mode,
    ngx_uint_t whole);


/* source.c */

void source_begin(u_char *wire, size_t len, off_t in_file);
void source_end(void);
ngx_file_t *source_file(void);

/* appends a buffer with the next bytes to the chain */
void source_add(ngx_chain_t **last, const model_buf_t *how);
void source_free_chain(ngx_chain_t *in);

/* checks and takes back buffers that are consumed: unchanged but pos, last */
void source_recycle(void);

/* 1 if a byte between these offsets was given only in a file */
ngx_uint_t source_is_file(size_t from, size_t to);

/* 1 if the filter has consumed all buffers */
ngx_uint_t source_used(void);


/* sink.c */

void sink_begin(void);
void sink_end(void);

/* sends what the client's budget allows; NGX_AGAIN if some is left */
ngx_int_t sink_send(void);

ngx_int_t sink_header_filter(ngx_http_request_t *r);
ngx_int_t sink_body_filter(ngx_http_request_t *r, ngx_chain_t *in);


#endif /* MODEL_H_INCLUDED */
