
/*
 * The arguments of the status: which period, which articles, which format.
 * Each wrong one is refused with a message that names it.  Event loop only.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_view_header.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_admin_status.h"
#include "social_status_formats.h"
#include "social_url.h"


typedef struct {
    const char                             *name;
    ngx_http_social_admin_status_format_e   format;
} ngx_http_social_admin_named_t;


static const ngx_http_social_admin_named_t  ngx_http_social_admin_formats[] = {
    { "html", NGX_HTTP_SOCIAL_ADMIN_STATUS_HTML },
    { "json", NGX_HTTP_SOCIAL_ADMIN_STATUS_JSON },
    { "csv", NGX_HTTP_SOCIAL_ADMIN_STATUS_CSV },
    { "prometheus", NGX_HTTP_SOCIAL_ADMIN_STATUS_PROMETHEUS },
    { "atom", NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM }
};


/* what a client that wants it says in Accept; browsers accept everything, but
 * name text/html */

static const ngx_http_social_admin_named_t  ngx_http_social_admin_accepts[] = {
    { "text/html", NGX_HTTP_SOCIAL_ADMIN_STATUS_HTML },
    { "application/json", NGX_HTTP_SOCIAL_ADMIN_STATUS_JSON },
    { "application/openmetrics-text",
      NGX_HTTP_SOCIAL_ADMIN_STATUS_PROMETHEUS },
    { "version=0.0.4", NGX_HTTP_SOCIAL_ADMIN_STATUS_PROMETHEUS },
    { "application/atom+xml", NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM },
    { "text/csv", NGX_HTTP_SOCIAL_ADMIN_STATUS_CSV }
};


static ngx_int_t
ngx_http_social_admin_status_refuse(ngx_http_social_input_t *in,
    const char *message, const char *field)
{
    return ngx_http_social_request_error(in, NGX_HTTP_BAD_REQUEST, "malformed",
                                         message, field);
}


static ngx_http_social_admin_status_format_e
ngx_http_social_admin_status_accept(ngx_http_request_t *r)
{
    ngx_str_t   *accept;
    ngx_uint_t   i;

    accept = ngx_http_social_view_request_header(r, "accept");

    for (i = 0; i < social_nelts(ngx_http_social_admin_accepts); i++) {

        if (ngx_http_social_view_contains(
                accept, ngx_http_social_admin_accepts[i].name))
        {
            return ngx_http_social_admin_accepts[i].format;
        }
    }

    return NGX_HTTP_SOCIAL_ADMIN_STATUS_HTML;
}


/* a feed and metrics are for the owner: a public page has neither */

static ngx_int_t
ngx_http_social_admin_status_is_allowed(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_format_e format)
{
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(in->request, ngx_social_module);

    if (!lcf->status_public
        || (format != NGX_HTTP_SOCIAL_ADMIN_STATUS_PROMETHEUS
            && format != NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM))
    {
        return NGX_OK;
    }

    (void) ngx_http_social_request_error(in, NGX_HTTP_FORBIDDEN, "public",
        "This status page is public: it has no feed and no metrics.",
        "format");

    return NGX_DECLINED;
}


ngx_int_t
ngx_http_social_admin_status_format(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_format_e *format)
{
    ngx_uint_t           i;
    const social_str_t  *name;

    *format = ngx_http_social_admin_status_accept(in->request);
    name = social_form_get(in->form, "format");

    if (name != NULL && name->len != 0) {

        for (i = 0; i < social_nelts(ngx_http_social_admin_formats);
             i++)
        {
            if (ngx_http_social_request_is(
                    name, ngx_http_social_admin_formats[i].name))
            {
                break;
            }
        }

        if (i == social_nelts(ngx_http_social_admin_formats)) {
            (void) ngx_http_social_admin_status_refuse(in,
                "The format must be html, json, csv, prometheus or atom.",
                "format");
            return NGX_DECLINED;
        }

        *format = ngx_http_social_admin_formats[i].format;
    }

    in->json = (*format != NGX_HTTP_SOCIAL_ADMIN_STATUS_HTML);

    return ngx_http_social_admin_status_is_allowed(in, *format);
}


/* an argument as a C string, copied to *p; "" if it is missing */

static const char *
ngx_http_social_admin_status_arg(ngx_http_social_input_t *in, const char *name,
    char **p)
{
    char                *text;
    const social_str_t  *value;

    value = social_form_get(in->form, name);
    if (value == NULL) {
        return "";
    }

    text = *p;
    *p = (char *) ngx_cpymem(text, value->data, value->len);
    *(*p)++ = '\0';

    return text;
}


/* an argument that is a number from 1; 0: it is missing; NGX_DECLINED: refused
 * and answered */

static ngx_int_t
ngx_http_social_admin_status_number(ngx_http_social_input_t *in,
    const char *name, int64_t *number)
{
    const social_str_t  *value;

    *number = 0;
    value = social_form_get(in->form, name);

    if (value == NULL || value->len == 0) {
        return NGX_OK;
    }

    *number = social_id_number(value->data, value->len);

    if (*number > 0) {
        return NGX_OK;
    }

    (void) ngx_http_social_admin_status_refuse(in,
        "This must be a whole number from 1.", name);

    return NGX_DECLINED;
}


static ngx_uint_t
ngx_http_social_admin_status_is_dir(const char *dir)
{
    return dir[0] == '\0' || ngx_strcmp(dir, "asc") == 0
           || ngx_strcmp(dir, "desc") == 0;
}


static social_str_t
ngx_http_social_admin_status_text(const char *text)
{
    social_str_t  str;

    str.data = (const unsigned char *) text;
    str.len = strlen(text);

    return str;
}


/* days, or else a name */

static ngx_int_t
ngx_http_social_admin_status_period(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_t *st, const char *from, const char *to)
{
    const char  *field, *message;

    if (from[0] || to[0]) {
        st->query.period = "";

        if (social_status_days(ngx_http_social_admin_status_text(from),
                               ngx_http_social_admin_status_text(to),
                               &st->period, &field, &message)
            == SOCIAL_OK)
        {
            return NGX_OK;
        }

        (void) ngx_http_social_admin_status_refuse(in, message, field);
        return NGX_DECLINED;
    }

    if (st->query.period[0] == '\0') {
        st->query.period = "28d";
    }

    if (social_status_period(ngx_http_social_admin_status_text(
                                 st->query.period),
                             st->query.now, &st->period)
        == SOCIAL_OK)
    {
        return NGX_OK;
    }

    (void) ngx_http_social_admin_status_refuse(in,
        "The period must be 24h, 7d, 28d, 90d, 365d or all.", "period");

    return NGX_DECLINED;
}


/* which articles, and in which order; NGX_DECLINED: refused and answered */

static ngx_int_t
ngx_http_social_admin_status_check(ngx_http_social_input_t *in,
    social_status_query_t *query)
{
    social_str_t  text;

    text = ngx_http_social_admin_status_text(query->sort);

    if (text.len && !social_status_sortable(text)) {
        (void) ngx_http_social_admin_status_refuse(in,
            "The articles cannot be sorted by that.", "sort");
        return NGX_DECLINED;
    }

    text = ngx_http_social_admin_status_text(query->class);

    if (text.len && !social_status_is_class(text)) {
        (void) ngx_http_social_admin_status_refuse(in,
            "The class must be new, conversation, unheard, amplified, "
            "applauded, passive or quiet.", "class");
        return NGX_DECLINED;
    }

    if (!ngx_http_social_admin_status_is_dir(query->dir)) {
        (void) ngx_http_social_admin_status_refuse(in,
            "The direction must be asc or desc.", "dir");
        return NGX_DECLINED;
    }

    if (ngx_http_social_admin_status_number(in, "limit", &query->limit)
            != NGX_OK
        || ngx_http_social_admin_status_number(in, "page", &query->page)
               != NGX_OK)
    {
        return NGX_DECLINED;
    }

    query->limit = ngx_min(query->limit, SOCIAL_STATUS_LIMIT_MAX);

    return NGX_OK;
}


/* names of goals and networks, which live as long as the configuration */

static void
ngx_http_social_admin_status_names(ngx_http_social_site_t *site,
    ngx_http_social_admin_status_t *st)
{
    ngx_uint_t                i;
    ngx_http_social_goal_t   *goal;
    const social_network_t  **network;

    if (site->goals != NULL) {
        goal = site->goals->elts;

        for (i = 0; i < site->goals->nelts; i++) {
            st->goals[i] = (const char *) goal[i].name.data;
        }

        st->query.goals = st->goals;
        st->query.ngoals = site->goals->nelts;
    }

    if (site->networks != NULL) {
        network = site->networks->elts;

        for (i = 0; i < site->networks->nelts; i++) {
            st->networks[i] = network[i]->id;
        }

        st->nnetworks = site->networks->nelts;
    }
}


/* which of the two text formats of Prometheus */

static ngx_uint_t
ngx_http_social_admin_status_is_classic(ngx_http_request_t *r)
{
    ngx_str_t     *accept;
    social_str_t   text;

    accept = ngx_http_social_view_request_header(r, "accept");
    text.data = accept ? accept->data : (u_char *) "";
    text.len = accept ? accept->len : 0;

    return social_openmetrics_is_classic(text);
}


/* scheme and host of this site; path and query of this request, as readers see
 * them: a feed has absolute addresses */

static void
ngx_http_social_admin_status_addresses(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_t *st)
{
    char                *p;
    ngx_str_t           *host;
    social_str_t         origin, scheme, name, path;
    ngx_http_request_t  *r;

    r = in->request;
    p = st->args;
    origin.data = in->site->origin.data;
    origin.len = in->site->origin.len;
    st->query.origin = p;

    if (social_url_split(origin, &scheme, &name, &path)) {
        p = (char *) ngx_cpymem(p, origin.data, origin.len - path.len);

    } else {
        host = r->headers_in.host ? &r->headers_in.host->value
                                  : &r->headers_in.server;
        p = (char *) ngx_cpymem(p, ngx_http_social_view_is_https(r)
                                   ? "https://" : "http://",
                                ngx_http_social_view_is_https(r) ? 8 : 7);
        p = (char *) ngx_cpymem(p, host->data, host->len);
    }

    *p++ = '\0';
    st->query.self = p;

    if (in->site->base.len) {
        p = (char *) ngx_cpymem(p, in->site->base.data, in->site->base.len);
    }

    p = (char *) ngx_cpymem(p, r->unparsed_uri.data, r->unparsed_uri.len);
    *p++ = '\0';
    st->args = p;
}


size_t
ngx_http_social_admin_status_size(ngx_http_social_input_t *in)
{
    size_t               host;
    ngx_http_request_t  *r;

    r = in->request;
    host = r->headers_in.host ? r->headers_in.host->value.len
                              : r->headers_in.server.len;

    /* the arguments, each with a NUL; origin, base, host and address */

    return r->args.len + in->site->origin.len + in->site->base.len + host
           + r->unparsed_uri.len + 64;
}


ngx_int_t
ngx_http_social_admin_status_query(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_t *st)
{
    const char                  *from, *to;
    social_status_query_t       *query;
    ngx_http_social_loc_conf_t  *lcf;

    query = &st->query;
    lcf = ngx_http_get_module_loc_conf(in->request, ngx_social_module);

    query->site = in->site->page->name;
    query->now = ngx_time();
    query->thresholds = &in->site->metrics;
    query->reactions = in->site->reactions;
    query->health = &st->health;
    query->moderate = in->site->page->moderate;
    query->base = in->site->page->base;
    query->is_public = lcf->status_public;
    st->since = lcf->since;
    st->classic = ngx_http_social_admin_status_is_classic(in->request);

    if (query->is_public) {
        query->moderate = NULL;
    }

    query->period = ngx_http_social_admin_status_arg(in, "period", &st->args);
    query->sort = ngx_http_social_admin_status_arg(in, "sort", &st->args);
    query->dir = ngx_http_social_admin_status_arg(in, "dir", &st->args);
    query->q = ngx_http_social_admin_status_arg(in, "q", &st->args);
    query->class = ngx_http_social_admin_status_arg(in, "class", &st->args);
    query->article = ngx_http_social_admin_status_arg(in, "article",
                                                      &st->args);
    from = ngx_http_social_admin_status_arg(in, "from", &st->args);
    to = ngx_http_social_admin_status_arg(in, "to", &st->args);

    ngx_http_social_admin_status_names(in->site, st);
    ngx_http_social_admin_status_addresses(in, st);

    if (ngx_http_social_admin_status_period(in, st, from, to) != NGX_OK) {
        return NGX_DECLINED;
    }

    return ngx_http_social_admin_status_check(in, query);
}
