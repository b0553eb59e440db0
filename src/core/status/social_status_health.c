
/*
 * What the document says of itself: the thresholds that it used, how shared
 * memory and store are, and who is reading at the moment.  Pool threads.
 */

#include <string.h>

#include "social_status_state.h"


/* labels of the site as an object: all of a kind */

static void
social_status_put_kind(social_status_t *st, cJSON *obj, const char *name,
    const social_article_t *a, int kind)
{
    size_t   i;
    cJSON   *list;

    list = social_status_json_object(st, obj, name);

    for (i = 0; a != NULL && i < a->nlabelled; i++) {
        if (a->labelled[i].kind == kind) {
            social_status_json_int(st, list, a->labelled[i].label,
                                   a->labelled[i].value);
        }
    }
}


void
social_status_now(social_status_t *st, cJSON *doc)
{
    cJSON  *now;

    now = social_status_json_object(st, doc, "now");

    if (st->query->health != NULL) {
        social_status_json_int(st, now, "readers",
                               st->query->health->readers_now);

    } else {
        social_status_json_null(st, now, "readers");
    }

    social_status_json_int(st, now, "seconds", SOCIAL_STATUS_NOW);
}


/* what was refused, lost or cut, since nginx started; by reason: since the
 * store was made */

static void
social_status_put_events(social_status_t *st, cJSON *health,
    const social_health_t *h)
{
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

    social_status_put_kind(st, health, "dropped_by_reason", st->query->ever,
                           SOCIAL_COUNT_DROPPED);
    social_status_put_kind(st, health, "notices", st->query->ever,
                           SOCIAL_COUNT_NOTICE);
    social_status_put_kind(st, health, "robots", &st->site,
                           SOCIAL_COUNT_ROBOT);
    social_status_json_int(st, health, "evicted",
                           st->query->ever
                               ? social_status_sum(st->query->ever,
                                                   SOCIAL_COUNT_EVICTED)
                               : 0);
}


int64_t
social_status_clock_off(int64_t ahead)
{
    if (ahead >= -SOCIAL_NODE_CLOCK && ahead <= SOCIAL_NODE_CLOCK) {
        return 0;
    }

    return -((ahead + (ahead < 0 ? -500 : 500)) / 1000);
}


/* the machines that share the store */

static void
social_status_put_nodes(social_status_t *st, cJSON *health,
    const social_health_t *h)
{
    size_t                i;
    cJSON                *list, *obj;
    const social_node_t  *node;

    list = social_status_json_array(st, health, "nodes");

    for (i = 0; i < h->nodes->n; i++) {
        node = &h->nodes->items[i];
        obj = social_status_json_item(st, list);

        social_status_json_text(st, obj, "node", node->name);
        social_status_json_text(st, obj, "version", node->version);
        social_status_json_bool(st, obj, "self", node->self);
        social_status_json_bool(st, obj, "alive", node->lives);
        social_status_json_bool(st, obj, "answered",
                                node->self || (node->lives && h->flush
                                               && node->answered >= h->flush));
        social_status_json_bool(st, obj, "late", node->late);
        social_status_json_time(st, obj, "last_seen", node->seen);
        social_status_json_time(st, obj, "last_saved", node->saved);
        social_status_json_int(st, obj, "clock_off_seconds",
                               social_status_clock_off(node->ahead));
        social_status_json_bool(st, obj, "upkeep", node->upkeep);
    }
}


void
social_status_health(social_status_t *st, cJSON *doc)
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

    social_status_put_events(st, health, h);

    if (h->nodes != NULL) {
        social_status_put_nodes(st, health, h);
    }
}


void
social_status_thresholds(social_status_t *st, cJSON *doc)
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
