
/*
 * What the two rooms of the widget share: the cache of rendered ones, and
 * the requests that wait for them.  For ngx_http_social_widget_cache.c and
 * ngx_http_social_widget.c.
 */

#ifndef NGX_HTTP_SOCIAL_WIDGET_CACHE_H_INCLUDED
#define NGX_HTTP_SOCIAL_WIDGET_CACHE_H_INCLUDED


#include "ngx_http_social_widget.h"
#include "social_token.h"


#define NGX_HTTP_SOCIAL_WIDGET_VIAS  4

/* the week whose token a widget rendered now carries */
#define ngx_http_social_widget_week()  ((ngx_uint_t) ngx_time() / SOCIAL_WEEK)


/* a widget and what the room knows of it; refs: the entry and requests */

typedef struct {
    ngx_http_social_widget_t    pub;        /* stands first */
    ngx_uint_t                  refs;
    size_t                      via[NGX_HTTP_SOCIAL_WIDGET_VIAS];
    ngx_uint_t                  nvia;
} ngx_http_social_widget_render_t;


/* what a widget was made from: it is as good as new while that stands */

typedef struct {
    ngx_atomic_uint_t           revision;   /* of the slot, 0: none */
    ngx_atomic_uint_t           epoch;      /* of the zone */
    ngx_uint_t                  week;       /* of the token */
} ngx_http_social_widget_version_t;


typedef struct {
    ngx_str_node_t              node;       /* site's index + key */
    ngx_queue_t                 lru;
    ngx_queue_t                 waiters;
    ngx_http_social_widget_render_t   *render;     /* NULL: not loaded */
    ngx_http_social_widget_version_t     version;      /* of render */
    unsigned                    loading:1;
    unsigned                    timed_out:1;     /* somebody waited in vain */
} ngx_http_social_widget_entry_t;


/* rendering; takes the bytes of out over */
ngx_http_social_widget_render_t *ngx_http_social_widget_render(
    social_out_t *out, time_t modified, ngx_uint_t fallback);

/* ... without comments, here and now */
ngx_http_social_widget_render_t *ngx_http_social_widget_render_empty(
    ngx_http_social_site_t *site, ngx_str_t *key, ngx_uint_t fallback);

/* one reference less; a handler of cleanups */
void ngx_http_social_widget_release(void *data);

/* the same widget, with one more field in its share forms */
ngx_http_social_widget_t *ngx_http_social_widget_with_via(
    ngx_http_request_t *r, ngx_http_social_widget_t *widget);


/* an entry found is the one used last */
ngx_http_social_widget_entry_t *ngx_http_social_widget_entry_find(
    ngx_http_social_site_t *site, ngx_str_t *key);
ngx_http_social_widget_entry_t *ngx_http_social_widget_entry_make(
    ngx_http_social_site_t *site, ngx_str_t *key);

/* takes the reference over */
void ngx_http_social_widget_entry_set(ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_render_t *render,
    ngx_http_social_widget_version_t *version);

/* what a widget made now is made from */
void ngx_http_social_widget_version(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_http_social_widget_version_t *version);

ngx_uint_t ngx_http_social_widget_entry_fresh(
    ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version);


#endif /* NGX_HTTP_SOCIAL_WIDGET_CACHE_H_INCLUDED */
