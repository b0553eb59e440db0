
/*
 * The smallest TAP producer: ok(), is_int(), is_str(), and done() at the end.
 * A unit test is one program, t/unit/NAME.c, run by prove.
 */

#ifndef UNIT_H_INCLUDED
#define UNIT_H_INCLUDED


#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


static int  unit_count, unit_failed;


__attribute__((unused, format(printf, 2, 3)))
static int
ok(int good, const char *fmt, ...)
{
    va_list  args;

    unit_count++;

    if (!good) {
        unit_failed++;
    }

    printf("%sok %d - ", good ? "" : "not ", unit_count);
    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    printf("\n");
    fflush(stdout);

    return good;
}


__attribute__((unused))
static int
is_int(int64_t got, int64_t want, const char *what)
{
    int  good = (got == want);

    ok(good, "%s", what);

    if (!good) {
        printf("#   got %" PRId64 ", want %" PRId64 "\n", got, want);
    }

    return good;
}


__attribute__((unused))
static int
is_str(const char *got, const char *want, const char *what)
{
    int  good = (got && want) ? strcmp(got, want) == 0 : got == want;

    ok(good, "%s", what);

    if (!good) {
        printf("#   got  \"%s\"\n#   want \"%s\"\n", got ? got : "(null)",
               want ? want : "(null)");
    }

    return good;
}


__attribute__((unused))
static int
done(void)
{
    printf("1..%d\n", unit_count);

    return unit_failed ? 1 : 0;
}


#endif /* UNIT_H_INCLUDED */
