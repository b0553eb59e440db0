
/*
 * Unix seconds as calendar time in UTC, without libc's time zones and their
 * lock.  Pure; any thread.
 */

#ifndef SOCIAL_TIME_H_INCLUDED
#define SOCIAL_TIME_H_INCLUDED


#include "social.h"


#define SOCIAL_TIME_LEN   sizeof("9999-12-31T23:59:59Z")   /* with its NUL */
#define SOCIAL_TIME_TEXT  80                               /* with its NUL */


typedef struct {
    int  year, month, day;          /* month and day from 1 */
    int  hour, minute, second;
    int  weekday;                   /* 0: Sunday */
} social_time_t;


/* outside the years 1970 to 9999: the nearest moment inside */
void social_time_split(social_time_t *tm, int64_t seconds);

/* RFC 3339: 2026-11-22T03:52:00Z */
void social_time_rfc3339(char out[SOCIAL_TIME_LEN], int64_t seconds);

/* for people: 22 November 2026, 03:52 UTC.  months: twelve names in UTF-8,
 * NULL: the English ones */
void social_time_text(char out[SOCIAL_TIME_TEXT], int64_t seconds,
    const char *const *months);


#endif /* SOCIAL_TIME_H_INCLUDED */
