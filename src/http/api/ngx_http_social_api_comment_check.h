
/*
 * A comment as it was typed, checked and cleaned, before it is written.
 */

#ifndef NGX_HTTP_SOCIAL_API_COMMENT_CHECK_H_INCLUDED
#define NGX_HTTP_SOCIAL_API_COMMENT_CHECK_H_INCLUDED


#include "ngx_http_social_api.h"


/* copies in r->pool */

typedef struct {
    ngx_str_t    name, website, text;
    int64_t      parent;                /* 0: none */
    ngx_str_t    reason;                /* why it is held, "" if it is not */
} ngx_http_social_api_checked_t;


/* NGX_OK; NGX_DECLINED: refused and answered; NGX_ERROR: no memory */

ngx_int_t ngx_http_social_api_check_comment(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked);
ngx_int_t ngx_http_social_api_check_text(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked);

/* `limit comments`, for each kind of post apart */
ngx_int_t ngx_http_social_api_rate_limit(ngx_http_social_input_t *in,
    uint64_t what);

/* fills reason, from name, website and text */
void ngx_http_social_api_hold_reason(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked);


#endif /* NGX_HTTP_SOCIAL_API_COMMENT_CHECK_H_INCLUDED */
