
/*
 * Text that people type: is it UTF-8, how long is it, and what of it is kept.
 *
 * dst belongs to the caller.  Unless a function says otherwise, dst may be
 * data.  Pure; any thread.
 */

#ifndef SOCIAL_TEXT_H_INCLUDED
#define SOCIAL_TEXT_H_INCLUDED


#include "social.h"


/* bytes that social_text_website() may write: "https://", and 12 for each
 * character of four bytes */

#define SOCIAL_WEBSITE_SIZE  (8 + SOCIAL_WEBSITE_MAX * 12)


/*
 * Returns the next character, or -1 for bytes that are not UTF-8 (overlong
 * forms, surrogates, numbers beyond U+10FFFF).  *p moves past it; for bad
 * bytes past the maximal subpart, so that each costs one U+FFFD, as in
 * browsers.  Requires *p < end.
 */
int32_t social_text_next(const unsigned char **p, const unsigned char *end);

/* 1 if the bytes are UTF-8 without NUL, or if there are none */
int social_text_valid(const unsigned char *data, size_t len);

/* the number of code points; a bad sequence counts as one */
size_t social_text_count(const unsigned char *data, size_t len);

/* 1 for ASCII and Unicode white space: tab, newline, space, NBSP, ... */
int social_text_is_space(int32_t c);

/* data without white space, BOM and invisible characters at both ends */
social_str_t social_text_trim(const unsigned char *data, size_t len);


/*
 * One line, such as a name: trimmed, every run of white space becomes a space.
 * dst holds len bytes and may be data.  DECLINED: not UTF-8, or it has control
 * characters, bidi overrides, embeddings or isolates.  Text without any
 * visible character becomes empty.
 */
int social_text_clean_line(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len);

/*
 * Several lines, such as a comment: trimmed, newlines become LF, control
 * characters except tab and newline are dropped.  Of more than one line, the
 * first one keeps the blanks in front of it.  dst holds len bytes and may be
 * data.  DECLINED: not UTF-8, or it has a NUL.
 */
int social_text_clean_text(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len);

/*
 * Turns a website as people type it into a canonical URL: http or https
 * ("https://" is added if there is no scheme), the host in lower case and in
 * its ASCII form, the rest percent-encoded beyond ASCII.  dst holds
 * SOCIAL_WEBSITE_SIZE bytes and must not be data.  Only white space: OK, and
 * *dst_len is 0.  LIMIT: more than SOCIAL_WEBSITE_MAX characters.  DECLINED:
 * anything else.
 */
int social_text_website(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len);


#endif /* SOCIAL_TEXT_H_INCLUDED */
