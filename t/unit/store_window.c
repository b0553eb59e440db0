
/*
 * Precomputed sums, as far as no backend is needed (social_store_window.c): a
 * packed row has the numbers that were packed, in the bytes of all versions; a
 * damaged one is refused; windows lie where they shall, and rows become runs.
 */

#include "unit.h"
#include "social_store_window.h"


#define HOUR    3600
#define DAY     86400
#define NOW     1700000000      /* 2023-11-14 22:13:20 UTC */
#define NUMBER  (SOCIAL_COUNT_UNLABELLED * 2 + 3)


static int64_t        numbers[SOCIAL_WINDOW_NUMBERS];
static int64_t        unpacked[SOCIAL_WINDOW_NUMBERS];
static unsigned char  packed[SOCIAL_WINDOW_PACKED];
static uint64_t       seed = 3;


static uint64_t
dice(uint64_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;

    return (seed >> 33) % n;
}


/* 1: what is packed and unpacked again is the same */

static int
is_kept(size_t *len)
{
    memset(unpacked, 0, sizeof(unpacked));
    *len = social_window_pack(numbers, packed);

    return *len <= sizeof(packed)
           && social_window_unpack(packed, *len, 0, social_window_add,
                                   unpacked)
              == SOCIAL_OK
           && memcmp(numbers, unpacked, sizeof(numbers)) == 0;
}


/* numbers of kind 0 are not packed */

static void
fill(uint64_t articles, uint64_t largest)
{
    size_t  i;

    memset(numbers, 0, sizeof(numbers));

    for (i = 0; i < SOCIAL_WINDOW_NUMBERS; i++) {
        if (i % SOCIAL_COUNT_UNLABELLED && dice(100) < articles) {
            numbers[i] = (int64_t) (dice(2) ? dice(largest) : dice(200));
        }
    }
}


static void
test_pack(void)
{
    int     i, bad;
    size_t  len;

    static const unsigned char  bytes[] = { 0, 0, 4, 0xac, 0x02 };

    memset(numbers, 0, sizeof(numbers));
    ok(is_kept(&len) && len == 0, "no numbers: no bytes");

    numbers[NUMBER] = 300;
    ok(is_kept(&len), "one number");
    ok(len == sizeof(bytes) && memcmp(packed, bytes, sizeof(bytes)) == 0,
       "... two empty articles, a mask and the number, as they were stored"
       " always");

    for (i = 0, bad = 0; i < 200; i++) {
        fill(dice(101), (uint64_t) 1 << dice(40));
        bad += !is_kept(&len);
    }

    is_int(bad, 0, "few numbers and many, small and large");

    for (i = 0; i < SOCIAL_WINDOW_NUMBERS; i++) {
        numbers[i] = i % SOCIAL_COUNT_UNLABELLED ? -1 - i : 0;
    }

    ok(is_kept(&len), "negative ones: what was forgotten is subtracted later");
    ok(len <= SOCIAL_WINDOW_PACKED, "... and there was room for them");
}


/* each must be refused, or have numbers of the chunk only; ASan looks */

static void
test_damaged(void)
{
    int             i, refused;
    size_t          len, n, cut;
    unsigned char  *copy;

    static const unsigned char  long_mask[] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01
    };
    static const unsigned char  kind[] = { 0x80, 0x40, 1 };
    static const unsigned char  beyond[] = { 0x80, 0x80, 0x02, 1 };
    static const unsigned char  none[] = { 1 };
    static const unsigned char  many[SOCIAL_WINDOW_CHUNK + 1];

    const struct {
        const unsigned char  *data;
        size_t                len;
        const char           *what;
    } rows[] = {
        { long_mask, sizeof(long_mask), "a number of eleven bytes" },
        { kind, sizeof(kind), "a kind that has labels" },
        { beyond, sizeof(beyond), "a kind behind that" },
        { none, sizeof(none), "a mask without its number" },
        { many, sizeof(many), "an article too many" }
    };

    for (n = 0; n < social_nelts(rows); n++) {
        is_int(social_window_unpack(rows[n].data, rows[n].len, 0,
                                    social_window_add, unpacked),
               SOCIAL_DECLINED, rows[n].what);
    }

    refused = 0;

    for (i = 0; i < 2000; i++) {
        fill(dice(60), 1 << 20);
        len = social_window_pack(numbers, packed);
        cut = len ? dice(len + 1) : 0;
        copy = malloc(cut + 1);
        memcpy(copy, packed, cut);

        if (cut && dice(2)) {
            copy[dice(cut)] ^= (unsigned char) (1 << dice(8));
        }

        refused += social_window_unpack(copy, cut, 0, social_window_add,
                                        unpacked)
                   == SOCIAL_DECLINED;
        free(copy);
    }

    ok(refused > 100, "rows that were cut and changed: %d refused", refused);
}


static void
test_ends(void)
{
    int64_t               kept[SOCIAL_SPAN_STEPS] = { 0, 0, 0 };
    int64_t               hour, today;
    social_window_ends_t  w;

    hour = NOW / HOUR * HOUR;
    today = NOW / DAY * DAY;

    is_int(social_window_ends(3, NOW, 0, kept, &w), SOCIAL_OK, "28 days");
    is_int(w.start, (NOW - 28 * DAY) / HOUR * HOUR, "... begin at an hour");
    is_int(w.until, hour, "... and end at one");

    (void) social_window_ends(3, NOW, 1200, kept, &w);
    is_int(w.until, hour - HOUR, "20 minutes that are left to come");

    (void) social_window_ends(5, NOW, 0, kept, &w);
    is_int(w.until, today, "a year ends at midnight");
    is_int(w.start, today - 365 * DAY, "... where it begins, too");

    (void) social_window_ends(6, NOW, 0, kept, &w);
    is_int(w.start, 0, "everything begins with time");

    kept[2] = today - 10 * DAY;
    (void) social_window_ends(5, NOW, 0, kept, &w);
    is_int(w.start, today - 10 * DAY, "... or with the days that are kept");

    kept[1] = kept[0] = today - 5 * DAY;
    (void) social_window_ends(2, NOW, 0, kept, &w);
    is_int(w.start, today - 7 * DAY,
           "where hours are gone, a day begins in front of it");
    is_int(social_window_is_usable(&w, kept), 1, "such an end can be used");
    w.start += HOUR;
    is_int(social_window_is_usable(&w, kept), 0, "... another one cannot");

    kept[2] = today + DAY;
    is_int(social_window_ends(1, NOW, 0, kept, &w), SOCIAL_DECLINED,
           "nothing is kept: no window");
}


static void
test_nearest(void)
{
    const social_window_ends_t  day = { NOW, NOW + DAY };
    const social_window_ends_t  later = { NOW + HOUR, NOW + DAY + HOUR };
    const social_window_ends_t  far = { NOW + DAY, NOW + 2 * DAY };

    social_window_ends_t  windows[SOCIAL_WINDOWS];

    memset(windows, 0, sizeof(windows));
    is_int(social_window_nearest(windows, NOW, NOW + DAY), 0,
           "no rows: no window");

    windows[1] = day;
    windows[4].start = NOW;
    windows[4].until = NOW + 20 * DAY;
    is_int(social_window_nearest(windows, NOW, NOW + DAY), 2,
           "the one that is the period");
    is_int(social_window_nearest(windows, NOW, NOW + 18 * DAY), 5,
           "the one that is nearest");
    is_int(social_window_nearest(windows, NOW, NOW + HOUR), 0,
           "none: reading the period itself is less");

    is_int(social_window_can_move(&day, &later), 1, "an hour is moved");
    is_int(social_window_can_move(&day, &far), 0, "what is new is not");
}


/* runs as text: "first-last start-until" each */

static char  told[512];


static void
tell_run(void *data, int64_t first, int64_t last,
    const social_window_ends_t *ends)
{
    size_t  n;

    (void) data;
    n = strlen(told);

    snprintf(told + n, sizeof(told) - n, "%d-%d %d-%d, ",
             (int) (first / SOCIAL_WINDOW_CHUNK),
             last == INT64_MAX ? -1 : (int) (last / SOCIAL_WINDOW_CHUNK),
             (int) ends->start, (int) ends->until);
}


static const char *
runs_of(const char *rows)
{
    int                   chunk, start, until, n;
    social_window_ends_t  ends;
    social_window_runs_t  runs;

    told[0] = '\0';
    social_window_runs_init(&runs, tell_run, NULL);

    while (sscanf(rows, "%d %d-%d,%n", &chunk, &start, &until, &n) == 3) {
        ends.start = start;
        ends.until = until;
        social_window_runs_row(&runs, chunk, &ends);
        rows += n;
    }

    social_window_runs_end(&runs);

    return told;
}


static void
test_runs(void)
{
    is_str(runs_of(""), "0--1 0-0, ", "no rows: all articles have none");
    is_str(runs_of("0 1-5, 1 1-5, 2 1-5,"), "0-3 1-5, 3--1 0-0, ",
           "rows of the same ends are one run; who comes later has none");
    is_str(runs_of("0 1-5, 1 2-6, 2 2-6,"), "0-1 1-5, 1-3 2-6, 3--1 0-0, ",
           "other ends are another run");
    is_str(runs_of("0 1-5, 1 3-3, 2 1-5,"),
           "0-1 1-5, 1-2 0-0, 2-3 1-5, 3--1 0-0, ",
           "a row that cannot be used lies between two");
    is_str(runs_of("1 1-5, 2 4-4, 5 1-5,"),
           "0-1 0-0, 1-2 1-5, 2-3 0-0, 3-5 0-0, 5-6 1-5, 6--1 0-0, ",
           "... and so do rows that are missing");
}


static void
test_article(void)
{
    size_t            i, at;
    int               bad;
    social_article_t  a[5], *found;

    memset(a, 0, sizeof(a));

    for (i = 0; i < 5; i++) {
        a[i].article = (int64_t) (i * i + 1);       /* 1 2 5 10 17 */
    }

    for (i = 0, at = 0, bad = 0; i < 2000; i++) {
        found = social_window_article(a, 5, &at, (int64_t) dice(20));
        bad += found != NULL && found != &a[at];
    }

    is_int(bad, 0, "articles in any order");

    for (i = 0, at = 4; i < 5; i++) {
        bad += social_window_article(a, 5, &at, a[i].article) != &a[i];
    }

    is_int(bad, 0, "each is found");
    ok(social_window_article(a, 5, &at, 3) == NULL, "one that is gone is not");
    at = 0;
    ok(social_window_article(a, 0, &at, 1) == NULL, "there are none");
}


int
main(void)
{
    test_pack();
    test_damaged();
    test_ends();
    test_nearest();
    test_runs();
    test_article();

    return done();
}
