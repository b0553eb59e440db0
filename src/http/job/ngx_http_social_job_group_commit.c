
/*
 * Group commit: writes of requests that arrive while a batch is being
 * committed form the next batch, so that they share one fsync().  A batch
 * starts when the one before it is done, and commits while the requests of
 * that one are answered.
 *
 * Owns the queue of posts of each site.  Event loop only, except batch_run,
 * which runs in a thread.
 */

#include "ngx_http_social_job.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_JOB_BLOCK   20      /* msec to search a comment */
#define NGX_HTTP_SOCIAL_JOB_BLOCKS  500     /* msec for all of a batch */


/* the group commit of a site in this worker */

typedef struct {
    ngx_http_social_site_t     *site;
    ngx_queue_t                 posts;
    ngx_uint_t                  nposts;
    unsigned                    in_flight:1;    /* a batch was posted */
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
        ngx_http_social_job_commits[i].site = site[i];
        ngx_queue_init(&ngx_http_social_job_commits[i].posts);
        ngx_http_social_job_commits[i].erase.handler =
            ngx_http_social_job_batch_erase;
        ngx_http_social_job_commits[i].erase.data =
            &ngx_http_social_job_commits[i];
        ngx_http_social_job_commits[i].erase.log = cycle->log;
        ngx_http_social_job_commits[i].erase.cancelable = 1;
    }

    return NGX_OK;
}


ngx_http_social_job_write_t *
ngx_http_social_job_write_alloc(ngx_http_social_site_t *site, size_t size)
{
    ngx_http_social_job_write_t  *post;

    post = calloc(1, sizeof(ngx_http_social_job_write_t) + size);

    if (post) {
        post->site = site;
        post->write.now = ngx_time();
        post->write.notify = (site->notify != NULL);
    }

    return post;
}


social_str_t
ngx_http_social_job_write_str(u_char **p, ngx_str_t *s)
{
    social_str_t  text;

    text.data = *p;
    text.len = s->len;

    if (s->len) {                   /* else data may be NULL */
        *p = ngx_cpymem(*p, s->data, s->len);
    }

    return text;
}


static ngx_uint_t
ngx_http_social_job_write_count(ngx_http_social_job_write_t *post)
{
    ngx_uint_t  n;

    for (n = 0; post; post = post->next) {
        n++;
    }

    return n;
}


ngx_int_t
ngx_http_social_job_write(ngx_http_social_job_write_t *post)
{
    ngx_uint_t                     n;
    ngx_http_social_job_commit_t  *commit;

    commit = &ngx_http_social_job_commits[post->site->index];
    n = ngx_http_social_job_write_count(post);

    if (n > NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT
        || commit->nposts + n > NGX_HTTP_SOCIAL_JOB_QUEUE
        || ngx_http_social_job_writer_away(post->site))
    {
        ngx_log_debug3(NGX_LOG_DEBUG_HTTP, post->request->connection->log, 0,
                       "social commit \"%V\": %ui writes refused, %ui are "
                       "queued, or the store is away",
                       &post->site->name, n, commit->nposts);
        return NGX_BUSY;
    }

    /* only the first post is queued: all writes of a request are committed in
     * the same transaction */

    post->since = ngx_current_msec;
    ngx_queue_insert_tail(&commit->posts, &post->link);
    commit->nposts += n;

    if (!commit->in_flight
        && ngx_http_social_job_batch_start(commit) != NGX_OK)
    {
        ngx_queue_remove(&post->link);
        commit->nposts -= n;
        return NGX_BUSY;
    }

    ngx_http_social_job_block(post->request);

    return NGX_OK;
}


static int64_t
ngx_http_social_job_now(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (int64_t) ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}


static int
ngx_http_social_job_block_late(void *data)
{
    return ngx_http_social_job_now() >= *(int64_t *) data;
}


/* runs in a thread: holds the comments that match `block`.  What takes too
 * long is held without an answer, so that hostile texts cannot delay the
 * others of the batch for long */

static void
ngx_http_social_job_batch_block(ngx_http_social_job_batch_t *batch)
{
    int64_t          end, last;
    ngx_uint_t       i;
    social_str_t     texts[3];
    social_block_t  *block;
    social_write_t  *write;

    static const social_str_t  reason = social_string("blocked words");

    block = batch->job.site->block;
    last = 0;

    for (i = 0; block && i < batch->n; i++) {

        if (!batch->posts[i]->unread) {
            continue;
        }

        write = batch->writes[i];
        texts[0] = write->text;
        texts[1] = write->name;
        texts[2] = write->website;

        end = ngx_http_social_job_now() + NGX_HTTP_SOCIAL_JOB_BLOCK;
        last = last ? last : end - NGX_HTTP_SOCIAL_JOB_BLOCK
                             + NGX_HTTP_SOCIAL_JOB_BLOCKS;
        end = ngx_min(end, last);

        if (social_block_match(block, texts, social_nelts(texts),
                               ngx_http_social_job_block_late, &end))
        {
            write->state = SOCIAL_HELD;
            write->reason = reason;
            write->all = 0;
        }
    }
}


/* runs in a thread */

static int
ngx_http_social_job_batch_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                           rc;
    ngx_uint_t                    i;
    ngx_http_social_job_batch_t  *batch = (ngx_http_social_job_batch_t *) job;

    ngx_http_social_job_batch_block(batch);

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


static void
ngx_http_social_job_write_free(ngx_http_social_job_write_t *post)
{
    ngx_http_social_job_write_t  *next;

    for ( /* void */ ; post; post = next) {
        next = post->next;
        free(post);
    }
}


/* fails the posts that have waited for at least `age` msec */

static void
ngx_http_social_job_commit_lose(ngx_http_social_job_commit_t *commit,
    ngx_msec_t age)
{
    ngx_queue_t                  *q;
    ngx_http_social_job_write_t  *post;

    while (!ngx_queue_empty(&commit->posts)) {
        q = ngx_queue_head(&commit->posts);
        post = ngx_queue_data(q, ngx_http_social_job_write_t, link);

        if (ngx_current_msec - post->since < age) {
            break;
        }

        ngx_queue_remove(q);
        commit->nposts -= ngx_http_social_job_write_count(post);

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

    /* start the next batch before the requests of this one are answered.  If
     * this one failed, the posts in the queue fail at once */

    commit = &ngx_http_social_job_commits[job->site->index];
    commit->in_flight = 0;

    if ((batch->unerased || (job->rc == SOCIAL_ERROR && batch->n == 0))
        && !commit->erase.timer_set)
    {
        ngx_add_timer(&commit->erase, NGX_HTTP_SOCIAL_JOB_ERASE);
    }

    if (job->rc == SOCIAL_ERROR
        || ngx_http_social_job_batch_start(commit) != NGX_OK)
    {
        ngx_http_social_job_commit_lose(commit, 0);
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


/* NGX_ERROR: no memory, or too many jobs wait; the posts stay in the queue */

static ngx_int_t
ngx_http_social_job_batch_start(ngx_http_social_job_commit_t *commit)
{
    ngx_uint_t                    n;
    ngx_queue_t                  *q, *taken;
    ngx_http_social_job_write_t  *post;
    ngx_http_social_job_batch_t  *batch;

    if (ngx_queue_empty(&commit->posts)) {
        return NGX_OK;
    }

    batch = ngx_http_social_job_alloc(commit->site,
                                      sizeof(ngx_http_social_job_batch_t),
                                      ngx_http_social_job_batch_run,
                                      ngx_http_social_job_batch_done);
    if (batch == NULL) {
        return NGX_ERROR;
    }

    for (q = ngx_queue_head(&commit->posts);
         q != ngx_queue_sentinel(&commit->posts);
         q = ngx_queue_next(q))
    {
        post = ngx_queue_data(q, ngx_http_social_job_write_t, link);
        n = ngx_http_social_job_write_count(post);

        if (batch->n + n > NGX_HTTP_SOCIAL_JOB_GROUP_COMMIT) {
            break;
        }

        for ( /* void */ ; post; post = post->next) {
            batch->posts[batch->n] = post;
            batch->writes[batch->n++] = &post->write;
        }
    }

    batch->job.writer = 1;
    batch->job.late = ngx_http_social_job_batch_late;

    if (ngx_http_social_job_post(&batch->job) != NGX_OK) {
        free(batch);
        return NGX_ERROR;
    }

    /* batch is still valid: `done` never runs within job_post() */

    commit->in_flight = 1;
    commit->nposts -= batch->n;

    while (ngx_queue_head(&commit->posts) != q) {
        taken = ngx_queue_head(&commit->posts);
        ngx_queue_remove(taken);
    }

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social commit \"%V\": batch of %ui writes, %ui queued",
                   &commit->site->name, batch->n, commit->nposts);

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
        return;
    }

    batch = ngx_http_social_job_alloc(commit->site,
                                      sizeof(ngx_http_social_job_batch_t),
                                      ngx_http_social_job_batch_run,
                                      ngx_http_social_job_batch_done);
    if (batch) {
        batch->job.writer = 1;
        batch->job.late = ngx_http_social_job_batch_late;

        if (ngx_http_social_job_post(&batch->job) == NGX_OK) {
            commit->in_flight = 1;
            return;
        }
    }

    free(batch);
    ngx_add_timer(ev, NGX_HTTP_SOCIAL_JOB_ERASE);
}
