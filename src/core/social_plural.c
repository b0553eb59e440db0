
/*
 * CLDR's plural rules of the built-in languages, for whole numbers: its rules
 * for fractions and for "1.2M" are left out.  Must not know any text.  Any
 * thread.
 */

#include <string.h>

#include "social_plural.h"


const char *const  social_plural_forms[] = {
    "zero", "one", "two", "few", "many", "other", NULL
};


typedef const char *(*social_plural_pt)(int64_t n);


typedef struct {
    const char        *tag;
    social_plural_pt   rule;
} social_plural_row_t;


/* English, German, Dutch, Turkish */

static const char *
social_plural_one(int64_t n)
{
    return n == 1 ? "one" : "other";
}


/* whole millions: "1 000 000 de commentaires" */

static int
social_plural_is_million(int64_t n)
{
    return n != 0 && n % 1000000 == 0;
}


/* Spanish, Italian */

static const char *
social_plural_romance(int64_t n)
{
    return social_plural_is_million(n) ? "many" : social_plural_one(n);
}


/* French, Portuguese: no thing is one thing */

static const char *
social_plural_zero_is_one(int64_t n)
{
    return n == 0 ? "one" : social_plural_romance(n);
}


/* 2 to 4, 22 to 24, but not 12 to 14 */

static int
social_plural_is_few(int64_t n)
{
    return n % 10 >= 2 && n % 10 <= 4 && n % 100 / 10 != 1;
}


static const char *
social_plural_polish(int64_t n)
{
    return n == 1 ? "one" : social_plural_is_few(n) ? "few" : "many";
}


/* Russian, Ukrainian: 21 is like 1 */

static const char *
social_plural_east_slavic(int64_t n)
{
    return n % 10 == 1 && n % 100 != 11 ? "one"
           : social_plural_is_few(n) ? "few" : "many";
}


static const char *
social_plural_arabic(int64_t n)
{
    if (n <= 2) {
        return n == 0 ? "zero" : n == 1 ? "one" : "two";
    }

    n %= 100;

    return n < 3 ? "other" : n <= 10 ? "few" : "many";
}


/* Japanese, Chinese, Korean */

static const char *
social_plural_none(int64_t n)
{
    (void) n;

    return "other";
}


static const social_plural_row_t  social_plural_rows[] = {
    { "ar", social_plural_arabic },
    { "es", social_plural_romance },
    { "fr", social_plural_zero_is_one },
    { "it", social_plural_romance },
    { "ja", social_plural_none },
    { "ko", social_plural_none },
    { "pl", social_plural_polish },
    { "pt", social_plural_zero_is_one },
    { "ru", social_plural_east_slavic },
    { "uk", social_plural_east_slavic },
    { "zh", social_plural_none }
};


const char *
social_plural(const char *tag, int64_t n)
{
    size_t  i;

    for (i = 0; i < social_nelts(social_plural_rows); i++) {
        if (strcmp(social_plural_rows[i].tag, tag) == 0) {
            return social_plural_rows[i].rule(n);
        }
    }

    return social_plural_one(n);
}
