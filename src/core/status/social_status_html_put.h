
/*
 * What social_status_html.c writes with; no other file may include it.
 */

#ifndef SOCIAL_STATUS_HTML_PUT_H_INCLUDED
#define SOCIAL_STATUS_HTML_PUT_H_INCLUDED


#include "social_status_state.h"


#define SOCIAL_STATUS_HTML_LINK  16384         /* bytes of a URL */
#define SOCIAL_STATUS_HTML_WORD  64            /* bytes of a number in words */


/* members of an object; NAN, "" or NULL if they are missing */
double social_status_html_value(const cJSON *obj, const char *name);
const char *social_status_html_text(const cJSON *obj, const char *name);
const cJSON *social_status_html_list(const cJSON *doc, const char *name);

/* 1234567 becomes 1,234,567; NAN becomes a dash */
void social_status_html_number(char out[SOCIAL_STATUS_HTML_WORD], double value);
void social_status_html_put(social_status_t *st, cJSON *obj, const char *name,
    double value);

/* a fraction: "3 of 30" */
void social_status_html_fraction(social_status_t *st, cJSON *obj,
    const char *name, double k, double n);

/* "100 per 1,000 readers", or "" if there are too few readers for a rate */
void social_status_html_rate(social_status_t *st, cJSON *obj, const char *name,
    double rate, double readers);

/* adds "href", a link to this page with other parameters: NULL keeps a
 * parameter, "" drops it */
void social_status_html_link(social_status_t *st, cJSON *obj,
    const char *period, const char *sort, const char *dir, const char *article,
    int64_t page);


#endif /* SOCIAL_STATUS_HTML_PUT_H_INCLUDED */
