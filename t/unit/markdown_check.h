
/*
 * Is this HTML of a comment safe and well-formed?  A reader of its own for
 * t/unit/markdown.c and t/fuzz/markdown.c: it knows the few tags that a comment
 * may have, byte for byte, and where each may stand.
 */

#ifndef MARKDOWN_CHECK_H_INCLUDED
#define MARKDOWN_CHECK_H_INCLUDED


#include <string.h>
#include <strings.h>


#define CHECK_NESTED  64


typedef struct {
    const char  *open, *close;
    char         kind;      /* block, list, item, code, inline, link, void */
    const char  *within;    /* kinds that it may stand in; "": at the top */
} check_tag_t;


static const check_tag_t  check_tags[] = {
    { "<p>", "</p>", 'b', "qi-" },
    { "<blockquote>", "</blockquote>", 'q', "qi-" },
    { "<ul>", "</ul>", 'l', "qi-" },
    { "<ol>", "</ol>", 'l', "qi-" },
    { "<ol start=\"", "</ol>", 'l', "qi-" },
    { "<li>", "</li>", 'i', "l" },
    { "<pre tabindex=\"0\">", "</pre>", 'c', "qi-" },
    { "<em>", "</em>", 'n', "bina" },
    { "<strong>", "</strong>", 'n', "bina" },
    { "<code>", "</code>", 'n', "binac" },
    { "<a href=\"", "</a>", 'a', "bin" },
    { "<br>", NULL, 'v', "binaq" },
    { "<hr>", NULL, 'v', "qi-" }
};


/* the length of an escaped or plain character, 0: it must not be there */

static size_t
check_character(const char *p, const char *end)
{
    size_t  n;

    if (*p == '&') {
        for (n = 1; p + n < end && p[n] != ';' && n < 10; n++) { /* void */ }

        n++;

        return (n == 5 && memcmp(p, "&amp;", 5) == 0)
               || (n == 4 && (memcmp(p, "&lt;", 4) == 0
                              || memcmp(p, "&gt;", 4) == 0))
               || (n == 6 && memcmp(p, "&quot;", 6) == 0)
               || (p[1] == '#' && p[n - 1] == ';'
                   && strspn(p + 2, "0123456789") == n - 3)
               ? n : 0;
    }

    return (*p >= ' ' || *p == '\n' || *p == '\t') && *p < 0x7f
           && strchr("<>\"'", *p) == NULL;
}


/* the length of an attribute's value and of what follows it, 0: bad */

static size_t
check_value(const char *p, const char *end, const char *after, int digits)
{
    size_t  n, step;

    for (n = 0; p + n < end && p[n] != '"'; n += step) {
        step = check_character(p + n, end);

        if (step == 0 || (digits && (p[n] < '0' || p[n] > '9'))) {
            return 0;
        }
    }

    return n > 0 && (size_t) (end - p) >= n + strlen(after)
           && memcmp(p + n, after, strlen(after)) == 0 ? n + strlen(after) : 0;
}


static int
check_scheme(const char *p)
{
    return strncasecmp(p, "http://", 7) == 0
           || strncasecmp(p, "https://", 8) == 0
           || strncasecmp(p, "mailto:", 7) == 0;
}


/* the length of the start tag at p, 0: there is none that may be */

static size_t
check_start(const char *p, const char *end, char within, const check_tag_t **tag)
{
    size_t  i, n, more;

    for (i = 0; i < sizeof(check_tags) / sizeof(check_tags[0]); i++) {
        *tag = &check_tags[i];
        n = strlen((*tag)->open);

        if ((size_t) (end - p) < n || memcmp(p, (*tag)->open, n) != 0) {
            continue;
        }

        if (strchr((*tag)->within, within) == NULL) {
            return 0;
        }

        if ((*tag)->open[n - 1] == '>') {
            return n;
        }

        more = (*tag)->kind == 'a'
               ? check_scheme(p + n)
                 ? check_value(p + n, end,
                               "\" rel=\"nofollow ugc noopener\">", 0) : 0
               : check_value(p + n, end, "\">", 1);

        return more ? n + more : 0;
    }

    return 0;
}


/* NULL, or what is wrong, and where; html ends with a NUL behind len.  *links:
 * number of links */

static const char *
check_html(const char *html, size_t len, size_t *links)
{
    char                within;
    size_t              n, depth, in_link;
    const char         *p, *end, *close;
    const check_tag_t  *tag, *open[CHECK_NESTED];

    depth = 0;
    in_link = 0;
    *links = 0;
    end = html + len;

    for (p = html; p < end; p += n) {
        within = depth ? open[depth - 1]->kind : '-';

        if (*p != '<') {
            n = check_character(p, end);

            if (n == 0 || (strchr("-ql", within) && *p != '\n')) {
                return p;
            }

            continue;
        }

        if (p + 1 < end && p[1] == '/') {
            close = depth ? open[--depth]->close : "x";
            n = strlen(close);

            if ((size_t) (end - p) < n || memcmp(p, close, n) != 0) {
                return p;
            }

            in_link -= (open[depth]->kind == 'a');
            continue;
        }

        n = check_start(p, end, within, &tag);

        if (n == 0 || (tag->kind == 'a' && in_link) || depth == CHECK_NESTED) {
            return p;
        }

        if (tag->kind != 'v') {
            open[depth++] = tag;
        }

        *links += (tag->kind == 'a');
        in_link += (tag->kind == 'a');
    }

    return depth ? end : NULL;
}


#endif /* MARKDOWN_CHECK_H_INCLUDED */
