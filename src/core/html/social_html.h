
/*
 * Where does a widget go in an HTML page?  A streaming scanner: it reads tags
 * as HTML does, in one pass, in bounded memory, without building a tree, and
 * gives the same answer for every cutting of the input.
 *
 * The caller owns the structure.  Offsets count from the page's first byte.
 *
 *   init -> feed ... feed -> finish
 *
 * feed() says MORE until the place is certain.  Before that, all bytes in
 * front of social_html_sendable() may be sent: no place will ever lie there.  A
 * caller that cannot wait any longer calls settle(): the best place known so
 * far becomes the answer.
 *
 * AUTO    end of the first <article>, else of <main>, else of <body>
 * BODY    end of <body>
 * MARKER  behind the first comment <!-- social -->
 */

#ifndef SOCIAL_HTML_H_INCLUDED
#define SOCIAL_HTML_H_INCLUDED


#include "social.h"


typedef enum {
    SOCIAL_HTML_AUTO = 0,
    SOCIAL_HTML_BODY,
    SOCIAL_HTML_MARKER
} social_html_mode_e;

typedef enum {
    SOCIAL_HTML_MORE = 0,       /* feed me */
    SOCIAL_HTML_FOUND,          /* place is final */
    SOCIAL_HTML_NONE            /* there is none: leave the page alone */
} social_html_answer_e;


/* what a page says of itself; NUL-terminated, "" where it says nothing,
 * cut at a character boundary where it is too long (a URL, language or
 * charset that is too long: ""); entities decoded, white space folded; UTF-8
 * if the page is (bytes are not transcoded, nothing is validated) */

typedef struct {
    char  title[256];           /* <title> */
    char  canonical[512];       /* first <link rel=canonical href> */
    char  og_title[256];
    char  og_url[512];
    char  og_image[512];
    char  published[40];        /* article:published_time, else the first
                                 * <time datetime> in the article */
    char  lang[36];             /* <html lang> */
    char  charset[32];          /* <meta charset>, or http-equiv */
} social_html_meta_t;


typedef struct social_html_s  social_html_t;    /* defined by the room */


#include "social_html_state.h"


void social_html_init(social_html_t *h, social_html_mode_e mode);

social_html_answer_e social_html_feed(social_html_t *h,
    const unsigned char *data, size_t len);
social_html_answer_e social_html_finish(social_html_t *h);
social_html_answer_e social_html_settle(social_html_t *h);

/* valid after FOUND */
uint64_t social_html_place(const social_html_t *h);

/* valid any time: offset up to which bytes may be sent; it never shrinks */
uint64_t social_html_sendable(const social_html_t *h);

/*
 * Is there a place that settle() would take?  Where there is none, all that
 * hold() keeps back is a tag that has begun.
 */
int social_html_has_candidate(const social_html_t *h);

/*
 * After FOUND: the place lies inside an open <form> of the page.  HTML knows
 * no form in a form: a widget's <form> tags would be dropped there, and its
 * </form> would close the page's own.
 */
int social_html_in_form(const social_html_t *h);

const social_html_meta_t *social_html_meta(const social_html_t *h);


#endif /* SOCIAL_HTML_H_INCLUDED */
