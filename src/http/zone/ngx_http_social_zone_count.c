
/*
 * Counters of an article in shared memory: plain ones, and labelled ones (by
 * network, source or goal).  Takes no lock; counters only grow, so a worker
 * may die at any step.  Event loop only.
 */

#include "ngx_http_social_zone.h"


/* a chunk of labelled counters: key is kind << 32 | label, 0: free cell */

typedef struct {
    uint32_t        next;
    uint32_t        spare;
    struct {
        ngx_atomic_t    key;
        ngx_atomic_t    value;
    } cell[3];
} ngx_http_social_zone_cells_t;


void
ngx_http_social_zone_count(ngx_http_social_slot_t *slot, social_count_e kind,
    ngx_uint_t n)
{
    (void) ngx_atomic_fetch_add(&slot->plain[kind], n);
    (void) ngx_atomic_fetch_add(&slot->changes, 1);
}


static ngx_atomic_t *
ngx_http_social_zone_cell_find(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, uint32_t chain, ngx_atomic_uint_t key)
{
    ngx_uint_t                     i;
    ngx_http_social_zone_walk_t    walk;
    ngx_http_social_zone_cells_t  *cells;

    ngx_http_social_zone_walk(&walk, zone, chain);

    while ((cells = ngx_http_social_zone_walk_next(&walk)) != NULL) {

        for (i = 0; i < 3; i++) {
            if (cells->cell[i].key == key) {
                return &cells->cell[i].value;
            }
        }
    }

    if (walk.broken) {
        ngx_http_social_zone_chain_drop(&slot->cells, chain);
    }

    return NULL;
}


/*
 * Takes the next free cell of the first chunk, or NULL if it is full; then a
 * new chunk goes in front.  Cells are taken in order: a worker that looks for
 * a free one passes those that others have taken meanwhile, and finds its own
 * key among them.  In any other order a key could get two cells.
 */

static ngx_atomic_t *
ngx_http_social_zone_cell_take(ngx_http_social_zone_t *zone, uint32_t first,
    ngx_atomic_uint_t key)
{
    ngx_uint_t                     i;
    ngx_http_social_zone_cells_t  *cells;

    if (first == 0) {
        return NULL;
    }

    cells = ngx_http_social_zone_chunk_at(zone, first);

    for (i = 0; i < 3; i++) {
        if (cells->cell[i].key == 0) {
            (void) ngx_atomic_cmp_set(&cells->cell[i].key, 0, key);
        }

        if (cells->cell[i].key == key) {
            return &cells->cell[i].value;
        }
    }

    return NULL;
}


void
ngx_http_social_zone_count_label(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, social_count_e kind, uint32_t label)
{
    uint32_t                       head, new;
    ngx_atomic_t                  *value;
    ngx_atomic_uint_t              key;
    ngx_http_social_zone_cells_t  *cells;

    key = ((ngx_atomic_uint_t) kind << 32) | label;

    for ( ;; ) {
        head = slot->cells;
        value = ngx_http_social_zone_cell_find(zone, slot, head, key);

        /* a broken chain was dropped: slot->cells is not head any more */

        if (value == NULL && slot->cells == head) {
            value = ngx_http_social_zone_cell_take(zone, head, key);
        }

        if (value) {
            (void) ngx_atomic_fetch_add(value, 1);
            break;
        }

        new = ngx_http_social_zone_chunk_alloc(zone);
        if (new == 0) {
            return;
        }

        cells = ngx_http_social_zone_chunk_at(zone, new);
        cells->next = head;
        cells->cell[0].key = key;
        cells->cell[0].value = 1;

        if (__atomic_compare_exchange_n(&slot->cells, &head, new, 0,
                                        __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
        {
            break;
        }

        cells->next = 0;
        ngx_http_social_zone_chunk_free(zone, new);
    }

    (void) ngx_atomic_fetch_add(&slot->changes, 1);
}


/* the low 8 bits are the source's: no source has a higher number */

uint32_t
ngx_http_social_zone_goal_label(ngx_str_t *name, ngx_uint_t source)
{
    uint32_t  crc;

    crc = ngx_crc32_long(name->data, name->len);

    return source ? (crc & ~(uint32_t) 0xff) | (source & 0xff) : crc;
}


void
ngx_http_social_zone_count_each(ngx_http_social_zone_t *zone,
    ngx_http_social_slot_t *slot, ngx_http_social_zone_cell_pt handler,
    void *data)
{
    uint32_t                       chain;
    ngx_uint_t                     i;
    ngx_atomic_uint_t              key;
    ngx_http_social_zone_walk_t    walk;
    ngx_http_social_zone_cells_t  *cells;

    chain = slot->cells;
    ngx_http_social_zone_walk(&walk, zone, chain);

    while ((cells = ngx_http_social_zone_walk_next(&walk)) != NULL) {

        for (i = 0; i < 3; i++) {
            key = cells->cell[i].key;

            if (key && cells->cell[i].value) {
                handler(data, (social_count_e) (key >> 32), (uint32_t) key,
                        cells->cell[i].value);
            }
        }
    }

    if (walk.broken) {
        ngx_http_social_zone_chain_drop(&slot->cells, chain);
    }
}


ngx_uint_t
ngx_http_social_zone_likes(ngx_http_social_slot_t *slot)
{
    return (uint32_t) slot->likes;
}


ngx_uint_t
ngx_http_social_zone_comments(ngx_http_social_slot_t *slot)
{
    return (uint32_t) slot->comments;
}


/* 1: the number, with its change in the upper half, is of this change or a
 * later one.  What was before changes were numbered has none, but counts. */

static ngx_uint_t
ngx_http_social_zone_number_known(ngx_atomic_uint_t word, uint64_t change)
{
    return word != 0
           && (int32_t) ((uint32_t) change - (uint32_t) (word >> 32)) <= 0;
}


static void
ngx_http_social_zone_number_set(ngx_atomic_t *number, uint64_t value,
    uint64_t change)
{
    ngx_uint_t         tries;
    ngx_atomic_uint_t  was, word;

    word = change << 32 | (uint32_t) value;

    /* each failed try means that another worker has set the number; should all
     * fail, the next load of changes sets the newest one */

    for (tries = 0; tries < 100; tries++) {
        was = *number;

        if (ngx_http_social_zone_number_known(was, change)
            || ngx_atomic_cmp_set(number, was, word))
        {
            return;
        }
    }
}


ngx_uint_t
ngx_http_social_zone_comments_known(ngx_http_social_slot_t *slot,
    uint64_t change)
{
    return ngx_http_social_zone_number_known(slot->comments, change);
}


void
ngx_http_social_zone_comments_set(ngx_http_social_slot_t *slot,
    uint64_t comments, uint64_t change)
{
    ngx_http_social_zone_number_set(&slot->comments, comments, change);
}


void
ngx_http_social_zone_likes_set(ngx_http_social_slot_t *slot, uint64_t likes,
    uint64_t changes)
{
    ngx_http_social_zone_number_set(&slot->likes, likes, changes);
}
