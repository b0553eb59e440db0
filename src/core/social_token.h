
/*
 * What we sign: the CSRF tokens of pages, and "seals", statements that expire,
 * for the author's and the commenter's cookie.  The caller keeps the one
 * secret of the site.  Each use has its label, so that a MAC of one use is not
 * valid for another.
 *
 * Pure except that libcrypto allocates; any thread.  Comparisons take the same
 * time for every wrong value of the right length.
 */

#ifndef SOCIAL_TOKEN_H_INCLUDED
#define SOCIAL_TOKEN_H_INCLUDED


#include "social.h"


#define SOCIAL_SECRET    32     /* bytes of a site's secret */
#define SOCIAL_MAC       32     /* bytes of a whole MAC */
#define SOCIAL_MAC_TEXT  22     /* characters: 128 bits of it as base64url */

#define SOCIAL_WEEK         604800  /* seconds; week 0 begins at 1970-01-01 */
#define SOCIAL_TOKEN_WEEKS  8       /* weeks that a token stays valid */
#define SOCIAL_TOKEN_MAX    40      /* bytes of a token, with its NUL */

#define SOCIAL_SEAL_NAME  255   /* bytes of a sealed name */
#define SOCIAL_SEAL_MAX   400   /* bytes of a seal, with its NUL */


/* HMAC-SHA256 of the label, a NUL and the data; SOCIAL_OK or SOCIAL_ERROR */
int social_mac(const unsigned char secret[SOCIAL_SECRET], const char *label,
    social_str_t data, unsigned char out[SOCIAL_MAC]);

/* the first 128 bits of it as text; adds a NUL */
int social_mac_text(const unsigned char secret[SOCIAL_SECRET],
    const char *label, social_str_t data, char out[SOCIAL_MAC_TEXT + 1]);

/* 1 if text equals the C string want; constant time */
int social_mac_same(const char *want, social_str_t text);


/*
 * "<week>.<mac>" over the week and the key of the page that has the token.
 * week is unix seconds / SOCIAL_WEEK.  DECLINED: the key is longer than
 * SOCIAL_KEY_MAX.
 */
int social_token_make(const unsigned char secret[SOCIAL_SECRET],
    social_str_t key, uint32_t week, char out[SOCIAL_TOKEN_MAX]);

/*
 * SOCIAL_OK        ours, of this week or one of the eight before
 * SOCIAL_LIMIT     ours, but expired, or of a later week because the clock
 *                  was set back: show the form again with a new token
 * SOCIAL_DECLINED  not ours
 */
int social_token_check(const unsigned char secret[SOCIAL_SECRET],
    social_str_t key, social_str_t token, uint32_t now_week);


/*
 * "<name>.<expires>.<mac>", safe in a cookie: the name is base64url, expires
 * is in unix seconds.  DECLINED: the name is empty or longer than
 * SOCIAL_SEAL_NAME, or expires is negative.
 */
int social_seal_make(const unsigned char secret[SOCIAL_SECRET],
    const char *label, social_str_t name, int64_t expires,
    char out[SOCIAL_SEAL_MAX]);

/* SOCIAL_OK: name and len are set.  LIMIT: ours, but expired.  DECLINED: not
 * ours. */
int social_seal_check(const unsigned char secret[SOCIAL_SECRET],
    const char *label, social_str_t seal, int64_t now,
    unsigned char name[SOCIAL_SEAL_NAME], size_t *len);


#define SOCIAL_SEAL_AUTHOR     "author"
#define SOCIAL_SEAL_COMMENTER  "commenter"
#define SOCIAL_SEAL_COOKIE     "commenter cookie"


#endif /* SOCIAL_TOKEN_H_INCLUDED */
