
/*
 * The page of one article: where it stands, its way from readers to outcomes,
 * the shape of its thread, and the conversation.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_network.h"
#include "social_status_html_put.h"


#define SOCIAL_STATUS_HTML_DEPTH   6        /* levels that are indented */
#define SOCIAL_STATUS_HTML_LEVELS  12       /* levels of the shape */


typedef struct {
    const char  *name;      /* of the document, and of its definition */
    const char  *define;
    const char  *label;
} social_status_html_fact_t;


static const social_status_html_fact_t  social_status_html_talk[] = {
    { "participants", "participants", "People who commented" },
    { "new_participants", "new_participants", "for the first time" },
    { "returning_participants", "returning_participants", "who came back" },
    { "comments", "comments", "Comments by readers" },
    { "author_comments", "comments", "Comments by you" },
    { "exchanges", "exchanges", "Replies to somebody else" },
    { "dialogues", "dialogues", "Dialogues" },
    { "unanswered", "unanswered", "Without an answer" }
};

static const social_status_html_fact_t  social_status_html_reach[] = {
    { "reader_days", "reader_days", "Readers" },
    { "listeners", "listeners", "Readers who saw the comments" },
    { "active_reader_days", "active_reader_days", "Readers who did something" },
    { "shares", "shares", "Share buttons pressed" },
    { "reactions", "reactions", "Likes" },
    { "views", "views", "Views" }
};


static void
social_status_html_facts(social_status_html_t *h, cJSON *obj, const char *name,
    const social_status_html_fact_t *rows, size_t n, const cJSON *a)
{
    cJSON   *list, *fact;
    size_t   i;

    list = social_status_json_array(&h->st, obj, name);

    for (i = 0; i < n; i++) {
        if (social_status_html_member(a, rows[i].name) == NULL) {
            continue;
        }

        fact = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, fact, "name", rows[i].define);
        social_status_json_text(&h->st, fact, "label", rows[i].label);
        social_status_html_put(h, fact, "value",
                               social_status_html_value(a, rows[i].name));
    }
}


/* the comments on each level; without the numbers of levels below the last */

static void
social_status_html_levels(social_status_html_t *h, cJSON *obj,
    const cJSON *levels)
{
    char          label[SOCIAL_STATUS_HTML_WORD];
    cJSON        *list, *item;
    double        most;
    size_t        i;
    const cJSON  *level;

    most = 1;

    for (level = levels ? levels->child : NULL; level; level = level->next) {
        most = fmax(most, level->valuedouble);
    }

    list = social_status_json_array(&h->st, obj, "levels");
    i = 0;

    for (level = levels ? levels->child : NULL;
         level && i < SOCIAL_STATUS_HTML_LEVELS; level = level->next)
    {
        i++;
        (void) snprintf(label, sizeof(label), "level %zu", i);
        item = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, item, "label",
                                i == 1 ? "first comments"
                                : i == 2 ? "replies"
                                : i == 3 ? "replies to replies" : label);
        social_status_html_put(h, item, "value", level->valuedouble);
        social_status_json_int(&h->st, item, "width", (int64_t)
                               (level->valuedouble / most * 1000));
    }
}


static void
social_status_html_comment(social_status_html_t *h, cJSON *list,
    const cJSON *comment)
{
    cJSON       *obj;
    double       depth;
    const char  *name;

    depth = social_status_html_value(comment, "depth");
    name = social_status_html_text(comment, "name");

    obj = social_status_json_item(&h->st, list);
    social_status_json_text(&h->st, obj, "id",
                            social_status_html_text(comment, "id"));
    social_status_json_text(&h->st, obj, "name", name[0] ? name : "A reader");
    social_status_json_text(&h->st, obj, "words",
                            social_status_html_text(comment, "text"));
    social_status_json_text(&h->st, obj, "time",
                            social_status_html_text(comment, "time"));
    social_status_json_int(&h->st, obj, "depth", (int64_t)
                           (isfinite(depth) ? fmin(fmax(depth, 0),
                                                   SOCIAL_STATUS_HTML_DEPTH)
                                            : 0));
    social_status_json_bool(&h->st, obj, "author", cJSON_IsTrue(
        social_status_html_member(comment, "author")));
    social_status_json_bool(&h->st, obj, "waiting", cJSON_IsTrue(
        social_status_html_member(comment, "waiting")));
}


/* an object by network or source as a list, in the order of the document */

static cJSON *
social_status_html_labels(social_status_html_t *h, cJSON *obj,
    const char *name, const cJSON *labels)
{
    cJSON        *list, *item;
    const cJSON  *label;

    list = social_status_json_array(&h->st, obj, name);

    for (label = labels ? labels->child : NULL; label; label = label->next) {
        item = social_status_json_item(&h->st, list);
        social_status_html_source(h, item, label->string);
        social_status_html_put(h, item, "value",
                               cJSON_IsNumber(label) ? label->valuedouble
                                                     : NAN);
    }

    return list;
}


/* where the link was seen by a network's program, in words */

static void
social_status_html_previews(social_status_html_t *h, cJSON *obj,
    const cJSON *a)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    cJSON        *list, *item;
    const cJSON  *label;

    list = social_status_html_labels(
               h, obj, "previews",
               social_status_html_member(a, "previews_by_network"));

    for (item = list ? list->child : NULL,
             label = social_status_html_list(a, "previews_by_network");
         item && label; item = item->next, label = label->next)
    {
        social_status_html_count(h, word, label->valuedouble, "time",
                                 "times");
        social_status_json_text(&h->st, item, "times", word);
    }
}


static void
social_status_html_article_networks(social_status_html_t *h, cJSON *obj,
    const cJSON *a)
{
    cJSON                   *list, *item;
    double                   shares, visits, previews;
    unsigned                 i;
    const social_network_t  *network;

    list = social_status_json_array(&h->st, obj, "networks");

    for (i = 0; (network = social_network_at(i)) != NULL; i++) {
        shares = social_status_html_value(
                     social_status_html_member(a, "shares_by_network"),
                     network->id);
        visits = social_status_html_value(
                     social_status_html_member(a, "share_visits_by_network"),
                     network->id);
        previews = social_status_html_value(
                       social_status_html_member(a, "previews_by_network"),
                       network->id);

        if (!isfinite(shares) && !isfinite(visits) && !isfinite(previews)) {
            continue;
        }

        item = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, item, "label", network->label);
        social_status_html_put(h, item, "shares", isfinite(shares) ? shares
                                                                   : 0);
        social_status_html_put(h, item, "visits", isfinite(visits) ? visits
                                                                   : 0);
        social_status_html_put(h, item, "previews", isfinite(previews)
                                                    ? previews : 0);
    }
}


static void
social_status_html_article_head(social_status_html_t *h, cJSON *obj,
    const cJSON *a)
{
    char         day[SOCIAL_STATUS_HTML_WORD];
    int64_t      published;
    const char  *title, *class;

    title = social_status_html_text(a, "title");
    class = social_status_html_text(a, "class");
    published = social_status_html_seconds(a, "published");

    if (published == 0) {
        published = social_status_html_seconds(a, "first_seen");
    }

    social_status_json_text(&h->st, obj, "title", title[0] ? title
                                : social_status_html_text(a, "key"));
    social_status_json_text(&h->st, obj, "url",
                            social_status_html_text(a, "url"));
    social_status_json_text(&h->st, obj, "class", class);
    social_status_json_text(&h->st, obj, "class_label",
                            social_status_html_class(class));
    social_status_json_text(&h->st, obj, "reason",
                            social_status_html_text(a, "class_reason"));

    if (published > 0) {
        social_status_html_date(day, published, 1);
        social_status_json_text(&h->st, obj, "published", day);
    }

    social_status_html_rate(h, obj, "talk_rate",
                            social_status_html_value(a, "conversation_rate"),
                            social_status_html_value(a, "reader_days"));
}


/* nothing if the article is not known: the page says so then */

void
social_status_html_article(social_status_html_t *h, cJSON *text)
{
    cJSON                      *obj, *list;
    const cJSON                *a, *detail, *comment;
    social_status_html_link_t   site = { .article = "" };

    social_status_html_link(h, text, "site_href", &site);
    a = social_status_html_list(h->doc, "articles");

    if (a == NULL) {
        return;
    }

    detail = social_status_html_member(h->doc, "article");
    obj = social_status_json_object(&h->st, text, "one");

    social_status_html_article_head(h, obj, a);
    social_status_html_chart(h, obj,
                             social_status_html_member(detail, "series"),
                             "this article");
    social_status_html_funnel(h, obj,
                              social_status_html_member(detail, "funnel"));
    social_status_html_levels(h, obj,
                              social_status_html_member(detail, "levels"));
    social_status_html_facts(h, obj, "facts_talk", social_status_html_talk,
                             social_nelts(social_status_html_talk), a);
    social_status_html_facts(h, obj, "facts_reach", social_status_html_reach,
                             social_nelts(social_status_html_reach), a);
    social_status_html_article_networks(h, obj, a);
    social_status_html_previews(h, obj, a);
    (void) social_status_html_labels(
        h, obj, "sources", social_status_html_member(a, "views_by_source"));
    (void) social_status_html_labels(
        h, obj, "goals", social_status_html_member(a, "goals"));

    list = social_status_json_array(&h->st, obj, "conversation");

    for (comment = social_status_html_list(detail, "conversation"); comment;
         comment = comment->next)
    {
        social_status_html_comment(h, list, comment);
    }

    social_status_html_any(h, obj, "any_comment", "conversation");
    social_status_html_any(h, obj, "any_source", "sources");
    social_status_html_any(h, obj, "any_network", "networks");
    social_status_html_any(h, obj, "any_preview", "previews");
    social_status_html_any(h, obj, "any_level", "levels");
    social_status_html_any(h, obj, "any_funnel", "funnel");
}
