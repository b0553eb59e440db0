
/*
 * Which event a request was, and counting it in the log phase, after the
 * last byte.
 *
 * nginx's access log may read the variables before our log handler runs, so
 * the first of them decides and the record remembers: both always agree.
 *
 * Must not touch the store.  Event loop only.
 */

#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_source.h"


/* pages that are no articles, before this is logged */

#define NGX_HTTP_SOCIAL_VIEW_UNMATCHED  5


#define NGX_HTTP_SOCIAL_VIEW_FETCH  600     /* seconds in which fetches of an
                                             * article by a network are one */


static void ngx_http_social_view_resolve_goal(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec);


ngx_uint_t
ngx_http_social_view_is_html(ngx_http_request_t *r)
{
    ngx_str_t  *type;

    type = &r->headers_out.content_type;

    /* most other types differ in this letter */

    return type->len >= sizeof("text/html") - 1
           && ngx_tolower(type->data[sizeof("text/") - 1]) == 'h'
           && ngx_strncasecmp(type->data, (u_char *) "text/html",
                              sizeof("text/html") - 1)
              == 0;
}


/*
 * 1: a GET of an article was answered by its page or by a 304.  Those that did
 * not pass the filter had no place for a widget, or are an upstream's 304.
 */

static ngx_uint_t
ngx_http_social_view_is_served(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    if (rec->served) {
        return 1;
    }

    if (r->headers_out.status == NGX_HTTP_NOT_MODIFIED) {
        return ngx_http_social_zone_slot_find(rec->site, &rec->key) != NULL;
    }

    return rec->site->articles && ngx_http_social_view_is_html(r);
}


ngx_http_social_rec_t *
ngx_http_social_view_resolve(ngx_http_request_t *r)
{
    ngx_uint_t              status;
    ngx_http_social_rec_t  *rec;

    r = r->main;
    rec = ngx_http_social_view_rec(r);

    if (rec == NULL || rec->event || !r->header_sent) {
        return rec;
    }

    status = r->headers_out.status;

    if (r->method != NGX_HTTP_GET
        || (status != NGX_HTTP_OK && status != NGX_HTTP_NOT_MODIFIED))
    {
        return rec;
    }

    (void) ngx_http_social_view_is_article(r, rec);

    if (rec->found.goal) {
        ngx_http_social_view_resolve_goal(r, rec);

    } else if (rec->found.article && ngx_http_social_view_is_served(r, rec)) {
        ngx_http_social_view_classify(r, rec);

        if (rec->found.class != NGX_HTTP_SOCIAL_NO_VIEW
            && rec->found.class != NGX_HTTP_SOCIAL_SCRIPT)
        {
            ngx_http_social_view_find_source(r, rec);
            rec->event = NGX_HTTP_SOCIAL_EVENT_VIEW;
        }
    }

    return rec;
}


/* called before the body is sent: the beacon may come before the log phase */

void
ngx_http_social_view_remember(ngx_http_request_t *r)
{
    ngx_http_social_rec_t  *rec;

    rec = ngx_http_social_view_resolve(r);

    if (rec == NULL || rec->remembered) {
        return;
    }

    if (rec->found.class == NGX_HTTP_SOCIAL_PREFETCH
        || rec->found.class == NGX_HTTP_SOCIAL_SCRIPT)
    {
        ngx_http_social_view_remember_ahead(r, rec);
        return;
    }

    if (rec->event == NGX_HTTP_SOCIAL_EVENT_VIEW
        && rec->found.class == NGX_HTTP_SOCIAL_UNCONFIRMED)
    {
        rec->remembered = 1;
        ngx_http_social_zone_recent_add(
            rec->site,
            ngx_http_social_view_mark(r, rec, NGX_HTTP_SOCIAL_MARK_VIEW));
    }
}


void
ngx_http_social_view_mark_state(ngx_http_social_rec_t *rec, ngx_uint_t mark)
{
    static ngx_str_t  states[] = {
        ngx_string("new"),
        ngx_string("repeat"),
        ngx_string("dropped")
    };

    rec->state = states[mark];
}


/* a goal counts once per visitor, day and goal; bots do not reach it */

static void
ngx_http_social_view_resolve_goal(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    uint64_t  mark, visitor;

    ngx_http_social_view_classify(r, rec);

    if (rec->found.class != NGX_HTTP_SOCIAL_UNCONFIRMED) {
        return;
    }

    visitor = ngx_http_social_view_visitor(r, rec);
    mark = ngx_http_social_view_fingerprint(rec->site,
                                            NGX_HTTP_SOCIAL_MARK_GOAL, visitor,
                                            &rec->found.goal->name, 0);

    rec->event = NGX_HTTP_SOCIAL_EVENT_GOAL;
    rec->goal_name = rec->found.goal->name;
    rec->source = ngx_http_social_zone_first_touch(rec->site, visitor, NULL);
    rec->found.source_known = 1;

    ngx_http_social_view_mark_state(
        rec, ngx_http_social_zone_mark(
                 rec->site, ngx_http_social_view_client(r, rec->site), mark));
}


/* the first touch is kept once a day, so an address is asked for rarely */

static void
ngx_http_social_view_keep_touch(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_slot_t *slot, uint64_t visitor)
{
    uint64_t                 client;
    ngx_http_social_zone_t  *zone;

    if (ngx_http_social_zone_first_touch(rec->site, visitor, NULL)) {
        return;
    }

    zone = rec->site->zone;
    client = ngx_http_social_view_client(r, rec->site) ^ ((uint64_t) 't' << 8);

    if (ngx_http_social_zone_quota(
            rec->site, client, ngx_http_social_zone_share_of(zone->ntouch)))
    {
        (void) ngx_atomic_fetch_add(&zone->dropped_quota, 1);
        return;
    }

    ngx_http_social_zone_first_touch_set(rec->site, visitor, rec->source,
                                         slot);
}


static void
ngx_http_social_view_count_source(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_slot_t *slot, uint64_t visitor)
{
    uint64_t                 own;
    ngx_http_social_site_t  *site;

    site = rec->site;

    if (rec->source) {
        ngx_http_social_zone_count_label(site->zone, slot, SOCIAL_COUNT_SOURCE,
                                         rec->source);
        ngx_http_social_view_keep_touch(r, rec, slot, visitor);
    }

    if (rec->found.shared) {
        /* the sharer's own visit was not brought by the share */

        own = ngx_http_social_view_fingerprint(site, NGX_HTTP_SOCIAL_MARK_PAIR,
                                               visitor, &rec->key, 0);

        if (!ngx_http_social_zone_marked_share(site, own,
                                               rec->found.shared->number))
        {
            ngx_http_social_zone_count_label(site->zone, slot,
                                             SOCIAL_COUNT_SHARE_VISIT,
                                             rec->found.shared->number);
        }
    }
}


/* networks fetch a pasted link many times: counts once in any ten minutes, a
 * rate limit of network and article.  No salt: midnight changes nothing */

static void
ngx_http_social_view_count_fetch(ngx_http_social_rec_t *rec,
    ngx_http_social_slot_t *slot)
{
    u_char                   buf[8 + SOCIAL_KEY_MAX], *p;
    uint64_t                 client;
    ngx_http_social_zone_t  *zone;

    if (rec->found.preview == NULL) {
        return;
    }

    zone = rec->site->zone;

    *buf = 'f';
    p = ngx_cpymem(buf + 1, &rec->found.preview->number, sizeof(unsigned));
    p = ngx_cpymem(p, rec->key.data, ngx_min(rec->key.len, SOCIAL_KEY_MAX));
    client = ngx_http_social_zone_hash(zone, buf, p - buf) | 1;

    if (ngx_http_social_zone_rate_limit(rec->site, client, 1,
                                        NGX_HTTP_SOCIAL_VIEW_FETCH)
        == 0)
    {
        ngx_http_social_zone_count_label(zone, slot, SOCIAL_COUNT_FETCH,
                                         rec->found.preview->number);
    }
}


ngx_http_social_slot_t *
ngx_http_social_view_count_slot(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_uint_t class)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_view_slot(r, rec, class);

    if (slot == NULL) {
        ngx_log_debug0(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                       "social event: no slot, counted for the site");

        slot = ngx_http_social_zone_slot_site(rec->site);
    }

    return slot;
}


void
ngx_http_social_view_count_reader(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_slot_t *slot)
{
    uint64_t  visitor;

    visitor = ngx_http_social_view_visitor(r, rec);

    ngx_http_social_zone_crowd_add(rec->site,
                                   ngx_http_social_view_client(r, rec->site),
                                   visitor);
    ngx_http_social_zone_reader_add(
        rec->site, slot,
        slot == ngx_http_social_zone_slot_site(rec->site)
            ? ngx_http_social_view_mark(r, rec, NGX_HTTP_SOCIAL_MARK_VIEW)
            : visitor);
    ngx_http_social_zone_now_add(rec->site, visitor);
    ngx_http_social_view_count_source(r, rec, slot, visitor);
}


static void
ngx_http_social_view_count(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_http_social_slot_t  *slot;

    static const social_count_e  kinds[] = {
        SOCIAL_COUNT_NONE,
        SOCIAL_COUNT_READ,
        SOCIAL_COUNT_READ,
        SOCIAL_COUNT_SELF,
        SOCIAL_COUNT_BOT,
        SOCIAL_COUNT_PREVIEW,
        SOCIAL_COUNT_PREFETCH
    };

    slot = ngx_http_social_view_count_slot(r, rec, 1);

    ngx_http_social_zone_count(slot, kinds[rec->found.class], 1);

    if (rec->found.class == NGX_HTTP_SOCIAL_PREVIEW) {
        ngx_http_social_view_count_fetch(rec, slot);
    }

    if (rec->found.class == NGX_HTTP_SOCIAL_BOT) {
        ngx_http_social_zone_count_label(
            rec->site->zone, ngx_http_social_zone_slot_site(rec->site),
            SOCIAL_COUNT_ROBOT, rec->found.robot);
    }

    if (rec->found.class == NGX_HTTP_SOCIAL_UNCONFIRMED) {
        ngx_http_social_view_count_reader(r, rec, slot);
    }

    ngx_http_social_view_remember(r);
}


/*
 * A goal belongs to the article that brought its visitor today, or to the site
 * if that is not known: no longer in the zone, or there was no first touch.  So
 * the site's goals are the sum of both.
 */

static void
ngx_http_social_view_count_goal(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_uint_t               source;
    ngx_http_social_slot_t  *slot, *site;

    static const social_str_t  direct = social_string("direct");

    site = ngx_http_social_zone_slot_site(rec->site);
    source = ngx_http_social_zone_first_touch(
        rec->site, ngx_http_social_view_visitor(r, rec), &slot);

    if (slot == NULL || (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD)) {
        slot = site;
    }

    ngx_http_social_zone_count_label(
        rec->site->zone, slot, SOCIAL_COUNT_GOAL,
        ngx_http_social_zone_goal_label(&rec->goal_name, 0));

    /* nothing is known that brought a visitor without a first touch; the
     * metrics count each goal by its source */

    if (source == 0) {
        source = social_source_find(direct)->number;
    }

    ngx_http_social_zone_count_label(
        rec->site->zone, site, SOCIAL_COUNT_GOAL_SOURCE,
        ngx_http_social_zone_goal_label(&rec->goal_name, source));

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social goal: \"%V\", source %ui, for %s",
                   &rec->goal_name, source,
                   slot == site ? "the site" : "an article");
}


static void
ngx_http_social_view_count_event(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    rec->counted = 1;

    if (rec->event == NGX_HTTP_SOCIAL_EVENT_VIEW) {
        ngx_http_social_zone_salt_today(rec->site);
        ngx_http_social_view_count(r, rec);
        return;
    }

    if (rec->event == NGX_HTTP_SOCIAL_EVENT_GOAL
        && rec->state.len == sizeof("new") - 1)
    {
        ngx_http_social_view_count_goal(r, rec);
    }
}


/* pages that are no articles while there is no article: either nobody has
 * opened one, or `article` is wrong */

static void
ngx_http_social_view_check_patterns(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_http_social_site_t  *site;

    site = rec->site;

    if (site->articles == NULL || site->zone->matched) {
        return;
    }

    if (rec->event == NGX_HTTP_SOCIAL_EVENT_VIEW) {
        ngx_http_social_zone_matched(site->zone);
        return;
    }

    if (!rec->found.article_known || rec->found.goal
        || r->method != NGX_HTTP_GET || r->headers_out.status != NGX_HTTP_OK
        || !ngx_http_social_view_is_html(r))
    {
        return;
    }

    if (rec->found.article) {
        ngx_http_social_zone_matched(site->zone);
        return;
    }

    if (ngx_http_social_zone_unmatched(site->zone, &rec->key)
        == NGX_HTTP_SOCIAL_VIEW_UNMATCHED)
    {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                      "social_site \"%V\": no page matched \"%V\" yet; the "
                      "last HTML page served was \"%V\"",
                      &site->name, &site->articles_text, &rec->key);
    }
}


ngx_int_t
ngx_http_social_view_log_handler(ngx_http_request_t *r)
{
    ngx_http_social_rec_t       *rec;
    ngx_http_social_loc_conf_t  *lcf;

    if (r != r->main) {
        return NGX_OK;
    }

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if ((lcf->inject == NULL && !r->internal)
        || ngx_http_social_view_was_other(r))
    {
        return NGX_OK;
    }

    rec = ngx_http_social_view_resolve(r);

    if (rec == NULL) {
        return NGX_OK;
    }

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                   "social event: \"%V\", %s",
                   ngx_http_social_view_event_name(rec->event),
                   !rec->event ? "nothing to count"
                   : rec->counted ? "counted before" : "to be counted");

    if (rec->event && !rec->counted) {
        ngx_http_social_view_count_event(r, rec);
    }

    ngx_http_social_view_check_patterns(r, rec);
    ngx_http_social_view_other_learn(r, rec);

    if (rec->pending) {
        rec->pending = 0;
        (void) ngx_atomic_fetch_add(&rec->site->zone->pending, -1);
    }

    return NGX_OK;
}
