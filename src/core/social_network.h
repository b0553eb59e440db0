
/*
 * The table of networks: where a page is shared to, and whose link-preview
 * agents come back.  A new network is one row in social_network.c.
 *
 * The table is constant; pure functions; any thread.
 */

#ifndef SOCIAL_NETWORK_H_INCLUDED
#define SOCIAL_NETWORK_H_INCLUDED


#include "social.h"
#include "social_out.h"


#define SOCIAL_NETWORK_ID        20     /* bytes of the longest id */
#define SOCIAL_NETWORK_INSTANCE  253    /* bytes of an instance and its port */


typedef enum {
    SOCIAL_NETWORK_LINK = 0,    /* its address is made from the template */
    SOCIAL_NETWORK_EMAIL,       /* the same, with mailto's encoding */
    SOCIAL_NETWORK_MASTODON,    /* the same, on the reader's instance */
    SOCIAL_NETWORK_COPY,        /* no address: the reader copies the link */
    SOCIAL_NETWORK_NATIVE,      /* no address: the device's own sheet */
    SOCIAL_NETWORK_PREVIEW,     /* never shared to; only fetches previews */
    SOCIAL_NETWORK_DEAD         /* gone, see dead; never offered */
} social_network_kind_e;


typedef struct {
    unsigned                number;     /* in stores: never changes */
    const char             *id;
    const char             *label;      /* ASCII */
    social_network_kind_e   kind;
    const char             *url;        /* template, NULL without one */
    unsigned                by_default:1;     /* offered unless told otherwise */
    unsigned                needs_image:1;    /* hidden without an image */
    const char             *verified;   /* month the template was checked */
    const char             *dead;       /* month it died, NULL while alive */
} social_network_t;


/* NULL: there is none.  Ids are lower case */
const social_network_t *social_network_find(social_str_t id);
const social_network_t *social_network_by_number(unsigned number);

/* the i-th row from 0 in the order to show, NULL at the end */
const social_network_t *social_network_at(unsigned i);

/* 1 if a page may offer it: neither dead nor preview only */
int social_network_shareable(const social_network_t *net);


/*
 * The address that shares a page, into out: {u} url, {t} title, {tu} title
 * newline url, {img} the image, all percent-encoded.  instance counts for
 * mastodon only and may be empty: then a page of joinmastodon.org asks for
 * it.  DECLINED: no address can be made (copy, native, preview, dead), or the
 * instance is none.  Out of memory or room: out->failed, as ever.
 */
int social_network_url(const social_network_t *net, social_out_t *out,
    social_str_t url, social_str_t title, social_str_t img,
    social_str_t instance);

/*
 * A Mastodon instance as people type it, "https://host/" and "@me@host" too,
 * into its lower-case "host[:port]" with a NUL.  DECLINED: no host name with
 * a dot, an IP address, localhost.
 */
int social_network_instance(social_str_t text,
    char out[SOCIAL_NETWORK_INSTANCE + 1]);


#endif /* SOCIAL_NETWORK_H_INCLUDED */
