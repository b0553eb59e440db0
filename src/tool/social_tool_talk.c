
/*
 * Each thing that somebody did is a deed.  Deeds are put in the order of time
 * and written in batches; one that needs the id of a comment of the same batch
 * begins another batch.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_time.h"
#include "social_tool.h"
#include "social_tool_random.h"
#include "social_tool_talk.h"


#define SOCIAL_TOOL_BATCH   256
#define SOCIAL_TOOL_TALKS   0x74616c6b      /* numbers of random sequences */
#define SOCIAL_TOOL_WEAK    0x7765616b
#define SOCIAL_TOOL_URL     1024


typedef struct {
    int64_t          at;
    size_t           order;     /* of deeds of the same second */
    social_write_e   type;
    social_act_e     act;       /* of MODERATE */
    size_t           index;     /* of the article, the comment or the like */
} social_tool_deed_t;


typedef struct {
    social_tool_story_t         *story;
    const social_tool_crowd_t   *crowd;
    const char                  *origin;
    social_store_t              *store;
    social_store_error_t        *err;

    social_tool_deed_t          *deeds;
    size_t                       ndeeds;

    social_write_t               writes[SOCIAL_TOOL_BATCH];
    social_write_t              *batch[SOCIAL_TOOL_BATCH];
    social_tool_said_t          *said[SOCIAL_TOOL_BATCH];   /* or NULL */
    char                         urls[SOCIAL_TOOL_BATCH][SOCIAL_TOOL_URL];
    size_t                       n;
} social_tool_talk_t;


static social_str_t
social_tool_str(const char *text)
{
    social_str_t  str;

    str.len = strlen(text);
    str.data = (const unsigned char *) text;

    return str;
}


static int
social_tool_deed(social_tool_talk_t *talk, int64_t at, social_write_e type,
    social_act_e act, size_t index)
{
    social_tool_deed_t  *deed;

    if (social_tool_room((void **) &talk->deeds, talk->ndeeds,
                         sizeof(social_tool_deed_t)) != SOCIAL_OK)
    {
        snprintf(talk->err->message, sizeof(talk->err->message), "no memory");
        return SOCIAL_ERROR;
    }

    deed = &talk->deeds[talk->ndeeds];
    deed->at = at;
    deed->order = talk->ndeeds++;
    deed->type = type;
    deed->act = act;
    deed->index = index;

    return SOCIAL_OK;
}


static int
social_tool_deed_compare(const void *one, const void *two)
{
    const social_tool_deed_t  *a = one, *b = two;

    return a->at != b->at ? (a->at > b->at) - (a->at < b->at)
                          : (a->order > b->order) - (a->order < b->order);
}


/* when the author looks at a new comment: some time later, but before it is
 * answered, and within the past */

static int64_t
social_tool_moderated_at(const social_tool_story_t *story, size_t index)
{
    size_t                     i;
    int64_t                    at;
    social_tool_random_t       random;
    const social_tool_said_t  *said = &story->said[index];

    social_tool_random_start(&random, SOCIAL_TOOL_TALKS, index);

    at = said->at + 900 + social_tool_random_below(&random, 3 * 3600);

    for (i = index + 1; i < story->nsaid; i++) {
        if (story->said[i].parent == index + 1 && story->said[i].at <= at) {
            at = story->said[i].at - 30;
        }
    }

    at = at < story->end ? at : story->end - 1;

    return at > said->at ? at : said->at + 1;
}


static int
social_tool_said_deeds(social_tool_talk_t *talk, size_t index)
{
    int                        rc;
    int64_t                    at;
    const social_tool_said_t  *said = &talk->story->said[index];

    at = social_tool_moderated_at(talk->story, index);
    rc = social_tool_deed(talk, said->at, SOCIAL_WRITE_COMMENT, 0, index);

    if (rc == SOCIAL_OK && !said->waits
        && !talk->story->people[said->person].author)
    {
        rc = social_tool_deed(talk, at, SOCIAL_WRITE_MODERATE,
                              said->spam ? SOCIAL_ACT_SPAM
                                         : SOCIAL_ACT_APPROVE, index);
    }

    if (rc == SOCIAL_OK && said->done) {
        rc = social_tool_deed(talk, at + 60, SOCIAL_WRITE_MODERATE,
                              SOCIAL_ACT_DONE, index);
    }

    if (rc == SOCIAL_OK && said->reported) {
        rc = social_tool_deed(talk, at + 4000, SOCIAL_WRITE_REPORT, 0, index);
    }

    return rc;
}


static int
social_tool_all_deeds(social_tool_talk_t *talk)
{
    int                   rc;
    size_t                i;
    int64_t               at;
    social_tool_story_t  *story = talk->story;

    rc = SOCIAL_OK;

    for (i = 0; i < story->narticles && rc == SOCIAL_OK; i++) {
        at = story->articles[i].published;
        rc = social_tool_deed(talk, at > story->begin ? at : story->begin,
                              SOCIAL_WRITE_ARTICLE, 0, i);
    }

    for (i = 0; i < story->nsaid && rc == SOCIAL_OK; i++) {
        rc = social_tool_said_deeds(talk, i);
    }

    for (i = 0; i < talk->crowd->nlikes && rc == SOCIAL_OK; i++) {
        rc = social_tool_deed(talk, talk->crowd->likes[i].at,
                              SOCIAL_WRITE_LIKE, 0, i);
    }

    if (rc == SOCIAL_OK) {
        qsort(talk->deeds, talk->ndeeds, sizeof(social_tool_deed_t),
              social_tool_deed_compare);
    }

    return rc;
}


static int
social_tool_write_batch(social_tool_talk_t *talk)
{
    size_t           i;
    social_write_t  *write;

    if (talk->n == 0) {
        return SOCIAL_OK;
    }

    if (social_store_write(talk->store, talk->batch, talk->n, talk->err)
        != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    for (i = 0; i < talk->n; i++) {
        write = talk->batch[i];

        if (write->status != SOCIAL_WROTE
            && write->status != SOCIAL_WROTE_NOTHING)
        {
            snprintf(talk->err->message, sizeof(talk->err->message),
                     "the story cannot be true: \"%.60s\" at %.40s, answer %d",
                     write->text.len ? (const char *) write->text.data : "",
                     (const char *) write->key.data, (int) write->status);
            return SOCIAL_ERROR;
        }

        if (talk->said[i]) {
            talk->said[i]->id = write->wrote_id;
        }
    }

    talk->n = 0;

    return SOCIAL_OK;
}


static void
social_tool_write_article(social_tool_talk_t *talk, social_write_t *write,
    size_t index)
{
    const social_tool_article_t  *article = &talk->story->articles[index];

    write->key = social_tool_str(article->key);
    write->title = social_tool_str(article->title);
    write->published = article->published;

    if (talk->origin) {
        snprintf(talk->urls[talk->n], SOCIAL_TOOL_URL, "%s%s", talk->origin,
                 article->key);
        write->url = social_tool_str(talk->urls[talk->n]);
    }
}


static void
social_tool_write_comment(social_tool_talk_t *talk, social_write_t *write,
    social_tool_said_t *said)
{
    social_tool_random_t   random;
    social_tool_person_t  *person = &talk->story->people[said->person];

    write->key = social_tool_str(talk->story->articles[said->article].key);
    write->text = social_tool_str(said->text);
    write->name = social_tool_str(person->name);
    write->website = social_tool_str(person->website);
    write->author = person->author;
    write->moderator = person->author;
    write->state = said->reason ? SOCIAL_HELD : SOCIAL_APPROVED;

    if (person->author) {
        return;
    }

    if (said->reason) {
        write->reason = social_tool_str(said->reason);
    }

    social_tool_random_start(&random, SOCIAL_TOOL_WEAK + said->person,
                             (uint64_t) (said->at / SOCIAL_DAY));

    write->first = 1;
    write->returning = person->known;
    write->weak = social_tool_random(&random);
    memcpy(write->commenter, person->commenter, SOCIAL_COMMENTER_LEN);
    snprintf(write->source, sizeof(write->source), "%s", said->source);

    person->known = 1;
}


/* OK, or AGAIN: the batch must be written first */

static int
social_tool_write_fill(social_tool_talk_t *talk, const social_tool_deed_t *deed)
{
    social_write_t            *write = &talk->writes[talk->n];
    social_tool_said_t        *said;
    const social_tool_like_t  *like;

    memset(write, 0, sizeof(social_write_t));
    write->type = deed->type;
    write->now = deed->at;
    write->known = 1;

    talk->said[talk->n] = NULL;
    talk->batch[talk->n] = write;

    switch (deed->type) {

    case SOCIAL_WRITE_ARTICLE:
        social_tool_write_article(talk, write, deed->index);
        break;

    case SOCIAL_WRITE_LIKE:
        like = &talk->crowd->likes[deed->index];
        write->key = social_tool_str(talk->story->articles[like->article].key);
        write->reader = like->reader;
        write->day = like->at / SOCIAL_DAY;
        break;

    case SOCIAL_WRITE_COMMENT:
        said = &talk->story->said[deed->index];

        if (said->parent) {
            write->parent = talk->story->said[said->parent - 1].id;

            if (write->parent == 0) {
                return SOCIAL_AGAIN;
            }
        }

        social_tool_write_comment(talk, write, said);
        talk->said[talk->n] = said;
        break;

    default:
        said = &talk->story->said[deed->index];
        write->id = said->id;
        write->action = deed->act;

        if (write->id == 0) {
            return SOCIAL_AGAIN;
        }
    }

    return SOCIAL_OK;
}


static int
social_tool_write_deed(social_tool_talk_t *talk, const social_tool_deed_t *deed)
{
    if (social_tool_write_fill(talk, deed) == SOCIAL_AGAIN) {

        if (social_tool_write_batch(talk) != SOCIAL_OK) {
            return SOCIAL_ERROR;
        }

        if (social_tool_write_fill(talk, deed) == SOCIAL_AGAIN) {
            snprintf(talk->err->message, sizeof(talk->err->message),
                     "the story cannot be true: an answer is older than what "
                     "it answers");
            return SOCIAL_ERROR;
        }
    }

    talk->n++;

    return talk->n < SOCIAL_TOOL_BATCH ? SOCIAL_OK
                                       : social_tool_write_batch(talk);
}


int
social_tool_talk(social_tool_story_t *story, const social_tool_crowd_t *crowd,
    const char *origin, social_store_t *store, social_store_error_t *err)
{
    int                  rc;
    size_t               i;
    social_tool_talk_t  *talk;

    talk = calloc(1, sizeof(social_tool_talk_t));
    if (talk == NULL) {
        snprintf(err->message, sizeof(err->message), "no memory");
        return SOCIAL_ERROR;
    }

    talk->story = story;
    talk->crowd = crowd;
    talk->origin = origin;
    talk->store = store;
    talk->err = err;

    rc = social_tool_all_deeds(talk);

    for (i = 0; i < talk->ndeeds && rc == SOCIAL_OK; i++) {
        rc = social_tool_write_deed(talk, &talk->deeds[i]);
    }

    if (rc == SOCIAL_OK) {
        rc = social_tool_write_batch(talk);
    }

    free(talk->deeds);
    free(talk);

    return rc;
}
