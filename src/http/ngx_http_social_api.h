
/*
 * The routes under a social_api location.  A route is a row in the table of
 * ngx_http_social_api.c; its handlers stand in a room by concern:
 *
 *   api_comment   new, edit, delete, report
 *   api_read      lists, own comments, threads, counts, assets
 *   api_share     share, reactions, the beacon
 */

#ifndef NGX_HTTP_SOCIAL_API_H_INCLUDED
#define NGX_HTTP_SOCIAL_API_H_INCLUDED


#include "ngx_http_social_input.h"
#include "ngx_http_social_job.h"
#include "ngx_http_social_reply.h"


ngx_int_t ngx_http_social_api_handler(ngx_http_request_t *r);

/* a handler gets its input parsed and answers; NGX_DONE: it will later */
typedef ngx_int_t (*ngx_http_social_route_pt)(ngx_http_social_input_t *in);

ngx_int_t ngx_http_social_comment_new(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_comment_edit(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_comment_delete(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_comment_report(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_mine_erase(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_preview(ngx_http_social_input_t *in);

ngx_int_t ngx_http_social_asset(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_comments_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_comment_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_thread_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_mine_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_counts_get(ngx_http_social_input_t *in);

ngx_int_t ngx_http_social_share(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_reaction(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_beacon(ngx_http_social_input_t *in);


/* shared by the rooms */

/* KEY as a path, with "#comment-ID" if id is not 0; data NULL: no memory */
ngx_str_t ngx_http_social_article_path(ngx_http_request_t *r, ngx_str_t *key,
    int64_t id);

/* a decimal id in r->pool */
ngx_str_t ngx_http_social_id_text(ngx_http_request_t *r, int64_t id);

/* what a write that failed is answered with; NGX_OK: it did not fail */
ngx_int_t ngx_http_social_write_error(ngx_http_social_input_t *in,
    social_write_t *write);

ngx_int_t ngx_http_social_unavailable(ngx_http_social_input_t *in);

/* the request's input, for a completion that only has the request */
ngx_http_social_input_t *ngx_http_social_input_of(ngx_http_request_t *r);

/* fills the event's fields from a write that came to something */
void ngx_http_social_comment_event(ngx_http_social_input_t *in,
    const char *event, social_write_t *write);

/* marks a visitor of this article as active today */
void ngx_http_social_active(ngx_http_social_input_t *in);


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
    void                      (*drop)(ngx_http_social_read_t *read);
                                            /* frees what a larger structure
                                             * holds, or NULL */

    /* parameters, copied */
    social_page_article_t      *article;        /* or NULL */
    int64_t                     id;
    uint32_t                    page, limit;
    unsigned char               commenter[SOCIAL_COMMENTER_LEN];
    unsigned                    known:1;        /* a commenter's cookie */
    time_t                      now;

    /* what came of it */
    ngx_uint_t                  status;         /* 200, 303, 404 */
    social_out_t                out;            /* a page, or */
    cJSON                      *doc;            /* a document, or */
    social_comments_t          *own;            /* a comment of one's own */
    char                        key[SOCIAL_KEY_MAX + 1];
};

ngx_http_social_read_t *ngx_http_social_read_alloc(
    ngx_http_social_input_t *in, ngx_http_social_run_pt run,
    ngx_int_t (*answer)(ngx_http_social_read_t *read));

/* the same for a larger structure that begins with one and has its run */
void ngx_http_social_read_init(ngx_http_social_read_t *read,
    ngx_http_social_input_t *in,
    ngx_int_t (*answer)(ngx_http_social_read_t *read));

/* frees a read that is not posted after all */
void ngx_http_social_read_discard(ngx_http_social_read_t *read);

/* NGX_DONE; takes the read over, also when it fails */
ngx_int_t ngx_http_social_read_post(ngx_http_social_read_t *read);


#endif /* NGX_HTTP_SOCIAL_API_H_INCLUDED */
