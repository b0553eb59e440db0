
/*
 * The $social_* variables, for the module's table.
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_VARIABLES_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_VARIABLES_H_INCLUDED


#include "ngx_http_social.h"


/* from preconfiguration */
ngx_int_t ngx_http_social_view_add_variables(ngx_conf_t *cf);


#endif /* NGX_HTTP_SOCIAL_VIEW_VARIABLES_H_INCLUDED */
