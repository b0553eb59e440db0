
/*
 * Leaves comments and indentation out of style and script, so that the files
 * may explain themselves and browsers need not load it.  Pure, any thread.
 */

#include <string.h>

#include "social_asset_compact.h"


static const unsigned char *
social_asset_skip_blanks(const unsigned char *p, const unsigned char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\n' || *p == '\r')) {
        p++;
    }

    return p;
}


/* behind the comment that begins at p; p itself if none does */

static const unsigned char *
social_asset_skip_comment(const unsigned char *p, const unsigned char *end,
    int script)
{
    const unsigned char  *last;

    if (end - p < 2 || p[0] != '/') {
        return p;
    }

    if (p[1] == '*') {
        last = memmem(p + 2, (size_t) (end - p - 2), "*/", 2);
        return last ? last + 2 : end;
    }

    if (script && p[1] == '/') {
        last = memchr(p, '\n', (size_t) (end - p));
        return last ? last : end;
    }

    return p;
}


size_t
social_asset_compact(social_str_t text, int script, unsigned char *out)
{
    unsigned char        *to;
    const unsigned char  *p, *end, *next;

    to = out;
    p = text.data;
    end = text.data + text.len;

    while (p < end) {
        p = social_asset_skip_blanks(p, end);
        next = social_asset_skip_comment(p, end, script);

        if (next != p) {
            p = next;
            continue;
        }

        next = memchr(p, '\n', (size_t) (end - p));
        next = next ? next + 1 : end;

        memcpy(to, p, (size_t) (next - p));
        to += next - p;
        p = next;
    }

    return (size_t) (to - out);
}
