
/*
 * Writes the elements of an Atom feed (RFC 4287): for the status page and for
 * the feeds of comments.  Text is escaped here.  Errors are sticky, as in
 * social_out_t.  Pure; any thread.
 */

#ifndef SOCIAL_ATOM_H_INCLUDED
#define SOCIAL_ATOM_H_INCLUDED


#include "social_out.h"


typedef struct {
    social_out_t  *out;
    const char    *origin;      /* "https://host", in front of paths, or NULL */
    const char    *site;        /* its name, a part of ids */
    unsigned       failed:1;    /* content was too long, or no memory */
} social_atom_t;


/* the id that ends with /what/which, the time, a line of text after a few words
 * of ours, a link to a path or an address */
void social_atom_id(social_atom_t *atom, const char *what, const char *which);
void social_atom_updated(social_atom_t *atom, int64_t t);
void social_atom_line(social_atom_t *atom, const char *element,
    const char *before, const char *text);
void social_atom_link(social_atom_t *atom, const char *rel, const char *type,
    const char *url);

/* HTML of an entry, and how to add it; content() frees it */
void social_atom_paragraph(social_out_t *html, const char *text);
void social_atom_anchor(social_atom_t *atom, social_out_t *html,
    const char *url, const char *text);
void social_atom_content(social_atom_t *atom, social_out_t *html);


#endif /* SOCIAL_ATOM_H_INCLUDED */
