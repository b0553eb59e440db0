
/*
 * Rendered widgets and the cache of them, for the files of the widget room.
 * Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_WIDGET_CACHE_H_INCLUDED
#define NGX_HTTP_SOCIAL_WIDGET_CACHE_H_INCLUDED


#include "ngx_http_social_widget.h"
#include "social_token.h"


#define NGX_HTTP_SOCIAL_WIDGET_VIAS  4

/* the week of the token in a widget that is rendered now */
#define ngx_http_social_widget_week()  ((ngx_uint_t) ngx_time() / SOCIAL_WEEK)


typedef struct {
    ngx_http_social_widget_t    pub;        /* first: is cast to render_t */
    ngx_http_social_widget_t    with_via;   /* html.data NULL: not made yet */
    ngx_uint_t                  refs;       /* the entry and requests */
    size_t                      via[NGX_HTTP_SOCIAL_WIDGET_VIAS];
                                            /* offsets for the field */
    ngx_uint_t                  nvia;
    uint64_t                    tag;        /* thread: for the ETag */
    unsigned                    thread:1;   /* a page of a thread */
} ngx_http_social_widget_render_t;


typedef struct {
    ngx_str_node_t                    node;     /* site's index + key */
    ngx_queue_t                       lru;
    ngx_queue_t                       waiters;  /* of widget_wait_t */
    ngx_queue_t                       ahead;    /* to be loaded soon */
    ngx_http_social_site_t           *site;     /* while it is in that */
    ngx_http_social_widget_render_t  *render;   /* NULL: not loaded */
    ngx_http_social_widget_version_t  version;  /* of render */
    unsigned                          loading:1;
    unsigned                          timed_out:1;  /* a wait for this load
                                                     * did: do not wait */
    unsigned                          thread:1;     /* a page of a thread */
    unsigned                          queued:1;     /* in ahead */
} ngx_http_social_widget_entry_t;


/* wraps rendered bytes, with one reference; frees out if there is no memory.
 * Also in a thread: it touches nothing else */
ngx_http_social_widget_render_t *ngx_http_social_widget_render(
    social_out_t *out, time_t modified, ngx_uint_t fallback);

/* the same for a page of a thread, whose memory is counted */
ngx_http_social_widget_render_t *ngx_http_social_widget_render_thread(
    social_out_t *out, uint64_t tag);

/* renders a widget without comments, or the fallback; NULL: no memory or a
 * template that cannot be rendered */
ngx_http_social_widget_render_t *ngx_http_social_widget_render_empty(
    ngx_http_social_site_t *site, ngx_str_t *key, ngx_uint_t fallback);

/* drops a reference to a render_t; is a pool cleanup handler */
void ngx_http_social_widget_release(void *data);

/* the same widget, of which its share forms have the field via=link; lives as
 * long as it does; NULL: no memory */
ngx_http_social_widget_t *ngx_http_social_widget_with_via(
    ngx_http_social_widget_t *widget);


/* NULL: not in the cache; else it becomes the most recently used */
ngx_http_social_widget_entry_t *ngx_http_social_widget_entry_find(
    ngx_http_social_site_t *site, ngx_str_t *key, uint32_t page);

/* finds it or makes it; page 0: of the widget; NULL: no memory */
ngx_http_social_widget_entry_t *ngx_http_social_widget_entry_make(
    ngx_http_social_site_t *site, ngx_str_t *key, uint32_t page);

/* takes over the caller's reference to render */
void ngx_http_social_widget_entry_set(ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_render_t *render,
    ngx_http_social_widget_version_t *version);

/* version of a widget that is made now; slot may be NULL */
void ngx_http_social_widget_version(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_http_social_widget_version_t *version);

/* 1: there is a widget, and nothing that it shows was taken away or changed
 * since: better than none while the store cannot be read */
ngx_uint_t ngx_http_social_widget_entry_usable(
    ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version);

/* 1: there is a widget, and it is of this version */
ngx_uint_t ngx_http_social_widget_entry_fresh(
    ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version);


#endif /* NGX_HTTP_SOCIAL_WIDGET_CACHE_H_INCLUDED */
