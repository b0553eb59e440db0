
/*
 * Readers of an article: distinct visitors of today, and a base with the
 * reader-days of all days before.
 *
 * Up to a hundred visitors of a day stand in a chain of chunks, exactly;
 * beyond that in a sketch.  No lock on the way of a view but for an article's
 * first reader of a day, a chunk's first one, and the step to a sketch.  An
 * article for which there is no sketch left keeps its first hundred.
 *
 * A count may be read while others count, too low then but never too high:
 * what is saved is a watermark that only grows.  Event loop only.
 */

#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT  40


/* a chunk of a chain of exact readers */

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
 * Under the mutex.  The links of free ones stand apart: a worker that found a
 * sketch just before midnight may still raise a register of it.
 */

static uint32_t
ngx_http_social_zone_sketch_alloc(ngx_http_social_zone_t *zone)
{
    uint32_t  sketch, *links;

    sketch = zone->free_sketches;

    if (sketch) {
        links = ngx_http_social_zone_at(zone, zone->links);
        zone->free_sketches = links[sketch];

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
    zone->free_sketches = sketch;
    zone->used_sketches--;
}


/* how many readers stand in an exact chain */

static ngx_uint_t
ngx_http_social_zone_exact_count(ngx_http_social_zone_t *zone, uint32_t chain)
{
    ngx_uint_t                     i, n;
    ngx_http_social_zone_exact_t  *exact;

    n = 0;

    for ( /* void */ ; chain; chain = exact->next) {
        exact = ngx_http_social_zone_chunk_at(zone, chain);

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

    /* a rotation that died half way has the day in the base already */

    if (slot->sketch_day != base >> NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT) {
        return n;
    }

    sketch = slot->sketch;

    if (sketch == 0) {
        return n + ngx_http_social_zone_exact_count(zone, slot->exact);
    }

    today = social_sketch_count(ngx_http_social_zone_sketch_at(zone, sketch));

    /* at midnight it may have become another article's meanwhile */

    return (slot->sketch == sketch) ? n + today : n;
}


/* yesterday's readers go into the base, the set is emptied */

void
ngx_http_social_zone_reader_rotate(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    uint64_t  n, today;
    uint32_t  old, sketch;

    today = zone->salt_day;

    if (slot->sketch_day == today) {
        return;
    }

    if (slot->readers_base >> NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT != today) {
        n = ngx_http_social_zone_reader_days(zone, slot);
        slot->readers_base = (today << NGX_HTTP_SOCIAL_ZONE_DAY_SHIFT) | n;
    }

    /* others may still walk yesterday's chain: it is freed tomorrow */

    old = slot->exact_yesterday;
    slot->exact_yesterday = slot->exact;
    slot->exact = 0;

    sketch = slot->sketch;

    if (sketch) {
        slot->sketch = 0;
        ngx_http_social_zone_sketch_free(zone, sketch);
    }

    ngx_http_social_zone_chunk_free(zone, old);
    ngx_memory_barrier();
    slot->sketch_day = today;

    /* who read the count meanwhile read too little: it is saved again */

    (void) ngx_atomic_fetch_add(&slot->changes, 1);
}


static ngx_uint_t
ngx_http_social_zone_exact_find(ngx_http_social_zone_t *zone, uint32_t chain,
    uint64_t visitor)
{
    ngx_uint_t                     i;
    ngx_http_social_zone_exact_t  *exact;

    for ( /* void */ ; chain; chain = exact->next) {
        exact = ngx_http_social_zone_chunk_at(zone, chain);

        for (i = 0; i < 7; i++) {
            if (exact->reader[i] == visitor) {
                return 1;
            }
        }
    }

    return 0;
}


/*
 * Places are taken in order and only in the first chunk, as cells are: see
 * ngx_http_social_zone_cell_take().  NGX_OK: it is there, NGX_DECLINED: no
 * room.
 */

static ngx_int_t
ngx_http_social_zone_exact_add(ngx_http_social_zone_t *zone, uint32_t first,
    uint64_t visitor, ngx_uint_t *news)
{
    ngx_uint_t                     i;
    ngx_http_social_zone_exact_t  *exact;

    if (ngx_http_social_zone_exact_find(zone, first, visitor)) {
        return NGX_OK;
    }

    if (first == 0) {
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


/* under the mutex: all exact readers move to a sketch */

static void
ngx_http_social_zone_reader_to_sketch(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    u_char                        *registers;
    uint32_t                       chain, sketch;
    ngx_uint_t                     i;
    ngx_http_social_zone_exact_t  *exact;

    if (slot->sketch) {
        return;
    }

    sketch = ngx_http_social_zone_sketch_alloc(zone);
    if (sketch == 0) {
        return;
    }

    registers = ngx_http_social_zone_sketch_at(zone, sketch);

    for (chain = slot->exact; chain; chain = exact->next) {
        exact = ngx_http_social_zone_chunk_at(zone, chain);

        for (i = 0; i < 7; i++) {
            if (exact->reader[i]) {
                (void) social_sketch_add(registers, exact->reader[i]);
            }
        }
    }

    ngx_memory_barrier();
    slot->sketch = sketch;
}


/* the chain is full: another chunk, or a sketch beyond a hundred */

static ngx_int_t
ngx_http_social_zone_reader_grow(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, uint32_t head)
{
    uint32_t                       new;
    ngx_http_social_zone_exact_t  *exact;

    if (ngx_http_social_zone_exact_count(zone, head)
        >= NGX_HTTP_SOCIAL_ZONE_EXACT_READERS) {
        ngx_http_social_zone_reader_to_sketch(zone, slot);
        return slot->sketch ? NGX_OK : NGX_ERROR;
    }

    new = ngx_http_social_zone_chunk_alloc(zone);
    if (new == 0) {
        return NGX_ERROR;
    }

    exact = ngx_http_social_zone_chunk_at(zone, new);
    exact->next = head;
    slot->exact = new;

    return NGX_OK;
}


/* no sketch is left, and the chain has all that it takes */

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

        if (ngx_http_social_zone_exact_add(zone, head, visitor, &news)
            == NGX_OK) {
            break;
        }

        if (ngx_http_social_zone_reader_full(zone, head)) {
            (void) ngx_atomic_fetch_add(&zone->dropped_sketch, 1);
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
