
/*
 * What the two rooms of conversations share: social_conversation.c fills it,
 * social_conversation_figures.c counts in it.  Nobody else looks inside.
 */

#ifndef SOCIAL_CONVERSATION_STATE_H_INCLUDED
#define SOCIAL_CONVERSATION_STATE_H_INCLUDED


#include "social_conversation.h"


#define SOCIAL_CONV_NONE  UINT32_MAX


/* a person, numbered */

typedef struct {
    int64_t                  first;     /* when the first message came */
    int64_t                  latest;    /* of the range and the period */
    uint32_t                 count;
    uint32_t                 round;      /* whether these two are valid */
} social_conv_person_t;


struct social_conversation_s {
    const social_message_t  *messages;
    size_t                   n;

    /* of every message */
    uint32_t                *parent;    /* NONE: top level, or unknown */
    uint32_t                *person;
    int64_t                 *author_reply;     /* first author's comment below */
    uint8_t                 *needs_answer;     /* a reply, unless marked done */

    social_conv_person_t    *people;
    size_t                   npeople;

    /* room to count in, for one call */
    uint32_t                *level;     /* of a message, 0: not in period */
    uint32_t                *scratch;      /* people, or comments by level */
    int64_t                 *values;
    uint32_t                 round;
};


#endif /* SOCIAL_CONVERSATION_STATE_H_INCLUDED */
