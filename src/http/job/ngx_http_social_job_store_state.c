
/*
 * Whether a store works: logs once when it fails and once when it works again,
 * and decides when a failed store is tried again.  All workers share in the
 * zone that it failed; each has its own pause until it tries again.
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
 * If both reading and writing fail, the second failure is logged at a lower
 * level: the cause is usually the same.
 */

void
ngx_http_social_job_store_failed(ngx_http_social_site_t *site,
    ngx_uint_t writer, social_store_error_t *error)
{
    ngx_uint_t               level;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    (void) ngx_atomic_fetch_add(&zone->store_errors, 1);

    /* without memory the store was not even asked: no pause */

    if (error->fault != SOCIAL_STORE_MEMORY) {
        ngx_http_social_job_pauses[site->index].until[writer] =
                            (ngx_current_msec + NGX_HTTP_SOCIAL_JOB_PAUSE) | 1;
    }

    ngx_log_debug5(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social store \"%V\": cannot %s: %s: %s%s",
                   &site->name, writer ? "write" : "read",
                   error->op, error->message,
                   zone->store_failed[writer] ? ", logged before" : "");

    if (!ngx_atomic_cmp_set(&zone->store_failed[writer], 0, 1)) {
        return;
    }

    level = zone->store_failed[!writer] ? NGX_LOG_WARN : NGX_LOG_ERR;

    ngx_log_error(level, ngx_cycle->log, 0,
                  "social_site \"%V\": the store cannot be %s: %s: %s; "
                  "pages are still served%s",
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
        /* it can probably be read again, too: try at once */
        pause->until[0] = 0;
    }

    bad = &site->zone->store_failed[writer];

    if (*bad && ngx_atomic_cmp_set(bad, 1, 0)) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                      "social_site \"%V\": the store can be %s again",
                      &site->name, writer ? "written" : "read");
    }
}


/* at most once in JOB_LOG_PAUSE: all connections of all workers notice it */

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
                  "replaced, the file that is there now is used",
                  &site->name);
}


ngx_int_t
ngx_http_social_job_store_pause(ngx_http_social_site_t *site,
    ngx_uint_t writer)
{
    ngx_msec_t                    until;
    ngx_http_social_job_pause_t  *pause;

    pause = &ngx_http_social_job_pauses[site->index];

    /* another worker may have found out that the store works again */

    if (site->zone->store_failed[writer] == 0) {
        pause->until[writer] = 0;
        return NGX_OK;
    }

    until = pause->until[writer];

    return (until && (ngx_msec_int_t) (until - ngx_current_msec) > 0)
           ? NGX_BUSY : NGX_AGAIN;
}
