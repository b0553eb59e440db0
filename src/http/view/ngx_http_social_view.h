
/*
 * What other rooms ask the view room beyond ngx_http_social.h.
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_H_INCLUDED


#include "ngx_http_social.h"
#include "social_text.h"


/* record and key: ngx_http_social_view.c */

/* the record if there is one already */
ngx_http_social_rec_t *ngx_http_social_view_rec_find(ngx_http_request_t *r);

/* may a key be an article of the site? *goal: it is that outcome's page */
ngx_uint_t ngx_http_social_view_key_article(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_http_social_goal_t **goal);

/* phase handler */
ngx_int_t ngx_http_social_view_tag_handler(ngx_http_request_t *r);


/* who, and from where: ngx_http_social_view_class.c */

ngx_int_t ngx_http_social_view_init(ngx_conf_t *cf);

/* set rec->class and rec->preview; rec->source and rec->shared */
void ngx_http_social_view_classify(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);
void ngx_http_social_view_find_source(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);



/* what came of it: ngx_http_social_view_log.c */

/* the record with its event decided, once the answer's header is out */
ngx_http_social_rec_t *ngx_http_social_view_resolve(ngx_http_request_t *r);

/* a view that a beacon may confirm, from now on */
void ngx_http_social_view_remember(ngx_http_request_t *r);

/* phase handler */
ngx_int_t ngx_http_social_view_log_handler(ngx_http_request_t *r);


#endif /* NGX_HTTP_SOCIAL_VIEW_H_INCLUDED */
