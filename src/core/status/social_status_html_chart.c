
/*
 * Conversation against views over time: the chart, the table behind it, and
 * the small lines beside numbers.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_status_chart.h"
#include "social_status_html_put.h"
#include "social_time.h"


/* the boxes that the template draws */

#define SOCIAL_STATUS_HTML_STEP   10    /* width of a step in the chart */
#define SOCIAL_STATUS_HTML_AXIS   60    /* conversation stands on it, ... */
#define SOCIAL_STATUS_HTML_BELOW  68    /* ... views hang from here to ... */
#define SOCIAL_STATUS_HTML_END    100
#define SOCIAL_STATUS_HTML_SPARK  18    /* height of a small line */
#define SOCIAL_STATUS_HTML_STEPS  31    /* of it, in the list of articles */
#define SOCIAL_STATUS_HTML_PATH   32768 /* bytes */


/* one number of each step; the caller frees it.  NULL: no steps, or no memory,
 * then st.failed is set */

static double *
social_status_html_values(social_status_html_t *h, const cJSON *series,
    const char *member, size_t *n)
{
    double       *values;
    size_t        i;
    const cJSON  *step, *value;

    *n = (size_t) cJSON_GetArraySize(series);

    if (*n == 0) {
        return NULL;
    }

    values = calloc(*n, sizeof(double));
    if (values == NULL) {
        h->st.failed = 1;
        return NULL;
    }

    for (i = 0, step = series->child; step; step = step->next, i++) {
        value = member ? social_status_html_member(step, member) : step;
        values[i] = social_status_html_goal_sum(value);
    }

    return values;
}


/* sums of neighbours, so that a line of 58 pixels has no more steps than it can
 * show: a list of articles for 90 days would be twice as long */

static void
social_status_html_coarser(double *values, size_t *n)
{
    size_t  i, each;

    each = (*n + SOCIAL_STATUS_HTML_STEPS - 1) / SOCIAL_STATUS_HTML_STEPS;

    if (each < 2) {
        return;
    }

    for (i = 0; i < *n; i++) {
        values[i / each] = (i % each ? values[i / each] : 0) + values[i];
    }

    *n = (*n + each - 1) / each;
}


static void
social_status_html_path(social_status_html_t *h, cJSON *obj, const char *name,
    social_out_t *out)
{
    if (out->len == 0 && !out->failed) {
        social_out_free(out);
        return;
    }

    social_status_json_out(&h->st, obj, name, out);
}


/* adds {width, line}; takes values */

static cJSON *
social_status_html_spark_put(social_status_html_t *h, cJSON *obj,
    double *values, size_t n)
{
    cJSON                *spark;
    social_out_t          out;
    social_chart_band_t   band;

    band.max = social_status_chart_max(values, n);
    band.zero = SOCIAL_STATUS_HTML_SPARK + 1;
    band.height = SOCIAL_STATUS_HTML_SPARK;
    band.width = 2;

    social_out_init(&out, SOCIAL_STATUS_HTML_PATH);
    social_status_chart_line(&out, &band, values, n);
    free(values);

    spark = social_status_json_object(&h->st, obj, "spark");
    social_status_json_int(&h->st, spark, "width", 2 * (int64_t) n);
    social_status_html_path(h, spark, "line", &out);

    return spark;
}


void
social_status_html_spark(social_status_html_t *h, cJSON *obj,
    const cJSON *series, const char *member)
{
    double  *values;
    size_t   n;

    values = social_status_html_values(h, series, member, &n);

    if (values == NULL || n < 2) {
        free(values);
        return;
    }

    (void) social_status_html_spark_put(h, obj, values, n);
}


void
social_status_html_spark_article(social_status_html_t *h, cJSON *obj,
    const cJSON *sparkline)
{
    cJSON                *spark;
    double               *values;
    size_t                n;
    social_out_t          out;
    social_chart_band_t   band;

    values = social_status_html_values(
                 h, social_status_html_member(sparkline, "reader_days"), NULL,
                 &n);

    if (values == NULL || n < 2) {
        free(values);
        return;
    }

    social_status_html_coarser(values, &n);
    spark = social_status_html_spark_put(h, obj, values, n);
    values = social_status_html_values(
                 h, social_status_html_member(sparkline, "comments"), NULL,
                 &n);

    if (values == NULL) {
        return;
    }

    social_status_html_coarser(values, &n);
    band.max = social_status_chart_max(values, n);
    band.zero = SOCIAL_STATUS_HTML_SPARK + 2;
    band.height = SOCIAL_STATUS_HTML_SPARK;
    band.width = 2;

    social_out_init(&out, SOCIAL_STATUS_HTML_PATH);
    social_status_chart_bars(&out, &band, values, NULL, n);
    free(values);
    social_status_html_path(h, spark, "bars", &out);
}


/* "22 Nov", "14:00", "week of 16 Nov" */

static void
social_status_html_step_label(char out[SOCIAL_STATUS_HTML_WORD], int64_t from,
    int64_t step, int year)
{
    char  day[SOCIAL_STATUS_HTML_WORD];

    social_status_html_date(day, from, year);

    if (step < SOCIAL_DAY) {
        (void) snprintf(out, SOCIAL_STATUS_HTML_WORD, "%.20s, %02d:%02d", day,
                        (int) (from % SOCIAL_DAY / 3600),
                        (int) (from % 3600 / 60));

    } else if (step == SOCIAL_DAY) {
        (void) snprintf(out, SOCIAL_STATUS_HTML_WORD, "%.20s", day);

    } else {
        (void) snprintf(out, SOCIAL_STATUS_HTML_WORD, "%d days from %.20s",
                        (int) (step / SOCIAL_DAY), day);
    }
}


/* the seconds from one step to the next, a day if there is only one */

static int64_t
social_status_html_step(const social_status_html_t *h, const cJSON *series)
{
    double  step;

    step = social_status_html_value(
               social_status_html_member(h->doc, "period"), "step");

    if (isfinite(step) && step > 0) {
        return (int64_t) step;
    }

    return series->child->next
           ? social_status_html_seconds(series->child->next, "from")
             - social_status_html_seconds(series->child, "from")
           : SOCIAL_DAY;
}


typedef struct {
    const char  *name;
    const char  *label;     /* as a column of the table */
    const char  *one;       /* in a sentence */
    const char  *many;
} social_status_html_number_t;


static const social_status_html_number_t  social_status_html_columns[] = {
    { "comments", "Comments by readers", "comment", "comments" },
    { "author_comments", "by the author", "by the author", "by the author" },
    { "participants", "People who commented", NULL, NULL },
    { "reader_days", "Readers", NULL, NULL },
    { "listeners", "saw the comments", NULL, NULL },
    { "views", "Views", "view", "views" },
    { "shares", "Share buttons pressed", NULL, NULL },
    { "previews", "Link previews", NULL, NULL },
    { "goals", "Outcomes", NULL, NULL },
    { "published", "Articles published", "article published",
      "articles published" }
};


/* a step: its row in the table, and the words that a pointer on it shows */

static void
social_status_html_row(social_status_html_t *h, cJSON *rows,
    const cJSON *step, int64_t x, int64_t length)
{
    char                                word[SOCIAL_STATUS_HTML_WORD];
    char                                title[SOCIAL_STATUS_HTML_TEXT];
    int                                 len;
    cJSON                              *row, *cells, *cell;
    double                              value;
    size_t                              i;
    const social_status_html_number_t  *c;

    row = social_status_json_item(&h->st, rows);
    social_status_html_step_label(word, social_status_html_seconds(step,
                                                                   "from"),
                                  length, 0);
    social_status_json_text(&h->st, row, "label", word);
    social_status_json_int(&h->st, row, "x", x);
    len = snprintf(title, sizeof(title), "%s:", word);
    cells = social_status_json_array(&h->st, row, "cells");

    for (i = 0; i < social_nelts(social_status_html_columns); i++) {
        c = &social_status_html_columns[i];

        if (social_status_html_member(step, c->name) == NULL) {
            continue;
        }

        value = social_status_html_goal_sum(
                    social_status_html_member(step, c->name));
        cell = social_status_json_item(&h->st, cells);
        social_status_html_put(h, cell, "value", value);

        if (c->one != NULL
            && (value > 0 || strcmp(c->name, "published") != 0))
        {
            social_status_html_count(h, word, value, c->one, c->many);
            len += snprintf(title + len, sizeof(title) - (size_t) len,
                            "%s %s", title[len - 1] == ':' ? "" : ",", word);
        }
    }

    social_status_json_text(&h->st, row, "title", title);
}


static void
social_status_html_rows(social_status_html_t *h, cJSON *chart,
    const cJSON *series, int64_t length)
{
    cJSON        *rows, *heads, *head;
    size_t        i;
    int64_t       x;
    const cJSON  *step;

    rows = social_status_json_array(&h->st, chart, "rows");
    x = 0;

    for (step = series->child; step; step = step->next) {
        social_status_html_row(h, rows, step, x, length);
        x += SOCIAL_STATUS_HTML_STEP;
    }

    heads = social_status_json_array(&h->st, chart, "heads");

    for (i = 0; i < social_nelts(social_status_html_columns); i++) {
        if (social_status_html_member(series->child,
                                      social_status_html_columns[i].name))
        {
            head = social_status_json_item(&h->st, heads);
            social_status_json_text(&h->st, head, "name",
                                    social_status_html_columns[i].name);
            social_status_json_text(&h->st, head, "label",
                                    social_status_html_columns[i].label);
        }
    }
}


/* the bars and the area; arrays have n numbers each */

static void
social_status_html_paths(social_status_html_t *h, cJSON *chart,
    const double *talk, const double *own, const double *views,
    const double *published, size_t n)
{
    double                sum, most;
    size_t                i;
    social_out_t          out;
    social_chart_band_t   up = { 1, SOCIAL_STATUS_HTML_AXIS,
                                 SOCIAL_STATUS_HTML_AXIS,
                                 SOCIAL_STATUS_HTML_STEP };
    social_chart_band_t   down = { 1, SOCIAL_STATUS_HTML_BELOW,
                                   SOCIAL_STATUS_HTML_BELOW
                                   - SOCIAL_STATUS_HTML_END,
                                   SOCIAL_STATUS_HTML_STEP };
    social_chart_band_t   mark = { 1, SOCIAL_STATUS_HTML_BELOW - 1,
                                   SOCIAL_STATUS_HTML_BELOW - 2
                                   - SOCIAL_STATUS_HTML_AXIS,
                                   SOCIAL_STATUS_HTML_STEP };

    most = 0;

    for (i = 0; i < n; i++) {
        sum = (isfinite(talk[i]) ? talk[i] : 0) + (isfinite(own[i]) ? own[i]
                                                                    : 0);
        most = fmax(most, sum);
    }

    up.max = fmax(most, 1);
    down.max = social_status_chart_max(views, n);

    social_out_init(&out, SOCIAL_STATUS_HTML_PATH);
    social_status_chart_bars(&out, &up, talk, NULL, n);
    social_status_html_path(h, chart, "path_talk", &out);

    social_out_init(&out, SOCIAL_STATUS_HTML_PATH);
    social_status_chart_bars(&out, &up, own, talk, n);
    social_status_html_path(h, chart, "path_own", &out);

    social_out_init(&out, SOCIAL_STATUS_HTML_PATH);
    social_status_chart_area(&out, &down, views, n);
    social_status_html_path(h, chart, "path_views", &out);

    social_out_init(&out, SOCIAL_STATUS_HTML_PATH);
    social_status_chart_marks(&out, &mark, published, n);
    social_status_html_path(h, chart, "path_marks", &out);

    social_status_html_put(h, chart, "talk_max", up.max);
    social_status_html_put(h, chart, "views_max", down.max);
}


/* the name of the picture, and what it shows, in a sentence */

static void
social_status_html_words(social_status_html_t *h, cJSON *chart,
    const cJSON *series, const char *about, int64_t length)
{
    char          first[SOCIAL_STATUS_HTML_WORD];
    char          middle[SOCIAL_STATUS_HTML_WORD];
    char          last[SOCIAL_STATUS_HTML_WORD];
    int           n;
    const cJSON  *end, *half;

    n = cJSON_GetArraySize(series);
    half = cJSON_GetArrayItem(series, n / 2);
    end = cJSON_GetArrayItem(series, n - 1);

    social_status_html_step_label(
        first, social_status_html_seconds(series->child, "from"),
        length < SOCIAL_DAY ? length : SOCIAL_DAY, 0);
    social_status_html_step_label(
        middle, social_status_html_seconds(half, "from"),
        length < SOCIAL_DAY ? length : SOCIAL_DAY, 0);
    social_status_html_step_label(
        last, social_status_html_seconds(end, "from"),
        length < SOCIAL_DAY ? length : SOCIAL_DAY, 1);

    social_status_json_text(&h->st, chart, "first", first);
    social_status_json_text(&h->st, chart, "middle", n > 2 ? middle : "");
    social_status_json_text(&h->st, chart, "last", n > 1 ? last : "");

    social_status_html_say(h, chart, "name",
                           "Conversation against views, %s", about);
    social_status_html_say(
        h, chart, "desc",
        "Upwards: comments, at most %s in a step. Downwards: views, at most"
        " %s. From %s to %s. The table below has the same numbers.",
        social_status_html_text(chart, "talk_max"),
        social_status_html_text(chart, "views_max"), first, last);

    social_status_json_text(&h->st, chart, "unit",
                            length < SOCIAL_DAY ? "an hour"
                            : length == SOCIAL_DAY ? "a day"
                            : length == 7 * SOCIAL_DAY ? "a week"
                                                       : "four weeks");
}


void
social_status_html_chart(social_status_html_t *h, cJSON *obj,
    const cJSON *series, const char *about)
{
    cJSON    *chart;
    double   *talk, *own, *views, *published;
    size_t    n;
    int64_t   length;

    talk = social_status_html_values(h, series, "comments", &n);
    own = social_status_html_values(h, series, "author_comments", &n);
    views = social_status_html_values(h, series, "views", &n);
    published = social_status_html_values(h, series, "published", &n);

    if (talk && own && views && published) {
        length = social_status_html_step(h, series);
        chart = social_status_json_object(&h->st, obj, "chart");
        social_status_json_int(&h->st, chart, "width",
                               (int64_t) n * SOCIAL_STATUS_HTML_STEP);
        social_status_html_paths(h, chart, talk, own, views, published, n);
        social_status_html_words(h, chart, series, about, length);
        social_status_html_rows(h, chart, series, length);
    }

    free(talk);
    free(own);
    free(views);
    free(published);
}
