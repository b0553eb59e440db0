
/*
 * The HTML scanner's insertion mode "in body": which elements a tag opens and
 * closes.  Works on the stack of open elements, never on bytes of the page.
 * Pure; any thread.
 */

#include "social_html_tree.h"


#define TAGS_IMPLIED(name)                                                    \
    ((name) == TAG_LI || (name) == TAG_DD || (name) == TAG_DT)


/*
 * Ordinary elements are not kept on the stack, but they decide whether a
 * heading was closed by the next one, a list item by a </form>, or a <dialog>
 * or <search> by something else.  So such an element may or may not be open.
 * If a tag would close it either way, nothing depends on that; otherwise the
 * scanner gives up and the page has no place.
 */

static int
social_html_doubtful(social_html_t *h, int i)
{
    if (!(h->stack[i].flags & OPEN_DOUBTFUL)) {
        return 0;
    }

    if (i != h->depth - 1) {
        social_html_none(h);
        return 0;
    }

    return 1;
}


static void
social_html_implied_doubts(social_html_t *h)
{
    int  i;

    for (i = h->depth - 1; i >= 0; i--) {

        if (!TAGS_IMPLIED(h->stack[i].name)
            || (h->stack[i].flags & OPEN_FOREIGN))
        {
            return;
        }

        h->stack[i].flags |= OPEN_DOUBTFUL;
    }
}


/* finds the open <li>, <dd> or <dt> that a new one closes */

static int
social_html_find_item(const social_html_t *h)
{
    int                        i;
    const social_html_open_t  *open;

    for (i = h->depth - 1; i >= 0; i--) {
        open = &h->stack[i];

        if (!(open->flags & OPEN_FOREIGN)) {

            if (open->name == h->tag) {
                return i;
            }

            if (h->tag != TAG_LI
                && (open->name == TAG_DD || open->name == TAG_DT))
            {
                return i;
            }

            if (open->name == TAG_ADDRESS || open->name == TAG_DIV
                || open->name == TAG_P)
            {
                continue;
            }
        }

        if (open->flags & OPEN_SPECIAL) {
            return -1;
        }
    }

    return -1;
}


static void
social_html_start_item(social_html_t *h)
{
    int  i, doubt;

    i = social_html_find_item(h);

    if (i >= 0) {
        doubt = social_html_doubtful(h, i);

        /* the standard's search stops at <search>, Chromium 156's does not */

        if (social_html_find(h, TAG_SEARCH, WITHIN_SCOPE) > i) {
            social_html_none(h);
        }

        social_html_pop_to(h, (unsigned) i);

        if (doubt && social_html_find_item(h) >= 0) {
            social_html_none(h);
        }
    }

    social_html_close_p(h);
    social_html_push_tag(h);
}


static void
social_html_start_form(social_html_t *h)
{
    if (h->templates != SOCIAL_HTML_NOT) {
        social_html_close_p(h);
        social_html_push_tag(h);
        return;
    }

    if (h->form_set) {
        return;
    }

    social_html_close_p(h);
    social_html_push_tag(h);

    h->form_set = 1;
    h->form = (uint16_t) (h->depth - 1);
}


static void
social_html_start_heading(social_html_t *h)
{
    unsigned             name;
    social_html_open_t  *top;

    social_html_close_p(h);

    if (h->depth != 0) {
        top = &h->stack[h->depth - 1];
        name = (top->flags & OPEN_FOREIGN) ? TAG_OTHER : top->name;

        if (name < TAG_LAST
            && (social_html_known[name].flags & IS_HEADING))
        {
            top->flags |= OPEN_DOUBTFUL;
        }
    }

    social_html_push_tag(h);
}


/* inside SVG and MathML every element is kept */

static void
social_html_start_ordinary(social_html_t *h)
{
    unsigned  flags;

    flags = social_html_flags(h);

    if (h->foreign == SOCIAL_HTML_NOT) {

        if (h->tag == TAG_P) {
            social_html_close_p(h);
            h->paragraph = h->depth;

        } else if (flags & IS_FORMAT) {
            social_html_format_start(h);
        }

        return;
    }

    if ((flags & (IS_VOID|IS_TABLE))
        || h->tag == TAG_HEAD)
    {
        return;
    }

    if (h->tag == TAG_P) {
        social_html_close_p(h);
    }

    if ((h->tag == TAG_A || h->tag == TAG_NOBR)
        && social_html_find(h, h->tag, WITHIN_SCOPE) >= 0)
    {
        social_html_none(h);
        return;
    }

    social_html_push_tag(h);
}


static int
social_html_start_kept(social_html_t *h)
{
    int  i;

    switch (h->tag) {

    case TAG_BUTTON:
        i = social_html_find(h, TAG_BUTTON, WITHIN_SCOPE);

        if (i >= 0) {
            social_html_pop_to(h, (unsigned) i);
        }

        break;

    case TAG_TABLE:
        social_html_close_p(h);
        h->mode = MODE_TABLE;
        break;

    case TAG_SELECT:
        h->mode = (h->mode >= MODE_TABLE && h->mode <= MODE_CELL)
                  ? MODE_SELECT_IN_TABLE : MODE_SELECT;
        break;

    case TAG_FORM:
        social_html_start_form(h);
        return TREE_DONE;

    case TAG_LI:
    case TAG_DD:
    case TAG_DT:
        social_html_start_item(h);
        return TREE_DONE;

    case TAG_BODY:

        if (h->depth && social_html_is(h, 0, TAG_BODY)
            && h->templates == SOCIAL_HTML_NOT)
        {
            h->frames_ok = 0;
        }

        return TREE_DONE;
    }

    social_html_push_tag(h);

    return TREE_DONE;
}


/* start tags with a rule of their own; 0: no rule for this tag */

static int
social_html_start_single(social_html_t *h)
{
    switch (h->tag) {

    case TAG_HTML:
    case TAG_HEAD:
        return 1;

    case TAG_SVG:
    case TAG_MATH:
        social_html_foreign_root(h);
        return 1;

    case TAG_PLAINTEXT:
        social_html_plaintext(h);
        return 1;

    case TAG_FRAMESET:

        if (h->frames_ok) {
            social_html_none(h);
        }

        return 1;

    case TAG_HR:
        social_html_close_p(h);
        return 1;

    case TAG_RB:
    case TAG_RP:
    case TAG_RT:
    case TAG_RTC:
        social_html_implied_doubts(h);
        break;
    }

    return 0;
}


static int
social_html_body_start(social_html_t *h)
{
    unsigned  flags;

    flags = social_html_flags(h);

    if (flags & IS_HEAD) {
        return social_html_head_tag(h);
    }

    if (flags & IS_BUSY) {
        h->frames_ok = 0;
    }

    if (flags & IS_RAW) {

        if (h->tag == TAG_XMP) {
            social_html_close_p(h);
        }

        social_html_raw_start(h);
        return TREE_DONE;
    }

    if (flags & IS_BLOCK) {
        social_html_close_p(h);
        social_html_push_tag(h);
        return TREE_DONE;
    }

    if (flags & IS_HEADING) {
        social_html_start_heading(h);
        return TREE_DONE;
    }

    if (social_html_start_single(h)) {
        return TREE_DONE;
    }

    if ((flags & IS_KEPT) && (!(flags & IS_TABLE))) {
        return social_html_start_kept(h);
    }

    social_html_start_ordinary(h);

    return TREE_DONE;
}


static void
social_html_end_form(social_html_t *h)
{
    int       j;
    unsigned  i;

    if (h->templates != SOCIAL_HTML_NOT) {
        j = social_html_find(h, TAG_FORM, WITHIN_SCOPE);

        if (j >= 0) {
            social_html_pop_to(h, (unsigned) j);
        }

        return;
    }

    i = h->form;

    h->form_set = 0;
    h->form = SOCIAL_HTML_NOT;

    if (i == SOCIAL_HTML_NOT) {
        return;
    }

    for (j = h->depth - 1; j > (int) i; j--) {
        if (h->stack[j].flags & OPEN_SCOPE) {
            return;
        }
    }

    social_html_implied_doubts(h);
    social_html_remove(h, i);
}


static int
social_html_find_heading(const social_html_t *h)
{
    int                        i;
    const social_html_open_t  *open;

    for (i = h->depth - 1; i >= 0; i--) {
        open = &h->stack[i];

        if (!(open->flags & OPEN_FOREIGN) && open->name < TAG_LAST
            && (social_html_known[open->name].flags & IS_HEADING))
        {
            return i;
        }

        if (open->flags & OPEN_SCOPE) {
            return -1;
        }
    }

    return -1;
}


static int
social_html_find_end_target(const social_html_t *h)
{
    if (social_html_flags(h) & IS_HEADING) {
        return social_html_find_heading(h);
    }

    return social_html_find(h, h->tag, h->tag == TAG_LI ? WITHIN_LIST
                                                        : WITHIN_SCOPE);
}


static void
social_html_end_kept(social_html_t *h)
{
    int  i, doubt;

    i = social_html_find_end_target(h);

    if (i < 0) {
        return;
    }

    doubt = social_html_doubtful(h, i);
    social_html_pop_to(h, (unsigned) i);

    if (doubt && social_html_find_end_target(h) >= 0) {
        social_html_none(h);
    }
}


/*
 * An end tag inside SVG or MathML that names an element outside of it closes
 * both.  Ordinary elements outside are not kept, so it is unknown whether one
 * is open.  stop: flags of elements at which the search ends.
 */

static void
social_html_close_outer(social_html_t *h, unsigned stop)
{
    int  i;

    for (i = h->depth - 1; i >= (int) h->foreign; i--) {
        if (h->stack[i].flags & stop) {
            return;
        }
    }

    social_html_none(h);
}


/* a formatting element's end tag inside SVG and MathML */

static void
social_html_end_format(social_html_t *h)
{
    int  i, j;

    i = social_html_find(h, h->tag, WITHIN_SCOPE);

    if (i < 0) {
        social_html_close_outer(h, OPEN_SCOPE);
        return;
    }

    for (j = h->depth - 1; j > i; j--) {
        if (h->stack[j].flags & OPEN_SPECIAL) {

            /* the adoption agency algorithm would rebuild the tree: give up */

            social_html_none(h);
            return;
        }
    }

    h->stack[i].flags &= (uint8_t) ~OPEN_FORMAT;
    social_html_pop_to(h, (unsigned) i);
}


/* "any other end tag" of the standard */

static int
social_html_other_end(social_html_t *h)
{
    int       i;
    unsigned  name;

    if (h->foreign == SOCIAL_HTML_NOT) {
        return TREE_DONE;
    }

    name = social_html_name(h);

    for (i = h->depth - 1; i >= 0; i--) {

        if (social_html_is(h, (unsigned) i, name)) {
            social_html_pop_to(h, (unsigned) i);
            return TREE_DONE;
        }

        if (h->stack[i].flags & OPEN_SPECIAL) {
            break;
        }
    }

    social_html_close_outer(h, OPEN_SPECIAL);

    return TREE_DONE;
}


static int
social_html_body_end(social_html_t *h)
{
    unsigned  flags;

    switch (h->tag) {

    case TAG_TEMPLATE:
        return social_html_head_tag(h);

    case TAG_HTML:
    case TAG_BODY:

        if (social_html_find(h, TAG_BODY, WITHIN_SCOPE) != 0) {
            return TREE_DONE;
        }

        social_html_ended(h);
        h->mode = MODE_AFTER_BODY;

        return h->tag == TAG_HTML ? TREE_REPROCESS : TREE_DONE;

    case TAG_FORM:
        social_html_end_form(h);
        return TREE_DONE;

    case TAG_P:
        social_html_close_p(h);
        return TREE_DONE;

    case TAG_BR:
        h->frames_ok = 0;
        return TREE_DONE;
    }

    flags = social_html_flags(h);

    if ((flags & IS_KEPT) && !(flags & IS_TABLE) && h->tag != TAG_SELECT
        && h->tag != TAG_TABLE && h->tag != TAG_HEAD)
    {
        social_html_end_kept(h);
        return TREE_DONE;
    }

    if (flags & IS_FORMAT) {

        if (h->foreign == SOCIAL_HTML_NOT) {
            social_html_format_end(h);

        } else {
            social_html_end_format(h);
        }

        return TREE_DONE;
    }

    return social_html_other_end(h);
}


int
social_html_mode_body(social_html_t *h)
{
    return h->end_tag ? social_html_body_end(h) : social_html_body_start(h);
}
