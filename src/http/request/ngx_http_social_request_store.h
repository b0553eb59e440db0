
/*
 * A request that waits for the store, and what is answered where the store
 * fails.
 */

#ifndef NGX_HTTP_SOCIAL_REQUEST_STORE_H_INCLUDED
#define NGX_HTTP_SOCIAL_REQUEST_STORE_H_INCLUDED


#include "ngx_http_social_request.h"


/* 503 with Retry-After: the store is away */
ngx_int_t ngx_http_social_request_unavailable(ngx_http_social_input_t *in);

/* 404: there is no such comment */
ngx_int_t ngx_http_social_request_no_comment(ngx_http_social_input_t *in);

/* a handler that checks says NGX_DECLINED where it has answered a refusal */
ngx_int_t ngx_http_social_request_check_result(ngx_http_social_input_t *in,
    ngx_int_t rc);

/* the request's input, for a completion that only has the request */
ngx_http_social_input_t *ngx_http_social_request_input_of(
    ngx_http_request_t *r);

/*
 * Queues a write of this request, or a list of them linked by `next`, and
 * takes it over, also when it fails.  Once one of them is in the store
 * `written` answers; if none is, in->undo is called where it is set and an
 * error is sent.  Returns NGX_DONE, or the result of that error.
 */
ngx_int_t ngx_http_social_request_write(ngx_http_social_input_t *in,
    ngx_http_social_post_t *post, ngx_http_social_written_pt written);

/* frees a list of posts that are not queued after all */
void ngx_http_social_request_write_discard(ngx_http_social_post_t *post);

/* the store took a write, or what it says was so already */
ngx_uint_t ngx_http_social_request_wrote(social_write_t *write);


/*
 * A request that job_block() held is called again.  Returns its connection,
 * for ngx_http_run_posted_requests() when the request may be gone.
 */
ngx_connection_t *ngx_http_social_request_resume(ngx_http_request_t *r);


/*
 * Reading for a request: `run` fills a document in a thread, `answer` sends
 * it.  The request is blocked meanwhile.
 */

typedef struct ngx_http_social_read_s  ngx_http_social_read_t;

struct ngx_http_social_read_s {
    ngx_http_social_job_t       job;
    ngx_http_request_t         *request;
    ngx_http_social_input_t    *in;
    ngx_int_t                 (*answer)(ngx_http_social_read_t *read);

    /* parameters, copied */
    social_render_article_t      *article;        /* or NULL */
    int64_t                     id;
    uint32_t                    page, limit;
    unsigned char               commenter[SOCIAL_COMMENTER_LEN];
    unsigned                    known:1;        /* a commenter's cookie */
    time_t                      now;

    /* what came of it */
    social_out_t                out;            /* a page, or */
    cJSON                      *doc;            /* a document, or */
    social_comments_t           list;           /* comments */
};

ngx_http_social_read_t *ngx_http_social_request_read_alloc(
    ngx_http_social_input_t *in, ngx_http_social_run_pt run,
    ngx_int_t (*answer)(ngx_http_social_read_t *read));

/* the same for a larger structure that begins with one and has its run */
void ngx_http_social_request_read_init(ngx_http_social_read_t *read,
    ngx_http_social_input_t *in,
    ngx_int_t (*answer)(ngx_http_social_read_t *read));

/* frees a read that is not posted after all */
void ngx_http_social_request_read_discard(ngx_http_social_read_t *read);

/* NGX_DONE; takes the read over, also when it fails */
ngx_int_t ngx_http_social_request_read_post(ngx_http_social_read_t *read);


#endif /* NGX_HTTP_SOCIAL_REQUEST_STORE_H_INCLUDED */
