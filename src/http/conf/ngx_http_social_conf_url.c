
/*
 * Parsers of addresses in parameters: origins, stores, links; and of language
 * tags.  Each one fills in its result or logs one message with the value and
 * what is expected.
 *
 * Must not change the file system: it runs in nginx -t, too.  Runs while the
 * configuration is read.
 */

#include "ngx_http_social_conf.h"
#include "social_asset.h"


#define NGX_HTTP_SOCIAL_CONF_LINK_MAX       2048
#define NGX_HTTP_SOCIAL_CONF_LANGUAGE_LIST  512     /* bytes, in a message */


/* the length of "http://" or "https://", 0 without */

static size_t
ngx_http_social_conf_scheme(ngx_str_t *link)
{
    if (link->len > 7
        && ngx_strncasecmp(link->data, (u_char *) "http://", 7) == 0)
    {
        return 7;
    }

    if (link->len > 8
        && ngx_strncasecmp(link->data, (u_char *) "https://", 8) == 0)
    {
        return 8;
    }

    return 0;
}


/* a host name, an IPv4 address, or an IPv6 address in brackets */

static ngx_uint_t
ngx_http_social_conf_is_host(u_char *p, u_char *last)
{
    u_char   c, before;
#if (NGX_HAVE_INET6)
    u_char   addr[16];
#endif

    if (p == last) {
        return 0;
    }

#if (NGX_HAVE_INET6)
    if (*p == '[') {
        return last - p > 2 && last[-1] == ']'
               && ngx_inet6_addr(p + 1, last - p - 2, addr) == NGX_OK;
    }
#endif

    if (last - p > 253) {
        return 0;
    }

    for (before = '.'; p < last; p++) {
        c = *p;

        if (c == '.' ? before == '.'
                     : !(c >= '0' && c <= '9') && c != '-' && c != '_'
                       && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z'))
        {
            return 0;
        }

        before = c;
    }

    return before != '.';
}


/*
 * The path of an origin: letters, digits and "-_.~" between single slashes, as
 * it also becomes a cookie's Path.  Returns its length without a slash at the
 * end, or NGX_ERROR.
 */

static ssize_t
ngx_http_social_conf_origin_path(u_char *p, u_char *last)
{
    u_char  c, *start, *segment;

    start = p;
    segment = p;

    if (last > p && last[-1] == '/') {
        last--;
    }

    for ( /* void */ ; p <= last; p++) {
        c = p < last ? *p : '/';

        if (c == '/') {
            /* empty, "." or ".." */

            if (p > start
                && (p - segment < 2
                    || (segment[1] == '.'
                        && (p - segment == 2
                            || (p - segment == 3 && segment[2] == '.')))))
            {
                return NGX_ERROR;
            }

            segment = p;
            continue;
        }

        if (!(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            && c != '-' && c != '_' && c != '.' && c != '~')
        {
            return NGX_ERROR;
        }
    }

    return last - start;
}


/* the port at the end of a host; 0: none, NGX_ERROR: not a port.  *end becomes
 * the end of the host's name */

static ngx_int_t
ngx_http_social_conf_origin_port(u_char *host, u_char **end)
{
    u_char     *port;
    ngx_int_t   n;

    for (port = *end; port > host && port[-1] >= '0' && port[-1] <= '9';) {
        port--;
    }

    if (port == host || port[-1] != ':') {
        return 0;
    }

    n = ngx_atoi(port, *end - port);
    *end = port - 1;

    return (n < 1 || n > 65535) ? NGX_ERROR : n;
}


/* stored as browsers send it: lower case, without the scheme's default port;
 * the path is kept apart, and as it is */

char *
ngx_http_social_conf_origin(ngx_conf_t *cf, ngx_uint_t arg, ngx_str_t *origin,
    ngx_str_t *base)
{
    u_char     *host, *end, *last, *path;
    size_t      scheme;
    ssize_t     len;
    ngx_int_t   port;
    ngx_str_t  *args;

    args = cf->args->elts;
    last = args[arg].data + args[arg].len;

    scheme = ngx_http_social_conf_scheme(&args[arg]);
    if (scheme == 0) {
        return ngx_http_social_conf_bad(cf, arg, "\"https://HOST\" or "
                                        "\"http://HOST\" expected");
    }

    host = args[arg].data + scheme;
    path = ngx_strlchr(host, last, '/');
    path = path ? path : last;

    len = ngx_http_social_conf_origin_path(path, last);

    if (len == NGX_ERROR || ngx_strlchr(host, path, '?')
        || ngx_strlchr(host, path, '#'))
    {
        return ngx_http_social_conf_bad(cf, arg, "after the host nothing or a "
                                        "path such as \"/blog\" expected, of "
                                        "letters, digits, \"-\", \"_\", "
                                        "\".\", \"~\" and \"/\"");
    }

    end = path;
    port = ngx_http_social_conf_origin_port(host, &end);

    if (port == NGX_ERROR) {
        return ngx_http_social_conf_bad(cf, arg,
            "a port from 1 to 65535 expected after the host");
    }

    if (!ngx_http_social_conf_is_host(host, end)) {
        return ngx_http_social_conf_bad(cf, arg,
            "a host name expected after \"://\", in ASCII (\"xn--...\")");
    }

    if (port && port != (scheme == 7 ? 80 : 443)) {
        end = path;
    }

    base->data = path;
    base->len = (size_t) len;

    origin->len = end - args[arg].data;
    origin->data = ngx_pnalloc(cf->pool, origin->len);
    if (origin->data == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_strlow(origin->data, args[arg].data, origin->len);

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_store(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_site_t *site)
{
    ngx_str_t        *args, path, host;
    ngx_file_info_t   fi;

    args = cf->args->elts;

    if (ngx_http_social_conf_named(&args[arg], "postgresql://", &host)
        && host.len)
    {
        return ngx_http_social_conf_postgres(cf, arg, site);
    }

    if (!ngx_http_social_conf_named(&args[arg], "sqlite:", &path)) {
        return ngx_http_social_conf_bad(cf, arg, "\"sqlite:PATH\" or "
                                        "\"postgresql://...\" expected");
    }

    if (path.len == 0 || path.data[path.len - 1] == '/') {
        return ngx_http_social_conf_bad(cf, arg, "the path of a file expected "
                                                 "after \"sqlite:\"");
    }

    if (ngx_conf_full_name(cf->cycle, &path, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    /* SQLite creates files with longer names beside it */

    if (path.len + sizeof("-journal") > NGX_MAX_PATH) {
        return ngx_http_social_conf_bad(cf, arg, "the path is too long, at "
                                                 "most %d bytes are allowed",
                                        NGX_MAX_PATH - 16);
    }

    if (ngx_file_info(path.data, &fi) != NGX_FILE_ERROR && ngx_is_dir(&fi)) {
        return ngx_http_social_conf_bad(cf, arg, "this is a directory, not a "
                                                 "file");
    }

    return ngx_http_social_conf_sqlite(cf, &path, site) == NGX_OK
           ? NGX_CONF_OK : NGX_CONF_ERROR;
}


ngx_int_t
ngx_http_social_conf_sqlite(ngx_conf_t *cf, ngx_str_t *path,
    ngx_http_social_site_t *site)
{
    u_char  *p;
    size_t   len;

    site->store.len = sizeof("sqlite:") - 1 + path->len;
    site->store.data = ngx_pnalloc(cf->pool, site->store.len + 1);
    if (site->store.data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(site->store.data, "sqlite:%V%Z", path);

    for (p = path->data + path->len; p[-1] != '/'; p--) { /* void */ }

    len = ngx_max(p - path->data - 1, 1);

    site->store_dir.len = len;
    site->store_dir.data = ngx_pnalloc(cf->pool, len + 1);
    if (site->store_dir.data == NULL) {
        return NGX_ERROR;
    }

    ngx_cpystrn(site->store_dir.data, path->data, len + 1);

    return NGX_OK;
}


static ngx_uint_t
ngx_http_social_conf_language_built_in(ngx_str_t *tag)
{
    size_t                 n;
    unsigned               i;
    const social_asset_t  *asset;

    for (n = 0; n < tag->len && tag->data[n] != '-'; n++) { /* void */ }

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {

        if (asset->kind == SOCIAL_ASSET_LANGUAGE
            && ngx_strlen(asset->name) == n
            && ngx_strncasecmp((u_char *) asset->name, tag->data, n) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/* a built-in language, in the form of BCP 47: 2 to 8 letters, then "-" and
 * parts of 1 to 8 letters or digits, at most 35 characters */

ngx_uint_t
ngx_http_social_conf_is_language(ngx_str_t *tag)
{
    u_char      c;
    size_t      i, run;
    ngx_uint_t  first;

    first = 1;
    run = 0;

    for (i = 0; i < tag->len; i++) {
        c = tag->data[i];

        if (c == '-') {
            if (run == 0 || (first && run < 2)) {
                return 0;
            }

            first = 0;
            run = 0;
            continue;
        }

        if (!((c | 0x20) >= 'a' && (c | 0x20) <= 'z')
            && (first || !(c >= '0' && c <= '9')))
        {
            return 0;
        }

        if (++run > 8) {
            return 0;
        }
    }

    return tag->len <= 35 && run >= (first ? 2u : 1u)
           && ngx_http_social_conf_language_built_in(tag);
}


char *
ngx_http_social_conf_language_list(ngx_conf_t *cf)
{
    char                  *list;
    u_char                *p, *last;
    unsigned               i;
    const social_asset_t  *asset;

    list = ngx_pnalloc(cf->pool, NGX_HTTP_SOCIAL_CONF_LANGUAGE_LIST);
    if (list == NULL) {
        return "";
    }

    p = (u_char *) list;
    last = p + NGX_HTTP_SOCIAL_CONF_LANGUAGE_LIST - 1;

    for (i = 0; (asset = social_asset_at(i)) != NULL; i++) {

        if (asset->kind == SOCIAL_ASSET_LANGUAGE) {
            p = ngx_slprintf(p, last, "%s\"%s\"",
                             p == (u_char *) list ? "" : ", ", asset->name);
        }
    }

    *p = '\0';

    return list;
}


/* an http(s) URL without user information, or a path of this site; nothing in
 * it needs to be escaped in an attribute */

ngx_uint_t
ngx_http_social_conf_is_link(ngx_str_t *link)
{
    u_char  c, *p, *last;
    size_t  i, scheme;

    if (link->len == 0 || link->len > NGX_HTTP_SOCIAL_CONF_LINK_MAX) {
        return 0;
    }

    for (i = 0; i < link->len; i++) {
        c = link->data[i];

        if (c <= 0x20 || c >= 0x7f || c == '"' || c == '<' || c == '>'
            || c == '\\')
        {
            return 0;
        }
    }

    if (link->data[0] == '/') {
        return link->len == 1 || link->data[1] != '/';
    }

    scheme = ngx_http_social_conf_scheme(link);
    last = link->data + link->len;

    for (p = link->data + scheme;
         p < last && *p != '/' && *p != '?' && *p != '#';
         p++)
    {
        if (*p == '@') {
            return 0;
        }
    }

    return scheme && p > link->data + scheme;
}
