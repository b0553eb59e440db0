
/*
 * The site's metrics as OpenMetrics 1.0, or as the older text format of
 * Prometheus.  Owns names, help and labels of all metrics; counters are those
 * of the store, so that they never fall.  A series that can exist is there from
 * the start with 0: what grows from nothing to 1 has no rate.  Pool threads.
 *
 *   # TYPE nginx_social_share_intents counter
 *   # HELP nginx_social_share_intents Share buttons pressed, by network.
 *   nginx_social_share_intents_total{site="blog",network="reddit"} 7
 *
 * The formats differ in the name of a counter in comments (the older one has
 * _total there, too), in the type of build_info, in # UNIT and in # EOF.
 */

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "social_status_openmetrics_write.h"
#include "social_status_state.h"


#define SOCIAL_OPENMETRICS_LE  32       /* bytes of the bound of a bucket */


/* a bound in seconds as a float, as Prometheus itself writes it: 300.0,
 * 1.2096e+06 */

static void
social_openmetrics_bound(char out[SOCIAL_OPENMETRICS_LE], int64_t seconds)
{
    if (seconds < 0) {
        (void) snprintf(out, SOCIAL_OPENMETRICS_LE, "+Inf");
        return;
    }

    if (seconds < 1000000) {
        (void) snprintf(out, SOCIAL_OPENMETRICS_LE, "%d.0", (int) seconds);
        return;
    }

    (void) snprintf(out, SOCIAL_OPENMETRICS_LE, "%g", (double) seconds);
}


/* the bound of a counter's label, -1: infinite */

static int64_t
social_openmetrics_seconds(const char *label)
{
    return label[0] == '+' ? -1 : strtoll(label, NULL, 10);
}


/* how many answers came within these seconds, -1: at any time */

static int64_t
social_openmetrics_within(const social_article_t *a, int64_t seconds)
{
    size_t   i;
    int64_t  sum, bound;

    sum = 0;

    for (i = 0; i < a->nlabelled; i++) {

        if (a->labelled[i].kind != SOCIAL_COUNT_REPLIED) {
            continue;
        }

        bound = social_openmetrics_seconds(a->labelled[i].label);

        if (seconds < 0 || (bound >= 0 && bound <= seconds)) {
            sum += a->labelled[i].value;
        }
    }

    return sum;
}


/* a histogram writes its samples itself: buckets have their own order */

static void
social_openmetrics_replies(social_openmetrics_writer_t *w)
{
    char                     le[SOCIAL_OPENMETRICS_LE];
    char                     labels[SOCIAL_OPENMETRICS_LE + 8];
    size_t                   i;
    const social_article_t  *a;

    static const int64_t  bounds[] = {
        300, 900, 3600, 14400, 43200, 86400, 259200, 604800, 1209600, -1
    };

    a = w->in->forever;

    for (i = 0; i < social_nelts(bounds); i++) {
        social_openmetrics_bound(le, bounds[i]);
        (void) snprintf(labels, sizeof(labels), ",le=\"%s\"", le);
        social_openmetrics_sample(w, "_bucket", labels,
                                  social_openmetrics_within(a, bounds[i]));
    }

    social_openmetrics_sample(w, "_sum", "",
                              social_status_sum(a,
                                                SOCIAL_COUNT_REPLY_TIME));
    social_openmetrics_sample(w, "_count", "",
                              social_openmetrics_within(a, -1));
}


static void
social_openmetrics_build(social_openmetrics_writer_t *w)
{
    social_openmetrics_add(w, w->in->version, NULL, NULL, 1);
}


static void
social_openmetrics_views(social_openmetrics_writer_t *w)
{
    const int64_t  *counts;

    counts = w->in->forever->counts;

    social_openmetrics_add(w, "reader", NULL, NULL,
                                 counts[SOCIAL_COUNT_READ]);
    social_openmetrics_add(w, "preview", NULL, NULL,
                                 counts[SOCIAL_COUNT_PREVIEW]);
    social_openmetrics_add(w, "bot", NULL, NULL,
                                 counts[SOCIAL_COUNT_BOT]);
    social_openmetrics_add(w, "prefetch", NULL, NULL,
                                 counts[SOCIAL_COUNT_PREFETCH]);
    social_openmetrics_add(w, "self", NULL, NULL,
                                 counts[SOCIAL_COUNT_SELF]);
}


static void
social_openmetrics_confirmed(social_openmetrics_writer_t *w)
{
    social_openmetrics_add(w, NULL, NULL, NULL,
        w->in->forever->counts[SOCIAL_COUNT_CONFIRMED]);
}


/* of declared networks */

static void
social_openmetrics_networks(social_openmetrics_writer_t *w)
{
    size_t  i;

    for (i = 0; i < w->in->nnetworks; i++) {
        social_openmetrics_add(w, w->in->networks[i], NULL, NULL, 0);
    }
}


/* of declared goals: the first visit of the day from a network, or from
 * nowhere that is known */

static void
social_openmetrics_goals(social_openmetrics_writer_t *w)
{
    size_t  i, k;

    static const char *const  sources[] = { "dark", "direct", "search" };

    for (i = 0; i < w->in->ngoals; i++) {

        for (k = 0; k < social_nelts(sources); k++) {
            social_openmetrics_add(w, w->in->goals[i], sources[k], NULL,
                                         0);
        }

        for (k = 0; k < w->in->nnetworks; k++) {
            social_openmetrics_add(w, w->in->goals[i],
                                         w->in->networks[k], NULL, 0);
        }
    }
}


static void
social_openmetrics_comments(social_openmetrics_writer_t *w)
{
    size_t  i, k;

    static const char *const  kinds[] = { "top", "reply" };
    static const char *const  states[] = { "approved", "held", "spam" };

    for (i = 0; i < social_nelts(kinds); i++) {

        for (k = 0; k < social_nelts(states); k++) {
            social_openmetrics_add(w, "reader", kinds[i], states[k], 0);
        }

        social_openmetrics_add(w, "author", kinds[i], "approved", 0);
    }
}


static void
social_openmetrics_actions(social_openmetrics_writer_t *w)
{
    size_t  i;

    static const char *const  actions[] = {
        "approve", "hold", "spam", "delete", "restore", "ban", "done", "erase",
        "edit", "reply"
    };

    for (i = 0; i < social_nelts(actions); i++) {
        social_openmetrics_add(w, actions[i], NULL, NULL, 0);
    }
}


static void
social_openmetrics_reactions(social_openmetrics_writer_t *w)
{
    int64_t         likes;
    const int64_t  *counts;

    if (!w->in->reactions) {
        return;
    }

    counts = w->in->forever->counts;
    likes = counts[SOCIAL_COUNT_LIKED] - counts[SOCIAL_COUNT_UNLIKED];

    social_openmetrics_add(w, NULL, NULL, NULL, likes > 0 ? likes : 0);
}


static void
social_openmetrics_articles(social_openmetrics_writer_t *w)
{
    int  i;

    for (i = 0; i < SOCIAL_ARTICLE_CLASSES; i++) {
        social_openmetrics_add(w, social_article_class_name(i), NULL,
                               NULL, w->in->articles[i]);
    }
}


static void
social_openmetrics_size(social_openmetrics_writer_t *w)
{
    social_openmetrics_add(w, NULL, NULL, NULL, w->in->health->zone_size);
}


static void
social_openmetrics_used(social_openmetrics_writer_t *w)
{
    social_openmetrics_add(w, NULL, NULL, NULL, w->in->health->zone_used);
}


static void
social_openmetrics_evicted(social_openmetrics_writer_t *w)
{
    social_openmetrics_add(w, NULL, NULL, NULL,
        social_status_sum(social_openmetrics_own(w) ? &w->in->health->own
                                                    : w->in->forever,
                          SOCIAL_COUNT_EVICTED));
}


static void
social_openmetrics_dropped(social_openmetrics_writer_t *w)
{
    size_t  i;

    static const char *const  reasons[] = {
        "chunk", "mark", "quota", "sketch", "slot", "touch"
    };

    for (i = 0; i < social_nelts(reasons); i++) {
        social_openmetrics_add(w, reasons[i], NULL, NULL, 0);
    }
}


static void
social_openmetrics_operations(social_openmetrics_writer_t *w)
{
    social_openmetrics_add(w, "read", NULL, NULL, 0);
    social_openmetrics_add(w, "write", NULL, NULL, 0);
}


static void
social_openmetrics_alive(social_openmetrics_writer_t *w)
{
    size_t                 i;
    const social_nodes_t  *nodes = w->in->health->nodes;

    for (i = 0; i < nodes->n; i++) {
        social_openmetrics_add(w, nodes->items[i].name, NULL, NULL,
                               nodes->items[i].lives);
    }
}


static void
social_openmetrics_saved(social_openmetrics_writer_t *w)
{
    size_t                 i;
    const social_nodes_t  *nodes = w->in->health->nodes;

    for (i = 0; i < nodes->n; i++) {
        social_openmetrics_add(w, nodes->items[i].name, NULL, NULL,
                               nodes->items[i].saved);
    }
}


static void
social_openmetrics_clock(social_openmetrics_writer_t *w)
{
    size_t                 i;
    const social_nodes_t  *nodes = w->in->health->nodes;

    for (i = 0; i < nodes->n; i++) {
        social_openmetrics_add(w, nodes->items[i].name, NULL, NULL,
                               social_status_clock_off(nodes->items[i].ahead));
    }
}


static const social_openmetrics_family_t  social_openmetrics_families[] = {

    { "build", SOCIAL_OPENMETRICS_INFO, NULL, "Version of the module.",
      social_openmetrics_build, 0, { "version" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "views", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Views of articles, by the class they had when they were served.",
      social_openmetrics_views, 0, { "class" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "views_confirmed", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Views by readers whose page became visible.",
      social_openmetrics_confirmed, 0, { NULL }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "share_intents", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Share buttons pressed, once per reader, article and day.",
      social_openmetrics_networks, SOCIAL_COUNT_SHARE, { "network" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "link_previews", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Link previews fetched, one per article in 10 minutes.",
      social_openmetrics_networks, SOCIAL_COUNT_FETCH, { "network" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "share_visits", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Views by readers who came by a shared link.",
      social_openmetrics_networks, SOCIAL_COUNT_SHARE_VISIT,
      { "network" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "comments", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Comments, by the state they got when they were posted.",
      social_openmetrics_comments, SOCIAL_COUNT_POSTED,
      { "role", "kind", "state" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "moderations", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "What the moderator did to comments.",
      social_openmetrics_actions, SOCIAL_COUNT_MODERATED, { "action" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "reactions", SOCIAL_OPENMETRICS_GAUGE, NULL,
      "Likes that were not taken back.",
      social_openmetrics_reactions, 0, { NULL }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "goal_completions", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Goals reached, by the first source of the visitor's day.",
      social_openmetrics_goals, SOCIAL_COUNT_GOAL_SOURCE,
      { "goal", "network" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "first_author_reply_seconds", SOCIAL_OPENMETRICS_HISTOGRAM, "seconds",
      "Time from a reader's comment to the author's first answer.",
      social_openmetrics_replies, 0, { NULL }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "unanswered_comments", SOCIAL_OPENMETRICS_GAUGE, NULL,
      "Comments that wait for an answer of the author.",
      NULL, 0, { NULL }, offsetof(social_openmetrics_t, unanswered),
      SOCIAL_OPENMETRICS_SITE },

    { "held_comments", SOCIAL_OPENMETRICS_GAUGE, NULL,
      "Comments that wait for approval.",
      NULL, 0, { NULL }, offsetof(social_openmetrics_t, held),
      SOCIAL_OPENMETRICS_SITE },

    { "oldest_unanswered_seconds", SOCIAL_OPENMETRICS_GAUGE, "seconds",
      "How long the oldest comment has waited for an answer, 0: none waits.",
      NULL, 0, { NULL },
      offsetof(social_openmetrics_t, oldest_unanswered_seconds),
      SOCIAL_OPENMETRICS_SITE },

    { "reader_days", SOCIAL_OPENMETRICS_GAUGE, NULL,
      "Readers of each article since 00:00 UTC.",
      NULL, 0, { NULL }, offsetof(social_openmetrics_t, reader_days),
      SOCIAL_OPENMETRICS_SITE },

    { "participants", SOCIAL_OPENMETRICS_GAUGE, NULL,
      "Readers who commented in the last 28 days.",
      NULL, 0, { NULL }, offsetof(social_openmetrics_t, participants),
      SOCIAL_OPENMETRICS_SITE },

    { "articles", SOCIAL_OPENMETRICS_GAUGE, NULL,
      "Articles by their class in the last 28 days.",
      social_openmetrics_articles, 0, { "class" }, 0,
      SOCIAL_OPENMETRICS_SITE },

    { "zone_size_bytes", SOCIAL_OPENMETRICS_GAUGE, "bytes",
      "Shared memory for counting.",
      social_openmetrics_size, 0, { NULL }, 0,
      SOCIAL_OPENMETRICS_SELF },

    { "zone_used_bytes", SOCIAL_OPENMETRICS_GAUGE, "bytes",
      "Shared memory for counting that is in use.",
      social_openmetrics_used, 0, { NULL }, 0,
      SOCIAL_OPENMETRICS_SELF },

    { "articles_evicted", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Articles that left shared memory to make room, after they were saved.",
      social_openmetrics_evicted, 0, { NULL }, 0,
      SOCIAL_OPENMETRICS_SELF },

    { "events_dropped", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Events that are missing in the figures, by reason.",
      social_openmetrics_dropped, SOCIAL_COUNT_DROPPED, { "reason" }, 0,
      SOCIAL_OPENMETRICS_SELF },

    { "store_errors", SOCIAL_OPENMETRICS_COUNTER, NULL,
      "Reads and writes of the store that failed.",
      social_openmetrics_operations, SOCIAL_COUNT_STORE_ERROR,
      { "op" }, 0, SOCIAL_OPENMETRICS_SELF },

    { "node_alive", SOCIAL_OPENMETRICS_GAUGE, NULL,
      "1: a machine that shares the store was seen in the last 15 seconds.",
      social_openmetrics_alive, 0, { "node" }, 0, SOCIAL_OPENMETRICS_NODES },

    { "node_last_save_timestamp_seconds", SOCIAL_OPENMETRICS_GAUGE, "seconds",
      "When all that a machine had counted was in the store.",
      social_openmetrics_saved, 0, { "node" }, 0, SOCIAL_OPENMETRICS_NODES },

    { "node_clock_ahead_seconds", SOCIAL_OPENMETRICS_GAUGE, "seconds",
      "How far a machine's clock is ahead of the store's, 0: within 2 seconds.",
      social_openmetrics_clock, 0, { "node" }, 0, SOCIAL_OPENMETRICS_NODES }
};


int
social_status_openmetrics(const social_openmetrics_t *in, social_out_t *out)
{
    size_t                       i;
    social_openmetrics_writer_t  w;

    memset(&w, 0, sizeof(social_openmetrics_writer_t));

    w.in = in;
    w.out = out;

    for (i = 0; i < social_nelts(social_openmetrics_families); i++) {
        social_openmetrics_write(&w, &social_openmetrics_families[i]);
    }

    if (!in->classic) {
        social_out_text(out, "# EOF\n");
    }

    free(w.series);

    return w.failed || out->failed ? SOCIAL_ERROR : SOCIAL_OK;
}


int
social_openmetrics_is_classic(social_str_t accept)
{
    size_t  i;

    static const social_str_t  name =
        social_string("application/openmetrics-text");

    for (i = 0; i + name.len <= accept.len; i++) {
        if (strncasecmp((const char *) accept.data + i,
                        (const char *) name.data, name.len)
            == 0)
        {
            return 0;
        }
    }

    return 1;
}
