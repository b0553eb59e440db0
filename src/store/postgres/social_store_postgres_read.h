
/*
 * What the files of the PostgreSQL store share that read lists of comments.
 * Pool threads only.
 */

#ifndef SOCIAL_STORE_POSTGRES_READ_H_INCLUDED
#define SOCIAL_STORE_POSTGRES_READ_H_INCLUDED


#include "social_store_postgres.h"
#include "social_store_rules.h"


/*
 * Adds the rows of an answer with SOCIAL_PG_COLUMNS, at most max of them and
 * about SOCIAL_STORE_BYTES; if there is one more, list->next is set.  max
 * SIZE_MAX: all rows, of any size.  public: only what readers may see.
 */
void social_pg_list(social_pg_t *s, const PGresult *result, int public,
    size_t max, social_comments_t *list);

/* a row of numbers: time of the last change, number of comments, likes */
void social_pg_list_head(const PGresult *result, social_comments_t *list);

/* begins an operation that reads a list again, or ends it: see
 * social_pg_again() and social_pg_read_done() */
int social_pg_list_again(social_pg_t *s, int *tries, social_comments_t *list);
int social_pg_list_done(social_pg_t *s, social_comments_t *list,
    social_store_error_t *err);

/* social_store_postgres_figures.c: ranges of spans that cover a period */

#define SOCIAL_PG_RANGES  16

typedef struct {
    size_t   n;
    int64_t  step[SOCIAL_PG_RANGES], from[SOCIAL_PG_RANGES];
    int64_t  to[SOCIAL_PG_RANGES];
} social_pg_ranges_t;

/* reads s->kept, and moves *from and *to to starts of spans that are kept */
void social_pg_align(social_pg_t *s, int64_t *from, int64_t *to);
void social_pg_ranges(social_pg_t *s, int64_t from, int64_t to,
    int64_t largest, social_pg_ranges_t *ranges);


#endif /* SOCIAL_STORE_POSTGRES_READ_H_INCLUDED */
