
/*
 * The state of one scan.  Private to the scanner; it is in a header only so
 * that callers can embed it.
 *
 *   bytes -> tokenizer (state) -> tag -> tree (mode, stack) -> place
 *                \-> raw text, comment     \-> meta
 *
 * The stack of open elements only keeps the elements that matter for the place
 * (IS_KEPT).  Ordinary and formatting elements and <p> are not kept, except
 * inside SVG and MathML, where every element counts.  Instead, formats counts
 * the list of active formatting elements, and paragraph says where a <p> is
 * open.
 */

#ifndef SOCIAL_HTML_STATE_H_INCLUDED
#define SOCIAL_HTML_STATE_H_INCLUDED


#define SOCIAL_HTML_DEPTH   512     /* open elements; deeper: no place */
#define SOCIAL_HTML_TEXT    1024    /* bytes of a title or attribute */
#define SOCIAL_HTML_KEY     64      /* bytes of a short attribute */


/* how ordinary tags are read: one byte after another, or many at once */

typedef enum {
    SOCIAL_HTML_REFERENCE = 0,  /* by the tokenizer alone */
    SOCIAL_HTML_PORTABLE,       /* 8 bytes at once, on any processor */
    SOCIAL_HTML_NARROW,         /* 16: SSE2 or NEON */
    SOCIAL_HTML_WIDE,           /* 32: AVX2 */
    SOCIAL_HTML_KINDS
} social_html_fast_e;


#define SOCIAL_HTML_NOWHERE  UINT64_MAX
#define SOCIAL_HTML_NOT      UINT16_MAX


typedef struct {
    uint16_t  name;     /* known name, or 0x8000 | hash */
    uint8_t   flags;    /* OPEN_* */
    uint8_t   mode;     /* of a template: insertion mode in it */
    uint32_t  formats;  /* of a marker: formats outside of it */
} social_html_open_t;


struct social_html_s {
    const unsigned char  *chunk;        /* set while feed() runs */
    uint64_t              base;         /* offset of the chunk */
    uint64_t              tag_start;    /* offset of the last "<" */
    uint64_t              candidate;    /* best place so far, or NOWHERE */
    uint64_t              place;        /* the final place */
    uint64_t              tag_end;      /* offset after the current tag */
    uint32_t              formats;      /* active formatting elements, 2 bits
                                         * for each name: 0 to 3 */

    uint16_t              depth;        /* elements on the stack */
    uint16_t              depth_before; /* depth before this tag */
    uint16_t              chosen;       /* index of the chosen element */
    uint16_t              form;         /* index of the open form */
    uint16_t              templates;    /* index of the lowest template */
    uint16_t              foreign;      /* index of the lowest svg or math */
    uint16_t              button;       /* index of the lowest button */
    uint16_t              linked;       /* of the lowest marker in an <a> */
    uint16_t              root;         /* of the root of a framework */
    uint16_t              paragraph;    /* depth where a <p> is open */

    uint8_t               answer;
    uint8_t               wanted;       /* social_html_mode_e */
    uint8_t               kind;         /* KIND_* of the chosen element */
    uint8_t               state;        /* of the tokenizer, STATE_* */
    uint8_t               mode;         /* insertion mode, MODE_* */

    uint8_t               fast;         /* social_html_fast_e: init() takes the
                                         * fastest; a test may lower it */

    uint8_t               raw;          /* tag of the raw text element, or 0 */
    uint8_t               raw_state;    /* state to return to in its text */
    uint8_t               matched;      /* matched bytes of a keyword */

    uint8_t               tag;          /* of the current tag, TAG_* */
    uint8_t               name_len;
    uint8_t               attr_len;
    uint8_t               target;       /* where attribute bytes go */
    uint8_t               meta_kind;
    uint16_t              seen;         /* attributes of this tag, as bits */
    uint16_t              text_len;
    uint16_t              text_mark;
    uint16_t              key_len;

    unsigned              end_tag:1;
    unsigned              self_closing:1;
    unsigned              may_close:1;  /* a place may be before the tag */
    unsigned              frames_ok:1;  /* a <frameset> may still come */
    unsigned              reference:1;  /* "&" came since the last tag */
    unsigned              is_page:1;    /* it is a page, not a fragment */
    unsigned              ended:1;      /* </body> or </html> came */
    unsigned              reopened:1;   /* and content after it */
    unsigned              form_set:1;   /* other <form> tags are ignored */
    unsigned              in_form:1;    /* the place is inside a form */
    unsigned              has_published:1;
    unsigned              has_base:1;
    unsigned              font:1;       /* <font color|face|size> */
    unsigned              html_point:1; /* annotation-xml that allows HTML */
    unsigned              select_svg:1; /* <svg> in a <select> */
    unsigned              title:1;      /* the raw text is a <title> to keep */
    unsigned              bare:1;       /* the tag has no attributes */
    unsigned              amp:1;        /* <html amp> */
    unsigned              is_root:1;    /* the tag is a framework's root */
    unsigned              behind:1;     /* the place is behind the chosen one */
    unsigned              outward:1;    /* no later element is chosen */
    unsigned              late:1;       /* white space after </body> belongs
                                         * in front of the place */
    unsigned              spaced:1;     /* there was such white space */

    unsigned char         name[16];     /* of the tag, lower case */
    unsigned char         attr[16];     /* of the attribute, lower case */

    social_html_meta_t    meta;

    /* init() does not clear what follows */

    unsigned char         text[SOCIAL_HTML_TEXT];
    unsigned char         key[SOCIAL_HTML_KEY];
    social_html_open_t    stack[SOCIAL_HTML_DEPTH];
};


#endif /* SOCIAL_HTML_STATE_H_INCLUDED */
