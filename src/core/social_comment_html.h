
/*
 * The text of a comment as HTML, and how many links it holds.  Pure; any
 * thread; time linear in the text.
 */

#ifndef SOCIAL_COMMENT_HTML_H_INCLUDED
#define SOCIAL_COMMENT_HTML_H_INCLUDED


#include "social.h"
#include "social_out.h"


/*
 * Paragraphs, line breaks and links; everything else is shown as typed.  The
 * text is UTF-8 with LF for newlines, as social_text_clean_text() leaves it;
 * the HTML is ASCII.
 */
void social_comment_html(social_out_t *out, const unsigned char *text,
    size_t len);

/* links that a reader could follow, also those without a scheme ("www.") and
 * those that social_comment_html() leaves alone */
size_t social_comment_html_links(const unsigned char *text, size_t len);


#endif /* SOCIAL_COMMENT_HTML_H_INCLUDED */
