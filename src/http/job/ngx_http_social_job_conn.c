
/*
 * How connections are opened and closed.  One that goes to another machine is
 * closed when nobody has used it for a minute: there it costs a process, and
 * many workers want some.
 *
 * Opened and closed in threads; at exit, when there are none any more, in the
 * event loop.
 */

#include "ngx_http_social_job.h"
#include "ngx_http_social_job_conn.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_JOB_IDLE_LOOK  (NGX_HTTP_SOCIAL_JOB_IDLE / 12)


static ngx_event_t       ngx_http_social_job_idle;
static ngx_connection_t  ngx_http_social_job_idle_conn;


static social_store_t *
ngx_http_social_job_open(ngx_http_social_job_t *job)
{
    char            *url;
    social_store_t  *store;

    url = (char *) job->site->store.data;

    if (job->create) {
        store = social_store_open(url, 1, &job->error);

        if (store == NULL) {
            return NULL;
        }

        social_store_close(store);
    }

    return social_store_open(url, job->writer, &job->error);
}


/* 1: it is another store than the one whose keys are loaded.  Over a network a
 * connection may have been gone while the store went another way */

static int
ngx_http_social_job_is_other(ngx_http_social_job_t *job, social_store_t *store)
{
    char        identity[SOCIAL_STORE_IDENTITY];
    const char *known;

    known = job->site->zone->store_identity;

    return job->site->shared && known[0] != '\0'
           && social_store_identity(store, identity, NULL) == SOCIAL_OK
           && strcmp(identity, known) != 0;
}


int
ngx_http_social_job_connect(ngx_http_social_job_t *job, social_store_t **conn)
{
    if (*conn && social_store_verify(*conn) != SOCIAL_OK) {
        social_store_close(*conn);
        *conn = NULL;
        job->replaced = 1;
    }

    if (*conn) {
        return SOCIAL_OK;
    }

    *conn = ngx_http_social_job_open(job);

    if (*conn == NULL) {
        return SOCIAL_ERROR;
    }

    if (ngx_http_social_job_is_other(job, *conn)) {
        job->replaced = 1;
    }

    return SOCIAL_OK;
}


static void
ngx_http_social_job_idle_done(ngx_http_social_job_t *job)
{
    free(job);
}


static void
ngx_http_social_job_idle_close(ngx_http_social_jobs_t *jobs, ngx_int_t conn)
{
    ngx_http_social_job_t  *job;

    job = ngx_http_social_job_alloc(jobs->site, sizeof(ngx_http_social_job_t),
                                    NULL, ngx_http_social_job_idle_done);
    if (job == NULL) {
        return;
    }

    ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social job \"%V\": connection %i is idle, closed",
                   &jobs->site->name, conn);

    job->idle = 1;
    job->writer = (conn == NGX_HTTP_SOCIAL_JOB_WRITER);

    ngx_http_social_job_start(jobs, job, conn);
}


/* 1: the connection is open, and will have to be looked at again */

static ngx_uint_t
ngx_http_social_job_idle_look(ngx_http_social_jobs_t *jobs, ngx_int_t conn)
{
    if (jobs->job[conn]) {
        return 1;
    }

    if (jobs->conn[conn] == NULL) {
        return 0;
    }

    if (ngx_current_msec - jobs->used[conn] >= NGX_HTTP_SOCIAL_JOB_IDLE) {
        ngx_http_social_job_idle_close(jobs, conn);
    }

    return 1;
}


static void
ngx_http_social_job_idle_handler(ngx_event_t *ev)
{
    ngx_int_t                conn;
    ngx_uint_t               i, open;
    ngx_http_social_jobs_t  *jobs;

    open = 0;

    for (i = 0; (jobs = ngx_http_social_job_at(i)) != NULL; i++) {

        if (!jobs->site->shared) {
            continue;
        }

        for (conn = 0; conn <= NGX_HTTP_SOCIAL_JOB_WRITER; conn++) {
            open += ngx_http_social_job_idle_look(jobs, conn);
        }
    }

    if (open && !ev->timer_set) {
        ngx_add_timer(ev, NGX_HTTP_SOCIAL_JOB_IDLE_LOOK);
    }
}


void
ngx_http_social_job_conn_worker(ngx_cycle_t *cycle)
{
    ngx_http_social_job_idle_conn.fd = (ngx_socket_t) -1;
    ngx_http_social_job_idle.data = &ngx_http_social_job_idle_conn;
    ngx_http_social_job_idle.handler = ngx_http_social_job_idle_handler;
    ngx_http_social_job_idle.log = cycle->log;
    ngx_http_social_job_idle.cancelable = 1;
}


void
ngx_http_social_job_used(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job)
{
    jobs->job[job->conn] = NULL;
    jobs->used[job->conn] = ngx_current_msec;

    if (jobs->site->shared && !ngx_http_social_job_idle.timer_set) {
        ngx_add_timer(&ngx_http_social_job_idle,
                      NGX_HTTP_SOCIAL_JOB_IDLE_LOOK);
    }
}


void
ngx_http_social_job_exit(void)
{
    ngx_uint_t               i, k;
    ngx_http_social_jobs_t  *jobs;

    for (i = 0; (jobs = ngx_http_social_job_at(i)) != NULL; i++) {

        for (k = 0; k <= NGX_HTTP_SOCIAL_JOB_READERS; k++) {
            social_store_close(jobs->conn[k]);
            jobs->conn[k] = NULL;
        }
    }
}
