
/*
 * The salt of the day.  It lives in shared memory only, is never written, and
 * is replaced at 00:00 UTC together with all that was hashed under it.  No
 * lock but at midnight.  Event loop only.
 */

#include <sys/random.h>

#include "ngx_http_social_zone.h"


/*
 * A clock that steps back must not bring a second midnight.  But one that was
 * days ahead must not keep a salt for days either.
 */

static ngx_uint_t
ngx_http_social_zone_salt_is_today(ngx_http_social_zone_t *zone,
    ngx_atomic_uint_t today)
{
    return zone->salt_day == today || zone->salt_day == today + 1;
}


void
ngx_http_social_zone_salt_today(ngx_http_social_site_t *site)
{
    u_char                   salt[16];
    ngx_atomic_uint_t        today;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    today = ngx_time() / 86400;

    if (ngx_http_social_zone_salt_is_today(zone, today)) {
        return;
    }

    if (getrandom(salt, sizeof(salt), 0) != sizeof(salt)) {
        return;
    }

    ngx_http_social_zone_lock(zone);

    if (!ngx_http_social_zone_salt_is_today(zone, today)) {
        ngx_memcpy(zone->salt, salt, sizeof(salt));
        ngx_memzero(ngx_http_social_zone_at(zone, zone->marks),
                    (zone->marks_mask + 1) * sizeof(uint64_t));
        ngx_memzero(ngx_http_social_zone_at(zone, zone->touch),
                    (zone->touch_mask + 1) * sizeof(uint64_t));
        ngx_memory_barrier();
        zone->salt_day = today;
    }

    ngx_http_social_zone_unlock(zone);
}
