
/*
 * Between shared memory and the store: saves counts, and loads the secret, the
 * keys of articles with threads or likes, and what others have changed.
 *
 * Event loop only; all work on the store is done by jobs, except the last
 * save.
 */

#ifndef NGX_HTTP_SOCIAL_SYNC_H_INCLUDED
#define NGX_HTTP_SOCIAL_SYNC_H_INCLUDED


#include "ngx_http_social_job.h"
#include "social_count.h"


/* init_process: starts this worker's timers */
ngx_int_t ngx_http_social_sync_worker(ngx_cycle_t *cycle);

/* exit_process: saves the last counts, blocks for 3 s at most, and closes the
 * connections */
void ngx_http_social_sync_exit(ngx_cycle_t *cycle);


/*
 * Saves all that is counted until now, then calls done(data, rc), never from
 * within this call; rc is NGX_OK, or NGX_ERROR if the save failed.  NGX_OK:
 * done will be called; NGX_ERROR: it will not.
 */
typedef void (*ngx_http_social_sync_saved_pt)(void *data, ngx_int_t rc);

ngx_int_t ngx_http_social_sync_save_now(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data);

/* the same, but NGX_DONE if there is nothing to save: done is not called */
ngx_int_t ngx_http_social_sync_save_changes(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data);

/* saves at once and blocks: only in exit_process */
ngx_int_t ngx_http_social_sync_save_last(ngx_http_social_site_t *site);


/* loads the site's secret, its number of sign-outs and the keys of all articles
 * with threads or likes; sets zone->keys_loaded.  Does nothing while another
 * worker loads */
void ngx_http_social_sync_load_keys(ngx_http_social_site_t *site);

/* loads which articles others have changed since the last time: another
 * master, or a worker that died between its commit and updating the zone */
void ngx_http_social_sync_load_changes(ngx_http_social_site_t *site);


/* tells all workers that an article has so many comments and likes and that
 * they have changed; 0: no room for the article */
ngx_uint_t ngx_http_social_sync_key_apply(ngx_http_social_site_t *site,
    ngx_str_t *key, const social_numbers_t *numbers);


/* removes what the store need not keep any more, once a minute at most */
void ngx_http_social_sync_age(ngx_http_social_site_t *site);


/* grows with each counter of shared memory itself: evictions, drops, errors */
ngx_atomic_uint_t ngx_http_social_sync_health_sum(
    ngx_http_social_zone_t *zone);


/* finds or makes the slot of a key, which is an article's from now on; if the
 * zone is nearly full, begins to evict.  NULL: no room yet, or the key is empty
 * or too long */
ngx_http_social_slot_t *ngx_http_social_sync_article(
    ngx_http_social_site_t *site, ngx_str_t *key);

/* the same, but a slot that is made has SLOT_UNREAD */
ngx_http_social_slot_t *ngx_http_social_sync_page(
    ngx_http_social_site_t *site, ngx_str_t *key);


#endif /* NGX_HTTP_SOCIAL_SYNC_H_INCLUDED */
