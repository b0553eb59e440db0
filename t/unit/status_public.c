
/*
 * What a public document does not tell: people, words, and numbers below three
 * that count people or what they did; nor what follows from other numbers.
 */

#include "status_blog.h"


/* an article with numbers of each kind */

static social_article_t *
busy(int64_t id, const char *key, int64_t readers, int64_t sharers,
    int64_t listeners)
{
    social_article_t  *a;

    a = article(id, key, "");
    a->counts[SOCIAL_COUNT_READ] = readers;
    a->counts[SOCIAL_COUNT_READERS] = readers;
    a->counts[SOCIAL_COUNT_SHARERS] = sharers;
    a->counts[SOCIAL_COUNT_ACTIVE] = sharers;
    a->counts[SOCIAL_COUNT_LISTENERS] = listeners;

    return a;
}


static void
site(void)
{
    int                i;
    social_article_t  *a;

    begin();
    query.is_public = 1;

    a = busy(1, "/big/", 400, 9, 50);
    label(a, SOCIAL_COUNT_SHARE, "reddit", 7);
    label(a, SOCIAL_COUNT_SHARE, "x", 2);
    label(a, SOCIAL_COUNT_SOURCE, "dark", 300);
    label(a, SOCIAL_COUNT_SOURCE, "email", 1);
    label(a, SOCIAL_COUNT_GOAL, "signup", 5);
    label(a, SOCIAL_COUNT_GOAL, "buy", 2);
    a = busy(2, "/small/", 40, 2, 1);
    label(a, SOCIAL_COUNT_SHARE, "x", 2);
    (void) busy(3, "/tiny/", 2, 0, 0);
    (void) busy(4, "/tiny2/", 1, 0, 0);
    (void) busy(5, "/none/", 0, 0, 0);

    for (i = 0; i < 5; i++) {
        say(1, i ? i : 0, (uint64_t) (11 + i), (5 + i) * DAY, "dark");
    }

    say(2, 0, 11, 3 * DAY, "email");
    say(2, 0, 12, 3 * DAY, "email");

    figures.nauthors = 1;
    figures.authors[0].name = strdup("Jo");
    figures.held = 1;
    figures.held_since = NOW - DAY;
}


static const cJSON *
of(const cJSON *doc, const char *key)
{
    const cJSON  *a;

    cJSON_ArrayForEach(a, at(doc, "articles")) {
        if (strcmp(at(a, "key")->valuestring, key) == 0) {
            return a;
        }
    }

    return NULL;
}


/* 1 if a number from 1 to 2 stands where people are counted */

static int
tells(const cJSON *item)
{
    size_t        i;
    const cJSON  *child;

    static const char *const  other[] = {
        "schema", "page", "pages", "limit", "total_articles", "articles",
        "articles_published", "published", "author_comments", "thresholds",
        "articles_by_class", "seconds", "broadcast_ratio", "bases", "depth"
    };

    for (i = 0; item->string && i < sizeof(other) / sizeof(other[0]); i++) {
        if (strcmp(item->string, other[i]) == 0 && !cJSON_IsArray(item)) {
            return 0;
        }
    }

    if (cJSON_IsNumber(item)) {
        return item->valuedouble >= 1 && item->valuedouble < 3
               && !(item->string && strstr(item->string, "_rat"));
    }

    cJSON_ArrayForEach(child, item) {
        if (tells(child)) {
            printf("# in %s\n", item->string ? item->string : "an item");
            return 1;
        }
    }

    return 0;
}


static void
cells(void)
{
    cJSON        *doc;
    const cJSON  *a;

    site();
    doc = status();
    ok(!tells(doc), "no count of people is 1 or 2");

    is_number(doc, "totals.reader_days", 443);
    is_number(doc, "totals.participants", 5);
    is_number(doc, "totals.comments", 7);
    ok(cJSON_IsNull(at(doc, "totals.oldest_unanswered_seconds"))
       == cJSON_IsNull(at(doc, "totals.unanswered")),
       "an age goes with its number");
    is_null(doc, "totals.top_talker_share");

    a = of(doc, "/big/");
    is_number(a, "reader_days", 400);
    is_number(a, "participants", 5);
    is_number(a, "conversation_rate", 5.0 / 400);
    is_number(a, "sharers", 9);
    is_number(a, "shares_by_network.reddit", 7);
    ok(at(a, "shares_by_network.x") == NULL, "two shares are left out");
    ok(at(a, "views_by_source.email") == NULL, "one view by a source, too");
    is_number(a, "goals.signup", 5);
    is_null(a, "goals.buy");
    is_null(a, "outcome_rate.buy");
    is_number(a, "outcome_rate.signup", 5.0 / 400);
    is_null(a, "thread_h");

    a = of(doc, "/small/");
    is_number(a, "reader_days", 40);
    is_null(a, "participants");
    is_null(a, "comments");
    is_null(a, "sharers");
    is_null(a, "shares");
    is_null(a, "listeners");
    is_null(a, "conversation_rate");
    is_null(a, "amplification_rate");
    is_null(a, "listening_rate");
    is_number(a, "passive_share", 1 - 4.0 / 40);
    is_null(a, "exchange_ratio");
    is_null(a, "rank");
    is_null(a, "class_reason");
    is_null(of(doc, "/tiny/"), "views");
    is_null(of(doc, "/tiny/"), "reader_days");
    is_null(of(doc, "/tiny/"), "views_by_class.unconfirmed");
    is_null(of(doc, "/none/"), "reader_days");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
gone(void)
{
    size_t           i;
    cJSON           *doc;
    char            *text;
    social_health_t  h;

    static const char *const  names[] = {
        "inbox", "people", "authors", "totals.held",
        "totals.oldest_held_seconds", "article.conversation", "week"
    };

    site();
    memset(&h, 0, sizeof(h));
    h.store_ok = 1;
    h.readers_now = 2;
    query.health = &h;
    query.article = "/big/";
    query.moderate = "/_moderate/";
    doc = status();

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        ok(at(doc, names[i]) == NULL, "no %s", names[i]);
    }

    is_int(cJSON_GetArraySize(at(doc, "health")), 1,
           "of health only one thing");
    ok(cJSON_IsTrue(at(doc, "health.store_ok")), "whether the store works");
    is_null(doc, "now.readers");
    is_null(doc, "alarms.0.since");
    is_text(doc, "alarms.1.sentence",
            "Readers have not been silent for long.");
    is_null(doc, "article.levels");
    is_number(doc, "article.funnel.reader_days", 400);
    is_number(doc, "article.funnel.goals", 7);

    text = cJSON_PrintUnformatted(doc);
    ok(strstr(text, "Jo") == NULL, "no name of an author");
    cJSON_free(text);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* what is left if the numbers that are shown are taken from their total */

static void
differences(void)
{
    cJSON  *doc;

    begin();
    query.is_public = 1;
    (void) busy(1, "/a/", 400, 0, 0);
    (void) busy(2, "/b/", 40, 0, 0);
    (void) busy(3, "/c/", 2, 0, 0);

    doc = status();
    is_number(doc, "totals.reader_days", 442);
    is_number(of(doc, "/a/"), "reader_days", 400);
    is_null(of(doc, "/b/"), "reader_days");
    is_null(of(doc, "/c/"), "reader_days");
    cJSON_Delete(doc);

    /* two that are hidden: nobody knows which one has how many */

    (void) busy(4, "/d/", 1, 0, 0);
    doc = status();
    is_number(of(doc, "/b/"), "reader_days", 40);
    cJSON_Delete(doc);

    /* but if each of them must have two, everybody does */

    figures.articles[3].counts[SOCIAL_COUNT_READERS] = 2;
    doc = status();
    is_null(of(doc, "/b/"), "reader_days");
    is_number(of(doc, "/a/"), "reader_days", 400);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* the order of a list tells nothing that its cells do not tell */

static void
order(void)
{
    cJSON  *doc;

    begin();
    query.is_public = 1;
    (void) busy(1, "/a/", 0, 0, 0);
    (void) busy(2, "/b/", 1, 0, 0);
    (void) busy(3, "/c/", 2, 0, 0);
    (void) busy(4, "/d/", 50, 0, 0);
    (void) busy(5, "/e/", 0, 0, 0);

    query.sort = "reader_days";
    doc = status();
    is_text(doc, "articles.0.key", "/d/");
    is_text(doc, "articles.1.key", "/a/");
    is_text(doc, "articles.2.key", "/b/");
    is_text(doc, "articles.3.key", "/c/");
    cJSON_Delete(doc);

    query.sort = "conversation_rate";
    query.dir = "asc";
    doc = status();
    is_text(doc, "articles.0.key", "/d/");
    is_text(doc, "articles.1.key", "/a/");
    is_text(doc, "articles.3.key", "/c/");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
sentence(void)
{
    cJSON  *doc;

    site();
    doc = status();
    is_text(doc, "sentence", "In the last 28 days, 1 article started a"
            " conversation and 0 went unheard; fewer than 3 of 3 comments that"
            " needed an answer got one; 7 outcomes. Conversation: "
            "\xe2\x80\x9c/big/\xe2\x80\x9d.");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* a document that could not be made whole is none */

static long  left = -1;


static void *
failing(size_t size)
{
    if (left == 0) {
        return NULL;
    }

    left -= (left > 0);

    return malloc(size);
}


static void
memory(void)
{
    long          i, failures;
    cJSON        *doc;
    cJSON_Hooks   hooks = { failing, free };

    site();
    query.article = "/big/";
    doc = NULL;
    failures = 0;
    cJSON_InitHooks(&hooks);

    for (i = 0; i < 20000 && doc == NULL; i += 3) {
        left = i;
        doc = status();
        failures += (doc == NULL);
    }

    ok(doc != NULL && !tells(doc) && failures > 300,
       "%ld allocations failed, each once", failures);
    cJSON_Delete(doc);
    left = -1;
    cJSON_InitHooks(NULL);
    social_period_free(&figures);
}


int
main(void)
{
    cells();
    gone();
    differences();
    order();
    sentence();
    memory();

    return done();
}
