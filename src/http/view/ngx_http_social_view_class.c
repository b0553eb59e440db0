
/*
 * The class of a view and its source, decided once, from the request alone.
 * The rules are in docs/metrics.md.
 *
 * Must not touch the store.  Event loop only.
 */

#include <sys/random.h>

#include "ngx_http_social_view.h"
#include "ngx_http_social_view_header.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_agent.h"
#include "social_source.h"
#include "social_tag.h"


#define NGX_HTTP_SOCIAL_VIEW_TAGS  4     /* checked of a request, at most */


/* what a request's headers say of its purpose */

typedef struct {
    ngx_uint_t   prefetch;
    ngx_str_t   *dest;              /* Sec-Fetch-Dest, or NULL */
    ngx_str_t   *mode;              /* Sec-Fetch-Mode, or NULL */
} ngx_http_social_view_purpose_t;


typedef struct {
    ngx_str_t    name;
    const char  *word[2];           /* either makes it a prefetch */
} ngx_http_social_view_prefetch_t;


/* made before the workers are forked, so each has its own copy */

static social_agent_t  *ngx_http_social_view_agents;


static ngx_http_social_view_prefetch_t
    ngx_http_social_view_prefetch_headers[] = {
        { ngx_string("sec-purpose"), { "prefetch", NULL } },
        { ngx_string("purpose"), { "prefetch", "preview" } },
        { ngx_string("x-purpose"), { "prefetch", "preview" } },
        { ngx_string("x-moz"), { "prefetch", NULL } },
        { ngx_null_string, { NULL, NULL } }
    };


static void
ngx_http_social_view_agents_destroy(void *data)
{
    social_agent_destroy(data);
}


ngx_int_t
ngx_http_social_view_init(ngx_conf_t *cf)
{
    u_char               key[SOCIAL_AGENT_KEY];
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->cycle->pool, 0);

    if (cln == NULL || getrandom(key, sizeof(key), 0) != sizeof(key)) {
        return NGX_ERROR;
    }

    ngx_http_social_view_agents = social_agent_create(key);
    if (ngx_http_social_view_agents == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "social: no memory for the table of agents");
        return NGX_ERROR;
    }

    cln->handler = ngx_http_social_view_agents_destroy;
    cln->data = ngx_http_social_view_agents;

    return NGX_OK;
}


static social_str_t
ngx_http_social_view_str(ngx_str_t *s)
{
    social_str_t  text = { 0, (const unsigned char *) "" };

    if (s) {
        text.len = s->len;
        text.data = s->data;
    }

    return text;
}


/* compares lengths first: most headers differ by that */

static void
ngx_http_social_view_purpose_header(ngx_table_elt_t *h,
    ngx_http_social_view_purpose_t *purpose)
{
    ngx_http_social_view_prefetch_t  *p;

    if (h->key.len == sizeof("sec-fetch-dest") - 1) {

        if (purpose->dest == NULL
            && ngx_strncasecmp(h->key.data, (u_char *) "sec-fetch-dest",
                               h->key.len)
               == 0)
        {
            purpose->dest = &h->value;

        } else if (purpose->mode == NULL
                   && ngx_strncasecmp(h->key.data,
                                      (u_char *) "sec-fetch-mode", h->key.len)
                      == 0)
        {
            purpose->mode = &h->value;
        }

        return;
    }

    for (p = ngx_http_social_view_prefetch_headers; p->name.len; p++) {

        if (h->key.len == p->name.len
            && ngx_strncasecmp(h->key.data, p->name.data, p->name.len) == 0
            && (ngx_http_social_view_contains(&h->value, p->word[0])
                || ngx_http_social_view_contains(&h->value, p->word[1])))
        {
            purpose->prefetch = 1;
        }
    }
}


static void
ngx_http_social_view_purpose(ngx_http_request_t *r,
    ngx_http_social_view_purpose_t *purpose)
{
    ngx_table_elt_t              *h;
    ngx_http_social_view_walk_t   walk;

    ngx_memzero(purpose, sizeof(ngx_http_social_view_purpose_t));

    ngx_http_social_view_walk(&walk, &r->headers_in.headers);

    while ((h = ngx_http_social_view_next_header(&walk)) != NULL) {
        ngx_http_social_view_purpose_header(h, purpose);
    }
}


static ngx_uint_t
ngx_http_social_view_is_ignored(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_str_t  value;

    if (rec->site->ignore == NULL
        || ngx_http_complex_value(r, rec->site->ignore, &value) != NGX_OK)
    {
        return 0;
    }

    return value.len && !(value.len == 1 && value.data[0] == '0');
}


static ngx_uint_t
ngx_http_social_view_word(ngx_str_t *value, const char *word)
{
    return value && value->len == ngx_strlen(word)
           && ngx_memcmp(value->data, word, value->len) == 0;
}


/* PREFETCH, SCRIPT or NO_VIEW; UNCONFIRMED: a navigation.  A service worker
 * that passes a navigation on sends the destination "empty" */

static ngx_http_social_view_class_e
ngx_http_social_view_intent(ngx_http_request_t *r)
{
    ngx_http_social_view_purpose_t  purpose;

    ngx_http_social_view_purpose(r, &purpose);

    if (purpose.prefetch) {
        return NGX_HTTP_SOCIAL_PREFETCH;
    }

    if (purpose.dest == NULL
        || ngx_http_social_view_word(purpose.dest, "document"))
    {
        return NGX_HTTP_SOCIAL_UNCONFIRMED;
    }

    if (!ngx_http_social_view_word(purpose.dest, "empty")) {
        return NGX_HTTP_SOCIAL_NO_VIEW;
    }

    return ngx_http_social_view_word(purpose.mode, "navigate")
           ? NGX_HTTP_SOCIAL_UNCONFIRMED : NGX_HTTP_SOCIAL_SCRIPT;
}


ngx_http_social_view_class_e
ngx_http_social_view_person(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    const social_network_t **preview)
{
    ngx_str_t             *agent;
    social_agent_class_e   kind;
    social_agent_robot_e   robot;

    agent = r->headers_in.user_agent ? &r->headers_in.user_agent->value : NULL;
    kind = social_agent_class(ngx_http_social_view_agents,
                              ngx_http_social_view_str(agent), preview, &robot);
    rec->found.robot = robot;

    if (kind == SOCIAL_AGENT_PREVIEW) {
        return NGX_HTTP_SOCIAL_PREVIEW;
    }

    if (kind == SOCIAL_AGENT_BOT) {
        return NGX_HTTP_SOCIAL_BOT;
    }

    if (ngx_http_social_view_self(r, rec)
        || ngx_http_social_view_is_ignored(r, rec))
    {
        return NGX_HTTP_SOCIAL_SELF;
    }

    return NGX_HTTP_SOCIAL_UNCONFIRMED;
}


/* the first rule that matches decides */

static ngx_http_social_view_class_e
ngx_http_social_view_class(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    const social_network_t        *preview;
    ngx_http_social_view_class_e   class;

    class = ngx_http_social_view_intent(r);

    if (class == NGX_HTTP_SOCIAL_UNCONFIRMED) {
        return ngx_http_social_view_person(r, rec, &rec->found.preview);
    }

    if (class != NGX_HTTP_SOCIAL_NO_VIEW) {
        rec->found.person = ngx_http_social_view_person(r, rec, &preview);
    }

    return class;
}


ngx_uint_t
ngx_http_social_view_asks_ahead(ngx_http_request_t *r)
{
    u_char     *p, *last;
    size_t      n;
    ngx_str_t  *value;

    value = ngx_http_social_view_request_header(r, "sec-purpose");

    if (value == NULL) {
        return 0;
    }

    last = value->data + value->len;

    for (p = value->data; p < last; p += n + 1) {

        while (p < last && *p == ' ') {
            p++;
        }

        for (n = 0; p + n < last && ngx_strchr(",; ", p[n]) == NULL; n++) {
            /* void */
        }

        if (n == sizeof("prefetch") - 1
            && ngx_strncasecmp(p, (u_char *) "prefetch", n) == 0)
        {
            return 1;
        }
    }

    return 0;
}


void
ngx_http_social_view_classify(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    if (!rec->found.classified) {
        rec->found.classified = 1;
        rec->found.class = ngx_http_social_view_class(r, rec);

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social class: \"%V\"",
                       ngx_http_social_view_class_name(rec->found.class));
    }
}


/* arguments of the request line: a redirect may have changed r->args */

static social_str_t
ngx_http_social_view_args(ngx_http_request_t *r)
{
    u_char        *last;
    social_str_t   args;

    last = r->unparsed_uri.data + r->unparsed_uri.len;

    args.data = ngx_strlchr(r->unparsed_uri.data, last, '?');

    if (args.data) {
        args.data++;
        args.len = last - args.data;

    } else {
        args.data = last;
        args.len = 0;
    }

    return args;
}


/* the network of the first share tag with a valid MAC, or NULL */

static const social_network_t *
ngx_http_social_view_shared(ngx_http_social_rec_t *rec, social_str_t args)
{
    uint32_t                 today;
    ngx_uint_t               tags;
    social_str_t             param, tag;
    const unsigned char     *p, *last;
    ngx_http_social_zone_t  *zone;
    const social_network_t  *network;

    zone = rec->site->zone;
    today = ngx_time() / 86400;
    last = args.data + args.len;
    tags = 0;

    for (p = args.data; p < last && tags < NGX_HTTP_SOCIAL_VIEW_TAGS; p++) {

        param.data = p;
        p = ngx_strlchr((u_char *) p, (u_char *) last, '&');
        p = p ? p : last;
        param.len = p - param.data;

        if (!social_tag_like(param, &tag)) {
            continue;
        }

        tags++;

        if (social_tag_check(zone->secret, tag, today, &network) == SOCIAL_OK
            || social_tag_check(zone->secret_old, tag, today, &network)
               == SOCIAL_OK)
        {
            return network;
        }
    }

    return NULL;
}


static social_str_t
ngx_http_social_view_origin_host(ngx_http_social_site_t *site)
{
    u_char        *p;
    social_str_t   host = { 0, (const unsigned char *) "" };

    p = ngx_strlchr(site->origin.data, site->origin.data + site->origin.len,
                    '/');

    if (p) {
        host.data = p + 2;
        host.len = site->origin.data + site->origin.len - host.data;
    }

    return host;
}


ngx_uint_t
ngx_http_social_view_network_source(const social_network_t *network)
{
    social_str_t            id;
    const social_source_t  *source;

    id.data = (const unsigned char *) network->id;
    id.len = ngx_strlen(network->id);
    source = social_source_find(id);

    return source ? source->number : 0;
}


void
ngx_http_social_view_find_source(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    social_str_t            args, referer, agent, host, id;
    const social_source_t  *source, *own;

    if (rec->found.source_known) {
        return;
    }

    rec->found.source_known = 1;

    args = ngx_http_social_view_args(r);
    rec->found.shared = ngx_http_social_view_shared(rec, args);

    if (rec->found.shared) {
        rec->source = ngx_http_social_view_network_source(rec->found.shared);

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social source: %ui, by a share tag", rec->source);
        return;
    }

    referer = ngx_http_social_view_str(r->headers_in.referer
                                       ? &r->headers_in.referer->value : NULL);
    agent = ngx_http_social_view_str(
        r->headers_in.user_agent ? &r->headers_in.user_agent->value : NULL);
    host = ngx_http_social_view_str(&r->headers_in.server);

    source = social_source(args, referer, agent, host, rec->found.article);

    if (rec->site->origin.len) {
        /* behind a proxy, Host need not be the site's name */

        host = ngx_http_social_view_origin_host(rec->site);
        own = social_source(args, referer, agent, host, rec->found.article);

        id.data = (const unsigned char *) "internal";
        id.len = sizeof("internal") - 1;

        if (own == social_source_find(id)) {
            source = own;
        }
    }

    rec->source = source->number;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social source: %ui", rec->source);
}
