
/*
 * What we sign: page tokens, and short statements with an end ("seals") for
 * the author's and the commenter's cookie.  One site secret, kept by the
 * caller; a label per use keeps a MAC of one use from passing for another.
 *
 * Pure but for libcrypto's allocations; any thread.  Comparisons take the
 * same time for every wrong value of the right length.
 */

#ifndef SOCIAL_TOKEN_H_INCLUDED
#define SOCIAL_TOKEN_H_INCLUDED


#include "social.h"


#define SOCIAL_SECRET      32       /* bytes of a site's secret */
#define SOCIAL_MAC         32       /* bytes of a whole MAC */
#define SOCIAL_MAC_TEXT    22       /* 128 bits of it in base64url */

#define SOCIAL_WEEK        604800   /* seconds; weeks count from 1970 */
#define SOCIAL_TOKEN_WEEKS 8        /* a token outlives its week by so many */
#define SOCIAL_TOKEN_MAX   40       /* bytes of a token, with its NUL */

#define SOCIAL_SEAL_NAME   255      /* bytes of a sealed name */
#define SOCIAL_SEAL_MAX    400      /* bytes of a seal, with its NUL */


/* HMAC-SHA256 over the label, a NUL and the data; SOCIAL_OK or _ERROR */
int social_mac(const unsigned char secret[SOCIAL_SECRET], const char *label,
    social_str_t data, unsigned char out[SOCIAL_MAC]);

/* the first 128 bits of it as text; out gets a NUL */
int social_mac_text(const unsigned char secret[SOCIAL_SECRET],
    const char *label, social_str_t data, char out[SOCIAL_MAC_TEXT + 1]);

/* 1 if text is the C string want; takes the same time wherever they differ */
int social_mac_same(const char *want, social_str_t text);


/*
 * "<week>.<mac>" over the week and the key of the page it stands on.  week is
 * unix seconds / SOCIAL_WEEK.  DECLINED: the key is longer than
 * SOCIAL_KEY_MAX.
 */
int social_token_make(const unsigned char secret[SOCIAL_SECRET],
    social_str_t key, uint32_t week, char out[SOCIAL_TOKEN_MAX]);

/*
 * SOCIAL_OK        ours, of this week or one of the eight before
 * SOCIAL_LIMIT     ours, but expired (or of a week to come: a clock went
 *                  back): give the form back with a new one
 * SOCIAL_DECLINED  not ours
 */
int social_token_check(const unsigned char secret[SOCIAL_SECRET],
    social_str_t key, social_str_t token, uint32_t now_week);


/*
 * "<name>.<expires>.<mac>", safe in a cookie: the name is base64url, expires
 * unix seconds.  DECLINED: the name is empty or longer than SOCIAL_SEAL_NAME,
 * or expires is negative.
 */
int social_seal_make(const unsigned char secret[SOCIAL_SECRET],
    const char *label, social_str_t name, int64_t expires,
    char out[SOCIAL_SEAL_MAX]);

/* SOCIAL_OK fills name and len; LIMIT: ours, expired; DECLINED: not ours */
int social_seal_check(const unsigned char secret[SOCIAL_SECRET],
    const char *label, social_str_t seal, int64_t now,
    unsigned char name[SOCIAL_SEAL_NAME], size_t *len);


#define SOCIAL_SEAL_AUTHOR     "author"
#define SOCIAL_SEAL_COMMENTER  "commenter"


#endif /* SOCIAL_TOKEN_H_INCLUDED */
