
/*
 * The state of one scan.  Private to social_html*.c; it stands in a header
 * only so that callers can embed it.
 *
 *   bytes -> tokenizer (state) -> tag -> tree knowledge (mode, stack) -> place
 *                \-> raw text, comment     \-> meta
 *
 * The stack of open elements keeps only those elements that a parser's
 * decisions about an <article> can depend on (IS_KEPT): ordinary and
 * formatting elements and <p> come and go without a trace, except inside SVG
 * and MathML, where every element counts.
 */

#ifndef SOCIAL_HTML_STATE_H_INCLUDED
#define SOCIAL_HTML_STATE_H_INCLUDED


#define SOCIAL_HTML_DEPTH   512     /* open elements; deeper: no place */
#define SOCIAL_HTML_TEXT    1024    /* raw bytes of a title or attribute */
#define SOCIAL_HTML_KEY     64      /* raw bytes of a short attribute */

#define SOCIAL_HTML_NOWHERE  UINT64_MAX
#define SOCIAL_HTML_NOT      UINT16_MAX


typedef struct {
    uint16_t  name;             /* known name, or 0x8000 | hash */
    uint8_t   flags;            /* OPEN_* */
    uint8_t   mode;             /* of a template: its insertion mode */
} social_html_open_t;


struct social_html_s {
    const unsigned char  *chunk;        /* while feed() runs */
    uint64_t              base;         /* offset of the chunk */
    uint64_t              tag_start;    /* offset of the last "<" */
    uint64_t              candidate;    /* best place so far */
    uint64_t              place;        /* final */

    uint16_t              depth;        /* elements on the stack */
    uint16_t              depth_before; /* the same before this tag */
    uint16_t              chosen;       /* index of the chosen element */
    uint16_t              form;         /* index of the open form */
    uint16_t              templates;    /* index of the lowest template */
    uint16_t              foreign;      /* index of the lowest svg or math */

    uint8_t               answer;
    uint8_t               wanted;         /* social_html_mode_e */
    uint8_t               kind;         /* what was chosen */
    uint8_t               state;        /* of the tokenizer */
    uint8_t               mode;         /* insertion mode */

    uint8_t               raw;          /* raw text element, or 0 */
    uint8_t               raw_state;    /* where its text goes on */
    uint8_t               matched;      /* bytes of a keyword that matched */

    uint8_t               tag;          /* of the token */
    uint8_t               name_len;
    uint8_t               attr_len;
    uint8_t               target;       /* where attribute bytes go */
    uint8_t               meta_kind;
    uint16_t              seen;         /* attributes of this tag */
    uint16_t              text_len;
    uint16_t              text_mark;
    uint16_t              key_len;

    unsigned              end_tag:1;
    unsigned              self_closing:1;
    unsigned              may_close:1;  /* the token may be a place */
    unsigned              frames_ok:1;  /* a <frameset> could still come */
    unsigned              reference:1;  /* "&" came since the last tag */
    unsigned              is_page:1;      /* a page, not a fragment */
    unsigned              ended:1;      /* </body> or </html> came */
    unsigned              reopened:1;   /* and content came behind it */
    unsigned              form_set:1;   /* a form swallows other forms */
    unsigned              in_form:1;    /* at the place */
    unsigned              has_published:1;
    unsigned              font:1;       /* <font color|face|size> */
    unsigned              html_point:1; /* annotation-xml with HTML */
    unsigned              select_svg:1; /* <svg> in a <select> */
    unsigned              title:1;      /* the raw text is kept */

    unsigned char         name[16];     /* of the tag, lower case */
    unsigned char         attr[16];     /* of the attribute, lower case */

    social_html_meta_t    meta;

    /* from here on nothing is cleared by init */

    unsigned char         text[SOCIAL_HTML_TEXT];
    unsigned char         key[SOCIAL_HTML_KEY];
    social_html_open_t    stack[SOCIAL_HTML_DEPTH];
};


#endif /* SOCIAL_HTML_STATE_H_INCLUDED */
