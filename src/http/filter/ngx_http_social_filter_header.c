
/*
 * The header of an article's page: length, validators, ranges, caching.  All
 * else in it belongs to the content handler and is left alone.
 *
 * nginx's "expires" acts below us and may override our Cache-Control.  Event
 * loop only.
 */


#include "ngx_http_social_filter.h"


static void ngx_http_social_filter_header_drop(ngx_http_request_t *r,
    ngx_table_elt_t *h, ngx_uint_t what, void *data);
static ngx_int_t ngx_http_social_filter_asked_etag(ngx_http_request_t *r);
static ngx_int_t ngx_http_social_filter_validators(ngx_http_request_t *r,
    ngx_http_social_widget_t *widget);
static ngx_int_t ngx_http_social_filter_cache_control(ngx_http_request_t *r,
    ngx_uint_t no_store);
static ngx_int_t ngx_http_social_filter_set_cache_control(
    ngx_http_request_t *r, ngx_table_elt_t *h);


/* data: the NGX_HTTP_SOCIAL_H_* to delete */

static void
ngx_http_social_filter_header_drop(ngx_http_request_t *r, ngx_table_elt_t *h,
    ngx_uint_t what, void *data)
{
    ngx_uint_t  *drop = data;

    if (what == *drop) {
        h->hash = 0;
        h->value.len = 0;
    }
}


ngx_int_t
ngx_http_social_filter_header_widget(ngx_http_social_filter_ctx_t *ctx,
    off_t length)
{
    ngx_uint_t                 ranges, what;
    ngx_http_request_t        *r;
    ngx_http_social_widget_t  *widget;

    r = ctx->request;
    widget = ctx->widget;

    if (ctx->headers.digest) {
        what = NGX_HTTP_SOCIAL_H_DIGEST;
        ngx_http_social_filter_each_header(
            r, ngx_http_social_filter_header_drop, &what);
    }

    ranges = r->allow_ranges || r->upstream;

    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_content_length(r);

    if (length != -1) {
        r->headers_out.content_length_n = length + widget->html.len;
    }

    if (widget->fallback) {
        ngx_http_clear_etag(r);
        ngx_http_clear_last_modified(r);

        return ngx_http_social_filter_cache_control(r, 1);
    }

    if (ngx_http_social_filter_validators(r, widget) != NGX_OK) {
        return NGX_ERROR;
    }

    /*
     * Header and body are now the page that the client knows, so nginx's
     * filters may apply conditions and ranges, to an upstream's page too.
     * One range only: for several, nginx wants the page in one buffer.
     */

    r->disable_not_modified = 0;

    if (ranges && (r->headers_out.etag
                   || r->headers_out.last_modified_time != -1))
    {
        r->allow_ranges = 1;
        r->single_range = 1;
    }

    if (ctx->headers.cache_rule) {
        return NGX_OK;
    }

    return ngx_http_social_filter_cache_control(r, 0);
}


void
ngx_http_social_filter_header_no_place(ngx_http_social_filter_ctx_t *ctx,
    off_t length)
{
    ngx_uint_t           what;
    ngx_http_request_t  *r;

    r = ctx->request;

    /* the upstream did not see the conditions: nginx has to apply them */

    if (ctx->rec->translated) {
        r->disable_not_modified = 0;
    }

    if (ctx->inflate == NULL) {
        return;
    }

    if (ctx->headers.digest) {
        what = NGX_HTTP_SOCIAL_H_DIGEST;
        ngx_http_social_filter_each_header(
            r, ngx_http_social_filter_header_drop, &what);
    }

    ngx_http_weak_etag(r);
    r->headers_out.content_length_n = length;
}


ngx_int_t
ngx_http_social_filter_header_undecided(ngx_http_social_filter_ctx_t *ctx)
{
    ngx_uint_t                 what;
    ngx_http_request_t        *r;
    ngx_http_social_widget_t  *widget;

    r = ctx->request;

    if (ctx->headers.digest) {
        what = NGX_HTTP_SOCIAL_H_DIGEST;
        ngx_http_social_filter_each_header(
            r, ngx_http_social_filter_header_drop, &what);
    }

    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_content_length(r);
    ngx_http_clear_etag(r);
    ngx_http_clear_last_modified(r);

    /* if a place is found later, the fallback may go out: no-store */

    widget = ngx_http_social_widget_pin(r, ctx->rec, ctx->headers.via_link);

    if (widget && widget->fallback) {
        return ngx_http_social_filter_cache_control(r, 1);
    }

    if (ctx->headers.cache_rule) {
        return NGX_OK;
    }

    return ngx_http_social_filter_cache_control(r, 0);
}


ngx_int_t
ngx_http_social_filter_header_304(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_http_social_filter_headers_t   headers;
    ngx_http_social_widget_t          *widget;

    widget = rec->found.widget;

    if (widget == NULL || widget->fallback) {
        return NGX_OK;
    }

    if (ngx_http_social_filter_validators(r, widget) != NGX_OK) {
        return NGX_ERROR;
    }

    if (r->headers_out.etag == NULL
        && ngx_http_social_filter_asked_etag(r) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_social_view_served(r, rec);

    ngx_http_social_filter_read_headers(r, &headers);

    return headers.cache_rule ? NGX_OK
                           : ngx_http_social_filter_cache_control(r, 0);
}


/* an upstream's 304 without ETag: it means the tag that was asked for */

static ngx_int_t
ngx_http_social_filter_asked_etag(ngx_http_request_t *r)
{
    u_char           *last;
    ngx_str_t        *asked;
    ngx_table_elt_t  *h;

    if (r->headers_in.if_none_match == NULL) {
        return NGX_OK;
    }

    asked = &r->headers_in.if_none_match->value;
    last = asked->data + asked->len;

    if (ngx_http_social_filter_etag_end(asked->data, last) != last) {

        /* several tags: no way to know which one it means */

        return NGX_OK;
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    ngx_str_set(&h->key, "ETag");
    h->value = *asked;

    r->headers_out.etag = h;

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_filter_validators(ngx_http_request_t *r,
    ngx_http_social_widget_t *widget)
{
    time_t            modified;
    ngx_int_t         rc;
    ngx_str_t         value;
    ngx_table_elt_t  *etag;

    etag = r->headers_out.etag;

    if (etag) {
        rc = ngx_http_social_filter_etag(r->pool, &etag->value, &widget->rev,
                                         &value);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_OK) {
            etag->value = value;

        } else {
            ngx_http_clear_etag(r);
        }
    }

    modified = r->headers_out.last_modified_time;

    if (r->headers_out.last_modified || modified != -1) {

        /* else an upstream's line would be sent as it came */

        ngx_http_clear_last_modified(r);

        if (modified != -1) {
            r->headers_out.last_modified_time = ngx_max(modified,
                                                        widget->modified);
        }
    }

    return NGX_OK;
}


/*
 * nginx's "expires" writes to r->headers_out.cache_control and .expires.  For
 * no-cache the former is our header, which "expires" may override.  For
 * no-store both are elements outside the list of headers, so that what
 * "expires" writes is not sent.
 */

static ngx_int_t
ngx_http_social_filter_cache_control(ngx_http_request_t *r,
    ngx_uint_t no_store)
{
    ngx_uint_t        what;
    ngx_table_elt_t  *h, *unseen;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    ngx_str_set(&h->key, "Cache-Control");

    if (!no_store) {
        ngx_str_set(&h->value, "no-cache");
        h->hash = 1;

        return ngx_http_social_filter_set_cache_control(r, h);
    }

    what = NGX_HTTP_SOCIAL_H_CACHE;
    ngx_http_social_filter_each_header(r, ngx_http_social_filter_header_drop,
                                       &what);

    what = NGX_HTTP_SOCIAL_H_EXPIRES;
    ngx_http_social_filter_each_header(r, ngx_http_social_filter_header_drop,
                                       &what);

    ngx_str_set(&h->value, "no-store");
    h->hash = 1;

    unseen = ngx_pcalloc(r->pool, 2 * sizeof(ngx_table_elt_t));
    if (unseen == NULL) {
        return NGX_ERROR;
    }

    r->headers_out.expires = &unseen[0];

    return ngx_http_social_filter_set_cache_control(r, &unseen[1]);
}


static ngx_int_t
ngx_http_social_filter_set_cache_control(ngx_http_request_t *r,
    ngx_table_elt_t *h)
{
#if (nginx_version < 1023000)

    ngx_array_t       *lines;
    ngx_table_elt_t  **ph;

    lines = &r->headers_out.cache_control;

    if (ngx_array_init(lines, r->pool, 1, sizeof(ngx_table_elt_t *))
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ph = ngx_array_push(lines);
    if (ph == NULL) {
        return NGX_ERROR;
    }

    *ph = h;

#else
    r->headers_out.cache_control = h;
#endif

    return NGX_OK;
}
