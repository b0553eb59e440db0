
/*
 * The status in words, for the templates: what the page shows, in which order
 * and under which labels.  Reads the document, must not compute figures.
 * English.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_network.h"
#include "social_status_html_put.h"


typedef struct {
    const char  *name;
    const char  *label;
} social_status_html_label_t;


static const social_status_html_label_t  social_status_html_classes[] = {
    { "new", "New" },
    { "conversation", "Conversation" },
    { "unheard", "Unheard" },
    { "amplified", "Shared" },
    { "applauded", "Liked" },
    { "passive", "Only viewed" },
    { "quiet", "Quiet" }
};


static const social_status_html_label_t  social_status_html_periods[] = {
    { "24h", "24 hours" },
    { "7d", "7 days" },
    { "28d", "28 days" },
    { "90d", "90 days" },
    { "365d", "a year" },
    { "all", "all time" }
};


/* columns of the table of articles */

static const social_status_html_label_t  social_status_html_sorts[] = {
    { "title", "Article" },
    { "rank", "Conversation" },
    { "comments", "Comments" },
    { "exchanges", "Replies to others" },
    { "unanswered", "Unanswered" },
    { "shares", "Share intents" },
    { "reader_days", "Readers" },
    { "views", "Views" }
};


static const social_status_html_label_t  social_status_html_numbers[] = {
    { "views", "views" },
    { "reader_days", "readers" },
    { "comments", "comments" },
    { "author_comments", "author_comments" },
    { "exchanges", "exchanges" },
    { "unanswered", "unanswered" },
    { "shares", "shares" },
    { "sharers", "sharers" },
    { "reactions", "reactions" },
    { "thread_h", "thread_h" }
};


static const char *
social_status_html_class(const char *name)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_status_html_classes); i++) {
        if (strcmp(social_status_html_classes[i].name, name) == 0) {
            return social_status_html_classes[i].label;
        }
    }

    return name;
}


static void
social_status_html_choices(social_status_t *st, cJSON *text)
{
    int          current;
    cJSON       *list, *obj;
    size_t       i;
    const char  *sort, *dir;

    list = social_status_json_array(st, text, "periods");

    for (i = 0; i < social_nelts(social_status_html_periods); i++) {
        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "name",
                                social_status_html_periods[i].name);
        social_status_json_text(st, obj, "label",
                                social_status_html_periods[i].label);
        social_status_json_bool(
            st, obj, "current",
            st->query->period != NULL
                && strcmp(st->query->period, social_status_html_periods[i].name)
                       == 0);
        social_status_html_link(st, obj, social_status_html_periods[i].name,
                                NULL, NULL, NULL, 1);
    }

    sort = st->query->sort && st->query->sort[0] ? st->query->sort : "rank";
    dir = st->query->dir ? st->query->dir : "";
    list = social_status_json_array(st, text, "sorts");

    for (i = 0; i < social_nelts(social_status_html_sorts); i++) {
        current = strcmp(sort, social_status_html_sorts[i].name) == 0;

        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "name",
                                social_status_html_sorts[i].name);
        social_status_json_text(st, obj, "label",
                                social_status_html_sorts[i].label);
        social_status_json_bool(st, obj, "current", current);
        social_status_json_bool(st, obj, "ascending", current
                                && (i == 0 ? strcmp(dir, "desc") != 0
                                           : strcmp(dir, "asc") == 0));

        /* a click on the current column reverses its order */

        if (!current) {
            dir = "";

        } else if (i == 0) {
            dir = strcmp(dir, "desc") == 0 ? "asc" : "desc";

        } else {
            dir = strcmp(dir, "asc") == 0 ? "desc" : "asc";
        }

        social_status_html_link(st, obj, NULL, social_status_html_sorts[i].name,
                                dir, NULL, 1);
        dir = st->query->dir ? st->query->dir : "";
    }
}


static void
social_status_html_article(social_status_t *st, cJSON *list, const cJSON *a)
{
    cJSON        *obj, *also, *chip;
    size_t        i;
    double        readers;
    const cJSON  *name;
    const char   *class, *title;

    obj = social_status_json_item(st, list);
    class = social_status_html_text(a, "class");
    title = social_status_html_text(a, "title");
    readers = social_status_html_value(a, "reader_days");

    social_status_json_text(st, obj, "key", social_status_html_text(a, "key"));
    social_status_json_text(
        st, obj, "title", title[0] ? title : social_status_html_text(a, "key"));
    social_status_json_text(st, obj, "url", social_status_html_text(a, "url"));
    social_status_html_link(st, obj, NULL, NULL, NULL,
                            social_status_html_text(a, "key"), 1);
    social_status_json_text(st, obj, "class", class);
    social_status_json_text(st, obj, "class_label",
                            social_status_html_class(class));
    social_status_json_text(st, obj, "reason",
                            social_status_html_text(a, "class_reason"));

    also = social_status_json_array(st, obj, "also");

    for (name = social_status_html_list(a, "also"); name; name = name->next) {
        chip = social_status_json_item(st, also);
        social_status_json_text(st, chip, "class", name->valuestring);
        social_status_json_text(st, chip, "class_label",
                                social_status_html_class(name->valuestring));
    }

    social_status_html_fraction(
        st, obj, "talk", social_status_html_value(a, "participants"), readers);
    social_status_html_rate(st, obj, "talk_rate",
                            social_status_html_value(a, "conversation_rate"),
                            readers);
    social_status_json_bool(st, obj, "suspect", cJSON_IsTrue(
        cJSON_GetObjectItemCaseSensitive(a, "denominator_suspect")));
    social_status_json_bool(st, obj, "waits",
                            social_status_html_value(a, "unanswered") > 0);

    for (i = 0; i < social_nelts(social_status_html_numbers); i++) {
        social_status_html_put(
            st, obj, social_status_html_numbers[i].label,
            social_status_html_value(a, social_status_html_numbers[i].name));
    }
}


static cJSON *
social_status_html_tile(social_status_t *st, cJSON *list, const char *name,
    const char *label)
{
    cJSON  *obj;

    obj = social_status_json_item(st, list);
    social_status_json_text(st, obj, "name", name);
    social_status_json_text(st, obj, "label", label);

    return obj;
}


static void
social_status_html_note(social_status_t *st, cJSON *obj, const char *before,
    const char *value, const char *behind)
{
    char  text[3 * SOCIAL_STATUS_HTML_WORD];

    (void) snprintf(text, sizeof(text), "%s%s%s", before, value, behind);
    social_status_json_text(st, obj, "note", text);
}


/* the first tiles: people, and whether they got an answer */

static void
social_status_html_people_tiles(social_status_t *st, cJSON *list,
    const cJSON *totals)
{
    char     word[SOCIAL_STATUS_HTML_WORD], other[SOCIAL_STATUS_HTML_WORD + 8];
    cJSON   *obj;
    double   oldest;

    obj = social_status_html_tile(st, list, "participants",
                                  "People who commented");
    social_status_html_put(st, obj, "value",
                           social_status_html_value(totals, "participants"));
    social_status_html_number(
        word, social_status_html_value(totals, "new_participants"));
    (void) snprintf(other, sizeof(other), "%s new, ", word);
    social_status_html_number(
        word, social_status_html_value(totals, "returning_participants"));
    social_status_html_note(st, obj, other, word, " returning");

    obj = social_status_html_tile(st, list, "exchanges",
                                  "Replies to somebody else");
    social_status_html_put(st, obj, "value",
                           social_status_html_value(totals, "exchanges"));
    social_status_html_number(
        word, social_status_html_value(totals, "comments")
                  + social_status_html_value(totals, "author_comments"));
    social_status_html_note(st, obj, "of ", word, " comments");

    obj = social_status_html_tile(st, list, "unanswered",
                                  "Waiting for an answer");
    social_status_html_put(st, obj, "value",
                           social_status_html_value(totals, "unanswered"));
    oldest = social_status_html_value(totals, "oldest_unanswered_seconds");

    if (isfinite(oldest)) {
        social_status_duration(word, sizeof(word), oldest);
        social_status_html_note(st, obj, "the oldest has waited ", word, "");

    } else {
        social_status_html_note(st, obj, "nobody is waiting", "", "");
    }

    obj = social_status_html_tile(st, list, "response_rate",
                                  "Answered in time");
    social_status_html_fraction(st, obj, "value",
                                social_status_html_value(totals, "answered"),
                                social_status_html_value(totals, "matured"));
    social_status_duration(word, sizeof(word),
                           (double) st->query->thresholds->reply_within);
    social_status_html_note(st, obj, "within ", word,
                            "; newer comments do not count yet");
}


/* the other tiles: outcomes, readers and views */

static void
social_status_html_tiles(social_status_t *st, cJSON *text, const cJSON *totals)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    cJSON        *list, *obj;
    double        sum;
    const cJSON  *goal;

    list = social_status_json_array(st, text, "tiles");

    social_status_html_people_tiles(st, list, totals);

    sum = 0;

    for (goal = social_status_html_list(totals, "goals"); goal;
         goal = goal->next) {
        sum += goal->valuedouble;
    }

    obj = social_status_html_tile(st, list, "goals", "Outcomes");
    social_status_html_put(st, obj, "value", sum);
    social_status_html_note(st, obj,
                            st->query->ngoals ? "declared goals reached"
                                              : "no goal is declared",
                            "", "");

    obj = social_status_html_tile(st, list, "reader_days", "Readers");
    social_status_html_put(st, obj, "value",
                           social_status_html_value(totals, "reader_days"));
    social_status_html_number(word, social_status_html_value(totals, "views"));
    social_status_html_note(st, obj, "reader-days, from ", word, " views");
}


static void
social_status_html_networks(social_status_t *st, cJSON *text, const cJSON *doc)
{
    char                     word[SOCIAL_STATUS_HTML_WORD];
    cJSON                   *list, *obj;
    double                   yield;
    const cJSON             *net;
    social_str_t             id;
    const social_network_t  *known;

    list = social_status_json_array(st, text, "networks");

    for (net = social_status_html_list(doc, "networks"); net; net = net->next) {
        id.data = (const unsigned char *) social_status_html_text(net,
                                                                  "network");
        id.len = strlen((const char *) id.data);
        known = social_network_find(id);

        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "network", (const char *) id.data);
        social_status_json_text(st, obj, "label",
                                known ? known->label : (const char *) id.data);
        social_status_html_put(st, obj, "shares",
                               social_status_html_value(net, "shares"));
        social_status_html_put(st, obj, "previews",
                               social_status_html_value(net, "previews"));
        social_status_html_fraction(
            st, obj, "visits", social_status_html_value(net, "share_visits"),
            social_status_html_value(net, "shares"));
        social_status_html_fraction(
            st, obj, "talkers", social_status_html_value(net, "participants"),
            social_status_html_value(net, "visits"));

        yield = social_status_html_value(net, "share_yield");
        word[0] = '\0';

        if (isfinite(yield)) {
            (void) snprintf(word, sizeof(word), "%.2f", yield);
        }

        social_status_json_text(st, obj, "share_yield", word);
    }
}


/* comments without an answer, with links to the moderation page */

static void
social_status_html_inbox(social_status_t *st, cJSON *text, const cJSON *doc)
{
    char           word[SOCIAL_STATUS_HTML_WORD];
    cJSON         *list, *obj;
    const cJSON   *item;
    const char    *title, *key;
    social_out_t   out;

    list = social_status_json_array(st, text, "inbox");

    for (item = social_status_html_list(doc, "inbox"); item; item = item->next)
    {
        key = social_status_html_text(item, "article");
        title = social_status_html_text(item, "title");
        social_status_duration(word, sizeof(word),
                               social_status_html_value(item, "age_seconds"));

        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "id",
                                social_status_html_text(item, "id"));
        social_status_json_text(st, obj, "article", key);
        social_status_json_text(st, obj, "title", title[0] ? title : key);
        social_status_json_text(st, obj, "url",
                                social_status_html_text(item, "url"));
        social_status_json_text(st, obj, "time",
                                social_status_html_text(item, "time"));
        social_status_json_text(st, obj, "age", word);

        social_out_init(&out, SOCIAL_STATUS_HTML_LINK);

        if (st->query->moderate && st->query->moderate[0]) {
            social_out_text(&out, st->query->moderate);
            social_out_text(&out, "?state=approved&article=");
            social_out_query(&out, (const unsigned char *) key, strlen(key));
            social_out_text(&out, "#comment-");
            social_out_text(&out, social_status_html_text(item, "id"));
        }

        social_status_json_out(st, obj, "answer", &out);
    }
}


static void
social_status_html_alarms(social_status_t *st, cJSON *text, const cJSON *doc)
{
    cJSON        *list, *obj;
    const char   *state;
    const cJSON  *item;

    list = social_status_json_array(st, text, "alarms");

    for (item = social_status_html_list(doc, "alarms"); item; item = item->next)
    {
        state = social_status_html_text(item, "state");

        if (strcmp(state, "ok") == 0) {
            continue;
        }

        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "name",
                                social_status_html_text(item, "name"));
        social_status_json_text(st, obj, "state", state);
        social_status_json_text(st, obj, "since",
                                social_status_html_text(item, "since"));
        social_status_json_text(st, obj, "sentence",
                                social_status_html_text(item, "sentence"));
    }

    social_status_json_bool(st, text, "calm",
                            list != NULL && list->child == NULL);
}


static void
social_status_html_thresholds(social_status_t *st, cJSON *text)
{
    char                       word[SOCIAL_STATUS_HTML_WORD];
    cJSON                     *list, *obj;
    double                     value;
    unsigned                   i;
    const social_threshold_t  *row;

    list = social_status_json_array(st, text, "thresholds");

    for (i = 0; (row = social_threshold_at(i)) != NULL; i++) {
        value = social_threshold_get(st->query->thresholds, row);

        if (row->kind == SOCIAL_THRESHOLD_TIME) {
            social_status_duration(word, sizeof(word), value);

        } else {
            (void) snprintf(word, sizeof(word), "%g", value);
        }

        obj = social_status_json_item(st, list);
        social_status_json_text(st, obj, "name", row->name);
        social_status_json_text(st, obj, "value", word);
    }
}


static void
social_status_html_paging(social_status_t *st, cJSON *text, const cJSON *doc)
{
    cJSON    *paging, *obj;
    double    all, first, last;
    int64_t   page, limit;

    page = social_status_page_number(st->query);
    limit = social_status_limit(st->query);
    all = social_status_html_value(doc, "total_articles");

    first = (double) ((page - 1) * limit) + 1;
    last = fmin(all, first + (double) limit - 1);

    paging = social_status_json_object(st, text, "paging");
    social_status_json_bool(st, paging, "none", !(first <= all));
    social_status_html_put(st, paging, "first", first);
    social_status_html_put(st, paging, "last", last);
    social_status_html_put(st, paging, "all", all);

    if (page > 1) {
        obj = social_status_json_object(st, paging, "previous");
        social_status_html_link(st, obj, NULL, NULL, NULL, NULL, page - 1);

    } else {
        social_status_json_bool(st, paging, "previous", 0);
    }

    if (last < all) {
        obj = social_status_json_object(st, paging, "next");
        social_status_html_link(st, obj, NULL, NULL, NULL, NULL, page + 1);

    } else {
        social_status_json_bool(st, paging, "next", 0);
    }
}


/* no page is an article: on the page of a site without articles at once, else
 * when many pages were served */

static void
social_status_html_unmatched(social_status_t *st, cJSON *text,
    const cJSON *doc)
{
    cJSON                  *obj;
    const social_health_t  *h;

    h = st->query->health;

    if (h == NULL || h->matched || h->unmatched == 0 || h->articles == NULL
        || h->unmatched_key == NULL
        || (h->unmatched < SOCIAL_STATUS_UNMATCHED
            && social_status_html_list(doc, "articles")))
    {
        return;
    }

    obj = social_status_json_object(st, text, "unmatched");
    social_status_json_text(st, obj, "pattern", h->articles);
    social_status_json_text(st, obj, "page", h->unmatched_key);
}


cJSON *
social_status_page(cJSON *doc, const social_status_query_t *query)
{
    cJSON            *page, *text, *list;
    const cJSON      *a;
    social_status_t   st;

    if (doc == NULL) {
        return NULL;
    }

    page = cJSON_CreateObject();

    if (page == NULL || !cJSON_AddItemToObject(page, "doc", doc)) {
        cJSON_Delete(page);
        cJSON_Delete(doc);
        return NULL;
    }

    memset(&st, 0, sizeof(st));
    st.query = query;

    text = social_status_json_object(&st, page, "text");
    social_status_json_text(&st, text, "q", query->q);
    social_status_json_text(&st, text, "article", query->article);
    social_status_html_choices(&st, text);
    social_status_html_tiles(&st, text,
                             cJSON_GetObjectItemCaseSensitive(doc, "totals"));
    list = social_status_json_array(&st, text, "articles");

    for (a = social_status_html_list(doc, "articles"); a; a = a->next) {
        social_status_html_article(&st, list, a);
    }

    social_status_html_paging(&st, text, doc);
    social_status_html_networks(&st, text, doc);
    social_status_html_inbox(&st, text, doc);
    social_status_html_alarms(&st, text, doc);
    social_status_html_unmatched(&st, text, doc);
    social_status_html_thresholds(&st, text);

    if (st.failed) {
        cJSON_Delete(page);
        return NULL;
    }

    return page;
}
