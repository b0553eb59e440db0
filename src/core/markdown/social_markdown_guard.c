
/*
 * What a text would cost md4c beyond time that is linear.  md4c 0.4.8 has two
 * such places, found by measuring; both are bounded here before it sees the
 * text, since its callbacks come too late to stop it:
 *
 *   - a blank line is compared with each open list;
 *   - each bracket looks for its line among those of its paragraph.
 *
 * Counts upper bounds in one pass.  Any thread.
 */

#include "social_markdown_state.h"
#include "social_prose.h"


typedef struct {
    uint64_t  steps;
    uint64_t  depth;                /* at most so many open lists */
    uint64_t  lines, brackets;      /* of this paragraph */
} social_markdown_guard_t;


static int
social_markdown_guard_is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}


/* the length of a list's marker at p, 0: there is none */

static size_t
social_markdown_guard_marker(const unsigned char *p, const unsigned char *end)
{
    size_t  n;

    for (n = 0; p + n < end && social_markdown_guard_is_digit(p[n]); n++) {
        /* void */
    }

    if (p + n == end) {
        return 0;
    }

    if (n > 0) {
        return (p[n] == '.' || p[n] == ')') ? n + 1 : 0;
    }

    return *p == '-' || *p == '+' || *p == '*';
}


/*
 * The line's first character behind quotes and markers; raises depth.  An open
 * list takes at least two columns of the line that opens another one in it.
 */

static const unsigned char *
social_markdown_guard_prefix(social_markdown_guard_t *g,
    const unsigned char *p, const unsigned char *end)
{
    size_t    n;
    uint64_t  columns;

    for (columns = 0; p < end; p += n) {

        n = 1;

        if (*p == '\t') {
            columns += SOCIAL_PROSE_TAB;

        } else if (*p == ' ' || *p == '\r' || *p == '>') {
            columns++;

        } else {
            n = social_markdown_guard_marker(p, end);

            if (n == 0) {
                break;
            }

            columns += n;

            if (columns / 2 + 1 > g->depth) {
                g->depth = columns / 2 + 1;
            }
        }
    }

    return p;
}


static void
social_markdown_guard_paragraph(social_markdown_guard_t *g)
{
    g->steps += g->lines * g->brackets;
    g->lines = 0;
    g->brackets = 0;
}


uint64_t
social_markdown_guard(const unsigned char *text, size_t len)
{
    const unsigned char      *p, *end, *line;
    social_markdown_guard_t   g = { 0, 0, 0, 0 };

    end = len ? text + len : text;

    for (p = text; p < end; p++) {

        line = p;
        p = social_markdown_guard_prefix(&g, p, end);

        if (p == end || *p == '\n') {
            g.steps += g.depth;
            social_markdown_guard_paragraph(&g);
            continue;
        }

        for (p = line; p < end && *p != '\n'; p++) {
            g.brackets += (*p == '[' || *p == ']');
        }

        g.lines++;
    }

    social_markdown_guard_paragraph(&g);

    return g.steps;
}
