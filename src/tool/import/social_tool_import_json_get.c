
/*
 * Members of an element that was cut out: its brackets match, and its strings
 * end.
 */

#include <string.h>

#include "social_time.h"
#include "social_tool_import_json.h"


static const unsigned char *
social_tool_json_space(const unsigned char *p, const unsigned char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r'
                       || *p == ',' || *p == ':'))
    {
        p++;
    }

    return p;
}


/* behind the string that begins at p */

static const unsigned char *
social_tool_json_string(const unsigned char *p, const unsigned char *end)
{
    for (p++; p < end && *p != '"'; p++) {
        p += (*p == '\\' && p + 1 < end);
    }

    return p < end ? p + 1 : end;
}


/* behind the value that begins at p */

static const unsigned char *
social_tool_json_skip(const unsigned char *p, const unsigned char *end)
{
    size_t  depth;

    for (depth = 0; p < end; ) {

        if (*p == '"') {
            p = social_tool_json_string(p, end);

        } else if (*p == '{' || *p == '[') {
            depth++;
            p++;
            continue;

        } else if (*p == '}' || *p == ']') {

            if (depth == 0) {
                return p;
            }

            depth--;
            p++;

        } else if (depth == 0 && *p != ',' && *p > ' ') {
            while (p < end && strchr(" \t\r\n,}]", *p) == NULL) {
                p++;
            }

        } else {
            p++;
            continue;
        }

        if (depth == 0) {
            return p;
        }
    }

    return end;
}


/* the raw value of a member of an object; len 0: there is none */

static social_str_t
social_tool_json_member(social_str_t object, const char *name, size_t len)
{
    int                   same;
    social_str_t          value;
    const unsigned char  *p, *end, *next;

    value.data = object.data;
    value.len = 0;
    p = object.data;
    end = p + object.len;

    if (object.len == 0 || *p != '{') {
        return value;
    }

    for (p = social_tool_json_space(p + 1, end); p < end && *p == '"'; ) {
        next = social_tool_json_string(p, end);
        same = (size_t) (next - p) == len + 2 && memcmp(p + 1, name, len) == 0;

        p = social_tool_json_space(next, end);
        next = social_tool_json_skip(p, end);

        if (same) {                     /* the last one counts */
            value.data = p;
            value.len = (size_t) (next - p);
        }

        p = social_tool_json_space(next, end);
    }

    return value;
}


static int
social_tool_json_hex(const unsigned char *p, const unsigned char *end,
    uint32_t *value)
{
    int            i;
    unsigned char  c;

    if (end - p < 4) {
        return SOCIAL_DECLINED;
    }

    for (i = 0, *value = 0; i < 4; i++) {
        c = p[i];
        *value = *value * 16;

        if (c >= '0' && c <= '9') {
            *value += c - '0';

        } else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') {
            *value += (c | 0x20) - 'a' + 10u;

        } else {
            return SOCIAL_DECLINED;
        }
    }

    return SOCIAL_OK;
}


static void
social_tool_json_utf8(social_out_t *out, uint32_t c)
{
    size_t         n;
    unsigned char  b[4];

    if (c < 0x80) {
        b[0] = (unsigned char) (c == 0 ? 0x01 : c);     /* a control: a space */
        n = 1;

    } else if (c < 0x800) {
        b[0] = (unsigned char) (0xc0 | c >> 6);
        b[1] = (unsigned char) (0x80 | (c & 63));
        n = 2;

    } else if (c < 0x10000) {
        b[0] = (unsigned char) (0xe0 | c >> 12);
        b[1] = (unsigned char) (0x80 | (c >> 6 & 63));
        b[2] = (unsigned char) (0x80 | (c & 63));
        n = 3;

    } else {
        b[0] = (unsigned char) (0xf0 | c >> 18);
        b[1] = (unsigned char) (0x80 | (c >> 12 & 63));
        b[2] = (unsigned char) (0x80 | (c >> 6 & 63));
        b[3] = (unsigned char) (0x80 | (c & 63));
        n = 4;
    }

    social_out_bytes(out, b, n);
}


/* "\uXXXX" and what belongs to it; p is behind "\u" */

static const unsigned char *
social_tool_json_unicode(social_out_t *out, const unsigned char *p,
    const unsigned char *end)
{
    uint32_t  c, low;

    if (social_tool_json_hex(p, end, &c) != SOCIAL_OK) {
        social_tool_json_utf8(out, 0xfffd);
        return p;
    }

    p += 4;

    if (c >= 0xd800 && c < 0xdc00 && end - p >= 6 && p[0] == '\\'
        && p[1] == 'u' && social_tool_json_hex(p + 2, end, &low) == SOCIAL_OK
        && low >= 0xdc00 && low < 0xe000)
    {
        social_tool_json_utf8(out, 0x10000 + ((c - 0xd800) << 10)
                                   + (low - 0xdc00));
        return p + 6;
    }

    social_tool_json_utf8(out, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);

    return p;
}


static void
social_tool_json_decode(social_out_t *out, social_str_t raw)
{
    const char           *known;
    const unsigned char  *p, *end, *from;

    static const char  escapes[] = "\"\\/bfnrt";
    static const char  values[] = "\"\\/\b\f\n\r\t";

    p = raw.data + 1;
    end = raw.data + raw.len - 1;

    while (p < end) {
        from = p;
        p = memchr(p, '\\', (size_t) (end - p));
        p = p ? p : end;
        social_out_bytes(out, from, (size_t) (p - from));

        if (end - p < 2) {
            return;
        }

        if (p[1] == 'u') {
            p = social_tool_json_unicode(out, p + 2, end);
            continue;
        }

        known = strchr(escapes, p[1]);

        if (known && p[1]) {
            social_out_bytes(out, values + (known - escapes), 1);

        } else {
            social_tool_json_utf8(out, 0xfffd);
        }

        p += 2;
    }
}


social_str_t
social_tool_json_get(social_tool_json_t *json, const char *path)
{
    size_t         len;
    social_out_t  *out;
    social_str_t   value;

    static const social_str_t  none = social_string("");

    value = json->text;

    for ( ;; ) {
        len = strcspn(path, ".");
        value = social_tool_json_member(value, path, len);

        if (path[len] == '\0') {
            break;
        }

        path += len + 1;
    }

    if (value.len == 0 || value.data[0] == '{' || value.data[0] == '['
        || (value.len == 4 && memcmp(value.data, "null", 4) == 0))
    {
        return none;
    }

    if (value.data[0] != '"' || value.len < 2) {
        return value;
    }

    out = &json->strings[json->nstrings++ % social_nelts(json->strings)];
    out->len = 0;
    social_tool_json_decode(out, value);

    value.data = out->data;
    value.len = out->failed ? 0 : out->len;

    return value.len ? value : none;
}


int
social_tool_json_is_true(social_tool_json_t *json, const char *path)
{
    social_str_t  value;

    value = social_tool_json_get(json, path);

    return value.len == 4 && memcmp(value.data, "true", 4) == 0;
}


int64_t
social_tool_json_time(social_tool_json_t *json, const char *path)
{
    int64_t       at;
    social_str_t  value;

    value = social_tool_json_get(json, path);

    if (value.len == 0
        || social_time_parse(value.data, value.len, &at) != SOCIAL_OK || at < 0)
    {
        return 0;
    }

    return at;
}
