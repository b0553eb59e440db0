
/*
 * The table of networks: where a page can be shared, and whose fetchers of
 * link previews are known.  To add a network, add a row to social_network.c.
 *
 * Constant table, pure functions, any thread.
 */

#ifndef SOCIAL_NETWORK_H_INCLUDED
#define SOCIAL_NETWORK_H_INCLUDED


#include "social.h"
#include "social_out.h"


#define SOCIAL_NETWORK_ID        20     /* bytes of the longest id */
#define SOCIAL_NETWORK_INSTANCE  253    /* bytes of a host and its port */


typedef enum {
    SOCIAL_NETWORK_LINK = 0,    /* the address is made from the template */
    SOCIAL_NETWORK_EMAIL,       /* the same, encoded for mailto: */
    SOCIAL_NETWORK_MASTODON,    /* the same, on the reader's instance */
    SOCIAL_NETWORK_COPY,        /* no address: the reader copies the link */
    SOCIAL_NETWORK_NATIVE,      /* no address: the device's share sheet */
    SOCIAL_NETWORK_PREVIEW,     /* only fetches previews, no share button */
    SOCIAL_NETWORK_DEAD         /* closed, see dead; never offered */
} social_network_kind_e;


typedef struct {
    unsigned               number;  /* stores contain it: never change it */
    const char            *id;
    const char            *label;   /* ASCII */
    social_network_kind_e  kind;
    const char            *url;     /* template of the address, or NULL */
    unsigned               by_default:1; /* if the site lists none */
    unsigned               needs_image:1; /* only for a page with an image */
    const char            *verified; /* month of the last check */
    const char            *dead;    /* month in which it closed, or NULL */
} social_network_t;


/* NULL if there is none; ids are lower case */
const social_network_t *social_network_find(social_str_t id);
const social_network_t *social_network_by_number(unsigned number);

/* the i-th row from 0 in the order to show, NULL at the end */
const social_network_t *social_network_at(unsigned i);

/* 1 if a page may offer it: it is not dead and not only for previews */
int social_network_shareable(const social_network_t *net);


/*
 * Writes the address that shares a page to out.  The template has {u} for url,
 * {t} for title, {tu} for title, newline, url, and {img} for the image, all
 * percent-encoded.  instance only matters for mastodon and may be empty: then
 * a page of joinmastodon.org asks for it.  DECLINED: the network has no
 * address (copy, native, preview, dead), or instance is not a valid one.  If
 * memory or space runs out, out->failed is set.
 */
int social_network_url(const social_network_t *net, social_out_t *out,
    social_str_t url, social_str_t title, social_str_t img,
    social_str_t instance);

/*
 * Turns a Mastodon instance as people type it, including "https://host/" and
 * "@me@host", into "host[:port]" in lower case with a NUL.  DECLINED: not a
 * host name with a dot, an IP address, or localhost.
 */
int social_network_instance(social_str_t text,
    char out[SOCIAL_NETWORK_INSTANCE + 1]);


#endif /* SOCIAL_NETWORK_H_INCLUDED */
