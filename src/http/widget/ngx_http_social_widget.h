
/*
 * The widget of an article: its bytes, the cache of them, and how a request
 * waits while they are loaded.
 *
 *   widget          which widget a page gets, and loading it by a job
 *   widget_render   its bytes, from what is known of the article
 *   widget_cache    rendered widgets, one cache per worker
 *   widget_wait     requests that wait for a widget
 *
 * Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED
#define NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED


#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


/* how long a request may wait, in ms; slow sanitizer builds set more */
#ifndef NGX_HTTP_SOCIAL_WIDGET_WAIT
#define NGX_HTTP_SOCIAL_WIDGET_WAIT     100
#endif

/* bytes, per worker; as much again for pages of threads */
#define NGX_HTTP_SOCIAL_WIDGET_CACHE  (8 << 20)


/* what a widget was made from; while this is the same, so is the widget */

typedef struct {
    ngx_atomic_uint_t           revision;   /* of the slot, 0: none */
    ngx_atomic_uint_t           withdrawn;  /* of the slot, 0: none */
    ngx_atomic_uint_t           epoch;      /* of the zone */
    ngx_uint_t                  week;       /* of the token */
    ngx_uint_t                  closed;     /* close= of `comments` */
} ngx_http_social_widget_version_t;


/* in each worker, from init_process */
ngx_int_t ngx_http_social_widget_worker(ngx_cycle_t *cycle);

/*
 * In the PRECONTENT phase, after access control.  NGX_OK: the article's widget
 * is pinned; NGX_AGAIN: the request waits for it, then its phases run again;
 * NGX_DECLINED: not an article, or not worth waiting.
 */
ngx_int_t ngx_http_social_widget_prepare(ngx_http_request_t *r);

/*
 * The widget for this page, pinned until the request ends; the fallback, if it
 * is not loaded.  Never waits.  via_link: the page's CSP has a form-action,
 * which would block the redirect of a share form.
 * NULL: no memory; serve the page untouched.
 */
ngx_http_social_widget_t *ngx_http_social_widget_pin(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_uint_t via_link);

/*
 * The page says of itself what the pinned widget does not know: pins one that
 * does.  NGX_AGAIN: it is loaded, and handler is called once it is pinned or
 * could not be loaded; NGX_DECLINED: it cannot be had now.
 */
ngx_int_t ngx_http_social_widget_renew(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, void (*handler)(ngx_http_request_t *r));

/* 1: the article is older than close= of `comments` says; slot may be NULL */
ngx_uint_t ngx_http_social_widget_is_closed(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot);

/*
 * The cache of pages of threads, and of the document of a thread, which is page
 * DOCUMENT.  find() sets the version of a page that is rendered now; NGX_OK: it
 * is in the cache, kept is valid until the request ends.  keep() takes out over
 * with a hash for its ETag, kept->tag, and sets kept->body; NGX_ERROR: no
 * memory.
 */

#define NGX_HTTP_SOCIAL_WIDGET_DOCUMENT  0xffffffff

typedef struct {
    ngx_str_t                   body;
    uint64_t                    tag;
} ngx_http_social_widget_kept_t;

ngx_int_t ngx_http_social_widget_thread_find(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *key, uint32_t page,
    ngx_http_social_widget_version_t *version,
    ngx_http_social_widget_kept_t *kept);
ngx_int_t ngx_http_social_widget_thread_keep(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *key, uint32_t page,
    ngx_http_social_widget_version_t *version, social_out_t *out,
    ngx_http_social_widget_kept_t *kept);

/* comments were left out of what was rendered, or it could not be: counts it
 * for health, and logs it once an hour for a site.  full: it is too long */
void ngx_http_social_widget_cut(ngx_http_social_site_t *site, const char *what,
    const char *key, ngx_uint_t full);

/* what readers see of an article has changed: all workers render it anew.
 * comments, change: the number of its approved comments as of that change of
 * the store.  withdrawn: something went or has other words now: the last widget
 * is no longer shown either while a new one cannot be loaded */
void ngx_http_social_widget_changed(ngx_http_social_site_t *site,
    ngx_str_t *key, int64_t comments, int64_t change, ngx_uint_t withdrawn);

/*
 * An article as templates need it, copied into one block that a job may take
 * to a thread; free() it.  NULL: no memory.
 */
social_render_article_t *ngx_http_social_widget_article(
    ngx_http_social_site_t *site, ngx_str_t *key);


#endif /* NGX_HTTP_SOCIAL_WIDGET_H_INCLUDED */
