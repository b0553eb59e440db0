
/*
 * What a page says about itself, copied to be saved with its counters.  Event
 * loop only.
 */

#include "ngx_http_social_sync_state.h"


ngx_int_t
ngx_http_social_sync_save_meta(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot, ngx_http_social_sync_copied_t *copied)
{
    u_char                       *p;
    social_write_t               *write;
    ngx_http_social_zone_t       *zone;
    ngx_http_social_sync_meta_t  *meta;
    ngx_http_social_about_t       about;

    zone = save->job.site->zone;

    /* 0: none, or a worker died while it wrote one */

    if (slot->meta_hash == 0 || slot->meta_hash == slot->meta_saved) {
        return NGX_OK;
    }

    meta = calloc(1, sizeof(ngx_http_social_sync_meta_t));
    if (meta == NULL) {
        return NGX_ERROR;
    }

    write = &meta->write;
    save->metas[save->nmetas++] = write;

    p = meta->text;
    write->type = SOCIAL_WRITE_ARTICLE;
    write->known = 1;
    write->now = save->now;
    write->key.data = p;
    write->key.len = ngx_http_social_zone_slot_key(zone, slot, p);
    p += write->key.len + 1;

    ngx_http_social_zone_slot_about(zone, slot, &about, p);

    copied->meta_hash = about.hash;
    write->published = about.published;
    write->title.data = about.title.data;
    write->title.len = about.title.len;
    write->url.data = about.url.data;
    write->url.len = about.url.len;

    return NGX_OK;
}
