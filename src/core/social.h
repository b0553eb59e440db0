
/*
 * What all of the core shares: a counted string and the return codes.
 *
 * The core is pure: no nginx, no sockets, no clock, no globals that change.
 * Any thread may call any function of it on data that it owns.
 */

#ifndef SOCIAL_H_INCLUDED
#define SOCIAL_H_INCLUDED


#include <stddef.h>
#include <stdint.h>


#define SOCIAL_OK        0
#define SOCIAL_ERROR     -1     /* memory, I/O: not the caller's fault */
#define SOCIAL_DECLINED  -2     /* not found, not ours, or not valid */
#define SOCIAL_LIMIT     -3     /* a limit was reached */
#define SOCIAL_AGAIN     -4     /* a part is done, call again */


/* counted bytes that somebody else owns; same layout as ngx_str_t */

typedef struct {
    size_t                len;
    const unsigned char  *data;
} social_str_t;


#define social_string(s)    { sizeof(s) - 1, (const unsigned char *) (s) }
#define social_nelts(a)     (sizeof(a) / sizeof((a)[0]))

#define SOCIAL_KEY_MAX      512     /* bytes of an article's key */
#define SOCIAL_NAME_MAX     60      /* characters of a commenter's name */
#define SOCIAL_WEBSITE_MAX  200     /* characters */
#define SOCIAL_TEXT_MAX     10000   /* characters of a comment */
#define SOCIAL_BODY_MAX     65536   /* bytes of a request body */


#endif /* SOCIAL_H_INCLUDED */
