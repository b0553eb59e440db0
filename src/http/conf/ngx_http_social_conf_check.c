
/*
 * Checks that need the whole configuration, and the directories of stores.
 *
 * The first error is reported, with the line where it is.  The checks must not
 * change anything: they run in nginx -t, too.  Directories are created in the
 * master when it starts or reloads, never in nginx -t.
 */

#include "ngx_http_social_conf.h"

#include <stdlib.h>


static ngx_int_t ngx_http_social_conf_check_sites(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf);
static ngx_int_t ngx_http_social_conf_check_undefined(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf, ngx_http_social_conf_pos_t *use);
static ngx_int_t ngx_http_social_conf_check_stores(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf);
static ngx_int_t ngx_http_social_conf_check_canonical(ngx_conf_t *cf,
    ngx_http_social_site_t *site, ngx_str_t *path);
static u_char *ngx_http_social_conf_check_normalize(u_char *dst, u_char *src,
    u_char *last);
static ngx_int_t ngx_http_social_conf_check_dir(ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *store);
static ngx_int_t ngx_http_social_conf_check_values(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf);
static ngx_uint_t ngx_http_social_conf_check_variable(
    ngx_http_core_main_conf_t *cmcf, ngx_str_t *name);
static ngx_int_t ngx_http_social_conf_check_locations(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf);
static void ngx_http_social_conf_make_dir(ngx_cycle_t *cycle,
    ngx_http_social_site_t *site);


ngx_int_t
ngx_http_social_conf_check(ngx_conf_t *cf)
{
    ngx_http_social_conf_t  *scf;

    scf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);

    if (ngx_http_social_conf_check_sites(cf, scf) != NGX_OK
        || ngx_http_social_conf_check_stores(cf, scf) != NGX_OK
        || ngx_http_social_conf_check_values(cf, scf) != NGX_OK
        || ngx_http_social_conf_check_locations(cf, scf) != NGX_OK
        || ngx_http_social_conf_check_passwords(cf, scf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_social_conf_check_moderated(cf, scf);

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_conf_check_sites(ngx_conf_t *cf, ngx_http_social_conf_t *scf)
{
    ngx_uint_t                    i;
    ngx_http_social_conf_pos_t   *use, pos;
    ngx_http_social_site_t      **site;

    use = scf->uses.elts;

    for (i = 0; i < scf->uses.nelts; i++) {
        if (!use[i].site->defined) {
            return ngx_http_social_conf_check_undefined(cf, scf, &use[i]);
        }
    }

    site = scf->main.sites.elts;

    for (i = 0; i < scf->main.sites.nelts; i++) {

        if (site[i]->prefix.len) {
            continue;
        }

        pos.site = site[i];
        pos.param = "social_site";
        pos.text = site[i]->name;
        pos.file = site[i]->file;
        pos.line = site[i]->line;

        return ngx_http_social_conf_bad_pos(cf, &pos,
                   "the site needs a location with \"social_api %V\", there "
                   "is none",
                   &site[i]->name);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_conf_check_undefined(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf, ngx_http_social_conf_pos_t *use)
{
    u_char                   *p, *last, names[512];
    ngx_uint_t                i;
    ngx_http_social_site_t  **site;

    p = names;
    last = names + sizeof(names);

    site = scf->main.sites.elts;

    for (i = 0; i < scf->main.sites.nelts; i++) {
        if (site[i]->defined) {
            p = ngx_slprintf(p, last, "%s\"%V\"", p == names ? "" : ", ",
                             &site[i]->name);
        }
    }

    if (p == names) {
        return ngx_http_social_conf_bad_pos(cf, use, "there is no such "
                                                     "social_site, none is "
                                                     "defined");
    }

    return ngx_http_social_conf_bad_pos(cf, use, "there is no such "
                                                 "social_site, these are "
                                                 "defined: %*s",
               (size_t) (p - names), names);
}


static ngx_int_t
ngx_http_social_conf_check_stores(ngx_conf_t *cf, ngx_http_social_conf_t *scf)
{
    ngx_str_t                   *path;
    ngx_uint_t                   i, n;
    ngx_http_social_conf_pos_t  *store;

    store = scf->stores.elts;
    n = scf->stores.nelts;

    path = ngx_palloc(cf->temp_pool, (n + 1) * sizeof(ngx_str_t));
    if (path == NULL) {
        return NGX_ERROR;
    }

    for (n = 0; n < scf->stores.nelts; n++) {

        if (ngx_http_social_conf_check_canonical(cf, store[n].site, &path[n])
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        for (i = 0; i < n; i++) {

            if (path[i].len != path[n].len
                || ngx_strncmp(path[i].data, path[n].data, path[n].len) != 0)
            {
                continue;
            }

            return ngx_http_social_conf_bad_pos(cf, &store[n],
                       "each site needs its own store, \"%V\" is already the "
                       "store of site \"%V\"",
                       &store[i].site->store, &store[i].site->name);
        }

        if (ngx_http_social_conf_check_dir(cf, &store[n]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* the store's path with symbolic links resolved, so that two names of one file
 * are equal.  If its directory does not exist yet: the path, normalized */

static ngx_int_t
ngx_http_social_conf_check_canonical(ngx_conf_t *cf,
    ngx_http_social_site_t *site, ngx_str_t *path)
{
    char    *real;
    u_char  *p, *file, *last;
    size_t   len;

    *path = site->store;

    if (site->store_dir.len == 0) {
        return NGX_OK;
    }

    file = site->store.data + sizeof("sqlite:") - 1;
    last = site->store.data + site->store.len;

    real = realpath((char *) file, NULL);
    len = real ? ngx_strlen(real) : 0;

    if (real == NULL) {
        real = realpath((char *) site->store_dir.data, NULL);
        len = real ? ngx_strlen(real) : 0;

        if (real) {
            file = last;
            while (file[-1] != '/') {
                file--;
            }
        }

    } else {
        file = last;
    }

    path->len = len + 1 + (last - file);
    path->data = ngx_pnalloc(cf->temp_pool, path->len);

    if (path->data) {
        p = ngx_cpymem(path->data, real ? real : "", len);
        *p++ = '/';

        path->len = ngx_http_social_conf_check_normalize(p, file, last)
                    - path->data;
    }

    free(real);

    return path->data ? NGX_OK : NGX_ERROR;
}


/* appends a path to dst, which ends with "/", without "//" and "/./"; returns
 * the end */

static u_char *
ngx_http_social_conf_check_normalize(u_char *dst, u_char *src, u_char *last)
{
    for ( /* void */ ; src < last; src++) {

        if (dst[-1] == '/' && *src == '/') {
            continue;
        }

        if (dst[-1] == '/' && *src == '.' && src + 1 < last && src[1] == '/') {
            src++;
            continue;
        }

        *dst++ = *src;
    }

    return dst[-1] == '/' ? dst - 1 : dst;
}


/* warns if the parent of the store's directory does not exist, as only the last
 * directory is created; not for the default path */

static ngx_int_t
ngx_http_social_conf_check_dir(ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *store)
{
    u_char           *p, *dir, *last;
    ngx_file_info_t   fi;

    if (ngx_strcmp(store->param, "store") != 0
        || store->site->store_dir.len == 0)
    {
        return NGX_OK;
    }

    dir = ngx_pstrdup(cf->temp_pool, &store->site->store_dir);
    if (dir == NULL) {
        return NGX_ERROR;
    }

    last = dir + store->site->store_dir.len;

    for (p = last; p > dir + 1 && p[-1] != '/'; p--) { /* void */ }

    /* "/a/b" becomes "/a", "/a" becomes "/" */

    p = ngx_max(p - 1, dir + 1);
    *p = '\0';

    if (ngx_file_info(dir, &fi) == NGX_FILE_ERROR && ngx_errno == NGX_ENOENT) {
        ngx_http_social_conf_warn(cf, store->file, store->line,
                                  "\"%V\" cannot be created: there is no "
                                  "directory \"%s\", and only the last "
                                  "directory of a path is created",
                                  &store->text, dir);
    }

    return NGX_OK;
}


/* nginx's own message about an unknown variable names neither the line nor the
 * directive */

static ngx_int_t
ngx_http_social_conf_check_values(ngx_conf_t *cf, ngx_http_social_conf_t *scf)
{
    size_t                       offset;
    ngx_str_t                    name;
    ngx_uint_t                   i;
    ngx_http_social_conf_pos_t  *value;
    ngx_http_core_main_conf_t   *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    value = scf->values.elts;

    for (i = 0; i < scf->values.nelts; i++) {

        offset = 0;

        while (ngx_http_social_conf_variable(&value[i].text, &offset, &name)
               == 1) {
            if (ngx_http_social_conf_check_variable(cmcf, &name)) {
                continue;
            }

            return ngx_http_social_conf_bad_pos(cf, &value[i],
                       "there is no variable \"$%V\"",
                       &name);
        }
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_social_conf_check_variable(ngx_http_core_main_conf_t *cmcf,
    ngx_str_t *name)
{
    ngx_uint_t            i;
    ngx_hash_key_t       *key;
    ngx_http_variable_t  *v;

    /* "$1" is a capture, "${1}" is a variable of that name */

    if (name->data[0] >= '1' && name->data[0] <= '9'
        && name->data[-1] == '$')
    {
        return 1;
    }

    key = cmcf->variables_keys->keys.elts;

    for (i = 0; i < cmcf->variables_keys->keys.nelts; i++) {
        if (key[i].key.len == name->len
            && ngx_strncasecmp(key[i].key.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    v = cmcf->prefix_variables.elts;

    for (i = 0; i < cmcf->prefix_variables.nelts; i++) {
        if (v[i].name.len <= name->len
            && ngx_strncasecmp(v[i].name.data, name->data, v[i].name.len)
               == 0)
        {
            return 1;
        }
    }

    /* named captures exist only since they were used */

    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {
        if (v[i].get_handler && v[i].name.len == name->len
            && ngx_strncasecmp(v[i].name.data, name->data, name->len) == 0)
        {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_social_conf_check_locations(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf)
{
    ngx_uint_t                     i;
    ngx_http_social_conf_location_t  *location;
#if (NGX_PCRE)
    ngx_http_core_loc_conf_t  *clcf;
#endif

    location = scf->locations.elts;

    for (i = 0; i < scf->locations.nelts; i++) {

        if (location[i].handler
            && location[i].clcf->handler != location[i].handler) {
            return ngx_http_social_conf_bad_pos(cf, &location[i].pos,
                       "a location of its own expected, this one already has "
                       "another handler");
        }

#if (NGX_PCRE)
        clcf = location[i].cscf->ctx->loc_conf[ngx_http_core_module.ctx_index];

        if (ngx_strcmp(location[i].pos.param, "social_api") != 0
            || location[i].clcf->noregex || clcf->regex_locations == NULL)
        {
            continue;
        }

        ngx_http_social_conf_warn(
            cf, location[i].pos.file, location[i].pos.line,
            "\"%V\" of \"%s\" is a plain prefix: regex locations of this "
            "server take precedence, write \"location ^~ %V\"",
            &location[i].clcf->name, location[i].pos.param,
            &location[i].clcf->name);
#endif
    }

    return NGX_OK;
}


/* a failure is logged but does not stop nginx: pages need no store */

ngx_int_t
ngx_http_social_conf_make_dirs(ngx_cycle_t *cycle)
{
    ngx_uint_t                i;
    ngx_http_social_site_t  **site;
    ngx_http_social_conf_t   *scf;

    scf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);

    if (scf == NULL || ngx_test_config) {
        return NGX_OK;
    }

    site = scf->main.sites.elts;

    for (i = 0; i < scf->main.sites.nelts; i++) {
        if (site[i]->store_dir.len) {
            ngx_http_social_conf_make_dir(cycle, site[i]);
        }
    }

    return NGX_OK;
}


static void
ngx_http_social_conf_make_dir(ngx_cycle_t *cycle, ngx_http_social_site_t *site)
{
    u_char           *dir;
    ngx_core_conf_t  *ccf;
    ngx_file_info_t   fi;

    dir = site->store_dir.data;

    if (ngx_file_info(dir, &fi) != NGX_FILE_ERROR) {
        return;
    }

    if (ngx_create_dir(dir, 0700) == NGX_FILE_ERROR) {

        if (ngx_errno != NGX_EEXIST) {
            ngx_log_error(NGX_LOG_ERR, cycle->log, ngx_errno,
                          ngx_create_dir_n " \"%s\" failed, the comments of "
                          "site \"%V\" have no store", dir, &site->name);
        }

        return;
    }

    if (geteuid() != 0) {
        return;
    }

    ccf = (ngx_core_conf_t *) ngx_get_conf(cycle->conf_ctx, ngx_core_module);

    /* not chown(): the directory was created just now; if it is a link,
     * somebody else has put it there */

    if (lchown((char *) dir, ccf->user, ccf->group) == -1) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, ngx_errno,
                      "lchown(\"%s\", %d) failed, the comments of site "
                      "\"%V\" have no store", dir, (int) ccf->user,
                      &site->name);
    }
}
