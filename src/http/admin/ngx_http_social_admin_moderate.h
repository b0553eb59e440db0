
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

/* the action "signout" */
ngx_int_t ngx_http_social_admin_signout(ngx_http_social_input_t *in);

/* answers an action of which at least one write succeeded; a written_pt */
ngx_int_t ngx_http_social_admin_act_answer(ngx_http_social_input_t *in,
    ngx_http_social_job_write_t **posts, ngx_uint_t n);


#endif /* NGX_HTTP_SOCIAL_ADMIN_MODERATE_H_INCLUDED */
