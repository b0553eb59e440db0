
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

/*
 * Where a reference of a page leads: 1 if it has a host, and then *scheme
 * ("https", or "" for that of the page), *host with its port, and *path, which
 * begins with "/" or is "".  0: it leads to the page's own host, or is no
 * address of http.  As browsers do, takes "\" for "/".
 */
int social_url_split(social_str_t url, social_str_t *scheme,
    social_str_t *host, social_str_t *path);

/* 1 if two hosts with ports are the same; scheme: for the default port, or
 * "" */
int social_url_same_host(social_str_t a, social_str_t b, social_str_t scheme);

/* adds "shared=tag" to the query, in front of a fragment; writes nothing for
 * an empty URL */
void social_url_tag(social_out_t *out, social_str_t url, const char *tag);


#endif /* SOCIAL_URL_H_INCLUDED */
