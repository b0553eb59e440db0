
/*
 * Plural forms: which of CLDR's categories a whole number takes in a language.
 * Pure; any thread.
 */

#ifndef SOCIAL_PLURAL_H_INCLUDED
#define SOCIAL_PLURAL_H_INCLUDED


#include "social.h"


/*
 * "zero", "one", "two", "few", "many" or "other", as Unicode CLDR's cardinal
 * rules have it (unicode.org/reports/tr35/tr35-numbers.html) and browsers'
 * Intl.PluralRules.  tag: of a built-in language, such as "en"; another one
 * has "one" for 1 only.  n is not negative.
 */
const char *social_plural(const char *tag, int64_t n);

/* all of them, from "zero" on; NULL at the end */
extern const char *const  social_plural_forms[];


#endif /* SOCIAL_PLURAL_H_INCLUDED */
