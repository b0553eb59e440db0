
/*
 * Comments as an Atom feed, newest first: approved ones only.  Pure; any
 * thread.
 */

#ifndef SOCIAL_FEED_H_INCLUDED
#define SOCIAL_FEED_H_INCLUDED


#include "social_comment_list.h"
#include "social_out.h"


#define SOCIAL_FEED_COMMENTS  50


typedef struct {
    const char  *origin;        /* "https://host" */
    const char  *base;          /* path of `origin`, "" if none */
    const char  *site;          /* its name, a part of ids */
    const char  *lang;          /* BCP 47, of the title */
    const char  *title;
    const char  *self;          /* path of the feed, with base and query */
    const char  *page;          /* path of what it is about, with base */
    const char  *what;          /* its id: "/comments" and a key, or the like */
    const char  *which;
} social_feed_t;


/*
 * Ends early before out is full.  The feed and its entries are as old as the
 * comments are, so that two feeds between which nothing happened are the same
 * bytes.  SOCIAL_ERROR: no memory.
 */
int social_feed(const social_feed_t *feed, const social_comments_t *list,
    social_out_t *out);


#endif /* SOCIAL_FEED_H_INCLUDED */
