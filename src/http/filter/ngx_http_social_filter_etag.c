
/*
 * The ETag of a page with its widget: the page's own, and the widget's
 * revision.  Event loop only.
 */

#include "ngx_http_social_filter.h"


u_char *
ngx_http_social_filter_etag_end(u_char *p, u_char *last)
{
    if (last - p > 2 && p[0] == 'W' && p[1] == '/') {
        p += 2;
    }

    if (p == last || *p != '"') {
        return NULL;
    }

    for (p++; p < last; p++) {
        if (*p == '"') {
            return p + 1;
        }
    }

    return NULL;
}


ngx_int_t
ngx_http_social_filter_etag(ngx_pool_t *pool, ngx_str_t *tag, ngx_str_t *rev,
    ngx_str_t *out)
{
    u_char  *p, *last;

    last = tag->data + tag->len;

    if (ngx_http_social_filter_etag_end(tag->data, last) != last) {
        return NGX_DECLINED;
    }

    out->len = tag->len + 1 + rev->len;

    /* nginx ends header values with a NUL */

    out->data = ngx_pnalloc(pool, out->len + 1);
    if (out->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(out->data, tag->data, tag->len - 1);
    *p++ = '-';
    p = ngx_cpymem(p, rev->data, rev->len);
    *p++ = '"';
    *p = '\0';

    return NGX_OK;
}
