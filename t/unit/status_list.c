/*
 * The list of articles: its pages are parts of the same list, whatever is kept
 * to make them, and its order is that of the column.
 */

#include "status_blog.h"


#define ARTICLES  400
#define LIMIT     7         /* the first pages are small parts of the list */


/* articles with equal numbers, and with equal titles in two cases */

static void
many(void)
{
    int                i;
    char               key[32], title[32];
    social_article_t  *a;

    begin();

    for (i = 0; i < ARTICLES; i++) {
        snprintf(key, sizeof(key), "/posts/%d/", i * 7919 % ARTICLES);
        snprintf(title, sizeof(title), "%s %d", i % 3 ? "about" : "About",
                 i * 31 % 50);
        a = article(i + 1, key, i % 10 ? title : "");
        a->first_seen = i % 6 ? NOW - i % 40 * DAY : 0;
        a->counts[SOCIAL_COUNT_READ] = i * 37 % 100;
        a->counts[SOCIAL_COUNT_READERS] = i * 37 % 90;
        a->counts[SOCIAL_COUNT_SHARERS] = i % 12;

        if (i % 4 == 0) {
            say(i + 1, 0, (uint64_t) (i % 5), DAY, "");
        }
    }
}


static const char *
key_at(const cJSON *doc, int i)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(
               cJSON_GetArrayItem(cJSON_GetObjectItem(doc, "articles"), i),
               "key"));
}


static int
number_of(const cJSON *doc, const char *name)
{
    return (int) cJSON_GetNumberValue(cJSON_GetObjectItem(doc, name));
}


/* how many articles of the pages are not where they are in the whole list */

static int
misplaced(const cJSON *whole)
{
    int          i, n, wrong, all;
    cJSON       *doc;
    const char  *one, *other;

    n = 0;
    wrong = 0;
    all = number_of(whole, "total_articles");
    query.limit = LIMIT;

    for (query.page = 1; query.page == 1 || n < all; query.page++) {
        doc = status();

        wrong += number_of(doc, "total_articles") != all
                 || number_of(doc, "pages") != (all + LIMIT - 1) / LIMIT;

        for (i = 0; i < LIMIT && n < all; i++, n++) {
            one = key_at(whole, n);
            other = key_at(doc, i);
            wrong += one == NULL || other == NULL || strcmp(one, other) != 0;
        }

        cJSON_Delete(doc);
    }

    doc = status();
    wrong += key_at(doc, 0) != NULL;
    cJSON_Delete(doc);
    query.limit = 0;
    query.page = 0;

    return wrong;
}


static void
pages(void)
{
    char    what[128];
    size_t  i;
    cJSON  *doc;

    static const struct {
        const char  *sort, *dir, *q, *class;
        int          is_public;
    } lists[] = {
        { NULL, NULL, NULL, NULL, 0 }, { NULL, "asc", NULL, NULL, 0 },
        { "views", NULL, NULL, NULL, 0 }, { "views", "asc", NULL, NULL, 0 },
        { "views", NULL, NULL, NULL, 1 }, { "comments", NULL, NULL, NULL, 1 },
        { "key", NULL, NULL, NULL, 0 }, { "key", "desc", NULL, NULL, 0 },
        { "title", NULL, NULL, NULL, 0 }, { "title", "desc", "out 1", NULL, 0 },
        { "class", NULL, NULL, NULL, 0 }, { "class", "desc", NULL, NULL, 0 },
        { "published", NULL, NULL, NULL, 0 },
        { "published", "asc", NULL, NULL, 0 },
        { "response_rate", NULL, NULL, NULL, 0 },
        { "response_rate", "asc", NULL, NULL, 0 },
        { "participants", "asc", "/posts/1", NULL, 0 },
        { "rank", NULL, NULL, "new", 0 }, { "rank", NULL, "nothing", NULL, 0 }
    };

    many();

    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        query.sort = lists[i].sort;
        query.dir = lists[i].dir;
        query.q = lists[i].q;
        query.class = lists[i].class;
        query.is_public = (unsigned) lists[i].is_public & 1;
        query.limit = ARTICLES;
        doc = status();
        snprintf(what, sizeof(what), "pages of %d articles by %s %s%s",
                 number_of(doc, "total_articles"),
                 query.sort ? query.sort : "default",
                 query.dir ? query.dir : "", query.is_public ? ", public" : "");
        is_int(misplaced(doc), 0, what);
        cJSON_Delete(doc);
    }

    social_period_free(&figures);
}


/* on every page nothing is before what comes later */

static void
order(void)
{
    int           i, wrong;
    cJSON        *doc;
    double        views, last;
    const char   *key, *before;

    many();
    query.sort = "views";
    query.limit = LIMIT;
    last = INFINITY;
    before = NULL;
    wrong = 0;

    for (query.page = 1; query.page <= 5; query.page++) {
        doc = status();

        for (i = 0; i < LIMIT; i++) {
            key = key_at(doc, i);
            views = cJSON_GetNumberValue(cJSON_GetObjectItem(
                        cJSON_GetArrayItem(cJSON_GetObjectItem(doc, "articles"),
                                           i), "views"));

            wrong += !(views <= last)
                     || (views == last && i && strcmp(before, key) >= 0);
            last = views;
            before = key;
        }

        cJSON_Delete(doc);
    }

    is_int(wrong, 0, "the most viewed articles come first, equal ones by key");
    is_int((int64_t) last, 91, "the 35th has 91 views");
    social_period_free(&figures);
}


int
main(void)
{
    pages();
    order();

    return done();
}
