
/*
 * Finds the place for a widget in an HTML page.  A streaming scanner: it reads
 * tags as the HTML standard does, in one pass and bounded memory, without
 * building a tree.  The answer does not depend on how the input is cut into
 * pieces.
 *
 * The caller owns the structure.  Offsets count from the page's first byte.
 * One thread at a time per structure.
 *
 *   init -> feed ... feed -> finish
 *
 * feed() returns MORE until the place is certain.  Until then, the bytes in
 * front of social_html_sendable() may be sent: the place will never be there.
 * A caller that cannot wait any longer calls settle(), which makes the best
 * place known so far the answer.
 *
 * AUTO: end of the first <article>, else of <main>, else of <body>.  BODY: end
 * of <body>.  MARKER: after the first comment <!-- social -->.
 *
 * An <article> or <main> does not count inside an <a>, <button> or <form>, or
 * if one of these, or three <b> alike, are still open at its end: a widget
 * there would be torn apart, or would change what follows.  Inside the root
 * element of a framework that always hydrates it, the place is behind the
 * root.  An AMP page has no place.
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
    SOCIAL_HTML_MORE = 0,       /* more input is needed */
    SOCIAL_HTML_FOUND,          /* the place is final */
    SOCIAL_HTML_NONE            /* no place: leave the page as it is */
} social_html_answer_e;


/* What a page says about itself.  Strings end with a NUL and are "" if the
 * page does not say.  A title that is too long is cut at a character boundary;
 * a URL, language or charset that is too long is "".  Entities are decoded and
 * white space is collapsed.  Bytes are neither validated nor converted: they
 * are UTF-8 only if the page is. */

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
    char  base[512];            /* first <base href>; "//" if it is too long */
    char  form_action[2];       /* "1": a <meta> CSP has a form-action, or is
                                 * too long to tell */
    char  no_transform[2];      /* "1": <meta http-equiv=cache-control> */
} social_html_meta_t;


typedef struct social_html_s  social_html_t;    /* see social_html_state.h */


#include "social_html_state.h"


void social_html_init(social_html_t *h, social_html_mode_e mode);

social_html_answer_e social_html_feed(social_html_t *h,
    const unsigned char *data, size_t len);

/* the page ends.  whole: all of it was there, so end tags may be missing;
 * without it, a page without its end tags has no place */
social_html_answer_e social_html_finish(social_html_t *h);
social_html_answer_e social_html_finish_whole(social_html_t *h);

/* no longer waits: the best place known so far */
social_html_answer_e social_html_settle(social_html_t *h);

/* offset of the place; only after FOUND */
uint64_t social_html_place(const social_html_t *h);

/* offset up to which bytes may be sent; valid at any time, never shrinks */
uint64_t social_html_sendable(const social_html_t *h);

/*
 * Returns 1 if settle() would find a place.  If not, social_html_sendable()
 * only keeps back a tag that has begun.
 */
int social_html_has_candidate(const social_html_t *h);

/*
 * After FOUND: 1 if the place lies inside an open <form> of the page.  HTML
 * has no nested forms: the parser would drop a widget's <form> tags there, and
 * its </form> would close the page's form.
 */
int social_html_in_form(const social_html_t *h);

const social_html_meta_t *social_html_meta(const social_html_t *h);


#endif /* SOCIAL_HTML_H_INCLUDED */
