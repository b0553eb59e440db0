
/*
 * The text of a comment as HTML, and its number of links, in each format.
 * Pure; any thread; time linear in the length of the text.
 */

#ifndef SOCIAL_COMMENT_HTML_H_INCLUDED
#define SOCIAL_COMMENT_HTML_H_INCLUDED


#include "social.h"
#include "social_comment_list.h"
#include "social_out.h"


/* bytes of HTML that a text of len bytes may become: 6 is a quotation mark */

#define SOCIAL_COMMENT_HTML_MAX(len)  ((len) * 6 + 512)


/*
 * The text is UTF-8 with LF as newline, as social_text_clean_text() leaves it;
 * the HTML is ASCII.  Plain: paragraphs, line breaks and links, all else as
 * typed.  Initialises out, which the caller frees, with the limit above: a text
 * that would need more, or more work than its length is worth, is shown as
 * typed.
 */
void social_comment_html(social_out_t *out, social_format_e format,
    const unsigned char *text, size_t len);

/* the number of links in it; SIZE_MAX: more than one would count */
size_t social_comment_html_links(social_format_e format,
    const unsigned char *text, size_t len);


#endif /* SOCIAL_COMMENT_HTML_H_INCLUDED */
