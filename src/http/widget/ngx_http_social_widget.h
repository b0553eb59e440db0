
/*
 * The widget of an article: its bytes, the cache of them, and how a request
 * waits while they are loaded.
 *
 *   widget          which widget a page gets, and loading it by a job
 *   widget_render   its bytes, from what is known of the article
 *   widget_cache    rendered widgets, one cache a worker
 *   widget_wait     requests that wait, 100 ms at most
 */

#ifndef NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED
#define NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED


#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


/* msec a page waits at most; builds that a tool makes slow say more */
#ifndef NGX_HTTP_SOCIAL_WIDGET_WAIT
#define NGX_HTTP_SOCIAL_WIDGET_WAIT     100
#endif

#define NGX_HTTP_SOCIAL_WIDGET_CACHE  (8 << 20)     /* bytes, per worker */


ngx_int_t ngx_http_social_widget_worker(ngx_cycle_t *cycle);

/*
 * In the PRECONTENT phase, after access control.  NGX_OK: the widget of this
 * article is pinned; NGX_AGAIN: the request waits until it is loaded, and its
 * phases run again; NGX_DECLINED: no article, or nothing to wait for.
 */
ngx_int_t ngx_http_social_widget_prepare(ngx_http_request_t *r);

/*
 * The widget for this page, pinned until the request ends.  Never waits:
 * where it is not loaded the fallback comes.  via_link: the page's CSP has a
 * form-action that would block the redirect of a share form.
 * NULL: no memory; serve the page untouched.
 */
ngx_http_social_widget_t *ngx_http_social_widget_pin(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_uint_t via_link);

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
