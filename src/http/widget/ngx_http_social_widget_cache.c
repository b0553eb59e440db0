
/*
 * The cache of rendered widgets.  An entry has an article's widget and the
 * version it was made from; the current version is in the zone, so a worker
 * notices what another one changed.  Bounded in bytes, least recently used
 * first.  One per worker.  Event loop only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_widget_cache.h"


static ngx_rbtree_t       ngx_http_social_widget_entries;
static ngx_rbtree_node_t  ngx_http_social_widget_entries_nil;
static ngx_queue_t        ngx_http_social_widget_lru;
static size_t             ngx_http_social_widget_bytes;


ngx_int_t
ngx_http_social_widget_worker(ngx_cycle_t *cycle)
{
    ngx_rbtree_init(&ngx_http_social_widget_entries,
                    &ngx_http_social_widget_entries_nil,
                    ngx_str_rbtree_insert_value);
    ngx_queue_init(&ngx_http_social_widget_lru);
    ngx_http_social_widget_bytes = 0;

    return NGX_OK;
}


ngx_http_social_widget_entry_t *
ngx_http_social_widget_entry_find(ngx_http_social_site_t *site, ngx_str_t *key)
{
    u_char                           buf[SOCIAL_KEY_MAX + NGX_INT_T_LEN + 1];
    uint32_t                         hash;
    ngx_str_t                        name;
    ngx_http_social_widget_entry_t  *entry;

    name.data = buf;
    name.len = ngx_sprintf(buf, "%ui%V", site->index, key) - buf;
    hash = ngx_crc32_long(name.data, name.len);

    entry = (ngx_http_social_widget_entry_t *) ngx_str_rbtree_lookup(
        &ngx_http_social_widget_entries, &name, hash);

    if (entry) {
        ngx_queue_remove(&entry->lru);
        ngx_queue_insert_head(&ngx_http_social_widget_lru, &entry->lru);
    }

    return entry;
}


static size_t
ngx_http_social_widget_entry_size(ngx_http_social_widget_entry_t *entry)
{
    return sizeof(ngx_http_social_widget_entry_t) + entry->node.str.len
           + (entry->render ? sizeof(ngx_http_social_widget_render_t)
                              + entry->render->pub.html.len : 0);
}


static void
ngx_http_social_widget_entry_free(ngx_http_social_widget_entry_t *entry)
{
    ngx_http_social_widget_bytes -= ngx_http_social_widget_entry_size(entry);

    ngx_rbtree_delete(&ngx_http_social_widget_entries, &entry->node.node);
    ngx_queue_remove(&entry->lru);

    if (entry->render) {
        ngx_http_social_widget_release(entry->render);
    }

    free(entry);
}


/* frees the least recently used entries, but not `keep`, nor those that a load
 * or a waiting request points to */

static void
ngx_http_social_widget_cache_shrink(ngx_http_social_widget_entry_t *keep)
{
    ngx_queue_t                     *q, *prev;
    ngx_http_social_widget_entry_t  *entry;

    for (q = ngx_queue_last(&ngx_http_social_widget_lru);
         q != ngx_queue_sentinel(&ngx_http_social_widget_lru)
         && ngx_http_social_widget_bytes > NGX_HTTP_SOCIAL_WIDGET_CACHE;
         q = prev)
    {
        prev = ngx_queue_prev(q);
        entry = ngx_queue_data(q, ngx_http_social_widget_entry_t, lru);

        if (entry != keep && !entry->loading
            && ngx_queue_empty(&entry->waiters))
        {
            ngx_http_social_widget_entry_free(entry);
        }
    }
}


ngx_http_social_widget_entry_t *
ngx_http_social_widget_entry_make(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_http_social_widget_entry_t  *entry;

    entry = ngx_http_social_widget_entry_find(site, key);

    if (entry) {
        return entry;
    }

    entry = calloc(1, sizeof(ngx_http_social_widget_entry_t) + key->len
                      + NGX_INT_T_LEN);
    if (entry == NULL) {
        return NULL;
    }

    entry->node.str.data = (u_char *) entry
                           + sizeof(ngx_http_social_widget_entry_t);
    entry->node.str.len = ngx_sprintf(entry->node.str.data, "%ui%V",
                                      site->index, key)
                          - entry->node.str.data;
    entry->node.node.key = ngx_crc32_long(entry->node.str.data,
                                          entry->node.str.len);
    ngx_queue_init(&entry->waiters);

    ngx_rbtree_insert(&ngx_http_social_widget_entries, &entry->node.node);
    ngx_queue_insert_head(&ngx_http_social_widget_lru, &entry->lru);
    ngx_http_social_widget_bytes += ngx_http_social_widget_entry_size(entry);

    ngx_http_social_widget_cache_shrink(entry);

    return entry;
}


void
ngx_http_social_widget_entry_set(ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_render_t *render,
    ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_bytes -= ngx_http_social_widget_entry_size(entry);

    if (entry->render) {
        ngx_http_social_widget_release(entry->render);
    }

    entry->render = render;
    entry->version = *version;
    ngx_http_social_widget_bytes += ngx_http_social_widget_entry_size(entry);

    ngx_http_social_widget_cache_shrink(entry);
}


void
ngx_http_social_widget_version(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_http_social_widget_version_t *version)
{
    version->revision = slot ? slot->revision : 0;
    version->epoch = site->zone->epoch;
    version->week = ngx_http_social_widget_week();
}


ngx_uint_t
ngx_http_social_widget_entry_fresh(ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version)
{
    return entry->render
           && entry->version.revision == version->revision
           && entry->version.epoch == version->epoch
           && entry->version.week == version->week;
}


void
ngx_http_social_widget_changed(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_int_t comments)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_sync_article(site, key);

    if (slot == NULL) {
        /* no slot to hold a revision: now any unknown key may have comments */

        site->zone->keys_incomplete = 1;
        ngx_memory_barrier();
        (void) ngx_atomic_fetch_add(&site->zone->epoch, 1);
        return;
    }

    ngx_http_social_zone_slot_set_thread(slot);

    if (comments) {
        (void) ngx_atomic_fetch_add(&slot->comments, comments);
    }

    ngx_memory_barrier();
    (void) ngx_atomic_fetch_add(&slot->revision, 1);
}
