
/*
 * The share tag of a URL, "?shared=<network>.<day>.<mac>": it says that the
 * link was shared by way of a network on a day, and nothing about a person.
 * day = days since 1970-01-01 UTC.
 *
 * Pure but for libcrypto's allocations; any thread.
 */

#ifndef SOCIAL_TAG_H_INCLUDED
#define SOCIAL_TAG_H_INCLUDED


#include "social.h"
#include "social_token.h"
#include "social_network.h"


#define SOCIAL_TAG_NAME  "shared"
#define SOCIAL_TAG_MAX   80         /* bytes of a tag's value, with its NUL */
#define SOCIAL_TAG_DAYS  400        /* how long a tag counts */


int social_tag_make(const unsigned char secret[SOCIAL_SECRET],
    const social_network_t *network, uint32_t day, char out[SOCIAL_TAG_MAX]);

/*
 * SOCIAL_OK        ours and at most 400 days old; *network is set.  A tag of
 *                  tomorrow is one of another server's clock
 * SOCIAL_LIMIT     ours, but older, or of a day to come
 * SOCIAL_DECLINED  not ours
 */
int social_tag_check(const unsigned char secret[SOCIAL_SECRET],
    social_str_t tag, uint32_t today, const social_network_t **network);

/* 1 if a parameter, such as "shared=x.20000.abc", holds what looks like a tag
 * of ours, valid or not; *value points into it */
int social_tag_like(social_str_t param, social_str_t *value);

/*
 * Removes every parameter "shared" whose value looks like a tag, valid or
 * not, from a raw query string (without "?"); all other bytes stay as they
 * are.  Returns how many were removed; where it is 0, out and first are not
 * to be read.  out holds args.len bytes and does not overlap args; *first,
 * the first value removed, points into args.
 */
size_t social_tag_strip(social_str_t args, unsigned char *out, size_t *len,
    social_str_t *first);


#endif /* SOCIAL_TAG_H_INCLUDED */
