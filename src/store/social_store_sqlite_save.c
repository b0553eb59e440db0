
/*
 * Saves counters exactly once.  A zone's counters only grow; a watermark for
 * each says how much of it is already in the buckets.  A save adds the
 * difference and raises the watermark in one transaction, so it may be
 * repeated, be overtaken by another, or be killed.
 *
 * Pool threads, and the event loop at exit.
 */

#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_STALE  (30 * 86400)       /* unused: removed */
#define SOCIAL_SQLITE_SUMS   256        /* sums of the site in memory */


/* what a save adds to one sum of the site */

typedef struct {
    int           kind;
    social_str_t  label;
    int64_t       delta;
} social_sqlite_sum_t;


/* notes that the generation is alive, at most once an hour */

static void
social_sqlite_generation(social_sqlite_t *s, int64_t generation, int64_t now)
{
    int            rc;
    int64_t        seen;
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_GENERATION_GET);
    social_sqlite_int(s, stmt, 1, generation);

    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        seen = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);

        if (now - seen < SOCIAL_SQLITE_HOUR) {
            return;
        }
    }

    stmt = social_sqlite_stmt(s, rc == SOCIAL_OK ? SOCIAL_SQL_GENERATION_SEEN
                                                 : SOCIAL_SQL_GENERATION_ADD);
    social_sqlite_int(s, stmt, 1, generation);
    social_sqlite_int(s, stmt, 2, now);
    (void) social_sqlite_run(s, stmt);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_GENERATION_DROP);
    social_sqlite_int(s, stmt, 1, now - SOCIAL_SQLITE_STALE);
    (void) social_sqlite_run(s, stmt);
}


static social_str_t
social_sqlite_bounded(const char *data, size_t size)
{
    social_str_t  text;

    text.len = strnlen(data, size);
    text.data = (const unsigned char *) data;

    return text;
}


/* what is new since the watermark, which is raised; 0: nothing */

static int64_t
social_sqlite_raise_watermark(social_sqlite_t *s, int64_t generation,
    const social_saved_t *saved, social_str_t label)
{
    int            rc;
    int64_t        last, value;
    sqlite3_stmt  *stmt;

    value = saved->value > INT64_MAX ? INT64_MAX : (int64_t) saved->value;
    last = 0;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WATERMARK_GET);
    social_sqlite_int(s, stmt, 1, generation);
    social_sqlite_int(s, stmt, 2, (int64_t) saved->life);
    social_sqlite_int(s, stmt, 3, saved->kind);
    social_sqlite_text(s, stmt, 4, label);

    rc = social_sqlite_next(s, stmt);

    if (rc == SOCIAL_OK) {
        last = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    if (rc == SOCIAL_ERROR || value <= last) {
        return 0;
    }

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WATERMARK_PUT);
    social_sqlite_int(s, stmt, 1, generation);
    social_sqlite_int(s, stmt, 2, (int64_t) saved->life);
    social_sqlite_int(s, stmt, 3, saved->kind);
    social_sqlite_text(s, stmt, 4, label);
    social_sqlite_int(s, stmt, 5, value);
    (void) social_sqlite_run(s, stmt);

    return value - last;
}


void
social_sqlite_add_to_buckets(social_sqlite_t *s, int64_t article, int64_t at,
    int kind, social_str_t label, int64_t delta)
{
    size_t         i;
    sqlite3_stmt  *stmt;

    for (i = 0; i < SOCIAL_SQLITE_NSTEPS; i++) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_BUCKET_ADD);
        social_sqlite_int(s, stmt, 1, social_sqlite_steps[i]);
        social_sqlite_int(s, stmt, 2,
                          social_sqlite_floor(at, social_sqlite_steps[i]));
        social_sqlite_int(s, stmt, 3, article);
        social_sqlite_int(s, stmt, 4, kind);
        social_sqlite_text(s, stmt, 5, label);
        social_sqlite_int(s, stmt, 6, delta);
        (void) social_sqlite_run(s, stmt);
    }

    social_sqlite_window_forget(s, article, at);
}


/* writes the sums of the site, and forgets them */

static void
social_sqlite_save_sums(social_sqlite_t *s, int64_t now,
    social_sqlite_sum_t *sums, size_t *n)
{
    size_t  i;

    for (i = 0; i < *n; i++) {
        social_sqlite_count_site(s, now, sums[i].kind, sums[i].label,
                                 sums[i].delta);
    }

    *n = 0;
}


/* notes what is to be added to a sum of the site; there are few of them */

static void
social_sqlite_save_sum(social_sqlite_t *s, int64_t now, int kind,
    social_str_t label, int64_t delta, social_sqlite_sum_t *sums, size_t *n)
{
    size_t  i;

    for (i = 0; i < *n; i++) {
        if (sums[i].kind == kind && sums[i].label.len == label.len
            && memcmp(sums[i].label.data, label.data, label.len) == 0)
        {
            sums[i].delta += delta;
            return;
        }
    }

    if (*n == SOCIAL_SQLITE_SUMS) {
        social_sqlite_save_sums(s, now, sums, n);
    }

    sums[*n].kind = kind;
    sums[*n].label = label;
    sums[*n].delta = delta;
    (*n)++;
}


static void
social_sqlite_save_all(social_sqlite_t *s, int64_t generation, int64_t now,
    const social_saved_t *saved, size_t n)
{
    size_t               i, nsums;
    int64_t              article, delta;
    social_str_t         key, label, last;
    social_sqlite_sum_t  sums[SOCIAL_SQLITE_SUMS];

    nsums = 0;
    article = 0;
    last.len = 0;
    last.data = NULL;

    social_sqlite_generation(s, generation, now);

    for (i = 0; i < n && s->rc == SQLITE_OK; i++) {
        label = social_sqlite_bounded(saved[i].label, SOCIAL_LABEL_MAX);

        delta = social_sqlite_raise_watermark(s, generation, &saved[i], label);
        if (delta == 0) {
            continue;
        }

        /* the counters of one article are consecutive: look it up once */

        key = social_sqlite_bounded(saved[i].key, SOCIAL_KEY_MAX);

        if (article == 0 || key.len != last.len
            || memcmp(key.data, last.data, key.len) != 0)
        {
            article = social_sqlite_article(s, key, 1, now);
            last = key;
        }

        social_sqlite_add_to_buckets(s, article, now, saved[i].kind, label,
                                     delta);
        social_sqlite_save_sum(s, now, saved[i].kind, label, delta, sums,
                               &nsums);
    }

    social_sqlite_save_sums(s, now, sums, &nsums);
}


int
social_sqlite_save(social_store_t *store, uint64_t generation, int64_t now,
    const social_saved_t *saved, size_t n, social_store_error_t *err)
{
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "save");

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return social_sqlite_failed(s, err);
    }

    social_sqlite_read_kept(s);
    social_sqlite_save_all(s, (int64_t) generation, now, saved, n);

    if (s->rc != SQLITE_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        return social_sqlite_failed(s, err);
    }

    if (s->wal_has_erased) {
        social_sqlite_checkpoint(s);
    }

    return SOCIAL_OK;
}
