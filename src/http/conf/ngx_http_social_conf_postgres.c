
/*
 * `store postgresql://...`: what must be right before a worker connects.  A
 * password has no place in nginx.conf, which others read: it is refused, and
 * not repeated in the message.
 *
 * When nginx reads its configuration only; connects to nothing.
 */

#include "ngx_http_social_conf.h"
#include "social_postgres_url.h"


#define NGX_HTTP_SOCIAL_CONF_SCHEMA         "social_"

/* bytes of a site's name: with the prefix they are PostgreSQL's 63 */
#define NGX_HTTP_SOCIAL_CONF_POSTGRES_NAME  56


/* messages show the URL without it */

static char *
ngx_http_social_conf_postgres_password(ngx_conf_t *cf, ngx_uint_t arg,
    social_str_t url)
{
    u_char     *p;
    ngx_str_t  *args;

    p = ngx_pnalloc(cf->pool, SOCIAL_POSTGRES_URL_MASKED(url.len));
    if (p == NULL) {
        return NGX_CONF_ERROR;
    }

    args = cf->args->elts;
    args[arg].len = social_postgres_url_mask(url, p);
    args[arg].data = p;

    return ngx_http_social_conf_bad(cf, arg, "a password does not belong into "
                                    "nginx.conf: write it to a file and name "
                                    "that with \"passfile=\"");
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
    social_str_t url, const char *name, ngx_uint_t private)
{
    ngx_str_t                 path;
    ngx_file_info_t           fi;
    social_postgres_param_t   param;

    if (!social_postgres_url_param(url, name, &param)) {
        return NGX_CONF_OK;
    }

    path.data = ngx_pnalloc(cf->pool, param.value.len + 1);
    if (path.data == NULL) {
        return NGX_CONF_ERROR;
    }

    if (social_postgres_url_decode(param.value, path.data, &path.len)
        != SOCIAL_OK)
    {
        return ngx_http_social_conf_bad(cf, arg, "in \"%s\", two hexadecimal "
                                        "digits expected after \"%%\"", name);
    }

    if (!private && ngx_strcmp(path.data, "system") == 0) {
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
ngx_http_social_conf_postgres_is_near(social_str_t host)
{
    return host.len == 0 || host.data[0] == '/' || host.data[0] == '%'
           || (host.len >= 9 && ngx_strncmp(host.data, "localhost", 9) == 0)
           || (host.len >= 4 && ngx_strncmp(host.data, "127.", 4) == 0)
           || (host.len >= 5 && ngx_strncmp(host.data, "[::1]", 5) == 0);
}


/* libpq takes "ssl=true", too */

static void
ngx_http_social_conf_postgres_tls(ngx_conf_t *cf, ngx_uint_t arg,
    social_str_t url)
{
    social_postgres_param_t  param;

    if (ngx_http_social_conf_postgres_is_near(social_postgres_url_host(url))
        || social_postgres_url_param(url, "sslmode", &param)
        || social_postgres_url_param(url, "ssl", &param))
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
    char                     *rc;
    ngx_str_t                *args;
    social_str_t              url;
    social_postgres_param_t   param;

    args = cf->args->elts;
    url.data = args[arg].data;
    url.len = args[arg].len;

    if (social_postgres_url_has_password(url)) {
        return ngx_http_social_conf_postgres_password(cf, arg, url);
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

    if (social_postgres_url_param(url, "schema", &param)) {
        return ngx_http_social_conf_bad(cf, arg, "\"schema\" cannot be chosen, "
                                        "it is \"social_%V\"", &site->name);
    }

    rc = ngx_http_social_conf_postgres_file(cf, arg, url, "passfile", 1);

    if (rc == NGX_CONF_OK) {
        rc = ngx_http_social_conf_postgres_file(cf, arg, url, "sslrootcert",
                                                0);
    }

    if (rc != NGX_CONF_OK) {
        return rc;
    }

    ngx_http_social_conf_postgres_tls(cf, arg, url);

    return ngx_http_social_conf_postgres_url(cf, &args[arg], site);
}
