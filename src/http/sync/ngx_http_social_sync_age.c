
/*
 * Retention: removes from the store what is not kept any more, and moves its
 * precomputed sums forward, in jobs.  One worker does it, under a lease in the
 * zone, once a minute at most, in small transactions with a pause after each,
 * so that comments need not wait.  Of several machines one does it, under a
 * lease in the store.
 *
 * Event loop, except age_run, which runs in a thread.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SYNC_AGE_EVERY  60      /* seconds */
#define NGX_HTTP_SOCIAL_SYNC_AGE_PAUSE  100     /* msec */


typedef struct {
    ngx_http_social_job_t       job;
    social_retention_t          keep;
    ngx_event_t                 again;
} ngx_http_social_sync_age_t;


/* runs in a thread */

static int
ngx_http_social_sync_age_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                          rc;
    ngx_http_social_sync_age_t  *age = (ngx_http_social_sync_age_t *) job;

    rc = social_store_age(store, &age->keep, &job->error);
    job->wrote = (rc != SOCIAL_ERROR);

    return rc;
}


/* the store does not know the titles of articles that it has forgotten: all of
 * them are saved again with the next count of their article */

static void
ngx_http_social_sync_age_forgotten(ngx_http_social_zone_t *zone)
{
    ngx_uint_t  i;

    for (i = 1; i < ngx_min(zone->next_slot, zone->nslots); i++) {
        ngx_http_social_zone_slot_at(zone, i)->meta_saved = 0;
    }
}


static void ngx_http_social_sync_age_post(ngx_http_social_site_t *site);


static void
ngx_http_social_sync_age_again(ngx_event_t *ev)
{
    ngx_http_social_sync_age_t  *age = ev->data;
    ngx_http_social_site_t      *site;

    site = age->job.site;
    free(age);

    if (!ngx_exiting) {
        ngx_http_social_sync_age_post(site);
    }
}


static void
ngx_http_social_sync_age_done(ngx_http_social_job_t *job)
{
    ngx_http_social_zone_t      *zone;
    ngx_http_social_sync_age_t  *age = (ngx_http_social_sync_age_t *) job;

    zone = job->site->zone;

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social retention \"%V\": %s, %L articles forgotten",
                   &job->site->name,
                   job->rc == SOCIAL_ERROR ? "failed"
                   : job->rc == SOCIAL_AGAIN ? "more to do" : "done",
                   (int64_t) age->keep.forgotten);

    if (job->rc != SOCIAL_ERROR && age->keep.forgotten) {
        ngx_http_social_sync_age_forgotten(zone);
    }

    /* the lease goes on while there is more to do */

    if (job->rc == SOCIAL_AGAIN && !ngx_exiting) {
        zone->age_due = ngx_time() + NGX_HTTP_SOCIAL_SYNC_AGE_EVERY;

        age->again.handler = ngx_http_social_sync_age_again;
        age->again.data = age;
        age->again.log = ngx_cycle->log;
        age->again.cancelable = 1;
        ngx_add_timer(&age->again, NGX_HTTP_SOCIAL_SYNC_AGE_PAUSE);
        return;
    }

    free(age);
}


static void
ngx_http_social_sync_age_post(ngx_http_social_site_t *site)
{
    ngx_http_social_sync_age_t  *age;

    age = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_sync_age_t),
                                    ngx_http_social_sync_age_run,
                                    ngx_http_social_sync_age_done);
    if (age == NULL) {
        return;
    }

    age->job.writer = 1;
    age->job.conn = NGX_HTTP_SOCIAL_JOB_WRITER;
    age->keep.now = ngx_time();
    age->keep.events = site->retention_events;
    age->keep.held = site->retention_held;
    age->keep.owner = site->shared ? site->zone->generation : 0;

    if (ngx_http_social_job_post(&age->job) != NGX_OK) {
        free(age);
    }
}


void
ngx_http_social_sync_age(ngx_http_social_site_t *site)
{
    ngx_atomic_uint_t        due, now;
    ngx_http_social_zone_t  *zone;

    if (site->shared && !ngx_http_social_sync_node_leased(site)) {
        return;
    }

    zone = site->zone;
    now = ngx_time();
    due = zone->age_due;

    /* one that is too far ahead was taken before the clock was set back */

    if (due > now && due - now <= 2 * NGX_HTTP_SOCIAL_SYNC_AGE_EVERY) {
        return;
    }

    if (ngx_atomic_cmp_set(&zone->age_due, due,
                           now + NGX_HTTP_SOCIAL_SYNC_AGE_EVERY))
    {
        ngx_http_social_sync_age_post(site);
    }
}
