
/*
 * The formulas of the figures: rates, bounds, rank, class, medians.
 * docs/metrics.md says what each figure means.
 *
 * A rate 0/0 is NAN, which documents show as null.  Needs -lm.  Pure; any
 * thread.
 */

#ifndef SOCIAL_METRICS_H_INCLUDED
#define SOCIAL_METRICS_H_INCLUDED


#include "social.h"


/* parameters of the `metrics` directive, each a row of the table in
 * social_metrics.c */

typedef struct {
    int64_t  reply_within;      /* seconds: a later answer is too late */
    int64_t  comment_silence;   /* seconds without a reader's comment */
    int64_t  author_silence;    /* seconds without an author's comment */

    int64_t  prior;             /* readers added to compute rank and class */
    int64_t  share_prior;       /* shares added to compute share_yield */
    int64_t  pooled;  /* readers from which on a site has own bases */

    int64_t  new_readers;       /* with fewer, an article is `new` */
    int64_t  participants;      /* at least so many for a conversation */
    int64_t  exchanges;
    int64_t  sharers;           /* at least so many for `amplified` */
    int64_t  reactions;         /* at least so many for `applauded` */
    int64_t  broadcast_comments; /* at least so many for `broadcasting` */

    double   broadcast;         /* and this broadcast_ratio */

    double   base_participants; /* until the site has its own base */
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
    const char              *name;
    social_threshold_kind_e  kind;
    size_t                   offset;    /* offset in social_thresholds_t */
    double                   init, min, max;
} social_threshold_t;


/* counts of an article, or of a site, in a period */

typedef struct {
    int64_t  readers;   /* reader_days */
    int64_t  participants;
    int64_t  exchanges;
    int64_t  sharers;
    int64_t  reactions; /* 0 if they are off */
    int64_t  active;    /* active_reader_days */
} social_evidence_t;


/* the usual rates of a site */

typedef struct {
    double    participants;
    double    sharers;
    double    reactions;
    double    active;
    unsigned  own:1;    /* the site's own, not the defaults */
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
    unsigned                also;   /* other classes that apply, 1 << class */
    char                    reason[192];
} social_article_class_t;


/* social_threshold_at(): the rows in the order to print, NULL at the end;
 * social_threshold_find(): NULL if there is no such name */
const social_threshold_t *social_threshold_at(unsigned i);
const social_threshold_t *social_threshold_find(social_str_t name);

void social_thresholds_init(social_thresholds_t *thresholds);
double social_threshold_get(const social_thresholds_t *thresholds,
    const social_threshold_t *row);

/* DECLINED: outside min and max, or not whole though it must be */
int social_threshold_set(social_thresholds_t *thresholds,
    const social_threshold_t *row, double value);


/* k / n, at most 1; NAN for 0/0.  If n is smaller than k, n is wrong (see
 * denominator_suspect) and k is used instead */
double social_metrics_rate(double k, double n);

/* lower bound of the Wilson interval, after m more readers at the rate p0 */
double social_metrics_rank(double k, double n, double p0, double m);

/* share visits per share, after m more shares with y0 visits each, y0 being
 * the site's visits per share; NAN if shares is 0 */
double social_metrics_share_yield(double visits, double shares, double y0,
    double m);

/* pooled: the sums over all articles in the last 90 days */
void social_metrics_bases(social_bases_t *bases,
    const social_evidence_t *pooled, const social_thresholds_t *thresholds);

/* social_article_class() returns the class; social_article_classify() also the
 * other classes that apply, and the reason as a sentence */
social_article_class_e social_article_class(const social_evidence_t *evidence,
    const social_bases_t *bases, const social_thresholds_t *thresholds);
void social_article_classify(social_article_class_t *result,
    const social_evidence_t *evidence, const social_bases_t *bases,
    const social_thresholds_t *thresholds);
const char *social_article_class_name(social_article_class_e name);

/*
 * Median and quantile (by nearest rank) of `all` durations, of which only the
 * n shortest are known, sorted; the others count as infinite.  NAN if the
 * result is infinite or if all is 0.
 */
double social_metrics_median(const int64_t *sorted, size_t n, size_t all);
double social_metrics_quantile(const int64_t *sorted, size_t n, size_t all,
    double q);

void social_metrics_sort(int64_t *values, size_t n);


#endif /* SOCIAL_METRICS_H_INCLUDED */
