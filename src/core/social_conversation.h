
/*
 * What was said in a period: the figures of conversations from the messages
 * of a store.  Definitions: docs/metrics.md.
 *
 *   create (once for all messages) -> figures of a range ... -> destroy
 *
 * create() reads every message once: who answers whom, when an author's first
 * comment came below, who is the same person.  figures() then looks only at
 * the messages of one article, or at all of them for the site.  Chains of any
 * length: no recursion, n log n, memory linear in the messages.
 *
 * Messages are borrowed, in order of article and id; a parent stands in front
 * of its answers, otherwise it counts as unknown.  One thread at a time.
 */

#ifndef SOCIAL_CONVERSATION_H_INCLUDED
#define SOCIAL_CONVERSATION_H_INCLUDED


#include "social_period.h"


typedef struct social_conversation_s  social_conversation_t;


typedef struct {
    int64_t  from;              /* unix seconds, of `created` */
    int64_t  to;                /* not included */
    int64_t  now;               /* for ages */
    int64_t  reply_within;      /* T, seconds */
} social_window_t;


/* rates without a denominator are NAN */

typedef struct {
    int64_t  comments;          /* by readers */
    int64_t  author_comments;
    int64_t  participants;
    int64_t  new_participants;
    int64_t  returning_participants;
    int64_t  exchanges;
    int64_t  peer_replies;      /* readers to other readers */
    int64_t  dialogues;
    int64_t  thread_h;
    double   exchange_ratio;
    double   peer_reply_share;
    double   top_talker_share;  /* NAN below three participants */

    /* readers' comments of the period that need, or needed, an answer */
    int64_t  needing;
    int64_t  needing_answered;  /* whenever */
    double   answered_median;   /* seconds, of the answered ones */
    int64_t  matured;           /* older than T */
    int64_t  answered;          /* of these, within T */
    double   response_rate;
    double   first_author_reply_seconds;    /* NAN: more than T, or none */
    double   first_author_reply_p90_seconds;

    /* now, whenever they were written: silence does not expire */
    int64_t  unanswered;
    int64_t  oldest_unanswered_seconds;     /* 0 where there is none */
    int64_t  oldest_unanswered;             /* when it was written */

    int64_t  last_comment;      /* by a reader, before `to`; 0: never */
    int64_t  last_author_comment;
} social_conversation_stats_t;


/* NULL: no memory */
social_conversation_t *social_conversation_create(
    const social_message_t *messages, size_t n);
void social_conversation_destroy(social_conversation_t *conv);

/*
 * Of messages[first .. last): one article, or all: then exchanges, people and
 * so on are the whole site's, and thread_h is the highest of any article.
 */
void social_conversation_figures(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *window,
    social_conversation_stats_t *stats);

/* 1: a reader's comment that needs an answer, is not marked done and has
 * none */
int social_conversation_is_waiting(const social_conversation_t *conv, size_t i);

/* a number of the person who wrote message i, from 0, below `people` */
size_t social_conversation_person(const social_conversation_t *conv,
    size_t i);


#endif /* SOCIAL_CONVERSATION_H_INCLUDED */
