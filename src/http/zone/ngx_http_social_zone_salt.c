
/*
 * The daily salt, which makes hashes of visitors useless on the next day.  It
 * exists in shared memory only, must never be stored or logged, and is
 * replaced at 00:00 UTC, when the hashes made with it are forgotten.
 *
 * For 30 minutes it is kept as yesterday's: the beacon of a page that was
 * opened before midnight confirms its view.  Then the timer wipes it.
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


static void
ngx_http_social_zone_salt_wipe(ngx_http_social_zone_salts_t *salts)
{
    /* a worker that dies in between leaves until, so that this runs again */

    ngx_memzero(salts->yesterday, sizeof(salts->yesterday));
    ngx_memory_barrier();
    salts->yesterday_until = 0;
}


/*
 * Call under the mutex.  If the worker dies, salt_day is still yesterday's, and
 * the next one begins again.  The new serial number empties the tables: see
 * ngx_http_social_zone_marks.c.
 */

static void
ngx_http_social_zone_salt_set(ngx_http_social_zone_t *zone,
    ngx_atomic_uint_t today, u_char *salt)
{
    time_t                         until;
    ngx_http_social_zone_salts_t  *salts;

    salts = ngx_http_social_zone_at(zone, zone->salts);
    until = (time_t) today * 86400 + NGX_HTTP_SOCIAL_ZONE_RECENT;

    ngx_http_social_zone_salt_wipe(salts);

    if (zone->salt_day + 1 == today && ngx_time() < until) {
        ngx_memcpy(salts->yesterday, salts->today, sizeof(salts->yesterday));
        ngx_memory_barrier();
        salts->yesterday_until = until;
    }

    zone->salt_serial++;
    ngx_memory_barrier();
    ngx_memcpy(salts->today, salt, sizeof(salts->today));
    ngx_memory_barrier();
    zone->salt_day = today;
}


void
ngx_http_social_zone_salt_today(ngx_http_social_site_t *site)
{
    u_char                         salt[16];
    ngx_atomic_uint_t              today;
    ngx_http_social_zone_t        *zone;
    ngx_http_social_zone_salts_t  *salts;

    zone = site->zone;
    salts = ngx_http_social_zone_at(zone, zone->salts);
    today = ngx_time() / 86400;

    if (ngx_http_social_zone_salt_is_today(zone, today)) {

        if (salts->yesterday_until
            && ngx_time() >= (time_t) salts->yesterday_until)
        {
            ngx_http_social_zone_lock(zone);
            ngx_http_social_zone_salt_wipe(salts);
            ngx_http_social_zone_unlock(zone);
        }

        return;
    }

    if (getrandom(salt, sizeof(salt), 0) != sizeof(salt)) {
        return;
    }

    ngx_http_social_zone_lock(zone);

    if (!ngx_http_social_zone_salt_is_today(zone, today)) {
        ngx_http_social_zone_salt_set(zone, today, salt);
    }

    ngx_http_social_zone_unlock(zone);
    ngx_explicit_memzero(salt, sizeof(salt));

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social zone \"%V\": new salt for day %uA",
                   &site->name, today);
}


ngx_int_t
ngx_http_social_zone_salt_yesterday(ngx_http_social_site_t *site,
    u_char salt[16])
{
    ngx_atomic_uint_t              until;
    ngx_http_social_zone_salts_t  *salts;

    salts = ngx_http_social_zone_at(site->zone, site->zone->salts);
    until = salts->yesterday_until;

    if (until == 0 || ngx_time() >= (time_t) until) {
        return NGX_DECLINED;
    }

    ngx_memory_barrier();
    ngx_memcpy(salt, salts->yesterday, 16);
    ngx_memory_barrier();

    return (salts->yesterday_until == until) ? NGX_OK : NGX_DECLINED;
}
