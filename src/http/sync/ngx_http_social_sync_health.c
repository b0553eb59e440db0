
/*
 * Counters of shared memory itself, which are saved as the site's: articles
 * that were evicted, events that found no room, errors of the store.  They
 * survive restarts like all others.
 *
 * Event loop only.
 */

#include "ngx_http_social_sync_state.h"


#define ngx_http_social_sync_health_row(kind, label, field)                   \
    { kind, label, offsetof(ngx_http_social_zone_t, field) }


static const struct {
    social_count_e              kind;
    const char                 *label;
    size_t                      offset;
} ngx_http_social_sync_health_rows[] = {
    ngx_http_social_sync_health_row(SOCIAL_COUNT_EVICTED, "", evicted),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_DROPPED, "slot",
                                    dropped_slot),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_DROPPED, "mark",
                                    dropped_mark),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_DROPPED, "touch",
                                    dropped_touch),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_DROPPED, "quota",
                                    dropped_quota),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_DROPPED, "sketch",
                                    dropped_sketch),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_DROPPED, "chunk",
                                    dropped_chunk),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_STORE_ERROR, "read",
                                    store_errors_by[0]),
    ngx_http_social_sync_health_row(SOCIAL_COUNT_STORE_ERROR, "write",
                                    store_errors_by[1])
};


_Static_assert(social_nelts(ngx_http_social_sync_health_rows)
               == NGX_HTTP_SOCIAL_SYNC_HEALTH, "all counters");


const char *
ngx_http_social_sync_health(ngx_http_social_zone_t *zone, ngx_uint_t i,
    social_count_e *kind, uint64_t *value)
{
    if (i >= social_nelts(ngx_http_social_sync_health_rows)) {
        return NULL;
    }

    *kind = ngx_http_social_sync_health_rows[i].kind;
    *value = *(ngx_atomic_t *) ((u_char *) zone
                                + ngx_http_social_sync_health_rows[i].offset);

    return ngx_http_social_sync_health_rows[i].label;
}


ngx_atomic_uint_t
ngx_http_social_sync_health_sum(ngx_http_social_zone_t *zone)
{
    uint64_t           value;
    ngx_uint_t         i;
    social_count_e     kind;
    ngx_atomic_uint_t  sum;

    sum = 0;

    for (i = 0; ngx_http_social_sync_health(zone, i, &kind, &value); i++) {
        sum += value;
    }

    return sum;
}


ngx_int_t
ngx_http_social_sync_save_health(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot)
{
    uint64_t                 value;
    ngx_uint_t               i;
    const char              *label;
    social_count_e           kind;
    ngx_http_social_zone_t  *zone;

    zone = save->job.site->zone;

    for (i = 0;
         (label = ngx_http_social_sync_health(zone, i, &kind, &value)) != NULL;
         i++)
    {
        if (value
            && ngx_http_social_sync_save_add(save, slot, kind, label, value)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
