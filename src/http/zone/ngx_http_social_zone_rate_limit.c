
/*
 * Rate limits and daily quotas by client.  A client may be in any of the
 * ZONE_WAYS words from its home on.  Both tables are full of attackers at
 * worst, so a new client then takes the word that matters least: that of the
 * client which could be forgotten first, or the lowest count.
 *
 * Event loop only; takes no lock: each use is one compare-and-swap of one
 * word.
 */

#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_ZONE_TICKS  256     /* in a second */


static ngx_atomic_t *
ngx_http_social_zone_client_at(ngx_http_social_zone_t *zone, size_t table,
    uint32_t n, uint64_t client, uint32_t i)
{
    ngx_atomic_t  *set;

    set = ngx_http_social_zone_at(zone, table);

    return &set[(((client >> 32) * n >> 32) + i) % n];
}


/* ticks that a word of the rate table is ahead of now; one that is more than a
 * day ahead is months old: the counter of ticks wraps around in 194 days */

static uint32_t
ngx_http_social_zone_rate_ahead(ngx_atomic_uint_t word, uint32_t now)
{
    uint32_t  ahead;

    ahead = (uint32_t) word - now;

    return (word == 0 || ahead > 86401 * NGX_HTTP_SOCIAL_ZONE_TICKS)
               ? 0 : ahead;
}


/* the client's word, or the one to take */

static ngx_atomic_t *
ngx_http_social_zone_rate_find(ngx_http_social_zone_t *zone, uint64_t client,
    uint32_t now, ngx_atomic_uint_t *word)
{
    uint32_t            i, ahead, least;
    ngx_atomic_t       *p, *pick;
    ngx_atomic_uint_t   was;

    pick = NULL;
    least = 0;
    *word = 0;

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
        p = ngx_http_social_zone_client_at(zone, zone->rate, zone->nrate,
                                           client, i);
        was = *p;

        if (was && (uint32_t) (was >> 32) == (uint32_t) client) {
            *word = was;
            return p;
        }

        ahead = ngx_http_social_zone_rate_ahead(was, now);

        if (pick == NULL || ahead < least) {
            pick = p;
            least = ahead;
            *word = was;
        }
    }

    return pick;
}


/*
 * GCRA: a token bucket kept as one number, the time when it will be full
 * again.  Each use moves it by seconds / n; a use that would move it more than
 * `seconds` ahead of now is refused.  A word is low half of the client << 32 |
 * that time in ticks of ngx_current_msec, which is steady.
 */

time_t
ngx_http_social_zone_rate_limit(ngx_http_social_site_t *site, uint64_t client,
    ngx_uint_t n, time_t seconds)
{
    uint32_t                 now, ahead, step, most;
    ngx_uint_t               tries;
    ngx_atomic_t            *p;
    ngx_atomic_uint_t        word;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    now = (uint32_t) (ngx_current_msec * NGX_HTTP_SOCIAL_ZONE_TICKS / 1000);
    most = (uint32_t) seconds * NGX_HTTP_SOCIAL_ZONE_TICKS;
    step = ngx_max(most / ngx_max(n, 1), 1);

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_PROBES; tries++) {
        p = ngx_http_social_zone_rate_find(zone, client, now, &word);
        ahead = 0;

        if ((uint32_t) (word >> 32) == (uint32_t) client) {
            ahead = ngx_http_social_zone_rate_ahead(word, now);
        }

        if (ahead + step > most) {
            return (ahead + step - most) / NGX_HTTP_SOCIAL_ZONE_TICKS + 1;
        }

        if (ngx_atomic_cmp_set(p, word, client << 32
                                        | (uint32_t) (now + ahead + step)))
        {
            return 0;
        }
    }

    /* others count here all the time */
    return 1;
}


/*
 * "Space saving" (Metwally et al., 2005): a client that finds no room takes the
 * word with the lowest count and goes on from that count, so nobody gets more
 * than n, whoever fills the table.  A word is low half of the client << 32 |
 * low 8 bits of the salt's serial << 24 | count.
 */

static ngx_atomic_t *
ngx_http_social_zone_quota_find(ngx_http_social_zone_t *zone, uint64_t client,
    ngx_atomic_uint_t *word, uint32_t *count)
{
    uint32_t            i, n, today;
    ngx_atomic_t       *p, *pick;
    ngx_atomic_uint_t   was;

    today = zone->salt_serial & 0xff;
    pick = NULL;
    *word = 0;
    *count = 0;

    for (i = 0; i < NGX_HTTP_SOCIAL_ZONE_WAYS; i++) {
        p = ngx_http_social_zone_client_at(zone, zone->quotas, zone->nquotas,
                                           client, i);
        was = *p;
        n = ((was >> 24 & 0xff) == today) ? was & 0xffffff : 0;

        if (n && (uint32_t) (was >> 32) == (uint32_t) client) {
            *word = was;
            *count = n;
            return p;
        }

        if (pick == NULL || n < *count) {
            pick = p;
            *word = was;
            *count = n;
        }
    }

    return pick;
}


ngx_uint_t
ngx_http_social_zone_quota(ngx_http_social_site_t *site, uint64_t client,
    ngx_uint_t n)
{
    uint32_t                 count;
    ngx_uint_t               tries;
    ngx_atomic_t            *p;
    ngx_atomic_uint_t        word, new;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    for (tries = 0; tries < NGX_HTTP_SOCIAL_ZONE_PROBES; tries++) {
        p = ngx_http_social_zone_quota_find(zone, client, &word, &count);

        if (count >= ngx_min(n, 0xffffff)) {
            return 1;
        }

        new = client << 32 | (zone->salt_serial & 0xff) << 24 | (count + 1);

        if (ngx_atomic_cmp_set(p, word, new)) {
            return 0;
        }
    }

    return 1;
}
