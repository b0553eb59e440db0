
/*
 * What is counted once per visitor and day: marks (a visitor did something)
 * and first touches (where a visitor came from first); and recent views, which
 * wait for their beacon.  All of them are hashes made with the daily salt.
 *
 * Each table is a hash set of 64-bit words.  A hash may be in any of the
 * ZONE_WAYS words from its home on.  If all are taken, a new view overwrites
 * the oldest one; a new mark or first touch is dropped.
 *
 * Event loop only; takes no lock.
 */

#include "ngx_http_social_zone.h"


static ngx_atomic_t *
ngx_http_social_zone_mark_find(ngx_http_social_zone_t *zone, uint64_t word)
{
    uint32_t       i;
    ngx_atomic_t  *set, *p;

    set = ngx_http_social_zone_at(zone, zone->marks);

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
        p = &set[((uint32_t) (word >> 32) + i) & zone->marks_mask];

        if (*p == word) {
            return p;
        }
    }

    return NULL;
}


/* NGX_OK: was set before; NGX_DECLINED: is set now; NGX_BUSY: no room */

static ngx_int_t
ngx_http_social_zone_mark_add(ngx_http_social_zone_t *zone, uint64_t word)
{
    uint32_t       i;
    ngx_atomic_t  *set, *p;

    /* look at all words first: taking marks back leaves holes, and the mark
     * may be behind one */

    if (ngx_http_social_zone_mark_find(zone, word)) {
        return NGX_OK;
    }

    set = ngx_http_social_zone_at(zone, zone->marks);

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
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
ngx_http_social_zone_mark(ngx_http_social_site_t *site, uint64_t mark)
{
    ngx_int_t                rc;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    rc = ngx_http_social_zone_mark_add(zone, mark | 1);

    if (rc == NGX_BUSY) {
        (void) ngx_atomic_fetch_add(&zone->dropped_mark, 1);

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social zone \"%V\": no room for a mark: not counted",
                       &site->name);
    }

    return rc == NGX_DECLINED;
}


ngx_uint_t
ngx_http_social_zone_marked(ngx_http_social_site_t *site, uint64_t mark)
{
    return ngx_http_social_zone_mark_find(site->zone, mark | 1) != NULL;
}


void
ngx_http_social_zone_unmark(ngx_http_social_site_t *site, uint64_t mark)
{
    ngx_atomic_t  *p;

    p = ngx_http_social_zone_mark_find(site->zone, mark | 1);

    if (p) {
        (void) ngx_atomic_cmp_set(p, mark | 1, 0);
    }
}


/* a recent view is the word seconds << 32 | low half of the hash */

static ngx_atomic_t *
ngx_http_social_zone_recent_oldest(ngx_http_social_zone_t *zone, uint64_t view,
    ngx_atomic_uint_t *was)
{
    uint32_t            i;
    ngx_atomic_t       *set, *p, *oldest;
    ngx_atomic_uint_t   word;

    set = ngx_http_social_zone_at(zone, zone->recent);
    oldest = NULL;
    *was = 0;

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
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

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_WAYS; tries++) {
        oldest = ngx_http_social_zone_recent_oldest(site->zone, view, &was);

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

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
        p = &set[((uint32_t) (view >> 32) + i) & zone->recent_mask];
        word = *p;

        if (word
            && (uint32_t) word == (uint32_t) view
            && now - (uint32_t) (word >> 32) <= NGX_HTTP_SOCIAL_ZONE_RECENT
            && ngx_atomic_cmp_set(p, word, 0))
        {
            return 1;
        }
    }

    return 0;
}


/* a first touch is the word upper 48 bits of the hash | source */

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

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
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
