
/*
 * The slot of an article, and room for it: a zone that is nearly full is
 * saved and its coldest articles are evicted before the timer would do so.
 * Event loop only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"


static void
ngx_http_social_sync_article_saved(void *data, ngx_int_t rc)
{
    if (rc == NGX_OK) {
        ngx_http_social_zone_evict(data);
    }
}


/* once a second at most, whichever worker is first */

static void
ngx_http_social_sync_make_room(ngx_http_social_site_t *site)
{
    ngx_atomic_uint_t        now, was;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    now = ngx_http_social_zone_clock();
    was = zone->room_made;

    if (was == now || !ngx_atomic_cmp_set(&zone->room_made, was, now)) {
        return;
    }

    (void) ngx_http_social_sync_save_now(site,
                                         ngx_http_social_sync_article_saved,
                                         site);
}


ngx_http_social_slot_t *
ngx_http_social_sync_article(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    slot = ngx_http_social_zone_slot_find(site, key);
    if (slot) {
        return slot;
    }

    slot = ngx_http_social_zone_slot_make(site, key);
    zone = site->zone;

    if (slot == NULL || zone->nslots - 1 - zone->live < zone->nslots / 16) {
        ngx_http_social_sync_make_room(site);
    }

    return slot;
}
