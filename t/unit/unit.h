
/*
 * Unit tests: ok(), is_int(), is_str(), and done() at the end, print TAP.
 *
 * A test is one program, t/unit/NAME.c, of the file social_NAME.c and of the
 * files whose names continue it: conversation.c tests social_conversation.c and
 * social_conversation_figures.c, status.c all of src/core/status.  Those of
 * other names say at the head what they test:
 *
 *   chain         the filter room of src/http, between models of its neighbours
 *   core_fault    failing allocations in the core; all that renders
 *   html_work     the cost of src/core/html
 *   markdown      also social_link.c and social_prose.c
 *   markdown_work  the cost of src/core/markdown
 *   network       also social_url.c
 *   template_spec  also social_template.c: the mustache specification
 *   zone          the zone room of src/http, between stand-ins of nginx
 *   store_*       src/store, together with store.c: one file for each subject
 *
 * make unit runs them all, make unit-NAME one.
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
