
/*
 * The URL of a page before it is shared: without parameters that track people
 * or campaigns, and with a share tag.  Pure; any thread.
 */

#ifndef SOCIAL_URL_H_INCLUDED
#define SOCIAL_URL_H_INCLUDED


#include "social.h"
#include "social_out.h"


/* drops fbclid gclid msclkid mc_cid mc_eid utm_* ref and an earlier share tag;
 * all other bytes stay */
void social_url_clean(social_out_t *out, social_str_t url);

/* adds "shared=tag" to the query, in front of a fragment; writes nothing for
 * an empty URL */
void social_url_tag(social_out_t *out, social_str_t url, const char *tag);


#endif /* SOCIAL_URL_H_INCLUDED */
