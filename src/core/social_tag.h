
/*
 * The share tag of a URL, "?shared=<network>.<day>.<mac>".  It says that the
 * link was shared through a network on a day, and nothing about a person. day
 * = days since 1970-01-01 UTC.
 *
 * Pure except that libcrypto allocates; any thread.
 */

#ifndef SOCIAL_TAG_H_INCLUDED
#define SOCIAL_TAG_H_INCLUDED


#include "social.h"
#include "social_token.h"
#include "social_network.h"


#define SOCIAL_TAG_NAME  "shared"
#define SOCIAL_TAG_MAX   80     /* bytes of a tag's value, with its NUL */
#define SOCIAL_TAG_DAYS  400    /* days that a tag is valid */


int social_tag_make(const unsigned char secret[SOCIAL_SECRET],
    const social_network_t *network, uint32_t day, char out[SOCIAL_TAG_MAX]);

/*
 * SOCIAL_OK        ours and at most 400 days old; *network is set.  Tomorrow's
 *                  day is accepted: another server's clock may be ahead
 * SOCIAL_LIMIT     ours, but older or from the future
 * SOCIAL_DECLINED  not ours
 */
int social_tag_check(const unsigned char secret[SOCIAL_SECRET],
    social_str_t tag, uint32_t today, const social_network_t **network);

/* 1 if a parameter such as "shared=x.20000.abc" looks like a share tag, valid
 * or not; *value points into it */
int social_tag_like(social_str_t param, social_str_t *value);

/*
 * Removes every parameter "shared" whose value looks like a tag, valid or not,
 * from a raw query string (without "?"); all other bytes stay.  Returns how
 * many were removed; if 0, out and first are not set.  out holds args.len
 * bytes and does not overlap args; *first, the first value removed, points
 * into args.
 */
size_t social_tag_strip(social_str_t args, unsigned char *out, size_t *len,
    social_str_t *first);


#endif /* SOCIAL_TAG_H_INCLUDED */
