
/*
 * Which widget a page gets, and who loads it.
 *
 * Loads belong to the cache: a job that loads an entry goes on whatever
 * becomes of the requests that wait for it.  An article without comments is
 * rendered here and now; the store is not asked.
 */

#include "ngx_http_social_widget_cache.h"
#include "ngx_http_social_widget_wait.h"
#include "ngx_http_social_view.h"
#include "social_token.h"


typedef struct {
    ngx_http_social_job_t             job;      /* first: a job is cast to it */
    ngx_http_social_widget_entry_t   *entry;    /* not freed while it loads */
    social_render_article_t          *article;
    ngx_http_social_widget_version_t  version;
    social_out_t                      out;
    time_t                            changed;
    int64_t                           total;    /* comments, of the store */
} ngx_http_social_widget_load_t;


static void ngx_http_social_widget_load_done(ngx_http_social_job_t *job);


static ngx_int_t
ngx_http_social_widget_pin_render(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_render_t *render)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    render->refs++;
    cln->handler = ngx_http_social_widget_release;
    cln->data = render;

    rec->found.widget = &render->pub;
    rec->found.widget_final = rec->found.key_final;

    return NGX_OK;
}


/* must the store be asked? */

static ngx_uint_t
ngx_http_social_widget_has_thread(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot)
{
    if (site->page->comments == 0) {
        return 0;
    }

    if (slot && (slot->flags & NGX_HTTP_SOCIAL_THREAD)) {
        return 1;
    }

    return !site->zone->warm || (slot == NULL && site->zone->incomplete);
}


/*
 * The widget of an article if it may go out as it is; without a thread it is
 * rendered now.  NULL: it must be loaded.
 */

static ngx_http_social_widget_render_t *
ngx_http_social_widget_current(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_http_social_slot_t *slot, ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_entry_t   *entry;
    ngx_http_social_widget_render_t  *render;

    ngx_http_social_widget_version(site, slot, version);

    entry = ngx_http_social_widget_entry_find(site, key);

    if (entry && ngx_http_social_widget_entry_fresh(entry, version)) {
        return entry->render;
    }

    if (ngx_http_social_widget_has_thread(site, slot)) {
        return NULL;
    }

    render = ngx_http_social_widget_render_empty(site, key, 0);
    if (render == NULL) {
        return NULL;
    }

    entry = ngx_http_social_widget_entry_make(site, key);

    if (entry == NULL) {
        ngx_http_social_widget_release(render);
        return NULL;
    }

    ngx_http_social_widget_entry_set(entry, render, version);

    return render;
}


/* loading */

static int
ngx_http_social_widget_load_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    int                             rc;
    social_str_t                    key;
    social_comments_t               list;
    ngx_http_social_widget_load_t  *load;

    load = (ngx_http_social_widget_load_t *) job;

    key.data = (const unsigned char *) load->article->key;
    key.len = strlen(load->article->key);

    memset(&list, 0, sizeof(social_comments_t));

    if (social_store_thread(store, key, 1, SOCIAL_RENDER_COMMENTS, &list,
                            &job->error)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    load->changed = list.changed;
    load->total = list.total;

    rc = social_render_widget(job->site->page, load->article, &list,
                              &load->out);

    social_comments_free(&list);

    /* a template that cannot be rendered is no fault of the store */

    return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
}


static ngx_int_t
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

    return NGX_OK;
}


/*
 * Gives what was loaded to those who asked for this revision or an older
 * one.  Who came later, after another comment, waits for another load: so
 * everybody sees what was there when they came, and a busy thread cannot
 * keep its readers waiting.
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

    /* to resume one may end others: take the head until there is none */

    while (!ngx_queue_empty(&ready)) {
        q = ngx_queue_head(&ready);
        wait = ngx_queue_data(q, ngx_http_social_widget_wait_t, link);

        ngx_http_social_widget_resume(wait);
    }
}


/* the number of comments, as the store has it */

static void
ngx_http_social_widget_load_count(ngx_http_social_widget_load_t *load)
{
    ngx_str_t                key;
    ngx_http_social_slot_t  *slot;

    key.data = (u_char *) load->article->key;
    key.len = ngx_strlen(key.data);

    slot = ngx_http_social_zone_slot_find(load->job.site, &key);

    if (slot && slot->revision == load->version.revision) {
        slot->comments = load->total;
    }
}


static void
ngx_http_social_widget_load_done(ngx_http_social_job_t *job)
{
    time_t                            modified;
    ngx_http_social_widget_load_t    *load;
    ngx_http_social_widget_entry_t   *entry;
    ngx_http_social_widget_render_t  *render;

    load = (ngx_http_social_widget_load_t *) job;
    entry = load->entry;
    entry->timed_out = 0;

    if (job->rc == SOCIAL_OK) {
        modified = ngx_max(load->changed,
                           (time_t) (load->version.week * SOCIAL_WEEK));
        render = ngx_http_social_widget_render(&load->out, modified, 0);

        if (render) {
            ngx_http_social_widget_entry_set(entry, render, &load->version);
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


/* NGX_AGAIN: parked; NGX_DECLINED: there is nothing to wait for */

static ngx_int_t
ngx_http_social_widget_load_and_wait(ngx_http_request_t *r,
    ngx_http_social_rec_t *rec, ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_entry_t  *entry;

    if (rec->wait_over || ngx_http_social_job_store_away(rec->site)) {
        return NGX_DECLINED;
    }

    entry = ngx_http_social_widget_entry_make(rec->site, &rec->key);

    if (entry == NULL
        || (entry->loading && entry->timed_out)
        || ngx_http_social_widget_load(rec->site, &rec->key, entry, version)
           != NGX_OK
        || ngx_http_social_widget_wait(r, rec, entry, version) != NGX_AGAIN)
    {
        return NGX_DECLINED;
    }

    return NGX_AGAIN;
}


ngx_int_t
ngx_http_social_widget_prepare(ngx_http_request_t *r)
{
    ngx_http_social_rec_t             *rec;
    ngx_http_social_slot_t            *slot;
    ngx_http_social_widget_version_t   version;
    ngx_http_social_widget_render_t   *render;
    ngx_http_social_loc_conf_t        *lcf;

    lcf = ngx_http_get_module_loc_conf(r, ngx_social_module);

    if (lcf->inject == NULL
        || r != r->main
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))
    {
        return NGX_DECLINED;
    }

    rec = ngx_http_social_view_rec(r);

    if (rec == NULL || !ngx_http_social_view_is_article(r, rec)) {
        return NGX_DECLINED;
    }

    if (!rec->site->zone->warm && !rec->wait_over
        && !ngx_http_social_job_store_away(rec->site))
    {
        return ngx_http_social_widget_wait(r, rec, NULL, NULL) == NGX_AGAIN
               ? NGX_AGAIN : NGX_DECLINED;
    }

    if (rec->found.widget == NULL
        || rec->found.widget_final != rec->found.key_final)
    {

        slot = ngx_http_social_zone_slot_find(rec->site, &rec->key);

        if (slot == NULL && !ngx_http_social_widget_has_thread(rec->site, slot))
        {
            /* not known yet; it may be no article at all */
            return NGX_DECLINED;
        }

        render = ngx_http_social_widget_current(rec->site, &rec->key, slot,
                                                &version);

        if (render == NULL) {
            return ngx_http_social_widget_load_and_wait(r, rec, &version);
        }

        if (slot == NULL
            || ngx_http_social_widget_pin_render(r, rec, render) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* the key was not known in time to wait for it: the next page has it */

static void
ngx_http_social_widget_load_for_next(ngx_http_social_rec_t *rec,
    ngx_http_social_widget_version_t *version)
{
    ngx_http_social_widget_entry_t  *entry;

    if (!rec->site->zone->warm || ngx_http_social_job_store_away(rec->site)) {
        return;
    }

    entry = ngx_http_social_widget_entry_make(rec->site, &rec->key);

    if (entry) {
        (void) ngx_http_social_widget_load(rec->site, &rec->key, entry,
                                           version);
    }
}


ngx_http_social_widget_t *
ngx_http_social_widget_pin(ngx_http_request_t *r, ngx_http_social_rec_t *rec,
    ngx_uint_t via_link)
{
    ngx_int_t                          rc;
    ngx_http_social_slot_t            *slot;
    ngx_http_social_widget_version_t   version;
    ngx_http_social_widget_render_t   *render, *own;

    if (rec->found.widget == NULL
        || rec->found.widget_final != rec->found.key_final)
    {
        own = NULL;
        slot = ngx_http_social_zone_slot_find(rec->site, &rec->key);
        render = ngx_http_social_widget_current(rec->site, &rec->key, slot,
                                                &version);

        if (render == NULL) {
            ngx_http_social_widget_load_for_next(rec, &version);

            own = ngx_http_social_widget_render_empty(rec->site, &rec->key, 1);
            render = own;
        }

        if (render == NULL) {
            return NULL;
        }

        rc = ngx_http_social_widget_pin_render(r, rec, render);

        if (own) {
            ngx_http_social_widget_release(own);
        }

        if (rc != NGX_OK) {
            return NULL;
        }
    }

    if (via_link && !rec->found.widget->fallback) {
        return ngx_http_social_widget_with_via(r, rec->found.widget);
    }

    return rec->found.widget;
}
