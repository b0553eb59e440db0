
/*
 * Parses JSON from clients.  Owns what is accepted: its own scan checks the
 * bytes before cJSON sees them, because cJSON is lenient.  Must not know what
 * the members mean.  Depth and size are bounded; time is linear, except for
 * the search for duplicate members, of which an object has at most
 * SOCIAL_JSON_MEMBERS.  Any thread.
 */

#include "social_json.h"
#include "social_text.h"

#include <string.h>


typedef struct {
    const unsigned char  *p;
    const unsigned char  *end;
    const char           *error;
    unsigned              values;
} social_json_scan_t;


static int social_json_scan_value(social_json_scan_t *s, unsigned depth);


static int
social_json_refuse(social_json_scan_t *s, const char *error)
{
    if (s->error == NULL) {
        s->error = error;
    }

    return 0;
}


static int
social_json_malformed(social_json_scan_t *s)
{
    return social_json_refuse(s, "malformed JSON");
}


static void
social_json_space(social_json_scan_t *s)
{
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' || *s->p == '\n'
                             || *s->p == '\r'))
    {
        s->p++;
    }
}


static int
social_json_skip(social_json_scan_t *s, unsigned char c)
{
    if (s->p < s->end && *s->p == c) {
        s->p++;
        return 1;
    }

    return 0;
}


/* value of four hex digits, or -1 */

static int32_t
social_json_hex(social_json_scan_t *s)
{
    int            i;
    int32_t        value;
    unsigned char  c;

    if (s->end - s->p < 4) {
        return -1;
    }

    for (i = 0, value = 0; i < 4; i++) {

        c = *s->p++;

        if (c >= '0' && c <= '9') {
            c = (unsigned char) (c - '0');

        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            c = (unsigned char) ((c | 0x20) - 'a' + 10);

        } else {
            return -1;
        }

        value = value << 4 | c;
    }

    return value;
}


/* an escape; p points after the backslash */

static int
social_json_escape(social_json_scan_t *s)
{
    int32_t  c;

    if (s->p == s->end) {
        return social_json_malformed(s);
    }

    c = *s->p++;

    if (c != 'u') {
        return (c && strchr("\"\\/bfnrt", c)) ? 1 : social_json_malformed(s);
    }

    c = social_json_hex(s);

    if (c < 0) {
        return social_json_malformed(s);
    }

    if (c == 0) {
        return social_json_refuse(s, "NUL in a JSON string");
    }

    if (c < 0xd800 || c > 0xdfff) {
        return 1;
    }

    if (c < 0xdc00 && social_json_skip(s, '\\') && social_json_skip(s, 'u')) {

        c = social_json_hex(s);

        if (c >= 0xdc00 && c <= 0xdfff) {
            return 1;
        }
    }

    return social_json_refuse(s, "lone surrogate in a JSON string");
}


static int
social_json_scan_string(social_json_scan_t *s)
{
    int32_t  c;

    if (!social_json_skip(s, '"')) {
        return social_json_malformed(s);
    }

    while (s->p < s->end) {

        c = social_text_next(&s->p, s->end);

        if (c == '"') {
            return 1;
        }

        if (c < 0) {
            return social_json_refuse(s, "JSON is not UTF-8");
        }

        if (c < ' ') {
            return social_json_refuse(s, "control character in a JSON string");
        }

        if (c == '\\' && !social_json_escape(s)) {
            return 0;
        }
    }

    return social_json_malformed(s);
}


static int
social_json_digits(social_json_scan_t *s)
{
    const unsigned char  *start;

    start = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9') {
        s->p++;
    }

    return s->p > start;
}


static int
social_json_scan_number(social_json_scan_t *s)
{
    const unsigned char  *start;

    start = s->p;

    (void) social_json_skip(s, '-');

    if (!social_json_skip(s, '0') && !social_json_digits(s)) {
        return social_json_malformed(s);
    }

    if (social_json_skip(s, '.') && !social_json_digits(s)) {
        return social_json_malformed(s);
    }

    if (social_json_skip(s, 'e') || social_json_skip(s, 'E')) {

        if (!social_json_skip(s, '+')) {
            (void) social_json_skip(s, '-');
        }

        if (!social_json_digits(s)) {
            return social_json_malformed(s);
        }
    }

    /* cJSON copies a number into a buffer of 64 bytes */

    return (s->p - start < 60) ? 1
                               : social_json_refuse(s, "JSON number too long");
}


static int
social_json_scan_word(social_json_scan_t *s, const char *word)
{
    size_t  len;

    len = strlen(word);

    if ((size_t) (s->end - s->p) < len || memcmp(s->p, word, len) != 0) {
        return social_json_malformed(s);
    }

    s->p += len;

    return 1;
}


static int
social_json_scan_member(social_json_scan_t *s, unsigned depth)
{
    social_json_space(s);

    if (!social_json_scan_string(s)) {
        return 0;
    }

    social_json_space(s);

    return social_json_skip(s, ':') ? social_json_scan_value(s, depth)
                                    : social_json_malformed(s);
}


/* an array or object; p points after the opening bracket */

static int
social_json_scan_list(social_json_scan_t *s, unsigned depth, int object)
{
    unsigned       n;
    unsigned char  close;

    close = object ? '}' : ']';

    if (depth == SOCIAL_JSON_DEPTH) {
        return social_json_refuse(s, "JSON nested too deeply");
    }

    social_json_space(s);

    if (social_json_skip(s, close)) {
        return 1;
    }

    for (n = 1; /* void */ ; n++) {

        if (object && n > SOCIAL_JSON_MEMBERS) {
            return social_json_refuse(s, "too many members in a JSON object");
        }

        if (!(object ? social_json_scan_member(s, depth + 1)
                     : social_json_scan_value(s, depth + 1)))
        {
            return 0;
        }

        if (social_json_skip(s, close)) {
            return 1;
        }

        if (!social_json_skip(s, ',')) {
            return social_json_malformed(s);
        }
    }
}


/* a value and the white space around it */

static int
social_json_scan_value(social_json_scan_t *s, unsigned depth)
{
    int  good;

    social_json_space(s);

    if (++s->values > SOCIAL_JSON_VALUES) {
        return social_json_refuse(s, "too many values in JSON");
    }

    switch (s->p < s->end ? *s->p : 0) {

    case '{':
        s->p++;
        good = social_json_scan_list(s, depth, 1);
        break;

    case '[':
        s->p++;
        good = social_json_scan_list(s, depth, 0);
        break;

    case '"':
        good = social_json_scan_string(s);
        break;

    case 't':
        good = social_json_scan_word(s, "true");
        break;

    case 'f':
        good = social_json_scan_word(s, "false");
        break;

    case 'n':
        good = social_json_scan_word(s, "null");
        break;

    default:
        good = social_json_scan_number(s);
        break;
    }

    social_json_space(s);

    return good;
}


/* compares decoded names: "a" and "\u0061" are the same */

static int
social_json_is_unique(const cJSON *value)
{
    const cJSON  *item, *other;

    if (!cJSON_IsObject(value) && !cJSON_IsArray(value)) {
        return 1;
    }

    cJSON_ArrayForEach(item, value) {

        if (!social_json_is_unique(item)) {
            return 0;
        }

        if (!cJSON_IsObject(value)) {
            continue;
        }

        for (other = item->next; other; other = other->next) {
            if (strcmp(item->string, other->string) == 0) {
                return 0;
            }
        }
    }

    return 1;
}


cJSON *
social_json_parse(const unsigned char *data, size_t len, const char **error)
{
    cJSON               *json;
    social_json_scan_t   s;

    *error = NULL;

    memset(&s, 0, sizeof(social_json_scan_t));
    s.p = data;
    s.end = len ? data + len : data;

    if (!social_json_scan_value(&s, 0)) {
        *error = s.error;
        return NULL;
    }

    if (s.p != s.end) {
        *error = "unexpected data after the JSON value";
        return NULL;
    }

    json = cJSON_ParseWithLength((const char *) data, len);

    if (json && !social_json_is_unique(json)) {
        cJSON_Delete(json);
        *error = "duplicate member in a JSON object";
        return NULL;
    }

    return json;
}


static const cJSON *
social_json_member(const cJSON *obj, const char *name)
{
    const cJSON  *value;

    if (!cJSON_IsObject(obj)) {
        return NULL;
    }

    value = cJSON_GetObjectItemCaseSensitive(obj, name);

    return cJSON_IsNull(value) ? NULL : value;
}


static int
social_json_text(const cJSON *value, social_str_t *s)
{
    if (!cJSON_IsString(value)) {
        return 0;
    }

    s->data = (const unsigned char *) value->valuestring;
    s->len = strlen(value->valuestring);

    return 1;
}


social_json_e
social_json_string(const cJSON *obj, const char *name, social_str_t *value)
{
    const cJSON  *member;

    member = social_json_member(obj, name);

    if (member == NULL) {
        return SOCIAL_JSON_MISSING;
    }

    return social_json_text(member, value) ? SOCIAL_JSON_OK : SOCIAL_JSON_TYPE;
}


social_json_e
social_json_strings(const cJSON *obj, const char *name, social_str_t *values,
    size_t max, size_t *n)
{
    const cJSON  *member, *item;

    *n = 0;
    member = social_json_member(obj, name);

    if (member == NULL) {
        return SOCIAL_JSON_MISSING;
    }

    if (!cJSON_IsArray(member)) {

        if (max == 0 || !social_json_text(member, values)) {
            return SOCIAL_JSON_TYPE;
        }

        *n = 1;
        return SOCIAL_JSON_OK;
    }

    cJSON_ArrayForEach(item, member) {

        if (*n == max || !social_json_text(item, &values[*n])) {
            *n = 0;
            return SOCIAL_JSON_TYPE;
        }

        (*n)++;
    }

    return SOCIAL_JSON_OK;
}
