
/* social_arena: tables and strings of one document, and what is kept of them
 * for the next one */

#include <pthread.h>

#include "unit.h"
#include "social_arena.h"


#define MB       ((size_t) 1 << 20)
#define THREADS  4


/* strings lie side by side and keep what is written to them */

static void
strings(void)
{
    char            *s[3000];
    size_t           i, n, wrong;
    social_arena_t   arena;

    memset(&arena, 0, sizeof(arena));
    wrong = 0;

    for (i = 0; i < 3000; i++) {
        n = i % 700 + 1;
        s[i] = social_arena_string(&arena, n);

        if (s[i] == NULL) {
            break;
        }

        memset(s[i], (int) (i % 251), n);
    }

    for (n = 0; n < i; n++) {
        wrong += s[n][0] != (char) (n % 251)
                 || s[n][n % 700] != (char) (n % 251);
    }

    ok(i == 3000 && wrong == 0, "3,000 strings do not touch each other");

    social_arena_free(&arena);
    ok(arena.blocks == NULL && arena.left == 0, "an arena that is freed is "
       "empty");

    social_arena_free(&arena);
    ok(1, "freeing it again does nothing");
}


/* small tables come from malloc, large ones are mapped: both are aligned, and
 * every byte can be written */

static void
tables(void)
{
    char            *small, *large;
    social_arena_t   arena;

    memset(&arena, 0, sizeof(arena));

    small = social_arena_table(&arena, 10, 24);
    large = social_arena_table(&arena, 5 * MB / 40, 40);

    ok(small && large, "a small table and a large one");
    ok((uintptr_t) small % 16 == 0 && (uintptr_t) large % 16 == 0,
       "both are aligned for any type");

    memset(small, 1, 10 * 24);
    memset(large, 2, 5 * MB / 40 * 40);
    ok(small[239] == 1 && large[0] == 2, "and do not touch each other");

    ok(social_arena_table(&arena, 0, 8) != NULL, "a table without rows");
    ok(social_arena_table(&arena, SIZE_MAX / 8, 16) == NULL,
       "more bytes than there are: no table");

    social_arena_free(&arena);
}


/* what a table leaves of its block is used by strings, from its beginning, and
 * by tables, from its end */

static void
rest(void)
{
    char            *large, *string, *table, *other;
    size_t           i;
    social_arena_t   arena;

    memset(&arena, 0, sizeof(arena));

    large = social_arena_table(&arena, 1, 3 * MB);
    string = social_arena_string(&arena, 7);
    table = social_arena_table(&arena, 3, 333);

    ok(large && string && table, "a large table, a string, a table");
    ok(string >= large + 3 * MB && string < large + 4 * MB
       && table > string && table < large + 4 * MB,
       "string and table lie behind the large one, in its block");
    ok((uintptr_t) table % 16 == 0, "the table is aligned");

    memset(large, 1, 3 * MB);
    memset(table, 2, 999);

    for (i = 0; i < 100000; i++) {
        other = social_arena_string(&arena, 11);

        if (other == NULL) {
            break;
        }

        memset(other, 3, 11);
    }

    ok(i == 100000 && large[3 * MB - 1] == 1 && table[0] == 2
       && table[998] == 2, "strings fill the room between them, then others");

    memset(string, 4, 7);
    table = social_arena_table(&arena, 1, 2 * MB);
    ok(table != NULL, "a table that no room is left for has a block");
    memset(table, 5, 2 * MB);
    ok(string[6] == 4 && large[0] == 1, "and touches nothing else");

    social_arena_free(&arena);
}


/* a large block serves the next document; more than 64 MB are not kept */

static void
kept(void)
{
    char            *first, *second;
    size_t           i;
    social_arena_t   arena;

    memset(&arena, 0, sizeof(arena));

    first = social_arena_table(&arena, 1, 7 * MB);
    social_arena_free(&arena);
    second = social_arena_table(&arena, 1, 7 * MB);
    ok(first && first == second, "a large block is used again");

    memset(second, 3, 7 * MB);
    social_arena_free(&arena);

    for (i = 0; i < 20; i++) {
        first = social_arena_table(&arena, 1, 9 * MB);

        if (first == NULL) {
            break;
        }

        first[0] = first[9 * MB - 1] = 4;
    }

    ok(i == 20, "20 large tables, of which not all can be kept");
    social_arena_free(&arena);

    first = social_arena_table(&arena, 1, 100 * MB);
    ok(first != NULL, "a table that is larger than what is kept");
    social_arena_free(&arena);
}


/* documents in several threads: a block belongs to one of them */

static void *
document(void *data)
{
    char            *table;
    size_t           round, i;
    intptr_t         wrong, me = (intptr_t) data;
    social_arena_t   arena;

    memset(&arena, 0, sizeof(arena));
    wrong = 0;

    for (round = 0; round < 200; round++) {
        table = social_arena_table(&arena, 1, 3 * MB);

        if (table == NULL) {
            return (void *) (intptr_t) 1;
        }

        for (i = 0; i < 3 * MB; i += 65536) {
            table[i] = (char) me;
        }

        for (i = 0; i < 3 * MB; i += 65536) {
            wrong += table[i] != (char) me;
        }

        social_arena_free(&arena);
    }

    return (void *) wrong;
}


static void
threads(void)
{
    void       *wrong;
    intptr_t    i, sum;
    pthread_t   id[THREADS];

    sum = 0;

    for (i = 0; i < THREADS; i++) {
        if (pthread_create(&id[i], NULL, document, (void *) (i + 1)) != 0) {
            ok(0, "pthread_create");
            return;
        }
    }

    for (i = 0; i < THREADS; i++) {
        pthread_join(id[i], &wrong);
        sum += (intptr_t) wrong;
    }

    ok(sum == 0, "%d threads, 200 documents each, share no block", THREADS);
}


int
main(void)
{
    strings();
    tables();
    rest();
    kept();
    threads();

    return done();
}
