
/*
 * Who the people are, who answers them, where they came from, and what came of
 * it.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_network.h"
#include "social_source.h"
#include "social_status_html_put.h"


void
social_status_html_source(social_status_html_t *h, cJSON *obj, const char *id)
{
    social_str_t             name;
    const char              *label;
    const social_source_t   *source;
    const social_network_t  *network;

    name.data = (const unsigned char *) id;
    name.len = strlen(id);
    network = social_network_find(name);
    source = social_source_find(name);
    label = network ? network->label : source ? source->label : id;

    if (strcmp(id, "dark") == 0) {
        label = "Nothing said where from (typed, a messenger, a mail program)";

    } else if (strcmp(id, "direct") == 0) {
        label = "Typed, or a bookmark";

    } else if (strcmp(id, "internal") == 0) {
        label = "Another page of this site";
    }

    social_status_json_text(&h->st, obj, "label", label);
}


static void
social_status_html_authors(social_status_html_t *h, cJSON *text)
{
    cJSON        *list, *obj;
    double        matured, rate;
    const cJSON  *author;

    matured = social_status_html_value(
                  social_status_html_member(h->doc, "totals"), "matured");
    list = social_status_json_array(&h->st, text, "authors");

    for (author = social_status_html_list(h->doc, "authors"); author;
         author = author->next)
    {
        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "name",
                                social_status_html_text(author, "name"));
        social_status_html_put(h, obj, "comments",
                               social_status_html_value(author, "comments"));
        social_status_html_put(h, obj, "answered",
                               social_status_html_value(author, "answered"));
        rate = social_status_html_value(author, "response_rate");
        social_status_html_fraction(h, obj, "in_time",
                                    isfinite(rate) ? round(rate * matured) : 0,
                                    matured);
    }
}


void
social_status_html_people(social_status_html_t *h, cJSON *text)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    cJSON        *obj;
    double        median, weak;
    const cJSON  *people;

    people = social_status_html_member(h->doc, "people");

    if (people == NULL) {
        return;
    }

    obj = social_status_json_object(&h->st, text, "people");
    social_status_json_bool(&h->st, obj, "any",
                            social_status_html_value(people,
                                                     "participants") > 0);
    social_status_html_put(h, obj, "participants",
                           social_status_html_value(people, "participants"));
    social_status_html_put(h, obj, "new_people",
                           social_status_html_value(people, "new"));
    social_status_html_put(h, obj, "returning",
                           social_status_html_value(people, "returning"));

    weak = social_status_html_value(people, "weak");

    if (weak > 0) {
        social_status_html_put(h, obj, "weak", weak);
    }

    median = social_status_html_value(people, "median_return_seconds");

    if (isfinite(median)) {
        social_status_duration(word, sizeof(word), median);
        social_status_json_text(&h->st, obj, "gap", word);
    }

    social_status_html_authors(h, text);
    social_status_html_any(h, text, "any_author", "authors");
}


static void
social_status_html_network(social_status_html_t *h, cJSON *list,
    const cJSON *net)
{
    char     word[SOCIAL_STATUS_HTML_WORD];
    cJSON   *obj;
    double   yield, visits;

    obj = social_status_json_item(&h->st, list);
    social_status_html_source(h, obj,
                              social_status_html_text(net, "network"));
    visits = social_status_html_value(net, "visits");

    social_status_html_put(h, obj, "shares",
                           social_status_html_value(net, "shares"));
    social_status_html_put(h, obj, "previews",
                           social_status_html_value(net, "previews"));
    social_status_html_put(h, obj, "visits",
                           social_status_html_value(net, "share_visits"));
    social_status_html_put(h, obj, "arrivals", visits);
    social_status_html_fraction(
        h, obj, "talkers", social_status_html_value(net, "participants"),
        visits);

    if (h->st.query->ngoals) {
        social_status_html_fraction(
            h, obj, "outcomes", social_status_html_goal_sum(
                                    social_status_html_member(net, "goals")),
            visits);
    }

    yield = social_status_html_value(net, "share_yield");
    word[0] = '\0';

    if (isfinite(yield)) {
        (void) snprintf(word, sizeof(word), "%.1f", yield);
    }

    social_status_json_text(&h->st, obj, "share_yield", word);
}


void
social_status_html_networks(social_status_html_t *h, cJSON *text)
{
    cJSON        *list, *obj;
    const cJSON  *item;

    list = social_status_json_array(&h->st, text, "networks");

    for (item = social_status_html_list(h->doc, "networks"); item;
         item = item->next)
    {
        social_status_html_network(h, list, item);
    }

    list = social_status_json_array(&h->st, text, "sources");

    for (item = social_status_html_list(h->doc, "sources"); item;
         item = item->next)
    {
        obj = social_status_json_item(&h->st, list);
        social_status_html_source(h, obj,
                                  social_status_html_text(item, "source"));
        social_status_html_put(h, obj, "views",
                               social_status_html_value(item, "views"));
        social_status_html_put(h, obj, "participants",
                               social_status_html_value(item,
                                                        "participants"));
    }

    social_status_html_any(h, text, "any_network", "networks");
    social_status_html_any(h, text, "any_source", "sources");
}


/* the article that a goal is credited to most often, of those listed */

static void
social_status_html_goal_article(social_status_html_t *h, cJSON *obj,
    const char *name)
{
    cJSON        *item;
    double        best, value;
    const cJSON  *a, *found;
    const char   *title;

    best = 0;
    found = NULL;

    for (a = social_status_html_list(h->doc, "articles"); a; a = a->next) {
        value = social_status_html_value(
                    social_status_html_member(a, "goals"), name);

        if (value > best) {
            best = value;
            found = a;
        }
    }

    if (found == NULL) {
        return;
    }

    title = social_status_html_text(found, "title");
    item = social_status_json_object(&h->st, obj, "best");
    social_status_json_text(&h->st, item, "title", title[0] ? title
                                : social_status_html_text(found, "key"));
    social_status_html_put(h, item, "n", best);
    social_status_html_link_article(h, item, "href",
                                    social_status_html_text(found, "key"));
}


void
social_status_html_goals(social_status_html_t *h, cJSON *text)
{
    cJSON        *list, *obj;
    double        readers, n;
    size_t        i;
    const char   *name;
    const cJSON  *totals;

    totals = social_status_html_member(h->doc, "totals");
    readers = social_status_html_value(totals, "reader_days");
    list = social_status_json_array(&h->st, text, "goals");

    for (i = 0; i < h->st.query->ngoals; i++) {
        name = h->st.query->goals[i];
        n = social_status_html_value(
                social_status_html_member(totals, "goals"), name);

        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "name", name);
        social_status_html_fraction(h, obj, "n", n, readers);
        social_status_html_rate(h, obj, "rate", n / readers, readers);
        social_status_html_goal_article(h, obj, name);
    }

    social_status_html_any(h, text, "any_goal", "goals");
}
