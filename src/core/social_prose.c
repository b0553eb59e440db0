
/*
 * A line of prose.  Owns how blanks are kept: as no-break spaces, which need no
 * style sheet, so a feed or a reader's mail shows the same.  Every byte of the
 * text must go through social_out_html().  Any thread.
 */

#include "social_link.h"
#include "social_prose.h"


int
social_prose_is_blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}


static void
social_prose_space(social_out_t *out, size_t n)
{
    while (n-- && !out->failed) {
        social_out_text(out, "&#160;");
    }
}


/* a run of blanks ends with a plain space, so that the line may wrap there */

static void
social_prose_put(social_out_t *out, const unsigned char *p,
    const unsigned char *end)
{
    size_t                columns;
    const unsigned char  *run;

    while (p < end && !out->failed) {

        for (run = p; p < end && !social_prose_is_blank(*p); p++) { /* void */ }

        social_out_html(out, run, (size_t) (p - run));

        for (columns = 0; p < end && social_prose_is_blank(*p); p++) {
            columns += (*p == '\t') ? SOCIAL_PROSE_TAB : (*p == ' ');
        }

        if (columns) {
            social_prose_space(out, columns - 1);
            social_out_text(out, " ");
        }
    }
}


size_t
social_prose_line(social_out_t *out, const unsigned char *text, size_t len,
    int links)
{
    size_t                n;
    social_link_t         link;
    const unsigned char  *p, *end;

    end = len ? text + len : text;      /* text may be NULL if len is 0 */
    p = text;

    for (n = 0; links && social_link_next(text, p, end, &link); n++) {

        if (out) {
            social_prose_put(out, p, link.start);
            social_link_open(out, &link);
            social_out_html(out, link.start, (size_t) (link.end - link.start));
            social_out_text(out, "</a>");
        }

        p = link.end;
    }

    if (out) {
        social_prose_put(out, p, end);
    }

    return n;
}


unsigned
social_prose_columns(const unsigned char **p, const unsigned char *end)
{
    unsigned              columns;
    const unsigned char  *s;

    columns = 0;

    for (s = *p; s < end && social_prose_is_blank(*s); s++) {

        if (*s == '\t') {
            columns += SOCIAL_PROSE_TAB - columns % SOCIAL_PROSE_TAB;

        } else {
            columns += (*s == ' ');
        }
    }

    *p = s;

    return columns;
}


void
social_prose_indent(social_out_t *out, unsigned columns)
{
    social_prose_space(out, columns < SOCIAL_PROSE_INDENT
                            ? columns : SOCIAL_PROSE_INDENT);
}
