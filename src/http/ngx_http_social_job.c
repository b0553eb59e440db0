
/*
 * Jobs on a store, in the threads of nginx's pool, and the group commit.
 *
 * A connection belongs to the job that runs on it; there are three of a site
 * in a worker: two readers and the writer, opened by the first job that
 * needs them.  The event loop touches a connection only at exit, when the
 * pool is gone.
 */

#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_WRITER   NGX_HTTP_SOCIAL_READERS
#define NGX_HTTP_SOCIAL_PAUSE    1000   /* msec without asking a bad store */


/* of one site in this worker */

typedef struct {
    ngx_http_social_site_t     *site;
    social_store_t             *conn[NGX_HTTP_SOCIAL_READERS + 1];
    ngx_msec_t                  away[2];    /* until, 0: not away */
    ngx_queue_t                 posts;
    ngx_uint_t                  nposts;
    unsigned                    batching:1;
} ngx_http_social_desk_t;


typedef struct {
    ngx_http_social_job_t       job;
    ngx_uint_t                  n;
    ngx_http_social_post_t     *posts[NGX_HTTP_SOCIAL_BATCH];
    social_write_t             *writes[NGX_HTTP_SOCIAL_BATCH];
} ngx_http_social_batch_t;


static void ngx_http_social_job_thread(void *data, ngx_log_t *log);
static void ngx_http_social_job_event(ngx_event_t *ev);
static void ngx_http_social_jobs_start(void);
static void ngx_http_social_batch_start(ngx_http_social_desk_t *desk);


/* of this process */

static ngx_thread_pool_t       *ngx_http_social_pool;
static ngx_http_social_desk_t  *ngx_http_social_desks;
static ngx_uint_t               ngx_http_social_ndesks;
static ngx_queue_t              ngx_http_social_waiting[2];  /* by writer */
static ngx_uint_t               ngx_http_social_nwaiting;
static ngx_uint_t               ngx_http_social_busy[
                                              NGX_HTTP_SOCIAL_READERS + 1];

/* a worker that shuts down leaves when no timer is set: this one is, while
 * somebody waits for a write */
static ngx_event_t              ngx_http_social_hold;
static ngx_uint_t               ngx_http_social_held;


static void
ngx_http_social_hold_handler(ngx_event_t *ev)
{
    ngx_uint_t  i;

    /* a batch that found no memory is tried again */

    for (i = 0; i < ngx_http_social_ndesks; i++) {
        ngx_http_social_batch_start(&ngx_http_social_desks[i]);
    }

    if (ngx_http_social_held && !ev->timer_set) {
        ngx_add_timer(ev, 1000);
    }
}


ngx_int_t
ngx_http_social_job_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                     i;
    ngx_http_social_site_t       **site;
    ngx_http_social_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);

    ngx_http_social_pool = mcf->pool;
    ngx_queue_init(&ngx_http_social_waiting[0]);
    ngx_queue_init(&ngx_http_social_waiting[1]);

    ngx_http_social_hold.handler = ngx_http_social_hold_handler;
    ngx_http_social_hold.log = cycle->log;
    ngx_http_social_hold.data = &ngx_http_social_hold_handler;

    site = mcf->sites.elts;
    ngx_http_social_ndesks = mcf->sites.nelts;
    ngx_http_social_desks = ngx_pcalloc(cycle->pool,
                                        (mcf->sites.nelts + 1)
                                        * sizeof(ngx_http_social_desk_t));
    if (ngx_http_social_desks == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {
        site[i]->index = i;
        ngx_http_social_desks[i].site = site[i];
        ngx_queue_init(&ngx_http_social_desks[i].posts);
    }

    return NGX_OK;
}


static ngx_http_social_desk_t *
ngx_http_social_desk(ngx_http_social_site_t *site)
{
    return &ngx_http_social_desks[site->index];
}


void
ngx_http_social_job_exit(ngx_cycle_t *cycle)
{
    ngx_uint_t               i, k;
    ngx_http_social_desk_t  *desk;

    for (i = 0; i < ngx_http_social_ndesks; i++) {
        desk = &ngx_http_social_desks[i];

        for (k = 0; k <= NGX_HTTP_SOCIAL_READERS; k++) {
            if (desk->conn[k]) {
                social_store_close(desk->conn[k]);
                desk->conn[k] = NULL;
            }
        }
    }
}


social_store_t *
ngx_http_social_exit_store(ngx_http_social_site_t *site)
{
    social_store_error_t     err;
    ngx_http_social_desk_t  *desk;

    desk = ngx_http_social_desk(site);

    if (desk->conn[NGX_HTTP_SOCIAL_WRITER] == NULL) {
        desk->conn[NGX_HTTP_SOCIAL_WRITER] =
            social_store_open((char *) site->store.data, 1, &err);
    }

    return desk->conn[NGX_HTTP_SOCIAL_WRITER];
}


void *
ngx_http_social_job_alloc(ngx_http_social_site_t *site, size_t size,
    ngx_http_social_run_pt run, ngx_http_social_done_pt done)
{
    ngx_http_social_job_t  *job;

    job = calloc(1, size);
    if (job == NULL) {
        return NULL;
    }

    job->site = site;
    job->run = run;
    job->done = done;
    job->task.ctx = job;
    job->task.handler = ngx_http_social_job_thread;
    job->task.event.data = job;
    job->task.event.handler = ngx_http_social_job_event;
    job->task.event.log = ngx_cycle->log;

    return job;
}


ngx_int_t
ngx_http_social_job_post(ngx_http_social_job_t *job)
{
    if (ngx_http_social_nwaiting >= NGX_HTTP_SOCIAL_QUEUE) {
        return NGX_BUSY;
    }

    ngx_queue_insert_tail(&ngx_http_social_waiting[job->writer], &job->link);
    ngx_http_social_nwaiting++;
    ngx_http_social_jobs_start();

    return NGX_OK;
}


/* the free connection for a kind of job, or NGX_BUSY */

static ngx_int_t
ngx_http_social_job_conn(ngx_uint_t writer)
{
    ngx_int_t  i;

    if (writer) {
        return ngx_http_social_busy[NGX_HTTP_SOCIAL_WRITER]
               ? NGX_BUSY : NGX_HTTP_SOCIAL_WRITER;
    }

    for (i = 0; i < NGX_HTTP_SOCIAL_READERS; i++) {
        if (!ngx_http_social_busy[i]) {
            return i;
        }
    }

    return NGX_BUSY;
}


static void
ngx_http_social_jobs_start(void)
{
    ngx_int_t               conn;
    ngx_uint_t              writer;
    ngx_queue_t            *q;
    ngx_http_social_job_t  *job;

    for (writer = 0; writer < 2; writer++) {

        while (!ngx_queue_empty(&ngx_http_social_waiting[writer])) {
            conn = ngx_http_social_job_conn(writer);

            if (conn == NGX_BUSY) {
                break;
            }

            q = ngx_queue_head(&ngx_http_social_waiting[writer]);
            ngx_queue_remove(q);
            ngx_http_social_nwaiting--;

            job = ngx_queue_data(q, ngx_http_social_job_t, link);
            job->conn = conn;
            ngx_http_social_busy[conn] = 1;

            if (ngx_thread_task_post(ngx_http_social_pool, &job->task)
                == NGX_OK)
            {
                continue;
            }

            /* the pool's queue is full: the same as a store that is away */

            job->rc = SOCIAL_ERROR;
            job->error.fault = SOCIAL_STORE_AWAY;
            ngx_cpystrn((u_char *) job->error.op, (u_char *) "thread", 32);
            ngx_cpystrn((u_char *) job->error.message,
                        (u_char *) "the thread pool's queue is full", 192);
            ngx_post_event(&job->task.event, &ngx_posted_events);
        }
    }
}


/* a reader that comes before the first writer makes the store itself */

static social_store_t *
ngx_http_social_job_open(ngx_http_social_job_t *job)
{
    char            *url;
    social_store_t  *store;

    url = (char *) job->site->store.data;

    if (!job->writer && !job->site->zone->warm) {
        store = social_store_open(url, 1, &job->error);

        if (store == NULL) {
            return NULL;
        }

        social_store_close(store);
    }

    return social_store_open(url, job->writer, &job->error);
}


/* pool thread: opens what is not open, runs, drops a broken connection */

static void
ngx_http_social_job_thread(void *data, ngx_log_t *log)
{
    social_store_t          **conn;
    ngx_http_social_job_t    *job = data;

    conn = &ngx_http_social_desk(job->site)->conn[job->conn];

    if (*conn && social_store_verify(*conn) != SOCIAL_OK) {
        social_store_close(*conn);
        *conn = NULL;
    }

    if (*conn == NULL) {
        *conn = ngx_http_social_job_open(job);

        if (*conn == NULL) {
            job->rc = SOCIAL_ERROR;
            return;
        }
    }

    job->rc = job->run(job, *conn);

    if (job->rc == SOCIAL_ERROR) {
        social_store_close(*conn);
        *conn = NULL;
    }
}


/* trouble and its end are each logged once, by whoever sees them first */

static void
ngx_http_social_job_report(ngx_http_social_job_t *job)
{
    ngx_atomic_t            *bad;
    ngx_http_social_desk_t  *desk;
    ngx_http_social_zone_t  *zone;

    zone = job->site->zone;
    desk = ngx_http_social_desk(job->site);
    bad = &zone->store_bad[job->writer];

    if (job->rc != SOCIAL_ERROR) {
        desk->away[job->writer] = 0;

        if (*bad && ngx_atomic_cmp_set(bad, 1, 0)) {
            ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
                          "social_site \"%V\": the store is back, %s goes on",
                          &job->site->name,
                          job->writer ? "writing" : "reading");
        }

        return;
    }

    (void) ngx_atomic_fetch_add(&zone->store_errors, 1);
    desk->away[job->writer] = ngx_current_msec + NGX_HTTP_SOCIAL_PAUSE;

    if (ngx_atomic_cmp_set(bad, 0, 1)) {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                      "social_site \"%V\": the store cannot be %s: %s: %s; "
                      "pages go on%s",
                      &job->site->name, job->writer ? "written" : "read",
                      job->error.op, job->error.message,
                      job->writer ? ", comments are refused with 503, "
                                    "counts are kept in memory" : "");
    }
}


static void
ngx_http_social_job_event(ngx_event_t *ev)
{
    ngx_http_social_job_t  *job;

    job = ev->data;

    ngx_http_social_busy[job->conn] = 0;
    ngx_http_social_job_report(job);

    job->done(job);

    ngx_http_social_jobs_start();
}


ngx_uint_t
ngx_http_social_store_away(ngx_http_social_site_t *site)
{
    ngx_http_social_desk_t  *desk;

    desk = ngx_http_social_desk(site);

    if (!site->zone->warm) {
        /* it is a writer that makes the store ready */
        return desk->away[1] || site->zone->store_bad[1];
    }

    return desk->away[0]
           && (ngx_msec_int_t) (desk->away[0] - ngx_current_msec) > 0;
}


/* writes */

ngx_http_social_post_t *
ngx_http_social_post_alloc(ngx_http_social_site_t *site, size_t size)
{
    ngx_http_social_post_t  *post;

    post = calloc(1, sizeof(ngx_http_social_post_t) + size);

    if (post) {
        post->site = site;
        post->write.now = ngx_time();
    }

    return post;
}


social_str_t
ngx_http_social_post_str(u_char **p, ngx_str_t *s)
{
    social_str_t  text;

    text.data = *p;
    text.len = s->len;
    *p = ngx_cpymem(*p, s->data, s->len);

    return text;
}


void
ngx_http_social_block(ngx_http_request_t *r)
{
    r->main->blocked++;
    r->aio = 1;

    if (ngx_http_social_held++ == 0) {
        ngx_add_timer(&ngx_http_social_hold, 1000);
    }
}


void
ngx_http_social_unblock(ngx_http_request_t *r)
{
    r->main->blocked--;
    r->aio = 0;

    if (--ngx_http_social_held == 0 && ngx_http_social_hold.timer_set) {
        ngx_del_timer(&ngx_http_social_hold);
    }
}


ngx_int_t
ngx_http_social_write(ngx_http_social_post_t *post)
{
    ngx_uint_t               n;
    ngx_http_social_post_t  *next;
    ngx_http_social_desk_t  *desk;

    desk = ngx_http_social_desk(post->site);
    n = 0;

    for (next = post; next; next = next->next) {
        n++;
    }

    if (n > NGX_HTTP_SOCIAL_BATCH
        || desk->nposts + n > NGX_HTTP_SOCIAL_QUEUE)
    {
        return NGX_BUSY;
    }

    /* only the head queues: a request's list is never torn apart */

    ngx_queue_insert_tail(&desk->posts, &post->link);
    desk->nposts += n;

    if (post->request) {
        ngx_http_social_block(post->request);
    }

    ngx_http_social_batch_start(desk);

    return NGX_OK;
}


static int
ngx_http_social_batch_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_batch_t  *batch = (ngx_http_social_batch_t *) job;

    return social_store_write(store, batch->writes, batch->n, &job->error);
}


/* answers one request; its list stands at posts[0..n-1] of the batch */

static void
ngx_http_social_post_answer(ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_uint_t           i;
    ngx_connection_t    *c;
    ngx_http_request_t  *r;

    r = posts[0]->request;

    if (r == NULL) {
        posts[0]->done(NULL, posts, n);

    } else {
        c = r->connection;

        ngx_http_social_unblock(r);
        ngx_http_set_log_request(c->log, r);

        posts[0]->done(r, posts, n);

        ngx_http_run_posted_requests(c);
    }

    for (i = 0; i < n; i++) {
        free(posts[i]);
    }
}


static void
ngx_http_social_batch_done(ngx_http_social_job_t *job)
{
    ngx_uint_t                i, n;
    ngx_http_social_desk_t   *desk;
    ngx_http_social_batch_t  *batch = (ngx_http_social_batch_t *) job;

    if (job->rc == SOCIAL_ERROR) {
        for (i = 0; i < batch->n; i++) {
            batch->writes[i]->status = SOCIAL_LOST;
        }
    }

    /* the next batch commits while this one is answered */

    desk = ngx_http_social_desk(job->site);
    desk->batching = 0;
    ngx_http_social_batch_start(desk);

    for (i = 0; i < batch->n; i += n) {
        for (n = 1; batch->posts[i + n - 1]->next; n++) { /* void */ }

        ngx_http_social_post_answer(&batch->posts[i], n);
    }

    free(batch);
}


static void
ngx_http_social_batch_start(ngx_http_social_desk_t *desk)
{
    ngx_uint_t                n;
    ngx_queue_t              *q;
    ngx_http_social_post_t   *post;
    ngx_http_social_batch_t  *batch;

    if (desk->batching || ngx_queue_empty(&desk->posts)) {
        return;
    }

    batch = ngx_http_social_job_alloc(desk->site,
                                      sizeof(ngx_http_social_batch_t),
                                      ngx_http_social_batch_run,
                                      ngx_http_social_batch_done);
    if (batch == NULL) {
        /* the hold timer's second comes round; posts wait for it */
        return;
    }

    while (!ngx_queue_empty(&desk->posts)) {
        q = ngx_queue_head(&desk->posts);
        post = ngx_queue_data(q, ngx_http_social_post_t, link);

        n = 0;
        for ( /* void */ ; post; post = post->next) {
            n++;
        }

        if (batch->n + n > NGX_HTTP_SOCIAL_BATCH) {
            break;
        }

        ngx_queue_remove(q);
        desk->nposts -= n;

        for (post = ngx_queue_data(q, ngx_http_social_post_t, link);
             post;
             post = post->next)
        {
            batch->posts[batch->n] = post;
            batch->writes[batch->n++] = &post->write;
        }
    }

    batch->job.writer = 1;
    desk->batching = 1;

    /* one batch a site at most waits, so the queue has room for it */

    ngx_queue_insert_tail(&ngx_http_social_waiting[1], &batch->job.link);
    ngx_http_social_nwaiting++;
    ngx_http_social_jobs_start();
}
