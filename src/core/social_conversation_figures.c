
/*
 * The figures of conversations in a period.  Counts in the memory of the
 * social_conversation_t and must not allocate.  Pool threads.
 */

#include <math.h>
#include <string.h>

#include "social_conversation_state.h"
#include "social_metrics.h"
#include "social_time.h"


#define SOCIAL_CONV_RETURN  86400       /* seconds: a returning participant */


/* seconds until the author's first reply; 0 if the clock was set back */

static int64_t
social_conv_reply_seconds(const social_conversation_t *conv, size_t i)
{
    int64_t  created;

    created = conv->messages[i].created;

    return conv->author_reply[i] > created ? conv->author_reply[i] - created
                                           : 0;
}


static int
social_conv_in_period(const social_message_t *m, const social_window_t *w)
{
    return m->created >= w->from && m->created < w->to;
}


/* whom message i answers.  The store remembers it for a comment that is not
 * approved any more: holding or deleting it does not undo the exchange */

static social_exchange_e
social_conv_exchange(const social_conversation_t *conv, size_t i)
{
    uint32_t  parent;

    parent = conv->parent[i];

    if (parent == SOCIAL_CONV_NONE) {
        return conv->messages[i].parent ? conv->messages[i].exchange
                                        : SOCIAL_EXCHANGE_NONE;
    }

    if (conv->person[parent] == conv->person[i]) {
        return SOCIAL_EXCHANGE_NONE;
    }

    return conv->messages[parent].role == SOCIAL_AUTHOR
           ? SOCIAL_EXCHANGE_AUTHOR : SOCIAL_EXCHANGE_READER;
}


/* what one message and its parent are enough for */

static void
social_conv_count(social_conversation_t *conv, size_t i,
    social_conversation_stats_t *stats)
{
    social_exchange_e        with;
    const social_message_t  *m;

    m = &conv->messages[i];

    if (m->role == SOCIAL_AUTHOR) {
        stats->author_comments++;

    } else {
        stats->comments++;
    }

    with = social_conv_exchange(conv, i);

    stats->exchanges += (with != SOCIAL_EXCHANGE_NONE);
    stats->peer_replies += (with == SOCIAL_EXCHANGE_READER
                            && m->role == SOCIAL_READER);
}


static void
social_conv_count_answers(social_conversation_t *conv, size_t i,
    const social_window_t *w, social_conversation_stats_t *stats)
{
    int64_t                  age, seconds;
    const social_message_t  *m;

    m = &conv->messages[i];

    if (!conv->needs_answer[i] || m->done) {
        return;
    }

    age = w->now > m->created ? w->now - m->created : 0;

    if (conv->author_reply[i] == INT64_MAX) {

        if (stats->unanswered++ == 0 || m->created < stats->oldest_unanswered) {
            stats->oldest_unanswered = m->created;
            stats->oldest_unanswered_seconds = age;
        }
    }

    if (m->created < w->from) {
        return;
    }

    seconds = conv->author_reply[i] == INT64_MAX ? INT64_MAX
                                       : social_conv_reply_seconds(conv, i);
    stats->needing++;
    stats->needing_answered += (seconds != INT64_MAX);

    if (age > w->reply_within) {
        stats->matured++;
        stats->answered += (seconds <= w->reply_within);
    }
}


static void
social_conv_replies(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w, social_conversation_stats_t *stats)
{
    size_t                   i, n, all;
    int64_t                  seconds;
    const social_message_t  *m;

    /* median over comments with an answer */

    n = 0;
    all = 0;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (conv->needs_answer[i] && !m->done
            && conv->author_reply[i] != INT64_MAX
            && social_conv_in_period(m, w))
        {
            seconds = social_conv_reply_seconds(conv, i);
            conv->values[n++] = seconds;
        }
    }

    social_metrics_sort(conv->values, n);
    stats->answered_median = social_metrics_median(conv->values, n, n);

    /* median over matured comments: no answer, or one that came after
     * reply_within, counts as infinite */

    n = 0;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (!conv->needs_answer[i] || m->done || !social_conv_in_period(m, w)
            || w->now - m->created <= w->reply_within)
        {
            continue;
        }

        all++;

        if (conv->author_reply[i] == INT64_MAX) {
            continue;
        }

        seconds = social_conv_reply_seconds(conv, i);

        if (seconds <= w->reply_within) {
            conv->values[n++] = seconds;
        }
    }

    social_metrics_sort(conv->values, n);
    stats->first_author_reply_seconds = social_metrics_median(conv->values, n,
                                                              all);
    stats->first_author_reply_p90_seconds = social_metrics_quantile(
        conv->values, n, all, 0.9);
}


static void
social_conv_participants(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *w, social_conversation_stats_t *stats)
{
    size_t                   i, n;
    uint32_t                 top;
    const social_message_t  *m;
    social_conv_person_t    *p;

    n = 0;
    top = 0;
    conv->round++;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (m->role != SOCIAL_READER || !social_conv_in_period(m, w)) {
            continue;
        }

        p = &conv->people[conv->person[i]];

        if (p->round != conv->round) {
            p->round = conv->round;
            p->count = 0;
            p->strong = 0;
            p->latest = m->created;
            conv->scratch[n++] = conv->person[i];
        }

        p->strong |= !m->weak;

        if (m->created > p->latest) {
            p->latest = m->created;
        }

        if (++p->count > top) {
            top = p->count;
        }
    }

    for (i = 0; i < n; i++) {
        p = &conv->people[conv->scratch[i]];

        stats->participants_weak += !p->strong;
        stats->new_participants += (p->first >= w->from);
        stats->returning_participants += (p->latest - p->first
                                          >= SOCIAL_CONV_RETURN);
    }

    stats->participants = (int64_t) n;
    stats->top_talker_share =
        n >= 3 ? social_metrics_rate(top, (double) stats->comments) : NAN;
}


/* different people and days of one article */

static int64_t
social_conv_active_of(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w)
{
    size_t                   i, n;
    int64_t                  different, day;
    const social_message_t  *m;

    n = 0;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (m->role == SOCIAL_READER && !m->active
            && social_conv_in_period(m, w))
        {
            day = m->created / SOCIAL_DAY;
            conv->values[n++] = (int64_t) ((uint64_t) day << 32
                                           | conv->person[i]);
        }
    }

    social_metrics_sort(conv->values, n);

    different = 0;

    for (i = 0; i < n; i++) {
        different += (i == 0 || conv->values[i] != conv->values[i - 1]);
    }

    return different;
}


static int64_t
social_conv_active(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w)
{
    size_t   end;
    int64_t  n;

    for (n = 0; first < last; first = end) {

        for (end = first + 1;
             end < last && conv->messages[end].article
                           == conv->messages[first].article;
             end++)
        {
            /* void */
        }

        n += social_conv_active_of(conv, first, end, w);
    }

    return n;
}


/*
 * The number of pairs of people of whom one wrote, the other replied, and the
 * first replied to that.
 */

static int64_t
social_conv_dialogues(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w)
{
    size_t    i, n, different;
    uint32_t  parent, grandparent, a, b;

    n = 0;

    for (i = first; i < last; i++) {
        parent = conv->parent[i];
        grandparent = parent == SOCIAL_CONV_NONE ? parent
                                                 : conv->parent[parent];

        if (grandparent == SOCIAL_CONV_NONE
            || !social_conv_in_period(&conv->messages[i], w))
        {
            continue;
        }

        a = conv->person[i];
        b = conv->person[parent];

        if (a != b && conv->person[grandparent] == a) {
            conv->values[n++] = (int64_t) (a < b ? (uint64_t) a << 32 | b
                                                 : (uint64_t) b << 32 | a);
        }
    }

    social_metrics_sort(conv->values, n);

    different = 0;

    for (i = 0; i < n; i++) {
        different += (i == 0 || conv->values[i] != conv->values[i - 1]);
    }

    return (int64_t) different;
}


size_t
social_conversation_levels(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *w, const uint32_t **levels)
{
    size_t    i, deepest;
    uint32_t  parent, *width;

    width = conv->scratch;             /* comments by level, from 1 */
    deepest = 0;

    for (i = first; i < last; i++) {
        parent = conv->parent[i];
        conv->level[i] = 0;

        if (!social_conv_in_period(&conv->messages[i], w)) {
            continue;
        }

        conv->level[i] = 1;

        if (parent != SOCIAL_CONV_NONE && parent >= first) {
            conv->level[i] += conv->level[parent];
        }

        while (deepest < conv->level[i]) {
            width[++deepest] = 0;
        }

        width[conv->level[i]]++;
    }

    *levels = width;

    return deepest;
}


/* the greatest h for which each of the levels 1 to h has at least h comments */

static int64_t
social_conv_thread_h(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w)
{
    size_t           deepest;
    int64_t          h;
    uint32_t         narrowest;
    const uint32_t  *width;

    deepest = social_conversation_levels(conv, first, last, w, &width);
    narrowest = UINT32_MAX;

    for (h = 0; h < (int64_t) deepest; h++) {

        if (width[h + 1] < narrowest) {
            narrowest = width[h + 1];
        }

        if (narrowest <= h) {
            break;
        }
    }

    return h;
}


static int64_t
social_conv_max_thread_h(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *w)
{
    size_t   end;
    int64_t  h, highest;

    highest = 0;

    while (first < last) {

        for (end = first + 1;
             end < last && conv->messages[end].article
                           == conv->messages[first].article;
             end++)
        {
            /* void */
        }

        h = social_conv_thread_h(conv, first, end, w);

        if (h > highest) {
            highest = h;
        }

        first = end;
    }

    return highest;
}


void
social_conversation_figures(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *w, social_conversation_stats_t *stats)
{
    size_t                   i;
    int64_t                 *latest;
    const social_message_t  *m;

    memset(stats, 0, sizeof(*stats));

    if (last > conv->n) {
        last = conv->n;
    }

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (m->created >= w->to) {
            continue;
        }

        latest = m->role == SOCIAL_READER ? &stats->last_comment
                                          : &stats->last_author_comment;
        if (m->created > *latest) {
            *latest = m->created;
        }

        social_conv_count_answers(conv, i, w, stats);

        if (m->created >= w->from) {
            social_conv_count(conv, i, stats);
        }
    }

    social_conv_participants(conv, first, last, w, stats);
    social_conv_replies(conv, first, last, w, stats);

    stats->active = social_conv_active(conv, first, last, w);
    stats->dialogues = social_conv_dialogues(conv, first, last, w);
    stats->thread_h = social_conv_max_thread_h(conv, first, last, w);

    stats->exchange_ratio = social_metrics_rate((double) stats->exchanges,
                         (double) (stats->comments + stats->author_comments));
    stats->peer_reply_share = social_metrics_rate((double) stats->peer_replies,
                                                  (double) stats->comments);
    stats->response_rate = social_metrics_rate((double) stats->answered,
                                               (double) stats->matured);
}
