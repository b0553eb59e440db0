
/*
 * Retention: removes what is not kept any more, a bounded part of it in each
 * transaction, and moves the precomputed sums forward.
 *
 * It goes by a clock of its own, which follows the wall clock, but goes forward
 * by an hour a round at most (a round ends when nothing is left to do): while
 * the machine's clock is wrong by a year, little is removed that should have
 * been kept.
 *
 * Pool threads only.
 */

#include "social_store_sqlite.h"
#include "social_store_sqlite_judge.h"


#define SOCIAL_SQLITE_AGE_WORK   20000  /* rows read in a transaction */
#define SOCIAL_SQLITE_AGE_DROP   10     /* a removed row is so much work */
#define SOCIAL_SQLITE_AGE_HELD   100    /* held comments in a transaction */


typedef struct {
    social_sqlite_t     *s;
    social_retention_t  *keep;
    int64_t              now;           /* of retention's own clock */
    int64_t              work;          /* that is left */
} social_sqlite_age_t;


/* how long spans are kept, in seconds; days: as the site's owner says */

static const int64_t  social_sqlite_keep[SOCIAL_SQLITE_NSTEPS - 1] = {
    2 * SOCIAL_SQLITE_DAY, 30 * SOCIAL_SQLITE_DAY
};


/* the time that retention goes by */

static void
social_sqlite_age_clock(social_sqlite_age_t *age)
{
    int64_t           was;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = age->s;

    was = 0;
    stmt = social_sqlite_stmt(s, SOCIAL_SQL_AGE_CLOCK);

    if (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        was = sqlite3_column_int64(stmt, 0);
        social_sqlite_end(stmt);
    }

    age->now = age->keep->now;

    if (was && age->now > was + SOCIAL_SQLITE_HOUR) {
        age->now = s->aging ? was : was + SOCIAL_SQLITE_HOUR;
    }

    if (age->now > was) {
        stmt = social_sqlite_stmt(s, SOCIAL_SQL_AGE_CLOCK_SET);
        social_sqlite_int(s, stmt, 1, age->now);
        (void) social_sqlite_run(s, stmt);
    }
}


/* runs a statement with a time and a limit; the number of changed rows */

static int64_t
social_sqlite_age_run(social_sqlite_age_t *age, social_sql_e sql,
    int64_t step, int64_t before)
{
    int64_t           n;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = age->s;

    if (age->work <= 0) {
        return 0;
    }

    stmt = social_sqlite_stmt(s, sql);
    social_sqlite_int(s, stmt, 1, step);
    social_sqlite_int(s, stmt, 2, before);
    social_sqlite_int(s, stmt, 3, age->work / SOCIAL_SQLITE_AGE_DROP + 1);

    if (social_sqlite_run(s, stmt) != SOCIAL_OK) {
        return 0;
    }

    n = sqlite3_changes(s->db);
    age->work -= n * SOCIAL_SQLITE_AGE_DROP;

    return n;
}


/* `kept` moves first, so that nobody takes what is left for all that was
 * there */

static void
social_sqlite_age_keep(social_sqlite_t *s, size_t i, int64_t before)
{
    sqlite3_stmt  *stmt;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_SPAN_KEEP);
    social_sqlite_int(s, stmt, 1, social_span_steps[i]);
    social_sqlite_int(s, stmt, 2, before);
    (void) social_sqlite_run(s, stmt);
}


static void
social_sqlite_age_spans(social_sqlite_age_t *age)
{
    size_t   i;
    int64_t  before, step;

    for (i = 0; i < SOCIAL_SQLITE_NSTEPS - 1; i++) {
        step = social_span_steps[i];
        before = social_span_floor(age->now - social_sqlite_keep[i],
                                     SOCIAL_SQLITE_DAY);

        social_sqlite_age_keep(age->s, i, before);
        (void) social_sqlite_age_run(age, SOCIAL_SQL_SPAN_DROP, step, before);
        (void) social_sqlite_age_run(age, SOCIAL_SQL_SPAN_DROP_SITE, step,
                                     before);
    }
}


/* what the days that are about to be removed say of articles: which ones must
 * be kept, and reader-days */

static void
social_sqlite_age_fold(social_sqlite_age_t *age, int64_t before)
{
    int               kind;
    int64_t           value;
    sqlite3_stmt     *stmt, *fold;
    social_sqlite_t  *s = age->s;

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_AGE_DAYS);
    social_sqlite_int(s, stmt, 1, SOCIAL_SQLITE_DAY);
    social_sqlite_int(s, stmt, 2, before);
    social_sqlite_int(s, stmt, 3, age->work / SOCIAL_SQLITE_AGE_DROP + 1);

    while (social_sqlite_next(s, stmt) == SOCIAL_OK) {
        kind = sqlite3_column_int(stmt, 1);
        value = sqlite3_column_int64(stmt, 2);

        if (!social_sqlite_age_is_need(kind) && kind != SOCIAL_COUNT_READERS) {
            continue;
        }

        fold = social_sqlite_stmt(s, SOCIAL_SQL_AGE_FOLD);
        social_sqlite_int(s, fold, 1, sqlite3_column_int64(stmt, 0));
        social_sqlite_int(s, fold, 2,
                          kind == SOCIAL_COUNT_READERS ? value : 0);
        social_sqlite_int(s, fold, 3, kind != SOCIAL_COUNT_READERS);
        (void) social_sqlite_run(s, fold);
    }

    social_sqlite_end(stmt);
}


/* days go when no precomputed sum needs them to move on; the site's stay */

static void
social_sqlite_age_days(social_sqlite_age_t *age)
{
    int               rc;
    int64_t           before;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = age->s;

    if (age->work <= 0) {
        return;
    }

    before = s->kept[SOCIAL_SQLITE_NSTEPS - 1];

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_WINDOW_BEFORE);
    social_sqlite_int(s, stmt, 1, before);

    rc = social_sqlite_next(s, stmt);
    social_sqlite_end(stmt);

    if (rc == SOCIAL_DECLINED) {
        social_sqlite_age_fold(age, before);
        (void) social_sqlite_age_run(age, SOCIAL_SQL_SPAN_DROP,
                                     SOCIAL_SQLITE_DAY, before);
    }
}


/* comments that nobody approved: as if their writers had deleted them */

static void
social_sqlite_age_held(social_sqlite_age_t *age)
{
    int64_t           n;
    sqlite3_stmt     *stmt;
    social_sqlite_t  *s = age->s;

    social_sqlite_lesson_expire(s, age->now - age->keep->held);

    stmt = social_sqlite_stmt(s, SOCIAL_SQL_AGE_HELD);
    social_sqlite_int(s, stmt, 1, age->now - age->keep->held);
    social_sqlite_int(s, stmt, 2, SOCIAL_SQLITE_AGE_HELD);

    if (social_sqlite_run(s, stmt) != SOCIAL_OK) {
        return;
    }

    n = sqlite3_changes(s->db);

    if (n) {
        s->wal_has_erased = 1;
        social_sqlite_tally_expired(s, age->keep->now, n);
    }

    if (n == SOCIAL_SQLITE_AGE_HELD) {
        age->work = 0;
    }
}


/* everything, in the order of what matters most */

static void
social_sqlite_age_all(social_sqlite_age_t *age)
{
    int64_t           before;
    social_sqlite_t  *s = age->s;

    social_sqlite_age_clock(age);
    social_sqlite_age_held(age);

    before = social_span_floor(age->now - age->keep->events,
                                 SOCIAL_SQLITE_DAY);
    social_sqlite_age_keep(s, SOCIAL_SQLITE_NSTEPS - 1, before);

    age->work -= social_sqlite_act_forget(s, before) * SOCIAL_SQLITE_AGE_DROP;

    if (age->work > 0) {
        social_sqlite_age_spans(age);
    }

    social_sqlite_read_kept(s);

    if (age->work > 0) {
        age->work -= social_sqlite_roll(s, age->keep->now, age->work);
    }

    social_sqlite_age_days(age);

    if (age->work > 0) {
        age->work -= social_sqlite_forget(s, before, age->work,
                                          &age->keep->forgotten);
    }
}


/* SQLite would read all spans to find out whether one refers to an article that
 * goes: social_sqlite_forget() has removed them.  Not within a transaction */

static void
social_sqlite_age_references(social_sqlite_t *s, int check)
{
    (void) sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_FKEY, check, NULL);
}


static int
social_sqlite_age_once(social_sqlite_t *s, social_retention_t *keep)
{
    social_sqlite_age_t  age;

    age.s = s;
    age.keep = keep;
    age.work = SOCIAL_SQLITE_AGE_WORK;
    keep->forgotten = 0;

    if (social_sqlite_begin(s) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    social_sqlite_age_all(&age);

    if (s->rc != SQLITE_OK || social_sqlite_commit(s) != SOCIAL_OK) {
        social_sqlite_rollback(s);
        keep->forgotten = 0;
        s->aging = 0;
        return SOCIAL_ERROR;
    }

    s->aging = (age.work <= 0);

    if (s->wal_has_erased) {
        social_sqlite_checkpoint(s);
    }

    return s->aging ? SOCIAL_AGAIN : SOCIAL_OK;
}


int
social_sqlite_age(social_store_t *store, social_retention_t *keep,
    social_store_error_t *err)
{
    int               rc;
    social_sqlite_t  *s = (social_sqlite_t *) store;

    social_sqlite_start(s, "age");

    social_sqlite_age_references(s, 0);
    rc = social_sqlite_age_once(s, keep);
    social_sqlite_age_references(s, 1);

    return rc == SOCIAL_ERROR ? social_sqlite_failed(s, err) : rc;
}
