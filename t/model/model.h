
/*
 * A model of what stands around the filter: a content handler that hands it
 * buffers in every way that nginx's own do, and a client's side that takes
 * them, all, some or none, and looks at each.  The filter's files between
 * them are the real ones.
 *
 *   source ----> the filter ----> sink
 *      \---------- nginx ---------/      its memory, clock, files, log
 *
 * Everything follows from bytes (t/fuzz/chain.c): the same bytes, the same
 * run.  One request at a time; what must not be ends the process.
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
    unsigned                     no_widget:1;   /* no memory for it */

    size_t                       pool_size;     /* that the pool holds */
    ngx_int_t                    fail_at;       /* allocations until then */
    unsigned                     no_memory:1;   /* it was refused */
    ngx_int_t                    read_at;       /* reads until one fails */
    unsigned                     unread:1;      /* one failed */
    unsigned                     replaced:1;    /* by an error page */

    /* page: what the client is to get; wire: what the handler has of it */

    u_char                      *page;
    size_t                       page_len;
    u_char                      *wire;
    size_t                       wire_len;
} model_t;


typedef struct {
    ngx_uint_t                   headers;       /* calls of the next filter */
    ngx_int_t                    header_rc;     /* that they give */
    off_t                        length;        /* said in the header, or -1 */
    off_t                        budget;        /* that the client takes */
    ngx_int_t                    error_at;      /* calls until it is gone */
    unsigned                     gone:1;
    unsigned                     postpone:1;    /* small pieces wait */
    unsigned                     last:1;        /* last_buf has come */
    unsigned                     last_in_chain:1;

    size_t                       page;          /* bytes of the page, come */
    size_t                       flushed;       /* so many with a flush */
    size_t                       widget;        /* bytes of it, come */
    size_t                       place;         /* where */
    size_t                       waiting;       /* come and not sent */
    size_t                       error;         /* bytes of an error page */
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

/* told by the source: may it take its buffers' memory back, as a pipe does? */
extern ngx_uint_t    source_reuse;
extern size_t        source_at;         /* bytes of the wire given so far */


/* nginx.c */

__attribute__((noreturn))
void model_fail(const char *file, int line, const char *cond);

void model_begin(void);
void model_end(void);

/* so many milliseconds go by; 1 if a timer came to its end */
ngx_uint_t model_clock(ngx_msec_t ms);
ngx_uint_t model_timers(void);

/* an error page, as a handler that fails has it sent */
ngx_int_t model_error_page(ngx_int_t error);

/* the events that were posted; 1 if there was one */
ngx_uint_t model_posted(void);


/* source.c */

void source_begin(u_char *wire, size_t len, off_t in_file);
void source_end(void);
ngx_file_t *source_file(void);

/* the next bytes as a buffer behind the chain */
void source_add(ngx_chain_t **last, const model_buf_t *how);
void source_free_chain(ngx_chain_t *in);

/* takes back what has been sent; its bytes must still be what they were */
void source_recycle(void);

/* 1 if a byte between these offsets came in a file only */
ngx_uint_t source_is_file(size_t from, size_t to);

/* 1 if the filter has used up all that it was given */
ngx_uint_t source_used(void);


/* sink.c */

void sink_begin(void);
void sink_end(void);

/* the client takes what its budget allows; NGX_AGAIN if some is left */
ngx_int_t sink_send(void);

ngx_int_t sink_header_filter(ngx_http_request_t *r);
ngx_int_t sink_body_filter(ngx_http_request_t *r, ngx_chain_t *in);


#endif /* MODEL_H_INCLUDED */
