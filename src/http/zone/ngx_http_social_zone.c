
/*
 * Lays out a site's shared memory, described in ngx_http_social_zone.h.  Init
 * runs in the master while it reads the configuration, also in nginx -t; the
 * memory is new, or it is the zone of the previous configuration.  Must not
 * touch the store.
 */

#include <sys/mman.h>
#include <sys/random.h>

#include "ngx_http_social_zone.h"


static ngx_int_t ngx_http_social_zone_layout(ngx_shm_zone_t *shm_zone,
    ngx_http_social_site_t *site);


/* the largest power of two up to n, at least 64 */

static uint32_t
ngx_http_social_zone_pow2(size_t n)
{
    uint32_t  p;

    for (p = 64; p * 2 <= n && p < 0x40000000; p *= 2) { /* void */ }

    return p;
}


/* words of a table of that many bytes */

static uint32_t
ngx_http_social_zone_words(size_t bytes)
{
    return (uint32_t) ngx_min(ngx_max(bytes / sizeof(uint64_t), 64),
                              0x7fffffff);
}


ngx_int_t
ngx_http_social_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_http_social_site_t  *old = data;
    ngx_http_social_site_t  *site = shm_zone->data;

    if (old) {
        if (old->zone->layout != NGX_HTTP_SOCIAL_ZONE_LAYOUT) {
            ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                          "zone of social_site \"%V\" was made by another "
                          "version of the module: restart nginx",
                          &site->name);
            return NGX_ERROR;
        }

        site->zone = old->zone;
        ngx_http_social_zone_reloaded(site->zone);
        return NGX_OK;
    }

    if (ngx_http_social_zone_layout(shm_zone, site) != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "zone of social_site \"%V\" is too small, "
                      "give it at least 256k", &site->name);
        return NGX_ERROR;
    }

    /* not a reload that changes the size, nor a binary that is upgraded: the
     * zones of these live on for a while */

    site->zone->anew = (ngx_is_init_cycle(ngx_cycle) && !ngx_inherited);

    return NGX_OK;
}


/*
 * A quarter of the memory each for slots, for sketches and for chunks, the rest
 * for tables.  Marks, first touches and their articles get a sixteenth each:
 * with 16m there are 130,000 words, and 50,000 of them leave runs short enough
 * for ZONE_PROBES.  Returns the offset of the chunks.
 */

static size_t
ngx_http_social_zone_set_offsets(ngx_http_social_zone_t *zone)
{
    size_t  size, at;

    /* core dumps leave out whole pages: nothing else is on that of the salts */

    at = ngx_align(sizeof(ngx_http_social_zone_t), ngx_pagesize);
    zone->salts = at;
    at += ngx_pagesize;
    size = zone->size - at;

    zone->nslots = size / 4 / sizeof(ngx_http_social_slot_t);
    zone->slots = at;
    at = ngx_align(at + zone->nslots * sizeof(ngx_http_social_slot_t), 64);

    zone->table_mask = ngx_http_social_zone_pow2(zone->nslots) * 4 - 1;
    zone->table = at;
    at += (zone->table_mask + 1) * sizeof(uint64_t);

    zone->nmarks = ngx_http_social_zone_words(size / 16);
    zone->marks = at;
    at += zone->nmarks * sizeof(uint64_t);

    zone->nrecent = ngx_http_social_zone_words(size / 32);
    zone->recent = at;
    at += zone->nrecent * sizeof(uint64_t);

    zone->ntouch = ngx_http_social_zone_words(size / 16);
    zone->touch = at;
    at += zone->ntouch * sizeof(uint64_t);

    zone->landing = at;
    at += zone->ntouch * sizeof(uint64_t);

    zone->nnow = ngx_http_social_zone_pow2(size / 128 / sizeof(uint32_t));
    zone->now = at;
    at += zone->nnow * sizeof(uint32_t);

    zone->nrate = ngx_http_social_zone_words(size / 64);
    zone->rate = at;
    at += zone->nrate * sizeof(uint64_t);

    zone->nquotas = ngx_http_social_zone_words(size / 256);
    zone->quotas = at;
    at += zone->nquotas * sizeof(uint64_t);

    zone->nsketches = size / 4 / SOCIAL_SKETCH_REGISTERS;
    zone->links = at;
    at = ngx_align(at + (zone->nsketches + 1) * sizeof(uint32_t), 64);
    zone->sketches = at;
    at += (size_t) zone->nsketches * SOCIAL_SKETCH_REGISTERS;

    return ngx_align(at, 64);
}


/* workers inherit this of the master */

static void
ngx_http_social_zone_hide_salts(ngx_shm_zone_t *shm_zone,
    ngx_http_social_site_t *site, ngx_http_social_zone_t *zone)
{
#ifdef MADV_DONTDUMP
    if (madvise(ngx_http_social_zone_at(zone, zone->salts), ngx_pagesize,
                MADV_DONTDUMP)
        == -1)
    {
        ngx_log_error(NGX_LOG_WARN, shm_zone->shm.log, ngx_errno,
                      "social_site \"%V\": madvise(MADV_DONTDUMP) failed, "
                      "core dumps will hold the salt of the day",
                      &site->name);
    }
#endif
}


static ngx_int_t
ngx_http_social_zone_layout(ngx_shm_zone_t *shm_zone,
    ngx_http_social_site_t *site)
{
    size_t                   size;
    ngx_slab_pool_t         *shpool;
    ngx_http_social_zone_t  *zone;
    ngx_http_social_slot_t  *slot;

    shpool = (ngx_slab_pool_t *) shm_zone->shm.addr;
    size = shpool->pfree * ngx_pagesize;

    if (size < 128 * 1024) {
        return NGX_ERROR;
    }

    zone = ngx_slab_calloc(shpool, size);
    if (zone == NULL) {
        return NGX_ERROR;
    }

    zone->layout = NGX_HTTP_SOCIAL_ZONE_LAYOUT;
    zone->size = size;
    zone->pool_offset = (u_char *) zone - (u_char *) shpool;
    zone->chunks = ngx_http_social_zone_set_offsets(zone);

    if (zone->chunks + 64 * NGX_HTTP_SOCIAL_ZONE_CHUNK > zone->size) {
        return NGX_ERROR;
    }

    /* an index is 31 bits: see ngx_http_social_zone_chunk.c */

    zone->nchunks = ngx_min((zone->size - zone->chunks)
                            / NGX_HTTP_SOCIAL_ZONE_CHUNK, 0x7fffffff);
    zone->next_chunk = 1;

    if (getrandom(&zone->generation, sizeof(uint64_t), 0)
        != sizeof(uint64_t)
        || getrandom(zone->secret, sizeof(zone->secret), 0)
           != sizeof(zone->secret))
    {
        return NGX_ERROR;
    }

    ngx_memcpy(zone->secret_old, zone->secret, sizeof(zone->secret));

    ngx_http_social_zone_hide_salts(shm_zone, site, zone);

    /* slot 0 is the site itself, it is not in the table */

    slot = ngx_http_social_zone_slot_at(zone, 0);
    slot->life = ++zone->life;
    slot->state = NGX_HTTP_SOCIAL_SLOT_LIVE;
    zone->next_slot = 1;

    site->zone = zone;
    shpool->data = zone;

    return NGX_OK;
}


static ngx_shmtx_t *
ngx_http_social_zone_mutex(ngx_http_social_zone_t *zone)
{
    ngx_slab_pool_t  *shpool;

    shpool = (ngx_slab_pool_t *) ((u_char *) zone - zone->pool_offset);

    return &shpool->mutex;
}


void
ngx_http_social_zone_lock(ngx_http_social_zone_t *zone)
{
    ngx_shmtx_lock(ngx_http_social_zone_mutex(zone));

    if (zone->undo.at) {
        ngx_http_social_zone_slot_repair(zone);
    }
}


void
ngx_http_social_zone_unlock(ngx_http_social_zone_t *zone)
{
    ngx_shmtx_unlock(ngx_http_social_zone_mutex(zone));
}


size_t
ngx_http_social_zone_used(ngx_http_social_zone_t *zone)
{
    size_t  slots;

    slots = 1 + zone->live + zone->retired;

    return zone->size
           - (zone->nslots - ngx_min(slots, zone->nslots))
             * sizeof(ngx_http_social_slot_t)
           - (zone->nchunks - ngx_min(zone->used_chunks, zone->nchunks))
             * NGX_HTTP_SOCIAL_ZONE_CHUNK
           - (zone->nsketches - ngx_min(zone->used_sketches, zone->nsketches))
             * SOCIAL_SKETCH_REGISTERS;
}
