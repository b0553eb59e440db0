
/*
 * Spans of time.  Every count is in one span of each step: 5 minutes, an hour,
 * a day.  Small spans are removed after some time, so a period is read from
 * what is left.  Pure; any thread.
 */

#include "social_store_rules.h"


#define SOCIAL_SPAN_DAY  86400


/* seconds; each is a multiple of the one before */

const int64_t  social_span_steps[SOCIAL_SPAN_STEPS] = { 300, 3600, 86400 };


int64_t
social_span_floor(int64_t at, int64_t step)
{
    int64_t  rest;

    rest = at % step;

    return at - (rest < 0 ? rest + step : rest);
}


int64_t
social_span_bound(int64_t at, const int64_t *kept)
{
    size_t  i;

    if (at <= 0) {
        return 0;
    }

    if (at > INT64_MAX / 2) {
        return INT64_MAX / 2;
    }

    for (i = 0; i < SOCIAL_SPAN_STEPS; i++) {

        at = social_span_floor(at, social_span_steps[i]);

        if (i + 1 == SOCIAL_SPAN_STEPS
            || at % social_span_steps[i + 1] == 0)
        {
            continue;
        }

        /* the larger span must be read in parts: are all of them there? */

        if (social_span_floor(at, social_span_steps[i + 1]) >= kept[i]) {
            return at;
        }
    }

    return at;
}


static void
social_span_step(size_t i, int64_t from, int64_t to, social_span_pt handler,
    void *data)
{
    int64_t  lo, hi, step;

    if (from >= to) {
        return;
    }

    step = social_span_steps[i];

    if (i == 0) {
        handler(data, step, from, to);
        return;
    }

    lo = social_span_floor(from + step - 1, step);
    hi = social_span_floor(to, step);

    if (lo >= hi) {
        social_span_step(i - 1, from, to, handler, data);
        return;
    }

    social_span_step(i - 1, from, lo, handler, data);
    handler(data, step, lo, hi);
    social_span_step(i - 1, hi, to, handler, data);
}


void
social_span_each(const int64_t *kept, int64_t from, int64_t to,
    int64_t largest, social_span_pt handler, void *data)
{
    size_t   i;
    int64_t  end;

    i = 0;

    while (i + 1 < SOCIAL_SPAN_STEPS
           && social_span_steps[i + 1] <= largest)
    {
        i++;
    }

    /* what is left of earlier times are larger spans */

    end = social_span_floor(kept[i] + SOCIAL_SPAN_DAY - 1, SOCIAL_SPAN_DAY);

    if (i + 1 < SOCIAL_SPAN_STEPS && from < end) {
        end = end < to ? end : to;
        social_span_step(SOCIAL_SPAN_STEPS - 1, from, end, handler, data);
        from = end;
    }

    social_span_step(i, from, to, handler, data);
}
