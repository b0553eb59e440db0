
/*
 * Private to the configuration room:
 *
 *   ngx_http_social_conf.c            the directives of nginx.conf
 *   ngx_http_social_conf_site.c       the table of parameters of a social_site
 *   ngx_http_social_conf_params.c     ... and a function for each:
 *   ngx_http_social_conf_limits.c     those that are figures
 *   ngx_http_social_conf_template.c   templates
 *   ngx_http_social_conf_values.c     patterns, variables, names, times
 *   ngx_http_social_conf_url.c    origins, stores, links, languages
 *   ngx_http_social_conf_check.c      what can be judged only at the very end
 *   ngx_http_social_conf_message.c       messages, and the line of a value
 *
 * Runs while nginx reads its configuration, also in nginx -t: nothing here
 * creates or changes anything, but for ngx_http_social_conf_make_dirs().
 */

#ifndef NGX_HTTP_SOCIAL_CONF_H_INCLUDED
#define NGX_HTTP_SOCIAL_CONF_H_INCLUDED


#include "ngx_http_social.h"


/* the type of the module that owns the parameters, and their context */

#define NGX_HTTP_SOCIAL_SITE_MODULE  0x54495353     /* "SSIT" */
#define NGX_HTTP_SOCIAL_SITE_CONF    0x02000000


/* a value that is looked at again at the end, and where it stands */

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


/* what nginx holds for us: the public part, then the room's own */

typedef struct {
    ngx_http_social_main_conf_t  main;
    ngx_array_t                  locations;    /* of place_t */
    ngx_array_t                  uses;      /* of mark_t: a site's name */
    ngx_array_t                  values;    /* of mark_t: with variables */
    ngx_array_t                  stores;    /* of mark_t: canonical paths */
} ngx_http_social_conf_t;

typedef struct {
    ngx_http_social_loc_conf_t   loc;
    ngx_http_handler_pt          handler;
} ngx_http_social_conf_loc_t;


/* seconds: bounds of times */

#define NGX_HTTP_SOCIAL_CONF_DAY     86400
#define NGX_HTTP_SOCIAL_CONF_LONG    (50 * 366 * NGX_HTTP_SOCIAL_CONF_DAY)


/* a template that the site brings */

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


/* the addresses that pages name, once all locations are known */
ngx_int_t ngx_http_social_conf_page_finish(ngx_conf_t *cf,
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

/* makes store directories; from init_module, never in nginx -t */
ngx_int_t ngx_http_social_conf_make_dirs(ngx_cycle_t *cycle);


/* messages: ngx_http_social_conf_message.c */

/* the line where an argument of the directive being read begins */
ngx_uint_t ngx_http_social_conf_line(ngx_conf_t *cf, ngx_uint_t arg);

/* `invalid value "ARG" in "DIRECTIVE": ...' at that line; returns
 * NGX_CONF_ERROR, so that a parser can return it */
char *ngx_http_social_conf_bad(ngx_conf_t *cf, ngx_uint_t arg,
    const char *fmt, ...);

/* the same of a value that was marked */
ngx_int_t ngx_http_social_conf_bad_pos(ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *pos, const char *fmt, ...);

void ngx_http_social_conf_warn(ngx_conf_t *cf, u_char *file, ngx_uint_t line,
    const char *fmt, ...);

/* nginx's own `"DIRECTIVE" directive is duplicate', at the line of its name */
char *ngx_http_social_conf_duplicate(ngx_conf_t *cf);

/* fills a pos with an argument of the directive being read */
void ngx_http_social_conf_set_pos(ngx_conf_t *cf,
    ngx_http_social_conf_pos_t *pos, ngx_http_social_site_t *site,
    ngx_uint_t arg);


/* the block: ngx_http_social_conf_site.c */

char *ngx_http_social_conf_site(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);

/* 1 and a [warn] if `what' is accepted, but not built yet */
ngx_uint_t ngx_http_social_conf_not_built(ngx_conf_t *cf, ngx_uint_t arg,
    const char *what);


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

void *ngx_http_social_conf_push(ngx_conf_t *cf, ngx_array_t **array,
    size_t size);

/* the built-in templates, with the site's own in place of theirs */
char *ngx_http_social_conf_templates(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft);


/* values: ngx_http_social_conf_values.c and so on; where they return
 * NGX_CONF_ERROR the message has been given */

char *ngx_http_social_conf_pattern(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_pattern_t *pattern);
/* compiles pattern->text */
char *ngx_http_social_conf_regex(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_pattern_t *pattern, ngx_uint_t caseless, ngx_uint_t utf);
char *ngx_http_social_conf_value(ngx_conf_t *cf,
    ngx_http_social_conf_draft_t *draft, ngx_uint_t arg,
    ngx_http_complex_value_t **value);
char *ngx_http_social_conf_origin(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_str_t *origin);
char *ngx_http_social_conf_store(ngx_conf_t *cf, ngx_uint_t arg,
    ngx_http_social_site_t *site);

/* "sqlite:PATH" from a full path, and the directory of it */
ngx_int_t ngx_http_social_conf_sqlite(ngx_conf_t *cf, ngx_str_t *path,
    ngx_http_social_site_t *site);

/* seconds (or milliseconds) from min to max, else NGX_ERROR */
ngx_int_t ngx_http_social_conf_time(ngx_str_t *text, ngx_uint_t is_sec,
    ngx_int_t min, ngx_int_t max);

/* 1 if the argument begins with `name', "close=": the rest is the value */
ngx_uint_t ngx_http_social_conf_named(ngx_str_t *arg, const char *name,
    ngx_str_t *value);

ngx_uint_t ngx_http_social_conf_is_language(ngx_str_t *tag);
ngx_uint_t ngx_http_social_conf_is_link(ngx_str_t *link);
ngx_uint_t ngx_http_social_conf_is_name(ngx_str_t *name, size_t max);

/*
 * The next variable in a value from *offset on: 1 and its name, 0: no more,
 * NGX_ERROR: a "$" without a name.
 */
ngx_int_t ngx_http_social_conf_variable(ngx_str_t *text, size_t *offset,
    ngx_str_t *name);


/* from other rooms */

/* the site's templates as they are built in, into site->templates: lives as
 * long as the cycle's pool */
ngx_int_t ngx_http_social_conf_page_templates(ngx_conf_t *cf,
    ngx_http_social_site_t *site);

/* the i-th built-in template's name, NULL at the end */
const char *ngx_http_social_conf_template_name(ngx_uint_t i);


#endif /* NGX_HTTP_SOCIAL_CONF_H_INCLUDED */
