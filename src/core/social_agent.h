
/*
 * What kind of client sends this User-Agent: a reader's browser, a
 * link-preview fetcher (and of which network), or another robot.
 *
 * The object holds compiled expressions, their match memory and a memo of the
 * agents seen last, so it is used by one thread at a time: one a worker.
 */

#ifndef SOCIAL_AGENT_H_INCLUDED
#define SOCIAL_AGENT_H_INCLUDED


#include "social.h"
#include "social_network.h"


typedef enum {
    SOCIAL_AGENT_READER = 0,
    SOCIAL_AGENT_BOT,
    SOCIAL_AGENT_PREVIEW
} social_agent_class_e;

typedef struct social_agent_s  social_agent_t;


/* NULL: no memory; about 150 KB with JIT */
social_agent_t *social_agent_create(void);
void social_agent_destroy(social_agent_t *a);

/*
 * No agent, an empty one, or one that costs more to judge than any browser's,
 * is a bot.  *network (may be NULL) is set to the network of a preview, else
 * to NULL.
 */
social_agent_class_e social_agent_class(social_agent_t *a, social_str_t agent,
    const social_network_t **network);


#endif /* SOCIAL_AGENT_H_INCLUDED */
