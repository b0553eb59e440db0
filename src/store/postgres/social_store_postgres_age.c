
/*
 * Retention: removes what is not kept any more, a bounded part of it in each
 * transaction, and moves the precomputed sums forward.  It goes by a clock of
 * its own, as in the SQLite store: see social_store_sqlite_age.c and
 * social_store_sqlite_forget.c.
 *
 * Pool threads only.
 */

#include <stdlib.h>

#include "social_store_postgres_write.h"


#define SOCIAL_PG_AGE_WORK    20000     /* rows in a transaction */
#define SOCIAL_PG_AGE_DROP    10        /* a removed row is so much work */
#define SOCIAL_PG_AGE_HELD    100       /* held comments in a transaction */
#define SOCIAL_PG_AGE_LOOK    500       /* to look at an article */
#define SOCIAL_PG_AGE_ACTS    100000    /* entries of the log that are kept */
#define SOCIAL_PG_HOUR        3600


typedef struct {
    social_retention_t  *keep;
    int64_t              now;           /* of retention's own clock */
    int64_t              work;          /* that is left */
} social_pg_age_t;


/* how long spans are kept, in seconds; days: as the site's owner says */

static const int64_t  social_pg_keep[SOCIAL_SPAN_STEPS - 1] = {
    2 * SOCIAL_PG_DAY, 30 * SOCIAL_PG_DAY
};


static void
social_pg_age_clock(social_pg_t *s, social_pg_age_t *age)
{
    int64_t  was;

    was = social_pg_number(s, SOCIAL_PG_SQL_AGE_CLOCK, "");
    age->now = age->keep->now;

    if (was && age->now > was + SOCIAL_PG_HOUR) {
        age->now = s->aging ? was : was + SOCIAL_PG_HOUR;
    }

    if (age->now > was) {
        social_pg_run(s, SOCIAL_PG_SQL_AGE_CLOCK_SET, "i", age->now);
    }
}


static void
social_pg_age_drop(social_pg_t *s, social_pg_age_t *age, social_pg_sql_e sql,
    int64_t step, int64_t before)
{
    PGresult  *result;

    if (age->work <= 0) {
        return;
    }

    result = social_pg_ask(s, sql, "iii", step, before,
                           age->work / SOCIAL_PG_AGE_DROP + 1);

    if (result) {
        age->work -= social_pg_affected(result) * SOCIAL_PG_AGE_DROP;
    }

    PQclear(result);
}


/* `kept` moves first, so that nobody takes what is left for all that was
 * there */

static void
social_pg_age_spans(social_pg_t *s, social_pg_age_t *age)
{
    size_t   i;
    int64_t  before, step;

    for (i = 0; i < SOCIAL_SPAN_STEPS - 1; i++) {
        step = social_span_steps[i];
        before = social_span_floor(age->now - social_pg_keep[i],
                                   SOCIAL_PG_DAY);

        social_pg_run(s, SOCIAL_PG_SQL_SPAN_KEEP, "ii", step, before);
        social_pg_age_drop(s, age, SOCIAL_PG_SQL_SPAN_DROP, step, before);
        social_pg_age_drop(s, age, SOCIAL_PG_SQL_SPAN_DROP_SITE, step, before);
    }
}


/* days go when no precomputed sum needs them to move on.  What those that are
 * about to be removed say of articles is kept; the site's days stay */

static void
social_pg_age_days(social_pg_t *s, social_pg_age_t *age, int64_t before)
{
    if (age->work <= 0) {
        return;
    }

    if (s->kept[SOCIAL_SPAN_STEPS - 1] < before) {
        social_pg_run(s, SOCIAL_PG_SQL_WINDOW_DROP, "i", before);
        social_pg_run(s, SOCIAL_PG_SQL_WINDOW_LATE_DROP, "i", before);
        social_pg_run(s, SOCIAL_PG_SQL_SPAN_KEEP, "ii",
                      (int64_t) SOCIAL_PG_DAY, before);
    }

    social_pg_run(s, SOCIAL_PG_SQL_AGE_FOLD, "ii", before,
                  age->work / SOCIAL_PG_AGE_DROP + 1);
    social_pg_age_drop(s, age, SOCIAL_PG_SQL_SPAN_DROP, SOCIAL_PG_DAY, before);
}


/* comments that nobody approved: as if their writers had deleted them */

static void
social_pg_age_held(social_pg_t *s, social_pg_age_t *age)
{
    int        i, n;
    int64_t    before, ids[SOCIAL_PG_AGE_HELD];
    PGresult  *result;

    before = age->now - age->keep->held;
    social_pg_lesson_expire(s, before);

    result = social_pg_ask(s, SOCIAL_PG_SQL_AGE_HELD, "ii", before,
                           (int64_t) SOCIAL_PG_AGE_HELD);
    n = PQntuples(result);

    for (i = 0; i < n && i < SOCIAL_PG_AGE_HELD; i++) {
        ids[i] = social_pg_int(result, i, 0);
    }

    PQclear(result);

    if (n) {
        social_pg_run(s, SOCIAL_PG_SQL_ACTS_REWORD, "I", ids, (size_t) n);
        social_pg_count(s, age->keep->now, SOCIAL_COUNT_MODERATED, "expire",
                        n);
        s->unerased = 1;
    }

    if (n == SOCIAL_PG_AGE_HELD) {
        age->work = 0;
    }
}


static void
social_pg_forget_one(social_pg_t *s, const PGresult *r, int row)
{
    int64_t       id, published, first_seen, forgotten, since;
    social_str_t  key;

    id = social_pg_int(r, row, 0);
    published = social_pg_int(r, row, 1);
    first_seen = social_pg_int(r, row, 2);
    forgotten = social_pg_int(r, row, 4);
    key = social_pg_text(r, row, 5);
    since = published ? published : first_seen;

    if (forgotten == 0) {
        social_pg_count(s, since, SOCIAL_COUNT_FORGOTTEN, "", 1);
    }

    social_pg_run(s, SOCIAL_PG_SQL_FORGET_SPANS, "i", id);
    social_pg_run(s, SOCIAL_PG_SQL_FORGOTTEN_ADD, "iiii",
                  (int64_t) social_pg_hash(key), published, first_seen,
                  forgotten ? forgotten : since);
    social_pg_run(s, SOCIAL_PG_SQL_FORGET_COMMENTS, "i", id);
    social_pg_run(s, SOCIAL_PG_SQL_FORGET_LIKES, "i", id);
    social_pg_run(s, SOCIAL_PG_SQL_FORGET_ALIAS, "i", id);
    social_pg_run(s, SOCIAL_PG_SQL_FORGET_ARTICLE, "i", id);
}


/* articles that had no reader since `before` */

static void
social_pg_forget(social_pg_t *s, social_pg_age_t *age, int64_t before)
{
    int        i, n;
    int64_t    limit, readers;
    PGresult  *r;

    limit = age->work / SOCIAL_PG_AGE_LOOK + 1;
    r = social_pg_ask(s, SOCIAL_PG_SQL_FORGET_NEXT, "iii", s->forget, before,
                      limit);
    n = PQntuples(r);

    for (i = 0; i < n && s->end == SOCIAL_PG_FINE; i++) {
        s->forget = social_pg_int(r, i, 0);
        readers = social_pg_int(r, i, 3) + social_pg_int(r, i, 8);
        age->work -= SOCIAL_PG_AGE_LOOK;

        if (social_pg_int(r, i, 7) || readers > 1) {
            social_pg_run(s, SOCIAL_PG_SQL_FORGET_NEVER, "i", s->forget);

        } else if (!social_pg_int(r, i, 6)) {
            social_pg_forget_one(s, r, i);
            age->work -= SOCIAL_PG_AGE_LOOK;
            age->keep->forgotten++;
        }
    }

    PQclear(r);

    /* the next round begins with the first article */

    if (n < limit) {
        s->forget = 0;
    }
}


/* everything, in the order of what matters most */

static void
social_pg_age_run(social_pg_t *s, void *data)
{
    int64_t           before;
    PGresult         *result;
    social_pg_age_t  *age = data;

    age->work = SOCIAL_PG_AGE_WORK;
    age->keep->forgotten = 0;

    if (age->keep->owner != 0
        && social_pg_number(s, SOCIAL_PG_SQL_LEASE_IS, "i",
                            (int64_t) age->keep->owner)
           == 0)
    {
        return;
    }

    social_pg_run(s, SOCIAL_PG_SQL_NODE_FORGET, "");
    social_pg_age_clock(s, age);
    social_pg_age_held(s, age);

    before = social_span_floor(age->now - age->keep->events, SOCIAL_PG_DAY);
    result = social_pg_ask(s, SOCIAL_PG_SQL_LOG_FORGET, "iii", before,
                           (int64_t) SOCIAL_PG_AGE_ACTS,
                           (int64_t) SOCIAL_PG_AGE_HELD);
    age->work -= result ? social_pg_affected(result) * SOCIAL_PG_AGE_DROP : 0;
    PQclear(result);

    if (age->work > 0) {
        social_pg_age_spans(s, age);
    }

    if (age->work > 0) {
        age->work -= social_pg_roll(s, age->keep->now, before, age->work);
    }

    social_pg_age_days(s, age, before);

    if (age->work > 0) {
        social_pg_forget(s, age, before);
    }
}


int
social_pg_age(social_store_t *store, social_retention_t *keep,
    social_store_error_t *err)
{
    int               rc;
    int64_t           now;
    social_pg_t      *s = (social_pg_t *) store;
    social_pg_age_t   age;

    social_pg_start(s, "age");
    age.keep = keep;
    now = keep->now;
    keep->now += social_pg_shift(s);
    rc = social_pg_work(s, social_pg_age_run, &age, err);
    keep->now = now;

    if (rc != SOCIAL_OK) {
        keep->forgotten = 0;
        s->aging = 0;
        s->forget = 0;
        s->rolled = 0;
        return SOCIAL_ERROR;
    }

    s->aging = (age.work <= 0);

    return s->aging ? SOCIAL_AGAIN : SOCIAL_OK;
}
