
/*
 * Sharing, liking, and the beacon that says that a page was visible.  All of
 * them only count in shared memory.  Must not wait for the store.  Event loop
 * only.
 */

#include "ngx_http_social_api.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_tag.h"
#include "social_url.h"


/*
 * The URL to share: the page's canonical URL, but only one of the site's
 * `origin` where that is set; otherwise the key behind `origin`, or behind the
 * scheme and Host of the request.
 */

static void
ngx_http_social_api_share_url(ngx_http_social_input_t *in,
    ngx_str_t *canonical, social_out_t *out)
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
        social_out_text(out, ngx_http_social_view_is_https(r) ? "https://"
                                                         : "http://");
        host = r->headers_in.host ? &r->headers_in.host->value
                                  : &r->headers_in.server;
        social_out_bytes(out, host->data, host->len);
    }

    social_out_path(out, in->rec->key.data, in->rec->key.len);
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
    social_out_t              tagged, out;
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
    img.len = 0;
    img.data = (const unsigned char *) "";
    instance.len = in->instance.len;
    instance.data = in->instance.data;

    rc = social_network_url(network, &out, u, t, img, instance);

    if (rc == SOCIAL_OK && (tagged.full || out.full)) {
        rc = SOCIAL_LIMIT;
    }

    out.failed |= tagged.failed;
    social_out_free(&tagged);

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
    rec->source = ngx_http_social_zone_first_touch(site, visitor, 0);

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

    return ngx_http_social_request_reply_page(in->request, in->site,
                                              NGX_HTTP_OK, "link", doc);
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

    if (network == NULL || !social_network_shareable(network)) {
        (void) ngx_http_social_request_error(
            in, NGX_HTTP_BAD_REQUEST, "network", "There is no such network.",
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
        "Please enter the name of a Mastodon server, such as mastodon.social.",
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
            "This page cannot be shared there.", "network");
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


static ngx_int_t
ngx_http_social_api_reaction_check(ngx_http_social_input_t *in,
    ngx_http_social_slot_t **slot)
{
    ngx_int_t  rc;

    in->memory_only = 1;
    rc = ngx_http_social_request_input_article(in);

    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    if (!in->site->reactions) {
        return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "closed",
                                             "Reactions are turned off.",
                                             NULL);
    }

    *slot = ngx_http_social_request_is_unproven(in)
            ? NULL : ngx_http_social_sync_article(in->site, &in->rec->key);

    /* NULL: the zone is full of articles that are too new to be evicted */

    return *slot ? NGX_OK : ngx_http_social_request_unavailable(in);
}


/* counts a like once a day for each visitor and article; the next one takes it
 * back */

ngx_int_t
ngx_http_social_api_reaction(ngx_http_social_input_t *in)
{
    cJSON                   *doc;
    int64_t                  n;
    uint64_t                 mark, visitor;
    ngx_int_t                rc;
    ngx_uint_t               on;
    ngx_http_social_slot_t  *slot;

    slot = NULL;
    rc = ngx_http_social_api_reaction_check(in, &slot);

    if (rc != NGX_OK || slot == NULL) {
        return rc;
    }

    visitor = ngx_http_social_view_visitor(in->request, in->rec);
    mark = ngx_http_social_view_fingerprint(in->site,
                                            NGX_HTTP_SOCIAL_MARK_REACTION,
                                            visitor, &in->rec->key, 0);
    on = ngx_http_social_zone_mark(
             in->site, ngx_http_social_view_client(in->request, in->site), mark)
         == NGX_HTTP_SOCIAL_ZONE_NEW;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social reaction: %s", on ? "new" : "taken back");

    if (on) {
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_LIKED, 1);
        ngx_http_social_api_count_active(in);
        ngx_str_set(&in->rec->state, "new");

    } else {
        ngx_http_social_zone_unmark(in->site, mark);
        ngx_http_social_zone_count(slot, SOCIAL_COUNT_UNLIKED, 1);
        ngx_str_set(&in->rec->state, "repeat");
    }

    in->rec->event = NGX_HTTP_SOCIAL_EVENT_REACTION;
    in->rec->source = ngx_http_social_zone_first_touch(in->site, visitor, 0);
    (void) ngx_atomic_fetch_add(&slot->revision, 1);

    if (in->json) {
        n = (int64_t) slot->plain[SOCIAL_COUNT_LIKED]
            - (int64_t) slot->plain[SOCIAL_COUNT_UNLIKED];

        doc = cJSON_CreateObject();
        social_doc_number(doc, "reactions", (double) n);
        social_doc_bool(doc, "on", on);

        return ngx_http_social_request_reply_json(
            in->request, NGX_HTTP_OK, NGX_HTTP_SOCIAL_NO_STORE, doc);
    }

    return ngx_http_social_api_redirect(
        in, ngx_http_social_api_article_path(in->request, &in->rec->key, 0));
}


/*
 * The page was visible: confirms the visitor's view of it within the last 30
 * minutes, once.  The answer does not tell whether there was one.
 */

ngx_int_t
ngx_http_social_api_beacon(ngx_http_social_input_t *in)
{
    uint64_t                 before;
    ngx_int_t                rc;
    ngx_uint_t               viewed;
    ngx_http_social_slot_t  *slot;

    in->memory_only = 1;
    rc = ngx_http_social_request_input_article(in);
    if (rc != NGX_OK || in->answered) {
        return rc;
    }

    viewed = ngx_http_social_zone_recent_take(
        in->site, ngx_http_social_view_mark(in->request, in->rec));

    if (!viewed) {
        before = ngx_http_social_view_mark_before(in->request, in->rec);
        viewed = before && ngx_http_social_zone_recent_take(in->site, before);
    }

    if (!viewed || ngx_http_social_request_is_unproven(in)) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                       "social beacon: no recent view to confirm");

    } else {
        slot = ngx_http_social_zone_slot_find(in->site, &in->rec->key);

        if (slot == NULL) {
            /* evicted since the view was counted */
            slot = ngx_http_social_sync_article(in->site, &in->rec->key);
        }

        if (slot == NULL || (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD)) {
            /* where the view was counted */
            slot = ngx_http_social_zone_slot_site(in->site);
        }

        ngx_http_social_zone_count(slot, SOCIAL_COUNT_CONFIRMED, 1);
    }

    return ngx_http_social_request_reply_empty(in->request,
                                               NGX_HTTP_NO_CONTENT);
}
