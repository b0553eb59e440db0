
/*
 * The store's counters and figures (social_store_sqlite_save.c, _figures.c):
 * totals are exact however often, and in whatever order, counters are saved.
 */

#include "store.h"


static uint64_t  seed = 42;


static uint64_t
dice(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (seed >> 33) % n;
}


static social_saved_t
saved(const char *key, uint64_t life, int kind, const char *label,
    uint64_t value)
{
    social_saved_t  s;

    memset(&s, 0, sizeof(s));

    s.key = key;
    s.label = label;
    s.life = life;
    s.kind = (uint16_t) kind;
    s.value = value;

    return s;
}


/* a counter with a label comes with the details of its article */

static int64_t
labelled(social_store_t *store, int64_t article, int kind, const char *label,
    int64_t from, int64_t to)
{
    size_t             i;
    int64_t            value;
    social_details_t   details;
    social_labelled_t  *l;

    memset(&details, 0, sizeof(details));
    details.from = from;
    details.to = to;
    details.articles = &article;
    details.narticles = 1;

    if (social_store_details(store, &details, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    for (i = 0, value = 0; i < details.labels[0].nlabelled; i++) {
        l = &details.labels[0].labelled[i];

        if (l->kind == kind && strcmp(l->label, label) == 0) {
            value += l->value;
        }
    }

    social_details_free(&details);

    return value;
}


static int64_t
total(social_store_t *store, const char *key, int kind, const char *label,
    int64_t from, int64_t to)
{
    size_t             i;
    int64_t            value;
    social_article_t  *a;
    social_period_t   figures;

    if (social_store_figures(store, from, to, &figures, &err) != SOCIAL_OK) {
        printf("# %s: %s\n", err.op, err.message);
        return -1;
    }

    value = 0;

    for (i = 0; i < figures.narticles; i++) {
        a = &figures.articles[i];

        if (strcmp(a->key, key) != 0) {
            continue;
        }

        if (kind < SOCIAL_COUNT_UNLABELLED) {
            value += a->counts[kind];
            continue;
        }

        value += labelled(store, a->article, kind, label, from, to);
    }

    social_period_free(&figures);

    return value;
}


static int64_t
reads(social_store_t *store)
{
    return total(store, "/a/", SOCIAL_COUNT_READ, "", 0, INT64_MAX);
}


static void
test_watermark(social_store_t *store)
{
    char            key[2 * SOCIAL_KEY_MAX], label[2 * SOCIAL_LABEL_MAX];
    social_saved_t  s;

    s = saved("/a/", 1, SOCIAL_COUNT_READ, "", 10);

    is_int(social_store_save(store, 7, NOW, &s, 1, &err), SOCIAL_OK, "saved");
    is_int(reads(store), 10, "ten views");

    social_store_save(store, 7, NOW, &s, 1, &err);
    social_store_save(store, 7, NOW + 9000, &s, 1, &err);
    is_int(reads(store), 10, "a repeated save changes nothing");

    s.value = 25;
    social_store_save(store, 7, NOW, &s, 1, &err);
    s.value = 13;
    social_store_save(store, 7, NOW, &s, 1, &err);
    is_int(reads(store), 25, "a save that arrives late changes nothing");

    social_store_save(store, 8, NOW, &s, 1, &err);
    is_int(reads(store), 38, "another generation of the zone counts from 0");

    s.life = 2;
    s.value = 2;
    social_store_save(store, 7, NOW, &s, 1, &err);
    is_int(reads(store), 40, "... and so does another life of the slot");

    s.life = UINT64_MAX;
    social_store_save(store, UINT64_MAX, NOW, &s, 1, &err);
    social_store_save(store, UINT64_MAX, NOW, &s, 1, &err);
    is_int(reads(store), 42, "generations and lives of 64 bits");

    s = saved("/a/", 1, SOCIAL_COUNT_SHARE, "mastodon", 3);
    social_store_save(store, 7, NOW, &s, 1, &err);
    s = saved("/a/", 1, SOCIAL_COUNT_SHARE, "email", 4);
    social_store_save(store, 7, NOW, &s, 1, &err);
    is_int(total(store, "/a/", SOCIAL_COUNT_SHARE, "email", 0, INT64_MAX), 4,
           "each label has a counter of its own");
    is_int(total(store, "/a/", SOCIAL_COUNT_SHARE, "mastodon", 0, INT64_MAX),
           3, "... the other label, too");

    memset(label, 'x', sizeof(label) - 1);
    label[sizeof(label) - 1] = '\0';
    memset(key, 'k', sizeof(key) - 1);
    key[sizeof(key) - 1] = '\0';
    s.label = label;
    s.key = key;
    is_int(social_store_save(store, 7, NOW, &s, 1, &err), SOCIAL_OK,
           "a label and a key that are too long are saved");
    is_int(ask("SELECT max(length(key)) FROM article"), SOCIAL_KEY_MAX,
           "... but for their end");
    is_int(ask("SELECT max(length(label)) FROM bucket"), SOCIAL_LABEL_MAX - 1,
           "... the label, too");
    is_int(social_store_save(store, 7, NOW, NULL, 0, &err), SOCIAL_OK,
           "nothing to save");
}


static void
test_generations(social_store_t *store)
{
    social_saved_t  s;

    s = saved("/a/", 1, SOCIAL_COUNT_READ, "", 1);

    social_store_save(store, 100, NOW, &s, 1, &err);
    social_store_save(store, 101, NOW, &s, 1, &err);
    social_store_save(store, 100, NOW + 29 * 86400, &s, 1, &err);
    is_int(ask("SELECT count(*) FROM watermark WHERE generation IN"
               " (100, 101)"), 2, "generations are kept for 30 days");

    social_store_save(store, 100, NOW + 31 * 86400, &s, 1, &err);
    is_int(ask("SELECT count(*) FROM watermark WHERE generation = 101"), 0,
           "one that was not saved for 30 days is removed");
    is_int(ask("SELECT count(*) FROM watermark WHERE generation = 100"), 1,
           "one whose counters did not change is kept");
}


/* two generations, growing counters, saves that repeat and arrive late */

static void
test_random(void)
{
    int64_t          sum;
    uint64_t         value[2][4];
    social_store_t  *store, *other;
    social_saved_t   old[64], now[4];
    size_t           i, g, k, n, round;
    static const char *const  keys[] = { "/a/", "/b/", "/a/", "" };

    fresh();
    store = must_open(1);
    other = must_open(1);
    memset(value, 0, sizeof(value));
    memset(old, 0, sizeof(old));

    for (round = 0; round < 400; round++) {
        g = dice(2);

        for (k = 0, n = 0; k < 4; k++) {
            value[g][k] += dice(3) ? dice(50) : 0;

            if (dice(4)) {
                now[n++] = saved(keys[k], k, SOCIAL_COUNT_READ, "",
                                 value[g][k]);
            }
        }

        social_store_save(dice(2) ? store : other, g,
                          NOW + (int64_t) dice(25 * 86400), now, n, &err);

        for (i = 0; i < n; i++) {
            old[g * 32 + dice(32)] = now[i];
        }

        /* a late save brings older values */

        social_store_save(dice(2) ? store : other, g, NOW,
                          &old[g * 32 + dice(28)], 4, &err);
    }

    for (g = 0, sum = 0; g < 2; g++) {
        for (k = 0, n = 0; k < 4; k++) {
            now[n++] = saved(keys[k], k, SOCIAL_COUNT_READ, "", value[g][k]);
        }

        social_store_save(store, g, NOW, now, n, &err);
        sum += (int64_t) (value[g][0] + value[g][2]);
    }

    is_int(reads(store), sum, "random saves of two generations: exact");
    is_int(total(store, "/b/", SOCIAL_COUNT_READ, "", 0, INT64_MAX),
           (int64_t) (value[0][1] + value[1][1]), "every article");
    is_int(total(store, "", SOCIAL_COUNT_READ, "", 0, INT64_MAX),
           (int64_t) (value[0][3] + value[1][3]), "and the site");

    social_store_close(other);
    social_store_close(store);
}


/* a period is the sum of its hours, whether buckets hold hours or days */

static void
test_periods(void)
{
    int              bad;
    size_t           i, round, from, to;
    int64_t          hours[24 * 100], want, start;
    social_saved_t   s;
    social_store_t  *store;

    fresh();
    store = must_open(1);
    memset(hours, 0, sizeof(hours));

    start = NOW - NOW % 3600;
    s = saved("/a/", 1, SOCIAL_COUNT_READ, "", 0);

    for (i = 0; i < 600; i++) {
        from = dice(social_nelts(hours));
        to = dice(9);
        hours[from] += (int64_t) to;
        s.value += to;

        social_store_save(store, 1, start + (int64_t) from * 3600
                          + (int64_t) dice(3600), &s, 1, &err);
    }

    for (round = 0, bad = 0; round < 200; round++) {
        from = dice(social_nelts(hours));
        to = from + dice(social_nelts(hours) - from);

        for (i = from, want = 0; i < to; i++) {
            want += hours[i];
        }

        if (total(store, "/a/", SOCIAL_COUNT_READ, "",
                  start + (int64_t) from * 3600,
                  start + (int64_t) to * 3600) != want)
        {
            bad++;
        }
    }

    is_int(bad, 0, "200 random periods: exact");
    is_int(reads(store), (int64_t) s.value, "the period of all time");
    is_int(total(store, "/a/", SOCIAL_COUNT_READ, "", NOW, NOW), 0,
           "an empty period");
    is_int(total(store, "/a/", SOCIAL_COUNT_READ, "", INT64_MIN, INT64_MAX),
           (int64_t) s.value, "a period without limits");
    is_int(total(store, "/a/", SOCIAL_COUNT_READ, "", INT64_MAX - 1,
                 INT64_MAX), 0, "a period at the end of time");

    social_store_close(store);
}


static const social_message_t *
message(const social_period_t *figures, int64_t id)
{
    size_t                         i;
    static const social_message_t  none;

    for (i = 0; i < figures->nmessages; i++) {
        if (figures->messages[i].id == id) {
            return &figures->messages[i];
        }
    }

    return &none;
}


/* A person is a cookie; without one, a name and a visitor's hash of the day.
 * Hashes are called weak. */

static void
test_people(void)
{
    int64_t           id[9];
    social_write_t    w;
    social_store_t   *store;
    social_period_t  f;

    fresh();
    store = must_open(1);

    w = comment(1, "by weak hash");
    w.weak = 0xf00000000000000f;
    id[0] = post(store, w);
    memset(w.commenter, 2, sizeof(w.commenter));
    w.now += 60;
    w.text = str("two");
    id[1] = post(store, w);                 /* no cookie, the same day */
    w.returning = 1;
    w.weak = 5;
    w.text = str("three");
    id[2] = post(store, w);                 /* with the cookie: the same */
    memset(w.commenter, 3, sizeof(w.commenter));
    w.weak = 0xf00000000000000f;
    w.returning = 0;
    w.now = NOW + 86400;
    id[3] = post(store, w);                 /* the next day: a new person */
    memset(w.commenter, 0, sizeof(w.commenter));
    w.weak = 0;
    id[4] = post(store, w);                 /* a name, no hash */
    w.name = str("Bea");
    id[5] = post(store, w);

    w.author = 1;
    w.name = str("Jo");
    w.parent = id[0];
    snprintf(w.source, sizeof(w.source), "mastodon");
    id[6] = post(store, w);
    w.now += 99;
    w.text = str("four");
    id[7] = post(store, w);
    moderate(store, id[0], SOCIAL_ACT_DONE, NULL);

    is_int(social_store_figures(store, 0, NOW, &f, &err), SOCIAL_OK,
           "figures");
    is_int((int64_t) f.nmessages, 8, "all messages, whatever the period");
    ok(message(&f, id[0])->person == message(&f, id[1])->person,
       "same name, visitor and day: one person");
    ok(message(&f, id[2])->person == message(&f, id[0])->person,
       "... the same one after accepting the cookie");
    ok(message(&f, id[3])->person != message(&f, id[0])->person,
       "... without a cookie, a new one the next day");
    ok(message(&f, id[4])->person != message(&f, id[5])->person,
       "without a hash, two names are two persons");
    ok(!message(&f, id[0])->weak && !message(&f, id[3])->weak
       && message(&f, id[4])->weak && message(&f, id[5])->weak,
       "comments without a commenter id are told");
    ok(message(&f, id[6])->person == message(&f, id[7])->person
       && message(&f, id[6])->role == SOCIAL_AUTHOR,
       "an author's comments are of one person");
    ok(message(&f, id[6])->parent == id[0]
       && strcmp(message(&f, id[6])->source, "mastodon") == 0
       && message(&f, id[7])->created == NOW + 86400 + 99,
       "parent, source and time are returned");
    ok(message(&f, id[0])->done && !message(&f, id[1])->done,
       "the mark \"done\" is returned");
    ok(f.narticles == 1 && f.articles[0].first_seen == NOW
       && message(&f, id[0])->article == f.articles[0].article
       && f.articles[0].counts[SOCIAL_COUNT_READ] == 0,
       "an article without counters is returned");
    social_period_free(&f);

    is_int(ask("SELECT count(*) FROM comment WHERE weak <> 0"), 1,
           "hashes of earlier days are removed");

    moderate(store, id[3], SOCIAL_ACT_DELETE, NULL);
    social_store_figures(store, 0, NOW, &f, &err);
    is_int((int64_t) f.nmessages, 7, "figures are of approved comments only");
    social_period_free(&f);
    social_store_close(store);
}


static void
test_order(void)
{
    int               i, good;
    size_t            n;
    char              key[2][8] = { "/b/", "/a/" };
    social_write_t    w;
    social_store_t   *store;
    social_period_t  f;

    fresh();
    store = must_open(1);

    for (i = 0; i < 200; i++) {
        w = comment(i % 5 + 1, "x");
        w.key = str(key[i % 2]);
        post(store, w);
    }

    social_store_figures(store, 0, NOW, &f, &err);

    for (n = 1, good = (f.nmessages == 200); n < f.nmessages; n++) {
        good = good && (f.messages[n - 1].article < f.messages[n].article
                        || (f.messages[n - 1].article == f.messages[n].article
                            && f.messages[n - 1].id < f.messages[n].id));
    }

    ok(good, "messages are ordered by article, then by id");
    ok(f.narticles == 2 && f.articles[0].article < f.articles[1].article,
       "articles are ordered by number");

    social_period_free(&f);
    social_store_close(store);
}


int
main(void)
{
    social_store_t  *store;

    fresh();
    store = must_open(1);
    test_watermark(store);
    test_generations(store);
    social_store_close(store);

    test_random();
    test_periods();
    test_people();
    test_order();

    clean();

    return done();
}
