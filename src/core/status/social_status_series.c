
/*
 * Figures over time: the series of the site and of an article, the sparklines
 * of a list, and the totals of the period before.  Pool threads.
 */

#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"
#include "social_time.h"


/* the steps of a period, of a site or of one article */

typedef struct {
    int64_t                      from;
    int64_t                      step;
    size_t                       n;
    const social_series_t       *counts;        /* or NULL */
    social_conversation_step_t  *said;
    int64_t                     *published;
} social_status_steps_t;


static size_t
social_status_step_of(const social_status_steps_t *s, int64_t t)
{
    return t < s->from ? s->n : (size_t) ((t - s->from) / s->step);
}


static size_t
social_status_steps_until(const social_status_steps_t *s, int64_t to)
{
    return s->from < to ? (size_t) ((to - s->from + s->step - 1) / s->step)
                        : 0;
}


/* the first step begins with the hour or the day in which the period begins */

static void
social_status_steps_bounds(const social_status_t *st,
    social_status_steps_t *s, const social_series_t *counts)
{
    memset(s, 0, sizeof(social_status_steps_t));

    if (counts != NULL && counts->step > 0 && counts->steps != NULL) {
        s->counts = counts;
        s->from = counts->from;
        s->step = counts->step;
        s->n = social_status_steps_until(s, st->series_to);
        s->n = s->n < counts->n ? s->n : counts->n;
        return;
    }

    s->step = st->step;
    s->from = st->series_from;
    s->from -= s->from % (st->step < SOCIAL_DAY ? st->step : SOCIAL_DAY);

    s->n = social_status_steps_until(s, st->series_to);
}


static void
social_status_steps_publish(const social_status_t *st,
    const social_status_row_t *row, social_status_steps_t *s)
{
    size_t  at;

    at = row->published ? social_status_step_of(s, row->since) : s->n;

    if (at < s->n) {
        s->published[at]++;
    }
}


static int
social_status_steps_open(social_status_t *st, social_status_steps_t *s,
    const social_status_row_t *row, const social_series_t *counts)
{
    size_t  i;

    social_status_steps_bounds(st, s, counts);

    s->said = calloc(s->n + 1, sizeof(social_conversation_step_t));
    s->published = calloc(s->n + 1, sizeof(int64_t));

    if (s->said == NULL || s->published == NULL) {
        free(s->said);
        free(s->published);
        st->failed = 1;
        return SOCIAL_ERROR;
    }

    social_conversation_steps(st->conv, row->first, row->last, &st->window,
                              s->from, s->step, s->said, s->n);

    if (row != &st->total) {
        social_status_steps_publish(st, row, s);
        return SOCIAL_OK;
    }

    for (i = 0; i < st->nrows; i++) {
        social_status_steps_publish(st, &st->rows[i], s);
    }

    return SOCIAL_OK;
}


static void
social_status_steps_close(social_status_steps_t *s)
{
    free(s->said);
    free(s->published);
}


static void
social_status_put_step(social_status_t *st, cJSON *obj,
    const social_status_steps_t *s, size_t i)
{
    size_t                             k;
    cJSON                             *goals;
    const social_step_t               *step;
    const social_conversation_step_t  *said;

    static const social_step_t         none;

    step = s->counts ? &s->counts->steps[i] : &none;
    said = &s->said[i];

    social_status_json_time(st, obj, "from",
                            s->from + (int64_t) i * s->step);
    social_status_json_int(st, obj, "views", step->views);
    social_status_json_int(st, obj, "reader_days", step->readers);
    social_status_json_int(st, obj, "listeners", step->listeners);
    social_status_json_int(st, obj, "comments", said->comments);
    social_status_json_int(st, obj, "author_comments", said->author_comments);
    social_status_json_int(st, obj, "participants", said->participants);
    social_status_json_int(st, obj, "new_participants",
                           said->new_participants);
    social_status_json_int(st, obj, "shares", step->shares);
    social_status_json_int(st, obj, "sharers", step->sharers);
    social_status_json_int(st, obj, "previews", step->previews);

    goals = social_status_json_object(st, obj, "goals");

    for (k = 0; k < st->query->ngoals; k++) {
        social_status_json_int(st, goals, st->query->goals[k],
                               s->counts && s->counts->goals
                                   && s->counts->ngoals == st->query->ngoals
                                   ? s->counts->goals[i * s->counts->ngoals + k]
                                   : 0);
    }

    social_status_json_int(st, obj, "published", s->published[i]);
}


void
social_status_series(social_status_t *st, cJSON *obj,
    const social_status_row_t *row, const social_series_t *series)
{
    cJSON                  *list;
    size_t                  i;
    social_status_steps_t   steps;

    list = social_status_json_array(st, obj, "series");

    if (social_status_steps_open(st, &steps, row, series) != SOCIAL_OK) {
        return;
    }

    for (i = 0; i < steps.n; i++) {
        social_status_put_step(st, social_status_json_item(st, list), &steps,
                               i);
    }

    social_status_steps_close(&steps);
}


static void
social_status_put_number(social_status_t *st, cJSON *list, int64_t value)
{
    cJSON  *n;

    n = cJSON_CreateNumber((double) value);

    if (n == NULL || !cJSON_AddItemToArray(list, n)) {
        cJSON_Delete(n);
        st->failed = 1;
    }
}


void
social_status_sparkline(social_status_t *st, cJSON *obj,
    const social_status_row_t *row, const social_series_t *series)
{
    cJSON                  *spark, *readers, *comments;
    size_t                  i;
    social_status_steps_t   steps;

    if (social_status_steps_open(st, &steps, row, series) != SOCIAL_OK) {
        return;
    }

    spark = social_status_json_object(st, obj, "sparkline");
    readers = social_status_json_array(st, spark, "reader_days");
    comments = social_status_json_array(st, spark, "comments");

    for (i = 0; i < steps.n; i++) {
        social_status_put_number(st, readers,
                                 steps.counts ? steps.counts->steps[i].readers
                                              : 0);
        social_status_put_number(st, comments, steps.said[i].comments);
    }

    social_status_steps_close(&steps);
}


static int64_t
social_status_at_least(int64_t value, int64_t least)
{
    return value > least ? value : least;
}


/* the same names as in totals, for the period before */

void
social_status_previous(social_status_t *st, cJSON *totals)
{
    cJSON                        *obj, *goals;
    size_t                        i;
    const int64_t                *n;
    social_window_t               w;
    const social_article_t       *a;
    social_conversation_stats_t   stats;

    a = st->query->previous;

    if (a == NULL) {
        social_status_json_null(st, totals, "previous");
        return;
    }

    w = st->window;
    w.from = st->query->previous_from;
    w.to = st->window.from;
    social_conversation_figures(st->conv, 0, st->figures->nmessages, &w,
                                &stats);

    n = a->counts;
    obj = social_status_json_object(st, totals, "previous");
    social_status_json_int(
        st, obj, "views",
        social_status_at_least(n[SOCIAL_COUNT_READ],
                               n[SOCIAL_COUNT_CONFIRMED]));
    social_status_json_int(st, obj, "reader_days", n[SOCIAL_COUNT_READERS]);
    social_status_json_int(st, obj, "comments", stats.comments);
    social_status_json_int(st, obj, "author_comments", stats.author_comments);
    social_status_json_int(st, obj, "participants", stats.participants);
    social_status_json_int(st, obj, "exchanges", stats.exchanges);
    social_status_json_int(st, obj, "shares",
                           social_status_sum(a, SOCIAL_COUNT_SHARE));

    if (st->query->reactions) {
        social_status_json_int(
            st, obj, "reactions",
            social_status_at_least(n[SOCIAL_COUNT_LIKED]
                                   - n[SOCIAL_COUNT_UNLIKED], 0));

    } else {
        social_status_json_null(st, obj, "reactions");
    }

    goals = social_status_json_object(st, obj, "goals");

    for (i = 0; i < st->query->ngoals; i++) {
        social_status_json_int(st, goals, st->query->goals[i],
                               social_status_labelled(a, SOCIAL_COUNT_GOAL,
                                                      st->query->goals[i]));
    }
}
