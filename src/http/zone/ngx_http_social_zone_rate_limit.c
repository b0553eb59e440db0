
/*
 * Rate limits by client.  A client may be in any of the ZONE_WAYS pairs of
 * words from its home on; if all are taken, it overwrites the one that could
 * be forgotten first.  Times are of ngx_current_msec, which is steady.
 *
 * Event loop only; takes no lock: of two workers that count at the same moment
 * one may be lost, so a client may get one more.
 */

#include "ngx_http_social_zone.h"


/*
 * GCRA: a token bucket kept as one number, the time when it will be full
 * again.  Each use moves it by seconds / n; a use that would move it more than
 * `seconds` ahead of now is refused.  A pair of words is client, msec.
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
