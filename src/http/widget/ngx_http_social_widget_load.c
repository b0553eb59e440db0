
/*
 * Loads a widget from the store.
 *
 * A load belongs to the cache's entry, not to a request: it goes on when the
 * requests that wait for it are gone.  After a comment the widget is loaded
 * before anybody asks for it, so that the next reader does not wait.
 *
 * Event loop, except ngx_http_social_widget_load_run().
 */

#include "ngx_http_social_widget_cache.h"
#include "ngx_http_social_widget_wait.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_WIDGET_PAUSE  10    /* msec without a comment */
#define NGX_HTTP_SOCIAL_WIDGET_AHEAD  4     /* loads in one turn: readers need
                                             * the threads, too */


typedef struct {
    ngx_http_social_job_t             job;      /* first: a job is cast to it */
    ngx_http_social_widget_entry_t   *entry;    /* not freed while it loads */
    social_render_article_t          *article;
    ngx_http_social_widget_version_t  version;
    social_out_t                      out;
    ngx_http_social_widget_render_t  *render;   /* NULL: no memory */
    int64_t                           total, change, likes, likes_changes;
    ngx_uint_t                        cut;      /* some were left out */
} ngx_http_social_widget_load_t;


static void ngx_http_social_widget_load_done(ngx_http_social_job_t *job);


static ngx_queue_t  ngx_http_social_widget_ahead_queue;     /* of entries */
static ngx_event_t  ngx_http_social_widget_ahead_timer;


/* pool thread */

static int
ngx_http_social_widget_load_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                             rc;
    int64_t                         changed;
    social_str_t                    key;
    social_comments_t               list;
    ngx_http_social_widget_load_t  *load;

    load = (ngx_http_social_widget_load_t *) job;

    key.data = (const unsigned char *) load->article->key;
    key.len = strlen(load->article->key);

    memset(&list, 0, sizeof(social_comments_t));

    if (social_store_thread(store, key, 1, SOCIAL_RENDER_COMMENTS,
                            job->site->page->order, &list, &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    load->total = list.total;
    load->change = list.change;
    load->likes = list.likes;
    load->likes_changes = list.likes_changes;
    load->article->reactions = list.likes;

    rc = social_render_widget(job->site->page, load->article, &list,
                              &load->out);
    load->cut = (rc == SOCIAL_DECLINED);

    /* here, not in the event loop: it reads all of the widget */
    if (rc != SOCIAL_ERROR) {
        social_out_trim(&load->out);
        changed = load->version.week * SOCIAL_WEEK;
        changed = ngx_max(changed, list.changed);
        load->render = ngx_http_social_widget_render(&load->out, changed, 0);
    }

    social_comments_free(&list);

    /* not SOCIAL_ERROR: the store works, the template does not */
    return rc == SOCIAL_ERROR ? SOCIAL_DECLINED : SOCIAL_OK;
}


ngx_int_t
ngx_http_social_widget_load(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_http_social_widget_entry_t *entry,
    ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_load_t  *load;

    if (entry->loading) {
        return NGX_OK;
    }

    load = ngx_http_social_job_alloc(
        site, sizeof(ngx_http_social_widget_load_t),
        ngx_http_social_widget_load_run, ngx_http_social_widget_load_done);
    if (load == NULL) {
        return NGX_ERROR;
    }

    load->job.load = 1;
    load->article = ngx_http_social_widget_article(site, key);
    load->entry = entry;
    load->version = *version;
    social_out_init(&load->out, SOCIAL_RENDER_MAX);

    if (load->article == NULL
        || ngx_http_social_job_post(&load->job) != NGX_OK)
    {
        free(load->article);
        free(load);
        return NGX_ERROR;
    }

    entry->loading = 1;

    ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social load: \"%V\" begins", key);

    return NGX_OK;
}


/*
 * Gives the loaded widget to the requests that wait for this revision or an
 * older one.  Requests that came after a later change wait for another load.
 * So a request gets what was there when it came, and a thread that changes
 * all the time cannot keep its readers waiting.
 */

static void
ngx_http_social_widget_load_serve(ngx_http_social_widget_load_t *load,
    ngx_http_social_widget_entry_t *entry)
{
    ngx_queue_t                    *q, *next, ready;
    ngx_http_social_widget_wait_t  *wait, *newer;

    newer = NULL;
    ngx_queue_init(&ready);

    for (q = ngx_queue_head(&entry->waiters);
         q != ngx_queue_sentinel(&entry->waiters);
         q = next)
    {
        next = ngx_queue_next(q);
        wait = ngx_queue_data(q, ngx_http_social_widget_wait_t, link);

        if (load->job.rc == SOCIAL_OK
            && (wait->version.revision > load->version.revision
                || wait->version.epoch > load->version.epoch))
        {
            newer = wait;
            continue;
        }

        if (load->job.rc == SOCIAL_OK && entry->render) {
            (void) ngx_http_social_widget_pin_render(wait->request, wait->rec,
                                                     entry->render);
        }

        ngx_queue_remove(q);
        ngx_queue_insert_tail(&ready, q);
    }

    if (newer) {
        (void) ngx_http_social_widget_load(load->job.site, &newer->key, entry,
                                           &newer->version);
    }

    /* resuming a request may free others: start at the head each time */

    while (!ngx_queue_empty(&ready)) {
        q = ngx_queue_head(&ready);
        wait = ngx_queue_data(q, ngx_http_social_widget_wait_t, link);

        ngx_http_social_widget_resume(wait);
    }
}


/* sets the zone's numbers of comments and likes to the store's */

static void
ngx_http_social_widget_load_count(ngx_http_social_widget_load_t *load)
{
    ngx_str_t                key;
    ngx_http_social_slot_t  *slot;

    key.data = (u_char *) load->article->key;
    key.len = ngx_strlen(key.data);
    slot = ngx_http_social_zone_slot_find(load->job.site, &key);

    /* a slot that is new: later changes have to raise its revision, too */

    if (slot && slot->revision == load->version.revision
        && !ngx_http_social_zone_comments_known(slot, 1))
    {
        ngx_http_social_zone_comments_set(slot, load->total, load->change);
    }
    if (slot) {
        ngx_http_social_zone_likes_set(slot, load->likes, load->likes_changes);
    }
}


static void
ngx_http_social_widget_load_done(ngx_http_social_job_t *job)
{
    ngx_http_social_widget_load_t   *load;
    ngx_http_social_widget_entry_t  *entry;

    load = (ngx_http_social_widget_load_t *) job;
    entry = load->entry;
    entry->timed_out = 0;

    ngx_log_debug3(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social load: \"%s\" %s, %L comments", load->article->key,
                   job->rc == SOCIAL_OK ? "done" : "failed", load->total);

    if (load->cut || job->rc == SOCIAL_DECLINED) {
        ngx_http_social_widget_cut(job->site, "the widget", load->article->key,
                                   load->cut || load->out.full);
    }

    if (job->rc == SOCIAL_OK) {
        if (load->render) {
            ngx_http_social_widget_entry_set(entry, load->render,
                                             &load->version);
        }

        ngx_http_social_widget_load_count(load);

    } else {
        social_out_free(&load->out);
    }

    entry->loading = 0;

    ngx_http_social_widget_load_serve(load, entry);

    free(load->article);
    free(load);
}


static void
ngx_http_social_widget_ahead_load(ngx_http_social_widget_entry_t *entry)
{
    ngx_str_t                          key;
    ngx_http_social_slot_t            *slot;
    ngx_http_social_widget_version_t   version;

    /* the entry's name is the number of the site and the key */

    key.data = (u_char *) ngx_strchr(entry->node.str.data, '/');
    key.len = entry->node.str.data + entry->node.str.len - key.data;
    slot = ngx_http_social_zone_slot_find(entry->site, &key);

    if (slot == NULL || ngx_http_social_job_store_away(entry->site)) {
        return;
    }

    ngx_http_social_widget_version(entry->site, slot, &version);

    if (!ngx_http_social_widget_entry_fresh(entry, &version)) {
        (void) ngx_http_social_widget_load(entry->site, &key, entry, &version);
    }
}


static void
ngx_http_social_widget_ahead_handler(ngx_event_t *ev)
{
    ngx_uint_t                       n;
    ngx_queue_t                     *q, *queue;
    ngx_http_social_widget_entry_t  *entry;

    queue = &ngx_http_social_widget_ahead_queue;

    for (n = 0; !ngx_queue_empty(queue); n++) {
        if (n == NGX_HTTP_SOCIAL_WIDGET_AHEAD) {
            ngx_add_timer(ev, NGX_HTTP_SOCIAL_WIDGET_PAUSE);
            return;
        }

        q = ngx_queue_head(queue);
        ngx_queue_remove(q);

        entry = ngx_queue_data(q, ngx_http_social_widget_entry_t, ahead);
        entry->queued = 0;

        ngx_http_social_widget_ahead_load(entry);
    }
}


/*
 * Waits until no comment has come to this worker for some milliseconds: the
 * browser that sent it has hardly followed the answer by then, and hundreds of
 * comments a second do not load hundreds of widgets.
 */

void
ngx_http_social_widget_ahead(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_event_t                     *timer;
    ngx_http_social_widget_entry_t  *entry;

    timer = &ngx_http_social_widget_ahead_timer;
    entry = ngx_http_social_widget_entry_find(site, key, 0);

    if (entry == NULL || entry->render == NULL) {
        return;
    }

    if (!entry->queued) {
        entry->queued = 1;
        entry->site = site;
        ngx_queue_insert_tail(&ngx_http_social_widget_ahead_queue,
                              &entry->ahead);
    }

    if (timer->timer_set) {
        ngx_del_timer(timer);
    }

    ngx_add_timer(timer, NGX_HTTP_SOCIAL_WIDGET_PAUSE);
}


void
ngx_http_social_widget_ahead_init(ngx_cycle_t *cycle)
{
    ngx_event_t  *timer;

    ngx_queue_init(&ngx_http_social_widget_ahead_queue);

    timer = &ngx_http_social_widget_ahead_timer;
    ngx_memzero(timer, sizeof(ngx_event_t));

    timer->handler = ngx_http_social_widget_ahead_handler;
    timer->data = timer;
    timer->log = cycle->log;
    timer->cancelable = 1;      /* a worker that shuts down needs no widgets */
}
