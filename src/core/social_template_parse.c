
/*
 * The mustache parser: source to nodes, in one pass and linear time.  Owns the
 * grammar and the rules of standalone lines.  Must not render.  Runs while the
 * configuration is read.
 */

#include "social_template_parse.h"
#include "social_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


/* a tag in the source: {{# name }} */

typedef struct {
    char    kind;   /* '#', '^', '/', '>', '!', '&' (raw), ' ' */
    size_t  start;  /* of the first brace */
    size_t  end;    /* after the last brace */
    size_t  name;
    size_t  name_len;
} social_template_tag_t;

typedef struct {
    uint32_t  node;
    size_t    name;
    size_t    name_len;
} social_template_open_t;

typedef struct {
    social_template_t        *t;
    social_template_error_t  *err;

    /* t->source is a copy: names in it get their NULs while src is parsed */

    const char               *src;
    size_t                    len;
    size_t                    text;     /* start of text without a node yet */

    size_t                    counted;  /* end of what is counted */
    size_t                    line_start; /* of the line with `counted` */
    uint32_t                  line;

    social_template_open_t    open[SOCIAL_TEMPLATE_NESTING];
    unsigned                  depth;
} social_template_parser_t;


int
social_template_fail(int rc, const social_template_t *t, uint32_t line,
    uint32_t column, social_template_error_t *err, const char *fmt, ...)
{
    va_list  args;

    va_start(args, fmt);
    (void) vsnprintf(err->message, sizeof(err->message), fmt, args);
    va_end(args);

    memcpy(err->name, t->name, sizeof(err->name));
    err->line = line;
    err->column = column;

    return rc;
}


/* counts lines up to offset, which must not go back; returns its column */

static uint32_t
social_template_locate(social_template_parser_t *p, size_t offset)
{
    for ( /* void */ ; p->counted < offset; p->counted++) {
        if (p->src[p->counted] == '\n') {
            p->line++;
            p->line_start = p->counted + 1;
        }
    }

    return (uint32_t) (offset - p->line_start + 1);
}


static int
social_template_fail_at(social_template_parser_t *p, size_t offset,
    const char *message)
{
    uint32_t  column;

    column = social_template_locate(p, offset);

    return social_template_fail(SOCIAL_DECLINED, p->t, p->line, column, p->err,
                                "%s", message);
}


static social_template_node_t *
social_template_node(social_template_parser_t *p, social_template_node_e type,
    size_t offset)
{
    uint32_t                 cap;
    social_template_t       *t;
    social_template_node_t  *node;

    t = p->t;

    if (t->n == t->cap) {
        cap = t->cap ? t->cap * 2 : 32;
        node = realloc(t->nodes, cap * sizeof(social_template_node_t));

        if (node == NULL) {
            (void) social_template_fail(SOCIAL_ERROR, t, 0, 0, p->err,
                                        "no memory");
            return NULL;
        }

        t->nodes = node;
        t->cap = cap;
    }

    node = &t->nodes[t->n++];
    memset(node, 0, sizeof(social_template_node_t));

    node->type = type;
    node->column = social_template_locate(p, offset);
    node->line = p->line;
    node->end = t->n;

    return node;
}


static int
social_template_at_line_start(const social_template_parser_t *p, size_t offset)
{
    return offset == 0 || p->src[offset - 1] == '\n';
}


static int
social_template_text(social_template_parser_t *p, size_t from, size_t to)
{
    social_template_node_t  *node;

    node = social_template_node(p, SOCIAL_TEMPLATE_TEXT, from);

    if (node == NULL) {
        return SOCIAL_ERROR;
    }

    node->line_start = social_template_at_line_start(p, from) ? 1 : 0;
    node->data = p->t->source + from;
    node->len = to - from;

    return SOCIAL_OK;
}


/* offset of n times the character c in a row, or len */

static size_t
social_template_find(const social_template_parser_t *p, size_t from, char c,
    size_t n)
{
    size_t       run;
    const char  *s;

    while (from < p->len) {

        s = memchr(p->src + from, c, p->len - from);

        if (s == NULL) {
            break;
        }

        from = (size_t) (s - p->src);

        for (run = 1; run < n && from + run < p->len; run++) {
            if (p->src[from + run] != c) {
                break;
            }
        }

        if (run == n) {
            return from;
        }

        from += run;
    }

    return p->len;
}


/* the name of a tag in [from, to) */

static int
social_template_name(social_template_parser_t *p, social_template_tag_t *tag,
    size_t from, size_t to)
{
    size_t  i;

    while (from < to && strchr(" \t\r\n", p->src[from])) {
        from++;
    }

    while (to > from && strchr(" \t\r\n", p->src[to - 1])) {
        to--;
    }

    tag->name = from;
    tag->name_len = to - from;

    if (tag->kind == '>' && from < to && p->src[from] == '*') {
        return social_template_fail_at(p, tag->start, "dynamic names are not "
                                       "supported");
    }

    if (from == to) {
        return social_template_fail_at(p, tag->start, "tag has no name");
    }

    for (i = from; i < to; i++) {
        if (p->src[i] <= ' ' || p->src[i] >= 0x7f || p->src[i] == '{'
            || p->src[i] == '}')
        {
            return social_template_fail_at(p, tag->start,
                                         "invalid character in a tag's name");
        }
    }

    return SOCIAL_OK;
}


static int
social_template_tag(social_template_parser_t *p, size_t start,
    social_template_tag_t *tag)
{
    size_t  from, to, braces;

    memset(tag, 0, sizeof(social_template_tag_t));

    tag->start = start;
    tag->kind = ' ';
    braces = 2;
    from = start + 2;

    if (from < p->len && strchr("#^/>!&{", p->src[from])
        && p->src[from] != '\0')
    {
        tag->kind = p->src[from++];

    } else if (from < p->len && p->src[from] == '=') {
        return social_template_fail_at(p, start, "set delimiter tags are not "
                                       "supported");

    } else if (from < p->len && (p->src[from] == '$' || p->src[from] == '<')) {
        return social_template_fail_at(p, start, "inheritance is not "
                                       "supported");
    }

    if (tag->kind == '{') {
        tag->kind = '&';
        braces = 3;
    }

    to = social_template_find(p, from, '}', braces);

    if (to == p->len) {
        return social_template_fail_at(p, start, "tag is not closed");
    }

    tag->end = to + braces;

    if (tag->kind == '!') {
        return SOCIAL_OK;
    }

    return social_template_name(p, tag, from, to);
}


/* 1 if nothing else is on the tag's line; then [*left, *right) is the line, or
 * the lines */

static int
social_template_is_standalone(const social_template_parser_t *p,
    const social_template_tag_t *tag, size_t *left, size_t *right)
{
    size_t       l, r;
    const char  *src;

    if (tag->kind == ' ' || tag->kind == '&') {
        return 0;
    }

    src = p->src;

    for (l = tag->start; l > p->text; l--) {
        if (src[l - 1] != ' ' && src[l - 1] != '\t') {
            break;
        }
    }

    if (!social_template_at_line_start(p, l)) {
        return 0;
    }

    for (r = tag->end; r < p->len && (src[r] == ' ' || src[r] == '\t'); r++) {
        /* void */
    }

    if (r + 1 < p->len && src[r] == '\r' && src[r + 1] == '\n') {
        r++;
    }

    if (r < p->len && src[r] != '\n') {
        return 0;
    }

    *left = l;
    *right = (r < p->len) ? r + 1 : r;

    return 1;
}


static int
social_template_close(social_template_parser_t *p,
    const social_template_tag_t *tag)
{
    const social_template_open_t  *open;

    if (p->depth == 0) {
        return social_template_fail_at(p, tag->start,
                                       "closing tag without a section");
    }

    open = &p->open[p->depth - 1];

    if (open->name_len != tag->name_len
        || memcmp(p->src + open->name, p->src + tag->name, open->name_len))
    {
        return social_template_fail_at(p, tag->start, "closing tag does not "
                                       "match the open section");
    }

    p->t->nodes[open->node].end = p->t->n;
    p->depth--;

    return SOCIAL_OK;
}


static int
social_template_open(social_template_parser_t *p,
    const social_template_tag_t *tag)
{
    social_template_open_t  *open;

    if (p->depth == SOCIAL_TEMPLATE_NESTING) {
        return social_template_fail_at(p, tag->start,
                                       "sections are nested too deeply");
    }

    open = &p->open[p->depth++];
    open->node = p->t->n - 1;
    open->name = tag->name;
    open->name_len = tag->name_len;

    return SOCIAL_OK;
}


/* cuts "a.b" into "a" and "b" in the copy */

static int
social_template_split(social_template_parser_t *p,
    const social_template_tag_t *tag, social_template_node_t *node)
{
    char    *s;
    size_t   i;

    s = p->t->source + tag->name;
    s[tag->name_len] = '\0';

    node->data = s;
    node->len = tag->name_len;

    if (node->type == SOCIAL_TEMPLATE_PARTIAL) {
        return SOCIAL_OK;
    }

    if (tag->name_len == 1 && s[0] == '.') {
        node->len = 0;
        return SOCIAL_OK;
    }

    for (i = 0; i < tag->name_len; i++) {

        if (s[i] != '.') {
            continue;
        }

        if (i == 0 || s[i - 1] == '\0' || i == tag->name_len - 1) {
            return social_template_fail_at(p, tag->start,
                                           "empty part in a dotted name");
        }

        s[i] = '\0';
    }

    return SOCIAL_OK;
}


static social_template_node_e
social_template_type(char kind)
{
    switch (kind) {
    case '#': return SOCIAL_TEMPLATE_SECTION;
    case '^': return SOCIAL_TEMPLATE_INVERTED;
    case '>': return SOCIAL_TEMPLATE_PARTIAL;
    case '&': return SOCIAL_TEMPLATE_RAW;
    default:  return SOCIAL_TEMPLATE_VALUE;
    }
}


/* adds a node for the text in front of the tag, then one for the tag */

static int
social_template_add_tag(social_template_parser_t *p,
    const social_template_tag_t *tag)
{
    int                      rc, standalone, silent;
    size_t                   left, right;
    social_template_node_t  *node;

    left = tag->start;
    right = tag->end;
    silent = (tag->kind == '/' || tag->kind == '!');
    standalone = social_template_is_standalone(p, tag, &left, &right);

    if (left > p->text && social_template_text(p, p->text, left) != SOCIAL_OK) {
        return SOCIAL_ERROR;
    }

    /* a line that begins with a tag without a node needs an empty text, to
     * which the indentation is added */

    if (silent && !standalone && social_template_at_line_start(p, left)
        && social_template_text(p, left, left) != SOCIAL_OK)
    {
        return SOCIAL_ERROR;
    }

    p->text = right;

    if (silent) {
        return (tag->kind == '/') ? social_template_close(p, tag) : SOCIAL_OK;
    }

    node = social_template_node(p, social_template_type(tag->kind), tag->start);

    if (node == NULL) {
        return SOCIAL_ERROR;
    }

    node->line_start = !standalone
                       && social_template_at_line_start(p, tag->start);

    if (standalone && node->type == SOCIAL_TEMPLATE_PARTIAL) {
        node->standalone = 1;
        node->indent = p->t->source + left;
        node->indent_len = tag->start - left;
    }

    rc = social_template_split(p, tag, node);

    if (rc == SOCIAL_OK && (tag->kind == '#' || tag->kind == '^')) {
        rc = social_template_open(p, tag);
    }

    return rc;
}


static int
social_template_scan(social_template_parser_t *p)
{
    int                            rc;
    size_t                         start;
    social_template_tag_t          tag;
    const social_template_node_t  *node;

    for ( ;; ) {

        start = social_template_find(p, p->text, '{', 2);

        if (start == p->len) {
            break;
        }

        rc = social_template_tag(p, start, &tag);

        if (rc == SOCIAL_OK) {
            rc = social_template_add_tag(p, &tag);
        }

        if (rc != SOCIAL_OK) {
            return rc;
        }
    }

    if (p->depth) {
        node = &p->t->nodes[p->open[p->depth - 1].node];
        return social_template_fail(SOCIAL_DECLINED, p->t, node->line,
                                    node->column, p->err,
                                    "section is not closed");
    }

    return (p->text < p->len) ? social_template_text(p, p->text, p->len)
                              : SOCIAL_OK;
}


static int
social_template_encoding(social_template_parser_t *p)
{
    size_t                at;
    const unsigned char  *s, *end;

    s = (const unsigned char *) p->src;
    end = s + p->len;

    while (s < end) {
        at = (size_t) ((const char *) s - p->src);

        if (social_text_next(&s, end) <= 0) {
            return social_template_fail_at(p, at, "template is not UTF-8");
        }
    }

    return SOCIAL_OK;
}


int
social_template_parse(social_template_t *t, const char *source, size_t len,
    social_template_error_t *err)
{
    social_template_parser_t  p;

    if (len > SOCIAL_TEMPLATE_SIZE) {
        return social_template_fail(SOCIAL_DECLINED, t, 0, 0, err,
                                    "template is larger than %d bytes",
                                    SOCIAL_TEMPLATE_SIZE);
    }

    if (len >= 3 && memcmp(source, "\xef\xbb\xbf", 3) == 0) {
        source += 3;
        len -= 3;
    }

    memset(&p, 0, sizeof(social_template_parser_t));

    t->source = malloc(len + 1);

    if (t->source == NULL) {
        return social_template_fail(SOCIAL_ERROR, t, 0, 0, err, "no memory");
    }

    if (len) {
        memcpy(t->source, source, len);
    }

    t->source[len] = '\0';

    p.t = t;
    p.err = err;
    p.src = source;
    p.len = len;
    p.line = 1;

    return social_template_encoding(&p) == SOCIAL_OK ? social_template_scan(&p)
                                                     : SOCIAL_DECLINED;
}


void
social_template_free(social_template_t *t)
{
    free(t->nodes);
    free(t->source);
    memset(t, 0, sizeof(social_template_t));
}
