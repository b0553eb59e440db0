
/*
 * Who comes back, who answers, and when: the parts of the figures that are not
 * one number of an article.  Counts in the memory of the
 * social_conversation_t and must not allocate.  Pool threads.
 */

#include <math.h>
#include <string.h>

#include "social_conversation_state.h"
#include "social_metrics.h"
#include "social_time.h"


static int
social_conv_is_in(const social_message_t *m, const social_window_t *w)
{
    return m->created >= w->from && m->created < w->to;
}


static int
social_conv_by_reader(const social_message_t *m, const social_window_t *w)
{
    return m->role == SOCIAL_READER && social_conv_is_in(m, w);
}


double
social_conversation_return(social_conversation_t *conv,
    const social_window_t *w)
{
    size_t    i, n, gaps;
    int64_t   last;
    uint64_t  day;

    n = 0;

    for (i = 0; i < conv->n; i++) {

        if (social_conv_by_reader(&conv->messages[i], w)
            && conv->messages[i].created >= 0)
        {
            day = (uint64_t) (conv->messages[i].created / SOCIAL_DAY);
            conv->values[n++] = (int64_t) ((uint64_t) conv->person[i] << 32
                                           | (day & UINT32_MAX));
        }
    }

    social_metrics_sort(conv->values, n);

    gaps = 0;
    last = n ? conv->values[0] : 0;

    for (i = 1; i < n; i++) {
        day = (uint64_t) (conv->values[i] - last);

        if (conv->values[i] >> 32 == last >> 32 && day != 0) {
            last = conv->values[i];
            conv->values[gaps++] = (int64_t) day * SOCIAL_DAY;

        } else {
            last = conv->values[i];
        }
    }

    social_metrics_sort(conv->values, gaps);

    return social_metrics_median(conv->values, gaps, gaps);
}


int64_t
social_conversation_reached(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *w, int64_t n)
{
    size_t                 i;
    int64_t                found, latest;
    social_conv_person_t  *p;

    found = 0;
    latest = 0;
    conv->round++;

    for (i = first; i < last; i++) {
        p = &conv->people[conv->person[i]];

        if (!social_conv_by_reader(&conv->messages[i], w)
            || p->round == conv->round)
        {
            continue;
        }

        p->round = conv->round;
        latest = conv->messages[i].created > latest ? conv->messages[i].created
                                                    : latest;

        if (++found == n) {
            return latest;
        }
    }

    return 0;
}


void
social_conversation_authors(const social_conversation_t *conv,
    const social_window_t *w, social_conversation_author_t *authors, size_t n)
{
    size_t                         i;
    int64_t                        seconds;
    const social_message_t        *m;
    social_conversation_author_t  *author;

    for (i = 0; i < conv->n; i++) {
        m = &conv->messages[i];

        if (!social_conv_is_in(m, w)) {
            continue;
        }

        if (m->role == SOCIAL_AUTHOR && m->author > 0 && m->author <= n) {
            authors[m->author - 1].comments++;
        }

        if (!conv->needs_answer[i] || m->done
            || conv->author_reply[i] == INT64_MAX
            || conv->replier[i] == 0 || conv->replier[i] > n)
        {
            continue;
        }

        author = &authors[conv->replier[i] - 1];
        author->answered++;
        seconds = conv->author_reply[i] - m->created;

        if (w->now - m->created > w->reply_within
            && seconds <= w->reply_within)
        {
            author->in_time++;
        }
    }
}


/* the step of a time, or n */

static size_t
social_conv_step(int64_t created, int64_t from, int64_t step, size_t n)
{
    int64_t  i;

    i = (created - from) / step;

    if (created < from || n == 0) {
        return n;
    }

    return i < (int64_t) n ? (size_t) i : n - 1;
}


/* people whose first comment ever is in the period, each where they first
 * commented in messages[first .. last) */

static void
social_conv_steps_new(social_conversation_t *conv, size_t first, size_t last,
    const social_window_t *w, int64_t from, int64_t step,
    social_conversation_step_t *steps, size_t n)
{
    size_t                   i, at, all;
    const social_message_t  *m;
    social_conv_person_t    *p;

    all = 0;
    conv->round++;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];
        p = &conv->people[conv->person[i]];

        if (!social_conv_by_reader(m, w) || p->first < w->from) {
            continue;
        }

        if (p->round != conv->round) {
            p->round = conv->round;
            p->latest = m->created;
            conv->scratch[all++] = conv->person[i];
        }

        p->latest = m->created < p->latest ? m->created : p->latest;
    }

    for (i = 0; i < all; i++) {
        at = social_conv_step(conv->people[conv->scratch[i]].latest, from,
                              step, n);

        if (at < n) {
            steps[at].new_participants++;
        }
    }
}


void
social_conversation_steps(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *w, int64_t from, int64_t step,
    social_conversation_step_t *steps, size_t n)
{
    size_t                   i, at, all;
    const social_message_t  *m;

    memset(steps, 0, n * sizeof(social_conversation_step_t));
    all = 0;

    for (i = first; i < last; i++) {
        m = &conv->messages[i];
        at = social_conv_is_in(m, w)
             ? social_conv_step(m->created, from, step, n) : n;

        if (at == n) {
            continue;
        }

        if (m->role == SOCIAL_AUTHOR) {
            steps[at].author_comments++;
            continue;
        }

        steps[at].comments++;
        conv->values[all++] = (int64_t) ((uint64_t) at << 32
                                         | conv->person[i]);
    }

    social_metrics_sort(conv->values, all);

    for (i = 0; i < all; i++) {
        if (i == 0 || conv->values[i] != conv->values[i - 1]) {
            steps[conv->values[i] >> 32].participants++;
        }
    }

    social_conv_steps_new(conv, first, last, w, from, step, steps, n);
}
