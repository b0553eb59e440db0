
/*
 * Markdown to HTML.  Owns every tag that a comment may have: what is not in the
 * two tables below does not exist.  md4c calls the functions at the end in the
 * order of the text; they open and close elements in pairs, so the HTML is
 * always well-formed.  Any thread.
 */

#include "social_markdown.h"
#include "social_markdown_state.h"

#include <md4c.h>


#define SOCIAL_MARKDOWN_MAX  (1 << 24)      /* bytes; md4c's sizes are int */


/* blocks; NULL: not written */

static const char *const  social_markdown_blocks[][2] = {
    [MD_BLOCK_QUOTE] = { "<blockquote>\n", "</blockquote>\n" },
    [MD_BLOCK_UL] = { "<ul>\n", "</ul>\n" },
    [MD_BLOCK_OL] = { "<ol>\n", "</ol>\n" },
    [MD_BLOCK_LI] = { "<li>", "</li>\n" },
    [MD_BLOCK_HR] = { "<hr>\n", "" },
    [MD_BLOCK_H] = { "<p><strong>", "</strong></p>\n" },

    /* it may scroll, so the keyboard must reach it */
    [MD_BLOCK_CODE] = { "<pre tabindex=\"0\"><code>", "</code></pre>\n" },
    [MD_BLOCK_P] = { "<p>", "</p>\n" }
};


static const char *const  social_markdown_spans[][2] = {
    [MD_SPAN_EM] = { "<em>", "</em>" },
    [MD_SPAN_STRONG] = { "<strong>", "</strong>" },
    [MD_SPAN_CODE] = { "<code>", "</code>" }
};


static int
social_markdown_result(const social_markdown_t *m)
{
    return m->costly || m->out->failed || m->run.failed || m->address.failed;
}


static int
social_markdown_is_container(MD_BLOCKTYPE type)
{
    return type == MD_BLOCK_QUOTE || type == MD_BLOCK_UL || type == MD_BLOCK_OL
           || type == MD_BLOCK_LI;
}


/*
 * 1 if an element may be opened within those that are written already.  A list
 * needs room for its items, too.  The ones that are not written are always the
 * innermost, so a number is enough to know them again.
 */

static int
social_markdown_has_room(const social_markdown_t *m, MD_BLOCKTYPE type)
{
    unsigned  needed;

    needed = (type == MD_BLOCK_UL || type == MD_BLOCK_OL) ? 2 : 1;

    return m->containers == m->nested
           && m->nested + needed <= SOCIAL_MARKDOWN_NESTED;
}


static void
social_markdown_list_start(social_markdown_t *m, unsigned start)
{
    social_out_text(m->out, "<ol start=\"");
    social_out_int(m->out, start);
    social_out_text(m->out, "\">\n");
}


static int
social_markdown_enter_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    unsigned            start;
    social_markdown_t  *m = data;

    if (type >= social_nelts(social_markdown_blocks)
        || social_markdown_blocks[type][0] == NULL)
    {
        return social_markdown_result(m);
    }

    social_markdown_flush(m);
    m->fresh = (type != MD_BLOCK_H);
    m->base = 0;
    m->in_code = (type == MD_BLOCK_CODE);

    if (social_markdown_is_container(type)) {

        if (!social_markdown_has_room(m, type)) {
            m->containers++;
            social_out_text(m->out, "<br>\n");
            return social_markdown_result(m);
        }

        m->containers++;
        m->nested++;
    }

    start = (type == MD_BLOCK_OL) ? ((MD_BLOCK_OL_DETAIL *) detail)->start : 1;

    if (start != 1) {
        social_markdown_list_start(m, start);

    } else {
        social_out_text(m->out, social_markdown_blocks[type][0]);
    }

    return social_markdown_result(m);
}


static int
social_markdown_leave_block(MD_BLOCKTYPE type, void *detail, void *data)
{
    social_markdown_t  *m = data;

    if (type >= social_nelts(social_markdown_blocks)
        || social_markdown_blocks[type][1] == NULL)
    {
        return social_markdown_result(m);
    }

    social_markdown_flush(m);

    /* behind it may be another block of the same item, without a paragraph */
    m->fresh = 1;
    m->in_code = 0;
    m->spaces = 0;

    if (social_markdown_is_container(type)) {

        if (m->containers > m->nested) {
            m->containers--;
            return social_markdown_result(m);
        }

        m->containers--;
        m->nested--;
    }

    social_out_text(m->out, social_markdown_blocks[type][1]);

    return social_markdown_result(m);
}


/* the same as of containers, for emphasis in emphasis */

static void
social_markdown_span(social_markdown_t *m, MD_SPANTYPE type, int leave)
{
    if (type >= social_nelts(social_markdown_spans)
        || social_markdown_spans[type][leave] == NULL)
    {
        return;
    }

    if (leave) {
        if (m->spans-- > m->spans_written) {
            return;
        }

        m->spans_written--;

    } else {
        if (m->spans++ > m->spans_written
            || m->spans_written == SOCIAL_MARKDOWN_SPANS)
        {
            return;
        }

        m->spans_written++;
    }

    social_markdown_flush(m);
    social_out_text(m->out, social_markdown_spans[type][leave]);
}


static int
social_markdown_enter_span(MD_SPANTYPE type, void *detail, void *data)
{
    social_markdown_t   *m = data;
    MD_SPAN_A_DETAIL    *a = detail;
    MD_SPAN_IMG_DETAIL  *img = detail;

    switch (type) {

    case MD_SPAN_A:
        social_markdown_link_open(m, &a->href, a->title.size);
        break;

    case MD_SPAN_IMG:
        social_markdown_link_open(m, &img->src, img->title.size);
        break;

    default:
        social_markdown_span(m, type, 0);
        break;
    }

    return social_markdown_result(m);
}


static int
social_markdown_leave_span(MD_SPANTYPE type, void *detail, void *data)
{
    social_markdown_t  *m = data;

    if (type == MD_SPAN_A || type == MD_SPAN_IMG) {
        social_markdown_link_close(m);

    } else {
        social_markdown_span(m, type, 1);
    }

    return social_markdown_result(m);
}


static int
social_markdown_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size,
    void *data)
{
    social_markdown_t    *m = data;
    const unsigned char  *p;

    p = (const unsigned char *) text;

    switch (type) {

    case MD_TEXT_BR:
    case MD_TEXT_SOFTBR:
        social_markdown_break(m);
        break;

    case MD_TEXT_NULLCHAR:
        social_out_bytes(&m->run, "\xef\xbf\xbd", 3);
        break;

    case MD_TEXT_ENTITY:
        social_markdown_see(m, p, size, 1);
        social_markdown_entity(&m->run, p, size);
        break;

    case MD_TEXT_CODE:
        social_markdown_code(m, p, size);
        break;

    default:
        social_markdown_see(m, p, size, 1);

        if (m->maybe_angle == p) {
            m->angle = m->links_open;
            social_out_bytes(&m->run, "<", 1);
        }

        social_out_bytes(&m->run, p, size);
        break;
    }

    m->maybe_angle = NULL;

    return social_markdown_result(m);
}


static const MD_PARSER  social_markdown_parser = {
    .flags = MD_FLAG_NOHTML,
    .enter_block = social_markdown_enter_block,
    .leave_block = social_markdown_leave_block,
    .enter_span = social_markdown_enter_span,
    .leave_span = social_markdown_leave_span,
    .text = social_markdown_text
};


static int
social_markdown_parse(social_markdown_t *m, size_t len)
{
    int  rc;

    rc = md_parse((const MD_CHAR *) m->text, (MD_SIZE) len,
                  &social_markdown_parser, m);

    if (rc == 0) {
        return SOCIAL_OK;
    }

    return (m->costly || m->out->full || m->run.full) ? SOCIAL_LIMIT
                                                      : SOCIAL_ERROR;
}


int
social_markdown(social_out_t *out, const unsigned char *text, size_t len,
    size_t *links)
{
    int                 rc;
    social_out_t        unused;
    social_markdown_t   m = { 0 };

    *links = 0;

    if (len == 0) {
        return SOCIAL_OK;
    }

    if (len > SOCIAL_MARKDOWN_MAX
        || social_markdown_guard(text, len) > SOCIAL_MARKDOWN_WORK(len))
    {
        return SOCIAL_LIMIT;
    }

    social_out_init(&unused, len * 16 + 65536);
    social_out_init(&m.run, len * 2 + 64);
    social_out_init(&m.address, len * 2 + 64);

    m.out = out ? out : &unused;
    m.text = text;
    m.end = text + len;
    m.at = text;

    rc = social_markdown_parse(&m, len);
    *links = m.links;

    social_out_free(&unused);
    social_out_free(&m.run);
    social_out_free(&m.address);

    return rc;
}
