
/*
 * application/x-www-form-urlencoded: a form's body, or a query string.
 *
 * Everything is decoded into one buffer of the caller's; the structure is the
 * caller's, too, and points into that buffer.
 */

#ifndef SOCIAL_FORM_H_INCLUDED
#define SOCIAL_FORM_H_INCLUDED


#include "social.h"


#define SOCIAL_FORM_FIELDS  128     /* bulk actions repeat a field 100 times */
#define SOCIAL_FORM_NAME    64      /* bytes of a name, decoded */


typedef struct {
    social_str_t  name;             /* behind the bytes stands a NUL, */
    social_str_t  value;            /* here too */
} social_form_field_t;

typedef struct {
    social_form_field_t  fields[SOCIAL_FORM_FIELDS];
    size_t               n;

    /* after a failure: a constant sentence, and the field it is about ("" for
     * a name that cannot be shown) */

    const char          *error;
    char                 field[SOCIAL_FORM_NAME + 1];
} social_form_t;


/*
 * buf has len + 1 bytes (the NULs take the places of "=" and "&") and may not
 * be data.  repeat lists the names that may stand more than once, a NULL at
 * its end; NULL: none.  DECLINED: percent sequences that are none, NUL,
 * invalid UTF-8, a name too long or twice; LIMIT: too many fields.
 */
int social_form_parse(social_form_t *form, const unsigned char *data,
    size_t len, unsigned char *buf, const char *const *repeat);

/* NULL: no such field */
const social_str_t *social_form_get(const social_form_t *form,
    const char *name);

/* the i-th field of that name, from 0; NULL behind the last one */
const social_str_t *social_form_get_nth(const social_form_t *form,
    const char *name, size_t i);


#endif /* SOCIAL_FORM_H_INCLUDED */
