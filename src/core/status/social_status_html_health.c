
/*
 * Can the figures be trusted: store, shared memory, what was dropped, robots,
 * classes of views, thresholds.  Pool threads.
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "social_status_html_put.h"


typedef struct {
    const char  *name;
    const char  *label;
} social_status_html_word_t;


static const social_status_html_word_t  social_status_html_views[] = {
    { "confirmed", "seen: a browser said that the page was visible" },
    { "unconfirmed", "sent to a reader, but no script said it was seen" },
    { "preview", "a network drew a preview of a pasted link" },
    { "bot", "robots" },
    { "prefetch", "loaded in advance and not looked at" },
    { "self", "you" }
};


static const social_status_html_word_t  social_status_html_what[] = {
    { "reply_within", "an answer after this time is too late" },
    { "comment_silence", "warn when readers were silent for longer" },
    { "author_silence", "warn when comments wait and you were silent longer" },
    { "prior", "weight of the usual rate in ranks and classes, in readers" },
    { "share_prior", "the same for visits per share, in shares" },
    { "pooled", "readers until the site's own rates are the usual ones" },
    { "new_readers", "readers until an article is not new any more" },
    { "participants", "people that a conversation needs" },
    { "exchanges", "replies that a conversation needs" },
    { "sharers", "readers who share, for the class Shared" },
    { "reactions", "likes, for the class Liked" },
    { "broadcast_comments", "comments until broadcasting can be an alarm" },
    { "broadcast", "broadcast ratio that is an alarm" },
    { "base_participants", "usual share of readers who comment" },
    { "base_sharers", "usual share of readers who share" },
    { "base_reactions", "usual share of readers who like" },
    { "base_active", "usual share of readers who do anything" }
};


static const char *
social_status_html_word_of(const social_status_html_word_t *words, size_t n,
    const char *name)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (strcmp(words[i].name, name) == 0) {
            return words[i].label;
        }
    }

    return name;
}


static void
social_status_html_thresholds(social_status_html_t *h, cJSON *text)
{
    char                       word[SOCIAL_STATUS_HTML_WORD];
    cJSON                     *list, *obj;
    double                     value;
    unsigned                   i;
    const social_threshold_t  *row;

    list = social_status_json_array(&h->st, text, "thresholds");

    for (i = 0; (row = social_threshold_at(i)) != NULL; i++) {
        value = social_threshold_get(h->st.query->thresholds, row);

        if (row->kind == SOCIAL_THRESHOLD_TIME) {
            social_status_duration(word, sizeof(word), value);

        } else {
            (void) snprintf(word, sizeof(word), "%g", value);
        }

        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "name", row->name);
        social_status_json_text(&h->st, obj, "value", word);
        social_status_json_text(&h->st, obj, "what",
                                social_status_html_word_of(
                                    social_status_html_what,
                                    social_nelts(social_status_html_what),
                                    row->name));
    }
}


/* an object of counts as a text, without those that are 0 */

static void
social_status_html_counts(social_status_html_t *h, cJSON *obj,
    const char *name, const cJSON *counts)
{
    char          word[SOCIAL_STATUS_HTML_WORD];
    const cJSON  *count;
    social_out_t  out;

    social_out_init(&out, SOCIAL_STATUS_HTML_LINK);

    for (count = counts ? counts->child : NULL; count; count = count->next) {
        if (cJSON_IsNumber(count) && count->valuedouble > 0) {
            social_status_html_number(h, word, count->valuedouble);
            social_out_text(&out, out.len ? ", " : "");
            social_out_text(&out, count->string);
            social_out_text(&out, " ");
            social_out_text(&out, word);
        }
    }

    social_status_json_out(&h->st, obj, name, &out);
}


static void
social_status_html_classes_of_views(social_status_html_t *h, cJSON *text)
{
    cJSON        *list, *obj;
    double        n;
    size_t        i;
    const cJSON  *by;

    by = social_status_html_member(
             social_status_html_member(h->doc, "totals"), "views_by_class");

    if (h->st.query->article && h->st.query->article[0]) {
        by = social_status_html_member(
                 social_status_html_list(h->doc, "articles"),
                 "views_by_class");
    }

    list = social_status_json_array(&h->st, text, "views");

    for (i = 0; i < social_nelts(social_status_html_views); i++) {
        n = social_status_html_value(by, social_status_html_views[i].name);
        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "name",
                                social_status_html_views[i].name);
        social_status_json_text(&h->st, obj, "label",
                                social_status_html_views[i].label);
        social_status_html_put(h, obj, "n", n);
    }
}


/* articles with more commenters than counted readers: a cache in front of this
 * server may have answered for it */

static void
social_status_html_hidden(social_status_html_t *h, cJSON *text)
{
    cJSON        *list, *obj;
    const char   *title;
    const cJSON  *a;

    list = social_status_json_array(&h->st, text, "hidden");

    for (a = social_status_html_list(h->doc, "articles"); a; a = a->next) {

        if (!cJSON_IsTrue(social_status_html_member(a,
                                                    "denominator_suspect")))
        {
            continue;
        }

        title = social_status_html_text(a, "title");
        obj = social_status_json_item(&h->st, list);
        social_status_json_text(&h->st, obj, "title", title[0] ? title
                                    : social_status_html_text(a, "key"));
        social_status_html_link_article(h, obj, "href",
                                        social_status_html_text(a, "key"));
    }
}


void
social_status_html_health(social_status_html_t *h, cJSON *text)
{
    cJSON        *obj;
    double        used, size, evicted;
    const cJSON  *health;

    social_status_html_thresholds(h, text);
    social_status_html_classes_of_views(h, text);
    social_status_html_hidden(h, text);

    health = social_status_html_member(h->doc, "health");
    obj = social_status_json_object(&h->st, text, "health");

    used = social_status_html_value(health, "zone_used_bytes");
    size = social_status_html_value(health, "zone_size_bytes");

    if (isfinite(used) && size > 0) {
        social_status_html_say(h, obj, "zone",
                               "%.1f of %.1f MiB in use (%.0f %%)",
                               used / 1048576, size / 1048576,
                               used / size * 100);
    }

    evicted = social_status_html_value(health, "articles_evicted");

    if (isfinite(evicted)) {
        social_status_html_put(h, obj, "evicted", evicted);
    }

    social_status_html_counts(h, obj, "dropped",
                              social_status_html_member(health,
                                                        "dropped_by_reason"));
    social_status_html_counts(h, obj, "robots",
                              social_status_html_member(health, "robots"));
    social_status_html_any(h, text, "any_hidden", "hidden");
}
