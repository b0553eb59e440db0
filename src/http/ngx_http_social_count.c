
/*
 * Counting in shared memory: plain and labelled counters of an article, and
 * its readers of the day.  Any worker, any time; no lock on the way of a
 * view but for an article's first reader of a day and its hundredth.
 */

#include "ngx_http_social_zone.h"


/* a block of a chain of labelled counters: key is kind << 32 | label */

typedef struct {
    uint32_t        next;
    uint32_t        spare;
    struct {
        ngx_atomic_t    key;
        ngx_atomic_t    value;
    } cell[3];
} ngx_http_social_cells_t;


/* a block of a chain of exact readers */

typedef struct {
    uint32_t        next;
    uint32_t        spare;
    ngx_atomic_t    reader[7];
} ngx_http_social_exact_t;


#define NGX_HTTP_SOCIAL_DAY_BITS  40


void
ngx_http_social_count(ngx_http_social_slot_t *slot, social_count_e kind,
    ngx_uint_t n)
{
    (void) ngx_atomic_fetch_add(&slot->plain[kind], n);
    (void) ngx_atomic_fetch_add(&slot->changes, 1);
}


/* one more in the cell of key, if the chain has it or room for it */

static ngx_int_t
ngx_http_social_cell_add(ngx_http_social_zone_t *zone, uint32_t chain,
    ngx_atomic_uint_t key)
{
    ngx_uint_t                i;
    ngx_http_social_cells_t  *cells;

    for ( /* void */ ; chain; chain = cells->next) {
        cells = ngx_http_social_block_at(zone, chain);

        for (i = 0; i < 3; i++) {
            if (cells->cell[i].key == 0) {
                (void) ngx_atomic_cmp_set(&cells->cell[i].key, 0, key);
            }

            if (cells->cell[i].key == key) {
                (void) ngx_atomic_fetch_add(&cells->cell[i].value, 1);
                return NGX_OK;
            }
        }
    }

    return NGX_DECLINED;
}


/*
 * Blocks are added in front, and only when all others are full: an empty cell
 * is always in the first block, so two workers never make two cells of a key.
 */

void
ngx_http_social_count_label(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, social_count_e kind, uint32_t label)
{
    uint32_t                  head, new;
    ngx_atomic_uint_t         key;
    ngx_http_social_cells_t  *cells;

    key = ((ngx_atomic_uint_t) kind << 32) | label;

    for ( ;; ) {
        head = slot->cells;
        ngx_memory_barrier();

        if (ngx_http_social_cell_add(zone, head, key) == NGX_OK) {
            break;
        }

        new = ngx_http_social_block_alloc(zone);
        if (new == 0) {
            return;
        }

        cells = ngx_http_social_block_at(zone, new);
        cells->next = head;
        cells->cell[0].key = key;
        cells->cell[0].value = 1;

        if (__atomic_compare_exchange_n(&slot->cells, &head, new, 0,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        {
            break;
        }

        cells->next = 0;
        ngx_http_social_block_free(zone, new);
    }

    (void) ngx_atomic_fetch_add(&slot->changes, 1);
}


void
ngx_http_social_cells(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_cell_pt handler,
    void *data)
{
    uint32_t                  chain;
    ngx_uint_t                i;
    ngx_atomic_uint_t         key;
    ngx_http_social_cells_t  *cells;

    for (chain = slot->cells; chain; chain = cells->next) {
        cells = ngx_http_social_block_at(zone, chain);

        for (i = 0; i < 3; i++) {
            key = cells->cell[i].key;

            if (key && cells->cell[i].value) {
                handler(data, (social_count_e) (key >> 32), (uint32_t) key,
                        cells->cell[i].value);
            }
        }
    }
}


static u_char *
ngx_http_social_sketch_at(ngx_http_social_zone_t *zone, uint32_t sketch)
{
    return (u_char *) zone + zone->sketches
           + (size_t) (sketch - 1) * SOCIAL_SKETCH_REGISTERS;
}


/* under the mutex; the first bytes of a free one hold the next one */

static uint32_t
ngx_http_social_sketch_alloc(ngx_http_social_zone_t *zone)
{
    u_char    *p;
    uint32_t   sketch;

    sketch = zone->free_sketches;

    if (sketch) {
        p = ngx_http_social_sketch_at(zone, sketch);
        ngx_memcpy(&sketch, p, sizeof(uint32_t));
        zone->free_sketches = sketch;
        sketch = 1 + (p - ngx_http_social_sketch_at(zone, 1))
                     / SOCIAL_SKETCH_REGISTERS;

    } else if (zone->next_sketch < zone->nsketches) {
        sketch = ++zone->next_sketch;
        p = ngx_http_social_sketch_at(zone, sketch);

    } else {
        zone->dropped_sketch++;
        return 0;
    }

    ngx_memzero(p, SOCIAL_SKETCH_REGISTERS);

    return sketch;
}


void
ngx_http_social_sketch_free(ngx_http_social_zone_t *zone, uint32_t sketch)
{
    uint32_t  next;

    next = zone->free_sketches;
    ngx_memcpy(ngx_http_social_sketch_at(zone, sketch), &next,
               sizeof(uint32_t));
    zone->free_sketches = sketch;
}


/* how many readers stand in an exact chain */

static ngx_uint_t
ngx_http_social_exact_count(ngx_http_social_zone_t *zone, uint32_t chain)
{
    ngx_uint_t                i, n;
    ngx_http_social_exact_t  *exact;

    n = 0;

    for ( /* void */ ; chain; chain = exact->next) {
        exact = ngx_http_social_block_at(zone, chain);

        for (i = 0; i < 7; i++) {
            n += (exact->reader[i] != 0);
        }
    }

    return n;
}


uint64_t
ngx_http_social_readers(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    uint64_t  n, base;

    base = slot->readers_base;
    n = base & (((uint64_t) 1 << NGX_HTTP_SOCIAL_DAY_BITS) - 1);

    /* a rotation that died half way has the day in the base already */

    if (slot->sketch_day != base >> NGX_HTTP_SOCIAL_DAY_BITS) {
        return n;
    }

    if (slot->sketch) {
        return n + social_sketch_count(
                       ngx_http_social_sketch_at(zone, slot->sketch));
    }

    return n + ngx_http_social_exact_count(zone, slot->exact);
}


/* under the mutex: yesterday's readers go into the base, the set is emptied */

static void
ngx_http_social_reader_rotate(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    uint64_t  n, today;
    uint32_t  old;

    today = zone->salt_day;

    if (slot->sketch_day == today) {
        return;
    }

    if (slot->readers_base >> NGX_HTTP_SOCIAL_DAY_BITS != today) {
        n = ngx_http_social_readers(zone, slot);
        slot->readers_base = (today << NGX_HTTP_SOCIAL_DAY_BITS) | n;
    }

    /* others may still walk yesterday's chain: it is freed tomorrow */

    old = slot->exact_old;
    slot->exact_old = slot->exact;
    slot->exact = 0;

    if (slot->sketch) {
        ngx_http_social_sketch_free(zone, slot->sketch);
        slot->sketch = 0;
    }

    ngx_http_social_block_free(zone, old);
    ngx_memory_barrier();
    slot->sketch_day = today;
}


/* NGX_OK: it is in the chain; NGX_DECLINED: the chain is full */

static ngx_int_t
ngx_http_social_exact_add(ngx_http_social_zone_t *zone, uint32_t chain,
    uint64_t visitor, ngx_uint_t *news)
{
    ngx_uint_t                i;
    ngx_http_social_exact_t  *exact;

    for ( /* void */ ; chain; chain = exact->next) {
        exact = ngx_http_social_block_at(zone, chain);

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
    }

    return NGX_DECLINED;
}


/* under the mutex: all exact readers move to a sketch */

static void
ngx_http_social_reader_sketch(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot)
{
    u_char                   *registers;
    uint32_t                  chain, sketch;
    ngx_uint_t                i;
    ngx_http_social_exact_t  *exact;

    if (slot->sketch) {
        return;
    }

    sketch = ngx_http_social_sketch_alloc(zone);
    if (sketch == 0) {
        return;
    }

    registers = ngx_http_social_sketch_at(zone, sketch);

    for (chain = slot->exact; chain; chain = exact->next) {
        exact = ngx_http_social_block_at(zone, chain);

        for (i = 0; i < 7; i++) {
            if (exact->reader[i]) {
                (void) social_sketch_add(registers, exact->reader[i]);
            }
        }
    }

    ngx_memory_barrier();
    slot->sketch = sketch;
}


/* the chain is full: another block, or a sketch beyond a hundred */

static ngx_int_t
ngx_http_social_reader_grow(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, uint32_t head)
{
    uint32_t                  new;
    ngx_http_social_exact_t  *exact;

    if (ngx_http_social_exact_count(zone, head) >= NGX_HTTP_SOCIAL_EXACT) {
        ngx_http_social_reader_sketch(zone, slot);
        return slot->sketch ? NGX_OK : NGX_ERROR;
    }

    new = ngx_http_social_block_alloc(zone);
    if (new == 0) {
        return NGX_ERROR;
    }

    exact = ngx_http_social_block_at(zone, new);
    exact->next = head;
    slot->exact = new;

    return NGX_OK;
}


void
ngx_http_social_reader(ngx_http_social_site_t *site,
    ngx_http_social_slot_t *slot, uint64_t visitor)
{
    uint32_t                 head;
    ngx_int_t                rc;
    ngx_uint_t               news;
    ngx_slab_pool_t         *shpool;
    ngx_http_social_zone_t  *zone;

    zone = site->zone;
    shpool = (ngx_slab_pool_t *) site->shm->shm.addr;
    news = 0;

    if (slot->sketch_day != zone->salt_day) {
        ngx_shmtx_lock(&shpool->mutex);
        ngx_http_social_reader_rotate(zone, slot);
        ngx_shmtx_unlock(&shpool->mutex);
    }

    for ( ;; ) {
        if (slot->sketch) {
            news = social_sketch_add(
                       ngx_http_social_sketch_at(zone, slot->sketch),
                       visitor);
            break;
        }

        head = slot->exact;
        ngx_memory_barrier();

        if (ngx_http_social_exact_add(zone, head, visitor, &news) == NGX_OK) {
            break;
        }

        ngx_shmtx_lock(&shpool->mutex);
        rc = (head == slot->exact)
             ? ngx_http_social_reader_grow(zone, slot, head) : NGX_OK;
        ngx_shmtx_unlock(&shpool->mutex);

        if (rc != NGX_OK) {
            return;
        }
    }

    if (news) {
        (void) ngx_atomic_fetch_add(&slot->changes, 1);
    }
}
