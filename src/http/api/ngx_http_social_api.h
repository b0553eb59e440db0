
/*
 * The routes under a social_api location.  A route is a row in the table of
 * ngx_http_social_api.c; its handlers stand in a file by concern:
 *
 *   api_comment_new    a new comment
 *   api_comment_check  fields, honeypot, rate limit, what is held; preview
 *   api_comment_own    a comment of one's own: page, edit, delete; a report
 *   api_mine           all of them: list, erase
 *   api_read           lists, threads, counts, assets
 *   api_share          share, reactions, the beacon
 *   api_answer         what the routes share
 */

#ifndef NGX_HTTP_SOCIAL_API_H_INCLUDED
#define NGX_HTTP_SOCIAL_API_H_INCLUDED


#include "ngx_http_social_request_reply.h"
#include "ngx_http_social_request_store.h"


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


/* shared by the routes: ngx_http_social_api_answer.c */

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


/* fills the event's fields from a write that came to something */
void ngx_http_social_api_comment_event(ngx_http_social_input_t *in,
    ngx_http_social_event_e event, social_write_t *write);

/* marks a visitor of this article as active today */
void ngx_http_social_api_active(ngx_http_social_input_t *in);

/* the comment read->id, in any state, into read->list; a run of a read */
int ngx_http_social_api_comment_run(ngx_http_social_job_t *job,
    social_store_t *store);


#endif /* NGX_HTTP_SOCIAL_API_H_INCLUDED */
