
/*
 * What a page says about itself, collected during the scan: title, canonical
 * link, Open Graph, language, charset, time of publication.
 *
 * Values arrive in pieces and are kept undecoded until the tag is complete.
 * Every buffer is bounded.  Pure; any thread.
 */

#include "social_html_tree.h"


/* where the bytes of an attribute go; 0: this tag's attributes are not used */

enum {
    TARGET_NONE = 1,
    TARGET_TEXT,                /* content, href, lang, datetime */
    TARGET_PROPERTY,
    TARGET_NAME,
    TARGET_REL,
    TARGET_EQUIV,
    TARGET_CHARSET,
    TARGET_ENCODING,
    TARGET_ID
};


enum {
    META_TITLE = 1,
    META_URL,
    META_IMAGE,
    META_PUBLISHED,
    META_CANONICAL,
    META_TYPE,
    META_CSP,
    META_CACHE
};


typedef struct {
    uint8_t  tag;
    char     name[11];
    uint8_t  target;
} social_html_attr_t;


static const social_html_attr_t  social_html_attrs[] = {
    { TAG_META, "content", TARGET_TEXT },
    { TAG_META, "property", TARGET_PROPERTY },
    { TAG_META, "name", TARGET_NAME },
    { TAG_META, "http-equiv", TARGET_EQUIV },
    { TAG_META, "charset", TARGET_CHARSET },
    { TAG_LINK, "rel", TARGET_REL },
    { TAG_LINK, "href", TARGET_TEXT },
    { TAG_HTML, "lang", TARGET_TEXT },
    { TAG_BASE, "href", TARGET_TEXT },
    { TAG_DIV, "id", TARGET_ID },
    { TAG_TIME, "datetime", TARGET_TEXT },
    { TAG_ANNOTATION, "encoding", TARGET_ENCODING }
};


static int
social_html_equal(const unsigned char *text, size_t len, const char *word)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        if (word[i] == '\0'
            || social_html_lower(text[i]) != (unsigned char) word[i])
        {
            return 0;
        }
    }

    return word[i] == '\0';
}


/* <html amp>, also with U+26A1 for "amp", and the kinds for ads and mail */

static int
social_html_is_amp(const unsigned char *name, size_t len)
{
    static const unsigned char  sign[] = { 0xe2, 0x9a, 0xa1 };

    return social_html_equal(name, len, "amp")
           || social_html_equal(name, len, "amp4ads")
           || social_html_equal(name, len, "amp4email")
           || (len >= sizeof(sign) && memcmp(name, sign, sizeof(sign)) == 0);
}


/* the elements into which Next, Nuxt, Gatsby and Docusaurus render: what their
 * scripts did not put there is removed */

static int
social_html_is_root(const unsigned char *id, size_t len)
{
    unsigned     i;
    static const char  *ids[] = {
        "__next", "__nuxt", "___gatsby", "__docusaurus"
    };

    for (i = 0; i < social_nelts(ids); i++) {
        if (len == strlen(ids[i]) && memcmp(id, ids[i], len) == 0) {
            return 1;
        }
    }

    return 0;
}


void
social_html_attr_name(social_html_t *h)
{
    size_t                     i;
    unsigned                   bit;
    const social_html_attr_t  *attr;

    h->target = TARGET_NONE;
    h->key_len = 0;

    if (h->tag == TAG_FONT
        && (social_html_equal(h->attr, h->attr_len, "color")
            || social_html_equal(h->attr, h->attr_len, "face")
            || social_html_equal(h->attr, h->attr_len, "size")))
    {
        h->font = 1;
        return;
    }

    if (h->tag == TAG_HTML && social_html_is_amp(h->attr, h->attr_len)) {
        h->amp = 1;
        return;
    }

    for (i = 0; i < social_nelts(social_html_attrs); i++) {
        attr = &social_html_attrs[i];

        if (attr->tag != h->tag
            || !social_html_equal(h->attr, h->attr_len, attr->name))
        {
            continue;
        }

        /* of several attributes with one name, the first counts */

        bit = 1u << attr->target;

        if (!(h->seen & bit)) {
            h->seen |= (uint16_t) bit;
            h->target = attr->target;
        }

        return;
    }
}


void
social_html_text_bytes(social_html_t *h, const unsigned char *p, size_t len)
{
    size_t  room;

    room = SOCIAL_HTML_TEXT - (size_t) h->text_len;

    if (len > room) {
        len = room;
    }

    memcpy(h->text + h->text_len, p, len);
    h->text_len += (uint16_t) len;
}


void
social_html_attr_bytes(social_html_t *h, const unsigned char *p, size_t len)
{
    size_t  room;

    if (h->target == TARGET_TEXT) {
        social_html_text_bytes(h, p, len);
        return;
    }

    if (h->target == TARGET_NONE) {
        return;
    }

    room = SOCIAL_HTML_KEY - (size_t) h->key_len;

    if (len > room) {
        len = room;
    }

    memcpy(h->key + h->key_len, p, len);
    h->key_len += (uint16_t) len;
}


/* copies a URL, language or charset, or makes it "" if it does not fit: cut,
 * it would be a wrong one */

static void
social_html_copy_whole(char *dst, size_t size, const unsigned char *src,
    size_t len)
{
    if (len == SOCIAL_HTML_TEXT
        || social_html_decode(dst, size, src, len) != SOCIAL_OK)
    {
        dst[0] = '\0';
    }
}


static unsigned
social_html_property(const unsigned char *text, size_t len)
{
    static const char  *names[] = {
        "og:title", "og:url", "og:image", "article:published_time"
    };

    unsigned  i;

    for (i = 0; i < social_nelts(names); i++) {
        if (social_html_equal(text, len, names[i])) {
            return META_TITLE + i;
        }
    }

    return 0;
}


/* headers that count in <meta http-equiv>, too */

static unsigned
social_html_equiv(const unsigned char *text, size_t len)
{
    static const char  *names[] = {
        "content-type", "content-security-policy", "cache-control"
    };

    unsigned  i;

    for (i = 0; i < social_nelts(names); i++) {
        if (social_html_equal(text, len, names[i])) {
            return META_TYPE + i;
        }
    }

    return 0;
}


/* 1 if the text of the attribute has the word, or is too long to tell */

static int
social_html_text_has(const social_html_t *h, const char *word)
{
    size_t  i, n;

    n = strlen(word);

    for (i = 0; i + n <= h->text_len; i++) {
        if (social_html_equal(h->text + i, n, word)) {
            return 1;
        }
    }

    return h->text_len == SOCIAL_HTML_TEXT;
}


/* 1 if the word is in the list, which is separated by white space */

static int
social_html_has_word(const unsigned char *text, size_t len, const char *word)
{
    size_t  i, from;

    for (i = 0; i < len; i++) {
        from = i;

        while (i < len && !social_html_space(text[i])) {
            i++;
        }

        if (i != from && social_html_equal(text + from, i - from, word)) {
            return 1;
        }
    }

    return 0;
}


void
social_html_attr_done(social_html_t *h)
{
    unsigned  kind;

    kind = 0;

    switch (h->target) {

    case TARGET_PROPERTY:
    case TARGET_NAME:
        kind = social_html_property(h->key, h->key_len);
        break;

    case TARGET_REL:
        kind = social_html_has_word(h->key, h->key_len, "canonical")
               ? META_CANONICAL : 0;
        break;

    case TARGET_EQUIV:
        kind = social_html_equiv(h->key, h->key_len);
        break;

    case TARGET_ID:
        h->is_root = social_html_is_root(h->key, h->key_len) ? 1 : 0;
        break;

    case TARGET_CHARSET:

        if (h->meta.charset[0] == '\0' && h->key_len < SOCIAL_HTML_KEY
            && h->templates == SOCIAL_HTML_NOT
            && h->foreign == SOCIAL_HTML_NOT)
        {
            social_html_copy_whole(h->meta.charset, sizeof(h->meta.charset),
                                   h->key, h->key_len);
        }

        break;

    case TARGET_ENCODING:
        h->html_point = social_html_equal(h->key, h->key_len, "text/html")
                        || social_html_equal(h->key, h->key_len,
                                             "application/xhtml+xml");
        break;
    }

    if (kind && h->meta_kind == 0) {
        h->meta_kind = (uint8_t) kind;
    }

    h->target = TARGET_NONE;
}


/* content="text/html; charset=utf-8" */

static void
social_html_content_type(social_html_t *h)
{
    size_t                i, len;
    const unsigned char  *text;

    if (h->meta.charset[0] != '\0') {
        return;
    }

    text = h->text;
    len = h->text_len;

    for (i = 0; i + 7 < len; i++) {
        if (social_html_equal(text + i, 7, "charset")) {
            break;
        }
    }

    i += 7;

    while (i < len && social_html_space(text[i])) {
        i++;
    }

    if (i >= len || text[i] != '=') {
        return;
    }

    i++;

    while (i < len && (social_html_space(text[i]) || text[i] == '"'
                       || text[i] == '\''))
    {
        i++;
    }

    text += i;
    len -= i;

    for (i = 0; i < len; i++) {
        if (social_html_space(text[i]) || text[i] == ';' || text[i] == '"'
            || text[i] == '\'')
        {
            break;
        }
    }

    social_html_copy_whole(h->meta.charset, sizeof(h->meta.charset), text, i);
}


/* <meta http-equiv> */

static void
social_html_meta_equiv(social_html_t *h)
{
    switch (h->meta_kind) {

    case META_TYPE:
        social_html_content_type(h);
        break;

    case META_CSP:

        if (social_html_text_has(h, "form-action")) {
            h->meta.form_action[0] = '1';
        }

        break;

    case META_CACHE:

        if (social_html_text_has(h, "no-transform")) {
            h->meta.no_transform[0] = '1';
        }

        break;
    }
}


static void
social_html_meta_content(social_html_t *h)
{
    social_html_meta_t  *meta;

    meta = &h->meta;

    switch (h->meta_kind) {

    case META_TITLE:

        if (meta->og_title[0] == '\0') {
            (void) social_html_decode(meta->og_title, sizeof(meta->og_title),
                                      h->text, h->text_len);
        }

        break;

    case META_URL:

        if (meta->og_url[0] == '\0') {
            social_html_copy_whole(meta->og_url, sizeof(meta->og_url), h->text,
                                   h->text_len);
        }

        break;

    case META_IMAGE:

        if (meta->og_image[0] == '\0') {
            social_html_copy_whole(meta->og_image, sizeof(meta->og_image),
                                   h->text, h->text_len);
        }

        break;

    case META_PUBLISHED:

        if (!h->has_published) {
            social_html_copy_whole(meta->published, sizeof(meta->published),
                                   h->text, h->text_len);
            h->has_published = meta->published[0] != '\0';
        }

        break;

    default:
        social_html_meta_equiv(h);
        break;
    }
}


/* a tag is complete whose attributes are used */

void
social_html_meta_tag(social_html_t *h)
{
    social_html_meta_t  *meta;

    meta = &h->meta;

    switch (h->tag) {

    case TAG_META:
        social_html_meta_content(h);
        break;

    case TAG_LINK:

        if (h->meta_kind == META_CANONICAL && meta->canonical[0] == '\0') {
            social_html_copy_whole(meta->canonical, sizeof(meta->canonical),
                                   h->text, h->text_len);
        }

        break;

    case TAG_BASE:

        if ((h->seen & (1u << TARGET_TEXT)) && !h->has_base) {
            h->has_base = 1;
            social_html_copy_whole(meta->base, sizeof(meta->base), h->text,
                                   h->text_len);

            if (h->text_len && meta->base[0] == '\0') {
                memcpy(meta->base, "//", 3);
            }
        }

        break;

    case TAG_HTML:

        if (h->amp) {
            social_html_none(h);
        }

        if (meta->lang[0] == '\0') {
            social_html_copy_whole(meta->lang, sizeof(meta->lang), h->text,
                                   h->text_len);
        }

        break;

    case TAG_TIME:

        if (h->kind == KIND_ARTICLE && meta->published[0] == '\0') {
            social_html_copy_whole(meta->published, sizeof(meta->published),
                                   h->text, h->text_len);
        }

        break;
    }
}


/* </title> came; the text still ends with "</title" */

void
social_html_title_done(social_html_t *h)
{
    h->title = 0;

    (void) social_html_decode(h->meta.title, sizeof(h->meta.title), h->text,
                              h->text_mark);
}
