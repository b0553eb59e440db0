
/*
 * The status in the formats of other programs: CSV for spreadsheets, the text
 * that Prometheus collects, and an Atom feed of what needs the owner.
 * docs/metrics.md and docs/monitoring.md say what they contain.
 *
 * Each function appends text to out.  SOCIAL_ERROR: memory or the limit of out
 * ran out, and what was written is useless.  Nothing reads a clock.  Pool
 * threads.
 *
 *   format=      Content-Type
 *   csv          SOCIAL_STATUS_CSV_TYPE, with
 *                Content-Disposition: attachment; filename="SITE-PERIOD.csv"
 *   prometheus   SOCIAL_OPENMETRICS_TYPE, or SOCIAL_OPENMETRICS_CLASSIC_TYPE
 *   atom         SOCIAL_STATUS_ATOM_TYPE
 *
 * SITE is the site's name with all but A-Z a-z 0-9 - _ replaced by "-", PERIOD
 * is the period's name, or FROM--TO with two dates if it has none.
 */

#ifndef SOCIAL_STATUS_FORMATS_H_INCLUDED
#define SOCIAL_STATUS_FORMATS_H_INCLUDED


#include "social_out.h"
#include "social_status.h"


#define SOCIAL_STATUS_CSV_TYPE   "text/csv; charset=utf-8; header=present"
#define SOCIAL_STATUS_ATOM_TYPE  "application/atom+xml; charset=utf-8"

#define SOCIAL_OPENMETRICS_TYPE                                               \
    "application/openmetrics-text; version=1.0.0; charset=utf-8"
#define SOCIAL_OPENMETRICS_CLASSIC_TYPE                                       \
    "text/plain; version=0.0.4; charset=utf-8"


/*
 * The articles of a document of social_status_finish(), a row each, after a row
 * of names: RFC 4180, UTF-8 without a byte order mark.  null is an empty cell.
 * Text that a spreadsheet would take for a formula gets an apostrophe.
 */
int social_status_csv(const cJSON *doc, social_out_t *out);


/*
 * The site's metrics.  `forever` holds what was ever counted: counters come
 * from it alone, so they never fall.  Strings belong to the caller.
 */

typedef struct {
    const char              *site;
    const char              *version;       /* SOCIAL_VERSION */
    const social_article_t  *forever;       /* social_store_totals(0,
                                             * INT64_MAX) */
    const social_health_t   *health;        /* the size of the zone */
    const char *const       *goals;         /* declared ones */
    size_t                   ngoals;
    const char *const       *networks;      /* those that `share` offers */
    size_t                   nnetworks;
    int64_t                  unanswered;    /* comments, now */
    int64_t                  held;
    int64_t                  oldest_unanswered_seconds; /* 0: none */
    int64_t                  reader_days;   /* since 00:00 UTC */
    int64_t                  participants;  /* of the last 28 days */
    int64_t                  articles[SOCIAL_ARTICLE_CLASSES]; /* by class, of
                                             * the last 28 days */
    unsigned                 reactions:1;   /* reactions are on */
    unsigned                 classic:1;     /* the text format of Prometheus,
                                             * version 0.0.4; else
                                             * OpenMetrics 1.0 */
} social_openmetrics_t;

int social_status_openmetrics(const social_openmetrics_t *in,
    social_out_t *out);

/* fills in what a status of the last 28 days knows */
void social_status_gauges(const social_status_t *st, social_openmetrics_t *in);

/*
 * 1 if a client with this header Accept gets the classic format: all that do
 * not name application/openmetrics-text, as Prometheus does.
 */
int social_openmetrics_is_classic(social_str_t accept);


/*
 * What needs the owner, newest first: comments that wait for an answer, those
 * that wait for approval, alarms, and the week in a sentence.  Private: it has
 * names and texts.  Two feeds are the same bytes if nothing happened between
 * them, so that a conditional request works.
 *
 * Reads of the document inbox, alarms, totals.held, and, if it is there,
 * `week`: {"from","to","sentence"}, the last finished week, Monday 00:00 UTC
 * to the next.  Reads of the query site, now, moderate, base, and
 *
 *   origin      scheme and host, "https://blog.example": what stands before
 *               each path.  Part of all ids
 *   self        path and query of the feed itself, percent-encoded
 *   newest_held, newest_held_time   the newest comment that waits for approval,
 *               0: none; its id makes a new entry, which readers announce
 *   newest      makes the document list the newest comments in the inbox,
 *               not the oldest ones
 */
int social_status_atom(const cJSON *doc, const social_status_query_t *query,
    social_out_t *out);


#endif /* SOCIAL_STATUS_FORMATS_H_INCLUDED */
