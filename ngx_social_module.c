
/*
 * ngx_social: adds share buttons and comments to articles as they are served,
 * and shows on a status page which articles people talk about.
 *
 * The module, its directives and its hooks.  Must not contain logic, which is
 * in src/; docs/architecture.md says where to start reading.
 */

#include "ngx_http_social_admin_moderate.h"
#include "ngx_http_social_admin_status.h"
#include "ngx_http_social_conf.h"
#include "ngx_http_social_filter.h"
#include "ngx_http_social_notify.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_view_variables.h"


static ngx_int_t ngx_social_preconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_social_postconfiguration(ngx_conf_t *cf);
static ngx_int_t ngx_social_init_module(ngx_cycle_t *cycle);
static ngx_int_t ngx_social_init_process(ngx_cycle_t *cycle);
static void ngx_social_exit_process(ngx_cycle_t *cycle);


/* content handlers, for cmd->post of their directives */

static ngx_http_handler_pt  ngx_social_api = ngx_http_social_api_handler;
static ngx_http_handler_pt ngx_social_status =
    ngx_http_social_admin_status_handler;
static ngx_http_handler_pt ngx_social_moderate =
    ngx_http_social_admin_moderate_handler;


static ngx_command_t  ngx_social_commands[] = {

    { ngx_string("social_site"),
      NGX_HTTP_MAIN_CONF|NGX_CONF_BLOCK|NGX_CONF_TAKE1,
      ngx_http_social_conf_site_block,
      NGX_HTTP_MAIN_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("social"),
      NGX_HTTP_MAIN_CONF|NGX_HTTP_SRV_CONF|NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_social_conf_inject,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      NULL },

    { ngx_string("social_api"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_social_conf_location,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_social_api },

    { ngx_string("social_status"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE12,
      ngx_http_social_conf_location,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_social_status },

    { ngx_string("social_moderate"),
      NGX_HTTP_LOC_CONF|NGX_CONF_TAKE1,
      ngx_http_social_conf_location,
      NGX_HTTP_LOC_CONF_OFFSET,
      0,
      &ngx_social_moderate },

      ngx_null_command
};


static ngx_http_module_t  ngx_social_module_ctx = {
    ngx_social_preconfiguration,           /* preconfiguration */
    ngx_social_postconfiguration,          /* postconfiguration */

    ngx_http_social_conf_create_main,      /* create main configuration */
    ngx_http_social_conf_init_main,        /* init main configuration */

    NULL,                                  /* create server configuration */
    NULL,                                  /* merge server configuration */

    ngx_http_social_conf_create_loc,       /* create location configuration */
    ngx_http_social_conf_merge_loc         /* merge location configuration */
};


ngx_module_t  ngx_social_module = {
    NGX_MODULE_V1,
    &ngx_social_module_ctx,                /* module context */
    ngx_social_commands,                   /* module directives */
    NGX_HTTP_MODULE,                       /* module type */
    NULL,                                  /* init master */
    ngx_social_init_module,                /* init module */
    ngx_social_init_process,               /* init process */
    NULL,                                  /* init thread */
    NULL,                                  /* exit thread */
    ngx_social_exit_process,               /* exit process */
    NULL,                                  /* exit master */
    NGX_MODULE_V1_PADDING
};


static ngx_int_t
ngx_social_preconfiguration(ngx_conf_t *cf)
{
    return ngx_http_social_view_add_variables(cf);
}


static ngx_int_t
ngx_social_phase(ngx_conf_t *cf, ngx_http_phases phase,
    ngx_http_handler_pt handler)
{
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = ngx_array_push(&cmcf->phases[phase].handlers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    *h = handler;

    return NGX_OK;
}


/*
 * Our handler goes first, so that a view is counted before nginx writes access
 * logs: a write to a slow disk would delay the count.
 */

static ngx_int_t
ngx_social_log_phase(ngx_conf_t *cf)
{
    ngx_uint_t                  n;
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    if (ngx_social_phase(cf, NGX_HTTP_LOG_PHASE,
                         ngx_http_social_view_log_handler)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    h = cmcf->phases[NGX_HTTP_LOG_PHASE].handlers.elts;
    n = cmcf->phases[NGX_HTTP_LOG_PHASE].handlers.nelts;

    ngx_memmove(h + 1, h, (n - 1) * sizeof(ngx_http_handler_pt));
    h[0] = ngx_http_social_view_log_handler;

    return NGX_OK;
}


/* one handler, because each costs every request of the server */

static ngx_int_t
ngx_social_precontent(ngx_http_request_t *r)
{
    ngx_int_t                    rc;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL || r != r->main) {
        return NGX_DECLINED;
    }

    rc = ngx_http_social_request_goal_handler(r);

    return (rc == NGX_DECLINED) ? ngx_http_social_filter_precontent(r) : rc;
}


static ngx_int_t
ngx_social_postconfiguration(ngx_conf_t *cf)
{
    ngx_uint_t                     i;
    ngx_http_social_site_t       **site;
    ngx_http_social_main_conf_t   *mcf;

    if (ngx_http_social_conf_check(cf) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_social_conf_warn_owner(cf);

    mcf = ngx_http_conf_get_module_main_conf(cf, ngx_social_module);
    site = mcf->sites.elts;

    for (i = 0; i < mcf->sites.nelts; i++) {
        if (ngx_http_social_conf_page_finish(cf, site[i]) != NGX_OK
            || ngx_http_social_conf_notify_finish(cf, site[i]) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (mcf->sites.nelts == 0) {
        /* not used: add nothing to any request */
        return NGX_OK;
    }

    if (ngx_http_social_view_init(cf) != NGX_OK
        || ngx_social_phase(cf, NGX_HTTP_SERVER_REWRITE_PHASE,
                            ngx_http_social_view_tag_handler) != NGX_OK
        || ngx_social_phase(cf, NGX_HTTP_REWRITE_PHASE,
                            ngx_http_social_view_tag_handler) != NGX_OK
        || ngx_social_phase(cf, NGX_HTTP_PRECONTENT_PHASE,
                            ngx_social_precontent) != NGX_OK
        || ngx_social_log_phase(cf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_social_filter_init(cf);
}


static ngx_uint_t
ngx_social_used(ngx_cycle_t *cycle)
{
    ngx_http_social_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);

    return mcf != NULL && mcf->sites.nelts != 0;
}


static ngx_int_t
ngx_social_init_module(ngx_cycle_t *cycle)
{
    if (ngx_test_config || !ngx_social_used(cycle)) {
        return NGX_OK;
    }

    return ngx_http_social_conf_make_dirs(cycle);
}


static ngx_int_t
ngx_social_init_process(ngx_cycle_t *cycle)
{
    /* the cache manager and loader call this, too */

    if ((ngx_process != NGX_PROCESS_WORKER
         && ngx_process != NGX_PROCESS_SINGLE)
        || !ngx_social_used(cycle))
    {
        return NGX_OK;
    }

    if (ngx_http_social_job_worker(cycle) != NGX_OK
        || ngx_http_social_widget_worker(cycle) != NGX_OK
        || ngx_http_social_notify_worker(cycle) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_social_sync_worker(cycle);
}


static void
ngx_social_exit_process(ngx_cycle_t *cycle)
{
    if ((ngx_process != NGX_PROCESS_WORKER
         && ngx_process != NGX_PROCESS_SINGLE)
        || !ngx_social_used(cycle))
    {
        return;
    }

    ngx_http_social_sync_exit(cycle);
}
