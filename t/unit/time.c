
/* social_time: formats RFC 3339, parses ISO 8601 */

#include "unit.h"
#include "social_time.h"

#include <time.h>


static void
format(int64_t t, const char *want)
{
    char  buf[SOCIAL_TIME_LEN + 1];

    social_time_format(t, buf);
    is_str(buf, want, want);
}


static void
parse(const char *in, const char *want)
{
    int64_t  t;
    char     buf[SOCIAL_TIME_LEN + 1];

    if (social_time_parse((const unsigned char *) in, strlen(in), &t)
        == SOCIAL_OK)
    {
        social_time_format(t, buf);
        is_str(buf, want, in);

    } else {
        is_str(NULL, want, in);
    }
}


/* every 1.7 days of 9999 years: formatted as libc does, and parsed again */

static void
round_trip(void)
{
    time_t     libc;
    int64_t    t, back;
    char       buf[SOCIAL_TIME_LEN + 1], ref[64];
    unsigned   wrong;
    struct tm  tm;

    wrong = 0;

    for (t = INT64_C(-62167219200); t <= INT64_C(253402300799); t += 146881) {

        social_time_format(t, buf);
        libc = (time_t) t;
        gmtime_r(&libc, &tm);
        snprintf(ref, sizeof(ref), "%04d-%02d-%02dT%02d:%02d:%02dZ",
                 tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour,
                 tm.tm_min, tm.tm_sec);

        wrong += (strcmp(buf, ref) != 0);
        wrong += (social_time_parse((unsigned char *) buf, SOCIAL_TIME_LEN,
                                    &back) != SOCIAL_OK || back != t);
    }

    is_int(wrong, 0, "the same as libc from year 0 to 9999");
}


int
main(void)
{
    round_trip();

    format(0, "1970-01-01T00:00:00Z");
    format(-1, "1969-12-31T23:59:59Z");
    format(1709251199, "2024-02-29T23:59:59Z");
    format(INT64_MIN, "0000-01-01T00:00:00Z");
    format(INT64_MAX, "9999-12-31T23:59:59Z");

    parse("2024-02-29", "2024-02-29T00:00:00Z");
    parse("2024-02-29T12:30", "2024-02-29T12:30:00Z");
    parse("2024-02-29T12:30:15Z", "2024-02-29T12:30:15Z");
    parse("2024-02-29t12:30:15z", "2024-02-29T12:30:15Z");
    parse("2024-02-29 12:30:15", "2024-02-29T12:30:15Z");
    parse("2024-02-29T12:30:15.123456Z", "2024-02-29T12:30:15Z");
    parse("2024-02-29T00:30:00+01:00", "2024-02-28T23:30:00Z");
    parse("2024-02-29T23:30:00-0530", "2024-03-01T05:00:00Z");
    parse("2024-02-29T23:30-05", "2024-03-01T04:30:00Z");
    parse("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z");
    parse("2000-02-29", "2000-02-29T00:00:00Z");

    parse("", NULL);
    parse("2023-02-29", NULL);
    parse("1900-02-29", NULL);
    parse("2024-00-01", NULL);
    parse("2024-13-01", NULL);
    parse("2024-04-31", NULL);
    parse("2024-04-00", NULL);
    parse("2024-4-1", NULL);
    parse("2024-04", NULL);
    parse("24-04-01", NULL);
    parse("2024-04-01T", NULL);
    parse("2024-04-01T24:00", NULL);
    parse("2024-04-01T12:60", NULL);
    parse("2024-04-01T12:00:61", NULL);
    parse("2024-04-01T12:00:00.", NULL);
    parse("2024-04-01T12:00:00X", NULL);
    parse("2024-04-01T12:00:00+", NULL);
    parse("2024-04-01T12:00:00+1", NULL);
    parse("2024-04-01T12:00:00+24:00", NULL);
    parse("2024-04-01T12:00:00+01:", NULL);
    parse("2024-04-01T12:00:00+01:00x", NULL);
    parse("2024-04-01x", NULL);
    parse("-024-04-01", NULL);
    parse(" 2024-04-01", NULL);

    return done();
}
