
/*
 * Where the scanner and gumbo would put a widget.  Reads file names on standard
 * input, writes a line for each page on standard output, with fields separated
 * by tabs:
 *
 *   file, FOUND | NONE, place, in a form, gumbo's place, and the page's title,
 *   canonical URL and so on (name=value, bytes beyond plain ASCII as %XX)
 *
 * Every page is scanned whole, in two random cuts, and byte by byte if it is
 * small.  The second field is DIFFERS if the answer depends on the cut, or if
 * hold() let bytes pass that a widget had to precede.
 *
 * gumbo's place is "-" if it sees the end of no suitable element.
 */

#include <gumbo.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "social_html.h"


#define CUTTINGS  3
#define SMALL     8192


typedef struct {
    const GumboElement  *element;
    unsigned             offset;
} first_t;


static uint32_t  seed;


static size_t
number(size_t below)
{
    seed = seed * 1664525 + 1013904223;

    return (seed >> 8) % below;
}


/* how: 0 whole, 1 tiny pieces, 2 pieces as from a network, 3 byte by byte */

static size_t
piece(int how)
{
    switch (how) {

    case 1:
        return 1 + number(9);

    case 2:
        return 1 + number(4096);

    case 3:
        return 1;
    }

    return SIZE_MAX;
}


/* returns 0 if hold() let bytes pass that a widget had to precede */

static int
scan(social_html_t *h, const unsigned char *page, size_t len, int how)
{
    size_t    at, n;
    uint64_t  hold;

    social_html_init(h, SOCIAL_HTML_AUTO);
    hold = 0;

    for (at = 0; at < len; at += n) {
        n = piece(how);
        n = (n > len - at) ? len - at : n;

        if (social_html_feed(h, page + at, n) != SOCIAL_HTML_MORE) {
            break;
        }

        if (social_html_sendable(h) < hold || social_html_sendable(h) > at + n)
        {
            return 0;
        }

        hold = social_html_sendable(h);
    }

    return social_html_finish_whole(h) == SOCIAL_HTML_NONE
           || (social_html_place(h) >= hold && social_html_place(h) <= len);
}


static int
same(const social_html_t *a, const social_html_t *b)
{
    return a->answer == b->answer && a->place == b->place
           && a->in_form == b->in_form
           && memcmp(&a->meta, &b->meta, sizeof(a->meta)) == 0;
}


static void
first_find(const GumboNode *node, GumboTag tag, first_t *first)
{
    unsigned             i;
    const GumboVector   *children;
    const GumboElement  *element;

    if (node->type == GUMBO_NODE_DOCUMENT) {
        children = &node->v.document.children;

    } else if (node->type == GUMBO_NODE_ELEMENT
               && node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML)
    {
        element = &node->v.element;
        children = &element->children;

        if (element->tag == tag
            && (first->element == NULL
                || element->start_pos.offset < first->offset))
        {
            first->element = element;
            first->offset = element->start_pos.offset;
        }

    } else {
        return;
    }

    for (i = 0; i < children->length; i++) {
        first_find(children->data[i], tag, first);
    }
}


static void
gumbo_place(const char *page, size_t len)
{
    unsigned      i;
    first_t       first;
    GumboOutput  *tree;

    static const GumboTag  tags[] = {
        GUMBO_TAG_ARTICLE, GUMBO_TAG_MAIN, GUMBO_TAG_BODY
    };

    tree = gumbo_parse_with_options(&kGumboDefaultOptions, page, len);
    first.element = NULL;

    for (i = 0; i < social_nelts(tags) && first.element == NULL; i++) {
        first_find(tree->document, tags[i], &first);
    }

    if (first.element && first.element->original_end_tag.length) {
        printf("\t%u", first.element->end_pos.offset);

    } else {
        printf("\t-");
    }

    gumbo_destroy_output(&kGumboDefaultOptions, tree);
}


static void
value(const char *name, const char *text)
{
    printf("\t%s=", name);

    for ( /* void */ ; *text; text++) {
        if (*text > ' ' && *text <= '~' && *text != '%') {
            putchar(*text);

        } else {
            printf("%%%02x", (unsigned char) *text);
        }
    }
}


static void
report(const char *path, const unsigned char *page, size_t len)
{
    int                        how, differs;
    social_html_t              whole, cut;
    const social_html_meta_t  *meta;

    differs = !scan(&whole, page, len, 0);

    for (how = 1; how <= CUTTINGS; how++) {
        if (how < 3 || len <= SMALL) {
            differs |= !scan(&cut, page, len, how) || !same(&whole, &cut);
        }
    }

    printf("%s\t%s\t%" PRIu64 "\t%d", path,
           differs ? "DIFFERS"
                   : whole.answer == SOCIAL_HTML_FOUND ? "FOUND" : "NONE",
           social_html_place(&whole), social_html_in_form(&whole));

    gumbo_place((const char *) page, len);

    meta = social_html_meta(&whole);
    value("title", meta->title);
    value("canonical", meta->canonical);
    value("og_title", meta->og_title);
    value("og_url", meta->og_url);
    value("og_image", meta->og_image);
    value("published", meta->published);
    value("lang", meta->lang);
    value("charset", meta->charset);
    putchar('\n');
}


/* the buffer has the exact size, so that the sanitizer sees a read past the
 * end */

static unsigned char *
slurp(const char *path, size_t *len)
{
    long            size;
    FILE           *file;
    unsigned char  *page;

    file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(1);
    }

    fseek(file, 0, SEEK_END);
    size = ftell(file);
    rewind(file);

    *len = (size_t) size;
    page = malloc(*len ? *len : 1);

    if (page == NULL || fread(page, 1, *len, file) != *len) {
        perror(path);
        exit(1);
    }

    fclose(file);

    return page;
}


int
main(void)
{
    char            path[4096];
    size_t          len;
    unsigned char  *page;

    while (fgets(path, sizeof(path), stdin)) {
        path[strcspn(path, "\n")] = '\0';
        page = slurp(path, &len);
        seed = (uint32_t) len;
        report(path, page, len);
        free(page);
    }

    return 0;
}
