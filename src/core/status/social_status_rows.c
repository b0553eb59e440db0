
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
#include "social_time.h"

#define social_status_int(name)                                               \
    { #name, 1, 0, SOCIAL_STATUS_IN_ROW, offsetof(social_status_row_t, name) }

#define social_status_figure(name, field)                                     \
    { name, 1, 0, SOCIAL_STATUS_IN_FIGURES,                                   \
      offsetof(social_status_figures_t, field) }

#define social_status_rate(name)                                              \
    { #name, 0, 1, SOCIAL_STATUS_IN_FIGURES,                                  \
      offsetof(social_status_figures_t, name) }

#define social_status_stat_of(name, people, rate)                             \
    { #name, people, rate, SOCIAL_STATUS_IN_STATS,                            \
      offsetof(social_conversation_stats_t, name) }

#define social_status_stat(name)  social_status_stat_of(name, 1, 0)

/* what is no count of people, or not of readers */

#define social_status_stat_other(name)  social_status_stat_of(name, 0, 0)

#define social_status_stat_rate(name)  social_status_stat_of(name, 0, 1)


/* in the order of the document; social_status_article.c writes null for
 * reactions if they are off, and for the oldest comment's age if none waits */

static const social_status_field_t  social_status_fields[] = {
    social_status_int(views),
    social_status_figure("reader_days", evidence.readers),
    social_status_figure("listeners", listeners),
    social_status_stat(comments),
    social_status_stat_other(author_comments),
    social_status_stat(participants),
    social_status_stat(participants_weak),
    social_status_stat(exchanges),
    social_status_int(shares),
    social_status_figure("sharers", evidence.sharers),
    social_status_figure("reactions", evidence.reactions),
    social_status_figure("active_reader_days", evidence.active),

    social_status_rate(conversation_rate),
    social_status_rate(listening_rate),
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
    social_status_stat_other(oldest_unanswered_seconds),
    social_status_stat_rate(peer_reply_share),
    social_status_stat(dialogues),
    social_status_stat(thread_h),
    social_status_stat_rate(top_talker_share),
    social_status_stat(new_participants),
    social_status_stat(returning_participants),
    { "rank", 0, 1, SOCIAL_STATUS_IN_ROW, offsetof(social_status_row_t, rank) }
};


const social_status_field_t *
social_status_field(unsigned i)
{
    return i < social_nelts(social_status_fields) ? &social_status_fields[i]
                                                  : NULL;
}


static double
social_status_read(const void *base, const social_status_field_t *field)
{
    double       value;
    int64_t      whole;
    const char  *at;

    at = (const char *) base + field->offset;

    if (field->rate) {
        memcpy(&value, at, sizeof(value));
        return value;
    }

    memcpy(&whole, at, sizeof(whole));

    return (double) whole;
}


double
social_status_number(const social_status_figures_t *figures,
    const social_status_field_t *field)
{
    switch (field->in) {

    case SOCIAL_STATUS_IN_ROW:
        return social_status_read(figures->row, field);

    case SOCIAL_STATUS_IN_STATS:
        return social_status_read(figures->stats, field);

    default:
        return social_status_read(figures, field);
    }
}


double
social_status_value(const social_status_t *st, const social_status_row_t *row,
    const social_status_field_t *field)
{
    social_status_figures_t  figures;

    if (field->in == SOCIAL_STATUS_IN_FIGURES) {
        social_status_figures(st, row, &figures);
        return social_status_read(&figures, field);
    }

    return social_status_read(field->in == SOCIAL_STATUS_IN_ROW
                                  ? (const void *) row
                                  : social_status_stats(st, row),
                              field);
}


const social_conversation_stats_t *
social_status_stats(const social_status_t *st, const social_status_row_t *row)
{
    return row == &st->total ? &st->total_stats : &st->all_stats[row->stats];
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


/* finds the messages of an article, which are consecutive: both are ordered by
 * article, so they usually begin where those of the one before ended, at
 * `after` */

static void
social_status_find_messages(const social_period_t *f, int64_t article,
    size_t after, size_t *first, size_t *last)
{
    size_t  a, b, middle;

    a = 0;
    b = f->nmessages;

    if ((after == 0 || f->messages[after - 1].article < article)
        && (after == b || f->messages[after].article >= article))
    {
        a = after;
        b = after;
    }

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


void
social_status_figures(const social_status_t *st,
    const social_status_row_t *row, social_status_figures_t *f)
{
    double              readers;
    int64_t             published;
    const int64_t      *counts;
    social_evidence_t  *e;

    f->row = row;
    f->stats = social_status_stats(st, row);
    e = &f->evidence;
    counts = row->article->counts;

    social_status_evidence_of(st, e, row->article, f->stats);

    f->unconfirmed = social_status_max(0, counts[SOCIAL_COUNT_READ]
                                          - counts[SOCIAL_COUNT_CONFIRMED]);
    f->listeners = counts[SOCIAL_COUNT_LISTENERS];

    readers = (double) e->readers;
    published = row == &st->total ? st->published : row->published;

    /* not if fewer than `active`: a reader can be active twice a day */

    f->suspect = e->readers < e->participants || e->readers < e->sharers
                 || e->readers < e->reactions || e->readers < f->listeners;

    f->conversation_rate = social_metrics_rate((double) e->participants,
                                               readers);
    f->listening_rate = social_metrics_rate((double) f->listeners, readers);
    f->amplification_rate = social_metrics_rate((double) e->sharers, readers);
    f->applause_rate = st->query->reactions
                       ? social_metrics_rate((double) e->reactions, readers)
                       : NAN;
    f->passive_share = 1 - social_metrics_rate((double) e->active, readers);
    f->broadcast_ratio = social_metrics_rate((double) published,
                             (double) (published + f->stats->author_comments));
}


/* different commenters of each article, and what is active of them, since
 * `from` */

static void
social_status_pool_messages(social_status_t *st, int64_t from,
    social_evidence_t *sum)
{
    size_t                        first, last;
    social_conversation_stats_t   stats;
    social_window_t               w;
    const social_period_t        *f;

    f = st->figures;
    w = st->window;
    w.from = from;

    for (first = 0; first < f->nmessages; first = last) {

        for (last = first + 1;
             last < f->nmessages
             && f->messages[last].article == f->messages[first].article;
             last++)
        {
            /* void */
        }

        social_conversation_figures(st->conv, first, last, &w, &stats);
        sum->participants += stats.participants;
        sum->active += stats.active;
    }
}


/* computes the site's usual rates from sums over articles, because an
 * article's own rate is also a single rate over all its readers */

static void
social_status_pool(social_status_t *st)
{
    social_evidence_t             sum;
    const social_article_t       *a;

    a = st->query->pooled ? st->query->pooled : &st->site;

    social_status_evidence_of(st, &sum, a, &st->all_stats[0]);
    social_status_pool_messages(st, st->query->pooled ? st->query->pooled_from
                                                      : st->window.from,
                                &sum);
    social_metrics_bases(&st->bases, &sum, st->thresholds);
}


/* what all rows are looked at for */

static void
social_status_compute(social_status_t *st, social_status_row_t *row)
{
    const int64_t      *counts;
    social_evidence_t   e;

    counts = row->article->counts;
    social_status_evidence_of(st, &e, row->article,
                              social_status_stats(st, row));

    row->views = social_status_max(counts[SOCIAL_COUNT_READ],
                                   counts[SOCIAL_COUNT_CONFIRMED]);
    row->shares = social_status_sum(row->article, SOCIAL_COUNT_SHARE);
    row->acted = e.active != 0 || e.sharers != 0 || e.reactions != 0;
    row->class = (uint8_t) social_article_class(&e, &st->bases,
                                                st->thresholds);
    row->rank = social_metrics_rank((double) e.participants,
                                    (double) e.readers,
                                    st->bases.participants,
                                    (double) st->thresholds->prior);
}


/* the largest first */

static int
social_status_label_order(const void *one, const void *two)
{
    const social_labelled_t  *a, *b;

    a = one;
    b = two;

    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }

    if (a->value != b->value) {
        return a->value > b->value ? -1 : 1;
    }

    return strncmp(a->label, b->label, SOCIAL_LABEL_MAX);
}


/* the site's sums, with labels in order */

static int
social_status_site(social_status_t *st)
{
    const social_article_t  *a;

    a = &st->figures->site;
    memcpy(st->site.counts, a->counts, sizeof(a->counts));

    if (a->nlabelled == 0) {
        return SOCIAL_OK;
    }

    st->site.labelled = malloc(a->nlabelled * sizeof(social_labelled_t));
    if (st->site.labelled == NULL) {
        return SOCIAL_ERROR;
    }

    st->site.nlabelled = a->nlabelled;
    memcpy(st->site.labelled, a->labelled,
           a->nlabelled * sizeof(social_labelled_t));
    qsort(st->site.labelled, a->nlabelled, sizeof(social_labelled_t),
          social_status_label_order);

    return SOCIAL_OK;
}


static void
social_status_add_row(social_status_t *st, const social_article_t *a)
{
    size_t                first, last;
    social_status_row_t  *row;

    /* a beacon may be saved before its view: count at least as many views */

    st->site.counts[SOCIAL_COUNT_READ]
        += social_status_max(0, a->counts[SOCIAL_COUNT_CONFIRMED]
                                - a->counts[SOCIAL_COUNT_READ]);

    if (a->key[0] == '\0') {
        return;
    }

    row = &st->rows[st->nrows++];
    memset(row, 0, sizeof(social_status_row_t));
    row->article = a;
    row->since = a->published ? a->published : a->first_seen;
    row->published = row->since != 0 && row->since <= st->query->now
                     && row->since >= st->window.from
                     && row->since < st->figures->to;

    social_status_find_messages(st->figures, a->article,
                                st->nrows > 1 ? row[-1].last : 0, &first,
                                &last);
    row->first = (uint32_t) first;
    row->last = (uint32_t) last;

    if (last > first) {
        row->stats = st->nstats++;
        social_conversation_figures(st->conv, first, last, &st->window,
                                    &st->all_stats[row->stats]);
    }

    social_status_compute(st, row);
    st->classes[row->class]++;
    st->published += row->published;
}


/* articles with messages */

static size_t
social_status_commented(const social_period_t *f)
{
    size_t  i, n;

    n = f->nmessages > 0;

    for (i = 1; i < f->nmessages; i++) {
        n += f->messages[i].article != f->messages[i - 1].article;
    }

    return n;
}


static int
social_status_alloc(social_status_t *st)
{
    const social_period_t  *f;

    f = st->figures;

    st->conv = social_conversation_create(f->messages, f->nmessages);
    st->rows = social_arena_table(&st->arena, f->narticles + 1,
                                  sizeof(social_status_row_t));
    st->all_stats = social_arena_table(&st->arena,
                                       social_status_commented(f) + 1,
                                       sizeof(social_conversation_stats_t));

    if (st->conv == NULL || st->rows == NULL || st->all_stats == NULL) {
        return SOCIAL_ERROR;
    }

    return social_status_site(st);
}


social_status_row_t *
social_status_row_of(const social_status_t *st, const char *key)
{
    size_t  i;

    for (i = 0; i < st->nrows; i++) {
        if (strcmp(st->rows[i].article->key, key) == 0) {
            return &st->rows[i];
        }
    }

    return NULL;
}


/* when the first article was seen or commented on; INT64_MAX: never */

static int64_t
social_status_first(const social_period_t *f)
{
    size_t   i;
    int64_t  t, first;

    first = INT64_MAX;

    for (i = 0; i < f->narticles; i++) {
        t = f->articles[i].first_seen;

        if (t > 0 && t < first && f->articles[i].key[0]) {
            first = t;
        }
    }

    for (i = 0; i < f->nmessages; i++) {
        t = f->messages[i].created;

        if (t > 0 && t < first) {
            first = t;
        }
    }

    return first;
}


/* the period's end, and the first second of which something is known */

static void
social_status_bounds(social_status_t *st)
{
    int64_t                 from;
    const social_period_t  *f;

    f = st->figures;

    st->window.from = f->from;
    st->window.to = f->to >= st->query->now ? INT64_MAX : f->to;
    st->window.now = st->query->now;
    st->window.reply_within = st->thresholds->reply_within;

    st->series_to = st->query->now + 1;
    st->asked_to = st->query->now - st->query->now % SOCIAL_DAY + SOCIAL_DAY;

    if (f->to <= st->query->now) {
        st->series_to = f->to;
        st->asked_to = f->to;
    }

    from = f->from ? f->from : social_status_first(f);

    st->series_from = from < st->series_to ? from : st->series_to;
    st->step = social_status_step(st->series_from, st->series_to,
                                  st->query->now);
}


int
social_status_open(social_status_t *st, const social_period_t *figures,
    const social_status_query_t *query)
{
    size_t  i;

    st->figures = figures;
    st->query = query;
    st->thresholds = query->thresholds;

    social_status_bounds(st);

    if (social_status_alloc(st) != SOCIAL_OK) {
        st->failed = 1;
        return SOCIAL_ERROR;
    }

    social_conversation_figures(st->conv, 0, 0, &st->window,
                                &st->all_stats[st->nstats++]);
    social_status_pool(st);

    for (i = 0; i < figures->narticles; i++) {
        social_status_add_row(st, &figures->articles[i]);
    }

    /* what retention has removed was published, too */

    st->published += social_status_sum(&st->site, SOCIAL_COUNT_FORGOTTEN);

    social_conversation_figures(st->conv, 0, figures->nmessages, &st->window,
                                &st->total_stats);
    st->total.article = &st->site;
    st->total.last = (uint32_t) figures->nmessages;
    social_status_compute(st, &st->total);

    return SOCIAL_OK;
}


void
social_status_close(social_status_t *st)
{
    social_conversation_destroy(st->conv);
    social_details_free(&st->details);
    free(st->site.labelled);
    free(st->list);
    free(st->waiting);
    free(st->articles);
    free(st->comments);
    social_arena_free(&st->arena);
}
