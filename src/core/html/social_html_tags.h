
/*
 * The element names that the HTML scanner knows, and what is special about
 * each.
 *
 * One row per name, grouped by first letter in alphabetical order, because the
 * lookup starts at the first row of a letter; within a letter the frequent
 * ones come first.  Names that are not here are ordinary elements, such as
 * <span>: no decision of a parser about the others depends on them.
 */

#ifndef SOCIAL_HTML_TAGS_H_INCLUDED
#define SOCIAL_HTML_TAGS_H_INCLUDED


#include <stdint.h>


#define IS_BLOCK    0x0001     /* closes <p>; its end tag needs scope only */
#define IS_KEPT     0x0002     /* kept on the stack of open elements */
#define IS_SCOPE    0x0004     /* an end tag does not close beyond it */
#define IS_FORMAT   0x0008     /* the adoption agency algorithm handles it */
#define IS_VOID     0x0010     /* never has an end tag */
#define IS_RAW      0x0020     /* content is text up to its own end tag */
#define IS_BREAK    0x0040     /* its start tag ends SVG and MathML */
#define IS_TABLE    0x0080     /* part of a table, ignored outside of one */
#define IS_HEADING  0x0100
#define IS_HEAD     0x0200     /* <head> and <body> treat it alike */
#define IS_CLOSES   0x0400     /* its start tag can close an <article> */
#define IS_BAD      0x0800     /* a widget must not be inside of it */
#define IS_ATTRS    0x1000     /* its attributes are used */
#define IS_BUSY     0x2000     /* after it a page can have no <frameset> */
#define IS_PLAIN    0x4000     /* not "special" in every browser */


#define IS_CELL     (IS_TABLE|IS_KEPT|IS_CLOSES|IS_BAD)


#define SOCIAL_HTML_TAGS(X)                                                   \
    X(A,            "a",              IS_FORMAT)                             \
    X(ARTICLE,      "article",        IS_BLOCK|IS_KEPT)                     \
    X(ASIDE,        "aside",          IS_BLOCK|IS_KEPT)                     \
    X(ADDRESS,      "address",        IS_BLOCK|IS_KEPT)                     \
    X(AREA,         "area",           IS_VOID|IS_BUSY)                      \
    X(ANNOTATION,   "annotation-xml", IS_ATTRS)                              \
    X(APPLET,       "applet",         IS_KEPT|IS_SCOPE|IS_BAD|IS_BUSY)    \
    X(B,            "b",              IS_FORMAT|IS_BREAK)                   \
    X(BR,           "br",             IS_VOID|IS_BREAK|IS_BUSY)            \
    X(BUTTON,       "button",         IS_KEPT|IS_BAD|IS_CLOSES|IS_BUSY)   \
    X(BODY,         "body",           IS_KEPT|IS_BREAK)                     \
    X(BIG,          "big",            IS_FORMAT|IS_BREAK)                   \
    X(BLOCKQUOTE,   "blockquote",     IS_BLOCK|IS_KEPT|IS_BREAK)           \
    X(BASE,         "base",           IS_VOID|IS_HEAD|IS_ATTRS)            \
    X(BASEFONT,     "basefont",       IS_VOID|IS_HEAD)                      \
    X(BGSOUND,      "bgsound",        IS_VOID|IS_HEAD)                      \
    X(CODE,         "code",           IS_FORMAT|IS_BREAK)                   \
    X(COL,          "col",            IS_TABLE|IS_VOID|IS_CLOSES)          \
    X(COLGROUP,     "colgroup",       IS_CELL)                               \
    X(CAPTION,      "caption",        IS_CELL|IS_SCOPE)                     \
    X(CENTER,       "center",         IS_BLOCK|IS_KEPT|IS_BREAK)           \
    X(DIV,          "div",            IS_BLOCK|IS_KEPT|IS_BREAK|IS_ATTRS)  \
    X(DD,           "dd",             IS_KEPT|IS_BREAK|IS_BUSY)            \
    X(DT,           "dt",             IS_KEPT|IS_BREAK|IS_BUSY)            \
    X(DL,           "dl",             IS_BLOCK|IS_KEPT|IS_BREAK)           \
    X(DESC,         "desc",           0)                                      \
    X(DETAILS,      "details",        IS_BLOCK|IS_KEPT)                     \
    X(DIALOG,       "dialog",         IS_BLOCK|IS_KEPT|IS_PLAIN)           \
    X(DIR,          "dir",            IS_BLOCK|IS_KEPT)                     \
    X(EM,           "em",             IS_FORMAT|IS_BREAK)                   \
    X(EMBED,        "embed",          IS_VOID|IS_BREAK|IS_BUSY)            \
    X(FIGURE,       "figure",         IS_BLOCK|IS_KEPT)                     \
    X(FOOTER,       "footer",         IS_BLOCK|IS_KEPT)                     \
    X(FORM,         "form",           IS_KEPT)                               \
    X(FIGCAPTION,   "figcaption",     IS_BLOCK|IS_KEPT)                     \
    X(FIELDSET,     "fieldset",       IS_BLOCK|IS_KEPT)                     \
    X(FONT,         "font",           IS_FORMAT|IS_ATTRS)                   \
    X(FOREIGN,      "foreignobject",  0)                                      \
    X(FRAME,        "frame",          IS_VOID)                               \
    X(FRAMESET,     "frameset",       0)                                      \
    X(H1,           "h1",             IS_HEADING|IS_KEPT|IS_BREAK)         \
    X(H2,           "h2",             IS_HEADING|IS_KEPT|IS_BREAK)         \
    X(H3,           "h3",             IS_HEADING|IS_KEPT|IS_BREAK)         \
    X(H4,           "h4",             IS_HEADING|IS_KEPT|IS_BREAK)         \
    X(H5,           "h5",             IS_HEADING|IS_KEPT|IS_BREAK)         \
    X(H6,           "h6",             IS_HEADING|IS_KEPT|IS_BREAK)         \
    X(HEADER,       "header",         IS_BLOCK|IS_KEPT)                     \
    X(HR,           "hr",             IS_VOID|IS_BREAK|IS_BUSY)            \
    X(HTML,         "html",           IS_ATTRS)                              \
    X(HEAD,         "head",           IS_KEPT|IS_BREAK)                     \
    X(HGROUP,       "hgroup",         IS_BLOCK|IS_KEPT)                     \
    X(IMG,          "img",            IS_VOID|IS_BREAK|IS_BUSY)            \
    X(I,            "i",              IS_FORMAT|IS_BREAK)                   \
    X(INPUT,        "input",          IS_VOID)                               \
    X(IFRAME,       "iframe",         IS_RAW|IS_BUSY)                       \
    X(IMAGE,        "image",          IS_VOID|IS_BUSY)                      \
    X(KEYGEN,       "keygen",         IS_VOID|IS_BUSY)                      \
    X(LI,           "li",             IS_KEPT|IS_BREAK|IS_BUSY)            \
    X(LINK,         "link",           IS_VOID|IS_HEAD|IS_ATTRS)            \
    X(LISTING,      "listing",        IS_BLOCK|IS_KEPT|IS_BREAK|IS_BUSY)  \
    X(META,         "meta",           IS_VOID|IS_HEAD|IS_BREAK|IS_ATTRS)  \
    X(MAIN,         "main",           IS_BLOCK|IS_KEPT)                     \
    X(MENU,         "menu",           IS_BLOCK|IS_KEPT|IS_BREAK)           \
    X(MARQUEE,      "marquee",        IS_KEPT|IS_SCOPE|IS_BAD|IS_BUSY)    \
    X(MATH,         "math",           0)                                      \
    X(MI,           "mi",             0)                                      \
    X(MO,           "mo",             0)                                      \
    X(MN,           "mn",             0)                                      \
    X(MS,           "ms",             0)                                      \
    X(MTEXT,        "mtext",          0)                                      \
    X(MGLYPH,       "mglyph",         0)                                      \
    X(MALIGNMARK,   "malignmark",     0)                                      \
    X(NAV,          "nav",            IS_BLOCK|IS_KEPT)                     \
    X(NOSCRIPT,     "noscript",       IS_RAW)                                \
    X(NOBR,         "nobr",           IS_FORMAT|IS_BREAK)                   \
    X(NOEMBED,      "noembed",        IS_RAW)                                \
    X(NOFRAMES,     "noframes",       IS_RAW|IS_HEAD)                       \
    X(OL,           "ol",             IS_BLOCK|IS_KEPT|IS_BREAK)           \
    X(OBJECT,       "object",         IS_KEPT|IS_SCOPE|IS_BAD|IS_BUSY)    \
    X(P,            "p",              IS_BREAK)                              \
    X(PRE,          "pre",            IS_BLOCK|IS_KEPT|IS_BREAK|IS_BUSY)  \
    X(PARAM,        "param",          IS_VOID)                               \
    X(PLAINTEXT,    "plaintext",      0)                                      \
    X(RUBY,         "ruby",           IS_BREAK)                              \
    X(RT,           "rt",             0)                                      \
    X(RP,           "rp",             0)                                      \
    X(RB,           "rb",             0)                                      \
    X(RTC,          "rtc",            0)                                      \
    X(SPAN,         "span",           IS_BREAK)                              \
    X(SCRIPT,       "script",         IS_RAW|IS_HEAD)                       \
    X(STRONG,       "strong",         IS_FORMAT|IS_BREAK)                   \
    X(SECTION,      "section",        IS_BLOCK|IS_KEPT)                     \
    X(SOURCE,       "source",         IS_VOID)                               \
    X(SVG,          "svg",            0)                                      \
    X(STYLE,        "style",          IS_RAW|IS_HEAD)                       \
    X(SELECT,       "select",         IS_KEPT|IS_BAD|IS_BUSY)              \
    X(SUP,          "sup",            IS_BREAK)                              \
    X(SUB,          "sub",            IS_BREAK)                              \
    X(S,            "s",              IS_FORMAT|IS_BREAK)                   \
    X(SMALL,        "small",          IS_FORMAT|IS_BREAK)                   \
    X(STRIKE,       "strike",         IS_FORMAT|IS_BREAK)                   \
    X(SUMMARY,      "summary",        IS_BLOCK|IS_KEPT)                     \
    X(SEARCH,       "search",         IS_BLOCK|IS_KEPT|IS_PLAIN)            \
    X(TD,           "td",             IS_CELL|IS_SCOPE)                     \
    X(TR,           "tr",             IS_CELL)                               \
    X(TH,           "th",             IS_CELL|IS_SCOPE)                     \
    X(TABLE,        "table",          IS_KEPT|IS_SCOPE|IS_BREAK            \
                                      |IS_CLOSES|IS_BAD|IS_BUSY)           \
    X(TBODY,        "tbody",          IS_CELL)                               \
    X(THEAD,        "thead",          IS_CELL)                               \
    X(TFOOT,        "tfoot",          IS_CELL)                               \
    X(TIME,         "time",           IS_ATTRS)                              \
    X(TITLE,        "title",          IS_RAW|IS_HEAD)                       \
    X(TEMPLATE,     "template",       IS_KEPT|IS_SCOPE|IS_HEAD|IS_BAD     \
                                      |IS_BUSY)                              \
    X(TEXTAREA,     "textarea",       IS_RAW|IS_BUSY)                       \
    X(TRACK,        "track",          IS_VOID)                               \
    X(TT,           "tt",             IS_FORMAT|IS_BREAK)                   \
    X(UL,           "ul",             IS_BLOCK|IS_KEPT|IS_BREAK)           \
    X(U,            "u",              IS_FORMAT|IS_BREAK)                   \
    X(VAR,          "var",            IS_BREAK)                              \
    X(WBR,          "wbr",            IS_VOID|IS_BUSY)                      \
    X(XMP,          "xmp",            IS_RAW|IS_BUSY)


#define SOCIAL_HTML_TAG(id, name, flags)  TAG_##id,

typedef enum {
    TAG_OTHER = 0,              /* any other name */
    SOCIAL_HTML_TAGS(SOCIAL_HTML_TAG)
    TAG_LAST
} social_html_tag_e;

#undef SOCIAL_HTML_TAG


#define SOCIAL_HTML_NAME  16    /* bytes of a name kept, zero-padded */


typedef struct {
    unsigned char  name[SOCIAL_HTML_NAME];
    uint8_t        len;
    uint16_t       flags;
} social_html_known_t;


extern const social_html_known_t  social_html_known[TAG_LAST];

/* name: lower case, zero-padded to SOCIAL_HTML_NAME bytes, not empty */
social_html_tag_e social_html_lookup(const unsigned char *name);


#endif /* SOCIAL_HTML_TAGS_H_INCLUDED */
