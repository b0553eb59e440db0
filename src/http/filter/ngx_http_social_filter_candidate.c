
/*
 * Which answers may carry a widget, as their header tells: whole HTML pages
 * of articles, in a superset of ASCII, that nobody forbids to change.
 *
 * nginx's add_header acts below us: its lines are not in the list of headers
 * yet, so they are read from its configuration.  Event loop only.
 */


#include "ngx_http_social_filter.h"


typedef struct {
    ngx_str_t   name;
    ngx_uint_t  what;
} ngx_http_social_filter_name_t;


static const char *ngx_http_social_filter_check_answer(ngx_http_request_t *r);
static const char *ngx_http_social_filter_check_article(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_filter_headers_t *headers);
static ngx_uint_t ngx_http_social_filter_is_html(ngx_http_request_t *r);
static ngx_uint_t ngx_http_social_filter_is_charset_ok(ngx_http_request_t *r);
static ngx_uint_t ngx_http_social_filter_is_not_ascii(ngx_str_t *charset);
static ngx_uint_t ngx_http_social_filter_check_encoding(ngx_http_request_t *r,
    ngx_http_social_filter_headers_t *headers);
static ngx_uint_t ngx_http_social_filter_is_one_of(ngx_str_t *value,
    ngx_str_t *names);
static void ngx_http_social_filter_read_header(ngx_http_request_t *r,
    ngx_table_elt_t *h, ngx_uint_t what, void *data);


static ngx_http_social_filter_name_t  ngx_http_social_filter_names[] = {
    { ngx_string("Cache-Control"), NGX_HTTP_SOCIAL_H_CACHE },
    { ngx_string("Expires"), NGX_HTTP_SOCIAL_H_EXPIRES },
    { ngx_string("Content-Security-Policy"), NGX_HTTP_SOCIAL_H_CSP },
    { ngx_string("Content-Disposition"), NGX_HTTP_SOCIAL_H_DISPOSITION },
    { ngx_string("Content-MD5"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_string("Digest"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_string("Repr-Digest"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_string("Content-Digest"), NGX_HTTP_SOCIAL_H_DIGEST },
    { ngx_string("Content-Encoding"), NGX_HTTP_SOCIAL_H_ENCODING },
    { ngx_null_string, 0 }
};


static ngx_str_t  ngx_http_social_filter_identity[] = {
    ngx_string("identity"),
    ngx_null_string
};


#if (NGX_ZLIB)

static ngx_str_t  ngx_http_social_filter_gzip[] = {
    ngx_string("gzip"),
    ngx_string("x-gzip"),
    ngx_null_string
};

#endif


/* charsets, by prefix, in which ASCII bytes may mean something else */

static ngx_str_t  ngx_http_social_filter_not_ascii[] = {
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
ngx_http_social_filter_candidate(ngx_http_request_t *r,
    ngx_http_social_filter_headers_t *headers)
{
    const char             *why;
    ngx_http_social_rec_t  *rec;

    rec = NULL;
    why = ngx_http_social_filter_check_answer(r);

    if (why == NULL) {
        if (ngx_http_social_view_rec_find(r) == NULL) {
            ngx_http_social_view_other_forget(r);
        }

        rec = ngx_http_social_view_rec(r);
        why = ngx_http_social_filter_check_article(r, rec, headers);
    }

    if (why) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social candidate: no, %s", why);
        return NULL;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social candidate: yes, \"%V\"", &rec->key);

    return rec;
}


/* why an answer cannot have a place for a widget, or NULL */

static const char *
ngx_http_social_filter_check_answer(ngx_http_request_t *r)
{
    if (r->headers_out.status != NGX_HTTP_OK) {
        return "status is not 200";
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return "method is not GET or HEAD";
    }

    if (!ngx_http_social_filter_is_html(r)) {
        return "content type is not text/html";
    }

    if (!ngx_http_social_filter_is_charset_ok(r)) {
        return "charset is no superset of ASCII";
    }

    if (r->headers_out.content_range) {
        return "answer is a range";
    }

    if (r->headers_out.content_length_n == 0) {
        return "body is empty";
    }

    if (ngx_http_social_filter_is_listing(r)) {

        /* autoindex reads the header's charset right after sending it */

        return "a directory listing";
    }

    return NULL;
}


/* why an answer that could have a place must stay as it is, or NULL */

static const char *
ngx_http_social_filter_check_article(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_filter_headers_t *headers)
{
    if (rec == NULL) {
        return "no record of the request";
    }

    if (!ngx_http_social_view_is_article(r, rec)) {
        return "not an article";
    }

    ngx_http_social_filter_read_headers(r, headers);

    if (headers->no_transform) {
        return "no-transform";
    }

    if (headers->attachment) {
        return "attachment";
    }

    if (!ngx_http_social_filter_check_encoding(r, headers)) {
        return "unknown content encoding";
    }

    return NULL;
}


static ngx_uint_t
ngx_http_social_filter_is_html(ngx_http_request_t *r)
{
    size_t      len;
    ngx_str_t  *type;

    len = sizeof("text/html") - 1;
    type = &r->headers_out.content_type;

    return ngx_http_social_view_is_html(r)
           && (type->len == len || type->data[len] == ';'
               || type->data[len] == ' ' || type->data[len] == '\t');
}


static ngx_uint_t
ngx_http_social_filter_is_charset_ok(ngx_http_request_t *r)
{
    u_char     *p, *last;
    ngx_str_t  *type, charset;

    if (ngx_http_social_filter_is_not_ascii(&r->headers_out.charset)) {
        return 0;
    }

    /* a type that came from an upstream may have kept its parameters */

    type = &r->headers_out.content_type;
    last = type->data + type->len;

    p = ngx_strlcasestrn(type->data, last, (u_char *) "charset=", 8 - 1);

    if (p == NULL) {
        return 1;
    }

    p += 8;

    if (p < last && *p == '"') {
        p++;
    }

    charset.data = p;
    charset.len = last - p;

    return !ngx_http_social_filter_is_not_ascii(&charset);
}


static ngx_uint_t
ngx_http_social_filter_is_not_ascii(ngx_str_t *charset)
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

    for (name = ngx_http_social_filter_not_ascii; name->len; name++) {
        if (len >= name->len
            && ngx_strncasecmp(data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


off_t
ngx_http_social_filter_place(social_html_answer_e answer, uint64_t place,
    ngx_uint_t in_form, const social_html_meta_t *meta, ngx_log_t *log)
{
    ngx_str_t  charset;

    if (answer != SOCIAL_HTML_FOUND) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, log, 0,
                       "social place: none in this page");
        return NGX_HTTP_SOCIAL_NO_PLACE;
    }

    if (in_form) {

        /* HTML does not allow a form within another form */

        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, log, 0,
                       "social place: none, it is within a form");
        return NGX_HTTP_SOCIAL_NO_PLACE;
    }

    charset.data = (u_char *) meta->charset;
    charset.len = ngx_strlen(meta->charset);

    if (ngx_http_social_filter_is_not_ascii(&charset)) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, log, 0,
                       "social place: none, <meta> names a charset "
                       "that is no superset of ASCII");
        return NGX_HTTP_SOCIAL_NO_PLACE;
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, log, 0,
                   "social place: found at %uL", place);

    return (off_t) place;
}


/* sets headers->gzip; 0: the body cannot be read */

static ngx_uint_t
ngx_http_social_filter_check_encoding(ngx_http_request_t *r,
    ngx_http_social_filter_headers_t *headers)
{
    static ngx_uint_t   logged;       /* log once per worker */

    if (!headers->encoded
        || ngx_http_social_filter_is_one_of(&headers->encoding,
                                            ngx_http_social_filter_identity))
    {
        return 1;
    }

#if (NGX_ZLIB)

    /* an encoding that add_header sets cannot be removed here */

    if (headers->encoded == 1 && r->headers_out.content_encoding
        && r->headers_out.content_encoding->hash
        && ngx_http_social_filter_is_one_of(&headers->encoding,
                                            ngx_http_social_filter_gzip))
    {
        headers->gzip = 1;
        return 1;
    }

#endif

    if (!logged) {
        logged = 1;

        ngx_log_error(NGX_LOG_INFO, r->connection->log, 0,
                      "an article came with content encoding \"%V\", "
                      "without widget: proxy_set_header Accept-Encoding gzip",
                      &headers->encoding);
    }

    return 0;
}


static ngx_uint_t
ngx_http_social_filter_is_one_of(ngx_str_t *value, ngx_str_t *names)
{
    ngx_str_t  *name;

    for (name = names; name->len; name++) {
        if (value->len == name->len
            && ngx_strncasecmp(value->data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


void
ngx_http_social_filter_read_headers(ngx_http_request_t *r,
    ngx_http_social_filter_headers_t *headers)
{
    ngx_memzero(headers, sizeof(ngx_http_social_filter_headers_t));

    ngx_http_social_filter_each_header(r, ngx_http_social_filter_read_header,
                                       headers);
    ngx_http_social_filter_add_header(r, ngx_http_social_filter_read_header,
                                      headers);
}


static void
ngx_http_social_filter_read_header(ngx_http_request_t *r, ngx_table_elt_t *h,
    ngx_uint_t what, void *data)
{
    u_char                            *p, *last;
    ngx_http_social_filter_headers_t  *headers = data;

    p = h->value.data;
    last = p + h->value.len;

    switch (what) {

    case NGX_HTTP_SOCIAL_H_CACHE:
        headers->cache_rule = 1;

        if (ngx_http_social_view_contains(&h->value, "no-transform")) {
            headers->no_transform = 1;
        }

        break;

    case NGX_HTTP_SOCIAL_H_EXPIRES:
        headers->cache_rule = 1;
        break;

    case NGX_HTTP_SOCIAL_H_CSP:
        if (ngx_http_social_view_contains(&h->value, "form-action")) {
            headers->via_link = 1;
        }

        break;

    case NGX_HTTP_SOCIAL_H_DISPOSITION:
        while (p < last && (*p == ' ' || *p == '\t')) {
            p++;
        }

        if (last - p >= 10
            && ngx_strncasecmp(p, (u_char *) "attachment", 10) == 0)
        {
            headers->attachment = 1;
        }

        break;

    case NGX_HTTP_SOCIAL_H_ENCODING:
        headers->encoding = h->value;
        headers->encoded = headers->encoded ? 2 : 1;
        break;

    default: /* NGX_HTTP_SOCIAL_H_DIGEST */
        headers->digest = 1;
        break;
    }
}


void
ngx_http_social_filter_each_header(ngx_http_request_t *r,
    ngx_http_social_filter_header_pt handler, void *data)
{
    ngx_uint_t                    what;
    ngx_table_elt_t              *h;
    ngx_http_social_view_walk_t   walk;

    ngx_http_social_view_walk(&walk, &r->headers_out.headers);

    while ((h = ngx_http_social_view_next_header(&walk)) != NULL) {

        if (h->hash == 0) {
            continue;
        }

        what = ngx_http_social_filter_header_name(&h->key);

        if (what) {
            handler(r, h, what, data);
        }
    }
}


ngx_uint_t
ngx_http_social_filter_header_name(ngx_str_t *key)
{
    ngx_http_social_filter_name_t  *name;

    for (name = ngx_http_social_filter_names; name->what; name++) {
        if (key->len == name->name.len
            && ngx_strncasecmp(key->data, name->name.data, key->len) == 0)
        {
            return name->what;
        }
    }

    return 0;
}
