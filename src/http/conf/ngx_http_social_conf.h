
/*
 * Private to src/http/conf, but for what ngx_social_module.c calls:
 *
 *   ngx_http_social_conf.c            the directives of nginx.conf
 *   ngx_http_social_conf_site.c       the table of parameters of a social_site
 *   ngx_http_social_conf_params.c     a function for each parameter:
 *   ngx_http_social_conf_limits.c     those that are numbers
 *   ngx_http_social_conf_template.c   templates
 *   ngx_http_social_conf_notify.c     whom to tell of comments
 *   ngx_http_social_conf_values.c     patterns, variables, names, times
 *   ngx_http_social_conf_url.c        origins, stores, links, languages
 *   ngx_http_social_conf_asset.c      style sheets and scripts as they are sent
 *   ngx_http_social_conf_page.c       what a site's pages are rendered from
 *   ngx_http_social_conf_check.c      checks of the whole configuration
 *   ngx_http_social_conf_postgres.c   a store in PostgreSQL
 *   ngx_http_social_conf_owner.c      whether the workers can use a store
 *   ngx_http_social_conf_check_moderate.c     passwords of moderators
 *   ngx_http_social_conf_message.c    messages, and the line of a value
 *
 * Runs while nginx reads its configuration, also in nginx -t.  Must not create
 * or change anything outside of it, but for ngx_http_social_conf_make_dirs().
 */

#ifndef NGX_HTTP_SOCIAL_CONF_H_INCLUDED
#define NGX_HTTP_SOCIAL_CONF_H_INCLUDED


#include "ngx_http_social.h"


/* type and context of the module whose directives are the parameters */

#define NGX_HTTP_SOCIAL_SITE_MODULE  0x54495353     /* "SSIT" */
#define NGX_HTTP_SOCIAL_SITE_CONF    0x02000000


/* an argument and where it is, for a message given later */

typedef struct {
    ngx_http_social_site_t      *site;
    const char                  *param;
    ngx_str_t                    text;
    u_char                      *file;
    ngx_uint_t                   line;
} ngx_http_social_conf_pos_t;


/* a location of social_api, social_status or social_moderate */

typedef struct {
    ngx_http_social_conf_pos_t  pos;
    ngx_http_core_loc_conf_t    *clcf;
    ngx_http_core_srv_conf_t    *cscf;
    ngx_http_handler_pt          handler;   /* or NULL */
} ngx_http_social_conf_location_t;


/* the main configuration: the part that all rooms see must be first */

typedef struct {
    ngx_http_social_main_conf_t  main;
    ngx_array_t                  locations; /* of location_t */
    ngx_array_t                  uses;      /* of pos_t: a site's name */
    ngx_array_t                  values;    /* of pos_t: with variables */
    ngx_array_t                  stores;    /* of pos_t: one of each site */
    social_language_t           *languages; /* built in, of all sites */
    size_t                       nlanguages;
} ngx_http_social_conf_t;

typedef struct {
    ngx_http_social_loc_conf_t   loc;
    ngx_http_handler_pt          handler;
} ngx_http_social_conf_loc_t;


/* bounds of times, in seconds */

#define NGX_HTTP_SOCIAL_CONF_DAY     86400
#define NGX_HTTP_SOCIAL_CONF_LONG    (50 * 366 * NGX_HTTP_SOCIAL_CONF_DAY)


/* a template of the site, from a file */

typedef struct {
    ngx_http_social_conf_pos_t  pos;      /* text: its name */
    ngx_str_t                    source;
} ngx_http_social_conf_source_t;


/* a social_site block while it is read */

typedef struct {
    ngx_http_social_site_t      *site;
    ngx_http_social_conf_t      *scf;
    uint64_t                     seen;      /* a bit for each parameter */
    ngx_array_t                 *sources;   /* of source_t, or NULL */
    ngx_http_social_conf_pos_t  store;
} ngx_http_social_conf_draft_t;

typedef char *(*ngx_http_social_conf_param_pt)(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);


extern ngx_module_t  ngx_social_site_module;


/* fills in assets, of ngx_http_social_asset_t */
ngx_int_t ngx_http_social_conf_assets(ngx_conf_t *cf, ngx_array_t *assets);

/* fills in site->page; from postconfiguration, as it needs the locations.
 * NGX_ERROR: no memory */
ngx_int_t ngx_http_social_conf_page_finish(ngx_conf_t *cf,
    ngx_http_social_site_t *site);

/* what notices link to; from postconfiguration, too */
ngx_int_t ngx_http_social_conf_notify_finish(ngx_conf_t *cf,
    ngx_http_social_site_t *site);

/* handlers of directives and configurations, for the module */

void *ngx_http_social_conf_create_main(ngx_conf_t *cf);
char *ngx_http_social_conf_init_main(ngx_conf_t *cf, void *conf);
void *ngx_http_social_conf_create_loc(ngx_conf_t *cf);
char *ngx_http_social_conf_merge_loc(ngx_conf_t *cf, void *parent,
    void *child);
char *ngx_http_social_conf_site_block(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_social_conf_inject(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_social_conf_location(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);

/* checks that need the whole configuration; from postconfiguration */
ngx_int_t ngx_http_social_conf_check(ngx_conf_t *cf);

/* ngx_http_social_conf_check_moderate.c */

/* NGX_ERROR: a social_moderate location asks for no password, reported */
ngx_int_t ngx_http_social_conf_check_passwords(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf);

/* warns of sites whose comments can be held, but not be moderated */
void ngx_http_social_conf_check_moderated(ngx_conf_t *cf,
    ngx_http_social_conf_t *scf);

/* 1 if the host of the origin is one for examples, such as "blog.example" */
ngx_uint_t ngx_http_social_conf_check_is_example(ngx_str_t *origin);

/* creates the last directory of each store's path; from init_module, but not in
 * nginx -t */
ngx_int_t ngx_http_social_conf_make_dirs(ngx_cycle_t *cycle);


/* warns of stores that the worker user cannot use; from postconfiguration:
 * ngx_http_social_conf_owner.c */
void ngx_http_social_conf_warn_owner(ngx_conf_t *cf);


/* messages: ngx_http_social_conf_message.c */

/* the line where an argument of the directive being read begins */
ngx_uint_t ngx_http_social_conf_line(ngx_conf_t *cf, ngx_uint_t arg);

/* logs `invalid value "ARG" in "DIRECTIVE": ...` with that line; returns
 * NGX_CONF_ERROR, so that a parser can return it */
char *ngx_http_social_conf_bad(ngx_conf_t *cf, ngx_uint_t arg,
    const char *fmt, ...);

/* the same about an argument that was kept; returns NGX_ERROR */
ngx_int_t ngx_http_social_conf_bad_pos(ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *pos, const char *fmt, ...);

/* a [warn] with this file and line */
void ngx_http_social_conf_warn(ngx_conf_t *cf, u_char *file, ngx_uint_t line,
    const char *fmt, ...);

/* return what this returns: nginx then logs `"DIRECTIVE" directive is
 * duplicate` with the line of its name */
char *ngx_http_social_conf_duplicate(ngx_conf_t *cf);

/* keeps an argument of the directive being read in *pos */
void ngx_http_social_conf_set_pos(ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *pos, ngx_http_social_site_t *site,
    ngx_uint_t arg);


/* the block: ngx_http_social_conf_site.c */

char *ngx_http_social_conf_site(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);


/* the parameters: ngx_http_social_conf_params.c and so on */

char *ngx_http_social_conf_set_origin(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_store(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_zone(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_flush(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_article(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_key(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_insert(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_share(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_comments(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_reactions(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_order(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_goal(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_author(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_block(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_limit(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_ignore(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_retention(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_metrics(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_template(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_language(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_privacy(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);
char *ngx_http_social_conf_set_notify(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);

/* pushes an element to an array that is created for its first one; NULL: no
 * memory */
void *ngx_http_social_conf_push(ngx_conf_t *cf, ngx_array_t **array,
    size_t size);

/* fills in site->templates: the built-in ones and the site's own */
char *ngx_http_social_conf_templates(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);


/* parsers of values: ngx_http_social_conf_values.c and so on; those that return
 * NGX_CONF_ERROR have logged why */

char *ngx_http_social_conf_pattern(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_pattern_t *pattern);
/* compiles pattern->text */
char *ngx_http_social_conf_regex(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_pattern_t *pattern, ngx_uint_t caseless, ngx_uint_t utf);
char *ngx_http_social_conf_value(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft, ngx_uint_t arg,
    ngx_http_complex_value_t **value);
/* base: the path, without a slash at its end */
char *ngx_http_social_conf_origin(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_str_t *origin, ngx_str_t *base);
char *ngx_http_social_conf_store(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_site_t *site);

/* sets site->store from an argument that begins with "postgresql://":
 * ngx_http_social_conf_postgres.c */
char *ngx_http_social_conf_postgres(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_site_t *site);

/* sets site->store and site->store_dir from a full path */
ngx_int_t ngx_http_social_conf_sqlite(ngx_conf_t *cf, ngx_str_t *path,
    ngx_http_social_site_t *site);

/* seconds (or milliseconds) from min to max, else NGX_ERROR */
ngx_int_t ngx_http_social_conf_time(ngx_str_t *text, ngx_uint_t is_sec,
    ngx_int_t min, ngx_int_t max);

/* 1 if the argument begins with `name`, such as "close="; the rest is value */
ngx_uint_t ngx_http_social_conf_named(ngx_str_t *arg, const char *name,
    ngx_str_t *value);

ngx_uint_t ngx_http_social_conf_is_language(ngx_str_t *tag);

/* the built-in languages, for messages: "ar", "de", ... */
char *ngx_http_social_conf_language_list(ngx_conf_t *cf);
ngx_uint_t ngx_http_social_conf_is_link(ngx_str_t *link);
ngx_uint_t ngx_http_social_conf_is_name(ngx_str_t *name, size_t max);

/*
 * Finds the next variable of a value from *offset on and moves *offset behind
 * it.  1: fills in its name; 0: there are no more; NGX_ERROR: a "$" without a
 * name.
 */
ngx_int_t ngx_http_social_conf_variable(ngx_str_t *text, size_t *offset,
    ngx_str_t *name);


/* ngx_http_social_conf_page.c */

/* creates site->page and site->templates with the built-in templates; they live
 * as long as the cycle's pool */
ngx_int_t ngx_http_social_conf_page_templates(ngx_conf_t *cf,
    ngx_http_social_site_t *site);

/* the i-th built-in template's name, NULL at the end */
const char *ngx_http_social_conf_template_name(ngx_uint_t i);


#endif /* NGX_HTTP_SOCIAL_CONF_H_INCLUDED */
