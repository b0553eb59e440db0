
/*
 * The store's model of time (social_store_sqlite_span.c, _site.c, _window.c,
 * _age.c): a simulated year with restarts and wrong clocks, against a model
 * that adds up what was counted.
 */

#include "store.h"
#include "social_store_sqlite.h"


#define DAY       86400
#define START     (NOW / DAY * DAY)
#define DAYS      1000
#define ARTICLES  300
#define KINDS     SOCIAL_COUNT_UNLABELLED


/* counts by day since START - 400 days, and article; [0]: all articles */

static int64_t   model[DAYS][ARTICLES + 1][2];
static int64_t   ever[2];
static uint64_t  value[ARTICLES + 1][2];
static uint64_t  generation = 1;
static uint64_t  seed = 7;

static const int  kinds[2] = { SOCIAL_COUNT_READ, SOCIAL_COUNT_READERS };


static uint64_t
dice(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (seed >> 33) % n;
}


static size_t
day_of(int64_t at)
{
    return (size_t) ((at - START) / DAY + 400);
}


static void
name(char *key, size_t i)
{
    snprintf(key, 32, "/%d/", (int) i);
}


/* counts of some articles, saved at `at` */

static void
save_some(social_store_t *store, int64_t at, size_t n)
{
    size_t                 i, k, count, a;
    static char            key[64][32];
    static social_saved_t  s[64];

    memset(s, 0, sizeof(s));

    for (i = 0, count = 0; i < n; i++) {
        a = 1 + dice(dice(4) ? 20 : ARTICLES);

        for (k = 0; k < 2; k++) {
            value[a][k] += 1;
            model[day_of(at)][a][k] += 1;
            model[day_of(at)][0][k] += 1;
            ever[k] += 1;

            name(key[count], a);
            s[count].key = key[count];
            s[count].life = a;
            s[count].kind = (uint16_t) kinds[k];
            s[count].value = value[a][k];
            count++;
        }
    }

    if (social_store_save(store, generation, at, s, count, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
    }

    if (dice(3) == 0) {                     /* repeated: counts nothing */
        social_store_save(store, generation, at + 7, s, count, &err);
    }
}


/* runs retention until it has nothing to do; -1: an error, or no end */

static int
age(social_store_t *store, int64_t now, int64_t events, int64_t *forgotten)
{
    int                 i, rc;
    social_retention_t  keep;

    for (i = 0; i < 10000; i++) {
        memset(&keep, 0, sizeof(keep));
        keep.now = now;
        keep.events = events;
        keep.held = 30 * DAY;

        rc = social_store_age(store, &keep, &err);

        if (forgotten != NULL) {
            *forgotten += keep.forgotten;
        }

        if (rc == SOCIAL_OK) {
            return i + 1;
        }

        if (rc != SOCIAL_AGAIN) {
            printf("# %s: %s\n", err.op, err.message);
            return -1;
        }
    }

    return -1;
}


static size_t
number(const char *key)
{
    return key[0] == '\0' ? 0 : (size_t) atoi(key + 1);
}


/* how many articles differ from the model in days [from, to), which the store
 * still has; the site, too */

static int
differ(social_store_t *store, size_t from, size_t to)
{
    int              bad;
    size_t           i, d, k, a;
    int64_t          want[ARTICLES + 1][2];
    int64_t          got[ARTICLES + 1][2];
    social_period_t  f;

    memset(want, 0, sizeof(want));
    memset(got, 0, sizeof(got));

    for (d = from; d < to; d++) {
        for (a = 0; a <= ARTICLES; a++) {
            want[a][0] += model[d][a][0];
            want[a][1] += model[d][a][1];
        }
    }

    if (social_store_figures(store, START + ((int64_t) from - 400) * DAY,
                             START + ((int64_t) to - 400) * DAY, &f, &err)
        != SOCIAL_OK)
    {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    for (i = 0; i < f.narticles; i++) {
        for (k = 0; k < 2; k++) {
            a = number(f.articles[i].key);
            got[a][k] = f.articles[i].counts[kinds[k]];
        }
    }

    for (k = 0; k < 2; k++) {
        got[0][k] = f.site.counts[kinds[k]];
    }

    for (a = 0, bad = 0; a <= ARTICLES; a++) {
        bad += memcmp(got[a], want[a], sizeof(got[a])) != 0;
    }

    social_period_free(&f);

    return bad;
}


static int64_t
totals(social_store_t *store, int64_t from, int64_t to, int kind,
    const char *label)
{
    size_t            i;
    int64_t           n;
    social_article_t  t;

    if (social_store_totals(store, from, to, &t, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    n = kind < KINDS ? t.counts[kind] : 0;

    for (i = 0; i < t.nlabelled; i++) {
        if (t.labelled[i].kind == kind
            && strcmp(t.labelled[i].label, label) == 0)
        {
            n += t.labelled[i].value;
        }
    }

    social_article_free(&t);

    return n;
}


static int64_t
for_ever(social_store_t *store, int kind, const char *label)
{
    return totals(store, 0, INT64_MAX, kind, label);
}


/* the sum of a series */

static int64_t
series(social_store_t *store, int64_t from, int64_t to, int64_t step,
    size_t *n)
{
    size_t           i;
    int64_t          sum;
    social_series_t  s;

    if (social_store_series(store, from, to, step, NULL, 0, &s, &err)
        != SOCIAL_OK)
    {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    for (i = 0, sum = 0; i < s.n; i++) {
        sum += s.steps[i].views;
    }

    *n = s.n;
    social_series_free(&s);

    return sum;
}


/* a year, six hours at a time, in PostgreSQL a day; on some days the clock is
 * wrong for a while */

static void
test_year(void)
{
    int              bad, h, hours, i;
    size_t           d, n, from;
    int64_t          at, now, sum;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    memset(model, 0, sizeof(model));
    memset(value, 0, sizeof(value));
    memset(ever, 0, sizeof(ever));
    bad = 0;
    hours = on_postgres() ? 24 : 6;

    for (d = 0; d < 365; d++) {
        for (h = 0; h < 24; h += hours) {
            now = START + (int64_t) d * DAY + h * 3600 + (int64_t) dice(3600);
            at = now;

            if (d == 100) {
                at = now - 365 * DAY;           /* the clock is set back */
            }

            if (d == 200) {
                at = now + 365 * DAY;           /* ... and forward */
            }

            save_some(store, at, 5);

            for (i = 0; i <= hours; i++) {      /* retention goes by hours */
                bad += age(store, at, 700 * DAY, NULL) < 0;
            }
        }

        if (d % 50 == 0) {                      /* a restart of nginx */
            generation++;
            memset(value, 0, sizeof(value));
            social_store_close(store);
            store = must_open(1);
        }

        /* 28 days until midnight, and days of before */

        if (d % 20 == 19) {
            from = 400 + d + 1 - (d < 28 ? d + 1 : 28);
            bad += differ(store, from, 400 + d + 1) != 0;
            bad += differ(store, 400, 400 + d / 2) != 0;
        }
    }

    is_int(bad, 0, "a year with midnights, restarts and wrong clocks: exact");
    is_int(differ(store, 0, DAYS - 1), 0, "all days, also of wrong clocks");
    is_int(for_ever(store, SOCIAL_COUNT_READ, ""), ever[0],
           "... and the sum for ever");
    is_int(ask("SELECT count(*) FROM bucket WHERE step = 300 AND start <"
               " (SELECT kept FROM span WHERE step = 300)"), 0,
           "small spans are removed");
    ok(ask("SELECT count(*) FROM window_sum") > 0, "sums are precomputed");

    now = START + 364 * DAY;

    for (d = 0, sum = 0; d < 28; d++) {
        sum += model[day_of(now) - d][0][0];
    }

    is_int(series(store, now - 27 * DAY, now + DAY, DAY, &n), sum,
           "a series by days adds up");
    is_int((int64_t) n, 28, "... and has a step for each");
    is_int(series(store, now, now + DAY, 3600, &n),
           model[day_of(now)][0][0], "a series by hours adds up");
    is_int((int64_t) n, 24, "... and has a step for each");

    social_store_close(store);
}


/* figures that are read from precomputed sums, and the same from spans */

static void
test_windows(void)
{
    int                 bad, used;
    size_t              i, n, times;
    int64_t             now, from, to;
    social_store_t     *store;
    social_period_t     with, without;
    static const int64_t  periods[] = { 1, 7, 28, 90, 365 };

    fresh();
    store = must_open(1);
    memset(model, 0, sizeof(model));
    memset(value, 0, sizeof(value));
    now = START;
    bad = 0;
    used = 0;
    times = on_postgres() ? 50 : 150;

    for (i = 0; i < times; i++) {
        now += (int64_t) dice(3 * DAY);
        save_some(store, now, 20);

        if (dice(4) == 0) {                     /* late: in an older span */
            save_some(store, now - (int64_t) dice(20 * DAY), 3);
        }

        if (dice(3)) {
            age(store, now, 400 * DAY, NULL);
            used += ask("SELECT count(*) FROM window_sum") > 0;
        }

        if (dice(4) == 0) {
            save_some(store, now - (int64_t) dice(20 * DAY), 3);
        }

        from = now - periods[dice(5)] * DAY;
        from -= from % (dice(2) ? 300 : 3600);
        to = dice(3) ? now + 300 : now - (int64_t) dice(9) * 3600;

        social_store_figures(store, from, to, &with, &err);

        tell("CREATE TABLE aside AS SELECT * FROM window_sum;"
             "DELETE FROM window_sum");
        social_store_figures(store, from, to, &without, &err);
        tell("INSERT INTO window_sum SELECT * FROM aside; DROP TABLE aside");

        bad += with.narticles != without.narticles;

        for (n = 0; n < with.narticles && n < without.narticles; n++) {
            bad += memcmp(with.articles[n].counts, without.articles[n].counts,
                          sizeof(with.articles[0].counts)) != 0;
        }

        social_period_free(&with);
        social_period_free(&without);
    }

    is_int(bad, 0, "precomputed sums and spans: the same figures");
    ok(used > (int) times / 3, "... and there were sums (%d)", used);

    social_store_close(store);
}


static void
test_tally(void)
{
    int64_t          held, top, reply;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);

    top = post(store, comment(1, "top"));
    w = comment(2, "held");
    w.state = SOCIAL_HELD;
    held = post(store, w);
    w = comment(3, "spam");
    w.state = SOCIAL_SPAM;
    post(store, w);
    w = comment(2, "a reply to another reader");
    w.parent = top;
    w.now = NOW + 100;
    reply = post(store, w);

    is_int(for_ever(store, SOCIAL_COUNT_POSTED, "reader top approved"), 1,
           "an approved comment is counted when posted");
    is_int(for_ever(store, SOCIAL_COUNT_POSTED, "reader top held"), 1,
           "... a held one");
    is_int(for_ever(store, SOCIAL_COUNT_POSTED, "reader top spam"), 1,
           "... spam");
    is_int(for_ever(store, SOCIAL_COUNT_POSTED, "reader reply approved"), 1,
           "... a reply");

    w = comment(0, "below both");
    w.author = 1;
    w.name = str("Jo");
    w.parent = reply;
    w.now = NOW + 1000;
    post(store, w);

    is_int(for_ever(store, SOCIAL_COUNT_POSTED, "author reply approved"), 1,
           "an author's comment");
    is_int(for_ever(store, SOCIAL_COUNT_REPLIED, "3600"), 1,
           "the first reply of an author, of one comment that needed it");
    is_int(for_ever(store, SOCIAL_COUNT_REPLY_TIME, ""), 1000,
           "... after that many seconds");

    w.now = NOW + 2000;
    w.text = str("another");
    w.parent = top;
    post(store, w);
    is_int(for_ever(store, SOCIAL_COUNT_REPLY_TIME, ""), 1000,
           "a second reply is not the first");

    w.parent = held;
    w.moderator = 1;
    w.text = str("an answer that approves");
    w.now = NOW + 1300000;
    post(store, w);
    is_int(for_ever(store, SOCIAL_COUNT_REPLIED, "+Inf"), 1,
           "a late reply, which approves the comment");
    is_int(for_ever(store, SOCIAL_COUNT_MODERATED, "reply"), 1,
           "... is counted as a moderator's");

    moderate(store, top, SOCIAL_ACT_SPAM, NULL);
    moderate(store, top, SOCIAL_ACT_SPAM, NULL);
    moderate(store, top, SOCIAL_ACT_RESTORE, NULL);
    is_int(for_ever(store, SOCIAL_COUNT_MODERATED, "spam"), 1,
           "an action is counted if it changed something");
    is_int(for_ever(store, SOCIAL_COUNT_MODERATED, "restore"), 1,
           "... each kind by itself");

    social_store_close(store);
}


static void
saved_one(social_store_t *store, const char *key, int kind, const char *label,
    uint64_t n, int64_t at)
{
    social_saved_t  s;

    memset(&s, 0, sizeof(s));
    s.key = key;
    s.label = label;
    s.kind = (uint16_t) kind;
    s.life = number(key) + 1;
    s.value = n;

    social_store_save(store, 9, at, &s, 1, &err);
}


/* retention follows in steps of an hour: until it is there */

static int64_t
age_until(social_store_t *store, int64_t from, int64_t to, int64_t events)
{
    int64_t  at, forgotten;

    forgotten = 0;

    for (at = from; at < to; at += 3600) {
        age(store, to, events, &forgotten);
    }

    return forgotten;
}


static void
test_retention(void)
{
    int64_t          end;
    social_write_t   w;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    end = NOW + 60 * DAY;

    saved_one(store, "/1/", SOCIAL_COUNT_READ, "", 3, NOW);
    saved_one(store, "/1/", SOCIAL_COUNT_READERS, "", 1, NOW);
    saved_one(store, "/2/", SOCIAL_COUNT_READERS, "", 2, NOW);
    saved_one(store, "/3/", SOCIAL_COUNT_READERS, "", 1, NOW);
    saved_one(store, "/3/", SOCIAL_COUNT_SHARE, "email", 1, NOW);
    saved_one(store, "/4/", SOCIAL_COUNT_READERS, "", 1, NOW);
    saved_one(store, "/5/", SOCIAL_COUNT_READERS, "", 1, NOW);
    saved_one(store, "/6/", SOCIAL_COUNT_READERS, "", 1, NOW);
    saved_one(store, "/7/", SOCIAL_COUNT_READERS, "", 1, NOW);

    w = comment(1, "stays");
    w.key = str("/4/");
    post(store, w);

    w = comment(2, "held, and nobody approves it");
    w.key = str("/5/");
    w.state = SOCIAL_HELD;
    post(store, w);

    age(store, NOW, 50 * DAY, NULL);
    saved_one(store, "/6/", SOCIAL_COUNT_BOT, "", 5, end);
    is_int(ask("SELECT count(*) FROM article"), 7, "seven articles");

    is_int(age(store, end, 50 * DAY, NULL) > 0
           ? ask("SELECT count(*) FROM article") : -1, 7,
           "a clock that is suddenly 60 days ahead removes nothing");
    is_int(ask("SELECT text <> '' FROM comment WHERE id = 2"), 1,
           "... and no held comment");

    is_int(age_until(store, NOW, end, 50 * DAY), 3,
           "after retention articles go that nobody needs");
    is_int(ask("SELECT group_concat(id, '') FROM"
               " (SELECT id FROM article ORDER BY id) AS rows"), 2347,
           "... not one with a second reader-day, a share, a comment, nor the "
           "last one");
    is_int(ask("SELECT count(*) FROM bucket WHERE article NOT IN"
               " (SELECT id FROM article)"), 0, "... with their counts");
    is_int(ask("SELECT count(*) FROM comment"), 1,
           "a held comment is erased, and goes with its article");
    is_int(ask("SELECT count(*) FROM comment WHERE text LIKE '%nobody%'"), 0,
           "... its text, too");
    is_int(for_ever(store, SOCIAL_COUNT_MODERATED, "expire"), 1,
           "... that is counted");
    is_int(totals(store, NOW - DAY, NOW + DAY, SOCIAL_COUNT_FORGOTTEN, ""), 3,
           "forgotten articles are counted on the day of their publication");
    is_int(for_ever(store, SOCIAL_COUNT_READ, ""), 3,
           "what was counted for them stays in the site's sums");
    ok(on_postgres()                    /* which checks that itself */
       || ask("SELECT count(*) FROM pragma_foreign_key_check") == 0,
       "nothing refers to what is gone");

    saved_one(store, "/1/", SOCIAL_COUNT_READ, "", 5, end + 60);
    is_int(for_ever(store, SOCIAL_COUNT_READ, ""), 5,
           "one that comes back goes on where it was");
    is_int(ask("SELECT first_seen FROM article WHERE key = '/1/'"), NOW,
           "... it was first seen long ago");
    is_int(totals(store, NOW - DAY, NOW + DAY, SOCIAL_COUNT_FORGOTTEN, ""), 2,
           "... and does not count as forgotten any more");

    social_store_close(store);
}


int
main(void)
{
    test_tally();
    test_retention();

    test_windows();
    test_year();

    clean();

    return done();
}
