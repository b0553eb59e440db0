
/*
 * What a store knows about a period, before any rate is computed: counters by
 * article, and the approved messages of all threads.  Plain data, filled by
 * the store, read by metrics and status.
 */

#ifndef SOCIAL_PERIOD_H_INCLUDED
#define SOCIAL_PERIOD_H_INCLUDED


#include "social.h"
#include "social_arena.h"
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
    uint16_t  author;       /* by an author: index + 1 in social_period_t's
                             * authors; 0: a reader's, or there are too many */
    char      source[16];   /* first source of that day */
} social_message_t;


/* the name under which an author wrote */

#define SOCIAL_AUTHORS_MAX  32

typedef struct {
    char  *name;
} social_author_t;


typedef struct {
    int64_t            from;        /* unix seconds, 0: everything */
    int64_t            to;
    social_article_t  *articles;    /* ordered by row number; without labels,
                                     * see social_details_t */
    size_t             narticles;
    social_arena_t     arena;       /* articles with their strings, and
                                     * messages; empty: each of them is
                                     * malloc'ed */
    social_article_t   site;        /* sums of all articles, and of the site
                                     * itself; with labels */
    social_message_t  *messages;    /* all of them, not only the period's */
    size_t             nmessages;
    social_author_t    authors[SOCIAL_AUTHORS_MAX];
    size_t             nauthors;
    int64_t            held;        /* comments that wait for approval, now */
    int64_t            held_since;  /* the oldest of them, unix seconds; 0 */
    int64_t            revision;    /* grows with each change of any text */
} social_period_t;


/* each frees what the structure points to and zero-fills it */
void social_article_free(social_article_t *article);
void social_period_free(social_period_t *figures);


/* counters in consecutive spans of the same length */

typedef struct {
    int64_t  views;         /* SOCIAL_COUNT_READ */
    int64_t  readers;       /* reader-days */
    int64_t  listeners;
    int64_t  shares;        /* to all networks */
    int64_t  sharers;
    int64_t  previews;      /* SOCIAL_COUNT_FETCH, all networks */
    int64_t  goals;         /* all goals */
} social_step_t;

typedef struct {
    int64_t         from;   /* start of the first step, unix seconds */
    int64_t         step;   /* seconds: a multiple of 300; from 86400 on a
                             * multiple of it */
    size_t          n;
    social_step_t  *steps;
    int64_t        *goals;  /* n rows of ngoals numbers, in the order of the
                             * names that were asked for; NULL: none */
    size_t          ngoals;
} social_series_t;

void social_series_free(social_series_t *series);


/* more about some articles and some comments; arrays of the questions belong
 * to the caller, those of the answers have the same order and length */

#define SOCIAL_EXCERPT  640         /* bytes: 160 characters */

typedef struct {
    char  *name;            /* "" if the comment is gone */
    char  *text;            /* its first SOCIAL_EXCERPT bytes at most, cut
                             * between characters; as typed */
    char  *reason;          /* why it is held */
} social_excerpt_t;

typedef struct {
    int64_t             from, to, step;     /* of the series; step 0: none */
    const char *const  *goals;      /* names, for the series of articles */
    size_t              ngoals;
    const int64_t      *articles;   /* row numbers */
    size_t              narticles;
    const int64_t      *comments;   /* ids */
    size_t              ncomments;

    social_article_t   *labels;     /* only labelled, nlabelled and article */
    social_series_t    *series;     /* of each article */
    social_excerpt_t   *excerpts;   /* of each comment */
} social_details_t;

/* frees the answers */
void social_details_free(social_details_t *details);


#endif /* SOCIAL_PERIOD_H_INCLUDED */
