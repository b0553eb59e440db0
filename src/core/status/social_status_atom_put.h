
/*
 * What the feed is made of.  For social_status_atom.c; no other file may include
 * it.
 */

#ifndef SOCIAL_STATUS_ATOM_PUT_H_INCLUDED
#define SOCIAL_STATUS_ATOM_PUT_H_INCLUDED


#include "social_atom.h"
#include "social_status_formats.h"


#define SOCIAL_STATUS_ATOM_LINE  1024       /* bytes of a title or an id */
#define SOCIAL_STATUS_ATOM_HTML  65536      /* bytes of an entry's content */


typedef struct social_status_atom_entry_s  social_status_atom_entry_t;


typedef struct {
    social_atom_t                 put;      /* where it is written */
    const cJSON                  *doc;
    const social_status_query_t  *query;
    social_status_atom_entry_t   *entries;
    size_t                        n;
    unsigned                      failed:1;
} social_status_atom_t;


struct social_status_atom_entry_s {
    int64_t       updated;
    size_t        place;        /* entries of the same time keep their order */
    const cJSON  *item;         /* of the document, or NULL */
    void        (*put)(social_status_atom_t *atom,
                       const social_status_atom_entry_t *entry);
};


/* members of an object: "" or 0 if they are missing */
const char *social_status_atom_member(const cJSON *obj, const char *name);
int64_t social_status_atom_time(const cJSON *obj, const char *name);

/* Monday 00:00 UTC of the week of t */
int64_t social_status_atom_monday(int64_t t);

/* addresses in out, as C strings: "" if there is none.  A page of the
 * moderation location, for an article and a comment if they are not ""; the
 * status page */
const char *social_status_atom_moderation(social_status_atom_t *atom,
    social_out_t *out, const char *state, const char *key, const char *id);
const char *social_status_atom_page(social_status_atom_t *atom,
    social_out_t *out);


#endif /* SOCIAL_STATUS_ATOM_PUT_H_INCLUDED */
