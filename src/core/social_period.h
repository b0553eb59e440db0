
/*
 * What a store knows about a period, before any rate is computed: counters by
 * article, and the approved messages of all threads.  Plain data, filled by
 * the store, read by metrics and status.
 */

#ifndef SOCIAL_PERIOD_H_INCLUDED
#define SOCIAL_PERIOD_H_INCLUDED


#include "social.h"
#include "social_count.h"


typedef enum {
    SOCIAL_READER = 0,
    SOCIAL_AUTHOR = 1
} social_role_e;


typedef enum {
    SOCIAL_APPROVED = 1,    /* stores contain these numbers */
    SOCIAL_HELD     = 2,
    SOCIAL_SPAM     = 3,
    SOCIAL_DELETED  = 4
} social_state_e;


/* whom a reply answers, also when that comment is not approved any more */

typedef enum {
    SOCIAL_EXCHANGE_NONE   = 0,     /* nobody, or oneself; stores contain these
                                     * numbers */
    SOCIAL_EXCHANGE_AUTHOR = 1,
    SOCIAL_EXCHANGE_READER = 2
} social_exchange_e;


/* a counter with a label, and its value in the period */

typedef struct {
    uint16_t  kind; /* social_count_e */
    char      label[SOCIAL_LABEL_MAX];
    int64_t   value;
} social_labelled_t;


/* an article and its counters in the period */

typedef struct {
    int64_t             article;    /* the store's row number */
    char               *key;        /* "" for the site itself */
    char               *title;      /* "" if unknown */
    char               *url;        /* canonical, "" if unknown */
    int64_t             published;  /* unix seconds, 0 if unknown */
    int64_t             first_seen;
    int64_t             counts[SOCIAL_COUNT_UNLABELLED]; /* social_count_e */
    social_labelled_t  *labelled;
    size_t              nlabelled;
} social_article_t;


/* an approved comment; ordered by article and id */

typedef struct {
    int64_t   id;
    int64_t   parent;       /* 0: top-level comment */
    int64_t   article;      /* as in social_article_t */
    uint64_t  person;       /* the same number: the same person */
    int64_t   created;      /* unix seconds */
    uint8_t   role;         /* social_role_e */
    uint8_t   done;         /* marked "no reply needed" */
    uint8_t   exchange;     /* social_exchange_e: whom it answers */
    uint8_t   active;       /* 1: SOCIAL_COUNT_ACTIVE has its writer for that
                             * day, because of a share or a like before */
    uint8_t   weak;         /* has no commenter id: the person is told by name
                             * and daily hash */
    char      source[16];   /* first source of that day */
} social_message_t;


typedef struct {
    int64_t            from;        /* unix seconds, 0: everything */
    int64_t            to;
    social_article_t  *articles;    /* ordered by row number */
    size_t             narticles;
    social_message_t  *messages;    /* all of them, not only the period's */
    size_t             nmessages;
} social_period_t;


/* frees what the structure points to and zero-fills it */
void social_period_free(social_period_t *figures);


#endif /* SOCIAL_PERIOD_H_INCLUDED */
