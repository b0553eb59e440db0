
/*
 * Group commit: writes of requests that arrive while a batch is being
 * committed form the next batch, so that they share one fsync().  The thread
 * that has committed a batch takes the next one at once, and commits it while
 * the event loop answers the requests of the one before.
 *
 * Owns the queue of posts of each site, which the event loop fills and its
 * thread empties.  Event loop only, except what says that it runs in a thread.
 */

#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


/* the group commit of a site in this worker */

typedef struct {
    ngx_http_social_site_t     *site;
    ngx_thread_task_t           task;           /* of all batches */
    ngx_thread_mutex_t          mutex;          /* of posts and nposts */
    ngx_queue_t                 posts;
    ngx_uint_t                  nposts;
    int64_t                     chain_until;    /* the thread's, while it has a
                                                 * batch */
    unsigned                    in_flight:1;    /* a thread has a batch, or
                                                 * will have it */
    ngx_event_t                 erase;          /* tries again to remove
                                                 * erased text */
} ngx_http_social_job_commit_t;


typedef struct {
    ngx_http_social_job_t       job;
    ngx_uint_t                  n;
    int                         unerased;       /* the thread's, until done */
    ngx_http_social_job_write_t     *posts[NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT];
    social_write_t             *writes[NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT];
} ngx_http_social_job_batch_t;


static ngx_http_social_job_t *ngx_http_social_job_batch_follow(
    ngx_http_social_job_t *job);
static ngx_int_t ngx_http_social_job_batch_start(
    ngx_http_social_job_commit_t *commit);
static void ngx_http_social_job_batch_erase(ngx_event_t *ev);


static ngx_http_social_job_commit_t  *ngx_http_social_job_commits;
static ngx_uint_t               ngx_http_social_job_ncommits;


ngx_int_t
ngx_http_social_job_batch_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                     i;
    ngx_http_social_site_t       **site;
    ngx_http_social_main_conf_t   *mcf;
    ngx_http_social_job_commit_t  *commit;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);

    site = mcf->sites.elts;
    ngx_http_social_job_ncommits = mcf->sites.nelts;
    ngx_http_social_job_commits =
        ngx_pcalloc(cycle->pool, (mcf->sites.nelts + 1)
                                 * sizeof(ngx_http_social_job_commit_t));
    if (ngx_http_social_job_commits == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {
        commit = &ngx_http_social_job_commits[i];

        commit->site = site[i];
        ngx_queue_init(&commit->posts);
        commit->erase.handler = ngx_http_social_job_batch_erase;
        commit->erase.data = commit;
        commit->erase.log = cycle->log;
        commit->erase.cancelable = 1;

        if (ngx_thread_mutex_create(&commit->mutex, cycle->log) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static void
ngx_http_social_job_commit_lock(ngx_http_social_job_commit_t *commit)
{
    (void) ngx_thread_mutex_lock(&commit->mutex, ngx_cycle->log);
}


static void
ngx_http_social_job_commit_unlock(ngx_http_social_job_commit_t *commit)
{
    (void) ngx_thread_mutex_unlock(&commit->mutex, ngx_cycle->log);
}


/* NGX_BUSY: the queue is full */

static ngx_int_t
ngx_http_social_job_commit_add(ngx_http_social_job_commit_t *commit,
    ngx_http_social_job_write_t *post, ngx_uint_t n)
{
    ngx_int_t  rc;

    rc = NGX_BUSY;

    ngx_http_social_job_commit_lock(commit);

    if (commit->nposts + n <= NGX_HTTP_SOCIAL_JOB_QUEUE) {
        ngx_queue_insert_tail(&commit->posts, &post->link);
        commit->nposts += n;
        rc = NGX_OK;
    }

    ngx_http_social_job_commit_unlock(commit);

    return rc;
}


ngx_int_t
ngx_http_social_job_write(ngx_http_social_job_write_t *post)
{
    ngx_uint_t                     n;
    ngx_http_social_job_commit_t  *commit;

    commit = &ngx_http_social_job_commits[post->site->index];
    n = ngx_http_social_job_write_count(post);

    post->since = ngx_current_msec;

    /* only the first post is queued: all writes of a request are committed in
     * the same transaction */

    if (n > NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT
        || ngx_http_social_job_writer_away(post->site)
        || ngx_http_social_job_commit_add(commit, post, n) != NGX_OK)
    {
        ngx_log_debug2(NGX_LOG_DEBUG_HTTP, post->request->connection->log, 0,
                       "social commit \"%V\": %ui writes refused, too many "
                       "are queued, or the store is away",
                       &post->site->name, n);
        return NGX_BUSY;
    }

    if (!commit->in_flight
        && ngx_http_social_job_batch_start(commit) != NGX_OK)
    {
        ngx_http_social_job_commit_lock(commit);
        ngx_queue_remove(&post->link);
        commit->nposts -= n;
        ngx_http_social_job_commit_unlock(commit);

        return NGX_BUSY;
    }

    ngx_http_social_job_block(post->request);

    return NGX_OK;
}


/* runs in a thread */

static int
ngx_http_social_job_batch_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                           rc;
    ngx_uint_t                    i;
    ngx_http_social_job_batch_t  *batch = (ngx_http_social_job_batch_t *) job;

    ngx_http_social_job_block_words(job->site->block, batch->posts, batch->n);

    rc = social_store_write(store, batch->writes, batch->n, &job->error);
    batch->unerased = social_store_unerased(store);

    for (i = 0; i < batch->n && rc == SOCIAL_OK; i++) {
        if (batch->writes[i]->status == SOCIAL_WROTE) {
            job->wrote = 1;
            break;
        }
    }

    return rc;
}


/* answers a request whose posts are posts[0..n-1] */

static void
ngx_http_social_job_write_answer(ngx_http_request_t *r,
    ngx_http_social_job_write_t **posts, ngx_uint_t n)
{
    ngx_connection_t  *c;

    c = r->connection;

    ngx_http_social_job_unblock(r);
    ngx_http_set_log_request(c->log, r);

    posts[0]->done(r, posts, n);

    ngx_http_run_posted_requests(c);
}


/* answers a request that its writes failed.  A thread may still be using its
 * posts, so `done` gets a copy */

static void
ngx_http_social_job_write_lost(ngx_http_social_job_write_t *post)
{
    ngx_uint_t                    i, n;
    ngx_http_request_t           *r;
    ngx_http_social_job_write_t   lost;
    ngx_http_social_job_write_t  *posts[NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT];

    n = ngx_http_social_job_write_count(post);

    ngx_memzero(&lost, sizeof(ngx_http_social_job_write_t));
    lost.site = post->site;
    lost.done = post->done;
    lost.write.status = SOCIAL_LOST;

    for (i = 0; i < n; i++) {
        posts[i] = &lost;
    }

    r = post->request;
    post->request = NULL;

    ngx_http_social_job_write_answer(r, posts, n);
}


/* takes the oldest post out of the queue if it has waited for at least `age`
 * msec; NULL: it has not, or there is none */

static ngx_http_social_job_write_t *
ngx_http_social_job_commit_oldest(ngx_http_social_job_commit_t *commit,
    ngx_msec_t age)
{
    ngx_http_social_job_write_t  *post;

    post = NULL;

    ngx_http_social_job_commit_lock(commit);

    if (!ngx_queue_empty(&commit->posts)) {
        post = ngx_queue_data(ngx_queue_head(&commit->posts),
                              ngx_http_social_job_write_t, link);

        if (ngx_current_msec - post->since >= age) {
            ngx_queue_remove(&post->link);
            commit->nposts -= ngx_http_social_job_write_count(post);

        } else {
            post = NULL;
        }
    }

    ngx_http_social_job_commit_unlock(commit);

    return post;
}


/* fails the posts that have waited for at least `age` msec */

static void
ngx_http_social_job_commit_lose(ngx_http_social_job_commit_t *commit,
    ngx_msec_t age)
{
    ngx_http_social_job_write_t  *post;

    while ((post = ngx_http_social_job_commit_oldest(commit, age)) != NULL) {

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, post->request->connection->log, 0,
                       "social commit \"%V\": a write failed in the queue",
                       &post->site->name);

        ngx_http_social_job_write_lost(post);
        ngx_http_social_job_write_free(post);
    }
}


void
ngx_http_social_job_batch_watch(void)
{
    ngx_uint_t  i;

    for (i = 0; i < ngx_http_social_job_ncommits; i++) {
        ngx_http_social_job_commit_lose(&ngx_http_social_job_commits[i],
                                        NGX_HTTP_SOCIAL_JOB_LATE);
    }
}


static void
ngx_http_social_job_batch_late(ngx_http_social_job_t *job)
{
    ngx_uint_t                    i, n;
    ngx_http_social_job_batch_t  *batch = (ngx_http_social_job_batch_t *) job;

    for (i = 0; i < batch->n; i += n) {
        n = ngx_http_social_job_write_count(batch->posts[i]);

        ngx_http_social_job_write_lost(batch->posts[i]);
    }
}


/* no batch is being committed: starts the next one before the requests of the
 * last are answered.  If the last failed, the posts in the queue fail, too */

static void
ngx_http_social_job_commit_go_on(ngx_http_social_job_commit_t *commit, int rc)
{
    commit->in_flight = 0;

    if (rc == SOCIAL_ERROR
        || ngx_http_social_job_batch_start(commit) != NGX_OK)
    {
        ngx_http_social_job_commit_lose(commit, 0);
    }
}


static void
ngx_http_social_job_batch_done(ngx_http_social_job_t *job)
{
    ngx_uint_t                     i, n;
    ngx_http_request_t            *r;
    ngx_http_social_job_commit_t  *commit;
    ngx_http_social_job_write_t   *post;
    ngx_http_social_job_batch_t   *batch = (ngx_http_social_job_batch_t *) job;

    if (job->rc == SOCIAL_ERROR) {
        for (i = 0; i < batch->n; i++) {
            batch->writes[i]->status = SOCIAL_LOST;
        }
    }

    commit = &ngx_http_social_job_commits[job->site->index];

    if ((batch->unerased || (job->rc == SOCIAL_ERROR && batch->n == 0))
        && !commit->erase.timer_set)
    {
        ngx_add_timer(&commit->erase, NGX_HTTP_SOCIAL_JOB_ERASE);
    }

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social commit \"%V\": batch of %ui writes is done, %s",
                   &commit->site->name, batch->n,
                   job->next ? "another follows" : "none follows");

    if (job->next == NULL) {
        ngx_http_social_job_commit_go_on(commit, job->rc);
    }

    for (i = 0; i < batch->n; i += n) {
        post = batch->posts[i];
        n = ngx_http_social_job_write_count(post);
        r = post->request;

        if (r) {
            ngx_http_social_job_write_answer(r, &batch->posts[i], n);
        }

        ngx_http_social_job_write_free(post);
    }

    free(batch);
}


static ngx_http_social_job_batch_t *
ngx_http_social_job_batch_alloc(ngx_http_social_job_commit_t *commit)
{
    ngx_http_social_job_batch_t  *batch;

    batch = ngx_http_social_job_alloc(commit->site,
                                      sizeof(ngx_http_social_job_batch_t),
                                      ngx_http_social_job_batch_run,
                                      ngx_http_social_job_batch_done);
    if (batch) {
        batch->job.task = &commit->task;
        batch->job.writer = 1;
        batch->job.late = ngx_http_social_job_batch_late;
        batch->job.follow = ngx_http_social_job_batch_follow;
    }

    return batch;
}


/* takes the oldest posts out of the queue; also in a thread */

static void
ngx_http_social_job_batch_take(ngx_http_social_job_batch_t *batch,
    ngx_http_social_job_commit_t *commit)
{
    ngx_uint_t                    n;
    ngx_queue_t                  *q;
    ngx_http_social_job_write_t  *post;

    ngx_http_social_job_commit_lock(commit);

    while (!ngx_queue_empty(&commit->posts)) {
        q = ngx_queue_head(&commit->posts);
        post = ngx_queue_data(q, ngx_http_social_job_write_t, link);
        n = ngx_http_social_job_write_count(post);

        if (batch->n + n > NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT) {
            break;
        }

        ngx_queue_remove(q);

        for ( /* void */ ; post; post = post->next) {
            batch->posts[batch->n] = post;
            batch->writes[batch->n++] = &post->write;
        }
    }

    commit->nposts -= batch->n;

    ngx_http_social_job_commit_unlock(commit);
}


/* puts them back at the head of the queue; no thread has a batch */

static void
ngx_http_social_job_batch_give_back(ngx_http_social_job_batch_t *batch,
    ngx_http_social_job_commit_t *commit)
{
    ngx_uint_t    i, n;
    ngx_queue_t  *q;

    q = &commit->posts;

    for (i = 0; i < batch->n; i += n) {
        n = ngx_http_social_job_write_count(batch->posts[i]);

        /* behind the one before it */
        ngx_queue_insert_head(q, &batch->posts[i]->link);
        q = &batch->posts[i]->link;
    }

    commit->nposts += batch->n;
}


/* runs in a thread: the next batch, unless there are no posts or somebody else
 * has to write, too.  At times the event loop starts the next one, so that
 * others can have the store's lock who are not known here: programs, and
 * workers of another master */

static ngx_http_social_job_t *
ngx_http_social_job_batch_follow(ngx_http_social_job_t *job)
{
    ngx_http_social_job_batch_t   *batch;
    ngx_http_social_job_commit_t  *commit;

    commit = &ngx_http_social_job_commits[job->site->index];

    if (ngx_http_social_job_now() >= commit->chain_until
        || !ngx_http_social_job_chain_alone(job->site))
    {
        return NULL;
    }

    batch = ngx_http_social_job_batch_alloc(commit);
    if (batch == NULL) {
        return NULL;
    }

    ngx_http_social_job_batch_take(batch, commit);

    if (batch->n == 0) {
        free(batch);
        return NULL;
    }

    return &batch->job;
}


/* NGX_ERROR: no memory, or too many jobs wait; the posts stay in the queue */

static ngx_int_t
ngx_http_social_job_batch_start(ngx_http_social_job_commit_t *commit)
{
    ngx_http_social_job_batch_t  *batch;

    if (commit->nposts == 0) {
        return NGX_OK;
    }

    batch = ngx_http_social_job_batch_alloc(commit);
    if (batch == NULL) {
        return NGX_ERROR;
    }

    ngx_http_social_job_batch_take(batch, commit);

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social commit \"%V\": batch of %ui writes, %ui queued",
                   &commit->site->name, batch->n, commit->nposts);

    /* batch is valid after it: `done` never runs within job_post() */

    commit->in_flight = 1;
    commit->chain_until = ngx_http_social_job_now()
                          + NGX_HTTP_SOCIAL_JOB_CHAIN;

    if (ngx_http_social_job_post(&batch->job) != NGX_OK) {
        commit->in_flight = 0;
        ngx_http_social_job_batch_give_back(batch, commit);
        free(batch);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Somebody read the store while erased or replaced text was to be removed from
 * its log: tries again each second until nobody does, with an empty batch.  A
 * batch with writes tries, too.
 */

static void
ngx_http_social_job_batch_erase(ngx_event_t *ev)
{
    ngx_http_social_job_batch_t   *batch;
    ngx_http_social_job_commit_t  *commit = ev->data;

    if (commit->in_flight) {
        ngx_add_timer(ev, NGX_HTTP_SOCIAL_JOB_ERASE);
        return;
    }

    batch = ngx_http_social_job_batch_alloc(commit);
    if (batch) {
        if (ngx_http_social_job_post(&batch->job) == NGX_OK) {
            commit->in_flight = 1;
            return;
        }
    }

    free(batch);
    ngx_add_timer(ev, NGX_HTTP_SOCIAL_JOB_ERASE);
}
