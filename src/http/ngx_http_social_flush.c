
/*
 * Saving what is counted, exactly once.
 *
 * Counters in the zone only grow.  A save copies them, and the store adds
 * what they grew by beyond the watermark of (generation, life of the slot):
 * saving twice, at once with another worker, or dying at any point changes
 * nothing.  So nobody needs to own this: a lease only keeps workers from
 * doing the same work every time.
 *
 * At start the same timer learns from the store which articles have threads.
 */

#include "ngx_http_social_flush.h"
#include "ngx_http_social_view.h"
#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_SAVE  4096      /* counters in one transaction */
#define NGX_HTTP_SOCIAL_WARM  1000      /* keys taken in without a pause */


typedef struct {
    ngx_uint_t                  slot;
    uint64_t                    life;
    ngx_atomic_uint_t           changes;
} ngx_http_social_copied_t;


typedef struct {
    ngx_http_social_job_t       job;
    uint64_t                    generation;
    time_t                      now;
    social_saved_t             *saved;
    size_t                      n, alloc;
    ngx_http_social_copied_t   *copied;
    size_t                      ncopied;
    unsigned                    more:1;     /* there was more than room */
    ngx_http_social_flushed_pt  done;
    void                       *data;
} ngx_http_social_save_t;


typedef struct {
    u_char                      key[SOCIAL_KEY_MAX];
    uint16_t                    len;
    int64_t                     comments;
} ngx_http_social_warm_key_t;


typedef struct {
    ngx_http_social_job_t       job;
    u_char                      secret[32];
    ngx_http_social_warm_key_t *keys;
    size_t                      n, alloc, at;
    unsigned                    failed:1;
    ngx_event_t                 again;
} ngx_http_social_warm_t;


typedef struct {
    ngx_event_t                 timer;
    ngx_http_social_site_t     *site;
    unsigned                    saving:1;
} ngx_http_social_flusher_t;


static ngx_http_social_flusher_t  *ngx_http_social_flushers;
static ngx_uint_t                  ngx_http_social_nflushers;


/* copying: event loop, no allocation but the job's own */

static ngx_int_t
ngx_http_social_save_add(ngx_http_social_save_t *save,
    ngx_http_social_slot_t *slot, social_count_e kind, const char *label,
    uint64_t value)
{
    size_t           n;
    social_saved_t  *saved;

    if (save->n == save->alloc) {
        n = save->alloc ? save->alloc * 2 : 64;
        saved = realloc(save->saved, n * sizeof(social_saved_t));
        if (saved == NULL) {
            return NGX_ERROR;
        }

        save->saved = saved;
        save->alloc = n;
    }

    saved = &save->saved[save->n++];

    (void) ngx_http_social_slot_key(save->job.site->zone, slot,
                                    (u_char *) saved->key);
    saved->life = slot->life;
    saved->kind = kind;
    saved->value = value;
    (void) ngx_cpystrn((u_char *) saved->label, (u_char *) label,
                       SOCIAL_LABEL_MAX);

    return NGX_OK;
}


/* a goal's name from its number; NULL: not configured any more */

static const char *
ngx_http_social_goal_label(ngx_http_social_site_t *site, uint32_t label,
    u_char *buf)
{
    ngx_uint_t               i;
    ngx_http_social_goal_t  *goal;

    if (site->goals == NULL) {
        return NULL;
    }

    goal = site->goals->elts;

    for (i = 0; i < site->goals->nelts; i++) {
        if (ngx_crc32_long(goal[i].name.data, goal[i].name.len) == label) {
            (void) ngx_cpystrn(buf, goal[i].name.data,
                               ngx_min(goal[i].name.len + 1,
                                       SOCIAL_LABEL_MAX));
            return (const char *) buf;
        }
    }

    return NULL;
}


typedef struct {
    ngx_http_social_save_t  *save;
    ngx_http_social_slot_t  *slot;
    ngx_int_t                rc;
} ngx_http_social_cell_ctx_t;


static void
ngx_http_social_save_cell(void *data, social_count_e kind, uint32_t label,
    uint64_t value)
{
    u_char                       buf[SOCIAL_LABEL_MAX];
    const char                  *name;
    const social_network_t      *network;
    ngx_http_social_cell_ctx_t  *ctx = data;

    switch (kind) {

    case SOCIAL_COUNT_SHARE:
    case SOCIAL_COUNT_SHARE_VISIT:
    case SOCIAL_COUNT_FETCH:
        network = social_network_by_number(label);
        name = network ? network->id : NULL;
        break;

    case SOCIAL_COUNT_SOURCE:
        name = ngx_http_social_source_id(label);
        break;

    case SOCIAL_COUNT_GOAL:
        name = ngx_http_social_goal_label(ctx->save->job.site, label, buf);
        break;

    default:
        name = NULL;
    }

    if (name
        && ngx_http_social_save_add(ctx->save, ctx->slot, kind, name, value)
           != NGX_OK)
    {
        ctx->rc = NGX_ERROR;
    }
}


static ngx_int_t
ngx_http_social_save_slot(ngx_http_social_save_t *save,
    ngx_http_social_slot_t *slot)
{
    uint64_t                     value;
    ngx_uint_t                   kind;
    ngx_http_social_zone_t      *zone;
    ngx_http_social_cell_ctx_t   ctx;

    zone = save->job.site->zone;

    for (kind = 1; kind < SOCIAL_COUNT_PLAIN; kind++) {
        value = (kind == SOCIAL_COUNT_READERS)
                ? ngx_http_social_readers(zone, slot) : slot->plain[kind];

        if (value
            && ngx_http_social_save_add(save, slot, kind, "", value)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ctx.save = save;
    ctx.slot = slot;
    ctx.rc = NGX_OK;

    ngx_http_social_cells(zone, slot, ngx_http_social_save_cell, &ctx);

    return ctx.rc;
}


/* copies every slot that changed since it was last saved */

static ngx_int_t
ngx_http_social_save_copy(ngx_http_social_save_t *save)
{
    ngx_uint_t                 i;
    ngx_http_social_slot_t    *slot;
    ngx_http_social_zone_t    *zone;
    ngx_http_social_copied_t  *copied;

    zone = save->job.site->zone;

    save->copied = malloc((NGX_HTTP_SOCIAL_SAVE + 1)
                          * sizeof(ngx_http_social_copied_t));
    if (save->copied == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < ngx_min(zone->next_slot, zone->nslots); i++) {
        slot = ngx_http_social_slot_at(zone, i);

        if (slot->changes == slot->saved
            || slot->state == NGX_HTTP_SOCIAL_SLOT_FREE)
        {
            continue;
        }

        if (save->n >= NGX_HTTP_SOCIAL_SAVE
            || save->ncopied >= NGX_HTTP_SOCIAL_SAVE)
        {
            save->more = 1;
            break;
        }

        copied = &save->copied[save->ncopied++];
        copied->slot = i;
        copied->life = slot->life;
        copied->changes = slot->changes;

        ngx_memory_barrier();

        if (ngx_http_social_save_slot(save, slot) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static int
ngx_http_social_save_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_save_t  *save = (ngx_http_social_save_t *) job;

    if (save->n == 0) {
        return SOCIAL_OK;
    }

    return social_store_save(store, save->generation, save->now, save->saved,
                             save->n, &job->error);
}


static void
ngx_http_social_save_mark(ngx_http_social_save_t *save)
{
    size_t                     i;
    ngx_http_social_slot_t    *slot;
    ngx_http_social_zone_t    *zone;
    ngx_http_social_copied_t  *copied;

    zone = save->job.site->zone;

    for (i = 0; i < save->ncopied; i++) {
        copied = &save->copied[i];
        slot = ngx_http_social_slot_at(zone, copied->slot);

        if (slot->life == copied->life) {
            slot->saved = copied->changes;
        }
    }

    zone->last_save = ngx_time();
}


static void
ngx_http_social_save_free(ngx_http_social_save_t *save)
{
    free(save->saved);
    free(save->copied);
    free(save);
}


static void
ngx_http_social_save_done(ngx_http_social_job_t *job)
{
    void                        *data;
    ngx_int_t                    rc;
    ngx_uint_t                   more;
    ngx_http_social_save_t      *save = (ngx_http_social_save_t *) job;
    ngx_http_social_site_t      *site;
    ngx_http_social_flushed_pt   done;

    site = job->site;
    done = save->done;
    data = save->data;
    more = save->more;
    rc = (job->rc == SOCIAL_ERROR) ? NGX_ERROR : NGX_OK;

    if (rc == NGX_OK) {
        ngx_http_social_save_mark(save);
    }

    ngx_http_social_save_free(save);

    if (rc == NGX_OK && more
        && ngx_http_social_flush_now(site, done, data) == NGX_OK)
    {
        return;
    }

    if (done) {
        done(data, rc);
    }
}


ngx_int_t
ngx_http_social_flush_now(ngx_http_social_site_t *site,
    ngx_http_social_flushed_pt done, void *data)
{
    ngx_http_social_save_t  *save;

    save = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_save_t),
                                     ngx_http_social_save_run,
                                     ngx_http_social_save_done);
    if (save == NULL) {
        return NGX_ERROR;
    }

    save->job.writer = 1;
    save->generation = site->zone->generation;
    save->now = ngx_time();
    save->done = done;
    save->data = data;

    if (ngx_http_social_save_copy(save) != NGX_OK
        || ngx_http_social_job_post(&save->job) != NGX_OK)
    {
        ngx_http_social_save_free(save);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* what a page says of itself: a write that nobody waits for */

static void
ngx_http_social_described(ngx_http_request_t *r,
    ngx_http_social_post_t **posts, ngx_uint_t n)
{
    ngx_str_t                key;
    ngx_http_social_slot_t  *slot;

    if (posts[0]->write.status != SOCIAL_LOST) {
        return;
    }

    /* forget that it is known: the next view tries again */

    key.len = posts[0]->write.key.len;
    key.data = (u_char *) posts[0]->write.key.data;

    slot = ngx_http_social_slot_find(posts[0]->site, &key);
    if (slot) {
        slot->meta_hash = 0;
    }
}


void
ngx_http_social_describe(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_str_t *title, ngx_str_t *url, time_t published)
{
    u_char                  *p;
    ngx_http_social_post_t  *post;

    post = ngx_http_social_post_alloc(site,
                                      key->len + title->len + url->len);
    if (post == NULL) {
        return;
    }

    p = (u_char *) post + sizeof(ngx_http_social_post_t);

    post->done = ngx_http_social_described;
    post->write.type = SOCIAL_WRITE_ARTICLE;
    post->write.known = 1;
    post->write.key = ngx_http_social_post_str(&p, key);
    post->write.title = ngx_http_social_post_str(&p, title);
    post->write.url = ngx_http_social_post_str(&p, url);
    post->write.published = published;

    if (ngx_http_social_write(post) != NGX_OK) {
        free(post);
    }
}


/* warming: the secret, and which articles have threads */

static void
ngx_http_social_warm_key(void *data, social_str_t key, int64_t comments)
{
    size_t                       n;
    ngx_http_social_warm_t      *warm = data;
    ngx_http_social_warm_key_t  *keys;

    if (key.len == 0 || key.len > SOCIAL_KEY_MAX) {
        return;
    }

    if (warm->n == warm->alloc) {
        n = warm->alloc ? warm->alloc * 2 : 256;
        keys = realloc(warm->keys, n * sizeof(ngx_http_social_warm_key_t));
        if (keys == NULL) {
            warm->failed = 1;
            return;
        }

        warm->keys = keys;
        warm->alloc = n;
    }

    memcpy(warm->keys[warm->n].key, key.data, key.len);
    warm->keys[warm->n].len = key.len;
    warm->keys[warm->n++].comments = comments;
}


static int
ngx_http_social_warm_run(ngx_http_social_job_t *job, social_store_t *store)
{
    ngx_http_social_warm_t  *warm = (ngx_http_social_warm_t *) job;

    if (social_store_secret(store, warm->secret, &job->error) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    return social_store_keys(store, ngx_http_social_warm_key, warm,
                             &job->error);
}


/* takes keys in, a thousand at a time, so that pages go on meanwhile */

static void
ngx_http_social_warm_take(ngx_event_t *ev)
{
    size_t                       end;
    ngx_str_t                    key;
    ngx_http_social_slot_t      *slot;
    ngx_http_social_zone_t      *zone;
    ngx_http_social_warm_t      *warm = ev->data;
    ngx_http_social_warm_key_t  *k;

    zone = warm->job.site->zone;
    end = ngx_min(warm->at + NGX_HTTP_SOCIAL_WARM, warm->n);

    for ( /* void */ ; warm->at < end; warm->at++) {
        k = &warm->keys[warm->at];
        key.data = k->key;
        key.len = k->len;

        slot = ngx_http_social_slot_make(warm->job.site, &key);

        if (slot == NULL) {
            zone->incomplete = 1;
            continue;
        }

        slot->comments = k->comments;
        ngx_memory_barrier();
        slot->flags |= NGX_HTTP_SOCIAL_THREAD;
    }

    if (warm->at < warm->n) {
        ngx_add_timer(ev, 1);
        return;
    }

    zone->incomplete |= warm->failed;
    zone->warm = 1;

    free(warm->keys);
    free(warm);
}


static void
ngx_http_social_warm_done(ngx_http_social_job_t *job)
{
    ngx_http_social_warm_t  *warm = (ngx_http_social_warm_t *) job;
    ngx_http_social_zone_t  *zone;

    zone = job->site->zone;

    if (job->rc != SOCIAL_OK) {
        zone->warming = 0;
        free(warm->keys);
        free(warm);
        return;
    }

    if (!zone->secret_known) {
        ngx_memcpy(zone->secret, warm->secret, sizeof(zone->secret));
        ngx_memory_barrier();
        zone->secret_known = 1;
        zone->epoch++;
    }

    warm->again.handler = ngx_http_social_warm_take;
    warm->again.data = warm;
    warm->again.log = ngx_cycle->log;

    ngx_http_social_warm_take(&warm->again);
}


static void
ngx_http_social_warm(ngx_http_social_site_t *site)
{
    ngx_atomic_uint_t        was;
    ngx_http_social_warm_t  *warm;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    was = zone->warming;

    /* one worker at a time; it has ten seconds, then another may */

    if (was && ngx_time() - (time_t) was < 10) {
        return;
    }

    if (!ngx_atomic_cmp_set(&zone->warming, was, ngx_time())) {
        return;
    }

    warm = ngx_http_social_job_alloc(site, sizeof(ngx_http_social_warm_t),
                                     ngx_http_social_warm_run,
                                     ngx_http_social_warm_done);
    if (warm == NULL) {
        zone->warming = 0;
        return;
    }

    warm->job.writer = 1;

    if (ngx_http_social_job_post(&warm->job) != NGX_OK) {
        zone->warming = 0;
        free(warm);
    }
}


static void
ngx_http_social_flush_flushed(void *data, ngx_int_t rc)
{
    ngx_http_social_flusher_t  *flusher = data;

    flusher->saving = 0;

    if (rc == NGX_OK) {
        ngx_http_social_zone_evict(flusher->site);
    }
}


static void
ngx_http_social_flush_timer(ngx_event_t *ev)
{
    ngx_msec_t                  now, due;
    ngx_http_social_site_t     *site;
    ngx_http_social_zone_t     *zone;
    ngx_http_social_flusher_t  *flusher = ev->data;

    site = flusher->site;
    zone = site->zone;

    if (ngx_exiting) {
        return;
    }

    ngx_add_timer(ev, zone->warm ? site->flush : ngx_min(site->flush, 500));

    if (!zone->warm) {
        ngx_http_social_warm(site);
    }

    ngx_http_social_today(site);

    /* the lease: whoever moves it on saves.  Wall clock in msec, since the
     * workers of two masters may share nothing else */

    now = (ngx_msec_t) ngx_time() * 1000 + ngx_cached_time->msec;
    due = zone->lease;

    if (flusher->saving
        || (due > now && due - now <= 2 * site->flush)
        || !ngx_atomic_cmp_set(&zone->lease, due,
                               now + site->flush - site->flush / 8))
    {
        return;
    }

    flusher->saving = 1;

    if (ngx_http_social_flush_now(site, ngx_http_social_flush_flushed,
                                  flusher)
        != NGX_OK)
    {
        flusher->saving = 0;
    }
}


ngx_int_t
ngx_http_social_flush_worker(ngx_cycle_t *cycle)
{
    ngx_uint_t                     i;
    ngx_http_social_site_t       **site;
    ngx_http_social_flusher_t     *flusher;
    ngx_http_social_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(cycle, ngx_social_module);
    site = mcf->sites.elts;

    ngx_http_social_nflushers = mcf->sites.nelts;
    ngx_http_social_flushers = ngx_pcalloc(cycle->pool,
                                           (mcf->sites.nelts + 1)
                                           * sizeof(*flusher));
    if (ngx_http_social_flushers == NULL) {
        return NGX_ERROR;
    }

    for (i = 0; i < mcf->sites.nelts; i++) {
        flusher = &ngx_http_social_flushers[i];
        flusher->site = site[i];
        flusher->timer.handler = ngx_http_social_flush_timer;
        flusher->timer.data = flusher;
        flusher->timer.log = cycle->log;
        flusher->timer.cancelable = 1;

        ngx_add_timer(&flusher->timer, 1);
    }

    return NGX_OK;
}


/* the pool is gone by now: here, and only here, the event loop waits */

void
ngx_http_social_flush_exit(ngx_cycle_t *cycle)
{
    ngx_uint_t               i;
    social_store_t          *store;
    ngx_http_social_site_t  *site;
    ngx_http_social_save_t  *save;

    for (i = 0; i < ngx_http_social_nflushers; i++) {
        site = ngx_http_social_flushers[i].site;

        do {
            save = ngx_http_social_job_alloc(site, sizeof(*save), NULL, NULL);
            if (save == NULL) {
                return;
            }

            save->generation = site->zone->generation;
            save->now = ngx_time();

            if (ngx_http_social_save_copy(save) != NGX_OK || save->n == 0) {
                ngx_http_social_save_free(save);
                break;
            }

            store = ngx_http_social_exit_store(site);

            if (store == NULL
                || ngx_http_social_save_run(&save->job, store) != SOCIAL_OK)
            {
                ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
                              "social_site \"%V\": the last counts could not "
                              "be saved", &site->name);
                ngx_http_social_save_free(save);
                break;
            }

            ngx_http_social_save_mark(save);

            store = save->more ? store : NULL;
            ngx_http_social_save_free(save);

        } while (store);
    }
}
