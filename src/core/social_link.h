
/*
 * Addresses in text that people type: where a bare one begins and ends, and
 * which ones may become links.  Pure; any thread.
 */

#ifndef SOCIAL_LINK_H_INCLUDED
#define SOCIAL_LINK_H_INCLUDED


#include "social.h"
#include "social_out.h"


#define SOCIAL_LINK_MAX  2000       /* bytes; longer addresses are no links */


/* points into the text */

typedef struct {
    const unsigned char  *start;    /* of "http" */
    const unsigned char  *path;     /* what follows the host */
    const unsigned char  *end;
} social_link_t;


/*
 * The first address of http or https that stands in the text from p on; text
 * is where it begins.  1: found, *link is set; 0: there is none.
 *
 * It ends as UTS 58 says: before white space, quotation marks, CJK
 * punctuation and closing brackets that were not opened in it; the
 * punctuation of a sentence is no part of its end.
 */
int social_link_next(const unsigned char *text, const unsigned char *p,
    const unsigned char *end, social_link_t *link);

/*
 * The same for an address that somebody has marked as one, of http, https or
 * mailto.  DECLINED: it must not be a link: another scheme, no host, a user
 * name before the host, too long.
 */
int social_link_parse(const unsigned char *data, size_t len,
    social_link_t *link);

/* <a href="..." rel="...">; the caller writes what is in it, and </a> */
void social_link_open(social_out_t *out, const social_link_t *link);


#endif /* SOCIAL_LINK_H_INCLUDED */
