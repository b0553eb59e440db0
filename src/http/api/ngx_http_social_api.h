
/*
 * The routes under a social_api location.  A route is a row in the table of
 * ngx_http_social_api.c; its handlers stand in a room by concern:
 *
 *   api_comment   a new comment; api_draft: what may be posted, preview
 *   api_own       one of one's own: page, edit, delete; a notice
 *   api_mine      all of them: list, erase
 *   api_read      lists, threads, counts, assets
 *   api_share     share, reactions, the beacon
 *   api_work      what they share: paths, reads, failures of the store
 */

#ifndef NGX_HTTP_SOCIAL_API_H_INCLUDED
#define NGX_HTTP_SOCIAL_API_H_INCLUDED


#include "ngx_http_social_request.h"
#include "ngx_http_social_job.h"
#include "ngx_http_social_request_reply.h"


ngx_int_t ngx_http_social_api_handler(ngx_http_request_t *r);

/* a route's handler gets its input parsed: ngx_http_social_input_pt */

ngx_int_t ngx_http_social_api_comment_new(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_comment_edit(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_comment_delete(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_comment_report(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_mine_erase(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_preview(ngx_http_social_input_t *in);

ngx_int_t ngx_http_social_api_asset(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_comments_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_comment_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_thread_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_mine_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_counts_get(ngx_http_social_input_t *in);

ngx_int_t ngx_http_social_api_share(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_reaction(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_beacon(ngx_http_social_input_t *in);


/* shared by the rooms: ngx_http_social_api_work.c */

/* "approved", "held", ...; "" for 0.  Any thread */
const char *ngx_http_social_api_state_name(ngx_uint_t state);

/* KEY as a path, with "#comment-ID" if id is not 0; data NULL: no memory */
ngx_str_t ngx_http_social_api_article_path(ngx_http_request_t *r,
    ngx_str_t *key, int64_t id);

/* the page of a comment for its writer; data NULL: no memory */
ngx_str_t ngx_http_social_api_comment_path(ngx_http_social_input_t *in,
    int64_t id);

/* 303 to a path of the two above */
ngx_int_t ngx_http_social_api_see(ngx_http_social_input_t *in, ngx_str_t path);

/* done, with a sentence of the language's table and a link to the article, to
 * comment in->id; 204 for JSON.  key may be empty */
ngx_int_t ngx_http_social_api_notice(ngx_http_social_input_t *in,
    const char *word, ngx_str_t *key);

/* what a write that failed is answered with */
ngx_int_t ngx_http_social_request_write_error(ngx_http_social_input_t *in,
    social_write_t *write);

ngx_int_t ngx_http_social_request_unavailable(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_no_comment(ngx_http_social_input_t *in);

/* a handler that checks says NGX_DECLINED where it has answered a refusal */
ngx_int_t ngx_http_social_request_checked(ngx_http_social_input_t *in,
    ngx_int_t rc);

/* the request's input, for a completion that only has the request */
ngx_http_social_input_t *ngx_http_social_request_input_of(
    ngx_http_request_t *r);

/* fills the event's fields from a write that came to something */
void ngx_http_social_api_comment_event(ngx_http_social_input_t *in,
    const char *event, social_write_t *write);

/* marks a visitor of this article as active today */
void ngx_http_social_api_active(ngx_http_social_input_t *in);

/* queues a write of this request; NGX_DONE.  Takes the post over */
ngx_int_t ngx_http_social_request_write(ngx_http_social_input_t *in,
    ngx_http_social_post_t *post);

/* the comment read->id, in any state, into read->list; a run of a read */
int ngx_http_social_api_comment_run(ngx_http_social_job_t *job,
    social_store_t *store);


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


#endif /* NGX_HTTP_SOCIAL_API_H_INCLUDED */
