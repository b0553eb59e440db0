
/*
 * What social_conversation.c fills and social_conversation_figures.c counts
 * with.  No other file may include it.
 */

#ifndef SOCIAL_CONVERSATION_STATE_H_INCLUDED
#define SOCIAL_CONVERSATION_STATE_H_INCLUDED


#include "social_conversation.h"


#define SOCIAL_CONV_NONE  UINT32_MAX


/* a person, numbered */

typedef struct {
    int64_t   first;    /* time of the person's first message */
    int64_t   latest;   /* last message of the current range */
    uint32_t  count;
    uint32_t  round;    /* counts of other rounds are stale */
    uint8_t   strong;   /* has a comment with a commenter id in the range */
} social_conv_person_t;


struct social_conversation_s {
    const social_message_t  *messages;
    size_t                   n;

    /* for each message */
    uint32_t                *parent;        /* NONE: top-level, or unknown */
    uint32_t                *person;
    int64_t                 *author_reply;  /* the author's first below */
    uint16_t                *replier;       /* who wrote that, as `author` */
    uint8_t                 *needs_answer;  /* unless it is marked done */

    social_conv_person_t    *people;
    size_t                   npeople;

    /* scratch memory of one call */
    uint32_t                *level;  /* of a message, 0: not in the period */
    uint32_t                *scratch;       /* people, or comments by level */
    int64_t                 *values;
    uint32_t                 round;
};


#endif /* SOCIAL_CONVERSATION_STATE_H_INCLUDED */
