
/*
 * Times as text: RFC 3339 in UTC out, ISO 8601 dates in.  Times are seconds
 * since 1970 UTC without leap seconds.  No libc time functions: those read the
 * environment's time zone.
 */

#ifndef SOCIAL_TIME_H_INCLUDED
#define SOCIAL_TIME_H_INCLUDED


#include "social.h"


#define SOCIAL_TIME_LEN  20             /* 2024-02-29T23:59:59Z */
#define SOCIAL_DAY       86400


/* SOCIAL_TIME_LEN bytes and a NUL; years outside 0-9999 become the nearest */
void social_time_format(int64_t t, char buf[SOCIAL_TIME_LEN + 1]);

/*
 * 2024-02-29, 2024-02-29T23:59, with seconds, with a fraction (dropped); zone
 * Z, +hh:mm, +hhmm, +hh; none means UTC; a space may stand for the T.
 * DECLINED for everything else and for days that do not exist.
 */
int social_time_parse(const unsigned char *data, size_t len, int64_t *t);

/* a date of the Gregorian calendar, of days since 1970-01-01 */
void social_time_date(int64_t days, int64_t *year, unsigned *month,
    unsigned *day);


#endif /* SOCIAL_TIME_H_INCLUDED */
