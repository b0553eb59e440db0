
/*
 * Has other machines save before a status is made of what all have counted.
 * The store has one number for such requests; machines see it when they ask for
 * changes, save, and note the number.  The requests of a worker that come while
 * others wait join them: they share questions and answers.
 *
 * The wait is a timer in the event loop; questions to the store are jobs, and a
 * job that hangs holds up nobody for longer than a second.  Event loop, except
 * ask_run, which runs in a thread.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SYNC_FLEET_WAIT  1000   /* msec, at most */
#define NGX_HTTP_SOCIAL_SYNC_FLEET_LOOK  40     /* msec between two looks */


/* the requests of this worker that wait for the machines of a site */

typedef struct {
    ngx_http_social_site_t     *site;
    ngx_queue_t                 waiting;
    ngx_event_t                 event;
    ngx_msec_t                  began;
    ngx_uint_t                  serial;     /* of this wait */
    int64_t                     flush;
    unsigned                    asking:1;   /* a job runs */
} ngx_http_social_sync_wait_t;


typedef struct {
    ngx_http_social_job_t         job;
    ngx_http_social_sync_wait_t  *wait;
    ngx_uint_t                    serial;
    social_flush_t                flush;
} ngx_http_social_sync_ask_t;


static ngx_http_social_sync_wait_t  *ngx_http_social_sync_waits;  /* by site */


static void
ngx_http_social_sync_fleet_end(ngx_http_social_sync_wait_t *wait)
{
    int64_t                        flush;
    ngx_queue_t                   *q, waiting;
    ngx_http_social_sync_fleet_t  *one;

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social fleet \"%V\": waited %M msec for save %L",
                   &wait->site->name, ngx_current_msec - wait->began,
                   wait->flush);

    if (wait->event.timer_set) {
        ngx_del_timer(&wait->event);
    }

    flush = wait->flush;
    wait->serial++;
    wait->asking = 0;

    /* who comes while these are served begins another wait */

    ngx_queue_init(&waiting);
    ngx_queue_add(&waiting, &wait->waiting);
    ngx_queue_init(&wait->waiting);

    while (!ngx_queue_empty(&waiting)) {
        q = ngx_queue_head(&waiting);
        ngx_queue_remove(q);
        one = ngx_queue_data(q, ngx_http_social_sync_fleet_t, link);
        one->done(one->data, flush);
    }
}


/* runs in a thread */

static int
ngx_http_social_sync_ask_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_sync_ask_t  *ask = (ngx_http_social_sync_ask_t *) job;

    return social_store_flush(store, &ask->flush, &job->error);
}


static void
ngx_http_social_sync_ask_done(ngx_http_social_job_t *job)
{
    ngx_http_social_sync_ask_t   *ask = (ngx_http_social_sync_ask_t *) job;
    ngx_http_social_sync_wait_t  *wait;

    wait = ask->wait;

    if (ask->serial == wait->serial) {
        wait->asking = 0;

        if (job->rc == SOCIAL_OK) {
            wait->flush = ask->flush.flush;
        }

        if (job->rc != SOCIAL_OK || ask->flush.missing == 0) {
            ngx_http_social_sync_fleet_end(wait);
        }
    }

    free(ask);
}


static ngx_int_t
ngx_http_social_sync_fleet_ask(ngx_http_social_sync_wait_t *wait)
{
    ngx_http_social_sync_ask_t  *ask;

    ask = ngx_http_social_job_alloc(wait->site,
                                    sizeof(ngx_http_social_sync_ask_t),
                                    ngx_http_social_sync_ask_run,
                                    ngx_http_social_sync_ask_done);
    if (ask == NULL) {
        return NGX_ERROR;
    }

    ask->wait = wait;
    ask->serial = wait->serial;
    ask->flush.generation = wait->site->zone->generation;
    ask->flush.flush = wait->flush;

    if (ngx_http_social_job_post(&ask->job) != NGX_OK) {
        free(ask);
        return NGX_ERROR;
    }

    wait->asking = 1;

    return NGX_OK;
}


static void
ngx_http_social_sync_fleet_look(ngx_event_t *ev)
{
    ngx_http_social_sync_wait_t  *wait = ev->data;

    if (ngx_current_msec - wait->began >= NGX_HTTP_SOCIAL_SYNC_FLEET_WAIT
        || (!wait->asking && ngx_http_social_sync_fleet_ask(wait) != NGX_OK))
    {
        ngx_http_social_sync_fleet_end(wait);
        return;
    }

    ngx_add_timer(ev, NGX_HTTP_SOCIAL_SYNC_FLEET_LOOK);
}


ngx_int_t
ngx_http_social_sync_fleet_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                      i;
    ngx_http_social_site_t        **site;
    ngx_http_social_main_conf_t    *mcf;
    ngx_http_social_sync_wait_t    *wait;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);
    site = mcf->sites.elts;

    ngx_http_social_sync_waits = ngx_pcalloc(cycle->pool,
                                             (mcf->sites.nelts + 1)
                                             * sizeof(*wait));
    if (ngx_http_social_sync_waits == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {
        wait = &ngx_http_social_sync_waits[i];
        wait->site = site[i];
        wait->event.handler = ngx_http_social_sync_fleet_look;
        wait->event.data = wait;
        wait->event.log = cycle->log;
        wait->event.cancelable = 1;
        ngx_queue_init(&wait->waiting);
    }

    return NGX_OK;
}


void
ngx_http_social_sync_fleet(ngx_http_social_site_t *site,
    ngx_http_social_sync_fleet_t *one)
{
    ngx_uint_t                    first;
    ngx_http_social_sync_wait_t  *wait;

    if (!site->shared || ngx_http_social_job_store_away(site)) {
        one->done(one->data, 0);
        return;
    }

    wait = &ngx_http_social_sync_waits[site->index];
    first = ngx_queue_empty(&wait->waiting);
    ngx_queue_insert_tail(&wait->waiting, &one->link);

    if (!first) {
        return;
    }

    wait->began = ngx_current_msec;
    wait->flush = 0;

    ngx_http_social_sync_fleet_look(&wait->event);
}
