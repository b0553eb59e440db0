
/*
 * The table of routes: finds the handler for a path and a method.  Must not
 * know what a route does.  Event loop only.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_api.h"


typedef struct {
    const char                *path;        /* "@": an id */
    ngx_uint_t                 methods;
    ngx_http_social_input_pt   handler;
    ngx_http_social_refill_e  refill;         /* on an error page */
} ngx_http_social_api_route_t;


static const ngx_http_social_api_route_t  ngx_http_social_api_routes[] = {
    { "widget.css",        NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_asset, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "widget.js",         NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_asset, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "counts.js",         NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_asset, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "page.css",          NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_asset, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "page.js",           NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_asset, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "status.css",        NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_asset, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "status.js",         NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_asset, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "comments",          NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_comments_get, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "comments",          NGX_HTTP_POST,
      ngx_http_social_api_comment_new, NGX_HTTP_SOCIAL_REFILL_COMMENT },
    { "comments/@",        NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_comment_get, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "comments/@",        NGX_HTTP_PATCH,
      ngx_http_social_api_comment_edit, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "comments/@",        NGX_HTTP_DELETE,
      ngx_http_social_api_comment_delete, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "comments/@/edit",   NGX_HTTP_POST,
      ngx_http_social_api_comment_edit, NGX_HTTP_SOCIAL_REFILL_TEXT },
    { "comments/@/delete", NGX_HTTP_POST,
      ngx_http_social_api_comment_delete, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "comments/@/report", NGX_HTTP_POST,
      ngx_http_social_api_comment_report, NGX_HTTP_SOCIAL_REFILL_BUTTON },
    { "thread",            NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_thread_get, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "preview",           NGX_HTTP_POST,
      ngx_http_social_api_preview, NGX_HTTP_SOCIAL_REFILL_PREVIEW },
    { "mine",              NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_mine_get, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "mine/erase",        NGX_HTTP_POST,
      ngx_http_social_api_mine_erase, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "mine/feed",         NGX_HTTP_POST,
      ngx_http_social_api_replies_new, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "feed.atom",         NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_feed_get, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "replies/@",         NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_replies_get, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "share",             NGX_HTTP_POST,
      ngx_http_social_api_share, NGX_HTTP_SOCIAL_REFILL_BUTTON },
    { "reactions",         NGX_HTTP_POST,
      ngx_http_social_api_reaction, NGX_HTTP_SOCIAL_REFILL_BUTTON },
    { "views",             NGX_HTTP_POST,
      ngx_http_social_api_beacon, NGX_HTTP_SOCIAL_REFILL_NONE },
    { "counts",            NGX_HTTP_SOCIAL_READS,
      ngx_http_social_api_counts_get, NGX_HTTP_SOCIAL_REFILL_NONE }
};


static const char *
ngx_http_social_api_allow(ngx_uint_t methods)
{
    switch (methods) {

    case NGX_HTTP_SOCIAL_READS:
        return "GET, HEAD";

    case NGX_HTTP_POST:
        return "POST";

    case NGX_HTTP_SOCIAL_READS|NGX_HTTP_POST:
        return "GET, HEAD, POST";

    default:
        return "GET, HEAD, PATCH, DELETE";
    }
}


/* 1 if the path from p to last matches the row; *id: its id, 0 without one */

static ngx_uint_t
ngx_http_social_api_route_match(const char *row, u_char *p, u_char *last,
    int64_t *id)
{
    u_char  *digits;

    *id = 0;

    for ( /* void */ ; *row; row++) {

        if (*row == '@') {
            digits = p;

            while (p < last && *p != '/') {
                p++;
            }

            if (p == digits) {
                return 0;
            }

            /* -1: not an id; perhaps that of an imported comment */

            *id = social_id_parse(digits, p - digits);
            *id = *id ? *id : -1;
            continue;
        }

        if (p == last || *p != (u_char) *row) {
            return 0;
        }

        p++;
    }

    return p == last;
}


static ngx_int_t
ngx_http_social_api_call(ngx_http_social_input_t *in,
    const ngx_http_social_api_route_t *route)
{
    ngx_int_t  rc;

    if (in->request->method & NGX_HTTP_SOCIAL_READS) {
        rc = ngx_http_discard_request_body(in->request);

        return rc == NGX_OK ? route->handler(in) : rc;
    }

    in->refill = route->refill;

    return ngx_http_social_request_input_read(in, route->handler);
}


ngx_int_t
ngx_http_social_api_handler(ngx_http_request_t *r)
{
    u_char                             *p, *last;
    int64_t                             id;
    ngx_uint_t                          i, allowed;
    ngx_http_social_rec_t              *rec;
    ngx_http_social_input_t            *in;
    const ngx_http_social_api_route_t  *route;

    rec = ngx_http_social_view_rec(r);
    in = rec ? ngx_http_social_request_input(r, rec) : NULL;

    if (in == NULL || r->uri.len < rec->site->prefix.len) {
        return r == r->main ? NGX_HTTP_INTERNAL_SERVER_ERROR
                            : NGX_HTTP_NOT_FOUND;
    }

    rec->input = in;

    p = r->uri.data + rec->site->prefix.len;
    last = r->uri.data + r->uri.len;
    allowed = 0;

    for (i = 0; i < social_nelts(ngx_http_social_api_routes); i++) {
        route = &ngx_http_social_api_routes[i];

        if (ngx_http_social_api_route_match(route->path, p, last, &id)) {

            if (r->method & route->methods) {
                ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                               "social api: route \"%s\"", route->path);

                in->id = id;
                return ngx_http_social_api_call(in, route);
            }

            allowed |= route->methods;
        }
    }

    if (allowed) {
        return ngx_http_social_request_error_method(
            in, ngx_http_social_api_allow(allowed));
    }

    return ngx_http_social_request_error(in, NGX_HTTP_NOT_FOUND, "path",
                                         "e_path",
                                         NULL);
}
