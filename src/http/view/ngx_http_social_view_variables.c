
/*
 * The $social_* variables: a request's event, for log formats.  They are empty
 * until the header is sent, where there is no event, and in subrequests, so
 * that an event is logged once.
 *
 * They must never hold an address, an agent, a name or text of a reader.
 * Event loop only.
 */

#include "ngx_http_social_view_variables.h"
#include "ngx_http_social_view.h"
#include "social_source.h"


typedef enum {
    NGX_HTTP_SOCIAL_VAR_EVENT = 0,
    NGX_HTTP_SOCIAL_VAR_SITE,
    NGX_HTTP_SOCIAL_VAR_ARTICLE,
    NGX_HTTP_SOCIAL_VAR_CLASS,
    NGX_HTTP_SOCIAL_VAR_NETWORK,
    NGX_HTTP_SOCIAL_VAR_SOURCE,
    NGX_HTTP_SOCIAL_VAR_COMMENT,
    NGX_HTTP_SOCIAL_VAR_PARENT,
    NGX_HTTP_SOCIAL_VAR_ROLE,
    NGX_HTTP_SOCIAL_VAR_STATE,
    NGX_HTTP_SOCIAL_VAR_GOAL,
    NGX_HTTP_SOCIAL_VAR_ACTION
} ngx_http_social_view_var_e;


static ngx_int_t ngx_http_social_view_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data);


static ngx_http_variable_t  ngx_http_social_view_variables[] = {

#define social_variable(name, which)                                          \
    { ngx_string("social_" name), NULL, ngx_http_social_view_variable,        \
      NGX_HTTP_SOCIAL_VAR_##which, NGX_HTTP_VAR_NOCACHEABLE, 0 }

    social_variable("event", EVENT),
    social_variable("site", SITE),
    social_variable("article", ARTICLE),
    social_variable("class", CLASS),
    social_variable("network", NETWORK),
    social_variable("source", SOURCE),
    social_variable("comment", COMMENT),
    social_variable("parent", PARENT),
    social_variable("role", ROLE),
    social_variable("state", STATE),
    social_variable("goal", GOAL),
    social_variable("action", ACTION),

    ngx_http_null_variable
};


/* by ngx_http_social_event_e */

static ngx_str_t  ngx_http_social_view_event_names[] = {
    ngx_null_string,
    ngx_string("view"),
    ngx_string("share"),
    ngx_string("comment"),
    ngx_string("reply"),
    ngx_string("reaction"),
    ngx_string("edit"),
    ngx_string("delete"),
    ngx_string("moderate"),
    ngx_string("goal"),
    ngx_string("seen")
};


/* by ngx_http_social_view_class_e */

static ngx_str_t  ngx_http_social_view_class_names[] = {
    ngx_null_string,
    ngx_string("unconfirmed"),
    ngx_string("confirmed"),
    ngx_string("self"),
    ngx_string("bot"),
    ngx_string("preview"),
    ngx_string("prefetch"),
    ngx_string("script")
};


ngx_str_t *
ngx_http_social_view_event_name(ngx_http_social_event_e event)
{
    return &ngx_http_social_view_event_names[event];
}


ngx_str_t *
ngx_http_social_view_class_name(ngx_http_social_view_class_e class)
{
    return &ngx_http_social_view_class_names[class];
}


static ngx_str_t
ngx_http_social_view_cstr(const char *text)
{
    ngx_str_t  s;

    s.data = (u_char *) (text ? text : "");
    s.len = ngx_strlen(s.data);

    return s;
}


static ngx_str_t
ngx_http_social_view_var_network(ngx_http_social_rec_t *rec)
{
    const social_network_t  *network;

    if (rec->network.len) {
        return rec->network;
    }

    network = rec->found.preview ? rec->found.preview : rec->found.shared;

    return ngx_http_social_view_cstr(network ? network->id : NULL);
}


static ngx_str_t
ngx_http_social_view_var(ngx_http_social_rec_t *rec,
    ngx_http_social_view_var_e which)
{
    ngx_str_t  none = ngx_null_string;

    switch (which) {

    case NGX_HTTP_SOCIAL_VAR_EVENT:
        return *ngx_http_social_view_event_name(rec->event);

    case NGX_HTTP_SOCIAL_VAR_SITE:
        return rec->site->name;

    case NGX_HTTP_SOCIAL_VAR_ARTICLE:
        return rec->found.key_ok ? rec->key : none;

    case NGX_HTTP_SOCIAL_VAR_CLASS:
        return (rec->event == NGX_HTTP_SOCIAL_EVENT_VIEW
                || rec->event == NGX_HTTP_SOCIAL_EVENT_SEEN)
               ? *ngx_http_social_view_class_name(rec->found.class) : none;

    case NGX_HTTP_SOCIAL_VAR_NETWORK:
        return ngx_http_social_view_var_network(rec);

    case NGX_HTTP_SOCIAL_VAR_SOURCE:
        return ngx_http_social_view_cstr(social_source_id(rec->source));

    case NGX_HTTP_SOCIAL_VAR_COMMENT:
        return rec->comment;

    case NGX_HTTP_SOCIAL_VAR_PARENT:
        return rec->parent;

    case NGX_HTTP_SOCIAL_VAR_ROLE:
        return rec->role;

    case NGX_HTTP_SOCIAL_VAR_STATE:
        return rec->state;

    case NGX_HTTP_SOCIAL_VAR_GOAL:
        return rec->goal_name;

    case NGX_HTTP_SOCIAL_VAR_ACTION:
        return rec->action;
    }

    return none;
}


static ngx_int_t
ngx_http_social_view_variable(ngx_http_request_t *r,
    ngx_http_variable_value_t *v, uintptr_t data)
{
    ngx_str_t               s;
    ngx_http_social_rec_t  *rec;

    ngx_str_null(&s);
    rec = (r == r->main) ? ngx_http_social_view_resolve(r) : NULL;

    if (rec && rec->event) {
        s = ngx_http_social_view_var(rec, data);
    }

    v->len = s.len;
    v->data = s.data;
    v->valid = 1;
    v->no_cacheable = 1;
    v->not_found = 0;

    return NGX_OK;
}


ngx_int_t
ngx_http_social_view_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_http_social_view_variables; v->name.len; v++) {
        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}
