
/*
 * Where a visit came from: parameters of the address, the Referer, the app
 * whose web view it is.  (A share tag of ours is stronger than all of them:
 * social_tag.h.)
 *
 * The tables are constant; pure functions; any thread.
 */

#ifndef SOCIAL_SOURCE_H_INCLUDED
#define SOCIAL_SOURCE_H_INCLUDED


#include "social.h"


typedef struct {
    unsigned     number;        /* in stores: never changes */
    const char  *id;            /* a network's id where it is a network */
    const char  *label;         /* ASCII */
} social_source_t;


/*
 * The first that answers: utm_source, ref, src or source in args (the query
 * string, without "?"); the host of the Referer, by suffix at a dot;
 * an app in the agent; else "dark" for an article, "direct" for another page.
 * A parameter or a host that is in no table is "other"; own_host (with or
 * without a port) in the Referer is "internal".  Never NULL.
 */
const social_source_t *social_source(social_str_t args, social_str_t referer,
    social_str_t agent, social_str_t own_host, int article);

/* NULL: there is none */
const social_source_t *social_source_find(social_str_t id);
const char *social_source_id(unsigned number);



#endif /* SOCIAL_SOURCE_H_INCLUDED */
