
/*
 * Does the conversation grow?  New people, sharers and link previews, week by
 * week.  Pool threads.
 */

#include <math.h>
#include <stdio.h>

#include "social_status_html_put.h"
#include "social_time.h"


#define SOCIAL_STATUS_HTML_WHOLE  100   /* a mean from here on has no tenths */


typedef struct {
    const char  *name;      /* in the series */
    const char  *define;    /* the definition that explains it */
    const char  *label;
} social_status_html_grows_t;


static const social_status_html_grows_t  social_status_html_grows[] = {
    { "new_participants", "new_participants",
      "People who commented for the first time" },
    { "sharers", "sharers", "Readers who pressed a share button" },
    { "previews", "previews", "Links pasted elsewhere (link previews)" }
};


/* the steps of a period: `per` of them are a week, and the first of `n` weeks
 * begins at `first` */

typedef struct {
    const cJSON  *series;
    int           first;
    int           per;
    int           n;
} social_status_html_weeks_t;


/* weeks are counted from the end, as the first day is not a whole one; a step
 * of several days that is not over yet would look like a decline */

static int64_t
social_status_html_weeks(const social_status_html_t *h,
    social_status_html_weeks_t *weeks)
{
    int           n;
    int64_t       step, to;
    const cJSON  *period;

    weeks->series = social_status_html_member(h->doc, "series");
    period = social_status_html_member(h->doc, "period");
    step = (int64_t) fmax(social_status_html_value(period, "step"), 0);
    to = social_status_html_seconds(period, "to");
    n = cJSON_GetArraySize(weeks->series);

    if (step < SOCIAL_DAY || n == 0) {
        weeks->n = 0;
        return 7 * SOCIAL_DAY;
    }

    if (step > SOCIAL_DAY
        && social_status_html_seconds(cJSON_GetArrayItem(weeks->series, n - 1),
                                      "from") + step > to)
    {
        n--;
    }

    weeks->per = step == SOCIAL_DAY ? 7 : 1;
    weeks->n = n / weeks->per;
    weeks->first = n % weeks->per;

    return weeks->per * step;
}


/* the sum of a week, NAN if one of its steps is hidden; i counts from 0 */

static double
social_status_html_week(const social_status_html_weeks_t *weeks, int i,
    const char *name)
{
    int           k;
    double        sum;
    const cJSON  *step;

    sum = 0;
    step = cJSON_GetArrayItem(weeks->series, weeks->first + i * weeks->per);

    for (k = 0; k < weeks->per && step; k++, step = step->next) {
        sum += social_status_html_value(step, name);
    }

    return sum;
}


/* "2.3", but "7,350": beside whole numbers of thousands a tenth says nothing */

static void
social_status_html_mean(social_status_html_t *h, cJSON *row, double mean)
{
    if (mean < SOCIAL_STATUS_HTML_WHOLE) {
        social_status_html_say(h, row, "mean", "%.1f", mean);

    } else {
        social_status_html_put(h, row, "mean", round(mean));
    }
}


static void
social_status_html_grow(social_status_html_t *h, cJSON *rows,
    const social_status_html_weeks_t *weeks,
    const social_status_html_grows_t *figure)
{
    int      i;
    cJSON   *row, *list, *item;
    double   value, sum;

    row = social_status_json_item(&h->st, rows);
    social_status_json_text(&h->st, row, "name", figure->define);
    social_status_json_text(&h->st, row, "label", figure->label);
    list = social_status_json_array(&h->st, row, "weeks");
    sum = 0;

    for (i = 0; i < weeks->n; i++) {
        value = social_status_html_week(weeks, i, figure->name);
        sum += value;
        item = cJSON_CreateNumber(isfinite(value) ? value : 0);

        if (item == NULL || !cJSON_AddItemToArray(list, item)) {
            cJSON_Delete(item);
            h->st.failed = 1;
            return;
        }
    }

    social_status_html_put(h, row, "last",
                           social_status_html_week(weeks, weeks->n - 1,
                                                   figure->name));
    social_status_html_put(h, row, "before",
                           social_status_html_week(weeks, weeks->n - 2,
                                                   figure->name));

    social_status_html_mean(h, row, sum / weeks->n);

    if (isfinite(sum)) {
        social_status_html_spark(h, row, list, NULL);
    }
}


void
social_status_html_growth(social_status_html_t *h, cJSON *text)
{
    cJSON                       *growth, *rows;
    size_t                       i;
    int64_t                      length;
    social_status_html_link_t    longer = { .period = "90d", .from = "",
                                            .to = "" };
    social_status_html_weeks_t   weeks;

    length = social_status_html_weeks(h, &weeks);
    growth = social_status_json_object(&h->st, text, "growth");

    if (weeks.n < 2) {
        social_status_html_link(h, growth, "longer", &longer);
        return;
    }

    social_status_html_say(h, growth, "days", "%d",
                           (int) (length / SOCIAL_DAY));
    social_status_html_say(h, growth, "weeks", "%d", weeks.n);
    rows = social_status_json_array(&h->st, growth, "rows");

    for (i = 0; i < social_nelts(social_status_html_grows); i++) {
        social_status_html_grow(h, rows, &weeks, &social_status_html_grows[i]);
    }
}
