
/*
 * Turns the text of a comment into HTML.  Owns what a paragraph is and where a
 * typed URL ends.  Every byte of the text must go through social_out_html().
 * Any thread.
 */

#include "social_comment_html.h"
#include "social_text.h"

#include <string.h>


#define SOCIAL_COMMENT_HTML_ADDRESS  2000   /* bytes; longer ones are no link */


typedef struct {
    const unsigned char  *start;
    const unsigned char  *path;         /* what follows the host */
    const unsigned char  *end;
} social_comment_html_link_t;


static int
social_comment_html_is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9')
           || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}


/* the length of "http://" or "https://" at p, else 0 */

static size_t
social_comment_html_scheme(const unsigned char *p, const unsigned char *end)
{
    size_t             i;
    static const char  http[] = "http";

    for (i = 0; i < 4; i++) {
        if (p + i == end || (p[i] | 0x20) != http[i]) {
            return 0;
        }
    }

    i += (p + i < end && (p[i] | 0x20) == 's');

    return (end - (p + i) > 3 && memcmp(p + i, "://", 3) == 0) ? i + 3 : 0;
}


/* 1 if a URL ends before *p; else moves *p past the character */

static int
social_comment_html_is_end(const unsigned char **p, const unsigned char *end)
{
    int32_t               c;
    const unsigned char  *next;

    next = *p;
    c = social_text_next(&next, end);

    if (c <= 0x20 || c == 0x7f || social_text_is_space(c)
        || (c < 0x80 && strchr("<>\"`\\", c)))
    {
        return 1;
    }

    *p = next;

    return 0;
}


/* punctuation of the sentence around a URL, quotes of many languages too */

static int
social_comment_html_is_punctuation(int32_t c)
{
    static const int32_t  list[] = {
        '.', ',', ';', ':', '!', '?', '\'', '*', 0xab, 0xbb, 0x2013, 0x2014,
        0x2018, 0x2019, 0x201a, 0x201c, 0x201d, 0x201e, 0x2026, 0x2039, 0x203a,
        0x3001, 0x3002, 0x300d, 0x300f, 0xff01, 0xff09, 0xff0c, 0xff0e, 0xff1a,
        0xff1b, 0xff1f
    };

    size_t  i;

    for (i = 0; i < social_nelts(list); i++) {
        if (c == list[i]) {
            return 1;
        }
    }

    return 0;
}


/* the end of a URL without punctuation, and without a closing bracket that was
 * opened in front of it: (see https://example.org/a_(b)). */

static const unsigned char *
social_comment_html_trim(const unsigned char *start, const unsigned char *end)
{
    int                   open[3], *balance;
    const char           *kind;
    const unsigned char  *p, *last;

    static const char  brackets[] = "()[]{}";

    memset(open, 0, sizeof(open));

    for (p = start; p < end; p++) {
        kind = *p ? strchr(brackets, *p) : NULL;

        if (kind) {
            open[(kind - brackets) / 2] += ((kind - brackets) % 2) ? -1 : 1;
        }
    }

    while (end > start) {

        for (last = end - 1; last > start && (*last & 0xc0) == 0x80; last--) {
            /* void */
        }

        kind = *last ? strchr(brackets, *last) : NULL;

        if (kind) {
            balance = &open[(kind - brackets) / 2];

            if (*balance == 0) {
                break;
            }

            /* count the bracket as closing or as opening */

            *balance += ((kind - brackets) % 2) ? 1 : -1;

        } else {
            p = last;

            if (!social_comment_html_is_punctuation(social_text_next(&p, end)))
            {
                break;
            }
        }

        end = last;
    }

    return end;
}


/* 1 if there is a link at p; a host after "user@" is none, since that form
 * only serves to look like another site */

static int
social_comment_html_link(const unsigned char *p, const unsigned char *end,
    social_comment_html_link_t *link)
{
    size_t                scheme;
    const unsigned char  *host;

    scheme = social_comment_html_scheme(p, end);

    if (scheme == 0
        || (!social_comment_html_is_alnum(p[scheme]) && p[scheme] < 0x80))
    {
        return 0;
    }

    link->start = p;
    host = p + scheme;

    for (p = host; p < end && strchr("/?#", *p) == NULL; /* void */ ) {

        if (*p == '@') {
            return 0;
        }

        if (social_comment_html_is_end(&p, end)) {
            break;
        }
    }

    link->path = p;

    while (p < end && !social_comment_html_is_end(&p, end)) { /* void */ }

    link->end = social_comment_html_trim(host, p);

    if (link->path > link->end) {
        link->path = link->end;
    }

    return link->end > host;
}


static void
social_comment_html_put(social_out_t *out, const unsigned char *p,
    const unsigned char *end)
{
    social_out_html(out, p, (size_t) (end - p));
}


/* percent-encodes what is not ASCII in path and query: browsers would encode a
 * query in the charset of the page */

static void
social_comment_html_put_path(social_out_t *out, const unsigned char *p,
    const unsigned char *end)
{
    const unsigned char  *run;

    while (p < end && !out->failed) {

        for (run = p; p < end && *p < 0x80; p++) { /* void */ }

        social_comment_html_put(out, run, p);

        for (run = p; p < end && *p >= 0x80; p++) { /* void */ }

        social_out_query(out, run, (size_t) (p - run));
    }
}


static void
social_comment_html_put_link(social_out_t *out,
    const social_comment_html_link_t *link)
{
    social_out_text(out, "<a href=\"");
    social_comment_html_put(out, link->start, link->path);
    social_comment_html_put_path(out, link->path, link->end);
    social_out_text(out, "\" rel=\"nofollow ugc noopener\">");
    social_comment_html_put(out, link->start, link->end);
    social_out_text(out, "</a>");
}


/* the first link from p on; start is where the text begins.  1: found, link
 * is set */

static int
social_comment_html_next(const unsigned char *start, const unsigned char *p,
    const unsigned char *end, social_comment_html_link_t *link)
{
    while (p < end) {

        if ((*p | 0x20) != 'h'
            || (p > start && social_comment_html_is_alnum(p[-1]))
            || !social_comment_html_link(p, end, link))
        {
            p++;
            continue;
        }

        if (link->end - link->start <= SOCIAL_COMMENT_HTML_ADDRESS) {
            return 1;
        }

        p = link->end;                  /* as text; nor is a part of it one */
    }

    return 0;
}


static void
social_comment_html_line(social_out_t *out, const unsigned char *p,
    const unsigned char *end)
{
    const unsigned char         *text;
    social_comment_html_link_t   link;

    text = p;

    while (social_comment_html_next(p, text, end, &link)) {
        social_comment_html_put(out, text, link.start);
        social_comment_html_put_link(out, &link);

        text = link.end;
    }

    social_comment_html_put(out, text, end);
}


static int
social_comment_html_is_blank(unsigned char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}


void
social_comment_html(social_out_t *out, const unsigned char *text, size_t len)
{
    int                   open;
    const unsigned char  *p, *lf, *line, *stop, *end;

    end = len ? text + len : text;      /* text may be NULL if len is 0 */
    open = 0;

    for (p = text; p < end && !out->failed; p = (lf < end) ? lf + 1 : end) {

        lf = memchr(p, '\n', (size_t) (end - p));
        lf = lf ? lf : end;

        line = p;
        stop = lf;

        while (line < stop && social_comment_html_is_blank(*line)) {
            line++;
        }

        while (stop > line && social_comment_html_is_blank(stop[-1])) {
            stop--;
        }

        if (line == stop) {
            social_out_text(out, open ? "</p>\n" : "");
            open = 0;
            continue;
        }

        social_out_text(out, open ? "<br>\n" : "<p>");
        open = 1;

        social_comment_html_line(out, line, stop);
    }

    social_out_text(out, open ? "</p>\n" : "");
}


size_t
social_comment_html_links(const unsigned char *text, size_t len)
{
    size_t                       n;
    const unsigned char         *p, *end;
    social_comment_html_link_t   link;

    end = len ? text + len : text;
    p = text;

    for (n = 0; social_comment_html_next(text, p, end, &link); n++) {
        p = link.end;
    }

    return n;
}
