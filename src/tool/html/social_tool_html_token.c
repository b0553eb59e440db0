
/*
 * A tokenizer for fragments of HTML that other systems stored.  It is no HTML
 * parser: it need only tell tags from text, and never fails.  What follows "<"
 * and is no tag is text.
 */

#include <string.h>
#include <strings.h>

#include "social_markdown_state.h"
#include "social_tool_html_state.h"


#define SOCIAL_TOOL_REFERENCE  40       /* bytes of "&name;" */


static int
social_tool_html_is_space(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}


static int
social_tool_html_is_letter(unsigned char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}


/* one attribute; p is in a tag and not at its end */

static const unsigned char *
social_tool_html_attribute(const unsigned char *p, const unsigned char *end,
    social_str_t *name, social_str_t *value)
{
    unsigned char  quote;

    name->data = p;
    value->data = p;
    value->len = 0;

    while (p < end && *p != '>' && *p != '=' && *p != '/'
           && !social_tool_html_is_space(*p))
    {
        p++;
    }

    name->len = (size_t) (p - name->data);

    while (p < end && social_tool_html_is_space(*p)) {
        p++;
    }

    if (p == end || *p != '=') {
        return (name->len == 0 && p < end && *p != '>') ? p + 1 : p;
    }

    for (p++; p < end && social_tool_html_is_space(*p); p++) { /* void */ }

    if (p < end && (*p == '"' || *p == '\'')) {
        quote = *p++;
        value->data = p;

        while (p < end && *p != quote) {
            p++;
        }

        value->len = (size_t) (p - value->data);

        return p < end ? p + 1 : p;
    }

    value->data = p;

    while (p < end && *p != '>' && !social_tool_html_is_space(*p)) {
        p++;
    }

    value->len = (size_t) (p - value->data);

    return p;
}


static int
social_tool_html_named(social_str_t name, const char *what)
{
    return name.len == strlen(what)
           && strncasecmp((const char *) name.data, what, name.len) == 0;
}


/* p is at "<" of a tag */

static const unsigned char *
social_tool_html_tag(const unsigned char *p, const unsigned char *end,
    social_tool_token_t *token)
{
    size_t        n;
    social_str_t  name, value;

    p++;
    token->type = SOCIAL_TOOL_OPEN;

    if (*p == '/') {
        token->type = SOCIAL_TOOL_CLOSE;
        p++;
    }

    n = 0;

    while (p < end && *p != '>' && *p != '/' && !social_tool_html_is_space(*p))
    {
        if (n < SOCIAL_TOOL_HTML_NAME - 1) {
            token->name[n++] = (char) ((*p >= 'A' && *p <= 'Z') ? *p | 0x20
                                       : *p > 0x20 && *p < 0x7f ? *p : '?');
        }

        p++;
    }

    token->name[n] = '\0';

    while (p < end && *p != '>') {

        if (social_tool_html_is_space(*p) || *p == '/') {
            p++;
            continue;
        }

        p = social_tool_html_attribute(p, end, &name, &value);

        if (social_tool_html_named(name, "href")
            || social_tool_html_named(name, "src"))
        {
            token->href = value;

        } else if (social_tool_html_named(name, "alt")) {
            token->alt = value;
        }
    }

    return p < end ? p + 1 : p;
}


/* behind a comment, a declaration or a processing instruction */

static const unsigned char *
social_tool_html_comment(const unsigned char *p, const unsigned char *end)
{
    const unsigned char  *found;

    if (end - p >= 4 && memcmp(p, "<!--", 4) == 0) {
        found = memmem(p + 4, (size_t) (end - p) - 4, "-->", 3);
        return found ? found + 3 : end;
    }

    found = memchr(p, '>', (size_t) (end - p));

    return found ? found + 1 : end;
}


int
social_tool_html_next(const unsigned char **p, const unsigned char *end,
    social_tool_token_t *token)
{
    const unsigned char  *at, *next;

    memset(token, 0, sizeof(social_tool_token_t));
    at = *p;

    while (end - at >= 2 && at[0] == '<' && (at[1] == '!' || at[1] == '?')) {
        at = social_tool_html_comment(at, end);
    }

    if (at == end) {
        *p = end;
        return 0;
    }

    if (at[0] == '<' && end - at >= 2
        && (social_tool_html_is_letter(at[1])
            || (at[1] == '/' && end - at >= 3
                && social_tool_html_is_letter(at[2]))))
    {
        *p = social_tool_html_tag(at, end, token);
        return 1;
    }

    next = memchr(at + 1, '<', (size_t) (end - at) - 1);

    token->type = SOCIAL_TOOL_TEXT;
    token->text.data = at;
    token->text.len = (size_t) ((next ? next : end) - at);
    *p = at + token->text.len;

    return 1;
}


void
social_tool_html_skip(const unsigned char **p, const unsigned char *end,
    const char *name)
{
    size_t                len;
    const unsigned char  *at;

    len = strlen(name);

    for (at = *p; at < end; at++) {

        at = memchr(at, '<', (size_t) (end - at));

        if (at == NULL) {
            break;
        }

        if ((size_t) (end - at) > len + 1 && at[1] == '/'
            && strncasecmp((const char *) at + 2, name, len) == 0)
        {
            at = memchr(at, '>', (size_t) (end - at));
            *p = at ? at + 1 : end;
            return;
        }
    }

    *p = end;
}


/* the bytes of a reference at p; 0: there is none */

static size_t
social_tool_html_reference(const unsigned char *p, const unsigned char *end)
{
    size_t  n;

    if ((size_t) (end - p) > SOCIAL_TOOL_REFERENCE) {
        end = p + SOCIAL_TOOL_REFERENCE;
    }

    for (n = 1; p + n < end; n++) {

        if (p[n] == ';') {
            return n > 1 ? n + 1 : 0;
        }

        if (!social_tool_html_is_letter(p[n]) && (p[n] < '0' || p[n] > '9')
            && !(p[n] == '#' && n == 1))
        {
            return 0;
        }
    }

    return 0;
}


void
social_tool_html_decode(social_out_t *out, social_str_t text)
{
    size_t                len, before;
    const unsigned char  *p, *end, *amp;

    p = text.data;
    end = p + text.len;

    while (p < end) {
        amp = memchr(p, '&', (size_t) (end - p));
        social_out_bytes(out, p, (size_t) ((amp ? amp : end) - p));

        if (amp == NULL) {
            return;
        }

        len = social_tool_html_reference(amp, end);
        before = out->len;

        if (len == 0) {
            social_out_bytes(out, "&", 1);
            len = 1;

        } else {
            social_markdown_entity(out, amp, len);
        }

        if (!out->failed && out->len == before + 1
            && (out->data[before] < 0x20 || out->data[before] == 0x7f))
        {
            out->data[before] = ' ';
        }

        p = amp + len;
    }
}
