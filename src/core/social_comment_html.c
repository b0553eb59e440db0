
/*
 * Turns the text of a comment into HTML.  Owns the plain format, in which a
 * paragraph is what stands between blank lines, and the limit of both formats.
 * Every byte of the text must go through social_out_html().  Any thread.
 */

#include "social_comment_html.h"
#include "social_markdown.h"
#include "social_prose.h"

#include <string.h>


/* a line without the blanks at its end */

static void
social_comment_html_plain_line(social_out_t *out, const unsigned char *line,
    const unsigned char *end)
{
    unsigned  columns;

    columns = social_prose_columns(&line, end);

    social_prose_indent(out, columns);
    (void) social_prose_line(out, line, (size_t) (end - line), 1);
}


static void
social_comment_html_plain(social_out_t *out, const unsigned char *text,
    size_t len)
{
    int                   open;
    const unsigned char  *p, *lf, *stop, *end;

    end = len ? text + len : text;      /* text may be NULL if len is 0 */
    open = 0;

    for (p = text; p < end && !out->failed; p = (lf < end) ? lf + 1 : end) {

        lf = memchr(p, '\n', (size_t) (end - p));
        lf = lf ? lf : end;

        stop = lf;

        while (stop > p && social_prose_is_blank(stop[-1])) {
            stop--;
        }

        if (p == stop) {
            social_out_text(out, open ? "</p>\n" : "");
            open = 0;
            continue;
        }

        social_out_text(out, open ? "<br>\n" : "<p>");
        open = 1;

        social_comment_html_plain_line(out, p, stop);
    }

    social_out_text(out, open ? "</p>\n" : "");
}


/* hundreds of short links, or Markdown made to be costly, are shown as typed,
 * so that a page of the thread has room for them */

static void
social_comment_html_typed(social_out_t *out, const unsigned char *text,
    size_t len)
{
    social_out_free(out);

    /* bytes that are not UTF-8, which only an edited store can have, take 8 */

    social_out_init(out, len * 8 + 512);
    social_out_text(out, "<p>");
    social_out_html(out, text, len);
    social_out_text(out, "</p>");
}


void
social_comment_html(social_out_t *out, social_format_e format,
    const unsigned char *text, size_t len)
{
    int     rc;
    size_t  links;

    social_out_init(out, SOCIAL_COMMENT_HTML_MAX(len));
    rc = SOCIAL_OK;

    if (format == SOCIAL_MARKDOWN) {
        rc = social_markdown(out, text, len, &links);

    } else {
        social_comment_html_plain(out, text, len);
    }

    if (rc == SOCIAL_LIMIT || out->full) {
        social_comment_html_typed(out, text, len);

    } else if (rc != SOCIAL_OK) {
        out->failed = 1;
    }

    while (out->len > 0 && out->data[out->len - 1] == '\n') {
        out->len--;
    }
}


size_t
social_comment_html_links(social_format_e format, const unsigned char *text,
    size_t len)
{
    size_t  links;

    if (format != SOCIAL_MARKDOWN) {
        return social_prose_line(NULL, text, len, 1);
    }

    return social_markdown(NULL, text, len, &links) == SOCIAL_OK ? links
                                                                 : SIZE_MAX;
}
