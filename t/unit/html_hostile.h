
/*
 * Hostile pages for the HTML scanner by chance: pieces that lie on the border
 * between what its fast path may read and what it must leave alone, in any
 * order.  The pages depend on the numbers alone.
 */

#ifndef HTML_HOSTILE_H_INCLUDED
#define HTML_HOSTILE_H_INCLUDED


#include <stdint.h>
#include <string.h>

#include "social_html_tags.h"


#define HOSTILE_NAME(id, name, flags)  name,

static const char  *hostile_names[] = {
    SOCIAL_HTML_TAGS(HOSTILE_NAME)
    "label", "option", "x-y", "cite", "h", "h0", "h7", "h10", "abbr", "video",
    "sectionx", "sectiond", "articled", "spans", "spa", "dive", "divd", "pp",
    "averylongnameofanelement", "optgroup", "search", "dialog", "kbd", "q"
};

#undef HOSTILE_NAME


/* the usual ones, so that pages are like pages for a while */

static const char  *hostile_usual[] = {
    "span", "a", "b", "p", "div", "ul", "li", "h2", "h3", "td", "tr", "table",
    "code", "br", "img", "section", "dl", "dt", "dd", "button", "form", "i"
};


static const char  *hostile_attrs[] = {
    " class=\"a b\"", " href=\"/x?a=b&c=d\"", " id=\"x\"", " title=\"a 'b' c\"",
    " disabled", " a=\"\"", "\n  data-x=\"y\"", "\ta=\"1\"", "\r\na=\"1\"",
    "\fa=\"1\"", " x=\"====\"", " src=\"data:;base64,QQ==\"",
    " a = \"b\"", " a= \"b\"", " a =\"b\"", " =\"b\"", " a==\"b\"",
    " a=b", " a=b=\"c d>", " a=\"b\"c=\"d\"", " a=\"b\"=\"c\"", " a='b'",
    " a='\"'", " a='>'", " a=\"'\"", " a=\">\"", " a=\"<\"", " a=\"<b>\"",
    " a=\"x>y\" b", " a=\"=\"", " a=\"a=\"b\"", " \"", "\"", "=", " =", " '",
    "'", "/", " /", " a/=\"b\"", "/a=\"b\"", " a/b=\"c\"", " a=/", " a=\"/\"/",
    " y=\"z>\"", "=\" y=\"z>\"", "=\"", " b\"c=\"d\"", " a-=\"b\"",
    " a.=\"b\"", " \xc3\xa4=\"\xc3\xb6\"", " a\x01=\"b\"", " id=\"__next\"",
    " id=\"__nuxt\"", " id=__next", " id='__next'", " ID=\"___gatsby\"",
    " class=\"a__b\" id=\"c__d\"", " class=\"__next\"", " id=\"__next",
    " datetime=\"2026-01-02\"", " amp", " color=red", " color=\"red\"", " <",
    " =\"b=\" c>d\"", "/=\"b=\" c>d\"", " a=\"b\"=\"c=\" d>e\"",
    "<", " a=\"b\" <i", " a<b=\"c\"", " selected=\"selected\" ", " a=\"\n\n\""
};


static const char  *hostile_ends[] = {
    ">", ">", ">", ">", ">", ">", ">", ">", "/>", " >", " / >", "\n>", ">>", ""
};


static const char  *hostile_pieces[] = {
    " foo<span=\" y=\"z>\">", "<span=\" y=\"z>\">", "<a<b>", "<a=\"b\">", "<",
    "<>", "</>", "</ p>", "< b>", "<3 ", "a < b > c", "a > b", "a -> \"b\"",
    "x = \"y\"", "\"", "=", "'", "&", "&amp;", "&lt;b&gt;", "\xef\xbf\xbd",
    "<!---->", "<!-->", "<!--->", "<!-- x -->", "<!-- > -->", "<!-- <b> -->",
    "<!-- \" -->", "<!--a--!>", "<!--a", "-->", "<!-- social -->", "<!x>",
    "<?php x ?>", "</3>", "<!doctype html>", "<script>if (a < b) \"</a\";",
    "<script></script>", "</script>", "<script><!--<script></script>",
    "<style>a > b {}</style>", "<textarea><b></textarea>", "<title>x</title>",
    "<svg><path d=\"M0\"/></svg>", "<svg/>", "<svg>", "</svg>",
    "<svg><desc><p></desc></svg>", "<math><mi>x</mi></math>", "<![CDATA[x]]>",
    "<table><tr><td>", "</td><td>", "</td></tr>", "<tr><td>", "</table>",
    "<table><tbody><tr><th>", "<thead><tr>", "<caption>", "<colgroup><col>",
    "<ul><li>", "</li><li>", "</ul>", "<dl><dt>", "</dt><dd>", "</dl>",
    "<article>", "</article>", "<main>", "</main>", "<article><p>",
    "</body>", "</html>", "</body></html>", "<body>", "<html lang=\"de\">",
    "<template><td>", "</template>", "<select><option>", "</select>",
    "<form><div>", "</form>", "<button>", "</button>", "<object>", "</object>",
    "<b><b><b>", "</b></b>", "<a href=\"#\">", "</a>", "<p><b>x</p>",
    "<time datetime=\"2026-01-02T03:04:05Z\">", "<h1><h2>", "</h3>",
    "<plaintext>", "<frameset>", "<div id=\"__next\">", "<noscript>",
    "</noscript>", "<iframe></iframe>", "<p>text", "</p>", "<br/>", "<hr>",
    "<link rel=\"canonical\" href=\"/c\">", "<base href=\"/\">",
    "<meta name=\"article:published_time\" content=\"2026-01-02\">",
    "<nobr>", "</nobr>", "<SPAN CLASS=\"X\">", "</SpAn>", "<dIv>", "</DIV>",
    "<ruby><li><rt>", "<dialog>", "</dialog>", "<search><li>", "</search>"
};


static uint32_t  hostile_seed = 1;


static uint32_t
hostile_number(size_t below)
{
    hostile_seed = hostile_seed * 1664525 + 1013904223;

    return (uint32_t) ((hostile_seed >> 8) % below);
}


static size_t
hostile_copy(char *dst, size_t room, const char *text)
{
    size_t  len;

    len = strlen(text);

    if (len > room) {
        return 0;
    }

    memcpy(dst, text, len);

    return len;
}


#define HOSTILE_ONE(list)                                                     \
    list[hostile_number(sizeof(list) / sizeof(list[0]))]


static size_t
hostile_tag(char *dst, size_t room)
{
    size_t    n;
    unsigned  attrs;

    n = hostile_copy(dst, room, hostile_number(2) ? "<" : "</");
    n += hostile_copy(dst + n, room - n, hostile_number(3)
                                         ? HOSTILE_ONE(hostile_usual)
                                         : HOSTILE_ONE(hostile_names));

    for (attrs = hostile_number(5); attrs > 2; attrs--) {

        /* two of three are harmless: the first twelve */

        n += hostile_copy(dst + n, room - n,
                          hostile_number(3)
                          ? hostile_attrs[hostile_number(12)]
                          : HOSTILE_ONE(hostile_attrs));
    }

    n += hostile_copy(dst + n, room - n, HOSTILE_ONE(hostile_ends));

    return n;
}


/* text of any length, so that pieces lie across the borders of blocks */

static size_t
hostile_text(char *dst, size_t room)
{
    size_t  i, len;

    static const char  bytes[] = "abc  \n\n..,;de0-/";

    len = hostile_number(4) ? hostile_number(12) : hostile_number(130);
    len = len > room ? room : len;

    for (i = 0; i < len; i++) {
        dst[i] = bytes[hostile_number(sizeof(bytes) - 1)];
    }

    return len;
}


/* writes one piece of at most `room` bytes; returns its length, which may be 0
 * */

static size_t
hostile_piece(char *dst, size_t room)
{
    switch (hostile_number(8)) {

    case 0:
        return hostile_copy(dst, room, HOSTILE_ONE(hostile_pieces));

    case 1:
    case 2:
        return hostile_text(dst, room);
    }

    return hostile_tag(dst, room);
}


/* a page that gets to its body as a rule; returns its length */

__attribute__((unused))
static size_t
hostile_page(char *dst, size_t room)
{
    size_t  n;

    n = 0;

    if (hostile_number(8)) {
        n = hostile_copy(dst, room, "<!DOCTYPE html><title>x</title><body>");
    }

    if (hostile_number(3) == 0) {
        n += hostile_copy(dst + n, room - n, "<main><article>");
    }

    while (room - n > 200 && hostile_number(150)) {
        n += hostile_piece(dst + n, room - n);
    }

    if (hostile_number(2)) {
        n += hostile_copy(dst + n, room - n, "</article></body></html>");
    }

    return n;
}


#endif /* HTML_HOSTILE_H_INCLUDED */
