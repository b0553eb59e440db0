
/*
 * What the files share that read periods by precomputed sums, and that make
 * these; see social_store_postgres_window.c.  Pool threads only.
 */

#ifndef SOCIAL_STORE_POSTGRES_WINDOW_H_INCLUDED
#define SOCIAL_STORE_POSTGRES_WINDOW_H_INCLUDED


#include "social_store_postgres_read.h"
#include "social_store_window.h"


#define SOCIAL_PG_PARTS  512            /* ranges of spans in a question */
#define SOCIAL_PG_ENDS   8              /* sums of the site in it */


/* the last article, and what spans there are: [from, to) */

typedef struct {
    int64_t         last;
    int64_t         site_from, site_to;
    int64_t         from, to;           /* of articles */
} social_pg_window_days_t;


/* sums to be asked for, of one moment */

typedef struct {
    int64_t         site_from, site_to; /* there is nothing beyond */

    size_t          n;                  /* spans of articles */
    int64_t         step[SOCIAL_PG_PARTS], from[SOCIAL_PG_PARTS];
    int64_t         to[SOCIAL_PG_PARTS], first[SOCIAL_PG_PARTS];
    int64_t         last[SOCIAL_PG_PARTS], sign[SOCIAL_PG_PARTS];

    size_t          nends;              /* what the site has in each of these */
    int64_t         number[SOCIAL_PG_ENDS], start[SOCIAL_PG_ENDS];
    int64_t         until[SOCIAL_PG_ENDS];
    int64_t         seen[SOCIAL_PG_ENDS];       /* the answer */
    social_pg_ranges_t  site[SOCIAL_PG_ENDS];

    unsigned        full:1;             /* it is too much for one question */
} social_pg_window_sums_t;


void social_pg_window_days_ask(social_pg_t *s);
void social_pg_window_days_take(social_pg_t *s, social_pg_window_days_t *days);

/* begins an empty question */
void social_pg_window_sums_init(social_pg_window_sums_t *sums,
    const social_pg_window_days_t *days);

/* adds spans of [from, to) of articles [first, last), or subtracts them if the
 * range is reversed; s->kept says which spans there are */
void social_pg_window_part(social_pg_t *s, social_pg_window_sums_t *sums,
    int64_t first, int64_t last, int64_t from, int64_t to);

/* the place in sums->seen of what the site has in [start, until); -1: there is
 * no room */
int social_pg_window_site(social_pg_t *s, social_pg_window_sums_t *sums,
    const social_window_ends_t *ends);

/* asks, calls add for numbers of articles, and fills in sums->seen; the number
 * of rows of spans that were read.  The question is empty then */
int64_t social_pg_window_sums(social_pg_t *s, social_pg_window_sums_t *sums,
    social_window_number_pt add, void *data);

/* calls add for counters of all articles in [from, to), which are aligned.
 * DECLINED: no precomputed sum helps, and add was not called */
int social_pg_window_read(social_pg_t *s, int64_t from, int64_t to,
    social_window_number_pt add, void *data);


#endif /* SOCIAL_STORE_POSTGRES_WINDOW_H_INCLUDED */
