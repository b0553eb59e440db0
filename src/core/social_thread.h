
/*
 * Comments as documents: flat for the API, nested for templates.
 *
 * Approved comments are shown; deleted ones are tombstones without name and
 * text; held comments and spam are left out, whatever the list holds.
 * Documents belong to the caller; NULL: out of memory.  Any thread.
 */

#ifndef SOCIAL_THREAD_H_INCLUDED
#define SOCIAL_THREAD_H_INCLUDED


#include "social_comment_list.h"
#include "social_json.h"
#include "social_language.h"
#include "social_out.h"


#define SOCIAL_THREAD_LEVELS      4    /* default levels of replies */
#define SOCIAL_THREAD_LEVELS_MAX  12   /* templates nest at most 16 sections */


/*
 * Prints {"article","total","comments":[{"id","parent":ID|null,"name",
 * "website","author","time","edited":TIME|null,"html"}],"next":ID|null},
 * without tombstones.  Ids are strings, times RFC 3339.  If out->max is too
 * small for all comments, it ends early, and next says after which.
 */
int social_thread_api(const social_comments_t *list, const char *key,
    social_out_t *out);

/* one such comment in any state: for its own writer */
cJSON *social_thread_api_comment(const social_comment_t *comment);

/*
 * The list for templates, oldest first: [{"id","name","website","author",
 * "time","time_text","edited","html","deleted","in_reply_to":{"id","name"}|
 * false,"replies":[...],"has_replies"}].  Every node has every name, because
 * templates look for a missing name in the enclosing node.
 *
 * Nodes nest up to `levels`; deeper replies follow on the last level.  These,
 * and those whose parent is not in the list, have in_reply_to.  language: of
 * time_text, NULL is English.  Linear time.
 */
cJSON *social_thread_nodes(const social_comments_t *list, unsigned levels,
    const social_language_t *language);

/* one node without replies, for a comment in any state */
cJSON *social_thread_node(const social_comment_t *comment,
    const social_language_t *language);


#endif /* SOCIAL_THREAD_H_INCLUDED */
