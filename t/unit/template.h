
/*
 * Templates with a document, partials and what they must render: for the tests
 * of social_template.c.
 */

#ifndef TEMPLATE_H_INCLUDED
#define TEMPLATE_H_INCLUDED


#include "unit.h"
#include "social_template.h"


typedef struct {
    const char  *what;
    const char  *json;
    const char  *source;
    const char  *want;
    const char  *partials[4];       /* name, source, name, source */
} row_t;


__attribute__((unused))
static void
run(const char *group, const row_t *rows, size_t n)
{
    int                       rc;
    size_t                    i, k;
    cJSON                    *doc;
    char                      what[128];
    social_out_t              out;
    social_template_set_t    *set;
    social_template_error_t   err;

    for (i = 0; i < n; i++) {

        snprintf(what, sizeof(what), "%s: %s", group, rows[i].what);

        set = social_template_set_create();
        doc = cJSON_Parse(rows[i].json);
        social_out_init(&out, 65536);

        rc = social_template_set_add(set, "main", rows[i].source,
                                     strlen(rows[i].source), &err);

        for (k = 0; k < 4 && rows[i].partials[k]; k += 2) {
            rc |= social_template_set_add(set, rows[i].partials[k],
                                          rows[i].partials[k + 1],
                                          strlen(rows[i].partials[k + 1]),
                                          &err);
        }

        if (rc == SOCIAL_OK && doc) {
            rc = social_template_render(set, "main", doc, &out);
        }

        social_out_bytes(&out, "", 1);

        is_str(rc == SOCIAL_OK && doc ? (char *) out.data : err.message,
               rows[i].want, what);

        social_out_free(&out);
        cJSON_Delete(doc);
        social_template_set_destroy(set);
    }
}


#endif /* TEMPLATE_H_INCLUDED */
