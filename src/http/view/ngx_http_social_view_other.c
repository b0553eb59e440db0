
/*
 * Addresses that are neither pages nor goals: style sheets, images, feeds below
 * the pattern of articles.  The site's patterns cannot tell them from articles;
 * their answer could, once.  So the next request skips what an article needs:
 * its record, its key, the patterns, the widget.
 *
 * It only skips what is not missed if the answer turns out to be HTML: the
 * widget is then looked for when the header is there, as that of a new article
 * is.  Conditions are not skipped, because those of an article are translated.
 *
 * Each worker remembers by itself, by a keyed hash of the address, so no
 * address of anybody is kept.  Event loop only.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_zone.h"
#include "social_siphash.h"


#define NGX_HTTP_SOCIAL_VIEW_OTHERS  2048   /* a power of two */


static uint64_t
    ngx_http_social_view_others[NGX_HTTP_SOCIAL_VIEW_OTHERS];

/* the request that was told apart last; NULL once it is logged */

static ngx_http_request_t  *ngx_http_social_view_other_last;


/* where the address is remembered, or would be; NULL: it never is */

static uint64_t *
ngx_http_social_view_other_place(ngx_http_request_t *r, uint64_t *hash)
{
    u_char                       k[16];
    ngx_http_social_site_t      *site;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);
    site = lcf->inject;

    if (site == NULL || site->zone == NULL || site->key || r != r->main
        || r->internal || r->error_page || r->method != NGX_HTTP_GET)
    {
        return NULL;
    }

    ngx_memcpy(k, &site->zone->generation, 8);
    ngx_memcpy(k + 8, &site, 8);

    *hash = social_siphash(k, r->unparsed_uri.data, r->unparsed_uri.len) | 1;

    return &ngx_http_social_view_others[*hash / 2
                                        % NGX_HTTP_SOCIAL_VIEW_OTHERS];
}


ngx_uint_t
ngx_http_social_view_is_other(ngx_http_request_t *r)
{
    uint64_t               hash, *place;
    ngx_http_headers_in_t  *in;

    in = &r->headers_in;

    if (in->if_none_match || in->if_modified_since || in->if_unmodified_since
        || in->if_match || in->if_range || in->range)
    {
        return 0;
    }

    place = ngx_http_social_view_other_place(r, &hash);

    if (place == NULL || *place != hash) {
        return 0;
    }

    ngx_http_social_view_other_last = r;

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social article: not looked for, the last answer was no "
                   "page");

    return 1;
}


ngx_uint_t
ngx_http_social_view_was_other(ngx_http_request_t *r)
{
    if (ngx_http_social_view_other_last != r) {
        return 0;
    }

    ngx_http_social_view_other_last = NULL;

    return !r->internal && !r->error_page
           && r->headers_out.status == NGX_HTTP_OK
           && !ngx_http_social_view_is_html(r)
           && ngx_http_social_view_rec_find(r) == NULL;
}


void
ngx_http_social_view_other_learn(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    uint64_t  hash, *place;

    if (rec->event || rec->found.goal || rec->served || rec->input
        || !rec->found.key_known || !r->header_sent
        || r->headers_out.status != NGX_HTTP_OK
        || ngx_http_social_view_is_html(r))
    {
        return;
    }

    place = ngx_http_social_view_other_place(r, &hash);

    if (place) {
        *place = hash;
    }
}


void
ngx_http_social_view_other_forget(ngx_http_request_t *r)
{
    uint64_t  hash, *place;

    place = ngx_http_social_view_other_place(r, &hash);

    if (place && *place == hash) {
        *place = 0;
    }
}
