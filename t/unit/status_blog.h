
/*
 * A small blog of which a status is made, and what its tests ask of a document.
 */

#ifndef STATUS_BLOG_H_INCLUDED
#define STATUS_BLOG_H_INCLUDED


#include <math.h>

#include "unit.h"
#include "social_out.h"
#include "social_status.h"
#include "status_doc.h"


#define NOW  1795320000             /* 2026-11-22T04:00:00Z */
#define DAY  86400


static social_thresholds_t    thresholds;
static social_period_t       figures;
static social_status_query_t  query;

static const char *const      goals[] = { "signup", "buy" };


static inline social_article_t *
article(int64_t id, const char *key, const char *title)
{
    social_article_t  *a;

    figures.articles = realloc(figures.articles, (figures.narticles + 1)
                                                 * sizeof(social_article_t));
    a = &figures.articles[figures.narticles++];

    memset(a, 0, sizeof(*a));
    a->article = id;
    a->key = strdup(key);
    a->title = strdup(title);
    a->url = strdup("");
    a->first_seen = NOW - 60 * DAY;

    return a;
}


static inline void
label(social_article_t *a, int kind, const char *name, int64_t value)
{
    social_labelled_t  *l;

    a->labelled = realloc(a->labelled, (a->nlabelled + 1)
                                       * sizeof(social_labelled_t));
    l = &a->labelled[a->nlabelled++];
    memset(l, 0, sizeof(*l));
    l->kind = (uint16_t) kind;
    l->value = value;
    snprintf(l->label, sizeof(l->label), "%s", name);
}


/* adds a message; person 0 is the author */

static inline void
say(int64_t to, int64_t parent, uint64_t person, int64_t ago,
    const char *source)
{
    social_message_t  *m;

    figures.messages = realloc(figures.messages, (figures.nmessages + 1)
                                                 * sizeof(social_message_t));
    m = &figures.messages[figures.nmessages++];

    memset(m, 0, sizeof(*m));
    m->id = (int64_t) figures.nmessages;
    m->article = to;
    m->parent = parent;
    m->person = person;
    m->role = person ? SOCIAL_READER : SOCIAL_AUTHOR;
    m->created = NOW - ago;
    snprintf(m->source, sizeof(m->source), "%s", source);
}


static inline void
begin(void)
{
    social_period_free(&figures);
    memset(&query, 0, sizeof(query));
    social_thresholds_init(&thresholds);

    figures.from = NOW - 28 * DAY;
    figures.to = NOW + 1;

    query.site = "blog";
    query.period = "28d";
    query.now = NOW;
    query.thresholds = &thresholds;
    query.goals = goals;
    query.ngoals = 2;
}


/* the site's sums, as the store gives them */

static inline void
sums(void)
{
    size_t              i, k, n;
    social_article_t   *site, *a;
    social_labelled_t  *l;

    site = &figures.site;
    social_article_free(site);

    for (i = 0; i < figures.narticles; i++) {
        a = &figures.articles[i];

        for (k = 0; k < SOCIAL_COUNT_UNLABELLED; k++) {
            site->counts[k] += a->counts[k];
        }

        for (k = 0; k < a->nlabelled; k++) {
            l = &a->labelled[k];

            n = 0;

            while (n < site->nlabelled
                   && (site->labelled[n].kind != l->kind
                       || strcmp(site->labelled[n].label, l->label) != 0))
            {
                n++;
            }

            if (n < site->nlabelled) {
                site->labelled[n].value += l->value;

            } else {
                label(site, l->kind, l->label, l->value);
            }
        }
    }
}


static inline cJSON *
status(void)
{
    sums();

    return status_doc(&figures, &query);
}


/* a has a conversation, b only views, c went unheard, d nothing */

static inline void
blog(void)
{
    size_t              i;
    int64_t            *n;
    social_article_t   *a;

    begin();

    a = article(1, "", "");
    label(a, SOCIAL_COUNT_GOAL, "signup", 3);

    a = article(2, "/posts/a/", "About \"A\" & <b>");
    a->published = NOW - 3 * DAY;
    n = a->counts;
    n[SOCIAL_COUNT_READ] = 60;
    n[SOCIAL_COUNT_CONFIRMED] = 40;
    n[SOCIAL_COUNT_BOT] = 7;
    n[SOCIAL_COUNT_READERS] = 40;
    n[SOCIAL_COUNT_SHARERS] = 2;
    n[SOCIAL_COUNT_ACTIVE] = 5;
    n[SOCIAL_COUNT_LIKED] = 5;
    n[SOCIAL_COUNT_UNLIKED] = 1;
    label(a, SOCIAL_COUNT_SHARE, "bluesky", 2);
    label(a, SOCIAL_COUNT_SHARE_VISIT, "bluesky", 4);
    label(a, SOCIAL_COUNT_SOURCE, "bluesky", 6);
    label(a, SOCIAL_COUNT_SOURCE, "dark", 30);
    label(a, SOCIAL_COUNT_FETCH, "mastodon", 3);

    a = article(3, "/posts/b/", "");
    n = a->counts;
    n[SOCIAL_COUNT_READ] = 900;
    n[SOCIAL_COUNT_CONFIRMED] = 950;        /* a race: more than read */
    n[SOCIAL_COUNT_READERS] = 800;
    free(a->url);
    a->url = strdup("https://blog.example/posts/b/");

    a = article(5, "/posts/\xc3\xbc b/", "C");
    n = a->counts;
    n[SOCIAL_COUNT_READ] = 50;
    n[SOCIAL_COUNT_READERS] = 45;
    free(a->url);
    a->url = strdup("javascript:alert(1)");

    (void) article(9, "/posts/d/", "D");

    say(2, 0, 11, 20 * DAY, "bluesky");
    say(2, 1, 0, 20 * DAY - 600, "");
    say(2, 2, 11, 19 * DAY, "bluesky");
    say(2, 1, 12, 2 * DAY, "bluesky");
    say(2, 0, 13, DAY, "dark");
    say(5, 0, 14, 9 * DAY, "");
    say(5, 0, 15, 40, "");
    say(5, 0, 11, 60, "");

    /* all of them had shared or liked before: see active() for others */

    for (i = 0; i < figures.nmessages; i++) {
        figures.messages[i].active = 1;
    }
}


static inline const cJSON *
at(const cJSON *obj, const char *path)
{
    char         name[64];
    size_t       n;

    while (obj && *path) {
        n = strcspn(path, ".");
        snprintf(name, sizeof(name), "%.*s", (int) n, path);
        obj = cJSON_IsArray(obj) ? cJSON_GetArrayItem(obj, atoi(name))
                                 : cJSON_GetObjectItemCaseSensitive(obj, name);
        path += n + (path[n] == '.');
    }

    return obj;
}


static inline void
is_number(const cJSON *doc, const char *path, double want)
{
    const cJSON  *item = at(doc, path);

    if (!ok(cJSON_IsNumber(item) && fabs(item->valuedouble - want) < 1e-9,
            "%s is %g", path, want))
    {
        printf("#   got %g\n", item ? item->valuedouble : NAN);
    }
}


static inline void
is_text(const cJSON *doc, const char *path, const char *want)
{
    const cJSON  *item = at(doc, path);

    is_str(cJSON_GetStringValue(item), want, path);
}


static inline void
is_null(const cJSON *doc, const char *path)
{
    ok(cJSON_IsNull(at(doc, path)), "%s is null", path);
}


#endif /* STATUS_BLOG_H_INCLUDED */
