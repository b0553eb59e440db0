
/*
 * Recent views, which wait for their beacon: a hash set of words, seconds << 32
 * | low half of the view's hash.  A hash may be in any of the ZONE_WAYS words
 * from its home on; if all are taken, a new view overwrites the oldest one.
 *
 * Event loop only; takes no lock.
 */

#include "ngx_http_social_zone.h"


static ngx_atomic_t *
ngx_http_social_zone_recent_at(ngx_http_social_zone_t *zone, uint64_t view,
    uint32_t i)
{
    ngx_atomic_t  *set;

    set = ngx_http_social_zone_at(zone, zone->recent);

    return &set[(((view >> 32) * zone->nrecent >> 32) + i) % zone->nrecent];
}


static ngx_atomic_t *
ngx_http_social_zone_recent_oldest(ngx_http_social_zone_t *zone, uint64_t view,
    ngx_atomic_uint_t *was)
{
    uint32_t            i;
    ngx_atomic_t       *p, *oldest;
    ngx_atomic_uint_t   word;

    oldest = NULL;
    *was = 0;

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
        p = ngx_http_social_zone_recent_at(zone, view, i);
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


/* the place of a view that is not too old, NULL: there is none; *was is its
 * word */

static ngx_atomic_t *
ngx_http_social_zone_recent_place(ngx_http_social_zone_t *zone, uint64_t view,
    ngx_atomic_uint_t *was)
{
    uint32_t            i, now;
    ngx_atomic_t       *p;
    ngx_atomic_uint_t   word;

    now = (uint32_t) ngx_http_social_zone_clock();

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
        p = ngx_http_social_zone_recent_at(zone, view, i);
        word = *p;

        if (word
            && (uint32_t) word == (uint32_t) view
            && now - (uint32_t) (word >> 32) <= NGX_HTTP_SOCIAL_ZONE_RECENT)
        {
            *was = word;
            return p;
        }
    }

    return NULL;
}


ngx_uint_t
ngx_http_social_zone_recent_take(ngx_http_social_site_t *site, uint64_t view)
{
    ngx_uint_t          tries;
    ngx_atomic_t       *p;
    ngx_atomic_uint_t   was;

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_WAYS; tries++) {
        p = ngx_http_social_zone_recent_place(site->zone, view, &was);

        if (p == NULL) {
            break;
        }

        if (ngx_atomic_cmp_set(p, was, 0)) {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_http_social_zone_recent_find(ngx_http_social_site_t *site, uint64_t view)
{
    ngx_atomic_uint_t  was;

    return ngx_http_social_zone_recent_place(site->zone, view, &was) != NULL;
}


/* seconds are whole ones: a view of the end of one may be almost a second
 * younger than it looks, never older */

ngx_uint_t
ngx_http_social_zone_recent_young(ngx_http_social_site_t *site, uint64_t view,
    ngx_uint_t seconds)
{
    uint32_t           age;
    ngx_atomic_uint_t  was;

    if (ngx_http_social_zone_recent_place(site->zone, view, &was) == NULL) {
        return 0;
    }

    age = (uint32_t) ngx_http_social_zone_clock() - (uint32_t) (was >> 32);

    return age < seconds;
}
