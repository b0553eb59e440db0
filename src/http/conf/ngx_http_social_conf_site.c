
/*
 * The block social_site: the table of its parameters and their defaults.
 *
 * nginx's own parser reads the block: the parameters are directives of a
 * module with its own type, so an unknown parameter, one in the wrong place or
 * with too many arguments gets nginx's own message.
 *
 * A new parameter is a row in the table and a function.  Runs while the
 * configuration is read.
 */

#include "ngx_http_social_conf.h"
#include "ngx_http_social_zone.h"
#include "social_siphash.h"


#define NGX_HTTP_SOCIAL_CONF_ZONE_SIZE   (16 * 1024 * 1024)

#define NGX_HTTP_SOCIAL_CONF_REPEAT  1      /* may be repeated */

#define ngx_http_social_conf_row(name, args, repeat, parse)                   \
    { ngx_string(name), NGX_HTTP_SOCIAL_SITE_CONF|args,                       \
      ngx_http_social_conf_param,                                             \
      offsetof(ngx_http_social_conf_site_ctx_t, site), repeat, (void *) parse }


/* the context of the block: an http context, which complex values need, and
 * behind it the draft, which nginx finds by the offset in the table */

typedef struct {
    ngx_http_conf_ctx_t          http;
    void                       **site;
} ngx_http_social_conf_site_ctx_t;


static char *ngx_http_social_conf_param(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
static char *ngx_http_social_conf_defaults(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
static ngx_int_t ngx_http_social_conf_default_networks(ngx_conf_t *cf,
    ngx_http_social_site_t *site);
static ngx_int_t ngx_http_social_conf_default_author(ngx_conf_t *cf,
    ngx_http_social_site_t *site);
static ngx_int_t ngx_http_social_conf_add_zone(ngx_conf_t *cf,
    ngx_http_social_site_t *site);


static ngx_command_t  ngx_http_social_conf_commands[] = {

    ngx_http_social_conf_row("origin", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_origin),
    ngx_http_social_conf_row("store", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_store),
    ngx_http_social_conf_row("zone", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_zone),
    ngx_http_social_conf_row("flush", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_flush),
    ngx_http_social_conf_row("article", NGX_CONF_TAKE12,
                             NGX_HTTP_SOCIAL_CONF_REPEAT,
                             ngx_http_social_conf_set_article),
    ngx_http_social_conf_row("key", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_key),
    ngx_http_social_conf_row("insert", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_insert),
    ngx_http_social_conf_row("share", NGX_CONF_1MORE, 0,
                             ngx_http_social_conf_set_share),
    ngx_http_social_conf_row("comments", NGX_CONF_TAKE12, 0,
                             ngx_http_social_conf_set_comments),
    ngx_http_social_conf_row("reactions", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_reactions),
    ngx_http_social_conf_row("order", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_order),
    ngx_http_social_conf_row("goal", NGX_CONF_TAKE23,
                             NGX_HTTP_SOCIAL_CONF_REPEAT,
                             ngx_http_social_conf_set_goal),
    ngx_http_social_conf_row("author", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_author),
    ngx_http_social_conf_row("block", NGX_CONF_TAKE12, 0,
                             ngx_http_social_conf_set_block),
    ngx_http_social_conf_row("limit", NGX_CONF_TAKE12, 0,
                             ngx_http_social_conf_set_limit),
    ngx_http_social_conf_row("ignore", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_ignore),
    ngx_http_social_conf_row("retention", NGX_CONF_TAKE12, 0,
                             ngx_http_social_conf_set_retention),
    ngx_http_social_conf_row("metrics", NGX_CONF_1MORE, 0,
                             ngx_http_social_conf_set_metrics),
    ngx_http_social_conf_row("template", NGX_CONF_TAKE2,
                             NGX_HTTP_SOCIAL_CONF_REPEAT,
                             ngx_http_social_conf_set_template),
    ngx_http_social_conf_row("language", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_language),
    ngx_http_social_conf_row("privacy", NGX_CONF_TAKE1, 0,
                             ngx_http_social_conf_set_privacy),
    ngx_http_social_conf_row("notify", NGX_CONF_TAKE12, 0,
                             ngx_http_social_conf_set_notify),

      ngx_null_command
};


ngx_module_t  ngx_social_site_module = {
    NGX_MODULE_V1,
    NULL,                                  /* module context */
    ngx_http_social_conf_commands,           /* module directives */
    NGX_HTTP_SOCIAL_SITE_MODULE,           /* module type */
    NULL,                                  /* init master */
    NULL,                                  /* init module */
    NULL,                                  /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    NULL,                                  /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


char *
ngx_http_social_conf_site(ngx_conf_t *cf, ngx_http_social_conf_draft_t *draft)
{
    char                             *rv;
    void                             *slot[1];
    ngx_conf_t                        save;
    ngx_http_social_site_t           *site;
    ngx_http_social_conf_site_ctx_t   ctx;

    site = draft->site;

    site->zone_size = NGX_HTTP_SOCIAL_CONF_ZONE_SIZE;
    site->flush = 5000;
    site->insert = SOCIAL_HTML_AUTO;
    site->comments = NGX_HTTP_SOCIAL_COMMENTS_FIRST;
    site->limit_comments = 5;
    site->limit_time = 600;
    site->limit_links = 2;
    site->retention_events = 400 * NGX_HTTP_SOCIAL_CONF_DAY;
    site->retention_held = 30 * NGX_HTTP_SOCIAL_CONF_DAY;
    social_thresholds_init(&site->metrics);

    /* sets the index of the only module of this type, to 0 */
    (void) ngx_count_modules(cf->cycle, NGX_HTTP_SOCIAL_SITE_MODULE);

    slot[0] = draft;

    ctx.http = *(ngx_http_conf_ctx_t *) cf->ctx;
    ctx.site = slot;

    save = *cf;

    cf->ctx = &ctx;
    cf->module_type = NGX_HTTP_SOCIAL_SITE_MODULE;
    cf->cmd_type = NGX_HTTP_SOCIAL_SITE_CONF;

    rv = ngx_conf_parse(cf, NULL);

    *cf = save;

    return rv == NGX_CONF_OK ? ngx_http_social_conf_defaults(cf, draft) : rv;
}


/* called by nginx for every parameter: finds duplicates, calls its function */

static char *
ngx_http_social_conf_param(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    uint64_t                        bit;
    ngx_http_social_conf_draft_t   *draft;
    ngx_http_social_conf_param_pt   parse;

    draft = conf;
    parse = (ngx_http_social_conf_param_pt) cmd->post;

    bit = (uint64_t) 1 << (cmd - ngx_http_social_conf_commands);

    if ((draft->seen & bit) && cmd->offset != NGX_HTTP_SOCIAL_CONF_REPEAT) {
        return ngx_http_social_conf_duplicate(cf);
    }

    draft->seen |= bit;

    return parse(cf, draft);
}


static char *
ngx_http_social_conf_defaults(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft)
{
    ngx_str_t                    path;
    ngx_http_social_conf_pos_t  *pos;
    ngx_http_social_site_t      *site;

    site = draft->site;

    if (site->store.len == 0) {
        path.len = sizeof("/var/lib/nginx/social/.db") - 1 + site->name.len;
        path.data = ngx_pnalloc(cf->pool, path.len + 1);
        if (path.data == NULL) {
            return NGX_CONF_ERROR;
        }

        ngx_sprintf(path.data, "/var/lib/nginx/social/%V.db%Z", &site->name);

        if (ngx_http_social_conf_sqlite(cf, &path, site) != NGX_OK) {
            return NGX_CONF_ERROR;
        }

        draft->store.param = "social_site";
        draft->store.text = site->name;
        draft->store.file = site->file;
        draft->store.line = site->line;
    }

    pos = ngx_array_push(&draft->scf->stores);
    if (pos == NULL) {
        return NGX_CONF_ERROR;
    }

    draft->store.site = site;
    *pos = draft->store;

    if (ngx_http_social_conf_default_networks(cf, site) != NGX_OK
        || ngx_http_social_conf_default_author(cf, site) != NGX_OK
        || ngx_http_social_conf_add_zone(cf, site) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_http_social_conf_templates(cf, draft);
}


/* `share` is missing: the default networks of the table */

static ngx_int_t
ngx_http_social_conf_default_networks(ngx_conf_t *cf,
    ngx_http_social_site_t *site)
{
    unsigned                 i;
    const social_network_t  *net, **slot;

    if (site->networks) {
        /* `share off`, or only networks that were shut down */

        if (site->networks->nelts == 0) {
            site->networks = NULL;
        }

        return NGX_OK;
    }

    site->networks = ngx_array_create(cf->pool, 16, sizeof(void *));
    if (site->networks == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; (net = social_network_at(i)) != NULL; i++) {

        if (!net->by_default || !social_network_shareable(net)) {
            continue;
        }

        slot = ngx_array_push(site->networks);
        if (slot == NULL) {
            return NGX_ERROR;
        }

        *slot = net;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_social_conf_default_author(ngx_conf_t *cf,
    ngx_http_social_site_t *site)
{
    ngx_str_t                         value = ngx_string("$remote_user");
    ngx_http_compile_complex_value_t  ccv;

    if (site->author) {
        return NGX_OK;
    }

    site->author = ngx_palloc(cf->pool, sizeof(ngx_http_complex_value_t));
    if (site->author == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&ccv, sizeof(ngx_http_compile_complex_value_t));

    ccv.cf = cf;
    ccv.value = &value;
    ccv.complex_value = site->author;

    return ngx_http_compile_complex_value(&ccv);
}


/* the zone's name depends on the store, so another store never gets the
 * counters of the old one.  Hashed: nginx logs the names of zones, and a
 * store's URL may contain a password */

static ngx_int_t
ngx_http_social_conf_add_zone(ngx_conf_t *cf, ngx_http_social_site_t *site)
{
    u_char     key[SOCIAL_SIPHASH_KEY];
    ngx_str_t  name;

    ngx_memzero(key, SOCIAL_SIPHASH_KEY);

    name.len = sizeof("social::") - 1 + site->name.len + 16;
    name.data = ngx_pnalloc(cf->pool, name.len + 1);
    if (name.data == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(name.data, "social:%V:%016xL%Z", &site->name,
                social_siphash(key, site->store.data, site->store.len));

    site->shm = ngx_shared_memory_add(cf, &name, site->zone_size,
                                      &ngx_social_module);
    if (site->shm == NULL) {
        return NGX_ERROR;
    }

    site->shm->init = ngx_http_social_zone_init;
    site->shm->data = site;

    return NGX_OK;
}
