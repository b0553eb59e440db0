
/*
 * What a site's pages are rendered from: templates, languages, and the URLs in
 * them.  Created while the configuration is read; read-only from then on, so
 * any thread may use it.
 */

#include "ngx_http_social_conf.h"
#include "social_asset.h"


static void
ngx_http_social_conf_templates_destroy(void *data)
{
    social_template_set_destroy(data);
}


static void
ngx_http_social_conf_language_destroy(void *data)
{
    cJSON_Delete(data);
}


static ngx_int_t
ngx_http_social_conf_cleanup(ngx_conf_t *cf, ngx_pool_cleanup_pt handler,
    void *data)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->pool, 0);

    if (cln == NULL) {
        handler(data);
        return NGX_ERROR;
    }

    cln->handler = handler;
    cln->data = data;

    return NGX_OK;
}


/* the built-in languages, once for all sites; the first one is the fallback */

static ngx_int_t
ngx_http_social_conf_languages(ngx_conf_t *cf, ngx_http_social_conf_t *scf)
{
    unsigned               i;
    social_language_t     *language;
    const social_asset_t  *asset;

    if (scf->languages) {
        return NGX_OK;
    }

    scf->languages = ngx_pcalloc(cf->pool, SOCIAL_LANGUAGE_MAX
                                           * sizeof(social_language_t));
    if (scf->languages == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {

        if (asset->kind != SOCIAL_ASSET_LANGUAGE
            || scf->nlanguages == SOCIAL_LANGUAGE_MAX)
        {
            continue;
        }

        language = &scf->languages[scf->nlanguages++];

        if (social_language_read(language, asset->name, asset->data,
                                 asset->end - asset->data)
            != SOCIAL_OK)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "social: no memory for language \"%s\"",
                          asset->name);
            cJSON_Delete(language->strings);
            return NGX_ERROR;
        }

        if (ngx_http_social_conf_cleanup(cf,
                                         ngx_http_social_conf_language_destroy,
                                         language->strings)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_social_conf_page_templates(ngx_conf_t *cf,
    ngx_http_social_site_t *site)
{
    unsigned                  i;
    const social_asset_t     *asset;
    ngx_http_social_conf_t   *scf;
    social_template_error_t   err;

    scf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);

    site->page = ngx_pcalloc(cf->pool, sizeof(social_render_site_t));
    if (site->page == NULL) {
        return NGX_ERROR;
    }

    site->templates = social_template_set_create();

    if (site->templates == NULL
        || ngx_http_social_conf_cleanup(
               cf, ngx_http_social_conf_templates_destroy, site->templates)
               != NGX_OK
        || ngx_http_social_conf_languages(cf, scf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    site->page->languages = scf->languages;
    site->page->nlanguages = scf->nlanguages;

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {

        if (asset->kind == SOCIAL_ASSET_TEMPLATE
            && social_template_set_add(site->templates, asset->name,
                                       (const char *) asset->data,
                                       asset->end - asset->data, &err)
               != SOCIAL_OK)
        {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "social: template \"%s\", line %ud, column %ud: %s",
                          asset->name, err.line, err.column, err.message);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static const char *
ngx_http_social_conf_cstring(ngx_conf_t *cf, ngx_str_t *s)
{
    u_char  *p;

    p = ngx_pnalloc(cf->pool, s->len + 1);

    if (p) {
        (void) ngx_cpystrn(p, s->data ? s->data : (u_char *) "", s->len + 1);
    }

    return (const char *) p;
}


/* 1 if the path is below the path of `origin` */

static ngx_uint_t
ngx_http_social_conf_is_below(ngx_http_social_site_t *site, ngx_str_t *path)
{
    ngx_str_t  *base;

    base = &site->base;

    return base->len && path->len > base->len && path->data[base->len] == '/'
           && ngx_strncmp(path->data, base->data, base->len) == 0;
}


/* a path of this server as readers see it: behind the path of `origin`; "" and
 * the addresses of other servers stay as they are */

static const char *
ngx_http_social_conf_public(ngx_conf_t *cf, ngx_http_social_site_t *site,
    ngx_str_t *path)
{
    ngx_str_t  text;

    if (site->base.len == 0 || path->len == 0 || path->data[0] != '/') {
        return ngx_http_social_conf_cstring(cf, path);
    }

    text.len = site->base.len + path->len;
    text.data = ngx_pnalloc(cf->pool, text.len + 1);

    if (text.data) {
        ngx_sprintf(text.data, "%V%V%Z", &site->base, path);
    }

    return (const char *) text.data;
}


/* "/_social/widget.css?v=HASH": a changed file gets another URL */

static const char *
ngx_http_social_conf_asset_url(ngx_conf_t *cf, social_render_site_t *page,
    const char *name)
{
    size_t                        len;
    u_char                       *p;
    ngx_uint_t                    i;
    ngx_http_social_asset_t      *asset;
    ngx_http_social_main_conf_t  *mcf;

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);
    asset = mcf->assets.elts;

    for (i = 0; i < mcf->assets.nelts; i++) {

        if (ngx_strcmp(asset[i].name, name) != 0) {
            continue;
        }

        len = ngx_strlen(page->prefix) + ngx_strlen(name) + sizeof("?v=") + 8;

        p = ngx_pnalloc(cf->pool, len);
        if (p) {
            *ngx_sprintf(p, "%s%s?v=%08xD", page->prefix, name, asset[i].hash)
                = '\0';
        }

        return (const char *) p;
    }

    return NULL;
}


/* the path of `origin` would stand twice in each address of the location */

static ngx_int_t
ngx_http_social_conf_page_twice(ngx_conf_t *cf, ngx_http_social_site_t *site)
{
    ngx_str_t                        *name;
    ngx_uint_t                        i;
    ngx_http_social_conf_t           *scf;
    ngx_http_social_conf_location_t  *location;

    scf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);
    location = scf->locations.elts;

    for (i = 0; i < scf->locations.nelts; i++) {
        name = &location[i].clcf->name;

        if (location[i].pos.site == site
            && ngx_strcmp(location[i].pos.param, "social_api") == 0
            && ngx_http_social_conf_is_below(site, name))
        {
            return ngx_http_social_conf_bad_pos(cf, &location[i].pos,
                       "the location \"%V\" begins with \"%V\", the path of "
                       "\"origin\", which stands before it in every link: "
                       "write the location as nginx sees it behind the "
                       "proxy, without that path", name, &site->base);
        }
    }

    return NGX_OK;
}


/* "https://host" + "/path"; NULL: no memory */

static const char *
ngx_http_social_conf_with_host(ngx_conf_t *cf, ngx_str_t *host,
    const char *path)
{
    u_char  *p;

    p = ngx_pnalloc(cf->pool, host->len + ngx_strlen(path) + 1);

    if (p) {
        ngx_sprintf(p, "%V%s%Z", host, path);
    }

    return (const char *) p;
}


/* what templates are given where relative links would lead elsewhere */

static ngx_int_t
ngx_http_social_conf_page_absolute(ngx_conf_t *cf,
    ngx_http_social_site_t *site)
{
    u_char                *path;
    ngx_str_t              host;
    social_render_site_t  *page;

    if (site->origin.len == 0) {
        return NGX_OK;
    }

    host = site->origin;
    path = ngx_strlchr(host.data + sizeof("https://") - 1,
                       host.data + host.len, '/');

    if (path) {
        host.len = path - host.data;
    }

    page = ngx_palloc(cf->pool, sizeof(social_render_site_t));
    if (page == NULL) {
        return NGX_ERROR;
    }

    *page = *site->page;

    page->host = ngx_http_social_conf_cstring(cf, &host);
    page->prefix = ngx_http_social_conf_with_host(cf, &host, page->prefix);
    page->css = ngx_http_social_conf_with_host(cf, &host, page->css);
    page->js = ngx_http_social_conf_with_host(cf, &host, page->js);

    if (page->privacy[0] == '/') {
        page->privacy = ngx_http_social_conf_with_host(cf, &host,
                                                       page->privacy);
    }

    if (page->host == NULL || page->prefix == NULL || page->css == NULL
        || page->js == NULL || page->privacy == NULL)
    {
        return NGX_ERROR;
    }

    site->page->absolute = page;

    return NGX_OK;
}


/* the networks with a button, NULL-terminated */

static ngx_int_t
ngx_http_social_conf_page_networks(ngx_conf_t *cf,
    ngx_http_social_site_t *site)
{
    size_t                    n;
    const social_network_t  **networks;

    if (site->networks == NULL || site->networks->nelts == 0) {
        return NGX_OK;
    }

    n = site->networks->nelts;

    networks = ngx_pcalloc(cf->pool, (n + 1) * sizeof(*networks));
    if (networks == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(networks, site->networks->elts, n * sizeof(*networks));
    site->page->networks = networks;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_conf_page_finish(ngx_conf_t *cf, ngx_http_social_site_t *site)
{
    social_render_site_t  *page;

    if (ngx_http_social_conf_page_twice(cf, site) != NGX_OK) {
        return NGX_ERROR;
    }

    page = site->page;

    page->name = ngx_http_social_conf_cstring(cf, &site->name);
    page->base = ngx_http_social_conf_cstring(cf, &site->base);
    page->prefix = ngx_http_social_conf_public(cf, site, &site->prefix);
    page->privacy = ngx_http_social_conf_is_below(site, &site->privacy)
                    ? ngx_http_social_conf_cstring(cf, &site->privacy)
                    : ngx_http_social_conf_public(cf, site, &site->privacy);
    page->moderate = ngx_http_social_conf_public(cf, site, &site->moderate);
    page->status = ngx_http_social_conf_public(cf, site, &site->status);

    if (page->name == NULL || page->base == NULL || page->prefix == NULL
        || page->privacy == NULL || page->moderate == NULL
        || page->status == NULL)
    {
        return NGX_ERROR;
    }

    page->css = ngx_http_social_conf_asset_url(cf, page, "widget.css");
    page->js = ngx_http_social_conf_asset_url(cf, page, "widget.js");
    page->page_css = ngx_http_social_conf_asset_url(cf, page, "page.css");
    page->page_js = ngx_http_social_conf_asset_url(cf, page, "page.js");
    page->status_css = ngx_http_social_conf_asset_url(cf, page, "status.css");
    page->status_js = ngx_http_social_conf_asset_url(cf, page, "status.js");

    page->comments = (site->comments != NGX_HTTP_SOCIAL_COMMENTS_OFF);
    page->open = page->comments
                 && site->comments != NGX_HTTP_SOCIAL_COMMENTS_CLOSED;
    page->reactions = (site->reactions == 1);
    page->order = site->oldest ? SOCIAL_OLDEST : SOCIAL_NEWEST;
    page->templates = site->templates;

    if (ngx_http_social_conf_page_networks(cf, site) != NGX_OK) {
        return NGX_ERROR;
    }

    if (page->css == NULL || page->js == NULL || page->page_css == NULL
        || page->page_js == NULL || page->status_css == NULL
        || page->status_js == NULL)
    {
        return NGX_ERROR;
    }

    return ngx_http_social_conf_page_absolute(cf, site);
}


const char *
ngx_http_social_conf_template_name(ngx_uint_t n)
{
    unsigned               i;
    const social_asset_t  *asset;

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {
        if (asset->kind == SOCIAL_ASSET_TEMPLATE && n-- == 0) {
            return asset->name;
        }
    }

    return NULL;
}
