
/*
 * The text of a comment as HTML, and its number of links.  Pure; any thread;
 * time linear in the length of the text.
 */

#ifndef SOCIAL_COMMENT_HTML_H_INCLUDED
#define SOCIAL_COMMENT_HTML_H_INCLUDED


#include "social.h"
#include "social_out.h"


/*
 * Makes paragraphs, line breaks and links; all else is shown as typed.  The
 * text is UTF-8 with LF as newline, as social_text_clean_text() leaves it; the
 * HTML is ASCII.
 */
void social_comment_html(social_out_t *out, const unsigned char *text,
    size_t len);

/* the number of links that social_comment_html() makes */
size_t social_comment_html_links(const unsigned char *text, size_t len);


#endif /* SOCIAL_COMMENT_HTML_H_INCLUDED */
