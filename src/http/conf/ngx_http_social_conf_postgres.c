
/*
 * `store postgresql://...`: what must be right before a worker connects.  A
 * password has no place in nginx.conf, which others read: it is refused, and
 * not repeated in the message.
 *
 * When nginx reads its configuration only; connects to nothing.
 */

#include "ngx_http_social_conf.h"


#define NGX_HTTP_SOCIAL_CONF_SCHEMA         "social_"

/* bytes of a site's name: with the prefix they are PostgreSQL's 63 */
#define NGX_HTTP_SOCIAL_CONF_POSTGRES_NAME  56


/* the value of a parameter of the URL's query, decoded, with a NUL;
 * NGX_DECLINED: it is not there */

static ngx_int_t
ngx_http_social_conf_postgres_param(ngx_conf_t *cf, ngx_str_t *url,
    const char *name, ngx_str_t *value)
{
    u_char  *p, *end, *last, *dst, *src;
    size_t   len;

    len = ngx_strlen(name);
    last = url->data + url->len;
    p = ngx_strlchr(url->data, last, '?');

    while (p != NULL) {
        p++;
        end = ngx_strlchr(p, last, '&');
        end = end ? end : last;

        if ((size_t) (end - p) > len && p[len] == '='
            && ngx_strncmp(p, name, len) == 0)
        {
            src = p + len + 1;
            value->data = ngx_pnalloc(cf->pool, end - src + 1);
            if (value->data == NULL) {
                return NGX_ERROR;
            }

            dst = value->data;
            ngx_unescape_uri(&dst, &src, end - src, 0);
            *dst = '\0';
            value->len = dst - value->data;

            return NGX_OK;
        }

        p = (end == last) ? NULL : end;
    }

    return NGX_DECLINED;
}


/* the part before the path: user, password, hosts */

static void
ngx_http_social_conf_postgres_authority(ngx_str_t *url, ngx_str_t *user,
    ngx_str_t *host)
{
    u_char  *p, *end, *last;

    p = url->data + sizeof("postgresql://") - 1;
    last = url->data + url->len;

    for (end = p; end < last && *end != '/' && *end != '?'; end++) {
        /* void */
    }

    host->data = p;
    host->len = end - p;
    user->data = p;
    user->len = 0;

    p = ngx_strlchr(p, end, '@');

    if (p) {
        user->len = p - user->data;
        host->data = p + 1;
        host->len = end - host->data;
    }
}


/* takes what is between two places out of the value that messages show */

static char *
ngx_http_social_conf_postgres_password(ngx_conf_t *cf, ngx_uint_t arg,
    u_char *from, u_char *to)
{
    u_char     *last;
    ngx_str_t  *args;

    args = cf->args->elts;
    last = args[arg].data + args[arg].len;

    if (to - from >= 3) {
        ngx_memset(from, '*', 3);
        ngx_memmove(from + 3, to, last - to);
        args[arg].len -= to - from - 3;

    } else {
        ngx_memset(from, '*', to - from);
    }

    return ngx_http_social_conf_bad(cf, arg, "a password does not belong into "
                                    "nginx.conf: write it to a file and name "
                                    "that with \"passfile=\"");
}


static char *
ngx_http_social_conf_postgres_secret(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_str_t *user)
{
    u_char     *p, *last;
    ngx_str_t  *args, value;

    args = cf->args->elts;
    p = ngx_strlchr(user->data, user->data + user->len, ':');

    if (p) {
        return ngx_http_social_conf_postgres_password(cf, arg, p + 1,
                                                user->data + user->len);
    }

    if (ngx_http_social_conf_postgres_param(cf, &args[arg], "password", &value)
        == NGX_DECLINED)
    {
        return NGX_CONF_OK;
    }

    p = ngx_strnstr(args[arg].data, "password=", args[arg].len);
    last = args[arg].data + args[arg].len;

    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    p += sizeof("password=") - 1;

    for (value.data = p; value.data < last && *value.data != '&';
         value.data++)
    {
        /* void */
    }

    return ngx_http_social_conf_postgres_password(cf, arg, p, value.data);
}


/* workers connect, not the master.  Where root starts nginx and no `user`
 * stands before the http block, they are not known: 1 */

static ngx_uint_t
ngx_http_social_conf_postgres_is_workers(ngx_conf_t *cf, ngx_file_info_t *fi)
{
    uid_t             uid;
    ngx_core_conf_t  *ccf;

    uid = geteuid();

    if (uid == 0) {
        ccf = (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx,
                                               ngx_core_module);

        if (ccf->user == (ngx_uid_t) NGX_CONF_UNSET_UINT || ccf->user == 0) {
            return 1;
        }

        uid = ccf->user;
    }

    return fi->st_uid == uid;
}


/* libpq ignores a password file that others may read, without a word */

static char *
ngx_http_social_conf_postgres_file(ngx_conf_t *cf, ngx_uint_t arg,
    const char *name, ngx_uint_t private)
{
    ngx_str_t        *args, path;
    ngx_file_info_t   fi;

    args = cf->args->elts;

    if (ngx_http_social_conf_postgres_param(cf, &args[arg], name, &path)
            != NGX_OK
        || (!private && ngx_strcmp(path.data, "system") == 0))
    {
        return NGX_CONF_OK;
    }

    if (path.len == 0 || path.data[0] != '/') {
        return ngx_http_social_conf_bad(cf, arg, "\"%s\" must be a full path",
                                        name);
    }

    if (ngx_file_info(path.data, &fi) == NGX_FILE_ERROR
        || !ngx_is_file(&fi))
    {
        return ngx_http_social_conf_bad(cf, arg, "the file of \"%s\", \"%V\", "
                                        "does not exist", name, &path);
    }

    if (private && (fi.st_mode & 077)) {
        return ngx_http_social_conf_bad(cf, arg, "the file of \"%s\", \"%V\", "
                                        "must be its owner's alone: chmod 600",
                                        name, &path);
    }

    if (private && !ngx_http_social_conf_postgres_is_workers(cf, &fi)) {
        return ngx_http_social_conf_bad(cf, arg, "the file of \"%s\", \"%V\", "
                                        "must be the worker user's, who "
                                        "connects: chown it", name, &path);
    }

    return NGX_CONF_OK;
}


static ngx_uint_t
ngx_http_social_conf_postgres_is_near(ngx_str_t *host)
{
    return host->len == 0 || host->data[0] == '/' || host->data[0] == '%'
           || (host->len >= 9
               && ngx_strncmp(host->data, "localhost", 9) == 0)
           || (host->len >= 4 && ngx_strncmp(host->data, "127.", 4) == 0)
           || (host->len >= 5 && ngx_strncmp(host->data, "[::1]", 5) == 0);
}


static void
ngx_http_social_conf_postgres_tls(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_str_t *host)
{
    ngx_str_t  *args, mode;

    args = cf->args->elts;

    if (ngx_http_social_conf_postgres_is_near(host)
        || ngx_http_social_conf_postgres_param(cf, &args[arg], "sslmode", &mode)
           == NGX_OK)
    {
        return;
    }

    ngx_http_social_conf_warn(cf, cf->conf_file->file.name.data,
                              ngx_http_social_conf_line(cf, arg),
                              "\"store\" leads to another machine and does not "
                              "say \"sslmode\": comments may cross the network "
                              "as plain text, add \"sslmode=verify-full\"");
}


/* the store's URL for workers: with the schema, which is named after the
 * site */

static char *
ngx_http_social_conf_postgres_url(ngx_conf_t *cf, ngx_str_t *url,
    ngx_http_social_site_t *site)
{
    u_char  *p;
    size_t   size;
    int      mark;

    size = url->len + site->name.len + sizeof("?schema=social_");
    mark = ngx_strlchr(url->data, url->data + url->len, '?') ? '&' : '?';

    p = ngx_pnalloc(cf->pool, size);
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    site->store.data = p;
    p = ngx_sprintf(p, "%V%cschema=" NGX_HTTP_SOCIAL_CONF_SCHEMA "%V", url,
                    mark, &site->name);
    *p = '\0';
    site->store.len = p - site->store.data;

    ngx_str_null(&site->store_dir);
    site->shared = 1;

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_postgres(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_site_t *site)
{
    char       *rc;
    ngx_str_t  *args, user, host, value;

    args = cf->args->elts;
    ngx_http_social_conf_postgres_authority(&args[arg], &user, &host);

    rc = ngx_http_social_conf_postgres_secret(cf, arg, &user);

    if (rc != NGX_CONF_OK) {
        return rc;
    }

#if !(SOCIAL_POSTGRES)
    return ngx_http_social_conf_bad(cf, arg, "this ngx_social was built "
                                    "without libpq 14 or newer: install "
                                    "libpq-dev and build it again");
#endif

    if (site->name.len > NGX_HTTP_SOCIAL_CONF_POSTGRES_NAME) {
        return ngx_http_social_conf_bad(
            cf, arg, "the name of the site, \"%V\", is too long for a schema: "
            "at most %d bytes", &site->name,
            NGX_HTTP_SOCIAL_CONF_POSTGRES_NAME);
    }

    if (ngx_http_social_conf_postgres_param(cf, &args[arg], "schema", &value)
        == NGX_OK)
    {
        return ngx_http_social_conf_bad(cf, arg, "\"schema\" cannot be chosen, "
                                        "it is \"social_%V\"", &site->name);
    }

    rc = ngx_http_social_conf_postgres_file(cf, arg, "passfile", 1);

    if (rc == NGX_CONF_OK) {
        rc = ngx_http_social_conf_postgres_file(cf, arg, "sslrootcert", 0);
    }

    if (rc != NGX_CONF_OK) {
        return rc;
    }

    ngx_http_social_conf_postgres_tls(cf, arg, &host);

    return ngx_http_social_conf_postgres_url(cf, &args[arg], site);
}
