
/*
 * The people and programs of a story who say nothing: readers, where they come
 * from and what they do, robots, link previews, the author's own visits.
 */

#ifndef SOCIAL_TOOL_CROWD_H_INCLUDED
#define SOCIAL_TOOL_CROWD_H_INCLUDED


#include "social_tool_counts.h"
#include "social_tool_story.h"


typedef struct {
    size_t    article;          /* index */
    int64_t   at;
    uint64_t  reader;           /* the reader's hash of that day */
} social_tool_like_t;


typedef struct {
    const social_tool_story_t  *story;
    social_tool_counts_t        counts;
    social_tool_like_t         *likes;      /* to be freed */
    size_t                      nlikes;
    int64_t                     readers;    /* reader-days */
    char                      **labels;     /* of goals by source */
    size_t                      nlabels;
} social_tool_crowd_t;


/* `crowd` must be zero-filled; SOCIAL_ERROR: no memory */
int social_tool_crowd_come(social_tool_crowd_t *crowd,
    const social_tool_story_t *story);

void social_tool_crowd_free(social_tool_crowd_t *crowd);


#endif /* SOCIAL_TOOL_CROWD_H_INCLUDED */
