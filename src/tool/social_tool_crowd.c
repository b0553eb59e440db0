
/*
 * Draws the crowd of each article and day from a random sequence of its own, so
 * that a change of the story changes nothing elsewhere.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_time.h"
#include "social_tool.h"
#include "social_tool_crowd.h"
#include "social_tool_random.h"


#define SOCIAL_TOOL_WAVES      0x77617665   /* numbers of random sequences */
#define SOCIAL_TOOL_LINGER     (3 * SOCIAL_DAY)     /* of the last of a wave */

/* of 1000 readers */
#define SOCIAL_TOOL_CONFIRMED  870          /* the beacon said so */
#define SOCIAL_TOOL_AGAIN      190          /* look twice that day */
#define SOCIAL_TOOL_PREFETCH   20
#define SOCIAL_TOOL_PASTES     9            /* paste the link into a chat */


typedef struct {
    social_tool_crowd_t          *crowd;
    social_tool_random_t          random;
    const social_tool_article_t  *article;
    size_t                        index;    /* of the article */
    int64_t                       heard;    /* when its first comment came */
    int64_t                       away;     /* since when the author is */
} social_tool_visits_t;


typedef struct {
    const char  *label;
    unsigned     weight;
} social_tool_choice_t;


/* readers in each hour of a day, UTC */

static const unsigned  social_tool_hours[24] = {
    4, 2, 1, 1, 2, 5, 18, 26, 22, 16, 14, 14,
    18, 16, 14, 14, 16, 18, 20, 24, 30, 34, 26, 12
};

/* of 10: Sunday is the day of publication */

static const double  social_tool_weekdays[7] = {
    /* 1970-01-01 was a Thursday */
    0.95, 0.9, 1.05, 1.35, 1.0, 0.9, 0.9
};

static const social_tool_choice_t  social_tool_robots[] = {
    { "crawler", 9 }, { "ai", 8 }, { "feed", 5 }, { "monitor", 3 },
    { "library", 4 }, { NULL, 0 }
};

static const social_tool_choice_t  social_tool_chats[] = {
    { "whatsapp", 8 }, { "slack", 5 }, { "discord", 4 }, { "telegram", 4 },
    { "teams", 3 }, { "other", 2 }, { NULL, 0 }
};

/* networks whose servers fetch a page that is shared there: how often */

static const social_tool_choice_t  social_tool_fetchers[] = {
    { "mastodon", 14 }, { "bluesky", 3 }, { "facebook", 2 }, { "linkedin", 2 },
    { "reddit", 2 }, { "x", 2 }, { "whatsapp", 2 }, { "telegram", 1 },
    { NULL, 0 }
};


static const char *
social_tool_choose(social_tool_random_t *random,
    const social_tool_choice_t *choices)
{
    unsigned                     n;
    const social_tool_choice_t  *choice;

    n = 0;

    for (choice = choices; choice->label; choice++) {
        n += choice->weight;
    }

    n = social_tool_random_below(random, n);

    for (choice = choices; n >= choice->weight; choice++) {
        n -= choice->weight;
    }

    return choice->label;
}


static int
social_tool_happens(social_tool_visits_t *v, unsigned of1000)
{
    return social_tool_random_below(&v->random, 1000) < of1000;
}


/* a time of that day, when people read */

static int64_t
social_tool_hour(social_tool_random_t *random, int64_t day)
{
    unsigned  n, hour;

    n = 0;

    for (hour = 0; hour < 24; hour++) {
        n += social_tool_hours[hour];
    }

    n = social_tool_random_below(random, n);

    for (hour = 0; n >= social_tool_hours[hour]; hour++) {
        n -= social_tool_hours[hour];
    }

    return day * SOCIAL_DAY + (int64_t) hour * 3600
           + (int64_t) social_tool_random_below(random, 3600);
}


static const char *
social_tool_where_from(social_tool_visits_t *v)
{
    size_t                        i;
    unsigned                      n;
    const social_tool_article_t  *article = v->article;

    n = 0;

    for (i = 0; i < article->nsources; i++) {
        n += article->weights[i];
    }

    n = social_tool_random_below(&v->random, n);

    for (i = 0; n >= article->weights[i]; i++) {
        n -= article->weights[i];
    }

    return article->sources[i];
}


static void
social_tool_visit_count(social_tool_visits_t *v, int64_t at,
    social_count_e kind, const char *label)
{
    social_tool_counts_add(&v->crowd->counts, at, v->article->key, kind, label,
                           1);
}


/* the article's page was fetched for a preview of the link */

static void
social_tool_preview(social_tool_visits_t *v, int64_t at, const char *network,
    unsigned fetches)
{
    social_tool_visit_count(v, at, SOCIAL_COUNT_FETCH, network);

    while (fetches--) {
        social_tool_visit_count(v, at, SOCIAL_COUNT_PREVIEW, "");
    }
}


static void
social_tool_like(social_tool_visits_t *v, int64_t at)
{
    social_tool_like_t   *like;
    social_tool_crowd_t  *crowd = v->crowd;

    if (at >= crowd->story->end) {
        return;
    }

    if (social_tool_room((void **) &crowd->likes, crowd->nlikes,
                         sizeof(social_tool_like_t)) != SOCIAL_OK)
    {
        crowd->counts.failed = 1;
        return;
    }

    like = &crowd->likes[crowd->nlikes++];
    like->article = v->index;
    like->at = at;
    like->reader = social_tool_random(&v->random);
}


/* a reader of this article goes on to the goal's page */

static void
social_tool_reach_goal(social_tool_visits_t *v, int64_t at, const char *source)
{
    size_t                size;
    char                 *label;
    const char           *goal = v->crowd->story->goal;
    social_tool_crowd_t  *crowd = v->crowd;

    size = strlen(goal) + 1 + strlen(source) + 1;

    if (social_tool_room((void **) &crowd->labels, crowd->nlabels,
                         sizeof(char *)) != SOCIAL_OK
        || (label = malloc(size)) == NULL)
    {
        crowd->counts.failed = 1;
        return;
    }

    crowd->labels[crowd->nlabels++] = label;
    snprintf(label, size, "%s %s", goal, source);

    social_tool_counts_add(&crowd->counts, at, v->article->key,
                           SOCIAL_COUNT_GOAL, goal, 1);
    social_tool_counts_add(&crowd->counts, at, "", SOCIAL_COUNT_GOAL_SOURCE,
                           label, 1);
}


static void
social_tool_reader(social_tool_visits_t *v, int64_t at, const char *source,
    int by_share)
{
    int64_t  again, day_end;

    social_tool_visit_count(v, at, SOCIAL_COUNT_READ, "");
    social_tool_visit_count(v, at, SOCIAL_COUNT_READERS, "");
    social_tool_visit_count(v, at, SOCIAL_COUNT_SOURCE, source);
    v->crowd->readers += (at < v->crowd->story->end);

    if (by_share) {
        social_tool_visit_count(v, at, SOCIAL_COUNT_SHARE_VISIT, source);
    }

    day_end = at - at % SOCIAL_DAY + SOCIAL_DAY;
    again = at + 60 + social_tool_random_below(&v->random, 7200);

    if (social_tool_happens(v, SOCIAL_TOOL_AGAIN) && again < day_end) {
        social_tool_visit_count(v, again, SOCIAL_COUNT_READ, "");
        social_tool_visit_count(v, again, SOCIAL_COUNT_CONFIRMED, "");
        social_tool_visit_count(v, again, SOCIAL_COUNT_SOURCE, "internal");
    }

    if (social_tool_happens(v, SOCIAL_TOOL_PREFETCH)) {
        social_tool_visit_count(v, at - 1, SOCIAL_COUNT_PREFETCH, "");
    }

    if (social_tool_happens(v, SOCIAL_TOOL_PASTES)) {
        social_tool_preview(v, at, social_tool_choose(&v->random,
                                                      social_tool_chats), 1);
    }

    if (social_tool_happens(v, 1000 - SOCIAL_TOOL_CONFIRMED)) {
        return;
    }

    social_tool_visit_count(v, at, SOCIAL_COUNT_CONFIRMED, "");

    if (at > v->heard && social_tool_happens(v, v->article->listen * 10)) {
        social_tool_visit_count(v, at, SOCIAL_COUNT_LISTENERS, "");
    }

    if (social_tool_happens(v, v->article->like)) {
        social_tool_like(v, at + 90);
    }

    if (v->crowd->story->goal && social_tool_happens(v, v->article->goal)) {
        social_tool_reach_goal(v, at + 150, source);
    }
}


/* robots, and the author's own visits, of one day */

static void
social_tool_others(social_tool_visits_t *v, int64_t day, int64_t age)
{
    int64_t   at;
    unsigned  n;

    n = 1 + social_tool_random_below(&v->random, 4) + (age < 3 ? 9 : 0);

    while (n--) {
        at = day * SOCIAL_DAY + social_tool_random_below(&v->random,
                                                         SOCIAL_DAY);
        if (at < v->article->published) {
            continue;
        }

        social_tool_visit_count(v, at, SOCIAL_COUNT_BOT, "");
        social_tool_counts_add(&v->crowd->counts, at, "", SOCIAL_COUNT_ROBOT,
                               social_tool_choose(&v->random,
                                                  social_tool_robots), 1);
    }

    at = social_tool_hour(&v->random, day);

    if (age < 14 && at >= v->article->published && at < v->away) {
        social_tool_visit_count(v, at, SOCIAL_COUNT_SELF, "");
    }
}


static void
social_tool_article_day(social_tool_visits_t *v, int64_t day)
{
    double    readers;
    int64_t   at, age, published;
    unsigned  n;

    published = v->article->published;
    age = day - published / SOCIAL_DAY;

    social_tool_random_start(&v->random, v->index + 1,
                             (uint64_t) (day - v->crowd->story->begin
                                               / SOCIAL_DAY));

    readers = v->article->usual * social_tool_weekdays[day % 7]
              + v->article->first * exp2((double) -age / v->article->half);
    readers *= 0.7 + 0.6 * social_tool_random_unit(&v->random);
    n = (unsigned) (readers + social_tool_random_unit(&v->random));

    while (n--) {
        at = social_tool_hour(&v->random, day);

        if (at < published) {
            at = published + social_tool_random_below(&v->random, 14 * 3600);
        }

        social_tool_reader(v, at, social_tool_where_from(v), 0);
    }

    social_tool_others(v, day, age);
}


/* a share, or a link elsewhere, and who comes by it: most of them soon */

static void
social_tool_wave(social_tool_visits_t *v, const social_tool_wave_t *wave)
{
    double                       u;
    unsigned                     n;
    const social_tool_choice_t  *fetcher;

    if (wave->share) {
        social_tool_visit_count(v, wave->at, SOCIAL_COUNT_SHARE, wave->source);
        social_tool_visit_count(v, wave->at, SOCIAL_COUNT_SHARERS, "");
        social_tool_visit_count(v, wave->at, SOCIAL_COUNT_ACTIVE, "");
    }

    for (fetcher = social_tool_fetchers; fetcher->label; fetcher++) {
        if (strcmp(fetcher->label, wave->source) == 0) {
            n = 1 + social_tool_random_below(&v->random, fetcher->weight);
            social_tool_preview(v, wave->at + 20, wave->source, n);
        }
    }

    for (n = wave->readers; n > 0; n--) {
        u = social_tool_random_unit(&v->random);
        social_tool_reader(v, wave->at + 60
                              + (int64_t) (SOCIAL_TOOL_LINGER * u * u * u),
                           wave->source, wave->share);
    }
}


/* when the first comment came, and when the author wrote last */

static void
social_tool_listen(social_tool_visits_t *v)
{
    size_t                      i;
    const social_tool_said_t   *said;
    const social_tool_story_t  *story = v->crowd->story;

    v->heard = INT64_MAX;
    v->away = story->begin;

    for (i = 0; i < story->nsaid; i++) {
        said = &story->said[i];

        if (said->article == v->index && said->at < v->heard && !said->waits
            && !said->spam)
        {
            v->heard = said->at;
        }

        if (story->people[said->person].author && said->at > v->away) {
            v->away = said->at;
        }
    }
}


static void
social_tool_article_past(social_tool_visits_t *v)
{
    size_t                      i;
    int64_t                     day, first;
    const social_tool_story_t  *story = v->crowd->story;

    social_tool_listen(v);

    first = v->article->published > story->begin ? v->article->published
                                                 : story->begin;

    for (day = first / SOCIAL_DAY; day < story->end / SOCIAL_DAY; day++) {
        social_tool_article_day(v, day);
    }

    for (i = 0; i < story->nwaves; i++) {
        if (story->waves[i].article == v->index) {
            social_tool_random_start(&v->random, SOCIAL_TOOL_WAVES, i);
            social_tool_wave(v, &story->waves[i]);
        }
    }
}


int
social_tool_crowd_come(social_tool_crowd_t *crowd,
    const social_tool_story_t *story)
{
    social_tool_visits_t  v;

    memset(&v, 0, sizeof(social_tool_visits_t));
    v.crowd = crowd;

    crowd->story = story;
    crowd->counts.now = story->end;

    for (v.index = 0; v.index < story->narticles; v.index++) {
        v.article = &story->articles[v.index];
        social_tool_article_past(&v);
    }

    return crowd->counts.failed ? SOCIAL_ERROR : SOCIAL_OK;
}


void
social_tool_crowd_free(social_tool_crowd_t *crowd)
{
    size_t  i;

    for (i = 0; i < crowd->nlabels; i++) {
        free(crowd->labels[i]);
    }

    social_tool_counts_free(&crowd->counts);
    free(crowd->labels);
    free(crowd->likes);
    memset(crowd, 0, sizeof(social_tool_crowd_t));
}
