
/*
 * Memory that is needed for one document and freed together: tables with a
 * row for each article, and their strings.
 *
 * A large site's document needs tens of megabytes for a tenth of a second.
 * From malloc they would be given back to the system and taken from it again,
 * page by page, each time: thousands of page faults, which may take longer
 * than all else.  So large blocks are asked for in huge pages, and up to 64 MB
 * of them are kept for the next document.  They are marked as free, so the
 * system takes their pages whenever it needs memory.
 *
 * A zero-filled arena is empty and owns nothing.  One thread at a time.
 */

#ifndef SOCIAL_ARENA_H_INCLUDED
#define SOCIAL_ARENA_H_INCLUDED


#include <stddef.h>


typedef struct social_arena_block_s  social_arena_block_t;

typedef struct {
    social_arena_block_t  *blocks;      /* all of them */
    char                  *room;        /* for strings, in one of them */
    size_t                 left;        /* bytes there */
    size_t                 next;        /* bytes of the next block for strings,
                                         * 0: it is the first */
} social_arena_t;


/* a table, aligned for any type; what it holds is not defined.  NULL: no
 * memory, or too many bytes */
void *social_arena_table(social_arena_t *arena, size_t rows, size_t size);

/* room for a string, not aligned; NULL: no memory */
char *social_arena_string(social_arena_t *arena, size_t size);

/* frees all that was taken from it, and leaves it empty */
void social_arena_free(social_arena_t *arena);


#endif /* SOCIAL_ARENA_H_INCLUDED */
