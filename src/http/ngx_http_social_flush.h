
/*
 * From shared memory to the store, and back at start.
 */

#ifndef NGX_HTTP_SOCIAL_FLUSH_H_INCLUDED
#define NGX_HTTP_SOCIAL_FLUSH_H_INCLUDED


#include "ngx_http_social_job.h"


/* timers of this worker; and the last save, in exit_process */
ngx_int_t ngx_http_social_flush_worker(ngx_cycle_t *cycle);
void ngx_http_social_flush_exit(ngx_cycle_t *cycle);

/*
 * Saves all that is counted until now, then calls done(data, rc) from the
 * event loop; rc is NGX_OK, or NGX_ERROR where the store did not take it.
 */
typedef void (*ngx_http_social_flushed_pt)(void *data, ngx_int_t rc);

ngx_int_t ngx_http_social_flush_now(ngx_http_social_site_t *site,
    ngx_http_social_flushed_pt done, void *data);


#endif /* NGX_HTTP_SOCIAL_FLUSH_H_INCLUDED */
