
/*
 * CSRF: a POST must come from a page of this site.  Browsers say so in
 * Sec-Fetch-Site; a request without it needs the site's own Origin.  Event
 * loop only.
 */

#include "ngx_http_social_request.h"
#include "ngx_http_social_view_visitor.h"


/* 1 if origin is that of the site or the scheme and Host of the request */

static ngx_uint_t
ngx_http_social_request_csrf_origin(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *origin)
{
    size_t       len;
    ngx_str_t    host;
    const char  *scheme;

    if (site->origin.len
        && origin->len == site->origin.len
        && ngx_strncasecmp(origin->data, site->origin.data, origin->len) == 0)
    {
        return 1;
    }

    if (r->headers_in.host == NULL) {
        return 0;
    }

    host = r->headers_in.host->value;
    scheme = ngx_http_social_view_is_https(r) ? "https://" : "http://";
    len = ngx_strlen(scheme);

    return origin->len == len + host.len
           && ngx_strncasecmp(origin->data, (u_char *) scheme, len) == 0
           && ngx_strncasecmp(origin->data + len, host.data, host.len) == 0;
}


/*
 * 1 for a form of an article whose Referrer-Policy made the browser say
 * "null".  A page of another site can make it say that, too, so the request is
 * refused, but with the form: our page has a policy of its own, and what is
 * sent from there has the true Origin.
 */

static ngx_uint_t
ngx_http_social_request_csrf_again(ngx_http_social_input_t *in,
    ngx_str_t *origin)
{
    return !in->json
           && (in->refill == NGX_HTTP_SOCIAL_REFILL_COMMENT
               || in->refill == NGX_HTTP_SOCIAL_REFILL_PREVIEW
               || in->refill == NGX_HTTP_SOCIAL_REFILL_BUTTON)
           && origin && origin->len == sizeof("null") - 1
           && ngx_strncmp(origin->data, "null", origin->len) == 0;
}


ngx_int_t
ngx_http_social_request_csrf_null(ngx_http_social_input_t *in)
{
    return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "origin",
                                         "e_origin_null", NULL);
}


ngx_int_t
ngx_http_social_request_csrf(ngx_http_social_input_t *in)
{
    ngx_str_t           *site, *origin;
    ngx_http_request_t  *r;

    r = in->request;
    site = ngx_http_social_view_request_header(r, "sec-fetch-site");
    origin = NULL;

    if (site) {
        if (site->len == sizeof("same-origin") - 1
            && ngx_strncmp(site->data, "same-origin", site->len) == 0)
        {
            return NGX_OK;
        }

    } else {
        origin = ngx_http_social_view_request_header(r, "origin");

        if (origin && ngx_http_social_request_csrf_origin(r, in->site, origin))
        {
            return NGX_OK;
        }

        if (ngx_http_social_request_csrf_again(in, origin)) {
            in->null_origin = 1;
            return NGX_OK;
        }
    }

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social csrf: refused by %s",
                   site ? "Sec-Fetch-Site"
                        : origin ? "Origin" : "neither header");

    return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "origin",
        "e_origin", NULL);
}
