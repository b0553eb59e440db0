
/*
 * Loading a widget, and requests that wait for it.  Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_WIDGET_WAIT_H_INCLUDED
#define NGX_HTTP_SOCIAL_WIDGET_WAIT_H_INCLUDED


#include "ngx_http_social.h"
#include "ngx_http_social_widget_cache.h"


typedef struct {
    ngx_queue_t                       link;     /* in entry->waiters */
    ngx_event_t                       timer;
    ngx_http_request_t               *request;
    ngx_http_social_rec_t            *rec;
    ngx_str_t                         key;      /* "": waits for the zone */
    ngx_http_social_widget_version_t  version;  /* no older one will do */
    void                            (*handler)(ngx_http_request_t *r);
                                                /* NULL: its phases run on */
    unsigned                          queued:1;
} ngx_http_social_widget_wait_t;


/*
 * Makes a request wait: for a widget of entry that is no older than version,
 * or, with both NULL, for the zone.  NGX_AGAIN: it waits, its phases run again
 * later; NGX_ERROR: no memory.
 */
ngx_int_t ngx_http_social_widget_wait(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version);

/* the same for a request whose answer has begun: it has its own timer, and
 * handler goes on with it */
ngx_int_t ngx_http_social_widget_wait_answer(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version,
    void (*handler)(ngx_http_request_t *r));

/* goes on with the request's phases; it and others may be freed when this
 * returns */
void ngx_http_social_widget_resume(ngx_http_social_widget_wait_t *wait);


/* begins to load the widget of this version into the entry, unless one is being
 * loaded.  NGX_ERROR: no memory, or no room for a job */
ngx_int_t ngx_http_social_widget_load(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version);

/* the article has changed: its widget is loaded soon, if this worker has shown
 * it */
void ngx_http_social_widget_ahead(ngx_http_social_site_t *site,
    ngx_str_t *key);

/* once, in a worker that starts */
void ngx_http_social_widget_ahead_init(ngx_cycle_t *cycle);

/* the request keeps the widget until its end.  NGX_ERROR: no memory */
ngx_int_t ngx_http_social_widget_pin_render(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_render_t *render);


#endif /* NGX_HTTP_SOCIAL_WIDGET_WAIT_H_INCLUDED */
