
/*
 * Figures from an event log alone, as docs/metrics.md defines them: a second
 * opinion about the status page, so it uses none of the code that counts for
 * that page.
 *
 *   log      lines to events, each checked           figures_log.c
 *   sites    articles, comments and what was counted figures_count.c
 *   talk     what became of comments, who answered   figures_talk.c
 *   result   of an article or a site                 figures_result.c
 *   print    as text or JSON                         figures_print.c
 *
 * Memory grows with articles, comments and decisions about comments, not with
 * views; it has a limit.  One thread.
 */

#ifndef SOCIAL_TOOL_FIGURES_H_INCLUDED
#define SOCIAL_TOOL_FIGURES_H_INCLUDED


#include "social_out.h"
#include "social_tool.h"


#define SOCIAL_TOOL_LOG_LINE      65536         /* bytes of a line */
#define SOCIAL_TOOL_FIGURES_MAX   (512UL << 20) /* bytes of memory */


/* words of the log: values of class, state, role and action */

typedef enum {
    LOG_NONE = 0,       /* empty, or not one of those that are looked for */
    LOG_UNCONFIRMED, LOG_SELF, LOG_BOT, LOG_PREVIEW, LOG_PREFETCH, LOG_SCRIPT,
    LOG_NEW, LOG_OFF, LOG_REPEAT, LOG_DROPPED,
    LOG_APPROVED, LOG_HELD, LOG_SPAM, LOG_DELETED,
    LOG_READER, LOG_AUTHOR,
    LOG_APPROVE, LOG_HOLD, LOG_BAN, LOG_DELETE, LOG_ERASE, LOG_RESTORE,
    LOG_DONE, LOG_EDIT, LOG_REPLY,
    LOG_WORDS
} social_tool_word_e;


typedef enum {
    EVENT_VIEW, EVENT_SEEN, EVENT_SHARE, EVENT_REACTION, EVENT_GOAL,
    EVENT_COMMENT, EVENT_REPLY, EVENT_EDIT, EVENT_DELETE, EVENT_MODERATE,
    EVENT_KINDS
} social_tool_event_e;


/* strings are valid until the next line is parsed */

typedef struct {
    social_tool_event_e  kind;
    int64_t              at;            /* unix seconds */
    social_str_t         site, article, network, source, goal;
    social_str_t         comment;       /* an id; of a decision, ids */
    social_str_t         parent;
    social_tool_word_e   class, state, role, action;
} social_tool_event_t;


/* social_tool_figures_log.c: a line, which is changed.  DECLINED: `fault` says
 * why, without the line's number */
int social_tool_log_parse(unsigned char *line, size_t len,
    social_tool_event_t *event, social_out_t *fault);


/* what is counted for a name: a network, a source, a goal, a day */

typedef struct social_tool_named_s  social_tool_named_t;

struct social_tool_named_s {
    social_tool_named_t  *next;
    social_str_t          name;
    int64_t               n;
};


/* fetches of a preview: those of ten minutes are one */

typedef struct social_tool_fetch_s  social_tool_fetch_t;

struct social_tool_fetch_s {
    social_tool_fetch_t  *next;
    social_str_t          network;
    int64_t               last;         /* unix seconds, the one that counts */
    int64_t               article, all; /* that count for it; for the site */
};


/* likes of a day, before the period begins and within it */

typedef struct social_tool_likes_s  social_tool_likes_t;

struct social_tool_likes_s {
    social_tool_likes_t  *next;
    int64_t               day;
    int64_t               before, before_off, new, off;
};


typedef struct social_tool_spoken_s  social_tool_spoken_t;


/* an article, or the sums of a site */

typedef struct {
    social_str_t           key;         /* first: the tree compares it */
    social_tool_spoken_t  *comments;
    social_tool_named_t   *sources, *shares;
    social_tool_fetch_t   *fetches;
    social_tool_likes_t   *likes;
    int64_t                served[LOG_SCRIPT], early[LOG_SCRIPT];
    int64_t                seen[LOG_SCRIPT + 1];
    int64_t                seen_by_author, listeners, ahead, early_ahead;
    unsigned               begun:1;     /* a reader was there */
} social_tool_row_t;


/* a comment of the log */

struct social_tool_spoken_s {
    social_str_t           id;          /* first: the tree compares it */
    social_str_t           parent_id;
    social_tool_spoken_t  *next;        /* of its article */
    social_tool_spoken_t  *above;       /* the parent, while both are shown */
    int64_t                at, answered;    /* answered: first, by an author */
    social_tool_word_e     role, state, before;
    unsigned               done:1;
    unsigned               perhaps_done:1;
    unsigned               orphan:1;    /* its parent was missed once */
    unsigned               is_answered:1;
};


/* something that changes comments; replayed in order of time */

typedef struct social_tool_change_s  social_tool_change_t;

struct social_tool_change_s {
    social_tool_change_t  *next;
    int64_t                at, number;  /* number: the order of the log */
    social_tool_event_e    kind;
    social_tool_word_e     state, action;
    social_str_t           ids;
};


typedef struct social_tool_site_s  social_tool_site_t;

struct social_tool_site_s {
    social_tool_site_t    *next;
    social_str_t           name;
    void                  *articles, *comments;     /* trees */
    size_t                 ncomments;
    social_tool_named_t   *goals;
    social_tool_change_t  *changes;
    int64_t                nchanges;
    int64_t                latest;      /* the latest time so far */
    int64_t                missing, disorder;
};


typedef struct social_tool_memory_s  social_tool_memory_t;

typedef struct {
    int64_t               from, to, now;    /* unix seconds; `to` excluded */
    int64_t               reply_within;     /* seconds */
    const char           *site;             /* only this one; NULL: all */
    social_tool_site_t   *sites;
    social_tool_memory_t *blocks;
    size_t                bytes, left;
    unsigned              full:1;           /* no memory, or the limit */
} social_tool_figures_t;


/* social_tool_figures_count.c.  DECLINED: `fault` says what is wrong with the
 * event; ERROR: it is full */
int social_tool_figures_take(social_tool_figures_t *figures,
    const social_tool_event_t *event, social_out_t *fault);
void social_tool_figures_free(social_tool_figures_t *figures);

/* the counter of a name in a list, which gets it if it is new; NULL: full */
int64_t *social_tool_figures_named(social_tool_figures_t *figures,
    social_tool_named_t **list, social_str_t name);

/* a comment by its id; NULL: the log does not have it */
social_tool_spoken_t *social_tool_figures_comment(
    const social_tool_site_t *site, social_str_t id);


/* what the comments of an article, or of a site, amount to */

typedef struct {
    int64_t  unanswered, matured, answered;
    int64_t  oldest;            /* seconds; -1: none */
    double   rate;              /* -1: nothing has matured */
    double   median, p90;       /* seconds; -1: more than reply_within */
} social_tool_answers_t;

typedef struct {
    int64_t                comments, author_comments;
    int64_t                exchanges[2];            /* at least, at most */
    int64_t                held, oldest_held;       /* -1: none */
    social_tool_answers_t  usual;       /* nobody answered himself */
    social_tool_answers_t  few, many;   /* the least, the most */
} social_tool_talked_t;


/* social_tool_figures_talk.c: the states of comments, from what happened to
 * them; once, when all is read.  ERROR: no memory */
int social_tool_talk_replay(social_tool_site_t *site);

/* then: when an author first answered each of n comments, all of the site's */
void social_tool_talk_answered(social_tool_site_t *site,
    social_tool_spoken_t *const *comments, size_t n);

/* of n comments, not 0; ERROR: no memory */
int social_tool_talk_figures(const social_tool_figures_t *figures,
    social_tool_site_t *site, social_tool_spoken_t *const *comments, size_t n,
    social_tool_talked_t *talked);


/* figures of an article, or of a site */

typedef struct {
    int64_t                views;
    int64_t                classes[7];  /* LOG_UNCONFIRMED ... LOG_PREFETCH, and
                                         * in place of LOG_SCRIPT confirmed */
    int64_t                listeners, shares, previews;
    int64_t                likes[2];    /* at least, at most */
    social_tool_named_t   *sources, *shared, *previewed;
    social_tool_talked_t   talked;
} social_tool_result_t;


/* social_tool_figures_result.c: once; each article in the order of keys, then
 * the site, for which row is NULL.  ERROR: no memory */

typedef void (*social_tool_result_pt)(void *data,
    const social_tool_site_t *site, const social_tool_row_t *row,
    const social_tool_result_t *result);

int social_tool_figures_results(social_tool_figures_t *figures,
    social_tool_site_t *site, social_tool_result_pt handler, void *data);


/* social_tool_figures_print.c: to stdout; lines, broken: of all
 * logs.  ERROR: no memory */
int social_tool_figures_text(social_tool_figures_t *figures);
int social_tool_figures_json(social_tool_figures_t *figures, int64_t lines,
    int64_t broken);


#endif /* SOCIAL_TOOL_FIGURES_H_INCLUDED */
