
/*
 * The formulas.  Owns the table of thresholds and the rules of the classes.
 * Must not count anything itself; allocates nothing.  Any thread.
 */

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_metrics.h"


#define SOCIAL_METRICS_Z    1.96    /* 95 %, two-sided */
#define SOCIAL_METRICS_DAY  86400
#define SOCIAL_METRICS_MAX  1000000000


#define social_threshold_row(field, kind, init, min, max)                     \
    { #field, kind, offsetof(social_thresholds_t, field), init, min, max }

#define social_threshold_time(field, init)                                    \
    social_threshold_row(field, SOCIAL_THRESHOLD_TIME, init, 1,               \
                         SOCIAL_METRICS_MAX)

#define social_threshold_count(field, init)                                   \
    social_threshold_row(field, SOCIAL_THRESHOLD_COUNT, init, 1,              \
                         SOCIAL_METRICS_MAX)

#define social_threshold_share(field, init)                                   \
    social_threshold_row(field, SOCIAL_THRESHOLD_SHARE, init, 0.000001, 1)


static const social_threshold_t  social_threshold_rows[] = {
    social_threshold_time(reply_within, 7 * SOCIAL_METRICS_DAY),
    social_threshold_time(comment_silence, 14 * SOCIAL_METRICS_DAY),
    social_threshold_time(author_silence, 7 * SOCIAL_METRICS_DAY),

    social_threshold_count(prior, 200),
    social_threshold_count(share_prior, 5),
    social_threshold_count(pooled, 1000),

    social_threshold_count(new_readers, 30),
    social_threshold_count(participants, 3),
    social_threshold_count(exchanges, 2),
    social_threshold_count(sharers, 3),
    social_threshold_count(reactions, 3),
    social_threshold_count(broadcast_comments, 5),

    social_threshold_share(broadcast, 0.9),

    social_threshold_share(base_participants, 0.005),
    social_threshold_share(base_sharers, 0.002),
    social_threshold_share(base_reactions, 0.01),
    social_threshold_share(base_active, 0.007)
};


static const char *const social_article_class_names[SOCIAL_ARTICLE_CLASSES] = {
    "new",       "conversation", "unheard", "amplified",
    "applauded", "passive",      "quiet"
};


const social_threshold_t *
social_threshold_at(unsigned i)
{
    return i < social_nelts(social_threshold_rows) ? &social_threshold_rows[i]
                                                   : NULL;
}


const social_threshold_t *
social_threshold_find(social_str_t name)
{
    size_t                     i;
    const social_threshold_t  *row;

    for (i = 0; i < social_nelts(social_threshold_rows); i++) {
        row = &social_threshold_rows[i];

        if (strlen(row->name) == name.len
            && memcmp(row->name, name.data, name.len) == 0)
        {
            return row;
        }
    }

    return NULL;
}


int
social_threshold_set(social_thresholds_t *thresholds,
    const social_threshold_t *row, double value)
{
    int64_t   whole;
    char     *field;

    /* NAN fails this test, too */

    if (!(value >= row->min && value <= row->max)) {
        return SOCIAL_DECLINED;
    }

    field = (char *) thresholds + row->offset;

    if (row->kind == SOCIAL_THRESHOLD_SHARE) {
        memcpy(field, &value, sizeof(value));
        return SOCIAL_OK;
    }

    whole = (int64_t) value;

    if ((double) whole != value) {
        return SOCIAL_DECLINED;
    }

    memcpy(field, &whole, sizeof(whole));

    return SOCIAL_OK;
}


double
social_threshold_get(const social_thresholds_t *thresholds,
    const social_threshold_t *row)
{
    double       value;
    int64_t      whole;
    const char  *field;

    field = (const char *) thresholds + row->offset;

    if (row->kind == SOCIAL_THRESHOLD_SHARE) {
        memcpy(&value, field, sizeof(value));
        return value;
    }

    memcpy(&whole, field, sizeof(whole));

    return (double) whole;
}


void
social_thresholds_init(social_thresholds_t *thresholds)
{
    size_t  i;

    memset(thresholds, 0, sizeof(*thresholds));

    for (i = 0; i < social_nelts(social_threshold_rows); i++) {
        (void) social_threshold_set(thresholds, &social_threshold_rows[i],
                                    social_threshold_rows[i].init);
    }
}


double
social_metrics_rate(double k, double n)
{
    if (n < k) {
        n = k;
    }

    return n > 0 ? fmax(k, 0) / n : NAN;
}


/* bounds of the Wilson interval, JASA 22 (1927); sign -1: lower, 1: upper */

static double
social_metrics_wilson(double k, double n, int sign)
{
    double  p, z, bound;

    if (n <= 0) {
        return sign < 0 ? 0 : 1;
    }

    z = SOCIAL_METRICS_Z;
    p = fmin(fmax(k, 0), n) / n;

    bound = (p + z * z / (2 * n)
             + sign * z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
            / (1 + z * z / n);

    return fmin(fmax(bound, 0), 1);
}


double
social_metrics_rank(double k, double n, double p0, double m)
{
    return social_metrics_wilson(k + m * p0, fmax(n, k) + m, -1);
}


static double
social_metrics_shrunk(double k, double n, double p0, double m)
{
    return n + m > 0 ? (k + m * p0) / (n + m) : p0;
}


double
social_metrics_share_yield(double visits, double shares, double y0, double m)
{
    return shares > 0 ? (visits + m * y0) / (shares + m) : NAN;
}


/*
 * If the pooled rate is 0, the fallback is used: otherwise all ranks would be
 * 0, and on a site without any activity no article could become `passive`.
 */

static double
social_metrics_base(int64_t k, const social_evidence_t *pooled,
    double fallback, const social_thresholds_t *thresholds)
{
    if (pooled == NULL || pooled->readers < thresholds->pooled || k <= 0) {
        return fallback;
    }

    return social_metrics_rate((double) k, (double) pooled->readers);
}


void
social_metrics_bases(social_bases_t *bases, const social_evidence_t *pooled,
    const social_thresholds_t *t)
{
    social_evidence_t  none;

    if (pooled == NULL) {
        memset(&none, 0, sizeof(none));
        pooled = &none;
    }

    bases->participants = social_metrics_base(pooled->participants, pooled,
                                              t->base_participants, t);
    bases->sharers = social_metrics_base(pooled->sharers, pooled,
                                         t->base_sharers, t);
    bases->reactions = social_metrics_base(pooled->reactions, pooled,
                                           t->base_reactions, t);
    bases->active = social_metrics_base(pooled->active, pooled, t->base_active,
                                        t);
    bases->own = (pooled->readers >= t->pooled);
}


const char *
social_article_class_name(social_article_class_e name)
{
    return name < SOCIAL_ARTICLE_CLASSES ? social_article_class_names[name]
                                         : "quiet";
}


/* which classes apply, as bits; `quiet` if none */

static unsigned
social_article_class_all(const social_evidence_t *e, const social_bases_t *b,
    const social_thresholds_t *t)
{
    double    m, readers, active;
    unsigned  all;

    m = (double) t->prior;
    readers = (double) e->readers;
    active = (double) e->active;
    all = 0;

    if (e->readers < t->new_readers && e->participants == 0 && e->sharers == 0
        && e->reactions <= 0)
    {
        all |= 1u << SOCIAL_ARTICLE_NEW;
    }

    if (e->participants >= t->participants
        && social_metrics_shrunk((double) e->participants, readers,
                                 b->participants, m)
               >= b->participants)
    {
        all |= 1u << (e->exchanges >= t->exchanges
                      ? SOCIAL_ARTICLE_CONVERSATION : SOCIAL_ARTICLE_UNHEARD);
    }

    if (e->sharers >= t->sharers
        && social_metrics_shrunk((double) e->sharers, readers, b->sharers, m)
           >= b->sharers)
    {
        all |= 1u << SOCIAL_ARTICLE_AMPLIFIED;
    }

    if (e->reactions >= t->reactions
        && social_metrics_shrunk((double) e->reactions, readers, b->reactions,
                                 m)
               >= b->reactions)
    {
        all |= 1u << SOCIAL_ARTICLE_APPLAUDED;
    }

    if (social_metrics_wilson(active, readers, 1) < b->active) {
        all |= 1u << SOCIAL_ARTICLE_PASSIVE;
    }

    return all;
}


static void
social_article_class_explain(social_article_class_t *c,
    const social_evidence_t *e, const social_bases_t *b,
    const social_thresholds_t *t)
{
    char        *p;
    size_t       size;
    const char  *people, *readers;

    p = c->reason;
    size = sizeof(c->reason);
    people = e->participants == 1 ? "person" : "people";
    readers = e->readers == 1 ? "reader" : "readers";

    switch (c->first) {

    case SOCIAL_ARTICLE_NEW:
        (void) snprintf(p, size, "%" PRId64 " %s so far, fewer than %" PRId64
                        ", and nobody has commented or shared it yet",
                        e->readers, readers, t->new_readers);
        break;

    case SOCIAL_ARTICLE_CONVERSATION:
        (void) snprintf(p, size, "%" PRId64 " %s commented among %" PRId64
                        " %s, with %" PRId64 " repl%s to somebody else",
                        e->participants, people, e->readers, readers,
                        e->exchanges, e->exchanges == 1 ? "y" : "ies");
        break;

    case SOCIAL_ARTICLE_UNHEARD:
        (void) snprintf(p, size, "%" PRId64 " %s commented among %" PRId64
                        " %s, and %s replied", e->participants, people,
                        e->readers, readers,
                        e->exchanges == 0 ? "nobody" : "hardly anybody");
        break;

    case SOCIAL_ARTICLE_AMPLIFIED:
        (void) snprintf(p, size, "%" PRId64 " of %" PRId64 " %s shared it, at"
                        " least the usual %.1f per 1,000", e->sharers,
                        e->readers, readers, b->sharers * 1000);
        break;

    case SOCIAL_ARTICLE_APPLAUDED:
        (void) snprintf(p, size, "%" PRId64 " of %" PRId64 " %s liked it, at"
                        " least the usual %.1f per 1,000", e->reactions,
                        e->readers, readers, b->reactions * 1000);
        break;

    case SOCIAL_ARTICLE_PASSIVE:
        (void) snprintf(p, size, "only %" PRId64 " of %" PRId64 " %s reacted"
                        " in any way: clearly fewer than the usual %.1f per"
                        " 1,000", e->active, e->readers, readers,
                        b->active * 1000);
        break;

    default:
        (void) snprintf(p, size, "%" PRId64 " commenter%s, %" PRId64
                        " sharer%s, %" PRId64 " %s: not enough to tell",
                        e->participants, e->participants == 1 ? "" : "s",
                        e->sharers, e->sharers == 1 ? "" : "s", e->readers,
                        readers);
    }
}


static social_article_class_e
social_article_class_pick(unsigned all)
{
    unsigned  i;

    for (i = 0; i < SOCIAL_ARTICLE_QUIET && !(all & (1u << i)); i++) {
        /* void */
    }

    return (social_article_class_e) i;
}


social_article_class_e
social_article_class(const social_evidence_t *evidence,
    const social_bases_t *bases, const social_thresholds_t *thresholds)
{
    return social_article_class_pick(
        social_article_class_all(evidence, bases, thresholds));
}


void
social_article_classify(social_article_class_t *c,
    const social_evidence_t *evidence, const social_bases_t *bases,
    const social_thresholds_t *thresholds)
{
    unsigned  all;

    all = social_article_class_all(evidence, bases, thresholds);

    c->first = social_article_class_pick(all);
    c->also = all & ~(1u << c->first);

    social_article_class_explain(c, evidence, bases, thresholds);
}


double
social_metrics_median(const int64_t *sorted, size_t n, size_t all)
{
    size_t  half;

    half = all / 2;

    if (all == 0 || half >= n) {
        return NAN;
    }

    if (all % 2) {
        return (double) sorted[half];
    }

    return ((double) sorted[half - 1] + (double) sorted[half]) / 2;
}


double
social_metrics_quantile(const int64_t *sorted, size_t n, size_t all, double q)
{
    size_t  rank;

    rank = (size_t) ceil(q * (double) all - 1e-9);

    if (rank == 0) {
        rank = 1;
    }

    return (all == 0 || rank > n) ? NAN : (double) sorted[rank - 1];
}


static int
social_metrics_order(const void *one, const void *two)
{
    int64_t  a, b;

    a = *(const int64_t *) one;
    b = *(const int64_t *) two;

    return (a > b) - (a < b);
}


void
social_metrics_sort(int64_t *values, size_t n)
{
    if (n > 1) {
        qsort(values, n, sizeof(int64_t), social_metrics_order);
    }
}
