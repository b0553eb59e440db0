
/*
 * Fuzzes the HTML scanner against a complete parser, gumbo: a widget in the
 * scanner's place must be the last thing in the first <article>, <main> or
 * <body> of gumbo's tree, and the rest of the tree must be as without it.
 *
 * If the first byte is odd, the others are tokens, which finds odd nestings
 * much faster than bytes of HTML; else they are the page.
 *
 * gumbo implements an older standard.  Pages are skipped where it differs:
 * noscript (parsed as without scripting), <dialog> and <search> (unknown to
 * it), isindex and menuitem (known to it), ruby, </p> and </br> in SVG, end
 * tags with attributes or white space in SVG (it does not know their names),
 * unknown end tags (it takes all unknown names for one, so that </x> ends <y>),
 * <main> with formatting elements or lists (it is not "special" for gumbo), and
 * </br> with a <frameset>, which it does not ignore then.
 * "First" means first in the source: a parser may move an <article> out of a
 * table, to a place before one that came earlier.
 */

#include <ctype.h>
#include <gumbo.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_html.h"


#define PAGE_MAX  16384
#define WIDGET    "<section data-social=\"x\"></section>"


typedef struct {
    char    text[PAGE_MAX + sizeof(WIDGET)];
    size_t  len;
} page_t;

typedef struct {
    char    *text;
    size_t   len;
    size_t   cap;
} dump_t;

typedef struct {
    const GumboNode  *node;
    unsigned          offset;
} first_t;


static const char  *tokens[] = {
    "<article>", "</article>", "<main>", "</main>", "<body>", "</body>",
    "<html>", "</html>", "<head>", "</head>", "<div>", "</div>", "<p>",
    "</p>", "<b>", "</b>", "<a>", "</a>", "<span>", "</span>", "<table>",
    "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "<tbody>",
    "</tbody>", "<caption>", "</caption>", "<colgroup>", "<col>",
    "</colgroup>", "<select>", "</select>", "<option>", "<template>",
    "</template>", "<svg>", "</svg>", "<math>", "</math>",
    "<foreignObject>", "</foreignObject>", "<desc>", "</desc>", "<g>",
    "</g>", "<mi>", "</mi>", "<annotation-xml encoding='text/html'>",
    "<annotation-xml>", "</annotation-xml>", "<script>", "</script>",
    "<style>", "</style>", "<title>", "</title>", "<textarea>",
    "</textarea>", "<iframe>", "</iframe>", "<xmp>", "</xmp>", "<button>",
    "</button>", "<form>", "</form>", "<ul>", "</ul>", "<li>", "</li>",
    "<dl>", "</dl>", "<dd>", "</dd>", "<dt>", "<h1>", "</h1>", "<h2>",
    "</h3>", "<object>", "</object>", "<marquee>", "</marquee>",
    "<!--", "-->", "<!doctype html>", "<![CDATA[", "]]>", "x", " ", "\n",
    "<input>", "<br>", "</br>", "<img>", "<hr>", "<section>", "</section>",
    "<nobr>", "</nobr>", "<font color=x>", "</font>", "<pre>", "</pre>",
    "<meta>", "<link>", "<frameset>", "<plaintext>", "<noframes>",
    "</noframes>", "<x-y>", "</x-y>", "<svg/>", "<tfoot>", "</tfoot>",
    "<center>", "</center>", "<malignmark>", "<mglyph>", "<address>",
    "</address>", "<details>", "</details>", "<noembed>", "</noembed>",
    "<!-- <script>", "<!", "<?", "</", "<", ">", "'", "\"", "<a b='",
    "<article c=\"", "</article ", "&amp;", "<base>", "</tr>", "<input "
};


static int
page_make(page_t *page, const uint8_t *data, size_t size)
{
    size_t       i, n;
    const char  *token;

    page->len = 0;

    for (i = 1; i < size; i++) {

        if (data[0] & 1) {
            token = tokens[data[i] % social_nelts(tokens)];
            n = strlen(token);

        } else {
            token = (const char *) &data[i];
            n = 1;
        }

        if (page->len + n > PAGE_MAX) {
            return 0;
        }

        memcpy(page->text + page->len, token, n);
        page->len += n;
    }

    page->text[page->len] = '\0';

    return 1;
}


/* does the page contain this word?  Some mean that gumbo differs */

static int
page_has(const page_t *page, const char *word)
{
    size_t  i, n;

    n = strlen(word);

    for (i = 0; i + n <= page->len; i++) {
        if (strncasecmp(page->text + i, word, n) == 0) {
            return 1;
        }
    }

    return 0;
}


/* is there an end tag with more in it than a name? */

static int
page_wide_end(const page_t *page)
{
    int     end;
    size_t  i;

    end = 0;

    for (i = 1; i < page->len; i++) {

        if (page->text[i] == '/' && page->text[i - 1] == '<') {
            end = 1;

        } else if (page->text[i] == '>') {
            end = 0;

        } else if (end && (isspace((unsigned char) page->text[i])
                           || page->text[i] == '/'))
        {
            return 1;
        }
    }

    return 0;
}


/* is there an end tag that gumbo does not know?  It takes all for one name */

static int
page_unknown_end(const page_t *page)
{
    char    name[32];
    size_t  i, n;

    for (i = 2; i < page->len; i++) {

        if (page->text[i - 2] != '<' || page->text[i - 1] != '/'
            || !isalpha((unsigned char) page->text[i]))
        {
            continue;
        }

        for (n = 0; n < sizeof(name) - 1; n++) {
            name[n] = page->text[i + n];

            if (name[n] == '\0' || name[n] == '>' || name[n] == '/'
                || isspace((unsigned char) name[n]))
            {
                break;
            }
        }

        name[n] = '\0';

        if (gumbo_tag_enum(name) == GUMBO_TAG_UNKNOWN) {
            return 1;
        }
    }

    return 0;
}


static int
page_skipped(const page_t *page)
{
    size_t  i;

    static const char  *words[] = {
        "noscript", "dialog", "search", "isindex", "menuitem", "<rb", "<rt",
        "<rp", "<ruby", "data-social"
    };

    /* in gumbo these affect elements outside of a <main> */

    static const char  *plain[] = {
        "<li", "<dd", "<dt", "<a>", "<a ", "<nobr", "</a>", "</b>", "</font",
        "</nobr", "</span", "</desc", "</mi>", "</foreign", "</annotation"
    };

    for (i = 0; i < page->len; i++) {
        if ((unsigned char) page->text[i] >= 0x80 || page->text[i] == '\0'
            || page->text[i] == '\r')
        {
            return 1;
        }
    }

    for (i = 0; i < social_nelts(words); i++) {
        if (page_has(page, words[i])) {
            return 1;
        }
    }

    for (i = 0; i < social_nelts(plain); i++) {
        if (page_has(page, plain[i]) && page_has(page, "<main")) {
            return 1;
        }
    }

    if (page_unknown_end(page)) {
        return 1;
    }

    if (page_has(page, "</br") && page_has(page, "<frameset")) {
        return 1;
    }

    return (page_has(page, "<svg") || page_has(page, "<math"))
           && (page_has(page, "</p") || page_has(page, "</br")
               || page_wide_end(page));
}


/* the first element of that tag in the source */

static void
first_find(const GumboNode *node, GumboTag tag, first_t *first)
{
    unsigned            i;
    const GumboVector  *children;

    if (node->type == GUMBO_NODE_TEMPLATE) {
        return;
    }

    if (node->type == GUMBO_NODE_DOCUMENT) {
        children = &node->v.document.children;

    } else if (node->type == GUMBO_NODE_ELEMENT) {

        if (node->v.element.tag_namespace != GUMBO_NAMESPACE_HTML) {
            return;
        }

        if (node->v.element.tag == tag
            && (first->node == NULL
                || node->v.element.start_pos.offset < first->offset))
        {
            first->node = node;
            first->offset = node->v.element.start_pos.offset;
        }

        children = &node->v.element.children;

    } else {
        return;
    }

    for (i = 0; i < children->length; i++) {
        first_find(children->data[i], tag, first);
    }
}


static const GumboNode *
first_of(const GumboOutput *tree, social_html_mode_e mode)
{
    unsigned  i;
    first_t   first;

    static const GumboTag  tags[] = {
        GUMBO_TAG_ARTICLE, GUMBO_TAG_MAIN, GUMBO_TAG_BODY
    };

    first.node = NULL;
    first.offset = 0;

    for (i = (mode == SOCIAL_HTML_AUTO) ? 0 : 2; i < 3; i++) {
        first_find(tree->document, tags[i], &first);

        if (first.node) {
            break;
        }
    }

    return first.node;
}


static int
is_widget(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT
           && node->v.element.tag == GUMBO_TAG_SECTION
           && node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML
           && gumbo_get_attribute(&node->v.element.attributes, "data-social");
}


static void
dump_add(dump_t *dump, const char *text, size_t len)
{
    if (dump->len + len + 1 > dump->cap) {
        dump->cap = (dump->cap + len + 64) * 2;
        dump->text = realloc(dump->text, dump->cap);
    }

    memcpy(dump->text + dump->len, text, len);
    dump->len += len;
    dump->text[dump->len] = '\0';
}


static void
dump_text(dump_t *dump, const char *text)
{
    for ( /* void */ ; *text; text++) {
        if (!isspace((unsigned char) *text)) {
            dump_add(dump, text, 1);
        }
    }
}


/* writes the tree, without white space and without the widget */

static void
dump_node(dump_t *dump, const GumboNode *node, int *widgets)
{
    char                name[32];
    unsigned            i;
    GumboStringPiece    piece;
    const GumboVector  *children;

    switch (node->type) {

    case GUMBO_NODE_TEXT:
    case GUMBO_NODE_WHITESPACE:
    case GUMBO_NODE_CDATA:
        dump_text(dump, node->v.text.text);
        return;

    case GUMBO_NODE_COMMENT:
        return;

    case GUMBO_NODE_DOCUMENT:
        children = &node->v.document.children;
        break;

    default:

        if (is_widget(node)) {
            (*widgets)++;
            return;
        }

        children = &node->v.element.children;
        piece = node->v.element.original_tag;

        if (node->v.element.tag == GUMBO_TAG_UNKNOWN) {
            gumbo_tag_from_original_text(&piece);
            snprintf(name, sizeof(name), "<%.*s>", (int) piece.length % 20,
                     piece.data ? piece.data : "");

        } else {
            snprintf(name, sizeof(name), "<%s>",
                     gumbo_normalized_tagname(node->v.element.tag));
        }

        dump_add(dump, name, strlen(name));
        break;
    }

    for (i = 0; i < children->length; i++) {
        dump_node(dump, children->data[i], widgets);
    }

    dump_add(dump, "/", 1);
}


/* is the widget the last thing in the node, or in its last element? */

static int
last_in(const GumboNode *node)
{
    int                 i;
    const GumboNode    *child;
    const GumboVector  *children;

    while (node->type == GUMBO_NODE_ELEMENT) {
        children = &node->v.element.children;
        child = NULL;

        for (i = (int) children->length - 1; i >= 0; i--) {
            child = children->data[i];

            if (child->type != GUMBO_NODE_WHITESPACE
                && child->type != GUMBO_NODE_COMMENT)
            {
                break;
            }
        }

        if (i < 0) {
            return 0;
        }

        if (is_widget(child)) {
            return 1;
        }

        node = child;
    }

    return 0;
}


static void
fail(const page_t *page, const char *what, const char *was, const char *is)
{
    fprintf(stderr, "%s\n--- page\n%.*s\n---\nwas %s\nis  %s\n", what,
            (int) page->len, page->text, was ? was : "", is ? is : "");
    abort();
}


static void
compare(const page_t *page, const page_t *with, social_html_mode_e mode)
{
    int               none, widgets;
    dump_t            was, is;
    GumboOutput      *before, *after;
    const GumboNode  *chosen, *found;

    memset(&was, 0, sizeof(was));
    memset(&is, 0, sizeof(is));
    none = 0;
    widgets = 0;

    before = gumbo_parse_with_options(&kGumboDefaultOptions, page->text,
                                      page->len);
    after = gumbo_parse_with_options(&kGumboDefaultOptions, with->text,
                                     with->len);

    dump_node(&was, before->document, &none);
    dump_node(&is, after->document, &widgets);

    if (widgets == 0 && mode == SOCIAL_HTML_AUTO
        && strstr(was.text, "<frameset>"))
    {
        /* a later <frameset> has replaced a <body> without text */
        goto done;
    }

    if (widgets != 1) {
        fail(with, "not one widget", was.text, is.text);
    }

    if (strcmp(was.text, is.text) != 0) {
        fail(with, "the page changed", was.text, is.text);
    }

    chosen = first_of(before, mode);
    found = first_of(after, mode);

    if (chosen == NULL || found == NULL
        || chosen->v.element.tag != found->v.element.tag
        || (chosen->v.element.tag != GUMBO_TAG_BODY
            && chosen->v.element.start_pos.offset
               != found->v.element.start_pos.offset))
    {
        fail(with, "the first element is another one", was.text, is.text);
    }

    if (!last_in(found)) {
        fail(with, "the widget is not the last child", was.text, is.text);
    }

done:

    gumbo_destroy_output(&kGumboDefaultOptions, before);
    gumbo_destroy_output(&kGumboDefaultOptions, after);
    free(was.text);
    free(is.text);
}


/* no place in a closed <article>: the page must have a known reason */

static void
missed(const page_t *page)
{
    size_t            i;
    GumboOutput      *tree;
    const GumboNode  *first;

    static const char  *reasons[] = {
        "<svg", "<math", "<select", "<frameset", "<plaintext", "<table",
        "<object", "<marquee", "<applet", "<button", "<h", "<li", "<d",
        "<form", "<a>", "<a ", "<b>", "<nobr"
    };

    for (i = 0; i < social_nelts(reasons); i++) {
        if (page_has(page, reasons[i])) {
            return;
        }
    }

    tree = gumbo_parse_with_options(&kGumboDefaultOptions, page->text,
                                    page->len);
    first = first_of(tree, SOCIAL_HTML_AUTO);

    if (first && first->v.element.tag != GUMBO_TAG_BODY
        && !(first->parse_flags & GUMBO_INSERTION_IMPLICIT_END_TAG))
    {
        for (i = 0; i < page->len && isspace(page->text[i]); i++);

        if (i < page->len && page->text[i] != '{' && page->text[i] != '['
            && first->v.element.tag == GUMBO_TAG_ARTICLE)
        {
            fail(page, "missed", NULL, NULL);
        }
    }

    gumbo_destroy_output(&kGumboDefaultOptions, tree);
}


static void
one(const page_t *page, page_t *with, social_html_mode_e mode)
{
    size_t         place;
    social_html_t  h;

    social_html_init(&h, mode);
    social_html_feed(&h, (const unsigned char *) page->text, page->len);

    if (social_html_finish(&h) != SOCIAL_HTML_FOUND) {

        if (mode == SOCIAL_HTML_AUTO) {
            missed(page);
        }

        return;
    }

    place = (size_t) social_html_place(&h);

    memcpy(with->text, page->text, place);
    memcpy(with->text + place, WIDGET, sizeof(WIDGET) - 1);
    memcpy(with->text + place + sizeof(WIDGET) - 1, page->text + place,
           page->len - place + 1);
    with->len = page->len + sizeof(WIDGET) - 1;

    compare(page, with, mode);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static page_t  page, with;

    if (size < 2 || !page_make(&page, data, size) || page_skipped(&page)) {
        return 0;
    }

    one(&page, &with, SOCIAL_HTML_AUTO);
    one(&page, &with, SOCIAL_HTML_BODY);

    return 0;
}
