
/*
 * Builds the status document, schema 1: its frame and the totals; the other
 * files make the parts.  Must not use the store or a clock.  Pool threads.
 */

#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"


#define SOCIAL_STATUS_SENTENCE  8192        /* bytes */


/* the period `all` begins when the first article was seen */

static void
social_status_put_period(social_status_t *st, cJSON *doc)
{
    cJSON  *period, *previous;

    period = social_status_json_object(st, doc, "period");
    social_status_json_time(st, period, "from",
                            st->figures->from ? st->figures->from
                                              : st->series_from);
    social_status_json_time(st, period, "to", st->figures->to);
    social_status_json_text(st, period, "name", st->query->period);
    social_status_json_int(st, period, "step", st->step);

    if (st->query->previous == NULL) {
        social_status_json_null(st, period, "previous");
        return;
    }

    previous = social_status_json_object(st, period, "previous");
    social_status_json_time(st, previous, "from", st->query->previous_from);
    social_status_json_time(st, previous, "to", st->figures->from);
}


static void
social_status_put_held(social_status_t *st, cJSON *totals)
{
    const social_period_t  *f;

    f = st->figures;

    if (st->query->is_public) {
        return;
    }

    social_status_json_int(st, totals, "held", f->held);

    if (f->held == 0 || f->held_since == 0) {
        social_status_json_null(st, totals, "oldest_held_seconds");
        return;
    }

    social_status_json_int(st, totals, "oldest_held_seconds",
                           st->window.now > f->held_since
                               ? st->window.now - f->held_since : 0);
}


static void
social_status_put_totals(social_status_t *st, cJSON *doc)
{
    int     i;
    cJSON  *totals, *classes, *bases;

    totals = social_status_json_object(st, doc, "totals");
    social_status_json_int(st, totals, "articles", (int64_t) st->nrows);
    social_status_json_int(st, totals, "articles_published",
                           st->published);

    classes = social_status_json_object(st, totals, "articles_by_class");

    for (i = 0; i < SOCIAL_ARTICLE_CLASSES; i++) {
        social_status_json_int(st, classes, social_article_class_name(i),
                               st->classes[i]);
    }

    social_status_put_row(st, totals, &st->total, &st->site);
    social_status_json_int(st, totals, "share_visits",
                           social_status_sum(&st->site,
                                             SOCIAL_COUNT_SHARE_VISIT));
    social_status_put_held(st, totals);

    bases = social_status_json_object(st, totals, "bases");
    social_status_json_rate(st, bases, "participants", st->bases.participants);
    social_status_json_rate(st, bases, "sharers", st->bases.sharers);
    social_status_json_rate(st, bases, "reactions", st->bases.reactions);
    social_status_json_rate(st, bases, "active", st->bases.active);
    social_status_json_bool(st, bases, "own", st->bases.own);

    social_status_previous(st, totals);
}


static void
social_status_put_articles(social_status_t *st, cJSON *doc)
{
    cJSON   *articles;
    size_t   i, limit;

    articles = social_status_json_array(st, doc, "articles");

    for (i = 0; i < st->nlist; i++) {
        (void) social_status_put_article(st,
                                         social_status_json_item(st, articles),
                                         i);
    }

    limit = (size_t) social_status_limit(st->query);
    social_status_json_int(st, doc, "total_articles", (int64_t) st->nmatch);
    social_status_json_int(st, doc, "limit", (int64_t) limit);
    social_status_json_int(st, doc, "page",
                           social_status_page_number(st->query));
    social_status_json_int(st, doc, "pages",
                           (int64_t) ((st->nmatch + limit - 1) / limit));
}


static void
social_status_put_sentence(social_status_t *st, cJSON *doc)
{
    social_out_t  out;

    social_out_init(&out, SOCIAL_STATUS_SENTENCE);
    social_status_sentence(st, &out);
    social_out_bytes(&out, "", 1);

    if (out.failed) {
        st->failed = 1;

    } else {
        social_status_json_text(st, doc, "sentence", (char *) out.data);
    }

    social_out_free(&out);
}


static void
social_status_put(social_status_t *st, cJSON *doc,
    const social_series_t *series)
{
    social_status_json_int(st, doc, "schema", SOCIAL_STATUS_SCHEMA);
    social_status_json_text(st, doc, "site", st->query->site);
    social_status_json_time(st, doc, "generated", st->query->now);
    social_status_put_period(st, doc);
    social_status_put_sentence(st, doc);
    social_status_now(st, doc);
    social_status_put_totals(st, doc);
    social_status_put_articles(st, doc);
    social_status_article(st, doc);
    social_status_networks(st, doc);

    if (!st->query->is_public) {
        social_status_inbox(st, social_status_json_array(st, doc, "inbox"));
        social_status_people(st, doc);
    }

    social_status_alarms(st, social_status_json_array(st, doc, "alarms"));
    social_status_series(st, doc, &st->total, series);
    social_status_thresholds(st, doc);
    social_status_health(st, doc);

    if (st->query->is_public) {
        social_status_public(st, doc);
    }
}


social_status_t *
social_status_begin(const social_period_t *figures,
    const social_status_query_t *query)
{
    social_status_t  *st;

    st = calloc(1, sizeof(social_status_t));
    if (st == NULL) {
        return NULL;
    }

    if (social_status_open(st, figures, query) != SOCIAL_OK) {
        social_status_abandon(st);
        return NULL;
    }

    if (query->is_public) {
        social_status_cells(st);
    }

    return st;
}


int64_t
social_status_span(const social_status_t *st, int64_t *from, int64_t *to)
{
    *from = st->series_from;
    *to = st->asked_to;

    return st->series_from < st->series_to ? st->step : 0;
}


void
social_status_abandon(social_status_t *st)
{
    if (st != NULL) {
        social_status_close(st);
        free(st);
    }
}


cJSON *
social_status_finish(social_status_t *st, const social_series_t *series)
{
    int     failed;
    cJSON  *doc;

    if (st->asked == 0) {
        (void) social_status_pick(st);
    }

    doc = st->failed ? NULL : cJSON_CreateObject();

    if (doc != NULL) {
        social_status_put(st, doc, series);
    }

    failed = st->failed;
    social_status_abandon(st);

    if (failed) {
        cJSON_Delete(doc);
        return NULL;
    }

    return doc;
}
