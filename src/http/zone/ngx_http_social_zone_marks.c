
/*
 * What is counted once a day and visitor: marks and first touches; and recent
 * views, which a beacon may confirm.  All of it is hashes under the salt of
 * the day.
 *
 * Each table is a set of words.  A hash may stand in one of the WAYS words
 * behind its place; where all are taken, the oldest recent view is
 * overwritten, and a mark or a first touch is not kept.  Marks that are not
 * kept are counted.  No lock.  Times are those of a clock that is never set.
 * Event loop only.
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


/* NGX_OK: was there; NGX_DECLINED: is there now; NGX_BUSY: no room */

static ngx_int_t
ngx_http_social_zone_mark_add(ngx_http_social_zone_t *zone, uint64_t word)
{
    uint32_t       i;
    ngx_atomic_t  *set, *p;

    /* marks may be taken back: it may stand behind an empty place */

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
ngx_http_social_zone_mark(ngx_http_social_site_t *site, uint64_t what)
{
    ngx_int_t                rc;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    rc = ngx_http_social_zone_mark_add(zone, what | 1);

    if (rc == NGX_BUSY) {
        /* bounded: what cannot be told from a repeat is not counted */
        (void) ngx_atomic_fetch_add(&zone->dropped_mark, 1);
    }

    return rc == NGX_DECLINED;
}


ngx_uint_t
ngx_http_social_zone_marked(ngx_http_social_site_t *site, uint64_t what)
{
    return ngx_http_social_zone_mark_find(site->zone, what | 1) != NULL;
}


void
ngx_http_social_zone_unmark(ngx_http_social_site_t *site, uint64_t what)
{
    ngx_atomic_t  *p;

    p = ngx_http_social_zone_mark_find(site->zone, what | 1);

    if (p) {
        (void) ngx_atomic_cmp_set(p, what | 1, 0);
    }
}


/* a word of recent views: seconds << 32 | hash */

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
