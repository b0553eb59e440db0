
/*
 * The bytes of a widget and their revision.  Reference counted.  Event loop
 * only, except ngx_http_social_widget_render(): the job calls it that renders
 * what needs the store, in ngx_http_social_widget.c.
 */

#include "ngx_http_social_widget_cache.h"
#include "ngx_http_social_zone.h"
#include "social_siphash.h"
#include "social_token.h"


social_render_article_t *
ngx_http_social_widget_article(ngx_http_social_site_t *site, ngx_str_t *key)
{
    char                      token[SOCIAL_TOKEN_MAX];
    size_t                    len;
    u_char                   *p;
    social_str_t              text = { key->len, key->data };
    ngx_http_social_slot_t   *slot;
    social_render_article_t  *article;
    ngx_http_social_about_t   about;

    slot = ngx_http_social_zone_slot_find(site, key);

    if (social_token_make(site->zone->secret, text,
                          ngx_http_social_widget_week(), token)
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
    article->language = social_language_find(
        site->page->languages, site->page->nlanguages,
        (char *) site->language.data, site->language.len);

    if (slot == NULL) {
        return article;
    }

    if (site->language.len == 0) {
        article->language = slot->language;
    }

    article->closed = ngx_http_social_widget_is_closed(site, slot);
    article->reactions = (int64_t) ngx_http_social_zone_likes(slot);
    ngx_http_social_zone_slot_about(site->zone, slot, &about, p);

    article->title = (char *) about.title.data;
    article->image = (about.image.len != 0);
    article->absolute = (slot->flags & NGX_HTTP_SOCIAL_SLOT_ABSOLUTE) != 0;
    /* a path is not for readers to copy */
    article->url = about.url.data[0] == '/' ? "" : (char *) about.url.data;

    return article;
}


/* a hash with a fixed key, so that all workers and restarts agree */

static void
ngx_http_social_widget_hash(ngx_str_t *html, ngx_str_t *rev)
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


ngx_http_social_widget_render_t *
ngx_http_social_widget_render(social_out_t *out, time_t modified,
    ngx_uint_t fallback)
{
    ngx_http_social_widget_render_t  *render;

    render = calloc(1, sizeof(ngx_http_social_widget_render_t) + 32);
    if (render == NULL) {
        social_out_free(out);
        return NULL;
    }

    render->nvia = social_render_cut_via(out, render->via,
                                         NGX_HTTP_SOCIAL_WIDGET_VIAS);
    render->refs = 1;
    render->pub.html.data = out->data;
    render->pub.html.len = out->len;
    render->pub.rev.data = (u_char *) render
                           + sizeof(ngx_http_social_widget_render_t);
    render->pub.modified = modified;
    render->pub.fallback = fallback;

    ngx_http_social_widget_hash(&render->pub.html, &render->pub.rev);

    return render;
}


ngx_http_social_widget_render_t *
ngx_http_social_widget_render_thread(social_out_t *out, uint64_t tag)
{
    ngx_http_social_widget_render_t  *render;

    social_out_trim(out);

    render = calloc(1, sizeof(ngx_http_social_widget_render_t));
    if (render == NULL) {
        social_out_free(out);
        return NULL;
    }

    render->refs = 1;
    render->tag = tag;
    render->thread = 1;
    render->pub.html.data = out->data;
    render->pub.html.len = out->len;
    ngx_http_social_job_hold(out->len);

    social_out_init(out, 0);

    return render;
}


void
ngx_http_social_widget_cut(ngx_http_social_site_t *site, const char *what,
    const char *key, ngx_uint_t full)
{
    ngx_atomic_uint_t        logged, now;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    now = ngx_time();
    logged = zone->cut_logged;

    (void) ngx_atomic_fetch_add(&zone->cut_pages, 1);

    if (now - logged < 3600
        || !ngx_atomic_cmp_set(&zone->cut_logged, logged, now))
    {
        return;
    }

    if (full) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "social_site \"%V\": %s of \"%s\" is too long with all "
                      "its comments", &site->name, what, key);
        return;
    }

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                  "social_site \"%V\": %s of \"%s\" cannot be rendered",
                  &site->name, what, key);
}


void
ngx_http_social_widget_release(void *data)
{
    ngx_http_social_widget_render_t  *render = data;

    if (--render->refs == 0) {

        if (render->thread) {
            ngx_http_social_job_let_go(render->pub.html.len);
        }

        free(render->pub.html.data);
        free(render->with_via.html.data);
        free(render);
    }
}


ngx_http_social_widget_render_t *
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
        &out, ngx_http_social_widget_week() * SOCIAL_WEEK, fallback);
}


/* shared by all requests and kept with the widget: a copy for each would be
 * memory without a bound, while clients read slowly */

ngx_http_social_widget_t *
ngx_http_social_widget_with_via(ngx_http_social_widget_t *widget)
{
    size_t                            at;
    u_char                           *p;
    ngx_uint_t                        i;
    ngx_http_social_widget_t         *via;
    ngx_http_social_widget_render_t  *render =
                                   (ngx_http_social_widget_render_t *) widget;

    via = &render->with_via;

    if (via->html.data) {
        return via;
    }

    *via = *widget;
    via->html.len += render->nvia * (sizeof(SOCIAL_RENDER_VIA) - 1);
    via->html.data = malloc(via->html.len + 1);
    via->rev.data = widget->rev.data + 16;

    if (via->html.data == NULL) {
        return NULL;
    }

    p = via->html.data;
    at = 0;

    for (i = 0; i < render->nvia; i++) {
        p = ngx_cpymem(p, widget->html.data + at, render->via[i] - at);
        p = ngx_cpymem(p, SOCIAL_RENDER_VIA, sizeof(SOCIAL_RENDER_VIA) - 1);
        at = render->via[i];
    }

    ngx_memcpy(p, widget->html.data + at, widget->html.len - at);
    ngx_http_social_widget_hash(&via->html, &via->rev);

    return via;
}
