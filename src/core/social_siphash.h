
/*
 * SipHash-2-4 with a 128-bit key and a 64-bit result: Aumasson & Bernstein,
 * "SipHash: a fast short-input PRF", 2012.  Used for daily visitor hashes.
 * Pure; any thread.
 */

#ifndef SOCIAL_SIPHASH_H_INCLUDED
#define SOCIAL_SIPHASH_H_INCLUDED


#include "social.h"


#define SOCIAL_SIPHASH_KEY  16      /* bytes */


uint64_t social_siphash(const unsigned char key[SOCIAL_SIPHASH_KEY],
    const void *data, size_t len);


#endif /* SOCIAL_SIPHASH_H_INCLUDED */
