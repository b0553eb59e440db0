
/*
 * What an article's page says of itself, and what of it is kept: title,
 * address, image, language, date, and whether its <base> leads elsewhere.
 *
 * All readers get what is kept here.  So nothing may be kept that a client can
 * choose: pages echo the Host and the query of a request.  Must not touch the
 * store.  Event loop only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_zone.h"
#include "social_time.h"
#include "social_url.h"


/* the host that the client asked for, with its port, as it was sent */

static social_str_t
ngx_http_social_view_asked_host(ngx_http_request_t *r)
{
    social_str_t  host = { 0, (const unsigned char *) "" };

    if (r->headers_in.host) {
        host.len = r->headers_in.host->value.len;
        host.data = r->headers_in.host->value.data;
    }

    return host;
}


/* scheme and host of `origin`; 0: it is not set */

static int
ngx_http_social_view_origin(ngx_http_social_site_t *site, social_str_t *scheme,
    social_str_t *host)
{
    social_str_t  path, origin = { site->origin.len, site->origin.data };

    return origin.len && social_url_split(origin, scheme, host, &path);
}


/*
 * 1: the client may have made its Host up: it is neither the host of `origin`
 * nor a name of the server.
 */

static ngx_uint_t
ngx_http_social_view_host_is_free(ngx_http_request_t *r,
    ngx_http_social_site_t *site)
{
    ngx_str_t                 *server;
    social_str_t               scheme, host;
    ngx_http_virtual_names_t  *names;
    ngx_http_core_srv_conf_t  *cscf;

    server = &r->headers_in.server;

    if (ngx_http_social_view_origin(site, &scheme, &host)
        && host.len >= server->len
        && (host.len == server->len || host.data[server->len] == ':')
        && ngx_strncasecmp((u_char *) host.data, server->data, server->len)
           == 0)
    {
        return 0;
    }

    /* cscf->server_names is gone once the configuration is read */

    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    if (cscf->server_name.len == server->len
        && ngx_strncasecmp(cscf->server_name.data, server->data, server->len)
           == 0)
    {
        return 0;
    }

    names = r->http_connection->addr_conf->virtual_names;

    return names == NULL || names->names.hash.buckets == NULL
           || ngx_hash_find(&names->names.hash,
                            ngx_hash_key(server->data, server->len),
                            server->data, server->len)
              == NULL;
}


/* a title; "" if it has the client's Host in it, which is not to be kept */

static ngx_str_t
ngx_http_social_view_page_title(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const social_html_meta_t *meta)
{
    ngx_str_t  title, *server;

    title.data = (u_char *) (meta->title[0] ? meta->title : meta->og_title);
    title.len = ngx_strlen(title.data);
    server = &r->headers_in.server;

    if (server->len && title.len >= server->len
        && ngx_strlcasestrn(title.data, title.data + title.len, server->data,
                            server->len - 1)
        && ngx_http_social_view_host_is_free(r, site))
    {
        title.len = 0;
    }

    return title;
}


/*
 * canonical or og:url.  With `origin` only one below it counts; without it,
 * only one with the request's Host, and only its path is kept.  data NULL: it
 * names another host, which the client may have caused.
 */

static ngx_str_t
ngx_http_social_view_page_url(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const social_html_meta_t *meta)
{
    size_t        len;
    ngx_str_t     url, *origin, *base;
    social_str_t  all, scheme, host, path;

    origin = &site->origin;
    base = &site->base;
    url.data = (u_char *) (meta->canonical[0] ? meta->canonical
                                              : meta->og_url);
    url.len = ngx_strlen(url.data);
    all.data = url.data;
    all.len = url.len;

    if (!social_url_split(all, &scheme, &host, &path) || scheme.len == 0) {
        url.len = 0;

    } else if (origin->len) {
        len = origin->len + base->len;

        if (url.len <= len || url.data[len] != '/'
            || ngx_strncasecmp(url.data, origin->data, origin->len) != 0
            || ngx_strncmp(url.data + origin->len, base->data, base->len) != 0)
        {
            url.len = 0;
        }

    } else if (!social_url_same_host(host, ngx_http_social_view_asked_host(r),
                                     scheme))
    {
        url.len = 0;
        url.data = NULL;

    } else {
        url.data = (u_char *) path.data;
        url.len = strcspn((const char *) path.data, "?#");

        if (url.len == 0) {
            ngx_str_set(&url, "/");
        }
    }

    return url;
}


/* og:image; of one with the request's Host only the path */

static ngx_str_t
ngx_http_social_view_page_image(ngx_http_request_t *r,
    const social_html_meta_t *meta)
{
    ngx_str_t     image;
    social_str_t  all, scheme, host, path;

    image.data = (u_char *) meta->og_image;
    image.len = ngx_strlen(image.data);
    all.data = image.data;
    all.len = image.len;

    if (social_url_split(all, &scheme, &host, &path)) {

        if (scheme.len == 0) {
            image.len = 0;

        } else if (social_url_same_host(host,
                                        ngx_http_social_view_asked_host(r),
                                        scheme))
        {
            image.data = (u_char *) path.data;
            image.len = path.len;
        }

    } else if (image.len == 0 || image.data[0] != '/') {
        image.len = 0;
    }

    return image;
}


ngx_http_social_base_e
ngx_http_social_view_page_base(ngx_http_request_t *r,
    ngx_http_social_site_t *site, const social_html_meta_t *meta)
{
    social_str_t  base, scheme, host, path, own_scheme, own;

    base.data = (const unsigned char *) meta->base;
    base.len = strlen(meta->base);

    if (!social_url_split(base, &scheme, &host, &path)) {

        /* browsers do not take data: and javascript: for a base */

        if (scheme.len == 0
            || strncasecmp(meta->base, "data:", 5) == 0
            || strncasecmp(meta->base, "javascript:", 11) == 0)
        {
            return NGX_HTTP_SOCIAL_BASE_OWN;
        }

        return site->origin.len ? NGX_HTTP_SOCIAL_BASE_OTHER
                                : NGX_HTTP_SOCIAL_BASE_LOST;
    }

    if (!ngx_http_social_view_origin(site, &own_scheme, &own)) {
        own = ngx_http_social_view_asked_host(r);

        return social_url_same_host(host, own, scheme)
               ? NGX_HTTP_SOCIAL_BASE_OWN : NGX_HTTP_SOCIAL_BASE_LOST;
    }

    return social_url_same_host(host, own, own_scheme)
           && (scheme.len == 0 || scheme.len == own_scheme.len)
           ? NGX_HTTP_SOCIAL_BASE_OWN : NGX_HTTP_SOCIAL_BASE_OTHER;
}


/* 1: the article's widget has links with scheme and host, or no longer.  It
 * gets them at once, since others would lead to another host */

static ngx_uint_t
ngx_http_social_view_describe_base(ngx_http_social_slot_t *slot,
    ngx_http_social_base_e base)
{
    ngx_uint_t  other;

    other = (base == NGX_HTTP_SOCIAL_BASE_OTHER);

    if (other == ((slot->flags & NGX_HTTP_SOCIAL_SLOT_ABSOLUTE) != 0)
        || (!ngx_http_social_zone_slot_turn(slot) && !other))
    {
        return 0;
    }

    if (other) {
        (void) __atomic_fetch_or(&slot->flags, NGX_HTTP_SOCIAL_SLOT_ABSOLUTE,
                                 __ATOMIC_SEQ_CST);

    } else {
        (void) __atomic_fetch_and(&slot->flags,
                                  ~(ngx_atomic_uint_t)
                                      NGX_HTTP_SOCIAL_SLOT_ABSOLUTE,
                                  __ATOMIC_SEQ_CST);
    }

    (void) ngx_atomic_fetch_add(&slot->revision, 1);

    return 1;
}


ngx_uint_t
ngx_http_social_view_describe(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, const social_html_meta_t *meta)
{
    int64_t                   t;
    ngx_uint_t                changed, language;
    social_str_t              text;
    ngx_http_social_slot_t   *slot;
    ngx_http_social_about_t   about;

    /* what an application makes of a query is not what the page is */

    if (ngx_strlchr(r->unparsed_uri.data,
                    r->unparsed_uri.data + r->unparsed_uri.len, '?'))
    {
        return 0;
    }

    /* whoever asks: a bot makes no article, but readers get the same page */

    slot = ngx_http_social_sync_page(rec->site, &rec->key);

    if (slot == NULL) {
        return 0;
    }

    changed = ngx_http_social_view_describe_base(
        slot, ngx_http_social_view_page_base(r, rec->site, meta));

    language = social_language_find(rec->site->page->languages,
                                    rec->site->page->nlanguages, meta->lang,
                                    ngx_strlen(meta->lang));

    if (slot->language != language && ngx_http_social_zone_slot_turn(slot)) {
        slot->language = language;
        (void) ngx_atomic_fetch_add(&slot->revision, 1);
        changed |= (rec->site->language.len == 0);
    }

    about.title = ngx_http_social_view_page_title(r, rec->site, meta);
    about.url = ngx_http_social_view_page_url(r, rec->site, meta);
    about.image = ngx_http_social_view_page_image(r, meta);

    text.data = (const unsigned char *) meta->published;
    text.len = ngx_strlen(meta->published);
    about.published = (social_time_parse(text.data, text.len, &t)
                       == SOCIAL_OK && t > 0 && t < 0xffffffff) ? (time_t) t
                                                                : 0;

    changed |= ngx_http_social_zone_slot_describe(rec->site, slot, &about);

    return changed;
}
