
/*
 * Networks and sources in the status: visits from shares, and how many of the
 * visitors commented.  Pool threads.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_network.h"
#include "social_status_state.h"


/* a commenter and the source of the visit */

typedef struct {
    char      source[sizeof(((social_message_t *) NULL)->source) + 1];
    size_t    person;
} social_status_commenter_t;


int64_t
social_status_labelled(const social_article_t *a, int kind, const char *label)
{
    size_t  i;

    for (i = 0; a != NULL && i < a->nlabelled; i++) {
        if (a->labelled[i].kind == kind
            && strncmp(a->labelled[i].label, label, SOCIAL_LABEL_MAX) == 0)
        {
            return a->labelled[i].value;
        }
    }

    return 0;
}


int64_t
social_status_sum(const social_article_t *a, int kind)
{
    size_t   i;
    int64_t  sum;

    sum = 0;

    for (i = 0; i < a->nlabelled; i++) {
        if (a->labelled[i].kind == kind) {
            sum += a->labelled[i].value;
        }
    }

    return sum;
}


static int
social_status_commenter_order(const void *one, const void *two)
{
    int                               order;
    const social_status_commenter_t  *a, *b;

    a = one;
    b = two;
    order = strcmp(a->source, b->source);

    return order ? order : (a->person > b->person) - (a->person < b->person);
}


/* who commented in the period, each person once per source, sorted */

static social_status_commenter_t *
social_status_commenters(social_status_t *st, size_t *n)
{
    size_t                      i, all;
    social_status_commenter_t  *t;
    const social_message_t     *m;

    all = 0;
    *n = 0;

    t = malloc((st->figures->nmessages + 1)
               * sizeof(social_status_commenter_t));
    if (t == NULL) {
        st->failed = 1;
        return NULL;
    }

    for (i = 0; i < st->figures->nmessages; i++) {
        m = &st->figures->messages[i];

        if (m->role == SOCIAL_READER && m->source[0]
            && m->created >= st->window.from && m->created < st->window.to)
        {
            memset(t[all].source, 0, sizeof(t[all].source));
            memcpy(t[all].source, m->source, sizeof(m->source));
            t[all++].person = social_conversation_person(st->conv, i);
        }
    }

    qsort(t, all, sizeof(social_status_commenter_t),
          social_status_commenter_order);

    for (i = 0; i < all; i++) {
        if (i == 0 || social_status_commenter_order(&t[*n - 1], &t[i]) != 0) {
            t[(*n)++] = t[i];
        }
    }

    return t;
}


/* a message's source is cut to the size of its field */

static int64_t
social_status_count_commenters(const social_status_commenter_t *t, size_t n,
    const char *label)
{
    size_t   i;
    int64_t  count;

    count = 0;

    for (i = 0; i < n; i++) {
        count += strncmp(t[i].source, label, sizeof(t[i].source) - 2) == 0;
    }

    return count;
}


/* goals whose visitor's first source of the day was the network */

static void
social_status_put_outcomes(social_status_t *st, cJSON *obj, const char *id,
    double visits)
{
    char      label[SOCIAL_LABEL_MAX];
    size_t    i;
    cJSON    *goals, *rates;
    int64_t   value;

    goals = social_status_json_object(st, obj, "goals");
    rates = social_status_json_object(st, obj, "outcome_rate");

    for (i = 0; i < st->query->ngoals; i++) {
        (void) snprintf(label, sizeof(label), "%s %s", st->query->goals[i],
                        id);
        value = social_status_labelled(&st->site, SOCIAL_COUNT_GOAL_SOURCE,
                                       label);

        social_status_json_int(st, goals, st->query->goals[i], value);
        social_status_json_rate(st, rates, st->query->goals[i],
                                social_metrics_rate((double) value, visits));
    }
}


static void
social_status_put_network(social_status_t *st, cJSON *list,
    const social_network_t *net, int64_t talkers, double y0)
{
    cJSON                   *obj;
    int64_t                  shares, visits, touched, fetches;
    const social_article_t  *a;

    a = &st->site;
    shares = social_status_labelled(a, SOCIAL_COUNT_SHARE, net->id);
    visits = social_status_labelled(a, SOCIAL_COUNT_SHARE_VISIT, net->id);
    fetches = social_status_labelled(a, SOCIAL_COUNT_FETCH, net->id);
    touched = social_status_labelled(a, SOCIAL_COUNT_SOURCE, net->id);

    if (touched < visits) {
        touched = visits;
    }

    if (shares == 0 && visits == 0 && fetches == 0 && touched == 0
        && talkers == 0)
    {
        return;
    }

    obj = social_status_json_item(st, list);
    social_status_json_text(st, obj, "network", net->id);
    social_status_json_int(st, obj, "shares", shares);
    social_status_json_int(st, obj, "share_visits", visits);
    social_status_json_int(st, obj, "previews", fetches);
    social_status_json_int(st, obj, "visits", touched);
    social_status_json_int(st, obj, "participants", talkers);
    social_status_json_rate(
        st, obj, "share_yield",
        social_metrics_share_yield((double) visits, (double) shares, y0,
                                   (double) st->thresholds->share_prior));
    social_status_json_rate(
        st, obj, "talkers_per_visit",
        social_metrics_rate((double) talkers, (double) touched));
    social_status_put_outcomes(st, obj, net->id, (double) touched);
}


void
social_status_networks(social_status_t *st, cJSON *doc)
{
    cJSON                      *networks, *sources, *obj;
    double                      visits;
    size_t                      i, n, listed;
    unsigned                    k;
    social_status_commenter_t  *talkers;
    const social_network_t     *net;

    talkers = social_status_commenters(st, &n);
    visits = (double) social_status_sum(&st->site, SOCIAL_COUNT_SHARE_VISIT);

    networks = social_status_json_array(st, doc, "networks");

    for (k = 0; (net = social_network_at(k)) != NULL; k++) {
        social_status_put_network(
            st, networks, net,
            social_status_count_commenters(talkers, n, net->id),
            st->total.shares ? visits / (double) st->total.shares : 0);
    }

    sources = social_status_json_array(st, doc, "sources");
    listed = 0;

    for (i = 0; i < st->site.nlabelled; i++) {

        if (st->site.labelled[i].kind != SOCIAL_COUNT_SOURCE
            || listed++ >= SOCIAL_STATUS_SOURCES)
        {
            continue;
        }

        obj = social_status_json_item(st, sources);
        social_status_json_text(st, obj, "source", st->site.labelled[i].label);
        social_status_json_int(st, obj, "views", st->site.labelled[i].value);
        social_status_json_int(st, obj, "participants",
                               social_status_count_commenters(
                                   talkers, n, st->site.labelled[i].label));
    }

    free(talkers);
}
