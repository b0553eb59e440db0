
/*
 * HTML of other comment systems as Markdown.  A text is read into blocks of
 * runs, by a tokenizer of our own that knows no errors: whatever it does not
 * know is text.  It is written as Markdown, what our Markdown room makes of
 * that is read again, and only if both are the same is the Markdown right.
 *
 * Nothing of the HTML reaches a page: pages are made from the Markdown.  One
 * thread.
 */

#ifndef SOCIAL_TOOL_HTML_H_INCLUDED
#define SOCIAL_TOOL_HTML_H_INCLUDED


#include "social.h"
#include "social_comment_list.h"
#include "social_out.h"


#define SOCIAL_TOOL_HTML_NAME   16      /* of an element, with a NUL */
#define SOCIAL_TOOL_HTML_DEPTH  10      /* of quotes and lists */
#define SOCIAL_TOOL_HTML_LOST   16      /* names that are reported */


/* what became of a text, by reason; names are of elements, in lower case */

typedef struct {
    unsigned  image:1;          /* became a link */
    unsigned  heading:1;        /* became bold */
    unsigned  failed:1;         /* no memory */
    size_t    nelements;        /* left out with what was in them */
    size_t    nmarkup;          /* left out, what was in them is there */
    char      elements[SOCIAL_TOOL_HTML_LOST][SOCIAL_TOOL_HTML_NAME];
    char      markup[SOCIAL_TOOL_HTML_LOST][SOCIAL_TOOL_HTML_NAME];
} social_tool_lost_t;


/*
 * Converts; UTF-8 without control characters but tab and newline.  A newline is
 * a line break, two are a paragraph.  Returns how the text in out, which the
 * caller frees, is to be read.  lost may be NULL.
 */
social_format_e social_tool_html(social_out_t *out, social_str_t html,
    social_tool_lost_t *lost);

/* 1 if a text that may be Markdown is HTML of an importer */
int social_tool_html_is(social_str_t text);


#endif /* SOCIAL_TOOL_HTML_H_INCLUDED */
