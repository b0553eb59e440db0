
/*
 * The tables behind social_agent.h.  Only social_agent.c uses them.
 */

#ifndef SOCIAL_AGENT_TABLE_H_INCLUDED
#define SOCIAL_AGENT_TABLE_H_INCLUDED


#include "social_agent.h"


/* fetchers of link previews, up to a row without a pattern */

typedef struct {
    const char  *network;
    const char  *pattern;
} social_agent_preview_t;


/* robots, up to a row without a pattern */

typedef struct {
    social_agent_robot_e   kind;
    const char            *pattern;
} social_agent_row_t;


extern const social_agent_preview_t  social_agent_previews[];
extern const char                    social_agent_readers[];
extern const char                    social_agent_skip[];
extern const social_agent_row_t      social_agent_robots[];
extern const char *const             social_agent_robot_ids[];


#endif /* SOCIAL_AGENT_TABLE_H_INCLUDED */
