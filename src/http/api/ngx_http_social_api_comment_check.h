
/*
 * Checks of what readers send: the fields of a comment, the honeypot, the rate
 * limit, and whether a comment is held.  Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_API_COMMENT_CHECK_H_INCLUDED
#define NGX_HTTP_SOCIAL_API_COMMENT_CHECK_H_INCLUDED


#include "ngx_http_social_api.h"


/* a comment that was checked: cleaned copies in r->pool */

typedef struct {
    ngx_str_t    name, website, text;
    int64_t      parent;                /* 0: none */
    ngx_str_t    reason;                /* why it is held; "": it is not */
    unsigned     all:1;                 /* only because all are */
} ngx_http_social_api_checked_t;


/* the checks return NGX_OK; NGX_DECLINED: refused and answered; NGX_ERROR: no
 * memory */

/* name, website, text and parent of a new comment; and whether it is held */
ngx_int_t ngx_http_social_api_check_comment(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked);

/* only the text */
ngx_int_t ngx_http_social_api_check_text(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked);

/* the rate limit `limit comments`; each `kind` of request has its own: 'c' for
 * comments, edits and reactions, 'r' for reports, 'p' for previews, of which
 * there may be more */
ngx_int_t ngx_http_social_api_rate_limit(ngx_http_social_input_t *in,
    uint64_t kind);

/* the same for new comments of one article, by all clients together */
ngx_int_t ngx_http_social_api_article_limit(ngx_http_social_input_t *in);

/* decides whether a comment is held for the moderator: sets checked->reason.
 * Unless it is the honeypot, `block` comes first: see unread of a write */
void ngx_http_social_api_hold_reason(ngx_http_social_input_t *in,
    ngx_http_social_api_checked_t *checked);


#endif /* NGX_HTTP_SOCIAL_API_COMMENT_CHECK_H_INCLUDED */
