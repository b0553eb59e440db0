
/*
 * A view: which article a request asks for, who asks, where from, and what
 * came of it.
 *
 *   view             the record of a request
 *   view_article     the article: key, patterns, what the page says
 *   view_tag         the share tag in the query
 *   view_visitor     daily hash of a visitor
 *   view_cookie      the author's and the commenter's cookie
 *   view_class       class and source of a view
 *   view_log         the event, and counting it in the log phase
 *   view_variables   $social_...
 */

#ifndef NGX_HTTP_SOCIAL_VIEW_H_INCLUDED
#define NGX_HTTP_SOCIAL_VIEW_H_INCLUDED


#include "ngx_http_social.h"
#include "social_text.h"


/* the record: ngx_http_social_view.c */

/* the record of the main request, made on first use; NULL: not a main
 * request, no site here, or no memory */
ngx_http_social_rec_t *ngx_http_social_view_rec(ngx_http_request_t *r);

/* the record if there is one already */
ngx_http_social_rec_t *ngx_http_social_view_rec_find(ngx_http_request_t *r);


/* the article: ngx_http_social_view_article.c */

/* may this request's answer be an article? key and patterns only */
ngx_uint_t ngx_http_social_view_is_article(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);

/* 1 if the key matches, as a location with that pattern would */
ngx_uint_t ngx_http_social_view_match(ngx_http_social_pattern_t *pattern,
    ngx_str_t *key);

/* may a key be an article of the site? *goal: it is that outcome's page */
ngx_uint_t ngx_http_social_view_key_article(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_http_social_goal_t **goal);

/* the filter sends an article's page: 200, HTML, and it has a place for the
 * widget.  meta: what the page says about itself, or NULL (304, HEAD) */
void ngx_http_social_view_served(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, const social_html_meta_t *meta);


/* the share tag: ngx_http_social_view_tag.c */

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

/* log phase */
ngx_int_t ngx_http_social_view_log_handler(ngx_http_request_t *r);


/* names, as the variables have them: ngx_http_social_view_variables.c */

/* "" for NGX_HTTP_SOCIAL_NO_EVENT and NGX_HTTP_SOCIAL_NO_VIEW */
ngx_str_t *ngx_http_social_view_event_name(ngx_http_social_event_e event);
ngx_str_t *ngx_http_social_view_class_name(
    ngx_http_social_view_class_e class);


#endif /* NGX_HTTP_SOCIAL_VIEW_H_INCLUDED */
