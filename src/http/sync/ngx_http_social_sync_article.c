
/*
 * The slot of an article, and room for it: if less than a sixteenth of the
 * slots is free, saves and evicts now instead of waiting for the timer.  Event
 * loop only.
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


/* at most once a second in all workers */

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

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social save \"%V\": to make room, %uA of %uD slots in use",
                   &site->name, zone->live, zone->nslots);

    (void) ngx_http_social_sync_save_now(site,
                                         ngx_http_social_sync_article_saved,
                                         site);
}


static ngx_http_social_slot_t *
ngx_http_social_sync_make(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_uint_t flags)
{
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    slot = ngx_http_social_zone_slot_make(site, key, flags);
    zone = site->zone;

    if (slot == NULL || zone->nslots - 1 - zone->live < zone->nslots / 16) {
        ngx_http_social_sync_make_room(site);
    }

    return slot;
}


ngx_http_social_slot_t *
ngx_http_social_sync_article(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_find(site, key);

    if (slot == NULL) {
        slot = ngx_http_social_sync_make(site, key, 0);
    }

    /* another worker may have made it for a bot at the same moment */

    if (slot && (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD)) {
        ngx_http_social_zone_slot_set_read(slot);
    }

    return slot;
}


ngx_http_social_slot_t *
ngx_http_social_sync_page(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_find(site, key);

    return slot ? slot
                : ngx_http_social_sync_make(site, key,
                                            NGX_HTTP_SOCIAL_SLOT_UNREAD);
}
