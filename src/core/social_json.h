
/*
 * JSON from other people, bounded and strict, and the one place that includes
 * cJSON.  The tree belongs to the caller: cJSON_Delete().
 */

#ifndef SOCIAL_JSON_H_INCLUDED
#define SOCIAL_JSON_H_INCLUDED


#include "social.h"

#include <cjson/cJSON.h>


#define SOCIAL_JSON_DEPTH    16     /* arrays and objects within each other */
#define SOCIAL_JSON_MEMBERS  64     /* of one object */
#define SOCIAL_JSON_VALUES   4096   /* of a document */


typedef enum {
    SOCIAL_JSON_OK = 0,
    SOCIAL_JSON_MISSING,            /* not there, or null */
    SOCIAL_JSON_TYPE                /* there, but something else */
} social_json_e;


/*
 * RFC 8259 to the letter: UTF-8 without a BOM, no NUL (nor \u0000), no lone
 * surrogates, no member twice, nothing behind the value.  On failure NULL, and
 * *error is a constant sentence for the client, or NULL for no memory.
 */
cJSON *social_json_parse(const unsigned char *data, size_t len,
    const char **error);

/* the value of a member of obj, which may be NULL or no object (MISSING);
 * text stays the tree's */
social_json_e social_json_string(const cJSON *obj, const char *name,
    social_str_t *value);

/* a string, or an array of at most max strings (TYPE: one more) */
social_json_e social_json_strings(const cJSON *obj, const char *name,
    social_str_t *values, size_t max, size_t *n);


#endif /* SOCIAL_JSON_H_INCLUDED */
