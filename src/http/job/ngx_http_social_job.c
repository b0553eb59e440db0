
/*
 * Queues jobs, runs them in threads of nginx's pool, and watches them.
 *
 * Owns the connections to the stores: in each worker three readers and one
 * writer for each site.  A connection belongs to the job that runs on it, and
 * the first job that needs it opens it in its thread.  The event loop must not
 * touch it, since any call may block.  How they are opened and closed:
 * ngx_http_social_job_conn.c.
 */

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "ngx_http_social_job.h"
#include "ngx_http_social_job_conn.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_JOB_ARENAS   4


static void ngx_http_social_job_event(ngx_event_t *ev);
static void ngx_http_social_job_start_waiting(void);
static void ngx_http_social_job_watch_handler(ngx_event_t *ev);


/* of this process */

static ngx_thread_pool_t       *ngx_http_social_job_pool;
static ngx_http_social_jobs_t  *ngx_http_social_job_sites;
static ngx_uint_t               ngx_http_social_job_nsites;
static ngx_uint_t               ngx_http_social_job_next_site;
static ngx_uint_t               ngx_http_social_job_nrunning;
/* running and not slow */
static ngx_uint_t  ngx_http_social_job_nquick[NGX_HTTP_SOCIAL_JOB_KINDS];

/* The timer that finds slow and late jobs.  A worker that shuts down exits
 * when only cancelable timers are left: while a request is blocked this one is
 * not cancelable, so that the worker waits for the answer. */

static ngx_event_t              ngx_http_social_job_watch;
static ngx_connection_t         ngx_http_social_job_watch_conn;
static ngx_uint_t               ngx_http_social_job_nblocked;


ngx_int_t
ngx_http_social_job_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                     i, k;
    ngx_http_social_site_t       **site;
    ngx_http_social_jobs_t        *jobs;
    ngx_http_social_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);

#ifdef M_ARENA_MAX
    /* by default each of the pool's 32 threads may get an arena of its own,
     * which keeps the memory of its largest job */
    (void) mallopt(M_ARENA_MAX, NGX_HTTP_SOCIAL_JOB_ARENAS);
#endif

    ngx_http_social_job_pool = mcf->pool;

    ngx_http_social_job_watch_conn.fd = (ngx_socket_t) -1;
    ngx_http_social_job_watch.handler = ngx_http_social_job_watch_handler;
    ngx_http_social_job_watch.log = cycle->log;
    ngx_http_social_job_watch.data = &ngx_http_social_job_watch_conn;

    site = mcf->sites.elts;
    ngx_http_social_job_nsites = mcf->sites.nelts;
    ngx_http_social_job_sites = ngx_pcalloc(cycle->pool,
                                            (mcf->sites.nelts + 1)
                                            * sizeof(ngx_http_social_jobs_t));
    if (ngx_http_social_job_sites == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {
        jobs = &ngx_http_social_job_sites[i];
        site[i]->index = i;
        jobs->site = site[i];

        for (k = 0; k < NGX_HTTP_SOCIAL_JOB_KINDS; k++) {
            ngx_queue_init(&jobs->waiting[k]);
        }
    }

    ngx_http_social_job_conn_worker(cycle);

    if (ngx_http_social_job_store_state_worker(cycle) != NGX_OK
        || ngx_http_social_job_chain_worker(cycle) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_social_job_batch_worker(cycle);
}


static ngx_http_social_jobs_t *
ngx_http_social_job_of_site(ngx_http_social_site_t *site)
{
    return &ngx_http_social_job_sites[site->index];
}


ngx_http_social_jobs_t *
ngx_http_social_job_at(ngx_uint_t i)
{
    return i < ngx_http_social_job_nsites ? &ngx_http_social_job_sites[i]
                                          : NULL;
}


void *
ngx_http_social_job_alloc(ngx_http_social_site_t *site, size_t size,
    ngx_http_social_job_run_pt run, ngx_http_social_job_done_pt done)
{
    ngx_http_social_job_t  *job;

    job = calloc(1, size);
    if (job == NULL) {
        return NULL;
    }

    job->site = site;
    job->run = run;
    job->done = done;
    job->task = &job->own;

    return job;
}


static void
ngx_http_social_job_watch_start(void)
{
    ngx_http_social_job_watch.cancelable = (ngx_http_social_job_nblocked == 0);

    if (!ngx_http_social_job_watch.timer_set) {
        ngx_add_timer(&ngx_http_social_job_watch, NGX_HTTP_SOCIAL_JOB_SLOW);
    }
}


ngx_int_t
ngx_http_social_job_post(ngx_http_social_job_t *job)
{
    ngx_http_social_jobs_t  *jobs;

    jobs = ngx_http_social_job_of_site(job->site);

    if (jobs->nwaiting >= NGX_HTTP_SOCIAL_JOB_QUEUE * (job->load ? 2 : 1)) {
        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social job \"%V\": refused, %ui are waiting",
                       &job->site->name, jobs->nwaiting);
        return NGX_BUSY;
    }

    /* the first writer may not have created the store yet */

    job->create = (!job->writer && !job->site->zone->keys_loaded);
    job->since = ngx_current_msec;

    ngx_queue_insert_tail(&jobs->waiting[ngx_http_social_job_kind(job)],
                          &job->link);
    jobs->nwaiting++;

    ngx_log_debug4(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social job \"%V\": posted to %s, %ui waiting, "
                   "%ui running in all sites", &job->site->name,
                   job->writer ? "write" : "read", jobs->nwaiting,
                   ngx_http_social_job_nrunning);

    ngx_http_social_job_watch_start();
    ngx_http_social_job_start_waiting();

    return NGX_OK;
}


/* index of a free connection to read or write; NGX_BUSY: none, or no thread */

static ngx_int_t
ngx_http_social_job_free_conn(ngx_http_social_jobs_t *jobs, ngx_uint_t kind)
{
    ngx_int_t    i, first, last;
    ngx_uint_t   threads, quick, *n;

    n = ngx_http_social_job_nquick;
    first = 0;
    last = NGX_HTTP_SOCIAL_JOB_READERS;
    threads = NGX_HTTP_SOCIAL_JOB_THREADS;
    quick = n[NGX_HTTP_SOCIAL_JOB_LOAD] + n[NGX_HTTP_SOCIAL_JOB_READ];

    if (kind == NGX_HTTP_SOCIAL_JOB_WRITE) {
        first = NGX_HTTP_SOCIAL_JOB_WRITER;
        last = first + 1;
        quick = n[kind];

    } else if (kind == NGX_HTTP_SOCIAL_JOB_READ) {
        last--;                         /* the last one is for loads */
        threads -= 2;
        quick = n[kind];
    }

    if (ngx_http_social_job_nrunning >= threads
        || quick >= (ngx_uint_t) (last - first))
    {
        return NGX_BUSY;
    }

    for (i = last - 1; i >= first; i--) {
        if (jobs->job[i] == NULL) {
            return i;
        }
    }

    return NGX_BUSY;
}


void
ngx_http_social_job_began(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job)
{
    job->since = ngx_current_msec;
    jobs->job[job->conn] = job;
    ngx_http_social_job_nquick[ngx_http_social_job_kind(job)]++;
    ngx_http_social_job_nrunning++;
}


void
ngx_http_social_job_start(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job, ngx_int_t conn)
{
    ngx_thread_task_t  *task;

    job->conn = conn;
    ngx_http_social_job_began(jobs, job);

    task = job->task;
    task->ctx = job;
    task->handler = ngx_http_social_job_chain_thread;
    task->event.data = job;
    task->event.handler = ngx_http_social_job_event;
    task->event.log = ngx_cycle->log;

    if (ngx_thread_task_post(ngx_http_social_job_pool, task) == NGX_OK) {
        return;
    }

    /* the pool's queue is full: handled like a store that cannot be opened.
     * Posted, not called: `done` must not run within job_post() */

    job->rc = SOCIAL_ERROR;
    job->error.fault = SOCIAL_STORE_AWAY;
    ngx_cpystrn((u_char *) job->error.op, (u_char *) "thread", 32);
    ngx_cpystrn((u_char *) job->error.message,
                (u_char *) "the thread pool's queue is full", 192);
    ngx_post_event(&task->event, &ngx_posted_events);
}


/* 1: a writer waits that could run if a chain of batches ended.  One whose own
 * site is slow could not */

static ngx_uint_t
ngx_http_social_job_writer_waits(void)
{
    ngx_uint_t               i;
    ngx_http_social_job_t   *job;
    ngx_http_social_jobs_t  *jobs;

    for (i = 0; i < ngx_http_social_job_nsites; i++) {
        jobs = &ngx_http_social_job_sites[i];
        job = jobs->job[NGX_HTTP_SOCIAL_JOB_WRITER];

        if (!ngx_queue_empty(&jobs->waiting[NGX_HTTP_SOCIAL_JOB_WRITE])
            && (job == NULL || job->follow))
        {
            return 1;
        }
    }

    return 0;
}


/* starts what can be started.  Sites take turns, so that a long queue of one
 * does not delay the others */

static void
ngx_http_social_job_start_waiting(void)
{
    ngx_int_t                conn;
    ngx_uint_t               i, k, kind;
    ngx_queue_t             *q;
    ngx_http_social_jobs_t  *jobs;

    for (kind = 0; kind < NGX_HTTP_SOCIAL_JOB_KINDS; kind++) {

        for (i = 0; i < ngx_http_social_job_nsites; i++) {
            k = (ngx_http_social_job_next_site + i)
                % ngx_http_social_job_nsites;
            jobs = &ngx_http_social_job_sites[k];

            if (ngx_queue_empty(&jobs->waiting[kind])) {
                continue;
            }

            conn = ngx_http_social_job_free_conn(jobs, kind);

            if (conn != NGX_BUSY) {
                q = ngx_queue_head(&jobs->waiting[kind]);
                ngx_queue_remove(q);
                jobs->nwaiting--;
                ngx_http_social_job_start(jobs,
                    ngx_queue_data(q, ngx_http_social_job_t, link), conn);

                /* go on with the next site, and look at all sites again */

                ngx_http_social_job_next_site = jobs->site->index + 1;
                i = (ngx_uint_t) -1;
            }
        }
    }

    ngx_http_social_job_chain_yield(ngx_http_social_job_writer_waits());
}


static void
ngx_http_social_job_report(ngx_http_social_job_t *job)
{
    if (job->rc == SOCIAL_ERROR) {
        ngx_http_social_job_store_failed(job->site, job->writer, &job->error);
        return;
    }

    if (job->replaced && (job->writer || job->site->shared)) {
        ngx_http_social_job_store_replaced(job->site);
    }

    /* a writer that wrote nothing does not prove that the store works */

    if (!job->writer || job->wrote) {
        ngx_http_social_job_store_recovered(job->site, job->writer);
    }
}


void
ngx_http_social_job_ended(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job)
{
    ngx_http_social_job_used(jobs, job);
    ngx_http_social_job_nrunning--;

    if (!job->slow) {
        ngx_http_social_job_nquick[ngx_http_social_job_kind(job)]--;
    }

    if (!job->idle) {
        ngx_http_social_job_report(job);
    }
}


static void
ngx_http_social_job_event(ngx_event_t *ev)
{
    ngx_http_social_job_t  *job = ev->data;

    /* those before it in its chain */
    ngx_http_social_job_chain_passed();

    ngx_http_social_job_ended(ngx_http_social_job_of_site(job->site), job);
    job->done(job);

    ngx_http_social_job_start_waiting();
}


static ngx_uint_t
ngx_http_social_job_away(ngx_http_social_jobs_t *jobs, ngx_uint_t writer)
{
    ngx_uint_t              i, first, last, busy, overdue;
    ngx_http_social_job_t  *job;

    first = writer ? NGX_HTTP_SOCIAL_JOB_WRITER : 0;
    busy = 0;
    overdue = 1;
    last = writer ? first : NGX_HTTP_SOCIAL_JOB_READERS - 1;

    for (i = first; i <= last; i++) {
        job = jobs->job[i];
        busy |= (job != NULL);
        overdue &= (job != NULL && job->overdue);
    }

    switch (overdue ? NGX_BUSY
                    : ngx_http_social_job_store_pause(jobs->site, writer))
    {
    case NGX_OK:
        return 0;

    case NGX_BUSY:
        return 1;

    default:
        break;
    }

    /* one job tries; the others do not wait for its result */

    first = writer ? NGX_HTTP_SOCIAL_JOB_WRITE : NGX_HTTP_SOCIAL_JOB_LOAD;

    return busy || !ngx_queue_empty(&jobs->waiting[first])
           || (!writer
               && !ngx_queue_empty(&jobs->waiting[NGX_HTTP_SOCIAL_JOB_READ]));
}


ngx_uint_t
ngx_http_social_job_store_away(ngx_http_social_site_t *site)
{
    /* until the keys are loaded, readers need the writer: it creates the
     * store */

    return ngx_http_social_job_away(ngx_http_social_job_of_site(site),
                                    !site->zone->keys_loaded);
}


ngx_uint_t
ngx_http_social_job_writer_away(ngx_http_social_site_t *site)
{
    return ngx_http_social_job_away(ngx_http_social_job_of_site(site), 1);
}


void
ngx_http_social_job_block(ngx_http_request_t *r)
{
    r->main->blocked++;
    r->aio = 1;

    ngx_http_social_job_nblocked++;
    ngx_http_social_job_watch_start();
}


void
ngx_http_social_job_unblock(ngx_http_request_t *r)
{
    r->main->blocked--;
    r->aio = 0;

    ngx_http_social_job_nblocked--;
    ngx_http_social_job_watch.cancelable = (ngx_http_social_job_nblocked == 0);
}


static void
ngx_http_social_job_watch_running(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job)
{
    ngx_msec_t            age;
    social_store_error_t  error;

    age = ngx_current_msec - job->since;

    if (age >= NGX_HTTP_SOCIAL_JOB_SLOW && !job->slow) {
        job->slow = 1;
        ngx_http_social_job_nquick[ngx_http_social_job_kind(job)]--;

        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social job \"%V\": slow to %s, others may start",
                       &jobs->site->name, job->writer ? "write" : "read");
    }

    if (age < NGX_HTTP_SOCIAL_JOB_LATE || job->overdue) {
        return;
    }

    job->overdue = 1;

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social job \"%V\": late to %s, nobody waits any more",
                   &jobs->site->name, job->writer ? "write" : "read");

    ngx_memzero(&error, sizeof(social_store_error_t));
    ngx_cpystrn((u_char *) error.op, (u_char *) "wait", 32);
    ngx_cpystrn((u_char *) error.message,
                (u_char *) "no answer for 5 seconds", 192);
    ngx_http_social_job_store_failed(jobs->site, job->writer, &error);

    if (job->late) {
        job->late(job);
    }
}


static void
ngx_http_social_job_watch_waiting(ngx_http_social_jobs_t *jobs,
    ngx_uint_t kind)
{
    ngx_queue_t            *q;
    ngx_http_social_job_t  *job;

    while (!ngx_queue_empty(&jobs->waiting[kind])) {
        q = ngx_queue_head(&jobs->waiting[kind]);
        job = ngx_queue_data(q, ngx_http_social_job_t, link);

        if (ngx_current_msec - job->since < NGX_HTTP_SOCIAL_JOB_LATE) {
            break;
        }

        ngx_queue_remove(q);
        jobs->nwaiting--;

        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social job \"%V\": late to %s, never started",
                       &jobs->site->name, job->writer ? "write" : "read");

        job->rc = SOCIAL_ERROR;
        job->done(job);
    }
}


static void
ngx_http_social_job_watch_handler(ngx_event_t *ev)
{
    ngx_uint_t               i, k, waiting;
    ngx_http_social_jobs_t  *jobs;

    waiting = 0;

    for (i = 0; i < ngx_http_social_job_nsites; i++) {
        jobs = &ngx_http_social_job_sites[i];

        for (k = 0; k <= NGX_HTTP_SOCIAL_JOB_READERS; k++) {
            if (jobs->job[k]) {
                ngx_http_social_job_watch_running(jobs, jobs->job[k]);
            }
        }

        for (k = 0; k < NGX_HTTP_SOCIAL_JOB_KINDS; k++) {
            ngx_http_social_job_watch_waiting(jobs, k);
        }

        waiting += jobs->nwaiting;
    }

    ngx_http_social_job_batch_watch();
    ngx_http_social_job_start_waiting();

    if (ngx_http_social_job_nrunning || ngx_http_social_job_nblocked
        || waiting)
    {
        ngx_http_social_job_watch_start();
    }
}
