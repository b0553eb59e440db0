
/*
 * What a store tells about a period, before any rate is computed: counters by
 * article and the approved messages of every thread.  Pure data, filled by
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
    SOCIAL_APPROVED = 1,        /* the numbers stand in stores */
    SOCIAL_HELD     = 2,
    SOCIAL_SPAM     = 3,
    SOCIAL_DELETED  = 4
} social_state_e;


/* a counter with a label: how often in the period */

typedef struct {
    uint16_t          kind;                     /* social_count_e */
    char              label[SOCIAL_LABEL_MAX];
    int64_t           value;
} social_labelled_t;


/* an article and its counters within the period */

typedef struct {
    int64_t             article;                /* the store's row number */
    char               *key;                    /* "" is the site itself */
    char               *title;                  /* "" if unknown */
    char               *url;                    /* canonical, "" if unknown */
    int64_t             published;              /* unix seconds, 0 unknown */
    int64_t             first_seen;
    int64_t             counts[SOCIAL_COUNT_UNLABELLED];  /* by kind */
    social_labelled_t  *labelled;
    size_t              nlabelled;
} social_article_t;


/* an approved comment, by article and then by id */

typedef struct {
    int64_t             id;
    int64_t             parent;                 /* 0: top level */
    int64_t             article;                /* as in social_article_t */
    uint64_t            person;                 /* equal: the same person */
    int64_t             created;                /* unix seconds */
    uint8_t             role;                   /* social_role_e */
    uint8_t             done;                   /* "no reply needed" */
    char                source[16];             /* first touch of the day */
} social_message_t;


typedef struct {
    int64_t             from;                   /* unix seconds, 0: all */
    int64_t             to;
    social_article_t   *articles;               /* by row number */
    size_t              narticles;
    social_message_t   *messages;               /* of all times */
    size_t              nmessages;
} social_period_t;


/* frees what the structure points to, zero-fills it; NULL fields are fine */
void social_period_free(social_period_t *figures);


#endif /* SOCIAL_PERIOD_H_INCLUDED */
