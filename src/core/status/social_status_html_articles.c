
/*
 * The table of articles: its rows, orders, classes and pages.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_html_put.h"


typedef struct {
    const char  *name;
    const char  *label;
} social_status_html_label_t;


static const social_status_html_label_t  social_status_html_classes[] = {
    { "conversation", "Conversation" },
    { "unheard", "Unheard" },
    { "amplified", "Shared" },
    { "applauded", "Liked" },
    { "passive", "Only viewed" },
    { "quiet", "Quiet" },
    { "new", "New" }
};


/* columns of the table; the last one is there if goals are declared */

static const social_status_html_label_t  social_status_html_sorts[] = {
    { "title", "Article" },
    { "rank", "Conversation" },
    { "comments", "Comments" },
    { "exchanges", "Replies to others" },
    { "unanswered", "Unanswered" },
    { "shares", "Shares" },
    { "reader_days", "Readers" },
    { "views", "Views" }
};


static const char *const  social_status_html_cells[] = {
    "comments", "exchanges", "unanswered", "shares", "reader_days", "views"
};


const char *
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


/* the order that a click on a column asks for: on the current one, the other
 * one */

static const char *
social_status_html_turn(int text, int current, const char *dir)
{
    if (!current) {
        return "";
    }

    if (text) {
        return strcmp(dir, "desc") == 0 ? "asc" : "desc";
    }

    return strcmp(dir, "asc") == 0 ? "desc" : "asc";
}


static void
social_status_html_sorts_put(social_status_html_t *h, cJSON *text)
{
    int                                current, is_text;
    cJSON                             *list, *obj;
    size_t                             i;
    const char                        *sort, *dir;
    social_status_html_link_t          link = { 0 };
    const social_status_html_label_t  *column;

    sort = h->st.query->sort && h->st.query->sort[0] ? h->st.query->sort
                                                     : "rank";
    dir = h->st.query->dir ? h->st.query->dir : "";
    list = social_status_json_array(&h->st, text, "sorts");

    for (i = 0; i < social_nelts(social_status_html_sorts); i++) {
        column = &social_status_html_sorts[i];
        current = strcmp(sort, column->name) == 0;
        is_text = strcmp(column->name, "title") == 0;

        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "name", column->name);
        social_status_json_text(&h->st, obj, "label", column->label);
        social_status_json_bool(&h->st, obj, "current", current);
        social_status_json_bool(&h->st, obj, "ascending", current
                                && (is_text ? strcmp(dir, "desc") != 0
                                            : strcmp(dir, "asc") == 0));
        link.sort = column->name;
        link.dir = social_status_html_turn(is_text, current, dir);
        social_status_html_link(h, obj, "href", &link);
    }
}


/* each class with the number of its articles, as links that filter */

static void
social_status_html_classes_put(social_status_html_t *h, cJSON *text)
{
    cJSON                             *list, *obj;
    double                             n;
    size_t                             i;
    const char                        *current;
    const cJSON                       *totals, *by;
    social_status_html_link_t          link = { .class = "" };
    const social_status_html_label_t  *class;

    current = h->st.query->class ? h->st.query->class : "";
    totals = social_status_html_member(h->doc, "totals");
    by = social_status_html_member(totals, "articles_by_class");
    list = social_status_json_array(&h->st, text, "classes");

    obj = social_status_json_item(&h->st, list);
    social_status_json_text(&h->st, obj, "label", "All");
    social_status_html_put(h, obj, "n",
                           social_status_html_value(totals, "articles"));
    social_status_json_bool(&h->st, obj, "current", current[0] == '\0');
    social_status_html_link(h, obj, "href", &link);

    for (i = 0; i < social_nelts(social_status_html_classes); i++) {
        class = &social_status_html_classes[i];
        n = social_status_html_value(by, class->name);

        if (!(n > 0) && strcmp(current, class->name) != 0) {
            continue;
        }

        link.class = class->name;
        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "name", class->name);
        social_status_json_text(&h->st, obj, "label", class->label);
        social_status_html_put(h, obj, "n", n);
        social_status_json_bool(&h->st, obj, "current",
                                strcmp(current, class->name) == 0);
        social_status_html_link(h, obj, "href", &link);
    }
}


static void
social_status_html_article_classes(social_status_html_t *h, cJSON *obj,
    const cJSON *a)
{
    cJSON        *also, *chip;
    const char   *class;
    const cJSON  *name;

    class = social_status_html_text(a, "class");
    social_status_json_text(&h->st, obj, "class", class);
    social_status_json_text(&h->st, obj, "class_label",
                            social_status_html_class(class));
    social_status_json_text(&h->st, obj, "reason",
                            social_status_html_text(a, "class_reason"));
    also = social_status_json_array(&h->st, obj, "also");

    for (name = social_status_html_list(a, "also"); name; name = name->next) {
        chip = social_status_json_item(&h->st, also);
        social_status_json_text(&h->st, chip, "class", name->valuestring);
        social_status_json_text(&h->st, chip, "class_label",
                                social_status_html_class(name->valuestring));
    }
}


static void
social_status_html_article_put(social_status_html_t *h, cJSON *list,
    const cJSON *a)
{
    cJSON       *obj;
    size_t       i;
    double       readers, goals;
    const char  *title;

    obj = social_status_json_item(&h->st, list);
    title = social_status_html_text(a, "title");
    readers = social_status_html_value(a, "reader_days");

    social_status_json_text(&h->st, obj, "title", title[0] ? title
                                : social_status_html_text(a, "key"));
    social_status_html_link_article(h, obj, "href",
                                    social_status_html_text(a, "key"));
    social_status_html_article_classes(h, obj, a);
    social_status_html_fraction(h, obj, "talk",
                                social_status_html_value(a, "participants"),
                                readers);
    social_status_html_rate(h, obj, "talk_rate",
                            social_status_html_value(a, "conversation_rate"),
                            readers);
    social_status_json_bool(&h->st, obj, "suspect", cJSON_IsTrue(
        social_status_html_member(a, "denominator_suspect")));
    social_status_json_bool(&h->st, obj, "waits",
                            social_status_html_value(a, "unanswered") > 0);

    for (i = 0; i < social_nelts(social_status_html_cells); i++) {
        social_status_html_put(
            h, obj, social_status_html_cells[i],
            social_status_html_value(a, social_status_html_cells[i]));
    }

    if (h->st.query->ngoals) {
        goals = social_status_html_goal_sum(
                    social_status_html_member(a, "goals"));
        social_status_html_put(h, obj, "outcomes", isfinite(goals) ? goals
                                                                   : 0);
    }

    social_status_html_spark_article(h, obj,
                                     social_status_html_member(a,
                                                               "sparkline"));
}


static void
social_status_html_paging(social_status_html_t *h, cJSON *text)
{
    cJSON                      *paging;
    double                      all, first, last;
    int64_t                     page, limit;
    social_status_html_link_t   link = { 0 };

    page = social_status_page_number(h->st.query);
    limit = social_status_limit(h->st.query);
    all = social_status_html_value(h->doc, "total_articles");

    first = (double) ((page - 1) * limit) + 1;
    last = fmin(all, first + (double) limit - 1);

    paging = social_status_json_object(&h->st, text, "paging");
    social_status_json_bool(&h->st, paging, "none", !(first <= all));
    social_status_html_put(h, paging, "first", first);
    social_status_html_put(h, paging, "last", last);
    social_status_html_put(h, paging, "all", all);

    if (page > 1) {
        link.page = page - 1;
        social_status_html_link(h, paging, "before", &link);
    }

    if (last < all) {
        link.page = page + 1;
        social_status_html_link(h, paging, "next", &link);
    }
}


void
social_status_html_articles(social_status_html_t *h, cJSON *text)
{
    cJSON                      *list;
    const cJSON                *a;
    const char                 *q, *class;
    social_status_html_link_t   search = { .q = "" };
    social_status_html_link_t   every = { .q = "", .class = "" };

    q = h->st.query->q ? h->st.query->q : "";
    class = h->st.query->class ? h->st.query->class : "";

    social_status_json_text(&h->st, text, "q", q);
    social_status_json_bool(&h->st, text, "filtered",
                            q[0] != '\0' || class[0] != '\0');
    social_status_html_link(h, text, "every", &every);
    social_status_html_keep(h, text, "keep_search", &search);
    social_status_html_sorts_put(h, text);
    social_status_html_classes_put(h, text);

    list = social_status_json_array(&h->st, text, "articles");

    for (a = social_status_html_list(h->doc, "articles"); a; a = a->next) {
        social_status_html_article_put(h, list, a);
    }

    social_status_html_paging(h, text);
}
