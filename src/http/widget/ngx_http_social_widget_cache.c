
/*
 * The cache of rendered widgets and of pages of threads.  An entry has an
 * article's widget and the version it was made from; the current version is in
 * the zone, so a worker notices what another one changed.  Bounded in bytes,
 * least recently used first.  One per worker.  Event loop only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_widget_cache.h"
#include "ngx_http_social_widget_wait.h"


static ngx_rbtree_t       ngx_http_social_widget_entries;
static ngx_rbtree_node_t  ngx_http_social_widget_entries_nil;

/* widgets, pages of threads: many of these must not drive out widgets */

static ngx_queue_t        ngx_http_social_widget_lru[2];
static size_t             ngx_http_social_widget_bytes[2];


ngx_int_t
ngx_http_social_widget_worker(ngx_cycle_t *cycle)
{
    ngx_rbtree_init(&ngx_http_social_widget_entries,
                    &ngx_http_social_widget_entries_nil,
                    ngx_str_rbtree_insert_value);
    ngx_queue_init(&ngx_http_social_widget_lru[0]);
    ngx_queue_init(&ngx_http_social_widget_lru[1]);
    ngx_http_social_widget_bytes[0] = 0;
    ngx_http_social_widget_bytes[1] = 0;
    ngx_http_social_widget_ahead_init(cycle);

    return NGX_OK;
}


/* the name of an entry; a key begins with a slash */

static size_t
ngx_http_social_widget_entry_name(u_char *buf, ngx_http_social_site_t *site,
    ngx_str_t *key, uint32_t page)
{
    u_char  *p;

    p = ngx_sprintf(buf, "%ui", site->index);

    if (page) {
        p = ngx_sprintf(p, "p%uD", page);
    }

    return ngx_sprintf(p, "%V", key) - buf;
}


ngx_http_social_widget_entry_t *
ngx_http_social_widget_entry_find(ngx_http_social_site_t *site, ngx_str_t *key,
    uint32_t page)
{
    u_char                           buf[SOCIAL_KEY_MAX
                                         + 2 * NGX_INT_T_LEN + 1];
    uint32_t                         hash;
    ngx_str_t                        name;
    ngx_http_social_widget_entry_t  *entry;

    name.data = buf;
    name.len = ngx_http_social_widget_entry_name(buf, site, key, page);
    hash = ngx_crc32_long(name.data, name.len);

    entry = (ngx_http_social_widget_entry_t *) ngx_str_rbtree_lookup(
        &ngx_http_social_widget_entries, &name, hash);

    if (entry) {
        ngx_queue_remove(&entry->lru);
        ngx_queue_insert_head(&ngx_http_social_widget_lru[entry->thread],
                              &entry->lru);
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
    ngx_http_social_widget_bytes[entry->thread] -=
        ngx_http_social_widget_entry_size(entry);

    ngx_rbtree_delete(&ngx_http_social_widget_entries, &entry->node.node);
    ngx_queue_remove(&entry->lru);

    if (entry->queued) {
        ngx_queue_remove(&entry->ahead);
    }

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
    size_t                          *bytes;
    ngx_queue_t                     *q, *prev, *lru;
    ngx_http_social_widget_entry_t  *entry;

    lru = &ngx_http_social_widget_lru[keep->thread];
    bytes = &ngx_http_social_widget_bytes[keep->thread];

    for (q = ngx_queue_last(lru);
         q != ngx_queue_sentinel(lru) && *bytes > NGX_HTTP_SOCIAL_WIDGET_CACHE;
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
ngx_http_social_widget_entry_make(ngx_http_social_site_t *site, ngx_str_t *key,
    uint32_t page)
{
    ngx_http_social_widget_entry_t  *entry;

    entry = ngx_http_social_widget_entry_find(site, key, page);

    if (entry) {
        return entry;
    }

    entry = calloc(1, sizeof(ngx_http_social_widget_entry_t) + key->len
                      + 2 * NGX_INT_T_LEN);
    if (entry == NULL) {
        return NULL;
    }

    entry->node.str.data = (u_char *) entry
                           + sizeof(ngx_http_social_widget_entry_t);
    entry->node.str.len = ngx_http_social_widget_entry_name(
        entry->node.str.data, site, key, page);
    entry->node.node.key = ngx_crc32_long(entry->node.str.data,
                                          entry->node.str.len);
    ngx_queue_init(&entry->waiters);
    entry->thread = (page != 0);

    ngx_rbtree_insert(&ngx_http_social_widget_entries, &entry->node.node);
    ngx_queue_insert_head(&ngx_http_social_widget_lru[entry->thread],
                          &entry->lru);
    ngx_http_social_widget_bytes[entry->thread] +=
        ngx_http_social_widget_entry_size(entry);

    ngx_http_social_widget_cache_shrink(entry);

    return entry;
}


void
ngx_http_social_widget_entry_set(ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_render_t *render,
    ngx_http_social_widget_version_t *version)
{
    size_t  *bytes;

    bytes = &ngx_http_social_widget_bytes[entry->thread];
    *bytes -= ngx_http_social_widget_entry_size(entry);

    if (entry->render) {
        ngx_http_social_widget_release(entry->render);
    }

    entry->render = render;
    entry->version = *version;
    *bytes += ngx_http_social_widget_entry_size(entry);

    ngx_http_social_widget_cache_shrink(entry);
}


/* a page that does not say when it was published is as old as the store knows
 * it, which is only asked when somebody comments */

ngx_uint_t
ngx_http_social_widget_is_closed(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot)
{
    if (site->close == 0 || slot == NULL) {
        return 0;
    }

    if (slot->published) {
        return ngx_time() >= (time_t) slot->published + site->close;
    }

    return (slot->flags & NGX_HTTP_SOCIAL_SLOT_CLOSED) != 0;
}


void
ngx_http_social_widget_version(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_http_social_widget_version_t *version)
{
    version->revision = slot ? slot->revision : 0;
    version->withdrawn = slot ? slot->withdrawn : 0;
    version->epoch = site->zone->epoch;
    version->week = ngx_http_social_widget_week();
    version->closed = ngx_http_social_widget_is_closed(site, slot);
}


ngx_uint_t
ngx_http_social_widget_entry_fresh(ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version)
{
    return entry->render
           && entry->version.revision == version->revision
           && entry->version.epoch == version->epoch
           && entry->version.week == version->week
           && entry->version.closed == version->closed;
}


ngx_uint_t
ngx_http_social_widget_entry_usable(ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version)
{
    return entry->render
           && entry->version.withdrawn == version->withdrawn
           && entry->version.epoch == version->epoch
           && entry->version.week + 1 >= version->week;
}


ngx_int_t
ngx_http_social_widget_thread_find(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *key, uint32_t page,
    ngx_http_social_widget_version_t *version,
    ngx_http_social_widget_kept_t *kept)
{
    ngx_pool_cleanup_t              *cln;
    ngx_http_social_widget_entry_t  *entry;

    ngx_http_social_widget_version(site,
                                   ngx_http_social_zone_slot_find(site, key),
                                   version);

    entry = ngx_http_social_widget_entry_find(site, key, page);

    if (entry == NULL
        || !ngx_http_social_widget_entry_fresh(entry, version))
    {
        return NGX_DECLINED;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_DECLINED;
    }

    entry->render->refs++;
    cln->handler = ngx_http_social_widget_release;
    cln->data = entry->render;
    kept->body = entry->render->pub.html;
    kept->tag = entry->render->tag;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_widget_thread_keep(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *key, uint32_t page,
    ngx_http_social_widget_version_t *version, social_out_t *out,
    ngx_http_social_widget_kept_t *kept)
{
    ngx_pool_cleanup_t               *cln;
    ngx_http_social_widget_entry_t   *entry;
    ngx_http_social_widget_render_t  *render;

    render = ngx_http_social_widget_render_thread(out, kept->tag);
    if (render == NULL) {
        return NGX_ERROR;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        ngx_http_social_widget_release(render);
        return NGX_ERROR;
    }

    cln->handler = ngx_http_social_widget_release;
    cln->data = render;
    kept->body = render->pub.html;

    entry = ngx_http_social_widget_entry_make(site, key, page);

    if (entry) {
        render->refs++;
        ngx_http_social_widget_entry_set(entry, render, version);
    }

    return NGX_OK;
}


void
ngx_http_social_widget_changed(ngx_http_social_site_t *site, ngx_str_t *key,
    int64_t comments, int64_t change, ngx_uint_t withdrawn)
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

    ngx_memory_barrier();

    if (withdrawn) {
        (void) ngx_atomic_fetch_add(&slot->withdrawn, 1);
    }

    (void) ngx_atomic_fetch_add(&slot->revision, 1);
    ngx_http_social_zone_comments_set(slot, comments, change);
    ngx_http_social_widget_ahead(site, key);
}
