
/*
 * The words of a language: texts by name, plural forms, dates.  Read from
 * src/assets/lang/TAG.json at start; read-only from then on, so any thread may
 * use them.
 */

#ifndef SOCIAL_LANGUAGE_H_INCLUDED
#define SOCIAL_LANGUAGE_H_INCLUDED


#include "social_json.h"
#include "social_out.h"


#define SOCIAL_LANGUAGE_MAX   16    /* built-in languages */
#define SOCIAL_LANGUAGE_DATE  160   /* bytes of a date in words, with its NUL */


typedef struct {
    const char  *tag;   /* BCP 47, such as "en" */
    cJSON       *strings;
    const char  *months[12];
    const char  *date;  /* with {day}, {month}, {year} and {time} */
} social_language_t;


/*
 * SOCIAL_DECLINED: not JSON, or there are not twelve months and a date.  The
 * strings belong to the caller (cJSON_Delete) in any case.
 */
int social_language_read(social_language_t *language, const char *tag,
    const unsigned char *source, size_t len);

/*
 * The index for a BCP 47 tag: "pt-BR" finds "pt", and Traditional Chinese
 * ("zh-TW") the Simplified that its readers know.  0, the first, if there is
 * none.
 */
unsigned social_language_find(const social_language_t *languages, size_t n,
    const char *tag, size_t len);

/* the text of that name, "" if there is none */
const char *social_language_text(const social_language_t *language,
    const char *name);

/* the text NAME_FORM, such as comments_few, "" if the language has none */
const char *social_language_form(const social_language_t *language,
    const char *name, const char *form);

/*
 * Appends the form of a text that n needs, with n for {n}; UTF-8, not escaped.
 * n is not negative.
 */
void social_language_count(const social_language_t *language, const char *name,
    int64_t n, social_out_t *out);

/*
 * Writes date and time in UTC, cut if they are longer; NULL is English.
 * seconds are of 1970 to 9999, and brought there if they are not.
 */
void social_language_date(const social_language_t *language, int64_t seconds,
    char date[SOCIAL_LANGUAGE_DATE]);


#endif /* SOCIAL_LANGUAGE_H_INCLUDED */
