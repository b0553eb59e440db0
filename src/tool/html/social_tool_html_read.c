
/*
 * HTML into blocks and runs: what each tag means.
 */

#include <stdlib.h>
#include <string.h>

#include "social_tool_html_reader.h"


typedef enum {
    AS_OTHER = 0,              /* markup that is left out, and reported */
    AS_NOTHING,                /* says nothing about how a text looks */
    AS_BLOCK,                  /* begins another block, no more */
    AS_CELL,                   /* a space */
    AS_TABLE,                  /* a block, and reported */
    AS_BREAK,
    AS_RULE,
    AS_HEADING,
    AS_PRE,
    AS_LINK,
    AS_IMAGE,
    AS_SKIP,                   /* left out with all that is in it */
    AS_VOID,                   /* left out, has nothing in it */
    AS_QUOTE,
    AS_UL,
    AS_OL,
    AS_LI,
    AS_STRONG,
    AS_EM,
    AS_CODE
} social_tool_tag_e;


static const struct {
    const char  *name;
    uint8_t      tag;
} social_tool_tags[] = {
    { "a", AS_LINK }, { "address", AS_BLOCK }, { "applet", AS_SKIP },
    { "article", AS_BLOCK }, { "audio", AS_SKIP }, { "b", AS_STRONG },
    { "blockquote", AS_QUOTE }, { "body", AS_NOTHING }, { "br", AS_BREAK },
    { "button", AS_SKIP }, { "canvas", AS_SKIP }, { "center", AS_BLOCK },
    { "cite", AS_EM }, { "code", AS_CODE }, { "dd", AS_BLOCK },
    { "dfn", AS_EM }, { "div", AS_BLOCK }, { "dl", AS_BLOCK },
    { "dt", AS_BLOCK }, { "em", AS_EM }, { "embed", AS_VOID },
    { "figcaption", AS_BLOCK }, { "figure", AS_BLOCK },
    { "footer", AS_BLOCK }, { "form", AS_BLOCK }, { "h1", AS_HEADING },
    { "h2", AS_HEADING }, { "h3", AS_HEADING }, { "h4", AS_HEADING },
    { "h5", AS_HEADING }, { "h6", AS_HEADING }, { "head", AS_SKIP },
    { "header", AS_BLOCK }, { "hr", AS_RULE }, { "html", AS_NOTHING },
    { "i", AS_EM }, { "iframe", AS_SKIP }, { "img", AS_IMAGE },
    { "input", AS_VOID }, { "kbd", AS_CODE }, { "li", AS_LI },
    { "link", AS_VOID }, { "main", AS_BLOCK }, { "math", AS_SKIP },
    { "meta", AS_VOID }, { "nav", AS_BLOCK }, { "noembed", AS_SKIP },
    { "noframes", AS_SKIP }, { "noscript", AS_SKIP },
    { "object", AS_SKIP }, { "ol", AS_OL }, { "p", AS_BLOCK },
    { "pre", AS_PRE }, { "samp", AS_CODE }, { "script", AS_SKIP },
    { "section", AS_BLOCK }, { "select", AS_SKIP }, { "span", AS_NOTHING },
    { "strong", AS_STRONG }, { "style", AS_SKIP }, { "svg", AS_SKIP },
    { "table", AS_TABLE }, { "tbody", AS_NOTHING }, { "td", AS_CELL },
    { "template", AS_SKIP }, { "textarea", AS_SKIP },
    { "tfoot", AS_NOTHING }, { "th", AS_CELL }, { "thead", AS_NOTHING },
    { "title", AS_SKIP }, { "tr", AS_BLOCK }, { "tt", AS_CODE },
    { "ul", AS_UL }, { "var", AS_EM }, { "video", AS_SKIP },
    { "xmp", AS_SKIP }
};


static social_tool_tag_e
social_tool_html_tag_of(const char *name)
{
    int     order;
    size_t  low, high, middle;

    low = 0;
    high = social_nelts(social_tool_tags);

    while (low < high) {
        middle = low + (high - low) / 2;
        order = strcmp(name, social_tool_tags[middle].name);

        if (order == 0) {
            return social_tool_tags[middle].tag;
        }

        if (order < 0) {
            high = middle;

        } else {
            low = middle + 1;
        }
    }

    return AS_OTHER;
}


/* 1: the tag opens a block or what holds blocks */

static int
social_tool_reader_open_block(social_tool_reader_t *r, social_tool_tag_e tag,
    const char *name)
{
    switch (tag) {

    case AS_BLOCK:
        social_tool_reader_end(r);
        return 1;

    case AS_TABLE:
        social_tool_reader_end(r);
        social_tool_reader_lose(r, name);
        return 1;

    case AS_RULE:
        social_tool_reader_end(r);
        (void) social_tool_reader_block(r, SOCIAL_TOOL_RULE);
        social_tool_reader_end(r);
        return 1;

    case AS_HEADING:
        social_tool_reader_end(r);
        r->heading = 1;

        if (r->lost) {
            r->lost->heading = 1;
        }

        return 1;

    case AS_PRE:
        social_tool_reader_end(r);
        r->in_pre = 1;
        return 1;

    case AS_QUOTE:
        social_tool_reader_open_box(r, SOCIAL_TOOL_QUOTE, 1);
        return 1;

    case AS_UL:
        social_tool_reader_open_box(r, SOCIAL_TOOL_UL, 1);
        return 1;

    case AS_OL:
        social_tool_reader_open_box(r, SOCIAL_TOOL_OL, 1);
        return 1;

    case AS_LI:
        social_tool_reader_item(r);
        return 1;

    default:
        return 0;
    }
}


static void
social_tool_reader_open(social_tool_reader_t *r, social_tool_tag_e tag,
    const social_tool_token_t *token)
{
    if (r->in_pre) {

        if (tag == AS_BREAK && r->in_block) {
            social_tool_reader_put(r, "\n", 1, 0, 0, 0);
        }

        return;
    }

    if (social_tool_reader_open_block(r, tag, token->name)) {
        return;
    }

    switch (tag) {

    case AS_CELL:
        r->spaces = 1;
        break;

    case AS_BREAK:
        social_tool_reader_break(r);
        break;

    case AS_LINK:
        social_tool_reader_link(r, "a", token->href);
        break;

    case AS_IMAGE:
        social_tool_reader_image(r, token);
        break;

    case AS_STRONG:
        r->strong++;
        break;

    case AS_EM:
        r->em++;
        break;

    case AS_CODE:
        r->code++;
        r->new_code = 1;
        break;

    case AS_OTHER:
        social_tool_reader_lose(r, token->name);
        break;

    default:
        break;
    }
}


/* 1: the element was left out, with all that is in it */

static int
social_tool_reader_leave_out(social_tool_reader_t *r, social_tool_tag_e tag,
    const char *name, const unsigned char **p, const unsigned char *end)
{
    if (tag != AS_SKIP && tag != AS_VOID) {
        return 0;
    }

    if (tag == AS_SKIP) {
        social_tool_html_skip(p, end, name);
    }

    if (r->lost) {
        social_tool_lost_name(r->lost->elements, &r->lost->nelements, name);
    }

    return 1;
}


static void
social_tool_reader_less(uint32_t *n)
{
    if (*n) {
        (*n)--;
    }
}


/* 1: the tag closes a block or what holds blocks */

static int
social_tool_reader_close_block(social_tool_reader_t *r, social_tool_tag_e tag)
{
    static const uint8_t  boxes[] = {
        [AS_QUOTE] = SOCIAL_TOOL_QUOTE, [AS_UL] = SOCIAL_TOOL_UL,
        [AS_OL] = SOCIAL_TOOL_OL, [AS_LI] = SOCIAL_TOOL_LI,
        [AS_CODE] = 0
    };

    if (tag == AS_BLOCK || tag == AS_TABLE || tag == AS_HEADING
        || tag == AS_PRE)
    {
        social_tool_reader_end(r);

        if (tag == AS_HEADING) {
            r->heading = 0;
        }

        if (tag == AS_PRE) {
            r->in_pre = 0;
        }

        return 1;
    }

    if (boxes[tag]) {
        social_tool_reader_close_box(r, boxes[tag]);
        return 1;
    }

    return 0;
}


static void
social_tool_reader_close(social_tool_reader_t *r, const char *name)
{
    social_tool_tag_e  tag;

    tag = social_tool_html_tag_of(name);

    if ((r->in_pre && tag != AS_PRE) || social_tool_reader_close_block(r, tag))
    {
        return;
    }

    switch (tag) {

    case AS_LINK:
        r->href_len = 0;
        break;

    case AS_STRONG:
        social_tool_reader_less(&r->strong);
        break;

    case AS_EM:
        social_tool_reader_less(&r->em);
        break;

    case AS_CODE:
        social_tool_reader_less(&r->code);
        break;

    default:
        break;
    }
}


void
social_tool_text_read(social_tool_text_t *t, social_str_t html,
    social_tool_lost_t *lost)
{
    social_tool_tag_e      tag;
    const unsigned char   *p, *end;
    social_tool_token_t    token;
    social_tool_reader_t   r;

    memset(t, 0, sizeof(social_tool_text_t));
    memset(&r, 0, sizeof(social_tool_reader_t));

    social_out_init(&t->text, html.len * 2 + 64);
    social_out_init(&t->hrefs, html.len * 6 + 64);
    social_out_init(&r.scratch, html.len * 2 + 64);

    r.t = t;
    r.lost = lost;
    r.box = SOCIAL_TOOL_NONE;

    p = html.data;
    end = p + html.len;

    while (!t->failed && social_tool_html_next(&p, end, &token)) {

        if (token.type == SOCIAL_TOOL_TEXT) {
            social_tool_reader_text(&r, token.text);

        } else if (token.type == SOCIAL_TOOL_CLOSE) {
            social_tool_reader_close(&r, token.name);

        } else {
            tag = social_tool_html_tag_of(token.name);

            if (!social_tool_reader_leave_out(&r, tag, token.name, &p, end)) {
                social_tool_reader_open(&r, tag, &token);
            }
        }
    }

    social_tool_reader_end(&r);

    social_out_free(&r.scratch);
    social_tool_text_tidy(t);

    t->failed |= t->text.failed || t->hrefs.failed || r.scratch.failed;
}


void
social_tool_text_free(social_tool_text_t *t)
{
    free(t->boxes);
    free(t->blocks);
    free(t->runs);
    social_out_free(&t->text);
    social_out_free(&t->hrefs);
}
