
/*
 * The machines that share a store, as the status tells of them.  Plain data,
 * filled by the store.
 */

#ifndef SOCIAL_NODE_H_INCLUDED
#define SOCIAL_NODE_H_INCLUDED


#include "social.h"


#define SOCIAL_NODE_NAME     128    /* bytes, with the NUL */
#define SOCIAL_NODE_VERSION  32
#define SOCIAL_NODE_MAX      100    /* in a list */
#define SOCIAL_NODE_LIVES    15000  /* msec since it was seen, at most */
#define SOCIAL_NODE_LATE     60     /* seconds: counts that have not been saved
                                     * for so long are late */
#define SOCIAL_NODE_CLOCK    2000   /* msec that a clock may be wrong */


typedef struct {
    char      name[SOCIAL_NODE_NAME];       /* host:port */
    char      version[SOCIAL_NODE_VERSION];
    int64_t   seen;         /* unix seconds, by the store's clock */
    int64_t   saved;        /* all that it counted until then is in the store */
    int64_t   answered;     /* the request for a save that it last obeyed */
    int64_t   ahead;        /* msec: the store's clock, less the machine's */
    unsigned  self:1;       /* this machine */
    unsigned  lives:1;
    unsigned  late:1;       /* its counts are late */
    unsigned  upkeep:1;     /* it removes what is not kept any more */
} social_node_t;


/* in the order of names */

typedef struct {
    social_node_t  *items;          /* malloc'ed, or NULL */
    size_t          n;
} social_nodes_t;


#endif /* SOCIAL_NODE_H_INCLUDED */
