
/*
 * The key of an article: the normal form of its path.  A page has one key,
 * however its link is written.
 *
 * Pure; any thread.  The result has no NUL at the end.
 */

#ifndef SOCIAL_KEY_H_INCLUDED
#define SOCIAL_KEY_H_INCLUDED


#include "social.h"


/*
 * Takes the path of a request line as the client sent it, with or without
 * "?query" and "#fragment".  Percent sequences are decoded once; then, as in
 * nginx, slashes are merged and dot segments resolved (a decoded "%2f" is a
 * slash like any other, a decoded "?" or "#" is an ordinary character), and a
 * last segment index.html, index.htm or index.php is dropped.  Case and a
 * trailing slash are kept.
 *
 * SOCIAL_DECLINED, no key and so no article: the path does not begin with a
 * slash, has an invalid percent sequence, a ".." above the root (nginx answers
 * 400), invalid UTF-8 or a control character (C0, DEL, C1), or is longer than
 * SOCIAL_KEY_MAX bytes in normal form, or SOCIAL_KEY_RAW before.
 */
int social_key(social_str_t target, unsigned char out[SOCIAL_KEY_MAX],
    size_t *len);

/* the same for a path that is already decoded, such as nginx's $uri: "%", "?"
 * and "#" are ordinary characters */
int social_key_decoded(social_str_t path, unsigned char out[SOCIAL_KEY_MAX],
    size_t *len);

/*
 * The same for a link as themes write it: a path, or an address whose host
 * (with its port, unless that is the scheme's) is `host` or the one of
 * `origin`.  Either scheme will do: a proxy in front may end TLS.  A path of
 * the origin is taken off.  host and origin may be "".
 */
int social_key_link(social_str_t link, social_str_t origin, social_str_t host,
    unsigned char out[SOCIAL_KEY_MAX], size_t *len);

/* SOCIAL_OK if the bytes are a key in normal form, as the field "article" of a
 * form must be, else SOCIAL_DECLINED */
int social_key_check(social_str_t key);


#define SOCIAL_KEY_RAW  8192  /* as nginx's default for a whole request line */


#endif /* SOCIAL_KEY_H_INCLUDED */
