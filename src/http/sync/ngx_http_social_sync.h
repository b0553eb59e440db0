
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

/* the i-th of these counters: its label; NULL: there are no more */
#define NGX_HTTP_SOCIAL_SYNC_HEALTH  9

const char *ngx_http_social_sync_health(ngx_http_social_zone_t *zone,
    ngx_uint_t i, social_count_e *kind, uint64_t *value);


/*
 * This machine among those that share a store: ngx_http_social_sync_node.c.
 * Sites that share none do nothing.
 */

/* init_process, before the timers start; exit_process, after the last save:
 * if this was the machine's last worker, the store is told, which blocks; tell
 * 0: it is not, because it does not work */
ngx_int_t ngx_http_social_sync_node_worker(ngx_cycle_t *cycle);
void ngx_http_social_sync_node_leave(ngx_http_social_site_t *site,
    ngx_uint_t tell);

/* "host:port", what the status calls this machine */
const char *ngx_http_social_sync_node_name(void);

/* notes in the store that it lives, if that is due */
void ngx_http_social_sync_node_live(ngx_http_social_site_t *site);

/* saves, and notes that, unless it has obeyed this request to save already */
void ngx_http_social_sync_node_flush(ngx_http_social_site_t *site,
    int64_t flush);

/* 1: this machine does what only one of them does */
ngx_uint_t ngx_http_social_sync_node_leased(ngx_http_social_site_t *site);


/*
 * Has all other machines save: ngx_http_social_sync_fleet.c.  Calls done(data,
 * flush) when they have, or after a second, or at once if there are none; not
 * always from a later event.  flush: number of the request that they obey, 0:
 * there was none.  `wait` belongs to the caller and must live until then.
 */
typedef void (*ngx_http_social_sync_fleet_pt)(void *data, int64_t flush);

typedef struct {
    ngx_queue_t                    link;
    ngx_http_social_sync_fleet_pt  done;
    void                          *data;
} ngx_http_social_sync_fleet_t;

ngx_int_t ngx_http_social_sync_fleet_worker(ngx_cycle_t *cycle);

void ngx_http_social_sync_fleet(ngx_http_social_site_t *site,
    ngx_http_social_sync_fleet_t *wait);


/* finds or makes the slot of a key, which is an article's from now on; if the
 * zone is nearly full, begins to evict.  NULL: no room yet, or the key is empty
 * or too long */
ngx_http_social_slot_t *ngx_http_social_sync_article(
    ngx_http_social_site_t *site, ngx_str_t *key);

/* the same, but a slot that is made has SLOT_UNREAD */
ngx_http_social_slot_t *ngx_http_social_sync_page(
    ngx_http_social_site_t *site, ngx_str_t *key);


#endif /* NGX_HTTP_SOCIAL_SYNC_H_INCLUDED */
