
/*
 * A request that waits for a read or a write of the store, and the errors it
 * gets when that fails.  Event loop only, but for the `run` of a read.
 */

#ifndef NGX_HTTP_SOCIAL_REQUEST_STORE_H_INCLUDED
#define NGX_HTTP_SOCIAL_REQUEST_STORE_H_INCLUDED


#include "ngx_http_social_request.h"


/* 503 with Retry-After: the store does not work */
ngx_int_t ngx_http_social_request_unavailable(ngx_http_social_input_t *in);

/* 404: there is no such comment */
ngx_int_t ngx_http_social_request_no_comment(ngx_http_social_input_t *in);

/* what a content handler returns after a check that was not NGX_OK:
 * NGX_DECLINED, refused and answered, or NGX_ERROR, no memory */
ngx_int_t ngx_http_social_request_check_result(ngx_http_social_input_t *in,
    ngx_int_t rc);

/* the input of a request that has one */
ngx_http_social_input_t *ngx_http_social_request_input_of(
    ngx_http_request_t *r);

/*
 * Queues a write of this request, or a list of them linked by `next`, and
 * takes it over.  When they are committed, and at least one succeeded,
 * `written` answers; otherwise, also if they could not be queued, in->undo is
 * called if it is set and an error is sent.  Returns NGX_DONE, or the result of
 * sending an error at once.
 */
ngx_int_t ngx_http_social_request_write(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t *post, ngx_http_social_written_pt written);

/* 1 if a write succeeded, also when it changed nothing */
ngx_uint_t ngx_http_social_request_wrote(social_write_t *write);


/*
 * Undoes ngx_http_social_job_block() when a request can go on.  Returns its
 * connection: take it for ngx_http_run_posted_requests(), as the request may
 * have been freed by then.
 */
ngx_connection_t *ngx_http_social_request_resume(ngx_http_request_t *r);


/*
 * A read for a request: `run` fills in the results in a pool thread, `answer`
 * sends them from the event loop.  The request cannot be freed meanwhile, but
 * it may be answered before `run` is done, which must not touch it nor `in`.
 *
 * A client may have READS waiting reads in a worker, all answers that are being
 * sent have a limit in bytes: beyond these the answer is 429 or 503.
 */

#define NGX_HTTP_SOCIAL_REQUEST_READS  16

typedef struct ngx_http_social_read_s  ngx_http_social_read_t;

struct ngx_http_social_read_s {
    ngx_http_social_job_t       job;
    ngx_http_request_t         *request;
    ngx_http_social_input_t    *in;
    ngx_int_t                 (*answer)(ngx_http_social_read_t *read);

    /* parameters, copied */
    social_render_article_t    *article;        /* or NULL; malloc'ed */
    int64_t                     id;
    u_char                      origin[SOCIAL_ORIGIN_MAX];
    size_t                      norigin;        /* id of another system, in
                                                 * place of id; 0: none */
    uint32_t                    page, limit;
    unsigned char               commenter[SOCIAL_COMMENTER_LEN];
    unsigned                    known:1;        /* commenter is filled in */
    time_t                      now;
    ngx_uint_t                  client;         /* of the reads that wait, from
                                                 * 1; 0: does not count */

    /* results, freed with the read */
    social_out_t                out;            /* a page or document */
    social_comments_t           list;
    ngx_uint_t                  cut;            /* out lacks comments */
};

/* NULL: no memory */
ngx_http_social_read_t *ngx_http_social_request_read_alloc(
    ngx_http_social_input_t *in, ngx_http_social_job_run_pt run,
    ngx_int_t (*answer)(ngx_http_social_read_t *read));

/* initializes a read at the head of a larger structure that job_alloc() made;
 * job.run is set already */
void ngx_http_social_request_read_init(ngx_http_social_read_t *read,
    ngx_http_social_input_t *in,
    ngx_int_t (*answer)(ngx_http_social_read_t *read));

/* frees a read that was not posted */
void ngx_http_social_request_read_discard(ngx_http_social_read_t *read);

/* posts a read and takes it over; NGX_DONE, or the result of sending an error
 * at once */
ngx_int_t ngx_http_social_request_read_post(ngx_http_social_read_t *read);


#endif /* NGX_HTTP_SOCIAL_REQUEST_STORE_H_INCLUDED */
