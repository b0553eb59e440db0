
/*
 * What one plain tag does to the tree, for the names that pages are full of,
 * where its rules come down to a line or two.  The effects are those of
 * social_html_body.c and social_html_table.c; whatever is not quite usual goes
 * there, by social_html_fast_tree().
 *
 * An element is opened and closed here if it is the current node and nothing
 * points at it: not the form, not the place, not the root of a framework.
 * Pure; any thread.
 */

#include "social_html_fast.h"


/* the letters of a name as a word, and its place; two names with one place
 * would not compile */

#define FAST_WORD(a, b, c, d, e, f, g)                                        \
    ((uint64_t) (a) | (uint64_t) (b) << 8 | (uint64_t) (c) << 16              \
     | (uint64_t) (d) << 24 | (uint64_t) (e) << 32 | (uint64_t) (f) << 40     \
     | (uint64_t) (g) << 48)

#define FAST_ROW_OF(word, len, tag, shift, start, end)                        \
    [SOCIAL_HTML_FAST_PLACE(word)] = { word, len, tag, shift, { start, end } }

#define FAST_1(a, ...)                                                        \
    FAST_ROW_OF(FAST_WORD(a, 0, 0, 0, 0, 0, 0), 1, __VA_ARGS__)
#define FAST_2(a, b, ...)                                                     \
    FAST_ROW_OF(FAST_WORD(a, b, 0, 0, 0, 0, 0), 2, __VA_ARGS__)
#define FAST_3(a, b, c, ...)                                                  \
    FAST_ROW_OF(FAST_WORD(a, b, c, 0, 0, 0, 0), 3, __VA_ARGS__)
#define FAST_4(a, b, c, d, ...)                                               \
    FAST_ROW_OF(FAST_WORD(a, b, c, d, 0, 0, 0), 4, __VA_ARGS__)
#define FAST_5(a, b, c, d, e, ...)                                            \
    FAST_ROW_OF(FAST_WORD(a, b, c, d, e, 0, 0), 5, __VA_ARGS__)
#define FAST_6(a, b, c, d, e, f, ...)                                         \
    FAST_ROW_OF(FAST_WORD(a, b, c, d, e, f, 0), 6, __VA_ARGS__)
#define FAST_7(a, b, c, d, e, f, g, ...)                                      \
    FAST_ROW_OF(FAST_WORD(a, b, c, d, e, f, g), 7, __VA_ARGS__)

#define FAST_IGNORED    TAG_OTHER, 0, FAST_NOTHING, FAST_NOTHING
#define FAST_FORMATS    FAST_FORMAT, FAST_END_FORMAT
#define FAST_BLOCK(tag) tag, 0, FAST_PUSH, FAST_POP
#define FAST_ITEMS(tag) tag, 0, FAST_ITEM, FAST_POP


const social_html_fast_name_t  social_html_fast_names[FAST_PLACES] = {
    /* h1 to h6: the digit is told apart later */
    FAST_ROW_OF('h', 2, TAG_H1, 0, FAST_HEADING, FAST_END_HEADING),
    FAST_1('a', TAG_A, 0, FAST_LINK, FAST_END_FORMAT),
    FAST_4('a', 'b', 'b', 'r', FAST_IGNORED),
    FAST_7('a', 'c', 'r', 'o', 'n', 'y', 'm', FAST_IGNORED),
    FAST_7('a', 'd', 'd', 'r', 'e', 's', 's', FAST_BLOCK(TAG_ADDRESS)),
    FAST_4('a', 'r', 'e', 'a', FAST_IGNORED),
    FAST_5('a', 's', 'i', 'd', 'e', FAST_BLOCK(TAG_ASIDE)),
    FAST_5('a', 'u', 'd', 'i', 'o', FAST_IGNORED),
    FAST_1('b', TAG_B, 2, FAST_FORMATS),
    FAST_3('b', 'd', 'i', FAST_IGNORED),
    FAST_3('b', 'd', 'o', FAST_IGNORED),
    FAST_3('b', 'i', 'g', TAG_BIG, 4, FAST_FORMATS),
    FAST_2('b', 'r', FAST_IGNORED),
    FAST_6('b', 'u', 't', 't', 'o', 'n',
           TAG_BUTTON, 0, FAST_BUTTON, FAST_END_BUTTON),
    FAST_6('c', 'e', 'n', 't', 'e', 'r', FAST_BLOCK(TAG_CENTER)),
    FAST_4('c', 'i', 't', 'e', FAST_IGNORED),
    FAST_4('c', 'o', 'd', 'e', TAG_CODE, 6, FAST_FORMATS),
    FAST_4('d', 'a', 't', 'a', FAST_IGNORED),
    FAST_2('d', 'd', FAST_ITEMS(TAG_DD)),
    FAST_3('d', 'e', 'l', FAST_IGNORED),
    FAST_7('d', 'e', 't', 'a', 'i', 'l', 's', FAST_BLOCK(TAG_DETAILS)),
    FAST_3('d', 'f', 'n', FAST_IGNORED),
    FAST_3('d', 'i', 'v', TAG_DIV, 0, FAST_DIV, FAST_POP),
    FAST_2('d', 'l', FAST_BLOCK(TAG_DL)),
    FAST_2('d', 't', FAST_ITEMS(TAG_DT)),
    FAST_2('e', 'm', TAG_EM, 8, FAST_FORMATS),
    FAST_6('f', 'i', 'g', 'u', 'r', 'e', FAST_BLOCK(TAG_FIGURE)),
    FAST_4('f', 'o', 'n', 't', TAG_FONT, 10, FAST_FORMATS),
    FAST_6('f', 'o', 'o', 't', 'e', 'r', FAST_BLOCK(TAG_FOOTER)),
    FAST_6('h', 'e', 'a', 'd', 'e', 'r', FAST_BLOCK(TAG_HEADER)),
    FAST_6('h', 'g', 'r', 'o', 'u', 'p', FAST_BLOCK(TAG_HGROUP)),
    FAST_2('h', 'r', TAG_HR, 0, FAST_CLOSE_P, FAST_NOTHING),
    FAST_1('i', TAG_I, 12, FAST_FORMATS),
    FAST_3('i', 'm', 'g', FAST_IGNORED),
    FAST_5('i', 'n', 'p', 'u', 't', FAST_IGNORED),
    FAST_3('i', 'n', 's', FAST_IGNORED),
    FAST_3('k', 'b', 'd', FAST_IGNORED),
    FAST_5('l', 'a', 'b', 'e', 'l', FAST_IGNORED),
    FAST_6('l', 'e', 'g', 'e', 'n', 'd', FAST_IGNORED),
    FAST_2('l', 'i', FAST_ITEMS(TAG_LI)),
    FAST_4('m', 'a', 'r', 'k', FAST_IGNORED),
    FAST_4('m', 'e', 'n', 'u', FAST_BLOCK(TAG_MENU)),
    FAST_3('n', 'a', 'v', FAST_BLOCK(TAG_NAV)),
    FAST_4('n', 'o', 'b', 'r', FAST_IGNORED),
    FAST_2('o', 'l', FAST_BLOCK(TAG_OL)),
    FAST_6('o', 'p', 't', 'i', 'o', 'n', FAST_IGNORED),
    FAST_6('o', 'u', 't', 'p', 'u', 't', FAST_IGNORED),
    FAST_1('p', TAG_P, 0, FAST_PARAGRAPH, FAST_CLOSE_P),
    FAST_7('p', 'i', 'c', 't', 'u', 'r', 'e', FAST_IGNORED),
    FAST_3('p', 'r', 'e', FAST_BLOCK(TAG_PRE)),
    FAST_1('q', FAST_IGNORED),
    FAST_4('r', 'u', 'b', 'y', FAST_IGNORED),
    FAST_1('s', TAG_S, 16, FAST_FORMATS),
    FAST_4('s', 'a', 'm', 'p', FAST_IGNORED),
    FAST_7('s', 'e', 'c', 't', 'i', 'o', 'n', FAST_BLOCK(TAG_SECTION)),
    FAST_4('s', 'l', 'o', 't', FAST_IGNORED),
    FAST_5('s', 'm', 'a', 'l', 'l', TAG_SMALL, 18, FAST_FORMATS),
    FAST_6('s', 'o', 'u', 'r', 'c', 'e', FAST_IGNORED),
    FAST_4('s', 'p', 'a', 'n', FAST_IGNORED),
    FAST_6('s', 't', 'r', 'i', 'k', 'e', TAG_STRIKE, 20, FAST_FORMATS),
    FAST_6('s', 't', 'r', 'o', 'n', 'g', TAG_STRONG, 22, FAST_FORMATS),
    FAST_3('s', 'u', 'b', FAST_IGNORED),
    FAST_7('s', 'u', 'm', 'm', 'a', 'r', 'y', FAST_BLOCK(TAG_SUMMARY)),
    FAST_3('s', 'u', 'p', FAST_IGNORED),
    FAST_2('t', 'd', TAG_TD, 0, FAST_CELL, FAST_END_CELL),
    FAST_2('t', 'h', TAG_TH, 0, FAST_CELL, FAST_END_CELL),
    FAST_4('t', 'i', 'm', 'e', TAG_TIME, 0, FAST_TIME, FAST_NOTHING),
    FAST_2('t', 'r', TAG_TR, 0, FAST_ROW, FAST_END_ROW),
    FAST_2('t', 't', TAG_TT, 24, FAST_FORMATS),
    FAST_1('u', TAG_U, 26, FAST_FORMATS),
    FAST_2('u', 'l', FAST_BLOCK(TAG_UL)),
    FAST_3('v', 'a', 'r', FAST_IGNORED),
    FAST_5('v', 'i', 'd', 'e', 'o', FAST_IGNORED),
    FAST_3('w', 'b', 'r', FAST_IGNORED)
};


/* an open element as social_html_push_tag() makes it */

static inline social_html_open_t
social_html_fast_open(unsigned tag)
{
    return (social_html_open_t) { (uint16_t) tag, OPEN_SPECIAL, MODE_TEMPLATE,
                                  0 };
}


/* 1 if the current node is exactly that: nothing else is known about it */

static inline int
social_html_fast_is_top(const social_html_t *h, unsigned tag)
{
    social_html_open_t  open;

    open = social_html_fast_open(tag);

    return h->depth > 0
           && memcmp(&h->stack[h->depth - 1], &open, sizeof(open)) == 0;
}


static inline void
social_html_fast_close_p(social_html_t *h)
{
    if (h->paragraph == h->depth) {
        h->paragraph = SOCIAL_HTML_NOT;

    } else if (h->paragraph != SOCIAL_HTML_NOT) {
        social_html_close_p(h);
    }
}


/* the depth becomes smaller; NOT is the largest value */

static inline void
social_html_fast_pop(social_html_t *h, unsigned depth)
{
    h->depth = (uint16_t) depth;

    if (h->paragraph > depth) {
        h->paragraph = SOCIAL_HTML_NOT;
    }
}


static inline int
social_html_fast_push(social_html_t *h, unsigned tag)
{
    if (h->depth == SOCIAL_HTML_DEPTH) {
        return 0;
    }

    social_html_fast_close_p(h);
    h->stack[h->depth++] = social_html_fast_open(tag);

    return 1;
}


/* may the element be the root of a framework?  Their ids begin with "__" */

static int
social_html_fast_is_root(const unsigned char *p, const unsigned char *stop)
{
    for ( ;; ) {
        p = memchr(p, '_', (size_t) (stop - p));

        if (p == NULL) {
            return 0;
        }

        if (p[1] == '_' && p[-1] == '"') {
            return 1;
        }

        p++;
    }
}


static int
social_html_fast_never(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    return 0;
}


static int
social_html_fast_paragraph(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    social_html_fast_close_p(h);
    h->paragraph = h->depth;

    return 1;
}


static int
social_html_fast_end_p(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    social_html_fast_close_p(h);

    return 1;
}


static int
social_html_fast_block(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    return social_html_fast_push(h, known->tag);
}


static int
social_html_fast_div(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    if (name[3] != '>' && h->root == SOCIAL_HTML_NOT
        && social_html_fast_is_root(name + 3, stop))
    {
        return 0;
    }

    return social_html_fast_push(h, TAG_DIV);
}


static int
social_html_fast_end(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    unsigned  i;

    i = h->depth - 1u;

    if (!social_html_fast_is_top(h, known->tag) || h->root == i) {
        return 0;
    }

    social_html_fast_pop(h, i);

    return 1;
}


static int
social_html_fast_heading(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    unsigned  top;

    if (name[1] < '1' || name[1] > '6') {
        return 0;
    }

    top = h->depth > 0 ? h->stack[h->depth - 1].name : TAG_OTHER;

    if (top >= TAG_H1 && top <= TAG_H6) {
        return 0;
    }

    return social_html_fast_push(h, TAG_H1 + name[1] - '1');
}


static int
social_html_fast_end_heading(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    if (name[1] < '1' || name[1] > '6'
        || !social_html_fast_is_top(h, TAG_H1 + name[1] - '1'))
    {
        return 0;
    }

    social_html_fast_pop(h, h->depth - 1u);

    return 1;
}


/* <li> in a list or behind another one, <dd> and <dt> likewise */

static int
social_html_fast_item(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    unsigned  top;

    top = h->depth > 0 ? h->stack[h->depth - 1].name : TAG_OTHER;

    if (known->tag == TAG_LI ? top == TAG_LI : top == TAG_DD || top == TAG_DT) {

        if (!social_html_fast_is_top(h, top)) {
            return 0;
        }

        social_html_fast_pop(h, h->depth - 1u);

    } else if (known->tag == TAG_LI ? top != TAG_UL && top != TAG_OL
                                    : top != TAG_DL)
    {
        return 0;
    }

    return social_html_fast_push(h, known->tag);
}


static int
social_html_fast_button(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    if (h->button != SOCIAL_HTML_NOT || h->depth == SOCIAL_HTML_DEPTH) {
        return 0;
    }

    h->button = h->depth;
    h->stack[h->depth++] = social_html_fast_open(TAG_BUTTON);

    return 1;
}


static int
social_html_fast_end_button(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    unsigned  i;

    i = h->depth - 1u;

    if (!social_html_fast_is_top(h, TAG_BUTTON) || h->button != i) {
        return 0;
    }

    h->button = SOCIAL_HTML_NOT;
    social_html_fast_pop(h, i);

    return 1;
}


/* the first one in an article may be its time of publication */

static int
social_html_fast_time(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    return h->kind != KIND_ARTICLE || h->meta.published[0] != '\0';
}


/* a cell is a marker in the list of active formatting elements */

static int
social_html_fast_cell(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    social_html_open_t  *open;

    if (h->mode != MODE_ROW || !social_html_fast_is_top(h, TAG_TR)
        || h->depth == SOCIAL_HTML_DEPTH)
    {
        return 0;
    }

    if ((h->formats & FORMAT_LINK) && h->linked == SOCIAL_HTML_NOT) {
        h->linked = h->depth;
    }

    open = &h->stack[h->depth++];

    *open = social_html_fast_open(known->tag);
    open->flags |= OPEN_SCOPE;
    open->formats = h->formats;

    h->formats = 0;
    h->mode = MODE_CELL;

    return 1;
}


static int
social_html_fast_end_cell(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    unsigned                   i;
    const social_html_open_t  *top;

    if (h->mode != MODE_CELL || h->depth == 0) {
        return 0;
    }

    i = h->depth - 1u;
    top = &h->stack[i];

    if (top->name != known->tag || top->flags != (OPEN_SPECIAL|OPEN_SCOPE)) {
        return 0;
    }

    h->formats = top->formats;
    h->mode = MODE_ROW;

    if (h->linked == i) {
        h->linked = SOCIAL_HTML_NOT;
    }

    social_html_fast_pop(h, i);

    return 1;
}


static int
social_html_fast_row(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    if (h->mode != MODE_TBODY || h->depth == SOCIAL_HTML_DEPTH
        || (!social_html_fast_is_top(h, TAG_TBODY)
            && !social_html_fast_is_top(h, TAG_THEAD)))
    {
        return 0;
    }

    h->stack[h->depth++] = social_html_fast_open(TAG_TR);
    h->mode = MODE_ROW;

    return 1;
}


static int
social_html_fast_end_row(social_html_t *h,
    const social_html_fast_name_t *known, const unsigned char *name,
    const unsigned char *stop)
{
    if (h->mode != MODE_ROW || !social_html_fast_is_top(h, TAG_TR)) {
        return 0;
    }

    social_html_fast_pop(h, h->depth - 1u);
    h->mode = MODE_TBODY;

    return 1;
}


const social_html_fast_act_pt  social_html_fast_acts[FAST_ACTS] = {
    [FAST_TREE] = social_html_fast_never,
    [FAST_NOTHING] = social_html_fast_never,
    [FAST_FORMAT] = social_html_fast_never,
    [FAST_LINK] = social_html_fast_never,
    [FAST_END_FORMAT] = social_html_fast_never,
    [FAST_PARAGRAPH] = social_html_fast_paragraph,
    [FAST_CLOSE_P] = social_html_fast_end_p,
    [FAST_PUSH] = social_html_fast_block,
    [FAST_DIV] = social_html_fast_div,
    [FAST_POP] = social_html_fast_end,
    [FAST_HEADING] = social_html_fast_heading,
    [FAST_END_HEADING] = social_html_fast_end_heading,
    [FAST_ITEM] = social_html_fast_item,
    [FAST_BUTTON] = social_html_fast_button,
    [FAST_END_BUTTON] = social_html_fast_end_button,
    [FAST_TIME] = social_html_fast_time,
    [FAST_CELL] = social_html_fast_cell,
    [FAST_END_CELL] = social_html_fast_end_cell,
    [FAST_ROW] = social_html_fast_row,
    [FAST_END_ROW] = social_html_fast_end_row
};


/* any other tag: its name is read, its attributes do not count */

const unsigned char *
social_html_fast_tree(social_html_t *h, const unsigned char *start,
    const unsigned char *stop)
{
    const unsigned char  *p;

    p = start + 1;
    p += (*p == '/');

    if (!social_html_alpha(*p)) {
        return start;
    }

    /* a name with other bytes may run across what looked like a value */

    while (social_html_alpha(*p) || (unsigned char) (*p - '0') < 10
           || *p == '-')
    {
        p++;
    }

    if (social_html_name_byte[*p] != 0) {
        return start;
    }

    if (!social_html_tag_plain(h, start, p, stop)) {
        return start;
    }

    return social_html_fast_may(h) ? NULL : stop + 1;
}
