
/*
 * Compares two scans of one page by what a caller of src/core/html can see.
 */

#ifndef HTML_SAME_H_INCLUDED
#define HTML_SAME_H_INCLUDED


#include <string.h>

#include "social_html.h"


/* what differs after a call of feed(), or NULL */

__attribute__((unused))
static const char *
html_differ(const social_html_t *a, const social_html_t *b)
{
    if (a->answer != b->answer) {
        return "answer";
    }

    if (social_html_sendable(a) != social_html_sendable(b)) {
        return "sendable";
    }

    if (social_html_has_candidate(a) != social_html_has_candidate(b)) {
        return "has_candidate";
    }

    return NULL;
}


/* what differs in the whole, or NULL */

__attribute__((unused))
static const char *
html_differ_at_end(const social_html_t *a, const social_html_t *b)
{
    size_t                     i;
    const char                *what;
    const social_html_meta_t  *x, *y;

    x = social_html_meta(a);
    y = social_html_meta(b);

    const struct {
        const char  *name;
        const char  *a;
        const char  *b;
    } fields[] = {
        { "title", x->title, y->title },
        { "canonical", x->canonical, y->canonical },
        { "og_title", x->og_title, y->og_title },
        { "og_url", x->og_url, y->og_url },
        { "og_image", x->og_image, y->og_image },
        { "published", x->published, y->published },
        { "lang", x->lang, y->lang },
        { "charset", x->charset, y->charset },
        { "base", x->base, y->base },
        { "form_action", x->form_action, y->form_action },
        { "no_transform", x->no_transform, y->no_transform }
    };

    what = html_differ(a, b);

    if (what) {
        return what;
    }

    if (social_html_place(a) != social_html_place(b)) {
        return "place";
    }

    if (social_html_in_form(a) != social_html_in_form(b)) {
        return "in_form";
    }

    for (i = 0; i < social_nelts(fields); i++) {
        if (strcmp(fields[i].a, fields[i].b) != 0) {
            return fields[i].name;
        }
    }

    return NULL;
}


#endif /* HTML_SAME_H_INCLUDED */
