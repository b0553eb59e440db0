
/*
 * JSON in pieces: elements of arrays, or lines.  Of each element only the
 * members that are asked for are looked at: a comment may have ten thousand
 * votes.
 */

#ifndef SOCIAL_TOOL_IMPORT_JSON_H_INCLUDED
#define SOCIAL_TOOL_IMPORT_JSON_H_INCLUDED


#include "social_tool_import.h"


#define SOCIAL_TOOL_JSON_DEPTH   64
#define SOCIAL_TOOL_JSON_MEMBER  (4 << 20)      /* bytes of an element */


/*
 * An element: its text, and room for decoded strings.  A string that was got is
 * valid until the next element.
 */

typedef struct {
    social_str_t   text;
    int64_t        line;            /* where it begins */
    social_out_t   strings[48];     /* by the order of gets */
    size_t         nstrings;
} social_tool_json_t;


/* the value of a member as text: a string decoded, a number or true, false as
 * it is; len 0: absent, null, or another kind.  path: "user.name" for one in an
 * object.  Bad escapes become U+FFFD, \u0000 a space */
social_str_t social_tool_json_get(social_tool_json_t *json, const char *path);

int social_tool_json_is_true(social_tool_json_t *json, const char *path);

/* a time of RFC 3339; 0: none, or before 1970 */
int64_t social_tool_json_time(social_tool_json_t *json, const char *path);


/* array: the name of the array, "" for a line */
typedef void (*social_tool_json_pt)(void *data, const char *array,
    social_tool_json_t *json);

/* elements of the arrays of the outermost object that are named in arrays,
 * which ends with NULL, in the order of the file */
social_tool_exit_e social_tool_json_arrays(social_tool_plan_t *plan,
    const char *path, const char *what, const char *const *arrays,
    social_tool_json_pt handler, void *data);

/* lines, each an object */
social_tool_exit_e social_tool_json_lines(social_tool_plan_t *plan,
    const char *path, const char *what, social_tool_json_pt handler,
    void *data);


#endif /* SOCIAL_TOOL_IMPORT_JSON_H_INCLUDED */
