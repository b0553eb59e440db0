
/*
 * Formulas: the examples of docs/metrics.md, and extreme values.
 */

#include <math.h>

#include "unit.h"
#include "social_metrics.h"


typedef struct {
    double  k, n, want;
} rank_t;


typedef struct {
    int64_t      r, p, x, s, l;
    const char  *want, *also;
} class_t;


static void
is_near(double got, double want, double by, const char *what)
{
    if (!ok(fabs(got - want) <= by, "%s", what)) {
        printf("#   got %.6f, want %.6f\n", got, want);
    }
}


static void
ranks(void)
{
    char    what[64];
    size_t  i;

    static const rank_t  vectors[] = {
        { 0, 0, 0.0027 }, { 0, 500, 0.0008 }, { 1, 1, 0.0051 },
        { 2, 5, 0.0076 }, { 3, 30, 0.0093 }, { 5, 200, 0.0085 },
        { 30, 1000, 0.0190 }, { 300, 10000, 0.0265 }, { 12, 12, 0.0397 }
    };

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        snprintf(what, sizeof(what), "rank of %.0f/%.0f", vectors[i].k,
                 vectors[i].n);
        is_near(social_metrics_rank(vectors[i].k, vectors[i].n, 0.01, 200),
                vectors[i].want, 0.00005, what);
    }

    is_near(social_metrics_rank(1, 1, 0, 0), 0.2065, 0.00005,
            "lower bound of 1/1");
    is_near(social_metrics_rank(30, 1000, 0, 0), 0.0211, 0.00005,
            "lower bound of 30/1000");
    is_near(social_metrics_rank(0, 0, 0, 0), 0, 0, "lower bound of 0/0");
    is_near(social_metrics_rank(0, 50, 0, 0), 0, 1e-12,
            "the lower bound is never below 0");
    ok(social_metrics_rank(5, 0, 0.01, 200) < 1,
       "a rank with more than all is below 1");
}


static void
also_names(unsigned also, char *out)
{
    int  i;

    out[0] = '\0';

    for (i = 0; i < SOCIAL_ARTICLE_CLASSES; i++) {
        if (also & (1u << i)) {
            strcat(out, out[0] ? "," : "");
            strcat(out, social_article_class_name(i));
        }
    }
}


static void
classes(void)
{
    char                 what[96], also[128];
    size_t               i;
    const class_t       *v;
    social_article_class_t       got;
    social_bases_t       bases;
    social_evidence_t    e;
    social_thresholds_t  t;

    static const class_t  vectors[] = {
        { 40, 3, 2, 0, 0, "conversation", "" },
        { 10000, 3, 2, 0, 0, "passive", "" },
        { 400, 4, 0, 0, 0, "unheard", "" },
        { 900, 0, 0, 9, 0, "amplified", "" },
        { 800, 1, 0, 2, 20, "applauded", "" },
        { 25, 0, 0, 0, 0, "new", "" },
        { 120, 0, 0, 0, 0, "quiet", "" },
        { 500, 0, 0, 0, 0, "quiet", "" },
        { 600, 0, 0, 0, 0, "passive", "" },
        { 5, 2, 1, 0, 0, "quiet", "" },
        { 2000, 12, 30, 15, 40, "conversation", "amplified,applauded" },
        { 0, 0, 0, 0, 0, "new", "" },
        { 0, 3, 1, 0, 0, "unheard", "" }
    };

    social_thresholds_init(&t);
    social_metrics_bases(&bases, NULL, &t);
    ok(!bases.own, "without figures the bases are the defaults");

    for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
        v = &vectors[i];

        e.readers = v->r;
        e.participants = v->p;
        e.exchanges = v->x;
        e.sharers = v->s;
        e.reactions = v->l;
        e.active = v->p + v->s + v->l;

        social_article_classify(&got, &e, &bases, &t);

        snprintf(what, sizeof(what), "class of %d,%d,%d,%d,%d", (int) v->r,
                 (int) v->p, (int) v->x, (int) v->s, (int) v->l);
        is_str(social_article_class_name(got.first), v->want, what);
        also_names(got.also, also);
        is_str(also, v->also, "other classes that are true");
        ok(strlen(got.reason) > 20 && strlen(got.reason) + 20 < 192, "why: %s",
           got.reason);
    }
}


/* where the class changes: the upper bound of Wilson's interval, and the rate
 * shrunk to the site's base, against that base */

static void
boundaries(void)
{
    social_bases_t       b;
    social_evidence_t    e;
    social_thresholds_t  t;

    social_thresholds_init(&t);
    social_metrics_bases(&b, NULL, &t);
    memset(&e, 0, sizeof(e));

    e.readers = 600;
    b.active = 0.00645;
    ok(social_article_class(&e, &b, &t) == SOCIAL_ARTICLE_PASSIVE,
       "0 of 600 were active: at most 0.0064");
    b.active = 0.00635;
    ok(social_article_class(&e, &b, &t) == SOCIAL_ARTICLE_QUIET,
       "and not less than that");

    e.readers = 30;
    e.active = 90;
    b.active = 1.01;
    ok(social_article_class(&e, &b, &t) == SOCIAL_ARTICLE_PASSIVE,
       "more active ones than readers: the bound is 1");

    b.active = 0;
    e.readers = 400;
    e.participants = 3;
    e.active = 3;
    b.participants = 0.00749;
    ok(social_article_class(&e, &b, &t) == SOCIAL_ARTICLE_UNHEARD,
       "3 of 400: at least the usual rate, 0.00749");
    b.participants = 0.00751;
    ok(social_article_class(&e, &b, &t) == SOCIAL_ARTICLE_QUIET,
       "but less than 0.00751");
}


static void
bases(void)
{
    social_bases_t       b;
    social_evidence_t    e;
    social_thresholds_t  t;

    social_thresholds_init(&t);
    memset(&e, 0, sizeof(e));

    e.readers = 999;
    e.participants = 50;
    social_metrics_bases(&b, &e, &t);
    is_near(b.participants, 0.005, 0, "999 readers: the default");

    e.readers = 1000;
    e.sharers = 4;
    e.active = 60;
    social_metrics_bases(&b, &e, &t);
    is_near(b.participants, 0.05, 1e-12, "1000 readers: the site's own rate");
    is_near(b.sharers, 0.004, 1e-12, "the rate of sharers, too");
    is_near(b.active, 0.06, 1e-12, "the rate of active readers, too");
    is_near(b.reactions, 0.01, 0, "no reactions: the default");
    ok(b.own, "the bases are marked as the site's own");

    e.participants = 5000;
    social_metrics_bases(&b, &e, &t);
    is_near(b.participants, 1, 0, "a base is never above 1");
}


static void
rates(void)
{
    ok(isnan(social_metrics_rate(0, 0)), "0/0 gives no rate");
    is_near(social_metrics_rate(0, 7), 0, 0, "0/7");
    is_near(social_metrics_rate(3, 30), 0.1, 1e-12, "3/30");
    is_near(social_metrics_rate(3, 0), 1, 0,
            "3/0: the denominator is at least the numerator");
    is_near(social_metrics_rate(-1, 4), 0, 0, "a rate is never negative");
    ok(isnan(social_metrics_share_yield(4, 0, 0.5, 5)),
       "without shares there is no yield");
    is_near(social_metrics_share_yield(4, 2, 0.5, 5), 6.5 / 7, 1e-12, "yield");
}


static void
medians(void)
{
    int64_t  v[] = { 50, 10, 40, 20, 30 };

    social_metrics_sort(v, 5);
    is_int(v[0], 10, "sorted");
    is_int(v[4], 50, "... to the last one");

    is_near(social_metrics_median(v, 5, 5), 30, 0, "of an odd number");
    is_near(social_metrics_median(v, 4, 4), 25, 0, "of an even number");
    is_near(social_metrics_median(v, 3, 5), 30, 0, "two of five unanswered");
    ok(isnan(social_metrics_median(v, 2, 5)), "three of five: more than T");
    ok(isnan(social_metrics_median(v, 2, 4)),
       "two of four unanswered: more than T");
    is_near(social_metrics_median(v, 3, 4), 25, 0, "one of four unanswered");
    ok(isnan(social_metrics_median(v, 0, 0)), "median of nothing");
    ok(isnan(social_metrics_median(v, 0, 1)), "none is answered: no median");
    is_near(social_metrics_median(v, 1, 1), 10, 0, "median of one");

    is_near(social_metrics_quantile(v, 5, 5, 0.9), 50, 0, "p90 of five");
    ok(isnan(social_metrics_quantile(v, 4, 5, 0.9)),
       "p90 of five, one unanswered: more than T");
    is_near(social_metrics_quantile(v, 5, 10, 0.5), 50, 0, "rank 5 of 10");
    is_near(social_metrics_quantile(v, 5, 5, 0), 10, 0,
            "quantile 0 is the smallest");
    ok(isnan(social_metrics_quantile(v, 0, 0, 0.9)), "p90 of nothing");
}


static void
thresholds(void)
{
    unsigned                   i;
    social_str_t               name = social_string("reply_within");
    social_str_t               none = social_string("reply");
    const social_threshold_t  *row;
    social_thresholds_t        t;

    social_thresholds_init(&t);
    is_int(t.reply_within, 604800, "reply_within is 7 days");
    is_int(t.prior, 200, "prior is 200");
    is_near(t.base_participants, 0.005, 0, "base_participants");

    row = social_threshold_find(name);
    ok(row != NULL && social_threshold_find(none) == NULL,
       "found by its full name");
    ok(social_threshold_set(&t, row, 60) == SOCIAL_OK, "a threshold is set");
    is_int(t.reply_within, 60, "... to a minute");
    ok(social_threshold_set(&t, row, 0) == SOCIAL_DECLINED
       && social_threshold_set(&t, row, 1.5) == SOCIAL_DECLINED
       && social_threshold_set(&t, row, NAN) == SOCIAL_DECLINED
       && social_threshold_set(&t, row, 1e18) == SOCIAL_DECLINED,
       "values out of bounds are refused");
    is_int(t.reply_within, 60, "... and change nothing");

    for (i = 0; (row = social_threshold_at(i)) != NULL; i++) {
        (void) social_threshold_set(&t, row, row->init);
        ok(social_threshold_get(&t, row) == row->init
           && row->init >= row->min && row->init <= row->max,
           "%s has a default inside its bounds", row->name);
    }

    ok(i > 10, "there are more than ten thresholds");
}


int
main(void)
{
    ranks();
    classes();
    boundaries();
    bases();
    rates();
    medians();
    thresholds();

    return done();
}
