
/*
 * From shared memory to the store, and back.
 */

#ifndef NGX_HTTP_SOCIAL_SYNC_H_INCLUDED
#define NGX_HTTP_SOCIAL_SYNC_H_INCLUDED


#include "ngx_http_social_job.h"


/* timers of this worker; and the last save, in exit_process: 3 s at most */
ngx_int_t ngx_http_social_sync_worker(ngx_cycle_t *cycle);
void ngx_http_social_sync_exit(ngx_cycle_t *cycle);


/*
 * Saves all that is counted until now, then calls done(data, rc) from the
 * event loop, never at once; rc is NGX_OK, or NGX_ERROR where the store did
 * not take it.
 */
typedef void (*ngx_http_social_sync_saved_pt)(void *data, ngx_int_t rc);

ngx_int_t ngx_http_social_sync_save_now(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data);

/* the same; NGX_DONE: there is nothing to save, done will not be called */
ngx_int_t ngx_http_social_sync_save_changes(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data);

/* the same here and now, at exit only */
ngx_int_t ngx_http_social_sync_save_last(ngx_http_social_site_t *site);


/* warm: learns the secret and which articles have threads, once */
void ngx_http_social_sync_load_keys(ngx_http_social_site_t *site);

/* learns what others have changed: another master, a worker that died
 * between its commit and telling so */
void ngx_http_social_sync_load_changes(ngx_http_social_site_t *site);


/* the slot of a key, made if there is none; makes room where it runs out.
 * NULL: no room, or a bad key */
ngx_http_social_slot_t *ngx_http_social_sync_article(
    ngx_http_social_site_t *site, ngx_str_t *key);


#endif /* NGX_HTTP_SOCIAL_SYNC_H_INCLUDED */
