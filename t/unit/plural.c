
/*
 * social_plural.c: the sample integers of CLDR's plurals.json, release 47, and
 * the bounds of its rules.
 */

#include "unit.h"
#include "social_plural.h"


typedef struct {
    const char  *tags;
    const char  *form;
    const char  *samples;
} row_t;


static const row_t  rows[] = {
    { "en de nl tr", "one", "1" },
    { "en de nl tr", "other", "0 2~16 100 1000 10000 100000 1000000" },

    { "es it", "one", "1" },
    { "es it", "many", "1000000 2000000 3000000 4000000 5000000 6000000" },
    { "es it", "other", "0 2~16 100 1000 10000 100000 2000 3000 1000001" },

    { "fr pt", "one", "0 1" },
    { "fr pt", "many", "1000000 2000000 3000000 4000000 5000000 6000000" },
    { "fr pt", "other", "2~17 100 1000 10000 100000 2000 3000 1000001" },

    { "pl", "one", "1" },
    { "pl", "few", "2~4 22~24 32~34 42~44 52~54 62 102 1002" },
    { "pl", "many", "0 5~19 100 1000 10000 100000 1000000 21 31 101 112~114" },

    { "ru uk", "one", "1 21 31 41 51 61 71 81 101 1001" },
    { "ru uk", "few", "2~4 22~24 32~34 42~44 52~54 62 102 1002" },
    { "ru uk", "many", "0 5~19 100 1000 10000 100000 1000000 111~114" },

    { "ar", "zero", "0" },
    { "ar", "one", "1" },
    { "ar", "two", "2" },
    { "ar", "few", "3~10 103~110 1003" },
    { "ar", "many", "11~26 111 1011 99 199" },
    { "ar", "other", "100~102 200~202 300~302 400~402 500~502 600 1000 "
      "10000 100000 1000000" },

    { "ja ko zh", "other", "0~15 100 1000 10000 100000 1000000" },

    { "xx", "one", "1" },
    { "xx", "other", "0 2 1000000 9223372036854775807" }
};


static void
check(const char *tag, const row_t *row)
{
    char        *end, what[64];
    int64_t      from, to;
    const char  *s;

    for (s = row->samples; *s; s = end + strspn(end, " ")) {
        from = strtoll(s, &end, 10);
        to = from;

        if (*end == '~') {
            to = strtoll(end + 1, &end, 10);
        }

        for ( ;; from++) {
            snprintf(what, sizeof(what), "%s: %" PRId64, tag, from);
            is_str(social_plural(tag, from), row->form, what);

            if (from == to) {
                break;
            }
        }
    }
}


int
main(void)
{
    char    tag[3];
    size_t  i, k;

    for (i = 0; i < social_nelts(rows); i++) {
        for (k = 0; k < strlen(rows[i].tags); k += 3) {
            memcpy(tag, rows[i].tags + k, 2);
            tag[2] = '\0';
            check(tag, &rows[i]);
        }
    }

    return done();
}
