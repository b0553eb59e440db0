
/*
 * Marks of the HTML scanner: the used parts of its state, one after another.
 *
 *     state without meta | meta, strings with NUL | text | key | stack
 *
 * Owns no memory.  Pure; any thread.
 */

#include <stddef.h>

#include "social_html_mark.h"
#include "social_html_tree.h"


/* the part of the state that is always used */

#define MARK_HEAD  offsetof(social_html_t, meta)


typedef struct {
    uint16_t  offset;
    uint16_t  size;
} social_html_mark_field_t;


#define SOCIAL_HTML_FIELD(name)                                               \
    { offsetof(social_html_meta_t, name),                                     \
      sizeof(((social_html_meta_t *) NULL)->name) }

static const social_html_mark_field_t  social_html_mark_fields[] = {
    SOCIAL_HTML_FIELD(title),
    SOCIAL_HTML_FIELD(canonical),
    SOCIAL_HTML_FIELD(og_title),
    SOCIAL_HTML_FIELD(og_url),
    SOCIAL_HTML_FIELD(og_image),
    SOCIAL_HTML_FIELD(published),
    SOCIAL_HTML_FIELD(lang),
    SOCIAL_HTML_FIELD(charset),
    SOCIAL_HTML_FIELD(base),
    SOCIAL_HTML_FIELD(form_action),
    SOCIAL_HTML_FIELD(no_transform)
};


static size_t
social_html_mark_length(const social_html_t *h, unsigned i)
{
    const char  *text;

    text = (const char *) &h->meta + social_html_mark_fields[i].offset;

    return strlen(text) + 1;
}


/* the next tag or comment clears both, so they count only inside of one */

static size_t
social_html_mark_text(const social_html_t *h)
{
    return h->state == STATE_DATA ? 0 : h->text_len;
}


static size_t
social_html_mark_key(const social_html_t *h)
{
    return h->state == STATE_DATA ? 0 : h->key_len;
}


size_t
social_html_mark_size(const social_html_t *h)
{
    size_t    size;
    unsigned  i;

    size = MARK_HEAD + social_html_mark_text(h) + social_html_mark_key(h)
           + h->depth * sizeof(social_html_open_t);

    for (i = 0; i < social_nelts(social_html_mark_fields); i++) {
        size += social_html_mark_length(h, i);
    }

    return size;
}


void
social_html_mark_save(const social_html_t *h, void *mark)
{
    size_t          len;
    unsigned        i;
    unsigned char  *p;

    p = mark;
    memcpy(p, h, MARK_HEAD);
    p += MARK_HEAD;

    for (i = 0; i < social_nelts(social_html_mark_fields); i++) {
        len = social_html_mark_length(h, i);
        memcpy(p, (const char *) &h->meta + social_html_mark_fields[i].offset,
               len);
        p += len;
    }

    len = social_html_mark_text(h);
    memcpy(p, h->text, len);
    p += len;

    len = social_html_mark_key(h);
    memcpy(p, h->key, len);
    p += len;

    memcpy(p, h->stack, h->depth * sizeof(social_html_open_t));
}


/* finds bytes that are no mark, as a rule; not every damage */

static int
social_html_mark_is_sane(const social_html_t *h)
{
    return h->chunk == NULL && h->depth <= SOCIAL_HTML_DEPTH
           && h->text_len <= SOCIAL_HTML_TEXT
           && h->text_mark <= SOCIAL_HTML_TEXT
           && h->key_len <= SOCIAL_HTML_KEY && h->state < STATE_LAST
           && h->mode < MODE_LAST && h->tag < TAG_LAST && h->raw < TAG_LAST;
}


int
social_html_mark_load(social_html_t *h, const void *mark)
{
    size_t                 len;
    unsigned               i;
    const unsigned char   *p;

    p = mark;
    memcpy(h, p, MARK_HEAD);
    p += MARK_HEAD;

    h->text_len = (uint16_t) social_html_mark_text(h);
    h->key_len = (uint16_t) social_html_mark_key(h);

    if (!social_html_mark_is_sane(h)) {
        return SOCIAL_ERROR;
    }

    memset(&h->meta, 0, sizeof(h->meta));

    for (i = 0; i < social_nelts(social_html_mark_fields); i++) {
        len = strnlen((const char *) p, social_html_mark_fields[i].size);

        if (len == social_html_mark_fields[i].size) {
            return SOCIAL_ERROR;
        }

        memcpy((char *) &h->meta + social_html_mark_fields[i].offset, p,
               len + 1);
        p += len + 1;
    }

    len = h->text_len;
    memcpy(h->text, p, len);
    p += len;

    len = h->key_len;
    memcpy(h->key, p, len);
    p += len;

    memcpy(h->stack, p, h->depth * sizeof(social_html_open_t));

    return SOCIAL_OK;
}
