
/*
 * The HTML scanner's insertion modes before, in, around and after <body> and
 * of <template>, and which mode's rules apply to a tag.  Pure; any thread.
 */

#include "social_html_tree.h"


#define SOCIAL_HTML_MODE_CHANGES  64    /* bound of a loop */


static void
social_html_imply_body(social_html_t *h)
{
    social_html_pop_to(h, 0);
    social_html_push(h, TAG_BODY, OPEN_SPECIAL);
    social_html_opened(h, 0);

    h->mode = MODE_BODY;
}


/* these end tags open <body>, others are ignored before it */

static int
social_html_opens_body(const social_html_t *h)
{
    return h->tag == TAG_BODY || h->tag == TAG_HTML || h->tag == TAG_BR;
}


static int
social_html_mode_start(social_html_t *h)
{
    if (h->end_tag && h->tag != TAG_HEAD && !social_html_opens_body(h)) {
        return TREE_DONE;
    }

    if (!h->end_tag && h->tag == TAG_HTML) {
        return TREE_DONE;
    }

    social_html_push(h, TAG_HEAD, OPEN_SPECIAL);
    h->mode = MODE_HEAD;

    return (!h->end_tag && h->tag == TAG_HEAD) ? TREE_DONE : TREE_REPROCESS;
}


void
social_html_raw_start(social_html_t *h)
{
    h->raw = h->tag;
    h->title = 0;
    h->text_len = 0;
    h->state = STATE_RAW;

    if (h->tag == TAG_TITLE && h->meta.title[0] == '\0'
        && h->templates == SOCIAL_HTML_NOT && h->foreign == SOCIAL_HTML_NOT)
    {
        h->title = 1;
    }
}


/* tags that <head> and <body> treat alike; </template> too */

int
social_html_head_tag(social_html_t *h)
{
    int  i;

    if (h->tag != TAG_TEMPLATE) {

        if (social_html_flags(h) & IS_RAW) {
            social_html_raw_start(h);
        }

        return TREE_DONE;
    }

    if (!h->end_tag) {
        h->frames_ok = 0;
        h->mode = MODE_TEMPLATE;
        social_html_push_tag(h);

        return TREE_DONE;
    }

    if (h->templates == SOCIAL_HTML_NOT) {
        return TREE_DONE;
    }

    for (i = h->depth - 1; i > (int) h->templates; i--) {
        if (social_html_is(h, (unsigned) i, TAG_TEMPLATE)) {
            break;
        }
    }

    social_html_pop_to(h, (unsigned) i);
    social_html_reset_mode(h);

    return TREE_DONE;
}


static int
social_html_is_head_tag(const social_html_t *h)
{
    return h->end_tag ? h->tag == TAG_TEMPLATE
                      : (social_html_flags(h) & IS_HEAD) != 0;
}


static int
social_html_mode_head(social_html_t *h)
{
    if (social_html_is_head_tag(h)) {
        return social_html_head_tag(h);
    }

    if (h->end_tag) {

        if (h->tag != TAG_HEAD && !social_html_opens_body(h)) {
            return TREE_DONE;
        }

    } else if (h->tag == TAG_HTML || h->tag == TAG_HEAD) {
        return TREE_DONE;

    } else if (h->tag == TAG_NOSCRIPT) {
        social_html_raw_start(h);
        return TREE_DONE;
    }

    social_html_pop_to(h, 0);
    h->mode = MODE_AFTER_HEAD;

    return (h->end_tag && h->tag == TAG_HEAD) ? TREE_DONE : TREE_REPROCESS;
}


static int
social_html_mode_after_head(social_html_t *h)
{
    if (social_html_is_head_tag(h)) {
        return social_html_head_tag(h);
    }

    if (h->end_tag) {

        if (!social_html_opens_body(h)) {
            return TREE_DONE;
        }

    } else if (h->tag == TAG_HTML || h->tag == TAG_HEAD) {
        return TREE_DONE;

    } else if (h->tag == TAG_FRAMESET) {
        social_html_none(h);
        return TREE_DONE;
    }

    social_html_imply_body(h);

    if (!h->end_tag && h->tag == TAG_BODY) {
        h->frames_ok = 0;
        return TREE_DONE;
    }

    return TREE_REPROCESS;
}


static int
social_html_mode_template(social_html_t *h)
{
    unsigned  mode;

    if (social_html_is_head_tag(h)) {
        return social_html_head_tag(h);
    }

    if (h->end_tag) {
        return TREE_DONE;
    }

    switch (h->tag) {

    case TAG_CAPTION:
    case TAG_COLGROUP:
    case TAG_TBODY:
    case TAG_TFOOT:
    case TAG_THEAD:
        mode = MODE_TABLE;
        break;

    case TAG_COL:
        mode = MODE_COLGROUP;
        break;

    case TAG_TR:
        mode = MODE_TBODY;
        break;

    case TAG_TD:
    case TAG_TH:
        mode = MODE_ROW;
        break;

    default:
        mode = MODE_BODY;
        break;
    }

    /* the template is the current node: nothing else is open in it */

    h->stack[h->depth - 1].mode = (uint8_t) mode;
    h->mode = (uint8_t) mode;

    return TREE_REPROCESS;
}


/* after </body> or </html>: all but a few tags lead back into <body> */

static int
social_html_mode_after_body(social_html_t *h)
{
    if (!h->end_tag && h->tag == TAG_HTML) {
        return TREE_DONE;
    }

    if (h->end_tag && h->tag == TAG_HTML && h->mode == MODE_AFTER_BODY) {
        h->mode = MODE_AFTER_HTML;
        return TREE_DONE;
    }

    if (!h->end_tag || (h->tag != TAG_HTML && h->tag != TAG_BODY)) {
        h->reopened = 1;
    }

    h->mode = MODE_BODY;

    return TREE_REPROCESS;
}


int
social_html_by_mode(social_html_t *h)
{
    switch (h->mode) {

    case MODE_START:
        return social_html_mode_start(h);

    case MODE_HEAD:
        return social_html_mode_head(h);

    case MODE_AFTER_HEAD:
        return social_html_mode_after_head(h);

    case MODE_TABLE:
        return social_html_mode_table(h);

    case MODE_CAPTION:
        return social_html_mode_caption(h);

    case MODE_COLGROUP:
        return social_html_mode_colgroup(h);

    case MODE_TBODY:
        return social_html_mode_tbody(h);

    case MODE_ROW:
        return social_html_mode_row(h);

    case MODE_CELL:
        return social_html_mode_cell(h);

    case MODE_SELECT:
        return social_html_mode_select(h);

    case MODE_SELECT_IN_TABLE:
        return social_html_mode_select_in_table(h);

    case MODE_TEMPLATE:
        return social_html_mode_template(h);

    case MODE_AFTER_BODY:
    case MODE_AFTER_HTML:
        return social_html_mode_after_body(h);
    }

    return social_html_mode_body(h);
}


/* a tag is complete */

void
social_html_tree_tag(social_html_t *h)
{
    int       rc;
    unsigned  turns;

    h->depth_before = h->depth;

    if (!h->end_tag && h->templates == SOCIAL_HTML_NOT
        && !social_html_use_foreign_rules(h))
    {
        if (h->tag == TAG_HTML || h->tag == TAG_HEAD || h->tag == TAG_BODY) {
            h->is_page = 1;
        }

        if ((social_html_flags(h) & IS_ATTRS) && h->mode != MODE_SELECT
            && h->mode != MODE_SELECT_IN_TABLE)
        {
            social_html_meta_tag(h);
        }
    }

    for (turns = 0; turns < SOCIAL_HTML_MODE_CHANGES; turns++) {

        rc = social_html_use_foreign_rules(h) ? social_html_foreign_tag(h)
                                       : social_html_by_mode(h);

        if (rc == TREE_DONE || h->answer != SOCIAL_HTML_MORE) {
            return;
        }
    }

    social_html_none(h);
}


/* clears frames_ok if the text is more than white space; a reference may be
 * white space, NUL is not */

static void
social_html_clear_frames_ok(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    for ( /* void */ ; p < end && h->frames_ok && !h->reference; p++) {

        if (*p == '&') {
            h->reference = 1;

        } else if (*p != '\0' && !social_html_space(*p)) {
            h->frames_ok = 0;
        }
    }
}


/* text that is more than white space, which changes some modes */

void
social_html_tree_text(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    while (p < end && social_html_space(*p)) {
        p++;
    }

    if (p == end) {

        if (h->mode >= MODE_AFTER_BODY) {
            h->spaced = 1;
        }

        return;
    }

    social_html_clear_frames_ok(h, p, end);

    switch (h->mode) {

    case MODE_START:
    case MODE_HEAD:
    case MODE_AFTER_HEAD:
        social_html_imply_body(h);
        break;

    case MODE_COLGROUP:

        if (h->depth && social_html_is(h, h->depth - 1u, TAG_COLGROUP)) {
            h->depth_before = h->depth;
            social_html_pop_to(h, h->depth - 1u);
            h->mode = MODE_TABLE;
        }

        break;

    case MODE_AFTER_BODY:
    case MODE_AFTER_HTML:
        h->mode = MODE_BODY;
        h->reopened = 1;
        break;
    }
}
