
/*
 * Calendar time.  Owns nothing, allocates nothing.  Runs anywhere.
 */

#include <stdio.h>

#include "social_time.h"


#define SOCIAL_TIME_END  253402300799       /* 9999-12-31T23:59:59Z */


static const char *const  social_time_months[] = {
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December"
};


/*
 * Days into a date with years that begin on 1 March, so that a leap day is
 * the last one of its year: H. Hinnant, "chrono-compatible low-level date
 * algorithms", civil_from_days.
 */

void
social_time_split(social_time_t *tm, int64_t seconds)
{
    int  days, rest, era, doe, yoe, doy, mp;

    if (seconds < 0) {
        seconds = 0;
    }

    if (seconds > SOCIAL_TIME_END) {
        seconds = SOCIAL_TIME_END;
    }

    days = (int) (seconds / 86400);
    rest = (int) (seconds % 86400);

    tm->weekday = (days + 4) % 7;
    tm->hour = rest / 3600;
    tm->minute = rest / 60 % 60;
    tm->second = rest % 60;

    days += 719468;                             /* since 0000-03-01 */
    era = days / 146097;
    doe = days % 146097;
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    mp = (5 * doy + 2) / 153;

    tm->day = doy - (153 * mp + 2) / 5 + 1;
    tm->month = mp < 10 ? mp + 3 : mp - 9;
    tm->year = yoe + era * 400 + (tm->month <= 2);
}


void
social_time_rfc3339(char out[SOCIAL_TIME_LEN], int64_t seconds)
{
    social_time_t  tm;

    social_time_split(&tm, seconds);

    /* the remainders only tell the compiler what the ranges are */

    (void) snprintf(out, SOCIAL_TIME_LEN, "%04u-%02u-%02uT%02u:%02u:%02uZ",
                    (unsigned) tm.year % 10000, (unsigned) tm.month % 100,
                    (unsigned) tm.day % 100, (unsigned) tm.hour % 100,
                    (unsigned) tm.minute % 100, (unsigned) tm.second % 100);
}


void
social_time_text(char out[SOCIAL_TIME_TEXT], int64_t seconds,
    const char *const *months)
{
    social_time_t  tm;

    social_time_split(&tm, seconds);

    if (months == NULL) {
        months = social_time_months;
    }

    /* no language has a month of 40 bytes; a cut one stays inside out */

    (void) snprintf(out, SOCIAL_TIME_TEXT, "%d %.40s %d, %02d:%02d UTC",
                    tm.day, months[tm.month - 1], tm.year, tm.hour,
                    tm.minute);
}
