
/*
 * The rows of the status: the figures of each article in the period, and of
 * the site.  Owns the table of numbers; computes with social_metrics and
 * social_conversation.  Must not write a document.  Pool threads.
 */

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"


#define social_status_int(name)                                               \
    { #name, 0, 0, offsetof(social_status_row_t, name) }

#define social_status_rate(name)                                              \
    { #name, 0, 1, offsetof(social_status_row_t, name) }

#define social_status_evidence(name, field)                                   \
    { name, 0, 0, offsetof(social_status_row_t, evidence.field) }

#define social_status_stat(name)                                              \
    { #name, 1, 0, offsetof(social_conversation_stats_t, name) }

#define social_status_stat_rate(name)                                         \
    { #name, 1, 1, offsetof(social_conversation_stats_t, name) }


/* in the order of the document; social_status.c writes null for reactions if
 * they are off, and for the oldest comment's age if none waits */

static const social_status_field_t  social_status_fields[] = {
    social_status_int(views),
    social_status_evidence("reader_days", readers),
    social_status_stat(comments),
    social_status_stat(author_comments),
    social_status_stat(participants),
    social_status_stat(participants_weak),
    social_status_stat(exchanges),
    social_status_int(shares),
    social_status_evidence("sharers", sharers),
    social_status_evidence("reactions", reactions),
    social_status_evidence("active_reader_days", active),

    social_status_rate(conversation_rate),
    social_status_rate(amplification_rate),
    social_status_rate(applause_rate),
    social_status_rate(passive_share),
    social_status_stat_rate(exchange_ratio),
    social_status_rate(broadcast_ratio),
    social_status_stat(matured),
    social_status_stat(answered),
    social_status_stat_rate(response_rate),
    social_status_stat_rate(first_author_reply_seconds),
    social_status_stat_rate(first_author_reply_p90_seconds),
    social_status_stat(unanswered),
    social_status_stat(oldest_unanswered_seconds),
    social_status_stat_rate(peer_reply_share),
    social_status_stat(dialogues),
    social_status_stat(thread_h),
    social_status_stat_rate(top_talker_share),
    social_status_stat(new_participants),
    social_status_stat(returning_participants),
    social_status_rate(rank)
};


const social_status_field_t *
social_status_field(unsigned i)
{
    return i < social_nelts(social_status_fields) ? &social_status_fields[i]
                                                  : NULL;
}


double
social_status_value(const social_status_row_t *row,
    const social_status_field_t *field)
{
    double       value;
    int64_t      whole;
    const char  *base;

    base = field->in_stats ? (const char *) row->stats : (const char *) row;
    base += field->offset;

    if (field->rate) {
        memcpy(&value, base, sizeof(value));
        return value;
    }

    memcpy(&whole, base, sizeof(whole));

    return (double) whole;
}


static int64_t
social_status_max(int64_t a, int64_t b)
{
    return a > b ? a : b;
}


static void
social_status_evidence_of(const social_status_t *st, social_evidence_t *e,
    const social_article_t *a, const social_conversation_stats_t *stats)
{
    e->readers = a->counts[SOCIAL_COUNT_READERS];
    e->participants = stats->participants;
    e->exchanges = stats->exchanges;
    e->sharers = a->counts[SOCIAL_COUNT_SHARERS];
    e->active = social_status_max(0, a->counts[SOCIAL_COUNT_ACTIVE]
                                     - a->counts[SOCIAL_COUNT_INACTIVE])
                + stats->active;
    e->reactions = 0;

    if (st->query->reactions) {

        /* with schema 2, a like from before the period could be taken back in
         * it */

        e->reactions = social_status_max(0, a->counts[SOCIAL_COUNT_LIKED]
                                            - a->counts[SOCIAL_COUNT_UNLIKED]);
    }
}


/* finds the messages of an article, which are consecutive */

static void
social_status_find_messages(const social_period_t *f, int64_t article,
    size_t *first, size_t *last)
{
    size_t  a, b, middle;

    a = 0;
    b = f->nmessages;

    while (a < b) {
        middle = a + (b - a) / 2;

        if (f->messages[middle].article < article) {
            a = middle + 1;

        } else {
            b = middle;
        }
    }

    for (b = a; b < f->nmessages && f->messages[b].article == article; b++) {
        /* void */
    }

    *first = a;
    *last = b;
}


static void
social_status_compute(social_status_t *st, social_status_row_t *row)
{
    double                   readers;
    size_t                   i;
    const int64_t           *counts;
    social_evidence_t       *e;
    const social_article_t  *a;

    a = row->article;
    e = &row->evidence;
    counts = a->counts;

    social_status_evidence_of(st, e, a, row->stats);

    row->unconfirmed = social_status_max(0, counts[SOCIAL_COUNT_READ]
                                            - counts[SOCIAL_COUNT_CONFIRMED]);
    row->views = row->unconfirmed + counts[SOCIAL_COUNT_CONFIRMED];
    row->shares = 0;

    for (i = 0; i < a->nlabelled; i++) {
        if (a->labelled[i].kind == SOCIAL_COUNT_SHARE) {
            row->shares += a->labelled[i].value;
        }
    }

    readers = (double) e->readers;

    /* not if fewer than `active`: a reader can be active twice a day */

    row->suspect = e->readers < e->participants || e->readers < e->sharers
                   || e->readers < e->reactions;

    row->conversation_rate = social_metrics_rate((double) e->participants,
                                                 readers);
    row->amplification_rate = social_metrics_rate((double) e->sharers, readers);
    row->applause_rate = st->query->reactions ? social_metrics_rate(
                             (double) e->reactions, readers)
                                              : NAN;
    row->passive_share = 1 - social_metrics_rate((double) e->active, readers);
    row->broadcast_ratio = social_metrics_rate((double) row->published,
                     (double) (row->published + row->stats->author_comments));
}


static void
social_status_add_evidence(social_evidence_t *sum, const social_evidence_t *e)
{
    sum->readers += e->readers;
    sum->participants += e->participants;
    sum->sharers += e->sharers;
    sum->reactions += e->reactions;
    sum->active += e->active;
}


/* computes the site's usual rates from sums over articles, because an
 * article's own rate is also a single rate over all its readers */

static void
social_status_pool(social_status_t *st)
{
    size_t                        i, first, last;
    social_conversation_stats_t   stats;
    social_window_t               w;
    social_evidence_t             e, sum;
    const social_article_t       *a;
    const social_period_t        *f;

    f = st->query->pooled;
    memset(&sum, 0, sizeof(sum));

    for (i = 0; f == NULL && i < st->nrows; i++) {
        social_status_add_evidence(&sum, &st->rows[i].evidence);
    }

    for (i = 0; f != NULL && i < f->narticles; i++) {
        a = &f->articles[i];
        w = st->window;
        w.from = f->from;
        stats = st->no_stats;

        social_status_find_messages(st->figures, a->article, &first, &last);

        if (last > first) {
            social_conversation_figures(st->conv, first, last, &w, &stats);
        }

        social_status_evidence_of(st, &e, a, &stats);
        social_status_add_evidence(&sum, &e);
    }

    social_metrics_bases(&st->bases, &sum, st->thresholds);
}


static void
social_status_rank(social_status_t *st, social_status_row_t *row)
{
    row->class = social_article_class(&row->evidence, &st->bases,
                                      st->thresholds);
    row->rank = social_metrics_rank((double) row->evidence.participants,
                                    (double) row->evidence.readers,
                                    st->bases.participants,
                                    (double) st->thresholds->prior);
}


static int
social_status_label_order(const void *one, const void *two)
{
    const social_labelled_t  *a, *b;

    a = one;
    b = two;

    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }

    return strncmp(a->label, b->label, SOCIAL_LABEL_MAX);
}


/* the labelled counters of the site: a store has added them up; otherwise merges
 * those of all articles */

static int
social_status_merge(social_status_t *st)
{
    size_t                   i, n, all;
    social_labelled_t       *sum;
    const social_article_t  *a;
    const social_period_t   *f;

    f = st->figures;
    all = 0;

    if (f->site.nlabelled) {
        sum = malloc(f->site.nlabelled * sizeof(social_labelled_t));
        if (sum == NULL) {
            return SOCIAL_ERROR;
        }

        memcpy(sum, f->site.labelled,
               f->site.nlabelled * sizeof(social_labelled_t));
        st->site.labelled = sum;
        st->site.nlabelled = f->site.nlabelled;

        return SOCIAL_OK;
    }

    for (i = 0; i < f->narticles; i++) {
        all += f->articles[i].nlabelled;
    }

    if (all == 0) {
        return SOCIAL_OK;
    }

    sum = malloc(all * sizeof(social_labelled_t));
    if (sum == NULL) {
        return SOCIAL_ERROR;
    }

    n = 0;

    for (i = 0; i < f->narticles; i++) {
        a = &f->articles[i];

        if (a->nlabelled) {
            memcpy(sum + n, a->labelled,
                   a->nlabelled * sizeof(social_labelled_t));
            n += a->nlabelled;
        }
    }

    qsort(sum, all, sizeof(social_labelled_t), social_status_label_order);

    n = 0;

    for (i = 1; i < all; i++) {

        if (social_status_label_order(&sum[n], &sum[i]) == 0) {
            sum[n].value += sum[i].value;

        } else {
            sum[++n] = sum[i];
        }
    }

    st->site.labelled = sum;
    st->site.nlabelled = n + 1;

    return SOCIAL_OK;
}


static void
social_status_add_row(social_status_t *st, const social_article_t *a,
    social_conversation_stats_t **stats)
{
    size_t                k;
    social_status_row_t  *row;

    for (k = 0; k < SOCIAL_COUNT_UNLABELLED; k++) {
        st->site.counts[k] += a->counts[k];
    }

    /* a beacon may be saved before its view: count at least as many views */

    st->site.counts[SOCIAL_COUNT_READ]
        += social_status_max(0, a->counts[SOCIAL_COUNT_CONFIRMED]
                                - a->counts[SOCIAL_COUNT_READ]);

    if (a->key[0] == '\0') {
        st->site_counts = a;
        return;
    }

    row = &st->rows[st->nrows++];
    row->article = a;
    row->stats = &st->no_stats;
    row->since = a->published ? a->published : a->first_seen;
    row->published = row->since != 0 && row->since <= st->query->now
                     && row->since >= st->figures->from
                     && row->since < st->figures->to;

    social_status_find_messages(st->figures, a->article, &row->first,
                                &row->last);

    if (row->last > row->first) {
        social_conversation_figures(st->conv, row->first, row->last,
                                    &st->window, *stats);
        row->stats = (*stats)++;
    }

    social_status_compute(st, row);
    st->total.published += row->published;
}


static int
social_status_alloc(social_status_t *st)
{
    size_t                  n;
    const social_period_t  *f;

    f = st->figures;
    n = f->narticles < f->nmessages ? f->narticles : f->nmessages;

    st->conv = social_conversation_create(f->messages, f->nmessages);
    st->rows = calloc(f->narticles + 1, sizeof(social_status_row_t));
    st->all_stats = malloc((n + 1) * sizeof(social_conversation_stats_t));

    if (st->conv == NULL || st->rows == NULL || st->all_stats == NULL) {
        return SOCIAL_ERROR;
    }

    return social_status_merge(st);
}


int
social_status_open(social_status_t *st, const social_period_t *figures,
    const social_status_query_t *query)
{
    size_t                        i;
    social_conversation_stats_t  *stats;

    memset(st, 0, sizeof(*st));

    st->figures = figures;
    st->query = query;
    st->thresholds = query->thresholds;
    st->window.from = figures->from;
    st->window.to = figures->to >= query->now ? INT64_MAX : figures->to;
    st->window.now = query->now;
    st->window.reply_within = st->thresholds->reply_within;

    if (social_status_alloc(st) != SOCIAL_OK) {
        st->failed = 1;
        return SOCIAL_ERROR;
    }

    social_conversation_figures(st->conv, 0, 0, &st->window, &st->no_stats);
    stats = st->all_stats;

    for (i = 0; i < figures->narticles; i++) {
        social_status_add_row(st, &figures->articles[i], &stats);
    }

    social_conversation_figures(st->conv, 0, figures->nmessages, &st->window,
                                &st->total_stats);
    st->total.article = &st->site;
    st->total.stats = &st->total_stats;
    st->total.last = figures->nmessages;
    social_status_compute(st, &st->total);

    social_status_pool(st);
    social_status_rank(st, &st->total);

    for (i = 0; i < st->nrows; i++) {
        social_status_rank(st, &st->rows[i]);
        st->classes[st->rows[i].class]++;
    }

    return SOCIAL_OK;
}


void
social_status_close(social_status_t *st)
{
    social_conversation_destroy(st->conv);
    free(st->rows);
    free(st->all_stats);
    free(st->site.labelled);
}
