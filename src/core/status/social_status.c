
/*
 * Builds the status document, schema 1.  Owns the names and their order;
 * numbers come from social_status_rows.c and social_status_networks.c,
 * sentences from social_status_sentence.c and social_status_alarms.c.  Must
 * not use the store or a clock.  Pool threads.
 */

#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"


#define SOCIAL_STATUS_ADDRESS  8192         /* bytes of a URL */


typedef struct {
    const char  *name;
    int64_t      seconds;   /* 0: since the first article was seen */
} social_status_span_t;


static const social_status_span_t  social_status_spans[] = {
    { "24h", 86400 },
    { "7d", 7 * 86400 },
    { "28d", 28 * 86400 },
    { "90d", 90 * 86400 },
    { "365d", 365 * 86400 },
    { "all", 0 }
};


int
social_status_period(social_str_t name, int64_t now, int64_t *from)
{
    size_t                       i;
    const social_status_span_t  *span;

    for (i = 0; i < social_nelts(social_status_spans); i++) {
        span = &social_status_spans[i];

        if (strlen(span->name) == name.len
            && memcmp(span->name, name.data, name.len) == 0)
        {
            *from = span->seconds ? now - span->seconds : 0;
            *from = *from > 0 ? *from - *from % 3600 : 0;

            return SOCIAL_OK;
        }
    }

    return SOCIAL_DECLINED;
}


/* the period `all` begins when the first article was seen */

static void
social_status_put_period(social_status_t *st, cJSON *doc)
{
    size_t    i;
    cJSON    *period;
    int64_t   from;

    from = st->figures->from;

    if (from == 0) {
        from = st->figures->to;

        for (i = 0; i < st->nrows; i++) {
            if (st->rows[i].article->first_seen > 0
                && st->rows[i].article->first_seen < from)
            {
                from = st->rows[i].article->first_seen;
            }
        }
    }

    period = social_status_json_object(st, doc, "period");
    social_status_json_time(st, period, "from", from);
    social_status_json_time(st, period, "to", st->figures->to);
    social_status_json_text(st, period, "name", st->query->period);
}


static void
social_status_put_labels(social_status_t *st, cJSON *obj, const char *name,
    const social_article_t *a, int kind)
{
    size_t   i;
    cJSON   *labels;

    labels = social_status_json_object(st, obj, name);

    for (i = 0; i < a->nlabelled; i++) {
        if (a->labelled[i].kind == kind && a->labelled[i].value != 0) {
            social_status_json_int(st, labels, a->labelled[i].label,
                                   a->labelled[i].value);
        }
    }
}


static void
social_status_put_views(social_status_t *st, cJSON *obj,
    const social_status_row_t *row)
{
    cJSON          *views;
    int64_t         prefetch;
    const int64_t  *counts;

    counts = row->article->counts;
    views = social_status_json_object(st, obj, "views_by_class");

    social_status_json_int(st, views, "confirmed",
                           counts[SOCIAL_COUNT_CONFIRMED]);
    social_status_json_int(st, views, "unconfirmed", row->unconfirmed);
    social_status_json_int(st, views, "preview", counts[SOCIAL_COUNT_PREVIEW]);
    social_status_json_int(st, views, "bot", counts[SOCIAL_COUNT_BOT]);

    /* one fetched before the period may be seen in it */

    prefetch = counts[SOCIAL_COUNT_PREFETCH]
               - social_status_labelled(row->article, SOCIAL_COUNT_SEEN,
                                        "prefetch");
    social_status_json_int(st, views, "prefetch", prefetch > 0 ? prefetch : 0);
    social_status_json_int(st, views, "self", counts[SOCIAL_COUNT_SELF]);
}


/*
 * Goals are counted for the site.  Its list has every declared goal, reached
 * or not; an article's list only has what was counted for it.
 */

static void
social_status_put_goals(social_status_t *st, cJSON *obj,
    const social_status_row_t *row)
{
    size_t                   i;
    cJSON                   *goals, *rates;
    double                   readers;
    int64_t                  value;
    const char              *name;
    const social_article_t  *a;

    goals = social_status_json_object(st, obj, "goals");
    rates = social_status_json_object(st, obj, "outcome_rate");
    readers = (double) row->evidence.readers;
    a = row == &st->total ? st->site_counts : row->article;

    for (i = 0; i < st->query->ngoals; i++) {
        name = st->query->goals[i];
        value = social_status_labelled(a, SOCIAL_COUNT_GOAL, name);

        if (value == 0 && row != &st->total) {
            continue;
        }

        social_status_json_int(st, goals, name, value);
        social_status_json_rate(st, rates, name,
                                social_metrics_rate((double) value, readers));
    }
}


/* the numbers of an article, or of the site, and its counters by label */

static void
social_status_put_row(social_status_t *st, cJSON *obj,
    const social_status_row_t *row)
{
    unsigned                      i;
    const social_article_t       *a;
    const social_status_field_t  *field;

    a = row->article;

    for (i = 0; (field = social_status_field(i)) != NULL; i++) {

        if ((strcmp(field->name, "reactions") == 0 && !st->query->reactions)
            || (strcmp(field->name, "oldest_unanswered_seconds") == 0
                && row->stats->unanswered == 0))
        {
            social_status_json_null(st, obj, field->name);
            continue;
        }

        if (row == &st->total && strcmp(field->name, "rank") == 0) {
            continue;
        }

        social_status_json_rate(st, obj, field->name,
                                social_status_value(row, field));
    }

    social_status_json_bool(st, obj, "denominator_suspect", row->suspect);
    social_status_put_views(st, obj, row);
    social_status_put_labels(st, obj, "shares_by_network", a,
                             SOCIAL_COUNT_SHARE);
    social_status_put_labels(st, obj, "share_visits_by_network", a,
                             SOCIAL_COUNT_SHARE_VISIT);
    social_status_put_labels(st, obj, "previews_by_network", a,
                             SOCIAL_COUNT_FETCH);
    social_status_put_labels(st, obj, "views_by_source", a,
                             SOCIAL_COUNT_SOURCE);
    social_status_put_goals(st, obj, row);
}


static void
social_status_put_article(social_status_t *st, cJSON *list,
    const social_status_row_t *row)
{
    int                      i;
    cJSON                   *obj, *also, *name;
    social_out_t             url;
    social_article_class_t   class;
    const social_article_t  *a;

    a = row->article;
    obj = social_status_json_item(st, list);

    social_out_init(&url, SOCIAL_STATUS_ADDRESS);
    social_status_json_address(st, &url, a, 0);

    social_status_json_text(st, obj, "key", a->key);
    social_status_json_text(st, obj, "title", a->title);
    social_status_json_out(st, obj, "url", &url);
    social_status_json_time(st, obj, "published", a->published);
    social_status_json_time(st, obj, "first_seen", a->first_seen);

    social_article_classify(&class, &row->evidence, &st->bases, st->thresholds);
    social_status_json_text(st, obj, "class",
                            social_article_class_name(class.first));
    social_status_json_text(st, obj, "class_reason", class.reason);
    also = social_status_json_array(st, obj, "also");

    for (i = 0; i < SOCIAL_ARTICLE_CLASSES; i++) {

        if (!(class.also & (1u << i))) {
            continue;
        }

        name = cJSON_CreateString(social_article_class_name(i));

        if (name == NULL || !cJSON_AddItemToArray(also, name)) {
            cJSON_Delete(name);
            st->failed = 1;
        }
    }

    social_status_put_row(st, obj, row);
}


static void
social_status_put_totals(social_status_t *st, cJSON *doc)
{
    int       i;
    size_t    k;
    cJSON    *totals, *classes, *bases;
    int64_t   visits;

    visits = 0;

    for (k = 0; k < st->site.nlabelled; k++) {
        if (st->site.labelled[k].kind == SOCIAL_COUNT_SHARE_VISIT) {
            visits += st->site.labelled[k].value;
        }
    }

    totals = social_status_json_object(st, doc, "totals");
    social_status_json_int(st, totals, "articles", (int64_t) st->nrows);
    social_status_json_int(st, totals, "articles_published",
                           st->total.published);

    classes = social_status_json_object(st, totals, "articles_by_class");

    for (i = 0; i < SOCIAL_ARTICLE_CLASSES; i++) {
        social_status_json_int(st, classes, social_article_class_name(i),
                               st->classes[i]);
    }

    social_status_put_row(st, totals, &st->total);
    social_status_json_int(st, totals, "share_visits", visits);

    bases = social_status_json_object(st, totals, "bases");
    social_status_json_rate(st, bases, "participants", st->bases.participants);
    social_status_json_rate(st, bases, "sharers", st->bases.sharers);
    social_status_json_rate(st, bases, "reactions", st->bases.reactions);
    social_status_json_rate(st, bases, "active", st->bases.active);
    social_status_json_bool(st, bases, "own", st->bases.own);
}


static void
social_status_put_articles(social_status_t *st, cJSON *doc)
{
    cJSON                       *articles;
    size_t                       i, n, all, limit;
    const social_status_row_t  **list;

    list = social_status_list(st, &n, &all);
    articles = social_status_json_array(st, doc, "articles");

    for (i = 0; list != NULL && i < n; i++) {
        social_status_put_article(st, articles, list[i]);
    }

    free(list);

    limit = (size_t) social_status_limit(st->query);
    social_status_json_int(st, doc, "total_articles", (int64_t) all);
    social_status_json_int(st, doc, "limit", (int64_t) limit);
    social_status_json_int(st, doc, "page",
                           social_status_page_number(st->query));
    social_status_json_int(st, doc, "pages",
                           (int64_t) ((all + limit - 1) / limit));
}


static void
social_status_put_health(social_status_t *st, cJSON *doc)
{
    cJSON                  *health;
    const social_health_t  *h;

    health = social_status_json_object(st, doc, "health");
    h = st->query->health;

    if (h == NULL) {
        return;
    }

    social_status_json_bool(st, health, "store_ok", h->store_ok);
    social_status_json_int(st, health, "store_errors", h->store_errors);

    if (!h->store_ok && h->store_reason && h->store_reason[0]) {
        social_status_json_text(st, health, "store_reason", h->store_reason);

    } else {
        social_status_json_null(st, health, "store_reason");
    }

    social_status_json_int(st, health, "zone_size_bytes", h->zone_size);
    social_status_json_int(st, health, "zone_used_bytes", h->zone_used);
    social_status_json_int(st, health, "articles_evicted", h->evicted);
    social_status_json_int(st, health, "events_dropped", h->dropped);
    social_status_json_bool(st, health, "article_matched", h->matched);

    if (!h->matched && h->unmatched > 0 && h->unmatched_key) {
        social_status_json_text(st, health, "article_unmatched",
                                h->unmatched_key);

    } else {
        social_status_json_null(st, health, "article_unmatched");
    }
    social_status_json_int(st, health, "reads_refused", h->reads_refused);
    social_status_json_int(st, health, "pages_cut", h->cut_pages);
    social_status_json_int(st, health, "marks_dropped", h->dropped_marks);
    social_status_json_int(st, health, "first_touches_dropped",
                           h->dropped_touches);
    social_status_json_int(st, health, "over_quota", h->dropped_quota);
    social_status_json_int(st, health, "limited_articles",
                           h->limited_articles);
    social_status_json_int(st, health, "limited_posts", h->limited_posts);
    social_status_json_int(st, health, "broken_chains", h->broken_chains);
    social_status_json_bool(st, health, "set_real_ip_from", h->one_address);
}


static void
social_status_put_thresholds(social_status_t *st, cJSON *doc)
{
    cJSON                     *obj;
    unsigned                   i;
    const social_threshold_t  *row;

    obj = social_status_json_object(st, doc, "thresholds");

    for (i = 0; (row = social_threshold_at(i)) != NULL; i++) {
        social_status_json_rate(st, obj, row->name,
                                social_threshold_get(st->thresholds, row));
    }
}


static void
social_status_put_sentence(social_status_t *st, cJSON *doc)
{
    social_out_t  out;

    social_out_init(&out, SOCIAL_STATUS_ADDRESS);
    social_status_sentence(st, &out);
    social_out_bytes(&out, "", 1);

    if (out.failed) {
        st->failed = 1;

    } else {
        social_status_json_text(st, doc, "sentence", (char *) out.data);
    }

    social_out_free(&out);
}


cJSON *
social_status(const social_period_t *figures,
    const social_status_query_t *query)
{
    cJSON            *doc;
    social_status_t   st;

    doc = cJSON_CreateObject();

    if (doc != NULL && social_status_open(&st, figures, query) == SOCIAL_OK) {
        social_status_json_int(&st, doc, "schema", SOCIAL_STATUS_SCHEMA);
        social_status_json_text(&st, doc, "site", query->site);
        social_status_json_time(&st, doc, "generated", query->now);
        social_status_put_period(&st, doc);
        social_status_put_sentence(&st, doc);
        social_status_put_totals(&st, doc);
        social_status_put_articles(&st, doc);
        social_status_networks(&st, doc);
        social_status_inbox(&st, social_status_json_array(&st, doc, "inbox"));
        social_status_alarms(&st, social_status_json_array(&st, doc, "alarms"));
        (void) social_status_json_array(&st, doc, "series");
        social_status_put_thresholds(&st, doc);
        social_status_put_health(&st, doc);
    }

    if (doc != NULL) {
        social_status_close(&st);
    }

    if (doc == NULL || st.failed) {
        cJSON_Delete(doc);
        return NULL;
    }

    return doc;
}
