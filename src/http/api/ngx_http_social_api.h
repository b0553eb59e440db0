
/*
 * The routes under a social_api location.  A route is a row in the table of
 * ngx_http_social_api.c; the handlers are in these files:
 *
 *   api_comment_new    a new comment
 *   api_comment_check  fields, honeypot, rate limit, what is held
 *   api_preview        how a text will look
 *   api_comment_own    one's own comment: page, edit, delete; reports
 *   api_mine           all of one's own comments: list, erase
 *   api_read           lists, threads, counts, assets
 *   api_share          share, the beacon
 *   api_reaction       likes
 *   api_feed           feeds of comments and of replies
 *   api_answer         functions that several routes use
 *
 * Event loop only, but for the `run` functions of reads.
 */

#ifndef NGX_HTTP_SOCIAL_API_H_INCLUDED
#define NGX_HTTP_SOCIAL_API_H_INCLUDED


#include "ngx_http_social_request_reply.h"
#include "ngx_http_social_request_store.h"


#define NGX_HTTP_SOCIAL_API_EDIT_WINDOW  900    /* seconds, as in messages */

/* content handler of social_api locations */
ngx_int_t ngx_http_social_api_handler(ngx_http_request_t *r);

/* handlers of routes; the body of a POST, PATCH or DELETE is parsed, the query
 * string is not */

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
ngx_int_t ngx_http_social_api_feed_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_replies_get(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_replies_new(ngx_http_social_input_t *in);

ngx_int_t ngx_http_social_api_share(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_reaction(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_api_beacon(ngx_http_social_input_t *in);


/* ngx_http_social_api_answer.c */

/* "approved", "held", ...; "" for 0.  Any thread */
const char *ngx_http_social_api_state_name(ngx_uint_t state);

/* the document {"comment": ...} with its state; the caller owns it */
cJSON *ngx_http_social_api_comment_doc(const social_comment_t *comment);

/* a key as a path, with "#comment-ID" if id is not 0; data NULL: no memory, or
 * the key is empty */
ngx_str_t ngx_http_social_api_article_path(ngx_http_request_t *r,
    ngx_str_t *key, int64_t id);

/* the path of the page that shows an approved comment: the article's for page 0
 * or 1, else the thread's; data NULL: no memory, or the key is empty */
ngx_str_t ngx_http_social_api_comment_place(ngx_http_social_input_t *in,
    ngx_str_t *key, int64_t id, uint32_t page);

/* the path of a comment's own page; data NULL: no memory */
ngx_str_t ngx_http_social_api_comment_path(ngx_http_social_input_t *in,
    int64_t id);

/* the key of a write's article; points into the write */
ngx_str_t ngx_http_social_api_write_key(social_write_t *write);

/* 303 to a path of the above; 500 if its data is NULL */
ngx_int_t ngx_http_social_api_redirect(ngx_http_social_input_t *in,
    ngx_str_t path);

/* a page with the text `label` of the site's language and, unless key is empty,
 * a link to comment in->id of that article; 204 for JSON */
ngx_int_t ngx_http_social_api_notice(ngx_http_social_input_t *in,
    const char *label, ngx_str_t *key);


/* fills in the event's fields from a write that succeeded */
void ngx_http_social_api_comment_event(ngx_http_social_input_t *in,
    ngx_http_social_event_e event, social_write_t *write);

/* counts the visitor as active on this article, once a day: for a share.  Likes
 * count in the store, comments when the figures are read */
void ngx_http_social_api_count_active(ngx_http_social_input_t *in);

/* 1: a share or a like has counted the visitor as active on this article
 * today */
ngx_uint_t ngx_http_social_api_is_active(ngx_http_social_input_t *in);

/* `run` of a read: the comment read->id, in any state, into read->list, and
 * into read->page the page of its thread that shows it, or 0 */
int ngx_http_social_api_comment_run(ngx_http_social_job_t *job,
    social_store_t *store);


/* ngx_http_social_api_read.c: checks the argument `article`, a key of the site,
 * and sets rec->key, if there is one.  NGX_DECLINED: refused and answered */
ngx_int_t ngx_http_social_api_read_key_or_none(ngx_http_social_input_t *in);


#endif /* NGX_HTTP_SOCIAL_API_H_INCLUDED */
