
/*
 * The header of an article on its way out: which answers are candidates, and
 * what their header says once the page carries a widget.
 *
 * Only headers that the content handler set are seen here; add_header and
 * expires act below us, except that our Cache-Control gives way to theirs.
 * Event loop only.
 */


#include "ngx_http_social_filter.h"


#define NGX_HTTP_SOCIAL_H_CACHE    1
#define NGX_HTTP_SOCIAL_H_EXPIRES  2
#define NGX_HTTP_SOCIAL_H_CSP      3
#define NGX_HTTP_SOCIAL_H_DISPO    4
#define NGX_HTTP_SOCIAL_H_DIGEST   5


typedef struct {
    ngx_str_t   name;
    ngx_uint_t  what;
} ngx_http_social_name_t;


typedef void (*ngx_http_social_each_pt)(ngx_http_request_t *r,
    ngx_table_elt_t *h, ngx_uint_t what, void *data);


static ngx_uint_t ngx_http_social_is_html(ngx_http_request_t *r);
static ngx_uint_t ngx_http_social_is_foreign(ngx_str_t *charset);
static ngx_uint_t ngx_http_social_is_encoded(ngx_http_request_t *r);
static void ngx_http_social_each(ngx_http_request_t *r,
    ngx_http_social_each_pt handler, void *data);
static void ngx_http_social_look(ngx_http_request_t *r, ngx_table_elt_t *h,
    ngx_uint_t what, void *data);
static void ngx_http_social_drop(ngx_http_request_t *r, ngx_table_elt_t *h,
    ngx_uint_t what, void *data);
static ngx_int_t ngx_http_social_validators(ngx_http_request_t *r,
    ngx_http_social_widget_t *widget);
static ngx_int_t ngx_http_social_cache_control(ngx_http_request_t *r,
    ngx_uint_t no_store);


static ngx_http_social_name_t  ngx_http_social_names[] = {
    { ngx_string("Cache-Control"), NGX_HTTP_SOCIAL_H_CACHE },
    { ngx_string("Expires"), NGX_HTTP_SOCIAL_H_EXPIRES },
    { ngx_string("Content-Security-Policy"), NGX_HTTP_SOCIAL_H_CSP },
    { ngx_string("Content-Disposition"), NGX_HTTP_SOCIAL_H_DISPO },
    { ngx_string("Content-MD5"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_string("Digest"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_string("Repr-Digest"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_string("Content-Digest"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_null_string, 0 }
};


/* charsets in which an ASCII byte need not be an ASCII character */

static ngx_str_t  ngx_http_social_foreign[] = {
    ngx_string("utf-16"),
    ngx_string("utf-32"),
    ngx_string("utf-7"),
    ngx_string("ucs-2"),
    ngx_string("ucs-4"),
    ngx_string("unicode"),
    ngx_string("iso-10646"),
    ngx_string("iso-2022"),
    ngx_string("csiso2022"),
    ngx_string("hz-gb"),
    ngx_null_string
};


ngx_http_social_rec_t *
ngx_http_social_candidate(ngx_http_request_t *r,
    ngx_http_social_look_t *look)
{
    ngx_http_social_rec_t  *rec;

    if (r->headers_out.status != NGX_HTTP_OK
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))
        || !ngx_http_social_is_html(r)
        || r->headers_out.content_range
        || r->headers_out.content_length_n == 0)
    {
        return NULL;
    }

    rec = ngx_http_social_rec(r);

    if (rec == NULL || !ngx_http_social_is_article(r, rec)) {
        return NULL;
    }

    ngx_memzero(look, sizeof(ngx_http_social_look_t));
    ngx_http_social_each(r, ngx_http_social_look, look);

    if (look->refused || ngx_http_social_is_encoded(r)) {
        return NULL;
    }

    return rec;
}


static ngx_uint_t
ngx_http_social_is_html(ngx_http_request_t *r)
{
    u_char     *p, *last;
    ngx_str_t  *type, charset;

    type = &r->headers_out.content_type;

    if (type->len < sizeof("text/html") - 1
        || ngx_strncasecmp(type->data, (u_char *) "text/html",
                           sizeof("text/html") - 1)
           != 0)
    {
        return 0;
    }

    p = type->data + sizeof("text/html") - 1;
    last = type->data + type->len;

    if (p < last && *p != ';' && *p != ' ' && *p != '\t') {
        return 0;
    }

    if (ngx_http_social_is_foreign(&r->headers_out.charset)) {
        return 0;
    }

    /* an upstream's parameters may still stand in the type */

    p = ngx_strlcasestrn(p, last, (u_char *) "charset=", 8 - 1);

    if (p == NULL) {
        return 1;
    }

    p += 8;

    if (p < last && *p == '"') {
        p++;
    }

    charset.data = p;
    charset.len = last - p;

    return !ngx_http_social_is_foreign(&charset);
}


static ngx_uint_t
ngx_http_social_is_foreign(ngx_str_t *charset)
{
    u_char     *data;
    size_t      len;
    ngx_str_t  *name;

    data = charset->data;
    len = charset->len;

    if (len && *data == '"') {
        data++;
        len--;
    }

    for (name = ngx_http_social_foreign; name->len; name++) {
        if (len >= name->len
            && ngx_strncasecmp(data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_http_social_meta_ok(const social_html_meta_t *meta)
{
    ngx_str_t  charset;

    charset.data = (u_char *) meta->charset;
    charset.len = ngx_strlen(meta->charset);

    return !ngx_http_social_is_foreign(&charset);
}


static ngx_uint_t
ngx_http_social_is_encoded(ngx_http_request_t *r)
{
    ngx_str_t          *value;

    static ngx_uint_t   told;       /* per worker: one line is enough */

    if (r->headers_out.content_encoding == NULL
        || r->headers_out.content_encoding->hash == 0)
    {
        return 0;
    }

    value = &r->headers_out.content_encoding->value;

    if (value->len == 0
        || (value->len == sizeof("identity") - 1
            && ngx_strncasecmp(value->data, (u_char *) "identity",
                               sizeof("identity") - 1)
               == 0))
    {
        return 0;
    }

    if (!told) {
        told = 1;

        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "an article is served without its widget: "
                      "it came with content encoding \"%V\"", value);
    }

    return 1;
}


static void
ngx_http_social_each(ngx_http_request_t *r, ngx_http_social_each_pt handler,
    void *data)
{
    ngx_uint_t               i;
    ngx_list_part_t         *part;
    ngx_table_elt_t         *h;
    ngx_http_social_name_t  *name;

    part = &r->headers_out.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].hash == 0) {
            continue;
        }

        for (name = ngx_http_social_names; name->what; name++) {
            if (h[i].key.len == name->name.len
                && ngx_strncasecmp(h[i].key.data, name->name.data,
                                   name->name.len)
                   == 0)
            {
                handler(r, &h[i], name->what, data);
                break;
            }
        }
    }
}


static void
ngx_http_social_look(ngx_http_request_t *r, ngx_table_elt_t *h,
    ngx_uint_t what, void *data)
{
    u_char                  *p, *last;
    ngx_http_social_look_t  *look = data;

    p = h->value.data;
    last = p + h->value.len;

    switch (what) {

    case NGX_HTTP_SOCIAL_H_CACHE:
        look->cache_rule = 1;

        if (ngx_strlcasestrn(p, last, (u_char *) "no-transform", 12 - 1)) {
            look->refused = 1;
        }

        break;

    case NGX_HTTP_SOCIAL_H_EXPIRES:
        look->cache_rule = 1;
        break;

    case NGX_HTTP_SOCIAL_H_CSP:
        if (ngx_strlcasestrn(p, last, (u_char *) "form-action", 11 - 1)) {
            look->via_link = 1;
        }

        break;

    case NGX_HTTP_SOCIAL_H_DISPO:
        while (p < last && (*p == ' ' || *p == '\t')) {
            p++;
        }

        if (last - p >= 10
            && ngx_strncasecmp(p, (u_char *) "attachment", 10) == 0)
        {
            look->refused = 1;
        }

        break;

    default: /* NGX_HTTP_SOCIAL_H_DIGEST */
        look->digest = 1;
        break;
    }
}


/* data: what to drop */

static void
ngx_http_social_drop(ngx_http_request_t *r, ngx_table_elt_t *h,
    ngx_uint_t what, void *data)
{
    ngx_uint_t  *drop = data;

    if (what == *drop) {
        h->hash = 0;
        h->value.len = 0;
    }
}


ngx_int_t
ngx_http_social_header_widget(ngx_http_social_ctx_t *ctx, off_t length)
{
    ngx_uint_t                 ranges, what;
    ngx_http_request_t        *r;
    ngx_http_social_widget_t  *widget;

    r = ctx->request;
    widget = ctx->widget;

    if (ctx->look.digest) {
        what = NGX_HTTP_SOCIAL_H_DIGEST;
        ngx_http_social_each(r, ngx_http_social_drop, &what);
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

        return ngx_http_social_cache_control(r, 1);
    }

    if (ngx_http_social_validators(r, widget) != NGX_OK) {
        return NGX_ERROR;
    }

    /*
     * Below us stands the page as the client knows it, so nginx may compare
     * conditions and cut ranges, for upstreams too.  Several ranges would
     * need the page in one buffer.
     */

    r->disable_not_modified = 0;

    if (ranges && (r->headers_out.etag
                   || r->headers_out.last_modified_time != -1))
    {
        r->allow_ranges = 1;
        r->single_range = 1;
    }

    if (ctx->look.cache_rule) {
        return NGX_OK;
    }

    return ngx_http_social_cache_control(r, 0);
}


ngx_int_t
ngx_http_social_header_open(ngx_http_social_ctx_t *ctx)
{
    ngx_uint_t           what;
    ngx_http_request_t  *r;

    r = ctx->request;

    if (ctx->look.digest) {
        what = NGX_HTTP_SOCIAL_H_DIGEST;
        ngx_http_social_each(r, ngx_http_social_drop, &what);
    }

    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_content_length(r);
    ngx_http_clear_etag(r);
    ngx_http_clear_last_modified(r);

    if (ctx->look.cache_rule) {
        return NGX_OK;
    }

    return ngx_http_social_cache_control(r, 0);
}


ngx_int_t
ngx_http_social_header_304(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    ngx_table_elt_t            *h;
    ngx_http_social_look_t      look;
    ngx_http_social_widget_t   *widget;

    widget = rec->widget;

    if (widget == NULL || widget->fallback) {
        return NGX_OK;
    }

    if (r->headers_out.etag == NULL && r->headers_in.if_none_match) {

        /* the tag that we translated is the one to confirm */

        h = ngx_list_push(&r->headers_out.headers);
        if (h == NULL) {
            return NGX_ERROR;
        }

        ngx_memzero(h, sizeof(ngx_table_elt_t));

        h->hash = 1;
        ngx_str_set(&h->key, "ETag");
        h->value = r->headers_in.if_none_match->value;

        r->headers_out.etag = h;

        if (r->headers_out.last_modified_time != -1
            && r->headers_out.last_modified_time < widget->modified)
        {
            ngx_http_clear_last_modified(r);
            r->headers_out.last_modified_time = widget->modified;
        }

    } else if (ngx_http_social_validators(r, widget) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_social_served(r, rec, NULL);

    ngx_memzero(&look, sizeof(ngx_http_social_look_t));
    ngx_http_social_each(r, ngx_http_social_look, &look);

    return look.cache_rule ? NGX_OK : ngx_http_social_cache_control(r, 0);
}


static ngx_int_t
ngx_http_social_validators(ngx_http_request_t *r,
    ngx_http_social_widget_t *widget)
{
    time_t            modified;
    ngx_int_t         rc;
    ngx_str_t         value;
    ngx_table_elt_t  *etag;

    etag = r->headers_out.etag;

    if (etag) {
        rc = ngx_http_social_etag(r->pool, &etag->value, &widget->rev,
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

        /* an upstream's line would be sent as it came */

        ngx_http_clear_last_modified(r);

        if (modified != -1) {
            r->headers_out.last_modified_time = ngx_max(modified,
                                                        widget->modified);
        }
    }

    return NGX_OK;
}


/*
 * no-cache gives way to nginx's "expires", which finds it where nginx keeps
 * Cache-Control.  no-store stands beside whatever nginx adds, and wins.
 */

static ngx_int_t
ngx_http_social_cache_control(ngx_http_request_t *r, ngx_uint_t no_store)
{
    ngx_uint_t        what;
    ngx_table_elt_t  *h;
#if (nginx_version < 1023000)
    ngx_table_elt_t  **ph;
#endif

    if (no_store) {
        what = NGX_HTTP_SOCIAL_H_CACHE;
        ngx_http_social_each(r, ngx_http_social_drop, &what);
        what = NGX_HTTP_SOCIAL_H_EXPIRES;
        ngx_http_social_each(r, ngx_http_social_drop, &what);
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(h, sizeof(ngx_table_elt_t));

    h->hash = 1;
    ngx_str_set(&h->key, "Cache-Control");

    if (no_store) {
        ngx_str_set(&h->value, "no-store");
        return NGX_OK;
    }

    ngx_str_set(&h->value, "no-cache");

#if (nginx_version < 1023000)

    if (r->headers_out.cache_control.elts == NULL
        && ngx_array_init(&r->headers_out.cache_control, r->pool, 1,
                          sizeof(ngx_table_elt_t *))
           != NGX_OK)
    {
        h->hash = 0;
        return NGX_ERROR;
    }

    ph = ngx_array_push(&r->headers_out.cache_control);
    if (ph == NULL) {
        h->hash = 0;
        return NGX_ERROR;
    }

    *ph = h;

#else
    h->next = r->headers_out.cache_control;
    r->headers_out.cache_control = h;
#endif

    return NGX_OK;
}
