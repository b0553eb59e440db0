
/*
 * Reading a story, line by line: what the files social_tool_story*.c share.
 */

#ifndef SOCIAL_TOOL_STORY_READ_H_INCLUDED
#define SOCIAL_TOOL_STORY_READ_H_INCLUDED


#include "social_tool_story.h"


#define SOCIAL_TOOL_WORDS   32      /* of one line */
#define SOCIAL_TOOL_INDENT  4       /* before what somebody says */


typedef struct {
    social_tool_story_t  *story;
    int64_t               last, days;   /* see social_tool_story_read() */
    int64_t               shift;        /* seconds to add to times */
    unsigned              ended:1;      /* `end` was read: shift is known */
    unsigned              skipped:1;    /* what is said now is left out */
    unsigned              cut:1;        /* so was something of this article */
    unsigned              talking:1;    /* a text may follow */
    unsigned              paragraph:1;  /* behind an empty line */
    unsigned              number;       /* of the line */
    char                 *words[SOCIAL_TOOL_WORDS + 1];     /* NULL at end */
    size_t                n;
    char                 *error;
    size_t                size;
} social_tool_reading_t;


/* each returns SOCIAL_OK, or SOCIAL_DECLINED and the error is written */

int social_tool_bad(social_tool_reading_t *in, const char *what);

/* the words i and i + 1, "2026-11-15" and "07:00", moved to the past to
 * write */
int social_tool_story_time(social_tool_reading_t *in, size_t i, int64_t *at);

/* the rest of the line from word i on, as it was */
char *social_tool_story_rest(social_tool_reading_t *in, size_t i);

/* DECLINED without an error: there is none */
int social_tool_story_person(social_tool_reading_t *in, const char *id,
    size_t *person);

int social_tool_read_word(social_tool_reading_t *in);
int social_tool_read_said(social_tool_reading_t *in);
int social_tool_read_text(social_tool_reading_t *in, const char *line);


#endif /* SOCIAL_TOOL_STORY_READ_H_INCLUDED */
