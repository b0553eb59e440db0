
/*
 * Mustache templates over a cJSON document.
 *
 *   create -> add ... add -> check -> render, render, ... -> destroy
 *
 * After the last add() a set never changes: any number of threads may render
 * from it at once.
 *
 * Supports the specification's modules comments, interpolation, inverted,
 * partials and sections; refuses set delimiter tags, dynamic names and
 * inheritance; a document holds no lambdas.  False are: missing, null, false,
 * 0, "" and [].  Objects and arrays as values render nothing.  {{x}} is escaped
 * by social_out_html(); what is not ASCII in a template or in {{{x}}} becomes a
 * numeric reference, so the result is ASCII, whatever the page's encoding is.
 */

#ifndef SOCIAL_TEMPLATE_H_INCLUDED
#define SOCIAL_TEMPLATE_H_INCLUDED


#include "social_json.h"
#include "social_out.h"


#define SOCIAL_TEMPLATE_MAX       64        /* templates in a set */
#define SOCIAL_TEMPLATE_NAME_MAX  63        /* bytes of a template's name */
#define SOCIAL_TEMPLATE_SIZE      262144    /* bytes of a template */
#define SOCIAL_TEMPLATE_NESTING   16        /* levels of nested sections */
#define SOCIAL_TEMPLATE_DEPTH     32        /* levels of nested partials */
#define SOCIAL_TEMPLATE_STEPS     4000000   /* nodes in one rendering */


typedef struct social_template_set_s  social_template_set_t;

typedef struct {
    char      message[192];     /* lower case, no final dot */
    char      name[SOCIAL_TEMPLATE_NAME_MAX + 1];   /* name of the template */
    unsigned  line;             /* from 1; 0: none */
    unsigned  column;           /* from 1, in bytes */
} social_template_error_t;


/* NULL: out of memory */
social_template_set_t *social_template_set_create(void);
void social_template_set_destroy(social_template_set_t *set);

/*
 * Parses a template; the source is copied.  Replaces a template of the same
 * name, so add an admin's templates after the built-in ones.  DECLINED: *err
 * says what is wrong and where, and the set is as before.  LIMIT: the set is
 * full.  ERROR: out of memory.  *err is set for these, too.
 */
int social_template_set_add(social_template_set_t *set, const char *name,
    const char *source, size_t len, social_template_error_t *err);

/* DECLINED if a template uses a partial that is not in the set */
int social_template_set_check(const social_template_set_t *set,
    social_template_error_t *err);

/*
 * Appends to out.  DECLINED: no such template.  LIMIT: too many steps.  ERROR:
 * out has failed.  An unknown partial, or one nested more than
 * SOCIAL_TEMPLATE_DEPTH levels, renders nothing.
 */
int social_template_render(const social_template_set_t *set, const char *name,
    const cJSON *doc, social_out_t *out);


#endif /* SOCIAL_TEMPLATE_H_INCLUDED */
