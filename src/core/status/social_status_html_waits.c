
/*
 * What needs the owner, before anything else: comments held for approval,
 * comments without an answer, alarms.  Pool threads.
 */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_html_put.h"


/* comments with a form on the page; the others follow when these are done */
#define SOCIAL_STATUS_HTML_WAITS  9

/* of these, what a site's page shows at once, so that the figures are not far
 * below; the page of an article, whose thread leads to the forms, shows all */
#define SOCIAL_STATUS_HTML_FIRST  6


static const char *
social_status_html_moderate(const social_status_html_t *h)
{
    return h->st.query->moderate ? h->st.query->moderate : "";
}


static void
social_status_html_answer(social_status_html_t *h, cJSON *obj)
{
    social_status_json_text(&h->st, obj, "moderate",
                            social_status_html_moderate(h));
    social_status_html_say(h, obj, "revision", "%" PRId64,
                           h->st.query->revision);
}


/* comments held for approval, and the way to them */

static void
social_status_html_held(social_status_html_t *h, cJSON *waits)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    char          age[SOCIAL_STATUS_HTML_WORD];
    cJSON        *held;
    double        n, oldest;
    const cJSON  *totals;

    totals = social_status_html_member(h->doc, "totals");
    n = social_status_html_value(totals, "held");

    /* they are not those of one article */

    if (!(n > 0) || (h->st.query->article && h->st.query->article[0])) {
        return;
    }

    held = social_status_json_object(&h->st, waits, "held");
    social_status_html_count(h, word, n, "comment is held for your approval",
                             "comments are held for your approval");
    social_status_json_text(&h->st, held, "sentence", word);
    oldest = social_status_html_value(totals, "oldest_held_seconds");

    if (isfinite(oldest)) {
        social_status_duration(age, sizeof(age), oldest);
        social_status_json_text(&h->st, held, "age", age);
    }

    if (social_status_html_moderate(h)[0]) {
        social_status_html_say(h, held, "href", "%.400s?state=held",
                               social_status_html_moderate(h));
    }
}


/* "6 days ago", or "just now"; the time itself stays beside it */

static void
social_status_html_ago(social_status_html_t *h, cJSON *obj, double age)
{
    char  word[SOCIAL_STATUS_HTML_WORD];

    if (age < 60) {
        social_status_json_text(&h->st, obj, "ago", "just now");
        return;
    }

    social_status_duration(word, sizeof(word), age);
    social_status_html_say(h, obj, "ago", "%s ago", word);
}


static void
social_status_html_waiting(social_status_html_t *h, cJSON *list,
    const cJSON *item)
{
    cJSON       *obj;
    const char  *name, *id;

    id = social_status_html_text(item, "id");
    name = social_status_html_text(item, "name");

    obj = social_status_json_item(&h->st, list);
    social_status_json_text(&h->st, obj, "id", id);
    social_status_json_text(&h->st, obj, "name", name[0] ? name : "A reader");
    social_status_json_text(&h->st, obj, "words",
                            social_status_html_text(item, "text"));
    social_status_json_text(&h->st, obj, "url",
                            social_status_html_text(item, "url"));
    social_status_json_text(&h->st, obj, "time",
                            social_status_html_text(item, "time"));
    social_status_html_ago(h, obj,
                           social_status_html_value(item, "age_seconds"));
}


/* the list of an article's comments, made when its first one comes */

static cJSON *
social_status_html_group(social_status_html_t *h, cJSON *groups,
    const cJSON *item)
{
    cJSON       *group;
    const char  *key, *title;

    key = social_status_html_text(item, "article");

    for (group = groups ? groups->child : NULL; group; group = group->next) {
        if (strcmp(social_status_html_text(group, "key"), key) == 0) {
            return cJSON_GetObjectItemCaseSensitive(group, "items");
        }
    }

    title = social_status_html_text(item, "title");
    group = social_status_json_item(&h->st, groups);
    social_status_json_text(&h->st, group, "key", key);
    social_status_json_text(&h->st, group, "title", title[0] ? title : key);
    social_status_html_link_article(h, group, "href", key);

    return social_status_json_array(&h->st, group, "items");
}


/* puts comments from *item on into groups, at most n; returns how many */

static size_t
social_status_html_groups(social_status_html_t *h, cJSON *obj,
    const cJSON **item, size_t n)
{
    cJSON   *groups;
    size_t   i;

    groups = social_status_json_array(&h->st, obj, "groups");

    for (i = 0; i < n && *item; i++, *item = (*item)->next) {
        social_status_html_waiting(
            h, social_status_html_group(h, groups, *item), *item);
    }

    return i;
}


/* the oldest first; an article stands where its oldest comment stands */

static void
social_status_html_inbox(social_status_html_t *h, cJSON *waits, double all)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    cJSON        *later;
    size_t        n, rest;
    const cJSON  *item;

    item = social_status_html_list(h->doc, "inbox");
    n = social_status_html_groups(
            h, waits, &item, h->st.query->article && h->st.query->article[0]
                                 ? SOCIAL_STATUS_HTML_WAITS
                                 : SOCIAL_STATUS_HTML_FIRST);

    if (item != NULL && n < SOCIAL_STATUS_HTML_WAITS) {
        later = social_status_json_object(&h->st, waits, "later");
        rest = social_status_html_groups(h, later, &item,
                                         SOCIAL_STATUS_HTML_WAITS - n);
        social_status_html_count(h, word, (double) rest,
                                 "newer comment waits, too",
                                 "newer comments wait, too");
        social_status_json_text(&h->st, later, "sentence", word);
        n += rest;
    }

    if (all > (double) n) {
        social_status_html_count(h, word, all - (double) n, "more comment",
                                 "more comments");
        social_status_json_text(&h->st, waits, "more", word);
    }
}


void
social_status_html_waits(social_status_html_t *h, cJSON *text)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    char          age[SOCIAL_STATUS_HTML_WORD];
    cJSON        *waits;
    double        n, oldest;
    const cJSON  *totals, *one;

    if (h->public) {
        return;
    }

    totals = social_status_html_member(h->doc, "totals");
    n = social_status_html_value(totals, "unanswered");
    oldest = social_status_html_value(totals, "oldest_unanswered_seconds");
    one = social_status_html_list(h->doc, "articles");

    if (h->st.query->article && h->st.query->article[0] && one) {
        n = social_status_html_value(one, "unanswered");
        oldest = social_status_html_value(one, "oldest_unanswered_seconds");
    }

    waits = social_status_json_object(&h->st, text, "waits");
    social_status_html_held(h, waits);
    social_status_html_answer(h, waits);

    if (n > 0) {
        social_status_html_count(h, word, n, "comment waits for an answer",
                                 "comments wait for an answer");
        social_status_json_text(&h->st, waits, "sentence", word);
    }

    if (isfinite(oldest)) {
        social_status_duration(age, sizeof(age), oldest);
        social_status_json_text(&h->st, waits, "oldest", age);
    }

    social_status_html_inbox(h, waits, n);
}


static void
social_status_html_unmatched(social_status_html_t *h, cJSON *text)
{
    cJSON                  *obj;
    const social_health_t  *health;

    health = h->st.query->health;

    if (health == NULL || health->matched || health->unmatched == 0
        || health->articles == NULL || health->unmatched_key == NULL
        || (health->unmatched < SOCIAL_STATUS_UNMATCHED
            && social_status_html_list(h->doc, "articles")))
    {
        return;
    }

    obj = social_status_json_object(&h->st, text, "unmatched");
    social_status_json_text(&h->st, obj, "pattern", health->articles);
    social_status_json_text(&h->st, obj, "page", health->unmatched_key);
}


/* those that are not ok; and no page is an article, which is told on the page
 * of a site without articles at once, else when many pages were served */

void
social_status_html_alarms(social_status_html_t *h, cJSON *text)
{
    cJSON                      *list, *obj;
    const char                 *state, *name;
    const cJSON                *item;
    social_status_html_link_t   unheard = { .class = "unheard", .q = "",
                                            .article = "" };

    social_status_html_unmatched(h, text);
    list = social_status_json_array(&h->st, text, "alarms");

    for (item = social_status_html_list(h->doc, "alarms"); item;
         item = item->next)
    {
        state = social_status_html_text(item, "state");

        if (strcmp(state, "ok") == 0) {
            continue;
        }

        obj = social_status_json_item(&h->st, list);
        name = social_status_html_text(item, "name");
        social_status_json_text(&h->st, obj, "name", name);
        social_status_json_text(&h->st, obj, "state", state);
        social_status_json_text(&h->st, obj, "since",
                                social_status_html_text(item, "since"));
        social_status_json_text(&h->st, obj, "sentence",
                                social_status_html_text(item, "sentence"));

        if (strcmp(name, "unheard") == 0) {
            social_status_html_link(h, obj, "unheard", &unheard);
        }
    }

    social_status_json_bool(&h->st, text, "calm",
                            list != NULL && list->child == NULL);
}
