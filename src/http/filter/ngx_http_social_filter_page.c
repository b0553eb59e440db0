
/*
 * What is known of a page besides its header: whether all of it arrived, who
 * made it, and what it says of itself.  The widget's language and address come
 * from there, so the page is looked at before the widget is pinned.
 *
 * Event loop only.  Must not touch the store.
 */


#include "ngx_http_social_filter.h"


static void ngx_http_social_filter_page_loaded(ngx_http_request_t *r);


/* of an answer from nginx's cache */

#if (NGX_HTTP_CACHE)

static ngx_uint_t
ngx_http_social_filter_is_whole_cached(ngx_http_upstream_t *u)
{
    static ngx_str_t  fastcgi = ngx_string("fastcgi://");

    /* nginx caches a FastCGI answer without a length only if its end came */

    return u->headers_in.chunked
           || (u->schema.len == fastcgi.len
               && ngx_strncmp(u->schema.data, fastcgi.data, fastcgi.len) == 0);
}

#endif


ngx_uint_t
ngx_http_social_filter_is_whole(ngx_http_request_t *r, off_t length,
    off_t seen)
{
    ngx_http_upstream_t  *u;

    if (length != -1 && length == seen) {
        return 1;
    }

    u = r->upstream;

    if (u == NULL) {
        return 1;
    }

#if (NGX_HTTP_CACHE)
    if (r->cached) {
        return ngx_http_social_filter_is_whole_cached(u);
    }
#endif

    /* the length was met, or the last chunk or the end of FastCGI was seen */

    if (u->buffering) {
        return u->pipe && u->pipe->upstream_done;
    }

    return u->length == 0;
}


/*
 * autoindex has no content handler and no header of its own.  It is known by
 * its configuration, whose first field is the flag "autoindex"; by the "/" at
 * the end, which no file has; and by a length that is not known yet.
 */

ngx_uint_t
ngx_http_social_filter_is_listing(ngx_http_request_t *r)
{
    ngx_uint_t     i;
    ngx_flag_t    *enable;
    ngx_module_t  *module;

    if (r->upstream || r->content_handler || r->uri.len == 0
        || r->uri.data[r->uri.len - 1] != '/'
        || r->headers_out.content_length_n != -1)
    {
        return 0;
    }

    for (i = 0; ngx_cycle->modules[i]; i++) {
        module = ngx_cycle->modules[i];

        if (module->type == NGX_HTTP_MODULE
            && ngx_strcmp(module->name, "ngx_http_autoindex_module") == 0)
        {
            enable = r->loc_conf[module->ctx_index];
            return enable && *enable == 1;
        }
    }

    return 0;
}


/* 1: a <meta http-equiv> or a <base> forbids a widget */

static ngx_uint_t
ngx_http_social_filter_page_forbids(ngx_http_social_filter_ctx_t *ctx)
{
    const char          *why;
    ngx_http_request_t  *r;

    r = ctx->request;
    why = NULL;

    if (ctx->meta->no_transform[0]) {
        why = "<meta> says no-transform";

    } else if (ngx_http_social_view_page_base(r, ctx->rec->site, ctx->meta)
               == NGX_HTTP_SOCIAL_BASE_LOST)
    {
        why = "<base> leads to another host and \"origin\" is not set";
    }

    if (why == NULL) {
        return 0;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social place: none, %s", why);

    return 1;
}


static void
ngx_http_social_filter_page_describe(ngx_http_social_filter_ctx_t *ctx)
{
    if (ctx->described || ctx->meta == NULL
        || ctx->place == NGX_HTTP_SOCIAL_NO_PLACE)
    {
        return;
    }

    ctx->described = 1;

    if (ngx_http_social_filter_page_forbids(ctx)) {
        ctx->place = NGX_HTTP_SOCIAL_NO_PLACE;
        return;
    }

    if (ctx->meta->form_action[0]) {
        ctx->headers.via_link = 1;
    }

    if (ngx_http_social_view_describe(ctx->request, ctx->rec, ctx->meta)
        && ctx->rec->found.widget)
    {
        ctx->stale = 1;
    }
}


ngx_int_t
ngx_http_social_filter_page_ready(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_int_t               rc;
    ngx_http_social_rec_t  *rec;

    ngx_http_social_filter_page_describe(ctx);

    if (ctx->waits) {
        return NGX_AGAIN;
    }

    if (ctx->place == NGX_HTTP_SOCIAL_NO_PLACE || !ctx->stale || ctx->renewed) {
        return NGX_OK;
    }

    rec = ctx->rec;
    ctx->renewed = 1;
    ctx->old = rec->found.widget;

    if (rec->wait_until
        && (ngx_msec_int_t) (rec->wait_until - ngx_current_msec) <= 0)
    {
        return NGX_OK;
    }

    rc = ngx_http_social_widget_renew(ctx->request, rec,
                                      ngx_http_social_filter_page_loaded);

    if (rc == NGX_OK) {
        ctx->stale = 0;
    }

    ctx->waits = (rc == NGX_AGAIN);

    return ctx->waits ? NGX_AGAIN : NGX_OK;
}


/* the widget that the page waited for was loaded, or it cannot be */

static void
ngx_http_social_filter_page_loaded(ngx_http_request_t *r)
{
    ngx_http_social_filter_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_social_module);

    if (ctx == NULL || !ctx->waits) {
        return;
    }

    if (ctx->rec->found.widget != ctx->old) {
        ctx->stale = 0;
    }

    ngx_http_social_filter_stream_go_on(ctx);
}


ngx_http_social_widget_t *
ngx_http_social_filter_page_widget(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_http_social_widget_t  *widget, *copy;

    ngx_http_social_filter_page_describe(ctx);

    if (ctx->place == NGX_HTTP_SOCIAL_NO_PLACE && ctx->described) {
        return NULL;
    }

    widget = ngx_http_social_widget_pin(ctx->request, ctx->rec,
                                        ctx->headers.via_link);

    if (widget == NULL || widget->fallback || !ctx->stale) {
        return widget;
    }

    /* good enough to be shown once, not to be kept */

    copy = ngx_palloc(ctx->request->pool, sizeof(ngx_http_social_widget_t));

    if (copy) {
        *copy = *widget;
        copy->fallback = 1;
    }

    return copy;
}
