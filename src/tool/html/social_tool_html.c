
/*
 * HTML as Markdown that our Markdown room reads as the same; otherwise as
 * Markdown without emphasis, otherwise as plain text.
 */

#include <string.h>
#include <strings.h>

#include "social_comment_html.h"
#include "social_tool_html_state.h"


/* SOCIAL_OK: the Markdown in out says what t says */

static int
social_tool_html_check(const social_tool_text_t *t, const social_out_t *out,
    unsigned styles)
{
    int                 same;
    social_out_t        html, one, two;
    social_str_t        text;
    social_tool_text_t  again;

    social_comment_html(&html, SOCIAL_MARKDOWN, out->data, out->len);

    text.data = html.data;
    text.len = html.len;
    social_tool_text_read(&again, text, NULL);

    social_out_init(&one, t->text.len * 8 + t->hrefs.len * 8 + 4096);
    social_out_init(&two, t->text.len * 8 + t->hrefs.len * 8 + 4096);
    social_tool_text_print(t, &one, styles);
    social_tool_text_print(&again, &two, styles);

    same = !html.failed && !again.failed && !one.failed && !two.failed
           && one.len == two.len
           && (one.len == 0 || memcmp(one.data, two.data, one.len) == 0);

    social_out_free(&one);
    social_out_free(&two);
    social_out_free(&html);
    social_tool_text_free(&again);

    return same ? SOCIAL_OK : SOCIAL_DECLINED;
}


static unsigned
social_tool_html_styles(const social_tool_text_t *t)
{
    size_t    i;
    unsigned  styles;

    for (i = 0, styles = 0; i < t->nruns; i++) {
        styles |= t->runs[i].style;

        if (t->runs[i].href_len) {
            styles |= 8;
        }
    }

    return styles;
}


/* what a text loses that is stored without these styles */

static void
social_tool_html_lose(const social_tool_text_t *t, unsigned styles,
    social_tool_lost_t *lost)
{
    size_t    i;
    unsigned  had;

    static const struct {
        unsigned     style;
        const char  *name;
    } names[] = {
        { SOCIAL_TOOL_STRONG, "strong" }, { SOCIAL_TOOL_EM, "em" },
        { SOCIAL_TOOL_CODE, "code" }, { 8, "a" }
    };

    if (lost == NULL) {
        return;
    }

    had = social_tool_html_styles(t);

    for (i = 0; i < social_nelts(names); i++) {
        if (had & styles & names[i].style) {
            social_tool_lost_name(lost->markup, &lost->nmarkup, names[i].name);
        }
    }

    if (!(styles & SOCIAL_TOOL_CODE)) {
        return;
    }

    for (i = 0; i < t->nblocks; i++) {
        if (t->blocks[i].kind == SOCIAL_TOOL_PRE) {
            social_tool_lost_name(lost->markup, &lost->nmarkup, "pre");
        }
    }

    for (i = 0; i < t->nboxes; i++) {
        social_tool_lost_name(
            lost->markup, &lost->nmarkup,
            t->boxes[i].kind == SOCIAL_TOOL_QUOTE ? "blockquote"
            : t->boxes[i].kind == SOCIAL_TOOL_UL ? "ul"
            : t->boxes[i].kind == SOCIAL_TOOL_OL ? "ol" : "li");
    }
}


social_format_e
social_tool_html(social_out_t *out, social_str_t html,
    social_tool_lost_t *lost)
{
    size_t                  i;
    social_format_e         format;
    social_tool_text_t      t;

    static const unsigned   tries[] = {
        SOCIAL_TOOL_STRONG|SOCIAL_TOOL_EM|SOCIAL_TOOL_CODE,
        SOCIAL_TOOL_CODE
    };

    social_tool_text_read(&t, html, lost);
    social_out_init(out, html.len * 12 + t.hrefs.len * 2 + 4096);
    format = SOCIAL_PLAIN;

    for (i = 0; i < social_nelts(tries) && format == SOCIAL_PLAIN; i++) {
        social_out_free(out);
        social_tool_text_markdown(&t, out, tries[i]);

        if (!out->failed && social_tool_html_check(&t, out, tries[i])
                            == SOCIAL_OK)
        {
            format = SOCIAL_MARKDOWN;
            social_tool_html_lose(&t, i ? SOCIAL_TOOL_STRONG|SOCIAL_TOOL_EM
                                        : 0, lost);
        }
    }

    if (format == SOCIAL_PLAIN) {
        social_out_free(out);
        social_tool_text_plain(&t, out);
        social_tool_html_lose(&t, 15, lost);
    }

    if (lost && (t.failed || out->failed)) {
        lost->failed = 1;
    }

    social_tool_text_free(&t);

    return format;
}


int
social_tool_html_is(social_str_t text)
{
    size_t                     i, n;
    const unsigned char       *p, *end;
    static const char *const   marks[] = { "<p>", "</p>", "<br", "</a>",
                                           "</b>", "</i>", "</strong>",
                                           "</em>", "</blockquote>", "</div>",
                                           "</ul>", "</ol>", "<img " };

    p = text.data;
    end = p + text.len;

    /* what stands in code is what somebody wrote about HTML */

    if (text.len == 0 || memchr(p, '`', text.len) != NULL) {
        return 0;
    }

    for ( /* void */ ; p < end; p++) {

        p = memchr(p, '<', (size_t) (end - p));

        if (p == NULL) {
            return 0;
        }

        for (i = 0; i < social_nelts(marks); i++) {
            n = strlen(marks[i]);

            if ((size_t) (end - p) >= n
                && strncasecmp((const char *) p, marks[i], n) == 0)
            {
                return 1;
            }
        }
    }

    return 0;
}
