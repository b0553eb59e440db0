
/*
 * Rate limits by client.  A client may stand in one of the WAYS pairs of words
 * behind its place; where all are taken, the one that is full again first is
 * overwritten.  Times are those of a clock that is never set.  No lock.  Event
 * loop only.
 */

#include "ngx_http_social_zone.h"


/*
 * A token bucket as one number, the time at which it will be full again
 * (GCRA): each use moves it on by seconds / n; more than `seconds` ahead of
 * now is too much.  Words in pairs: client, msec.
 */

time_t
ngx_http_social_zone_rate_limit(ngx_http_social_site_t *site, uint64_t client,
    ngx_uint_t n, time_t seconds)
{
    uint64_t                 now, full, step, best;
    uint32_t                 i;
    uint64_t                *set, *p, *pick;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    set = ngx_http_social_zone_at(zone, zone->rate);
    now = ngx_current_msec;
    step = (uint64_t) seconds * 1000 / ngx_max(n, 1);
    pick = NULL;
    best = 0;

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
        p = &set[2 * (((uint32_t) (client >> 32) + i) & zone->rate_mask)];

        if (__atomic_load_n(&p[0], __ATOMIC_RELAXED) == client) {
            pick = p;
            break;
        }

        if (pick == NULL || p[1] < best) {
            pick = p;
            best = p[1];
        }
    }

    if (pick[0] != client) {
        __atomic_store_n(&pick[0], client, __ATOMIC_RELAXED);
        __atomic_store_n(&pick[1], 0, __ATOMIC_RELAXED);
    }

    full = __atomic_load_n(&pick[1], __ATOMIC_RELAXED);
    full = ngx_max(full, now);

    if (full + step > now + (uint64_t) seconds * 1000) {
        return (time_t) ((full + step - now) / 1000 - seconds + 1);
    }

    __atomic_store_n(&pick[1], full + step, __ATOMIC_RELAXED);

    return 0;
}
