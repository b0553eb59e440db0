
/*
 * When to ask the store for a notice, and what becomes of one.
 *
 *   idle     nothing is queued: asks when a comment is written (kick), and
 *            every 10 s in case that another process queued one and died
 *   pause    the receiver failed, or another worker sends: asks when that may
 *            be over
 *   asking   a job settles the last notice and takes the next
 *   sending  until the answer is known; then asking again
 *
 * The lease in the store makes one sender of all workers.  While a notice is in
 * hand a timer that is not cancelable keeps a worker that shuts down alive, at
 * most so long; then it says what became of it, and leaves the rest to others.
 *
 * Event loop, except notify_run, which runs in a thread.
 */

#include <sys/random.h>

#include "ngx_http_social_notify.h"


#define NGX_HTTP_SOCIAL_NOTIFY_IDLE   10000     /* msec */
#define NGX_HTTP_SOCIAL_NOTIFY_BUSY   1000      /* msec, another one sends */
#define NGX_HTTP_SOCIAL_NOTIFY_RETRY  5000      /* msec, the store failed */
#define NGX_HTTP_SOCIAL_NOTIFY_EXIT   10000     /* msec for a job at exit */
#define NGX_HTTP_SOCIAL_NOTIFY_QUIET  3600      /* s between two equal lines */


typedef enum {
    NGX_HTTP_SOCIAL_NOTIFY_IS_IDLE = 0,
    NGX_HTTP_SOCIAL_NOTIFY_PAUSES,
    NGX_HTTP_SOCIAL_NOTIFY_ASKS,
    NGX_HTTP_SOCIAL_NOTIFY_SENDS
} ngx_http_social_notify_state_e;


/* a site's notices in this worker */

typedef struct {
    ngx_http_social_site_t          *site;
    ngx_event_t                      timer;
    ngx_http_social_notify_state_e   state;
    unsigned                         kicked:1;  /* while it asked */
    uint64_t                         owner;

    /* the notice that was taken, until the store knows what became of it */
    int64_t                          id;
    social_notice_end_e              end;
    int64_t                          retry;
    ngx_uint_t                       status;
    const char                      *why;
    time_t                           told;      /* of a refusal or a loss */
    ngx_http_social_notify_send_t    send;
} ngx_http_social_notify_t;


typedef struct {
    ngx_http_social_job_t            job;
    ngx_http_social_notify_t        *notify;
    social_notices_t                 notices;
    social_notice_t                  notice;
    char                             id[SOCIAL_NOTICE_ID];
    social_out_t                     doc;
} ngx_http_social_notify_job_t;


static void ngx_http_social_notify_ask(ngx_http_social_notify_t *notify);


static ngx_http_social_notify_t  *ngx_http_social_notify_sites;


/* runs in a thread */

static int
ngx_http_social_notify_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_notify_job_t  *ask = (ngx_http_social_notify_job_t *) job;

    if (social_store_notices(store, &ask->notices, &job->error) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    job->wrote = (ask->notices.id != 0);

    if (ask->notices.id && ask->notices.list.n) {
        ask->notice.id = ask->notices.id;
        ask->notice.created = ask->notices.created;
        ask->notice.kind = ask->notices.kind;
        ask->notice.comment = &ask->notices.list.items[0];

        social_notice_id(&ask->notice, ask->id);
        social_notice_doc(&ask->notice, &ask->doc);
    }

    return SOCIAL_OK;
}


static void
ngx_http_social_notify_wait(ngx_http_social_notify_t *notify,
    ngx_http_social_notify_state_e state, ngx_msec_t msec)
{
    notify->state = state;
    notify->timer.cancelable = 1;

    if (notify->timer.timer_set) {
        ngx_del_timer(&notify->timer);
    }

    ngx_add_timer(&notify->timer, msec);
}


/* 1: the line is due; at most one an hour */

static ngx_uint_t
ngx_http_social_notify_tell(ngx_http_social_notify_t *notify)
{
    if (notify->told
        && ngx_time() - notify->told < NGX_HTTP_SOCIAL_NOTIFY_QUIET
        && ngx_time() >= notify->told)
    {
        return 0;
    }

    notify->told = ngx_time();

    return 1;
}


/* the store has settled a notice: says so, once for a row of failures */

static void
ngx_http_social_notify_settled(ngx_http_social_notify_t *notify,
    social_notices_t *notices)
{
    ngx_log_t  *log;
    ngx_str_t  *name;

    log = ngx_cycle->log;
    name = &notify->site->name;

    if (notify->end == SOCIAL_NOTICE_FAILED && notices->tries == 1) {

        if (notify->status) {
            ngx_log_error(NGX_LOG_ERR, log, 0,
                          "social_site \"%V\": a notice could not be "
                          "delivered to \"notify\": it answered %ui; it "
                          "will be tried again", name, notify->status);
        } else {
            ngx_log_error(NGX_LOG_ERR, log, 0,
                          "social_site \"%V\": a notice could not be "
                          "delivered to \"notify\": %s; it will be tried "
                          "again", name, notify->why);
        }
    }

    if (notify->end == SOCIAL_NOTICE_SENT && notices->tries) {
        ngx_log_error(NGX_LOG_NOTICE, log, 0,
                      "social_site \"%V\": notices are delivered again",
                      name);
    }

    if (notify->end == SOCIAL_NOTICE_REFUSED
        && ngx_http_social_notify_tell(notify))
    {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "social_site \"%V\": \"notify\" refused a notice with "
                      "%ui, it was dropped", name, notify->status);
    }

    if (notices->expired && ngx_http_social_notify_tell(notify)) {
        ngx_log_error(NGX_LOG_ERR, log, 0,
                      "social_site \"%V\": %L notices could not be delivered "
                      "for a day and were dropped", name, notices->expired);
    }
}


static void
ngx_http_social_notify_next(ngx_http_social_notify_t *notify,
    ngx_http_social_notify_job_t *ask)
{
    ngx_uint_t  kicked;

    kicked = notify->kicked;
    notify->kicked = 0;
    notify->end = SOCIAL_NOTICE_NONE;
    notify->id = ask->notices.id;

    if (notify->id) {
        notify->state = NGX_HTTP_SOCIAL_NOTIFY_SENDS;
        notify->timer.cancelable = 1;       /* the connection has its own */
        notify->retry = 0;

        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social notify \"%V\": sends \"%s\"",
                       &notify->site->name, ask->id);

        ngx_http_social_notify_send(&notify->send, notify->site->notify,
                                    ask->id, &ask->doc);

    } else if (ask->notices.wait >= 0) {
        ngx_http_social_notify_wait(notify, NGX_HTTP_SOCIAL_NOTIFY_PAUSES,
                                    ask->notices.busy
                                    ? ngx_min(ask->notices.wait,
                                              NGX_HTTP_SOCIAL_NOTIFY_BUSY)
                                    : ask->notices.wait + 1);

    } else if (kicked && !ngx_exiting) {
        ngx_http_social_notify_ask(notify);

    } else {
        ngx_http_social_notify_wait(notify, NGX_HTTP_SOCIAL_NOTIFY_IS_IDLE,
                                    NGX_HTTP_SOCIAL_NOTIFY_IDLE);
    }
}


static void
ngx_http_social_notify_asked(ngx_http_social_job_t *job)
{
    ngx_http_social_notify_t      *notify;
    ngx_http_social_notify_job_t  *ask = (ngx_http_social_notify_job_t *) job;

    notify = ask->notify;

    if (job->rc == SOCIAL_ERROR) {
        /* what became of the last one is said again */

        ngx_http_social_notify_wait(notify, NGX_HTTP_SOCIAL_NOTIFY_PAUSES,
                                    NGX_HTTP_SOCIAL_NOTIFY_RETRY);

    } else {
        ngx_http_social_notify_settled(notify, &ask->notices);
        ngx_http_social_notify_next(notify, ask);
    }

    social_comments_free(&ask->notices.list);
    social_out_free(&ask->doc);
    free(ask);
}


static ngx_http_social_notify_job_t *
ngx_http_social_notify_job(ngx_http_social_notify_t *notify)
{
    ngx_http_social_site_t        *site;
    ngx_http_social_notify_job_t  *ask;

    site = notify->site;
    ask = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_notify_job_t),
                                    ngx_http_social_notify_run,
                                    ngx_http_social_notify_asked);
    if (ask == NULL) {
        return NULL;
    }

    ask->job.writer = 1;
    ask->job.conn = NGX_HTTP_SOCIAL_JOB_WRITER;
    ask->notify = notify;

    ask->notices.owner = notify->owner;
    ask->notices.now = (int64_t) ngx_time() * 1000 + ngx_cached_time->msec;
    ask->notices.leave = ngx_exiting ? 1 : 0;

    if (notify->end != SOCIAL_NOTICE_NONE) {
        ask->notices.done = notify->id;
        ask->notices.end = notify->end;
        ask->notices.retry = notify->retry;
    }

    ask->notice.site = site->page->name;
    ask->notice.origin = (const char *) site->notify->origin.data;
    ask->notice.base = site->page->base;
    ask->notice.moderate = (const char *) site->notify->moderate.data;
    ask->notice.text = site->notify->text;
    social_out_init(&ask->doc, SOCIAL_NOTICE_MAX);

    return ask;
}


static void
ngx_http_social_notify_ask(ngx_http_social_notify_t *notify)
{
    ngx_http_social_notify_job_t  *ask;

    ask = ngx_http_social_job_writer_away(notify->site)
          ? NULL : ngx_http_social_notify_job(notify);

    if (ask == NULL || ngx_http_social_job_post(&ask->job) != NGX_OK) {
        free(ask);
        ngx_http_social_notify_wait(notify, NGX_HTTP_SOCIAL_NOTIFY_PAUSES,
                                    NGX_HTTP_SOCIAL_NOTIFY_RETRY);
        return;
    }

    /* keeps a worker that shuts down alive until the job is done */

    ngx_http_social_notify_wait(notify, NGX_HTTP_SOCIAL_NOTIFY_ASKS,
                                NGX_HTTP_SOCIAL_NOTIFY_EXIT);
    notify->timer.cancelable = (notify->end == SOCIAL_NOTICE_NONE);
}


/* 4xx is for good, but for 408, it took too long, and 429, too many */

static social_notice_end_e
ngx_http_social_notify_end(ngx_uint_t status)
{
    if (status >= 200 && status < 300) {
        return SOCIAL_NOTICE_SENT;
    }

    return (status >= 400 && status < 500 && status != NGX_HTTP_REQUEST_TIME_OUT
            && status != NGX_HTTP_TOO_MANY_REQUESTS)
           ? SOCIAL_NOTICE_REFUSED : SOCIAL_NOTICE_FAILED;
}


static void
ngx_http_social_notify_sent(void *data, ngx_uint_t status, const char *why)
{
    ngx_http_social_notify_t  *notify = data;

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social notify \"%V\": answered %ui", &notify->site->name,
                   status);

    if (status == 0 && why == NULL) {
        return;                 /* the worker ends: the lease will, too */
    }

    notify->status = status;
    notify->why = why;
    notify->end = ngx_http_social_notify_end(status);
    notify->retry = notify->send.answer.retry;

    ngx_http_social_notify_ask(notify);
}


static void
ngx_http_social_notify_timer(ngx_event_t *ev)
{
    ngx_http_social_notify_t  *notify = ev->data;

    switch (notify->state) {

    case NGX_HTTP_SOCIAL_NOTIFY_IS_IDLE:
    case NGX_HTTP_SOCIAL_NOTIFY_PAUSES:

        if (!ngx_exiting || notify->end != SOCIAL_NOTICE_NONE) {
            ngx_http_social_notify_ask(notify);
        }

        break;

    default:                    /* asks or sends: that goes on by itself */
        break;
    }
}


void
ngx_http_social_notify_kick(ngx_http_social_site_t *site)
{
    ngx_http_social_notify_t  *notify;

    if (site->notify == NULL || ngx_exiting) {
        return;
    }

    notify = &ngx_http_social_notify_sites[site->index];

    if (notify->state == NGX_HTTP_SOCIAL_NOTIFY_IS_IDLE) {
        ngx_http_social_notify_ask(notify);

    } else {
        notify->kicked = 1;
    }
}


static ngx_int_t
ngx_http_social_notify_begin(ngx_http_social_notify_t *notify,
    ngx_http_social_site_t *site, ngx_log_t *log)
{
    notify->site = site;
    notify->send.done = ngx_http_social_notify_sent;
    notify->send.data = notify;
    notify->timer.handler = ngx_http_social_notify_timer;
    notify->timer.data = notify;
    notify->timer.log = log;

    do {
        if (getrandom(&notify->owner, sizeof(uint64_t), 0)
            != sizeof(uint64_t))
        {
            return NGX_ERROR;
        }
    } while (notify->owner == 0);

    /* what was queued while nobody could send */

    ngx_http_social_notify_wait(notify, NGX_HTTP_SOCIAL_NOTIFY_PAUSES,
                                NGX_HTTP_SOCIAL_NOTIFY_BUSY);
    return NGX_OK;
}


ngx_int_t
ngx_http_social_notify_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                     i;
    ngx_http_social_site_t       **site;
    ngx_http_social_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);
    site = mcf->sites.elts;

    ngx_http_social_notify_sites =
        ngx_pcalloc(cycle->pool, (mcf->sites.nelts + 1)
                                 * sizeof(ngx_http_social_notify_t));
    if (ngx_http_social_notify_sites == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {

        if (site[i]->notify
            && ngx_http_social_notify_begin(&ngx_http_social_notify_sites[i],
                                            site[i], cycle->log)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
