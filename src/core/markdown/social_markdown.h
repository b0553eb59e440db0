
/*
 * Markdown as people write it in comments: CommonMark without raw HTML, images
 * and headings, and a newline is a line break.
 *
 * md4c parses, and its callbacks write: only the tags and attributes that
 * social_markdown.c has as text exist, and every byte that was typed goes
 * through social_out_html() or the writer of an address.  Nothing is changed
 * after that.  The HTML is ASCII and its elements are all closed.
 *
 * Pure; any thread.
 */

#ifndef SOCIAL_MARKDOWN_H_INCLUDED
#define SOCIAL_MARKDOWN_H_INCLUDED


#include "social.h"
#include "social_out.h"


#define SOCIAL_MARKDOWN_NESTED  16      /* quotes, lists and their items */
#define SOCIAL_MARKDOWN_SPANS   16      /* emphasis in emphasis */


/*
 * Appends the HTML of a text in UTF-8 with LF as newline, and counts its links;
 * out NULL: only that.  Work and memory are at most proportional to len.
 *
 * LIMIT: it needs more work than its length is worth, or more room than out
 * has; ERROR: memory.  Then out holds a part of it.
 */
int social_markdown(social_out_t *out, const unsigned char *text, size_t len,
    size_t *links);


#endif /* SOCIAL_MARKDOWN_H_INCLUDED */
