
/*
 * Text that people type: is it UTF-8, how long is it, and what of it is kept.
 *
 * Functions that write take a destination of the caller's and never write
 * more than they say; the destination may be the source itself.
 */

#ifndef SOCIAL_TEXT_H_INCLUDED
#define SOCIAL_TEXT_H_INCLUDED


#include "social.h"


/* bytes that social_text_website() may need: "https://", and every character
 * of four bytes as four percent triplets */

#define SOCIAL_WEBSITE_SIZE  (8 + SOCIAL_WEBSITE_MAX * 12)


/*
 * The next character, or -1 where the bytes are not UTF-8 (overlong forms,
 * surrogates and numbers beyond U+10FFFF are not).  *p moves behind it; over
 * bad bytes, by the maximal subpart, so each costs one U+FFFD, as in browsers.
 * To be called with *p < end.
 */
int32_t social_text_next(const unsigned char **p, const unsigned char *end);

/* 1 if the bytes are UTF-8 without NUL; none at all are */
int social_text_valid(const unsigned char *data, size_t len);

/* characters (code points); a bad sequence counts as one */
size_t social_text_count(const unsigned char *data, size_t len);

/* 1 for ASCII and Unicode white space: tab, newline, space, NBSP, ... */
int social_text_is_space(int32_t c);

/* the inner part of data: without white space, BOM and invisible characters
 * at both ends */
social_str_t social_text_trim(const unsigned char *data, size_t len);


/*
 * One line, such as a name: trimmed, every run of white space one space.
 * dst holds len bytes and may be data.  DECLINED where the bytes are not
 * UTF-8 or hold control characters, bidi overrides, embeddings or isolates.
 * Text without any visible character becomes empty.
 */
int social_text_clean_line(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len);

/*
 * Many lines, such as a comment: trimmed, newlines as LF, control characters
 * but tab and newline left out.  dst holds len bytes and may be data.
 * DECLINED where the bytes are not UTF-8 or hold NUL.
 */
int social_text_clean_text(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len);

/*
 * A website as typed into its canonical URL: http or https ("https://" is put
 * where there is none), host in lower case and in its ASCII form, the rest
 * with everything beyond ASCII percent-encoded.  dst holds SOCIAL_WEBSITE_SIZE
 * bytes and is not data.  White space only: OK and *dst_len is 0.  DECLINED
 * for anything else, LIMIT for more than SOCIAL_WEBSITE_MAX characters.
 */
int social_text_website(const unsigned char *data, size_t len,
    unsigned char *dst, size_t *dst_len);


#endif /* SOCIAL_TEXT_H_INCLUDED */
