
/*
 * What the status tells of shared memory and the store: it is in the zone,
 * which only the event loop may read.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_admin_status.h"


/* of several machines each tells what it has counted of itself since it
 * started: the store has only the sum */

static void
ngx_http_social_admin_status_own(ngx_http_social_site_t *site,
    ngx_http_social_admin_status_t *st)
{
    uint64_t            value;
    ngx_uint_t          i;
    const char         *label;
    social_count_e      kind;
    social_labelled_t  *own;

    for (i = 0;
         (label = ngx_http_social_sync_health(site->zone, i, &kind, &value))
         != NULL;
         i++)
    {
        own = &st->own[i];
        own->kind = (uint16_t) kind;
        own->value = (int64_t) value;
        ngx_cpystrn((u_char *) own->label, (u_char *) label,
                    SOCIAL_LABEL_MAX);
    }

    st->generation = site->zone->generation;
    st->late = SOCIAL_NODE_LATE + (int64_t) (site->flush / 1000);

    st->health.node = ngx_http_social_sync_node_name();
    st->health.own.labelled = st->own;
    st->health.own.nlabelled = i;
}


void
ngx_http_social_admin_status_health(ngx_http_social_site_t *site,
    ngx_http_social_admin_status_t *st)
{
    social_health_t         *health;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    health = &st->health;

    health->store_reason = (const char *) st->reason;
    ngx_http_social_zone_reason(zone, zone->store_failed[1] != 0, st->reason);

    health->matched = (site->articles == NULL || zone->matched);
    health->unmatched = zone->unmatched;
    health->articles = (const char *) site->articles_text.data;
    health->unmatched_key = (const char *) st->unmatched;
    ngx_http_social_zone_unmatched_key(zone, st->unmatched);

    health->readers_now = ngx_http_social_zone_readers_now(site);
    health->zone_size = zone->size;
    health->zone_used = ngx_http_social_zone_used(zone);
    health->evicted = zone->evicted;
    health->dropped = zone->dropped_slot + zone->dropped_mark
                      + zone->dropped_touch + zone->dropped_quota
                      + zone->dropped_sketch + zone->dropped_chunk;
    health->dropped_marks = zone->dropped_mark;
    health->dropped_touches = zone->dropped_touch;
    health->dropped_quota = zone->dropped_quota;
    health->limited_articles = zone->limited_articles;
    health->limited_posts = zone->limited_posts;
    health->broken_chains = zone->broken_chains;
    health->one_address = ngx_http_social_zone_crowd_found(site);
    health->store_errors = zone->store_errors;
    health->reads_refused = zone->reads_refused;
    health->cut_pages = zone->cut_pages;
    health->store_ok = !zone->store_failed[0] && !zone->store_failed[1];

    if (site->shared) {
        ngx_http_social_admin_status_own(site, st);
    }
}
