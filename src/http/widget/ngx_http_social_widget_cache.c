
/*
 * Rendered widgets, kept.  An entry is an article's widget and what it was
 * made from; the zone holds the revision that counts, so a worker notices
 * what another changed.  Bounded in bytes.  One cache a worker, event loop
 * only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_widget_cache.h"
#include "social_siphash.h"
#include "social_token.h"


static ngx_rbtree_t       ngx_http_social_entries;
static ngx_rbtree_node_t  ngx_http_social_sentinel;
static ngx_queue_t        ngx_http_social_lru;
static size_t             ngx_http_social_bytes;


ngx_int_t
ngx_http_social_widget_worker(ngx_cycle_t *cycle)
{
    ngx_rbtree_init(&ngx_http_social_entries, &ngx_http_social_sentinel,
                    ngx_str_rbtree_insert_value);
    ngx_queue_init(&ngx_http_social_lru);
    ngx_http_social_bytes = 0;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_social_week(void)
{
    return ngx_time() / SOCIAL_WEEK;
}


social_render_article_t *
ngx_http_social_widget_article(ngx_http_social_site_t *site, ngx_str_t *key)
{
    char                      token[SOCIAL_TOKEN_MAX];
    size_t                    len;
    u_char                   *p;
    social_str_t              text;
    ngx_http_social_slot_t   *slot;
    social_render_article_t  *article;
    ngx_http_social_about_t   about;

    slot = ngx_http_social_zone_slot_find(site, key);

    text.len = key->len;
    text.data = key->data;

    if (social_token_make(site->zone->secret, text, ngx_http_social_week(),
                          token)
        != SOCIAL_OK)
    {
        return NULL;
    }

    len = key->len + 1 + SOCIAL_TOKEN_MAX + 1 + NGX_HTTP_SOCIAL_ABOUT;

    article = calloc(1, sizeof(social_render_article_t) + len);
    if (article == NULL) {
        return NULL;
    }

    p = (u_char *) article + sizeof(social_render_article_t);

    article->key = (char *) p;
    p = ngx_cpymem(p, key->data, key->len);
    *p++ = '\0';

    article->token = (char *) p;
    p = ngx_cpystrn(p, (u_char *) token, SOCIAL_TOKEN_MAX) + 1;

    article->title = "";
    article->url = "";
    article->language = social_render_find_language(
        site->page, (char *) site->language.data, site->language.len);

    if (slot == NULL) {
        return article;
    }

    if (site->language.len == 0) {
        article->language = slot->language;
    }

    article->reactions = (int64_t) slot->plain[SOCIAL_COUNT_LIKED]
                         - (int64_t) slot->plain[SOCIAL_COUNT_UNLIKED];

    ngx_http_social_zone_slot_about(site->zone, slot, &about, p);

    article->title = (char *) about.title.data;
    article->url = (char *) about.url.data;

    return article;
}


/* the hash of the bytes: it changes exactly when they do, on any worker,
 * after any restart */

static void
ngx_http_social_revision(ngx_str_t *html, ngx_str_t *rev)
{
    uint64_t             hash;
    ngx_uint_t           i;
    static const u_char  key[16] = "social revision";
    static const u_char  digits[] = "0123456789abcdefghijklmnopqrstuv";

    hash = social_siphash(key, html->data, html->len);

    for (i = 0; i < 12; i++) {
        rev->data[i] = digits[hash & 31];
        hash >>= 5;
    }

    rev->len = 12;
}


ngx_http_social_render_t *
ngx_http_social_widget_render(social_out_t *out, time_t modified,
    ngx_uint_t fallback)
{
    ngx_http_social_render_t  *render;

    render = calloc(1, sizeof(ngx_http_social_render_t) + 16);
    if (render == NULL) {
        social_out_free(out);
        return NULL;
    }

    render->nvia = social_render_via(out, render->via, NGX_HTTP_SOCIAL_VIAS);
    render->refs = 1;
    render->pub.html.data = out->data;
    render->pub.html.len = out->len;
    render->pub.rev.data = (u_char *) render
                           + sizeof(ngx_http_social_render_t);
    render->pub.modified = modified;
    render->pub.fallback = fallback;

    ngx_http_social_revision(&render->pub.html, &render->pub.rev);

    return render;
}


void
ngx_http_social_widget_release(void *data)
{
    ngx_http_social_render_t  *render = data;

    if (--render->refs == 0) {
        free(render->pub.html.data);
        free(render);
    }
}


ngx_http_social_render_t *
ngx_http_social_widget_render_empty(ngx_http_social_site_t *site,
    ngx_str_t *key, ngx_uint_t fallback)
{
    int                       rc;
    social_out_t              out;
    social_comments_t         list;
    social_render_article_t  *article;

    article = ngx_http_social_widget_article(site, key);
    if (article == NULL) {
        return NULL;
    }

    ngx_memzero(&list, sizeof(social_comments_t));
    social_out_init(&out, SOCIAL_RENDER_MAX);

    rc = fallback ? social_render_fallback(site->page, article, &out)
                  : social_render_widget(site->page, article, &list, &out);

    free(article);

    if (rc != SOCIAL_OK) {
        social_out_free(&out);
        return NULL;
    }

    return ngx_http_social_widget_render(
        &out, ngx_http_social_week() * SOCIAL_WEEK, fallback);
}


ngx_http_social_widget_t *
ngx_http_social_widget_with_via(ngx_http_request_t *r,
    ngx_http_social_widget_t *widget)
{
    size_t                     at;
    u_char                    *p;
    ngx_uint_t                 i;
    ngx_http_social_render_t  *render = (ngx_http_social_render_t *) widget;
    ngx_http_social_widget_t  *copy;

    copy = ngx_palloc(r->pool, sizeof(ngx_http_social_widget_t));
    if (copy == NULL) {
        return NULL;
    }

    *copy = *widget;
    copy->html.len += render->nvia * (sizeof(SOCIAL_RENDER_VIA) - 1);
    copy->html.data = ngx_pnalloc(r->pool, copy->html.len);
    copy->rev.data = ngx_pnalloc(r->pool, 16);

    if (copy->html.data == NULL || copy->rev.data == NULL) {
        return NULL;
    }

    p = copy->html.data;
    at = 0;

    for (i = 0; i < render->nvia; i++) {
        p = ngx_cpymem(p, widget->html.data + at, render->via[i] - at);
        p = ngx_cpymem(p, SOCIAL_RENDER_VIA, sizeof(SOCIAL_RENDER_VIA) - 1);
        at = render->via[i];
    }

    ngx_memcpy(p, widget->html.data + at, widget->html.len - at);
    ngx_http_social_revision(&copy->html, &copy->rev);

    return copy;
}


/* the cache */

ngx_http_social_entry_t *
ngx_http_social_widget_entry_find(ngx_http_social_site_t *site, ngx_str_t *key)
{
    u_char                    buf[SOCIAL_KEY_MAX + NGX_INT_T_LEN + 1];
    uint32_t                  hash;
    ngx_str_t                 name;
    ngx_http_social_entry_t  *entry;

    name.data = buf;
    name.len = ngx_sprintf(buf, "%ui%V", site->index, key) - buf;
    hash = ngx_crc32_long(name.data, name.len);

    entry = (ngx_http_social_entry_t *)
                ngx_str_rbtree_lookup(&ngx_http_social_entries, &name, hash);

    if (entry) {
        ngx_queue_remove(&entry->lru);
        ngx_queue_insert_head(&ngx_http_social_lru, &entry->lru);
    }

    return entry;
}


static size_t
ngx_http_social_entry_size(ngx_http_social_entry_t *entry)
{
    return sizeof(ngx_http_social_entry_t) + entry->node.str.len
           + (entry->render ? sizeof(ngx_http_social_render_t)
                              + entry->render->pub.html.len : 0);
}


static void
ngx_http_social_entry_free(ngx_http_social_entry_t *entry)
{
    ngx_http_social_bytes -= ngx_http_social_entry_size(entry);

    ngx_rbtree_delete(&ngx_http_social_entries, &entry->node.node);
    ngx_queue_remove(&entry->lru);

    if (entry->render) {
        ngx_http_social_widget_release(entry->render);
    }

    free(entry);
}


/* frees what was used least, but entries that load or are waited for, and
 * `keep` */

static void
ngx_http_social_cache_shrink(ngx_http_social_entry_t *keep)
{
    ngx_queue_t              *q, *prev;
    ngx_http_social_entry_t  *entry;

    for (q = ngx_queue_last(&ngx_http_social_lru);
         q != ngx_queue_sentinel(&ngx_http_social_lru)
         && ngx_http_social_bytes > NGX_HTTP_SOCIAL_CACHE;
         q = prev)
    {
        prev = ngx_queue_prev(q);
        entry = ngx_queue_data(q, ngx_http_social_entry_t, lru);

        if (entry != keep && !entry->loading
            && ngx_queue_empty(&entry->waiters))
        {
            ngx_http_social_entry_free(entry);
        }
    }
}


ngx_http_social_entry_t *
ngx_http_social_widget_entry_make(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_http_social_entry_t  *entry;

    entry = ngx_http_social_widget_entry_find(site, key);

    if (entry) {
        return entry;
    }

    entry = calloc(1, sizeof(ngx_http_social_entry_t) + key->len
                      + NGX_INT_T_LEN);
    if (entry == NULL) {
        return NULL;
    }

    entry->node.str.data = (u_char *) entry + sizeof(ngx_http_social_entry_t);
    entry->node.str.len = ngx_sprintf(entry->node.str.data, "%ui%V",
                                      site->index, key)
                          - entry->node.str.data;
    entry->node.node.key = ngx_crc32_long(entry->node.str.data,
                                          entry->node.str.len);
    ngx_queue_init(&entry->waiters);

    ngx_rbtree_insert(&ngx_http_social_entries, &entry->node.node);
    ngx_queue_insert_head(&ngx_http_social_lru, &entry->lru);
    ngx_http_social_bytes += ngx_http_social_entry_size(entry);

    ngx_http_social_cache_shrink(entry);

    return entry;
}


void
ngx_http_social_widget_entry_set(ngx_http_social_entry_t *entry,
    ngx_http_social_render_t *render,
    ngx_http_social_widget_version_t *version)
{
    ngx_http_social_bytes -= ngx_http_social_entry_size(entry);

    if (entry->render) {
        ngx_http_social_widget_release(entry->render);
    }

    entry->render = render;
    entry->version = *version;
    ngx_http_social_bytes += ngx_http_social_entry_size(entry);

    ngx_http_social_cache_shrink(entry);
}


void
ngx_http_social_widget_version(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_http_social_widget_version_t *version)
{
    version->revision = slot ? slot->revision : 0;
    version->epoch = site->zone->epoch;
    version->week = ngx_http_social_week();
}


ngx_uint_t
ngx_http_social_widget_entry_fresh(ngx_http_social_entry_t *entry,
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
        /* unknown keys must ask the store from now on, in every worker */
        site->zone->incomplete = 1;
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
