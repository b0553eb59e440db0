
/*
 * What a page says about itself, copied to be saved with its counters.  Event
 * loop only.
 */

#include "ngx_http_social_sync_state.h"


static ngx_int_t
ngx_http_social_sync_meta_room(ngx_http_social_sync_save_t *save)
{
    size_t            n;
    social_write_t  **metas;

    if (save->nmetas == save->alloc_metas) {
        n = save->alloc_metas ? save->alloc_metas * 2 : 16;
        metas = realloc(save->metas, n * sizeof(social_write_t *));
        if (metas == NULL) {
            return NGX_ERROR;
        }

        save->metas = metas;
        save->alloc_metas = n;
    }

    return NGX_OK;
}


static u_char *
ngx_http_social_sync_meta_text(u_char *p, social_str_t *copy,
    const u_char *data, size_t len)
{
    copy->data = p;
    copy->len = len;

    return ngx_cpymem(p, data, len);
}


ngx_int_t
ngx_http_social_sync_save_meta(ngx_http_social_sync_save_t *save,
    ngx_http_social_slot_t *slot, ngx_http_social_sync_copied_t *copied)
{
    size_t                    len;
    u_char                   *p;
    u_char                    buf[NGX_HTTP_SOCIAL_ABOUT];
    social_write_t           *write;
    ngx_http_social_about_t   about;

    /* 0: none, or a worker died while it wrote one */

    if (slot->meta_hash == 0 || slot->meta_hash == slot->meta_saved) {
        return NGX_OK;
    }

    if (ngx_http_social_sync_meta_room(save) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_http_social_zone_slot_about(save->job.site->zone, slot, &about, buf);
    len = ngx_strlen(save->key);

    /* there may be thousands: no more bytes than it has */

    write = calloc(1, sizeof(social_write_t) + len + about.title.len
                      + about.url.len);
    if (write == NULL) {
        return NGX_ERROR;
    }

    save->metas[save->nmetas++] = write;
    copied->meta_hash = about.hash;

    write->type = SOCIAL_WRITE_ARTICLE;
    write->known = 1;
    write->now = save->now;
    write->published = about.published;

    p = (u_char *) (write + 1);
    p = ngx_http_social_sync_meta_text(p, &write->key, (u_char *) save->key,
                                       len);
    p = ngx_http_social_sync_meta_text(p, &write->title, about.title.data,
                                       about.title.len);
    (void) ngx_http_social_sync_meta_text(p, &write->url, about.url.data,
                                          about.url.len);

    return NGX_OK;
}
