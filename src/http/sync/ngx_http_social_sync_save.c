
/*
 * Saves counters, so that each count reaches the store exactly once.
 *
 * Counters in the zone only grow.  A save copies their values, and the store
 * adds what exceeds its watermark of (zone's generation, slot's life): it does
 * no harm if two workers save the same counters, or if one dies at any point.
 * Titles and addresses that changed are saved along.
 *
 * All that has changed is saved in one transaction, up to bounds that are far
 * beyond what changes between two saves; beyond them, the rest is saved in
 * further ones, a job each.  Event loop, except save_run, which runs in a
 * thread.
 */

#include "ngx_http_social_sync_state.h"


static void
ngx_http_social_sync_save_free(ngx_http_social_sync_save_t *save)
{
    size_t  i;

    for (i = 0; i < save->nmetas; i++) {
        free(save->metas[i]);
    }

    ngx_http_social_sync_text_free(save);
    free(save->metas);
    free(save->saved);
    free(save->copied);
    free(save);
}


/* runs in a thread */

static int
ngx_http_social_sync_save_run(ngx_http_social_job_t *job,
    social_store_t *store)
{
    ngx_http_social_sync_save_t  *save = (ngx_http_social_sync_save_t *) job;

    if (save->nmetas
        && social_store_write(store, save->metas, save->nmetas, &job->error)
           != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    if (save->n
        && social_store_save(store, save->generation, save->now, save->saved,
                             save->n, &job->error)
           != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    job->wrote = (save->n != 0 || save->nmetas != 0);

    return SOCIAL_OK;
}


/* the store has what was copied */

static void
ngx_http_social_sync_save_confirm(ngx_http_social_sync_save_t *save)
{
    size_t                          i;
    ngx_http_social_slot_t         *slot;
    ngx_http_social_zone_t         *zone;
    ngx_http_social_sync_copied_t  *copied;

    zone = save->job.site->zone;

    for (i = 0; i < save->ncopied; i++) {
        copied = &save->copied[i];
        slot = ngx_http_social_zone_slot_at(zone, copied->slot);

        if (slot->life != copied->life) {
            continue;               /* it is another article's now */
        }

        if (copied->meta_hash) {
            slot->meta_saved = copied->meta_hash;
        }

        slot->changes_saved = copied->changes;

        if (copied->slot == 0) {
            zone->health_saved = save->health;
        }
    }

    zone->last_save = ngx_time();
}


static ngx_http_social_sync_save_t *
ngx_http_social_sync_save_make(ngx_http_social_site_t *site, ngx_uint_t from,
    ngx_http_social_job_done_pt done)
{
    ngx_http_social_sync_save_t  *save;

    save = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_sync_save_t),
                                     ngx_http_social_sync_save_run, done);
    if (save == NULL) {
        return NULL;
    }

    save->job.writer = 1;
    save->job.conn = NGX_HTTP_SOCIAL_JOB_WRITER;
    save->generation = site->zone->generation;
    save->health = ngx_http_social_sync_health_sum(site->zone);
    save->now = ngx_time();
    save->began = ngx_current_msec;
    save->at = from;

    return save;
}


static void
ngx_http_social_sync_save_late(ngx_http_social_job_t *job)
{
    ngx_http_social_sync_save_t  *save = (ngx_http_social_sync_save_t *) job;

    if (save->done) {
        save->done(save->data, NGX_ERROR);
        save->done = NULL;
    }
}


static ngx_int_t ngx_http_social_sync_save_begin(
    ngx_http_social_site_t *site, ngx_uint_t from,
    ngx_http_social_sync_saved_pt done, void *data, ngx_uint_t always);


static void
ngx_http_social_sync_save_done(ngx_http_social_job_t *job)
{
    void                           *data;
    ngx_int_t                       rc;
    ngx_uint_t                      next;
    ngx_http_social_sync_save_t    *save = (ngx_http_social_sync_save_t *) job;
    ngx_http_social_site_t         *site;
    ngx_http_social_sync_saved_pt   done;

    site = job->site;
    done = save->done;
    data = save->data;
    next = save->next;
    rc = (job->rc == SOCIAL_ERROR) ? NGX_ERROR : NGX_OK;

    if (rc == NGX_OK) {
        ngx_http_social_sync_save_confirm(save);

        if (!next) {
            site->zone->saved_at = save->began;
        }
    }

    ngx_log_debug6(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social save \"%V\": %s, %uz counters of %uz articles, "
                   "%uz descriptions%s", &site->name,
                   rc == NGX_OK ? "done" : "failed", save->n, save->ncopied,
                   save->nmetas, next ? ", more to come" : "");

    ngx_http_social_sync_save_free(save);

    if (rc == NGX_OK && next) {
        rc = ngx_http_social_sync_save_begin(site, next, done, data, 1);

        if (rc == NGX_OK) {
            return;
        }
    }

    if (done) {
        done(data, rc);
    }
}


static ngx_int_t
ngx_http_social_sync_save_post(ngx_http_social_sync_save_t *save)
{
    save->job.late = ngx_http_social_sync_save_late;

    if (ngx_http_social_job_post(&save->job) != NGX_OK) {
        ngx_http_social_sync_save_free(save);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* copies the next slice; after the last one, posts the job.  NGX_DONE: there is
 * nothing to save; then, and after NGX_ERROR, the save is freed */

static ngx_int_t
ngx_http_social_sync_save_slice(ngx_http_social_sync_save_t *save)
{
    ngx_int_t  rc;

    rc = ngx_http_social_sync_copy(save);

    if (rc == NGX_AGAIN) {
        ngx_post_event(&save->event, &ngx_posted_next_events);
        return NGX_OK;
    }

    if (rc == NGX_OK && save->ncopied == 0 && !save->always) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social save \"%V\": nothing to save",
                       &save->job.site->name);
        save->job.site->zone->saved_at = save->began;
        rc = NGX_DONE;
    }

    if (rc == NGX_OK) {
        return ngx_http_social_sync_save_post(save);
    }

    ngx_http_social_sync_save_free(save);

    return rc;
}


static void
ngx_http_social_sync_save_again(ngx_event_t *ev)
{
    void                           *data;
    ngx_int_t                       rc;
    ngx_http_social_sync_save_t    *save = ev->data;
    ngx_http_social_sync_saved_pt   done;

    done = save->done;
    data = save->data;
    rc = ngx_http_social_sync_save_slice(save);

    if (done && rc != NGX_OK) {
        done(data, rc == NGX_DONE ? NGX_OK : NGX_ERROR);
    }
}


static ngx_int_t
ngx_http_social_sync_save_begin(ngx_http_social_site_t *site, ngx_uint_t from,
    ngx_http_social_sync_saved_pt done, void *data, ngx_uint_t always)
{
    ngx_http_social_sync_save_t  *save;

    save = ngx_http_social_sync_save_make(site, from,
                                          ngx_http_social_sync_save_done);
    if (save == NULL) {
        return NGX_ERROR;
    }

    save->done = done;
    save->data = data;
    save->always = always;
    save->event.handler = ngx_http_social_sync_save_again;
    save->event.data = save;
    save->event.log = ngx_cycle->log;

    return ngx_http_social_sync_save_slice(save);
}


ngx_int_t
ngx_http_social_sync_save_now(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data)
{
    if (ngx_http_social_job_writer_away(site)) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social save \"%V\": skipped, the store is away",
                       &site->name);
        return NGX_ERROR;
    }

    return ngx_http_social_sync_save_begin(site, 0, done, data, 1);
}


ngx_int_t
ngx_http_social_sync_save_changes(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data)
{
    return ngx_http_social_sync_save_begin(site, 0, done, data, 0);
}


ngx_int_t
ngx_http_social_sync_save_last(ngx_http_social_site_t *site)
{
    int                           rc;
    ngx_int_t                     copied;
    ngx_uint_t                    next;
    ngx_http_social_sync_save_t  *save;

    social_store_leave();

    next = 0;

    do {
        save = ngx_http_social_sync_save_make(site, next, NULL);
        if (save == NULL) {
            return NGX_ERROR;
        }

        do {
            copied = ngx_http_social_sync_copy(save);
        } while (copied == NGX_AGAIN);

        if (copied != NGX_OK) {
            ngx_http_social_sync_save_free(save);
            return NGX_ERROR;
        }

        if (save->ncopied) {
            ngx_http_social_job_run(&save->job);
        }

        rc = save->job.rc;
        next = save->next;

        if (rc != SOCIAL_ERROR) {
            ngx_http_social_sync_save_confirm(save);
        }

        ngx_http_social_sync_save_free(save);

    } while (rc != SOCIAL_ERROR && next);

    return rc == SOCIAL_ERROR ? NGX_ERROR : NGX_OK;
}
