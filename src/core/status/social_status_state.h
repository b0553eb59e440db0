
/*
 * What the files of the status share; no other file may include it.
 *
 *   social_status_period.c    periods and steps
 *   social_status_rows.c      figures -> rows, one per article, and the site's
 *   social_status_list.c      which rows, in which order
 *   social_status_ask.c       what to read of the rows that are shown
 *   social_status_json.c      members of the document
 *   social_status_sentence.c  the sentence
 *   social_status_inbox.c     the comments that wait, first words
 *   social_status_alarms.c    alarms
 *   social_status_networks.c  networks, sources
 *   social_status_people.c    people, authors
 *   social_status_series.c    series, sparklines, the period before
 *   social_status_article.c   an article, its own page
 *   social_status_health.c    health, thresholds
 *   social_status_feed.c      tag, week and gauges for other formats
 *   social_status_public.c    what a public document does not tell
 *   social_status.c           the document
 *   social_status_html*.c     the document in words
 *   social_status_openmetrics.c  counters and gauges for Prometheus
 *   social_status_chart.c     paths of charts
 */

#ifndef SOCIAL_STATUS_STATE_H_INCLUDED
#define SOCIAL_STATUS_STATE_H_INCLUDED


#include "social_conversation.h"
#include "social_out.h"
#include "social_status.h"


/*
 * An article, or the site, in the period: only what all rows are looked at for.
 * There may be very many, and memory that is touched for the first time takes
 * longer than all that is computed, so a row is short; social_status_figures()
 * computes the rest for those that are shown.
 */

typedef struct {
    const social_article_t  *article;
    int64_t                  since;         /* published, or first seen */
    int64_t                  views;
    int64_t                  shares;
    double                   rank;
    uint32_t                 first, last;   /* messages */
    uint32_t                 stats;         /* index in all_stats */
    uint8_t                  class;         /* social_article_class_e */
    unsigned                 published:1;   /* in the period */
    unsigned                 acted:1;       /* readers did more than read */
} social_status_row_t;


/* all figures of a row; rates 0/0 are NAN */

typedef struct {
    const social_status_row_t          *row;
    const social_conversation_stats_t  *stats;
    social_evidence_t                   evidence;
    int64_t                             unconfirmed;
    int64_t                             listeners;
    double                              conversation_rate;
    double                              listening_rate;
    double                              amplification_rate;
    double                              applause_rate;
    double                              passive_share;
    double                              broadcast_ratio;
    unsigned                            suspect:1;      /* denominator */
} social_status_figures_t;


/* a number of a row: where it is stored and how it is shown; articles can be
 * sorted by it */

typedef enum {
    SOCIAL_STATUS_IN_ROW = 0,
    SOCIAL_STATUS_IN_FIGURES,
    SOCIAL_STATUS_IN_STATS
} social_status_in_e;

typedef struct {
    const char          *name;
    uint8_t              people;    /* counts people or what they did */
    uint8_t              rate;      /* a double, else an int64_t */
    social_status_in_e   in;
    size_t               offset;
} social_status_field_t;


/* a comment that waits for an answer */

typedef struct {
    int64_t                       created;
    size_t                        message;
    const social_article_t       *article;
} social_status_waiting_t;


#define SOCIAL_STATUS_FIELDS  40        /* at least as many as there are */


struct social_status_s {
    const social_period_t        *figures;
    const social_status_query_t  *query;
    const social_thresholds_t    *thresholds;
    social_window_t               window;
    social_conversation_t        *conv;
    social_bases_t                bases;

    social_arena_t                arena;        /* rows and all_stats */
    social_status_row_t          *rows;  /* articles, without the site */
    size_t                        nrows;
    social_conversation_stats_t  *all_stats;    /* the first are of rows that
                                                 * have no messages */
    uint32_t                      nstats;

    social_article_t              site;         /* sums; labels are sorted */
    social_status_row_t           total;
    social_conversation_stats_t   total_stats;
    int64_t                       published;    /* articles in the period */
    int64_t                       classes[SOCIAL_ARTICLE_CLASSES];

    /* a public document has no cell below these, by field */
    int64_t                       cells[SOCIAL_STATUS_FIELDS];

    /* the series of the site and of articles */
    int64_t                       series_from, series_to, step;
    int64_t                       asked_to;     /* the end of the day, as the
                                                 * store may not know the parts
                                                 * of an hour */

    /* what is shown: the list is followed by the article that was asked for,
     * if it is not in it */
    const social_status_row_t   **list;
    size_t                        nlist, nmatch, nasked;
    const social_status_row_t    *article;
    size_t                        article_at;   /* in list */
    social_status_waiting_t      *waiting;      /* oldest first */
    size_t                        nwaiting;
    size_t                        thread;       /* first message of the
                                                 * article's that is shown */

    social_details_t              details;      /* of list; excerpts of waiting,
                                                 * then of the thread */
    int64_t                      *articles;     /* the questions in it */
    int64_t                      *comments;
    int                           asked;        /* questions so far */

    unsigned                      failed:1;     /* out of memory */
};


/* social_status_rows.c */

int social_status_open(social_status_t *st, const social_period_t *figures,
    const social_status_query_t *query);
void social_status_close(social_status_t *st);

const social_status_field_t *social_status_field(unsigned i);

/* a number of a row; social_status_number() is for many of the same row */
double social_status_value(const social_status_t *st,
    const social_status_row_t *row, const social_status_field_t *field);
double social_status_number(const social_status_figures_t *figures,
    const social_status_field_t *field);

void social_status_figures(const social_status_t *st,
    const social_status_row_t *row, social_status_figures_t *figures);
const social_conversation_stats_t *social_status_stats(
    const social_status_t *st, const social_status_row_t *row);


/* the row of an article, or NULL */
social_status_row_t *social_status_row_of(const social_status_t *st,
    const char *key);


/* social_status_list.c: the rows to show, malloc'ed; *n of *all that match.
 * NULL if there are none or if st->failed */

const social_status_row_t **social_status_list(social_status_t *st,
    size_t *n, size_t *all);
int64_t social_status_limit(const social_status_query_t *query);
int64_t social_status_page_number(const social_status_query_t *query);


/* social_status_ask.c: chooses what is shown */

int social_status_pick(social_status_t *st);

/* the labels of st->list[at]: those that were read, or those that came with the
 * figures */
const social_article_t *social_status_labels(const social_status_t *st,
    size_t at);


/* social_status_sentence.c */

void social_status_sentence(social_status_t *st, social_out_t *out);

/* "3 days"; out has at least 40 bytes */
void social_status_duration(char *out, size_t size, double seconds);


/* social_status_inbox.c */

/* finds st->waiting */
void social_status_find_waiting(social_status_t *st);
void social_status_inbox(social_status_t *st, cJSON *list);

/* adds name and text, the first words of one line; excerpt may be NULL */
void social_status_words(social_status_t *st, cJSON *obj,
    const social_excerpt_t *excerpt);


/* social_status_article.c: an article, or what an article and the site have in
 * common; "article", the page of one */

cJSON *social_status_put_article(social_status_t *st, cJSON *obj,
    size_t at);
void social_status_put_row(social_status_t *st, cJSON *obj,
    const social_status_row_t *row, const social_article_t *labels);
void social_status_article(social_status_t *st, cJSON *doc);


/* social_status_series.c: "series" of the site, or of one article; "previous"
 * of totals; "sparkline" */

void social_status_series(social_status_t *st, cJSON *obj,
    const social_status_row_t *row, const social_series_t *series);
void social_status_sparkline(social_status_t *st, cJSON *obj,
    const social_status_row_t *row, const social_series_t *series);
void social_status_previous(social_status_t *st, cJSON *totals);


/* social_status_people.c: adds "people" and "authors" */

void social_status_people(social_status_t *st, cJSON *doc);


/* social_status_health.c: adds "now", "thresholds", "health" */

void social_status_now(social_status_t *st, cJSON *doc);
void social_status_thresholds(social_status_t *st, cJSON *doc);
void social_status_health(social_status_t *st, cJSON *doc);

/* seconds by which a machine's clock is ahead of the store's, 0: it is right;
 * from social_node_t's `ahead` */
int64_t social_status_clock_off(int64_t ahead);


/* social_status_public.c */

/* fills in st->cells */
void social_status_cells(social_status_t *st);

/* 1 if a public document must not tell this number of an article */
int social_status_hidden(const social_status_t *st,
    const social_status_field_t *field, const social_status_row_t *row);

/* takes out of the document what is not public */
void social_status_public(social_status_t *st, cJSON *doc);


/* social_status_alarms.c */

void social_status_alarms(social_status_t *st, cJSON *list);


/* social_status_networks.c: adds "networks" and "sources" */

void social_status_networks(social_status_t *st, cJSON *doc);

/* a labelled counter of an article, 0 if it has none; a may be NULL */
int64_t social_status_labelled(const social_article_t *a, int kind,
    const char *label);

/* the sum of all labels of a kind */
int64_t social_status_sum(const social_article_t *a, int kind);


/* social_status_json.c: adds members to objects; sets st->failed if memory
 * runs out; obj may be NULL if it could not be made */

void social_status_json_text(social_status_t *st, cJSON *obj, const char *name,
    const char *text);
/* adds what was written to out, "" if it was too long; frees out */
void social_status_json_out(social_status_t *st, cJSON *obj, const char *name,
    social_out_t *out);
void social_status_json_int(social_status_t *st, cJSON *obj, const char *name,
    int64_t value);
void social_status_json_rate(social_status_t *st, cJSON *obj, const char *name,
    double value);
void social_status_json_null(social_status_t *st, cJSON *obj, const char *name);
void social_status_json_bool(social_status_t *st, cJSON *obj, const char *name,
    int value);
void social_status_json_time(social_status_t *st, cJSON *obj, const char *name,
    int64_t seconds);
cJSON *social_status_json_object(social_status_t *st, cJSON *obj,
    const char *name);
cJSON *social_status_json_array(social_status_t *st, cJSON *obj,
    const char *name);

/* adds an object to the end of an array */
cJSON *social_status_json_item(social_status_t *st, cJSON *array);

/* the URL of an article, with #comment-ID if id is not 0; adds no NUL */
void social_status_json_address(const social_status_t *st, social_out_t *out,
    const social_article_t *article, int64_t id);


#endif /* SOCIAL_STATUS_STATE_H_INCLUDED */
