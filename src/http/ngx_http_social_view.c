
/*
 * The record of a request: which article, what class of view, from where;
 * and the log phase, where it is counted.
 *
 * Everything is decided once and remembered, so that variables in a log
 * format and the counter always agree.  The record hangs behind a pool
 * cleanup: internal redirects zero the module context, not this.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_agent.h"
#include "social_key.h"
#include "social_source.h"
#include "social_tag.h"
#include "social_time.h"


static void ngx_http_social_rec_cleanup(void *data);


/* created before the workers are forked; read only */

static social_agent_t  *ngx_http_social_agents;


static void
ngx_http_social_agents_destroy(void *data)
{
    social_agent_destroy(data);
}


ngx_int_t
ngx_http_social_view_init(ngx_conf_t *cf)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(cf->cycle->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    ngx_http_social_agents = social_agent_create();
    if (ngx_http_social_agents == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "social: no memory for the table of agents");
        return NGX_ERROR;
    }

    cln->handler = ngx_http_social_agents_destroy;
    cln->data = ngx_http_social_agents;

    return NGX_OK;
}


static void
ngx_http_social_rec_cleanup(void *data)
{
    ngx_http_social_rec_t  *rec = data;

    /* marks the record among a pool's cleanups; parked requests are undone
     * by the widget room's own */
    rec->request = NULL;
}


ngx_http_social_rec_t *
ngx_http_social_rec_find(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t  *cln;

    for (cln = r->main->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_http_social_rec_cleanup) {
            return cln->data;
        }
    }

    return NULL;
}


ngx_http_social_rec_t *
ngx_http_social_rec(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t          *cln;
    ngx_http_social_rec_t       *rec;
    ngx_http_social_site_t      *site;
    ngx_http_social_loc_conf_t  *lcf;

    if (r != r->main) {
        return NULL;
    }

    rec = ngx_http_social_rec_find(r);
    if (rec) {
        return rec;
    }

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    site = lcf->api ? lcf->api
           : lcf->moderate ? lcf->moderate
           : lcf->status ? lcf->status : lcf->inject;

    if (site == NULL || site->zone == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_http_social_rec_t));
    if (cln == NULL) {
        return NULL;
    }

    rec = cln->data;
    ngx_memzero(rec, sizeof(ngx_http_social_rec_t));
    cln->handler = ngx_http_social_rec_cleanup;

    rec->request = r;
    rec->site = site;
    rec->preview = -1;

    return rec;
}


/* the key: of the request line, of `key`, or of what error_page made */

static ngx_int_t
ngx_http_social_key(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    int           rc;
    u_char        buf[SOCIAL_KEY_MAX];
    size_t        len;
    ngx_str_t     value;
    ngx_uint_t    final;
    social_str_t  raw;

    final = r->error_page || (r->internal && r->err_status);

    if (rec->key_known && rec->key_final == final) {
        return rec->key_ok ? NGX_OK : NGX_DECLINED;
    }

    rec->key_known = 1;
    rec->key_final = final;
    rec->key_ok = 0;

    if (final) {
        raw.len = r->uri.len;
        raw.data = r->uri.data;
        rc = social_key_decoded(raw, buf, &len);

    } else if (rec->site->key) {
        if (ngx_http_complex_value(r, rec->site->key, &value) != NGX_OK) {
            return NGX_ERROR;
        }

        raw.len = value.len;
        raw.data = value.data;
        rc = social_key_decoded(raw, buf, &len);

    } else {
        raw.len = r->unparsed_uri.len;
        raw.data = r->unparsed_uri.data;
        rc = social_key(raw, buf, &len);
    }

    if (rc != SOCIAL_OK) {
        return NGX_DECLINED;
    }

    rec->key.data = ngx_pnalloc(r->pool, len);
    if (rec->key.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(rec->key.data, buf, len);
    rec->key.len = len;
    rec->key_ok = 1;

    return NGX_OK;
}


const char *
ngx_http_social_source_id(ngx_uint_t number)
{
    const social_source_t  *source;

    source = number ? social_source_by_number(number) : NULL;

    return source ? source->id : NULL;
}


ngx_uint_t
ngx_http_social_key_article(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_http_social_goal_t **which)
{
    ngx_uint_t                  i;
    ngx_http_social_goal_t     *goal;
    ngx_http_social_pattern_t  *pattern;

    *which = NULL;

    if (site->goals) {
        goal = site->goals->elts;

        for (i = 0; i < site->goals->nelts; i++) {
            if (ngx_http_social_match(&goal[i].pattern, key)) {
                *which = &goal[i];
                return 0;
            }
        }
    }

    if (site->articles == NULL) {
        return 1;
    }

    pattern = site->articles->elts;

    for (i = 0; i < site->articles->nelts; i++) {
        if (ngx_http_social_match(&pattern[i], key)) {
            return 1;
        }
    }

    return 0;
}


ngx_uint_t
ngx_http_social_is_article(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    ngx_uint_t                   was;
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject != rec->site
        || lcf->api || lcf->status || lcf->moderate)
    {
        return 0;
    }

    was = rec->key_known && rec->key_final;

    if (ngx_http_social_key(r, rec) != NGX_OK) {
        rec->article = 0;
        return 0;
    }

    if (!rec->article_known || was != rec->key_final) {
        rec->article = ngx_http_social_key_article(rec->site, &rec->key,
                                                   &rec->goal);
        rec->article_known = 1;
    }

    return rec->article;
}


void
ngx_http_social_served(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    const social_html_meta_t *meta)
{
    time_t                   published;
    int64_t                  t;
    ngx_str_t                title, url;
    ngx_uint_t               language;
    social_str_t             text;
    ngx_http_social_slot_t  *slot;

    rec->served = 1;

    slot = ngx_http_social_slot_make(rec->site, &rec->key);
    if (slot == NULL || meta == NULL) {
        return;
    }

    language = social_page_find_language(rec->site->page, meta->lang,
                                         ngx_strlen(meta->lang));

    if (slot->language != language) {
        slot->language = language;
        (void) ngx_atomic_fetch_add(&slot->revision, 1);
    }

    title.data = (u_char *) (meta->title[0] ? meta->title : meta->og_title);
    title.len = ngx_strlen(title.data);
    url.data = (u_char *) (meta->canonical[0] ? meta->canonical
                                              : meta->og_url);
    url.len = ngx_strlen(url.data);

    /* only an absolute http(s) URL is of use as an address to share */

    if (ngx_strncasecmp(url.data, (u_char *) "http://", 7) != 0
        && ngx_strncasecmp(url.data, (u_char *) "https://", 8) != 0)
    {
        url.len = 0;
    }

    text.data = (const unsigned char *) meta->published;
    text.len = ngx_strlen(meta->published);
    published = (social_time_parse(text.data, text.len, &t)
                 == SOCIAL_OK && t > 0 && t < 0xffffffff) ? (time_t) t : 0;

    ngx_http_social_slot_describe(rec->site, slot, &title, &url, published);
}


/* METRICS: prefetches say so, in one of several ways */

static ngx_uint_t
ngx_http_social_is_prefetch(ngx_http_request_t *r)
{
    ngx_uint_t               i;
    ngx_str_t               *value;

    static const struct {
        const char  *name, *word;
    } marks[] = {
        { "sec-purpose", "prefetch" },
        { "purpose",     "prefetch" },
        { "purpose",     "preview" },
        { "x-purpose",   "prefetch" },
        { "x-purpose",   "preview" },
        { "x-moz",       "prefetch" }
    };

    for (i = 0; i < social_nelts(marks); i++) {
        value = ngx_http_social_header(r, marks[i].name);

        if (value && ngx_strlcasestrn(value->data, value->data + value->len,
                                      (u_char *) marks[i].word,
                                      ngx_strlen(marks[i].word) - 1))
        {
            return 1;
        }
    }

    return 0;
}


static ngx_uint_t
ngx_http_social_is_ignored(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    ngx_str_t  value;

    if (rec->site->ignore == NULL
        || ngx_http_complex_value(r, rec->site->ignore, &value) != NGX_OK)
    {
        return 0;
    }

    return value.len && !(value.len == 1 && value.data[0] == '0');
}


static social_str_t
ngx_http_social_str(ngx_str_t *s)
{
    social_str_t  text = { 0, (const unsigned char *) "" };

    if (s) {
        text.len = s->len;
        text.data = s->data;
    }

    return text;
}


/* the six classes, first match wins: docs/metrics.md */

static void
ngx_http_social_classify(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    ngx_str_t              *dest, *agent;
    social_agent_class_e    kind;
    const social_network_t *network;

    if (rec->classified) {
        return;
    }

    rec->classified = 1;
    rec->class = NGX_HTTP_SOCIAL_UNCONFIRMED;

    if (ngx_http_social_is_prefetch(r)) {
        rec->class = NGX_HTTP_SOCIAL_PREFETCH;
        return;
    }

    dest = ngx_http_social_header(r, "sec-fetch-dest");

    if (dest && (dest->len != sizeof("document") - 1
                 || ngx_strncmp(dest->data, "document", dest->len) != 0))
    {
        rec->class = NGX_HTTP_SOCIAL_NO_VIEW;
        return;
    }

    agent = r->headers_in.user_agent ? &r->headers_in.user_agent->value : NULL;
    network = NULL;
    kind = social_agent_class(ngx_http_social_agents,
                                 ngx_http_social_str(agent), &network);

    if (kind == SOCIAL_AGENT_PREVIEW) {
        rec->class = NGX_HTTP_SOCIAL_PREVIEW;
        rec->preview = network ? (ngx_int_t) network->number : -1;
        return;
    }

    if (kind == SOCIAL_AGENT_BOT) {
        rec->class = NGX_HTTP_SOCIAL_BOT;
        return;
    }

    if (ngx_http_social_author(r, rec, NULL)
        || ngx_http_social_is_ignored(r, rec))
    {
        rec->class = NGX_HTTP_SOCIAL_SELF;
    }
}


/* METRICS section 6: our tag was looked at when it was removed */

static void
ngx_http_social_find_source(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    social_str_t            args, referer, agent, host;
    const social_source_t  *source;

    if (rec->source_known) {
        return;
    }

    rec->source_known = 1;

    args = ngx_http_social_str(&r->args);
    referer = ngx_http_social_str(r->headers_in.referer
                                  ? &r->headers_in.referer->value : NULL);
    agent = ngx_http_social_str(r->headers_in.user_agent
                                ? &r->headers_in.user_agent->value : NULL);
    host = ngx_http_social_str(&r->headers_in.server);

    if (rec->shared) {
        args.data = (const unsigned char *) rec->shared->id;
        args.len = ngx_strlen(rec->shared->id);
        source = social_source_find(args);

    } else {
        source = social_source(args, referer, agent, host, rec->article);
    }

    rec->source = source ? source->number : 0;
}


/*
 * A shared tag leaves the arguments before the application sees them.  Runs
 * in both rewrite phases: a server's and a location's `social`.
 */

ngx_int_t
ngx_http_social_tag_handler(ngx_http_request_t *r)
{
    size_t                       len;
    u_char                      *p;
    social_str_t                 args, tag;
    ngx_http_social_rec_t       *rec;
    ngx_http_social_loc_conf_t  *lcf;
    const social_network_t      *network;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL || r->args.len == 0 || r != r->main
        || ngx_strlcasestrn(r->args.data, r->args.data + r->args.len,
                            (u_char *) "shared=", 6) == NULL)
    {
        return NGX_DECLINED;
    }

    rec = ngx_http_social_rec(r);
    p = ngx_pnalloc(r->pool, r->args.len + 1);

    if (rec == NULL || p == NULL) {
        return NGX_DECLINED;
    }

    args.len = r->args.len;
    args.data = r->args.data;

    if (social_tag_strip(args, p, &len, &tag) == 0) {
        return NGX_DECLINED;
    }

    if (rec->shared == NULL
        && (social_tag_check(rec->site->zone->secret, tag,
                             ngx_time() / 86400, &network) == SOCIAL_OK
            || social_tag_check(rec->site->zone->secret_old, tag,
                                ngx_time() / 86400, &network) == SOCIAL_OK))
    {
        rec->shared = network;
    }

    r->args.data = p;
    r->args.len = len;
    r->valid_unparsed_uri = 0;

    return NGX_DECLINED;
}


ngx_http_social_rec_t *
ngx_http_social_resolve(ngx_http_request_t *r)
{
    ngx_uint_t              status;
    ngx_http_social_rec_t  *rec;

    rec = ngx_http_social_rec(r->main);
    r = r->main;

    if (rec == NULL || rec->event.len || rec->resolved || !r->header_sent) {
        return rec;
    }

    rec->resolved = 1;
    status = r->headers_out.status;

    if (r->method != NGX_HTTP_GET
        || (status != NGX_HTTP_OK && status != NGX_HTTP_NOT_MODIFIED))
    {
        return rec;
    }

    (void) ngx_http_social_is_article(r, rec);

    if (rec->goal) {
        ngx_http_social_resolve_goal(r, rec);

    } else if (rec->served) {
        ngx_http_social_classify(r, rec);

        if (rec->class != NGX_HTTP_SOCIAL_NO_VIEW) {
            ngx_http_social_find_source(r, rec);
            ngx_str_set(&rec->event, "view");
        }
    }

    return rec;
}


/* an outcome: once a visitor, day and goal; bots reach none */

void
ngx_http_social_resolve_goal(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    uint64_t  mark, visitor;

    ngx_http_social_classify(r, rec);

    if (rec->class != NGX_HTTP_SOCIAL_UNCONFIRMED) {
        return;
    }

    visitor = ngx_http_social_visitor(r, rec);
    mark = ngx_http_social_fingerprint(rec->site, NGX_HTTP_SOCIAL_MARK_GOAL,
                                       visitor, &rec->goal->name, 0);

    ngx_str_set(&rec->event, "goal");
    rec->goal_name = rec->goal->name;
    rec->source = ngx_http_social_touch(rec->site, visitor, 0);
    rec->source_known = 1;

    if (ngx_http_social_mark(rec->site, mark)) {
        ngx_str_set(&rec->state, "new");

    } else {
        ngx_str_set(&rec->state, "repeat");
    }
}


static void
ngx_http_social_count_reader(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_slot_t *slot)
{
    uint64_t                 visitor, own;
    ngx_http_social_site_t  *site;

    site = rec->site;
    visitor = ngx_http_social_visitor(r, rec);

    ngx_http_social_count(slot, SOCIAL_COUNT_READ, 1);
    ngx_http_social_reader(site, slot, visitor);
    ngx_http_social_recent(site,
        ngx_http_social_fingerprint(site, NGX_HTTP_SOCIAL_MARK_VIEW,
                                    visitor, &rec->key, 0));

    if (rec->source) {
        ngx_http_social_count_label(site->zone, slot, SOCIAL_COUNT_SOURCE,
                                    rec->source);
        (void) ngx_http_social_touch(site, visitor, rec->source);
    }

    if (rec->shared) {
        /* who shared it today is not a visit that the share brought */

        own = ngx_http_social_fingerprint(site, NGX_HTTP_SOCIAL_MARK_SHARE,
                                          visitor, &rec->key,
                                          rec->shared->number);

        if (!ngx_http_social_marked(site, own)) {
            ngx_http_social_count_label(site->zone, slot,
                                        SOCIAL_COUNT_SHARE_VISIT,
                                        rec->shared->number);
        }
    }
}


static void
ngx_http_social_count_view(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    uint64_t                 mark;
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_slot_make(rec->site, &rec->key);
    if (slot == NULL) {
        return;
    }

    switch (rec->class) {

    case NGX_HTTP_SOCIAL_UNCONFIRMED:
        ngx_http_social_count_reader(r, rec, slot);
        break;

    case NGX_HTTP_SOCIAL_SELF:
        ngx_http_social_count(slot, SOCIAL_COUNT_SELF, 1);
        break;

    case NGX_HTTP_SOCIAL_BOT:
        ngx_http_social_count(slot, SOCIAL_COUNT_BOT, 1);
        break;

    case NGX_HTTP_SOCIAL_PREFETCH:
        ngx_http_social_count(slot, SOCIAL_COUNT_PREFETCH, 1);
        break;

    case NGX_HTTP_SOCIAL_PREVIEW:
        ngx_http_social_count(slot, SOCIAL_COUNT_PREVIEW, 1);

        if (rec->preview >= 0) {
            mark = ngx_http_social_fingerprint(rec->site,
                                               NGX_HTTP_SOCIAL_MARK_FETCH,
                                               rec->preview, &rec->key,
                                               ngx_time() / 600);

            if (ngx_http_social_mark(rec->site, mark)) {
                ngx_http_social_count_label(rec->site->zone, slot,
                                            SOCIAL_COUNT_FETCH,
                                            rec->preview);
            }
        }

        break;

    default:
        break;
    }
}


ngx_int_t
ngx_http_social_log_handler(ngx_http_request_t *r)
{
    ngx_http_social_rec_t       *rec;
    ngx_http_social_slot_t      *slot;
    ngx_http_social_loc_conf_t  *lcf;

    if (r != r->main) {
        return NGX_OK;
    }

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL && !r->internal) {
        return NGX_OK;
    }

    rec = ngx_http_social_resolve(r);

    if (rec == NULL || rec->counted || rec->event.len == 0) {
        return NGX_OK;
    }

    rec->counted = 1;

    if (rec->event.data[0] == 'v') {
        ngx_http_social_today(rec->site);
        ngx_http_social_count_view(r, rec);

    } else if (rec->event.data[0] == 'g'
               && rec->state.len == sizeof("new") - 1)
    {
        slot = ngx_http_social_slot_site(rec->site);
        ngx_http_social_count_label(rec->site->zone, slot,
                                    SOCIAL_COUNT_GOAL,
                                    ngx_crc32_long(rec->goal_name.data,
                                                   rec->goal_name.len));
    }

    return NGX_OK;
}
