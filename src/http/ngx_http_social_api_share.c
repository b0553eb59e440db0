
/*
 * What costs a reader one press: sharing, liking, and the beacon that says
 * that a page was seen.  All of it is counted in shared memory: none of it
 * waits for the store.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_tag.h"
#include "social_url.h"


/*
 * The address to share: of the site's origin where there is one, else what
 * the page calls canonical, else as the request names this server.
 */

static void
ngx_http_social_share_url(ngx_http_social_input_t *in, ngx_str_t *canonical,
    social_out_t *out)
{
    ngx_str_t           *origin, *host;
    social_str_t         url;
    ngx_http_request_t  *r;

    r = in->request;
    origin = &in->site->origin;

    if (canonical->len
        && (origin->len == 0
            || (canonical->len > origin->len
                && ngx_strncasecmp(canonical->data, origin->data,
                                   origin->len) == 0
                && canonical->data[origin->len] == '/')))
    {
        url.len = canonical->len;
        url.data = canonical->data;
        social_url_clean(out, url);
        return;
    }

    if (origin->len) {
        social_out_bytes(out, origin->data, origin->len);

    } else {
#if (NGX_HTTP_SSL)
        social_out_text(out, r->connection->ssl ? "https://" : "http://");
#else
        social_out_text(out, "http://");
#endif
        host = r->headers_in.host ? &r->headers_in.host->value
                                  : &r->headers_in.server;
        social_out_bytes(out, host->data, host->len);
    }

    social_out_path(out, in->rec->key.data, in->rec->key.len);
}


/* the network's address with the tagged one in it; NULL data: none */

static ngx_str_t
ngx_http_social_share_location(ngx_http_social_input_t *in,
    const social_network_t *network, ngx_http_social_slot_t *slot)
{
    int           rc;
    char          tag[SOCIAL_TAG_MAX];
    ngx_str_t     title, canonical, location;
    social_str_t  u, t, img, instance;
    social_out_t  url, tagged, out;

    ngx_str_null(&location);
    ngx_str_null(&title);
    ngx_str_null(&canonical);

    if (slot) {
        ngx_http_social_slot_description(in->site->zone, slot,
                                         in->request->pool, &title,
                                         &canonical);
    }

    social_out_init(&url, 8192);
    social_out_init(&tagged, 8192);
    social_out_init(&out, 65536);

    ngx_http_social_share_url(in, &canonical, &url);

    u.len = url.len;
    u.data = url.data;

    if (social_tag_make(in->site->zone->secret, network, ngx_time() / 86400,
                        tag)
        == SOCIAL_OK)
    {
        social_url_tag(&tagged, u, tag);
        u.len = tagged.len;
        u.data = tagged.data;
    }

    t.len = title.len;
    t.data = title.data ? title.data : (u_char *) "";
    img.len = 0;
    img.data = (const unsigned char *) "";
    instance.len = in->instance.len;
    instance.data = in->instance.data;

    rc = social_network_url(network, &out, u, t, img, instance);

    if (rc == SOCIAL_OK && !url.failed && !tagged.failed && !out.failed) {
        location.data = ngx_pnalloc(in->request->pool, out.len);

        if (location.data) {
            ngx_memcpy(location.data, out.data, out.len);
            location.len = out.len;
        }
    }

    social_out_free(&url);
    social_out_free(&tagged);
    social_out_free(&out);

    return location;
}


/* once a visitor, article, network and day */

static void
ngx_http_social_share_count(ngx_http_social_input_t *in,
    const social_network_t *network, ngx_http_social_slot_t *slot)
{
    uint64_t                 visitor;
    ngx_http_social_rec_t   *rec;
    ngx_http_social_site_t  *site;

    rec = in->rec;
    site = in->site;
    visitor = ngx_http_social_visitor(in->request, rec);

    ngx_str_set(&rec->event, "share");
    rec->network.data = (u_char *) network->id;
    rec->network.len = ngx_strlen(network->id);
    rec->source = ngx_http_social_touch(site, visitor, 0);

    if (!ngx_http_social_mark(site,
            ngx_http_social_fingerprint(site, NGX_HTTP_SOCIAL_MARK_SHARE,
                                        visitor, &rec->key,
                                        network->number)))
    {
        ngx_str_set(&rec->state, "repeat");
        return;
    }

    ngx_str_set(&rec->state, "new");

    if (slot == NULL) {
        return;
    }

    ngx_http_social_count_label(site->zone, slot, SOCIAL_COUNT_SHARE,
                                network->number);

    if (ngx_http_social_mark(site,
            ngx_http_social_fingerprint(site, NGX_HTTP_SOCIAL_MARK_SHARER,
                                        visitor, &rec->key, 0)))
    {
        ngx_http_social_count(slot, SOCIAL_COUNT_SHARERS, 1);
    }

    ngx_http_social_active(in);
}


static ngx_int_t
ngx_http_social_share_link(ngx_http_social_input_t *in,
    const social_network_t *network, ngx_str_t *location)
{
    int            rc;
    cJSON         *doc;
    char          *text;
    unsigned       language;
    ngx_str_t      back;
    social_out_t   out;

    doc = cJSON_CreateObject();
    text = strndup((char *) location->data, location->len);
    back = ngx_http_social_article_path(in->request, &in->rec->key, 0);

    cJSON_AddStringToObject(doc, "url", text ? text : "");
    cJSON_AddStringToObject(doc, "label", network->label);
    free(text);

    text = strndup((char *) back.data, back.len);
    cJSON_AddStringToObject(doc, "back", text ? text : "");
    free(text);

    language = social_page_find_language(in->site->page,
                                         (char *) in->site->language.data,
                                         in->site->language.len);

    social_out_init(&out, SOCIAL_PAGE_MAX);
    rc = social_page_render(in->site->page, language, "link", doc, &out);

    if (rc != SOCIAL_OK) {
        social_out_free(&out);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_reply_out(in->request, NGX_HTTP_OK,
                                     NGX_HTTP_SOCIAL_HTML,
                                     NGX_HTTP_SOCIAL_NO_STORE, &out);
}


ngx_int_t
ngx_http_social_share(ngx_http_social_input_t *in)
{
    char                     host[SOCIAL_NETWORK_INSTANCE + 1];
    ngx_int_t                rc;
    ngx_str_t                location;
    social_str_t             text;
    ngx_http_social_slot_t  *slot;
    const social_network_t  *network;

    rc = ngx_http_social_input_article(in);
    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    text.len = in->network.len;
    text.data = in->network.data;
    network = social_network_find(text);

    if (network == NULL || !social_network_shareable(network)) {
        return ngx_http_social_error(in, NGX_HTTP_BAD_REQUEST, "network",
            "There is no such network.", "network");
    }

    if (network->kind == SOCIAL_NETWORK_MASTODON) {
        text.len = in->instance.len;
        text.data = in->instance.data;

        if (social_network_instance(text, host) != SOCIAL_OK) {
            return ngx_http_social_error(in, 422, "value",
                "This is not the name of a Mastodon server, such as "
                "mastodon.social.", "instance");
        }
    }

    slot = ngx_http_social_slot_make(in->site, &in->rec->key);
    ngx_http_social_share_count(in, network, slot);

    if (in->json) {
        return ngx_http_social_reply_empty(in->request,
                                           NGX_HTTP_NO_CONTENT);
    }

    if (network->kind == SOCIAL_NETWORK_COPY
        || network->kind == SOCIAL_NETWORK_NATIVE)
    {
        location = ngx_http_social_article_path(in->request, &in->rec->key,
                                                0);
    } else {
        location = ngx_http_social_share_location(in, network, slot);
    }

    if (location.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (in->via.len == sizeof("link") - 1
        && ngx_strncmp(in->via.data, "link", 4) == 0
        && network->kind != SOCIAL_NETWORK_COPY
        && network->kind != SOCIAL_NETWORK_NATIVE)
    {
        return ngx_http_social_share_link(in, network, &location);
    }

    return ngx_http_social_reply_see_other(in->request, &location);
}


/* one a reader and day; a second one takes it back */

ngx_int_t
ngx_http_social_reaction(ngx_http_social_input_t *in)
{
    cJSON                   *doc;
    int64_t                  n;
    uint64_t                 mark, visitor;
    ngx_int_t                rc;
    ngx_str_t                location;
    ngx_uint_t               on;
    ngx_http_social_slot_t  *slot;

    rc = ngx_http_social_input_article(in);
    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    slot = ngx_http_social_slot_make(in->site, &in->rec->key);

    if (!in->site->reactions || slot == NULL) {
        return ngx_http_social_error(in, NGX_HTTP_FORBIDDEN, "closed",
                                     "This page takes no reactions.", NULL);
    }

    visitor = ngx_http_social_visitor(in->request, in->rec);
    mark = ngx_http_social_fingerprint(in->site,
                                       NGX_HTTP_SOCIAL_MARK_REACTION,
                                       visitor, &in->rec->key, 0);
    on = ngx_http_social_mark(in->site, mark);

    if (on) {
        ngx_http_social_count(slot, SOCIAL_COUNT_LIKED, 1);
        ngx_http_social_active(in);
        ngx_str_set(&in->rec->state, "new");

    } else {
        ngx_http_social_unmark(in->site, mark);
        ngx_http_social_count(slot, SOCIAL_COUNT_UNLIKED, 1);
        ngx_str_set(&in->rec->state, "repeat");
    }

    ngx_str_set(&in->rec->event, "reaction");
    in->rec->source = ngx_http_social_touch(in->site, visitor, 0);
    (void) ngx_atomic_fetch_add(&slot->revision, 1);

    if (in->json) {
        n = (int64_t) slot->plain[SOCIAL_COUNT_LIKED]
            - (int64_t) slot->plain[SOCIAL_COUNT_UNLIKED];

        doc = cJSON_CreateObject();
        cJSON_AddNumberToObject(doc, "reactions", (double) n);
        cJSON_AddBoolToObject(doc, "on", on);

        return ngx_http_social_reply_json(in->request, NGX_HTTP_OK,
                                          NGX_HTTP_SOCIAL_NO_STORE, doc);
    }

    location = ngx_http_social_article_path(in->request, &in->rec->key, 0);

    return location.data
           ? ngx_http_social_reply_see_other(in->request, &location)
           : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/*
 * The page was visible: the visitor's view of it within the last 30 minutes
 * is confirmed, once.  Whatever it counts, the answer is the same.
 */

ngx_int_t
ngx_http_social_beacon(ngx_http_social_input_t *in)
{
    uint64_t                 view, visitor;
    ngx_int_t                rc;
    ngx_http_social_slot_t  *slot;

    rc = ngx_http_social_input_article(in);
    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    visitor = ngx_http_social_visitor(in->request, in->rec);
    view = ngx_http_social_fingerprint(in->site, NGX_HTTP_SOCIAL_MARK_VIEW,
                                       visitor, &in->rec->key, 0);

    if (ngx_http_social_confirm(in->site, view)) {
        slot = ngx_http_social_slot_make(in->site, &in->rec->key);

        if (slot) {
            ngx_http_social_count(slot, SOCIAL_COUNT_CONFIRMED, 1);
        }
    }

    return ngx_http_social_reply_empty(in->request, NGX_HTTP_NO_CONTENT);
}
