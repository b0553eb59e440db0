
/*
 * What other rooms ask the view room beyond ngx_http_social.h.
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_H_INCLUDED


#include "ngx_http_social.h"
#include "social_text.h"


ngx_int_t ngx_http_social_view_init(ngx_conf_t *cf);

/* the record if there is one already */
ngx_http_social_rec_t *ngx_http_social_rec_find(ngx_http_request_t *r);

/* may a key be an article of the site? *goal: it is that outcome's page */
ngx_uint_t ngx_http_social_key_article(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_http_social_goal_t **goal);

/* the id of a source's number, as log and store have it; NULL: none */
const char *ngx_http_social_source_id(ngx_uint_t number);

/* the record with its event decided, once the answer's header is out */
ngx_http_social_rec_t *ngx_http_social_resolve(ngx_http_request_t *r);
void ngx_http_social_resolve_goal(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* phase handlers */
ngx_int_t ngx_http_social_tag_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_social_log_handler(ngx_http_request_t *r);


#endif /* NGX_HTTP_SOCIAL_VIEW_H_INCLUDED */
