
/*
 * What an admin has to know of the zone: which of its tables are full, and
 * whether nginx sees the readers' addresses at all.
 *
 * Counted where it happens, logged here by the timer: never under the mutex,
 * and once for all workers.  Event loop only.
 */

#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_ZONE_CROWD_VIEWS   100  /* of an hour, at least */
#define NGX_HTTP_SOCIAL_ZONE_CROWD_AGENTS  18   /* bits of 64 that more than 20
                                                 * different hashes set */

enum {
    NGX_HTTP_SOCIAL_ZONE_REPORT_MARKS = 0,
    NGX_HTTP_SOCIAL_ZONE_REPORT_TOUCH,
    NGX_HTTP_SOCIAL_ZONE_REPORT_CHAINS,
    NGX_HTTP_SOCIAL_ZONE_REPORT_CROWD
};


/* 1: the count has grown, and the line was not logged for `seconds` */

static ngx_uint_t
ngx_http_social_zone_report_due(ngx_http_social_zone_t *zone, ngx_uint_t line,
    ngx_atomic_uint_t count, time_t seconds)
{
    time_t             now;
    ngx_atomic_uint_t  was;

    now = ngx_time();
    was = zone->reported[line];

    if (count == zone->reported_count[line]
        || (was && now >= (time_t) was && now - (time_t) was < seconds)
        || !ngx_atomic_cmp_set(&zone->reported[line], was, now))
    {
        return 0;
    }

    zone->reported_count[line] = count;

    return 1;
}


/* an hour is over: was there a client that most of its views came from? */

static void
ngx_http_social_zone_crowd_roll(ngx_http_social_zone_crowd_t *crowd)
{
    ngx_atomic_uint_t  hour, was, views, client_views, agents;

    hour = ngx_time() / 3600;
    was = crowd->hour;
    views = crowd->views;
    client_views = crowd->client_views;
    agents = crowd->agents;

    if (was == hour || !ngx_atomic_cmp_set(&crowd->hour, was, hour)) {
        return;
    }

    crowd->views = 0;
    crowd->client = 0;
    crowd->client_views = 0;
    crowd->agents = 0;

    if (was + 1 == hour
        && views >= NGX_HTTP_SOCIAL_ZONE_CROWD_VIEWS
        && client_views * 2 > views
        && __builtin_popcountll(agents) >= NGX_HTTP_SOCIAL_ZONE_CROWD_AGENTS)
    {
        crowd->found = was;
    }
}


/* the majority vote of Boyer and Moore: who has the majority is `client` at
 * the end.  A view that is lost between workers does no harm */

void
ngx_http_social_zone_crowd_add(ngx_http_social_site_t *site, uint64_t client,
    uint64_t agent)
{
    ngx_atomic_uint_t              word, bit;
    ngx_http_social_zone_crowd_t  *crowd;

    crowd = &site->zone->crowd;

    ngx_http_social_zone_crowd_roll(crowd);
    (void) ngx_atomic_fetch_add(&crowd->views, 1);

    word = crowd->client;

    if ((uint32_t) word == 0) {

        if (ngx_atomic_cmp_set(&crowd->client, word, client << 32 | 1)) {
            crowd->client_views = 0;
            crowd->agents = 0;
        }

        word = crowd->client;

    } else {
        (void) ngx_atomic_cmp_set(
            &crowd->client, word,
            (uint32_t) (word >> 32) == (uint32_t) client ? word + 1 : word - 1);
    }

    if ((uint32_t) (word >> 32) != (uint32_t) client) {
        return;
    }

    (void) ngx_atomic_fetch_add(&crowd->client_views, 1);

    bit = (ngx_atomic_uint_t) 1 << (agent & 63);

    if (!(crowd->agents & bit)) {
        (void) __atomic_fetch_or(&crowd->agents, bit, __ATOMIC_SEQ_CST);
    }
}


ngx_uint_t
ngx_http_social_zone_crowd_found(ngx_http_social_site_t *site)
{
    ngx_http_social_zone_crowd_t  *crowd;

    crowd = &site->zone->crowd;
    ngx_http_social_zone_crowd_roll(crowd);

    return crowd->found && crowd->found + 1 == crowd->hour;
}


void
ngx_http_social_zone_report(ngx_http_social_site_t *site)
{
    ngx_log_t               *log;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    log = ngx_cycle->log;

    if (ngx_http_social_zone_report_due(
            zone, NGX_HTTP_SOCIAL_ZONE_REPORT_MARKS, zone->dropped_mark, 3600))
    {
        ngx_log_error(NGX_LOG_CRIT, log, 0,
                      "social_site \"%V\": its zone has no room for marks of "
                      "shares, listeners, goals and reports, %uA were not "
                      "counted: "
                      "enlarge \"zone\"",
                      &site->name, zone->dropped_mark);
    }

    if (ngx_http_social_zone_report_due(
            zone, NGX_HTTP_SOCIAL_ZONE_REPORT_TOUCH, zone->dropped_touch,
            3600))
    {
        ngx_log_error(NGX_LOG_CRIT, log, 0,
                      "social_site \"%V\": its zone has no room for the source "
                      "of visitors' first visits, %uA were not kept: "
                      "enlarge \"zone\"",
                      &site->name, zone->dropped_touch);
    }

    if (ngx_http_social_zone_report_due(
            zone, NGX_HTTP_SOCIAL_ZONE_REPORT_CHAINS, zone->broken_chains,
            3600))
    {
        ngx_log_error(NGX_LOG_ALERT, log, 0,
                      "social_site \"%V\": %uA broken chains in its zone were "
                      "dropped, some figures of the day are lost",
                      &site->name, zone->broken_chains);
    }

    if (ngx_http_social_zone_crowd_found(site)
        && ngx_http_social_zone_report_due(
               zone, NGX_HTTP_SOCIAL_ZONE_REPORT_CROWD, zone->crowd.found,
               86400))
    {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "social_site \"%V\": most views of the last hour came "
                      "from one address: if nginx is behind a proxy, tell it "
                      "the readers' addresses with \"set_real_ip_from\" and "
                      "\"real_ip_header\"", &site->name);
    }
}
