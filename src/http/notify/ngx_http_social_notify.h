
/*
 * Tells the owner's receiver of new, held and reported comments: takes notices
 * from the store's queue, one after the other, and posts them (`notify`).
 *
 *   notify         when to ask the store; takes and settles notices, in jobs
 *   notify_send    one HTTP request, from connect() to the header of the answer
 *
 * No request of a reader waits for any of it.  Event loop only, except
 * notify_run, which runs in a thread.
 */

#ifndef NGX_HTTP_SOCIAL_NOTIFY_H_INCLUDED
#define NGX_HTTP_SOCIAL_NOTIFY_H_INCLUDED


#include "ngx_http_social_job.h"
#include "social_notice.h"


#define NGX_HTTP_SOCIAL_NOTIFY_TIMEOUT  5000    /* msec for one request */


/* init_process: starts this worker's timers, for sites that have a receiver */
ngx_int_t ngx_http_social_notify_worker(ngx_cycle_t *cycle);

/* a notice may have been queued: a comment was written */
void ngx_http_social_notify_kick(ngx_http_social_site_t *site);


/* one request that is being sent; zero-filled, of one notice at a time */

typedef struct {
    ngx_peer_connection_t        peer;
    ngx_log_t                    log;       /* silent: errors are told once, by
                                             * whoever is called back */
    ngx_str_t                    name;
    social_out_t                 request;
    size_t                       sent;
    social_answer_t              answer;

    /* status: of the answer, or 0: there is none, and why says why not; why
     * NULL: this worker was told to stop */
    void                       (*done)(void *data, ngx_uint_t status,
                                       const char *why);
    void                        *data;
} ngx_http_social_notify_send_t;


/* sends a document, whose id it is; done() is called once, perhaps before this
 * returns */
void ngx_http_social_notify_send(ngx_http_social_notify_send_t *send,
    ngx_http_social_receiver_t *receiver, const char *id, social_out_t *doc);


#endif /* NGX_HTTP_SOCIAL_NOTIFY_H_INCLUDED */
