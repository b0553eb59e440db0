
/*
 * What lasts a day, or less: the salt, marks, first touches, recent views,
 * limits by client.  All of it is hashes under the salt, of no use once the
 * salt is replaced at 00:00 UTC.
 *
 * Every table is a set of words.  A hash may stand in one of the WAYS words
 * behind its place; where all are taken, recent views and limits overwrite
 * the oldest, marks and touches say so and count it.  No lock but at
 * midnight.  Times are those of a clock that is never set.  Event loop only.
 */

#include <sys/random.h>

#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_WAYS  16


/*
 * A clock that steps back must not bring a second midnight.  But one that was
 * days ahead must not keep a salt for days either.
 */

static ngx_uint_t
ngx_http_social_is_today(ngx_http_social_zone_t *zone,
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

    if (ngx_http_social_is_today(zone, today)) {
        return;
    }

    if (getrandom(salt, sizeof(salt), 0) != sizeof(salt)) {
        return;
    }

    ngx_http_social_zone_lock(zone);

    if (!ngx_http_social_is_today(zone, today)) {
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


static ngx_atomic_t *
ngx_http_social_mark_find(ngx_http_social_zone_t *zone, uint64_t word)
{
    uint32_t       i;
    ngx_atomic_t  *set, *p;

    set = ngx_http_social_zone_at(zone, zone->marks);

    for (i = 0; i < NGX_HTTP_SOCIAL_WAYS; i++) {
        p = &set[((uint32_t) (word >> 32) + i) & zone->marks_mask];

        if (*p == word) {
            return p;
        }
    }

    return NULL;
}


/* NGX_OK: was there; NGX_DECLINED: is there now; NGX_BUSY: no room */

static ngx_int_t
ngx_http_social_mark_add(ngx_http_social_zone_t *zone, uint64_t word)
{
    uint32_t       i;
    ngx_atomic_t  *set, *p;

    /* marks may be taken back: it may stand behind an empty place */

    if (ngx_http_social_mark_find(zone, word)) {
        return NGX_OK;
    }

    set = ngx_http_social_zone_at(zone, zone->marks);

    for (i = 0; i < NGX_HTTP_SOCIAL_WAYS; i++) {
        p = &set[((uint32_t) (word >> 32) + i) & zone->marks_mask];

        if (*p == 0 && ngx_atomic_cmp_set(p, 0, word)) {
            return NGX_DECLINED;
        }

        if (*p == word) {
            return NGX_OK;
        }
    }

    return NGX_BUSY;
}


ngx_uint_t
ngx_http_social_zone_mark(ngx_http_social_site_t *site, uint64_t what)
{
    ngx_int_t                rc;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    rc = ngx_http_social_mark_add(zone, what | 1);

    if (rc == NGX_BUSY) {
        /* bounded: what cannot be told from a repeat is not counted */
        (void) ngx_atomic_fetch_add(&zone->dropped_mark, 1);
    }

    return rc == NGX_DECLINED;
}


ngx_uint_t
ngx_http_social_zone_marked(ngx_http_social_site_t *site, uint64_t what)
{
    return ngx_http_social_mark_find(site->zone, what | 1) != NULL;
}


void
ngx_http_social_zone_unmark(ngx_http_social_site_t *site, uint64_t what)
{
    ngx_atomic_t  *p;

    p = ngx_http_social_mark_find(site->zone, what | 1);

    if (p) {
        (void) ngx_atomic_cmp_set(p, what | 1, 0);
    }
}


/* a word of recent views: seconds << 32 | hash */

static ngx_atomic_t *
ngx_http_social_recent_oldest(ngx_http_social_zone_t *zone, uint64_t view,
    ngx_atomic_uint_t *was)
{
    uint32_t            i;
    ngx_atomic_t       *set, *p, *oldest;
    ngx_atomic_uint_t   word;

    set = ngx_http_social_zone_at(zone, zone->recent);
    oldest = NULL;
    *was = 0;

    for (i = 0; i < NGX_HTTP_SOCIAL_WAYS; i++) {
        p = &set[((uint32_t) (view >> 32) + i) & zone->recent_mask];
        word = *p;

        if (oldest == NULL || word < *was) {
            oldest = p;
            *was = word;
        }
    }

    return oldest;
}


void
ngx_http_social_zone_recent_add(ngx_http_social_site_t *site, uint64_t view)
{
    ngx_uint_t          tries;
    ngx_atomic_t       *oldest;
    ngx_atomic_uint_t   word, was;

    word = ((ngx_atomic_uint_t) ngx_http_social_zone_clock() << 32)
           | (uint32_t) view;

    for (tries = 0; tries < NGX_HTTP_SOCIAL_WAYS; tries++) {
        oldest = ngx_http_social_recent_oldest(site->zone, view, &was);

        if (ngx_atomic_cmp_set(oldest, was, word)) {
            return;
        }
    }
}


ngx_uint_t
ngx_http_social_zone_recent_take(ngx_http_social_site_t *site, uint64_t view)
{
    uint32_t                 i, now;
    ngx_atomic_t            *set, *p;
    ngx_atomic_uint_t        word;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    set = ngx_http_social_zone_at(zone, zone->recent);
    now = (uint32_t) ngx_http_social_zone_clock();

    for (i = 0; i < NGX_HTTP_SOCIAL_WAYS; i++) {
        p = &set[((uint32_t) (view >> 32) + i) & zone->recent_mask];
        word = *p;

        if (word
            && (uint32_t) word == (uint32_t) view
            && now - (uint32_t) (word >> 32) <= NGX_HTTP_SOCIAL_RECENT
            && ngx_atomic_cmp_set(p, word, 0))
        {
            return 1;
        }
    }

    return 0;
}


/* a word of first touches: hash (48 bits) << 16 | source */

uint16_t
ngx_http_social_zone_first_touch(ngx_http_social_site_t *site,
    uint64_t visitor, uint16_t source)
{
    uint32_t                 i;
    ngx_atomic_t            *set, *p;
    ngx_atomic_uint_t        word;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    set = ngx_http_social_zone_at(zone, zone->touch);
    word = visitor & ~(uint64_t) 0xffff;

    for (i = 0; i < NGX_HTTP_SOCIAL_WAYS; i++) {
        p = &set[((uint32_t) (visitor >> 32) + i) & zone->touch_mask];

        if ((*p & ~(uint64_t) 0xffff) == word && *p) {
            return (uint16_t) *p;
        }

        if (*p == 0) {
            if (source == 0) {
                return 0;
            }

            if (ngx_atomic_cmp_set(p, 0, word | source)) {
                return source;
            }
        }
    }

    return source;
}


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

    for (i = 0; i < NGX_HTTP_SOCIAL_WAYS; i++) {
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
