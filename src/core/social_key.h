
/*
 * The key of an article: the normal form of its path.  One page has one key,
 * however its link is written.
 *
 * Pure functions; any thread.  The result is never NUL-terminated.
 */

#ifndef SOCIAL_KEY_H_INCLUDED
#define SOCIAL_KEY_H_INCLUDED


#include "social.h"


/*
 * social_key() takes the path of a request line as sent, with or without
 * "?query" and "#fragment".  It is percent-decoded once; then, as nginx does,
 * slashes are merged and dot segments resolved (a decoded "%2f" is a slash
 * like any other, a decoded "?" or "#" is a letter), and a last segment
 * index.html, index.htm or index.php is dropped.  Case and a trailing slash
 * are kept.
 *
 * SOCIAL_DECLINED: no key, and so no article: does not begin with a slash,
 * invalid percent sequence, a ".." above the root (nginx answers 400), not
 * UTF-8, a control character (C0, DEL, C1), longer than SOCIAL_KEY_MAX bytes
 * in normal form or than SOCIAL_KEY_RAW before.
 */
int social_key(social_str_t target, unsigned char out[SOCIAL_KEY_MAX],
    size_t *len);

/* the same for a path that is decoded already, such as nginx's $uri: "%",
 * "?" and "#" are letters */
int social_key_decoded(social_str_t path, unsigned char out[SOCIAL_KEY_MAX],
    size_t *len);

/* SOCIAL_OK if these bytes are a key in normal form, as a form's "article"
 * field must be, else SOCIAL_DECLINED */
int social_key_check(social_str_t key);


#define SOCIAL_KEY_RAW  8192    /* nginx's default for a whole request line */


#endif /* SOCIAL_KEY_H_INCLUDED */
