
/*
 * A line of what people type, as HTML: addresses become links, and white space
 * that means something is kept.  Both formats of comments use it.  Pure; any
 * thread.
 */

#ifndef SOCIAL_PROSE_H_INCLUDED
#define SOCIAL_PROSE_H_INCLUDED


#include "social.h"
#include "social_out.h"


#define SOCIAL_PROSE_TAB     4      /* columns between tab stops */
#define SOCIAL_PROSE_INDENT  64     /* columns of an indentation */


/* white space in a line */
int social_prose_is_blank(unsigned char c);

/*
 * Appends text without line breaks: escaped, runs of blanks as wide as typed.
 * links is 1: addresses are links.  Returns the number of links; out NULL:
 * only that.
 */
size_t social_prose_line(social_out_t *out, const unsigned char *text,
    size_t len, int links);

/* the width of the blanks at the beginning of a line; *p moves past them */
unsigned social_prose_columns(const unsigned char **p,
    const unsigned char *end);

/* appends so many columns of white space, at the beginning of a line */
void social_prose_indent(social_out_t *out, unsigned columns);


#endif /* SOCIAL_PROSE_H_INCLUDED */
