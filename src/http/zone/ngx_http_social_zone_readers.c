
/*
 * Readers of an article: today's distinct visitors, and a base that holds the
 * reader-days of all days before.
 *
 * The first 100 visitors of a day are kept exactly, in a chain of chunks; then
 * they move to a sketch.  If no sketch is left, only these 100 are counted.
 * The mutex is taken for the first reader of a day, for a new chunk, and for
 * the move to a sketch.
 *
 * A count that is read while another worker counts may be too low, never too
 * high: the store keeps the highest value that was saved.  Event loop only.
 */

#include "ngx_http_social_zone.h"


/* a chunk of a chain of exact readers; 0: free place */

typedef struct {
    uint32_t        next;
    uint32_t        spare;
    ngx_atomic_t    reader[7];
} ngx_http_social_zone_exact_t;


static u_char *
ngx_http_social_zone_sketch_at(ngx_http_social_zone_t *zone, uint32_t sketch)
{
    return (u_char *) zone + zone->sketches
           + (size_t) (sketch - 1) * SOCIAL_SKETCH_REGISTERS;
}


/*
 * Call under the mutex.  The list of free sketches is not kept in the sketches
 * themselves: a worker that found one just before midnight may still write to
 * its registers.
 */

static uint32_t
ngx_http_social_zone_sketch_alloc(ngx_http_social_zone_t *zone)
{
    uint32_t  sketch, *links;

    sketch = zone->free_sketches;

    if (sketch && sketch <= zone->nsketches) {
        links = ngx_http_social_zone_at(zone, zone->links);
        zone->free_sketches = links[sketch];
        ngx_memory_barrier();

    } else if (zone->next_sketch < zone->nsketches) {
        sketch = ++zone->next_sketch;

    } else {
        return 0;
    }

    zone->used_sketches++;
    ngx_memzero(ngx_http_social_zone_sketch_at(zone, sketch),
                SOCIAL_SKETCH_REGISTERS);

    return sketch;
}


void
ngx_http_social_zone_sketch_free(ngx_http_social_zone_t *zone, uint32_t sketch)
{
    uint32_t  *links;

    links = ngx_http_social_zone_at(zone, zone->links);
    links[sketch] = zone->free_sketches;
    ngx_memory_barrier();
    zone->free_sketches = sketch;
    zone->used_sketches--;
}


static ngx_uint_t
ngx_http_social_zone_exact_count(ngx_http_social_zone_t *zone, uint32_t chain)
{
    ngx_uint_t                     i, n;
    ngx_http_social_zone_walk_t    walk;
    ngx_http_social_zone_exact_t  *exact;

    n = 0;
    ngx_http_social_zone_walk(&walk, zone, chain);

    while ((exact = ngx_http_social_zone_walk_next(&walk)) != NULL) {

        for (i = 0; i < 7; i++) {
            n += (exact->reader[i] != 0);
        }
    }

    return n;
}


uint64_t
ngx_http_social_zone_reader_days(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    uint32_t  sketch;
    uint64_t  n, base, today;

    base = slot->readers_base;
    n = base & (((uint64_t) 1 << NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT) - 1);

    /* a worker died within rotate: the base holds these readers already */

    if (slot->sketch_day != base >> NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT) {
        return n;
    }

    sketch = slot->sketch;

    if (sketch == 0) {
        return n + ngx_http_social_zone_exact_count(zone, slot->exact);
    }

    today = social_sketch_count(ngx_http_social_zone_sketch_at(zone, sketch));

    /* at midnight another article may have got this sketch meanwhile */

    return (slot->sketch == sketch) ? n + today : n;
}


void
ngx_http_social_zone_reader_rotate(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    uint64_t  n, today;
    uint32_t  old, exact, sketch;

    today = zone->salt_day;

    if (slot->sketch_day == today) {
        return;
    }

    if (slot->readers_base >> NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT != today) {
        n = ngx_http_social_zone_reader_days(zone, slot);
        slot->readers_base = (today << NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT) | n;
    }

    /* today's chain is not freed now: other workers may still be reading it.
     * No store may make a chain known twice, or leave one that is freed: each
     * would be freed again tomorrow */

    old = slot->exact_yesterday;
    slot->exact_yesterday = 0;
    exact = slot->exact;
    slot->exact = 0;
    slot->exact_yesterday = exact;

    sketch = slot->sketch;

    if (sketch) {
        slot->sketch = 0;
        ngx_http_social_zone_sketch_free(zone, sketch);
    }

    ngx_http_social_zone_chunk_free(zone, old);
    ngx_memory_barrier();
    slot->sketch_day = today;

    /* a save that ran meanwhile read too low a count: save again */

    (void) ngx_atomic_fetch_add(&slot->changes, 1);
}


static ngx_uint_t
ngx_http_social_zone_exact_find(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, uint32_t chain, uint64_t visitor)
{
    ngx_uint_t                     i;
    ngx_http_social_zone_walk_t    walk;
    ngx_http_social_zone_exact_t  *exact;

    ngx_http_social_zone_walk(&walk, zone, chain);

    while ((exact = ngx_http_social_zone_walk_next(&walk)) != NULL) {

        for (i = 0; i < 7; i++) {
            if (exact->reader[i] == visitor) {
                return 1;
            }
        }
    }

    if (walk.broken) {
        ngx_http_social_zone_chain_drop(&slot->exact, chain);
    }

    return 0;
}


/*
 * NGX_OK: the visitor is in the chain; NGX_DECLINED: the first chunk is full.
 * Places are taken in order: see ngx_http_social_zone_cell_take().
 */

static ngx_int_t
ngx_http_social_zone_exact_add(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, uint32_t first, uint64_t visitor,
    ngx_uint_t *news)
{
    ngx_uint_t                     i;
    ngx_http_social_zone_exact_t  *exact;

    if (ngx_http_social_zone_exact_find(zone, slot, first, visitor)) {
        return NGX_OK;
    }

    if (first == 0 || slot->exact != first) {
        return NGX_DECLINED;
    }

    exact = ngx_http_social_zone_chunk_at(zone, first);

    for (i = 0; i < 7; i++) {
        if (exact->reader[i] == 0
            && ngx_atomic_cmp_set(&exact->reader[i], 0, visitor))
        {
            *news = 1;
            return NGX_OK;
        }

        if (exact->reader[i] == visitor) {
            return NGX_OK;
        }
    }

    return NGX_DECLINED;
}


/* call under the mutex; slot->sketch stays 0 if none is free */

static void
ngx_http_social_zone_reader_to_sketch(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    u_char                        *registers;
    uint32_t                       sketch;
    ngx_uint_t                     i;
    ngx_http_social_zone_walk_t    walk;
    ngx_http_social_zone_exact_t  *exact;

    if (slot->sketch) {
        return;
    }

    sketch = ngx_http_social_zone_sketch_alloc(zone);
    if (sketch == 0) {
        return;
    }

    registers = ngx_http_social_zone_sketch_at(zone, sketch);

    ngx_http_social_zone_walk(&walk, zone, slot->exact);

    while ((exact = ngx_http_social_zone_walk_next(&walk)) != NULL) {

        for (i = 0; i < 7; i++) {
            if (exact->reader[i]) {
                (void) social_sketch_add(registers, exact->reader[i]);
            }
        }
    }

    ngx_memory_barrier();
    slot->sketch = sketch;
}


/* call under the mutex, when the first chunk is full: adds a chunk, or moves
 * the readers to a sketch if there are 100 */

static ngx_int_t
ngx_http_social_zone_reader_grow(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, uint32_t head)
{
    uint32_t                       new;
    ngx_http_social_zone_exact_t  *exact;

    if (ngx_http_social_zone_exact_count(zone, head)
        >= NGX_HTTP_SOCIAL_ZONE_EXACT_READERS)
    {
        ngx_http_social_zone_reader_to_sketch(zone, slot);
        return slot->sketch ? NGX_OK : NGX_ERROR;
    }

    new = ngx_http_social_zone_chunk_alloc(zone);
    if (new == 0) {
        return NGX_ERROR;
    }

    exact = ngx_http_social_zone_chunk_at(zone, new);
    exact->next = head;
    ngx_memory_barrier();
    slot->exact = new;

    return NGX_OK;
}


/* the chain holds 100 readers and no sketch is free */

static ngx_uint_t
ngx_http_social_zone_reader_full(ngx_http_social_zone_t *zone, uint32_t head)
{
    return zone->free_sketches == 0
           && zone->next_sketch >= zone->nsketches
           && ngx_http_social_zone_exact_count(zone, head)
              >= NGX_HTTP_SOCIAL_ZONE_EXACT_READERS;
}


void
ngx_http_social_zone_reader_add(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, uint64_t visitor)
{
    uint32_t                 head, sketch;
    ngx_int_t                rc;
    ngx_uint_t               news;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    news = 0;

    if (slot->sketch_day != zone->salt_day) {
        ngx_http_social_zone_lock(zone);
        ngx_http_social_zone_reader_rotate(zone, slot);
        ngx_http_social_zone_unlock(zone);
    }

    for ( ;; ) {
        sketch = slot->sketch;

        if (sketch) {
            news = social_sketch_add(
                ngx_http_social_zone_sketch_at(zone, sketch), visitor);
            break;
        }

        head = slot->exact;

        if (ngx_http_social_zone_exact_add(zone, slot, head, visitor, &news)
            == NGX_OK)
        {
            break;
        }

        if (ngx_http_social_zone_reader_full(zone, head)) {
            (void) ngx_atomic_fetch_add(&zone->dropped_sketch, 1);

            ngx_log_debug2(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                           "social zone \"%V\": all %uD sketches are in use: "
                           "a reader is not counted",
                           &site->name, zone->nsketches);
            return;
        }

        ngx_http_social_zone_lock(zone);
        rc = (head == slot->exact)
             ? ngx_http_social_zone_reader_grow(zone, slot, head) : NGX_OK;
        ngx_http_social_zone_unlock(zone);

        if (rc != NGX_OK) {
            return;
        }
    }

    if (news) {
        (void) ngx_atomic_fetch_add(&slot->changes, 1);
    }
}
