
/*
 * When to load and when to save: a timer in every worker, and a lease in the
 * zone (save_due) so that one worker does the work of each interval.  The
 * lease only avoids needless work: it does no harm if two workers save.  At
 * exit the last save.
 *
 * A worker that is shutting down still saves: it may live for hours because of
 * a slow client, and after a binary upgrade no other worker uses its zone.
 *
 * Event loop only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SYNC_RETRY  500     /* msec, while keys are not loaded
                                             * or the store fails */
#define NGX_HTTP_SOCIAL_SYNC_POLL   100     /* msec, if other machines use the
                                             * store */
#define NGX_HTTP_SOCIAL_SYNC_EXIT   1000    /* msec: no last save begins
                                             * later */
#define NGX_HTTP_SOCIAL_SYNC_LEAVE  3000    /* msec: no farewell to others */


typedef struct {
    ngx_event_t                 event;
    ngx_event_t                 poll;
    ngx_http_social_site_t     *site;
    unsigned                    saving:1;
    unsigned                    polled:1;
} ngx_http_social_sync_timer_t;


static ngx_http_social_sync_timer_t  *ngx_http_social_sync_timers;
static ngx_uint_t                     ngx_http_social_sync_ntimers;


static void
ngx_http_social_sync_timer_saved(void *data, ngx_int_t rc)
{
    ngx_http_social_sync_timer_t  *timer = data;

    timer->saving = 0;

    if (rc == NGX_OK) {
        ngx_http_social_zone_evict(timer->site);
    }
}


/* 1: this worker got the lease and has to do the work of the interval.  The
 * lease is in msec of the wall clock; one that is too far ahead was taken
 * before the clock was set back, and does not count */

static ngx_uint_t
ngx_http_social_sync_timer_lease(ngx_http_social_zone_t *zone,
    ngx_msec_t interval)
{
    ngx_msec_t  now, due;

    now = (ngx_msec_t) ngx_time() * 1000 + ngx_cached_time->msec;
    due = zone->save_due;

    if (due > now && due - now <= 2 * interval) {
        return 0;
    }

    return ngx_atomic_cmp_set(&zone->save_due, due,
                              now + interval - interval / 8);
}


static void
ngx_http_social_sync_timer_handler(ngx_event_t *ev)
{
    ngx_int_t                      rc;
    ngx_msec_t                     interval;
    ngx_http_social_site_t        *site;
    ngx_http_social_zone_t        *zone;
    ngx_http_social_sync_timer_t  *timer = ev->data;

    site = timer->site;
    zone = site->zone;
    interval = site->flush;

    if (!zone->keys_loaded || zone->store_replaced || zone->store_failed[1]) {
        interval = ngx_min(interval, NGX_HTTP_SOCIAL_SYNC_RETRY);
    }

    ngx_add_timer(ev, interval);

    if ((!zone->keys_loaded || zone->store_replaced) && !ngx_exiting
        && !ngx_http_social_job_writer_away(site))
    {
        ngx_http_social_sync_load_keys(site);
    }

    ngx_http_social_zone_salt_today(site);
    ngx_http_social_zone_report(site);

    if (timer->saving || ngx_http_social_job_writer_away(site)) {
        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social save \"%V\": skipped, %s", &site->name,
                       timer->saving ? "the last one still runs"
                                     : "the store is away");
        return;
    }

    if (!ngx_http_social_sync_timer_lease(zone, interval)) {
        return;
    }

    if (zone->keys_loaded && !ngx_exiting) {

        if (!site->shared) {
            ngx_http_social_sync_load_changes(site);
        }

        ngx_http_social_sync_age(site);
    }

    rc = ngx_http_social_sync_save_changes(
        site, ngx_http_social_sync_timer_saved, timer);
    if (rc == NGX_OK) {
        timer->saving = 1;

    } else if (rc == NGX_DONE) {
        ngx_http_social_zone_evict(site);
    }
}


/* what other machines change is learned at once, by one worker of this one;
 * each does it once, because at exit it only goes where it has been */

static void
ngx_http_social_sync_timer_poll(ngx_event_t *ev)
{
    ngx_msec_t                     due;
    ngx_http_social_zone_t        *zone;
    ngx_http_social_sync_timer_t  *timer = ev->data;

    zone = timer->site->zone;

    if (ngx_exiting) {
        return;
    }

    ngx_add_timer(ev, NGX_HTTP_SOCIAL_SYNC_POLL);

    if (!zone->keys_loaded || zone->store_replaced) {
        return;
    }

    due = zone->poll_due;

    if (timer->polled
        && (((ngx_msec_int_t) (due - ngx_current_msec) > 0
             && due - ngx_current_msec <= NGX_HTTP_SOCIAL_SYNC_POLL)
            || !ngx_atomic_cmp_set(&zone->poll_due, due,
                                   ngx_current_msec + NGX_HTTP_SOCIAL_SYNC_POLL
                                   - NGX_HTTP_SOCIAL_SYNC_POLL / 8)))
    {
        return;
    }

    timer->polled = 1;
    ngx_http_social_sync_load_changes(timer->site);
    ngx_http_social_sync_node_live(timer->site);
}


ngx_int_t
ngx_http_social_sync_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                      i;
    ngx_http_social_site_t        **site;
    ngx_http_social_sync_timer_t   *timer;
    ngx_http_social_main_conf_t    *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);
    site = mcf->sites.elts;

    ngx_http_social_sync_ntimers = mcf->sites.nelts;
    ngx_http_social_sync_timers = ngx_pcalloc(cycle->pool,
                                              (mcf->sites.nelts + 1)
                                              * sizeof(*timer));
    if (ngx_http_social_sync_timers == NULL) {
        return NGX_ERROR;
    }

    if (ngx_http_social_sync_node_worker(cycle) != NGX_OK
        || ngx_http_social_sync_fleet_worker(cycle) != NGX_OK)
    {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {
        timer = &ngx_http_social_sync_timers[i];
        timer->site = site[i];
        timer->event.handler = ngx_http_social_sync_timer_handler;
        timer->event.data = timer;
        timer->event.log = cycle->log;
        timer->event.cancelable = 1;

        ngx_add_timer(&timer->event, 1);

        if (site[i]->shared) {
            timer->poll.handler = ngx_http_social_sync_timer_poll;
            timer->poll.data = timer;
            timer->poll.log = cycle->log;
            timer->poll.cancelable = 1;

            ngx_add_timer(&timer->poll, NGX_HTTP_SOCIAL_SYNC_POLL);
        }
    }

    return NGX_OK;
}


/*
 * The pool's threads are gone: here, and only here, the event loop blocks.  A
 * save waits up to 2 s for the file's lock, and none begins after 1 s: 3 s in
 * all.
 */

void
ngx_http_social_sync_exit(ngx_cycle_t *cycle)
{
    ngx_uint_t               i, saved;
    ngx_msec_t               begin;
    ngx_http_social_site_t  *site;

    ngx_time_update();
    begin = ngx_current_msec;

    for (i = 0; i < ngx_http_social_sync_ntimers; i++) {
        site = ngx_http_social_sync_timers[i].site;

        ngx_time_update();

        saved = (ngx_current_msec - begin <= NGX_HTTP_SOCIAL_SYNC_EXIT
                 && ngx_http_social_sync_save_last(site) == NGX_OK);

        if (!saved) {
            ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                          "social_site \"%V\": the last counts could not be "
                          "saved", &site->name);
        }

        ngx_time_update();

        ngx_http_social_sync_node_leave(
            site, saved
                  && ngx_current_msec - begin <= NGX_HTTP_SOCIAL_SYNC_LEAVE);
    }

    ngx_http_social_job_exit();
}
