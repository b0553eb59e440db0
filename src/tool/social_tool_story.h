
/*
 * A story: what the articles of an invented blog have lived through, read from
 * a text.  docs/operations.md describes the text; demo.story is the built-in
 * one.
 */

#ifndef SOCIAL_TOOL_STORY_H_INCLUDED
#define SOCIAL_TOOL_STORY_H_INCLUDED


#include "social.h"
#include "social_comment_list.h"


#define SOCIAL_TOOL_SOURCES  12     /* of one article */


typedef struct {
    const char     *id;         /* in the story */
    const char     *name;
    const char     *website;    /* "" if none */
    const char     *source;     /* where the person usually comes from */
    unsigned        author:1;
    unsigned        known:1;    /* has commented, for who writes the story */
    unsigned char   commenter[SOCIAL_COMMENTER_LEN];
} social_tool_person_t;


/* times are unix seconds, and those of the past to write, not of the text */

typedef struct {
    const char  *key;
    const char  *title;
    int64_t      published;
    unsigned     line;          /* of the story */

    /* readers a day: `first` more on the first day, half of that after `half`
     * days, and so on; `usual` every day */
    double       first, half, usual;

    unsigned     listen;        /* of 100 readers, look at the comments */
    unsigned     like;          /* of 1000 readers */
    unsigned     goal;          /* of 1000 readers, reach the goal */

    /* where they come from, with weights */
    const char  *sources[SOCIAL_TOOL_SOURCES];
    unsigned     weights[SOCIAL_TOOL_SOURCES];
    size_t       nsources;
} social_tool_article_t;


/* readers who come within three days, from a share or another link */

typedef struct {
    size_t       article;       /* index */
    int64_t      at;
    const char  *source;        /* a share: the network */
    unsigned     readers;
    unsigned     share:1;
} social_tool_wave_t;


typedef struct {
    unsigned     line;          /* of the story */
    size_t       article;       /* index */
    size_t       person;        /* index */
    size_t       parent;        /* index + 1; 0: top-level comment */
    int64_t      at;
    char        *text;          /* to be freed */
    const char  *source;
    const char  *reason;        /* held at once, for this reason; or NULL */
    unsigned     waits:1;       /* nobody has moderated it yet */
    unsigned     spam:1;        /* became spam */
    unsigned     done:1;        /* marked "no reply needed" */
    unsigned     reported:1;

    int64_t      id;            /* 0 until it is written */
} social_tool_said_t;


typedef struct {
    char                   *text;       /* what strings point into */
    int64_t                 begin, end; /* [begin, end): whole days */
    const char             *goal;       /* its name, or NULL */
    social_tool_person_t   *people;
    size_t                  npeople;
    social_tool_article_t  *articles;
    size_t                  narticles;
    social_tool_wave_t     *waves;
    size_t                  nwaves;
    social_tool_said_t     *said;       /* ordered by article */
    size_t                  nsaid;
} social_tool_story_t;


/* the built-in story, with a NUL */
extern const char  social_tool_demo[] __attribute__((visibility("hidden")));


/*
 * Reads a story, moved in time so that its last day is day `last` since 1970,
 * and without what is older than `days` days.  `story` must be zero-filled,
 * and is to be freed after an error, too.  SOCIAL_DECLINED: `error` says what
 * is wrong in which line.
 */
int social_tool_story_read(social_tool_story_t *story, const char *text,
    int64_t last, int64_t days, char *error, size_t size);

void social_tool_story_free(social_tool_story_t *story);


#endif /* SOCIAL_TOOL_STORY_H_INCLUDED */
