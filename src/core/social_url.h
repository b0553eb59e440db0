
/*
 * The address of a page before it is shared: without parameters that follow
 * people or campaigns, and with our tag.  Pure; any thread.
 */

#ifndef SOCIAL_URL_H_INCLUDED
#define SOCIAL_URL_H_INCLUDED


#include "social.h"
#include "social_out.h"


/* without fbclid gclid msclkid mc_cid mc_eid utm_* ref and an earlier share
 * tag of ours; all other bytes as they are */
void social_url_clean(social_out_t *out, social_str_t url);

/* with "shared=tag" behind the query, in front of a fragment; of no address
 * nothing is made */
void social_url_tag(social_out_t *out, social_str_t url, const char *tag);


#endif /* SOCIAL_URL_H_INCLUDED */
