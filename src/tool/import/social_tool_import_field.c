
/*
 * Fields of files, made what the store may have.
 */

#include <string.h>

#include "social_text.h"
#include "social_tool_import.h"


void
social_tool_field_clean(social_out_t *out, social_str_t text, int *controls)
{
    int32_t               c;
    const unsigned char  *p, *end, *from, *start;

    p = text.data;
    end = p + text.len;
    start = p;

    while (p < end) {

        if (*p >= 0x20 && *p < 0x7f) {
            p++;
            continue;
        }

        from = p;
        c = social_text_next(&p, end);

        if (c == '\n' || c == '\t' || c > 0x9f) {
            continue;
        }

        social_out_bytes(out, start, (size_t) (from - start));
        start = p;

        if (c < 0) {
            social_out_bytes(out, "\xef\xbf\xbd", 3);

        } else if (c == '\r') {
            social_out_bytes(out, "\n", (p == end || *p != '\n'));

        } else {
            social_out_bytes(out, " ", 1);

            if (controls) {
                *controls = 1;
            }
        }
    }

    social_out_bytes(out, start, (size_t) (p - start));
}


/* without what turns the direction of text around */

static void
social_tool_field_straight(social_out_t *out, social_str_t text)
{
    int32_t               c;
    const unsigned char  *p, *end, *from;

    for (p = text.data, end = p + text.len; p < end; /* void */ ) {
        from = p;
        c = social_text_next(&p, end);

        if ((c < 0x202a || c > 0x202e) && (c < 0x2066 || c > 0x2069)) {
            social_out_bytes(out, c == '\n' || c == '\t' ? (const void *) " "
                                                         : from,
                             (size_t) (p - from));
        }
    }
}


void
social_tool_field_name(social_out_t *out, social_str_t name, int *controls,
    int *cut)
{
    size_t                len, n;
    social_str_t          text;
    social_out_t          clean;
    const unsigned char  *p, *end;

    social_out_init(&clean, name.len * 3 + 16);
    social_tool_field_clean(&clean, name, controls);

    text.data = clean.data;
    text.len = clean.len;
    social_tool_field_straight(out, text);
    social_out_free(&clean);

    len = 0;

    if (!out->failed && out->len
        && social_text_clean_line(out->data, out->len, out->data, &len)
           != SOCIAL_OK)
    {
        len = 0;                        /* what nobody can see */
    }

    out->len = len;

    if (len == 0) {
        return;
    }

    p = out->data;
    end = p + len;

    for (n = 0; n < SOCIAL_NAME_MAX && p < end; n++) {
        (void) social_text_next(&p, end);
    }

    if (p < end) {
        *cut = 1;
        text = social_text_trim(out->data, (size_t) (p - out->data));
        memmove(out->data, text.data, text.len);
        out->len = text.len;
    }
}


int
social_tool_field_website(social_out_t *out, social_str_t website)
{
    int             rc;
    size_t          len;
    social_str_t    text;
    unsigned char   url[SOCIAL_WEBSITE_SIZE];

    static const char *const  nothing[] = { "http://", "https://",
                                            "undefined" };

    text = social_text_trim(website.data, website.len);

    for (len = 0; len < social_nelts(nothing); len++) {
        if (text.len == strlen(nothing[len])
            && memcmp(text.data, nothing[len], text.len) == 0)
        {
            return SOCIAL_OK;
        }
    }

    rc = text.len ? social_text_website(text.data, text.len, url, &len)
                  : SOCIAL_OK;

    if (rc != SOCIAL_OK || text.len == 0) {
        return rc == SOCIAL_OK ? SOCIAL_OK : SOCIAL_DECLINED;
    }

    social_out_bytes(out, url, len);

    return SOCIAL_OK;
}
