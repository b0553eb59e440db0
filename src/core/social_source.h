
/*
 * Where a visit came from: parameters of the address, the Referer, or the app
 * whose web view it is.  (A valid share tag takes precedence over these:
 * social_tag.h.)  Constant tables, pure functions, any thread.
 */

#ifndef SOCIAL_SOURCE_H_INCLUDED
#define SOCIAL_SOURCE_H_INCLUDED


#include "social.h"


typedef struct {
    unsigned     number;        /* stores contain it: never change it */
    const char  *id;            /* for a network: the network's id */
    const char  *label;         /* ASCII */
} social_source_t;


/*
 * The first of these that gives an answer: utm_source, ref, src or source in
 * args (the query string without "?"); the host of the Referer, compared from
 * its end; an app in the agent; otherwise "dark" for an article, "direct" for
 * another page.  An unknown parameter or host is "other"; own_host (with or
 * without a port) in the Referer is "internal".  Never NULL.
 */
const social_source_t *social_source(social_str_t args, social_str_t referer,
    social_str_t agent, social_str_t own_host, int article);

/* NULL: there is none */
const social_source_t *social_source_find(social_str_t id);
const char *social_source_id(unsigned number);



#endif /* SOCIAL_SOURCE_H_INCLUDED */
