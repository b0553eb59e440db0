
/*
 * Slots, one per article.
 *
 * Finding takes no lock: a slot is filled completely before one store of a
 * word puts it into the table.  Making, describing and freeing take the mutex.
 * A request that found a slot may still count in it after the slot was
 * retired: it is freed later (ngx_http_social_zone_evict.c).
 *
 * Event loop only.
 */

#include "ngx_http_social_zone.h"
#include "social_siphash.h"


#define NGX_HTTP_SOCIAL_ZONE_LAST  128      /* bytes of a key whose hash is
                                             * remembered */


#define NGX_HTTP_SOCIAL_ZONE_DESCRIBE  10   /* seconds between descriptions */


void
ngx_http_social_zone_slot_set_closed(ngx_http_social_site_t *site,
    ngx_str_t *key)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_find(site, key);

    if (slot) {
        (void) __atomic_fetch_or(&slot->flags, NGX_HTTP_SOCIAL_SLOT_CLOSED,
                                 __ATOMIC_SEQ_CST);
    }
}


ngx_http_social_slot_t *
ngx_http_social_zone_slot_site(ngx_http_social_site_t *site)
{
    return ngx_http_social_zone_slot_at(site->zone, 0);
}


uint64_t
ngx_http_social_zone_hash(ngx_http_social_zone_t *zone, u_char *data,
    size_t len)
{
    u_char  k[16];

    ngx_memcpy(k, &zone->generation, 8);
    ngx_memcpy(k + 8, &zone->generation, 8);

    return social_siphash(k, data, len);
}


uint64_t
ngx_http_social_zone_key_hash(ngx_http_social_zone_t *zone, ngx_str_t *key)
{
    /* one request asks for its article several times */

    static struct {
        uint64_t  generation;
        uint64_t  hash;
        size_t    len;
        u_char    data[NGX_HTTP_SOCIAL_ZONE_LAST];
    } last;

    if (key->len == last.len && zone->generation == last.generation
        && ngx_memcmp(key->data, last.data, key->len) == 0)
    {
        return last.hash;
    }

    if (key->len > NGX_HTTP_SOCIAL_ZONE_LAST) {
        return ngx_http_social_zone_hash(zone, key->data, key->len);
    }

    ngx_memcpy(last.data, key->data, key->len);
    last.len = key->len;
    last.generation = zone->generation;
    last.hash = ngx_http_social_zone_hash(zone, key->data, key->len);

    return last.hash;
}


ngx_http_social_slot_t *
ngx_http_social_zone_slot_find(ngx_http_social_site_t *site, ngx_str_t *key)
{
    ngx_uint_t               at;
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;

    at = ngx_http_social_zone_table_lookup(
        zone, key, ngx_http_social_zone_key_hash(zone, key));
    if (at == 0) {
        return NULL;
    }

    slot = ngx_http_social_zone_slot_at(zone, at - 1);

    if (slot->last_used != ngx_http_social_zone_clock()) {
        slot->last_used = ngx_http_social_zone_clock();
    }

    return slot;
}


/* a slot is made once it is in the table, and retired once it is not */

void
ngx_http_social_zone_slot_repair(ngx_http_social_zone_t *zone)
{
    ngx_uint_t                    at;
    ngx_http_social_slot_t       *slot;
    ngx_http_social_zone_undo_t  *undo;

    undo = &zone->undo;
    at = undo->at;
    slot = ngx_http_social_zone_slot_at(zone, at);

    if (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE
        && ngx_http_social_zone_table_find(zone, slot->hash, at)
           == (ngx_uint_t) -1)
    {
        slot->state = (undo->state == NGX_HTTP_SOCIAL_SLOT_LIVE)
                      ? NGX_HTTP_SOCIAL_SLOT_RETIRED
                      : NGX_HTTP_SOCIAL_SLOT_FREE;
    }

    if (slot->state == NGX_HTTP_SOCIAL_SLOT_FREE
        && at < zone->next_slot && zone->free_slots != at)
    {
        slot->key = zone->free_slots;
        ngx_memory_barrier();
        zone->free_slots = at;
    }

    zone->live = undo->live
                 + (slot->state == NGX_HTTP_SOCIAL_SLOT_LIVE)
                 - (undo->state == NGX_HTTP_SOCIAL_SLOT_LIVE);
    zone->retired = undo->retired
                    + (slot->state == NGX_HTTP_SOCIAL_SLOT_RETIRED)
                    - (undo->state == NGX_HTTP_SOCIAL_SLOT_RETIRED);

    ngx_memory_barrier();
    undo->at = 0;
}


/* call under the mutex, before and after a slot changes its state */

static void
ngx_http_social_zone_slot_begin(ngx_http_social_zone_t *zone, ngx_uint_t at)
{
    zone->undo.state = ngx_http_social_zone_slot_at(zone, at)->state;
    zone->undo.live = zone->live;
    zone->undo.retired = zone->retired;
    ngx_memory_barrier();
    zone->undo.at = at;
    ngx_memory_barrier();
}


static void
ngx_http_social_zone_slot_end(ngx_http_social_zone_t *zone)
{
    ngx_memory_barrier();
    zone->undo.at = 0;
}


/* call under the mutex; an index, 0: all slots are in use.  Begins a change */

static ngx_uint_t
ngx_http_social_zone_slot_alloc(ngx_http_social_zone_t *zone)
{
    ngx_uint_t  i;

    i = (zone->next_slot < zone->nslots) ? zone->next_slot : zone->free_slots;

    if (i == 0 || i >= zone->nslots) {
        return 0;
    }

    ngx_http_social_zone_slot_begin(zone, i);

    if (i == zone->next_slot) {
        zone->next_slot++;

    } else {
        /* of a free slot, key is the next one */
        zone->free_slots = ngx_http_social_zone_slot_at(zone, i)->key;
    }

    ngx_memory_barrier();

    return i;
}


/* call under the mutex: fills a slot, then puts it into the table at `room`;
 * NULL: no slot or no chunk is free */

static ngx_http_social_slot_t *
ngx_http_social_zone_slot_add(ngx_http_social_zone_t *zone, ngx_str_t *key,
    uint64_t hash, ngx_uint_t room, ngx_uint_t flags)
{
    uint32_t                 chain;
    ngx_uint_t               i;
    ngx_atomic_t            *table;
    ngx_http_social_slot_t  *slot;

    chain = ngx_http_social_zone_chain_make(zone, key->data, key->len, NULL, 0);
    if (chain == 0) {
        return NULL;
    }

    i = ngx_http_social_zone_slot_alloc(zone);

    if (i == 0) {
        ngx_http_social_zone_chunk_free(zone, chain);
        return NULL;
    }

    slot = ngx_http_social_zone_slot_at(zone, i);
    ngx_memzero(slot, sizeof(ngx_http_social_slot_t));

    slot->life = ++zone->life;
    slot->hash = hash;
    slot->key = chain;
    slot->key_len = key->len;
    slot->last_used = ngx_http_social_zone_clock();
    slot->sketch_day = zone->salt_day;
    slot->readers_base = zone->salt_day << NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT;

    /* differs from all revisions that an evicted slot of this article had:
     * workers may still cache a widget by one of these */

    slot->revision = slot->life << 24;
    slot->withdrawn = slot->life << 24;

    /* an evicted slot of this article may have had a thread */

    slot->flags = flags
                  | (zone->keys_incomplete ? NGX_HTTP_SOCIAL_SLOT_THREAD : 0);
    slot->state = NGX_HTTP_SOCIAL_SLOT_LIVE;

    ngx_memory_barrier();

    table = ngx_http_social_zone_at(zone, zone->table);
    table[room] = (hash >> 32 << 32) | (i + 1);
    zone->live++;

    ngx_http_social_zone_slot_end(zone);

    return slot;
}


ngx_http_social_slot_t *
ngx_http_social_zone_slot_make(ngx_http_social_site_t *site, ngx_str_t *key,
    ngx_uint_t flags)
{
    uint64_t                 hash;
    ngx_uint_t               at, room;
    ngx_http_social_slot_t  *slot;
    ngx_http_social_zone_t  *zone;

    slot = ngx_http_social_zone_slot_find(site, key);
    if (slot) {
        return slot;
    }

    if (key->len == 0 || key->len > SOCIAL_KEY_MAX) {
        return NULL;
    }

    zone = site->zone;
    hash = ngx_http_social_zone_key_hash(zone, key);

    ngx_http_social_zone_lock(zone);

    at = ngx_http_social_zone_table_probe(zone, key, hash, &room);

    if (at) {
        slot = ngx_http_social_zone_slot_at(zone, at - 1);

    } else if (room != (ngx_uint_t) -1) {
        slot = ngx_http_social_zone_slot_add(zone, key, hash, room, flags);
    }

    ngx_http_social_zone_unlock(zone);

    if (slot == NULL) {
        (void) ngx_atomic_fetch_add(&zone->dropped_slot, 1);

        ngx_log_debug5(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social zone \"%V\": no room for article \"%V\": "
                       "%uA of %uD slots in use, %uA retired",
                       &site->name, key, zone->live, zone->nslots,
                       zone->retired);
    }

    return slot;
}


void
ngx_http_social_zone_slot_set_thread(ngx_http_social_slot_t *slot)
{
    (void) __atomic_fetch_or(&slot->flags, NGX_HTTP_SOCIAL_SLOT_THREAD,
                             __ATOMIC_SEQ_CST);
}


void
ngx_http_social_zone_slot_set_read(ngx_http_social_slot_t *slot)
{
    (void) __atomic_fetch_and(&slot->flags,
                              ~(ngx_atomic_uint_t) NGX_HTTP_SOCIAL_SLOT_UNREAD,
                              __ATOMIC_SEQ_CST);

    /* what the page says of itself may have been passed over by a save */
    (void) ngx_atomic_fetch_add(&slot->changes, 1);
}


size_t
ngx_http_social_zone_slot_key(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, u_char *buf)
{
    ngx_http_social_zone_chain_copy(zone, slot->key, 0, slot->key_len, buf);
    buf[slot->key_len] = '\0';

    return slot->key_len;
}


/* a known address that is kept counts as the same */

static uint32_t
ngx_http_social_zone_slot_meta_hash(ngx_http_social_about_t *about)
{
    uint32_t  hash;

    ngx_crc32_init(hash);
    ngx_crc32_update(&hash, about->title.data, about->title.len);
    ngx_crc32_update(&hash, (u_char *) "\n", 1);
    ngx_crc32_update(&hash, about->url.data, about->url.len);
    ngx_crc32_update(&hash, (u_char *) "\n", 1);
    ngx_crc32_update(&hash, about->image.data, about->image.len);
    ngx_crc32_update(&hash, (u_char *) &about->published, sizeof(time_t));
    ngx_crc32_final(hash);

    return hash;
}


/* call under the mutex */

static void
ngx_http_social_zone_slot_about_locked(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_about_t *about,
    u_char buf[NGX_HTTP_SOCIAL_ABOUT])
{
    ngx_memzero(buf, NGX_HTTP_SOCIAL_ABOUT);

    about->title.len = slot->title_len;
    about->title.data = buf;
    about->url.len = slot->url_len;
    about->url.data = about->title.data + slot->title_len + 1;
    about->image.len = slot->image_len;
    about->image.data = about->url.data + slot->url_len + 1;
    about->published = slot->published;
    about->hash = slot->meta_hash;

    ngx_http_social_zone_chain_copy(zone, slot->meta, 0, slot->title_len,
                                    about->title.data);
    ngx_http_social_zone_chain_copy(zone, slot->meta, slot->title_len,
                                    slot->url_len, about->url.data);
    ngx_http_social_zone_chain_copy(zone, slot->meta,
                                    slot->title_len + slot->url_len,
                                    slot->image_len, about->image.data);
}


/* call under the mutex; 1: the widget looks different with it */

static ngx_uint_t
ngx_http_social_zone_slot_describe_locked(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_about_t *about)
{
    u_char                    buf[NGX_HTTP_SOCIAL_ABOUT];
    u_char                    text[NGX_HTTP_SOCIAL_ABOUT], *p;
    uint32_t                  chain, old;
    ngx_uint_t                same;
    ngx_http_social_about_t   known;

    ngx_http_social_zone_slot_about_locked(zone, slot, &known, buf);

    if (about->url.data == NULL) {
        about->url = known.url;
    }

    p = ngx_cpymem(text, about->url.data, about->url.len);
    p = ngx_cpymem(p, about->image.data, about->image.len);

    chain = ngx_http_social_zone_chain_make(zone, about->title.data,
                                            about->title.len, text, p - text);
    old = slot->meta;

    same = about->url.len == known.url.len
           && ngx_memcmp(about->url.data, known.url.data, known.url.len) == 0
           && (about->image.len == 0) == (known.image.len == 0);

    /* 0: a worker that dies here has left parts of two descriptions; they are
     * not saved, and the next page describes itself anew */

    slot->meta_hash = 0;
    ngx_memory_barrier();

    slot->title_len = chain ? about->title.len : 0;
    slot->url_len = chain ? about->url.len : 0;
    slot->image_len = chain ? about->image.len : 0;
    slot->meta = chain;
    slot->published = about->published;
    slot->described_at = (uint32_t) ngx_http_social_zone_clock();
    ngx_memory_barrier();
    slot->meta_hash = about->hash;

    ngx_http_social_zone_chunk_free(zone, old);

    (void) ngx_atomic_fetch_add(&slot->changes, 1);

    if (!same) {
        /* the address, and whether there is an image, are in the widget */
        (void) ngx_atomic_fetch_add(&slot->revision, 1);
    }

    return !same;
}


ngx_uint_t
ngx_http_social_zone_slot_turn(ngx_http_social_slot_t *slot)
{
    uint32_t  now;

    now = (uint32_t) ngx_http_social_zone_clock();

    if (slot->turned_at
        && now - slot->turned_at < NGX_HTTP_SOCIAL_ZONE_DESCRIBE)
    {
        return 0;
    }

    if (slot->meta_hash) {
        slot->turned_at = now;
    }

    return 1;
}


ngx_uint_t
ngx_http_social_zone_slot_describe(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, ngx_http_social_about_t *about)
{
    uint32_t                 now;
    ngx_uint_t               changed;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    now = (uint32_t) ngx_http_social_zone_clock();
    about->hash = ngx_http_social_zone_slot_meta_hash(about);

    if (slot->meta_hash == about->hash
        || (slot->meta_hash
            && now - slot->described_at < NGX_HTTP_SOCIAL_ZONE_DESCRIBE))
    {
        return 0;
    }

    ngx_http_social_zone_lock(zone);

    changed = ngx_http_social_zone_slot_describe_locked(zone, slot, about);

    ngx_http_social_zone_unlock(zone);

    return changed;
}


void
ngx_http_social_zone_slot_about(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_about_t *about,
    u_char buf[NGX_HTTP_SOCIAL_ABOUT])
{
    ngx_http_social_zone_lock(zone);

    ngx_http_social_zone_slot_about_locked(zone, slot, about, buf);

    ngx_http_social_zone_unlock(zone);
}


void
ngx_http_social_zone_slot_retire(ngx_http_social_zone_t *zone, ngx_uint_t at)
{
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_at(zone, at);

    if ((slot->flags & NGX_HTTP_SOCIAL_SLOT_THREAD)
        || ngx_http_social_zone_likes(slot))
    {
        /* set before the key is gone: from now on unknown keys are looked up
         * in the store */

        zone->keys_incomplete = 1;
        ngx_memory_barrier();
    }

    ngx_http_social_zone_slot_begin(zone, at);

    ngx_http_social_zone_table_remove(zone, slot->hash, at);

    slot->last_used = ngx_http_social_zone_clock();
    slot->state = NGX_HTTP_SOCIAL_SLOT_RETIRED;
    zone->live--;
    zone->retired++;

    ngx_http_social_zone_slot_end(zone);

    zone->evicted++;
}


void
ngx_http_social_zone_slot_free(ngx_http_social_zone_t *zone, ngx_uint_t at)
{
    uint32_t                 chains[5], sketch, i;
    ngx_http_social_slot_t  *slot;

    ngx_http_social_zone_slot_begin(zone, at);

    slot = ngx_http_social_zone_slot_at(zone, at);

    chains[0] = slot->key;
    chains[1] = slot->meta;
    chains[2] = slot->exact;
    chains[3] = slot->exact_yesterday;
    chains[4] = slot->cells;
    sketch = slot->sketch;

    slot->state = NGX_HTTP_SOCIAL_SLOT_FREE;
    slot->meta = 0;
    slot->exact = 0;
    slot->exact_yesterday = 0;
    slot->cells = 0;
    slot->sketch = 0;
    slot->key = zone->free_slots;
    ngx_memory_barrier();
    zone->free_slots = at;
    zone->retired--;

    ngx_http_social_zone_slot_end(zone);

    for (i = 0; i < 5; i++) {
        ngx_http_social_zone_chunk_free(zone, chains[i]);
    }

    if (sketch) {
        ngx_http_social_zone_sketch_free(zone, sketch);
    }
}
