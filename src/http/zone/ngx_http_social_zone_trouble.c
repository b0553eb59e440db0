
/*
 * What goes wrong with a site and what its owner is told of it: why the store
 * fails, and that no page is an article.
 *
 * Texts change under the mutex.  A worker that is killed there leaves at most
 * a text that is cut off.  Event loop only, and the master at a reload.
 */

#include "ngx_http_social_zone.h"


void
ngx_http_social_zone_reloaded(ngx_http_social_zone_t *zone)
{
    ngx_uint_t  i;

    /* what still fails is logged again: somebody is looking */

    zone->store_told[0] = 0;
    zone->store_told[1] = 0;

    /* `article` may have been changed */

    zone->matched = 0;
    zone->unmatched = 0;

    /* and so may `close=` */

    for (i = 0; i < zone->nslots; i++) {
        (void) __atomic_fetch_and(
                   &ngx_http_social_zone_slot_at(zone, i)->flags,
                   ~(ngx_atomic_uint_t) NGX_HTTP_SOCIAL_SLOT_CLOSED,
                   __ATOMIC_SEQ_CST);
    }
}


void
ngx_http_social_zone_matched(ngx_http_social_zone_t *zone)
{
    if (!zone->matched) {
        zone->matched = 1;
    }
}


ngx_uint_t
ngx_http_social_zone_unmatched(ngx_http_social_zone_t *zone, ngx_str_t *key)
{
    size_t  len;

    if (zone->matched) {
        return 0;
    }

    len = ngx_min(key->len, SOCIAL_KEY_MAX);

    ngx_http_social_zone_lock(zone);

    zone->unmatched_len = 0;
    ngx_memcpy(zone->unmatched_key, key->data, len);
    zone->unmatched_len = len;

    ngx_http_social_zone_unlock(zone);

    return ngx_atomic_fetch_add(&zone->unmatched, 1) + 1;
}


void
ngx_http_social_zone_unmatched_key(ngx_http_social_zone_t *zone, u_char *buf)
{
    size_t  len;

    ngx_http_social_zone_lock(zone);

    len = ngx_min(zone->unmatched_len, SOCIAL_KEY_MAX);
    ngx_memcpy(buf, zone->unmatched_key, len);

    ngx_http_social_zone_unlock(zone);

    buf[len] = '\0';
}


void
ngx_http_social_zone_reason(ngx_http_social_zone_t *zone, ngx_uint_t writer,
    u_char *buf)
{
    buf[0] = '\0';

    if (zone->store_failed[writer]) {
        ngx_http_social_zone_lock(zone);

        (void) ngx_cpystrn(buf, zone->store_reason[writer],
                           NGX_HTTP_SOCIAL_ZONE_REASON);

        ngx_http_social_zone_unlock(zone);
    }
}


void
ngx_http_social_zone_reason_set(ngx_http_social_zone_t *zone,
    ngx_uint_t writer, ngx_str_t *text)
{
    size_t  len;

    len = ngx_min(text->len, NGX_HTTP_SOCIAL_ZONE_REASON - 1);

    ngx_http_social_zone_lock(zone);

    ngx_memcpy(zone->store_reason[writer], text->data, len);
    zone->store_reason[writer][len] = '\0';

    ngx_http_social_zone_unlock(zone);
}
