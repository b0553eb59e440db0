
/*
 * Reads a story.  Lines begin with a word that social_tool_story_words.c knows,
 * or with a date: then somebody says what follows, indented by four spaces.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_time.h"
#include "social_tool_story_read.h"


__asm__(".pushsection .rodata\n"
        ".globl social_tool_demo\n"
        ".hidden social_tool_demo\n"
        "social_tool_demo:\n"
        ".incbin \"tool/demo.story\"\n"
        ".byte 0\n"
        ".popsection\n");


int
social_tool_bad(social_tool_reading_t *in, const char *what)
{
    snprintf(in->error, in->size, "line %u: %s", in->number, what);
    return SOCIAL_DECLINED;
}


int
social_tool_story_time(social_tool_reading_t *in, size_t i, int64_t *at)
{
    char  text[sizeof("2026-11-15 07:00")];

    if (i + 1 >= in->n || strlen(in->words[i]) != 10
        || strlen(in->words[i + 1]) != 5)
    {
        return social_tool_bad(in, "a time is YYYY-MM-DD HH:MM");
    }

    snprintf(text, sizeof(text), "%s %s", in->words[i], in->words[i + 1]);

    if (social_time_parse((unsigned char *) text, strlen(text), at)
        != SOCIAL_OK)
    {
        return social_tool_bad(in, "no such time");
    }

    *at += in->shift;

    if (*at >= in->story->end) {
        return social_tool_bad(in, "after the end");
    }

    return SOCIAL_OK;
}


char *
social_tool_story_rest(social_tool_reading_t *in, size_t i)
{
    size_t  k;

    /* words were cut by putting a NUL behind each */

    for (k = i; k + 1 < in->n; k++) {
        memset(in->words[k] + strlen(in->words[k]), ' ',
               (size_t) (in->words[k + 1] - in->words[k])
               - strlen(in->words[k]));
    }

    return in->words[i];
}


/* one line, without its newline, which may be changed */

static int
social_tool_read_line(social_tool_reading_t *in, char *line)
{
    char  *p, *save;

    if (strncmp(line, "    ", SOCIAL_TOOL_INDENT) == 0) {
        return social_tool_read_text(in, line);
    }

    in->n = 0;

    for (p = strtok_r(line, " ", &save); p; p = strtok_r(NULL, " ", &save)) {

        if (in->n == SOCIAL_TOOL_WORDS) {
            return social_tool_bad(in, "too many words");
        }

        in->words[in->n++] = p;
    }

    if (in->n == 0) {
        in->paragraph = 1;
        return SOCIAL_OK;
    }

    if (in->words[0][0] == '#') {
        return SOCIAL_OK;
    }

    if (in->words[0][0] >= '0' && in->words[0][0] <= '9'
        && in->story->narticles)
    {
        return social_tool_read_said(in);
    }

    in->talking = 0;

    return social_tool_read_word(in);
}


static int
social_tool_read_lines(social_tool_reading_t *in, char *text)
{
    char  *line, *end;

    for (line = text; line != NULL; line = end) {

        end = strchr(line, '\n');
        if (end != NULL) {
            *end++ = '\0';
        }

        in->number++;

        if (social_tool_read_line(in, line) != SOCIAL_OK) {
            return SOCIAL_DECLINED;
        }
    }

    return SOCIAL_OK;
}


int
social_tool_story_read(social_tool_story_t *story, const char *text,
    int64_t last, int64_t days, char *error, size_t size)
{
    size_t                 i;
    social_tool_reading_t  in;

    memset(&in, 0, sizeof(social_tool_reading_t));
    in.story = story;
    in.last = last;
    in.days = days;
    in.error = error;
    in.size = size;

    story->text = strdup(text);
    if (story->text == NULL) {
        return social_tool_bad(&in, "no memory");
    }

    if (social_tool_read_lines(&in, story->text) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    for (i = 0; i < story->nsaid; i++) {
        if (story->said[i].text == NULL) {
            in.number = story->said[i].line;
            return social_tool_bad(&in, "somebody says nothing");
        }
    }

    if (story->narticles == 0) {
        return social_tool_bad(&in, "there is no article");
    }

    for (i = 0; i < story->narticles; i++) {
        if (story->articles[i].nsources == 0) {
            in.number = story->articles[i].line;
            return social_tool_bad(&in, "an article has no \"from\"");
        }
    }

    return SOCIAL_OK;
}


void
social_tool_story_free(social_tool_story_t *story)
{
    size_t  i;

    for (i = 0; i < story->nsaid; i++) {
        free(story->said[i].text);
    }

    free(story->said);
    free(story->waves);
    free(story->articles);
    free(story->people);
    free(story->text);

    memset(story, 0, sizeof(social_tool_story_t));
}
