
/*
 * Times as text: writes RFC 3339 in UTC, reads ISO 8601.  Times are seconds
 * since 1970 UTC without leap seconds.  Does not use libc's time functions,
 * which read the time zone of the environment.  Pure; any thread.
 */

#ifndef SOCIAL_TIME_H_INCLUDED
#define SOCIAL_TIME_H_INCLUDED


#include "social.h"


#define SOCIAL_TIME_LEN  20     /* 2024-02-29T23:59:59Z */
#define SOCIAL_DAY       86400


/* SOCIAL_TIME_LEN bytes and a NUL; years outside 0-9999 become 0 or 9999 */
void social_time_format(int64_t t, char buf[SOCIAL_TIME_LEN + 1]);

/*
 * Accepts 2024-02-29, 2024-02-29T23:59, with seconds, with a fraction (which
 * is dropped), zone Z, +hh:mm, +hhmm or +hh; no zone means UTC; a space may
 * replace the T.  DECLINED for anything else and for days that do not exist.
 */
int social_time_parse(const unsigned char *data, size_t len, int64_t *t);

/* the Gregorian date of a number of days since 1970-01-01 */
void social_time_date(int64_t days, int64_t *year, unsigned *month,
    unsigned *day);


#endif /* SOCIAL_TIME_H_INCLUDED */
