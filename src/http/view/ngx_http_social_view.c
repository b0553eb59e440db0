
/*
 * The record of a request: what is known of it, each thing decided once.  It
 * is kept in a pool cleanup, because internal redirects zero a module's
 * context.  Event loop only.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_zone.h"


static void ngx_http_social_view_rec_cleanup(void *data);
static ngx_http_social_site_t *ngx_http_social_view_rec_site(
    ngx_http_request_t *r);
static void ngx_http_social_view_rec_set_site(ngx_http_social_rec_t *rec,
    ngx_http_social_site_t *site);


static void
ngx_http_social_view_rec_cleanup(void *data)
{
    ngx_http_social_rec_t  *rec = data;

    /* nothing to free, but a core dump has freed memory, too, until it is used
     * again: who it was must not stay there */

    rec->found.visitor_known = 0;
    ngx_explicit_memzero(&rec->found.visitor, sizeof(uint64_t));
}


ngx_http_social_rec_t *
ngx_http_social_view_rec_find(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t  *cln;

    for (cln = r->main->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_social_view_rec_cleanup) {
            return cln->data;
        }
    }

    return NULL;
}


static ngx_http_social_site_t *
ngx_http_social_view_rec_site(ngx_http_request_t *r)
{
    ngx_http_social_site_t      *site;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    site = lcf->api ? lcf->api
           : lcf->moderate ? lcf->moderate
           : lcf->status ? lcf->status : lcf->inject;

    return (site && site->zone) ? site : NULL;
}


/*
 * A record made before the location was found may have the server's site.
 * After an event or an answer the site must not change any more.
 */

static void
ngx_http_social_view_rec_set_site(ngx_http_social_rec_t *rec,
    ngx_http_social_site_t *site)
{
    if (rec->event || rec->served || rec->input) {
        return;
    }

    rec->site = site;
    ngx_memzero(&rec->found, sizeof(ngx_http_social_found_t));
}


ngx_http_social_rec_t *
ngx_http_social_view_rec(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t      *cln;
    ngx_http_social_rec_t   *rec;
    ngx_http_social_site_t  *site;

    if (r != r->main) {
        return NULL;
    }

    site = ngx_http_social_view_rec_site(r);
    rec = ngx_http_social_view_rec_find(r);

    if (rec) {
        if (site && site != rec->site) {
            ngx_http_social_view_rec_set_site(rec, site);
        }

        return rec;
    }

    if (site == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_social_rec_t));
    if (cln == NULL) {
        return NULL;
    }

    rec = cln->data;
    ngx_memzero(rec, sizeof(ngx_http_social_rec_t));
    cln->handler = ngx_http_social_view_rec_cleanup;

    rec->site = site;

    return rec;
}
