
/*
 * Slots, one per article, and the hash table that finds them by key.
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


#define NGX_HTTP_SOCIAL_ZONE_DESCRIBE  10   /* seconds between descriptions */


ngx_http_social_slot_t *
ngx_http_social_zone_slot_site(ngx_http_social_site_t *site)
{
    return ngx_http_social_zone_slot_at(site->zone, 0);
}


static uint64_t
ngx_http_social_zone_key_hash(ngx_http_social_zone_t *zone, ngx_str_t *key)
{
    u_char  k[16];

    /* with a random SipHash key, so that nobody can choose colliding keys */
    ngx_memcpy(k, &zone->generation, 8);
    ngx_memcpy(k + 8, &zone->generation, 8);

    return social_siphash(k, key->data, key->len);
}


/*
 * Returns the slot's index + 1, or 0; then *room is the free word where the
 * key belongs, or (ngx_uint_t) -1.  Each word is read once, since another
 * worker may change it at any time.
 */

static ngx_uint_t
ngx_http_social_zone_table_probe(ngx_http_social_zone_t *zone, ngx_str_t *key,
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
            *room = i;
            return 0;
        }

        at = (uint32_t) word;

        if ((uint32_t) (word >> 32) != tag || at == 0 || at > zone->nslots) {
            continue;
        }

        slot = ngx_http_social_zone_slot_at(zone, at - 1);

        if (slot->hash == hash && slot->key_len == key->len
            && ngx_http_social_zone_chain_equal(zone, slot->key, key->data,
                                                key->len))
        {
            return at;
        }
    }

    return 0;
}


/*
 * A probe without the lock can miss a word that moves at the same moment.  In
 * that case table_moves has changed, or is odd: probe again with the lock.
 */

static ngx_uint_t
ngx_http_social_zone_table_lookup(ngx_http_social_zone_t *zone, ngx_str_t *key,
    uint64_t hash)
{
    ngx_uint_t         at, room;
    ngx_atomic_uint_t  moves;

    moves = zone->table_moves;
    ngx_memory_barrier();

    at = ngx_http_social_zone_table_probe(zone, key, hash, &room);
    ngx_memory_barrier();

    if (at || (moves % 2 == 0 && moves == zone->table_moves)) {
        return at;
    }

    ngx_http_social_zone_lock(zone);

    /* odd while we hold the mutex: the worker that moved words was killed */
    zone->table_moves += zone->table_moves % 2;

    at = ngx_http_social_zone_table_probe(zone, key, hash, &room);

    ngx_http_social_zone_unlock(zone);

    return at;
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


/* call under the mutex; an index, 0: all slots are in use */

static ngx_uint_t
ngx_http_social_zone_slot_alloc(ngx_http_social_zone_t *zone)
{
    ngx_uint_t               i;
    ngx_http_social_slot_t  *slot;

    if (zone->next_slot < zone->nslots) {
        return zone->next_slot++;
    }

    i = zone->free_slots;

    if (i) {
        slot = ngx_http_social_zone_slot_at(zone, i);
        zone->free_slots = slot->key;       /* of a free slot: the next one */
    }

    return i;
}


/* call under the mutex: fills a slot, then puts it into the table at `room`;
 * NULL: no slot or no chunk is free */

static ngx_http_social_slot_t *
ngx_http_social_zone_slot_add(ngx_http_social_zone_t *zone, ngx_str_t *key,
    uint64_t hash, ngx_uint_t room)
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

    slot->flags = zone->keys_incomplete ? NGX_HTTP_SOCIAL_SLOT_THREAD : 0;
    slot->state = NGX_HTTP_SOCIAL_SLOT_LIVE;

    ngx_memory_barrier();

    table = ngx_http_social_zone_at(zone, zone->table);
    table[room] = (hash >> 32 << 32) | (i + 1);
    zone->live++;

    return slot;
}


ngx_http_social_slot_t *
ngx_http_social_zone_slot_make(ngx_http_social_site_t *site, ngx_str_t *key)
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
        slot = ngx_http_social_zone_slot_add(zone, key, hash, room);
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

    slot->title_len = chain ? about->title.len : 0;
    slot->url_len = chain ? about->url.len : 0;
    slot->image_len = chain ? about->image.len : 0;
    slot->meta = chain;
    slot->published = about->published;
    slot->described_at = (uint32_t) ngx_http_social_zone_clock();
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


static ngx_uint_t
ngx_http_social_zone_table_find(ngx_http_social_zone_t *zone, uint64_t hash,
    ngx_uint_t at)
{
    uint32_t       i, n;
    ngx_atomic_t  *table;

    table = ngx_http_social_zone_at(zone, zone->table);

    for (n = 0; n <= zone->table_mask; n++) {
        i = ((uint32_t) hash + n) & zone->table_mask;

        if (table[i] == 0) {
            break;
        }

        if ((uint32_t) table[i] == at + 1) {
            return i;
        }
    }

    return (ngx_uint_t) -1;
}


/*
 * Call under the mutex.  Words behind the removed one move up to close the
 * hole (tombstones would fill the table in the end).  Each word is copied
 * before its old place is overwritten: a worker that dies here leaves a word
 * twice, which does no harm, but never loses one.
 */

static void
ngx_http_social_zone_table_remove(ngx_http_social_zone_t *zone, uint64_t hash,
    ngx_uint_t at)
{
    uint32_t                 i, hole, home, mask;
    ngx_uint_t               found;
    ngx_atomic_t            *table;
    ngx_http_social_slot_t  *slot;

    found = ngx_http_social_zone_table_find(zone, hash, at);
    if (found == (ngx_uint_t) -1) {
        return;
    }

    table = ngx_http_social_zone_at(zone, zone->table);
    mask = zone->table_mask;
    hole = (uint32_t) found;

    zone->table_moves += 1 + zone->table_moves % 2;
    ngx_memory_barrier();

    for (i = (hole + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
        slot = ngx_http_social_zone_slot_at(zone, (uint32_t) table[i] - 1);
        home = (uint32_t) slot->hash & mask;

        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table[hole] = table[i];
            hole = i;
        }
    }

    table[hole] = 0;

    ngx_memory_barrier();
    zone->table_moves++;
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

    ngx_http_social_zone_table_remove(zone, slot->hash, at);

    slot->last_used = ngx_http_social_zone_clock();
    slot->state = NGX_HTTP_SOCIAL_SLOT_RETIRED;
    zone->live--;
    zone->retired++;
    zone->evicted++;
}


void
ngx_http_social_zone_slot_free(ngx_http_social_zone_t *zone, ngx_uint_t at)
{
    uint32_t                 chains[5], i;
    ngx_http_social_slot_t  *slot;

    slot = ngx_http_social_zone_slot_at(zone, at);

    chains[0] = slot->key;
    chains[1] = slot->meta;
    chains[2] = slot->exact;
    chains[3] = slot->exact_yesterday;
    chains[4] = slot->cells;

    slot->state = NGX_HTTP_SOCIAL_SLOT_FREE;
    slot->key = zone->free_slots;
    zone->free_slots = at;
    zone->retired--;

    for (i = 0; i < 5; i++) {
        ngx_http_social_zone_chunk_free(zone, chains[i]);
    }

    if (slot->sketch) {
        ngx_http_social_zone_sketch_free(zone, slot->sketch);
        slot->sketch = 0;
    }
}
