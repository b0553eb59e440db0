
/*
 * The figures of conversations in a period, computed from the messages of a
 * store.  Definitions: docs/metrics.md.
 *
 *   create (once for all messages) -> figures of a range ... -> destroy
 *
 * create() reads every message once: who replies to whom, when the author
 * first commented below, who is the same person.  figures() then only reads
 * the messages of one article, or all of them for the site.  No recursion, so
 * chains of replies may have any length; time is n log n, memory linear.
 *
 * Messages belong to the caller and are ordered by article and id.  A parent
 * comes before its replies, otherwise it counts as unknown.  One thread at a
 * time.
 */

#ifndef SOCIAL_CONVERSATION_H_INCLUDED
#define SOCIAL_CONVERSATION_H_INCLUDED


#include "social_period.h"


typedef struct social_conversation_s  social_conversation_t;


typedef struct {
    int64_t  from;          /* unix seconds, compared with `created` */
    int64_t  to;            /* not included */
    int64_t  now;           /* to compute ages */
    int64_t  reply_within;  /* seconds */
} social_window_t;


/* rates whose denominator is 0 are NAN */

typedef struct {
    int64_t  comments;          /* by readers */
    int64_t  author_comments;
    int64_t  participants;
    int64_t  participants_weak; /* of these, known by name and day only */
    int64_t  new_participants;
    int64_t  returning_participants;
    int64_t  exchanges;
    int64_t  peer_replies;      /* by readers to other readers */
    int64_t  active;            /* people, days and articles with a comment
                                 * by a reader that SOCIAL_COUNT_ACTIVE does
                                 * not have yet */
    int64_t  dialogues;
    int64_t  thread_h;
    double   exchange_ratio;
    double   peer_reply_share;
    double   top_talker_share;  /* NAN below 3 participants */

    /* readers' comments of the period that need an answer, or needed one */
    int64_t  needing;
    int64_t  needing_answered;  /* at any time */
    double   answered_median;   /* seconds, of those with an answer */
    int64_t  matured;           /* older than reply_within */
    int64_t  answered;          /* of these, answered within reply_within */
    double   response_rate;
    double   first_author_reply_seconds; /* NAN: too late, or none */
    double   first_author_reply_p90_seconds;

    /* as of now, including comments from before the period */
    int64_t  unanswered;
    int64_t  oldest_unanswered_seconds; /* 0 if there is none */
    int64_t  oldest_unanswered; /* when it was written */

    int64_t  last_comment;      /* by a reader, before `to`; 0: none */
    int64_t  last_author_comment;
} social_conversation_stats_t;


/* NULL: out of memory */
social_conversation_t *social_conversation_create(
    const social_message_t *messages, size_t n);
void social_conversation_destroy(social_conversation_t *conv);

/*
 * Figures of messages[first .. last): one article, or all.  For all,
 * exchanges, people and so on are the whole site's, and thread_h is the
 * highest of any article.  The conversation is used as scratch memory.
 */
void social_conversation_figures(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *window,
    social_conversation_stats_t *stats);

/* 1 if message i is a reader's comment that needs an answer, has none, and is
 * not marked done */
int social_conversation_is_waiting(const social_conversation_t *conv, size_t i);

/* the number, from 0, of the person who wrote message i */
size_t social_conversation_person(const social_conversation_t *conv,
    size_t i);

/* the message that message i replies to; SIZE_MAX: none, or unknown */
size_t social_conversation_parent(const social_conversation_t *conv,
    size_t i);


/* social_conversation_people.c */

/* the median of the seconds between two consecutive days of the period on which
 * the same reader commented; NAN: nobody came back */
double social_conversation_return(social_conversation_t *conv,
    const social_window_t *window);

/* when the n-th different reader of the period commented on the article with
 * messages[first .. last); 0: there are fewer */
int64_t social_conversation_reached(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *window, int64_t n);


/* what each author has done in the period */

typedef struct {
    int64_t  comments;
    int64_t  answered;      /* comments that needed an answer and got their
                             * first one from this author, at any time */
    int64_t  in_time;       /* of `matured` ones, within reply_within */
} social_conversation_author_t;

/* adds to authors[0 .. n), which are numbered as social_message_t says, less
 * 1 */
void social_conversation_authors(const social_conversation_t *conv,
    const social_window_t *window, social_conversation_author_t *authors,
    size_t n);


/* comments in consecutive spans of time */

typedef struct {
    int64_t  comments;
    int64_t  author_comments;
    int64_t  participants;
    int64_t  new_participants;  /* in the step of their first message */
} social_conversation_step_t;

/*
 * Fills steps[0 .. n), the first of which begins at `from`, with the messages
 * [first .. last) of the period.  What is later than the last step is counted
 * in it: the clock may have been set back.
 */
void social_conversation_steps(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *window, int64_t from, int64_t step,
    social_conversation_step_t *steps, size_t n);

/*
 * The number of comments of one article in the period on each level of
 * replies, from (*levels)[1] on; returns how many levels there are.  The array
 * is valid until the next call.  A reply to an older message is on level 1.
 */
size_t social_conversation_levels(social_conversation_t *conv, size_t first,
    size_t last, const social_window_t *window, const uint32_t **levels);


#endif /* SOCIAL_CONVERSATION_H_INCLUDED */
