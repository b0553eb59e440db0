
/*
 * The hash table that finds slots by their keys: open addressing, linear
 * probing, words of (upper half of the hash << 32 | slot + 1).  Looking up
 * takes no lock; words change under the mutex.
 *
 * Event loop only.
 */

#include "ngx_http_social_zone.h"


/* each word is read once, since another worker may change it at any time */

ngx_uint_t
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

ngx_uint_t
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


/* one word may be missed while words move, as above */

static ngx_http_social_slot_t *
ngx_http_social_zone_table_probe_low(ngx_http_social_zone_t *zone, uint32_t low)
{
    uint32_t                 n, at;
    ngx_atomic_t            *table;
    ngx_http_social_slot_t  *slot;

    table = ngx_http_social_zone_at(zone, zone->table);

    for (n = 0; n <= zone->table_mask; n++) {
        at = (uint32_t) table[(low + n) & zone->table_mask];

        if (at == 0) {
            break;
        }

        if (at > zone->nslots) {
            continue;
        }

        slot = ngx_http_social_zone_slot_at(zone, at - 1);

        if ((uint32_t) slot->hash == low) {
            return slot;
        }
    }

    return NULL;
}


ngx_http_social_slot_t *
ngx_http_social_zone_table_low(ngx_http_social_zone_t *zone, uint32_t low)
{
    ngx_atomic_uint_t        moves;
    ngx_http_social_slot_t  *slot;

    moves = zone->table_moves;
    ngx_memory_barrier();

    slot = ngx_http_social_zone_table_probe_low(zone, low);
    ngx_memory_barrier();

    if (slot || (moves % 2 == 0 && moves == zone->table_moves)) {
        return slot;
    }

    ngx_http_social_zone_lock(zone);
    slot = ngx_http_social_zone_table_probe_low(zone, low);
    ngx_http_social_zone_unlock(zone);

    return slot;
}


ngx_uint_t
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

        if ((uint32_t) table[i] == at + 1
            && (uint32_t) (table[i] >> 32) == (uint32_t) (hash >> 32))
        {
            return i;
        }
    }

    return (ngx_uint_t) -1;
}


/*
 * Call under the mutex.  Words behind the removed one move up to close the
 * hole (tombstones would fill the table in the end).  Each word is copied
 * before its old place is overwritten: a worker that dies here leaves a word
 * twice, but never loses one.
 */

static void
ngx_http_social_zone_table_close(ngx_http_social_zone_t *zone, uint32_t hole)
{
    uint32_t                 i, n, at, home, mask;
    ngx_atomic_t            *table;
    ngx_http_social_slot_t  *slot;

    table = ngx_http_social_zone_at(zone, zone->table);
    mask = zone->table_mask;

    for (n = 0, i = (hole + 1) & mask; n < mask; n++, i = (i + 1) & mask) {
        at = (uint32_t) table[i];

        if (at == 0 || at > zone->nslots) {
            break;
        }

        slot = ngx_http_social_zone_slot_at(zone, at - 1);
        home = (uint32_t) slot->hash & mask;

        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table[hole] = table[i];
            hole = i;
        }
    }

    table[hole] = 0;
}


void
ngx_http_social_zone_table_remove(ngx_http_social_zone_t *zone, uint64_t hash,
    ngx_uint_t at)
{
    ngx_uint_t  n, found;

    zone->table_moves += 1 + zone->table_moves % 2;
    ngx_memory_barrier();

    for (n = 0; n <= zone->table_mask; n++) {
        found = ngx_http_social_zone_table_find(zone, hash, at);

        if (found == (ngx_uint_t) -1) {
            break;
        }

        ngx_http_social_zone_table_close(zone, (uint32_t) found);
    }

    ngx_memory_barrier();
    zone->table_moves++;
}
