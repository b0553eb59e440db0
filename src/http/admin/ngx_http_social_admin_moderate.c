
/*
 * The moderation location: finds out who is signed in, sets the author cookie,
 * and calls the list or the action.
 *
 * `author` must not be evaluated anywhere else: $remote_user is set from an
 * Authorization header that nobody has checked where auth_basic is off.  The
 * signed cookie tells the other locations that views and comments are the
 * author's.  Event loop only.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_text.h"
#include "social_token.h"


/* the value of `author`; NGX_DECLINED: nobody is signed in */

static ngx_int_t
ngx_http_social_admin_moderate_author(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *name)
{
    ngx_str_t  value;

    if (site->author == NULL
        || ngx_http_complex_value(r, site->author, &value) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (value.len == 0 || value.len > SOCIAL_SEAL_NAME) {
        return NGX_DECLINED;
    }

    /* cleaned in a copy: value may point to memory of the configuration */

    name->data = ngx_pnalloc(r->pool, value.len);
    if (name->data == NULL) {
        return NGX_ERROR;
    }

    if (social_text_clean_line(value.data, value.len, name->data, &name->len)
        != SOCIAL_OK)
    {
        return NGX_DECLINED;
    }

    return name->len ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_http_social_admin_moderate_cookie(ngx_http_request_t *r,
    ngx_http_social_site_t *site, ngx_str_t *name)
{
    char          seal[SOCIAL_SEAL_MAX], label[NGX_HTTP_SOCIAL_AUTHOR_LABEL];
    ngx_str_t     cookie, value, path;
    social_str_t  text;

    text.len = name->len;
    text.data = name->data;
    cookie = ngx_http_social_view_cookie_name(r, site, "author");
    ngx_http_social_view_author_label(site, label);

    if (cookie.data == NULL
        || social_seal_make(site->zone->secret, label, text,
                            ngx_time() + NGX_HTTP_SOCIAL_AUTHOR_TIME, seal)
           != SOCIAL_OK)
    {
        return NGX_ERROR;
    }

    value.data = (u_char *) seal;
    value.len = ngx_strlen(seal);
    ngx_str_set(&path, "/");

    return ngx_http_social_view_cookie_set(r, &cookie, &value, &path,
                                           NGX_HTTP_SOCIAL_AUTHOR_TIME);
}


/* 1 if the path is the location's own, not one below it */

static ngx_uint_t
ngx_http_social_admin_moderate_is_location(ngx_http_request_t *r)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    return r->uri.len == clcf->name.len
           && ngx_memcmp(r->uri.data, clcf->name.data, r->uri.len) == 0;
}


static ngx_int_t
ngx_http_social_admin_moderate_get(ngx_http_social_input_t *in)
{
    if (ngx_http_discard_request_body(in->request) != NGX_OK
        || ngx_http_social_admin_moderate_cookie(in->request, in->site,
                                                 &in->author)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_log_debug0(NGX_LOG_DEBUG_HTTP, in->request->connection->log, 0,
                   "social moderate: author cookie set");

    return ngx_http_social_admin_moderate_list(in);
}


ngx_int_t
ngx_http_social_admin_moderate_handler(ngx_http_request_t *r)
{
    ngx_int_t                 rc;
    ngx_http_social_rec_t    *rec;
    ngx_http_social_input_t  *in;

    rec = ngx_http_social_view_rec(r);
    in = rec ? ngx_http_social_request_input(r, rec) : NULL;

    if (in == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rec->input = in;
    in->base = ngx_http_social_request_public(r, rec->site, &r->uri);

    if (in->base.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!ngx_http_social_admin_moderate_is_location(r)) {
        return ngx_http_social_request_error(
            in, NGX_HTTP_NOT_FOUND, "path", "There is nothing at this address.",
            NULL);
    }

    rc = ngx_http_social_admin_moderate_author(r, rec->site, &in->author);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc != NGX_OK) {
        return ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "author",
            "Nobody is signed in here: protect this location, for example "
            "with auth_basic.", NULL);
    }

    if (r->method & NGX_HTTP_SOCIAL_READS) {
        return ngx_http_social_admin_moderate_get(in);
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_http_social_request_error_method(in, "GET, HEAD, POST");
    }

    in->refill = NGX_HTTP_SOCIAL_REFILL_TEXT;

    return ngx_http_social_request_input_read(
        in, ngx_http_social_admin_moderate_act);
}
