
/*
 * The formulas of the figures: rates, bounds, rank, class, medians.  What a
 * figure means and where it comes from stands in docs/metrics.md.
 *
 * A rate of nothing (0/0) is NAN, which documents show as null.  Pure; any
 * thread.  Needs -lm.
 */

#ifndef SOCIAL_METRICS_H_INCLUDED
#define SOCIAL_METRICS_H_INCLUDED


#include "social.h"


/* conventions of ours: parameters of the `metrics` directive, each a row of
 * the table in social_metrics.c */

typedef struct {
    int64_t  reply_within;      /* seconds: an answer later is too late */
    int64_t  comment_silence;   /* seconds without readers' comments */
    int64_t  author_silence;    /* seconds without the author's */

    int64_t  prior;             /* m of rank and class, in readers */
    int64_t  share_prior;       /* the same of share_yield, in shares */
    int64_t  pooled;            /* readers that make the site's own base */

    int64_t  new_readers;       /* below: an article is new */
    int64_t  participants;      /* from these on it may be a conversation */
    int64_t  exchanges;
    int64_t  sharers;           /* ... amplified */
    int64_t  reactions;         /* ... applauded */
    int64_t  broadcast_comments;    /* ... the alarm `broadcasting` */

    double   broadcast;         /* ... at this ratio */

    double   base_participants; /* before the site has a base of its own */
    double   base_sharers;
    double   base_reactions;
    double   base_active;
} social_thresholds_t;


typedef enum {
    SOCIAL_THRESHOLD_TIME = 0,  /* int64_t, seconds */
    SOCIAL_THRESHOLD_COUNT,     /* int64_t */
    SOCIAL_THRESHOLD_SHARE      /* double, 0 to 1 */
} social_threshold_kind_e;


typedef struct {
    const char               *name;
    social_threshold_kind_e   kind;
    size_t                    offset;   /* in social_thresholds_t */
    double                    init, min, max;
} social_threshold_t;


/* what an article, or a site, has in a period */

typedef struct {
    int64_t  readers;           /* reader_days */
    int64_t  participants;
    int64_t  exchanges;
    int64_t  sharers;
    int64_t  reactions;         /* 0 where they are off */
    int64_t  active;            /* active_reader_days */
} social_evidence_t;


/* the usual rates of a site: p0 and b of the formulas */

typedef struct {
    double   participants;
    double   sharers;
    double   reactions;
    double   active;
    unsigned own:1;             /* the site's, not the fallback */
} social_bases_t;


typedef enum {
    SOCIAL_ARTICLE_NEW = 0,
    SOCIAL_ARTICLE_CONVERSATION,
    SOCIAL_ARTICLE_UNHEARD,
    SOCIAL_ARTICLE_AMPLIFIED,
    SOCIAL_ARTICLE_APPLAUDED,
    SOCIAL_ARTICLE_PASSIVE,
    SOCIAL_ARTICLE_QUIET,
    SOCIAL_ARTICLE_CLASSES
} social_article_class_e;


typedef struct {
    social_article_class_e  first;
    unsigned        also;       /* the others that are true, 1 << class */
    char            reason[192];
} social_article_class_t;


/* rows in the order to print, NULL at the end; NULL: no such name */
const social_threshold_t *social_threshold_at(unsigned i);
const social_threshold_t *social_threshold_find(social_str_t name);

void social_thresholds_init(social_thresholds_t *thresholds);
double social_threshold_get(const social_thresholds_t *thresholds,
    const social_threshold_t *row);

/* DECLINED: outside min and max, or not whole where it must be */
int social_threshold_set(social_thresholds_t *thresholds,
    const social_threshold_t *row, double value);


/* k of n, at most 1; NAN for 0/0.  Nothing of more than there is: then the
 * denominator is suspect */
double social_metrics_rate(double k, double n);

/* the lower bound after m readers more at the rate p0 */
double social_metrics_rank(double k, double n, double p0, double m);

/* share visits per share, shrunk to y0 = visits per share of the whole site;
 * NAN without shares */
double social_metrics_share_yield(double visits, double shares, double y0,
    double m);

/* pooled: the sums over all articles in 90 days */
void social_metrics_bases(social_bases_t *bases,
    const social_evidence_t *pooled, const social_thresholds_t *thresholds);

/* the class alone, and with what else is true and the reason in words */
social_article_class_e social_article_class(const social_evidence_t *evidence,
    const social_bases_t *bases, const social_thresholds_t *thresholds);
void social_article_classify(social_article_class_t *result,
    const social_evidence_t *evidence, const social_bases_t *bases,
    const social_thresholds_t *thresholds);
const char *social_article_class_name(social_article_class_e name);

/*
 * Of `all` durations of which only the n shortest are known, sorted, the rest
 * being infinite: NAN where the median, or the quantile by nearest rank, is
 * infinite, and where all is 0.
 */
double social_metrics_median(const int64_t *sorted, size_t n, size_t all);
double social_metrics_quantile(const int64_t *sorted, size_t n, size_t all,
    double q);

void social_metrics_sort(int64_t *values, size_t n);


#endif /* SOCIAL_METRICS_H_INCLUDED */
