
/*
 * Text and white space of Markdown.  md4c leaves the blanks in front of a line
 * out; they are read again from the source, so that verse keeps its shape.
 * Any thread.
 */

#include "social_markdown_state.h"
#include "social_prose.h"

#include <string.h>


void
social_markdown_flush(social_markdown_t *m)
{
    if (m->run.len) {
        m->links += social_prose_line(m->out, m->run.data, m->run.len,
                                      m->written == 0);
        m->run.len = 0;
    }
}


static int
social_markdown_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}


/* the column where a line's text begins, behind blanks and quotes; first: also
 * behind the markers of lists */

static unsigned
social_markdown_column(const unsigned char *p, const unsigned char *end,
    int first)
{
    unsigned              column;
    const unsigned char  *s;

    for (column = 0; p < end; p++) {

        if (*p == '\t') {
            column += SOCIAL_PROSE_TAB - column % SOCIAL_PROSE_TAB;
            continue;
        }

        if (*p == ' ' || *p == '>') {
            column++;
            continue;
        }

        if (!first) {
            break;
        }

        for (s = p; s < end && social_markdown_is_digit(*s); s++) { /* void */ }

        if (s + 1 >= end || !social_prose_is_blank(s[1])
            || strchr(s > p ? ".)" : "-+*", *s) == NULL)
        {
            break;
        }

        column += (unsigned) (s - p) + 1;
        p = s;
    }

    return column;
}


void
social_markdown_see(social_markdown_t *m, const unsigned char *p, size_t len,
    int prose)
{
    unsigned              column;
    const unsigned char  *line;

    if (p < m->at || p > m->end || len > (size_t) (m->end - p)) {
        return;                         /* a text of md4c's own */
    }

    if (m->fresh) {
        m->fresh = 0;

        for (line = p; line > m->text && line[-1] != '\n'; line--) {
            /* void */
        }

        column = social_markdown_column(line, p, m->containers > 0);
        m->base = m->containers ? column : 0;
        social_prose_indent(m->out, prose ? column - m->base : 0);
    }

    m->at = p + len;
}


void
social_markdown_break(social_markdown_t *m)
{
    unsigned              column;
    const unsigned char  *line;

    social_markdown_flush(m);
    social_out_text(m->out, "<br>\n");

    line = memchr(m->at, '\n', (size_t) (m->end - m->at));

    if (line == NULL) {
        return;
    }

    m->at = line + 1;
    column = social_markdown_column(m->at, m->end, 0);

    if (column > m->base) {
        social_prose_indent(m->out, column - m->base);
    }
}
