
/*
 * Which widget a page gets: that of the cache, one that is loaded from the
 * store meanwhile, or a link in its place.  An article without comments is
 * rendered at once, without the store.  Event loop.
 */

#include "ngx_http_social_widget_cache.h"
#include "ngx_http_social_widget_wait.h"
#include "ngx_http_social_view.h"
#include "social_token.h"


ngx_int_t
ngx_http_social_widget_pin_render(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_render_t *render)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    render->refs++;
    cln->handler = ngx_http_social_widget_release;
    cln->data = render;

    rec->found.widget = &render->pub;
    rec->found.widget_final = rec->found.key_final;

    return NGX_OK;
}


/* 1: the article has comments, or may have: ask the store */

static ngx_uint_t
ngx_http_social_widget_has_thread(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot)
{
    if (site->page->comments == 0) {
        /* the store is only needed for likes, if the zone was too small */

        return site->page->reactions && site->zone->keys_incomplete
               && (slot == NULL || (slot->flags & NGX_HTTP_SOCIAL_SLOT_THREAD));
    }

    if (slot && (slot->flags & NGX_HTTP_SOCIAL_SLOT_THREAD)) {
        return 1;
    }

    return !site->zone->keys_loaded
           || (slot == NULL && site->zone->keys_incomplete);
}


/*
 * The widget of an article, from the cache or, if there are no comments,
 * rendered now; referenced by the cache.  version: of a widget that is up to
 * date.  NULL: it must be loaded, or no memory.
 */

static ngx_http_social_widget_render_t *
ngx_http_social_widget_current(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_slot_t *slot,
    ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_entry_t   *entry;
    ngx_http_social_widget_render_t  *render;

    ngx_http_social_widget_version(rec->site, slot, version);

    entry = ngx_http_social_widget_entry_find(rec->site, &rec->key, 0);

    if (entry && ngx_http_social_widget_entry_fresh(entry, version)) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social widget: in the cache");
        return entry->render;
    }

    if (ngx_http_social_widget_has_thread(rec->site, slot)) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social widget: must be loaded");
        return NULL;
    }

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social widget: no comments, rendered without the store");

    render = ngx_http_social_widget_render_empty(rec->site, &rec->key, 0);
    if (render == NULL) {
        return NULL;
    }

    entry = ngx_http_social_widget_entry_make(rec->site, &rec->key, 0);

    if (entry == NULL) {
        ngx_http_social_widget_release(render);
        return NULL;
    }

    ngx_http_social_widget_entry_set(entry, render, version);

    return render;
}


/* NGX_AGAIN: the request waits; NGX_DECLINED: it need not or cannot wait */

static ngx_int_t
ngx_http_social_widget_load_and_wait(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_entry_t  *entry;

    if (rec->wait_over || ngx_http_social_job_store_away(rec->site)) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social wait: no, %s",
                       rec->wait_over ? "it has waited" : "store is away");
        return NGX_DECLINED;
    }

    entry = ngx_http_social_widget_entry_make(rec->site, &rec->key, 0);

    if (entry && entry->loading && entry->timed_out) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social wait: no, another wait for it timed out");
        return NGX_DECLINED;
    }

    if (entry == NULL
        || ngx_http_social_widget_load(rec->site, &rec->key, entry, version)
           != NGX_OK
        || ngx_http_social_widget_wait(r, rec, entry, version) != NGX_AGAIN)
    {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social wait: no, no memory or no room for a job");
        return NGX_DECLINED;
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_http_social_widget_prepare(ngx_http_request_t *r)
{
    ngx_http_social_rec_t             *rec;
    ngx_http_social_slot_t            *slot;
    ngx_http_social_widget_version_t   version;
    ngx_http_social_widget_render_t   *render;
    ngx_http_social_loc_conf_t        *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL || r != r->main
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
        || ngx_http_social_view_is_other(r))
    {
        return NGX_DECLINED;
    }

    rec = ngx_http_social_view_rec(r);

    if (rec == NULL || !ngx_http_social_view_is_article(r, rec)) {
        return NGX_DECLINED;
    }

    if (!rec->site->zone->keys_loaded && !rec->wait_over
        && !ngx_http_social_job_store_away(rec->site))
    {
        return ngx_http_social_widget_wait(r, rec, NULL, NULL) == NGX_AGAIN
               ? NGX_AGAIN : NGX_DECLINED;
    }

    if (rec->found.widget == NULL
        || rec->found.widget_final != rec->found.key_final)
    {
        slot = ngx_http_social_zone_slot_find(rec->site, &rec->key);

        if (slot == NULL && !ngx_http_social_widget_has_thread(rec->site, slot))
        {
            /* unknown key: do not fill the cache, it may be no article */

            return NGX_DECLINED;
        }

        render = ngx_http_social_widget_current(r, rec, slot, &version);

        if (render == NULL) {
            return ngx_http_social_widget_load_and_wait(r, rec, &version);
        }

        if (slot == NULL
            || ngx_http_social_widget_pin_render(r, rec, render) != NGX_OK)
        {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* the key became known too late to wait; the next request finds it loaded */

static void
ngx_http_social_widget_load_for_next(ngx_http_social_rec_t *rec,
    ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_entry_t  *entry;

    if (!rec->site->zone->keys_loaded
        || ngx_http_social_job_store_away(rec->site)) {
        return;
    }

    entry = ngx_http_social_widget_entry_make(rec->site, &rec->key, 0);

    if (entry) {
        (void) ngx_http_social_widget_load(rec->site, &rec->key, entry,
                                           version);
    }
}


static ngx_int_t
ngx_http_social_widget_pin_fallback(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_int_t                         rc;
    ngx_http_social_widget_render_t  *render;

    render = ngx_http_social_widget_render_empty(rec->site, &rec->key, 1);

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social widget: %s",
                   render ? "fallback, a link to the thread"
                          : "none, the fallback cannot be rendered");

    if (render == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_http_social_widget_pin_render(r, rec, render);

    ngx_http_social_widget_release(render);

    return rc;
}


/*
 * The last widget while a new one cannot be loaded, as a fallback: it has no
 * validators.  NGX_DECLINED: there is none, or something that it shows was
 * taken away or changed.
 */

static ngx_int_t
ngx_http_social_widget_pin_last(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_version_t *version,
    ngx_uint_t via_link)
{
    ngx_http_social_widget_t        *widget, *last;
    ngx_http_social_widget_entry_t  *entry;

    entry = ngx_http_social_widget_entry_find(rec->site, &rec->key, 0);

    if (entry == NULL || !ngx_http_social_widget_entry_usable(entry, version)
        || ngx_http_social_widget_pin_render(r, rec, entry->render) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    last = via_link ? ngx_http_social_widget_with_via(&entry->render->pub)
                    : &entry->render->pub;
    widget = ngx_palloc(r->pool, sizeof(ngx_http_social_widget_t));
    rec->found.widget = widget;

    if (last == NULL || widget == NULL) {
        rec->found.widget = NULL;
        return NGX_ERROR;
    }

    *widget = *last;
    widget->fallback = 1;

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social widget: the last one, a new one is not loaded");

    return NGX_OK;
}


ngx_http_social_widget_t *
ngx_http_social_widget_pin(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_uint_t via_link)
{
    ngx_int_t                          rc;
    ngx_http_social_slot_t            *slot;
    ngx_http_social_widget_version_t   version;
    ngx_http_social_widget_render_t   *render;

    if (rec->found.widget == NULL
        || rec->found.widget_final != rec->found.key_final)
    {
        slot = ngx_http_social_zone_slot_find(rec->site, &rec->key);
        render = ngx_http_social_widget_current(r, rec, slot, &version);

        if (render) {
            rc = ngx_http_social_widget_pin_render(r, rec, render);

        } else {
            ngx_http_social_widget_load_for_next(rec, &version);

            rc = ngx_http_social_widget_pin_last(r, rec, &version, via_link);

            if (rc == NGX_DECLINED) {
                rc = ngx_http_social_widget_pin_fallback(r, rec);
            }
        }

        if (rc != NGX_OK) {
            return NULL;
        }
    }

    if (via_link && !rec->found.widget->fallback) {
        return ngx_http_social_widget_with_via(rec->found.widget);
    }

    return rec->found.widget;
}


ngx_int_t
ngx_http_social_widget_renew(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    void (*handler)(ngx_http_request_t *r))
{
    ngx_http_social_slot_t            *slot;
    ngx_http_social_widget_entry_t    *entry;
    ngx_http_social_widget_render_t   *render;
    ngx_http_social_widget_version_t   version;

    slot = ngx_http_social_zone_slot_find(rec->site, &rec->key);
    render = ngx_http_social_widget_current(r, rec, slot, &version);

    if (render) {
        return ngx_http_social_widget_pin_render(r, rec, render) == NGX_OK
               ? NGX_OK : NGX_DECLINED;
    }

    entry = ngx_http_social_job_store_away(rec->site)
            ? NULL : ngx_http_social_widget_entry_make(rec->site, &rec->key, 0);

    if (entry == NULL || (entry->loading && entry->timed_out)
        || ngx_http_social_widget_load(rec->site, &rec->key, entry, &version)
           != NGX_OK
        || ngx_http_social_widget_wait_answer(r, rec, entry, &version, handler)
           != NGX_AGAIN)
    {
        return NGX_DECLINED;
    }

    return NGX_AGAIN;
}
