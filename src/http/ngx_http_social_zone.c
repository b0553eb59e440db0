
/*
 * Layout of a site's shared memory, its table and its slots.
 * The head of ngx_http_social_zone.h tells the whole design.
 */

#include <sys/random.h>

#include "ngx_http_social_zone.h"
#include "social_siphash.h"


#define NGX_HTTP_SOCIAL_TOMB     0xffffffffUL
#define NGX_HTTP_SOCIAL_URL_MAX  2048


static ngx_int_t ngx_http_social_zone_layout(ngx_shm_zone_t *shm_zone,
    ngx_http_social_site_t *site);


static uint32_t
ngx_http_social_pow2(size_t n)
{
    uint32_t  p;

    for (p = 64; p * 2 <= n && p < 0x40000000; p *= 2) { /* void */ }

    return p;
}


ngx_int_t
ngx_http_social_zone_init(ngx_shm_zone_t *shm_zone, void *data)
{
    ngx_http_social_site_t  *old = data;
    ngx_http_social_site_t  *site = shm_zone->data;

    if (old) {
        site->zone = old->zone;
        return NGX_OK;
    }

    if (ngx_http_social_zone_layout(shm_zone, site) != NGX_OK) {
        ngx_log_error(NGX_LOG_EMERG, shm_zone->shm.log, 0,
                      "zone of social_site \"%V\" is too small, "
                      "give it at least 256k", &site->name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/*
 * Shares of the memory: a quarter each for slots and for sketches, a third
 * for blocks, the rest for tables.
 */

static ngx_int_t
ngx_http_social_zone_layout(ngx_shm_zone_t *shm_zone,
    ngx_http_social_site_t *site)
{
    size_t                   size, at;
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

    zone->layout = NGX_HTTP_SOCIAL_LAYOUT;
    zone->size = size;

    at = ngx_align(sizeof(ngx_http_social_zone_t), 64);
    size -= at;

    zone->nslots = size / 4 / sizeof(ngx_http_social_slot_t);
    zone->slots = at;
    at = ngx_align(at + zone->nslots * sizeof(ngx_http_social_slot_t), 64);

    zone->table_mask = ngx_http_social_pow2(zone->nslots) * 4 - 1;
    zone->table = at;
    at += (zone->table_mask + 1) * sizeof(uint64_t);

    zone->marks_mask = ngx_http_social_pow2(size / 16 / 8) - 1;
    zone->marks = at;
    at += (zone->marks_mask + 1) * sizeof(uint64_t);

    zone->recent_mask = ngx_http_social_pow2(size / 32 / 8) - 1;
    zone->recent = at;
    at += (zone->recent_mask + 1) * sizeof(uint64_t);

    zone->touch_mask = ngx_http_social_pow2(size / 32 / 8) - 1;
    zone->touch = at;
    at += (zone->touch_mask + 1) * sizeof(uint64_t);

    zone->rate_mask = ngx_http_social_pow2(size / 64 / 16) - 1;
    zone->rate = at;
    at += (zone->rate_mask + 1) * 2 * sizeof(uint64_t);

    zone->nsketches = size / 4 / SOCIAL_SKETCH_REGISTERS;
    zone->sketches = at;
    at += (size_t) zone->nsketches * SOCIAL_SKETCH_REGISTERS;

    at = ngx_align(at, 64);

    if (at + 64 * NGX_HTTP_SOCIAL_BLOCK > zone->size) {
        return NGX_ERROR;
    }

    zone->blocks = at;
    zone->nblocks = (zone->size - at) / NGX_HTTP_SOCIAL_BLOCK;
    zone->next_block = 1;

    if (getrandom(&zone->generation, sizeof(uint64_t), 0) < 0
        || getrandom(zone->secret, sizeof(zone->secret), 0) < 0)
    {
        return NGX_ERROR;
    }

    ngx_memcpy(zone->secret_old, zone->secret, sizeof(zone->secret));

    /* slot 0 is the site itself, in no table */

    slot = ngx_http_social_slot_at(zone, 0);
    slot->life = ++zone->life;
    slot->state = NGX_HTTP_SOCIAL_SLOT_LIVE;
    zone->next_slot = 1;

    site->zone = zone;
    shpool->data = zone;

    return NGX_OK;
}


ngx_http_social_slot_t *
ngx_http_social_slot_at(ngx_http_social_zone_t *zone, ngx_uint_t i)
{
    return (ngx_http_social_slot_t *) ((u_char *) zone + zone->slots) + i;
}


ngx_http_social_slot_t *
ngx_http_social_slot_site(ngx_http_social_site_t *site)
{
    return ngx_http_social_slot_at(site->zone, 0);
}


static uint64_t
ngx_http_social_hash(ngx_http_social_zone_t *zone, ngx_str_t *key)
{
    u_char  k[16];

    /* under a random key: nobody can make articles collide */
    ngx_memcpy(k, &zone->generation, 8);
    ngx_memcpy(k + 8, &zone->generation, 8);

    return social_siphash(k, key->data, key->len);
}


/*
 * Walks the probe sequence.  Returns the word's index of the key, or -1; sets
 * *room to the first word that could take the key.
 */

static ngx_int_t
ngx_http_social_probe(ngx_http_social_zone_t *zone, ngx_str_t *key,
    uint64_t hash, ngx_uint_t *room)
{
    uint32_t                 i, n, tag, at;
    ngx_atomic_t            *table;
    ngx_atomic_uint_t        word;
    ngx_http_social_slot_t  *slot;

    table = ngx_http_social_zone_at(zone, zone->table);
    tag = (uint32_t) (hash >> 32);
    *room = (ngx_uint_t) -1;

    for (n = 0; n <= zone->table_mask; n++) {
        i = ((uint32_t) hash + n) & zone->table_mask;
        word = table[i];

        if (word == 0) {
            if (*room == (ngx_uint_t) -1) {
                *room = i;
            }

            return -1;
        }

        at = (uint32_t) word;

        if (at == NGX_HTTP_SOCIAL_TOMB) {
            if (*room == (ngx_uint_t) -1) {
                *room = i;
            }

            continue;
        }

        if ((uint32_t) (word >> 32) != tag || at > zone->nslots) {
            continue;
        }

        slot = ngx_http_social_slot_at(zone, at - 1);

        if (slot->hash == hash && slot->key_len == key->len
            && ngx_http_social_chain_equal(zone, slot->key, key->data,
                                           key->len))
        {
            return i;
        }
    }

    return -1;
}


ngx_http_social_slot_t *
ngx_http_social_slot_find(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_int_t                i;
    ngx_uint_t               room;
    ngx_atomic_t            *table;
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    i = ngx_http_social_probe(zone, key, ngx_http_social_hash(zone, key),
                              &room);
    if (i < 0) {
        return NULL;
    }

    table = ngx_http_social_zone_at(zone, zone->table);
    slot = ngx_http_social_slot_at(zone, (uint32_t) table[i] - 1);

    if (slot->used != (ngx_atomic_uint_t) ngx_time()) {
        slot->used = ngx_time();
    }

    return slot;
}


/* under the mutex: a slot that was never used, or one that was freed */

static ngx_uint_t
ngx_http_social_slot_take(ngx_http_social_zone_t *zone)
{
    ngx_uint_t               i;
    ngx_http_social_slot_t  *slot;

    if (zone->next_slot < zone->nslots) {
        return zone->next_slot++;
    }

    i = zone->free_slots;

    if (i) {
        slot = ngx_http_social_slot_at(zone, i);
        zone->free_slots = slot->key;       /* free: key is the next one */
    }

    return i;
}


/* under the mutex: fills a slot completely, then links it */

static ngx_http_social_slot_t *
ngx_http_social_slot_link(ngx_http_social_zone_t *zone, ngx_str_t *key,
    uint64_t hash, ngx_uint_t room)
{
    uint32_t                 chain;
    ngx_uint_t               i;
    ngx_atomic_t            *table;
    ngx_http_social_slot_t  *slot;

    chain = ngx_http_social_chain_make(zone, key->data, key->len, NULL, 0);
    if (chain == 0) {
        return NULL;
    }

    i = ngx_http_social_slot_take(zone);

    if (i == 0) {
        ngx_http_social_block_free(zone, chain);
        return NULL;
    }

    slot = ngx_http_social_slot_at(zone, i);
    ngx_memzero(slot, sizeof(ngx_http_social_slot_t));

    slot->life = ++zone->life;
    slot->hash = hash;
    slot->key = chain;
    slot->key_len = key->len;
    slot->used = ngx_time();
    slot->sketch_day = zone->salt_day;
    slot->readers_base = zone->salt_day << 40;

    /* unlike any revision of an earlier life of this article: caches of
     * widgets outlive slots */

    slot->revision = slot->life << 24;

    /* its earlier life may have had a thread */

    slot->flags = zone->incomplete ? NGX_HTTP_SOCIAL_THREAD : 0;
    slot->state = NGX_HTTP_SOCIAL_SLOT_LIVE;

    ngx_memory_barrier();

    table = ngx_http_social_zone_at(zone, zone->table);
    table[room] = (hash >> 32 << 32) | (i + 1);
    zone->live++;

    return slot;
}


ngx_http_social_slot_t *
ngx_http_social_slot_make(ngx_http_social_site_t *site, ngx_str_t *key)
{
    uint64_t                 hash;
    ngx_int_t                i;
    ngx_uint_t               room;
    ngx_atomic_t            *table;
    ngx_slab_pool_t         *shpool;
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    slot = ngx_http_social_slot_find(site, key);
    if (slot) {
        return slot;
    }

    if (key->len == 0 || key->len > SOCIAL_KEY_MAX) {
        return NULL;
    }

    zone = site->zone;
    shpool = (ngx_slab_pool_t *) site->shm->shm.addr;
    hash = ngx_http_social_hash(zone, key);

    ngx_shmtx_lock(&shpool->mutex);

    i = ngx_http_social_probe(zone, key, hash, &room);

    if (i >= 0) {
        table = ngx_http_social_zone_at(zone, zone->table);
        slot = ngx_http_social_slot_at(zone, (uint32_t) table[i] - 1);

    } else if (room != (ngx_uint_t) -1) {
        slot = ngx_http_social_slot_link(zone, key, hash, room);
    }

    ngx_shmtx_unlock(&shpool->mutex);

    if (slot == NULL) {
        (void) ngx_atomic_fetch_add(&zone->dropped_slot, 1);
    }

    return slot;
}


void
ngx_http_social_slot_thread(ngx_http_social_slot_t *slot)
{
    (void) __atomic_fetch_or(&slot->flags, NGX_HTTP_SOCIAL_THREAD,
                             __ATOMIC_SEQ_CST);
}


size_t
ngx_http_social_slot_key(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, u_char *buf)
{
    ngx_http_social_chain_copy(zone, slot->key, 0, slot->key_len, buf);
    buf[slot->key_len] = '\0';

    return slot->key_len;
}


/* under the mutex */

static ngx_uint_t
ngx_http_social_slot_url_is(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_str_t *url)
{
    u_char  buf[NGX_HTTP_SOCIAL_URL_MAX];

    if (slot->url_len != url->len || url->len > sizeof(buf)) {
        return 0;
    }

    ngx_memzero(buf, sizeof(buf));
    ngx_http_social_chain_copy(zone, slot->meta, slot->title_len, url->len,
                               buf);

    return ngx_memcmp(buf, url->data, url->len) == 0;
}


void
ngx_http_social_slot_describe(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_str_t *title, ngx_str_t *url,
    time_t published)
{
    uint32_t                 hash, chain, old;
    ngx_uint_t               seen;
    ngx_slab_pool_t         *shpool;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    ngx_crc32_init(hash);
    ngx_crc32_update(&hash, title->data, title->len);
    ngx_crc32_update(&hash, (u_char *) "\n", 1);
    ngx_crc32_update(&hash, url->data, url->len);
    ngx_crc32_update(&hash, (u_char *) &published, sizeof(time_t));
    ngx_crc32_final(hash);

    if (slot->meta_hash == hash) {
        return;
    }

    shpool = (ngx_slab_pool_t *) site->shm->shm.addr;

    ngx_shmtx_lock(&shpool->mutex);

    chain = ngx_http_social_chain_make(zone, title->data, title->len,
                                       url->data, url->len);
    old = slot->meta;
    seen = ngx_http_social_slot_url_is(zone, slot, url);

    slot->title_len = 0;
    slot->url_len = 0;
    slot->meta = chain;

    if (chain) {
        slot->title_len = title->len;
        slot->url_len = url->len;
    }

    slot->published = published;
    slot->meta_hash = hash;

    ngx_http_social_block_free(zone, old);

    (void) ngx_atomic_fetch_add(&slot->changes, 1);

    if (!seen) {
        /* a widget shows the address */
        (void) ngx_atomic_fetch_add(&slot->revision, 1);
    }

    ngx_shmtx_unlock(&shpool->mutex);
}


void
ngx_http_social_slot_description(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_pool_t *pool, ngx_str_t *title,
    ngx_str_t *url)
{
    size_t    title_len, url_len;
    uint32_t  meta;
    u_char   *p;

    ngx_str_null(title);
    ngx_str_null(url);

    meta = slot->meta;
    title_len = slot->title_len;
    url_len = slot->url_len;

    p = ngx_pnalloc(pool, title_len + url_len + 1);
    if (p == NULL) {
        return;
    }

    ngx_memzero(p, title_len + url_len + 1);
    ngx_http_social_chain_copy(zone, meta, 0, title_len + url_len, p);

    title->data = p;
    title->len = title_len;
    url->data = p + title_len;
    url->len = url_len;
}


/* under the mutex: out of the table; nobody finds it any more */

static void
ngx_http_social_slot_retire(ngx_http_social_zone_t *zone, ngx_uint_t at,
    ngx_http_social_slot_t *slot)
{
    uint32_t       i, n;
    ngx_atomic_t  *table;

    if (slot->flags & NGX_HTTP_SOCIAL_THREAD) {
        zone->incomplete = 1;       /* unknown keys must ask the store now */
        ngx_memory_barrier();
    }

    table = ngx_http_social_zone_at(zone, zone->table);

    for (n = 0; n <= zone->table_mask; n++) {
        i = ((uint32_t) slot->hash + n) & zone->table_mask;

        if (table[i] == 0) {
            break;
        }

        if ((uint32_t) table[i] == at + 1) {
            table[i] = table[(i + 1) & zone->table_mask]
                       ? NGX_HTTP_SOCIAL_TOMB : 0;
            break;
        }
    }

    slot->used = ngx_time();
    slot->state = NGX_HTTP_SOCIAL_SLOT_RETIRED;
    zone->live--;
    zone->evicted++;
}


/* under the mutex: retired, saved, and nobody can be in it any more */

static void
ngx_http_social_slot_free(ngx_http_social_zone_t *zone, ngx_uint_t at,
    ngx_http_social_slot_t *slot)
{
    uint32_t  chains[5], i;

    chains[0] = slot->key;
    chains[1] = slot->meta;
    chains[2] = slot->exact;
    chains[3] = slot->exact_old;
    chains[4] = slot->cells;

    slot->state = NGX_HTTP_SOCIAL_SLOT_FREE;
    slot->key = zone->free_slots;
    zone->free_slots = at;

    for (i = 0; i < 5; i++) {
        ngx_http_social_block_free(zone, chains[i]);
    }

    if (slot->sketch) {
        ngx_http_social_sketch_free(zone, slot->sketch);
        slot->sketch = 0;
    }
}


/* the age that about `want` of the live slots are older than */

static time_t
ngx_http_social_zone_age(ngx_http_social_zone_t *zone, ngx_uint_t want)
{
    time_t                   age;
    ngx_uint_t               i, n, b, buckets[32];
    ngx_http_social_slot_t  *slot;

    ngx_memzero(buckets, sizeof(buckets));

    for (i = 1; i < zone->next_slot; i++) {
        slot = ngx_http_social_slot_at(zone, i);

        if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE) {
            age = ngx_time() - (time_t) slot->used;

            for (b = 0; age > 0 && b < 31; age >>= 1) {
                b++;
            }

            buckets[b]++;
        }
    }

    for (b = 32, n = 0; b > 0 && n < want; b--) {
        n += buckets[b - 1];
    }

    return b ? (time_t) 1 << (b - 1) : 0;
}


void
ngx_http_social_zone_evict(ngx_http_social_site_t *site)
{
    time_t                   age, now;
    ngx_uint_t               i, want, spare, pass;
    ngx_slab_pool_t         *shpool;
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    shpool = (ngx_slab_pool_t *) site->shm->shm.addr;
    now = ngx_time();
    spare = zone->nslots - 1 - zone->live;

    want = (spare < zone->nslots / 16) ? zone->nslots / 8 - spare : 0;

    if (want == 0 && zone->evicted == 0) {
        return;
    }

    age = want ? ngx_http_social_zone_age(zone, want) : 0;

    /* first articles without a thread: the others must stay known */

    for (pass = 0; pass < 2; pass++) {
        for (i = 1; i < zone->next_slot; i++) {
            slot = ngx_http_social_slot_at(zone, i);

            if (slot->state == NGX_HTTP_SOCIAL_SLOT_RETIRED
                && slot->changes == slot->saved
                && now > (time_t) slot->used + 2)
            {
                ngx_shmtx_lock(&shpool->mutex);

                /* another worker may be doing the same */
                if (slot->state == NGX_HTTP_SOCIAL_SLOT_RETIRED) {
                    ngx_http_social_slot_free(zone, i, slot);
                }

                ngx_shmtx_unlock(&shpool->mutex);
                continue;
            }

            if (want == 0
                || slot->state != NGX_HTTP_SOCIAL_SLOT_LIVE
                || slot->changes != slot->saved
                || now - (time_t) slot->used < age
                || (pass == 0 && (slot->flags & NGX_HTTP_SOCIAL_THREAD)))
            {
                continue;
            }

            ngx_shmtx_lock(&shpool->mutex);

            if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE) {
                ngx_http_social_slot_retire(zone, i, slot);
            }

            ngx_shmtx_unlock(&shpool->mutex);
            want--;
        }
    }
}
