
/*
 * The only sender of responses.  Every function sends the whole answer and
 * returns what a content handler returns; a caller that is not a content
 * handler passes that to ngx_http_finalize_request().  Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_REQUEST_REPLY_H_INCLUDED
#define NGX_HTTP_SOCIAL_REQUEST_REPLY_H_INCLUDED


#include "ngx_http_social.h"
#include "social_doc.h"
#include "social_out.h"


#define NGX_HTTP_SOCIAL_HTML  "text/html; charset=utf-8"
#define NGX_HTTP_SOCIAL_JSON  "application/json"

/* Cache-Control of an answer */

typedef enum {
    NGX_HTTP_SOCIAL_NO_STORE = 0,
    NGX_HTTP_SOCIAL_NO_CACHE,           /* with an ETag to revalidate */
    NGX_HTTP_SOCIAL_PRIVATE,            /* the same, for one user only */
    NGX_HTTP_SOCIAL_IMMUTABLE
} ngx_http_social_cache_e;


/* the body must live as long as the request; unless cache is NO_STORE a 200
 * gets a strong ETag of it */
ngx_int_t ngx_http_social_request_reply(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, ngx_http_social_cache_e cache,
    ngx_str_t *body);

/* a weak ETag instead of the strong one of the body: what follows it means the
 * same, though not each byte is the same */
ngx_int_t ngx_http_social_request_reply_etag(ngx_http_request_t *r,
    uint64_t hash);

/* the hash in that strong ETag; for a body that is kept, it is kept, too */
uint64_t ngx_http_social_request_reply_tag(const u_char *data, size_t len);

/* 200 with a body that is kept and its tag, NO_CACHE */
ngx_int_t ngx_http_social_request_reply_kept(ngx_http_request_t *r,
    const char *type, ngx_str_t *body, uint64_t tag);

/* takes the memory of out over; if out has failed the answer is 500; a long
 * answer to a read is 503 if job_room() has none for it */
ngx_int_t ngx_http_social_request_reply_out(ngx_http_request_t *r,
    ngx_uint_t status, const char *type, ngx_http_social_cache_e cache,
    social_out_t *out);

/* takes the document over; for short ones: it is printed in the event loop */
ngx_int_t ngx_http_social_request_reply_json(ngx_http_request_t *r,
    ngx_uint_t status, ngx_http_social_cache_e cache, cJSON *doc);

/* renders the template `name` as a no-store page in a language of
 * site->page->languages; takes the document over */
ngx_int_t ngx_http_social_request_reply_page(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_uint_t language, ngx_uint_t status,
    const char *name, cJSON *doc);

ngx_int_t ngx_http_social_request_reply_empty(ngx_http_request_t *r,
    ngx_uint_t status);

/* 303 without a body; location is a path or, for shares, an absolute URL */
ngx_int_t ngx_http_social_request_reply_see_other(ngx_http_request_t *r,
    ngx_str_t *location);

/* the site's language as an index into site->page->languages */
ngx_uint_t ngx_http_social_request_language(ngx_http_social_site_t *site);

/* the text of that name in the site's language, or else the name */
const char *ngx_http_social_request_label(ngx_http_social_site_t *site,
    const char *name);

/* the same in another language */
const char *ngx_http_social_request_label_in(ngx_http_social_site_t *site,
    ngx_uint_t language, const char *name);

/* copies out into r->pool and frees it; data NULL: out has failed or there is
 * no memory */
ngx_str_t ngx_http_social_request_out_str(ngx_http_request_t *r,
    social_out_t *out);

/* adds a response header; text is copied, name is not */
ngx_int_t ngx_http_social_request_reply_header(ngx_http_request_t *r,
    const char *name, const char *text, size_t len);

/* a path of this server as readers see it: behind the path of `origin`, and
 * percent-encoded; data is NULL: no memory */
ngx_str_t ngx_http_social_request_public(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *path);


/* ngx_http_social_request_goal.c: phase handler, answers 503 to a browser that
 * asks for the page of a goal ahead */
ngx_int_t ngx_http_social_request_goal_handler(ngx_http_request_t *r);


#endif /* NGX_HTTP_SOCIAL_REQUEST_REPLY_H_INCLUDED */
