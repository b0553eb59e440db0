
/*
 * The module's directives and their configurations: which sites there are,
 * where they are used, what is inherited.
 *
 * A site may be used before it is defined: its first mention creates it, and
 * ngx_http_social_conf_check.c reports at the end those that are not defined.
 * Must not know a site's parameters.  Runs while the configuration is read.
 */

#include "ngx_http_social_conf.h"


#define NGX_HTTP_SOCIAL_CONF_NAME  64


static ngx_http_social_site_t *ngx_http_social_conf_find_site(
    ngx_http_social_conf_t *scf, ngx_str_t *name);
static ngx_http_social_site_t *ngx_http_social_conf_get_site(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf, ngx_str_t *name);
static ngx_http_social_site_t *ngx_http_social_conf_use_site(ngx_conf_t *cf);
static char *ngx_http_social_conf_is_site_name(ngx_conf_t *cf);
static char *ngx_http_social_conf_add_location(ngx_conf_t *cf,
    ngx_http_social_site_t *site, ngx_http_handler_pt handler);
static char *ngx_http_social_conf_status_public(ngx_conf_t *cf,
    ngx_http_social_conf_loc_t *lcf);
static char *ngx_http_social_conf_location_path(ngx_conf_t *cf,
    ngx_http_core_loc_conf_t *clcf, ngx_uint_t strict);
static char *ngx_http_social_conf_api_prefix(ngx_conf_t *cf,
    ngx_http_social_site_t *site, ngx_str_t *prefix);


void *
ngx_http_social_conf_create_main(ngx_conf_t *cf)
{
    ngx_http_social_conf_t  *scf;

    scf = ngx_pcalloc(cf->pool, sizeof(ngx_http_social_conf_t));
    if (scf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     scf->main.pool = NULL;
     */

    if (ngx_array_init(&scf->main.sites, cf->pool, 4,
                       sizeof(ngx_http_social_site_t *))
        != NGX_OK
        || ngx_array_init(&scf->locations, cf->pool, 4,
                          sizeof(ngx_http_social_conf_location_t))
           != NGX_OK
        || ngx_array_init(&scf->uses, cf->pool, 4,
                          sizeof(ngx_http_social_conf_pos_t))
           != NGX_OK
        || ngx_array_init(&scf->values, cf->pool, 4,
                          sizeof(ngx_http_social_conf_pos_t))
           != NGX_OK
        || ngx_array_init(&scf->stores, cf->pool, 4,
                          sizeof(ngx_http_social_conf_pos_t))
           != NGX_OK)
    {
        return NULL;
    }

    return scf;
}


char *
ngx_http_social_conf_init_main(ngx_conf_t *cf, void *conf)
{
    ngx_http_social_main_conf_t  *mcf = conf;

    /* a thread pool starts its threads in every worker: not if unused */

    if (mcf->sites.nelts == 0) {
        return NGX_CONF_OK;
    }

    if (ngx_http_social_conf_assets(cf, &mcf->assets) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    mcf->pool = ngx_thread_pool_add(cf, NULL);

    return mcf->pool ? NGX_CONF_OK : NGX_CONF_ERROR;
}


void *
ngx_http_social_conf_create_loc(ngx_conf_t *cf)
{
    ngx_http_social_conf_loc_t  *conf;

    conf = ngx_pcalloc(cf->pool, sizeof(ngx_http_social_conf_loc_t));
    if (conf == NULL) {
        return NULL;
    }

    /*
     * set by ngx_pcalloc():
     *
     *     conf->loc.api = NULL;
     *     conf->loc.status = NULL;
     *     conf->loc.moderate = NULL;
     *     conf->loc.status_public = 0;
     *     conf->loc.since = 0;
     *     conf->handler = NULL;
     */

    conf->loc.inject = NGX_CONF_UNSET_PTR;

    return conf;
}


char *
ngx_http_social_conf_merge_loc(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_social_conf_loc_t  *prev = parent;
    ngx_http_social_conf_loc_t  *conf = child;

    ngx_http_core_loc_conf_t  *clcf;

    ngx_conf_merge_ptr_value(conf->loc.inject, prev->loc.inject, NULL);

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    /* social_api, social_status and social_moderate are inherited only by "if"
     * and limit_except blocks of their location, not by nested locations */

    if (clcf->noname) {
        conf->loc.api = prev->loc.api;
        conf->loc.status = prev->loc.status;
        conf->loc.moderate = prev->loc.moderate;
        conf->loc.status_public = prev->loc.status_public;
        conf->loc.since = prev->loc.since;
        conf->handler = prev->handler;

        if (clcf->lmt_excpt && clcf->handler == NULL) {
            clcf->handler = conf->handler;
        }
    }

    /* these locations check the size of a body themselves, with a smaller
     * limit; nginx would answer with its own error page */

    if ((conf->loc.api || conf->loc.moderate)
        && clcf->client_max_body_size >= SOCIAL_BODY_MAX)
    {
        clcf->client_max_body_size = 0;
    }

    return NGX_CONF_OK;
}


char *
ngx_http_social_conf_site_block(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_social_conf_t  *scf = conf;

    ngx_str_t                    *args;
    ngx_http_social_site_t       *site;
    ngx_http_social_conf_draft_t  draft;

    if (ngx_http_social_conf_is_site_name(cf) != NGX_CONF_OK) {
        return NGX_CONF_ERROR;
    }

    args = cf->args->elts;

    site = ngx_http_social_conf_get_site(cf, scf, &args[1]);
    if (site == NULL) {
        return NGX_CONF_ERROR;
    }

    if (site->defined) {
        return ngx_http_social_conf_bad(cf, 1, "the site is already defined "
                                               "in %s:%ui",
                                        site->file, site->line);
    }

    site->defined = 1;
    site->file = cf->conf_file->file.name.data;
    site->line = ngx_http_social_conf_line(cf, 1);

    ngx_memzero(&draft, sizeof(ngx_http_social_conf_draft_t));

    draft.site = site;
    draft.scf = scf;

    return ngx_http_social_conf_site(cf, &draft);
}


char *
ngx_http_social_conf_inject(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_social_conf_loc_t  *lcf = conf;

    ngx_str_t  *args;

    if (lcf->loc.inject != NGX_CONF_UNSET_PTR) {
        return ngx_http_social_conf_duplicate(cf);
    }

    args = cf->args->elts;

    if (ngx_strcmp(args[1].data, "off") == 0) {
        lcf->loc.inject = NULL;
        return NGX_CONF_OK;
    }

    lcf->loc.inject = ngx_http_social_conf_use_site(cf);

    return lcf->loc.inject ? NGX_CONF_OK : NGX_CONF_ERROR;
}


/* social_api, social_status, social_moderate; cmd->post: NULL, or points to
 * their content handler */

char *
ngx_http_social_conf_location(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_social_conf_loc_t  *lcf = conf;

    ngx_uint_t                   status;
    ngx_http_social_site_t      *site, **slot;
    ngx_http_core_loc_conf_t    *clcf;

    status = (ngx_strcmp(cmd->name.data, "social_status") == 0);

    slot = status ? &lcf->loc.status
                  : (ngx_strcmp(cmd->name.data, "social_api") == 0
                     ? &lcf->loc.api : &lcf->loc.moderate);

    if (*slot) {
        return ngx_http_social_conf_duplicate(cf);
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);

    if (lcf->loc.api || lcf->loc.status || lcf->loc.moderate
        || clcf->handler)
    {
        return ngx_http_social_conf_bad(cf, 1, "a location of its own "
                                               "expected, this one already "
                                               "has another handler");
    }

    site = ngx_http_social_conf_use_site(cf);

    if (site == NULL
        || ngx_http_social_conf_location_path(cf, clcf, !status) != NGX_CONF_OK
        || ngx_http_social_conf_status_public(cf, lcf) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    *slot = site;
    lcf->loc.since = ngx_time();

    if (lcf->loc.api) {
        if (ngx_http_social_conf_api_prefix(cf, site, &clcf->name)
            != NGX_CONF_OK) {
            return NGX_CONF_ERROR;
        }

    } else if (status && site->status.len == 0 && !lcf->loc.status_public) {
        site->status = clcf->name;

    } else if (lcf->loc.moderate && site->moderate.len == 0) {
        site->moderate = clcf->name;
    }

    if (cmd->post) {
        lcf->handler = *(ngx_http_handler_pt *) cmd->post;
        clcf->handler = lcf->handler;
    }

    return ngx_http_social_conf_add_location(cf, site, lcf->handler);
}


/* `social_status SITE public` */

static char *
ngx_http_social_conf_status_public(ngx_conf_t *cf,
    ngx_http_social_conf_loc_t *lcf)
{
    ngx_str_t  *args;

    if (cf->args->nelts < 3) {
        return NGX_CONF_OK;
    }

    args = cf->args->elts;

    if (ngx_strcmp(args[2].data, "public") != 0) {
        return ngx_http_social_conf_bad(cf, 2, "\"public\" or nothing "
                                        "expected");
    }

    lcf->loc.status_public = 1;

    return NGX_CONF_OK;
}


/* a page has links to one prefix, whichever server it is on */

static char *
ngx_http_social_conf_api_prefix(ngx_conf_t *cf, ngx_http_social_site_t *site,
    ngx_str_t *prefix)
{
    if (site->prefix.len == 0) {
        site->prefix = *prefix;
        return NGX_CONF_OK;
    }

    if (site->prefix.len == prefix->len
        && ngx_strncmp(site->prefix.data, prefix->data, prefix->len) == 0)
    {
        return NGX_CONF_OK;
    }

    return ngx_http_social_conf_bad(cf, 1, "all \"social_api\" locations of a "
                                           "site need the same prefix, the "
                                           "first is \"%V\" and this one is "
                                           "\"%V\"", &site->prefix, prefix);
}


/* strict: the path is used in links and as a cookie's Path */

static char *
ngx_http_social_conf_location_path(ngx_conf_t *cf,
    ngx_http_core_loc_conf_t *clcf, ngx_uint_t strict)
{
    u_char  c;
    size_t  i;

#if (NGX_PCRE)
    if (clcf->regex) {
        return ngx_http_social_conf_bad(cf, 1, "a location without a regular "
                                        "expression expected");
    }
#endif

    if (clcf->named || clcf->name.len == 0) {
        return ngx_http_social_conf_bad(cf, 1, "a location with a path "
                                               "expected, not a named one");
    }

    if (!strict) {
        return NGX_CONF_OK;
    }

    if (clcf->exact_match || clcf->name.data[clcf->name.len - 1] != '/') {
        return ngx_http_social_conf_bad(cf, 1, "a prefix location that ends "
                                               "with \"/\" expected, such as "
                                               "\"^~ /_social/\", this one is "
                                               "\"%s%V\"",
                                        clcf->exact_match ? "= " : "",
                                        &clcf->name);
    }

    for (i = 0; i < clcf->name.len; i++) {
        c = clcf->name.data[i];

        if (!(c >= '0' && c <= '9') && !((c | 0x20) >= 'a'
                                         && (c | 0x20) <= 'z')
            && ngx_strlchr((u_char *) "/-_.~", (u_char *) "/-_.~" + 5, c)
               == NULL)
        {
            return ngx_http_social_conf_bad(cf, 1, "a location of letters, "
                                            "digits, \"-\", \"_\", \".\", "
                                            "\"~\" and \"/\" expected, this "
                                            "one is \"%V\"", &clcf->name);
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_social_conf_add_location(ngx_conf_t *cf, ngx_http_social_site_t *site,
    ngx_http_handler_pt handler)
{
    ngx_http_social_conf_t           *scf;
    ngx_http_social_conf_location_t  *location;

    scf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);

    location = ngx_array_push(&scf->locations);
    if (location == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_http_social_conf_set_pos(cf, &location->pos, site, 1);

    location->clcf = ngx_http_conf_get_module_loc_conf(cf,
                                                       ngx_http_core_module);
    location->cscf = ngx_http_conf_get_module_srv_conf(cf,
                                                       ngx_http_core_module);
    location->handler = handler;

    return NGX_CONF_OK;
}


/* the site named by the directive being read */

static ngx_http_social_site_t *
ngx_http_social_conf_use_site(ngx_conf_t *cf)
{
    ngx_str_t                   *args;
    ngx_http_social_conf_t      *scf;
    ngx_http_social_conf_pos_t  *pos;
    ngx_http_social_site_t      *site;

    if (ngx_http_social_conf_is_site_name(cf) != NGX_CONF_OK) {
        return NULL;
    }

    args = cf->args->elts;
    scf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);

    site = ngx_http_social_conf_get_site(cf, scf, &args[1]);

    if (site && !site->defined && site->used_file == NULL) {

        pos = ngx_array_push(&scf->uses);
        if (pos == NULL) {
            return NULL;
        }

        ngx_http_social_conf_set_pos(cf, pos, site, 1);

        site->used_file = pos->file;
        site->used_line = pos->line;
    }

    return site;
}


static char *
ngx_http_social_conf_is_site_name(ngx_conf_t *cf)
{
    ngx_str_t  *args;

    args = cf->args->elts;

    if (ngx_http_social_conf_is_name(&args[1], NGX_HTTP_SOCIAL_CONF_NAME)
        && ngx_strcmp(args[1].data, "off") != 0)
    {
        return NGX_CONF_OK;
    }

    return ngx_http_social_conf_bad(cf, 1, "a site's name of 1 to %d letters, "
                                    "digits, \"-\" or \"_\" expected%s",
                                    NGX_HTTP_SOCIAL_CONF_NAME,
                                    ngx_strcmp(args[1].data, "off") == 0
                                    ? ", \"off\" is reserved" : "");
}


static ngx_http_social_site_t *
ngx_http_social_conf_find_site(ngx_http_social_conf_t *scf, ngx_str_t *name)
{
    ngx_uint_t                i;
    ngx_http_social_site_t  **site;

    site = scf->main.sites.elts;

    for (i = 0; i < scf->main.sites.nelts; i++) {
        if (site[i]->name.len == name->len
            && ngx_strncmp(site[i]->name.data, name->data, name->len) == 0)
        {
            return site[i];
        }
    }

    return NULL;
}


/* the site of that name; created if there is none */

static ngx_http_social_site_t *
ngx_http_social_conf_get_site(ngx_conf_t *cf, ngx_http_social_conf_t *scf,
    ngx_str_t *name)
{
    ngx_http_social_site_t  *site, **slot;

    site = ngx_http_social_conf_find_site(scf, name);
    if (site) {
        return site;
    }

    site = ngx_pcalloc(cf->pool, sizeof(ngx_http_social_site_t));
    if (site == NULL) {
        return NULL;
    }

    slot = ngx_array_push(&scf->main.sites);
    if (slot == NULL) {
        return NULL;
    }

    *slot = site;

    site->name = *name;
    site->index = scf->main.sites.nelts - 1;

    return site;
}
