
/*
 * Saves counters exactly once.  A zone's counters only grow; a watermark for
 * each says how much of it is already in the buckets.  A save is one statement:
 * it raises the watermarks, and adds what they grew by.  So it may be repeated,
 * be overtaken by another, or be killed; and two nodes may save at once.
 *
 * Rows are written in the order of primary keys: two saves that meet wait for
 * each other in one direction only.  Missing articles are made before, under
 * the site's lock.
 *
 * Pool threads, and the event loop at exit.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_postgres_write.h"


#define SOCIAL_PG_SAVE   4096           /* counters in a transaction */
#define SOCIAL_PG_STALE  (30 * 86400)   /* unused watermarks: removed */
#define SOCIAL_PG_DROP   10000          /* of them, at a time */
#define SOCIAL_PG_SAVES  5              /* tries */


/* counters of one transaction, as columns */

typedef struct {
    int64_t        life[SOCIAL_PG_SAVE], kind[SOCIAL_PG_SAVE];
    int64_t        value[SOCIAL_PG_SAVE];
    social_str_t   label[SOCIAL_PG_SAVE], key[SOCIAL_PG_SAVE];
    size_t         n;
    int64_t        generation, now;
} social_pg_save_t;


static social_str_t
social_pg_bounded(const char *data, size_t size)
{
    social_str_t  text;

    text.len = data ? strnlen(data, size) : 0;
    text.data = (const unsigned char *) data;

    return text;
}


static void
social_pg_save_columns(social_pg_save_t *save, const social_saved_t *saved,
    size_t n)
{
    size_t  i;

    save->n = n;

    for (i = 0; i < n; i++) {
        save->life[i] = (int64_t) saved[i].life;
        save->kind[i] = saved[i].kind;
        save->value[i] = saved[i].value > INT64_MAX ? INT64_MAX
                                                    : (int64_t) saved[i].value;
        save->label[i] = social_pg_bounded(saved[i].label,
                                           SOCIAL_LABEL_MAX - 1);
        save->key[i] = social_pg_bounded(saved[i].key, SOCIAL_KEY_MAX);
    }
}


/* nobody else adds any: the lock is held.  Thousands go in a few trips */

static void
social_pg_save_articles(social_pg_t *s, void *data)
{
    int               i;
    PGresult         *result;
    social_str_t      key;
    social_pg_save_t *save = data;

    result = social_pg_ask(s, SOCIAL_PG_SQL_SAVE_MISSING, "T", save->key,
                           save->n);

    for (i = 0; i < PQntuples(result) && s->end == SOCIAL_PG_FINE; i++) {
        key = social_pg_text(result, i, 0);
        social_pg_run(s, SOCIAL_PG_SQL_ARTICLE_ADD, "tii", key, save->now,
                      (int64_t) social_pg_hash(key));
    }

    PQclear(result);
}


static int
social_pg_save_missing(social_pg_t *s, social_pg_save_t *save)
{
    int        n;
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_SAVE_MISSING, "T", save->key,
                           save->n);
    n = PQntuples(result);
    PQclear(result);

    return n;
}


static void
social_pg_save_generation(social_pg_t *s, social_pg_save_t *save)
{
    int64_t    before;
    PGresult  *result;

    result = social_pg_ask(s, SOCIAL_PG_SQL_GENERATION, "ii",
                           save->generation, save->now);

    if (PQntuples(result) == 1) {       /* once an hour */
        before = save->now - SOCIAL_PG_STALE;
        social_pg_run(s, SOCIAL_PG_SQL_WATERMARK_DROP, "ii", before,
                      (int64_t) SOCIAL_PG_DROP);
        social_pg_run(s, SOCIAL_PG_SQL_GENERATION_DROP, "i", before);
    }

    PQclear(result);
}


static void
social_pg_save_once(social_pg_t *s, social_pg_save_t *save)
{
    size_t  n = save->n;

    social_pg_run(s, SOCIAL_PG_SQL_BEGIN, "");
    s->began = 1;
    social_pg_save_generation(s, save);

    social_pg_run(s, SOCIAL_PG_SQL_SAVE, "iIITITi", save->generation,
                  save->life, n, save->kind, n, save->label, n, save->value, n,
                  save->key, n, save->now);
    social_pg_run(s, SOCIAL_PG_SQL_COMMIT, "");
    social_pg_sync(s);

    if (s->end == SOCIAL_PG_FINE) {
        s->began = 0;
    }
}


static int
social_pg_save_part(social_pg_t *s, social_pg_save_t *save,
    social_store_error_t *err)
{
    int  tries;

    for (tries = 0; /* void */ ; tries++) {

        if (social_pg_save_missing(s, save) > 0) {
            (void) social_pg_work(s, social_pg_save_articles, save, err);
        }

        social_pg_save_once(s, save);

        if (s->end == SOCIAL_PG_FINE) {
            return SOCIAL_OK;
        }

        social_pg_rollback(s);

        if ((s->end != SOCIAL_PG_REPEAT && s->end != SOCIAL_PG_LOST)
            || tries == (social_pg_leaves() ? 1 : SOCIAL_PG_SAVES))
        {
            return social_pg_failed(s, err);
        }

        social_pg_pause(20);
        social_pg_start(s, "save");
    }
}


/* counters of one slot stay together, so that their watermarks do, too */

static size_t
social_pg_save_size(const social_saved_t *saved, size_t n)
{
    size_t  size;

    if (n <= SOCIAL_PG_SAVE) {
        return n;
    }

    for (size = SOCIAL_PG_SAVE;
         size > 1 && saved[size - 1].life == saved[size].life;
         size--)
    {
        /* void */
    }

    return size > 1 ? size : SOCIAL_PG_SAVE;
}


int
social_pg_save(social_store_t *store, uint64_t generation, int64_t now,
    const social_saved_t *saved, size_t n, social_store_error_t *err)
{
    int                rc;
    size_t             size;
    social_pg_t       *s = (social_pg_t *) store;
    social_pg_save_t  *save;

    social_pg_start(s, "save");
    save = malloc(sizeof(social_pg_save_t));

    if (save == NULL) {
        social_pg_memory(s);
        return social_pg_failed(s, err);
    }

    if (!s->writer) {
        social_pg_fail(s, SOCIAL_STORE_AWAY, "opened for reading only: \"%s\"",
                       s->place);
    }

    save->generation = (int64_t) generation;
    save->now = now + social_pg_shift(s);
    rc = SOCIAL_OK;

    for ( /* void */ ; n > 0 && rc == SOCIAL_OK; saved += size, n -= size) {
        size = social_pg_save_size(saved, n);
        social_pg_save_columns(save, saved, size);
        rc = social_pg_save_part(s, save, err);
    }

    free(save);

    return rc;
}
