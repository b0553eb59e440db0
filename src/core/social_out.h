
/*
 * A growing output buffer with a limit.  The only place where text of other
 * people becomes HTML, JSON or a URL: there is one function per target.
 *
 * Errors are sticky: after the first one (out of memory, limit) `failed` is
 * set, later calls do nothing, and the caller checks once at the end.  A
 * buffer belongs to one thread at a time.
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
    unsigned        full:1;     /* failed because of max, not of memory */
} social_out_t;


void social_out_init(social_out_t *out, size_t max);

/* frees the memory; the buffer is empty and not failed afterwards */
void social_out_free(social_out_t *out);

/* gives back what was allocated beyond len, before a buffer is kept */
void social_out_trim(social_out_t *out);

/* appends bytes unchanged; text is a C string */
void social_out_bytes(social_out_t *out, const void *data, size_t len);
void social_out_text(social_out_t *out, const char *text);
/* the id of a comment, as social_id.h has it */
void social_out_id(social_out_t *out, int64_t id);

void social_out_int(social_out_t *out, int64_t n);

/*
 * UTF-8 to HTML text or a quoted attribute: & < > " ' become references, all
 * that is not ASCII becomes numeric references, so that the bytes are right in
 * a page of any encoding.  Invalid UTF-8, NUL and C0 controls other than tab
 * and newline become U+FFFD.
 */
void social_out_html(social_out_t *out, const unsigned char *data, size_t len);

/*
 * Our own markup or a template's, UTF-8: ASCII is unchanged, the rest becomes
 * numeric references.  Escapes nothing: never use it for text of other people.
 */
void social_out_ascii(social_out_t *out, const unsigned char *data, size_t len);

/* percent-encodes all but RFC 3986's unreserved bytes, for a query value */
void social_out_query(social_out_t *out, const unsigned char *data, size_t len);

/* the same for a path: keeps sub-delims, ":" "@" "/", too.  It stands behind
 * base, the path of `origin`, which is written as it is; NULL: none.  Every
 * link, form and redirect to a page of the site is made by this */
void social_out_public(social_out_t *out, const char *base,
    const unsigned char *path, size_t len);


#endif /* SOCIAL_OUT_H_INCLUDED */
