
/*
 * The parameter notify: who is told of comments.  Only an address of this
 * machine: nginx itself speaks TLS, finds names and adds tokens, in a location
 * with proxy_pass.  Runs while the configuration is read.
 */

#include "ngx_http_social_conf.h"


#define NGX_HTTP_SOCIAL_CONF_NOTIFY_MAX  4096


static const char  ngx_http_social_conf_notify_expected[] =
    "\"http://127.0.0.1:PORT/...\" or \"http://unix:/PATH:/...\" expected: "
    "for TLS, host names and tokens, make it a location with \"proxy_pass\"";


/* 1 if the path can stand in a request line */

static ngx_uint_t
ngx_http_social_conf_notify_uri(ngx_str_t *uri)
{
    size_t  i;

    for (i = 0; i < uri->len; i++) {
        if (uri->data[i] <= 0x20 || uri->data[i] >= 0x7f
            || uri->data[i] == '#')
        {
            return 0;
        }
    }

    if (uri->len == 0) {
        ngx_str_set(uri, "/");
    }

    return uri->data[0] == '/';
}


/* resolves nothing: it is an address or a path */

static ngx_int_t
ngx_http_social_conf_notify_url(ngx_conf_t *cf, ngx_str_t *text, ngx_url_t *u)
{
    ngx_str_t  rest;

    ngx_memzero(u, sizeof(ngx_url_t));

    if (text->len > NGX_HTTP_SOCIAL_CONF_NOTIFY_MAX
        || !ngx_http_social_conf_named(text, "http://", &u->url))
    {
        return NGX_DECLINED;
    }

    if (!ngx_http_social_conf_named(&u->url, "127.0.0.1:", &rest)
        && !ngx_http_social_conf_named(&u->url, "unix:/", &rest))
    {
        return NGX_DECLINED;
    }

    u->uri_part = 1;
    u->no_resolve = 1;

    return (ngx_parse_url(cf->pool, u) == NGX_OK && u->naddrs == 1
            && ngx_http_social_conf_notify_uri(&u->uri))
           ? NGX_OK : NGX_DECLINED;
}


char *
ngx_http_social_conf_set_notify(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t                   *args;
    ngx_url_t                    u;
    ngx_http_social_receiver_t  *receiver;

    args = cf->args->elts;

    if (ngx_http_social_conf_notify_url(cf, &args[1], &u) != NGX_OK) {
        return ngx_http_social_conf_bad(cf, 1, "%s",
                                        ngx_http_social_conf_notify_expected);
    }

    receiver = ngx_pcalloc(cf->pool, sizeof(ngx_http_social_receiver_t));
    if (receiver == NULL) {
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts > 2) {

        if (args[2].len != 4 || ngx_strncmp(args[2].data, "text", 4) != 0) {
            return ngx_http_social_conf_bad(cf, 2, "\"text\" or nothing "
                                            "expected: with it, notices "
                                            "contain the text of held "
                                            "comments");
        }

        receiver->text = 1;
    }

    receiver->sockaddr = u.addrs[0].sockaddr;
    receiver->socklen = u.addrs[0].socklen;
    receiver->uri = u.uri;

    if (u.family == AF_UNIX) {
        ngx_str_set(&receiver->host, "localhost");

    } else {
        receiver->host = u.addrs[0].name;
    }

    draft->site->notify = receiver;

    return NGX_CONF_OK;
}


/* the beginnings of links in notices, which need the locations */

ngx_int_t
ngx_http_social_conf_notify_finish(ngx_conf_t *cf,
    ngx_http_social_site_t *site)
{
    ngx_http_social_receiver_t  *receiver;

    receiver = site->notify;

    if (receiver == NULL) {
        return NGX_OK;
    }

    receiver->origin.data = ngx_pnalloc(cf->pool, site->origin.len + 1);
    receiver->moderate.data = ngx_pnalloc(cf->pool, site->moderate.len + 1);

    if (receiver->origin.data == NULL || receiver->moderate.data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(receiver->origin.data, "%V%Z", &site->origin);
    ngx_sprintf(receiver->moderate.data, "%V%Z", &site->moderate);
    receiver->origin.len = site->origin.len;
    receiver->moderate.len = site->moderate.len;

    return NGX_OK;
}
