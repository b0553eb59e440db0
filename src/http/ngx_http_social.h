
/*
 * The types that all rooms of src/http share: a site as configured, the record
 * of a request, a rendered widget.  Functions are in the rooms' own headers.
 *
 * A page:  view (who, which article) -> widget (its bytes, or the request
 *          waits for them) -> filter (inserts them) -> view (counts, log phase)
 *
 * A form:  request (parsed, checked) -> api -> job (group commit) -> request
 *          (the reply)
 */

#ifndef NGX_HTTP_SOCIAL_H_INCLUDED
#define NGX_HTTP_SOCIAL_H_INCLUDED


#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <ngx_channel.h>

#include "social.h"
#include "social_block.h"
#include "social_html.h"
#include "social_metrics.h"
#include "social_network.h"
#include "social_render.h"
#include "social_template.h"


typedef struct ngx_http_social_zone_s    ngx_http_social_zone_t;
typedef struct ngx_http_social_slot_s    ngx_http_social_slot_t;
typedef struct ngx_http_social_worker_s  ngx_http_social_worker_t;


/* a pattern in the configuration matches as a location does */

typedef enum {
    NGX_HTTP_SOCIAL_EXACT = 0,          /* = URI */
    NGX_HTTP_SOCIAL_PREFIX,             /* URI */
    NGX_HTTP_SOCIAL_REGEX               /* ~ or ~* PCRE2 */
} ngx_http_social_match_e;


typedef struct {
    ngx_http_social_match_e      how;
    ngx_str_t                    text;
#if (NGX_PCRE)
    ngx_regex_t                 *regex;
#endif
} ngx_http_social_pattern_t;


typedef struct {
    ngx_str_t                    name;
    ngx_http_social_pattern_t    pattern;
} ngx_http_social_goal_t;


typedef struct {
    ngx_str_t                    name;      /* template to replace */
    ngx_str_t                    file;      /* full path */
} ngx_http_social_override_t;


typedef enum {
    NGX_HTTP_SOCIAL_COMMENTS_FIRST = 0,
    NGX_HTTP_SOCIAL_COMMENTS_OPEN,
    NGX_HTTP_SOCIAL_COMMENTS_HOLD,
    NGX_HTTP_SOCIAL_COMMENTS_CLOSED,
    NGX_HTTP_SOCIAL_COMMENTS_OFF
} ngx_http_social_comments_e;


/* whom `notify` tells of comments; origin and moderate end with a NUL */

typedef struct {
    struct sockaddr             *sockaddr;
    socklen_t                    socklen;
    ngx_str_t                    host;      /* for the header Host */
    ngx_str_t                    uri;
    ngx_str_t                    origin;    /* of links, or "" */
    ngx_str_t                    moderate;  /* their path, or "" */
    unsigned                     text:1;    /* held comments' text, too */
} ngx_http_social_receiver_t;


/* social_site; in the cycle's pool, read-only once the workers run */

typedef struct {
    ngx_str_t                    name;
    u_char                      *file;      /* where it is defined */
    ngx_uint_t                   line;
    u_char                      *used_file; /* where it is first used */
    ngx_uint_t                   used_line;
    unsigned                     defined:1;
    unsigned                     shared:1;  /* other machines may use the
                                             * store */
    ngx_uint_t                   polling;   /* 1: this worker asks what they
                                             * have changed.  Not a bit: threads
                                             * read the bits above */

    ngx_str_t                    origin;    /* "https://host[:port]" or "" */
    ngx_str_t                    base;      /* its path: "/blog" or "" */
    ngx_str_t                    store;     /* "sqlite:/full/path\0", or
                                             * "postgresql://...\0" */
    ngx_str_t                    store_dir; /* "" if the store has none */
    size_t                       zone_size;
    ngx_msec_t                   flush;

    ngx_array_t                 *articles;  /* of pattern_t, NULL: all HTML */
    ngx_str_t                    articles_text; /* as configured, and NUL */
    ngx_array_t                 *goals;     /* of goal_t, or NULL */
    social_block_t              *block;     /* or NULL */
    ngx_http_complex_value_t    *key;       /* NULL: the request line */
    ngx_http_complex_value_t    *author;
    ngx_http_complex_value_t    *ignore;

    social_html_mode_e           insert;
    ngx_array_t                 *networks;  /* of const social_network_t *,
                                             * in order; NULL: share off */
    ngx_http_social_comments_e   comments;
    time_t                       close;     /* seconds after publication;
                                             * 0: never */
    ngx_flag_t                   reactions;
    unsigned                     oldest:1;  /* order oldest */

    ngx_uint_t                   limit_comments;  /* 0: no limits at all */
    time_t                       limit_time;
    ngx_uint_t                   limit_links;

    time_t                       retention_events;
    time_t                       retention_held;
    social_thresholds_t          metrics;

    ngx_array_t                 *overrides; /* of override_t, or NULL */
    social_template_set_t       *templates;
    ngx_str_t                    language;  /* "" : the page's */
    ngx_str_t                    privacy;   /* URL or "" */
    ngx_http_social_receiver_t  *notify;    /* NULL: nobody is told */

    social_render_site_t        *page;      /* what templates are given */

    ngx_str_t                    prefix;    /* of social_api: "/_social/" */
    ngx_str_t                    moderate;  /* first social_moderate prefix */
    ngx_str_t                    status;    /* first social_status location
                                             * that is not public */
    ngx_shm_zone_t              *shm;
    ngx_http_social_zone_t      *zone;      /* == shm->data after init */
    ngx_uint_t                   index;     /* in main conf's sites */
} ngx_http_social_site_t;


/* a style sheet or a script, as it is sent */

typedef struct {
    const char                  *name;
    const char                  *type;
    ngx_str_t                    body;
    uint32_t                     hash;      /* of the body */
} ngx_http_social_asset_t;


typedef struct {
    ngx_array_t                  sites;     /* of site_t * */
    ngx_array_t                  assets;    /* of asset_t */
    ngx_thread_pool_t           *pool;
} ngx_http_social_main_conf_t;


typedef struct {
    ngx_http_social_site_t      *inject;    /* social; NULL: off */
    ngx_http_social_site_t      *api;       /* these three do not inherit */
    ngx_http_social_site_t      *status;
    ngx_http_social_site_t      *moderate;
    unsigned                     status_public:1;
    time_t                       since;     /* when nginx read it: what is made
                                             * of templates may change then */
} ngx_http_social_loc_conf_t;


/* a rendered widget; immutable, reference counted */

typedef struct {
    ngx_str_t                    html;      /* one element, ASCII */
    ngx_str_t                    rev;       /* [0-9a-z]+, changes exactly
                                             * when html does */
    time_t                       modified;  /* last visible change */
    unsigned                     fallback:1;    /* a link to the thread: no
                                             * validators, no-store */
} ngx_http_social_widget_t;


/* class of a view; its names: ngx_http_social_view_variables.c */

typedef enum {
    NGX_HTTP_SOCIAL_NO_VIEW = 0,
    NGX_HTTP_SOCIAL_UNCONFIRMED,
    NGX_HTTP_SOCIAL_CONFIRMED,
    NGX_HTTP_SOCIAL_SELF,
    NGX_HTTP_SOCIAL_BOT,
    NGX_HTTP_SOCIAL_PREVIEW,
    NGX_HTTP_SOCIAL_PREFETCH,
    NGX_HTTP_SOCIAL_SCRIPT              /* fetched by a script: no view */
} ngx_http_social_view_class_e;


/* what a request was; its names: ngx_http_social_view_variables.c */

typedef enum {
    NGX_HTTP_SOCIAL_NO_EVENT = 0,
    NGX_HTTP_SOCIAL_EVENT_VIEW,
    NGX_HTTP_SOCIAL_EVENT_SHARE,
    NGX_HTTP_SOCIAL_EVENT_COMMENT,
    NGX_HTTP_SOCIAL_EVENT_REPLY,
    NGX_HTTP_SOCIAL_EVENT_REACTION,
    NGX_HTTP_SOCIAL_EVENT_EDIT,
    NGX_HTTP_SOCIAL_EVENT_DELETE,
    NGX_HTTP_SOCIAL_EVENT_MODERATE,
    NGX_HTTP_SOCIAL_EVENT_GOAL,
    NGX_HTTP_SOCIAL_EVENT_SEEN
} ngx_http_social_event_e;


/* what was found out for the record's site; zeroed when the site changes */

typedef struct {
    u_char                      *key_uri;       /* $uri that key is of */
    unsigned                     key_known:1;   /* key_ok is decided */
    unsigned                     key_ok:1;      /* the record's key is valid */
    unsigned                     key_final:1;   /* of error_page's $uri */
    unsigned                     article_known:1;
    unsigned                     article:1;     /* may carry a widget */
    unsigned                     author_known:1;
    unsigned                     author:1;      /* valid author cookie */
    unsigned                     badge:1;       /* and its badge */
    unsigned                     source_known:1;
    unsigned                     visitor_known:1;
    unsigned                     classified:1;
    unsigned                     widget_final:1;    /* pinned for key_final */
    unsigned                     limited:1;     /* the client has made too many
                                                 * articles, this was one */
    unsigned                     robot:4;       /* social_agent_robot_e */

    ngx_http_social_goal_t      *goal;          /* or NULL */
    ngx_http_social_view_class_e  class;
    ngx_http_social_view_class_e  person;       /* of PREFETCH and SCRIPT: who
                                                 * asked, by the agent and the
                                                 * rules for `self` */
    uint64_t                     visitor;       /* daily hash */
    const social_network_t      *shared;        /* of a valid tag, or NULL */
    const social_network_t      *preview;       /* that fetches, or NULL */
    ngx_http_social_widget_t    *widget;        /* pinned, or NULL */
} ngx_http_social_found_t;


/*
 * What is known of a main request; from ngx_http_social_view_rec().  Kept in
 * a pool cleanup, because internal redirects zero a module's context.
 */

typedef struct {
    ngx_http_social_site_t      *site;          /* never NULL */
    ngx_str_t                    key;           /* if found.key_ok */
    ngx_http_social_found_t      found;

    unsigned                     remembered:1;  /* a beacon may confirm it */
    unsigned                     pending:1;     /* in zone->pending */
    unsigned                     served:1;      /* 200, HTML, had a place;
                                                 * or 304 for such a page */
    unsigned                     counted:1;
    unsigned                     translated:1;  /* conditions, for upstream */
    unsigned                     wait_over:1;   /* do not wait again */
    ngx_msec_t                   wait_until;    /* 0: did not wait yet */

    void                        *input;         /* of the api rooms */

    /* the event's fields, empty unless set */
    ngx_http_social_event_e      event;
    ngx_uint_t                   source;        /* social_source number */
    ngx_str_t                    network;
    ngx_str_t                    comment;
    ngx_str_t                    parent;
    ngx_str_t                    role;
    ngx_str_t                    state;
    ngx_str_t                    goal_name;
    ngx_str_t                    action;        /* a moderator's */
} ngx_http_social_rec_t;


extern ngx_module_t  ngx_social_module;


#endif /* NGX_HTTP_SOCIAL_H_INCLUDED */
