
/*
 * application/x-www-form-urlencoded: the body of a form, or a query string.
 * Everything is decoded into one buffer of the caller's; the structure belongs
 * to the caller, too, and points into that buffer.
 */

#ifndef SOCIAL_FORM_H_INCLUDED
#define SOCIAL_FORM_H_INCLUDED


#include "social.h"


#define SOCIAL_FORM_FIELDS  128     /* bulk actions repeat one 100 times */
#define SOCIAL_FORM_NAME    64      /* bytes of a decoded name */


typedef struct {
    social_str_t  name;     /* a NUL follows the bytes */
    social_str_t  value;    /* here, too */
} social_form_field_t;

typedef struct {
    social_form_field_t  fields[SOCIAL_FORM_FIELDS];
    size_t               n;

    /* after a failure: what is wrong, and in which field ("" if the name
     * cannot be shown) */

    const char          *error;
    char                 field[SOCIAL_FORM_NAME + 1];
} social_form_t;


/*
 * buf has len + 1 bytes (NULs take the place of "=" and "&") and must not be
 * data.  repeat: the names that may occur more than once, with a NULL at the
 * end; NULL: none.  DECLINED: an invalid percent sequence, NUL, invalid UTF-8,
 * or a name that is too long or occurs twice.  LIMIT: too many fields.
 */
int social_form_parse(social_form_t *form, const unsigned char *data,
    size_t len, unsigned char *buf, const char *const *repeat);

/* NULL: there is no such field */
const social_str_t *social_form_get(const social_form_t *form,
    const char *name);

/* the i-th field of that name, from 0; NULL after the last one */
const social_str_t *social_form_get_nth(const social_form_t *form,
    const char *name, size_t i);


#endif /* SOCIAL_FORM_H_INCLUDED */
