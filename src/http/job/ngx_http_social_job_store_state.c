
/*
 * A store in trouble: who says so, once, and who asks it again, and when.
 * That a store is bad is known to all workers by the zone; how long it is
 * left alone is each worker's own affair.
 *
 * Event loop only.
 */

#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_JOB_PAUSE      1000  /* msec without a try */
#define NGX_HTTP_SOCIAL_JOB_LOG_PAUSE  10    /* seconds between like messages */


typedef struct {
    ngx_msec_t  until[2];       /* by writer; 0: no pause */
} ngx_http_social_job_pause_t;


static ngx_http_social_job_pause_t  *ngx_http_social_job_pauses;  /* by site */


ngx_int_t
ngx_http_social_job_store_state_worker(ngx_cycle_t *cycle)
{
    ngx_http_social_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);

    ngx_http_social_job_pauses =
        ngx_pcalloc(cycle->pool, (mcf->sites.nelts + 1)
                                 * sizeof(ngx_http_social_job_pause_t));

    return ngx_http_social_job_pauses ? NGX_OK : NGX_ERROR;
}


/*
 * The second of reading and writing to fail says so at a lower level: the
 * cause is told already.
 */

void
ngx_http_social_job_store_failed(ngx_http_social_site_t *site,
    ngx_uint_t writer, social_store_error_t *error)
{
    ngx_uint_t               level;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    (void) ngx_atomic_fetch_add(&zone->store_errors, 1);

    /* the next one may find memory: no reason to leave the store alone */

    if (error->fault != SOCIAL_STORE_MEMORY) {
        ngx_http_social_job_pauses[site->index].until[writer] =
                            (ngx_current_msec + NGX_HTTP_SOCIAL_JOB_PAUSE) | 1;
    }

    if (!ngx_atomic_cmp_set(&zone->store_failed[writer], 0, 1)) {
        return;
    }

    level = zone->store_failed[!writer] ? NGX_LOG_WARN : NGX_LOG_ERR;

    ngx_log_error(level, ngx_cycle->log, 0,
                  "social_site \"%V\": the store cannot be %s: %s: %s; "
                  "pages go on%s",
                  &site->name, writer ? "written" : "read",
                  error->op, error->message,
                  writer ? ", comments are refused with 503, "
                           "counts are kept in memory" : "");
}


void
ngx_http_social_job_store_recovered(ngx_http_social_site_t *site,
    ngx_uint_t writer)
{
    ngx_atomic_t                 *bad;
    ngx_http_social_job_pause_t  *pause;

    pause = &ngx_http_social_job_pauses[site->index];
    pause->until[writer] = 0;

    if (writer) {
        /* chances are that it can be read again, too */
        pause->until[0] = 0;
    }

    bad = &site->zone->store_failed[writer];

    if (*bad && ngx_atomic_cmp_set(bad, 1, 0)) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                      "social_site \"%V\": the store is back, %s goes on",
                      &site->name, writer ? "writing" : "reading");
    }
}


/* what is known of the old file is learned anew from the new one */

void
ngx_http_social_job_store_replaced(ngx_http_social_site_t *site)
{
    ngx_atomic_uint_t        was;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    was = zone->replaced_logged;

    if (ngx_time() - (time_t) was < NGX_HTTP_SOCIAL_JOB_LOG_PAUSE
        || !ngx_atomic_cmp_set(&zone->replaced_logged, was, ngx_time()))
    {
        return;
    }

    zone->store_replaced = 1;

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "social_site \"%V\": the store's file was deleted or "
                  "replaced, the one that is there now is used",
                  &site->name);
}


ngx_int_t
ngx_http_social_job_store_pause(ngx_http_social_site_t *site,
    ngx_uint_t writer)
{
    ngx_msec_t                    until;
    ngx_http_social_job_pause_t  *pause;

    pause = &ngx_http_social_job_pauses[site->index];

    /* it may be another worker that finds the store in order again */

    if (site->zone->store_failed[writer] == 0) {
        pause->until[writer] = 0;
        return NGX_OK;
    }

    until = pause->until[writer];

    return (until && (ngx_msec_int_t) (until - ngx_current_msec) > 0)
           ? NGX_BUSY : NGX_AGAIN;
}
