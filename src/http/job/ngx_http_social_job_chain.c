
/*
 * Jobs in threads, in chains: a thread that has done a job goes on with the
 * next one, and passes the one that is done to the event loop.  Without that,
 * the store would wait until the event loop has come to the pool's event and
 * another thread has woken up: a quarter of the time, with many writers.
 *
 * Owns the list of jobs that were passed, and a pipe, in which a byte says that
 * there are some.  Event loop only, except what says that it runs in a thread.
 */

#include "ngx_http_social_job.h"
#include "ngx_http_social_job_conn.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_JOB_ALONE  1000     /* msec since others have written */


static void ngx_http_social_job_chain_handler(ngx_event_t *ev);


static ngx_fd_t            ngx_http_social_job_chain_pipe[2];
static ngx_thread_mutex_t  ngx_http_social_job_chain_mutex;
static ngx_queue_t         ngx_http_social_job_chain_list;
static ngx_atomic_t        ngx_http_social_job_chain_ends;  /* yield */
static ngx_uint_t          ngx_http_social_job_chain_ready;


ngx_int_t
ngx_http_social_job_chain_worker(ngx_cycle_t *cycle)
{
    ngx_queue_init(&ngx_http_social_job_chain_list);

    if (ngx_thread_mutex_create(&ngx_http_social_job_chain_mutex, cycle->log)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* without it, no job follows another */

    ngx_http_social_job_chain_ready =
        pipe2(ngx_http_social_job_chain_pipe, O_NONBLOCK|O_CLOEXEC) == 0
        && ngx_add_channel_event(cycle, ngx_http_social_job_chain_pipe[0],
                                 NGX_READ_EVENT,
                                 ngx_http_social_job_chain_handler)
           == NGX_OK;

    if (!ngx_http_social_job_chain_ready) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, ngx_errno,
                      "social: no pipe from threads, where many comment at "
                      "once they wait longer");
    }

    return NGX_OK;
}


/* runs in a thread; the job is the event loop's from now on */

static void
ngx_http_social_job_chain_pass(ngx_http_social_job_t *job)
{
    ngx_log_t  *log;

    log = ngx_cycle->log;

    (void) ngx_thread_mutex_lock(&ngx_http_social_job_chain_mutex, log);
    ngx_queue_insert_tail(&ngx_http_social_job_chain_list, &job->link);
    (void) ngx_thread_mutex_unlock(&ngx_http_social_job_chain_mutex, log);

    /* a pipe that is full has said so already */
    (void) !write(ngx_http_social_job_chain_pipe[1], "", 1);
}


/* a writer of this worker begins; runs in a thread */

static void
ngx_http_social_job_chain_writes(ngx_http_social_site_t *site)
{
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    if (zone->writer != (ngx_atomic_uint_t) ngx_pid) {
        zone->writer_since = (ngx_msec_t) ngx_http_social_job_now();
        zone->writer = ngx_pid;
    }
}


/* runs in a thread.  A connection that failed is closed: the next job opens it
 * again */

void
ngx_http_social_job_run(ngx_http_social_job_t *job)
{
    social_store_t  **conn;

    conn = &ngx_http_social_job_at(job->site->index)->conn[job->conn];

    if (job->idle) {
        social_store_close(*conn);
        *conn = NULL;
        return;
    }

    if (job->writer) {
        ngx_http_social_job_chain_writes(job->site);
    }

    if (ngx_http_social_job_connect(job, conn) != SOCIAL_OK) {
        job->rc = SOCIAL_ERROR;
        return;
    }

    job->rc = job->run(job, *conn);

    if (job->rc == SOCIAL_ERROR) {
        social_store_close(*conn);
        *conn = NULL;
    }
}


void
ngx_http_social_job_chain_thread(void *data, ngx_log_t *log)
{
    ngx_http_social_job_t  *next, *job = data;

    for ( ;; ) {
        ngx_http_social_job_run(job);

        if (job->follow == NULL || job->rc == SOCIAL_ERROR) {
            break;
        }

        next = job->follow(job);

        if (next == NULL) {
            break;
        }

        next->conn = job->conn;
        next->task->event.data = next;
        job->next = next;

        ngx_http_social_job_chain_pass(job);
        job = next;
    }
}


void
ngx_http_social_job_chain_passed(void)
{
    ngx_log_t               *log;
    ngx_queue_t              passed, *q;
    ngx_http_social_job_t   *job;
    ngx_http_social_jobs_t  *jobs;

    log = ngx_cycle->log;
    ngx_queue_init(&passed);

    (void) ngx_thread_mutex_lock(&ngx_http_social_job_chain_mutex, log);

    if (!ngx_queue_empty(&ngx_http_social_job_chain_list)) {
        ngx_queue_add(&passed, &ngx_http_social_job_chain_list);
        ngx_queue_init(&ngx_http_social_job_chain_list);
    }

    (void) ngx_thread_mutex_unlock(&ngx_http_social_job_chain_mutex, log);

    while (!ngx_queue_empty(&passed)) {
        q = ngx_queue_head(&passed);
        ngx_queue_remove(q);

        job = ngx_queue_data(q, ngx_http_social_job_t, link);
        jobs = ngx_http_social_job_at(job->site->index);

        ngx_http_social_job_ended(jobs, job);
        ngx_http_social_job_began(jobs, job->next);

        job->done(job);
    }
}


static void
ngx_http_social_job_chain_handler(ngx_event_t *ev)
{
    u_char  bytes[64];

    while (read(ngx_http_social_job_chain_pipe[0], bytes, sizeof(bytes))
           == sizeof(bytes))
    {
        /* void */
    }

    ngx_http_social_job_chain_passed();
}


int64_t
ngx_http_social_job_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


void
ngx_http_social_job_chain_yield(ngx_uint_t yield)
{
    (void) ngx_atomic_cmp_set(&ngx_http_social_job_chain_ends, !yield, yield);
}


/* runs in a thread */

ngx_uint_t
ngx_http_social_job_chain_alone(ngx_http_social_site_t *site)
{
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    /* adds nothing: an atomic read */

    return ngx_http_social_job_chain_ready
           && ngx_atomic_fetch_add(&ngx_http_social_job_chain_ends, 0) == 0
           && zone->writer == (ngx_atomic_uint_t) ngx_pid
           && (ngx_msec_int_t) ((ngx_msec_t) ngx_http_social_job_now()
                                - zone->writer_since)
              >= NGX_HTTP_SOCIAL_JOB_ALONE;
}
