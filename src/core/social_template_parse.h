
/*
 * A parsed template; for the parser and the renderer only.
 *
 * The nodes are in one array in the order of the source.  The body of a
 * section follows its node, which has the index of the node after the body:
 *
 *   a{{#s}}b{{x}}{{/s}}c
 *
 *   0 TEXT a | 1 SECTION s, end 4 | 2 TEXT b | 3 VALUE x | 4 TEXT c
 */

#ifndef SOCIAL_TEMPLATE_PARSE_H_INCLUDED
#define SOCIAL_TEMPLATE_PARSE_H_INCLUDED


#include "social_template.h"


typedef enum {
    SOCIAL_TEMPLATE_TEXT = 0,
    SOCIAL_TEMPLATE_VALUE,          /* {{x}} */
    SOCIAL_TEMPLATE_RAW,            /* {{{x}}}, {{&x}} */
    SOCIAL_TEMPLATE_SECTION,        /* {{#x}} */
    SOCIAL_TEMPLATE_INVERTED,       /* {{^x}} */
    SOCIAL_TEMPLATE_PARTIAL         /* {{>x}} */
} social_template_node_e;

typedef struct {
    social_template_node_e  type;
    unsigned                line_start:1; /* begins a line of the source */
    unsigned                standalone:1; /* PARTIAL: alone on its line */
    uint32_t                end;    /* sections: index after the body */
    uint32_t                line;   /* in the source, for messages */
    uint32_t                column;

    /* TEXT: the bytes.  Others: the name, a NUL after each part, len with all
     * NULs but the last; "." is an empty name */

    const char             *data;
    size_t                  len;

    const char             *indent; /* standalone PARTIAL: its indentation */
    size_t                  indent_len;
} social_template_node_t;

typedef struct {
    char                     name[SOCIAL_TEMPLATE_NAME_MAX + 1];
    char                    *source;    /* owned; the nodes point into it */
    social_template_node_t  *nodes;     /* owned */
    uint32_t                 n;
    uint32_t                 cap;
} social_template_t;


/* t is zero-filled but for the name; on failure the caller frees it */
int social_template_parse(social_template_t *t, const char *source, size_t len,
    social_template_error_t *err);
void social_template_free(social_template_t *t);

/* fills err and returns rc */
int social_template_fail(int rc, const social_template_t *t, uint32_t line,
    uint32_t column, social_template_error_t *err, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));


#endif /* SOCIAL_TEMPLATE_PARSE_H_INCLUDED */
