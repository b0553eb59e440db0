
/*
 * The figures of conversations in a period.  Counts in the room that a
 * social_conversation_t brings, allocates nothing.  No clock, no store.  Pool
 * threads.
 */

#include <math.h>
#include <string.h>

#include "social_conversation_state.h"
#include "social_metrics.h"


#define SOCIAL_CONV_RETURN  86400       /* seconds until one has come back */


/* how long the first author's reply took; a clock that stepped back: 0 */

static int64_t
social_conv_reply_seconds(const social_conversation_t *conv, size_t i)
{
    int64_t  created;

    created = conv->messages[i].created;

    return conv->reply[i] > created ? conv->reply[i] - created : 0;
}


static int
social_conv_in_period(const social_message_t *m, const social_window_t *w)
{
    return m->created >= w->from && m->created < w->to;
}


/* counts that need one look at a message and its parent */

static void
social_conv_count(social_conversation_t *conv, size_t i,
    social_conversation_figures_t *talk)
{
    uint32_t                 up;
    const social_message_t  *m;

    m = &conv->messages[i];
    up = conv->parent[i];

    if (m->role == SOCIAL_AUTHOR) {
        talk->author_comments++;

    } else {
        talk->comments++;
    }

    if (up == SOCIAL_CONV_NONE || conv->person[up] == conv->person[i]) {
        return;
    }

    talk->exchanges++;

    if (m->role == SOCIAL_READER && conv->messages[up].role == SOCIAL_READER) {
        talk->peer_replies++;
    }
}


static void
social_conv_count_answers(social_conversation_t *conv, size_t i,
    const social_window_t *w, social_conversation_figures_t *talk)
{
    int64_t                  age, took;
    const social_message_t  *m;

    m = &conv->messages[i];

    if (!conv->needs[i] || m->done) {
        return;
    }

    age = w->now > m->created ? w->now - m->created : 0;

    if (conv->reply[i] == INT64_MAX) {

        if (talk->unanswered++ == 0 || m->created < talk->oldest_unanswered) {
            talk->oldest_unanswered = m->created;
            talk->oldest_unanswered_seconds = age;
        }
    }

    if (m->created < w->from) {
        return;
    }

    took = conv->reply[i] == INT64_MAX ? INT64_MAX
                                       : social_conv_reply_seconds(conv, i);
    talk->needing++;
    talk->needing_answered += (took != INT64_MAX);

    if (age > w->reply_within) {
        talk->matured++;
        talk->answered += (took <= w->reply_within);
    }
}


static void
social_conv_replies(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w, social_conversation_figures_t *talk)
{
    size_t                   i, n, all;
    int64_t                  took;
    const social_message_t  *m;

    /* of the answered ones */

    n = 0;
    all = 0;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (conv->needs[i] && !m->done && conv->reply[i] != INT64_MAX
            && social_conv_in_period(m, w))
        {
            took = social_conv_reply_seconds(conv, i);
            conv->values[n++] = took;
        }
    }

    social_metrics_sort(conv->values, n);
    talk->answered_median = social_metrics_median(conv->values, n, n);

    /* of the matured ones: silence, and an answer that came too late for all
     * of them to be observed, is infinite */

    n = 0;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (!conv->needs[i] || m->done || !social_conv_in_period(m, w)
            || w->now - m->created <= w->reply_within)
        {
            continue;
        }

        all++;

        if (conv->reply[i] == INT64_MAX) {
            continue;
        }

        took = social_conv_reply_seconds(conv, i);

        if (took <= w->reply_within) {
            conv->values[n++] = took;
        }
    }

    social_metrics_sort(conv->values, n);
    talk->first_author_reply_seconds = social_metrics_median(conv->values, n,
                                                             all);
    talk->first_author_reply_p90_seconds = social_metrics_quantile(conv->values,
                                                                   n, all, 0.9);
}


static void
social_conv_participants(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *w, social_conversation_figures_t *talk)
{
    size_t                   i, n;
    uint32_t                 top;
    const social_message_t  *m;
    social_conv_person_t    *p;

    n = 0;
    top = 0;
    conv->turn++;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (m->role != SOCIAL_READER || !social_conv_in_period(m, w)) {
            continue;
        }

        p = &conv->people[conv->person[i]];

        if (p->turn != conv->turn) {
            p->turn = conv->turn;
            p->count = 0;
            p->latest = m->created;
            conv->seen[n++] = conv->person[i];
        }

        if (m->created > p->latest) {
            p->latest = m->created;
        }

        if (++p->count > top) {
            top = p->count;
        }
    }

    for (i = 0; i < n; i++) {
        p = &conv->people[conv->seen[i]];

        talk->new_participants += (p->first >= w->from);
        talk->returning_participants += (p->latest - p->first
                                         >= SOCIAL_CONV_RETURN);
    }

    talk->participants = (int64_t) n;
    talk->top_talker_share =
        n >= 3 ? social_metrics_rate(top, (double) talk->comments) : NAN;
}


/*
 * Pairs of people of whom one wrote, the other answered, and the first one
 * answered that.
 */

static int64_t
social_conv_dialogues(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w)
{
    size_t    i, n, different;
    uint32_t  up, upup, a, b;

    n = 0;

    for (i = first; i < last; i++) {
        up = conv->parent[i];
        upup = up == SOCIAL_CONV_NONE ? up : conv->parent[up];

        if (upup == SOCIAL_CONV_NONE
            || !social_conv_in_period(&conv->messages[i], w))
        {
            continue;
        }

        a = conv->person[i];
        b = conv->person[up];

        if (a != b && conv->person[upup] == a) {
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


/*
 * The greatest i with at least i comments on every level 1 .. i.  A level is
 * counted among the messages of the period: what answers an older one is on
 * the first.
 */

static int64_t
social_conv_thread_h(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w)
{
    size_t    i;
    int64_t   h;
    uint32_t  up, deepest, narrowest, *width;

    width = conv->seen;             /* by level, from 1; levels <= messages */
    deepest = 0;

    for (i = first; i < last; i++) {
        up = conv->parent[i];
        conv->level[i] = 0;

        if (!social_conv_in_period(&conv->messages[i], w)) {
            continue;
        }

        conv->level[i] = 1;

        if (up != SOCIAL_CONV_NONE && up >= first) {
            conv->level[i] += conv->level[up];
        }

        while (deepest < conv->level[i]) {
            width[++deepest] = 0;
        }

        width[conv->level[i]]++;
    }

    narrowest = UINT32_MAX;

    for (h = 0; h < deepest; h++) {

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
    size_t last, const social_window_t *w, social_conversation_figures_t *talk)
{
    size_t                   i;
    int64_t                 *latest;
    const social_message_t  *m;

    memset(talk, 0, sizeof(*talk));

    if (last > conv->n) {
        last = conv->n;
    }

    for (i = first; i < last; i++) {
        m = &conv->messages[i];

        if (m->created >= w->to) {
            continue;
        }

        latest = m->role == SOCIAL_READER ? &talk->last_comment
                                          : &talk->last_author_comment;
        if (m->created > *latest) {
            *latest = m->created;
        }

        social_conv_count_answers(conv, i, w, talk);

        if (m->created >= w->from) {
            social_conv_count(conv, i, talk);
        }
    }

    social_conv_participants(conv, first, last, w, talk);
    social_conv_replies(conv, first, last, w, talk);

    talk->dialogues = social_conv_dialogues(conv, first, last, w);
    talk->thread_h = social_conv_max_thread_h(conv, first, last, w);

    talk->exchange_ratio = social_metrics_rate((double) talk->exchanges,
                         (double) (talk->comments + talk->author_comments));
    talk->peer_reply_share = social_metrics_rate((double) talk->peer_replies,
                                                 (double) talk->comments);
    talk->response_rate = social_metrics_rate((double) talk->answered,
                                              (double) talk->matured);
}
