
/*
 * Strict, bounded parsing of JSON from clients.  The only header that includes
 * cJSON.  The tree belongs to the caller: cJSON_Delete().  Any thread.
 */

#ifndef SOCIAL_JSON_H_INCLUDED
#define SOCIAL_JSON_H_INCLUDED


#include "social.h"

#include <cjson/cJSON.h>


#define SOCIAL_JSON_DEPTH    16     /* levels of nested arrays and objects */
#define SOCIAL_JSON_MEMBERS  64     /* members of an object */
#define SOCIAL_JSON_VALUES   4096   /* values in a document */


typedef enum {
    SOCIAL_JSON_OK = 0,
    SOCIAL_JSON_MISSING,            /* absent, or null */
    SOCIAL_JSON_TYPE                /* present, but of another type */
} social_json_e;


/*
 * Accepts exactly RFC 8259: UTF-8 without a BOM, no NUL (nor \u0000), no lone
 * surrogates, no duplicate members, nothing after the value.  On failure NULL,
 * and *error is a constant sentence for the client, or NULL if memory ran out.
 */
cJSON *social_json_parse(const unsigned char *data, size_t len,
    const char **error);

/* The value of a member of obj.  MISSING if obj is NULL or not an object.  The
 * text belongs to the tree. */
social_json_e social_json_string(const cJSON *obj, const char *name,
    social_str_t *value);

/* a string, or an array of at most max strings; TYPE if there are more */
social_json_e social_json_strings(const cJSON *obj, const char *name,
    social_str_t *values, size_t max, size_t *n);


#endif /* SOCIAL_JSON_H_INCLUDED */
