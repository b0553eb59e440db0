
/*
 * Sharing, and the beacon that says that a page was visible.  Both only count
 * in shared memory.  Must not wait for the store.  Event loop only.
 */

#include "ngx_http_social_api_comment_check.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_tag.h"
#include "social_url.h"


/* 1 if the URL is below the site's `origin`, or none is set */

static ngx_uint_t
ngx_http_social_api_share_is_own(ngx_http_social_site_t *site, ngx_str_t *url)
{
    size_t      len;
    ngx_str_t  *origin, *base;

    origin = &site->origin;
    base = &site->base;
    len = origin->len + base->len;

    return origin->len == 0
           || (url->len > len && url->data[len] == '/'
               && ngx_strncasecmp(url->data, origin->data, origin->len) == 0
               && ngx_strncmp(url->data + origin->len, base->data, base->len)
                  == 0);
}


/* scheme and host of the site: those of `origin`, else of the request */

static void
ngx_http_social_api_share_host(ngx_http_social_input_t *in, social_out_t *out)
{
    ngx_str_t           *host;
    social_str_t         scheme, name, path, origin;
    ngx_http_request_t  *r;

    r = in->request;
    origin.len = in->site->origin.len;
    origin.data = in->site->origin.data;

    if (social_url_split(origin, &scheme, &name, &path)) {
        social_out_bytes(out, origin.data, origin.len - path.len);
        return;
    }

    social_out_text(out, ngx_http_social_view_is_https(r) ? "https://"
                                                          : "http://");
    host = r->headers_in.host ? &r->headers_in.host->value
                              : &r->headers_in.server;
    social_out_bytes(out, host->data, host->len);
}


/* the page's image, to share, or "" */

static void
ngx_http_social_api_share_image(ngx_http_social_input_t *in, ngx_str_t *image,
    social_out_t *out)
{
    if (image->len && image->data[0] == '/') {
        ngx_http_social_api_share_host(in, out);
    }

    social_out_bytes(out, image->data, image->len);
}


/*
 * The URL to share: the page's canonical URL, which is below `origin`, or,
 * where that is not set, a path; otherwise the key.  Paths stand behind
 * `origin`, or behind the scheme and Host of the request.
 */

static void
ngx_http_social_api_share_url(ngx_http_social_input_t *in,
    ngx_str_t *canonical, social_out_t *out)
{
    social_str_t  url;

    if (canonical->len && canonical->data[0] == '/') {
        url.len = canonical->len;
        url.data = canonical->data;
        ngx_http_social_api_share_host(in, out);
        social_url_clean(out, url);
        return;
    }

    if (canonical->len
        && ngx_http_social_api_share_is_own(in->site, canonical))
    {
        url.len = canonical->len;
        url.data = canonical->data;
        social_url_clean(out, url);
        return;
    }

    ngx_http_social_api_share_host(in, out);
    social_out_public(out, in->site->page->base, in->rec->key.data,
                      in->rec->key.len);
}


/* the URL to share with our share tag, if there is memory for one */

static void
ngx_http_social_api_share_tagged_url(ngx_http_social_input_t *in,
    const social_network_t *network, ngx_str_t *canonical, social_out_t *out)
{
    char          tag[SOCIAL_TAG_MAX];
    social_str_t  u;
    social_out_t  url;

    social_out_init(&url, 8192);
    ngx_http_social_api_share_url(in, canonical, &url);

    u.len = url.len;
    u.data = url.data;
    out->failed |= url.failed;
    out->full |= url.full;

    if (social_tag_make(in->site->zone->secret, network, ngx_time() / 86400,
                        tag)
        == SOCIAL_OK)
    {
        social_url_tag(out, u, tag);

    } else {
        social_out_bytes(out, u.data, u.len);
    }

    social_out_free(&url);
}


/* where to redirect: the network, or for copy and native the article;
 * NGX_DECLINED: this page cannot be shared there */

static ngx_int_t
ngx_http_social_api_share_location(ngx_http_social_input_t *in,
    const social_network_t *network, ngx_str_t *location)
{
    int                       rc;
    u_char                    buf[NGX_HTTP_SOCIAL_ABOUT];
    social_str_t              u, t, img, instance;
    social_out_t              tagged, image, out;
    ngx_http_social_slot_t   *slot;
    ngx_http_social_about_t   about;

    if (network->kind == SOCIAL_NETWORK_COPY
        || network->kind == SOCIAL_NETWORK_NATIVE)
    {
        *location = ngx_http_social_api_article_path(in->request, &in->rec->key,
                                                     0);
        return location->data ? NGX_OK : NGX_ERROR;
    }

    ngx_memzero(&about, sizeof(ngx_http_social_about_t));
    slot = ngx_http_social_zone_slot_find(in->site, &in->rec->key);

    if (slot) {
        ngx_http_social_zone_slot_about(in->site->zone, slot, &about, buf);
    }

    social_out_init(&tagged, 8192);
    social_out_init(&out, 65536);
    ngx_http_social_api_share_tagged_url(in, network, &about.url, &tagged);

    u.len = tagged.len;
    u.data = tagged.data;
    t.len = about.title.len;
    t.data = about.title.data ? about.title.data : (u_char *) "";

    social_out_init(&image, 8192);
    ngx_http_social_api_share_image(in, &about.image, &image);
    img.len = image.len;
    img.data = image.data ? image.data : (const unsigned char *) "";
    instance.len = in->instance.len;
    instance.data = in->instance.data;

    rc = (network->needs_image && img.len == 0)
             ? SOCIAL_DECLINED
             : social_network_url(network, &out, u, t, img, instance);

    if (rc == SOCIAL_OK && (tagged.full || out.full)) {
        rc = SOCIAL_LIMIT;
    }

    out.failed |= tagged.failed | image.failed;
    social_out_free(&tagged);
    social_out_free(&image);

    *location = ngx_http_social_request_out_str(in->request, &out);

    return rc != SOCIAL_OK ? NGX_DECLINED
           : location->data ? NGX_OK : NGX_ERROR;
}


/* counts a share once a day for each visitor, article and network */

static void
ngx_http_social_api_share_count(ngx_http_social_input_t *in,
    const social_network_t *network)
{
    uint64_t                      client, pair, visitor;
    ngx_uint_t                    first;
    ngx_http_social_rec_t        *rec;
    ngx_http_social_slot_t       *slot;
    ngx_http_social_site_t       *site;
    ngx_http_social_zone_mark_e   mark;

    rec = in->rec;
    site = in->site;
    visitor = ngx_http_social_view_visitor(in->request, rec);
    client = ngx_http_social_view_client(in->request, site);
    pair = ngx_http_social_view_fingerprint(site, NGX_HTTP_SOCIAL_MARK_PAIR,
                                            visitor, &rec->key, 0);

    rec->event = NGX_HTTP_SOCIAL_EVENT_SHARE;
    rec->network.data = (u_char *) network->id;
    rec->network.len = ngx_strlen(network->id);
    rec->source = ngx_http_social_zone_first_touch(site, visitor, NULL);

    first = 0;
    mark = NGX_HTTP_SOCIAL_ZONE_FULL;
    slot = NULL;

    if (!ngx_http_social_request_is_unproven(in)) {
        slot = ngx_http_social_view_slot(in->request, rec, 0);
        slot = slot ? slot : ngx_http_social_zone_slot_site(site);
        mark = ngx_http_social_zone_mark_share(site, client, pair,
                                               network->number, &first);
    }

    ngx_http_social_view_mark_state(rec, mark);

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social share: %V, network \"%s\"", &rec->state,
                   network->id);

    if (mark != NGX_HTTP_SOCIAL_ZONE_NEW) {
        return;
    }

    ngx_http_social_zone_count_label(site->zone, slot, SOCIAL_COUNT_SHARE,
                                     network->number);

    if (first) {
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_SHARERS, 1);
    }

    ngx_http_social_api_count_active(in);
}


/* a page with one link instead of a redirect: the article's CSP form-action
 * blocks a form whose answer redirects to another site */

static ngx_int_t
ngx_http_social_api_share_link(ngx_http_social_input_t *in,
    const social_network_t *network, ngx_str_t *location)
{
    cJSON      *doc;
    ngx_str_t   back;

    doc = cJSON_CreateObject();
    back = ngx_http_social_api_article_path(in->request, &in->rec->key, 0);

    if (back.data == NULL) {
        cJSON_Delete(doc);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    social_doc_bytes(doc, "url", location->data, location->len);
    social_doc_text(doc, "label", network->label);
    social_doc_bytes(doc, "back", back.data, back.len);

    return ngx_http_social_request_reply_page(
               in->request, in->site,
               ngx_http_social_request_input_language(in), NGX_HTTP_OK, "link",
               doc);
}


/* 1: `share` offers the network */

static ngx_uint_t
ngx_http_social_api_share_offered(ngx_http_social_site_t *site,
    const social_network_t *network)
{
    ngx_uint_t                i;
    const social_network_t  **offered;

    if (network == NULL || site->networks == NULL) {
        return 0;
    }

    offered = site->networks->elts;

    for (i = 0; i < site->networks->nelts; i++) {
        if (offered[i] == network) {
            return 1;
        }
    }

    return 0;
}


/* the network that was asked for; NULL: refused and answered */

static const social_network_t *
ngx_http_social_api_share_network(ngx_http_social_input_t *in)
{
    char                     host[SOCIAL_NETWORK_INSTANCE + 1];
    social_str_t             text;
    const social_network_t  *network;

    text.len = in->network.len;
    text.data = in->network.data;
    network = social_network_find(text);

    if (!ngx_http_social_api_share_offered(in->site, network)) {
        (void) ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "network", "e_network",
            "network");
        return NULL;
    }

    if (network->kind != SOCIAL_NETWORK_MASTODON) {
        return network;
    }

    text.len = in->instance.len;
    text.data = in->instance.data;

    if (social_network_instance(text, host) == SOCIAL_OK) {
        return network;
    }

    (void) ngx_http_social_request_error(
        in, NGX_HTTP_SOCIAL_UNPROCESSABLE, "value",
        "e_instance",
        "instance");

    return NULL;
}


ngx_int_t
ngx_http_social_api_share(ngx_http_social_input_t *in)
{
    ngx_int_t                rc;
    ngx_str_t                location;
    social_str_t             via = { in->via.len, in->via.data };
    const social_network_t  *network;

    in->memory_only = 1;
    rc = ngx_http_social_request_input_article(in);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    network = ngx_http_social_api_share_network(in);
    if (network == NULL) {
        return in->result;
    }

    rc = ngx_http_social_api_share_location(in, network, &location);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_DECLINED) {
        /* the network needs a picture and the page has none, or the URL is
         * too long */
        return ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "network",
            "e_network_page", "network");
    }

    ngx_http_social_api_share_count(in, network);

    if (in->json) {
        return ngx_http_social_request_reply_empty(in->request,
                                                   NGX_HTTP_NO_CONTENT);
    }

    if (location.data[0] != '/' && ngx_http_social_request_is(&via, "link")) {
        return ngx_http_social_api_share_link(in, network, &location);
    }

    return ngx_http_social_request_reply_see_other(in->request, &location);
}


/* the page was visible, or, with seen=thread, its comments were; the answer
 * does not tell whether that was counted */

ngx_int_t
ngx_http_social_api_beacon(ngx_http_social_input_t *in)
{
    ngx_int_t     rc;
    social_str_t  seen = { in->seen.len, in->seen.data };

    in->memory_only = 1;
    rc = ngx_http_social_request_input_article(in);
    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    if (seen.len && !ngx_http_social_request_is(&seen, "thread")) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_SOCIAL_UNPROCESSABLE, "value",
            "seen may be \"thread\" or missing", "seen");
    }

    if (ngx_http_social_request_is_unproven(in)) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                       "social beacon: the article is not known yet");

    } else if (seen.len) {
        ngx_http_social_view_listened(in->request, in->rec);

    } else {
        ngx_http_social_view_seen(in->request, in->rec);
    }

    return ngx_http_social_request_reply_empty(in->request,
                                               NGX_HTTP_NO_CONTENT);
}
