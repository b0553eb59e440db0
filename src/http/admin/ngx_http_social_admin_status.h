
/*
 * The status location.
 *
 *   ngx_http_social_admin_status.c          a request, from its arguments to
 *                                           its answer
 *   ngx_http_social_admin_status_args.c     the arguments
 *   ngx_http_social_admin_status_health.c   what only the event loop knows
 *   ngx_http_social_admin_status_run.c      the figures: a pool thread
 */

#ifndef NGX_HTTP_SOCIAL_ADMIN_STATUS_H_INCLUDED
#define NGX_HTTP_SOCIAL_ADMIN_STATUS_H_INCLUDED


#include "ngx_http_social_request_store.h"
#include "ngx_http_social_sync.h"
#include "ngx_http_social_zone.h"
#include "social_status.h"


typedef enum {
    NGX_HTTP_SOCIAL_ADMIN_STATUS_HTML = 0,
    NGX_HTTP_SOCIAL_ADMIN_STATUS_JSON,
    NGX_HTTP_SOCIAL_ADMIN_STATUS_CSV,
    NGX_HTTP_SOCIAL_ADMIN_STATUS_PROMETHEUS,
    NGX_HTTP_SOCIAL_ADMIN_STATUS_ATOM
} ngx_http_social_admin_status_format_e;


typedef struct {
    ngx_http_social_read_t    read;         /* must be first */
    ngx_event_t               delay;
    ngx_uint_t                delays;
    ngx_http_social_sync_fleet_t  fleet;
    int64_t                   late;         /* seconds without a save */
    uint64_t                  generation;
    social_nodes_t            nodes;
    social_labelled_t         own[NGX_HTTP_SOCIAL_SYNC_HEALTH];
    social_status_query_t     query;
    social_status_period_t    period;
    social_health_t           health;
    u_char                    unmatched[SOCIAL_KEY_MAX + 1];
    u_char                    reason[NGX_HTTP_SOCIAL_ZONE_REASON];
    time_t                    since;        /* of the configuration */
    uint64_t                  tag;          /* result: hash for the ETag */

    ngx_http_social_admin_status_format_e  format;
    unsigned                  classic:1;    /* PROMETHEUS: version 0.0.4 */

    char                     *args;         /* texts of the query, copied; the
                                             * next one begins here */
    const char              **networks;     /* as many as there are */
    size_t                    nnetworks;
    const char               *goals[1];     /* as many as there are */
} ngx_http_social_admin_status_t;


/* content handler of social_status locations; event loop only */
ngx_int_t ngx_http_social_admin_status_handler(ngx_http_request_t *r);


/* the format, by the argument or else by Accept; sets in->json for errors.
 * NGX_DECLINED: refused and answered */
ngx_int_t ngx_http_social_admin_status_format(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_format_e *format);

/* bytes of memory that the texts of the query need */
size_t ngx_http_social_admin_status_size(ngx_http_social_input_t *in);

/* fills in st->query and st->period; NGX_DECLINED: refused and answered */
ngx_int_t ngx_http_social_admin_status_query(ngx_http_social_input_t *in,
    ngx_http_social_admin_status_t *st);

/* fills in st->health */
void ngx_http_social_admin_status_health(ngx_http_social_site_t *site,
    ngx_http_social_admin_status_t *st);

/* pool thread: fills in st->read.out and st->tag */
int ngx_http_social_admin_status_run(ngx_http_social_job_t *job,
    social_store_t *store);


#endif /* NGX_HTTP_SOCIAL_ADMIN_STATUS_H_INCLUDED */
