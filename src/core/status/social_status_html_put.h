
/*
 * What social_status_html.c writes with.
 */

#ifndef SOCIAL_STATUS_HTML_PUT_H_INCLUDED
#define SOCIAL_STATUS_HTML_PUT_H_INCLUDED


#include "social_status_state.h"


#define SOCIAL_STATUS_HTML_LINK  16384         /* bytes of a link */
#define SOCIAL_STATUS_HTML_WORD  64            /* bytes of a number in words */


/* of a document: NAN, "" and NULL where there is none */
double social_status_html_value(const cJSON *obj, const char *name);
const char *social_status_html_text(const cJSON *obj, const char *name);
const cJSON *social_status_html_list(const cJSON *doc, const char *name);

/* 1234567 is 1,234,567; what is unknown is a dash */
void social_status_html_number(char out[SOCIAL_STATUS_HTML_WORD], double value);
void social_status_html_put(social_status_t *st, cJSON *obj, const char *name,
    double value);

/* the raw fraction: 3 of 30 */
void social_status_html_fraction(social_status_t *st, cJSON *obj,
    const char *name, double k, double n);

/* "100 per 1,000 readers"; no rate of a handful: "" */
void social_status_html_rate(social_status_t *st, cJSON *obj, const char *name,
    double rate, double readers);

/* "href": this page with another period, order, article or page; what is NULL
 * stays, "" goes */
void social_status_html_link(social_status_t *st, cJSON *obj,
    const char *period, const char *sort, const char *dir, const char *article,
    int64_t page);


#endif /* SOCIAL_STATUS_HTML_PUT_H_INCLUDED */
