
/*
 * The moderation location: what the module table needs of it.
 */

#ifndef NGX_HTTP_SOCIAL_ADMIN_MODERATE_H_INCLUDED
#define NGX_HTTP_SOCIAL_ADMIN_MODERATE_H_INCLUDED


#include "ngx_http_social_api.h"


/* content handler of social_moderate locations */
ngx_int_t ngx_http_social_admin_moderate_handler(ngx_http_request_t *r);

/* with in->base and in->author known */
ngx_int_t ngx_http_social_admin_moderate_list(ngx_http_social_input_t *in);
ngx_int_t ngx_http_social_admin_moderate_act(ngx_http_social_input_t *in);


#endif /* NGX_HTTP_SOCIAL_ADMIN_MODERATE_H_INCLUDED */
