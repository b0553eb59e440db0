
/*
 * How many people read now, without a list of them: linear counting.  A
 * reader's hash chooses one of some thousand places, which keeps the second of
 * the last page that was read; places that are younger than five minutes are
 * counted, and those that two readers share are estimated.  A place has 14 bits
 * of a hash under the day's salt: it tells nobody who it was.
 *
 * With the default zone of 16m there are 16384 places: the relative standard
 * error is below 1 % up to 30,000 readers, and a dozen are exact but for one
 * time in 250.  Somebody who reads before and after midnight, when the salt
 * changes, is counted twice for five minutes.
 *
 * A place is one store: a worker may die at any point.  Event loop only; takes
 * no lock.
 */

#include <math.h>

#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_ZONE_NOW       300      /* seconds */
#define NGX_HTTP_SOCIAL_ZONE_NOW_PART  64       /* places */


void
ngx_http_social_zone_now_add(ngx_http_social_site_t *site, uint64_t visitor)
{
    uint32_t                 now;
    volatile uint32_t       *at;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    now = (uint32_t) ngx_http_social_zone_clock();

    at = ngx_http_social_zone_at(zone, zone->now);
    at += (visitor >> 32) * zone->nnow >> 32;

    if (*at != now) {
        *at = now;
    }
}


/*
 * How many of these places are young: from `first` on, in `span` seconds.  What
 * is before `first` becomes huge, so one comparison tells.  A loop of a known
 * length over a copy: compilers take several places at a time then.
 */

static uint32_t
ngx_http_social_zone_now_full(volatile uint32_t *at, uint32_t first,
    uint32_t span)
{
    uint32_t  i, n, places[NGX_HTTP_SOCIAL_ZONE_NOW_PART];

    ngx_memcpy(places, (void *) at, sizeof(places));

    for (i = 0, n = 0; i < NGX_HTTP_SOCIAL_ZONE_NOW_PART; i++) {
        n += (places[i] - first <= span);
    }

    return n;
}


ngx_uint_t
ngx_http_social_zone_readers_now(ngx_http_social_site_t *site)
{
    uint32_t                 i, n, now, first, span, full;
    volatile uint32_t       *at;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    n = zone->nnow;
    at = ngx_http_social_zone_at(zone, zone->now);
    now = (uint32_t) ngx_http_social_zone_clock();

    /* 0 is an empty place; another worker may be a second ahead */

    first = now > NGX_HTTP_SOCIAL_ZONE_NOW ? now - NGX_HTTP_SOCIAL_ZONE_NOW : 1;
    span = now + 1 - first;

    /* the number of places is a power of two, and at least that of a part */

    for (i = 0, full = 0; i < n; i += NGX_HTTP_SOCIAL_ZONE_NOW_PART) {
        full += ngx_http_social_zone_now_full(at + i, first, span);
    }

    /* none is empty: as if half of one were, more than can be told apart */

    return (ngx_uint_t) (n * log(n / (full < n ? n - full : 0.5)) + 0.5);
}
