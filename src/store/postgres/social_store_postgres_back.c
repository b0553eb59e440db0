
/*
 * An import that is taken back, some comments at a time: the newest first, so
 * that replies go before their parents.  For the program ngx-social.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_import.h"


/* what the answer has of each comment, and lists of their ids */

typedef struct {
    PGresult      *rows;
    int            n;
    int64_t       *ids;                 /* of all rows, falling */
    int64_t       *wiped, *dropped;
    size_t         nwiped, ndropped;
    social_str_t  *names;               /* of origins */
    char          *needed;
} social_pg_back_t;


/* SOCIAL_ERROR: no memory */

static int
social_pg_back_init(social_pg_back_t *b)
{
    int     i;
    size_t  n;

    n = (size_t) b->n;
    b->ids = calloc(3 * n + 1, sizeof(int64_t));
    b->names = calloc(n + 1, sizeof(social_str_t));
    b->needed = calloc(n + 1, 1);

    if (b->ids == NULL || b->names == NULL || b->needed == NULL) {
        return SOCIAL_ERROR;
    }

    b->wiped = b->ids + n;
    b->dropped = b->wiped + n;

    for (i = 0; i < b->n; i++) {
        b->names[i] = social_pg_text(b->rows, i, 0);
        b->ids[i] = social_pg_int(b->rows, i, 1);
        b->needed[i] = social_pg_int(b->rows, i, 6) != 0;
    }

    return SOCIAL_OK;
}


static void
social_pg_back_free(social_pg_back_t *b)
{
    PQclear(b->rows);
    free(b->ids);
    free(b->names);
    free(b->needed);
}


static int
social_pg_back_order(const void *one, const void *two)
{
    const int64_t  *a = one, *b = two;

    return (*a < *b) - (*a > *b);
}


/* a comment that stays needs the one that it answers */

static void
social_pg_back_need(social_pg_back_t *b, int i)
{
    int64_t   parent;
    int64_t  *found;

    parent = social_pg_int(b->rows, i, 3);
    found = parent ? bsearch(&parent, b->ids, (size_t) b->n, sizeof(int64_t),
                             social_pg_back_order) : NULL;

    while (found != NULL && found > b->ids && found[-1] == parent) {
        found--;                        /* it has two names there */
    }

    if (found != NULL) {
        b->needed[found - b->ids] = 1;
    }
}


static void
social_pg_back_one(social_pg_t *s, social_pg_back_t *b, int i, int64_t now)
{
    int64_t  article;

    article = social_pg_int(b->rows, i, 2);

    if (article == 0 || (i > 0 && b->ids[i] == b->ids[i - 1])) {
        return;                         /* it is gone */
    }

    if (social_pg_int(b->rows, i, 5)) {
        social_pg_lesson_erase(s, b->ids[i]);
    }

    if (social_pg_int(b->rows, i, 4) == SOCIAL_APPROVED) {
        social_pg_touch(s, NULL, article, -1, now);
    }

    if (b->needed[i]) {
        social_pg_back_need(b, i);
        b->wiped[b->nwiped++] = b->ids[i];

    } else {
        b->dropped[b->ndropped++] = b->ids[i];
    }
}


/* how many there were */

static int
social_pg_back_some(social_pg_t *s, social_str_t source, uint32_t limit,
    int64_t now)
{
    int               i;
    social_pg_back_t  b;

    memset(&b, 0, sizeof(social_pg_back_t));
    b.rows = social_pg_ask(s, SOCIAL_PG_SQL_BACK_NEWEST, "ti", source,
                           (int64_t) limit);
    b.n = PQntuples(b.rows);

    if (social_pg_back_init(&b) != SOCIAL_OK) {
        social_pg_memory(s);
        b.n = 0;
    }

    for (i = 0; i < b.n; i++) {
        social_pg_back_one(s, &b, i, now);
    }

    if (b.nwiped) {
        social_pg_run(s, SOCIAL_PG_SQL_BACK_WIPE, "I", b.wiped, b.nwiped);
        social_pg_run(s, SOCIAL_PG_SQL_BACK_REWORD, "I", b.wiped, b.nwiped);
    }

    if (b.ndropped) {
        social_pg_run(s, SOCIAL_PG_SQL_BACK_DROP, "I", b.dropped, b.ndropped);
    }

    if (b.n) {
        social_pg_run(s, SOCIAL_PG_SQL_BACK_FORGET, "tT", source, b.names,
                      (size_t) b.n);
    }

    social_pg_back_free(&b);

    return b.n;
}


int
social_pg_take_back(social_store_t *store, social_str_t source,
    uint32_t limit, int64_t now, int64_t *n, social_store_error_t *err)
{
    int           tries, count;
    social_pg_t  *s = (social_pg_t *) store;

    social_pg_start(s, "take back");
    now += social_pg_shift(s);

    for (tries = 0; /* void */ ; tries++) {
        social_pg_begin(s, "ngx_social import");
        count = social_pg_back_some(s, source, limit, now);
        s->op = "commit";
        social_pg_commit(s);

        if (s->end == SOCIAL_PG_FINE) {
            break;
        }

        social_pg_rollback(s);

        if (social_pg_retry(s, tries) != SOCIAL_AGAIN) {
            return social_pg_failed(s, err);
        }

        social_pg_start(s, "take back");
    }

    *n += count;

    if (count >= (int) limit) {
        return SOCIAL_AGAIN;
    }

    return social_pg_write(store, NULL, 0, err);    /* VACUUM */
}
