
/*
 * A text as Markdown.  Escapes more than it must, and need not be right for
 * every text: social_tool_html.c reads what became of it.
 */

#include <string.h>

#include "social_link.h"
#include "social_tool_html_state.h"


#define SOCIAL_TOOL_LINK  8     /* the fourth thing that is open, with styles */


typedef struct {
    const social_tool_text_t   *t;
    const social_tool_block_t  *block;
    social_out_t               *out;
    unsigned                    styles;
    uint32_t                    path[2][SOCIAL_TOOL_HTML_DEPTH];
    size_t                      depth, before;
    const uint32_t             *now, *was;
    uint8_t                     open[4];    /* styles and link that are open */
    size_t                      nopen;
    size_t                      href, href_len;     /* of the open link */
} social_tool_writer_t;


static void
social_tool_writer_marker(social_tool_writer_t *w, uint32_t item, int blank)
{
    size_t                    before;
    const social_tool_box_t  *list;

    list = &w->t->boxes[w->t->boxes[item].parent];
    before = w->out->len;

    if (list->kind == SOCIAL_TOOL_UL) {
        social_out_text(w->out, list->alternate ? "* " : "- ");

    } else {
        social_out_int(w->out, w->t->boxes[item].start);
        social_out_text(w->out, list->alternate ? ") " : ". ");
    }

    if (blank && !w->out->failed) {
        memset(w->out->data + before, ' ', w->out->len - before);
    }
}


/* what stands in front of a line in the first n containers; those from `first`
 * on begin in it */

static void
social_tool_writer_prefix(social_tool_writer_t *w, size_t n, size_t first)
{
    size_t  i;

    for (i = 0; i < n; i++) {

        switch (w->t->boxes[w->now[i]].kind) {

        case SOCIAL_TOOL_QUOTE:
            social_out_text(w->out, "> ");
            break;

        case SOCIAL_TOOL_LI:
            social_tool_writer_marker(w, w->now[i], i < first);
            break;

        default:
            break;
        }
    }
}


static void
social_tool_writer_line(social_tool_writer_t *w)
{
    social_out_text(w->out, "\n");
    social_tool_writer_prefix(w, w->depth, w->depth);
}


/* 1: the block may follow the last one without an empty line */

static int
social_tool_writer_is_tight(const social_tool_writer_t *w, size_t common)
{
    uint8_t  kind;

    if (common >= w->depth) {
        return 0;
    }

    kind = w->t->boxes[w->now[common]].kind;

    /* the next item; a list of bullets below an item's text */

    return (kind == SOCIAL_TOOL_LI && common < w->before)
           || (kind == SOCIAL_TOOL_UL && common == w->before && common > 0
               && w->t->boxes[w->now[common - 1]].kind == SOCIAL_TOOL_LI
               && w->block[-1].kind == SOCIAL_TOOL_P);
}


static void
social_tool_writer_begin(social_tool_writer_t *w, size_t i)
{
    size_t  common;

    w->block = &w->t->blocks[i];
    w->now = w->path[i & 1];
    w->was = w->path[(i + 1) & 1];
    w->depth = social_tool_text_path(w->t, w->block, w->path[i & 1]);

    common = 0;

    while (common < w->depth && common < w->before
           && w->now[common] == w->was[common])
    {
        common++;
    }

    if (i > 0) {
        social_out_text(w->out, "\n");

        if (!social_tool_writer_is_tight(w, common)) {
            social_tool_writer_prefix(w, common, common);
            social_out_text(w->out, "\n");
        }
    }

    social_tool_writer_prefix(w, w->depth, common);
    w->before = w->depth;
}


static size_t
social_tool_writer_ticks(const unsigned char *p, size_t len)
{
    size_t  n, most;

    for (n = 0, most = 0; len > 0; p++, len--) {
        n = (*p == '`') ? n + 1 : 0;
        most = n > most ? n : most;
    }

    return most;
}


static void
social_tool_writer_fence(social_tool_writer_t *w, size_t n)
{
    while (n-- > 0) {
        social_out_text(w->out, "`");
    }
}


static void
social_tool_writer_pre(social_tool_writer_t *w)
{
    size_t                    n, len;
    const unsigned char      *p, *end, *line;
    const social_tool_run_t  *run;

    run = &w->t->runs[w->block->run];
    p = w->t->text.data + run->at;
    end = p + run->len;

    n = social_tool_writer_ticks(p, run->len) + 1;
    n = n < 3 ? 3 : n;
    social_tool_writer_fence(w, n);

    while (p < end) {
        line = memchr(p, '\n', (size_t) (end - p));
        len = (size_t) ((line ? line : end) - p);

        social_tool_writer_line(w);
        social_out_bytes(w->out, p, len);
        p += len + 1;
    }

    social_tool_writer_line(w);
    social_tool_writer_fence(w, n);
}


static void
social_tool_writer_code(social_tool_writer_t *w, const unsigned char *p,
    size_t len)
{
    int     pad;
    size_t  n;

    n = social_tool_writer_ticks(p, len) + 1;
    pad = p[0] == '`' || p[len - 1] == '`' || p[0] == ' ';

    social_tool_writer_fence(w, n);
    social_out_bytes(w->out, " ", (size_t) pad);
    social_out_bytes(w->out, p, len);
    social_out_bytes(w->out, " ", (size_t) pad);
    social_tool_writer_fence(w, n);
}


static int
social_tool_writer_is_word(int c)
{
    return (c >= '0' && c <= '9') || (c | 0x20) >= 'a';
}


/* 1 if the character at p means something in Markdown */

static int
social_tool_writer_means(const unsigned char *p, const unsigned char *start,
    const unsigned char *end)
{
    int  next, last;

    next = (p + 1 < end) ? p[1] : 0;
    last = (p > start) ? p[-1] : 0;

    switch (*p) {

    case '\\':
    case '*':
    case '`':
    case '[':
    case ']':
        return 1;

    case '_':
        return !(social_tool_writer_is_word(last)
                 && social_tool_writer_is_word(next));

    case '<':
        return next == 0 || (next != ' ' && next != '=' && next != '<');

    case '&':
        return next == 0 || next == '#' || social_tool_writer_is_word(next);

    default:
        return 0;
    }
}


/* bytes at the beginning of a line in front of which a backslash is needed;
 * SIZE_MAX: none */

static size_t
social_tool_writer_starts(const unsigned char *p, const unsigned char *end)
{
    size_t  n;

    if (memchr("#>-+=~|:", *p, 8) != NULL) {
        return 0;
    }

    for (n = 0; p + n < end && p[n] >= '0' && p[n] <= '9'; n++) { /* void */ }

    return (n > 0 && p + n < end && (p[n] == '.' || p[n] == ')')) ? n
                                                                  : SIZE_MAX;
}


static void
social_tool_writer_escape(social_tool_writer_t *w, const unsigned char *p,
    const unsigned char *end, int fresh)
{
    size_t                starts;
    const unsigned char  *start;

    start = p;
    starts = (fresh && p < end) ? social_tool_writer_starts(p, end) : SIZE_MAX;

    for ( /* void */ ; p < end; p++) {

        if ((size_t) (p - start) == starts
            || social_tool_writer_means(p, start, end))
        {
            social_out_text(w->out, "\\");
        }

        social_out_bytes(w->out, p, 1);
    }
}


/* text; addresses in it are written so that nothing in them means anything */

static void
social_tool_writer_text(social_tool_writer_t *w, const unsigned char *p,
    size_t len, int fresh)
{
    int                   plain;
    social_link_t         link;
    const unsigned char  *start, *end, *at;

    start = p;
    end = p + len;

    while (!w->href_len && social_link_next(start, p, end, &link)) {

        social_tool_writer_escape(w, p, link.start, fresh && p == start);

        for (plain = 1, at = link.start; at < link.end; at++) {
            plain &= (*at < 0x80 && !social_tool_writer_means(at, link.start,
                                                              link.end));
        }

        if (plain || memchr(link.start, '>', (size_t) (link.end - link.start))
            || memchr(link.start, '<', (size_t) (link.end - link.start)))
        {
            social_out_bytes(w->out, link.start,
                             (size_t) (link.end - link.start));

        } else {
            social_out_text(w->out, "<");
            social_out_bytes(w->out, link.start,
                             (size_t) (link.end - link.start));
            social_out_text(w->out, ">");
        }

        p = link.end;
    }

    social_tool_writer_escape(w, p, end, fresh && p == start);
}


static void
social_tool_writer_close_one(social_tool_writer_t *w)
{
    switch (w->open[--w->nopen]) {

    case SOCIAL_TOOL_STRONG:
        social_out_text(w->out, "**");
        break;

    case SOCIAL_TOOL_EM:
        social_out_text(w->out, "*");
        break;

    default:
        social_out_text(w->out, "](<");
        social_out_bytes(w->out, w->t->hrefs.data + w->href, w->href_len);
        social_out_text(w->out, ">)");
        w->href_len = 0;
        break;
    }
}


/* closes what a run has not, from the inside, and opens what it has */

static void
social_tool_writer_switch(social_tool_writer_t *w, const social_tool_run_t *run)
{
    size_t    i, keep;
    unsigned  wanted, open;

    wanted = run ? (run->style & w->styles
                    & (SOCIAL_TOOL_STRONG|SOCIAL_TOOL_EM)) : 0;

    if (run && run->href_len) {
        wanted |= SOCIAL_TOOL_LINK;
    }

    for (keep = 0, open = 0; keep < w->nopen; keep++) {

        if (!(wanted & w->open[keep])
            || (w->open[keep] == SOCIAL_TOOL_LINK && w->href != run->href))
        {
            break;
        }

        open |= w->open[keep];
    }

    while (w->nopen > keep) {
        social_tool_writer_close_one(w);
    }

    for (i = SOCIAL_TOOL_LINK; i > 0; i >>= 1) {

        if (!(wanted & i) || (open & i)) {
            continue;
        }

        w->open[w->nopen++] = (uint8_t) i;

        if (i == SOCIAL_TOOL_LINK) {
            w->href = run->href;
            w->href_len = run->href_len;
        }

        social_out_text(w->out, i == SOCIAL_TOOL_LINK ? "["
                                : i == SOCIAL_TOOL_EM ? "*" : "**");
    }
}


static void
social_tool_writer_runs(social_tool_writer_t *w)
{
    int                       fresh;
    size_t                    i;
    const unsigned char      *p;
    const social_tool_run_t  *run;

    for (i = 0, fresh = 1; i < w->block->nruns; i++) {
        run = &w->t->runs[w->block->run + i];

        if (run->len == 0) {
            social_tool_writer_line(w);
            fresh = 1;
            continue;
        }

        social_tool_writer_switch(w, run);
        p = w->t->text.data + run->at;

        if (run->style & SOCIAL_TOOL_CODE) {
            social_tool_writer_code(w, p, run->len);

        } else {
            social_tool_writer_text(w, p, run->len, fresh);
        }

        fresh = 0;
    }

    social_tool_writer_switch(w, NULL);
}


void
social_tool_text_markdown(const social_tool_text_t *t, social_out_t *out,
    unsigned styles)
{
    size_t                i;
    social_tool_writer_t  w;

    memset(&w, 0, sizeof(social_tool_writer_t));
    w.t = t;
    w.out = out;
    w.styles = styles;

    for (i = 0; i < t->nblocks && !out->failed; i++) {
        social_tool_writer_begin(&w, i);

        switch (w.block->kind) {

        case SOCIAL_TOOL_PRE:
            social_tool_writer_pre(&w);
            break;

        case SOCIAL_TOOL_RULE:
            social_out_text(out, "___");
            break;

        default:
            social_tool_writer_runs(&w);
            break;
        }
    }
}


/* the address of a link whose last run this is, if the text does not say it */

static void
social_tool_plain_href(const social_tool_text_t *t, social_out_t *out,
    size_t i, size_t end)
{
    const social_tool_run_t  *run;

    run = &t->runs[i];

    if (run->href_len == 0
        || (i + 1 < end && run[1].href_len && run[1].href == run->href))
    {
        return;
    }

    social_out_text(out, " (");
    social_out_bytes(out, t->hrefs.data + run->href, run->href_len);
    social_out_text(out, ")");
}


void
social_tool_text_plain(const social_tool_text_t *t, social_out_t *out)
{
    size_t                i, j;
    social_tool_writer_t  w;

    memset(&w, 0, sizeof(social_tool_writer_t));
    w.t = t;
    w.out = out;

    for (i = 0; i < t->nblocks && !out->failed; i++) {
        social_tool_writer_begin(&w, i);

        if (w.block->kind == SOCIAL_TOOL_RULE) {
            social_out_text(out, "___");
        }

        for (j = 0; j < w.block->nruns; j++) {

            if (t->runs[w.block->run + j].len == 0) {
                social_tool_writer_line(&w);
                continue;
            }

            social_out_bytes(out, t->text.data + t->runs[w.block->run + j].at,
                             t->runs[w.block->run + j].len);
            social_tool_plain_href(t, out, w.block->run + j,
                                   w.block->run + w.block->nruns);
        }
    }
}
