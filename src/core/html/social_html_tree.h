
/*
 * What the files of the HTML scanner share; no other file may include it.
 *
 *   social_html.c           the public functions, the choice of the place
 *   social_html_token.c     tags and their attributes
 *   social_html_skip.c      the hot loops
 *   social_html_raw.c       comments, doctype, CDATA, script, raw text
 *   social_html_tags.c      names
 *   social_html_stack.c     the stack of open elements
 *   social_html_modes.c     insertion modes around <body>, and which applies
 *   social_html_body.c      insertion mode "in body"
 *   social_html_table.c     insertion modes of <table>, <select>
 *   social_html_foreign.c   SVG and MathML
 *   social_html_meta.c      what the page says about itself
 *   social_html_entity.c    character references
 *   social_html_mark.c      the state between two pieces, compact
 *
 * The terms are those of the HTML standard, sections 13.2.5 and 13.2.6.
 */

#ifndef SOCIAL_HTML_TREE_H_INCLUDED
#define SOCIAL_HTML_TREE_H_INCLUDED


#include <string.h>

#include "social_html.h"
#include "social_html_tags.h"


/* states of the tokenizer; code relies on the order TAG_OPEN to
 * SELF_CLOSING */

typedef enum {
    STATE_START = 0,
    STATE_DATA,
    STATE_TAG_OPEN,
    STATE_END_TAG_OPEN,
    STATE_TAG_NAME,
    STATE_BEFORE_ATTR,
    STATE_ATTR_NAME,
    STATE_AFTER_ATTR,
    STATE_BEFORE_VALUE,
    STATE_VALUE_DOUBLE,
    STATE_VALUE_SINGLE,
    STATE_VALUE_BARE,
    STATE_AFTER_VALUE,
    STATE_SELF_CLOSING,
    STATE_MARKUP,
    STATE_MARKUP_DASH,
    STATE_MARKUP_DOCTYPE,
    STATE_MARKUP_CDATA,
    STATE_BOGUS,
    STATE_DOCTYPE,
    STATE_COMMENT_START,
    STATE_COMMENT_START_DASH,
    STATE_COMMENT,
    STATE_COMMENT_DASH,
    STATE_COMMENT_END,
    STATE_COMMENT_BANG,
    STATE_CDATA,
    STATE_CDATA_BRACKET,
    STATE_CDATA_END,
    STATE_PLAINTEXT,
    STATE_RAW,
    STATE_RAW_LESS,
    STATE_RAW_NAME,
    STATE_SCRIPT_BANG,
    STATE_SCRIPT_BANG_DASH,
    STATE_ESCAPED,
    STATE_ESCAPED_DASH,
    STATE_ESCAPED_DASHES,
    STATE_ESCAPED_LESS,
    STATE_DOUBLE_START,
    STATE_DOUBLE,
    STATE_DOUBLE_DASH,
    STATE_DOUBLE_DASHES,
    STATE_DOUBLE_LESS,
    STATE_DOUBLE_END,
    STATE_LAST
} social_html_state_e;


/* insertion modes; "text", "in table text" and those of framesets need none */

typedef enum {
    MODE_START = 0,             /* initial, before html, before head */
    MODE_HEAD,
    MODE_AFTER_HEAD,
    MODE_BODY,
    MODE_TABLE,
    MODE_CAPTION,
    MODE_COLGROUP,
    MODE_TBODY,
    MODE_ROW,
    MODE_CELL,
    MODE_SELECT,
    MODE_SELECT_IN_TABLE,
    MODE_TEMPLATE,
    MODE_AFTER_BODY,
    MODE_AFTER_HTML,
    MODE_LAST
} social_html_insertion_e;


/* flags of an open element */

#define OPEN_SVG         0x01
#define OPEN_MATH        0x02
#define OPEN_FOREIGN     (OPEN_SVG|OPEN_MATH)
#define OPEN_HTML_POINT  0x04   /* HTML integration point */
#define OPEN_TEXT_POINT  0x08   /* MathML text integration point */
#define OPEN_SCOPE       0x10
#define OPEN_SPECIAL     0x20
#define OPEN_FORMAT      0x40
#define OPEN_DOUBTFUL    0x80   /* a heading that may already be closed */


typedef enum {
    KIND_NONE = 0,
    KIND_BODY,
    KIND_MAIN,
    KIND_ARTICLE
} social_html_kind_e;


/* which elements stop a search down the stack */

typedef enum {
    WITHIN_SCOPE = 0,
    WITHIN_LIST,
    WITHIN_BUTTON,
    WITHIN_TABLE
} social_html_within_e;


/* formats: two bits for each name of a formatting element, <a> first */

#define FORMAT_LINK     0x00000003u
#define FORMAT_BITS     0x55555555u

/* 1 if three elements alike are in the list: a fourth one, in a widget, would
 * remove the first from it */

#define social_html_is_crowded(formats)                                       \
    (((formats) & ((formats) >> 1) & FORMAT_BITS & ~FORMAT_LINK) != 0)


#define TREE_DONE       0
#define TREE_REPROCESS  1       /* by the rules of the new mode */


typedef const unsigned char *(*social_html_state_pt)(social_html_t *h,
    const unsigned char *p, const unsigned char *end);


static inline int
social_html_space(unsigned char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}


static inline int
social_html_alpha(unsigned char c)
{
    return (unsigned char) ((c | 0x20) - 'a') < 26;
}


static inline unsigned char
social_html_lower(unsigned char c)
{
    return (unsigned char) (c - 'A') < 26 ? (unsigned char) (c | 0x20) : c;
}


static inline uint64_t
social_html_offset(const social_html_t *h, const unsigned char *p)
{
    return h->base + (uint64_t) (p - h->chunk);
}


static inline unsigned
social_html_flags(const social_html_t *h)
{
    return social_html_known[h->tag].flags;
}


/* tokenizer: each state reads from p and returns where it stopped */

extern const social_html_state_pt  social_html_states[STATE_LAST];

const unsigned char *social_html_tag_done(social_html_t *h,
    const unsigned char *p);

/* hot loops */

extern const unsigned char  social_html_name_byte[256];

const unsigned char *social_html_skip_text(const unsigned char *p,
    const unsigned char *end);
const unsigned char *social_html_skip_attrs(const unsigned char *p,
    const unsigned char *end, int *slash);

/* raw text, comments */

const unsigned char *social_html_state_start(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_markup(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_bogus(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_comment(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_cdata(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_plaintext(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_raw(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_raw_less(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_raw_name(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_script(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
const unsigned char *social_html_state_double(social_html_t *h,
    const unsigned char *p, const unsigned char *end);

/* stack */

void social_html_push(social_html_t *h, unsigned name, unsigned flags);
void social_html_push_tag(social_html_t *h);
void social_html_pop_to(social_html_t *h, unsigned depth);
void social_html_remove(social_html_t *h, unsigned i);
void social_html_close_p(social_html_t *h);
void social_html_format_start(social_html_t *h);
void social_html_format_end(social_html_t *h);
int social_html_find(const social_html_t *h, unsigned name,
    social_html_within_e within);
int social_html_is(const social_html_t *h, unsigned i, unsigned name);
unsigned social_html_name(const social_html_t *h);
void social_html_reset_mode(social_html_t *h);
int social_html_is_unsafe(const social_html_t *h, unsigned from,
    unsigned depth);

/* modes, body, table, foreign: what one tag does in a mode */

void social_html_tree_tag(social_html_t *h);
void social_html_tree_text(social_html_t *h, const unsigned char *p,
    const unsigned char *end);
int social_html_by_mode(social_html_t *h);
int social_html_mode_body(social_html_t *h);
int social_html_head_tag(social_html_t *h);
void social_html_raw_start(social_html_t *h);

int social_html_mode_table(social_html_t *h);
int social_html_mode_caption(social_html_t *h);
int social_html_mode_colgroup(social_html_t *h);
int social_html_mode_tbody(social_html_t *h);
int social_html_mode_row(social_html_t *h);
int social_html_mode_cell(social_html_t *h);
int social_html_mode_select(social_html_t *h);
int social_html_mode_select_in_table(social_html_t *h);

int social_html_is_foreign(const social_html_t *h);
int social_html_use_foreign_rules(const social_html_t *h);
int social_html_foreign_tag(social_html_t *h);
void social_html_foreign_root(social_html_t *h);

/* place */

void social_html_opened(social_html_t *h, unsigned i);
void social_html_closed(social_html_t *h);
void social_html_ended(social_html_t *h);
void social_html_plaintext(social_html_t *h);
void social_html_comment(social_html_t *h, const unsigned char *p);
void social_html_none(social_html_t *h);

/* meta */

void social_html_attr_name(social_html_t *h);
void social_html_attr_bytes(social_html_t *h, const unsigned char *p,
    size_t len);
void social_html_attr_done(social_html_t *h);
void social_html_meta_tag(social_html_t *h);
void social_html_text_bytes(social_html_t *h, const unsigned char *p,
    size_t len);
void social_html_title_done(social_html_t *h);

/* decodes references, collapses white space, adds a NUL.  SOCIAL_LIMIT: it did
 * not fit and was cut at a character boundary */
int social_html_decode(char *dst, size_t size, const unsigned char *src,
    size_t len);


#endif /* SOCIAL_HTML_TREE_H_INCLUDED */
