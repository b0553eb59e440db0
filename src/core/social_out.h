
/*
 * A growing output buffer with a limit.  The only place where text of other
 * people becomes HTML, JSON or a URL: every sink has its own put function.
 *
 * Errors are sticky: after the first one (no memory, limit) `failed` is set,
 * later calls do nothing, and the caller checks once at the end.
 */

#ifndef SOCIAL_OUT_H_INCLUDED
#define SOCIAL_OUT_H_INCLUDED


#include "social.h"
#include "social_id.h"


typedef struct {
    unsigned char  *data;       /* malloc'ed, NULL when empty */
    size_t          len;
    size_t          cap;
    size_t          max;        /* never grows beyond this many bytes */
    unsigned        failed:1;
    unsigned        full:1;     /* failed at max, not for want of memory */
} social_out_t;


void social_out_init(social_out_t *out, size_t max);

/* gives the memory back; the buffer is empty and not failed afterwards */
void social_out_free(social_out_t *out);

/* the bytes as they are; text is a C string */
void social_out_bytes(social_out_t *out, const void *data, size_t len);
void social_out_text(social_out_t *out, const char *text);
/* the id of a comment, as social_id.h has it */
void social_out_id(social_out_t *out, int64_t id);

void social_out_int(social_out_t *out, int64_t n);

/*
 * UTF-8 into HTML text or a quoted attribute: & < > " ' become references,
 * everything beyond ASCII a numeric one, so the bytes are right in any page
 * encoding.  Invalid UTF-8 becomes U+FFFD; C0 controls but tab and newline
 * and NUL, U+FFFD too.
 */
void social_out_html(social_out_t *out, const unsigned char *data, size_t len);

/*
 * Markup of our own or of a template, UTF-8: ASCII bytes as they are, the rest
 * numeric references.  Nothing is escaped: never for text of other people.
 */
void social_out_ascii(social_out_t *out, const unsigned char *data, size_t len);

/* percent-encoding for a query value: all but RFC 3986 unreserved bytes */
void social_out_query(social_out_t *out, const unsigned char *data, size_t len);

/* percent-encoding for a path: unreserved, sub-delims, ":" "@" "/" stay */
void social_out_path(social_out_t *out, const unsigned char *data, size_t len);


#endif /* SOCIAL_OUT_H_INCLUDED */
