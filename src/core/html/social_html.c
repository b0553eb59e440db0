
/*
 * The HTML scanner's public functions, and the choice of the place: which
 * element gets the widget, and when that is certain.
 *
 *     <article> opens    it is chosen and replaces an earlier <main> or <body>
 *     it is closed       FOUND, in front of the tag that closes it
 *     </body>, </html>   a candidate: certain at the end of the page, and
 *                        only if nothing but white space follows
 *     end of the page    the candidate, or the end itself if content followed
 *                        </body>, or if the page is whole without end tags;
 *                        NONE if the page was cut off
 *
 * Owns no memory.  Must not use a clock or globals that change.  Any thread.
 */

#include <stddef.h>

#include "social_html_fast.h"


void
social_html_init(social_html_t *h, social_html_mode_e mode)
{
    memset(h, 0, offsetof(social_html_t, text));

    h->wanted = (uint8_t) mode;
    h->fast = (uint8_t) social_html_fast_kind();
    h->candidate = SOCIAL_HTML_NOWHERE;
    h->chosen = SOCIAL_HTML_NOT;
    h->form = SOCIAL_HTML_NOT;
    h->templates = SOCIAL_HTML_NOT;
    h->foreign = SOCIAL_HTML_NOT;
    h->button = SOCIAL_HTML_NOT;
    h->linked = SOCIAL_HTML_NOT;
    h->root = SOCIAL_HTML_NOT;
    h->paragraph = SOCIAL_HTML_NOT;
    h->frames_ok = 1;
}


social_html_answer_e
social_html_feed(social_html_t *h, const unsigned char *data, size_t len)
{
    const unsigned char  *p, *end;

    if (h->answer != SOCIAL_HTML_MORE || len == 0) {
        return (social_html_answer_e) h->answer;
    }

    p = data;
    end = data + len;
    h->chunk = data;

    while (p < end && h->answer == SOCIAL_HTML_MORE) {
        p = social_html_states[h->state](h, p, end);
    }

    h->chunk = NULL;
    h->base += len;

    return (social_html_answer_e) h->answer;
}


void
social_html_none(social_html_t *h)
{
    if (h->answer == SOCIAL_HTML_MORE) {
        h->answer = SOCIAL_HTML_NONE;
    }
}


static void
social_html_found(social_html_t *h, uint64_t place)
{
    if (h->answer == SOCIAL_HTML_MORE) {
        h->answer = SOCIAL_HTML_FOUND;
        h->place = place;
    }
}


/* inside the root of a framework, the place is behind the root instead of at
 * the end of the element */

static void
social_html_choose(social_html_t *h, unsigned i, unsigned kind)
{
    h->behind = kind != KIND_BODY && h->root != SOCIAL_HTML_NOT;
    h->kind = (uint8_t) kind;
    h->chosen = h->behind ? h->root : (uint16_t) i;
    h->candidate = SOCIAL_HTML_NOWHERE;
}


/* chooses the <main> or <body> around what was at index i, if it is still open:
 * one tag may have closed both; no later element replaces it */

static void
social_html_outward(social_html_t *h, unsigned i)
{
    h->outward = 1;
    i = i < h->depth ? i : h->depth;

    while (i-- > 0) {

        if (social_html_is(h, i, TAG_BODY)) {
            social_html_choose(h, i, KIND_BODY);
            return;
        }

        if (h->kind == KIND_ARTICLE && social_html_is(h, i, TAG_MAIN)
            && (h->button == SOCIAL_HTML_NOT || h->button > i)
            && (h->linked == SOCIAL_HTML_NOT || h->linked > i))
        {
            social_html_choose(h, i, KIND_MAIN);
            return;
        }
    }

    social_html_none(h);
}


/* 1 if a widget at the end of the chosen element would be torn apart or would
 * change what follows */

static int
social_html_is_torn(const social_html_t *h)
{
    return h->form_set || (h->formats & FORMAT_LINK)
           || social_html_is_crowded(h->formats);
}


/* called for each element of the page that opens */

void
social_html_opened(social_html_t *h, unsigned i)
{
    unsigned  kind;

    switch (h->stack[i].name) {

    case TAG_BODY:
        kind = KIND_BODY;
        break;

    case TAG_MAIN:
        kind = KIND_MAIN;
        break;

    case TAG_ARTICLE:
        kind = KIND_ARTICLE;
        break;

    default:
        return;
    }

    if (h->wanted == SOCIAL_HTML_MARKER || kind <= h->kind || h->outward
        || (h->wanted == SOCIAL_HTML_BODY && kind != KIND_BODY)
        || h->templates != SOCIAL_HTML_NOT || h->foreign != SOCIAL_HTML_NOT)
    {
        return;
    }

    if (kind != KIND_BODY
        && (h->form_set || h->button != SOCIAL_HTML_NOT
            || h->linked != SOCIAL_HTML_NOT || (h->formats & FORMAT_LINK)))
    {
        return;
    }

    social_html_choose(h, i, kind);
}


/* called when the current tag closes the chosen element */

void
social_html_closed(social_html_t *h)
{
    int       bad;
    unsigned  i;

    i = h->chosen;
    h->chosen = SOCIAL_HTML_NOT;

    if (h->behind) {
        bad = !h->end_tag || (social_html_flags(h) & IS_TABLE);

    } else {
        bad = social_html_is_unsafe(h, i, h->depth_before);
    }

    if (!bad && h->kind != KIND_BODY && social_html_is_torn(h)) {
        social_html_outward(h, i);
        return;
    }

    h->candidate = bad ? SOCIAL_HTML_NOWHERE
                   : h->behind ? h->tag_end : h->tag_start;
    h->in_form = h->form_set;

    if (h->kind != KIND_ARTICLE) {
        return;
    }

    if (bad) {
        social_html_none(h);
        return;
    }

    social_html_found(h, h->candidate);
}


/* 1 if a widget may be the last of the page, while all is still open */

static int
social_html_is_open_safe(const social_html_t *h)
{
    return !h->behind && !(h->formats & FORMAT_LINK)
           && !social_html_is_unsafe(h, h->chosen, h->depth);
}


/* called for a </body> or </html> that the parser does not ignore */

void
social_html_ended(social_html_t *h)
{
    h->ended = 1;

    if (h->chosen == SOCIAL_HTML_NOT || (h->kind == KIND_BODY && !h->is_page)
        || (h->candidate != SOCIAL_HTML_NOWHERE && !h->reopened))
    {
        return;
    }

    h->reopened = 0;
    h->spaced = 0;
    h->candidate = SOCIAL_HTML_NOWHERE;

    if (social_html_is_open_safe(h)) {
        h->candidate = h->tag_start;
        h->in_form = h->form_set;

        /* white space that follows belongs to the open <p> */

        h->late = h->paragraph != SOCIAL_HTML_NOT
                  || social_html_is_crowded(h->formats);
    }
}


/* <plaintext>: the rest of the page is text, so no tag follows */

void
social_html_plaintext(social_html_t *h)
{
    h->state = STATE_PLAINTEXT;

    if (h->kind == KIND_MAIN && h->chosen == SOCIAL_HTML_NOT
        && h->candidate != SOCIAL_HTML_NOWHERE)
    {
        social_html_found(h, h->candidate);
        return;
    }

    social_html_none(h);
}


/* called when a comment ends in front of p; looks for the marker */

void
social_html_comment(social_html_t *h, const unsigned char *p)
{
    size_t                len;
    const unsigned char  *text;

    static const char  word[] = "social";

    text = h->text;
    len = h->text_len;

    if (len == SOCIAL_HTML_TEXT) {
        return;
    }

    /* cut the end of the comment off: "-->" or "--!>" */

    if (len > 3 && memcmp(text + len - 3, "-->", 3) == 0) {
        len -= 3;

    } else if (len > 4 && memcmp(text + len - 4, "--!>", 4) == 0) {
        len -= 4;
    }

    while (len > 0 && social_html_space(text[len - 1])) {
        len--;
    }

    while (len > 0 && social_html_space(*text)) {
        text++;
        len--;
    }

    if (len != sizeof(word) - 1 || memcmp(text, word, len) != 0) {
        return;
    }

    if ((h->mode != MODE_BODY && h->mode != MODE_CELL
         && h->mode != MODE_CAPTION && h->mode < MODE_AFTER_BODY)
        || h->templates != SOCIAL_HTML_NOT || h->foreign != SOCIAL_HTML_NOT)
    {
        return;
    }

    h->in_form = h->form_set;
    social_html_found(h, social_html_offset(h, p));
}


static void
social_html_finish_open(social_html_t *h)
{
    if (!h->ended || (h->kind == KIND_BODY && !h->is_page)) {
        return;
    }

    if (!h->reopened) {

        /* a "<" at the very end of the page is text */

        if (h->candidate != SOCIAL_HTML_NOWHERE && h->state != STATE_TAG_OPEN
            && h->state != STATE_END_TAG_OPEN)
        {
            social_html_found(h, h->late && h->spaced
                                 && h->state == STATE_DATA
                                 ? h->base : h->candidate);
        }

        return;
    }

    if (h->state == STATE_DATA && social_html_is_open_safe(h)) {
        h->in_form = h->form_set;
        social_html_found(h, h->base);
    }
}


social_html_answer_e
social_html_finish(social_html_t *h)
{
    if (h->answer == SOCIAL_HTML_MORE
        && (h->state == STATE_DATA || h->ended))
    {
        if (h->chosen != SOCIAL_HTML_NOT) {
            social_html_finish_open(h);

        } else if (h->candidate != SOCIAL_HTML_NOWHERE) {
            social_html_found(h, h->candidate);
        }
    }

    social_html_none(h);

    return (social_html_answer_e) h->answer;
}


social_html_answer_e
social_html_finish_whole(social_html_t *h)
{
    if (h->answer == SOCIAL_HTML_MORE && h->state == STATE_DATA && !h->ended
        && h->is_page && h->chosen != SOCIAL_HTML_NOT
        && social_html_is_open_safe(h))
    {
        h->in_form = h->form_set;
        social_html_found(h, h->base);
    }

    return social_html_finish(h);
}


social_html_answer_e
social_html_settle(social_html_t *h)
{
    if (h->answer == SOCIAL_HTML_MORE
        && h->candidate != SOCIAL_HTML_NOWHERE)
    {
        social_html_found(h, h->candidate);
    }

    social_html_none(h);

    return (social_html_answer_e) h->answer;
}


uint64_t
social_html_place(const social_html_t *h)
{
    return h->place;
}


uint64_t
social_html_sendable(const social_html_t *h)
{
    if (h->answer == SOCIAL_HTML_FOUND) {
        return h->place;
    }

    if (h->answer == SOCIAL_HTML_NONE) {
        return h->base;
    }

    if (h->candidate != SOCIAL_HTML_NOWHERE) {
        return h->candidate;
    }

    if (h->state >= STATE_TAG_OPEN && h->state <= STATE_SELF_CLOSING
        && h->may_close && h->wanted != SOCIAL_HTML_MARKER)
    {
        return h->tag_start;
    }

    return h->base;
}


int
social_html_has_candidate(const social_html_t *h)
{
    return h->answer == SOCIAL_HTML_FOUND
           || (h->answer == SOCIAL_HTML_MORE
               && h->candidate != SOCIAL_HTML_NOWHERE);
}


int
social_html_in_form(const social_html_t *h)
{
    return h->in_form;
}


const social_html_meta_t *
social_html_meta(const social_html_t *h)
{
    return &h->meta;
}
