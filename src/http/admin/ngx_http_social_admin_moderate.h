
/*
 * The moderation location.  Event loop only, but for the `run` functions of
 * reads.
 */

#ifndef NGX_HTTP_SOCIAL_ADMIN_MODERATE_H_INCLUDED
#define NGX_HTTP_SOCIAL_ADMIN_MODERATE_H_INCLUDED


#include "ngx_http_social_api.h"


/* content handler of social_moderate locations */
ngx_int_t ngx_http_social_admin_moderate_handler(ngx_http_request_t *r);

/* GET and POST of it: in->base and in->author are set, the cookie is not
 * looked at.  Return what a content handler returns */
ngx_int_t ngx_http_social_admin_moderate_list(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_admin_moderate_act(ngx_http_social_input_t *in);

/* the same for ?view=log and ?view=export; the arguments are parsed */
ngx_int_t ngx_http_social_admin_log(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_admin_export(ngx_http_social_input_t *in);

/* single actions: a thread to another article, the last action back, all is
 * seen, all author cookies end */
ngx_int_t ngx_http_social_admin_move(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_admin_undo(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_admin_look(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_admin_signout(ngx_http_social_input_t *in);

/* written_pt of a move, and of one that was taken back */
ngx_int_t ngx_http_social_admin_moved(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n);

/* written_pt: a new state or text of comments */
ngx_int_t ngx_http_social_admin_act_written(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n);

/* writes of one action, which have one entry in the log; NULL: no memory */
ngx_http_social_job_write_t *ngx_http_social_admin_posts(
    ngx_http_social_input_t *in, social_write_e type, social_act_e act,
    const int64_t *ids, ngx_uint_t n, ngx_str_t *to);


/* ngx_http_social_admin_moderate_answer.c */

/* answers an action of which at least one write succeeded; a written_pt */
ngx_int_t ngx_http_social_admin_act_answer(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n);

/* 409: nothing was done, because comments are not what the moderator saw */
ngx_int_t ngx_http_social_admin_act_changed_answer(
    ngx_http_social_input_t *in, ngx_http_social_job_write_t **posts,
    ngx_uint_t n);

/* the event's fields are those of the first comment, but with all ids */
void ngx_http_social_admin_act_event(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n);

/* the number in the name of an action, "a12"; 0: it is none */
int64_t ngx_http_social_admin_act_number(const u_char *data, size_t len);


/* ngx_http_social_admin_moderate_item.c, any thread: a comment of the queue,
 * for the page and for programs; base: path of the location; looked: 0: nothing
 * is marked as new */
cJSON *ngx_http_social_admin_item(ngx_http_social_site_t *site,
    ngx_uint_t language, const social_str_t *base, int64_t looked,
    social_comment_t *comment);
cJSON *ngx_http_social_admin_item_json(social_comment_t *comment);

/* adds {"time", "time_text"}, or null for 0 */
void ngx_http_social_admin_item_time(cJSON *item, const char *name,
    ngx_http_social_site_t *site, ngx_uint_t language, int64_t at);


/* an entry of the log as a document, for the pages; any thread */
cJSON *ngx_http_social_admin_logged(ngx_http_social_site_t *site,
    ngx_uint_t language, const social_logged_t *act);


#endif /* NGX_HTTP_SOCIAL_ADMIN_MODERATE_H_INCLUDED */
