
/*
 * The kinds of counters.  A counter belongs to an article, only grows, has a
 * kind and, for some kinds, a label (a network, a source or a goal).  Stores
 * contain these numbers and names: append new ones, never renumber.
 */

#ifndef SOCIAL_COUNT_H_INCLUDED
#define SOCIAL_COUNT_H_INCLUDED


#include "social.h"


typedef enum {
    SOCIAL_COUNT_NONE         = 0,
    SOCIAL_COUNT_READ         = 1,   /* views by readers, confirmed or not */
    SOCIAL_COUNT_CONFIRMED    = 2,   /* of these, confirmed by the beacon */
    SOCIAL_COUNT_SELF         = 3,
    SOCIAL_COUNT_BOT          = 4,
    SOCIAL_COUNT_PREVIEW      = 5,
    SOCIAL_COUNT_PREFETCH     = 6,
    SOCIAL_COUNT_READERS      = 7,   /* reader-days */
    SOCIAL_COUNT_SHARERS      = 8,   /* reader-days with a share */
    SOCIAL_COUNT_ACTIVE       = 9,   /* with a share or like; before schema 3
                                      * also with a comment */
    SOCIAL_COUNT_LIKED        = 10,
    SOCIAL_COUNT_UNLIKED      = 11,
    SOCIAL_COUNT_INACTIVE     = 12,  /* active ones whose like was all, and was
                                      * taken back */
    SOCIAL_COUNT_LISTENERS    = 13,  /* reader-days that saw the comments */
    SOCIAL_COUNT_UNLABELLED   = 14,  /* kinds below this have no label */

    SOCIAL_COUNT_SHARE        = 16,  /* by network, once per reader */
    SOCIAL_COUNT_SHARE_VISIT  = 17,  /* visits from shares, by network */
    SOCIAL_COUNT_FETCH        = 18,  /* link previews by network */
    SOCIAL_COUNT_SOURCE       = 19,  /* views by source */
    SOCIAL_COUNT_GOAL         = 20,  /* by goal; for the article of the first
                                      * touch of the day, "" if unknown */
    SOCIAL_COUNT_SEEN         = 21,  /* "prefetch": fetched ahead, then seen */
    SOCIAL_COUNT_GOAL_SOURCE  = 22,  /* "GOAL SOURCE": goals by the first source
                                      * of the day; for the article "" */
    SOCIAL_COUNT_ROBOT        = 23,  /* bots by kind: "crawler", "ai", ...; for
                                      * the article "" */
    SOCIAL_COUNT_EVICTED      = 24,  /* articles that left memory; for "" */
    SOCIAL_COUNT_DROPPED      = 25,  /* events, by reason; for "" */
    SOCIAL_COUNT_STORE_ERROR  = 26,  /* "read" or "write"; for "" */

    /* counted by the store itself, of the site only */
    SOCIAL_COUNT_POSTED       = 32,  /* "ROLE KIND STATE": "reader top held" */
    SOCIAL_COUNT_MODERATED    = 33,  /* by action */
    SOCIAL_COUNT_REPLIED      = 34,  /* first replies of an author: "N", at most
                                      * N seconds after the comment; "+Inf" */
    SOCIAL_COUNT_REPLY_TIME   = 35,  /* the sum of these seconds, label "" */
    SOCIAL_COUNT_FORGOTTEN    = 36,  /* articles that retention removed, on the
                                      * day of their publication, label "" */
    SOCIAL_COUNT_NOTICE       = 40   /* "queued", and what became of it: "sent",
                                      * "refused", "expired", "full", "gone" */
} social_count_e;


#define SOCIAL_LABEL_MAX  64         /* bytes of a label, with its NUL */


#endif /* SOCIAL_COUNT_H_INCLUDED */
