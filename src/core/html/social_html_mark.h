
/*
 * A mark: the state of a scan between two calls of feed(), without the unused
 * parts of its buffers.  A scan that goes on from a mark does what the scan
 * would have done that the mark was made of.
 *
 * Most marks have 200 to 600 bytes.  A mark holds no pointers, needs no
 * alignment, and is only good for the process that made it.
 *
 * One thread at a time per structure and mark.
 */

#ifndef SOCIAL_HTML_MARK_H_INCLUDED
#define SOCIAL_HTML_MARK_H_INCLUDED


#include "social_html.h"


/* bytes that social_html_mark_save() would write now */
size_t social_html_mark_size(const social_html_t *h);

/* mark: the caller's memory, as many bytes as social_html_mark_size() says.
 * Not while feed() runs; after it, whatever it answered. */
void social_html_mark_save(const social_html_t *h, void *mark);

/* Needs no init() before it.  SOCIAL_OK, or SOCIAL_ERROR: these bytes cannot be
 * a mark; call init() before using h.  Bytes of another origin are not safe:
 * they may pass for a mark. */
int social_html_mark_load(social_html_t *h, const void *mark);


#endif /* SOCIAL_HTML_MARK_H_INCLUDED */
