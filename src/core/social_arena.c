
/*
 * Memory of a document, in few blocks: small ones by malloc, large ones by
 * mmap, of whole huge pages where the system has them.
 *
 * Some large blocks are kept for the next document, marked as free: the system
 * takes their pages when it needs memory, without asking.  Owns these.  Pool
 * threads, any number at the same time.
 */

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "social_arena.h"


#define SOCIAL_ARENA_FIRST  ((size_t) 64 << 10)     /* bytes of a block */
#define SOCIAL_ARENA_HUGE   ((size_t) 2 << 20)      /* of a huge page */
#define SOCIAL_ARENA_LARGE  ((size_t) 256 << 10)    /* blocks from here on are
                                                     * huge pages, which are
                                                     * kept: malloc would give
                                                     * them back each time */
#define SOCIAL_ARENA_ALIGN  ((size_t) 16)
#define SOCIAL_ARENA_KEPT   8           /* blocks */
#define SOCIAL_ARENA_KEEP   ((size_t) 64 << 20)     /* bytes, of all */


struct social_arena_block_s {
    social_arena_block_t  *next;
    size_t                 mapped;      /* bytes, 0: malloc'ed */
};


#define SOCIAL_ARENA_HEAD                                                     \
    ((sizeof(social_arena_block_t) + SOCIAL_ARENA_ALIGN - 1)                  \
     / SOCIAL_ARENA_ALIGN * SOCIAL_ARENA_ALIGN)


/* kept blocks: where one is, which is a multiple of a huge page, plus how many
 * huge pages it has.  It cannot say so itself, as its pages may be gone */

static uintptr_t  social_arena_kept[SOCIAL_ARENA_KEPT];
static size_t     social_arena_kept_size;


/* 1: the block is kept, and is not the caller's any more */

static int
social_arena_keep(void *block, size_t size)
{
    size_t     i;
    uintptr_t  none, kept;

#ifndef MADV_FREE
    return 0;
#else

    if (__atomic_add_fetch(&social_arena_kept_size, size, __ATOMIC_RELAXED)
        > SOCIAL_ARENA_KEEP
        || madvise(block, size, MADV_FREE) != 0)
    {
        __atomic_sub_fetch(&social_arena_kept_size, size, __ATOMIC_RELAXED);
        return 0;
    }

    kept = (uintptr_t) block + size / SOCIAL_ARENA_HUGE;

    for (i = 0; i < SOCIAL_ARENA_KEPT; i++) {
        none = 0;

        if (__atomic_compare_exchange_n(&social_arena_kept[i], &none, kept, 0,
                                        __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        {
            return 1;
        }
    }

    __atomic_sub_fetch(&social_arena_kept_size, size, __ATOMIC_RELAXED);

    return 0;
#endif
}


/* a kept block of that size, or NULL */

static void *
social_arena_take(size_t size)
{
    size_t     i;
    uintptr_t  kept;

    for (i = 0; i < SOCIAL_ARENA_KEPT; i++) {
        kept = __atomic_load_n(&social_arena_kept[i], __ATOMIC_ACQUIRE);

        if (kept % SOCIAL_ARENA_HUGE == size / SOCIAL_ARENA_HUGE
            && __atomic_compare_exchange_n(&social_arena_kept[i], &kept, 0, 0,
                                           __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
        {
            __atomic_sub_fetch(&social_arena_kept_size, size, __ATOMIC_RELAXED);
            return (void *) (kept - kept % SOCIAL_ARENA_HUGE);
        }
    }

    return NULL;
}


/* memory that begins and ends with a huge page; what the kernel gives begins
 * anywhere, so the rest at both ends goes back */

static void *
social_arena_map(size_t size)
{
    char    *all;
    size_t   before;

    all = mmap(NULL, size + SOCIAL_ARENA_HUGE, PROT_READ|PROT_WRITE,
               MAP_PRIVATE|MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) {
        return NULL;
    }

    before = (size_t) (-(uintptr_t) all % SOCIAL_ARENA_HUGE);

    if (before) {
        (void) munmap(all, before);
    }

    if (before < SOCIAL_ARENA_HUGE) {
        (void) munmap(all + before + size, SOCIAL_ARENA_HUGE - before);
    }

#ifdef MADV_HUGEPAGE
    /* advice: without huge pages it is as it would have been */
    (void) madvise(all + before, size, MADV_HUGEPAGE);
#endif

    return all + before;
}


/* a block with room for size bytes; *room is how many it has */

static char *
social_arena_block(social_arena_t *arena, size_t size, size_t *room)
{
    size_t                 mapped;
    social_arena_block_t  *block;

    mapped = 0;
    size += SOCIAL_ARENA_HEAD;

    if (size >= SOCIAL_ARENA_LARGE) {
        size = (size + SOCIAL_ARENA_HUGE - 1) / SOCIAL_ARENA_HUGE
               * SOCIAL_ARENA_HUGE;
        mapped = size;
        block = social_arena_take(size);
        block = block ? block : social_arena_map(size);

    } else {
        block = malloc(size);
    }

    if (block == NULL) {
        return NULL;
    }

    block->next = arena->blocks;
    block->mapped = mapped;
    arena->blocks = block;
    *room = size - SOCIAL_ARENA_HEAD;

    return (char *) block + SOCIAL_ARENA_HEAD;
}


/* the first block is small, as most sites are; later ones are larger, at once
 * if a table already needed a large one */

static int
social_arena_more(social_arena_t *arena, size_t size)
{
    char    *room;
    size_t   left;

    if (arena->next == 0) {
        arena->next = SOCIAL_ARENA_FIRST;
    }

    room = social_arena_block(arena, size > arena->next ? size : arena->next,
                              &left);
    if (room == NULL) {
        return 0;
    }

    arena->room = room;
    arena->left = left;

    if (arena->next < SOCIAL_ARENA_LARGE) {
        arena->next *= 2;
    }

    return 1;
}


/* a table at the end of the room for strings, or NULL: it does not fit */

static void *
social_arena_fit(social_arena_t *arena, size_t size)
{
    size_t  rest;

    rest = (uintptr_t) (arena->room + arena->left) % SOCIAL_ARENA_ALIGN;

    if (arena->left < rest || size > arena->left - rest) {
        return NULL;
    }

    arena->left -= size + rest;

    return arena->room + arena->left;
}


/* what a table leaves of its block is room for strings and further tables: of
 * huge pages it is up to one, which is there anyway */

void *
social_arena_table(social_arena_t *arena, size_t rows, size_t size)
{
    char    *at;
    size_t   left;

    if (rows > (SIZE_MAX / 2 - SOCIAL_ARENA_HUGE) / size) {
        return NULL;
    }

    size = (rows * size + SOCIAL_ARENA_ALIGN - 1) / SOCIAL_ARENA_ALIGN
           * SOCIAL_ARENA_ALIGN;

    at = social_arena_fit(arena, size);
    if (at != NULL) {
        return at;
    }

    at = social_arena_block(arena, size, &left);
    if (at == NULL) {
        return NULL;
    }

    if (arena->blocks->mapped) {
        arena->next = SOCIAL_ARENA_LARGE;
    }

    if (left - size > arena->left) {
        arena->room = at + size;
        arena->left = left - size;
    }

    return at;
}


char *
social_arena_string(social_arena_t *arena, size_t size)
{
    char  *at;

    if (size > arena->left && !social_arena_more(arena, size)) {
        return NULL;
    }

    at = arena->room;
    arena->room += size;
    arena->left -= size;

    return at;
}


void
social_arena_free(social_arena_t *arena)
{
    size_t                 size;
    social_arena_block_t  *block;

    while ((block = arena->blocks) != NULL) {
        arena->blocks = block->next;

        size = block->mapped;

        if (size == 0) {
            free(block);

        } else if (!social_arena_keep(block, size)) {
            (void) munmap(block, size);
        }
    }

    arena->room = NULL;
    arena->left = 0;
    arena->next = 0;
}
