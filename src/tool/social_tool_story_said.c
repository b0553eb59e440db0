
/*
 * What people say in a story: who, when, to whom, and what became of it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_tool.h"
#include "social_tool_story_read.h"


/* the last comment of a person on this article; 0: none, else its index + 1 */

static size_t
social_tool_story_last(const social_tool_story_t *story, size_t person)
{
    size_t  i;

    for (i = story->nsaid; i > 0; i--) {

        if (story->said[i - 1].article != story->narticles - 1) {
            break;
        }

        if (story->said[i - 1].person == person) {
            return i;
        }
    }

    return 0;
}


/* words behind the person: > PERSON, from SOURCE, held REASON, waits, spam,
 * done, reported */

static int
social_tool_read_marks(social_tool_reading_t *in, social_tool_said_t *said)
{
    size_t       i, person;
    const char  *word;

    for (i = 3; i < in->n; i++) {
        word = in->words[i];

        if (strcmp(word, ">") == 0 && i + 1 < in->n) {

            if (social_tool_story_person(in, in->words[++i], &person)
                != SOCIAL_OK)
            {
                return social_tool_bad(in, "who is answered?");
            }

            said->parent = social_tool_story_last(in->story, person);

            if (said->parent == 0) {

                if (!in->cut) {
                    return social_tool_bad(in, "this person has not spoken");
                }

                in->skipped = 1;
                return SOCIAL_OK;
            }

        } else if (strcmp(word, "from") == 0 && i + 1 < in->n) {
            said->source = in->words[++i];

        } else if (strcmp(word, "held") == 0 && i + 1 < in->n) {
            said->reason = social_tool_story_rest(in, i + 1);
            said->waits = 1;
            break;

        } else if (strcmp(word, "waits") == 0) {
            said->waits = 1;

        } else if (strcmp(word, "spam") == 0) {
            said->spam = 1;

        } else if (strcmp(word, "done") == 0) {
            said->done = 1;

        } else if (strcmp(word, "reported") == 0) {
            said->reported = 1;

        } else {
            return social_tool_bad(in, "an unknown word behind the person");
        }
    }

    return SOCIAL_OK;
}


/* DATE TIME PERSON MARKS */

int
social_tool_read_said(social_tool_reading_t *in)
{
    social_tool_said_t    said;
    social_tool_story_t  *story = in->story;

    memset(&said, 0, sizeof(social_tool_said_t));

    in->talking = 1;
    in->paragraph = 0;
    in->skipped = 0;

    if (social_tool_story_time(in, 0, &said.at) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    if (in->n < 3 || social_tool_story_person(in, in->words[2], &said.person)
                     != SOCIAL_OK)
    {
        return social_tool_bad(in, "who speaks?");
    }

    said.line = in->number;
    said.article = story->narticles - 1;
    said.source = story->people[said.person].source;

    if (social_tool_read_marks(in, &said) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    if (said.at < story->begin) {
        in->skipped = 1;
    }

    if (in->skipped) {
        in->cut = 1;
        return SOCIAL_OK;
    }

    if (social_tool_room((void **) &story->said, story->nsaid,
                         sizeof(social_tool_said_t)) != SOCIAL_OK)
    {
        return social_tool_bad(in, "no memory");
    }

    story->said[story->nsaid++] = said;

    return SOCIAL_OK;
}


/* a line of what is said: lines become one paragraph */

int
social_tool_read_text(social_tool_reading_t *in, const char *line)
{
    char                *text;
    size_t               len, size;
    const char          *between;
    social_tool_said_t  *said;

    line += SOCIAL_TOOL_INDENT;

    if (!in->talking || *line == ' ') {
        return social_tool_bad(in, "four spaces, behind who says it");
    }

    if (in->skipped) {
        return SOCIAL_OK;
    }

    said = &in->story->said[in->story->nsaid - 1];
    len = said->text ? strlen(said->text) : 0;
    between = (len == 0) ? "" : in->paragraph ? "\n\n" : " ";
    size = len + strlen(between) + strlen(line) + 1;

    text = realloc(said->text, size);
    if (text == NULL) {
        return social_tool_bad(in, "no memory");
    }

    snprintf(text + len, size - len, "%s%s", between, line);
    said->text = text;
    in->paragraph = 0;

    return SOCIAL_OK;
}
