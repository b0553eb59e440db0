
/*
 * Whether a store works: logs why it fails, once for each reason, and that it
 * works again, and decides when a failed store is tried again.  All workers
 * share in the zone that it failed; each has its own pause until it tries
 * again.
 *
 * Event loop only.
 */

#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_JOB_PAUSE      1000  /* msec without a try */
#define NGX_HTTP_SOCIAL_JOB_PAUSE_MAX  5000
#define NGX_HTTP_SOCIAL_JOB_LOG_PAUSE  10    /* seconds between like messages */


typedef struct {
    ngx_msec_t  until[2];       /* by writer; 0: no pause */
    ngx_msec_t  length[2];      /* of the last pause, 0: the store worked */
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
 * A store that many machines share is not asked by all of them at once, and
 * less often the longer it is away.
 */

static void
ngx_http_social_job_pause_begin(ngx_http_social_site_t *site,
    ngx_uint_t writer)
{
    ngx_msec_t                    length;
    ngx_http_social_job_pause_t  *pause;

    pause = &ngx_http_social_job_pauses[site->index];
    length = NGX_HTTP_SOCIAL_JOB_PAUSE;

    /* jobs that fail together are one failure */

    if (site->shared && pause->until[writer]
        && (ngx_msec_int_t) (pause->until[writer] - ngx_current_msec) > 0)
    {
        return;
    }

    if (site->shared && pause->length[writer]) {
        length = ngx_min(2 * pause->length[writer],
                         NGX_HTTP_SOCIAL_JOB_PAUSE_MAX);
    }

    pause->length[writer] = length;

    if (site->shared) {
        length -= (ngx_msec_t) ngx_random() % (length / 4);
    }

    pause->until[writer] = (ngx_current_msec + length) | 1;
}


/*
 * The reason without paths, as the status page shows it: an error's message
 * has the store's place in double quotes, or was cut off there.
 */

static void
ngx_http_social_job_store_reason(social_store_error_t *error, u_char *buf,
    ngx_str_t *reason)
{
    u_char  *p, *last, *text, *end;

    text = (u_char *) error->message;
    end = text + ngx_strlen(text);
    p = ngx_strlchr(text, end, '"');
    last = end;

    if (p) {
        while (last > p + 1 && last[-1] != '"') {
            last--;
        }

        if (last == p + 1) {
            last = end;
        }

        while (p > text && (p[-1] == ' ' || p[-1] == ':')) {
            p--;
        }

    } else {
        p = end;
    }

    reason->data = buf;
    reason->len = ngx_snprintf(buf, NGX_HTTP_SOCIAL_ZONE_REASON, "%*s%*s",
                               (size_t) (p - text), text,
                               (size_t) (end - last), last)
                  - buf;
}


/*
 * 1 if this failure is to be logged: the trouble is new, or it has another
 * reason now, or somebody reloaded nginx, or it only now is an error.  Two
 * reasons that take turns are logged once each and then at most once in
 * JOB_LOG_PAUSE.  One worker gets 1.
 */

static ngx_uint_t
ngx_http_social_job_store_tell(ngx_http_social_zone_t *zone, ngx_uint_t writer,
    uint32_t hash, ngx_uint_t level)
{
    ngx_atomic_uint_t  told, bit, was;

    told = zone->store_told[writer];
    bit = (ngx_atomic_uint_t) 1 << (hash & 63);

    if ((told & bit) == 0) {

        if (!ngx_atomic_cmp_set(&zone->store_told[writer], told, told | bit)) {
            return 0;
        }

        was = told ? zone->store_level[writer] : level;
        zone->store_level[writer] = ngx_min(level, was);
        zone->store_told_at[writer] = ngx_time();

    } else if (level < zone->store_level[writer]) {
        was = zone->store_level[writer];

        if (!ngx_atomic_cmp_set(&zone->store_level[writer], was, level)) {
            return 0;
        }

    } else {
        was = zone->store_told_at[writer];

        if (zone->store_told_last[writer] == hash
            || ngx_time() - (time_t) was < NGX_HTTP_SOCIAL_JOB_LOG_PAUSE
            || !ngx_atomic_cmp_set(&zone->store_told_at[writer], was,
                                   ngx_time()))
        {
            return 0;
        }
    }

    zone->store_told_last[writer] = hash;

    return 1;
}


/*
 * What makes two failures one trouble: the system's reason, which stands in
 * parentheses, else the whole text.  Never 0.
 */

static uint32_t
ngx_http_social_job_store_cause(ngx_str_t *reason)
{
    u_char    *p, *end, *last;
    uint32_t   hash;

    last = reason->data + reason->len;
    p = ngx_strlchr(reason->data, last, '(');
    end = p ? ngx_strlchr(p, last, ')') : NULL;

    hash = end ? ngx_crc32_long(p, end - p)
               : ngx_crc32_long(reason->data, reason->len);

    return hash ? hash : 1;
}


/*
 * If both reading and writing fail for the same reason, the second failure is
 * logged at a lower level.
 */

void
ngx_http_social_job_store_failed(ngx_http_social_site_t *site,
    ngx_uint_t writer, social_store_error_t *error)
{
    u_char                   buf[NGX_HTTP_SOCIAL_ZONE_REASON];
    uint32_t                 hash;
    ngx_str_t                reason;
    ngx_uint_t               level;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    (void) ngx_atomic_fetch_add(&zone->store_errors, 1);
    (void) ngx_atomic_fetch_add(&zone->store_errors_by[writer], 1);

    /* without memory the store was not even asked: no pause */

    if (error->fault != SOCIAL_STORE_MEMORY) {
        ngx_http_social_job_pause_begin(site, writer);
    }

    ngx_http_social_job_store_reason(error, buf, &reason);
    hash = ngx_http_social_job_store_cause(&reason);

    if (zone->store_failed[writer] != hash) {
        ngx_http_social_zone_reason_set(zone, writer, &reason);
        zone->store_failed[writer] = hash;
    }

    level = zone->store_failed[!writer] == hash ? NGX_LOG_WARN : NGX_LOG_ERR;

    if (!ngx_http_social_job_store_tell(zone, writer, hash, level)) {
        level = NGX_LOG_DEBUG;
    }

    ngx_log_debug5(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social store \"%V\": cannot %s: %s: %s%s",
                   &site->name, writer ? "write" : "read",
                   error->op, error->message,
                   level == NGX_LOG_DEBUG ? ", logged before" : "");

    if (level == NGX_LOG_DEBUG) {
        return;
    }

    ngx_log_error(level, ngx_cycle->log, 0,
                  "social_site \"%V\": the store cannot be %s: %s: %s; "
                  "pages are still served%s",
                  &site->name, writer ? "written" : "read",
                  error->op, error->message,
                  writer ? ", comments are refused with 503, "
                           "counts are kept in memory" : "");
}


/* logged at the level of the trouble, so that a log that shows its beginning
 * shows its end, too */

void
ngx_http_social_job_store_recovered(ngx_http_social_site_t *site,
    ngx_uint_t writer)
{
    ngx_uint_t                    level;
    ngx_atomic_uint_t             was;
    ngx_http_social_zone_t       *zone;
    ngx_http_social_job_pause_t  *pause;

    zone = site->zone;
    pause = &ngx_http_social_job_pauses[site->index];
    pause->until[writer] = 0;
    pause->length[writer] = 0;

    if (writer) {
        /* it can probably be read again, too: try at once */
        pause->until[0] = 0;
        pause->length[0] = 0;
    }

    was = zone->store_failed[writer];
    level = zone->store_level[writer];

    if (was && ngx_atomic_cmp_set(&zone->store_failed[writer], was, 0)) {
        zone->store_told[writer] = 0;
        zone->store_told_last[writer] = 0;

        ngx_log_error(level, ngx_cycle->log, 0,
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
                  "social_site \"%V\": the store was deleted or replaced, "
                  "the one that is there now is used",
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
        pause->length[writer] = 0;
        return NGX_OK;
    }

    until = pause->until[writer];

    return (until && (ngx_msec_int_t) (until - ngx_current_msec) > 0)
           ? NGX_BUSY : NGX_AGAIN;
}
