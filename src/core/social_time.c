
/*
 * Times as text.  Owns the calendar.  Must not ask for the current time.  Any
 * thread.
 */

#include "social_time.h"


#define SOCIAL_TIME_MIN  INT64_C(-62167219200)  /* 0000-01-01T00:00:00Z */
#define SOCIAL_TIME_MAX  INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */


/* both by Howard Hinnant, "chrono-compatible low-level date algorithms": years
 * begin in March, so a leap day is the last day of its year, and the calendar
 * repeats every 400 years or 146097 days */

static int64_t
social_time_days(int64_t year, unsigned month, unsigned day)
{
    int64_t  era, yoe, doy;

    year -= (month <= 2);
    era = (year >= 0 ? year : year - 399) / 400;
    yoe = year - era * 400;
    doy = (153 * (int64_t) (month > 2 ? month - 3 : month + 9) + 2) / 5
          + day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}


void
social_time_date(int64_t days, int64_t *year, unsigned *month, unsigned *day)
{
    int64_t  era, doe, yoe, doy, mp;

    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    doe = days - era * 146097;
    yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    mp = (5 * doy + 2) / 153;

    *day = (unsigned) (doy - (153 * mp + 2) / 5 + 1);
    *month = (unsigned) (mp < 10 ? mp + 3 : mp - 9);
    *year = yoe + era * 400 + (*month <= 2);
}


static char *
social_time_put(char *p, unsigned n, unsigned width, char behind)
{
    unsigned  i;

    for (i = width; i > 0; i--) {
        p[i - 1] = (char) ('0' + n % 10);
        n /= 10;
    }

    p[width] = behind;

    return p + width + 1;
}


void
social_time_format(int64_t t, char buf[SOCIAL_TIME_LEN + 1])
{
    char      *p;
    int64_t    days, year;
    unsigned   month, day, seconds;

    t = (t < SOCIAL_TIME_MIN) ? SOCIAL_TIME_MIN : t;
    t = (t > SOCIAL_TIME_MAX) ? SOCIAL_TIME_MAX : t;

    days = (t >= 0 ? t : t - (SOCIAL_DAY - 1)) / SOCIAL_DAY;
    seconds = (unsigned) (t - days * SOCIAL_DAY);

    social_time_date(days, &year, &month, &day);

    p = social_time_put(buf, (unsigned) year, 4, '-');
    p = social_time_put(p, month, 2, '-');
    p = social_time_put(p, day, 2, 'T');
    p = social_time_put(p, seconds / 3600, 2, ':');
    p = social_time_put(p, seconds / 60 % 60, 2, ':');
    p = social_time_put(p, seconds % 60, 2, 'Z');

    *p = '\0';
}


/* value of exactly n digits, or -1 */

static int
social_time_digits(const unsigned char **p, const unsigned char *end, size_t n)
{
    int  value;

    if ((size_t) (end - *p) < n) {
        return -1;
    }

    for (value = 0; n; n--, (*p)++) {

        if (**p < '0' || **p > '9') {
            return -1;
        }

        value = value * 10 + (**p - '0');
    }

    return value;
}


static int
social_time_skip(const unsigned char **p, const unsigned char *end,
    unsigned char c)
{
    if (*p < end && **p == c) {
        (*p)++;
        return 1;
    }

    return 0;
}


static int
social_time_parse_date(const unsigned char **p, const unsigned char *end,
    int64_t *days)
{
    int                         year, month, day, most;
    static const unsigned char  last[] = { 31, 28, 31, 30, 31, 30,
                                           31, 31, 30, 31, 30, 31 };

    year = social_time_digits(p, end, 4);

    if (year < 0 || !social_time_skip(p, end, '-')) {
        return SOCIAL_DECLINED;
    }

    month = social_time_digits(p, end, 2);

    if (month < 1 || month > 12 || !social_time_skip(p, end, '-')) {
        return SOCIAL_DECLINED;
    }

    day = social_time_digits(p, end, 2);
    most = last[month - 1] + (month == 2 && year % 4 == 0
                              && (year % 100 || year % 400 == 0));

    if (day < 1 || day > most) {
        return SOCIAL_DECLINED;
    }

    *days = social_time_days(year, (unsigned) month, (unsigned) day);

    return SOCIAL_OK;
}


/* hh:mm[:ss[.fraction]]; a leap second is the first second of the next
 * minute */

static int
social_time_parse_clock(const unsigned char **p, const unsigned char *end,
    int64_t *seconds)
{
    int  hour, minute, second;

    hour = social_time_digits(p, end, 2);

    if (hour < 0 || hour > 23 || !social_time_skip(p, end, ':')) {
        return SOCIAL_DECLINED;
    }

    minute = social_time_digits(p, end, 2);

    if (minute < 0 || minute > 59) {
        return SOCIAL_DECLINED;
    }

    second = 0;

    if (social_time_skip(p, end, ':')) {

        second = social_time_digits(p, end, 2);

        if (second < 0 || second > 60) {
            return SOCIAL_DECLINED;
        }

        if (social_time_skip(p, end, '.') || social_time_skip(p, end, ',')) {

            if (social_time_digits(p, end, 1) < 0) {
                return SOCIAL_DECLINED;
            }

            while (*p < end && **p >= '0' && **p <= '9') {
                (*p)++;
            }
        }
    }

    *seconds = hour * 3600 + minute * 60 + second;

    return SOCIAL_OK;
}


static int
social_time_parse_zone(const unsigned char **p, const unsigned char *end,
    int64_t *offset)
{
    int  sign, hours, minutes;

    *offset = 0;

    if (*p == end || social_time_skip(p, end, 'Z')
        || social_time_skip(p, end, 'z'))
    {
        return SOCIAL_OK;
    }

    if (social_time_skip(p, end, '+')) {
        sign = 1;

    } else if (social_time_skip(p, end, '-')) {
        sign = -1;

    } else {
        return SOCIAL_DECLINED;
    }

    hours = social_time_digits(p, end, 2);
    minutes = 0;

    if (social_time_skip(p, end, ':') || *p < end) {
        minutes = social_time_digits(p, end, 2);
    }

    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
        return SOCIAL_DECLINED;
    }

    *offset = sign * (hours * 3600 + minutes * 60);

    return SOCIAL_OK;
}


int
social_time_parse(const unsigned char *data, size_t len, int64_t *t)
{
    int64_t               days, seconds, offset;
    const unsigned char  *p, *end;

    p = data;
    end = len ? data + len : data;
    seconds = 0;
    offset = 0;

    if (social_time_parse_date(&p, end, &days) != SOCIAL_OK) {
        return SOCIAL_DECLINED;
    }

    if (p < end) {

        if ((*p != 'T' && *p != 't' && *p != ' ')) {
            return SOCIAL_DECLINED;
        }

        p++;

        if (social_time_parse_clock(&p, end, &seconds) != SOCIAL_OK
            || social_time_parse_zone(&p, end, &offset) != SOCIAL_OK
            || p != end)
        {
            return SOCIAL_DECLINED;
        }
    }

    *t = days * SOCIAL_DAY + seconds - offset;

    return SOCIAL_OK;
}
