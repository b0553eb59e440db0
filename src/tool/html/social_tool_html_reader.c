
/*
 * Builds blocks and runs.  White space is made what a browser shows, except
 * that a newline is a break.  Depth and memory are bounded by the text.
 */

#include <string.h>

#include "social_text.h"
#include "social_tool.h"
#include "social_tool_html_reader.h"


void
social_tool_lost_name(char names[][SOCIAL_TOOL_HTML_NAME], size_t *n,
    const char *name)
{
    size_t  i;

    for (i = 0; i < *n; i++) {
        if (strcmp(names[i], name) == 0) {
            return;
        }
    }

    if (*n < SOCIAL_TOOL_HTML_LOST) {
        memcpy(names[*n], name, strlen(name) + 1);
        (*n)++;
    }
}


void
social_tool_reader_lose(social_tool_reader_t *r, const char *name)
{
    if (r->lost) {
        social_tool_lost_name(r->lost->markup, &r->lost->nmarkup, name);
    }
}


/* the run that was read last in this block; NULL: none */

static social_tool_run_t *
social_tool_reader_last(social_tool_reader_t *r)
{
    social_tool_text_t  *t = r->t;

    if (!r->in_block || t->blocks[t->nblocks - 1].nruns == 0) {
        return NULL;
    }

    return &t->runs[t->nruns - 1];
}


/* ends the block; breaks at its end are no breaks */

void
social_tool_reader_end(social_tool_reader_t *r)
{
    social_tool_run_t    *last;
    social_tool_block_t  *block;
    social_tool_text_t   *t = r->t;

    while ((last = social_tool_reader_last(r)) != NULL && last->len == 0) {
        t->nruns--;
        t->blocks[t->nblocks - 1].nruns--;
    }

    if (r->in_block) {
        block = &t->blocks[t->nblocks - 1];

        if (block->nruns == 0 && block->kind != SOCIAL_TOOL_RULE) {
            t->nblocks--;
        }
    }

    r->in_block = 0;
    r->spaces = 0;
    r->newlines = 0;
}


void
social_tool_reader_open_box(social_tool_reader_t *r, uint8_t kind,
    int64_t start)
{
    uint32_t             depth;
    social_tool_box_t   *box;
    social_tool_text_t  *t = r->t;

    social_tool_reader_end(r);

    depth = (r->box == SOCIAL_TOOL_NONE) ? 0 : t->boxes[r->box].depth;

    if (r->below || depth >= SOCIAL_TOOL_HTML_DEPTH) {
        r->below++;
        return;
    }

    if (t->nboxes >= SOCIAL_TOOL_NONE - 1
        || social_tool_room((void **) &t->boxes, t->nboxes,
                            sizeof(social_tool_box_t)) != SOCIAL_OK)
    {
        t->failed = 1;
        return;
    }

    box = &t->boxes[t->nboxes];
    memset(box, 0, sizeof(social_tool_box_t));
    box->parent = r->box;
    box->kind = kind;
    box->depth = (uint8_t) (depth + 1);
    box->start = start;

    r->box = (uint32_t) t->nboxes++;
}


/* closes containers up to the innermost one of this kind, if there is one */

void
social_tool_reader_close_box(social_tool_reader_t *r, uint8_t kind)
{
    uint32_t  box;

    social_tool_reader_end(r);

    if (r->below) {
        r->below--;
        return;
    }

    for (box = r->box; box != SOCIAL_TOOL_NONE; box = r->t->boxes[box].parent) {
        if (r->t->boxes[box].kind == kind) {
            r->box = r->t->boxes[box].parent;
            return;
        }
    }
}


void
social_tool_reader_item(social_tool_reader_t *r)
{
    uint8_t   kind;
    uint32_t  box;

    social_tool_reader_end(r);

    if (r->below) {
        r->below++;
        return;
    }

    kind = (r->box == SOCIAL_TOOL_NONE) ? 0 : r->t->boxes[r->box].kind;

    if (kind == SOCIAL_TOOL_LI) {
        r->box = r->t->boxes[r->box].parent;

    } else if (kind != SOCIAL_TOOL_UL && kind != SOCIAL_TOOL_OL) {
        social_tool_reader_open_box(r, SOCIAL_TOOL_UL, 1);
    }

    box = r->box;

    if (box == SOCIAL_TOOL_NONE) {
        return;
    }

    social_tool_reader_open_box(r, SOCIAL_TOOL_LI, r->t->boxes[box].start);
    r->t->boxes[box].start++;
}


/* a block for what comes, if there is none */

int
social_tool_reader_block(social_tool_reader_t *r, uint8_t kind)
{
    social_tool_block_t  *block;
    social_tool_text_t   *t = r->t;

    if (r->in_block) {
        return SOCIAL_OK;
    }

    if (r->box != SOCIAL_TOOL_NONE && !r->below
        && (t->boxes[r->box].kind == SOCIAL_TOOL_UL
            || t->boxes[r->box].kind == SOCIAL_TOOL_OL))
    {
        social_tool_reader_item(r);
    }

    if (t->failed
        || social_tool_room((void **) &t->blocks, t->nblocks,
                            sizeof(social_tool_block_t)) != SOCIAL_OK)
    {
        t->failed = 1;
        return SOCIAL_ERROR;
    }

    block = &t->blocks[t->nblocks++];
    memset(block, 0, sizeof(social_tool_block_t));
    block->box = r->box;
    block->kind = kind;
    block->run = (uint32_t) t->nruns;
    r->in_block = 1;

    return SOCIAL_OK;
}


static social_tool_run_t *
social_tool_reader_run(social_tool_reader_t *r)
{
    social_tool_run_t   *run;
    social_tool_text_t  *t = r->t;

    if (t->failed || t->nruns >= SOCIAL_TOOL_NONE - 1
        || social_tool_room((void **) &t->runs, t->nruns,
                            sizeof(social_tool_run_t)) != SOCIAL_OK)
    {
        t->failed = 1;
        return NULL;
    }

    run = &t->runs[t->nruns++];
    memset(run, 0, sizeof(social_tool_run_t));
    run->at = t->text.len;
    t->blocks[t->nblocks - 1].nruns++;

    return run;
}


static unsigned
social_tool_reader_style(const social_tool_reader_t *r)
{
    return (r->strong || r->heading ? SOCIAL_TOOL_STRONG : 0)
           | (r->em ? SOCIAL_TOOL_EM : 0) | (r->code ? SOCIAL_TOOL_CODE : 0);
}


/* adds bytes to a run of this style and link, which may be the last one */

void
social_tool_reader_put(social_tool_reader_t *r, const void *data, size_t len,
    unsigned style, size_t href, size_t href_len)
{
    social_tool_run_t   *run;
    social_tool_text_t  *t = r->t;

    run = social_tool_reader_last(r);

    if (run == NULL || run->len == 0 || run->style != style
        || run->href_len != href_len || (href_len && run->href != href))
    {
        run = social_tool_reader_run(r);

        if (run == NULL) {
            return;
        }

        run->style = (uint8_t) style;
        run->href = href;
        run->href_len = href_len;
    }

    social_out_bytes(&t->text, data, len);
    run->len = t->text.len - run->at;
}


/* what stands in front of text: newlines or a space.  A space between two
 * styles has what both have */

static void
social_tool_reader_gap(social_tool_reader_t *r)
{
    unsigned            style;
    social_tool_run_t  *last;

    last = social_tool_reader_last(r);

    if (last == NULL) {
        r->newlines = 0;
        r->spaces = 0;
        return;
    }

    if (r->newlines >= 2) {
        social_tool_reader_end(r);
        return;
    }

    if (r->newlines == 1) {

        if (last->len != 0) {
            (void) social_tool_reader_run(r);
        }

    } else if (r->spaces && last->len != 0) {
        style = last->style & social_tool_reader_style(r);

        if (r->new_code) {
            style &= ~(unsigned) SOCIAL_TOOL_CODE;
        }

        if (last->href_len && last->href == r->href
            && last->href_len == r->href_len)
        {
            social_tool_reader_put(r, " ", 1, style, r->href, r->href_len);

        } else {
            social_tool_reader_put(r, " ", 1, style, 0, 0);
        }
    }

    r->newlines = 0;
    r->spaces = 0;
    r->new_code = 0;
}


static void
social_tool_reader_words(social_tool_reader_t *r, const unsigned char *p,
    size_t len)
{
    size_t  n;

    if (social_tool_reader_block(r, SOCIAL_TOOL_P) != SOCIAL_OK) {
        return;
    }

    social_tool_reader_gap(r);

    if (social_tool_reader_block(r, SOCIAL_TOOL_P) != SOCIAL_OK) {
        return;
    }

    n = r->href_len;
    social_tool_reader_put(r, p, len, social_tool_reader_style(r), r->href, n);
}


/* bytes of white space at p that a browser may break at, 0: none.  U+00A0 is
 * shown like a space */

static size_t
social_tool_html_space(const unsigned char *p, const unsigned char *end)
{
    if (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\f' || *p == '\v') {
        return 1;
    }

    return (*p == 0xc2 && end - p >= 2 && p[1] == 0xa0) ? 2 : 0;
}


void
social_tool_reader_text(social_tool_reader_t *r, social_str_t text)
{
    size_t                n;
    const unsigned char  *p, *end, *start;

    r->scratch.len = 0;
    social_tool_html_decode(&r->scratch, text);

    p = r->scratch.data;
    end = p + r->scratch.len;

    if (r->in_pre) {
        if (p < end
            && social_tool_reader_block(r, SOCIAL_TOOL_PRE) == SOCIAL_OK)
        {
            social_tool_reader_put(r, p, (size_t) (end - p), 0, 0, 0);
        }

        return;
    }

    while (p < end) {

        if (*p == '\n') {
            r->newlines++;
            p++;
            continue;
        }

        n = social_tool_html_space(p, end);

        if (n) {
            r->spaces = 1;
            p += n;
            continue;
        }

        start = p;

        while (p < end && *p != '\n' && social_tool_html_space(p, end) == 0) {
            p++;
        }

        social_tool_reader_words(r, start, (size_t) (p - start));
    }
}


void
social_tool_reader_break(social_tool_reader_t *r)
{
    social_tool_run_t  *last;

    last = social_tool_reader_last(r);

    if (last == NULL) {
        return;
    }

    if (last->len == 0) {               /* two of them are a paragraph */
        social_tool_reader_end(r);
        return;
    }

    (void) social_tool_reader_run(r);
    r->spaces = 0;
    r->newlines = 0;
}


void
social_tool_reader_link(social_tool_reader_t *r, const char *name,
    social_str_t href)
{
    social_out_t  *hrefs;

    hrefs = &r->t->hrefs;
    r->href_len = 0;
    r->href = hrefs->len;

    r->scratch.len = 0;
    social_tool_html_decode(&r->scratch, href);
    href.data = r->scratch.data;
    href.len = r->scratch.len;

    if (social_tool_html_href(hrefs, href) == SOCIAL_OK) {
        r->href_len = hrefs->len - r->href;

    } else if (href.len) {              /* <a name> is no link */
        social_tool_reader_lose(r, name);
    }
}


void
social_tool_reader_image(social_tool_reader_t *r,
    const social_tool_token_t *token)
{
    size_t        href, len;
    social_str_t  text;

    href = r->href;
    len = r->href_len;

    if (len == 0) {
        social_tool_reader_link(r, "img", token->href);
    }

    text = social_text_trim(token->alt.data, token->alt.len);

    if (text.len == 0) {
        text = token->href;
    }

    if (r->lost && r->href_len) {
        r->lost->image = 1;
    }

    if (r->href_len || token->alt.len) {
        social_tool_reader_text(r, text);
    }

    r->href = href;
    r->href_len = len;
}
