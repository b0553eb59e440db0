
/*
 * Chunks of 64 bytes in shared memory, in chains: the index of the next chunk,
 * then 60 bytes of data.  Index 0 is never given out: it ends a chain.
 *
 * Free chunks form a lock-free stack.  Its head carries a tag that grows with
 * every pop and push; without the tag, compare-and-swap would not notice that
 * another worker popped and pushed the same chunk meanwhile (ABA).  A process
 * that dies between pop and use loses the chunk until nginx restarts.
 *
 * `next` of a free chunk has the bit FREE.  A walk that meets it, or does not
 * end, has left its chain: the chain is broken, and whoever owns it drops it.
 * That must never happen; if it does, it must not become a loop that never
 * ends, or a chunk with two owners.  Chains are freed only after the store
 * that takes them from their owner.
 *
 * Event loop only; takes no lock.
 */

#include "ngx_http_social_zone.h"


#define NGX_HTTP_SOCIAL_ZONE_CHUNK_DATA                                       \
    (NGX_HTTP_SOCIAL_ZONE_CHUNK - sizeof(uint32_t))


#define NGX_HTTP_SOCIAL_ZONE_CHUNK_FREE  0x80000000


typedef struct {
    volatile uint32_t   next;
    u_char      data[NGX_HTTP_SOCIAL_ZONE_CHUNK_DATA];
} ngx_http_social_zone_chunk_t;


void *
ngx_http_social_zone_chunk_at(ngx_http_social_zone_t *zone, uint32_t i)
{
    return (u_char *) zone + zone->chunks
           + (size_t) i * NGX_HTTP_SOCIAL_ZONE_CHUNK;
}


/* takes a chunk from the list of free ones; 0: there is none */

static uint32_t
ngx_http_social_zone_chunk_pop(ngx_http_social_zone_t *zone)
{
    uint32_t                       i, next;
    ngx_atomic_uint_t              head, new;
    ngx_http_social_zone_chunk_t  *chunk;

    for ( ;; ) {
        head = zone->free_chunks;
        i = (uint32_t) head;

        if (i == 0) {
            return 0;
        }

        chunk = ngx_http_social_zone_chunk_at(zone, i);
        next = (i < zone->nchunks) ? chunk->next : 0;
        new = ((head >> 32) + 1) << 32;

        if (next & NGX_HTTP_SOCIAL_ZONE_CHUNK_FREE) {
            new |= next & ~NGX_HTTP_SOCIAL_ZONE_CHUNK_FREE;
        }

        if (!ngx_atomic_cmp_set(&zone->free_chunks, head, new)) {
            continue;
        }

        if (next & NGX_HTTP_SOCIAL_ZONE_CHUNK_FREE) {
            return i;
        }

        /* the list leads into a chunk that is in use: it ends here */

        (void) ngx_atomic_fetch_add(&zone->broken_chains, 1);
    }
}


uint32_t
ngx_http_social_zone_chunk_alloc(ngx_http_social_zone_t *zone)
{
    uint32_t  i;

    i = ngx_http_social_zone_chunk_pop(zone);

    if (i == 0) {
        i = (uint32_t) ngx_atomic_fetch_add(&zone->next_chunk, 1);
    }

    if (i >= zone->nchunks) {
        /* else its low 32 bits wrap around after 2^32 failures */
        (void) ngx_atomic_fetch_add(&zone->next_chunk, -1);
        (void) ngx_atomic_fetch_add(&zone->dropped_chunk, 1);

        ngx_log_debug1(NGX_LOG_DEBUG_HTTP, ngx_cycle->log, 0,
                       "social zone: all %uD chunks are in use",
                       zone->nchunks);
        return 0;
    }

    (void) ngx_atomic_fetch_add(&zone->used_chunks, 1);
    ngx_memzero(ngx_http_social_zone_chunk_at(zone, i),
                sizeof(ngx_http_social_zone_chunk_t));

    return i;
}


void
ngx_http_social_zone_chunk_free(ngx_http_social_zone_t *zone, uint32_t chain)
{
    uint32_t                       next, n;
    ngx_atomic_uint_t              head, new;
    ngx_http_social_zone_chunk_t  *chunk;

    for (n = 0; chain; chain = next, n++) {

        if (chain >= zone->nchunks || n == NGX_HTTP_SOCIAL_ZONE_CHAIN) {
            (void) ngx_atomic_fetch_add(&zone->broken_chains, 1);
            return;
        }

        chunk = ngx_http_social_zone_chunk_at(zone, chain);
        next = chunk->next;

        if (next & NGX_HTTP_SOCIAL_ZONE_CHUNK_FREE) {
            (void) ngx_atomic_fetch_add(&zone->broken_chains, 1);
            return;
        }

        do {
            head = zone->free_chunks;
            chunk->next = (uint32_t) head | NGX_HTTP_SOCIAL_ZONE_CHUNK_FREE;
            new = (((head >> 32) + 1) << 32) | chain;
        } while (!ngx_atomic_cmp_set(&zone->free_chunks, head, new));

        (void) ngx_atomic_fetch_add(&zone->used_chunks, -1);
    }
}


void
ngx_http_social_zone_walk(ngx_http_social_zone_walk_t *walk,
    ngx_http_social_zone_t *zone, uint32_t chain)
{
    walk->zone = zone;
    walk->next = chain;
    walk->left = NGX_HTTP_SOCIAL_ZONE_CHAIN;
    walk->broken = 0;
}


void *
ngx_http_social_zone_walk_next(ngx_http_social_zone_walk_t *walk)
{
    uint32_t                       next;
    ngx_http_social_zone_chunk_t  *chunk;

    if (walk->next == 0) {
        return NULL;
    }

    if (walk->next < walk->zone->nchunks && walk->left--) {
        chunk = ngx_http_social_zone_chunk_at(walk->zone, walk->next);
        next = chunk->next;

        if (!(next & NGX_HTTP_SOCIAL_ZONE_CHUNK_FREE)) {
            walk->next = next;
            return chunk;
        }
    }

    walk->next = 0;
    walk->broken = 1;
    (void) ngx_atomic_fetch_add(&walk->zone->broken_chains, 1);

    return NULL;
}


void
ngx_http_social_zone_chain_drop(volatile uint32_t *chain, uint32_t was)
{
    (void) __atomic_compare_exchange_n(chain, &was, 0, 0, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}


uint32_t
ngx_http_social_zone_chain_make(ngx_http_social_zone_t *zone, const u_char *a,
    size_t alen, const u_char *b, size_t blen)
{
    size_t                         n, room;
    u_char                        *p;
    uint32_t                       first, i;
    volatile uint32_t             *link;
    ngx_http_social_zone_chunk_t  *chunk;

    first = 0;
    link = &first;

    while (alen + blen) {
        i = ngx_http_social_zone_chunk_alloc(zone);

        if (i == 0) {
            ngx_http_social_zone_chunk_free(zone, first);
            return 0;
        }

        chunk = ngx_http_social_zone_chunk_at(zone, i);
        p = chunk->data;
        room = NGX_HTTP_SOCIAL_ZONE_CHUNK_DATA;

        n = ngx_min(room, alen);
        if (n) {
            p = ngx_cpymem(p, a, n);
            a += n;
            alen -= n;
            room -= n;
        }

        n = ngx_min(room, blen);
        if (n) {
            ngx_memcpy(p, b, n);
            b += n;
            blen -= n;
        }

        *link = i;
        link = &chunk->next;
    }

    return first;
}


void
ngx_http_social_zone_chain_copy(ngx_http_social_zone_t *zone, uint32_t chain,
    size_t offset, size_t len, u_char *buf)
{
    size_t                         n;
    ngx_http_social_zone_walk_t    walk;
    ngx_http_social_zone_chunk_t  *chunk;

    ngx_http_social_zone_walk(&walk, zone, chain);

    while (len && (chunk = ngx_http_social_zone_walk_next(&walk)) != NULL) {

        if (offset >= NGX_HTTP_SOCIAL_ZONE_CHUNK_DATA) {
            offset -= NGX_HTTP_SOCIAL_ZONE_CHUNK_DATA;
            continue;
        }

        n = ngx_min(NGX_HTTP_SOCIAL_ZONE_CHUNK_DATA - offset, len);
        buf = ngx_cpymem(buf, chunk->data + offset, n);
        len -= n;
        offset = 0;
    }
}


ngx_uint_t
ngx_http_social_zone_chain_equal(ngx_http_social_zone_t *zone, uint32_t chain,
    const u_char *data, size_t len)
{
    size_t                         n;
    ngx_http_social_zone_walk_t    walk;
    ngx_http_social_zone_chunk_t  *chunk;

    ngx_http_social_zone_walk(&walk, zone, chain);

    while (len) {
        chunk = ngx_http_social_zone_walk_next(&walk);
        if (chunk == NULL) {
            return 0;
        }

        n = ngx_min(NGX_HTTP_SOCIAL_ZONE_CHUNK_DATA, len);

        if (ngx_memcmp(chunk->data, data, n) != 0) {
            return 0;
        }

        data += n;
        len -= n;
    }

    return 1;
}
