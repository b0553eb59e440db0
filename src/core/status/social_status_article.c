
/*
 * What the document says of an article: its figures, labels and goals; the
 * page of one article with its funnel and its conversation.  Pool threads.
 */

#include <stdlib.h>
#include <string.h>

#include "social_status_state.h"


#define SOCIAL_STATUS_ARTICLE_ADDRESS  8192     /* bytes of a URL */


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
    const social_status_figures_t *f, const social_article_t *labels)
{
    cJSON          *views;
    int64_t         prefetch;
    const int64_t  *counts;

    counts = f->row->article->counts;
    views = social_status_json_object(st, obj, "views_by_class");

    social_status_json_int(st, views, "confirmed",
                           counts[SOCIAL_COUNT_CONFIRMED]);
    social_status_json_int(st, views, "unconfirmed", f->unconfirmed);
    social_status_json_int(st, views, "preview", counts[SOCIAL_COUNT_PREVIEW]);
    social_status_json_int(st, views, "bot", counts[SOCIAL_COUNT_BOT]);

    /* one fetched before the period may be seen in it */

    prefetch = counts[SOCIAL_COUNT_PREFETCH]
               - social_status_labelled(labels, SOCIAL_COUNT_SEEN, "prefetch");
    social_status_json_int(st, views, "prefetch", prefetch > 0 ? prefetch : 0);
    social_status_json_int(st, views, "self", counts[SOCIAL_COUNT_SELF]);
}


/*
 * The site's list has every declared goal, reached or not; an article's list
 * only has those whose visitors came to the article first.
 */

static void
social_status_put_goals(social_status_t *st, cJSON *obj,
    const social_status_figures_t *f, const social_article_t *labels)
{
    size_t       i;
    cJSON       *goals, *rates;
    double       readers;
    int64_t      value;
    const char  *name;

    goals = social_status_json_object(st, obj, "goals");
    rates = social_status_json_object(st, obj, "outcome_rate");
    readers = (double) f->evidence.readers;

    for (i = 0; i < st->query->ngoals; i++) {
        name = st->query->goals[i];
        value = social_status_labelled(labels, SOCIAL_COUNT_GOAL, name);

        if (value == 0 && f->row != &st->total) {
            continue;
        }

        social_status_json_int(st, goals, name, value);
        social_status_json_rate(st, rates, name,
                                social_metrics_rate((double) value, readers));
    }
}


void
social_status_put_row(social_status_t *st, cJSON *obj,
    const social_status_row_t *row, const social_article_t *labels)
{
    double                        value;
    unsigned                      i;
    social_status_figures_t       f;
    const social_status_field_t  *field;

    social_status_figures(st, row, &f);

    for (i = 0; (field = social_status_field(i)) != NULL; i++) {

        if ((strcmp(field->name, "reactions") == 0 && !st->query->reactions)
            || (strcmp(field->name, "oldest_unanswered_seconds") == 0
                && f.stats->unanswered == 0))
        {
            social_status_json_null(st, obj, field->name);
            continue;
        }

        if (row == &st->total && strcmp(field->name, "rank") == 0) {
            continue;
        }

        value = strcmp(field->name, "shares") == 0
                ? (double) social_status_sum(labels, SOCIAL_COUNT_SHARE)
                : social_status_number(&f, field);

        social_status_json_rate(st, obj, field->name, value);
    }

    social_status_json_bool(st, obj, "denominator_suspect", f.suspect);
    social_status_put_views(st, obj, &f, labels);
    social_status_put_labels(st, obj, "shares_by_network", labels,
                             SOCIAL_COUNT_SHARE);
    social_status_put_labels(st, obj, "share_visits_by_network", labels,
                             SOCIAL_COUNT_SHARE_VISIT);
    social_status_put_labels(st, obj, "previews_by_network", labels,
                             SOCIAL_COUNT_FETCH);
    social_status_put_labels(st, obj, "views_by_source", labels,
                             SOCIAL_COUNT_SOURCE);
    social_status_put_goals(st, obj, &f, labels);
}


static void
social_status_put_class(social_status_t *st, cJSON *obj,
    const social_status_row_t *row)
{
    int                      i;
    cJSON                   *also, *name;
    social_article_class_t   class;
    social_status_figures_t  f;

    social_status_figures(st, row, &f);
    social_article_classify(&class, &f.evidence, &st->bases, st->thresholds);
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
}


cJSON *
social_status_put_article(social_status_t *st, cJSON *obj, size_t at)
{
    social_out_t                url;
    const social_article_t     *a;
    const social_status_row_t  *row;

    row = st->list[at];
    a = row->article;

    social_out_init(&url, SOCIAL_STATUS_ARTICLE_ADDRESS);
    social_status_json_address(st, &url, a, 0);

    social_status_json_text(st, obj, "key", a->key);
    social_status_json_text(st, obj, "title", a->title);
    social_status_json_out(st, obj, "url", &url);
    social_status_json_time(st, obj, "published", a->published);
    social_status_json_time(st, obj, "first_seen", a->first_seen);

    social_status_put_class(st, obj, row);
    social_status_put_row(st, obj, row, social_status_labels(st, at));
    social_status_sparkline(st, obj, row,
                            st->details.series ? &st->details.series[at]
                                               : NULL);

    return obj;
}


static void
social_status_put_funnel(social_status_t *st, cJSON *obj,
    const social_status_row_t *row, const social_article_t *labels)
{
    size_t                    i;
    cJSON                    *funnel;
    int64_t                   goals;
    social_status_figures_t   f;

    goals = 0;
    social_status_figures(st, row, &f);

    for (i = 0; i < st->query->ngoals; i++) {
        goals += social_status_labelled(labels, SOCIAL_COUNT_GOAL,
                                        st->query->goals[i]);
    }

    funnel = social_status_json_object(st, obj, "funnel");
    social_status_json_int(st, funnel, "reader_days", f.evidence.readers);
    social_status_json_int(st, funnel, "listeners", f.listeners);
    social_status_json_int(st, funnel, "participants",
                           f.stats->participants);
    social_status_json_int(st, funnel, "exchanges", f.stats->exchanges);
    social_status_json_int(st, funnel, "returning_participants",
                           f.stats->returning_participants);
    social_status_json_int(st, funnel, "goals", goals);
}


static void
social_status_put_levels(social_status_t *st, cJSON *obj,
    const social_status_row_t *row)
{
    cJSON           *list, *n;
    size_t           i, deepest;
    const uint32_t  *levels;

    list = social_status_json_array(st, obj, "levels");
    deepest = social_conversation_levels(st->conv, row->first, row->last,
                                         &st->window, &levels);

    for (i = 1; i <= deepest && i <= SOCIAL_STATUS_LEVELS; i++) {
        n = cJSON_CreateNumber(levels[i]);

        if (n == NULL || !cJSON_AddItemToArray(list, n)) {
            cJSON_Delete(n);
            st->failed = 1;
        }
    }
}


static void
social_status_put_message(social_status_t *st, cJSON *list, size_t i,
    int64_t depth)
{
    char                     id[SOCIAL_ID_MAX];
    cJSON                   *obj;
    size_t                   parent;
    const social_message_t  *m;

    m = &st->figures->messages[i];
    parent = social_conversation_parent(st->conv, i);
    obj = social_status_json_item(st, list);

    (void) social_id_text(m->id, id);
    social_status_json_text(st, obj, "id", id);

    if (parent == SIZE_MAX) {
        social_status_json_null(st, obj, "parent");

    } else {
        (void) social_id_text(st->figures->messages[parent].id, id);
        social_status_json_text(st, obj, "parent", id);
    }

    social_status_json_int(st, obj, "depth", depth);
    social_status_json_bool(st, obj, "author", m->role == SOCIAL_AUTHOR);
    social_status_json_time(st, obj, "time", m->created);
    social_status_json_bool(st, obj, "waiting",
                            social_conversation_is_waiting(st->conv, i));
    social_status_words(st, obj,
                        st->details.excerpts
                            ? &st->details.excerpts[st->nwaiting + i
                                                    - st->thread] : NULL);
}


/* the newest comments of the thread, oldest first; a parent has a smaller index
 * than its replies, so one pass finds all depths */

static void
social_status_put_conversation(social_status_t *st, cJSON *obj,
    const social_status_row_t *row)
{
    cJSON    *list;
    size_t    i, parent;
    int64_t  *depth;

    list = social_status_json_array(st, obj, "conversation");

    depth = calloc(row->last - row->first + 1, sizeof(int64_t));
    if (depth == NULL) {
        st->failed = 1;
        return;
    }

    for (i = row->first; i < row->last; i++) {
        parent = social_conversation_parent(st->conv, i);

        if (parent != SIZE_MAX && parent >= row->first) {
            depth[i - row->first] = depth[parent - row->first] + 1;
        }

        if (i >= st->thread) {
            social_status_put_message(st, list, i, depth[i - row->first]);
        }
    }

    free(depth);
}


void
social_status_article(social_status_t *st, cJSON *doc)
{
    cJSON                      *obj;
    const social_status_row_t  *row;

    if (st->query->article == NULL || st->query->article[0] == '\0') {
        return;
    }

    row = st->article;

    if (row == NULL) {
        social_status_json_null(st, doc, "article");
        return;
    }

    obj = social_status_json_object(st, doc, "article");
    social_status_put_article(st, obj, st->article_at);
    social_status_series(st, obj, row,
                         st->details.series
                             ? &st->details.series[st->article_at] : NULL);
    social_status_put_funnel(st, obj, row,
                             social_status_labels(st, st->article_at));
    social_status_put_levels(st, obj, row);

    if (!st->query->is_public) {
        social_status_put_conversation(st, obj, row);
    }
}
