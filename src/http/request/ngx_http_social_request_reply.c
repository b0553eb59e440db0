
/*
 * Sends answers of our own: pages, documents, redirects, with the headers that
 * all of them have.  Event loop only.
 */

#include "ngx_http_social_request_reply.h"
#include "ngx_http_social_job.h"
#include "ngx_http_social_request.h"
#include "social_siphash.h"


typedef struct {
    u_char  *data;
    size_t   len;
} ngx_http_social_request_body_t;


ngx_int_t
ngx_http_social_request_reply_header(ngx_http_request_t *r, const char *name,
    const char *text, size_t len)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    h->key.len = ngx_strlen(name);
    h->key.data = (u_char *) name;
    h->value.len = len;
    h->value.data = ngx_pnalloc(r->pool, len + 1);

    if (h->value.data == NULL) {
        h->hash = 0;
        return NGX_ERROR;
    }

    ngx_memcpy(h->value.data, text, len);

    return NGX_OK;
}


#define ngx_http_social_request_reply_fixed(r, name, text)                    \
    ngx_http_social_request_reply_header(r, name, text, sizeof(text) - 1)


/* nginx's not_modified filter compares it */

static ngx_int_t
ngx_http_social_request_reply_add_etag(ngx_http_request_t *r,
    const char *format, uint64_t hash)
{
    u_char   buf[32];
    size_t   len;

    len = ngx_sprintf(buf, format, hash) - buf;

    if (ngx_http_social_request_reply_header(r, "ETag", (char *) buf, len)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->headers_out.etag = (ngx_table_elt_t *)
                              r->headers_out.headers.last->elts
                          + r->headers_out.headers.last->nelts - 1;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_request_reply_etag(ngx_http_request_t *r, uint64_t hash)
{
    return ngx_http_social_request_reply_add_etag(r, "W/\"%016xL\"", hash);
}


uint64_t
ngx_http_social_request_reply_tag(const u_char *data, size_t len)
{
    static const u_char  key[16] = "social etag";

    return social_siphash(key, data, len);
}


static ngx_int_t
ngx_http_social_request_reply_headers(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, ngx_http_social_cache_e cache, ngx_str_t *body)
{
    static const char  *cache_control[] = {
        "no-store",
        "no-cache",
        "private, no-cache",
        "public, max-age=31536000, immutable"
    };

    r->headers_out.status = status;
    r->headers_out.content_length_n = body->len;
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = ngx_strlen(type);
    r->headers_out.content_type_len = strcspn(type, ";");
    r->headers_out.content_type_lowcase = NULL;

    if (ngx_http_social_request_reply_fixed(r, "X-Robots-Tag", "noindex")
            != NGX_OK
        || ngx_http_social_request_reply_fixed(r, "X-Content-Type-Options",
                                               "nosniff")
               != NGX_OK
        || ngx_http_social_request_reply_header(
               r, "Cache-Control", cache_control[cache],
               ngx_strlen(cache_control[cache]))
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_strncmp(type, "text/html", 9) == 0
        && (ngx_http_social_request_reply_fixed(r, "Content-Security-Policy",
                "default-src 'self'; base-uri 'none'; "
                "frame-ancestors 'none'") != NGX_OK
            || ngx_http_social_request_reply_fixed(r, "Referrer-Policy",
                                                   "same-origin") != NGX_OK))
    {
        return NGX_ERROR;
    }

    if (cache != NGX_HTTP_SOCIAL_NO_STORE && status == NGX_HTTP_OK
        && r->headers_out.etag == NULL)
    {
        return ngx_http_social_request_reply_add_etag(
            r, "\"%016xL\"",
            ngx_http_social_request_reply_tag(body->data, body->len));
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_social_request_reply(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, ngx_http_social_cache_e cache, ngx_str_t *body)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t   out;

    if (ngx_http_social_request_reply_headers(r, status, type, cache, body)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->allow_ranges = 0;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b->pos = body->data;
    b->last = body->data + body->len;
    b->memory = body->len ? 1 : 0;
    b->last_buf = (r == r->main);
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


ngx_int_t
ngx_http_social_request_reply_kept(ngx_http_request_t *r, const char *type,
    ngx_str_t *body, uint64_t tag)
{
    if (ngx_http_social_request_reply_add_etag(r, "\"%016xL\"", tag) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply(r, NGX_HTTP_OK, type,
                                         NGX_HTTP_SOCIAL_NO_CACHE, body);
}


static void
ngx_http_social_request_reply_sent(void *data)
{
    ngx_http_social_request_body_t  *body = data;

    ngx_http_social_job_let_go(body->len);
    free(body->data);
}


ngx_int_t
ngx_http_social_request_reply_out(ngx_http_request_t *r, ngx_uint_t status,
    const char *type, ngx_http_social_cache_e cache, social_out_t *out)
{
    ngx_str_t                        body;
    ngx_pool_cleanup_t              *cln;
    ngx_http_social_request_body_t  *held;

    if ((r->method & NGX_HTTP_SOCIAL_READS)
        && !ngx_http_social_job_room(out->len))
    {
        /* made in the event loop: other reads are refused before they come
         * here */

        social_out_free(out);
        (void) ngx_http_social_request_reply_fixed(r, "Retry-After", "5");

        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }

    cln = out->failed ? NULL
          : ngx_pool_cleanup_add(r->pool,
                                 sizeof(ngx_http_social_request_body_t));

    if (cln == NULL) {
        social_out_free(out);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    social_out_trim(out);

    held = cln->data;
    held->data = out->data;
    held->len = out->len;
    cln->handler = ngx_http_social_request_reply_sent;
    ngx_http_social_job_hold(out->len);

    body.data = out->data;
    body.len = out->len;

    social_out_init(out, 0);

    return ngx_http_social_request_reply(r, status, type, cache, &body);
}


ngx_int_t
ngx_http_social_request_reply_json(ngx_http_request_t *r, ngx_uint_t status,
    ngx_http_social_cache_e cache, cJSON *doc)
{
    social_out_t  out;

    social_out_init(&out, SOCIAL_RENDER_MAX);
    social_doc_print(&out, doc);

    return ngx_http_social_request_reply_out(r, status, NGX_HTTP_SOCIAL_JSON,
                                             cache, &out);
}


ngx_uint_t
ngx_http_social_request_language(ngx_http_social_site_t *site)
{
    return social_language_find(site->page->languages, site->page->nlanguages,
                                (char *) site->language.data,
                                site->language.len);
}


const char *
ngx_http_social_request_label_in(ngx_http_social_site_t *site,
    ngx_uint_t language, const char *name)
{
    const char  *text;

    text = cJSON_GetStringValue(
               cJSON_GetObjectItemCaseSensitive(
                   site->page->languages[language].strings, name));

    return text ? text : name;
}


const char *
ngx_http_social_request_label(ngx_http_social_site_t *site, const char *name)
{
    return ngx_http_social_request_label_in(
               site, ngx_http_social_request_language(site), name);
}


ngx_str_t
ngx_http_social_request_out_str(ngx_http_request_t *r, social_out_t *out)
{
    ngx_str_t  text;

    ngx_str_null(&text);

    if (!out->failed) {
        text.data = ngx_pnalloc(r->pool, out->len + 1);
    }

    if (text.data && out->len) {
        ngx_memcpy(text.data, out->data, out->len);
        text.len = out->len;
    }

    social_out_free(out);

    return text;
}


ngx_int_t
ngx_http_social_request_reply_page(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_uint_t language, ngx_uint_t status,
    const char *name, cJSON *doc)
{
    social_out_t  out;

    social_out_init(&out, SOCIAL_RENDER_MAX);

    if (social_render(site->page, language, name, doc, &out) != SOCIAL_OK) {
        social_out_free(&out);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_out(r, status, NGX_HTTP_SOCIAL_HTML,
                                             NGX_HTTP_SOCIAL_NO_STORE, &out);
}


ngx_int_t
ngx_http_social_request_reply_empty(ngx_http_request_t *r, ngx_uint_t status)
{
    r->headers_out.status = status;
    r->header_only = 1;
    ngx_http_clear_content_length(r);

    if (status != NGX_HTTP_NO_CONTENT) {
        r->headers_out.content_length_n = 0;
    }

    if (ngx_http_social_request_reply_fixed(r, "X-Robots-Tag", "noindex")
            != NGX_OK
        || ngx_http_social_request_reply_fixed(r, "Cache-Control", "no-store")
               != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_send_header(r);
}


ngx_int_t
ngx_http_social_request_reply_see_other(ngx_http_request_t *r,
    ngx_str_t *location)
{
    /* not as headers_out.location: nginx would make a path absolute with the
     * Host of the request */

    if (ngx_http_social_request_reply_header(
            r, "Location", (char *) location->data, location->len)
        != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_social_request_reply_empty(r, NGX_HTTP_SEE_OTHER);
}


ngx_str_t
ngx_http_social_request_public(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *path)
{
    social_out_t  out;

    social_out_init(&out, 4096);
    social_out_public(&out, site->page->base, path->data, path->len);

    return ngx_http_social_request_out_str(r, &out);
}
