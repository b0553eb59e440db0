
/*
 * Which kind of client sent this User-Agent: a reader's browser, a fetcher of
 * link previews (and for which network) or another robot.
 *
 * The object holds compiled expressions, their match memory and a cache of
 * hashes of recent agents, but no agent: a core dump must not tell who reads.
 * One thread at a time may use it: each worker has its own.
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


/* which robot; shared memory holds these numbers */

typedef enum {
    SOCIAL_AGENT_ROBOT_NONE = 0,
    SOCIAL_AGENT_ROBOT_NAMELESS,    /* no User-Agent */
    SOCIAL_AGENT_ROBOT_AI,          /* answers from articles, or learns them */
    SOCIAL_AGENT_ROBOT_FEED,
    SOCIAL_AGENT_ROBOT_MONITOR,
    SOCIAL_AGENT_ROBOT_HEADLESS,    /* a browser that a program runs */
    SOCIAL_AGENT_ROBOT_LIBRARY,
    SOCIAL_AGENT_ROBOT_CRAWLER,
    SOCIAL_AGENT_ROBOT_OTHER
} social_agent_robot_e;

typedef struct social_agent_s  social_agent_t;


#define SOCIAL_AGENT_KEY  16        /* bytes */

/* NULL: out of memory; takes about 150 KB with JIT.  key: random, so that
 * nobody can choose agents with the same hash */
social_agent_t *social_agent_create(const unsigned char key[SOCIAL_AGENT_KEY]);
void social_agent_destroy(social_agent_t *a);

/*
 * An agent is a bot if it is missing, empty, or needs more matching steps than
 * any browser's.  *network (may be NULL) is set to the network of a preview,
 * otherwise to NULL; *robot (may be NULL) to the kind of a bot, otherwise to
 * NONE.
 */
social_agent_class_e social_agent_class(social_agent_t *a, social_str_t agent,
    const social_network_t **network, social_agent_robot_e *robot);

/* "crawler", "ai", ...; NULL: no kind has this number */
const char *social_agent_robot_id(unsigned robot);


#endif /* SOCIAL_AGENT_H_INCLUDED */
