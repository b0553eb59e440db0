
/*
 * The connections of a site in this worker, and the jobs that run on them.  For
 * the files of this room only.  Event loop only.
 */

#ifndef NGX_HTTP_SOCIAL_JOB_CONN_H_INCLUDED
#define NGX_HTTP_SOCIAL_JOB_CONN_H_INCLUDED


#include "ngx_http_social_job.h"


typedef struct {
    ngx_http_social_site_t     *site;
    social_store_t             *conn[NGX_HTTP_SOCIAL_JOB_READERS + 1];
    ngx_http_social_job_t      *job[NGX_HTTP_SOCIAL_JOB_READERS + 1];
                                                /* that runs on conn, or NULL */
    ngx_msec_t                  used[NGX_HTTP_SOCIAL_JOB_READERS + 1];
                                                /* when the last one was done */
    ngx_queue_t                 waiting[NGX_HTTP_SOCIAL_JOB_KINDS];
    ngx_uint_t                  nwaiting;
} ngx_http_social_jobs_t;


/* of the i-th site; NULL: there are fewer */
ngx_http_social_jobs_t *ngx_http_social_job_at(ngx_uint_t i);

/* runs a job that does not wait in a queue on a connection that is free */
void ngx_http_social_job_start(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job, ngx_int_t conn);


/* a job runs on its connection from now on, and no longer */
void ngx_http_social_job_began(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job);
void ngx_http_social_job_ended(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job);


/* ngx_http_social_job_conn.c */

void ngx_http_social_job_conn_worker(ngx_cycle_t *cycle);

/* runs in a thread: opens the job's connection unless it is open.  SOCIAL_OK or
 * SOCIAL_ERROR */
int ngx_http_social_job_connect(ngx_http_social_job_t *job,
    social_store_t **conn);

/* the job is done: its connection is free */
void ngx_http_social_job_used(ngx_http_social_jobs_t *jobs,
    ngx_http_social_job_t *job);


#endif /* NGX_HTTP_SOCIAL_JOB_CONN_H_INCLUDED */
