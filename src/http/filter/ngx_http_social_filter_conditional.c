
/*
 * Conditions and ranges of a request for an article.  The client's validators
 * are those of the page with its widget; an upstream knows the page alone.
 * So the headers that go upstream are translated, and nginx's own filters
 * still compare what the client sent.
 *
 * nginx sends upstream the elements of the request's header list, but
 * compares with r->headers_in.*.  So these pointers are set to copies, and the
 * elements in the list are rewritten.  Event loop only.
 */


#include "ngx_http_social_filter.h"


static ngx_int_t ngx_http_social_filter_translate(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);
static ngx_int_t ngx_http_social_filter_detach(ngx_http_request_t *r,
    ngx_table_elt_t **header);
static void ngx_http_social_filter_rewrite(ngx_http_request_t *r, u_char *tags,
    size_t len);
static size_t ngx_http_social_filter_own_etags(ngx_str_t *list, ngx_str_t *rev,
    u_char *out);
static size_t ngx_http_social_filter_etag_own(u_char *tag, u_char *end,
    ngx_str_t *rev);


static ngx_str_t  ngx_http_social_filter_conditions[] = {
    ngx_string("If-None-Match"),        /* first: it may be translated */
    ngx_string("If-Modified-Since"),
    ngx_string("If-Unmodified-Since"),
    ngx_string("If-Match"),
    ngx_string("If-Range"),
    ngx_string("Range"),
    ngx_null_string
};


ngx_int_t
ngx_http_social_filter_precontent(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    rc = ngx_http_social_widget_prepare(r);

    if (rc == NGX_OK) {
        (void) ngx_http_social_filter_translate(r, ngx_http_social_view_rec(r));
        return NGX_DECLINED;
    }

    return rc;
}


/*
 * For an article whose widget is pinned: If-None-Match gets the page's own
 * tags, the other conditions and Range are hidden from the upstream.
 */

static ngx_int_t
ngx_http_social_filter_translate(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    u_char                    *data;
    size_t                     len;
    ngx_str_t                 *list;
    ngx_http_headers_in_t     *in;
    ngx_http_social_widget_t  *widget;

    widget = rec->found.widget;

    if (rec->translated || widget == NULL) {
        return NGX_OK;
    }

    rec->translated = 1;

    in = &r->headers_in;
    len = 0;
    data = NULL;

    if (in->if_none_match && !widget->fallback) {
        list = &in->if_none_match->value;

        data = ngx_pnalloc(r->pool, list->len * 2 + 1);
        if (data == NULL) {
            return NGX_ERROR;
        }

        len = ngx_http_social_filter_own_etags(list, &widget->rev, data);
    }

    if (ngx_http_social_filter_detach(r, &in->if_none_match) != NGX_OK
        || ngx_http_social_filter_detach(r, &in->if_modified_since) != NGX_OK
        || ngx_http_social_filter_detach(r, &in->if_unmodified_since) != NGX_OK
        || ngx_http_social_filter_detach(r, &in->if_match) != NGX_OK
        || ngx_http_social_filter_detach(r, &in->if_range) != NGX_OK
        || ngx_http_social_filter_detach(r, &in->range) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_social_filter_rewrite(r, data, len);

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social conditions: translated, %uz bytes of tags", len);

    return NGX_OK;
}


/* points *header at a copy; the list's element is left for the upstream */

static ngx_int_t
ngx_http_social_filter_detach(ngx_http_request_t *r, ngx_table_elt_t **header)
{
    ngx_table_elt_t  *copy;

    if (*header == NULL) {
        return NGX_OK;
    }

    copy = ngx_palloc(r->pool, sizeof(ngx_table_elt_t));
    if (copy == NULL) {
        return NGX_ERROR;
    }

    *copy = **header;
    *header = copy;

    return NGX_OK;
}


/*
 * The first If-None-Match gets the tags, if there are any; all other
 * conditions are hidden.  An element cannot be removed, because pointers lead
 * into the list, and an empty Range may mean something to an application.  So
 * it is renamed to "Keep-Alive", which proxy_pass never forwards.
 */

static void
ngx_http_social_filter_rewrite(ngx_http_request_t *r, u_char *tags, size_t len)
{
    ngx_str_t                    *name;
    ngx_table_elt_t              *h;
    ngx_http_social_view_walk_t   walk;

    ngx_http_social_view_walk(&walk, &r->headers_in.headers);

    while ((h = ngx_http_social_view_next_header(&walk)) != NULL) {

        for (name = ngx_http_social_filter_conditions; name->len; name++) {
            if (h->key.len == name->len
                && ngx_strncasecmp(h->key.data, name->data, name->len) == 0)
            {
                break;
            }
        }

        if (name->len == 0) {
            continue;
        }

        if (len && name == ngx_http_social_filter_conditions) {
            h->value.data = tags;
            h->value.len = len;
            len = 0;
            continue;
        }

        ngx_str_set(&h->key, "Keep-Alive");
        ngx_str_set(&h->value, "");
        h->lowcase_key = (u_char *) "keep-alive";
        h->hash = ngx_hash_key(h->lowcase_key, h->key.len);
    }
}


/*
 * Writes the page's own tags for those tags of an If-None-Match that carry
 * our revision; the others are left out.  A weak tag may be the page's or may
 * have been weakened by nginx's gzip, so both forms are asked for.  out holds
 * twice the list's length and a byte.  Returns the number of bytes written.
 */

static size_t
ngx_http_social_filter_own_etags(ngx_str_t *list, ngx_str_t *rev, u_char *out)
{
    size_t   len;
    u_char  *p, *last, *end, *tag, *o;

    p = list->data;
    last = p + list->len;
    o = out;

    if (list->len == 1 && *p == '*') {
        *o = '*';
        return 1;
    }

    while (p < last) {

        if (*p == ' ' || *p == '\t' || *p == ',') {
            p++;
            continue;
        }

        tag = p;
        end = ngx_http_social_filter_etag_end(p, last);

        if (end == NULL) {
            break;
        }

        p = end;
        len = ngx_http_social_filter_etag_own(tag, end, rev);

        if (len == 0) {
            continue;
        }

        if (o != out) {
            *o++ = ',';
            *o++ = ' ';
        }

        o = ngx_cpymem(o, tag, len);
        *o++ = '"';

        if (*tag == 'W') {
            *o++ = ',';
            *o++ = ' ';
            o = ngx_cpymem(o, tag + 2, len - 2);
            *o++ = '"';
        }
    }

    return o - out;
}


/* the length of [W/]"... in [W/]"...-rev", or 0: another tag */

static size_t
ngx_http_social_filter_etag_own(u_char *tag, u_char *end, ngx_str_t *rev)
{
    size_t  len;

    if ((size_t) (end - tag) < rev->len + sizeof("\"-\"") - 1) {
        return 0;
    }

    len = end - tag - rev->len - 2;

    if (tag[len] != '-'
        || ngx_strncmp(&tag[len + 1], rev->data, rev->len) != 0)
    {
        return 0;
    }

    return len;
}
