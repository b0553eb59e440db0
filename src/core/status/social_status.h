
/*
 * The status of a site: one document from the figures of a period.  The JSON
 * answer is this document; the page is rendered from social_status_page().
 * Names and definitions: docs/metrics.md.  Documents belong to the caller;
 * NULL: out of memory.  Pool threads.
 */

#ifndef SOCIAL_STATUS_H_INCLUDED
#define SOCIAL_STATUS_H_INCLUDED


#include "social_period.h"
#include "social_json.h"
#include "social_metrics.h"


#define SOCIAL_STATUS_SCHEMA     1
#define SOCIAL_STATUS_LIMIT      100    /* articles on a page */
#define SOCIAL_STATUS_LIMIT_MAX  1000
#define SOCIAL_STATUS_INBOX      100    /* comments without an answer */
#define SOCIAL_STATUS_SOURCES    100
#define SOCIAL_STATUS_UNMATCHED  20     /* pages that are no articles, before
                                         * the page of a site with articles
                                         * says so */
#define SOCIAL_STATUS_POOLED     90     /* days of the figures in `pooled` */


/* what only the event loop knows; it fills this before posting the job */

typedef struct {
    int64_t   zone_size;    /* bytes */
    int64_t   zone_used;
    int64_t   evicted;      /* articles */
    int64_t   dropped;      /* events */
    int64_t   dropped_marks;    /* shares, goals, reports: no room */
    int64_t   dropped_touches;  /* first visits whose source was not kept */
    int64_t   dropped_quota;    /* beyond a client's share of the zone */
    int64_t   limited_articles; /* views of articles that were not made */
    int64_t   limited_posts;    /* refused with 429 */
    int64_t   broken_chains;
    int64_t   store_errors;
    int64_t   reads_refused;
    int64_t   cut_pages;
    unsigned  store_ok:1;
    unsigned  one_address:1;    /* most views come from one address */
    const char  *store_reason;  /* why it is not, without paths, or NULL */

    unsigned     matched:1;     /* an article was served, or `article` is not
                                 * set: all pages are articles */
    int64_t      unmatched;     /* pages that are no articles, until then */
    const char  *articles;      /* `article` as configured, or NULL */
    const char  *unmatched_key; /* the last of these pages, or NULL */
} social_health_t;


/* text is UTF-8; NULL and "" both mean: not given */

typedef struct {
    const char                 *site;
    const char                 *period;         /* 28d, all, ... */
    int64_t                     now;            /* unix seconds */
    const social_thresholds_t  *thresholds;
    unsigned                    reactions:1;    /* reactions are on */
    const char *const          *goals;          /* names of declared goals */
    size_t                      ngoals;
    const char                 *sort;           /* column, default: rank */
    const char                 *dir;            /* asc, desc */
    const char                 *q;              /* in title, key and URL */
    const char                 *class;          /* only articles of it */
    const char                 *article;        /* only this key */
    int64_t                     limit;          /* per page, 0: default */
    int64_t                     page;           /* from 1 */
    const social_period_t      *pooled;         /* articles of the last 90
                                                 * days, for the site's usual
                                                 * rates; NULL: figures */
    const social_health_t      *health;         /* or NULL */
    const char                 *moderate;       /* path of the moderation
                                                 * page, for links */
    const char                 *base;           /* path of `origin`, or
                                                 * NULL */
    int64_t                     revision;       /* of the texts on the page,
                                                 * for answers; 0: not known */
} social_status_query_t;


/*
 * The first second of a named period; DECLINED: no such name.  *from is the
 * start of an hour, because the store counts by the hour.
 */
int social_status_period(social_str_t name, int64_t now, int64_t *from);


/* 1 if articles can be sorted by that name */
int social_status_sortable(social_str_t name);

/*
 * `to` is not part of the period: ask the store for [from, now + 1).  If
 * figures->to is at least `now`, messages from the future count as well,
 * because the clock may have been set back.
 */
cJSON *social_status(const social_period_t *figures,
    const social_status_query_t *query);

/*
 * Returns {"doc":document,"text":{...}} for templates; text has the document's
 * content in words.  Takes doc over, even on failure; NULL gives NULL.
 */
cJSON *social_status_page(cJSON *doc, const social_status_query_t *query);


#endif /* SOCIAL_STATUS_H_INCLUDED */
