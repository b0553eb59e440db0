
/*
 * The HTML scanner in SVG and MathML: which rules a tag follows there, and
 * which tags leave them.  An <article> in there is not HTML's <article>.
 * Pure; any thread.
 */

#include "social_html_tree.h"


/* 1 if the current node is an SVG or MathML element */

int
social_html_is_foreign(const social_html_t *h)
{
    return h->foreign != SOCIAL_HTML_NOT
           && (h->stack[h->depth - 1].flags & OPEN_FOREIGN);
}


/* 1 if the standard's "rules for foreign content" apply to this tag */

int
social_html_use_foreign_rules(const social_html_t *h)
{
    const social_html_open_t  *top;

    if (!social_html_is_foreign(h)) {
        return 0;
    }

    if (h->end_tag) {
        return 1;
    }

    top = &h->stack[h->depth - 1];

    if (top->flags & OPEN_HTML_POINT) {
        return 0;
    }

    if (top->flags & OPEN_TEXT_POINT) {
        return h->tag == TAG_MGLYPH || h->tag == TAG_MALIGNMARK;
    }

    return !(top->name == TAG_ANNOTATION && (top->flags & OPEN_MATH)
             && h->tag == TAG_SVG);
}


static unsigned
social_html_svg_flags(const social_html_t *h)
{
    switch (h->tag) {

    case TAG_FOREIGN:
    case TAG_DESC:
    case TAG_TITLE:
        return OPEN_SVG|OPEN_SCOPE|OPEN_SPECIAL|OPEN_HTML_POINT;
    }

    return OPEN_SVG;
}


static unsigned
social_html_math_flags(const social_html_t *h)
{
    switch (h->tag) {

    case TAG_MI:
    case TAG_MO:
    case TAG_MN:
    case TAG_MS:
    case TAG_MTEXT:
        return OPEN_MATH|OPEN_SCOPE|OPEN_SPECIAL|OPEN_TEXT_POINT;

    case TAG_ANNOTATION:
        return OPEN_MATH|OPEN_SCOPE|OPEN_SPECIAL
               | (h->html_point ? OPEN_HTML_POINT : 0);
    }

    return OPEN_MATH;
}


/* opens an <svg> or <math> in HTML */

void
social_html_foreign_root(social_html_t *h)
{
    if (!h->self_closing) {
        social_html_push(h, h->tag, h->tag == TAG_SVG ? OPEN_SVG : OPEN_MATH);
    }
}


/* pops elements until HTML, or an element in which HTML is allowed */

static void
social_html_foreign_leave(social_html_t *h)
{
    unsigned                   depth;
    const social_html_open_t  *open;

    for (depth = h->depth; depth > 0; depth--) {
        open = &h->stack[depth - 1];

        if (!(open->flags & OPEN_FOREIGN)
            || (open->flags & (OPEN_HTML_POINT|OPEN_TEXT_POINT)))
        {
            break;
        }
    }

    social_html_pop_to(h, depth);
}


static int
social_html_foreign_end(social_html_t *h)
{
    int       i;
    unsigned  name;

    if (h->tag == TAG_P || h->tag == TAG_BR) {
        social_html_foreign_leave(h);
        return social_html_by_mode(h);
    }

    name = social_html_name(h);

    for (i = h->depth - 1; i >= 0; i--) {

        if (!(h->stack[i].flags & OPEN_FOREIGN)) {
            return social_html_by_mode(h);
        }

        if (h->stack[i].name == name) {
            social_html_pop_to(h, (unsigned) i);
            return TREE_DONE;
        }
    }

    return TREE_DONE;
}


int
social_html_foreign_tag(social_html_t *h)
{
    unsigned  flags;

    if (h->end_tag) {
        return social_html_foreign_end(h);
    }

    flags = social_html_flags(h);

    if ((flags & IS_BREAK) || (h->tag == TAG_FONT && h->font)) {
        social_html_foreign_leave(h);
        return social_html_by_mode(h);
    }

    if (!h->self_closing) {
        flags = (h->stack[h->depth - 1].flags & OPEN_SVG)
                ? social_html_svg_flags(h) : social_html_math_flags(h);

        social_html_push(h, social_html_name(h), flags);
    }

    return TREE_DONE;
}
