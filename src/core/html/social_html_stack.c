
/*
 * The HTML scanner's stack of open elements.
 *
 *     index   0      1      2      3     4       5
 *           body | main | article | ul | svg | foreignObject ...
 *                            ^             ^
 *                         chosen        foreign
 *
 * <html> is not on the stack.  Every change of the stack must happen here: it
 * also moves the indices chosen, form, foreign and templates.  Bounded: a page
 * that is nested more deeply has no place.  Pure; any thread.
 */

#include "social_html_tree.h"


void
social_html_push(social_html_t *h, unsigned name, unsigned flags)
{
    social_html_open_t  *open;

    if (h->depth == SOCIAL_HTML_DEPTH) {
        social_html_none(h);
        return;
    }

    if ((flags & OPEN_FOREIGN) && h->foreign == SOCIAL_HTML_NOT) {
        h->foreign = h->depth;
    }

    open = &h->stack[h->depth];

    open->name = (uint16_t) name;
    open->flags = (uint8_t) flags;
    open->mode = MODE_TEMPLATE;
    open->formats = 0;

    if (name == TAG_BUTTON && h->button == SOCIAL_HTML_NOT) {
        h->button = h->depth;
    }

    h->depth++;
}


/* the name of the current tag: a number if it is known, else a hash */

unsigned
social_html_name(const social_html_t *h)
{
    unsigned  i, hash;

    if (h->tag != TAG_OTHER) {
        return h->tag;
    }

    hash = 5381 + h->name_len;

    for (i = 0; i < SOCIAL_HTML_NAME; i++) {
        hash = hash * 33 + h->name[i];
    }

    return 0x8000 | ((hash ^ (hash >> 15)) & 0x7fff);
}


/* the current node is a marker in the list of active formatting elements:
 * those before it do not count in it */

static void
social_html_marker(social_html_t *h)
{
    h->stack[h->depth - 1].formats = h->formats;

    if ((h->formats & FORMAT_LINK) && h->linked == SOCIAL_HTML_NOT) {
        h->linked = (uint16_t) (h->depth - 1);
    }

    h->formats = 0;
}


/* the current node is closed, which may be a marker */

static void
social_html_unmark(social_html_t *h, unsigned depth)
{
    unsigned                   i;
    const social_html_open_t  *open;

    for (i = depth; i < h->depth; i++) {
        open = &h->stack[i];

        if (!(open->flags & (OPEN_FOREIGN|OPEN_FORMAT))
            && (open->flags & OPEN_SCOPE) && open->name != TAG_TABLE)
        {
            h->formats = open->formats;
            return;
        }
    }
}


static unsigned
social_html_format_shift(const social_html_t *h)
{
    static const uint8_t  names[] = {
        TAG_A, TAG_B, TAG_BIG, TAG_CODE, TAG_EM, TAG_FONT, TAG_I, TAG_NOBR,
        TAG_S, TAG_SMALL, TAG_STRIKE, TAG_STRONG, TAG_TT, TAG_U
    };

    unsigned  i;

    for (i = 0; i < social_nelts(names) - 1; i++) {
        if (names[i] == h->tag) {
            break;
        }
    }

    return 2 * i;
}


/*
 * The list holds at most three elements alike; the widget's have no
 * attributes, except its links.  Of <a> and <nobr> there is never more than
 * one; a widget has no <nobr>.
 */

void
social_html_format_start(social_html_t *h)
{
    unsigned  shift;

    shift = social_html_format_shift(h);

    if (h->tag == TAG_A) {
        h->formats = (h->formats & ~FORMAT_LINK) | 1;

    } else if (h->bare && h->tag != TAG_NOBR
               && ((h->formats >> shift) & 3) != 3)
    {
        h->formats += 1u << shift;
    }
}


void
social_html_format_end(social_html_t *h)
{
    unsigned  shift;

    shift = social_html_format_shift(h);

    if ((h->formats >> shift) & 3) {
        h->formats -= 1u << shift;
    }
}


/* pushes an HTML element for the current tag */

void
social_html_push_tag(social_html_t *h)
{
    unsigned  known, flags;

    known = social_html_flags(h);
    flags = 0;

    if (known & IS_SCOPE) {
        flags |= OPEN_SCOPE;
    }

    if (known & IS_FORMAT) {
        flags |= OPEN_FORMAT;
    }

    if (((known & IS_KEPT) && !(known & IS_PLAIN)) || h->tag == TAG_P) {
        flags |= OPEN_SPECIAL;
    }

    if (known & IS_PLAIN) {

        /* inside SVG and MathML, the end tag of an ordinary element outside
         * would close it, too */

        flags |= OPEN_DOUBTFUL;
    }

    social_html_push(h, social_html_name(h), flags);

    if (h->answer != SOCIAL_HTML_MORE) {
        return;
    }

    if ((known & IS_SCOPE) && h->tag != TAG_TABLE) {
        social_html_marker(h);

    } else if (h->is_root && h->root == SOCIAL_HTML_NOT) {
        h->root = (uint16_t) (h->depth - 1);
    }

    if (h->tag == TAG_TEMPLATE && h->templates == SOCIAL_HTML_NOT) {
        h->templates = (uint16_t) (h->depth - 1);
    }

    social_html_opened(h, h->depth - 1u);
}


/*
 * A formatting element inside SVG or MathML that another element's end tag
 * closes is opened again later.  The scanner does not follow that: it gives
 * up.
 */

static void
social_html_popped(social_html_t *h, unsigned depth)
{
    unsigned  i;

    if (h->foreign >= depth) {
        return;
    }

    for (i = depth; i < h->depth; i++) {
        if (h->stack[i].flags & OPEN_FORMAT) {
            social_html_none(h);
            return;
        }
    }
}


static void
social_html_forget(uint16_t *index, unsigned depth)
{
    if (*index != SOCIAL_HTML_NOT && *index >= depth) {
        *index = SOCIAL_HTML_NOT;
    }
}


static void
social_html_move(uint16_t *index, unsigned i)
{
    if (*index != SOCIAL_HTML_NOT && *index > i) {
        (*index)--;
    }
}


void
social_html_pop_to(social_html_t *h, unsigned depth)
{
    if (depth >= h->depth) {
        return;
    }

    if (h->foreign != SOCIAL_HTML_NOT) {
        social_html_popped(h, depth);

        if (h->foreign >= depth) {
            h->foreign = SOCIAL_HTML_NOT;
        }
    }

    if (h->templates != SOCIAL_HTML_NOT && h->templates >= depth) {
        h->templates = SOCIAL_HTML_NOT;
    }

    if (h->form != SOCIAL_HTML_NOT && h->form >= depth) {
        h->form = SOCIAL_HTML_NOT;
    }

    social_html_unmark(h, depth);
    social_html_forget(&h->button, depth);
    social_html_forget(&h->linked, depth);
    social_html_forget(&h->root, depth);

    if (h->paragraph != SOCIAL_HTML_NOT && h->paragraph > depth) {
        h->paragraph = SOCIAL_HTML_NOT;
    }

    h->depth = (uint16_t) depth;

    if (h->chosen != SOCIAL_HTML_NOT && h->chosen >= depth) {
        social_html_closed(h);
    }
}


/* removes an element from the middle; those above it stay open */

void
social_html_remove(social_html_t *h, unsigned i)
{
    memmove(&h->stack[i], &h->stack[i + 1],
            (h->depth - i - 1u) * sizeof(social_html_open_t));
    h->depth--;

    social_html_move(&h->button, i);
    social_html_move(&h->linked, i);
    social_html_move(&h->root, i);
    social_html_move(&h->paragraph, i);

    if (h->chosen != SOCIAL_HTML_NOT && h->chosen > i) {
        h->chosen--;
    }

    if (h->foreign != SOCIAL_HTML_NOT && h->foreign > i) {
        h->foreign--;
    }

    if (h->templates != SOCIAL_HTML_NOT && h->templates > i) {
        h->templates--;
    }

    if (h->form == i) {
        h->form = SOCIAL_HTML_NOT;

    } else if (h->form != SOCIAL_HTML_NOT && h->form > i) {
        h->form--;
    }
}


int
social_html_is(const social_html_t *h, unsigned i, unsigned name)
{
    return h->stack[i].name == name && !(h->stack[i].flags & OPEN_FOREIGN);
}


static int
social_html_stops(const social_html_open_t *open, social_html_within_e within)
{
    if (within == WITHIN_TABLE) {
        return !(open->flags & OPEN_FOREIGN)
               && (open->name == TAG_TABLE || open->name == TAG_TEMPLATE);
    }

    if (open->flags & OPEN_SCOPE) {
        return 1;
    }

    if (open->flags & OPEN_FOREIGN) {
        return 0;
    }

    if (within == WITHIN_LIST) {
        return open->name == TAG_OL || open->name == TAG_UL;
    }

    return within == WITHIN_BUTTON && open->name == TAG_BUTTON;
}


/* index of the innermost open element of that name, -1 if there is none */

int
social_html_find(const social_html_t *h, unsigned name,
    social_html_within_e within)
{
    int  i;

    for (i = h->depth - 1; i >= 0; i--) {

        if (social_html_is(h, (unsigned) i, name)) {
            return i;
        }

        if (social_html_stops(&h->stack[i], within)) {
            return -1;
        }
    }

    return -1;
}


/*
 * <p> is only kept inside SVG and MathML: elsewhere it matters only at the end
 * of the page, and h->paragraph will do.
 */

void
social_html_close_p(social_html_t *h)
{
    int                        i;
    const social_html_open_t  *open;

    if (h->foreign != SOCIAL_HTML_NOT) {
        i = social_html_find(h, TAG_P, WITHIN_BUTTON);

        if (i >= 0) {
            social_html_pop_to(h, (unsigned) i);
        }

        return;
    }

    if (h->paragraph == SOCIAL_HTML_NOT) {
        return;
    }

    for (i = h->depth - 1; i >= (int) h->paragraph; i--) {
        open = &h->stack[i];

        if ((open->flags & OPEN_SCOPE) || open->name == TAG_BUTTON) {
            return;
        }
    }

    h->paragraph = SOCIAL_HTML_NOT;
}


static int
social_html_mode_of(const social_html_t *h, unsigned i)
{
    if (h->stack[i].flags & OPEN_FOREIGN) {
        return -1;
    }

    switch (h->stack[i].name) {

    case TAG_TD:
    case TAG_TH:
        return MODE_CELL;

    case TAG_TR:
        return MODE_ROW;

    case TAG_TBODY:
    case TAG_THEAD:
    case TAG_TFOOT:
        return MODE_TBODY;

    case TAG_CAPTION:
        return MODE_CAPTION;

    case TAG_COLGROUP:
        return MODE_COLGROUP;

    case TAG_TABLE:
        return MODE_TABLE;

    case TAG_TEMPLATE:
        return h->stack[i].mode;

    case TAG_HEAD:
        return MODE_HEAD;

    case TAG_BODY:
        return MODE_BODY;

    case TAG_SELECT:
        return MODE_SELECT;
    }

    return -1;
}


/* "reset the insertion mode appropriately" of the standard */

void
social_html_reset_mode(social_html_t *h)
{
    int  i, mode;

    for (i = h->depth - 1; i >= 0; i--) {
        mode = social_html_mode_of(h, (unsigned) i);

        if (mode == MODE_SELECT
            && social_html_find(h, TAG_TABLE, WITHIN_TABLE) >= 0)
        {
            mode = MODE_SELECT_IN_TABLE;
        }

        if (mode >= 0) {
            h->mode = (uint8_t) mode;
            return;
        }
    }

    h->mode = MODE_AFTER_HEAD;
}


/* 1 if an element above `from` would move, hide or drop a widget */

int
social_html_is_unsafe(const social_html_t *h, unsigned from, unsigned depth)
{
    unsigned                   i;
    const social_html_open_t  *open;

    for (i = from + 1; i < depth; i++) {
        open = &h->stack[i];

        if (open->flags & OPEN_FOREIGN) {
            return 1;
        }

        if (open->name < TAG_LAST
            && (social_html_known[open->name].flags & IS_BAD))
        {
            return 1;
        }
    }

    return 0;
}
