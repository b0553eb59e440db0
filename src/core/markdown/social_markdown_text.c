
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


/* writes the spaces that md4c made of the blanks in front of p, or the blanks
 * themselves, if they are as wide */

static void
social_markdown_code_indent(social_markdown_t *m, const unsigned char *p)
{
    const unsigned char  *line, *s;

    line = p;

    if (m->containers == 0 && p > m->text && p <= m->end) {
        while (line > m->text && social_prose_is_blank(line[-1])) {
            line--;
        }
    }

    s = line;

    if (social_prose_columns(&s, p) == m->spaces) {
        social_out_html(m->out, line, (size_t) (p - line));
        m->spaces = 0;
    }

    while (m->spaces && !m->out->failed) {
        social_out_text(m->out, " ");
        m->spaces--;
    }
}


void
social_markdown_code(social_markdown_t *m, const unsigned char *p, size_t len)
{
    size_t  i;

    for (i = 0; i < len && p[i] == ' '; i++) { /* void */ }

    if (m->in_code && i == len && (p < m->text || p > m->end)) {
        m->spaces += (unsigned) len;
        return;
    }

    social_markdown_see(m, p, len, 0);
    social_markdown_flush(m);

    if (m->spaces) {
        social_markdown_code_indent(m, p);
    }

    social_out_html(m->out, p, len);
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
