
/*
 * Periods: their names, ranges of days, and the steps of a series.  Pure; any
 * thread.
 */

#include <string.h>

#include "social_status.h"
#include "social_time.h"


#define SOCIAL_STATUS_MINUTES5  300
#define SOCIAL_STATUS_HOUR      3600
#define SOCIAL_STATUS_HOURS     (29 * SOCIAL_DAY)


/* the store forgets small spans first, so a long period begins with a large
 * one */

typedef struct {
    const char  *name;
    int64_t      seconds;       /* 0: since the first article was seen */
    int64_t      round;
} social_status_named_t;


static const social_status_named_t  social_status_named[] = {
    { "24h", SOCIAL_DAY, SOCIAL_STATUS_MINUTES5 },
    { "7d", 7 * SOCIAL_DAY, SOCIAL_STATUS_HOUR },
    { "28d", 28 * SOCIAL_DAY, SOCIAL_STATUS_HOUR },
    { "90d", 90 * SOCIAL_DAY, SOCIAL_DAY },
    { "365d", 365 * SOCIAL_DAY, SOCIAL_DAY },
    { "all", 0, SOCIAL_DAY }
};


int
social_status_period(social_str_t name, int64_t now,
    social_status_period_t *period)
{
    size_t                        i;
    const social_status_named_t  *named;

    for (i = 0; i < social_nelts(social_status_named); i++) {
        named = &social_status_named[i];

        if (strlen(named->name) != name.len
            || memcmp(named->name, name.data, name.len) != 0)
        {
            continue;
        }

        period->from = 0;
        period->to = INT64_MAX;
        period->previous = 0;

        if (named->seconds && now > named->seconds) {
            period->from = now - named->seconds;
            period->from -= period->from % named->round;
        }

        if (period->from > named->seconds) {
            period->previous = period->from - named->seconds;
        }

        return SOCIAL_OK;
    }

    return SOCIAL_DECLINED;
}


static int
social_status_day(social_str_t text, int64_t *day)
{
    return text.len == sizeof("2024-02-29") - 1
           && social_time_parse(text.data, text.len, day) == SOCIAL_OK
           && *day >= 0;
}


int
social_status_days(social_str_t from, social_str_t to,
    social_status_period_t *period, const char **field, const char **message)
{
    int64_t  first, last;

    *field = "from";
    *message = "This must be a day from 1970-01-01 on, such as 2024-02-29.";

    if (from.len == 0) {
        *message = "A period of days needs its first day, too.";
        return SOCIAL_DECLINED;
    }

    if (!social_status_day(from, &first)) {
        return SOCIAL_DECLINED;
    }

    *field = "to";

    if (to.len == 0) {
        *message = "A period of days needs its last day, too.";
        return SOCIAL_DECLINED;
    }

    if (!social_status_day(to, &last)) {
        return SOCIAL_DECLINED;
    }

    if (last < first) {
        *message = "The last day must not be before the first one.";
        return SOCIAL_DECLINED;
    }

    period->from = first;
    period->to = last + SOCIAL_DAY;
    period->previous = first - (period->to - first);

    if (period->previous < 0) {
        period->previous = 0;
    }

    return SOCIAL_OK;
}


int64_t
social_status_step(int64_t from, int64_t to, int64_t now)
{
    int64_t  seconds;

    seconds = to - from;

    /* the store has no hours of long ago */

    if (seconds <= SOCIAL_DAY + 2 * SOCIAL_STATUS_MINUTES5
        && from >= now - SOCIAL_STATUS_HOURS)
    {
        return SOCIAL_STATUS_HOUR;
    }

    if (seconds <= 121 * SOCIAL_DAY) {
        return SOCIAL_DAY;
    }

    return seconds <= 3 * 366 * SOCIAL_DAY ? 7 * SOCIAL_DAY : 28 * SOCIAL_DAY;
}
