
/*
 * People, authors, goals by network, and the page of one article: funnel,
 * levels, conversation; health; the tag of a document and its week.
 */

#include "status_blog.h"


static void
people(void)
{
    cJSON  *doc;

    blog();
    doc = status();
    is_number(doc, "people.participants", 5);
    is_number(doc, "people.new", 5);
    is_number(doc, "people.returning", 1);
    is_number(doc, "people.weak", 0);

    /* person 11 wrote 20 days ago, 19 days ago and today */

    is_number(doc, "people.median_return_seconds", 10 * DAY);
    cJSON_Delete(doc);

    say(5, 0, 13, DAY + 60, "");        /* the same day as before */
    say(5, 0, 14, 6 * DAY, "");         /* three days after the first */
    figures.messages[3].weak = 1;
    doc = status();
    is_number(doc, "people.median_return_seconds", 3 * DAY);
    is_number(doc, "people.weak", 1);
    cJSON_Delete(doc);

    begin();
    (void) article(1, "/x", "");
    say(1, 0, 11, 2 * DAY, "");
    say(1, 0, 12, DAY, "");
    doc = status();
    is_null(doc, "people.median_return_seconds");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* the first of the authors to answer gets the answer */

static void
authors(void)
{
    cJSON  *doc;

    begin();
    (void) article(1, "/x", "");
    figures.nauthors = 3;
    figures.authors[0].name = strdup("Jo");
    figures.authors[1].name = strdup("Anna");
    figures.authors[2].name = strdup("Nobody");

    say(1, 0, 11, 20 * DAY, "");        /* 1: answered by Jo, then Anna */
    say(1, 1, 0, 19 * DAY, "");
    figures.messages[1].author = 1;
    say(1, 1, 0, 18 * DAY, "");
    figures.messages[2].author = 2;
    say(1, 0, 12, 20 * DAY, "");        /* 4: by Anna, below a reply */
    say(1, 4, 13, 20 * DAY, "");
    say(1, 5, 0, 15 * DAY, "");
    figures.messages[5].author = 2;
    say(1, 0, 14, 20 * DAY, "");        /* 7: by Jo, too late */
    say(1, 7, 0, 2 * DAY, "");
    figures.messages[7].author = 1;
    say(1, 0, 15, DAY, "");             /* 9: by Jo, not matured */
    say(1, 9, 0, 3600, "");
    figures.messages[9].author = 1;
    say(1, 0, 16, 20 * DAY, "");        /* 11: not at all */

    doc = status();
    is_number(doc, "totals.matured", 4);
    is_number(doc, "totals.answered", 2);
    is_int(cJSON_GetArraySize(at(doc, "authors")), 2,
           "authors who did something");
    is_text(doc, "authors.0.name", "Jo");
    is_number(doc, "authors.0.comments", 3);
    is_number(doc, "authors.0.answered", 3);
    is_number(doc, "authors.0.response_rate", 1.0 / 4);
    is_text(doc, "authors.1.name", "Anna");
    is_number(doc, "authors.1.comments", 2);
    is_number(doc, "authors.1.answered", 1);
    is_number(doc, "authors.1.response_rate", 1.0 / 4);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
outcomes(void)
{
    cJSON  *doc;

    blog();
    label(&figures.articles[0], SOCIAL_COUNT_GOAL_SOURCE, "signup bluesky", 2);
    label(&figures.articles[0], SOCIAL_COUNT_GOAL_SOURCE, "signup dark", 1);
    label(&figures.articles[1], SOCIAL_COUNT_GOAL, "signup", 1);
    doc = status();
    is_number(doc, "totals.goals.signup", 4);
    is_number(doc, "articles.0.goals.signup", 1);
    is_number(doc, "articles.0.outcome_rate.signup", 1.0 / 40);
    is_text(doc, "networks.1.network", "bluesky");
    is_number(doc, "networks.1.goals.signup", 2);
    is_number(doc, "networks.1.goals.buy", 0);
    is_number(doc, "networks.1.outcome_rate.signup", 2.0 / 6);
    is_number(doc, "networks.1.outcome_rate.buy", 0);
    is_null(doc, "networks.0.outcome_rate.signup");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


static void
own_page(void)
{
    cJSON             *doc;
    social_article_t  *a;

    blog();
    a = &figures.articles[1];
    a->counts[SOCIAL_COUNT_LISTENERS] = 12;
    label(a, SOCIAL_COUNT_GOAL, "signup", 2);
    label(a, SOCIAL_COUNT_GOAL, "buy", 1);

    doc = status();
    ok(at(doc, "article") == NULL, "no article was asked for");
    is_number(doc, "totals.listeners", 12);
    is_number(doc, "articles.0.listening_rate", 12.0 / 40);
    cJSON_Delete(doc);

    query.article = "/posts/none/";
    doc = status();
    is_null(doc, "article");
    cJSON_Delete(doc);

    query.article = "/posts/a/";
    doc = status();
    is_text(doc, "article.key", "/posts/a/");
    is_text(doc, "article.class", "conversation");
    is_number(doc, "article.views", 60);
    is_int(cJSON_GetArraySize(at(doc, "article.series")), 29,
           "28 days and a part of one have 29 steps");
    is_number(doc, "article.series.8.comments", 1);
    is_number(doc, "article.series.8.author_comments", 1);
    is_number(doc, "article.funnel.reader_days", 40);
    is_number(doc, "article.funnel.listeners", 12);
    is_number(doc, "article.funnel.participants", 3);
    is_number(doc, "article.funnel.exchanges", 3);
    is_number(doc, "article.funnel.returning_participants", 1);
    is_number(doc, "article.funnel.goals", 3);
    is_int(cJSON_GetArraySize(at(doc, "article.levels")), 3, "three levels");
    is_number(doc, "article.levels.0", 2);
    is_number(doc, "article.levels.1", 2);
    is_number(doc, "article.levels.2", 1);
    is_int(cJSON_GetArraySize(at(doc, "article.conversation")), 5,
           "every comment of the thread");
    is_text(doc, "article.conversation.0.id", "c1");
    is_null(doc, "article.conversation.0.parent");
    is_number(doc, "article.conversation.0.depth", 0);
    is_text(doc, "article.conversation.2.parent", "c2");
    is_number(doc, "article.conversation.2.depth", 2);
    ok(cJSON_IsTrue(at(doc, "article.conversation.1.author"))
       && cJSON_IsFalse(at(doc, "article.conversation.2.author")),
       "the author is marked");
    ok(cJSON_IsTrue(at(doc, "article.conversation.2.waiting"))
       && cJSON_IsFalse(at(doc, "article.conversation.0.waiting")),
       "so is who waits");
    is_int(cJSON_GetArraySize(at(doc, "inbox")), 2,
           "the inbox has this article's only");
    cJSON_Delete(doc);

    /* also if a filter leaves it out of the list */

    query.class = "unheard";
    doc = status();
    is_int(cJSON_GetArraySize(at(doc, "articles")), 0, "no article is listed");
    is_text(doc, "article.key", "/posts/a/");
    cJSON_Delete(doc);

    query.article = NULL;
    doc = status();
    is_int(cJSON_GetArraySize(at(doc, "articles")), 1, "those of a class");
    is_text(doc, "articles.0.class", "unheard");
    is_number(doc, "total_articles", 1);
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* the newest comments of a long thread; they keep their depth */

static void
long_thread(void)
{
    int     i;
    cJSON  *doc;

    begin();
    (void) article(1, "/x", "");

    for (i = 0; i < 250; i++) {
        say(1, i, 11, 250 - i, "");
    }

    query.article = "/x";
    doc = status();
    is_int(cJSON_GetArraySize(at(doc, "article.conversation")), 200,
           "two hundred comments");
    is_text(doc, "article.conversation.0.id", "c51");
    is_number(doc, "article.conversation.0.depth", 50);
    is_text(doc, "article.conversation.0.parent", "c50");
    is_text(doc, "article.conversation.199.id", "c250");
    is_int(cJSON_GetArraySize(at(doc, "article.levels")), 100,
           "a hundred levels");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


/* machines that share a store: named only where there are some */

static void
nodes(void)
{
    cJSON            *doc;
    uint64_t          hash;
    social_node_t     node[3];
    social_nodes_t    all = { node, 3 };
    social_health_t   h;

    blog();
    memset(&h, 0, sizeof(h));
    memset(node, 0, sizeof(node));
    h.store_ok = 1;
    query.health = &h;

    doc = status();
    ok(at(doc, "health.nodes") == NULL, "a store of its own: no machines");
    cJSON_Delete(doc);

    snprintf(node[0].name, sizeof(node[0].name), "web1:80");
    snprintf(node[0].version, sizeof(node[0].version), "1.2.3");
    node[0].self = node[0].lives = node[0].upkeep = 1;
    node[0].ahead = 1999;
    snprintf(node[1].name, sizeof(node[1].name), "web2:80");
    node[1].lives = 1;
    node[1].answered = 41;
    node[1].saved = NOW - 60;
    node[1].seen = NOW;
    node[1].ahead = -9600;
    snprintf(node[2].name, sizeof(node[2].name), "web3:80");
    node[2].answered = 42;
    node[2].late = 1;
    node[2].ahead = 2600;
    h.node = "web1:80";
    h.nodes = &all;
    h.flush = 42;

    doc = status();
    is_int(cJSON_GetArraySize(at(doc, "health.nodes")), 3, "three machines");
    is_text(doc, "health.nodes.0.node", "web1:80");
    is_text(doc, "health.nodes.0.version", "1.2.3");
    ok(cJSON_IsTrue(at(doc, "health.nodes.0.self")), "this one");
    ok(cJSON_IsTrue(at(doc, "health.nodes.0.answered")),
       "... saves for itself");
    ok(cJSON_IsTrue(at(doc, "health.nodes.0.upkeep")), "... does the upkeep");
    is_number(doc, "health.nodes.0.clock_off_seconds", 0);
    ok(cJSON_IsFalse(at(doc, "health.nodes.1.answered")),
       "one that saved for an older request");
    ok(cJSON_IsTrue(at(doc, "health.nodes.1.alive")), "... lives");
    is_number(doc, "health.nodes.1.clock_off_seconds", 10);
    ok(cJSON_IsFalse(at(doc, "health.nodes.2.answered")),
       "one that died after it saved did not save for this");
    ok(cJSON_IsFalse(at(doc, "health.nodes.2.alive")), "... is dead");
    ok(cJSON_IsTrue(at(doc, "health.nodes.2.late")), "... and late");
    is_number(doc, "health.nodes.2.clock_off_seconds", -3);
    hash = social_status_hash(doc, 1);
    cJSON_Delete(doc);

    node[1].saved++;
    node[1].seen++;
    doc = status();
    ok(social_status_hash(doc, 1) == hash, "that a machine lives is no news");
    cJSON_Delete(doc);

    node[1].answered = 42;
    doc = status();
    ok(social_status_hash(doc, 1) != hash, "that it saved is");
    cJSON_Delete(doc);

    h.flush = 0;
    doc = status();
    ok(cJSON_IsFalse(at(doc, "health.nodes.1.answered")),
       "nobody could be asked: nobody answered");
    ok(cJSON_IsTrue(at(doc, "health.nodes.0.answered")), "... but this one");
    cJSON_Delete(doc);

    social_period_free(&figures);
}


static void
health(void)
{
    cJSON             *doc;
    social_health_t    h;
    social_article_t   ever;

    blog();
    memset(&h, 0, sizeof(h));
    memset(&ever, 0, sizeof(ever));
    h.readers_now = 7;
    h.store_ok = 1;
    label(&ever, SOCIAL_COUNT_DROPPED, "mark", 5);
    label(&ever, SOCIAL_COUNT_EVICTED, "", 3);
    label(&figures.articles[0], SOCIAL_COUNT_ROBOT, "crawler", 9);
    figures.held = 4;
    figures.held_since = NOW - 3600;

    doc = status();
    is_null(doc, "now.readers");
    is_number(doc, "totals.held", 4);
    is_number(doc, "totals.oldest_held_seconds", 3600);
    cJSON_Delete(doc);

    figures.held = 0;
    query.health = &h;
    query.ever = &ever;
    doc = status();
    is_number(doc, "now.readers", 7);
    is_number(doc, "now.seconds", 300);
    is_number(doc, "totals.held", 0);
    is_null(doc, "totals.oldest_held_seconds");
    is_number(doc, "health.dropped_by_reason.mark", 5);
    is_number(doc, "health.evicted", 3);
    is_number(doc, "health.robots.crawler", 9);
    cJSON_Delete(doc);
    social_article_free(&ever);
    social_period_free(&figures);
}


static uint64_t
hash(void)
{
    cJSON     *doc;
    uint64_t   h;

    doc = status();
    h = social_status_hash(doc, 1);
    cJSON_Delete(doc);

    return h;
}


static void
tag(void)
{
    uint64_t  before;

    blog();
    before = hash();
    ok(hash() == before, "the same figures have the same tag");

    query.now += 5;
    figures.to += 5;
    ok(hash() == before, "so they have five seconds later");

    figures.articles[2].counts[SOCIAL_COUNT_READ]++;
    figures.articles[2].counts[SOCIAL_COUNT_CONFIRMED]++;
    ok(hash() != before, "a view changes it");
    figures.articles[2].counts[SOCIAL_COUNT_READ]--;
    figures.articles[2].counts[SOCIAL_COUNT_CONFIRMED]--;
    ok(hash() == before, "and back");

    query.reactions = 1;
    ok(hash() != before, "null is not a number");
    query.reactions = 0;
    free(figures.articles[4].title);
    figures.articles[4].title = strdup("E");
    ok(hash() != before, "a title changes it");
    social_period_free(&figures);
}


static void
week(void)
{
    cJSON  *doc;

    is_int(social_status_week_from(NOW), 1794182400,
           "on a Sunday the last finished week began 13 days ago");
    is_int(social_status_week_from(1795392000), 1794787200,
           "on Monday at midnight the week before is finished");

    blog();
    figures.from = 1794787200;
    figures.to = 1794787200 + 7 * DAY;
    sums();
    doc = cJSON_CreateObject();
    is_int(social_status_week(doc, &figures, &query), SOCIAL_OK, "a week");
    is_text(doc, "week.from", "2026-11-16T00:00:00Z");
    is_text(doc, "week.to", "2026-11-23T00:00:00Z");
    ok(strncmp(at(doc, "week.sentence")->valuestring,
               "From 2026-11-16 to 2026-11-22, ", 31) == 0,
       "its sentence names its days");
    cJSON_Delete(doc);
    social_period_free(&figures);
}


int
main(void)
{
    people();
    authors();
    outcomes();
    own_page();
    long_thread();
    health();
    nodes();
    tag();
    week();

    return done();
}
