
/*
 * The figures at the top, each with its change and its line over time, and the
 * way from readers to outcomes.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_html_put.h"


/* a tile with a whole number: the member of totals, of the period before, and
 * of a step, NULL if there is none */

typedef struct {
    const char  *name;
    const char  *label;
    const char  *before;
    const char  *step;
} social_status_html_tile_t;


static const social_status_html_tile_t  social_status_html_tile_rows[] = {
    { "participants", "People who commented", "participants",
      "participants" },
    { "comments", "Comments by readers", "comments", "comments" },
    { "exchanges", "Replies to somebody else", "exchanges", NULL },
    { "reader_days", "Readers", "reader_days", "reader_days" },
    { "listeners", "Readers who saw the comments", "listeners", "listeners" },
    { "shares", "Share buttons pressed", "shares", "shares" }
};


double
social_status_html_goal_sum(const cJSON *goals)
{
    double        sum;
    const cJSON  *goal;

    if (cJSON_IsNumber(goals)) {
        return goals->valuedouble;
    }

    if (!cJSON_IsObject(goals) || goals->child == NULL) {
        return NAN;
    }

    sum = 0;

    for (goal = goals->child; goal; goal = goal->next) {
        sum += cJSON_IsNumber(goal) ? goal->valuedouble : 0;
    }

    return sum;
}


/* "+11, was 20": against the period before */

static void
social_status_html_change(social_status_html_t *h, cJSON *tile, double now,
    double before)
{
    char  was[SOCIAL_STATUS_HTML_WORD], by[SOCIAL_STATUS_HTML_WORD];

    if (!isfinite(now) || !isfinite(before)) {
        return;
    }

    if (fabs(now - before) < 0.5) {
        social_status_json_text(&h->st, tile, "change", "as many as before");
        return;
    }

    social_status_html_number(h, was, before);
    social_status_html_number(h, by, fabs(now - before));
    social_status_html_say(h, tile, "change", "%s%s, was %s",
                           now > before ? "+" : "\xe2\x88\x92", by, was);
    social_status_json_bool(&h->st, tile, "more", now > before);
}


static cJSON *
social_status_html_tile(social_status_html_t *h, cJSON *list,
    const char *name, const char *label)
{
    cJSON  *obj;

    obj = social_status_json_item(&h->st, list);
    social_status_json_text(&h->st, obj, "name", name);
    social_status_json_text(&h->st, obj, "label", label);

    return obj;
}


/* what is said below a number; each tile has its own words */

static void
social_status_html_tile_note(social_status_html_t *h, cJSON *tile,
    const char *name, const cJSON *totals)
{
    char    one[SOCIAL_STATUS_HTML_WORD], two[SOCIAL_STATUS_HTML_WORD];
    double  own;

    own = social_status_html_value(totals, "author_comments");
    one[0] = '\0';

    if (strcmp(name, "participants") == 0) {
        social_status_html_number(
            h, one, social_status_html_value(totals, "new_participants"));
        social_status_html_number(
            h, two, social_status_html_value(totals,
                                             "returning_participants"));
        social_status_html_say(h, tile, "note", "%s new, %s wrote again later",
                               one, two);

    } else if (strcmp(name, "comments") == 0) {
        social_status_html_number(h, one, own);
        social_status_html_say(h, tile, "note", "and %s by you", one);

    } else if (strcmp(name, "exchanges") == 0) {
        social_status_html_number(
            h, one, social_status_html_value(totals, "comments") + own);
        social_status_html_say(h, tile, "note", "of %s comments", one);

    } else if (strcmp(name, "reader_days") == 0) {
        social_status_html_number(h, one,
                                  social_status_html_value(totals, "views"));
        social_status_html_say(h, tile, "note", "counted per day; %s views",
                               one);

    } else if (strcmp(name, "listeners") == 0) {
        social_status_json_text(&h->st, tile, "note",
                                "at least: scripts must be on");

    } else if (strcmp(name, "shares") == 0) {
        social_status_html_number(
            h, one, social_status_html_value(totals, "share_visits"));
        social_status_html_say(h, tile, "note", "brought %s visits", one);
    }
}


static void
social_status_html_tile_answers(social_status_html_t *h, cJSON *list,
    const cJSON *totals)
{
    char    word[SOCIAL_STATUS_HTML_WORD];
    cJSON  *tile;

    tile = social_status_html_tile(h, list, "response_rate",
                                   "Answered in time");
    social_status_html_fraction(h, tile, "value",
                                social_status_html_value(totals, "answered"),
                                social_status_html_value(totals, "matured"));
    social_status_duration(word, sizeof(word),
                           (double) h->st.query->thresholds->reply_within);
    social_status_html_say(h, tile, "note",
                           "within %s; younger ones do not count yet", word);
}


static void
social_status_html_tile_goals(social_status_html_t *h, cJSON *list,
    const cJSON *totals, const cJSON *previous)
{
    cJSON   *tile;
    double   sum;

    sum = social_status_html_goal_sum(
              social_status_html_member(totals, "goals"));

    tile = social_status_html_tile(h, list, "goals", "Outcomes");

    if (h->st.query->ngoals == 0) {
        social_status_json_text(&h->st, tile, "value", "\xe2\x80\x93");
        social_status_json_text(&h->st, tile, "note", "no goal is declared");
        return;
    }

    social_status_html_put(h, tile, "value", sum);
    social_status_json_text(&h->st, tile, "note", "declared goals reached");
    social_status_html_change(
        h, tile, sum, social_status_html_goal_sum(
                          social_status_html_member(previous, "goals")));
    social_status_html_spark(h, tile,
                             social_status_html_member(h->doc, "series"),
                             "goals");
}


void
social_status_html_tiles(social_status_html_t *h, cJSON *text)
{
    cJSON                            *list, *tile;
    size_t                            i;
    const cJSON                      *totals, *previous;
    const social_status_html_tile_t  *row;

    totals = social_status_html_member(h->doc, "totals");
    previous = social_status_html_member(totals, "previous");
    list = social_status_json_array(&h->st, text, "tiles");

    for (i = 0; i < social_nelts(social_status_html_tile_rows); i++) {
        row = &social_status_html_tile_rows[i];

        if (social_status_html_member(totals, row->name) == NULL) {
            continue;
        }

        tile = social_status_html_tile(h, list, row->name, row->label);
        social_status_html_put(h, tile, "value",
                               social_status_html_value(totals, row->name));
        social_status_html_tile_note(h, tile, row->name, totals);
        social_status_html_change(
            h, tile, social_status_html_value(totals, row->name),
            social_status_html_value(previous, row->before));

        if (row->step) {
            social_status_html_spark(
                h, tile, social_status_html_member(h->doc, "series"),
                row->step);
        }

        if (strcmp(row->name, "exchanges") == 0) {
            social_status_html_tile_answers(h, list, totals);
        }
    }

    social_status_html_tile_goals(h, list, totals, previous);
}


/* a step of the way: from readers to outcomes */

typedef struct {
    const char  *name;
    const char  *label;
    const char  *what;
} social_status_html_step_t;


static const social_status_html_step_t  social_status_html_steps[] = {
    { "reader_days", "read", "readers a day, added up" },
    { "listeners", "saw the comments", "of them, at least" },
    { "participants", "commented", "people" },
    { "exchanges", "were answers to somebody", "comments" },
    { "returning_participants", "came back to comment", "people" },
    { "goals", "reached a goal", "readers a day" }
};


void
social_status_html_funnel(social_status_html_t *h, cJSON *obj,
    const cJSON *from)
{
    cJSON                            *list, *step;
    double                            value, all;
    size_t                            i;
    const cJSON                      *member;
    const social_status_html_step_t  *row;

    all = social_status_html_value(from, "reader_days");
    list = social_status_json_array(&h->st, obj, "funnel");

    for (i = 0; i < social_nelts(social_status_html_steps); i++) {
        row = &social_status_html_steps[i];
        member = social_status_html_member(from, row->name);

        if (member == NULL
            || (strcmp(row->name, "goals") == 0
                && h->st.query->ngoals == 0))
        {
            continue;
        }

        value = strcmp(row->name, "goals") == 0
                ? social_status_html_goal_sum(member)
                : social_status_html_value(from, row->name);

        step = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, step, "name", row->name);
        social_status_json_text(&h->st, step, "label", row->label);
        social_status_json_text(&h->st, step, "what", row->what);
        social_status_html_put(h, step, "value", value);

        /* in thousandths of the readers; something is at least visible */

        if (isfinite(value) && isfinite(all) && all > 0 && value > 0) {
            social_status_json_int(&h->st, step, "width", (int64_t)
                                   fmax(4, fmin(1000, value / all * 1000)));
        }
    }
}
