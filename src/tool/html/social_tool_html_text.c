
/*
 * A text that was read: what is the same however it was written, and a form of
 * it to compare.
 */

#include <string.h>

#include "social_link.h"
#include "social_tool_html_state.h"


#define SOCIAL_TOOL_HREF  2048


static int
social_tool_html_begins(social_str_t text, const char *with)
{
    size_t  len;

    len = strlen(with);

    return text.len >= len && memcmp(text.data, with, len) == 0;
}


static int
social_tool_html_hex(unsigned char c)
{
    return (c >= '0' && c <= '9') ? c - '0'
           : ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') ? (c | 0x20) - 'a' + 10
           : -1;
}


/*
 * The target of a redirect of Disqus: "https://disq.us/url?url=TARGET:HASH&..."
 * where TARGET:HASH is percent-encoded.  Returns its length in to, which has
 * SOCIAL_TOOL_HREF bytes; 0: it is no such link.
 */

static size_t
social_tool_html_target(social_str_t href, unsigned char *to)
{
    int                   high, low;
    size_t                len, i;
    const unsigned char  *p, *end, *colon;

    if (!social_tool_html_begins(href, "http")
        || memmem(href.data, href.len < 40 ? href.len : 40, "disq", 4) == NULL)
    {
        return 0;
    }

    end = href.data + href.len;
    p = memmem(href.data, href.len, "url=", 4);

    if (p == NULL || p == href.data || (p[-1] != '?' && p[-1] != '&')) {
        return 0;
    }

    for (p += 4, len = 0; p < end && *p != '&' && len < SOCIAL_TOOL_HREF; p++) {
        to[len] = *p;

        if (*p == '%' && end - p > 2) {
            high = social_tool_html_hex(p[1]);
            low = social_tool_html_hex(p[2]);

            if (high >= 0 && low >= 0) {
                to[len] = (unsigned char) (high * 16 + low);
                p += 2;
            }
        }

        len++;
    }

    colon = len ? memrchr(to, ':', len) : NULL;

    /* the hash has no slash; "http:" has one behind it */

    if (colon && (size_t) (to + len - colon) > 16) {

        for (i = 1; i < (size_t) (to + len - colon); i++) {
            if (colon[i] == '/' || colon[i] == '.') {
                return len;
            }
        }

        len = (size_t) (colon - to);
    }

    return len;
}


/* percent-encodes what may not stand in an address as it is */

static void
social_tool_html_encode(social_out_t *out, social_str_t href)
{
    size_t             i;
    unsigned char      c, code[3];
    static const char  hex[] = "0123456789ABCDEF";

    for (i = 0; i < href.len; i++) {
        c = href.data[i];

        if (c > 0x20 && c < 0x7f && strchr("<>\"\\`^{|}", c) == NULL) {
            social_out_bytes(out, &c, 1);
            continue;
        }

        code[0] = '%';
        code[1] = (unsigned char) hex[c >> 4];
        code[2] = (unsigned char) hex[c & 15];
        social_out_bytes(out, code, 3);
    }
}


int
social_tool_html_href(social_out_t *out, social_str_t href)
{
    size_t          before, len;
    social_link_t   link;
    unsigned char   target[SOCIAL_TOOL_HREF];

    while (href.len && href.data[0] <= ' ') {
        href.data++;
        href.len--;
    }

    while (href.len && href.data[href.len - 1] <= ' ') {
        href.len--;
    }

    len = social_tool_html_target(href, target);

    if (len) {
        href.data = target;
        href.len = len;
    }

    before = out->len;
    social_tool_html_encode(out, href);

    if (out->failed || href.len == 0
        || social_link_parse(out->data + before, out->len - before, &link)
           != SOCIAL_OK)
    {
        out->len = before;
        return SOCIAL_DECLINED;
    }

    return SOCIAL_OK;
}


/* 1 if the text is an address cut with dots: "http://x.example/a..." */

static int
social_tool_text_is_cut(const unsigned char *text, size_t len,
    const unsigned char *href, size_t href_len)
{
    size_t  dots;

    if (len > 3 && memcmp(text + len - 3, "...", 3) == 0) {
        dots = 3;

    } else if (len > 3 && memcmp(text + len - 3, "\xe2\x80\xa6", 3) == 0) {
        dots = 3;

    } else {
        return 0;
    }

    len -= dots;

    if (len <= href_len && memcmp(text, href, len) == 0) {
        return 1;
    }

    /* without its scheme */

    href = memmem(href, href_len, "://", 3);

    return href != NULL && len >= 4 && strncmp((const char *) text,
                                               (const char *) href + 3,
                                               len) == 0;
}


/* an address that is its own text need not be a link: pages make one of it */

static void
social_tool_text_bare(social_tool_text_t *t, social_tool_run_t *run)
{
    int                   same;
    social_str_t          text;
    social_out_t          out;
    const unsigned char  *href;

    text.data = t->text.data + run->at;
    text.len = run->len;

    if (text.len == 0 || run->href_len == 0 || run->style) {
        return;
    }

    social_out_init(&out, text.len * 3 + 64);
    social_out_bytes(&t->hrefs, "", 1);     /* ends the last one */

    href = t->hrefs.data + run->href;

    if (t->hrefs.failed) {
        return;
    }

    t->hrefs.len--;
    same = social_tool_html_begins(text, "http")
           && social_tool_html_href(&out, text) == SOCIAL_OK
           && out.len == run->href_len
           && memcmp(out.data, href, out.len) == 0;

    social_out_free(&out);

    if (same) {
        run->href_len = 0;

    } else if (social_tool_text_is_cut(text.data, text.len, href,
                                       run->href_len))
    {
        run->at = t->text.len;
        social_out_bytes(&t->text, href, run->href_len);
        run->len = t->text.len - run->at;
        run->href_len = 0;
    }
}


/* a PRE is one run; newlines at its ends are not shown */

static void
social_tool_text_pre(social_tool_text_t *t, social_tool_block_t *block)
{
    social_tool_run_t  *run;

    run = &t->runs[block->run];

    if (run->len && t->text.data[run->at] == '\n') {
        run->at++;
        run->len--;
    }

    while (run->len && t->text.data[run->at + run->len - 1] == '\n') {
        run->len--;
    }
}


static void
social_tool_text_lists(social_tool_text_t *t)
{
    size_t              i;
    uint32_t           *last, top;
    social_tool_box_t  *box;

    top = SOCIAL_TOOL_NONE;

    for (i = 0; i < t->nboxes; i++) {
        t->boxes[i].last = SOCIAL_TOOL_NONE;
    }

    for (i = 0; i < t->nboxes; i++) {
        box = &t->boxes[i];

        if (box->kind != SOCIAL_TOOL_UL && box->kind != SOCIAL_TOOL_OL) {
            continue;
        }

        last = (box->parent == SOCIAL_TOOL_NONE)
               ? &top : &t->boxes[box->parent].last;

        if (*last != SOCIAL_TOOL_NONE && t->boxes[*last].kind == box->kind) {
            box->alternate = !t->boxes[*last].alternate;
        }

        *last = (uint32_t) i;
    }
}


void
social_tool_text_tidy(social_tool_text_t *t)
{
    size_t              i;
    social_tool_run_t  *run;

    if (t->failed || t->text.failed || t->hrefs.failed) {
        t->failed = 1;
        return;
    }

    social_tool_text_lists(t);

    for (i = 0; i < t->nblocks; i++) {
        if (t->blocks[i].kind == SOCIAL_TOOL_PRE) {
            social_tool_text_pre(t, &t->blocks[i]);
        }
    }

    /* only links of one run: the others have a style in them */

    for (i = 0; i < t->nruns && !t->hrefs.failed; i++) {
        run = &t->runs[i];

        if ((i == 0 || run[-1].href_len == 0 || run[-1].href != run->href)
            && (i + 1 == t->nruns || run[1].href_len == 0
                || run[1].href != run->href))
        {
            social_tool_text_bare(t, run);
        }
    }
}


size_t
social_tool_text_path(const social_tool_text_t *t,
    const social_tool_block_t *block, uint32_t path[SOCIAL_TOOL_HTML_DEPTH])
{
    size_t    n, i;
    uint32_t  box;

    box = block->box;
    n = (box == SOCIAL_TOOL_NONE) ? 0 : t->boxes[box].depth;

    for (i = n; i-- > 0; box = t->boxes[box].parent) {
        path[i] = box;
    }

    return n;
}


static void
social_tool_text_print_runs(const social_tool_text_t *t, social_out_t *out,
    const social_tool_block_t *block, unsigned styles)
{
    size_t                    i;
    char                      mark[3];
    const social_tool_run_t  *run, *last;

    for (i = 0, last = NULL; i < block->nruns; i++) {
        run = &t->runs[block->run + i];

        if (run->len == 0) {
            social_out_bytes(out, "\n", 1);
            continue;
        }

        if (last == NULL || (last->style & styles) != (run->style & styles)
            || last->href_len != run->href_len
            || (run->href_len
                && memcmp(t->hrefs.data + last->href,
                          t->hrefs.data + run->href, run->href_len) != 0))
        {
            mark[0] = 1;
            mark[1] = (char) ('0' + (run->style & styles));
            mark[2] = 2;
            social_out_bytes(out, mark, 3);

            if (run->href_len) {
                social_out_bytes(out, t->hrefs.data + run->href,
                                 run->href_len);
            }

            social_out_bytes(out, &mark[2], 1);
        }

        social_out_bytes(out, t->text.data + run->at, run->len);
        last = run;
    }
}


void
social_tool_text_print(const social_tool_text_t *t, social_out_t *out,
    unsigned styles)
{
    size_t                      i, j, n, before, common;
    uint32_t                    path[2][SOCIAL_TOOL_HTML_DEPTH];
    static const char *const    opens[] = { "", "<quote>", "<ul>", "<ol>",
                                            "<li>" };
    static const char *const    kinds[] = { "", "\n<p>", "\n<pre>", "\n<hr>" };

    for (i = 0, before = 0; i < t->nblocks; i++) {
        n = social_tool_text_path(t, &t->blocks[i], path[i & 1]);

        common = 0;

        while (common < n && common < before
               && path[0][common] == path[1][common])
        {
            common++;
        }

        for (j = common; j < before; j++) {
            social_out_text(out, "</>");
        }

        for (j = common; j < n; j++) {
            social_out_text(out, opens[t->boxes[path[i & 1][j]].kind]);
        }

        before = n;
        social_out_text(out, kinds[t->blocks[i].kind]);
        social_tool_text_print_runs(t, out, &t->blocks[i], styles);
    }
}
