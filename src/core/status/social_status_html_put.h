
/*
 * What the files social_status_html*.c share; no other file may include it.
 *
 *   social_status_html.c           which parts the page has, in their order
 *   social_status_html_time.c      periods, days, what is compared
 *   social_status_html_waits.c     what needs the owner, alarms
 *   social_status_html_tiles.c     tiles, and the way from reader to outcome
 *   social_status_html_chart.c     the chart, its table, lines beside numbers
 *   social_status_html_articles.c  the table of articles
 *   social_status_html_article.c   the page of one article
 *   social_status_html_growth.c    new people and sharers, week by week
 *   social_status_html_people.c    people, authors, networks, sources, goals
 *   social_status_html_health.c    health, classes of views, thresholds
 *   social_status_html_put.c       numbers, days and links in words
 */

#ifndef SOCIAL_STATUS_HTML_PUT_H_INCLUDED
#define SOCIAL_STATUS_HTML_PUT_H_INCLUDED


#include "social_status_state.h"


#define SOCIAL_STATUS_HTML_LINK  16384         /* bytes of a URL */
#define SOCIAL_STATUS_HTML_WORD  64            /* bytes of a number in words */
#define SOCIAL_STATUS_HTML_TEXT  512           /* bytes of a sentence */
#define SOCIAL_STATUS_HTML_DAY   11            /* 2026-11-22 and a NUL */


/* what a page is made of and for */

typedef struct {
    social_status_t   st;       /* query and failed, nothing else */
    const cJSON      *doc;
    int64_t           now;      /* when the document was made */
    char              from[SOCIAL_STATUS_HTML_DAY]; /* the days of a period */
    char              to[SOCIAL_STATUS_HTML_DAY];   /* without a name, or "" */
    unsigned          public:1; /* small counts are hidden */
} social_status_html_t;


/* a link to this page with other parameters: NULL keeps a parameter, "" drops
 * it.  Another period drops the days, and days drop the period */

typedef struct {
    const char  *period, *from, *to, *class, *q, *sort, *dir, *article;
    const char  *format;        /* NULL: this page */
    int64_t      page;          /* 0 or 1: the first */
} social_status_html_link_t;


/* members of an object; NAN, "" or NULL if they are missing */
double social_status_html_value(const cJSON *obj, const char *name);
const char *social_status_html_text(const cJSON *obj, const char *name);
const cJSON *social_status_html_member(const cJSON *obj, const char *name);
const cJSON *social_status_html_list(const cJSON *doc, const char *name);
int64_t social_status_html_seconds(const cJSON *obj, const char *name);

/* adds a sentence */
void social_status_html_say(social_status_html_t *h, cJSON *obj,
    const char *name, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* 1234567 becomes 1,234,567; NAN becomes a dash, or "fewer than 3" on a public
 * page */
void social_status_html_number(const social_status_html_t *h,
    char out[SOCIAL_STATUS_HTML_WORD], double value);
void social_status_html_put(social_status_html_t *h, cJSON *obj,
    const char *name, double value);

/* "1 reader", "3 readers" */
void social_status_html_count(const social_status_html_t *h,
    char out[SOCIAL_STATUS_HTML_WORD], double value, const char *one,
    const char *many);

/* a fraction: "3 of 30" */
void social_status_html_fraction(social_status_html_t *h, cJSON *obj,
    const char *name, double k, double n);

/* "100 per 1,000 readers", or "" if there are too few readers for a rate */
void social_status_html_rate(social_status_html_t *h, cJSON *obj,
    const char *name, double rate, double readers);

/* "22 Nov" or "22 Nov 2026"; the day as a parameter: 2026-11-22 */
void social_status_html_date(char out[SOCIAL_STATUS_HTML_WORD], int64_t time,
    int year);
void social_status_html_iso(char out[SOCIAL_STATUS_HTML_DAY], int64_t time);

/* adds a link as `name`; the second one leads to an article */
void social_status_html_link(social_status_html_t *h, cJSON *obj,
    const char *name, const social_status_html_link_t *link);
void social_status_html_link_article(social_status_html_t *h, cJSON *obj,
    const char *name, const char *key);

/* adds whether an array of obj has an element */
void social_status_html_any(social_status_html_t *h, cJSON *obj,
    const char *name, const char *array);

/* adds hidden fields for a form: all parameters but those that link has */
void social_status_html_keep(social_status_html_t *h, cJSON *obj,
    const char *name, const social_status_html_link_t *link);


/* parts of the page: each adds its members to `text` */

void social_status_html_time(social_status_html_t *h, cJSON *text);
void social_status_html_waits(social_status_html_t *h, cJSON *text);
void social_status_html_alarms(social_status_html_t *h, cJSON *text);
void social_status_html_tiles(social_status_html_t *h, cJSON *text);
void social_status_html_articles(social_status_html_t *h, cJSON *text);
void social_status_html_article(social_status_html_t *h, cJSON *text);
void social_status_html_people(social_status_html_t *h, cJSON *text);
void social_status_html_growth(social_status_html_t *h, cJSON *text);
void social_status_html_networks(social_status_html_t *h, cJSON *text);
void social_status_html_goals(social_status_html_t *h, cJSON *text);
void social_status_html_health(social_status_html_t *h, cJSON *text);

/* adds "chart" from an array of steps, or nothing if it has none */
void social_status_html_chart(social_status_html_t *h, cJSON *obj,
    const cJSON *series, const char *about);

/* adds "spark", a line through one number of each step, or nothing */
void social_status_html_spark(social_status_html_t *h, cJSON *obj,
    const cJSON *series, const char *member);

/* adds "spark" of an article: readers, and days with comments */
void social_status_html_spark_article(social_status_html_t *h, cJSON *obj,
    const cJSON *sparkline);

/* adds "funnel": from readers to outcomes; goals are a number or an object */
void social_status_html_funnel(social_status_html_t *h, cJSON *obj,
    const cJSON *from);

/* the sum of all goals of an object or a number; NAN: there is none */
double social_status_html_goal_sum(const cJSON *goals);

/* the words for a class */
const char *social_status_html_class(const char *name);

/* adds "label": a network's name, or what a source is in words */
void social_status_html_source(social_status_html_t *h, cJSON *obj,
    const char *id);


#endif /* SOCIAL_STATUS_HTML_PUT_H_INCLUDED */
