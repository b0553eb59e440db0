
/*
 * The daily salt, which makes hashes of visitors useless on the next day.  It
 * exists in shared memory only, must never be stored or logged, and is
 * replaced at 00:00 UTC, when the hashes made with it are cleared.
 *
 * Event loop only; takes the mutex at midnight.
 */

#include <sys/random.h>

#include "ngx_http_social_zone.h"


/*
 * Tomorrow's salt counts as today's: if the clock is set back over midnight,
 * the salt stays, else visitors would be counted twice.  One that is further
 * ahead (the clock was wrong) is replaced, else it would be kept for days.
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

        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social zone \"%V\": new salt for day %uA, "
                       "marks cleared", &site->name, today);
    }

    ngx_http_social_zone_unlock(zone);
}
