
/*
 * The status location.
 */

#ifndef NGX_HTTP_SOCIAL_ADMIN_STATUS_H_INCLUDED
#define NGX_HTTP_SOCIAL_ADMIN_STATUS_H_INCLUDED


#include "ngx_http_social_api.h"


/* content handler of social_status locations; event loop only */
ngx_int_t ngx_http_social_admin_status_handler(ngx_http_request_t *r);


#endif /* NGX_HTTP_SOCIAL_ADMIN_STATUS_H_INCLUDED */
