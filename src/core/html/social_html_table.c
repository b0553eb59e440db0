
/*
 * The HTML scanner's insertion modes inside <table> and <select>: the
 * standard's "in table" to "in select in table".  Pure; any thread.
 */

#include "social_html_tree.h"


static int
social_html_in_table(const social_html_t *h, unsigned name)
{
    return social_html_find(h, name, WITHIN_TABLE);
}


/* opens an element whose start tag the parser implies */

static void
social_html_imply(social_html_t *h, unsigned name)
{
    social_html_push(h, name, OPEN_SPECIAL);
}


/* "clear the stack back to a ... context": pops until one of three names */

static void
social_html_clear_stack_to(social_html_t *h, unsigned a, unsigned b,
    unsigned c)
{
    unsigned                   depth;
    const social_html_open_t  *open;

    for (depth = h->depth; depth > 0; depth--) {
        open = &h->stack[depth - 1];

        if (!(open->flags & OPEN_FOREIGN)
            && (open->name == a || open->name == b || open->name == c
                || open->name == TAG_TEMPLATE))
        {
            break;
        }
    }

    social_html_pop_to(h, depth);
}


static void
social_html_pop_top(social_html_t *h, unsigned mode)
{
    if (h->depth > 0) {
        social_html_pop_to(h, h->depth - 1u);
    }

    h->mode = (uint8_t) mode;
}


/* end tags that most modes of a table ignore */

static int
social_html_is_stray_end(const social_html_t *h)
{
    return h->tag == TAG_BODY || h->tag == TAG_HTML
           || (social_html_flags(h) & IS_TABLE);
}


static int
social_html_table_end(social_html_t *h, int again)
{
    int  i;

    i = social_html_in_table(h, TAG_TABLE);

    if (i < 0) {
        return TREE_DONE;
    }

    social_html_pop_to(h, (unsigned) i);
    social_html_reset_mode(h);

    return again;
}


static int
social_html_table_part(social_html_t *h)
{
    social_html_clear_stack_to(h, TAG_TABLE, TAG_TABLE, TAG_TABLE);

    switch (h->tag) {

    case TAG_CAPTION:
        h->mode = MODE_CAPTION;
        break;

    case TAG_COLGROUP:
        h->mode = MODE_COLGROUP;
        break;

    case TAG_COL:
        social_html_imply(h, TAG_COLGROUP);
        h->mode = MODE_COLGROUP;
        return TREE_REPROCESS;

    case TAG_TD:
    case TAG_TH:
    case TAG_TR:
        social_html_imply(h, TAG_TBODY);
        h->mode = MODE_TBODY;
        return TREE_REPROCESS;

    default:
        h->mode = MODE_TBODY;
        break;
    }

    social_html_push_tag(h);

    return TREE_DONE;
}


int
social_html_mode_table(social_html_t *h)
{
    if (h->end_tag) {

        if (h->tag == TAG_TABLE) {
            return social_html_table_end(h, TREE_DONE);
        }

        return social_html_is_stray_end(h) ? TREE_DONE
                                           : social_html_mode_body(h);
    }

    if (social_html_flags(h) & IS_TABLE) {
        return social_html_table_part(h);
    }

    switch (h->tag) {

    case TAG_TABLE:
        return social_html_table_end(h, TREE_REPROCESS);

    case TAG_FORM:

        /* such a form is closed at once, but forms after it are ignored */

        if (h->templates == SOCIAL_HTML_NOT && !h->form_set) {
            h->form_set = 1;
            h->form = SOCIAL_HTML_NOT;
        }

        return TREE_DONE;
    }

    return social_html_mode_body(h);
}


int
social_html_mode_caption(social_html_t *h)
{
    int  i;

    if (h->end_tag ? h->tag == TAG_CAPTION || h->tag == TAG_TABLE
                   : (social_html_flags(h) & IS_TABLE) != 0)
    {
        i = social_html_in_table(h, TAG_CAPTION);

        if (i < 0) {
            return TREE_DONE;
        }

        social_html_pop_to(h, (unsigned) i);
        h->mode = MODE_TABLE;

        return (h->end_tag && h->tag == TAG_CAPTION) ? TREE_DONE
                                                     : TREE_REPROCESS;
    }

    if (h->end_tag && social_html_is_stray_end(h)) {
        return TREE_DONE;
    }

    return social_html_mode_body(h);
}


int
social_html_mode_colgroup(social_html_t *h)
{
    if (h->tag == TAG_TEMPLATE) {
        return social_html_head_tag(h);
    }

    if (h->tag == TAG_COL || (h->tag == TAG_HTML && !h->end_tag)) {
        return TREE_DONE;
    }

    if (h->depth == 0 || !social_html_is(h, h->depth - 1u, TAG_COLGROUP)) {
        return TREE_DONE;
    }

    social_html_pop_top(h, MODE_TABLE);

    return (h->end_tag && h->tag == TAG_COLGROUP) ? TREE_DONE : TREE_REPROCESS;
}


static int
social_html_is_body_tag(unsigned tag)
{
    return tag == TAG_TBODY || tag == TAG_THEAD || tag == TAG_TFOOT;
}


int
social_html_mode_tbody(social_html_t *h)
{
    unsigned  flags;

    flags = social_html_flags(h);

    if (!h->end_tag
        && (h->tag == TAG_TR || h->tag == TAG_TD || h->tag == TAG_TH))
    {
        social_html_clear_stack_to(h, TAG_TBODY, TAG_TFOOT, TAG_THEAD);
        h->mode = MODE_ROW;

        if (h->tag == TAG_TR) {
            social_html_push_tag(h);
            return TREE_DONE;
        }

        social_html_imply(h, TAG_TR);
        return TREE_REPROCESS;
    }

    if (h->end_tag && social_html_is_body_tag(h->tag)) {

        if (social_html_in_table(h, h->tag) >= 0) {
            social_html_clear_stack_to(h, TAG_TBODY, TAG_TFOOT, TAG_THEAD);
            social_html_pop_top(h, MODE_TABLE);
        }

        return TREE_DONE;
    }

    if (h->end_tag ? h->tag == TAG_TABLE : (flags & IS_TABLE) != 0) {

        if (social_html_in_table(h, TAG_TBODY) < 0
            && social_html_in_table(h, TAG_THEAD) < 0
            && social_html_in_table(h, TAG_TFOOT) < 0)
        {
            return TREE_DONE;
        }

        social_html_clear_stack_to(h, TAG_TBODY, TAG_TFOOT, TAG_THEAD);
        social_html_pop_top(h, MODE_TABLE);
        return TREE_REPROCESS;
    }

    return social_html_mode_table(h);
}


int
social_html_mode_row(social_html_t *h)
{
    unsigned  flags;

    flags = social_html_flags(h);

    if (!h->end_tag && (h->tag == TAG_TD || h->tag == TAG_TH)) {
        social_html_clear_stack_to(h, TAG_TR, TAG_TR, TAG_TR);
        social_html_push_tag(h);
        h->mode = MODE_CELL;
        return TREE_DONE;
    }

    if (h->end_tag ? h->tag == TAG_TR || h->tag == TAG_TABLE
                     || social_html_is_body_tag(h->tag)
                   : (flags & IS_TABLE) != 0)
    {
        if (h->end_tag && social_html_is_body_tag(h->tag)
            && social_html_in_table(h, h->tag) < 0)
        {
            return TREE_DONE;
        }

        if (social_html_in_table(h, TAG_TR) < 0) {
            return TREE_DONE;
        }

        social_html_clear_stack_to(h, TAG_TR, TAG_TR, TAG_TR);
        social_html_pop_top(h, MODE_TBODY);

        return (h->end_tag && h->tag == TAG_TR) ? TREE_DONE : TREE_REPROCESS;
    }

    return social_html_mode_table(h);
}


static void
social_html_close_cell(social_html_t *h)
{
    int  td, th;

    td = social_html_in_table(h, TAG_TD);
    th = social_html_in_table(h, TAG_TH);

    if (td >= 0 || th >= 0) {
        social_html_pop_to(h, (unsigned) (td > th ? td : th));
    }

    h->mode = MODE_ROW;
}


int
social_html_mode_cell(social_html_t *h)
{
    int  i;

    if (!h->end_tag) {

        if (!(social_html_flags(h) & IS_TABLE)) {
            return social_html_mode_body(h);
        }

        social_html_close_cell(h);

        return TREE_REPROCESS;
    }

    switch (h->tag) {

    case TAG_TD:
    case TAG_TH:
        i = social_html_in_table(h, h->tag);

        if (i >= 0) {
            social_html_pop_to(h, (unsigned) i);
            h->mode = MODE_ROW;
        }

        return TREE_DONE;

    case TAG_TABLE:
    case TAG_TBODY:
    case TAG_TFOOT:
    case TAG_THEAD:
    case TAG_TR:

        if (social_html_in_table(h, h->tag) < 0) {
            return TREE_DONE;
        }

        social_html_close_cell(h);

        return TREE_REPROCESS;
    }

    return social_html_is_stray_end(h) ? TREE_DONE : social_html_mode_body(h);
}


static int
social_html_select_leave(social_html_t *h)
{
    int  i;

    i = social_html_find(h, TAG_SELECT, WITHIN_TABLE);

    if (i < 0) {
        return TREE_DONE;
    }

    if (h->select_svg) {
        social_html_none(h);
        return TREE_DONE;
    }

    social_html_pop_to(h, (unsigned) i);
    social_html_reset_mode(h);

    return TREE_REPROCESS;
}


/*
 * Older parsers let <select> hold only options and drop every other tag; since
 * 2025 <select> is an element like others.  Both end it at the same tag unless
 * one of these is inside; then the scanner gives up.
 */

static int
social_html_select_start(social_html_t *h)
{
    switch (h->tag) {

    case TAG_INPUT:
        return social_html_select_leave(h);

    case TAG_SVG:

        if (!h->self_closing) {
            h->select_svg = 1;
        }

        return TREE_DONE;

    case TAG_TITLE:

        if (h->select_svg) {
            return TREE_DONE;
        }

        break;

    case TAG_APPLET:
    case TAG_DESC:
    case TAG_FOREIGN:
    case TAG_KEYGEN:
    case TAG_MARQUEE:
    case TAG_MATH:
    case TAG_OBJECT:
    case TAG_PLAINTEXT:
    case TAG_TABLE:
        break;

    default:

        if (!(social_html_flags(h) & IS_RAW)) {
            return TREE_DONE;
        }

        break;
    }

    social_html_none(h);

    return TREE_DONE;
}


int
social_html_mode_select(social_html_t *h)
{
    if (h->tag == TAG_TEMPLATE || (h->tag == TAG_SCRIPT && !h->end_tag)) {
        return social_html_head_tag(h);
    }

    if (h->tag == TAG_SELECT) {
        social_html_select_leave(h);
        return TREE_DONE;
    }

    if (!h->end_tag) {
        return social_html_select_start(h);
    }

    if (h->tag == TAG_SVG) {
        h->select_svg = 0;
    }

    return TREE_DONE;
}


int
social_html_mode_select_in_table(social_html_t *h)
{
    if (!h->end_tag && (h->tag == TAG_COL || h->tag == TAG_COLGROUP)) {
        social_html_none(h);
        return TREE_DONE;
    }

    if ((social_html_flags(h) & IS_TABLE)
        || (h->end_tag && h->tag == TAG_TABLE))
    {
        if (h->end_tag && social_html_in_table(h, h->tag) < 0) {
            return TREE_DONE;
        }

        return social_html_select_leave(h);
    }

    return social_html_mode_select(h);
}
