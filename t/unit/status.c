
/*
 * The status document and the status page (all files of src/core/status):
 * names, values, order, paging, the sentence, inbox and alarms, texts of the
 * page; 100,000 articles; every allocation failing once.
 */

#include <time.h>

#include "status_blog.h"


/* cJSON's allocations until one fails, or -1 */

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
names(const cJSON *doc)
{
    char          got[512];
    size_t        i;
    const cJSON  *item;

    static const char *const  wanted[] = {
        "views", "reader_days", "listeners", "listening_rate", "comments",
        "author_comments", "participants", "exchanges", "shares",
        "shares_by_network", "sharers", "share_visits_by_network",
        "previews_by_network", "reactions",
        "goals", "active_reader_days", "conversation_rate",
        "amplification_rate", "applause_rate", "outcome_rate",
        "passive_share", "exchange_ratio", "broadcast_ratio", "response_rate",
        "first_author_reply_seconds", "unanswered",
        "oldest_unanswered_seconds", "peer_reply_share", "dialogues",
        "thread_h", "top_talker_share", "new_participants",
        "returning_participants", "views_by_class.confirmed",
        "views_by_class.unconfirmed", "views_by_class.preview",
        "views_by_class.bot", "views_by_class.prefetch",
        "views_by_class.self", "denominator_suspect"
    };

    static const char *const  own[] = {
        "key", "title", "url", "class", "class_reason", "also", "rank",
        "sparkline"
    };

    got[0] = '\0';

    cJSON_ArrayForEach(item, doc) {
        strcat(got, item->string);
        strcat(got, " ");
    }

    is_str(got, "schema site generated period sentence now totals articles"
           " total_articles limit page pages networks sources inbox people"
           " authors alarms series thresholds health ",
           "members of the document");

    for (i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
        ok(at(at(doc, "totals"), wanted[i]) != NULL
           && at(at(doc, "articles.0"), wanted[i]) != NULL
           && at(at(doc, "articles.3"), wanted[i]) != NULL,
           "%s is there for the site and for every article", wanted[i]);
    }

    for (i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        ok(at(at(doc, "articles.3"), own[i]) != NULL,
           "%s is there for an article", own[i]);
    }
}


static void
numbers(const cJSON *doc)
{
    is_number(doc, "schema", 1);
    is_text(doc, "site", "blog");
    is_text(doc, "generated", "2026-11-22T04:00:00Z");
    is_text(doc, "period.from", "2026-10-25T04:00:00Z");
    is_text(doc, "period.to", "2026-11-22T04:00:01Z");
    is_text(doc, "period.name", "28d");

    is_number(doc, "totals.articles", 4);
    is_number(doc, "totals.articles_published", 1);
    is_number(doc, "totals.articles_by_class.conversation", 1);
    is_number(doc, "totals.articles_by_class.unheard", 1);
    is_number(doc, "totals.articles_by_class.passive", 1);
    is_number(doc, "totals.articles_by_class.new", 1);
    is_number(doc, "totals.views", 60 + 950 + 50);
    is_number(doc, "totals.reader_days", 885);
    is_number(doc, "totals.comments", 7);
    is_number(doc, "totals.author_comments", 1);
    is_number(doc, "totals.participants", 5);
    is_number(doc, "totals.conversation_rate", 5.0 / 885);
    is_number(doc, "totals.exchanges", 3);
    is_number(doc, "totals.broadcast_ratio", 0.5);
    is_number(doc, "totals.goals.signup", 3);
    is_number(doc, "totals.goals.buy", 0);
    is_number(doc, "totals.outcome_rate.signup", 3.0 / 885);
    is_number(doc, "totals.unanswered", 5);
    is_number(doc, "totals.oldest_unanswered_seconds", 19 * DAY);
    is_number(doc, "totals.views_by_class.unconfirmed", 70);
    is_number(doc, "totals.views_by_class.confirmed", 990);
    is_null(doc, "totals.reactions");
    is_null(doc, "totals.applause_rate");
    ok(at(doc, "totals.rank") == NULL, "a site has no rank");
    is_number(doc, "totals.matured", 3);
    is_number(doc, "totals.answered", 1);
    is_number(doc, "totals.response_rate", 1.0 / 3);
    is_null(doc, "totals.first_author_reply_seconds");

    is_number(doc, "articles.0.views_by_class.bot", 7);
    is_number(doc, "articles.0.views", 60);
    is_number(doc, "articles.0.participants", 3);
    is_number(doc, "articles.0.shares", 2);
    is_number(doc, "articles.0.shares_by_network.bluesky", 2);
    is_number(doc, "articles.0.share_visits_by_network.bluesky", 4);
    is_number(doc, "articles.0.previews_by_network.mastodon", 3);
    is_number(doc, "articles.0.passive_share", 1 - 5.0 / 40);
    is_text(doc, "articles.0.class", "conversation");
    is_text(doc, "articles.0.title", "About \"A\" & <b>");
    is_text(doc, "articles.0.url", "/posts/a/");
    is_text(doc, "articles.0.published", "2026-11-19T04:00:00Z");
    is_text(doc, "articles.1.class", "unheard");
    is_text(doc, "articles.1.url", "/posts/%C3%BC%20b/");
    is_text(doc, "articles.2.key", "/posts/d/");
    is_null(doc, "articles.2.conversation_rate");
    is_null(doc, "articles.2.oldest_unanswered_seconds");
    is_null(doc, "articles.2.response_rate");
    is_number(doc, "articles.2.views", 0);
    is_text(doc, "articles.3.url", "https://blog.example/posts/b/");
    is_null(doc, "articles.3.published");
}


static void
rest(const cJSON *doc)
{
    is_text(doc, "sentence", "In the last 28 days, 1 article started a"
            " conversation and 1 went unheard; 1 of 6 comments that needed an"
            " answer got one, within 10 minutes; 3 outcomes. Conversation: "
            "\xe2\x80\x9c" "About \"A\" & <b>\xe2\x80\x9d. Unheard: "
            "\xe2\x80\x9c" "C\xe2\x80\x9d. Only viewed: \xe2\x80\x9c"
            "/posts/b/\xe2\x80\x9d.");

    is_text(doc, "networks.0.network", "mastodon");
    is_null(doc, "networks.0.share_yield");
    is_text(doc, "networks.1.network", "bluesky");
    is_number(doc, "networks.1.shares", 2);
    is_number(doc, "networks.1.share_visits", 4);
    is_number(doc, "networks.1.visits", 6);
    is_number(doc, "networks.1.participants", 2);
    is_number(doc, "networks.1.share_yield", (4 + 5 * 2.0) / (2 + 5));
    is_number(doc, "networks.1.talkers_per_visit", 2.0 / 6);
    ok(at(doc, "networks.2") == NULL, "a network without figures is left out");
    is_text(doc, "sources.0.source", "dark");
    is_number(doc, "sources.0.views", 30);
    is_number(doc, "sources.0.participants", 1);

    is_text(doc, "inbox.0.id", "c3");
    is_text(doc, "inbox.0.article", "/posts/a/");
    is_text(doc, "inbox.0.url", "/posts/a/#comment-c3");
    is_text(doc, "inbox.0.time", "2026-11-03T04:00:00Z");
    is_number(doc, "inbox.0.age_seconds", 19 * DAY);
    is_text(doc, "inbox.1.id", "c6");
    is_text(doc, "inbox.4.id", "c7");
    is_number(doc, "inbox.4.age_seconds", 40);

    is_text(doc, "alarms.0.name", "unheard");
    is_text(doc, "alarms.0.state", "alarm");
    is_text(doc, "alarms.0.since", "2026-11-22T03:59:20Z");
    is_text(doc, "alarms.1.name", "comment_silence");
    is_text(doc, "alarms.1.state", "ok");
    is_text(doc, "alarms.2.name", "author_silence");
    is_text(doc, "alarms.2.state", "warn");
    is_text(doc, "alarms.2.since", "2026-11-09T04:10:00Z");
    is_text(doc, "alarms.4.name", "broadcasting");
    is_text(doc, "alarms.4.state", "ok");
    is_text(doc, "alarms.5.name", "no_goal");
    is_text(doc, "alarms.5.state", "ok");
    is_number(doc, "thresholds.prior", 200);
}


static void
document(void)
{
    cJSON  *doc;

    blog();
    doc = status();
    names(doc);
    numbers(doc);
    rest(doc);
    cJSON_Delete(doc);

    query.reactions = 1;
    doc = status();
    is_number(doc, "articles.0.reactions", 4);
    is_number(doc, "articles.0.applause_rate", 0.1);
    is_text(doc, "articles.0.also.0", "applauded");
    is_number(doc, "totals.reactions", 4);
    cJSON_Delete(doc);

    figures.to = NOW - 5 * DAY;
    doc = status();
    is_number(doc, "totals.comments", 3);
    is_number(doc, "totals.unanswered", 2);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
empty(void)
{
    cJSON  *doc;

    begin();
    query.ngoals = 0;
    query.period = "all";
    figures.from = 0;
    doc = status();
    is_text(doc, "sentence", "So far, 0 articles started a conversation and 0"
            " went unheard; 0 of 0 comments that needed an answer got one;"
            " 0 outcomes.");
    is_number(doc, "totals.articles", 0);
    is_null(doc, "totals.conversation_rate");
    is_null(doc, "totals.passive_share");
    is_number(doc, "pages", 0);
    is_text(doc, "alarms.5.state", "warn");
    is_text(doc, "alarms.1.state", "ok");
    doc = social_status_page(doc, &query);
    is_text(doc, "text.tiles.0.value", "0");
    is_text(doc, "text.tiles.3.value", "0 of 0");
    ok(cJSON_IsTrue(at(doc, "text.paging.none")), "there are no pages");
    cJSON_Delete(doc);
}


static void
listing(void)
{
    char                  key[32];
    int                   i;
    cJSON                *doc;
    social_str_t          good = social_string("unanswered");
    social_str_t          bad = social_string("text");

    begin();

    for (i = 0; i < 250; i++) {
        snprintf(key, sizeof(key), "/p/%03d", i);
        article(i + 1, key, i == 7 ? "Seven" : "")
            ->counts[SOCIAL_COUNT_READ] = i;
    }

    ok(social_status_sortable(good) && !social_status_sortable(bad),
       "only known columns can be sorted by");

    doc = status();
    is_int(cJSON_GetArraySize(at(doc, "articles")), 100,
           "100 articles on a page");
    is_number(doc, "total_articles", 250);
    is_number(doc, "pages", 3);
    is_text(doc, "articles.0.key", "/p/249");
    cJSON_Delete(doc);

    query.page = 3;
    doc = status();
    is_int(cJSON_GetArraySize(at(doc, "articles")), 50,
           "50 articles on the last page");
    is_text(doc, "articles.49.key", "/p/000");
    cJSON_Delete(doc);

    query.page = INT64_MAX;
    doc = status();
    is_int(cJSON_GetArraySize(at(doc, "articles")), 0,
           "no articles beyond the last page");
    cJSON_Delete(doc);

    query.page = 0;
    query.limit = 5000;
    query.sort = "key";
    doc = status();
    is_number(doc, "limit", 1000);
    is_int(cJSON_GetArraySize(at(doc, "articles")), 250,
           "all articles with a high limit");
    is_text(doc, "articles.0.key", "/p/000");
    cJSON_Delete(doc);

    query.limit = 2;
    query.sort = "views";
    query.dir = "asc";
    doc = status();
    is_text(doc, "articles.1.key", "/p/001");
    cJSON_Delete(doc);

    query.sort = "conversation_rate";       /* null for all: sorted by views */
    doc = status();
    is_text(doc, "articles.0.key", "/p/249");
    cJSON_Delete(doc);

    query.q = "sEv";
    doc = status();
    is_number(doc, "total_articles", 1);
    is_text(doc, "articles.0.key", "/p/007");
    cJSON_Delete(doc);

    query.q = "";
    query.article = "/p/011";
    doc = status();
    is_number(doc, "total_articles", 1);
    is_text(doc, "articles.0.key", "/p/011");
    is_number(doc, "totals.articles", 250);
    cJSON_Delete(doc);

    social_period_free(&figures);
}


static void
pooled(void)
{
    cJSON             *doc;
    social_article_t   of90;

    blog();
    memset(&of90, 0, sizeof(of90));
    of90.counts[SOCIAL_COUNT_READERS] = 999;
    of90.counts[SOCIAL_COUNT_SHARERS] = 4;

    doc = status();
    is_number(doc, "totals.bases.participants", 0.005);
    cJSON_Delete(doc);

    query.pooled = &of90;
    query.pooled_from = NOW - 90 * DAY;
    doc = status();
    is_number(doc, "totals.bases.participants", 0.005);
    cJSON_Delete(doc);

    of90.counts[SOCIAL_COUNT_READERS] = 1000;
    figures.from = NOW - 7 * DAY;
    doc = status();
    is_number(doc, "totals.bases.participants", 6.0 / 1000);
    is_number(doc, "totals.bases.sharers", 4.0 / 1000);
    ok(cJSON_IsTrue(at(doc, "totals.bases.own")),
       "marked as the site's own base");
    cJSON_Delete(doc);
}


static void
page(void)
{
    cJSON  *doc;

    blog();
    query.moderate = "/_moderate/";
    query.q = "p&s";
    query.limit = 2;
    query.page = 2;
    query.q = "posts";
    doc = social_status_page(status(), &query);

    is_number(doc, "doc.schema", 1);
    is_text(doc, "text.tiles.0.value", "5");
    is_text(doc, "text.tiles.0.note", "5 new, 1 wrote again later");
    is_text(doc, "text.tiles.2.note", "of 8 comments");
    is_text(doc, "text.tiles.3.value", "1 of 3");
    is_text(doc, "text.tiles.4.note", "counted per day; 1,060 views");
    is_text(doc, "text.periods.1.href", "?period=7d&q=posts&limit=2");
    ok(cJSON_IsTrue(at(doc, "text.periods.2.current")),
       "the current period is marked");
    is_text(doc, "text.sorts.1.href",
            "?period=28d&q=posts&sort=rank&dir=asc&limit=2");
    is_text(doc, "text.paging.before", "?period=28d&q=posts&limit=2");
    ok(at(doc, "text.paging.next") == NULL, "no next page");
    is_text(doc, "text.paging.first", "3");
    is_text(doc, "text.paging.last", "4");
    is_text(doc, "text.waits.oldest", "19 days");
    is_text(doc, "text.waits.groups.0.items.0.ago", "19 days ago");
    is_text(doc, "text.waits.moderate", "/_moderate/");
    is_text(doc, "text.alarms.0.state", "alarm");
    is_text(doc, "text.alarms.1.name", "author_silence");
    is_text(doc, "text.networks.1.label", "Bluesky");
    is_text(doc, "text.networks.1.visits", "4");
    is_text(doc, "text.networks.1.talkers", "2 of 6");
    is_text(doc, "text.networks.0.share_yield", "");
    cJSON_Delete(doc);

    query.page = 0;
    query.q = NULL;
    query.limit = 0;
    doc = social_status_page(status(), &query);
    is_text(doc, "text.articles.0.talk", "3 of 40");
    is_text(doc, "text.articles.0.talk_rate", "75 per 1,000 readers");
    is_text(doc, "text.articles.0.class_label", "Conversation");
    is_text(doc, "text.articles.3.title", "/posts/b/");
    is_text(doc, "text.articles.3.views", "950");
    is_text(doc, "text.articles.2.talk_rate", "");
    is_text(doc, "text.articles.1.href",
            "?period=28d&article=%2Fposts%2F%C3%BC%20b%2F");
    cJSON_Delete(doc);
    social_period_free(&figures);

    ok(social_status_page(NULL, &query) == NULL,
       "without a document there is no page");
}


static void
encodings(void)
{
    cJSON  *doc;

    begin();
    article(1, "/x", "caf\xe9 \xf0\x9f\x98\x80");
    doc = status();
    is_text(doc, "articles.0.title", "caf\xef\xbf\xbd \xf0\x9f\x98\x80");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
silence(void)
{
    int     i;
    cJSON  *doc;

    begin();
    article(1, "/x", "");

    for (i = 0; i < 30; i++) {
        say(1, 0, 11, (200 + i * 10) * DAY, "");
    }

    doc = status();
    is_text(doc, "alarms.1.state", "warn");
    is_text(doc, "alarms.1.sentence",
            "No reader has commented for more than 30 days.");
    is_text(doc, "alarms.2.state", "warn");
    cJSON_Delete(doc);

    figures.messages[0].created = NOW - 20 * DAY;
    doc = status();
    is_text(doc, "alarms.1.state", "ok");
    cJSON_Delete(doc);

    figures.nmessages = 1;
    doc = status();
    is_text(doc, "alarms.1.state", "warn");
    is_text(doc, "alarms.1.since", "2026-11-16T04:00:00Z");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
memory(void)
{
    long          i, failures;
    cJSON        *doc;
    cJSON_Hooks   hooks = { failing, free };

    blog();
    query.reactions = 1;
    cJSON_InitHooks(&hooks);
    failures = 0;

    for (i = 0; i < 20000; i++) {
        left = i;
        doc = social_status_page(status(), &query);

        if (doc != NULL) {
            break;
        }

        failures++;
    }

    ok(doc != NULL && failures > 500, "each of %ld allocations failed once",
       failures);
    cJSON_Delete(doc);
    left = -1;
    cJSON_InitHooks(NULL);
    social_period_free(&figures);
}


static void
scale(void)
{
    int              i;
    char             key[32];
    cJSON           *doc;
    double           took;
    struct timespec  from, to;

    begin();
    figures.articles = calloc(100000, sizeof(social_article_t));

    for (i = 0; i < 100000; i++) {
        snprintf(key, sizeof(key), "/posts/%d/", i);
        figures.articles[i].article = i + 1;
        figures.articles[i].key = strdup(key);
        figures.articles[i].title = strdup("");
        figures.articles[i].url = strdup("");
        figures.articles[i].counts[SOCIAL_COUNT_READ] = i % 1000;
        figures.articles[i].counts[SOCIAL_COUNT_READERS] = i % 900;
    }

    figures.narticles = 100000;
    figures.messages = calloc(200000, sizeof(social_message_t));
    figures.nmessages = 200000;

    for (i = 0; i < 200000; i++) {
        figures.messages[i].id = i + 1;
        figures.messages[i].article = i / 4 + 1;
        figures.messages[i].parent = i % 4 ? i : 0;
        figures.messages[i].person = (uint64_t) (i * 7919 % 30000);
        figures.messages[i].created = NOW - i;
    }

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
    doc = status();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);

    took = (double) (to.tv_sec - from.tv_sec)
           + (double) (to.tv_nsec - from.tv_nsec) / 1e9;

    ok(doc != NULL && took < 5, "100,000 articles, 200,000 comments: %.3f s",
       took);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* shares and likes are counters, comments are counted from the messages */

static void
active(void)
{
    cJSON             *doc;
    social_article_t  *a;

    begin();
    a = article(1, "/posts/a/", "A");
    a->counts[SOCIAL_COUNT_READERS] = 40;
    a->counts[SOCIAL_COUNT_ACTIVE] = 6;
    a->counts[SOCIAL_COUNT_INACTIVE] = 2;
    say(1, 0, 11, DAY, "");
    say(1, 0, 12, DAY, "");
    figures.messages[1].active = 1;
    (void) article(2, "/posts/b/", "B");
    say(2, 0, 11, DAY, "");

    doc = status();
    is_number(doc, "articles.0.active_reader_days", 5);
    is_number(doc, "articles.0.passive_share", 1 - 5.0 / 40);
    is_number(doc, "articles.1.active_reader_days", 1);
    is_number(doc, "totals.active_reader_days", 5 + 1);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* an article that says that it will be published */

static void
future(void)
{
    cJSON             *doc;
    social_article_t  *a;

    begin();
    a = article(1, "/posts/tomorrow/", "");
    a->published = NOW + DAY;
    a = article(2, "/posts/now/", "");
    a->published = NOW;
    a = article(3, "/posts/past/", "");
    a->published = NOW - 40 * DAY;

    doc = status();
    is_number(doc, "totals.articles_published", 1);
    cJSON_Delete(doc);

    figures.from = 0;
    query.period = "all";
    doc = status();
    is_number(doc, "totals.articles_published", 2);
    cJSON_Delete(doc);

    figures.to = NOW + 10 * DAY;
    doc = status();
    is_number(doc, "totals.articles_published", 2);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


int
main(void)
{
    document();
    empty();
    active();
    future();
    listing();
    pooled();
    page();
    encodings();
    silence();
    memory();
    scale();

    return done();
}
