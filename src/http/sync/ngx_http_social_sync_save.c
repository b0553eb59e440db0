
/*
 * Saves counters, so that each count reaches the store exactly once.
 *
 * Counters in the zone only grow.  A save copies their values, and the store
 * adds what exceeds its watermark of (zone's generation, slot's life): it does
 * no harm if two workers save the same counters, or if one dies at any point.
 * Titles and addresses that changed are saved along.
 *
 * A save of the whole zone is cut into transactions of a bounded size, one
 * job each.  Event loop, except save_run, which runs in a thread.
 */

#include "ngx_http_social_sync_state.h"
#include "social_agent.h"
#include "social_source.h"


typedef struct {
    ngx_http_social_sync_save_t  *save;
    ngx_http_social_slot_t       *slot;
    ngx_int_t                     rc;
} ngx_http_social_sync_cell_ctx_t;


ngx_int_t
ngx_http_social_sync_save_add(ngx_http_social_sync_save_t *save,
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

    (void) ngx_http_social_zone_slot_key(save->job.site->zone, slot,
                                         (u_char *) saved->key);
    saved->life = slot->life;
    saved->kind = kind;
    saved->value = value;
    (void) ngx_cpystrn((u_char *) saved->label, (u_char *) label,
                       SOCIAL_LABEL_MAX);

    return NGX_OK;
}


/* "GOAL" or, with a source, "GOAL SOURCE", of this label; NULL: the goal is not
 * configured any more */

static const char *
ngx_http_social_sync_goal_name(ngx_http_social_site_t *site, uint32_t label,
    ngx_uint_t source, u_char *buf)
{
    u_char                  *p;
    ngx_uint_t               i;
    const char              *id;
    ngx_http_social_goal_t  *goal;

    id = source ? social_source_id(source) : "";

    if (site->goals == NULL || id == NULL) {
        return NULL;
    }

    goal = site->goals->elts;

    for (i = 0; i < site->goals->nelts; i++) {
        if (ngx_http_social_zone_goal_label(&goal[i].name, source) == label) {
            p = ngx_snprintf(buf, SOCIAL_LABEL_MAX - 1, "%V%s%s",
                             &goal[i].name, source ? " " : "", id);
            *p = '\0';
            return (const char *) buf;
        }
    }

    return NULL;
}


static void
ngx_http_social_sync_save_cell(void *data, social_count_e kind, uint32_t label,
    uint64_t value)
{
    u_char                            buf[SOCIAL_LABEL_MAX];
    const char                       *name;
    const social_network_t           *network;
    ngx_http_social_sync_cell_ctx_t  *ctx = data;

    switch (kind) {

    case SOCIAL_COUNT_SHARE:
    case SOCIAL_COUNT_SHARE_VISIT:
    case SOCIAL_COUNT_FETCH:
        network = social_network_by_number(label);
        name = network ? network->id : NULL;
        break;

    case SOCIAL_COUNT_SOURCE:
        name = social_source_id(label);
        break;

    case SOCIAL_COUNT_SEEN:
        name = (label == SOCIAL_COUNT_PREFETCH) ? "prefetch" : NULL;
        break;

    case SOCIAL_COUNT_GOAL:
        name = ngx_http_social_sync_goal_name(ctx->save->job.site, label, 0,
                                              buf);
        break;

    case SOCIAL_COUNT_GOAL_SOURCE:
        name = ngx_http_social_sync_goal_name(ctx->save->job.site, label,
                                              label & 0xff, buf);
        break;

    case SOCIAL_COUNT_ROBOT:
        name = social_agent_robot_id(label);
        break;

    default:
        name = NULL;
    }

    if (name
        && ngx_http_social_sync_save_add(ctx->save, ctx->slot, kind, name,
                                         value)
               != NGX_OK)
    {
        ctx->rc = NGX_ERROR;
    }
}


static ngx_int_t
ngx_http_social_sync_save_slot(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot)
{
    uint64_t                          value;
    ngx_uint_t                        kind;
    ngx_http_social_zone_t           *zone;
    ngx_http_social_sync_cell_ctx_t   ctx;

    zone = save->job.site->zone;

    for (kind = 1; kind < SOCIAL_COUNT_UNLABELLED; kind++) {
        value = (kind == SOCIAL_COUNT_READERS)
                    ? ngx_http_social_zone_reader_days(zone, slot)
                    : slot->plain[kind];

        if (value
            && ngx_http_social_sync_save_add(save, slot, kind, "", value)
               != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    ctx.save = save;
    ctx.slot = slot;
    ctx.rc = NGX_OK;

    ngx_http_social_zone_count_each(zone, slot, ngx_http_social_sync_save_cell,
                                    &ctx);

    if (slot == ngx_http_social_zone_slot_at(zone, 0)
        && ngx_http_social_sync_save_health(save, slot) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ctx.rc;
}


/* copies the slots from `from` on that have changed since they were saved,
 * until the job is full */

static ngx_int_t
ngx_http_social_sync_save_copy(ngx_http_social_sync_save_t *save,
    ngx_uint_t from)
{
    ngx_uint_t                      i;
    ngx_http_social_slot_t         *slot;
    ngx_http_social_zone_t         *zone;
    ngx_http_social_sync_copied_t  *copied;

    zone = save->job.site->zone;

    save->copied = malloc(ngx_min(zone->nslots, NGX_HTTP_SOCIAL_SYNC_ARTICLES)
                          * sizeof(ngx_http_social_sync_copied_t));
    if (save->copied == NULL) {
        return NGX_ERROR;
    }

    for (i = from; i < ngx_min(zone->next_slot, zone->nslots); i++) {
        slot = ngx_http_social_zone_slot_at(zone, i);

        if ((slot->changes == slot->changes_saved
             && (i != 0 || save->health == zone->health_saved))
            || slot->state == NGX_HTTP_SOCIAL_SLOT_FREE
            || (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD))
        {
            continue;
        }

        if (save->n >= NGX_HTTP_SOCIAL_SYNC_COUNTERS
            || save->ncopied >= NGX_HTTP_SOCIAL_SYNC_ARTICLES
            || save->nmetas >= NGX_HTTP_SOCIAL_SYNC_METAS)
        {
            save->next = i;
            break;
        }

        copied = &save->copied[save->ncopied++];
        copied->slot = i;
        copied->life = slot->life;
        copied->changes = slot->changes;
        copied->meta_hash = 0;

        /* `changes` is read before the counters: a count that comes between
         * is saved again, not lost */

        ngx_memory_barrier();

        if (ngx_http_social_sync_save_slot(save, slot) != NGX_OK
            || ngx_http_social_sync_save_meta(save, slot, copied) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static void
ngx_http_social_sync_save_free(ngx_http_social_sync_save_t *save)
{
    size_t  i;

    for (i = 0; i < save->nmetas; i++) {
        free(save->metas[i]);       /* first member of its sync_meta_t */
    }

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

    if (ngx_http_social_sync_save_copy(save, from) != NGX_OK) {
        ngx_http_social_sync_save_free(save);
        return NULL;
    }

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


static ngx_int_t ngx_http_social_sync_save_post(
    ngx_http_social_sync_save_t *save, ngx_http_social_sync_saved_pt done,
    void *data);


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
    }

    ngx_log_debug6(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                   "social save \"%V\": %s, %uz counters of %uz articles, "
                   "%uz descriptions%s", &site->name,
                   rc == NGX_OK ? "done" : "failed", save->n, save->ncopied,
                   save->nmetas, next ? ", more to come" : "");

    ngx_http_social_sync_save_free(save);

    if (rc == NGX_OK && next) {
        save = ngx_http_social_sync_save_make(site, next,
                                              ngx_http_social_sync_save_done);

        if (save
            && ngx_http_social_sync_save_post(save, done, data) == NGX_OK)
        {
            return;
        }

        rc = NGX_ERROR;
    }

    if (done) {
        done(data, rc);
    }
}


static ngx_int_t
ngx_http_social_sync_save_post(ngx_http_social_sync_save_t *save,
    ngx_http_social_sync_saved_pt done, void *data)
{
    save->job.late = ngx_http_social_sync_save_late;
    save->done = done;
    save->data = data;

    if (ngx_http_social_job_post(&save->job) != NGX_OK) {
        ngx_http_social_sync_save_free(save);
        return NGX_ERROR;
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_social_sync_save_now(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data)
{
    ngx_http_social_sync_save_t  *save;

    if (ngx_http_social_job_writer_away(site)) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social save \"%V\": skipped, the store is away",
                       &site->name);
        return NGX_ERROR;
    }

    save = ngx_http_social_sync_save_make(site, 0,
                                          ngx_http_social_sync_save_done);

    return save ? ngx_http_social_sync_save_post(save, done, data) : NGX_ERROR;
}


ngx_int_t
ngx_http_social_sync_save_changes(ngx_http_social_site_t *site,
    ngx_http_social_sync_saved_pt done, void *data)
{
    ngx_http_social_sync_save_t  *save;

    save = ngx_http_social_sync_save_make(site, 0,
                                          ngx_http_social_sync_save_done);

    if (save && save->ncopied == 0) {
        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social save \"%V\": nothing to save", &site->name);
        ngx_http_social_sync_save_free(save);
        return NGX_DONE;
    }

    return save ? ngx_http_social_sync_save_post(save, done, data) : NGX_ERROR;
}


ngx_int_t
ngx_http_social_sync_save_last(ngx_http_social_site_t *site)
{
    int                           rc;
    ngx_uint_t                    next;
    ngx_http_social_sync_save_t  *save;

    next = 0;

    do {
        save = ngx_http_social_sync_save_make(site, next, NULL);
        if (save == NULL) {
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
