
/*
 * Periods: the ones with a name, weeks, months, and any days; which days the
 * page is about, and what they are compared with.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_html_put.h"
#include "social_time.h"


#define SOCIAL_STATUS_HTML_MONTHS  6


typedef struct {
    const char  *name;
    const char  *label;
} social_status_html_period_t;


static const social_status_html_period_t  social_status_html_periods[] = {
    { "24h", "24 hours" },
    { "7d", "7 days" },
    { "28d", "28 days" },
    { "90d", "90 days" },
    { "365d", "a year" },
    { "all", "all time" }
};


static void
social_status_html_periods_put(social_status_html_t *h, cJSON *text)
{
    size_t                              i;
    cJSON                              *list, *obj;
    const char                         *name;
    social_status_html_link_t           link = { 0 };
    const social_status_html_period_t  *p;

    name = social_status_html_text(
               social_status_html_member(h->doc, "period"), "name");
    list = social_status_json_array(&h->st, text, "periods");

    for (i = 0; i < social_nelts(social_status_html_periods); i++) {
        p = &social_status_html_periods[i];
        link.period = p->name;

        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "name", p->name);
        social_status_json_text(&h->st, obj, "label", p->label);
        social_status_json_bool(&h->st, obj, "current",
                                strcmp(p->name, name) == 0);
        social_status_html_link(h, obj, "href", &link);
    }
}


/* a link to the days [from, to], without those to come */

static void
social_status_html_span(social_status_html_t *h, cJSON *list, int64_t from,
    int64_t to, const char *label)
{
    char                       one[SOCIAL_STATUS_HTML_DAY];
    char                       two[SOCIAL_STATUS_HTML_DAY];
    cJSON                     *obj;
    social_status_html_link_t  link = { .from = one, .to = two };

    social_status_html_iso(one, from);
    social_status_html_iso(two, to < h->now ? to : h->now);

    obj = social_status_json_item(&h->st, list);
    social_status_json_text(&h->st, obj, "label", label);
    social_status_json_bool(&h->st, obj, "current",
                            strcmp(one, h->from) == 0
                            && strcmp(two, h->to) == 0);
    social_status_html_link(h, obj, "href", &link);
}


/* this week and the last one, from Monday; this month and those before */

static void
social_status_html_spans(social_status_html_t *h, cJSON *text)
{
    int       i;
    char      label[SOCIAL_STATUS_HTML_WORD];
    cJSON    *list;
    int64_t   day, year, first, last, monday;
    unsigned  month, of_month;

    static const char *const  names[12] = {
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December"
    };

    list = social_status_json_array(&h->st, text, "spans");
    day = h->now / SOCIAL_DAY;

    /* 1970-01-01 was a Thursday */
    monday = day - (day + 3) % 7;

    social_status_html_span(h, list, monday * SOCIAL_DAY,
                            (monday + 6) * SOCIAL_DAY, "this week");
    social_status_html_span(h, list, (monday - 7) * SOCIAL_DAY,
                            (monday - 1) * SOCIAL_DAY, "last week");

    last = day;

    for (i = 0; i < SOCIAL_STATUS_HTML_MONTHS; i++) {
        social_time_date(last, &year, &month, &of_month);
        first = last - (int64_t) of_month + 1;

        (void) snprintf(label, sizeof(label), "%s %d",
                        names[(month + 11) % 12], (int) year);
        social_status_html_span(h, list, first * SOCIAL_DAY, last * SOCIAL_DAY,
                                label);
        last = first - 1;
    }
}


/* adds a text: "26 Oct to 22 Nov 2026", or one day; `to` is the last second */

static void
social_status_html_range(social_status_html_t *h, cJSON *obj,
    const char *name, int64_t from, int64_t to)
{
    char      one[SOCIAL_STATUS_HTML_WORD], two[SOCIAL_STATUS_HTML_WORD];
    int64_t   y1, y2;
    unsigned  month, day;

    social_time_date(from / SOCIAL_DAY, &y1, &month, &day);
    social_time_date(to / SOCIAL_DAY, &y2, &month, &day);
    social_status_html_date(one, from, y1 != y2);
    social_status_html_date(two, to, 1);

    if (from / SOCIAL_DAY == to / SOCIAL_DAY) {
        social_status_json_text(&h->st, obj, name, two);
        return;
    }

    social_status_html_say(h, obj, name, "%s to %s", one, two);
}


/* what the small print under a tile compares with; nothing for all time */

static void
social_status_html_compare(social_status_html_t *h, cJSON *text)
{
    int64_t       from, to;
    const cJSON  *previous;

    previous = social_status_html_member(
                   social_status_html_member(h->doc, "period"), "previous");
    from = social_status_html_seconds(previous, "from");
    to = social_status_html_seconds(previous, "to");

    if (from == 0 || to <= from
        || !social_status_html_member(
               social_status_html_member(h->doc, "totals"), "previous"))
    {
        return;
    }

    social_status_html_range(h, text, "compare", from, to - 1);
}


static void
social_status_html_now(social_status_html_t *h, cJSON *text)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    char          span[SOCIAL_STATUS_HTML_WORD];
    double        readers, seconds;
    const cJSON  *now;

    now = social_status_html_member(h->doc, "now");

    if (now == NULL) {
        return;
    }

    readers = social_status_html_value(now, "readers");
    seconds = social_status_html_value(now, "seconds");
    social_status_duration(span, sizeof(span), isfinite(seconds) ? seconds
                                                                 : 300);

    if (isfinite(readers) && readers < 0.5) {
        social_status_html_say(h, text, "now",
                               "Nobody is reading right now (in the last %s).",
                               span);
        return;
    }

    social_status_html_count(h, word, readers, "reader", "readers");
    social_status_html_say(h, text, "now", "Right now: %s in the last %s.",
                           word, span);
}


void
social_status_html_time(social_status_html_t *h, cJSON *text)
{
    char                       day[SOCIAL_STATUS_HTML_DAY];
    int64_t                    from, to;
    const cJSON               *period;
    social_status_html_link_t  any = { .from = "", .to = "", .period = "" };

    period = social_status_html_member(h->doc, "period");
    from = social_status_html_seconds(period, "from");
    to = social_status_html_seconds(period, "to");
    to = to > from ? to - 1 : from;

    social_status_html_periods_put(h, text);
    social_status_html_spans(h, text);
    social_status_html_range(h, text, "range", from, to);
    social_status_html_compare(h, text);
    social_status_html_now(h, text);
    social_status_html_keep(h, text, "keep_span", &any);

    social_status_html_iso(day, from);
    social_status_json_text(&h->st, text, "from", day);
    social_status_html_iso(day, to);
    social_status_json_text(&h->st, text, "to", day);
    social_status_html_iso(day, h->now);
    social_status_json_text(&h->st, text, "today", day);
    social_status_json_bool(&h->st, text, "own_span", h->from[0] != '\0');
}
