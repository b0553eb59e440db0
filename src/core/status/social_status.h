
/*
 * The status of a site: one document from the figures of a period.  JSON is
 * the document itself; HTML comes from templates over social_status_page().
 * Names and meanings: docs/metrics.md.  Documents belong to the caller; NULL
 * is no memory.  Pool threads.
 */

#ifndef SOCIAL_STATUS_H_INCLUDED
#define SOCIAL_STATUS_H_INCLUDED


#include "social_period.h"
#include "social_json.h"
#include "social_metrics.h"


#define SOCIAL_STATUS_SCHEMA     1
#define SOCIAL_STATUS_LIMIT      100    /* articles on a page */
#define SOCIAL_STATUS_LIMIT_MAX  1000
#define SOCIAL_STATUS_INBOX      100    /* comments in the inbox */
#define SOCIAL_STATUS_SOURCES    100
#define SOCIAL_STATUS_POOLED     90     /* days of the pooled figures */


/* what the event loop knows when it asks */

typedef struct {
    int64_t                     zone_size;      /* bytes */
    int64_t                     zone_used;
    int64_t                     evicted;        /* articles */
    int64_t                     dropped;        /* events */
    int64_t                     store_errors;
    unsigned                    store_ok:1;
} social_health_t;


/* text is UTF-8; NULL and "" are the same: not given */

typedef struct {
    const char                 *site;
    const char                 *period;         /* 28d, all, ... */
    int64_t                     now;            /* unix seconds */
    const social_thresholds_t  *thresholds;
    unsigned                    reactions:1;    /* on */
    const char *const          *goals;          /* the declared names */
    size_t                      ngoals;
    const char                 *sort;           /* default: rank */
    const char                 *dir;            /* asc, desc */
    const char                 *q;              /* in title, key and url */
    const char                 *article;        /* only this key */
    int64_t                     limit;          /* 0: the default */
    int64_t                     page;           /* from 1 */
    const social_period_t     *pooled;         /* articles of the last 90
                                                 * days, for the site's usual
                                                 * rates; NULL: figures */
    const social_health_t      *health;         /* or NULL */
    const char                 *moderate;       /* path of the moderation
                                                 * page, for links */
} social_status_query_t;


/*
 * A period of the status page: its first second, or DECLINED.  Hours and
 * days begin where the store's do: from is the start of an hour.
 */
int social_status_period(social_str_t name, int64_t now, int64_t *from);


/* 1: articles can be sorted by it */
int social_status_sortable(social_str_t name);

/*
 * Messages with a time beyond figures->to count where that is `now` or later:
 * a clock may have stepped back.  `to` is not in the period: ask for
 * [from, now + 1).
 */
cJSON *social_status(const social_period_t *figures,
    const social_status_query_t *query);

/*
 * {"doc":document,"text":{...}}: the same beside it in words, for templates.
 * Takes the document, also when it fails; NULL stays NULL.
 */
cJSON *social_status_page(cJSON *doc, const social_status_query_t *query);


#endif /* SOCIAL_STATUS_H_INCLUDED */
