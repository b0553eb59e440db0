
/*
 * What is written into the store in the order of time: articles, comments, what
 * the author does with them, likes.
 */

#ifndef SOCIAL_TOOL_TALK_H_INCLUDED
#define SOCIAL_TOOL_TALK_H_INCLUDED


#include "social_store.h"
#include "social_tool_crowd.h"


/* origin: of the addresses of articles, or NULL.  Comments in `story` get
 * their ids */
int social_tool_talk(social_tool_story_t *story,
    const social_tool_crowd_t *crowd, const char *origin,
    social_store_t *store, social_store_error_t *err);


#endif /* SOCIAL_TOOL_TALK_H_INCLUDED */
