
/*
 * Fuzzes the mustache parser and renderer.  The input is up to four parts
 * with NULs between them: the main template, partials "a" and "b", and the
 * document (a fixed one if it is no JSON).
 */

#include "social_template.h"

#include <stdlib.h>
#include <string.h>


#define FUZZ_OUT  65536

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);


static const char  fuzz_doc[] =
    "{\"a\":[{\"x\":1,\"b\":{\"x\":\"<&>\"}},{\"x\":\"\\u00e9\"},[1,2,[]]],"
    "\"b\":{\"a\":{\"x\":1.5}},\"x\":\"y\\nz\",\"t\":true,\"f\":false,"
    "\"n\":null,\"e\":\"\",\"d\":-0.25}";


/* the output of any template is ASCII */

static void
fuzz_check(const social_out_t *out)
{
    size_t  i;

    if (out->len > FUZZ_OUT) {
        abort();
    }

    for (i = 0; i < out->len; i++) {
        if (out->data[i] >= 0x80) {
            abort();
        }
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int                       rc;
    cJSON                    *doc;
    size_t                    len, n;
    const char               *part, *why, *nul;
    social_out_t              out;
    social_template_set_t    *set;
    social_template_error_t   err;

    static const char *const  names[] = { "main", "a", "b" };

    set = social_template_set_create();
    part = (const char *) data;

    for (n = 0; n < 3 && set; n++) {

        nul = size ? memchr(part, '\0', size) : NULL;
        len = nul ? (size_t) (nul - part) : size;

        rc = social_template_set_add(set, names[n], part, len, &err);

        if (rc != SOCIAL_OK && err.message[0] == '\0') {
            abort();
        }

        part += nul ? len + 1 : len;
        size -= nul ? len + 1 : len;
    }

    doc = social_json_parse((const unsigned char *) part, size, &why);

    if (doc == NULL) {
        doc = cJSON_Parse(fuzz_doc);
    }

    (void) social_template_set_check(set, &err);

    social_out_init(&out, FUZZ_OUT);
    (void) social_template_render(set, "main", doc, &out);
    fuzz_check(&out);

    social_out_free(&out);
    cJSON_Delete(doc);
    social_template_set_destroy(set);

    return 0;
}
