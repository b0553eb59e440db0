
/*
 * Takes the share tag ("?shared=") out of the arguments before an application
 * sees them.  Rewrite phases, event loop only.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_view_header.h"
#include "social_key.h"
#include "social_tag.h"


/*
 * By the request line only, because the variable of `key` may have no value
 * in the rewrite phases.  Other pages keep their arguments as they are.
 */

static ngx_uint_t
ngx_http_social_view_maybe_article(ngx_http_request_t *r,
    ngx_http_social_site_t *site)
{
    u_char                   buf[SOCIAL_KEY_MAX];
    ngx_str_t                key;
    social_str_t             raw;
    ngx_http_social_goal_t  *goal;

    if (site->key) {
        return 1;
    }

    raw.len = r->unparsed_uri.len;
    raw.data = r->unparsed_uri.data;
    key.data = buf;

    return social_key(raw, buf, &key.len) == SOCIAL_OK
           && ngx_http_social_view_key_article(site, &key, &goal);
}


/* in both rewrite phases: `social` may be set in a server or a location */

ngx_int_t
ngx_http_social_view_tag_handler(ngx_http_request_t *r)
{
    size_t                       len;
    u_char                      *p;
    social_str_t                 args, tag;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL || r->args.len == 0 || r != r->main
        || !ngx_http_social_view_contains(&r->args, "shared=")
        || !ngx_http_social_view_maybe_article(r, lcf->inject))
    {
        return NGX_DECLINED;
    }

    p = ngx_pnalloc(r->pool, r->args.len);
    if (p == NULL) {
        return NGX_DECLINED;
    }

    args.len = r->args.len;
    args.data = r->args.data;

    if (social_tag_strip(args, p, &len, &tag) != 0) {
        r->args.data = p;
        r->args.len = len;
        r->valid_unparsed_uri = 0;
    }

    return NGX_DECLINED;
}
