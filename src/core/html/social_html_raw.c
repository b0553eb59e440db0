
/*
 * The HTML scanner's tokenizer for all that is not a tag: the page's first
 * bytes, comments, doctype, CDATA, <script>, and the other elements whose
 * content is text up to their own end tag.
 *
 * State functions as in social_html_token.c: input may be cut anywhere.  Pure;
 * any thread.
 */

#include "social_html_tree.h"


#define START_UTF16_LE  0x10
#define START_UTF16_BE  0x20


/* the bytes of a UTF-8 or UTF-16 byte order mark at the very beginning */

static int
social_html_start_mark(social_html_t *h, uint64_t offset, unsigned char c)
{
    unsigned  seen;

    static const unsigned char  bom[] = { 0xef, 0xbb, 0xbf };

    seen = (h->matched >= START_UTF16_LE) ? 1 : h->matched;

    if (offset != seen) {
        return 0;
    }

    if (h->matched < 3 && c == bom[h->matched]) {
        h->matched++;
        return 1;
    }

    if (h->matched == 0 && (c == 0xff || c == 0xfe)) {
        h->matched = (c == 0xff) ? START_UTF16_LE : START_UTF16_BE;
        return 1;
    }

    if ((h->matched == START_UTF16_LE && c == 0xfe)
        || (h->matched == START_UTF16_BE && c == 0xff))
    {
        social_html_none(h);
        return 1;
    }

    return 0;
}


/* leaves UTF-16 alone, and JSON that is served as text/html */

const unsigned char *
social_html_state_start(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    static const unsigned char  text[] = "x";

    for ( /* void */ ; p < end; p++) {

        if (social_html_start_mark(h, social_html_offset(h, p), *p)) {

            if (h->answer != SOCIAL_HTML_MORE) {
                return p;
            }

            continue;
        }

        if (h->matched != 0 && h->matched != 3) {

            /* an incomplete byte order mark is text */

            h->state = STATE_DATA;
            social_html_tree_text(h, text, text + 1);
            return p;
        }

        if (social_html_space(*p)) {
            continue;
        }

        if (*p == '{' || *p == '[') {
            social_html_none(h);
            return p;
        }

        h->state = STATE_DATA;
        return p;
    }

    return p;
}


/* the letters of "doctype" or "[CDATA[" */

static const unsigned char *
social_html_markup_word(social_html_t *h, const unsigned char *p,
    const char *word)
{
    unsigned char  c;

    c = (h->state == STATE_MARKUP_DOCTYPE) ? social_html_lower(*p) : *p;

    if (c != (unsigned char) word[h->matched]) {
        h->state = STATE_BOGUS;
        return p;
    }

    h->matched++;

    if (word[h->matched] == '\0') {

        if (h->state == STATE_MARKUP_DOCTYPE) {
            h->is_page = 1;
            h->state = STATE_DOCTYPE;

        } else {
            h->state = STATE_CDATA;
        }
    }

    return p + 1;
}


/* after "<!": a comment, a doctype, CDATA or a bogus comment */

const unsigned char *
social_html_state_markup(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    (void) end;

    switch (h->state) {

    case STATE_MARKUP:

        h->matched = 1;

        if (*p == '-') {
            h->state = STATE_MARKUP_DASH;

        } else if (social_html_lower(*p) == 'd') {
            h->state = STATE_MARKUP_DOCTYPE;

        } else if (*p == '[' && social_html_is_foreign(h)) {
            h->state = STATE_MARKUP_CDATA;

        } else {
            h->state = STATE_BOGUS;
            return p;
        }

        return p + 1;

    case STATE_MARKUP_DASH:

        if (*p == '-') {
            h->text_len = 0;
            h->state = STATE_COMMENT_START;
            return p + 1;
        }

        h->state = STATE_BOGUS;
        return p;

    case STATE_MARKUP_CDATA:
        return social_html_markup_word(h, p, "[CDATA[");
    }

    return social_html_markup_word(h, p, "doctype");
}


const unsigned char *
social_html_state_bogus(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    p = memchr(p, '>', (size_t) (end - p));

    if (p == NULL) {
        return end;
    }

    h->state = STATE_DATA;

    return p + 1;
}


/* the state after a byte of a comment; STATE_DATA: the comment is over */

static unsigned
social_html_comment_step(unsigned state, unsigned char c)
{
    switch (state) {

    case STATE_COMMENT_START:

        if (c == '-') {
            return STATE_COMMENT_START_DASH;
        }

        return c == '>' ? STATE_DATA : STATE_COMMENT;

    case STATE_COMMENT_START_DASH:

        if (c == '-') {
            return STATE_COMMENT_END;
        }

        return c == '>' ? STATE_DATA : STATE_COMMENT;

    case STATE_COMMENT_END:

        if (c == '-') {
            return STATE_COMMENT_END;
        }

        if (c == '!') {
            return STATE_COMMENT_BANG;
        }

        return c == '>' ? STATE_DATA : STATE_COMMENT;

    case STATE_COMMENT_BANG:

        if (c == '-') {
            return STATE_COMMENT_DASH;
        }

        return c == '>' ? STATE_DATA : STATE_COMMENT;

    case STATE_COMMENT_DASH:

        return c == '-' ? STATE_COMMENT_END : STATE_COMMENT;
    }

    /* STATE_COMMENT */

    return c == '-' ? STATE_COMMENT_DASH : STATE_COMMENT;
}


const unsigned char *
social_html_state_comment(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    const unsigned char  *q;

    while (p < end) {

        if (h->state == STATE_COMMENT) {
            q = memchr(p, '-', (size_t) (end - p));
            q = q ? q : end;

            if (h->wanted == SOCIAL_HTML_MARKER) {
                social_html_text_bytes(h, p, (size_t) (q - p));
            }

            p = q;

            if (p == end) {
                break;
            }
        }

        if (h->wanted == SOCIAL_HTML_MARKER) {
            social_html_text_bytes(h, p, 1);
        }

        h->state = (uint8_t) social_html_comment_step(h->state, *p++);

        if (h->state == STATE_DATA) {

            if (h->wanted == SOCIAL_HTML_MARKER) {
                social_html_comment(h, p);
            }

            break;
        }
    }

    return p;
}


const unsigned char *
social_html_state_cdata(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    while (p < end) {

        if (h->state == STATE_CDATA) {
            p = memchr(p, ']', (size_t) (end - p));

            if (p == NULL) {
                return end;
            }

            h->state = STATE_CDATA_BRACKET;

        } else if (h->state == STATE_CDATA_BRACKET) {
            h->state = (*p == ']') ? STATE_CDATA_END : STATE_CDATA;

        } else if (*p == '>') {
            h->state = STATE_DATA;
            return p + 1;

        } else if (*p != ']') {
            h->state = STATE_CDATA;
        }

        p++;
    }

    return p;
}


const unsigned char *
social_html_state_plaintext(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    (void) h;
    (void) p;

    return end;
}


const unsigned char *
social_html_state_raw(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    const unsigned char  *q;

    q = memchr(p, '<', (size_t) (end - p));

    if (h->title) {
        social_html_text_bytes(h, p, (size_t) ((q ? q : end) - p));
        h->text_mark = h->text_len;
    }

    if (q == NULL) {
        return end;
    }

    if (h->title) {
        social_html_text_bytes(h, q, 1);
    }

    h->raw_state = STATE_RAW;
    h->state = STATE_RAW_LESS;

    return q + 1;
}


const unsigned char *
social_html_state_raw_less(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    (void) end;

    if (*p == '/') {

        if (h->title) {
            social_html_text_bytes(h, p, 1);
        }

        h->matched = 0;
        h->state = STATE_RAW_NAME;
        return p + 1;
    }

    if (*p == '!' && h->raw == TAG_SCRIPT) {
        h->state = STATE_SCRIPT_BANG;
        return p + 1;
    }

    h->state = STATE_RAW;

    return p;
}


/* after "</": only the element's own name ends its text */

const unsigned char *
social_html_state_raw_name(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    const social_html_known_t  *known;

    known = &social_html_known[h->raw];

    for ( /* void */ ; p < end && h->matched < known->len; p++) {

        if (social_html_lower(*p) != known->name[h->matched]) {
            h->state = h->raw_state;
            return p;
        }

        if (h->title) {
            social_html_text_bytes(h, p, 1);
        }

        h->matched++;
    }

    if (p == end) {
        return p;
    }

    if (*p != '>' && *p != '/' && !social_html_space(*p)) {
        h->state = h->raw_state;
        return p;
    }

    h->may_close = 0;
    h->target = 0;
    h->attr_len = 0;

    if (*p == '>') {
        return social_html_tag_done(h, p + 1);
    }

    h->state = (*p == '/') ? STATE_SELF_CLOSING : STATE_BEFORE_ATTR;

    return p + 1;
}


/* a script after "<!--": its end tag still ends it */

const unsigned char *
social_html_state_script(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    unsigned char  c;

    for ( /* void */ ; p < end; p++) {
        c = *p;

        switch (h->state) {

        case STATE_SCRIPT_BANG:
        case STATE_SCRIPT_BANG_DASH:

            if (c != '-') {
                h->state = STATE_RAW;
                return p;
            }

            h->state = (h->state == STATE_SCRIPT_BANG) ? STATE_SCRIPT_BANG_DASH
                                                       : STATE_ESCAPED_DASHES;
            continue;

        case STATE_ESCAPED_LESS:

            h->matched = 0;

            if (c == '/') {
                h->raw_state = STATE_ESCAPED;
                h->state = STATE_RAW_NAME;
                return p + 1;
            }

            if (social_html_alpha(c)) {
                h->state = STATE_DOUBLE_START;
                return p;
            }

            h->state = STATE_ESCAPED;
            break;
        }

        if (c == '<') {
            h->state = STATE_ESCAPED_LESS;

        } else if (c == '-') {
            h->state = (h->state == STATE_ESCAPED) ? STATE_ESCAPED_DASH
                                                   : STATE_ESCAPED_DASHES;

        } else if (c == '>' && h->state == STATE_ESCAPED_DASHES) {
            h->state = STATE_RAW;
            return p + 1;

        } else {
            h->state = STATE_ESCAPED;
        }
    }

    return p;
}


/* 1 if the word after "<" or "</" is "script", 0 while it may become so */

static int
social_html_script_word(social_html_t *h, unsigned char c)
{
    static const unsigned char  word[] = "script";

    if (social_html_alpha(c)) {

        if (h->matched < 6 && social_html_lower(c) == word[h->matched]) {
            h->matched++;

        } else {
            h->matched = 7;
        }

        return 0;
    }

    if (c != '>' && c != '/' && !social_html_space(c)) {
        h->matched = 7;
        return -1;
    }

    return 1;
}


/* a script after "<!--" and "<script": "</script>" does not end it */

const unsigned char *
social_html_state_double(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    int            rc, start;
    unsigned char  c;

    for ( /* void */ ; p < end; p++) {
        c = *p;

        switch (h->state) {

        case STATE_DOUBLE_START:
        case STATE_DOUBLE_END:

            rc = social_html_script_word(h, c);

            if (rc == 0) {
                continue;
            }

            start = (h->state == STATE_DOUBLE_START);

            h->state = (start == (rc > 0 && h->matched == 6)) ? STATE_DOUBLE
                                                              : STATE_ESCAPED;

            /* read again a byte that does not belong to the word */

            return rc > 0 ? p + 1 : p;

        case STATE_DOUBLE_LESS:

            if (c == '/') {
                h->matched = 0;
                h->state = STATE_DOUBLE_END;
                continue;
            }

            h->state = STATE_DOUBLE;
            break;
        }

        if (c == '<') {
            h->state = STATE_DOUBLE_LESS;

        } else if (c == '-') {
            h->state = (h->state == STATE_DOUBLE) ? STATE_DOUBLE_DASH
                                                  : STATE_DOUBLE_DASHES;

        } else if (c == '>' && h->state == STATE_DOUBLE_DASHES) {
            h->state = STATE_RAW;
            return p + 1;

        } else {
            h->state = STATE_DOUBLE;
        }
    }

    return p;
}
