
/*
 * Evicts articles when the zone is nearly full: the least recently used ones
 * whose counts are saved.  Pages without a reader go first, articles with a
 * thread or likes last, since from then on every unknown key has to be looked
 * up in the store.
 *
 * A slot is first retired (taken out of the table).  Requests that found it
 * before may still count in it, so it is freed more than two seconds later,
 * and only when all its counts are saved.
 *
 * Event loop only; takes the mutex for each slot that it retires or frees.
 */

#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_ZONE_GRACE  2       /* seconds until it is freed */


/* which slots may go: those of a number and of all numbers below it */

enum {
    NGX_HTTP_SOCIAL_ZONE_GOES_UNREAD = 0,
    NGX_HTTP_SOCIAL_ZONE_GOES_ARTICLE,
    NGX_HTTP_SOCIAL_ZONE_GOES_THREAD,
    NGX_HTTP_SOCIAL_ZONE_GOES_NOT
};


static ngx_uint_t
ngx_http_social_zone_evict_rank(ngx_http_social_slot_t *slot)
{
    if (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD) {
        return NGX_HTTP_SOCIAL_ZONE_GOES_UNREAD;
    }

    if (slot->changes != slot->changes_saved) {
        return NGX_HTTP_SOCIAL_ZONE_GOES_NOT;
    }

    return (slot->flags & NGX_HTTP_SOCIAL_SLOT_THREAD)
           || ngx_http_social_zone_likes(slot)
           ? NGX_HTTP_SOCIAL_ZONE_GOES_THREAD
           : NGX_HTTP_SOCIAL_ZONE_GOES_ARTICLE;
}


/* seconds since last use, so that about `want` live slots of at most this rank
 * are older: 0, or a power of two */

static ngx_uint_t
ngx_http_social_zone_evict_age(ngx_http_social_zone_t *zone, ngx_uint_t want,
    ngx_uint_t rank)
{
    ngx_int_t                age;
    ngx_uint_t               i, n, b, buckets[32];
    ngx_http_social_slot_t  *slot;

    ngx_memzero(buckets, sizeof(buckets));

    for (i = 1; i < zone->next_slot; i++) {
        slot = ngx_http_social_zone_slot_at(zone, i);

        if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE
            && ngx_http_social_zone_evict_rank(slot) <= rank)
        {
            age = (ngx_int_t) (ngx_http_social_zone_clock() - slot->last_used);

            for (b = 0; age > 0 && b < 31; age >>= 1) {
                b++;
            }

            buckets[b]++;
        }
    }

    for (b = 31, n = 0; b > 0; b--) {
        n += buckets[b];

        if (n >= want) {
            return (ngx_uint_t) 1 << (b - 1);
        }
    }

    return 0;
}


/* how many slots to retire.  For lack of chunks none, while slots that are
 * retired already wait to be freed: they will give chunks back */

static ngx_uint_t
ngx_http_social_zone_evict_want(ngx_http_social_zone_t *zone)
{
    ngx_uint_t  spare, want;

    spare = zone->nslots - 1 - zone->live;
    want = (spare < zone->nslots / 8) ? zone->nslots / 4 - spare : 0;

    if (want == 0 && zone->retired == 0
        && zone->nchunks - ngx_min(zone->used_chunks, zone->nchunks)
           < zone->nchunks / 8)
    {
        want = zone->live / 8 + 1;
    }

    return want;
}


/* NGX_OK: retired; NGX_DECLINED: in use, not saved, or of a higher rank */

static ngx_int_t
ngx_http_social_zone_evict_slot(ngx_http_social_zone_t *zone, ngx_uint_t at,
    ngx_uint_t age, ngx_uint_t rank)
{
    ngx_int_t                rc;
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_at(zone, at);
    rc = NGX_DECLINED;

    if (slot->state != NGX_HTTP_SOCIAL_SLOT_LIVE
        || ngx_http_social_zone_evict_rank(slot) > rank
        || (ngx_int_t) (ngx_http_social_zone_clock() - slot->last_used)
           < (ngx_int_t) age)
    {
        return NGX_DECLINED;
    }

    ngx_http_social_zone_lock(zone);

    if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE) {
        ngx_http_social_zone_slot_retire(zone, at);
        rc = NGX_OK;
    }

    ngx_http_social_zone_unlock(zone);

    return rc;
}


/* frees slots that were retired long enough ago, and yesterday's sketches */

static void
ngx_http_social_zone_evict_free(ngx_http_social_zone_t *zone)
{
    ngx_uint_t               i;
    ngx_http_social_slot_t  *slot;

    for (i = 0; i < zone->next_slot; i++) {
        slot = ngx_http_social_zone_slot_at(zone, i);

        if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE
            && slot->sketch && slot->sketch_day != zone->salt_day)
        {
            ngx_http_social_zone_lock(zone);
            ngx_http_social_zone_reader_rotate(zone, slot);
            ngx_http_social_zone_unlock(zone);
        }

        if (slot->state != NGX_HTTP_SOCIAL_SLOT_RETIRED
            || ngx_http_social_zone_evict_rank(slot)
               == NGX_HTTP_SOCIAL_ZONE_GOES_NOT
            || ngx_http_social_zone_clock()
                   <= slot->last_used + NGX_HTTP_SOCIAL_ZONE_GRACE)
        {
            continue;
        }

        ngx_http_social_zone_lock(zone);

        if (slot->state == NGX_HTTP_SOCIAL_SLOT_RETIRED) {
            ngx_http_social_zone_slot_free(zone, i);
        }

        ngx_http_social_zone_unlock(zone);
    }
}


void
ngx_http_social_zone_evict(ngx_http_social_site_t *site)
{
    ngx_uint_t               i, age, want, left, rank;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    if (zone->retired || zone->used_sketches) {
        ngx_http_social_zone_evict_free(zone);
    }

    want = ngx_http_social_zone_evict_want(zone);
    left = want;

    for (rank = 0; rank < NGX_HTTP_SOCIAL_ZONE_GOES_NOT && left; rank++) {
        age = ngx_http_social_zone_evict_age(zone, left, rank);

        for (i = 1; i < zone->next_slot && left; i++) {
            if (ngx_http_social_zone_evict_slot(zone, i, age, rank)
                == NGX_OK)
            {
                left--;
            }
        }
    }

    if (want) {
        ngx_log_debug6(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social evict \"%V\": %ui of %ui articles, "
                       "%uA of %uD slots and %uA chunks in use",
                       &site->name, want - left, want, zone->live,
                       zone->nslots, zone->used_chunks);
    }
}
