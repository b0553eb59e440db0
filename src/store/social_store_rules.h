
/*
 * Rules of the store that need no database, the same for all of them: what an
 * action makes of a comment, who may change one, how long a receiver that
 * fails is left alone; spans of time, series, pages and patterns.
 *
 * Pure; any thread.  Only files of the store may include it.
 */

#ifndef SOCIAL_STORE_RULES_H_INCLUDED
#define SOCIAL_STORE_RULES_H_INCLUDED


#include "social_store.h"


/* a comment, as rules see it */

typedef struct {
    int64_t        id, article, parent, created;
    int            state, before, role, done, reports;
    int            erased;
    int64_t        revision, rewritten;     /* of the text's last changes */
    int64_t        moderated, moved, visitor;
    int            has_commenter;
    unsigned char  commenter[SOCIAL_COMMENTER_LEN];
} social_rule_row_t;


/* the state of a comment.  reason: why it is held */

typedef struct {
    int            state, before, done, reports;
    int64_t        moderated;
    social_str_t   reason;
} social_rule_state_t;


typedef enum {
    SOCIAL_RULE_BAN_NONE = 0,
    SOCIAL_RULE_BAN_ADDED,
    SOCIAL_RULE_BAN_LIFTED
} social_rule_ban_e;


/* social_store_rules.c */

/* resets the results of a write to "not stored" */
void social_rule_mark_lost(social_write_t *w);

/* the action that this write began is not in the log after all: later writes
 * of the request begin another one */
void social_rule_forget_act(social_write_t *w);

/* 1 if the text is not the one that the moderator was shown, as w->revision
 * says */
int social_rule_is_changed(const social_write_t *w,
    const social_rule_row_t *row);

/* may this commenter change this comment now? */
social_wrote_e social_rule_may_change(const social_write_t *w,
    const social_rule_row_t *row);

/* the state that a comment has, for changes to parts of it */
social_rule_state_t social_rule_state_of(const social_rule_row_t *row);

/* what the action of w makes of a comment; NO_COMMENT: nothing can be made */
social_wrote_e social_rule_moderate(const social_write_t *w,
    const social_rule_row_t *row, social_rule_state_t *to);

/* what an action does to the ban of a comment's writer */
social_rule_ban_e social_rule_ban(social_act_e action);

/* "approve", ...; NULL: there is no such action */
const char *social_rule_action_name(social_act_e action);

/* labels of SOCIAL_COUNT_POSTED and SOCIAL_COUNT_REPLIED; DECLINED: such a
 * comment is not counted */
int social_rule_posted_label(const social_write_t *w,
    char label[SOCIAL_LABEL_MAX]);
void social_rule_replied_label(int64_t seconds, char label[SOCIAL_LABEL_MAX]);


/* how sending notices goes: social_store.h, schema/0009.sql */

typedef struct {
    int64_t  owner, until, tries, pause, failed, clock;
} social_rule_sending_t;

/* a try has failed: how long it has failed, and when to try again */
void social_rule_sending_failed(social_rule_sending_t *sending,
    social_notices_t *n);

/* msec from now until a time; one that is more than `most` ahead is of before
 * the clock was set back, and counts as now */
int64_t social_rule_until(int64_t time, int64_t now, int64_t most);


/* social_store_search.c: what a queue is searched for */

#define SOCIAL_RULE_PATTERN  800    /* bytes of a LIKE pattern */
#define SOCIAL_RULE_HOSTS    4      /* hosts that are looked for */

typedef struct {
    social_str_t   host[SOCIAL_RULE_HOSTS];
    size_t         nhosts;
    unsigned char  hosts[SOCIAL_RULE_HOSTS][SOCIAL_RULE_PATTERN];
} social_rule_hosts_t;

/* prefix, then q with its wildcards escaped by a backslash, then "%"; "" if q
 * is empty */
social_str_t social_rule_pattern(const char *prefix, social_str_t q,
    unsigned char *buf, size_t size);

/* adds patterns of the hosts that a text links to */
void social_rule_hosts(social_rule_hosts_t *hosts, const char *text);


/* social_store_page.c: the pages of a thread, counted from the end that page 1
 * has */

typedef struct {
    uint32_t  limit;                /* comments on a page */
    uint32_t  page;
    uint32_t  n;                    /* on this page so far */
    size_t    bytes;
} social_rule_pages_t;

/* the page of the next comment */
uint32_t social_rule_pages_add(social_rule_pages_t *pages, size_t size);

/* cuts an excerpt at SOCIAL_EXCERPT bytes, between characters */
void social_rule_excerpt(char *text);


/* social_store_span.c: spans of time */

#define SOCIAL_SPAN_STEPS  3

extern const int64_t  social_span_steps[SOCIAL_SPAN_STEPS];

/* the start of the span of `step` that has the time */
int64_t social_span_floor(int64_t at, int64_t step);

/* the start of a span that is kept; kept: spans of each step that begin before
 * may be gone */
int64_t social_span_bound(int64_t at, const int64_t *kept);

/*
 * Calls handler for as few consecutive ranges of spans as cover [from, to),
 * which are bounds: large spans in the middle, small ones at the ends.  None
 * is larger than `largest`, unless it is all that is left.
 */
typedef void (*social_span_pt)(void *data, int64_t step, int64_t from,
    int64_t to);

void social_span_each(const int64_t *kept, int64_t from, int64_t to,
    int64_t largest, social_span_pt handler, void *data);


/* social_store_series.c: counters of an article or the site.  SOCIAL_ERROR: no
 * memory */

/* adds to a counter, with label or without */
int social_series_count(social_article_t *a, int kind, const char *label,
    int64_t value);
void social_series_sort_labels(social_article_t *a);

/* figures, whose articles are in the order of row numbers, and the place of the
 * one that was found last */

typedef struct {
    social_period_t  *figures;
    size_t            at;
} social_series_numbers_t;

/* data: social_series_numbers_t; adds to a counter without label, if there is
 * such an article and such a kind */
void social_series_number(void *data, int64_t article, int kind,
    int64_t value);

/* an empty series that covers [from, to), which are bounds; its steps begin at
 * the UTC hour, or the UTC day, that has `from` */
int social_series_make(int64_t from, int64_t to, int64_t step, size_t ngoals,
    social_series_t *series);

/* adds a counter to the step of a series that has the time `start` */
void social_series_add(social_series_t *series, const char *const *goals,
    int64_t start, int kind, const char *label, int64_t value);


#endif /* SOCIAL_STORE_RULES_H_INCLUDED */
