
/*
 * Copies counters, and what pages say about themselves, out of shared memory to
 * be saved.  A large zone is copied in slices, between which other requests are
 * served: each turn of the event loop looks at so many slots, and copies so
 * many articles, at most.
 *
 * Owns the texts of a save: blocks that keep their place, as counters point to
 * them.  Event loop only.
 */

#include "ngx_http_social_sync_state.h"
#include "social_agent.h"
#include "social_source.h"


#define NGX_HTTP_SOCIAL_SYNC_TEXT  32768        /* bytes of a block */


struct ngx_http_social_sync_text_s {
    ngx_http_social_sync_text_t  *next;
    size_t                        used;
    char                          data[NGX_HTTP_SOCIAL_SYNC_TEXT];
};


typedef struct {
    ngx_http_social_sync_save_t  *save;
    ngx_http_social_slot_t       *slot;
    ngx_int_t                     rc;
} ngx_http_social_sync_cell_ctx_t;


/* room for len bytes, which are used when the caller adds to `used` */

static ngx_http_social_sync_text_t *
ngx_http_social_sync_text(ngx_http_social_sync_save_t *save, size_t len)
{
    ngx_http_social_sync_text_t  *text;

    text = save->text;

    if (text == NULL || sizeof(text->data) - text->used < len) {
        text = malloc(sizeof(ngx_http_social_sync_text_t));
        if (text == NULL) {
            return NULL;
        }

        text->used = 0;
        text->next = save->text;
        save->text = text;
    }

    return text;
}


void
ngx_http_social_sync_text_free(ngx_http_social_sync_save_t *save)
{
    ngx_http_social_sync_text_t  *text;

    while ((text = save->text) != NULL) {
        save->text = text->next;
        free(text);
    }
}


/* the key of the slot whose counters are noted from now on */

static ngx_int_t
ngx_http_social_sync_save_key(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot)
{
    ngx_http_social_sync_text_t  *text;

    text = ngx_http_social_sync_text(save, SOCIAL_KEY_MAX + 1);
    if (text == NULL) {
        return NGX_ERROR;
    }

    save->key = text->data + text->used;
    text->used += ngx_http_social_zone_slot_key(save->job.site->zone, slot,
                                                (u_char *) save->key)
                  + 1;

    return NGX_OK;
}


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
    saved->key = save->key;
    saved->label = label;
    saved->life = slot->life;
    saved->kind = kind;
    saved->value = value;

    return NGX_OK;
}


/* "GOAL" or, with a source, "GOAL SOURCE", of this label; NULL: the goal is not
 * configured any more, or there is no memory */

static const char *
ngx_http_social_sync_goal_name(ngx_http_social_sync_save_t *save,
    uint32_t label, ngx_uint_t source)
{
    u_char                       *p, *end;
    ngx_uint_t                    i;
    const char                   *id;
    ngx_http_social_goal_t       *goal;
    ngx_http_social_site_t       *site;
    ngx_http_social_sync_text_t  *text;

    site = save->job.site;

    id = source ? social_source_id(source) : "";

    if (site->goals == NULL || id == NULL) {
        return NULL;
    }

    goal = site->goals->elts;

    for (i = 0; i < site->goals->nelts; i++) {
        if (ngx_http_social_zone_goal_label(&goal[i].name, source) == label) {
            text = ngx_http_social_sync_text(save, SOCIAL_LABEL_MAX);
            if (text == NULL) {
                return NULL;
            }

            p = (u_char *) text->data + text->used;
            end = ngx_snprintf(p, SOCIAL_LABEL_MAX - 1, "%V%s%s",
                               &goal[i].name, source ? " " : "", id);
            *end++ = '\0';
            text->used += end - p;

            return (const char *) p;
        }
    }

    return NULL;
}


static void
ngx_http_social_sync_save_cell(void *data, social_count_e kind, uint32_t label,
    uint64_t value)
{
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
        name = ngx_http_social_sync_goal_name(ctx->save, label, 0);
        break;

    case SOCIAL_COUNT_GOAL_SOURCE:
        name = ngx_http_social_sync_goal_name(ctx->save, label, label & 0xff);
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

    if (ngx_http_social_sync_save_key(save, slot) != NGX_OK) {
        return NGX_ERROR;
    }

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


static ngx_int_t
ngx_http_social_sync_copy_slot(ngx_http_social_sync_save_t *save,
    ngx_uint_t i)
{
    ngx_http_social_slot_t         *slot;
    ngx_http_social_sync_copied_t  *copied;

    slot = ngx_http_social_zone_slot_at(save->job.site->zone, i);

    copied = &save->copied[save->ncopied++];
    copied->slot = i;
    copied->life = slot->life;
    copied->changes = slot->changes;
    copied->meta_hash = 0;

    /* `changes` is read before the counters: a count that comes between is
     * saved again, not lost */

    ngx_memory_barrier();

    if (ngx_http_social_sync_save_slot(save, slot) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_http_social_sync_save_meta(save, slot, copied);
}


static ngx_uint_t
ngx_http_social_sync_copy_is_due(ngx_http_social_sync_save_t *save,
    ngx_uint_t i)
{
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    zone = save->job.site->zone;
    slot = ngx_http_social_zone_slot_at(zone, i);

    return (slot->changes != slot->changes_saved
            || (i == 0 && save->health != zone->health_saved))
           && slot->state != NGX_HTTP_SOCIAL_SLOT_FREE
           && (slot->flags & NGX_HTTP_SOCIAL_SLOT_UNREAD) == 0;
}


ngx_int_t
ngx_http_social_sync_copy(ngx_http_social_sync_save_t *save)
{
    ngx_uint_t               end, last, most;
    ngx_http_social_zone_t  *zone;

    zone = save->job.site->zone;

    if (save->copied == NULL) {
        save->copied = malloc(ngx_min(zone->nslots,
                                      NGX_HTTP_SOCIAL_SYNC_ARTICLES)
                              * sizeof(ngx_http_social_sync_copied_t));
        if (save->copied == NULL) {
            return NGX_ERROR;
        }
    }

    last = ngx_min(zone->next_slot, zone->nslots);
    end = ngx_min(last, save->at + NGX_HTTP_SOCIAL_SYNC_LOOK);
    most = save->ncopied + NGX_HTTP_SOCIAL_SYNC_SLICE;

    for (/* void */; save->at < end; save->at++) {

        if (!ngx_http_social_sync_copy_is_due(save, save->at)) {
            continue;
        }

        if (save->n >= NGX_HTTP_SOCIAL_SYNC_COUNTERS
            || save->ncopied >= NGX_HTTP_SOCIAL_SYNC_ARTICLES)
        {
            save->next = save->at;
            return NGX_OK;
        }

        if (save->ncopied >= most) {
            return NGX_AGAIN;
        }

        if (ngx_http_social_sync_copy_slot(save, save->at) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return save->at < last ? NGX_AGAIN : NGX_OK;
}
