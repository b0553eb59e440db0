
/*
 * Compares two scans of one page: by what a caller of src/core/html can see,
 * and by what the rest of the page will be judged by.
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


/* what differs inside between two tags, or NULL: it would show later, perhaps
 * on no page of a test */

__attribute__((unused))
static const char *
html_differ_inside(const social_html_t *a, const social_html_t *b)
{
    if (a->depth != b->depth
        || memcmp(a->stack, b->stack, a->depth * sizeof(a->stack[0])) != 0)
    {
        return "stack";
    }

    if (a->state != b->state || a->mode != b->mode || a->raw != b->raw) {
        return "state or mode";
    }

    if (a->formats != b->formats) {
        return "formats";
    }

    if (a->paragraph != b->paragraph) {
        return "paragraph";
    }

    if (a->chosen != b->chosen || a->form != b->form
        || a->templates != b->templates || a->foreign != b->foreign
        || a->button != b->button || a->linked != b->linked
        || a->root != b->root)
    {
        return "an index";
    }

    if (a->candidate != b->candidate || a->kind != b->kind) {
        return "candidate";
    }

    if (a->frames_ok != b->frames_ok || a->is_page != b->is_page
        || a->ended != b->ended || a->reopened != b->reopened
        || a->form_set != b->form_set || a->behind != b->behind
        || a->outward != b->outward || a->late != b->late
        || a->spaced != b->spaced || a->title != b->title)
    {
        return "a flag";
    }

    return NULL;
}


#endif /* HTML_SAME_H_INCLUDED */
