
/*
 * Which article a request asks for: its key and the site's patterns.
 *
 * Decided once and kept in the request's record, so that the variables in a
 * log and the counters agree.  Must not touch the store.  Event loop only.
 */

#include "ngx_http_social_sync.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_view_visitor.h"
#include "ngx_http_social_zone.h"
#include "social_key.h"


/* new articles from one address: so many at once, then one in every sixth of a
 * minute, 600 an hour.  A person opens fewer, a crawl with a browser's name has
 * soon opened more */

#define NGX_HTTP_SOCIAL_VIEW_NEW       60
#define NGX_HTTP_SOCIAL_VIEW_NEW_TIME  360      /* seconds */


#define NGX_HTTP_SOCIAL_VIEW_VERDICTS  1024


/* what the patterns of a site say of a key */

typedef struct {
    ngx_http_social_site_t  *site;
    uint64_t                 hash;      /* of the key */
    ngx_http_social_goal_t  *goal;
    ngx_uint_t               article;
} ngx_http_social_view_verdict_t;


/* buf: SOCIAL_KEY_MAX bytes.  NGX_AGAIN: not known yet; NGX_DECLINED: not a
 * key of an article */

static ngx_int_t
ngx_http_social_view_key_make(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, u_char *buf, size_t *len)
{
    int           rc;
    ngx_str_t     value;
    social_str_t  raw;

    if (rec->found.key_final) {
        raw.len = r->uri.len;
        raw.data = r->uri.data;
        rc = social_key_decoded(raw, buf, len);

    } else if (rec->site->key) {
        if (ngx_http_complex_value(r, rec->site->key, &value) != NGX_OK) {
            return NGX_ERROR;
        }

        if (value.len == 0) {
            /* an upstream's answer may still set the variable */

            return NGX_AGAIN;
        }

        raw.len = value.len;
        raw.data = value.data;
        rc = social_key_decoded(raw, buf, len);

    } else {
        raw.len = r->unparsed_uri.len;
        raw.data = r->unparsed_uri.data;
        rc = social_key(raw, buf, len);
    }

    return (rc == SOCIAL_OK) ? NGX_OK : NGX_DECLINED;
}


/*
 * The key is made from the request line, from the directive `key`, or, after
 * error_page, from $uri.  nginx tells error_page by one of two flags, and
 * $uri may change again: then the key is made anew.
 */

static ngx_int_t
ngx_http_social_view_key(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    u_char      buf[SOCIAL_KEY_MAX];
    size_t      len;
    ngx_int_t   rc;
    ngx_uint_t  final;

    final = r->error_page || (r->internal && r->err_status);

    if (rec->found.key_known && rec->found.key_final == final
        && (!final || rec->found.key_uri == r->uri.data))
    {
        return rec->found.key_ok ? NGX_OK : NGX_DECLINED;
    }

    rec->found.key_final = final;
    rec->found.key_uri = r->uri.data;
    rec->found.key_ok = 0;
    rec->found.article_known = 0;
    rec->found.goal = NULL;
    rec->found.widget = NULL;

    rc = ngx_http_social_view_key_make(r, rec, buf, &len);

    rec->found.key_known = (rc != NGX_AGAIN);

    if (rc != NGX_OK) {
        return rc;
    }

    rec->key.data = ngx_pnalloc(r->pool, len);
    if (rec->key.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(rec->key.data, buf, len);
    rec->key.len = len;
    rec->found.key_ok = 1;

    return NGX_OK;
}


static ngx_uint_t
ngx_http_social_view_match(ngx_http_social_pattern_t *pattern, ngx_str_t *key)
{
    switch (pattern->how) {

    case NGX_HTTP_SOCIAL_EXACT:
        return key->len == pattern->text.len
               && ngx_memcmp(key->data, pattern->text.data, key->len) == 0;

    case NGX_HTTP_SOCIAL_PREFIX:
        return key->len >= pattern->text.len
               && ngx_memcmp(key->data, pattern->text.data,
                             pattern->text.len)
                  == 0;

    default:
#if (NGX_PCRE)
        return ngx_regex_exec(pattern->regex, key, NULL, 0) >= 0;
#else
        return 0;
#endif
    }
}


static ngx_uint_t
ngx_http_social_view_match_all(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_http_social_goal_t **which)
{
    ngx_uint_t                  i;
    ngx_http_social_goal_t     *goal;
    ngx_http_social_pattern_t  *pattern;

    *which = NULL;

    if (site->goals) {
        goal = site->goals->elts;

        for (i = 0; i < site->goals->nelts; i++) {
            if (ngx_http_social_view_match(&goal[i].pattern, key)) {
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
        if (ngx_http_social_view_match(&pattern[i], key)) {
            return 1;
        }
    }

    return 0;
}


/*
 * Regular expressions cost more than all else that is done for an article, so
 * each worker remembers by the key's hash what they said.
 */

ngx_uint_t
ngx_http_social_view_key_article(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_http_social_goal_t **which)
{
    uint64_t                         hash;
    ngx_http_social_view_verdict_t  *verdict;

    static ngx_http_social_view_verdict_t
        verdicts[NGX_HTTP_SOCIAL_VIEW_VERDICTS];

    if (site->zone == NULL) {
        return ngx_http_social_view_match_all(site, key, which);
    }

    hash = ngx_http_social_zone_key_hash(site->zone, key);
    verdict = &verdicts[hash % NGX_HTTP_SOCIAL_VIEW_VERDICTS];

    if (verdict->site != site || verdict->hash != hash) {
        verdict->article = ngx_http_social_view_match_all(site, key,
                                                          &verdict->goal);
        verdict->site = site;
        verdict->hash = hash;
    }

    *which = verdict->goal;

    return verdict->article;
}


ngx_uint_t
ngx_http_social_view_is_article(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec)
{
    ngx_http_social_loc_conf_t  *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject != rec->site
        || lcf->api || lcf->status || lcf->moderate
        || ngx_http_social_view_key(r, rec) != NGX_OK)
    {
        rec->found.goal = NULL;
        rec->found.article = 0;
        rec->found.article_known = 0;
        return 0;
    }

    if (!rec->found.article_known) {
        rec->found.article = ngx_http_social_view_key_article(
            rec->site, &rec->key, &rec->found.goal);
        rec->found.article_known = 1;
    }

    return rec->found.article;
}


/* an application that answers 200 to every address must not fill the zone and
 * the store with articles that nobody reads */

ngx_http_social_slot_t *
ngx_http_social_view_slot(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_uint_t class)
{
    uint64_t                 client;
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_find(rec->site, &rec->key);

    if (slot && !(slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD)) {
        return slot;
    }

    if (rec->found.limited) {
        return NULL;
    }

    if (class) {
        ngx_http_social_view_classify(r, rec);

        if (rec->found.class == NGX_HTTP_SOCIAL_BOT
            || rec->found.class == NGX_HTTP_SOCIAL_PREVIEW
            || rec->found.class == NGX_HTTP_SOCIAL_PREFETCH)
        {
            return NULL;
        }
    }

    if (rec->site->limit_comments) {
        client = ngx_http_social_view_client(r, rec->site)
                 ^ ((uint64_t) 'a' << 8);

        if (ngx_http_social_zone_rate_limit(rec->site, client,
                                            NGX_HTTP_SOCIAL_VIEW_NEW,
                                            NGX_HTTP_SOCIAL_VIEW_NEW_TIME)
            != 0)
        {
            rec->found.limited = 1;
            (void) ngx_atomic_fetch_add(&rec->site->zone->limited_articles, 1);

            ngx_log_debug1(NGX_LOG_DEBUG_HTTP, r->connection->log, 0,
                           "social article: the client has made too many, "
                           "\"%V\" is counted for the site", &rec->key);
            return NULL;
        }
    }

    return ngx_http_social_sync_article(rec->site, &rec->key);
}


void
ngx_http_social_view_served(ngx_http_request_t *r, ngx_http_social_rec_t *rec)
{
    rec->served = 1;

    if (!rec->pending) {
        rec->pending = 1;
        (void) ngx_atomic_fetch_add(&rec->site->zone->pending, 1);
    }

    /* whoever asks: the page's next answer has to be the same */

    (void) ngx_http_social_sync_page(rec->site, &rec->key);

    if (r->method != NGX_HTTP_GET) {
        /* no view, but an article unless a bot asked */
        (void) ngx_http_social_view_slot(r, rec, 1);
    }

    ngx_http_social_view_remember(r);
}
