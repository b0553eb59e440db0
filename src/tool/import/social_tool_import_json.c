
/*
 * Cuts JSON into elements while it is read.  It is not a validating parser: it
 * need only know where values begin and end, and refuses what it cannot follow.
 */

#include <stdlib.h>
#include <string.h>

#include "social_tool_import_json.h"


#define SOCIAL_TOOL_JSON_BLOCK  65536
#define SOCIAL_TOOL_JSON_NAME   64


typedef struct {
    social_tool_plan_t         *plan;
    social_tool_source_t       *source;
    const char                 *path, *what;
    const char *const          *arrays;
    social_tool_json_pt         handler;
    void                       *data;
    social_tool_json_t          json;
    social_out_t                element;
    int64_t                     line;
    unsigned char               block[SOCIAL_TOOL_JSON_BLOCK];
    size_t                      at, n;
    social_tool_exit_e          code;       /* DONE: no error yet */
} social_tool_cut_t;


static void
social_tool_cut_fail(social_tool_cut_t *c, const char *why)
{
    if (c->code == SOCIAL_TOOL_DONE) {
        c->code = social_tool_fail(SOCIAL_TOOL_INPUT,
                                   "\"%s\", line %lld: not %s: %s", c->path,
                                   (long long) c->line, c->what, why);
    }
}


/* the next byte, which stays; -1: the end, or an error */

static int
social_tool_cut_peek(social_tool_cut_t *c)
{
    long  n;

    if (c->at == c->n) {

        if (c->code != SOCIAL_TOOL_DONE) {
            return -1;
        }

        n = social_tool_source_read(c->source, c->block, sizeof(c->block));

        if (n < 0
            || (c->plan && social_tool_plan_failed(c->plan) != SOCIAL_OK))
        {
            c->code = n < 0 ? SOCIAL_TOOL_INPUT : SOCIAL_TOOL_STORE;
            n = 0;
        }

        c->at = 0;
        c->n = (size_t) n;
        social_tool_source_progress(c->source);
    }

    return (c->at < c->n && c->code == SOCIAL_TOOL_DONE) ? c->block[c->at]
                                                         : -1;
}


static int
social_tool_cut_next(social_tool_cut_t *c)
{
    int  byte;

    byte = social_tool_cut_peek(c);

    if (byte >= 0) {
        c->at++;
        c->line += (byte == '\n');
    }

    return byte;
}


/* the next byte that is no white space, which stays */

static int
social_tool_cut_mark(social_tool_cut_t *c)
{
    int  byte;

    for ( ;; ) {
        byte = social_tool_cut_peek(c);

        if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') {
            return byte;
        }

        (void) social_tool_cut_next(c);
    }
}


static void
social_tool_cut_put(social_out_t *to, int byte)
{
    unsigned char  c;

    if (to != NULL) {
        c = (unsigned char) byte;
        social_out_bytes(to, &c, 1);
    }
}


/* a string, its quotation marks and all; to NULL: not kept */

static void
social_tool_cut_string(social_tool_cut_t *c, social_out_t *to)
{
    int  byte, escaped;

    social_tool_cut_put(to, social_tool_cut_next(c));

    for (escaped = 0; ; ) {
        byte = social_tool_cut_next(c);

        if (byte < 0) {
            social_tool_cut_fail(c, "the file is cut off");
            return;
        }

        social_tool_cut_put(to, byte);

        if (byte == '"' && !escaped) {
            return;
        }

        escaped = (byte == '\\' && !escaped);
    }
}


/* a number or a word: up to what can follow it */

static void
social_tool_cut_word(social_tool_cut_t *c, social_out_t *to)
{
    int  byte;

    for (byte = social_tool_cut_peek(c);
         byte > ' ' && byte != ',' && byte != '}' && byte != ']';
         byte = social_tool_cut_peek(c))
    {
        social_tool_cut_put(to, social_tool_cut_next(c));
    }
}


/* 1 after a message: no value can go on here */

static int
social_tool_cut_is_stuck(social_tool_cut_t *c, const social_out_t *to, int byte)
{
    if (to != NULL && to->failed) {
        social_tool_cut_fail(c, "an element of more than 4 MB");
        return 1;
    }

    if (byte < 0) {
        social_tool_cut_fail(c, "the file is cut off");
        return 1;
    }

    return 0;
}


/* a value of any kind; to NULL: not kept */

static void
social_tool_cut_value(social_tool_cut_t *c, social_out_t *to)
{
    int   byte;
    char  open[SOCIAL_TOOL_JSON_DEPTH];
    int   depth;

    for (depth = 0; c->code == SOCIAL_TOOL_DONE; ) {

        byte = social_tool_cut_mark(c);

        if (social_tool_cut_is_stuck(c, to, byte)) {
            return;
        }

        if (byte == '"') {
            social_tool_cut_string(c, to);

        } else if (byte == '{' || byte == '[') {

            if (depth == SOCIAL_TOOL_JSON_DEPTH) {
                social_tool_cut_fail(c, "values are nested too deep");
                return;
            }

            open[depth++] = byte == '{' ? '}' : ']';
            social_tool_cut_put(to, social_tool_cut_next(c));
            continue;

        } else if (byte == '}' || byte == ']') {

            if (depth == 0 || open[depth - 1] != byte) {
                social_tool_cut_fail(c, "brackets do not match");
                return;
            }

            depth--;
            social_tool_cut_put(to, social_tool_cut_next(c));

        } else {
            social_tool_cut_put(to, social_tool_cut_next(c));

            if (depth > 0 || byte == ',' || byte == ':') {

                if (depth == 0) {
                    social_tool_cut_fail(c, "a value is missing");
                }

                continue;
            }

            social_tool_cut_word(c, to);
        }

        if (depth == 0) {
            return;
        }
    }
}


static void
social_tool_cut_element(social_tool_cut_t *c, const char *array)
{
    size_t  i;

    c->element.len = 0;
    c->json.line = c->line;
    social_tool_cut_value(c, &c->element);

    if (c->element.failed) {
        social_tool_cut_fail(c, "an element of more than 4 MB");
    }

    if (c->code != SOCIAL_TOOL_DONE) {
        return;
    }

    c->json.text.data = c->element.data;
    c->json.text.len = c->element.len;
    c->json.nstrings = 0;

    for (i = 0; i < social_nelts(c->json.strings); i++) {
        c->json.strings[i].len = 0;
    }

    c->handler(c->data, array, &c->json);
}


static void
social_tool_cut_array(social_tool_cut_t *c, const char *array)
{
    int  byte;

    (void) social_tool_cut_next(c);                 /* "[" */

    if (social_tool_cut_mark(c) == ']') {
        (void) social_tool_cut_next(c);
        return;
    }

    while (c->code == SOCIAL_TOOL_DONE) {

        (void) social_tool_cut_mark(c);
        social_tool_cut_element(c, array);

        byte = social_tool_cut_mark(c);

        if (byte != ',' && byte != ']') {
            social_tool_cut_fail(c, byte < 0 ? "the file is cut off"
                                    : "a comma is missing in an array");
            return;
        }

        (void) social_tool_cut_next(c);

        if (byte == ']') {
            return;
        }
    }
}


/* the array of this name that is asked for; NULL: none */

static const char *
social_tool_cut_asked(const social_tool_cut_t *c, const social_out_t *name)
{
    size_t  i, len;

    for (i = 0; c->arrays[i] != NULL; i++) {
        len = strlen(c->arrays[i]);

        if (name->len == len + 2
            && memcmp(name->data + 1, c->arrays[i], len) == 0)
        {
            return c->arrays[i];
        }
    }

    return NULL;
}


static void
social_tool_cut_object(social_tool_cut_t *c)
{
    int           byte;
    const char   *array;
    social_out_t  name;

    if (social_tool_cut_mark(c) != '{') {
        social_tool_cut_fail(c, "it does not begin with {");
        return;
    }

    (void) social_tool_cut_next(c);
    social_out_init(&name, SOCIAL_TOOL_JSON_MEMBER);

    while (c->code == SOCIAL_TOOL_DONE && social_tool_cut_mark(c) == '"') {
        name.len = 0;
        social_tool_cut_string(c, &name);

        if (social_tool_cut_mark(c) != ':') {
            social_tool_cut_fail(c, "a colon is missing");
            break;
        }

        (void) social_tool_cut_next(c);
        array = social_tool_cut_asked(c, &name);

        if (array && social_tool_cut_mark(c) == '[') {
            social_tool_cut_array(c, array);

        } else {
            social_tool_cut_value(c, NULL);
        }

        byte = social_tool_cut_mark(c);

        if (byte == ',') {
            (void) social_tool_cut_next(c);
        }
    }

    social_out_free(&name);

    if (social_tool_cut_mark(c) != '}') {
        social_tool_cut_fail(c, social_tool_cut_mark(c) < 0
                                ? "the file is cut off" : "} is missing");
        return;
    }

    (void) social_tool_cut_next(c);

    if (social_tool_cut_mark(c) >= 0) {
        social_tool_cut_fail(c, "something stands behind its end");
    }
}


static void
social_tool_cut_all_lines(social_tool_cut_t *c)
{
    while (c->code == SOCIAL_TOOL_DONE && social_tool_cut_mark(c) >= 0) {

        if (social_tool_cut_mark(c) != '{') {
            social_tool_cut_fail(c, "a line does not begin with {");
            return;
        }

        social_tool_cut_element(c, "");
    }
}


static social_tool_exit_e
social_tool_cut_run(social_tool_plan_t *plan, const char *path,
    const char *what, const char *const *arrays, social_tool_json_pt handler,
    void *data)
{
    size_t               i;
    social_tool_cut_t   *c;
    social_tool_exit_e   code;

    c = calloc(1, sizeof(social_tool_cut_t));

    if (c == NULL) {
        return social_tool_fail(SOCIAL_TOOL_STORE, "no memory");
    }

    c->source = social_tool_source_open(path);

    if (c->source == NULL) {
        free(c);
        return SOCIAL_TOOL_INPUT;
    }

    c->plan = plan;
    c->path = path;
    c->what = what;
    c->arrays = arrays;
    c->handler = handler;
    c->data = data;
    c->line = 1;
    c->code = SOCIAL_TOOL_DONE;
    social_out_init(&c->element, SOCIAL_TOOL_JSON_MEMBER);

    for (i = 0; i < social_nelts(c->json.strings); i++) {
        social_out_init(&c->json.strings[i], SOCIAL_TOOL_JSON_MEMBER * 3);
    }

    if (arrays) {
        social_tool_cut_object(c);

    } else {
        social_tool_cut_all_lines(c);
    }

    for (i = 0; i < social_nelts(c->json.strings); i++) {
        social_out_free(&c->json.strings[i]);
    }

    code = c->code;
    social_out_free(&c->element);
    social_tool_source_close(c->source);
    free(c);

    return code;
}


social_tool_exit_e
social_tool_json_arrays(social_tool_plan_t *plan, const char *path,
    const char *what, const char *const *arrays, social_tool_json_pt handler,
    void *data)
{
    return social_tool_cut_run(plan, path, what, arrays, handler, data);
}


social_tool_exit_e
social_tool_json_lines(social_tool_plan_t *plan, const char *path,
    const char *what, social_tool_json_pt handler, void *data)
{
    return social_tool_cut_run(plan, path, what, NULL, handler, data);
}
