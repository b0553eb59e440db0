
/*
 * The cache of rendered widgets, one a worker, and how requests wait for it.
 */

#ifndef NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED
#define NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED


#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


/* msec a page waits at most; builds that a tool makes slow say more */
#ifndef NGX_HTTP_SOCIAL_WAIT
#define NGX_HTTP_SOCIAL_WAIT     100
#endif

#define NGX_HTTP_SOCIAL_CACHE    (8 << 20)  /* bytes of widgets a worker */


/* the addresses that pages name, once all locations are known */
ngx_int_t ngx_http_social_conf_page_finish(ngx_conf_t *cf,
    ngx_http_social_site_t *site);

ngx_int_t ngx_http_social_widget_worker(ngx_cycle_t *cycle);

/* PRECONTENT phase: parks a page whose widget is not loaded yet */
ngx_int_t ngx_http_social_widget_handler(ngx_http_request_t *r);

/* what readers see of an article has changed: every worker renders anew */
void ngx_http_social_widget_changed(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_int_t comments);

/*
 * What a document needs to know of an article, copied into one malloc'ed
 * block: it may travel to a thread.  NULL: no memory.
 */
social_render_article_t *ngx_http_social_widget_article(
    ngx_http_social_site_t *site, ngx_str_t *key);


#endif /* NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED */
