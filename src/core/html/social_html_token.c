
/*
 * The HTML scanner's tokenizer: text, tags, attributes.
 *
 * Each state is a function that reads bytes from p and returns where it
 * stopped.  All it must remember is in the structure, so the input may be cut
 * anywhere.  Must not keep a pointer after feed() returns.  Pure; any thread.
 */

#include "social_html_fast.h"


static const unsigned char *social_html_state_tag_open(social_html_t *h,
    const unsigned char *p, const unsigned char *end);
static const unsigned char *social_html_state_tag_name(social_html_t *h,
    const unsigned char *p, const unsigned char *end);


static const unsigned char  social_html_less[] = "<";


/* 1 where white space must be told from other text */

static int
social_html_text_counts(const social_html_t *h)
{
    return h->frames_ok || h->mode < MODE_BODY || h->mode == MODE_COLGROUP
           || h->mode >= MODE_AFTER_BODY;
}


static const unsigned char *
social_html_state_data(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    const unsigned char  *q;

    if (h->fast && end - p >= SOCIAL_HTML_FAST_ROOM
        && social_html_fast_may(h))
    {
        p = social_html_fast(h, p, end);

        if (p == end || !social_html_fast_may(h)) {
            return p;
        }
    }

    q = social_html_skip_text(p, end);

    if (q != p && social_html_text_counts(h)) {
        social_html_tree_text(h, p, q ? q : end);
    }

    if (q == NULL) {
        return end;
    }

    h->tag_start = social_html_offset(h, q);
    h->may_close = 1;
    h->reference = 0;
    h->state = STATE_TAG_OPEN;

    q++;

    return q < end ? social_html_state_tag_open(h, q, end) : q;
}


static void
social_html_tag_begin(social_html_t *h, int end_tag)
{
    memset(h->name, 0, sizeof(h->name));
    h->name_len = 0;
    h->end_tag = end_tag ? 1 : 0;
    h->self_closing = 0;
    h->font = 0;
    h->bare = 0;
    h->is_root = 0;
    h->html_point = 0;
    h->tag = TAG_OTHER;
    h->seen = 0;
    h->meta_kind = 0;
    h->text_len = 0;
    h->target = 0;
    h->state = STATE_TAG_NAME;
}


static const unsigned char *
social_html_state_tag_open(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    (void) end;

    if (social_html_alpha(*p)) {
        social_html_tag_begin(h, 0);
        return social_html_state_tag_name(h, p, end);
    }

    switch (*p) {

    case '/':
        h->state = STATE_END_TAG_OPEN;
        return p + 1;

    case '!':
        h->matched = 0;
        h->state = STATE_MARKUP;
        return p + 1;

    case '?':
        h->state = STATE_BOGUS;
        return p;
    }

    h->state = STATE_DATA;
    social_html_tree_text(h, social_html_less, social_html_less + 1);

    return p;
}


static const unsigned char *
social_html_state_end_tag_open(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    (void) end;

    if (social_html_alpha(*p)) {
        social_html_tag_begin(h, 1);
        return social_html_state_tag_name(h, p, end);
    }

    if (*p == '>') {
        h->state = STATE_DATA;
        return p + 1;
    }

    h->state = STATE_BOGUS;

    return p;
}


/* a place can only be in front of a tag that may close an element */

static void
social_html_tag_named(social_html_t *h)
{
    unsigned  flags;

    if (h->name_len <= SOCIAL_HTML_NAME) {
        h->tag = (uint8_t) social_html_lookup(h->name);
    }

    flags = social_html_flags(h);

    if (!h->end_tag) {
        h->may_close = (flags & IS_CLOSES) != 0;
        h->target = (flags & IS_ATTRS) != 0;
    }
}


int
social_html_tag_plain(social_html_t *h, const unsigned char *start,
    const unsigned char *end, const unsigned char *stop)
{
    int                   end_tag;
    unsigned              n;
    const unsigned char  *p;

    end_tag = (start[1] == '/');
    social_html_tag_begin(h, end_tag);

    n = 0;

    for (p = start + 1 + end_tag; p < end; p++) {

        if (n < SOCIAL_HTML_NAME) {
            h->name[n++] = social_html_lower(*p);

        } else {
            n = SOCIAL_HTML_NAME + 1;
        }
    }

    h->name_len = (uint8_t) n;
    h->may_close = 1;
    social_html_tag_named(h);

    if (h->target
        || (!end_tag && (h->tag == TAG_SVG || h->tag == TAG_MATH)))
    {
        h->state = STATE_DATA;
        return 0;
    }

    h->tag_start = social_html_offset(h, start);
    h->reference = 0;
    h->bare = (end == stop);
    social_html_tag_done(h, stop + 1);

    return 1;
}


static const unsigned char *
social_html_name_end(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    int                   slash;
    const unsigned char  *q;

    social_html_tag_named(h);

    if (*p == '>') {
        h->bare = 1;
        return social_html_tag_done(h, p + 1);
    }

    if (h->target == 0 || h->tag == TAG_DIV) {
        q = social_html_skip_attrs(p, end, &slash);

        /* the ids of a <div> that matter have two underscores */

        if (q && (h->target == 0
                  || memchr(p, '_', (size_t) (q - p)) == NULL))
        {
            h->self_closing = slash ? 1 : 0;
            return social_html_tag_done(h, q);
        }
    }

    h->state = (*p == '/') ? STATE_SELF_CLOSING : STATE_BEFORE_ATTR;

    return p + 1;
}


static const unsigned char *
social_html_state_tag_name(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    unsigned       n;
    unsigned char  c;

    n = h->name_len;

    for ( /* void */ ; p < end; p++) {
        c = social_html_name_byte[*p];

        if (c == 0) {
            h->name_len = (uint8_t) n;
            return social_html_name_end(h, p, end);
        }

        if (n < SOCIAL_HTML_NAME) {
            h->name[n++] = c;

        } else {
            n = SOCIAL_HTML_NAME + 1;
        }
    }

    h->name_len = (uint8_t) n;

    return p;
}


static const unsigned char *
social_html_state_before_attr(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    while (p < end && social_html_space(*p)) {
        p++;
    }

    if (p == end) {
        return p;
    }

    if (*p == '/' || *p == '>') {
        h->state = STATE_AFTER_ATTR;
        return p;
    }

    h->attr_len = 0;
    h->state = STATE_ATTR_NAME;

    if (*p == '=') {
        h->attr[h->attr_len++] = '=';
        p++;
    }

    return p;
}


static const unsigned char *
social_html_state_attr_name(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    unsigned char  c;

    for ( /* void */ ; p < end; p++) {
        c = *p;

        if (c == '=' || c == '>' || c == '/' || social_html_space(c)) {

            if (h->target) {
                social_html_attr_name(h);
            }

            if (c == '=') {
                h->state = STATE_BEFORE_VALUE;
                return p + 1;
            }

            h->state = STATE_AFTER_ATTR;
            return p;
        }

        if (h->target && h->attr_len < sizeof(h->attr)) {
            h->attr[h->attr_len++] = social_html_lower(c);
        }
    }

    return p;
}


static const unsigned char *
social_html_state_after_attr(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    while (p < end && social_html_space(*p)) {
        p++;
    }

    if (p == end) {
        return p;
    }

    switch (*p) {

    case '/':
        h->state = STATE_SELF_CLOSING;
        return p + 1;

    case '=':
        h->state = STATE_BEFORE_VALUE;
        return p + 1;

    case '>':
        return social_html_tag_done(h, p + 1);
    }

    h->attr_len = 0;
    h->state = STATE_ATTR_NAME;

    return p;
}


static const unsigned char *
social_html_state_before_value(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    while (p < end && social_html_space(*p)) {
        p++;
    }

    if (p == end) {
        return p;
    }

    switch (*p) {

    case '"':
        h->state = STATE_VALUE_DOUBLE;
        return p + 1;

    case '\'':
        h->state = STATE_VALUE_SINGLE;
        return p + 1;

    case '>':
        return social_html_tag_done(h, p + 1);
    }

    h->state = STATE_VALUE_BARE;

    return p;
}


static const unsigned char *
social_html_state_quoted(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    int                   quote;
    const unsigned char  *q;

    quote = (h->state == STATE_VALUE_DOUBLE) ? '"' : '\'';

    q = memchr(p, quote, (size_t) (end - p));

    if (h->target) {
        social_html_attr_bytes(h, p, (size_t) ((q ? q : end) - p));
    }

    if (q == NULL) {
        return end;
    }

    if (h->target) {
        social_html_attr_done(h);
    }

    h->state = STATE_AFTER_VALUE;

    return q + 1;
}


static const unsigned char *
social_html_state_bare(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    const unsigned char  *q;

    q = p;

    while (q < end && *q != '>' && !social_html_space(*q)) {
        q++;
    }

    if (h->target) {
        social_html_attr_bytes(h, p, (size_t) (q - p));
    }

    if (q == end) {
        return q;
    }

    if (h->target) {
        social_html_attr_done(h);
    }

    if (*q == '>') {
        return social_html_tag_done(h, q + 1);
    }

    h->state = STATE_BEFORE_ATTR;

    return q + 1;
}


static const unsigned char *
social_html_state_after_value(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    (void) end;

    if (*p == '>') {
        return social_html_tag_done(h, p + 1);
    }

    if (*p == '/') {
        h->state = STATE_SELF_CLOSING;
        return p + 1;
    }

    h->state = STATE_BEFORE_ATTR;

    return p;
}


static const unsigned char *
social_html_state_self_closing(social_html_t *h, const unsigned char *p,
    const unsigned char *end)
{
    (void) end;

    if (*p == '>') {
        h->self_closing = 1;
        return social_html_tag_done(h, p + 1);
    }

    h->state = STATE_BEFORE_ATTR;

    return p;
}


/* the tag is complete; p points after ">" */

const unsigned char *
social_html_tag_done(social_html_t *h, const unsigned char *p)
{
    h->state = STATE_DATA;

    if (h->raw) {

        /* the end tag of raw text does not go to the tree */

        if (h->title) {
            social_html_title_done(h);
        }

        h->raw = 0;

        return p;
    }

    /* fast path: most tags are of ordinary elements */

    if (h->tag == TAG_OTHER && h->foreign == SOCIAL_HTML_NOT
        && (h->mode == MODE_BODY || h->mode == MODE_CELL))
    {
        return p;
    }

    h->tag_end = social_html_offset(h, p);
    social_html_tree_tag(h);

    return p;
}


const social_html_state_pt  social_html_states[STATE_LAST] = {
    [STATE_START] = social_html_state_start,
    [STATE_DATA] = social_html_state_data,
    [STATE_TAG_OPEN] = social_html_state_tag_open,
    [STATE_END_TAG_OPEN] = social_html_state_end_tag_open,
    [STATE_TAG_NAME] = social_html_state_tag_name,
    [STATE_BEFORE_ATTR] = social_html_state_before_attr,
    [STATE_ATTR_NAME] = social_html_state_attr_name,
    [STATE_AFTER_ATTR] = social_html_state_after_attr,
    [STATE_BEFORE_VALUE] = social_html_state_before_value,
    [STATE_VALUE_DOUBLE] = social_html_state_quoted,
    [STATE_VALUE_SINGLE] = social_html_state_quoted,
    [STATE_VALUE_BARE] = social_html_state_bare,
    [STATE_AFTER_VALUE] = social_html_state_after_value,
    [STATE_SELF_CLOSING] = social_html_state_self_closing,
    [STATE_MARKUP] = social_html_state_markup,
    [STATE_MARKUP_DASH] = social_html_state_markup,
    [STATE_MARKUP_DOCTYPE] = social_html_state_markup,
    [STATE_MARKUP_CDATA] = social_html_state_markup,
    [STATE_BOGUS] = social_html_state_bogus,
    [STATE_DOCTYPE] = social_html_state_bogus,
    [STATE_COMMENT_START] = social_html_state_comment,
    [STATE_COMMENT_START_DASH] = social_html_state_comment,
    [STATE_COMMENT] = social_html_state_comment,
    [STATE_COMMENT_DASH] = social_html_state_comment,
    [STATE_COMMENT_END] = social_html_state_comment,
    [STATE_COMMENT_BANG] = social_html_state_comment,
    [STATE_CDATA] = social_html_state_cdata,
    [STATE_CDATA_BRACKET] = social_html_state_cdata,
    [STATE_CDATA_END] = social_html_state_cdata,
    [STATE_PLAINTEXT] = social_html_state_plaintext,
    [STATE_RAW] = social_html_state_raw,
    [STATE_RAW_LESS] = social_html_state_raw_less,
    [STATE_RAW_NAME] = social_html_state_raw_name,
    [STATE_SCRIPT_BANG] = social_html_state_script,
    [STATE_SCRIPT_BANG_DASH] = social_html_state_script,
    [STATE_ESCAPED] = social_html_state_script,
    [STATE_ESCAPED_DASH] = social_html_state_script,
    [STATE_ESCAPED_DASHES] = social_html_state_script,
    [STATE_ESCAPED_LESS] = social_html_state_script,
    [STATE_DOUBLE_START] = social_html_state_double,
    [STATE_DOUBLE] = social_html_state_double,
    [STATE_DOUBLE_DASH] = social_html_state_double,
    [STATE_DOUBLE_DASHES] = social_html_state_double,
    [STATE_DOUBLE_LESS] = social_html_state_double,
    [STATE_DOUBLE_END] = social_html_state_double
};
