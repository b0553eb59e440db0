
/*
 * The words of a story: about people, and about articles and their readers.
 * To add one, add its function and a row.
 */

#include <stdlib.h>
#include <string.h>

#include "social_time.h"
#include "social_tool.h"
#include "social_tool_random.h"
#include "social_tool_story_read.h"


#define SOCIAL_TOOL_PEOPLE  7       /* a number for their random sequences */


typedef struct {
    const char  *name;
    size_t       words;             /* at least so many behind it */
    int        (*read)(social_tool_reading_t *in);
} social_tool_word_t;


static int
social_tool_story_number(const char *text, unsigned max, unsigned *number)
{
    int64_t  n;

    if (text == NULL
        || social_tool_number(text, 0, (int64_t) max, &n) != SOCIAL_OK)
    {
        return SOCIAL_DECLINED;
    }

    *number = (unsigned) n;

    return SOCIAL_OK;
}


static int
social_tool_read_end(social_tool_reading_t *in)
{
    int64_t  end;

    if (social_time_parse((unsigned char *) in->words[1],
                          strlen(in->words[1]), &end) != SOCIAL_OK
        || end % SOCIAL_DAY != 0 || in->ended)
    {
        return social_tool_bad(in, "end YYYY-MM-DD, once");
    }

    in->story->end = (in->last + 1) * SOCIAL_DAY;
    in->story->begin = in->story->end - in->days * SOCIAL_DAY;
    in->shift = in->last * SOCIAL_DAY - end;
    in->ended = 1;

    return SOCIAL_OK;
}


int
social_tool_story_person(social_tool_reading_t *in, const char *id,
    size_t *person)
{
    size_t  i;

    for (i = 0; i < in->story->npeople; i++) {
        if (strcmp(in->story->people[i].id, id) == 0) {
            *person = i;
            return SOCIAL_OK;
        }
    }

    return SOCIAL_DECLINED;
}


static social_tool_person_t *
social_tool_story_new_person(social_tool_reading_t *in)
{
    size_t                 i, known;
    social_tool_story_t   *story = in->story;
    social_tool_person_t  *person;
    social_tool_random_t   random;

    if (social_tool_story_person(in, in->words[1], &known) == SOCIAL_OK
        || social_tool_room((void **) &story->people, story->npeople,
                            sizeof(social_tool_person_t)) != SOCIAL_OK)
    {
        return NULL;
    }

    person = &story->people[story->npeople];
    memset(person, 0, sizeof(social_tool_person_t));
    person->id = in->words[1];
    person->source = "direct";
    person->website = "";

    social_tool_random_start(&random, SOCIAL_TOOL_PEOPLE, story->npeople++);

    for (i = 0; i < sizeof(person->commenter); i++) {
        person->commenter[i] =
            (unsigned char) social_tool_random_below(&random, 256);
    }

    return person;
}


/* author ID NAME */

static int
social_tool_read_author(social_tool_reading_t *in)
{
    social_tool_person_t  *person;

    person = social_tool_story_new_person(in);
    if (person == NULL) {
        return social_tool_bad(in, "two people of this name");
    }

    person->author = 1;
    person->name = social_tool_story_rest(in, 2);

    return SOCIAL_OK;
}


/* person ID SOURCE WEBSITE|- NAME */

static int
social_tool_read_person(social_tool_reading_t *in)
{
    social_tool_person_t  *person;

    person = social_tool_story_new_person(in);
    if (person == NULL) {
        return social_tool_bad(in, "two people of this name");
    }

    person->source = in->words[2];
    person->website = strcmp(in->words[3], "-") == 0 ? "" : in->words[3];
    person->name = social_tool_story_rest(in, 4);

    return SOCIAL_OK;
}


/* goal NAME */

static int
social_tool_read_goal(social_tool_reading_t *in)
{
    in->story->goal = in->words[1];
    return SOCIAL_OK;
}


/* article KEY TITLE */

static int
social_tool_read_article(social_tool_reading_t *in)
{
    social_tool_story_t    *story = in->story;
    social_tool_article_t  *article;

    if (in->words[1][0] != '/' || strlen(in->words[1]) > SOCIAL_KEY_MAX) {
        return social_tool_bad(in, "a key begins with a slash");
    }

    if (social_tool_room((void **) &story->articles, story->narticles,
                         sizeof(social_tool_article_t)) != SOCIAL_OK)
    {
        return social_tool_bad(in, "no memory");
    }

    article = &story->articles[story->narticles++];
    memset(article, 0, sizeof(social_tool_article_t));
    article->line = in->number;
    article->key = in->words[1];
    article->title = social_tool_story_rest(in, 2);
    article->published = story->begin;
    article->half = 1;
    in->cut = 0;

    return SOCIAL_OK;
}


static social_tool_article_t *
social_tool_story_article(social_tool_reading_t *in)
{
    return &in->story->articles[in->story->narticles - 1];
}


/* published DATE TIME */

static int
social_tool_read_published(social_tool_reading_t *in)
{
    return social_tool_story_time(in, 1,
                                  &social_tool_story_article(in)->published);
}


/* readers FIRST HALF USUAL */

static int
social_tool_read_readers(social_tool_reading_t *in)
{
    unsigned                first, half, usual;
    social_tool_article_t  *article;

    if (social_tool_story_number(in->words[1], 100000, &first) != SOCIAL_OK
        || social_tool_story_number(in->words[2], 1000, &half) != SOCIAL_OK
        || half == 0
        || social_tool_story_number(in->words[3], 100000, &usual)
           != SOCIAL_OK)
    {
        return social_tool_bad(in, "readers ON-THE-FIRST-DAY DAYS-TO-HALF "
                                   "EVERY-DAY");
    }

    article = social_tool_story_article(in);
    article->first = first;
    article->half = half;
    article->usual = usual;

    return SOCIAL_OK;
}


/* from SOURCE WEIGHT ... */

static int
social_tool_read_from(social_tool_reading_t *in)
{
    size_t                  i;
    social_tool_article_t  *article;

    article = social_tool_story_article(in);

    for (i = 1; i + 1 < in->n; i += 2) {

        if (article->nsources == SOCIAL_TOOL_SOURCES
            || social_tool_story_number(in->words[i + 1], 1000,
                   &article->weights[article->nsources]) != SOCIAL_OK
            || article->weights[article->nsources] == 0)
        {
            return social_tool_bad(in, "from SOURCE WEIGHT ...");
        }

        article->sources[article->nsources++] = in->words[i];
    }

    return SOCIAL_OK;
}


/* of LISTEN LIKE GOAL */

static int
social_tool_read_of(social_tool_reading_t *in)
{
    social_tool_article_t  *article;

    article = social_tool_story_article(in);

    if (social_tool_story_number(in->words[1], 100, &article->listen)
        != SOCIAL_OK
        || social_tool_story_number(in->words[2], 1000, &article->like)
           != SOCIAL_OK
        || social_tool_story_number(in->words[3], 1000, &article->goal)
           != SOCIAL_OK)
    {
        return social_tool_bad(in, "of LISTEN-IN-100 LIKE-IN-1000 "
                                   "GOAL-IN-1000");
    }

    return SOCIAL_OK;
}


/* crowd DATE TIME SOURCE N, share DATE TIME NETWORK N */

static int
social_tool_read_wave(social_tool_reading_t *in)
{
    unsigned              readers;
    int64_t               at;
    social_tool_wave_t   *wave;
    social_tool_story_t  *story = in->story;

    if (social_tool_story_time(in, 1, &at) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    if (social_tool_story_number(in->words[4], 100000, &readers)
        != SOCIAL_OK)
    {
        return social_tool_bad(in, "a number of readers");
    }

    if (at < story->begin) {
        return SOCIAL_OK;
    }

    if (social_tool_room((void **) &story->waves, story->nwaves,
                         sizeof(social_tool_wave_t)) != SOCIAL_OK)
    {
        return social_tool_bad(in, "no memory");
    }

    wave = &story->waves[story->nwaves++];
    wave->article = story->narticles - 1;
    wave->at = at;
    wave->source = in->words[3];
    wave->readers = readers;
    wave->share = (in->words[0][0] == 's');

    return SOCIAL_OK;
}


static const social_tool_word_t  social_tool_words[] = {
    { "end",       1, social_tool_read_end },
    { "author",    2, social_tool_read_author },
    { "person",    4, social_tool_read_person },
    { "goal",      1, social_tool_read_goal },
    { "article",   2, social_tool_read_article },

    /* about the last article: behind the row `article` */

    { "published", 2, social_tool_read_published },
    { "readers",   3, social_tool_read_readers },
    { "from",      2, social_tool_read_from },
    { "of",        3, social_tool_read_of },
    { "crowd",     4, social_tool_read_wave },
    { "share",     4, social_tool_read_wave }
};


int
social_tool_read_word(social_tool_reading_t *in)
{
    size_t                     i, article;
    const social_tool_word_t  *word;

    article = social_nelts(social_tool_words);

    for (i = 0; i < social_nelts(social_tool_words); i++) {
        word = &social_tool_words[i];

        if (word->read == social_tool_read_article) {
            article = i;
        }

        if (strcmp(word->name, in->words[0]) != 0) {
            continue;
        }

        if (in->n <= word->words) {
            return social_tool_bad(in, "too few words");
        }

        if (i > 0 && !in->ended) {
            return social_tool_bad(in, "the first word is \"end\"");
        }

        if (i > article && in->story->narticles == 0) {
            return social_tool_bad(in, "there is no article yet");
        }

        return word->read(in);
    }

    return social_tool_bad(in, "an unknown word at its beginning");
}
