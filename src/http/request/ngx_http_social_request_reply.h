
/*
 * The only sender of responses.  Every function sends the whole answer and
 * returns what a content handler returns; callers that answer later pass it
 * to ngx_http_finalize_request().
 */

#ifndef NGX_HTTP_SOCIAL_REQUEST_REPLY_H_INCLUDED
#define NGX_HTTP_SOCIAL_REQUEST_REPLY_H_INCLUDED


#include "ngx_http_social.h"
#include "social_doc.h"
#include "social_out.h"


#define NGX_HTTP_SOCIAL_HTML  "text/html; charset=utf-8"
#define NGX_HTTP_SOCIAL_JSON  "application/json"

/* how an answer may be kept */

typedef enum {
    NGX_HTTP_SOCIAL_NO_STORE = 0,
    NGX_HTTP_SOCIAL_NO_CACHE,           /* revalidate: with ETag */
    NGX_HTTP_SOCIAL_IMMUTABLE
} ngx_http_social_cache_e;


/* the bytes must live as long as the request; "cache" other than NO_STORE
 * brings a strong ETag of them */
ngx_int_t ngx_http_social_request_reply(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, ngx_http_social_cache_e cache,
    ngx_str_t *body);

/* takes the bytes of out over; a failed one becomes 500 */
ngx_int_t ngx_http_social_request_reply_out(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, ngx_http_social_cache_e cache,
    social_out_t *out);

/* takes the document over */
ngx_int_t ngx_http_social_request_reply_json(ngx_http_request_t *r,
    ngx_uint_t status, ngx_http_social_cache_e cache, cJSON *doc);

/* a template as a page with Cache-Control: no-store; takes the document over */
ngx_int_t ngx_http_social_request_reply_page(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_uint_t status, const char *name,
    cJSON *doc);

ngx_int_t ngx_http_social_request_reply_empty(ngx_http_request_t *r,
    ngx_uint_t status);

/* 303; location is a path or, for shares, an absolute URL */
ngx_int_t ngx_http_social_request_reply_see_other(ngx_http_request_t *r,
    ngx_str_t *location);

/* the language of our pages, as an index: the site's */
ngx_uint_t ngx_http_social_request_language(ngx_http_social_site_t *site);

/* a language's text of that name, or the name */
const char *ngx_http_social_request_label(ngx_http_social_site_t *site,
    const char *name);

/* takes the bytes of out over, into r->pool; data NULL: it failed */
ngx_str_t ngx_http_social_request_out_str(ngx_http_request_t *r,
    social_out_t *out);

/* adds a header; text is copied */
ngx_int_t ngx_http_social_request_reply_header(ngx_http_request_t *r,
    const char *name, const char *text, size_t len);


#endif /* NGX_HTTP_SOCIAL_REQUEST_REPLY_H_INCLUDED */
