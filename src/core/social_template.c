
/*
 * The mustache renderer and the set of templates.  Owns the lookup of names
 * and which values are false.  Must not know any document or template.  Sets
 * are built while the configuration is read; any thread may render.
 */

#include "social_template.h"
#include "social_template_parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>


struct social_template_set_s {
    unsigned           n;
    social_template_t  templates[SOCIAL_TEMPLATE_MAX];
};


/* both stacks consist of local variables of the recursion, innermost first */

typedef struct social_template_frame_s  social_template_frame_t;
typedef struct social_template_indent_s  social_template_indent_t;

struct social_template_frame_s {
    const cJSON                    *value;
    const social_template_frame_t  *outer;
};

struct social_template_indent_s {
    const char                      *data;
    size_t                           len;
    const social_template_indent_t  *outer;
};

typedef struct {
    const social_template_set_t     *set;
    social_out_t                    *out;
    const social_template_frame_t   *frame;
    const social_template_indent_t  *indent;
    unsigned                         depth;
    unsigned                         steps;
} social_template_render_t;


static void social_template_body(social_template_render_t *r,
    const social_template_t *t, uint32_t from, uint32_t to);


social_template_set_t *
social_template_set_create(void)
{
    return calloc(1, sizeof(social_template_set_t));
}


void
social_template_set_destroy(social_template_set_t *set)
{
    unsigned  i;

    if (set == NULL) {
        return;
    }

    for (i = 0; i < set->n; i++) {
        social_template_free(&set->templates[i]);
    }

    free(set);
}


static const social_template_t *
social_template_set_find(const social_template_set_t *set, const char *name)
{
    unsigned  i;

    for (i = 0; i < set->n; i++) {
        if (strcmp(set->templates[i].name, name) == 0) {
            return &set->templates[i];
        }
    }

    return NULL;
}


int
social_template_set_add(social_template_set_t *set, const char *name,
    const char *source, size_t len, social_template_error_t *err)
{
    int                       rc;
    size_t                    name_len;
    social_template_t         t;
    const social_template_t  *old;

    memset(err, 0, sizeof(social_template_error_t));
    memset(&t, 0, sizeof(social_template_t));

    name_len = strlen(name);

    if (name_len == 0 || name_len > SOCIAL_TEMPLATE_NAME_MAX) {
        return social_template_fail(SOCIAL_DECLINED, &t, 0, 0, err,
                                    "a template's name must have 1 to %d bytes",
                                    SOCIAL_TEMPLATE_NAME_MAX);
    }

    memcpy(t.name, name, name_len);
    old = social_template_set_find(set, name);

    if (old == NULL && set->n == SOCIAL_TEMPLATE_MAX) {
        return social_template_fail(SOCIAL_LIMIT, &t, 0, 0, err,
                                    "more than %d templates",
                                    SOCIAL_TEMPLATE_MAX);
    }

    rc = social_template_parse(&t, source, len, err);

    if (rc != SOCIAL_OK) {
        social_template_free(&t);
        return rc;
    }

    if (old) {
        social_template_free(&set->templates[old - set->templates]);
        set->templates[old - set->templates] = t;
        return SOCIAL_OK;
    }

    set->templates[set->n++] = t;

    return SOCIAL_OK;
}


int
social_template_set_check(const social_template_set_t *set,
    social_template_error_t *err)
{
    unsigned                       i;
    uint32_t                       k;
    const social_template_t       *t;
    const social_template_node_t  *node;

    memset(err, 0, sizeof(social_template_error_t));

    for (i = 0; i < set->n; i++) {

        t = &set->templates[i];

        for (k = 0; k < t->n; k++) {

            node = &t->nodes[k];

            if (node->type == SOCIAL_TEMPLATE_PARTIAL
                && social_template_set_find(set, node->data) == NULL)
            {
                return social_template_fail(SOCIAL_DECLINED, t, node->line,
                                            node->column, err,
                                            "unknown partial \"%.64s\"",
                                            node->data);
            }
        }
    }

    return SOCIAL_OK;
}


/* looks for the first part of a name from the innermost context outwards, for
 * the other parts only in what was found */

static const cJSON *
social_template_lookup(const social_template_render_t *r,
    const social_template_node_t *node)
{
    const char                     *name, *end;
    const cJSON                    *value;
    const social_template_frame_t  *frame;

    if (node->len == 0) {
        return r->frame->value;
    }

    name = node->data;
    end = node->data + node->len;
    value = NULL;

    for (frame = r->frame; frame && value == NULL; frame = frame->outer) {
        if (cJSON_IsObject(frame->value)) {
            value = cJSON_GetObjectItemCaseSensitive(frame->value, name);
        }
    }

    for (name += strlen(name) + 1; value && name < end;
         name += strlen(name) + 1)
    {
        value = cJSON_IsObject(value)
                    ? cJSON_GetObjectItemCaseSensitive(value, name)
                    : NULL;
    }

    return value;
}


static int
social_template_is_true(const cJSON *value)
{
    if (value == NULL || cJSON_IsNull(value) || cJSON_IsFalse(value)) {
        return 0;
    }

    if (cJSON_IsNumber(value)) {
        return value->valuedouble < 0 || value->valuedouble > 0;
    }

    if (cJSON_IsString(value)) {
        return value->valuestring && value->valuestring[0] != '\0';
    }

    return !cJSON_IsArray(value) || value->child != NULL;
}


/* printf("%f") would use the decimal point of the locale */

static void
social_template_number(social_out_t *out, double d)
{
    int      width;
    char     buf[400];
    int64_t  n, fraction;

    if (!(d >= -1e300 && d <= 1e300)) {
        return;                         /* JSON has neither NAN nor infinity */
    }

    if (d >= 9e12 || d <= -9e12) {
        (void) snprintf(buf, sizeof(buf), "%.0f", d);
        social_out_text(out, buf);
        return;
    }

    n = (int64_t) (d * 1e6 + (d < 0 ? -0.5 : 0.5));

    if (n < 0) {
        social_out_bytes(out, "-", 1);
        n = -n;
    }

    social_out_int(out, n / 1000000);
    fraction = n % 1000000;

    if (fraction == 0) {
        return;
    }

    for (width = 6; fraction % 10 == 0; width--) {
        fraction /= 10;
    }

    (void) snprintf(buf, sizeof(buf), ".%0*d", width, (int) fraction);
    social_out_text(out, buf);
}


static void
social_template_value(social_out_t *out, const cJSON *value, int raw)
{
    const unsigned char  *s;

    if (cJSON_IsNumber(value)) {
        social_template_number(out, value->valuedouble);

    } else if (cJSON_IsBool(value)) {
        social_out_text(out, cJSON_IsTrue(value) ? "true" : "false");

    } else if (cJSON_IsString(value) && value->valuestring) {
        s = (const unsigned char *) value->valuestring;

        if (raw) {
            social_out_ascii(out, s, strlen(value->valuestring));

        } else {
            social_out_html(out, s, strlen(value->valuestring));
        }
    }
}


static void
social_template_indent(social_out_t *out, const social_template_indent_t *in)
{
    if (in) {
        social_template_indent(out, in->outer);
        social_out_bytes(out, in->data, in->len);
    }
}


static void
social_template_text_lines(const social_template_render_t *r,
    const social_template_node_t *node)
{
    size_t                len;
    const unsigned char  *p, *end, *lf;

    p = (const unsigned char *) node->data;
    end = p + node->len;

    if (r->indent == NULL) {
        social_out_ascii(r->out, p, node->len);
        return;
    }

    while (p < end && !r->out->failed) {

        lf = memchr(p, '\n', (size_t) (end - p));
        len = (size_t) ((lf ? lf + 1 : end) - p);

        social_out_ascii(r->out, p, len);
        p += len;

        if (p < end) {
            social_template_indent(r->out, r->indent);
        }
    }
}


static void
social_template_section(social_template_render_t *r,
    const social_template_t *t, uint32_t i)
{
    const cJSON                   *value;
    social_template_frame_t        frame;
    const social_template_node_t  *node;

    node = &t->nodes[i];
    value = social_template_lookup(r, node);

    if (node->type == SOCIAL_TEMPLATE_INVERTED) {

        if (!social_template_is_true(value)) {
            social_template_body(r, t, i + 1, node->end);
        }

        return;
    }

    if (!social_template_is_true(value)) {
        return;
    }

    frame.outer = r->frame;
    r->frame = &frame;

    if (cJSON_IsArray(value)) {

        for (frame.value = value->child; frame.value;
             frame.value = frame.value->next)
        {
            if (r->out->failed || r->steps > SOCIAL_TEMPLATE_STEPS) {
                break;
            }

            r->steps++;
            social_template_body(r, t, i + 1, node->end);
        }

    } else {
        frame.value = value;
        social_template_body(r, t, i + 1, node->end);
    }

    r->frame = frame.outer;
}


static void
social_template_partial(social_template_render_t *r,
    const social_template_node_t *node)
{
    const social_template_t         *t;
    social_template_indent_t         indent;
    const social_template_indent_t  *outer;

    t = social_template_set_find(r->set, node->data);

    if (t == NULL || r->depth == SOCIAL_TEMPLATE_DEPTH) {
        return;
    }

    outer = r->indent;
    r->depth++;

    /* only a standalone partial has indentation */

    if (!node->standalone) {
        r->indent = NULL;

    } else if (node->indent_len) {
        indent.data = node->indent;
        indent.len = node->indent_len;
        indent.outer = outer;
        r->indent = &indent;
    }

    social_template_body(r, t, 0, t->n);

    r->indent = outer;
    r->depth--;
}


/* renders the nodes [from, to) */

static void
social_template_body(social_template_render_t *r, const social_template_t *t,
    uint32_t from, uint32_t to)
{
    uint32_t                       i;
    const social_template_node_t  *node;

    for (i = from; i < to; i = node->end) {

        node = &t->nodes[i];

        if (r->out->failed || ++r->steps > SOCIAL_TEMPLATE_STEPS) {
            return;
        }

        if (node->line_start) {
            social_template_indent(r->out, r->indent);
        }

        switch (node->type) {

        case SOCIAL_TEMPLATE_TEXT:
            social_template_text_lines(r, node);
            break;

        case SOCIAL_TEMPLATE_VALUE:
        case SOCIAL_TEMPLATE_RAW:
            social_template_value(r->out, social_template_lookup(r, node),
                                  node->type == SOCIAL_TEMPLATE_RAW);
            break;

        case SOCIAL_TEMPLATE_SECTION:
        case SOCIAL_TEMPLATE_INVERTED:
            social_template_section(r, t, i);
            break;

        case SOCIAL_TEMPLATE_PARTIAL:
            social_template_partial(r, node);
            break;
        }
    }
}


int
social_template_render(const social_template_set_t *set, const char *name,
    const cJSON *doc, social_out_t *out)
{
    const social_template_t   *t;
    social_template_frame_t    frame;
    social_template_render_t   r;

    t = social_template_set_find(set, name);

    if (t == NULL) {
        return SOCIAL_DECLINED;
    }

    memset(&r, 0, sizeof(social_template_render_t));

    frame.value = doc;
    frame.outer = NULL;

    r.set = set;
    r.out = out;
    r.frame = &frame;

    social_template_body(&r, t, 0, t->n);

    if (out->failed) {
        return SOCIAL_ERROR;
    }

    return (r.steps > SOCIAL_TEMPLATE_STEPS) ? SOCIAL_LIMIT : SOCIAL_OK;
}
