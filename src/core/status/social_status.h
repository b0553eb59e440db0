
/*
 * The status of a site: one document from the figures of a period.  The JSON
 * answer is this document; the page is rendered from social_status_page().
 * Names and definitions: docs/metrics.md.  Documents belong to the caller;
 * NULL: out of memory.  Pool threads.
 *
 * Labels, series of articles and words of comments are only read for what is
 * shown, so a document is made in steps; core does not know the store:
 *
 *   st = social_status_begin(figures, query)
 *   while ((rc = social_status_ask(st, &details)) == SOCIAL_AGAIN)
 *       social_store_details(store, details)
 *   doc = social_status_finish(st, series)
 */

#ifndef SOCIAL_STATUS_H_INCLUDED
#define SOCIAL_STATUS_H_INCLUDED


#include "social_period.h"
#include "social_json.h"
#include "social_metrics.h"
#include "social_node.h"


#define SOCIAL_STATUS_SCHEMA     1
#define SOCIAL_STATUS_LIMIT      100    /* articles on a page */
#define SOCIAL_STATUS_ROWS       25     /* of them on an HTML page */
#define SOCIAL_STATUS_LIMIT_MAX  1000
#define SOCIAL_STATUS_INBOX      100    /* comments without an answer */
#define SOCIAL_STATUS_SOURCES    100
#define SOCIAL_STATUS_UNMATCHED  20     /* pages that are no articles, before
                                         * the page of a site with articles
                                         * says so */
#define SOCIAL_STATUS_POOLED     90     /* days of the figures in `pooled` */
#define SOCIAL_STATUS_THREAD     200    /* comments of an article's thread */
#define SOCIAL_STATUS_LEVELS     100    /* levels of replies */
#define SOCIAL_STATUS_NOW        300    /* seconds of `now` */
#define SOCIAL_STATUS_CELL       3      /* a public document has no smaller
                                         * count of people */


typedef struct social_status_s  social_status_t;


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
    int64_t   readers_now;  /* of the last SOCIAL_STATUS_NOW seconds */
    unsigned  store_ok:1;
    unsigned  one_address:1;    /* most views come from one address */
    const char  *store_reason;  /* why it is not, without paths, or NULL */

    unsigned     matched:1;     /* an article was served, or `article` is not
                                 * set: all pages are articles */
    int64_t      unmatched;     /* pages that are no articles, until then */
    const char  *articles;      /* `article` as configured, or NULL */
    const char  *unmatched_key; /* the last of these pages, or NULL */

    /* of a store that several machines share */
    const char            *node;    /* this machine, NULL: the store is its
                                     * own */
    const social_nodes_t  *nodes;   /* all of them, or NULL */
    int64_t                flush;   /* the request to save that they should have
                                     * obeyed, 0: there was none */
    social_article_t       own;     /* counters of this machine itself, in
                                     * `labelled` */
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
    const char                 *article;        /* only this key */
    const char                 *class;          /* only this class */
    int64_t                     limit;          /* per page, 0: default */
    int64_t                     rows;           /* the default, 0:
                                                 * SOCIAL_STATUS_LIMIT */
    int64_t                     page;           /* from 1 */
    const social_article_t     *pooled;         /* sums of the site since
                                                 * pooled_from, for its usual
                                                 * rates; NULL: figures */
    int64_t                     pooled_from;
    const social_article_t     *previous;       /* sums of the site in the
                                                 * period before, or NULL */
    int64_t                     previous_from;
    const social_article_t     *ever;           /* all that was ever counted,
                                                 * or NULL */
    const social_health_t      *health;         /* or NULL */
    unsigned                    is_public:1;    /* for everybody: without
                                                 * people, comments and small
                                                 * counts */
    const char                 *moderate;       /* path of the moderation
                                                 * page, for links */
    const char                 *base;           /* path of `origin`, or
                                                 * NULL */
    int64_t                     revision;       /* of the texts on the page,
                                                 * for answers; 0: not known */

    /* for the feed, see social_status_formats.h */
    const char                 *origin;
    const char                 *self;
    int64_t                     newest_held;
    int64_t                     newest_held_time;
    unsigned                    newest:1;
} social_status_query_t;


/* a period: what to ask the store for */

typedef struct {
    int64_t  from;          /* unix seconds, 0: everything */
    int64_t  to;            /* not included; INT64_MAX: no end, since counters
                             * of hours that are in the future after a clock
                             * was set back still count */
    int64_t  previous;      /* begin of the period before, which ends at
                             * `from`; 0: there is none */
} social_status_period_t;


/* a named period; DECLINED: no such name */
int social_status_period(social_str_t name, int64_t now,
    social_status_period_t *period);

/*
 * Days, YYYY-MM-DD, UTC, both included.  DECLINED: *field and *message say
 * what is wrong with which of them.
 */
int social_status_days(social_str_t from, social_str_t to,
    social_status_period_t *period, const char **field, const char **message);

/* seconds of a step of the series of a period */
int64_t social_status_step(int64_t from, int64_t to, int64_t now);


/* 1 if articles can be sorted by that name, or if it is a class */
int social_status_sortable(social_str_t name);
int social_status_is_class(social_str_t name);


/*
 * `to` is not part of the period: ask the store for [from, now + 1), or for
 * days until their end.  If figures->to is at least `now`, messages from the
 * future count as well, because the clock may have been set back.  figures,
 * query and all that it points to must live until finish().
 */
social_status_t *social_status_begin(const social_period_t *figures,
    const social_status_query_t *query);

/* SOCIAL_AGAIN: let the store answer *details and call again; SOCIAL_OK: all
 * is known; SOCIAL_ERROR: out of memory.  The details belong to the status */
int social_status_ask(social_status_t *st, social_details_t **details);

/* the steps of the site's series: [*from, *to) in steps of *step; 0: nothing
 * to ask for */
int64_t social_status_span(const social_status_t *st, int64_t *from,
    int64_t *to);

/* frees the status; series: the site's, or NULL.  If nothing was asked, labels
 * are those of the articles in the figures, and comments have no words */
cJSON *social_status_finish(social_status_t *st,
    const social_series_t *series);

/* frees a status that is not finished */
void social_status_abandon(social_status_t *st);

/*
 * A hash of a document without what changes while nothing happens (the time,
 * ages); `hash` is what else the answer depends on.
 */
uint64_t social_status_hash(const cJSON *doc, uint64_t hash);

/* the first second of the last finished week, which begins on Monday; adds
 * "week" to a document for the feed, from the figures of that week */
int64_t social_status_week_from(int64_t now);
int social_status_week(cJSON *doc, const social_period_t *figures,
    const social_status_query_t *query);

/*
 * Returns {"doc":document,"text":{...}} for templates; text has the document's
 * content in words.  Takes doc over, even on failure; NULL gives NULL.
 */
cJSON *social_status_page(cJSON *doc, const social_status_query_t *query);


#endif /* SOCIAL_STATUS_H_INCLUDED */
