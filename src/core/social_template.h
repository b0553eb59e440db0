
/*
 * Mustache templates over a cJSON document.
 *
 *   create -> add ... add -> check -> render, render, ... -> destroy
 *
 * After the last add() a set never changes: any number of threads may render
 * from it at once.
 *
 * Supported is the specification but for lambdas, inheritance and set
 * delimiter tags.  False are: missing, null, false, 0, "" and [].  Objects and
 * arrays as values render nothing.  {{x}} is escaped by social_out_html();
 * what a template or {{{x}}} brings beyond ASCII becomes a numeric reference,
 * so the result is ASCII whatever the page's encoding is.
 */

#ifndef SOCIAL_TEMPLATE_H_INCLUDED
#define SOCIAL_TEMPLATE_H_INCLUDED


#include "social_json.h"
#include "social_out.h"


#define SOCIAL_TEMPLATE_MAX       64        /* templates of a set */
#define SOCIAL_TEMPLATE_NAME_MAX  63        /* bytes of a template's name */
#define SOCIAL_TEMPLATE_SIZE      262144    /* bytes of a template */
#define SOCIAL_TEMPLATE_NESTING   16        /* sections within sections */
#define SOCIAL_TEMPLATE_DEPTH     32        /* partials within partials */
#define SOCIAL_TEMPLATE_STEPS     4000000   /* tags and texts of a rendering */


typedef struct social_template_set_s  social_template_set_t;

typedef struct {
    char      message[192];     /* lower case, without a final dot */
    char      name[SOCIAL_TEMPLATE_NAME_MAX + 1];   /* of the template */
    unsigned  line;             /* from 1; 0: nowhere in particular */
    unsigned  column;           /* from 1, in bytes */
} social_template_error_t;


/* NULL: no memory */
social_template_set_t *social_template_set_create(void);
void social_template_set_destroy(social_template_set_t *set);

/*
 * Parses a template; the source is copied.  One of the same name is replaced,
 * so what an admin brings comes after what is built in.  DECLINED: *err says
 * what is wrong and where, and the set is as before; LIMIT: the set is full;
 * ERROR: no memory (*err is set for these, too).
 */
int social_template_set_add(social_template_set_t *set, const char *name,
    const char *source, size_t len, social_template_error_t *err);

/* DECLINED where a template names a partial that the set does not have */
int social_template_set_check(const social_template_set_t *set,
    social_template_error_t *err);

/*
 * Appends to out.  DECLINED: no such template; LIMIT: too many steps; ERROR:
 * out has failed.  An unknown partial and one that lies deeper than
 * SOCIAL_TEMPLATE_DEPTH render nothing.
 */
int social_template_render(const social_template_set_t *set, const char *name,
    const cJSON *doc, social_out_t *out);


#endif /* SOCIAL_TEMPLATE_H_INCLUDED */
