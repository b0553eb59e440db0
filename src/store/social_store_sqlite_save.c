
/*
 * Saves counters exactly once.  A zone's counters only grow; a watermark for
 * each says how much of it is already in the buckets.  A save adds the
 * difference and raises the watermark in one transaction, so it may be
 * repeated, be overtaken by another, or be killed.
 *
 * A save may have very many counters, and other writers wait for its end.  So
 * it works on the counters of one article together, and in the order in which
 * the rows lie in the file:
 *
 *   counters of a slot -> deltas above its watermarks (_watermark.c)
 *   groups of deltas, sorted by article -> spans of time (_bucket.c)
 *   deltas of all groups, added up -> sums of the site (_site.c)
 *
 * Pool threads, and the event loop at exit.
 */

#include <stdlib.h>
#include <string.h>

#include "social_store_sqlite.h"


#define SOCIAL_SQLITE_SUMS   256        /* sums of the site in memory */
#define SOCIAL_SQLITE_BULK   512        /* counters of a large save */


/* what a save adds to one sum of the site */

typedef struct {
    int           kind;
    social_str_t  label;
    int64_t       delta;
} social_sqlite_sum_t;


typedef struct {
    social_sqlite_t        *s;
    int64_t                 generation, now;
    social_sqlite_delta_t  *deltas;         /* one for each counter */
    social_sqlite_group_t  *groups;
    size_t                  ngroups;
    size_t                  nsums;
    social_sqlite_sum_t     sums[SOCIAL_SQLITE_SUMS];
} social_sqlite_save_t;


static social_str_t
social_sqlite_bounded(const char *data, size_t size)
{
    social_str_t  text;

    text.len = data ? strnlen(data, size) : 0;
    text.data = (const unsigned char *) data;

    return text;
}


/* writes the sums of the site, and forgets them */

static void
social_sqlite_save_sums(social_sqlite_save_t *save)
{
    size_t  i;

    for (i = 0; i < save->nsums; i++) {
        social_sqlite_count_site(save->s, save->now, save->sums[i].kind,
                                 save->sums[i].label, save->sums[i].delta);
    }

    save->nsums = 0;
}


/* notes what is to be added to a sum of the site; there are few of them */

static void
social_sqlite_save_sum(social_sqlite_save_t *save,
    const social_sqlite_delta_t *d)
{
    size_t                i;
    social_sqlite_sum_t  *sum;

    for (i = 0; i < save->nsums; i++) {
        sum = &save->sums[i];

        if (sum->kind == d->kind
            && social_sqlite_delta_compare(d, sum->kind, sum->label) == 0)
        {
            sum->delta += d->value;
            return;
        }
    }

    if (save->nsums == SOCIAL_SQLITE_SUMS) {
        social_sqlite_save_sums(save);
    }

    sum = &save->sums[save->nsums++];
    sum->kind = d->kind;
    sum->label = d->label;
    sum->delta = d->value;
}


/* the first n counters are of one life of a slot: what is new becomes a group,
 * whose deltas replace those in front of d */

static size_t
social_sqlite_save_slot(social_sqlite_save_t *save,
    const social_saved_t *saved, size_t n, social_sqlite_delta_t *d)
{
    size_t                  i;
    social_sqlite_group_t  *group;

    for (i = 0; i < n; i++) {
        d[i].kind = saved[i].kind;
        d[i].label = social_sqlite_bounded(saved[i].label,
                                           SOCIAL_LABEL_MAX - 1);
        d[i].value = saved[i].value > INT64_MAX ? INT64_MAX
                                                : (int64_t) saved[i].value;
        d[i].was = 0;
    }

    n = social_sqlite_raise_watermarks(save->s, save->generation,
                                       (int64_t) saved->life, d, n);
    if (n == 0) {
        return 0;
    }

    group = &save->groups[save->ngroups++];
    group->deltas = d;
    group->n = n;
    group->article = social_sqlite_article(save->s,
                                           social_sqlite_bounded(
                                               saved->key, SOCIAL_KEY_MAX),
                                           1, save->now);

    for (i = 0; i < n; i++) {
        social_sqlite_save_sum(save, &d[i]);
    }

    return n;
}


static int
social_sqlite_same_slot(const social_saved_t *a, const social_saved_t *b)
{
    return a->life == b->life
           && (a->key == b->key
               || (a->key && b->key && strcmp(a->key, b->key) == 0));
}


static int
social_sqlite_group_order(const void *one, const void *two)
{
    const social_sqlite_group_t  *a = one, *b = two;

    return (a->article > b->article) - (a->article < b->article);
}


static void
social_sqlite_save_all(social_sqlite_save_t *save,
    const social_saved_t *saved, size_t n)
{
    size_t                  i, end;
    social_sqlite_t        *s = save->s;
    social_sqlite_delta_t  *d = save->deltas;

    social_sqlite_generation(s, save->generation, save->now);

    for (i = 0; i < n && s->rc == SQLITE_OK; i = end) {

        for (end = i + 1;
             end < n && social_sqlite_same_slot(&saved[i], &saved[end]);
             end++)
        {
            /* void */
        }

        d += social_sqlite_save_slot(save, &saved[i], end - i, d);
    }

    qsort(save->groups, save->ngroups, sizeof(social_sqlite_group_t),
          social_sqlite_group_order);

    social_sqlite_add_groups(s, save->now, save->groups, save->ngroups);
    social_sqlite_save_sums(save);
}


/*
 * A large save goes without foreign keys and triggers, which would more than
 * double its cost: the articles that it refers to are known, and triggers are
 * only for likes and for what processes of earlier versions write.  Changing
 * this has all statements prepared again.  Not within a transaction.
 */

static void
social_sqlite_save_checks(social_sqlite_t *s, int on)
{
    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, on, NULL);
    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, on, NULL);
}


static int
social_sqlite_save_is_large(const social_saved_t *saved, size_t n)
{
    size_t  i;

    if (n < SOCIAL_SQLITE_BULK) {
        return 0;
    }

    for (i = 0; i < n; i++) {
        if (social_sqlite_is_like(saved[i].kind)) {
            return 0;
        }
    }

    return 1;
}


static int
social_sqlite_save_once(social_sqlite_save_t *save,
    const social_saved_t *saved, size_t n)
{
    social_sqlite_t  *s = save->s;

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    social_sqlite_read_kept(s);
    social_sqlite_save_all(save, saved, n);

    if (s->rc != SQLITE_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        return SOCIAL_ERROR;
    }

    return SOCIAL_OK;
}


int
social_sqlite_save(social_store_t *store, uint64_t generation, int64_t now,
    const social_saved_t *saved, size_t n, social_store_error_t *err)
{
    int                    large;
    social_sqlite_t       *s = (social_sqlite_t *) store;
    social_sqlite_save_t   save;

    social_sqlite_start(s, "save");

    save.s = s;
    save.generation = (int64_t) generation;
    save.now = now;
    save.ngroups = 0;
    save.nsums = 0;
    save.deltas = malloc((n + 1) * sizeof(social_sqlite_delta_t));
    save.groups = malloc((n + 1) * sizeof(social_sqlite_group_t));

    if (save.deltas == NULL || save.groups == NULL) {
        social_sqlite_error(s, SQLITE_NOMEM);

    } else {
        large = social_sqlite_save_is_large(saved, n);

        if (large) {
            social_sqlite_save_checks(s, 0);
        }

        (void) social_sqlite_save_once(&save, saved, n);

        if (large) {
            social_sqlite_save_checks(s, 1);
        }
    }

    free(save.deltas);
    free(save.groups);

    if (s->rc != SQLITE_OK) {
        return social_sqlite_failed(s, err);
    }

    if (s->wal_has_erased) {
        social_sqlite_checkpoint(s);
    }

    return SOCIAL_OK;
}
