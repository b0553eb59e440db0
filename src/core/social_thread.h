
/*
 * Comments as documents: for the API, flat, and for templates, nested.
 *
 * Only approved comments are shown, and deleted ones as tombstones without
 * name and text; held ones and spam are left out whatever the list holds.
 * Documents belong to the caller; NULL is no memory.  Any thread.
 */

#ifndef SOCIAL_THREAD_H_INCLUDED
#define SOCIAL_THREAD_H_INCLUDED


#include "social_comment_list.h"
#include "social_json.h"


#define SOCIAL_THREAD_LEVELS      4     /* default depth of nesting */
#define SOCIAL_THREAD_LEVELS_MAX  12    /* templates nest up to 16 */


/*
 * {"article","total","comments":[{"id","parent":ID|null,"name","website",
 * "author","time","edited":TIME|null,"html"}],"next":ID|null}, without
 * tombstones.  Ids are strings, times RFC 3339.
 */
cJSON *social_thread_api(const social_comments_t *list, const char *key);

/* one of these comments, in whatever state it is: for its own writer */
cJSON *social_thread_api_comment(const social_comment_t *comment);

/*
 * The list for templates, oldest first: [{"id","name","website","author",
 * "time","time_text","edited","html","deleted","in_reply_to":{"id","name"}|
 * false,"replies":[...],"has_replies"}].  Every node has every name, since
 * templates look in the enclosing node for what is missing.
 *
 * Nodes nest up to `levels`; what lies deeper follows on the last level.
 * There, and where the parent is not in the list, in_reply_to is set.
 * months: twelve names for time_text, NULL: English.  Linear time.
 */
cJSON *social_thread_nodes(const social_comments_t *list, unsigned levels,
    const char *const *months);

/* one node without replies, in whatever state the comment is */
cJSON *social_thread_node(const social_comment_t *comment,
    const char *const *months);


#endif /* SOCIAL_THREAD_H_INCLUDED */
