
/*
 * Requests that wait for a widget.  Event loop.
 */

#ifndef NGX_HTTP_SOCIAL_WIDGET_WAIT_H_INCLUDED
#define NGX_HTTP_SOCIAL_WIDGET_WAIT_H_INCLUDED


#include "ngx_http_social.h"
#include "ngx_http_social_widget_cache.h"


/* a parked request */

typedef struct {
    ngx_queue_t                 link;
    ngx_event_t                 timer;
    ngx_http_request_t         *request;
    ngx_http_social_rec_t      *rec;
    ngx_str_t                   key;        /* "": for the zone to be warm */
    ngx_http_social_widget_version_t  version;  /* at least this is wanted */
    unsigned                    queued:1;
} ngx_http_social_widget_wait_t;


/* NGX_AGAIN: it waits, among entry->waiters for a widget that is no older
 * than `version`, or, entry NULL, for the zone to be warm; NGX_ERROR: it
 * cannot */
ngx_int_t ngx_http_social_widget_wait(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version);

/* its phases go on; the request may be gone afterwards */
void ngx_http_social_widget_resume(ngx_http_social_widget_wait_t *wait);


#endif /* NGX_HTTP_SOCIAL_WIDGET_WAIT_H_INCLUDED */
