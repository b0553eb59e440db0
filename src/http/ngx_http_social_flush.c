
/*
 * When to save, and when to look what others did: a timer in every worker,
 * and a lease in the zone that only keeps workers from doing the same work
 * every time (saving twice changes nothing).  At exit the last save.
 *
 * A worker that is shutting down goes on saving: it may live for hours, for
 * a slow client, and after a binary upgrade nobody else sees its zone.
 */

#include <pthread.h>

#include "ngx_http_social_flush.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SOON  500       /* msec, while something is amiss */
#define NGX_HTTP_SOCIAL_LAST  2500      /* msec for the last save */


typedef struct {
    ngx_event_t                 timer;
    ngx_http_social_site_t     *site;
    unsigned                    saving:1;
} ngx_http_social_flusher_t;


/* the last save: a thread does it, since only that can be waited for with a
 * limit; it may outlive the wait, so nothing of it is on a stack */

typedef struct {
    pthread_mutex_t             mutex;
    pthread_cond_t              cond;
    unsigned                    over;
    ngx_http_social_site_t     *failed;
} ngx_http_social_last_t;


static ngx_http_social_flusher_t  *ngx_http_social_flushers;
static ngx_uint_t                  ngx_http_social_nflushers;
static ngx_http_social_last_t      ngx_http_social_last = {
    PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, NULL
};


static void
ngx_http_social_flush_flushed(void *data, ngx_int_t rc)
{
    ngx_http_social_flusher_t  *flusher = data;

    flusher->saving = 0;

    if (rc == NGX_OK) {
        ngx_http_social_zone_evict(flusher->site);
    }
}


/* whoever moves the lease on does the work of this interval.  Wall clock in
 * msec; one that is too far ahead is from before the clock was set back */

static ngx_uint_t
ngx_http_social_flush_lease(ngx_http_social_zone_t *zone,
    ngx_msec_t interval)
{
    ngx_msec_t  now, due;

    now = (ngx_msec_t) ngx_time() * 1000 + ngx_cached_time->msec;
    due = zone->lease;

    if (due > now && due - now <= 2 * interval) {
        return 0;
    }

    return ngx_atomic_cmp_set(&zone->lease, due,
                              now + interval - interval / 8);
}


static void
ngx_http_social_flush_timer(ngx_event_t *ev)
{
    ngx_int_t                   rc;
    ngx_msec_t                  interval;
    ngx_http_social_site_t     *site;
    ngx_http_social_zone_t     *zone;
    ngx_http_social_flusher_t  *flusher = ev->data;

    site = flusher->site;
    zone = site->zone;
    interval = site->flush;

    if (!zone->warm || zone->stale || zone->store_bad[1]) {
        interval = ngx_min(interval, NGX_HTTP_SOCIAL_SOON);
    }

    ngx_add_timer(ev, interval);

    if ((!zone->warm || zone->stale) && !ngx_exiting
        && !ngx_http_social_writer_away(site))
    {
        ngx_http_social_warm(site);
    }

    ngx_http_social_today(site);

    if (flusher->saving
        || ngx_http_social_writer_away(site)
        || !ngx_http_social_flush_lease(zone, interval))
    {
        return;
    }

    if (zone->warm && !ngx_exiting) {
        ngx_http_social_learn(site);
    }

    rc = ngx_http_social_flush_changes(site, ngx_http_social_flush_flushed,
                                       flusher);
    if (rc == NGX_OK) {
        flusher->saving = 1;

    } else if (rc == NGX_DONE) {
        ngx_http_social_zone_evict(site);
    }
}


ngx_int_t
ngx_http_social_flush_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                     i;
    ngx_http_social_site_t       **site;
    ngx_http_social_flusher_t     *flusher;
    ngx_http_social_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);
    site = mcf->sites.elts;

    ngx_http_social_nflushers = mcf->sites.nelts;
    ngx_http_social_flushers = ngx_pcalloc(cycle->pool,
                                           (mcf->sites.nelts + 1)
                                           * sizeof(*flusher));
    if (ngx_http_social_flushers == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {
        flusher = &ngx_http_social_flushers[i];
        flusher->site = site[i];
        flusher->timer.handler = ngx_http_social_flush_timer;
        flusher->timer.data = flusher;
        flusher->timer.log = cycle->log;
        flusher->timer.cancelable = 1;

        ngx_add_timer(&flusher->timer, 1);
    }

    return NGX_OK;
}


/* a thread of its own, while the event loop waits and does nothing else */

static void *
ngx_http_social_flush_thread(void *data)
{
    ngx_uint_t               i;
    ngx_http_social_last_t  *last = data;
    ngx_http_social_site_t  *site, *failed;

    failed = NULL;

    for (i = 0; i < ngx_http_social_nflushers; i++) {
        site = ngx_http_social_flushers[i].site;

        if (ngx_http_social_flush_last(site) != NGX_OK) {
            failed = site;
        }
    }

    ngx_http_social_job_exit();

    (void) pthread_mutex_lock(&last->mutex);
    last->failed = failed;
    last->over = 1;
    (void) pthread_cond_signal(&last->cond);
    (void) pthread_mutex_unlock(&last->mutex);

    return NULL;
}


/* the pool is gone by now: here, and only here, the event loop waits */

void
ngx_http_social_flush_exit(ngx_cycle_t *cycle)
{
    int                      rc;
    pthread_t                thread;
    struct timespec          until;
    ngx_http_social_last_t  *last;
    ngx_http_social_site_t  *failed;

    last = &ngx_http_social_last;

    (void) clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += NGX_HTTP_SOCIAL_LAST / 1000;
    until.tv_nsec += NGX_HTTP_SOCIAL_LAST % 1000 * 1000000;

    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }

    if (pthread_create(&thread, NULL, ngx_http_social_flush_thread, last)
        != 0)
    {
        (void) ngx_http_social_flush_thread(last);
    }

    rc = 0;

    (void) pthread_mutex_lock(&last->mutex);

    while (!last->over && rc == 0) {
        rc = pthread_cond_timedwait(&last->cond, &last->mutex, &until);
    }

    failed = last->failed;

    (void) pthread_mutex_unlock(&last->mutex);

    if (rc != 0) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                      "social: the store was too slow to save the last "
                      "counts");

    } else if (failed) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                      "social_site \"%V\": the last counts could not be "
                      "saved", &failed->name);
    }
}
